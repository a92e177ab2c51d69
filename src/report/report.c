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
        "SELECT id, code, name, kind FROM unit WHERE parent_id = $1 AND kind <> 'body' AND to_day IS NULL"
        " ORDER BY code");
    board->rows = ARENA_NEW_ARRAY(&cx->arena, struct report_row, REPORT_ROWS_MAX);
    struct rows rows = db_rows(cx, &list_below, BIND(V(board->unit_id)));
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
        " FROM unit u CROSS JOIN obligation o"
        " JOIN counter t ON t.kind = 'duty_total' AND t.subject_id = o.id AND t.unit_id = u.id"
        " LEFT JOIN counter d ON d.kind = 'duty_done' AND d.subject_id = o.id AND d.unit_id = u.id"
        " WHERE (u.id = $1 OR u.parent_id = $1) AND o.document_id = $2 GROUP BY u.id");
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
