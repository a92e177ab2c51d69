#include "paper/image.h"

#define DAMAGED "Ảnh này bị hỏng hoặc tải lên chưa trọn; xin gửi lại ảnh khác"

/* What PDF must be told about an image to show it as it is. */
struct image {
    uint32_t width, height;
    int dots_per_inch;       /* as the file says; 0 unknown */
    int turn;                /* degrees, clockwise: how the camera was held */
    const char *filter;      /* of PDF */
    struct str parameters;   /* of the filter and the colours */
    struct bytes *data;      /* the stream, in pieces */
    size_t data_len;
};

/* Pieces of a PNG: writers cut them at 8 KB and more. */
enum { PIECES_MAX = 20000 };

static uint32_t big16(const unsigned char *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t big32(const unsigned char *at)
{
    return big16(at) << 16 | big16(at + 2);
}

static enum err refuse(struct ctx *cx)
{
    return fail(cx, ERR_INVALID, DAMAGED);
}

/* ------------------------------------------------------------------------------------------ PNG */

enum { PNG_GREY = 0, PNG_RGB = 2, PNG_PALETTE = 3, PNG_GREY_ALPHA = 4, PNG_RGB_ALPHA = 6 };

/* Colours by their weight over white paper: PDF knows no alpha within a dot, but a function from four values to three. */
#define OVER_WHITE_RGB                                                                                 \
    "{3 index 1 exch sub 1 index mul 1 exch sub 3 index 1 exch sub 2 index mul 1 exch sub "           \
    "3 index 1 exch sub 3 index mul 1 exch sub 7 3 roll pop pop pop pop}"
#define OVER_WHITE_GREY "{1 index 1 exch sub 1 index mul 1 exch sub 3 1 roll pop pop}"

/* The function is object 5; see put_pdf. */
static struct str png_colours(struct ctx *cx, int kind, struct bytes palette)
{
    struct buf colours;
    buf_init(&colours, &cx->arena);
    if (kind == PNG_PALETTE) {
        buf_format(&colours, "[/Indexed /DeviceRGB %zu <", palette.len / 3 - 1);
        buf_put(&colours, str_from_bytes_hex(&cx->arena, palette.at, palette.len));
        buf_put(&colours, STR(">]"));
    } else {
        buf_put(&colours, kind == PNG_GREY         ? STR("/DeviceGray")
                          : kind == PNG_RGB        ? STR("/DeviceRGB")
                          : kind == PNG_GREY_ALPHA ? STR("[/DeviceN [/G /A] /DeviceGray 5 0 R]")
                                                   : STR("[/DeviceN [/R /G /B /A] /DeviceRGB 5 0 R]"));
    }
    return buf_str(&colours);
}

static bool is_png_depth(int kind, int depth)
{
    if (kind == PNG_GREY)
        return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    if (kind == PNG_PALETTE)
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    return (kind == PNG_RGB || kind == PNG_GREY_ALPHA || kind == PNG_RGB_ALPHA) && (depth == 8 || depth == 16);
}

/* PDF's filter of compressed rows with predictors is PNG's own. */
static enum err png_describe(struct ctx *cx, const unsigned char *header, struct bytes palette, struct image *image)
{
    static const int channels[] = { 1, 0, 3, 1, 2, 0, 4 };
    int depth = header[8];
    int kind = header[9];
    if (!is_png_depth(kind, depth) || image->data_len == 0 || (kind == PNG_PALETTE && palette.len < 3))
        return refuse(cx);
    if (header[12] != 0)
        return fail(cx, ERR_INVALID, "Ảnh PNG này lưu kiểu đan xen (interlaced); xin lưu lại kiểu thường, JPEG hoặc PDF "
                                     "rồi gửi lại");
    struct str colours = png_colours(cx, kind, palette);
    image->filter = "FlateDecode";
    image->parameters = str_format(&cx->arena,
                                   "/ColorSpace " STR_FMT " /BitsPerComponent %d /DecodeParms << /Predictor 15 "
                                   "/Colors %d /BitsPerComponent %d /Columns %u >>",
                                   STR_ARG(colours), depth, channels[kind], depth, image->width);
    return OK;
}

static enum err png_read(struct ctx *cx, struct bytes file, struct image *image)
{
    const unsigned char *header = NULL;
    struct bytes palette = { NULL, 0 };
    image->data = ARENA_NEW_ARRAY(&cx->arena, struct bytes, PIECES_MAX);
    for (size_t at = 8; at + 12 <= file.len;) {
        size_t len = big32(file.at + at);
        const unsigned char *body = file.at + at + 8;
        if (len > file.len - at - 12)
            break;
        if (memcmp(body - 4, "IHDR", 4) == 0 && len == 13)
            header = body;
        else if (memcmp(body - 4, "PLTE", 4) == 0 && len <= 768 && len % 3 == 0)
            palette = (struct bytes){ body, len };
        else if (memcmp(body - 4, "pHYs", 4) == 0 && len == 9 && body[8] == 1)
            image->dots_per_inch = (int)(big32(body) % 100000 * 254 / 10000);
        else if (memcmp(body - 4, "IDAT", 4) == 0 && image->data_len == PIECES_MAX)
            return fail(cx, ERR_LIMIT, "Ảnh PNG này chia quá nhiều mảnh; xin lưu lại thành JPEG hoặc PDF rồi gửi lại");
        else if (memcmp(body - 4, "IDAT", 4) == 0)
            image->data[image->data_len++] = (struct bytes){ body, len };
        at += len + 12;
    }
    if (!header)
        return refuse(cx);
    image->width = big32(header);
    image->height = big32(header + 4);
    return png_describe(cx, header, palette, image);
}

/* ------------------------------------------------------------------------------------------ JPEG */

/* Exif's tag 0x0112 says how the camera was held: 3 upside down, 6 and 8 on its sides. Its numbers are of either order. */
static int exif_turn(struct bytes exif)
{
    if (exif.len < 20 || memcmp(exif.at, "Exif\0", 6) != 0)
        return 0;
    const unsigned char *tiff = exif.at + 6;
    size_t len = exif.len - 6;
    bool is_big = tiff[0] == 'M';
#define NUMBER16(at) (is_big ? big16(at) : (uint32_t)(at)[1] << 8 | (at)[0])
    size_t place = is_big ? big32(tiff + 4) : (uint32_t)tiff[4] | (uint32_t)tiff[5] << 8 | (uint32_t)tiff[6] << 16;
    if (place + 2 > len)
        return 0;
    size_t entries = NUMBER16(tiff + place);
    for (size_t i = 0; i < entries && place + 2 + 12 * (i + 1) <= len; i++) {
        const unsigned char *entry = tiff + place + 2 + 12 * i;
        if (NUMBER16(entry) != 0x0112)
            continue;
        uint32_t held = NUMBER16(entry + 8);
        return held == 3 ? 180 : held == 6 ? 90 : held == 8 ? 270 : 0;
    }
#undef NUMBER16
    return 0;
}

static int jfif_density(struct bytes jfif)
{
    if (jfif.len < 12 || memcmp(jfif.at, "JFIF", 5) != 0)
        return 0;
    int density = (int)big16(jfif.at + 8);
    return jfif.at[7] == 1 ? density : jfif.at[7] == 2 ? density * 254 / 100 : 0;
}

/* A frame's header: its size and how many colours. Markers of frames are C0 to CF, but for three of other use. */
static bool is_frame(int marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static enum err jpeg_read(struct ctx *cx, struct bytes file, struct image *image)
{
    int channels = 0;
    for (size_t at = 2; at + 4 <= file.len && channels == 0;) {
        if (file.at[at] != 0xFF)
            return refuse(cx);
        int marker = file.at[at + 1];
        if (marker == 0xFF || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) { /* filling, or without a body */
            at += marker == 0xFF ? 1 : 2;
            continue;
        }
        size_t len = big16(file.at + at + 2);
        if (len < 2 || len > file.len - at - 2)
            return refuse(cx);
        struct bytes body = { file.at + at + 4, len - 2 };
        if (marker == 0xE0 && image->dots_per_inch == 0)
            image->dots_per_inch = jfif_density(body);
        else if (marker == 0xE1 && image->turn == 0)
            image->turn = exif_turn(body);
        else if (is_frame(marker) && body.len >= 6 && body.at[0] == 8) {
            image->height = big16(body.at + 1);
            image->width = big16(body.at + 3);
            channels = body.at[5];
        }
        at += len + 2;
    }
    if (channels != 1 && channels != 3 && channels != 4)
        return refuse(cx);
    image->filter = "DCTDecode";
    image->parameters = str_format(&cx->arena, "/ColorSpace %s /BitsPerComponent 8%s",
                                   channels == 1   ? "/DeviceGray"
                                   : channels == 3 ? "/DeviceRGB"
                                                   : "/DeviceCMYK",
                                   channels == 4 ? " /Decode [1 0 1 0 1 0 1 0]" : "");
    image->data = ARENA_NEW(&cx->arena, struct bytes);
    image->data[image->data_len++] = file;
    return OK;
}

/* ------------------------------------------------------------------------------------------ PDF */

/*
 * The page's width in points. A scanner says its resolution; screens and cameras say 72, 96 or nothing, and then the
 * page is taken for A4, upright or lying.
 */
static double page_width(const struct image *image)
{
    if (image->dots_per_inch >= 100 && image->dots_per_inch <= 1200)
        return 72.0 * image->width / image->dots_per_inch;
    return image->width <= image->height ? 595 : 842;
}

static void put_at(struct buf *file, size_t *offsets, int number)
{
    offsets[number] = file->len;
    buf_format(file, "%d 0 obj\n", number);
}

static enum err put_pdf(struct ctx *cx, const struct image *image, struct jail_memory **ret_pdf)
{
    double width = page_width(image);
    double height = width * image->height / image->width;
    size_t offsets[7] = { 0 };
    size_t data = 0;
    for (size_t i = 0; i < image->data_len; i++)
        data += image->data[i].len;
    struct buf head;
    struct str draw = str_format(&cx->arena, "%.3f 0 0 %.3f 0 0 cm /I Do", width, height);
    bool has_four = str_find(image->parameters, STR("/B /A]")) < image->parameters.len;
    struct str function = has_four ? STR(OVER_WHITE_RGB) : STR(OVER_WHITE_GREY);
    buf_init(&head, &cx->arena);
    buf_put(&head, STR("%PDF-1.5\n"));
    put_at(&head, offsets, 1);
    buf_put(&head, STR("<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"));
    put_at(&head, offsets, 2);
    buf_put(&head, STR("<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"));
    put_at(&head, offsets, 3);
    buf_format(&head,
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.3f %.3f] /Rotate %d /Contents 4 0 R "
               "/Resources << /XObject << /I 6 0 R >> >> >>\nendobj\n",
               width, height, image->turn);
    put_at(&head, offsets, 4);
    buf_format(&head, "<< /Length %zu >>\nstream\n" STR_FMT "\nendstream\nendobj\n", draw.len, STR_ARG(draw));
    put_at(&head, offsets, 5);
    buf_format(&head, "<< /FunctionType 4 /Domain [%s] /Range [%s] /Length %zu >>\nstream\n" STR_FMT
                      "\nendstream\nendobj\n",
               has_four ? "0 1 0 1 0 1 0 1" : "0 1 0 1", has_four ? "0 1 0 1 0 1" : "0 1", function.len,
               STR_ARG(function));
    put_at(&head, offsets, 6);
    buf_format(&head, "<< /Type /XObject /Subtype /Image /Width %u /Height %u /Filter /%s " STR_FMT
                      " /Length %zu >>\nstream\n",
               image->width, image->height, image->filter, STR_ARG(image->parameters), data);
    struct buf tail;
    buf_init(&tail, &cx->arena);
    buf_put(&tail, STR("\nendstream\nendobj\n"));
    size_t xref = head.len + data + tail.len;
    buf_put(&tail, STR("xref\n0 7\n0000000000 65535 f \n"));
    for (int i = 1; i < 7; i++)
        buf_format(&tail, "%010zu 00000 n \n", offsets[i]);
    buf_format(&tail, "trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", xref);

    struct jail_memory *pdf = NULL;
    TRY(jail_memory_open(cx, head.len + data + tail.len, &pdf));
    unsigned char *at = pdf->at;
    memcpy(at, head.at, head.len);
    at += head.len;
    for (size_t i = 0; i < image->data_len; i++) {
        memcpy(at, image->data[i].at, image->data[i].len);
        at += image->data[i].len;
    }
    memcpy(at, tail.at, tail.len);
    *ret_pdf = pdf;
    return OK;
}

bool image_is(struct bytes file)
{
    return (file.len > 8 && memcmp(file.at, "\x89PNG\r\n\x1A\n", 8) == 0) ||
           (file.len > 3 && memcmp(file.at, "\xFF\xD8\xFF", 3) == 0);
}

enum err image_to_pdf(struct ctx *cx, struct bytes file, struct jail_memory **ret_pdf, struct leaf *page)
{
    struct image image = { .width = 0 };
    if (file.at[0] == 0x89)
        TRY(png_read(cx, file, &image));
    else
        TRY(jpeg_read(cx, file, &image));
    if (image.width == 0 || image.height == 0)
        return refuse(cx);
    if ((uint64_t)image.width * image.height > IMAGE_DOTS_MAX)
        return fail(cx, ERR_LIMIT, "Ảnh có %u x %u điểm, lớn hơn mọi trang giấy quét; xin quét lại ở 200 - 300 dpi",
                    image.width, image.height);
    if (image.width > 20 * image.height || image.height > 20 * image.width)
        return fail(cx, ERR_INVALID, "Ảnh quá dài so với bề rộng, không phải một trang văn bản; xin gửi từng trang");
    if (image.width < IMAGE_WIDTH_MIN || image.height < IMAGE_HEIGHT_MIN)
        return fail(cx, ERR_INVALID, "Ảnh chỉ có %u x %u điểm, nhỏ quá để đọc được chữ; xin quét lại ở 200 - 300 dpi",
                    image.width, image.height);
    double width = page_width(&image);
    double height = width * image.height / image.width;
    page->width = image.turn % 180 == 0 ? width : height;
    page->height = image.turn % 180 == 0 ? height : width;
    return put_pdf(cx, &image, ret_pdf);
}
