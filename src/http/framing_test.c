/* Framing on a real socket: RFC 9112 to the letter, because whoever reads a request otherwise than we do is a hole. */
#include "check/check.h"

#include "check/check_server.h"

#include <string.h>
#include <unistd.h>

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
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    for (size_t i = 0; i < LEN(malformed); i++) {
        struct str heard = client_exchange(world, str_format(arena, "%s%s", malformed[i], smuggled));
        bool is_refused = str_starts(heard, STR("HTTP/1.1 4")) || str_starts(heard, STR("HTTP/1.1 505 "));
        if (!is_refused || !client_has(heard, "Connection: close") || client_has(heard, "\r\n\r\nok"))
            fail_msg("%s\nwas answered: " STR_FMT, malformed[i], STR_ARG(heard));
    }
}

static void a_nul_in_a_header_is_refused(void **state)
{
    struct check_server *world = *state;
    static const char text[] = "GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n";
    assert_true(client_has(client_exchange(world, (struct str){ text, sizeof text - 1 }), "HTTP/1.1 400 "));
}

/* The same, one byte at a time: where a piece ends must not matter. */
static void framing_does_not_depend_on_where_the_pieces_end(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    static const size_t some[] = { 0, 9, 21, 22, 27, 30, 31 };
    for (size_t i = 0; i < LEN(some); i++) {
        struct str heard;
        int fd = client_dial(world);
        for (const char *c = malformed[some[i]]; *c; c++)
            if (!client_say(fd, (struct str){ c, 1 }))
                break;
        (void)client_say(fd, str_from(smuggled));
        assert_true(client_hear_all(arena, fd, &heard));
        close(fd);
        if (!str_starts(heard, STR("HTTP/1.1 4")) || client_has(heard, "\r\n\r\nok"))
            fail_msg("%s\nwas answered: " STR_FMT, malformed[some[i]], STR_ARG(heard));
    }
}

static void headers_past_their_limit_are_refused(void **state)
{
    struct check_server *world = *state;
    struct arena *arena = &world->check->cx.arena;
    struct buf long_header;
    buf_init(&long_header, arena);
    buf_put(&long_header, STR("GET /healthz HTTP/1.1\r\nHost: a\r\nX: "));
    for (int i = 0; i < 1 << 20; i++)
        buf_put_char(&long_header, 'a');
    struct str heard;
    int fd = client_dial(world);
    (void)client_say(fd, buf_str(&long_header)); /* the answer may come before all is sent */
    assert_true(client_hear_all(arena, fd, &heard));
    close(fd);
    assert_true(client_has(heard, "HTTP/1.1 431 "));

    struct buf many;
    buf_init(&many, arena);
    buf_put(&many, STR("GET /healthz HTTP/1.1\r\nHost: a\r\n"));
    for (int i = 0; i < 101; i++)
        buf_format(&many, "X%d: y\r\n", i);
    buf_put(&many, STR("\r\n"));
    assert_true(client_has(client_exchange(world, buf_str(&many)), "HTTP/1.1 431 "));
}

/* --- the same by the hundred --- */

/* How many were refused as they must be, and where the next one goes. */
struct refusals {
    struct check_server *world;
    size_t len;
};

/*
 * What stands behind a malformed request must never be read as a request of its own: that is what smuggling is. So the
 * one answer is a refusal, it says that the connection ends, and it does end.
 */
static void must_be_refused(struct refusals *refusals, struct str text)
{
    struct arena *arena = &refusals->world->check->cx.arena;
    struct str heard;
    int fd = client_dial(refusals->world);
    struct buf both;
    buf_init(&both, arena);
    buf_put(&both, text);
    buf_put(&both, str_from(smuggled));
    (void)client_say(fd, buf_str(&both)); /* the refusal may come before all is sent */
    bool has_ended = client_hear_all(arena, fd, &heard);
    close(fd);
    bool is_refused = str_starts(heard, STR("HTTP/1.1 400 ")) || str_starts(heard, STR("HTTP/1.1 431 ")) ||
                      str_starts(heard, STR("HTTP/1.1 505 "));
    bool is_alone = !client_has(str_sub(heard, 1, SIZE_MAX), "HTTP/1.1 ");
    if (!has_ended || !is_refused || !is_alone || !client_has(heard, "Connection: close"))
        fail_msg(STR_FMT "\nwas answered: " STR_FMT, STR_ARG(text), STR_ARG(heard));
    refusals->len++;
    arena_reset(arena);
}

static void refuse_format(struct refusals *refusals, const char *format, const char *value)
{
    struct arena *arena = &refusals->world->check->cx.arena;
    struct str rest = str_from(format);
    struct str before = str_cut(&rest, '@');
    must_be_refused(refusals, str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(before), value, STR_ARG(rest)));
}

static void odd_lengths_are_refused(struct refusals *refusals)
{
    static const char *const values[] = {
        "", " ", "-0", "-1", "+0", "+5", "5 ,5", "5,5", "5, 6", "5;5", "5 5", "5\t5", "0x5", "0X5", "05x", "5.0", "5e0", "five",
        "\"5\"", "'5'", "5\"", "(5)", "5/5", "%35", "\xEF\xBC\x95", "\xD9\xA5", "18446744073709551616",
        "18446744073709551620", "99999999999999999999", "340282366920938463463374607431768211456", "5-", "5_0", "1 0",
        "NaN", "chunked", "null", "true", "5#", "#5", "5=5",
    };
    static const char *const places[] = {
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: @\r\n\r\nhello",
        "POST /x HTTP/1.1\r\nContent-Length: @\r\nHost: a\r\n\r\nhello",
        "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\ncontent-length: @\r\n\r\nhello",
    };
    for (size_t i = 0; i < LEN(values); i++)
        for (size_t j = 0; j < LEN(places); j++)
            refuse_format(refusals, places[j], values[i]);
}

static void odd_codings_are_refused(struct refusals *refusals)
{
    static const char *const values[] = {
        "", "identity", "gzip", "deflate", "compress", "br", "xchunked", "chunkedx", "chunked ,", ", chunked", "chunked,",
        "chunked, chunked", "chunked, identity", "identity, chunked", "gzip, chunked", "chunked;q=1", "chunked; x=y",
        "\"chunked\"", "chun ked", "chunked\x0b", "\x0b" "chunked", "chunk\xC3\xA9" "d", "=chunked", "chunked=", "(chunked)",
    };
    static const char *const places[] = {
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: @\r\n\r\n0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: @\r\n\r\n0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: @\r\n\r\n0\r\n\r\n",
    };
    for (size_t i = 0; i < LEN(values); i++)
        for (size_t j = 0; j < LEN(places); j++)
            refuse_format(refusals, places[j], values[i]);
}

static void odd_chunks_are_refused(struct refusals *refusals)
{
    static const char *const bodies[] = {
        "\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "g\r\nhello\r\n0\r\n\r\n", "5 \n\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n", "4\r\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "10000000000000000\r\nhello\r\n0\r\n\r\n", "5, 5\r\nhello\r\n0\r\n\r\n", "\"5\"\r\nhello\r\n0\r\n\r\n",
        "5\x01\r\nhello\r\n0\r\n\r\n", "\xEF\xBC\x95\r\nhello\r\n0\r\n\r\n", "5h\r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n", "5;\x01\r\nhello\r\n0\r\n\r\n",
        "5;a=\nb\r\nhello\r\n0\r\n\r\n", "z\r\n\r\n", "0\r\nX y: b\r\n\r\n", "0\r\n: b\r\n\r\n",
    };
    for (size_t i = 0; i < LEN(bodies); i++)
        refuse_format(refusals, "POST /chuan-bi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n@", bodies[i]);
}

/* Every byte that has no business in a method, an address, a header's name or its value. */
static void odd_bytes_are_refused(struct refusals *refusals)
{
    struct arena *arena = &refusals->world->check->cx.arena;
    static const char *const places[] = {
        "G@T /x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x@y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nX@y: b\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\r\nX: a@b\r\n\r\n",
        "GET /x HT@P/1.1\r\nHost: a\r\n\r\n",
    };
    enum { IN_NAME = 2, IN_VALUE = 3 };
    for (int byte = 0; byte < 0x80; byte++) {
        bool is_control = byte < 0x20 || byte == 0x7F;
        bool is_separator = byte != ':' && byte != '\0' && strchr("\"(),/;<=>?@[\\]{} ", byte);
        for (size_t j = 0; j < LEN(places); j++) {
            if (!is_control && !(is_separator && j == IN_NAME))
                continue;
            if (byte == '\t' && j == IN_VALUE)
                continue;
            struct str rest = str_from(places[j]);
            struct str before = str_cut(&rest, '@');
            struct buf text;
            buf_init(&text, arena);
            buf_put(&text, before);
            buf_put_char(&text, (char)byte);
            buf_put(&text, rest);
            must_be_refused(refusals, buf_str(&text));
        }
    }
}

/* Each line end of a good request in each wrong form, and each header folded. */
static void odd_line_ends_are_refused(struct refusals *refusals)
{
    struct arena *arena = &refusals->world->check->cx.arena;
    static const char *const lines[] = { "POST /x HTTP/1.1", "Host: a", "Content-Length: 5", "Cookie: a=b", "X: y", "" };
    static const char *const ends[] = { "\n", "\r", "\n\r", "\r\r\n", "\r\n \r\n", "\r\n\tz\r\n", "\r\n z: b\r\n", "\x0b\r\n" };
    for (size_t odd = 0; odd < LEN(lines); odd++) {
        for (size_t e = 0; e < LEN(ends); e++) {
            if (lines[odd][0] == '\0' && e > 3)
                continue; /* behind the last line it is the body's */
            struct buf text;
            buf_init(&text, arena);
            for (size_t i = 0; i < LEN(lines); i++)
                buf_format(&text, "%s%s", lines[i], i == odd ? ends[e] : "\r\n");
            buf_put(&text, STR("hello"));
            must_be_refused(refusals, buf_str(&text));
        }
    }
}

static void odd_first_lines_are_refused(struct refusals *refusals)
{
    static const char *const lines[] = {
        "GET /x HTTP/1.2", "GET /x HTTP/2.0", "GET /x HTTP/0.9", "GET /x HTTP/1", "GET /x HTTP/1.", "GET /x HTTP/.1",
        "GET /x HTTP/1.1.1", "GET /x HTTP/11", "GET /x HTTP/1.10", "GET /x HTTP/01.1", "GET /x HTTP/-1.1",
        "GET /x HTTP/1,1", "GET /x http/1.1", "GET /x HTTPS/1.1", "GET /x ICE/1.0", "GET /x RTSP/1.0", "GET /x",
        "GET /x ", "GET /x  HTTP/1.1", "GET  /x HTTP/1.1", " GET /x HTTP/1.1", "GET /x HTTP/1.1 ", "GET\t/x HTTP/1.1",
        "GET /x\tHTTP/1.1", "GET /a b HTTP/1.1", "GET HTTP/1.1", "GET", "/x HTTP/1.1", "HTTP/1.1 200 OK", "get /x HTTP/1.1",
        "Get /x HTTP/1.1", "GETX /x HTTP/1.1", "G /x HTTP/1.1", "PRI * HTTP/2.0", "GET /\xC3\xA1 HTTP/1.1",
        "GET /\xFF HTTP/1.1",
    };
    for (size_t i = 0; i < LEN(lines); i++)
        refuse_format(refusals, "@\r\nHost: a\r\n\r\n", lines[i]);
}

static void odd_hosts_and_repetitions_are_refused(struct refusals *refusals)
{
    static const char *const headers[] = {
        "", "Host:\r\n", "Host: \r\n", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n", "Host: a\r\nhOsT: b\r\n", "Host : a\r\n",
        "Host\r\n", " Host: a\r\n", "\tHost: a\r\n", "Host: a\r\nX\r\n", "Host: a\r\n: x\r\n", "Host: a\r\n:\r\n",
        "Host: a\r\nCookie: a=1\r\nCookie: a=2\r\n", "Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n",
        "Host: a\r\nOrigin: http://a\r\nOrigin: http://b\r\n", "Host: a\r\nContent-Type: a/b\r\nContent-Type: a/c\r\n",
        "Host: a\r\nSec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n", "Host: a\r\nX \r\n", "Host: a\r\nX :\r\n",
    };
    for (size_t i = 0; i < LEN(headers); i++)
        refuse_format(refusals, "GET /x HTTP/1.1\r\n@\r\n", headers[i]);
}

static const char *repeated(struct arena *arena, const char *part, size_t times)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < times; i++)
        buf_put(&text, str_from(part));
    return str_to_c(arena, buf_str(&text));
}

static void endless_headers_are_refused(struct refusals *refusals)
{
    struct arena *arena = &refusals->world->check->cx.arena;
    static const char *const places[] = {
        "GET /@ HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\r\nX: @\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\n@: x\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\r\nCookie: @\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: @\r\n\r\n", "@ /x HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    static const size_t sizes[] = { 16 << 10, 17 << 10, 64 << 10, 256 << 10, 1 << 20 };
    for (size_t i = 0; i < LEN(places); i++)
        for (size_t j = 0; j < LEN(sizes); j++)
            refuse_format(refusals, places[i], repeated(arena, "a", sizes[j]));
    refuse_format(refusals, "GET /x HTTP/1.1\r\nHost: a\r\n@\r\n", repeated(arena, "X: y\r\n", 101));
    refuse_format(refusals, "GET /x HTTP/1.1\r\nHost: a\r\n@\r\n", repeated(arena, "X:\r\n", 5000));
}

static void five_hundred_malformed_requests_are_refused_and_smuggle_nothing(void **state)
{
    struct refusals refusals = { .world = *state };
    odd_lengths_are_refused(&refusals);
    odd_codings_are_refused(&refusals);
    odd_chunks_are_refused(&refusals);
    odd_bytes_are_refused(&refusals);
    odd_line_ends_are_refused(&refusals);
    odd_first_lines_are_refused(&refusals);
    odd_hosts_and_repetitions_are_refused(&refusals);
    endless_headers_are_refused(&refusals);
    print_message("%zu malformed requests\n", refusals.len);
    assert_true(refusals.len >= 500);
    assert_true(str_ends(client_get(refusals.world, "/healthz"), STR("ok")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(malformed_requests_are_refused_and_nothing_behind_them_is_answered),
        SERVER_TEST(a_nul_in_a_header_is_refused),
        SERVER_TEST(framing_does_not_depend_on_where_the_pieces_end),
        SERVER_TEST(headers_past_their_limit_are_refused),
        SERVER_TEST(five_hundred_malformed_requests_are_refused_and_smuggle_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
