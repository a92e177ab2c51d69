#include "page/page.h"

#include <qrencode.h>

enum { QR_QUIET = 4, QR_TEXT_BYTES_MAX = 1000 };

struct holder {
    QRcode *code;
};

static void give_back(void *what)
{
    QRcode_free(((struct holder *)what)->code);
}

/* Each row of dark modules as runs of rectangles, in one path: small, and sharp at any size of print. */
static void put_rows(struct buf *out, const QRcode *code)
{
    for (int y = 0; y < code->width; y++) {
        const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
        for (int x = 0; x < code->width;) {
            int from = x;
            while (x < code->width && row[x] & 1)
                x++;
            if (x > from)
                buf_format(out, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
            else
                x++;
        }
    }
}

struct safe_html page_qr(struct arena *arena, struct str text)
{
    struct holder *holder = ARENA_NEW(arena, struct holder); /* given back also when the arena's memory ends below */
    const char *whole = str_to_c(arena, str_sub(text, 0, QR_TEXT_BYTES_MAX));
    arena_on_end(arena, give_back, holder);
    if (text.len <= QR_TEXT_BYTES_MAX)
        holder->code = QRcode_encodeString8bit(whole, 0, QR_ECLEVEL_M);
    if (!holder->code)
        return (struct safe_html){ .markup = STR("") };
    struct buf out;
    buf_init(&out, arena);
    int side = holder->code->width + 2 * QR_QUIET;
    buf_format(&out, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Mã QR của đường dẫn\">"
                     "<path class=\"qr-ground\" d=\"M0 0h%dv%dh-%dz\"/><path d=\"",
               side, side, side, side, side);
    put_rows(&out, holder->code);
    buf_put(&out, STR("\"/></svg>"));
    return (struct safe_html){ .markup = buf_str(&out) };
}
