#include "http/later.h"

#include "base/log.h"
#include "http/server.h"
#include "store/store.h"
#include "store/writer.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

enum { LATER_ARENA_BYTES = 64 * 1024 };

struct later {
    struct writer_job job;
    struct ctx cx;
    struct actor actor;
    const char *name;
    enum err (*run)(struct ctx *cx, void *what);
    alignas(max_align_t) unsigned char what[LATER_BYTES_MAX];
};

static enum err run_later(struct ctx *cx, void *what)
{
    struct later *later = what;
    return later->run(cx, later->what);
}

static void end_later(void *what, enum err err)
{
    struct later *later = what;
    const struct env *env = later->cx.env;
    if (err != OK)
        log_line(env, LOG_WARN, "later", "%s not written: %s; %s", later->name, later->cx.fault.words,
                 later->cx.fault.detail);
    arena_end(&later->cx.arena);
    env_free(env, later);
}

void later_write(struct ctx *cx, const struct app *app, const struct fact_id *id, const char *name,
                 enum err (*run)(struct ctx *cx, void *what),
                 const void *what, size_t bytes)
{
    assert(bytes <= LATER_BYTES_MAX);
    struct later *later = env_alloc(cx->env, sizeof *later);
    if (!later) {
        log_line(cx->env, LOG_WARN, "later", "%s not written: no memory", name);
        return;
    }
    memset(later, 0, sizeof *later);
    memcpy(later->what, what, bytes);
    later->name = name;
    later->run = run;
    later->cx.env = cx->env;
    later->cx.now = cx->now;
    if (id)
        later->cx.fact_id = *id;
    arena_init(&later->cx.arena, cx->env, LATER_ARENA_BYTES);
    later->actor = *cx->actor;
    later->actor.name = later->actor.role_name = later->actor.unit_name = STR("");
    later->actor.scope.path_lo = str_copy(&later->cx.arena, cx->actor->scope.path_lo);
    later->actor.scope.path_hi = str_copy(&later->cx.arena, cx->actor->scope.path_hi);
    later->cx.actor = &later->actor;
    later->job = (struct writer_job){ .run = run_later, .done = end_later, .what = later, .cx = &later->cx };
    if (!app->writer)
        end_later(later, store_write(&later->cx, app->store, run_later, later));
    else if (!writer_submit(app->writer, &later->job))
        end_later(later, fail(&later->cx, ERR_UNAVAILABLE, "%s", err_words(ERR_UNAVAILABLE)));
}
