#include "obligation/obligation_inside.h"

#include "unit/unit.h"
#include "viet/viet.h"

/* ---- What an issued paper asks for ---- */

/*
 * An incoming paper is registered and passed on the day it comes, at the latest on the next working day (Decree
 * 30/2020, articles 21 to 23). It is counted from the day it was sent here, not from the day it bears.
 */
enum err obligation_due_next_working_day(struct ctx *cx, const struct fact *fact, struct obligation *o)
{
    int32_t today = day_from_instant(fact->at);
    const struct holidays *declared = NULL;
    TRY(holiday_read(cx, &declared));
    o->rule = (struct due_rule){ STR("period_after"), STR("P1WD"), STR("by"), STR("") };
    o->frame = (struct due_frame){ today, today, DAY_NONE, declared };
    struct due due = due_first(&o->rule, &o->frame);
    o->due_at = due.due_at;
    o->due_words = str_format(&cx->arena, "hết " STR_FMT,
                              STR_ARG(day_format_long(&cx->arena, day_from_instant(due.due_at - 1))));
    return OK;
}

static enum err bind_recipients(struct ctx *cx, const struct obligation *o)
{
    SQL(insert, "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, closed_by, note)"
                " SELECT $1, d.unit_id, 0, 'open', $2, '', '' FROM document_delivery d WHERE d.document_id = $3"
                " ON CONFLICT DO NOTHING");
    TRY(obligation_insert(cx, o));
    TRY(db_run(cx, &insert, BIND(V(o->id), VN(o->due_at), V(o->document_id))));
    return duties_count(cx, o->id, 0);
}

static enum err order_acknowledgement(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    struct obligation o = {
        .id = obligation_id_of(document->id, OBLIGATION_ACKNOWLEDGEMENT),
        .document_id = document->id,
        .ordinal = OBLIGATION_ACKNOWLEDGEMENT,
        .issuer_unit_id = document->issuer_unit_id,
        .issuer_name = document->issuer_name,
        .source = document_cite(&cx->arena, document),
        .place = STR("Nơi nhận"),
        .owner_text = STR("Các nơi nhận văn bản"),
        .addressee = document->issuer_name,
        .closes_by = STR("paper_acknowledged"),
    };
    o.text = str_format(&cx->arena, "Tiếp nhận " STR_FMT, STR_ARG(document_title(&cx->arena, document)));
    TRY(obligation_due_next_working_day(cx, fact, &o));
    return bind_recipients(cx, &o);
}

/* ---- What waits for what ---- */

static enum err add_wait(struct ctx *cx, int64_t obligation_id, int64_t waits_for_id)
{
    SQL(insert, "INSERT INTO obligation_wait (obligation_id, waits_for_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
    return db_run(cx, &insert, BIND(V(obligation_id), V(waits_for_id)));
}

/* True when the text asks to gather what others send: such a duty is met only when theirs are (capability B18). */
static bool gathers(struct ctx *cx, struct str text)
{
    struct str folded = viet_fold(&cx->arena, text);
    return str_find(folded, STR("tong hop")) < folded.len || str_find(folded, STR("theo doi")) < folded.len ||
           str_find(folded, STR("quan ly viec dang ky")) < folded.len;
}

/* Lower units send this one's result to whoever owes the gathering one. */
static bool is_sent_to(struct ctx *cx, const struct order *sent, const struct order *gathering)
{
    if (sent->obligation.addressee.len == 0 || gathering->owner.len == 0)
        return false;
    struct owner addressee = owner_read(&cx->arena, sent->obligation.addressee);
    for (size_t i = 0; i < gathering->owner.len; i++) {
        if (addressee.len > 0 && gathering->owner.at[i].reach == OWNER_SORT &&
            str_eq(gathering->owner.at[i].sort, addressee.at[0].sort))
            return true;
    }
    return false;
}

static enum err add_waits(struct ctx *cx, const struct orders *orders)
{
    for (size_t i = 0; i < orders->len; i++) {
        const struct order *upper = &orders->at[i];
        for (size_t j = 0; j < upper->waits_for_len; j++) {
            int64_t index = upper->waits_for[j];
            if (index >= 0 && (size_t)index < orders->len && (size_t)index != i)
                TRY(add_wait(cx, upper->obligation.id, orders->at[index].obligation.id));
        }
        if (upper->waits_for_len > 0 || !gathers(cx, upper->obligation.text))
            continue;
        for (size_t j = 0; j < orders->len; j++) {
            if (j != i && is_sent_to(cx, &orders->at[j], upper))
                TRY(add_wait(cx, upper->obligation.id, orders->at[j].obligation.id));
        }
    }
    return OK;
}

/* The issued paper of the same issuer that an amending one changes; 0 when nobody has entered it. */
static enum err find_amended(struct ctx *cx, const struct document *document, const struct plan *plan,
                             int64_t *ret_id)
{
    struct document_relation cited = { .number = plan->document.amends.number, .day = DAY_NONE };
    struct document amended = { .id = 0 };
    int64_t id = 0;
    (void)day_parse_iso(plan->document.amends.date, &cited.day);
    TRY(document_find_cited(cx, &cited, document->issuer_path, &id));
    if (id != 0)
        TRY(document_find(cx, id, &amended));
    *ret_id = amended.issuer_unit_id == document->issuer_unit_id ? id : 0;
    return OK;
}

static enum err on_issued(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    struct orders orders = { .len = 0 };
    TRY(order_acknowledgement(cx, fact, document));
    TRY(orders_read(cx, document, &orders));
    if (orders.plan.document.is_amending) {
        int64_t amended_id = 0;
        TRY(find_amended(cx, document, &orders.plan, &amended_id));
        if (amended_id != 0)
            return OK; /* on_amended compares the two and takes what is new */
    }
    for (size_t i = 0; i < orders.len; i++)
        TRY(order_apply(cx, document, &orders, &orders.at[i]));
    TRY(obligation_open_classes_above(cx, document, &orders.plan));
    return add_waits(cx, &orders);
}

/* ---- What a later paper changes ---- */

/* The share of words two paragraphs have in common, in hundredths of all words of both. */
static int64_t likeness(struct ctx *cx, struct str a, struct str b)
{
    struct str words_a = viet_fold(&cx->arena, a);
    struct str words_b = str_format(&cx->arena, " " STR_FMT " ", STR_ARG(viet_fold(&cx->arena, b)));
    int64_t in_a = 0;
    int64_t shared = 0;
    int64_t in_b = 0;
    for (size_t i = 1; i < words_b.len; i++)
        in_b += words_b.at[i] == ' ';
    while (words_a.len > 0) {
        struct str next = str_cut(&words_a, ' ');
        struct str word = str_format(&cx->arena, " " STR_FMT " ", STR_ARG(next));
        in_a++;
        shared += str_find(words_b, word) < words_b.len;
    }
    return in_a + in_b == 0 ? 0 : shared * 200 / (in_a + in_b);
}

/* The old paragraph that a new one restates: three words in four the same. -1 when it is a new task. */
static int find_restated(struct ctx *cx, const struct obligation_list *list, const struct order *order)
{
    enum { LIKE_ENOUGH = 75 };
    int best = -1;
    int64_t best_likeness = LIKE_ENOUGH - 1;
    for (size_t i = 0; i < list->len; i++) {
        const struct obligation *o = &list->at[i];
        if (o->is_withdrawn || o->ordinal == OBLIGATION_ACKNOWLEDGEMENT || o->ordinal >= OBLIGATION_MATERIALS)
            continue;
        int64_t found = likeness(cx, o->text, order->obligation.text);
        if (found > best_likeness) {
            best_likeness = found;
            best = (int)i;
        }
    }
    return best;
}

/* Duties met before the change were late or not by the deadline of their day; the counter follows the new one. */
static enum err recount_late(struct ctx *cx, int64_t obligation_id, int64_t period, int64_t new_due_at)
{
    SQL(list, "SELECT d.due_at, d.done_at, u.path FROM duty d JOIN unit u ON u.id = d.unit_id"
              " WHERE d.obligation_id = $1 AND d.period = $2 AND d.state = 'done'");
    struct rows rows = db_rows(cx, &list, BIND(V(obligation_id), V(period)));
    while (rows_next(&rows)) {
        int64_t due_at = rows_i64(&rows);
        int64_t done_at = rows_i64(&rows);
        struct str path = rows_str(&rows);
        int64_t was_late = due_at != 0 && done_at >= due_at;
        int64_t is_late = new_due_at != 0 && done_at >= new_due_at;
        if (is_late != was_late)
            counter_add(cx, "duty_late_done", obligation_id, path, is_late - was_late);
    }
    return rows_end(&rows);
}

static enum err change_obligation(struct ctx *cx, const struct obligation *old, const struct order *order,
                                  int64_t by_document_id)
{
    SQL(change, "UPDATE obligation SET text = $2, due_kind = $3, due_value = $4, due_relation = $5, recurring = $6,"
                " due_words = $7, due_at = $8, opens_at = $9, old_due_words = $10, old_text = $11, changed_by_id = $12,"
                " event_day = $13 WHERE id = $1");
    SQL(move, "UPDATE duty SET due_at = $3, opens_at = $4 WHERE obligation_id = $1 AND period = $2");
    const struct obligation *o = &order->obligation;
    bool is_same_due = str_eq(old->due_words, o->due_words);
    bool is_same_text = str_eq(old->text, o->text);
    if (is_same_due && is_same_text)
        return OK;
    TRY(recount_late(cx, old->id, old->period, o->due_at));
    TRY(db_run(cx, &change,
               BIND(V(old->id), V(o->text), V(o->rule.kind), V(o->rule.value), V(o->rule.relation),
                    V(o->rule.recurring.at ? o->rule.recurring : STR("")), V(o->due_words), VN(o->due_at), VN(o->opens_at),
                    V(is_same_due ? STR("") : old->due_words), V(is_same_text ? STR("") : old->text),
                    V(by_document_id), VN(o->frame.event_day == DAY_NONE ? 0 : o->frame.event_day))));
    return db_run(cx, &move, BIND(V(old->id), V(old->period), VN(o->due_at), VN(o->opens_at)));
}

/* Open duties are taken back; what was done stays done, because it happened. */
static enum err withdraw(struct ctx *cx, const struct fact *fact, int64_t from_id, int64_t to_id, struct str reason)
{
    SQL(list, "SELECT d.obligation_id, u.path FROM duty d JOIN unit u ON u.id = d.unit_id"
              " WHERE d.obligation_id >= $1 AND d.obligation_id < $2 AND d.state = 'open'");
    SQL(take_back, "UPDATE duty SET state = 'withdrawn' WHERE obligation_id >= $1 AND obligation_id < $2"
                   " AND state = 'open'");
    SQL(mark, "UPDATE obligation SET state = 'withdrawn', state_at = $3, state_reason = $4 WHERE id >= $1 AND id < $2"
              " AND state = 'in_force'");
    struct rows rows = db_rows(cx, &list, BIND(V(from_id), V(to_id)));
    while (rows_next(&rows)) {
        int64_t obligation_id = rows_i64(&rows);
        counter_add(cx, "duty_total", obligation_id, rows_str(&rows), -1);
    }
    TRY(rows_end(&rows));
    TRY(db_run(cx, &take_back, BIND(V(from_id), V(to_id))));
    return db_run(cx, &mark, BIND(V(from_id), V(to_id), V(fact->at), V(reason)));
}

static enum err withdraw_document(struct ctx *cx, const struct fact *fact, int64_t document_id, struct str reason)
{
    return withdraw(cx, fact, obligation_id_of(document_id, 0), obligation_id_of(document_id + 1, 0), reason);
}

static enum err restate(struct ctx *cx, const struct fact *fact, const struct obligation *old,
                        const struct order *order, const struct document *amending, bool has_own)
{
    if (!has_own)
        return change_obligation(cx, old, order, amending->id);
    return withdraw(cx, fact, old->id, old->id + 1,
                    str_format(&cx->arena, "Nhiệm vụ được quy định lại tại " STR_FMT,
                               STR_ARG(document_title(&cx->arena, amending))));
}

/*
 * The new paper states tasks again, as they are now: what it restates is changed, what is new becomes its own. A paper
 * that was entered before the one it amends has bound its units already; then the older task gives way.
 */
static enum err on_amended(struct ctx *cx, const struct fact *fact, const struct document *document,
                           int64_t by_document_id)
{
    SQL(count_own, "SELECT COUNT(*) FROM obligation WHERE document_id = $1 AND ordinal > 0 AND ordinal < 9000");
    struct document amending = { .id = 0 };
    struct orders orders = { .len = 0 };
    struct obligation_list list = { .len = 0 };
    int64_t own = 0;
    TRY(document_find(cx, by_document_id, &amending));
    TRY(orders_read(cx, &amending, &orders));
    TRY(db_i64(cx, &count_own, BIND(V(by_document_id)), &own));
    if (!orders.plan.document.is_amending)
        return OK;
    TRY(obligation_list_of_document(cx, document->id, &list));
    for (size_t i = 0; i < orders.len; i++) {
        int restated = find_restated(cx, &list, &orders.at[i]);
        if (restated >= 0)
            TRY(restate(cx, fact, &list.at[restated], &orders.at[i], &amending, own > 0));
        else if (own == 0)
            TRY(order_apply(cx, &amending, &orders, &orders.at[i]));
    }
    return OK;
}

static enum err on_recalled(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    struct str cite = document_cite(&cx->arena, document);
    return withdraw_document(cx, fact, document->id,
                    str_format(&cx->arena, "Văn bản " STR_FMT " đã được thu hồi: " STR_FMT, STR_ARG(cite),
                               STR_ARG(document->reason)));
}

static enum err on_replaced(struct ctx *cx, const struct fact *fact, const struct document *document,
                            int64_t by_document_id)
{
    struct document by = { .id = 0 };
    TRY(document_find(cx, by_document_id, &by));
    return withdraw_document(cx, fact, document->id,
                    str_format(&cx->arena, "Văn bản đã được thay thế bởi " STR_FMT,
                               STR_ARG(document_title(&cx->arena, &by))));
}

/* ---- Facts of papers and materials ---- */

static enum err on_acknowledged(struct ctx *cx, const struct fact *fact, int64_t document_id, int64_t unit_id)
{
    return duty_meet(cx, fact, obligation_id_of(document_id, OBLIGATION_ACKNOWLEDGEMENT), unit_id, 0,
                     STR("paper_acknowledged"), STR(""), NULL);
}

/* Materials of a paper are counted in the order they were attached. */
static enum err material_ordinal(struct ctx *cx, int64_t document_id, int64_t material_id, int64_t *ret_ordinal)
{
    SQL(count, "SELECT COUNT(*) FROM material WHERE document_id = $1 AND id < $2");
    int64_t before = 0;
    TRY(db_i64(cx, &count, BIND(V(document_id), V(material_id)), &before));
    *ret_ordinal = OBLIGATION_MATERIALS + before;
    return OK;
}

/* Who has the paper owes the receipt of what comes with it; who owed the delivery has met it once all of it is out. */
static enum err on_material_delivered(struct ctx *cx, const struct fact *fact, const struct material *material)
{
    SQL(count_held, "SELECT COUNT(*) FROM material WHERE document_id = $1 AND delivered_at = 0 AND id <> $2");
    struct document document = { .id = 0 };
    int64_t held = 0;
    int64_t ordinal = 0;
    TRY(db_i64(cx, &count_held, BIND(V(material->document_id), V(material->id)), &held));
    if (held == 0)
        TRY(obligation_happened(cx, fact, material->document_id, 0, STR("material_delivered")));
    TRY(document_find(cx, material->document_id, &document));
    TRY(material_ordinal(cx, material->document_id, material->id, &ordinal));
    struct obligation o = {
        .id = obligation_id_of(document.id, ordinal),
        .document_id = document.id,
        .ordinal = ordinal,
        .material_id = material->id,
        .issuer_unit_id = document.issuer_unit_id,
        .issuer_name = document.issuer_name,
        .source = document_cite(&cx->arena, &document),
        .place = STR("tài liệu kèm theo"),
        .owner_text = STR("Các nơi nhận văn bản"),
        .addressee = document.issuer_name,
        .closes_by = STR("material_received"),
    };
    o.text = str_format(&cx->arena, "Nhận tài liệu “" STR_FMT "”", STR_ARG(material->name));
    TRY(obligation_due_next_working_day(cx, fact, &o));
    return bind_recipients(cx, &o);
}

static enum err on_material_received(struct ctx *cx, const struct fact *fact, int64_t document_id,
                                     int64_t material_id, int64_t unit_id)
{
    int64_t ordinal = 0;
    TRY(material_ordinal(cx, document_id, material_id, &ordinal));
    return duty_meet(cx, fact, obligation_id_of(document_id, ordinal), unit_id, 0, STR("material_received"),
                     STR(""), NULL);
}

const struct document_listener obligation_listener = {
    .issued = on_issued,
    .amended = on_amended,
    .replaced = on_replaced,
    .recalled = on_recalled,
    .acknowledged = on_acknowledged,
    .material_delivered = on_material_delivered,
    .material_received = on_material_received,
    .foresee = obligation_foresee,
    .show = obligation_show,
};
