/* The whole walk of one request on one thread: for tests, and the shape that server.c spreads over its threads. */
#include "http/router.h"
#include "http/server.h"

static enum err walk_to_handler(struct exchange *ex)
{
    TRY(router_match(ex));
    TRY(router_admit(ex));
    TRY(router_fill(ex));
    if (router_has_prepare(ex))
        TRY(router_prepare(ex));
    return OK;
}

static enum err read_all(struct exchange *ex)
{
    TRY(walk_to_handler(ex));
    TRY(router_handle(ex));
    return ex->res->is_stream ? router_poll_stream(ex) : OK;
}

static enum err write_all(struct exchange *ex)
{
    TRY(walk_to_handler(ex));
    return router_handle(ex);
}

enum err route_answer(struct ctx *cx, struct app *app, struct request *req, struct response *res)
{
    const struct actor *caller = cx->actor;
    struct exchange ex = { .cx = cx, .req = req, .res = res };
    req->app = app;
    cx->fault = (struct fault){ .code = OK };
    response_clear(cx, res);
    ex.err = req->method == METHOD_GET ? read_all(&ex) : write_all(&ex);
    router_finish(&ex);
    cx->actor = caller; /* the exchange's own actor ends here */
    return ex.err;
}
