/*
 * check_store: a store for the tests of all rooms, on the engine that the environment variable DIEMCAU_TEST_DATABASE
 * names: nothing for SQLite in a folder of its own, postgresql://... for that server, in a schema of its own.
 */
#ifndef CHECK_CHECK_STORE_H
#define CHECK_CHECK_STORE_H

#include "check/check.h"
#include "store/db.h"
#include "store/fact.h"
#include "store/store.h"

struct check_store {
    struct ctx cx; /* a reader's context: cx.db is a reader, the actor is the program with every permission */
    struct store *store;
    struct actor actor;
};

/* Setup and teardown: *state is a struct check_store. Register the kinds of facts before. */
int check_store_open(void **state);
/* The same with tables that no migration makes (store_options.extra_schema). */
int check_store_open_with(void **state, struct str extra_schema);
int check_store_close(void **state);

/* Runs `run` on the writer as one batch, with the context's actor, fact_id and arena; cx.fault has the words. */
enum err check_write(struct check_store *check, enum err (*run)(struct ctx *cx, void *what), void *what);

/* The only value of a query, as a test wants it: 0 when there is no row, and the test fails when the query does. */
int64_t check_i64(struct check_store *check, struct sql *sql, struct db_bind bind);

/* The engine under test. */
bool check_is_postgresql(void);

#endif
