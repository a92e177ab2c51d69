#include "report/report.h"

#include "base/day.h"
#include "document/document.h"
#include "store/db.h"
#include "unit/unit.h"

/* The areas a board has rows for: the unit itself (ordinal 0) and the areas right below it. */
static enum err list_areas(struct ctx *cx, struct report_board *board)
{
    SQL(find_area,
        "SELECT name, kind FROM unit WHERE id = $1 AND kind <> 'body' AND path >= $2 AND path < $3");
    struct rows row = db_rows(cx, &find_area,
                              BIND(V(board->unit_id), V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)));
    bool is_found = rows_next(&row);
    if (is_found) {
        board->unit_name = rows_str(&row);
        board->unit_kind = rows_str(&row);
    }
    TRY(rows_end(&row));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy địa bàn này");

    SQL(list_below,
        "SELECT id, code, name, kind FROM unit WHERE parent_id = $1 AND kind <> 'body' AND to_day > $2"
        " AND from_day <= $2 ORDER BY code");
    board->rows = ARENA_NEW_ARRAY(&cx->arena, struct report_row, REPORT_ROWS_MAX);
    struct rows rows = db_rows(cx, &list_below, BIND(V(board->unit_id), V(day_from_instant(cx->now))));
    while (board->len < REPORT_ROWS_MAX && rows_next(&rows)) {
        struct report_row *one = &board->rows[board->len++];
        one->unit_id = rows_i64(&rows);
        one->code = rows_str(&rows);
        one->name = rows_str(&rows);
        one->kind = rows_str(&rows);
    }
    return rows_end(&rows);
}

/* Where the numbers of a unit go: the board's total or one of its rows. Rows are in the order of codes, ids are not. */
static struct report_numbers *numbers_of(struct report_board *board, int64_t unit_id)
{
    if (unit_id == board->unit_id)
        return &board->total;
    for (size_t i = 0; i < board->len; i++)
        if (board->rows[i].unit_id == unit_id)
            return &board->rows[i].numbers;
    return NULL;
}

static enum err read_papers(struct ctx *cx, struct report_board *board)
{
    SQL(read,
        "SELECT u.id, c.kind, c.value FROM unit u CROSS JOIN counter c"
        " WHERE (u.id = $1 OR u.parent_id = $1) AND c.unit_id = u.id AND c.subject_id = $2"
        " AND c.kind IN ('paper_sent', 'paper_received', 'material_sent', 'material_received')");
    struct rows rows = db_rows(cx, &read, BIND(V(board->unit_id), V(board->document_id)));
    while (rows_next(&rows)) {
        struct report_numbers *numbers = numbers_of(board, rows_i64(&rows));
        struct str kind = rows_str(&rows);
        int64_t value = rows_i64(&rows);
        if (!numbers)
            continue;
        if (str_eq(kind, STR("paper_sent")))
            numbers->paper_sent = value;
        else if (str_eq(kind, STR("paper_received")))
            numbers->paper_received = value;
        else if (str_eq(kind, STR("material_sent")))
            numbers->material_sent = value;
        else
            numbers->material_received = value;
    }
    return rows_end(&rows);
}

/*
 * CROSS JOIN keeps SQLite to this order: a few areas by their index, the paper's obligations, then single counters by
 * key. The other way round it would walk the counters of all 3,355 units.
 */
static enum err read_duties(struct ctx *cx, struct report_board *board)
{
    SQL(read,
        "SELECT u.id, COALESCE(SUM(t.value), 0), COALESCE(SUM(d.value), 0),"
        " COALESCE(SUM(CASE WHEN o.due_at < $3 THEN t.value - COALESCE(d.value, 0) ELSE 0 END), 0)"
        " FROM unit u CROSS JOIN obligation o CROSS JOIN counter t"
        " LEFT JOIN counter d ON d.kind = 'duty_done' AND d.subject_id = o.id AND d.unit_id = u.id"
        " WHERE (u.id = $1 OR u.parent_id = $1) AND o.document_id = $2"
        " AND t.kind = 'duty_total' AND t.subject_id = o.id AND t.unit_id = u.id GROUP BY u.id");
    struct rows rows = db_rows(cx, &read, BIND(V(board->unit_id), V(board->document_id), V(cx->now)));
    while (rows_next(&rows)) {
        struct report_numbers *numbers = numbers_of(board, rows_i64(&rows));
        int64_t total = rows_i64(&rows);
        int64_t done = rows_i64(&rows);
        int64_t late = rows_i64(&rows);
        if (!numbers)
            continue;
        numbers->duty_total = total;
        numbers->duty_done = done;
        numbers->duty_late = late;
    }
    return rows_end(&rows);
}

enum err report_board(struct ctx *cx, int64_t unit_id, int64_t document_id, struct report_board *ret_board)
{
    struct report_board board = { .unit_id = unit_id, .document_id = document_id };
    struct document document = { .id = 0 };
    TRY(document_get(cx, document_id, &document)); /* narrowed: what one may not see is not found */
    TRY(list_areas(cx, &board));
    TRY(read_papers(cx, &board));
    TRY(read_duties(cx, &board));
    *ret_board = board;
    return OK;
}

/* The area's path when the actor may see it: lists are narrowed to its subtree. */
static enum err find_area_path(struct ctx *cx, int64_t unit_id, struct str *ret_path)
{
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, unit_id, &unit));
    *ret_path = unit.path;
    return OK;
}

static struct report_silent silent_from_row(struct rows *row)
{
    struct report_silent one = { .unit_id = rows_i64(row) };
    one.unit_name = rows_str(row);
    one.area_name = rows_str(row);
    one.province_name = rows_str(row);
    one.duty = rows_str(row);
    one.place = rows_str(row);
    one.due_at = rows_i64(row);
    return one;
}

/* The body, its place, and the place above it: for a commune's body the province, for a province's body the nation. */
#define SILENT_UNIT                                                                                    \
    " u.id, u.full_name, a.full_name, CASE WHEN p.kind = 'nation' THEN a.full_name ELSE p.full_name END"
#define SILENT_PLACES                                                                                  \
    " JOIN unit a ON a.id = u.place_id LEFT JOIN unit p ON p.id = a.parent_id"

static struct rows list_papers(struct ctx *cx, const struct scope *area, int64_t document_id, int64_t limit)
{
    SQL(list,
        "SELECT" SILENT_UNIT ", '', '', 0 FROM document_delivery d JOIN unit u ON u.id = d.unit_id" SILENT_PLACES
        " WHERE d.document_id = $1 AND d.acknowledged_at = 0 AND d.unit_path >= $2 AND d.unit_path < $3"
        " ORDER BY d.unit_path LIMIT $4");
    return db_rows(cx, &list, BIND(V(document_id), V(area->path_lo), V(area->path_hi), V(limit)));
}

static struct rows list_materials(struct ctx *cx, const struct scope *area, int64_t document_id, int64_t limit)
{
    SQL(list,
        "SELECT" SILENT_UNIT ", m.name, '', m.deliver_before"
        " FROM material m JOIN material_receipt r ON r.material_id = m.id"
        " JOIN unit u ON u.id = r.unit_id" SILENT_PLACES
        " WHERE m.document_id = $1 AND r.received_at = 0 AND r.unit_path >= $2 AND r.unit_path < $3"
        " ORDER BY r.unit_path LIMIT $4");
    return db_rows(cx, &list, BIND(V(document_id), V(area->path_lo), V(area->path_hi), V(limit)));
}

static struct rows list_duties(struct ctx *cx, const struct scope *area, int64_t document_id, int64_t due_before,
                               int64_t limit)
{
    SQL(list,
        "SELECT" SILENT_UNIT ", o.text, o.place, COALESCE(t.due_at, 0)"
        " FROM obligation o JOIN duty t ON t.obligation_id = o.id"
        " JOIN unit u ON u.id = t.unit_id" SILENT_PLACES
        " WHERE o.document_id = $1 AND t.state = 'open' AND (t.due_at < $5 OR $5 = 0)"
        " AND u.path >= $2 AND u.path < $3 ORDER BY t.due_at, u.path LIMIT $4");
    return db_rows(cx, &list, BIND(V(document_id), V(area->path_lo), V(area->path_hi), V(limit), V(due_before)));
}

enum err report_list_silent(struct ctx *cx, int64_t unit_id, int64_t document_id, enum report_figure figure, int64_t limit,
                            struct report_silents *ret_list)
{
    struct document document = { .id = 0 };
    TRY(document_get(cx, document_id, &document));
    struct str path = STR("");
    TRY(find_area_path(cx, unit_id, &path));
    struct scope area = unit_scope(&cx->arena, path);
    if (limit < 1 || limit > REPORT_SILENT_MAX)
        limit = REPORT_SILENT_MAX;

    struct rows rows = { .cx = cx };
    switch (figure) {
    case REPORT_PAPER:
        rows = list_papers(cx, &area, document_id, limit + 1);
        break;
    case REPORT_MATERIAL:
        rows = list_materials(cx, &area, document_id, limit + 1);
        break;
    case REPORT_DUTY:
        rows = list_duties(cx, &area, document_id, 0, limit + 1);
        break;
    case REPORT_LATE:
    case REPORT_FIGURES:
        rows = list_duties(cx, &area, document_id, cx->now, limit + 1);
        break;
    }
    struct report_silents list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct report_silent, (size_t)limit) };
    while (list.len < (size_t)limit && rows_next(&rows))
        list.at[list.len++] = silent_from_row(&rows);
    list.is_cut = list.len == (size_t)limit && rows_next(&rows);
    TRY(rows_end(&rows));
    *ret_list = list;
    return OK;
}
