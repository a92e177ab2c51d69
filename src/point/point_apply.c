#include "point/point_inside.h"

#include "obligation/obligation.h"
#include "viet/viet.h"

/* What apply needs of a point, without the paper's system. */
struct standing {
    int64_t root_id, area_id;
    struct str path;
    int64_t level;
    bool is_closed, is_described;
    int64_t test_state, test_opens_at;
};

static enum err find_standing(struct ctx *cx, int64_t point_id, struct standing *ret_point)
{
    SQL(find, "SELECT root_id, area_id, path, level, is_closed, is_described, test_state, test_opens_at FROM point WHERE id = $1");
    struct rows rows = db_rows(cx, &find, BIND(V(point_id)));
    bool is_found = rows_next(&rows);
    if (is_found) {
        ret_point->root_id = rows_i64(&rows);
        ret_point->area_id = rows_i64(&rows);
        ret_point->path = rows_str(&rows);
        ret_point->level = rows_i64(&rows);
        ret_point->is_closed = rows_i64(&rows) != 0;
        ret_point->is_described = rows_i64(&rows) != 0;
        ret_point->test_state = rows_i64(&rows);
        ret_point->test_opens_at = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    return is_found ? OK : fail(cx, ERR_NOT_FOUND, "Không tìm thấy điểm cầu này");
}

static void count_state(struct ctx *cx, const struct standing *point, int64_t state, int64_t delta)
{
    if (state == POINT_PASSED)
        counter_add(cx, "test_passed", point->root_id, point->path, delta);
    if (state == POINT_FAILED)
        counter_add(cx, "test_failed", point->root_id, point->path, delta);
}

/* All that an open point counts for. */
static void count_open(struct ctx *cx, const struct standing *point, int64_t delta)
{
    counter_add(cx, "point_total", point->root_id, point->path, delta);
    if (point->is_described)
        counter_add(cx, "point_described", point->root_id, point->path, delta);
    count_state(cx, point, point->test_state, delta);
}

/* ---- The register ---- */

enum err point_apply_described(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set, "UPDATE point SET room = $2, address = $3, seats = $4, kit = $5, chair_name = $6, chair_title = $7,"
             " technician_name = $8, technician_phone = $9, is_described = 1 WHERE id = $1");
    const struct point_described *d = body;
    struct standing point = { .root_id = 0 };
    TRY(find_standing(cx, fact->subject_id, &point));
    if (!point.is_described && !point.is_closed)
        counter_add(cx, "point_described", point.root_id, point.path, 1);
    return db_run(cx, &set, BIND(V(fact->subject_id), V(d->room), V(d->address), V(d->seats), V(d->kit), V(d->chair_name),
                                 V(d->chair_title), V(d->technician_name), V(d->technician_phone)));
}

enum err point_apply_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_last, "SELECT COALESCE(MAX(id), 0) FROM point WHERE id >= $1 AND id < $2");
    SQL(insert, "INSERT INTO point (id, root_id, area_id, path, level, is_main, seq, name, fold, room, address, seats, kit,"
                " chair_name, chair_title, technician_name, technician_phone, is_described, is_closed, closed_at, closed_reason,"
                " test_state, tested_at, test_opens_at, incident_open) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, '', $10,"
                " '', '', '', '', '', 1, 0, 0, '', 0, 0, $11, 0)");
    const struct point_added *added = body;
    struct standing main = { .root_id = 0 };
    int64_t last = 0;
    TRY(find_standing(cx, fact->subject_id, &main));
    int64_t first = course_main_point(main.root_id, POINT_SUB_FIRST);
    TRY(db_i64(cx, &find_last, BIND(V(first), V((main.root_id + 1) * COURSE_POINT_IDS)), &last));
    int64_t id = last < first ? first : last + 1;
    struct str fold = str_format(&cx->arena, " " STR_FMT, STR_ARG(viet_fold(&cx->arena, added->name)));
    TRY(db_run(cx, &insert, BIND(V(id), V(main.root_id), V(main.area_id), V(main.path), V(main.level), V(fact->seq),
                                 V(added->name), V(fold), V(added->room), V(added->seats), V(main.test_opens_at))));
    struct standing point = { .root_id = main.root_id, .path = main.path, .is_described = true };
    count_open(cx, &point, 1);
    return point_settle_lines(cx, fact, main.root_id, main.area_id);
}

static enum err shut(struct ctx *cx, const struct fact *fact, bool is_closed, struct str reason)
{
    SQL(set, "UPDATE point SET is_closed = $2, closed_at = $3, closed_reason = $4 WHERE id = $1");
    struct standing point = { .root_id = 0 };
    TRY(find_standing(cx, fact->subject_id, &point));
    if (point.is_closed == is_closed)
        return OK;
    count_open(cx, &point, is_closed ? -1 : 1);
    counter_add(cx, "point_closed", point.root_id, point.path, is_closed ? 1 : -1);
    TRY(db_run(cx, &set, BIND(V(fact->subject_id), V((int64_t)is_closed), V(is_closed ? fact->at : 0),
                              V(is_closed ? reason : STR("")))));
    return point_settle_lines(cx, fact, point.root_id, point.area_id);
}

enum err point_apply_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_reason *closed = body;
    return shut(cx, fact, true, closed->reason);
}

enum err point_apply_reopened(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    return shut(cx, fact, false, STR(""));
}

enum err point_apply_conference_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put, "INSERT INTO point_conference (root_id, area_id, system_name, system_url, opens_at) VALUES ($1, $2, $3, $4, $5)"
             " ON CONFLICT (root_id, area_id) DO UPDATE SET system_name = excluded.system_name,"
             " system_url = excluded.system_url, opens_at = excluded.opens_at");
    const struct point_conference_set *set = body;
    return db_run(cx, &put, BIND(V(point_class(fact->subject_id)), V(fact->unit_id), V(set->system_name), V(set->system_url),
                                 V(set->opens_at)));
}

/* ---- Duties ---- */

enum { DUTIES_MAX = 64 };

/* The bodies of the area that owe something by this fact: a few papers, a few obligations, the bodies of one place. */
enum err point_tell_duties(struct ctx *cx, const struct fact *fact, int64_t root_id, int64_t area_id, struct str closes_by,
                           bool has_happened)
{
    SQL(list, "SELECT o.document_id, d.unit_id FROM point_paper p CROSS JOIN obligation o CROSS JOIN unit u CROSS JOIN duty d"
              " WHERE p.root_id = $1 AND o.document_id = p.course_id AND o.closes_by = $2 AND u.place_id = $3"
              " AND d.obligation_id = o.id AND d.unit_id = u.id AND d.state = $4 ORDER BY o.document_id, d.unit_id LIMIT $5");
    struct {
        int64_t document_id, unit_id;
    } found[DUTIES_MAX];
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(closes_by), V(area_id), V(has_happened ? STR("open") : STR("done")),
                                               V((int64_t)DUTIES_MAX)));
    while (len < DUTIES_MAX && rows_next(&rows)) {
        found[len].document_id = rows_i64(&rows);
        found[len++].unit_id = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        if (has_happened)
            TRY(obligation_happened(cx, fact, found[i].document_id, found[i].unit_id, closes_by));
        else
            TRY(obligation_unhappened(cx, fact, found[i].document_id, found[i].unit_id, closes_by));
    }
    return OK;
}

enum err point_settle_lines(struct ctx *cx, const struct fact *fact, int64_t root_id, int64_t area_id)
{
    SQL(count, "SELECT COUNT(*), COALESCE(SUM(CASE WHEN test_state = 1 THEN 1 ELSE 0 END), 0) FROM point"
               " WHERE area_id = $1 AND root_id = $2 AND is_closed = 0");
    int64_t open = 0;
    int64_t passed = 0;
    struct rows rows = db_rows(cx, &count, BIND(V(area_id), V(root_id)));
    if (rows_next(&rows)) {
        open = rows_i64(&rows);
        passed = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    return point_tell_duties(cx, fact, root_id, area_id, STR("line_tested"), open > 0 && passed == open);
}

/* ---- Reports ---- */

enum err point_apply_reported(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_last, "SELECT points, heads FROM point_report WHERE root_id = $1 AND area_id = $2 ORDER BY id DESC LIMIT 1");
    SQL(count, "SELECT COUNT(*) FROM point WHERE area_id = $1 AND root_id = $2 AND is_closed = 0");
    SQL(insert, "INSERT INTO point_report (id, root_id, area_id, at, account_id, points, heads, note, due_at, standing)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    const struct point_reported *said = body;
    struct standing point = { .root_id = 0 };
    struct point_deadline deadline = { .due_at = 0 };
    int64_t points = 0;
    int64_t heads = 0;
    int64_t standing = 0;
    TRY(find_standing(cx, fact->subject_id, &point));
    struct rows rows = db_rows(cx, &find_last, BIND(V(point.root_id), V(point.area_id)));
    bool is_first = !rows_next(&rows);
    if (!is_first) {
        points = rows_i64(&rows);
        heads = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    TRY(point_find_report_deadline(cx, point.root_id, point.area_id, &deadline));
    TRY(db_i64(cx, &count, BIND(V(point.area_id), V(point.root_id)), &standing));
    TRY(db_run(cx, &insert, BIND(V(fact->seq), V(point.root_id), V(point.area_id), V(fact->at), V(fact->account_id),
                                 V(said->points), V(said->heads), V(said->note), V(deadline.due_at), V(standing))));
    if (is_first)
        counter_add(cx, "report_sent", point.root_id, point.path, 1);
    counter_add(cx, "report_points", point.root_id, point.path, said->points - points);
    counter_add(cx, "report_heads", point.root_id, point.path, said->heads - heads);
    return point_tell_duties(cx, fact, point.root_id, point.area_id, STR("points_reported"), true);
}

/* ---- Tests ---- */

/* The state as its newest test that counts says; what changes is counted, and the area's duties follow. */
static enum err settle_point(struct ctx *cx, const struct fact *fact, int64_t point_id, const struct standing *point)
{
    SQL(find_newest, "SELECT has_passed, at FROM point_test WHERE point_id = $1 AND at >= $2 ORDER BY id DESC LIMIT 1");
    SQL(set, "UPDATE point SET test_state = $2, tested_at = $3 WHERE id = $1");
    int64_t state = POINT_UNTESTED;
    int64_t tested_at = 0;
    struct rows rows = db_rows(cx, &find_newest, BIND(V(point_id), V(point->test_opens_at)));
    if (rows_next(&rows)) {
        state = rows_i64(&rows) ? POINT_PASSED : POINT_FAILED;
        tested_at = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    TRY(db_run(cx, &set, BIND(V(point_id), V(state), V(tested_at))));
    if (state == point->test_state)
        return OK;
    if (!point->is_closed) {
        count_state(cx, point, point->test_state, -1);
        count_state(cx, point, state, 1);
    }
    return point_settle_lines(cx, fact, point->root_id, point->area_id);
}

enum err point_apply_tested(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(insert, "INSERT INTO point_test (id, point_id, at, account_id, how, has_passed, words, rtt_ms, rtt_p95_ms, loss_permille,"
                " down_kbps, up_kbps, camera, microphone, echo, echo_rtt_ms, echo_loss_permille)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    const struct point_tested *t = body;
    struct standing point = { .root_id = 0 };
    TRY(find_standing(cx, fact->subject_id, &point));
    TRY(db_run(cx, &insert,
               BIND(V(fact->seq), V(fact->subject_id), V(fact->at), V(fact->account_id), V(t->how),
                    V((int64_t)str_eq(t->result, STR("passed"))), V(t->words), V(t->rtt_ms), V(t->rtt_p95_ms), V(t->loss_permille),
                    V(t->down_kbps), V(t->up_kbps), V(t->camera), V(t->microphone), V(t->echo), V(t->echo_rtt_ms),
                    V(t->echo_loss_permille))));
    return settle_point(cx, fact, fact->subject_id, &point);
}

enum err point_apply_campaign_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put, "INSERT INTO point_campaign (root_id, area_id, opens_at, running_max, turn_minutes, at) VALUES ($1, $2, $3, $4, $5, $6)"
             " ON CONFLICT (root_id, area_id) DO UPDATE SET opens_at = excluded.opens_at, running_max = excluded.running_max,"
             " turn_minutes = excluded.turn_minutes, at = excluded.at");
    const struct point_campaign_set *set = body;
    struct standing point = { .root_id = 0 };
    TRY(find_standing(cx, fact->subject_id, &point));
    TRY(db_run(cx, &put, BIND(V(point.root_id), V(point.area_id), V(set->opens_at), V(set->running_max), V(set->turn_minutes),
                              V(fact->at))));
    return point_settle_hours(cx, fact, point.root_id, point.path);
}

/* After the hour moved: points of the subtree that have been tested at all are judged anew. */
static enum err judge_again(struct ctx *cx, const struct fact *fact, int64_t root_id, const struct scope *area)
{
    SQL(list, "SELECT p.id FROM point p WHERE p.root_id = $1 AND p.path >= $2 AND p.path < $3"
              " AND EXISTS (SELECT 1 FROM point_test t WHERE t.point_id = p.id) ORDER BY p.id LIMIT $4");
    int64_t *ids = ARENA_NEW_ARRAY(&cx->arena, int64_t, POINT_LIST_MAX * 2);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V(area->path_lo), V(area->path_hi), V((int64_t)POINT_LIST_MAX * 2)));
    while (len < (size_t)POINT_LIST_MAX * 2 && rows_next(&rows))
        ids[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        struct standing point = { .root_id = 0 };
        TRY(find_standing(cx, ids[i], &point));
        TRY(settle_point(cx, fact, ids[i], &point));
    }
    return OK;
}

/* An hour somebody gave for an area: a paper's, or one set by hand. */
struct hour {
    struct str path;
    int64_t at;
};

/*
 * The nearest source speaks: first whatever stands at the area or above it, for the whole subtree, then those below in
 * the order of their depth, each for its own. By hand beats a paper for the same area.
 */
enum err point_settle_hours(struct ctx *cx, const struct fact *fact, int64_t root_id, struct str area_path)
{
    enum { HOURS_MAX = 5000 };
    SQL(list, "SELECT u.path, p.test_at, 0 AS by_hand FROM point_paper p JOIN unit u ON u.id = p.area_id"
              " WHERE p.root_id = $1 AND p.is_in_force = 1 AND p.test_at > 0"
              " UNION ALL SELECT u.path, c.opens_at, 1 FROM point_campaign c JOIN unit u ON u.id = c.area_id"
              " WHERE c.root_id = $1 ORDER BY 1, 3 LIMIT $2");
    SQL(set, "UPDATE point SET test_opens_at = $4 WHERE root_id = $1 AND path >= $2 AND path < $3 AND test_opens_at <> $4");
    struct hour *hours = ARENA_NEW_ARRAY(&cx->arena, struct hour, HOURS_MAX);
    size_t len = 0;
    int64_t base = 0;
    int64_t changed = 0;
    int64_t moved = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(root_id), V((int64_t)HOURS_MAX)));
    while (len < HOURS_MAX && rows_next(&rows)) {
        struct hour hour = { .path = rows_str(&rows) };
        hour.at = rows_i64(&rows);
        if (str_starts(area_path, hour.path))
            base = hour.at; /* in the order of paths: the last that holds the area is the nearest */
        else if (str_starts(hour.path, area_path))
            hours[len++] = hour;
    }
    TRY(rows_end(&rows));
    struct scope area = unit_scope(&cx->arena, area_path);
    TRY(db_run_count(cx, &set, BIND(V(root_id), V(area.path_lo), V(area.path_hi), V(base)), &changed));
    for (size_t i = 0; i < len; i++) { /* a path sorts behind those it lies under */
        struct scope below = unit_scope(&cx->arena, hours[i].path);
        TRY(db_run_count(cx, &set, BIND(V(root_id), V(below.path_lo), V(below.path_hi), V(hours[i].at)), &moved));
        changed += moved;
    }
    return changed > 0 ? judge_again(cx, fact, root_id, &area) : OK;
}

/* ---- Incidents ---- */

/* Who answers for it when nobody says: the telecom company for the line, the power company for power. */
static struct str utility_of(struct str said, struct str kind)
{
    if (str_eq(said, STR("none")))
        return STR("");
    if (said.len > 0)
        return said;
    return str_eq(kind, STR("line")) ? STR("telecom") : str_eq(kind, STR("power")) ? STR("power") : STR("");
}

struct incident {
    int64_t point_id;
    struct str path;
    int64_t root_id, to_at, minutes_lost;
};

static enum err find_incident(struct ctx *cx, int64_t id, struct incident *ret_incident)
{
    SQL(find, "SELECT i.point_id, p.path, i.root_id, i.to_at, i.minutes_lost FROM point_incident i"
              " JOIN point p ON p.id = i.point_id WHERE i.id = $1");
    struct rows rows = db_rows(cx, &find, BIND(V(id)));
    bool is_found = rows_next(&rows);
    if (is_found) {
        ret_incident->point_id = rows_i64(&rows);
        ret_incident->path = rows_str(&rows);
        ret_incident->root_id = rows_i64(&rows);
        ret_incident->to_at = rows_i64(&rows);
        ret_incident->minutes_lost = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    return is_found ? OK : fail(cx, ERR_NOT_FOUND, "Không tìm thấy sự cố này");
}

static enum err count_lasting(struct ctx *cx, const struct incident *incident, int64_t delta)
{
    SQL(set, "UPDATE point SET incident_open = incident_open + $2 WHERE id = $1");
    if (delta == 0)
        return OK;
    counter_add(cx, "incident_open", incident->root_id, incident->path, delta);
    return db_run(cx, &set, BIND(V(incident->point_id), V(delta)));
}

enum err point_apply_incident_opened(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(insert, "INSERT INTO point_incident (id, point_id, root_id, at, account_id, kind, utility, from_at, to_at, minutes_lost,"
                " words, correct_reason, corrected_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0)");
    const struct point_incident_opened *opened = body;
    struct standing point = { .root_id = 0 };
    TRY(find_standing(cx, fact->subject_id, &point));
    int64_t minutes = point_minutes(opened->from_at, opened->to_at);
    struct incident incident = { fact->subject_id, point.path, point.root_id, opened->to_at, minutes };
    TRY(db_run(cx, &insert, BIND(V(fact->seq), V(fact->subject_id), V(point.root_id), V(fact->at), V(fact->account_id),
                                 V(opened->kind), V(utility_of(opened->utility, opened->kind)), V(opened->from_at),
                                 V(opened->to_at), V(minutes), V(opened->words))));
    counter_add(cx, "incident_total", point.root_id, point.path, 1);
    counter_add(cx, "incident_minutes", point.root_id, point.path, minutes);
    return count_lasting(cx, &incident, opened->to_at == 0 ? 1 : 0);
}

enum err point_apply_incident_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_from, "SELECT from_at FROM point_incident WHERE id = $1");
    SQL(set, "UPDATE point_incident SET to_at = $2, minutes_lost = $3, words = CASE WHEN $4 = '' THEN words"
             " ELSE words || '; ' || $4 END WHERE id = $1");
    const struct point_incident_closed *closed = body;
    struct incident incident = { .point_id = 0 };
    int64_t from_at = 0;
    TRY(find_incident(cx, fact->subject_id, &incident));
    TRY(db_i64(cx, &find_from, BIND(V(fact->subject_id)), &from_at));
    int64_t minutes = point_minutes(from_at, closed->to_at);
    TRY(db_run(cx, &set, BIND(V(fact->subject_id), V(closed->to_at), V(minutes), V(closed->words))));
    counter_add(cx, "incident_minutes", incident.root_id, incident.path, minutes - incident.minutes_lost);
    return count_lasting(cx, &incident, incident.to_at == 0 ? -1 : 0);
}

enum err point_apply_incident_corrected(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set, "UPDATE point_incident SET kind = $2, utility = $3, from_at = $4, to_at = $5, minutes_lost = $6, words = $7,"
             " correct_reason = $8, corrected_at = $9 WHERE id = $1");
    const struct point_incident_corrected *c = body;
    struct incident incident = { .point_id = 0 };
    TRY(find_incident(cx, fact->subject_id, &incident));
    int64_t minutes = c->by_hand ? c->minutes_lost : point_minutes(c->from_at, c->to_at);
    TRY(db_run(cx, &set, BIND(V(fact->subject_id), V(c->kind), V(utility_of(c->utility, c->kind)), V(c->from_at), V(c->to_at),
                              V(minutes), V(c->words), V(c->reason), V(fact->at))));
    counter_add(cx, "incident_minutes", incident.root_id, incident.path, minutes - incident.minutes_lost);
    return count_lasting(cx, &incident, (c->to_at == 0) - (incident.to_at == 0));
}
