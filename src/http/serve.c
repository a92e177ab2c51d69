/*
 * serve: from a whole request to its answer, over the loop's thread, the pool and the writer. What reads quickly is
 * answered on the loop; what is slow goes to the pool; what writes goes to the writer and comes back when it is synced.
 */
#include "http/conn.h"

#include "base/log.h"

static bool keeps_alive(const struct conn *conn)
{
    return conn->call->keeps_alive && !conn->has_ended && !conn->loop->is_ending;
}

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
        conn_refuse(conn, 503);
        return;
    }
    conn_send(conn, wire_stream_head(&loop->wire), STR("retry: 3000\n\n"));
    if (conn->state == CONN_CLOSED)
        return;
    /* From here on the connection is a socket and a seat: no call, no buffers. */
    loop_give_back_call(loop, call);
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
    conn_send_answer(conn, wire_answer(&conn->loop->wire, call, stays), stays);
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

static void make_job(struct call *call)
{
    call->cx.db = NULL; /* the writer brings its own */
    call->job = (struct writer_job){ .run = run_on_writer, .done = written, .what = call, .cx = &call->cx };
}

static bool submit_to_writer(struct call *call)
{
    make_job(call);
    return writer_submit(call->req.app->writer, &call->job);
}

/* The calls of one turn of the loop go to the writer together: a batch of one costs as much as a batch of many. */
static void keep_for_writer(struct loop *loop, struct call *call)
{
    make_job(call);
    if (loop->jobs_len++ == 0)
        loop->jobs_first = &call->job;
    else
        loop->jobs_last->next = &call->job;
    loop->jobs_last = &call->job;
}

static void fail_busy(struct call *call, const char *what)
{
    call->ex.err = fail_detail(&call->cx, ERR_UNAVAILABLE, "%s", what);
}

void calls_submit(struct loop *loop)
{
    struct writer_job *job = loop->jobs_first;
    if (loop->jobs_len == 0)
        return;
    bool is_taken = writer_submit_list(loop->app->writer, job, loop->jobs_last, loop->jobs_len);
    loop->jobs_len = 0;
    while (!is_taken && job) {
        struct call *call = job->what;
        job = job->next;
        fail_busy(call, "the writer's queue is full");
        return_call(call);
    }
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
    if (!needs_pool) {
        keep_for_writer(loop, call);
    } else if (!pool_submit(loop->pool, call)) {
        fail_busy(call, "the pool's queue is full");
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

void conn_serve(struct conn *conn)
{
    struct loop *loop = conn->loop;
    struct call *call = conn->call;
    struct request *req = &call->req;
    bool stays = keeps_alive(conn);
    if (call->method == CALL_OTHER) {
        conn_refuse(conn, 405);
        return;
    }
    if (call->has_bad_expect) {
        conn_refuse(conn, 417);
        return;
    }
    if (req->method == METHOD_GET && str_eq(req->path, STR("/healthz"))) {
        conn_send_answer(conn, wire_healthz(&loop->wire, stays), stays);
        return;
    }
    if (req->method == METHOD_GET && str_starts(req->path, STR(ASSET_PREFIX))) {
        const struct asset *asset = asset_find(req->path);
        if (asset) {
            conn_send_answer(conn, wire_asset(&loop->wire, asset, call, stays), stays);
            return;
        }
    }
    if (call->is_policy_report) {
        conn_send_answer(conn, wire_no_content(&loop->wire, stays), stays);
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

void conn_begin_body(struct conn *conn)
{
    struct call *call = conn->call;
    if (call->method != CALL_POST) {
        conn_refuse(conn, call->method == CALL_OTHER ? 405 : 400);
        return;
    }
    if (call->has_bad_expect) {
        conn_refuse(conn, 417);
        return;
    }
    enum err err = check_head(conn);
    if (err != OK) {
        answer_early(conn, err);
        return;
    }
    conn->body_began_ms = loop_now_ms(conn->loop);
    if (call->wants_continue && !call->is_http_1_0)
        conn_send(conn, STR("HTTP/1.1 100 Continue\r\n\r\n"), STR(""));
}

/* --- what comes back --- */

static void take_returned(struct loop *loop, struct call *call)
{
    struct conn *conn = call->owner;
    loop->calls_out--;
    if (conn->state == CONN_CLOSED) { /* the client did not wait; what was written stays written */
        loop_give_back_call(loop, call);
        conn->call = NULL;
        conn_free_when_done(conn);
        return;
    }
    conn->state = CONN_READING;
    call->cx.db = loop->reader;
    if (!call->ex.is_finished) /* the pool has done it for its own */
        finish_call(call);
    send_call(conn);
    conn_feed_ahead(conn);
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
