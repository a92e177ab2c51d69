/* plan/1 from anybody: whatever parses must be written out, read back and be the same, and its
 * checks must hold. */
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 64 * 1024 * 1024);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct plan plan = { 0 }, again = { 0 };
        struct plan_warnings warnings = { 0 };
        if (plan_parse(&cx, (struct str){ (const char *)bytes, len }, &plan) == OK) {
            struct str once = plan_format(&cx.arena, &plan);
            if (plan_check(&cx, &plan, &warnings) != OK || plan_parse(&cx, once, &again) != OK ||
                !str_eq(once, plan_format(&cx.arena, &again)))
                abort();
        }
    }
    arena_end(&cx.arena);
    return 0;
}
