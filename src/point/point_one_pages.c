#include "point/point_pages.h"

#include "obligation/obligation.h"
#include "viet/viet.h"

/* ---- Forms ---- */

struct safe_html point_form(struct ctx *cx, const struct request *req, const struct field_table *fields, const void *values,
                            struct url action, const char *submit, int64_t key)
{
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, fields, values, &form);
    bool is_refused = form.typed != NULL; /* then the page's id is this form's own already */
    form.action = action;
    form.submit_label = str_from(submit);
    form.fact_id = is_refused ? req->fact_id : request_form_id(&cx->arena, req, key);
    form.id_prefix = str_format(&cx->arena, "d%lld-", (long long)key);
    return page_form(&cx->arena, &form);
}

struct safe_html point_folded_form(struct ctx *cx, const struct request *req, const struct field_table *fields, const void *values,
                                   struct url action, const char *label, const char *submit, int64_t key, bool is_open)
{
    bool is_refused = req->typed && req->route && req->route->form.at == fields->at;
    struct html h = page_begin(&cx->arena);
    part_folded(&h, str_from(label), point_form(cx, req, fields, values, action, submit, key), is_open || is_refused);
    return page_end(&h);
}

static struct url action_url(struct arena *arena, int64_t point_id, const char *action)
{
    return url_format(arena, "/diem-cau/%lld/%s", (long long)point_id, action);
}

enum { KEY_DESCRIBE = 1, KEY_ADD, KEY_CLOSE, KEY_REPORT, KEY_INCIDENT };

static void fill_write_forms(struct ctx *cx, const struct request *req, const struct point *p, bool may_add,
                             struct point_view *view)
{
    struct arena *arena = &cx->arena;
    const struct point_described described = { p->room, p->address, p->seats, p->kit, p->chair_name, p->chair_title,
                                               p->technician_name, p->technician_phone };
    if (p->is_closed) {
        view->close_form = point_folded_form(cx, req, &point_reason_table, NULL, action_url(arena, p->id, "mo-lai"),
                                             "Mở lại điểm cầu", "Mở lại điểm cầu", KEY_CLOSE, false);
        return;
    }
    view->describe_form = point_folded_form(cx, req, &point_described_table, &described, action_url(arena, p->id, "khai-bao"),
                                            "Khai báo điểm cầu", "Lưu khai báo", KEY_DESCRIBE, false);
    if (!p->is_main || point_is_from_above(cx, p->path))
        view->close_form = point_folded_form(cx, req, &point_reason_table, NULL, action_url(arena, p->id, "dong"), "Đóng điểm cầu",
                                             "Đóng điểm cầu", KEY_CLOSE, false);
    if (!p->is_main || p->level == POINT_HUB)
        return;
    view->report_form = point_folded_form(cx, req, &point_reported_table, NULL, action_url(arena, p->id, "bao-cao"),
                                          "Báo cáo số lượng", "Gửi báo cáo", KEY_REPORT, view->is_report_owed);
    if (may_add)
        view->add_form = point_folded_form(cx, req, &point_added_table, NULL, action_url(arena, p->id, "mo-them"), "Mở thêm điểm cầu",
                                           "Mở thêm điểm cầu", KEY_ADD, false);
}

static void fill_test_forms(struct ctx *cx, const struct request *req, const struct point *p, struct point_view *view)
{
    struct arena *arena = &cx->arena;
    const struct point_incident_opened incident = { .from_at = cx->now };
    if (p->is_closed)
        return;
    view->may_test = true;
    view->incident_form = point_folded_form(cx, req, &point_incident_opened_table, &incident, action_url(arena, p->id, "su-co"),
                                            "Ghi sự cố", "Ghi sự cố", KEY_INCIDENT, false);
}

/* ---- What is shown ---- */

struct str point_opening_words(struct arena *arena, int64_t at, int64_t now)
{
    return at <= now ? STR("đã mở") : instant_format_left(arena, at, now);
}

struct named_row point_named_row(const char *name, struct str value)
{
    return (struct named_row){ .name = str_from(name), .value = value };
}

static void put_fact(struct point_view *view, struct named_row row)
{
    if (row.value.len > 0)
        view->facts[view->facts_len++] = row;
}

static struct str named(struct arena *arena, struct str name, struct str title)
{
    return str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(name), name.len > 0 && title.len > 0 ? ", " : "", STR_ARG(title));
}

static void fill_facts(struct ctx *cx, const struct point *p, struct point_view *view)
{
    enum { FACTS_MAX = 12 };
    struct arena *arena = &cx->arena;
    view->facts = ARENA_NEW_ARRAY(arena, struct named_row, FACTS_MAX);
    put_fact(view, point_named_row("Phòng họp, hội trường", p->room));
    put_fact(view, point_named_row("Địa chỉ", p->address));
    if (p->seats > 0)
        put_fact(view, point_named_row("Số chỗ ngồi", viet_number(arena, p->seats)));
    put_fact(view, point_named_row("Trang thiết bị", p->kit));
    put_fact(view, point_named_row("Chủ trì", named(arena, p->chair_name, p->chair_title)));
    put_fact(view, point_named_row("Cán bộ kỹ thuật", p->technician_name));
    struct named_row phone = point_named_row("Điện thoại kỹ thuật", p->technician_phone);
    phone.url = url_phone(arena, p->technician_phone);
    put_fact(view, phone);
    struct named_row system = point_named_row("Hệ thống hội nghị", named(arena, p->system_name, p->system_url));
    (void)url_from_https(p->system_url, &system.url);
    put_fact(view, system);
    if (p->system_opens_at)
        put_fact(view, point_named_row("Kết nối chính thức", str_format(arena, "từ " STR_FMT " (" STR_FMT ")",
                                                                       STR_ARG(instant_format(arena, p->system_opens_at)),
                                                                       STR_ARG(point_opening_words(arena, p->system_opens_at, cx->now)))));
    if (p->test_opens_at)
        put_fact(view, point_named_row("Kiểm tra đường truyền", str_format(arena, "từ " STR_FMT " (" STR_FMT ")",
                                                                          STR_ARG(instant_format(arena, p->test_opens_at)),
                                                                          STR_ARG(point_opening_words(arena, p->test_opens_at, cx->now)))));
}

static struct str hours_words(struct arena *arena, const struct course_session *s)
{
    struct str from = s->from_minute < 0 ? STR("") : str_format(arena, "%d:%02d", s->from_minute / 60, s->from_minute % 60);
    struct str to = s->to_minute < 0 ? STR("") : str_format(arena, "%d:%02d", s->to_minute / 60, s->to_minute % 60);
    if (from.len > 0 && to.len > 0)
        return str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(from), STR_ARG(to));
    if (from.len > 0)
        return str_format(arena, "từ " STR_FMT, STR_ARG(from));
    return to.len > 0 ? str_format(arena, "đến " STR_FMT, STR_ARG(to)) : STR("văn bản chưa nêu giờ");
}

static enum err fill_sessions(struct ctx *cx, const struct point *p, struct point_view *view)
{
    struct course_session *sessions = NULL;
    size_t len = 0;
    TRY(course_find_sessions(cx, p->root_id, p->path, &sessions, &len));
    view->sessions = ARENA_NEW_ARRAY(&cx->arena, struct named_row, len + 1);
    view->sessions_len = len;
    for (size_t i = 0; i < len; i++) {
        view->sessions[i].name = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(course_half_name(sessions[i].half)),
                                            STR_ARG(day_format_long(&cx->arena, sessions[i].day)));
        view->sessions[i].value = hours_words(&cx->arena, &sessions[i]);
    }
    return OK;
}

static enum err fill_siblings(struct ctx *cx, const struct point *p, struct point_view *view)
{
    struct point_list list = { .len = 0 };
    TRY(point_list_of_area(cx, p->root_id, p->area_id, &list));
    view->siblings = ARENA_NEW_ARRAY(&cx->arena, struct named_row, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        if (list.at[i].id == p->id)
            continue;
        struct named_row *row = &view->siblings[view->siblings_len++];
        row->name = list.at[i].name;
        row->url = point_url(&cx->arena, list.at[i].id);
        row->value = list.at[i].is_closed ? str_format(&cx->arena, "đã đóng: " STR_FMT, STR_ARG(list.at[i].closed_reason)) :
                                            list.at[i].room;
    }
    return OK;
}

/* What was sent is shown as it was sent; beside it what stands now. */
static enum err fill_reports(struct ctx *cx, const struct point *p, struct point_view *view)
{
    struct arena *arena = &cx->arena;
    struct point_reports reports = { .len = 0 };
    struct point_deadline deadline = { .due_at = 0 };
    struct point_list open = { .len = 0 };
    int64_t standing = 0;
    if (!p->is_main || p->level == POINT_HUB)
        return OK;
    TRY(point_list_reports(cx, p->root_id, p->area_id, &reports));
    TRY(point_find_report_deadline(cx, p->root_id, p->area_id, &deadline));
    TRY(point_list_of_area(cx, p->root_id, p->area_id, &open));
    for (size_t i = 0; i < open.len; i++)
        standing += !open.at[i].is_closed;
    if (deadline.due_at) {
        view->deadline = str_format(arena, STR_FMT " (" STR_FMT ")", STR_ARG(deadline.words),
                                    STR_ARG(instant_format_left(arena, deadline.due_at, cx->now)));
        view->deadline_source = deadline.source;
    }
    view->reports = ARENA_NEW_ARRAY(arena, struct report_row, reports.len + 1);
    view->reports_len = reports.len;
    view->is_report_owed = deadline.due_at && reports.len == 0;
    for (size_t i = 0; i < reports.len; i++) {
        const struct point_report *r = &reports.at[i];
        bool is_late = r->due_at && r->at >= r->due_at;
        view->reports[i] = (struct report_row){
            .at = instant_format(arena, r->at), .by = r->by_name, .note = r->note,
            .said = str_format(arena, "%lld điểm cầu, " STR_FMT " đại biểu", (long long)r->points, STR_ARG(viet_number(arena, r->heads))),
            .mark = page_mark(arena, is_late ? MARK_LATE : MARK_DONE,
                              !is_late   ? STR("Đúng hạn") :
                              i == 0     ? STR("Báo cáo sau hạn") :
                                           STR("Báo cáo bổ sung sau hạn")),
        };
        if (r->due_at == 0)
            view->reports[i].mark = page_mark(arena, MARK_DONE, STR("Đã gửi"));
    }
    view->current = str_format(arena, "Hiện có %lld điểm cầu đang mở.", (long long)standing);
    return OK;
}

struct test_row point_test_row(struct arena *arena, const struct point_test *test)
{
    const struct point_tested *t = &test->said;
    bool has_passed = str_eq(t->result, STR("passed"));
    struct test_row row = {
        .at = instant_format(arena, test->at), .by = test->by_name, .words = t->words, .is_early = !test->counts,
        .how = str_eq(t->how, STR("hand")) ? STR("Ghi tay") : STR("Đo bằng trình duyệt"),
        .mark = page_mark(arena, has_passed ? MARK_DONE : MARK_LATE, has_passed ? STR("Đạt") : STR("Chưa đạt")),
    };
    if (str_eq(t->how, STR("hand")))
        return row;
    struct buf out;
    buf_init(&out, arena);
    buf_format(&out, "trễ %lld ms (95%%: %lld ms), mất %lld‰, xuống " STR_FMT " kbit/s, lên " STR_FMT " kbit/s", (long long)t->rtt_ms,
               (long long)t->rtt_p95_ms, (long long)t->loss_permille, STR_ARG(viet_number(arena, t->down_kbps)),
               STR_ARG(viet_number(arena, t->up_kbps)));
    if (t->camera.len > 0)
        buf_format(&out, ", %s camera", str_eq(t->camera, STR("yes")) ? "có" : "không thấy");
    if (t->microphone.len > 0)
        buf_format(&out, ", %s micro", str_eq(t->microphone, STR("yes")) ? "có" : "không thấy");
    if (str_eq(t->echo, STR("ok")))
        buf_format(&out, ", hình và tiếng vọng lại sau %lld ms, mất %lld‰", (long long)t->echo_rtt_ms, (long long)t->echo_loss_permille);
    if (str_eq(t->echo, STR("failed")))
        buf_put(&out, STR(", hình và tiếng không vọng lại"));
    row.figures = buf_str(&out);
    return row;
}

static enum err fill_tests(struct ctx *cx, const struct point *p, struct point_view *view)
{
    struct point_tests tests = { .len = 0 };
    struct point_turn turn = { .opens_at = 0 };
    TRY(point_list_tests(cx, p->id, &tests));
    TRY(point_find_turn(cx, p, &turn));
    if (turn.opens_at)
        view->turn = str_format(&cx->arena, "Lượt của điểm cầu này: " STR_FMT " đến " STR_FMT ".",
                                STR_ARG(instant_format_time(&cx->arena, turn.from_at)), STR_ARG(instant_format(&cx->arena, turn.to_at)));
    view->tests = ARENA_NEW_ARRAY(&cx->arena, struct test_row, tests.len + 1);
    view->tests_len = tests.len;
    for (size_t i = 0; i < tests.len; i++)
        view->tests[i] = point_test_row(&cx->arena, &tests.at[i]);
    return OK;
}

static enum err fill_incidents(struct ctx *cx, const struct point *p, struct point_view *view)
{
    struct point_incidents list = { .len = 0 };
    TRY(point_list_incidents(cx, p->root_id, p->id, 0, false, &list));
    view->incidents = ARENA_NEW_ARRAY(&cx->arena, struct incident_row, list.len + 1);
    view->incidents_len = list.len;
    for (size_t i = 0; i < list.len; i++)
        view->incidents[i] = point_incident_row(cx, &list.at[i]);
    return OK;
}

static enum err fill_view(struct ctx *cx, const struct request *req, const struct course *course, struct point_view *view)
{
    const struct point *p = view->point;
    struct str place = STR("");
    bool may_add = false;
    fill_facts(cx, p, view);
    TRY(fill_sessions(cx, p, view));
    TRY(fill_siblings(cx, p, view));
    TRY(fill_reports(cx, p, view));
    TRY(fill_tests(cx, p, view));
    TRY(fill_incidents(cx, p, view));
    TRY(point_may_add(cx, p->root_id, p->area_id, &may_add, &place));
    if (p->is_main && p->level != POINT_HUB)
        view->add_words = may_add ? str_format(&cx->arena, "Văn bản cho phép mở rộng điểm cầu: " STR_FMT ".", STR_ARG(place)) :
                                    STR("Văn bản của lớp không nêu việc mở rộng điểm cầu.");
    view->described = page_mark(&cx->arena, p->is_described ? MARK_DONE : MARK_DUE,
                                p->is_described ? STR("Đã khai báo") : STR("Chưa khai báo"));
    view->test = point_test_mark(&cx->arena, p);
    if (p->incident_open > 0)
        view->trouble = page_mark(&cx->arena, MARK_LATE, STR("Đang có sự cố"));
    if (p->is_closed)
        view->closed = p->closed_reason;
    view->test_url = action_url(&cx->arena, p->id, "kiem-tra");
    if (course->is_withdrawn)
        return OK;
    if (actor_may(cx->actor, PERMISSION_POINT_WRITE))
        fill_write_forms(cx, req, p, may_add, view);
    if (actor_may(cx->actor, PERMISSION_POINT_TEST))
        fill_test_forms(cx, req, p, view);
    return OK;
}

enum err point_show(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct point point = { .id = 0 };
    struct course course = { .id = 0 };
    struct point_view *view = ARENA_NEW(&cx->arena, struct point_view);
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    TRY(point_read_system(cx, &point));
    TRY(course_find_for_unit(cx, point.root_id, point.path, &course));
    view->point = &point;
    TRY(fill_view(cx, req, &course, view));
    struct page page = { .title = point.name, .place = STR("lop"), .crumb = STR("Các điểm cầu"), .source = course.source };
    page.crumb_url = url_format(&cx->arena, "/lop/%lld/diem-cau", (long long)course.id);
    struct html h = page_begin(&cx->arena);
    page_point(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Doing ---- */

static enum err post_described(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_describe(cx, id, req->form));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã lưu khai báo điểm cầu");
    return OK;
}

static enum err post_added(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    int64_t added_id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_add(cx, id, req->form, &added_id));
    response_redirect(cx, res, point_url(&cx->arena, added_id), "Đã mở thêm điểm cầu");
    return OK;
}

static enum err post_closed(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_reason *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_close(cx, id, form->reason));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã đóng điểm cầu");
    return OK;
}

static enum err post_reopened(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_reason *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_reopen(cx, id, form->reason));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã mở lại điểm cầu");
    return OK;
}

static enum err post_reported(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_reported *form = req->form;
    int64_t id = 0;
    struct point point = { .id = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    TRY(point_report(cx, point.root_id, point.area_id, form));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã gửi báo cáo %lld điểm cầu, %lld đại biểu lúc " STR_FMT,
                      (long long)form->points, (long long)form->heads, STR_ARG(instant_format_time(&cx->arena, cx->now)));
    return OK;
}

static enum err post_campaign(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct point point = { .id = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    TRY(point_set_campaign(cx, point.root_id, point.area_id, req->form));
    response_redirect(cx, res, url_format(&cx->arena, "/lop/%lld/diem-cau?dia-ban=%lld", (long long)point.root_id, (long long)point.area_id),
                      "Đã đặt đợt kiểm tra đường truyền");
    return OK;
}

static enum err post_conference(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct point point = { .id = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(point_get(cx, id, &point));
    TRY(point_set_conference(cx, point.root_id, point.area_id, req->form));
    response_redirect(cx, res, point_url(&cx->arena, id), "Đã đặt hệ thống hội nghị trực tuyến");
    return OK;
}

/* ---- Routes ---- */

#define FORM(type, list) FIELD_TABLE(struct type, list)
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/lop/{id}/diem-cau"), PERMISSION_POINT_READ, point_show_list, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/diem-cau.csv"), PERMISSION_POINT_READ, point_export_list, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/lop/{id}/su-co"), PERMISSION_DUTY_READ, point_show_incidents, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/su-co.csv"), PERMISSION_DUTY_READ, point_export_incidents, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_POST, STR_INIT("/lop/{id}/su-co/duong-dan/{unit}"), PERMISSION_DUTY_REMIND, point_post_link, NO_FORM },
    { METHOD_GET, STR_INIT("/diem-cau/{id}"), PERMISSION_POINT_READ, point_show, NO_FORM },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/khai-bao"), PERMISSION_POINT_WRITE, post_described,
      FORM(point_described, point_described_fields), .again = point_show },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/mo-them"), PERMISSION_POINT_WRITE, post_added, FORM(point_added, point_added_fields),
      .again = point_show },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/dong"), PERMISSION_POINT_WRITE, post_closed, FORM(point_reason, point_reason_fields),
      .again = point_show },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/mo-lai"), PERMISSION_POINT_WRITE, post_reopened, FORM(point_reason, point_reason_fields),
      .again = point_show },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/bao-cao"), PERMISSION_POINT_WRITE, post_reported,
      FORM(point_reported, point_reported_fields), .again = point_show },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/dot-kiem-tra"), PERMISSION_POINT_WRITE, post_campaign,
      FORM(point_campaign_set, point_campaign_fields) },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/hoi-nghi"), PERMISSION_POINT_WRITE, post_conference,
      FORM(point_conference_set, point_conference_fields) },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/su-co"), PERMISSION_POINT_TEST, point_post_incident,
      FORM(point_incident_opened, point_incident_opened_fields), .again = point_show },
    { METHOD_GET, STR_INIT("/diem-cau/{id}/su-co/{incident}"), PERMISSION_POINT_READ, point_show_incident, NO_FORM },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/su-co/{incident}/xong"), PERMISSION_POINT_TEST, point_post_incident_closed,
      FORM(point_incident_closed, point_incident_closed_fields), .again = point_show_incident },
    { METHOD_POST, STR_INIT("/diem-cau/{id}/su-co/{incident}/dinh-chinh"), PERMISSION_POINT_TEST, point_post_incident_corrected,
      FORM(point_incident_corrected, point_incident_corrected_fields), .again = point_show_incident },
};
const struct route_table point_routes = { routes, LEN(routes) };
