#include "paper/tesseract.h"

#include <assert.h>

enum {
    TIFF_HEAD = 8,
    TIFF_FIELDS = 12,
    TIFF_DIRECTORY = 2 + 12 * TIFF_FIELDS + 4,
    TIFF_RATIONAL = 8,
    TIFF_PAGE = TIFF_RATIONAL + TIFF_DIRECTORY + 4, /* besides the dots; 4 to keep what follows even */
    PAGE_SECONDS = 40, /* a dense page takes 1.7 s; a hostile one is not waited for */
    MEMORY_MAX = 1024 << 20,
    OUTPUT_MAX = 64 << 20,
};

static void put_number(unsigned char *at, size_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

enum err tiff_begin(struct ctx *cx, size_t dots, int pages, int dots_per_inch, struct tiff *ret_tiff)
{
    struct tiff tiff = { .len = TIFF_HEAD, .link = 4, .dots_per_inch = dots_per_inch };
    TRY(jail_memory_open(cx, TIFF_HEAD + dots + (size_t)pages * TIFF_PAGE, &tiff.memory));
    memcpy(tiff.memory->at, "II*\0", 4); /* little-endian; the place of the first page follows */
    *ret_tiff = tiff;
    return OK;
}

/* A field of a page's directory (TIFF 6.0, section 2): its tag, type (3: 16 bits, 4: 32 bits, 5: a fraction), one value. */
static unsigned char *put_field(unsigned char *at, size_t tag, size_t type, size_t value)
{
    put_number(at, tag, 2);
    put_number(at + 2, type, 2);
    put_number(at + 4, 1, 4);
    put_number(at + 8, value, 4);
    return at + 12;
}

struct raster tiff_add(struct tiff *tiff, int width, int height)
{
    size_t dots = (size_t)width * (size_t)height;
    assert(tiff->len + dots + TIFF_PAGE <= tiff->memory->len);
    struct raster raster = { tiff->memory->at + tiff->len, width, height };
    memset(raster.at, 255, dots);
    size_t resolution = tiff->len + dots + (dots & 1);
    size_t directory = resolution + TIFF_RATIONAL;
    unsigned char *at = tiff->memory->at + resolution;
    put_number(at, (size_t)tiff->dots_per_inch, 4);
    put_number(at + 4, 1, 4);
    put_number(tiff->memory->at + tiff->link, directory, 4);
    at = tiff->memory->at + directory;
    put_number(at, TIFF_FIELDS, 2);
    at = put_field(at + 2, 256, 4, (size_t)width);
    at = put_field(at, 257, 4, (size_t)height);
    at = put_field(at, 258, 3, 8);         /* bits of a dot */
    at = put_field(at, 259, 3, 1);         /* not compressed */
    at = put_field(at, 262, 3, 1);         /* 0 is black */
    at = put_field(at, 273, 4, tiff->len); /* where the dots are */
    at = put_field(at, 277, 3, 1);         /* one channel */
    at = put_field(at, 278, 4, (size_t)height);
    at = put_field(at, 279, 4, dots);
    at = put_field(at, 282, 5, resolution);
    at = put_field(at, 283, 5, resolution);
    at = put_field(at, 296, 3, 2); /* per inch */
    put_number(at, 0, 4);
    tiff->link = directory + TIFF_DIRECTORY - 4;
    tiff->len = directory + TIFF_DIRECTORY;
    tiff->len += tiff->len & 1;
    tiff->pages++;
    return raster;
}

enum err tesseract_read(struct ctx *cx, const struct tiff *tiff, enum tesseract_look look,
                        struct jail_memory **ret_hocr)
{
    static const char *const modes[] = { [TESSERACT_PAGE] = "3", [TESSERACT_BLOCK] = "6", [TESSERACT_SPARSE] = "11" };
    const char *const args[] = { "tesseract", "stdin", "stdout", "-l", "vie", "--psm", modes[look],
                                 "-c", "tessedit_create_hocr=1", NULL };
    int seconds = PAGE_SECONDS * tiff->pages;
    const struct jail_order order = { .program = "/usr/bin/tesseract", .args = args, .input = tiff->memory,
                                      .wall_ms = 3 * seconds * 1000, .cpu_seconds = seconds,
                                      .memory_bytes = MEMORY_MAX, .output_bytes = OUTPUT_MAX };
    struct jail_result result = { .end = JAIL_EXITED };
    TRY(jail_run(cx, &order, &result));
    if (result.end == JAIL_EXITED && result.exit_code == 0) {
        *ret_hocr = result.output;
        return OK;
    }
    jail_memory_close(result.output);
    enum err err = result.end == JAIL_EXITED
                       ? fail(cx, ERR_UNAVAILABLE, "Máy chủ chưa cài đủ phần mềm để nhận chữ trong ảnh; xin báo người "
                                                   "quản trị hệ thống")
                       : fail(cx, ERR_INVALID, "Bản quét này nhận chữ quá lâu; xin quét lại rõ hơn, 200 - 300 dpi, hoặc "
                                               "gửi tệp Word .docx");
    snprintf(cx->fault.detail, sizeof(cx->fault.detail), "tesseract: end %d, code %d", (int)result.end,
             result.exit_code);
    return err;
}
