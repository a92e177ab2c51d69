#include "document/document_fact.h"
#include "document/document_read.h"

#include "unit/unit.h"
#include "viet/viet.h"

/*
 * Whom a paper goes to today: $1 the paper, $2 the day, $3 the issuer, who sends itself nothing.
 * Three cases of a line of "Nơi nhận" (one unit; a sort within a unit's area; a sort in the whole
 * country), each a range of an index; what is scanned is only their union.
 */
#define ADDRESSEES                                                                                 \
    "SELECT u.id AS unit_id, u.path AS unit_path FROM document_recipient r JOIN unit u ON u.id = " \
    "r.unit_id"                                                                                    \
    " WHERE r.document_id = $1 AND r.unit_id > 0 AND u.from_day <= $2 AND u.to_day > $2 AND u.id " \
    "<> $3"                                                                                        \
    " UNION SELECT u.id, u.path FROM document_recipient r JOIN unit s ON s.id = r.scope_unit_id"   \
    " JOIN unit u ON u.sort = r.sort AND u.path >= s.path AND u.path < substr(s.path, 1, "         \
    "length(s.path) - 1) || '/'"                                                                   \
    " WHERE r.document_id = $1 AND r.unit_id = 0 AND r.sort <> '' AND u.from_day <= $2 AND "       \
    "u.to_day > $2 AND u.id <> $3"                                                                 \
    " UNION SELECT u.id, u.path FROM document_recipient r JOIN unit u ON u.sort = r.sort"          \
    " WHERE r.document_id = $1 AND r.unit_id = 0 AND r.sort <> '' AND r.scope_unit_id = 0"         \
    " AND u.from_day <= $2 AND u.to_day > $2 AND u.id <> $3"

/* ---- Numbers are used once ---- */

static struct str without_zeros(struct str number)
{
    while (number.len > 1 && number.at[0] == '0')
        number = str_sub(number, 1, SIZE_MAX);
    return number;
}

static struct str series_key(struct ctx *cx, const struct document *d)
{
    struct str number = without_zeros(d->number);
    if (d->is_received) /* numbered by its own issuer: once in the register of the unit that entered it */
        return str_format(&cx->arena, "received|%lld|%d|" STR_FMT "|" STR_FMT "|" STR_FMT, (long long)d->issuer_unit_id,
                          day_to_civil(d->issued_day).year, STR_ARG(viet_lower(&cx->arena, d->symbol)), STR_ARG(number),
                          STR_ARG(viet_fold(&cx->arena, d->issuer_name)));
    if (str_eq(d->regime, DOCUMENT_REGIME_PARTY))
        return str_format(&cx->arena, "party|%lld|" STR_FMT "|" STR_FMT "|" STR_FMT,
                          (long long)d->issuer_unit_id, STR_ARG(d->kind), STR_ARG(d->term),
                          STR_ARG(number));
    return str_format(&cx->arena, "state|%lld|%d|" STR_FMT "|" STR_FMT,
                      (long long)d->issuer_unit_id, day_to_civil(d->issued_day).year,
                      STR_ARG(viet_lower(&cx->arena, d->symbol)), STR_ARG(number));
}

static bool is_number(struct str number)
{
    for (size_t i = 0; i < number.len; i++) {
        if (number.at[i] < '0' || number.at[i] > '9')
            return false;
    }
    return number.len > 0;
}

enum err document_check_complete(struct ctx *cx, const struct document *d)
{
    if (d->number.len == 0)
        return fail_field(cx, "number",
                          "Văn bản chưa có số nên còn là dự thảo; xin ghi số rồi ban hành");
    if (!is_number(d->number))
        return fail_field(cx, "number",
                          "Số văn bản chỉ gồm chữ số, ví dụ 09; phần chữ ghi ở ký hiệu");
    if (d->issued_day == DAY_NONE)
        return fail_field(cx, "issued_day",
                          "Văn bản chưa có đủ ngày, tháng, năm; xin ghi ngày ban hành");
    if (d->symbol.len == 0)
        return fail_field(cx, "symbol",
                          "Văn bản chưa có ký hiệu; xin ghi ký hiệu, ví dụ KH/TU hoặc KH-UBND");
    if (d->title.len == 0)
        return fail_field(cx, "title", "Văn bản chưa có trích yếu; xin ghi trích yếu");
    if (d->signer_name.len == 0)
        return fail_field(cx, "signer_name", "Văn bản chưa có người ký; xin ghi họ tên người ký");
    return OK;
}

static enum err check_number_free(struct ctx *cx, const struct document *d)
{
    SQL(find_series, "SELECT title FROM document WHERE series_key = $1");

    struct rows rows = db_rows(cx, &find_series, BIND(V(series_key(cx, d))));
    struct str title = STR("");
    bool is_used = rows_next(&rows);
    if (is_used)
        title = rows_str(&rows);
    TRY(rows_end(&rows));
    if (!is_used)
        return OK;
    const char *span = str_eq(d->regime, DOCUMENT_REGIME_PARTY) ? "nhiệm kỳ này" : "năm này";
    return fail(cx, ERR_CONFLICT,
                "Số " STR_FMT " đã dùng trong %s cho văn bản “" STR_FMT "”; xin lấy số khác",
                STR_ARG(document_cite(&cx->arena, d)), span, STR_ARG(str_sub(title, 0, 200)));
}

enum err document_count_addressees(struct ctx *cx, const struct document *document,
                                   int64_t *ret_count)
{
    SQL(count_addressees, "SELECT COUNT(*) FROM (" ADDRESSEES ") a /*scan*/");

    return db_i64(cx, &count_addressees,
                  BIND(V(document->id), V(day_from_instant(cx->now)), V(document->issuer_unit_id)),
                  ret_count);
}

/* ---- Issue ---- */

enum err document_decide_issued(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct document document = { 0 };
    int64_t units = 0;
    TRY(document_find(cx, fact->subject_id, &document));
    TRY(document_must_own(cx, document.issuer_unit_id, document.issuer_path,
                          PERMISSION_DOCUMENT_ISSUE));
    if (!str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT, "Văn bản này đã được ban hành");
    TRY(document_check_complete(cx, &document));
    TRY(check_number_free(cx, &document));
    TRY(document_count_addressees(cx, &document, &units));
    if (units == 0 && !document.is_received) /* an entry binds who entered it, whoever else is named */
        return fail_field(cx, "recipients",
                          "Nơi nhận chưa có đơn vị nào trong hệ thống; xin chọn loại cơ quan cho "
                          "ít nhất một dòng nơi nhận");
    return OK;
}

static enum err deliver(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    SQL(add_deliveries,
        "INSERT INTO document_delivery (document_id, unit_id, unit_path, sent_at, acknowledged_at,"
        " acknowledged_by) SELECT CAST($1 AS BIGINT), a.unit_id, a.unit_path,"
        " CAST($4 AS BIGINT), 0, 0 FROM (" ADDRESSEES ") a /*scan*/");
    SQL(list_paths,
        "SELECT unit_path FROM document_delivery WHERE document_id = $1 ORDER BY unit_path");

    TRY(db_run(cx, &add_deliveries,
               BIND(V(document->id), V(day_from_instant(fact->at)), V(document->issuer_unit_id),
                    V(fact->at))));
    struct rows rows = db_rows(cx, &list_paths, BIND(V(document->id)));
    while (rows_next(&rows))
        counter_add(cx, "paper_sent", document->id, rows_str(&rows), 1);
    return rows_end(&rows);
}

enum err document_apply_issued(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark_issued,
        "UPDATE document SET state = 'issued', issued_at = $2, series_key = $3 WHERE id = $1");

    (void)body;
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    enum err err =
        db_run(cx, &mark_issued, BIND(V(document.id), V(fact->at), V(series_key(cx, &document))));
    if (err == ERR_CONFLICT)
        return fail(cx, ERR_CONFLICT, "Số " STR_FMT " đã dùng cho văn bản khác; xin lấy số khác",
                    STR_ARG(document_cite(&cx->arena, &document)));
    TRY(err);
    TRY(deliver(cx, fact, &document));
    TRY(document_find(cx, document.id, &document));
    TRY(document_link(cx, &document));
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->issued)
            TRY(listeners[i]->issued(cx, fact, &document));
    }
    return OK;
}

/* ---- What a paper does to an older one of the same issuer ---- */

struct change {
    int64_t older_id, newer_id;
    bool is_replacing;
};
enum { CHANGES_MAX = 50 };

/*
 * Both ways, because papers are entered in any order: what this one says of older ones, and what
 * newer ones that are issued already say of it. Only the issuer itself changes its paper: anybody
 * may cite a number, and citing must not take a foreign paper out of force.
 */
static enum err list_changes(struct ctx *cx, int64_t document_id, struct change *ret_changes,
                             size_t *ret_len)
{
    SQL(find_changes,
        "SELECT r.to_document_id, r.document_id, r.relation FROM document_relation r"
        " JOIN document n ON n.id = r.document_id JOIN document o ON o.id = r.to_document_id"
        " WHERE r.document_id = $1 AND r.relation IN ('amends', 'replaces') AND o.state IN "
        "('issued', 'amended')"
        " AND n.issuer_unit_id = o.issuer_unit_id"
        " UNION SELECT r.to_document_id, r.document_id, r.relation FROM document_relation r"
        " JOIN document n ON n.id = r.document_id JOIN document o ON o.id = r.to_document_id"
        " WHERE r.to_document_id = $1 AND r.relation IN ('amends', 'replaces') AND n.state IN "
        "('issued', 'amended')"
        " AND n.issuer_unit_id = o.issuer_unit_id ORDER BY 1, 2");

    size_t len = 0;
    struct rows rows = db_rows(cx, &find_changes, BIND(V(document_id)));
    while (len < CHANGES_MAX && rows_next(&rows)) {
        ret_changes[len].older_id = rows_i64(&rows);
        ret_changes[len].newer_id = rows_i64(&rows);
        ret_changes[len++].is_replacing = str_eq(rows_str(&rows), STR("replaces"));
    }
    *ret_len = len;
    return rows_end(&rows);
}

enum err document_issue(struct ctx *cx, int64_t document_id)
{
    bool is_known = false;
    int64_t seq = 0;
    TRY(fact_is_known(cx, &is_known, &seq));
    struct document document = { 0 };
    TRY(document_find(cx, document_id, &document));
    struct document_marked nothing = { .note = STR("") };
    TRY(fact_record(cx, &document_fact_list[DOCUMENT_FACT_ISSUED], document.issuer_unit_id,
                    document_id, &nothing, NULL));
    if (is_known)
        return OK; /* sent twice: what followed is recorded already */
    struct change changes[CHANGES_MAX];
    size_t len = 0;
    TRY(list_changes(cx, document_id, changes, &len));
    for (size_t i = 0; i < len; i++) {
        struct document_changed changed = { changes[i].newer_id };
        enum document_fact kind =
            changes[i].is_replacing ? DOCUMENT_FACT_REPLACED : DOCUMENT_FACT_AMENDED;
        TRY(fact_record(cx, &document_fact_list[kind], document.issuer_unit_id, changes[i].older_id,
                        &changed, NULL));
    }
    return OK;
}

static enum err apply_changed(struct ctx *cx, const struct fact *fact, int64_t by_document_id,
                              bool is_replacing)
{
    SQL(mark_amended, "UPDATE document SET state = 'amended' WHERE id = $1 AND state = 'issued'");
    SQL(mark_replaced, "UPDATE document SET state = 'replaced', replaced_by_id = $2 WHERE id = $1");

    if (is_replacing)
        TRY(db_run(cx, &mark_replaced, BIND(V(fact->subject_id), V(by_document_id))));
    else
        TRY(db_run(cx, &mark_amended, BIND(V(fact->subject_id))));
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        enum err (*heard)(struct ctx *, const struct fact *, const struct document *, int64_t) =
            is_replacing ? listeners[i]->replaced : listeners[i]->amended;
        if (heard)
            TRY(heard(cx, fact, &document, by_document_id));
    }
    return OK;
}

enum err document_apply_amended(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct document_changed *changed = body;
    return apply_changed(cx, fact, changed->by_document_id, false);
}

enum err document_apply_replaced(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct document_changed *changed = body;
    return apply_changed(cx, fact, changed->by_document_id, true);
}

/* ---- Recall ---- */

enum err document_decide_recalled(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    TRY(document_must_own(cx, document.issuer_unit_id, document.issuer_path,
                          PERMISSION_DOCUMENT_ISSUE));
    if (str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT, "Dự thảo chưa ban hành nên không cần thu hồi");
    if (str_eq(document.state, DOCUMENT_STATE_RECALLED))
        return fail(cx, ERR_CONFLICT, "Văn bản này đã được thu hồi");
    return OK;
}

enum err document_recall(struct ctx *cx, int64_t document_id, struct str reason)
{
    struct document document = { 0 };
    TRY(document_find(cx, document_id, &document));
    struct document_recalled body = { reason };
    return fact_record(cx, &document_fact_list[DOCUMENT_FACT_RECALLED], document.issuer_unit_id,
                       document_id, &body, NULL);
}

enum err document_apply_recalled(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark_recalled, "UPDATE document SET state = 'recalled', reason = $2 WHERE id = $1");

    const struct document_recalled *recalled = body;
    TRY(db_run(cx, &mark_recalled, BIND(V(fact->subject_id), V(recalled->reason))));
    struct document document = { 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->recalled)
            TRY(listeners[i]->recalled(cx, fact, &document));
    }
    return OK;
}

/* ---- Acknowledge: the program's hottest path; one indexed read, then one UPDATE and the counters
 * ---- */

/* *ret_path is "" when the unit has no copy. */
static enum err find_copy(struct ctx *cx, int64_t document_id, int64_t unit_id,
                          int64_t *ret_acknowledged_at, struct str *ret_path)
{
    SQL(find_delivery, "SELECT acknowledged_at, unit_path FROM document_delivery"
                       " WHERE document_id = $1 AND unit_id = $2 /*row of document_delivery $1 $2*/");

    struct rows rows = db_rows(cx, &find_delivery, BIND(V(document_id), V(unit_id)));
    if (rows_next(&rows)) {
        *ret_acknowledged_at = rows_i64(&rows);
        *ret_path = rows_str(&rows);
    }
    return rows_end(&rows);
}

enum err document_acknowledge(struct ctx *cx, int64_t document_id, int64_t *ret_first_at)
{
    int64_t unit_id = cx->actor->unit_id, first_at = 0;
    struct str path = STR("");
    TRY(find_copy(cx, document_id, unit_id, &first_at, &path));
    if (path.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này trong văn bản đến của đơn vị");
    if (first_at == 0) {
        struct document_marked nothing = { .note = STR("") };
        TRY(fact_record(cx, &document_fact_list[DOCUMENT_FACT_ACKNOWLEDGED], unit_id, document_id,
                        &nothing, NULL));
        first_at = cx->now;
    }
    *ret_first_at = first_at;
    return OK;
}

/* A second acknowledgement by another device changes nothing: the first one counts. */
enum err document_apply_acknowledged(struct ctx *cx, const struct fact *fact, const void *body)
{
    /* Read, then written: RETURNING makes SQLite build a table for its one row, which costs more
     * than the read, and PostgreSQL would have to be waited for all the same. */
    SQL(mark_acknowledged,
        "UPDATE document_delivery SET acknowledged_at = $3, acknowledged_by = $4"
        " WHERE document_id = $1 AND unit_id = $2 /*row of document_delivery $1 $2*/");

    (void)body;
    int64_t acknowledged_at = 0;
    struct str path = STR("");
    TRY(find_copy(cx, fact->subject_id, fact->unit_id, &acknowledged_at, &path));
    if (path.len == 0 || acknowledged_at != 0)
        return OK;
    TRY(db_run(cx, &mark_acknowledged,
               BIND(V(fact->subject_id), V(fact->unit_id), V(fact->at), V(fact->account_id))));
    counter_add(cx, "paper_received", fact->subject_id, path, 1);
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->acknowledged)
            TRY(listeners[i]->acknowledged(cx, fact, fact->subject_id, fact->unit_id));
    }
    return OK;
}
