#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>

enum { FILE_BLOCK = 256 * 1024, FILE_DIGEST_BYTES = FILE_DIGEST_HEX / 2 };

static enum err refuse(struct ctx *cx, const char *path, int why)
{
    return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerrordesc_np(why));
}

/* The next block, and after it the digest so far; 0 at the end, -1 with errno. */
static ssize_t take(struct ctx *cx, int fd, unsigned char *block, crypto_generichash_state *state)
{
    ssize_t got = cx->env->read(cx->env->state, fd, block, FILE_BLOCK);
    if (got > 0)
        crypto_generichash_update(state, block, (size_t)got);
    return got;
}

static bool put(struct ctx *cx, int fd, const unsigned char *at, size_t len)
{
    while (len > 0) {
        ssize_t n = cx->env->write(cx->env->state, fd, at, len);
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static void finish(crypto_generichash_state *state, struct file_seen *seen)
{
    unsigned char digest[FILE_DIGEST_BYTES];
    crypto_generichash_final(state, digest, sizeof digest);
    sodium_bin2hex(seen->hex, sizeof seen->hex, digest, sizeof digest);
}

enum err file_look(struct ctx *cx, const char *path, struct file_seen *ret_seen)
{
    unsigned char *block = arena_alloc(&cx->arena, FILE_BLOCK);
    int fd = cx->env->open(cx->env->state, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return refuse(cx, path, errno);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FILE_DIGEST_BYTES);
    struct file_seen seen = { 0 };
    ssize_t got = 1;
    while (got > 0) {
        got = take(cx, fd, block, &state);
        seen.bytes += got > 0 ? got : 0;
    }
    int why = errno;
    cx->env->close(cx->env->state, fd);
    if (got < 0)
        return refuse(cx, path, why);
    finish(&state, &seen);
    *ret_seen = seen;
    return OK;
}

enum err file_copy(struct ctx *cx, const char *from, const char *to, struct file_seen *ret_seen)
{
    const struct env *env = cx->env;
    unsigned char *block = arena_alloc(&cx->arena, FILE_BLOCK);
    int in = env->open(env->state, from, O_RDONLY | O_CLOEXEC, 0);
    if (in < 0)
        return refuse(cx, from, errno);
    int out = env->open(env->state, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FILE_DIGEST_BYTES);
    struct file_seen seen = { 0 };
    ssize_t got = out >= 0 ? 1 : -1;
    while (got > 0) {
        got = take(cx, in, block, &state);
        seen.bytes += got > 0 ? got : 0;
        if (got > 0 && !put(cx, out, block, (size_t)got))
            got = -1;
    }
    int why = errno;
    env->close(env->state, in);
    if (out >= 0 && env->close(env->state, out) != 0) {
        why = errno;
        got = -1;
    }
    if (got < 0)
        return refuse(cx, to, why);
    finish(&state, &seen);
    *ret_seen = seen;
    return OK;
}

enum err file_write(struct ctx *cx, const char *path, struct str text)
{
    const struct env *env = cx->env;
    int fd = env->open(env->state, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && put(cx, fd, (const unsigned char *)text.at, text.len);
    int why = errno;
    if (fd >= 0 && env->close(env->state, fd) != 0) {
        why = errno;
        written = false;
    }
    return written ? OK : refuse(cx, path, why);
}

enum err file_sync(struct ctx *cx, const char *path, int flags)
{
    const struct env *env = cx->env;
    int fd = env->open(env->state, path, flags | O_CLOEXEC, 0);
    bool synced = fd >= 0 && env->sync(env->state, fd) == 0;
    int why = errno;
    if (fd >= 0)
        env->close(env->state, fd);
    return synced ? OK : refuse(cx, path, why);
}

static enum err rename_and_sync(struct ctx *cx, const char *from, const char *to)
{
    if (cx->env->rename(cx->env->state, from, to) != 0)
        return refuse(cx, to, errno);
    struct str dir = str_from(to);
    while (dir.len > 0 && dir.at[dir.len - 1] != '/')
        dir.len--;
    return file_sync(cx, dir.len > 0 ? str_to_c(&cx->arena, dir) : ".", O_RDONLY | O_DIRECTORY);
}

enum err file_put_in_place(struct ctx *cx, const char *from, const char *to)
{
    TRY(file_sync(cx, from, O_RDWR));
    return rename_and_sync(cx, from, to);
}

enum err file_put_folder_in_place(struct ctx *cx, const char *from, const char *to)
{
    TRY(file_sync(cx, from, O_RDONLY | O_DIRECTORY));
    return rename_and_sync(cx, from, to);
}
