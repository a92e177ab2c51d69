#include "plan/plan_shape.h"

#include "http/http.h"

static void put_instant(struct buf *out, int64_t at)
{
    struct civil c = instant_to_civil(at);
    buf_format(out, "\"%04d-%02d-%02dT%02d:%02d\"", c.year, c.month, c.date, c.hour, c.minute);
}

static void put_count(struct buf *out, const struct plan_count *count)
{
    if (count->min == count->max)
        buf_put_i64(out, count->min);
    else
        buf_format(out, "\"%lld-%lld\"", (long long)count->min, (long long)count->max);
}

static bool put_object(struct buf *out, const struct shape *shape, const char *item);

static void put_list(struct buf *out, const struct shape *shape, const char *list, size_t len)
{
    buf_put_char(out, '[');
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        if (!put_object(out, shape, list + i * shape->bytes))
            buf_put(out, STR("{}"));
    }
    buf_put_char(out, ']');
}

static void put_texts(struct buf *out, const struct plan_texts *texts)
{
    buf_put_char(out, '[');
    for (size_t i = 0; i < texts->len; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        json_put_str(out, texts->at[i]);
    }
    buf_put_char(out, ']');
}

static void put_instant_at(struct buf *out, int64_t at)
{
    buf_put(out, STR("{\"at\":"));
    put_instant(out, at);
    buf_put_char(out, '}');
}

static void put_instants(struct buf *out, const int64_t *list, size_t len)
{
    buf_put_char(out, '[');
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        put_instant_at(out, list[i]);
    }
    buf_put_char(out, ']');
}

static void put_indexes(struct buf *out, const int64_t *list, size_t len)
{
    buf_put_char(out, '[');
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        buf_put_i64(out, list[i]);
    }
    buf_put_char(out, ']');
}

static size_t list_len(const struct shape_field *field, const char *item)
{
    size_t len = 0;
    memcpy(&len, item + field->len_offset, sizeof len);
    return len;
}

static bool is_empty(const struct shape_field *field, const char *item)
{
    const void *at = item + field->offset;
    switch (field->type) {
    case SHAPE_TEXT:
    case SHAPE_KIND:
    case SHAPE_WORD:
    case SHAPE_DATE:
    case SHAPE_PLACE:
        return ((const struct str *)at)->len == 0;
    case SHAPE_TEXTS:
        return ((const struct plan_texts *)at)->len == 0;
    case SHAPE_ENUM:
        return *(const int *)at == 0;
    case SHAPE_COUNT:
        return ((const struct plan_count *)at)->max == 0;
    case SHAPE_NUMBER:
    case SHAPE_TENTHS:
    case SHAPE_INSTANT:
    case SHAPE_INSTANT_AT:
        return *(const int64_t *)at == 0;
    case SHAPE_BOOL:
        return !*(const bool *)at;
    case SHAPE_DAY:
    case SHAPE_MINUTE:
        return false;
    case SHAPE_LIST:
    case SHAPE_INSTANTS_AT:
    case SHAPE_INDEXES:
        return list_len(field, item) == 0;
    case SHAPE_OBJECT:
        return field->flag_offset != SHAPE_NO_FLAG && !*(const bool *)(item + field->flag_offset);
    }
    return true;
}

/* False when an object turned out to say nothing. */
static bool put_value(struct buf *out, const struct shape_field *field, const char *item)
{
    const void *at = item + field->offset;
    const char *list = NULL;
    int64_t number = 0;
    switch (field->type) {
    case SHAPE_TEXT:
    case SHAPE_KIND:
    case SHAPE_WORD:
    case SHAPE_DATE:
        json_put_str(out, *(const struct str *)at);
        return true;
    case SHAPE_PLACE:
        buf_put(out, STR("{\"place\":"));
        json_put_str(out, *(const struct str *)at);
        buf_put_char(out, '}');
        return true;
    case SHAPE_TEXTS:
        put_texts(out, at);
        return true;
    case SHAPE_ENUM:
        json_put_str(out, str_from(field->words[*(const int *)at]));
        return true;
    case SHAPE_COUNT:
        put_count(out, at);
        return true;
    case SHAPE_NUMBER:
        buf_put_i64(out, *(const int64_t *)at);
        return true;
    case SHAPE_TENTHS:
        number = *(const int64_t *)at;
        buf_put_i64(out, number / 10);
        if (number % 10 != 0)
            buf_format(out, ".%lld", (long long)(number % 10));
        return true;
    case SHAPE_BOOL:
        buf_put(out, STR("true"));
        return true;
    case SHAPE_DAY:
        json_put_str(out, day_format_iso(out->arena, *(const int32_t *)at));
        return true;
    case SHAPE_MINUTE:
        buf_format(out, "\"%02d:%02d\"", *(const int *)at / 60, *(const int *)at % 60);
        return true;
    case SHAPE_INSTANT:
        put_instant(out, *(const int64_t *)at);
        return true;
    case SHAPE_INSTANT_AT:
        put_instant_at(out, *(const int64_t *)at);
        return true;
    case SHAPE_INSTANTS_AT:
        memcpy(&list, at, sizeof list);
        put_instants(out, (const int64_t *)(const void *)list, list_len(field, item));
        return true;
    case SHAPE_INDEXES:
        memcpy(&list, at, sizeof list);
        put_indexes(out, (const int64_t *)(const void *)list, list_len(field, item));
        return true;
    case SHAPE_LIST:
        memcpy(&list, at, sizeof list);
        put_list(out, field->of, list, list_len(field, item));
        return true;
    case SHAPE_OBJECT:
        return put_object(out, field->of, at);
    }
    return false;
}

/* The keys that say something, each after a comma when `is_first` is false; true when there was
 * one. */
static bool put_members(struct buf *out, const struct shape *shape, const char *item, bool is_first)
{
    bool has_any = false;
    for (size_t i = 0; i < shape->len; i++) {
        const struct shape_field *field = &shape->at[i];
        if (is_empty(field, item))
            continue;
        size_t mark = out->len;
        if (!is_first || has_any)
            buf_put_char(out, ',');
        json_put_str(out, str_from(field->key));
        buf_put_char(out, ':');
        if (put_value(out, field, item))
            has_any = true;
        else
            out->len = mark;
    }
    return has_any;
}

static bool put_object(struct buf *out, const struct shape *shape, const char *item)
{
    size_t mark = out->len;
    buf_put_char(out, '{');
    if (!put_members(out, shape, item, true)) {
        out->len = mark;
        return false;
    }
    buf_put_char(out, '}');
    return true;
}

struct str plan_format(struct arena *arena, const struct plan *plan)
{
    struct buf out;
    buf_init(&out, arena);
    buf_put(&out, STR("{\"schema\":\"plan/1\""));
    put_members(&out, &plan_shape, (const char *)plan, false);
    buf_put_char(&out, '}');
    return buf_str(&out);
}
