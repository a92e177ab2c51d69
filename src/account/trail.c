#include "account/trail.h"

#include "store/db.h"
#include "store/fact.h"

/*
 * Facts have no index but their number, which keeps appending cheap; so the trail is walked from
 * the newest back, a window at a time, and a page never costs more than one window however rare the
 * facts of a small unit are.
 */
enum { TRAIL_WINDOW = 200 * 1000, VALUE_LEN_MAX = 120, DETAILS_LEN_MAX = 800 };

/* At most `len` code points, with a sign that there was more. */
static void put_short(struct buf *buf, struct str text, size_t len)
{
    struct str rest = text;
    size_t count = 0;
    while (rest.len > 0 && count < len) {
        uint32_t c = str_next_code_point(&rest);
        buf_put_code_point(buf, c == '\n' || c == '\t' ? ' ' : c);
        count++;
    }
    if (rest.len > 0)
        buf_put(buf, STR("…"));
}

/* The words of a choice, or the value itself. */
static struct str choice_label(const struct field *field, struct str value)
{
    for (size_t i = 0; i < field->choices_len; i++)
        if (str_eq(field->choices[i].value, value))
            return field->choices[i].label;
    return value;
}

/* One value of a body as people read it; "" when there is none to show. */
static struct str show_value(struct arena *arena, const struct field *field, const void *body)
{
    const void *at = (const char *)body + field->offset;
    switch (field->type) {
    case FIELD_I64:
    case FIELD_ID: {
        int64_t value = *(const int64_t *)at;
        return value == 0 ? STR("") : str_format(arena, "%lld", (long long)value);
    }
    case FIELD_BOOL:
        return *(const bool *)at ? STR("có") : STR("");
    case FIELD_DAY: {
        int32_t day = *(const int32_t *)at;
        return day == DAY_NONE ? STR("") : day_format(arena, day);
    }
    case FIELD_INSTANT: {
        int64_t instant = *(const int64_t *)at;
        return instant == 0 ? STR("") : instant_format(arena, instant);
    }
    case FIELD_TEXT:
    case FIELD_LINES:
        return *(const struct str *)at;
    case FIELD_CHOICE:
        return choice_label(field, *(const struct str *)at);
    }
    return STR("");
}

/* Secrets are kept as hashes only, and even those are nobody's business. */
static bool is_shown(const struct field *field)
{
    struct str name = str_from(field->name);
    return !field->is_private && !str_ends(name, STR("hash"));
}

static struct str show_body(struct ctx *cx, const struct fact_kind *kind, struct str text)
{
    struct buf buf;
    if (!kind)
        return STR("");
    void *body = arena_alloc(&cx->arena, kind->fields.struct_bytes);
    /* A body of another time that the table does not fit any more is still in the trail, only
     * without its values. */
    if (fact_body_parse(cx, &kind->fields, text, STR(""), body) != OK)
        return STR("");
    buf_init(&buf, &cx->arena);
    for (size_t i = 0; i < kind->fields.len && buf.len < DETAILS_LEN_MAX; i++) {
        const struct field *field = &kind->fields.at[i];
        struct str value = is_shown(field) ? show_value(&cx->arena, field, body) : STR("");
        if (value.len == 0)
            continue;
        if (buf.len > 0)
            buf_put(&buf, STR("; "));
        buf_format(&buf, "%s: ", field->label);
        put_short(&buf, value, VALUE_LEN_MAX);
    }
    return buf_str(&buf);
}

static struct trail_entry entry_from_row(struct ctx *cx, struct rows *row)
{
    struct trail_entry e = { .seq = rows_i64(row) };
    e.at = rows_i64(row);
    e.kind = rows_str(row);
    e.account_id = rows_i64(row);
    e.unit_id = rows_i64(row);
    e.subject_id = rows_i64(row);
    struct str body = rows_str(row);
    e.unit_name = rows_str(row);
    struct str name = rows_str(row);
    struct str login = rows_str(row);
    const struct fact_kind *kind = fact_kind_find(e.kind);
    e.words = kind && kind->words.len > 0 ? kind->words : e.kind;
    e.details = show_body(cx, kind, body);
    e.who = login.len == 0
                ? STR("Hệ thống")
                : str_format(&cx->arena, STR_FMT " (" STR_FMT ")", STR_ARG(name), STR_ARG(login));
    return e;
}

/* The facts in [from, before) that answer the query. */
static enum err list_window(struct ctx *cx, const struct trail_query *query, int64_t from,
                            int64_t before, struct trail_entry *ret_entries, size_t len,
                            size_t *ret_len)
{
    SQL(list_facts,
        "SELECT f.seq, f.at, f.kind, f.account_id, f.unit_id, f.subject_id, f.body, u.full_name, "
        "a.name, a.login"
        " FROM fact f JOIN unit u ON u.id = f.unit_id LEFT JOIN account a ON a.id = f.account_id"
        " WHERE f.seq >= $1 AND f.seq < $2 AND u.path >= $3 AND u.path < $4"
        " AND ($5 = 0 OR f.account_id = $5) AND ($6 = 0 OR f.unit_id = $6) AND ($7 = 0 OR "
        "f.subject_id = $7 OR f.seq = $7)"
        " AND ($8 = '' OR f.kind = $8) AND ($9 = '' OR a.login = $9) AND f.at >= $10 AND f.at < $11"
        " ORDER BY f.seq DESC LIMIT $12");
    int64_t from_at = query->from_day == DAY_NONE ? INT64_MIN : day_start(query->from_day);
    int64_t to_at = query->to_day == DAY_NONE ? INT64_MAX : day_start(query->to_day + 1);
    size_t found = 0;
    struct rows rows =
        db_rows(cx, &list_facts,
                BIND(V(from), V(before), V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi),
                     V(query->account_id), V(query->unit_id), V(query->subject_id), V(query->kind),
                     V(query->login), V(from_at), V(to_at), V((int64_t)len)));
    while (found < len && rows_next(&rows))
        ret_entries[found++] = entry_from_row(cx, &rows);
    TRY(rows_end(&rows));
    *ret_len = found;
    return OK;
}

enum err trail_list(struct ctx *cx, const struct trail_query *query,
                    struct trail_entry *ret_entries, size_t len, size_t *ret_len,
                    int64_t *ret_before)
{
    SQL(find_newest, "SELECT COALESCE(MAX(seq), 0) FROM fact");
    int64_t newest = 0;
    TRY(db_i64(cx, &find_newest, NO_BIND, &newest));
    int64_t before = query->before > 0 && query->before <= newest ? query->before : newest + 1;
    int64_t from = before > TRAIL_WINDOW ? before - TRAIL_WINDOW : 1;
    TRY(list_window(cx, query, from, before, ret_entries, len, ret_len));
    if (*ret_len == len && len > 0)
        *ret_before = ret_entries[len - 1].seq;
    else
        *ret_before = from > 1 ? from : 0;
    return OK;
}
