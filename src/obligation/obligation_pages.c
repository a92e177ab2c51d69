#include "obligation/obligation_inside.h"
#include "obligation/obligation_rows.h"

#include "account/account.h"
#include "http/server.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- HÔM NAY ---- */

static const struct {
    const char *name;
    const char *address;
    const char *empty_why;
    const char *empty_next;
} tabs[DUTY_TABS] = {
    [DUTY_TODAY] = { "Hôm nay", "hom-nay", "Hôm nay không có nhiệm vụ nào đến hạn.",
                     "Xem mục “Sắp tới” để chuẩn bị trước." },
    [DUTY_COMING] = { "Sắp tới", "sap-toi", "Chưa có nhiệm vụ nào sắp tới.",
                      "Nhiệm vụ mới xuất hiện ở đây ngay khi văn bản giao việc được ban hành." },
    [DUTY_LATE] = { "Quá hạn", "qua-han", "Không có nhiệm vụ nào quá hạn.",
                    "Nhiệm vụ chuyển sang mục này khi đã qua thời hạn ghi trong văn bản mà đơn vị chưa thực hiện." },
    [DUTY_CLOSED] = { "Đã xong", "da-xong", "Chưa có nhiệm vụ nào đã xong.",
                      "Nhiệm vụ chuyển sang mục này khi việc đã được thực hiện." },
};

/* The order of the page without a tab: what is late first, then today's, then what comes. */
static const enum duty_tab sections[] = { DUTY_LATE, DUTY_TODAY, DUTY_COMING };

static void take_section(struct ctx *cx, const struct request *req, const struct duty_list *list, enum duty_tab tab,
                         struct today_view *view)
{
    struct duty_section *section = &view->sections[view->sections_len];
    section->rows = ARENA_NEW_ARRAY(&cx->arena, struct duty_row, list->len + 1);
    section->len = 0;
    for (size_t i = 0; i < list->len; i++) {
        if (duty_tab_of(&list->at[i], cx->now) == tab)
            section->rows[section->len++] = duty_row_of(cx, req, &list->at[i]);
    }
    section->title = str_from(tabs[tab].name);
    view->sections_len += section->len > 0;
}

static int asked_tab(const struct request *req)
{
    struct str asked = request_value(req, "muc");
    for (int i = 0; i < DUTY_TABS; i++) {
        if (str_eq(asked, str_from(tabs[i].address)))
            return i;
    }
    return -1;
}

/* All but the open ones, which are counted already: the index alone tells how many there are of all. */
static enum err count_closed(struct ctx *cx, int64_t unit_id, const struct duty_list *open, int64_t *ret_count)
{
    SQL(count_all, "SELECT COUNT(*) FROM duty WHERE unit_id = $1");
    SQL(count, "SELECT COUNT(*) FROM duty WHERE unit_id = $1 AND state IN ('done', 'withdrawn')");
    if (open->len == DUTY_LIST_MAX) /* the list may be cut */
        return db_i64(cx, &count, BIND(V(unit_id)), ret_count);
    int64_t all = 0;
    TRY(db_i64(cx, &count_all, BIND(V(unit_id)), &all));
    *ret_count = all - (int64_t)open->len;
    return OK;
}

static enum err fill_today(struct ctx *cx, struct request *req, int tab, struct today_view *view)
{
    struct duty_list open = { .len = 0 };
    struct duty_list closed = { .len = 0 };
    TRY(duty_list_open(cx, cx->actor->unit_id, &open));
    for (size_t i = 0; i < open.len; i++)
        view->tabs[duty_tab_of(&open.at[i], cx->now)].count++;
    TRY(count_closed(cx, cx->actor->unit_id, &open, &view->tabs[DUTY_CLOSED].count));
    for (int i = 0; i < DUTY_TABS; i++) {
        view->tabs[i].name = str_from(tabs[i].name);
        view->tabs[i].url = url_format(&cx->arena, "/hom-nay?muc=%s", tabs[i].address);
        view->tabs[i].is_current = i == tab;
        view->tabs[i].is_late = i == DUTY_LATE && view->tabs[i].count > 0;
    }
    if (tab == DUTY_CLOSED) {
        TRY(duty_list_closed(cx, cx->actor->unit_id, &closed));
        take_section(cx, req, &closed, DUTY_CLOSED, view);
    } else if (tab >= 0) {
        take_section(cx, req, &open, (enum duty_tab)tab, view);
    }
    for (size_t i = 0; tab < 0 && i < LEN(sections); i++)
        take_section(cx, req, &open, sections[i], view);
    if (tab >= 0 && view->sections_len > 0)
        view->sections[0].title = STR("");
    if (view->sections_len == 0) {
        view->empty_why = tab < 0 ? STR("Đơn vị không còn nhiệm vụ nào chưa xong.") : str_from(tabs[tab].empty_why);
        view->empty_next = str_from(tabs[tab < 0 ? DUTY_COMING : tab].empty_next);
    }
    return OK;
}

static enum err show_today(struct ctx *cx, struct request *req, struct response *res)
{
    struct today_view *view = ARENA_NEW(&cx->arena, struct today_view);
    TRY(refuse_link(cx));
    TRY(fill_today(cx, req, asked_tab(req), view));
    if (asked_tab(req) <= DUTY_TODAY)
        TRY(today_blocks(cx, &view->blocks));
    struct page page = { .title = STR("Hôm nay"), .place = STR("hom-nay"), .unit_name = cx->actor->unit_name };
    page.export_url = url_format(&cx->arena, "/nhiem-vu.csv?don-vi=%lld", (long long)cx->actor->unit_id);
    struct html h = page_begin(&cx->arena);
    page_today(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- One duty ---- */

static enum err asked_duty(struct ctx *cx, const struct request *req, struct duty *ret_duty)
{
    int64_t obligation_id = 0;
    int64_t unit_id = 0;
    int64_t period = 0;
    struct str asked = request_value(req, "ky");
    TRY(request_id(cx, req, 0, &obligation_id));
    TRY(request_id(cx, req, 1, &unit_id));
    if (asked.len == 0 || !str_to_i64(asked, &period))
        TRY(duty_newest_period(cx, obligation_id, unit_id, &period));
    return duty_get(cx, obligation_id, unit_id, period, ret_duty);
}

void awaited_fill(struct ctx *cx, const struct obligation_list *list, const char *title,
                         struct awaited_view *view)
{
    enum { TEXT_BYTES = 160 };
    view->title = str_from(title);
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct awaited_row, list->len + 1);
    view->len = list->len;
    size_t met = 0;
    for (size_t i = 0; i < list->len; i++) {
        const struct obligation *o = &list->at[i];
        bool is_met = o->total > 0 && o->done == o->total;
        met += is_met;
        view->rows[i] = (struct awaited_row){
            .text = clip(&cx->arena, o->text, TEXT_BYTES),
            .url = obligation_url(&cx->arena, o->id),
            .paper = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(o->source), STR_ARG(o->place)),
            .due = o->due_words,
            .mark = page_mark(&cx->arena, is_met ? MARK_DONE : MARK_DUE,
                              str_format(&cx->arena, STR_FMT " trên " STR_FMT " đơn vị đã xong",
                                         STR_ARG(viet_number(&cx->arena, o->done)), STR_ARG(viet_number(&cx->arena, o->total)))),
        };
    }
    view->words = met == list->len ?
                      STR("Cấp dưới đã xong đủ, có thể báo cáo hoàn thành.") :
                      str_format(&cx->arena, "%zu trên %zu việc của cấp dưới đã xong đủ.", met, list->len);
}

static const char *said_words(enum duty_said said)
{
    switch (said) {
    case DUTY_SAID_DONE:
        break;
    case DUTY_SAID_REOPENED:
        return "mở lại nhiệm vụ";
    case DUTY_SAID_HANDED_OVER:
        return "bàn giao nhiệm vụ";
    case DUTY_SAID_TAKEN_OVER:
        return "ghi nhận nhiệm vụ được bàn giao";
    }
    return "báo cáo hoàn thành";
}

static void fill_events(struct ctx *cx, const struct duty *duty, const struct duty_events *said,
                        const struct reminder_list *reminded, struct duty_view *view)
{
    struct arena *arena = &cx->arena;
    view->events = ARENA_NEW_ARRAY(arena, struct event_row, said->len + reminded->len + 3);
    struct event_row *rows = view->events;
    size_t len = 0;
    for (size_t i = reminded->len; i-- > 0;)
        rows[len++] = (struct event_row){ .at = instant_format(arena, reminded->at[i].at),
                                          .words = str_format(arena, "Được nhắc lần %lld",
                                                              (long long)reminded->at[i].round) };
    for (size_t i = 0; i < said->len; i++) {
        const struct duty_event *event = &said->at[i];
        bool is_passed = event->said == DUTY_SAID_HANDED_OVER || event->said == DUTY_SAID_TAKEN_OVER;
        struct str by = is_passed                  ? STR("Hệ thống") :
                        event->by_name.len > 0 ? event->by_name :
                                                 STR("Đơn vị");
        rows[len++] = (struct event_row){ .at = instant_format(arena, event->at),
                                          .words = str_format(arena, STR_FMT " %s", STR_ARG(by),
                                                              said_words(event->said)),
                                          .note = event->note,
                                          .file_name = event->file.name };
        if (event->file.digest.len > 0)
            rows[len - 1].file_url = url_format(arena, "/nhiem-vu/%lld/don-vi/%lld/tep/%lld",
                                                (long long)duty->obligation.id, (long long)duty->unit_id,
                                                (long long)event->seq);
    }
    if (duty->state == DUTY_DONE && said->len == 0)
        rows[len++] = (struct event_row){ .at = instant_format(arena, duty->done_at),
                                          .words = STR("Việc đã được thực hiện, nhiệm vụ tự hoàn thành") };
    if (len == 0)
        rows[len++] = (struct event_row){ .at = STR(""), .words = STR("Chưa có diễn biến nào.") };
    view->events_len = len;
}

/* The rounds that reached one unit, whoever sent them. */
static enum err rounds_of_unit(struct ctx *cx, const struct duty *duty, struct reminder_list *ret_list)
{
    enum { ROUNDS_MAX = 50 };
    SQL(list, "SELECT r.id, r.round, r.at FROM reminder_unit ru JOIN reminder r ON r.id = ru.reminder_id"
              " WHERE ru.unit_id = $1 AND r.obligation_id = $2 AND r.period = $3 ORDER BY r.id DESC");
    struct reminder_list rounds = { .at = ARENA_NEW_ARRAY(&cx->arena, struct reminder, ROUNDS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(duty->unit_id), V(duty->obligation.id), V(duty->period)));
    while (rounds.len < ROUNDS_MAX && rows_next(&rows)) {
        rounds.at[rounds.len].id = rows_i64(&rows);
        rounds.at[rounds.len].round = rows_i64(&rows);
        rounds.at[rounds.len++].at = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = rounds;
    return OK;
}

struct reopen_form {
    int64_t period;
    struct str reason;
};
static const struct field reopen_fields[] = {
    { "period", "Kỳ", FIELD_ID, FIELD_OF(struct reopen_form, period) },
    { "reason", "Lý do mở lại", FIELD_LINES, FIELD_OF(struct reopen_form, reason), .len_max = DUTY_NOTE_MAX,
      .required = true },
};
static const struct field_table reopen_table = FIELD_TABLE(struct reopen_form, reopen_fields);

static struct safe_html reopen_form(struct ctx *cx, const struct request *req, const struct duty *duty)
{
    const struct reopen_form values = { .period = duty->period };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &reopen_table, &values, &form);
    form.action = url_format(&cx->arena, "/nhiem-vu/%lld/don-vi/%lld/mo-lai", (long long)duty->obligation.id,
                             (long long)duty->unit_id);
    form.submit_label = STR("Mở lại nhiệm vụ");
    form.fact_id = form_own_id(&cx->arena, req, 2);
    return page_form(&cx->arena, &form);
}

/* Telecom and power companies have no accounts here: whoever leads the area hands them a link of their own. */
static enum err fill_link_form(struct ctx *cx, const struct request *req, const struct duty *duty,
                               struct duty_view *view)
{
    static const struct field_table none = { NULL, 0, 0 };
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, duty->unit_id, &unit));
    if (!str_eq(unit.line, STR("utility")) || !actor_may(cx->actor, PERMISSION_DUTY_REMIND))
        return OK;
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &none, NULL, &form);
    view->link_form = page_button(&cx->arena,
                                  url_format(&cx->arena, "/nhiem-vu/%lld/don-vi/%lld/duong-dan",
                                             (long long)duty->obligation.id, (long long)duty->unit_id),
                                  STR("Tạo đường dẫn riêng"), false, STR(""), form.csrf, form_own_id(&cx->arena, req, 3));
    return OK;
}

static enum err fill_duty(struct ctx *cx, struct request *req, const struct duty *duty, struct duty_view *view)
{
    struct obligation full = { .id = 0 };
    struct obligation_list awaited = { .len = 0 };
    struct obligation_list lower = { .len = 0 };
    struct duty_events said = { .len = 0 };
    struct reminder_list rounds = { .len = 0 };
    const struct obligation *o = &duty->obligation;
    TRY(obligation_get(cx, o->id, &full));
    TRY(obligation_list_awaited(cx, o->id, &awaited));
    if (o->ordinal != OBLIGATION_ACKNOWLEDGEMENT && o->ordinal < OBLIGATION_MATERIALS)
        TRY(obligation_list_lower(cx, o->document_id, duty->unit_id, &lower));
    TRY(duty_list_events(cx, o->id, duty->unit_id, duty->period, &said));
    TRY(rounds_of_unit(cx, duty, &rounds));
    view->duty = duty;
    view->mark = duty_mark(&cx->arena, duty, cx->now);
    view->row = duty_row_of(cx, NULL, duty);
    view->text = o->text;
    view->old_text = full.old_text;
    view->coordinators = full.coordinators;
    view->obligation_url = obligation_url(&cx->arena, o->id);
    awaited_fill(cx, &awaited, "Chờ kết quả của cấp dưới", &view->awaited);
    awaited_fill(cx, &lower, "Đơn vị cụ thể hóa bằng", &view->lower);
    fill_events(cx, duty, &said, &rounds, view);
    bool by_hand = !obligation_find_closer(o->closes_by);
    bool may_close = actor_may(cx->actor, PERMISSION_DUTY_CLOSE);
    if (by_hand && may_close && duty->state == DUTY_OPEN && duty->opens_at <= cx->now) {
        view->form_title = STR("Báo cáo hoàn thành");
        view->form = close_form(cx, req, duty, true);
    } else if (by_hand && may_close && duty->state == DUTY_DONE) {
        view->form_title = STR("Mở lại nhiệm vụ");
        view->form = reopen_form(cx, req, duty);
    } else if (!by_hand) {
        view->row.action = duty_action(cx, req, duty);
    }
    return fill_link_form(cx, req, duty, view);
}

static enum err show_duty(struct ctx *cx, struct request *req, struct response *res)
{
    struct duty duty = { .unit_id = 0 };
    struct duty_view *view = ARENA_NEW(&cx->arena, struct duty_view);
    TRY(asked_duty(cx, req, &duty));
    TRY(fill_duty(cx, req, &duty, view));
    struct page page = { .title = STR("Nhiệm vụ"), .place = STR("hom-nay"), .unit_name = duty.unit_name,
                         .source = view->row.paper, .is_bare = cx->actor->kind == ACTOR_LINK };
    if (cx->actor->kind != ACTOR_LINK) {
        page.crumb = STR("Hôm nay");
        page.crumb_url = url_format(&cx->arena, "/hom-nay");
    }
    struct html h = page_begin(&cx->arena);
    page_duty(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static struct url after_closing(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period)
{
    bool is_own = cx->actor->unit_id == unit_id && cx->actor->kind != ACTOR_LINK;
    return is_own ? url_format(&cx->arena, "/hom-nay") : duty_url(&cx->arena, obligation_id, unit_id, period);
}

/* The file is read and kept on a pool thread; the writer only notes its digest. */
static enum err prepare_close(struct ctx *cx, struct request *req, struct response *res)
{
    struct duty duty = { .unit_id = 0 };
    struct str content_type = STR("");
    struct duty_file *kept = ARENA_NEW(&cx->arena, struct duty_file);
    (void)res;
    req->prepared = kept;
    TRY(asked_duty(cx, req, &duty)); /* nobody fills the disk for a duty beyond his reach */
    const struct request_file *file = request_file(req, "file");
    if (!file || (file->name.len == 0 && file->content.len == 0))
        return OK;
    TRY(material_sniff(cx, file->name, file->content, &content_type));
    kept->name = file->name;
    kept->bytes = (int64_t)file->content.len;
    return material_keep(cx, store_dir(req->app->store), file->content, &kept->digest);
}

static enum err send_file(struct ctx *cx, struct request *req, struct response *res)
{
    struct duty duty = { .unit_id = 0 };
    struct duty_events said = { .len = 0 };
    int64_t seq = 0;
    TRY(asked_duty(cx, req, &duty));
    TRY(request_id(cx, req, 2, &seq));
    TRY(duty_list_events(cx, duty.obligation.id, duty.unit_id, duty.period, &said));
    for (size_t i = 0; i < said.len; i++) {
        struct material material = { .digest = said.at[i].file.digest, .name = said.at[i].file.name,
                                     .bytes = said.at[i].file.bytes };
        struct str content = STR("");
        if (said.at[i].seq != seq || material.digest.len == 0)
            continue;
        TRY(material_open(cx, store_dir(req->app->store), &material, &content));
        TRY(material_sniff(cx, material.name, content, &material.content_type));
        response_file(res, material.name, material.content_type, content);
        return OK;
    }
    return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tệp này");
}

static enum err post_close(struct ctx *cx, struct request *req, struct response *res)
{
    const struct close_form *form = req->form;
    int64_t obligation_id = 0;
    int64_t unit_id = 0;
    TRY(request_id(cx, req, 0, &obligation_id));
    TRY(request_id(cx, req, 1, &unit_id));
    TRY(duty_close(cx, obligation_id, unit_id, form->period, form->note, req->prepared));
    response_redirect(cx, res, after_closing(cx, obligation_id, unit_id, form->period),
                      "Đã báo cáo hoàn thành nhiệm vụ lúc " STR_FMT,
                      STR_ARG(instant_format(&cx->arena, cx->now)));
    return OK;
}

static enum err post_reopen(struct ctx *cx, struct request *req, struct response *res)
{
    const struct reopen_form *form = req->form;
    int64_t obligation_id = 0;
    int64_t unit_id = 0;
    TRY(request_id(cx, req, 0, &obligation_id));
    TRY(request_id(cx, req, 1, &unit_id));
    TRY(duty_reopen(cx, obligation_id, unit_id, form->period, form->reason));
    response_redirect(cx, res, duty_url(&cx->arena, obligation_id, unit_id, form->period), "Đã mở lại nhiệm vụ");
    return OK;
}

static enum err post_link(struct ctx *cx, struct request *req, struct response *res)
{
    enum { LINK_DAYS = 60 };
    struct duty duty = { .unit_id = 0 };
    struct str token = STR("");
    TRY(asked_duty(cx, req, &duty));
    struct account_link link = {
        .unit_id = duty.unit_id,
        .subject_id = duty.obligation.id,
        .permissions = UINT64_C(1) << PERMISSION_DUTY_READ | UINT64_C(1) << PERMISSION_DUTY_CLOSE,
        .name = duty.unit_name,
        .path = duty_url(&cx->arena, duty.obligation.id, duty.unit_id, duty.period).text,
        .expires_at = (duty.due_at > cx->now ? duty.due_at : cx->now) + (int64_t)LINK_DAYS * DAY_MS,
    };
    TRY(account_make_link(cx, &link, &token, NULL));
    response_redirect(cx, res, duty_url(&cx->arena, duty.obligation.id, duty.unit_id, duty.period),
                      "Đường dẫn riêng của " STR_FMT ": http%s://" STR_FMT "/l/" STR_FMT
                      " (chỉ hiện một lần, dùng đến " STR_FMT ")",
                      STR_ARG(duty.unit_name), req->is_tls ? "s" : "", STR_ARG(req->host), STR_ARG(token),
                      STR_ARG(day_format(&cx->arena, day_from_instant(link.expires_at))));
    return OK;
}

/* ---- Routes ---- */

static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/hom-nay"), PERMISSION_DUTY_READ, show_today, NO_FORM },
    { METHOD_GET, STR_INIT("/nhiem-vu"), PERMISSION_DUTY_READ, register_show, NO_FORM },
    { METHOD_GET, STR_INIT("/nhiem-vu.csv"), PERMISSION_DUTY_READ, register_export, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/nhiem-vu/{id}"), PERMISSION_DUTY_READ, obligation_show_page, NO_FORM },
    { METHOD_GET, STR_INIT("/nhiem-vu/{id}/don-vi/{unit}"), PERMISSION_DUTY_READ, show_duty, NO_FORM },
    { METHOD_POST, STR_INIT("/nhiem-vu/{id}/don-vi/{unit}/hoan-thanh"), PERMISSION_DUTY_CLOSE, post_close,
      FIELD_TABLE(struct close_form, close_fields), .flags = ROUTE_FILE, .body_max = DUTY_FILE_BODY_MAX,
      .prepare = prepare_close, .again = show_duty },
    { METHOD_GET, STR_INIT("/nhiem-vu/{id}/don-vi/{unit}/tep/{seq}"), PERMISSION_DUTY_READ, send_file, NO_FORM,
      .flags = ROUTE_SLOW },
    { METHOD_POST, STR_INIT("/nhiem-vu/{id}/don-vi/{unit}/mo-lai"), PERMISSION_DUTY_CLOSE, post_reopen,
      FIELD_TABLE(struct reopen_form, reopen_fields), .again = show_duty },
    { METHOD_POST, STR_INIT("/nhiem-vu/{id}/don-vi/{unit}/duong-dan"), PERMISSION_DUTY_REMIND, post_link, NO_FORM },
    { METHOD_POST, STR_INIT("/nhiem-vu/{id}/nhac"), PERMISSION_DUTY_REMIND, reminder_post,
      FIELD_TABLE(struct remind_form, remind_fields), .again = obligation_show_page },
    { METHOD_GET, STR_INIT("/nhac-viec/{id}"), PERMISSION_DUTY_REMIND, reminder_show, NO_FORM },
    { METHOD_GET, STR_INIT("/nhac-viec/{id}/in"), PERMISSION_DUTY_REMIND, reminder_print, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/nhac-viec/{id}/tep.csv"), PERMISSION_DUTY_REMIND, reminder_export, NO_FORM,
      .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/quan-tri/ngay-nghi"), PERMISSION_SIGNED_IN, holidays_show, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/ngay-nghi"), PERMISSION_ACCOUNT_WRITE, holidays_post,
      FIELD_TABLE(struct holiday_set, holiday_fields), .again = holidays_show },
    { METHOD_GET, STR_INIT("/van-ban/{id}/nhiem-vu"), PERMISSION_DOCUMENT_READ, orders_show, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/nhiem-vu/{ordinal}/co-quan"), PERMISSION_DOCUMENT_DRAFT, owner_post,
      FIELD_TABLE(struct owner_form, owner_fields), .again = orders_show },
};
const struct route_table obligation_routes = { routes, LEN(routes) };
