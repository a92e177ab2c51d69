#include "reader/read_when.h"

#include "base/day.h"

/*
 * The cross-checks of dates (domain.md 5.7, plan-schema.md "anomalies"): the weekday against the
 * date, one event dated in two ways, dates in an order that cannot be. A check speaks only where
 * both sides are written out; a year lent by the paper is no side of it.
 */

static void add_value(struct arena *arena, struct reader_anomaly *anomaly, struct reader_text value)
{
    value.doubt = STR("");
    read_texts_add(arena, &anomaly->values, value);
}

/* "23/5/2026", or "08:00 ngày 23/5/2026" of a datetime. */
static struct str spoken(struct arena *arena, struct str value)
{
    int32_t day = 0;
    if (!day_parse_iso(str_sub(value, 0, 10), &day))
        return value;
    struct str date = day_format(arena, day);
    return value.len > 11 ? str_format(arena, STR_FMT " ngày " STR_FMT,
                                       STR_ARG(str_sub(value, 11, 5)), STR_ARG(date))
                          : date;
}

static bool is_reported(const struct reader_plan *plan, struct str kind, struct str value)
{
    for (size_t n = 0; n < plan->anomalies_len; n++)
        if (str_eq(plan->anomalies[n].kind, kind) && plan->anomalies[n].values.len > 0 &&
            str_eq(plan->anomalies[n].values.at[0].value, value))
            return true;
    return false;
}

/* ---- weekdays ---- */

static void check_weekday(struct arena *arena, struct reader_plan *plan,
                          const struct outline_node *node, const struct lex_moment *m,
                          struct str date, struct str weekday)
{
    int32_t day = 0;
    int said = lex_weekday(arena, weekday);
    if (said < 0 || !day_parse_iso(date, &day) || day_weekday(day) == said ||
        is_reported(plan, STR("weekday_mismatch"), date))
        return;
    struct reader_anomaly *anomaly = read_anomaly(
        arena, plan, STR("weekday_mismatch"),
        str_format(arena, "Văn bản ghi ngày " STR_FMT " là " STR_FMT ", theo lịch là " STR_FMT,
                   STR_ARG(spoken(arena, date)), STR_ARG(weekday), STR_ARG(day_weekday_name(day))));
    add_value(arena, anomaly, read_value(node, m->part, date));
}

static void check_weekdays(struct arena *arena, struct reader_plan *plan, const struct when *when)
{
    for (size_t n = 0; n < when->moments.len; n++) {
        const struct lex_moment *m = &when->moments.at[n];
        if (!when_is_day(m->date))
            continue;
        if (m->end_date.len > 0) {
            check_weekday(arena, plan, when->node, m, m->date, m->weekday);
            check_weekday(arena, plan, when->node, m, m->end_date, m->end_weekday);
        } else if (m->end_weekday.len ==
                   0) { /* two weekdays behind one date speak of a date before it, too */
            check_weekday(arena, plan, when->node, m, m->date, m->weekday);
        }
    }
}

/* ---- one event, two dates ---- */

static void report_conflict(struct arena *arena, struct reader_plan *plan, const char *event,
                            struct reader_text a, struct reader_text b)
{
    struct str words =
        str_format(arena, "%s có hai thời điểm khác nhau: " STR_FMT " và " STR_FMT, event,
                   STR_ARG(spoken(arena, a.value)), STR_ARG(spoken(arena, b.value)));
    struct reader_anomaly *anomaly = read_anomaly(arena, plan, STR("date_conflict"), words);
    add_value(arena, anomaly, a);
    add_value(arena, anomaly, b);
}

/* The class's opening stands outside the days it is held on, or its closing does. */
static void check_events(struct arena *arena, struct reader_plan *plan)
{
    struct reader_schedule *s = &plan->schedule;
    if (!when_is_day(s->start.value) || !when_is_day(s->end.value) || plan->runs_len > 1 ||
        str_compare(s->end.value, s->start.value) < 0) /* told as a wrong order */
        return;
    struct reader_text opening = s->opening;
    struct reader_text closing = s->closing;
    opening.value = str_sub(opening.value, 0, 10);
    closing.value = str_sub(closing.value, 0, 10);
    if (opening.value.len == 10 && s->opening.doubt.len == 0 && s->start.doubt.len == 0 &&
        !str_eq(opening.value, s->start.value))
        report_conflict(arena, plan, "Ngày đầu của lớp", s->start, opening);
    if (closing.value.len == 10 && s->closing.doubt.len == 0 && s->end.doubt.len == 0 &&
        !str_eq(closing.value, s->end.value))
        report_conflict(arena, plan, "Ngày cuối của lớp", s->end, closing);
}

/* The same event told again, elsewhere, at another time. */
static void check_told_again(struct arena *arena, struct reader_plan *plan, const struct when *when)
{
    static const struct {
        const char *words, *name;
    } events[] = { { "khai giảng|khai mạc", "Khai giảng" }, { "bế giảng|bế mạc", "Bế giảng" } };
    if (plan->runs_len > 1 || when_is_of_tasks(when->node) || plan->document.is_amending)
        return;
    for (size_t n = 0; n < when->moments.len; n++) {
        const struct lex_moment *m = &when->moments.at[n];
        size_t from = 0;
        size_t to = 0;
        when_place(when, m, &from, &to);
        for (size_t e = 0;
             e < LEN(events) && m->time.len > 0 && when_is_day(m->date) && m->end_time.len == 0;
             e++) {
            struct reader_text first = e == 0 ? plan->schedule.opening : plan->schedule.closing;
            size_t fillers = lex_match_back(&when->words, from, ": lúc|vào lúc|lúc|:|vào|từ");
            struct str value = when_datetime(arena, m->date, m->time);
            if (lex_match_back(&when->words, from - fillers, events[e].words) > 0 &&
                first.value.len > 0 && first.doubt.len == 0 && !str_eq(first.value, value) &&
                !is_reported(plan, STR("date_conflict"), first.value))
                report_conflict(arena, plan, events[e].name, first,
                                read_value(when->node, m->part, value));
        }
    }
}

/* ---- order ---- */

static void report_order(struct arena *arena, struct reader_plan *plan, struct str words,
                         struct reader_text a, struct reader_text b)
{
    struct reader_anomaly *anomaly = read_anomaly(arena, plan, STR("date_order"), words);
    add_value(arena, anomaly, a);
    add_value(arena, anomaly, b);
}

static void check_span(struct arena *arena, struct reader_plan *plan, struct reader_text start,
                       struct reader_text end, const char *what)
{
    if (start.value.len > 0 && start.value.len == end.value.len &&
        str_compare(end.value, start.value) < 0)
        report_order(arena, plan,
                     str_format(arena, "%s kết thúc (" STR_FMT ") trước khi bắt đầu (" STR_FMT ")",
                                what, STR_ARG(spoken(arena, end.value)),
                                STR_ARG(spoken(arena, start.value))),
                     start, end);
}

/* Work that makes the class ready; what follows it may come after. */
static bool prepares(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    bool follows =
        lex_search(&words, 0, words.len,
                   "kết quả|thu hoạch|sau khi|sau lớp|kết thúc|quyết toán|rút kinh nghiệm|tổng "
                   "kết|chứng nhận|chứng chỉ|đánh giá|thanh toán|khắc phục") < words.len;
    return !follows &&
           lex_search(
               &words, 0, words.len,
               "danh sách|đăng ký|triệu tập|soạn bài|bài giảng|mời báo cáo viên|gửi tài liệu|in "
               "tài liệu|chuẩn bị|chuyển đến|đường truyền|số lượng") < words.len;
}

static bool speaks_of_one_class(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    return lex_search(&words, 0, words.len, "lớp|đợt|khóa|khoá|cụm|từng|mỗi") < words.len;
}

static void check_deadlines(struct arena *arena, struct reader_plan *plan)
{
    struct reader_text start = plan->schedule.start;
    if (!when_is_day(start.value) || start.doubt.len > 0)
        return;
    for (size_t n = 0; n < plan->obligations_len; n++) {
        const struct reader_obligation *o = &plan->obligations[n];
        /* With several classes, work for a later one may fall behind the first. */
        if (plan->runs_len > 1 && speaks_of_one_class(arena, o->text.value))
            continue;
        struct str value = str_sub(o->due.value.value, 0, 10);
        bool is_dated =
            str_eq(o->due.kind.value, STR("date")) || str_eq(o->due.kind.value, STR("datetime"));
        bool is_deadline = str_eq(o->due.relation.value, STR("before")) ||
                           str_eq(o->due.relation.value, STR("by"));
        if (!is_dated || !is_deadline || o->due.value.doubt.len > 0 ||
            str_compare(value, start.value) <= 0 || !prepares(arena, o->text.value))
            continue;
        report_order(arena, plan,
                     str_format(arena,
                                "Việc chuẩn bị có hạn " STR_FMT ", sau ngày lớp bắt đầu " STR_FMT,
                                STR_ARG(spoken(arena, value)), STR_ARG(spoken(arena, start.value))),
                     o->due.value, start);
    }
}

/* A paper cannot rest on one that was signed after it, nor announce what is over. */
static void check_signing(struct arena *arena, struct reader_plan *plan)
{
    struct reader_text signed_on = plan->document.date;
    if (!when_is_day(signed_on.value) || signed_on.doubt.len > 0)
        return;
    for (size_t n = 0; n < plan->document.references_len; n++) {
        struct reader_text date = plan->document.references[n].date;
        if (when_is_day(date.value) && str_compare(date.value, signed_on.value) > 0)
            report_order(
                arena, plan,
                str_format(
                    arena, "Văn bản được dẫn ký ngày " STR_FMT ", sau ngày ký văn bản này " STR_FMT,
                    STR_ARG(spoken(arena, date.value)), STR_ARG(spoken(arena, signed_on.value))),
                date, signed_on);
    }
    struct reader_text start = plan->schedule.start;
    if (when_is_day(start.value) && start.doubt.len == 0 &&
        str_compare(start.value, signed_on.value) < 0)
        report_order(arena, plan,
                     str_format(arena, "Lớp bắt đầu " STR_FMT ", trước ngày ký văn bản " STR_FMT,
                                STR_ARG(spoken(arena, start.value)),
                                STR_ARG(spoken(arena, signed_on.value))),
                     start, signed_on);
}

static void check_tests(struct arena *arena, struct reader_plan *plan)
{
    struct reader_text opening = plan->schedule.opening;
    for (size_t n = 0;
         n < plan->schedule.connection_tests.len && opening.value.len > 0 && opening.doubt.len == 0;
         n++) {
        struct reader_text test = plan->schedule.connection_tests.at[n];
        if (str_compare(test.value, opening.value) > 0)
            report_order(
                arena, plan,
                str_format(
                    arena, "Kiểm tra đường truyền (" STR_FMT ") sau giờ khai giảng (" STR_FMT ")",
                    STR_ARG(spoken(arena, test.value)), STR_ARG(spoken(arena, opening.value))),
                test, opening);
    }
}

void check_dates(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct arena *arena = &cx->arena;
    for (const struct outline_node *node = read_next_node(outline, NULL); node;
         node = read_next_node(outline, node)) {
        if (node->text.len == 0)
            continue;
        struct when when = read_when(arena, node);
        check_weekdays(arena, plan, &when);
        check_told_again(arena, plan, &when);
    }
    check_events(arena, plan);
    check_span(arena, plan, plan->schedule.start, plan->schedule.end, "Lớp");
    check_span(arena, plan, plan->schedule.opening, plan->schedule.closing, "Lớp");
    for (size_t n = 0; n < plan->runs_len; n++)
        check_span(arena, plan, plan->runs[n].start, plan->runs[n].end, "Một lớp");
    check_tests(arena, plan);
    check_deadlines(arena, plan);
    check_signing(arena, plan);
}
