#include "point/point_pages.h"

#include "account/account.h"
#include "obligation/obligation.h"
#include "viet/viet.h"

enum { ROWS_OF_PAGE = 100, CONTACTS_MAX = 500, EXPORT_MAX = POINT_LIST_MAX };

/* ---- What is asked ---- */

static const struct {
    const char *address, *name, *empty;
    bool is_late;
} states[] = {
    { "", "Tất cả", "Chưa có điểm cầu nào trong phạm vi của đồng chí.", false },
    { "chua-khai", "Chưa khai báo", "Các điểm cầu đều đã khai báo phòng họp, thiết bị.", false },
    { "chua-bao-cao", "Chưa báo cáo số lượng", "Các nơi đều đã báo cáo số điểm cầu, số đại biểu.", false },
    { "chua-kiem-tra", "Chưa kiểm tra", "Các điểm cầu đều đã kiểm tra đường truyền.", false },
    { "chua-dat", "Chưa đạt", "Không có điểm cầu nào kiểm tra chưa đạt.", true },
    { "dat", "Đạt", "Chưa có điểm cầu nào kiểm tra đạt.", false },
    { "su-co", "Đang có sự cố", "Không có sự cố nào đang diễn ra.", true },
};
enum { STATE_ALL, STATE_UNDESCRIBED, STATE_SILENT, STATE_UNTESTED, STATE_FAILED, STATE_PASSED, STATE_TROUBLED, STATES };

struct asked {
    struct course course;
    int64_t root_id;
    struct unit area; /* id 0: a seat that reaches one body sees its own point alone */
    size_t state;
    struct point_filter filter;
};

enum err point_asked_class(struct ctx *cx, const struct request *req, struct course *ret_course, int64_t *ret_root_id)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(course_get(cx, id, ret_course));
    return course_find_root(cx, id, ret_root_id);
}

/* The top of the actor's reach when that is a whole area; a hub or a body alone has no board of its own. */
static enum err find_area(struct ctx *cx, int64_t asked_id, struct unit *ret_area)
{
    struct scope reach = { STR(""), STR("") };
    struct unit seat = { .id = 0 };
    if (asked_id != 0) {
        TRY(point_reach_in(cx, asked_id, &reach));
        TRY(unit_find(cx, asked_id, ret_area));
    } else if (cx->actor->unit_id != 0) {
        TRY(point_reach(cx, &reach));
        TRY(unit_find(cx, cx->actor->unit_id, &seat));
        TRY(unit_find(cx, seat.place_id, ret_area));
    } else {
        TRY(unit_find_nation(cx, ret_area));
        TRY(point_reach(cx, &reach));
    }
    if (reach.path_hi.len > 0 && reach.path_hi.at[reach.path_hi.len - 1] == '!')
        *ret_area = (struct unit){ .id = 0 };
    return OK;
}

static enum err read_asked(struct ctx *cx, const struct request *req, struct asked *asked)
{
    int64_t area_id = 0;
    struct str state = request_value(req, "loc");
    TRY(point_asked_class(cx, req, &asked->course, &asked->root_id));
    (void)str_to_i64(request_value(req, "dia-ban"), &area_id);
    TRY(find_area(cx, area_id < 0 ? 0 : area_id, &asked->area));
    for (size_t i = 0; i < STATES; i++) {
        if (str_eq(state, str_from(states[i].address)))
            asked->state = i;
    }
    asked->filter = (struct point_filter){
        .root_id = asked->root_id,
        .area_id = asked->area.id,
        .test = asked->state == STATE_UNTESTED ? STR("untested") :
                asked->state == STATE_FAILED   ? STR("failed") :
                asked->state == STATE_PASSED   ? STR("passed") :
                                                 STR(""),
        .only_undescribed = asked->state == STATE_UNDESCRIBED,
        .only_silent = asked->state == STATE_SILENT,
        .only_troubled = asked->state == STATE_TROUBLED,
        .text = request_value(req, "tim"),
    };
    return OK;
}

static struct url list_url(struct arena *arena, int64_t course_id, int64_t area_id, size_t state)
{
    return url_format(arena, "/lop/%lld/diem-cau?dia-ban=%lld&loc=%s", (long long)course_id, (long long)area_id,
                      states[state].address);
}

/* ---- Rows ---- */

struct safe_html point_test_mark(struct arena *arena, const struct point *point)
{
    struct str when = point->tested_at ? instant_format(arena, point->tested_at) : STR("");
    switch (point->test_state) {
    case POINT_PASSED:
        return page_mark(arena, MARK_DONE, str_format(arena, "Đạt lúc " STR_FMT, STR_ARG(when)));
    case POINT_FAILED:
        return page_mark(arena, MARK_LATE, str_format(arena, "Chưa đạt lúc " STR_FMT, STR_ARG(when)));
    case POINT_UNTESTED:
        break;
    }
    return page_mark(arena, MARK_DUE, STR("Chưa kiểm tra"));
}

static struct point_row row_of(struct arena *arena, const struct point *point, bool with_contacts)
{
    struct point_row row = {
        .name = point->name,
        .area = point->area_name,
        .room = point->room,
        .url = point_url(arena, point->id),
        .described = page_mark(arena, point->is_described ? MARK_DONE : MARK_DUE,
                               point->is_described ? STR("Đã khai báo") : STR("Chưa khai báo")),
        .test = point_test_mark(arena, point),
    };
    if (point->incident_open > 0)
        row.trouble = page_mark(arena, MARK_LATE, STR("Đang có sự cố"));
    if (!with_contacts)
        return row;
    row.contact = point->technician_name.len > 0 ? point->technician_name :
                  point->chair_name.len > 0      ? point->chair_name :
                                                   STR("chưa khai báo");
    row.phone = point->technician_phone;
    row.phone_url = url_phone(arena, point->technician_phone);
    return row;
}

/* The newest report of each listed area, in one walk over the index of each. */
static enum err add_report(struct ctx *cx, const struct point *point, struct point_row *row)
{
    SQL(find, "SELECT points, heads, at, due_at FROM point_report WHERE root_id = $1 AND area_id = $2 ORDER BY id DESC LIMIT 1");
    if (!point->is_main || point->level == POINT_HUB)
        return OK;
    struct rows rows = db_rows(cx, &find, BIND(V(point->root_id), V(point->area_id)));
    if (rows_next(&rows)) {
        int64_t points = rows_i64(&rows);
        int64_t heads = rows_i64(&rows);
        int64_t at = rows_i64(&rows);
        int64_t due_at = rows_i64(&rows);
        row->is_report_late = due_at != 0 && at >= due_at;
        row->report = str_format(&cx->arena, "%lld điểm, " STR_FMT " đại biểu, lúc " STR_FMT "%s", (long long)points,
                                 STR_ARG(viet_number(&cx->arena, heads)), STR_ARG(instant_format(&cx->arena, at)),
                                 row->is_report_late ? " (sau hạn)" : "");
    } else {
        row->report = STR("Chưa báo cáo");
    }
    return rows_end(&rows);
}

static enum err fill_rows(struct ctx *cx, const struct request *req, struct asked *asked, struct point_list_view *view)
{
    struct point_list list = { .len = 0 };
    int64_t number = 1;
    if (!str_to_i64(request_value(req, "trang"), &number) || number < 1 || number > POINT_LIST_MAX)
        number = 1;
    asked->filter.limit = ROWS_OF_PAGE;
    asked->filter.offset = (number - 1) * ROWS_OF_PAGE;
    TRY(point_search(cx, &asked->filter, &list));
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct point_row, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        view->rows[i] = row_of(&cx->arena, &list.at[i], list.total <= CONTACTS_MAX);
        TRY(add_report(cx, &list.at[i], &view->rows[i]));
    }
    view->len = list.len;
    view->found = str_format(&cx->arena, STR_FMT " điểm cầu", STR_ARG(viet_number(&cx->arena, list.total)));
    view->pager = page_pager(&cx->arena,
                             url_format(&cx->arena, "/lop/%lld/diem-cau?dia-ban=%lld&loc=%s&tim=%.*s", (long long)asked->course.id,
                                        (long long)asked->area.id, states[asked->state].address, STR_ARG(asked->filter.text)),
                             number, ROWS_OF_PAGE, list.total);
    if (list.len == 0)
        view->empty = asked->filter.text.len > 0 ? STR("Không có điểm cầu nào khớp với từ cần tìm.") :
                                                   str_from(states[asked->state].empty);
    return OK;
}

static enum err fill_areas(struct ctx *cx, const struct asked *asked, struct point_list_view *view)
{
    struct arena *arena = &cx->arena;
    struct point_areas areas = { .len = 0 };
    TRY(point_count_below(cx, asked->root_id, asked->area.id, &areas));
    view->areas = ARENA_NEW_ARRAY(arena, struct area_row, areas.len + 1);
    for (size_t i = 0; i < areas.len; i++) {
        const struct point_area *area = &areas.at[i];
        const struct point_figures *f = &area->figures;
        if (f->total == 0)
            continue;
        struct area_row *row = &view->areas[view->areas_len++];
        *row = (struct area_row){ .name = area->name, .figures = *f,
                                  .url = list_url(arena, asked->course.id, area->area_id, STATE_ALL),
                                  .described_url = list_url(arena, asked->course.id, area->area_id, STATE_UNDESCRIBED),
                                  .report_url = list_url(arena, asked->course.id, area->area_id, STATE_SILENT),
                                  .test_url = list_url(arena, asked->course.id, area->area_id, STATE_UNTESTED),
                                  .failed_url = list_url(arena, asked->course.id, area->area_id, STATE_FAILED) };
        row->mark = f->failed > 0          ? page_mark(arena, MARK_LATE, STR("Có điểm cầu chưa đạt")) :
                    f->passed == f->total  ? page_mark(arena, MARK_DONE, STR("Tất cả đạt")) :
                    f->passed > 0          ? page_mark(arena, MARK_SOON, STR("Đang kiểm tra")) :
                                             page_mark(arena, MARK_DUE, STR("Chưa kiểm tra"));
    }
    return OK;
}

static enum err fill_tabs(struct ctx *cx, const struct asked *asked, struct point_list_view *view)
{
    struct point_figures f = { .total = 0 };
    TRY(point_count(cx, asked->root_id, asked->area.id, &f));
    const int64_t counts[STATES] = { f.total, f.total - f.described, f.reports_total - f.reports_sent, f.total - f.passed - f.failed,
                                     f.failed, f.passed, f.incidents_open };
    view->tabs = ARENA_NEW_ARRAY(&cx->arena, struct point_tab, STATES);
    view->tabs_len = STATES;
    for (size_t i = 0; i < STATES; i++)
        view->tabs[i] = (struct point_tab){ .name = str_from(states[i].name), .count = counts[i],
                                            .url = list_url(&cx->arena, asked->course.id, asked->area.id, i),
                                            .is_current = i == asked->state, .is_late = states[i].is_late && counts[i] > 0 };
    return OK;
}

/* ---- What is set for the whole area ---- */

enum { KEY_CAMPAIGN = 11, KEY_CONFERENCE = 12 };

static enum err fill_campaign(struct ctx *cx, const struct request *req, const struct asked *asked, struct point_list_view *view)
{
    struct point point = { .id = 0 };
    struct point_turn turn = { .opens_at = 0 };
    int64_t point_id = course_main_point(asked->root_id, asked->area.id);
    enum err err = point_get(cx, point_id, &point);
    if (err == ERR_NOT_FOUND)
        return OK; /* the class has no room of that area itself */
    TRY(err);
    TRY(point_read_system(cx, &point));
    TRY(point_find_turn(cx, &point, &turn));
    if (turn.opens_at)
        view->words = str_format(&cx->arena, "Kiểm tra đường truyền từ " STR_FMT " (" STR_FMT "); mỗi lượt %lld điểm cầu, %lld phút.",
                                 STR_ARG(instant_format(&cx->arena, turn.opens_at)),
                                 STR_ARG(point_opening_words(&cx->arena, turn.opens_at, cx->now)), (long long)turn.running_max,
                                 (long long)turn.turn_minutes);
    if (!actor_may(cx->actor, PERMISSION_POINT_WRITE) || asked->course.is_withdrawn)
        return OK;
    const struct point_campaign_set campaign = { turn.opens_at, turn.running_max, turn.turn_minutes };
    const struct point_conference_set conference = { point.system_name, point.system_url, point.system_opens_at };
    view->campaign_form = point_folded_form(cx, req, &point_campaign_table, &campaign,
                                            url_format(&cx->arena, "/diem-cau/%lld/dot-kiem-tra", (long long)point_id),
                                            "Đợt kiểm tra đường truyền", "Đặt đợt kiểm tra", KEY_CAMPAIGN, false);
    view->conference_form = point_folded_form(cx, req, &point_conference_table, &conference,
                                              url_format(&cx->arena, "/diem-cau/%lld/hoi-nghi", (long long)point_id),
                                              "Hệ thống hội nghị trực tuyến", "Đặt hệ thống hội nghị", KEY_CONFERENCE, false);
    return OK;
}

/* A duty leads here with the unit that owes it: on to the point of the place it works for. */
static enum err lead_on(struct ctx *cx, const struct request *req, struct response *res, int64_t root_id, bool *ret_has_led)
{
    int64_t unit_id = 0;
    struct unit unit = { .id = 0 };
    struct point point = { .id = 0 };
    *ret_has_led = false;
    if (!str_to_i64(request_value(req, "co-quan"), &unit_id) || unit_id < 1)
        return OK;
    if (unit_find(cx, unit_id, &unit) != OK || point_get(cx, course_main_point(root_id, unit.place_id), &point) != OK)
        return OK;
    bool is_test = str_eq(request_value(req, "viec"), STR("kiem-tra"));
    struct url test_url = url_format(&cx->arena, "/diem-cau/%lld/kiem-tra", (long long)point.id);
    response_redirect(cx, res, is_test ? test_url : point_url(&cx->arena, point.id), "%s", "");
    *ret_has_led = true;
    return OK;
}

enum err point_show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .root_id = 0 };
    struct point_list_view *view = ARENA_NEW(&cx->arena, struct point_list_view);
    bool has_led = false;
    TRY(read_asked(cx, req, &asked));
    TRY(lead_on(cx, req, res, asked.root_id, &has_led));
    if (has_led)
        return OK;
    bool is_overview = asked.area.kind == UNIT_NATION && asked.area.id != 0 && asked.state == STATE_ALL && asked.filter.text.len == 0;
    view->action = url_format(&cx->arena, "/lop/%lld/diem-cau", (long long)asked.course.id);
    view->state = str_from(states[asked.state].address);
    view->text = asked.filter.text;
    view->area_id = asked.area.id;
    if (actor_may(cx->actor, PERMISSION_DUTY_READ)) /* the ledger is also the utilities', who hold that alone */
        view->incidents_url = url_format(&cx->arena, "/lop/%lld/su-co?dia-ban=%lld", (long long)asked.course.id, (long long)asked.area.id);
    if (asked.area.id != 0) {
        TRY(fill_tabs(cx, &asked, view));
        TRY(fill_campaign(cx, req, &asked, view));
    }
    if (is_overview)
        TRY(fill_areas(cx, &asked, view));
    else
        TRY(fill_rows(cx, req, &asked, view));
    struct page page = { .title = STR("Các điểm cầu"), .place = STR("lop"), .is_wide = true, .source = asked.course.source };
    page.crumb = viet_upper_first(&cx->arena, asked.course.title);
    page.crumb_url = course_url(&cx->arena, asked.course.id);
    if (asked.area.id != 0)
        page.title = str_format(&cx->arena, "Các điểm cầu: " STR_FMT,
                                STR_ARG(asked.area.kind == UNIT_NATION ? STR("toàn quốc") : asked.area.full_name));
    page.export_url = url_format(&cx->arena, "/lop/%lld/diem-cau.csv?dia-ban=%lld&loc=%s&tim=%.*s", (long long)asked.course.id,
                                 (long long)asked.area.id, states[asked.state].address, STR_ARG(asked.filter.text));
    struct html h = page_begin(&cx->arena);
    page_point_list(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err point_export_list(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "Địa bàn", "Điểm cầu", "Phòng họp", "Địa chỉ", "Số chỗ", "Khai báo", "Kiểm tra", "Báo cáo",
                                         "Sự cố đang diễn ra", "Chủ trì", "Kỹ thuật", "Điện thoại" };
    struct asked asked = { .root_id = 0 };
    struct point_list list = { .len = 0 };
    TRY(read_asked(cx, req, &asked));
    asked.filter.limit = EXPORT_MAX;
    TRY(point_search(cx, &asked.filter, &list));
    /* Telephone numbers go out by the province or by what needs a call, never as a file of the whole country. */
    bool with_contacts = list.total <= CONTACTS_MAX;
    response_csv_begin(res, cx, STR("diem-cau.csv"));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < list.len; i++) {
        const struct point *p = &list.at[i];
        struct point_row row = { .name = p->name };
        TRY(add_report(cx, p, &row));
        response_csv_cell(res, p->area_name);
        response_csv_cell(res, p->name);
        response_csv_cell(res, p->room);
        response_csv_cell(res, p->address);
        response_csv_number(res, p->seats);
        response_csv_cell(res, p->is_described ? STR("Đã khai báo") : STR("Chưa khai báo"));
        response_csv_cell(res, p->test_state == POINT_PASSED ? STR("Đạt") :
                               p->test_state == POINT_FAILED ? STR("Chưa đạt") :
                                                               STR("Chưa kiểm tra"));
        response_csv_cell(res, row.report);
        response_csv_number(res, p->incident_open);
        response_csv_cell(res, with_contacts && p->chair_name.len > 0 ? p->chair_name : p->chair_title);
        response_csv_cell(res, with_contacts ? p->technician_name : STR(""));
        response_csv_cell(res, with_contacts ? p->technician_phone : STR(""));
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- The block on the class's page ---- */

enum err point_show_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block)
{
    int64_t root_id = 0;
    bool has_points = false;
    struct unit seat = { .id = 0 };
    struct unit area = { .id = 0 };
    struct point own = { .id = 0 };
    struct point_figures figures = { .total = 0 };
    struct point_deadline deadline = { .due_at = 0 };
    struct block_view view = { .words = STR("") };
    if (!actor_may(cx->actor, PERMISSION_POINT_READ) || cx->actor->kind == ACTOR_LINK || cx->actor->unit_id == 0)
        return OK;
    TRY(course_find_root(cx, course->id, &root_id));
    TRY(point_class_has_points(cx, root_id, &has_points));
    if (!has_points)
        return OK;
    TRY(unit_find(cx, cx->actor->unit_id, &seat));
    TRY(find_area(cx, 0, &area));
    if (area.id != 0) {
        TRY(point_count(cx, root_id, area.id, &figures));
        view.figures = &figures;
    }
    view.has_own = point_get(cx, course_main_point(root_id, seat.place_id), &own) == OK;
    if (view.has_own) {
        view.mark = point_test_mark(&cx->arena, &own);
        view.url = point_url(&cx->arena, own.id);
        view.test_url = url_format(&cx->arena, "/diem-cau/%lld/kiem-tra", (long long)own.id);
        view.may_test = actor_may(cx->actor, PERMISSION_POINT_TEST) && !own.is_closed;
        view.words = own.is_described ? str_format(&cx->arena, STR_FMT ": " STR_FMT, STR_ARG(own.name), STR_ARG(own.room)) :
                                        str_format(&cx->arena, STR_FMT ": chưa khai báo phòng họp, thiết bị", STR_ARG(own.name));
        TRY(point_find_report_deadline(cx, root_id, seat.place_id, &deadline));
        if (deadline.due_at && !(own.level == POINT_HUB) && figures.reports_sent == 0 && area.id != 0 && unit_kind_is_commune(area.kind))
            view.report = page_mark(&cx->arena, deadline.due_at <= cx->now ? MARK_LATE : MARK_SOON,
                                    str_format(&cx->arena, "Báo cáo số điểm cầu, số đại biểu " STR_FMT " (" STR_FMT ")",
                                               STR_ARG(deadline.words),
                                               STR_ARG(instant_format_left(&cx->arena, deadline.due_at, cx->now))));
    }
    view.list_url = url_format(&cx->arena, "/lop/%lld/diem-cau", (long long)course->id);
    struct html h = page_begin(&cx->arena);
    page_point_block(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}
