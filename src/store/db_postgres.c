#include "store/db_postgres.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { RESOLVE_MS_MAX = 10000, RESOLVE_STEP_MS = 20, ANALYZE_FIRST = 1000 };

/* Statements. */

static struct db_statement *find_statement(struct db_postgres *db, const struct sql *sql)
{
    struct db_statement *statement = &db->statements[sql->slot];
    if (!statement->id[0]) {
        snprintf(statement->id, sizeof statement->id, "s%u", sql->slot);
        statement->name = sql->name;
        pg_read_mark(statement, sql->text);
    }
    return statement;
}

static enum err fail_broken(struct ctx *cx)
{
    return fail_detail(cx, ERR_UNAVAILABLE, "the transaction has failed already");
}

/* One statement in a savepoint of its own, so that its failure leaves the transaction standing, as
 * on SQLite. */
static enum err run_step(struct ctx *cx, struct db_statement *statement, const char *text,
                         struct db_bind bind, PGresult **ret_result)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    TRY(pg_send_own(cx, PG_SAVE_STEP, NULL));
    TRY(pg_send_bind(cx, statement, text, bind));
    TRY(pg_send_own(cx, PG_RELEASE_STEP, NULL));
    enum err err = pg_collect(cx, statement, ret_result);
    if (err == OK || pg_is_lost(db))
        return err;
    struct fault fault = cx->fault;
    if (pg_send_own(cx, PG_UNDO_STEP, NULL) == OK && pg_send_own(cx, PG_RELEASE_STEP, NULL) == OK &&
        pg_collect(cx, NULL, NULL) == OK)
        db->state = PG_OPEN;
    cx->fault = fault;
    return err;
}

/* Sends a statement and waits for its answer. */
static enum err run_now(struct ctx *cx, struct db_statement *statement, const char *text,
                        struct db_bind bind, PGresult **ret_result)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (db->state == PG_BROKEN)
        return fail_broken(cx);
    if (db->is_careful)
        return run_step(cx, statement, text, bind, ret_result);
    TRY(pg_send_bind(cx, statement, text, bind));
    return pg_collect(cx, statement, ret_result);
}

static enum err postgres_run(struct ctx *cx, struct sql *sql, struct db_bind bind,
                             int64_t *ret_changed)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct db_statement *statement = find_statement(db, sql);
    if (db->base.is_looking)
        return ret_changed ? pg_fail_looking(cx) : OK;
    if (db->state == PG_BROKEN)
        return fail_broken(cx);
    if (!ret_changed && db->base.is_writer && db->state == PG_OPEN && !db->is_careful) {
        bool is_put = false;
        TRY(pg_put_change(cx, statement, bind, &is_put));
        if (is_put)
            return OK;
        TRY(pg_flush_changes(cx));
        pg_note_change(db, sql->text);
        return pg_send_bind(cx, statement, sql->text,
                            bind); /* answered with the next question, or the commit */
    }
    TRY(pg_flush_changes(cx));
    pg_note_change(db, sql->text);
    PGresult *result = NULL;
    TRY(run_now(cx, statement, sql->text, bind, &result));
    int64_t changed = 0;
    if (!str_to_i64(str_from(PQcmdTuples(result)), &changed))
        changed = 0;
    PQclear(result);
    if (ret_changed)
        *ret_changed = changed;
    return OK;
}

/* A reader whose connection died while it was idle (the server was restarted) has lost nothing yet.
 */
static enum err start(struct ctx *cx, struct db_statement *statement, const char *text,
                      struct db_bind bind, struct rows *rows)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    bool may_repeat = !db->base.is_writer && (db->state == PG_WANTED || db->state == PG_IDLE);
    enum pg_state state = db->state;
    PGresult *result = NULL;
    enum err err = run_now(cx, statement, text, bind, &result);
    if (err != OK && may_repeat && pg_is_lost(db)) {
        db->state = state;
        err = run_now(cx, statement, text, bind, &result);
    }
    TRY(err);
    return pg_take_rows(cx, &(struct pg_part){ result, 0, PQntuples(result), 0, false }, statement, rows);
}

static enum err postgres_rows_start(struct ctx *cx, struct sql *sql, struct db_bind bind,
                                    struct rows *rows)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct db_statement *statement = find_statement(db, sql);
    bool is_used = false;
    if (db->base.is_looking)
        return pg_look(cx, statement, bind, rows);
    TRY(pg_use_early(cx, statement, bind, rows, &is_used));
    if (is_used)
        return OK;
    TRY(pg_flush_changes(cx));
    if (db->base.is_writer && sql_writes(sql))
        pg_note_change(db, sql->text);
    return start(cx, statement, sql->text, bind, rows);
}

static enum err postgres_rows_start_text(struct ctx *cx, struct str text, struct db_bind bind,
                                         struct rows *rows)
{
    struct db_statement *statement = ARENA_NEW(&cx->arena, struct db_statement);
    if (cx->db->is_looking)
        return pg_fail_looking(cx);
    TRY(pg_flush_changes(cx));
    statement->name = "(made by store)";
    return start(cx, statement, str_to_c(&cx->arena, text), bind, rows);
}

/* Transactions. */

static enum err postgres_begin(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    TRY(pg_ensure(cx));
    pg_lists_clear(db);
    db->base.is_looking = false;
    db->is_careful = db->careful_next;
    db->careful_next = false;
    db->has_savepoint = false;
    db->transaction[0] = '\0';
    db->state = PG_OPEN;
    enum err err = pg_send_own(cx, PG_BEGIN, NULL);
    if (err == OK)
        err = pg_send_own(cx, PG_LOCK, NULL);
    return err;
}

static bool postgres_is_open(const struct db *base)
{
    const struct db_postgres *db = (const struct db_postgres *)base;
    if (pg_is_lost(db))
        return false;
    return db->state == PG_OPEN || (db->state == PG_BROKEN && db->has_savepoint && db->is_careful);
}

static void postgres_rollback(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct fault fault = cx->fault;
    if (db->base.is_looking)
        return; /* nothing is changed by looking */
    if (db->state == PG_OPEN || db->state == PG_BROKEN)
        pg_send_rollback(cx);
    pg_lists_clear(db);
    db->state = PG_IDLE;
    db->is_careful = false;
    cx->fault = fault;
}

static void wait_a_little(void)
{
    struct timespec step = { .tv_nsec = RESOLVE_STEP_MS * 1000000 };
    nanosleep(&step, NULL);
}

/* One look at what became of a transaction: true when it is known, then *ret_committed says it. */
static bool look_at_transaction(struct ctx *cx, const char *transaction, bool *ret_committed)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (pg_ensure(cx) != OK)
        return false;
    PGresult *said = NULL;
    struct str question = str_format(&cx->arena, "SELECT pg_xact_status('%s'::xid8)", transaction);
    enum err err = pg_script(cx, str_to_c(&cx->arena, question), &said);
    if (err != OK) {
        /* A number that the server does not know yet: it crashed before the number was written down
         * anywhere. */
        *ret_committed = false;
        return !pg_is_lost(db) && strstr(cx->fault.detail, "(22023)") != NULL;
    }
    struct str status = str_from(PQgetvalue(said, 0, 0));
    bool is_committed = str_eq(status, STR("committed"));
    bool known = is_committed || str_eq(status, STR("aborted"));
    PQclear(said);
    *ret_committed = is_committed;
    return known;
}

/*
 * The connection died between COMMIT and its answer: the batch is written or it is not, and only
 * the server knows. It is asked for as long as somebody may still be waiting for us. When it cannot
 * be asked, everybody in the batch is told to try again, which is safe: a fact that was written
 * after all is known by its id.
 */
static enum err resolve_commit(struct ctx *cx, enum err err)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    struct fault fault = cx->fault;
    char transaction[sizeof db->transaction];
    memcpy(transaction, db->transaction, sizeof transaction);
    int64_t until = env_monotonic(cx->env) + (int64_t)RESOLVE_MS_MAX * 1000;
    bool is_committed = false;
    bool known = false;
    while (transaction[0] && !known && env_monotonic(cx->env) < until) {
        known = look_at_transaction(cx, transaction, &is_committed);
        if (!known)
            wait_a_little();
    }
    db->state = PG_IDLE;
    db->base.run_again = known && !is_committed;
    cx->fault = fault;
    return is_committed ? OK : err;
}

static enum err postgres_commit(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (db->state != PG_OPEN)
        return fail_broken(cx);
    TRY(pg_flush_changes(cx));
    TRY(pg_send_own(cx, PG_COMMIT, NULL));
    db->state = PG_IDLE; /* so that the end is a sync */
    enum err err = pg_collect(cx, NULL, NULL);
    if (err != OK && pg_is_lost(db))
        err = resolve_commit(cx, err);
    else if (err != OK)
        db->state = PG_BROKEN;
    if (err == OK)
        db->is_careful = false;
    return err;
}

static enum err postgres_savepoint(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (db->state == PG_BROKEN)
        return fail_broken(cx);
    if (db->is_careful) {
        TRY(pg_send_own(cx, PG_SAVE_JOB, NULL));
        TRY(pg_collect(cx, NULL, NULL));
    }
    db->has_savepoint = true;
    return OK;
}

static enum err postgres_savepoint_release(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (db->state == PG_BROKEN)
        return fail_broken(cx);
    if (db->is_careful) {
        TRY(pg_send_own(cx, PG_RELEASE_JOB, NULL));
        TRY(pg_collect(cx, NULL, NULL));
    }
    db->has_savepoint = false;
    return OK;
}

static enum err postgres_savepoint_rollback(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    db->has_savepoint = false;
    if (!db->is_careful) { /* there is none: the batch is run again, with savepoints */
        db->base.run_again = true;
        db->careful_next = true;
        return ERR_UNAVAILABLE;
    }
    struct fault fault = cx->fault;
    enum err err = pg_send_own(cx, PG_UNDO_JOB, NULL);
    if (err == OK)
        err = pg_send_own(cx, PG_RELEASE_JOB, NULL);
    if (err == OK)
        err = pg_collect(cx, NULL, NULL);
    if (err == OK)
        db->state = PG_OPEN;
    cx->fault = fault;
    return err;
}

static enum err postgres_read_begin(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    db->state = PG_WANTED;
    return OK;
}

static void postgres_read_end(struct ctx *cx)
{
    postgres_rollback(cx);
}

static enum err postgres_nothing(struct ctx *cx)
{
    (void)cx; /* the server checkpoints and keeps its log ready by itself */
    return OK;
}

/* Facts come in their order, so each row's parent is there before it: nothing needs to be put off.
 */
static enum err postgres_set_foreign_keys(struct ctx *cx, bool on)
{
    (void)cx;
    (void)on;
    return OK;
}

/*
 * Plans are made from statistics, and a server makes those by itself a minute later at the soonest, while a first import
 * fills tables in seconds that every plan still takes for empty. So they are asked for after 1,000 facts and again each
 * time there are eight times as many as when they were made: on a connection that nobody waits for. They outlive the
 * program: a start on a database that has them makes none.
 */
static enum err postgres_tidy(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    static const char text[] = "DO $$ DECLARE one record; BEGIN"
                               " IF (SELECT max(seq) FROM fact) < 8 * (SELECT reltuples FROM pg_class"
                               "   WHERE oid = to_regclass('fact')) THEN RETURN; END IF;"
                               " FOR one IN SELECT oid::regclass AS name FROM pg_class"
                               "   WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' LOOP"
                               "  EXECUTE format('ANALYZE %s', one.name);"
                               " END LOOP; END $$";
    if (db->helper && PQconsumeInput(db->helper) && PQisBusy(db->helper))
        return OK;
    PQfinish(db->helper);
    db->helper = NULL;
    if (db->appended_len < db->analyze_at || db->base.store->is_private)
        return OK;
    const struct pg_place *place = db->base.store->engine_state;
    TRY(pg_connect(cx, db->base.store, place->schema, true, &db->helper));
    if (!PQexitPipelineMode(db->helper) || !PQsendQuery(db->helper, text))
        return fail_detail(cx, ERR_UNAVAILABLE, "analyze: %s", PQerrorMessage(db->helper));
    db->analyze_at = db->appended_len * 8;
    return OK;
}

static enum err postgres_script(struct ctx *cx, const char *text)
{
    return pg_script(cx, text, NULL);
}

/* Opening and closing. */

static void postgres_close(struct db *base)
{
    struct db_postgres *db = db_postgres_of(base);
    const struct env *env = base->env;
    pg_cancel(base);
    pg_lists_end(db);
    for (size_t i = 0; db->statements && i < db_statement_count(); i++)
        pg_forget_many(db, &db->statements[i]);
    PQfinish(db->link);
    PQfinish(db->helper);
    for (struct pg_rows *rows = db->rows_free; rows;) {
        struct pg_rows *older = rows->older;
        env_free(env, rows);
        rows = older;
    }
    for (size_t i = 0; i < PG_ARRAYS_MAX; i++)
        env_free(env, db->arrays[i].at);
    env_free(env, db->statements);
    env_free(env, db);
}

static enum err postgres_open(struct ctx *cx, struct store *store, bool is_writer,
                              struct db **ret_db)
{
    struct db_postgres *db = env_alloc(cx->env, sizeof *db);
    size_t statements_bytes = db_statement_count() * sizeof *db->statements;
    struct db_statement *statements = db ? env_alloc(cx->env, statements_bytes) : NULL;
    if (!statements) {
        env_free(cx->env, db);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a connection");
    }
    memset(db, 0, sizeof *db);
    memset(statements, 0, statements_bytes);
    db->base = (struct db){
        .engine = &db_postgres, .store = store, .env = cx->env, .is_writer = is_writer
    };
    db->statements = statements;
    db->analyze_at = ANALYZE_FIRST;

    struct db *before = cx->db;
    cx->db = &db->base;
    enum err err = pg_ensure(cx);
    cx->db = before;
    if (err != OK) {
        postgres_close(&db->base);
        return err;
    }
    *ret_db = &db->base;
    return OK;
}

const struct db_engine db_postgres = {
    .name = "postgresql",
    .is_shared = true,
    .create = pg_create,
    .destroy = pg_destroy,
    .open = postgres_open,
    .close = postgres_close,
    .run = postgres_run,
    .rows_start = postgres_rows_start,
    .rows_next = pg_rows_next,
    .rows_i64 = pg_rows_i64,
    .rows_str = pg_rows_str,
    .rows_bytes = pg_rows_bytes,
    .rows_is_null = pg_rows_is_null,
    .rows_stop = pg_rows_stop,
    .cancel = pg_cancel,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .is_open = postgres_is_open,
    .savepoint = postgres_savepoint,
    .savepoint_release = postgres_savepoint_release,
    .savepoint_rollback = postgres_savepoint_rollback,
    .read_begin = postgres_read_begin,
    .read_end = postgres_read_end,
    .look_begin = pg_look_begin,
    .look_end = pg_look_end,
    .find_ids = pg_find_ids,
    .append = pg_append,
    .add_counters = pg_add_counters,
    .tidy = postgres_tidy,
    .warm_up = postgres_nothing,
    .script = postgres_script,
    .translate = pg_translate,
    .table_exists = pg_table_exists,
    .tables = pg_tables,
    .columns = pg_columns,
    .rows_start_text = postgres_rows_start_text,
    .clear = pg_clear,
    .set_foreign_keys = postgres_set_foreign_keys,
    .verify = pg_verify,
    .explain = pg_explain,
};
