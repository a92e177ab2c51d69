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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_is_read_as_a_browser_reads_it, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(a_page_cut_in_the_middle_offers_no_form, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
