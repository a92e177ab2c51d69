#include "store/db_postgres.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/*
 * Values of an answer, all sent as binary.
 */

/* Exact in its whole part: sum() of BIGINT is a NUMERIC. Digits to the base of 10,000; the first
 * counts 10,000^weight. */
static int64_t read_numeric(const unsigned char *at, int len)
{
    uint16_t head[4]; /* digits, weight, sign, scale */
    if (len < (int)sizeof head)
        return 0;
    memcpy(head, at, sizeof head);
    int digits_len = be16toh(head[0]);
    int weight = (int16_t)be16toh(head[1]);
    bool is_negative = be16toh(head[2]) == 0x4000;
    uint64_t value = 0;
    for (int i = 0; i <= weight && weight < 5; i++) {
        uint16_t digit = 0;
        if (i < digits_len && len >= (int)sizeof head + 2 * (i + 1))
            memcpy(&digit, at + sizeof head + 2 * (size_t)i, sizeof digit);
        value = value * 10000 + be16toh(digit);
    }
    return is_negative ? (int64_t)(0 - value) : (int64_t)value;
}

int64_t pg_read_i64(const PGresult *result, int row, int column)
{
    const unsigned char *at = (const unsigned char *)PQgetvalue(result, row, column);
    int len = PQgetlength(result, row, column);
    uint64_t eight = 0;
    uint32_t four = 0;
    uint16_t two = 0;
    int64_t number = 0;
    if (!at || len == 0)
        return 0;
    switch (PQftype(result, column)) {
    case PG_INT8:
        memcpy(&eight, at, sizeof eight);
        return (int64_t)be64toh(eight);
    case PG_INT4:
        memcpy(&four, at, sizeof four);
        return (int32_t)be32toh(four);
    case PG_INT2:
        memcpy(&two, at, sizeof two);
        return (int16_t)be16toh(two);
    case PG_BOOL:
        return at[0] != 0;
    case PG_NUMERIC:
        return read_numeric(at, len);
    default:
        return str_to_i64((struct str){ (const char *)at, (size_t)len }, &number) ? number : 0;
    }
}

/* Queries under way. They are kept in the connection's own memory: a handler may be left by
 * longjmp. */
static void clear_part(struct pg_part *part)
{
    if (!part->is_shared)
        PQclear((PGresult *)(uintptr_t)part->result); /* read only until here */
    part->result = NULL;
}

enum err pg_take_rows(struct ctx *cx, const struct pg_part *part, struct db_statement *statement,
                      struct rows *rows)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct pg_rows *taken = db->rows_free;
    if (taken) {
        db->rows_free = taken->older;
    } else {
        taken = env_alloc(db->base.env, sizeof *taken);
        if (!taken) {
            struct pg_part given = *part;
            clear_part(&given);
            return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a query");
        }
    }
    *taken = (struct pg_rows){ .part = *part, .older = db->rows };
    taken->part.row--;
    db->rows = taken;
    rows->engine = taken;
    rows->statement = statement;
    return OK;
}

static void stop(struct db_postgres *db, struct pg_rows *rows)
{
    struct pg_rows **link = &db->rows;
    while (*link != rows)
        link = &(*link)->older;
    *link = rows->older;
    clear_part(&rows->part);
    rows->older = db->rows_free;
    db->rows_free = rows;
}

void pg_rows_stop(struct rows *rows)
{
    stop(db_postgres_of(rows->cx->db), rows->engine);
}

void pg_cancel(struct db *base)
{
    struct db_postgres *db = db_postgres_of(base);
    while (db->rows)
        stop(db, db->rows);
    base->open_rows = 0;
}

bool pg_rows_next(struct rows *rows)
{
    struct pg_rows *r = rows->engine;
    if (r->part.row + 1 >= r->part.end)
        return false;
    r->part.row++;
    return true;
}

int64_t pg_rows_i64(struct rows *rows, int column)
{
    const struct pg_part *part = &((struct pg_rows *)rows->engine)->part;
    return pg_read_i64(part->result, part->row, part->column + column);
}

static bool is_number(Oid type)
{
    return type == PG_INT8 || type == PG_INT4 || type == PG_INT2 || type == PG_NUMERIC ||
           type == PG_BOOL;
}

struct str pg_rows_str(struct rows *rows, int column)
{
    struct pg_rows *r = rows->engine;
    const struct pg_part *part = &r->part;
    column += part->column;
    if (PQgetisnull(part->result, part->row, column))
        return STR("");
    if (is_number(PQftype(part->result,
                          column))) { /* as SQLite does when a number is asked for as text */
        snprintf(r->number, sizeof r->number, "%lld",
                 (long long)pg_read_i64(part->result, part->row, column));
        return str_from(r->number);
    }
    return (struct str){ PQgetvalue(part->result, part->row, column),
                         (size_t)PQgetlength(part->result, part->row, column) };
}

struct bytes pg_rows_bytes(struct rows *rows, int column)
{
    const struct pg_part *part = &((struct pg_rows *)rows->engine)->part;
    column += part->column;
    return (struct bytes){ (const unsigned char *)PQgetvalue(part->result, part->row, column),
                           (size_t)PQgetlength(part->result, part->row, column) };
}

bool pg_rows_is_null(struct rows *rows, int column)
{
    const struct pg_part *part = &((struct pg_rows *)rows->engine)->part;
    return PQgetisnull(part->result, part->row, part->column + column) != 0;
}
