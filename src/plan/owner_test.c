#include "check/check.h"
#include "plan/owner.h"
#include "unit/unit.h"

/* What a paper prints, and who is meant: sorts; "?" words that stay words; "*" who holds a quota; "@" persons. */
struct printed_owner {
    const char *text;
    const char *meant;
};

/* clang-format off */
static const struct printed_owner owners[] = {
    /* 664-KH/HVCTQG */
    { "Học viện Chính trị quốc gia Hồ Chí Minh", "hoc_vien" },
    { "Tỉnh ủy, Thành ủy trực thuộc Trung ương", "tinh_uy" },
    { "Các tỉnh uỷ, thành uỷ, đảng uỷ trực thuộc TW", "tinh_uy" },
    { "Ban Tổ chức tỉnh ủy, thành ủy", "ban_to_chuc_tu" },
    /* KH-CB */
    { "Các sở, ban, ngành cấp tỉnh; Đảng ủy, UBND xã/phường", "group dang_uy_xa ubnd_xa" },
    { "Đảng ủy, HĐND, UBND xã, phường", "dang_uy_xa hdnd_xa ubnd_xa" },
    { "Đảng ủy, HĐND, UBND xã, phường lập danh sách; gửi theo hướng dẫn của Sở Nội vụ, tổng hợp",
      "dang_uy_xa hdnd_xa ubnd_xa" },
    { "Sở Nội vụ", "so_noi_vu" },
    { "Sở, ban ngành, các cơ quan, đơn vị được giao tổ chức các lớp bồi dưỡng",
      "group ?cơ quan, đơn vị được giao tổ chức các lớp bồi dưỡng" },
    { "Đảng ủy và UBND xã, phường nơi cử cán bộ, công chức đi bồi dưỡng và các cơ quan liên quan",
      "dang_uy_xa ubnd_xa ?cơ quan liên quan" },
    { "Trường Chính trị Hoàng Đình Giông", "truong_chinh_tri(Hoàng Đình Giông)" },
    { "Các sở, ban ngành và UBND các xã, phường", "group ubnd_xa" },
    { "các sở, ban, ngành và UBND xã/ phường các cơ quan có liên quan", "group ubnd_xa ?cơ quan có liên quan" },
    { "Chủ tịch UBND xã, phường", "ubnd_xa" },
    { "Cán bộ, công chức được cử đi học", "@" },
    /* 09-KH/TU */
    { "Ban Tổ chức Tỉnh ủy", "ban_to_chuc_tu" },
    { "Văn phòng Tỉnh ủy", "van_phong_tu" },
    { "Ban thường vụ đảng ủy các xã, phường", "dang_uy_xa" },
    { "Các đơn vị", "*" },
    { "Viễn thông Hà Tĩnh", "vien_thong(Hà Tĩnh)" },
    { "Điện lực Hà Tĩnh", "dien_luc(Hà Tĩnh)" },
    { "Viễn thông Hà Tĩnh, Điện lực Hà Tĩnh", "vien_thong(Hà Tĩnh) dien_luc(Hà Tĩnh)" },
    { "Đảng ủy các cơ quan Đảng tỉnh, Đảng ủy UBND tỉnh", "dang_uy_co_quan_dang dang_uy_ubnd_tinh" },
    /* KH-HP */
    { "Các ban, sở, ngành liên quan", "?ban, sở, ngành liên quan" },
    { "Ban Tổ chức Thành ủy, Sở Nội vụ", "ban_to_chuc_tu so_noi_vu" },
    { "Trường Chính trị Tô Hiệu", "truong_chinh_tri(Tô Hiệu)" },
    { "Các cơ quan, đơn vị được phân công báo cáo nội dung chuyên đề",
      "?cơ quan, đơn vị được phân công báo cáo nội dung chuyên đề" },
    { "Đảng ủy các xã, phường, đặc khu", "dang_uy_xa" },
    /* GM-QN */
    { "Các cơ quan, đơn vị", "*" },
    { "Thường trực Đảng ủy các xã, phường, đặc khu", "dang_uy_xa" },
    { "Sở Văn hóa, Thể thao và Du lịch, Sở Công Thương", "so_van_hoa_the_thao_du_lich so_cong_thuong" },
    { "Ban Quản lý Khu Kinh tế và các Khu công nghiệp tỉnh", "ban_quan_ly_kkt_kcn" },
    { "Ban Tuyên giáo và Dân vận Tỉnh ủy", "ban_tuyen_giao_dan_van_tu" },
    { "Phòng Chuyển đổi số - Cơ yếu thuộc Văn phòng Tỉnh ủy",
      "?Phòng Chuyển đổi số - Cơ yếu thuộc Văn phòng Tỉnh ủy" },
    { "Cơ quan Ủy ban Mặt trận Tổ quốc Việt Nam, các tổ chức chính trị - xã hội tỉnh", "mttq_tinh" },
    { "Các cơ quan thuộc Hội đồng nhân dân tỉnh", "cac_ban_hdnd_tinh" },
    { "Báo và Phát thanh truyền hình Quảng Ngãi", "bao_ptth(Quảng Ngãi)" },
    /* Nobody can tell. */
    { "UBND", "?UBND" },
    { "các xã, phường", "?xã, phường" },
    { "Sở Nội vụ, các xã, phường", "so_noi_vu ?xã, phường" },
    { "Tổ công tác", "?Tổ công tác" },
    { "Tổ công tác; Sở Y tế", "?Tổ công tác so_y_te" },
    { "", "" },
    { ", ; / ()", "" },
};
/* clang-format on */

/* The groups are long lists; the test writes one word for a whole one. */
static bool is_group_rest(const struct owner *owner, size_t i)
{
    return i > 0 && owner->at[i].reach == OWNER_SORT && owner->at[i - 1].reach == OWNER_SORT &&
           owner->at[i].text.at == owner->at[i - 1].text.at;
}

static struct str meant(struct arena *arena, const struct owner *owner)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < owner->len; i++) {
        const struct owner_part *part = &owner->at[i];
        if (is_group_rest(owner, i))
            continue;
        if (out.len > 0)
            buf_put_char(&out, ' ');
        bool is_group = i + 1 < owner->len && is_group_rest(owner, i + 1);
        switch (part->reach) {
        case OWNER_UNKNOWN:
            buf_format(&out, "?" STR_FMT, STR_ARG(part->text));
            break;
        case OWNER_HOLDERS:
            buf_put_char(&out, '*');
            break;
        case OWNER_PERSONS:
            buf_put_char(&out, '@');
            break;
        case OWNER_SORT:
            buf_put(&out, is_group ? STR("group") : part->sort);
            if (part->name.len > 0)
                buf_format(&out, "(" STR_FMT ")", STR_ARG(part->name));
            break;
        }
    }
    return buf_str(&out);
}

static void bodies_are_known_by_their_names(void **state)
{
    struct ctx *cx = *state;
    for (size_t i = 0; i < LEN(owners); i++) {
        struct owner owner = owner_read(&cx->arena, str_from(owners[i].text));
        print_message("%s\n", owners[i].text);
        assert_str_equal(meant(&cx->arena, &owner), owners[i].meant);
    }
}

static void a_name_with_a_comma_is_one_department(void **state)
{
    struct ctx *cx = *state;
    struct owner owner = owner_read(&cx->arena, STR("Sở Văn hóa, Thể thao và Du lịch"));
    assert_int_equal(owner.len, 1);
    assert_str_equal(owner.at[0].text, "Sở Văn hóa, Thể thao và Du lịch");
}

static void the_chairman_answers_in_person(void **state)
{
    struct ctx *cx = *state;
    struct owner owner = owner_read(&cx->arena, STR("Chủ tịch UBND xã, phường"));
    assert_str_equal(owner.head, "Chủ tịch UBND xã, phường");
    owner = owner_read(&cx->arena, STR("UBND xã, phường"));
    assert_str_equal(owner.head, "");
}

static void departments_of_a_province_are_all_named(void **state)
{
    struct ctx *cx = *state;
    struct owner owner = owner_read(&cx->arena, STR("Các sở, ban, ngành"));
    assert_true(owner.len >= 14);
    assert_false(owner_is_doubtful(&owner));
}

static void an_owner_nobody_knows_is_a_doubt(void **state)
{
    struct ctx *cx = *state;
    struct owner owner = owner_read(&cx->arena, STR("Tổ công tác"));
    assert_true(owner_is_doubtful(&owner));
    owner = owner_read(&cx->arena, STR(""));
    assert_true(owner_is_doubtful(&owner));
    owner = owner_read(&cx->arena, STR("Sở Nội vụ"));
    assert_false(owner_is_doubtful(&owner));
}

static void every_body_of_the_dictionary_is_a_sort_of_unit(void **state)
{
    struct ctx *cx = *state;
    struct str *sorts = NULL;
    size_t len = owner_sorts(&cx->arena, &sorts);
    assert_true(len > 60);
    for (size_t i = 0; i < len; i++) {
        if (!unit_sort_find(sorts[i]))
            fail_msg("no such sort: " STR_FMT, STR_ARG(sorts[i]));
    }
}

static void a_very_long_owner_is_read_up_to_its_limit(void **state)
{
    struct ctx *cx = *state;
    struct buf text;
    buf_init(&text, &cx->arena);
    for (int i = 0; i < 5000; i++)
        buf_put(&text, STR("Tổ công tác số, Sở Nội vụ, "));
    struct owner owner = owner_read(&cx->arena, buf_str(&text));
    assert_true(owner.len <= OWNER_PARTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bodies_are_known_by_their_names, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_name_with_a_comma_is_one_department, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(the_chairman_answers_in_person, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(departments_of_a_province_are_all_named, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(an_owner_nobody_knows_is_a_doubt, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(every_body_of_the_dictionary_is_a_sort_of_unit, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(a_very_long_owner_is_read_up_to_its_limit, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
