/*
 * env: the world outside the program, behind one table.
 *
 * Time, randomness, files, memory and outgoing connections are reached through here only, so that a test can run
 * the real code with a clock that jumps, a disk that fails and a memory that ends (see check/ for such tables).
 * SQLite's own disk access goes through an sqlite3_vfs that the table names.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct env {
    void *state; /* handed to every function below */

    int64_t (*now)(void *state);       /* civil time, milliseconds since 1970-01-01T00:00Z */
    int64_t (*monotonic)(void *state); /* microseconds from an arbitrary start, never backwards */
    void (*random)(void *state, void *ret_bytes, size_t len); /* unpredictable bytes; cannot fail */

    void *(*alloc)(void *state, size_t bytes); /* NULL when there is none */
    void (*free)(void *state, void *at);

    /* Files, as in POSIX: -1 with errno on failure. */
    int (*open)(void *state, const char *path, int flags, int mode);
    ssize_t (*read)(void *state, int fd, void *at, size_t len);
    ssize_t (*write)(void *state, int fd, const void *at, size_t len);
    int (*sync)(void *state, int fd);
    int (*close)(void *state, int fd);
    int (*rename)(void *state, const char *from, const char *to);
    int (*unlink)(void *state, const char *path);

    /* An outgoing stream connection to host:port, -1 with errno on failure. */
    int (*connect)(void *state, const char *host, const char *port);

    const char *sqlite_vfs; /* name of the VFS to open databases with; NULL is SQLite's own */
};

/* The real world. Never freed. */
const struct env *env_real(void);

/* The real world with its civil clock moved: it starts at `starts_at` (ms) now and runs on. For --clock. */
const struct env *env_real_at(int64_t starts_at);

int64_t env_now(const struct env *env);
int64_t env_monotonic(const struct env *env);
void env_random(const struct env *env, void *ret_bytes, size_t len);
void *env_alloc(const struct env *env, size_t bytes);
void env_free(const struct env *env, void *at);

#endif
