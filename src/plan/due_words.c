#include "plan/due.h"

/* "9 giờ", "14 giờ 30": a full hour is said without minutes. */
static struct str hour_words(struct arena *arena, int64_t at)
{
    struct civil c = instant_to_civil(at);
    return c.minute ? str_format(arena, "%d giờ %02d", c.hour, c.minute) :
                      str_format(arena, "%d giờ", c.hour);
}

static struct str weekday_of(int64_t at)
{
    return day_weekday_name(day_from_instant(at));
}

/* The last day that is still in time: due_at is the first instant that is not. */
static struct str last_day_words(struct arena *arena, int64_t due_at)
{
    return day_format_long(arena, day_from_instant(due_at - 1));
}

static const char *relation_words(struct str relation)
{
    if (str_eq(relation, STR("before")))
        return "trước";
    if (str_eq(relation, STR("by")))
        return "chậm nhất";
    if (str_eq(relation, STR("after")))
        return "sau";
    return "vào";
}

static struct str datetime_words(struct arena *arena, const struct due_rule *rule, int64_t at)
{
    return str_format(arena, "%s " STR_FMT " ngày " STR_FMT " (" STR_FMT ")",
                      relation_words(rule->relation), STR_ARG(hour_words(arena, at)),
                      STR_ARG(day_format(arena, day_from_instant(at))), STR_ARG(weekday_of(at)));
}

static struct str date_words(struct arena *arena, const struct due_rule *rule, const struct due *due)
{
    int32_t day = 0;
    if (!day_parse_iso(rule->value, &day))
        return STR("");
    struct str said = day_format(arena, day);
    if (str_eq(rule->relation, STR("before")))
        return str_format(arena, "trước ngày " STR_FMT " (hết " STR_FMT ")", STR_ARG(said),
                          STR_ARG(last_day_words(arena, due->due_at)));
    return str_format(arena, "%s ngày " STR_FMT " (" STR_FMT ")", relation_words(rule->relation),
                      STR_ARG(said), STR_ARG(day_weekday_name(day)));
}

/* A month, quarter or year as it is said: "tháng 5/2026", "quý III/2026", "năm 2026". */
static struct str window_words(struct arena *arena, const struct due_rule *rule)
{
    static const char *const quarters[] = { "I", "II", "III", "IV" };
    struct str year = str_sub(rule->value, 0, 4);
    int64_t part = 0;
    if (str_eq(rule->kind, STR("month")) && str_to_i64(str_sub(rule->value, 5, 2), &part))
        return str_format(arena, "tháng %d/" STR_FMT, (int)part, STR_ARG(year));
    if (str_eq(rule->kind, STR("quarter")) && str_to_i64(str_sub(rule->value, 6, 1), &part) &&
        part >= 1 && part <= 4)
        return str_format(arena, "quý %s/" STR_FMT, quarters[part - 1], STR_ARG(year));
    return str_format(arena, "năm " STR_FMT, STR_ARG(year));
}

static struct str once_words(struct arena *arena, const struct due_rule *rule, const struct due *due)
{
    if (str_eq(rule->kind, STR("datetime")))
        return datetime_words(arena, rule, due->due_at ? due->due_at : due->opens_at);
    if (str_eq(rule->kind, STR("date")))
        return date_words(arena, rule, due);
    const char *relation = str_eq(rule->relation, STR("in")) || str_eq(rule->relation, STR("at")) ?
                               "trong" :
                           str_eq(rule->relation, STR("by")) ? "chậm nhất trong" :
                                                               relation_words(rule->relation);
    struct str window = window_words(arena, rule);
    if (due->due_at == 0)
        return str_format(arena, "%s " STR_FMT, relation, STR_ARG(window));
    return str_format(arena, "%s " STR_FMT " (hết " STR_FMT ")", relation, STR_ARG(window),
                      STR_ARG(last_day_words(arena, due->due_at)));
}

/* The interval without its instance: "hằng năm", "trong tháng 12 hằng năm", "ngày 25 hằng tháng". */
static struct str interval_words(struct arena *arena, struct str value, struct str relation)
{
    struct str rest = value;
    struct str name = str_cut(&rest, '-');
    struct str first = str_cut(&rest, '-');
    const char *before = str_eq(relation, STR("before")) ? "trước " :
                         str_eq(relation, STR("by"))     ? "chậm nhất " :
                                                           "";
    const char *unit = str_eq(name, STR("weekly"))      ? "hằng tuần" :
                       str_eq(name, STR("monthly"))     ? "hằng tháng" :
                       str_eq(name, STR("quarterly"))   ? "hằng quý" :
                       str_eq(name, STR("half_yearly")) ? "6 tháng một lần" :
                                                          "hằng năm";
    if (str_eq(value, STR("continuous")))
        return STR("thường xuyên");
    if (str_eq(value, STR("periodic")))
        return STR("định kỳ");
    if (first.len == 0)
        return str_from(unit);
    if (str_eq(name, STR("yearly")) && rest.len > 0)
        return str_format(arena, "%sngày " STR_FMT "/" STR_FMT " hằng năm", before, STR_ARG(rest),
                          STR_ARG(first));
    if (str_eq(name, STR("yearly")))
        return str_format(arena, "%stháng " STR_FMT " hằng năm", *before ? before : "trong ",
                          STR_ARG(first));
    if (str_eq(name, STR("weekly"))) {
        int64_t weekday = 1;
        bool is_known = str_to_i64(first, &weekday) && weekday >= 1 && weekday <= 7;
        /* 1970-01-05 was a Monday. */
        return str_format(arena, "%s" STR_FMT " hằng tuần", before,
                          STR_ARG(day_weekday_name(4 + (is_known ? (int32_t)weekday - 1 : 0))));
    }
    return str_format(arena, "%sngày " STR_FMT " %s", before, STR_ARG(first), unit);
}

static struct str repeating_words(struct arena *arena, const struct due_rule *rule,
                                  const struct due *due)
{
    struct str value = str_eq(rule->kind, STR("recurring")) ? rule->value : rule->recurring;
    return str_format(arena, STR_FMT " (kỳ này: hết " STR_FMT ")",
                      STR_ARG(interval_words(arena, value, rule->relation)),
                      STR_ARG(last_day_words(arena, due->due_at)));
}

/* "P3M" as "3 tháng", "P5WD" as "5 ngày làm việc". */
static struct str length_words(struct arena *arena, struct str value)
{
    struct str count = str_sub(value, 1, SIZE_MAX);
    const char *unit = "ngày";
    if (str_ends(count, STR("WD"))) {
        unit = "ngày làm việc";
        count.len--;
    } else if (str_ends(count, STR("W"))) {
        unit = "tuần";
    } else if (str_ends(count, STR("M"))) {
        unit = "tháng";
    } else if (str_ends(count, STR("Y"))) {
        unit = "năm";
    }
    return str_format(arena, STR_FMT " %s", STR_ARG(str_sub(count, 0, count.len - 1)), unit);
}

static struct str after_event_words(struct arena *arena, const struct due_rule *rule,
                                    const struct due *due)
{
    struct str length = length_words(arena, rule->value);
    if (due->shape == DUE_OPEN)
        return str_format(arena, "sau khi kết thúc ít nhất " STR_FMT " (từ " STR_FMT ")",
                          STR_ARG(length),
                          STR_ARG(day_format_long(arena, day_from_instant(due->opens_at))));
    if (due->shape == DUE_ONCE)
        return str_format(arena, "trong vòng " STR_FMT " (hết " STR_FMT ")", STR_ARG(length),
                          STR_ARG(last_day_words(arena, due->due_at)));
    return str_format(arena, "%s " STR_FMT " (tính từ ngày kết thúc lớp, chưa xác định)",
                      str_eq(rule->relation, STR("after")) ? "sau khi kết thúc ít nhất" : "trong vòng",
                      STR_ARG(length));
}

struct str due_words(struct arena *arena, const struct due_rule *rule, const struct due *due)
{
    struct str words = STR("không nêu thời hạn");
    switch (due->shape) {
    case DUE_NOT_STATED:
        return words;
    case DUE_UNREADABLE:
        return STR("thời hạn chưa đọc được");
    case DUE_STANDING:
        return interval_words(arena, rule->value, rule->relation);
    case DUE_REPEATING:
        return repeating_words(arena, rule, due);
    case DUE_ONCE:
    case DUE_OPEN:
    case DUE_WAITING:
        break;
    }
    if (str_eq(rule->kind, STR("period_after")))
        return after_event_words(arena, rule, due);
    if (str_eq(rule->kind, STR("recurring")))
        return interval_words(arena, rule->value, rule->relation);
    words = once_words(arena, rule, due);
    if (rule->recurring.len == 0)
        return words;
    if (str_eq(rule->recurring, STR("continuous")))
        return str_format(arena, STR_FMT ", sau đó thực hiện thường xuyên", STR_ARG(words));
    return str_format(arena, STR_FMT ", sau đó " STR_FMT, STR_ARG(words),
                      STR_ARG(interval_words(arena, rule->recurring, STR(""))));
}

struct str due_words_short(struct arena *arena, const struct due *due)
{
    if (due->due_at == 0)
        return STR("");
    if ((due->due_at + DAY_OFFSET_MS) % DAY_MS == 0)
        return str_format(arena, "hết ngày " STR_FMT,
                          STR_ARG(day_format(arena, day_from_instant(due->due_at - 1))));
    struct civil c = instant_to_civil(due->due_at);
    struct str day = day_format(arena, day_from_instant(due->due_at));
    return c.minute ? str_format(arena, "trước %dh%02d ngày " STR_FMT, c.hour, c.minute, STR_ARG(day)) :
                      str_format(arena, "trước %dh ngày " STR_FMT, c.hour, STR_ARG(day));
}
