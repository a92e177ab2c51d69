/*
 * check_server: the real server on a real socket over the tests' little trade (check_trade.h), and clients that say
 * exactly what they are told.
 *
 * Routes: GET /hop/{id} (slips of a box) and its stream /hop/{id}/song, POST /hop/{id}/phieu; /dai and /dai-cham (a
 * page of 5 MB, by the loop and by the pool), /ai (who asks for what), POST /chuan-bi (slow preparation), POST /tai-len
 * (a file). Who carries CHECK_SERVER_TOKEN is signed in.
 */
#ifndef CHECK_CHECK_SERVER_H
#define CHECK_CHECK_SERVER_H

#include "check/check_store.h"
#include "http/server.h"

#include <pthread.h>

#define CHECK_SERVER_TOKEN "the-giao-dien"

struct check_server {
    struct check_store *check;
    struct env env;
    struct app app;
    struct server *server;
    pthread_t thread;
    int64_t box_id;
};

/* Setup and teardown: *state is a struct check_server that serves on a free port of loopback, with two loops. */
int check_server_open(void **state);
int check_server_open_with(void **state, struct server_options options, bool has_told_clock);
int check_server_close(void **state);
/* A told clock stands still but for this: the deadlines of connections see so much time go by. */
void check_server_let_pass(int64_t ms);

int64_t check_server_slips(struct check_server *world);
/* "/hop/ID" and what follows. */
const char *check_server_path(struct check_server *world, const char *rest);
size_t check_server_rooms(const struct route_table **ret_rooms);

int client_dial(const struct check_server *world);
/* From one of this machine's own addresses, 127.0.0.9 say. */
int client_dial_from(const struct check_server *world, const char *own_address);
bool client_say(int fd, struct str text);
/* What comes until the other end closes; false when it does not within the client's patience of ten seconds. */
bool client_hear_all(struct arena *arena, int fd, struct str *ret_text);
/* What comes until `wanted` has come. */
struct str client_hear_until(struct arena *arena, int fd, const char *wanted);
bool client_has(struct str text, const char *part);
/* One connection for it, which the server must close. */
struct str client_exchange(struct check_server *world, struct str text);
struct str client_get(struct check_server *world, const char *path);
struct str client_post(struct check_server *world, const char *path, const char *more_headers, const char *body);

#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, check_server_open, check_server_close)

#endif
