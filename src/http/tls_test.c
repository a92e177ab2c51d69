/* First: OpenSSL names members of its own as functions that banned.h bans. */
/* clang-format off */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
/* clang-format on */

#include "check/check.h"

#include "http/server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONG_LINES = 200000 };
#define LONG_LINE "một dòng của bảng dài\n"

static enum err show_long(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    assert_true(req->is_tls);
    for (int i = 0; i < LONG_LINES; i++)
        buf_put(&res->body, STR(LONG_LINE));
    return OK;
}

static enum err take_title(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    buf_format(&res->body, "title of %zu", request_value(req, "title").len);
    return OK;
}

static const struct route rows[] = {
    { METHOD_GET, STR_INIT("/dai"), PERMISSION_PUBLIC, show_long, NO_FORM },
    { METHOD_POST, STR_INIT("/ten"), PERMISSION_PUBLIC, take_title, NO_FORM, .flags = ROUTE_NO_CSRF },
};
static const struct route_table rooms[] = { { rows, LEN(rows) } };

struct world {
    struct ctx *cx;
    struct app app;
    struct server *server;
    pthread_t thread;
    char folder[40];
    struct str cert_path;
    struct str key_path;
    struct str other_key_path;
};

static void write_key(EVP_PKEY *key, struct str path)
{
    FILE *file = fopen(path.at, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
}

/* A certificate that lives for this test. */
static void write_cert(EVP_PKEY *key, struct str path)
{
    X509 *cert = X509_new();
    X509_NAME *name = X509_get_subject_name(cert);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(cert), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), -60));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), 3600));
    assert_int_equal(X509_set_pubkey(cert, key), 1);
    assert_int_equal(
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0), 1);
    assert_int_equal(X509_set_issuer_name(cert, name), 1);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    FILE *file = fopen(path.at, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, cert), 1);
    fclose(file);
    X509_free(cert);
}

static struct str path_in(const struct world *world, const char *name)
{
    return str_from(str_to_c(&world->cx->arena, str_format(&world->cx->arena, "%s/%s", world->folder, name)));
}

static void write_files(struct world *world)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    EVP_PKEY *other = EVP_EC_gen("P-256");
    world->cert_path = path_in(world, "cert.pem");
    world->key_path = path_in(world, "key.pem");
    world->other_key_path = path_in(world, "other.pem");
    write_cert(key, world->cert_path);
    write_key(key, world->key_path);
    write_key(other, world->other_key_path);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

static void *run_server(void *what)
{
    server_run(what);
    return NULL;
}

static int open_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    void *cx = NULL;
    if (!world || check_ctx_open(&cx) != 0)
        return 1;
    world->cx = cx;
    strncpy(world->folder, "/tmp/diemcau-tls-XXXXXX", sizeof world->folder - 1);
    assert_non_null(mkdtemp(world->folder));
    write_files(world);
    world->app = (struct app){ .env = world->cx->env, .rooms = rooms, .rooms_len = LEN(rooms), .is_secure = true };
    struct server_options options = { .listen = STR("127.0.0.1:0"), .cert_path = world->cert_path,
                                      .key_path = world->key_path, .loops = 1 };
    assert_ok(world->cx, server_open(world->cx, &world->app, &options, &world->server));
    assert_int_equal(pthread_create(&world->thread, NULL, run_server, world->server), 0);
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    server_stop(world->server);
    pthread_join(world->thread, NULL);
    server_close(world->server);
    unlink(world->cert_path.at);
    unlink(world->key_path.at);
    unlink(world->other_key_path.at);
    rmdir(world->folder);
    void *cx = world->cx;
    free(world);
    return check_ctx_close(&cx);
}

static int dial(const struct world *world)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)server_port(world->server)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Everything that comes back for `text`; *ret_is_open says whether a connection came about at all. */
static struct str ask(struct world *world, int version, const char *protocols, struct str text, bool *ret_is_open)
{
    struct buf heard;
    char piece[16384];
    buf_init(&heard, &world->cx->arena);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_set_max_proto_version(context, version), 1);
    SSL_CTX_set_security_level(context, 0); /* so that the client would do what it must not */
    SSL *ssl = SSL_new(context);
    if (protocols)
        assert_int_equal(SSL_set_alpn_protos(ssl, (const unsigned char *)protocols, (unsigned)strlen(protocols)), 0);
    int fd = dial(world);
    SSL_set_fd(ssl, fd);
    *ret_is_open = SSL_connect(ssl) == 1;
    if (*ret_is_open && SSL_write(ssl, text.at, (int)text.len) == (int)text.len) {
        int len = 0;
        while ((len = SSL_read(ssl, piece, sizeof piece)) > 0)
            buf_put(&heard, (struct str){ piece, (size_t)len });
        assert_int_equal(SSL_get_error(ssl, len), SSL_ERROR_ZERO_RETURN); /* a proper goodbye */
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
    return buf_str(&heard);
}

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

static const struct str healthz = STR_INIT("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

static void tls_of_today_is_spoken_and_asked_for_again(void **state)
{
    struct world *world = *state;
    static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
    for (size_t i = 0; i < LEN(versions); i++) {
        bool is_open = false;
        struct str heard = ask(world, versions[i], NULL, healthz, &is_open);
        assert_true(is_open);
        assert_true(str_starts(heard, STR("HTTP/1.1 200 OK\r\n")));
        assert_true(has(heard, "Strict-Transport-Security: max-age=31536000"));
        assert_true(str_ends(heard, STR("\r\n\r\nok")));
    }
}

static void tls_of_yesterday_is_refused(void **state)
{
    struct world *world = *state;
    bool is_open = true;
    ask(world, TLS1_1_VERSION, NULL, healthz, &is_open);
    assert_false(is_open);
}

static void a_client_that_speaks_only_http_2_is_told_so(void **state)
{
    struct world *world = *state;
    bool is_open = true;
    ask(world, TLS1_3_VERSION, "\x02h2", healthz, &is_open);
    assert_false(is_open);
    struct str heard = ask(world, TLS1_3_VERSION, "\x02h2\x08http/1.1", healthz, &is_open);
    assert_true(is_open);
    assert_true(str_ends(heard, STR("ok")));
}

static void long_answers_and_long_forms_pass_whole(void **state)
{
    struct world *world = *state;
    bool is_open = false;
    struct str heard = ask(world, TLS1_3_VERSION, NULL,
                           STR("GET /dai HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), &is_open);
    size_t head = str_find(heard, STR("\r\n\r\n"));
    assert_int_equal(heard.len - head - 4, LONG_LINES * (sizeof LONG_LINE - 1));

    struct buf form;
    buf_init(&form, &world->cx->arena);
    buf_format(&form, "POST /ten HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: 60006\r\nConnection: close\r\n\r\ntitle=");
    for (int i = 0; i < 60000; i++)
        buf_put_char(&form, 'a');
    heard = ask(world, TLS1_2_VERSION, NULL, buf_str(&form), &is_open);
    assert_true(str_ends(heard, STR("title of 60000")));
}

static void who_speaks_no_tls_is_not_answered(void **state)
{
    struct world *world = *state;
    char piece[200];
    int fd = dial(world);
    assert_int_equal(send(fd, healthz.at, healthz.len, MSG_NOSIGNAL), healthz.len);
    ssize_t len = recv(fd, piece, sizeof piece, 0);
    assert_true(len <= 0 || memmem(piece, (size_t)len, "HTTP/1.1", 8) == NULL);
    close(fd);
}

static void a_key_that_does_not_belong_to_the_certificate_stops_the_start(void **state)
{
    struct world *world = *state;
    struct app app = { .env = world->cx->env, .rooms = rooms, .rooms_len = LEN(rooms) };
    struct server *server = NULL;
    struct server_options options = { .listen = STR("127.0.0.1:0"), .cert_path = world->cert_path,
                                      .key_path = world->other_key_path, .loops = 1 };
    assert_err(ERR_INVALID, server_open(world->cx, &app, &options, &server));
    assert_true(has(str_from(world->cx->fault.words), "không thuộc chứng thư"));
    options.key_path = STR("/khong/co");
    assert_err(ERR_INVALID, server_open(world->cx, &app, &options, &server));
    options.cert_path = STR("/khong/co");
    assert_err(ERR_INVALID, server_open(world->cx, &app, &options, &server));
    assert_true(has(str_from(world->cx->fault.words), "/khong/co"));
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(tls_of_today_is_spoken_and_asked_for_again),
        WORLD_TEST(tls_of_yesterday_is_refused),
        WORLD_TEST(a_client_that_speaks_only_http_2_is_told_so),
        WORLD_TEST(long_answers_and_long_forms_pass_whole),
        WORLD_TEST(who_speaks_no_tls_is_not_answered),
        WORLD_TEST(a_key_that_does_not_belong_to_the_certificate_stops_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
