#include "reading/reading_pages.h"

#include "http/server.h"
#include "viet/viet.h"

enum { FORM_BYTES = 64 * 1024, QUICK_WAIT_MS = 1500 };

/* ---- The list, and choosing a file ---- */

static struct str size_words(struct arena *arena, int64_t bytes)
{
    enum { KB = 1024 };
    return str_format(arena, STR_FMT " KB", STR_ARG(viet_number(arena, (bytes + KB - 1) / KB)));
}

static struct reading_line line_of(struct ctx *cx, const struct reading *r)
{
    struct arena *arena = &cx->arena;
    struct reading_line line = { .url = reading_url(arena, r->id), .label = r->label };
    line.facts = str_format(arena, STR_FMT " · " STR_FMT " · " STR_FMT " nhận lúc " STR_FMT, STR_ARG(r->file_name),
                            STR_ARG(size_words(arena, r->bytes)), STR_ARG(r->taken_by),
                            STR_ARG(instant_format(arena, r->taken_at)));
    if (r->document_id != 0)
        line.mark = page_mark(arena, MARK_DONE, STR("Đã lập dự thảo"));
    else if (r->doubts > 0)
        line.mark = page_mark(arena, MARK_SOON, str_format(arena, "%lld chỗ cần xem", (long long)r->doubts));
    else
        line.mark = page_mark(arena, MARK_DUE, STR("Chờ lập dự thảo"));
    return line;
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    static const struct form_file file = { "file", "Tệp văn bản", ".docx,.pdf,.txt,.png,.jpg,.jpeg",
                                           "Word (DOCX), PDF, bản quét PDF, ảnh PNG, JPG hoặc văn bản thuần; không quá 24 MB. "
                                           "Không gửi văn bản có dấu chỉ độ mật.",
                                           true };
    static const struct field_table none = NO_FORM;
    struct readings list = { 0 };
    TRY(reading_list(cx, &list));
    struct form_view form = { .action = url_format(arena, "/nhan-van-ban"),
                              .submit_label = STR("Đọc văn bản"),
                              .files = &file,
                              .files_len = 1 };
    request_form_view(req, &none, NULL, &form);
    struct reading_line *lines = ARENA_NEW_ARRAY(arena, struct reading_line, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        lines[i] = line_of(cx, &list.at[i]);
    struct reading_list_view view = { page_form(arena, &form), lines, list.len };
    struct page page = { .title = STR("Nhận văn bản"),
                         .place = STR("van-ban"),
                         .crumb = STR("Văn bản"),
                         .crumb_url = url_format(arena, "/van-ban") };
    if (req->refused)
        page.error = str_from(req->refused->words);
    struct html h = page_begin(arena);
    page_reading_list(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Taking a file in ---- */

/* What prepare leaves for the writer. */
struct upload {
    struct str digest, file_name;
    int64_t bytes;
    struct reading_result result;
    int64_t there_id; /* the file is here already */
    bool is_waiting;  /* left at the desk */
    int64_t done_id;  /* the desk was quick */
};

/* Text and Word are read in a blink; PDF and pictures go through other programs. */
static bool is_slow(struct str content)
{
    return str_starts(content, STR("%PDF-")) || str_starts(content, STR("\x89PNG")) ||
           str_starts(content, STR("\xff\xd8\xff")) ||
           str_find(str_sub(content, 0, 1024), STR("%PDF-")) < (content.len < 1024 ? content.len : 1024);
}

static enum err wait_a_little(struct ctx *cx, struct request *req, struct upload *upload)
{
    struct reading_job job = reading_desk_ask(cx, req->app, req->fact_id, QUICK_WAIT_MS);
    if (job.state == READING_JOB_FAILED)
        return fail_field(cx, "file", STR_FMT, STR_ARG(job.words));
    upload->is_waiting = job.state != READING_JOB_DONE;
    upload->done_id = job.reading_id;
    return OK;
}

static enum err prepare_upload(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct request_file *file = request_file(req, "file");
    struct upload *upload = ARENA_NEW(&cx->arena, struct upload);
    req->prepared = upload;
    if (!file || file->content.len == 0)
        return fail_field(cx, "file", "Xin chọn tệp văn bản; tệp rỗng thì không đọc được");
    if (file->content.len > READING_FILE_MAX)
        return fail(cx, ERR_LIMIT, "Tệp lớn quá 24 MB; xin quét lại ở độ phân giải thấp hơn hoặc tách bớt phụ lục");
    TRY(document_refuse_secret(cx, "file", file->name));
    upload->file_name = file->name;
    upload->bytes = (int64_t)file->content.len;
    TRY(reading_find_file(cx, cx->actor->unit_id, reading_digest(&cx->arena, file->content), &upload->there_id));
    if (upload->there_id != 0)
        return OK;
    if (req->app->reading_state && req->app->writer && is_slow(file->content)) {
        TRY(reading_desk_leave(cx, req->app, file->content, file->name, req->fact_id));
        return wait_a_little(cx, req, upload);
    }
    return reading_read_file(cx, reading_engine_of(req->app), store_dir(req->app->store), file->content, &upload->digest,
                             &upload->result);
}

static enum err redirect_to(struct ctx *cx, struct response *res, int64_t id)
{
    struct reading reading = { 0 };
    TRY(reading_get(cx, id, &reading));
    if (reading.doubts > 0)
        response_redirect(cx, res, reading_url(&cx->arena, id), "Đã đọc xong. Còn %lld chỗ xin đồng chí xem lại.",
                          (long long)reading.doubts);
    else
        response_redirect(cx, res, reading_url(&cx->arena, id), "Đã đọc xong, không có chỗ nào máy còn ngờ.");
    return OK;
}

static enum err post_upload(struct ctx *cx, struct request *req, struct response *res)
{
    const struct upload *upload = req->prepared;
    struct reading first = { 0 };
    int64_t id = upload->done_id;
    if (upload->there_id != 0) {
        TRY(reading_get(cx, upload->there_id, &first));
        response_redirect(cx, res, reading_url(&cx->arena, first.id),
                          "Tệp này đơn vị đã nhận lúc " STR_FMT "; đây là bản đọc đó.",
                          STR_ARG(instant_format(&cx->arena, first.taken_at)));
        return OK;
    }
    if (upload->is_waiting) {
        response_redirect(cx, res, url_format(&cx->arena, "/dang-doc-van-ban/%.*s", STR_ARG(req->fact_id)),
                          "Đã nhận tệp, đang đọc.");
        return OK;
    }
    if (id == 0)
        TRY(reading_take_in(cx, upload->digest, upload->file_name, upload->bytes, &upload->result, &id));
    return redirect_to(cx, res, id);
}

/* ---- Waiting ---- */

static enum err show_wait(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    struct reading_job job = reading_desk_ask(cx, req->app, req->params[0], 0);
    if (job.state == READING_JOB_NONE)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tệp đang đọc này; xin xem danh sách văn bản đã nhận");
    if (job.state == READING_JOB_DONE)
        return redirect_to(cx, res, job.reading_id);
    bool is_over = job.state == READING_JOB_FAILED;
    int64_t seconds = (env_now(cx->env) - job.started_at) / 1000;
    struct reading_wait_view view = { .file_name = job.file_name,
                                      .words = job.state == READING_JOB_WAITING ? STR("Đang chờ tới lượt")
                                                                                : STR("Đang đọc"),
                                      .before = STR(""),
                                      .again_url = url_format(arena, "/nhan-van-ban") };
    view.words = str_format(arena, STR_FMT ", đã %lld giây", STR_ARG(view.words), (long long)(seconds < 0 ? 0 : seconds));
    if (job.before > 0)
        view.before = str_format(arena, "Còn %lld tệp đứng trước.", (long long)job.before);
    struct page page = { .title = is_over ? STR("Chưa đọc được văn bản") : STR("Đang đọc văn bản"),
                         .place = STR("van-ban"),
                         .crumb = STR("Nhận văn bản"),
                         .crumb_url = view.again_url,
                         .refreshes_soon = !is_over };
    if (is_over) {
        page.error = job.words;
        view.words = STR("");
    }
    struct html h = page_begin(arena);
    page_reading_wait(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- The file itself ---- */

static enum err load_file(struct ctx *cx, struct request *req, struct reading *ret_reading, struct str *ret_content)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(reading_get(cx, id, ret_reading));
    struct material file = { .digest = ret_reading->digest, .bytes = ret_reading->bytes };
    return material_open(cx, store_dir(req->app->store), &file, ret_content);
}

static enum err send_file(struct ctx *cx, struct request *req, struct response *res)
{
    struct reading reading = { 0 };
    struct str content = STR("");
    TRY(load_file(cx, req, &reading, &content));
    response_file(res, reading.file_name, STR("application/octet-stream"), content);
    return OK;
}

static enum err send_picture(struct ctx *cx, struct request *req, struct response *res)
{
    enum { DOTS_PER_INCH = 110 };
    struct reading reading = { 0 };
    struct str content = STR("");
    struct bytes png = { NULL, 0 };
    int64_t page = 0;
    TRY(request_id(cx, req, 1, &page));
    TRY(load_file(cx, req, &reading, &content));
    if (page > reading.pages)
        return fail(cx, ERR_NOT_FOUND, "Văn bản không có trang này");
    TRY(reading_engine_of(req->app)->picture(cx, (struct bytes){ (const unsigned char *)content.at, content.len }, (int)page,
                                             DOTS_PER_INCH, &png));
    res->content_type = STR("image/png");
    buf_put(&res->body, (struct str){ (const char *)png.at, png.len });
    return OK;
}

/* ---- Becoming a draft ---- */

static enum err post_draft(struct ctx *cx, struct request *req, struct response *res)
{
    const struct reading_draft_form *form = req->form;
    int64_t id = 0, document_id = 0;
    TRY(request_id(cx, req, 0, &id));
    bool is_received = str_eq(form->as, STR("received"));
    TRY(reading_make_draft(cx, id, is_received, &document_id));
    response_redirect(cx, res, document_url(&cx->arena, document_id),
                      is_received ? "Đã lập bản ghi văn bản đến. Văn bản có hiệu lực trong hệ thống từ khi bấm ban hành."
                                  : "Đã lập dự thảo từ bản đọc. Dự thảo chưa gửi tới đơn vị nào.");
    return OK;
}

/* ---- Who changed what ---- */

static struct str action_words(struct str action)
{
    if (str_eq(action, READING_SET))
        return STR("Sửa");
    if (str_eq(action, READING_ADD))
        return STR("Thêm");
    return str_eq(action, READING_REMOVE) ? STR("Bỏ") : STR("Xác nhận");
}

static struct str where_words(struct arena *arena, struct str path)
{
    bool is_list = false;
    const struct reading_part *part = reading_part_of(path, &is_list);
    if (path.len == 0 || !part)
        return STR("Cả văn bản");
    (void)arena;
    return str_from(part->title);
}

/* "Cơ quan thực hiện: Sở Nội vụ; Thời hạn: trước 21/05/2026" */
static struct str values_words(struct ctx *cx, struct str path, struct str json)
{
    bool is_list = false;
    const struct reading_part *part = reading_part_of(path, &is_list);
    json_t *values = NULL, *value = NULL;
    const char *key = NULL;
    struct buf out;
    buf_init(&out, &cx->arena);
    if (json.len == 0 || json.at[0] != '{' || !part || reading_json_load(cx, json, &values) != OK)
        return STR("");
    json_object_foreach (values, key, value) {
        /* The root's fields stand in two sections. */
        for (size_t p = 0; p < reading_parts_len + 1; p++) {
            const struct reading_part *in = p < reading_parts_len ? &reading_parts[p] : part;
            bool is_it = in == part || (path.len == 0 && in->path[0] == '\0' && p < reading_parts_len);
            for (size_t i = 0; is_it && i < in->fields_len; i++) {
                const struct reading_field *field = &in->fields[i];
                if (!str_eq(str_from(field->key), str_from(key)))
                    continue;
                struct str shown = reading_show(&cx->arena, field, value);
                buf_format(&out, "%s%s: " STR_FMT, out.len > 0 ? "; " : "", field->label,
                           STR_ARG(shown.len > 0 ? shown : STR("để trống")));
            }
            if (is_it && path.len > 0)
                break;
        }
    }
    return buf_str(&out);
}

static enum err show_history(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0;
    struct reading reading = { 0 };
    struct reading_changes changes = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(reading_get(cx, id, &reading));
    TRY(reading_list_changes(cx, id, &changes));
    struct history_line *lines = ARENA_NEW_ARRAY(arena, struct history_line, changes.len + 1);
    for (size_t i = 0; i < changes.len; i++) {
        const struct reading_change *c = &changes.at[i];
        lines[i] = (struct history_line){ instant_format(arena, c->at),
                                          c->who,
                                          action_words(c->action),
                                          where_words(arena, c->path),
                                          values_words(cx, c->path, c->before),
                                          values_words(cx, c->path, c->after) };
    }
    struct history_view view = { lines, changes.len, line_of(cx, &reading).facts };
    struct page page = { .title = STR("Máy đọc, người sửa"),
                         .place = STR("van-ban"),
                         .crumb = reading.label,
                         .crumb_url = reading_url(arena, id),
                         .is_wide = true };
    struct html h = page_begin(arena);
    page_reading_history(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Beside the paper it became ---- */

static enum err show_origin(struct ctx *cx, const struct document *document, struct safe_html *ret_block)
{
    SQL(count_changes, "SELECT COUNT(*) FROM reading_change WHERE reading_id = $1");

    struct arena *arena = &cx->arena;
    struct reading reading = { 0 };
    struct origin_view view = { .is_own = false };
    TRY(reading_find_of(cx, document->id, &reading));
    if (reading.id == 0)
        return OK;
    TRY(db_i64(cx, &count_changes, BIND(V(reading.id)), &view.changes));
    view.is_own = document_is_own(cx->actor, document->issuer_unit_id, document->issuer_path) &&
                  actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT);
    view.reading_url = reading_url(arena, reading.id);
    view.file_url = url_format(arena, "/nhan-van-ban/%lld/tep", (long long)reading.id);
    view.history_url = url_format(arena, "/nhan-van-ban/%lld/lich-su", (long long)reading.id);
    view.file_name = reading.file_name;
    view.facts = str_format(arena, STR_FMT " · nhận lúc " STR_FMT, STR_ARG(size_words(arena, reading.bytes)),
                            STR_ARG(instant_format(arena, reading.taken_at)));
    struct html h = page_begin(arena);
    part_reading_origin(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

const struct document_listener reading_listener = { .show = show_origin };

/* ---- Routes ---- */

static const struct choice edit_actions[] = {
    { STR_INIT("set"), STR_INIT("Sửa") },
    { STR_INIT("add"), STR_INIT("Thêm") },
    { STR_INIT("remove"), STR_INIT("Bỏ") },
    { STR_INIT("confirm"), STR_INIT("Xác nhận") },
};
static const struct choice draft_choices[] = {
    { STR_INIT("own"), STR_INIT("Văn bản của đơn vị") },
    { STR_INIT("received"), STR_INIT("Văn bản đến") },
};

/* clang-format off */
static const struct field edit_fields[] = {
    { "action", "Việc", FIELD_CHOICE, FIELD_OF(struct reading_edit_form, action), .choices = edit_actions, .choices_len = LEN(edit_actions), .required = true },
    { "path", "Mục", FIELD_TEXT, FIELD_OF(struct reading_edit_form, path), .len_max = 100 },
    { "paragraph", "Đoạn", FIELD_I64, FIELD_OF(struct reading_edit_form, paragraph), .min = 0, .max = 100000 },
    { "from", "Từ ký tự", FIELD_I64, FIELD_OF(struct reading_edit_form, from), .min = 0, .max = 1000000 },
    { "to", "Đến ký tự", FIELD_I64, FIELD_OF(struct reading_edit_form, to), .min = 0, .max = 1000000 },
};
static const struct field draft_fields[] = {
    { "as", "Cách ghi", FIELD_CHOICE, FIELD_OF(struct reading_draft_form, as), .choices = draft_choices, .choices_len = LEN(draft_choices), .required = true },
};

/* The file itself comes as a part of the form; a row with a form is shown again after a refusal. */
static const struct field upload_fields[] = {
    { "ten", "Tên tệp", FIELD_TEXT, FIELD_OF(struct reading_upload_form, name), .len_max = 300 },
};

static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/nhan-van-ban"), PERMISSION_DOCUMENT_DRAFT, show_list, NO_FORM },
    { METHOD_POST, STR_INIT("/nhan-van-ban"), PERMISSION_DOCUMENT_DRAFT, post_upload, FIELD_TABLE(struct reading_upload_form, upload_fields),
      .flags = ROUTE_FILE, .body_max = READING_FILE_MAX + FORM_BYTES, .prepare = prepare_upload, .again = show_list },
    { METHOD_GET,  STR_INIT("/dang-doc-van-ban/{tep}"), PERMISSION_DOCUMENT_DRAFT, show_wait, NO_FORM },
    { METHOD_GET,  STR_INIT("/nhan-van-ban/{id}"), PERMISSION_DOCUMENT_DRAFT, reading_show_page, NO_FORM },
    { METHOD_GET,  STR_INIT("/nhan-van-ban/{id}/tep"), PERMISSION_DOCUMENT_DRAFT, send_file, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET,  STR_INIT("/nhan-van-ban/{id}/trang/{so}"), PERMISSION_DOCUMENT_DRAFT, send_picture, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET,  STR_INIT("/nhan-van-ban/{id}/lich-su"), PERMISSION_DOCUMENT_DRAFT, show_history, NO_FORM },
    { METHOD_POST, STR_INIT("/nhan-van-ban/{id}/ghi"), PERMISSION_DOCUMENT_DRAFT, reading_post_edit,
      FIELD_TABLE(struct reading_edit_form, edit_fields), .body_max = 256 * 1024, .prepare = reading_prepare_edit, .again = reading_show_page },
    { METHOD_POST, STR_INIT("/nhan-van-ban/{id}/du-thao"), PERMISSION_DOCUMENT_DRAFT, post_draft,
      FIELD_TABLE(struct reading_draft_form, draft_fields), .again = reading_show_page },
};
/* clang-format on */
const struct route_table reading_routes = { routes, LEN(routes) };
