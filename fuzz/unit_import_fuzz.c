/* The statistics office's list from anybody: whatever is read must be written out and read back the
 * same. */
#include "unit/unit_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 256 * 1024 * 1024);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct unit_import import = { .len = 0 }, again = { .len = 0 };
        if (unit_import_read(&cx, (struct str){ (const char *)bytes, len }, &import) == OK) {
            struct str once = unit_import_write(&cx.arena, &import);
            if (unit_import_read(&cx, once, &again) != OK || again.len != import.len ||
                !str_eq(once, unit_import_write(&cx.arena, &again)))
                abort();
        }
    }
    arena_end(&cx.arena);
    return 0;
}
