#include "check/check.h"

#include <stdio.h>
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

static struct str read_whole(struct ctx *cx, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    struct buf text;
    buf_init(&text, &cx->arena);
    char part[4096];
    for (size_t len = fread(part, 1, sizeof part, file); len > 0; len = fread(part, 1, sizeof part, file))
        buf_put(&text, (struct str){ part, len });
    fclose(file);
    return buf_str(&text);
}

/* The next block of lines without blank ones and explanations; empty at the end. */
static struct str next_block(struct ctx *cx, struct str *rest)
{
    struct buf block;
    buf_init(&block, &cx->arena);
    while (rest->len > 0) {
        struct str line = str_cut(rest, '\n');
        if (str_starts(line, STR("# ")))
            continue;
        if (line.len == 0 && block.len > 0)
            break;
        if (line.len == 0)
            continue;
        if (block.len > 0)
            buf_put_char(&block, '\n');
        buf_put(&block, line);
    }
    return buf_str(&block);
}

size_t check_cases(struct ctx *cx, const char *path, void (*each)(struct ctx *cx, struct str in, struct str out))
{
    struct str rest = read_whole(cx, path);
    size_t cases = 0;
    for (;;) {
        struct str in = next_block(cx, &rest);
        struct str out = next_block(cx, &rest);
        if (in.len == 0)
            return cases;
        if (out.len == 0)
            fail_msg("%s: the last case says nothing of what must come out", path);
        each(cx, in, out);
        cases++;
    }
}
