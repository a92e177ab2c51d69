/*
 * http: requests, responses and routes, as rooms see them. Only intake.c knows llhttp, and only server.c, connection.c
 * and serve.c know libuv.
 *
 * A room has a table of routes; the permission, the form and the handler are columns of one row and are checked by
 * the router, so no handler can forget. GET changes nothing and runs on a reader; a POST carries the session's CSRF
 * token, runs on the writer and ends in 303. Nothing is sent before the answer is known (and, for a POST, synced).
 *
 * The walk of one request: match the route, ask the gate who it is, permission, CSRF, form, prepare, handler. What
 * one may not see looks exactly like what does not exist. A refused POST is shown again by the row's `again` handler
 * with what was typed, so that nothing typed is lost.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"
#include "base/field.h"
#include "page/page.h"

struct app;   /* what outlives a request: the store, the writer, sessions, live streams; filled by app/main.c */
struct route;

enum method { METHOD_GET, METHOD_POST };

enum {
    REQUEST_PARAMS_MAX = 4,
    REQUEST_VALUES_MAX = 256,
    REQUEST_FILES_MAX = 8,
    REQUEST_BODY_BYTES = 64 * 1024, /* of a route that names no body_max */
    REQUEST_PATH_BYTES = 2048,
};

struct request_value {
    struct str name;
    struct str value;
};

/* An uploaded file: a view into the request's body, which the route's body_max bounds. */
struct request_file {
    struct str field;
    struct str name;         /* as the browser sent it, NFC, without folders, for showing only */
    struct str content_type; /* as claimed */
    struct str content;
};

/*
 * What arrived. The server fills the first part from the line and the headers, a test by hand; the router fills the
 * rest. The large tables stand last, so that a request is cleared without touching them (request_init).
 */
struct request {
    struct app *app;
    enum method method;
    struct str path;         /* raw: percent-encoding still in it, parameters are decoded */
    struct str query;        /* raw, without '?' */
    struct str content_type; /* of the body */
    struct str body;         /* whole: in memory, or a mapped temporary file when it is large */
    struct str cookies;      /* the Cookie header */
    struct str authorization;
    struct str host;         /* "" in tests: then Origin is not compared */
    struct str origin;
    struct str fetch_site;   /* Sec-Fetch-Site */
    struct str csrf_header;  /* X-CSRF: the form's token of what a script sends without a form */
    struct str peer;         /* the other end's address as text */
    bool wants_json;         /* Accept: application/json, and not text/html */
    bool is_tls;

    const struct route *route;
    struct str params[REQUEST_PARAMS_MAX]; /* {names} in the pattern's order, decoded, UTF-8 checked, NFC */
    size_t params_len;
    const void *form;     /* the route's form struct, filled and checked, when the row has one */
    struct str *typed;    /* what was typed, one per field of the form; NULL when nothing was */
    struct fault *refused; /* for an `again` handler: why the POST was refused; NULL otherwise */
    void *prepared;       /* what route.prepare leaves for the handler, in cx's arena */
    struct str cookie;    /* the session cookie's value (__Host-phien, or phien without TLS), "" when none */
    struct str link_cookie; /* a personal link's (__Host-lien-ket, or lien-ket without TLS), "" when none */
    struct str learner_cookie; /* a learner's own telephone (__Host-hoc-vien, or hoc-vien without TLS); gives no rights */
    struct str bearer;    /* the interface token, "" when none; with one, cookies do not count */
    struct str csrf;      /* the gate gives the session's secret; the router masks it for this one answer's forms */
    struct str fact_id;   /* 32 hex for the forms of this page: fresh, or the refused form's own */
    struct str notice;    /* carried over the redirect, to be shown once */
    bool is_projector;    /* ?chieu=1 */
    size_t values_len;
    size_t files_len;
    struct request_value values[REQUEST_VALUES_MAX]; /* query of a GET, body of a POST; UTF-8 checked, NFC */
    struct request_file files[REQUEST_FILES_MAX];
};

struct response {
    int status; /* 0: decided by the router (200, or the fault's) */
    struct str content_type;
    struct buf body;
    struct str location;    /* of a 303 */
    struct str set_cookie;  /* a whole Set-Cookie value; "" none; see response_session */
    struct str file_name;   /* Content-Disposition: attachment */
    struct str notice;      /* carried over the redirect and shown once */
    struct str notice_cookie; /* the router's: a whole Set-Cookie value that sets or clears the notice */
    bool is_public;         /* may be cached by others; default is no-store */
    bool is_stream;         /* set by response_stream (live.h) */
    int64_t stream_unit_id;
    int64_t stream_subject_id;
};

typedef enum err (*route_handler)(struct ctx *cx, struct request *req, struct response *res);

enum route_flag {
    ROUTE_SLOW = 1,    /* a GET that may take long (export): runs on a pool thread */
    ROUTE_STREAM = 2,  /* server-sent events: the handler names the topic (live.h) */
    ROUTE_NO_CSRF = 4, /* sign-in and personal links: checked by Origin and Sec-Fetch-Site alone */
    ROUTE_FILE = 8,    /* takes multipart uploads up to route.body_max */
    ROUTE_JSON = 32,   /* takes application/json as it comes, in req->body; the handler parses it */
    ROUTE_TOKEN = 16,  /* may be called with an interface token; such a request never gets a cookie */
};

struct route {
    enum method method;
    struct str pattern; /* "/van-ban/{id}/tiep-nhan": literal parts and {names}; a literal wins over a {name} */
    enum permission permission;
    route_handler handler;
    struct field_table form; /* NO_FORM, or FIELD_TABLE(...) */
    unsigned flags;
    size_t body_max;       /* 0: REQUEST_BODY_BYTES */
    /* Slow work before the writer (hash a password, parse an upload), on a pool thread with a reader in cx->db and the
       actor known; its error is the answer. May be NULL. */
    route_handler prepare;
    /* Shows a refused POST's form again, on a reader, with req->typed and req->refused (see request_form_view): usually
       the handler of the page with the form. NULL: the error has its own page. */
    route_handler again;
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
    /*
     * Fills *ret_actor from req->cookie, link_cookie or bearer (in cx's arena); nobody when there is none. Sets
     * req->csrf to the session's secret (at most 64 bytes). Runs on a reader.
     */
    enum err (*identify)(struct ctx *cx, struct request *req, struct actor *ret_actor);
    /* Where a person who is not signed in is sent from a page, with ?tiep= and where they wanted to go; "" for a 401. */
    struct str sign_in_path;
};

/* Checks the table: every route names a permission, no two rows match the same request equally well. Words say which row. */
enum err routes_check(struct ctx *cx, const struct route_table *rooms, size_t len) MUST_CHECK;

/* Clears everything but the big tables, and says which app. */
void request_init(struct request *req, struct app *app, enum method method, struct str path);
/* The first value of that name; "" when absent. */
struct str request_value(const struct request *req, const char *name);
/* The first file of that form field; NULL when absent. */
const struct request_file *request_file(const struct request *req, const char *field);
/* A {param} as a key; ERR_NOT_FOUND when it is not one. */
enum err request_id(struct ctx *cx, const struct request *req, size_t index, int64_t *ret_id) MUST_CHECK;
/* A cookie's value from a Cookie header; "" when absent. */
struct str cookie_find(struct str cookies, struct str name);

/*
 * Fills a form for showing: fields, and from the request the masked CSRF token, the fact id, and after a refusal what
 * was typed, with the words at their field. `values` (may be NULL) is what stands in it when nothing was typed.
 */
void request_form_view(const struct request *req, const struct field_table *fields, const void *values,
                       struct form_view *ret_form);
/*
 * A form's own fact id, from the page's: forms of one page are sent one after another, and each is a fact of its own.
 * `key` tells them apart.
 */
struct str request_form_id(struct arena *arena, const struct request *req, int64_t key);
/*
 * Fills `ret_form` (a struct of the table) from the request's values and keeps what was typed in *ret_typed, one per
 * field. ERR_INVALID with the field's name at the first field that does not fit. The router does this for route.form;
 * a handler may for the query of a list.
 */
enum err form_fill(struct ctx *cx, const struct request *req, const struct field_table *fields, void *ret_form,
                   struct str **ret_typed) MUST_CHECK;

/* A page around `body_markup`: fills page defaults (actor, csrf, now, notice, projector) and renders the layout. */
void response_page(struct ctx *cx, struct request *req, struct response *res, struct page *page,
                   struct safe_html body_markup);
void response_redirect(struct ctx *cx, struct response *res, struct url to, const char *notice, ...) PRINTF_LIKE(4, 5);
/* Sets one of the cookies that say who comes: Secure and __Host- with TLS, HttpOnly, SameSite=Lax. An empty value ends it. */
enum cookie { COOKIE_SESSION, COOKIE_LINK, COOKIE_LEARNER };
void response_cookie(struct ctx *cx, const struct request *req, struct response *res, enum cookie cookie,
                     struct str value, int64_t lives_s);
/* A file to be saved, never shown inside our pages. */
void response_file(struct response *res, struct str file_name, struct str content_type, struct str content);
/* A table as CSV (UTF-8 with BOM so that Excel reads it; cells that start like a formula are made inert text). */
void response_csv_begin(struct response *res, struct ctx *cx, struct str file_name);
void response_csv_cell(struct response *res, struct str text);
void response_csv_number(struct response *res, int64_t value);
void response_csv_end_row(struct response *res);
/* JSON by hand: a quoted, escaped string. The content type is response_json's. */
void response_json(struct response *res);
void json_put_str(struct buf *out, struct str text);

/*
 * Answers one request through the real router, without a socket: limits, permission, CSRF, form, handler, commit.
 * What the server does on its threads, tests do here on one. Reading runs on cx->db; a POST through app->writer, or
 * as a batch of one on app->store, or right here when the app has neither. What it returns is also in `res` as a page.
 */
enum err route_answer(struct ctx *cx, struct app *app, struct request *req, struct response *res) MUST_CHECK;

#endif
