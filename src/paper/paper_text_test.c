#include "check/check.h"
#include "paper/inside.h"
#include "paper/legacy.h"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){ (const unsigned char *)text, strlen(text) };
}

static struct paper read_text(struct ctx *cx, const char *text)
{
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, bytes_of(text), &paper));
    assert_int_equal(paper.format, PAPER_FORMAT_TEXT);
    return paper;
}

/* The text of every block, a line each. */
static struct str texts(struct ctx *cx, const struct paper *paper)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < paper->blocks_len; i++) {
        buf_put(&out, paper->blocks[i].text);
        buf_put_char(&out, '\n');
    }
    return buf_str(&out);
}

static void assert_reads(struct ctx *cx, const char *text, const char *expected)
{
    struct paper paper = read_text(cx, text);
    assert_str_equal(texts(cx, &paper), expected);
}

static void assert_refused(struct ctx *cx, struct bytes file, const char *words)
{
    struct paper paper = { .blocks = NULL };
    assert_err(ERR_INVALID, paper_read(cx, file, &paper));
    assert_null(paper.blocks);
    if (!strstr(cx->fault.words, words))
        fail_msg("said: %s\nexpected: %s", cx->fault.words, words);
}

/* Letters of CP1252 as the bytes an old program wrote. */
static struct bytes old_bytes(struct ctx *cx, const char *letters)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (struct str rest = str_from(letters); rest.len > 0;) {
        uint32_t letter = str_next_code_point(&rest);
        assert_true(letter < 0x100);
        buf_put_char(&out, (char)(unsigned char)letter);
    }
    return (struct bytes){ (const unsigned char *)buf_str(&out).at, buf_str(&out).len };
}

static void lines_of_a_plan_come_with_the_empty_lines_above_them(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = read_text(cx, "KẾ HOẠCH\r\n\r\n\r\n1.  Mục đích\t chung \r\n- Trang bị kiến thức;\r\n");
    assert_str_equal(texts(cx, &paper), "KẾ HOẠCH\n1. Mục đích chung\n- Trang bị kiến thức;\n");
    assert_int_equal(paper.blocks[0].blank_before, 0);
    assert_int_equal(paper.blocks[1].blank_before, 2);
    assert_int_equal(paper.blocks[2].blank_before, 0);
    assert_int_equal(paper.blocks[0].kind, PAPER_LINE);
    assert_int_equal(paper.blocks[0].confidence, 100);
    assert_str_equal(paper.encoding, "UTF-8");
    assert_int_equal(paper.pages_len, 0);
}

static void decomposed_letters_and_a_byte_order_mark_are_read(void **state)
{
    struct ctx *cx = *state;
    assert_reads(cx, "\xEF\xBB\xBF" "Ke\xCC\x82\xCC\x81 hoa\xCC\xA3""ch\u00A0b\u00F4\u0300i\n", "Kế hoạch bồi\n");
}

static void utf16_of_both_orders_is_read(void **state)
{
    struct ctx *cx = *state;
    static const char little[] = "\xFF\xFEK\0\xBF\x1E\n\0L\0\xDB\x1Ep\0=\xD8\x4B\xDC";
    static const char big[] = "\xFE\xFF\0K\x1E\xBF\0\n\0L\x1E\xDB\0p\xD8=\xDC\x4B";
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)little, sizeof little - 1 }, &paper));
    assert_str_equal(texts(cx, &paper), "Kế\nLớp👋\n");
    assert_str_equal(paper.encoding, "UTF-16");
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)big, sizeof big - 1 }, &paper));
    assert_str_equal(texts(cx, &paper), "Kế\nLớp👋\n");
}

static void tcvn3_is_known_by_its_letters_as_bytes_and_as_pasted(void **state)
{
    struct ctx *cx = *state;
    const char *old = "§¶ng ñy ph­êng Hßa B×nh\nKÕ HO¹CH båi d­ìng c¸n bé\nKÕ HO¹CH\n"
                      "Thùc hiÖn KÕ ho¹ch sè 05-KH/TU, §¶ng ñy tæ chøc líp båi d­ìng cho c¸n bé, c«ng chøc";
    const char *expected = "Đảng ủy phường Hòa Bình\nKế HOạCH bồi dưỡng cán bộ\nKẾ HOẠCH\n"
                           "Thực hiện Kế hoạch số 05-KH/TU, Đảng ủy tổ chức lớp bồi dưỡng cho cán bộ, công chức\n";
    assert_reads(cx, old, expected);
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, old_bytes(cx, old), &paper));
    assert_str_equal(texts(cx, &paper), expected);
    assert_str_equal(paper.encoding, "TCVN3");
}

static void vni_is_known_by_its_letters(void **state)
{
    struct ctx *cx = *state;
    const char *old = "UÛY BAN NHAÂN DAÂN XAÕ TAÂN AN\nKeá hoaïch môû lôùp boài döôõng caùn boä, coâng chöùc ñôït 2\n"
                      "Ñòa ñieåm: hoäi tröôøng UBND xaõ; ñuùng 7 giôø, kyù teân; naêm, taém, baèng, vaën, laúng, nöõa";
    const char *expected = "ỦY BAN NHÂN DÂN XÃ TÂN AN\nKế hoạch mở lớp bồi dưỡng cán bộ, công chức đợt 2\n"
                           "Địa điểm: hội trường UBND xã; đúng 7 giờ, ký tên; năm, tắm, bằng, vặn, lẳng, nữa\n";
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, old_bytes(cx, old), &paper));
    assert_str_equal(texts(cx, &paper), expected);
    assert_str_equal(paper.encoding, "VNI");
    assert_reads(cx, old, expected);
}

static void text_that_was_read_in_the_wrong_code_is_mended(void **state)
{
    struct ctx *cx = *state;
    struct str once = STR("Kế hoạch bồi dưỡng cán bộ, công chức xã Tân Thành");
    struct str twice = legacy_letters(&cx->arena, (struct bytes){ (const unsigned char *)once.at, once.len });
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)twice.at, twice.len }, &paper));
    assert_str_equal(texts(cx, &paper), "Kế hoạch bồi dưỡng cán bộ, công chức xã Tân Thành\n");
}

static void vietnamese_in_unicode_is_never_decoded_again(void **state)
{
    struct ctx *cx = *state;
    /* All letters below U+0100, so that the old encodings would have readings for them. */
    assert_reads(cx, "Các cô chú là công nhân thì có nhà", "Các cô chú là công nhân thì có nhà\n");
    assert_reads(cx, "Café München, Señor", "Café München, Señor\n");
    assert_int_equal(legacy_guess(&cx->arena, STR("Hòa hoà thuý thủy quý già giếng nghĩa khuya khuỷu ngoằn")),
                     LEGACY_NONE);
    assert_int_equal(legacy_score(&cx->arena, STR("hoà hòa thuỷ thủy quý quả gì giếng nguyễn đươc")), 100);
    assert_int_equal(legacy_score(&cx->arena, STR("caùc ñoàng laø ph­êng")), 0);
    assert_int_equal(legacy_score(&cx->arena, STR("KH-TU 2026")), -1);
}

static void markdown_and_html_residue_goes_and_its_meaning_stays(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = read_text(cx, "## **II. LỘ TRÌNH THỰC HIỆN**\n"
                                       "- **Mục đích:** nâng cao năng lực\\.\n"
                                       "- Lưu: VT, NC<sup>(D)</sup>, Quyết định<sup>1</sup> và[^2] $^{3}$\n"
                                       "**TM. ỦY BAN NHÂN DÂN  \nCHỦ TỊCH**\n\n"
                                       "*Quảng Ninh, ngày 05 tháng 6 năm 2026*\n"
                                       "Hệ thống (<https://hop.example.vn>) [Nhóm hỗ trợ](#) ![](con-dau.png)\n"
                                       "Đơn vị:&nbsp;A &amp; B<br>dòng sau\n"
                                       "[^2]: Công văn số 12/SNV-CCVC.\n");
    assert_str_equal(texts(cx, &paper), "II. LỘ TRÌNH THỰC HIỆN\n"
                                        "- Mục đích: nâng cao năng lực.\n"
                                        "- Lưu: VT, NC(D), Quyết định¹ và² ³\n"
                                        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n"
                                        "Quảng Ninh, ngày 05 tháng 6 năm 2026\n"
                                        "Hệ thống (https://hop.example.vn) Nhóm hỗ trợ\n"
                                        "Đơn vị: A & B\ndòng sau\n"
                                        "Công văn số 12/SNV-CCVC.\n");
    assert_int_equal(paper.blocks[0].style_level, 2);
    assert_true(paper.blocks[0].is_bold);
    assert_false(paper.blocks[1].is_bold);
    assert_true(paper.blocks[3].is_bold && paper.blocks[4].is_bold);
    assert_true(paper.blocks[5].is_italic && !paper.blocks[5].is_bold);
    assert_int_equal(paper.blocks[9].kind, PAPER_NOTE);
    assert_int_equal(paper.blocks[9].note, 2);
}

static void rows_of_a_table_in_html_are_lines(void **state)
{
    assert_reads(*state, "<table><tr><th>TT</th><th>Chuyên đề</th></tr><tr><td>1</td><td>Kỹ năng<br>điều hành</td></tr></table>\n",
                 "TT Chuyên đề\n1 Kỹ năng\nđiều hành\n");
}

static void signs_of_the_paper_itself_stay(void **state)
{
    struct ctx *cx = *state;
    const char *plain = "TỈNH ỦY TÂN HƯNG\n*\n* Đại biểu có mặt trước 10 phút.\n-----\n(*) Ghi chú (*)\n"
                        "Họ và tên: ________ Số: ......./KH\ntên_tệp_danh_sách 5*3*2\n"
                        "#lopboiduong\nA < B, C & D [1] M`Drắk 10 < 20 > 5\n+ Buổi sáng: 08 giờ 00\n";
    assert_reads(cx, plain, plain);
}

static void bars_of_markdown_make_a_table(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = read_text(cx, "Nội dung như sau:\n| TT | Chuyên đề | Số tiết |\n|:--|---|--:|\n"
                                       "| 1 | Kỹ năng **điều hành** |  |\n| 2 | A\\|B | 4 |\n\nHết.\n");
    assert_int_equal(paper.blocks_len, 10);
    const struct paper_block *skill = &paper.blocks[5], *last = &paper.blocks[8];
    assert_str_equal(skill->text, "Kỹ năng điều hành");
    assert_int_equal(skill->kind, PAPER_CELL);
    assert_int_equal(skill->table, 1);
    assert_int_equal(skill->row, 1);
    assert_int_equal(skill->column, 1);
    assert_str_equal(last->text, "4");
    assert_int_equal(last->row, 2);
    assert_int_equal(last->column, 2);
    assert_int_equal(paper.blocks[9].table, 0);
}

static void the_same_bytes_give_the_same_blocks(void **state)
{
    struct ctx *cx = *state;
    const char *text = "# KẾ HOẠCH\n\n**1. Thời gian:** ngày 23/5/2026";
    struct paper a = read_text(cx, text), b = read_text(cx, text);
    assert_str_equal(texts(cx, &a), str_to_c(&cx->arena, texts(cx, &b)));
}

static void a_secret_paper_is_turned_away_at_the_door(void **state)
{
    struct ctx *cx = *state;
    static const char *const secret[] = {
        "TỈNH ỦY TÂN HƯNG\n*\nSố 05-KH/TU\n\nTỐI MẬT\n\nKẾ HOẠCH\n",
        "MẬT\nKẾ HOẠCH\n",
        "| TUYỆT MẬT |\nKẾ HOẠCH\n",
        "Độ mật: Mật\nKẾ HOẠCH\n",
        "Số: 05/KH-UBND MẬT\nKẾ HOẠCH\n",
        "TUYỆT MẬT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKẾ HOẠCH\n",
        "**Tối mật**\nKẾ HOẠCH\n",
        "T U Y Ệ T   M Ậ T\nKẾ HOẠCH\n",
        "MẬT (Bản số: 02)\nKẾ HOẠCH\n",
        "T Ố I  M Ậ T\nKẾ HOẠCH\n",
    };
    for (size_t i = 0; i < LEN(secret); i++)
        assert_refused(cx, bytes_of(secret[i]), "Văn bản có dấu");
    assert_non_null(strstr(cx->fault.words, "TỐI MẬT"));
}

static void the_word_secret_in_a_sentence_or_title_is_no_mark(void **state)
{
    struct ctx *cx = *state;
    static const char *const open[] = {
        "KẾ HOẠCH\nbồi dưỡng công tác bảo vệ bí mật nhà nước\n",
        "KẾ HOẠCH\nBỒI DƯỠNG KIẾN THỨC BẢO VỆ BÍ MẬT\n",
        "KẾ HOẠCH BỒI DƯỠNG KIẾN THỨC BẢO VỆ BÍ\nMẬT\n",
        "QUY ĐỊNH SỐ 12 VỀ BẢO MẬT\n",
        "1. Tài liệu mật, tối mật, tuyệt mật do Văn phòng quản lý.\n",
        "Độ mật: không\nKẾ HOẠCH\n",
    };
    for (size_t i = 0; i < LEN(open); i++)
        read_text(cx, open[i]);
}

static void what_is_no_paper_is_refused_in_one_sentence(void **state)
{
    struct ctx *cx = *state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *words;
    } others[] = {
        { "", 0, "rỗng" },
        { " \r\n\t \n", 6, "không có chữ nào" },
        { "{\\rtf1\\ansi Ke hoach}", 21, "RTF" },
        { "<!DOCTYPE html><html><body>x", 28, "HTML" },
        { "\xEF\xBB\xBF \n<HTML lang=vi>", 19, "HTML" },
        { "<?xml version=\"1.0\"?><edXML/>", 29, "XML" },
        { "GIF89a\1\0\1\0", 10, "GIF" },
        { "BM\x36\0\0\0\0\0\0\0", 10, "BMP" },
        { "MZ\x90\0\3\0\0\0", 8, "không phải văn bản" },
        { "Rar!\x1A\x07\x01\0", 8, "nén" },
        { "\x1F\x8B\x08\0", 4, "nén" },
        { "RIFF\x10\0\0\0WEBPVP8 ", 16, "WebP" },
        { "Ke hoach\0lop", 12, "không phải văn bản" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", 32, ".doc" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" "B\0o\0o\0k\0", 16, ".xls" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 40, "mật khẩu" },
        { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxxxxxx", 16, "không phải văn bản" },
        { "Stra\xDF" "e f\xFCr Gr\xF6\xDF" "en\n", 18, "bảng mã" },
    };
    for (size_t i = 0; i < LEN(others); i++)
        assert_refused(cx, (struct bytes){ (const unsigned char *)others[i].bytes, others[i].len }, others[i].words);
}

static void text_beyond_the_limits_is_refused(void **state)
{
    struct ctx *cx = *state;
    struct paper paper = { .blocks = NULL };
    size_t len = 9 * 1024 * 1024;
    char *big = malloc(len);
    assert_non_null(big);
    memset(big, 'a', len);
    assert_err(ERR_LIMIT, paper_read(cx, (struct bytes){ (const unsigned char *)big, len }, &paper));
    len = 3 * PAPER_BLOCKS_MAX;
    for (size_t i = 0; i < len; i++)
        big[i] = i % 2 ? '\n' : 'a';
    assert_err(ERR_LIMIT, paper_read(cx, (struct bytes){ (const unsigned char *)big, len }, &paper));
    assert_null(paper.blocks);
    free(big);
}

/* With each sign looking for its end to the end of the line, this would take hours. */
static void a_line_of_signs_as_long_as_a_book_is_read(void **state)
{
    struct ctx *cx = *state;
    static const char *const signs[] = { "*a ", "[a", "<a", "_a ", "<!--", "![" };
    enum { LETTERS = 500000 };
    for (size_t i = 0; i < LEN(signs); i++) {
        char *text = arena_alloc(&cx->arena, LETTERS + 1);
        size_t len = strlen(signs[i]);
        for (size_t at = 0; at + len <= LETTERS; at += len)
            memcpy(text + at, signs[i], len);
        struct paper paper = read_text(cx, text);
        assert_int_equal(paper.blocks_len, 1);
        arena_reset(&cx->arena);
    }
}

static void fonts_tell_the_old_encodings(void **state)
{
    (void)state;
    assert_int_equal(legacy_of_font(STR(".VnTime")), LEGACY_TCVN3);
    assert_int_equal(legacy_of_font(STR(".VnTimeH")), LEGACY_TCVN3_CAPITALS);
    assert_int_equal(legacy_of_font(STR("VNI-Times")), LEGACY_VNI);
    assert_int_equal(legacy_of_font(STR("Times New Roman")), LEGACY_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        TEST(lines_of_a_plan_come_with_the_empty_lines_above_them),
        TEST(decomposed_letters_and_a_byte_order_mark_are_read),
        TEST(utf16_of_both_orders_is_read),
        TEST(tcvn3_is_known_by_its_letters_as_bytes_and_as_pasted),
        TEST(vni_is_known_by_its_letters),
        TEST(text_that_was_read_in_the_wrong_code_is_mended),
        TEST(vietnamese_in_unicode_is_never_decoded_again),
        TEST(markdown_and_html_residue_goes_and_its_meaning_stays),
        TEST(rows_of_a_table_in_html_are_lines),
        TEST(signs_of_the_paper_itself_stay),
        TEST(bars_of_markdown_make_a_table),
        TEST(the_same_bytes_give_the_same_blocks),
        TEST(a_secret_paper_is_turned_away_at_the_door),
        TEST(the_word_secret_in_a_sentence_or_title_is_no_mark),
        TEST(what_is_no_paper_is_refused_in_one_sentence),
        TEST(text_beyond_the_limits_is_refused),
        TEST(a_line_of_signs_as_long_as_a_book_is_read),
        TEST(fonts_tell_the_old_encodings),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
