/*
 * serve: puts the parts together: environment, store, writer, accounts' gate, routes, live boards, server.
 */
#include "account/account.h"
#include "app/commands.h"
#include "app/jobs.h"
#include "app/options.h"
#include "app/routes.h"
#include "base/day.h"
#include "base/log.h"
#include "http/server.h"
#include "paper/jail.h"
#include "point/line_test.h"
#include "reading/reading.h"
#include "report/report.h"
#include "report/report_history.h"
#include "store/db.h"
#include "store/store.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

static struct server *running; /* for the signal handler alone */

static void stop_running(int signal_number)
{
    (void)signal_number;
    if (running)
        server_stop(running);
}

static void say_figures(const struct ctx *cx, const struct app *app)
{
    struct writer_figures figures = writer_figures(app->writer);
    char text[300];
    size_t len = 0;
    for (size_t i = 0; i < LEN(figures.sizes) && len + 30 < sizeof text; i++)
        if (figures.sizes[i])
            len += (size_t)snprintf(text + len, sizeof text - len, " %d+:%lld", 1 << i, (long long)figures.sizes[i]);
    text[len] = '\0';
    log_line(cx->env, LOG_INFO, "writer", "jobs=%lld batches=%lld sizes%s", (long long)figures.jobs,
             (long long)figures.batches, text);
}

static enum err take_per_address(struct ctx *cx, const struct options *options, int *ret_max)
{
    const struct option *option = options_find(options, "per-address");
    int64_t max = 0;
    if (!option->is_given)
        return OK;
    if (!str_to_i64(option->value, &max) || max < 1 || max > 20000)
        return fail(cx, ERR_INVALID, "--per-address cần một số từ 1 đến 20000");
    *ret_max = (int)max;
    return OK;
}

/* How strongly foreign files are held on this machine: an administrator reads it once, at the start. */
static void say_jail(struct ctx *cx)
{
    struct str words = STR("");
    unsigned layers = 0;
    if (jail_strength(cx, &words, &layers) == OK)
        log_line(cx->env, (layers & (JAIL_FILES | JAIL_ROOT)) != 0 ? LOG_INFO : LOG_WARN, "jail", STR_FMT, STR_ARG(words));
    else
        log_line(cx->env, LOG_WARN, "jail", "PDF and pictures cannot be read: %s", cx->fault.detail);
}

static enum err serve(struct ctx *cx, const struct options *options, struct app *app)
{
    struct server_options how = {
        .listen = options_value(options, "listen", STR("127.0.0.1:8080")),
        .cert_path = options_value(options, "cert", STR("")),
        .key_path = options_value(options, "key", STR("")),
        .gateways = options_value(options, "gateways", STR("")),
        .allow_plain = options_find(options, "allow-plain")->is_given,
    };
    TRY(take_per_address(cx, options, &how.per_peer_max));
    app->is_secure = how.cert_path.len > 0;
    TRY(writer_start(cx, app->store, &app->writer));
    struct jobs *jobs = NULL;
    struct server *server = NULL;
    enum err err = jobs_start(cx, app->writer, &jobs);
    if (err == OK)
        err = reading_desk_open(cx, app, NULL);
    if (err == OK)
        err = server_open(cx, app, &how, &server);
    if (err == OK) {
        running = server;
        signal(SIGINT, stop_running);
        signal(SIGTERM, stop_running);
        log_line(cx->env, LOG_INFO, "serving", "listen=" STR_FMT " port=%d", STR_ARG(how.listen), server_port(server));
        say_jail(cx);
        server_run(server);
        running = NULL;
        server_close(server);
    }
    reading_desk_close(app);
    jobs_stop(jobs);
    writer_stop(app->writer);
    say_figures(cx, app);
    return err;
}

/* An empty installation gets the nation's units first: everything else hangs on them, also the first administrator. */
static enum err load_units(struct ctx *cx, struct store *store)
{
    SQL(count, "SELECT COALESCE(MAX(seq), 0) FROM fact");
    int64_t seq = 0;
    TRY(store_reader_open(cx, store, &cx->db));
    enum err err = db_i64(cx, &count, NO_BIND, &seq);
    store_reader_close(cx->db);
    cx->db = NULL;
    if (err != OK || seq > 0)
        return err;
    log_line(cx->env, LOG_INFO, "units", "an empty installation: loading the nation's units");
    return unit_load_nation(cx, store);
}

/* An installation without accounts: the code that makes the first administrator, on the console alone. */
static enum err say_first_code(struct ctx *cx, struct app *app)
{
    struct str code = STR("");
    TRY(store_reader_open(cx, app->store, &cx->db));
    enum err err = account_first_code(cx, app, &code);
    store_reader_close(cx->db);
    cx->db = NULL;
    TRY(err);
    if (code.len > 0) {
        printf("Chưa có tài khoản nào. Mở trang /khoi-tao và nhập mã dùng một lần: " STR_FMT "\n", STR_ARG(code));
        fflush(stdout);
    }
    return OK;
}

/* The gateway for the line test's echo; its secret stands in a file, because a command line is everybody's to read. */
static enum err open_line_test(struct ctx *cx, const struct options *options, struct app *app)
{
    struct line_options how = { .janus_url = options_value(options, "janus", STR("")), .janus_secret = STR("") };
    struct str path = options_value(options, "janus-secret", STR(""));
    char secret[128];
    if (path.len == 0)
        return line_test_open(cx, app, &how);
    int fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, path), O_RDONLY | O_CLOEXEC, 0);
    ssize_t len = fd < 0 ? -1 : cx->env->read(cx->env->state, fd, secret, sizeof secret);
    if (fd >= 0)
        cx->env->close(cx->env->state, fd);
    if (len < 1)
        return fail(cx, ERR_INVALID, "Không đọc được tệp của --janus-secret");
    how.janus_secret = str_trim((struct str){ secret, (size_t)len });
    return line_test_open(cx, app, &how);
}

int command_serve(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = {
        { .name = "data", .takes_value = true, .required = true }, { .name = "listen", .takes_value = true },
        { .name = "database", .takes_value = true },               { .name = "cert", .takes_value = true },
        { .name = "key", .takes_value = true },                    { .name = "allow-plain" },
        { .name = "clock", .takes_value = true },              { .name = "gateways", .takes_value = true },
        { .name = "per-address", .takes_value = true },        { .name = "janus", .takes_value = true },
        { .name = "janus-secret", .takes_value = true },
    };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    struct str clock_text = options_value(&options, "clock", STR(""));
    if (clock_text.len > 0) {
        int64_t at = 0;
        if (!instant_parse_iso(clock_text, &at)) {
            fputs("diemcau: --clock cần dạng 2026-05-22T07:30\n", stderr);
            return EXIT_USAGE;
        }
        cx->env = env_real_at(at);
        cx->now = at;
    }
    routes_register_facts();
    struct app app = { .env = cx->env };
    app.rooms = routes_all(&app.rooms_len);
    if (routes_check(cx, app.rooms, app.rooms_len) != OK)
        return command_fail(cx);
    struct store_options how = { .env = cx->env,
                                 .dir = options_value(&options, "data", STR("")),
                                 .database = options_value(&options, "database", STR("")) };
    if (store_open(cx, &how, &app.store) != OK)
        return command_fail(cx);
    store_key(app.store, "http notices", app.secret);
    enum err err = load_units(cx, app.store);
    if (err == OK)
        err = account_open(cx, &app);
    if (err == OK) {
        live_set_render(&app, report_render_live);
        err = say_first_code(cx, &app);
        if (err == OK)
            err = report_history_open(cx, &app);
        if (err == OK)
            err = open_line_test(cx, &options, &app);
        if (err == OK)
            err = serve(cx, &options, &app);
        line_test_close(&app);
        report_history_close(&app);
        account_close(&app);
    }
    store_close(app.store);
    return err == OK ? EXIT_DONE : command_fail(cx);
}
