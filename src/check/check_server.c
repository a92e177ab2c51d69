#include "check/check_server.h"

#include "check/check_trade.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
enum { COMMUNE = 0x11a };

/* --- routes over the tests' little trade: boxes of slips --- */

struct slip_form {
    int64_t number;
};
static const struct field slip_fields[] = {
    { "number", "Số phiếu", FIELD_I64, FIELD_OF(struct slip_form, number), .min = 1, .max = 1000000, .required = true },
};

static enum err add_slip(struct ctx *cx, struct request *req, struct response *res)
{
    const struct slip_form *form = req->form;
    struct slip_added slip = { .number = form->number, .day = DAY_NONE, .note = STR("") };
    int64_t box_id = 0;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &box_id));
    TRY(slip_add(cx, COMMUNE, box_id, &slip, &id));
    response_redirect(cx, res, url_format(&cx->arena, "/hop/%lld", (long long)box_id), "Đã thêm phiếu");
    return OK;
}

static enum err show_box(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t box_id = 0;
    TRY(request_id(cx, req, 0, &box_id));
    res->content_type = STR("text/plain");
    buf_put_i64(&res->body, count_slips(cx, box_id));
    return OK;
}

static enum err show_long(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    (void)req;
    for (int i = 0; i < 200000; i++)
        buf_put(&res->body, STR("một dòng của bảng dài\n"));
    return OK;
}

static enum err show_peer(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    res->content_type = STR("text/plain");
    buf_format(&res->body, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(req->peer), STR_ARG(req->path),
               STR_ARG(req->query));
    return OK;
}

static enum err take_file(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    const struct request_file *file = request_file(req, "file");
    uint64_t sum = 0;
    for (size_t i = 0; file && i < file->content.len; i++)
        sum += (unsigned char)file->content.at[i];
    res->content_type = STR("text/plain");
    buf_format(&res->body, "%zu bytes, sum %llu", file ? file->content.len : 0, (unsigned long long)sum);
    return OK;
}

static enum err prepare_slowly(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct slip_form *form = req->form;
    if (form->number == 13)
        return fail_field(cx, "number", "Số này không dùng");
    int64_t *number = ARENA_NEW(&cx->arena, int64_t);
    *number = form->number * 2;
    req->prepared = number;
    return OK;
}

static enum err show_prepared(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    const int64_t *number = req->prepared;
    res->content_type = STR("text/plain");
    buf_put_i64(&res->body, *number);
    return OK;
}

static enum err listen_to_box(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t box_id = 0;
    TRY(request_id(cx, req, 0, &box_id));
    response_stream(res, COMMUNE, box_id);
    return OK;
}

static enum err render_box(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data)
{
    buf_format(ret_data, "{\"slips\":%lld}", (long long)counted_slips(cx, subject_id, unit_id));
    return OK;
}

/* clang-format off */
static const struct route rows[] = {
    { METHOD_GET,  STR_INIT("/hop/{id}"),          PERMISSION_SIGNED_IN, show_box, NO_FORM, .flags = ROUTE_TOKEN },
    { METHOD_GET,  STR_INIT("/hop/{id}/song"),     PERMISSION_SIGNED_IN, listen_to_box, NO_FORM,
      .flags = ROUTE_TOKEN | ROUTE_STREAM },
    { METHOD_GET,  STR_INIT("/dai"),               PERMISSION_PUBLIC,    show_long, NO_FORM },
    { METHOD_GET,  STR_INIT("/dai-cham"),          PERMISSION_PUBLIC,    show_long, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET,  STR_INIT("/ai"),                PERMISSION_PUBLIC,    show_peer, NO_FORM },
    { METHOD_POST, STR_INIT("/hop/{id}/phieu"),    PERMISSION_SIGNED_IN, add_slip,
      FIELD_TABLE(struct slip_form, slip_fields), .flags = ROUTE_TOKEN },
    { METHOD_POST, STR_INIT("/chuan-bi"),          PERMISSION_SIGNED_IN, show_prepared,
      FIELD_TABLE(struct slip_form, slip_fields), .flags = ROUTE_TOKEN, .prepare = prepare_slowly },
    { METHOD_POST, STR_INIT("/tai-len"),           PERMISSION_SIGNED_IN, take_file, NO_FORM,
      .flags = ROUTE_TOKEN | ROUTE_FILE, .body_max = 4 << 20 },
};
/* clang-format on */
static const struct route_table rooms[] = { { rows, LEN(rows) } };

static enum err identify(struct ctx *cx, struct request *req, struct actor *ret_actor)
{
    (void)cx;
    if (str_eq(req->bearer, STR(CHECK_SERVER_TOKEN)))
        *ret_actor = (struct actor){ .kind = ACTOR_TOKEN, .permissions = 1U << PERMISSION_SIGNED_IN };
    return OK;
}

/* --- a server in a thread --- */

static void *run_server(void *what)
{
    server_run(what);
    return NULL;
}

static enum err open_box(struct ctx *cx, void *what)
{
    struct box_opened box = { .title = STR("Hộp"), .unit_path = commune, .owner_phone = STR("0900 000 001") };
    return box_open(cx, COMMUNE, &box, what);
}

/* A clock that stands still until it is told to go on, for deadlines at their real length. */
static atomic_llong told_us;

static int64_t told_monotonic(void *state)
{
    (void)state;
    return atomic_load(&told_us);
}

void check_server_let_pass(int64_t ms)
{
    atomic_fetch_add(&told_us, ms * 1000);
}

int check_server_open_with(void **state, struct server_options options, bool has_told_clock)
{
    struct check_server *world = calloc(1, sizeof *world);
    void *check = NULL;
    if (!world || check_trade_open(&check) != 0)
        return 1;
    world->check = check;
    struct ctx *cx = &world->check->cx;
    world->env = *cx->env;
    if (has_told_clock)
        world->env.monotonic = told_monotonic;
    world->app = (struct app){ .env = &world->env,
                               .store = world->check->store,
                               .rooms = rooms,
                               .rooms_len = LEN(rooms),
                               .gate = { .identify = identify },
                               .render_live = render_box };
    assert_ok(cx, check_write(world->check, open_box, &world->box_id));
    assert_ok(cx, writer_start(cx, world->check->store, &world->app.writer));
    options.listen = STR("127.0.0.1:0");
    options.loops = 2;
    assert_ok(cx, server_open(cx, &world->app, &options, &world->server));
    assert_int_equal(pthread_create(&world->thread, NULL, run_server, world->server), 0);
    *state = world;
    return 0;
}

int check_server_open(void **state)
{
    return check_server_open_with(state, (struct server_options){ .loops = 2 }, false);
}

int check_server_close(void **state)
{
    struct check_server *world = *state;
    server_stop(world->server);
    pthread_join(world->thread, NULL);
    server_close(world->server);
    writer_stop(world->app.writer);
    void *check = world->check;
    free(world);
    return check_store_close(&check);
}

size_t check_server_rooms(const struct route_table **ret_rooms)
{
    *ret_rooms = rooms;
    return LEN(rooms);
}

/* --- a client that says exactly what it is told --- */

int client_dial_from(const struct check_server *world, const char *own_address)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)server_port(world->server)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = { .tv_sec = 10 };
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    if (own_address) {
        struct sockaddr_in own = { .sin_family = AF_INET };
        assert_int_equal(inet_pton(AF_INET, own_address, &own.sin_addr), 1);
        assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    }
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

int client_dial(const struct check_server *world)
{
    return client_dial_from(world, NULL);
}

bool client_say(int fd, struct str text)
{
    while (text.len > 0) {
        ssize_t sent = send(fd, text.at, text.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text = str_sub(text, (size_t)sent, SIZE_MAX);
    }
    return true;
}

/* What comes until the other end closes; false when it does not within the client's patience. */
bool client_hear_all(struct arena *arena, int fd, struct str *ret_text)
{
    struct buf heard;
    char piece[16384];
    buf_init(&heard, arena);
    ssize_t len = 0;
    while ((len = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_put(&heard, (struct str){ piece, (size_t)len });
    *ret_text = buf_str(&heard);
    return len == 0;
}

/* What comes until `wanted` has come. */
struct str client_hear_until(struct arena *arena, int fd, const char *wanted)
{
    struct buf heard;
    char piece[4096];
    buf_init(&heard, arena);
    while (str_find(buf_str(&heard), str_from(wanted)) == heard.len) {
        ssize_t len = recv(fd, piece, sizeof piece, 0);
        if (len <= 0)
            fail_msg("“%s” did not come, only: " STR_FMT, wanted, STR_ARG(buf_str(&heard)));
        buf_put(&heard, (struct str){ piece, (size_t)len });
    }
    return buf_str(&heard);
}

bool client_has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

struct str client_exchange(struct check_server *world, struct str text)
{
    struct str heard;
    int fd = client_dial(world);
    assert_true(client_say(fd, text));
    assert_true(client_hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    return heard;
}

struct str client_get(struct check_server *world, const char *path)
{
    return client_exchange(world, str_format(&world->check->cx.arena,
                                      "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                                      "\r\nConnection: close\r\n\r\n",
                                      path));
}

struct str client_post(struct check_server *world, const char *path, const char *more_headers, const char *body)
{
    return client_exchange(world, str_format(&world->check->cx.arena,
                                      "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                                      "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                      "Content-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
                                      path, strlen(body), more_headers, body));
}

int64_t check_server_slips(struct check_server *world)
{
    struct ctx *cx = &world->check->cx;
    assert_ok(cx, db_read_begin(cx));
    int64_t count = count_slips(cx, world->box_id);
    db_read_end(cx);
    return count;
}

const char *check_server_path(struct check_server *world, const char *rest)
{
    return str_to_c(&world->check->cx.arena,
                    str_format(&world->check->cx.arena, "/hop/%lld%s", (long long)world->box_id, rest));
}
