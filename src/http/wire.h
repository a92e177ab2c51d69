/*
 * wire: what an answer looks like on the line: status, headers, compression. No sockets.
 */
#ifndef HTTP_WIRE_H
#define HTTP_WIRE_H

#include "http/call.h"
#include "page/asset.h"

#include <zlib.h>

enum { WIRE_HEAD_BYTES = 8 * 1024 };

/* A loop's tools for making answers. */
struct wire {
    const struct env *env;
    bool is_tls;
    char head[WIRE_HEAD_BYTES]; /* of the answer under way */
    size_t head_len;
    bool head_is_full;
    char date[48];        /* "Date: Sun, 22 Nov 2026 01:52:00 GMT" and the line's end */
    size_t date_len;
    int64_t date_s;
    z_stream deflate;
    bool has_deflate;
    unsigned char *packed; /* the compressed body under way */
    size_t packed_room;
};

bool wire_open(struct wire *wire, const struct env *env, bool is_tls);
void wire_close(struct wire *wire);

/* head and body of an answer; both stand until the next one is made, the body in the call or in `wire`. */
struct wire_answer {
    struct str head;
    struct str body;
};
struct wire_answer wire_answer(struct wire *wire, struct call *call, bool keeps_alive);
struct wire_answer wire_asset(struct wire *wire, const struct asset *asset, const struct call *call, bool keeps_alive);
struct wire_answer wire_healthz(struct wire *wire, bool keeps_alive);
/* An answer without a request behind it: bad framing, too late, too many. */
struct wire_answer wire_refusal(struct wire *wire, int status);
struct wire_answer wire_no_content(struct wire *wire, bool keeps_alive);
/* The head of a stream, which never ends. */
struct str wire_stream_head(struct wire *wire);

#endif
