/*
 * later: something small that a request leaves to be written and does not wait for: when a session was last seen, that a
 * list of people was read. A GET stays a GET: what the page shows does not depend on it, and when it cannot be written
 * the log says so.
 */
#ifndef HTTP_LATER_H
#define HTTP_LATER_H

#include "base/ctx.h"

struct app;

enum { LATER_BYTES_MAX = 128 };

/*
 * Runs `run` on the writer with a copy of `what` (at most LATER_BYTES_MAX, no pointers in it) and of the context's time
 * and actor, whose names are left out. `id` (NULL: none) is the fact's, so that the same may be left many times and is
 * recorded once. `name` is for the log.
 */
void later_write(struct ctx *cx, const struct app *app, const struct fact_id *id, const char *name,
                 enum err (*run)(struct ctx *cx, void *what),
                 const void *what, size_t bytes);

#endif
