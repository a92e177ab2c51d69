/*
 * db_postgres: a connection to PostgreSQL, for the files that make the engine.
 *
 * Every connection stays in libpq's pipeline mode. What is sent waits in a queue for its answer;
 * collect() asks for all of them at once. So a batch of the writer is one round trip for each
 * question a handler asks, and one for the rest together (begin and the head of the chain, the
 * changes before the next question, facts and counters and commit).
 *
 * The writer's batch is run hopefully at first: without savepoints, the changes sent ahead. When
 * any statement then fails, or a job must be taken back after it wrote, the whole batch is run
 * again with care (db->run_again): each job in its savepoint, each statement in one more, each
 * answered before the next, so that every error reaches the very call that made it, as on SQLite.
 * Jobs that fail after writing are rare, so nearly every batch is spared the savepoints.
 */
#ifndef STORE_DB_POSTGRES_H
#define STORE_DB_POSTGRES_H

#include "store/engine.h"
#include "store/inside.h"

#include <libpq-fe.h>

/* PostgreSQL's numbers for the types that we send and read (its pg_type.dat). */
enum {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_NUMERIC = 1700,
    PG_BYTEA_ARRAY = 1001,
    PG_TEXT_ARRAY = 1009,
    PG_INT8_ARRAY = 1016,
};

enum {
    PG_WAITING_MAX = 400, /* answers not yet asked for: bounds what the server holds back and what
                             libpq buffers */
    PG_ARRAYS_MAX = 9,    /* columns of table fact */
};

/* Statements of the engine itself: no SQL() can stand for them, because SQLite does not know them.
 */
enum pg_own {
    PG_BEGIN,
    PG_BEGIN_READING,
    PG_LOCK,
    PG_COMMIT,
    PG_ROLLBACK,
    PG_SAVE_JOB,
    PG_RELEASE_JOB,
    PG_UNDO_JOB,
    PG_SAVE_STEP,
    PG_RELEASE_STEP,
    PG_UNDO_STEP,
    PG_FIND_IDS,
    PG_APPEND,
    PG_APPEND_PRIVATE,
    PG_ADD_COUNTERS,
    PG_OWN_LEN,
};

struct db_statement {
    bool is_prepared;
    char id[12];      /* its name on the server; "" is sent whole each time */
    const char *name; /* for the log */
    size_t types_len;
    unsigned char types[DB_PARAM_MAX]; /* enum db_type of each value when it was prepared */
};

enum pg_waiting_kind { PG_WAIT_PREPARE, PG_WAIT_ANSWER, PG_WAIT_SYNC };

struct pg_waiting {
    enum pg_waiting_kind kind;
    struct db_statement *statement; /* NULL for a sync */
};

/* A query whose rows are being read; all of them are here already. */
struct pg_rows {
    PGresult *result;
    int row; /* -1 before the first */
    char number[24];
    struct pg_rows *older;
};

/* A column of values on its way to unnest(). */
struct pg_array {
    char *at;
    size_t len, room;
    int32_t values_len;
};

enum pg_state {
    PG_IDLE,   /* no transaction */
    PG_WANTED, /* a reader's transaction, sent with its first question */
    PG_OPEN,   /* a transaction stands */
    PG_BROKEN, /* the transaction has seen an error: going back to a savepoint or a rollback can
                  follow, nothing else */
};

struct db_postgres {
    struct db base;
    PGconn *link; /* NULL or bad: connected again by the next transaction */
    enum pg_state state;
    bool is_careful;      /* this transaction is run with care */
    bool careful_next;    /* the next one will be */
    bool has_savepoint;   /* of the job */
    char transaction[24]; /* its number on the server, for asking what became of it; "" when not
                             known */
    struct db_statement *statements; /* by slot */
    struct db_statement own[PG_OWN_LEN];
    struct pg_waiting waiting[PG_WAITING_MAX + 8];
    size_t waiting_len;
    struct pg_rows *rows;      /* those being read */
    struct pg_rows *rows_free; /* for the next query */
    struct pg_array arrays[PG_ARRAYS_MAX];
    PGconn *helper; /* makes statistics */
    int64_t appended_len, analyze_at;
};

/* What create() keeps for the store: the private schema, and the connection that owns it. */
struct pg_place {
    char schema[64]; /* "" for the schema that the address leads to */
    PGconn *link;
    bool keeps;     /* the server keeps private schemas for the next store */
    bool is_reused; /* the schema was there already, of the same migrations */
};

static inline struct db_postgres *db_postgres_of(struct db *db)
{
    return (struct db_postgres *)db;
}

/* db_postgres_link.c: the connection and what travels over it. */

/* A new connection with its settings made, or ERR_UNAVAILABLE with words. `schema` may be "". */
enum err pg_connect(struct ctx *cx, const struct store *store, const char *schema, bool is_writer,
                    PGconn **ret_link);
/* Connects again when the connection is gone; only between transactions. */
enum err pg_ensure(struct ctx *cx);
bool pg_is_lost(const struct db_postgres *db);
void pg_drop_link(struct db_postgres *db);

struct pg_values {
    int len;
    const Oid *types;
    const char *const *at;
    const int *lens;
};

/* Sends a statement, prepared first when it is new to this connection. Its answer waits. */
enum err pg_send(struct ctx *cx, struct db_statement *statement, const char *text,
                 const struct pg_values *values);
enum err pg_send_own(struct ctx *cx, enum pg_own own, const struct pg_values *values);
enum err pg_send_bind(struct ctx *cx, struct db_statement *statement, const char *text,
                      struct db_bind bind);
/* Asks for all that waits. *ret_result is the answer to `wanted`, which the caller clears; both may
   be NULL. The error is the first one's. */
enum err pg_collect(struct ctx *cx, const struct db_statement *wanted, PGresult **ret_result);
/* Ends the transaction without waiting for the answer. */
void pg_send_rollback(struct ctx *cx);
/* Several statements without values, outside the pipeline; *ret_last (may be NULL) is the last
 * one's answer, as text. */
enum err pg_script(struct ctx *cx, const char *text, PGresult **ret_last);

/* db_postgres_rows.c: values of an answer. */
int64_t pg_read_i64(const PGresult *result, int row, int column);
enum err pg_take_rows(struct ctx *cx, PGresult *result, struct db_statement *statement,
                      struct rows *rows);
bool pg_rows_next(struct rows *rows);
int64_t pg_rows_i64(struct rows *rows, int column);
struct str pg_rows_str(struct rows *rows, int column);
struct bytes pg_rows_bytes(struct rows *rows, int column);
bool pg_rows_is_null(struct rows *rows, int column);
void pg_rows_stop(struct rows *rows);
void pg_cancel(struct db *db);

/* db_postgres_bulk.c: facts and counters as arrays. */
enum err pg_find_ids(struct ctx *cx, const struct fact_id *ids, size_t len, bool *ret_known);
enum err pg_append(struct ctx *cx, const struct fact_entry *entries, size_t len);
enum err pg_add_counters(struct ctx *cx, const struct counter_sum *sums, size_t len);

/* db_postgres_private.c: schemas of one's own. */
enum err pg_create(struct ctx *cx, struct store *store);
void pg_destroy(struct store *store);

/* db_postgres_schema.c: what store asks about the schema. */
struct str pg_translate(struct ctx *cx, struct str migration);
enum err pg_table_exists(struct ctx *cx, struct str table, bool *ret_exists);
enum err pg_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len);
enum err pg_columns(struct ctx *cx, struct str table, struct db_column **ret_columns,
                    size_t *ret_len);
enum err pg_clear(struct ctx *cx, const struct str *tables, size_t len);
enum err pg_verify(struct ctx *cx, enum verify what, struct str **ret_findings, size_t *ret_len);
enum err pg_explain(struct ctx *cx, struct sql *sql, struct str *ret_plan);

#endif
