#include "report/class_day_report_pages.h"

#include "report/report_history.h"
#include "report/report_pages.h"

static enum err read_asked(struct ctx *cx, const struct request *req, struct class_day_report *ret_report)
{
    int64_t course_id = 0;
    int64_t unit_id = 0;
    int32_t date = DAY_NONE;
    TRY(request_id(cx, req, 0, &course_id));
    TRY(request_id(cx, req, 1, &unit_id));
    struct str asked = request_value(req, "ngay");
    if (asked.len > 0 && !day_parse_iso(asked, &date) && !day_parse(asked, &date))
        return fail_field(cx, "ngay", "Ngày cần dạng 23/5/2026");
    return class_day_report(cx, course_id, unit_id, date, ret_report);
}

static void fill_dates(struct ctx *cx, const struct class_day_report *report, struct class_day_report_view *view)
{
    view->dates = ARENA_NEW_ARRAY(&cx->arena, struct class_day_date, report->day.sessions_len + 1);
    for (size_t i = 0; i < report->day.sessions_len; i++) {
        int32_t day = report->day.sessions[i].day;
        if (view->dates_len > 0 && view->dates[view->dates_len - 1].day == day)
            continue;
        view->dates[view->dates_len++] = (struct class_day_date){ .day = day, .value = day_format_iso(&cx->arena, day),
                                                                  .words = day_format_long(&cx->arena, day),
                                                                  .is_chosen = day == report->date };
    }
}

static void fill_incidents(struct ctx *cx, const struct class_day_report *report, struct class_day_report_view *view)
{
    view->incidents = ARENA_NEW_ARRAY(&cx->arena, struct class_day_incident, report->incidents.len + 1);
    for (size_t i = 0; i < report->incidents.len; i++) {
        const struct point_incident *incident = &report->incidents.at[i];
        view->incidents[i] = (struct class_day_incident){
            .url = point_url(&cx->arena, incident->point_id),
            .kind = class_day_incident_kind(incident->kind),
            .from = instant_format_time(&cx->arena, incident->from_at),
            .to = incident->to_at ? instant_format_time(&cx->arena, incident->to_at) : STR("chưa khắc phục"),
        };
    }
}

static enum err render_report(struct ctx *cx, struct request *req, int64_t moment_at, struct page *page, struct safe_html *ret_body)
{
    struct class_day_report *report = ARENA_NEW(&cx->arena, struct class_day_report);
    struct class_day_report_view *view = ARENA_NEW(&cx->arena, struct class_day_report_view);
    TRY(read_asked(cx, req, report));
    const char *query = report_moment_query(&cx->arena, moment_at);
    const char *date = str_to_c(&cx->arena, day_format_iso(&cx->arena, report->date));
    view->report = report;
    view->total = &report->day.total;
    view->self_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld/bao-cao", (long long)report->day.course.id,
                                (long long)report->day.unit_id);
    fill_dates(cx, report, view);
    fill_incidents(cx, report, view);
    view->at = instant_format(&cx->arena, cx->now);
    view->moment_day = day_format(&cx->arena, day_from_instant(cx->now));
    view->moment_hour = instant_format_time(&cx->arena, cx->now);
    view->is_past = moment_at != 0;
    page->title = str_format(&cx->arena, "Báo cáo ngày " STR_FMT " · " STR_FMT, STR_ARG(day_format(&cx->arena, report->date)),
                             STR_ARG(report->day.unit_name));
    page->source = report->day.course.source;
    page->crumb = STR("Ngày học");
    page->crumb_url = class_day_url(&cx->arena, report->day.course.id, report->day.unit_id, CLASS_DAY_SEATED,
                                    report->day.session_key);
    page->export_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld/bao-cao.csv?ngay=%s%s", (long long)report->day.course.id,
                                  (long long)report->day.unit_id, date, query);
    struct html h = page_begin(&cx->arena);
    page_class_day_report(&h, view);
    *ret_body = page_end(&h);
    return OK;
}

/* ?luc= prints the report as it stood then, from the facts recorded by then. */
enum err class_day_show_report(struct ctx *cx, struct request *req, struct response *res)
{
    struct report_moment moment = { .at = 0 };
    struct page page = { .title = STR(""), .place = STR("theo-doi"), .is_wide = true };
    struct safe_html body = { .markup = STR("") };
    TRY(report_moment_begin(cx, req, &moment));
    if (!moment.is_ready)
        return report_show_waiting(cx, req, res, &moment);
    enum err err = render_report(cx, req, moment.at, &page, &body);
    report_moment_end(cx, &moment);
    TRY(err);
    response_page(cx, req, res, &page, body);
    return OK;
}

/* ---- as a table: one line an area, then the incidents are in their own page ---- */

static void put_heads(struct ctx *cx, struct response *res, const struct class_day_report *report)
{
    static const char *const heads[] = { "Mã", "Địa bàn", "Điểm cầu", "Đã khai báo", "Đường truyền đạt", "Không đạt",
                                         "Đã báo cáo", "Điểm cầu báo cáo", "Đại biểu báo cáo", "Danh sách đã gửi",
                                         "Danh sách phải gửi", "Học viên", "Sự cố", "Chưa khắc phục", "Phút gián đoạn" };
    static const char *const of_half[] = { "phải có mặt", "có mặt", "trong đó muộn", "vắng có lý do", "vắng", "chưa điểm danh",
                                           "ngoài danh sách", "đếm đầu người", "điểm cầu xong điểm danh" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    for (size_t k = 0; k < report->halves_len; k++)
        for (size_t i = 0; i < LEN(of_half); i++)
            response_csv_cell(res, str_format(&cx->arena, STR_FMT ": %s", STR_ARG(report->halves[k].name), of_half[i]));
    response_csv_end_row(res);
}

static void put_numbers(struct response *res, const struct class_day_numbers *n)
{
    const int64_t values[] = { class_day_points(n), n->point_described, n->test_passed, n->test_failed, n->report_sent,
                               n->report_points, n->report_heads, n->roster_sent, n->roster_total, n->learner_named,
                               n->incident_total, n->incident_open, n->incident_minutes };
    for (size_t i = 0; i < LEN(values); i++)
        response_csv_number(res, values[i]);
}

static void put_half(struct response *res, const struct class_day_numbers *n)
{
    const int64_t values[] = { class_day_expected(n), class_day_seated(n), n->roll_late, n->roll_excused, n->roll_absent,
                               class_day_unmarked(n), n->roll_walk_in, n->roll_head_count, n->roll_closed };
    for (size_t i = 0; i < LEN(values); i++)
        response_csv_number(res, values[i]);
}

static enum err put_report(struct ctx *cx, struct request *req, struct response *res)
{
    struct class_day_report *report = ARENA_NEW(&cx->arena, struct class_day_report);
    TRY(read_asked(cx, req, report));
    response_csv_begin(res, cx, str_format(&cx->arena, "bao-cao-ngay-" STR_FMT ".csv",
                                           STR_ARG(day_format_iso(&cx->arena, report->date))));
    put_heads(cx, res, report);
    for (size_t i = 0; i < report->day.rows_len; i++) {
        const struct class_day_row *row = &report->day.rows[i];
        response_csv_cell(res, row->is_own ? STR("") : row->code);
        response_csv_cell(res, row->name);
        put_numbers(res, &row->numbers);
        for (size_t k = 0; k < report->halves_len; k++)
            put_half(res, class_day_half_numbers(&report->halves[k], row->code));
        response_csv_end_row(res);
    }
    response_csv_cell(res, STR(""));
    response_csv_cell(res, str_format(&cx->arena, "Tổng: " STR_FMT, STR_ARG(report->day.unit_name)));
    put_numbers(res, &report->day.total);
    for (size_t k = 0; k < report->halves_len; k++)
        put_half(res, &report->halves[k].total);
    response_csv_end_row(res);
    return OK;
}

enum err class_day_export_report(struct ctx *cx, struct request *req, struct response *res)
{
    struct report_moment moment = { .at = 0 };
    TRY(report_moment_begin(cx, req, &moment));
    if (!moment.is_ready)
        return report_show_waiting(cx, req, res, &moment);
    enum err err = put_report(cx, req, res);
    report_moment_end(cx, &moment);
    return err;
}
