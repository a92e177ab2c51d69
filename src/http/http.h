/*
 * http: requests, responses and routes, as rooms see them. server.c is the one file that knows libuv and llhttp.
 *
 * A room has a table of routes; the permission, the form and the handler are columns of one row and are checked by
 * the router, so no handler can forget. GET changes nothing and runs on a reader; a POST carries the session's CSRF
 * token, runs on the writer and ends in 303. Nothing is sent before the answer is known (and, for a POST, synced).
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"
#include "base/field.h"
#include "page/page.h"

struct app; /* what outlives a request: the store, the writer, sessions, live streams; filled by app/main.c */

enum method { METHOD_GET, METHOD_POST };

enum { REQUEST_PARAMS_MAX = 4, REQUEST_VALUES_MAX = 256, REQUEST_FILES_MAX = 8 };

struct request_value {
    struct str name;
    struct str value;
};

/* An uploaded file: small ones in memory, larger ones streamed to a file under the data folder's tmp/. */
struct request_file {
    struct str field;
    struct str name;         /* as the browser sent it, NFC, for showing only */
    struct str content_type; /* as claimed */
    struct str content;      /* in memory when it fits the route's limit */
};

struct request {
    struct app *app;
    enum method method;
    struct str path;
    struct str query;                                /* raw, without '?' */
    struct str params[REQUEST_PARAMS_MAX];           /* {id} in the pattern's order */
    struct request_value values[REQUEST_VALUES_MAX]; /* query of a GET, body of a POST; UTF-8 checked, NFC */
    size_t values_len;
    struct request_file files[REQUEST_FILES_MAX];
    size_t files_len;
    const void *form;    /* the route's form struct, filled and checked, when the row has one */
    struct str *typed;   /* what was typed, one per field of the form */
    struct str cookie;   /* the session cookie's value (__Host-phien, or phien without TLS), "" when none */
    struct str link_cookie; /* a personal link's (__Host-lien-ket, or lien-ket without TLS), "" when none */
    struct str bearer;   /* the interface token, "" when none */
    struct str csrf;     /* the session's token, for forms; the gate gives the secret, the router masks it for the page */
    void *prepared;      /* what route.prepare leaves for the handler, in cx's arena */
    struct str peer;     /* the other end's address as text */
    bool wants_json;     /* Accept: application/json */
    bool is_projector;   /* ?chieu=1 */
    bool is_tls;
};

struct response {
    int status; /* 0: decided by the router (200, or the fault's) */
    struct str content_type;
    struct buf body;
    struct str location;    /* of a 303 */
    struct str set_cookie;  /* a whole Set-Cookie value; "" none */
    struct str file_name;   /* Content-Disposition: attachment */
    struct str notice;      /* carried over the redirect and shown once */
    bool is_public;         /* may be cached by others; default is no-store */
};

typedef enum err (*route_handler)(struct ctx *cx, struct request *req, struct response *res);

enum route_flag {
    ROUTE_SLOW = 1,    /* a GET that may take long (export): runs on a pool thread */
    ROUTE_STREAM = 2,  /* server-sent events: the handler names the topic (live.h) */
    ROUTE_NO_CSRF = 4, /* sign-in and personal links: checked by Origin and Sec-Fetch-Site alone */
    ROUTE_FILE = 8,    /* takes multipart uploads up to route.body_max */
    ROUTE_TOKEN = 16,  /* may be called with an interface token; such a request never gets a cookie */
};

struct route {
    enum method method;
    struct str pattern; /* "/van-ban/{id}/tiep-nhan": literal parts and {names} */
    enum permission permission;
    route_handler handler;
    struct field_table form; /* NO_FORM, or FIELD_TABLE(...) */
    unsigned flags;
    size_t body_max;       /* 0: 64 KiB */
    /* Slow work before the writer (hash a password, parse an upload), on a pool thread with a reader in cx->db and the
       actor known; its error is the answer. May be NULL. */
    route_handler prepare;
};
#define NO_FORM                                                                                        \
    {                                                                                                  \
        NULL, 0, 0                                                                                     \
    }

struct route_table {
    const struct route *at;
    size_t len;
};

/* What the router asks of `account`, handed down because accounts stand below (order.txt). */
struct gate {
    /* Fills *ret_actor from the request's cookie, link or token (in cx's arena); nobody when there is none. Sets req->csrf. */
    enum err (*identify)(struct ctx *cx, struct request *req, struct actor *ret_actor);
};

/* Checks the table: every route names a permission, no two rows match the same request. Words say which row. */
enum err routes_check(struct ctx *cx, const struct route_table *rooms, size_t len) MUST_CHECK;

/* The first value of that name; "" when absent. */
struct str request_value(const struct request *req, const char *name);
/* A {param} as a key; ERR_NOT_FOUND when it is not one. */
enum err request_id(struct ctx *cx, const struct request *req, size_t index, int64_t *ret_id) MUST_CHECK;

/* A page around `body_markup`: fills page defaults (actor, csrf, now, notice, projector) and renders the layout. */
void response_page(struct ctx *cx, struct request *req, struct response *res, struct page *page,
                   struct safe_html body_markup);
void response_redirect(struct ctx *cx, struct response *res, struct url to, const char *notice, ...) PRINTF_LIKE(4, 5);
/* A table as CSV (UTF-8 with BOM so that Excel reads it; cells that start like a formula are made inert text). */
void response_csv_begin(struct response *res, struct ctx *cx, struct str file_name);
void response_csv_cell(struct response *res, struct str text);
void response_csv_number(struct response *res, int64_t value);
void response_csv_end_row(struct response *res);

/*
 * Answers one request through the real router, without a socket: limits, permission, CSRF, form, handler, commit.
 * What the server does on its threads, tests do here on one (the writer's part through store_write_batch).
 */
enum err route_answer(struct ctx *cx, struct app *app, struct request *req, struct response *res) MUST_CHECK;

#endif
