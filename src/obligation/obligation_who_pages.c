#include "obligation/obligation_rows.h"

#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- One obligation: who has and who has not ---- */

static struct today_tab filter_of(struct ctx *cx, int64_t obligation_id, bool only_silent, bool is_current,
                                  int64_t count)
{
    return (struct today_tab){
        .name = only_silent ? STR("Chưa thực hiện") : STR("Tất cả"),
        .url = only_silent ? url_format(&cx->arena, "/nhiem-vu/%lld?loc=chua", (long long)obligation_id) :
                             obligation_url(&cx->arena, obligation_id),
        .count = count,
        .is_current = is_current,
    };
}

static const struct choice remind_channels[] = {
    { STR_INIT("zalo"), STR_INIT("Zalo") },
    { STR_INIT("sms"), STR_INIT("Tin nhắn SMS") },
    { STR_INIT("mail"), STR_INIT("Thư điện tử") },
    { STR_INIT("print"), STR_INIT("In giấy nhắc") },
};
const struct field remind_fields[1] = {
    { "channel", "Gửi bằng", FIELD_CHOICE, FIELD_OF(struct remind_form, channel), .choices = remind_channels,
      .choices_len = LEN(remind_channels), .required = true },
};
static const struct field_table remind_table = FIELD_TABLE(struct remind_form, remind_fields);

static enum err fill_reminders(struct ctx *cx, struct request *req, const struct obligation *o, int64_t silent,
                               struct obligation_view *view)
{
    struct reminder_list rounds = { .len = 0 };
    if (!actor_may(cx->actor, PERMISSION_DUTY_REMIND))
        return OK;
    TRY(reminder_rounds(cx, o->id, &rounds));
    view->rounds = ARENA_NEW_ARRAY(&cx->arena, struct reminder_row, rounds.len + 1);
    view->rounds_len = rounds.len;
    for (size_t i = 0; i < rounds.len; i++) {
        const struct reminder *r = &rounds.at[i];
        view->rounds[i].url = url_format(&cx->arena, "/nhac-viec/%lld", (long long)r->id);
        view->rounds[i].words =
            str_format(&cx->arena, "Lần %lld, " STR_FMT ": " STR_FMT " đơn vị, còn " STR_FMT " đơn vị chưa thực hiện",
                       (long long)r->round, STR_ARG(instant_format(&cx->arena, r->at)), STR_ARG(viet_number(&cx->arena, r->sent)),
                       STR_ARG(viet_number(&cx->arena, r->silent)));
    }
    if (silent > 0 && !o->is_withdrawn) {
        const struct remind_form values = { .channel = STR("zalo") };
        struct form_view form = { .fact_id = STR("") };
        request_form_view(req, &remind_table, &values, &form);
        form.action = url_format(&cx->arena, "/nhiem-vu/%lld/nhac", (long long)o->id);
        form.submit_label = str_format(&cx->arena, "Soạn lời nhắc cho " STR_FMT " đơn vị", STR_ARG(viet_number(&cx->arena, silent)));
        view->remind_form = page_form(&cx->arena, &form);
    }
    return OK;
}

/* One page of the units, each with its state and what it said. */
static enum err fill_units(struct ctx *cx, const struct request *req, const struct obligation *o, bool only_silent,
                           struct obligation_view *view)
{
    enum { PAGE_ROWS = 100, NOTE_BYTES = 120 };
    struct arena *arena = &cx->arena;
    struct duty_list list = { .len = 0 };
    struct duty_figures figures = { .total = 0 };
    int64_t number = 1;
    if (!str_to_i64(request_value(req, "trang"), &number) || number < 1 || number > DUTY_UNITS_MAX)
        number = 1;
    TRY(duty_count_of_obligation(cx, o->id, o->period, &figures));
    TRY(duty_list_of_obligation(cx, o->id, o->period, only_silent, (number - 1) * PAGE_ROWS, PAGE_ROWS, &list));
    view->rows = ARENA_NEW_ARRAY(arena, struct duty_row, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct duty *duty = &list.at[i];
        struct duty_row *row = &view->rows[view->len++];
        row->unit_name = duty->unit_name;
        row->url = duty_url(arena, o->id, duty->unit_id, duty->period);
        row->mark = duty_mark(arena, duty, cx->now);
        if (duty->state == DUTY_DONE)
            row->done = str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(instant_format(arena, duty->done_at)),
                                   duty->note.len > 0 ? ": " : "", STR_ARG(clip(arena, duty->note, NOTE_BYTES)));
    }
    view->figures = figures;
    view->filters[0] = filter_of(cx, o->id, false, !only_silent, figures.total);
    view->filters[1] = filter_of(cx, o->id, true, only_silent, figures.open);
    view->pager = page_pager(arena,
                             url_format(arena, "/nhiem-vu/%lld?loc=%s", (long long)o->id, only_silent ? "chua" : ""),
                             number, PAGE_ROWS, only_silent ? figures.open : figures.total);
    return OK;
}

enum err obligation_show_page(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct obligation o = { .id = 0 };
    struct obligation_list awaited = { .len = 0 };
    struct obligation_view *view = ARENA_NEW(&cx->arena, struct obligation_view);
    bool only_silent = str_eq(request_value(req, "loc"), STR("chua"));
    TRY(request_id(cx, req, 0, &id));
    TRY(obligation_get(cx, id, &o));
    TRY(fill_units(cx, req, &o, only_silent, view));
    TRY(obligation_list_awaited(cx, id, &awaited));
    view->obligation = &o;
    view->paper = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(o.source), STR_ARG(o.place));
    view->paper_url = o.paragraph ? document_url_paragraph(&cx->arena, o.document_id, o.paragraph) :
                                    document_url(&cx->arena, o.document_id);
    awaited_fill(cx, &awaited, "Chờ kết quả của cấp dưới", &view->awaited);
    TRY(fill_reminders(cx, req, &o, view->figures.open, view));
    struct page page = { .title = STR("Ai đã thực hiện, ai chưa"), .place = STR("theo-doi"), .source = view->paper };
    page.export_url = url_format(&cx->arena, "/nhiem-vu.csv?nhiem-vu=%lld", (long long)id);
    struct html h = page_begin(&cx->arena);
    page_obligation(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err reminder_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct remind_form *form = req->form;
    int64_t id = 0;
    int64_t reminder_id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(reminder_send(cx, id, form->channel, &reminder_id));
    response_redirect(cx, res, url_format(&cx->arena, "/nhac-viec/%lld", (long long)reminder_id),
                      "Đã soạn lời nhắc cho các đơn vị chưa thực hiện");
    return OK;
}

/* ---- The messages of a round ---- */

static struct message_row message_row_of(struct ctx *cx, const struct reminder_message *message, size_t i, int64_t obligation_id)
{
    struct arena *arena = &cx->arena;
    return (struct message_row){
        .title = message->is_met ? str_format(arena, STR_FMT " (đã thực hiện)", STR_ARG(message->unit_name)) :
                                   message->unit_name,
        .id = str_format(arena, "loi-%zu", i),
        .text = message->text,
        .sms_words = str_format(arena, "SMS không dấu: %zu ký tự, %lld tin", str_count_code_points(message->sms),
                                (long long)message->sms_parts),
        .sms_id = str_format(arena, "sms-%zu", i),
        .sms = message->sms,
        .account_words = message->has_no_account ? STR("Đơn vị này chưa có tài khoản.") : STR(""),
        .duty_url = duty_url(arena, obligation_id, message->unit_id, 0),
    };
}

static enum err write_round(struct ctx *cx, struct request *req, bool to_provinces, int64_t *ret_obligation_id,
                            struct reminder_messages *ret_messages)
{
    SQL(find, "SELECT obligation_id FROM reminder WHERE id = $1");
    int64_t reminder_id = 0;
    TRY(request_id(cx, req, 0, &reminder_id));
    struct str base = str_format(&cx->arena, "http%s://" STR_FMT, req->is_tls ? "s" : "", STR_ARG(req->host));
    TRY(reminder_write(cx, reminder_id, base, to_provinces, ret_messages));
    return db_i64(cx, &find, BIND(V(reminder_id)), ret_obligation_id);
}

/* From the nation the word goes to the provinces unless asked otherwise; a province reminds its communes itself. */
static enum err asked_way(struct ctx *cx, const struct request *req, bool *ret_to_provinces)
{
    struct unit own = { .id = 0 };
    struct str way = request_value(req, "cap");
    TRY(unit_find(cx, cx->actor->unit_id, &own));
    *ret_to_provinces = way.len > 0 ? str_eq(way, STR("tinh")) : str_eq(own.level, STR("central"));
    return OK;
}

enum err reminder_show(struct ctx *cx, struct request *req, struct response *res)
{
    enum { SHOWN_MAX = 100 };
    struct reminder_messages messages = { .len = 0 };
    int64_t obligation_id = 0;
    int64_t reminder_id = 0;
    bool to_provinces = false;
    TRY(request_id(cx, req, 0, &reminder_id));
    TRY(asked_way(cx, req, &to_provinces));
    TRY(write_round(cx, req, to_provinces, &obligation_id, &messages));
    struct reminder_view *view = ARENA_NEW(&cx->arena, struct reminder_view);
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct message_row, SHOWN_MAX);
    for (size_t i = 0; i < messages.len && view->len < SHOWN_MAX; i++) {
        if (!messages.at[i].is_met)
            view->rows[view->len++] = message_row_of(cx, &messages.at[i], i, obligation_id);
    }
    view->words = str_format(&cx->arena, "Lần nhắc này gửi đến " STR_FMT " nơi. Ai đã thực hiện sau đó không hiện lời nhắc nữa.",
                             STR_ARG(viet_number(&cx->arena, (int64_t)messages.len)));
    view->ways[0] = (struct today_tab){ .name = STR("Đến từng đơn vị"), .url = url_format(&cx->arena, "/nhac-viec/%lld?cap=don-vi", (long long)reminder_id),
                                        .is_current = !to_provinces };
    view->ways[1] = (struct today_tab){ .name = STR("Qua Tỉnh ủy, Thành ủy"), .url = url_format(&cx->arena, "/nhac-viec/%lld?cap=tinh", (long long)reminder_id),
                                        .is_current = to_provinces };
    view->print_url = url_format(&cx->arena, "/nhac-viec/%lld/in?cap=%s", (long long)reminder_id,
                                 to_provinces ? "tinh" : "don-vi");
    if (messages.len > SHOWN_MAX)
        view->more = str_format(&cx->arena, "Trang này hiện %d nơi đầu; tải tệp CSV để có đủ " STR_FMT " lời nhắc.",
                                (int)SHOWN_MAX, STR_ARG(viet_number(&cx->arena, (int64_t)messages.len)));
    struct page page = { .title = STR("Lời nhắc"), .place = STR("theo-doi"), .crumb = STR("Nhiệm vụ") };
    page.crumb_url = obligation_url(&cx->arena, obligation_id);
    page.export_url = url_format(&cx->arena, "/nhac-viec/%lld/tep.csv?cap=%s", (long long)reminder_id,
                                 to_provinces ? "tinh" : "don-vi");
    struct html h = page_begin(&cx->arena);
    page_reminder(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static void fill_letters(struct ctx *cx, const struct request *req, const struct reminder_messages *messages, struct url url,
                         struct letters_view *view)
{
    enum { SHEETS_MAX = 500 };
    int64_t number = 1;
    int64_t silent = 0;
    if (!str_to_i64(request_value(req, "trang"), &number) || number < 1 || number > DUTY_UNITS_MAX)
        number = 1;
    view->at = ARENA_NEW_ARRAY(&cx->arena, struct letter, SHEETS_MAX);
    for (size_t i = 0; i < messages->len; i++) {
        if (messages->at[i].is_met)
            continue;
        if (silent >= (number - 1) * SHEETS_MAX && view->len < SHEETS_MAX) {
            view->at[view->len].message = messages->at[i];
            view->at[view->len++].qr = page_qr(&cx->arena, messages->at[i].link);
        }
        silent++;
    }
    view->pager = page_pager(&cx->arena, url, number, SHEETS_MAX, silent);
}

/* One sheet for each place that is still silent; many of them, so it is made beside the loops. */
enum err reminder_print(struct ctx *cx, struct request *req, struct response *res)
{
    struct reminder_messages messages = { .len = 0 };
    struct reminder_list rounds = { .len = 0 };
    int64_t obligation_id = 0;
    int64_t reminder_id = 0;
    bool to_provinces = false;
    TRY(request_id(cx, req, 0, &reminder_id));
    TRY(asked_way(cx, req, &to_provinces));
    TRY(write_round(cx, req, to_provinces, &obligation_id, &messages));
    TRY(reminder_rounds(cx, obligation_id, &rounds));
    struct letters_view view = { .sender = cx->actor->unit_name,
                                 .place_day = day_format_long(&cx->arena, day_from_instant(cx->now)),
                                 .asked_at = instant_format(&cx->arena, cx->now) };
    for (size_t i = 0; i < rounds.len; i++)
        if (rounds.at[i].id == reminder_id)
            view.round = str_format(&cx->arena, "Đây là lần nhắc thứ %lld", (long long)rounds.at[i].round);
    fill_letters(cx, req, &messages, url_format(&cx->arena, "/nhac-viec/%lld/in?cap=%s", (long long)reminder_id,
                                                to_provinces ? "tinh" : "don-vi"), &view);
    struct page page = { .title = str_format(&cx->arena, "Giấy nhắc việc (%zu tờ)", view.len), .place = STR("theo-doi"),
                         .crumb = STR("Lời nhắc"),
                         .crumb_url = url_format(&cx->arena, "/nhac-viec/%lld", (long long)reminder_id) };
    struct html h = page_begin(&cx->arena);
    page_letters(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err reminder_export(struct ctx *cx, struct request *req, struct response *res)
{
    struct reminder_messages messages = { .len = 0 };
    int64_t obligation_id = 0;
    bool to_provinces = false;
    TRY(asked_way(cx, req, &to_provinces));
    TRY(write_round(cx, req, to_provinces, &obligation_id, &messages));
    response_csv_begin(res, cx, STR("loi-nhac.csv"));
    static const char *const heads[] = { "Đơn vị", "Đường dẫn", "Lời nhắc", "SMS không dấu", "Số tin SMS" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < messages.len; i++) {
        const struct reminder_message *message = &messages.at[i];
        if (message->is_met)
            continue;
        response_csv_cell(res, message->unit_name);
        response_csv_cell(res, message->link);
        response_csv_cell(res, message->text);
        response_csv_cell(res, message->sms);
        response_csv_number(res, message->sms_parts);
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- The register of an area ---- */

static void read_filter(struct request *req, struct duty_filter *filter)
{
    filter->state = request_value(req, "loc");
    filter->text = request_value(req, "tim");
    (void)str_to_i64(request_value(req, "don-vi"), &filter->unit_id);
    (void)str_to_i64(request_value(req, "van-ban"), &filter->document_id);
    (void)str_to_i64(request_value(req, "nhiem-vu"), &filter->obligation_id);
}

enum err register_show(struct ctx *cx, struct request *req, struct response *res)
{
    struct duty_filter filter = { .offset = 0 };
    struct duty_list list = { .len = 0 };
    struct register_view *view = ARENA_NEW(&cx->arena, struct register_view);
    TRY(refuse_link(cx));
    read_filter(req, &filter);
    TRY(duty_search(cx, &filter, &list));
    view->state = filter.state;
    view->text = filter.text;
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct duty_row, list.len + 1);
    view->len = list.len;
    for (size_t i = 0; i < list.len; i++) {
        view->rows[i] = duty_row_of(cx, NULL, &list.at[i]);
        view->rows[i].unit_name = list.at[i].unit_name;
    }
    view->found = str_format(&cx->arena, list.len == DUTY_LIST_MAX ? "%zu dòng đầu, xin lọc thêm" : "%zu nhiệm vụ",
                             list.len);
    struct page page = { .title = STR("Sổ nhiệm vụ"), .place = STR("hom-nay") };
    page.export_url = url_format(&cx->arena, "/nhiem-vu.csv?loc=" STR_FMT "&tim=" STR_FMT, STR_ARG(filter.state),
                                 STR_ARG(filter.text));
    struct html h = page_begin(&cx->arena);
    page_register(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static const char *state_words(const struct duty *duty, int64_t now)
{
    switch (duty->state) {
    case DUTY_DONE:
        return "Đã xong";
    case DUTY_WITHDRAWN:
        return "Đã thu hồi";
    case DUTY_OPEN:
        break;
    }
    return duty_tab_of(duty, now) == DUTY_LATE ? "Quá hạn" : "Chưa xong";
}

enum err register_export(struct ctx *cx, struct request *req, struct response *res)
{
    struct duty_filter filter = { .offset = 0 };
    struct duty_list list = { .len = 0 };
    TRY(refuse_link(cx));
    read_filter(req, &filter);
    response_csv_begin(res, cx, STR("nhiem-vu.csv"));
    static const char *const heads[] = { "Đơn vị", "Nhiệm vụ", "Thời hạn", "Văn bản", "Vị trí", "Trạng thái",
                                         "Xong lúc", "Kết quả" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    do {
        TRY(duty_search(cx, &filter, &list));
        for (size_t i = 0; i < list.len; i++) {
            const struct duty *duty = &list.at[i];
            response_csv_cell(res, duty->unit_name);
            response_csv_cell(res, duty->obligation.text);
            response_csv_cell(res, duty->obligation.due_words);
            response_csv_cell(res, duty->obligation.source);
            response_csv_cell(res, duty->obligation.place);
            response_csv_cell(res, str_from(state_words(duty, cx->now)));
            response_csv_cell(res, duty->done_at ? instant_format(&cx->arena, duty->done_at) : STR(""));
            response_csv_cell(res, duty->note);
            response_csv_end_row(res);
        }
        filter.offset += (int64_t)list.len;
    } while (list.len == DUTY_LIST_MAX && filter.offset < DUTY_EXPORT_MAX);
    return OK;
}

/* ---- Beside the paper ---- */

const struct field owner_fields[1] = {
    { "owner", "Cơ quan thực hiện", FIELD_TEXT, FIELD_OF(struct owner_form, owner), .len_max = 500, .required = true,
      .help = "Ghi như trong văn bản: “Sở Nội vụ”, “Đảng ủy các xã, phường, đặc khu”." },
};
static const struct field_table owner_table = FIELD_TABLE(struct owner_form, owner_fields);

struct safe_html owner_form(struct ctx *cx, const struct request *req, int64_t document_id, int64_t ordinal,
                            struct str owner_text)
{
    const struct owner_form values = { .owner = owner_text };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &owner_table, &values, &form);
    form.action = url_format(&cx->arena, "/van-ban/%lld/nhiem-vu/%lld/co-quan", (long long)document_id,
                             (long long)ordinal);
    form.submit_label = STR("Ghi cơ quan thực hiện");
    form.fact_id = form_own_id(&cx->arena, req, ordinal);
    form.id_prefix = str_format(&cx->arena, "c%lld-", (long long)ordinal);
    return page_form(&cx->arena, &form);
}

enum err owner_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct owner_form *form = req->form;
    int64_t document_id = 0;
    int64_t ordinal = 0;
    TRY(request_id(cx, req, 0, &document_id));
    TRY(request_id(cx, req, 1, &ordinal));
    TRY(obligation_correct_owner(cx, document_id, ordinal, form->owner));
    response_redirect(cx, res, url_format(&cx->arena, "/van-ban/%lld/nhiem-vu", (long long)document_id),
                      "Đã ghi cơ quan thực hiện");
    return OK;
}
