/*
 * writer: the one thread that writes. Group commit: it takes all that is queued (at most WRITER_BATCH_MAX), runs each
 * job in a savepoint of its own inside one transaction, writes the counters' sums, commits and syncs, and only then
 * tells anybody. Batches form by themselves during the sync; a lone job waits for nobody.
 *
 * A failed sync stops the process with exit code 4: it is never retried (the kernel may have dropped the pages).
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/ctx.h"

enum { WRITER_BATCH_MAX = 4096, WRITER_QUEUE_MAX = 65536 };

struct store;
struct writer;

struct writer_job {
    /* Runs on the writer; cx has db, job and the caller's actor, fact_id and arena. What it returns decides whether its savepoint stays. */
    enum err (*run)(struct ctx *cx, void *what);
    /* After the batch is synced (err is what run returned, or why the batch failed), on the writer thread: hand over and return at once. */
    void (*done)(void *what, enum err err);
    void *what;
    struct ctx *cx; /* owned by the caller until done */
    struct writer_job *next;
};

/* Starts the thread. */
enum err writer_start(struct ctx *cx, struct store *store, struct writer **ret_writer) MUST_CHECK;
/* Finishes what is queued, then ends the thread. */
void writer_stop(struct writer *writer);

/* Queues a job; false when the queue is full (answer ERR_UNAVAILABLE). Any thread. */
bool writer_submit(struct writer *writer, struct writer_job *job);
/* Queues jobs that are linked by `next`, `len` of them, all or none: one wake-up, and they come into one batch. */
bool writer_submit_list(struct writer *writer, struct writer_job *first, struct writer_job *last, size_t len);

/* Queues a job and waits for it: commands, imports, tests. Without a thread (writer not started) see store_write. */
enum err writer_wait(struct writer *writer, struct ctx *cx, enum err (*run)(struct ctx *cx, void *what), void *what)
    MUST_CHECK;

/* Called on the writer thread after each commit with the units whose counters changed; for live boards. */
struct writer_change {
    const int64_t *unit_ids;
    size_t unit_len;
    int64_t first_seq, last_seq; /* of the facts that this program recorded since the last call */
};
typedef void (*writer_listener)(void *what, const struct writer_change *change);
void writer_listen(struct writer *writer, writer_listener listener, void *what);

/* How many batches of which size since the start: sizes[i] counts batches of 2^i to 2^(i+1)-1 jobs. */
struct writer_figures {
    int64_t batches;
    int64_t jobs;
    int64_t sizes[13];
};
struct writer_figures writer_figures(const struct writer *writer);

#endif
