/*
 * replay: the facts of a store applied again, and what they made summed up in a digest. For check, rebuild and as-of.
 */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "store/engine.h"
#include "store/store.h"

/* An arena beside a context's own that can be emptied again and again; it ends with the context's arena, also when that
   is left by longjmp. The context shares everything else. */
struct ctx *replay_side_ctx(struct ctx *cx);

/* Applies the facts (after, upto] that `from` reads, in the job under way in `cx`. With `copy` they are also appended. */
struct replay {
    struct ctx *from;
    int64_t after;
    int64_t upto;
    bool copy;
    const struct str *without; /* rooms whose facts are passed over */
    size_t without_len;
    int64_t done;      /* how many so far, with those passed over */
    int64_t *progress; /* the same for another thread to read; may be NULL */
};
enum err replay_run(struct ctx *cx, void *replay) MUST_CHECK;

/* A private SQLite store with the facts of `store` up to that one. */
enum err replay_into_new(struct ctx *cx, struct store *store, int64_t upto, struct store **ret_store) MUST_CHECK;

/*
 * The tables that facts made: every table but store's own (fact, fact_private, store_*) and those whose name begins
 * with session, job_ or cache_, which are not facts. A room that keeps something which cannot be rebuilt from facts
 * must name its table so.
 */
enum err replay_tables(struct ctx *cx, struct str **ret_names, size_t *ret_len) MUST_CHECK;

/* One table row by row in the order of its key: every value with its type and length. */
enum err replay_digest_table(struct ctx *cx, struct str table, unsigned char ret_digest[FACT_HASH_BYTES]) MUST_CHECK;

#endif
