#include "check/check.h"

#include "rehearse/rehearse.h"

static void a_form_is_read_as_a_browser_reads_it(void **state)
{
    struct ctx *cx = *state;
    struct str rest = STR("<form method=\"get\" action=\"/tim\"><input type=\"hidden\" name=\"a\" value=\"1\"></form>"
                          "<form class=\"x\" method=\"post\" action=\"/van-ban/7/tiep-nhan\">"
                          "<input type=\"hidden\" name=\"csrf\" value=\"a&amp;b=\"><input type=\"text\" name=\"t\" value=\"no\">"
                          "<textarea name=\"note\"></textarea></form><p>");
    struct rehearse_form form;
    assert_true(rehearse_next_form(&cx->arena, &rest, &form));
    assert_str_equal(form.action, "/van-ban/7/tiep-nhan");
    assert_str_equal(form.body, "csrf=a%26b%3D");
    assert_true(form.has_text);
    assert_str_equal(form.text_name, "note");
    assert_false(rehearse_next_form(&cx->arena, &rest, &form));
}

static void a_page_cut_in_the_middle_offers_no_form(void **state)
{
    struct ctx *cx = *state;
    struct str rest = STR("<form method=\"pos");
    struct rehearse_form form;
    assert_false(rehearse_next_form(&cx->arena, &rest, &form));
}

/* ---- What was sent against the boards ---- */

#define BOARD(whole_papers, whole_duties, first_papers, first_duties) \
    STR("{\"don_vi\":1,\"ma\":\"VN\",\"van_ban\":[{\"id\":7,\"ten\":\"x\",\"tong\":[90," whole_papers ",9,4,200," whole_duties ",3]," \
        "\"duoi\":[{\"ma\":\"51\",\"ten\":\"Quảng Ngãi\",\"tong\":[40," first_papers ",0,0,90," first_duties ",1]}," \
        "{\"ma\":\"42\",\"ten\":\"Hà Tĩnh\",\"tong\":[50,2,9,4,110,5,2]}]}," \
        "{\"id\":8,\"ten\":\"y\",\"tong\":[1,0,0,0,1,0,0],\"duoi\":[]}]}")

static struct rehearse_result *begin(struct ctx *cx)
{
    struct rehearse_result *result = ARENA_NEW(&cx->arena, struct rehearse_result);
    assert_ok(cx, rehearse_read_board(cx, BOARD("10", "20", "8", "15"), false, result));
    rehearse_count(result, STR("51"), REHEARSE_PAPERS); /* two acts, and both meet a duty */
    rehearse_count(result, STR("51"), REHEARSE_DUTIES);
    return result;
}

static void boards_that_moved_by_what_was_sent_are_verified(void **state)
{
    struct ctx *cx = *state;
    struct rehearse_result *result = begin(cx);
    assert_ok(cx, rehearse_read_board(cx, BOARD("11", "22", "9", "17"), true, result));
    rehearse_compare(result);
    assert_true(result->is_verified);
    assert_int_equal(result->lines_len, 2); /* the nation and Quảng Ngãi; where nothing happened nothing is said */
    assert_string_equal(result->lines[1].code, "51");
    assert_int_equal(result->lines[1].sent[REHEARSE_DUTIES], 2);
}

static void a_number_counted_in_the_wrong_province_is_found_though_the_nation_agrees(void **state)
{
    struct ctx *cx = *state;
    struct rehearse_result *result = begin(cx);
    assert_ok(cx, rehearse_read_board(cx, BOARD("11", "22", "8", "17"), true, result));
    rehearse_compare(result);
    assert_false(result->is_verified);
    assert_true(rehearse_line_agrees(&result->lines[0]));
    assert_false(rehearse_line_agrees(&result->lines[1]));
}

static void a_duty_that_was_lost_or_counted_twice_is_found(void **state)
{
    struct ctx *cx = *state;
    const struct str after[] = { BOARD("11", "21", "9", "16"), BOARD("11", "23", "9", "18") };
    for (size_t i = 0; i < LEN(after); i++) {
        struct rehearse_result *result = begin(cx);
        assert_ok(cx, rehearse_read_board(cx, after[i], true, result));
        rehearse_compare(result);
        assert_false(result->is_verified);
    }
}

static void a_board_that_is_none_is_refused(void **state)
{
    struct ctx *cx = *state;
    static const struct str bad[] = { STR_INIT(""), STR_INIT("[]"), STR_INIT("{\"ma\":\"\"}"),
                                      STR_INIT("{\"ma\":\"\",\"van_ban\":[{\"tong\":[1,\"2\"]}]}") };
    for (size_t i = 0; i < LEN(bad); i++) {
        struct rehearse_result *result = ARENA_NEW(&cx->arena, struct rehearse_result);
        assert_err(ERR_UNAVAILABLE, rehearse_read_board(cx, bad[i], false, result));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_is_read_as_a_browser_reads_it, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(boards_that_moved_by_what_was_sent_are_verified, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_number_counted_in_the_wrong_province_is_found_though_the_nation_agrees,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_duty_that_was_lost_or_counted_twice_is_found, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_board_that_is_none_is_refused, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_page_cut_in_the_middle_offers_no_form, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
