/* An upload from anybody. The first line is the Content-Type, the rest the body; what comes out lies inside the body. */
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_lie_in(struct str part, struct str whole)
{
    must(part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct request req;
    struct ctx cx = { .env = env_real() };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 64 << 20);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct str rest = { (const char *)bytes, len };
        request_init(&req, NULL, METHOD_POST, STR("/"));
        req.content_type = str_cut(&rest, '\n');
        req.body = rest;
        if (multipart_parse(&cx, &req) == OK) {
            must(req.files_len <= REQUEST_FILES_MAX && req.values_len <= REQUEST_VALUES_MAX);
            for (size_t i = 0; i < req.files_len; i++) {
                must_lie_in(req.files[i].content, req.body);
                must(str_is_utf8(req.files[i].name) && str_is_utf8(req.files[i].field));
                must(str_find(req.files[i].name, STR("/")) == req.files[i].name.len);
                must(str_find(req.files[i].name, STR("\\")) == req.files[i].name.len);
            }
            for (size_t i = 0; i < req.values_len; i++)
                must(str_is_utf8(req.values[i].value));
        }
    }
    arena_end(&cx.arena);
    return 0;
}
