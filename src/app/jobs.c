#include "app/jobs.h"

#include "base/log.h"
#include "obligation/obligation.h"
#include "unit/unit.h"

#include <pthread.h>
#include <time.h>

enum { JOBS_EVERY_S = 15 * 60, JOBS_ARENA_BYTES = 64 << 20, JOBS_ROUNDS_MAX = 100 };

struct jobs {
    const struct env *env;
    struct writer *writer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool must_stop;
};

static const struct actor program = { .kind = ACTOR_PROGRAM,
                                      .scope = { STR_INIT(""), STR_INIT("~") },
                                      .permissions = ~UINT64_C(0),
                                      .name = STR_INIT("Hệ thống") };

static enum err hand_over(struct ctx *cx, void *what)
{
    return unit_hand_over(cx, what);
}

static enum err open_periods(struct ctx *cx, void *what)
{
    return obligation_open_periods(cx, what);
}

/* What falls due by the day alone. Units that end pass their duties on first, so that a period opens with those who owe it. */
static const struct job {
    const char *words;
    enum err (*run)(struct ctx *cx, void *ret_count);
} job_list[] = {
    { "units handed over", hand_over },
    { "periods opened", open_periods },
};

/* A round does a limited number of them; after a long stop several rounds may be missing. */
static enum err run_job(struct jobs *jobs, const struct job *job)
{
    enum err err = OK;
    int64_t count = 1;
    for (int round = 0; err == OK && count > 0 && round < JOBS_ROUNDS_MAX; round++) {
        struct ctx cx = { .env = jobs->env, .actor = &program, .now = env_now(jobs->env) };
        arena_init(&cx.arena, jobs->env, JOBS_ARENA_BYTES);
        count = 0;
        err = writer_wait(jobs->writer, &cx, job->run, &count);
        if (err != OK)
            log_line(jobs->env, LOG_ERROR, "jobs", "%s: %s %s", job->words, err_name(err), cx.fault.detail);
        else if (count > 0)
            log_line(jobs->env, LOG_INFO, "jobs", "%s: %lld", job->words, (long long)count);
        arena_end(&cx.arena);
    }
    return err;
}

static enum err run_all(struct jobs *jobs)
{
    enum err err = OK;
    for (size_t i = 0; i < LEN(job_list) && err == OK; i++)
        err = run_job(jobs, &job_list[i]);
    return err;
}

static void *run_thread(void *what)
{
    struct jobs *jobs = what;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->must_stop) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += JOBS_EVERY_S;
        pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until);
        if (jobs->must_stop)
            break;
        pthread_mutex_unlock(&jobs->lock);
        (void)run_all(jobs); /* logged there; the next round tries again */
        pthread_mutex_lock(&jobs->lock);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

enum err jobs_start(struct ctx *cx, struct writer *writer, struct jobs **ret_jobs)
{
    struct jobs *jobs = env_alloc(cx->env, sizeof *jobs);
    if (!jobs)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the jobs");
    *jobs = (struct jobs){ .env = cx->env, .writer = writer, .lock = PTHREAD_MUTEX_INITIALIZER,
                           .wake = PTHREAD_COND_INITIALIZER };
    enum err err = run_all(jobs);
    if (err == OK && pthread_create(&jobs->thread, NULL, run_thread, jobs) != 0)
        err = fail_detail(cx, ERR_UNAVAILABLE, "no thread for the jobs");
    if (err != OK) {
        env_free(cx->env, jobs);
        return err;
    }
    *ret_jobs = jobs;
    return OK;
}

void jobs_stop(struct jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->must_stop = true;
    pthread_cond_signal(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
    pthread_join(jobs->thread, NULL);
    env_free(jobs->env, jobs);
}
