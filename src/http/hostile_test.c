/* Clients that are slow, silent, many or gone: each costs little and ends by itself, and the others are answered. */
#include "check/check.h"

#include "check/check_server.h"
#include "http/peers.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The real deadlines under a clock that is told to go on. A clock that is told needs to be looked at often. */
static int open_told(void **state)
{
    return check_server_open_with(state, (struct server_options){ .sweep_ms = 5 }, true);
}

static int open_narrow(void **state)
{
    return check_server_open_with(state, (struct server_options){ .sweep_ms = 5, .connections_max = 4 }, true);
}

/* At most three from an address, but ten from the offices behind 127.0.1.x. */
static int open_counting(void **state)
{
    struct server_options options = { .per_peer_max = 3, .gateway_max = 10, .gateways = STR("10.9.9.9, 127.0.1.0/24"),
                                      .counts_loopback = true };
    return check_server_open_with(state, options, false);
}

static const char alive[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

static bool is_alive(struct check_server *world)
{
    return str_ends(client_get(world, "/healthz"), STR("ok"));
}

/* True when the other end has something to say, or has closed. */
static bool has_news(int fd, int wait_ms)
{
    struct pollfd wait = { .fd = fd, .events = POLLIN | POLLRDHUP };
    return poll(&wait, 1, wait_ms) == 1;
}

/* Every deadline has been looked at since the clock moved: others have been answered several sweeps later. */
static void look_at_deadlines(struct check_server *world)
{
    for (int i = 0; i < 4; i++) {
        int fd = client_dial(world);
        (void)has_news(fd, 10); /* two sweeps */
        close(fd);
    }
    assert_true(is_alive(world));
}

/*
 * The clock goes on by `ms`, and again when nothing came of it: a client may have heard its answer a moment before the
 * server begins to count the time since.
 */
static void let_pass_until_news(int fd, int64_t ms)
{
    check_server_let_pass(ms);
    for (int i = 0; i < 20 && !has_news(fd, 500); i++)
        check_server_let_pass(ms);
}

static struct str ending(struct check_server *world, int fd)
{
    struct str heard;
    assert_true(client_hear_all(&world->check->cx.arena, fd, &heard));
    close(fd);
    return heard;
}

/* --- slow --- */

static void headers_that_drip_end_ten_seconds_after_their_first_byte(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    static const char line[] = "GET /healthz HTTP/1.1\r\n";
    for (size_t i = 0; i < sizeof line - 1; i++) { /* a byte at a time: each begins no new ten seconds */
        assert_true(client_say(fd, (struct str){ line + i, 1 }));
        if (i == 0)
            look_at_deadlines(world); /* the first has arrived, at the clock's beginning */
        check_server_let_pass(400);
    }
    look_at_deadlines(world);
    assert_false(has_news(fd, 0));
    check_server_let_pass(10000 - 400 * (int64_t)(sizeof line - 1) + 100);
    assert_true(client_has(ending(world, fd), "HTTP/1.1 408 "));
    assert_true(is_alive(world));
}

static void a_body_below_a_kilobyte_a_second_ends(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    assert_true(client_say(fd, STR("POST /chuan-bi HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx")));
    look_at_deadlines(world);
    check_server_let_pass(9900);
    look_at_deadlines(world);
    assert_false(has_news(fd, 0));
    check_server_let_pass(200); /* ten seconds of grace, and one for the byte that came */
    assert_true(client_has(ending(world, fd), "HTTP/1.1 408 "));
}

static void a_body_that_comes_steadily_is_waited_for(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    char *body = arena_alloc(arena, 60000);
    memset(body, 'x', 60000);
    int fd = client_dial(world);
    assert_true(client_say(fd, STR("POST /chuan-bi HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")));
    for (int i = 0; i < 6; i++) { /* 10 KB in each eight seconds */
        assert_true(client_say(fd, (struct str){ body, 10000 }));
        look_at_deadlines(world);
        if (i < 5)
            check_server_let_pass(8000);
    }
    assert_true(client_has(client_hear_until(arena, fd, "\r\n\r\n"), "HTTP/1.1 401 ")); /* taken whole, and judged */
    close(fd);
}

static void who_does_not_read_the_answer_is_cut_off_within_a_minute(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    int small = 4096;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_true(client_say(fd, STR("GET /dai HTTP/1.1\r\nHost: a\r\n\r\n")));
    assert_true(has_news(fd, 10000)); /* the 5 MB begin to come, and do not fit into the kernel's buffers */
    check_server_let_pass(30100);
    look_at_deadlines(world); /* the kernel on our side of the line may have taken enough for a second span */
    check_server_let_pass(30100);
    struct pollfd wait = { .fd = fd, .events = POLLRDHUP };
    assert_int_equal(poll(&wait, 1, 10000), 1);
    close(fd);
    assert_true(is_alive(world));
}

static void who_reads_a_long_answer_steadily_gets_all_of_it(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    int small = 65536;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_true(client_say(fd, STR("GET /dai HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
    char piece[65536];
    size_t total = 0;
    size_t since = 0;
    for (ssize_t len = 0; (len = recv(fd, piece, sizeof piece, 0)) > 0; total += (size_t)len) {
        since += (size_t)len;
        if (since > 600000) { /* 20 KB a second */
            since = 0;
            check_server_let_pass(29000);
            look_at_deadlines(world);
        }
    }
    close(fd);
    assert_true(total > 200000 * (sizeof "một dòng của bảng dài\n" - 1));
}

/* --- silent --- */

static void two_thousand_idle_connections_cost_the_others_nothing(void **state)
{
    enum { IDLE = 2000 };
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int *fds = ARENA_NEW_ARRAY(arena, int, IDLE);
    for (size_t i = 0; i < IDLE; i++) {
        fds[i] = client_dial(world);
        if (i % 2 == 0) /* half of them have asked once, the other half never says a word */
            assert_true(client_say(fds[i], str_from(alive)));
    }
    for (size_t i = 0; i < IDLE; i += 2)
        client_hear_until(arena, fds[i], "\r\n\r\nok");
    assert_true(client_has(client_post(world, check_server_path(world, "/phieu"), "", "number=7"), " 303 "));
    let_pass_until_news(fds[IDLE - 1], 10100); /* who never said a word */
    for (size_t i = 1; i < IDLE; i += 2)
        assert_int_equal(ending(world, fds[i]).len, 0);
    assert_false(has_news(fds[0], 0));
    check_server_let_pass(65000); /* who has asked once */
    for (size_t i = 0; i < IDLE; i += 2) {
        if (!has_news(fds[i], 500))
            let_pass_until_news(fds[i], 75100);
        assert_int_equal(ending(world, fds[i]).len, 0);
    }
    assert_true(client_has(client_post(world, check_server_path(world, "/phieu"), "", "number=8"), " 303 "));
    assert_int_equal(check_server_slips(world), 2);
}

static void half_a_request_and_then_an_end_is_forgotten(void **state)
{
    struct check_server *world = *state;
    static const char *const halves[] = { "", "GET", "GET / HTTP/1.1\r\nHost: a\r\n",
                                          "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nnumb" };
    for (size_t i = 0; i < LEN(halves); i++) {
        int fd = client_dial(world);
        if (halves[i][0] != '\0')
            assert_true(client_say(fd, str_from(halves[i])));
        assert_int_equal(shutdown(fd, SHUT_WR), 0); /* half-open: it would still listen */
        assert_int_equal(ending(world, fd).len, 0);
    }
    assert_true(is_alive(world));
}

static void who_ends_after_a_whole_request_still_gets_the_answer(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    assert_true(client_say(fd, str_from(alive)));
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    assert_true(str_ends(ending(world, fd), STR("\r\n\r\nok")));
}

/* --- pushing --- */

static void who_sends_ahead_without_reading_is_not_read_from_for_ever(void **state)
{
    struct check_server *world = *state;
    int fd = client_dial(world);
    int small = 4096;
    struct timeval patience = { .tv_usec = 200000 };
    size_t sent = 0;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    assert_true(client_say(fd, STR("GET /dai HTTP/1.1\r\nHost: a\r\n\r\n")));
    for (ssize_t len = 0; sent < 64 << 20; sent += (size_t)len) {
        len = send(fd, alive, sizeof alive - 1, MSG_NOSIGNAL);
        if (len <= 0)
            break;
    }
    assert_true(sent < 64 << 20); /* the kernel's buffers are full, ours hold 16 KB */
    assert_true(is_alive(world));
    struct pollfd wait = { .fd = fd, .events = POLLRDHUP };
    for (int i = 0; i < 20 && poll(&wait, 1, 200) == 0; i++)
        check_server_let_pass(30100);
    assert_int_equal(poll(&wait, 1, 0), 1);
    close(fd);
}

/* --- many --- */

static void more_connections_than_the_limit_are_not_served(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    int fds[4];
    for (size_t i = 0; i < LEN(fds); i++) {
        fds[i] = client_dial(world);
        assert_true(client_say(fds[i], str_from(alive)));
        client_hear_until(arena, fds[i], "\r\n\r\nok");
    }
    int fd = client_dial(world);
    struct str heard;
    (void)client_say(fd, str_from(alive));
    (void)client_hear_all(arena, fd, &heard); /* a reset, or a plain end */
    assert_int_equal(heard.len, 0);
    close(fd);
    for (size_t i = 0; i < LEN(fds); i++) {
        let_pass_until_news(fds[i], 75100); /* it said nothing more */
        assert_int_equal(ending(world, fds[i]).len, 0);
    }
    assert_true(is_alive(world));
}

/* How many connections of `address` are answered at the same time; they stay open in `fds`. */
static size_t served(struct check_server *world, const char *address, int *fds, size_t len)
{
    size_t answered = 0;
    for (size_t i = 0; i < len; i++) {
        char piece[2048];
        int fd = client_dial_from(world, address);
        (void)client_say(fd, str_from(alive));
        if (recv(fd, piece, sizeof piece, 0) > 0)
            fds[answered++] = fd;
        else
            close(fd);
    }
    return answered;
}

static void an_address_holds_its_share_and_an_office_gateway_more(void **state)
{
    struct check_server *world = *state;
    int own[12];
    int office[12];
    int other[12];
    assert_int_equal(served(world, "127.0.0.5", own, LEN(own)), 3);
    assert_int_equal(served(world, "127.0.1.7", office, LEN(office)), 10);
    assert_int_equal(served(world, "127.0.0.6", other, LEN(other)), 3); /* each counts by itself */
    close(own[0]);
    /* The place is free again as soon as the server has seen the end. */
    size_t again = 0;
    for (int i = 0; i < 200 && again == 0; i++)
        again = served(world, "127.0.0.5", own, 1);
    assert_int_equal(again, 1);
    for (size_t i = 0; i < 10; i++)
        close(office[i]);
    for (size_t i = 0; i < 3; i++)
        close(other[i]);
    close(own[0]);
    close(own[1]);
    close(own[2]);
}

static struct peer_key key_of(const char *text)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    char unused[46];
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return peer_key_from((struct sockaddr *)&in, unused, sizeof unused);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return peer_key_from((struct sockaddr *)&in6, unused, sizeof unused);
}

static int places_of(struct peers *peers, const char *text)
{
    struct peer_key key = key_of(text);
    int places = 0;
    while (places < 1000 && peers_enter(peers, &key))
        places++;
    for (int i = 0; i < places; i++)
        peers_leave(peers, &key);
    return places;
}

static void gateways_are_addresses_and_networks_of_both_families(void **state)
{
    struct check_server *world = *state;
    struct peers *peers = peers_new(world->check->cx.env, 7, false);
    assert_non_null(peers);
    assert_true(peers_list_gateways(peers, STR("10.1.2.3, 172.16.0.0/12,2001:db8::/32,fd00:1:2:3::9"), 50));
    assert_int_equal(places_of(peers, "10.1.2.3"), 50);
    assert_int_equal(places_of(peers, "10.1.2.4"), 7);
    assert_int_equal(places_of(peers, "172.31.255.255"), 50);
    assert_int_equal(places_of(peers, "172.32.0.1"), 7);
    assert_int_equal(places_of(peers, "::ffff:10.1.2.3"), 50); /* the same address in the other family's clothes */
    assert_int_equal(places_of(peers, "2001:db8:5::1"), 50);
    assert_int_equal(places_of(peers, "2001:db9::1"), 7);
    assert_int_equal(places_of(peers, "fd00:1:2:3:4::1"), 50); /* its /64 */
    assert_int_equal(places_of(peers, "fd00:1:2:4::9"), 7);
    assert_int_equal(places_of(peers, "127.0.0.1"), 1000); /* a proxy speaks for everybody */
    assert_int_equal(places_of(peers, "::1"), 1000);
    static const char *const wrong[] = { "10.1.2", "10.1.2.3/33", "10.1.2.3/4", "::/0", "nhà", "10.1.2.3/x", "1.2.3.4 5.6.7.8" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(peers_list_gateways(peers, str_from(wrong[i]), 50));
    peers_free(peers);
}

#define TOLD_TEST(name) cmocka_unit_test_setup_teardown(name, open_told, check_server_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOLD_TEST(headers_that_drip_end_ten_seconds_after_their_first_byte),
        TOLD_TEST(a_body_below_a_kilobyte_a_second_ends),
        TOLD_TEST(a_body_that_comes_steadily_is_waited_for),
        TOLD_TEST(who_does_not_read_the_answer_is_cut_off_within_a_minute),
        TOLD_TEST(who_reads_a_long_answer_steadily_gets_all_of_it),
        TOLD_TEST(two_thousand_idle_connections_cost_the_others_nothing),
        TOLD_TEST(half_a_request_and_then_an_end_is_forgotten),
        TOLD_TEST(who_ends_after_a_whole_request_still_gets_the_answer),
        TOLD_TEST(who_sends_ahead_without_reading_is_not_read_from_for_ever),
        cmocka_unit_test_setup_teardown(more_connections_than_the_limit_are_not_served, open_narrow, check_server_close),
        cmocka_unit_test_setup_teardown(an_address_holds_its_share_and_an_office_gateway_more, open_counting,
                                        check_server_close),
        SERVER_TEST(gateways_are_addresses_and_networks_of_both_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
