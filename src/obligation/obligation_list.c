#include "obligation/obligation_inside.h"

#include "unit/unit.h"
#include "viet/viet.h"

static int32_t day_or_none(int64_t day)
{
    return day == 0 ? DAY_NONE : (int32_t)day;
}

struct obligation obligation_from_row(struct rows *row)
{
    struct obligation o = { .id = rows_i64(row) };
    o.document_id = rows_i64(row);
    o.ordinal = rows_i64(row);
    o.paragraph = rows_i64(row);
    o.material_id = rows_i64(row);
    o.issuer_unit_id = rows_i64(row);
    o.issuer_name = rows_str(row);
    o.source = rows_str(row);
    o.place = rows_str(row);
    o.text = rows_str(row);
    o.owner_text = rows_str(row);
    o.coordinators = rows_str(row);
    o.head = rows_str(row);
    o.addressee = rows_str(row);
    o.rule.kind = rows_str(row);
    o.rule.value = rows_str(row);
    o.rule.relation = rows_str(row);
    o.rule.recurring = rows_str(row);
    o.frame.issued_day = day_or_none(rows_i64(row));
    o.frame.event_day = day_or_none(rows_i64(row));
    o.frame.until_day = day_or_none(rows_i64(row));
    o.due_words = rows_str(row);
    o.due_at = rows_i64(row);
    o.opens_at = rows_i64(row);
    o.period = rows_i64(row);
    o.closes_by = rows_str(row);
    o.is_withdrawn = str_eq(rows_str(row), STR("withdrawn"));
    o.state_at = rows_i64(row);
    o.state_reason = rows_str(row);
    o.old_due_words = rows_str(row);
    o.old_text = rows_str(row);
    o.changed_by_id = rows_i64(row);
    return o;
}

/* What a list of duties shows of the obligation, and the duty itself. */
#define DUTY_COLUMNS                                                                                   \
    "o.id, o.document_id, o.ordinal, o.paragraph, o.material_id, o.issuer_unit_id, o.issuer_name, o.source, o.place, o.text," \
    " o.owner_text, o.head, o.addressee, o.due_kind, o.due_value, o.due_relation, o.recurring, o.due_words," \
    " o.period, o.closes_by, o.state, o.state_reason, o.old_due_words, o.changed_by_id," \
    " d.unit_id, u.full_name, d.period, d.state, d.due_at, d.opens_at, d.done_at, d.closed_by, d.note"

static enum duty_state state_from(struct str stored)
{
    return str_eq(stored, STR("open")) ? DUTY_OPEN :
           str_eq(stored, STR("done")) ? DUTY_DONE :
                                         DUTY_WITHDRAWN;
}

static struct duty duty_from_row(struct rows *row)
{
    struct duty duty = { .obligation.id = rows_i64(row) };
    struct obligation *o = &duty.obligation;
    o->document_id = rows_i64(row);
    o->ordinal = rows_i64(row);
    o->paragraph = rows_i64(row);
    o->material_id = rows_i64(row);
    o->issuer_unit_id = rows_i64(row);
    o->issuer_name = rows_str(row);
    o->source = rows_str(row);
    o->place = rows_str(row);
    o->text = rows_str(row);
    o->owner_text = rows_str(row);
    o->head = rows_str(row);
    o->addressee = rows_str(row);
    o->rule.kind = rows_str(row);
    o->rule.value = rows_str(row);
    o->rule.relation = rows_str(row);
    o->rule.recurring = rows_str(row);
    o->due_words = rows_str(row);
    o->period = rows_i64(row);
    o->closes_by = rows_str(row);
    o->is_withdrawn = str_eq(rows_str(row), STR("withdrawn"));
    o->state_reason = rows_str(row);
    o->old_due_words = rows_str(row);
    o->changed_by_id = rows_i64(row);
    duty.unit_id = rows_i64(row);
    duty.unit_name = rows_str(row);
    duty.period = rows_i64(row);
    duty.state = state_from(rows_str(row));
    duty.due_at = rows_i64(row);
    duty.opens_at = rows_i64(row);
    duty.done_at = rows_i64(row);
    duty.closed_by = rows_str(row);
    duty.note = rows_str(row);
    if (duty.state == DUTY_WITHDRAWN && duty.note.len > 0)
        o->state_reason = duty.note; /* withdrawn alone, not with its paper */
    return duty;
}

static enum err take_duties(struct ctx *cx, struct rows *rows, size_t max, struct duty_list *ret_list)
{
    struct duty_list list = { .at = NULL };
    size_t room = 0;
    while (list.len < max && rows_next(rows)) {
        if (list.len == room) {
            room = room ? room * 2 : 32;
            struct duty *more = ARENA_NEW_ARRAY(&cx->arena, struct duty, room);
            if (list.len > 0)
                memcpy(more, list.at, list.len * sizeof *more);
            list.at = more;
        }
        list.at[list.len++] = duty_from_row(rows);
    }
    TRY(rows_end(rows));
    list.total = (int64_t)list.len;
    *ret_list = list;
    return OK;
}

static enum err take_obligations(struct ctx *cx, struct rows *rows, struct obligation_list *ret_list)
{
    struct obligation_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct obligation, OBLIGATION_LIST_MAX) };
    while (list.len < OBLIGATION_LIST_MAX && rows_next(rows))
        list.at[list.len++] = obligation_from_row(rows);
    TRY(rows_end(rows));
    *ret_list = list;
    return OK;
}

enum duty_tab duty_tab_of(const struct duty *duty, int64_t now)
{
    int64_t midnight = day_start(day_from_instant(now) + 1);
    if (duty->state != DUTY_OPEN)
        return DUTY_CLOSED;
    if (duty->due_at != 0 && duty->due_at <= now)
        return DUTY_LATE;
    return duty->due_at != 0 && duty->due_at <= midnight ? DUTY_TODAY : DUTY_COMING;
}

enum err obligation_find(struct ctx *cx, int64_t obligation_id, struct obligation *ret_obligation)
{
    SQL(find, "SELECT " OBLIGATION_COLUMNS " FROM obligation o WHERE o.id = $1");
    struct rows rows = db_rows(cx, &find, BIND(V(obligation_id)));
    bool is_found = rows_next(&rows);
    struct obligation o = { .id = 0 };
    if (is_found)
        o = obligation_from_row(&rows);
    TRY(rows_end(&rows));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy nhiệm vụ này");
    *ret_obligation = o;
    return OK;
}

/* A personal link shows one record and nothing beside it. */
static bool link_hides(const struct ctx *cx, int64_t obligation_id)
{
    return cx->actor->kind == ACTOR_LINK && cx->actor->subject_id != obligation_id;
}

enum err obligation_get(struct ctx *cx, int64_t obligation_id, struct obligation *ret_obligation)
{
    SQL(sees, "SELECT COUNT(*) FROM obligation o WHERE o.id = $1 AND (EXISTS (SELECT 1 FROM unit u"
              " WHERE u.id = o.issuer_unit_id AND u.path >= $2 AND u.path < $3)"
              " OR EXISTS (SELECT 1 FROM duty d JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = o.id"
              " AND u.path >= $2 AND u.path < $3))");
    const struct scope *scope = &cx->actor->scope;
    int64_t count = 0;
    TRY(db_i64(cx, &sees, BIND(V(obligation_id), V(scope->path_lo), V(scope->path_hi)), &count));
    if (count == 0 || link_hides(cx, obligation_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy nhiệm vụ này");
    return obligation_find(cx, obligation_id, ret_obligation);
}

/* The counters of the whole country: every duty of an obligation, also of bodies outside the issuer's area. */
static enum err add_totals(struct ctx *cx, int64_t document_id, struct obligation_list *list)
{
    SQL(read, "SELECT c.subject_id, c.kind, c.value FROM obligation o JOIN counter c ON c.subject_id = o.id"
              " AND c.unit_id = $2 AND c.kind IN ('duty_total', 'duty_done') WHERE o.document_id = $1");
    struct unit nation = { .id = 0 };
    TRY(unit_find_nation(cx, &nation));
    struct rows rows = db_rows(cx, &read, BIND(V(document_id), V(nation.id)));
    while (rows_next(&rows)) {
        int64_t id = rows_i64(&rows);
        bool is_total = str_eq(rows_str(&rows), STR("duty_total"));
        int64_t value = rows_i64(&rows);
        for (size_t i = 0; i < list->len; i++) {
            if (list->at[i].id == id)
                *(is_total ? &list->at[i].total : &list->at[i].done) = value;
        }
    }
    return rows_end(&rows);
}

/* Whoever reads a paper reads all it orders; opened is only what one's own area issued or owes. */
static enum err mark_reached(struct ctx *cx, int64_t document_id, struct obligation_list *list)
{
    SQL(reached, "SELECT o.id FROM obligation o WHERE o.document_id = $1 AND (EXISTS (SELECT 1 FROM unit u"
                 " WHERE u.id = o.issuer_unit_id AND u.path >= $2 AND u.path < $3)"
                 " OR EXISTS (SELECT 1 FROM duty d JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = o.id"
                 " AND u.path >= $2 AND u.path < $3))");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &reached, BIND(V(document_id), V(scope->path_lo), V(scope->path_hi)));
    while (rows_next(&rows)) {
        int64_t id = rows_i64(&rows);
        for (size_t i = 0; i < list->len; i++) {
            if (list->at[i].id == id)
                list->at[i].is_reached = actor_may(cx->actor, PERMISSION_DUTY_READ) && !link_hides(cx, id);
        }
    }
    return rows_end(&rows);
}

enum err obligation_list_of_document(struct ctx *cx, int64_t document_id, struct obligation_list *ret_list)
{
    SQL(list, "SELECT " OBLIGATION_COLUMNS " FROM obligation o WHERE o.document_id = $1 ORDER BY o.ordinal");
    struct rows rows = db_rows(cx, &list, BIND(V(document_id)));
    TRY(take_obligations(cx, &rows, ret_list));
    TRY(mark_reached(cx, document_id, ret_list));
    return add_totals(cx, document_id, ret_list);
}

/* What an obligation waits for has many units: their count is read from the duties, of this one obligation only. */
static enum err count_duties(struct ctx *cx, struct obligation_list *list)
{
    SQL(count, "SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.state = 'done' THEN 1 ELSE 0 END), 0) FROM duty d"
               " WHERE d.obligation_id = $1 AND d.period = $2 AND d.state <> 'withdrawn'");
    for (size_t i = 0; i < list->len; i++) {
        struct rows rows = db_rows(cx, &count, BIND(V(list->at[i].id), V(list->at[i].period)));
        if (rows_next(&rows)) {
            list->at[i].total = rows_i64(&rows);
            list->at[i].done = rows_i64(&rows);
        }
        TRY(rows_end(&rows));
    }
    return OK;
}

enum err obligation_list_awaited(struct ctx *cx, int64_t obligation_id, struct obligation_list *ret_list)
{
    SQL(list, "SELECT " OBLIGATION_COLUMNS " FROM obligation_wait w JOIN obligation o ON o.id = w.waits_for_id"
              " WHERE w.obligation_id = $1 ORDER BY o.ordinal");
    struct rows rows = db_rows(cx, &list, BIND(V(obligation_id)));
    TRY(take_obligations(cx, &rows, ret_list));
    return count_duties(cx, ret_list);
}

/*
 * The papers by which a unit's place carries an upper paper out: what they order is how the upper duty is met there,
 * and where it has a date of its own, the refinement.
 */
enum err obligation_list_lower(struct ctx *cx, int64_t document_id, int64_t unit_id, struct obligation_list *ret_list)
{
    SQL(list, "SELECT " OBLIGATION_COLUMNS " FROM document_relation r JOIN obligation o ON o.document_id = r.document_id"
              " JOIN unit i ON i.id = o.issuer_unit_id JOIN unit me ON me.id = $2"
              " WHERE r.to_document_id = $1 AND r.relation = 'carries_out' AND i.place_id = me.place_id"
              " AND o.ordinal > 0 AND o.ordinal < 9000 AND o.state = 'in_force' ORDER BY o.id");
    struct rows rows = db_rows(cx, &list, BIND(V(document_id), V(unit_id)));
    TRY(take_obligations(cx, &rows, ret_list));
    return count_duties(cx, ret_list);
}

enum err duty_get(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct duty *ret_duty)
{
    SQL(find, "SELECT " DUTY_COLUMNS " FROM duty d JOIN obligation o ON o.id = d.obligation_id"
              " JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $1 AND d.unit_id = $2 AND d.period = $3"
              " AND u.path >= $4 AND u.path < $5");
    const struct scope *scope = &cx->actor->scope;
    struct duty_list list = { .len = 0 };
    struct rows rows = db_rows(cx, &find,
                               BIND(V(obligation_id), V(unit_id), V(period), V(scope->path_lo), V(scope->path_hi)));
    TRY(take_duties(cx, &rows, 1, &list));
    if (list.len == 0 || link_hides(cx, obligation_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy nhiệm vụ này của đơn vị");
    *ret_duty = list.at[0];
    return OK;
}

enum err duty_newest_period(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t *ret_period)
{
    SQL(find, "SELECT MAX(period) FROM duty WHERE obligation_id = $1 AND unit_id = $2");
    return db_i64(cx, &find, BIND(V(obligation_id), V(unit_id)), ret_period);
}

enum err duty_list_open(struct ctx *cx, int64_t unit_id, struct duty_list *ret_list)
{
    SQL(list, "SELECT " DUTY_COLUMNS " FROM duty d JOIN obligation o ON o.id = d.obligation_id"
              " JOIN unit u ON u.id = d.unit_id WHERE d.unit_id = $1 AND d.state = 'open'"
              " AND u.path >= $2 AND u.path < $3"
              " ORDER BY CASE WHEN d.due_at IS NULL THEN 1 ELSE 0 END, d.due_at, d.obligation_id LIMIT $4");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &list,
                               BIND(V(unit_id), V(scope->path_lo), V(scope->path_hi), V((int64_t)DUTY_LIST_MAX)));
    return take_duties(cx, &rows, DUTY_LIST_MAX, ret_list);
}

enum err duty_list_closed(struct ctx *cx, int64_t unit_id, struct duty_list *ret_list)
{
    SQL(list, "SELECT " DUTY_COLUMNS " FROM duty d JOIN obligation o ON o.id = d.obligation_id"
              " JOIN unit u ON u.id = d.unit_id WHERE d.unit_id = $1 AND d.state IN ('done', 'withdrawn')"
              " AND u.path >= $2 AND u.path < $3 ORDER BY d.done_at DESC, d.obligation_id LIMIT $4");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, &list,
                               BIND(V(unit_id), V(scope->path_lo), V(scope->path_hi), V((int64_t)DUTY_LIST_MAX)));
    return take_duties(cx, &rows, DUTY_LIST_MAX, ret_list);
}

enum err duty_search(struct ctx *cx, const struct duty_filter *filter, struct duty_list *ret_list)
{
    SQL(list, "/*scan*/ SELECT " DUTY_COLUMNS " FROM unit u JOIN duty d ON d.unit_id = u.id"
              " JOIN obligation o ON o.id = d.obligation_id WHERE u.path >= $1 AND u.path < $2"
              " AND ($3 = '' OR ($3 = 'late' AND d.state = 'open' AND d.due_at <= $4) OR d.state = $3)"
              " AND (CAST($5 AS BIGINT) = 0 OR o.document_id = $5) AND (CAST($6 AS BIGINT) = 0 OR d.unit_id = $6)"
              " AND ($7 = '' OR u.fold LIKE $7 ESCAPE '\\') AND (CAST($10 AS BIGINT) = 0 OR o.id = $10)"
              " ORDER BY CASE WHEN d.due_at IS NULL THEN 1 ELSE 0 END, d.due_at, u.path, d.obligation_id"
              " LIMIT $8 OFFSET $9");
    const struct scope *scope = &cx->actor->scope;
    struct str like = filter->text.len > 0 ? viet_like_word(&cx->arena, viet_fold(&cx->arena, filter->text)) :
                                             STR("");
    struct rows rows = db_rows(cx, &list,
                               BIND(V(scope->path_lo), V(scope->path_hi), V(filter->state), V(cx->now),
                                    V(filter->document_id), V(filter->unit_id), V(like),
                                    V((int64_t)DUTY_LIST_MAX), V(filter->offset), V(filter->obligation_id)));
    return take_duties(cx, &rows, DUTY_LIST_MAX, ret_list);
}

enum err duty_list_of_obligation(struct ctx *cx, int64_t obligation_id, int64_t period, bool only_silent, int64_t offset,
                                 int64_t limit, struct duty_list *ret_list)
{
    SQL(list_all, "SELECT " DUTY_COLUMNS " FROM duty d JOIN obligation o ON o.id = d.obligation_id"
                  " JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $1 AND d.period = $2"
                  " AND u.path >= $3 AND u.path < $4 ORDER BY u.path LIMIT $5 OFFSET $6");
    SQL(list_silent, "SELECT " DUTY_COLUMNS " FROM duty d JOIN obligation o ON o.id = d.obligation_id"
                     " JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $1 AND d.period = $2"
                     " AND u.path >= $3 AND u.path < $4 AND d.state = 'open' ORDER BY u.path LIMIT $5 OFFSET $6");
    const struct scope *scope = &cx->actor->scope;
    struct rows rows = db_rows(cx, only_silent ? &list_silent : &list_all,
                               BIND(V(obligation_id), V(period), V(scope->path_lo), V(scope->path_hi), V(limit),
                                    V(offset)));
    return take_duties(cx, &rows, DUTY_UNITS_MAX, ret_list);
}

enum err duty_count_of_obligation(struct ctx *cx, int64_t obligation_id, int64_t period, struct duty_figures *ret_figures)
{
    SQL(count, "SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.state = 'done' THEN 1 ELSE 0 END), 0),"
               " COALESCE(SUM(CASE WHEN d.state = 'open' THEN 1 ELSE 0 END), 0),"
               " COALESCE(SUM(CASE WHEN d.state = 'open' AND d.due_at <= $5 THEN 1 ELSE 0 END), 0)"
               " FROM duty d JOIN unit u ON u.id = d.unit_id WHERE d.obligation_id = $1 AND d.period = $2"
               " AND u.path >= $3 AND u.path < $4");
    const struct scope *scope = &cx->actor->scope;
    struct duty_figures figures = { .total = 0 };
    struct rows rows = db_rows(cx, &count,
                               BIND(V(obligation_id), V(period), V(scope->path_lo), V(scope->path_hi), V(cx->now)));
    if (rows_next(&rows)) {
        figures.total = rows_i64(&rows);
        figures.done = rows_i64(&rows);
        figures.open = rows_i64(&rows);
        figures.late = rows_i64(&rows);
    }
    *ret_figures = figures;
    return rows_end(&rows);
}

static enum duty_said said_from(struct str stored)
{
    if (str_eq(stored, STR("handed_over")))
        return DUTY_SAID_HANDED_OVER;
    if (str_eq(stored, STR("taken_over")))
        return DUTY_SAID_TAKEN_OVER;
    return str_eq(stored, STR("reopened")) ? DUTY_SAID_REOPENED : DUTY_SAID_DONE;
}

enum err duty_list_events(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period,
                          struct duty_events *ret_list)
{
    enum { EVENTS_MAX = 200 };
    SQL(list, "SELECT e.seq, e.at, a.name, e.kind, e.note, e.file_digest, e.file_name, e.file_bytes"
              " FROM duty_event e LEFT JOIN account a ON a.id = e.account_id"
              " WHERE e.obligation_id = $1 AND e.unit_id = $2 AND e.period = $3 ORDER BY e.seq");
    struct duty_events events = { .at = ARENA_NEW_ARRAY(&cx->arena, struct duty_event, EVENTS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(obligation_id), V(unit_id), V(period)));
    while (events.len < EVENTS_MAX && rows_next(&rows)) {
        struct duty_event *event = &events.at[events.len++];
        event->seq = rows_i64(&rows);
        event->at = rows_i64(&rows);
        event->by_name = rows_str(&rows);
        event->said = said_from(rows_str(&rows));
        event->note = rows_str(&rows);
        event->file.digest = rows_str(&rows);
        event->file.name = rows_str(&rows);
        event->file.bytes = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = events;
    return OK;
}

struct url obligation_url(struct arena *arena, int64_t obligation_id)
{
    return url_format(arena, "/nhiem-vu/%lld", (long long)obligation_id);
}

struct url duty_url(struct arena *arena, int64_t obligation_id, int64_t unit_id, int64_t period)
{
    return period ? url_format(arena, "/nhiem-vu/%lld/don-vi/%lld?ky=%lld", (long long)obligation_id,
                               (long long)unit_id, (long long)period) :
                    url_format(arena, "/nhiem-vu/%lld/don-vi/%lld", (long long)obligation_id, (long long)unit_id);
}
