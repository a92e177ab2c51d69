/* A Cookie header from anybody: nothing in it passes for a notice or a token of ours. */
#include "http/router.h"
#include "http/server.h"

#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct app app = { .env = env_real() };
    struct ctx cx = { .env = env_real() };
    jmp_buf out;
    must(sodium_init() >= 0);
    env_random(app.env, app.secret, sizeof app.secret); /* nobody knows it */
    arena_init(&cx.arena, cx.env, 64 << 20);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct str cookies = { (const char *)bytes, len };
        struct str session = cookie_find(cookies, cookie_name(&app, COOKIE_SESSION));
        must(session.len == 0 || (session.at >= cookies.at && session.at + session.len <= cookies.at + cookies.len));
        struct str notice = cookie_find(cookies, notice_cookie_name(&app));
        must(notice_verify(&cx, &app, notice).len == 0);
        must(notice_verify(&cx, &app, cookies).len == 0);
        must(!csrf_matches(STR("0123456789abcdef0123456789abcdef"), session));
    }
    arena_end(&cx.arena);
    return 0;
}
