#include "check/check.h"

#include "reader/lex.h"

/* One line a moment: date~end_date time~end_time weekday/end_weekday half-day, with "+" for a list
 * and "y" for yearly. */
static struct str moments_format(struct arena *arena, const struct lex_moments *list)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t n = 0; n < list->len; n++) {
        const struct lex_moment *m = &list->at[n];
        buf_format(&out,
                   "%s" STR_FMT "%s" STR_FMT "|" STR_FMT "%s" STR_FMT "|" STR_FMT "%s" STR_FMT,
                   n > 0 ? "\n" : "", STR_ARG(m->date),
                   m->is_list            ? "+"
                   : m->end_date.len > 0 ? "~"
                                         : "",
                   STR_ARG(m->end_date), STR_ARG(m->time), m->end_time.len > 0 ? "-" : "",
                   STR_ARG(m->end_time), STR_ARG(m->weekday), m->end_weekday.len > 0 ? "/" : "",
                   STR_ARG(m->end_weekday));
        if (m->half_day.len > 0)
            buf_format(&out, "|" STR_FMT, STR_ARG(m->half_day));
        if (m->is_yearly)
            buf_put(&out, STR("|yearly"));
    }
    return out.len > 0 ? buf_str(&out) : STR("none");
}

static size_t wrong;

static void moment_case(struct ctx *cx, struct str in, struct str out)
{
    struct lex_moments list = { 0 };
    lex_find_moments(&cx->arena, in, &list);
    struct str got = moments_format(&cx->arena, &list);
    if (!str_eq(got, out)) {
        print_error("\"" STR_FMT "\"\n  expected " STR_FMT "\n  got      " STR_FMT "\n",
                    STR_ARG(in), STR_ARG(out), STR_ARG(got));
        wrong++;
    }
}

static void moments_are_read_as_officials_write_them(void **state)
{
    wrong = 0;
    assert_true(check_cases(*state, "src/reader/cases/moments.txt", moment_case) > 90);
    assert_int_equal(wrong, 0);
}

static void a_moment_shows_the_words_it_was_read_from(void **state)
{
    struct ctx *cx = *state;
    struct str text = STR("Khai giảng: 8h00, thứ Bảy, ngày 23/5/2026 tại hội trường.");
    struct lex_moments list = { 0 };
    lex_find_moments(&cx->arena, text, &list);
    assert_int_equal(list.len, 1);
    assert_str_equal(list.at[0].part, "8h00, thứ Bảy, ngày 23/5/2026");
    assert_true(list.at[0].part.at > text.at && list.at[0].part.at < text.at + text.len);
}

static void a_year_is_added_only_where_none_is_said(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(lex_complete_date(&cx->arena, STR("--05-23"), STR("2026")), "2026-05-23");
    assert_str_equal(lex_complete_date(&cx->arena, STR("--Q2"), STR("2026")), "2026-Q2");
    assert_str_equal(lex_complete_date(&cx->arena, STR("2025-05-23"), STR("2026")), "2025-05-23");
    assert_str_equal(lex_complete_date(&cx->arena, STR("--05-23"), STR("")), "");
}

static void days_of_the_week_have_many_names(void **state)
{
    struct ctx *cx = *state;
    static const struct {
        struct str text;
        int weekday;
    } names[] = {
        { STR_INIT("thứ Hai"), 0 },  { STR_INIT("Thứ 4"), 2 },    { STR_INIT("thứ bẩy"), 5 },
        { STR_INIT("T7"), 5 },       { STR_INIT("CN"), 6 },       { STR_INIT("Chủ nhật"), 6 },
        { STR_INIT("CHỦ NHẬT"), 6 }, { STR_INIT("thứ tám"), -1 }, { STR_INIT(""), -1 },
    };
    for (size_t n = 0; n < LEN(names); n++)
        assert_int_equal(lex_weekday(&cx->arena, names[n].text), names[n].weekday);
}

/* A text of nothing but beginnings of dates must not take time that grows with its square. */
static void a_hostile_text_ends_soon(void **state)
{
    struct ctx *cx = *state;
    static const struct str pieces[] = { STR_INIT("1, "),       STR_INIT("ngày 1 và "),
                                         STR_INIT("8h00 đến "), STR_INIT("tháng 5, "),
                                         STR_INIT("2026-"),     STR_INIT("thứ 2 ("),
                                         STR_INIT("1/1/") };
    for (size_t n = 0; n < LEN(pieces); n++) {
        struct buf text;
        buf_init(&text, &cx->arena);
        while (text.len < 60000)
            buf_put(&text, pieces[n]);
        struct lex_moments list = { 0 };
        lex_find_moments(&cx->arena, buf_str(&text), &list);
        assert_true(list.len <= text.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_read_as_officials_write_them),
        cmocka_unit_test(a_moment_shows_the_words_it_was_read_from),
        cmocka_unit_test(a_year_is_added_only_where_none_is_said),
        cmocka_unit_test(days_of_the_week_have_many_names),
        cmocka_unit_test(a_hostile_text_ends_soon),
    };
    return cmocka_run_group_tests(tests, check_ctx_open, check_ctx_close);
}
