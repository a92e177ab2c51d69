/* An address from anybody: the index and a walk over all rows must find the same row and the same parameters. */
#include "http/router.h"
#include "http/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static enum err answer(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    (void)req;
    (void)res;
    return OK;
}

/* clang-format off */
static const struct route rows[] = {
    { METHOD_GET, STR_INIT("/"),                      PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/van-ban"),               PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/van-ban/moi"),           PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/van-ban/{id}"),          PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/van-ban/{id}/{muc}"),    PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/van-ban/{id}/tai-lieu"), PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/{a}/{b}/{c}/{d}"),       PERMISSION_PUBLIC, answer, NO_FORM },
    { METHOD_GET, STR_INIT("/{ten}"),                 PERMISSION_PUBLIC, answer, NO_FORM },
};
/* clang-format on */
static const struct route_table rooms[] = { { rows, LEN(rows) } };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool find(struct ctx *cx, struct app *app, struct str path, struct request *req)
{
    struct response res = { .status = 0 };
    struct exchange ex;
    router_begin(&ex, cx, req, &res);
    request_init(req, app, METHOD_GET, path);
    return router_match(&ex);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct request walked;
    static struct request indexed;
    struct app app = { .env = env_real(), .rooms = rooms, .rooms_len = LEN(rooms) };
    struct ctx cx = { .env = env_real() };
    struct str path = { (const char *)bytes, len };
    arena_init(&cx.arena, cx.env, 64 << 20);
    bool by_walk = find(&cx, &app, path, &walked);
    app.index = route_index_make(app.env, rooms, LEN(rooms));
    bool by_index = find(&cx, &app, path, &indexed);
    route_index_free(app.env, app.index);
    must(by_walk == by_index && walked.route == indexed.route && walked.params_len == indexed.params_len);
    for (size_t i = 0; i < walked.params_len; i++) {
        struct str decoded;
        must(str_eq(walked.params[i], indexed.params[i]) && walked.params[i].len > 0);
        if (request_decode(&cx, walked.params[i], false, &decoded) == OK)
            must(str_is_utf8(decoded));
    }
    arena_end(&cx.arena);
    return 0;
}
