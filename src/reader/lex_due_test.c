#include "check/check.h"

#include "reader/lex.h"

static size_t wrong;

static void compare(struct str in, struct str got, struct str out)
{
    if (str_eq(got, out))
        return;
    print_error("\"" STR_FMT "\"\n  expected " STR_FMT "\n  got      " STR_FMT "\n", STR_ARG(in),
                STR_ARG(out), STR_ARG(got));
    wrong++;
}

static void due_case(struct ctx *cx, struct str in, struct str out)
{
    struct reader_due due = { 0 };
    struct reader_text recurring = { 0 };
    lex_find_due(&cx->arena, in, STR("2026"), &due, &recurring);
    struct str got =
        due.kind.value.len == 0
            ? STR("none")
            : str_format(&cx->arena, STR_FMT " " STR_FMT " " STR_FMT "%s" STR_FMT,
                         STR_ARG(due.kind.value), STR_ARG(due.value.value),
                         STR_ARG(due.relation.value), recurring.value.len > 0 ? " + " : "",
                         STR_ARG(recurring.value));
    compare(in, got, out);
}

static void deadlines_and_rhythms_are_read_and_their_lookalikes_are_not(void **state)
{
    wrong = 0;
    assert_true(check_cases(*state, "src/reader/cases/dues.txt", due_case) > 60);
    assert_int_equal(wrong, 0);
}

static void a_deadline_shows_where_it_stands(void **state)
{
    struct ctx *cx = *state;
    struct reader_due due = { 0 };
    struct reader_text recurring = { 0 };
    lex_find_due(&cx->arena, STR("Gửi danh sách trước ngày 21/5/2026."), STR("2026"), &due,
                 &recurring);
    assert_int_equal(due.value.span.from, 20);
    assert_int_equal(due.value.span.to, 34);
    assert_str_equal(due.value.doubt, "");
}

static void a_year_the_paper_had_to_lend_is_doubted(void **state)
{
    struct ctx *cx = *state;
    struct reader_due due = { 0 };
    struct reader_text recurring = { 0 };
    lex_find_due(&cx->arena, STR("Gửi danh sách trước ngày 21/5"), STR("2026"), &due, &recurring);
    assert_str_equal(due.value.value, "2026-05-21");
    assert_true(due.value.doubt.len > 0);
    lex_find_due(&cx->arena, STR("Gửi danh sách trước ngày 21/5"), STR(""), &due, &recurring);
    assert_str_equal(due.kind.value, "");
}

static void duration_case(struct ctx *cx, struct str in, struct str out)
{
    struct str got = lex_duration(&cx->arena, in);
    compare(in, got.len > 0 ? got : STR("none"), out);
}

static void lengths_of_classes_are_read(void **state)
{
    wrong = 0;
    assert_true(check_cases(*state, "src/reader/cases/durations.txt", duration_case) > 12);
    assert_int_equal(wrong, 0);
}

static void count_case(struct ctx *cx, struct str in, struct str out)
{
    struct lex_counts list = { 0 };
    lex_find_counts(&cx->arena, in, &list);
    struct buf got;
    buf_init(&got, &cx->arena);
    for (size_t n = 0; n < list.len; n++) {
        const struct lex_count *c = &list.at[n];
        buf_format(&got, "%s%lld", n > 0 ? "; " : "", (long long)c->value);
        if (c->max != c->value)
            buf_format(&got, "-%lld", (long long)c->max);
        buf_format(&got, " " STR_FMT "%s%s" STR_FMT, STR_ARG(c->word), c->is_each ? " each" : "",
                   c->bound.len > 0 ? " " : "", STR_ARG(c->bound));
    }
    compare(in, got.len > 0 ? buf_str(&got) : STR("none"), out);
}

static void counts_are_read_with_what_they_count(void **state)
{
    wrong = 0;
    assert_true(check_cases(*state, "src/reader/cases/counts.txt", count_case) > 30);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines_and_rhythms_are_read_and_their_lookalikes_are_not),
        cmocka_unit_test(a_deadline_shows_where_it_stands),
        cmocka_unit_test(a_year_the_paper_had_to_lend_is_doubted),
        cmocka_unit_test(lengths_of_classes_are_read),
        cmocka_unit_test(counts_are_read_with_what_they_count),
    };
    return cmocka_run_group_tests(tests, check_ctx_open, check_ctx_close);
}
