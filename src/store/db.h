/*
 * db: one small interface over SQLite and PostgreSQL.
 *
 * SQL is written once for both: $1, $2, ANSI joins, ON CONFLICT, RETURNING; the types BIGINT, TEXT and BYTEA only
 * (a boolean is 0 or 1, an instant is ms, a day is days since 1970). No text is ever pasted into it. A statement is
 * a static `struct sql`, prepared at first use on each connection and found again by address; every SQL() of the
 * program also stands in a list (a linker section), so that one test prepares them all on both engines and looks for
 * scans that are not marked with the comment "scan" in the statement.
 *
 * No transaction is written in a room: a reader's request is one read transaction, a writer's handler runs in a
 * savepoint inside the batch (store/writer.h). A connection belongs to one thread at a time.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/ctx.h"

struct db;
struct db_statement;

struct sql {
    const char *text;
    const char *name; /* for logs and tests */
    const char *file;
    unsigned slot; /* index among all statements of the program, given at start */
};

/* Defines a statement at the top of the function that uses it: SQL(find_unit, "SELECT ... WHERE id = $1"); */
#define SQL(sql_name, sql_text)                                                                        \
    static struct sql sql_name = { .text = (sql_text), .name = #sql_name, .file = __FILE__ };          \
    static struct sql *const sql_name##_listed                                                         \
        __attribute__((section("sql_list"), used)) = &sql_name

enum db_type { DB_I64, DB_TEXT, DB_BYTES };

struct db_value {
    enum db_type type;
    bool is_null;
    int64_t i64;
    struct str text;
    struct bytes bytes;
};

struct db_bind {
    const struct db_value *at;
    size_t len;
};

static inline struct db_value db_value_i64(int64_t v)
{
    return (struct db_value){ .type = DB_I64, .i64 = v };
}
static inline struct db_value db_value_text(struct str v)
{
    return (struct db_value){ .type = DB_TEXT, .is_null = v.at == NULL, .text = v };
}
static inline struct db_value db_value_bytes(struct bytes v)
{
    return (struct db_value){ .type = DB_BYTES, .is_null = v.at == NULL, .bytes = v };
}
/* A key or an instant that may be absent: 0 is stored as NULL and read back as 0. */
static inline struct db_value db_value_or_null(int64_t v)
{
    return (struct db_value){ .type = DB_I64, .is_null = v == 0, .i64 = v };
}

/* clang-format off */
#define V(x) _Generic((x), struct str: db_value_text, struct bytes: db_value_bytes, default: db_value_i64)(x)
#define VN(x) db_value_or_null(x)
#define BIND(...) ((struct db_bind){ (const struct db_value[]){ __VA_ARGS__ },                           \
                                     sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value) })
#define NO_BIND ((struct db_bind){ NULL, 0 })
/* clang-format on */

/*
 * Runs a statement that returns no rows. ERR_CONFLICT on a broken UNIQUE or CHECK or foreign key, ERR_UNAVAILABLE on
 * a full disk or lost connection, ERR_SYSTEM otherwise. ret_changed may be NULL.
 * On the writer of PostgreSQL with ret_changed NULL the statement may be sent ahead and answered later in the batch:
 * a conflict then comes at the next read or at the end of the savepoint.
 */
enum err db_run(struct ctx *cx, struct sql *sql, struct db_bind bind) MUST_CHECK;
enum err db_run_count(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_changed) MUST_CHECK;

/* A running query. Values are read left to right, each with the reader of its type; NULL gives 0, "" or empty. */
struct rows {
    struct ctx *cx;
    struct db_statement *statement;
    int column;
    enum err err; /* what stopped the rows, told by rows_end */
    void *engine; /* the engine's own state, in the arena */
};

struct rows db_rows(struct ctx *cx, struct sql *sql, struct db_bind bind);
bool rows_next(struct rows *rows);
int64_t rows_i64(struct rows *rows);
struct str rows_str(struct rows *rows);     /* copied into the arena */
struct bytes rows_bytes(struct rows *rows); /* copied into the arena */
bool rows_is_null(struct rows *rows);       /* of the next value; does not move on */
/* Ends the query early or late; OK when every row asked for was seen. Must be called once. */
enum err rows_end(struct rows *rows) MUST_CHECK;

/* The only value of the only row; ERR_NOT_FOUND when there is no row. NULL reads as 0. */
enum err db_i64(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_value) MUST_CHECK;

/* The engine of a connection: "sqlite" or "postgresql". */
const char *db_engine_name(const struct db *db);

/* Every statement of the program, for tests and tools. */
struct sql *const *db_statements(size_t *ret_len);

#endif
