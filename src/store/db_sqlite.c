#include "store/db_sqlite.h"

#include "store/checkpointer.h"
#include "store/inside.h"
#include "store/wal_vfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SQLITE_BUSY_MS = 5000,
    /* The WAL is brought back into the file when it holds this many pages (16 MB), by the writer, after the batch was
       answered. SQLite's own 1,000 pages cost a third more; without any the WAL grows without end under a steady load. */
    SQLITE_WAL_PAGES = 4000,
    SQLITE_WAL_REST_PAGES = 1000, /* the writer's own part of it */
    SQLITE_WAL_BEHIND_MAX = 3,    /* at so many times as much it does not wait for the other thread any more */
    SQLITE_WARM_PAGES = 5000,
    /* A WAL that one great transaction made longer than this is cut back; a shorter one keeps its length. */
    SQLITE_WAL_BYTES_MAX = 64 << 20,
    SQLITE_WRITER_CACHE_KB = 32 * 1024,
    SQLITE_READER_CACHE_KB = 4 * 1024,
    SQLITE_CAREFUL_BATCHES = 8,
};

enum err db_sqlite_fail(struct ctx *cx, int code, const char *what)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    const char *said = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    int extended = db->handle ? sqlite3_extended_errcode(db->handle) : code;
    if ((extended & 0xFF) != (code & 0xFF)) /* the connection has gone on since */
        extended = code;
    if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC)
        db->base.sync_failed = true;
    enum err err = ERR_SYSTEM;
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        err = ERR_CONFLICT;
        break;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        err = ERR_UNAVAILABLE;
        break;
    }
    return fail_detail(cx, err, "%s: %s (%d)", what, said, extended);
}

/* Statements. */

static void finalize_statement(struct db_statement *statement)
{
    sqlite3_finalize(statement->at);
    statement->at = NULL;
}

static enum err prepare(struct ctx *cx, const char *text, size_t len, const char *name, struct db_statement *ret)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    struct db_statement made = { .name = name };
    int code = sqlite3_prepare_v3(db->handle, text, (int)len, SQLITE_PREPARE_PERSISTENT, &made.at, NULL);
    if (code != SQLITE_OK)
        return db_sqlite_fail(cx, code, name);
    made.params_len = sqlite3_bind_parameter_count(made.at);
    for (int i = 0; i < made.params_len && i < DB_PARAM_MAX; i++) {
        /* SQLite numbers $N in the order it meets them; the name says which value is meant. */
        const char *param = sqlite3_bind_parameter_name(made.at, i + 1);
        int64_t number = 0;
        if (!param || param[0] != '$' || !str_to_i64(str_from(param + 1), &number) || number < 1 ||
            number > DB_PARAM_MAX)
            number = 0;
        if (number == 0) {
            finalize_statement(&made);
            return fail_detail(cx, ERR_SYSTEM, "%s: parameters must be $1 to $%d", name, DB_PARAM_MAX);
        }
        made.values[i] = (unsigned char)(number - 1);
        if (made.values_len < (size_t)number)
            made.values_len = (size_t)number;
    }
    *ret = made;
    return OK;
}

static enum err find_statement(struct ctx *cx, struct sql *sql, struct db_statement **ret_statement)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    struct db_statement *found = &db->statements[sql->slot];
    if (!found->at)
        TRY(prepare(cx, sql->text, strlen(sql->text), sql->name, found));
    if (found->is_running) { /* a query inside the same query: it gets a statement of its own */
        found = ARENA_NEW(&cx->arena, struct db_statement);
        TRY(prepare(cx, sql->text, strlen(sql->text), sql->name, found));
        found->is_extra = true;
    }
    *ret_statement = found;
    return OK;
}

static int bind_value(sqlite3_stmt *at, int param, const struct db_value *value, sqlite3_destructor_type keep)
{
    if (value->is_null)
        return sqlite3_bind_null(at, param);
    switch (value->type) {
    case DB_I64:
        return sqlite3_bind_int64(at, param, value->i64);
    case DB_TEXT:
        return sqlite3_bind_text64(at, param, value->text.at, value->text.len, keep, SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(at, param, value->bytes.at, value->bytes.len, keep);
    }
    return SQLITE_MISUSE;
}

static enum err bind_values(struct ctx *cx, struct db_statement *statement, struct db_bind bind,
                            sqlite3_destructor_type keep)
{
    if (bind.len != statement->values_len)
        return fail_detail(cx, ERR_SYSTEM, "%s: %zu values for %zu parameters", statement->name, bind.len,
                           statement->values_len);
    for (int i = 0; i < statement->params_len; i++) {
        int code = bind_value(statement->at, i + 1, &bind.at[statement->values[i]], keep);
        if (code != SQLITE_OK)
            return db_sqlite_fail(cx, code, statement->name);
    }
    return OK;
}

static enum err sqlite_run(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_changed)
{
    struct db_statement *statement = NULL;
    TRY(find_statement(cx, sql, &statement));
    enum err err = bind_values(cx, statement, bind, SQLITE_STATIC);
    if (err == OK) {
        int code = sqlite3_step(statement->at);
        if (code != SQLITE_DONE && code != SQLITE_ROW)
            err = db_sqlite_fail(cx, code, statement->name);
        sqlite3_reset(statement->at);
    }
    if (statement->is_extra)
        finalize_statement(statement);
    if (err == OK && ret_changed)
        *ret_changed = sqlite3_changes64(db_sqlite_of(cx->db)->handle);
    return err;
}

/* Queries. */

static enum err start(struct ctx *cx, struct db_statement *statement, struct db_bind bind, struct rows *rows)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    enum err err = bind_values(cx, statement, bind, SQLITE_TRANSIENT);
    if (err != OK) {
        if (statement->is_extra)
            finalize_statement(statement);
        return err;
    }
    statement->is_running = true;
    statement->older = db->running;
    db->running = statement;
    rows->statement = statement;
    return OK;
}

static enum err sqlite_rows_start(struct ctx *cx, struct sql *sql, struct db_bind bind, struct rows *rows)
{
    struct db_statement *statement = NULL;
    TRY(find_statement(cx, sql, &statement));
    return start(cx, statement, bind, rows);
}

static enum err sqlite_rows_start_text(struct ctx *cx, struct str text, struct db_bind bind, struct rows *rows)
{
    struct db_statement *statement = ARENA_NEW(&cx->arena, struct db_statement);
    TRY(prepare(cx, text.at, text.len, "(made by store)", statement));
    statement->is_extra = true;
    return start(cx, statement, bind, rows);
}

static bool sqlite_rows_next(struct rows *rows)
{
    int code = sqlite3_step(rows->statement->at);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        rows->err = db_sqlite_fail(rows->cx, code, rows->statement->name);
    return false;
}

static int64_t sqlite_rows_i64(struct rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement->at, column);
}

/* A value without memory for it looks like NULL: the rows must not seem complete then. */
static void note_no_memory(struct rows *rows)
{
    if (sqlite3_errcode(db_sqlite_of(rows->cx->db)->handle) == SQLITE_NOMEM)
        rows->err = db_sqlite_fail(rows->cx, SQLITE_NOMEM, rows->statement->name);
}

static struct str sqlite_rows_str(struct rows *rows, int column)
{
    const unsigned char *at = sqlite3_column_text(rows->statement->at, column);
    if (!at) {
        note_no_memory(rows);
        return STR("");
    }
    return (struct str){ (const char *)at, (size_t)sqlite3_column_bytes(rows->statement->at, column) };
}

static struct bytes sqlite_rows_bytes(struct rows *rows, int column)
{
    const void *at = sqlite3_column_blob(rows->statement->at, column);
    if (!at) {
        note_no_memory(rows);
        return (struct bytes){ NULL, 0 };
    }
    return (struct bytes){ at, (size_t)sqlite3_column_bytes(rows->statement->at, column) };
}

static bool sqlite_rows_is_null(struct rows *rows, int column)
{
    return sqlite3_column_type(rows->statement->at, column) == SQLITE_NULL;
}

static void stop(struct db_sqlite *db, struct db_statement *statement)
{
    struct db_statement **link = &db->running;
    while (*link != statement)
        link = &(*link)->older;
    *link = statement->older;
    statement->is_running = false;
    if (statement->is_extra)
        finalize_statement(statement);
    else
        sqlite3_reset(statement->at);
}

static void sqlite_rows_stop(struct rows *rows)
{
    stop(db_sqlite_of(rows->cx->db), rows->statement);
}

static void sqlite_cancel(struct db *base)
{
    struct db_sqlite *db = db_sqlite_of(base);
    while (db->running)
        stop(db, db->running);
    base->open_rows = 0;
}

/* Transactions. */

static enum err step(struct ctx *cx, sqlite3_stmt *statement, const char *what)
{
    int code = sqlite3_step(statement);
    enum err err = code == SQLITE_DONE ? OK : db_sqlite_fail(cx, code, what);
    sqlite3_reset(statement);
    return err;
}

static enum err sqlite_begin(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    db->is_careful = db->careful_left > 0;
    db->careful_left -= db->is_careful;
    return step(cx, db->begin, "begin");
}

static enum err sqlite_commit(struct ctx *cx)
{
    return step(cx, db_sqlite_of(cx->db)->commit, "commit");
}

static bool sqlite_is_open(const struct db *base)
{
    const struct db_sqlite *db = (const struct db_sqlite *)base;
    return sqlite3_get_autocommit(db->handle) == 0;
}

static void sqlite_rollback(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    if (!sqlite_is_open(cx->db))
        return; /* the failure that brings us here has ended it */
    sqlite3_step(db->rollback);
    sqlite3_reset(db->rollback);
}

/*
 * Jobs that fail after they wrote are rare, and inside a savepoint SQLite copies every page before its first change. So
 * a batch is run hopefully, without savepoints; when a job must be taken back, the whole batch is rolled back and run
 * again with them, as are the next batches: who fails once may fail again.
 */
static enum err sqlite_savepoint(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    return db->is_careful ? step(cx, db->savepoint, "savepoint") : OK;
}

static enum err sqlite_savepoint_release(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    return db->is_careful ? step(cx, db->release, "release") : OK;
}

static enum err sqlite_savepoint_rollback(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    if (!db->is_careful) {
        db->careful_left = SQLITE_CAREFUL_BATCHES;
        db->base.run_again = true;
        return fail_detail(cx, ERR_UNAVAILABLE, "the batch is run again, with savepoints");
    }
    TRY(step(cx, db->rollback_to, "rollback to savepoint"));
    return sqlite_savepoint_release(cx);
}

static enum err sqlite_read_begin(struct ctx *cx)
{
    return step(cx, db_sqlite_of(cx->db)->read_begin, "begin reading");
}

static void sqlite_read_end(struct ctx *cx)
{
    sqlite_rollback(cx);
}

/* Facts and counters. */

static enum err sqlite_append(struct ctx *cx, const struct fact_entry *entries, size_t len)
{
    SQL(append_fact, "INSERT INTO fact (seq, id, kind, at, account_id, unit_id, subject_id, body, hash)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    SQL(append_private, "INSERT INTO fact_private (seq, salt, body) VALUES ($1, $2, $3)");

    for (size_t i = 0; i < len; i++) {
        const struct fact_entry *e = &entries[i];
        struct bytes id = { e->fact.id.at, sizeof e->fact.id.at };
        struct bytes hash = { e->hash, sizeof e->hash };
        TRY(sqlite_run(cx, &append_fact,
                       BIND(V(e->fact.seq), V(id), V(e->kind), V(e->fact.at), V(e->fact.account_id),
                            V(e->fact.unit_id), V(e->fact.subject_id), V(e->body), V(hash)),
                       NULL));
        if (e->private_body.len > 0) {
            struct bytes salt = { e->salt, sizeof e->salt };
            TRY(sqlite_run(cx, &append_private, BIND(V(e->fact.seq), V(salt), V(e->private_body)), NULL));
        }
    }
    return OK;
}

static enum err sqlite_add_counters(struct ctx *cx, const struct counter_sum *sums, size_t len)
{
    SQL(add_counter, "INSERT INTO counter (kind, subject_id, unit_id, value) VALUES ($1, $2, $3, $4)"
                     " ON CONFLICT (kind, subject_id, unit_id) DO UPDATE SET value = counter.value + excluded.value");

    for (size_t i = 0; i < len; i++)
        TRY(sqlite_run(cx, &add_counter,
                       BIND(V(sums[i].kind), V(sums[i].subject_id), V(sums[i].unit_id), V(sums[i].value)), NULL));
    return OK;
}

/* Checkpoints. The writer begins them itself after the batch was answered: SQLite's own hook would swallow their
   errors, a failed sync among them, and would make the batch's askers wait. Their bulk is another thread's while the
   program serves (checkpointer.h). */

static int note_wal(void *what, sqlite3 *handle, const char *name, int frames)
{
    (void)handle;
    (void)name;
    struct db_sqlite *db = what;
    db->wal_frames = frames;
    return SQLITE_OK;
}

/* Whether the writer has to wait for a checkpoint: only for what is left of one, or when the other thread cannot keep
   up and the WAL would grow without end. */
static bool must_checkpoint(struct db_sqlite *db, int wal_pages)
{
    int moved = 0;
    if (db->wal_frames < wal_pages)
        return false;
    if (!db->checkpointer || db->wal_frames >= wal_pages * SQLITE_WAL_BEHIND_MAX)
        return true;
    if (checkpointer_take(db->checkpointer, &moved) && db->wal_frames - moved <= SQLITE_WAL_REST_PAGES)
        return true;
    checkpointer_begin(db->checkpointer);
    return false;
}

static enum err sqlite_tidy(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    int wal_pages = db->base.store->wal_pages ? db->base.store->wal_pages : SQLITE_WAL_PAGES;
    if (!must_checkpoint(db, wal_pages))
        return OK;
    db->wal_frames = 0;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code == SQLITE_OK || code == SQLITE_BUSY) /* busy: a reader is still in the old pages; the next batch tries */
        return OK;
    return db_sqlite_fail(cx, code, "checkpoint");
}

static int64_t wal_bytes(const struct db_sqlite *db)
{
    struct stat wal;
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s-wal", db->base.store->file);
    return stat(path, &wal) == 0 ? (int64_t)wal.st_size : 0;
}

/* Grows the WAL once by pages that are taken back: appending to a file costs several times what overwriting does, and
   each sync would pay it. The pages spill into the WAL because the cache is made too small for them. */
static enum err sqlite_warm_up(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    if (!cx->env->sqlite_vfs && !db->checkpointer && !db->base.store->is_private)
        TRY(checkpointer_start(cx, db->base.store, &db->checkpointer));
    if (cx->env->sqlite_vfs || wal_bytes(db) > (int64_t)SQLITE_WARM_PAGES * 4096)
        return OK;
    char text[400];
    snprintf(text, sizeof text,
             "PRAGMA cache_size=10; BEGIN IMMEDIATE; CREATE TABLE store_warm (at BLOB);"
             " WITH RECURSIVE page (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM page WHERE i < %d)"
             " INSERT INTO store_warm SELECT zeroblob(4000) FROM page; ROLLBACK; PRAGMA cache_size=-%d",
             SQLITE_WARM_PAGES, SQLITE_WRITER_CACHE_KB);
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : db_sqlite_fail(cx, code, "warm up");
}

/* Opening and closing. */

static enum err sqlite_script(struct ctx *cx, const char *text)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : db_sqlite_fail(cx, code, "script");
}

static enum err prepare_transactions(struct ctx *cx)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    struct {
        sqlite3_stmt **at;
        const char *text;
    } all[] = {
        { &db->begin, "BEGIN IMMEDIATE" },     { &db->commit, "COMMIT" },
        { &db->rollback, "ROLLBACK" },         { &db->savepoint, "SAVEPOINT job" },
        { &db->release, "RELEASE job" },       { &db->rollback_to, "ROLLBACK TO job" },
        { &db->read_begin, "BEGIN DEFERRED" },
    };
    for (size_t i = 0; i < LEN(all); i++) {
        int code = sqlite3_prepare_v3(db->handle, all[i].text, -1, SQLITE_PREPARE_PERSISTENT, all[i].at, NULL);
        if (code != SQLITE_OK)
            return db_sqlite_fail(cx, code, all[i].text);
    }
    return OK;
}

/* What ends with the process need not outlive the machine; a simulated disk decides for itself. */
static bool syncs(const struct ctx *cx, const struct store *store)
{
    return !store->is_private || cx->env->sqlite_vfs;
}

static enum err set_up(struct ctx *cx, const struct store *store)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    /* First of all: two connections opened together met "database is locked" at the pragmas below. */
    sqlite3_busy_timeout(db->handle, SQLITE_BUSY_MS);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* Or it would look at the values bound to a LIMIT and plan the statement anew each time it is run. */
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    int keep_wal = 1; /* the WAL stays when the last connection closes: it need not be grown again */
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
    char text[500];
    snprintf(text, sizeof text,
             "%sPRAGMA synchronous=%s; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
             " PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=%d;"
             " PRAGMA cache_size=-%d; %s",
             db->base.is_writer && !store->is_copy ? "PRAGMA journal_mode=WAL; " : "",
             syncs(cx, store) ? "FULL" : "OFF",
             SQLITE_WAL_BYTES_MAX, db->base.is_writer ? SQLITE_WRITER_CACHE_KB : SQLITE_READER_CACHE_KB,
             db->base.is_writer ? "" : "PRAGMA query_only=ON;");
    TRY(sqlite_script(cx, text));
    sqlite3_wal_hook(db->handle, note_wal, db);
    return prepare_transactions(cx);
}

static void sqlite_close(struct db *base)
{
    struct db_sqlite *db = db_sqlite_of(base);
    const struct env *env = base->env;
    sqlite_cancel(base);
    checkpointer_stop(db->checkpointer);
    /* With a limit set the last connection would cut the WAL to nothing, and it would have to be grown again. */
    if (db->handle && wal_bytes(db) <= SQLITE_WAL_BYTES_MAX)
        sqlite3_exec(db->handle, "PRAGMA journal_size_limit=-1", NULL, NULL, NULL);
    for (size_t i = 0; db->statements && i < db_statement_count(); i++)
        sqlite3_finalize(db->statements[i].at);
    sqlite3_stmt *own[] = { db->begin,   db->commit,      db->rollback,  db->savepoint,
                            db->release, db->rollback_to, db->read_begin };
    for (size_t i = 0; i < LEN(own); i++)
        sqlite3_finalize(own[i]);
    sqlite3_close(db->handle);
    env_free(env, db->statements);
    env_free(env, db);
}

static enum err sqlite_open(struct ctx *cx, struct store *store, bool is_writer, struct db **ret_db)
{
    struct db_sqlite *db = env_alloc(cx->env, sizeof *db);
    size_t statements_bytes = db_statement_count() * sizeof *db->statements;
    struct db_statement *statements = db ? env_alloc(cx->env, statements_bytes) : NULL;
    if (!statements) {
        env_free(cx->env, db);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a connection");
    }
    *db = (struct db_sqlite){ .base = { .engine = &db_sqlite, .store = store, .env = cx->env, .is_writer = is_writer },
                              .statements = statements };
    memset(statements, 0, statements_bytes);

    struct db *before = cx->db;
    cx->db = &db->base;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (is_writer ? SQLITE_OPEN_CREATE : 0);
    const char *vfs = syncs(cx, store) ? wal_vfs_over(cx->env->sqlite_vfs) : cx->env->sqlite_vfs;
    int code = sqlite3_open_v2(store->file, &db->handle, flags, vfs);
    enum err err = code == SQLITE_OK ? set_up(cx, store) : db_sqlite_fail(cx, code, store->file);
    cx->db = before;
    if (err != OK) {
        bool sync_failed = db->base.sync_failed;
        sqlite_close(&db->base);
        return sync_failed ? fail_detail(cx, ERR_UNAVAILABLE, "the disk refused to sync %s", store->file) : err;
    }
    *ret_db = &db->base;
    return OK;
}

static enum err sqlite_create(struct ctx *cx, struct store *store)
{
    (void)cx;
    if (!store->file[0])
        snprintf(store->file, sizeof store->file, "%s/diemcau.db", store->dir);
    return OK; /* the writer's connection makes the file */
}

static void sqlite_destroy(struct store *store)
{
    (void)store; /* the folder of a private store goes as a whole (store.c) */
}

const struct db_engine db_sqlite = {
    .name = "sqlite",
    .create = sqlite_create,
    .destroy = sqlite_destroy,
    .open = sqlite_open,
    .close = sqlite_close,
    .run = sqlite_run,
    .rows_start = sqlite_rows_start,
    .rows_next = sqlite_rows_next,
    .rows_i64 = sqlite_rows_i64,
    .rows_str = sqlite_rows_str,
    .rows_bytes = sqlite_rows_bytes,
    .rows_is_null = sqlite_rows_is_null,
    .rows_stop = sqlite_rows_stop,
    .cancel = sqlite_cancel,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .is_open = sqlite_is_open,
    .savepoint = sqlite_savepoint,
    .savepoint_release = sqlite_savepoint_release,
    .savepoint_rollback = sqlite_savepoint_rollback,
    .read_begin = sqlite_read_begin,
    .read_end = sqlite_read_end,
    .append = sqlite_append,
    .add_counters = sqlite_add_counters,
    .tidy = sqlite_tidy,
    .warm_up = sqlite_warm_up,
    .script = sqlite_script,
    .translate = db_sqlite_translate,
    .table_exists = db_sqlite_table_exists,
    .tables = db_sqlite_tables,
    .columns = db_sqlite_columns,
    .rows_start_text = sqlite_rows_start_text,
    .clear = db_sqlite_clear,
    .set_foreign_keys = db_sqlite_set_foreign_keys,
    .copy_to = db_sqlite_copy_to,
    .verify = db_sqlite_verify,
    .explain = db_sqlite_explain,
};
