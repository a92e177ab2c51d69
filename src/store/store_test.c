#include "base/day.h"
#include "check/check_store.h"
#include "check/check_trade.h"
#include "store/chain.h"
#include "store/engine.h"
#include "store/inside.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
enum { NATION = 0x01, PROVINCE = 0x22, COMMUNE = 0x11a };

/* Jobs, as a room's handlers would be. */

struct open_box {
    struct box_opened box;
    int64_t id;
};

static enum err run_open_box(struct ctx *cx, void *what)
{
    struct open_box *open = what;
    return box_open(cx, COMMUNE, &open->box, &open->id);
}

struct add_slip {
    int64_t box_id;
    struct slip_added slip;
    int64_t id;
};

static enum err run_add_slip(struct ctx *cx, void *what)
{
    struct add_slip *add = what;
    return slip_add(cx, COMMUNE, add->box_id, &add->slip, &add->id);
}

static int64_t opened_box(struct check_store *check, int64_t slips_max)
{
    struct open_box open = { .box = { .title = STR("Hộp phiếu số 1"), .slips_max = slips_max, .unit_path = commune,
                                      .owner_phone = STR("0900 000 001") } };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_open_box, &open));
    return open.id;
}

static struct fact_id id_of(unsigned char number)
{
    return (struct fact_id){ { 0xF0, number } };
}

static int64_t count_facts(struct check_store *check)
{
    SQL(count_facts, "SELECT count(*) FROM fact /*scan*/");
    return check_i64(check, &count_facts, NO_BIND);
}

static void slip_counts_at_every_level_up_to_the_nation(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    for (int64_t number = 1; number <= 5; number++) {
        struct add_slip add = { box_id, { .number = number, .day = DAY_NONE, .note = STR("") }, 0 };
        assert_ok(&check->cx, check_write(check, run_add_slip, &add));
        assert_int_equal(add.id, box_id + number);
    }
    assert_int_equal(counted_slips(&check->cx, box_id, COMMUNE), 5);
    assert_int_equal(counted_slips(&check->cx, box_id, PROVINCE), 5);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), 5);
    assert_int_equal(counted_slips(&check->cx, box_id, 0x23), 0);
}

static void same_slip_sent_twice_is_one_slip(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 1);
    struct add_slip add = { box_id, { .number = 7, .day = 20596, .note = STR("lần đầu\nhai dòng \"ngoặc\"") }, 0 };
    check->cx.fact_id = id_of(1);
    assert_ok(&check->cx, check_write(check, run_add_slip, &add));
    /* The box is full now: what was recorded is a success all the same. */
    struct add_slip again = { box_id, add.slip, 0 };
    assert_ok(&check->cx, check_write(check, run_add_slip, &again));
    assert_int_equal(again.id, add.id);
    assert_int_equal(count_slips(&check->cx, box_id), 1);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), 1);
    bool known = false;
    int64_t seq = 0;
    assert_ok(&check->cx, fact_is_known(&check->cx, &known, &seq));
    assert_true(known);
    assert_int_equal(seq, add.id);
}

static void same_id_with_other_content_is_refused(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct add_slip add = { box_id, { .number = 7, .day = 20596, .note = STR("a") }, 0 };
    check->cx.fact_id = id_of(1);
    assert_ok(&check->cx, check_write(check, run_add_slip, &add));
    add.slip.note = STR("b");
    assert_err(ERR_CONFLICT, check_write(check, run_add_slip, &add));
    struct open_box other = { .box = { .title = STR("khác loại") } };
    assert_err(ERR_CONFLICT, check_write(check, run_open_box, &other));
    assert_int_equal(count_facts(check), 2);
}

static void private_values_are_compared_and_kept_beside_the_chain(void **state)
{
    SQL(find_private, "SELECT count(*) FROM fact_private WHERE seq = $1 AND body LIKE '%0900 000 001%'");
    SQL(find_in_chain, "SELECT count(*) FROM fact WHERE body LIKE '%0900%' /*scan*/");

    struct check_store *check = *state;
    struct open_box open = { .box = { .title = STR("Hộp"), .unit_path = commune, .owner_phone = STR("0900 000 001") } };
    check->cx.fact_id = id_of(9);
    assert_ok(&check->cx, check_write(check, run_open_box, &open));
    assert_int_equal(check_i64(check, &find_private, BIND(V(open.id))), 1);
    assert_int_equal(check_i64(check, &find_in_chain, NO_BIND), 0);
    assert_ok(&check->cx, check_write(check, run_open_box, &open));
    open.box.owner_phone = STR("0900 000 002");
    assert_err(ERR_CONFLICT, check_write(check, run_open_box, &open));
}

static void full_box_turns_a_slip_away_and_leaves_nothing(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 1);
    struct add_slip add = { box_id, { .number = 1, .day = 1, .note = STR("") }, 0 };
    assert_ok(&check->cx, check_write(check, run_add_slip, &add));
    add.slip.number = 2;
    assert_err(ERR_CONFLICT, check_write(check, run_add_slip, &add));
    assert_string_equal(check->cx.fault.words, "Hộp đã đủ số phiếu");
    assert_int_equal(count_facts(check), 2);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), 1);
}

static void failed_apply_leaves_nothing_and_seq_has_no_gap(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct add_slip add = { box_id, { .number = 1, .day = 1, .note = STR("") }, 0 };
    assert_ok(&check->cx, check_write(check, run_add_slip, &add));
    assert_err(ERR_CONFLICT, check_write(check, run_add_slip, &add)); /* another id, the same number */
    assert_string_equal(check->cx.fault.words, "Phiếu này đã có trong hộp");
    assert_int_equal(counted_slips(&check->cx, box_id, COMMUNE), 1);
    add.slip.number = 2;
    assert_ok(&check->cx, check_write(check, run_add_slip, &add));
    assert_int_equal(add.id, 3);
    assert_int_equal(count_facts(check), 3);
}

static enum err run_swallow(struct ctx *cx, void *what)
{
    struct add_slip *add = what;
    TRY(slip_add(cx, COMMUNE, add->box_id, &add->slip, &add->id));
    (void)!slip_add(cx, COMMUNE, add->box_id, &add->slip, NULL);
    return OK;
}

static void handler_that_overlooks_a_failed_apply_is_taken_back(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct add_slip add = { box_id, { .number = 1, .day = 1, .note = STR("") }, 0 };
    assert_err(ERR_CONFLICT, check_write(check, run_swallow, &add));
    assert_int_equal(count_facts(check), 1);
    assert_int_equal(count_slips(&check->cx, box_id), 0);
}

/* Batches. */

enum { CROWD = 40 };

struct crowd {
    struct ctx cxs[CROWD];
    struct add_slip adds[CROWD];
    struct writer_job jobs[CROWD];
    struct writer_job *list[CROWD];
    enum err errs[CROWD];
};

static struct crowd *crowd_of(struct check_store *check, int64_t box_id)
{
    struct crowd *crowd = ARENA_NEW(&check->cx.arena, struct crowd);
    for (int i = 0; i < CROWD; i++) {
        crowd->cxs[i] = (struct ctx){ .env = check->cx.env, .actor = check->cx.actor, .now = check->cx.now };
        arena_init(&crowd->cxs[i].arena, check->cx.env, 1 << 20);
        crowd->cxs[i].fact_id = id_of((unsigned char)(i + 1));
        crowd->adds[i] = (struct add_slip){ box_id, { .number = i + 1, .day = 1, .note = STR("") }, 0 };
        crowd->jobs[i] = (struct writer_job){ .run = run_add_slip, .what = &crowd->adds[i], .cx = &crowd->cxs[i] };
        crowd->list[i] = &crowd->jobs[i];
    }
    return crowd;
}

static void crowd_end(struct crowd *crowd)
{
    for (int i = 0; i < CROWD; i++)
        arena_end(&crowd->cxs[i].arena);
}

static void batch_keeps_the_good_jobs_when_some_fail(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct crowd *crowd = crowd_of(check, box_id);
    crowd->adds[3].slip.number = 1;        /* clashes in apply */
    crowd->adds[5].box_id = 999;           /* refused by decide */
    crowd->cxs[7].fact_id = id_of(1);      /* job 0 again, other content */
    crowd->cxs[8].fact_id = id_of(1);      /* job 0 again, the same */
    crowd->adds[8].slip.number = 1;
    assert_ok(&check->cx, store_write_batch(check->store, crowd->list, CROWD, crowd->errs));
    for (int i = 0; i < CROWD; i++) {
        enum err expected = i == 3 || i == 7 ? ERR_CONFLICT : i == 5 ? ERR_NOT_FOUND : OK;
        assert_err(expected, crowd->errs[i]);
    }
    assert_string_equal(crowd->cxs[3].fault.words, "Phiếu này đã có trong hộp");
    assert_int_equal(crowd->adds[8].id, crowd->adds[0].id);
    assert_int_equal(count_slips(&check->cx, box_id), CROWD - 4);
    assert_int_equal(counted_slips(&check->cx, box_id, PROVINCE), CROWD - 4);
    assert_int_equal(count_facts(check), 1 + CROWD - 4);
    crowd_end(crowd);
}

static enum err run_hungry(struct ctx *cx, void *what)
{
    struct add_slip *add = what;
    TRY(slip_add(cx, COMMUNE, add->box_id, &add->slip, &add->id));
    SQL(read_slips, "SELECT number FROM slip WHERE box_id = $1");
    struct rows rows = db_rows(cx, &read_slips, BIND(V(add->box_id)));
    rows_next(&rows);
    for (;;)
        arena_alloc(&cx->arena, 100000);
    return rows_end(&rows);
}

static void job_whose_memory_ends_is_answered_busy_and_hurts_nobody(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct crowd *crowd = crowd_of(check, box_id);
    crowd->jobs[10].run = run_hungry;
    assert_ok(&check->cx, store_write_batch(check->store, crowd->list, CROWD, crowd->errs));
    for (int i = 0; i < CROWD; i++)
        assert_err(i == 10 ? ERR_UNAVAILABLE : OK, crowd->errs[i]);
    assert_int_equal(count_slips(&check->cx, box_id), CROWD - 1);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), CROWD - 1);
    crowd_end(crowd);
}

/* What only a broken database could do to a room: the whole transaction ends under a job. */
static enum err run_breaker(struct ctx *cx, void *what)
{
    (void)what;
    cx->db->engine->rollback(cx);
    return OK;
}

static void job_that_breaks_the_transaction_does_not_take_the_others_along(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct crowd *crowd = crowd_of(check, box_id);
    crowd->jobs[20].run = run_breaker;
    assert_ok(&check->cx, store_write_batch(check->store, crowd->list, CROWD, crowd->errs));
    for (int i = 0; i < CROWD; i++)
        if (i != 20)
            assert_err(OK, crowd->errs[i]);
    assert_err(ERR_UNAVAILABLE, crowd->errs[20]);
    assert_int_equal(count_slips(&check->cx, box_id), CROWD - 1);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), CROWD - 1);
    assert_int_equal(count_facts(check), CROWD);
    crowd_end(crowd);
}

/* Personal values are erased by a later job of the same batch. */
static enum err run_erase_all(struct ctx *cx, void *what)
{
    SQL(erase_all, "DELETE FROM fact_private WHERE seq > $1");

    (void)what;
    TRY(fact_append_now(cx));
    return db_run(cx, &erase_all, BIND(V((int64_t)0)));
}

static enum err run_erase_all_then_fail(struct ctx *cx, void *what)
{
    TRY(run_erase_all(cx, what));
    return fail(cx, ERR_INVALID, "Dừng lại");
}

static void values_of_the_same_batch_can_be_erased(void **state)
{
    SQL(count_private, "SELECT count(*) FROM fact_private /*scan*/");

    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    for (int round = 0; round < 2; round++) {
        struct crowd *crowd = crowd_of(check, box_id);
        struct open_box open[2] = { { .box = { .title = STR("Hộp"), .unit_path = commune,
                                               .owner_phone = STR("0900 000 005") } } };
        open[1] = open[0];
        for (int i = 0; i < 2; i++) {
            crowd->jobs[i].run = run_open_box;
            crowd->jobs[i].what = &open[i];
            crowd->cxs[i].fact_id = (struct fact_id){ { 0xE0, (unsigned char)round, (unsigned char)i } };
        }
        crowd->jobs[2].run = round == 0 ? run_erase_all_then_fail : run_erase_all;
        assert_ok(&check->cx, store_write_batch(check->store, crowd->list, 3, crowd->errs));
        assert_err(OK, crowd->errs[1]);
        assert_err(round == 0 ? ERR_INVALID : OK, crowd->errs[2]);
        assert_int_equal(check_i64(check, &count_private, NO_BIND), round == 0 ? 3 : 0);
        assert_int_equal(count_facts(check), 3 + 2 * round);
        crowd_end(crowd);
    }
}

/* A request of many facts, more than the batch keeps in memory. */

enum { MANY = 10000 };

static enum err run_many(struct ctx *cx, void *what)
{
    struct add_slip *add = what;
    for (int64_t i = 0; i < MANY; i++) {
        struct slip_added slip = { .number = add->slip.number + i, .day = 1, .note = STR("") };
        TRY(slip_add(cx, COMMUNE, add->box_id, &slip, &add->id));
    }
    return OK;
}

static enum err run_many_then_fail(struct ctx *cx, void *what)
{
    TRY(run_many(cx, what));
    return fail(cx, ERR_INVALID, "Dừng lại");
}

struct upload {
    int64_t box_id;
    enum err errs[3];
};

/* Three slips, each under its own id, into a box for two. */
static enum err run_upload(struct ctx *cx, void *what)
{
    struct upload *upload = what;
    static const int64_t numbers[] = { 1, 2, 3 };
    for (size_t i = 0; i < LEN(numbers); i++) {
        struct slip_added slip = { .number = numbers[i], .day = DAY_NONE, .note = STR("") };
        fact_use_id(cx, id_of((unsigned char)(100 + i)));
        upload->errs[i] = slip_add(cx, COMMUNE, upload->box_id, &slip, NULL);
    }
    return OK;
}

static void each_item_of_an_upload_is_recorded_under_its_own_id_or_refused_alone(void **state)
{
    struct check_store *check = *state;
    SQL(count_own, "SELECT count(*) FROM fact WHERE id IN ($1, $2, $3) /*scan*/");
    struct upload upload = { .box_id = opened_box(check, 2) };
    struct fact_id ids[3] = { id_of(100), id_of(101), id_of(102) };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    for (int times = 0; times < 2; times++) {
        assert_ok(&check->cx, check_write(check, run_upload, &upload));
        assert_int_equal(upload.errs[0], OK);
        assert_int_equal(upload.errs[1], OK);
        assert_int_equal(upload.errs[2], ERR_CONFLICT); /* the box is full */
        assert_int_equal(count_slips(&check->cx, upload.box_id), 2);
        assert_int_equal(check_i64(check, &count_own,
                                   BIND(V(((struct bytes){ ids[0].at, 16 })), V(((struct bytes){ ids[1].at, 16 })),
                                        V(((struct bytes){ ids[2].at, 16 })))),
                         2);
    }
}

static void request_of_many_facts_has_derived_ids_and_can_be_sent_again(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct add_slip add = { box_id, { .number = 1 }, 0 };
    check->cx.fact_id = id_of(1);
    assert_ok(&check->cx, check_write(check, run_many, &add));
    assert_int_equal(add.id, 1 + MANY);
    assert_ok(&check->cx, check_write(check, run_many, &add));
    assert_int_equal(add.id, 1 + MANY);
    assert_int_equal(count_slips(&check->cx, box_id), MANY);
    assert_int_equal(counted_slips(&check->cx, box_id, NATION), MANY);
}

static void many_facts_taken_back_leave_those_of_the_jobs_before(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct crowd *crowd = crowd_of(check, box_id);
    crowd->adds[2].slip.number = 1000;
    crowd->jobs[2].run = run_many_then_fail;
    arena_end(&crowd->cxs[2].arena);
    arena_init(&crowd->cxs[2].arena, check->cx.env, 64 << 20);
    crowd->adds[4].slip.number = 20000;
    crowd->jobs[4].run = run_many;
    arena_init(&crowd->cxs[4].arena, check->cx.env, 64 << 20);
    assert_ok(&check->cx, store_write_batch(check->store, crowd->list, CROWD, crowd->errs));
    for (int i = 0; i < CROWD; i++)
        assert_err(i == 2 ? ERR_INVALID : OK, crowd->errs[i]);
    assert_int_equal(count_slips(&check->cx, box_id), CROWD - 2 + MANY);
    assert_int_equal(count_facts(check), 1 + CROWD - 2 + MANY);
    assert_int_equal(crowd->adds[CROWD - 1].id, 1 + CROWD - 2 + MANY);
    crowd_end(crowd);
}

/* The chain. */

static void chain_ties_every_fact_to_the_one_before(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct crowd *crowd = crowd_of(check, box_id);
    assert_ok(&check->cx, store_write_batch(check->store, crowd->list, CROWD, crowd->errs));
    struct fact_row *rows = ARENA_NEW_ARRAY(&check->cx.arena, struct fact_row, CROWD + 10);
    size_t len = 0;
    assert_ok(&check->cx, fact_list(&check->cx, 0, rows, CROWD + 10, &len));
    assert_int_equal(len, CROWD + 1);
    unsigned char hash[32] = { 0 };
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(rows[i].fact.seq, i + 1);
        unsigned char next[32];
        chain_hash(hash, &rows[i].fact, rows[i].kind, rows[i].body, next);
        assert_memory_equal(next, rows[i].hash, sizeof next);
        memcpy(hash, next, sizeof hash);
    }
    assert_str_equal(rows[0].private_body, "{\"owner_phone\":\"0900 000 001\"}");
    crowd_end(crowd);
}

/* Bodies. */

static void body_is_canonical_and_reads_back(void **state)
{
    struct check_store *check = *state;
    struct slip_added slip = { .number = -5, .day = 20596, .is_late = true, .note = STR("Ý \"kiến\"\n\\ \t cuối") };
    struct str text = fact_body_format(&check->cx, &slip_added_kind.fields, &slip);
    assert_str_equal(text, "{\"number\":-5,\"day\":\"2026-05-23\",\"is_late\":true,"
                           "\"note\":\"Ý \\\"kiến\\\"\\n\\\\ \\u0009 cuối\"}");
    struct slip_added back = { 0 };
    assert_ok(&check->cx, fact_body_parse(&check->cx, &slip_added_kind.fields, text, STR(""), &back));
    assert_int_equal(back.number, -5);
    assert_int_equal(back.day, 20596);
    assert_true(back.is_late);
    assert_true(str_eq(back.note, slip.note));
}

static void body_that_does_not_fit_its_table_is_refused(void **state)
{
    struct check_store *check = *state;
    const char *bad[] = {
        "",          "[]",        "{",          "{\"number\":\"5\"}",  "{\"number\":1.5}",
        "{\"x\":1}", "{\"number\":1,\"number\":2}", "{\"day\":\"23/5/2026\"}", "{\"note\":5}", "{\"is_late\":1}",
        "{\"number\":9223372036854775808}", "{\"note\":\"\xC3\x28\"}", "{\"note\":\"a\"} x", "{\"note\":\"\\u0000\"}",
    };
    for (size_t i = 0; i < LEN(bad); i++) {
        struct slip_added slip = { 0 };
        enum err err = fact_body_parse(&check->cx, &slip_added_kind.fields, str_from(bad[i]), STR(""), &slip);
        if (err != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
    }
}

static void fact_that_breaks_its_table_is_refused_in_words(void **state)
{
    struct check_store *check = *state;
    struct open_box open = { .box = { .title = STR("") } };
    assert_err(ERR_INVALID, check_write(check, run_open_box, &open));
    assert_string_equal(check->cx.fault.field, "title");
    open.box.title = STR("\xC3\x28");
    assert_err(ERR_INVALID, check_write(check, run_open_box, &open));
    open.box.title = STR("hai\ndòng");
    assert_err(ERR_INVALID, check_write(check, run_open_box, &open));
    char *text = arena_alloc(&check->cx.arena, 201);
    memset(text, 'a', 201);
    open.box.title = (struct str){ text, 201 };
    assert_err(ERR_INVALID, check_write(check, run_open_box, &open));
    assert_int_equal(count_facts(check), 0);
}

/* The writer's thread. */

struct news {
    int64_t last_seq;
    int64_t units[8];
    size_t unit_len;
    int calls;
};

static void listen_to(void *what, const struct writer_change *change)
{
    struct news *news = what;
    news->last_seq = change->last_seq;
    news->unit_len = change->unit_len;
    for (size_t i = 0; i < change->unit_len && i < LEN(news->units); i++)
        news->units[i] = change->unit_ids[i];
    news->calls++;
}

static void writer_answers_after_the_commit_and_tells_what_changed(void **state)
{
    struct check_store *check = *state;
    int64_t box_id = opened_box(check, 0);
    struct writer *writer = NULL;
    struct news news = { 0 };
    assert_ok(&check->cx, writer_start(&check->cx, check->store, &writer));
    writer_listen(writer, listen_to, &news);
    for (int64_t number = 1; number <= 100; number++) {
        struct add_slip add = { box_id, { .number = number, .day = 1, .note = STR("") }, 0 };
        check->cx.fact_id = (struct fact_id){ { 0 } };
        assert_ok(&check->cx, writer_wait(writer, &check->cx, run_add_slip, &add));
        assert_int_equal(count_slips(&check->cx, box_id), number); /* another connection sees it */
    }
    struct add_slip again = { box_id, { .number = 1, .day = 1, .note = STR("") }, 0 };
    assert_err(ERR_CONFLICT, writer_wait(writer, &check->cx, run_add_slip, &again));
    struct writer_figures figures = writer_figures(writer);
    assert_int_equal(figures.jobs, 101);
    assert_int_equal(figures.sizes[0], 101);
    writer_stop(writer);
    assert_int_equal(news.last_seq, 101);
    assert_int_equal(news.calls, 100);
    assert_int_equal(news.unit_len, 3);
    assert_int_equal(news.units[0], NATION);
    assert_int_equal(news.units[1], PROVINCE);
    assert_int_equal(news.units[2], COMMUNE);
}

/* Readers. */

static void reader_sees_one_moment_and_cannot_write(void **state)
{
    SQL(spoil, "DELETE FROM box WHERE id = 1");
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int64_t box_id = opened_box(check, 0);
    assert_ok(cx, db_read_begin(cx));
    assert_int_equal(count_boxes(cx), 1);
    struct db *reader = cx->db;
    opened_box(check, 0);
    assert_ptr_equal(cx->db, reader);
    assert_int_equal(count_boxes(cx), 1);
    db_read_end(cx);
    assert_int_equal(count_boxes(cx), 2);
    assert_true(db_run(cx, &spoil, NO_BIND) != OK);
    assert_int_equal(count_boxes(cx), 2);
    assert_int_equal(box_id, 1);
}

/* Every statement of the program. */

static bool is_marked_scan(const struct sql *sql)
{
    return strstr(sql->text, "/*scan*/") != NULL;
}

static void every_statement_can_be_prepared_and_scans_only_where_it_says_so(void **state)
{
    struct check_store *check = *state;
    size_t len = 0;
    struct sql *const *list = db_statements(&len);
    assert_true(len > 10);
    int faults = 0;
    for (size_t i = 0; i < len; i++) {
        struct str plan = STR("");
        if (check->cx.db->engine->explain(&check->cx, list[i], &plan) != OK) {
            print_error("%s %s: %s\n", list[i]->file, list[i]->name, check->cx.fault.detail);
            faults++;
            continue;
        }
        if (check_is_postgresql() || is_marked_scan(list[i]))
            continue; /* its planner scans small tables by right */
        for (struct str rest = plan; rest.len > 0;) {
            struct str line = str_cut(&rest, '\n');
            /* In the order of an index a list may be walked from its end; anything else reads the whole table. */
            bool scans_all = str_starts(line, STR("SCAN ")) && str_find(line, STR(" USING INDEX ")) == line.len &&
                             !str_starts(line, STR("SCAN CONSTANT ROW")) && !str_starts(line, STR("SCAN (subquery"));
            if (scans_all) {
                print_error("%s %s: " STR_FMT "\n", list[i]->file, list[i]->name, STR_ARG(line));
                faults++;
            }
        }
    }
    assert_int_equal(faults, 0);
}

/* "row of TABLE $1 $2": the statement names that table's whole key, column by column, with those values. */
static bool names_key(struct ctx *cx, const struct sql *sql, struct str table, struct str values)
{
    struct db_column *columns = NULL;
    size_t len = 0;
    if (cx->db->engine->columns(cx, table, &columns, &len) != OK)
        return false;
    size_t keys = 0;
    for (size_t i = 0; i < len; i++) {
        if (!columns[i].is_key)
            continue;
        struct str value = str_cut(&values, ' ');
        struct str condition = str_format(&cx->arena, STR_FMT " = " STR_FMT, STR_ARG(columns[i].name), STR_ARG(value));
        if (value.len == 0 || !strstr(sql->text, condition.at))
            return false;
        keys++;
    }
    return keys > 0 && values.len == 0;
}

static void statement_marked_as_of_one_row_names_its_whole_key(void **state)
{
    struct check_store *check = *state;
    size_t len = 0;
    size_t marked = 0;
    struct sql *const *list = db_statements(&len);
    for (size_t i = 0; i < len; i++) {
        const char *mark = strstr(list[i]->text, "/*row of ");
        if (!mark)
            continue;
        struct str values = str_from(mark + strlen("/*row of "));
        values = str_cut(&values, '*');
        struct str table = str_cut(&values, ' ');
        marked++;
        if (!names_key(&check->cx, list[i], table, values))
            fail_msg("%s %s does not keep its mark", list[i]->file, list[i]->name);
    }
    assert_true(marked > 2);
}

/* Folders. */

struct folder {
    struct ctx cx;
    char path[64];
};

static int folder_open(void **state)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM }; /* outlives this setup, as the context does */
    struct folder *folder = calloc(1, sizeof *folder);
    if (!folder)
        return 1;
    folder->cx = (struct ctx){ .env = env_real(), .actor = &program };
    arena_init(&folder->cx.arena, folder->cx.env, 64 << 20);
    snprintf(folder->path, sizeof folder->path, "/tmp/diemcau-test-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) ? 0 : 1;
}

static int folder_close(void **state)
{
    struct folder *folder = *state;
    store_remove_dir(folder->path);
    arena_end(&folder->cx.arena);
    free(folder);
    return 0;
}

static struct store_options options_of(const struct folder *folder)
{
    return (struct store_options){ .env = folder->cx.env, .dir = str_from(folder->path),
                                   .extra_schema = str_from(check_trade_schema) };
}

static void folder_opens_again_with_the_same_facts_and_epoch(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    struct store_options options = options_of(folder);
    char epoch[33] = "";
    for (int round = 1; round <= 3; round++) {
        struct store *store = NULL;
        assert_ok(cx, store_open(cx, &options, &store));
        struct open_box open = { .box = { .title = STR("Hộp"), .unit_path = commune } };
        assert_ok(cx, store_write(cx, store, run_open_box, &open));
        assert_int_equal(open.id, round);
        assert_int_equal(store_epoch(store).len, 32);
        if (round > 1)
            assert_str_equal(store_epoch(store), epoch);
        memcpy(epoch, store_epoch(store).at, 32);
        store_close(store);
    }
}

/* As a demo or an import does it: tens of megabytes in one transaction. */
static enum err run_great_job(struct ctx *cx, void *what)
{
    enum { SLIPS = 20000, NOTE_BYTES = 2000 };
    struct open_box open = { .box = { .title = STR("Hộp"), .unit_path = commune } };
    TRY(run_open_box(cx, &open));
    char *note = arena_alloc(&cx->arena, NOTE_BYTES);
    memset(note, 'a', NOTE_BYTES);
    struct arena *arena = what;
    for (int64_t i = 0; i < SLIPS; i++) {
        struct slip_added slip = { .number = i, .day = 1, .note = { note, NOTE_BYTES } };
        struct ctx side = *cx;
        side.arena = *arena;
        enum err err = slip_add(&side, COMMUNE, open.id, &slip, NULL);
        *arena = side.arena;
        arena_reset(arena);
        TRY(err);
    }
    return OK;
}

static void great_transaction_does_not_leave_a_great_file_behind(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    struct store_options options = options_of(folder);
    struct store *store = NULL;
    struct arena arena;
    arena_init(&arena, cx->env, 1 << 20);
    assert_ok(cx, store_open(cx, &options, &store));
    assert_ok(cx, store_write(cx, store, run_great_job, &arena));
    char path[128];
    struct stat found;
    snprintf(path, sizeof path, "%s/diemcau.db-wal", folder->path);
    assert_int_equal(stat(path, &found), 0);
    assert_true(found.st_size > 64 << 20);
    struct open_box open = { .box = { .title = STR("Hộp"), .unit_path = commune } };
    assert_ok(cx, store_write(cx, store, run_open_box, &open));
    assert_int_equal(stat(path, &found), 0);
    assert_true(found.st_size <= 64 << 20);
    store_close(store);
    arena_end(&arena);
}

static void second_program_may_look_but_not_write(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    struct store_options options = options_of(folder);
    struct store *store = NULL;
    struct store *other = NULL;
    assert_ok(cx, store_open(cx, &options, &store));
    struct open_box open = { .box = { .title = STR("Hộp"), .unit_path = commune } };
    assert_ok(cx, store_write(cx, store, run_open_box, &open));
    assert_ok(cx, store_open(cx, &options, &other));
    assert_err(ERR_UNAVAILABLE, store_write(cx, other, run_open_box, &open));
    assert_ok(cx, store_reader_open(cx, other, &cx->db));
    assert_int_equal(count_boxes(cx), 1);
    store_reader_close(cx->db);
    cx->db = NULL;
    store_close(other);
    store_close(store);
}

static void newer_data_is_refused_politely(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    struct store_options options = options_of(folder);
    struct store *store = NULL;
    assert_ok(cx, store_open(cx, &options, &store));
    cx->db = store->writer;
    assert_ok(cx, store->engine->script(cx, "INSERT INTO store_migration (number, name) VALUES (9999, 'later')"));
    cx->db = NULL;
    store_close(store);
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
    assert_non_null(strstr(cx->fault.words, "phiên bản Điểm Cầu mới hơn"));
}

static void folder_of_something_else_is_left_alone(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    char path[128];
    snprintf(path, sizeof path, "%s/thư của ai đó.txt", folder->path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    struct store_options options = options_of(folder);
    struct store *store = NULL;
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
    options.dir = STR("/nonexistent/a/b");
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
    options.must_exist = true;
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
}

static void keys_are_for_the_owner_alone_and_differ_by_purpose(void **state)
{
    struct folder *folder = *state;
    struct ctx *cx = &folder->cx;
    struct store_options options = options_of(folder);
    struct store *store = NULL;
    assert_ok(cx, store_open(cx, &options, &store));
    unsigned char one[32];
    unsigned char other[32];
    unsigned char again[32];
    store_key(db_store(store->writer), "person.seal", one);
    store_key(db_store(store->writer), "person.index", other);
    store_close(store);
    assert_ok(cx, store_open(cx, &options, &store));
    store_key(db_store(store->writer), "person.seal", again);
    store_close(store);
    assert_memory_equal(one, again, 32);
    assert_memory_not_equal(one, other, 32);
    char path[128];
    snprintf(path, sizeof path, "%s/keys", folder->path);
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(truncate(path, 10), 0);
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
    assert_int_equal(unlink(path), 0);
    assert_err(ERR_INVALID, store_open(cx, &options, &store));
}

#define TRADE_TEST(test) cmocka_unit_test_setup_teardown(test, check_trade_open, check_store_close)
#define FOLDER_TEST(test) cmocka_unit_test_setup_teardown(test, folder_open, folder_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRADE_TEST(slip_counts_at_every_level_up_to_the_nation),
        TRADE_TEST(same_slip_sent_twice_is_one_slip),
        TRADE_TEST(same_id_with_other_content_is_refused),
        TRADE_TEST(private_values_are_compared_and_kept_beside_the_chain),
        TRADE_TEST(full_box_turns_a_slip_away_and_leaves_nothing),
        TRADE_TEST(failed_apply_leaves_nothing_and_seq_has_no_gap),
        TRADE_TEST(handler_that_overlooks_a_failed_apply_is_taken_back),
        TRADE_TEST(batch_keeps_the_good_jobs_when_some_fail),
        TRADE_TEST(job_whose_memory_ends_is_answered_busy_and_hurts_nobody),
        TRADE_TEST(job_that_breaks_the_transaction_does_not_take_the_others_along),
        TRADE_TEST(values_of_the_same_batch_can_be_erased),
        TRADE_TEST(each_item_of_an_upload_is_recorded_under_its_own_id_or_refused_alone),
        TRADE_TEST(request_of_many_facts_has_derived_ids_and_can_be_sent_again),
        TRADE_TEST(many_facts_taken_back_leave_those_of_the_jobs_before),
        TRADE_TEST(chain_ties_every_fact_to_the_one_before),
        TRADE_TEST(body_is_canonical_and_reads_back),
        TRADE_TEST(body_that_does_not_fit_its_table_is_refused),
        TRADE_TEST(fact_that_breaks_its_table_is_refused_in_words),
        TRADE_TEST(writer_answers_after_the_commit_and_tells_what_changed),
        TRADE_TEST(reader_sees_one_moment_and_cannot_write),
        TRADE_TEST(every_statement_can_be_prepared_and_scans_only_where_it_says_so),
        TRADE_TEST(statement_marked_as_of_one_row_names_its_whole_key),
        FOLDER_TEST(folder_opens_again_with_the_same_facts_and_epoch),
        FOLDER_TEST(great_transaction_does_not_leave_a_great_file_behind),
        FOLDER_TEST(second_program_may_look_but_not_write),
        FOLDER_TEST(newer_data_is_refused_politely),
        FOLDER_TEST(folder_of_something_else_is_left_alone),
        FOLDER_TEST(keys_are_for_the_owner_alone_and_differ_by_purpose),
    };
    check_trade_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
