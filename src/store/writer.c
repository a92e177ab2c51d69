#include "store/batch.h"
#include "store/inside.h"

#include <pthread.h>
#include <sched.h>

struct writer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct writer_job *first, *last; /* the queue */
    size_t queue_len;
    bool is_asleep;
    bool is_ending;
    struct writer_figures figures;
    struct writer_job *jobs[WRITER_BATCH_MAX]; /* the thread's own */
    enum err errs[WRITER_BATCH_MAX];
};

/* Running a batch on the caller's thread. */

static enum err may_write(struct ctx *cx, const struct store *store)
{
    if (store->writer)
        return OK;
    return fail(cx, ERR_UNAVAILABLE, "Điểm Cầu đang chạy trên thư mục dữ liệu này nên lệnh chưa ghi được;"
                                     " xin dừng chương trình rồi thử lại");
}

enum err store_write_batch(struct store *store, struct writer_job **jobs, size_t len, enum err *ret_errs)
{
    for (size_t i = 0; i < len; i++)
        TRY(may_write(jobs[i]->cx, store));
    pthread_mutex_lock(&store->write_mutex);
    batch_run(store->batch, jobs, len, ret_errs);
    batch_tell(store->batch);
    pthread_mutex_unlock(&store->write_mutex);
    return OK;
}

enum err store_write(struct ctx *cx, struct store *store, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct writer_job job = { .run = run, .what = what, .cx = cx };
    enum err err = OK;
    TRY(store_write_batch(store, (struct writer_job *[]){ &job }, 1, &err));
    return err;
}

/* The thread. */

/* Everything that is queued, at most a batch: nobody lingers, the next batch forms itself during this one's sync. */
static size_t take_jobs(struct writer *writer)
{
    size_t len = 0;
    pthread_mutex_lock(&writer->mutex);
    while (!writer->first && !writer->is_ending) {
        writer->is_asleep = true;
        pthread_cond_wait(&writer->wake, &writer->mutex);
    }
    writer->is_asleep = false;
    while (writer->first && len < WRITER_BATCH_MAX) {
        struct writer_job *job = writer->first;
        writer->first = job->next;
        job->next = NULL;
        writer->jobs[len++] = job;
    }
    writer->queue_len -= len;
    if (len > 0) {
        writer->figures.batches++;
        writer->figures.jobs += (int64_t)len;
        writer->figures.sizes[31 - __builtin_clz((unsigned)len)]++;
    }
    pthread_mutex_unlock(&writer->mutex);
    return len;
}

/*
 * The lowest real-time priority for the thread that waits for the disk. Under the ordinary scheduler a thread woken by a
 * finished sync waits for the next tick (4 ms) while others compute; with it a sync costs what the disk takes, a tenth
 * of a millisecond (measured). Needs root or LimitRTPRIO=1; without the
 * right to it the thread runs as any other.
 */
static void ask_for_priority(void)
{
    struct sched_param lowest = { .sched_priority = 1 };
    (void)pthread_setschedparam(pthread_self(), SCHED_FIFO, &lowest);
}

static void *run_thread(void *what)
{
    struct writer *writer = what;
    struct store *store = writer->store;
    ask_for_priority();
    (void)pthread_setname_np(pthread_self(), "writer"); /* for whoever looks which thread works */
    for (size_t len = take_jobs(writer); len > 0; len = take_jobs(writer)) {
        pthread_mutex_lock(&store->write_mutex);
        batch_run(store->batch, writer->jobs, len, writer->errs);
        for (size_t i = 0; i < len; i++)
            writer->jobs[i]->done(writer->jobs[i]->what, writer->errs[i]);
        batch_tell(store->batch);
        pthread_mutex_unlock(&store->write_mutex);
    }
    return NULL;
}

enum err writer_start(struct ctx *cx, struct store *store, struct writer **ret_writer)
{
    TRY(may_write(cx, store));
    struct db *before = cx->db;
    cx->db = store->writer;
    enum err err = store->engine->warm_up(cx);
    cx->db = before;
    TRY(err);
    struct writer *writer = env_alloc(store->env, sizeof *writer);
    if (!writer)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the writer");
    memset(writer, 0, sizeof *writer);
    writer->store = store;
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_cond_init(&writer->wake, NULL);
    if (pthread_create(&writer->thread, NULL, run_thread, writer) != 0) {
        env_free(store->env, writer);
        return fail_detail(cx, ERR_UNAVAILABLE, "no thread for the writer");
    }
    /* Beside busy neighbours each sync would otherwise wait for the next tick of the scheduler (4 ms). Only where the
       system allows it (LimitRTPRIO=1). The thread sleeps whenever nothing is queued. */
    struct sched_param priority = { .sched_priority = 1 };
    (void)pthread_setschedparam(writer->thread, SCHED_FIFO, &priority);
    *ret_writer = writer;
    return OK;
}

void writer_stop(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->is_ending = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    pthread_mutex_lock(&writer->store->write_mutex);
    writer->store->listener = NULL;
    pthread_mutex_unlock(&writer->store->write_mutex);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->mutex);
    env_free(writer->store->env, writer);
}

bool writer_submit_list(struct writer *writer, struct writer_job *first, struct writer_job *last, size_t len)
{
    pthread_mutex_lock(&writer->mutex);
    bool taken = len <= WRITER_QUEUE_MAX - writer->queue_len && !writer->is_ending;
    bool wake = false;
    if (taken) {
        last->next = NULL;
        if (writer->first)
            writer->last->next = first;
        else
            writer->first = first;
        writer->last = last;
        writer->queue_len += len;
        wake = writer->is_asleep;
        writer->is_asleep = false;
    }
    pthread_mutex_unlock(&writer->mutex);
    if (wake)
        pthread_cond_signal(&writer->wake);
    return taken;
}

bool writer_submit(struct writer *writer, struct writer_job *job)
{
    return writer_submit_list(writer, job, job, 1);
}

/* Waiting for one job. */

struct wait {
    pthread_mutex_t mutex;
    pthread_cond_t done;
    enum err (*run)(struct ctx *cx, void *what);
    void *what;
    bool is_done;
    enum err err;
};

static enum err run_waiting(struct ctx *cx, void *what)
{
    struct wait *wait = what;
    return wait->run(cx, wait->what);
}

static void end_waiting(void *what, enum err err)
{
    struct wait *wait = what;
    pthread_mutex_lock(&wait->mutex);
    wait->err = err;
    wait->is_done = true;
    pthread_cond_signal(&wait->done);
    pthread_mutex_unlock(&wait->mutex);
}

enum err writer_wait(struct writer *writer, struct ctx *cx, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct wait wait = { .mutex = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER, .run = run,
                         .what = what };
    struct writer_job job = { .run = run_waiting, .done = end_waiting, .what = &wait, .cx = cx };
    if (!writer_submit(writer, &job))
        return fail(cx, ERR_UNAVAILABLE, "%s", err_words(ERR_UNAVAILABLE));
    pthread_mutex_lock(&wait.mutex);
    while (!wait.is_done)
        pthread_cond_wait(&wait.done, &wait.mutex);
    pthread_mutex_unlock(&wait.mutex);
    pthread_cond_destroy(&wait.done);
    pthread_mutex_destroy(&wait.mutex);
    return wait.err;
}

void writer_listen(struct writer *writer, writer_listener listener, void *what)
{
    pthread_mutex_lock(&writer->store->write_mutex);
    writer->store->listener = listener;
    writer->store->listener_what = what;
    pthread_mutex_unlock(&writer->store->write_mutex);
}

struct writer_figures writer_figures(const struct writer *writer)
{
    struct writer *locked = (struct writer *)(uintptr_t)writer; /* the figures are read, the mutex is used */
    pthread_mutex_lock(&locked->mutex);
    struct writer_figures figures = writer->figures;
    pthread_mutex_unlock(&locked->mutex);
    return figures;
}
