#include "paper/paper.h"

#include "check/check.h"
#include "check/check_pdf.h"

static const struct paper_block *find(const struct paper *paper, const char *text)
{
    for (size_t i = 0; i < paper->blocks_len; i++) {
        if (str_eq(paper->blocks[i].text, str_from(text)))
            return &paper->blocks[i];
    }
    for (size_t i = 0; i < paper->blocks_len; i++)
        print_error("  " STR_FMT "\n", STR_ARG(paper->blocks[i].text));
    fail_msg("no block \"%s\"", text);
    return NULL;
}

static struct paper read_paper(struct ctx *cx, struct check_pdf *pdf)
{
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, check_pdf_end(pdf), &paper));
    assert_int_equal(paper.format, PAPER_FORMAT_PDF);
    return paper;
}

static const char *const full_line = "Ban Thường vụ Tỉnh ủy xây dựng kế hoạch bồi dưỡng như sau, bảo đảm";

static void draw_body(struct check_pdf *pdf, double from, int lines)
{
    for (int i = 0; i < lines; i++)
        check_pdf_text(pdf, 85, from + 20 * i, 13, full_line);
}

static void letterhead_is_read_half_by_half(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    check_pdf_centred(&pdf, 170, 60, 13, "TỈNH ỦY MINH HẢI");
    check_pdf_centred(&pdf, 420, 60, 13, "ĐẢNG CỘNG SẢN VIỆT NAM");
    check_pdf_centred(&pdf, 170, 76, 13, "*");
    check_pdf_centred(&pdf, 170, 95, 13, "Số 12-KH/TU");
    check_pdf_centred(&pdf, 420, 95, 13, "Minh Hải, ngày 05 tháng 3 năm 2026");
    check_pdf_centred(&pdf, 310, 130, 14, "KẾ HOẠCH");
    draw_body(&pdf, 160, 4);
    struct paper paper = read_paper(cx, &pdf);
    static const char *const order[] = { "TỈNH ỦY MINH HẢI", "*", "Số 12-KH/TU", "ĐẢNG CỘNG SẢN VIỆT NAM",
                                         "Minh Hải, ngày 05 tháng 3 năm 2026", "KẾ HOẠCH" };
    for (size_t i = 0; i < LEN(order); i++)
        assert_str_equal(paper.blocks[i].text, order[i]);
    assert_true(paper.blocks[5].is_centred);
    assert_false(paper.blocks[6].is_centred);
    assert_int_equal(paper.blocks[6].page, 1);
    assert_int_equal(paper.blocks[6].size, 13);
    assert_int_equal(paper.pages[0].width, 595);
}

static void recipients_are_read_before_the_signature_beside_them(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 100, 5);
    check_pdf_text(&pdf, 85, 240, 11, "Nơi nhận:");
    check_pdf_centred(&pdf, 430, 240, 13, "T/M BAN THƯỜNG VỤ");
    check_pdf_text(&pdf, 85, 254, 11, "- Như trên,");
    check_pdf_centred(&pdf, 430, 258, 13, "PHÓ BÍ THƯ");
    check_pdf_text(&pdf, 85, 268, 11, "- Ban Tổ chức Tỉnh ủy,");
    check_pdf_text(&pdf, 85, 282, 11, "- Lưu Văn phòng.");
    check_pdf_centred(&pdf, 430, 340, 13, "Nguyễn Văn Mẫu");
    struct paper paper = read_paper(cx, &pdf);
    static const char *const order[] = { "Nơi nhận:", "- Như trên,", "- Ban Tổ chức Tỉnh ủy,", "- Lưu Văn phòng.",
                                         "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "Nguyễn Văn Mẫu" };
    const struct paper_block *at = find(&paper, "Nơi nhận:");
    for (size_t i = 0; i < LEN(order); i++)
        assert_str_equal(at[i].text, order[i]);
    assert_true(at[6].blank_before > 1);
}

static void signature_cut_by_the_page_is_read_after_the_recipients(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 700, 3);
    check_pdf_text(&pdf, 85, 772, 11, "Nơi nhận:");
    check_pdf_centred(&pdf, 430, 772, 13, "T/M BAN THƯỜNG VỤ");
    check_pdf_text(&pdf, 85, 786, 11, "- Như trên,");
    check_pdf_centred(&pdf, 430, 788, 13, "PHÓ BÍ THƯ");
    check_pdf_end_page(&pdf);
    check_pdf_centred(&pdf, 310, 36, 13, "2");
    check_pdf_text(&pdf, 85, 80, 11, "- Ban Tổ chức Tỉnh ủy,");
    check_pdf_text(&pdf, 85, 94, 11, "- Lưu Văn phòng.");
    check_pdf_centred(&pdf, 430, 94, 13, "Nguyễn Văn Mẫu");
    struct paper paper = read_paper(cx, &pdf);
    (void)find(&paper, "- Lưu Văn phòng.");
    (void)find(&paper, "Nguyễn Văn Mẫu");
    (void)find(&paper, "T/M BAN THƯỜNG VỤ");
}

static void values_behind_a_tabulator_stay_on_their_line(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 100, 4);
    check_pdf_text(&pdf, 85, 180, 13, "- Thời gian:");
    check_pdf_text(&pdf, 240, 180, 13, "08 giờ 00, ngày 23/5/2026");
    check_pdf_text(&pdf, 85, 200, 13, "- Địa điểm:");
    check_pdf_text(&pdf, 240, 200, 13, "Hội trường tỉnh");
    draw_body(&pdf, 220, 3);
    struct paper paper = read_paper(cx, &pdf);
    (void)find(&paper, "- Thời gian: 08 giờ 00, ngày 23/5/2026");
    (void)find(&paper, "- Địa điểm: Hội trường tỉnh");
}

static void draw_grid(struct check_pdf *pdf, const double *xs, size_t columns, const double *ys, size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        check_pdf_line(pdf, xs[0], ys[i], xs[columns - 1], ys[i]);
    for (size_t i = 0; i < columns; i++)
        check_pdf_line(pdf, xs[i], ys[0], xs[i], ys[rows - 1]);
}

static void draw_table_head(struct check_pdf *pdf, double top)
{
    check_pdf_text(pdf, 88, top + 14, 13, "TT");
    check_pdf_text(pdf, 120, top + 14, 13, "Chuyên đề");
    check_pdf_text(pdf, 360, top + 14, 13, "Cơ quan");
}

static void table_keeps_its_cells_over_the_page_and_says_its_head_once(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    static const double xs[] = { 85, 115, 350, 540 };
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 100, 4);
    draw_grid(&pdf, xs, 4, (const double[]){ 700, 720, 760 }, 3);
    draw_table_head(&pdf, 700);
    check_pdf_text(&pdf, 88, 734, 13, "1");
    check_pdf_text(&pdf, 120, 734, 13, "Chuyển đổi số trong cơ quan");
    check_pdf_text(&pdf, 120, 752, 13, "của Đảng");
    check_pdf_text(&pdf, 360, 734, 13, "Sở Khoa học và Công");
    check_pdf_text(&pdf, 360, 752, 13, "nghệ");
    check_pdf_end_page(&pdf);
    check_pdf_centred(&pdf, 310, 40, 13, "2");
    draw_grid(&pdf, xs, 4, (const double[]){ 60, 80, 120 }, 3);
    draw_table_head(&pdf, 60);
    check_pdf_text(&pdf, 88, 94, 13, "2");
    check_pdf_text(&pdf, 120, 94, 13, "Tiếp công dân");
    check_pdf_text(&pdf, 360, 94, 13, "Thanh tra tỉnh");
    draw_body(&pdf, 150, 4);
    struct paper paper = read_paper(cx, &pdf);

    const struct paper_block *cell = find(&paper, "Chuyển đổi số trong cơ quan của Đảng");
    assert_int_equal(cell->kind, PAPER_CELL);
    assert_int_equal(cell->row, 1);
    assert_int_equal(cell->column, 1);
    cell = find(&paper, "Sở Khoa học và Công nghệ");
    assert_int_equal(cell->column, 2);
    cell = find(&paper, "Thanh tra tỉnh");
    assert_int_equal(cell->table, 1);
    assert_int_equal(cell->row, 2);
    assert_int_equal(cell->page, 2);
    int heads = 0;
    for (size_t i = 0; i < paper.blocks_len; i++)
        heads += str_eq(paper.blocks[i].text, STR("Chuyên đề"));
    assert_int_equal(heads, 1);
}

static void merged_cells_know_how_far_they_reach(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 60, 4);
    check_pdf_line(&pdf, 85, 200, 545, 200);
    check_pdf_line(&pdf, 85, 220, 545, 220);
    check_pdf_line(&pdf, 200, 240, 545, 240);
    check_pdf_line(&pdf, 85, 260, 545, 260);
    check_pdf_line(&pdf, 85, 200, 85, 260);
    check_pdf_line(&pdf, 200, 220, 200, 260);
    check_pdf_line(&pdf, 380, 220, 380, 260);
    check_pdf_line(&pdf, 545, 200, 545, 260);
    check_pdf_text(&pdf, 200, 214, 13, "Lịch học ngày 23/5/2026");
    check_pdf_text(&pdf, 90, 244, 13, "Buổi sáng");
    check_pdf_text(&pdf, 205, 234, 13, "Khai giảng");
    check_pdf_text(&pdf, 385, 234, 13, "Học viện");
    check_pdf_text(&pdf, 205, 254, 13, "Chuyên đề 1");
    check_pdf_text(&pdf, 385, 254, 13, "Sở Nội vụ");
    struct paper paper = read_paper(cx, &pdf);
    assert_int_equal(find(&paper, "Lịch học ngày 23/5/2026")->column_span, 3);
    const struct paper_block *cell = find(&paper, "Buổi sáng");
    assert_int_equal(cell->row_span, 2);
    assert_int_equal(cell->row, 1);
    assert_int_equal(find(&paper, "Sở Nội vụ")->row, 2);
}

static void marks_of_notes_are_raised_and_notes_stand_apart(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 100, 4);
    check_pdf_text(&pdf, 85, 180, 14, "theo Kế hoạch số 12-KH/TU ngày 21/11/2025");
    check_pdf_text(&pdf, 85 + 7 * 41, 175, 9, "1");
    check_pdf_text(&pdf, 85 + 7 * 43, 180, 14, "của Tỉnh ủy");
    check_pdf_text(&pdf, 85, 744, 6, "1");
    check_pdf_text(&pdf, 90, 748, 10, "Kế hoạch bồi dưỡng lãnh đạo cấp xã, số 2254-");
    check_pdf_text(&pdf, 85, 760, 10, "CV/HVCTQG của Học viện.");
    struct paper paper = read_paper(cx, &pdf);
    (void)find(&paper, "theo Kế hoạch số 12-KH/TU ngày 21/11/2025¹ của Tỉnh ủy");
    const struct paper_block *note = find(&paper, "Kế hoạch bồi dưỡng lãnh đạo cấp xã, số 2254-CV/HVCTQG của Học viện.");
    assert_int_equal(note->kind, PAPER_NOTE);
    assert_int_equal(note->note, 1);
}

static void page_numbers_and_running_lines_are_told_from_the_text(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    for (int page = 1; page <= 3; page++) {
        if (page > 1)
            check_pdf_centred(&pdf, 310, 36, 13, page == 2 ? "2" : "3");
        draw_body(&pdf, 80, 20);
        check_pdf_text(&pdf, 85, 812, 10, page == 1 ? "Người ký: Văn phòng, trang 1" :
                                          page == 2 ? "Người ký: Văn phòng, trang 2" : "Người ký: Văn phòng, trang 3");
        check_pdf_end_page(&pdf);
    }
    struct paper paper = read_paper(cx, &pdf);
    assert_int_equal(find(&paper, "2")->kind, PAPER_HEAD);
    assert_int_equal(find(&paper, "Người ký: Văn phòng, trang 3")->kind, PAPER_FOOT);
    size_t lines = 0;
    for (size_t i = 0; i < paper.blocks_len; i++)
        lines += paper.blocks[i].kind == PAPER_LINE;
    assert_int_equal(lines, 60);
}

static void refuses(struct ctx *cx, struct bytes file, enum err expected, const char *word)
{
    struct paper paper = { .blocks = NULL };
    assert_err(expected, paper_read(cx, file, &paper));
    if (!strstr(cx->fault.words, word))
        fail_msg("%s", cx->fault.words);
    assert_null(paper.blocks);
}

static void damaged_locked_and_endless_files_are_refused_in_a_sentence(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    refuses(cx, (struct bytes){ (const unsigned char *)"%PDF-1.4\nnothing more", 21 }, ERR_INVALID, "hỏng");
    static const char locked[] = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R /Encrypt << "
                                 "/Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >> >>\n%%EOF";
    refuses(cx, (struct bytes){ (const unsigned char *)locked, sizeof(locked) - 1 }, ERR_INVALID, "mật khẩu");
    check_pdf_begin(cx, &pdf);
    for (int i = 0; i <= PAPER_PAGES_MAX; i++) {
        draw_body(&pdf, 80, 2);
        check_pdf_end_page(&pdf);
    }
    refuses(cx, check_pdf_end(&pdf), ERR_LIMIT, "200 trang");
}

static void same_file_gives_the_same_blocks(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    draw_body(&pdf, 80, 10);
    struct bytes file = check_pdf_end(&pdf);
    struct paper first = { .blocks = NULL };
    struct paper second = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, file, &first));
    assert_ok(cx, paper_read(cx, file, &second));
    assert_int_equal(first.blocks_len, second.blocks_len);
    for (size_t i = 0; i < first.blocks_len; i++) {
        assert_true(str_eq(first.blocks[i].text, second.blocks[i].text));
        assert_memory_equal(&first.blocks[i].box, &second.blocks[i].box, sizeof(struct paper_box));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(letterhead_is_read_half_by_half, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(recipients_are_read_before_the_signature_beside_them, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(signature_cut_by_the_page_is_read_after_the_recipients, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(values_behind_a_tabulator_stay_on_their_line, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(table_keeps_its_cells_over_the_page_and_says_its_head_once, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(merged_cells_know_how_far_they_reach, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(marks_of_notes_are_raised_and_notes_stand_apart, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(page_numbers_and_running_lines_are_told_from_the_text, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(damaged_locked_and_endless_files_are_refused_in_a_sentence, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(same_file_gives_the_same_blocks, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
