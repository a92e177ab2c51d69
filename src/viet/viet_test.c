#include "check/check.h"

#include "viet/viet.h"

#include <pthread.h>

static void assert_same(struct str got, struct str expected)
{
    if (!str_eq(got, expected))
        fail_msg("got \"" STR_FMT "\", expected \"" STR_FMT "\"", STR_ARG(got), STR_ARG(expected));
}

static void fold_case(struct ctx *cx, struct str in, struct str out)
{
    assert_same(viet_fold(&cx->arena, in), out);
}

static void a_name_is_found_however_it_is_typed(void **state)
{
    assert_int_equal(check_cases(*state, "src/viet/cases/fold.txt", fold_case), 12);
}

static void tone_case(struct ctx *cx, struct str in, struct str out)
{
    assert_same(viet_tone_key(&cx->arena, in), out);
}

static void tone_marks_of_open_rhymes_compare_equal_and_others_stay(void **state)
{
    assert_int_equal(check_cases(*state, "src/viet/cases/tone_key.txt", tone_case), 7);
}

static void name_case(struct ctx *cx, struct str in, struct str out)
{
    struct viet_name n = viet_name_split(&cx->arena, in);
    assert_same(str_format(&cx->arena, STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT,
                           STR_ARG(n.honorific), STR_ARG(n.family), STR_ARG(n.middle),
                           STR_ARG(n.given)),
                out);
}

static void names_of_rosters_are_split_and_lose_their_titles(void **state)
{
    assert_int_equal(check_cases(*state, "src/viet/cases/names.txt", name_case), 20);
}

static void the_parts_of_a_name_give_the_name_again(void **state)
{
    struct ctx *cx = *state;
    static const char *const names[] = { "Nguyễn Văn Huân", "Y Blim Niê", "H'Lan Mlô", "Thu",
                                         "Y Thu" };
    for (size_t i = 0; i < LEN(names); i++) {
        struct viet_name name = viet_name_split(&cx->arena, str_from(names[i]));
        assert_str_equal(viet_name_join(&cx->arena, &name), names[i]);
    }
    struct viet_name none = viet_name_split(&cx->arena, STR("  "));
    assert_str_equal(viet_name_join(&cx->arena, &none), "");
}

static void words_case(struct ctx *cx, struct str in, struct str out)
{
    int64_t value = 0;
    assert_true(str_to_i64(in, &value));
    assert_same(viet_number_words(&cx->arena, value), out);
}

static void money_is_written_in_words(void **state)
{
    assert_int_equal(check_cases(*state, "src/viet/cases/number_words.txt", words_case), 20);
}

static void decomposed_text_becomes_one_form_and_the_rest_is_not_touched(void **state)
{
    struct ctx *cx = *state;
    struct str composed = STR("Đảng ủy xã Hòa Thủy – “điểm cầu”");
    assert_ptr_equal(viet_nfc(&cx->arena, composed).at, composed.at);
    assert_str_equal(viet_nfc(&cx->arena, STR("e\xCC\xA3\xCC\x82")), "ệ");
    assert_str_equal(viet_nfc(&cx->arena, STR("\xC3\xAA\xCC\xA3")), "ệ");
    assert_str_equal(viet_nfc(&cx->arena, STR("")), "");
    assert_str_equal(viet_nfc(&cx->arena, STR("a\xFF")), "a\xEF\xBF\xBD");
    /* Hangul grows when taken apart, and some letters threefold when put in order. */
    assert_str_equal(viet_nfc(&cx->arena, STR("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB")), "한");
}

static void capitals_come_back_the_same(void **state)
{
    struct ctx *cx = *state;
    struct str small = STR("ủy ban nhân dân xã đường ợ ữ ŭ");
    struct str big = viet_upper(&cx->arena, small);
    assert_str_equal(big, "ỦY BAN NHÂN DÂN XÃ ĐƯỜNG Ợ Ữ Ŭ");
    assert_same(viet_lower(&cx->arena, big), small);
    assert_str_equal(viet_upper_first(&cx->arena, STR("ủy ban")), "Ủy ban");
    assert_str_equal(viet_lower_first(&cx->arena, STR("Đảng ủy")), "đảng ủy");
    assert_str_equal(viet_upper_first(&cx->arena, STR("")), "");
}

static bool sorts_before(struct ctx *cx, const char *a, const char *b)
{
    struct viet_name one = viet_name_split(&cx->arena, str_from(a));
    struct viet_name two = viet_name_split(&cx->arena, str_from(b));
    struct bytes x = viet_sort_key(&cx->arena, one.given, one.family, one.middle);
    struct bytes y = viet_sort_key(&cx->arena, two.given, two.family, two.middle);
    return str_compare((struct str){ (const char *)x.at, x.len },
                       (struct str){ (const char *)y.at, y.len }) < 0;
}

static void lists_of_people_sort_by_given_name_first(void **state)
{
    struct ctx *cx = *state;
    /* By given name, then family, then middle; tones ngang huyền hỏi ngã sắc nặng; d before đ; no
     * digraphs. */
    static const char *const in_order[] = {
        "Trần Văn An",    "Lê Thị Ánh",   "Nguyễn Văn Dũng", "Lê Đạo",       "Lê Văn Đạo",
        "Trần Đạo",       "Phạm Văn Hoa", "Phạm Văn Hòa",    "Phạm Văn Hóa", "Phạm Văn Hoan",
        "Nguyễn Thị Lan", "Đỗ Thị Nhơn",  "Đỗ Thị Ninh",     "Vũ Quốc Tuấn", "Vũ Minh Yến",
    };
    for (size_t i = 0; i + 1 < LEN(in_order); i++)
        if (!sorts_before(cx, in_order[i], in_order[i + 1]))
            fail_msg("%s must stand before %s", in_order[i], in_order[i + 1]);
    assert_false(sorts_before(cx, "Phạm Văn Hoà", "Phạm Văn Hòa"));
    assert_false(sorts_before(cx, "Phạm Văn Hòa", "Phạm Văn Hoà"));
}

static void counts_and_amounts_have_dots(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(viet_number(&cx->arena, 3321), "3.321");
    assert_str_equal(viet_number(&cx->arena, 0), "0");
    assert_str_equal(viet_number(&cx->arena, -1500000), "-1.500.000");
    assert_str_equal(viet_number(&cx->arena, INT64_MIN), "-9.223.372.036.854.775.808");
    assert_str_equal(viet_count(&cx->arena, 5), "05");
    assert_str_equal(viet_count(&cx->arena, 0), "00");
    assert_str_equal(viet_count(&cx->arena, 95), "95");

    int64_t value = 0;
    assert_true(viet_number_parse(STR("3.321"), &value));
    assert_int_equal(value, 3321);
    assert_true(viet_number_parse(STR("-1.500.000"), &value));
    assert_int_equal(value, -1500000);
    assert_true(viet_number_parse(STR("42"), &value));
    assert_int_equal(value, 42);
    static const char *const wrong[] = {
        "",     ".",       "1.5",    "1.5000",   "3.321.",
        ".321", "1.000,5", "1..000", "1000.000", "99.999.999.999.999.999.999",
        "1.-00"
    };
    for (size_t i = 0; i < LEN(wrong); i++)
        if (viet_number_parse(str_from(wrong[i]), &value))
            fail_msg("%s was taken for a number", wrong[i]);
}

static void pasted_text_loses_what_cannot_be_seen(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(viet_clean(&cx->arena, STR(" Nậm\xC2\xA0 Nèn\xE2\x80\x8B\t\n")), "Nậm Nèn");
    assert_str_equal(viet_clean(&cx->arena, STR("Hoa\xCC\x80")), "Hoà");
    assert_str_equal(viet_clean(&cx->arena, STR(" \xEF\xBB\xBF ")), "");
    /* A soft hyphen between a letter and its mark: found by fuzz/viet_fuzz.c, as are the next two.
     */
    assert_str_equal(viet_clean(&cx->arena, STR("e\xC2\xAD\xCC\xA3")), "ẹ");
    assert_str_equal(viet_fold(&cx->arena, STR("\xC7\xBF")), "o");
    assert_str_equal(viet_tone_key(&cx->arena, STR("Hoà\xCC\x82")), "Hoà\xCC\x82");
}

static void a_search_word_cannot_be_a_pattern(void **state)
{
    struct ctx *cx = *state;
    assert_str_equal(viet_like_word(&cx->arena, STR("binh")), "% binh%");
    assert_str_equal(viet_like_word(&cx->arena, STR("5%_\\")), "% 5\\%\\_\\\\%");
}

static void *fold_many(void *what)
{
    struct ctx *cx = what;
    for (int i = 0; i < 200; i++) {
        if (!str_eq(viet_fold(&cx->arena, STR("Đồng chí Ỷ Ữ")), STR("dong chi y u")) ||
            viet_sort_key(&cx->arena, STR("Hoà"), STR("Lê"), STR("")).len == 0)
            return what;
        arena_reset(&cx->arena);
    }
    return NULL;
}

static void threads_share_one_icu(void **state)
{
    (void)state;
    void *contexts[4];
    pthread_t threads[4];
    for (size_t i = 0; i < LEN(threads); i++) {
        assert_int_equal(check_ctx_open(&contexts[i]), 0);
        assert_int_equal(pthread_create(&threads[i], NULL, fold_many, contexts[i]), 0);
    }
    for (size_t i = 0; i < LEN(threads); i++) {
        void *wrong = NULL;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
        check_ctx_close(&contexts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest list[] = {
        cmocka_unit_test(a_name_is_found_however_it_is_typed),
        cmocka_unit_test(tone_marks_of_open_rhymes_compare_equal_and_others_stay),
        cmocka_unit_test(names_of_rosters_are_split_and_lose_their_titles),
        cmocka_unit_test(the_parts_of_a_name_give_the_name_again),
        cmocka_unit_test(money_is_written_in_words),
        cmocka_unit_test(decomposed_text_becomes_one_form_and_the_rest_is_not_touched),
        cmocka_unit_test(capitals_come_back_the_same),
        cmocka_unit_test(lists_of_people_sort_by_given_name_first),
        cmocka_unit_test(counts_and_amounts_have_dots),
        cmocka_unit_test(pasted_text_loses_what_cannot_be_seen),
        cmocka_unit_test(a_search_word_cannot_be_a_pattern),
        cmocka_unit_test(threads_share_one_icu),
    };
    return cmocka_run_group_tests(list, check_ctx_open, check_ctx_close);
}
