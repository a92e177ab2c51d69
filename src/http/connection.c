#include "http/connection.h"

#include "base/log.h"

#include <string.h>

enum conn_state {
    CONN_READING,   /* the next request, or what there is of it */
    CONN_WAITING,   /* the writer or the pool has the call */
    CONN_WRITING,   /* the answer does not go out as fast as we would */
    CONN_STREAMING, /* events as they come */
    CONN_LINGERING, /* the last answer is out; the client is given time to read it before the line is cut */
    CONN_CLOSED,
};

struct conn {
    uv_tcp_t tcp; /* first: libuv's pointer is ours */
    struct conn *next, *previous;
    struct loop *loop;
    struct call *call; /* the request being read or answered; NULL when idle */
    struct tls *tls;
    char *ahead; /* what came while an answer was awaited */
    size_t ahead_len;
    size_t writing_bytes; /* in libuv's hands */
    size_t left_bytes;    /* of them not yet sent when the deadline was set */
    int64_t deadline_ms;  /* 0: none */
    int64_t body_began_ms;
    struct live_seat seat;
    struct peer_key peer;
    uint8_t state;
    bool closes_after;
    bool is_paused; /* not reading: the client is too far ahead */
    bool has_ended; /* the client will send no more */
    bool is_freed_by_libuv;
    char peer_text[46];
    struct intake intake;
};

/* An answer that did not fit into the socket. */
struct outgoing {
    uv_write_t write; /* first */
    struct conn *conn;
    size_t len;
    char at[];
};

static int64_t now_ms(const struct loop *loop)
{
    return (int64_t)uv_now(&loop->uv);
}

/* --- calls --- */

static struct call *take_call(struct loop *loop)
{
    struct call *call = loop->spare;
    if (call) {
        loop->spare = call->next;
        loop->spare_len--;
    } else {
        call = call_new(loop->app->env);
    }
    if (call)
        call_reset(call, loop->app);
    return call;
}

static void give_back_call(struct loop *loop, struct call *call)
{
    if (loop->spare_len >= LOOP_SPARE_CALLS) {
        call_free(call);
        return;
    }
    arena_reset(&call->cx.arena); /* now, not at its next use: mapped uploads end with their request */
    call->next = loop->spare;
    loop->spare = call;
    loop->spare_len++;
}

void calls_free_spare(struct loop *loop)
{
    while (loop->spare) {
        struct call *call = loop->spare;
        loop->spare = call->next;
        call_free(call);
    }
    loop->spare_len = 0;
}

/* --- closing --- */

static void free_when_done(struct conn *conn)
{
    if (!conn->is_freed_by_libuv || conn->call)
        return; /* a call that is out still points here */
    env_free(conn->loop->app->env, conn);
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *conn = (struct conn *)handle;
    conn->is_freed_by_libuv = true;
    free_when_done(conn);
}

static void unlink_conn(struct conn *conn)
{
    struct loop *loop = conn->loop;
    if (conn->previous)
        conn->previous->next = conn->next;
    else
        loop->conns = conn->next;
    if (conn->next)
        conn->next->previous = conn->previous;
    loop->conns_len--;
}

void conn_close(struct conn *conn)
{
    struct loop *loop = conn->loop;
    if (conn->state == CONN_CLOSED)
        return;
    bool call_is_out = conn->state == CONN_WAITING;
    if (conn->state == CONN_STREAMING)
        live_leave(loop->app->hub, loop->number, &conn->seat);
    conn->state = CONN_CLOSED;
    if (conn->call && !call_is_out) {
        give_back_call(loop, conn->call);
        conn->call = NULL;
    }
    env_free(loop->app->env, conn->ahead);
    conn->ahead = NULL;
    tls_close(conn->tls);
    conn->tls = NULL;
    unlink_conn(conn);
    peers_leave(loop->peers, &conn->peer);
    atomic_fetch_sub_explicit(loop->connections, 1, memory_order_relaxed);
    /* With a reset when the client does not take what it asked for: the kernel would keep the rest for minutes. */
    if (conn->writing_bytes == 0 || uv_tcp_close_reset(&conn->tcp, on_closed) != 0)
        uv_close((uv_handle_t *)&conn->tcp, on_closed);
}

static void on_shut(uv_shutdown_t *request, int status)
{
    (void)status; /* whatever came of it, the deadline closes */
    struct conn *conn = (struct conn *)request->handle;
    env_free(conn->loop->app->env, request);
}

static void send_plain(struct conn *conn, struct str first, struct str second);
static void flush_tls(struct conn *conn);

/*
 * Closing at once would make the kernel throw away an answer that the client has not read when it is still sending
 * (a refused upload). So: no more from us, read and forget, and close when the client does or the time is up.
 */
static void linger(struct conn *conn)
{
    struct loop *loop = conn->loop;
    if (conn->has_ended) {
        conn_close(conn);
        return;
    }
    if (conn->tls) {
        tls_say_goodbye(conn->tls);
        flush_tls(conn);
        if (conn->state == CONN_CLOSED)
            return;
    }
    uv_shutdown_t *request = env_alloc(loop->app->env, sizeof *request);
    conn->state = CONN_LINGERING;
    conn->deadline_ms = now_ms(loop) + CONN_LINGER_MS;
    if (!request || uv_shutdown(request, (uv_stream_t *)&conn->tcp, on_shut) != 0) {
        env_free(loop->app->env, request);
        conn_close(conn);
    }
}

/* --- sending --- */

static void on_answer_sent(struct conn *conn);
static void go_on(struct conn *conn);

static void catch_up(struct conn *conn)
{
    conn->deadline_ms = 0;
    live_catch_up(conn->loop->app->hub, conn->loop->number, &conn->seat);
}

static void on_written(uv_write_t *write, int status)
{
    struct outgoing *outgoing = (struct outgoing *)write;
    struct conn *conn = outgoing->conn;
    size_t len = outgoing->len;
    env_free(conn->loop->app->env, outgoing);
    if (conn->state == CONN_CLOSED)
        return;
    conn->writing_bytes -= len;
    if (status < 0)
        conn_close(conn);
    else if (conn->writing_bytes == 0 && conn->state == CONN_WRITING)
        go_on(conn);
    else if (conn->writing_bytes == 0 && conn->state == CONN_STREAMING)
        catch_up(conn);
}

static void queue_bytes(struct conn *conn, struct str first, struct str second)
{
    const struct env *env = conn->loop->app->env;
    size_t len = first.len + second.len;
    struct outgoing *outgoing = env_alloc(env, sizeof *outgoing + len);
    if (!outgoing) {
        conn_close(conn);
        return;
    }
    outgoing->conn = conn;
    outgoing->len = len;
    memcpy(outgoing->at, first.at, first.len);
    if (second.len > 0)
        memcpy(outgoing->at + first.len, second.at, second.len);
    uv_buf_t buf = uv_buf_init(outgoing->at, (unsigned)len);
    if (len > UINT32_MAX || uv_write(&outgoing->write, (uv_stream_t *)&conn->tcp, &buf, 1, on_written) != 0) {
        env_free(env, outgoing);
        conn_close(conn);
        return;
    }
    conn->writing_bytes += len;
}

static uv_buf_t as_uv(struct str s)
{
    return (uv_buf_t){ .base = (char *)(uintptr_t)s.at, .len = s.len }; /* libuv only reads it */
}

/* At once as far as the socket takes it, the rest through libuv. */
static void send_raw(struct conn *conn, struct str first, struct str second)
{
    if (conn->writing_bytes == 0) {
        const uv_buf_t bufs[] = { as_uv(first), as_uv(second) };
        int sent = uv_try_write((uv_stream_t *)&conn->tcp, bufs, second.len > 0 ? 2 : 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            conn_close(conn);
            return;
        }
        size_t done = sent > 0 ? (size_t)sent : 0;
        size_t of_first = done < first.len ? done : first.len;
        first = str_sub(first, of_first, SIZE_MAX);
        second = str_sub(second, done - of_first, SIZE_MAX);
    }
    if (first.len + second.len > 0)
        queue_bytes(conn, first, second);
}

static void flush_tls(struct conn *conn)
{
    struct str bytes = tls_pending(conn->tls);
    if (bytes.len == 0)
        return;
    send_raw(conn, bytes, STR(""));
    if (conn->state != CONN_CLOSED)
        tls_sent(conn->tls);
}

static void send_plain(struct conn *conn, struct str first, struct str second)
{
    if (!conn->tls) {
        send_raw(conn, first, second);
    } else if (!tls_write(conn->tls, first) || !tls_write(conn->tls, second)) {
        conn_close(conn);
    } else {
        flush_tls(conn);
    }
}

/* In each span of time a reader must take so much that 4 KB/s come of it: holding answers is memory, ours. */
static void set_write_deadline(struct conn *conn)
{
    const struct loop *loop = conn->loop;
    conn->left_bytes = uv_stream_get_write_queue_size((uv_stream_t *)&conn->tcp);
    conn->deadline_ms = now_ms(loop) + loop->options->write_ms_max;
}

static bool reads_fast_enough(const struct conn *conn)
{
    size_t left = uv_stream_get_write_queue_size((const uv_stream_t *)&conn->tcp);
    return conn->left_bytes - left >= 4 * (size_t)conn->loop->options->write_ms_max;
}

static void send_answer(struct conn *conn, struct wire_answer answer, bool keeps_alive)
{
    conn->closes_after = !keeps_alive;
    send_plain(conn, answer.head, answer.body);
    if (conn->state == CONN_CLOSED)
        return;
    if (conn->writing_bytes > 0) {
        conn->state = CONN_WRITING;
        set_write_deadline(conn);
        return;
    }
    on_answer_sent(conn);
}

static void refuse(struct conn *conn, int status)
{
    send_answer(conn, wire_refusal(&conn->loop->wire, status), false);
}

static bool keeps_alive(const struct conn *conn)
{
    return conn->call->keeps_alive && !conn->has_ended && !conn->loop->is_ending;
}

/* --- answering --- */

static void log_request(const struct conn *conn)
{
    const struct call *call = conn->call;
    const struct loop *loop = conn->loop;
    if (!loop->options->log_requests)
        return;
    struct str where = call->req.route ? call->req.route->pattern : STR("-");
    log_line(loop->app->env, LOG_INFO, "answer", "%s " STR_FMT " %d %zu bytes %lld us",
             call->req.method == METHOD_POST ? "POST" : "GET", STR_ARG(where), call->res.status, call->res.body.len,
             (long long)(env_monotonic(loop->app->env) - call->began_us));
}

static void begin_stream(struct conn *conn)
{
    struct loop *loop = conn->loop;
    struct call *call = conn->call;
    int64_t unit_id = call->res.stream_unit_id;
    int64_t subject_id = call->res.stream_subject_id;
    if (!loop->app->hub || loop->is_ending || call->method == CALL_HEAD) {
        refuse(conn, 503);
        return;
    }
    send_plain(conn, wire_stream_head(&loop->wire), STR("retry: 3000\n\n"));
    if (conn->state == CONN_CLOSED)
        return;
    /* From here on the connection is a socket and a seat: no call, no buffers. */
    give_back_call(loop, call);
    conn->call = NULL;
    conn->deadline_ms = 0;
    if (live_sit(loop->app->hub, loop->number, unit_id, subject_id, &conn->seat))
        conn->state = CONN_STREAMING;
    else
        conn_close(conn);
}

static void send_call(struct conn *conn)
{
    struct call *call = conn->call;
    log_request(conn);
    if (call->res.is_stream && call->ex.err == OK) {
        begin_stream(conn);
        return;
    }
    bool stays = keeps_alive(conn);
    send_answer(conn, wire_answer(&conn->loop->wire, call, stays), stays);
}

static bool begin_reading(struct call *call)
{
    return !call->cx.db || db_read_begin(&call->cx) == OK;
}

static void end_reading(struct call *call)
{
    if (call->cx.db)
        db_read_end(&call->cx);
}

/* The page of an error, or a refused form again: reads when it has to. */
static void finish_call(struct call *call)
{
    bool reads = call->cx.db && router_needs_reader(&call->ex) && db_read_begin(&call->cx) == OK;
    router_finish(&call->ex);
    if (reads)
        db_read_end(&call->cx);
}

/* Any thread: the call goes back to its loop. One wake-up stands for all that return before the loop looks. */
static void return_call(struct call *call)
{
    struct conn *conn = call->owner;
    struct loop *loop = conn->loop;
    struct call *first = atomic_load_explicit(&loop->returned, memory_order_relaxed);
    do {
        call->next = first;
    } while (!atomic_compare_exchange_weak_explicit(&loop->returned, &first, call, memory_order_acq_rel,
                                                    memory_order_relaxed));
    if (!first)
        uv_async_send(&loop->wake);
}

static enum err run_on_writer(struct ctx *cx, void *what)
{
    struct call *call = what;
    (void)cx; /* it is the call's own */
    return router_handle(&call->ex);
}

/* The batch is synced, or failed as a whole: then the words are still those of the handler, or none. */
static void written(void *what, enum err err)
{
    struct call *call = what;
    if (err != OK && call->cx.fault.code != err)
        call->ex.err = fail(&call->cx, err, "%s", err_words(err));
    else
        call->ex.err = err;
    return_call(call);
}

static bool submit_to_writer(struct call *call)
{
    call->cx.db = NULL; /* the writer brings its own */
    call->job = (struct writer_job){ .run = run_on_writer, .done = written, .what = call, .cx = &call->cx };
    return writer_submit(call->req.app->writer, &call->job);
}

static void fail_busy(struct call *call, const char *what)
{
    call->ex.err = fail_detail(&call->cx, ERR_UNAVAILABLE, "%s", what);
}

void call_work(struct call *call)
{
    bool is_get = call->req.method == METHOD_GET;
    if (!begin_reading(call)) {
        fail_busy(call, "the pool's reader is not available");
    } else {
        if ((is_get ? router_handle(&call->ex) : router_prepare(&call->ex)) != OK || is_get)
            router_finish(&call->ex);
        end_reading(call);
    }
    if (call->ex.err == OK && !is_get) {
        if (submit_to_writer(call))
            return;
        fail_busy(call, "the writer's queue is full");
    }
    return_call(call);
}

/* The reading part of every request: who, may they, what was sent; and the whole of a quick GET. */
static enum err walk(struct call *call)
{
    struct exchange *ex = &call->ex;
    if (!call->req.route)
        router_match(ex);
    if (!call->is_admitted)
        TRY(router_admit(ex));
    TRY(router_fill(ex));
    if (call->req.method == METHOD_POST || (call->req.route->flags & ROUTE_SLOW))
        return OK;
    TRY(router_handle(ex));
    bool asks_once = call->res.is_stream && str_eq(request_value(&call->req, "kieu"), STR("json"));
    return asks_once ? router_poll_stream(ex) : OK;
}

static bool is_done(const struct call *call)
{
    return call->ex.err != OK || (call->req.method == METHOD_GET && !(call->req.route->flags & ROUTE_SLOW));
}

/* To the pool or the writer; false when the call is done, or must be finished here. */
static bool hand_on(struct conn *conn)
{
    struct loop *loop = conn->loop;
    struct call *call = conn->call;
    bool needs_pool = call->req.method == METHOD_GET || router_has_prepare(&call->ex);
    call->owner = conn;
    if (!needs_pool && !loop->app->writer) {
        call->ex.err = router_handle(&call->ex); /* tests without a store */
        return false;
    }
    if (!(needs_pool ? pool_submit(loop->pool, call) : submit_to_writer(call))) {
        fail_busy(call, needs_pool ? "the pool's queue is full" : "the writer's queue is full");
        call->cx.db = loop->reader;
        return false;
    }
    loop->calls_out++;
    conn->state = CONN_WAITING;
    conn->deadline_ms = 0;
    return true;
}

static void answer(struct conn *conn)
{
    struct loop *loop = conn->loop;
    struct call *call = conn->call;
    call->cx.db = loop->reader;
    if (call_end_body(call) != OK || !begin_reading(call)) {
        call->ex.err = call->cx.fault.code;
        router_finish(&call->ex);
        send_call(conn);
        return;
    }
    call->ex.err = walk(call);
    bool done = is_done(call);
    if (done)
        router_finish(&call->ex);
    end_reading(call);
    if (!done && hand_on(conn))
        return;
    if (!done)
        finish_call(call);
    send_call(conn);
}

static void serve(struct conn *conn)
{
    struct loop *loop = conn->loop;
    struct call *call = conn->call;
    struct request *req = &call->req;
    bool stays = keeps_alive(conn);
    if (call->method == CALL_OTHER) {
        refuse(conn, 405);
        return;
    }
    if (call->has_bad_expect) {
        refuse(conn, 417);
        return;
    }
    if (req->method == METHOD_GET && str_eq(req->path, STR("/healthz"))) {
        send_answer(conn, wire_healthz(&loop->wire, stays), stays);
        return;
    }
    if (req->method == METHOD_GET && str_starts(req->path, STR(ASSET_PREFIX))) {
        const struct asset *asset = asset_find(req->path);
        if (asset) {
            send_answer(conn, wire_asset(&loop->wire, asset, call, stays), stays);
            return;
        }
    }
    if (call->is_policy_report) {
        send_answer(conn, wire_no_content(&loop->wire, stays), stays);
        return;
    }
    answer(conn);
}

static void answer_early(struct conn *conn, enum err err)
{
    conn->call->ex.err = err;
    conn->call->keeps_alive = false; /* the body is not read */
    finish_call(conn->call);
    send_call(conn);
}

static enum err admit_early(struct call *call)
{
    if (!begin_reading(call))
        return call->cx.fault.code;
    enum err err = router_admit(&call->ex);
    end_reading(call);
    call->is_admitted = true;
    return err;
}

/* The headers are there: what can be refused is refused before the body is taken. */
static enum err check_head(struct conn *conn)
{
    struct call *call = conn->call;
    struct request *req = &call->req;
    call->cx.db = conn->loop->reader;
    size_t body_max = REQUEST_BODY_BYTES;
    call->is_policy_report = str_eq(req->path, STR("/csp"));
    if (!call->is_policy_report) {
        if (!router_match(&call->ex))
            return fail(&call->cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
        body_max = call->ex.body_max;
        if (req->route->flags & ROUTE_FILE)
            TRY(admit_early(call)); /* strangers upload nothing */
    }
    if (call->content_length > body_max)
        return fail(&call->cx, ERR_LIMIT, "Nội dung gửi lên quá lớn, tối đa %zu KB", body_max / 1024);
    return call_begin_body(call, body_max);
}

static void begin_body(struct conn *conn)
{
    struct call *call = conn->call;
    if (call->method != CALL_POST) {
        refuse(conn, call->method == CALL_OTHER ? 405 : 400);
        return;
    }
    if (call->has_bad_expect) {
        refuse(conn, 417);
        return;
    }
    enum err err = check_head(conn);
    if (err != OK) {
        answer_early(conn, err);
        return;
    }
    conn->body_began_ms = now_ms(conn->loop);
    if (call->wants_continue && !call->is_http_1_0)
        send_plain(conn, STR("HTTP/1.1 100 Continue\r\n\r\n"), STR(""));
}

/* --- reading --- */

static void feed(struct conn *conn, struct str bytes);

/* Body: 1 KB/s at least, and some time to begin with; headers: absolute; between requests: idle time. */
static void set_read_deadline(struct conn *conn)
{
    const struct server_options *options = conn->loop->options;
    if (!conn->call)
        conn->deadline_ms = now_ms(conn->loop) + options->idle_ms_max;
    else if (intake_is_in_body(&conn->intake))
        conn->deadline_ms = conn->body_began_ms + options->body_ms_grace + (int64_t)conn->call->body_len;
}

static bool begin_request(struct conn *conn)
{
    struct loop *loop = conn->loop;
    conn->call = take_call(loop);
    if (!conn->call)
        return false;
    struct call *call = conn->call;
    call->cx.now = env_now(loop->app->env);
    if (loop->options->log_requests)
        call->began_us = env_monotonic(loop->app->env);
    call->req.peer = str_from(conn->peer_text);
    call->req.is_tls = conn->tls != NULL;
    intake_next(&conn->intake, call);
    conn->deadline_ms = now_ms(loop) + loop->options->head_ms_max;
    return true;
}

/* Kept until the answer is out. A client that sends more than this ahead is not read from until then. */
static void keep_ahead(struct conn *conn, struct str bytes)
{
    const struct env *env = conn->loop->app->env;
    if (bytes.len == 0)
        return;
    char *at = env_alloc(env, conn->ahead_len + bytes.len);
    if (!at) {
        conn_close(conn);
        return;
    }
    if (conn->ahead_len > 0)
        memcpy(at, conn->ahead, conn->ahead_len);
    memcpy(at + conn->ahead_len, bytes.at, bytes.len);
    env_free(env, conn->ahead);
    conn->ahead = at;
    conn->ahead_len += bytes.len;
    if (conn->ahead_len >= CONN_AHEAD_BYTES && !conn->is_paused) {
        uv_read_stop((uv_stream_t *)&conn->tcp);
        conn->is_paused = true;
    }
}

static void feed(struct conn *conn, struct str bytes)
{
    while (conn->state == CONN_READING && bytes.len > 0) {
        if (!conn->call && !begin_request(conn)) {
            conn_close(conn);
            return;
        }
        switch (intake_feed(&conn->intake, &bytes)) {
        case INTAKE_MORE:
            set_read_deadline(conn);
            break;
        case INTAKE_HEAD:
            begin_body(conn);
            break;
        case INTAKE_DONE:
            serve(conn);
            break;
        case INTAKE_BAD:
            refuse(conn, conn->intake.status);
            break;
        }
    }
    if (conn->state == CONN_WAITING || conn->state == CONN_WRITING)
        keep_ahead(conn, bytes);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf);

static void on_room_wanted(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buf)
{
    struct conn *conn = (struct conn *)handle;
    (void)wanted;
    *ret_buf = uv_buf_init(conn->loop->in, LOOP_IN_BYTES); /* read and used up before the next one is read */
}

/* The answer is out: on to what came meanwhile, or to the next request. */
static void on_answer_sent(struct conn *conn)
{
    struct loop *loop = conn->loop;
    if (conn->call) {
        give_back_call(loop, conn->call);
        conn->call = NULL;
    }
    if (conn->closes_after || conn->has_ended) {
        linger(conn);
        return;
    }
    conn->state = CONN_READING;
    set_read_deadline(conn);
    if (conn->is_paused) {
        conn->is_paused = false;
        if (uv_read_start((uv_stream_t *)&conn->tcp, on_room_wanted, on_read) != 0)
            conn_close(conn);
    }
}

/* What was sent ahead comes first. Not from on_answer_sent: that may run inside feed(). */
static void feed_ahead(struct conn *conn)
{
    if (conn->state != CONN_READING || !conn->ahead)
        return;
    char *ahead = conn->ahead;
    size_t len = conn->ahead_len;
    conn->ahead = NULL;
    conn->ahead_len = 0;
    const struct env *env = conn->loop->app->env;
    feed(conn, (struct str){ ahead, len });
    env_free(env, ahead);
}

static void go_on(struct conn *conn)
{
    on_answer_sent(conn);
    feed_ahead(conn);
}

static void on_end(struct conn *conn)
{
    conn->has_ended = true;
    if (conn->state != CONN_WAITING && conn->state != CONN_WRITING)
        conn_close(conn); /* idle, half a request, a stream, or lingering: nobody waits for anything */
}

static void take_bytes(struct conn *conn, struct str bytes)
{
    switch ((enum conn_state)conn->state) {
    case CONN_READING:
        feed(conn, bytes);
        break;
    case CONN_WAITING:
    case CONN_WRITING:
        keep_ahead(conn, bytes);
        break;
    case CONN_STREAMING:
    case CONN_LINGERING:
    case CONN_CLOSED:
        break; /* nothing a client could say now matters */
    }
}

static void take_encrypted(struct conn *conn, struct str bytes)
{
    struct loop *loop = conn->loop;
    if (!tls_put(conn->tls, bytes)) {
        conn_close(conn);
        return;
    }
    for (;;) {
        int len = tls_read(conn->tls, loop->plain, sizeof loop->plain);
        if (len > 0)
            take_bytes(conn, (struct str){ loop->plain, (size_t)len });
        if (conn->state == CONN_CLOSED)
            return;
        flush_tls(conn); /* the handshake's part, too */
        if (conn->state == CONN_CLOSED)
            return;
        if (len < 0)
            on_end(conn);
        if (len <= 0)
            return;
    }
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct conn *conn = (struct conn *)stream;
    if (len == 0)
        return;
    if (len == UV_EOF)
        on_end(conn);
    else if (len < 0)
        conn_close(conn);
    else if (conn->tls)
        take_encrypted(conn, (struct str){ buf->base, (size_t)len });
    else
        take_bytes(conn, (struct str){ buf->base, (size_t)len });
}

/* --- coming --- */

static bool name_peer(struct conn *conn)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    if (uv_tcp_getpeername(&conn->tcp, (struct sockaddr *)&address, &len) != 0)
        return false;
    conn->peer = peer_key_from((struct sockaddr *)&address, conn->peer_text, sizeof conn->peer_text);
    return true;
}

static bool has_place(struct loop *loop)
{
    return atomic_load_explicit(loop->connections, memory_order_relaxed) <= loop->options->connections_max;
}

static void on_refused_closed(uv_handle_t *handle)
{
    struct conn *conn = (struct conn *)handle;
    env_free(conn->loop->app->env, conn);
}

static void on_reserve_closed(uv_handle_t *handle)
{
    struct loop *loop = handle->data;
    loop->reserve_is_used = false;
}

/* A connection that is not accepted would keep the listener from hearing the next one. */
static void refuse_without_memory(struct loop *loop)
{
    if (loop->reserve_is_used || uv_tcp_init(&loop->uv, &loop->reserve) != 0)
        return;
    loop->reserve.data = loop;
    loop->reserve_is_used = true;
    int ignored = uv_accept((uv_stream_t *)&loop->listener, (uv_stream_t *)&loop->reserve);
    (void)ignored; /* closed either way */
    uv_close((uv_handle_t *)&loop->reserve, on_reserve_closed);
}

void conn_accept(struct loop *loop)
{
    const struct env *env = loop->app->env;
    struct conn *conn = env_alloc(env, sizeof *conn);
    if (!conn) {
        refuse_without_memory(loop);
        return;
    }
    memset(conn, 0, sizeof *conn);
    conn->loop = loop;
    if (uv_tcp_init(&loop->uv, &conn->tcp) != 0) {
        env_free(env, conn);
        return;
    }
    atomic_fetch_add_explicit(loop->connections, 1, memory_order_relaxed);
    bool is_taken = uv_accept((uv_stream_t *)&loop->listener, (uv_stream_t *)&conn->tcp) == 0 && name_peer(conn) &&
                    has_place(loop) && !loop->is_ending && peers_enter(loop->peers, &conn->peer);
    if (!is_taken) {
        atomic_fetch_sub_explicit(loop->connections, 1, memory_order_relaxed);
        uv_close((uv_handle_t *)&conn->tcp, on_refused_closed);
        return;
    }
    conn->next = loop->conns;
    if (loop->conns)
        loop->conns->previous = conn;
    loop->conns = conn;
    loop->conns_len++;
    conn->state = CONN_READING;
    intake_init(&conn->intake);
    uv_tcp_nodelay(&conn->tcp, 1);
    conn->deadline_ms = now_ms(loop) + loop->options->head_ms_max;
    if ((loop->keys && !(conn->tls = tls_open(loop->keys))) ||
        uv_read_start((uv_stream_t *)&conn->tcp, on_room_wanted, on_read) != 0)
        conn_close(conn);
}

/* --- what comes back --- */

static void take_returned(struct loop *loop, struct call *call)
{
    struct conn *conn = call->owner;
    loop->calls_out--;
    if (conn->state == CONN_CLOSED) { /* the client did not wait; what was written stays written */
        give_back_call(loop, call);
        conn->call = NULL;
        free_when_done(conn);
        return;
    }
    conn->state = CONN_READING;
    call->cx.db = loop->reader;
    if (!call->ex.is_finished) /* the pool has done it for its own */
        finish_call(call);
    send_call(conn);
    feed_ahead(conn);
}

void calls_take_returned(struct loop *loop)
{
    struct call *call = atomic_exchange_explicit(&loop->returned, NULL, memory_order_acq_rel);
    struct call *first = NULL;
    while (call) { /* first come, first served */
        struct call *next = call->next;
        call->next = first;
        first = call;
        call = next;
    }
    while (first) {
        struct call *next = first->next;
        take_returned(loop, first);
        first = next;
    }
}

/* --- streams --- */

static struct conn *conn_of_seat(struct live_seat *seat)
{
    return (struct conn *)(void *)((char *)seat - offsetof(struct conn, seat));
}

/* A reader that has not taken the last event yet gets the newest when it has (on_written). */
static bool send_event(struct live_seat *seat, struct str event)
{
    struct conn *conn = conn_of_seat(seat);
    if (conn->writing_bytes > 0)
        return false;
    send_plain(conn, event, STR(""));
    if (conn->state != CONN_CLOSED && conn->writing_bytes > 0)
        conn->deadline_ms = now_ms(conn->loop) + STREAM_STUCK_MS;
    return true;
}

bool streams_send(struct loop *loop)
{
    return live_send(loop->app->hub, loop->number, 256, send_event);
}

/* --- time --- */

static void expire(struct conn *conn)
{
    if (conn->state == CONN_READING && conn->call)
        refuse(conn, 408);
    else if (conn->state == CONN_WRITING && reads_fast_enough(conn))
        set_write_deadline(conn);
    else
        conn_close(conn);
}

void conns_sweep(struct loop *loop)
{
    int64_t now = now_ms(loop);
    bool is_heartbeat = now >= loop->heartbeat_at_ms;
    if (is_heartbeat)
        loop->heartbeat_at_ms = now + LIVE_HEARTBEAT_MS;
    for (struct conn *conn = loop->conns, *next = NULL; conn; conn = next) {
        next = conn->next;
        if (conn->deadline_ms > 0 && now >= conn->deadline_ms)
            expire(conn);
        else if (is_heartbeat && conn->state == CONN_STREAMING)
            (void)send_event(&conn->seat, STR(":\n\n")); /* who is busy with an event needs no sign of life */
    }
}

void conns_end(struct loop *loop)
{
    for (struct conn *conn = loop->conns, *next = NULL; conn; conn = next) {
        next = conn->next;
        bool is_idle = conn->state == CONN_READING && !conn->call;
        if (is_idle || conn->state == CONN_STREAMING)
            conn_close(conn);
    }
}
