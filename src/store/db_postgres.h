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
    PG_ARRAYS_MAX = 12,   /* columns of table fact, or values of a statement that is sent for many */
    PG_LIST_MAX = 4096,   /* statements asked ahead, or changes that wait */
    PG_STATEMENTS_MAX = 32, /* different ones among them */
    PG_KEY_MAX = 4,
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

/*
 * A statement may be marked with the comment "row of slip $1 $2": of that table it reads or changes one row, the one
 * with this primary key. Such questions are asked ahead for all jobs of a batch together (db_postgres_ahead.c), and such
 * changes are sent together (db_postgres_many.c).
 */
struct db_statement {
    bool is_prepared;
    char id[12];      /* its name on the server; "" is sent whole each time */
    const char *name; /* for the log */
    size_t types_len;
    unsigned char types[DB_PARAM_MAX]; /* enum db_type of each value when it was prepared */
    const char *text;
    struct str table; /* of the mark; "" without one */
    unsigned char key[PG_KEY_MAX];
    size_t key_len;
    struct db_statement *many; /* the same for many at once; NULL when there is none */
    bool many_is_made;
    char *own_text;                        /* of such a one */
    uint32_t first_waiting, last_waiting; /* in a list: place plus 1 */
};

/* A marked statement with its values: a question asked ahead, or a change that waits. */
struct pg_one {
    struct db_statement *statement;
    uint64_t hash, row_hash;
    size_t values_at, values_len;
    uint32_t next;          /* of the same statement: place plus 1 */
    const PGresult *result; /* a question's, once it is answered */
    int row;                /* in the result; -1: none */
};

struct pg_list {
    struct pg_one at[PG_LIST_MAX];
    size_t len;
    uint16_t index[2 * PG_LIST_MAX]; /* finds one by statement and values: place plus 1 */
    char bytes[1 << 20];             /* the values */
    size_t bytes_len;
    struct db_statement *waiting[PG_STATEMENTS_MAX]; /* those that have something to be sent */
    size_t waiting_len;
    PGresult *results[4 * PG_STATEMENTS_MAX];
    size_t results_len;
    size_t order[PG_LIST_MAX];
};

struct pg_changed_table {
    struct str name;
    bool is_whole; /* not only rows that are known */
};

/* What the transaction has changed so far. */
struct pg_changes {
    struct pg_changed_table tables[16];
    size_t tables_len;
    uint64_t rows[4 * PG_LIST_MAX]; /* hashes; a clash only costs a question */
    size_t rows_len;
    bool all; /* more than is kept account of */
};

enum pg_waiting_kind { PG_WAIT_PREPARE, PG_WAIT_ANSWER, PG_WAIT_SYNC };

struct pg_waiting {
    enum pg_waiting_kind kind;
    struct db_statement *statement; /* NULL for a sync */
    PGresult **keep;                /* where the answer goes; NULL: nowhere */
};

/* The rows of an answer that somebody asked for; all of them are here already. */
struct pg_part {
    const PGresult *result;
    int row, end;
    int column;     /* the first */
    bool is_shared; /* the answer is not ours to clear */
};

/* A query whose rows are being read. */
struct pg_rows {
    struct pg_part part; /* row: one before the first, then the current one */
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
    struct pg_list *questions; /* asked ahead in this transaction; both NULL before the first */
    struct pg_list *pending;   /* changes that wait */
    struct pg_changes changes;
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
/* Takes the result, unless it is shared. */
enum err pg_take_rows(struct ctx *cx, const struct pg_part *part, struct db_statement *statement,
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

bool pg_begin_arrays(struct db_postgres *db, const Oid *types, int len);
bool pg_put_value(struct db_postgres *db, struct pg_array *array, struct bytes value); /* at NULL: NULL */

/* db_postgres_many.c: one statement for many jobs. */
void pg_read_mark(struct db_statement *statement, const char *text);
bool pg_can_send_many(struct ctx *cx, struct db_statement *statement, struct db_bind bind);
void pg_forget_many(struct db_postgres *db, struct db_statement *statement);
bool pg_lists_ready(struct db_postgres *db); /* false without memory */
void pg_lists_clear(struct db_postgres *db);
void pg_lists_end(struct db_postgres *db);
struct pg_one *pg_find_one(struct pg_list *list, const struct db_statement *statement, struct db_bind bind);
struct pg_one *pg_add_one(struct pg_list *list, struct db_statement *statement, struct db_bind bind);
enum err pg_send_many(struct ctx *cx, const struct pg_list *list, struct db_statement *statement, PGresult **ret_kept);
/* A marked change, to be sent with its like; *ret_put is false when it cannot be. */
enum err pg_put_change(struct ctx *cx, struct db_statement *statement, struct db_bind bind, bool *ret_put);
/* Sends what waits: before whatever must see it. */
enum err pg_flush_changes(struct ctx *cx);

/* db_postgres_ahead.c: what the jobs of a batch will ask, asked for all of them together. */
void pg_look_begin(struct db *db);
enum err pg_look_end(struct ctx *cx, size_t *ret_asked);
/* A question while looking: its answer, or it is noted and fails. */
enum err pg_look(struct ctx *cx, struct db_statement *statement, struct db_bind bind, struct rows *rows);
enum err pg_fail_looking(struct ctx *cx);
/* A question in earnest: *ret_used when the answer from before still is the true one. */
enum err pg_use_early(struct ctx *cx, struct db_statement *statement, struct db_bind bind, struct rows *rows,
                      bool *ret_used);
bool pg_is_row_changed(const struct db_postgres *db, uint64_t row_hash);
void pg_note_row(struct db_postgres *db, const struct db_statement *statement, uint64_t row_hash);
/* What a statement without a mark changes: the table it names first, or everything. */
void pg_note_change(struct db_postgres *db, const char *text);
void pg_changes_clear(struct db_postgres *db);

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
