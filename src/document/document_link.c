#include "document/document_fact.h"

#include "unit/unit.h"
#include "viet/viet.h"

/*
 * Papers cite each other by number, date and issuer, and are entered in any order. A citation finds
 * its paper when number and symbol agree in one spelling, the date does where it is given, and the
 * issuer is told from others of the same symbol: every province has a "12-KH/TU". Where it is not
 * clear which, nothing is linked.
 */

struct candidate {
    int64_t id;
    int32_t day;
    struct str issuer; /* folded */
    struct str path;
    bool is_received;
};
enum { CANDIDATES_MAX = 200, PATH_STEP = 9 };

/* The area an issuer works for holds the unit: its own commune, its province, the nation. */
static bool is_above(struct str issuer_path, struct str from_path)
{
    struct str area = issuer_path.len > PATH_STEP
                          ? str_sub(issuer_path, 0, issuer_path.len - PATH_STEP)
                          : issuer_path;
    return str_starts(from_path, area);
}

static bool holds(struct str text, struct str part)
{
    return part.len > 0 && str_find(text, part) < text.len;
}

/*
 * "Giám đốc Học viện ..." names the issuer in full and is enough anywhere; "Tỉnh ủy" alone means
 * the writer's own province, and so does no issuer at all. What was only entered as received is meant
 * within the area of who entered it, and only there.
 */
static bool is_meant(const struct candidate *c, int32_t day, struct str issuer,
                     struct str from_path)
{
    if (day != DAY_NONE && c->day != day)
        return false;
    if (c->is_received && !is_above(c->path, from_path))
        return false;
    if (holds(issuer, c->issuer))
        return true;
    return is_above(c->path, from_path) && (issuer.len == 0 || holds(c->issuer, issuer));
}

enum err document_find_cited(struct ctx *cx, const struct document_relation *cited,
                             struct str from_path, int64_t *ret_document_id)
{
    SQL(find_cited,
        "SELECT id, issued_day, issuer_name, issuer_path, is_received FROM document WHERE cite = $1 AND state "
        "<> 'draft'"
        " ORDER BY is_received, id");

    struct str key = document_cite_key_of(&cx->arena, cited->number);
    struct str issuer = viet_fold(&cx->arena, cited->issuer);
    int64_t found = 0;
    size_t found_len = 0, seen = 0;
    bool is_original = false; /* the issuer's own paper stands before any entry of it */
    *ret_document_id = 0;
    if (key.len == 0)
        return OK;
    struct rows rows = db_rows(cx, &find_cited, BIND(V(key)));
    while (seen++ < CANDIDATES_MAX && rows_next(&rows)) {
        struct candidate c;
        c.id = rows_i64(&rows);
        c.day = (int32_t)rows_i64(&rows);
        c.issuer = viet_fold(&cx->arena, rows_str(&rows));
        c.path = rows_str(&rows);
        c.is_received = rows_i64(&rows) != 0;
        if (c.is_received && is_original)
            continue;
        if (is_meant(&c, cited->day, issuer, from_path)) {
            found = c.id;
            found_len++;
            is_original |= !c.is_received;
        }
    }
    TRY(rows_end(&rows));
    *ret_document_id = found_len == 1 ? found : 0;
    return OK;
}

struct open_relation {
    int64_t document_id, ordinal;
    struct document_relation cited;
    struct str from_path;
};
enum { OPEN_MAX = 10000 };

static size_t read_open(struct rows *rows, struct open_relation *list)
{
    size_t len = 0;
    while (len < OPEN_MAX && rows_next(rows)) {
        struct open_relation *o = &list[len++];
        o->document_id = rows_i64(rows);
        o->ordinal = rows_i64(rows);
        o->cited.number = rows_str(rows);
        o->cited.day = (int32_t)rows_i64(rows);
        o->cited.issuer = rows_str(rows);
        o->from_path = rows_str(rows);
    }
    return len;
}

static enum err set_target(struct ctx *cx, const struct open_relation *open, int64_t to_document_id)
{
    SQL(set_relation,
        "UPDATE document_relation SET to_document_id = $3 WHERE document_id = $1 AND ordinal = $2");

    return db_run(cx, &set_relation,
                  BIND(V(open->document_id), V(open->ordinal), V(to_document_id)));
}

/* What the older paper left "to follow" is this one. */
static enum err fill_separate(struct ctx *cx, int64_t document_id)
{
    SQL(fill_first,
        "UPDATE document_relation SET to_document_id = $1 WHERE relation = "
        "'separate_plan_to_follow' AND to_document_id = 0"
        " AND document_id IN (SELECT r.to_document_id FROM document_relation r WHERE r.document_id "
        "= $1"
        " AND r.relation = 'separate_plan_of' AND r.to_document_id > 0)"
        " AND ordinal = (SELECT MIN(f.ordinal) FROM document_relation f WHERE f.document_id = "
        "document_relation.document_id"
        " AND f.relation = 'separate_plan_to_follow' AND f.to_document_id = 0)");

    return db_run(cx, &fill_first, BIND(V(document_id)));
}

enum err document_link(struct ctx *cx, const struct document *document)
{
    SQL(list_own,
        "SELECT r.document_id, r.ordinal, r.number, r.day, r.issuer, d.issuer_path FROM "
        "document_relation r"
        " JOIN document d ON d.id = r.document_id"
        " WHERE r.document_id = $1 AND r.to_document_id = 0 AND r.cite <> '' ORDER BY r.ordinal");
    SQL(list_citing,
        "SELECT r.document_id, r.ordinal, r.number, r.day, r.issuer, d.issuer_path FROM "
        "document_relation r"
        " JOIN document d ON d.id = r.document_id"
        " WHERE r.cite = $1 AND r.to_document_id = 0 AND r.document_id <> $2 ORDER BY "
        "r.document_id, r.ordinal");

    struct open_relation *open = ARENA_NEW_ARRAY(&cx->arena, struct open_relation, OPEN_MAX);
    struct rows rows = db_rows(cx, &list_own, BIND(V(document->id)));
    size_t len = read_open(&rows, open);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        int64_t target = 0;
        TRY(document_find_cited(cx, &open[i].cited, open[i].from_path, &target));
        if (target != 0 && target != document->id)
            TRY(set_target(cx, &open[i], target));
    }
    if (str_eq(document->state, DOCUMENT_STATE_DRAFT))
        return OK;
    TRY(fill_separate(cx, document->id));
    struct str key = document_cite_key(&cx->arena, document->number, document->symbol);
    rows = db_rows(cx, &list_citing, BIND(V(key), V(document->id)));
    len = read_open(&rows, open);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        int64_t target = 0;
        TRY(document_find_cited(cx, &open[i].cited, open[i].from_path, &target));
        if (target == document->id)
            TRY(set_target(cx, &open[i], target));
    }
    return OK;
}

/* ---- Units that move take their papers along ---- */

/* Rare (a few units in a year of reform), so the rows are looked for without an index of their own.
 */
static enum err follow_move(struct ctx *cx, struct str old_path, struct str new_path)
{
    SQL(move_issuers,
        "UPDATE document SET issuer_path = $1 || substr(issuer_path, CAST($2 AS INTEGER))"
        " WHERE issuer_path >= $3 AND issuer_path < $4 /*scan*/");
    SQL(move_deliveries,
        "UPDATE document_delivery SET unit_path = $1 || substr(unit_path, CAST($2 AS INTEGER))"
        " WHERE unit_path >= $3 AND unit_path < $4 /*scan*/");
    SQL(move_receipts,
        "UPDATE material_receipt SET unit_path = $1 || substr(unit_path, CAST($2 AS INTEGER))"
        " WHERE unit_path >= $3 AND unit_path < $4 /*scan*/");

    struct scope old = unit_scope(&cx->arena, old_path);
    struct sql *const moves[] = { &move_issuers, &move_deliveries, &move_receipts };
    for (size_t i = 0; i < LEN(moves); i++)
        TRY(db_run(
            cx, moves[i],
            BIND(V(new_path), V((int64_t)old_path.len + 1), V(old.path_lo), V(old.path_hi))));
    return OK;
}

/* ---- Units that end or are split pass on what they have not yet taken in ---- */

/* What a body has of the papers and materials that came to it: those it has not acknowledged. */
struct held {
    int64_t id, document_id;
};
enum { HELD_MAX = 20000 };

static enum err list_held(struct ctx *cx, struct sql *sql, int64_t unit_id, struct held **ret_list, size_t *ret_len)
{
    struct held *list = NULL;
    size_t len = 0, room = 0;
    struct rows rows = db_rows(cx, sql, BIND(V(unit_id)));
    while (len < HELD_MAX && rows_next(&rows)) {
        if (len == room) {
            room = room ? 2 * room : 64;
            struct held *wider = ARENA_NEW_ARRAY(&cx->arena, struct held, room);
            if (len > 0)
                memcpy(wider, list, len * sizeof *wider);
            list = wider;
        }
        list[len].id = rows_i64(&rows);
        list[len++].document_id = rows_i64(&rows);
    }
    *ret_list = list;
    *ret_len = len;
    return rows_end(&rows);
}

/* Copies the row to the heir when it has none; *ret_is_new says so. */
static enum err give(struct ctx *cx, struct sql *sql, const struct fact *fact, int64_t id, const struct unit_heir *heir,
                     bool *ret_is_new)
{
    int64_t made = 0;
    TRY(db_run_count(cx, sql, BIND(V(id), V(heir->to_id), V(heir->to_path), V(fact->at)), &made));
    *ret_is_new = made > 0;
    return OK;
}

static enum err give_paper(struct ctx *cx, const struct fact *fact, int64_t document_id, const struct unit_heir *heir,
                           bool *ret_is_new)
{
    SQL(add_delivery,
        "INSERT INTO document_delivery (document_id, unit_id, unit_path, sent_at, acknowledged_at, acknowledged_by)"
        " VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (document_id, unit_id) DO NOTHING");

    TRY(give(cx, &add_delivery, fact, document_id, heir, ret_is_new));
    if (*ret_is_new)
        counter_add(cx, "paper_sent", document_id, heir->to_path, 1);
    return OK;
}

static enum err give_material(struct ctx *cx, const struct fact *fact, const struct held *held,
                              const struct unit_heir *heir)
{
    SQL(add_receipt,
        "INSERT INTO material_receipt (material_id, unit_id, unit_path, delivered_at, received_at)"
        " VALUES ($1, $2, $3, $4, 0) ON CONFLICT (material_id, unit_id) DO NOTHING");

    bool is_new = false;
    TRY(give(cx, &add_receipt, fact, held->id, heir, &is_new));
    if (is_new)
        counter_add(cx, "material_sent", held->document_id, heir->to_path, 1);
    return OK;
}

static enum err pass_papers(struct ctx *cx, const struct fact *fact, const struct unit_heir *heir)
{
    SQL(list_papers, "SELECT document_id, document_id FROM document_delivery WHERE unit_id = $1 AND acknowledged_at = 0");
    SQL(drop_papers, "DELETE FROM document_delivery WHERE unit_id = $1 AND acknowledged_at = 0");

    struct held *list = NULL;
    size_t len = 0;
    bool is_new = false;
    TRY(list_held(cx, &list_papers, heir->from_id, &list, &len));
    for (size_t i = 0; i < len; i++) {
        counter_add(cx, "paper_sent", list[i].document_id, heir->from_path, -1);
        if (heir->to_id != 0)
            TRY(give_paper(cx, fact, list[i].document_id, heir, &is_new));
    }
    return db_run(cx, &drop_papers, BIND(V(heir->from_id)));
}

static enum err pass_materials(struct ctx *cx, const struct fact *fact, const struct unit_heir *heir)
{
    SQL(list_receipts, "SELECT r.material_id, m.document_id FROM material_receipt r JOIN material m ON m.id = r.material_id"
                       " WHERE r.unit_id = $1 AND r.received_at = 0");
    SQL(drop_receipts, "DELETE FROM material_receipt WHERE unit_id = $1 AND received_at = 0");

    struct held *list = NULL;
    size_t len = 0;
    TRY(list_held(cx, &list_receipts, heir->from_id, &list, &len));
    for (size_t i = 0; i < len; i++) {
        counter_add(cx, "material_sent", list[i].document_id, heir->from_path, -1);
        if (heir->to_id != 0)
            TRY(give_material(cx, fact, &list[i], heir));
    }
    return db_run(cx, &drop_receipts, BIND(V(heir->from_id)));
}

/* A unit that was split goes on with its own; what the part must have is asked for paper by paper (document_hand_on). */
static enum err follow_succession(struct ctx *cx, const struct fact *fact, const struct unit_succession *succession)
{
    if (str_eq(succession->how, STR("split")))
        return OK;
    for (size_t i = 0; i < succession->len; i++) {
        TRY(pass_papers(cx, fact, &succession->heirs[i]));
        TRY(pass_materials(cx, fact, &succession->heirs[i]));
    }
    return OK;
}

enum err document_hand_on(struct ctx *cx, const struct fact *fact, int64_t document_id, const struct unit_heir *heir,
                          bool *ret_is_new)
{
    SQL(has_paper, "SELECT COUNT(*) FROM document_delivery WHERE document_id = $1 AND unit_id = $2");
    SQL(list_of_paper, "SELECT r.material_id, m.document_id FROM material_receipt r JOIN material m ON m.id = r.material_id"
                       " WHERE r.unit_id = $1 AND r.received_at = 0 AND m.document_id = $2");

    int64_t count = 0;
    *ret_is_new = false;
    TRY(db_i64(cx, &has_paper, BIND(V(document_id), V(heir->from_id)), &count));
    if (count == 0)
        return OK; /* it owed something without having been sent the paper: so does the part */
    TRY(give_paper(cx, fact, document_id, heir, ret_is_new));
    struct held list[MATERIALS_MAX];
    size_t len = 0;
    struct rows rows = db_rows(cx, &list_of_paper, BIND(V(heir->from_id), V(document_id)));
    while (len < MATERIALS_MAX && rows_next(&rows)) {
        list[len].id = rows_i64(&rows);
        list[len++].document_id = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++)
        TRY(give_material(cx, fact, &list[i], heir));
    return OK;
}

void document_start(void)
{
    unit_listen_moved(follow_move);
    unit_listen_succeeded(follow_succession);
}
