/*
 * batch: jobs run in one transaction, each in a savepoint of its own when it writes, committed and synced together.
 *
 * Facts and counters wait in memory until the jobs are done: appending them in one go is cheaper on both engines, and
 * what a failed job left is taken back by cutting the list. Only what apply wrote needs the database's savepoint.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "store/counter.h"
#include "store/engine.h"
#include "store/writer.h"

/* Facts that wait; when a job makes more, they are appended before its end. */
enum { BATCH_FACTS_MAX = 4096 };

/* The newest fact. */
struct chain {
    int64_t seq;
    unsigned char hash[FACT_HASH_BYTES];
};

struct fact_job {
    struct batch *batch;
    struct fact_id first_id; /* what the request sent; all zero: none */
    unsigned ids_len;        /* how many ids were given out */
    bool first_is_new;       /* the batch has asked already: first_id is not recorded */
    bool has_savepoint;
    bool wrote;
    enum err broken; /* an apply failed: whatever the handler makes of it, the job is taken back */
    /* Where the job began, for taking it back. */
    struct chain chain;
    size_t facts_len;
    size_t appended_len;
    size_t text_len;
};

struct batch {
    struct store *store;
    const struct env *env;
    struct ctx cx; /* for what is done for all jobs together */
    bool chain_is_known;
    struct chain chain;
    struct fact_entry *facts;
    size_t facts_len, facts_room;
    size_t appended_len; /* facts[0..appended_len) are in the table */
    uint32_t *ids;       /* finds a fact by its id: place in `facts` plus 1, open addressing */
    size_t ids_room;
    char *text;          /* the bodies of the facts, one behind the other */
    size_t text_len, text_room;
    bool has_savepoints; /* more than one job: each can be taken back alone */
    bool has_writes;     /* something is to be committed */
    struct counter_map job_counters;
    struct counter_map counters;
    int64_t *changed; /* units whose counters the commits since the last batch_tell changed */
    size_t changed_len, changed_room;
    int64_t news_first_seq; /* of the facts committed since the last batch_tell */
    bool has_news;
};

enum err batch_open(struct ctx *cx, struct store *store, struct batch **ret_batch) MUST_CHECK;
void batch_close(struct batch *batch);

/* Runs the jobs and calls nobody's done(): errs[i] is what job i came to. Ends the process when a sync fails. The caller
   holds the write mutex, for this and for batch_tell. */
void batch_run(struct batch *batch, struct writer_job **jobs, size_t len, enum err *ret_errs);
/* When everybody has been answered: tells the listener what changed, and lets the engine tidy up. */
void batch_tell(struct batch *batch);

/* The job under way is about to change the database. */
enum err batch_job_writes(struct ctx *cx) MUST_CHECK;

/* A place for one more fact of the job, its texts copied. The caller fills the rest in and then keeps it. */
enum err batch_add_fact(struct ctx *cx, struct str kind, struct str body, struct str private_body,
                        struct fact_entry **ret_entry) MUST_CHECK;
/* All facts that wait, into the table: for a job that must see them there. */
enum err batch_append_now(struct ctx *cx) MUST_CHECK;
void batch_keep_fact(struct batch *batch, struct fact_entry *entry);
/* The fact of this batch with that id, when it still waits; NULL otherwise. */
const struct fact_entry *batch_find_fact(const struct batch *batch, const struct fact_id *id);

#endif
