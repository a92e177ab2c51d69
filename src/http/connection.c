#include "http/conn.h"

#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>

/* An answer that did not fit into the socket. */
struct outgoing {
    uv_write_t write; /* first */
    struct conn *conn;
    size_t len;
    char at[];
};

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

void loop_give_back_call(struct loop *loop, struct call *call)
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

void conn_free_when_done(struct conn *conn)
{
    if (!conn->is_freed_by_libuv || conn->call)
        return; /* a call that is out still points here */
    env_free(conn->loop->app->env, conn);
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *conn = (struct conn *)handle;
    conn->is_freed_by_libuv = true;
    conn_free_when_done(conn);
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
        loop_give_back_call(loop, conn->call);
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
    conn->deadline_ms = loop_now_ms(loop) + CONN_LINGER_MS;
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

void conn_send(struct conn *conn, struct str first, struct str second)
{
    if (!conn->tls) {
        send_raw(conn, first, second);
    } else if (!tls_write(conn->tls, first) || !tls_write(conn->tls, second)) {
        conn_close(conn);
    } else {
        flush_tls(conn);
    }
}

/*
 * What the client has not taken yet, the kernel's share included: the kernel takes megabytes from us at once and then
 * nothing for a minute, while an honest reader at the end of a thin line takes a little all the time.
 */
static size_t untaken_bytes(const struct conn *conn)
{
    size_t ours = uv_stream_get_write_queue_size((const uv_stream_t *)&conn->tcp);
    uv_os_fd_t fd = -1;
    int kernels = 0;
    if (uv_fileno((const uv_handle_t *)&conn->tcp, &fd) != 0 || ioctl(fd, SIOCOUTQ, &kernels) != 0 || kernels < 0)
        return ours;
    return ours + (size_t)kernels;
}

/* In each span of time a reader must take so much that 4 KB/s come of it: holding answers is memory, ours. */
static void set_write_deadline(struct conn *conn)
{
    const struct loop *loop = conn->loop;
    conn->left_bytes = untaken_bytes(conn);
    conn->deadline_ms = loop_now_ms(loop) + loop->options->write_ms_max;
}

static bool reads_fast_enough(const struct conn *conn)
{
    return conn->left_bytes - untaken_bytes(conn) >= 4 * (size_t)conn->loop->options->write_ms_max;
}

void conn_send_answer(struct conn *conn, struct wire_answer answer, bool keeps_alive)
{
    conn->closes_after = !keeps_alive;
    conn_send(conn, answer.head, answer.body);
    if (conn->state == CONN_CLOSED)
        return;
    if (conn->writing_bytes > 0) {
        conn->state = CONN_WRITING;
        set_write_deadline(conn);
        return;
    }
    on_answer_sent(conn);
}

void conn_refuse(struct conn *conn, int status)
{
    conn_send_answer(conn, wire_refusal(&conn->loop->wire, status), false);
}

/* --- reading --- */

static void feed(struct conn *conn, struct str bytes);

/* Body: 1 KB/s at least, and some time to begin with; headers: absolute; between requests: idle time. */
static void set_read_deadline(struct conn *conn)
{
    const struct server_options *options = conn->loop->options;
    if (!conn->call)
        conn->deadline_ms = loop_now_ms(conn->loop) + options->idle_ms_max;
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
    conn->deadline_ms = loop_now_ms(loop) + loop->options->head_ms_max;
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
            conn_begin_body(conn);
            break;
        case INTAKE_DONE:
            conn_serve(conn);
            break;
        case INTAKE_BAD:
            conn_refuse(conn, conn->intake.status);
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
        loop_give_back_call(loop, conn->call);
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
void conn_feed_ahead(struct conn *conn)
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
    conn_feed_ahead(conn);
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
    conn->deadline_ms = loop_now_ms(loop) + loop->options->head_ms_max;
    if ((loop->keys && !(conn->tls = tls_open(loop->keys))) ||
        uv_read_start((uv_stream_t *)&conn->tcp, on_room_wanted, on_read) != 0)
        conn_close(conn);
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
    conn_send(conn, event, STR(""));
    if (conn->state != CONN_CLOSED && conn->writing_bytes > 0)
        conn->deadline_ms = loop_now_ms(conn->loop) + STREAM_STUCK_MS;
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
        conn_refuse(conn, 408);
    else if (conn->state == CONN_WRITING && reads_fast_enough(conn))
        set_write_deadline(conn);
    else
        conn_close(conn);
}

void conns_sweep(struct loop *loop)
{
    int64_t now = loop_now_ms(loop);
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
