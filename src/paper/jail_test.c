#include "paper/jail.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program that has been taken over may try (jail_hostile.c), and what a refusal looks like. */
static const char *const acts[] = {
    "connect", "sockets", "socketpair", "open another file", "read passwords", "read proc", "write outside",
    "write over input", "touch files", "fork", "clone", "start again", "trace the parent", "read the parent's memory",
    "signal the parent", "two gigabytes", "mount", "chroot", "become root", "unshare", "keys", "ring", "bpf",
    "page faults", "counters", "shared memory", "terminal", "kernel", "machine's name and clock", "lift limits",
    "priority", "dump", "handles by number",
};
enum { REFUSED = 10 };

/* The hostile program stands in the same build as this test. */
static const char *hostile(void)
{
    static char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 64);
    assert_true(len > 0);
    path[len] = '\0';
    char *slash = strrchr(path, '/');
    memcpy(slash, "/src/paper/jail_hostile", sizeof("/src/paper/jail_hostile"));
    return path;
}

static struct jail_order order_of(const char *const *args)
{
    return (struct jail_order){ .program = hostile(), .args = args, .wall_ms = 20000, .cpu_seconds = 5,
                                .memory_bytes = 512U << 20, .output_bytes = 1 << 20 };
}

static const char *canary_path(void)
{
    return "/tmp/jail_canary";
}

static int open_canary(void **state)
{
    int fd = open(canary_path(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool is_written = fd >= 0 && write(fd, "secret", 6) == 6;
    close(fd);
    return is_written ? check_ctx_open(state) : 1;
}

static int close_canary(void **state)
{
    unlink(canary_path());
    return check_ctx_close(state);
}

/* Runs every act without some layers; how many got through, each named. */
static int count_escapes(struct ctx *cx, unsigned without)
{
    int escapes = 0;
    struct jail_memory *input = NULL;
    if (jail_memory_from(cx, (struct bytes){ (const unsigned char *)"paper", 5 }, &input) != OK)
        return -1;
    for (size_t i = 0; i < LEN(acts); i++) {
        const char *const args[] = { "reader", acts[i], canary_path(), NULL };
        struct jail_order order = order_of(args);
        order.without = without;
        order.input = input;
        struct jail_result result = { .end = JAIL_EXITED };
        enum err err = jail_run(cx, &order, &result);
        bool is_refused = err == OK && (result.end == JAIL_KILLED ||
                                        (result.end == JAIL_EXITED && result.exit_code == REFUSED));
        if (!is_refused) {
            print_error("not refused: %s (%s %s; end %d, code %d)\n", acts[i], err_name(err), cx->fault.detail,
                        (int)result.end, result.exit_code);
            escapes++;
        }
        if (err == OK)
            jail_memory_close(result.output);
    }
    jail_memory_close(input);
    return escapes;
}

static void nothing_forbidden_can_be_done_in_the_jail(void **state)
{
    struct ctx *cx = *state;
    assert_true(LEN(acts) >= 25);
    assert_int_equal(count_escapes(cx, 0), 0);
    struct stat is = { .st_size = 0 };
    assert_int_equal(stat(canary_path(), &is), 0);
    assert_int_equal(is.st_size, 6);
    assert_int_not_equal(stat("/tmp/jail_written", &is), 0);
}

static void the_jail_holds_in_a_container_and_on_an_old_kernel(void **state)
{
    struct ctx *cx = *state;
    struct str words = { "", 0 };
    unsigned layers = 0;
    assert_ok(cx, jail_strength(cx, &words, &layers));
    if (layers & JAIL_FILES)
        assert_int_equal(count_escapes(cx, JAIL_NETWORK | JAIL_ROOT | JAIL_USER), 0);
    if (layers & JAIL_ROOT)
        assert_int_equal(count_escapes(cx, JAIL_FILES), 0);
}

static void the_jail_holds_for_a_plain_user(void **state)
{
    struct ctx *cx = *state;
    if (geteuid() != 0)
        skip(); /* the other tests have shown it */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0)
            _exit(1);
        if (access(hostile(), R_OK) != 0)
            _exit(77); /* a checkout in root's own folder */
        _exit(count_escapes(cx, 0) == 0 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void what_hangs_is_killed_in_time(void **state)
{
    struct ctx *cx = *state;
    const char *const args[] = { "reader", "hang", NULL };
    struct jail_order order = order_of(args);
    order.wall_ms = 300;
    struct jail_result result = { .end = JAIL_EXITED };
    int64_t before = env_monotonic(cx->env);
    assert_ok(cx, jail_run(cx, &order, &result));
    assert_int_equal(result.end, JAIL_TIMED_OUT);
    assert_true(env_monotonic(cx->env) - before < 1300000);
}

static void who_takes_the_processor_or_floods_is_killed(void **state)
{
    struct ctx *cx = *state;
    const char *const spin[] = { "reader", "sixty seconds", NULL };
    struct jail_order order = order_of(spin);
    order.cpu_seconds = 1;
    struct jail_result result = { .end = JAIL_EXITED };
    assert_ok(cx, jail_run(cx, &order, &result));
    assert_int_equal(result.end, JAIL_KILLED);
    assert_int_equal(result.exit_code, SIGKILL);

    const char *const flood[] = { "reader", "flood", NULL };
    order = order_of(flood);
    assert_ok(cx, jail_run(cx, &order, &result));
    assert_int_equal(result.end, JAIL_KILLED);
    assert_int_equal(result.exit_code, SIGXFSZ);
    assert_int_equal(result.output->len, 1 << 20);
}

static void a_program_reads_its_input_and_answers(void **state)
{
    struct ctx *cx = *state;
    const char *const args[] = { "cat", NULL };
    struct jail_order order = order_of(args);
    order.program = "/usr/bin/cat";
    struct jail_memory *input = NULL;
    assert_ok(cx, jail_memory_from(cx, (struct bytes){ (const unsigned char *)"Kế hoạch", 12 }, &input));
    order.input = input;
    for (int i = 0; i < 2; i++) { /* from the beginning, each time */
        struct jail_result result = { .end = JAIL_KILLED };
        assert_ok(cx, jail_run(cx, &order, &result));
        assert_int_equal(result.end, JAIL_EXITED);
        assert_int_equal(result.exit_code, 0);
        assert_str_equal(((struct str){ (const char *)result.output->at, result.output->len }), "Kế hoạch");
        jail_memory_close(result.output);
        jail_memory_close(result.output);
    }
}

static void a_missing_program_is_said_plainly(void **state)
{
    struct ctx *cx = *state;
    const char *const args[] = { "nothing", NULL };
    struct jail_order order = order_of(args);
    order.program = "/usr/bin/no-such-reader";
    struct jail_result result = { .end = JAIL_EXITED };
    assert_err(ERR_UNAVAILABLE, jail_run(cx, &order, &result));
    assert_non_null(strstr(cx->fault.words, "người quản trị"));
}

static void every_descriptor_comes_back(void **state)
{
    struct ctx *cx = *state;
    const char *const args[] = { "true", NULL };
    int first = dup(0);
    close(first);
    for (int i = 0; i < 20; i++) {
        struct jail_order order = order_of(args);
        order.program = "/usr/bin/true";
        struct jail_result result = { .end = JAIL_KILLED };
        assert_ok(cx, jail_run(cx, &order, &result));
    }
    arena_end(&cx->arena);
    int last = dup(0);
    close(last);
    assert_int_equal(first, last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_forbidden_can_be_done_in_the_jail, open_canary, close_canary),
        cmocka_unit_test_setup_teardown(the_jail_holds_in_a_container_and_on_an_old_kernel, open_canary, close_canary),
        cmocka_unit_test_setup_teardown(the_jail_holds_for_a_plain_user, open_canary, close_canary),
        cmocka_unit_test_setup_teardown(what_hangs_is_killed_in_time, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(who_takes_the_processor_or_floods_is_killed, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_program_reads_its_input_and_answers, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_missing_program_is_said_plainly, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(every_descriptor_comes_back, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
