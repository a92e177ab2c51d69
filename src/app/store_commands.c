/*
 * store_commands: check, rebuild, backup, restore and as-of. They open the data folder beside a running program
 * where that is safe (check, backup, as-of read only) and say so where it is not.
 */
#include "app/commands.h"
#include "app/options.h"
#include "app/routes.h"
#include "base/day.h"
#include "report/class_day_report.h"
#include "report/report.h"
#include "store/store.h"

#include <stdio.h>

static int open_store(struct ctx *cx, const struct options *options, struct store **ret_store)
{
    routes_register_facts();
    struct store_options how = {
        .env = cx->env,
        .dir = options_value(options, "data", STR("")),
        .database = options_value(options, "database", STR("")),
        .must_exist = true,
    };
    return store_open(cx, &how, ret_store) == OK ? EXIT_DONE : command_fail(cx);
}

/* The answer is no when there is one. */
static int print_findings(const struct store_findings *findings)
{
    for (size_t i = 0; i < findings->len; i++)
        fprintf(stderr, STR_FMT "\n", STR_ARG(findings->at[i]));
    return findings->len > 0 ? EXIT_NO : EXIT_DONE;
}

int command_check(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "database", .takes_value = true },
                             { .name = "json" } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    struct store *store = NULL;
    int code = open_store(cx, &options, &store);
    if (code != EXIT_DONE)
        return code;
    struct store_findings findings = { .at = NULL };
    if (store_check(cx, store, &findings) != OK) {
        code = command_fail(cx);
    } else if (options_find(&options, "json")->is_given) {
        printf("{\"facts\":%lld,\"findings\":%zu}\n", (long long)findings.facts, findings.len);
    } else if (findings.len == 0) {
        printf("Đã kiểm tra %lld sự kiện: không thấy sai lệch.\n", (long long)findings.facts);
    }
    if (code == EXIT_DONE)
        code = print_findings(&findings);
    store_close(store);
    return code;
}

int command_rebuild(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "database", .takes_value = true } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    struct store *store = NULL;
    int code = open_store(cx, &options, &store);
    if (code != EXIT_DONE)
        return code;
    if (store_rebuild(cx, store) != OK)
        code = command_fail(cx);
    else
        puts("Đã dựng lại mọi bảng từ các sự kiện.");
    store_close(store);
    return code;
}

int command_backup(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "to", .takes_value = true, .required = true } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    struct option database[] = { { .name = "data", .takes_value = true, .is_given = true,
                                   .value = options_value(&options, "data", STR("")) },
                                 { .name = "database", .takes_value = true } };
    struct options open_options = { .at = database, .len = LEN(database) };
    struct store *store = NULL;
    int code = open_store(cx, &open_options, &store);
    if (code != EXIT_DONE)
        return code;
    struct str to = options_value(&options, "to", STR(""));
    struct store_findings findings = { .at = NULL };
    if (store_backup(cx, store, to, &findings) != OK) {
        code = command_fail(cx);
    } else {
        printf("Đã sao lưu và kiểm tra bản sao: " STR_FMT "\n", STR_ARG(to));
        code = print_findings(&findings);
    }
    store_close(store);
    return code;
}

int command_restore(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "from", .takes_value = true, .required = true },
                             { .name = "data", .takes_value = true, .required = true } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    routes_register_facts();
    struct store_findings findings = { .at = NULL };
    if (store_restore(cx, cx->env, options_value(&options, "from", STR("")), options_value(&options, "data", STR("")),
                      &findings) != OK)
        return command_fail(cx);
    puts("Đã khôi phục. Các thiết bị sẽ tự gửi lại những gì còn giữ.");
    return print_findings(&findings);
}

/* The boards' figures as they stood: the nation's numbers of every paper then issued. */
static enum err print_as_of(struct ctx *cx, struct store *store, int64_t at, int32_t report_day, bool as_json)
{
    struct store *then = NULL;
    TRY(store_as_of(cx, store, at, &then));
    enum err err = store_reader_open(cx, then, &cx->db);
    if (err == OK) {
        cx->now = at;
        struct buf text;
        buf_init(&text, &cx->arena);
        err = report_day == DAY_NONE ? report_write_summary(cx, as_json, &text)
                                     : class_day_write_reports(cx, report_day, as_json, &text);
        if (err == OK)
            fwrite(text.at, 1, text.len, stdout);
        store_reader_close(cx->db);
        cx->db = NULL;
    }
    store_close(then);
    return err;
}

int command_as_of(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "at", .takes_value = true, .required = true },
                             { .name = "database", .takes_value = true },
                             { .name = "day", .takes_value = true },
                             { .name = "json" } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    int64_t at = 0;
    if (!instant_parse_iso(options_value(&options, "at", STR("")), &at)) {
        fputs("diemcau: --at cần dạng 2026-05-21T09:00\n", stderr);
        return EXIT_USAGE;
    }
    int32_t report_day = DAY_NONE;
    struct str day = options_value(&options, "day", STR(""));
    if (day.len > 0 && !day_parse_iso(day, &report_day)) {
        fputs("diemcau: --day cần dạng 2026-05-23\n", stderr);
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    int code = open_store(cx, &options, &store);
    if (code != EXIT_DONE)
        return code;
    if (print_as_of(cx, store, at, report_day, options_find(&options, "json")->is_given) != OK)
        code = command_fail(cx);
    store_close(store);
    return code;
}
