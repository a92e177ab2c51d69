#include "nomination/nomination_pages.h"

#include <qrencode.h>
#include <string.h>
#include <zlib.h>

/*
 * A QR code as a black-and-white PNG that stands in the page itself (data:), so that a printed sheet of forty cards is one
 * answer and needs no second request for each. Error correction M survives a fold or a stain.
 */
enum { DOTS_PER_MODULE = 4, QUIET_MODULES = 4, MODULES_MAX = 177 };

static void put_u32(struct buf *out, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_put_char(out, (char)(value >> shift & 0xff));
}

static void put_chunk(struct buf *out, const char *name, const unsigned char *data, size_t len)
{
    put_u32(out, (uint32_t)len);
    size_t from = out->len;
    buf_put(out, str_from(name));
    buf_put(out, (struct str){ (const char *)data, len });
    put_u32(out, (uint32_t)crc32(0, (const Bytef *)out->at + from, (uInt)(out->len - from)));
}

/* Rows of one bit a dot, each behind its filter byte 0; a bit set is white. */
static unsigned char *draw_rows(struct arena *arena, const QRcode *code, size_t side, size_t *ret_len)
{
    size_t row_bytes = 1 + (side + 7) / 8;
    unsigned char *rows = arena_alloc(arena, row_bytes * side);
    memset(rows, 0xff, row_bytes * side);
    size_t width = (size_t)code->width;
    for (size_t y = 0; y < side; y++) {
        unsigned char *row = rows + y * row_bytes;
        row[0] = 0;
        for (size_t x = 0; x < side; x++) {
            size_t module_x = x / DOTS_PER_MODULE;
            size_t module_y = y / DOTS_PER_MODULE;
            bool is_inside = module_x >= QUIET_MODULES && module_y >= QUIET_MODULES && module_x < width + QUIET_MODULES &&
                             module_y < width + QUIET_MODULES;
            if (is_inside && (code->data[(module_y - QUIET_MODULES) * width + module_x - QUIET_MODULES] & 1) != 0)
                row[1 + x / 8] &= (unsigned char)~(0x80u >> (x % 8));
        }
    }
    *ret_len = row_bytes * side;
    return rows;
}

static struct str png_of(struct arena *arena, const QRcode *code)
{
    size_t side = ((size_t)code->width + 2 * QUIET_MODULES) * DOTS_PER_MODULE;
    size_t len = 0;
    unsigned char *rows = draw_rows(arena, code, side, &len);
    uLongf packed_len = compressBound((uLong)len);
    unsigned char *packed = arena_alloc(arena, packed_len);
    if (compress2(packed, &packed_len, rows, (uLong)len, 9) != Z_OK)
        return STR("");
    struct buf out;
    struct buf head;
    buf_init(&head, arena);
    put_u32(&head, (uint32_t)side);
    put_u32(&head, (uint32_t)side);
    buf_put(&head, (struct str){ "\1\0\0\0\0", 5 }); /* one bit, grey, no interlace */
    buf_init(&out, arena);
    buf_put(&out, (struct str){ "\x89PNG\r\n\x1a\n", 8 });
    put_chunk(&out, "IHDR", (const unsigned char *)head.at, head.len);
    put_chunk(&out, "IDAT", packed, packed_len);
    put_chunk(&out, "IEND", NULL, 0);
    return buf_str(&out);
}

static void put_base64(struct buf *out, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t three = 0;
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t j = 0; j < 3; j++)
            three = three << 8 | (j < have ? (unsigned char)bytes.at[i + j] : 0u);
        for (size_t j = 0; j < 4; j++)
            buf_put_char(out, j <= have ? digits[three >> (18 - 6 * j) & 63] : '=');
    }
}

struct url qr_picture(struct arena *arena, struct str text)
{
    struct buf out;
    QRcode *code = QRcode_encodeString8bit(str_to_c(arena, text), 0, QR_ECLEVEL_M);
    buf_init(&out, arena);
    if (code && code->width <= MODULES_MAX) {
        buf_put(&out, STR("data:image/png;base64,"));
        put_base64(&out, png_of(arena, code));
    }
    QRcode_free(code);
    return (struct url){ .text = buf_str(&out) };
}
