#include "store/fact_body.h"

#include "base/day.h"

#include <jansson.h>
#include <sodium.h>

/*
 * Bodies are written by hand and read by jansson: writing is on the path of every fact and has one canonical form;
 * reading is for replays and what comes from outside, where strictness is what counts.
 */

enum { TEXT_LEN_MAX = 200 }; /* of a text field that states no limit (field.h) */

static const void *member_of(const struct field *field, const void *body)
{
    return (const char *)body + field->offset;
}

/* Checking. */

static bool has_control(struct str text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && !(lines && (c == '\n' || c == '\t'))) || c == 0x7F)
            return true;
    }
    return false;
}

static bool is_choice(const struct field *field, struct str value)
{
    for (size_t i = 0; i < field->choices_len; i++)
        if (str_eq(field->choices[i].value, value))
            return true;
    return false;
}

static enum err check_text(struct ctx *cx, const struct field *field, struct str text)
{
    size_t len_max = field->len_max ? field->len_max : TEXT_LEN_MAX;
    if (text.len == 0)
        return field->required ? fail_field(cx, field->name, "Xin nhập: %s", field->label) : OK;
    if (!str_is_utf8(text) || has_control(text, field->type == FIELD_LINES))
        return fail_field(cx, field->name, "%s có ký tự không dùng được, xin nhập lại", field->label);
    if (text.len > len_max && str_count_code_points(text) > len_max)
        return fail_field(cx, field->name, "%s dài quá %zu ký tự, xin rút gọn", field->label, len_max);
    if (field->type == FIELD_CHOICE && !is_choice(field, text))
        return fail_field(cx, field->name, "%s: xin chọn một giá trị trong danh sách", field->label);
    return OK;
}

static enum err check_number(struct ctx *cx, const struct field *field, int64_t value)
{
    if (value == 0 && field->required && field->type != FIELD_I64)
        return fail_field(cx, field->name, "Xin nhập: %s", field->label);
    if (field->type == FIELD_ID && value < 0)
        return fail_field(cx, field->name, "%s chưa đúng, xin chọn lại", field->label);
    if (field->type == FIELD_I64 && field->max > 0 && (value < field->min || value > field->max))
        return fail_field(cx, field->name, "%s phải từ %lld đến %lld", field->label, (long long)field->min,
                          (long long)field->max);
    return OK;
}

enum err fact_body_check(struct ctx *cx, const struct field_table *fields, const void *body)
{
    for (size_t i = 0; i < fields->len; i++) {
        const struct field *field = &fields->at[i];
        const void *member = member_of(field, body);
        switch (field->type) {
        case FIELD_I64:
        case FIELD_ID:
        case FIELD_INSTANT:
            TRY(check_number(cx, field, *(const int64_t *)member));
            break;
        case FIELD_DAY:
            if (field->required && *(const int32_t *)member == DAY_NONE)
                return fail_field(cx, field->name, "Xin nhập: %s", field->label);
            break;
        case FIELD_TEXT:
        case FIELD_LINES:
        case FIELD_CHOICE:
            TRY(check_text(cx, field, *(const struct str *)member));
            break;
        case FIELD_BOOL:
            break;
        }
    }
    return OK;
}

static bool is_text(const struct field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_LINES || field->type == FIELD_CHOICE;
}

const void *fact_body_settle(struct ctx *cx, const struct field_table *fields, const void *body)
{
    char *copy = arena_alloc(&cx->arena, fields->struct_bytes);
    memcpy(copy, body, fields->struct_bytes);
    for (size_t i = 0; i < fields->len; i++) {
        struct str *text = (struct str *)(void *)(copy + fields->at[i].offset);
        if (is_text(&fields->at[i]) && text->len == 0)
            *text = STR("");
    }
    return copy;
}

/* Writing. */

static void put_quoted(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789abcdef";
    buf_put_char(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_put(out, str_sub(text, from, i - from));
        from = i + 1;
        if (c == '"' || c == '\\') {
            buf_put(out, (struct str){ (const char[]){ '\\', (char)c }, 2 });
        } else if (c == '\n') {
            buf_put(out, STR("\\n"));
        } else {
            buf_put(out, STR("\\u00"));
            buf_put(out, (struct str){ (const char[]){ digits[c >> 4], digits[c & 15] }, 2 });
        }
    }
    buf_put(out, str_sub(text, from, SIZE_MAX));
    buf_put_char(out, '"');
}

static bool is_empty(const struct field *field, const void *member)
{
    switch (field->type) {
    case FIELD_I64:
    case FIELD_ID:
    case FIELD_INSTANT:
        return *(const int64_t *)member == 0;
    case FIELD_BOOL:
        return !*(const bool *)member;
    case FIELD_DAY:
        return *(const int32_t *)member == DAY_NONE;
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_CHOICE:
        return ((const struct str *)member)->len == 0;
    }
    return true;
}

static void put_name(struct buf *out, struct str name)
{
    buf_put(out, out->len == 0 ? STR("{\"") : STR(",\""));
    buf_put(out, name);
    buf_put(out, STR("\":"));
}

static void put_field(struct ctx *cx, struct buf *out, const struct field *field, const void *member)
{
    if (is_empty(field, member))
        return;
    put_name(out, str_from(field->name));
    switch (field->type) {
    case FIELD_I64:
    case FIELD_ID:
    case FIELD_INSTANT:
        buf_put_i64(out, *(const int64_t *)member);
        break;
    case FIELD_BOOL:
        buf_put(out, STR("true"));
        break;
    case FIELD_DAY:
        put_quoted(out, day_format_iso(&cx->arena, *(const int32_t *)member));
        break;
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_CHOICE:
        put_quoted(out, *(const struct str *)member);
        break;
    }
}

static struct str close_object(struct buf *out)
{
    buf_put(out, out->len == 0 ? STR("{}") : STR("}"));
    return buf_str(out);
}

struct str fact_body_format(struct ctx *cx, const struct field_table *fields, const void *body)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < fields->len; i++)
        put_field(cx, &out, &fields->at[i], member_of(&fields->at[i], body));
    return close_object(&out);
}

struct str fact_body_digest(struct ctx *cx, const unsigned char salt[FACT_SALT_BYTES], struct str private_body)
{
    unsigned char digest[FACT_HASH_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    crypto_generichash_update(&state, salt, FACT_SALT_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)private_body.at, private_body.len);
    crypto_generichash_final(&state, digest, sizeof digest);
    return str_from_bytes_hex(&cx->arena, digest, sizeof digest);
}

/* The public fields, and behind them the digest when there are private values. */
static struct str write_public(struct ctx *cx, const struct field_table *fields, const void *body, struct str digest)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < fields->len; i++)
        if (!fields->at[i].is_private)
            put_field(cx, &out, &fields->at[i], member_of(&fields->at[i], body));
    if (digest.len > 0) {
        put_name(&out, STR("private"));
        put_quoted(&out, digest);
    }
    return close_object(&out);
}

static struct str write_private(struct ctx *cx, const struct field_table *fields, const void *body)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < fields->len; i++)
        if (fields->at[i].is_private)
            put_field(cx, &out, &fields->at[i], member_of(&fields->at[i], body));
    return out.len == 0 ? STR("") : close_object(&out);
}

struct body_text fact_body_write(struct ctx *cx, const struct field_table *fields, const void *body,
                                 const unsigned char salt[FACT_SALT_BYTES])
{
    struct body_text text = { .private_body = write_private(cx, fields, body) };
    struct str digest = text.private_body.len > 0 ? fact_body_digest(cx, salt, text.private_body) : STR("");
    text.body = write_public(cx, fields, body, digest);
    return text;
}

struct str fact_body_find_digest(struct str body)
{
    static const char before[] = "\"private\":\"";
    size_t before_len = sizeof before - 1;
    size_t tail_len = before_len + BODY_DIGEST_HEX + 2;
    if (body.len < tail_len + 1 || !str_starts(str_sub(body, body.len - tail_len, SIZE_MAX), str_from(before)))
        return STR("");
    return str_sub(body, body.len - tail_len + before_len, BODY_DIGEST_HEX);
}

bool fact_body_same(struct ctx *cx, const struct field_table *fields, const void *body, struct str stored_body,
                    struct bytes stored_salt)
{
    if (stored_salt.len == FACT_SALT_BYTES)
        return str_eq(fact_body_write(cx, fields, body, stored_salt.at).body, stored_body);
    return str_eq(write_public(cx, fields, body, fact_body_find_digest(stored_body)), stored_body);
}

/* Reading. */

static const struct field *find_field(const struct field_table *fields, const char *name)
{
    for (size_t i = 0; i < fields->len; i++)
        if (strcmp(fields->at[i].name, name) == 0)
            return &fields->at[i];
    return NULL;
}

static enum err misfit(struct ctx *cx, const char *name, const char *what)
{
    enum err err = fail_field(cx, name, "Dữ liệu của mục \"%s\" không đúng mẫu", name);
    snprintf(cx->fault.detail, sizeof cx->fault.detail, "body field %s: %s", name, what);
    return err;
}

static enum err read_value(struct ctx *cx, const struct field *field, const json_t *value, void *member)
{
    switch (field->type) {
    case FIELD_I64:
    case FIELD_ID:
    case FIELD_INSTANT:
        if (!json_is_integer(value))
            return misfit(cx, field->name, "a number is expected");
        *(int64_t *)member = json_integer_value(value);
        return OK;
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            return misfit(cx, field->name, "true or false is expected");
        *(bool *)member = json_is_true(value);
        return OK;
    case FIELD_DAY: {
        int32_t day = 0;
        if (!json_is_string(value) || !day_parse_iso(str_from(json_string_value(value)), &day))
            return misfit(cx, field->name, "a day as yyyy-mm-dd is expected");
        *(int32_t *)member = day;
        return OK;
    }
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_CHOICE:
        if (!json_is_string(value))
            return misfit(cx, field->name, "a text is expected");
        *(struct str *)member =
            str_copy(&cx->arena, (struct str){ json_string_value(value), json_string_length(value) });
        return OK;
    }
    return misfit(cx, field->name, "unknown type");
}

static void forget_json(void *what)
{
    json_t **holder = what;
    json_decref(*holder);
    *holder = NULL;
}

static enum err read_object(struct ctx *cx, const struct field_table *fields, struct str text, void *body)
{
    /* Tied to the arena before there is anything to lose: a copy below may end in the arena's longjmp. */
    json_t **holder = ARENA_NEW(&cx->arena, json_t *);
    arena_on_end(&cx->arena, forget_json, holder);
    json_error_t error;
    *holder = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(*holder))
        return misfit(cx, "body", *holder ? "an object is expected" : error.text);
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach (*holder, name, value) {
        const struct field *field = find_field(fields, name);
        if (field) {
            TRY(read_value(cx, field, value, (char *)body + field->offset));
        } else if (strcmp(name, "private") != 0 || !json_is_string(value)) {
            return misfit(cx, name, "no such field");
        }
    }
    forget_json(holder); /* a replay reads many bodies in one arena */
    return OK;
}

enum err fact_body_parse(struct ctx *cx, const struct field_table *fields, struct str body, struct str private_body,
                         void *ret_body)
{
    memset(ret_body, 0, fields->struct_bytes);
    for (size_t i = 0; i < fields->len; i++) {
        void *member = (char *)ret_body + fields->at[i].offset;
        if (fields->at[i].type == FIELD_DAY)
            *(int32_t *)member = DAY_NONE;
        else if (is_text(&fields->at[i]))
            *(struct str *)member = STR("");
    }
    TRY(read_object(cx, fields, body, ret_body));
    return private_body.len > 0 ? read_object(cx, fields, private_body, ret_body) : OK;
}
