#include "check/check.h"
#include "roll/roll_rule.h"

#include <stdlib.h>
#include <string.h>

/* The rule of marks, without a database: what the marks of one learner come to, in whatever order they come. */

enum { DEVICES = 3, LEARNERS_MAX = 4, MARKS_MAX = 40, HISTORIES = 100000, ORDERS = 3 };

static const int64_t hour = 3600000;

/* A generator of our own: a history is its number, so that a failure can be played again. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t x = *seed += 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return x ^ x >> 31;
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(next_random(seed) % limit);
}

static struct fact_id id_of(unsigned char n)
{
    struct fact_id id = { { 0 } };
    id.at[0] = 1;
    id.at[15] = n;
    return id;
}

static struct roll_state one(struct arena *arena, struct roll_state state, unsigned char id, enum roll_mark mark, int64_t at,
                             int64_t point_id, const char *replaces)
{
    struct roll_said said = { id_of(id), at, point_id, mark };
    struct fact_id named[ROLL_REPLACES_MAX] = { { { 0 } } };
    size_t len = 0;
    for (; replaces[len] != '\0'; len++)
        named[len] = id_of((unsigned char)(replaces[len] - 'a' + 1));
    return roll_state_add(arena, &state, &said, named, len);
}

static const struct roll_state empty;

static void a_mark_alone_counts(void **state)
{
    struct ctx *cx = *state;
    struct roll_state s = one(&cx->arena, empty, 1, ROLL_LATE, 10, 5, "");
    struct roll_outcome outcome = roll_state_outcome(&cx->arena, &s);
    assert_int_equal(outcome.mark, ROLL_LATE);
    assert_false(outcome.is_conflict);
    assert_int_equal(roll_state_outcome(&cx->arena, &empty).mark, ROLL_NONE);
}

static void two_officers_who_say_the_same_are_one_mark(void **state)
{
    struct ctx *cx = *state;
    struct roll_state s = one(&cx->arena, empty, 1, ROLL_PRESENT, 10, 5, "");
    s = one(&cx->arena, s, 2, ROLL_PRESENT, 20, 5, "");
    assert_int_equal(s.known_len, 2);
    assert_false(roll_state_outcome(&cx->arena, &s).is_conflict);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).mark, ROLL_PRESENT);
}

static void marks_that_differ_are_a_conflict_and_the_latest_counts_meanwhile(void **state)
{
    struct ctx *cx = *state;
    struct roll_state s = one(&cx->arena, empty, 2, ROLL_ABSENT, 30, 5, "");
    s = one(&cx->arena, s, 1, ROLL_PRESENT, 20, 5, "");
    assert_true(roll_state_outcome(&cx->arena, &s).is_conflict);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).mark, ROLL_ABSENT);
    /* Equal times: the greater id, on every machine. */
    s = one(&cx->arena, s, 3, ROLL_LATE, 30, 5, "");
    assert_int_equal(roll_state_outcome(&cx->arena, &s).mark, ROLL_LATE);
    /* Naming all of them settles it. */
    s = one(&cx->arena, s, 4, ROLL_PRESENT, 1, 5, "abc");
    assert_false(roll_state_outcome(&cx->arena, &s).is_conflict);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).mark, ROLL_PRESENT);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).heads_len, 1);
}

static void present_in_two_rooms_at_once_is_a_conflict_and_absent_in_two_is_none(void **state)
{
    struct ctx *cx = *state;
    struct roll_state s = one(&cx->arena, empty, 1, ROLL_PRESENT, 10, 5, "");
    s = one(&cx->arena, s, 2, ROLL_PRESENT, 20, 6, "");
    assert_true(roll_state_outcome(&cx->arena, &s).is_conflict);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).winner->point_id, 6);
    s = one(&cx->arena, empty, 1, ROLL_ABSENT, 10, 5, "");
    s = one(&cx->arena, s, 2, ROLL_ABSENT, 20, 6, "");
    assert_false(roll_state_outcome(&cx->arena, &s).is_conflict);
}

static void a_mark_named_before_it_is_known_never_counts(void **state)
{
    struct ctx *cx = *state;
    struct roll_state s = one(&cx->arena, empty, 2, ROLL_EXCUSED, 20, 5, "a");
    s = one(&cx->arena, s, 1, ROLL_PRESENT, 90, 5, "");
    s = one(&cx->arena, s, 1, ROLL_PRESENT, 90, 5, ""); /* sent again */
    assert_int_equal(s.known_len, 2);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).heads_len, 1);
    assert_int_equal(roll_state_outcome(&cx->arena, &s).mark, ROLL_EXCUSED);
}

/* The file that the page's script is tested with too. */
struct case_reader {
    struct ctx *cx;
    struct roll_state state;
    struct str title;
    struct str reasons[MARKS_MAX];
    struct fact_id ids[MARKS_MAX];
    size_t marks, cases;
};

static struct fact_id case_id(struct arena *arena, struct str digits)
{
    struct fact_id id;
    struct str filled = str_format(arena, STR_FMT "%.*s", STR_ARG(digits), (int)(32 - digits.len),
                                   "00000000000000000000000000000000");
    assert_true(roll_id_parse(filled, &id));
    return id;
}

static enum roll_mark case_mark(struct str stored)
{
    static const struct str names[] = {
#define X(name, as_stored, shown) STR_INIT(as_stored),
        ROLL_MARK_LIST(X)
#undef X
    };
    size_t i = 0;
    while (i < LEN(names) && !str_eq(names[i], stored))
        i++;
    assert_true(i < LEN(names));
    return (enum roll_mark)i;
}

static void add_case_mark(struct case_reader *reader, struct str rest)
{
    struct arena *arena = &reader->cx->arena;
    struct fact_id replaces[ROLL_REPLACES_MAX];
    size_t len = 0;
    struct roll_said said = { .id = case_id(arena, str_cut(&rest, ' ')), .point_id = 1 };
    said.mark = case_mark(str_cut(&rest, ' '));
    assert_true(str_to_i64(str_cut(&rest, ' '), &said.at));
    struct str named = str_cut(&rest, ' ');
    while (named.len > 0 && !str_eq(named, STR("-")))
        replaces[len++] = case_id(arena, str_cut(&named, ','));
    assert_true(reader->marks < MARKS_MAX);
    reader->ids[reader->marks] = said.id;
    reader->reasons[reader->marks++] = rest;
    reader->state = roll_state_add(arena, &reader->state, &said, replaces, len);
}

static void judge_case(struct case_reader *reader, struct str rest)
{
    struct arena *arena = &reader->cx->arena;
    struct roll_outcome outcome = roll_state_outcome(arena, &reader->state);
    enum roll_mark mark = case_mark(str_cut(&rest, ' '));
    struct str winner = str_cut(&rest, ' ');
    bool is_conflict = str_eq(str_cut(&rest, ' '), STR("conflict"));
    struct str heads = str_cut(&rest, ' ');
    struct str reason = STR("");
    bool is_right = outcome.mark == mark && outcome.is_conflict == is_conflict;
    if (outcome.winner) {
        struct fact_id id = case_id(arena, winner);
        is_right = is_right && roll_id_compare(&outcome.winner->id, &id) == 0;
        for (size_t i = 0; i < reader->marks; i++)
            reason = roll_id_compare(&reader->ids[i], &id) == 0 ? reader->reasons[i] : reason;
    } else {
        is_right = is_right && str_eq(winner, STR("-"));
    }
    for (size_t i = 0; i < outcome.heads_len; i++) {
        struct fact_id id = case_id(arena, str_cut(&heads, ','));
        is_right = is_right && roll_id_compare(&outcome.heads[i], &id) == 0;
    }
    if (!is_right || !str_eq(reason, rest))
        fail_msg("rule case: " STR_FMT, STR_ARG(reader->title));
    reader->cases++;
}

static void the_cases_shared_with_the_pages_script_are_judged_as_they_say(void **state)
{
    struct ctx *cx = *state;
    struct case_reader reader = { .cx = cx };
    FILE *file = fopen("src/roll/testdata/rule_cases.txt", "rb");
    char line[1000];
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct str rest = str_trim(str_copy(&cx->arena, str_from(line)));
        struct str word = str_cut(&rest, ' ');
        if (str_eq(word, STR("case"))) {
            reader.state = empty;
            reader.marks = 0;
            reader.title = rest;
        } else if (str_eq(word, STR("mark"))) {
            add_case_mark(&reader, rest);
        } else if (str_eq(word, STR("is"))) {
            judge_case(&reader, rest);
        }
    }
    fclose(file);
    assert_true(reader.cases > 20);
}

static void what_is_stored_is_read_back_and_damage_is_seen(void **state)
{
    struct ctx *cx = *state;
    struct roll_state back = empty;
    struct roll_state s = one(&cx->arena, empty, 3, ROLL_PRESENT, -7, INT64_MAX, "ef");
    s = one(&cx->arena, s, 1, ROLL_ABSENT, INT64_MIN, 5, "g");
    struct bytes known = roll_state_known(&cx->arena, &s);
    struct bytes named = roll_state_named(&cx->arena, &s);
    assert_true(roll_state_read(&cx->arena, known, named, &back));
    assert_int_equal(back.known_len, 2);
    assert_int_equal(back.named_len, 3);
    for (size_t i = 0; i < back.known_len; i++) {
        assert_int_equal(roll_id_compare(&back.known[i].id, &s.known[i].id), 0);
        assert_int_equal(back.known[i].mark, s.known[i].mark);
        assert_int_equal(back.known[i].at, s.known[i].at);
        assert_int_equal(back.known[i].point_id, s.known[i].point_id);
    }
    assert_false(roll_state_read(&cx->arena, (struct bytes){ known.at, known.len - 1 }, named, &back));
    assert_false(roll_state_read(&cx->arena, known, (struct bytes){ named.at, 15 }, &back));
}

static void ids_are_taken_as_lower_case_hex_or_not_at_all(void **state)
{
    struct ctx *cx = *state;
    struct fact_id ids[ROLL_REPLACES_MAX];
    size_t len = 9;
    assert_true(roll_ids_parse(STR(""), ids, &len));
    assert_int_equal(len, 0);
    struct str two = STR("000000000000000000000000000000ff,000000000000000000000000000000aa");
    assert_true(roll_ids_parse(two, ids, &len));
    assert_int_equal(len, 2);
    assert_str_equal(roll_ids_format(&cx->arena, ids, len),
                     "000000000000000000000000000000aa,000000000000000000000000000000ff");
    struct str twice = STR("000000000000000000000000000000ff,000000000000000000000000000000ff");
    assert_true(roll_ids_parse(twice, ids, &len));
    assert_int_equal(len, 1);
    for (size_t cut = 1; cut < two.len; cut++)
        assert_int_equal(roll_ids_parse(str_sub(two, 0, cut), ids, &len), cut == 32);
    assert_false(roll_ids_parse(STR("000000000000000000000000000000FF"), ids, &len));
    assert_false(roll_ids_parse(STR("00000000000000000000000000000000"), ids, &len));
    assert_false(roll_ids_parse(STR("000000000000000000000000000000ff,"), ids, &len));
    struct buf many;
    buf_init(&many, &cx->arena);
    for (int i = 0; i <= ROLL_REPLACES_MAX; i++)
        buf_format(&many, "%s%032d", i > 0 ? "," : "", i + 1);
    assert_false(roll_ids_parse(buf_str(&many), ids, &len));
    assert_true(roll_ids_parse(str_sub(buf_str(&many), 0, 33 * ROLL_REPLACES_MAX - 1), ids, &len));
}

/* ---- 100,000 histories ---- */

struct made {
    struct roll_said said;
    struct fact_id replaces[ROLL_REPLACES_MAX];
    size_t replaces_len;
    size_t learner;
    size_t device;
    int64_t true_at;
};
struct history {
    struct made marks[MARKS_MAX];
    size_t len;
    size_t learners;
};

/* What one device believes: its own marks and what it was told when it last had a line. */
struct view {
    struct roll_state of[LEARNERS_MAX];
    int64_t clock_off;
    bool knows[MARKS_MAX];
};

static void tell(struct arena *arena, struct view *view, const struct history *h, size_t mark)
{
    const struct made *made = &h->marks[mark];
    if (view->knows[mark])
        return;
    view->knows[mark] = true;
    view->of[made->learner] =
        roll_state_add(arena, &view->of[made->learner], &made->said, made->replaces, made->replaces_len);
}

/* A device marks a learner as its officer sees it, replacing whatever the device knows to stand. */
static void mark_one(struct arena *arena, struct history *h, struct view *views, uint64_t *seed, int64_t true_at)
{
    struct made *made = &h->marks[h->len];
    size_t device = below(seed, DEVICES);
    struct view *view = &views[device];
    *made = (struct made){ .learner = below(seed, h->learners), .device = device, .true_at = true_at };
    struct roll_outcome seen = roll_state_outcome(arena, &view->of[made->learner]);
    made->said.mark = (enum roll_mark)below(seed, ROLL_MARKS);
    made->said.point_id = 1 + (int64_t)(below(seed, 10) == 0);
    /* The device's clock is off; the offset known at sending puts it right. */
    int64_t device_at = true_at + view->clock_off;
    made->said.at = device_at - view->clock_off;
    uint64_t random[2] = { next_random(seed), next_random(seed) };
    memcpy(made->said.id.at, random, sizeof random);
    for (size_t i = 0; i < seen.heads_len && i < ROLL_REPLACES_MAX; i++)
        made->replaces[made->replaces_len++] = seen.heads[i];
    h->len++;
    tell(arena, view, h, h->len - 1);
}

/* Two days in which lines come and go: mostly marking alone, now and then two devices tell each other all they know. */
static void make_history(struct arena *arena, struct history *h, uint64_t *seed)
{
    struct view views[DEVICES] = { { .clock_off = 0 } };
    *h = (struct history){ .learners = 1 + below(seed, LEARNERS_MAX) };
    size_t marks = 3 + below(seed, 16);
    int64_t at = 100 * hour;
    for (size_t i = 0; i < DEVICES; i++)
        views[i].clock_off = (int64_t)below(seed, (size_t)(4 * hour)) - 2 * hour;
    while (h->len < marks) {
        at += (int64_t)below(seed, (size_t)(48 * hour) / marks); /* two marks may fall on one millisecond */
        mark_one(arena, h, views, seed, at);
        if (below(seed, 5) > 0)
            continue;
        size_t from = below(seed, DEVICES);
        size_t to = below(seed, DEVICES);
        for (size_t i = 0; i < h->len; i++)
            if (views[from].knows[i])
                tell(arena, &views[to], h, i);
    }
}

/* The rule again, as the sentence in roll.h says it, over the whole set at once. */
static struct roll_outcome judge(const struct history *h, size_t learner, size_t *ret_heads)
{
    struct roll_outcome outcome = { .mark = ROLL_NONE };
    const struct roll_said *first = NULL;
    size_t heads = 0;
    for (size_t i = 0; i < h->len; i++) {
        const struct roll_said *said = &h->marks[i].said;
        bool is_replaced = h->marks[i].learner != learner;
        for (size_t j = 0; j < h->len && !is_replaced; j++)
            for (size_t k = 0; k < h->marks[j].replaces_len; k++)
                is_replaced = is_replaced || memcmp(&h->marks[j].replaces[k], &said->id, sizeof said->id) == 0;
        if (is_replaced)
            continue;
        heads++;
        bool in_room = said->mark == ROLL_PRESENT || said->mark == ROLL_LATE;
        if (first && (first->mark != said->mark || (in_room && first->point_id != said->point_id)))
            outcome.is_conflict = true;
        first = first ? first : said;
        if (!outcome.winner || said->at > outcome.winner->at ||
            (said->at == outcome.winner->at && memcmp(&said->id, &outcome.winner->id, sizeof said->id) > 0))
            outcome.winner = said;
    }
    outcome.mark = outcome.winner ? outcome.winner->mark : ROLL_NONE;
    *ret_heads = heads;
    return outcome;
}

static void shuffle(size_t *order, size_t len, uint64_t *seed)
{
    for (size_t i = len; i > 1; i--) {
        size_t j = below(seed, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* Every mark twice, in any order: what the server is left with. */
static void upload(struct arena *arena, const struct history *h, uint64_t *seed, struct roll_state *ret_states)
{
    size_t order[2 * MARKS_MAX];
    for (size_t i = 0; i < 2 * h->len; i++)
        order[i] = i % h->len;
    shuffle(order, 2 * h->len, seed);
    for (size_t i = 0; i < 2 * h->len; i++) {
        const struct made *made = &h->marks[order[i]];
        ret_states[made->learner] =
            roll_state_add(arena, &ret_states[made->learner], &made->said, made->replaces, made->replaces_len);
    }
}

static bool is_same(struct arena *arena, const struct roll_state *a, const struct roll_state *b)
{
    struct bytes a_known = roll_state_known(arena, a);
    struct bytes b_known = roll_state_known(arena, b);
    struct bytes a_named = roll_state_named(arena, a);
    struct bytes b_named = roll_state_named(arena, b);
    return a_known.len == b_known.len && a_named.len == b_named.len &&
           memcmp(a_known.at, b_known.at, a_known.len) == 0 && memcmp(a_named.at, b_named.at, a_named.len) == 0;
}

struct tally {
    size_t marks, conflicts, heads_most;
};

static void check_history(struct arena *arena, uint64_t number, struct tally *tally)
{
    uint64_t seed = number;
    struct history h;
    struct roll_state first[LEARNERS_MAX] = { empty };
    make_history(arena, &h, &seed);
    upload(arena, &h, &seed, first);
    for (size_t order = 1; order < ORDERS; order++) {
        struct roll_state again[LEARNERS_MAX] = { empty };
        upload(arena, &h, &seed, again);
        for (size_t i = 0; i < h.learners; i++)
            if (!is_same(arena, &first[i], &again[i]))
                fail_msg("history %llu: another order gives another roll", (unsigned long long)number);
    }
    for (size_t i = 0; i < h.learners; i++) {
        size_t heads = 0;
        struct roll_outcome got = roll_state_outcome(arena, &first[i]);
        struct roll_outcome expected = judge(&h, i, &heads);
        bool is_right = got.mark == expected.mark && got.is_conflict == expected.is_conflict &&
                        got.heads_len == heads && !got.winner == !expected.winner &&
                        (!got.winner || memcmp(&got.winner->id, &expected.winner->id, sizeof got.winner->id) == 0);
        /* A device never stands against itself: what it marked last replaces what it marked before. */
        if (!is_right || heads > DEVICES)
            fail_msg("history %llu, learner %zu: not what the rule says", (unsigned long long)number, i);
        tally->conflicts += got.is_conflict;
        tally->heads_most = heads > tally->heads_most ? heads : tally->heads_most;
    }
    tally->marks += h.len;
}

static void any_order_and_any_replay_of_100000_histories_gives_one_roll(void **state)
{
    struct ctx *cx = *state;
    struct tally tally = { .marks = 0 };
    struct arena arena;
    arena_init(&arena, cx->env, (size_t)64 << 20);
    for (uint64_t number = 1; number <= HISTORIES; number++) {
        check_history(&arena, number, &tally);
        arena_reset(&arena);
    }
    arena_end(&arena);
    print_message("%d histories, %zu marks, each uploaded %d times in any order; %zu conflicts, at most %zu heads\n",
                  (int)HISTORIES, tally.marks, 2 * ORDERS, tally.conflicts, tally.heads_most);
    assert_true(tally.conflicts > HISTORIES / 100); /* a harness that never meets a conflict proves nothing */
    assert_int_equal(tally.heads_most, DEVICES);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        ON(a_mark_alone_counts),
        ON(two_officers_who_say_the_same_are_one_mark),
        ON(marks_that_differ_are_a_conflict_and_the_latest_counts_meanwhile),
        ON(present_in_two_rooms_at_once_is_a_conflict_and_absent_in_two_is_none),
        ON(a_mark_named_before_it_is_known_never_counts),
        ON(the_cases_shared_with_the_pages_script_are_judged_as_they_say),
        ON(what_is_stored_is_read_back_and_damage_is_seen),
        ON(ids_are_taken_as_lower_case_hex_or_not_at_all),
        ON(any_order_and_any_replay_of_100000_histories_gives_one_roll),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
