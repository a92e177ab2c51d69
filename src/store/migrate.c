#include "store/inside.h"

/*
 * Migrations run forward only. Rooms number theirs in blocks of their own, so a later release may bring a number below
 * the highest that has run: what has not run yet runs, in the order of the numbers, all in one transaction.
 */

enum {
    MIGRATION_NUMBERS = 10000,
    MIGRATION_EXTRA = 0,   /* store_options.extra_schema */
    MIGRATION_ROOMS = 100, /* from here on the rooms' */
};

static bool is_known(int64_t number)
{
    if (number == MIGRATION_EXTRA)
        return true;
    for (size_t i = 0; i < migration_list_len; i++)
        if (migration_list[i].number == number)
            return true;
    return false;
}

struct done {
    bool at[MIGRATION_NUMBERS]; /* by number, which has four digits */
};

static enum err read_done(struct ctx *cx, struct done *ret_done)
{
    SQL(list_migrations, "SELECT number FROM store_migration ORDER BY number /*scan*/");

    bool exists = false;
    TRY(cx->db->engine->table_exists(cx, STR("store_migration"), &exists));
    if (!exists)
        return OK;
    bool newer = false;
    struct rows rows = db_rows(cx, &list_migrations, NO_BIND);
    while (rows_next(&rows)) {
        int64_t number = rows_i64(&rows);
        if (is_known(number))
            ret_done->at[number] = true;
        else
            newer = true;
    }
    TRY(rows_end(&rows));
    if (newer)
        return fail(cx, ERR_INVALID,
                    "Dữ liệu này do phiên bản Điểm Cầu mới hơn tạo ra; xin cài phiên bản mới nhất rồi mở lại");
    return OK;
}

static enum err run_one(struct ctx *cx, const struct migration *migration)
{
    SQL(note_migration, "INSERT INTO store_migration (number, name) VALUES ($1, $2)");

    enum err err = cx->db->engine->script(cx, cx->db->engine->translate(cx, migration->text).at);
    if (err != OK)
        return fail_detail(cx, err, "migration %s: %s", migration->name, str_copy(&cx->arena, str_from(cx->fault.detail)).at);
    return db_run(cx, &note_migration, BIND(V((int64_t)migration->number), V(str_from(migration->name))));
}

static bool is_missing(const struct store *store, const struct done *done, const struct migration *migration)
{
    return !done->at[migration->number] && !(store->without_rooms && migration->number >= MIGRATION_ROOMS);
}

static enum err run_missing(struct ctx *cx, const struct store *store, const struct done *done)
{
    const struct db_engine *engine = cx->db->engine;
    bool exists = false;
    TRY(engine->table_exists(cx, STR("store_migration"), &exists));
    if (!exists)
        TRY(engine->script(cx, engine->translate(cx, STR("CREATE TABLE store_migration (number BIGINT PRIMARY KEY,"
                                                         " name TEXT NOT NULL);")).at));
    for (size_t i = 0; i < migration_list_len; i++)
        if (is_missing(store, done, &migration_list[i]))
            TRY(run_one(cx, &migration_list[i]));
    if (store->extra_schema.len > 0 && !done->at[MIGRATION_EXTRA])
        TRY(run_one(cx, &(struct migration){ MIGRATION_EXTRA, "extra", store->extra_schema }));
    return engine->commit(cx);
}

static bool is_complete(const struct store *store, const struct done *done)
{
    if (store->extra_schema.len > 0 && !done->at[MIGRATION_EXTRA])
        return false;
    for (size_t i = 0; i < migration_list_len; i++)
        if (is_missing(store, done, &migration_list[i]))
            return false;
    return true;
}

enum err migrate_run(struct ctx *cx, struct store *store, bool only_look)
{
    const struct db_engine *engine = store->engine;
    struct done *done = ARENA_NEW(&cx->arena, struct done);
    TRY(read_done(cx, done));
    if (is_complete(store, done))
        return OK;
    if (only_look)
        return fail(cx, ERR_UNAVAILABLE, "Dữ liệu cần được nâng cấp nhưng đang có chương trình khác mở;"
                                         " xin dừng chương trình đó rồi thử lại");
    TRY(engine->begin(cx));
    /* Looked at again inside: another program on the same database may have been first. */
    *done = (struct done){ { false } };
    enum err err = read_done(cx, done);
    if (err == OK)
        err = run_missing(cx, store, done);
    if (err != OK)
        engine->rollback(cx);
    return err;
}

/* Pieces of a migration's text, for the engines that put it into their own words. */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct str migrate_next_piece(struct str *rest)
{
    struct str s = *rest;
    size_t len = 1;
    if (str_starts(s, STR("--"))) {
        len = str_find(s, STR("\n"));
    } else if (str_starts(s, STR("/*"))) {
        len = str_find(s, STR("*/")) + 2;
    } else if (s.at[0] == '\'') {
        while (len < s.len && s.at[len] != '\'')
            len++;
        len++;
    } else if (is_word_char(s.at[0])) {
        while (len < s.len && is_word_char(s.at[len]))
            len++;
    }
    struct str piece = str_sub(s, 0, len);
    *rest = str_sub(s, piece.len, SIZE_MAX);
    return piece;
}

bool migrate_is_word(struct str piece)
{
    return is_word_char(piece.at[0]);
}
