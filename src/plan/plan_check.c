#include "plan/plan.h"

#include "viet/viet.h"

#include <stdarg.h>

/*
 * What a plan contradicts in itself: the cross-checks of domain.md 5.7 that need nothing but the
 * plan. Each is a warning for the person who issues, never a refusal: papers with such slips are
 * issued every day, and who signs decides.
 */

struct check {
    struct ctx *cx;
    const struct plan *plan;
    struct plan_warnings list;
};

static void warn(struct check *check, const char *format, ...) PRINTF_LIKE(2, 3);
static void warn(struct check *check, const char *format, ...)
{
    if (check->list.len == PLAN_WARNINGS_MAX)
        return;
    va_list args;
    va_start(args, format);
    char words[600];
    int len = vsnprintf(words, sizeof words, format, args);
    va_end(args);
    size_t kept = len < 0 ? 0 : (size_t)len;
    if (kept >= sizeof words) {
        kept = sizeof words - 1;
        while (kept > 0 && ((unsigned char)words[kept] & 0xc0) == 0x80) /* never half a letter */
            kept--;
    }
    check->list.at[check->list.len++] = str_copy(&check->cx->arena, (struct str){ words, kept });
}

/* The first words of a paragraph, to recognise it by. */
static struct str head_of(struct arena *arena, struct str text)
{
    enum { HEAD_BYTES = 70 };
    if (text.len <= HEAD_BYTES)
        return text;
    size_t end = HEAD_BYTES;
    while (end > 0 && text.at[end] != ' ')
        end--;
    return str_format(arena, STR_FMT "…", STR_ARG(str_sub(text, 0, end)));
}

/* ---- The head ---- */

/* Rules that no longer stand (domain.md 3.1, 3.6): citing one in a later paper is a slip. */
static const struct {
    const char *number;
    int year, month, date;
    const char *words;
} repealed[] = {
    { "101/2017/NĐ-CP", 2026, 7, 1, "đã được Nghị định 259/2026/NĐ-CP thay thế từ 01/7/2026" },
    { "89/2021/NĐ-CP", 2026, 7, 1, "đã được Nghị định 259/2026/NĐ-CP thay thế từ 01/7/2026" },
    { "13/2023/NĐ-CP", 2026, 1, 1, "đã được Nghị định 356/2025/NĐ-CP thay thế từ 01/01/2026" },
};

static void check_head(struct check *check)
{
    const struct plan_head *head = &check->plan->document;
    int32_t first = DAY_NONE, last = DAY_NONE, own = DAY_NONE;
    if (head->number.len == 0)
        warn(check, "Văn bản chưa có số, còn là dự thảo");
    if (!day_parse_iso(head->date, &own))
        warn(check, "Văn bản chưa có đủ ngày, tháng, năm ban hành");
    if (head->signer_name.len == 0)
        warn(check, "Văn bản chưa có người ký");
    if (check->plan->recipients.len == 0)
        warn(check, "Văn bản chưa có nơi nhận");
    for (size_t i = 0; i < head->references_len; i++) {
        const struct plan_reference *reference = &head->references[i];
        if (own != DAY_NONE && plan_date_range(reference->date, &first, &last) && first > own)
            warn(check,
                 "Văn bản được viện dẫn " STR_FMT " đề ngày %s, sau ngày của chính văn bản này",
                 STR_ARG(reference->number),
                 str_to_c(&check->cx->arena, day_format(&check->cx->arena, first)));
        for (size_t k = 0; k < LEN(repealed); k++) {
            if (own != DAY_NONE && str_eq(reference->number, str_from(repealed[k].number)) &&
                own >= day_from_civil(repealed[k].year, repealed[k].month, repealed[k].date))
                warn(check, "Văn bản được viện dẫn %s %s", repealed[k].number, repealed[k].words);
        }
    }
}

/* What the reader, or whoever made the file, had seen already. */
static void check_anomalies(struct check *check)
{
    static const struct {
        const char *kind, *words;
    } kinds[] = {
        { "weekday_mismatch", "Thứ trong tuần không khớp với ngày" },
        { "date_conflict", "Một việc được ghi với nhiều thời điểm khác nhau" },
        { "date_order", "Thứ tự ngày tháng không hợp lý" },
        { "count_mismatch", "Số liệu không khớp nhau" },
        { "numbering", "Đánh số đề mục bị nhảy hoặc lặp" },
        { "dangling_reference", "Dẫn tới mục không có trong văn bản" },
        { "name_conflict", "Tên một người được viết theo hai cách" },
    };
    for (size_t i = 0; i < check->plan->anomalies_len; i++) {
        const struct plan_anomaly *anomaly = &check->plan->anomalies[i];
        struct str values =
            str_join(&check->cx->arena, anomaly->values.at, anomaly->values.len, STR(" / "));
        for (size_t k = 0; k < LEN(kinds); k++) {
            if (str_eq(anomaly->kind, str_from(kinds[k].kind)))
                warn(check, "%s%s" STR_FMT, kinds[k].words, values.len > 0 ? ": " : "",
                     STR_ARG(values));
        }
    }
}

/* ---- The class ---- */

static void check_schedule(struct check *check)
{
    const struct plan_schedule *s = &check->plan->schedule;
    struct arena *arena = &check->cx->arena;
    int32_t start = DAY_NONE, start_last = DAY_NONE, end_first = DAY_NONE, end = DAY_NONE;
    bool has_start = plan_date_range(s->start, &start, &start_last);
    bool has_end = plan_date_range(s->end, &end_first, &end);
    if (has_start && has_end && end < start)
        warn(check, "Thời gian lớp: ngày kết thúc đứng trước ngày bắt đầu");
    bool are_days = has_start && has_end && s->start.len == 10 && s->end.len == 10;
    int64_t counted = are_days ? (int64_t)end - start + 1 : 0;
    if (are_days && s->days_tenths > 0 && counted * 10 < s->days_tenths)
        warn(
            check,
            "Thời gian lớp: ghi %lld ngày nhưng từ ngày bắt đầu đến ngày kết thúc chỉ có %lld ngày",
            (long long)(s->days_tenths / 10), (long long)counted);
    if (s->opening_at && s->closing_at && s->closing_at <= s->opening_at)
        warn(check, "Bế giảng (%s) không sau khai giảng (%s)",
             str_to_c(arena, instant_format(arena, s->closing_at)),
             str_to_c(arena, instant_format(arena, s->opening_at)));
    if (s->opening_at && has_start && day_from_instant(s->opening_at) < start)
        warn(check, "Khai giảng (%s) trước ngày bắt đầu lớp",
             str_to_c(arena, instant_format(arena, s->opening_at)));
    if (s->closing_at && has_end && day_from_instant(s->closing_at) > end)
        warn(check, "Bế giảng (%s) sau ngày kết thúc lớp",
             str_to_c(arena, instant_format(arena, s->closing_at)));
    for (size_t i = 0; i < s->connection_tests_len; i++) {
        if (s->opening_at && s->connection_tests_at[i] >= s->opening_at)
            warn(check, "Kiểm tra đường truyền (%s) không trước khai giảng",
                 str_to_c(arena, instant_format(arena, s->connection_tests_at[i])));
    }
    if (s->official_connection_at && s->opening_at && s->official_connection_at > s->opening_at)
        warn(check, "Kết nối chính thức sau khai giảng");
    for (size_t i = 0; i < s->sessions_len; i++) {
        const struct plan_session *session = &s->sessions[i];
        if (session->to_minute <= session->from_minute)
            warn(check, "Buổi học thứ %zu có giờ kết thúc không sau giờ bắt đầu", i + 1);
        if (are_days && (session->day < start || session->day > end))
            warn(check, "Buổi học thứ %zu nằm ngoài những ngày của lớp", i + 1);
    }
}

static void check_counts(struct check *check)
{
    const struct plan *plan = check->plan;
    int64_t learners = 0, classes = 0;
    for (size_t i = 0; i < plan->programmes_len; i++) {
        const struct plan_programme *programme = &plan->programmes[i];
        learners += programme->learners.max;
        classes += programme->classes.max;
        int64_t at_venues = 0;
        for (size_t k = 0; k < programme->venues_len; k++)
            at_venues += programme->venues[k].classes.max;
        if (at_venues > 0 && programme->classes.max > 0 && at_venues != programme->classes.max)
            warn(check, "Chương trình %zu ghi %lld lớp nhưng cộng theo địa điểm là %lld lớp", i + 1,
                 (long long)programme->classes.max, (long long)at_venues);
    }
    if (learners > 0 && plan->learners.max > 0 && learners != plan->learners.max)
        warn(check, "Tổng số học viên ghi %lld nhưng cộng các chương trình là %lld",
             (long long)plan->learners.max, (long long)learners);
    if (classes > 0 && plan->classes.max > 0 && classes != plan->classes.max)
        warn(check, "Tổng số lớp ghi %lld nhưng cộng các chương trình là %lld",
             (long long)plan->classes.max, (long long)classes);
    for (size_t i = 1; i < plan->topics_len; i++) {
        const struct plan_topic *topic = &plan->topics[i], *before = &plan->topics[i - 1];
        bool is_same =
            topic->programme == before->programme && topic->number > 0 && before->number > 0;
        if (is_same && topic->number != before->number + 1)
            warn(check, "Đánh số chuyên đề: sau chuyên đề %lld là chuyên đề %lld",
                 (long long)before->number, (long long)topic->number);
    }
}

/* ---- Duties ---- */

static void check_duty_due(struct check *check, const struct plan_obligation *duty,
                           const struct due_frame *frame)
{
    struct arena *arena = &check->cx->arena;
    struct due_rule rule = plan_due_rule(&duty->due, duty->recurring);
    struct due due = due_first(&rule, frame);
    if (due.shape != DUE_ONCE || due.due_at == 0)
        return;
    struct str place = duty->place, words = due_words(arena, &rule, &due);
    int64_t opening_at = check->plan->schedule.opening_at;
    if (frame->issued_day != DAY_NONE && due.due_at <= day_start(frame->issued_day))
        warn(check, STR_FMT ": thời hạn " STR_FMT " đã qua trước ngày văn bản", STR_ARG(place),
             STR_ARG(words));
    /* A list that is due the evening before cannot be checked any more (GM-QN: rosters before 23/5,
     * opening 08:00 on 23/5). */
    int64_t before = opening_at - due.due_at;
    if (opening_at && before >= 0 && before < 12 * 60 * 60 * (int64_t)1000 &&
        duty->due.relation != PLAN_AT)
        warn(check,
             STR_FMT ": thời hạn " STR_FMT " sát giờ khai giảng, không còn thời gian tổng hợp",
             STR_ARG(place), STR_ARG(words));
    /* A deadline on a weekend stays where the paper put it (domain.md 5.4); who issues should have
     * meant it. */
    int32_t day = day_from_instant(due.due_at - 1);
    if (duty->due.kind == PLAN_DUE_DATE && day_weekday(day) >= 5)
        warn(check, STR_FMT ": thời hạn rơi vào %s", STR_ARG(place),
             str_to_c(arena, day_format_long(arena, day)));
}

static void check_duties(struct check *check)
{
    const struct plan *plan = check->plan;
    struct due_frame frame = plan_due_frame(plan);
    size_t without_due = 0;
    for (size_t i = 0; i < plan->obligations_len; i++) {
        const struct plan_obligation *duty = &plan->obligations[i];
        if (duty->owner.len == 0)
            warn(check, STR_FMT ": chưa nêu cơ quan thực hiện (“" STR_FMT "”)",
                 STR_ARG(duty->place), STR_ARG(head_of(&check->cx->arena, duty->text)));
        without_due += duty->due.kind == PLAN_DUE_NONE;
        check_duty_due(check, duty, &frame);
    }
    if (without_due > 0)
        warn(check, "%zu trên %zu nhiệm vụ không nêu thời hạn và không ghi “thường xuyên”",
             without_due, plan->obligations_len);
}

/* ---- Weekdays in running words: "thứ Bảy, ngày 23/5/2026", "23/5/2026 (thứ Bảy)" ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The weekday named last before, or first after, a date; -1 when none stands near. Names as
 * viet_fold gives them. */
static int weekday_near(struct str before, struct str after)
{
    static const struct str names[] = { STR_INIT("thu hai"), STR_INIT("thu ba"),
                                        STR_INIT("thu tu"),  STR_INIT("thu nam"),
                                        STR_INIT("thu sau"), STR_INIT("thu bay"),
                                        STR_INIT("chu nhat") };
    int found = -1;
    size_t nearest = 20; /* bytes between the name and the date: ", ngày " and a bracket, no more */
    for (int i = 0; i < (int)LEN(names); i++) {
        size_t behind = str_find(after, names[i]);
        if (behind < after.len && behind < nearest) {
            nearest = behind;
            found = i;
        }
        for (size_t from = 0; from + names[i].len <= before.len; from++) {
            size_t gap = before.len - from - names[i].len;
            if (gap < nearest && str_eq(str_sub(before, from, names[i].len), names[i])) {
                nearest = gap;
                found = i;
            }
        }
    }
    return found;
}

static void check_weekdays(struct check *check, struct str place, struct str text)
{
    struct arena *arena = &check->cx->arena;
    struct str folded = viet_fold(arena, text);
    size_t last_end = 0;
    for (size_t i = 0; i < folded.len; i++) {
        if (!is_digit(folded.at[i]) ||
            (i > 0 && (is_digit(folded.at[i - 1]) || folded.at[i - 1] == '/')))
            continue;
        size_t end = i;
        while (end < folded.len && end - i < 10 &&
               (is_digit(folded.at[end]) || folded.at[end] == '/'))
            end++;
        int32_t day = DAY_NONE;
        if (!day_parse(str_sub(folded, i, end - i), &day))
            continue;
        size_t from = i > last_end + 24 ? i - 24 : last_end;
        struct str after = str_sub(folded, end, 14);
        size_t next_date = 0;
        while (next_date < after.len && !is_digit(after.at[next_date]))
            next_date++;
        int weekday = weekday_near(str_sub(folded, from, i - from), str_sub(after, 0, next_date));
        if (weekday >= 0 && weekday != day_weekday(day))
            warn(check, STR_FMT "%sngày %s là %s, không phải thứ ghi trong văn bản", STR_ARG(place),
                 place.len > 0 ? ": " : "", str_to_c(arena, day_format(arena, day)),
                 str_to_c(arena, day_weekday_name(day)));
        last_end = end;
        i = end;
    }
}

enum err plan_check(struct ctx *cx, const struct plan *plan, struct plan_warnings *ret_warnings)
{
    struct check check = { .cx = cx, .plan = plan };
    check.list.at = ARENA_NEW_ARRAY(&cx->arena, struct str, PLAN_WARNINGS_MAX);
    check_head(&check);
    check_anomalies(&check);
    check_schedule(&check);
    check_counts(&check);
    check_duties(&check);
    for (size_t i = 0; i < plan->obligations_len; i++)
        check_weekdays(&check, plan->obligations[i].place, plan->obligations[i].text);
    for (size_t i = 0; i < plan->audiences_len; i++)
        check_weekdays(&check, plan->audiences[i].place, plan->audiences[i].text);
    *ret_warnings = check.list;
    return OK;
}
