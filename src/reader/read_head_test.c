#include "check/check.h"

#include "reader/reader.h"

#include <string.h>

static enum err try_read(struct ctx *cx, const char *text, struct reader_plan *ret_plan)
{
    struct paper paper = { .blocks = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)text, strlen(text) }, &paper));
    return reader_read(cx, &paper, ret_plan);
}

static struct reader_plan plan_of(struct ctx *cx, const char *text)
{
    struct reader_plan plan = { .paragraphs = NULL };
    assert_ok(cx, try_read(cx, text, &plan));
    return plan;
}

static const char state_paper[] = "        UBND TỈNH A                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
                                  "         SỞ NỘI VỤ                       Độc lập - Tự do - Hạnh phúc\n"
                                  "      Số: 09/KH-SNV              Thành phố A, ngày 05 tháng 3 năm 2026\n\n"
                                  "KẾ HOẠCH\nBồi dưỡng công chức cấp xã năm 2026\n\n"
                                  "Thực hiện Kế hoạch số 12/KH-UBND ngày 02/01/2026 của UBND tỉnh, Sở Nội vụ mở lớp.\n\n"
                                  "I. THỜI GIAN\n\nNgày 20/3/2026. Kế hoạch này thay giấy mời.\n\n"
                                  "Nơi nhận:\n- UBND tỉnh (để b/c);\n- Lưu: VT, CCVC.\n\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nLê Thị Hồng\n";

static void a_state_letterhead_in_two_columns_is_read_whole(void **state)
{
    struct reader_plan plan = plan_of(*state, state_paper);
    const struct reader_head *head = &plan.document;
    assert_str_equal(head->kind.value, "ke_hoach");
    assert_str_equal(head->number.value, "09");
    assert_str_equal(head->symbol.value, "KH-SNV");
    assert_str_equal(head->issuer.value, "SỞ NỘI VỤ");
    assert_str_equal(head->place.value, "Thành phố A");
    assert_str_equal(head->date.value, "2026-03-05");
    assert_str_equal(head->title.value, "Bồi dưỡng công chức cấp xã năm 2026");
    assert_true(head->replaces_invitation.value);
    assert_int_equal(head->references_len, 1);
}

static void the_signer_has_a_name_a_post_and_an_authority(void **state)
{
    struct reader_plan plan = plan_of(*state, state_paper);
    assert_str_equal(plan.document.signer_name.value, "Lê Thị Hồng");
    assert_str_equal(plan.document.signer_title.value, "PHÓ GIÁM ĐỐC");
    assert_str_equal(plan.document.signer_authority.value, "KT. GIÁM ĐỐC");
    assert_str_equal(plan.archive.value, "VT, CCVC");
    assert_int_equal(plan.recipients.len, 1);
    assert_str_equal(plan.recipients.at[0].value, "UBND tỉnh");
}

static void a_party_number_keeps_its_own_form(void **state)
{
    struct reader_plan plan = plan_of(*state, "TỈNH ỦY A\nBAN TỔ CHỨC\n*\nSố 129 - TB/BTCTU\n\nĐẢNG CỘNG SẢN VIỆT NAM\nA, ngày 02 tháng 4 năm 2026\n\n"
                                              "THÔNG BÁO\ntriệu tập học viên\n\nBan Tổ chức Tỉnh ủy triệu tập học viên.\n\nNơi nhận:\n- Lưu BTCTU.\n\nTRƯỞNG BAN\n\nThái Văn Bảo\n");
    assert_str_equal(plan.document.number.value, "129");
    assert_str_equal(plan.document.symbol.value, "TB/BTCTU");
    assert_str_equal(plan.document.issuer.value, "BAN TỔ CHỨC");
}

static void a_letter_has_its_subject_and_no_kind_line(void **state)
{
    struct reader_plan plan = plan_of(*state, "SỞ TÀI CHÍNH\nSố: 1650/STC-QLNS\nV/v cử công chức dự lớp bồi dưỡng\nA, ngày 11 tháng 9 năm 2026\n\nKính gửi:\n- UBND các xã;\n- Kho bạc.\n\n"
                                              "Sở Tài chính mở lớp bồi dưỡng.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLê Văn An\n");
    assert_str_equal(plan.document.kind.value, "cong_van");
    assert_str_equal(plan.document.title.value, "cử công chức dự lớp bồi dưỡng");
    assert_int_equal(plan.document.addressees.len, 2);
    assert_str_equal(plan.document.addressees.at[1].value, "Kho bạc");
}

static bool has_anomaly(const struct reader_plan *plan, const char *kind)
{
    for (size_t i = 0; i < plan->anomalies_len; i++)
        if (str_eq(plan->anomalies[i].kind, str_from(kind)))
            return true;
    return false;
}

static void a_draft_without_number_and_day_is_doubtful(void **state)
{
    struct reader_plan plan = plan_of(*state, "THÀNH ỦY A\n*\nSố         -KH/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\nA, ngày       tháng      năm 2025\n\nKẾ HOẠCH\nbồi dưỡng cán bộ\n\n"
                                              "I. MỤC ĐÍCH\n\nNâng cao.\n\nII. NỘI DUNG\n\nTheo Mục III Kế hoạch này.\n\nIV. KINH PHÍ\n\nTỉnh chi.\n");
    assert_int_equal(plan.document.number.value.len, 0);
    assert_str_equal(plan.document.symbol.value, "KH/TU");
    assert_str_equal(plan.document.date.value, "2025");
    assert_true(plan.document.date.doubt.len > 0);
    assert_true(has_anomaly(&plan, "missing_number") && has_anomaly(&plan, "missing_date") && has_anomaly(&plan, "numbering") && has_anomaly(&plan, "dangling_reference"));
}

static void a_name_spelt_in_two_ways_is_told_and_brothers_are_not(void **state)
{
    struct ctx *cx = *state;
    static const char frame[] = "KẾ HOẠCH\nbồi dưỡng cán bộ\n\nĐồng chí %s chủ trì lớp học.\n\nNơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nNguyễn Lương Thạnh\n";
    static const struct {
        const char *name;
        bool is_conflict;
    } cases[] = { { "Nguyễn Lương Thạch", true }, { "Nguyễn Lương Thành", true }, { "Nguyễn Lương Thạnh", false }, { "Nguyễn Lương An", false }, { "Trần Lương Thạnh", false } };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf text;
        buf_init(&text, &cx->arena);
        struct str rest = str_from(frame), front = str_sub(rest, 0, str_find(rest, STR("%s")));
        buf_put(&text, front);
        buf_put(&text, str_from(cases[i].name));
        buf_put(&text, str_sub(rest, front.len + 2, rest.len));
        struct reader_plan plan = plan_of(cx, str_to_c(&cx->arena, buf_str(&text)));
        assert_int_equal(has_anomaly(&plan, "name_conflict"), cases[i].is_conflict);
    }
}

static void two_papers_in_one_file_are_sent_back(void **state)
{
    struct ctx *cx = *state;
    struct reader_plan plan = { .paragraphs = NULL };
    struct str two = str_format(&cx->arena, "%s\n\n%s", state_paper, state_paper);
    assert_err(ERR_INVALID, try_read(cx, str_to_c(&cx->arena, two), &plan));
    assert_non_null(strstr(cx->fault.words, "hai văn bản"));
    /* as a converter gives them, without what stood at the right of the head */
    const char *bare = "Số 15 - KH/TVTU\n\nA, ngày 14 tháng 5 năm 2026\n\nKẾ HOẠCH\n\ntổ chức lớp bồi dưỡng cán bộ\n\nI. THỜI GIAN\n\nNgày 21/5/2026.\n\n"
                       "Nơi nhận:\n- Các xã;\n- Lưu: VP.\n\nT/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\nLê Văn An\n";
    two = str_format(&cx->arena, "%s\n\n%s", bare, bare);
    assert_err(ERR_INVALID, try_read(cx, str_to_c(&cx->arena, two), &plan));
    assert_non_null(strstr(cx->fault.words, "hai văn bản"));
}

static void what_is_no_plan_is_sent_back_in_one_sentence(void **state)
{
    struct ctx *cx = *state;
    struct reader_plan plan = { .paragraphs = NULL };
    assert_err(ERR_INVALID, try_read(cx, "Công thức nấu phở bò\n\nNguyên liệu: xương bò, hành, gừng.\n", &plan));
    assert_null(strchr(cx->fault.words, '\n'));
}

static void the_same_paper_gives_the_same_bytes(void **state)
{
    struct ctx *cx = *state;
    struct reader_plan once = plan_of(cx, state_paper), again = plan_of(cx, state_paper);
    struct str json = reader_format(&cx->arena, &once);
    assert_true(str_eq(json, reader_format(&cx->arena, &again)));
    assert_true(str_starts(json, STR("{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"09\"")));
}

static void a_change_shows_what_was_and_what_is(void **state)
{
    struct reader_plan plan = plan_of(*state, "SỞ Y TẾ\nSố: 15/SYT-VP\nV/v thay đổi thời gian lớp bồi dưỡng\nA, ngày 09 tháng 6 năm 2026\n\nKính gửi: Các trạm y tế\n\n"
                                              "Ngày 28/5/2026, Sở Y tế có Thông báo số 45/TB-SYT về mở lớp bồi dưỡng. Nay điều chỉnh như sau:\n\n"
                                              "1. Thời gian: từ ngày 22/6/2026 đến ngày 24/6/2026 (thay cho thời gian đã thông báo là từ ngày 15/6/2026 đến ngày 17/6/2026).\n\n"
                                              "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLê Văn An\n");
    assert_true(plan.document.is_amending);
    assert_str_equal(plan.document.amends_number.value, "45/TB-SYT");
    assert_int_equal(plan.document.changes_len, 2);
    assert_str_equal(plan.document.changes[0].old_value.value, "2026-06-15");
    assert_str_equal(plan.document.changes[0].new_value.value, "2026-06-22");
    assert_str_equal(plan.schedule.end.value, "2026-06-24");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        T(a_state_letterhead_in_two_columns_is_read_whole), T(the_signer_has_a_name_a_post_and_an_authority), T(a_party_number_keeps_its_own_form),
        T(a_letter_has_its_subject_and_no_kind_line), T(a_draft_without_number_and_day_is_doubtful), T(a_name_spelt_in_two_ways_is_told_and_brothers_are_not), T(two_papers_in_one_file_are_sent_back),
        T(what_is_no_plan_is_sent_back_in_one_sentence), T(the_same_paper_gives_the_same_bytes), T(a_change_shows_what_was_and_what_is),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
