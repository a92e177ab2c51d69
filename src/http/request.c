#include "http/http.h"

#include "http/router.h"
#include "viet/viet.h"

#include <string.h>

void request_init(struct request *req, struct app *app, enum method method, struct str path)
{
    memset(req, 0, offsetof(struct request, values));
    req->app = app;
    req->method = method;
    req->path = path;
}

struct str request_value(const struct request *req, const char *name)
{
    struct str wanted = str_from(name);
    for (size_t i = 0; i < req->values_len; i++)
        if (str_eq(req->values[i].name, wanted))
            return req->values[i].value;
    return STR("");
}

const struct request_file *request_file(const struct request *req, const char *field)
{
    struct str wanted = str_from(field);
    for (size_t i = 0; i < req->files_len; i++)
        if (str_eq(req->files[i].field, wanted))
            return &req->files[i];
    return NULL;
}

enum err request_id(struct ctx *cx, const struct request *req, size_t index, int64_t *ret_id)
{
    int64_t id = 0;
    if (index >= req->params_len || !str_to_i64(req->params[index], &id) || id < 1)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    *ret_id = id;
    return OK;
}

struct str cookie_find(struct str cookies, struct str name)
{
    while (cookies.len > 0) {
        struct str pair = str_trim(str_cut(&cookies, ';'));
        struct str key = str_cut(&pair, '=');
        if (str_eq(key, name))
            return pair;
    }
    return STR("");
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* A '%' that no two digits follow stands for itself, as the URL standard says: people do type "100%" into an address. */
static size_t decode_into(struct str text, bool plus_is_blank, char *ret_at)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '+' && plus_is_blank) {
            c = ' ';
        } else if (c == '%' && i + 2 < text.len) {
            int high = hex_value(text.at[i + 1]);
            int low = hex_value(text.at[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high * 16 + low);
                i += 2;
            }
        }
        ret_at[len++] = c;
    }
    return len;
}

/* Most of what comes: letters without marks, numbers, tokens. */
static bool is_ascii(struct str text)
{
    unsigned char all = 0;
    bool has_nul = false;
    for (size_t i = 0; i < text.len; i++) {
        all |= (unsigned char)text.at[i];
        has_nul |= text.at[i] == '\0';
    }
    return all < 0x80 && !has_nul;
}

/* UTF-8 without NUL, and one form for storing and comparing. */
static enum err check_text(struct ctx *cx, struct str *text)
{
    if (is_ascii(*text))
        return OK;
    if (!str_is_utf8(*text))
        return fail(cx, ERR_INVALID,
                    "Nội dung gửi lên không đúng mã Unicode (UTF-8), xin gõ lại hoặc chuyển mã rồi gửi lại");
    *text = viet_nfc(&cx->arena, *text);
    return OK;
}

enum err request_decode(struct ctx *cx, struct str text, bool plus_is_blank, struct str *ret_text)
{
    struct str decoded = text;
    bool is_plain = memchr(text.at ? text.at : "", '%', text.len) == NULL &&
                    (!plus_is_blank || memchr(text.at ? text.at : "", '+', text.len) == NULL);
    if (!is_plain) {
        char *at = arena_alloc(&cx->arena, text.len);
        decoded = (struct str){ at, decode_into(text, plus_is_blank, at) };
    }
    TRY(check_text(cx, &decoded));
    *ret_text = decoded;
    return OK;
}

static enum err add_value(struct ctx *cx, struct request *req, struct str name, struct str value)
{
    if (req->values_len == REQUEST_VALUES_MAX)
        return fail(cx, ERR_LIMIT, "Biểu mẫu gửi lên có quá %d mục, xin chia làm nhiều lần gửi", REQUEST_VALUES_MAX);
    req->values[req->values_len++] = (struct request_value){ name, value };
    return OK;
}

enum err request_add_value(struct ctx *cx, struct request *req, struct str name, struct str value)
{
    TRY(check_text(cx, &name));
    TRY(check_text(cx, &value));
    return add_value(cx, req, name, value);
}

enum err request_parse_values(struct ctx *cx, struct request *req, struct str text)
{
    while (text.len > 0) {
        struct str value = str_cut(&text, '&');
        if (value.len == 0)
            continue;
        struct str name = str_cut(&value, '=');
        TRY(request_decode(cx, name, true, &name));
        TRY(request_decode(cx, value, true, &value));
        TRY(add_value(cx, req, name, value));
    }
    return OK;
}

void request_form_view(const struct request *req, const struct field_table *fields, const void *values,
                       struct form_view *ret_form)
{
    ret_form->fields = fields;
    ret_form->values = values;
    ret_form->csrf = req->csrf;
    ret_form->fact_id = req->fact_id;
    bool is_same_form = req->typed && req->route && req->route->form.at == fields->at;
    if (is_same_form)
        ret_form->typed = req->typed;
    if (is_same_form && req->refused) {
        ret_form->error_field = str_from(req->refused->field);
        ret_form->error_words = str_from(req->refused->words);
    }
}

struct str request_form_id(struct arena *arena, const struct request *req, int64_t key)
{
    unsigned char id[16];
    if (!str_to_bytes_hex(req->fact_id, id, sizeof id))
        return req->fact_id;
    uint64_t mixed = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i < 8; i++)
        id[8 + i] = (unsigned char)(id[8 + i] ^ (mixed >> (8 * i) & 0xFF));
    return str_from_bytes_hex(arena, id, sizeof id);
}
