#include "store/db_sqlite.h"

#include "store/inside.h"

/*
 * What store asks of SQLite about the schema, and the words of a migration in SQLite's own.
 */

/* The next piece that is no blank; empty at the end. */
static struct str next_solid_piece(struct str *rest)
{
    struct str piece = STR("");
    while (rest->len > 0 && str_trim(piece).len == 0)
        piece = migrate_next_piece(rest);
    return str_trim(piece);
}

/*
 * CHECK (kind IN ('a', 'b', 'c')) becomes kind = 'a' OR kind = 'b' OR kind = 'c': for a list of three and more SQLite
 * would build a table of it, in memory, each time a row is written. Whatever else stands in a CHECK stays as it is.
 */
static void put_choices(struct buf *out, struct str column, struct str *rest)
{
    struct str ahead = *rest;
    struct buf choices;
    buf_init(&choices, out->arena);
    struct str piece = next_solid_piece(&ahead); /* the bracket */
    for (piece = next_solid_piece(&ahead); piece.len > 0 && !str_eq(piece, STR(")")); piece = next_solid_piece(&ahead)) {
        if (str_eq(piece, STR(",")))
            buf_format(&choices, " OR " STR_FMT " ", STR_ARG(column));
        else
            buf_format(&choices, "= " STR_FMT, STR_ARG(piece));
    }
    struct str behind = ahead;
    if (!str_eq(next_solid_piece(&behind), STR(")"))) {
        buf_put(out, STR("IN"));
        return;
    }
    buf_put(out, buf_str(&choices));
    *rest = ahead;
}

/*
 * BIGINT and BYTEA become SQLite's own types so that tables can be STRICT: then a text in a number's column is refused
 * on both engines alike. INTEGER (not BIGINT) is also what makes a primary key the row's own number.
 */
struct str db_sqlite_translate(struct ctx *cx, struct str migration)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    bool in_table = false;
    bool without_rowid = false;
    bool in_check = false; /* its first word was the last one */
    struct str last_word = STR("");
    while (migration.len > 0) {
        struct str piece = migrate_next_piece(&migration);
        if (str_eq(piece, STR("BIGINT"))) {
            buf_put(&out, STR("INTEGER"));
        } else if (str_eq(piece, STR("BYTEA"))) {
            buf_put(&out, STR("BLOB"));
        } else if (str_eq(piece, STR("/*without rowid*/"))) {
            without_rowid = true;
        } else if (str_eq(piece, STR("IN")) && in_check) {
            put_choices(&out, last_word, &migration);
        } else if (str_eq(piece, STR(";")) && in_table) {
            buf_put(&out, without_rowid ? STR(" WITHOUT ROWID, STRICT;") : STR(" STRICT;"));
            in_table = false;
            without_rowid = false;
        } else {
            in_table = in_table || (str_eq(piece, STR("TABLE")) && str_eq(last_word, STR("CREATE")));
            buf_put(&out, piece);
        }
        if (migrate_is_word(piece)) {
            in_check = str_eq(last_word, STR("CHECK"));
            last_word = piece;
        }
    }
    return buf_str(&out);
}

enum err db_sqlite_table_exists(struct ctx *cx, struct str table, bool *ret_exists)
{
    struct rows rows = db_rows_text(cx, STR("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1"),
                                    BIND(V(table)));
    bool exists = rows_next(&rows) && rows_i64(&rows) > 0;
    TRY(rows_end(&rows));
    *ret_exists = exists;
    return OK;
}

enum { TABLES_MAX = 500, COLUMNS_MAX = 100, FINDINGS_MAX = 100 };

static enum err list_texts(struct ctx *cx, struct str text, size_t len_max, struct str **ret_at, size_t *ret_len)
{
    struct str *at = ARENA_NEW_ARRAY(&cx->arena, struct str, len_max);
    size_t len = 0;
    struct rows rows = db_rows_text(cx, text, NO_BIND);
    while (len < len_max && rows_next(&rows))
        at[len++] = rows_str(&rows);
    TRY(rows_end(&rows));
    *ret_at = at;
    *ret_len = len;
    return OK;
}

enum err db_sqlite_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len)
{
    return list_texts(cx,
                      STR("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
                          " ORDER BY name"),
                      TABLES_MAX, ret_names, ret_len);
}

enum err db_sqlite_columns(struct ctx *cx, struct str table, struct db_column **ret_columns, size_t *ret_len)
{
    struct db_column *at = ARENA_NEW_ARRAY(&cx->arena, struct db_column, COLUMNS_MAX);
    size_t len = 0;
    struct rows rows = db_rows_text(cx, STR("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid"),
                                    BIND(V(table)));
    while (len < COLUMNS_MAX && rows_next(&rows)) {
        struct db_column *column = &at[len++];
        column->name = rows_str(&rows);
        struct str type = rows_str(&rows);
        column->type = str_eq(type, STR("TEXT")) ? DB_TEXT : str_eq(type, STR("BLOB")) ? DB_BYTES : DB_I64;
        column->is_key = rows_i64(&rows) > 0;
    }
    TRY(rows_end(&rows));
    *ret_columns = at;
    *ret_len = len;
    return OK;
}

enum err db_sqlite_clear(struct ctx *cx, const struct str *tables, size_t len)
{
    for (size_t i = 0; i < len; i++)
        TRY(cx->db->engine->script(cx, str_format(&cx->arena, "DELETE FROM \"" STR_FMT "\"", STR_ARG(tables[i])).at));
    return OK;
}

enum err db_sqlite_set_foreign_keys(struct ctx *cx, bool on)
{
    return cx->db->engine->script(cx, on ? "PRAGMA foreign_keys=ON" : "PRAGMA foreign_keys=OFF");
}

/* The whole database in one step: a snapshot, whatever is written meanwhile. The copy needs no WAL beside it. */
enum err db_sqlite_copy_to(struct ctx *cx, const char *path)
{
    struct db_sqlite *db = db_sqlite_of(cx->db);
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               cx->env->sqlite_vfs);
    sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(to, "main", db->handle, "main") : NULL;
    if (backup) {
        sqlite3_backup_step(backup, -1);
        code = sqlite3_backup_finish(backup);
    }
    if (code == SQLITE_OK && backup)
        code = sqlite3_exec(to, "PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    enum err err = OK;
    if (code != SQLITE_OK || !backup)
        err = fail_detail(cx, ERR_UNAVAILABLE, "backup: %s", to ? sqlite3_errmsg(to) : sqlite3_errstr(code));
    sqlite3_close(to);
    return err;
}

enum err db_sqlite_verify(struct ctx *cx, enum verify what, struct str **ret_findings, size_t *ret_len)
{
    struct str *pages = NULL;
    size_t pages_len = 0;
    if (what != VERIFY_KEYS)
        TRY(list_texts(cx,
                       what == VERIFY_ALL ? STR("SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'")
                                          : STR("SELECT * FROM pragma_quick_check WHERE quick_check <> 'ok'"),
                       FINDINGS_MAX, &pages, &pages_len));
    struct str *keys = NULL;
    size_t keys_len = 0;
    TRY(list_texts(cx,
                   STR("SELECT 'row ' || coalesce(rowid, 0) || ' of ' || \"table\" || ' has no ' || parent"
                       " FROM pragma_foreign_key_check"),
                   FINDINGS_MAX, &keys, &keys_len));
    struct str *at = ARENA_NEW_ARRAY(&cx->arena, struct str, pages_len + keys_len);
    for (size_t i = 0; i < pages_len; i++)
        at[i] = pages[i];
    for (size_t i = 0; i < keys_len; i++)
        at[pages_len + i] = keys[i];
    *ret_findings = at;
    *ret_len = pages_len + keys_len;
    return OK;
}

enum err db_sqlite_explain(struct ctx *cx, struct sql *sql, struct str *ret_plan)
{
    struct buf plan;
    buf_init(&plan, &cx->arena);
    struct db_value none[DB_PARAM_MAX] = { 0 };
    size_t values_len = 0; /* a plan needs no values, but each $N must have its place */
    for (const char *at = sql->text; *at; at++) {
        size_t number = at[0] == '$' ? (size_t)strtoul(at + 1, NULL, 10) : 0;
        values_len = number > values_len && number <= DB_PARAM_MAX ? number : values_len;
    }
    struct rows rows = db_rows_text(cx, str_format(&cx->arena, "EXPLAIN QUERY PLAN %s", sql->text),
                                    (struct db_bind){ none, values_len });
    while (rows_next(&rows)) {
        (void)rows_i64(&rows);
        (void)rows_i64(&rows);
        (void)rows_i64(&rows);
        buf_put(&plan, rows_str(&rows));
        buf_put_char(&plan, '\n');
    }
    TRY(rows_end(&rows));
    *ret_plan = buf_str(&plan);
    return OK;
}
