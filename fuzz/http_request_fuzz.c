/*
 * What a socket may bring, through framing, routing, forms and the answer, without a socket. The first byte says into
 * how large pieces the rest is cut; the pieces must not change what is understood. Each answer must be one answer: no
 * text of a request may end its headers early or add one.
 */
#include "http/intake.h"
#include "http/wire.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { ANSWERS_MAX = 16 };

/* What was understood: for comparing whole input with the same in pieces. */
struct story {
    int statuses[ANSWERS_MAX];
    size_t body_lens[ANSWERS_MAX];
    int len;
    bool ends_badly;
};

struct said_form {
    struct str words;
    int64_t number;
};
static const struct field said_fields[] = {
    { "words", "Lời", FIELD_LINES, FIELD_OF(struct said_form, words), .required = true },
    { "number", "Số", FIELD_I64, FIELD_OF(struct said_form, number) },
};

static enum err show(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    res->content_type = STR("text/plain");
    for (size_t i = 0; i < req->params_len; i++)
        buf_put(&res->body, req->params[i]);
    res->file_name = request_value(req, "ten");
    return OK;
}

static enum err take(struct ctx *cx, struct request *req, struct response *res)
{
    const struct said_form *form = req->form;
    res->location = form ? form->words : request_value(req, "words");
    res->notice = res->location;
    (void)cx;
    return OK;
}

/* clang-format off */
static const struct route rows[] = {
    { METHOD_GET,  STR_INIT("/"),        PERMISSION_PUBLIC, show, NO_FORM },
    { METHOD_GET,  STR_INIT("/{ten}"),   PERMISSION_PUBLIC, show, NO_FORM },
    { METHOD_POST, STR_INIT("/noi"),     PERMISSION_PUBLIC, take, FIELD_TABLE(struct said_form, said_fields),
      .flags = ROUTE_NO_CSRF, .body_max = 2000, .again = show },
    { METHOD_POST, STR_INIT("/gui"),     PERMISSION_PUBLIC, take, NO_FORM, .flags = ROUTE_NO_CSRF | ROUTE_FILE },
};
/* clang-format on */
static const struct route_table rooms[] = { { rows, LEN(rows) } };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void walk(struct call *call)
{
    struct exchange *ex = &call->ex;
    if (!call->req.route)
        router_match(ex);
    if (router_admit(ex) != OK || router_fill(ex) != OK)
        return;
    enum err ignored = router_handle(ex);
    (void)ignored; /* it stands in ex->err */
}

static void answer(struct wire *wire, struct call *call, struct story *story)
{
    if (call->method == CALL_OTHER || call->has_bad_expect) {
        story->ends_badly = true;
        return;
    }
    must(call_end_body(call) == OK);
    must(call->req.body.len == call->body_len && call->body_len <= REQUEST_BODY_BYTES);
    walk(call);
    router_finish(&call->ex);
    struct wire_answer whole = wire_answer(wire, call, call->keeps_alive);
    must(call->res.status >= 200 && call->res.status < 600);
    must(str_ends(whole.head, STR("\r\n\r\n")));
    must(str_find(whole.head, STR("\r\n\r\n")) == whole.head.len - 4);
    size_t lines = 0;
    for (size_t i = 0; i < whole.head.len; i++)
        lines += whole.head.at[i] == '\n';
    must(lines <= 20);
    if (story->len < ANSWERS_MAX) {
        story->statuses[story->len] = call->res.status;
        story->body_lens[story->len] = call->body_len;
        story->len++;
    }
}

/* As connection.c does; false when the connection is over. */
static bool step(struct wire *wire, struct intake *intake, struct str *piece, struct story *story)
{
    struct call *call = intake->call;
    switch (intake_feed(intake, piece)) {
    case INTAKE_MORE:
        return true;
    case INTAKE_HEAD:
        if (call->method == CALL_POST && router_match(&call->ex) &&
            call->content_length <= call->ex.body_max && call_begin_body(call, call->ex.body_max) == OK)
            return true;
        break;
    case INTAKE_DONE:
        answer(wire, call, story);
        bool goes_on = call->keeps_alive && !story->ends_badly;
        call_reset(call, call->req.app);
        intake_next(intake, call);
        return goes_on;
    case INTAKE_BAD:
        must(intake->status >= 400);
        break;
    }
    story->ends_badly = true;
    return false;
}

static struct story tell(struct app *app, struct wire *wire, struct str text, size_t piece_len)
{
    static struct intake intake;
    struct story story = { .len = 0 };
    struct call *call = call_new(app->env);
    must(call != NULL);
    call_reset(call, app);
    intake_init(&intake);
    intake_next(&intake, call);
    bool goes_on = true;
    while (goes_on && text.len > 0) {
        struct str piece = str_sub(text, 0, piece_len);
        text = str_sub(text, piece.len, SIZE_MAX);
        while (goes_on && piece.len > 0)
            goes_on = step(wire, &intake, &piece, &story);
    }
    call_free(call);
    return story;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct wire wire;
    static struct app app;
    if (!app.env) {
        app = (struct app){ .env = env_real(), .rooms = rooms, .rooms_len = LEN(rooms) };
        must(wire_open(&wire, app.env, true));
    }
    if (len < 1)
        return 0;
    struct str text = { (const char *)bytes + 1, len - 1 };
    struct story whole = tell(&app, &wire, text, SIZE_MAX);
    struct story pieces = tell(&app, &wire, text, 1 + (size_t)bytes[0]);
    must(whole.len == pieces.len && whole.ends_badly == pieces.ends_badly);
    must(memcmp(whole.statuses, pieces.statuses, sizeof whole.statuses) == 0);
    must(memcmp(whole.body_lens, pieces.body_lens, sizeof whole.body_lens) == 0);
    return 0;
}
