#include "app/commands.h"
#include "base/ctx.h"
#include "base/log.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* The whole program's own arena: commands that walk many facts use arenas of their own. */
enum { MAIN_ARENA_BYTES = 256 << 20 };

static const struct command commands[] = {
    { "serve", "--data DIR [--listen ADDR:PORT] [--database URL] [--cert FILE --key FILE] [--allow-plain] [--gateways LIST] [--per-address N] [--janus URL] [--janus-secret FILE] [--clock T]",
      "phục vụ trên một địa chỉ", command_serve },
    { "demo", "--data DIR [--scale small|province|nation] [--seed N] [--clock T] [--database URL]",
      "dựng một bản cài đặt hư cấu trong thư mục trống", command_demo },
    { "check", "--data DIR [--database URL] [--json]", "kiểm tra toàn bộ dữ liệu", command_check },
    { "rebuild", "--data DIR [--database URL]", "dựng lại mọi bảng từ các sự kiện", command_rebuild },
    { "backup", "--data DIR --to FILE", "sao lưu khi đang chạy, có kiểm tra bản sao", command_backup },
    { "restore", "--from FILE --data DIR", "khôi phục từ bản sao lưu vào thư mục trống", command_restore },
    { "as-of", "--data DIR --at yyyy-mm-ddThh:mm [--day yyyy-mm-dd] [--json]",
      "tình hình tại một thời điểm; với --day là báo cáo ngày học như lúc đó", command_as_of },
    { "rehearse", "--url URL --players FILE [--watcher LOGIN] [--password P] [--pace visible|full] [--count N] [--seconds N]"
      " [--sign-ins N] [--sessions FILE]\n"
      "      hoặc: --url URL --officers FILE [--class ID] [--watcher LOGIN] [--pace visible|full] [--connections N] [--batch N]",
      "diễn tập văn bản, hoặc các ngày học, trên một máy chủ đang chạy", command_rehearse },
    { "plan", "read FILE [--json]", "đọc một văn bản (TXT, DOCX, PDF, ảnh quét) thành kế hoạch có cấu trúc", command_plan },
    { "account", "add|grant|token ... --data DIR", "tài khoản và khóa giao tiếp đầu tiên", command_account },
};

static int usage(void)
{
    fputs("Điểm Cầu: bồi dưỡng cán bộ cơ sở, từ văn bản triệu tập đến đánh giá sau lớp.\n\n", stderr);
    for (size_t i = 0; i < LEN(commands); i++)
        fprintf(stderr, "  diemcau %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].words);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (sodium_init() < 0) {
        fputs("diemcau: không khởi tạo được thư viện mật mã\n", stderr);
        return EXIT_SYSTEM;
    }
    if (argc < 2)
        return usage();
    static const struct actor program = {
        .kind = ACTOR_PROGRAM,
        .scope = { STR_INIT(""), STR_INIT("~") }, /* every unit: paths are digits, letters a to f and dots */
        .permissions = ~UINT64_C(0),
        .name = STR_INIT("Hệ thống"),
    };
    struct ctx cx = { .env = env_real(), .actor = &program };
    cx.now = env_now(cx.env);
    arena_init(&cx.arena, cx.env, MAIN_ARENA_BYTES);
    int code = -1;
    for (size_t i = 0; i < LEN(commands) && code < 0; i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            code = commands[i].run(&cx, argc - 2, argv + 2);
    arena_end(&cx.arena);
    return code < 0 ? usage() : code;
}
