/*
 * router: the steps of one request. server.c runs them on its threads, route_answer one after the other.
 *
 * Each step may be called only after the one before it; each is guarded, so that memory that ends becomes ERR_UNAVAILABLE.
 * After an error the next step is router_finish, which always leaves an answer in the response.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/http.h"

/* One request on its way. The caller gives cx (arena, env, now; db for the steps that read), req and res. */
struct exchange {
    struct ctx *cx;
    struct request *req;
    struct response *res;
    struct actor actor;
    struct fault refused;
    struct str csrf_secret;
    size_t body_max; /* of the matched route */
    enum err err;    /* how it stands */
    bool is_finished; /* router_finish has been here */
};

struct route_index *route_index_make(const struct env *env, const struct route_table *rooms, size_t len);
void route_index_free(const struct env *env, struct route_index *index);

/* Nobody is known yet: whatever goes wrong from here on has a page for a stranger. */
void router_begin(struct exchange *ex, struct ctx *cx, struct request *req, struct response *res);
/* Finds the row. Needs the method and path only; never blocks. */
bool router_match(struct exchange *ex);
/* Who it is, and may they. Also without a row: who is signed in meets "not found" in the frame of their own pages. Reads. */
enum err router_admit(struct exchange *ex) MUST_CHECK;
/* CSRF, and the form into its struct. */
enum err router_fill(struct exchange *ex) MUST_CHECK;
/* The slow step before the handler, when router_has_prepare. Reads. */
bool router_has_prepare(const struct exchange *ex);
enum err router_prepare(struct exchange *ex) MUST_CHECK;
/* The handler: a GET's on a reader, a POST's on the writer; may be called again for the same request (a batch run again). */
enum err router_handle(struct exchange *ex) MUST_CHECK;
/* Instead of keeping the connection, answers a stream once, as JSON: ?kieu=json, and route_answer. Reads. */
enum err router_poll_stream(struct exchange *ex) MUST_CHECK;
/* Turns an error into its page, signs the notice, sets the status. Reads when router_needs_reader. */
bool router_needs_reader(const struct exchange *ex);
void router_finish(struct exchange *ex);

/* Values of a query or a urlencoded body. */
enum err request_parse_values(struct ctx *cx, struct request *req, struct str text) MUST_CHECK;
/* Adds one value: UTF-8 checked, NFC, counted. The text must live as long as the request. */
enum err request_add_value(struct ctx *cx, struct request *req, struct str name, struct str value) MUST_CHECK;
enum err request_decode(struct ctx *cx, struct str text, bool plus_is_blank, struct str *ret_text) MUST_CHECK;

/* Cookies that say who comes, and the one that carries a notice over a redirect, signed with the app's secret. */
struct str cookie_name(const struct app *app, enum cookie cookie);
struct str notice_cookie_name(const struct app *app);
struct str notice_sign(struct ctx *cx, const struct app *app, struct str notice);          /* a Set-Cookie value */
struct str notice_verify(struct ctx *cx, const struct app *app, struct str signed_notice); /* "" when not ours */
struct str notice_clear(struct ctx *cx, const struct app *app);                            /* a Set-Cookie value */

/* The token as it goes into one page: CSRF_SECRET_BYTES of randomness (of which it takes what it needs) and the token
   mixed with them, in hex. */
enum { CSRF_SECRET_BYTES = 64 };
struct str csrf_mask(struct ctx *cx, struct str secret, const unsigned char *random);
bool csrf_matches(struct str secret, struct str masked);
/* By Origin and Sec-Fetch-Site: a page of ours sent it, or no browser did. */
bool origin_is_ours(const struct request *req);

/* A page for what went wrong, or JSON when the caller asked for it. `code` (may be "") leads to the line in the log. */
void response_fault(struct ctx *cx, struct request *req, struct response *res, const struct fault *fault, int status,
                    struct str code);
void response_clear(struct ctx *cx, struct response *res);

#endif
