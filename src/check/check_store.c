#include "check/check_store.h"

#include <stdlib.h>
#include <string.h>

enum { CHECK_ARENA_BYTES = 256 << 20 };

static struct str tested_database(void)
{
    return str_from(getenv("DIEMCAU_TEST_DATABASE"));
}

bool check_is_postgresql(void)
{
    return tested_database().len > 0;
}

int check_store_open(void **state)
{
    return check_store_open_with(state, STR(""));
}

int check_store_open_with(void **state, struct str extra_schema)
{
    struct check_store *check = calloc(1, sizeof *check);
    if (!check)
        return 1;
    check->actor = (struct actor){ .kind = ACTOR_PROGRAM,
                                   .permissions = UINT64_MAX,
                                   .scope = { STR(""), STR("~") },
                                   .name = STR("Chương trình") };
    struct ctx *cx = &check->cx;
    cx->env = env_real();
    cx->actor = &check->actor;
    cx->now = env_now(cx->env);
    arena_init(&cx->arena, cx->env, CHECK_ARENA_BYTES);
    struct store_options options = { .env = cx->env, .database = tested_database(), .in_memory = true,
                                    .extra_schema = extra_schema };
    *state = check;
    if (store_open(cx, &options, &check->store) == OK && store_reader_open(cx, check->store, &cx->db) == OK)
        return 0;
    print_error("store_open: %s; %s\n", cx->fault.words, cx->fault.detail);
    check_store_close(state);
    return 1;
}

int check_store_close(void **state)
{
    struct check_store *check = *state;
    store_reader_close(check->cx.db);
    store_close(check->store);
    arena_end(&check->cx.arena);
    free(check);
    return 0;
}

enum err check_write(struct check_store *check, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    return store_write(&check->cx, check->store, run, what);
}

int64_t check_i64(struct check_store *check, struct sql *sql, struct db_bind bind)
{
    int64_t value = 0;
    enum err err = db_i64(&check->cx, sql, bind, &value);
    if (err != OK && err != ERR_NOT_FOUND)
        fail_msg("%s: %s; %s", sql->name, check->cx.fault.words, check->cx.fault.detail);
    return value;
}
