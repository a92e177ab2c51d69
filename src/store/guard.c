#include "store/guard.h"

#include "store/engine.h"

__attribute__((noinline)) enum err guard_run(struct ctx *cx, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    jmp_buf *outer = cx->arena.guard;
    jmp_buf out;
    cx->arena.guard = &out;
    enum err err = setjmp(out) == 0 ? run(cx, what)
                                    : fail_detail(cx, ERR_UNAVAILABLE, "memory ended at %zu bytes of %zu",
                                                  cx->arena.used_bytes, cx->arena.limit_bytes);
    cx->arena.guard = outer;
    return err;
}

enum err guard_read(struct ctx *cx, struct store *store, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct db *before = cx->db;
    struct db *db = NULL;
    TRY(store_reader_open(cx, store, &db));
    cx->db = db;
    enum err err = db_read_begin(cx);
    if (err == OK)
        err = guard_run(cx, run, what);
    db_read_end(cx);
    store_reader_close(db);
    cx->db = before;
    return err;
}
