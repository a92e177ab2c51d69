/* The real server on a real socket: what it answers, commits, streams. Framing, time and hostile clients: hostile_test.c. */
#include "check/check.h"

#include "check/check_server.h"
#include "page/asset.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void the_server_says_that_it_lives(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_get(world, "/healthz");
    assert_true(str_starts(heard, STR("HTTP/1.1 200 OK\r\n")));
    assert_true(str_ends(heard, STR("\r\n\r\nok")));
    static const char *const lines[] = { "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin",
                                         "Cross-Origin-Opener-Policy: same-origin", "frame-ancestors 'none'",
                                         "Cache-Control: no-store", "Connection: close", "Date: " };
    for (size_t i = 0; i < LEN(lines); i++)
        if (!client_has(heard, lines[i]))
            fail_msg("no %s", lines[i]);
    assert_false(client_has(heard, "Strict-Transport-Security"));
}

static void an_address_that_leads_nowhere_has_a_page_of_its_own(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_exchange(world, STR("GET /khong-co HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(str_starts(heard, STR("HTTP/1.1 404 ")));
    assert_true(client_has(heard, "Không tìm thấy nội dung này") && client_has(heard, "</html>"));
}

static void an_asset_is_sent_compressed_and_kept_for_ever(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct url url = asset_url("app.css");
    const struct asset *asset = asset_find(url.text);
    assert_non_null(asset);
    struct str heard = client_exchange(world, str_format(arena,
                                                  "GET " STR_FMT " HTTP/1.1\r\nHost: a\r\n"
                                                  "Accept-Encoding: gzip, deflate, br\r\nConnection: close\r\n\r\n",
                                                  STR_ARG(url.text)));
    assert_true(client_has(heard, "Content-Encoding: br\r\n") && client_has(heard, "Content-Type: text/css"));
    assert_true(client_has(heard, "Cache-Control: public, max-age=31536000, immutable"));
    assert_true(str_ends(heard, (struct str){ (const char *)asset->brotli.at, asset->brotli.len }));
    heard = client_exchange(world, str_format(arena, "GET " STR_FMT " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                       STR_ARG(url.text)));
    assert_true(str_ends(heard, (struct str){ (const char *)asset->plain.at, asset->plain.len }));
    heard = client_exchange(world, STR("GET /t/app.0000000000.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(str_starts(heard, STR("HTTP/1.1 404 ")));
}

static void a_browsers_report_on_our_policy_is_taken_quietly(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_exchange(world, STR("POST /csp HTTP/1.1\r\nHost: a\r\nContent-Type: application/csp-report\r\n"
                                           "Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
    assert_true(str_starts(heard, STR("HTTP/1.1 204 ")));
    assert_true(str_ends(heard, STR("\r\n\r\n")));
}

static void a_slip_is_answered_for_when_it_is_written(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_post(world, check_server_path(world, "/phieu"), "", "number=7");
    assert_true(str_starts(heard, STR("HTTP/1.1 303 See Other\r\n")));
    assert_true(client_has(heard, str_to_c(&world->check->cx.arena,
                                    str_format(&world->check->cx.arena, "Location: /hop/%lld\r\n",
                                               (long long)world->box_id))));
    assert_int_equal(check_server_slips(world), 1);
    assert_true(str_ends(client_get(world, check_server_path(world, "")), STR("\r\n\r\n1")));
    heard = client_post(world, check_server_path(world, "/phieu"), "", "number=0");
    assert_true(str_starts(heard, STR("HTTP/1.1 422 ")));
    heard = client_post(world, check_server_path(world, "/phieu"), "Accept: application/json\r\n", "number=8");
    assert_true(client_has(heard, "{\"location\":\"/hop/"));
    assert_int_equal(check_server_slips(world), 2);
}

static void requests_sent_ahead_are_answered_in_their_order(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct buf text;
    buf_init(&text, arena);
    for (int i = 1; i <= 50; i++)
        buf_format(&text,
                   "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                   "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\nnumber=%d"
                   "GET /ai?%d HTTP/1.1\r\nHost: a\r\n%s\r\n",
                   check_server_path(world, "/phieu"), i < 10 ? 8 : 9, i, i, i == 50 ? "Connection: close\r\n" : "");
    struct str heard = client_exchange(world, buf_str(&text));
    for (int i = 1; i <= 50; i++) {
        size_t written = str_find(heard, STR("HTTP/1.1 303"));
        struct str mark = str_format(arena, "127.0.0.1 /ai %d", i);
        size_t read = str_find(heard, mark);
        assert_true(written < read && read < heard.len);
        heard = str_sub(heard, read + mark.len, SIZE_MAX);
    }
    assert_int_equal(check_server_slips(world), 50);
}

static void a_body_in_chunks_is_one_form(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_exchange(
        world, str_format(&world->check->cx.arena,
                          "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                          "\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
                          "Connection: close\r\n\r\n4\r\nnumb\r\n5;x=y\r\ner=12\r\n0\r\nHost: b\r\n\r\n",
                          check_server_path(world, "/phieu")));
    assert_true(str_starts(heard, STR("HTTP/1.1 303 ")));
    assert_int_equal(check_server_slips(world), 1);
}

static void slow_preparation_is_done_before_the_writer(void **state)
{
    struct check_server *world = *state;
    assert_true(str_ends(client_post(world, "/chuan-bi", "", "number=21"), STR("\r\n\r\n42")));
    assert_true(client_has(client_post(world, "/chuan-bi", "Accept: application/json\r\n", "number=13"), "Số này không dùng"));
}

static void a_long_page_comes_whole_from_the_loop_and_from_the_pool(void **state)
{
    struct check_server *world = *state;
    static const char *const paths[] = { "/dai", "/dai-cham" };
    for (size_t i = 0; i < LEN(paths); i++) {
        struct str heard = client_exchange(world, str_format(&world->check->cx.arena,
                                                      "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                                      paths[i]));
        size_t head = str_find(heard, STR("\r\n\r\n"));
        assert_int_equal(heard.len - head - 4, 200000 * (sizeof "một dòng của bảng dài\n" - 1));
        assert_true(client_has(heard, "Vary: Accept-Encoding"));
        assert_true(client_has(heard, "require-trusted-types-for 'script'"));
    }
    struct str packed = client_exchange(world, STR("GET /dai HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br, gzip;q=0.5\r\n"
                                            "Connection: close\r\n\r\n"));
    assert_true(client_has(packed, "Content-Encoding: gzip"));
    assert_true(packed.len < 100000);
    packed = client_exchange(world, STR("GET /dai HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0\r\n"
                                 "Connection: close\r\n\r\n"));
    assert_false(client_has(packed, "Content-Encoding"));
}

static void a_head_request_has_the_length_and_no_body(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_exchange(world, STR("HEAD /ai HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    assert_true(client_has(heard, "Content-Length: 14"));
    assert_true(str_ends(heard, STR("\r\n\r\n")));
}

static struct str upload(struct check_server *world, const char *headers, size_t bytes)
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
    int fd = client_dial(world);
    assert_true(client_say(fd, text));
    (void)client_say(fd, buf_str(&body)); /* a refusal may come before all is sent */
    assert_true(client_hear_all(arena, fd, &heard));
    close(fd);
    return heard;
}

static void an_upload_small_or_large_arrives_whole(void **state)
{
    struct check_server *world = *state;
    const char *token = "Authorization: Bearer " CHECK_SERVER_TOKEN "\r\n";
    assert_true(str_ends(upload(world, token, 1000), STR("1000 bytes, sum 3000")));
    assert_true(str_ends(upload(world, token, 4000000), STR("4000000 bytes, sum 12000000")));
}

static void an_upload_too_large_or_from_a_stranger_is_refused_before_it_comes(void **state)
{
    struct check_server *world = *state;
    assert_true(client_has(upload(world, "Authorization: Bearer " CHECK_SERVER_TOKEN "\r\n", 6 << 20), "HTTP/1.1 413 "));
    assert_true(client_has(upload(world, "", 1000), "HTTP/1.1 401 "));
}

static void who_asks_first_is_told_to_go_on(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int fd = client_dial(world);
    assert_true(client_say(fd, str_format(arena,
                                   "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                                   "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n"
                                   "Expect: 100-continue\r\n\r\n",
                                   check_server_path(world, "/phieu"))));
    client_hear_until(arena, fd, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_true(client_say(fd, STR("number=5")));
    client_hear_until(arena, fd, "HTTP/1.1 303 ");
    close(fd);
    assert_int_equal(check_server_slips(world), 1);
}

static void a_client_that_leaves_before_the_answer_harms_nobody(void **state)
{
    struct check_server *world = *state;
    for (int i = 0; i < 50; i++) {
        int fd = client_dial(world);
        struct str text = str_format(&world->check->cx.arena,
                                     "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN
                                     "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                     "Content-Length: 10\r\n\r\nnumber=%d",
                                     check_server_path(world, "/phieu"), 100 + i);
        assert_true(client_say(fd, text));
        struct linger reset = { .l_onoff = 1 };
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        close(fd);
    }
    assert_true(str_ends(client_get(world, "/healthz"), STR("ok")));
}

/* --- live --- */

static int listen_to(struct check_server *world)
{
    int fd = client_dial(world);
    assert_true(client_say(fd, str_format(&world->check->cx.arena,
                                   "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " CHECK_SERVER_TOKEN "\r\n\r\n",
                                   check_server_path(world, "/song"))));
    return fd;
}

static void a_board_shows_at_once_and_then_what_changes(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int first = listen_to(world);
    struct str heard = client_hear_until(arena, first, "data: {\"slips\":0}\n\n");
    assert_true(client_has(heard, "Content-Type: text/event-stream"));
    assert_true(client_has(heard, "retry: 3000"));
    assert_true(client_has(heard, "id: 1\n"));
    assert_true(client_has(client_post(world, check_server_path(world, "/phieu"), "", "number=1"), " 303 "));
    client_hear_until(arena, first, "data: {\"slips\":1}\n\n");
    int second = listen_to(world);
    client_hear_until(arena, second, "data: {\"slips\":1}\n\n");
    assert_true(client_has(client_post(world, check_server_path(world, "/phieu"), "", "number=2"), " 303 "));
    client_hear_until(arena, first, "data: {\"slips\":2}\n\n");
    client_hear_until(arena, second, "data: {\"slips\":2}\n\n");
    close(first);
    close(second);
}

static void a_board_that_cannot_stream_asks_for_json(void **state)
{
    struct check_server *world = *state;
    struct str heard = client_get(world, check_server_path(world, "/song?kieu=json"));
    assert_true(client_has(heard, "Content-Type: application/json"));
    assert_true(str_ends(heard, STR("\r\n\r\n{\"slips\":0}")));
}

static void the_server_stops_while_boards_are_open(void **state)
{
    struct check_server *world = *state;
    int fd = listen_to(world);
    client_hear_until(&world->check->cx.arena, fd, "data: {\"slips\":0}\n\n");
    server_stop(world->server);
    struct str heard;
    assert_true(client_hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
}

/* --- starting --- */

static void the_server_refuses_addresses_it_cannot_use(void **state)
{
    struct check_server *world = *state;
    struct ctx *cx = &world->check->cx;
    static const char *const addresses[] = { "", ":", "8080", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000",
                                             "localhost:1", "[::1:1" };
    struct app app = { .env = cx->env };
    app.rooms_len = check_server_rooms(&app.rooms);
    struct server *server = NULL;
    for (size_t i = 0; i < LEN(addresses); i++) {
        struct server_options options = { .listen = str_from(addresses[i]), .loops = 1 };
        assert_err(ERR_INVALID, server_open(cx, &app, &options, &server));
    }
    struct server_options taken = { .listen = str_format(&cx->arena, "127.0.0.1:%d", server_port(world->server)),
                                    .loops = 1 };
    assert_err(ERR_INVALID, server_open(cx, &app, &taken, &server));
    assert_true(client_has(str_from(cx->fault.words), "đang có chương trình khác dùng"));
    struct server_options open_door = { .listen = STR("0.0.0.0:0"), .loops = 1 };
    assert_err(ERR_INVALID, server_open(cx, &app, &open_door, &server));
    assert_true(client_has(str_from(cx->fault.words), "chứng thư"));
}


int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(the_server_says_that_it_lives),
        SERVER_TEST(an_address_that_leads_nowhere_has_a_page_of_its_own),
        SERVER_TEST(an_asset_is_sent_compressed_and_kept_for_ever),
        SERVER_TEST(a_browsers_report_on_our_policy_is_taken_quietly),
        SERVER_TEST(a_slip_is_answered_for_when_it_is_written),
        SERVER_TEST(requests_sent_ahead_are_answered_in_their_order),
        SERVER_TEST(a_body_in_chunks_is_one_form),
        SERVER_TEST(slow_preparation_is_done_before_the_writer),
        SERVER_TEST(a_long_page_comes_whole_from_the_loop_and_from_the_pool),
        SERVER_TEST(a_head_request_has_the_length_and_no_body),
        SERVER_TEST(an_upload_small_or_large_arrives_whole),
        SERVER_TEST(an_upload_too_large_or_from_a_stranger_is_refused_before_it_comes),
        SERVER_TEST(who_asks_first_is_told_to_go_on),
        SERVER_TEST(a_client_that_leaves_before_the_answer_harms_nobody),
        SERVER_TEST(a_board_shows_at_once_and_then_what_changes),
        SERVER_TEST(a_board_that_cannot_stream_asks_for_json),
        SERVER_TEST(the_server_stops_while_boards_are_open),
        SERVER_TEST(the_server_refuses_addresses_it_cannot_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
