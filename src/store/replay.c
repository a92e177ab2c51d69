#include "store/replay.h"

#include "store/batch.h"
#include "store/guard.h"
#include "store/inside.h"

#include <sodium.h>

enum {
    REPLAY_CHUNK = 1000,             /* facts read at a time */
    REPLAY_JOB_FACTS = 20000,        /* facts a job of replay_into_new takes: bounds its transaction */
    REPLAY_ARENA_BYTES = 512 << 20,  /* of one chunk: bodies may be long */
};

static void end_side_ctx(void *what)
{
    struct ctx *side = what;
    arena_end(&side->arena);
}

struct ctx *replay_side_ctx(struct ctx *cx)
{
    struct ctx *side = ARENA_NEW(&cx->arena, struct ctx);
    *side = *cx;
    arena_init(&side->arena, cx->env, REPLAY_ARENA_BYTES);
    side->arena.guard = cx->arena.guard;
    arena_on_end(&cx->arena, end_side_ctx, side);
    return side;
}

/* Applying. */

static enum err append_copy(struct ctx *cx, const struct fact_row *row, struct bytes salt)
{
    struct fact_entry entry = { .fact = row->fact, .kind = row->kind, .body = row->body,
                                .private_body = row->private_body };
    memcpy(entry.hash, row->hash, sizeof entry.hash);
    if (salt.len == sizeof entry.salt)
        memcpy(entry.salt, salt.at, sizeof entry.salt);
    return cx->db->engine->append(cx, &entry, 1);
}

static enum err find_salt(struct ctx *cx, int64_t seq, struct bytes *ret_salt)
{
    SQL(find_salt, "SELECT salt FROM fact_private WHERE seq = $1");

    struct rows rows = db_rows(cx, &find_salt, BIND(V(seq)));
    if (rows_next(&rows))
        *ret_salt = rows_bytes(&rows);
    return rows_end(&rows);
}

static bool is_left_out(const struct replay *replay, struct str kind)
{
    struct str room = str_cut(&kind, '.');
    for (size_t i = 0; i < replay->without_len; i++)
        if (str_eq(room, replay->without[i]))
            return true;
    return false;
}

static enum err replay_one(struct ctx *cx, const struct replay *replay, const struct fact_row *row)
{
    if (is_left_out(replay, row->kind))
        return OK;
    if (replay->copy) {
        struct bytes salt = { 0 };
        if (row->private_body.len > 0)
            TRY(find_salt(replay->from, row->fact.seq, &salt));
        TRY(append_copy(cx, row, salt));
    }
    const struct fact_kind *kind = fact_kind_find(row->kind);
    if (!kind)
        return fail(cx, ERR_INVALID, "Bản ghi số %lld có loại lạ: " STR_FMT, (long long)row->fact.seq,
                    STR_ARG(row->kind));
    void *body = arena_alloc(&cx->arena, kind->fields.struct_bytes);
    TRY(fact_body_parse(cx, &kind->fields, row->body, row->private_body, body));
    return kind->apply(cx, &row->fact, body);
}

static enum err replay_chunk(struct ctx *cx, struct replay *replay, bool *ret_more)
{
    struct fact_row *rows = ARENA_NEW_ARRAY(&replay->from->arena, struct fact_row, REPLAY_CHUNK);
    size_t len = 0;
    TRY(fact_list(replay->from, replay->after, rows, REPLAY_CHUNK, &len));
    for (size_t i = 0; i < len && rows[i].fact.seq <= replay->upto; i++) {
        enum err err = replay_one(cx, replay, &rows[i]);
        if (err != OK) {
            char detail[sizeof cx->fault.detail];
            snprintf(detail, sizeof detail, "fact %lld (" STR_FMT "): %.400s", (long long)rows[i].fact.seq,
                     STR_ARG(rows[i].kind), cx->fault.detail);
            memcpy(cx->fault.detail, detail, sizeof detail);
            return err;
        }
        replay->after = rows[i].fact.seq;
        replay->done++;
    }
    if (replay->progress)
        __atomic_store_n(replay->progress, replay->done, __ATOMIC_RELAXED);
    *ret_more = len == REPLAY_CHUNK && rows[len - 1].fact.seq < replay->upto;
    return OK;
}

enum err replay_run(struct ctx *cx, void *what)
{
    struct replay *replay = what;
    TRY(batch_job_writes(cx));
    if (replay->copy)
        cx->job->batch->chain_is_known = false; /* facts come into the table past the batch */
    struct ctx *side = replay_side_ctx(cx);
    /* When memory ends while reading, it is this job that is left, not what lies around its batch. */
    jmp_buf *guard = replay->from->arena.guard;
    replay->from->arena.guard = cx->arena.guard;
    enum err err = OK;
    for (bool more = true; more && err == OK;) {
        err = replay_chunk(side, replay, &more);
        arena_reset(&side->arena);
        arena_reset(&replay->from->arena);
    }
    replay->from->arena.guard = guard;
    cx->fault = side->fault;
    return err;
}

struct filling {
    struct store *made;
    int64_t upto;
    const struct store_part *part; /* NULL: everything, copied */
};

static enum err fill(struct ctx *from, void *what)
{
    const struct filling *filling = what;
    struct ctx *cx = replay_side_ctx(from); /* writes, while `from` reads */
    struct replay replay = { .from = replay_side_ctx(from), .copy = !filling->part };
    if (filling->part) {
        replay.without = filling->part->without;
        replay.without_len = filling->part->without_len;
        replay.progress = filling->part->progress;
    }
    enum err err = OK;
    while (err == OK && replay.upto < filling->upto) {
        int64_t before = replay.done;
        replay.upto =
            filling->upto - replay.after > REPLAY_JOB_FACTS ? replay.after + REPLAY_JOB_FACTS : filling->upto;
        err = store_write(cx, filling->made, replay_run, &replay);
        arena_reset(&cx->arena);
        if (replay.done == before)
            break; /* the log ends before `upto` */
    }
    from->fault = cx->fault;
    return err;
}

static enum err make_filled(struct ctx *cx, struct store *store, struct store_options options, struct filling *filling,
                            struct store **ret_store)
{
    struct store *made = NULL;
    TRY(store_open(cx, &options, &made));
    /* Apply may seal or index with the installation's key, and the view is the installation's. */
    memcpy(made->key, store->key, sizeof made->key);
    memcpy(made->epoch, store->epoch, sizeof made->epoch);
    filling->made = made;
    enum err err = guard_read(cx, store, fill, filling);
    if (err != OK) {
        store_close(made);
        return err;
    }
    *ret_store = made;
    return OK;
}

enum err replay_into_new(struct ctx *cx, struct store *store, int64_t upto, struct store **ret_store)
{
    struct store_options options = { .env = store->env, .in_memory = true, .extra_schema = store->extra_schema,
                                     .without_rooms = store->without_rooms };
    struct filling filling = { .upto = upto };
    return make_filled(cx, store, options, &filling, ret_store);
}

/* Tables and their digest. */

static bool is_made_by_facts(struct str table)
{
    return !str_eq(table, STR("fact")) && !str_eq(table, STR("fact_private")) && !str_starts(table, STR("store_")) &&
           !str_starts(table, STR("session")) && !str_starts(table, STR("job_")) && !str_starts(table, STR("cache_"));
}

enum err replay_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len)
{
    struct str *names = NULL;
    size_t all = 0;
    TRY(cx->db->engine->tables(cx, &names, &all));
    size_t len = 0;
    for (size_t i = 0; i < all; i++)
        if (is_made_by_facts(names[i]))
            names[len++] = names[i];
    *ret_names = names;
    *ret_len = len;
    return OK;
}

static struct str list_query(struct ctx *cx, struct str table, const struct db_column *columns, size_t len)
{
    bool has_key = false;
    for (size_t i = 0; i < len; i++)
        has_key = has_key || columns[i].is_key;
    struct buf text;
    buf_init(&text, &cx->arena);
    for (size_t i = 0; i < len; i++)
        buf_format(&text, "%s\"" STR_FMT "\"", i == 0 ? "SELECT " : ", ", STR_ARG(columns[i].name));
    buf_format(&text, " FROM \"" STR_FMT "\"", STR_ARG(table));
    /* A sum of 0 is written or not, depending on how the facts fell into batches. */
    if (str_eq(table, STR("counter")))
        buf_put(&text, STR(" WHERE value <> 0"));
    const char *before = " ORDER BY ";
    for (size_t i = 0; i < len; i++) {
        if (has_key && !columns[i].is_key)
            continue;
        buf_format(&text, "%s\"" STR_FMT "\"", before, STR_ARG(columns[i].name));
        before = ", ";
    }
    return buf_str(&text);
}

static void add_value(crypto_generichash_state *state, char tag, const void *at, size_t len)
{
    unsigned char head[9] = { (unsigned char)tag };
    for (size_t i = 0; i < 8; i++)
        head[i + 1] = (unsigned char)((uint64_t)len >> (8 * i));
    crypto_generichash_update(state, head, sizeof head);
    crypto_generichash_update(state, at, len);
}

static void add_row(crypto_generichash_state *state, struct rows *rows, const struct db_column *columns, size_t len)
{
    const struct db_engine *engine = rows->cx->db->engine;
    for (size_t i = 0; i < len; i++) {
        int column = (int)i;
        if (engine->rows_is_null(rows, column)) {
            add_value(state, '0', "", 0);
        } else if (columns[i].type == DB_I64) {
            uint64_t value = (uint64_t)engine->rows_i64(rows, column);
            unsigned char at[8];
            for (size_t j = 0; j < sizeof at; j++)
                at[j] = (unsigned char)(value >> (8 * j));
            add_value(state, 'i', at, sizeof at);
        } else if (columns[i].type == DB_TEXT) {
            struct str value = engine->rows_str(rows, column);
            add_value(state, 't', value.at, value.len);
        } else {
            struct bytes value = engine->rows_bytes(rows, column);
            add_value(state, 'b', value.at, value.len);
        }
    }
}

enum err replay_digest_table(struct ctx *cx, struct str table, unsigned char ret_digest[FACT_HASH_BYTES])
{
    struct db_column *columns = NULL;
    size_t len = 0;
    TRY(cx->db->engine->columns(cx, table, &columns, &len));
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FACT_HASH_BYTES);
    add_value(&state, 'T', table.at, table.len);
    struct rows rows = db_rows_text(cx, list_query(cx, table, columns, len), NO_BIND);
    while (rows_next(&rows)) /* views only: a row is hashed and forgotten */
        add_row(&state, &rows, columns, len);
    TRY(rows_end(&rows));
    crypto_generichash_final(&state, ret_digest, FACT_HASH_BYTES);
    return OK;
}

static enum err digest_all(struct ctx *cx, void *ret_digest)
{
    struct str *tables = NULL;
    size_t len = 0;
    TRY(replay_tables(cx, &tables, &len));
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FACT_HASH_BYTES);
    for (size_t i = 0; i < len; i++) {
        unsigned char digest[FACT_HASH_BYTES];
        TRY(replay_digest_table(cx, tables[i], digest));
        crypto_generichash_update(&state, digest, sizeof digest);
    }
    crypto_generichash_final(&state, ret_digest, FACT_HASH_BYTES);
    return OK;
}

enum err store_digest(struct ctx *cx, struct store *store, unsigned char ret_digest[32])
{
    return guard_read(cx, store, digest_all, ret_digest);
}

/* Rebuild. */

static enum err rebuild(struct ctx *cx, void *what)
{
    struct store *store = what;
    TRY(batch_job_writes(cx));
    struct str *tables = NULL;
    size_t len = 0;
    TRY(replay_tables(cx, &tables, &len));
    TRY(cx->db->engine->clear(cx, tables, len));
    struct replay replay = { .from = replay_side_ctx(cx), .upto = INT64_MAX };
    replay.from->job = NULL;
    TRY(replay_run(cx, &replay));
    struct str *findings = NULL;
    size_t findings_len = 0;
    TRY(store->engine->verify(cx, VERIFY_KEYS, &findings, &findings_len));
    if (findings_len > 0)
        return fail_detail(cx, ERR_SYSTEM, "after the rebuild: " STR_FMT, STR_ARG(findings[0]));
    return OK;
}

enum err store_rebuild(struct ctx *cx, struct store *store)
{
    if (!store->writer)
        return store_write(cx, store, rebuild, store); /* says why not */
    /* Foreign keys are checked once at the end: row by row, emptying a table would search all that point to it. */
    struct db *before = cx->db;
    cx->db = store->writer;
    enum err err = store->engine->set_foreign_keys(cx, false);
    cx->db = before;
    TRY(err);
    err = store_write(cx, store, rebuild, store);
    cx->db = store->writer;
    enum err err_keys = store->engine->set_foreign_keys(cx, true);
    cx->db = before;
    return err != OK ? err : err_keys;
}

/* As it stood. */

struct moment {
    int64_t at;
    int64_t upto;
};

static enum err find_last(struct ctx *cx, void *what)
{
    SQL(find_last_at, "SELECT coalesce(max(seq), 0) FROM fact WHERE at <= $1 /*scan*/");

    struct moment *moment = what;
    return db_i64(cx, &find_last_at, BIND(V(moment->at)), &moment->upto);
}

enum err store_as_of(struct ctx *cx, struct store *store, int64_t at, struct store **ret_store)
{
    struct moment moment = { .at = at };
    TRY(guard_read(cx, store, find_last, &moment));
    return replay_into_new(cx, store, moment.upto, ret_store);
}

enum err store_as_of_part(struct ctx *cx, struct store *store, const struct store_part *part, struct store **ret_store)
{
    struct moment moment = { .at = part->at };
    TRY(guard_read(cx, store, find_last, &moment));
    struct store_options options = { .env = store->env, .in_memory = true, .extra_schema = store->extra_schema,
                                     .without_rooms = store->without_rooms, .private_in = str_from(store->dir) };
    struct filling filling = { .upto = moment.upto, .part = part };
    return make_filled(cx, store, options, &filling, ret_store);
}
