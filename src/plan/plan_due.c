#include "plan/plan_shape.h"

static bool cut_digits(struct str text, size_t from, size_t len, int *ret_value)
{
    int64_t value = 0;
    struct str digits = str_sub(text, from, len);
    if (digits.len != len || digits.at[0] == '-' || !str_to_i64(digits, &value))
        return false;
    *ret_value = (int)value;
    return true;
}

/* Whole months: `months` of them from the first of `month`. */
static bool month_range(int year, int month, int months, int32_t *ret_first, int32_t *ret_last)
{
    if (year >= 9999 || !day_is_valid(year, month, 1))
        return false;
    *ret_first = day_from_civil(year, month, 1);
    *ret_last = day_add_months(*ret_first, months) - 1;
    return true;
}

bool plan_date_range(struct str date, int32_t *ret_first, int32_t *ret_last)
{
    int year = 0, part = 0;
    if (!cut_digits(date, 0, 4, &year))
        return false;
    if (date.len == 4)
        return month_range(year, 1, 12, ret_first, ret_last);
    if (date.at[4] != '-')
        return false;
    if (date.len == 7 && date.at[5] == 'Q')
        return cut_digits(date, 6, 1, &part) && part >= 1 && part <= 4 &&
               month_range(year, part * 3 - 2, 3, ret_first, ret_last);
    if (date.len == 7)
        return cut_digits(date, 5, 2, &part) && month_range(year, part, 1, ret_first, ret_last);
    int32_t day = DAY_NONE;
    if (date.len != 10 || !day_parse_iso(date, &day))
        return false;
    *ret_first = *ret_last = day;
    return true;
}

struct due_rule plan_due_rule(const struct plan_due *due, struct str recurring)
{
    static const struct str kinds[] = { STR_INIT(""),          STR_INIT("date"),
                                        STR_INIT("datetime"),  STR_INIT("month"),
                                        STR_INIT("quarter"),   STR_INIT("year"),
                                        STR_INIT("recurring"), STR_INIT("period_after") };
    static const struct str relations[] = { STR_INIT(""),   STR_INIT("before"), STR_INIT("by"),
                                            STR_INIT("in"), STR_INIT("at"),     STR_INIT("after") };
    return (struct due_rule){ kinds[due->kind], due->value, relations[due->relation], recurring };
}

struct due_frame plan_due_frame(const struct plan *plan)
{
    struct due_frame frame = { DAY_NONE, DAY_NONE, DAY_NONE };
    int32_t first = DAY_NONE, last = DAY_NONE;
    if (plan_date_range(plan->document.date, &first, &last))
        frame.issued_day = last;
    struct str end = plan->schedule.end.len > 0 ? plan->schedule.end : plan->schedule.start;
    if (plan_date_range(end, &first, &last))
        frame.event_day = last;
    for (size_t i = 0; i < plan->phases_len; i++) {
        if (plan_date_range(plan->phases[i].to, &first, &last) && last > frame.until_day)
            frame.until_day = last;
    }
    return frame;
}

static const char *expected_due(enum plan_due_kind kind)
{
    switch (kind) {
    case PLAN_DUE_NONE:
        return "có giá trị (value) nhưng chưa có loại thời hạn (kind)";
    case PLAN_DUE_DATE:
        return "thời hạn loại date cần là ngày có thật, dạng 2026-05-21";
    case PLAN_DUE_DATETIME:
        return "thời hạn loại datetime cần là ngày giờ có thật, dạng 2026-05-21T09:00";
    case PLAN_DUE_MONTH:
        return "thời hạn loại month cần có dạng 2026-05";
    case PLAN_DUE_QUARTER:
        return "thời hạn loại quarter cần có dạng 2026-Q3";
    case PLAN_DUE_YEAR:
        return "thời hạn loại year cần có dạng 2026";
    case PLAN_DUE_RECURRING:
        return "thời hạn loại recurring cần là continuous, periodic, weekly, monthly, quarterly, "
               "half_yearly, yearly, "
               "monthly-25, yearly-12 hoặc yearly-12-15";
    case PLAN_DUE_PERIOD_AFTER:
        return "thời hạn loại period_after cần có dạng P3M, P10D hoặc P5WD";
    }
    return "thời hạn chưa đúng";
}

const char *plan_due_check(const void *item)
{
    const struct plan_due *due = item;
    if (due->kind == PLAN_DUE_NONE)
        return due->value.len > 0 ? expected_due(due->kind) : NULL;
    struct due_rule rule = plan_due_rule(due, STR(""));
    struct due_frame frame = { day_from_civil(2026, 1, 1), day_from_civil(2026, 1, 1), DAY_NONE };
    return due_first(&rule, &frame).shape == DUE_UNREADABLE ? expected_due(due->kind) : NULL;
}
