#include "document/document_read.h"

#include "unit/unit.h"
#include "viet/viet.h"

/* ---- One paper ---- */

#define COLUMNS                                                                             \
    "d.id, d.kind, d.number, d.symbol, d.regime, d.term, d.issuer_unit_id, d.issuer_path, " \
    "d.issuer_name, d.place,"                                                               \
    " d.issued_day, d.title, d.signer_name, d.signer_title, d.signer_authority, d.state, "  \
    "d.replaces_invitation, d.is_received,"                                                 \
    " d.drafted_at, d.issued_at, d.reason, d.replaced_by_id"

static struct document document_from_row(struct rows *row)
{
    struct document d = { .content = STR("") };
    d.id = rows_i64(row);
    d.kind = rows_str(row);
    d.number = rows_str(row);
    d.symbol = rows_str(row);
    d.regime = rows_str(row);
    d.term = rows_str(row);
    d.issuer_unit_id = rows_i64(row);
    d.issuer_path = rows_str(row);
    d.issuer_name = rows_str(row);
    d.place = rows_str(row);
    d.issued_day = (int32_t)rows_i64(row);
    d.title = rows_str(row);
    d.signer_name = rows_str(row);
    d.signer_title = rows_str(row);
    d.signer_authority = rows_str(row);
    d.state = rows_str(row);
    d.replaces_invitation = rows_i64(row) != 0;
    d.is_received = rows_i64(row) != 0;
    d.drafted_at = rows_i64(row);
    d.issued_at = rows_i64(row);
    d.reason = rows_str(row);
    d.replaced_by_id = rows_i64(row);
    return d;
}

static enum err read_one(struct ctx *cx, struct rows rows, struct document *ret_document)
{
    bool is_found = rows_next(&rows);
    struct document document = { 0 };
    if (is_found) {
        document = document_from_row(&rows);
        document.content = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    *ret_document = document;
    return OK;
}

enum err document_find(struct ctx *cx, int64_t document_id, struct document *ret_document)
{
    SQL(find_document, "SELECT " COLUMNS ", d.content FROM document d WHERE d.id = $1");

    return read_one(cx, db_rows(cx, &find_document, BIND(V(document_id))), ret_document);
}

/*
 * What an actor sees, with $1 and $2 the range of the actor's scope and $3 whose drafts may be
 * seen: what was issued from within the scope, and what was delivered into it. A draft is its
 * issuer's alone: $3 is the issuer, 0 for nobody's, and -1 for the program's own work on any.
 */
#define MY_DRAFT "($3 = -1 OR d.issuer_unit_id = $3)"
#define VISIBLE                                                                                 \
    "((d.issuer_path >= $1 AND d.issuer_path < $2 AND (d.state <> 'draft' OR " MY_DRAFT         \
    ")) OR "                                                                                    \
    "(d.state <> 'draft' AND EXISTS"                                                            \
    " (SELECT 1 FROM document_delivery v WHERE v.document_id = d.id AND v.unit_path >= $1 AND " \
    "v.unit_path < $2)))"

static int64_t drafts_of(const struct actor *actor)
{
    if (!actor_may(actor, PERMISSION_DOCUMENT_DRAFT) &&
        !actor_may(actor, PERMISSION_DOCUMENT_ISSUE))
        return 0;
    return actor->kind == ACTOR_PROGRAM ? -1 : actor->unit_id;
}

enum err document_get(struct ctx *cx, int64_t document_id, struct document *ret_document)
{
    SQL(get_document, "SELECT " COLUMNS ", d.content FROM document d WHERE d.id = $4 AND " VISIBLE);

    const struct scope *scope = &cx->actor->scope;
    return read_one(cx,
                    db_rows(cx, &get_document,
                            BIND(V(scope->path_lo), V(scope->path_hi), V(drafts_of(cx->actor)),
                                 V(document_id))),
                    ret_document);
}

/* ---- Its parts ---- */

enum err document_get_paragraphs(struct ctx *cx, int64_t document_id,
                                 struct document_paragraphs *ret_list)
{
    SQL(list_paragraphs,
        "SELECT ordinal, place, section, heading, text FROM document_paragraph WHERE document_id = "
        "$1"
        " ORDER BY ordinal");

    struct document_paragraphs list = {
        ARENA_NEW_ARRAY(&cx->arena, struct document_paragraph, DOCUMENT_PARAGRAPHS_MAX), 0
    };
    struct rows rows = db_rows(cx, &list_paragraphs, BIND(V(document_id)));
    while (list.len < DOCUMENT_PARAGRAPHS_MAX && rows_next(&rows)) {
        struct document_paragraph *p = &list.at[list.len++];
        p->ordinal = rows_i64(&rows);
        p->place = rows_str(&rows);
        p->section = rows_str(&rows);
        p->heading = rows_str(&rows);
        p->text = rows_str(&rows);
    }
    *ret_list = list;
    return rows_end(&rows);
}

enum err document_get_recipients(struct ctx *cx, int64_t document_id,
                                 struct document_recipients *ret_list)
{
    SQL(list_recipients,
        "SELECT r.ordinal, r.text, r.sort, r.unit_id, r.scope_unit_id, CASE WHEN r.unit_id > 0 THEN"
        " (SELECT COUNT(*) FROM unit u WHERE u.id = r.unit_id AND u.to_day > $2) WHEN r.sort = '' "
        "THEN 0"
        " WHEN r.scope_unit_id = 0 THEN (SELECT COUNT(*) FROM unit u WHERE u.sort = r.sort AND "
        "u.to_day > $2)"
        " ELSE (SELECT COUNT(*) FROM unit u JOIN unit s ON s.id = r.scope_unit_id WHERE u.sort = "
        "r.sort AND u.path >= s.path"
        " AND u.path < substr(s.path, 1, length(s.path) - 1) || '/' AND u.to_day > $2) END"
        " FROM document_recipient r WHERE r.document_id = $1 ORDER BY r.ordinal");

    struct document_recipients list = {
        ARENA_NEW_ARRAY(&cx->arena, struct document_recipient, DOCUMENT_RECIPIENTS_MAX), 0
    };
    struct rows rows =
        db_rows(cx, &list_recipients, BIND(V(document_id), V(day_from_instant(cx->now))));
    while (list.len < DOCUMENT_RECIPIENTS_MAX && rows_next(&rows)) {
        struct document_recipient *r = &list.at[list.len++];
        r->ordinal = rows_i64(&rows);
        r->text = rows_str(&rows);
        r->sort = rows_str(&rows);
        r->unit_id = rows_i64(&rows);
        r->scope_unit_id = rows_i64(&rows);
        r->sent = rows_i64(&rows);
    }
    *ret_list = list;
    return rows_end(&rows);
}

static enum err read_relations(struct ctx *cx, struct rows rows,
                               struct document_relations *ret_list)
{
    struct document_relations list = {
        ARENA_NEW_ARRAY(&cx->arena, struct document_relation, DOCUMENT_RELATIONS_MAX), 0
    };
    while (list.len < DOCUMENT_RELATIONS_MAX && rows_next(&rows)) {
        struct document_relation *r = &list.at[list.len++];
        r->document_id = rows_i64(&rows);
        r->ordinal = rows_i64(&rows);
        r->relation = rows_str(&rows);
        r->number = rows_str(&rows);
        r->kind = rows_str(&rows);
        r->day = (int32_t)rows_i64(&rows);
        r->issuer = rows_str(&rows);
        r->text = rows_str(&rows);
        r->to_document_id = rows_i64(&rows);
    }
    *ret_list = list;
    return rows_end(&rows);
}

enum err document_get_relations(struct ctx *cx, int64_t document_id,
                                struct document_relations *ret_list)
{
    SQL(list_relations,
        "SELECT document_id, ordinal, relation, number, kind, day, issuer, text, to_document_id"
        " FROM document_relation WHERE document_id = $1 ORDER BY ordinal");

    return read_relations(cx, db_rows(cx, &list_relations, BIND(V(document_id))), ret_list);
}

/* The citing paper's own head stands in number, kind, day and issuer here. Only issued papers that
 * the actor may see. */
enum err document_get_relations_to(struct ctx *cx, int64_t document_id,
                                   struct document_relations *ret_list)
{
    SQL(list_relations_to,
        "SELECT d.id, r.ordinal, r.relation, CASE WHEN d.regime = 'party' THEN d.number || '-' || "
        "d.symbol"
        " ELSE d.number || '/' || d.symbol END, d.kind, d.issued_day, d.issuer_name, d.title, "
        "r.to_document_id"
        " FROM document_relation r JOIN document d ON d.id = r.document_id"
        " WHERE r.to_document_id = $4 AND d.state <> 'draft' AND " VISIBLE
        " ORDER BY d.issued_day, d.id");

    const struct scope *scope = &cx->actor->scope;
    return read_relations(
        cx,
        db_rows(cx, &list_relations_to,
                BIND(V(scope->path_lo), V(scope->path_hi), V((int64_t)0), V(document_id))),
        ret_list);
}

/* ---- Lists ---- */

/* Where the counters of what an actor may count are kept: the top of the tree for a paper of one's
 * own side, else one's own area. */
int64_t document_area_id(const struct actor *actor)
{
    enum { STEP = 9, HEX = 8 };
    struct str path = actor->scope.path_lo;
    struct str last = path.len >= STEP ? str_sub(path, path.len - STEP, HEX) : STR("");
    int64_t id = 0;
    for (size_t i = 0; i < last.len; i++) {
        char c = last.at[i];
        id = id * 16 + (c >= 'a' ? c - 'a' + 10 : c - '0');
    }
    return id;
}

#define FILTERED                                                                                  \
    " AND ($4 = '' OR d.kind = $4) AND ($5 = '' OR d.state = $5) AND ($6 = '' OR d.fold LIKE $6 " \
    "ESCAPE '\\')"
#define COUNTS                                                                                    \
    ", COALESCE((SELECT c.value FROM counter c WHERE c.kind = 'paper_sent' AND c.subject_id = "   \
    "d.id AND c.unit_id ="                                                                        \
    " CASE WHEN d.issuer_path >= $1 AND d.issuer_path < $2 THEN CAST($7 AS BIGINT) ELSE CAST($8 " \
    "AS BIGINT) END), 0)"                                                                         \
    ", COALESCE((SELECT c.value FROM counter c WHERE c.kind = 'paper_received' AND c.subject_id " \
    "= d.id AND c.unit_id ="                                                                      \
    " CASE WHEN d.issuer_path >= $1 AND d.issuer_path < $2 THEN CAST($7 AS BIGINT) ELSE CAST($8 " \
    "AS BIGINT) END), 0)"

static enum err read_rows(struct rows rows, struct document_rows *list, int64_t limit)
{
    while ((int64_t)list->len < limit && rows_next(&rows)) {
        struct document_row *row = &list->at[list->len++];
        row->document = document_from_row(&rows);
        row->sent = rows_i64(&rows);
        row->received = rows_i64(&rows);
        row->acknowledged_at = rows_i64(&rows);
        row->sent_at = rows_i64(&rows);
    }
    return rows_end(&rows);
}

/* The box decides the statement; the filters are the same in each. */
static struct rows rows_of_box(struct ctx *cx, const struct document_query *query,
                               struct db_bind bind)
{
    SQL(list_received,
        "SELECT " COLUMNS COUNTS
        ", v.acknowledged_at, v.sent_at FROM document_delivery v"
        " JOIN document d ON d.id = v.document_id WHERE v.unit_id = $9 AND d.state <> 'draft' AND "
        "$3 >= -1" FILTERED " ORDER BY v.sent_at DESC, d.id DESC LIMIT $10 OFFSET $11");
    SQL(list_unread, "SELECT " COLUMNS COUNTS
                     ", v.acknowledged_at, v.sent_at FROM document_delivery v"
                     " JOIN document d ON d.id = v.document_id WHERE v.unit_id = $9 AND d.state <> "
                     "'draft' AND $3 >= -1"
                     " AND v.acknowledged_at = 0" FILTERED
                     " ORDER BY v.sent_at DESC, d.id DESC LIMIT $10 OFFSET $11");
    SQL(list_own, "SELECT " COLUMNS COUNTS
                  ", 0, d.issued_at FROM document d WHERE d.issuer_unit_id = $9"
                  " AND d.state <> 'draft' AND $3 >= -1" FILTERED
                  " ORDER BY d.issued_at DESC, d.id DESC LIMIT $10 OFFSET $11");
    SQL(list_drafts,
        "SELECT " COLUMNS COUNTS
        ", 0, d.drafted_at FROM document d WHERE d.issuer_path >= $1"
        " AND d.issuer_path < $2 AND d.state = 'draft' AND " MY_DRAFT " AND $9 >= 0" FILTERED
        " ORDER BY d.drafted_at DESC, d.id DESC LIMIT $10 OFFSET $11");
    /*scan: everything an actor may see, newest first; papers are few beside what comes of them */
    SQL(list_all,
        "/*scan*/ SELECT " COLUMNS COUNTS
        ", 0, d.issued_at FROM document d WHERE d.state <> 'draft' AND $9 >= 0 AND " VISIBLE
            FILTERED " ORDER BY d.issued_at DESC, d.id DESC LIMIT $10 OFFSET $11");

    switch (query->box) {
    case DOCUMENT_BOX_RECEIVED:
        return db_rows(cx, query->only_unread ? &list_unread : &list_received, bind);
    case DOCUMENT_BOX_OWN:
        return db_rows(cx, &list_own, bind);
    case DOCUMENT_BOX_DRAFTS:
        return db_rows(cx, &list_drafts, bind);
    case DOCUMENT_BOX_ALL:
        break;
    }
    return db_rows(cx, &list_all, bind);
}

/* A filter left out is any value; to the database a text without bytes would be NULL. */
static struct str any_or(struct str filter)
{
    return filter.len > 0 ? filter : STR("");
}

enum err document_list(struct ctx *cx, const struct document_query *query,
                       struct document_rows *ret_list)
{
    const struct actor *actor = cx->actor;
    int64_t limit =
        query->limit > 0 && query->limit < DOCUMENT_LIST_MAX ? query->limit : DOCUMENT_LIST_MAX;
    struct str like = query->text.len == 0
                          ? STR("")
                          : viet_like_word(&cx->arena, viet_fold(&cx->arena, query->text));
    int64_t top_id = 0;
    TRY(document_top_id(cx, &top_id));
    struct document_rows list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct document_row,
                                                        (size_t)limit + 1) };
    struct rows rows = rows_of_box(
        cx, query,
        BIND(V(actor->scope.path_lo), V(actor->scope.path_hi), V(drafts_of(actor)),
             V(any_or(query->kind)), V(any_or(query->state)), V(like), V(top_id),
             V(document_area_id(actor)), V(actor->unit_id), V(limit + 1), V(query->offset)));
    TRY(read_rows(rows, &list, limit + 1));
    list.has_more = (int64_t)list.len > limit;
    list.len -= list.has_more;
    *ret_list = list;
    return OK;
}

/* The nation's unit: where a counter of the whole tree stands. 0 when there is no tree yet. */
enum err document_top_id(struct ctx *cx, int64_t *ret_id)
{
    struct unit nation = { 0 };
    enum err err = unit_find_nation(cx, &nation);
    *ret_id = nation.id;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- Who has it ---- */

static bool is_own_side(const struct actor *actor, const struct document *document)
{
    return unit_scope_holds(&actor->scope, document->issuer_path);
}

enum err document_count_deliveries(struct ctx *cx, const struct document *document,
                                   int64_t *ret_sent, int64_t *ret_received)
{
    SQL(count_deliveries,
        "SELECT kind, value FROM counter WHERE kind IN ('paper_sent', 'paper_received')"
        " AND subject_id = $1 AND unit_id = $2");

    int64_t unit_id = document_area_id(cx->actor);
    if (is_own_side(cx->actor, document))
        TRY(document_top_id(cx, &unit_id));
    *ret_sent = *ret_received = 0;
    struct rows rows = db_rows(cx, &count_deliveries, BIND(V(document->id), V(unit_id)));
    while (rows_next(&rows)) {
        bool is_sent = str_eq(rows_str(&rows), STR("paper_sent"));
        *(is_sent ? ret_sent : ret_received) = rows_i64(&rows);
    }
    return rows_end(&rows);
}

enum err document_list_deliveries(struct ctx *cx, const struct document *document,
                                  const struct document_delivery_query *query,
                                  struct document_deliveries *ret_list)
{
    SQL(list_deliveries,
        "SELECT v.document_id, v.unit_id, u.full_name, COALESCE(p.full_name, ''), v.sent_at,"
        " v.acknowledged_at, COALESCE(a.name, '') FROM document_delivery v"
        " JOIN unit u ON u.id = v.unit_id"
        " LEFT JOIN unit p ON p.path = substr(v.unit_path, 1, 18)"
        " LEFT JOIN account a ON a.id = v.acknowledged_by"
        " WHERE v.document_id = $1 AND v.unit_path >= $2 AND v.unit_path < $3"
        " AND ($4 = 0 OR ($4 = 1 AND v.acknowledged_at = 0) OR ($4 = 2 AND v.acknowledged_at > 0))"
        " ORDER BY v.unit_path LIMIT $5 OFFSET $6");

    int64_t limit = query->limit > 0 && query->limit < DOCUMENT_DELIVERIES_MAX
                        ? query->limit
                        : DOCUMENT_DELIVERIES_MAX;
    struct scope scope = cx->actor->scope;
    if (is_own_side(cx->actor, document))
        scope = (struct scope){ STR(""), STR("g") }; /* every path: they are hex digits and dots */
    struct document_deliveries list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct document_delivery,
                                                              (size_t)limit + 1) };
    struct rows rows = db_rows(cx, &list_deliveries,
                               BIND(V(document->id), V(scope.path_lo), V(scope.path_hi),
                                    V((int64_t)query->filter), V(limit + 1), V(query->offset)));
    while ((int64_t)list.len <= limit && rows_next(&rows)) {
        struct document_delivery *v = &list.at[list.len++];
        v->document_id = rows_i64(&rows);
        v->unit_id = rows_i64(&rows);
        v->unit_name = rows_str(&rows);
        v->province_name = rows_str(&rows);
        v->sent_at = rows_i64(&rows);
        v->acknowledged_at = rows_i64(&rows);
        v->acknowledged_by = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    list.has_more = (int64_t)list.len > limit;
    list.len -= list.has_more;
    *ret_list = list;
    return OK;
}

enum err document_find_delivery(struct ctx *cx, int64_t document_id, int64_t unit_id,
                                struct document_delivery *ret_delivery)
{
    SQL(find_delivery,
        "SELECT sent_at, acknowledged_at FROM document_delivery WHERE document_id = $1 AND unit_id "
        "= $2");

    struct document_delivery delivery = { .document_id = document_id, .unit_id = unit_id };
    struct rows rows = db_rows(cx, &find_delivery, BIND(V(document_id), V(unit_id)));
    if (rows_next(&rows)) {
        delivery.sent_at = rows_i64(&rows);
        delivery.acknowledged_at = rows_i64(&rows);
    }
    *ret_delivery = delivery;
    return rows_end(&rows);
}
