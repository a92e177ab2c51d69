#include "obligation/obligation_inside.h"

#include "unit/unit.h"
#include "viet/viet.h"

/*
 * From a plan's paragraphs to duties. Everything here is set-based: one INSERT ... SELECT for each sort of body a
 * paragraph names, so that a national paper is expanded to thousands of units in a handful of statements.
 */

static struct str kind_name(enum plan_due_kind kind)
{
    switch (kind) {
    case PLAN_DUE_NONE:
        return STR("");
    case PLAN_DUE_DATE:
        return STR("date");
    case PLAN_DUE_DATETIME:
        return STR("datetime");
    case PLAN_DUE_MONTH:
        return STR("month");
    case PLAN_DUE_QUARTER:
        return STR("quarter");
    case PLAN_DUE_YEAR:
        return STR("year");
    case PLAN_DUE_RECURRING:
        return STR("recurring");
    case PLAN_DUE_PERIOD_AFTER:
        return STR("period_after");
    }
    return STR("");
}

static struct str relation_name(enum plan_relation relation)
{
    switch (relation) {
    case PLAN_RELATION_NONE:
        return STR("");
    case PLAN_BEFORE:
        return STR("before");
    case PLAN_BY:
        return STR("by");
    case PLAN_IN:
        return STR("in");
    case PLAN_AT:
        return STR("at");
    case PLAN_AFTER:
        return STR("after");
    }
    return STR("");
}

/*
 * What periods count from. The end of the one class; a scheme over years or a plan of many classes has no such day, so
 * "three months after the class" waits there until each class is known (obligation_runs.c).
 */
static struct due_frame frame_of(const struct document *document, const struct plan *plan, struct str text)
{
    struct due_frame frame = { document->issued_day, DAY_NONE, DAY_NONE, NULL };
    int32_t first_day = 0;
    int32_t last_day = 0;
    int32_t unused = 0;
    bool has_start = plan_date_range(plan->schedule.start, &first_day, &unused);
    bool has_end = plan_date_range(plan->schedule.end, &unused, &last_day);
    bool is_scheme = has_start && has_end && last_day - first_day > 366;
    if (is_scheme)
        frame.until_day = last_day;
    else if (has_end && plan->runs_len == 0 && plan->programmes_len == 0)
        frame.event_day = last_day;
    if (due_counts_from_issue(text))
        frame.event_day = document->issued_day;
    return frame;
}

static struct str closer_asked(struct ctx *cx, struct str text)
{
    static const struct str names[] = { STR_INIT("material_delivered"), STR_INIT("roster_sent"),
                                        STR_INIT("points_reported"), STR_INIT("line_tested") };
    struct str folded = viet_fold(&cx->arena, text);
    for (size_t i = 0; i < LEN(names); i++) {
        const struct obligation_closer *closer = obligation_find_closer(names[i]);
        if (closer && closer->is_asked && closer->is_asked(folded))
            return closer->name;
    }
    return STR("");
}

/* To whom the result goes: the body behind "gửi", "về" or "báo cáo"; read by the dictionary, so nobody is made up. */
static struct str addressee_of(struct ctx *cx, struct str text)
{
    static const struct str leads[] = { STR_INIT(" về "), STR_INIT(" gửi "), STR_INIT(" cho "),
                                        STR_INIT("qua "), STR_INIT("báo cáo "), STR_INIT("trình ") };
    for (size_t i = 0; i < LEN(leads); i++) {
        size_t at = str_find(text, leads[i]);
        if (at == text.len)
            continue;
        struct str behind = str_sub(text, at + leads[i].len, 160);
        struct owner owner = owner_read(&cx->arena, behind);
        if (owner.len > 0 && owner.at[0].reach == OWNER_SORT && owner.at[0].text.at == behind.at)
            return owner.at[0].text;
    }
    return STR("");
}

static struct str join_texts(struct ctx *cx, const struct plan_texts *texts)
{
    return str_join(&cx->arena, texts->at, texts->len, STR("; "));
}

/* The owner's words a person gave in the draft's form, where the paper's own say too little. */
static enum err corrected_owner(struct ctx *cx, int64_t document_id, int64_t ordinal, struct str *owner_text)
{
    SQL(find, "SELECT owner_text FROM obligation_owner WHERE document_id = $1 AND ordinal = $2");
    struct rows rows = db_rows(cx, &find, BIND(V(document_id), V(ordinal)));
    if (rows_next(&rows))
        *owner_text = rows_str(&rows);
    return rows_end(&rows);
}

static enum err finish_order(struct ctx *cx, const struct document *document, const struct plan *plan,
                             const struct plan_due *due, struct order *order)
{
    struct obligation *o = &order->obligation;
    struct str owner_text = o->owner_text;
    TRY(corrected_owner(cx, document->id, o->ordinal, &owner_text));
    order->owner = owner_read(&cx->arena, owner_text);
    if (!str_eq(owner_text, o->owner_text))
        order->owner_sort = STR("");
    o->id = obligation_id_of(document->id, o->ordinal);
    o->document_id = document->id;
    o->issuer_unit_id = document->issuer_unit_id;
    o->issuer_name = document->issuer_name;
    o->source = document_cite(&cx->arena, document);
    o->owner_text = owner_text;
    if (o->head.len == 0)
        o->head = order->owner.head;
    o->addressee = addressee_of(cx, o->text);
    o->rule.kind = kind_name(due->kind);
    o->rule.value = due->value;
    o->rule.relation = relation_name(due->relation);
    o->frame = frame_of(document, plan, o->text);
    TRY(holiday_read(cx, &o->frame.declared));
    order->due = due_first(&o->rule, &o->frame);
    o->due_words = due_words(&cx->arena, &o->rule, &order->due);
    o->due_at = order->due.due_at;
    o->opens_at = order->due.opens_at;
    o->period = order->due.period;
    return OK;
}

static enum err read_task(struct ctx *cx, const struct document *document, const struct plan *plan,
                          size_t index, struct order *order)
{
    const struct plan_obligation *task = &plan->obligations[index];
    struct obligation *o = &order->obligation;
    o->ordinal = (int64_t)index + 1;
    o->paragraph = task->paragraph;
    o->place = task->place;
    o->text = task->text;
    o->owner_text = task->owner;
    o->coordinators = join_texts(cx, &task->coordinators);
    o->head = task->head;
    o->rule.recurring = task->recurring;
    o->closes_by = task->closes_by.len > 0 ? task->closes_by : closer_asked(cx, task->text);
    order->waits_for = task->waits_for;
    order->waits_for_len = task->waits_for_len;
    order->owner_sort = task->owner_sort;
    return finish_order(cx, document, plan, &task->due, order);
}

static enum err read_evaluation(struct ctx *cx, const struct document *document, const struct plan *plan,
                                size_t index, struct order *order)
{
    const struct plan_evaluation *task = &plan->evaluation[index];
    struct obligation *o = &order->obligation;
    o->ordinal = OBLIGATION_EVALUATIONS + (int64_t)index;
    o->paragraph = task->paragraph;
    o->place = task->place;
    o->text = task->text;
    o->owner_text = task->owner;
    return finish_order(cx, document, plan, &task->due, order);
}

enum err orders_read(struct ctx *cx, const struct document *document, struct orders *ret_orders)
{
    struct orders orders = { .len = 0 };
    if (document->content.len > 0)
        TRY(plan_parse(cx, document->content, &orders.plan));
    const struct plan *plan = &orders.plan;
    if (plan->obligations_len + plan->evaluation_len > OBLIGATION_LIST_MAX)
        return fail(cx, ERR_LIMIT, "Văn bản giao quá %d nhiệm vụ, xin tách thành nhiều văn bản",
                    (int)OBLIGATION_LIST_MAX);
    orders.at = ARENA_NEW_ARRAY(&cx->arena, struct order, plan->obligations_len + plan->evaluation_len + 1);
    for (size_t i = 0; i < plan->obligations_len; i++)
        TRY(read_task(cx, document, plan, i, &orders.at[orders.len++]));
    for (size_t i = 0; i < plan->evaluation_len; i++)
        TRY(read_evaluation(cx, document, plan, i, &orders.at[orders.len++]));
    *ret_orders = orders;
    return OK;
}

enum err orders_scope(struct ctx *cx, const struct document *document, struct scope *ret_scope)
{
    struct unit issuer = { .id = 0 };
    struct unit place = { .id = 0 };
    TRY(unit_find(cx, document->issuer_unit_id, &issuer));
    TRY(unit_find(cx, issuer.place_id, &place));
    *ret_scope = unit_scope(&cx->arena, place.path);
    return OK;
}

/* Bodies of one sort in the issuer's area that stand on the day of issue; a proper name narrows where there are several. */
struct bodies {
    struct str sort;
    struct str like; /* "" any name */
    struct scope scope;
    int64_t day;
};

static enum err count_bodies(struct ctx *cx, const struct bodies *bodies, int64_t *ret_count)
{
    SQL(count, "SELECT COUNT(*) FROM unit u WHERE u.sort = $1 AND u.path >= $2 AND u.path < $3 AND u.to_day > $4"
               " AND ($5 = '' OR u.fold LIKE $5 ESCAPE '\\')");
    return db_i64(cx, &count,
                  BIND(V(bodies->sort), V(bodies->scope.path_lo), V(bodies->scope.path_hi), V(bodies->day),
                       V(bodies->like)),
                  ret_count);
}

/*
 * "Viễn thông Hà Tĩnh" in Hà Tĩnh's paper is the only one there is, whatever it is called in our tree; "Tỉnh ủy Quảng
 * Ngãi" in a central paper is one of thirty-four and is found by its name.
 */
static enum err find_bodies(struct ctx *cx, const struct owner_part *part, const struct scope *scope,
                            int64_t day, struct bodies *ret_bodies, int64_t *ret_count)
{
    struct bodies bodies = { part->sort, STR(""), *scope, day };
    int64_t count = 0;
    TRY(count_bodies(cx, &bodies, &count));
    if (part->name.len > 0 && count > 1) {
        bodies.like = viet_like_word(&cx->arena, viet_fold(&cx->arena, part->name));
        TRY(count_bodies(cx, &bodies, &count));
    }
    *ret_bodies = bodies;
    *ret_count = count;
    return OK;
}

static enum err insert_bodies(struct ctx *cx, const struct obligation *o, const struct bodies *bodies)
{
    SQL(insert,
        "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, opens_at, closed_by, note)"
        " SELECT $1, u.id, $2, 'open', $3, $4, '', '' FROM unit u WHERE u.sort = $5 AND u.path >= $6 AND u.path < $7"
        " AND u.to_day > $8 AND ($9 = '' OR u.fold LIKE $9 ESCAPE '\\') ON CONFLICT DO NOTHING");
    return db_run(cx, &insert,
                  BIND(V(o->id), V(o->period), VN(o->due_at), VN(o->opens_at), V(bodies->sort),
                       V(bodies->scope.path_lo), V(bodies->scope.path_hi), V(bodies->day), V(bodies->like)));
}

static enum err insert_recipients(struct ctx *cx, const struct obligation *o)
{
    SQL(insert, "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, opens_at, closed_by, note)"
                " SELECT $1, d.unit_id, $2, 'open', $3, $4, '', '' FROM document_delivery d WHERE d.document_id = $5"
                " ON CONFLICT DO NOTHING");
    return db_run(cx, &insert,
                  BIND(V(o->id), V(o->period), VN(o->due_at), VN(o->opens_at), V(o->document_id)));
}

/* Parts that name a sort: the owner's own, or the plan's word for it, or the quota holders of the paper. */
struct part_list {
    struct owner_part *at;
    size_t len;
    bool is_doubtful;   /* some words name nobody */
    bool to_recipients; /* "các cơ quan, đơn vị" of a paper without quotas */
};

static void add_holders(struct ctx *cx, const struct plan *plan, struct part_list *list, size_t list_max)
{
    for (size_t i = 0; i < plan->quotas_len; i++) {
        struct owner owner = owner_read(&cx->arena, plan->quotas[i].unit);
        for (size_t j = 0; j < owner.len; j++) {
            if (owner.at[j].reach == OWNER_SORT && list->len < list_max)
                list->at[list->len++] = owner.at[j];
            else
                list->is_doubtful = true;
        }
    }
    list->to_recipients = plan->quotas_len == 0;
}

static struct part_list parts_of(struct ctx *cx, const struct orders *orders, const struct order *order)
{
    enum { PARTS_MAX = 512 };
    struct part_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct owner_part, PARTS_MAX) };
    if (order->owner_sort.len > 0) {
        list.at[list.len++] = (struct owner_part){ OWNER_SORT, order->owner_sort, STR(""),
                                                   order->obligation.owner_text };
        return list;
    }
    for (size_t i = 0; i < order->owner.len; i++) {
        const struct owner_part *part = &order->owner.at[i];
        switch (part->reach) {
        case OWNER_SORT:
            if (list.len < PARTS_MAX)
                list.at[list.len++] = *part;
            break;
        case OWNER_HOLDERS:
            add_holders(cx, &orders->plan, &list, PARTS_MAX);
            break;
        case OWNER_UNKNOWN:
            list.is_doubtful = true;
            break;
        case OWNER_PERSONS:
            break;
        }
    }
    list.is_doubtful |= order->owner.len == 0;
    return list;
}

static int64_t day_bound(const struct document *document)
{
    return document->issued_day == DAY_NONE ? 0 : document->issued_day;
}

enum err order_count_units(struct ctx *cx, const struct document *document, const struct orders *orders,
                           const struct order *order, int64_t *ret_units, bool *ret_is_doubtful)
{
    struct scope scope = { .path_lo = STR("") };
    TRY(orders_scope(cx, document, &scope));
    struct part_list parts = parts_of(cx, orders, order);
    struct document_recipients recipients = { .len = 0 };
    int64_t units = 0;
    if (parts.to_recipients)
        TRY(document_get_recipients(cx, document->id, &recipients));
    for (size_t i = 0; i < recipients.len; i++)
        units += recipients.at[i].sent;
    for (size_t i = 0; i < parts.len; i++) {
        struct bodies bodies = { .day = 0 };
        int64_t count = 0;
        TRY(find_bodies(cx, &parts.at[i], &scope, day_bound(document), &bodies, &count));
        units += count;
        parts.is_doubtful |= count == 0;
    }
    *ret_units = units;
    *ret_is_doubtful = parts.is_doubtful;
    return OK;
}

/* What a plan does not say is an empty text, never an absent one. */
static struct db_value said(struct str text)
{
    return db_value_text(text.at ? text : STR(""));
}

enum err obligation_insert(struct ctx *cx, const struct obligation *o)
{
    SQL(insert,
        "INSERT INTO obligation (id, document_id, ordinal, paragraph, material_id, issuer_unit_id, issuer_name, source, place,"
        " text, owner_text, coordinators, head, addressee, due_kind, due_value, due_relation, recurring, issued_day,"
        " event_day, until_day, due_words, due_at, opens_at, period, closes_by, state, state_reason, old_due_words,"
        " old_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
        " $21, $22, $23, $24, $25, $26, 'in_force', '', '', '')");
    int64_t event_day = o->frame.event_day == DAY_NONE ? 0 : o->frame.event_day;
    int64_t until_day = o->frame.until_day == DAY_NONE ? 0 : o->frame.until_day;
    int64_t issued_day = o->frame.issued_day == DAY_NONE ? 0 : o->frame.issued_day;
    return db_run(cx, &insert,
                  BIND(V(o->id), V(o->document_id), V(o->ordinal), V(o->paragraph), VN(o->material_id), V(o->issuer_unit_id),
                       said(o->issuer_name), said(o->source), said(o->place), said(o->text), said(o->owner_text),
                       said(o->coordinators), said(o->head), said(o->addressee), said(o->rule.kind), said(o->rule.value),
                       said(o->rule.relation), said(o->rule.recurring), V(issued_day), VN(event_day), VN(until_day),
                       said(o->due_words), VN(o->due_at), VN(o->opens_at), V(o->period), said(o->closes_by)));
}

enum err duties_count(struct ctx *cx, int64_t obligation_id, int64_t period)
{
    SQL(list, "SELECT u.path FROM duty d JOIN unit u ON u.id = d.unit_id"
              " WHERE d.obligation_id = $1 AND d.period = $2 AND d.state = 'open'");
    struct rows rows = db_rows(cx, &list, BIND(V(obligation_id), V(period)));
    while (rows_next(&rows))
        counter_add(cx, "duty_total", obligation_id, rows_str(&rows), 1);
    return rows_end(&rows);
}

enum err order_apply(struct ctx *cx, const struct document *document, const struct orders *orders,
                     const struct order *order)
{
    struct scope scope = { .path_lo = STR("") };
    TRY(obligation_insert(cx, &order->obligation));
    TRY(orders_scope(cx, document, &scope));
    struct part_list parts = parts_of(cx, orders, order);
    if (parts.to_recipients)
        TRY(insert_recipients(cx, &order->obligation));
    for (size_t i = 0; i < parts.len; i++) {
        struct bodies bodies = { .day = 0 };
        int64_t count = 0;
        TRY(find_bodies(cx, &parts.at[i], &scope, day_bound(document), &bodies, &count));
        if (count > 0)
            TRY(insert_bodies(cx, &order->obligation, &bodies));
    }
    TRY(order_open_runs(cx, order, &orders->plan));
    return duties_count(cx, order->obligation.id, order->obligation.period);
}

enum err obligation_find_units(struct ctx *cx, const struct document *document, struct str words, int64_t **ret_ids,
                               size_t *ret_len)
{
    SQL(list_bodies, "SELECT u.id FROM unit u WHERE u.sort = $1 AND u.path >= $2 AND u.path < $3 AND u.to_day > $4"
                     " AND ($5 = '' OR u.fold LIKE $5 ESCAPE '\\') ORDER BY u.path LIMIT $6");
    struct scope scope = { .path_lo = STR("") };
    struct owner owner = owner_read(&cx->arena, words);
    int64_t *ids = ARENA_NEW_ARRAY(&cx->arena, int64_t, DUTY_UNITS_MAX);
    size_t len = 0;
    TRY(orders_scope(cx, document, &scope));
    for (size_t i = 0; i < owner.len; i++) {
        struct bodies bodies = { .day = 0 };
        int64_t count = 0;
        if (owner.at[i].reach != OWNER_SORT)
            continue;
        TRY(find_bodies(cx, &owner.at[i], &scope, day_bound(document), &bodies, &count));
        struct rows rows = db_rows(cx, &list_bodies,
                                   BIND(V(bodies.sort), V(bodies.scope.path_lo), V(bodies.scope.path_hi), V(bodies.day),
                                        V(bodies.like), V((int64_t)DUTY_UNITS_MAX - (int64_t)len)));
        while (len < DUTY_UNITS_MAX && rows_next(&rows))
            ids[len++] = rows_i64(&rows);
        TRY(rows_end(&rows));
    }
    *ret_ids = ids;
    *ret_len = len;
    return OK;
}
