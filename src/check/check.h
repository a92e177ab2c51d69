/*
 * check: what only tests use. A test's name is a sentence about the trade; main lists them for cmocka.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* cmocka's fail() has the name of ours (base/err.h), and its fail_msg is made of it. */
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))
/* clang-format on */

#include "base/ctx.h"

/* Setup and teardown of a test that needs a context without a database: *state is a struct ctx. */
int check_ctx_open(void **state);
int check_ctx_close(void **state);

/*
 * Cases in a file, named from the root of the source: blocks of lines parted by blank lines, by turns what goes in and
 * what must come out; lines that begin with "# " explain. Calls each() with every pair; returns how many there were.
 */
size_t check_cases(struct ctx *cx, const char *path, void (*each)(struct ctx *cx, struct str in, struct str out));

void check_str_equal(struct str got, const char *expected, const char *file, int line);
#define assert_str_equal(got, expected) check_str_equal((got), (expected), __FILE__, __LINE__)

/* Fails the test with the fault's words when `expression` is not OK. */
#define assert_ok(cx, expression)                                                                      \
    do {                                                                                               \
        enum err got_err = (expression);                                                               \
        if (got_err != OK)                                                                             \
            fail_msg("%s: %s; %s", err_name(got_err), (cx)->fault.words, (cx)->fault.detail);          \
    } while (0)
#define assert_err(expected, expression) assert_string_equal(err_name(expression), err_name(expected))

#endif
