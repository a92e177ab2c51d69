/*
 * guard: where store itself holds something that no arena gives back (a connection, a lock, a store half open), it may
 * not be left by the arena's longjmp. These are the boundary's side of that jump.
 */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "store/store.h"

/* Runs it; when the arena's memory ends inside, comes back with ERR_UNAVAILABLE. */
enum err guard_run(struct ctx *cx, enum err (*run)(struct ctx *cx, void *what), void *what) MUST_CHECK;

/* Runs it with a reader of `store` as cx->db, all in one moment of the database, and gives the reader back. */
enum err guard_read(struct ctx *cx, struct store *store, enum err (*run)(struct ctx *cx, void *what), void *what)
    MUST_CHECK;

#endif
