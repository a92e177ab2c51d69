#include "store/db.h"

#include "store/batch.h"
#include "store/engine.h"
#include "store/store.h"

#include <pthread.h>

/* The linker gives the bounds of the section in which SQL() puts a pointer to each statement. */
extern struct sql *const __start_sql_list[];
extern struct sql *const __stop_sql_list[];

static void number_statements(void)
{
    unsigned slot = 0;
    for (struct sql *const *one = __start_sql_list; one < __stop_sql_list; one++)
        (*one)->slot = slot++;
}

void db_number_statements(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, number_statements);
}

struct sql *const *db_statements(size_t *ret_len)
{
    *ret_len = (size_t)(__stop_sql_list - __start_sql_list);
    return __start_sql_list;
}

size_t db_statement_count(void)
{
    size_t len = 0;
    db_statements(&len);
    return len;
}

const char *db_engine_name(const struct db *db)
{
    return db->engine->name;
}

bool sql_writes(const struct sql *sql)
{
    const char *text = sql->text;
    while (*text == ' ' || *text == '\n')
        text++;
    return strncmp(text, "SELECT", 6) != 0;
}

/* A job's first change sets its savepoint, so that a job that only reads costs nothing (batch.c). */
static enum err before_statement(struct ctx *cx, const struct sql *sql)
{
    if (cx->job && sql_writes(sql))
        return batch_job_writes(cx);
    return OK;
}

enum err db_run(struct ctx *cx, struct sql *sql, struct db_bind bind)
{
    TRY(before_statement(cx, sql));
    return cx->db->engine->run(cx, sql, bind, NULL);
}

enum err db_run_count(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_changed)
{
    TRY(before_statement(cx, sql));
    return cx->db->engine->run(cx, sql, bind, ret_changed);
}

struct rows db_rows(struct ctx *cx, struct sql *sql, struct db_bind bind)
{
    struct rows rows = { .cx = cx };
    rows.err = before_statement(cx, sql);
    if (rows.err == OK)
        rows.err = cx->db->engine->rows_start(cx, sql, bind, &rows);
    if (rows.err == OK)
        cx->db->open_rows++;
    return rows;
}

struct rows db_rows_text(struct ctx *cx, struct str text, struct db_bind bind)
{
    struct rows rows = { .cx = cx };
    rows.err = cx->db->engine->rows_start_text(cx, text, bind, &rows);
    if (rows.err == OK)
        cx->db->open_rows++;
    return rows;
}

bool rows_next(struct rows *rows)
{
    rows->column = 0;
    return rows->err == OK && rows->cx->db->engine->rows_next(rows);
}

int64_t rows_i64(struct rows *rows)
{
    return rows->cx->db->engine->rows_i64(rows, rows->column++);
}

struct str rows_str(struct rows *rows)
{
    return str_copy(&rows->cx->arena, rows->cx->db->engine->rows_str(rows, rows->column++));
}

struct bytes rows_bytes(struct rows *rows)
{
    struct bytes view = rows->cx->db->engine->rows_bytes(rows, rows->column++);
    unsigned char *at = arena_alloc(&rows->cx->arena, view.len + 1);
    if (view.len)
        memcpy(at, view.at, view.len);
    return (struct bytes){ at, view.len };
}

bool rows_is_null(struct rows *rows)
{
    return rows->cx->db->engine->rows_is_null(rows, rows->column);
}

enum err rows_end(struct rows *rows)
{
    if (rows->statement) {
        rows->cx->db->engine->rows_stop(rows);
        rows->statement = NULL;
        rows->cx->db->open_rows--;
    }
    return rows->err;
}

enum err db_i64(struct ctx *cx, struct sql *sql, struct db_bind bind, int64_t *ret_value)
{
    struct rows rows = db_rows(cx, sql, bind);
    bool found = rows_next(&rows);
    int64_t value = found ? rows_i64(&rows) : 0;
    TRY(rows_end(&rows));
    if (!found)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    *ret_value = value;
    return OK;
}

enum err db_read_begin(struct ctx *cx)
{
    return cx->db->engine->read_begin(cx);
}

void db_read_end(struct ctx *cx)
{
    if (cx->db->open_rows > 0)
        cx->db->engine->cancel(cx->db);
    cx->db->engine->read_end(cx);
}
