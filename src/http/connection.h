/*
 * connection: the clients' connections of one loop: reading requests, sending answers, deadlines, streams.
 *
 * One request at a time: while an answer is awaited, what the client sends ahead is kept (bounded) and not read on.
 * Everything here runs on the loop's thread, except call_work() and what serve.c gives the writer.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/intake.h"
#include "http/live_hub.h"
#include "http/peers.h"
#include "http/pool.h"
#include "http/tls.h"
#include "http/wire.h"

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

enum {
    LOOP_IN_BYTES = 64 * 1024,   /* one read, shared by all connections of a loop */
    LOOP_PLAIN_BYTES = 16 * 1024, /* one TLS record */
    LOOP_SPARE_CALLS = 256,
    CONN_AHEAD_BYTES = 16 * 1024,
    CONN_LINGER_MS = 3000,
    STREAM_STUCK_MS = 10 * 1000, /* a reader that has taken nothing for so long is dropped */
};

struct server;
struct conn;

struct loop {
    struct server *server;
    struct app *app;
    const struct server_options *options; /* with defaults filled in */
    struct tls_keys *keys;                /* NULL: plain HTTP */
    struct pool *pool;
    struct peers *peers;
    atomic_int *connections; /* of the server */
    int number;

    uv_loop_t uv;
    uv_tcp_t listener;
    uv_tcp_t reserve; /* for refusing when there is no memory */
    bool reserve_is_used;
    uv_async_t wake;
    uv_timer_t sweep;
    uv_check_t turn; /* after each turn: what it brought for the writer is handed over */
    pthread_t thread;
    bool has_thread;
    bool is_ending;
    bool has_ended;
    int64_t end_by_ms;
    atomic_bool is_told_to_end;
    atomic_bool has_news; /* the hub has something for our streams */

    struct db *reader;
    struct wire wire;
    struct conn *conns; /* all of them */
    int conns_len;
    int calls_out; /* handed to the writer or the pool */
    struct writer_job *jobs_first, *jobs_last; /* of this turn, for the writer */
    size_t jobs_len;
    _Atomic(struct call *) returned;
    struct call *spare;
    int spare_len;
    int64_t heartbeat_at_ms;
    char in[LOOP_IN_BYTES];
    char plain[LOOP_PLAIN_BYTES];
};

/* The clock of all deadlines: the environment's, so that a test can let time go by at will. */
static inline int64_t loop_now_ms(const struct loop *loop)
{
    return env_monotonic(loop->app->env) / 1000;
}

/* Takes the connection that waits at the listener. */
void conn_accept(struct loop *loop);
/* Closes at once. */
void conn_close(struct conn *conn);
/* Closes what is idle, and lets the rest finish. */
void conns_end(struct loop *loop);
/* Deadlines and heartbeats: on each tick. */
void conns_sweep(struct loop *loop);
/* What this turn of the loop brought for the writer. */
void calls_submit(struct loop *loop);
/* Calls that the writer or the pool have finished with. */
void calls_take_returned(struct loop *loop);
/* Events for the loop's streams; false when some wait for another turn. */
bool streams_send(struct loop *loop);
/* Gives the spare calls back. */
void calls_free_spare(struct loop *loop);
/* What a pool thread does with a call. */
void call_work(struct call *call);

#endif
