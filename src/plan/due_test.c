#include "check/check.h"
#include "plan/due.h"

/*
 * Phrases of the five papers (marked with the paper) and of others met elsewhere, as the plan holds them, and what
 * they must mean. The papers of the table are issued on 14/5/2026, their class ends on 24/5/2026, their scheme in 2031.
 */
struct phrase {
    const char *said; /* in the paper */
    const char *kind, *value, *relation, *recurring;
    const char *due_at;   /* "" no date */
    const char *opens_at; /* "" at once */
    const char *words;
};

/* clang-format off */
static const struct phrase phrases[] = {
    { "664: chuyển đến các địa phương trước ngày 21/5/2026", "date", "2026-05-21", "before", "",
      "2026-05-21T00:00:00+07:00", "", "trước ngày 21/5/2026 (hết Thứ Tư, 20/5/2026)" },
    { "09-KH/TU: trước 9 giờ ngày 21/11/2025", "datetime", "2025-11-21T09:00", "before", "",
      "2025-11-21T09:00:00+07:00", "", "trước 9 giờ ngày 21/11/2025 (Thứ Sáu)" },
    { "09-KH/TU: vào lúc 15 giờ, ngày 21/11/2025", "datetime", "2025-11-21T15:00", "at", "",
      "2025-11-21T15:00:00+07:00", "", "vào 15 giờ ngày 21/11/2025 (Thứ Sáu)" },
    { "GM-QN: gửi Ban Tổ chức Tỉnh ủy trước ngày 23/5/2026", "date", "2026-05-23", "before", "",
      "2026-05-23T00:00:00+07:00", "", "trước ngày 23/5/2026 (hết Thứ Sáu, 22/5/2026)" },
    { "GM-QN: bắt đầu từ 14 giờ 00 phút, ngày 22/5/2026", "datetime", "2026-05-22T14:00", "at", "",
      "2026-05-22T14:00:00+07:00", "", "vào 14 giờ ngày 22/5/2026 (Thứ Sáu)" },
    { "KH-CB: trong tháng 5/2026", "month", "2026-05", "in", "",
      "2026-06-01T00:00:00+07:00", "", "trong tháng 5/2026 (hết Chủ nhật, 31/5/2026)" },
    { "KH-CB: lần đầu, hoàn thành trong tháng 5/2026 và tiếp tục", "month", "2026-05", "in", "continuous",
      "2026-06-01T00:00:00+07:00", "",
      "trong tháng 5/2026 (hết Chủ nhật, 31/5/2026), sau đó thực hiện thường xuyên" },
    { "KH-CB: trong tháng 12 hằng năm", "recurring", "yearly-12", "in", "",
      "2027-01-01T00:00:00+07:00", "2026-12-01T00:00:00+07:00",
      "trong tháng 12 hằng năm (kỳ này: hết Thứ Năm, 31/12/2026)" },
    { "KH-CB: định kỳ hằng năm hoặc đột xuất", "recurring", "yearly", "in", "",
      "2027-01-01T00:00:00+07:00", "2026-01-01T00:00:00+07:00",
      "hằng năm (kỳ này: hết Thứ Năm, 31/12/2026)" },
    { "KH-CB: thực hiện thường xuyên", "recurring", "continuous", "in", "", "", "", "thường xuyên" },
    { "KH-CB: định kỳ hoặc đột xuất", "recurring", "periodic", "in", "", "", "", "định kỳ" },
    { "KH-CB: sau khi kết thúc thời gian bồi dưỡng, ít nhất từ 3 tháng trở lên", "period_after", "P3M", "after", "",
      "", "2026-08-24T00:00:00+07:00", "sau khi kết thúc ít nhất 3 tháng (từ Thứ Hai, 24/8/2026)" },
    { "664: triệu tập cán bộ, không nêu thời hạn", "", "", "", "", "", "", "không nêu thời hạn" },
    { "chậm nhất ngày 20/5/2026", "date", "2026-05-20", "by", "",
      "2026-05-21T00:00:00+07:00", "", "chậm nhất ngày 20/5/2026 (Thứ Tư)" },
    { "hạn cuối 17h00' ngày 24/5/2026", "datetime", "2026-05-24T17:00", "by", "",
      "2026-05-24T17:00:00+07:00", "", "chậm nhất 17 giờ ngày 24/5/2026 (Chủ nhật)" },
    { "trước 16 giờ 30 ngày 24/5/2026", "datetime", "2026-05-24T16:30", "before", "",
      "2026-05-24T16:30:00+07:00", "", "trước 16 giờ 30 ngày 24/5/2026 (Chủ nhật)" },
    { "trong quý III/2026", "quarter", "2026-Q3", "in", "",
      "2026-10-01T00:00:00+07:00", "", "trong quý III/2026 (hết Thứ Tư, 30/9/2026)" },
    { "trong năm 2026", "year", "2026", "in", "",
      "2027-01-01T00:00:00+07:00", "", "trong năm 2026 (hết Thứ Năm, 31/12/2026)" },
    { "xong trước tháng 7/2026", "month", "2026-07", "before", "",
      "2026-07-01T00:00:00+07:00", "", "trước tháng 7/2026 (hết Thứ Ba, 30/6/2026)" },
    { "trước ngày 25 hằng tháng", "recurring", "monthly-25", "before", "",
      "2026-05-25T00:00:00+07:00", "2026-05-01T00:00:00+07:00",
      "trước ngày 25 hằng tháng (kỳ này: hết Chủ nhật, 24/5/2026)" },
    { "ngày 10 hằng tháng: kỳ đầu đã qua khi ban hành", "recurring", "monthly-10", "in", "",
      "2026-06-11T00:00:00+07:00", "2026-06-01T00:00:00+07:00",
      "ngày 10 hằng tháng (kỳ này: hết Thứ Tư, 10/6/2026)" },
    { "hằng quý", "recurring", "quarterly", "in", "",
      "2026-07-01T00:00:00+07:00", "2026-04-01T00:00:00+07:00",
      "hằng quý (kỳ này: hết Thứ Ba, 30/6/2026)" },
    { "6 tháng một lần", "recurring", "half_yearly", "in", "",
      "2026-07-01T00:00:00+07:00", "2026-01-01T00:00:00+07:00",
      "6 tháng một lần (kỳ này: hết Thứ Ba, 30/6/2026)" },
    { "hằng tuần", "recurring", "weekly", "in", "",
      "2026-05-18T00:00:00+07:00", "2026-05-11T00:00:00+07:00",
      "hằng tuần (kỳ này: hết Chủ nhật, 17/5/2026)" },
    { "thứ Sáu hằng tuần", "recurring", "weekly-5", "in", "",
      "2026-05-16T00:00:00+07:00", "2026-05-11T00:00:00+07:00",
      "Thứ Sáu hằng tuần (kỳ này: hết Thứ Sáu, 15/5/2026)" },
    { "trước ngày 15/12 hằng năm", "recurring", "yearly-12-15", "before", "",
      "2026-12-15T00:00:00+07:00", "2026-01-01T00:00:00+07:00",
      "trước ngày 15/12 hằng năm (kỳ này: hết Thứ Hai, 14/12/2026)" },
    { "trong vòng 05 ngày làm việc kể từ ngày kết thúc lớp", "period_after", "P5WD", "by", "",
      "2026-05-30T00:00:00+07:00", "", "trong vòng 5 ngày làm việc (hết Thứ Sáu, 29/5/2026)" },
    { "trong vòng 10 ngày sau khi kết thúc lớp", "period_after", "P10D", "by", "",
      "2026-06-04T00:00:00+07:00", "", "trong vòng 10 ngày (hết Thứ Tư, 03/6/2026)" },
    { "sau ngày 05/6/2026", "date", "2026-06-05", "after", "",
      "", "2026-06-06T00:00:00+07:00", "sau ngày 05/6/2026 (Thứ Sáu)" },
};
/* clang-format on */

static struct due_frame may_2026(void)
{
    return (struct due_frame){
        .issued_day = day_from_civil(2026, 5, 14),
        .event_day = day_from_civil(2026, 5, 24),
        .until_day = day_from_civil(2031, 12, 31),
    };
}

static struct due_rule rule_of(const struct phrase *phrase)
{
    return (struct due_rule){ str_from(phrase->kind), str_from(phrase->value),
                              str_from(phrase->relation), str_from(phrase->recurring) };
}

static struct str shown(struct ctx *cx, int64_t at)
{
    return at ? instant_format_iso(&cx->arena, at) : STR("");
}

static void words_of_the_papers_become_instants(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    for (size_t i = 0; i < LEN(phrases); i++) {
        struct due_rule rule = rule_of(&phrases[i]);
        struct due due = due_first(&rule, &frame);
        print_message("%s\n", phrases[i].said);
        assert_str_equal(shown(cx, due.due_at), phrases[i].due_at);
        assert_str_equal(shown(cx, due.opens_at), phrases[i].opens_at);
        assert_str_equal(due_words(&cx->arena, &rule, &due), phrases[i].words);
    }
}

static void deadline_on_a_sunday_stays_on_the_sunday(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    struct due_rule rule = { STR("date"), STR("2026-05-24"), STR("by"), STR("") };
    struct due due = due_first(&rule, &frame);
    assert_str_equal(shown(cx, due.due_at), "2026-05-25T00:00:00+07:00");
    assert_str_equal(due_words(&cx->arena, &rule, &due), "chậm nhất ngày 24/5/2026 (Chủ nhật)");
}

static void december_comes_again_each_year_until_the_scheme_ends(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    struct due_rule rule = { STR("recurring"), STR("yearly-12"), STR("in"), STR("") };
    struct due due = due_first(&rule, &frame);
    assert_int_equal(due.period, 20261231);
    for (int year = 2027; year <= 2031; year++) {
        assert_true(due_next(&rule, &frame, due.period, &due));
        assert_int_equal(due.period, (int64_t)year * 10000 + 1231);
        assert_int_equal(due.opens_at, day_start(day_from_civil(year, 12, 1)));
    }
    assert_str_equal(shown(cx, due.due_at), "2032-01-01T00:00:00+07:00");
    assert_false(due_next(&rule, &frame, due.period, &due));
}

static void the_last_day_of_each_month_follows_the_calendar(void **state)
{
    (void)state;
    struct due_frame frame = may_2026();
    struct due_rule rule = { STR("recurring"), STR("monthly-31"), STR("in"), STR("") };
    struct due due = due_first(&rule, &frame);
    static const int64_t periods[] = { 20260531, 20260630, 20260731, 20260831, 20260930, 20261031,
                                       20261130, 20261231, 20270131, 20270228, 20270331 };
    assert_int_equal(due.period, periods[0]);
    for (size_t i = 1; i < LEN(periods); i++) {
        assert_true(due_next(&rule, &frame, due.period, &due));
        assert_int_equal(due.period, periods[i]);
    }
}

static void a_first_date_may_be_followed_by_yearly_ones(void **state)
{
    (void)state;
    struct due_frame frame = may_2026();
    struct due_rule rule = { STR("month"), STR("2026-05"), STR("in"), STR("yearly-12") };
    struct due due = due_first(&rule, &frame);
    assert_int_equal(due.period, 20260531);
    assert_false(due.continues);
    assert_true(due_next(&rule, &frame, due.period, &due));
    assert_int_equal(due.period, 20261231);
    assert_true(due_next(&rule, &frame, due.period, &due));
    assert_int_equal(due.period, 20271231);
}

static void evaluation_waits_while_nobody_knows_when_the_class_ends(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    frame.event_day = DAY_NONE;
    struct due_rule rule = { STR("period_after"), STR("P3M"), STR("after"), STR("") };
    struct due due = due_first(&rule, &frame);
    assert_int_equal(due.shape, DUE_WAITING);
    assert_int_equal(due.opens_at, 0);
    assert_str_equal(due_words(&cx->arena, &rule, &due),
                     "sau khi kết thúc ít nhất 3 tháng (tính từ ngày kết thúc lớp, chưa xác định)");
}

static void a_value_that_no_plan_knows_is_a_doubt_and_no_date(void **state)
{
    (void)state;
    static const struct due_rule rules[] = {
        { STR_INIT("date"), STR_INIT("2026-02-30"), STR_INIT("by"), STR_INIT("") },
        { STR_INIT("date"), STR_INIT("21/5/2026"), STR_INIT("by"), STR_INIT("") },
        { STR_INIT("month"), STR_INIT("2026-13"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("quarter"), STR_INIT("2026-Q5"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("year"), STR_INIT("0000"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("recurring"), STR_INIT("yearly-13"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("recurring"), STR_INIT("fortnightly"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("recurring"), STR_INIT("monthly--5"), STR_INIT("in"), STR_INIT("") },
        { STR_INIT("period_after"), STR_INIT("P"), STR_INIT("after"), STR_INIT("") },
        { STR_INIT("period_after"), STR_INIT("P999999D"), STR_INIT("after"), STR_INIT("") },
        { STR_INIT("period_after"), STR_INIT("3M"), STR_INIT("after"), STR_INIT("") },
        { STR_INIT("somehow"), STR_INIT("2026-05-21"), STR_INIT("by"), STR_INIT("") },
    };
    struct due_frame frame = may_2026();
    for (size_t i = 0; i < LEN(rules); i++) {
        struct due due = due_first(&rules[i], &frame);
        assert_int_equal(due.shape, DUE_UNREADABLE);
        assert_int_equal(due.due_at, 0);
        assert_int_equal(due.opens_at, 0);
    }
}

static void five_working_days_skip_the_weekend(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    frame.event_day = day_from_civil(2026, 5, 14);
    struct due_rule rule = { STR("period_after"), STR("P5WD"), STR("by"), STR("") };
    struct due due = due_first(&rule, &frame);
    assert_str_equal(shown(cx, due.due_at), "2026-05-22T00:00:00+07:00");
    assert_true(due_counts_from_issue(STR("báo cáo trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản")));
    assert_false(due_counts_from_issue(STR("báo cáo sau khi kết thúc lớp")));
}

static void a_message_has_room_for_the_short_words(void **state)
{
    struct ctx *cx = *state;
    struct due_frame frame = may_2026();
    struct due_rule before_day = { STR("date"), STR("2026-05-21"), STR("before"), STR("") };
    struct due_rule before_hour = { STR("datetime"), STR("2025-11-21T09:00"), STR("before"), STR("") };
    struct due day = due_first(&before_day, &frame);
    struct due hour = due_first(&before_hour, &frame);
    struct due none = { 0 };
    assert_str_equal(due_words_short(&cx->arena, &day), "hết ngày 20/5/2026");
    assert_str_equal(due_words_short(&cx->arena, &hour), "trước 9h ngày 21/11/2025");
    assert_str_equal(due_words_short(&cx->arena, &none), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_of_the_papers_become_instants, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(deadline_on_a_sunday_stays_on_the_sunday, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(december_comes_again_each_year_until_the_scheme_ends, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test(the_last_day_of_each_month_follows_the_calendar),
        cmocka_unit_test(a_first_date_may_be_followed_by_yearly_ones),
        cmocka_unit_test_setup_teardown(evaluation_waits_while_nobody_knows_when_the_class_ends, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test(a_value_that_no_plan_knows_is_a_doubt_and_no_date),
        cmocka_unit_test_setup_teardown(five_working_days_skip_the_weekend, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_message_has_room_for_the_short_words, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
