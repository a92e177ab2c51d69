/*
 * pool: two threads for what would hold up a loop: hashing a password, a long export. Each has a reader of its own.
 * The queue is bounded, so that a rush of sign-ins cannot take all memory.
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "http/call.h"

enum { POOL_THREADS = 2, POOL_QUEUE_MAX = 128 };

struct pool;

/* work(call) runs on a pool thread; call->cx.db is the thread's reader (NULL without a store). */
enum err pool_open(struct ctx *cx, struct app *app, void (*work)(struct call *call), struct pool **ret_pool) MUST_CHECK;
/* Finishes what is queued. */
void pool_close(struct pool *pool);
/* False when the queue is full. Any thread. */
bool pool_submit(struct pool *pool, struct call *call);

#endif
