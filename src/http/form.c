/* Form values into the struct their field table describes. The words name the field and what to do. */
#include "http/http.h"

#include <string.h>

enum { FORM_TEXT_LEN_MAX = 200 };

static enum err fill_text(struct ctx *cx, const struct field *field, struct str typed, struct str *into)
{
    bool has_lines = field->type == FIELD_LINES;
    struct buf clean;
    buf_init(&clean, &cx->arena);
    for (size_t i = 0; i < typed.len; i++) {
        unsigned char c = (unsigned char)typed.at[i];
        if (has_lines && c == '\r') { /* browsers send CR LF; one line end is stored */
            if (i + 1 < typed.len && typed.at[i + 1] == '\n')
                continue;
            c = '\n';
        }
        bool is_kept = c >= 0x20 ? c != 0x7F : c == '\t' || (has_lines && c == '\n');
        if (!is_kept)
            return fail_field(cx, field->name, "Mục “%s” có ký tự điều khiển không hiển thị được, xin gõ lại",
                              field->label);
        buf_put_char(&clean, (char)c);
    }
    struct str text = str_trim(buf_str(&clean));
    size_t len = str_count_code_points(text);
    size_t len_max = field->len_max ? field->len_max : FORM_TEXT_LEN_MAX;
    if (len > len_max)
        return fail_field(cx, field->name, "Mục “%s” dài %zu ký tự, xin rút ngắn còn tối đa %zu ký tự", field->label,
                          len, len_max);
    *into = text;
    return OK;
}

/* "3.321" as papers write it, or "3321"; a dot that does not part three digits is no number. */
static bool parse_number(struct str typed, int64_t *ret_value)
{
    char digits[32];
    size_t len = 0;
    size_t since_dot = 0;
    bool has_dot = false;
    for (size_t i = 0; i < typed.len; i++) {
        if (typed.at[i] == '.') {
            if (has_dot ? since_dot != 3 : len == 0 || len - (size_t)(typed.at[0] == '-') > 3)
                return false;
            has_dot = true;
            since_dot = 0;
            continue;
        }
        if (len == sizeof digits)
            return false;
        digits[len++] = typed.at[i];
        since_dot++;
    }
    return (!has_dot || since_dot == 3) && str_to_i64((struct str){ digits, len }, ret_value);
}

static enum err fill_number(struct ctx *cx, const struct field *field, struct str typed, int64_t *into)
{
    int64_t value = 0;
    if (!parse_number(typed, &value))
        return fail_field(cx, field->name, "Mục “%s” cần là số nguyên, ví dụ 1.250", field->label);
    if (field->max > 0 && (value < field->min || value > field->max))
        return fail_field(cx, field->name, "Mục “%s” cần là số từ %lld đến %lld", field->label,
                          (long long)field->min, (long long)field->max);
    *into = value;
    return OK;
}

static enum err fill_id(struct ctx *cx, const struct field *field, struct str typed, int64_t *into)
{
    int64_t value = 0;
    if (!str_to_i64(typed, &value) || value < 1)
        return fail_field(cx, field->name, "Mục “%s” chưa chọn đúng, xin chọn lại trong danh sách", field->label);
    *into = value;
    return OK;
}

static enum err fill_day(struct ctx *cx, const struct field *field, struct str typed, int32_t *into)
{
    int32_t day = 0;
    if (!day_parse(typed, &day) && !day_parse_iso(typed, &day))
        return fail_field(cx, field->name, "Mục “%s” cần là ngày có thật theo dạng ngày/tháng/năm, ví dụ 21/11/2026",
                          field->label);
    if (field->max > 0 && (day < field->min || day > field->max))
        return fail_field(cx, field->name, "Mục “%s” nằm ngoài khoảng thời gian cho phép, xin kiểm tra lại năm",
                          field->label);
    *into = day;
    return OK;
}

/* "08:00", "8:05", "08h00", "8h". */
static bool parse_clock(struct str text, int *ret_hour, int *ret_minute)
{
    struct str minute = text;
    struct str hour = str_cut(&minute, str_find(text, STR(":")) < text.len ? ':' : 'h');
    int64_t h = 0;
    int64_t m = 0;
    if (hour.len < 1 || hour.len > 2 || hour.len == text.len || minute.len > 2)
        return false;
    if (!str_to_i64(hour, &h) || (minute.len > 0 && !str_to_i64(minute, &m)) || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *ret_hour = (int)h;
    *ret_minute = (int)m;
    return true;
}

/* What a date-and-time input sends, or as people write it: "08:00 ngày 21/11/2026", "21/11/2026 08:00". */
static bool parse_instant(struct str typed, int64_t *ret_at)
{
    if (instant_parse_iso(typed, ret_at))
        return true;
    struct str rest = typed;
    struct str first = str_cut(&rest, ' ');
    rest = str_trim(rest);
    if (str_starts(rest, STR("ngày ")))
        rest = str_trim(str_sub(rest, sizeof "ngày " - 1, SIZE_MAX));
    int32_t day = 0;
    int hour = 0;
    int minute = 0;
    bool is_time_first = parse_clock(first, &hour, &minute) && day_parse(rest, &day);
    if (!is_time_first && !(day_parse(first, &day) && parse_clock(rest, &hour, &minute)))
        return false;
    *ret_at = day_time(day, hour, minute);
    return true;
}

static enum err fill_instant(struct ctx *cx, const struct field *field, struct str typed, int64_t *into)
{
    int64_t at = 0;
    if (!parse_instant(typed, &at))
        return fail_field(cx, field->name, "Mục “%s” cần có giờ và ngày, ví dụ 08:00 ngày 21/11/2026", field->label);
    if (field->max > 0 && (at < field->min || at > field->max))
        return fail_field(cx, field->name, "Mục “%s” nằm ngoài khoảng thời gian cho phép, xin kiểm tra lại năm",
                          field->label);
    *into = at;
    return OK;
}

static enum err fill_choice(struct ctx *cx, const struct field *field, struct str typed, struct str *into)
{
    for (size_t i = 0; i < field->choices_len; i++) {
        if (str_eq(field->choices[i].value, typed)) {
            *into = field->choices[i].value;
            return OK;
        }
    }
    return fail_field(cx, field->name, "Mục “%s” chưa chọn đúng, xin chọn lại trong danh sách", field->label);
}

static enum err fill_empty(struct ctx *cx, const struct field *field, void *into)
{
    if (field->required)
        return fail_field(cx, field->name, "Mục “%s” còn trống, xin bổ sung", field->label);
    if (field->type == FIELD_DAY)
        *(int32_t *)into = DAY_NONE;
    return OK; /* the struct came zeroed */
}

static enum err fill_field(struct ctx *cx, const struct field *field, struct str typed, void *into)
{
    struct str trimmed = str_trim(typed);
    if (trimmed.len == 0 && field->type != FIELD_BOOL)
        return fill_empty(cx, field, into);
    switch (field->type) {
    case FIELD_I64:
        return fill_number(cx, field, trimmed, into);
    case FIELD_ID:
        return fill_id(cx, field, trimmed, into);
    case FIELD_BOOL:
        *(bool *)into = str_eq(trimmed, STR("1")) || str_eq(trimmed, STR("on")) || str_eq(trimmed, STR("true"));
        if (field->required && !*(bool *)into)
            return fail_field(cx, field->name, "Xin đánh dấu vào mục “%s” để tiếp tục", field->label);
        return OK;
    case FIELD_DAY:
        return fill_day(cx, field, trimmed, into);
    case FIELD_INSTANT:
        return fill_instant(cx, field, trimmed, into);
    case FIELD_TEXT:
    case FIELD_LINES:
        return fill_text(cx, field, typed, into);
    case FIELD_CHOICE:
        return fill_choice(cx, field, trimmed, into);
    }
    return OK;
}

enum err form_fill(struct ctx *cx, const struct request *req, const struct field_table *fields, void *ret_form,
                   struct str **ret_typed)
{
    struct str *typed = ARENA_NEW_ARRAY(&cx->arena, struct str, fields->len);
    for (size_t i = 0; i < fields->len; i++)
        typed[i] = request_value(req, fields->at[i].name);
    *ret_typed = typed; /* also after an error: the form is shown again with it */

    memset(ret_form, 0, fields->struct_bytes);
    for (size_t i = 0; i < fields->len; i++)
        TRY(fill_field(cx, &fields->at[i], typed[i], (char *)ret_form + fields->at[i].offset));
    return OK;
}
