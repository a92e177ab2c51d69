#include "check/check.h"

#include "base/ctx.h"
#include "base/day.h"
#include "base/str.h"
#include "base/holiday.h"

static void civil_days_count_from_1970_and_back(void **state)
{
    (void)state;
    for (int32_t day = -800000; day < 2000000; day += 13) {
        struct civil c = day_to_civil(day);
        assert_int_equal(day_from_civil(c.year, c.month, c.date), day);
    }
    assert_int_equal(day_from_civil(1970, 1, 1), 0);
    assert_int_equal(day_from_civil(2026, 5, 23), 20596);
}

static void class_opens_on_a_saturday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(day_from_civil(2026, 5, 23)), 5);
    assert_string_equal(day_weekday_name(day_from_civil(2026, 5, 24)).at, "Chủ nhật");
}

static void midnight_in_ha_noi_is_17_utc_the_day_before(void **state)
{
    (void)state;
    int64_t at = 0;
    assert_true(instant_parse_iso(STR("2026-05-22T17:00:00Z"), &at));
    assert_int_equal(at, day_start(day_from_civil(2026, 5, 23)));
    assert_int_equal(day_from_instant(at - 1), day_from_civil(2026, 5, 22));
}

static void the_29th_of_february_exists_only_in_leap_years(void **state)
{
    (void)state;
    int32_t day = 0;
    assert_true(day_parse(STR("29/02/2028"), &day));
    assert_false(day_parse(STR("29/2/2026"), &day));
    assert_false(day_parse(STR("31/4/2026"), &day));
    assert_false(day_parse(STR("1/13/2026"), &day));
    assert_false(day_parse(STR("1/1/26"), &day));
    assert_false(day_parse(STR(""), &day));
}

static void three_months_after_the_class_keep_the_date_or_the_months_last(void **state)
{
    (void)state;
    assert_int_equal(day_add_months(day_from_civil(2026, 5, 24), 3), day_from_civil(2026, 8, 24));
    assert_int_equal(day_add_months(day_from_civil(2025, 11, 30), 3), day_from_civil(2026, 2, 28));
    assert_int_equal(day_add_months(day_from_civil(2026, 1, 31), -1), day_from_civil(2025, 12, 31));
}

static void dates_are_written_as_papers_write_them(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(day_format(&cx->arena, day_from_civil(2026, 1, 5)), "05/01/2026");
    assert_str_equal(day_format(&cx->arena, day_from_civil(2026, 5, 14)), "14/5/2026");
    assert_str_equal(instant_format(&cx->arena, day_time(day_from_civil(2025, 11, 21), 9, 0)),
                     "09:00 ngày 21/11/2025");
}

static void numbers_are_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(str_to_i64(STR("-9223372036854775808"), &value));
    assert_int_equal(value, INT64_MIN);
    assert_true(str_to_i64(STR("9223372036854775807"), &value));
    assert_false(str_to_i64(STR("9223372036854775808"), &value));
    assert_false(str_to_i64(STR("12 "), &value));
    assert_false(str_to_i64(STR("-"), &value));
    assert_false(str_to_i64(STR(""), &value));
}

static void broken_utf8_is_seen(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("Đảng ủy xã Ea H'Leo, Krông Búk, Y Ñuin")));
    assert_false(str_is_utf8((struct str){ "\xC0\xAF", 2 }));
    assert_false(str_is_utf8((struct str){ "\xED\xA0\x80", 3 }));
    assert_false(str_is_utf8((struct str){ "\xF4\x90\x80\x80", 4 }));
    assert_false(str_is_utf8((struct str){ "\xE1\xBB", 2 }));
    assert_false(str_is_utf8((struct str){ "a\0b", 3 }));
}

static void cutting_moves_the_rest_forward(void **state)
{
    (void)state;
    struct str rest = STR("lop/42/diem-danh");
    assert_str_equal(str_cut(&rest, '/'), "lop");
    assert_str_equal(str_cut(&rest, '/'), "42");
    assert_str_equal(str_cut(&rest, '/'), "diem-danh");
    assert_int_equal(rest.len, 0);
}

static int end_order[2];
static int ends;
static void note_end(void *what)
{
    end_order[ends++] = *(int *)what;
}

static void what_is_tied_to_an_arena_ends_last_in_first_out(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, env_real(), 1 << 20);
    static int first = 1;
    static int second = 2;
    ends = 0;
    arena_on_end(&arena, note_end, &first);
    arena_on_end(&arena, note_end, &second);
    arena_end(&arena);
    assert_int_equal(ends, 2);
    assert_int_equal(end_order[0], 2);
    assert_int_equal(end_order[1], 1);
}

static void an_arena_past_its_limit_hands_control_back(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, env_real(), 1000);
    jmp_buf out;
    arena.guard = &out;
    if (setjmp(out) == 0) {
        arena_alloc(&arena, 500);
        arena_alloc(&arena, 501);
        fail_msg("the arena went past its limit");
    }
    arena_end(&arena);
}

/* ---- Working days ---- */

static int32_t on(int year, int month, int date)
{
    return day_from_civil(year, month, date);
}

static void public_holidays_are_no_working_days(void **state)
{
    (void)state;
    static const int cases[][6] = {
        { 2026, 4, 29, 2026, 5, 4 },   /* 30/4 and 1/5 before a weekend */
        { 2026, 4, 24, 2026, 4, 28 },  /* Giỗ Tổ on Sunday 26/4 is made good on Monday */
        { 2026, 2, 13, 2026, 2, 23 },  /* Tết */
        { 2025, 1, 24, 2025, 2, 3 },
        { 2026, 8, 31, 2026, 9, 3 },   /* two days of the National Day */
        { 2027, 4, 29, 2027, 5, 4 },   /* 1/5 on Saturday is made good on Monday */
        { 2027, 2, 4, 2027, 2, 11 },   /* two days of Tết on a weekend are made good on two days */
        { 2026, 12, 31, 2027, 1, 4 },
        { 2026, 5, 14, 2026, 5, 15 },  /* an ordinary day */
        { 2026, 5, 15, 2026, 5, 18 },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const int *c = cases[i];
        assert_int_equal(holiday_add_working_days(NULL, on(c[0], c[1], c[2]), 1), on(c[3], c[4], c[5]));
    }
}

static void declared_days_come_before_the_laws(void **state)
{
    (void)state;
    const struct holiday days[] = { { on(2026, 5, 15), true }, { on(2026, 5, 16), false }, { on(2026, 4, 30), false } };
    const struct holidays declared = { days, LEN(days) };
    assert_int_equal(holiday_add_working_days(&declared, on(2026, 5, 14), 1), on(2026, 5, 16)); /* a Saturday worked on */
    assert_int_equal(holiday_add_working_days(&declared, on(2026, 4, 29), 1), on(2026, 4, 30));
    assert_str_equal(holiday_name(on(2031, 9, 2)), "Quốc khánh"); /* of every year */
    assert_str_equal(holiday_name(on(2026, 5, 14)), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civil_days_count_from_1970_and_back),
        cmocka_unit_test(class_opens_on_a_saturday),
        cmocka_unit_test(midnight_in_ha_noi_is_17_utc_the_day_before),
        cmocka_unit_test(the_29th_of_february_exists_only_in_leap_years),
        cmocka_unit_test(three_months_after_the_class_keep_the_date_or_the_months_last),
        cmocka_unit_test_setup_teardown(dates_are_written_as_papers_write_them, check_ctx_open, check_ctx_close),
        cmocka_unit_test(numbers_are_taken_whole_or_not_at_all),
        cmocka_unit_test(broken_utf8_is_seen),
        cmocka_unit_test(cutting_moves_the_rest_forward),
        cmocka_unit_test(what_is_tied_to_an_arena_ends_last_in_first_out),
        cmocka_unit_test(an_arena_past_its_limit_hands_control_back),
        cmocka_unit_test(public_holidays_are_no_working_days),
        cmocka_unit_test(declared_days_come_before_the_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
