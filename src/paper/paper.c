#include "paper/image.h"
#include "paper/inside.h"
#include "viet/viet.h"

struct str paper_format_name(enum paper_format format)
{
    static const struct str names[] = {
#define X(name, stored, shown) STR_INIT(stored),
        PAPER_FORMAT_LIST(X)
#undef X
    };
    return names[format];
}

struct str paper_format_shown(enum paper_format format)
{
    static const struct str names[] = {
#define X(name, stored, shown) STR_INIT(shown),
        PAPER_FORMAT_LIST(X)
#undef X
    };
    return names[format];
}

struct paper_block block_of(enum paper_block_kind kind, struct str text)
{
    return (struct paper_block){ .kind = kind, .text = text, .row_span = 1, .column_span = 1, .confidence = 100 };
}

void *array_for_one_more(struct arena *arena, void *at, size_t len, size_t item_bytes)
{
    enum { ROOM_MIN = 16 };
    bool is_full = len == 0 || (len >= ROOM_MIN && (len & (len - 1)) == 0);
    if (!is_full)
        return at;
    void *wider = arena_alloc_array(arena, len ? 2 * len : ROOM_MIN, item_bytes);
    if (len > 0)
        memcpy(wider, at, len * item_bytes);
    return wider;
}

enum err block_add(struct ctx *cx, struct block_list *list, const struct paper_block *block)
{
    if (list->len == PAPER_BLOCKS_MAX)
        return fail(cx, ERR_LIMIT, "Tệp có hơn %d đoạn, dài hơn mọi kế hoạch; xin tách lấy phần văn bản cần nhận",
                    PAPER_BLOCKS_MAX);
    list->text_bytes += block->text.len;
    if (list->text_bytes > PAPER_TEXT_MAX)
        return fail(cx, ERR_LIMIT, "Tệp dài hơn %d trang; xin tách lấy phần văn bản cần nhận", PAPER_PAGES_MAX);
    list->at = array_for_one_more(&cx->arena, list->at, list->len, sizeof *list->at);
    list->at[list->len++] = *block;
    return OK;
}

uint32_t superscript_of(uint32_t letter)
{
    static const uint32_t figures[] = { 0x2070, 0xB9, 0xB2, 0xB3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079 };
    return letter >= '0' && letter <= '9' ? figures[letter - '0'] : letter;
}

/*
 * What a file is that is read by none of the readers: how it begins, and what to tell the person. Only such beginnings
 * as no text has.
 */
struct beginning {
    const char *bytes;
    size_t len, at;
    const char *words;
};

#define PLEASE_IMAGE "; xin lưu lại thành PNG, JPEG hoặc PDF rồi gửi lại"
#define PLEASE_UNPACK "Đây là tệp nén; xin giải nén rồi gửi từng văn bản một"
#define PLEASE_WORD "; xin mở tệp, chọn Lưu thành (Save As) kiểu Word .docx hoặc PDF rồi gửi lại"
#define NOT_A_PAPER "Tệp này không phải văn bản; xin gửi tệp Word .docx, PDF, ảnh PNG, JPEG hoặc tệp chữ"

static const struct beginning foreign[] = {
    { "{\\rtf", 5, 0, "Đây là tệp RTF" PLEASE_WORD },
    { "GIF8", 4, 0, "Đây là ảnh GIF" PLEASE_IMAGE },
    { "BM", 2, 0, "" }, /* needs a closer look: is_bitmap */
    { "II*\0", 4, 0, "Đây là ảnh TIFF" PLEASE_IMAGE },
    { "MM\0*", 4, 0, "Đây là ảnh TIFF" PLEASE_IMAGE },
    { "WEBP", 4, 8, "Đây là ảnh WebP" PLEASE_IMAGE },
    { "ftyphei", 7, 4, "Đây là ảnh HEIC của điện thoại" PLEASE_IMAGE },
    { "ftypmif", 7, 4, "Đây là ảnh HEIC của điện thoại" PLEASE_IMAGE },
    { "7z\xBC\xAF\x27\x1C", 6, 0, PLEASE_UNPACK },
    { "Rar!\x1A\x07", 6, 0, PLEASE_UNPACK },
    { "\x1F\x8B\x08", 3, 0, PLEASE_UNPACK },
    { "MZ", 2, 0, "" },
    { "\x7F" "ELF", 4, 0, NOT_A_PAPER },
    { "SQLite format 3", 16, 0, NOT_A_PAPER },
    { "MIME-Version:", 13, 0, "Đây là trang web lưu kiểu MHT hoặc thư điện tử" PLEASE_WORD },
};

static bool holds_at(struct bytes file, size_t at, const char *bytes, size_t len)
{
    return file.len >= at + len && memcmp(file.at + at, bytes, len) == 0;
}

/* The format of a file's directory of streams stores their names as UTF-16 ([MS-CFB] 2.6.1). */
static bool holds_stream(struct bytes file, const char *name)
{
    char wide[64];
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++) {
        wide[2 * i] = name[i];
        wide[2 * i + 1] = 0;
    }
    return memmem(file.at, file.len, wide, 2 * len) != NULL;
}

static enum err refuse_compound(struct ctx *cx, struct bytes file)
{
    if (holds_stream(file, "EncryptedPackage"))
        return fail(cx, ERR_INVALID, "Tệp này đặt mật khẩu mở; xin mở tệp, bỏ mật khẩu, lưu lại rồi gửi lại");
    if (holds_stream(file, "WordDocument"))
        return fail(cx, ERR_INVALID, "Đây là tệp Word kiểu cũ (.doc)" PLEASE_WORD);
    if (holds_stream(file, "Workbook") || holds_stream(file, "Book"))
        return fail(cx, ERR_INVALID, "Đây là bảng tính Excel kiểu cũ (.xls), không phải văn bản; xin gửi tệp Word "
                                     ".docx hoặc PDF của văn bản");
    if (holds_stream(file, "PowerPoint Document"))
        return fail(cx, ERR_INVALID, "Đây là bài trình chiếu PowerPoint, không phải văn bản; xin gửi tệp Word .docx "
                                     "hoặc PDF của văn bản");
    return fail(cx, ERR_INVALID, NOT_A_PAPER);
}

/* What begins as markup: a page of the web, or data. `file` has no blanks in front. */
static enum err refuse_markup(struct ctx *cx, struct str text)
{
    char head[16] = "";
    for (size_t i = 0; i < text.len && i < sizeof head - 1; i++)
        head[i] = (char)(text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] + 32 : text.at[i]);
    struct str lower = str_from(head);
    if (str_starts(lower, STR("<!doctype html")) || str_starts(lower, STR("<html")) ||
        str_starts(lower, STR("<head")) || str_starts(lower, STR("<body")))
        return fail(cx, ERR_INVALID, "Đây là trang web (HTML)" PLEASE_WORD);
    if (str_starts(lower, STR("<?xml")))
        return fail(cx, ERR_INVALID, "Đây là tệp dữ liệu XML" PLEASE_WORD);
    return OK;
}

/* BMP says its own size, and a program of Windows holds bytes that no text has: "BM" and "MZ" begin words too. */
static bool is_binary(struct bytes file)
{
    return memchr(file.at, 0, file.len < 64 ? file.len : 64) != NULL;
}

static enum err refuse_foreign(struct ctx *cx, struct bytes file)
{
    if (holds_at(file, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
        return refuse_compound(cx, file);
    for (size_t i = 0; i < LEN(foreign); i++) {
        const struct beginning *known = &foreign[i];
        if (!holds_at(file, known->at, known->bytes, known->len))
            continue;
        if (*known->words)
            return fail(cx, ERR_INVALID, "%s", known->words);
        if (is_binary(file))
            return fail(cx, ERR_INVALID, "%s",
                        known->bytes[0] == 'B' ? "Đây là ảnh BMP" PLEASE_IMAGE : NOT_A_PAPER);
    }
    struct str text = { (const char *)file.at, file.len };
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, SIZE_MAX);
    return refuse_markup(cx, str_trim(text));
}

static bool is_zip(struct bytes file)
{
    return holds_at(file, 0, "PK\x03\x04", 4) || holds_at(file, 0, "PK\x05\x06", 4) ||
           holds_at(file, 0, "PK\x07\x08", 4);
}

static enum err read_any(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    if (is_zip(file))
        return docx_read(cx, file, ret_paper);
    if (pdf_is(file))
        return pdf_read(cx, file, ret_paper);
    if (image_is(file))
        return image_read(cx, file, ret_paper);
    TRY(refuse_foreign(cx, file));
    return text_read(cx, file, ret_paper);
}

enum err paper_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct paper paper = { .blocks = NULL };
    if (file.len == 0)
        return fail(cx, ERR_INVALID, "Tệp này rỗng (0 byte); xin chọn lại tệp văn bản");
    if (file.len > PAPER_FILE_MAX)
        return fail(cx, ERR_LIMIT, "Tệp lớn hơn %d MB; xin tách lấy phần văn bản cần nhận rồi gửi lại",
                    PAPER_FILE_MAX >> 20);
    TRY(read_any(cx, file, &paper));
    if (paper.blocks_len == 0)
        return fail(cx, ERR_INVALID, "Tệp này không có chữ nào; xin chọn lại tệp văn bản");
    TRY(secrecy_refuse(cx, &paper));
    *ret_paper = paper;
    return OK;
}
