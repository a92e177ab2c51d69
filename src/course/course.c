#include "course/course_inside.h"

struct str course_half_name(enum course_half half)
{
    switch (half) {
    case COURSE_MORNING:
        return STR("Buổi sáng");
    case COURSE_AFTERNOON:
        return STR("Buổi chiều");
    case COURSE_EVENING:
        return STR("Buổi tối");
    }
    return STR("");
}

#define COURSE_COLUMNS                                                                                 \
    "c.id, c.issuer_unit_id, c.issuer_name, c.source, c.title, c.mode, c.start_text, c.end_text, c.start_day, c.end_day," \
    " c.days_tenths, c.check_in_at, c.opening_at, c.closing_at, c.official_connection_at, c.arrive_before_minutes," \
    " c.online_system, c.online_url, c.meeting_id, c.passcode, c.learners_min, c.learners_max, c.classes_min," \
    " c.classes_max, c.state, c.state_reason, c.sequence, c.changed_at, c.changed_by_id"

/* One sees the class whose paper one sees: at or above its issuer, or where it was delivered and above (document.h). */
#define COURSE_SEEN                                                                                    \
    "(EXISTS (SELECT 1 FROM unit u WHERE u.id = c.issuer_unit_id AND u.path >= $1 AND u.path < $2)"    \
    " OR EXISTS (SELECT 1 FROM document_delivery d WHERE d.document_id = c.id AND d.unit_path >= $1 AND d.unit_path < $2))"

static int32_t day_or_none(int64_t day)
{
    return day == 0 ? DAY_NONE : (int32_t)day;
}

static struct course course_from_row(struct rows *row)
{
    struct course c = { .id = rows_i64(row) };
    c.issuer_unit_id = rows_i64(row);
    c.issuer_name = rows_str(row);
    c.source = rows_str(row);
    c.title = rows_str(row);
    c.mode = rows_str(row);
    c.start_text = rows_str(row);
    c.end_text = rows_str(row);
    c.start_day = day_or_none(rows_i64(row));
    c.end_day = day_or_none(rows_i64(row));
    c.days_tenths = rows_i64(row);
    c.check_in_at = rows_i64(row);
    c.opening_at = rows_i64(row);
    c.closing_at = rows_i64(row);
    c.official_connection_at = rows_i64(row);
    c.arrive_before_minutes = rows_i64(row);
    c.online_system = rows_str(row);
    c.online_url = rows_str(row);
    c.meeting_id = rows_str(row);
    c.passcode = rows_str(row);
    c.learners.min = rows_i64(row);
    c.learners.max = rows_i64(row);
    c.classes.min = rows_i64(row);
    c.classes.max = rows_i64(row);
    c.is_withdrawn = str_eq(rows_str(row), STR("withdrawn"));
    c.state_reason = rows_str(row);
    c.sequence = rows_i64(row);
    c.changed_at = rows_i64(row);
    c.changed_by_id = rows_i64(row);
    return c;
}

static enum err take_courses(struct ctx *cx, struct rows *rows, size_t max, struct course_list *ret_list)
{
    struct course_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct course, max) };
    while (list.len < max && rows_next(rows))
        list.at[list.len++] = course_from_row(rows);
    TRY(rows_end(rows));
    *ret_list = list;
    return OK;
}

static enum err the_one(struct ctx *cx, struct rows *rows, struct course *ret_course)
{
    struct course_list list = { .len = 0 };
    TRY(take_courses(cx, rows, 1, &list));
    if (list.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy lớp này");
    *ret_course = list.at[0];
    return OK;
}

enum err course_get(struct ctx *cx, int64_t course_id, struct course *ret_course)
{
    SQL(find, "SELECT " COURSE_COLUMNS " FROM course c WHERE c.id = $3 AND " COURSE_SEEN);
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &find, BIND(V(scope->path_lo), V(scope->path_hi), V(course_id)));
    return the_one(cx, &rows, ret_course);
}

enum err course_list(struct ctx *cx, struct course_list *ret_list)
{
    SQL(list, "/*scan*/ SELECT " COURSE_COLUMNS " FROM course c WHERE " COURSE_SEEN
              " ORDER BY c.start_day DESC, c.id DESC LIMIT $3");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows =
        db_rows(cx, &list, BIND(V(scope->path_lo), V(scope->path_hi), V((int64_t)COURSE_LIST_MAX)));
    return take_courses(cx, &rows, COURSE_LIST_MAX, ret_list);
}

enum err course_get_upper(struct ctx *cx, int64_t course_id, struct course *ret_course)
{
    SQL(find, "SELECT " COURSE_COLUMNS " FROM document_relation r JOIN course c ON c.id = r.to_document_id"
              " WHERE r.document_id = $3 AND r.relation = 'carries_out' AND " COURSE_SEEN " ORDER BY r.ordinal LIMIT 1");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &find, BIND(V(scope->path_lo), V(scope->path_hi), V(course_id)));
    return the_one(cx, &rows, ret_course);
}

enum err course_list_lower(struct ctx *cx, int64_t course_id, struct course_list *ret_list)
{
    SQL(list, "SELECT " COURSE_COLUMNS " FROM document_relation r JOIN course c ON c.id = r.document_id"
              " WHERE r.to_document_id = $3 AND r.relation = 'carries_out' AND " COURSE_SEEN
              " ORDER BY c.issuer_name, c.id LIMIT $4");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &list,
                               BIND(V(scope->path_lo), V(scope->path_hi), V(course_id), V((int64_t)COURSE_LIST_MAX)));
    return take_courses(cx, &rows, COURSE_LIST_MAX, ret_list);
}

enum err course_list_of_unit(struct ctx *cx, int64_t unit_id, struct course_list *ret_list)
{
    SQL(list, "/*scan*/ SELECT " COURSE_COLUMNS " FROM course c WHERE c.issuer_unit_id = $1 OR EXISTS (SELECT 1"
              " FROM document_delivery d WHERE d.document_id = c.id AND d.unit_id = $1)"
              " ORDER BY c.start_day DESC, c.id DESC LIMIT $2");
    struct rows rows = db_rows(cx, &list, BIND(V(unit_id), V((int64_t)COURSE_LIST_MAX)));
    return take_courses(cx, &rows, COURSE_LIST_MAX, ret_list);
}

/* ---- A course with its lists ---- */

/* A list grows as rows come; a class has few of most things and the limit is far. */
static void *grow(struct ctx *cx, void *at, size_t len, size_t item_bytes)
{
    bool is_full = len == 0 || (len >= 8 && (len & (len - 1)) == 0);
    if (!is_full)
        return at;
    char *more = arena_alloc_array(&cx->arena, len == 0 ? 8 : len * 2, item_bytes);
    if (len > 0)
        memcpy(more, at, len * item_bytes);
    return more;
}
#define TAKE(whole, list, ...)                                                                         \
    do {                                                                                               \
        (whole)->list = grow(cx, (whole)->list, (whole)->list##_len, sizeof *(whole)->list);           \
        (whole)->list[(whole)->list##_len++] = __VA_ARGS__;                                            \
    } while (0)

enum err course_read_sessions(struct ctx *cx, int64_t course_id, struct course_whole *whole)
{
    SQL(list_sessions, "SELECT day, half, from_minute, to_minute FROM course_session WHERE course_id = $1"
                       " ORDER BY ordinal LIMIT 1000");
    struct rows rows = db_rows(cx, &list_sessions, BIND(V(course_id)));
    while (rows_next(&rows)) {
        struct course_session s = { .day = (int32_t)rows_i64(&rows) };
        struct str half = rows_str(&rows);
        s.half = str_eq(half, STR("morning"))   ? COURSE_MORNING :
                 str_eq(half, STR("afternoon")) ? COURSE_AFTERNOON :
                                                  COURSE_EVENING;
        s.from_minute = (int)rows_i64(&rows);
        s.to_minute = (int)rows_i64(&rows);
        TAKE(whole, sessions, s);
    }
    return rows_end(&rows);
}

static enum err read_days(struct ctx *cx, struct course_whole *whole)
{
    SQL(list_tests, "SELECT at FROM course_connection_test WHERE course_id = $1 ORDER BY ordinal LIMIT 1000");
    struct rows rows = db_rows(cx, &list_tests, BIND(V(whole->course.id)));
    while (rows_next(&rows))
        TAKE(whole, tests, rows_i64(&rows));
    TRY(rows_end(&rows));
    return course_read_sessions(cx, whole->course.id, whole);
}

static struct plan_count count_from_row(struct rows *row)
{
    struct plan_count count = { .min = rows_i64(row) };
    count.max = rows_i64(row);
    return count;
}

static enum err read_programmes(struct ctx *cx, struct course_whole *whole)
{
    SQL(list_programmes, "SELECT number, title, audience, learners_min, learners_max, classes_min, classes_max"
                         " FROM course_programme WHERE course_id = $1 ORDER BY number LIMIT 1000");
    SQL(list_venues, "SELECT programme, place, classes, batches FROM course_venue WHERE course_id = $1"
                     " ORDER BY ordinal LIMIT 1000");
    SQL(list_runs, "SELECT programme, label, start_day, end_day, place, learners_min, learners_max FROM course_run"
                   " WHERE course_id = $1 ORDER BY ordinal LIMIT 1000");
    int64_t id = whole->course.id;
    struct rows rows = db_rows(cx, &list_programmes, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_programme p = { .number = rows_i64(&rows) };
        p.title = rows_str(&rows);
        p.audience = rows_str(&rows);
        p.learners = count_from_row(&rows);
        p.classes = count_from_row(&rows);
        TAKE(whole, programmes, p);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_venues, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_venue v = { .programme = rows_i64(&rows) };
        v.place = rows_str(&rows);
        v.classes = rows_i64(&rows);
        v.batches = rows_i64(&rows);
        TAKE(whole, venues, v);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_runs, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_run r = { .programme = rows_i64(&rows) };
        r.label = rows_str(&rows);
        r.start_day = day_or_none(rows_i64(&rows));
        r.end_day = day_or_none(rows_i64(&rows));
        r.place = rows_str(&rows);
        r.learners = count_from_row(&rows);
        TAKE(whole, runs, r);
    }
    return rows_end(&rows);
}

static enum err read_points(struct ctx *cx, struct course_whole *whole)
{
    SQL(list_topics, "SELECT programme, number, title, speaker, minutes, kind, paragraph FROM course_topic"
                     " WHERE course_id = $1 ORDER BY ordinal LIMIT 1000");
    SQL(list_points, "SELECT ordinal, level, place, chair, paragraph FROM course_point WHERE course_id = $1"
                     " ORDER BY ordinal LIMIT 1000");
    SQL(list_attendees, "SELECT point, text, is_guest FROM course_attendee WHERE course_id = $1 ORDER BY ordinal LIMIT 1000");
    int64_t id = whole->course.id;
    struct rows rows = db_rows(cx, &list_topics, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_topic t = { .programme = rows_i64(&rows) };
        t.number = rows_i64(&rows);
        t.title = rows_str(&rows);
        t.speaker = rows_str(&rows);
        t.minutes = rows_i64(&rows);
        t.kind = rows_str(&rows);
        t.paragraph = rows_i64(&rows);
        TAKE(whole, topics, t);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_points, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_point p = { .ordinal = rows_i64(&rows) };
        p.level = rows_str(&rows);
        p.place = rows_str(&rows);
        p.chair = rows_str(&rows);
        p.paragraph = rows_i64(&rows);
        TAKE(whole, points, p);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_attendees, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_attendee a = { .point = rows_i64(&rows) };
        a.text = rows_str(&rows);
        a.is_guest = rows_i64(&rows) != 0;
        TAKE(whole, attendees, a);
    }
    return rows_end(&rows);
}

static enum err read_quotas(struct ctx *cx, struct course_whole *whole)
{
    SQL(list_quotas, "SELECT unit_text, count_min, count_max, is_each, bound FROM course_quota WHERE course_id = $1"
                     " ORDER BY ordinal LIMIT 1000");
    SQL(list_phases, "SELECT ordinal, name, from_text, to_text FROM course_phase WHERE course_id = $1"
                     " ORDER BY ordinal LIMIT 1000");
    SQL(list_items, "SELECT phase, text, duration FROM course_phase_item WHERE course_id = $1 ORDER BY ordinal LIMIT 1000");
    int64_t id = whole->course.id;
    struct rows rows = db_rows(cx, &list_quotas, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_quota q = { .unit_text = rows_str(&rows) };
        q.count = count_from_row(&rows);
        q.is_each = rows_i64(&rows) != 0;
        q.bound = rows_str(&rows);
        TAKE(whole, quotas, q);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_phases, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_phase p = { .ordinal = rows_i64(&rows) };
        p.name = rows_str(&rows);
        p.from = rows_str(&rows);
        p.to = rows_str(&rows);
        TAKE(whole, phases, p);
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &list_items, BIND(V(id)));
    while (rows_next(&rows)) {
        struct course_phase_item i = { .phase = rows_i64(&rows) };
        i.text = rows_str(&rows);
        i.duration = rows_str(&rows);
        TAKE(whole, phase_items, i);
    }
    return rows_end(&rows);
}

static enum err read_lists(struct ctx *cx, struct course_whole *whole)
{
    TRY(read_days(cx, whole));
    TRY(read_programmes(cx, whole));
    TRY(read_points(cx, whole));
    return read_quotas(cx, whole);
}

enum err course_get_whole(struct ctx *cx, int64_t course_id, struct course_whole *ret_course)
{
    struct course_whole whole = { .tests_len = 0 };
    TRY(course_get(cx, course_id, &whole.course));
    TRY(read_lists(cx, &whole));
    *ret_course = whole;
    return OK;
}

enum err course_find(struct ctx *cx, int64_t course_id, struct course *ret_course)
{
    SQL(find, "SELECT " COURSE_COLUMNS " FROM course c WHERE c.id = $1");
    struct rows rows = db_rows(cx, &find, BIND(V(course_id)));
    return the_one(cx, &rows, ret_course);
}

enum err course_find_whole(struct ctx *cx, int64_t course_id, struct course_whole *ret_course)
{
    struct course_whole whole = { .tests_len = 0 };
    TRY(course_find(cx, course_id, &whole.course));
    TRY(read_lists(cx, &whole));
    *ret_course = whole;
    return OK;
}

struct url course_url(struct arena *arena, int64_t course_id)
{
    return url_format(arena, "/lop/%lld", (long long)course_id);
}
