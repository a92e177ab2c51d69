/*
 * arena: memory that is given out piece by piece and taken back all at once.
 *
 * One request, one arena. What is built while answering lives there and ends with it, so a room never frees.
 * An arena has a limit; going past it, or the machine having no memory, is a missing limit elsewhere and hands
 * control back to the boundary (arena_guard), which answers "busy". That is the program's one longjmp: never
 * allocate from an arena inside a callback of a foreign library.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/compiler.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;
struct arena_block;
struct arena_ending;

struct arena {
    const struct env *env;        /* where blocks come from */
    struct arena_block *block;    /* the newest block */
    struct arena_ending *endings; /* what must be given back, newest first */
    size_t used_bytes;            /* over all blocks */
    size_t limit_bytes;
    jmp_buf *guard; /* where to go when memory ends; NULL aborts the program */
};

/* An arena that takes nothing until the first allocation. */
void arena_init(struct arena *arena, const struct env *env, size_t limit_bytes);

/* Runs what was tied to the arena's end, last in first out, and gives every block back. May be used again after. */
void arena_end(struct arena *arena);

/* Like arena_end, but keeps one block for the next use: for loops that handle one thing after another. */
void arena_reset(struct arena *arena);

/* Zeroed memory aligned for any type; never NULL (see arena_guard). */
void *arena_alloc(struct arena *arena, size_t bytes);

/* The same for an array; an overflowing product counts as reaching the limit. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t item_bytes);

/* Calls end(what) when the arena ends or is reset. */
void arena_on_end(struct arena *arena, void (*end)(void *what), void *what);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_NEW_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/*
 * The boundary's side of the longjmp:
 *     jmp_buf out;
 *     arena.guard = &out;
 *     if (setjmp(out)) { ... memory ended: answer 503 ... }
 */

#endif
