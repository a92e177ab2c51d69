/*
 * engine: what a database engine does for store. Inside the folder only; rooms see db.h.
 *
 * A connection is a struct db at the head of the engine's own struct. Every function may be called by one thread at a
 * time for one connection. Errors go through fail_detail(): ERR_CONFLICT for a broken UNIQUE, CHECK, NOT NULL or
 * foreign key, ERR_UNAVAILABLE for a full disk, no memory, a busy or lost database, ERR_SYSTEM for the rest.
 *
 * What the writer may rely on, and what an engine is free to do:
 * - Values are BIGINT, TEXT, BYTEA or NULL (struct db_value has the type, also for a NULL), so an engine may send them
 *   as text or as binary. $N is the N-th value of the bind; a statement may use one value twice.
 * - run() with ret_changed NULL on the writer's connection may be deferred: sent ahead, answered later. An error then
 *   comes from the next rows_start(), run() with ret_changed, savepoint_release(), append(), add_counters() or
 *   commit(). What it breaks is no more than the savepoint it was run in.
 * - A batch is begin, jobs (each between savepoint and savepoint_release or savepoint_rollback, when it writes at all),
 *   append once or more, add_counters at most once, commit. The engine may send these as few round trips.
 * - Facts and counters of a batch are handed over in bulk so that an engine can send arrays (unnest).
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/db.h"
#include "store/fact.h"

struct store;

enum { DB_PARAM_MAX = 32, FACT_SALT_BYTES = 16, FACT_HASH_BYTES = 32 };

struct db {
    const struct db_engine *engine;
    struct store *store;
    const struct env *env;
    bool is_writer;
    bool sync_failed; /* set by the engine when a sync was refused by the disk: the process must end (writer.c) */
    bool run_again;   /* set by the engine when a batch failed and deserves another try as a whole (batch.c): a clash with
                         another program, a lost connection, a statement sent ahead that was refused later */
    bool is_looking;  /* jobs are run for what they ask, between look_begin and look_end: no change is made */
    bool look_missed; /* a question had no answer yet, and will have one in the next round */
    unsigned open_rows; /* queries begun and not ended; the boundary cancels what a handler left behind */
};

/* A fact of the batch, ready to be appended. Views last until append returns. */
struct fact_entry {
    struct fact fact;
    struct str kind;
    struct str body;
    struct str private_body; /* "" when the fact has no private values */
    unsigned char salt[FACT_SALT_BYTES];
    unsigned char hash[FACT_HASH_BYTES];
    size_t body_at, private_at; /* batch.c's own: where the views begin in its text */
};

/* One counter's sum over the batch; every key stands once. Sorted by kind, subject, unit. */
struct counter_sum {
    struct str kind;
    int64_t subject_id;
    int64_t unit_id;
    int64_t value;
};

struct db_column {
    struct str name;
    enum db_type type;
    bool is_key; /* part of the primary key */
};

enum verify {
    VERIFY_KEYS,  /* foreign keys only */
    VERIFY_QUICK, /* and pages, without comparing indexes with their tables */
    VERIFY_ALL,
};

struct db_engine {
    const char *name;
    /* Other programs may write to the same database: the head of the chain is read again in every batch, after
       begin() has taken the lock that keeps the others out until the commit. */
    bool is_shared;

    /* Makes the place when it is new (file, private schema); before the first connection, and once per store. */
    enum err (*create)(struct ctx *cx, struct store *store);
    /* After the last connection: removes what was private to this store (store_is_private). */
    void (*destroy)(struct store *store);

    enum err (*open)(struct ctx *cx, struct store *store, bool is_writer, struct db **ret_db);
    void (*close)(struct db *db);

    enum err (*run)(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_changed);
    /* Begins a query: sets rows->statement and rows->engine. Text of the bind is copied: it may end before the rows. */
    enum err (*rows_start)(struct ctx *cx, struct sql *sql, struct db_bind bind, struct rows *rows);
    bool (*rows_next)(struct rows *rows); /* false at the end or on failure, then rows->err says which */
    int64_t (*rows_i64)(struct rows *rows, int column);
    struct str (*rows_str)(struct rows *rows, int column);     /* a view that lasts until the next row */
    struct bytes (*rows_bytes)(struct rows *rows, int column); /* likewise */
    bool (*rows_is_null)(struct rows *rows, int column);
    void (*rows_stop)(struct rows *rows); /* gives the statement back; called once for each rows_start that was OK */

    /* Ends all queries still open on the connection: a handler was left by longjmp or forgot rows_end. */
    void (*cancel)(struct db *db);

    /* The writer's transaction. After a failure is_open says whether it still stands (some failures end it). */
    enum err (*begin)(struct ctx *cx);
    enum err (*commit)(struct ctx *cx); /* synced when it returns OK; a failed sync sets db->sync_failed */
    void (*rollback)(struct ctx *cx);
    bool (*is_open)(const struct db *db);
    enum err (*savepoint)(struct ctx *cx);
    enum err (*savepoint_release)(struct ctx *cx);
    enum err (*savepoint_rollback)(struct ctx *cx); /* and releases it */

    enum err (*read_begin)(struct ctx *cx);
    void (*read_end)(struct ctx *cx);

    /*
     * Asking ahead, where each question costs a journey; NULL where it does not. look_begin sets db->is_looking when it
     * is worth it; then the jobs are run, questions without an answer fail, changes do nothing, and all of it is thrown
     * away. look_end asks what was noted. In earnest the engine uses an answer only while it is still the true one.
     */
    void (*look_begin)(struct db *db);
    enum err (*look_end)(struct ctx *cx, size_t *ret_asked);
    /* Which of these ids are recorded already: one round trip for a whole batch. NULL: looked up one by one. */
    enum err (*find_ids)(struct ctx *cx, const struct fact_id *ids, size_t len, bool *ret_known);
    enum err (*append)(struct ctx *cx, const struct fact_entry *entries, size_t len);
    enum err (*add_counters)(struct ctx *cx, const struct counter_sum *sums, size_t len);

    /* Housekeeping after the batch was answered: checkpoints. A failed sync sets db->sync_failed. */
    enum err (*tidy)(struct ctx *cx);
    /* Before a lasting load (writer_start): whatever makes the first seconds as fast as the rest. */
    enum err (*warm_up)(struct ctx *cx);

    /* Several statements without values, from a migration, in the engine's own dialect (see translate). */
    enum err (*script)(struct ctx *cx, const char *text);
    /* A migration written for both engines in the engine's own words, in the arena. */
    struct str (*translate)(struct ctx *cx, struct str migration);
    enum err (*table_exists)(struct ctx *cx, struct str table, bool *ret_exists);
    /* Every table of the database, by name, and a table's columns in their order. In the arena. */
    enum err (*tables)(struct ctx *cx, struct str **ret_names, size_t *ret_len);
    enum err (*columns)(struct ctx *cx, struct str table, struct db_column **ret_columns, size_t *ret_len);
    /* A query whose text was made by store itself (check, digest), from names the engine gave. */
    enum err (*rows_start_text)(struct ctx *cx, struct str text, struct db_bind bind, struct rows *rows);
    /* Empties the tables, whatever order their foreign keys want. */
    enum err (*clear)(struct ctx *cx, const struct str *tables, size_t len);
    /* Before and after a rebuild, outside of any transaction: whether foreign keys are checked row by row on this
       connection. May do nothing where it cannot be chosen. */
    enum err (*set_foreign_keys)(struct ctx *cx, bool on);
    /* The engine's own checks: one line each finding, at most 100 each; none when sound. */
    enum err (*verify)(struct ctx *cx, enum verify what, struct str **ret_findings, size_t *ret_len);
    /* A copy of the database as one file of SQLite's at `path` (see backup.c); NULL where it is made from the facts. */
    enum err (*copy_to)(struct ctx *cx, const char *path);
    /* For tests: the plan of a statement as the engine tells it, one line a step. */
    enum err (*explain)(struct ctx *cx, struct sql *sql, struct str *ret_plan);
};

extern const struct db_engine db_sqlite;
extern const struct db_engine db_postgres;

/* The engine that serves this database ("" or postgresql://...); NULL when none does. */
const struct db_engine *db_engine_find(struct str database);

/* Gives every SQL() its slot; once, before the first connection. */
void db_number_statements(void);
size_t db_statement_count(void);

/* True for a statement that may change something, by its first word. */
bool sql_writes(const struct sql *sql);

/* A query of store's own over names that the engine gave: no SQL() can stand for it. */
struct rows db_rows_text(struct ctx *cx, struct str text, struct db_bind bind);

#endif
