#include "paper/paper.h"

#include "check/check.h"
#include "check/check_pdf.h"

/* The beginning of a PNG of that size, enough to be refused by. */
static struct bytes png_of(unsigned char *file, uint32_t width, uint32_t height)
{
    static const unsigned char head[33] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR";
    memcpy(file, head, sizeof head);
    for (int i = 0; i < 4; i++) {
        file[16 + i] = (unsigned char)(width >> (24 - 8 * i));
        file[20 + i] = (unsigned char)(height >> (24 - 8 * i));
    }
    file[24] = 8;
    file[25] = 2;
    memcpy(file + 33, "\0\0\0\x04IDATxxxxcrcc", 16);
    return (struct bytes){ file, 49 };
}

static void refuses(struct ctx *cx, struct bytes file, enum err expected, const char *word)
{
    struct paper paper = { .blocks = NULL };
    int64_t before = env_monotonic(cx->env);
    assert_err(expected, paper_read(cx, file, &paper));
    assert_true(env_monotonic(cx->env) - before < 5000000);
    if (!strstr(cx->fault.words, word))
        fail_msg("%s", cx->fault.words);
    assert_null(paper.blocks);
}

static void huge_images_are_refused_before_they_are_decoded(void **state)
{
    struct ctx *cx = *state;
    unsigned char file[64];
    int64_t before = env_monotonic(cx->env);
    refuses(cx, png_of(file, 60000, 60000), ERR_LIMIT, "lớn hơn mọi trang");
    static const unsigned char jpeg[] = "\xFF\xD8\xFF\xC0\0\x11\x08\xFF\xDC\xFF\xDC\x03\1\x22\0\2\x11\1\3\x11\1\xFF\xD9";
    refuses(cx, (struct bytes){ jpeg, sizeof(jpeg) - 1 }, ERR_LIMIT, "lớn hơn mọi trang");
    refuses(cx, png_of(file, 50000, 3), ERR_INVALID, "quá dài");
    refuses(cx, png_of(file, 0, 3), ERR_INVALID, "hỏng");
    refuses(cx, png_of(file, 120, 90), ERR_INVALID, "nhỏ quá"); /* an icon is no paper, and costs no reading of letters */
    assert_true(env_monotonic(cx->env) - before < 1000000); /* no child was started */
    assert_true(cx->arena.used_bytes < 4 << 20);
}

static void damaged_images_are_refused_in_a_sentence(void **state)
{
    struct ctx *cx = *state;
    unsigned char file[64];
    struct bytes png = png_of(file, 300, 300);
    refuses(cx, (struct bytes){ png.at, 20 }, ERR_INVALID, "hỏng");
    refuses(cx, (struct bytes){ (const unsigned char *)"\xFF\xD8\xFF\xE0\0\x40JFIF", 10 }, ERR_INVALID, "hỏng");
    file[28] = 1; /* rows in seven passes */
    refuses(cx, png, ERR_INVALID, "đan xen");
}

/* A page turned by a degree, with a red stamp over its words, a blue signature and a ruled table. */
static struct bytes draw_page(struct ctx *cx)
{
    struct check_pdf pdf;
    check_pdf_begin(cx, &pdf);
    check_pdf_draw(&pdf, "0.99985 0.01745 -0.01745 0.99985 0 0 cm\n");
    /* First, because a drawn line hides what is under it and ink does not. */
    check_pdf_draw(&pdf, "q 0.85 0.15 0.2 RG 2 w 150 440 110 90 re S 160 450 90 70 re S 150 440 m 260 530 l S\n"
                         "0.15 0.25 0.7 RG 2 w 300 470 m 330 530 360 430 390 510 c 420 440 430 520 460 480 c S Q\n");
    check_pdf_latin(&pdf, 200, 100, 16, "THÔNG BÁO");
    for (int i = 0; i < 5; i++)
        check_pdf_latin(&pdf, 85, 140 + 20 * i, 14, "Ban giám hiêu thông báo ngày 23 tháng 5 nam 2026, giao cho các phòng");
    for (int i = 0; i < 3; i++)
        check_pdf_line(&pdf, 85, (const double[]){ 260, 290, 340 }[i], 500, (const double[]){ 260, 290, 340 }[i]);
    for (int i = 0; i < 3; i++)
        check_pdf_line(&pdf, 85 + 207.5 * i, 260, 85 + 207.5 * i, 340);
    check_pdf_latin(&pdf, 95, 280, 14, "phòng hành chính");
    check_pdf_latin(&pdf, 300, 280, 14, "23/5/2026");
    check_pdf_latin(&pdf, 95, 308, 14, "phòng tài chính"); /* two lines beside one that stands between them */
    check_pdf_latin(&pdf, 95, 328, 14, "và thông báo");
    check_pdf_latin(&pdf, 300, 318, 14, "24/5/2026");
    check_pdf_latin(&pdf, 85, 380, 14, "giao cho các phòng ban hành ngày 25/5/2026");
    return check_pdf_end(&pdf);
}

static void scan_with_a_stamp_and_a_slant_is_read(void **state)
{
    struct ctx *cx = *state;
    struct bytes png = { NULL, 0 };
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_picture(cx, draw_page(cx), 1, 200, &png));
    assert_ok(cx, paper_read(cx, png, &paper));
    assert_int_equal(paper.format, PAPER_FORMAT_SCAN);
    assert_int_equal(paper.pages_len, 1);
    assert_true(paper.pages[0].is_scan);
    assert_true(paper.pages[0].width > 585 && paper.pages[0].width < 605);
    int dates = 0;
    int cells = 0;
    for (size_t i = 0; i < paper.blocks_len; i++) {
        const struct paper_block *block = &paper.blocks[i];
        dates += str_find(block->text, STR("ngày 23 tháng 5")) < block->text.len;
        if (block->kind == PAPER_CELL && str_eq(block->text, STR("24/5/2026"))) {
            assert_int_equal(block->row, 1);
            assert_int_equal(block->column, 1);
            assert_in_range(block->box.left, 285, 315); /* where it stands on the page */
            assert_in_range(block->box.top, 285, 315);
            cells++;
        }
        cells += block->kind == PAPER_CELL && str_eq(block->text, STR("phòng tài chính và thông báo"));
    }
    struct str last = paper.blocks[paper.blocks_len - 1].text;
    if (dates != 5 || cells != 2 || !str_ends(last, STR("25/5/2026")) || paper.blocks_len > 12) {
        for (size_t i = 0; i < paper.blocks_len; i++)
            print_error("  " STR_FMT "\n", STR_ARG(paper.blocks[i].text));
        fail_msg("%d dates, %d cells", dates, cells);
    }
}

static void blank_page_is_said_to_have_no_words(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    struct bytes png = { NULL, 0 };
    check_pdf_begin(cx, &pdf);
    struct bytes file = check_pdf_end(&pdf);
    refuses(cx, file, ERR_INVALID, "không có chữ");
    assert_ok(cx, paper_picture(cx, file, 1, 72, &png));
    refuses(cx, png, ERR_INVALID, "không có chữ");
}

static void page_can_be_looked_at(void **state)
{
    struct ctx *cx = *state;
    struct bytes png = { NULL, 0 };
    struct bytes file = draw_page(cx);
    assert_ok(cx, paper_picture(cx, file, 1, 100, &png));
    assert_memory_equal(png.at, "\x89PNG", 4);
    assert_int_equal(png.at[18] << 8 | png.at[19], 827); /* 595 points at 100 dots an inch */
    struct bytes again = { NULL, 0 };
    assert_ok(cx, paper_picture(cx, png, 1, 72, &again));
    assert_int_equal(again.at[18] << 8 | again.at[19], 595);
    assert_true(paper_picture(cx, file, 2, 100, &png) != OK);
    assert_true(paper_picture(cx, file, 1, 1000, &png) != OK);
    assert_err(ERR_NOT_FOUND, paper_picture(cx, (struct bytes){ (const unsigned char *)"words", 5 }, 1, 100, &png));
}

/* Stamps are taken off a page before it is read; this one is what the page says first of all. */
static void a_red_mark_of_secrecy_on_a_scan_turns_it_away(void **state)
{
    struct ctx *cx = *state;
    struct check_pdf pdf;
    struct bytes png = { NULL, 0 };
    struct paper paper = { .blocks = NULL };
    check_pdf_begin(cx, &pdf);
    check_pdf_draw(&pdf, "q 0.85 0.1 0.15 RG 1.5 w 95 690 62 28 re S Q\n0.85 0.1 0.15 rg\n");
    check_pdf_latin(&pdf, 104, 144, 20, "MAT");
    check_pdf_draw(&pdf, "0 g\n");
    check_pdf_latin(&pdf, 200, 200, 16, "THÔNG BÁO");
    for (int i = 0; i < 5; i++)
        check_pdf_latin(&pdf, 85, 240 + 20 * i, 14, "Ban giám hiêu thông báo ngày 23 tháng 5 nam 2026, giao cho các phòng");
    assert_ok(cx, paper_picture(cx, check_pdf_end(&pdf), 1, 200, &png));
    assert_err(ERR_INVALID, paper_read(cx, png, &paper));
    assert_non_null(strstr(cx->fault.words, "dấu MẬT"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(huge_images_are_refused_before_they_are_decoded, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(a_red_mark_of_secrecy_on_a_scan_turns_it_away, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(damaged_images_are_refused_in_a_sentence, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(scan_with_a_stamp_and_a_slant_is_read, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(blank_page_is_said_to_have_no_words, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(page_can_be_looked_at, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
