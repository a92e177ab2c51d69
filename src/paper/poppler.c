#include "paper/poppler.h"

#include "paper/paper.h"

#include <inttypes.h>

enum {
    WORDS_OUTPUT_MAX = 96 << 20,
    PICTURES_OUTPUT_MAX = 256 << 20,
    MEMORY_MAX = 768 << 20,
    WORDS_SECONDS = 20,
    PAGE_SECONDS = 10, /* besides the first */
};

static bool holds(struct bytes bytes, const char *what)
{
    return memmem(bytes.at, bytes.len, what, strlen(what)) != NULL;
}

/* Why a program gave up, in words for the person who sent the file. */
static enum err refuse(struct ctx *cx, const struct jail_memory *pdf, const struct jail_result *result)
{
    if (result->end == JAIL_TIMED_OUT || result->end == JAIL_KILLED)
        return fail(cx, ERR_INVALID, "Tệp PDF này quá nặng hoặc bị hỏng nên không đọc được; xin in lại thành PDF mới "
                                     "hoặc gửi tệp Word .docx");
    if (holds((struct bytes){ pdf->at, pdf->len }, "/Encrypt"))
        return fail(cx, ERR_INVALID, "Tệp PDF này đặt mật khẩu; xin bỏ mật khẩu, lưu lại rồi gửi lại");
    return fail(cx, ERR_INVALID, "Tệp PDF này bị hỏng hoặc tải lên chưa trọn; xin gửi lại tệp khác");
}

/* What the programs end with when the first page asked for is behind the last. */
enum { NO_SUCH_PAGE = 99 };

static enum err run(struct ctx *cx, const struct jail_order *order, struct jail_memory **ret_output)
{
    struct jail_result result = { .end = JAIL_EXITED };
    TRY(jail_run(cx, order, &result));
    if (result.end == JAIL_EXITED && result.exit_code == 0) {
        *ret_output = result.output;
        return OK;
    }
    jail_memory_close(result.output);
    if (result.end == JAIL_EXITED && result.exit_code == NO_SUCH_PAGE)
        return fail(cx, ERR_INVALID, "Tệp PDF này không có trang cần xem, hoặc không có trang nào");
    enum err err = refuse(cx, order->input, &result);
    snprintf(cx->fault.detail, sizeof(cx->fault.detail), "%s: end %d, code %d", order->program, (int)result.end,
             result.exit_code);
    return err;
}

enum err poppler_words(struct ctx *cx, const struct jail_memory *pdf, struct jail_memory **ret_xhtml)
{
    /* One page more than is allowed shows that there are too many. */
    const char *last = str_to_c(&cx->arena, str_format(&cx->arena, "%d", PAPER_PAGES_MAX + 1));
    const char *const args[] = { "pdftotext", "-q", "-bbox-layout", "-enc", "UTF-8", "-l", last, "-", "-", NULL };
    const struct jail_order order = { .program = "/usr/bin/pdftotext", .args = args, .input = pdf,
                                      .wall_ms = 3 * WORDS_SECONDS * 1000, .cpu_seconds = WORDS_SECONDS,
                                      .memory_bytes = MEMORY_MAX, .output_bytes = WORDS_OUTPUT_MAX };
    return run(cx, &order, ret_xhtml);
}

enum err poppler_pages(struct ctx *cx, const struct jail_memory *pdf, int first, int last, int dots_per_inch,
                       enum poppler_look look, struct jail_memory **ret_pictures)
{
    struct arena *arena = &cx->arena;
    const char *const args[] = { "pdftoppm", "-q", "-f", str_to_c(arena, str_format(arena, "%d", first)), "-l",
                                 str_to_c(arena, str_format(arena, "%d", last)), "-r",
                                 str_to_c(arena, str_format(arena, "%d", dots_per_inch)),
                                 look == POPPLER_PNG ? "-png" : "-q", look == POPPLER_LINES ? "-gray" : "-q",
                                 "-aaVector", look == POPPLER_LINES ? "no" : "yes", "-thinlinemode",
                                 look == POPPLER_LINES ? "solid" : "none", "-", NULL };
    int seconds = WORDS_SECONDS + PAGE_SECONDS * (last - first);
    const struct jail_order order = { .program = "/usr/bin/pdftoppm", .args = args, .input = pdf,
                                      .wall_ms = 3 * seconds * 1000, .cpu_seconds = seconds,
                                      .memory_bytes = MEMORY_MAX, .output_bytes = PICTURES_OUTPUT_MAX };
    return run(cx, &order, ret_pictures);
}

/* A number of a PNM header and the one blank behind it. */
static bool cut_number(struct str *rest, int max, int *ret_number)
{
    size_t i = 0;
    while (i < rest->len && i < 6 && rest->at[i] >= '0' && rest->at[i] <= '9')
        i++;
    int64_t number = 0;
    if (!str_to_i64(str_sub(*rest, 0, i), &number) || number < 1 || number > max || i == rest->len ||
        (rest->at[i] != ' ' && rest->at[i] != '\n'))
        return false;
    *rest = str_sub(*rest, i + 1, SIZE_MAX);
    *ret_number = (int)number;
    return true;
}

bool picture_next(struct jail_memory *pictures, size_t *at, struct picture *ret_picture)
{
    struct str text = str_sub((struct str){ (const char *)pictures->at, pictures->len }, *at, SIZE_MAX);
    struct picture picture = { .channels = str_starts(text, STR("P6\n")) ? 3 : str_starts(text, STR("P5\n")) ? 1 : 0 };
    int depth = 0;
    text = str_sub(text, 3, SIZE_MAX);
    if (picture.channels == 0 || !cut_number(&text, 20000, &picture.width) ||
        !cut_number(&text, 20000, &picture.height) || !cut_number(&text, 255, &depth) || depth != 255)
        return false;
    size_t bytes = (size_t)picture.width * (size_t)picture.height * (size_t)picture.channels;
    if (bytes > text.len)
        return false;
    picture.at = pictures->at + (pictures->len - text.len);
    *at = pictures->len - text.len + bytes;
    *ret_picture = picture;
    return true;
}
