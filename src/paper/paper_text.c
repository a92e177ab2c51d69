#include "paper/inside.h"
#include "paper/legacy.h"
#include "paper/markdown.h"
#include "viet/viet.h"

enum { TEXT_FILE_MAX = 4 * PAPER_TEXT_MAX }; /* UTF-16, and what converters leave */

static struct str utf8_of_utf16(struct arena *arena, struct bytes file, bool is_big_endian)
{
    struct buf out;
    buf_init(&out, arena);
    uint32_t high = 0;
    for (size_t i = 0; i + 1 < file.len; i += 2) {
        uint32_t unit = is_big_endian ? (uint32_t)(file.at[i] << 8 | file.at[i + 1])
                                      : (uint32_t)(file.at[i + 1] << 8 | file.at[i]);
        if (unit >= 0xDC00 && unit <= 0xDFFF) {
            buf_put_code_point(&out, high ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD);
            high = 0;
            continue;
        }
        if (high)
            buf_put_code_point(&out, 0xFFFD);
        high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
        if (!high)
            buf_put_code_point(&out, unit);
    }
    return buf_str(&out);
}

/* Bytes below the blank that no text has; 0x1A is the end mark of old programs. */
static bool holds_controls(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte < 0x20 && !strchr("\t\n\v\f\r\x1A", byte))
            return true;
        if (byte == 0)
            return true;
    }
    return false;
}

static enum err refuse_binary(struct ctx *cx)
{
    return fail(cx, ERR_INVALID, "Tệp này không phải văn bản hoặc đã hỏng; xin gửi tệp Word .docx, PDF, ảnh PNG, JPEG "
                                 "hoặc tệp chữ");
}

/* The text as UTF-8, NFC, and the name of what it was. */
static enum err decode(struct ctx *cx, struct bytes file, struct str *ret_text, struct str *ret_encoding)
{
    struct str text = { (const char *)file.at, file.len };
    bool is_little = str_starts(text, STR("\xFF\xFE")), is_big = str_starts(text, STR("\xFE\xFF"));
    if (is_little || is_big) {
        file.at += 2;
        file.len -= 2;
        text = utf8_of_utf16(&cx->arena, file, is_big);
        *ret_encoding = STR("UTF-16");
    } else if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        text = str_sub(text, 3, SIZE_MAX);
    }
    if (holds_controls(text))
        return refuse_binary(cx);
    bool is_utf8 = str_is_utf8(text);
    if (!is_utf8)
        text = legacy_letters(&cx->arena, (struct bytes){ (const unsigned char *)text.at, text.len });
    enum legacy legacy = legacy_guess(&cx->arena, text);
    if (!is_utf8 && legacy == LEGACY_NONE && legacy_score(&cx->arena, text) < 0)
        return refuse_binary(cx);
    if (!is_utf8 && legacy == LEGACY_NONE)
        return fail(cx, ERR_INVALID, "Chưa nhận ra bảng mã của tệp chữ này (đã thử Unicode, TCVN3, VNI); xin mở bằng "
                                     "Word và lưu thành .docx rồi gửi lại");
    if (ret_encoding->len == 0)
        *ret_encoding = legacy_shown(legacy);
    *ret_text = viet_nfc(&cx->arena, legacy_decode(&cx->arena, text, legacy));
    return OK;
}

enum err text_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct str text = STR(""), encoding = STR("");
    struct block_list list = { .at = NULL };
    if (file.len > TEXT_FILE_MAX)
        return fail(cx, ERR_LIMIT, "Tệp chữ này lớn hơn %d MB; xin tách lấy phần văn bản cần nhận",
                    TEXT_FILE_MAX >> 20);
    TRY(decode(cx, file, &text, &encoding));
    TRY(markdown_read(cx, text, &list));
    *ret_paper = (struct paper){
        .format = PAPER_FORMAT_TEXT, .blocks = list.at, .blocks_len = list.len, .encoding = encoding
    };
    return OK;
}
