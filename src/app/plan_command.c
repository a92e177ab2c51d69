/*
 * plan_command: diemcau plan read FILE: a paper in, plan/1 out; for a person a summary, with --json the whole.
 */
#include "app/commands.h"
#include "app/options.h"
#include "paper/paper.h"
#include "reader/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static enum err read_file(struct ctx *cx, struct str path, struct bytes *ret_file)
{
    enum { PIECE = 1 << 16 };
    int fd = cx->env->open(cx->env->state, str_to_c(&cx->arena, path), O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return fail(cx, ERR_INVALID, "Không mở được tệp " STR_FMT ": %s", STR_ARG(path),
                    errno == ENOENT ? "không có tệp này" : errno == EACCES ? "không có quyền đọc" : "lỗi khi mở tệp");
    struct buf buf;
    buf_init(&buf, &cx->arena);
    unsigned char *piece = ARENA_NEW_ARRAY(&cx->arena, unsigned char, PIECE);
    ssize_t got = 0;
    while (buf.len <= PAPER_FILE_MAX && (got = cx->env->read(cx->env->state, fd, piece, PIECE)) > 0)
        buf_put(&buf, (struct str){ (const char *)piece, (size_t)got });
    cx->env->close(cx->env->state, fd);
    if (got < 0)
        return fail(cx, ERR_INVALID, "Không đọc được tệp " STR_FMT "; cần một tệp TXT, DOCX, PDF, PNG hoặc JPEG", STR_ARG(path));
    if (buf.len > PAPER_FILE_MAX)
        return fail(cx, ERR_LIMIT, "Tệp " STR_FMT " lớn hơn %d MB; xin gửi riêng văn bản", STR_ARG(path), PAPER_FILE_MAX >> 20);
    *ret_file = (struct bytes){ (const unsigned char *)buf.at, buf.len };
    return OK;
}

static void print_line(const char *name, struct str value)
{
    if (value.len > 0)
        printf("%-14s " STR_FMT "\n", name, STR_ARG(value));
}

static void print_head(struct ctx *cx, const struct reader_head *head)
{
    struct str number = head->number.value.len > 0 || head->symbol.value.len > 0 ?
                            str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(head->number.value.len > 0 ? head->number.value : STR("(chưa có số)")), STR_ARG(head->symbol.value)) :
                            STR("");
    print_line("Loại:", head->kind.value);
    print_line("Số, ký hiệu:", number);
    print_line("Cơ quan:", head->issuer.value);
    print_line("Ngày:", head->date.value);
    print_line("Về việc:", head->title.value);
    print_line("Người ký:", head->signer_name.value);
}

static void print_count(const char *name, size_t count)
{
    if (count > 0)
        printf("%-14s %zu\n", name, count);
}

static void print_obligations(const struct reader_plan *plan)
{
    for (size_t i = 0; i < plan->obligations_len; i++) {
        const struct reader_obligation *o = &plan->obligations[i];
        printf("  %2zu. [" STR_FMT "] " STR_FMT, i + 1, STR_ARG(o->owner.value), STR_ARG(o->text.value));
        if (o->due.value.value.len > 0)
            printf(" (hạn: " STR_FMT ")", STR_ARG(o->due.value.value));
        putchar('\n');
    }
}

static void print_summary(struct ctx *cx, const struct reader_plan *plan)
{
    print_head(cx, &plan->document);
    if (plan->schedule.start.value.len > 0)
        printf("%-14s " STR_FMT " đến " STR_FMT "\n", "Thời gian:", STR_ARG(plan->schedule.start.value), STR_ARG(plan->schedule.end.value));
    print_line("Khai giảng:", plan->schedule.opening.value);
    print_line("Bế giảng:", plan->schedule.closing.value);
    print_count("Đối tượng:", plan->audiences_len);
    print_count("Điểm cầu:", plan->points_len);
    print_count("Chương trình:", plan->programmes_len);
    print_count("Chuyên đề:", plan->topics_len);
    print_count("Chỉ tiêu:", plan->quotas_len);
    print_count("Nhiệm vụ:", plan->obligations_len);
    print_obligations(plan);
    for (size_t i = 0; i < plan->anomalies_len; i++)
        printf("Lưu ý: " STR_FMT "\n", STR_ARG(plan->anomalies[i].words.len > 0 ? plan->anomalies[i].words : plan->anomalies[i].kind));
}

/* One sentence that says which file it is: whoever reads a folder of papers sees many of them. What a parser saw stays out. */
static int refuse(struct ctx *cx, struct str path)
{
    if (cx->fault.code == ERR_SYSTEM || cx->fault.code == ERR_UNAVAILABLE)
        return command_fail(cx);
    bool is_named = str_find(str_from(cx->fault.words), path) < strlen(cx->fault.words);
    if (!is_named)
        fprintf(stderr, "diemcau: " STR_FMT ": %s\n", STR_ARG(path), cx->fault.words);
    else
        fprintf(stderr, "diemcau: %s\n", cx->fault.words);
    return EXIT_INPUT;
}

static int read_and_print(struct ctx *cx, struct str path, bool is_json)
{
    struct bytes file = { NULL, 0 };
    struct paper paper = { .blocks = NULL };
    struct reader_plan plan = { .paragraphs = NULL };
    if (read_file(cx, path, &file) != OK || paper_read(cx, file, &paper) != OK || reader_read(cx, &paper, &plan) != OK)
        return refuse(cx, path);
    if (is_json) {
        struct str json = reader_format(&cx->arena, &plan);
        fwrite(json.at, 1, json.len, stdout);
        putchar('\n');
    } else {
        print_summary(cx, &plan);
    }
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_SYSTEM;
}

int command_plan(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = { { .name = "json" } };
    struct options options = { .at = list, .len = LEN(list) };
    if (options_parse(cx, argc, argv, &options) != OK)
        return command_usage(cx);
    if (options.words_len != 2 || !str_eq(options.words[0], STR("read"))) {
        fputs("diemcau: plan read FILE [--json]: cần tên một tệp TXT, DOCX, PDF, PNG hoặc JPEG\n", stderr);
        return EXIT_USAGE;
    }
    bool is_json = options_find(&options, "json")->is_given;
    jmp_buf out_of_memory;
    cx->arena.guard = &out_of_memory;
    if (setjmp(out_of_memory)) {
        fprintf(stderr, "diemcau: " STR_FMT ": Văn bản quá dài để đọc một lần; xin tách lấy phần cần nhận\n", STR_ARG(options.words[1]));
        return EXIT_INPUT;
    }
    return read_and_print(cx, options.words[1], is_json);
}
