/*
 * conn: what connection.c (bytes in and out, time) and serve.c (what is answered) share of a connection. Nobody else
 * includes this.
 */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include "http/connection.h"

enum conn_state {
    CONN_READING,   /* the next request, or what there is of it */
    CONN_WAITING,   /* the writer or the pool has the call */
    CONN_WRITING,   /* the answer does not go out as fast as we would */
    CONN_STREAMING, /* events as they come */
    CONN_LINGERING, /* the last answer is out; the client is given time to read it before the line is cut */
    CONN_CLOSED,
};

struct conn {
    uv_tcp_t tcp; /* first: libuv's pointer is ours */
    struct conn *next, *previous;
    struct loop *loop;
    struct call *call; /* the request being read or answered; NULL when idle */
    struct tls *tls;
    char *ahead; /* what came while an answer was awaited */
    size_t ahead_len;
    size_t writing_bytes; /* in libuv's hands */
    size_t left_bytes;    /* not yet taken by the client when the deadline was set */
    int64_t deadline_ms;  /* 0: none */
    int64_t body_began_ms;
    struct live_seat seat;
    struct peer_key peer;
    uint8_t state;
    bool closes_after;
    bool is_paused; /* not reading: the client is too far ahead */
    bool has_ended; /* the client will send no more */
    bool is_freed_by_libuv;
    char peer_text[46];
    struct intake intake;
};

/* connection.c */
void conn_send(struct conn *conn, struct str first, struct str second);
/* Sends, and goes on to the next request or ends the connection when all is out. */
void conn_send_answer(struct conn *conn, struct wire_answer answer, bool keeps_alive);
void conn_refuse(struct conn *conn, int status);
/* What the client sent ahead, while an answer was awaited. */
void conn_feed_ahead(struct conn *conn);
/* When libuv and the writer have both let go of it. */
void conn_free_when_done(struct conn *conn);
void loop_give_back_call(struct loop *loop, struct call *call);

/* serve.c */
/* The headers are there and a body follows: refused now, or room is made for it. */
void conn_begin_body(struct conn *conn);
/* The request is whole. */
void conn_serve(struct conn *conn);

#endif
