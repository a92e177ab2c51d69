/*
 * server: sockets, loops, TLS, deadlines. One libuv loop per core (SO_REUSEPORT); a reader connection per loop; the
 * writer thread answers through one uv_async per loop.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/http.h"
#include "http/live.h"
#include "store/store.h"

struct route_index;
struct live_hub;

/* What outlives a request. Filled by app/main.c (a test sets env and rooms, and what else it needs), then read-only. */
struct app {
    const struct env *env;
    struct store *store;   /* NULL in tests without a database */
    struct writer *writer; /* NULL in tests without threads */
    const struct route_table *rooms;
    size_t rooms_len;
    struct gate gate;
    live_render render_live;
    struct live_hub *hub;
    void *account_state;       /* account's session cache */
    void *report_state;        /* report's views of earlier moments */
    void *line_test;           /* point's tickets of the line test */
    void *reading_state;       /* reading's desk: files that wait to be read */
    bool is_secure;            /* cookies carry Secure and the __Host- prefix */
    unsigned char secret[32];  /* signs what only has to hold for minutes; the same in all programs of an installation */
    struct route_index *index; /* made by server_open; NULL: rows are walked */
};

struct server_options {
    struct str listen;      /* "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one */
    struct str cert_path;   /* "" for plain HTTP: allowed on loopback, or with allow_plain */
    struct str key_path;
    bool allow_plain;
    bool log_requests;      /* one line for each answer that is no asset */
    int loops;              /* 0: one per core */
    int connections_max;    /* 0: 20,000 */
    int per_peer_max;       /* 0: 100; not applied to loopback */
    struct str gateways;    /* "10.1.2.3,10.2.0.0/16": offices behind one address, which may hold more */
    int gateway_max;        /* 0: 5,000 each */
    bool counts_loopback;   /* loopback is an address like any other: for tests */
    int64_t head_ms_max;    /* 0: 10 s from the first byte of a request to the end of its headers */
    int64_t idle_ms_max;    /* 0: 75 s between two requests of a connection */
    int64_t body_ms_grace;  /* 0: 10 s on top of what 1 KB/s would take */
    int64_t write_ms_max;   /* 0: 30 s, in each of which a reader must take 4 KB/s */
    int64_t sweep_ms;       /* 0: how often deadlines are looked at follows from the shortest of them */
};

struct server;
/* Binds and listens; ERR_INVALID with words when the address cannot be used. */
enum err server_open(struct ctx *cx, struct app *app, const struct server_options *options, struct server **ret_server)
    MUST_CHECK;
int server_port(const struct server *server);
/* Serves until server_stop (safe from a signal handler); finishes what is under way for at most 5 s. */
void server_run(struct server *server);
void server_stop(struct server *server);
void server_close(struct server *server);

#endif
