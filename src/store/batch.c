#include "store/batch.h"

#include "base/log.h"
#include "store/guard.h"
#include "store/inside.h"

#include <unistd.h>

enum {
    BATCH_ARENA_BYTES = 256 << 20,
    BATCH_KEPT_BYTES = 4 << 20, /* more than this is given back after a batch: an import came by */
    BATCH_EXIT_CODE = 4,
    BATCH_TRIES_MAX = 4,
    LOOK_JOBS_MIN = 4, /* for fewer looking costs more than asking */
    LOOK_ROUNDS_MAX = 4,
};

static const struct actor program = { .kind = ACTOR_PROGRAM };

enum err batch_open(struct ctx *cx, struct store *store, struct batch **ret_batch)
{
    struct batch *batch = env_alloc(store->env, sizeof *batch);
    if (!batch)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the writer");
    *batch = (struct batch){ .store = store, .env = store->env };
    batch->cx = (struct ctx){ .env = store->env, .db = store->writer, .actor = &program };
    arena_init(&batch->cx.arena, store->env, BATCH_ARENA_BYTES);
    counter_map_init(&batch->job_counters, store->env);
    counter_map_init(&batch->counters, store->env);
    *ret_batch = batch;
    return OK;
}

static void give_back_lists(struct batch *batch)
{
    env_free(batch->env, batch->facts);
    env_free(batch->env, batch->ids);
    env_free(batch->env, batch->text);
    batch->facts = NULL;
    batch->ids = NULL;
    batch->text = NULL;
    batch->facts_room = batch->ids_room = batch->text_room = 0;
}

void batch_close(struct batch *batch)
{
    if (!batch)
        return;
    give_back_lists(batch);
    env_free(batch->env, batch->changed);
    counter_map_end(&batch->job_counters);
    counter_map_end(&batch->counters);
    arena_end(&batch->cx.arena);
    env_free(batch->env, batch);
}

/* The list of facts that wait. */

static size_t id_place(const struct batch *batch, const struct fact_id *id)
{
    uint64_t start = 0;
    memcpy(&start, id->at, sizeof start);
    size_t mask = batch->ids_room - 1;
    size_t place = (size_t)(start * 0x9E3779B97F4A7C15U >> 32) & mask;
    while (batch->ids[place] && memcmp(&batch->facts[batch->ids[place] - 1].fact.id, id, sizeof *id) != 0)
        place = (place + 1) & mask;
    return place;
}

/* Views are set when they are needed, because the text may have moved since. */
static void set_views(const struct batch *batch, struct fact_entry *entry)
{
    entry->body.at = batch->text + entry->body_at;
    entry->private_body.at = batch->text + entry->private_at;
}

const struct fact_entry *batch_find_fact(const struct batch *batch, const struct fact_id *id)
{
    uint32_t found = batch->ids ? batch->ids[id_place(batch, id)] : 0;
    if (!found)
        return NULL;
    set_views(batch, &batch->facts[found - 1]);
    return &batch->facts[found - 1];
}

/* Newest first, so that each place goes back to what it was before. */
static void cut_facts(struct batch *batch, size_t len)
{
    while (batch->facts_len > len) {
        batch->facts_len--;
        batch->ids[id_place(batch, &batch->facts[batch->facts_len].fact.id)] = 0;
    }
    if (batch->appended_len > len)
        batch->appended_len = len;
}

/* A list with room for `len` items in place of the old one, or false. */
static bool make_room(const struct env *env, void **at, size_t *room, size_t used, size_t len, size_t item_bytes)
{
    if (len <= *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    while (more < len)
        more *= 2;
    void *list = env_alloc(env, more * item_bytes);
    if (!list)
        return false;
    if (used)
        memcpy(list, *at, used * item_bytes);
    env_free(env, *at);
    *at = list;
    *room = more;
    return true;
}

static bool make_fact_room(struct batch *batch)
{
    void *facts = batch->facts;
    bool made = make_room(batch->env, &facts, &batch->facts_room, batch->facts_len, batch->facts_len + 1,
                          sizeof *batch->facts);
    batch->facts = facts;
    if (!made)
        return false;
    if (batch->ids_room >= 2 * batch->facts_room)
        return true;
    uint32_t *ids = env_alloc(batch->env, 2 * batch->facts_room * sizeof *ids);
    if (!ids)
        return false;
    memset(ids, 0, 2 * batch->facts_room * sizeof *ids);
    env_free(batch->env, batch->ids);
    batch->ids = ids;
    batch->ids_room = 2 * batch->facts_room;
    for (size_t i = 0; i < batch->facts_len; i++)
        batch->ids[id_place(batch, &batch->facts[i].fact.id)] = (uint32_t)(i + 1);
    return true;
}

static bool make_text_room(struct batch *batch, size_t len)
{
    void *text = batch->text;
    bool made = make_room(batch->env, &text, &batch->text_room, batch->text_len, batch->text_len + len, 1);
    batch->text = text;
    return made;
}

static enum err append_facts(struct ctx *cx, struct batch *batch)
{
    for (size_t i = batch->appended_len; i < batch->facts_len; i++)
        set_views(batch, &batch->facts[i]);
    size_t len = batch->facts_len - batch->appended_len;
    if (len > 0)
        TRY(cx->db->engine->append(cx, batch->facts + batch->appended_len, len));
    batch->appended_len = batch->facts_len;
    return OK;
}

enum err batch_job_writes(struct ctx *cx)
{
    struct fact_job *job = cx->job;
    if (cx->db->is_looking)
        return OK;
    job->wrote = true;
    if (job->has_savepoint || !job->batch->has_savepoints)
        return OK;
    TRY(cx->db->engine->savepoint(cx));
    job->has_savepoint = true;
    return OK;
}

enum err batch_append_now(struct ctx *cx)
{
    if (cx->db->is_looking)
        return fail_detail(cx, ERR_UNAVAILABLE, "looked far enough");
    TRY(batch_job_writes(cx));
    return append_facts(cx, cx->job->batch);
}

/* A job with very many facts: they go into the table now, and the list goes back to where the job began. */
static enum err append_early(struct ctx *cx)
{
    struct fact_job *job = cx->job;
    struct batch *batch = job->batch;
    TRY(batch_append_now(cx));
    cut_facts(batch, job->facts_len);
    batch->text_len = job->text_len;
    return OK;
}

enum err batch_add_fact(struct ctx *cx, struct str kind, struct str body, struct str private_body,
                        struct fact_entry **ret_entry)
{
    struct batch *batch = cx->job->batch;
    if (batch->facts_len - cx->job->facts_len >= BATCH_FACTS_MAX)
        TRY(append_early(cx));
    if (!make_fact_room(batch) || !make_text_room(batch, body.len + private_body.len + 1))
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the facts of the batch");
    struct fact_entry *entry = &batch->facts[batch->facts_len];
    *entry = (struct fact_entry){ .kind = kind,
                                  .body = { NULL, body.len },
                                  .private_body = { NULL, private_body.len },
                                  .body_at = batch->text_len,
                                  .private_at = batch->text_len + body.len };
    memcpy(batch->text + entry->body_at, body.at, body.len);
    if (private_body.len)
        memcpy(batch->text + entry->private_at, private_body.at, private_body.len);
    batch->text_len += body.len + private_body.len;
    *ret_entry = entry;
    return OK;
}

void batch_keep_fact(struct batch *batch, struct fact_entry *entry)
{
    batch->chain.seq = entry->fact.seq;
    memcpy(batch->chain.hash, entry->hash, sizeof batch->chain.hash);
    batch->facts_len++;
    batch->ids[id_place(batch, &entry->fact.id)] = (uint32_t)batch->facts_len;
}

/* Jobs. */

static void take_back(struct batch *batch, const struct fact_job *job)
{
    cut_facts(batch, job->facts_len);
    batch->appended_len = job->appended_len;
    batch->text_len = job->text_len;
    batch->chain = job->chain;
}

/* OK when the transaction still stands; *ret_err is what the job came to. */
static enum err run_job(struct batch *batch, struct writer_job *writer_job, bool first_is_new, enum err *ret_err)
{
    struct ctx *cx = writer_job->cx;
    struct fact_job job = { .batch = batch, .first_id = cx->fact_id, .first_is_new = first_is_new,
                            .chain = batch->chain, .facts_len = batch->facts_len,
                            .appended_len = batch->appended_len, .text_len = batch->text_len };
    struct db *db_before = cx->db;
    struct db *db = batch->store->writer;
    const struct db_engine *engine = db->engine;
    cx->db = db;
    cx->job = &job;
    cx->fault = (struct fault){ OK };
    counter_map_clear(&batch->job_counters);

    enum err err = guard_run(cx, writer_job->run, writer_job->what);
    if (db->open_rows > 0)
        engine->cancel(db);
    if (err == OK && job.broken != OK)
        err = job.broken;
    if (err == OK && job.has_savepoint)
        err = engine->savepoint_release(cx);
    if (err == OK && !counter_map_pour(&batch->counters, &batch->job_counters))
        err = fail_detail(cx, ERR_UNAVAILABLE, "no memory for counters");
    bool stands = engine->is_open(db);
    if (err != OK) {
        take_back(batch, &job);
        /* Without a savepoint of its own a job that wrote can only be taken back with the whole transaction. */
        if (job.has_savepoint)
            stands = stands && engine->savepoint_rollback(cx) == OK;
        else if (job.wrote)
            stands = false;
    } else {
        batch->has_writes = batch->has_writes || job.wrote || batch->facts_len > job.facts_len ||
                            batch->job_counters.len > 0;
    }
    cx->db = db_before;
    cx->job = NULL;
    *ret_err = err;
    if (stands)
        return OK;
    return err != OK ? err : fail_detail(cx, ERR_UNAVAILABLE, "the transaction ended under the job");
}

/* The batch. */

static enum err read_chain(struct ctx *cx, struct batch *batch)
{
    SQL(find_chain_head, "SELECT seq, hash FROM fact WHERE seq = (SELECT max(seq) FROM fact)");

    struct chain chain = { 0 };
    struct rows rows = db_rows(cx, &find_chain_head, NO_BIND);
    if (rows_next(&rows)) {
        chain.seq = rows_i64(&rows);
        struct bytes hash = rows_bytes(&rows);
        if (hash.len == sizeof chain.hash)
            memcpy(chain.hash, hash.at, sizeof chain.hash);
    }
    TRY(rows_end(&rows));
    batch->chain = chain;
    batch->chain_is_known = true;
    return OK;
}

struct batch_try {
    struct batch *batch;
    struct writer_job **jobs;
    size_t len;
    enum err *errs;
};

static enum err ask_ids(struct ctx *cx, const struct batch_try *try, const bool **ret_new)
{
    *ret_new = NULL;
    if (!cx->db->engine->find_ids)
        return OK;
    struct fact_id *ids = ARENA_NEW_ARRAY(&cx->arena, struct fact_id, try->len);
    bool *known = ARENA_NEW_ARRAY(&cx->arena, bool, try->len);
    for (size_t i = 0; i < try->len; i++)
        ids[i] = try->jobs[i]->cx->fact_id;
    TRY(cx->db->engine->find_ids(cx, ids, try->len, known));
    for (size_t i = 0; i < try->len; i++)
        known[i] = !known[i]; /* now: is new */
    *ret_new = known;
    return OK;
}

/* Runs a job for what it asks, as far as answers are there. */
static void look_through(struct batch *batch, struct writer_job *writer_job, bool first_is_new)
{
    struct ctx *cx = writer_job->cx;
    struct fact_job job = { .batch = batch,
                            .first_id = cx->fact_id,
                            .first_is_new = first_is_new,
                            .chain = batch->chain,
                            .facts_len = batch->facts_len,
                            .appended_len = batch->appended_len,
                            .text_len = batch->text_len };
    struct db *db_before = cx->db;
    struct db *db = batch->store->writer;
    cx->db = db;
    cx->job = &job;
    db->look_missed = false;
    counter_map_clear(&batch->job_counters);
    enum err err = guard_run(cx, writer_job->run, writer_job->what);
    if (db->open_rows > 0)
        db->engine->cancel(db);
    (void)err; /* nothing of it counts; in earnest the job is run again */
    take_back(batch, &job);
    counter_map_clear(&batch->job_counters);
    cx->db = db_before;
    cx->job = NULL;
}

/* What the jobs ask, asked for all of them together, on an engine where each question costs a journey. */
static enum err look_ahead(struct ctx *cx, const struct batch_try *try, const bool *is_new)
{
    const struct db_engine *engine = cx->db->engine;
    if (!engine->look_begin || try->len < LOOK_JOBS_MIN)
        return OK;
    bool *is_done = ARENA_NEW_ARRAY(&cx->arena, bool, try->len);
    for (int round = 0; round < LOOK_ROUNDS_MAX; round++) {
        engine->look_begin(cx->db);
        if (!cx->db->is_looking)
            return OK;
        for (size_t i = 0; i < try->len; i++) {
            if (is_done[i])
                continue;
            look_through(try->batch, try->jobs[i], is_new && is_new[i]);
            is_done[i] = !cx->db->look_missed;
        }
        size_t asked = 0;
        TRY(engine->look_end(cx, &asked));
        if (!engine->is_open(cx->db))
            return fail_detail(cx, ERR_UNAVAILABLE, "the transaction ended while looking ahead");
        if (asked == 0)
            return OK;
    }
    return OK;
}

static bool note_changed(struct batch *batch)
{
    void *changed = batch->changed;
    bool made = make_room(batch->env, &changed, &batch->changed_room, batch->changed_len,
                          batch->changed_len + batch->counters.len, sizeof *batch->changed);
    batch->changed = changed;
    for (size_t i = 0; made && i < batch->counters.len; i++)
        batch->changed[batch->changed_len++] = batch->counters.at[i].unit_id;
    return made;
}

static enum err run_transaction(struct ctx *cx, void *what)
{
    struct batch_try *try = what;
    struct batch *batch = try->batch;
    const struct db_engine *engine = cx->db->engine;
    TRY(engine->begin(cx));
    if (!batch->chain_is_known || engine->is_shared)
        TRY(read_chain(cx, batch));
    int64_t first_seq = batch->chain.seq + 1;
    const bool *is_new = NULL;
    TRY(ask_ids(cx, try, &is_new));
    TRY(look_ahead(cx, try, is_new));
    for (size_t i = 0; i < try->len; i++) {
        enum err broken = run_job(batch, try->jobs[i], is_new && is_new[i], &try->errs[i]);
        if (broken != OK) {
            cx->fault = try->jobs[i]->cx->fault;
            return broken;
        }
    }
    if (!batch->has_writes) {
        engine->rollback(cx);
        return OK;
    }
    TRY(append_facts(cx, batch));
    counter_map_sort(&batch->counters);
    if (batch->counters.len > 0)
        TRY(engine->add_counters(cx, batch->counters.at, batch->counters.len));
    TRY(engine->commit(cx));
    batch->news_first_seq = batch->has_news ? batch->news_first_seq : first_seq;
    batch->has_news = true;
    /* Without memory for the list the boards show the change a little later, at their next poll. */
    if (batch->store->listener && !note_changed(batch))
        log_line(batch->env, LOG_WARN, "store", "no memory to tell the boards what changed");
    return OK;
}

/* A disk that refused a sync may have dropped the pages and will say yes the next time: nothing that this process
   believes about the file is certain any more. It ends; the next start reads what is really there. */
static void stop_when_sync_failed(const struct batch *batch)
{
    if (!batch->store->writer->sync_failed)
        return;
    log_line(batch->env, LOG_ERROR, "store", "the disk refused a sync, the program ends: %s", batch->cx.fault.detail);
    _exit(BATCH_EXIT_CODE);
}

static enum err try_batch(struct batch *batch, struct writer_job **jobs, size_t len, enum err *ret_errs)
{
    struct ctx *cx = &batch->cx;
    struct chain chain_before = batch->chain;
    bool chain_was_known = batch->chain_is_known;
    struct batch_try try = { batch, jobs, len, ret_errs };
    batch->has_savepoints = len > 1;
    batch->has_writes = false;
    for (size_t i = 0; i < len; i++)
        ret_errs[i] = OK;
    cx->db = batch->store->writer;
    cx->fault = (struct fault){ OK };
    enum err err = guard_run(cx, run_transaction, &try);
    stop_when_sync_failed(batch);
    if (err != OK) {
        cx->db->is_looking = false;
        if (cx->db->open_rows > 0)
            cx->db->engine->cancel(cx->db);
        cx->db->engine->rollback(cx);
        batch->chain = chain_before;
        batch->chain_is_known = chain_was_known; /* the first batch may fail after it read the head */
    }
    cut_facts(batch, 0);
    batch->text_len = 0;
    counter_map_clear(&batch->counters);
    arena_reset(&cx->arena);
    if (batch->text_room > BATCH_KEPT_BYTES)
        give_back_lists(batch);
    return err;
}

/* As often as the engine says that nothing is wrong with the jobs themselves. */
static enum err try_batch_again(struct batch *batch, struct writer_job **jobs, size_t len, enum err *ret_errs)
{
    struct db *db = batch->store->writer;
    enum err err = OK;
    int tries = 0;
    do {
        db->run_again = false;
        err = try_batch(batch, jobs, len, ret_errs);
    } while (err != OK && db->run_again && ++tries < BATCH_TRIES_MAX);
    return err;
}

void batch_run(struct batch *batch, struct writer_job **jobs, size_t len, enum err *ret_errs)
{
    if (len == 0 || try_batch_again(batch, jobs, len, ret_errs) == OK)
        return;
    /* Something broke the transaction as a whole. The good jobs must not suffer for it: each has another try alone. */
    for (size_t i = 0; i < len; i++) {
        if (len > 1 && try_batch_again(batch, &jobs[i], 1, &ret_errs[i]) == OK)
            continue;
        if (ret_errs[i] == OK) { /* not its own doing: flush or commit failed */
            jobs[i]->cx->fault = batch->cx.fault;
            ret_errs[i] = batch->cx.fault.code;
        }
    }
}

static int compare_ids(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

void batch_tell(struct batch *batch)
{
    struct store *store = batch->store;
    if (!batch->has_news)
        return;
    batch->has_news = false;
    if (store->listener) {
        size_t len = 0;
        if (batch->changed_len > 1)
            qsort(batch->changed, batch->changed_len, sizeof *batch->changed, compare_ids);
        for (size_t i = 0; i < batch->changed_len; i++)
            if (len == 0 || batch->changed[len - 1] != batch->changed[i])
                batch->changed[len++] = batch->changed[i];
        struct writer_change change = { batch->changed, len, batch->news_first_seq, batch->chain.seq };
        store->listener(store->listener_what, &change);
        batch->changed_len = 0;
    }
    batch->cx.db = store->writer;
    if (store->engine->tidy(&batch->cx) != OK) {
        stop_when_sync_failed(batch);
        log_line(batch->env, LOG_WARN, "store", "%s", batch->cx.fault.detail);
    }
}
