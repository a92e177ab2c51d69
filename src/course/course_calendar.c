#include "course/course.h"

/*
 * iCalendar, RFC 5545. Lines end in CRLF and are folded at 75 octets, never inside a letter (3.1); text escapes
 * backslash, semicolon, comma and line end (3.3.11). Viet Nam has one offset and no daylight saving, so the time zone is
 * one STANDARD rule (3.6.5). Instants of our own records (DTSTAMP) are UTC.
 */
enum { FOLD_OCTETS = 75, EVENT_DEFAULT_MINUTES = 30 };

static void put_line(struct buf *out, struct str line)
{
    size_t room = FOLD_OCTETS;
    while (line.len > room) {
        size_t cut = room;
        while (cut > 0 && ((unsigned char)line.at[cut] & 0xC0) == 0x80)
            cut--;
        buf_put(out, str_sub(line, 0, cut));
        buf_put(out, STR("\r\n "));
        line = str_sub(line, cut, SIZE_MAX);
        room = FOLD_OCTETS - 1; /* the blank counts */
    }
    buf_put(out, line);
    buf_put(out, STR("\r\n"));
}

static void put_text(struct buf *out, struct arena *arena, const char *name, struct str text)
{
    struct buf line;
    buf_init(&line, arena);
    buf_put(&line, str_from(name));
    buf_put_char(&line, ':');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' || c == ';' || c == ',')
            buf_put_char(&line, '\\');
        if (c == '\n')
            buf_put(&line, STR("\\n"));
        else if (c != '\r')
            buf_put_char(&line, c);
    }
    put_line(out, buf_str(&line));
}

static struct str local_time(struct arena *arena, int64_t at)
{
    struct civil c = instant_to_civil(at);
    return str_format(arena, "%04d%02d%02dT%02d%02d%02d", c.year, c.month, c.date, c.hour, c.minute, c.second);
}

static struct str utc_time(struct arena *arena, int64_t at)
{
    return str_format(arena, STR_FMT "Z", STR_ARG(local_time(arena, at - DAY_OFFSET_MS)));
}

static struct str date_only(struct arena *arena, int32_t day)
{
    struct civil c = day_to_civil(day);
    return str_format(arena, "%04d%02d%02d", c.year, c.month, c.date);
}

static void put_zone(struct buf *out)
{
    static const struct str lines[] = {
        STR_INIT("BEGIN:VTIMEZONE"),      STR_INIT("TZID:Asia/Ho_Chi_Minh"), STR_INIT("BEGIN:STANDARD"),
        STR_INIT("DTSTART:19750613T000000"), STR_INIT("TZOFFSETFROM:+0700"), STR_INIT("TZOFFSETTO:+0700"),
        STR_INIT("TZNAME:+07"),           STR_INIT("END:STANDARD"),          STR_INIT("END:VTIMEZONE"),
    };
    for (size_t i = 0; i < LEN(lines); i++)
        put_line(out, lines[i]);
}

struct event {
    const struct course_whole *whole;
    struct str part;     /* stable within the course: "opening", "session-3" */
    struct str summary;
    int64_t from_at, to_at; /* both 0: the whole day `day` */
    int32_t day;
};

/* Where it takes place: the printed points, or the address of the online system. */
static struct str location_of(struct arena *arena, const struct course_whole *whole)
{
    if (whole->points_len == 1)
        return whole->points[0].place;
    if (whole->course.online_url.len > 0)
        return whole->course.online_url;
    return whole->points_len > 0 ? str_format(arena, "%zu điểm cầu, xem trang lớp", whole->points_len) : STR("");
}

static struct str description_of(struct arena *arena, const struct course_whole *whole)
{
    const struct course *c = &whole->course;
    struct buf out;
    buf_init(&out, arena);
    buf_format(&out, STR_FMT " (" STR_FMT ", " STR_FMT ")", STR_ARG(c->title), STR_ARG(c->issuer_name),
               STR_ARG(c->source));
    if (c->arrive_before_minutes > 0)
        buf_format(&out, "\nCó mặt trước %lld phút.", (long long)c->arrive_before_minutes);
    for (size_t i = 0; i < whole->topics_len; i++) {
        if (whole->programmes_len == 0)
            buf_format(&out, "\nChuyên đề %lld: " STR_FMT, (long long)whole->topics[i].number,
                       STR_ARG(whole->topics[i].title));
    }
    return buf_str(&out);
}

static void put_event(struct buf *out, struct arena *arena, const struct event *event, int64_t now)
{
    const struct course *c = &event->whole->course;
    put_line(out, STR("BEGIN:VEVENT"));
    put_line(out, str_format(arena, "UID:lop-%lld-" STR_FMT "@diemcau", (long long)c->id, STR_ARG(event->part)));
    put_line(out, str_format(arena, "DTSTAMP:" STR_FMT, STR_ARG(utc_time(arena, now))));
    put_line(out, str_format(arena, "LAST-MODIFIED:" STR_FMT, STR_ARG(utc_time(arena, c->changed_at))));
    put_line(out, str_format(arena, "SEQUENCE:%lld", (long long)c->sequence));
    if (event->from_at != 0) {
        put_line(out, str_format(arena, "DTSTART;TZID=Asia/Ho_Chi_Minh:" STR_FMT,
                                 STR_ARG(local_time(arena, event->from_at))));
        put_line(out, str_format(arena, "DTEND;TZID=Asia/Ho_Chi_Minh:" STR_FMT,
                                 STR_ARG(local_time(arena, event->to_at))));
    } else {
        put_line(out, str_format(arena, "DTSTART;VALUE=DATE:" STR_FMT, STR_ARG(date_only(arena, event->day))));
        put_line(out, str_format(arena, "DTEND;VALUE=DATE:" STR_FMT, STR_ARG(date_only(arena, event->day + 1))));
    }
    put_text(out, arena, "SUMMARY", event->summary);
    put_text(out, arena, "DESCRIPTION", description_of(arena, event->whole));
    struct str location = location_of(arena, event->whole);
    if (location.len > 0)
        put_text(out, arena, "LOCATION", location);
    put_line(out, c->is_withdrawn ? STR("STATUS:CANCELLED") : STR("STATUS:CONFIRMED"));
    put_line(out, STR("END:VEVENT"));
}

static void put_instant(struct buf *out, struct arena *arena, const struct course_whole *whole, const char *part,
                        const char *summary, int64_t at, int64_t now)
{
    if (at == 0)
        return;
    struct event event = { .whole = whole, .part = str_from(part), .summary = str_from(summary), .from_at = at,
                           .to_at = at + (int64_t)EVENT_DEFAULT_MINUTES * 60000 };
    put_event(out, arena, &event, now);
}

static void put_session(struct buf *out, struct arena *arena, const struct course_whole *whole, size_t i, int64_t now)
{
    const struct course_session *session = &whole->sessions[i];
    struct event event = { .whole = whole, .day = session->day };
    event.part = str_format(arena, "buoi-%zu", i + 1);
    event.summary = str_format(arena, STR_FMT ": " STR_FMT, STR_ARG(course_half_name(session->half)),
                               STR_ARG(whole->course.title));
    if (session->from_minute >= 0 && session->to_minute > session->from_minute) {
        event.from_at = day_time(session->day, session->from_minute / 60, session->from_minute % 60);
        event.to_at = day_time(session->day, session->to_minute / 60, session->to_minute % 60);
    }
    put_event(out, arena, &event, now);
}

static void put_course(struct buf *out, struct arena *arena, const struct course_whole *whole, int64_t now)
{
    const struct course *c = &whole->course;
    for (size_t i = 0; i < whole->tests_len; i++)
        put_instant(out, arena, whole, str_to_c(arena, str_format(arena, "kiem-tra-%zu", i + 1)),
                    "Kiểm tra, kết nối đường truyền", whole->tests[i], now);
    put_instant(out, arena, whole, "ket-noi", "Kết nối các điểm cầu trong phiên chính thức", c->official_connection_at,
                now);
    put_instant(out, arena, whole, "don-tiep", "Đón tiếp", c->check_in_at, now);
    put_instant(out, arena, whole, "khai-giang", "Khai giảng", c->opening_at, now);
    put_instant(out, arena, whole, "be-giang", "Bế giảng", c->closing_at, now);
    for (size_t i = 0; i < whole->sessions_len; i++)
        put_session(out, arena, whole, i, now);
    for (size_t i = 0; i < whole->runs_len; i++) {
        struct event event = { .whole = whole, .day = whole->runs[i].start_day };
        event.part = str_format(arena, "lop-%zu", i + 1);
        event.summary = str_format(arena, STR_FMT ": " STR_FMT, STR_ARG(whole->runs[i].label), STR_ARG(c->title));
        if (event.day != DAY_NONE)
            put_event(out, arena, &event, now);
    }
}

struct str course_calendar(struct arena *arena, struct str name, const struct course_whole *courses, size_t len, int64_t now)
{
    struct buf out;
    buf_init(&out, arena);
    put_line(&out, STR("BEGIN:VCALENDAR"));
    put_line(&out, STR("VERSION:2.0"));
    put_line(&out, STR("PRODID:-//diemcau//Diem Cau//VI"));
    put_line(&out, STR("CALSCALE:GREGORIAN"));
    put_line(&out, STR("METHOD:PUBLISH"));
    put_text(&out, arena, "X-WR-CALNAME", name);
    put_zone(&out);
    for (size_t i = 0; i < len; i++)
        put_course(&out, arena, &courses[i], now);
    put_line(&out, STR("END:VCALENDAR"));
    return buf_str(&out);
}
