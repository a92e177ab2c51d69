#include "roll/roll_sync.h"

#include "viet/viet.h"

#include <jansson.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

/* ---- Cutting: where a value ends, without looking at what it means ---- */

static void skip_blanks(struct str *rest)
{
    while (rest->len > 0 && strchr(" \t\r\n", rest->at[0]) && rest->at[0] != '\0')
        *rest = str_sub(*rest, 1, SIZE_MAX);
}

static bool skip_char(struct str *rest, char c)
{
    skip_blanks(rest);
    if (rest->len == 0 || rest->at[0] != c)
        return false;
    *rest = str_sub(*rest, 1, SIZE_MAX);
    return true;
}

/* Past the closing quote of a text whose opening quote is rest->at[0]; 0 when it never closes. */
static size_t text_len(struct str rest)
{
    for (size_t i = 1; i < rest.len; i++) {
        if (rest.at[i] == '\\')
            i++;
        else if (rest.at[i] == '"')
            return i + 1;
    }
    return 0;
}

static size_t scalar_len(struct str rest)
{
    size_t len = 0;
    while (len < rest.len && !strchr(",]} \t\r\n", rest.at[len]))
        len++;
    return len;
}

/* Past the bracket that closes the one at rest->at[0]; 0 when it never does, or when it is too deep. */
static size_t nest_len(struct str rest)
{
    char closes[DEPTH_MAX];
    size_t depth = 0;
    size_t at = 0;
    do {
        char c = rest.at[at];
        if (c == '"') {
            size_t len = text_len(str_sub(rest, at, SIZE_MAX));
            if (len == 0)
                return 0;
            at += len;
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth == DEPTH_MAX)
                return 0;
            closes[depth++] = c == '{' ? '}' : ']';
        } else if ((c == '}' || c == ']') && closes[--depth] != c) {
            return 0;
        }
        at++;
    } while (depth > 0 && at < rest.len);
    return depth == 0 ? at : 0;
}

static bool cut_value(struct str *rest, struct str *ret_value)
{
    skip_blanks(rest);
    if (rest->len == 0)
        return false;
    char first = rest->at[0];
    size_t len = first == '"' ? text_len(*rest) : first == '{' || first == '[' ? nest_len(*rest) : scalar_len(*rest);
    *ret_value = str_sub(*rest, 0, len);
    *rest = str_sub(*rest, len, SIZE_MAX);
    return len > 0;
}

/* ---- One item ---- */

static void forget_json(void *what)
{
    json_t **holder = what;
    json_decref(*holder);
    *holder = NULL;
}

/* NULL when it is no JSON. Given back with the arena. */
static json_t *load(struct ctx *cx, struct str text)
{
    json_t **holder = ARENA_NEW(&cx->arena, json_t *);
    json_error_t error;
    arena_on_end(&cx->arena, forget_json, holder);
    *holder = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    return *holder;
}

/* One line, NFC, without control characters: an officer's words are kept even when the keyboard slipped. */
static struct str clean_text(struct ctx *cx, struct str text)
{
    char *at = arena_alloc(&cx->arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        at[i] = c < 0x20 || c == 0x7F ? ' ' : text.at[i];
    }
    return str_trim(viet_nfc(&cx->arena, (struct str){ at, text.len }));
}

/* What is kept of an item that cannot be taken: well-formed, on one line, clipped between two letters. */
static struct str content_of(struct ctx *cx, struct str raw)
{
    size_t len = raw.len < ROLL_CONTENT_MAX ? raw.len : ROLL_CONTENT_MAX;
    while (len > 0 && len < raw.len && ((unsigned char)raw.at[len] & 0xC0) == 0x80)
        len--;
    char *at = arena_alloc(&cx->arena, len + 1);
    bool is_text = str_is_utf8(str_sub(raw, 0, len));
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)raw.at[i];
        at[i] = c < 0x20 || c == 0x7F ? ' ' : !is_text && c >= 0x80 ? '?' : raw.at[i];
    }
    return (struct str){ at, len };
}

static bool take_text(struct ctx *cx, const json_t *object, const char *name, struct str *ret_text)
{
    const json_t *value = json_object_get(object, name);
    *ret_text = STR("");
    if (!value)
        return true;
    if (!json_is_string(value))
        return false;
    *ret_text = clean_text(cx, (struct str){ json_string_value(value), json_string_length(value) });
    return true;
}

static bool take_number(const json_t *object, const char *name, int64_t *ret_number)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        return false;
    *ret_number = json_integer_value(value);
    return true;
}

static bool take_replaces(struct ctx *cx, const json_t *object, struct str *ret_replaces)
{
    const json_t *list = json_object_get(object, "replaces");
    struct fact_id ids[ROLL_REPLACES_MAX];
    struct buf text;
    size_t len = 0;
    size_t i = 0;
    const json_t *value = NULL;
    *ret_replaces = STR("");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ROLL_REPLACES_MAX)
        return false;
    buf_init(&text, &cx->arena);
    json_array_foreach (list, i, value) {
        if (!json_is_string(value))
            return false;
        if (i > 0)
            buf_put_char(&text, ',');
        buf_put(&text, str_from(json_string_value(value)));
    }
    if (!roll_ids_parse(buf_str(&text), ids, &len))
        return false;
    *ret_replaces = roll_ids_format(&cx->arena, ids, len);
    return true;
}

static const char *read_mark(struct ctx *cx, const json_t *object, struct roll_marked *marked)
{
    if (!take_number(object, "learner", &marked->learner_id) || marked->learner_id < 1)
        return "Không có học viên này trong lớp";
    if (!take_text(cx, object, "mark", &marked->mark) || !take_text(cx, object, "reason", &marked->reason))
        return "Lượt điểm danh không đúng mẫu";
    if (str_count_code_points(marked->reason) > ROLL_REASON_MAX)
        return "Lý do quá dài";
    if (!take_replaces(cx, object, &marked->replaces))
        return "Danh sách lượt được thay không đúng mẫu";
    if (!take_text(cx, object, "source", &marked->source))
        return "Cách điểm danh không đúng mẫu";
    if (marked->source.len == 0)
        marked->source = STR("officer");
    bool is_known = str_eq(marked->source, STR("officer")) || str_eq(marked->source, STR("scan")) ||
                    str_eq(marked->source, STR("paper")) || str_eq(marked->source, STR("file"));
    return is_known ? NULL : "Cách điểm danh không đúng mẫu"; /* "code" is what the learner's own telephone says, here */
}

static const char *read_walk_in(struct ctx *cx, const json_t *object, struct roll_walked_in *walked)
{
    const json_t *who = json_object_get(object, "walk_in");
    if (!json_is_object(who) || !take_text(cx, who, "name", &walked->full_name) || walked->full_name.len == 0 ||
        !take_text(cx, who, "title", &walked->title) || !take_text(cx, who, "unit", &walked->unit_name))
        return "Tên người đến thêm không đúng mẫu";
    return NULL;
}

static void read_item(struct ctx *cx, struct str raw, struct str device, struct roll_item *item)
{
    *item = (struct roll_item){ .content = content_of(cx, raw), .id_text = STR("") };
    struct roll_marked *marked = &item->marked;
    const json_t *object = load(cx, raw);
    struct str empty = STR("");
    marked->mark = marked->reason = marked->replaces = marked->source = marked->by_name = empty;
    marked->device = device;
    item->fault = "Lượt điểm danh không đọc được";
    if (!json_is_object(object) || !take_text(cx, object, "id", &item->id_text))
        return;
    (void)take_number(object, "n", &marked->device_count);
    item->fault = "Mã của lượt không đúng mẫu";
    if (!roll_id_parse(item->id_text, &item->id))
        return;
    item->is_walk_in = json_object_get(object, "walk_in") != NULL;
    item->fault = "Buổi hoặc giờ của lượt không đúng mẫu";
    if (!take_number(object, "session", &marked->session_key) || !take_number(object, "at", &marked->device_at))
        return;
    item->fault = "Tên người điểm danh không đúng mẫu";
    if (!take_text(cx, object, "by", &marked->by_name) || str_count_code_points(marked->by_name) > ROLL_NAME_MAX)
        return;
    struct roll_walked_in *walked = &item->walked;
    walked->by_name = marked->by_name;
    walked->device = device;
    walked->device_count = marked->device_count;
    walked->session_key = marked->session_key;
    walked->device_at = marked->device_at;
    walked->full_name = walked->title = walked->unit_name = empty;
    item->fault = item->is_walk_in ? read_walk_in(cx, object, walked) : read_mark(cx, object, marked);
}

/* ---- The upload ---- */

static enum err damaged(struct ctx *cx)
{
    return fail(cx, ERR_INVALID, "Nội dung điểm danh gửi lên bị hỏng hoặc chưa đủ, xin gửi lại");
}

static enum err read_items(struct ctx *cx, struct str list, size_t items_max, struct roll_upload *upload)
{
    struct str rest = list;
    struct str value = STR("");
    upload->items = ARENA_NEW_ARRAY(&cx->arena, struct roll_item, items_max);
    if (!skip_char(&rest, '['))
        return damaged(cx);
    while (!skip_char(&rest, ']')) {
        if (upload->len > 0 && !skip_char(&rest, ','))
            return damaged(cx);
        if (!cut_value(&rest, &value))
            return damaged(cx);
        if (upload->len == items_max)
            return fail(cx, ERR_LIMIT, "Mỗi lần gửi tối đa %zu lượt điểm danh, xin chia làm nhiều lần gửi", items_max);
        read_item(cx, value, upload->device, &upload->items[upload->len++]);
    }
    return OK;
}

static enum err read_member(struct ctx *cx, struct str name, struct str value, struct str *ret_marks,
                            struct roll_upload *upload)
{
    struct fact_id device;
    if (str_eq(name, STR("\"marks\""))) {
        *ret_marks = value;
        return OK;
    }
    if (str_eq(name, STR("\"device\""))) {
        const json_t *text = load(cx, value);
        if (json_is_string(text))
            upload->device = str_copy(&cx->arena, str_from(json_string_value(text)));
        return roll_id_parse(upload->device, &device) ? OK : damaged(cx);
    }
    if (str_eq(name, STR("\"sent_at\""))) {
        const json_t *number = load(cx, value);
        if (!json_is_integer(number))
            return damaged(cx);
        upload->sent_at = json_integer_value(number);
    }
    return OK; /* the epoch and what later devices may add concern the device */
}

enum err roll_upload_parse(struct ctx *cx, struct str json, size_t items_max, struct roll_upload *ret_upload)
{
    struct roll_upload upload = { .device = STR("") };
    struct str rest = json;
    struct str marks = { NULL, 0 };
    struct str name = STR("");
    struct str value = STR("");
    if (!skip_char(&rest, '{'))
        return damaged(cx);
    for (size_t members = 0; !skip_char(&rest, '}'); members++) {
        if ((members > 0 && !skip_char(&rest, ',')) || members > DEPTH_MAX)
            return damaged(cx);
        if (!cut_value(&rest, &name) || name.at[0] != '"' || !skip_char(&rest, ':') || !cut_value(&rest, &value))
            return damaged(cx);
        TRY(read_member(cx, name, value, &marks, &upload));
    }
    skip_blanks(&rest);
    if (rest.len > 0 || !marks.at || upload.device.len == 0)
        return damaged(cx);
    TRY(read_items(cx, marks, items_max, &upload));
    *ret_upload = upload;
    return OK;
}

enum err roll_file_parse(struct ctx *cx, struct str json, struct roll_file *ret_file)
{
    struct roll_file file = { .at = ARENA_NEW_ARRAY(&cx->arena, struct roll_upload, ROLL_FILE_UPLOADS_MAX) };
    struct str rest = str_starts(json, STR("\xEF\xBB\xBF")) ? str_sub(json, 3, SIZE_MAX) : json;
    struct str value = STR("");
    size_t left = ROLL_FILE_ITEMS_MAX;
    bool is_array = skip_char(&rest, '[');
    skip_blanks(&rest);
    while (rest.len > 0 && !(is_array && rest.at[0] == ']')) {
        if (file.len == ROLL_FILE_UPLOADS_MAX || (is_array && file.len > 0 && !skip_char(&rest, ',')) ||
            !cut_value(&rest, &value))
            return damaged(cx);
        TRY(roll_upload_parse(cx, value, left, &file.at[file.len]));
        left -= file.at[file.len++].len;
        skip_blanks(&rest);
    }
    if (is_array && (!skip_char(&rest, ']') || (skip_blanks(&rest), rest.len > 0)))
        return damaged(cx);
    if (file.len == 0)
        return damaged(cx);
    *ret_file = file;
    return OK;
}
