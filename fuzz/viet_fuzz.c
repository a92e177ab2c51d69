/* Any bytes as text: each form, made of itself, is itself; names lose nothing but blanks between
 * split and join. */
#include "base/ctx.h"
#include "viet/viet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

typedef struct str (*form)(struct arena *arena, struct str text);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const form forms[] = { viet_nfc, viet_clean, viet_fold, viet_tone_key, viet_lower };
    struct arena arena;
    jmp_buf out;
    arena_init(&arena, env_real(), 256 * 1024 * 1024);
    arena.guard = &out;
    if (setjmp(out) == 0) {
        struct str text = { (const char *)bytes, len };
        for (size_t i = 0; i < LEN(forms); i++) {
            struct str once = forms[i](&arena, viet_nfc(&arena, text));
            if (!str_is_utf8(once) && str_find(once, (struct str){ "", 1 }) == once.len)
                abort();
            if (!str_eq(forms[i](&arena, once), once))
                abort();
        }
        struct viet_name name = viet_name_split(&arena, viet_clean(&arena, text));
        struct str full = viet_name_join(&arena, &name);
        if (viet_sort_key(&arena, name.given, name.family, name.middle).len < 3 ||
            full.len > len * 3 + 16)
            abort();
        int64_t number = 0;
        if (viet_number_parse(text, &number) && viet_number_words(&arena, number).len == 0)
            abort();
    }
    arena_end(&arena);
    return 0;
}
