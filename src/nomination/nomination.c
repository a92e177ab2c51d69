#include "nomination/nomination_inside.h"

#include "viet/viet.h"

#include <string.h>

/* ---- Quotas ---- */

#define QUOTA_COLUMNS                                                                                  \
    "q.id, q.course_id, q.root_id, q.issuer_unit_id, q.unit_text, q.place, q.paragraph, q.seats_min, q.seats_max, q.bound," \
    " q.is_each, q.is_unassigned, q.state, q.taken"

static enum nomination_bound bound_of(struct str stored)
{
    if (str_eq(stored, STR("max")))
        return NOMINATION_AT_MOST;
    if (str_eq(stored, STR("min")))
        return NOMINATION_AT_LEAST;
    return str_eq(stored, STR("open")) ? NOMINATION_UNCAPPED : NOMINATION_EXACT;
}

static struct quota_row quota_from_row(struct rows *row)
{
    struct quota_row q = { .quota = { .id = rows_i64(row) } };
    q.quota.course_id = rows_i64(row);
    q.quota.root_id = rows_i64(row);
    q.issuer_unit_id = rows_i64(row);
    q.quota.text = rows_str(row);
    q.quota.place = rows_str(row);
    q.quota.paragraph = rows_i64(row);
    q.quota.seats_min = rows_i64(row);
    q.quota.seats_max = rows_i64(row);
    q.quota.bound = bound_of(rows_str(row));
    q.quota.is_each = rows_i64(row) != 0;
    q.quota.is_unassigned = rows_i64(row) != 0;
    q.is_withdrawn = str_eq(rows_str(row), STR("withdrawn"));
    q.quota.taken = rows_i64(row);
    return q;
}

enum err quota_find(struct ctx *cx, int64_t quota_id, struct quota_row *ret_quota)
{
    SQL(find, "SELECT " QUOTA_COLUMNS " FROM nomination_quota q WHERE q.id = $1");
    struct quota_row found = { .quota = { .id = 0 } };
    struct rows rows = db_rows(cx, &find, BIND(V(quota_id)));
    if (rows_next(&rows))
        found = quota_from_row(&rows);
    TRY(rows_end(&rows));
    if (found.quota.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy chỉ tiêu này");
    *ret_quota = found;
    return OK;
}

static enum err take_quotas(struct ctx *cx, struct rows *rows, struct nomination_quotas *ret_list)
{
    struct nomination_quotas list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct nomination_quota, COURSE_ROWS_MAX) };
    while (list.len < COURSE_ROWS_MAX && rows_next(rows))
        list.at[list.len++] = quota_from_row(rows).quota;
    TRY(rows_end(rows));
    *ret_list = list;
    return OK;
}

enum err nomination_list_quotas_of_unit(struct ctx *cx, int64_t root_id, int64_t unit_id, struct nomination_quotas *ret_list)
{
    SQL(list, "SELECT q.id, q.course_id, q.root_id, q.issuer_unit_id, q.unit_text, q.place, q.paragraph, q.seats_min,"
              " q.seats_max, q.bound, q.is_each, q.is_unassigned, q.state,"
              " CASE WHEN q.is_each = 1 THEN r.names ELSE q.taken END FROM nomination_roster r"
              " JOIN nomination_quota q ON q.id = r.quota_id WHERE r.root_id = $1 AND r.unit_id = $2"
              " AND q.state = 'in_force' ORDER BY q.id LIMIT 1000");
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, unit_id, &unit));
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(unit_id)));
    return take_quotas(cx, &rows, ret_list);
}

enum err nomination_list_quotas(struct ctx *cx, int64_t course_id, struct nomination_quotas *ret_list)
{
    SQL(list, "SELECT " QUOTA_COLUMNS " FROM nomination_quota q WHERE q.course_id = $1 AND q.state = 'in_force'"
              " ORDER BY q.id LIMIT 1000");
    struct course course = { .id = 0 };
    TRY(course_get(cx, course_id, &course));
    struct rows rows = db_rows(cx, &list, BIND(V(course_id)));
    return take_quotas(cx, &rows, ret_list);
}

struct str quota_seats_words(struct arena *arena, const struct nomination_quota *quota)
{
    struct str max = viet_count(arena, quota->seats_max);
    switch (quota->bound) {
    case NOMINATION_EXACT:
        if (quota->seats_min > 0 && quota->seats_min < quota->seats_max)
            return str_format(arena, "từ " STR_FMT " đến " STR_FMT " đồng chí", STR_ARG(viet_count(arena, quota->seats_min)),
                              STR_ARG(max));
        return str_format(arena, STR_FMT " đồng chí", STR_ARG(max));
    case NOMINATION_AT_MOST:
        return str_format(arena, "tối đa " STR_FMT " đồng chí", STR_ARG(max));
    case NOMINATION_AT_LEAST:
        return str_format(arena, "ít nhất " STR_FMT " đồng chí", STR_ARG(viet_count(arena, quota->seats_min)));
    case NOMINATION_UNCAPPED:
        return STR("toàn thể");
    }
    return STR("");
}

enum err quota_cite(struct ctx *cx, const struct nomination_quota *quota, struct str *ret_words)
{
    struct document document = { .id = 0 };
    TRY(document_find(cx, quota->course_id, &document));
    struct str title = document_title(&cx->arena, &document);
    *ret_words = quota->place.len > 0 ? str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(title), STR_ARG(quota->place)) :
                                        title;
    return OK;
}

/* ---- Rosters ---- */

enum err roster_find(struct ctx *cx, int64_t root_id, int64_t unit_id, int64_t quota_id, struct roster_row *ret_roster)
{
    SQL(find, "SELECT course_id, state, version, names, sent_at FROM nomination_roster WHERE root_id = $1 AND unit_id = $2"
              " AND quota_id = $3");
    struct roster_row found = { .root_id = root_id, .unit_id = unit_id, .quota_id = quota_id, .state = STR("draft") };
    struct rows rows = db_rows(cx, &find, BIND(V(root_id), V(unit_id), V(quota_id)));
    if (rows_next(&rows)) {
        found.is_there = true;
        found.course_id = rows_i64(&rows);
        found.state = rows_str(&rows);
        found.version = rows_i64(&rows);
        found.names = rows_i64(&rows);
        found.sent_at = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_roster = found;
    return OK;
}

/* The paper's own deadline for lists; of several the first. 0 when it sets none. */
static enum err due_of(struct ctx *cx, int64_t course_id, int64_t *ret_due_at)
{
    SQL(find, "SELECT MIN(due_at) FROM obligation WHERE document_id = $1 AND closes_by = 'roster_sent' AND state = 'in_force'");
    return db_i64(cx, &find, BIND(V(course_id)), ret_due_at);
}

enum err nomination_get_roster(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id,
                               struct nomination_roster *ret_roster)
{
    SQL(find, "SELECT r.course_id, r.state, r.version, r.approved_at, r.sent_at, COALESCE(a.name, ''), COALESCE(s.name, ''),"
              " r.names, r.return_reason FROM nomination_roster r LEFT JOIN account a ON a.id = r.approved_account_id"
              " LEFT JOIN account s ON s.id = r.sent_account_id WHERE r.root_id = $1 AND r.unit_id = $2 AND r.quota_id = $3");
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, unit_id, &unit));
    struct nomination_roster roster = { .quota_id = quota_id, .root_id = root_id, .unit_id = unit_id,
                                        .unit_name = unit.full_name };
    int64_t course_id = root_id;
    struct rows rows = db_rows(cx, &find, BIND(V(root_id), V(unit_id), V(quota_id)));
    bool is_there = rows_next(&rows);
    if (is_there) {
        course_id = rows_i64(&rows);
        struct str state = rows_str(&rows);
        roster.state = str_eq(state, STR("sent"))     ? NOMINATION_SENT :
                       str_eq(state, STR("approved")) ? NOMINATION_APPROVED :
                                                        NOMINATION_DRAFT;
        roster.version = rows_i64(&rows);
        roster.approved_at = rows_i64(&rows);
        roster.sent_at = rows_i64(&rows);
        roster.approved_by = rows_str(&rows);
        roster.sent_by = rows_str(&rows);
        roster.names = rows_i64(&rows);
        roster.return_reason = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_there && quota_id != 0)
        return fail(cx, ERR_NOT_FOUND, "Đơn vị không được giao chỉ tiêu này");
    TRY(due_of(cx, course_id, &roster.due_at));
    *ret_roster = roster;
    return OK;
}

/* ---- Names ---- */

enum err name_find(struct ctx *cx, int64_t name_id, struct name_row *ret_name)
{
    SQL(find, "SELECT id, root_id, unit_id, quota_id, person_id, learner_id, title, is_in_force, is_sent, replaced_by_id"
              " FROM nomination_name WHERE id = $1");
    struct name_row found = { .id = 0 };
    struct rows rows = db_rows(cx, &find, BIND(V(name_id)));
    if (rows_next(&rows)) {
        found.id = rows_i64(&rows);
        found.root_id = rows_i64(&rows);
        found.unit_id = rows_i64(&rows);
        found.quota_id = rows_i64(&rows);
        found.person_id = rows_i64(&rows);
        found.learner_id = rows_i64(&rows);
        found.title = rows_str(&rows);
        found.is_in_force = rows_i64(&rows) != 0;
        found.is_sent = rows_i64(&rows) != 0;
        found.replaced_by_id = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    if (found.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tên này trong danh sách");
    *ret_name = found;
    return OK;
}

static struct nomination_name name_from_row(struct rows *row)
{
    struct nomination_name n = { .id = rows_i64(row) };
    n.learner_id = rows_i64(row);
    n.person_id = rows_i64(row);
    n.quota_id = rows_i64(row);
    n.unit_id = rows_i64(row);
    n.unit_name = rows_str(row);
    n.full_name = rows_str(row);
    n.family = rows_str(row);
    n.middle = rows_str(row);
    n.given = rows_str(row);
    n.title = rows_str(row);
    bool has_birth_day = !rows_is_null(row);
    int64_t birth_day = rows_i64(row);
    n.birth_day = has_birth_day ? (int32_t)birth_day : DAY_NONE;
    n.sex = rows_str(row);
    n.is_in_force = rows_i64(row) != 0;
    n.is_widened = rows_i64(row) != 0;
    n.is_double = rows_i64(row) > 1;
    n.double_reason = rows_str(row);
    n.replaced_by_id = rows_i64(row);
    n.reason = rows_str(row);
    n.at = rows_i64(row);
    n.ended_at = rows_i64(row);
    n.code_version = rows_i64(row);
    return n;
}

enum err nomination_list_names(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, bool with_former,
                               struct nomination_names *ret_list)
{
    SQL(list_of_roster, "SELECT n.id, n.learner_id, n.person_id, n.quota_id, n.unit_id, u.full_name, p.full_name, p.family, p.middle,"
              " p.given, n.title, p.birth_day, p.sex, n.is_in_force, n.is_widened, l.names, n.double_reason,"
              " n.replaced_by_id, n.reason, n.at, n.ended_at, l.code_version FROM nomination_name n"
              " JOIN nomination_learner l ON l.id = n.learner_id JOIN person p ON p.id = n.person_id"
              " JOIN unit u ON u.id = n.unit_id WHERE n.root_id = $1 AND n.unit_id = $2 AND n.quota_id = $3"
              " AND (n.is_in_force = 1 OR $4 = 1) ORDER BY n.is_in_force DESC, p.sort_key, n.id LIMIT $5");
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, unit_id, &unit));
    enum { FORMER_MAX = 2 * NOMINATION_ROSTER_MAX };
    struct nomination_names list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct nomination_name, FORMER_MAX) };
    struct rows rows = db_rows(cx, &list_of_roster, BIND(V(root_id), V(unit_id), V(quota_id), V((int64_t)with_former),
                                               V((int64_t)FORMER_MAX)));
    while (list.len < FORMER_MAX && rows_next(&rows))
        list.at[list.len++] = name_from_row(&rows);
    TRY(rows_end(&rows));
    *ret_list = list;
    return OK;
}

/* ---- Lists of a unit's own ---- */

bool is_keeper(struct ctx *cx, const struct unit *unit)
{
    const struct actor *actor = cx->actor;
    struct unit own = { .id = 0 };
    if (!unit_scope_holds(&actor->scope, unit->path))
        return false;
    if (actor->kind == ACTOR_PROGRAM || actor->unit_id == unit->id)
        return true;
    /* One office does the paper work of a whole commune; a province's bodies each keep their own lists. */
    return str_eq(unit->level, STR("commune")) && actor->unit_id != 0 && unit_find(cx, actor->unit_id, &own) == OK &&
           own.place_id == unit->place_id;
}

static bool says(struct str folded, const char *words)
{
    return str_find(folded, str_from(words)) < folded.len;
}

/* "... các địa phương có thể mở rộng thành phần tham dự" (GM-QN II.2.2, 09-KH/TU IV.3): points alone are not attendance. */
static bool widens(struct arena *arena, struct str text)
{
    struct str folded = viet_fold(arena, text);
    return says(folded, "mo rong") &&
           (says(folded, "thanh phan") || says(folded, "doi tuong") || says(folded, "nguoi du"));
}

static enum err read_extension(struct ctx *cx, int64_t course_id, struct own_list *own)
{
    SQL(list, "SELECT ordinal, place, text FROM document_paragraph WHERE document_id = $1 ORDER BY ordinal LIMIT 1000");
    struct rows rows = db_rows(cx, &list, BIND(V(course_id)));
    while (!own->is_extensible && rows_next(&rows)) {
        int64_t ordinal = rows_i64(&rows);
        struct str place = rows_str(&rows);
        if (!widens(&cx->arena, rows_str(&rows)))
            continue;
        own->is_extensible = true;
        own->document_id = course_id;
        own->paragraph = ordinal;
        own->place = place;
    }
    return rows_end(&rows);
}

/* What the paper says of those who come to the points of this level. */
static enum err read_audience(struct ctx *cx, int64_t course_id, struct str level, struct own_list *own, bool *ret_has_point)
{
    SQL(list, "SELECT COALESCE(a.text, '') FROM course_point p LEFT JOIN course_attendee a ON a.course_id = p.course_id"
              " AND a.point = p.ordinal AND a.is_guest = 0 WHERE p.course_id = $1 AND p.level = $2"
              " ORDER BY p.ordinal, a.ordinal LIMIT 1");
    struct rows rows = db_rows(cx, &list, BIND(V(course_id), V(level)));
    if (rows_next(&rows)) {
        *ret_has_point = true;
        struct str audience = rows_str(&rows);
        own->audience = own->audience.len > 0 ? own->audience : audience;
    }
    return rows_end(&rows);
}

static enum err is_delivered(struct ctx *cx, int64_t course_id, int64_t root_id, int64_t unit_id, bool *ret_is)
{
    SQL(count, "SELECT COUNT(*) FROM document_delivery WHERE (document_id = $1 OR document_id = $2) AND unit_id = $3");
    int64_t count_of = 0;
    TRY(db_i64(cx, &count, BIND(V(course_id), V(root_id), V(unit_id)), &count_of));
    *ret_is = count_of > 0;
    return OK;
}

enum err own_list_find(struct ctx *cx, int64_t root_id, const struct unit *unit, struct own_list *ret_own)
{
    SQL(count_quotas, "SELECT COUNT(*) FROM nomination_quota WHERE course_id = $1 AND state = 'in_force'");
    struct course course = { .id = 0 };
    struct own_list own = { .audience = STR(""), .place = STR("") };
    bool has_point = false;
    bool is_recipient = false;
    int64_t quotas = 0;
    TRY(course_find_for_unit(cx, root_id, unit->path, &course));
    own.course_id = course.id;
    TRY(read_audience(cx, course.id, unit->level, &own, &has_point));
    if (course.id != root_id)
        TRY(read_audience(cx, root_id, unit->level, &own, &has_point));
    TRY(is_delivered(cx, course.id, root_id, unit->id, &is_recipient));
    if (str_eq(unit->level, STR("commune"))) {
        own.is_allowed = has_point || is_recipient;
        TRY(read_extension(cx, course.id, &own));
        if (course.id != root_id)
            TRY(read_extension(cx, root_id, &own));
    } else {
        /* Where a paper gives seats, who has none sends nobody. */
        TRY(db_i64(cx, &count_quotas, BIND(V(course.id)), &quotas));
        own.is_allowed = quotas == 0 && is_recipient;
    }
    *ret_own = own;
    return OK;
}
