/*
 * demo_command: diemcau demo and diemcau rehearse.
 */
#include "app/commands.h"
#include "app/options.h"
#include "app/routes.h"
#include "base/day.h"
#include "demo/demo.h"
#include "rehearse/rehearse.h"
#include "rehearse/rehearse_class.h"
#include "store/store.h"

#include <stdio.h>

static bool parse_scale(struct str text, enum demo_scale *ret_scale)
{
    static const struct str names[] = { [DEMO_SMALL] = STR_INIT("small"), [DEMO_PROVINCE] = STR_INIT("province"),
                                        [DEMO_NATION] = STR_INIT("nation") };
    for (size_t i = 0; i < LEN(names); i++) {
        if (str_eq(text, names[i])) {
            *ret_scale = (enum demo_scale)i;
            return true;
        }
    }
    return false;
}

int command_demo(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "database", .takes_value = true },
                             { .name = "scale", .takes_value = true },
                             { .name = "seed", .takes_value = true },
                             { .name = "clock", .takes_value = true } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    struct demo_options how = { .seed = 20260523 };
    int64_t seed = 0;
    if (!parse_scale(options_value(&options, "scale", STR("small")), &how.scale) ||
        !instant_parse_iso(options_value(&options, "clock", STR("2026-05-20T08:30")), &how.clock_at) ||
        !str_to_i64(options_value(&options, "seed", STR("20260523")), &seed) || seed < 1) {
        fputs("diemcau: --scale small|province|nation, --clock 2026-05-20T08:30, --seed là số dương\n", stderr);
        return EXIT_USAGE;
    }
    how.seed = (uint64_t)seed;
    routes_register_facts();
    struct store_options place = { .env = cx->env,
                                   .dir = options_value(&options, "data", STR("")),
                                   .database = options_value(&options, "database", STR("")) };
    struct store *store = NULL;
    if (store_open(cx, &place, &store) != OK)
        return command_fail(cx);
    enum err err = demo_build(cx, store, &how);
    store_close(store);
    if (err != OK)
        return command_fail(cx);
    printf("Đã dựng bản thử trong " STR_FMT "; tài khoản: " STR_FMT "/accounts.txt\n", STR_ARG(place.dir), STR_ARG(place.dir));
    return EXIT_DONE;
}

static void print_rehearsal(const struct rehearse_result *r)
{
    printf("đăng nhập %lld, dùng lại phiên cũ %lld; văn bản %lld; tài liệu %lld; hoàn thành nhiệm vụ %lld; gửi lại %lld; "
           "bị từ chối %lld; lỗi %lld; %.1f giây; p50 %.1f ms; p99 %.1f ms\n",
           (long long)r->signed_in, (long long)r->reused, (long long)r->acknowledged, (long long)r->received,
           (long long)r->closed, (long long)r->repeated, (long long)r->refused, (long long)r->failed, r->seconds, r->p50_ms,
           r->p99_ms);
    if (r->lines_len == 0)
        return;
    puts("\nĐã gửi so với bảng theo dõi tăng thêm:\n"
         "  mã |     văn bản     |    tài liệu     |    nhiệm vụ     | địa bàn");
    for (size_t i = 0; i < r->lines_len; i++) {
        const struct rehearse_line *line = &r->lines[i];
        printf("%4s |", line->code);
        for (size_t k = 0; k < REHEARSE_COUNTS; k++) {
            int64_t moved = line->after[k] - line->before[k];
            printf(" %6lld %s %6lld |", (long long)line->sent[k], moved == line->sent[k] ? "=" : "≠", (long long)moved);
        }
        printf(" %s%s\n", line->name, rehearse_line_agrees(line) ? "" : "  <-- KHÁC");
    }
    puts(r->is_verified ? "Mọi con số của bảng theo dõi đúng bằng số đã gửi." :
                          "Có con số của bảng theo dõi KHÁC số đã gửi.");
}

static int option_number(const struct options *options, const char *name, int otherwise)
{
    int64_t value = 0;
    struct str text = options_value(options, name, STR(""));
    return text.len > 0 && str_to_i64(text, &value) && value >= 0 && value < 1000000 ? (int)value : otherwise;
}

static void print_class(const struct rehearse_class_result *r)
{
    printf("%lld điểm cầu, %lld học viên, %lld buổi\n", (long long)r->rooms, (long long)r->learners, (long long)r->sessions);
    puts("      đã gửi    đã nhận   giây   mỗi giây   p50 ms   p99 ms  việc");
    for (size_t i = 0; i < r->steps_len; i++) {
        const struct rehearse_class_step *step = &r->steps[i];
        double seconds = step->figures.seconds > 0 ? step->figures.seconds : 0.001;
        printf("  %10lld %10lld %6.1f %10.0f %8.1f %8.1f  %s", (long long)step->sent, (long long)step->taken, step->figures.seconds,
               (double)step->sent / seconds, step->figures.p50_ms, step->figures.p99_ms, step->name);
        printf(step->figures.busy ? " (chờ %lld lượt)\n" : "\n", (long long)step->figures.busy);
    }
    printf("biên nhận: ghi %lld, đã có %lld, để riêng %lld; bị từ chối %lld; lỗi %lld\n", (long long)r->stored,
           (long long)r->already, (long long)r->set_aside, (long long)r->refused, (long long)r->failed);
    for (size_t i = 0; i < r->words_len; i++)
        printf("  KHÁC: " STR_FMT "\n", STR_ARG(r->words[i]));
    printf("bảng toàn quốc, tỉnh, xã: %lld con số đã so, %lld khác số đã gửi\n", (long long)r->numbers, (long long)r->differences);
}

static int rehearse_class(struct ctx *cx, const struct options *options, bool is_visible)
{
    enum { BATCH_MAX = 400 };
    int64_t course_id = 0;
    (void)str_to_i64(options_value(options, "class", STR("0")), &course_id);
    struct rehearse_class_options how = {
        .url = options_value(options, "url", STR("")),
        .officers_path = options_value(options, "officers", STR("")),
        .watcher_login = options_value(options, "watcher", STR("hocvien.chuyenvien")),
        .watcher_password = options_value(options, "password", demo_password),
        .course_id = course_id,
        .export_dir = options_value(options, "export", STR("")),
        .connections = option_number(options, "connections", 64),
        .per_second = is_visible ? 25 : 0,
        .batch = option_number(options, "batch", 10),
        .vanish_percent = 10,
        .repeat_percent = 5,
        .correct_percent = 2,
    };
    if (how.batch < 1 || how.batch > BATCH_MAX) {
        fprintf(stderr, "diemcau: --batch cần từ 1 đến %d\n", BATCH_MAX);
        return EXIT_USAGE;
    }
    struct rehearse_class_result result = { .rooms = 0 };
    if (rehearse_class_run(cx, &how, &result) != OK)
        return command_fail(cx);
    print_class(&result);
    bool is_clean = result.differences == 0 && result.failed == 0 && result.refused == 0 && result.set_aside == 0;
    return is_clean ? EXIT_DONE : EXIT_NO;
}

int command_rehearse(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "url", .takes_value = true, .required = true },
                             { .name = "players", .takes_value = true },
                             { .name = "officers", .takes_value = true },
                             { .name = "class", .takes_value = true },
                             { .name = "export", .takes_value = true },
                             { .name = "connections", .takes_value = true },
                             { .name = "batch", .takes_value = true },
                             { .name = "watcher", .takes_value = true },
                             { .name = "password", .takes_value = true },
                             { .name = "pace", .takes_value = true },
                             { .name = "count", .takes_value = true },
                             { .name = "sign-ins", .takes_value = true },
                             { .name = "sessions", .takes_value = true },
                             { .name = "seconds", .takes_value = true } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    bool is_visible = str_eq(options_value(&options, "pace", STR("visible")), STR("visible"));
    if (options_find(&options, "officers")->is_given)
        return rehearse_class(cx, &options, is_visible);
    if (!options_find(&options, "players")->is_given) {
        fputs("diemcau: cần --players (diễn tập văn bản) hoặc --officers (diễn tập ngày học)\n", stderr);
        return EXIT_USAGE;
    }
    struct rehearse_options how = {
        .url = options_value(&options, "url", STR("")),
        .players_path = options_value(&options, "players", STR("")),
        .watcher_login = options_value(&options, "watcher", STR("")),
        .watcher_password = options_value(&options, "password", demo_password),
        .players = option_number(&options, "count", 0),
        .sign_ins = option_number(&options, "sign-ins", 0),
        .sessions_path = options_value(&options, "sessions", STR("")),
        .per_second = is_visible ? 6 : 0,
        .seconds_max = option_number(&options, "seconds", 0),
        .repeat_percent = 5,
    };
    struct rehearse_result result = { .seconds = 0 };
    if (rehearse_run(cx, &how, &result) != OK)
        return command_fail(cx);
    print_rehearsal(&result);
    bool is_clean = result.failed == 0 && (how.watcher_login.len == 0 || result.is_verified);
    return is_clean ? EXIT_DONE : EXIT_NO;
}
