#include "base/env.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct clock_state {
    int64_t offset_ms; /* added to the machine's civil clock */
};

static int64_t real_now(void *state)
{
    const struct clock_state *clock_state = state;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + clock_state->offset_ms;
}

static int64_t real_monotonic(void *state)
{
    (void)state;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void real_random(void *state, void *ret_bytes, size_t len)
{
    (void)state;
    unsigned char *at = ret_bytes;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            abort(); /* no randomness means no session may be made: there is nothing sensible to go on with */
        }
        at += got;
        len -= (size_t)got;
    }
}

static void *real_alloc(void *state, size_t bytes)
{
    (void)state;
    return malloc(bytes);
}

static void real_free(void *state, void *at)
{
    (void)state;
    free(at);
}

static int real_open(void *state, const char *path, int flags, int mode)
{
    (void)state;
    return open(path, flags | O_CLOEXEC, mode);
}

static ssize_t real_read(void *state, int fd, void *at, size_t len)
{
    (void)state;
    return read(fd, at, len);
}

static ssize_t real_write(void *state, int fd, const void *at, size_t len)
{
    (void)state;
    return write(fd, at, len);
}

static int real_sync(void *state, int fd)
{
    (void)state;
    return fsync(fd);
}

static int real_close(void *state, int fd)
{
    (void)state;
    return close(fd);
}

static int real_rename(void *state, const char *from, const char *to)
{
    (void)state;
    return rename(from, to);
}

static int real_unlink(void *state, const char *path)
{
    (void)state;
    return unlink(path);
}

static int real_connect(void *state, const char *host, const char *port)
{
    (void)state;
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        errno = EHOSTUNREACH;
        return -1;
    }
    int fd = -1;
    for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next) {
        fd = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
        if (fd >= 0 && connect(fd, one->ai_addr, one->ai_addrlen) != 0) {
            int why = errno;
            close(fd);
            errno = why;
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

static struct clock_state true_clock;
static struct clock_state moved_clock;

#define REAL_ENV(clock_state)                                                                          \
    {                                                                                                  \
        .state = (clock_state), .now = real_now, .monotonic = real_monotonic, .random = real_random,   \
        .alloc = real_alloc, .free = real_free, .open = real_open, .read = real_read,                  \
        .write = real_write, .sync = real_sync, .close = real_close, .rename = real_rename,            \
        .unlink = real_unlink, .connect = real_connect,                                                \
    }

static const struct env real = REAL_ENV(&true_clock);
static const struct env moved = REAL_ENV(&moved_clock);

const struct env *env_real(void)
{
    return &real;
}

const struct env *env_real_at(int64_t starts_at)
{
    moved_clock.offset_ms = starts_at - real_now(&true_clock);
    return &moved;
}

int64_t env_now(const struct env *env)
{
    return env->now(env->state);
}

int64_t env_monotonic(const struct env *env)
{
    return env->monotonic(env->state);
}

void env_random(const struct env *env, void *ret_bytes, size_t len)
{
    env->random(env->state, ret_bytes, len);
}

void *env_alloc(const struct env *env, size_t bytes)
{
    return env->alloc(env->state, bytes);
}

void env_free(const struct env *env, void *at)
{
    env->free(env->state, at);
}
