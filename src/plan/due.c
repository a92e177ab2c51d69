#include "plan/due.h"

/* A cycle of a repeating rule: its first day, and the instance's first and last day inside it. */
struct cycle {
    int32_t first_day;
    int32_t opens_day;
    int32_t last_day;
    int32_t end_day; /* the last day of the cycle itself */
};

/* "yearly-12-15": the name of the interval and the anchors behind it; 0 where there is none. */
struct interval {
    struct str name;
    int64_t first;
    int64_t second;
};

static bool interval_read(struct str value, struct interval *ret_interval)
{
    struct str rest = value;
    struct interval interval = { .name = str_cut(&rest, '-') };
    if (rest.len > 0 && !str_to_i64(str_cut(&rest, '-'), &interval.first))
        return false;
    if (rest.len > 0 && !str_to_i64(rest, &interval.second))
        return false;
    if (interval.first < 0 || interval.first > 31 || interval.second < 0 || interval.second > 31)
        return false;
    *ret_interval = interval;
    return true;
}

static int32_t month_first(int year, int month)
{
    return day_from_civil(year, month, 1);
}

static int32_t month_last(int year, int month)
{
    return day_from_civil(year, month, day_month_len(year, month));
}

/* A date in a month, or the month's last day when the month is shorter ("ngày 30" in February). */
static int32_t month_date(int year, int month, int64_t date)
{
    int len = day_month_len(year, month);
    return day_from_civil(year, month, date < len ? (int)date : len);
}

/* Cycles of whole months: 1 monthly, 3 quarterly, 6 half-yearly. An anchor is a day of the cycle's last month. */
static struct cycle cycle_of_months(int months, int64_t anchor, struct civil c)
{
    int first_month = (c.month - 1) / months * months + 1;
    int last_month = first_month + months - 1;
    struct cycle cycle = { .first_day = month_first(c.year, first_month),
                           .end_day = month_last(c.year, last_month) };
    cycle.opens_day = cycle.first_day;
    cycle.last_day = anchor > 0 ? month_date(c.year, last_month, anchor) : cycle.end_day;
    return cycle;
}

/* "trong tháng 12 hằng năm" opens with the month; "hằng năm" lasts from the first day of the year. */
static struct cycle cycle_of_year(const struct interval *interval, struct civil c)
{
    struct cycle cycle = { .first_day = month_first(c.year, 1), .end_day = month_last(c.year, 12) };
    if (interval->first == 0) {
        cycle.opens_day = cycle.first_day;
        cycle.last_day = cycle.end_day;
    } else if (interval->second == 0) {
        cycle.opens_day = month_first(c.year, (int)interval->first);
        cycle.last_day = month_last(c.year, (int)interval->first);
    } else {
        cycle.opens_day = cycle.first_day;
        cycle.last_day = month_date(c.year, (int)interval->first, interval->second);
    }
    return cycle;
}

/* The cycle that `day` lies in; false when the name is none that has cycles. */
static bool cycle_around(const struct interval *interval, int32_t day, struct cycle *ret_cycle)
{
    struct civil c = day_to_civil(day);
    if (str_eq(interval->name, STR("weekly")) && interval->first <= 7) {
        int32_t monday = day - day_weekday(day);
        int32_t last = monday + (interval->first > 0 ? (int32_t)interval->first : 7) - 1;
        *ret_cycle = (struct cycle){ monday, monday, last, monday + 6 };
        return true;
    }
    if (str_eq(interval->name, STR("monthly")))
        *ret_cycle = cycle_of_months(1, interval->first, c);
    else if (str_eq(interval->name, STR("quarterly")))
        *ret_cycle = cycle_of_months(3, interval->first, c);
    else if (str_eq(interval->name, STR("half_yearly")))
        *ret_cycle = cycle_of_months(6, interval->first, c);
    else if (str_eq(interval->name, STR("yearly")) && interval->first <= 12)
        *ret_cycle = cycle_of_year(interval, c);
    else
        return false;
    return true;
}

/* "trước ngày 21/5" ends with the 20th: the day named is no longer in time. Every other relation counts it in. */
static int64_t end_of_window(struct str relation, int32_t first_day, int32_t last_day)
{
    return str_eq(relation, STR("before")) ? day_start(first_day) : day_start(last_day + 1);
}

static int64_t period_of(int32_t day)
{
    struct civil c = day_to_civil(day);
    return ((int64_t)c.year * 100 + c.month) * 100 + c.date;
}

static int32_t day_of_period(int64_t period)
{
    return day_from_civil((int)(period / 10000), (int)(period / 100 % 100), (int)(period % 100));
}

static struct due due_of_cycle(struct str relation, const struct interval *interval,
                               const struct cycle *cycle)
{
    bool is_window = interval->first > 0 && interval->second == 0 &&
                     str_eq(interval->name, STR("yearly"));
    int32_t named_day = is_window ? cycle->opens_day : cycle->last_day;
    bool is_before = str_eq(relation, STR("before"));
    return (struct due){
        .shape = DUE_REPEATING,
        .due_at = end_of_window(relation, named_day, cycle->last_day),
        .opens_at = day_start(is_before ? cycle->first_day : cycle->opens_day),
        .period = period_of(cycle->last_day),
    };
}

/* The first instance of a repeating rule that is still ahead at the start of `day`. */
static bool due_from_day(const struct due_rule *rule, struct str value, const struct due_frame *frame,
                         int32_t day, struct due *ret_due)
{
    struct interval interval = { 0 };
    struct cycle cycle = { 0 };
    if (!interval_read(value, &interval) || !cycle_around(&interval, day, &cycle))
        return false;
    struct due due = due_of_cycle(rule->relation, &interval, &cycle);
    if (due.due_at <= day_start(day)) {
        if (!cycle_around(&interval, cycle.end_day + 1, &cycle))
            return false;
        due = due_of_cycle(rule->relation, &interval, &cycle);
    }
    if (frame->until_day != DAY_NONE && cycle.opens_day > frame->until_day)
        return false;
    *ret_due = due;
    return true;
}

static bool is_standing(struct str value)
{
    return str_eq(value, STR("continuous")) || str_eq(value, STR("periodic"));
}

/* Reads a date, month, quarter or year as its first and last day. */
static bool window_read(struct str kind, struct str value, int32_t *ret_first, int32_t *ret_last)
{
    int64_t year = 0;
    int64_t part = 0;
    if (str_eq(kind, STR("date"))) {
        if (!day_parse_iso(value, ret_first))
            return false;
        *ret_last = *ret_first;
        return true;
    }
    if (!str_to_i64(str_sub(value, 0, 4), &year) || year < 1 || year > 9998)
        return false;
    int y = (int)year;
    if (str_eq(kind, STR("year")) && value.len == 4) {
        *ret_first = month_first(y, 1);
        *ret_last = month_last(y, 12);
        return true;
    }
    if (str_eq(kind, STR("month")) && value.len == 7 && value.at[4] == '-' &&
        str_to_i64(str_sub(value, 5, 2), &part) && part >= 1 && part <= 12) {
        *ret_first = month_first(y, (int)part);
        *ret_last = month_last(y, (int)part);
        return true;
    }
    if (str_eq(kind, STR("quarter")) && value.len == 7 && str_eq(str_sub(value, 4, 2), STR("-Q")) &&
        str_to_i64(str_sub(value, 6, 1), &part) && part >= 1 && part <= 4) {
        *ret_first = month_first(y, (int)part * 3 - 2);
        *ret_last = month_last(y, (int)part * 3);
        return true;
    }
    return false;
}

/* P3M, P10D, P2W, P1Y and P5WD (working days): how the paper counts, from the event's day. */
static bool period_end(struct str value, int32_t from_day, const struct holidays *declared, int32_t *ret_day)
{
    enum { COUNT_MAX = 3660 };
    struct str rest = str_sub(value, 1, SIZE_MAX);
    size_t digits = 0;
    int64_t count = 0;
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
        digits++;
    if (value.len < 3 || value.at[0] != 'P' || !str_to_i64(str_sub(rest, 0, digits), &count) ||
        count < 1 || count > COUNT_MAX)
        return false;
    struct str measure = str_sub(rest, digits, SIZE_MAX);
    int n = (int)count;
    if (str_eq(measure, STR("WD")))
        *ret_day = holiday_add_working_days(declared, from_day, n);
    else if (str_eq(measure, STR("D")))
        *ret_day = from_day + n;
    else if (str_eq(measure, STR("W")))
        *ret_day = from_day + n * 7;
    else if (str_eq(measure, STR("M")))
        *ret_day = day_add_months(from_day, n);
    else if (str_eq(measure, STR("Y")))
        *ret_day = day_add_months(from_day, n * 12);
    else
        return false;
    return true;
}

static struct due due_after_event(const struct due_rule *rule, const struct due_frame *frame)
{
    int32_t day = 0;
    struct due due = { .shape = DUE_UNREADABLE };
    if (!period_end(rule->value, frame->issued_day == DAY_NONE ? 0 : frame->issued_day, frame->declared, &day))
        return due;
    if (frame->event_day == DAY_NONE || !period_end(rule->value, frame->event_day, frame->declared, &day)) {
        due.shape = DUE_WAITING;
    } else if (str_eq(rule->relation, STR("after"))) {
        due.shape = DUE_OPEN;
        due.opens_at = day_start(day);
    } else {
        due.shape = DUE_ONCE;
        due.due_at = end_of_window(rule->relation, day, day);
    }
    return due;
}

static struct due due_of_date(const struct due_rule *rule)
{
    struct due due = { .shape = DUE_ONCE };
    int32_t first_day = 0;
    int32_t last_day = 0;
    if (str_eq(rule->kind, STR("datetime"))) {
        if (!instant_parse_iso(rule->value, &due.due_at))
            return (struct due){ .shape = DUE_UNREADABLE };
        last_day = day_from_instant(due.due_at);
    } else if (window_read(rule->kind, rule->value, &first_day, &last_day)) {
        due.due_at = end_of_window(rule->relation, first_day, last_day);
    } else {
        return (struct due){ .shape = DUE_UNREADABLE };
    }
    if (str_eq(rule->relation, STR("after"))) {
        due.opens_at = due.due_at;
        due.due_at = 0;
        due.shape = DUE_OPEN;
    }
    due.continues = is_standing(rule->recurring);
    if (rule->recurring.len > 0 && !due.continues)
        due.period = period_of(last_day);
    return due;
}

struct due due_first(const struct due_rule *rule, const struct due_frame *frame)
{
    struct due due = { .shape = DUE_NOT_STATED };
    if (rule->kind.len == 0)
        return due;
    if (str_eq(rule->kind, STR("period_after")))
        return due_after_event(rule, frame);
    if (!str_eq(rule->kind, STR("recurring")))
        return due_of_date(rule);
    if (is_standing(rule->value)) {
        due.shape = DUE_STANDING;
    } else if (frame->issued_day == DAY_NONE ||
               !due_from_day(rule, rule->value, frame, frame->issued_day, &due)) {
        struct interval interval = { 0 };
        struct cycle cycle = { 0 };
        bool is_known = interval_read(rule->value, &interval) && cycle_around(&interval, 0, &cycle);
        due.shape = is_known ? DUE_WAITING : DUE_UNREADABLE;
    }
    return due;
}

bool due_next(const struct due_rule *rule, const struct due_frame *frame, int64_t period,
              struct due *ret_due)
{
    struct str value = str_eq(rule->kind, STR("recurring")) ? rule->value : rule->recurring;
    return period > 0 && value.len > 0 &&
           due_from_day(rule, value, frame, day_of_period(period) + 1, ret_due);
}

bool due_counts_from_issue(struct str obligation_text)
{
    static const struct str phrases[] = {
        STR_INIT("kể từ ngày ban hành"), STR_INIT("kể từ ngày ký"), STR_INIT("kể từ ngày nhận"),
        STR_INIT("từ ngày ban hành"),    STR_INIT("sau khi nhận"),  STR_INIT("kể từ khi nhận"),
    };
    for (size_t i = 0; i < LEN(phrases); i++) {
        if (str_find(obligation_text, phrases[i]) < obligation_text.len)
            return true;
    }
    return false;
}
