#include "check/check_site.h"

#include "unit/unit_pages.h"

/* Two provinces, and their pages. */
static int open_site(void **state)
{
    void *store = NULL;
    if (check_store_open(&store) != 0)
        return 1;
    struct check_store *check = store;
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("75") };
    check->cx.now = day_time(day_from_civil(2026, 5, 21), 9, 0);
    if (unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK)
        return 1;
    static struct route_table rooms[1];
    rooms[0] = unit_routes;
    *state = site_open(check, rooms, LEN(rooms));
    return 0;
}

static int close_site(void **state)
{
    struct check_site *site = *state;
    void *store = site->check;
    return check_store_close(&store);
}

static struct unit by_code(struct check_site *site, const char *code)
{
    struct unit unit = { .id = 0 };
    assert_ok(&site->check->cx, unit_find_code(&site->check->cx, str_from(code), &unit));
    return unit;
}

static const char *path_of(struct check_site *site, int64_t id, const char *what)
{
    struct arena *arena = &site->check->cx.arena;
    return str_to_c(arena, str_format(arena, "/don-vi/%lld%s", (long long)id, what));
}

static void the_tree_opens_at_the_top_of_what_one_reaches(void **state)
{
    struct check_site *site = *state;
    site_be(site, by_code(site, "VN").path, UINT64_MAX);
    assert_int_equal(site_get(site, "/don-vi"), 200);
    assert_true(site_body_has(site, "tỉnh Quảng Ngãi"));
    assert_true(site_body_has(site, "thành phố Đồng Nai"));
    assert_true(site_body_has(site, "Nhập danh mục"));
    site_be(site, by_code(site, "51").path, UINT64_MAX);
    assert_int_equal(site_get(site, "/don-vi"), 200);
    assert_true(site_body_has(site, "đặc khu Lý Sơn"));
    assert_true(site_body_has(site, "Ban Tổ chức Tỉnh ủy Quảng Ngãi"));
    assert_false(site_body_has(site, "Đồng Nai"));
}

static void a_day_before_the_change_shows_the_province_as_it_was(void **state)
{
    struct check_site *site = *state;
    struct unit province = by_code(site, "75");
    site_be(site, by_code(site, "VN").path, UINT64_MAX);
    assert_int_equal(site_get(site, path_of(site, province.id, "?ngay=29%2F04%2F2026")), 200);
    assert_true(site_body_has(site, "Tỉnh Đồng Nai"));
    assert_true(site_body_has(site, "Tỉnh ủy Đồng Nai"));
    assert_true(site_body_has(site, "xã Long Thành"));
    assert_true(site_body_has(site, "Cơ cấu tổ chức tại ngày 29/4/2026"));
    assert_int_equal(site_get(site, path_of(site, province.id, "")), 200);
    assert_true(site_body_has(site, "Thành ủy Đồng Nai"));
    assert_true(site_body_has(site, "phường Long Thành"));
    assert_true(site_body_has(site, "Nghị quyết 30/2026/QH16"));
    assert_int_equal(site_get(site, path_of(site, province.id, "?ngay=01%2F01%2F2020")), 200);
    assert_true(site_body_has(site, "không hoạt động"));
    assert_int_equal(site_get(site, path_of(site, province.id, "?ngay=h%C3%B4m%20nay")), 200);
}

static void a_foreign_unit_looks_like_none_on_every_page(void **state)
{
    struct check_site *site = *state;
    struct unit foreign = by_code(site, "75");
    site_be(site, by_code(site, "51").path, UINT64_MAX);
    static const char *const pages[] = { "", "/danh-sach", "/thay-doi" };
    for (size_t i = 0; i < LEN(pages); i++) {
        assert_int_equal(site_get(site, path_of(site, foreign.id, pages[i])), 404);
        assert_false(site_body_has(site, "Đồng Nai"));
    }
    static const char *const posts[] = { "/doi-ten", "/doi-loai", "/them-co-quan", "/sap-nhap",
                                         "/ket-thuc" };
    for (size_t i = 0; i < LEN(posts); i++)
        assert_int_equal(
            site_post(
                site, path_of(site, foreign.id, posts[i]),
                "name=Kh%C3%A1c&kind=province&code=51&from_day=01%2F01%2F2027&cause=Th%E1%BB%AD"),
            404);
    assert_int_equal(site_get(site, "/don-vi?tim=dong+nai"), 200);
    assert_true(site_body_has(site, "Không có đơn vị nào khớp"));
    site_be(site, STR(""), 0);
    assert_int_equal(site_get(site, "/don-vi"), 303);
    site_be(site, by_code(site, "51").path, 1U << PERMISSION_UNIT_READ);
    assert_int_equal(site_get(site, "/don-vi/nhap"), 403);
    assert_true(site_post(site, path_of(site, by_code(site, "51").id, "/doi-ten"), "name=A") ==
                403);
}

static void a_search_finds_without_diacritics_and_says_how_many(void **state)
{
    struct check_site *site = *state;
    site_be(site, by_code(site, "VN").path, UINT64_MAX);
    assert_int_equal(site_get(site, "/don-vi?tim=ly%20son&loai=special_zone"), 200);
    assert_true(site_body_has(site, "đặc khu Lý Sơn"));
    assert_true(site_body_has(site, "1 đơn vị"));
    assert_int_equal(site_get(site, "/don-vi?loai=commune&trang=2"), 200);
    assert_true(site_body_has(site, "Trang 2/"));
    assert_int_equal(site_get(site, "/don-vi?tim=%3Cscript%3E"), 200);
    assert_false(site_body_has(site, "<script>alert"));
}

static void a_form_renames_and_says_what_is_wrong_at_its_field(void **state)
{
    struct check_site *site = *state;
    struct unit commune = by_code(site, "26368");
    site_be(site, by_code(site, "VN").path, UINT64_MAX);
    assert_int_equal(site_get(site, path_of(site, commune.id, "/thay-doi")), 200);
    assert_true(site_body_has(site, "Đổi loại đơn vị hành chính"));
    assert_int_equal(site_post(site, path_of(site, commune.id, "/doi-ten"),
                               "name=B%C3%ACnh+S%C6%A1n&from_day=01%2F01%2F2020&cause=NQ"),
                     422);
    assert_true(site_body_has(site, "Ngày có hiệu lực phải từ ngày 30/4/2026 trở đi"));
    assert_true(site_body_has(site, "Bình Sơn"));
    assert_int_equal(site_post(site, path_of(site, commune.id, "/doi-ten"),
                               "name=B%C3%ACnh+S%C6%A1n&from_day=01%2F01%2F2027&cause=NQ"),
                     303);
    assert_str_equal(by_code(site, "26368").full_name, "phường Bình Sơn");
    assert_int_equal(
        site_post(
            site, path_of(site, commune.id, "/them-co-quan"),
            "name=Trung+t%C3%A2m+Ch%C3%ADnh+tr%E1%BB%8B&from_day=02%2F01%2F2027&cause=Q%C4%90"),
        303);
    assert_int_equal(site_post(site, path_of(site, commune.id, "/sap-nhap"),
                               "code=00000&from_day=02%2F01%2F2027&cause=NQ"),
                     422);
    assert_int_equal(site_post(site, path_of(site, commune.id, "/sap-nhap"),
                               "code=26485&from_day=02%2F01%2F2027&cause=NQ"),
                     303);
    assert_int_equal(site_get(site, path_of(site, commune.id, "")), 200);
    assert_true(site_body_has(site, "Sáp nhập vào phường Nhơn Trạch"));
}

static void a_list_is_shown_before_it_changes_anything(void **state)
{
    struct check_site *site = *state;
    static const char *const fields[] = { "from_day", "01/01/2027", "cause", "Nghị quyết thử",
                                          NULL };
    site_be(site, by_code(site, "VN").path, UINT64_MAX);
    assert_int_equal(site_get(site, "/don-vi/nhap"), 200);
    struct str list =
        STR("Mã,Tên,Cấp,Mã TP\n26368,Phường Long Thành Mới,Phường,75\n99998,Xã \"\"Lạ,Xã,75\n");
    assert_int_equal(site_post_file(site, "/don-vi/nhap/xem-truoc", "tep", list, fields), 200);
    assert_true(site_body_has(site, "phường Long Thành Mới"));
    assert_true(site_body_has(site, "Thành lập mới: 1"));
    assert_str_equal(by_code(site, "26368").full_name, "phường Long Thành");
    assert_int_equal(
        site_post(site, "/don-vi/nhap",
                  "from_day=01%2F01%2F2027&cause=NQ&list=code%2Cname%2Ckind%2Cparent_code%0D%0A"
                  "26368%2CLong+Th%C3%A0nh+M%E1%BB%9Bi%2Cward%2C75%0D%0A"),
        303);
    assert_str_equal(by_code(site, "26368").full_name, "phường Long Thành Mới");
    assert_int_equal(
        site_post_file(site, "/don-vi/nhap/xem-truoc", "tep", STR("không phải danh mục"), fields),
        422);
    assert_true(site_body_has(site, "Dòng 1 phải có các cột"));
    assert_int_equal(site_post_file(site, "/don-vi/nhap/xem-truoc", "khac", list, fields), 422);
}

static void what_is_exported_can_be_read_back(void **state)
{
    struct check_site *site = *state;
    site_be(site, by_code(site, "51").path, UINT64_MAX);
    assert_int_equal(site_get(site, path_of(site, by_code(site, "51").id, "/danh-sach")), 200);
    assert_true(site_body_has(site, "\"đặc khu\",\"đặc khu Lý Sơn\",\"51\""));
}

int main(void)
{
    static struct fact_kinds rooms[1];
    rooms[0] = unit_facts;
    fact_register(rooms, LEN(rooms));
#define ON_SITE(test) cmocka_unit_test_setup_teardown(test, open_site, close_site)
    const struct CMUnitTest list[] = {
        ON_SITE(the_tree_opens_at_the_top_of_what_one_reaches),
        ON_SITE(a_day_before_the_change_shows_the_province_as_it_was),
        ON_SITE(a_foreign_unit_looks_like_none_on_every_page),
        ON_SITE(a_search_finds_without_diacritics_and_says_how_many),
        ON_SITE(a_form_renames_and_says_what_is_wrong_at_its_field),
        ON_SITE(a_list_is_shown_before_it_changes_anything),
        ON_SITE(what_is_exported_can_be_read_back),
    };
    return cmocka_run_group_tests(list, NULL, NULL);
}
