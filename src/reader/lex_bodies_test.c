#include "check/check.h"
#include "reader/lex.h"

static void split_is(struct ctx *cx, const char *text, const char *expected)
{
    struct lex_parts parts = { 0 };
    lex_split_bodies(&cx->arena, str_from(text), &parts);
    assert_str_equal(str_join(&cx->arena, parts.at, parts.len, STR(" | ")), expected);
}

static void body_is(struct ctx *cx, const char *text, const char *expected)
{
    assert_str_equal(lex_body_prefix(&cx->arena, str_from(text)), expected);
}

static void person_is(struct ctx *cx, const char *text, const char *expected)
{
    assert_str_equal(lex_person_prefix(&cx->arena, str_from(text)), expected);
}

static void names_with_commas_and_va_stay_whole(void **state)
{
    split_is(*state, "Sở Văn hóa, Thể thao và Du lịch, Sở Y tế và Thanh tra tỉnh",
        "Sở Văn hóa, Thể thao và Du lịch | Sở Y tế | Thanh tra tỉnh");
    split_is(*state, "Ban Tuyên giáo và Dân vận Thành ủy, Ban Quản lý Khu Kinh tế và các Khu công nghiệp tỉnh",
        "Ban Tuyên giáo và Dân vận Thành ủy | Ban Quản lý Khu Kinh tế và các Khu công nghiệp tỉnh");
    split_is(*state, "Văn phòng Tỉnh uỷ, đảng uỷ các xã, phường", "Văn phòng Tỉnh uỷ | đảng uỷ các xã, phường");
}

static void lists_said_as_one_stay_one(void **state)
{
    split_is(*state, "Các sở, ban ngành; Đảng ủy, UBND xã, phường.", "Các sở, ban ngành | Đảng ủy, UBND xã, phường");
    split_is(*state, "các xã, phường và cơ quan, đơn vị có liên quan", "các xã, phường | cơ quan, đơn vị có liên quan");
    split_is(*state, "Trường Chính trị Bình Minh, các sở, ban, ngành và các cơ quan liên quan",
        "Trường Chính trị Bình Minh | các sở, ban, ngành | các cơ quan liên quan");
}

static void empty_list_has_no_parts(void **state)
{
    split_is(*state, "", "");
    split_is(*state, " ; , ", "");
}

static void body_ends_where_its_task_begins(void **state)
{
    body_is(*state, "Sở Tài chính thẩm định và tổng hợp kinh phí", "Sở Tài chính");
    body_is(*state, "Các đơn vị kết nối và kiểm tra hệ thống", "Các đơn vị");
    body_is(*state, "Trường Chính trị Tô Hiệu chuẩn bị hội trường", "Trường Chính trị Tô Hiệu");
    body_is(*state, "Phòng Chuyển đổi số - Cơ yếu thuộc Văn phòng Tỉnh ủy triển khai kết nối",
        "Phòng Chuyển đổi số - Cơ yếu thuộc Văn phòng Tỉnh ủy");
    body_is(*state, "Ban Thường vụ Đảng ủy các xã, phường, đặc khu chỉ đạo", "Ban Thường vụ Đảng ủy các xã, phường, đặc khu");
    body_is(*state, "Chủ tịch UBND xã, phường chịu trách nhiệm trước", "Chủ tịch UBND xã, phường");
    body_is(*state, "Đảng ủy xã Tân Lập cử cán bộ", "Đảng ủy xã Tân Lập");
    body_is(*state, "SỞ NỘI VỤ", "SỞ NỘI VỤ");
    body_is(*state, "Vụ Quản lý đào tạo phối hợp", "Vụ Quản lý đào tạo");
}

static void task_without_a_body_has_none(void **state)
{
    body_is(*state, "chuẩn bị hội trường", "");
    body_is(*state, "", "");
    body_is(*state, "12 giờ", "");
}

static void person_is_named_without_address_and_degree(void **state)
{
    person_is(*state, "TS. Đậu Minh Khôi, Vụ trưởng", "Đậu Minh Khôi");
    person_is(*state, "PGS.TS. Trần Quang Diệu, Giám đốc", "Trần Quang Diệu");
    person_is(*state, "Đồng chí Nguyễn Thị Hà, Ban Tổ chức", "Nguyễn Thị Hà");
    person_is(*state, "ông Hà Đức Khải - chuyên viên", "Hà Đức Khải");
    person_is(*state, "Đ/c Y Blim Niê; điện thoại", "Y Blim Niê");
    person_is(*state, "đồng chí Nguyễn Văn An Trưởng phòng", "Nguyễn Văn An");
}

static void post_or_body_is_no_person(void **state)
{
    person_is(*state, "Đồng chí Giám đốc Sở Nội vụ", "");
    person_is(*state, "Lãnh đạo Sở Tài chính", "");
    person_is(*state, "Ban Tổ chức Tỉnh ủy", "");
    person_is(*state, "Trường Chính trị", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
        T(names_with_commas_and_va_stay_whole),
        T(lists_said_as_one_stay_one),
        T(empty_list_has_no_parts),
        T(body_ends_where_its_task_begins),
        T(task_without_a_body_has_none),
        T(person_is_named_without_address_and_degree),
        T(post_or_body_is_no_person),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
