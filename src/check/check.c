#include "check/check.h"

#include <stdlib.h>
#include <string.h>

enum { CHECK_ARENA_BYTES = 64 << 20 };

static const struct actor nobody = { .kind = ACTOR_NOBODY };

int check_ctx_open(void **state)
{
    struct ctx *cx = calloc(1, sizeof *cx);
    if (!cx)
        return 1;
    cx->env = env_real();
    cx->actor = &nobody;
    cx->now = env_now(cx->env);
    arena_init(&cx->arena, cx->env, CHECK_ARENA_BYTES);
    *state = cx;
    return 0;
}

int check_ctx_close(void **state)
{
    struct ctx *cx = *state;
    arena_end(&cx->arena);
    free(cx);
    return 0;
}

void check_str_equal(struct str got, const char *expected, const char *file, int line)
{
    if (!str_eq(got, str_from(expected))) {
        print_error("got:      " STR_FMT "\nexpected: %s\n", STR_ARG(got), expected);
        _fail(file, line);
    }
}
