#include "page/page.h"

#include "check/check.h"
#include "page/asset.h"
#include "page/testdata/gallery.h"

static bool has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

static size_t count(struct str text, const char *part)
{
    size_t found = 0;
    for (struct str p = str_from(part); has(text, part); found++)
        text = str_sub(text, str_find(text, p) + p.len, SIZE_MAX);
    return found;
}

static void state_has_a_shape_and_a_word(void **state)
{
    struct ctx *cx = *state;
    struct str mark = page_mark(&cx->arena, MARK_LATE, STR("Quá hạn <12> phút")).markup;
    assert_true(has(mark, "is-late") && has(mark, "#mark-late") &&
                has(mark, "Quá hạn &lt;12&gt; phút"));
}

static void rail_shows_only_what_the_seat_may_open(void **state)
{
    struct ctx *cx = *state;
    struct actor clerk = { .kind = ACTOR_PERSON,
                           .name = STR_INIT("A & B"),
                           .permissions =
                               1ULL << PERMISSION_DUTY_READ | 1ULL << PERMISSION_DOCUMENT_READ };
    struct page page = {
        .title = STR("Hôm nay phải làm gì?"), .place = STR("van-ban"), .actor = &clerk, .now = 1
    };
    struct html h = page_begin(&cx->arena);
    page_layout(&h, &page, (struct safe_html){ STR("<p>nội dung</p>") });
    struct str out = page_end(&h).markup;
    assert_true(has(out, "href=\"/hom-nay\"") &&
                has(out, "href=\"/van-ban\" aria-current=\"page\""));
    assert_false(has(out, "href=\"/quan-tri\"") || has(out, "href=\"/theo-doi\""));
    assert_true(has(out, "<p>nội dung</p>") && has(out, "A &amp; B") && has(out, "/dang-xuat"));
    assert_int_equal(count(out, "aria-current"), 1);
}

static void stranger_gets_no_rail_and_nothing_to_sign_out_of(void **state)
{
    struct ctx *cx = *state;
    struct actor nobody = { .kind = ACTOR_NOBODY };
    struct page page = {
        .title = STR("Đăng nhập"), .actor = &nobody, .now = 1, .error = STR("Sai <mật khẩu>")
    };
    struct html h = page_begin(&cx->arena);
    page_layout(&h, &page, (struct safe_html){ STR("") });
    struct str out = page_end(&h).markup;
    assert_false(has(out, "class=\"rail\"") || has(out, "/dang-xuat"));
    assert_true(has(out, "role=\"alert\"") && has(out, "Sai &lt;mật khẩu&gt;"));
}

static void wall_has_no_chrome(void **state)
{
    struct ctx *cx = *state;
    struct str out = gallery_render(&cx->arena, GALLERY_WALL).markup;
    assert_false(has(out, "class=\"rail\"") || has(out, "class=\"page-tools\"") ||
                 has(out, "Nhắc 23 xã"));
    assert_true(has(out, "class=\"projector\"") &&
                has(out, "data-live-url=\"/theo-doi/664/song\""));
    assert_true(
        has(out, "http-equiv=\"refresh\"")); /* the wall renews itself without scripts too */
}

static void map_has_all_provinces_and_both_archipelagos(void **state)
{
    struct ctx *cx = *state;
    struct str out = gallery_render(&cx->arena, GALLERY_BOARD).markup;
    assert_int_equal(count(out, "class=\"row-"), 36);
    assert_true(has(out, "Hoàng Sa<br>(Đà Nẵng)") && has(out, "Trường Sa<br>(Khánh Hòa)"));
    assert_true(has(out, "TP.HCM") && has(out, "data-live-mark=\"79\""));
    assert_str_equal(page_province_short_name(STR("08")), "Tuyên Quang");
    assert_str_equal(page_province_short_name(STR("10")), "");
}

static void nothing_typed_is_lost_and_the_error_stands_at_its_field(void **state)
{
    struct ctx *cx = *state;
    struct str out = gallery_render(&cx->arena, GALLERY_PAPER).markup;
    assert_true(has(out, "id=\"f-points\" name=\"points\" value=\"mười\""));
    assert_true(has(out, "aria-describedby=\"f-points-sua f-points-giup\""));
    assert_int_equal(count(out, "Mục “Số điểm cầu” cần là số nguyên"), 1);
    assert_int_equal(count(out, "aria-invalid=\"true\""), 1);
    assert_true(has(out, "\nMạng &lt;yếu&gt; khi mưa</textarea>"));
    assert_true(has(out, "value=\"truc-tuyen\" checked"));
    assert_true(has(out, "<option value=\"b\" selected>"));
    assert_true(has(out, "name=\"unit_id\" value=\"42\""));
    assert_true(has(out, "enctype=\"multipart/form-data\"") && has(out, "name=\"fact_id\"") &&
                has(out, "name=\"csrf\""));
}

struct sample_form {
    int64_t amount;
    int32_t day;
    int64_t at;
    struct str password;
    bool is_set;
};

static void error_of_no_field_stands_above_the_form(void **state)
{
    struct ctx *cx = *state;
    struct form_view form = { .action = url_format(&cx->arena, "/x"),
                              .error_words = STR("Đơn vị đã đủ số người"),
                              .submit_label = STR("Gửi") };
    struct str out = page_form(&cx->arena, &form).markup;
    assert_true(has(out, "role=\"alert\"") && has(out, "Đơn vị đã đủ số người"));
}

static void stored_values_are_shown_as_people_write_them(void **state)
{
    struct ctx *cx = *state;
    static const struct field fields[] = {
        { "amount", "Số tiền", FIELD_I64, FIELD_OF(struct sample_form, amount) },
        { "day", "Ngày", FIELD_DAY, FIELD_OF(struct sample_form, day) },
        { "at", "Giờ", FIELD_INSTANT, FIELD_OF(struct sample_form, at) },
        { "password", "Mật khẩu", FIELD_TEXT, FIELD_OF(struct sample_form, password) },
        { "is_set", "Đồng ý", FIELD_BOOL, FIELD_OF(struct sample_form, is_set) },
    };
    static const struct field_table table = FIELD_TABLE(struct sample_form, fields);
    struct sample_form values = { .amount = 1250000,
                                  .day = day_from_civil(2026, 5, 5),
                                  .at = day_time(day_from_civil(2026, 5, 21), 9, 0),
                                  .password = STR("bí mật"),
                                  .is_set = true };
    struct form_view form = { .fields = &table, .values = &values, .id_prefix = STR("b-") };
    struct str out = page_form_fields(&cx->arena, &form).markup;
    assert_true(has(out, "value=\"1.250.000\"") && has(out, "value=\"05/5/2026\""));
    assert_true(has(out, "value=\"09:00 ngày 21/5/2026\"") && has(out, "id=\"f-b-day\""));
    assert_true(has(out, " checked"));
    assert_false(has(out, "bí mật"));
    assert_int_equal(count(out, "không bắt buộc"), 4);
}

static void long_list_says_how_long_it_is(void **state)
{
    struct ctx *cx = *state;
    struct url url = url_format(&cx->arena, "/can-bo?tim=%s", "an");
    assert_str_equal(page_pager(&cx->arena, url, 1, 100, 100).markup, "");
    struct str out = page_pager(&cx->arena, url, 2, 100, 1150).markup;
    assert_true(has(out, "Trang 2/12 · 1.150 dòng"));
    assert_true(has(out, "href=\"/can-bo?tim=an&amp;trang=1\"") && has(out, "trang=3") &&
                has(out, "trang=12"));
    out = page_pager(&cx->arena, url, 12, 100, 1150).markup;
    assert_false(has(out, "rel=\"next\""));
}

static void assets_are_found_by_the_address_that_pages_show(void **state)
{
    (void)state;
    const struct asset *css = asset_find(asset_url("app.css").text);
    assert_non_null(css);
    assert_string_equal(css->content_type, "text/css; charset=utf-8");
    assert_true(css->gzip.len > 0 && css->brotli.len > 0 && css->brotli.len < css->plain.len);
    struct str text = { (const char *)css->plain.at, css->plain.len };
    assert_true(has(text, asset_url("fonts/400-vietnamese.woff2").text.at));
    assert_null(asset_find(STR("/t/app.css")));
    assert_null(asset_find(STR("/t/")));
}

static size_t bytes_on_the_wire(const char *const *names, size_t len)
{
    size_t bytes = 0;
    for (size_t i = 0; i < len; i++) {
        const struct asset *asset = asset_find(asset_url(names[i]).text);
        bytes += asset->brotli.len > 0 ? asset->brotli.len : asset->plain.len;
    }
    return bytes;
}

/* look.md: the first page stays under 100 KB on the wire, the roll's under 60. The frame and assets
 * are counted as the browser fetches them. */
static void first_page_fits_a_slow_line(void **state)
{
    struct ctx *cx = *state;
    static const char *const first[] = { "app.css", "app.js", "icon.svg",
                                         "fonts/400-latin.woff2", "fonts/400-vietnamese.woff2",
                                         "fonts/600-latin.woff2", "fonts/600-vietnamese.woff2" };
    static const char *const roll[] = { "app.css", "app.js", "icon.svg", "roll_core.js", "roll.js" };
    assert_true(bytes_on_the_wire(first, LEN(first)) < 85 * 1024);
    assert_true(bytes_on_the_wire(roll, LEN(roll)) < 40 * 1024);
    /* Uncompressed; http compresses pages. */
    assert_true(gallery_render(&cx->arena, GALLERY_LISTS).markup.len < 32 * 1024);
}

static void light_page_loads_no_typeface_and_can_be_put_on_the_home_screen(void **state)
{
    struct ctx *cx = *state;
    struct actor nobody = { .kind = ACTOR_NOBODY };
    struct page page = { .title = STR("Điểm danh"), .actor = &nobody, .now = 1 };
    struct html h = page_begin(&cx->arena);
    page_layout(&h, &page, (struct safe_html){ STR("") });
    assert_true(has(page_end(&h).markup, "as=\"font\""));
    assert_false(has(page_end(&h).markup, "rel=\"manifest\""));
    page.is_light = true;
    page.manifest_url = asset_url("roll.webmanifest");
    h = page_begin(&cx->arena);
    page_layout(&h, &page, (struct safe_html){ STR("") });
    struct str out = page_end(&h).markup;
    assert_false(has(out, "as=\"font\""));
    assert_true(has(out, " light\"") && has(out, "rel=\"manifest\""));
}

static void scripts_and_manifests_name_assets_by_their_addresses(void **state)
{
    struct ctx *cx = *state;
    static const struct {
        const char *in, *named, *quote;
    } cases[] = {
        { "roll.js", "roll_scan.js", "import('" },     { "roll.js", "qr/decode.js", "asset('" },
        { "roll_scan.js", "qr/decode.js", "import('" }, { "qr/decode.js", "qr/index.js", "from '" },
        { "roll.webmanifest", "icon-192.png", "\"src\": \"" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct asset *asset = asset_find(asset_url(cases[i].in).text);
        struct str text = { (const char *)asset->plain.at, asset->plain.len };
        struct str named = str_format(&cx->arena, "%s" STR_FMT, cases[i].quote,
                                      STR_ARG(asset_url(cases[i].named).text));
        assert_true(str_find(text, named) < text.len);
    }
}

static void no_page_carries_inline_style_or_script(void **state)
{
    struct ctx *cx = *state;
    for (int i = 0; i < GALLERY_PAGE_COUNT; i++) {
        struct str out = gallery_render(&cx->arena, (enum gallery_page)i).markup;
        assert_false(has(out, " style=") || has(out, "<style") || has(out, " onclick"));
        assert_int_equal(count(out, "<script"), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(state_has_a_shape_and_a_word, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(rail_shows_only_what_the_seat_may_open, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(stranger_gets_no_rail_and_nothing_to_sign_out_of,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(wall_has_no_chrome, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(map_has_all_provinces_and_both_archipelagos, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(nothing_typed_is_lost_and_the_error_stands_at_its_field,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(error_of_no_field_stands_above_the_form, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(stored_values_are_shown_as_people_write_them,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(long_list_says_how_long_it_is, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test(assets_are_found_by_the_address_that_pages_show),
        cmocka_unit_test_setup_teardown(first_page_fits_a_slow_line, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(
            light_page_loads_no_typeface_and_can_be_put_on_the_home_screen, check_ctx_open,
            check_ctx_close),
        cmocka_unit_test_setup_teardown(scripts_and_manifests_name_assets_by_their_addresses,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(no_page_carries_inline_style_or_script, check_ctx_open,
                                        check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
