#include "unit/unit.h"

#include "viet/viet.h"

/*
 * The bodies every place of a level has, as the five papers and the rules on two-tier government
 * name them (150/2025/ NĐ-CP for departments, 298-QĐ/TW for commune Party bodies; provinces differ
 * in detail and add or close bodies as facts). clang-format is off: this is a table.
 */
/* clang-format off */
const struct unit_sort unit_sorts[] = {
    { STR_INIT("trung_uong_dang"), STR_INIT("Ban Chấp hành Trung ương Đảng"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("") },
    { STR_INIT("van_phong_tw"), STR_INIT("Văn phòng Trung ương Đảng"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("ban_to_chuc_tw"), STR_INIT("Ban Tổ chức Trung ương"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("uy_ban_kiem_tra_tw"), STR_INIT("Ủy ban Kiểm tra Trung ương"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("ban_tuyen_giao_dan_van_tw"), STR_INIT("Ban Tuyên giáo và Dân vận Trung ương"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("ban_noi_chinh_tw"), STR_INIT("Ban Nội chính Trung ương"), UNIT_SUFFIX_NONE, STR_INIT("party"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("hoc_vien"), STR_INIT("Học viện Chính trị quốc gia Hồ Chí Minh"), UNIT_SUFFIX_NONE, STR_INIT("school"), STR_INIT("central"), STR_INIT("trung_uong_dang") },
    { STR_INIT("quoc_hoi"), STR_INIT("Ủy ban Thường vụ Quốc hội"), UNIT_SUFFIX_NONE, STR_INIT("council"), STR_INIT("central"), STR_INIT("") },
    { STR_INIT("chinh_phu"), STR_INIT("Chính phủ"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("") },
    { STR_INIT("van_phong_chinh_phu"), STR_INIT("Văn phòng Chính phủ"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_noi_vu"), STR_INIT("Bộ Nội vụ"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_tai_chinh"), STR_INIT("Bộ Tài chính"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_xay_dung"), STR_INIT("Bộ Xây dựng"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_nong_nghiep_moi_truong"), STR_INIT("Bộ Nông nghiệp và Môi trường"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_khoa_hoc_cong_nghe"), STR_INIT("Bộ Khoa học và Công nghệ"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_van_hoa_the_thao_du_lich"), STR_INIT("Bộ Văn hóa, Thể thao và Du lịch"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_cong_thuong"), STR_INIT("Bộ Công Thương"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_tu_phap"), STR_INIT("Bộ Tư pháp"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_ngoai_giao"), STR_INIT("Bộ Ngoại giao"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_y_te"), STR_INIT("Bộ Y tế"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_giao_duc_dao_tao"), STR_INIT("Bộ Giáo dục và Đào tạo"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("bo_dan_toc_ton_giao"), STR_INIT("Bộ Dân tộc và Tôn giáo"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("thanh_tra_chinh_phu"), STR_INIT("Thanh tra Chính phủ"), UNIT_SUFFIX_NONE, STR_INIT("state"), STR_INIT("central"), STR_INIT("chinh_phu") },
    { STR_INIT("mttq_tw"), STR_INIT("Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"), UNIT_SUFFIX_NONE, STR_INIT("front"), STR_INIT("central"), STR_INIT("") },
    { STR_INIT("tinh_uy"), STR_INIT("%T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("trung_uong_dang") },
    { STR_INIT("van_phong_tu"), STR_INIT("Văn phòng %T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("ban_to_chuc_tu"), STR_INIT("Ban Tổ chức %T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("uy_ban_kiem_tra_tu"), STR_INIT("Ủy ban Kiểm tra %T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("ban_tuyen_giao_dan_van_tu"), STR_INIT("Ban Tuyên giáo và Dân vận %T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("ban_noi_chinh_tu"), STR_INIT("Ban Nội chính %T"), UNIT_SUFFIX_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("dang_uy_co_quan_dang"), STR_INIT("Đảng ủy các cơ quan Đảng"), UNIT_SUFFIX_KIND_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("dang_uy_ubnd_tinh"), STR_INIT("Đảng ủy Ủy ban nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("party"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("truong_chinh_tri"), STR_INIT("Trường Chính trị"), UNIT_SUFFIX_KIND_NAME, STR_INIT("school"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("bao_ptth"), STR_INIT("Báo và Phát thanh, Truyền hình"), UNIT_SUFFIX_NAME, STR_INIT("press"), STR_INIT("province"), STR_INIT("tinh_uy") },
    { STR_INIT("hdnd_tinh"), STR_INIT("Hội đồng nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("council"), STR_INIT("province"), STR_INIT("quoc_hoi") },
    { STR_INIT("cac_ban_hdnd_tinh"), STR_INIT("Các cơ quan thuộc Hội đồng nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("council"), STR_INIT("province"), STR_INIT("hdnd_tinh") },
    { STR_INIT("ubnd_tinh"), STR_INIT("Ủy ban nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("chinh_phu") },
    { STR_INIT("van_phong_ubnd_tinh"), STR_INIT("Văn phòng Ủy ban nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_noi_vu"), STR_INIT("Sở Nội vụ"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_tai_chinh"), STR_INIT("Sở Tài chính"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_xay_dung"), STR_INIT("Sở Xây dựng"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_nong_nghiep_moi_truong"), STR_INIT("Sở Nông nghiệp và Môi trường"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_khoa_hoc_cong_nghe"), STR_INIT("Sở Khoa học và Công nghệ"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_van_hoa_the_thao_du_lich"), STR_INIT("Sở Văn hóa, Thể thao và Du lịch"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_cong_thuong"), STR_INIT("Sở Công Thương"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("thanh_tra_tinh"), STR_INIT("Thanh tra"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_dan_toc_ton_giao"), STR_INIT("Sở Dân tộc và Tôn giáo"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_tu_phap"), STR_INIT("Sở Tư pháp"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_ngoai_vu"), STR_INIT("Sở Ngoại vụ"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_y_te"), STR_INIT("Sở Y tế"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("so_giao_duc_dao_tao"), STR_INIT("Sở Giáo dục và Đào tạo"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("ban_quan_ly_kkt_kcn"), STR_INIT("Ban Quản lý Khu kinh tế và các Khu công nghiệp"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("province"), STR_INIT("ubnd_tinh") },
    { STR_INIT("mttq_tinh"), STR_INIT("Ủy ban Mặt trận Tổ quốc Việt Nam"), UNIT_SUFFIX_KIND_NAME, STR_INIT("front"), STR_INIT("province"), STR_INIT("mttq_tw") },
    { STR_INIT("vien_thong"), STR_INIT("Viễn thông"), UNIT_SUFFIX_NAME, STR_INIT("utility"), STR_INIT("province"), STR_INIT("") },
    { STR_INIT("dien_luc"), STR_INIT("Điện lực"), UNIT_SUFFIX_NAME, STR_INIT("utility"), STR_INIT("province"), STR_INIT("") },
    { STR_INIT("dang_uy_xa"), STR_INIT("Đảng ủy"), UNIT_SUFFIX_KIND_NAME, STR_INIT("party"), STR_INIT("commune"), STR_INIT("tinh_uy") },
    { STR_INIT("hdnd_xa"), STR_INIT("Hội đồng nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("council"), STR_INIT("commune"), STR_INIT("hdnd_tinh") },
    { STR_INIT("ubnd_xa"), STR_INIT("Ủy ban nhân dân"), UNIT_SUFFIX_KIND_NAME, STR_INIT("state"), STR_INIT("commune"), STR_INIT("ubnd_tinh") },
    { STR_INIT("mttq_xa"), STR_INIT("Ủy ban Mặt trận Tổ quốc Việt Nam"), UNIT_SUFFIX_KIND_NAME, STR_INIT("front"), STR_INIT("commune"), STR_INIT("mttq_tinh") },
};
/* clang-format on */
const size_t unit_sorts_len = LEN(unit_sorts);

const struct unit_sort *unit_sort_find(struct str sort)
{
    for (size_t i = 0; i < unit_sorts_len; i++)
        if (str_eq(unit_sorts[i].sort, sort))
            return &unit_sorts[i];
    return NULL;
}

static const struct {
    struct str stored, shown;
} kind_words[] = {
#define X(name, stored, shown) { STR_INIT(stored), STR_INIT(shown) },
    UNIT_KIND_LIST(X)
#undef X
};

struct str unit_kind_stored(enum unit_kind kind)
{
    return kind_words[kind].stored;
}

struct str unit_kind_shown(enum unit_kind kind)
{
    return kind_words[kind].shown;
}

bool unit_kind_parse(struct str stored, enum unit_kind *ret_kind)
{
    for (size_t i = 0; i < LEN(kind_words); i++)
        if (str_eq(kind_words[i].stored, stored)) {
            *ret_kind = (enum unit_kind)i;
            return true;
        }
    return false;
}

/* True for the names that are written with their kind and a capital even where a bare name would
 * do. */
static bool is_named_after_a_person(enum unit_kind kind, struct str name)
{
    return kind == UNIT_CITY && str_eq(name, STR("Hồ Chí Minh"));
}

struct str unit_area_full_name(struct arena *arena, enum unit_kind kind, struct str name)
{
    if (kind == UNIT_NATION)
        return name;
    struct str shown = unit_kind_shown(kind);
    if (is_named_after_a_person(kind, name))
        shown = viet_upper_first(arena, shown);
    return str_format(arena, STR_FMT " " STR_FMT, STR_ARG(shown), STR_ARG(name));
}

struct str unit_sort_name(struct arena *arena, const struct unit_sort *sort,
                          enum unit_kind place_kind)
{
    size_t at = str_find(sort->name, STR("%T"));
    if (at == sort->name.len)
        return sort->name;
    struct str committee = place_kind == UNIT_CITY ? STR("Thành ủy") : STR("Tỉnh ủy");
    return str_format(arena, STR_FMT STR_FMT STR_FMT, STR_ARG(str_sub(sort->name, 0, at)),
                      STR_ARG(committee), STR_ARG(str_sub(sort->name, at + 2, SIZE_MAX)));
}

struct str unit_sort_full_name(struct arena *arena, const struct unit_sort *sort,
                               enum unit_kind place_kind, struct str place_name)
{
    struct str name = unit_sort_name(arena, sort, place_kind);
    if (sort->suffix == UNIT_SUFFIX_NONE)
        return name;
    struct str place = place_name;
    if (sort->suffix == UNIT_SUFFIX_KIND_NAME || is_named_after_a_person(place_kind, place_name))
        place = unit_area_full_name(arena, place_kind, place_name);
    return str_format(arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(place));
}
