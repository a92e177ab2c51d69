#include "http/call.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

struct call *call_new(const struct env *env)
{
    struct call *call = env_alloc(env, sizeof *call);
    if (!call)
        return NULL;
    memset(call, 0, offsetof(struct call, req));
    request_init(&call->req, NULL, METHOD_GET, STR(""));
    call->cx.env = env;
    call->spool_fd = -1;
    arena_init(&call->cx.arena, env, CALL_ARENA_BYTES);
    return call;
}

static void drop_spool(struct call *call)
{
    if (call->spool_fd >= 0)
        call->cx.env->close(call->cx.env->state, call->spool_fd);
    call->spool_fd = -1;
}

void call_free(struct call *call)
{
    const struct env *env = call->cx.env;
    drop_spool(call);
    arena_end(&call->cx.arena);
    env_free(env, call);
}

void call_reset(struct call *call, struct app *app)
{
    struct arena arena = call->cx.arena;
    drop_spool(call);
    arena_reset(&arena);
    arena.guard = NULL;
    memset(call, 0, offsetof(struct call, req));
    call->cx.env = app->env;
    call->cx.arena = arena;
    call->spool_fd = -1;
    call->head_len = 0;
    request_init(&call->req, app, METHOD_GET, STR(""));
    router_begin(&call->ex, &call->cx, &call->req, &call->res);
    response_clear(&call->cx, &call->res);
}

struct mapping {
    void *at;
    size_t len;
};

/* Unlinked from the start, so that a crash leaves nothing behind. */
static int open_spool(struct call *call)
{
    const struct app *app = call->req.app;
    const struct env *env = call->cx.env;
    if (!app->store)
        return -1;
    return env->open(env->state, str_to_c(&call->cx.arena, store_dir(app->store)), O_TMPFILE | O_RDWR, 0600);
}

/* False when memory ended. */
static bool make_room(struct call *call, size_t bytes)
{
    jmp_buf out;
    call->cx.arena.guard = &out;
    bool has_room = setjmp(out) == 0;
    if (has_room) {
        if (bytes > CALL_SPOOL_BYTES)
            call->spool_fd = open_spool(call);
        if (call->spool_fd < 0)
            call->body = arena_alloc(&call->cx.arena, bytes);
    }
    call->cx.arena.guard = NULL;
    return has_room;
}

enum err call_begin_body(struct call *call, size_t body_max)
{
    call->body_max = call->is_chunked ? body_max : (size_t)call->content_length;
    if (!make_room(call, call->body_max))
        return fail_detail(&call->cx, ERR_UNAVAILABLE, "no memory for a body of %zu bytes", call->body_max);
    return OK;
}

static bool write_all(struct call *call, const char *at, size_t len)
{
    const struct env *env = call->cx.env;
    while (len > 0) {
        ssize_t wrote = env->write(env->state, call->spool_fd, at, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

bool call_add_body(struct call *call, const char *at, size_t len)
{
    if (len > call->body_max - call->body_len)
        return false;
    if (call->spool_fd >= 0) {
        if (!write_all(call, at, len)) {
            call->body_failed = true;
            return false;
        }
    } else {
        memcpy(call->body + call->body_len, at, len);
    }
    call->body_len += len;
    return true;
}

static void unmap(void *what)
{
    struct mapping *mapping = what;
    if (mapping->at)
        munmap(mapping->at, mapping->len);
}

/* What unmaps it is in place before there is something to unmap. */
static struct mapping *new_mapping(struct call *call)
{
    jmp_buf out;
    struct mapping *volatile mapping = NULL;
    call->cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct mapping *made = ARENA_NEW(&call->cx.arena, struct mapping);
        arena_on_end(&call->cx.arena, unmap, made);
        mapping = made;
    }
    call->cx.arena.guard = NULL;
    return mapping;
}

enum err call_end_body(struct call *call)
{
    if (call->spool_fd < 0 || call->body_len == 0) {
        call->req.body = (struct str){ call->body ? call->body : "", call->body_len };
        return OK;
    }
    struct mapping *mapping = new_mapping(call);
    if (!mapping)
        return fail_detail(&call->cx, ERR_UNAVAILABLE, "no memory to map a body");
    void *at = mmap(NULL, call->body_len, PROT_READ, MAP_PRIVATE, call->spool_fd, 0);
    if (at == MAP_FAILED)
        return fail_detail(&call->cx, ERR_UNAVAILABLE, "a body of %zu bytes cannot be mapped: %s", call->body_len,
                           strerrorname_np(errno));
    *mapping = (struct mapping){ at, call->body_len };
    call->req.body = (struct str){ at, call->body_len };
    return OK;
}
