#include "base/log.h"
#include "check/check.h"
#include "check/check_disk.h"
#include "check/check_trade.h"
#include "store/engine.h"
#include "store/inside.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * kill -9 under load, again and again on the same folder: a child process writes facts from many threads and reports each
 * acknowledgement by a pipe; at a random instant it is killed. Every fact it was told of must be there, where it was told.
 */

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
static const struct actor program = { .kind = ACTOR_PROGRAM };
enum { KILLS = 100, CLIENTS = 32, FACTS_MAX = 2000000, READY_US_MAX = 2000000 };

struct receipt {
    struct fact_id id;
    int64_t seq;
};

struct slip_job {
    int64_t box_id;
    struct slip_added slip;
    int64_t id;
};

static enum err run_slip(struct ctx *cx, void *what)
{
    struct slip_job *job = what;
    return slip_add(cx, 0x11a, job->box_id, &job->slip, &job->id);
}

static enum err run_box(struct ctx *cx, void *what)
{
    struct box_opened box = { .title = STR("Hộp"), .unit_path = commune };
    return box_open(cx, 0x11a, &box, what);
}

static struct ctx new_ctx(void)
{
    struct ctx cx = { .env = env_real(), .actor = &program };
    arena_init(&cx.arena, cx.env, 256 << 20);
    return cx;
}

static struct store_options options_of(const char *dir)
{
    return (struct store_options){ .env = env_real(), .dir = str_from(dir), .without_rooms = true,
                                   .extra_schema = str_from(check_trade_schema) };
}

/* The child. */

struct client {
    pthread_t thread;
    struct writer *writer;
    int64_t box_id;
    int pipe;
};

static void *run_client(void *what)
{
    struct client *client = what;
    struct ctx cx = new_ctx();
    for (;;) {
        struct slip_job job = { client->box_id, { .day = 20596, .note = STR("có mặt") }, 0 };
        env_random(cx.env, &cx.fact_id, sizeof cx.fact_id);
        memcpy(&job.slip.number, cx.fact_id.at, sizeof job.slip.number);
        cx.now = env_now(cx.env);
        if (writer_wait(client->writer, &cx, run_slip, &job) != OK)
            _exit(100);
        struct receipt receipt = { cx.fact_id, job.id };
        if (write(client->pipe, &receipt, sizeof receipt) != (ssize_t)sizeof receipt)
            _exit(101);
        arena_reset(&cx.arena);
    }
    return NULL;
}

NORETURN static void run_child(const char *dir, int64_t box_id, int pipe)
{
    static struct client clients[CLIENTS];
    struct ctx cx = new_ctx();
    struct store_options options = options_of(dir);
    struct store *store = NULL;
    struct writer *writer = NULL;
    if (store_open(&cx, &options, &store) != OK || writer_start(&cx, store, &writer) != OK)
        _exit(102);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){ .writer = writer, .box_id = box_id, .pipe = pipe };
        if (pthread_create(&clients[i].thread, NULL, run_client, &clients[i]) != 0)
            _exit(103);
    }
    for (;;)
        pause();
}

/* The driver. */

struct driver {
    struct ctx cx;
    char dir[64];
    int64_t box_id;
    struct fact_id *told; /* by seq; all zero: not told */
    int64_t told_len;
    int64_t looked_upto;
    int64_t ready_us_max;
    uint64_t seed;
};

static void take_receipts(struct driver *driver, int pipe)
{
    struct receipt receipt;
    while (read(pipe, &receipt, sizeof receipt) == (ssize_t)sizeof receipt) {
        assert_in_range(receipt.seq, 1, FACTS_MAX - 1);
        driver->told[receipt.seq] = receipt.id;
        driver->told_len++;
    }
}

static void live_and_die(struct driver *driver)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_child(driver->dir, driver->box_id, ends[1]);
    close(ends[1]);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    struct pollfd first = { .fd = ends[0], .events = POLLIN };
    assert_int_equal(poll(&first, 1, 20000), 1); /* it works */
    int64_t until = env_monotonic(driver->cx.env) + (int64_t)(check_random(&driver->seed) % 30000);
    while (env_monotonic(driver->cx.env) < until) {
        struct pollfd more = { .fd = ends[0], .events = POLLIN };
        (void)poll(&more, 1, 1);
        take_receipts(driver, ends[0]);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    take_receipts(driver, ends[0]);
    close(ends[0]);
}

static struct store *open_store(struct driver *driver)
{
    struct store_options options = options_of(driver->dir);
    struct store *store = NULL;
    int64_t start = env_monotonic(driver->cx.env);
    assert_ok(&driver->cx, store_open(&driver->cx, &options, &store));
    int64_t took = env_monotonic(driver->cx.env) - start;
    driver->ready_us_max = took > driver->ready_us_max ? took : driver->ready_us_max;
    return store;
}

/* What was told since the last look, each at its place. */
static void look(struct driver *driver, struct store *store)
{
    enum { CHUNK = 1000 };
    struct ctx *cx = &driver->cx;
    assert_ok(cx, store_reader_open(cx, store, &cx->db));
    for (size_t len = CHUNK; len == CHUNK;) {
        struct fact_row *rows = ARENA_NEW_ARRAY(&cx->arena, struct fact_row, CHUNK);
        assert_ok(cx, fact_list(cx, driver->looked_upto, rows, CHUNK, &len));
        for (size_t i = 0; i < len; i++) {
            int64_t seq = rows[i].fact.seq;
            static const struct fact_id not_told;
            assert_int_equal(seq, driver->looked_upto + 1);
            if (memcmp(&driver->told[seq], &not_told, sizeof not_told) != 0)
                assert_memory_equal(&driver->told[seq], &rows[i].fact.id, sizeof not_told);
            driver->looked_upto = seq;
        }
        arena_reset(&cx->arena);
    }
    static const struct fact_id not_told;
    for (int64_t seq = driver->looked_upto + 1; seq < FACTS_MAX && seq < driver->looked_upto + 100000; seq++)
        assert_memory_equal(&driver->told[seq], &not_told, sizeof not_told); /* nobody was told of what is not there */
    assert_int_equal(count_slips(cx, driver->box_id), driver->looked_upto - 1);
    assert_int_equal(counted_slips(cx, driver->box_id, 0x01), driver->looked_upto - 1);
    store_reader_close(cx->db);
    cx->db = NULL;
}

static void no_acknowledged_fact_is_lost_or_doubled_in_100_kills(void **state)
{
    (void)state;
    static struct driver driver;
    driver = (struct driver){ .cx = new_ctx(), .seed = 664, .told = calloc(FACTS_MAX, sizeof *driver.told) };
    assert_non_null(driver.told);
    snprintf(driver.dir, sizeof driver.dir, "/tmp/diemcau-test-XXXXXX");
    assert_non_null(mkdtemp(driver.dir));
    struct store *store = open_store(&driver);
    assert_ok(&driver.cx, store_write(&driver.cx, store, run_box, &driver.box_id));
    store_close(store);
    for (int i = 0; i < KILLS; i++) {
        live_and_die(&driver);
        store = open_store(&driver);
        look(&driver, store);
        store_close(store);
    }
    store = open_store(&driver);
    struct store_findings findings = { 0 };
    assert_ok(&driver.cx, store_check(&driver.cx, store, &findings));
    assert_int_equal(findings.len, 0);
    store_close(store);
    print_message("%d kills, %lld acknowledged, 0 lost, %lld durable in all, ready again within %lld ms\n", KILLS,
                  (long long)driver.told_len, (long long)driver.looked_upto, (long long)driver.ready_us_max / 1000);
    assert_true(driver.told_len > KILLS);
    assert_true(driver.ready_us_max < READY_US_MAX);
    store_remove_dir(driver.dir);
    arena_end(&driver.cx.arena);
    free(driver.told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_fact_is_lost_or_doubled_in_100_kills),
    };
    log_set_level(LOG_ERROR);
    check_trade_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
