/*
 * check_memory: memory that ends when a test says so, for env and for SQLite together, and that counts what is not given
 * back. One thread.
 */
#ifndef CHECK_CHECK_MEMORY_H
#define CHECK_CHECK_MEMORY_H

#include "base/env.h"

/* Before anything else uses SQLite. */
void check_memory_install(void);

/* An env like `real` whose memory is this one. */
struct env check_memory_env(const struct env *real);

/* The n-th allocation from now on fails, once; 0: none does. */
void check_memory_fail(int64_t n);
bool check_memory_has_failed(void);

/* Pieces given out and not given back: by env, and by SQLite. */
int64_t check_memory_env_pieces(void);
int64_t check_memory_sqlite_pieces(void);

#endif
