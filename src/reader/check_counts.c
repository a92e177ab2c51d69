#include "reader/read_table.h"

#include "base/day.h"

/*
 * The cross-checks of counts (domain.md 5.7): what is stated against what is listed; the body
 * against the appendix; parts against their sum; days stated against days dated. Where the reader
 * may have missed a part itself it says nothing: a list counts only when its own numbers run
 * without a gap.
 */

struct side {
    int64_t value;
    struct reader_span span;
};

static void report(struct arena *arena, struct reader_plan *plan, const char *what, struct side a,
                   struct side b)
{
    struct str first = str_format(arena, "%lld", (long long)a.value);
    struct str second = str_format(arena, "%lld", (long long)b.value);
    for (size_t n = 0; n < plan->anomalies_len; n++) {
        const struct reader_anomaly *old = &plan->anomalies[n];
        if (str_eq(old->kind, STR("count_mismatch")) && old->values.len == 2 &&
            str_eq(old->values.at[0].value, first) && str_eq(old->values.at[1].value, second))
            return;
    }
    struct str words = str_format(arena, "%s không khớp: " STR_FMT " và " STR_FMT, what,
                                  STR_ARG(first), STR_ARG(second));
    struct reader_anomaly *anomaly = read_anomaly(arena, plan, STR("count_mismatch"), words);
    read_texts_add(arena, &anomaly->values,
                   (struct reader_text){ .value = first, .span = a.span, .doubt = STR("") });
    read_texts_add(arena, &anomaly->values,
                   (struct reader_text){ .value = second, .span = b.span, .doubt = STR("") });
}

static struct side side_of(const struct reader_number *number)
{
    return (struct side){ number->value, number->span };
}

static bool is_exact(const struct reader_number *number)
{
    return number->is_given && number->value == number->max;
}

/* ---- body against appendix, parts against the whole ---- */

static void check_pair(struct arena *arena, struct reader_plan *plan, const char *what,
                       const struct reader_number *a, const struct reader_number *b)
{
    if (is_exact(a) && is_exact(b) && a->value != b->value)
        report(arena, plan, what, side_of(a), side_of(b));
}

static void check_groups(struct arena *arena, struct reader_plan *plan)
{
    for (size_t n = 0; n < plan->groups_len && plan->groups_len == plan->programmes_len; n++) {
        check_pair(arena, plan, "Số học viên ở phần chính và phụ lục", &plan->groups[n].learners,
                   &plan->programmes[n].learners);
        check_pair(arena, plan, "Số lớp ở phần chính và phụ lục", &plan->groups[n].classes,
                   &plan->programmes[n].classes);
    }
    for (size_t n = 0; n < plan->programmes_len; n++) {
        const struct reader_programme *p = &plan->programmes[n];
        struct side sum = { 0 };
        bool is_whole = p->venues_len > 1;
        for (size_t v = 0; v < p->venues_len; v++) {
            is_whole = is_whole && is_exact(&p->venues[v].classes);
            sum.value += p->venues[v].classes.value;
            sum.span = p->venues[v].classes.span;
        }
        if (is_whole && is_exact(&p->classes) && sum.value != p->classes.value)
            report(arena, plan, "Số lớp của chương trình và tổng số lớp tại các nơi học",
                   side_of(&p->classes), sum);
    }
}

/* The number a record of a list gives, for summing. */
typedef const struct reader_number *(*number_in)(const struct reader_plan *plan, size_t n);

static const struct reader_number *group_learners(const struct reader_plan *plan, size_t n)
{
    return &plan->groups[n].learners;
}
static const struct reader_number *group_classes(const struct reader_plan *plan, size_t n)
{
    return &plan->groups[n].classes;
}
static const struct reader_number *programme_learners(const struct reader_plan *plan, size_t n)
{
    return &plan->programmes[n].learners;
}
static const struct reader_number *programme_classes(const struct reader_plan *plan, size_t n)
{
    return &plan->programmes[n].classes;
}
static const struct reader_number *run_learners(const struct reader_plan *plan, size_t n)
{
    return &plan->runs[n].learners;
}

static bool sum_up(const struct reader_plan *plan, number_in number, size_t len,
                   struct side *ret_sum)
{
    *ret_sum = (struct side){ 0 };
    for (size_t n = 0; n < len; n++) {
        if (!is_exact(number(plan, n)))
            return false;
        ret_sum->value += number(plan, n)->value;
        ret_sum->span = number(plan, n)->span;
    }
    return len > 1;
}

/* A total is wrong when it agrees with none of the lists that can be summed. */
static void check_total(struct arena *arena, struct reader_plan *plan, const char *what,
                        const struct reader_number *total, const number_in *numbers,
                        const size_t *lens, size_t lists)
{
    struct side first = { 0 };
    bool has_sum = false;
    bool agrees = false;
    for (size_t n = 0; n < lists; n++) {
        struct side sum = { 0 };
        if (!sum_up(plan, numbers[n], lens[n], &sum))
            continue;
        agrees = agrees || sum.value == total->value;
        first = has_sum ? first : sum;
        has_sum = true;
    }
    if (is_exact(total) && has_sum && !agrees)
        report(arena, plan, what, side_of(total), first);
}

static void check_totals(struct arena *arena, struct reader_plan *plan)
{
    const number_in learners[] = { group_learners, programme_learners, run_learners };
    /* Some of the classes may have no date yet: then those that have one are no whole. */
    bool has_all_runs = !plan->classes.is_given || plan->classes.value == (int64_t)plan->runs_len;
    const size_t learners_len[] = { plan->groups_len, plan->programmes_len,
                                    has_all_runs ? plan->runs_len : 0 };
    check_total(arena, plan, "Tổng số học viên và số cộng lại", &plan->learners, learners,
                learners_len, LEN(learners));
    const number_in classes[] = { group_classes, programme_classes };
    const size_t classes_len[] = { plan->groups_len, plan->programmes_len };
    check_total(arena, plan, "Tổng số lớp và số cộng lại", &plan->classes, classes, classes_len,
                LEN(classes));
}

/* ---- sums in a list or a table ---- */

static bool people_in(struct arena *arena, struct str text, struct lex_count *ret_count,
                      size_t *ret_words)
{
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, text, &counts);
    for (size_t n = 0; n < counts.len; n++) {
        struct lex_words word = lex_cut_words(arena, counts.at[n].word);
        if (lex_match(&word, 0, "học viên|người|đồng chí|đại biểu|cán bộ|trại sinh|công chức") >
                0 &&
            !counts.at[n].is_each && counts.at[n].value == counts.at[n].max) {
            *ret_count = counts.at[n];
            *ret_words = counts.len;
            return true;
        }
    }
    return false;
}

/* "- A: 45 người; - B: 22 người ... Tổng cộng: 80 người" */
static void check_list_sum(struct arena *arena, struct reader_plan *plan,
                           const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(arena, node->text);
    struct lex_count total = { 0 };
    struct lex_count part = { 0 };
    size_t counts = 0;
    if (lex_match(&words, 0, "tổng cộng|tổng số|cộng|tổng") == 0 || node->kind == OUTLINE_CELL ||
        !people_in(arena, node->text, &total, &counts))
        return;
    struct side sum = { 0 };
    size_t parts = 0;
    for (const struct outline_node *item = node->previous; item; item = item->previous) {
        /* An item that counts twice, or not at all, makes the sum unsure. */
        if (item->kind != OUTLINE_ITEM || !people_in(arena, item->text, &part, &counts) ||
            counts > 1 || item->first_child != NULL)
            break;
        sum.value += part.value;
        sum.span = outline_span(item, part.part);
        parts++;
    }
    if (parts > 1 && sum.value != total.value)
        report(arena, plan, "Tổng số người và số cộng lại",
               (struct side){ total.value, outline_span(node, total.part) }, sum);
}

static bool cell_number(struct arena *arena, const struct outline_node *cell, int64_t *ret_value)
{
    struct lex_words words = lex_cut_words(arena, read_trim(table_text(arena, cell)));
    int64_t value = 0;
    for (size_t i = 0; i < words.len; i++) {
        bool is_group = i % 2 == 1 && lex_match(&words, i, ".") > 0;
        if (!is_group && (!lex_is_figures(&words, i) || words.at[i].digits > 9))
            return false;
        value = is_group ? value : value * (i > 0 ? 1000 : 1) + words.at[i].number;
    }
    *ret_value = value;
    return words.len > 0 && words.len <= 5;
}

static void check_column(struct arena *arena, struct reader_plan *plan, const struct table *table,
                         enum table_role role)
{
    struct side sum = { 0 };
    size_t parts = 0;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        const struct outline_node *cell = table_cell(table, row, role);
        int64_t value = 0;
        if (cell == NULL || table_is_head_again(arena, table, row))
            continue;
        bool has_value = cell_number(arena, cell, &value);
        if (table_is_sum(arena, table, row)) {
            if (has_value && parts > 1 && value != sum.value)
                report(arena, plan, "Dòng cộng của bảng và số cộng lại",
                       (struct side){ value, cell->span }, sum);
            return;
        }
        if (!has_value)
            return;
        sum.value += value;
        sum.span = cell->span;
        parts++;
    }
}

static void check_table_sum(struct arena *arena, struct reader_plan *plan,
                            const struct outline_node *node)
{
    struct table *table = ARENA_NEW(arena, struct table);
    if (!read_table(arena, node, table))
        return;
    check_column(arena, plan, table, TABLE_ROLE_LEARNERS);
    check_column(arena, plan, table, TABLE_ROLE_CLASSES);
}

/* ---- topics ---- */

struct tally {
    int64_t topics, all, highest;
    bool is_whole; /* numbers run 1, 2, 3 ... or there are none */
};

static struct tally count_topics(const struct reader_plan *plan, int64_t programme)
{
    struct tally tally = { .is_whole = true };
    bool has_numbers = false;
    for (size_t n = 0; n < plan->topics_len; n++) {
        const struct reader_topic *topic = &plan->topics[n];
        if (topic->programme.value != programme)
            continue;
        tally.all++;
        tally.topics += topic->kind.value.len == 0;
        has_numbers = has_numbers || topic->number.is_given;
        tally.is_whole =
            tally.is_whole &&
            (!has_numbers || (topic->number.is_given && topic->number.value == tally.all));
    }
    return tally;
}

static void check_topics_of(struct arena *arena, struct reader_plan *plan,
                            const struct outline_node *node, const struct lex_count *stated,
                            int64_t programme)
{
    struct tally tally = count_topics(plan, programme);
    if (tally.all < 2 || !tally.is_whole || stated->value == tally.topics ||
        stated->value == tally.all)
        return;
    report(arena, plan, "Số chuyên đề đã nêu và số chuyên đề liệt kê",
           (struct side){ stated->value, outline_span(node, stated->part) },
           (struct side){ tally.topics, plan->topics[0].title.span });
}

/* "gồm 04 chuyên đề" of the whole paper, "mỗi chương trình ... gồm 03 chuyên đề" of each programme.
 */
static void check_topics(struct arena *arena, struct reader_plan *plan,
                         const struct outline_node *node)
{
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, node->text, &counts);
    struct lex_words words = lex_cut_words(arena, node->text);
    for (size_t n = 0; n < counts.len; n++) {
        const struct lex_count *c = &counts.at[n];
        size_t at = lex_word_at(&words, (size_t)(c->part.at - words.text.at));
        if (!str_eq(lex_lower(arena, c->word), STR("chuyên đề")) ||
            lex_match_back(&words, at,
                           "gồm|bao gồm|với|có|nội dung :|tổng số|tổng cộng|tổng số :") == 0)
            continue;
        if (plan->programmes_len == 0)
            check_topics_of(arena, plan, node, c, 0);
        for (size_t p = 0; p < plan->programmes_len && lex_search(&words, 0, at, "mỗi") < at; p++)
            check_topics_of(arena, plan, node, c, (int64_t)p + 1);
    }
}

/* ---- days ---- */

static int working_days(struct str from, int days)
{
    int32_t day = 0;
    int working = 0;
    for (int n = 0; day_parse_iso(from, &day) && n < days; n++)
        working += day_weekday(day + n) < 5;
    return working;
}

static void check_days(struct arena *arena, struct reader_plan *plan)
{
    const struct reader_schedule *s = &plan->schedule;
    int days = when_days_between(s->start.value, s->end.value) + 1;
    enum { DAYS_MAX = 60 };
    if (!s->days_tenths.is_given || days < 1 || days > DAYS_MAX || plan->runs_len > 1 ||
        !when_is_day(s->start.value))
        return;
    int64_t stated = (s->days_tenths.value + 9) / 10; /* a day and a half takes two */
    if (stated != days && stated != working_days(s->start.value, days))
        report(arena, plan, "Số ngày học và khoảng thời gian của lớp",
               (struct side){ stated, s->days_tenths.span }, (struct side){ days, s->start.span });
}

void check_counts(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct arena *arena = &cx->arena;
    check_groups(arena, plan);
    check_totals(arena, plan);
    check_days(arena, plan);
    for (const struct outline_node *node = read_next_node(outline, NULL); node;
         node = read_next_node(outline, node)) {
        if (node->kind == OUTLINE_TABLE)
            check_table_sum(arena, plan, node);
        if (node->text.len == 0 || node->kind == OUTLINE_CELL)
            continue;
        check_list_sum(arena, plan, node);
        check_topics(arena, plan, node);
    }
}
