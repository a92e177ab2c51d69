/*
 * intake: the bytes of one connection become requests. Knows llhttp (strict) and no sockets, so that the whole path
 * can be fed by a test or a fuzzer, in pieces of any size.
 *
 * Refused as bad framing, with the connection closed after the answer: bare CR or LF, folded headers, NUL, a second or
 * odd Content-Length, Content-Length beside Transfer-Encoding, any coding but a single chunked, a missing or second
 * Host, trailers or chunk extensions that dwarf the body, headers past 16 KB or 100 of them.
 */
#ifndef HTTP_INTAKE_H
#define HTTP_INTAKE_H

#include "http/call.h"

#include <llhttp.h>

enum intake_step {
    INTAKE_MORE, /* all bytes taken, more are needed */
    INTAKE_HEAD, /* the headers are there and a body follows: check it, call_begin_body(), then feed on */
    INTAKE_DONE, /* the request is whole: answer it before feeding on */
    INTAKE_BAD,  /* answer with intake.status and close */
};

struct intake {
    llhttp_t parser;
    struct call *call;   /* the request under way; set by the caller before the first byte */
    size_t raw_bytes;    /* of this part: the headers, then the body with its framing */
    uint16_t headers_len;
    uint16_t status;     /* of INTAKE_BAD */
    uint8_t phase;
    uint8_t paused_at;
    bool line_is_empty;  /* so far, of the header line under way */
    bool last_was_cr;
    bool is_past_line; /* the request line is behind us */
    uint8_t spaces;    /* in the request line */
    uint8_t protocol_len;   /* of "HTTP/", as far as it has come */
    bool trailer_has_name;
    uint8_t name_is;     /* which header's value comes */
    uint16_t seen;       /* headers that may come once */
    size_t item_at;      /* where the name or value under way begins in call->head */
};

void intake_init(struct intake *intake);
/* For the next request on the connection. */
void intake_next(struct intake *intake, struct call *call);
/* Takes bytes from the front of *bytes until something is to be done. */
enum intake_step intake_feed(struct intake *intake, struct str *bytes);
/* True when a request has begun to arrive. */
bool intake_has_begun(const struct intake *intake);
/* True while the body (not the headers) is arriving. */
bool intake_is_in_body(const struct intake *intake);

#endif
