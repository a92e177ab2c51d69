#include "point/point_inside.h"

#include "obligation/obligation.h"
#include "viet/viet.h"

/* ---- Reach ---- */

/* Only the place itself: paths below it begin with a hex digit where this ends with '!', which sorts before all of them. */
static struct scope exactly(struct arena *arena, struct str path)
{
    return (struct scope){ path, str_format(arena, STR_FMT "!", STR_ARG(path)) };
}

enum err point_reach(struct ctx *cx, struct scope *ret_reach)
{
    SQL(find_place, "SELECT p.path FROM unit u JOIN unit p ON p.id = u.place_id WHERE u.id = $1");
    const struct actor *actor = cx->actor;
    struct scope none = { STR(""), STR("") };
    struct str place = STR("");
    *ret_reach = none;
    if (actor->kind == ACTOR_LINK || actor->kind == ACTOR_NOBODY)
        return OK;
    *ret_reach = actor->scope;
    if (actor->unit_id == 0)
        return OK;
    struct rows rows = db_rows(cx, &find_place, BIND(V(actor->unit_id)));
    if (rows_next(&rows))
        place = rows_str(&rows);
    TRY(rows_end(&rows));
    if (!unit_scope_holds(&actor->scope, place))
        *ret_reach = exactly(&cx->arena, place);
    return OK;
}

enum err point_reach_in(struct ctx *cx, int64_t area_id, struct scope *ret_reach)
{
    struct unit area = { .id = 0 };
    struct scope reach = { STR(""), STR("") };
    TRY(point_reach(cx, &reach));
    *ret_reach = reach;
    if (area_id == 0)
        return OK;
    if (unit_find(cx, area_id, &area) != OK || !unit_scope_holds(&reach, area.path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy địa bàn này");
    struct scope below = unit_scope(&cx->arena, area.path);
    *ret_reach = str_compare(below.path_hi, reach.path_hi) > 0 ? exactly(&cx->arena, area.path) : below;
    return OK;
}

bool point_is_from_above(const struct ctx *cx, struct str area_path)
{
    const struct scope *scope = &cx->actor->scope;
    return unit_scope_holds(scope, area_path) && scope->path_lo.len < area_path.len;
}

/* ---- Points ---- */

#define POINT_COLUMNS                                                                                  \
    "p.id, p.root_id, p.area_id, u.full_name, p.path, p.level, p.is_main, p.is_closed, p.is_described, p.name, p.room," \
    " p.address, p.kit, p.seats, p.chair_name, p.chair_title, p.technician_name, p.technician_phone, p.test_state," \
    " p.tested_at, p.test_opens_at, p.closed_reason, p.incident_open"

static struct point point_from_row(struct rows *row)
{
    struct point p = { .id = rows_i64(row) };
    p.root_id = rows_i64(row);
    p.area_id = rows_i64(row);
    p.area_name = rows_str(row);
    p.path = rows_str(row);
    p.level = (enum point_level)rows_i64(row);
    p.is_main = rows_i64(row) != 0;
    p.is_closed = rows_i64(row) != 0;
    p.is_described = rows_i64(row) != 0;
    p.name = rows_str(row);
    p.room = rows_str(row);
    p.address = rows_str(row);
    p.kit = rows_str(row);
    p.seats = rows_i64(row);
    p.chair_name = rows_str(row);
    p.chair_title = rows_str(row);
    p.technician_name = rows_str(row);
    p.technician_phone = rows_str(row);
    p.test_state = (enum point_test_state)rows_i64(row);
    p.tested_at = rows_i64(row);
    p.test_opens_at = rows_i64(row);
    p.closed_reason = rows_str(row);
    p.incident_open = rows_i64(row);
    return p;
}

static enum err take_points(struct ctx *cx, struct rows *rows, size_t max, struct point_list *ret_list)
{
    struct point_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct point, max) };
    while (list.len < max && rows_next(rows))
        list.at[list.len++] = point_from_row(rows);
    TRY(rows_end(rows));
    list.total = (int64_t)list.len;
    *ret_list = list;
    return OK;
}

/* What was set for the area itself or the nearest one above it; path_bytes tells how near. */
static enum err find_conference(struct ctx *cx, const struct point *point, struct point_conference_set *ret_set,
                                size_t *ret_path_bytes)
{
    SQL(find, "SELECT c.system_name, c.system_url, c.opens_at FROM point_conference c WHERE c.root_id = $1 AND c.area_id = $2");
    struct unit_list up = { .len = 0 };
    *ret_path_bytes = 0;
    TRY(unit_find_ancestors(cx, point->area_id, &up));
    for (size_t i = up.len; i-- > 0 && *ret_path_bytes == 0;) {
        struct rows rows = db_rows(cx, &find, BIND(V(point->root_id), V(up.at[i].id)));
        if (rows_next(&rows)) {
            ret_set->system_name = rows_str(&rows);
            ret_set->system_url = rows_str(&rows);
            ret_set->opens_at = rows_i64(&rows);
            *ret_path_bytes = up.at[i].path.len;
        }
        TRY(rows_end(&rows));
    }
    return OK;
}

/* The paper that speaks for the area, and what was set by hand: the nearer one, by hand when both are equally near. */
enum err point_read_system(struct ctx *cx, struct point *point)
{
    struct point_conference_set set = { .opens_at = 0 };
    struct course course = { .id = 0 };
    struct unit issuer = { .id = 0 };
    struct unit place = { .id = 0 };
    size_t set_bytes = 0;
    TRY(course_find_for_unit(cx, point->root_id, point->path, &course));
    TRY(unit_find(cx, course.issuer_unit_id, &issuer));
    TRY(unit_find(cx, issuer.place_id, &place));
    TRY(find_conference(cx, point, &set, &set_bytes));
    point->system_name = course.online_system;
    point->system_url = course.online_url;
    point->system_opens_at = course.official_connection_at;
    if (set_bytes >= place.path.len) {
        point->system_name = set.system_name;
        point->system_url = set.system_url;
        point->system_opens_at = set.opens_at ? set.opens_at : course.official_connection_at;
    }
    return OK;
}

enum err point_find(struct ctx *cx, int64_t point_id, struct point *ret_point)
{
    SQL(find, "SELECT " POINT_COLUMNS " FROM point p JOIN unit u ON u.id = p.area_id WHERE p.id = $1");
    struct point_list list = { .len = 0 };
    struct rows rows = db_rows(cx, &find, BIND(V(point_id)));
    TRY(take_points(cx, &rows, 1, &list));
    if (list.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy điểm cầu này");
    *ret_point = list.at[0];
    return OK;
}

enum err point_get(struct ctx *cx, int64_t point_id, struct point *ret_point)
{
    struct point point = { .id = 0 };
    struct scope reach = { STR(""), STR("") };
    TRY(point_find(cx, point_id, &point));
    TRY(point_reach(cx, &reach));
    if (!unit_scope_holds(&reach, point.path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy điểm cầu này");
    *ret_point = point;
    return OK;
}

enum err point_list_of_area(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_list *ret_list)
{
    enum { AREA_MAX = 200 };
    SQL(list, "SELECT " POINT_COLUMNS " FROM point p JOIN unit u ON u.id = p.area_id WHERE p.area_id = $1 AND p.root_id = $2"
              " AND p.path >= $3 AND p.path < $4 ORDER BY p.id LIMIT $5");
    struct scope reach = { STR(""), STR("") };
    TRY(point_reach(cx, &reach));
    struct rows rows = db_rows(cx, &list, BIND(V(area_id), V(root_id), V(reach.path_lo), V(reach.path_hi), V((int64_t)AREA_MAX)));
    TRY(take_points(cx, &rows, AREA_MAX, ret_list));
    for (size_t i = 0; i < ret_list->len; i++) {
        struct point *point = &ret_list->at[i];
        if (i == 0)
            TRY(point_read_system(cx, point));
        point->system_name = ret_list->at[0].system_name;
        point->system_url = ret_list->at[0].system_url;
        point->system_opens_at = ret_list->at[0].system_opens_at;
    }
    return OK;
}

/* The area's name is looked at only when a name is asked for: a count walks the points alone. */
#define POINT_MATCHES                                                                                  \
    " WHERE p.root_id = $1 AND p.path >= $2 AND p.path < $3"                                           \
    " AND p.is_closed = 0 AND ($4 < 0 OR p.test_state = $4) AND ($5 = 0 OR p.incident_open > 0)"        \
    " AND ($8 = 0 OR p.is_described = 0)"                                                              \
    " AND ($6 = 0 OR (p.level > 0 AND NOT EXISTS (SELECT 1 FROM point_report r WHERE r.root_id = p.root_id" \
    " AND r.area_id = p.area_id)))"                                                                    \
    " AND ($7 = '%' OR p.fold LIKE $7 ESCAPE '\\' OR EXISTS (SELECT 1 FROM unit a WHERE a.id = p.area_id"  \
    " AND a.fold LIKE $7 ESCAPE '\\'))"

static int64_t test_state_asked(struct str test)
{
    static const char *const states[] = { [POINT_UNTESTED] = "untested", [POINT_PASSED] = "passed", [POINT_FAILED] = "failed" };
    for (size_t i = 0; i < LEN(states); i++) {
        if (str_eq(test, str_from(states[i])))
            return (int64_t)i;
    }
    return -1;
}

enum err point_search(struct ctx *cx, const struct point_filter *filter, struct point_list *ret_list)
{
    SQL(count, "SELECT COUNT(*) FROM point p" POINT_MATCHES);
    SQL(list, "SELECT " POINT_COLUMNS " FROM point p JOIN unit u ON u.id = p.area_id" POINT_MATCHES " ORDER BY p.path, p.id LIMIT $9 OFFSET $10");
    struct scope reach = { STR(""), STR("") };
    TRY(point_reach_in(cx, filter->area_id, &reach));
    int64_t limit = filter->limit < 1 || filter->limit > POINT_LIST_MAX ? POINT_LIST_MAX : filter->limit;
    int64_t offset = filter->offset < 0 ? 0 : filter->offset;
    struct str folded = viet_fold(&cx->arena, filter->text);
    struct str like = folded.len > 0 ? viet_like_word(&cx->arena, folded) : STR("%");
    int64_t state = test_state_asked(filter->test);
    int64_t total = 0;
    TRY(db_i64(cx, &count, BIND(V(filter->root_id), V(reach.path_lo), V(reach.path_hi), V(state),
                                V((int64_t)filter->only_troubled), V((int64_t)filter->only_silent), V(like),
                                V((int64_t)filter->only_undescribed)), &total));
    struct rows rows = db_rows(cx, &list, BIND(V(filter->root_id), V(reach.path_lo), V(reach.path_hi), V(state),
                                               V((int64_t)filter->only_troubled), V((int64_t)filter->only_silent), V(like),
                                               V((int64_t)filter->only_undescribed), V(limit), V(offset)));
    TRY(take_points(cx, &rows, (size_t)limit, ret_list));
    ret_list->total = total;
    return OK;
}

enum err point_class_has_points(struct ctx *cx, int64_t root_id, bool *ret_has)
{
    SQL(find, "SELECT COALESCE(MAX(root_id), 0) FROM point WHERE root_id = $1");
    int64_t found = 0;
    TRY(db_i64(cx, &find, BIND(V(root_id)), &found));
    *ret_has = found > 0;
    return OK;
}

/* ---- Figures ---- */

static const struct {
    const char *kind;
    size_t offset;
} figure_kinds[] = {
    { "point_total", offsetof(struct point_figures, total) },
    { "point_described", offsetof(struct point_figures, described) },
    { "point_closed", offsetof(struct point_figures, closed) },
    { "report_total", offsetof(struct point_figures, reports_total) },
    { "report_sent", offsetof(struct point_figures, reports_sent) },
    { "report_points", offsetof(struct point_figures, report_points) },
    { "report_heads", offsetof(struct point_figures, report_heads) },
    { "test_passed", offsetof(struct point_figures, passed) },
    { "test_failed", offsetof(struct point_figures, failed) },
    { "incident_open", offsetof(struct point_figures, incidents_open) },
    { "incident_total", offsetof(struct point_figures, incidents) },
    { "incident_minutes", offsetof(struct point_figures, minutes) },
};
#define FIGURE_KINDS                                                                                   \
    "('point_total', 'point_described', 'point_closed', 'report_total', 'report_sent', 'report_points', 'report_heads'," \
    " 'test_passed', 'test_failed', 'incident_open', 'incident_total', 'incident_minutes')"

static void take_figure(struct point_figures *figures, struct str kind, int64_t value)
{
    for (size_t i = 0; i < LEN(figure_kinds); i++) {
        if (str_eq(kind, str_from(figure_kinds[i].kind)))
            *(int64_t *)(void *)((char *)figures + figure_kinds[i].offset) = value;
    }
}

enum err point_count(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_figures *ret_figures)
{
    SQL(list, "SELECT kind, value FROM counter WHERE kind IN " FIGURE_KINDS " AND subject_id = $1 AND unit_id = $2");
    struct scope reach = { STR(""), STR("") };
    struct point_figures figures = { .total = 0 };
    TRY(point_reach_in(cx, area_id, &reach));
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(area_id)));
    while (rows_next(&rows)) {
        struct str kind = rows_str(&rows);
        take_figure(&figures, kind, rows_i64(&rows));
    }
    TRY(rows_end(&rows));
    *ret_figures = figures;
    return OK;
}

enum err point_count_below(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_areas *ret_list)
{
    enum { BELOW_MAX = 400 };
    /* CROSS JOIN: a few areas by their index first, then single counters by key. */
    SQL(list, "SELECT u.id, u.full_name, c.kind, c.value FROM unit u CROSS JOIN counter c WHERE u.parent_id = $1"
              " AND u.kind <> 'body' AND c.kind IN " FIGURE_KINDS " AND c.subject_id = $2 AND c.unit_id = u.id"
              " ORDER BY u.code, u.id");
    struct scope reach = { STR(""), STR("") };
    struct point_areas areas = { .at = ARENA_NEW_ARRAY(&cx->arena, struct point_area, BELOW_MAX) };
    TRY(point_reach_in(cx, area_id, &reach));
    struct rows rows = db_rows(cx, &list, BIND(V(area_id), V(root_id)));
    while (rows_next(&rows)) {
        int64_t id = rows_i64(&rows);
        struct str name = rows_str(&rows);
        struct str kind = rows_str(&rows);
        bool is_new = areas.len == 0 || areas.at[areas.len - 1].area_id != id;
        if (is_new && areas.len == BELOW_MAX)
            break;
        if (is_new)
            areas.at[areas.len++] = (struct point_area){ .area_id = id, .name = name };
        take_figure(&areas.at[areas.len - 1].figures, kind, rows_i64(&rows));
    }
    TRY(rows_end(&rows));
    *ret_list = areas;
    return OK;
}

/* ---- Incidents ---- */

#define INCIDENT_COLUMNS                                                                               \
    "i.id, i.point_id, p.name, u.full_name, i.kind, i.from_at, i.to_at, i.minutes_lost, i.words, i.utility, i.correct_reason"
#define INCIDENT_PLACES " FROM point_incident i JOIN point p ON p.id = i.point_id JOIN unit u ON u.id = p.area_id"

static struct point_incident incident_from_row(struct rows *row)
{
    struct point_incident one = { .id = rows_i64(row) };
    one.point_id = rows_i64(row);
    one.point_name = rows_str(row);
    one.area_name = rows_str(row);
    one.kind = rows_str(row);
    one.from_at = rows_i64(row);
    one.to_at = rows_i64(row);
    one.minutes_lost = rows_i64(row);
    one.words = rows_str(row);
    one.utility = rows_str(row);
    one.correct_reason = rows_str(row);
    return one;
}

static enum err take_incidents(struct ctx *cx, struct rows *rows, struct point_incidents *ret_list)
{
    struct point_incidents list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct point_incident, POINT_INCIDENTS_MAX) };
    while (list.len < POINT_INCIDENTS_MAX && rows_next(rows))
        list.at[list.len++] = incident_from_row(rows);
    TRY(rows_end(rows));
    *ret_list = list;
    return OK;
}

enum err point_list_incidents(struct ctx *cx, int64_t root_id, int64_t point_id, int64_t area_id, bool only_open,
                              struct point_incidents *ret_list)
{
    SQL(list_point, "SELECT " INCIDENT_COLUMNS INCIDENT_PLACES " WHERE i.point_id = $1 AND ($2 = 0 OR i.to_at = 0)"
                    " AND p.path >= $3 AND p.path < $4 ORDER BY i.from_at DESC, i.id DESC LIMIT $5");
    SQL(list_class, "SELECT " INCIDENT_COLUMNS INCIDENT_PLACES " WHERE i.root_id = $1 AND ($2 = 0 OR i.to_at = 0)"
                    " AND p.path >= $3 AND p.path < $4 ORDER BY i.from_at DESC, i.id DESC LIMIT $5");
    struct scope reach = { STR(""), STR("") };
    TRY(point_reach_in(cx, area_id, &reach));
    struct rows rows = db_rows(cx, point_id ? &list_point : &list_class,
                               BIND(V(point_id ? point_id : root_id), V((int64_t)only_open), V(reach.path_lo), V(reach.path_hi),
                                    V((int64_t)POINT_INCIDENTS_MAX)));
    return take_incidents(cx, &rows, ret_list);
}

enum err point_get_incident(struct ctx *cx, int64_t incident_id, struct point_incident *ret_incident)
{
    SQL(find, "SELECT " INCIDENT_COLUMNS INCIDENT_PLACES " WHERE i.id = $1 AND p.path >= $2 AND p.path < $3");
    struct scope reach = { STR(""), STR("") };
    struct point_incidents list = { .len = 0 };
    TRY(point_reach(cx, &reach));
    struct rows rows = db_rows(cx, &find, BIND(V(incident_id), V(reach.path_lo), V(reach.path_hi)));
    TRY(take_incidents(cx, &rows, &list));
    if (list.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy sự cố này");
    *ret_incident = list.at[0];
    return OK;
}

/* ---- Reports and tests ---- */

enum err point_list_reports(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_reports *ret_list)
{
    SQL(list, "SELECT r.id, r.at, COALESCE(a.name, ''), r.points, r.heads, r.note, r.due_at, r.standing FROM point_report r"
              " LEFT JOIN account a ON a.id = r.account_id WHERE r.root_id = $1 AND r.area_id = $2 ORDER BY r.id LIMIT $3");
    struct scope reach = { STR(""), STR("") };
    struct point_reports all = { .at = ARENA_NEW_ARRAY(&cx->arena, struct point_report, POINT_REPORTS_MAX) };
    TRY(point_reach_in(cx, area_id, &reach));
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(area_id), V((int64_t)POINT_REPORTS_MAX)));
    while (all.len < POINT_REPORTS_MAX && rows_next(&rows)) {
        struct point_report *r = &all.at[all.len++];
        r->id = rows_i64(&rows);
        r->at = rows_i64(&rows);
        r->by_name = rows_str(&rows);
        r->points = rows_i64(&rows);
        r->heads = rows_i64(&rows);
        r->note = rows_str(&rows);
        r->due_at = rows_i64(&rows);
        r->standing = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = all;
    return OK;
}

enum err point_find_report_deadline(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_deadline *ret_deadline)
{
    /* A few papers, a few obligations, then the bodies of one place: CROSS JOIN keeps SQLite to this order. */
    SQL(find, "SELECT o.id, COALESCE(d.due_at, 0), o.due_words, o.source, o.place FROM point_paper p"
              " CROSS JOIN obligation o CROSS JOIN unit u CROSS JOIN duty d WHERE p.root_id = $1 AND o.document_id = p.course_id"
              " AND o.closes_by = 'points_reported' AND o.state = 'in_force' AND u.place_id = $2 AND d.obligation_id = o.id"
              " AND d.unit_id = u.id AND d.state <> 'withdrawn' ORDER BY COALESCE(d.due_at, 0), o.id LIMIT 1");
    struct point_deadline deadline = { .words = STR("") };
    struct rows rows = db_rows(cx, &find, BIND(V(root_id), V(area_id)));
    if (rows_next(&rows)) {
        deadline.obligation_id = rows_i64(&rows);
        deadline.due_at = rows_i64(&rows);
        deadline.words = rows_str(&rows);
        struct str source = rows_str(&rows);
        struct str place = rows_str(&rows);
        deadline.source = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(source), STR_ARG(place));
    }
    TRY(rows_end(&rows));
    *ret_deadline = deadline;
    return OK;
}

enum err point_list_tests(struct ctx *cx, int64_t point_id, struct point_tests *ret_list)
{
    SQL(list, "SELECT t.id, t.at, COALESCE(a.name, ''), t.how, t.has_passed, t.words, t.rtt_ms, t.rtt_p95_ms, t.loss_permille,"
              " t.down_kbps, t.up_kbps, t.camera, t.microphone, t.echo, t.echo_rtt_ms, t.echo_loss_permille,"
              " CASE WHEN t.at >= p.test_opens_at THEN 1 ELSE 0 END FROM point_test t JOIN point p ON p.id = t.point_id"
              " LEFT JOIN account a ON a.id = t.account_id WHERE t.point_id = $1 ORDER BY t.id DESC LIMIT $2");
    struct point_tests all = { .at = ARENA_NEW_ARRAY(&cx->arena, struct point_test, POINT_TESTS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(point_id), V((int64_t)POINT_TESTS_MAX)));
    while (all.len < POINT_TESTS_MAX && rows_next(&rows)) {
        struct point_test *t = &all.at[all.len++];
        t->id = rows_i64(&rows);
        t->at = rows_i64(&rows);
        t->by_name = rows_str(&rows);
        t->said.how = rows_str(&rows);
        t->said.result = rows_i64(&rows) ? STR("passed") : STR("failed");
        t->said.words = rows_str(&rows);
        t->said.rtt_ms = rows_i64(&rows);
        t->said.rtt_p95_ms = rows_i64(&rows);
        t->said.loss_permille = rows_i64(&rows);
        t->said.down_kbps = rows_i64(&rows);
        t->said.up_kbps = rows_i64(&rows);
        t->said.camera = rows_str(&rows);
        t->said.microphone = rows_str(&rows);
        t->said.echo = rows_str(&rows);
        t->said.echo_rtt_ms = rows_i64(&rows);
        t->said.echo_loss_permille = rows_i64(&rows);
        t->counts = rows_i64(&rows) != 0;
    }
    TRY(rows_end(&rows));
    *ret_list = all;
    return OK;
}

/* ---- What papers let and ask ---- */

enum err point_may_add(struct ctx *cx, int64_t root_id, int64_t area_id, bool *ret_may, struct str *ret_place)
{
    SQL(list, "SELECT u.path, p.may_add, c.source, p.may_add_place FROM point_paper p JOIN unit u ON u.id = p.area_id"
              " JOIN course c ON c.id = p.course_id WHERE p.root_id = $1 AND p.is_in_force = 1 ORDER BY p.course_id");
    struct unit area = { .id = 0 };
    bool may = false;
    struct str place = STR("");
    TRY(unit_find(cx, area_id, &area));
    struct rows rows = db_rows(cx, &list, BIND(V(root_id)));
    while (rows_next(&rows)) {
        bool holds = str_starts(area.path, rows_str(&rows));
        bool lets = rows_i64(&rows) != 0;
        struct str source = rows_str(&rows);
        struct str where = rows_str(&rows);
        if (holds && lets) {
            may = true;
            place = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(source), STR_ARG(where));
        }
    }
    TRY(rows_end(&rows));
    *ret_may = may;
    *ret_place = place;
    return OK;
}

/* What was set for the area or the nearest above it; the numbers of whoever set any further up stand in. */
static enum err find_campaign(struct ctx *cx, const struct point *point, struct point_turn *turn)
{
    SQL(find, "SELECT running_max, turn_minutes FROM point_campaign WHERE root_id = $1 AND area_id = $2");
    struct unit_list up = { .len = 0 };
    turn->running_max = POINT_RUNNING_DEFAULT;
    turn->turn_minutes = POINT_TURN_MINUTES_DEFAULT;
    TRY(unit_find_ancestors(cx, point->area_id, &up));
    for (size_t i = 0; i < up.len; i++) {
        struct rows rows = db_rows(cx, &find, BIND(V(point->root_id), V(up.at[i].id)));
        if (rows_next(&rows)) {
            turn->running_max = rows_i64(&rows);
            turn->turn_minutes = rows_i64(&rows);
        }
        TRY(rows_end(&rows));
    }
    return OK;
}

/*
 * The points of the class stand in the order of paths: the hub, then province by province its own and its communes'. The
 * group is that of the whole class, not of the province: provinces that name the same hour still come one after another.
 */
enum err point_find_turn(struct ctx *cx, const struct point *point, struct point_turn *ret_turn)
{
    SQL(count_before, "SELECT COUNT(*) FROM point WHERE root_id = $1 AND is_closed = 0 AND (path < $2 OR (path = $2 AND id < $3))");
    struct point_turn turn = { .opens_at = point->test_opens_at };
    int64_t before = 0;
    TRY(find_campaign(cx, point, &turn));
    TRY(db_i64(cx, &count_before, BIND(V(point->root_id), V(point->path), V(point->id)), &before));
    turn.ordinal = before / turn.running_max;
    if (turn.opens_at != 0) {
        turn.from_at = turn.opens_at + turn.ordinal * turn.turn_minutes * 60000;
        turn.to_at = turn.from_at + turn.turn_minutes * 60000;
    }
    *ret_turn = turn;
    return OK;
}

int64_t point_minutes(int64_t from_at, int64_t to_at)
{
    return to_at <= from_at ? 0 : (to_at - from_at + 30000) / 60000;
}

struct url point_url(struct arena *arena, int64_t point_id)
{
    return url_format(arena, "/diem-cau/%lld", (long long)point_id);
}
