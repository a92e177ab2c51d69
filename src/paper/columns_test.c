#include "check/check.h"

#include "paper/columns.h"

/* The cells as "row.column text" lines, to be compared at a glance. */
static struct str cells_of(struct ctx *cx, const char *text)
{
    struct columns columns = { .cells = NULL };
    struct buf out;
    buf_init(&out, &cx->arena);
    if (!columns_find(&cx->arena, str_from(text), &columns))
        return STR("no columns");
    for (size_t i = 0; i < columns.cells_len; i++)
        buf_format(&out, "%d.%d " STR_FMT "\n", columns.cells[i].row, columns.cells[i].column, STR_ARG(columns.cells[i].text));
    return buf_str(&out);
}

static void a_letterhead_in_two_halves_is_two_columns(void **state)
{
    assert_str_equal(cells_of(*state, "     UBND TỈNH A          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
                                      "      SỞ NỘI VỤ              Độc lập - Tự do - Hạnh phúc\n"
                                      "   Số: 12/KH-SNV          Tỉnh A, ngày 02 tháng 3 năm 2026\n"
                                      "\nKẾ HOẠCH\n"),
                     "0.0 UBND TỈNH A\n0.1 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n1.0 SỞ NỘI VỤ\n1.1 Độc lập - Tự do - Hạnh phúc\n"
                     "2.0 Số: 12/KH-SNV\n2.1 Tỉnh A, ngày 02 tháng 3 năm 2026\n");
}

static void a_timetable_joins_the_lines_of_a_cell(void **state)
{
    assert_str_equal(cells_of(*state, "Ngày         Giờ       Nội dung                Giảng viên\n"
                                      "Thứ Hai,     8h00 -    Khai giảng              Ban Giám hiệu\n"
                                      "05/10/2026   8h30\n"
                                      "             8h30 -    Đăng ký biến động       ThS. Lê Thị\n"
                                      "             11h30     đất đai                 Mai\n"),
                     "0.0 Ngày\n0.1 Giờ\n0.2 Nội dung\n0.3 Giảng viên\n1.0 Thứ Hai, 05/10/2026\n1.1 8h00 - 8h30\n1.2 Khai giảng\n"
                     "1.3 Ban Giám hiệu\n2.1 8h30 - 11h30\n2.2 Đăng ký biến động đất đai\n2.3 ThS. Lê Thị Mai\n");
}

static void numbers_in_the_first_column_tell_the_rows(void **state)
{
    assert_str_equal(cells_of(*state, "TT   Chuyên đề              Báo cáo viên\n"
                                      "1    Tiếp công dân          Thanh tra\n"
                                      "     Ở cấp xã               tỉnh\n"
                                      "2    Chữ ký số              Sở Nội vụ\n"),
                     "0.0 TT\n0.1 Chuyên đề\n0.2 Báo cáo viên\n1.0 1\n1.1 Tiếp công dân Ở cấp xã\n1.2 Thanh tra tỉnh\n2.0 2\n2.1 Chữ ký số\n"
                     "2.2 Sở Nội vụ\n");
}

static void empty_lines_between_all_lines_part_no_rows(void **state)
{
    assert_str_equal(cells_of(*state, "TT    Nội dung                 Thời       Đơn vị\n\n"
                                      "                               lượng\n\n"
                                      "1     Ra quyết định dựa vào    90 phút    Trường Chính trị\n\n"
                                      "      số liệu\n\n"
                                      "2     Xử lý hồ sơ quá hạn      90 phút    Sở Nội vụ\n\nHết bảng này.\n"),
                     "0.0 TT\n0.1 Nội dung\n0.2 Thời lượng\n0.3 Đơn vị\n1.0 1\n1.1 Ra quyết định dựa vào số liệu\n1.2 90 phút\n"
                     "1.3 Trường Chính trị\n2.0 2\n2.1 Xử lý hồ sơ quá hạn\n2.2 90 phút\n2.3 Sở Nội vụ\n");
}

static void tabs_part_cells_and_keep_empty_ones(void **state)
{
    assert_str_equal(cells_of(*state, "TT\tLớp\tSố\n1\tLớp một\t60\n2\t\t75\nHết bảng.\n"),
                     "0.0 TT\n0.1 Lớp\n0.2 Số\n1.0 1\n1.1 Lớp một\n1.2 60\n2.0 2\n2.2 75\n");
}

static void sentences_and_lists_are_no_columns(void **state)
{
    assert_str_equal(cells_of(*state, "Các đơn vị  nghiêm túc thực hiện Kế hoạch này, bảo đảm\nđúng thành phần, đúng  thời gian theo quy định.\n"),
                     "no columns");
    assert_str_equal(cells_of(*state, "-   Sở Nội vụ\n-   Sở Tài chính\n"), "no columns");
    assert_str_equal(cells_of(*state, "Số         -KH/TU\n\nKẾ HOẠCH\n"), "no columns");
}

static void a_wall_of_blanks_costs_little(void **state)
{
    struct ctx *cx = *state;
    struct buf text;
    buf_init(&text, &cx->arena);
    for (int i = 0; i < 5000; i++)
        buf_put(&text, i % 2 ? STR("a          b  c\n") : STR("-   x   y\n"));
    struct columns columns = { .cells = NULL };
    (void)columns_find(&cx->arena, buf_str(&text), &columns);
    assert_true(columns.bytes > 0 && cx->arena.used_bytes < 16u << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letterhead_in_two_halves_is_two_columns, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_timetable_joins_the_lines_of_a_cell, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(numbers_in_the_first_column_tell_the_rows, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(empty_lines_between_all_lines_part_no_rows, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(tabs_part_cells_and_keep_empty_ones, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(sentences_and_lists_are_no_columns, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_wall_of_blanks_costs_little, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
