/*
 * call: one request with all it needs until its answer is sent. Calls are kept and used again by their loop, so an
 * idle connection holds none, and a request costs no allocation once the loop is warm.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include "http/router.h"
#include "http/server.h"

enum { CALL_HEAD_BYTES = 16 * 1024, CALL_ARENA_BYTES = 64 << 20, CALL_SPOOL_BYTES = 256 * 1024 };

/* What the method of the line was; those we do not serve are refused after the headers. */
enum call_method { CALL_GET, CALL_HEAD, CALL_POST, CALL_OTHER };

struct call {
    struct call *next; /* in whichever list holds it */
    void *owner;       /* the connection that waits for it */
    struct ctx cx;
    struct exchange ex;
    struct writer_job job;
    int64_t began_us;

    enum call_method method;
    bool keeps_alive;
    bool is_http_1_0;
    bool accepts_gzip;
    bool accepts_brotli;
    bool wants_continue;
    bool has_bad_expect;
    bool has_body; /* one follows the headers */
    bool is_admitted; /* before the body came: uploads */
    bool is_policy_report; /* a browser tells what our content policy stopped */
    bool is_chunked;
    uint64_t content_length;

    /* The body: in the arena, or for a large one a temporary file that is mapped when it is whole. */
    char *body;
    size_t body_len;
    size_t body_max; /* there is room for so much */
    int spool_fd; /* -1: none */
    bool body_failed; /* the temporary file could not be written */

    struct response res;
    struct request req;

    size_t head_len;
    char head[CALL_HEAD_BYTES]; /* the line and the headers we read, one behind the other */
};

struct call *call_new(const struct env *env);
void call_free(struct call *call);
/* Ready for the next request: what the last one left is given back. */
void call_reset(struct call *call, struct app *app);

/* Makes room for the body the headers announced; ERR_UNAVAILABLE when there is none. */
enum err call_begin_body(struct call *call, size_t body_max) MUST_CHECK;
/* False when the body grows past its limit or cannot be kept. */
bool call_add_body(struct call *call, const char *at, size_t len);
/* The body is whole: into req.body. */
enum err call_end_body(struct call *call) MUST_CHECK;

#endif
