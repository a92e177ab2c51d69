#include "report/class_day.h"

#include "nomination/nomination.h"
#include "roll/roll.h"
#include "store/db.h"
#include "unit/unit.h"

#include <stddef.h>

/* ---- the counters ---- */

static const struct counted {
    struct str kind;
    size_t at;
    bool is_of_session;
} counted[] = {
#define X(name, is_of_session) { STR_INIT(#name), offsetof(struct class_day_numbers, name), is_of_session },
    CLASS_DAY_NUMBER_LIST(X)
#undef X
};

/* What each figure's rows are made of. */
enum { FIGURE_KINDS_MAX = 6 };
static const char *const figure_kinds[CLASS_DAY_FIGURES][FIGURE_KINDS_MAX] = {
    [CLASS_DAY_SEATED] = { "roll_expected", "roll_present", "roll_late", "roll_excused", "roll_absent", "learner_named" },
    [CLASS_DAY_CALLED] = { "point_total", "roll_closed" },
    [CLASS_DAY_LINE] = { "point_total", "test_passed", "test_failed" },
    [CLASS_DAY_REPORT] = { "report_total", "report_sent" },
    [CLASS_DAY_ROSTER] = { "roster_total", "roster_sent" },
    [CLASS_DAY_POINT] = { "point_total", "point_described" },
    [CLASS_DAY_TROUBLE] = { "incident_open", "incident_total" },
};

static int64_t *number_at(struct class_day_numbers *numbers, const struct counted *what)
{
    return (int64_t *)(void *)((char *)numbers + what->at);
}

static const struct counted *find_counted(struct str kind)
{
    for (size_t i = 0; i < LEN(counted); i++)
        if (str_eq(counted[i].kind, kind))
            return &counted[i];
    return NULL;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t class_day_points(const struct class_day_numbers *n)
{
    return n->point_total; /* the room of points counts the open ones */
}

int64_t class_day_seated(const struct class_day_numbers *n)
{
    return n->roll_present + n->roll_late;
}

int64_t class_day_expected(const struct class_day_numbers *n)
{
    return greater(n->roll_expected, n->learner_named);
}

int64_t class_day_unmarked(const struct class_day_numbers *n)
{
    return greater(class_day_expected(n) - class_day_seated(n) - n->roll_excused - n->roll_absent, 0);
}

void class_day_read_figure(const struct class_day_numbers *n, enum class_day_figure figure, int64_t *ret_done, int64_t *ret_all)
{
    *ret_all = class_day_points(n);
    switch (figure) {
    case CLASS_DAY_SEATED:
        *ret_done = class_day_seated(n);
        *ret_all = class_day_expected(n);
        break;
    case CLASS_DAY_CALLED:
        *ret_done = n->roll_closed;
        break;
    case CLASS_DAY_LINE:
        *ret_done = n->test_passed;
        break;
    case CLASS_DAY_REPORT:
        *ret_done = n->report_sent;
        *ret_all = n->report_total;
        break;
    case CLASS_DAY_ROSTER:
        *ret_done = n->roster_sent;
        *ret_all = n->roster_total;
        break;
    case CLASS_DAY_POINT:
        *ret_done = n->point_described;
        break;
    case CLASS_DAY_TROUBLE:
    case CLASS_DAY_FIGURES:
        *ret_done = n->incident_open;
        *ret_all = 0;
        break;
    }
}

/* Everybody is marked: nine in ten in their seats is as it should be, fewer is worth a call. */
static enum state_mark seated_mark(const struct class_day_numbers *n)
{
    int64_t expected = class_day_expected(n);
    if (expected == 0)
        return MARK_NOT_OWED;
    if (n->roll_expected == 0)
        return MARK_UNKNOWN;
    if (class_day_unmarked(n) > 0)
        return MARK_DUE;
    return class_day_seated(n) * 10 >= expected * 9 ? MARK_DONE : MARK_SOON;
}

enum state_mark class_day_mark(const struct class_day_numbers *n, enum class_day_figure figure)
{
    int64_t done = 0;
    int64_t all = 0;
    class_day_read_figure(n, figure, &done, &all);
    if (figure == CLASS_DAY_SEATED)
        return seated_mark(n);
    if (figure == CLASS_DAY_TROUBLE)
        return done > 0 ? MARK_LATE : n->incident_total > 0 ? MARK_DONE : MARK_NOT_OWED;
    if (all == 0)
        return MARK_NOT_OWED;
    if (figure == CLASS_DAY_LINE && n->test_failed > 0)
        return MARK_LATE;
    return done >= all ? MARK_DONE : MARK_DUE;
}

/* ---- half-days ---- */

struct str class_day_session_name(struct arena *arena, const struct course_session *session)
{
    static const struct str halves[] = { STR_INIT("Sáng"), STR_INIT("Chiều"), STR_INIT("Tối") };
    struct civil day = day_to_civil(session->day);
    return str_format(arena, STR_FMT " %d/%d", STR_ARG(halves[session->half]), day.date, day.month);
}

int64_t class_day_session_start(const struct course_session *session)
{
    static const int usual[] = { 7 * 60 + 30, 13 * 60 + 30, 19 * 60 };
    int minute = session->from_minute >= 0 ? session->from_minute : usual[session->half];
    return day_time(session->day, minute / 60, minute % 60);
}

int64_t class_day_session_end(const struct course_session *session)
{
    static const int usual[] = { 11 * 60 + 30, 17 * 60 + 30, 21 * 60 };
    int minute = session->to_minute >= 0 ? session->to_minute : usual[session->half];
    return day_time(session->day, minute / 60, minute % 60);
}

/* The half-day of the moment: the last whose doors are open (an hour before it starts), else the first. */
static int64_t choose_session(const struct ctx *cx, const struct class_day *day, int64_t asked)
{
    enum { DOORS_OPEN_MS = 3600000 };
    int64_t chosen = 0;
    for (size_t i = 0; i < day->sessions_len; i++) {
        const struct course_session *session = &day->sessions[i];
        int64_t key = course_session_key(session->day, session->half);
        if (asked != 0 && key == asked)
            return key;
        if (i == 0 || class_day_session_start(session) - DOORS_OPEN_MS <= cx->now)
            chosen = key;
    }
    return chosen;
}

static enum err take_place(struct ctx *cx, const struct unit *unit, int64_t session_key, struct class_day *day)
{
    day->unit_id = unit->id;
    day->unit_name = unit->full_name;
    day->unit_path = unit->path;
    day->unit_kind = unit_kind_stored(unit->kind);
    TRY(course_find_sessions(cx, day->root_id, unit->path, &day->sessions, &day->sessions_len));
    day->session_key = choose_session(cx, day, session_key);
    return OK;
}

enum err class_day_open_place(struct ctx *cx, int64_t unit_id, struct class_day *day)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    return take_place(cx, &unit, 0, day);
}

enum err class_day_open(struct ctx *cx, int64_t course_id, int64_t unit_id, int64_t session_key, struct class_day *ret_day)
{
    struct class_day day = { .unit_id = unit_id };
    struct unit unit = { .id = 0 };
    bool has_points = false;
    TRY(course_get(cx, course_id, &day.course)); /* narrowed: what one may not see is not found */
    TRY(unit_get(cx, unit_id, &unit));
    if (unit.kind == UNIT_BODY)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy địa bàn này");
    TRY(course_find_root(cx, course_id, &day.root_id));
    TRY(point_class_has_points(cx, day.root_id, &has_points));
    if (!has_points)
        return fail(cx, ERR_NOT_FOUND, "Lớp này không có điểm cầu để theo dõi");
    TRY(take_place(cx, &unit, session_key, &day));
    *ret_day = day;
    return OK;
}

enum err class_day_own_area(struct ctx *cx, int64_t *ret_unit_id)
{
    SQL(find, "SELECT id FROM unit WHERE kind <> 'body' AND path >= $1 AND path < $2 ORDER BY path LIMIT 1");
    enum err err = db_i64(cx, &find, BIND(V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)), ret_unit_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Đơn vị của đồng chí không phụ trách địa bàn nào; xin xem trang Hôm nay");
    return err;
}

/* ---- reading ---- */

/* Each kind is of the class or of one half-day: what stands under the other subject is another thing. */
static void take_number(struct class_day_numbers *numbers, int64_t root_id, struct rows *row)
{
    struct str kind = rows_str(row);
    bool is_of_class = rows_i64(row) == root_id;
    int64_t value = rows_i64(row);
    const struct counted *what = find_counted(kind);
    if (numbers && what && what->is_of_session != is_of_class)
        *number_at(numbers, what) = value;
}

#define EVERY_KIND                                                                                     \
    "('point_total', 'point_closed', 'point_described', 'report_total', 'report_sent', 'report_points',"  \
    " 'report_heads', 'test_passed', 'test_failed', 'roster_total', 'roster_sent', 'learner_named',"   \
    " 'learner_sent', 'incident_open', 'incident_total', 'incident_minutes', 'roll_expected', 'roll_present'," \
    " 'roll_late', 'roll_excused', 'roll_absent', 'roll_walk_in', 'roll_head_count', 'roll_closed', 'roll_conflict')"

static int64_t session_subject(const struct class_day *day, int64_t session_key)
{
    return session_key ? course_session_subject(day->root_id, session_key) : day->root_id;
}

enum err class_day_read_total(struct ctx *cx, const struct class_day *day, int64_t session_key,
                              struct class_day_numbers *ret_total)
{
    SQL(read_own,
        "SELECT c.kind, c.subject_id, c.value FROM counter c WHERE c.unit_id = $1 AND c.subject_id IN ($2, $3)"
        " AND c.kind IN " EVERY_KIND);
    struct class_day_numbers total = { .point_total = 0 };
    struct rows rows = db_rows(cx, &read_own,
                               BIND(V(day->unit_id), V(day->root_id), V(session_subject(day, session_key))));
    while (rows_next(&rows))
        take_number(&total, day->root_id, &rows);
    *ret_total = total;
    return rows_end(&rows);
}

static enum err list_areas(struct ctx *cx, struct class_day *day)
{
    SQL(list_below,
        "SELECT id, code, name FROM unit WHERE parent_id = $1 AND kind <> 'body' AND to_day = $2 ORDER BY code");
    day->rows = ARENA_NEW_ARRAY(&cx->arena, struct class_day_row, CLASS_DAY_ROWS_MAX + 1);
    day->rows_len = 0;
    struct rows rows = db_rows(cx, &list_below, BIND(V(day->unit_id), V((int64_t)UNIT_DAY_OPEN)));
    while (day->rows_len < CLASS_DAY_ROWS_MAX && rows_next(&rows)) {
        struct class_day_row *row = &day->rows[day->rows_len++];
        row->unit_id = rows_i64(&rows);
        row->code = rows_str(&rows);
        row->name = rows_str(&rows);
    }
    return rows_end(&rows);
}

static struct class_day_numbers *numbers_of(struct class_day *day, int64_t unit_id)
{
    for (size_t i = 0; i < day->rows_len; i++)
        if (day->rows[i].unit_id == unit_id)
            return &day->rows[i].numbers;
    return NULL;
}

/* CROSS JOIN keeps SQLite to this order: the few areas by their index, then single counters by key (see report.c). */
static enum err read_rows(struct ctx *cx, struct class_day *day, enum class_day_figure figure)
{
    SQL(read_all,
        "SELECT u.id, c.kind, c.subject_id, c.value FROM unit u CROSS JOIN counter c WHERE u.parent_id = $1"
        " AND u.kind <> 'body' AND c.unit_id = u.id AND c.subject_id IN ($2, $3) AND c.kind IN " EVERY_KIND);
    SQL(read_some,
        "SELECT u.id, c.kind, c.subject_id, c.value FROM unit u CROSS JOIN counter c WHERE u.parent_id = $1"
        " AND u.kind <> 'body' AND c.unit_id = u.id AND c.subject_id IN ($2, $3)"
        " AND c.kind IN ($4, $5, $6, $7, $8, $9)");
    struct rows rows = { .cx = cx };
    int64_t half = session_subject(day, day->session_key);
    if (figure == CLASS_DAY_FIGURES) {
        rows = db_rows(cx, &read_all, BIND(V(day->unit_id), V(day->root_id), V(half)));
    } else {
        struct str kinds[FIGURE_KINDS_MAX];
        for (size_t i = 0; i < FIGURE_KINDS_MAX; i++)
            kinds[i] = figure_kinds[figure][i] ? str_from(figure_kinds[figure][i]) : STR("");
        rows = db_rows(cx, &read_some,
                       BIND(V(day->unit_id), V(day->root_id), V(half), V(kinds[0]), V(kinds[1]), V(kinds[2]), V(kinds[3]),
                            V(kinds[4]), V(kinds[5])));
    }
    while (rows_next(&rows)) {
        struct class_day_numbers *numbers = numbers_of(day, rows_i64(&rows));
        take_number(numbers, day->root_id, &rows);
    }
    return rows_end(&rows);
}

static bool is_read(enum class_day_figure figure, const struct counted *what)
{
    for (size_t i = 0; figure != CLASS_DAY_FIGURES && i < FIGURE_KINDS_MAX; i++)
        if (figure_kinds[figure][i] && str_eq(what->kind, str_from(figure_kinds[figure][i])))
            return true;
    return figure == CLASS_DAY_FIGURES;
}

/* The area's own point stands last among its rows: what its counters hold beyond those below. */
static void add_own_row(struct ctx *cx, struct class_day *day, enum class_day_figure figure)
{
    struct class_day_row own = { .unit_id = day->unit_id, .is_own = true, .numbers = day->total };
    bool has_any = false;
    for (size_t i = 0; i < LEN(counted); i++) {
        int64_t *left = number_at(&own.numbers, &counted[i]);
        if (!is_read(figure, &counted[i]))
            *left = 0;
        for (size_t k = 0; *left != 0 && k < day->rows_len; k++)
            *left -= *number_at(&day->rows[k].numbers, &counted[i]);
        has_any = has_any || *left != 0;
    }
    if (day->rows_len == 0 || !has_any)
        return;
    own.code = str_format(&cx->arena, "%lld-own", (long long)day->unit_id);
    own.name = str_eq(day->unit_kind, STR("nation")) ? STR("Điểm cầu trung tâm") : STR("Điểm cầu cấp tỉnh");
    day->rows[day->rows_len++] = own;
}

enum err class_day_read(struct ctx *cx, struct class_day *day, enum class_day_figure figure)
{
    enum unit_kind kind = UNIT_NATION;
    TRY(class_day_read_total(cx, day, day->session_key, &day->total));
    day->rows_len = 0;
    if (unit_kind_parse(day->unit_kind, &kind) && unit_kind_is_commune(kind))
        return OK; /* nothing below: thousands of these boards are open at once */
    TRY(list_areas(cx, day));
    TRY(read_rows(cx, day, figure));
    add_own_row(cx, day, figure);
    return OK;
}

/* ---- by line ---- */

enum err class_day_sum_lines(struct ctx *cx, const struct class_day *day, struct class_day_line_sum ret_sums[CLASS_DAY_LINES])
{
    SQL(sum,
        "SELECT u.line, c.kind, SUM(c.value) FROM counter c JOIN unit u ON u.id = c.unit_id"
        " WHERE c.kind IN ('roster_total', 'roster_sent', 'learner_named') AND c.subject_id = $1"
        " AND u.kind = 'body' AND u.path >= $2 AND u.path < $3 GROUP BY u.line, c.kind");
    const struct class_day_line_sum names[CLASS_DAY_LINES] = {
        { .line = STR("party"), .name = STR("Khối Đảng") },
        { .line = STR("state"), .name = STR("Khối chính quyền") },
        { .line = STR("council"), .name = STR("Khối Hội đồng nhân dân") },
        { .line = STR("front"), .name = STR("Khối Mặt trận, đoàn thể") },
        { .line = STR(""), .name = STR("Trường chính trị và đơn vị khác") },
    };
    for (size_t i = 0; i < CLASS_DAY_LINES; i++)
        ret_sums[i] = names[i];
    struct scope area = unit_scope(&cx->arena, day->unit_path);
    struct rows rows = db_rows(cx, &sum, BIND(V(day->root_id), V(area.path_lo), V(area.path_hi)));
    while (rows_next(&rows)) {
        struct str line = rows_str(&rows);
        struct str kind = rows_str(&rows);
        int64_t value = rows_i64(&rows);
        size_t at = 0;
        while (at < CLASS_DAY_LINES - 1 && !str_eq(names[at].line, line))
            at++;
        if (str_eq(kind, STR("learner_named")))
            ret_sums[at].named += value;
        else if (str_eq(kind, STR("roster_sent")))
            ret_sums[at].rosters_sent += value;
        else
            ret_sums[at].rosters += value;
    }
    return rows_end(&rows);
}

/* ---- live ---- */

int64_t class_day_stream_subject(int64_t root_id, int64_t session_key, enum class_day_figure figure)
{
    return -(course_session_subject(root_id, session_key) * CLASS_DAY_FIGURES + (int64_t)figure) - 1;
}

/* 3.321, as pages write it. */
static void put_number(struct buf *out, int64_t value)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)value);
    for (int i = 0; i < len; i++) {
        if (i > 0 && digits[i - 1] != '-' && (len - i) % 3 == 0)
            buf_put_char(out, '.');
        buf_put_char(out, digits[i]);
    }
}

static void put_set(struct buf *out, const char *key, int64_t value)
{
    buf_format(out, ",\"%s\":\"", key);
    put_number(out, value);
    buf_put_char(out, '"');
}

static void put_code(struct buf *out, struct str code, const char *what, int64_t value)
{
    buf_format(out, ",\"" STR_FMT ".%s\":\"", STR_ARG(code), what);
    put_number(out, value);
    buf_put_char(out, '"');
}

static void put_live_numbers(struct buf *out, const struct class_day *day, enum class_day_figure figure)
{
    static const char *const keys[CLASS_DAY_FIGURES] = {
#define X(name, address, done, open) #name,
        CLASS_DAY_FIGURE_LIST(X)
#undef X
    };
    for (size_t i = 0; i < CLASS_DAY_FIGURES; i++) {
        int64_t done = 0;
        int64_t all = 0;
        class_day_read_figure(&day->total, (enum class_day_figure)i, &done, &all);
        put_set(out, keys[i], done);
        put_code(out, str_from(keys[i]), "all", all);
    }
#define X(name, is_of_session) put_set(out, #name, day->total.name);
    CLASS_DAY_NUMBER_LIST(X)
#undef X
    put_set(out, "unmarked", class_day_unmarked(&day->total));
    for (size_t i = 0; i < day->rows_len; i++) {
        int64_t done = 0;
        int64_t all = 0;
        class_day_read_figure(&day->rows[i].numbers, figure, &done, &all);
        put_code(out, day->rows[i].code, "done", done);
        put_code(out, day->rows[i].code, "all", all);
    }
}

enum err class_day_render_live(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data)
{
    int64_t rest = -(subject_id + 1);
    enum class_day_figure figure = (enum class_day_figure)(rest % CLASS_DAY_FIGURES);
    int64_t session = rest / CLASS_DAY_FIGURES;
    struct class_day day = { .root_id = session / COURSE_SESSION_SUBJECTS, .unit_id = unit_id,
                             .session_key = session % COURSE_SESSION_SUBJECTS };
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    day.unit_kind = unit_kind_stored(unit.kind);
    TRY(class_day_read(cx, &day, figure));
    buf_format(ret_data, "{\"at\":%lld,\"set\":{\"session\":\"%lld\"", (long long)cx->now, (long long)day.session_key);
    put_live_numbers(ret_data, &day, figure);
    buf_put(ret_data, STR("},\"mark\":{"));
    for (size_t i = 0; i < day.rows_len; i++)
        buf_format(ret_data, "%s\"" STR_FMT "\":\"" STR_FMT "\"", i ? "," : "", STR_ARG(day.rows[i].code),
                   STR_ARG(page_mark_name(class_day_mark(&day.rows[i].numbers, figure))));
    buf_put(ret_data, STR("}}"));
    return OK;
}

/* ---- for programs ---- */

static void put_json_numbers(struct buf *out, struct class_day_numbers *numbers, bool of_sessions)
{
    bool is_first = true;
    for (size_t i = 0; i < LEN(counted); i++) {
        if (counted[i].is_of_session != of_sessions)
            continue;
        buf_format(out, "%s\"" STR_FMT "\":%lld", is_first ? "" : ",", STR_ARG(counted[i].kind),
                   (long long)*number_at(numbers, &counted[i]));
        is_first = false;
    }
}

/* An area comes with its main point's number, so that who reads this can go there. */
static void put_json_areas(struct buf *out, struct class_day *day, bool of_sessions)
{
    buf_format(out, "{\"diem_cau\":%lld,\"tong\":{", (long long)course_main_point(day->root_id, day->unit_id));
    put_json_numbers(out, &day->total, of_sessions);
    buf_put(out, STR("},\"dia_ban\":{"));
    for (size_t i = 0; i < day->rows_len; i++) {
        buf_format(out, "%s\"" STR_FMT "\":{\"id\":%lld,\"diem_cau\":%lld,", i ? "," : "", STR_ARG(day->rows[i].code),
                   (long long)day->rows[i].unit_id, (long long)course_main_point(day->root_id, day->rows[i].unit_id));
        put_json_numbers(out, &day->rows[i].numbers, of_sessions);
        buf_put_char(out, '}');
    }
    buf_put(out, STR("}}"));
}

enum err class_day_write_json(struct ctx *cx, struct class_day *day, struct buf *ret_text)
{
    TRY(class_day_read(cx, day, CLASS_DAY_FIGURES));
    buf_format(ret_text, "{\"lop\":%lld,\"don_vi\":%lld,\"luc\":%lld,\"lop_hoc\":", (long long)day->root_id,
               (long long)day->unit_id, (long long)cx->now);
    put_json_areas(ret_text, day, false);
    buf_put(ret_text, STR(",\"buoi\":{"));
    for (size_t i = 0; i < day->sessions_len; i++) {
        day->session_key = course_session_key(day->sessions[i].day, day->sessions[i].half);
        TRY(class_day_read(cx, day, CLASS_DAY_FIGURES));
        buf_format(ret_text, "%s\"%lld\":", i ? "," : "", (long long)day->session_key);
        put_json_areas(ret_text, day, true);
    }
    buf_put(ret_text, STR("}}\n"));
    return OK;
}
