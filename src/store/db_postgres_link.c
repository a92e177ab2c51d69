#include "store/db_postgres.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/*
 * The connection and what travels over it. Nothing here knows what a batch is.
 */

enum { PG_OLDEST_SERVER = 130000 /* pg_current_xact_id */ };

static const char *const own_texts[PG_OWN_LEN] = {
    [PG_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [PG_BEGIN_READING] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    /* One program at a time writes to a schema, so that the chain has one head. The lock ends with
       the transaction. */
    [PG_LOCK] =
        "SELECT pg_current_xact_id()::text, pg_advisory_xact_lock(1684628836, "
        "hashtext(current_schema()))",
    [PG_COMMIT] = "COMMIT",
    [PG_ROLLBACK] = "ROLLBACK",
    [PG_SAVE_JOB] = "SAVEPOINT job",
    [PG_RELEASE_JOB] = "RELEASE job",
    [PG_UNDO_JOB] = "ROLLBACK TO job",
    [PG_SAVE_STEP] = "SAVEPOINT step",
    [PG_RELEASE_STEP] = "RELEASE step",
    [PG_UNDO_STEP] = "ROLLBACK TO step",
    [PG_FIND_IDS] =
        "SELECT asked.place FROM unnest($1) WITH ORDINALITY AS asked (id, place)"
        " WHERE EXISTS (SELECT 1 FROM fact WHERE fact.id = asked.id)",
    [PG_APPEND] =
        "INSERT INTO fact (seq, id, kind, at, account_id, unit_id, subject_id, body, hash)"
        " SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [PG_APPEND_PRIVATE] =
        "INSERT INTO fact_private (seq, salt, body) SELECT * FROM unnest($1, $2, $3)",
    [PG_ADD_COUNTERS] =
        "INSERT INTO counter (kind, subject_id, unit_id, value) SELECT * FROM unnest($1, $2, $3, "
        "$4)"
        " ON CONFLICT (kind, subject_id, unit_id) DO UPDATE SET value = counter.value + "
        "excluded.value",
};

/* Errors. */

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* SQLSTATE, of PostgreSQL's manual, appendix A. */
static enum err class_of(const char *state)
{
    static const char *const unavailable[] = {
        "08",    /* connection */
        "25006", /* a standby, or a server set read-only */
        "40",    /* serialization, deadlock */
        "53",    /* disk full, memory, too many connections */
        "55P03", /* another program held the lock too long */
        "57",    /* shutting down, starting up, cancelled */
        "58",    /* the disk */
    };
    if (starts(state, "23"))
        return ERR_CONFLICT;
    for (size_t i = 0; i < LEN(unavailable); i++)
        if (starts(state, unavailable[i]))
            return ERR_UNAVAILABLE;
    return ERR_SYSTEM;
}

static const char *state_of(const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    return state ? state : "08006";
}

/* The server's own words, without its DETAIL: that quotes the values of the row. */
static enum err fail_with(struct ctx *cx, const PGresult *result, const char *what)
{
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const PGconn *link = db_postgres_of(cx->db)->link;
    if (!said)
        said = result ? PQresultErrorMessage(result)
               : link ? PQerrorMessage(link)
                      : "no connection";
    return fail_detail(cx, class_of(state_of(result)), "%s: %s (%s)", what, said, state_of(result));
}

/* Whether the batch deserves another try as a whole, and how (the essay in db_postgres.h). */
static void note_failure(struct db_postgres *db, const PGresult *result)
{
    if (db->state == PG_OPEN)
        db->state = PG_BROKEN;
    if (!db->base.is_writer)
        return;
    if (pg_is_lost(db) || starts(state_of(result), "40")) {
        db->base.run_again = true;
        db->careful_next = db->is_careful;
    } else if (!db->is_careful) {
        db->base.run_again = true;
        db->careful_next = true;
    }
}

/* Connecting. */

bool pg_is_lost(const struct db_postgres *db)
{
    return !db->link || PQstatus(db->link) != CONNECTION_OK;
}

static void hear_nothing(void *what, const PGresult *result)
{
    (void)what;
    (void)result; /* notices: nothing that anybody here could act on */
}

static enum err refuse_link(struct ctx *cx, PGconn *link)
{
    enum err err = fail(cx, ERR_UNAVAILABLE,
                        "Chưa kết nối được máy chủ PostgreSQL;"
                        " xin kiểm tra địa chỉ và trạng thái của máy chủ");
    snprintf(cx->fault.detail, sizeof cx->fault.detail, "connect: %s",
             link ? PQerrorMessage(link) : "no memory");
    PQfinish(link);
    return err;
}

/*
 * synchronous_commit: an answer says "written", so it must not be off, whatever the server's default is; a database
 * that ends with its store need not wait. The timeouts bound how long a program that hangs, or vanished without its
 * machine telling, can keep the others from writing. The writer keeps its plans while tables grow from nothing to
 * 100,000 rows under it: a plan made for an empty table must not be one that reads all of it.
 */
static enum err set_up_link(struct ctx *cx, const struct store *store, PGconn *link, const char *schema, bool is_writer)
{
    static const char text[] =
        "SELECT set_config('search_path', CASE WHEN $1 = '' THEN current_setting('search_path') ELSE $1 END, false),"
        " coalesce(current_schema(), ''), current_setting('server_encoding'), current_setting('server_version_num'),"
        " set_config('synchronous_commit', CASE WHEN $2 = 'private' THEN 'off'"
        "   WHEN current_setting('synchronous_commit') = 'off' THEN 'on'"
        "   ELSE current_setting('synchronous_commit') END, false),"
        " set_config('default_transaction_read_only', $3, false), set_config('enable_seqscan', $4, false),"
        " set_config('random_page_cost', '1.1', false), set_config('jit', 'off', false),"
        " set_config('timezone', 'UTC', false), set_config('lock_timeout', '20s', false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false)";
    const char *const values[] = { schema, store->is_private ? "private" : "", is_writer ? "off" : "on",
                                   is_writer ? "off" : "on" };
    static const Oid types[] = { PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT };
    PGresult *said = PQexecParams(link, text, 4, types, values, NULL, NULL, 0);
    if (PQresultStatus(said) != PGRES_TUPLES_OK) {
        PQclear(said);
        return refuse_link(cx, link);
    }
    bool has_schema = PQgetlength(said, 0, 1) > 0;
    bool is_utf8 = strcmp(PQgetvalue(said, 0, 2), "UTF8") == 0;
    int64_t version = 0;
    bool is_new =
        str_to_i64(str_from(PQgetvalue(said, 0, 3)), &version) && version >= PG_OLDEST_SERVER;
    PQclear(said);
    enum err err = OK;
    if (!is_utf8)
        err = fail(
            cx, ERR_INVALID,
            "Cơ sở dữ liệu PostgreSQL phải dùng bảng mã UTF8; xin tạo lại với ENCODING 'UTF8'");
    else if (!is_new)
        err = fail(cx, ERR_INVALID, "Máy chủ PostgreSQL quá cũ; xin dùng phiên bản 13 trở lên");
    else if (!has_schema)
        err = fail(
            cx, ERR_INVALID,
            "Tài khoản PostgreSQL chưa có lược đồ (schema) nào để ghi; xin kiểm tra search_path");
    else if (!PQenterPipelineMode(link))
        return refuse_link(cx, link);
    if (err != OK)
        PQfinish(link);
    return err;
}

enum err pg_connect(struct ctx *cx, const struct store *store, const char *schema, bool is_writer,
                    PGconn **ret_link)
{
    /* What stands before the address is what it may change, what stands behind it is not. */
    static const char *const names[] = { "connect_timeout",
                                         "tcp_user_timeout",
                                         "keepalives_idle",
                                         "fallback_application_name",
                                         "dbname",
                                         "client_encoding",
                                         NULL };
    const char *const values[] = { "5", "30000", "30", "diemcau", store->database, "UTF8", NULL };
    PGconn *link = PQconnectdbParams(names, values, 1);
    if (PQstatus(link) != CONNECTION_OK)
        return refuse_link(cx, link);
    PQsetNoticeReceiver(link, hear_nothing, NULL);
    TRY(set_up_link(cx, store, link, schema, is_writer));
    *ret_link = link;
    return OK;
}

void pg_drop_link(struct db_postgres *db)
{
    PQfinish(db->link);
    db->link = NULL;
    db->waiting_len = 0;
    for (size_t i = 0; i < db_statement_count(); i++) {
        db->statements[i].is_prepared = false;
        if (db->statements[i].many)
            db->statements[i].many->is_prepared = false;
    }
    for (size_t i = 0; i < PG_OWN_LEN; i++)
        db->own[i].is_prepared = false;
}

enum err pg_ensure(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (!pg_is_lost(db))
        return OK;
    pg_drop_link(db);
    const struct pg_place *place = db->base.store->engine_state;
    return pg_connect(cx, db->base.store, place->schema, db->base.is_writer, &db->link);
}

/* Sending. */

static enum err fail_to_send(struct ctx *cx, const char *what)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    enum err err = fail_with(cx, NULL, what);
    note_failure(db, NULL);
    return err;
}

static void wait_for(struct db_postgres *db, enum pg_waiting_kind kind,
                     struct db_statement *statement)
{
    db->waiting[db->waiting_len++] = (struct pg_waiting){ kind, statement, NULL };
}

/* Before a statement: a connection, a reader's transaction, and room in the queue. */
static enum err make_ready(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    if (db->state == PG_IDLE || db->state == PG_WANTED)
        TRY(pg_ensure(cx));
    if (pg_is_lost(db))
        return fail_detail(cx, ERR_UNAVAILABLE,
                           "the connection was lost in the middle of a transaction");
    if (db->waiting_len >= PG_WAITING_MAX)
        TRY(pg_collect(cx, NULL, NULL));
    if (db->state == PG_WANTED) {
        db->state = PG_OPEN;
        return pg_send_own(cx, PG_BEGIN_READING, NULL);
    }
    return OK;
}

enum err pg_send(struct ctx *cx, struct db_statement *statement, const char *text,
                 const struct pg_values *values)
{
    static const struct pg_values none;
    static const int binary[DB_PARAM_MAX] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    struct db_postgres *db = db_postgres_of(cx->db);
    const struct pg_values *v = values ? values : &none;
    TRY(make_ready(cx));
    bool sent = false;
    if (!statement->id[0]) {
        sent = PQsendQueryParams(db->link, text, v->len, v->types, v->at, v->lens, binary, 1);
    } else {
        if (!statement->is_prepared) {
            if (!PQsendPrepare(db->link, statement->id, text, v->len, v->types))
                return fail_to_send(cx, statement->name);
            wait_for(db, PG_WAIT_PREPARE, statement);
            statement->is_prepared = true;
        }
        sent = PQsendQueryPrepared(db->link, statement->id, v->len, v->at, v->lens, binary, 1);
    }
    if (!sent)
        return fail_to_send(cx, statement->name);
    wait_for(db, PG_WAIT_ANSWER, statement);
    return OK;
}

enum err pg_send_own(struct ctx *cx, enum pg_own own, const struct pg_values *values)
{
    struct db_statement *statement = &db_postgres_of(cx->db)->own[own];
    if (!statement->id[0]) {
        snprintf(statement->id, sizeof statement->id, "o%u", (unsigned)own);
        statement->name = own_texts[own];
    }
    return pg_send(cx, statement, own_texts[own], values);
}

static bool same_types(const struct db_statement *statement, struct db_bind bind)
{
    bool same = statement->types_len == bind.len;
    for (size_t i = 0; i < bind.len && same; i++)
        same = statement->types[i] == (unsigned char)bind.at[i].type;
    return same;
}

enum err pg_send_bind(struct ctx *cx, struct db_statement *statement, const char *text,
                      struct db_bind bind)
{
    static const Oid oids[] = { [DB_I64] = PG_INT8, [DB_TEXT] = PG_TEXT, [DB_BYTES] = PG_BYTEA };
    Oid types[DB_PARAM_MAX];
    const char *at[DB_PARAM_MAX];
    int lens[DB_PARAM_MAX];
    uint64_t numbers[DB_PARAM_MAX];
    if (bind.len > DB_PARAM_MAX)
        return fail_detail(cx, ERR_SYSTEM, "%s: more than %d values", statement->name,
                           DB_PARAM_MAX);
    if (statement->is_prepared && !same_types(statement, bind))
        return fail_detail(cx, ERR_SYSTEM, "%s: other values than before", statement->name);
    statement->types_len = bind.len;
    for (size_t i = 0; i < bind.len; i++) {
        const struct db_value *value = &bind.at[i];
        struct bytes bytes = value->bytes;
        if (value->type == DB_I64) {
            numbers[i] = htobe64((uint64_t)value->i64);
            bytes = (struct bytes){ (const unsigned char *)&numbers[i], sizeof numbers[i] };
        } else if (value->type == DB_TEXT) {
            bytes = (struct bytes){ (const unsigned char *)value->text.at, value->text.len };
        }
        statement->types[i] = (unsigned char)value->type;
        types[i] = oids[value->type];
        at[i] = value->is_null ? NULL : bytes.at ? (const char *)bytes.at : "";
        lens[i] = (int)bytes.len;
    }
    return pg_send(cx, statement, text, &(struct pg_values){ (int)bind.len, types, at, lens });
}

/* Answers. */

static bool send_sync(struct db_postgres *db)
{
    if (!PQpipelineSync(db->link))
        return false;
    wait_for(db, PG_WAIT_SYNC, NULL);
    return true;
}

/* Inside a transaction the server is only asked to answer; a sync outside of one also ends what was
 * begun there. */
static bool ask_for_answers(struct db_postgres *db)
{
    if (db->state == PG_IDLE)
        return send_sync(db);
    return PQsendFlushRequest(db->link) && PQflush(db->link) >= 0;
}

/* After an error the server passes over everything up to the next sync. */
static bool sync_follows(const struct db_postgres *db, size_t from)
{
    for (size_t i = from; i < db->waiting_len; i++)
        if (db->waiting[i].kind == PG_WAIT_SYNC)
            return true;
    return false;
}

static void note_transaction(struct db_postgres *db, const struct db_statement *statement,
                             const PGresult *result)
{
    if (statement == &db->own[PG_LOCK] && PQntuples(result) == 1)
        snprintf(db->transaction, sizeof db->transaction, "%.*s", PQgetlength(result, 0, 0),
                 PQgetvalue(result, 0, 0));
}

/* The answer to one thing sent; NULL when the connection is gone without one. */
static PGresult *next_answer(struct db_postgres *db, const struct pg_waiting *one)
{
    PGresult *result = PQgetResult(db->link);
    if (!result || one->kind == PG_WAIT_SYNC)
        return result;
    /* Each answer but a sync's ends with a NULL. */
    for (PGresult *more = PQgetResult(db->link); more; more = PQgetResult(db->link))
        PQclear(more);
    return result;
}

enum err pg_collect(struct ctx *cx, const struct db_statement *wanted, PGresult **ret_result)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    PGresult *kept = NULL;
    if (pg_is_lost(db) || !ask_for_answers(db))
        return fail_to_send(cx, "ask");
    enum err err = OK;
    for (size_t i = 0; i < db->waiting_len; i++) {
        struct pg_waiting one = db->waiting[i];
        PGresult *result = next_answer(db, &one);
        ExecStatusType status = PQresultStatus(result);
        bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                    status == PGRES_PIPELINE_SYNC;
        if (!good && one.kind == PG_WAIT_PREPARE)
            one.statement->is_prepared = false;
        if (!good && err == OK) {
            err = fail_with(cx, result, one.statement ? one.statement->name : "sync");
            note_failure(db, result);
            if (!pg_is_lost(db) && !sync_follows(db, i))
                (void)send_sync(db);
        }
        if (good)
            note_transaction(db, one.statement, result);
        if (good && one.keep) {
            *one.keep = result;
        } else if (good && wanted && one.kind == PG_WAIT_ANSWER && one.statement == wanted) {
            PQclear(kept);
            kept = result;
        } else {
            PQclear(result);
        }
        if (pg_is_lost(db))
            break;
    }
    db->waiting_len = 0;
    if (err != OK) {
        PQclear(kept);
        return err;
    }
    if (wanted)
        *ret_result = kept;
    return OK;
}

void pg_send_rollback(struct ctx *cx)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    /* An error among what still waits would make the server pass over the rollback. */
    if (db->waiting_len > 0 && !pg_is_lost(db))
        (void)pg_collect(cx, NULL, NULL);
    if (!pg_is_lost(db)) {
        bool sent = pg_send_own(cx, PG_ROLLBACK, NULL) == OK && send_sync(db);
        if (!sent)
            pg_drop_link(db);
    }
    db->state = PG_IDLE;
    db->has_savepoint = false;
}

enum err pg_script(struct ctx *cx, const char *text, PGresult **ret_last)
{
    struct db_postgres *db = db_postgres_of(cx->db);
    TRY(make_ready(cx));
    if (db->waiting_len > 0)
        TRY(pg_collect(cx, NULL, NULL));
    if (!PQexitPipelineMode(db->link))
        return fail_to_send(cx, "script");
    PGresult *said = PQexec(db->link, text);
    ExecStatusType status = PQresultStatus(said);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    enum err err = good ? OK : fail_with(cx, said, "script");
    if (!good)
        note_failure(db, said);
    if (!pg_is_lost(db) && !PQenterPipelineMode(db->link))
        err = fail_to_send(cx, "script");
    if (err == OK && ret_last)
        *ret_last = said;
    else
        PQclear(said);
    return err;
}
