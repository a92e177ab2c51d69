/* What only SQLite's engine does. */
#include "check/check_store.h"
#include "store/db_sqlite.h"

static void statement_is_not_planned_anew_for_every_bound_limit(void **state)
{
    SQL(list_some, "SELECT seq FROM fact WHERE seq > $1 ORDER BY seq LIMIT $2");

    struct check_store *check = *state;
    if (check_is_postgresql())
        skip();
    for (int64_t limit = 1; limit <= 5; limit++)
        (void)check_i64(check, &list_some, BIND(V((int64_t)0), V(limit)));
    sqlite3_stmt *statement = db_sqlite_of(check->cx.db)->statements[list_some.slot].at;
    assert_non_null(statement);
    assert_int_equal(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statement_is_not_planned_anew_for_every_bound_limit, check_store_open, check_store_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
