#include "report/class_day_pages.h"

#include "http/live.h"
#include "nomination/nomination.h"
#include "report/class_now.h"
#include "report/report.h"
#include "roll/roll.h"
#include "viet/viet.h"

enum { SIDE_LINES = 14, SIDE_LINES_WALL = 9, COMMUNE_LINES = 50 };

static const struct {
    struct str address, done, open;
    const char *live_key;
} figures[CLASS_DAY_FIGURES] = {
#define X(name, address, done, open) { STR_INIT(address), STR_INIT(done), STR_INIT(open), #name },
    CLASS_DAY_FIGURE_LIST(X)
#undef X
};

struct str class_day_figure_address(enum class_day_figure figure)
{
    return figures[figure].address;
}

struct url class_day_url(struct arena *arena, int64_t course_id, int64_t unit_id, enum class_day_figure figure, int64_t session_key)
{
    return url_format(arena, "/lop/%lld/ngay-hoc/%lld?so=%s&buoi=%lld", (long long)course_id, (long long)unit_id,
                      figures[figure].address.at, (long long)session_key);
}

static struct url own_url(struct arena *arena, const struct class_day *day, const char *what, enum class_day_figure figure)
{
    return url_format(arena, "/lop/%lld/ngay-hoc/%lld/%s?so=%s&buoi=%lld", (long long)day->course.id,
                      (long long)day->unit_id, what, figures[figure].address.at, (long long)day->session_key);
}

/*
 * The figure asked for; else what the moment asks: before the doors open the lines, then who sits there.
 */
static enum class_day_figure figure_of(const struct ctx *cx, const struct request *req, const struct class_day *day)
{
    enum { DOORS_OPEN_MS = 3600000 };
    struct str wanted = request_value(req, "so");
    for (size_t i = 0; i < CLASS_DAY_FIGURES; i++)
        if (str_eq(figures[i].address, wanted))
            return (enum class_day_figure)i;
    bool has_begun = day->sessions_len > 0 && class_day_session_start(&day->sessions[0]) - DOORS_OPEN_MS <= cx->now;
    return has_begun ? CLASS_DAY_SEATED : CLASS_DAY_LINE;
}

static enum err open_asked(struct ctx *cx, const struct request *req, bool is_own, struct class_day *ret_day)
{
    int64_t course_id = 0;
    int64_t unit_id = 0;
    int64_t session_key = 0;
    TRY(request_id(cx, req, 0, &course_id));
    if (is_own)
        TRY(class_day_own_area(cx, &unit_id));
    else
        TRY(request_id(cx, req, 1, &unit_id));
    (void)str_to_i64(request_value(req, "buoi"), &session_key);
    return class_day_open(cx, course_id, unit_id, session_key, ret_day);
}

/* ---- the board's parts ---- */

static void fill_sessions(struct ctx *cx, const struct class_day *day, struct class_day_view *view)
{
    view->sessions = ARENA_NEW_ARRAY(&cx->arena, struct class_day_session_choice, day->sessions_len + 1);
    for (size_t i = 0; i < day->sessions_len; i++) {
        struct class_day_session_choice *choice = &view->sessions[view->sessions_len++];
        choice->key = course_session_key(day->sessions[i].day, day->sessions[i].half);
        choice->name = class_day_session_name(&cx->arena, &day->sessions[i]);
        choice->is_chosen = choice->key == day->session_key;
        if (choice->is_chosen)
            view->session_name = choice->name;
    }
}

/* What nobody owes here (no paper asks for it) is not shown. */
static void fill_tabs(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, struct class_day_view *view)
{
    for (size_t i = 0; i < CLASS_DAY_FIGURES; i++) {
        struct class_day_tab *tab = &view->tabs[view->tabs_len];
        class_day_read_figure(&day->total, (enum class_day_figure)i, &tab->done, &tab->all);
        if (tab->all == 0 && tab->done == 0 && i != CLASS_DAY_TROUBLE && i != (size_t)figure)
            continue;
        tab->words = figures[i].done;
        tab->url = class_day_url(&cx->arena, day->course.id, day->unit_id, (enum class_day_figure)i, day->session_key);
        tab->live_key = figures[i].live_key;
        tab->all_key = str_format(&cx->arena, "%s.all", figures[i].live_key);
        tab->is_chosen = i == (size_t)figure;
        tab->is_trouble = i == CLASS_DAY_TROUBLE;
        view->tabs_len++;
    }
}

static void add_fact(struct class_day_view *view, const char *words, const char *live_key, int64_t value, bool is_kept)
{
    if ((value != 0 || is_kept) && view->facts_len < CLASS_DAY_FACTS)
        view->facts[view->facts_len++] = (struct class_day_fact){ words, live_key, value };
}

static void fill_facts(const struct class_day *day, enum class_day_figure figure, struct class_day_view *view)
{
    const struct class_day_numbers *n = &day->total;
    bool is_roll = figure == CLASS_DAY_SEATED || figure == CLASS_DAY_CALLED;
    if (is_roll) {
        add_fact(view, "đến muộn", "roll_late", n->roll_late, true);
        add_fact(view, "vắng có lý do", "roll_excused", n->roll_excused, true);
        add_fact(view, "vắng", "roll_absent", n->roll_absent, true);
        add_fact(view, "chưa điểm danh", "unmarked", class_day_unmarked(n), true);
        add_fact(view, "đến ngoài danh sách", "roll_walk_in", n->roll_walk_in, false);
        add_fact(view, "đếm đầu người", "roll_head_count", n->roll_head_count, false);
        add_fact(view, "lượt chưa thống nhất", "roll_conflict", n->roll_conflict, false);
    }
    if (figure == CLASS_DAY_LINE)
        add_fact(view, "điểm cầu không đạt", "test_failed", n->test_failed, true);
    if (figure == CLASS_DAY_REPORT || figure == CLASS_DAY_POINT) {
        add_fact(view, "điểm cầu được báo cáo", "report_points", n->report_points, true);
        add_fact(view, "đại biểu được báo cáo", "report_heads", n->report_heads, true);
    }
    if (figure == CLASS_DAY_ROSTER || is_roll)
        add_fact(view, "học viên có tên trong danh sách", "learner_named", n->learner_named, true);
    if (figure == CLASS_DAY_ROSTER)
        add_fact(view, "trong danh sách đã gửi", "learner_sent", n->learner_sent, true);
    if (figure == CLASS_DAY_TROUBLE || figure == CLASS_DAY_LINE) {
        add_fact(view, "sự cố đã ghi", "incident_total", n->incident_total, true);
        add_fact(view, "phút gián đoạn", "incident_minutes", n->incident_minutes, true);
    }
}

static struct safe_html board_map(struct ctx *cx, const struct class_day *day, enum class_day_figure figure)
{
    struct tile *tiles = ARENA_NEW_ARRAY(&cx->arena, struct tile, day->rows_len + 1);
    for (size_t i = 0; i < day->rows_len; i++) {
        const struct class_day_row *row = &day->rows[i];
        struct tile *tile = &tiles[i];
        tile->code = row->code;
        tile->name = row->name;
        tile->url = row->is_own ? point_url(&cx->arena, course_main_point(day->root_id, row->unit_id))
                                : class_day_url(&cx->arena, day->course.id, row->unit_id, figure, day->session_key);
        tile->mark = class_day_mark(&row->numbers, figure);
        class_day_read_figure(&row->numbers, figure, &tile->done, &tile->all);
        tile->words = figure == CLASS_DAY_TROUBLE ? str_format(&cx->arena, "%lld sự cố chưa khắc phục", (long long)tile->done)
                                                  : str_format(&cx->arena, "còn %lld", (long long)(tile->all - tile->done));
    }
    if (day->rows_len == 0)
        return (struct safe_html){ .markup = STR("") };
    return str_eq(day->unit_kind, STR("nation")) ? page_tile_map(&cx->arena, tiles, day->rows_len)
                                                 : page_unit_grid(&cx->arena, tiles, day->rows_len);
}

struct url class_day_line_url(struct arena *arena, const struct class_day *day, enum class_day_figure figure,
                              const struct class_day_line *line)
{
    if (line->point_id)
        return point_url(arena, line->point_id);
    if (line->is_area)
        return class_day_url(arena, day->course.id, line->unit_id, figure, day->session_key);
    return line->unit_id ? nomination_url(arena, day->root_id, line->unit_id) : (struct url){ .text = STR("") };
}

static void mark_lines(struct ctx *cx, const struct class_day *day, enum class_day_figure figure,
                       const struct class_day_lines *lines, struct safe_html **ret_marks, struct url **ret_urls)
{
    struct safe_html *marks = ARENA_NEW_ARRAY(&cx->arena, struct safe_html, lines->len + 1);
    struct url *urls = ARENA_NEW_ARRAY(&cx->arena, struct url, lines->len + 1);
    for (size_t i = 0; i < lines->len; i++) {
        marks[i] = page_mark(&cx->arena, lines->at[i].mark, lines->at[i].words);
        urls[i] = class_day_line_url(&cx->arena, day, figure, &lines->at[i]);
    }
    *ret_marks = marks;
    *ret_urls = urls;
}

/*
 * Beside the map: who has not. Of what is counted in areas the nation's side names provinces, from the rows that are read
 * already; the whole list names communes.
 */
static enum err fill_side(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, struct class_day_view *view)
{
    size_t limit = view->is_projector ? SIDE_LINES_WALL : day->rows_len == 0 ? COMMUNE_LINES : SIDE_LINES;
    bool is_of_areas = figure == CLASS_DAY_SEATED || figure == CLASS_DAY_CALLED || figure == CLASS_DAY_REPORT;
    if (is_of_areas)
        class_day_list_rows(cx, day, figure, limit, &view->lines);
    else
        TRY(class_day_list(cx, day, figure, limit, &view->lines));
    mark_lines(cx, day, figure, &view->lines, &view->line_marks, &view->line_urls);
    view->lines_title = figures[figure].open;
    view->lines_url = own_url(&cx->arena, day, "danh-sach", figure);
    return OK;
}

static struct safe_html point_mark(struct ctx *cx, const struct point *point)
{
    if (point->is_closed)
        return page_mark(&cx->arena, MARK_NOT_OWED, STR("Không sử dụng"));
    switch (point->test_state) {
    case POINT_PASSED:
        return page_mark(&cx->arena, MARK_DONE, str_format(&cx->arena, "Đường truyền đạt lúc " STR_FMT,
                                                           STR_ARG(instant_format(&cx->arena, point->tested_at))));
    case POINT_FAILED:
        return page_mark(&cx->arena, MARK_LATE, str_format(&cx->arena, "Không đạt lúc " STR_FMT,
                                                           STR_ARG(instant_format(&cx->arena, point->tested_at))));
    case POINT_UNTESTED:
        break;
    }
    return page_mark(&cx->arena, MARK_DUE, STR("Chưa kiểm tra đường truyền"));
}

static enum err fill_points(struct ctx *cx, const struct class_day *day, struct class_day_view *view)
{
    struct point_list list = { .len = 0 };
    TRY(point_list_of_area(cx, day->root_id, day->unit_id, &list));
    view->points = ARENA_NEW_ARRAY(&cx->arena, struct class_day_point, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct point *point = &list.at[i];
        struct class_day_point *shown = &view->points[view->points_len++];
        *shown = (struct class_day_point){ .name = point->name, .room = point->room, .chair = point->chair_name,
                                           .url = point_url(&cx->arena, point->id), .line_mark = point_mark(cx, point) };
        if (day->session_key && actor_may(cx->actor, PERMISSION_ROLL_READ))
            shown->roll_url = roll_url(&cx->arena, point->id, day->session_key);
    }
    return OK;
}

/* ---- the pages ---- */

static void head_page(struct ctx *cx, const struct class_day *day, enum class_day_figure figure,
                      const struct class_day_view *view, struct page *page)
{
    page->source = day->course.source;
    page->place = STR("theo-doi");
    page->is_wide = true;
    page->crumb = viet_upper_first(&cx->arena, day->course.title);
    page->crumb_url = course_url(&cx->arena, day->course.id);
    struct str where = str_eq(day->unit_kind, STR("nation")) ? STR("toàn quốc") : day->unit_name;
    page->title = view->session_name.len > 0
                      ? str_format(&cx->arena, "Ngày học · " STR_FMT " · " STR_FMT, STR_ARG(where), STR_ARG(view->session_name))
                      : str_format(&cx->arena, "Ngày học · " STR_FMT, STR_ARG(where));
    page->live_url = own_url(&cx->arena, day, "truc-tiep", figure);
    page->export_url = own_url(&cx->arena, day, "danh-sach.csv", figure);
    page->projector_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld?so=%s&chieu=1", (long long)day->course.id,
                                     (long long)day->unit_id, figures[figure].address.at);
}

static enum err show(struct ctx *cx, struct request *req, struct response *res, bool is_own)
{
    struct class_day *day = ARENA_NEW(&cx->arena, struct class_day);
    struct class_day_view *view = ARENA_NEW(&cx->arena, struct class_day_view);
    TRY(open_asked(cx, req, is_own, day));
    enum class_day_figure figure = figure_of(cx, req, day);
    TRY(class_day_read(cx, day, figure));
    view->day = day;
    view->is_projector = req->is_projector;
    view->course_url = course_url(&cx->arena, day->course.id);
    view->paper = day->course.source;
    view->self_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld", (long long)day->course.id, (long long)day->unit_id);
    view->figure_address = figures[figure].address;
    view->map_title = figures[figure].done;
    fill_sessions(cx, day, view);
    fill_tabs(cx, day, figure, view);
    fill_facts(day, figure, view);
    view->map = board_map(cx, day, figure);
    TRY(fill_side(cx, day, figure, view));
    if (day->rows_len == 0)
        TRY(fill_points(cx, day, view));
    if (figure == CLASS_DAY_ROSTER && !view->is_projector) {
        view->has_sums = true;
        TRY(class_day_sum_lines(cx, day, view->sums));
    }
    view->report_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld/bao-cao?ngay=%s", (long long)day->course.id,
                                  (long long)day->unit_id,
                                  str_to_c(&cx->arena, day_format_iso(&cx->arena, day->session_key
                                                                                      ? course_session_day(day->session_key)
                                                                                      : day_from_instant(cx->now))));
    struct page page = { .title = STR("") };
    head_page(cx, day, figure, view, &page);
    struct html h = page_begin(&cx->arena);
    page_class_day(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err show_own(struct ctx *cx, struct request *req, struct response *res)
{
    return show(cx, req, res, true);
}

static enum err show_area(struct ctx *cx, struct request *req, struct response *res)
{
    return show(cx, req, res, false);
}

static enum err open_stream(struct ctx *cx, struct request *req, struct response *res)
{
    struct class_day day = { .root_id = 0 };
    TRY(open_asked(cx, req, false, &day)); /* who may not see the board may not listen to it */
    response_stream(res, day.unit_id, class_day_stream_subject(day.root_id, day.session_key, figure_of(cx, req, &day)));
    return OK;
}

static enum err send_json_of(struct ctx *cx, struct request *req, struct response *res, bool is_own)
{
    struct class_day day = { .root_id = 0 };
    TRY(open_asked(cx, req, is_own, &day));
    response_json(res);
    return class_day_write_json(cx, &day, &res->body);
}

static enum err send_json(struct ctx *cx, struct request *req, struct response *res)
{
    return send_json_of(cx, req, res, false);
}

static enum err send_own_json(struct ctx *cx, struct request *req, struct response *res)
{
    return send_json_of(cx, req, res, true);
}

static enum err list_lines(struct ctx *cx, struct request *req, struct response *res)
{
    struct class_day day = { .root_id = 0 };
    struct class_day_list_view view = { .has_contacts = false };
    TRY(open_asked(cx, req, false, &day));
    enum class_day_figure figure = figure_of(cx, req, &day);
    TRY(class_day_list(cx, &day, figure, CLASS_DAY_LINES_MAX, &view.lines));
    mark_lines(cx, &day, figure, &view.lines, &view.marks, &view.urls);
    view.phone_urls = ARENA_NEW_ARRAY(&cx->arena, struct url, view.lines.len + 1);
    for (size_t i = 0; i < view.lines.len; i++) {
        view.has_contacts = view.has_contacts || view.lines.at[i].contact.len > 0 || view.lines.at[i].phone.len > 0;
        if (view.lines.at[i].phone.len > 0)
            view.phone_urls[i] = url_phone(&cx->arena, view.lines.at[i].phone);
    }
    view.empty_words = str_format(&cx->arena, "Không còn nơi nào: " STR_FMT, STR_ARG(figures[figure].done));
    struct page page = { .title = str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(figures[figure].open),
                                             STR_ARG(day.unit_name)),
                         .place = STR("theo-doi"), .is_wide = true, .source = day.course.source, .crumb = STR("Ngày học"),
                         .crumb_url = class_day_url(&cx->arena, day.course.id, day.unit_id, figure, day.session_key) };
    page.export_url = own_url(&cx->arena, &day, "danh-sach.csv", figure);
    struct html h = page_begin(&cx->arena);
    page_class_day_list(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err export_lines(struct ctx *cx, struct request *req, struct response *res)
{
    struct class_day day = { .root_id = 0 };
    struct class_day_lines lines = { .len = 0 };
    TRY(open_asked(cx, req, false, &day));
    enum class_day_figure figure = figure_of(cx, req, &day);
    TRY(class_day_list(cx, &day, figure, CLASS_DAY_LINES_MAX, &lines));
    response_csv_begin(res, cx, str_format(&cx->arena, STR_FMT ".csv", STR_ARG(figures[figure].address)));
    static const char *const heads[] = { "Nơi", "Tỉnh, thành phố", "Tình hình", "Người liên hệ", "Điện thoại" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < lines.len; i++) {
        response_csv_cell(res, lines.at[i].name);
        response_csv_cell(res, lines.at[i].province);
        response_csv_cell(res, lines.at[i].words);
        response_csv_cell(res, lines.at[i].contact);
        response_csv_cell(res, lines.at[i].phone);
        response_csv_end_row(res);
    }
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/ngay-hoc"), PERMISSION_POINT_READ, class_now_show, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc"), PERMISSION_REPORT_READ, show_own, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/so-lieu.json"), PERMISSION_REPORT_READ, send_own_json, NO_FORM, .flags = ROUTE_TOKEN },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}"), PERMISSION_REPORT_READ, show_area, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/truc-tiep"), PERMISSION_REPORT_READ, open_stream, NO_FORM, .flags = ROUTE_STREAM },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/so-lieu.json"), PERMISSION_REPORT_READ, send_json, NO_FORM, .flags = ROUTE_TOKEN },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/danh-sach"), PERMISSION_REPORT_READ, list_lines, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/danh-sach.csv"), PERMISSION_REPORT_READ, export_lines, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/bao-cao"), PERMISSION_REPORT_READ, class_day_show_report, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/lop/{id}/ngay-hoc/{unit}/bao-cao.csv"), PERMISSION_REPORT_READ, class_day_export_report, NO_FORM, .flags = ROUTE_SLOW },
};
/* clang-format on */

const struct route_table class_day_routes = { routes, LEN(routes) };
