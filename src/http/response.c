#include "http/http.h"

#include "http/live.h"
#include "http/router.h"
#include "http/server.h"

#include <stdarg.h>
#include <string.h>

void response_clear(struct ctx *cx, struct response *res)
{
    *res = (struct response){ .status = 0 };
    buf_init(&res->body, &cx->arena);
}

void response_redirect(struct ctx *cx, struct response *res, struct url to, const char *notice, ...)
{
    res->status = 303;
    res->location = to.text;
    if (!notice || !*notice)
        return;
    char words[600];
    va_list args;
    va_start(args, notice);
    vsnprintf(words, sizeof words, notice, args);
    va_end(args);
    res->notice = str_copy(&cx->arena, str_from(words));
}

void response_file(struct response *res, struct str file_name, struct str content_type, struct str content)
{
    res->file_name = file_name;
    res->content_type = content_type;
    buf_put(&res->body, content);
}

/* --- CSV --- */

void response_csv_begin(struct response *res, struct ctx *cx, struct str file_name)
{
    buf_init(&res->body, &cx->arena);
    res->content_type = STR("text/csv; charset=utf-8");
    res->file_name = file_name;
    buf_put(&res->body, STR("\xEF\xBB\xBF"));
}

/* A raw line end stands only at a row's end: inside a cell it is followed at least by the closing quote. */
static void begin_cell(struct response *res)
{
    struct str so_far = buf_str(&res->body);
    if (so_far.len > 3 && so_far.at[so_far.len - 1] != '\n')
        buf_put_char(&res->body, ',');
}

/* What spreadsheets take for the start of a formula, also in full-width forms, and also behind blanks. */
static bool starts_like_formula(struct str text)
{
    static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B",
                                          "\xEF\xBC\x8D", "\xEF\xBC\xA0" };
    while (text.len > 0 && text.at[0] == ' ')
        text = str_sub(text, 1, SIZE_MAX);
    for (size_t i = 0; i < LEN(starts); i++)
        if (str_starts(text, str_from(starts[i])))
            return true;
    return text.len > 0 && text.at[0] == '\0';
}

void response_csv_cell(struct response *res, struct str text)
{
    begin_cell(res);
    buf_put_char(&res->body, '"');
    if (starts_like_formula(text))
        buf_put_char(&res->body, '\''); /* the sign of text for Excel and LibreOffice alike */
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_put_char(&res->body, '"');
        if (text.at[i] != '\0')
            buf_put_char(&res->body, text.at[i]);
    }
    buf_put_char(&res->body, '"');
}

void response_csv_number(struct response *res, int64_t value)
{
    begin_cell(res);
    buf_put_i64(&res->body, value);
}

void response_csv_end_row(struct response *res)
{
    buf_put(&res->body, STR("\r\n"));
}

/* --- JSON --- */

void response_json(struct response *res)
{
    res->content_type = STR("application/json; charset=utf-8");
}

void json_put_str(struct buf *out, struct str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\') {
            buf_put_char(out, '\\');
            buf_put_char(out, (char)c);
        } else if (c == '\n') {
            buf_put(out, STR("\\n"));
        } else if (c < 0x20) {
            buf_format(out, "\\u%04x", (unsigned)c);
        } else {
            buf_put_char(out, (char)c);
        }
    }
    buf_put_char(out, '"');
}

/* --- pages --- */

void response_page(struct ctx *cx, struct request *req, struct response *res, struct page *page,
                   struct safe_html body_markup)
{
    page->actor = cx->actor;
    page->now = cx->now;
    page->csrf = req->csrf;
    page->is_projector = page->is_projector || req->is_projector;
    if (page->unit_name.len == 0)
        page->unit_name = cx->actor->unit_name;
    if (page->notice.len == 0 && req->notice.len > 0) {
        page->notice = req->notice;
        res->notice_cookie = notice_clear(cx, req->app);
    }
    if (page->error.len == 0 && req->refused)
        page->error = str_from(req->refused->words);
    res->content_type = STR("text/html; charset=utf-8");
    struct html html = { .out = &res->body, .page = page };
    page_layout(&html, page, body_markup);
}

/* --- what went wrong --- */

static void put_fault_json(struct response *res, const struct fault *fault)
{
    response_json(res);
    buf_put(&res->body, STR("{\"error\":"));
    json_put_str(&res->body, str_from(err_name(fault->code)));
    buf_put(&res->body, STR(",\"words\":"));
    json_put_str(&res->body, str_from(fault->words));
    if (fault->field[0]) {
        buf_put(&res->body, STR(",\"field\":"));
        json_put_str(&res->body, str_from(fault->field));
    }
    buf_put_char(&res->body, '}');
}

/* The title says what sort of thing happened; the fault's words say what and what to do. */
static struct str fault_title(int status)
{
    switch (status) {
    case 401:
        return STR("Cần đăng nhập");
    case 403:
        return STR("Chưa được giao quyền");
    case 404:
        return STR("Không tìm thấy");
    case 409:
        return STR("Nội dung đã thay đổi");
    case 413:
        return STR("Nội dung quá lớn");
    case 422:
        return STR("Thông tin chưa hợp lệ");
    case 429:
        return STR("Xin chờ ít phút");
    default:
        return STR("Hệ thống chưa thực hiện được");
    }
}

void response_fault(struct ctx *cx, struct request *req, struct response *res, const struct fault *fault, int status,
                    struct str code)
{
    struct str ends_session = res->set_cookie; /* a refused sign-in may still have to end an old session */
    response_clear(cx, res);
    res->set_cookie = ends_session;
    if (req->wants_json) {
        put_fault_json(res, fault);
    } else {
        struct page page = { .title = fault_title(status),
                             .error = str_copy(&cx->arena, str_from(fault->words)),
                             .error_code = code };
        response_page(cx, req, res, &page, (struct safe_html){ STR_INIT("") });
    }
    res->status = status;
}
