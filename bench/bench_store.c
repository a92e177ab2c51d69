/*
 * bench_store: what one durable fact costs the writer. bench_store DIR
 *
 * The whole path: the id looked up, decided (a read), chained, appended, applied (a read and a row), counted at three
 * levels of the unit tree; 3,000 communes of 34 provinces take turns. One line per size of batch: facts a second, and the
 * writer's own processor time per fact. DIR must be on the disk that is meant: the syncs are real.
 */
#include "base/env.h"
#include "check/check_trade.h"

#include <stdio.h>
#include <time.h>

enum { COMMUNES = 3000, PROVINCES = 34, BATCH_MAX = 4096, ROUND_MS = 1500 };

struct bench {
    struct ctx cx;
    struct store *store;
    int64_t boxes[COMMUNES];
    int64_t made;
    struct ctx *cxs;
    struct writer_job *jobs;
    struct slip_job *slips;
    struct writer_job **list;
    enum err *errs;
};

struct slip_job {
    int64_t unit_id;
    int64_t box_id;
    struct slip_added slip;
};

static enum err run_slip(struct ctx *cx, void *what)
{
    struct slip_job *job = what;
    return slip_add(cx, job->unit_id, job->box_id, &job->slip, NULL);
}

static enum err open_boxes(struct ctx *cx, void *what)
{
    struct bench *bench = what;
    for (unsigned i = 0; i < COMMUNES; i++) {
        struct str path = str_format(&cx->arena, "00000001.%08x.%08x.", 2 + i % PROVINCES, 100 + i);
        struct box_opened box = { .title = STR("Hộp phiếu"), .unit_path = path };
        TRY(box_open(cx, 100 + i, &box, &bench->boxes[i]));
    }
    return OK;
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fill_batch(struct bench *bench, int len)
{
    for (int i = 0; i < len; i++) {
        int commune = (int)(bench->made * 7919 % COMMUNES);
        struct ctx *cx = &bench->cxs[i];
        arena_reset(&cx->arena);
        cx->now = env_now(cx->env);
        env_random(cx->env, &cx->fact_id, sizeof cx->fact_id);
        bench->slips[i] = (struct slip_job){ 100 + commune, bench->boxes[commune],
                                             { .number = bench->made, .day = 20596, .is_late = i % 3 == 0 } };
        bench->made++;
    }
}

static bool run_round(struct bench *bench, int len)
{
    const struct env *env = bench->cx.env;
    int64_t start = env_monotonic(env);
    int64_t cpu = 0;
    int64_t facts = 0;
    while (env_monotonic(env) - start < (int64_t)ROUND_MS * 1000) {
        fill_batch(bench, len);
        int64_t before = cpu_us();
        if (store_write_batch(bench->store, bench->list, (size_t)len, bench->errs) != OK)
            return false;
        cpu += cpu_us() - before;
        facts += len;
        for (int i = 0; i < len; i++)
            if (bench->errs[i] != OK) {
                fprintf(stderr, "%s: %s\n", bench->cxs[i].fault.words, bench->cxs[i].fault.detail);
                return false;
            }
    }
    double seconds = (double)(env_monotonic(env) - start) / 1e6;
    printf("store batch %4d: %7.0f facts/s, %5.1f us of the writer's CPU a fact (%lld facts)\n", len,
           (double)facts / seconds, (double)cpu / (double)facts, (long long)facts);
    return true;
}

static void make_jobs(struct bench *bench)
{
    struct arena *arena = &bench->cx.arena;
    bench->cxs = ARENA_NEW_ARRAY(arena, struct ctx, BATCH_MAX);
    bench->jobs = ARENA_NEW_ARRAY(arena, struct writer_job, BATCH_MAX);
    bench->slips = ARENA_NEW_ARRAY(arena, struct slip_job, BATCH_MAX);
    bench->list = ARENA_NEW_ARRAY(arena, struct writer_job *, BATCH_MAX);
    bench->errs = ARENA_NEW_ARRAY(arena, enum err, BATCH_MAX);
    for (int i = 0; i < BATCH_MAX; i++) {
        bench->cxs[i] = (struct ctx){ .env = bench->cx.env, .actor = bench->cx.actor };
        arena_init(&bench->cxs[i].arena, bench->cx.env, 1 << 20);
        bench->jobs[i] = (struct writer_job){ .run = run_slip, .what = &bench->slips[i], .cx = &bench->cxs[i] };
        bench->list[i] = &bench->jobs[i];
    }
}

int main(int argc, char **argv)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM };
    static struct bench bench;
    struct ctx *cx = &bench.cx;
    if (argc != 2) {
        fputs("bench_store DIR: an empty or new folder on the disk that is meant\n", stderr);
        return 2;
    }
    *cx = (struct ctx){ .env = env_real(), .actor = &program };
    arena_init(&cx->arena, cx->env, 1U << 30);
    check_trade_register();
    struct store_options options = { .env = cx->env, .dir = str_from(argv[1]),
                                     .extra_schema = str_from(check_trade_schema) };
    struct writer *writer = NULL; /* warms the file up; the batches below are run by this thread */
    if (store_open(cx, &options, &bench.store) != OK || store_write(cx, bench.store, open_boxes, &bench) != OK ||
        writer_start(cx, bench.store, &writer) != OK) {
        fprintf(stderr, "%s: %s\n", cx->fault.words, cx->fault.detail);
        return 4;
    }
    make_jobs(&bench);
    static const int sizes[] = { 1, 16, 64, 256, 1024, 4096 };
    bool done = true;
    for (size_t i = 0; i < LEN(sizes) && done; i++)
        done = run_round(&bench, sizes[i]);
    writer_stop(writer);
    store_close(bench.store);
    return done ? 0 : 4;
}
