#include "store/fact.h"

#include "base/log.h"
#include "store/batch.h"
#include "store/chain.h"
#include "store/fact_body.h"

#include <assert.h>
#include <sodium.h>

enum { UNIT_LEVEL_LEN = 9, UNIT_LEVELS_MAX = 8 }; /* "0000002c." for each unit of a path (actor.h) */

/* The rooms' tables: set once at start, read by every thread. */
static struct {
    const struct fact_kinds *rooms;
    size_t len;
} registered;

void fact_register(const struct fact_kinds *rooms, size_t len)
{
    registered.rooms = rooms;
    registered.len = len;
}

const struct fact_kinds *fact_kinds_registered(size_t *ret_len)
{
    *ret_len = registered.len;
    return registered.rooms;
}

const struct fact_kind *fact_kind_find(struct str name)
{
    for (size_t i = 0; i < registered.len; i++)
        for (size_t j = 0; j < registered.rooms[i].len; j++)
            if (str_eq(registered.rooms[i].at[j].name, name))
                return &registered.rooms[i].at[j];
    return NULL;
}

/* Ids. */

static bool is_set(const struct fact_id *id)
{
    static const struct fact_id none;
    return memcmp(id, &none, sizeof none) != 0;
}

/* The request's first fact has the id that was sent; the others follow from it, so that the same request sent again
   makes the same ids. */
static struct fact_id next_id(struct ctx *cx)
{
    struct fact_job *job = cx->job;
    struct fact_id id = job->first_id;
    if (!is_set(&id)) {
        env_random(cx->env, &id, sizeof id);
    } else if (job->ids_len > 0) {
        unsigned char text[sizeof id + sizeof job->ids_len];
        memcpy(text, &id, sizeof id);
        memcpy(text + sizeof id, &job->ids_len, sizeof job->ids_len);
        crypto_generichash(id.at, sizeof id.at, text, sizeof text, NULL, 0);
    }
    job->ids_len++;
    return id;
}

void fact_use_id(struct ctx *cx, struct fact_id id)
{
    assert(cx->job);
    cx->job->first_id = id;
    cx->job->ids_len = 0;
    cx->job->first_is_new = false; /* the batch has asked for the request's own id only */
}

struct known_fact {
    int64_t seq; /* 0: not known */
    struct str kind;
    int64_t unit_id;
    int64_t subject_id;
    struct str body;
    struct bytes salt;
};

static enum err find_stored(struct ctx *cx, const struct fact_id *id, struct known_fact *ret)
{
    SQL(find_fact_by_id, "SELECT f.seq, f.kind, f.unit_id, f.subject_id, f.body, p.salt"
                         " FROM fact f LEFT JOIN fact_private p ON p.seq = f.seq WHERE f.id = $1");

    SQL(find_id, "SELECT count(*) FROM fact WHERE id = $1");

    struct bytes bytes = { id->at, sizeof id->at };
    int64_t known = 0;
    TRY(db_i64(cx, &find_id, BIND(V(bytes)), &known)); /* nearly always not, and the index alone tells */
    if (known == 0)
        return OK;
    struct rows rows = db_rows(cx, &find_fact_by_id, BIND(V(bytes)));
    if (rows_next(&rows)) {
        ret->seq = rows_i64(&rows);
        ret->kind = rows_str(&rows);
        ret->unit_id = rows_i64(&rows);
        ret->subject_id = rows_i64(&rows);
        ret->body = rows_str(&rows);
        ret->salt = rows_bytes(&rows);
    }
    return rows_end(&rows);
}

static enum err find_known(struct ctx *cx, const struct fact_id *id, struct known_fact *ret)
{
    *ret = (struct known_fact){ 0 };
    const struct fact_entry *waiting = cx->job ? batch_find_fact(cx->job->batch, id) : NULL;
    if (waiting) {
        *ret = (struct known_fact){ .seq = waiting->fact.seq,
                                    .kind = waiting->kind,
                                    .unit_id = waiting->fact.unit_id,
                                    .subject_id = waiting->fact.subject_id,
                                    .body = waiting->body,
                                    .salt = { waiting->salt, sizeof waiting->salt } };
        return OK;
    }
    if (cx->job && cx->job->first_is_new)
        return OK; /* the batch asked for all jobs at once; ids that follow from a new one are new */
    return find_stored(cx, id, ret);
}

enum err fact_is_known(struct ctx *cx, bool *ret_known, int64_t *ret_seq)
{
    struct known_fact known = { 0 };
    if (is_set(&cx->fact_id))
        TRY(find_known(cx, &cx->fact_id, &known));
    *ret_known = known.seq != 0;
    *ret_seq = known.seq;
    return OK;
}

static enum err answer_known(struct ctx *cx, const struct known_fact *known, const struct fact_kind *kind,
                             const struct fact *fact, const void *body, int64_t *ret_seq)
{
    if (!str_eq(known->kind, kind->name) || known->unit_id != fact->unit_id || known->subject_id != fact->subject_id ||
        !fact_body_same(cx, &kind->fields, body, known->body, known->salt)) {
        log_line(cx->env, LOG_WARN, "fact", "fact %lld was sent again as " STR_FMT " with other content",
                 (long long)known->seq, STR_ARG(kind->name));
        return fail(cx, ERR_CONFLICT, "Nội dung này đã được ghi trước đó với chi tiết khác; xin mở lại trang để xem");
    }
    if (ret_seq)
        *ret_seq = known->seq;
    return OK;
}

/* Recording. */

static enum err apply_new(struct ctx *cx, const struct fact_kind *kind, const struct fact *fact, const void *body)
{
    enum err err = kind->apply(cx, fact, body);
    if (err != OK && cx->job->broken == OK)
        cx->job->broken = err; /* half of it may be written: the job is taken back whatever its handler says */
    return err;
}

static bool has_private(const struct field_table *fields)
{
    for (size_t i = 0; i < fields->len; i++)
        if (fields->at[i].is_private)
            return true;
    return false;
}

enum err fact_record(struct ctx *cx, const struct fact_kind *kind, int64_t unit_id, int64_t subject_id,
                     const void *body, int64_t *ret_seq)
{
    assert(cx->job); /* facts are recorded on the writer */
    struct batch *batch = cx->job->batch;
    struct fact fact = { .id = next_id(cx), .seq = batch->chain.seq + 1, .at = cx->now,
                         .account_id = cx->actor->account_id, .unit_id = unit_id, .subject_id = subject_id };
    if (is_set(&cx->job->first_id)) {
        struct known_fact known = { 0 };
        TRY(find_known(cx, &fact.id, &known));
        if (known.seq != 0)
            return answer_known(cx, &known, kind, &fact, body, ret_seq);
    }
    TRY(fact_body_check(cx, &kind->fields, body));
    body = fact_body_settle(cx, &kind->fields, body);
    if (kind->decide)
        TRY(kind->decide(cx, &fact, body));

    unsigned char salt[FACT_SALT_BYTES] = { 0 };
    if (has_private(&kind->fields))
        env_random(cx->env, salt, sizeof salt);
    struct body_text text = fact_body_write(cx, &kind->fields, body, salt);
    struct fact_entry *entry = NULL;
    TRY(batch_add_fact(cx, kind->name, text.body, text.private_body, &entry));
    entry->fact = fact;
    memcpy(entry->salt, salt, sizeof salt);
    chain_hash(batch->chain.hash, &fact, kind->name, text.body, entry->hash);
    batch_keep_fact(batch, entry);
    TRY(apply_new(cx, kind, &fact, body));
    if (ret_seq)
        *ret_seq = fact.seq;
    return OK;
}

enum err fact_append_now(struct ctx *cx)
{
    assert(cx->job);
    return batch_append_now(cx);
}

/* Counters. */

static bool read_unit_id(const char *at, int64_t *ret_id)
{
    int64_t id = 0;
    for (int i = 0; i < UNIT_LEVEL_LEN - 1; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        id = id * 16 + digit;
    }
    *ret_id = id;
    return at[UNIT_LEVEL_LEN - 1] == '.';
}

void counter_add(struct ctx *cx, const char *kind, int64_t subject_id, struct str unit_path, int64_t delta)
{
    assert(cx->job); /* counters are kept by apply, on the writer */
    struct fact_job *job = cx->job;
    size_t levels = unit_path.len / UNIT_LEVEL_LEN;
    bool well_formed = levels > 0 && levels <= UNIT_LEVELS_MAX && unit_path.len % UNIT_LEVEL_LEN == 0;
    for (size_t i = 0; i < levels && well_formed; i++) {
        int64_t unit_id = 0;
        well_formed = read_unit_id(unit_path.at + i * UNIT_LEVEL_LEN, &unit_id);
        if (well_formed && !counter_map_add(&job->batch->job_counters, str_from(kind), subject_id, unit_id, delta)) {
            job->broken = fail_detail(cx, ERR_UNAVAILABLE, "no memory for counters");
            return;
        }
    }
    if (!well_formed)
        job->broken = fail_detail(cx, ERR_SYSTEM, "counter %s: not a unit path: " STR_FMT, kind, STR_ARG(unit_path));
}

/* Reading. */

enum err fact_list(struct ctx *cx, int64_t after, struct fact_row *ret_rows, size_t len, size_t *ret_len)
{
    SQL(list_facts, "SELECT f.seq, f.id, f.kind, f.at, f.account_id, f.unit_id, f.subject_id, f.body, f.hash, p.body"
                    " FROM fact f LEFT JOIN fact_private p ON p.seq = f.seq"
                    " WHERE f.seq > $1 ORDER BY f.seq LIMIT $2");

    size_t found = 0;
    struct rows rows = db_rows(cx, &list_facts, BIND(V(after), V((int64_t)len)));
    while (found < len && rows_next(&rows)) {
        struct fact_row *row = &ret_rows[found++];
        *row = (struct fact_row){ .fact = { .seq = rows_i64(&rows) } };
        struct bytes id = rows_bytes(&rows);
        if (id.len == sizeof row->fact.id)
            memcpy(row->fact.id.at, id.at, id.len);
        row->kind = rows_str(&rows);
        row->fact.at = rows_i64(&rows);
        row->fact.account_id = rows_i64(&rows);
        row->fact.unit_id = rows_i64(&rows);
        row->fact.subject_id = rows_i64(&rows);
        row->body = rows_str(&rows);
        struct bytes hash = rows_bytes(&rows);
        if (hash.len == sizeof row->hash)
            memcpy(row->hash, hash.at, hash.len);
        row->private_body = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    *ret_len = found;
    return OK;
}
