#include "page/html.h"

#include "check/check.h"

static struct buf out;

static struct html begin(struct ctx *cx)
{
    buf_init(&out, &cx->arena);
    return (struct html){ .out = &out };
}

static void names_cannot_become_markup(void **state)
{
    struct html h = begin(*state);
    html_put(&h, STR("<b>Lò \"Thị\" & 'Bích'</b>"));
    assert_str_equal(buf_str(&out), "&lt;b&gt;Lò &#34;Thị&#34; &amp; &#39;Bích&#39;&lt;/b&gt;");
}

static void markup_of_our_own_goes_out_as_it_is(void **state)
{
    struct html h = begin(*state);
    struct safe_html mark = { STR("<b>có</b>") };
    html_put(&h, mark);
    assert_str_equal(buf_str(&out), "<b>có</b>");
}

static void numbers_are_read_with_dots_for_thousands(void **state)
{
    struct html h = begin(*state);
    html_put(&h, 3321);
    html_put(&h, " ");
    html_put(&h, (size_t)350000);
    html_put(&h, " ");
    html_put(&h, -1000000);
    html_put(&h, " ");
    html_put(&h, INT64_MIN);
    html_put(&h, " ");
    html_put(&h, 999);
    assert_str_equal(buf_str(&out), "3.321 350.000 −1.000.000 −9.223.372.036.854.775.808 999");
}

static void numbers_in_attributes_are_for_machines(void **state)
{
    struct html h = begin(*state);
    html_put_attribute(&h, 3321);
    html_put_attribute(&h, "/");
    html_put_attribute(&h, (size_t)3321);
    assert_str_equal(buf_str(&out), "3321/3321");
}

static void text_in_an_address_stays_one_value(void **state)
{
    struct ctx *cx = *state;
    struct str search = STR("Bình Minh/../x?a=1&b=#");
    struct url url = url_format(&cx->arena, "/can-bo/%lld/tim?ten=%.*s&trang=%d&het=%s&tu=%zu%%",
                                42LL, STR_ARG(search), -3, "a b", (size_t)7);
    assert_str_equal(url.text,
                     "/can-bo/42/tim?ten=B%C3%ACnh%20Minh%2F..%2Fx%3Fa%3D1%26b%3D%23"
                     "&trang=-3&het=a%20b&tu=7%");
    assert_str_equal(url_encode(&cx->arena, STR("ầ~.-_")), "%E1%BA%A7~.-_");
}

static void no_link_leads_to_a_foreign_site(void **state)
{
    (void)state;
    static const char *const foreign[] = { "//ngoai.example/",
                                           "https://ngoai.example/",
                                           "/\\ngoai.example",
                                           "",
                                           "hom-nay",
                                           "/\n/ngoai.example",
                                           "/a b",
                                           "javascript:alert(1)" };
    struct url url = { STR("") };
    for (size_t i = 0; i < LEN(foreign); i++)
        assert_false(url_from_path(str_from(foreign[i]), &url));
    assert_true(url_from_path(STR("/"), &url));
    assert_true(url_from_path(STR("/van-ban/7?loc=cho"), &url));
    assert_str_equal(url.text, "/van-ban/7?loc=cho");
}

static void a_foreign_address_is_followed_only_over_https_and_as_it_reads(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "https://", "http://hop.invalid", "javascript:alert(1)", "//hop.invalid",
                                       "https:///x", "https://a b.invalid", "https://hop.invalid/\"x",
                                       "https://hop.tinh.vn@xau.invalid/", "https://hop.invalid/\x01", "https://hộp.vn" };
    struct url url = { STR("") };
    for (size_t i = 0; i < LEN(bad); i++)
        assert_false(url_from_https(str_from(bad[i]), &url));
    assert_true(url_from_https(STR("https://hop.invalid:8443/phong/2?ma=1&x=@"), &url));
    assert_str_equal(url.text, "https://hop.invalid:8443/phong/2?ma=1&x=@");
}

static void telephone_links_hold_digits_only(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(url_phone(&cx->arena, STR("0900 000 001 (trực)")).text, "tel:0900000001");
    assert_str_equal(url_phone(&cx->arena, STR("javascript:alert(1)")).text, "tel:1");
    assert_str_equal(url_mail(&cx->arena, STR("truc@xa.example?cc=x")).text,
                     "mailto:truc@xa.exampleccx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_cannot_become_markup, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(markup_of_our_own_goes_out_as_it_is, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(numbers_are_read_with_dots_for_thousands, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(numbers_in_attributes_are_for_machines, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(text_in_an_address_stays_one_value, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(a_foreign_address_is_followed_only_over_https_and_as_it_reads, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(telephone_links_hold_digits_only, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test(no_link_leads_to_a_foreign_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
