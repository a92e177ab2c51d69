/* The whole walk of one request on one thread: for tests, and the shape that connection.c spreads over threads. */
#include "http/router.h"
#include "http/server.h"
#include "store/db.h"

static enum err walk_to_handler(struct exchange *ex)
{
    router_match(ex);
    TRY(router_admit(ex));
    TRY(router_fill(ex));
    if (router_has_prepare(ex))
        TRY(router_prepare(ex));
    return OK;
}

static enum err read_all(struct exchange *ex)
{
    TRY(walk_to_handler(ex));
    if (ex->req->method == METHOD_POST)
        return OK;
    TRY(router_handle(ex));
    return ex->res->is_stream ? router_poll_stream(ex) : OK;
}

static enum err handle_job(struct ctx *cx, void *what)
{
    (void)cx; /* it is the exchange's own */
    return router_handle(what);
}

/* On the writer, as a batch of one, or right here when there is nothing to write to. */
static enum err write_all(struct exchange *ex)
{
    const struct app *app = ex->req->app;
    if (app->writer)
        return writer_wait(app->writer, ex->cx, handle_job, ex);
    if (app->store)
        return store_write(ex->cx, app->store, handle_job, ex);
    return router_handle(ex);
}

/* Inside one read transaction when there is a reader. */
static enum err reading(struct exchange *ex, enum err (*run)(struct exchange *ex))
{
    if (!ex->cx->db)
        return run(ex);
    TRY(db_read_begin(ex->cx));
    enum err err = run(ex);
    db_read_end(ex->cx);
    return err;
}

static enum err finish(struct exchange *ex)
{
    router_finish(ex);
    return OK;
}

enum err route_answer(struct ctx *cx, struct app *app, struct request *req, struct response *res)
{
    const struct actor *caller = cx->actor;
    struct db *reader = cx->db;
    struct exchange ex;
    router_begin(&ex, cx, req, res);
    req->app = app;
    cx->fault = (struct fault){ .code = OK };
    response_clear(cx, res);
    ex.err = reading(&ex, read_all);
    if (ex.err == OK && req->method == METHOD_POST)
        ex.err = write_all(&ex);
    cx->db = reader;
    if (reading(&ex, finish) != OK)
        router_finish(&ex); /* what can be said without reading */
    cx->actor = caller; /* the exchange's own actor ends here */
    return ex.err;
}
