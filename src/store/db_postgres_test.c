#include "check/check_store.h"
#include "check/check_trade.h"
#include "store/db_postgres.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * What only PostgreSQL can do to us: connections that die at every bad moment, other programs on
 * the same database, values in types of its own. Skipped without DIEMCAU_TEST_DATABASE.
 */

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
enum { NATION = 0x01, COMMUNE = 0x11a };

static const char *server(void)
{
    return getenv("DIEMCAU_TEST_DATABASE");
}

static struct ctx *new_ctx(void)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM };
    struct ctx *cx = calloc(1, sizeof *cx);
    assert_non_null(cx);
    cx->env = env_real();
    cx->actor = &program;
    cx->now = env_now(cx->env);
    arena_init(&cx->arena, cx->env, 64 << 20);
    return cx;
}

static void end_ctx(struct ctx *cx)
{
    arena_end(&cx->arena);
    free(cx);
}

/* A connection that lies between the program and the server, and can be cut at the worst moment. */

enum cut { CUT_NOTHING, CUT_ANSWER_TO_COMMIT, CUT_COMMIT_ITSELF };

struct cable {
    char dir[32];
    char url[300];
    struct sockaddr_un to;
    int listener;
    atomic_int cut;
    atomic_int cuts;
    atomic_bool is_ending;
    pthread_t thread;
};

struct cable_end {
    struct cable *cable;
    int client, server;
};

/* Bind of the statement that the engine names for COMMIT. */
static bool holds_commit(const char *at, size_t len)
{
    char name[16];
    int name_len = snprintf(name, sizeof name, "%co%d", '\0', (int)PG_COMMIT) + 1;
    return memmem(at, len, name, (size_t)name_len) != NULL;
}

static bool pass(int from, int to, char *block, ssize_t *ret_len)
{
    *ret_len = recv(from, block, 65536, 0);
    return *ret_len > 0 && (to < 0 || send(to, block, (size_t)*ret_len, MSG_NOSIGNAL) == *ret_len);
}

static void *run_cable_end(void *what)
{
    struct cable_end *end = what;
    struct cable *cable = end->cable;
    char *block = malloc(65536);
    ssize_t len = 0;
    bool alive = block != NULL;
    while (alive && !cable->is_ending) {
        struct pollfd both[2] = { { .fd = end->client, .events = POLLIN },
                                  { .fd = end->server, .events = POLLIN } };
        if (poll(both, 2, 50) <= 0)
            continue;
        if (both[1].revents)
            alive = pass(end->server, end->client, block, &len);
        if (!alive || !both[0].revents)
            continue;
        alive = pass(end->client, -1, block, &len);
        int cut = alive && holds_commit(block, (size_t)len)
                      ? atomic_exchange(&cable->cut, CUT_NOTHING)
                      : CUT_NOTHING;
        if (alive && cut != CUT_COMMIT_ITSELF)
            alive = send(end->server, block, (size_t)len, MSG_NOSIGNAL) == len;
        if (cut != CUT_NOTHING) {
            cable->cuts++;
            alive = false;
        }
        if (cut == CUT_ANSWER_TO_COMMIT) /* the server has done it when it answers */
            pass(end->server, -1, block, &len);
    }
    close(end->client);
    close(end->server);
    free(block);
    free(end);
    return NULL;
}

static void *run_cable(void *what)
{
    struct cable *cable = what;
    while (!cable->is_ending) {
        struct pollfd new = { .fd = cable->listener, .events = POLLIN };
        if (poll(&new, 1, 20) <= 0)
            continue;
        struct cable_end *end = calloc(1, sizeof *end);
        if (!end)
            continue;
        end->cable = cable;
        end->client = accept(cable->listener, NULL, NULL);
        end->server = socket(AF_UNIX, SOCK_STREAM, 0);
        pthread_t thread;
        if (connect(end->server, (struct sockaddr *)&cable->to, sizeof cable->to) == 0 &&
            pthread_create(&thread, NULL, run_cable_end, end) == 0)
            pthread_detach(thread);
    }
    return NULL;
}

/* Only servers on a local socket are reached this way; tools/postgres.sh starts such a one. */
static bool lay_cable(struct cable *cable)
{
    char host[100] = "";
    char port[16] = "5432";
    PQconninfoOption *options = PQconninfoParse(server(), NULL);
    for (PQconninfoOption *one = options; one && one->keyword; one++) {
        if (one->val && strcmp(one->keyword, "host") == 0)
            snprintf(host, sizeof host, "%s", one->val);
        if (one->val && strcmp(one->keyword, "port") == 0)
            snprintf(port, sizeof port, "%s", one->val);
    }
    PQconninfoFree(options);
    if (host[0] != '/')
        return false;
    *cable = (struct cable){ .to = { .sun_family = AF_UNIX } };
    if (snprintf(cable->to.sun_path, sizeof cable->to.sun_path, "%s/.s.PGSQL.%s", host, port) >=
        100)
        return false;
    snprintf(cable->dir, sizeof cable->dir, "/tmp/diemcau-XXXXXX");
    assert_non_null(mkdtemp(cable->dir));
    struct sockaddr_un own = { .sun_family = AF_UNIX };
    snprintf(own.sun_path, sizeof own.sun_path, "%s/.s.PGSQL.5432", cable->dir);
    cable->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(cable->listener, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(listen(cable->listener, 20), 0);
    snprintf(cable->url, sizeof cable->url, "postgresql://diemcau@/diemcau?host=%s&port=5432",
             cable->dir);
    assert_int_equal(pthread_create(&cable->thread, NULL, run_cable, cable), 0);
    return true;
}

static void take_cable_away(struct cable *cable)
{
    cable->is_ending = true;
    pthread_join(cable->thread, NULL);
    close(cable->listener);
    store_remove_dir(cable->dir);
}

/* Jobs. */

struct slips {
    int64_t box_id;
    int64_t from;
    int len;
    int kills_left; /* so many times the job ends its own connection on the way */
};

static enum err run_open(struct ctx *cx, void *what)
{
    int64_t *id = what;
    struct box_opened box = { .title = STR("Hộp"), .unit_path = commune };
    return box_open(cx, COMMUNE, &box, id);
}

static enum err run_slips(struct ctx *cx, void *what)
{
    SQL(end_connection, "SELECT pg_terminate_backend(pg_backend_pid())");
    struct slips *slips = what;
    for (int i = 0; i < slips->len; i++) {
        struct slip_added slip = { .number = slips->from + i, .day = 1, .note = STR("") };
        TRY(slip_add(cx, COMMUNE, slips->box_id, &slip, NULL));
        if (i == slips->len / 2 && slips->kills_left > 0) {
            int64_t done = 0;
            slips->kills_left--;
            TRY(db_i64(cx, &end_connection, NO_BIND, &done));
        }
    }
    return OK;
}

static struct store *open_private(struct ctx *cx, const char *url)
{
    struct store *store = NULL;
    check_trade_register();
    struct store_options options = { .env = cx->env,
                                     .database = str_from(url),
                                     .in_memory = true,
                                     .extra_schema = str_from(check_trade_schema) };
    assert_ok(cx, store_open(cx, &options, &store));
    return store;
}

static void assert_slips(struct ctx *cx, struct store *store, int64_t box_id, int64_t expected)
{
    struct store_findings findings = { 0 };
    assert_ok(cx, store_check(cx, store, &findings));
    if (findings.len > 0)
        fail_msg(STR_FMT, STR_ARG(findings.at[0]));
    assert_int_equal(findings.facts, expected + 1);
    struct db *reader = NULL;
    assert_ok(cx, store_reader_open(cx, store, &reader));
    cx->db = reader;
    assert_int_equal(count_slips(cx, box_id), expected);
    assert_int_equal(counted_slips(cx, box_id, NATION), expected);
    store_reader_close(reader);
    cx->db = NULL;
}

/* Two jobs in one batch, without ids of their own: only the server can tell whether they were
 * written. */
static void write_two(struct store *store, int64_t box_id, int64_t from)
{
    struct ctx *cx[2] = { new_ctx(), new_ctx() };
    struct slips slips[2] = { { box_id, from, 2, 0 }, { box_id, from + 2, 3, 0 } };
    struct writer_job jobs[2];
    for (size_t i = 0; i < 2; i++)
        jobs[i] = (struct writer_job){ .run = run_slips, .what = &slips[i], .cx = cx[i] };
    enum err errs[2] = { OK, OK };
    assert_int_equal(
        store_write_batch(store, (struct writer_job *[]){ &jobs[0], &jobs[1] }, 2, errs), OK);
    for (size_t i = 0; i < 2; i++) {
        assert_ok(cx[i], errs[i]);
        end_ctx(cx[i]);
    }
}

static void cut_and_write(enum cut cut)
{
    struct cable cable;
    if (!server() || !lay_cable(&cable))
        skip();
    struct ctx *cx = new_ctx();
    struct store *store = open_private(cx, cable.url);
    int64_t box_id = 0;
    assert_ok(cx, store_write(cx, store, run_open, &box_id));
    for (int64_t round = 0; round < 5; round++) {
        cable.cut = (int)cut;
        write_two(store, box_id, 5 * round);
        assert_int_equal(cable.cuts, round + 1);
    }
    assert_slips(cx, store, box_id, 25);
    store_close(store);
    end_ctx(cx);
    take_cable_away(&cable);
}

static void commit_whose_answer_was_lost_is_known_to_be_written(void **state)
{
    (void)state;
    cut_and_write(CUT_ANSWER_TO_COMMIT);
}

static void commit_that_never_arrived_is_run_again(void **state)
{
    (void)state;
    cut_and_write(CUT_COMMIT_ITSELF);
}

static void batch_whose_connection_died_is_run_again_as_a_whole(void **state)
{
    (void)state;
    if (!server())
        skip();
    struct ctx *cx = new_ctx();
    struct store *store = open_private(cx, server());
    int64_t box_id = 0;
    assert_ok(cx, store_write(cx, store, run_open, &box_id));
    struct slips slips = { box_id, 0, 10, 1 };
    assert_ok(cx, store_write(cx, store, run_slips, &slips));
    assert_slips(cx, store, box_id, 10);
    /* A connection that dies each time is given up: an answer must come, and nothing is half
     * written. */
    slips = (struct slips){ box_id, 100, 10, 1000 };
    assert_err(ERR_UNAVAILABLE, store_write(cx, store, run_slips, &slips));
    assert_slips(cx, store, box_id, 10);
    slips = (struct slips){ box_id, 100, 5, 0 };
    assert_ok(cx, store_write(cx, store, run_slips, &slips));
    assert_slips(cx, store, box_id, 15);
    store_close(store);
    end_ctx(cx);
}

/* As a restart of the server does to connections that were idle. */
static void end_from_outside(const struct db *db)
{
    PGconn *link = PQconnectdb(server());
    char pid[16];
    snprintf(pid, sizeof pid, "%d", PQbackendPID(((const struct db_postgres *)db)->link));
    const char *const values[] = { pid };
    PQclear(PQexecParams(link, "SELECT pg_terminate_backend($1::int, 5000)", 1, NULL, values, NULL,
                         NULL, 0));
    PQfinish(link);
}

static void idle_connections_that_died_are_made_again_unnoticed(void **state)
{
    (void)state;
    if (!server())
        skip();
    struct ctx *cx = new_ctx();
    struct store *store = open_private(cx, server());
    int64_t box_id = 0;
    assert_ok(cx, store_write(cx, store, run_open, &box_id));
    assert_ok(cx, store_reader_open(cx, store, &cx->db));
    for (int round = 0; round < 3; round++) {
        end_from_outside(cx->db);
        assert_ok(cx, db_read_begin(cx));
        assert_int_equal(count_boxes(cx), 1);
        db_read_end(cx);
        end_from_outside(store->writer);
        struct slips slips = { box_id, round, 1, 0 };
        assert_ok(cx, store_write(cx, store, run_slips, &slips));
    }
    /* In the middle of a request something was seen already that may no longer be so: the request
     * fails. */
    SQL(count_boxes_again, "SELECT count(*) FROM box /*scan*/");
    int64_t count = 0;
    assert_ok(cx, db_read_begin(cx));
    assert_int_equal(count_boxes(cx), 1);
    end_from_outside(cx->db);
    assert_err(ERR_UNAVAILABLE, db_i64(cx, &count_boxes_again, NO_BIND, &count));
    db_read_end(cx);
    assert_int_equal(count_boxes(cx), 1);
    store_reader_close(cx->db);
    cx->db = NULL;
    assert_slips(cx, store, box_id, 3);
    store_close(store);
    end_ctx(cx);
}

/* Several programs on one database. */

enum { PROGRAMS = 3, ROUNDS = 25 };

struct program {
    char dir[32];
    char url[400];
    int64_t box_id;
    int64_t from;
    enum err err;
};

static struct store *open_program(struct ctx *cx, struct program *program)
{
    struct store *store = NULL;
    snprintf(program->dir, sizeof program->dir, "/tmp/diemcau-XXXXXX");
    assert_non_null(mkdtemp(program->dir));
    struct store_options options = { .env = cx->env,
                                     .dir = str_from(program->dir),
                                     .database = str_from(program->url),
                                     .extra_schema = str_from(check_trade_schema) };
    assert_ok(cx, store_open(cx, &options, &store));
    return store;
}

static void *run_program(void *what)
{
    struct program *program = what;
    struct ctx *cx = new_ctx();
    struct store *store = open_program(cx, program);
    for (int round = 0; round < ROUNDS && program->err == OK; round++) {
        struct slips slips = { program->box_id, program->from + 3 * round, 3, 0 };
        program->err = store_write(cx, store, run_slips, &slips);
    }
    store_close(store);
    store_remove_dir(program->dir);
    end_ctx(cx);
    return NULL;
}

static void ask_server(const char *text)
{
    PGconn *link = PQconnectdb(server());
    PGresult *said = PQexec(link, text);
    if (PQresultStatus(said) != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(link));
    PQclear(said);
    PQfinish(link);
}

static void programs_on_one_database_make_one_chain(void **state)
{
    (void)state;
    if (!server())
        skip();
    check_trade_register();
    char text[100];
    snprintf(text, sizeof text, "CREATE SCHEMA diemcau_shared_%d", (int)getpid());
    ask_server(text);
    struct ctx *cx = new_ctx();
    struct program programs[PROGRAMS + 1] = { { { 0 }, { 0 }, 0, 0, OK } };
    for (size_t i = 0; i <= PROGRAMS; i++) {
        snprintf(programs[i].url, sizeof programs[i].url,
                 "%s&options=-csearch_path%%3Ddiemcau_shared_%d", server(), (int)getpid());
        programs[i].from = 1000 * (int64_t)i;
    }
    struct store *store = open_program(cx, &programs[PROGRAMS]);
    int64_t box_id = 0;
    assert_ok(cx, store_write(cx, store, run_open, &box_id));
    pthread_t threads[PROGRAMS];
    for (size_t i = 0; i < PROGRAMS; i++) {
        programs[i].box_id = box_id;
        assert_int_equal(pthread_create(&threads[i], NULL, run_program, &programs[i]), 0);
    }
    for (size_t i = 0; i < PROGRAMS; i++) {
        pthread_join(threads[i], NULL);
        assert_err(OK, programs[i].err);
    }
    assert_slips(cx, store, box_id, (int64_t)PROGRAMS * ROUNDS * 3);
    store_close(store);
    store_remove_dir(programs[PROGRAMS].dir);
    snprintf(text, sizeof text,
             "SET client_min_messages = warning; DROP SCHEMA diemcau_shared_%d CASCADE",
             (int)getpid());
    ask_server(text);
    end_ctx(cx);
}

/* Private schemas. */

static void private_schema_is_gone_where_the_server_does_not_keep_it(void **state)
{
    SQL(count_schema, "SELECT count(*) FROM pg_namespace WHERE nspname = $1");
    (void)state;
    if (!server())
        skip();
    struct ctx *cx = new_ctx();
    struct store *other = open_private(cx, server());
    char url[400];
    snprintf(url, sizeof url, "%s&options=-cdiemcau.keep_schemas%%3Doff", server());
    struct store *store = open_private(cx, url);
    char schema[64];
    snprintf(schema, sizeof schema, "%s", ((const struct pg_place *)store->engine_state)->schema);
    int64_t box_id = 0;
    assert_ok(cx, store_write(cx, store, run_open, &box_id));
    assert_ok(cx, store_reader_open(cx, other, &cx->db));
    int64_t count = 0;
    assert_ok(cx, db_i64(cx, &count_schema, BIND(V(str_from(schema))), &count));
    assert_int_equal(count, 1);
    store_close(store);
    assert_ok(cx, db_i64(cx, &count_schema, BIND(V(str_from(schema))), &count));
    assert_int_equal(count, 0);
    store_reader_close(cx->db);
    store_close(other);
    end_ctx(cx);
}

static void server_that_is_not_there_is_said_so(void **state)
{
    (void)state;
    if (!server())
        skip();
    struct ctx *cx = new_ctx();
    struct store *store = NULL;
    struct store_options options = { .env = cx->env,
                                     .database =
                                         STR("postgresql://nobody:secret@/x?host=/nowhere&port=1"),
                                     .in_memory = true };
    assert_err(ERR_UNAVAILABLE, store_open(cx, &options, &store));
    assert_non_null(strstr(cx->fault.words, "PostgreSQL"));
    assert_null(strstr(cx->fault.detail, "secret"));
    end_ctx(cx);
}

/* Values. */

static void values_of_every_type_come_back_as_they_were(void **state)
{
    SQL(ask_numbers,
        "SELECT sum(x), sum(-x), sum(y), count(*), bool_and(x > 0), max(x)::int, min(x)::smallint, "
        "NULL::bigint"
        " FROM (VALUES (9007199254740993::bigint, 1::bigint), (20000::bigint, $1)) AS v (x, y)"
        " WHERE x < 30000 OR $2 = 1");
    SQL(ask_texts, "SELECT $1, $2, $3, $4, $5");
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    if (!check_is_postgresql())
        skip();
    struct rows rows = db_rows(cx, &ask_numbers, BIND(V(INT64_MIN + 1), V((int64_t)0)));
    assert_true(rows_next(&rows));
    assert_int_equal(rows_i64(&rows), 20000);
    assert_int_equal(rows_i64(&rows), -20000);
    assert_int_equal(rows_i64(&rows), INT64_MIN + 1);
    assert_str_equal(rows_str(&rows), "1");
    assert_int_equal(rows_i64(&rows), 1);
    assert_int_equal(rows_i64(&rows), 20000);
    assert_int_equal(rows_i64(&rows), 20000);
    assert_true(rows_is_null(&rows));
    assert_int_equal(rows_i64(&rows), 0);
    assert_false(rows_next(&rows));
    assert_ok(cx, rows_end(&rows));

    char *large = arena_alloc(&cx->arena, 3 << 20);
    memset(large, 'x', 3 << 20);
    struct bytes zeros = { (const unsigned char *)"\0\1\0", 3 };
    rows = db_rows(cx, &ask_texts,
                   BIND(V(STR("Nguyễn")), V(((struct str){ large, 3 << 20 })), V(STR("")), V(zeros),
                        V(((struct bytes){ NULL, 0 }))));
    assert_true(rows_next(&rows));
    assert_str_equal(rows_str(&rows), "Nguyễn");
    assert_int_equal(rows_str(&rows).len, 3 << 20);
    assert_false(rows_is_null(&rows));
    assert_str_equal(rows_str(&rows), "");
    struct bytes back = rows_bytes(&rows);
    assert_int_equal(back.len, 3);
    assert_memory_equal(back.at, zeros.at, 3);
    assert_true(rows_is_null(&rows));
    assert_ok(cx, rows_end(&rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commit_whose_answer_was_lost_is_known_to_be_written),
        cmocka_unit_test(commit_that_never_arrived_is_run_again),
        cmocka_unit_test(batch_whose_connection_died_is_run_again_as_a_whole),
        cmocka_unit_test(idle_connections_that_died_are_made_again_unnoticed),
        cmocka_unit_test(programs_on_one_database_make_one_chain),
        cmocka_unit_test(private_schema_is_gone_where_the_server_does_not_keep_it),
        cmocka_unit_test(server_that_is_not_there_is_said_so),
        cmocka_unit_test_setup_teardown(values_of_every_type_come_back_as_they_were,
                                        check_store_open, check_store_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
