#include "obligation/obligation_inside.h"

/*
 * "Three months after the class" in a scheme or a plan of several classes has no one day. Each class with a date makes
 * an instance of its own: a dated run of the same paper, or the class of a later paper that carries the scheme out. The
 * period of such a duty is the class's last day, so two papers of one class make one duty.
 */

enum { CLASSES_MAX = 100, SCHEME_DAYS = 366 };

struct class_days {
    int32_t at[CLASSES_MAX];
    size_t len;
};

static void add_day(struct class_days *days, struct str end, struct str start)
{
    int32_t first = 0, last = 0;
    if (!plan_date_range(end.len > 0 ? end : start, &first, &last) || first != last)
        return; /* "in 2026" is no class's last day */
    for (size_t i = 0; i < days->len; i++)
        if (days->at[i] == last)
            return;
    if (days->len < CLASSES_MAX)
        days->at[days->len++] = last;
}

static void runs_of(const struct plan *plan, struct class_days *days)
{
    for (size_t i = 0; i < plan->runs_len; i++)
        add_day(days, plan->runs[i].end, plan->runs[i].start);
}

/* All classes a paper opens: its runs, else its one class. A scheme over years opens none by itself. */
static void classes_of(const struct plan *plan, struct class_days *days)
{
    int32_t first = 0, last = 0, unused = 0;
    bool is_scheme = plan_date_range(plan->schedule.start, &first, &unused) &&
                     plan_date_range(plan->schedule.end, &unused, &last) && last - first > SCHEME_DAYS;
    runs_of(plan, days);
    if (plan->runs_len == 0 && plan->programmes_len == 0 && !is_scheme)
        add_day(days, plan->schedule.end, plan->schedule.start);
}

static int64_t period_of(int32_t day)
{
    struct civil c = day_to_civil(day);
    return (int64_t)c.year * 10000 + c.month * 100 + c.date;
}

/* Whoever owes the task, in that area, owes it for this class; those who did already do not owe it twice. */
static enum err open_class(struct ctx *cx, const struct obligation *o, int32_t day, const struct scope *within)
{
    SQL(insert_instances,
        "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, opens_at, closed_by, note)"
        " SELECT d.obligation_id, d.unit_id, $2, 'open', $3, $4, '', '' FROM duty d JOIN unit u ON u.id = d.unit_id"
        " WHERE d.obligation_id = $1 AND d.period = 0 AND d.state <> 'withdrawn' AND u.path >= $5 AND u.path < $6"
        " ON CONFLICT (obligation_id, unit_id, period) DO NOTHING"
        " RETURNING (SELECT path FROM unit WHERE id = duty.unit_id)");
    SQL(set_newest, "UPDATE obligation SET period = $2, due_at = $3, opens_at = $4 WHERE id = $1 AND period < $2");
    struct due_frame frame = o->frame;
    frame.event_day = day;
    struct due due = due_first(&o->rule, &frame);
    int64_t period = period_of(day);
    if (due.shape != DUE_ONCE && due.shape != DUE_OPEN)
        return OK;
    struct rows rows = db_rows(cx, &insert_instances,
                               BIND(V(o->id), V(period), VN(due.due_at), VN(due.opens_at), V(within->path_lo),
                                    V(within->path_hi)));
    while (rows_next(&rows))
        counter_add(cx, "duty_total", o->id, rows_str(&rows), 1);
    TRY(rows_end(&rows));
    return db_run(cx, &set_newest, BIND(V(o->id), V(period), VN(due.due_at), VN(due.opens_at)));
}

enum err order_open_runs(struct ctx *cx, const struct order *order, const struct plan *plan)
{
    SQL(drop_undated, "DELETE FROM duty WHERE obligation_id = $1 AND period = 0");
    static const struct scope everywhere = { STR_INIT(""), STR_INIT("~") };
    struct class_days days = { .len = 0 };
    if (order->due.shape != DUE_WAITING)
        return OK;
    runs_of(plan, &days);
    for (size_t i = 0; i < days.len; i++)
        TRY(open_class(cx, &order->obligation, days.at[i], &everywhere));
    /* All its classes are known: nothing waits without a day. */
    return days.len > 0 && days.len == plan->runs_len ? db_run(cx, &drop_undated, BIND(V(order->obligation.id))) : OK;
}

/* Tasks of papers that this one carries out and that wait for a class. */
static enum err list_waiting_above(struct ctx *cx, int64_t document_id, struct obligation_list *ret_list)
{
    SQL(list_above, "SELECT " OBLIGATION_COLUMNS " FROM document_relation r JOIN obligation o ON o.document_id = r.to_document_id"
                    " WHERE r.document_id = $1 AND r.relation = 'carries_out' AND o.due_kind = 'period_after'"
                    " AND o.event_day IS NULL AND o.state = 'in_force' ORDER BY o.id");
    struct obligation_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct obligation, OBLIGATION_LIST_MAX) };
    struct rows rows = db_rows(cx, &list_above, BIND(V(document_id)));
    while (list.len < OBLIGATION_LIST_MAX && rows_next(&rows))
        list.at[list.len++] = obligation_from_row(&rows);
    *ret_list = list;
    return rows_end(&rows);
}

enum err obligation_open_classes_above(struct ctx *cx, const struct document *document, const struct plan *plan)
{
    struct class_days days = { .len = 0 };
    struct obligation_list above = { .len = 0 };
    struct scope within = { .path_lo = STR("") };
    classes_of(plan, &days);
    if (days.len == 0)
        return OK;
    TRY(list_waiting_above(cx, document->id, &above));
    if (above.len > 0)
        TRY(orders_scope(cx, document, &within));
    for (size_t i = 0; i < above.len; i++) {
        TRY(holiday_read(cx, &above.at[i].frame.declared));
        for (size_t j = 0; j < days.len; j++)
            TRY(open_class(cx, &above.at[i], days.at[j], &within));
    }
    return OK;
}
