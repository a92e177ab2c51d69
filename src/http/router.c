#include "http/router.h"

#include "base/log.h"
#include "http/multipart.h"
#include "http/server.h"

#include <string.h>

/* Memory that ends (or an arena at its limit) comes back here and nowhere else. */
static enum err guarded(struct exchange *ex, enum err (*step)(struct exchange *ex))
{
    jmp_buf out;
    jmp_buf *outer = ex->cx->arena.guard;
    ex->cx->arena.guard = &out;
    if (setjmp(out) == 0)
        ex->err = step(ex);
    else
        ex->err = fail_detail(ex->cx, ERR_UNAVAILABLE, "the request's memory ended");
    ex->cx->arena.guard = outer;
    return ex->err;
}

void router_begin(struct exchange *ex, struct ctx *cx, struct request *req, struct response *res)
{
    *ex = (struct exchange){ .cx = cx, .req = req, .res = res, .actor = { .kind = ACTOR_NOBODY } };
    cx->actor = &ex->actor;
}

/* --- who comes --- */

static void read_cookies(struct exchange *ex)
{
    struct request *req = ex->req;
    struct str bearer = req->authorization;
    if (str_starts(bearer, STR("Bearer ")))
        req->bearer = str_trim(str_sub(bearer, sizeof "Bearer " - 1, SIZE_MAX));
    if (req->bearer.len > 0) {
        /* A token and a cookie in one request: the token alone counts, so that neither lends the other its rights. */
        req->cookie = STR("");
        req->link_cookie = STR("");
        req->learner_cookie = STR("");
        return;
    }
    if (req->cookies.len == 0)
        return;
    req->cookie = cookie_find(req->cookies, cookie_name(req->app, COOKIE_SESSION));
    req->link_cookie = cookie_find(req->cookies, cookie_name(req->app, COOKIE_LINK));
    req->learner_cookie = cookie_find(req->cookies, cookie_name(req->app, COOKIE_LEARNER));
    if (req->method == METHOD_GET)
        req->notice = notice_verify(ex->cx, req->app, cookie_find(req->cookies, notice_cookie_name(req->app)));
}

/*
 * Without the permission, a page about one thing does not exist; what the program can do at all (its fixed pages and
 * its actions) is no secret, and there the person is told that the permission is missing.
 */
static enum err refuse(struct exchange *ex)
{
    const struct request *req = ex->req;
    if (ex->actor.kind == ACTOR_NOBODY)
        return fail(ex->cx, ERR_UNKNOWN_ACTOR, "%s", err_words(ERR_UNKNOWN_ACTOR));
    if (req->method == METHOD_GET && req->params_len > 0)
        return fail(ex->cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    return fail(ex->cx, ERR_FORBIDDEN, "%s", err_words(ERR_FORBIDDEN));
}

/* One call for both: each asks the kernel for random bytes. */
static void make_page_keys(struct exchange *ex)
{
    struct request *req = ex->req;
    unsigned char bytes[CSRF_SECRET_BYTES + 16];
    env_random(ex->cx->env, bytes, sizeof bytes);
    ex->csrf_secret = req->csrf;
    req->csrf = csrf_mask(ex->cx, req->csrf, bytes);
    req->fact_id = str_from_bytes_hex(&ex->cx->arena, bytes + CSRF_SECRET_BYTES, 16);
}

static bool may(const struct exchange *ex)
{
    enum permission permission = ex->req->route->permission;
    return permission == PERMISSION_PUBLIC || actor_may(&ex->actor, permission);
}

static enum err admit(struct exchange *ex)
{
    struct request *req = ex->req;
    const struct gate *gate = &req->app->gate;
    for (size_t i = 0; i < req->params_len; i++)
        TRY(request_decode(ex->cx, req->params[i], false, &req->params[i]));
    read_cookies(ex);
    bool takes_token = req->route && (req->route->flags & ROUTE_TOKEN);
    if (req->route && req->bearer.len > 0 && !takes_token)
        return refuse(ex);
    if (gate->identify && (req->route || req->bearer.len == 0))
        TRY(gate->identify(ex->cx, req, &ex->actor));
    if (req->bearer.len == 0)
        make_page_keys(ex);
    if (!req->route)
        return fail(ex->cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    return may(ex) ? OK : refuse(ex);
}

enum err router_admit(struct exchange *ex)
{
    return guarded(ex, admit);
}

/* --- what was sent --- */

static bool is_type(struct str content_type, struct str wanted)
{
    struct str type = str_trim(str_cut(&content_type, ';'));
    if (type.len != wanted.len)
        return false;
    for (size_t i = 0; i < type.len; i++)
        if ((type.at[i] | 0x20) != (wanted.at[i] | 0x20))
            return false;
    return true;
}

static enum err parse_body(struct exchange *ex)
{
    struct request *req = ex->req;
    if (req->body.len > ex->body_max)
        return fail(ex->cx, ERR_LIMIT, "Nội dung gửi lên quá lớn, tối đa %zu KB", ex->body_max / 1024);
    if (req->body.len == 0)
        return OK;
    if (is_type(req->content_type, STR("application/x-www-form-urlencoded")))
        return request_parse_values(ex->cx, req, req->body);
    if ((req->route->flags & ROUTE_FILE) && is_type(req->content_type, STR("multipart/form-data")))
        return multipart_parse(ex->cx, req);
    if ((req->route->flags & ROUTE_JSON) && is_type(req->content_type, STR("application/json")))
        return OK;
    return fail(ex->cx, ERR_INVALID, "Kiểu nội dung gửi lên không dùng được ở đây, xin gửi bằng biểu mẫu của trang");
}

static enum err check_csrf(struct exchange *ex)
{
    const struct request *req = ex->req;
    if (req->bearer.len > 0)
        return OK; /* no browser adds a token by itself */
    /* A page of another site can send neither: the form's value it does not know, and a header of its own choosing a
       browser lets it send only with our leave, which nobody gets. */
    struct str sent = request_value(req, "csrf");
    bool is_known = (req->route->flags & ROUTE_NO_CSRF) ||
                    csrf_matches(ex->csrf_secret, sent.len > 0 ? sent : req->csrf_header);
    if (!is_known || !origin_is_ours(req))
        return fail(ex->cx, ERR_FORBIDDEN,
                    "Trang đã mở quá lâu hoặc phiên làm việc đã đổi; xin tải lại trang rồi gửi lại");
    return OK;
}

static enum err take_fact_id(struct exchange *ex)
{
    struct str sent = request_value(ex->req, "fact_id");
    if (sent.len == 0)
        return OK;
    if (!str_to_bytes_hex(sent, ex->cx->fact_id.at, sizeof ex->cx->fact_id.at))
        return fail(ex->cx, ERR_INVALID, "Biểu mẫu gửi lên bị hỏng, xin tải lại trang rồi gửi lại");
    ex->req->fact_id = sent; /* a refused form is shown again under its own id: nothing was recorded under it */
    return OK;
}

static enum err fill(struct exchange *ex)
{
    struct request *req = ex->req;
    if (req->method == METHOD_GET) {
        TRY(request_parse_values(ex->cx, req, req->query));
        req->is_projector = str_eq(request_value(req, "chieu"), STR("1"));
    } else {
        TRY(parse_body(ex));
        TRY(check_csrf(ex));
        TRY(take_fact_id(ex));
    }
    const struct field_table *form = &req->route->form;
    if (form->len == 0)
        return OK;
    void *into = arena_alloc(&ex->cx->arena, form->struct_bytes);
    TRY(form_fill(ex->cx, req, form, into, &req->typed));
    req->form = into;
    return OK;
}

enum err router_fill(struct exchange *ex)
{
    return guarded(ex, fill);
}

/* --- what is done --- */

bool router_has_prepare(const struct exchange *ex)
{
    return ex->req->route->prepare != NULL;
}

static enum err prepare(struct exchange *ex)
{
    return ex->req->route->prepare(ex->cx, ex->req, ex->res);
}

enum err router_prepare(struct exchange *ex)
{
    response_clear(ex->cx, ex->res);
    return guarded(ex, prepare);
}

static enum err handle(struct exchange *ex)
{
    return ex->req->route->handler(ex->cx, ex->req, ex->res);
}

enum err router_handle(struct exchange *ex)
{
    response_clear(ex->cx, ex->res);
    ex->cx->fault.code = OK;
    return guarded(ex, handle);
}

/* --- what is answered --- */

/* Only what the person can mend in the form itself; everything else has its own page. */
static bool may_show_again(const struct exchange *ex)
{
    return ex->req->route && ex->req->route->again && ex->req->method == METHOD_POST && !ex->req->wants_json &&
           (ex->err == ERR_INVALID || ex->err == ERR_CONFLICT || ex->err == ERR_TOO_MANY) && ex->req->typed;
}

bool router_needs_reader(const struct exchange *ex)
{
    return may_show_again(ex);
}

static bool is_page_for_the_signed_in(const struct exchange *ex)
{
    const struct request *req = ex->req;
    return ex->err == ERR_UNKNOWN_ACTOR && req->method == METHOD_GET && !req->wants_json && req->bearer.len == 0 &&
           req->app->gate.sign_in_path.len > 0 && !(req->route && req->route->flags & ROUTE_STREAM);
}

static enum err send_to_sign_in(struct exchange *ex)
{
    struct ctx *cx = ex->cx;
    const struct request *req = ex->req;
    struct buf to;
    buf_init(&to, &cx->arena);
    buf_put(&to, req->path);
    if (req->query.len > 0)
        buf_format(&to, "?" STR_FMT, STR_ARG(req->query));
    response_clear(cx, ex->res);
    ex->res->location = str_format(&cx->arena, STR_FMT "?tiep=" STR_FMT, STR_ARG(req->app->gate.sign_in_path),
                                   STR_ARG(url_encode(&cx->arena, buf_str(&to))));
    return OK;
}

static enum err show_again(struct exchange *ex)
{
    ex->refused = ex->cx->fault;
    ex->req->refused = &ex->refused;
    struct str cookie = ex->res->set_cookie;
    response_clear(ex->cx, ex->res);
    ex->res->set_cookie = cookie;
    TRY(ex->req->route->again(ex->cx, ex->req, ex->res));
    ex->res->status = err_http_status(ex->refused.code);
    return OK;
}

/* Logs what the person is not told, and returns the code that leads from their page to this line. */
static struct str log_fault(struct exchange *ex)
{
    const struct request *req = ex->req;
    unsigned char bytes[3];
    if (ex->err != ERR_SYSTEM && ex->cx->fault.detail[0] == '\0')
        return STR("");
    env_random(ex->cx->env, bytes, sizeof bytes);
    char code[8]; /* not from the arena, which may be what ended */
    snprintf(code, sizeof code, "%02x%02x%02x", (unsigned)bytes[0], (unsigned)bytes[1], (unsigned)bytes[2]);
    /* The pattern, not the path: a personal link's path is a secret. */
    struct str where = req->route ? req->route->pattern : STR("-");
    log_line(ex->cx->env, LOG_ERROR, "request", "%s " STR_FMT " %s code=%s %s",
             req->method == METHOD_GET ? "GET" : "POST", STR_ARG(where), err_name(ex->err), code,
             ex->cx->fault.detail);
    return str_copy(&ex->cx->arena, str_from(code));
}

static enum err finish_fault(struct exchange *ex)
{
    enum err why = ex->err;
    struct str code = log_fault(ex);
    if (is_page_for_the_signed_in(ex))
        return send_to_sign_in(ex);
    if (may_show_again(ex)) {
        if (show_again(ex) == OK)
            return OK;
        ex->cx->fault = ex->refused;
        ex->req->refused = NULL;
    }
    struct fault fault = ex->cx->fault;
    response_fault(ex->cx, ex->req, ex->res, &fault, err_http_status(why), code);
    return OK;
}

static void put_done_json(struct response *res)
{
    response_json(res);
    buf_put(&res->body, STR("{\"location\":"));
    json_put_str(&res->body, res->location);
    buf_put(&res->body, STR(",\"notice\":"));
    json_put_str(&res->body, res->notice);
    buf_put_char(&res->body, '}');
    res->status = 200;
    res->location = STR("");
    res->notice = STR("");
}

/* A stream asked for as JSON, or without a socket, is answered once with what the board says now. */
static enum err answer_stream_once(struct exchange *ex)
{
    struct response *res = ex->res;
    const struct app *app = ex->req->app;
    if (!app->render_live)
        return fail(ex->cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    response_json(res);
    TRY(app->render_live(ex->cx, res->stream_unit_id, res->stream_subject_id, &res->body));
    res->is_stream = false;
    return OK;
}

static enum err finish(struct exchange *ex)
{
    struct response *res = ex->res;
    if (ex->err != OK)
        TRY(finish_fault(ex));
    else if (res->location.len > 0 && ex->req->wants_json)
        put_done_json(res);
    if (res->notice.len > 0 && res->location.len > 0)
        res->notice_cookie = notice_sign(ex->cx, ex->req->app, res->notice);
    if (ex->req->bearer.len > 0) {
        res->set_cookie = STR("");
        res->notice_cookie = STR("");
    }
    if (res->status == 0)
        res->status = res->location.len > 0 ? 303 : 200;
    return OK;
}

/* Built without memory: for when there is none left to say so in a page. */
static void answer_bare(struct response *res)
{
    static char words[] = "Hệ thống đang bận, xin thử lại sau ít phút";
    *res = (struct response){ .status = 503, .content_type = STR_INIT("text/plain; charset=utf-8") };
    res->body = (struct buf){ .at = words, .len = sizeof words - 1, .room = sizeof words };
}

enum err router_poll_stream(struct exchange *ex)
{
    return guarded(ex, answer_stream_once);
}

void router_finish(struct exchange *ex)
{
    enum err err = ex->err;
    if (guarded(ex, finish) != OK) {
        answer_bare(ex->res);
        err = err == OK ? ERR_UNAVAILABLE : err;
    }
    ex->err = err;
    ex->is_finished = true;
}
