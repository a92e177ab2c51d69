#include "plan/plan_pages.h"

#include "plan/plan_shape.h"
#include "viet/viet.h"

static const struct choice kind_choices[] = {
#define X(name, stored, shown, state_abbreviation, party_abbreviation) \
    { STR_INIT(stored), STR_INIT(shown) },
    DOCUMENT_KIND_LIST(X)
#undef X
};
static const struct choice regime_choices[] = {
    { STR_INIT("party"), STR_INIT("Văn bản của Đảng") },
    { STR_INIT("state"), STR_INIT("Văn bản hành chính nhà nước") },
};
static const struct choice duty_relations[] = {
    { STR_INIT("before"), STR_INIT("trước") },
    { STR_INIT("by"), STR_INIT("chậm nhất") },
    { STR_INIT("at"), STR_INIT("vào lúc") },
};

/* clang-format off */
#define CHOICES(list) .choices = (list), .choices_len = LEN(list)
#define DUTY_FIELDS(n, label) \
    { "nhiem_vu_" #n, "Nhiệm vụ " label, FIELD_LINES, FIELD_OF(struct plan_form, duties[n].text), .len_max = 4000, \
      .help = "Đoạn giao việc, ghi nguyên văn." }, \
    { "co_quan_" #n, "Cơ quan thực hiện nhiệm vụ " label, FIELD_TEXT, FIELD_OF(struct plan_form, duties[n].owner), .len_max = 300, \
      .help = "Ví dụ: Ban Thường vụ Đảng ủy các xã, phường." }, \
    { "han_" #n, "Thời hạn nhiệm vụ " label, FIELD_DAY, FIELD_OF(struct plan_form, duties[n].due_day) }, \
    { "gio_" #n, "Giờ", FIELD_TEXT, FIELD_OF(struct plan_form, duties[n].due_time), .len_max = 5, .help = "Ví dụ 09:00; để trống nếu chỉ tính ngày." }, \
    { "cach_tinh_" #n, "Cách tính hạn", FIELD_CHOICE, FIELD_OF(struct plan_form, duties[n].relation), CHOICES(duty_relations) }

static const struct field write_fields[] = {
    { "loai", "Loại văn bản", FIELD_CHOICE, FIELD_OF(struct plan_form, kind), CHOICES(kind_choices), .required = true },
    { "the_thuc", "Thể thức", FIELD_CHOICE, FIELD_OF(struct plan_form, regime), CHOICES(regime_choices), .required = true },
    { "so", "Số", FIELD_TEXT, FIELD_OF(struct plan_form, number), .len_max = 11, .help = "Chỉ chữ số; để trống khi còn là dự thảo." },
    { "ky_hieu", "Ký hiệu", FIELD_TEXT, FIELD_OF(struct plan_form, symbol), .len_max = 40, .help = "Ví dụ KH/TU, KH-UBND." },
    { "nhiem_ky", "Nhiệm kỳ", FIELD_TEXT, FIELD_OF(struct plan_form, term), .len_max = 20,
      .help = "Số văn bản của Đảng tính theo nhiệm kỳ; để trống thì lấy theo ngày ban hành." },
    { "co_quan_ban_hanh", "Cơ quan ban hành", FIELD_TEXT, FIELD_OF(struct plan_form, issuer_name), .len_max = 300, .required = true },
    { "dia_danh", "Địa danh", FIELD_TEXT, FIELD_OF(struct plan_form, place), .len_max = 100 },
    { "ngay", "Ngày ban hành", FIELD_DAY, FIELD_OF(struct plan_form, issued_day) },
    { "trich_yeu", "Trích yếu", FIELD_TEXT, FIELD_OF(struct plan_form, title), .len_max = 1000, .required = true },
    { "quyen_han", "Quyền hạn ký", FIELD_TEXT, FIELD_OF(struct plan_form, signer_authority), .len_max = 200, .help = "Ví dụ T/M BAN THƯỜNG VỤ, TM. ỦY BAN NHÂN DÂN." },
    { "chuc_vu", "Chức vụ người ký", FIELD_TEXT, FIELD_OF(struct plan_form, signer_title), .len_max = 200 },
    { "nguoi_ky", "Họ và tên người ký", FIELD_TEXT, FIELD_OF(struct plan_form, signer_name), .len_max = 100 },
    { "thay_giay_moi", "Văn bản này thay giấy mời", FIELD_BOOL, FIELD_OF(struct plan_form, replaces_invitation) },
    { "noi_nhan", "Nơi nhận", FIELD_LINES, FIELD_OF(struct plan_form, recipients), .len_max = 8000,
      .help = "Mỗi dòng một nơi, ví dụ: Đảng ủy các xã, phường. Sau khi lưu, xem lại từng dòng gửi tới những đơn vị nào." },
    DUTY_FIELDS(0, "thứ nhất"),
    DUTY_FIELDS(1, "thứ hai"),
    DUTY_FIELDS(2, "thứ ba"),
};
static const struct field paste_fields[] = {
    { "content", "Nội dung plan/1", FIELD_LINES, FIELD_OF(struct plan_paste_form, content), .len_max = PLAN_JSON_MAX,
      .help = "Dán vào đây nếu không chọn tệp." },
};
/* clang-format on */
static const struct field_table write_table = FIELD_TABLE(struct plan_form, write_fields);
static const struct field_table paste_table = FIELD_TABLE(struct plan_paste_form, paste_fields);

/* ---- Between the form and the plan ---- */

/* One item a line, as people paste lists: bullets and closing marks are not part of it. */
static struct plan_texts lines_of(struct arena *arena, struct str text)
{
    struct plan_texts list = { ARENA_NEW_ARRAY(arena, struct str, DOCUMENT_RECIPIENTS_MAX), 0 };
    while (text.len > 0 && list.len < DOCUMENT_RECIPIENTS_MAX) {
        struct str line = viet_clean(arena, str_cut(&text, '\n'));
        while (line.len > 0 && memchr("-+*• ", line.at[0], 5))
            line = str_trim(str_sub(line, 1, SIZE_MAX));
        while (line.len > 0 && memchr(",;. ", line.at[line.len - 1], 4))
            line = str_sub(line, 0, line.len - 1);
        if (line.len > 0)
            list.at[list.len++] = line;
    }
    return list;
}

static enum err due_of(struct ctx *cx, const struct plan_form_duty *duty, size_t number,
                       struct plan_due *ret_due)
{
    *ret_due = (struct plan_due){ .kind = PLAN_DUE_NONE, .value = STR("") };
    if (duty->due_day == DAY_NONE)
        return OK;
    struct str day = day_format_iso(&cx->arena, duty->due_day);
    int64_t at = 0;
    ret_due->kind = duty->due_time.len > 0 ? PLAN_DUE_DATETIME : PLAN_DUE_DATE;
    ret_due->value = duty->due_time.len > 0 ? str_format(&cx->arena, STR_FMT "T" STR_FMT,
                                                         STR_ARG(day), STR_ARG(duty->due_time))
                                            : day;
    ret_due->relation = str_eq(duty->relation, STR("by"))   ? PLAN_BY
                        : str_eq(duty->relation, STR("at")) ? PLAN_AT
                                                            : PLAN_BEFORE;
    if (duty->due_time.len > 0 &&
        (duty->due_time.len != 5 || !instant_parse_iso(ret_due->value, &at))) {
        static const char *const fields[PLAN_FORM_DUTIES] = { "gio_0", "gio_1", "gio_2" };
        return fail_field(cx, fields[number], "Giờ ghi theo dạng 09:00");
    }
    return OK;
}

static enum err add_duties(struct ctx *cx, const struct plan_form *form, struct plan *plan)
{
    struct plan_obligation *list = ARENA_NEW_ARRAY(&cx->arena, struct plan_obligation,
                                                   plan->obligations_len + PLAN_FORM_DUTIES);
    for (size_t i = 0; i < plan->obligations_len; i++)
        list[i] = plan->obligations[i];
    for (size_t i = 0; i < PLAN_FORM_DUTIES; i++) {
        const struct plan_form_duty *duty = &form->duties[i];
        if (duty->text.len == 0)
            continue;
        struct plan_obligation *added = &list[plan->obligations_len++];
        added->text = plan_text_clean(&cx->arena, duty->text);
        added->owner = duty->owner;
        TRY(due_of(cx, duty, i, &added->due));
    }
    plan->obligations = list;
    return OK;
}

static enum err fill_plan(struct ctx *cx, const struct plan_form *form, struct plan *plan)
{
    struct plan_head *head = &plan->document;
    head->kind = form->kind;
    head->number = form->number;
    head->symbol = form->symbol;
    head->issuer = form->issuer_name;
    head->place = form->place;
    head->date =
        form->issued_day == DAY_NONE ? STR("") : day_format_iso(&cx->arena, form->issued_day);
    head->title = form->title;
    head->signer_name = form->signer_name;
    head->signer_title = form->signer_title;
    head->signer_authority = form->signer_authority;
    head->replaces_invitation = form->replaces_invitation;
    plan->recipients = lines_of(&cx->arena, form->recipients);
    return add_duties(cx, form, plan);
}

static struct plan_form form_of(struct ctx *cx, const struct document *d, const struct plan *plan)
{
    struct plan_form form = { .kind = d->kind,
                              .number = d->number,
                              .symbol = d->symbol,
                              .regime = d->regime,
                              .term = d->term,
                              .issuer_name = d->issuer_name,
                              .place = d->place,
                              .issued_day = d->issued_day,
                              .title = d->title,
                              .signer_name = d->signer_name,
                              .signer_title = d->signer_title,
                              .signer_authority = d->signer_authority,
                              .replaces_invitation = d->replaces_invitation };
    form.recipients = str_join(&cx->arena, plan->recipients.at, plan->recipients.len, STR("\n"));
    for (size_t i = 0; i < PLAN_FORM_DUTIES; i++)
        form.duties[i] = (struct plan_form_duty){ STR(""), STR(""), DAY_NONE, STR(""), STR("") };
    return form;
}

/* ---- Saving ---- */

/* document_id 0 makes a new draft. The plan is written out and read again, so that what is kept is
 * what was checked. */
static enum err save(struct ctx *cx, struct response *res, struct plan *plan,
                     const struct plan_form *form, int64_t document_id)
{
    struct plan checked = { 0 };
    struct plan_save how = { .document_id = document_id };
    TRY(plan_parse(cx, plan_format(&cx->arena, plan), &checked));
    if (form) {
        how.regime = form->regime;
        how.term = form->term;
    }
    if (document_id != 0) {
        struct document document = { 0 };
        TRY(document_get(cx, document_id, &document));
        how.is_received = document.is_received;
    }
    TRY(plan_save_draft(cx, &checked, &how));
    response_redirect(cx, res, document_url(&cx->arena, how.document_id),
                      "Đã lưu dự thảo. Dự thảo chưa gửi tới đơn vị nào.");
    return OK;
}

/* ---- By form ---- */

static enum err load(struct ctx *cx, const struct request *req, struct document *ret_document,
                     struct plan *ret_plan)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, ret_document));
    if (!str_eq(ret_document->state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT,
                    "Văn bản đã ban hành thì không sửa được; xin ban hành văn bản sửa đổi, thay "
                    "thế hoặc thu hồi");
    return ret_document->content.len > 0 ? plan_parse(cx, ret_document->content, ret_plan) : OK;
}

static enum err show_write(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    bool is_revision = req->params_len > 0;
    struct document document = { .kind = STR("ke_hoach"),
                                 .regime = STR("party"),
                                 .issued_day = DAY_NONE,
                                 .issuer_name = cx->actor->unit_name };
    struct plan plan = { 0 };
    if (is_revision)
        TRY(load(cx, req, &document, &plan));
    struct plan_form values = form_of(cx, &document, &plan);
    struct form_view form = { .submit_label = STR("Lưu dự thảo") };
    form.action = is_revision ? url_format(arena, "/van-ban/%lld/sua", (long long)document.id)
                              : url_format(arena, "/van-ban/soan");
    form.cancel_url =
        is_revision ? document_url(arena, document.id) : url_format(arena, "/van-ban");
    request_form_view(req, &write_table, &values, &form);
    struct plan_write_view view = { .form = page_form(arena, &form),
                                    .is_revision = is_revision,
                                    .plan = &plan };
    view.paste_url = is_revision ? url_format(arena, "/van-ban/%lld/nhap", (long long)document.id)
                                 : url_format(arena, "/van-ban/nhap");
    struct page page = { .title = is_revision ? STR("Sửa dự thảo") : STR("Soạn văn bản"),
                         .place = STR("van-ban"),
                         .crumb = STR("Văn bản"),
                         .crumb_url = form.cancel_url };
    struct html h = page_begin(arena);
    page_plan_write(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err post_new(struct ctx *cx, struct request *req, struct response *res)
{
    const struct plan_form *form = req->form;
    struct plan plan = { 0 };
    TRY(fill_plan(cx, form, &plan));
    return save(cx, res, &plan, form, 0);
}

static enum err post_revision(struct ctx *cx, struct request *req, struct response *res)
{
    const struct plan_form *form = req->form;
    struct document document = { 0 };
    struct plan plan = { 0 };
    TRY(load(cx, req, &document, &plan));
    TRY(fill_plan(cx, form, &plan));
    return save(cx, res, &plan, form, document.id);
}

/* ---- From plan/1 ---- */

static enum err show_paste(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    bool is_revision = req->params_len > 0;
    struct document document = { 0 };
    struct plan plan = { 0 };
    if (is_revision)
        TRY(load(cx, req, &document, &plan));
    static const struct form_file file = { "file", "Tệp plan/1", ".json,application/json",
                                           "Tệp JSON, không quá 1 MB.", false };
    struct form_view form = { .submit_label = STR("Đọc và lưu dự thảo"),
                              .files = &file,
                              .files_len = 1 };
    form.action = is_revision ? url_format(arena, "/van-ban/%lld/nhap", (long long)document.id)
                              : url_format(arena, "/van-ban/nhap");
    form.cancel_url =
        is_revision ? document_url(arena, document.id) : url_format(arena, "/van-ban");
    request_form_view(req, &paste_table, NULL, &form);
    struct plan_paste_view view = { .form = page_form(arena, &form) };
    view.write_url = is_revision ? url_format(arena, "/van-ban/%lld/sua", (long long)document.id)
                                 : url_format(arena, "/van-ban/soan");
    struct page page = { .title = STR("Nhập văn bản từ tệp"),
                         .place = STR("van-ban"),
                         .crumb = STR("Văn bản"),
                         .crumb_url = form.cancel_url };
    struct html h = page_begin(arena);
    page_plan_paste(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* Reading a megabyte of JSON is slow work: done before the writer. */
static enum err prepare_paste(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct request_file *file = request_file(req, "file");
    struct str json = file && file->content.len > 0 ? file->content : request_value(req, "content");
    if (json.len == 0)
        return fail_field(cx, "content", "Xin chọn tệp plan/1 hoặc dán nội dung của tệp");
    struct plan *plan = ARENA_NEW(&cx->arena, struct plan);
    req->prepared = plan;
    return plan_parse(cx, json, plan);
}

static enum err post_paste(struct ctx *cx, struct request *req, struct response *res)
{
    struct document document = { 0 };
    struct plan before = { 0 };
    if (req->params_len > 0)
        TRY(load(cx, req, &document, &before));
    return save(cx, res, req->prepared, NULL, document.id);
}

/* clang-format off */
enum { PASTE_BODY_MAX = 2 * PLAN_JSON_MAX + 64 * 1024 };
static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/van-ban/soan"), PERMISSION_DOCUMENT_DRAFT, show_write, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/soan"), PERMISSION_DOCUMENT_DRAFT, post_new, FIELD_TABLE(struct plan_form, write_fields),
      .body_max = 128 * 1024, .again = show_write },
    { METHOD_GET,  STR_INIT("/van-ban/nhap"), PERMISSION_DOCUMENT_DRAFT, show_paste, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/nhap"), PERMISSION_DOCUMENT_DRAFT, post_paste, FIELD_TABLE(struct plan_paste_form, paste_fields),
      .flags = ROUTE_FILE, .body_max = PASTE_BODY_MAX, .prepare = prepare_paste, .again = show_paste },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/sua"), PERMISSION_DOCUMENT_DRAFT, show_write, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/sua"), PERMISSION_DOCUMENT_DRAFT, post_revision, FIELD_TABLE(struct plan_form, write_fields),
      .body_max = 128 * 1024, .again = show_write },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/nhap"), PERMISSION_DOCUMENT_DRAFT, show_paste, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/nhap"), PERMISSION_DOCUMENT_DRAFT, post_paste, FIELD_TABLE(struct plan_paste_form, paste_fields),
      .flags = ROUTE_FILE, .body_max = PASTE_BODY_MAX, .prepare = prepare_paste, .again = show_paste },
};
/* clang-format on */
const struct route_table plan_routes = { routes, LEN(routes) };
