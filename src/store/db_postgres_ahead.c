#include "store/db_postgres.h"

#include <string.h>

/*
 * Asking ahead. A question to the server costs a round trip and the handlers of a batch run one after the other, so the
 * questions of 64 jobs would be 64 round trips. Instead the jobs are first run for what they ask: a question without an
 * answer is noted and its job left there, changes are taken for done, and whatever the job made is thrown away. When all
 * jobs have come to a question, each kind of question is sent once, for all of them (db_postgres_many.c), and the jobs
 * are run for their next one. At last they are run in earnest, one after the other as ever, with the answers at hand.
 *
 * An answer from before the first change is the true one as long as nobody changed what it was read from. That is what a
 * statement's mark promises: "row of duty $1 $2 $3" reads (or changes) of that table the one row with this key and no
 * other. So an answer counts until an earlier job of the batch has changed the very row, or anything in another table
 * that the statement names; then, as for a question that has no mark, the server is asked in the middle of the batch.
 * What is committed is thus always what one job after the other would have done.
 */

/* --- what this transaction has changed --- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool names_table(struct str text, struct str table)
{
    while (text.len >= table.len) {
        size_t at = str_find(text, table);
        if (at == text.len)
            return false;
        bool begins = at == 0 || !is_word_char(text.at[at - 1]);
        bool ends = at + table.len == text.len || !is_word_char(text.at[at + table.len]);
        if (begins && ends)
            return true;
        text = str_sub(text, at + table.len, SIZE_MAX);
    }
    return false;
}

static struct pg_changed_table *note_table(struct pg_changes *changes, struct str table)
{
    for (size_t i = 0; i < changes->tables_len; i++)
        if (str_eq(changes->tables[i].name, table))
            return &changes->tables[i];
    if (changes->tables_len == LEN(changes->tables))
        return NULL;
    changes->tables[changes->tables_len] = (struct pg_changed_table){ .name = table };
    return &changes->tables[changes->tables_len++];
}

static size_t place_of(const struct pg_changes *changes, uint64_t hash)
{
    size_t place = hash % LEN(changes->rows);
    while (changes->rows[place] && changes->rows[place] != hash)
        place = (place + 1) % LEN(changes->rows);
    return place;
}

bool pg_is_row_changed(const struct db_postgres *db, uint64_t row_hash)
{
    return db->changes.all || db->changes.rows[place_of(&db->changes, row_hash)] == row_hash;
}

void pg_note_row(struct db_postgres *db, const struct db_statement *statement, uint64_t row_hash)
{
    struct pg_changes *changes = &db->changes;
    if (!note_table(changes, statement->table) || changes->rows_len >= LEN(changes->rows) / 2) {
        changes->all = true;
        return;
    }
    uint64_t *row = &changes->rows[place_of(changes, row_hash)];
    changes->rows_len += *row == 0;
    *row = row_hash;
}

void pg_note_change(struct db_postgres *db, const char *text)
{
    static const char *const beginnings[] = { "INSERT INTO ", "UPDATE ", "DELETE FROM " };
    struct pg_changes *changes = &db->changes;
    struct str rest = str_from(text);
    struct str table = STR("");
    for (size_t i = 0; i < LEN(beginnings); i++)
        if (str_starts(rest, str_from(beginnings[i])))
            table = str_sub(rest, strlen(beginnings[i]), SIZE_MAX);
    size_t len = 0;
    while (len < table.len && is_word_char(table.at[len]))
        len++;
    struct pg_changed_table *noted = len > 0 ? note_table(changes, str_sub(table, 0, len)) : NULL;
    if (noted)
        noted->is_whole = true;
    else
        changes->all = true;
}

void pg_changes_clear(struct db_postgres *db)
{
    struct pg_changes *changes = &db->changes;
    if (changes->rows_len > 0)
        memset(changes->rows, 0, sizeof changes->rows);
    changes->rows_len = 0;
    changes->tables_len = 0;
    changes->all = false;
}

static bool is_still_true(const struct db_postgres *db, const struct pg_one *one)
{
    const struct pg_changes *changes = &db->changes;
    if (changes->all)
        return false;
    for (size_t i = 0; i < changes->tables_len; i++) {
        const struct pg_changed_table *table = &changes->tables[i];
        if (!str_eq(table->name, one->statement->table)) {
            if (names_table(str_from(one->statement->text), table->name))
                return false;
        } else if (table->is_whole || pg_is_row_changed(db, one->row_hash)) {
            return false;
        }
    }
    return true;
}

/* --- looking --- */

void pg_look_begin(struct db *base)
{
    struct db_postgres *db = db_postgres_of(base);
    if (db->is_careful || db->state != PG_OPEN || !pg_lists_ready(db))
        return;
    base->is_looking = true;
}

enum err pg_fail_looking(struct ctx *cx)
{
    return fail(cx, ERR_UNAVAILABLE, "%s", err_words(ERR_UNAVAILABLE));
}

/* One statement's answers: which question has which row. */
static enum err take_answers(struct ctx *cx, struct pg_list *list, struct db_statement *statement, PGresult *result)
{
    size_t len = 0;
    for (uint32_t i = statement->first_waiting; i; i = list->at[i - 1].next) {
        list->order[len++] = i - 1;
        list->at[i - 1].result = result;
        list->at[i - 1].row = -1;
    }
    statement->first_waiting = statement->last_waiting = 0;
    for (int row = 0; row < PQntuples(result); row++) {
        int64_t place = pg_read_i64(result, row, 0);
        if (place < 1 || place > (int64_t)len || list->at[list->order[place - 1]].row >= 0)
            return fail_detail(cx, ERR_SYSTEM, "%s: marked as reading one row, and reads more", statement->name);
        list->at[list->order[place - 1]].row = row;
    }
    return OK;
}

enum err pg_look_end(struct ctx *cx, size_t *ret_asked)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct pg_list *list = db->questions;
    db->base.is_looking = false;
    size_t from = list->results_len;
    *ret_asked = list->waiting_len;
    for (size_t i = 0; i < list->waiting_len; i++)
        TRY(pg_send_many(cx, list, list->waiting[i], &list->results[list->results_len++]));
    if (list->waiting_len == 0)
        return OK;
    TRY(pg_collect(cx, NULL, NULL));
    for (size_t i = 0; i < list->waiting_len; i++)
        TRY(take_answers(cx, list, list->waiting[i], list->results[from + i]));
    list->waiting_len = 0;
    return OK;
}

/* --- questions --- */

static enum err take_early(struct ctx *cx, const struct pg_one *one, struct rows *rows)
{
    struct pg_part part = { one->result, one->row < 0 ? 0 : one->row, one->row < 0 ? 0 : one->row + 1, 1, true };
    return pg_take_rows(cx, &part, one->statement, rows);
}

enum err pg_look(struct ctx *cx, struct db_statement *statement, struct db_bind bind, struct rows *rows)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct pg_list *list = db->questions;
    if (!statement->table.len || !pg_can_send_many(cx, statement, bind) ||
        list->results_len + PG_STATEMENTS_MAX > LEN(list->results))
        return pg_fail_looking(cx);
    struct pg_one *one = pg_find_one(list, statement, bind);
    if (one && one->result)
        return take_early(cx, one, rows);
    if (one || pg_add_one(list, statement, bind))
        db->base.look_missed = true; /* there will be an answer in the next round */
    return pg_fail_looking(cx);
}

enum err pg_use_early(struct ctx *cx, struct db_statement *statement, struct db_bind bind, struct rows *rows,
                      bool *ret_used)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (!statement->table.len || !db->questions || db->questions->len == 0)
        return OK;
    const struct pg_one *one = pg_find_one(db->questions, statement, bind);
    if (!one || !one->result || !is_still_true(db, one))
        return OK;
    *ret_used = true;
    return take_early(cx, one, rows);
}
