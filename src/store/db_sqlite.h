/*
 * db_sqlite: a connection to SQLite, for the two files that make the engine.
 */
#ifndef STORE_DB_SQLITE_H
#define STORE_DB_SQLITE_H

#include "store/engine.h"

#include <sqlite3.h>

struct db_statement {
    sqlite3_stmt *at;
    const char *name; /* for the log */
    unsigned char values[DB_PARAM_MAX]; /* which value of the bind each parameter takes, from 0 */
    int params_len;
    size_t values_len;       /* how many values the bind must have */
    bool is_running;         /* between rows_start and rows_stop */
    bool is_extra;           /* not in the cache: the cached one was running, or the text was made by store */
    struct db_statement *older; /* the next of the running ones */
};

struct db_sqlite {
    struct db base;
    sqlite3 *handle;
    struct db_statement *statements; /* by slot */
    struct db_statement *running;
    sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release, *rollback_to, *read_begin;
    int wal_frames; /* after the last commit */
    struct checkpointer *checkpointer; /* the writer's, while the program serves */
    bool is_careful; /* this batch's jobs have savepoints */
    int careful_left; /* so many batches to come will have them */
};

static inline struct db_sqlite *db_sqlite_of(struct db *db)
{
    return (struct db_sqlite *)db;
}

/* Tells what SQLite said last on this connection, in the right class; `what` names the statement or step. */
enum err db_sqlite_fail(struct ctx *cx, int code, const char *what) MUST_CHECK;

struct str db_sqlite_translate(struct ctx *cx, struct str migration);
enum err db_sqlite_table_exists(struct ctx *cx, struct str table, bool *ret_exists);
enum err db_sqlite_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len);
enum err db_sqlite_columns(struct ctx *cx, struct str table, struct db_column **ret_columns, size_t *ret_len);
enum err db_sqlite_clear(struct ctx *cx, const struct str *tables, size_t len);
enum err db_sqlite_set_foreign_keys(struct ctx *cx, bool on);
enum err db_sqlite_copy_to(struct ctx *cx, const char *path);
enum err db_sqlite_verify(struct ctx *cx, enum verify what, struct str **ret_findings, size_t *ret_len);
enum err db_sqlite_explain(struct ctx *cx, struct sql *sql, struct str *ret_plan);

#endif
