#include "check/check.h"
#include "reader/lex.h"

/* Each citation as "number kind date issuer", parted by " | ". */
static void citations_are(struct ctx *cx, const char *text, const char *expected)
{
    struct lex_citations list = { 0 };
    struct buf out;
    buf_init(&out, &cx->arena);
    lex_find_citations(&cx->arena, str_from(text), &list);
    for (size_t i = 0; i < list.len; i++)
        buf_format(&out, "%s" STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT, i > 0 ? " | " : "", STR_ARG(list.at[i].number),
            STR_ARG(list.at[i].kind), STR_ARG(list.at[i].date), STR_ARG(list.at[i].issuer));
    assert_str_equal(buf_str(&out), expected);
}

static void numbers_of_party_and_state_are_read(void **state)
{
    citations_are(*state, "Thực hiện Kế hoạch số 63-KH/TU ngày 12/02/2026 của Ban Thường vụ Tỉnh ủy Lạng Sơn về đào tạo",
        "63-KH/TU ke_hoach 2026-02-12 Ban Thường vụ Tỉnh ủy Lạng Sơn");
    citations_are(*state, "Quyết định 700/QĐ-TTg ngày 20/4/2026 của Thủ tướng Chính phủ phê duyệt Đề án",
        "700/QĐ-TTg quyet_dinh 2026-04-20 Thủ tướng Chính phủ");
    citations_are(*state, "Căn cứ Nghị định số 171/2025/NĐ-CP ngày 30 tháng 6 năm 2025 của Chính phủ quy định về đào tạo",
        "171/2025/NĐ-CP nghi_dinh 2025-06-30 Chính phủ");
    citations_are(*state, "Công văn số 4143/BNV-CCVC ngày 30/4/2026 của Bộ Nội vụ về việc triển khai",
        "4143/BNV-CCVC cong_van 2026-04-30 Bộ Nội vụ");
    citations_are(*state, "Căn cứ Luật Đất đai số 31/2024/QH15;", "31/2024/QH15 luat  ");
    citations_are(*state, "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị", "57-NQ/TW nghi_quyet 2024-12-22 Bộ Chính trị");
    citations_are(*state, "số 1288/QĐ-BNNMT ngày 14/5/2026 của Bộ trưởng Bộ Nông nghiệp và Môi trường giao kế hoạch",
        "1288/QĐ-BNNMT quyet_dinh 2026-05-14 Bộ trưởng Bộ Nông nghiệp và Môi trường");
}

static void one_date_or_issuer_serves_several_numbers(void **state)
{
    citations_are(*state,
        "Thực hiện các văn bản của Học viện Chính trị khu vực: Số 2254- CV/HVKV, số 1201-KH/HVKV ngày 31/10/2025 và số "
        "2291-CV/HVKV ngày 05/11/2025 về tổ chức lớp",
        "2254-CV/HVKV cong_van 2025-10-31 Học viện Chính trị khu vực | 1201-KH/HVKV ke_hoach 2025-10-31 Học viện Chính trị khu vực"
        " | 2291-CV/HVKV cong_van 2025-11-05 Học viện Chính trị khu vực");
    citations_are(*state, "Ngày 14/5/2026, Ban Tổ chức Tỉnh ủy có Kế hoạch số 66-KH/BTCTU và Công văn số 99-CV/BTCTU về mở lớp",
        "66-KH/BTCTU ke_hoach 2026-05-14 Ban Tổ chức Tỉnh ủy | 99-CV/BTCTU cong_van 2026-05-14 Ban Tổ chức Tỉnh ủy");
}

static void issuer_may_stand_before_or_the_date_behind_it(void **state)
{
    citations_are(*state, "theo đề nghị của Sở Nội vụ tại Tờ trình số 2107/TTr-SNV ngày 24 tháng 7 năm 2026,",
        "2107/TTr-SNV to_trinh 2026-07-24 Sở Nội vụ");
    citations_are(*state, "Kế hoạch số 12/KH-UBND của UBND tỉnh ngày 03/4/2026", "12/KH-UBND ke_hoach 2026-04-03 UBND tỉnh");
    citations_are(*state, "(Thông báo số 21-TB/VPTW ngày 07/3/2026 của Văn phòng Trung ương Đảng)",
        "21-TB/VPTW thong_bao 2026-03-07 Văn phòng Trung ương Đảng");
}

static void mark_of_a_note_is_no_part_of_the_year(void **state)
{
    citations_are(*state, "Quyết định số 15/QĐ-BNV ngày 21/11/20251 của Bộ Nội vụ", "15/QĐ-BNV quyet_dinh 2025-11-21 Bộ Nội vụ");
}

static void dates_fractions_and_rates_are_no_numbers_of_papers(void **state)
{
    citations_are(*state, "ngày 22/11/2025, xã/phường, 90 phút/chuyên đề, 2/3 số học viên, 24/7, 01-02 lớp", "");
    citations_are(*state, "", "");
    citations_are(*state, "Số:       /KH-UBND", "");
    citations_are(*state, "12-", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
        T(numbers_of_party_and_state_are_read),
        T(one_date_or_issuer_serves_several_numbers),
        T(issuer_may_stand_before_or_the_date_behind_it),
        T(mark_of_a_note_is_no_part_of_the_year),
        T(dates_fractions_and_rates_are_no_numbers_of_papers),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
