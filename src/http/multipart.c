#include "http/multipart.h"

#include "http/router.h"

#include <string.h>
#include <strings.h>

static enum err damaged(struct ctx *cx)
{
    return fail(cx, ERR_INVALID, "Tệp hoặc biểu mẫu gửi lên bị hỏng trên đường truyền, xin gửi lại");
}

static bool eq_ignoring_case(struct str a, struct str b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/*
 * The next parameter of a header value: ; name=value or ; name="value". Browsers write %22 for a quote and never use a
 * backslash, so a backslash stands for itself (and old paths "C:\a.pdf" survive).
 */
static bool cut_parameter(struct str *rest, struct str *ret_name, struct str *ret_value)
{
    *rest = str_trim(*rest);
    if (rest->len == 0 || rest->at[0] != ';')
        return false;
    *rest = str_trim(str_sub(*rest, 1, SIZE_MAX));
    size_t equals = str_find(*rest, STR("="));
    if (equals == rest->len)
        return false;
    *ret_name = str_sub(*rest, 0, equals);
    *rest = str_sub(*rest, equals + 1, SIZE_MAX);
    if (rest->len > 0 && rest->at[0] == '"') {
        *rest = str_sub(*rest, 1, SIZE_MAX);
        size_t end = str_find(*rest, STR("\""));
        if (end == rest->len)
            return false;
        *ret_value = str_sub(*rest, 0, end);
        *rest = str_sub(*rest, end + 1, SIZE_MAX);
        return true;
    }
    size_t end = str_find(*rest, STR(";"));
    *ret_value = str_trim(str_sub(*rest, 0, end));
    *rest = str_sub(*rest, end, SIZE_MAX);
    return true;
}

static bool is_boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("'()+_,-./:=?", c) != NULL);
}

static bool find_boundary(struct str content_type, struct str *ret_boundary)
{
    struct str rest = str_sub(content_type, str_find(content_type, STR(";")), SIZE_MAX);
    struct str name;
    struct str value;
    while (cut_parameter(&rest, &name, &value)) {
        if (!eq_ignoring_case(name, STR("boundary")))
            continue;
        if (value.len == 0 || value.len > MULTIPART_BOUNDARY_BYTES)
            return false;
        for (size_t i = 0; i < value.len; i++)
            if (!is_boundary_char(value.at[i]))
                return false;
        *ret_boundary = value;
        return true;
    }
    return false;
}

struct part {
    struct str name;
    struct str file_name;
    struct str content_type;
    bool has_name;
    bool is_file;
};

static enum err read_disposition(struct ctx *cx, struct str value, struct part *part)
{
    size_t end = str_find(value, STR(";"));
    if (!eq_ignoring_case(str_trim(str_sub(value, 0, end)), STR("form-data")) || part->has_name)
        return damaged(cx);
    struct str rest = str_sub(value, end, SIZE_MAX);
    struct str name;
    struct str text;
    while (cut_parameter(&rest, &name, &text)) {
        if (eq_ignoring_case(name, STR("name")) && !part->has_name) {
            part->name = text;
            part->has_name = true;
        } else if (eq_ignoring_case(name, STR("filename")) && !part->is_file) {
            part->file_name = text;
            part->is_file = true;
        } else {
            return damaged(cx); /* filename* is forbidden here by RFC 7578, section 4.2; nothing else is known */
        }
    }
    return rest.len == 0 && part->has_name ? OK : damaged(cx);
}

static enum err read_part_head(struct ctx *cx, struct str head, struct part *part)
{
    while (head.len > 0) {
        size_t end = str_find(head, STR("\r\n"));
        struct str value = str_sub(head, 0, end);
        head = str_sub(head, end + 2, SIZE_MAX);
        if (memchr(value.at, '\n', value.len) || memchr(value.at, '\r', value.len))
            return damaged(cx);
        size_t colon = str_find(value, STR(":"));
        struct str name = str_sub(value, 0, colon);
        if (colon == value.len || colon == 0)
            return damaged(cx);
        value = str_trim(str_sub(value, colon + 1, SIZE_MAX));
        if (eq_ignoring_case(name, STR("content-disposition")))
            TRY(read_disposition(cx, value, part));
        else if (eq_ignoring_case(name, STR("content-type")))
            part->content_type = value;
    }
    return part->has_name ? OK : damaged(cx);
}

/* Only what stands behind the last slash of either kind: the folders of someone's computer are nobody's business. */
static struct str without_folders(struct str name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.at[i - 1] == '/' || name.at[i - 1] == '\\')
            return str_sub(name, i, SIZE_MAX);
    return name;
}

static enum err add_part(struct ctx *cx, struct request *req, const struct part *part, struct str content)
{
    if (!part->is_file)
        return request_add_value(cx, req, part->name, content);
    if (part->file_name.len == 0 && content.len == 0)
        return OK; /* a file input left empty */
    if (req->files_len == REQUEST_FILES_MAX)
        return fail(cx, ERR_LIMIT, "Mỗi lần gửi tối đa %d tệp, xin chia làm nhiều lần gửi", REQUEST_FILES_MAX);
    struct request_file *file = &req->files[req->files_len];
    TRY(request_decode(cx, part->name, false, &file->field));
    TRY(request_decode(cx, part->file_name, false, &file->name));
    file->name = without_folders(file->name);
    for (size_t i = 0; i < file->name.len; i++)
        if ((unsigned char)file->name.at[i] < 0x20 || file->name.at[i] == 0x7F)
            return fail(cx, ERR_INVALID, "Tên tệp có ký tự lạ, xin đổi tên tệp rồi gửi lại");
    file->content_type = str_is_utf8(part->content_type) ? part->content_type : STR("");
    file->content = content;
    req->files_len++;
    return OK;
}

/* rest stands behind a boundary; cuts one part off. */
static enum err cut_part(struct ctx *cx, struct request *req, struct str *rest, struct str delimiter)
{
    struct str head = str_sub(*rest, 0, MULTIPART_HEAD_BYTES);
    size_t head_len = str_find(head, STR("\r\n\r\n"));
    if (head_len == head.len)
        return damaged(cx);
    struct part part = { .has_name = false };
    TRY(read_part_head(cx, str_sub(*rest, 0, head_len), &part));
    *rest = str_sub(*rest, head_len + 4, SIZE_MAX);
    size_t content_len = str_find(*rest, delimiter);
    if (content_len == rest->len)
        return damaged(cx);
    TRY(add_part(cx, req, &part, str_sub(*rest, 0, content_len)));
    *rest = str_sub(*rest, content_len + delimiter.len, SIZE_MAX);
    return OK;
}

enum err multipart_parse(struct ctx *cx, struct request *req)
{
    struct str boundary;
    if (!find_boundary(req->content_type, &boundary))
        return damaged(cx);
    struct str delimiter = str_format(&cx->arena, "\r\n--" STR_FMT, STR_ARG(boundary));
    struct str rest = req->body;
    if (!str_starts(rest, str_sub(delimiter, 2, SIZE_MAX)))
        return damaged(cx);
    rest = str_sub(rest, delimiter.len - 2, SIZE_MAX);
    while (str_starts(rest, STR("\r\n"))) {
        rest = str_sub(rest, 2, SIZE_MAX);
        TRY(cut_part(cx, req, &rest, delimiter));
    }
    /* "--" closes; some clients end the line behind it. Anything after that is no part of the form. */
    if (!str_eq(rest, STR("--")) && !str_eq(rest, STR("--\r\n")))
        return damaged(cx);
    return OK;
}
