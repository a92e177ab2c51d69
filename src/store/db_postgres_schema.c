#include "store/db_postgres.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/*
 * What store asks of PostgreSQL about the schema, the words of a migration in PostgreSQL's own, and
 * schemas that only one store sees.
 */

/*
 * Text is compared by its bytes, as on SQLite: whatever language the database was made for, lists
 * come in the same order and the prefix of a path can be looked up in an index.
 *
 * Every batch changes the counters of the nation and of some provinces: room left in their pages
 * keeps the new versions out of the index, which costs a fifth of the batch otherwise.
 */
struct str pg_translate(struct ctx *cx, struct str migration)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    struct str last_word = STR("");
    while (migration.len > 0) {
        struct str piece = migrate_next_piece(&migration);
        /* With room for a row's next version beside it no index has to learn of the change. */
        buf_put(&out, str_eq(piece, STR("/*often updated*/")) ? STR("WITH (fillfactor = 50)") : piece);
        if (str_eq(piece, STR("TEXT")) && !str_eq(last_word, STR("AS")))
            buf_put(&out, STR(" COLLATE \"C\""));
        if (migrate_is_word(piece))
            last_word = piece;
    }
    return buf_str(&out);
}

/* Questions about the schema. */

enum { TABLES_MAX = 500, COLUMNS_MAX = 100, FINDINGS_MAX = 100 };

enum err pg_table_exists(struct ctx *cx, struct str table, bool *ret_exists)
{
    struct rows rows = db_rows_text(
        cx,
        STR("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind = 'r' AND relname = $1"),
        BIND(V(table)));
    bool exists = rows_next(&rows) && rows_i64(&rows) > 0;
    TRY(rows_end(&rows));
    *ret_exists = exists;
    return OK;
}

static enum err list_texts(struct ctx *cx, struct str text, size_t len_max, struct str **ret_at,
                           size_t *ret_len)
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

enum err pg_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len)
{
    return list_texts(
        cx,
        STR("SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relkind = 'r' ORDER BY relname COLLATE \"C\""),
        TABLES_MAX, ret_names, ret_len);
}

enum err pg_columns(struct ctx *cx, struct str table, struct db_column **ret_columns,
                    size_t *ret_len)
{
    struct db_column *at = ARENA_NEW_ARRAY(&cx->arena, struct db_column, COLUMNS_MAX);
    size_t len = 0;
    struct rows rows = db_rows_text(
        cx,
        STR("SELECT a.attname, a.atttypid::bigint, coalesce(a.attnum = ANY (i.indkey), false)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
            "a.attisdropped"
            " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND "
            "c.relname = $1"
            " ORDER BY a.attnum"),
        BIND(V(table)));
    while (len < COLUMNS_MAX && rows_next(&rows)) {
        struct db_column *column = &at[len++];
        column->name = rows_str(&rows);
        int64_t type = rows_i64(&rows);
        column->type = type == PG_TEXT ? DB_TEXT : type == PG_BYTEA ? DB_BYTES : DB_I64;
        column->is_key = rows_i64(&rows) != 0;
    }
    TRY(rows_end(&rows));
    *ret_columns = at;
    *ret_len = len;
    return OK;
}

enum err pg_clear(struct ctx *cx, const struct str *tables, size_t len)
{
    struct buf text;
    buf_init(&text, &cx->arena);
    for (size_t i = 0; i < len; i++)
        buf_format(&text, "%s\"" STR_FMT "\"", i ? ", " : "TRUNCATE ", STR_ARG(tables[i]));
    return len ? pg_script(cx, str_to_c(&cx->arena, buf_str(&text)), NULL) : OK;
}

/* Checks. */

static enum err count_in(struct ctx *cx, struct str text, int64_t *ret_count)
{
    struct rows rows = db_rows_text(cx, text, NO_BIND);
    int64_t count = rows_next(&rows) ? rows_i64(&rows) : 0;
    TRY(rows_end(&rows));
    *ret_count = count;
    return OK;
}

/* Each row of the list is a question that counts what is wrong, and the words for it. */
static enum err ask_each(struct ctx *cx, struct str list, struct str *findings, size_t *len)
{
    struct rows rows = db_rows_text(cx, list, NO_BIND);
    enum err err = OK;
    while (err == OK && *len < FINDINGS_MAX && rows_next(&rows)) {
        struct str question = rows_str(&rows);
        struct str words = rows_str(&rows);
        int64_t count = 0;
        err = count_in(cx, question, &count);
        if (err == ERR_SYSTEM)
            findings[(*len)++] =
                str_format(&cx->arena, STR_FMT ": %s", STR_ARG(words), cx->fault.detail);
        else if (count > 0)
            findings[(*len)++] =
                str_format(&cx->arena, STR_FMT ": %lld dòng", STR_ARG(words), (long long)count);
    }
    enum err end = rows_end(&rows);
    return err != OK && err != ERR_SYSTEM ? err : end;
}

enum err pg_verify(struct ctx *cx, enum verify what, struct str **ret_findings, size_t *ret_len)
{
    /* The server keeps foreign keys, unless somebody loaded rows with the triggers off. */
    struct str foreign_keys =
        STR("SELECT format('SELECT count(*) FROM %s c WHERE c.%I IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM %s p WHERE p.%I = c.%I)', f.conrelid::regclass, a.attname, "
            "f.confrelid::regclass, b.attname,"
            " a.attname), format('Bảng %s trỏ tới dòng không có trong bảng %s', "
            "f.conrelid::regclass, f.confrelid::regclass)"
            " FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = "
            "f.conkey[1]"
            " JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]"
            " WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace AND "
            "array_length(f.conkey, 1) = 1");
    struct str indexes =
        STR("SELECT 'SELECT 1', 'Chỉ mục ' || c.relname || ' không dùng được, xin chạy REINDEX'"
            " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND "
            "i.indisready)");
    struct str settings =
        STR("SELECT 'SELECT 1', 'Máy chủ PostgreSQL đang tắt ' || name || ', mất điện có thể làm "
            "hỏng dữ liệu'"
            " FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
            " AND coalesce(current_setting('diemcau.keep_schemas', true), '') <> 'on'");
    /* Reading every row finds pages that the disk or the checksums refuse. */
    struct str pages =
        STR("SELECT format('SELECT count(*) FROM (SELECT 1 FROM %s t WHERE t.* IS NULL AND t.* IS "
            "NOT NULL) x',"
            " oid::regclass), format('Bảng %s', oid::regclass)"
            " FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'");
    struct str *findings = ARENA_NEW_ARRAY(&cx->arena, struct str, FINDINGS_MAX);
    size_t len = 0;
    TRY(ask_each(cx, foreign_keys, findings, &len));
    if (what != VERIFY_KEYS)
        TRY(ask_each(cx, indexes, findings, &len));
    if (what != VERIFY_KEYS && !cx->db->store->is_private)
        TRY(ask_each(cx, settings, findings, &len));
    if (what == VERIFY_ALL)
        TRY(ask_each(cx, pages, findings, &len));
    *ret_findings = findings;
    *ret_len = len;
    return OK;
}

static void forget_prepared(struct db_postgres *db)
{
    for (size_t i = 0; i < db_statement_count(); i++)
        db->statements[i].is_prepared = false;
    for (size_t i = 0; i < PG_OWN_LEN; i++)
        db->own[i].is_prepared = false;
}

/* The statement as it will be sent: prepared once to learn what its parameters are, and again with
   the types that a bind has, so that a function that knows no BIGINT is found here. *ret_nulls are
   its values for EXECUTE. */
static enum err prepare_explained(struct ctx *cx, const struct sql *sql, struct str *ret_nulls)
{
    struct str prepare =
        str_format(&cx->arena, "DEALLOCATE ALL; PREPARE explained AS %s", sql->text);
    enum err err = pg_script(cx, str_to_c(&cx->arena, prepare), NULL);
    forget_prepared(db_postgres_of(cx->db));
    TRY(err);
    PGresult *said = NULL;
    TRY(pg_script(
        cx,
        "SELECT coalesce('(' || string_agg(CASE WHEN type = 'bytea'::regtype THEN 'bytea'"
        " WHEN type IN ('bigint'::regtype, 'integer', 'smallint', 'numeric') THEN 'bigint' ELSE "
        "'text' END,"
        " ', ' ORDER BY place) || ')', ''), coalesce('(' || string_agg('NULL', ', ') || ')', '')"
        " FROM pg_prepared_statements, unnest(parameter_types) WITH ORDINALITY AS param (type, "
        "place)"
        " WHERE name = 'explained'",
        &said));
    struct str types = str_copy(&cx->arena, str_from(PQgetvalue(said, 0, 0)));
    *ret_nulls = str_copy(&cx->arena, str_from(PQgetvalue(said, 0, 1)));
    PQclear(said);
    prepare = str_format(&cx->arena, "DEALLOCATE ALL; PREPARE explained " STR_FMT " AS %s",
                         STR_ARG(types), sql->text);
    return pg_script(cx, str_to_c(&cx->arena, prepare), NULL);
}

/* The plan for values not known yet, with full scans made so dear that one is taken only when there
   is no other way: a test's tables are nearly empty, and small tables are rightly scanned. */
enum err pg_explain(struct ctx *cx, struct sql *sql, struct str *ret_plan)
{
    TRY(pg_script(cx, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off", NULL));
    struct str nulls = STR("");
    TRY(prepare_explained(cx, sql, &nulls));
    PGresult *said = NULL;
    struct str explain =
        str_format(&cx->arena, "EXPLAIN (COSTS OFF) EXECUTE explained " STR_FMT, STR_ARG(nulls));
    TRY(pg_script(cx, str_to_c(&cx->arena, explain), &said));
    struct buf plan;
    buf_init(&plan, &cx->arena);
    for (int i = 0; i < PQntuples(said); i++)
        buf_format(&plan, "%s\n", PQgetvalue(said, i, 0));
    PQclear(said);
    *ret_plan = buf_str(&plan);
    return OK;
}
