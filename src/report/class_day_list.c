#include "report/class_day.h"

#include "store/db.h"
#include "unit/unit.h"

#include <stdlib.h>

static struct class_day_line *add_line(struct class_day_lines *list, size_t limit)
{
    if (list->len == limit) {
        list->is_cut = true;
        return NULL;
    }
    return &list->at[list->len++];
}

/* ---- points: whose lines did not pass, which are not described ---- */

static struct class_day_line line_from_point(struct ctx *cx, struct rows *row, enum class_day_figure figure)
{
    struct class_day_line line = { .point_id = rows_i64(row) };
    line.unit_id = rows_i64(row);
    line.name = rows_str(row);
    line.province = rows_str(row);
    enum point_test_state state = (enum point_test_state)rows_i64(row);
    int64_t tested_at = rows_i64(row);
    line.contact = rows_str(row);
    line.phone = rows_str(row);
    line.mark = MARK_DUE;
    line.words = figure == CLASS_DAY_LINE ? STR("Chưa kiểm tra") : STR("Chưa khai báo phòng họp");
    if (figure == CLASS_DAY_LINE && state == POINT_FAILED) {
        line.mark = MARK_LATE;
        line.words = str_format(&cx->arena, "Không đạt lúc " STR_FMT, STR_ARG(instant_format(&cx->arena, tested_at)));
    }
    return line;
}

static enum err list_points(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                            struct class_day_lines *list)
{
#define POINT_LINE                                                                                     \
    "SELECT p.id, p.area_id, p.name, CASE WHEN pr.kind = 'nation' THEN a.full_name ELSE COALESCE(pr.full_name, '') END," \
    " p.test_state, p.tested_at, p.technician_name, p.technician_phone FROM point p JOIN unit a ON a.id = p.area_id" \
    " LEFT JOIN unit pr ON pr.id = a.parent_id"                                                        \
    " WHERE p.root_id = $1 AND p.path >= $2 AND p.path < $3 AND p.is_closed = 0"
    SQL(list_failing, POINT_LINE " AND p.test_state <> $5 ORDER BY p.test_state DESC, p.path, p.id LIMIT $4");
    SQL(list_silent, POINT_LINE " AND p.is_described = 0 ORDER BY p.path, p.id LIMIT $4");
    struct scope area = unit_scope(&cx->arena, day->unit_path);
    struct rows rows =
        figure == CLASS_DAY_LINE
            ? db_rows(cx, &list_failing,
                      BIND(V(day->root_id), V(area.path_lo), V(area.path_hi), V((int64_t)limit + 1), V((int64_t)POINT_PASSED)))
            : db_rows(cx, &list_silent, BIND(V(day->root_id), V(area.path_lo), V(area.path_hi), V((int64_t)limit + 1)));
    while (rows_next(&rows)) {
        struct class_day_line *line = add_line(list, limit);
        if (!line)
            break;
        *line = line_from_point(cx, &rows, figure);
    }
    return rows_end(&rows);
}

/* ---- bodies that have not sent their list ---- */

static enum err list_rosters(struct ctx *cx, const struct class_day *day, size_t limit, struct class_day_lines *list)
{
    SQL(list_owing,
        "SELECT u.id, u.full_name, CASE WHEN pr.kind = 'nation' THEN a.full_name ELSE COALESCE(pr.full_name, '') END,"
        " COALESCE(n.value, 0) FROM counter t JOIN unit u ON u.id = t.unit_id JOIN unit a ON a.id = u.place_id"
        " LEFT JOIN unit pr ON pr.id = a.parent_id"
        " LEFT JOIN counter s ON s.kind = 'roster_sent' AND s.subject_id = t.subject_id AND s.unit_id = t.unit_id"
        " LEFT JOIN counter n ON n.kind = 'learner_named' AND n.subject_id = t.subject_id AND n.unit_id = t.unit_id"
        " WHERE t.kind = 'roster_total' AND t.subject_id = $1 AND u.kind = 'body' AND u.path >= $2 AND u.path < $3"
        " AND t.value > COALESCE(s.value, 0) ORDER BY u.path LIMIT $4");
    struct scope area = unit_scope(&cx->arena, day->unit_path);
    struct rows rows = db_rows(cx, &list_owing,
                               BIND(V(day->root_id), V(area.path_lo), V(area.path_hi), V((int64_t)limit + 1)));
    while (rows_next(&rows)) {
        struct class_day_line *line = add_line(list, limit);
        if (!line)
            break;
        line->unit_id = rows_i64(&rows);
        line->name = rows_str(&rows);
        line->province = rows_str(&rows);
        int64_t named = rows_i64(&rows);
        line->mark = MARK_DUE;
        line->words = named > 0 ? str_format(&cx->arena, "Đã có tên %lld đồng chí, chưa gửi", (long long)named)
                                : STR("Chưa lập danh sách");
    }
    return rows_end(&rows);
}

/* ---- what is broken now ---- */

static enum err list_incidents(struct ctx *cx, const struct class_day *day, size_t limit, struct class_day_lines *list)
{
    struct point_incidents incidents = { .len = 0 };
    TRY(point_list_incidents(cx, day->root_id, 0, day->unit_id, true, &incidents));
    for (size_t i = 0; i < incidents.len; i++) {
        const struct point_incident *incident = &incidents.at[i];
        struct class_day_line *line = add_line(list, limit);
        if (!line)
            break;
        *line = (struct class_day_line){ .point_id = incident->point_id, .name = incident->point_name, .province = STR(""),
                                         .mark = MARK_LATE };
        line->words = str_format(&cx->arena, STR_FMT ", từ " STR_FMT, STR_ARG(incident->words),
                                 STR_ARG(instant_format(&cx->arena, incident->from_at)));
    }
    return OK;
}

/* ---- areas, from the rows of boards: a province's communes, and for the nation every province's ---- */

static int64_t missing_of(const struct class_day_numbers *n, enum class_day_figure figure)
{
    int64_t done = 0;
    int64_t all = 0;
    class_day_read_figure(n, figure, &done, &all);
    return all - done;
}

static struct str lacking_words(struct ctx *cx, const struct class_day_numbers *n, enum class_day_figure figure)
{
    int64_t done = 0;
    int64_t all = 0;
    class_day_read_figure(n, figure, &done, &all);
    if (figure == CLASS_DAY_REPORT)
        return all == 1 ? STR("Chưa báo cáo") : str_format(&cx->arena, "Còn %lld đơn vị", (long long)(all - done));
    if (figure == CLASS_DAY_CALLED)
        return str_format(&cx->arena, "Còn %lld điểm cầu", (long long)(all - done));
    if (n->roll_expected == 0)
        return str_format(&cx->arena, "Chưa điểm danh %lld học viên", (long long)all);
    struct buf words;
    buf_init(&words, &cx->arena);
    buf_format(&words, "%lld/%lld có mặt", (long long)done, (long long)all);
    if (n->roll_excused > 0)
        buf_format(&words, ", %lld vắng có lý do", (long long)n->roll_excused);
    if (n->roll_absent > 0)
        buf_format(&words, ", %lld vắng", (long long)n->roll_absent);
    if (class_day_unmarked(n) > 0)
        buf_format(&words, ", %lld chưa điểm danh", (long long)class_day_unmarked(n));
    return buf_str(&words);
}

static void add_rows(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, struct str province,
                     size_t limit, struct class_day_lines *list)
{
    for (size_t i = 0; i < day->rows_len && !list->is_cut; i++) {
        const struct class_day_row *row = &day->rows[i];
        if (missing_of(&row->numbers, figure) <= 0)
            continue;
        struct class_day_line *line = add_line(list, limit);
        if (!line)
            break;
        *line = (struct class_day_line){ .unit_id = row->unit_id, .province = province,
                                         .mark = class_day_mark(&row->numbers, figure) };
        line->is_area = !row->is_own;
        line->missing = missing_of(&row->numbers, figure);
        line->name = row->is_own ? str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(row->name), STR_ARG(day->unit_name))
                                 : row->name;
        line->words = lacking_words(cx, &row->numbers, figure);
        if (row->is_own)
            line->point_id = course_main_point(day->root_id, row->unit_id);
    }
}

static int compare_missing(const void *a, const void *b)
{
    const struct class_day_line *x = a;
    const struct class_day_line *y = b;
    return x->missing < y->missing ? 1 : x->missing > y->missing ? -1 : str_compare(x->name, y->name);
}

void class_day_list_rows(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                         struct class_day_lines *ret_list)
{
    struct class_day_lines list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct class_day_line, CLASS_DAY_ROWS_MAX + 1) };
    add_rows(cx, day, figure, STR(""), CLASS_DAY_ROWS_MAX + 1, &list);
    if (list.len > 0)
        qsort(list.at, list.len, sizeof *list.at, compare_missing);
    list.is_cut = list.len > limit;
    list.len = list.is_cut ? limit : list.len;
    *ret_list = list;
}

/* The nation's list names communes: each province is read in turn. */
static enum err list_areas(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                           struct class_day_lines *list)
{
    struct class_day here = *day;
    TRY(class_day_read(cx, &here, figure));
    if (!str_eq(day->unit_kind, STR("nation"))) {
        add_rows(cx, &here, figure, day->unit_name, limit, list);
        return OK;
    }
    for (size_t i = 0; i < here.rows_len && !list->is_cut; i++) {
        const struct class_day_row *row = &here.rows[i];
        if (missing_of(&row->numbers, figure) <= 0)
            continue;
        if (row->is_own) {
            struct class_day hub = here;
            hub.rows = &here.rows[i];
            hub.rows_len = 1;
            add_rows(cx, &hub, figure, STR("Trung ương"), limit, list);
            continue;
        }
        struct class_day province = { .root_id = day->root_id, .unit_id = row->unit_id, .unit_name = row->name,
                                      .unit_kind = STR("province"), .session_key = day->session_key };
        TRY(class_day_read(cx, &province, figure));
        add_rows(cx, &province, figure, row->name, limit, list);
    }
    return OK;
}

enum err class_day_list(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                        struct class_day_lines *ret_list)
{
    if (limit < 1 || limit > CLASS_DAY_LINES_MAX)
        limit = CLASS_DAY_LINES_MAX;
    struct class_day_lines list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct class_day_line, limit) };
    switch (figure) {
    case CLASS_DAY_LINE:
    case CLASS_DAY_POINT:
        TRY(list_points(cx, day, figure, limit, &list));
        break;
    case CLASS_DAY_ROSTER:
        TRY(list_rosters(cx, day, limit, &list));
        break;
    case CLASS_DAY_SEATED:
    case CLASS_DAY_CALLED:
    case CLASS_DAY_REPORT:
        TRY(list_areas(cx, day, figure, limit, &list));
        break;
    case CLASS_DAY_TROUBLE:
    case CLASS_DAY_FIGURES:
        TRY(list_incidents(cx, day, limit, &list));
        break;
    }
    *ret_list = list;
    return OK;
}
