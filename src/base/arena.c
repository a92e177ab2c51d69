#include "base/arena.h"

#include "base/env.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 16 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char at[];
};

struct arena_ending {
    struct arena_ending *older;
    void (*end)(void *what);
    void *what;
};

void arena_init(struct arena *arena, const struct env *env, size_t limit_bytes)
{
    *arena = (struct arena){ .env = env, .limit_bytes = limit_bytes };
}

NORETURN static void give_up(const struct arena *arena)
{
    if (!arena->guard)
        abort();
    longjmp(*arena->guard, 1);
}

static struct arena_block *new_block(struct arena *arena, size_t bytes)
{
    size_t size = bytes > ARENA_BLOCK_BYTES / 4 ? bytes : ARENA_BLOCK_BYTES;
    if (size > SIZE_MAX - sizeof(struct arena_block))
        give_up(arena);
    struct arena_block *block = env_alloc(arena->env, sizeof *block + size);
    if (!block)
        give_up(arena);
    block->size = size;
    block->used = 0;
    /* A big piece gets a block of its own behind the current one, whose free space stays in use. */
    if (arena->block && size != ARENA_BLOCK_BYTES) {
        block->older = arena->block->older;
        arena->block->older = block;
    } else {
        block->older = arena->block;
        arena->block = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        give_up(arena);
    size_t rounded = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (arena->limit_bytes - arena->used_bytes < rounded)
        give_up(arena);
    struct arena_block *block = arena->block;
    if (!block || block->size - block->used < rounded)
        block = new_block(arena, rounded);
    void *at = block->at + block->used;
    block->used += rounded;
    arena->used_bytes += rounded;
    memset(at, 0, rounded);
    return at;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t item_bytes)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, item_bytes, &bytes))
        give_up(arena);
    return arena_alloc(arena, bytes);
}

void arena_on_end(struct arena *arena, void (*end)(void *what), void *what)
{
    struct arena_ending *ending = ARENA_NEW(arena, struct arena_ending);
    *ending = (struct arena_ending){ .older = arena->endings, .end = end, .what = what };
    arena->endings = ending;
}

static void run_endings(struct arena *arena)
{
    while (arena->endings) {
        struct arena_ending *ending = arena->endings;
        arena->endings = ending->older;
        ending->end(ending->what);
    }
}

static void free_blocks(struct arena *arena, struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        env_free(arena->env, block);
        block = older;
    }
}

void arena_end(struct arena *arena)
{
    run_endings(arena);
    free_blocks(arena, arena->block);
    arena->block = NULL;
    arena->used_bytes = 0;
}

void arena_reset(struct arena *arena)
{
    run_endings(arena);
    struct arena_block *kept = arena->block;
    if (kept && kept->size == ARENA_BLOCK_BYTES) {
        free_blocks(arena, kept->older);
        kept->older = NULL;
        kept->used = 0;
    } else {
        free_blocks(arena, kept);
        arena->block = NULL;
    }
    arena->used_bytes = 0;
}
