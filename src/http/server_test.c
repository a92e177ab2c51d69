/* The real server on a real socket: framing, deadlines, limits, commits, streams. */
#include "check/check.h"

#include "check/check_store.h"
#include "check/check_trade.h"
#include "http/server.h"
#include "page/asset.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOKEN "the-giao-dien"
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
    if (str_eq(req->bearer, STR(TOKEN)))
        *ret_actor = (struct actor){ .kind = ACTOR_TOKEN, .permissions = 1U << PERMISSION_SIGNED_IN };
    return OK;
}

/* --- a server in a thread --- */

struct world {
    struct check_store *check;
    struct app app;
    struct server *server;
    pthread_t thread;
    int64_t box_id;
};

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

static int open_world_with(void **state, struct server_options options)
{
    struct world *world = calloc(1, sizeof *world);
    void *check = NULL;
    if (!world || check_trade_open(&check) != 0)
        return 1;
    world->check = check;
    struct ctx *cx = &world->check->cx;
    world->app = (struct app){ .env = cx->env,
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

static int open_world(void **state)
{
    return open_world_with(state, (struct server_options){ .loops = 2 });
}

/* Deadlines short enough for a test to see them pass. */
static int open_hasty_world(void **state)
{
    return open_world_with(state, (struct server_options){ .head_ms_max = 150, .idle_ms_max = 150,
                                                           .body_ms_grace = 150, .write_ms_max = 150,
                                                           .connections_max = 4 });
}

static int close_world(void **state)
{
    struct world *world = *state;
    server_stop(world->server);
    pthread_join(world->thread, NULL);
    server_close(world->server);
    writer_stop(world->app.writer);
    void *check = world->check;
    free(world);
    return check_store_close(&check);
}

/* --- a client that says exactly what it is told --- */

static int dial(const struct world *world)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)server_port(world->server)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = { .tv_sec = 10 };
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool say(int fd, struct str text)
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
static bool hear_all(struct arena *arena, int fd, struct str *ret_text)
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
static struct str hear_until(struct arena *arena, int fd, const char *wanted)
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

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

static struct str exchange(struct world *world, struct str text)
{
    struct str heard;
    int fd = dial(world);
    assert_true(say(fd, text));
    assert_true(hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    return heard;
}

static struct str get(struct world *world, const char *path)
{
    return exchange(world, str_format(&world->check->cx.arena,
                                      "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                                      "\r\nConnection: close\r\n\r\n",
                                      path));
}

static struct str post(struct world *world, const char *path, const char *more_headers, const char *body)
{
    return exchange(world, str_format(&world->check->cx.arena,
                                      "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                                      "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                      "Content-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
                                      path, strlen(body), more_headers, body));
}

static int64_t slips(struct world *world)
{
    struct ctx *cx = &world->check->cx;
    assert_ok(cx, db_read_begin(cx));
    int64_t count = count_slips(cx, world->box_id);
    db_read_end(cx);
    return count;
}

static const char *box_path(struct world *world, const char *rest)
{
    return str_to_c(&world->check->cx.arena,
                    str_format(&world->check->cx.arena, "/hop/%lld%s", (long long)world->box_id, rest));
}

/* --- what it answers --- */

static void the_server_says_that_it_lives(void **state)
{
    struct world *world = *state;
    struct str heard = get(world, "/healthz");
    assert_true(str_starts(heard, STR("HTTP/1.1 200 OK\r\n")));
    assert_true(str_ends(heard, STR("\r\n\r\nok")));
    static const char *const lines[] = { "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin",
                                         "Cross-Origin-Opener-Policy: same-origin", "frame-ancestors 'none'",
                                         "Cache-Control: no-store", "Connection: close", "Date: " };
    for (size_t i = 0; i < LEN(lines); i++)
        if (!has(heard, lines[i]))
            fail_msg("no %s", lines[i]);
    assert_false(has(heard, "Strict-Transport-Security"));
}

static void an_address_that_leads_nowhere_has_a_page_of_its_own(void **state)
{
    struct world *world = *state;
    struct str heard = exchange(world, STR("GET /khong-co HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(str_starts(heard, STR("HTTP/1.1 404 ")));
    assert_true(has(heard, "Không tìm thấy nội dung này") && has(heard, "</html>"));
}

static void an_asset_is_sent_compressed_and_kept_for_ever(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct url url = asset_url("app.css");
    const struct asset *asset = asset_find(url.text);
    assert_non_null(asset);
    struct str heard = exchange(world, str_format(arena,
                                                  "GET " STR_FMT " HTTP/1.1\r\nHost: a\r\n"
                                                  "Accept-Encoding: gzip, deflate, br\r\nConnection: close\r\n\r\n",
                                                  STR_ARG(url.text)));
    assert_true(has(heard, "Content-Encoding: br\r\n") && has(heard, "Content-Type: text/css"));
    assert_true(has(heard, "Cache-Control: public, max-age=31536000, immutable"));
    assert_true(str_ends(heard, (struct str){ (const char *)asset->brotli.at, asset->brotli.len }));
    heard = exchange(world, str_format(arena, "GET " STR_FMT " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                       STR_ARG(url.text)));
    assert_true(str_ends(heard, (struct str){ (const char *)asset->plain.at, asset->plain.len }));
    heard = exchange(world, STR("GET /t/app.0000000000.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(str_starts(heard, STR("HTTP/1.1 404 ")));
}

static void a_browsers_report_on_our_policy_is_taken_quietly(void **state)
{
    struct world *world = *state;
    struct str heard = exchange(world, STR("POST /csp HTTP/1.1\r\nHost: a\r\nContent-Type: application/csp-report\r\n"
                                           "Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
    assert_true(str_starts(heard, STR("HTTP/1.1 204 ")));
    assert_true(str_ends(heard, STR("\r\n\r\n")));
}

static void a_slip_is_answered_for_when_it_is_written(void **state)
{
    struct world *world = *state;
    struct str heard = post(world, box_path(world, "/phieu"), "", "number=7");
    assert_true(str_starts(heard, STR("HTTP/1.1 303 See Other\r\n")));
    assert_true(has(heard, str_to_c(&world->check->cx.arena,
                                    str_format(&world->check->cx.arena, "Location: /hop/%lld\r\n",
                                               (long long)world->box_id))));
    assert_int_equal(slips(world), 1);
    assert_true(str_ends(get(world, box_path(world, "")), STR("\r\n\r\n1")));
    heard = post(world, box_path(world, "/phieu"), "", "number=0");
    assert_true(str_starts(heard, STR("HTTP/1.1 422 ")));
    heard = post(world, box_path(world, "/phieu"), "Accept: application/json\r\n", "number=8");
    assert_true(has(heard, "{\"location\":\"/hop/"));
    assert_int_equal(slips(world), 2);
}

static void requests_sent_ahead_are_answered_in_their_order(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct buf text;
    buf_init(&text, arena);
    for (int i = 1; i <= 50; i++)
        buf_format(&text,
                   "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                   "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\nnumber=%d"
                   "GET /ai?%d HTTP/1.1\r\nHost: a\r\n%s\r\n",
                   box_path(world, "/phieu"), i < 10 ? 8 : 9, i, i, i == 50 ? "Connection: close\r\n" : "");
    struct str heard = exchange(world, buf_str(&text));
    for (int i = 1; i <= 50; i++) {
        size_t written = str_find(heard, STR("HTTP/1.1 303"));
        struct str mark = str_format(arena, "127.0.0.1 /ai %d", i);
        size_t read = str_find(heard, mark);
        assert_true(written < read && read < heard.len);
        heard = str_sub(heard, read + mark.len, SIZE_MAX);
    }
    assert_int_equal(slips(world), 50);
}

static void a_body_in_chunks_is_one_form(void **state)
{
    struct world *world = *state;
    struct str heard = exchange(
        world, str_format(&world->check->cx.arena,
                          "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                          "\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
                          "Connection: close\r\n\r\n4\r\nnumb\r\n5;x=y\r\ner=12\r\n0\r\nHost: b\r\n\r\n",
                          box_path(world, "/phieu")));
    assert_true(str_starts(heard, STR("HTTP/1.1 303 ")));
    assert_int_equal(slips(world), 1);
}

static void slow_preparation_is_done_before_the_writer(void **state)
{
    struct world *world = *state;
    assert_true(str_ends(post(world, "/chuan-bi", "", "number=21"), STR("\r\n\r\n42")));
    assert_true(has(post(world, "/chuan-bi", "Accept: application/json\r\n", "number=13"), "Số này không dùng"));
}

static void a_long_page_comes_whole_from_the_loop_and_from_the_pool(void **state)
{
    struct world *world = *state;
    static const char *const paths[] = { "/dai", "/dai-cham" };
    for (size_t i = 0; i < LEN(paths); i++) {
        struct str heard = exchange(world, str_format(&world->check->cx.arena,
                                                      "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                                      paths[i]));
        size_t head = str_find(heard, STR("\r\n\r\n"));
        assert_int_equal(heard.len - head - 4, 200000 * (sizeof "một dòng của bảng dài\n" - 1));
        assert_true(has(heard, "Vary: Accept-Encoding"));
        assert_true(has(heard, "require-trusted-types-for 'script'"));
    }
    struct str packed = exchange(world, STR("GET /dai HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br, gzip;q=0.5\r\n"
                                            "Connection: close\r\n\r\n"));
    assert_true(has(packed, "Content-Encoding: gzip"));
    assert_true(packed.len < 100000);
    packed = exchange(world, STR("GET /dai HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0\r\n"
                                 "Connection: close\r\n\r\n"));
    assert_false(has(packed, "Content-Encoding"));
}

static void a_head_request_has_the_length_and_no_body(void **state)
{
    struct world *world = *state;
    struct str heard = exchange(world, STR("HEAD /ai HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(has(heard, "Content-Length: 14"));
    assert_true(str_ends(heard, STR("\r\n\r\n")));
}

static struct str upload(struct world *world, const char *headers, size_t bytes)
{
    struct arena *arena = &world->check->cx.arena;
    static const char head[] = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    struct buf body;
    buf_init(&body, arena);
    buf_put(&body, str_from(head));
    char *content = arena_alloc(arena, bytes);
    memset(content, 3, bytes);
    buf_put(&body, (struct str){ content, bytes });
    buf_put(&body, STR("\r\n--XyZ--\r\n"));
    struct str text = str_format(arena,
                                 "POST /tai-len HTTP/1.1\r\nHost: a\r\n%sContent-Length: %zu\r\n"
                                 "Content-Type: multipart/form-data; boundary=XyZ\r\nConnection: close\r\n\r\n",
                                 headers, body.len);
    struct str heard;
    int fd = dial(world);
    assert_true(say(fd, text));
    (void)say(fd, buf_str(&body)); /* a refusal may come before all is sent */
    assert_true(hear_all(arena, fd, &heard));
    close(fd);
    return heard;
}

static void an_upload_small_or_large_arrives_whole(void **state)
{
    struct world *world = *state;
    const char *token = "Authorization: Bearer " TOKEN "\r\n";
    assert_true(str_ends(upload(world, token, 1000), STR("1000 bytes, sum 3000")));
    assert_true(str_ends(upload(world, token, 4000000), STR("4000000 bytes, sum 12000000")));
}

static void an_upload_too_large_or_from_a_stranger_is_refused_before_it_comes(void **state)
{
    struct world *world = *state;
    assert_true(has(upload(world, "Authorization: Bearer " TOKEN "\r\n", 6 << 20), "HTTP/1.1 413 "));
    assert_true(has(upload(world, "", 1000), "HTTP/1.1 401 "));
}

static void who_asks_first_is_told_to_go_on(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int fd = dial(world);
    assert_true(say(fd, str_format(arena,
                                   "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                                   "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n"
                                   "Expect: 100-continue\r\n\r\n",
                                   box_path(world, "/phieu"))));
    hear_until(arena, fd, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_true(say(fd, STR("number=5")));
    hear_until(arena, fd, "HTTP/1.1 303 ");
    close(fd);
    assert_int_equal(slips(world), 1);
}

/* --- framing: RFC 9112; each must be refused, the connection closed, and what follows never be read as a request --- */

static const char *const malformed[] = {
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nhello\r\n0\r\n\r\n",
    "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
    "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /x HTTP/1.1\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost:\r\n\r\n",
    "GET /x HTTP/1.1\nHost: a\n\n",
    "GET /x HTTP/1.1\r\nHost: a\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\n\n",
    "GET /x HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
    "GET /x HTTP/1.1\r\n Host: a\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nX y: b\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: a=2\r\n\r\n",
    "GET /x HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n",
    "GET /x HTTP/2.0\r\nHost: a\r\n\r\n",
    "GET /x HTTP/0.9\r\nHost: a\r\n\r\n",
    "GET /x HTTP/1.10\r\nHost: a\r\n\r\n",
    "GET /x HTTPS/1.1\r\nHost: a\r\n\r\n",
    "GET /x\r\n\r\n",
    "GET  /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /x\ty HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /\xC3\xA1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "G\x01T /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "get /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
};

static const char smuggled[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

static void malformed_requests_are_refused_and_nothing_behind_them_is_answered(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    for (size_t i = 0; i < LEN(malformed); i++) {
        struct str heard = exchange(world, str_format(arena, "%s%s", malformed[i], smuggled));
        bool is_refused = str_starts(heard, STR("HTTP/1.1 4")) || str_starts(heard, STR("HTTP/1.1 505 "));
        if (!is_refused || !has(heard, "Connection: close") || has(heard, "\r\n\r\nok"))
            fail_msg("%s\nwas answered: " STR_FMT, malformed[i], STR_ARG(heard));
    }
}

static void a_nul_in_a_header_is_refused(void **state)
{
    struct world *world = *state;
    static const char text[] = "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n";
    assert_true(has(exchange(world, (struct str){ text, sizeof text - 1 }), "HTTP/1.1 400 "));
}

/* The same, one byte at a time: where a piece ends must not matter. */
static void framing_does_not_depend_on_where_the_pieces_end(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    static const size_t some[] = { 0, 9, 21, 22, 27, 30, 31 };
    for (size_t i = 0; i < LEN(some); i++) {
        struct str heard;
        int fd = dial(world);
        for (const char *c = malformed[some[i]]; *c; c++)
            if (!say(fd, (struct str){ c, 1 }))
                break;
        (void)say(fd, str_from(smuggled));
        assert_true(hear_all(arena, fd, &heard));
        close(fd);
        if (!str_starts(heard, STR("HTTP/1.1 4")) || has(heard, "\r\n\r\nok"))
            fail_msg("%s\nwas answered: " STR_FMT, malformed[some[i]], STR_ARG(heard));
    }
}

static void headers_past_their_limit_are_refused(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct buf long_header;
    buf_init(&long_header, arena);
    buf_put(&long_header, STR("GET /healthz HTTP/1.1\r\nHost: a\r\nX: "));
    for (int i = 0; i < 1 << 20; i++)
        buf_put_char(&long_header, 'a');
    struct str heard;
    int fd = dial(world);
    (void)say(fd, buf_str(&long_header)); /* the answer may come before all is sent */
    assert_true(hear_all(arena, fd, &heard));
    close(fd);
    assert_true(has(heard, "HTTP/1.1 431 "));

    struct buf many;
    buf_init(&many, arena);
    buf_put(&many, STR("GET /healthz HTTP/1.1\r\nHost: a\r\n"));
    for (int i = 0; i < 101; i++)
        buf_format(&many, "X%d: y\r\n", i);
    buf_put(&many, STR("\r\n"));
    assert_true(has(exchange(world, buf_str(&many)), "HTTP/1.1 431 "));
}

/* --- time --- */

static void a_client_that_drips_its_headers_is_cut_off(void **state)
{
    struct world *world = *state;
    struct str heard;
    int fd = dial(world);
    assert_true(say(fd, STR("GET /healthz HTTP/1.1\r\n")));
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    int drops = 0;
    /* A byte every 20 ms keeps the connection busy, but the headers' time is absolute. */
    while (poll(&wait, 1, 20) == 0 && drops < 500) {
        (void)say(fd, STR("X"));
        drops++;
    }
    assert_true(drops < 500);
    assert_true(hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    assert_true(has(heard, "HTTP/1.1 408 "));
}

static void a_body_slower_than_a_kilobyte_a_second_is_cut_off(void **state)
{
    struct world *world = *state;
    struct str heard;
    int fd = dial(world);
    assert_true(say(fd, STR("POST /chuan-bi HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")));
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    int drops = 0;
    while (poll(&wait, 1, 20) == 0 && drops < 500) {
        (void)say(fd, STR("x"));
        drops++;
    }
    assert_true(drops < 500);
    assert_true(hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    assert_true(has(heard, "HTTP/1.1 408 "));
}

static void an_idle_connection_is_closed(void **state)
{
    struct world *world = *state;
    struct str heard;
    int fd = dial(world);
    assert_true(say(fd, str_from(smuggled)));
    assert_true(hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    assert_true(str_ends(heard, STR("ok")));
}

static void a_client_that_does_not_read_its_answer_is_cut_off(void **state)
{
    struct world *world = *state;
    int fd = dial(world);
    int small = 4096;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_true(say(fd, STR("GET /dai HTTP/1.1\r\nHost: a\r\n\r\n")));
    /* The 5 MB do not fit into the kernel's buffers, and nothing is read of them for 150 ms. */
    struct pollfd wait = { .fd = fd, .events = POLLRDHUP };
    assert_int_equal(poll(&wait, 1, 10000), 1);
    close(fd);
}

static void more_connections_than_the_limit_are_not_served(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int fds[4];
    for (size_t i = 0; i < LEN(fds); i++) {
        fds[i] = dial(world);
        assert_true(say(fds[i], str_from(smuggled)));
        hear_until(arena, fds[i], "\r\n\r\nok");
    }
    int fd = dial(world);
    struct str heard;
    (void)say(fd, str_from(smuggled));
    (void)hear_all(arena, fd, &heard); /* a reset, or a plain end */
    assert_int_equal(heard.len, 0);
    close(fd);
    for (size_t i = 0; i < LEN(fds); i++)
        close(fds[i]);
}

static void a_client_that_leaves_before_the_answer_harms_nobody(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 50; i++) {
        int fd = dial(world);
        struct str text = str_format(&world->check->cx.arena,
                                     "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN
                                     "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                     "Content-Length: 10\r\n\r\nnumber=%d",
                                     box_path(world, "/phieu"), 100 + i);
        assert_true(say(fd, text));
        struct linger reset = { .l_onoff = 1 };
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        close(fd);
    }
    assert_true(str_ends(get(world, "/healthz"), STR("ok")));
}

/* --- live --- */

static int listen_to(struct world *world)
{
    int fd = dial(world);
    assert_true(say(fd, str_format(&world->check->cx.arena,
                                   "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " TOKEN "\r\n\r\n",
                                   box_path(world, "/song"))));
    return fd;
}

static void a_board_shows_at_once_and_then_what_changes(void **state)
{
    struct world *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int first = listen_to(world);
    struct str heard = hear_until(arena, first, "data: {\"slips\":0}\n\n");
    assert_true(has(heard, "Content-Type: text/event-stream"));
    assert_true(has(heard, "retry: 3000"));
    assert_true(has(heard, "id: 1\n"));
    assert_true(has(post(world, box_path(world, "/phieu"), "", "number=1"), " 303 "));
    hear_until(arena, first, "data: {\"slips\":1}\n\n");
    int second = listen_to(world);
    hear_until(arena, second, "data: {\"slips\":1}\n\n");
    assert_true(has(post(world, box_path(world, "/phieu"), "", "number=2"), " 303 "));
    hear_until(arena, first, "data: {\"slips\":2}\n\n");
    hear_until(arena, second, "data: {\"slips\":2}\n\n");
    close(first);
    close(second);
}

static void a_board_that_cannot_stream_asks_for_json(void **state)
{
    struct world *world = *state;
    struct str heard = get(world, box_path(world, "/song?kieu=json"));
    assert_true(has(heard, "Content-Type: application/json"));
    assert_true(str_ends(heard, STR("\r\n\r\n{\"slips\":0}")));
}

static void the_server_stops_while_boards_are_open(void **state)
{
    struct world *world = *state;
    int fd = listen_to(world);
    hear_until(&world->check->cx.arena, fd, "data: {\"slips\":0}\n\n");
    server_stop(world->server);
    struct str heard;
    assert_true(hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
}

/* --- starting --- */

static void the_server_refuses_addresses_it_cannot_use(void **state)
{
    struct world *world = *state;
    struct ctx *cx = &world->check->cx;
    static const char *const addresses[] = { "", ":", "8080", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000",
                                             "localhost:1", "[::1:1" };
    struct app app = { .env = cx->env, .rooms = rooms, .rooms_len = LEN(rooms) };
    struct server *server = NULL;
    for (size_t i = 0; i < LEN(addresses); i++) {
        struct server_options options = { .listen = str_from(addresses[i]), .loops = 1 };
        assert_err(ERR_INVALID, server_open(cx, &app, &options, &server));
    }
    struct server_options taken = { .listen = str_format(&cx->arena, "127.0.0.1:%d", server_port(world->server)),
                                    .loops = 1 };
    assert_err(ERR_INVALID, server_open(cx, &app, &taken, &server));
    assert_true(has(str_from(cx->fault.words), "đang có chương trình khác dùng"));
    struct server_options open_door = { .listen = STR("0.0.0.0:0"), .loops = 1 };
    assert_err(ERR_INVALID, server_open(cx, &app, &open_door, &server));
    assert_true(has(str_from(cx->fault.words), "chứng thư"));
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
#define HASTY_TEST(name) cmocka_unit_test_setup_teardown(name, open_hasty_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_server_says_that_it_lives),
        WORLD_TEST(an_address_that_leads_nowhere_has_a_page_of_its_own),
        WORLD_TEST(an_asset_is_sent_compressed_and_kept_for_ever),
        WORLD_TEST(a_browsers_report_on_our_policy_is_taken_quietly),
        WORLD_TEST(a_slip_is_answered_for_when_it_is_written),
        WORLD_TEST(requests_sent_ahead_are_answered_in_their_order),
        WORLD_TEST(a_body_in_chunks_is_one_form),
        WORLD_TEST(slow_preparation_is_done_before_the_writer),
        WORLD_TEST(a_long_page_comes_whole_from_the_loop_and_from_the_pool),
        WORLD_TEST(a_head_request_has_the_length_and_no_body),
        WORLD_TEST(an_upload_small_or_large_arrives_whole),
        WORLD_TEST(an_upload_too_large_or_from_a_stranger_is_refused_before_it_comes),
        WORLD_TEST(who_asks_first_is_told_to_go_on),
        WORLD_TEST(malformed_requests_are_refused_and_nothing_behind_them_is_answered),
        WORLD_TEST(a_nul_in_a_header_is_refused),
        WORLD_TEST(framing_does_not_depend_on_where_the_pieces_end),
        WORLD_TEST(headers_past_their_limit_are_refused),
        HASTY_TEST(a_client_that_drips_its_headers_is_cut_off),
        HASTY_TEST(a_body_slower_than_a_kilobyte_a_second_is_cut_off),
        HASTY_TEST(an_idle_connection_is_closed),
        HASTY_TEST(a_client_that_does_not_read_its_answer_is_cut_off),
        HASTY_TEST(more_connections_than_the_limit_are_not_served),
        WORLD_TEST(a_client_that_leaves_before_the_answer_harms_nobody),
        WORLD_TEST(a_board_shows_at_once_and_then_what_changes),
        WORLD_TEST(a_board_that_cannot_stream_asks_for_json),
        WORLD_TEST(the_server_stops_while_boards_are_open),
        WORLD_TEST(the_server_refuses_addresses_it_cannot_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
