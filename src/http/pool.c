#include "http/pool.h"

#include <pthread.h>
#include <string.h>

struct pool_thread {
    struct pool *pool;
    struct db *reader;
    pthread_t thread;
    bool is_running;
};

struct pool {
    struct app *app;
    void (*work)(struct call *call);
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    struct call *first;
    struct call **last;
    int queued;
    bool is_ending;
    struct pool_thread threads[POOL_THREADS];
};

static struct call *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    while (!pool->first && !pool->is_ending)
        pthread_cond_wait(&pool->has_work, &pool->mutex);
    struct call *call = pool->first;
    if (call) {
        pool->first = call->next;
        pool->last = pool->first ? pool->last : &pool->first;
        pool->queued--;
    }
    pthread_mutex_unlock(&pool->mutex);
    return call;
}

static void *run_thread(void *what)
{
    struct pool_thread *thread = what;
    struct call *call = NULL;
    while ((call = take(thread->pool)) != NULL) {
        call->cx.db = thread->reader;
        thread->pool->work(call);
    }
    return NULL;
}

static enum err start_thread(struct ctx *cx, struct pool *pool, struct pool_thread *thread)
{
    thread->pool = pool;
    if (pool->app->store)
        TRY(store_reader_open(cx, pool->app->store, &thread->reader));
    if (pthread_create(&thread->thread, NULL, run_thread, thread) != 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "no thread for the pool");
    thread->is_running = true;
    return OK;
}

enum err pool_open(struct ctx *cx, struct app *app, void (*work)(struct call *call), struct pool **ret_pool)
{
    struct pool *pool = env_alloc(app->env, sizeof *pool);
    if (!pool)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the pool");
    memset(pool, 0, sizeof *pool);
    pool->app = app;
    pool->work = work;
    pool->last = &pool->first;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->has_work, NULL);
    for (size_t i = 0; i < POOL_THREADS; i++) {
        enum err err = start_thread(cx, pool, &pool->threads[i]);
        if (err != OK) {
            pool_close(pool);
            return err;
        }
    }
    *ret_pool = pool;
    return OK;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->mutex);
    pool->is_ending = true;
    pthread_cond_broadcast(&pool->has_work);
    pthread_mutex_unlock(&pool->mutex);
    for (size_t i = 0; i < POOL_THREADS; i++) {
        if (pool->threads[i].is_running)
            pthread_join(pool->threads[i].thread, NULL);
        if (pool->threads[i].reader)
            store_reader_close(pool->threads[i].reader);
    }
    pthread_cond_destroy(&pool->has_work);
    pthread_mutex_destroy(&pool->mutex);
    env_free(pool->app->env, pool);
}

bool pool_submit(struct pool *pool, struct call *call)
{
    pthread_mutex_lock(&pool->mutex);
    bool has_room = pool->queued < POOL_QUEUE_MAX && !pool->is_ending;
    if (has_room) {
        call->next = NULL;
        *pool->last = call;
        pool->last = &call->next;
        pool->queued++;
        pthread_cond_signal(&pool->has_work);
    }
    pthread_mutex_unlock(&pool->mutex);
    return has_room;
}
