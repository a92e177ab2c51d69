#include "http/server.h"

#include "base/log.h"
#include "http/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOPS_MAX = 64, LISTEN_BACKLOG = 4096, END_MS = 5000 };

struct server {
    struct app *app;
    struct server_options options;
    struct tls_keys *keys;
    struct pool *pool;
    struct peers *peers;
    atomic_int connections;
    int port;
    struct loop *loops[LOOPS_MAX];
    int loops_len; /* all of them are set up */
};

/* --- one loop --- */

static void begin_to_end(struct loop *loop)
{
    loop->is_ending = true;
    loop->end_by_ms = (int64_t)uv_now(&loop->uv) + END_MS;
    uv_close((uv_handle_t *)&loop->listener, NULL);
    conns_end(loop);
}

/* Ends when all is finished: answers that the writer still owes come back here, even when nobody waits for them. */
static void try_to_end(struct loop *loop)
{
    if (!loop->is_ending || loop->has_ended)
        return;
    conns_end(loop);
    if ((int64_t)uv_now(&loop->uv) >= loop->end_by_ms)
        while (loop->conns)
            conn_close(loop->conns);
    if (loop->conns || loop->calls_out > 0)
        return;
    loop->has_ended = true;
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->sweep, NULL);
    uv_close((uv_handle_t *)&loop->turn, NULL);
}

static void on_turn(uv_check_t *handle)
{
    calls_submit(handle->data);
}

static void on_wake(uv_async_t *handle)
{
    struct loop *loop = handle->data;
    calls_take_returned(loop);
    if (atomic_exchange(&loop->has_news, false) && !streams_send(loop)) {
        atomic_store(&loop->has_news, true); /* others get their turn before the rest of the streams */
        uv_async_send(&loop->wake);
    }
    if (atomic_load(&loop->is_told_to_end) && !loop->is_ending)
        begin_to_end(loop);
    try_to_end(loop);
}

static void on_sweep(uv_timer_t *handle)
{
    struct loop *loop = handle->data;
    conns_sweep(loop);
    try_to_end(loop);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct loop *loop = listener->data;
    if (status == 0)
        conn_accept(loop);
}

static void run_loop(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

static void *run_loop_thread(void *what)
{
    struct loop *loop = what;
    run_loop(loop);
    return NULL;
}

/* Often enough that no deadline is late by more than a quarter. */
static uint64_t sweep_every_ms(const struct server_options *options)
{
    if (options->sweep_ms > 0)
        return (uint64_t)options->sweep_ms;
    int64_t every = 4000;
    const int64_t deadlines[] = { options->head_ms_max, options->idle_ms_max, options->body_ms_grace,
                                  options->write_ms_max };
    for (size_t i = 0; i < LEN(deadlines); i++)
        every = deadlines[i] < every ? deadlines[i] : every;
    return every < 40 ? 10 : (uint64_t)every / 4;
}

static enum err uv_check(struct ctx *cx, int code, const char *what)
{
    return code == 0 ? OK : fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", what, uv_strerror(code));
}

static enum err set_up_handles(struct ctx *cx, struct loop *loop, int fd)
{
    TRY(uv_check(cx, uv_async_init(&loop->uv, &loop->wake, on_wake), "wake-up"));
    TRY(uv_check(cx, uv_timer_init(&loop->uv, &loop->sweep), "timer"));
    TRY(uv_check(cx, uv_check_init(&loop->uv, &loop->turn), "turn"));
    TRY(uv_check(cx, uv_tcp_init(&loop->uv, &loop->listener), "listener"));
    loop->wake.data = loop;
    loop->sweep.data = loop;
    loop->turn.data = loop;
    loop->listener.data = loop;
    loop->heartbeat_at_ms = loop_now_ms(loop) + LIVE_HEARTBEAT_MS;
    TRY(uv_check(cx, uv_check_start(&loop->turn, on_turn), "turn"));
    uint64_t every = sweep_every_ms(loop->options);
    TRY(uv_check(cx, uv_timer_start(&loop->sweep, on_sweep, every, every), "timer"));
    TRY(uv_check(cx, uv_tcp_open(&loop->listener, fd), "listener"));
    return uv_check(cx, uv_listen((uv_stream_t *)&loop->listener, LISTEN_BACKLOG, on_connection), "listening");
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_loop(struct loop *loop)
{
    calls_free_spare(loop);
    uv_walk(&loop->uv, close_handle, NULL); /* what a start that failed half-way left */
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    wire_close(&loop->wire);
    if (loop->reader)
        store_reader_close(loop->reader);
    env_free(loop->app->env, loop);
}

/* The socket is the loop's from here on, also when it fails. */
static enum err open_loop(struct ctx *cx, struct server *server, int fd)
{
    struct app *app = server->app;
    struct loop *loop = env_alloc(app->env, sizeof *loop);
    if (!loop || (memset(loop, 0, sizeof *loop), uv_loop_init(&loop->uv) != 0)) {
        env_free(app->env, loop);
        close(fd);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a loop");
    }
    loop->server = server;
    loop->app = app;
    loop->options = &server->options;
    loop->keys = server->keys;
    loop->pool = server->pool;
    loop->peers = server->peers;
    loop->connections = &server->connections;
    loop->number = server->loops_len;
    server->loops[server->loops_len++] = loop;
    TRY(set_up_handles(cx, loop, fd));
    if (!wire_open(&loop->wire, app->env, server->keys != NULL))
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for compression");
    return app->store ? store_reader_open(cx, app->store, &loop->reader) : OK;
}

/* --- the address --- */

static bool parse_address(struct ctx *cx, struct str listen, struct sockaddr_storage *ret_address)
{
    size_t colon = listen.len;
    while (colon > 0 && listen.at[colon - 1] != ':')
        colon--;
    int64_t port = 0;
    if (colon < 2 || !str_to_i64(str_sub(listen, colon, SIZE_MAX), &port) || port < 0 || port > 65535)
        return false;
    struct str host = str_sub(listen, 0, colon - 1);
    memset(ret_address, 0, sizeof *ret_address);
    if (host.at[0] == '[' && str_ends(host, STR("]")))
        return uv_ip6_addr(str_to_c(&cx->arena, str_sub(host, 1, host.len - 2)), (int)port,
                           (struct sockaddr_in6 *)ret_address) == 0;
    return uv_ip4_addr(str_to_c(&cx->arena, host), (int)port, (struct sockaddr_in *)ret_address) == 0;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    memcpy(&in, address, sizeof in);
    memcpy(&in6, address, sizeof in6);
    if (address->ss_family == AF_INET)
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

static int open_socket(const struct sockaddr_storage *address, bool is_shared)
{
    const int on = 1;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    socklen_t len = address->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (!is_shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0) &&
        bind(fd, (const struct sockaddr *)address, len) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static enum err fail_address(struct ctx *cx, const struct server *server)
{
    struct str listen = server->options.listen;
    switch (errno) {
    case EADDRINUSE:
        return fail(cx, ERR_INVALID, "Địa chỉ " STR_FMT " đang có chương trình khác dùng, xin chọn cổng khác",
                    STR_ARG(listen));
    case EACCES:
        return fail(cx, ERR_INVALID, "Không được phép mở cổng " STR_FMT ", xin chọn cổng từ 1024 trở lên",
                    STR_ARG(listen));
    default:
        return fail(cx, ERR_INVALID, "Không mở được địa chỉ " STR_FMT ": %s", STR_ARG(listen),
                    strerrorname_np(errno));
    }
}

/*
 * All loops listen on one address (SO_REUSEPORT), and so could a second program of ours without anybody noticing. A
 * first socket that does not share the address finds that out.
 */
static enum err probe_address(struct ctx *cx, const struct server *server, const struct sockaddr_storage *address)
{
    int fd = open_socket(address, false);
    if (fd < 0 || listen(fd, 1) != 0) {
        enum err err = fail_address(cx, server);
        if (fd >= 0)
            close(fd);
        return err;
    }
    close(fd);
    return OK;
}

/* Port 0 took a free one: the other loops must listen on the same. */
static void keep_port(struct server *server, struct sockaddr_storage *address, int fd)
{
    socklen_t len = sizeof *address;
    if (getsockname(fd, (struct sockaddr *)address, &len) != 0)
        return;
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in); /* the port stands at the same place in both families */
    server->port = ntohs(in.sin_port);
}

static enum err open_loops(struct ctx *cx, struct server *server)
{
    struct sockaddr_storage address;
    if (!parse_address(cx, server->options.listen, &address))
        return fail(cx, ERR_INVALID, "Địa chỉ " STR_FMT " chưa đúng, cần dạng 127.0.0.1:8080 hoặc [::1]:8080",
                    STR_ARG(server->options.listen));
    if (!server->keys && !server->options.allow_plain && !is_loopback(&address))
        return fail(cx, ERR_INVALID,
                    "Không có chứng thư thì chỉ mở được địa chỉ nội bộ 127.0.0.1; xin thêm --cert và --key");
    TRY(probe_address(cx, server, &address));
    for (int i = 0; i < server->options.loops; i++) {
        int fd = open_socket(&address, true);
        if (fd < 0)
            return fail_address(cx, server);
        keep_port(server, &address, fd);
        TRY(open_loop(cx, server, fd));
    }
    return OK;
}

/* --- the server --- */

static void fill_defaults(struct server_options *options)
{
    if (options->loops <= 0)
        options->loops = (int)uv_available_parallelism();
    if (options->loops > LOOPS_MAX)
        options->loops = LOOPS_MAX;
    options->connections_max = options->connections_max > 0 ? options->connections_max : 20000;
    options->per_peer_max = options->per_peer_max > 0 ? options->per_peer_max : 100;
    options->gateway_max = options->gateway_max > 0 ? options->gateway_max : 5000;
    options->head_ms_max = options->head_ms_max > 0 ? options->head_ms_max : 10 * 1000;
    options->idle_ms_max = options->idle_ms_max > 0 ? options->idle_ms_max : 75 * 1000;
    options->body_ms_grace = options->body_ms_grace > 0 ? options->body_ms_grace : 10 * 1000;
    options->write_ms_max = options->write_ms_max > 0 ? options->write_ms_max : 30 * 1000;
}

/* A connection is a descriptor; the usual limit of 1,024 would be reached long before ours. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void wake_loop(void *what, int number)
{
    struct server *server = what;
    struct loop *loop = server->loops[number];
    atomic_store(&loop->has_news, true);
    uv_async_send(&loop->wake);
}

static void has_changed(void *what, const struct writer_change *change)
{
    live_mark(what, change->unit_ids, change->unit_len);
    live_wrote(what, change->first_seq, change->last_seq);
}

static enum err open_parts(struct ctx *cx, struct server *server)
{
    struct app *app = server->app;
    if (server->options.cert_path.len > 0)
        TRY(tls_keys_open(cx, server->options.cert_path, server->options.key_path, &server->keys));
    server->peers = peers_new(app->env, server->options.per_peer_max, server->options.counts_loopback);
    app->index = route_index_make(app->env, app->rooms, app->rooms_len);
    if (!server->peers || !app->index)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the server");
    if (!peers_list_gateways(server->peers, server->options.gateways, server->options.gateway_max))
        return fail(cx, ERR_INVALID,
                    "Danh sách cổng mạng cơ quan chưa đúng, cần tối đa %d địa chỉ dạng 10.1.2.3 hoặc 10.1.0.0/16, cách "
                    "nhau bằng dấu phẩy",
                    PEERS_GATEWAYS_MAX);
    TRY(pool_open(cx, app, call_work, &server->pool));
    TRY(open_loops(cx, server));
    if (!app->render_live)
        return OK;
    TRY(live_hub_open(cx, app, server->loops_len, &app->hub));
    if (app->writer)
        writer_listen(app->writer, has_changed, app->hub);
    return live_hub_start(cx, app->hub, wake_loop, server);
}

enum err server_open(struct ctx *cx, struct app *app, const struct server_options *options, struct server **ret_server)
{
    struct server *server = env_alloc(app->env, sizeof *server);
    if (!server || sodium_init() < 0) {
        env_free(app->env, server);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the server");
    }
    memset(server, 0, sizeof *server);
    server->app = app;
    server->options = *options;
    fill_defaults(&server->options);
    signal(SIGPIPE, SIG_IGN); /* a client that hangs up is no reason to end */
    raise_descriptor_limit();
    enum err err = open_parts(cx, server);
    if (err != OK) {
        server_close(server);
        return err;
    }
    *ret_server = server;
    return OK;
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_run(struct server *server)
{
    for (int i = 1; i < server->loops_len; i++) {
        struct loop *loop = server->loops[i];
        loop->has_thread = pthread_create(&loop->thread, NULL, run_loop_thread, loop) == 0;
        if (!loop->has_thread) {
            log_line(server->app->env, LOG_ERROR, "server", "no thread for loop %d", i);
            server_stop(server);
        }
    }
    run_loop(server->loops[0]);
    for (int i = 1; i < server->loops_len; i++) {
        if (server->loops[i]->has_thread)
            pthread_join(server->loops[i]->thread, NULL);
    }
}

void server_stop(struct server *server)
{
    for (int i = 0; i < server->loops_len; i++) {
        atomic_store(&server->loops[i]->is_told_to_end, true);
        uv_async_send(&server->loops[i]->wake);
    }
}

void server_close(struct server *server)
{
    struct app *app = server->app;
    if (app->hub) {
        if (app->writer)
            writer_listen(app->writer, NULL, NULL);
        live_hub_stop(app->hub);
    }
    pool_close(server->pool);
    for (int i = 0; i < server->loops_len; i++)
        close_loop(server->loops[i]);
    if (app->hub)
        live_hub_close(app->hub);
    app->hub = NULL;
    route_index_free(app->env, app->index);
    app->index = NULL;
    peers_free(server->peers);
    tls_keys_close(server->keys);
    env_free(app->env, server);
}
