#include "point/point_pages.h"

#include "account/account.h"
#include "obligation/obligation.h"
#include "viet/viet.h"

/* ---- Rows ---- */

static const struct {
    const char *kind, *words;
} kinds[] = { { "line", "Đường truyền" }, { "power", "Điện" }, { "sound", "Âm thanh" }, { "picture", "Hình ảnh" }, { "other", "Khác" } };

struct str point_incident_kind(struct str kind)
{
    for (size_t i = 0; i < LEN(kinds); i++) {
        if (str_eq(kind, str_from(kinds[i].kind)))
            return str_from(kinds[i].words);
    }
    return STR("Khác");
}

static struct str utility_words(struct str utility)
{
    return str_eq(utility, STR("telecom")) ? STR("Viễn thông") : str_eq(utility, STR("power")) ? STR("Điện lực") : STR("");
}

static struct str span_words(struct arena *arena, const struct point_incident *incident)
{
    struct str from = instant_format(arena, incident->from_at);
    if (incident->to_at == 0)
        return str_format(arena, "từ " STR_FMT, STR_ARG(from));
    bool same_day = day_from_instant(incident->from_at) == day_from_instant(incident->to_at);
    return str_format(arena, STR_FMT " đến " STR_FMT,
                      STR_ARG(same_day ? instant_format_time(arena, incident->from_at) : from),
                      STR_ARG(instant_format(arena, incident->to_at)));
}

struct incident_row point_incident_row(struct ctx *cx, const struct point_incident *incident)
{
    struct arena *arena = &cx->arena;
    bool lasts = incident->to_at == 0;
    struct incident_row row = {
        .at = span_words(arena, incident),
        .kind = point_incident_kind(incident->kind),
        .point = incident->point_name,
        .area = incident->area_name,
        .words = incident->words,
        .utility = utility_words(incident->utility),
        .url = url_format(arena, "/diem-cau/%lld/su-co/%lld", (long long)incident->point_id, (long long)incident->id),
        .point_url = point_url(arena, incident->point_id),
        .minutes = str_format(arena, "%lld phút",
                              (long long)(lasts ? point_minutes(incident->from_at, cx->now) : incident->minutes_lost)),
        .mark = page_mark(arena, lasts ? MARK_LATE : MARK_DONE, lasts ? STR("Đang diễn ra") : STR("Đã khắc phục")),
    };
    if (incident->correct_reason.len > 0)
        row.corrected = str_format(arena, "Đã đính chính: " STR_FMT, STR_ARG(incident->correct_reason));
    return row;
}

/* ---- One incident ---- */

enum { KEY_CLOSED = 21, KEY_CORRECTED = 22, KEY_LINK = 23 };

static void fill_forms(struct ctx *cx, const struct request *req, const struct point_incident *incident, struct incident_view *view)
{
    struct str base = url_format(&cx->arena, "/diem-cau/%lld/su-co/%lld", (long long)incident->point_id, (long long)incident->id).text;
    const struct point_incident_closed closed = { .to_at = cx->now, .words = STR("") };
    const struct point_incident_corrected corrected = { incident->kind, incident->utility.len > 0 ? incident->utility : STR("none"),
                                                        incident->from_at, incident->to_at, false, incident->minutes_lost,
                                                        incident->words, STR("") };
    struct url url = { STR("") };
    if (incident->to_at == 0 && url_from_path(str_format(&cx->arena, STR_FMT "/xong", STR_ARG(base)), &url))
        view->close_form = point_form(cx, req, &point_incident_closed_table, &closed, url, "Ghi đã khắc phục xong", KEY_CLOSED);
    if (url_from_path(str_format(&cx->arena, STR_FMT "/dinh-chinh", STR_ARG(base)), &url))
        view->correct_form = point_folded_form(cx, req, &point_incident_corrected_table, &corrected, url, "Đính chính", "Đính chính",
                                               KEY_CORRECTED, false);
}

static enum err asked_incident(struct ctx *cx, const struct request *req, struct point_incident *ret_incident)
{
    int64_t point_id = 0;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &point_id));
    TRY(request_id(cx, req, 1, &id));
    TRY(point_get_incident(cx, id, ret_incident));
    if (ret_incident->point_id != point_id)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy sự cố này");
    return OK;
}

enum err point_show_incident(struct ctx *cx, struct request *req, struct response *res)
{
    enum { FACTS_MAX = 8 };
    struct point_incident incident = { .id = 0 };
    struct incident_view *view = ARENA_NEW(&cx->arena, struct incident_view);
    TRY(asked_incident(cx, req, &incident));
    view->row = point_incident_row(cx, &incident);
    view->facts = ARENA_NEW_ARRAY(&cx->arena, struct named_row, FACTS_MAX);
    view->facts[view->facts_len] = point_named_row("Điểm cầu", incident.point_name);
    view->facts[view->facts_len++].url = point_url(&cx->arena, incident.point_id);
    view->facts[view->facts_len++] = point_named_row("Thời gian", view->row.at);
    view->facts[view->facts_len++] = point_named_row("Gián đoạn", view->row.minutes);
    view->facts[view->facts_len++] = point_named_row("Diễn biến", incident.words);
    if (view->row.utility.len > 0)
        view->facts[view->facts_len++] = point_named_row("Đơn vị khắc phục", view->row.utility);
    if (actor_may(cx->actor, PERMISSION_POINT_TEST))
        fill_forms(cx, req, &incident, view);
    struct page page = { .title = str_format(&cx->arena, "Sự cố: " STR_FMT, STR_ARG(viet_lower_first(&cx->arena, view->row.kind))),
                         .place = STR("lop"), .crumb = incident.point_name };
    page.crumb_url = point_url(&cx->arena, incident.point_id);
    struct html h = page_begin(&cx->arena);
    page_point_incident(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err point_post_incident(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    int64_t incident_id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(point_open_incident(cx, id, req->form, &incident_id));
    response_redirect(cx, res, url_format(&cx->arena, "/diem-cau/%lld/su-co/%lld", (long long)id, (long long)incident_id),
                      "Đã ghi sự cố; ban tổ chức và đơn vị khắc phục thấy ngay");
    return OK;
}

enum err point_post_incident_closed(struct ctx *cx, struct request *req, struct response *res)
{
    const struct point_incident_closed *form = req->form;
    struct point_incident incident = { .id = 0 };
    TRY(asked_incident(cx, req, &incident));
    TRY(point_close_incident(cx, incident.id, form->to_at, form->words));
    response_redirect(cx, res, point_url(&cx->arena, incident.point_id), "Đã ghi khắc phục xong, gián đoạn %lld phút",
                      (long long)point_minutes(incident.from_at, form->to_at));
    return OK;
}

enum err point_post_incident_corrected(struct ctx *cx, struct request *req, struct response *res)
{
    struct point_incident incident = { .id = 0 };
    TRY(asked_incident(cx, req, &incident));
    TRY(point_correct_incident(cx, incident.id, req->form));
    response_redirect(cx, res, url_format(&cx->arena, "/diem-cau/%lld/su-co/%lld", (long long)incident.point_id, (long long)incident.id),
                      "Đã đính chính sự cố");
    return OK;
}

/* ---- An area's incidents; for a utility those it answers for ---- */

struct ledger {
    struct course course;
    int64_t root_id;
    bool is_utility;
    struct str utility; /* "telecom", "power": whose own page this is; "" everybody's */
    struct point_incidents list;
};

/* The utility's seat or link: what happened in the area it serves, of the kind it answers for. */
static enum err read_of_utility(struct ctx *cx, const struct unit *unit, struct ledger *ledger)
{
    struct unit place = { .id = 0 };
    struct actor program = *cx->actor;
    const struct actor *before = cx->actor;
    TRY(unit_find(cx, unit->place_id, &place));
    ledger->utility = str_eq(unit->sort, STR("dien_luc")) ? STR("power") : STR("telecom");
    /* Incidents are seen by who reaches the area; the company reaches this part of them by its duty alone. */
    program.kind = ACTOR_PROGRAM;
    program.unit_id = 0;
    program.scope = unit_scope(&cx->arena, place.path);
    cx->actor = &program;
    enum err err = point_list_incidents(cx, ledger->root_id, 0, 0, false, &ledger->list);
    cx->actor = before;
    TRY(err);
    size_t len = 0;
    for (size_t i = 0; i < ledger->list.len; i++) {
        if (str_eq(ledger->list.at[i].utility, ledger->utility))
            ledger->list.at[len++] = ledger->list.at[i];
    }
    ledger->list.len = len;
    return OK;
}

/* A link opens one duty; the ledger opens with it when the duty comes of a paper of this class. */
static enum err check_link(struct ctx *cx, int64_t root_id)
{
    SQL(find, "SELECT COUNT(*) FROM obligation o JOIN point_paper p ON p.course_id = o.document_id WHERE o.id = $1 AND p.root_id = $2");
    int64_t found = 0;
    if (cx->actor->kind != ACTOR_LINK)
        return OK;
    TRY(db_i64(cx, &find, BIND(V(cx->actor->subject_id), V(root_id)), &found));
    return found > 0 ? OK : fail(cx, ERR_NOT_FOUND, "Đường dẫn này chỉ mở nhiệm vụ đã gửi cho đơn vị");
}

/* The class by its paper's own id: a utility that owes a duty of it has the paper, others see it as they see the class. */
static enum err asked_ledger_class(struct ctx *cx, const struct request *req, bool is_utility, struct ledger *ledger)
{
    int64_t id = 0;
    if (!is_utility)
        return point_asked_class(cx, req, &ledger->course, &ledger->root_id);
    SQL(find, "SELECT COUNT(*) FROM obligation o JOIN duty d ON d.obligation_id = o.id WHERE o.document_id = $1 AND d.unit_id = $2");
    int64_t owed = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(db_i64(cx, &find, BIND(V(id), V(cx->actor->unit_id)), &owed));
    if (owed == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy lớp này");
    TRY(course_find(cx, id, &ledger->course));
    return course_find_root(cx, id, &ledger->root_id);
}

static enum err read_ledger(struct ctx *cx, const struct request *req, struct ledger *ledger)
{
    struct unit unit = { .line = STR("") };
    int64_t area_id = 0;
    if (cx->actor->unit_id != 0)
        TRY(unit_find(cx, cx->actor->unit_id, &unit));
    ledger->is_utility = str_eq(unit.line, STR("utility"));
    if (!ledger->is_utility && (cx->actor->kind == ACTOR_LINK || !actor_may(cx->actor, PERMISSION_POINT_READ)))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy sổ sự cố này");
    TRY(asked_ledger_class(cx, req, ledger->is_utility, ledger));
    TRY(check_link(cx, ledger->root_id));
    if (ledger->is_utility)
        return read_of_utility(cx, &unit, ledger);
    (void)str_to_i64(request_value(req, "dia-ban"), &area_id);
    return point_list_incidents(cx, ledger->root_id, 0, area_id < 0 ? 0 : area_id, false, &ledger->list);
}

static struct str totals_words(struct ctx *cx, const struct point_incidents *list)
{
    int64_t minutes = 0;
    int64_t lasting = 0;
    for (size_t i = 0; i < list->len; i++) {
        minutes += list->at[i].minutes_lost;
        lasting += list->at[i].to_at == 0;
    }
    return str_format(&cx->arena, "%zu sự cố, gián đoạn %lld phút; %lld sự cố đang diễn ra.%s", list->len, (long long)minutes,
                      (long long)lasting, list->len == POINT_INCIDENTS_MAX ? " Trang này hiện các sự cố mới nhất." : "");
}

/* Whoever leads the area hands each utility that owes something by the class a link to its duty and this page. */
static enum err fill_links(struct ctx *cx, const struct request *req, const struct ledger *ledger, struct incidents_view *view)
{
    SQL(list, "SELECT DISTINCT u.id, u.full_name FROM obligation o JOIN duty d ON d.obligation_id = o.id JOIN unit u ON u.id = d.unit_id"
              " WHERE o.document_id = $1 AND u.line = 'utility' AND u.path >= $2 AND u.path < $3 ORDER BY u.id LIMIT 10");
    static const struct field_table none = { NULL, 0, 0 };
    struct html h = page_begin(&cx->arena);
    struct rows rows = db_rows(cx, &list, BIND(V(ledger->course.id), V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)));
    while (rows_next(&rows)) {
        int64_t unit_id = rows_i64(&rows);
        struct str name = rows_str(&rows);
        struct form_view form = { .fact_id = STR("") };
        request_form_view(req, &none, NULL, &form);
        html_put_safe(&h, page_button(&cx->arena,
                                      url_format(&cx->arena, "/lop/%lld/su-co/duong-dan/%lld", (long long)ledger->course.id, (long long)unit_id),
                                      str_format(&cx->arena, "Tạo đường dẫn cho " STR_FMT, STR_ARG(name)), false, STR(""), form.csrf,
                                      request_form_id(&cx->arena, req, KEY_LINK + unit_id)));
    }
    TRY(rows_end(&rows));
    view->link_form = page_end(&h);
    return OK;
}

enum err point_show_incidents(struct ctx *cx, struct request *req, struct response *res)
{
    struct ledger ledger = { .root_id = 0 };
    struct incidents_view *view = ARENA_NEW(&cx->arena, struct incidents_view);
    TRY(read_ledger(cx, req, &ledger));
    view->words = ledger.utility.len > 0 ? str_format(&cx->arena, "Sự cố thuộc trách nhiệm khắc phục của " STR_FMT ".",
                                                      STR_ARG(cx->actor->unit_name)) :
                                           STR("");
    view->totals = totals_words(cx, &ledger.list);
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct incident_row, ledger.list.len + 1);
    for (size_t i = 0; i < ledger.list.len; i++) {
        view->rows[view->len] = point_incident_row(cx, &ledger.list.at[i]);
        if (ledger.is_utility) /* the company has no seat at the points */
            view->rows[view->len].url = view->rows[view->len].point_url = (struct url){ STR("") };
        view->len++;
    }
    if (!ledger.is_utility && actor_may(cx->actor, PERMISSION_DUTY_REMIND))
        TRY(fill_links(cx, req, &ledger, view));
    struct page page = { .title = STR("Sổ sự cố điểm cầu"), .place = STR("lop"), .is_wide = true, .source = ledger.course.source,
                         .is_bare = cx->actor->kind == ACTOR_LINK };
    if (!ledger.is_utility) {
        page.crumb = STR("Các điểm cầu");
        page.crumb_url = url_format(&cx->arena, "/lop/%lld/diem-cau", (long long)ledger.course.id);
    }
    page.export_url = url_format(&cx->arena, "/lop/%lld/su-co.csv", (long long)ledger.course.id);
    struct html h = page_begin(&cx->arena);
    page_point_incidents(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err point_export_incidents(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "Địa bàn", "Điểm cầu", "Loại", "Từ lúc", "Đến lúc", "Số phút gián đoạn", "Diễn biến",
                                         "Đơn vị khắc phục", "Đính chính" };
    struct ledger ledger = { .root_id = 0 };
    TRY(read_ledger(cx, req, &ledger));
    response_csv_begin(res, cx, STR("su-co-diem-cau.csv"));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < ledger.list.len; i++) {
        const struct point_incident *one = &ledger.list.at[i];
        response_csv_cell(res, one->area_name);
        response_csv_cell(res, one->point_name);
        response_csv_cell(res, point_incident_kind(one->kind));
        response_csv_cell(res, instant_format(&cx->arena, one->from_at));
        response_csv_cell(res, one->to_at ? instant_format(&cx->arena, one->to_at) : STR("đang diễn ra"));
        response_csv_number(res, one->minutes_lost);
        response_csv_cell(res, one->words);
        response_csv_cell(res, utility_words(one->utility));
        response_csv_cell(res, one->correct_reason);
        response_csv_end_row(res);
    }
    return OK;
}

enum err point_post_link(struct ctx *cx, struct request *req, struct response *res)
{
    enum { LINK_DAYS = 30 };
    SQL(find, "SELECT COALESCE(MIN(o.id), 0) FROM obligation o JOIN duty d ON d.obligation_id = o.id JOIN unit u ON u.id = d.unit_id"
              " WHERE o.document_id = $1 AND d.unit_id = $2 AND u.line = 'utility' AND u.path >= $3 AND u.path < $4");
    struct course course = { .id = 0 };
    int64_t root_id = 0;
    int64_t unit_id = 0;
    int64_t obligation_id = 0;
    struct unit unit = { .id = 0 };
    struct str token = STR("");
    TRY(point_asked_class(cx, req, &course, &root_id));
    TRY(request_id(cx, req, 1, &unit_id));
    TRY(db_i64(cx, &find, BIND(V(course.id), V(unit_id), V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)), &obligation_id));
    if (obligation_id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị này trong các đơn vị được giao nhiệm vụ");
    TRY(unit_find(cx, unit_id, &unit));
    int64_t ends_at = course.end_day == DAY_NONE ? cx->now : day_start(course.end_day + 1);
    struct account_link link = {
        .unit_id = unit_id,
        .subject_id = obligation_id,
        .permissions = UINT64_C(1) << PERMISSION_DUTY_READ,
        .name = unit.full_name,
        .path = url_format(&cx->arena, "/lop/%lld/su-co", (long long)course.id).text,
        .expires_at = (ends_at > cx->now ? ends_at : cx->now) + (int64_t)LINK_DAYS * DAY_MS,
    };
    TRY(account_make_link(cx, &link, &token, NULL));
    response_redirect(cx, res, url_format(&cx->arena, "/lop/%lld/su-co", (long long)course.id),
                      "Đường dẫn sổ sự cố của " STR_FMT ": http%s://" STR_FMT "/l/" STR_FMT " (chỉ hiện một lần, dùng đến " STR_FMT ")",
                      STR_ARG(unit.full_name), req->is_tls ? "s" : "", STR_ARG(req->host), STR_ARG(token),
                      STR_ARG(day_format(&cx->arena, day_from_instant(link.expires_at))));
    return OK;
}
