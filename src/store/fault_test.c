#include "base/log.h"
#include "check/check.h"
#include "check/check_disk.h"
#include "check/check_memory.h"
#include "check/check_trade.h"
#include "store/chain.h"
#include "store/engine.h"
#include "store/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Every allocation, and every read, write, sync and cut of a file on the path of a fact, made to fail once. Whatever
 * fails, the asker gets a clear no or a true yes: what was said yes to is there, what was said no to is not, and the
 * next request finds everything in order. A failed sync ends the process.
 */

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
static const struct actor program = { .kind = ACTOR_PROGRAM };
enum { JOBS = 3, FACTS_MAX = 5000, EXIT_SYNC_FAILED = 4 };

struct slip_job {
    int64_t box_id;
    struct slip_added slip;
};

struct trial {
    struct ctx cx;
    struct env env;
    struct store_options options;
    struct store *store;
    char dir[64];
    int64_t box_id;
    int64_t number;
    int64_t expected; /* facts */
    struct slip_job slips[JOBS];
    struct ctx cxs[JOBS];
    struct writer_job jobs[JOBS];
    struct writer_job *list[JOBS];
    enum err errs[JOBS];
};

static enum err run_slip(struct ctx *cx, void *what)
{
    struct slip_job *job = what;
    return slip_add(cx, 0x11a, job->box_id, &job->slip, NULL);
}

static enum err run_box(struct ctx *cx, void *what)
{
    struct box_opened box = { .title = STR("Hộp"), .unit_path = commune, .owner_phone = STR("0900 000 001") };
    return box_open(cx, 0x11a, &box, what);
}

static bool open_store(struct trial *trial)
{
    if (store_open(&trial->cx, &trial->options, &trial->store) != OK)
        return false;
    trial->store->wal_pages = 1; /* a checkpoint after every batch: its operations may fail too */
    return true;
}

static void close_store(struct trial *trial)
{
    store_close(trial->store);
    trial->store = NULL;
}

static void make_slips(struct trial *trial)
{
    for (int i = 0; i < JOBS; i++) {
        struct ctx *cx = &trial->cxs[i];
        arena_end(&cx->arena);
        cx->fault = (struct fault){ OK };
        trial->number++;
        cx->fact_id = (struct fact_id){ { 0xF1, (unsigned char)(trial->number >> 8), (unsigned char)trial->number } };
        trial->slips[i] = (struct slip_job){ trial->box_id, { .number = trial->number, .day = 20596 } };
    }
}

/* A batch of good slips. */
static void ask(struct trial *trial)
{
    make_slips(trial);
    if (store_write_batch(trial->store, trial->list, JOBS, trial->errs) != OK)
        fail_msg("the store does not write");
}

/* The same with one slip that cannot stay, found out when it is written: the batches after this one have savepoints. */
static void ask_with_a_twin(struct trial *trial)
{
    make_slips(trial);
    trial->slips[1].slip.number = trial->slips[0].slip.number;
    if (store_write_batch(trial->store, trial->list, JOBS, trial->errs) != OK)
        fail_msg("the store does not write");
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(trial->errs[i], i == 1 ? ERR_CONFLICT : OK);
    trial->expected += JOBS - 1;
}

/* Each answer was a yes or a clear no; what was said yes to counts. */
static void note_answers(struct trial *trial)
{
    for (int i = 0; i < JOBS; i++) {
        if (trial->errs[i] == OK) {
            trial->expected++;
            continue;
        }
        if (trial->errs[i] != ERR_UNAVAILABLE || trial->cxs[i].fault.words[0] == '\0')
            fail_msg("%s %s; %s", err_name(trial->errs[i]), trial->cxs[i].fault.words, trial->cxs[i].fault.detail);
    }
}

static void assert_in_order(struct trial *trial)
{
    struct ctx *cx = &trial->cx;
    cx->db = trial->store->writer;
    struct fact_row *rows = ARENA_NEW_ARRAY(&cx->arena, struct fact_row, FACTS_MAX);
    size_t len = 0;
    assert_ok(cx, fact_list(cx, 0, rows, FACTS_MAX, &len));
    assert_int_equal(len, trial->expected);
    unsigned char hash[FACT_HASH_BYTES] = { 0 };
    for (size_t i = 0; i < len; i++) {
        chain_hash(hash, &rows[i].fact, rows[i].kind, rows[i].body, hash);
        assert_memory_equal(hash, rows[i].hash, sizeof hash);
    }
    assert_int_equal(count_slips(cx, trial->box_id), trial->expected - 1);
    assert_int_equal(counted_slips(cx, trial->box_id, 0x01), trial->expected - 1);
    struct str *findings = NULL;
    assert_ok(cx, cx->db->engine->verify(cx, VERIFY_ALL, &findings, &len));
    assert_int_equal(len, 0);
    cx->db = NULL;
    arena_end(&cx->arena);
}

static int trial_open(void **state)
{
    struct trial *trial = calloc(1, sizeof *trial);
    if (!trial)
        return 1;
    *state = trial;
    trial->env = check_memory_env(env_real());
    trial->env.sqlite_vfs = CHECK_DISK;
    snprintf(trial->dir, sizeof trial->dir, "/dev/shm/diemcau-test-XXXXXX");
    if (!mkdtemp(trial->dir))
        return 1;
    trial->options = (struct store_options){ .env = &trial->env, .dir = str_from(trial->dir), .without_rooms = true,
                                             .extra_schema = str_from(check_trade_schema) };
    trial->cx = (struct ctx){ .env = &trial->env, .actor = &program, .now = 1 };
    arena_init(&trial->cx.arena, &trial->env, 64 << 20);
    for (int i = 0; i < JOBS; i++) {
        trial->cxs[i] = (struct ctx){ .env = &trial->env, .actor = &program, .now = 1 };
        arena_init(&trial->cxs[i].arena, &trial->env, 1 << 20);
        trial->jobs[i] = (struct writer_job){ .run = run_slip, .what = &trial->slips[i], .cx = &trial->cxs[i] };
        trial->list[i] = &trial->jobs[i];
    }
    check_disk_clear();
    if (!open_store(trial) || store_write(&trial->cx, trial->store, run_box, &trial->box_id) != OK)
        return 1;
    close_store(trial);
    arena_end(&trial->cx.arena);
    check_disk_save();
    return 0;
}

static int trial_close(void **state)
{
    struct trial *trial = *state;
    store_close(trial->store);
    for (int i = 0; i < JOBS; i++)
        arena_end(&trial->cxs[i].arena);
    arena_end(&trial->cx.arena);
    check_disk_clear();
    store_remove_dir(trial->dir);
    free(trial);
    return 0;
}

/* From the saved disk, with the box in it. */
static void begin_again(struct trial *trial)
{
    check_disk_load();
    trial->expected = 1;
    trial->number = 0;
    if (!open_store(trial))
        fail_msg("%s", trial->cx.fault.detail);
}

static void give_back(struct trial *trial)
{
    for (int i = 0; i < JOBS; i++)
        arena_end(&trial->cxs[i].arena);
    arena_end(&trial->cx.arena);
}

/* Memory. */

/* Cold: the first batch; warm: every statement has been prepared by an earlier one; careful: each job has a savepoint. */
enum batch_kind { COLD, WARM, CAREFUL };

static int64_t fail_each_allocation(struct trial *trial, enum batch_kind kind)
{
    static const char *const names[] = { "cold", "warm", "careful" };
    int64_t env_pieces = 0;
    int64_t sqlite_pieces = 0;
    int64_t points = 0;
    int64_t refused = 0;
    for (bool failed = true; failed; points++) {
        begin_again(trial);
        if (kind == WARM) {
            ask(trial);
            note_answers(trial);
        } else if (kind == CAREFUL) {
            ask_with_a_twin(trial);
        }
        check_memory_fail(points + 1);
        ask(trial);
        failed = check_memory_has_failed();
        check_memory_fail(0);
        for (int i = 0; i < JOBS; i++)
            refused += trial->errs[i] != OK;
        note_answers(trial);
        ask(trial);
        for (int i = 0; i < JOBS; i++)
            assert_ok(&trial->cxs[i], trial->errs[i]);
        note_answers(trial);
        assert_in_order(trial);
        close_store(trial);
        give_back(trial);
        if (points == 0) {
            env_pieces = check_memory_env_pieces();
            sqlite_pieces = check_memory_sqlite_pieces();
        }
        assert_int_equal(check_memory_env_pieces(), env_pieces); /* nothing leaks on the way out */
        assert_true(check_memory_sqlite_pieces() <= sqlite_pieces);
    }
    print_message("%s: %lld points, %lld answers were no\n", names[kind], (long long)points - 1,
                  (long long)refused);
    return points - 1;
}

static void every_allocation_of_a_fact_fails_once(void **state)
{
    assert_true(fail_each_allocation(*state, COLD) > 100);
    assert_true(fail_each_allocation(*state, WARM) > 2);
    assert_true(fail_each_allocation(*state, CAREFUL) > 4);
}

static void every_allocation_of_opening_fails_once(void **state)
{
    struct trial *trial = *state;
    int64_t points = 0;
    int64_t env_pieces = check_memory_env_pieces();
    bool fresh = false;
    for (bool failed = true; failed || !fresh; points++) {
        if (!failed) { /* all of them with the old disk: now the same with a new one */
            fresh = true;
            points = 0;
        }
        if (fresh)
            check_disk_clear();
        else
            check_disk_load();
        check_memory_fail(points + 1);
        bool opened = open_store(trial);
        failed = check_memory_has_failed();
        check_memory_fail(0);
        if (!opened)
            assert_true(trial->cx.fault.words[0] != '\0');
        close_store(trial);
        arena_end(&trial->cx.arena);
        assert_int_equal(check_memory_env_pieces(), env_pieces);
        assert_true(open_store(trial));
        close_store(trial);
        arena_end(&trial->cx.arena);
    }
    assert_true(points > 100);
}

static enum err look(struct ctx *cx, size_t *ret_len, struct fact_row *rows)
{
    TRY(db_read_begin(cx));
    enum err err = fact_list(cx, 0, rows, 10, ret_len);
    db_read_end(cx);
    return err;
}

static enum err look_guarded(struct ctx *cx, size_t *ret_len, struct fact_row *rows)
{
    jmp_buf out;
    cx->arena.guard = &out;
    enum err err = setjmp(out) == 0 ? look(cx, ret_len, rows) : ERR_UNAVAILABLE;
    cx->arena.guard = NULL;
    return err;
}

static void reader_without_memory_never_shows_half_a_list(void **state)
{
    struct trial *trial = *state;
    struct ctx *cx = &trial->cx;
    struct fact_row rows[10];
    int64_t points = 0;
    begin_again(trial);
    ask(trial);
    for (bool failed = true; failed; points++) {
        assert_ok(cx, store_reader_open(cx, trial->store, &cx->db));
        check_memory_fail(points + 1);
        size_t len = 0;
        enum err err = look_guarded(cx, &len, rows);
        failed = check_memory_has_failed();
        check_memory_fail(0);
        db_read_end(cx); /* what a boundary does after the jump */
        if (err == OK) {
            assert_int_equal(len, 1 + JOBS);
            for (size_t i = 0; i < len; i++)
                assert_int_not_equal(rows[i].body.len, 0);
        }
        store_reader_close(cx->db);
        cx->db = NULL;
        arena_end(&cx->arena);
    }
    assert_true(points > 10);
}

/* The disk. */

struct failing {
    enum check_disk_operation operation;
    int code;
    const char *name;
};

static const struct failing failings[] = {
    { DISK_OPEN, SQLITE_CANTOPEN, "open" },      { DISK_READ, SQLITE_IOERR_READ, "read" },
    { DISK_WRITE, SQLITE_IOERR_WRITE, "write" }, { DISK_WRITE, SQLITE_FULL, "write on a full disk" },
    { DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE, "cut" }, { DISK_DELETE, SQLITE_IOERR_DELETE, "delete" },
};

static void every_file_operation_of_a_fact_fails_once(void **state)
{
    struct trial *trial = *state;
    for (size_t kind = 0; kind < LEN(failings); kind++) {
        int64_t points = 0;
        for (bool failed = true; failed; points++) {
            begin_again(trial);
            check_disk_fail(failings[kind].operation, points + 1, failings[kind].code);
            ask(trial);
            note_answers(trial);
            ask(trial);
            failed = check_disk_has_failed();
            check_disk_fail(DISK_ANY, 0, 0);
            note_answers(trial);
            ask(trial);
            for (int i = 0; i < JOBS; i++)
                assert_ok(&trial->cxs[i], trial->errs[i]);
            note_answers(trial);
            assert_in_order(trial);
            close_store(trial);
            assert_true(open_store(trial)); /* and after a restart */
            assert_in_order(trial);
            close_store(trial);
            give_back(trial);
        }
        print_message("%s: %lld points\n", failings[kind].name, (long long)points - 1);
    }
}

static void every_file_operation_of_opening_fails_once(void **state)
{
    struct trial *trial = *state;
    for (size_t kind = 0; kind < LEN(failings); kind++) {
        for (int64_t point = 1;; point++) {
            check_disk_clear();
            check_disk_fail(failings[kind].operation, point, failings[kind].code);
            bool opened = open_store(trial);
            bool failed = check_disk_has_failed();
            check_disk_fail(DISK_ANY, 0, 0);
            if (!opened)
                assert_true(trial->cx.fault.words[0] != '\0');
            close_store(trial);
            arena_end(&trial->cx.arena);
            assert_true(open_store(trial));
            close_store(trial);
            arena_end(&trial->cx.arena);
            if (!failed)
                break;
        }
    }
}

/* In a child, because it must end: 0 when no sync failed any more, 4 when one did. */
static int exit_code_with_failing_sync(struct trial *trial, int64_t nth)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO); /* its last words are expected */
        check_disk_load();
        if (!open_store(trial))
            _exit(100);
        check_disk_fail(DISK_SYNC, nth, 0);
        for (int i = 0; i < 3; i++)
            ask(trial);
        _exit(check_disk_has_failed() ? 101 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void failed_sync_ends_the_process_at_once(void **state)
{
    struct trial *trial = *state;
    int64_t points = 0;
    for (;; points++) {
        int code = exit_code_with_failing_sync(trial, points + 1);
        if (code == 0)
            break;
        assert_int_equal(code, EXIT_SYNC_FAILED);
    }
    print_message("%lld syncs\n", (long long)points);
    assert_true(points >= 6); /* three commits, and three checkpoints */
}

static void full_disk_refuses_writes_keeps_reading_and_recovers(void **state)
{
    struct trial *trial = *state;
    begin_again(trial);
    trial->store->wal_pages = 50;
    check_disk_limit(check_disk_bytes() + 300000);
    bool full = false;
    for (int i = 0; i < 1000 && !full; i++) {
        ask(trial);
        note_answers(trial);
        full = trial->errs[0] != OK;
    }
    assert_true(full);
    assert_true(trial->expected > 100);
    assert_in_order(trial);
    struct ctx *cx = &trial->cx;
    assert_ok(cx, store_reader_open(cx, trial->store, &cx->db));
    assert_int_equal(count_slips(cx, trial->box_id), trial->expected - 1);
    store_reader_close(cx->db);
    cx->db = NULL;
    close_store(trial);
    assert_true(open_store(trial)); /* a restart on a full disk still reads */
    assert_in_order(trial);
    check_disk_limit(0); /* somebody made room */
    ask(trial);
    for (int i = 0; i < JOBS; i++)
        assert_ok(&trial->cxs[i], trial->errs[i]);
    note_answers(trial);
    assert_in_order(trial);
    close_store(trial);
}

#define TRIAL_TEST(test) cmocka_unit_test_setup_teardown(test, trial_open, trial_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL_TEST(every_allocation_of_a_fact_fails_once),
        TRIAL_TEST(every_allocation_of_opening_fails_once),
        TRIAL_TEST(reader_without_memory_never_shows_half_a_list),
        TRIAL_TEST(every_file_operation_of_a_fact_fails_once),
        TRIAL_TEST(every_file_operation_of_opening_fails_once),
        TRIAL_TEST(failed_sync_ends_the_process_at_once),
        TRIAL_TEST(full_disk_refuses_writes_keeps_reading_and_recovers),
    };
    log_set_level(LOG_ERROR);
    check_memory_install();
    check_disk_install();
    check_trade_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
