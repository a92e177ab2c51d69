#include "plan/plan_shape.h"

#include <jansson.h>
#include <stdarg.h>

enum { PATH_MAX_BYTES = 160, DEPTH_MAX = 12 };

/* Where the reader stands, "obligations[3].due.value", for the words of a refusal. */
struct reader {
    struct ctx *cx;
    char path[PATH_MAX_BYTES];
    size_t path_len;
    int depth;
};

static enum err read_object(struct reader *r, const json_t *value, const struct shape *shape,
                            void *into);

static void path_set(struct reader *r, size_t from, const char *format, ...) PRINTF_LIKE(3, 4);
static void path_set(struct reader *r, size_t from, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(r->path + from, sizeof(r->path) - from, format, args);
    va_end(args);
    size_t end = from + (len > 0 ? (size_t)len : 0);
    r->path_len = end < sizeof(r->path) ? end : sizeof(r->path) - 1;
}

/* A refusal at the place where the reader stands. */
static enum err refuse(struct reader *r, const char *expected)
{
    return fail_field(r->cx, "content", "Nội dung kế hoạch (plan/1), tại %s: %s",
                      r->path_len > 0 ? r->path : "đầu tệp", expected);
}

static enum err read_text(struct reader *r, const json_t *value, struct str *ret_text)
{
    if (!json_is_string(value))
        return refuse(r, "cần là chữ trong ngoặc kép");
    struct str text = { json_string_value(value), json_string_length(value) };
    struct str clean = plan_text_clean(&r->cx->arena, text);
    if (str_count_code_points(clean) > PLAN_TEXT_MAX)
        return refuse(r, "dài quá 4.000 ký tự");
    *ret_text = clean;
    return OK;
}

static enum err read_texts(struct reader *r, const json_t *value, struct plan_texts *ret_texts)
{
    if (!json_is_array(value))
        return refuse(r, "cần là danh sách [...]");
    size_t len = json_array_size(value);
    if (len > PLAN_LIST_MAX)
        return refuse(r, "có quá 1.000 mục");
    struct plan_texts texts = { .at = ARENA_NEW_ARRAY(&r->cx->arena, struct str, len + 1) };
    size_t from = r->path_len;
    for (size_t i = 0; i < len; i++) {
        path_set(r, from, "[%zu]", i + 1);
        TRY(read_text(r, json_array_get(value, i), &texts.at[texts.len]));
        texts.len += texts.at[texts.len].len > 0;
    }
    path_set(r, from, "%s", "");
    *ret_texts = texts;
    return OK;
}

static enum err read_word(struct reader *r, const json_t *value, const char *const *words,
                          size_t *ret_index)
{
    struct str text = STR("");
    TRY(read_text(r, value, &text));
    struct buf expected;
    buf_init(&expected, &r->cx->arena);
    for (size_t i = 0; words[i]; i++) {
        if (str_eq(text, str_from(words[i]))) {
            *ret_index = i;
            return OK;
        }
        if (words[i][0])
            buf_format(&expected, "%s%s", expected.len ? ", " : "cần là một trong: ", words[i]);
    }
    buf_put_char(&expected, '\0');
    return refuse(r, expected.at);
}

enum { NUMBER_MAX_DIGITS = 15 };
static const int64_t number_max =
    999999999999999; /* NUMBER_MAX_DIGITS nines: exact in every JSON reader */

static enum err read_number(struct reader *r, const json_t *value, int64_t *ret_number)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > number_max)
        return refuse(r, "cần là số nguyên không âm");
    *ret_number = json_integer_value(value);
    return OK;
}

static enum err read_count(struct reader *r, const json_t *value, struct plan_count *ret_count)
{
    if (!json_is_string(value)) {
        TRY(read_number(r, value, &ret_count->min));
        ret_count->max = ret_count->min;
        return OK;
    }
    struct str rest = STR("");
    TRY(read_text(r, value, &rest));
    struct str min = str_cut(&rest, '-');
    bool is_range = min.len > 0 && min.len <= NUMBER_MAX_DIGITS && rest.len > 0 &&
                    rest.len <= NUMBER_MAX_DIGITS && str_to_i64(min, &ret_count->min) &&
                    str_to_i64(rest, &ret_count->max) && ret_count->min <= ret_count->max &&
                    rest.at[0] != '-';
    return is_range ? OK : refuse(r, "cần là số nguyên, hoặc khoảng như \"40-45\"");
}

static enum err read_tenths(struct reader *r, const json_t *value, int64_t *ret_tenths)
{
    double number = json_is_number(value) ? json_number_value(value) : -1;
    if (!(number >= 0 && number <= 10000))
        return refuse(r, "cần là số ngày như 2 hoặc 1.5");
    *ret_tenths = (int64_t)(number * 10 + 0.5);
    return OK;
}

static enum err read_bool(struct reader *r, const json_t *value, bool *ret_bool)
{
    if (!json_is_boolean(value))
        return refuse(r, "cần là true hoặc false");
    *ret_bool = json_is_true(value);
    return OK;
}

static enum err read_date(struct reader *r, const json_t *value, struct str *ret_date)
{
    int32_t first = 0, last = 0;
    TRY(read_text(r, value, ret_date));
    if (ret_date->len > 0 && !plan_date_range(*ret_date, &first, &last))
        return refuse(r, "cần là ngày có thật, dạng 2026-05-21, 2026-05, 2026-Q2 hoặc 2026");
    return OK;
}

static enum err read_day(struct reader *r, const json_t *value, int32_t *ret_day)
{
    struct str text = STR("");
    TRY(read_text(r, value, &text));
    if (!day_parse_iso(text, ret_day))
        return refuse(r, "cần là ngày có thật, dạng 2026-05-21");
    return OK;
}

static enum err read_minute(struct reader *r, const json_t *value, int *ret_minute)
{
    struct str text = STR("");
    TRY(read_text(r, value, &text));
    int64_t hour = 0, minute = 0;
    bool is_time = text.len == 5 && text.at[2] == ':' && text.at[0] != '-' && text.at[3] != '-' &&
                   str_to_i64(str_sub(text, 0, 2), &hour) &&
                   str_to_i64(str_sub(text, 3, 2), &minute) && hour < 24 && minute < 60;
    if (!is_time)
        return refuse(r, "cần là giờ trong ngày, dạng 08:00");
    *ret_minute = (int)(hour * 60 + minute);
    return OK;
}

static enum err read_instant(struct reader *r, const json_t *value, int64_t *ret_at)
{
    struct str text = STR("");
    TRY(read_text(r, value, &text));
    if (text.len != 16 || !instant_parse_iso(text, ret_at))
        return refuse(r, "cần là ngày giờ có thật, dạng 2026-05-23T08:00");
    return OK;
}

/* {"at": "2026-05-22T14:00"} */
static enum err read_instant_at(struct reader *r, const json_t *value, int64_t *ret_at)
{
    if (!json_is_object(value))
        return refuse(r, "cần có dạng {\"at\": \"2026-05-22T14:00\"}");
    const json_t *at = json_object_get(value, "at");
    return at && !json_is_null(at) ? read_instant(r, at, ret_at) : OK;
}

static enum err read_instants_at(struct reader *r, const json_t *value, int64_t **ret_list,
                                 size_t *ret_len)
{
    if (!json_is_array(value) || json_array_size(value) > PLAN_LIST_MAX)
        return refuse(r, "cần là danh sách [{\"at\": ...}] không quá 1.000 mục");
    size_t len = json_array_size(value), from = r->path_len, kept = 0;
    int64_t *list = ARENA_NEW_ARRAY(&r->cx->arena, int64_t, len + 1);
    for (size_t i = 0; i < len; i++) {
        path_set(r, from, "[%zu]", i + 1);
        TRY(read_instant_at(r, json_array_get(value, i), &list[kept]));
        kept += list[kept] != 0;
    }
    path_set(r, from, "%s", "");
    *ret_list = list;
    *ret_len = kept;
    return OK;
}

static enum err read_indexes(struct reader *r, const json_t *value, int64_t **ret_list,
                             size_t *ret_len)
{
    if (!json_is_array(value) || json_array_size(value) > PLAN_LIST_MAX)
        return refuse(r, "cần là danh sách số thứ tự, không quá 1.000 mục");
    size_t len = json_array_size(value), from = r->path_len;
    int64_t *list = ARENA_NEW_ARRAY(&r->cx->arena, int64_t, len + 1);
    for (size_t i = 0; i < len; i++) {
        path_set(r, from, "[%zu]", i + 1);
        TRY(read_number(r, json_array_get(value, i), &list[i]));
    }
    path_set(r, from, "%s", "");
    *ret_list = list;
    *ret_len = len;
    return OK;
}

static enum err read_list(struct reader *r, const json_t *value, const struct shape_field *field,
                          char *into)
{
    if (!json_is_array(value))
        return refuse(r, "cần là danh sách [...]");
    size_t len = json_array_size(value), from = r->path_len;
    if (len > PLAN_LIST_MAX)
        return refuse(r, "có quá 1.000 mục");
    char *list = arena_alloc_array(&r->cx->arena, len + 1, field->of->bytes);
    for (size_t i = 0; i < len; i++) {
        path_set(r, from, "[%zu]", i + 1);
        TRY(read_object(r, json_array_get(value, i), field->of, list + i * field->of->bytes));
    }
    path_set(r, from, "%s", "");
    memcpy(into + field->offset, &list, sizeof list);
    memcpy(into + field->len_offset, &len, sizeof len);
    return OK;
}

static enum err read_kind(struct reader *r, const json_t *value, struct str *ret_kind)
{
    TRY(read_text(r, value, ret_kind));
    if (ret_kind->len > 0 && !document_kind_is_known(*ret_kind))
        return refuse(
            r, "không có loại văn bản này; ví dụ đúng: ke_hoach, giay_moi, cong_van, quyet_dinh");
    return OK;
}

static enum err read_field(struct reader *r, const json_t *value, const struct shape_field *field,
                           char *into)
{
    void *at = into + field->offset;
    size_t index = 0;
    switch (field->type) {
    case SHAPE_TEXT:
        return read_text(r, value, at);
    case SHAPE_TEXTS:
        return read_texts(r, value, at);
    case SHAPE_KIND:
        return read_kind(r, value, at);
    case SHAPE_WORD:
        TRY(read_word(r, value, field->words, &index));
        *(struct str *)at = str_from(field->words[index]);
        return OK;
    case SHAPE_ENUM:
        TRY(read_word(r, value, field->words, &index));
        *(int *)at = (int)index;
        return OK;
    case SHAPE_COUNT:
        return read_count(r, value, at);
    case SHAPE_NUMBER:
        return read_number(r, value, at);
    case SHAPE_TENTHS:
        return read_tenths(r, value, at);
    case SHAPE_BOOL:
        return read_bool(r, value, at);
    case SHAPE_DATE:
        return read_date(r, value, at);
    case SHAPE_DAY:
        return read_day(r, value, at);
    case SHAPE_MINUTE:
        return read_minute(r, value, at);
    case SHAPE_INSTANT:
        return read_instant(r, value, at);
    case SHAPE_INSTANT_AT:
        return read_instant_at(r, value, at);
    case SHAPE_INSTANTS_AT:
        return read_instants_at(r, value, at, (size_t *)(void *)(into + field->len_offset));
    case SHAPE_INDEXES:
        return read_indexes(r, value, at, (size_t *)(void *)(into + field->len_offset));
    case SHAPE_PLACE:
        value = json_is_object(value) ? json_object_get(value, "place") : NULL;
        return value && !json_is_null(value) ? read_text(r, value, at) : OK;
    case SHAPE_LIST:
        return read_list(r, value, field, into);
    case SHAPE_OBJECT:
        if (field->flag_offset != SHAPE_NO_FLAG)
            *(bool *)(into + field->flag_offset) = true;
        return read_object(r, value, field->of, at);
    }
    return OK;
}

static bool is_missing(const json_t *value)
{
    if (json_is_string(value)) {
        struct str text = { json_string_value(value), json_string_length(value) };
        return text.len == 0 || str_eq(text, STR("*"));
    }
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static enum err read_object(struct reader *r, const json_t *value, const struct shape *shape,
                            void *into)
{
    if (!json_is_object(value))
        return refuse(r, "cần là một đối tượng {...}");
    if (r->depth >= DEPTH_MAX)
        return refuse(r, "lồng nhau quá sâu");
    r->depth++;
    size_t from = r->path_len;
    for (size_t i = 0; i < shape->len; i++) {
        const json_t *member = json_object_get(value, shape->at[i].key);
        if (is_missing(member))
            continue;
        path_set(r, from, "%s%s", from > 0 ? "." : "", shape->at[i].key);
        TRY(read_field(r, member, &shape->at[i], into));
        path_set(r, from, "%s", "");
    }
    r->depth--;
    const char *wrong = shape->check ? shape->check(into) : NULL;
    return wrong ? refuse(r, wrong) : OK;
}

static void forget_json(void *root)
{
    json_decref(root);
}

/* What a paper leaves unsaid and follows from the rest. */
static enum err set_defaults(struct ctx *cx, struct plan *plan)
{
    for (size_t i = 0; i < plan->document.references_len; i++) {
        struct plan_reference *reference = &plan->document.references[i];
        if (reference->relation.len > 0)
            continue;
        bool is_order =
            str_eq(reference->kind, STR("ke_hoach")) || str_eq(reference->kind, STR("giay_moi"));
        reference->relation = is_order ? STR("carries_out") : STR("based_on");
    }
    for (size_t i = 0; i < plan->obligations_len; i++) {
        if (plan->obligations[i].place.len == 0)
            plan->obligations[i].place = str_format(&cx->arena, "nhiệm vụ thứ %zu", i + 1);
        for (size_t k = 0; k < plan->obligations[i].waits_for_len; k++) {
            int64_t other = plan->obligations[i].waits_for[k];
            if (other >= (int64_t)plan->obligations_len || other == (int64_t)i)
                return fail_field(cx, "content",
                                  "Nội dung kế hoạch (plan/1), tại obligations[%zu]._waits_for: "
                                  "không có nhiệm vụ số %lld",
                                  i + 1, (long long)other);
        }
    }
    return OK;
}

enum err plan_parse(struct ctx *cx, struct str json, struct plan *ret_plan)
{
    struct reader r = { .cx = cx };
    if (json.len > PLAN_JSON_MAX)
        return fail(cx, ERR_LIMIT, "Tệp kế hoạch (plan/1) lớn quá 1 MB, xin tách bớt phụ lục");
    if (!str_is_utf8(json))
        return refuse(&r, "tệp không phải UTF-8, xin lưu lại theo bảng mã UTF-8");
    json_error_t error;
    json_t *root = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        path_set(&r, 0, "dòng %d, cột %d", error.line, error.column);
        return refuse(&r, "chưa đúng cú pháp JSON");
    }
    arena_on_end(&cx->arena, forget_json, root);
    struct str schema = STR("");
    if (json_is_object(root) && json_is_string(json_object_get(root, "schema")))
        TRY(read_text(&r, json_object_get(root, "schema"), &schema));
    if (!str_eq(schema, STR("plan/1")))
        return refuse(&r, "cần có khóa \"schema\" với giá trị \"plan/1\"");
    struct plan *plan = ARENA_NEW(&cx->arena, struct plan);
    TRY(read_object(&r, root, &plan_shape, plan));
    TRY(set_defaults(cx, plan));
    struct document_paragraphs paragraphs = { 0 };
    TRY(plan_paragraphs(cx, plan, &paragraphs));
    *ret_plan = *plan;
    return OK;
}
