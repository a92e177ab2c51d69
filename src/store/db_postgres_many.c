#include "store/db_postgres.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/*
 * The same statement for many jobs, sent once: each of its values becomes a column of unnest(), and the statement is
 * asked, or carried out, for every row of that. A statement may be treated so when it is marked "row of TABLE $1 $2":
 * then each touches a row of its own, and it does not matter in which order, or whether at once.
 *
 * Changes wait until somebody must see them: the next real question, a statement without a mark, a second change of the
 * same row, the end of the batch.
 */

/* --- the mark --- */

void pg_read_mark(struct db_statement *statement, const char *text)
{
    static const struct str mark = STR_INIT("/*row of ");
    struct str rest = str_from(text);
    statement->text = text;
    size_t at = str_find(rest, mark);
    if (at == rest.len)
        return;
    rest = str_sub(rest, at + mark.len, SIZE_MAX);
    rest = str_cut(&rest, '*');
    struct str table = str_cut(&rest, ' ');
    while (rest.len > 0) {
        struct str value = str_cut(&rest, ' ');
        int64_t number = 0;
        if (value.len < 2 || !str_to_i64(str_sub(value, 1, SIZE_MAX), &number) || number < 1 || number > PG_ARRAYS_MAX ||
            statement->key_len == LEN(statement->key))
            return; /* no mark that we understand is no mark */
        statement->key[statement->key_len++] = (unsigned char)(number - 1);
    }
    statement->table = table;
}

/* --- the text for many --- */

static void put_text(struct buf *out, struct str text)
{
    /* $N becomes q.pN. */
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '$')
            buf_put(out, STR("q.p"));
        else
            buf_put_char(out, text.at[i]);
    }
}

static void put_values(struct buf *out, size_t len, bool with_place)
{
    buf_put(out, STR("unnest("));
    for (size_t i = 0; i < len; i++)
        buf_format(out, i ? ", $%zu" : "$%zu", i + 1);
    buf_put(out, with_place ? STR(") WITH ORDINALITY AS q (") : STR(") AS q ("));
    for (size_t i = 0; i < len; i++)
        buf_format(out, i ? ", p%zu" : "p%zu", i + 1);
    buf_put(out, with_place ? STR(", place)") : STR(")"));
}

static bool has(struct str text, struct str part)
{
    return str_find(text, part) < text.len;
}

/* Empty when the statement is none that can be carried out for many. */
static struct str make_text(struct arena *arena, struct str text, size_t values_len)
{
    struct buf out;
    buf_init(&out, arena);
    if (str_starts(text, STR("SELECT "))) {
        buf_put(&out, STR("SELECT q.place, s.* FROM "));
        put_values(&out, values_len, true);
        buf_put(&out, STR(" CROSS JOIN LATERAL ("));
        put_text(&out, text);
        buf_put(&out, STR(") AS s"));
    } else if (str_starts(text, STR("UPDATE ")) && !has(text, STR("SELECT ")) && !has(text, STR(" FROM ")) &&
               !has(text, STR(" RETURNING "))) {
        size_t where = str_find(text, STR(" WHERE "));
        put_text(&out, str_sub(text, 0, where));
        buf_put(&out, STR(" FROM "));
        put_values(&out, values_len, false);
        put_text(&out, str_sub(text, where, SIZE_MAX));
    }
    return buf_str(&out);
}

static struct db_statement *make_many(struct ctx *cx, const struct db_statement *statement)
{
    const struct env *env = cx->db->env;
    struct str text = make_text(&cx->arena, str_from(statement->text), statement->types_len);
    struct db_statement *made = text.len > 0 ? env_alloc(env, sizeof *made) : NULL;
    char *kept = made ? env_alloc(env, text.len + 1) : NULL;
    if (!kept) {
        env_free(env, made);
        return NULL;
    }
    memcpy(kept, text.at, text.len);
    kept[text.len] = '\0';
    *made = (struct db_statement){ .name = statement->name, .own_text = kept };
    snprintf(made->id, sizeof made->id, "m%.10s", statement->id + 1);
    return made;
}

bool pg_can_send_many(struct ctx *cx, struct db_statement *statement, struct db_bind bind)
{
    if (bind.len == 0 || bind.len > PG_ARRAYS_MAX)
        return false;
    if (!statement->many_is_made) {
        statement->many_is_made = true;
        statement->types_len = bind.len;
        for (size_t i = 0; i < bind.len; i++)
            statement->types[i] = (unsigned char)bind.at[i].type;
        statement->many = make_many(cx, statement);
    }
    if (!statement->many || statement->types_len != bind.len)
        return false;
    for (size_t i = 0; i < bind.len; i++)
        if (statement->types[i] != (unsigned char)bind.at[i].type)
            return false;
    return true;
}

void pg_forget_many(struct db_postgres *db, struct db_statement *statement)
{
    if (!statement->many)
        return;
    env_free(db->base.env, statement->many->own_text);
    env_free(db->base.env, statement->many);
    statement->many = NULL;
}

/* --- lists of statements with their values --- */

bool pg_lists_ready(struct db_postgres *db)
{
    struct pg_list **lists[] = { &db->questions, &db->pending };
    for (size_t i = 0; i < LEN(lists); i++) {
        if (*lists[i])
            continue;
        *lists[i] = env_alloc(db->base.env, sizeof **lists[i]);
        if (!*lists[i])
            return false;
        memset(*lists[i], 0, sizeof **lists[i]);
    }
    return true;
}

static void clear_list(struct pg_list *list)
{
    if (!list || list->len == 0)
        return;
    for (size_t i = 0; i < list->len; i++)
        list->at[i].statement->first_waiting = list->at[i].statement->last_waiting = 0;
    for (size_t i = 0; i < list->results_len; i++) {
        PQclear(list->results[i]);
        list->results[i] = NULL;
    }
    memset(list->index, 0, sizeof list->index);
    list->len = list->bytes_len = list->results_len = list->waiting_len = 0;
}

void pg_lists_clear(struct db_postgres *db)
{
    clear_list(db->questions);
    clear_list(db->pending);
    pg_changes_clear(db);
}

void pg_lists_end(struct db_postgres *db)
{
    pg_lists_clear(db);
    env_free(db->base.env, db->questions);
    env_free(db->base.env, db->pending);
}

/* Each value as it stands in PostgreSQL's binary arrays: its length (-1 for NULL), its bytes. */
static bool write_values(struct pg_list *list, struct db_bind bind, size_t *ret_len)
{
    size_t at = list->bytes_len;
    for (size_t i = 0; i < bind.len; i++) {
        const struct db_value *value = &bind.at[i];
        uint64_t number = htobe64((uint64_t)value->i64);
        struct bytes bytes = { (const unsigned char *)value->text.at, value->text.len };
        if (value->type == DB_I64)
            bytes = (struct bytes){ (const unsigned char *)&number, sizeof number };
        else if (value->type == DB_BYTES)
            bytes = value->bytes;
        size_t len = value->is_null ? 0 : bytes.len;
        uint32_t head = htobe32(value->is_null ? UINT32_MAX : (uint32_t)len);
        if (len > sizeof list->bytes / 16 || at + sizeof head + len > sizeof list->bytes)
            return false;
        memcpy(list->bytes + at, &head, sizeof head);
        if (len)
            memcpy(list->bytes + at + sizeof head, bytes.at, len);
        at += sizeof head + len;
    }
    *ret_len = at - list->bytes_len;
    return true;
}

static struct bytes read_value(const char **at)
{
    uint32_t head = 0;
    memcpy(&head, *at, sizeof head);
    head = be32toh(head);
    struct bytes value = { head == UINT32_MAX ? NULL : (const unsigned char *)*at + sizeof head,
                           head == UINT32_MAX ? 0 : head };
    *at += sizeof head + value.len;
    return value;
}

static uint64_t hash_bytes(uint64_t hash, const void *from, size_t len)
{
    const unsigned char *at = from;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ at[i]) * 0x100000001b3U;
    return hash ^ hash >> 29;
}

/* Of the table and the key's values; never 0. */
static uint64_t hash_row(const struct db_statement *statement, const char *values)
{
    struct bytes all[PG_ARRAYS_MAX] = { { NULL, 0 } };
    for (size_t i = 0; i < statement->types_len; i++)
        all[i] = read_value(&values);
    uint64_t hash = hash_bytes(0xcbf29ce484222325U, statement->table.at, statement->table.len);
    for (size_t i = 0; i < statement->key_len; i++) {
        const struct bytes *value = &all[statement->key[i]];
        hash = hash_bytes(hash_bytes(hash, &value->len, sizeof value->len), value->at, value->len);
    }
    return hash ? hash : 1;
}

/* The place in the index where this statement with the values just written is, or would be. */
static size_t find_place(const struct pg_list *list, const struct db_statement *statement, size_t len, uint64_t hash)
{
    size_t place = hash % LEN(list->index);
    for (; list->index[place]; place = (place + 1) % LEN(list->index)) {
        const struct pg_one *one = &list->at[list->index[place] - 1];
        if (one->hash == hash && one->statement == statement && one->values_len == len &&
            memcmp(list->bytes + one->values_at, list->bytes + list->bytes_len, len) == 0)
            break;
    }
    return place;
}

static uint64_t hash_one(const struct db_statement *statement, const char *values, size_t len)
{
    return hash_bytes((uint64_t)(uintptr_t)statement, values, len);
}

struct pg_one *pg_find_one(struct pg_list *list, const struct db_statement *statement, struct db_bind bind)
{
    size_t len = 0;
    if (!write_values(list, bind, &len))
        return NULL;
    uint64_t hash = hash_one(statement, list->bytes + list->bytes_len, len);
    uint16_t found = list->index[find_place(list, statement, len, hash)];
    return found ? &list->at[found - 1] : NULL;
}

struct pg_one *pg_add_one(struct pg_list *list, struct db_statement *statement, struct db_bind bind)
{
    size_t len = 0;
    bool is_new = statement->first_waiting == 0;
    if (list->len == LEN(list->at) || (is_new && list->waiting_len == LEN(list->waiting)) ||
        !write_values(list, bind, &len))
        return NULL;
    const char *values = list->bytes + list->bytes_len;
    uint64_t hash = hash_one(statement, values, len);
    size_t place = find_place(list, statement, len, hash);
    struct pg_one *one = &list->at[list->len++];
    *one = (struct pg_one){ .statement = statement, .hash = hash, .row_hash = hash_row(statement, values),
                            .values_at = list->bytes_len, .values_len = len };
    list->index[place] = (uint16_t)list->len;
    list->bytes_len += len;
    if (is_new) {
        list->waiting[list->waiting_len++] = statement;
        statement->first_waiting = (uint32_t)list->len;
    } else {
        list->at[statement->last_waiting - 1].next = (uint32_t)list->len;
    }
    statement->last_waiting = (uint32_t)list->len;
    return one;
}

/* --- sending --- */

static const Oid array_types[] = { [DB_I64] = PG_INT8_ARRAY, [DB_TEXT] = PG_TEXT_ARRAY, [DB_BYTES] = PG_BYTEA_ARRAY };

enum err pg_send_many(struct ctx *cx, const struct pg_list *list, struct db_statement *statement, PGresult **ret_kept)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    Oid types[PG_ARRAYS_MAX];
    const char *at[PG_ARRAYS_MAX];
    int lens[PG_ARRAYS_MAX];
    size_t columns = statement->types_len;
    for (size_t i = 0; i < columns; i++)
        types[i] = array_types[statement->types[i]];
    bool has_room = pg_begin_arrays(db, types, (int)columns);
    for (uint32_t i = statement->first_waiting; i && has_room; i = list->at[i - 1].next) {
        const char *values = list->bytes + list->at[i - 1].values_at;
        for (size_t column = 0; column < columns && has_room; column++)
            has_room = pg_put_value(db, &db->arrays[column], read_value(&values));
    }
    if (!has_room)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for an array");
    for (size_t i = 0; i < columns; i++) {
        at[i] = db->arrays[i].at;
        lens[i] = (int)db->arrays[i].len;
    }
    TRY(pg_send(cx, statement->many, statement->many->own_text, &(struct pg_values){ (int)columns, types, at, lens }));
    db->waiting[db->waiting_len - 1].keep = ret_kept;
    return OK;
}

/* --- changes that wait --- */

enum err pg_flush_changes(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct pg_list *list = db->pending;
    if (!list || list->len == 0)
        return OK;
    enum err err = OK;
    for (size_t i = 0; i < list->waiting_len && err == OK; i++)
        err = pg_send_many(cx, list, list->waiting[i], NULL);
    clear_list(list);
    return err;
}

enum err pg_put_change(struct ctx *cx, struct db_statement *statement, struct db_bind bind, bool *ret_put)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (!statement->table.len || !pg_can_send_many(cx, statement, bind) || !pg_lists_ready(db))
        return OK;
    struct pg_list *list = db->pending;
    size_t len = 0;
    if (!write_values(list, bind, &len) ||
        pg_is_row_changed(db, hash_row(statement, list->bytes + list->bytes_len))) /* one after the other */
        TRY(pg_flush_changes(cx));
    const struct pg_one *one = pg_add_one(list, statement, bind);
    if (!one) { /* full */
        TRY(pg_flush_changes(cx));
        one = pg_add_one(list, statement, bind);
    }
    if (!one)
        return OK;
    pg_note_row(db, statement, one->row_hash);
    *ret_put = true;
    return OK;
}
