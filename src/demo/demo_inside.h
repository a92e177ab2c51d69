/*
 * demo_inside: what the files of this room share; nobody else includes it.
 */
#ifndef DEMO_DEMO_INSIDE_H
#define DEMO_DEMO_INSIDE_H

#include "demo/demo.h"
#include "unit/unit.h"

struct demo {
    const struct demo_options *options;
    struct store *store;
    const struct env *env;
    struct arena *arena;
    struct unit nation, academy;
    struct str hash, strong_hash;
    struct buf accounts, players, officers;
    uint64_t random;
};

uint64_t demo_random(struct demo *demo);

/* Runs one job as `actor` at a moment of the story, in an arena of its own; what is read after sees it. */
enum err demo_write_as(struct ctx *cx, struct demo *demo, int64_t at, const struct actor *actor,
                       enum err (*run)(struct ctx *cx, void *what), void *what) MUST_CHECK;

int64_t demo_moment(int year, int month, int date, int hour, int minute);

/* The papers and what units did with them, from the first day to the demo's clock, in the order of time. */
enum err demo_tell_all(struct ctx *cx, struct demo *demo) MUST_CHECK;

/* A Word file of a heading and a few paragraphs: enough for Word to open. */
struct str demo_docx(struct arena *arena, struct str heading, const struct str *paragraphs, size_t len);

#endif
