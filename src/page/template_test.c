#include "check/check.h"
#include "page/html.h"
#include "page/testdata/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES_MAX = 64 * 1024 };

/* Runs a command and returns what it printed, on both outputs; *ret_code is how it ended. */
static struct str run(struct ctx *cx, struct str command, int *ret_code)
{
    FILE *pipe =
        popen(str_to_c(&cx->arena, command), "r"); // NOLINT(cert-env33-c): the test's own words
    assert_non_null(pipe);
    char *text = arena_alloc(&cx->arena, OUTPUT_BYTES_MAX);
    size_t len = fread(text, 1, OUTPUT_BYTES_MAX, pipe);
    int status = pclose(pipe);
    *ret_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return (struct str){ text, len };
}

static struct str read_testdata(struct ctx *cx, const char *name)
{
    int code = 0;
    struct str text = run(cx, str_format(&cx->arena, "cat src/page/testdata/%s", name), &code);
    assert_int_equal(code, 0);
    return text;
}

/* The folder of this test's own files, and the template written there. */
static struct str write_template(struct ctx *cx, struct str text)
{
    char *folder = arena_alloc(&cx->arena, 64);
    snprintf(folder, 64, "/tmp/tmplc_test_XXXXXX");
    assert_non_null(mkdtemp(folder));
    struct str path = str_format(&cx->arena, "%s/x.html", folder);
    FILE *file = fopen(str_to_c(&cx->arena, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
    fclose(file);
    return path;
}

static void remove_template(struct ctx *cx, struct str path)
{
    int code = 0;
    struct str folder = str_sub(path, 0, path.len - 7);
    run(cx, str_format(&cx->arena, "rm -r '" STR_FMT "'", STR_ARG(folder)), &code);
    assert_int_equal(code, 0);
}

static struct str compile_template(struct ctx *cx, struct str path, int *ret_code)
{
    return run(cx,
               str_format(&cx->arena, "'%s' '" STR_FMT "' '" STR_FMT ".c' 2>&1",
                          getenv("DIEMCAU_TMPLC"), STR_ARG(path), STR_ARG(path)),
               ret_code);
}

static struct str cut_at(struct str *rest, const char *separator)
{
    size_t at = str_find(*rest, str_from(separator));
    struct str head = str_sub(*rest, 0, at);
    *rest = str_sub(*rest, at + str_from(separator).len, SIZE_MAX);
    return head;
}

static void values_where_a_browser_would_run_them_are_refused(void **state)
{
    struct ctx *cx = *state;
    struct str rest = read_testdata(cx, "refused.txt");
    int cases = 0;
    while (rest.len > 0) {
        struct str one = cut_at(&rest, "====\n");
        struct str template = cut_at(&one, "----\n");
        struct str path = write_template(cx, template);
        struct str line = cut_at(&one, ": ");
        struct str expected = str_format(&cx->arena, STR_FMT ":" STR_FMT ": error: " STR_FMT,
                                         STR_ARG(path), STR_ARG(line), STR_ARG(one));
        int code = 0;
        struct str got = compile_template(cx, path, &code);
        assert_int_equal(code, 1);
        assert_str_equal(got, str_to_c(&cx->arena, expected));
        remove_template(cx, path);
        cases++;
    }
    assert_true(cases > 25);
}

/* What the C compiler says of a template, line numbers included. */
static struct str check_types(struct ctx *cx, const char *template, int *ret_code)
{
    struct str path = write_template(cx, str_from(template));
    int code = 0;
    struct str words = compile_template(cx, path, &code);
    assert_str_equal(words, "");
    assert_int_equal(code, 0);
    struct str said =
        run(cx,
            str_format(&cx->arena,
                       "%s -std=c17 -D_GNU_SOURCE -Wall -Werror -fsyntax-only -Isrc '" STR_FMT
                       ".c' 2>&1",
                       getenv("DIEMCAU_CC"), STR_ARG(path)),
            ret_code);
    remove_template(cx, path);
    return said;
}

static void only_an_address_may_stand_in_an_address(void **state)
{
    struct ctx *cx = *state;
    int code = 0;
    check_types(cx, "%% page x(struct url u)\n<a href=\"{{ u }}\">a</a>\n", &code);
    assert_int_equal(code, 0);
    static const char *const addresses[] = { "href",       "src",    "action",
                                             "formaction", "poster", "data-live-url" };
    for (size_t i = 0; i < LEN(addresses); i++) {
        struct str page = str_format(
            &cx->arena, "%%%% page x(struct str s)\n<p>\n<a %s=\"{{ s }}\">a</a>\n", addresses[i]);
        struct str said = check_types(cx, str_to_c(&cx->arena, page), &code);
        assert_int_not_equal(code, 0);
        assert_true(str_find(said, STR("x.html:3:")) < said.len);
    }
}

static void markup_cannot_stand_in_an_attribute(void **state)
{
    int code = 0;
    check_types(*state, "%% page x(struct safe_html m)\n<p>{{ m }}</p>\n", &code);
    assert_int_equal(code, 0);
    check_types(*state, "%% page x(struct safe_html m)\n<p title=\"{{ m }}\"></p>\n", &code);
    assert_int_not_equal(code, 0);
    check_types(*state, "%% page x(struct safe_html m)\n<textarea>{{ m }}</textarea>\n", &code);
    assert_int_not_equal(code, 0);
}

static void wrong_field_is_an_error_at_the_templates_own_line(void **state)
{
    int code = 0;
    struct str said = check_types(
        *state,
        "%% include \"page/testdata/sample.h\"\n%% page x(const struct sample_view *view)\n\n"
        "<p>{{ view->titel }}</p>\n",
        &code);
    assert_int_not_equal(code, 0);
    assert_true(str_find(said, STR("x.html:4:")) < said.len);
}

static void page_is_written_as_its_template_says(void **state)
{
    struct ctx *cx = *state;
    struct str names[] = { STR("Nguyễn Văn An"), STR("<Lò> Thị Bích") };
    struct sample_view view = { .title = STR("A & \"B\""),
                                .url = url_format(&cx->arena, "/a?b=%d&c=%d", 1, 2),
                                .mark = { STR("<b>xong</b>") },
                                .names = names,
                                .names_len = LEN(names),
                                .total = 3321,
                                .is_checked = true };
    struct buf out;
    buf_init(&out, &cx->arena);
    struct html h = { .out = &out };
    page_sample(&h, &view);
    assert_str_equal(buf_str(&out),
                     "\n<title>A &amp; &#34;B&#34;</title>\n"
                     "<h1 title='A &amp; &#34;B&#34;'>\nA &amp; &#34;B&#34;\n</h1>\n"
                     "<a href=\"/a?b=1&amp;c=2\" aria-current=\"page\"><b>xong</b></a>\n"
                     "<input type=\"checkbox\" checked class=\"big on\" data-len=\"3321\">\n"
                     "<ol\nclass=\"checked\"\n>\n"
                     "<li value=\"1\">Nguyễn Văn An</li>\n"
                     "<li value=\"2\">&lt;Lò&gt; Thị Bích</li>\n"
                     "</ol>\n<pre>\n  A &amp; &#34;B&#34;\n</pre>\n"
                     "<p>Tất cả 3.321 xã? \"Đúng\" \\ 100%</p>\n");
    view.is_checked = false;
    view.names_len = 0;
    out.len = 0;
    page_sample(&h, &view);
    struct str page = buf_str(&out);
    assert_true(str_find(page, STR("<p>Không có ai</p>")) < page.len);
    assert_true(str_find(page, STR("aria-current")) == page.len);
    assert_true(str_find(page, STR(" checked")) == page.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_where_a_browser_would_run_them_are_refused,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(only_an_address_may_stand_in_an_address, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(markup_cannot_stand_in_an_attribute, check_ctx_open,
                                        check_ctx_close),
        cmocka_unit_test_setup_teardown(wrong_field_is_an_error_at_the_templates_own_line,
                                        check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(page_is_written_as_its_template_says, check_ctx_open,
                                        check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
