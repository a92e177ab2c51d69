/*
 * ctx: what a request, a job or a test carries through the rooms. First argument of every function that can fail.
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/actor.h"
#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct db;       /* store/db.h: a connection, the writer's or a reader's */
struct fact_job; /* store/fact.h: the facts and counters of the job under way; only on the writer */

/* 128 bits made by whoever first knew the fact; all zero when none was sent. */
struct fact_id {
    unsigned char at[16];
};

struct ctx {
    struct arena arena;
    const struct env *env;
    struct db *db;
    const struct actor *actor; /* never NULL */
    int64_t now;               /* ms since 1970-01-01T00:00Z, one value for the whole request */
    struct fact_id fact_id;    /* what the form or device sent; the request's first fact gets it */
    struct fact_job *job;      /* NULL on a reader */
    struct fault fault;
};

#endif
