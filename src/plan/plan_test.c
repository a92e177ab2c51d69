#include "check/check.h"
#include "plan/plan.h"

#include <fcntl.h>
#include <unistd.h>

/* ---- Files of the folder DIEMCAU_SHARED; tests that need them skip when it is not there ---- */

static struct str read_shared(struct ctx *cx, const char *name)
{
    const char *shared = getenv("DIEMCAU_SHARED");
    struct str path = str_format(&cx->arena, "%s/%s", shared ? shared : "../shared", name);
    int fd = open(str_to_c(&cx->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return (struct str){ 0 };
    size_t room = PLAN_JSON_MAX, len = 0;
    char *at = arena_alloc(&cx->arena, room);
    for (ssize_t got = 0; len < room && (got = read(fd, at + len, room - len)) > 0;)
        len += (size_t)got;
    close(fd);
    return (struct str){ at, len };
}

static struct plan parse_shared(struct ctx *cx, const char *name)
{
    struct plan plan = { 0 };
    struct str json = read_shared(cx, name);
    if (!json.at)
        skip();
    assert_ok(cx, plan_parse(cx, json, &plan));
    return plan;
}

static struct plan parse(struct ctx *cx, const char *json)
{
    struct plan plan = { 0 };
    assert_ok(cx, plan_parse(cx, str_from(json), &plan));
    return plan;
}

static void refuses(struct ctx *cx, const char *json, const char *words)
{
    struct plan plan = { 0 };
    assert_err(ERR_INVALID, plan_parse(cx, str_from(json), &plan));
    if (!strstr(cx->fault.words, words))
        fail_msg("expected “%s” in “%s”", words, cx->fault.words);
}

static bool has_warning(struct ctx *cx, const struct plan *plan, const char *words)
{
    struct plan_warnings warnings = { 0 };
    assert_ok(cx, plan_check(cx, plan, &warnings));
    for (size_t i = 0; i < warnings.len; i++) {
        if (str_find(warnings.at[i], str_from(words)) < warnings.at[i].len)
            return true;
    }
    return false;
}

/* ---- The five papers ---- */

static void national_plan_says_when_where_what_and_who(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/000_65a814c786073ee8.json");
    assert_str_equal(plan.document.number, "664");
    assert_str_equal(plan.document.symbol, "KH/HVCTQG");
    assert_int_equal(2, plan.document.references_len);
    assert_int_equal(4, plan.topics_len);
    assert_int_equal(20, plan.schedule.days_tenths);
    assert_int_equal(day_time(day_from_civil(2026, 5, 23), 8, 0), plan.schedule.opening_at);
    assert_int_equal(PLAN_DUE_DATE, plan.obligations[0].due.kind);
    assert_int_equal(PLAN_BEFORE, plan.obligations[0].due.relation);
    assert_int_equal(PLAN_COMMUNE, plan.points[2].level);
    assert_str_equal(plan.points[2].place, ""); /* "*" of the scorer says nothing */
    assert_str_equal(plan.essay.routes[0].then.at[0], "Ban Thường vụ Tỉnh ủy, thành ủy");
}

static void invitation_of_a_province_holds_quotas_and_a_line_test(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/004_45cc4a0e38498ced.json");
    int64_t seats = 0;
    for (size_t i = 0; i < plan.quotas_len; i++)
        seats += plan.quotas[i].count.max;
    assert_int_equal(95, seats);
    assert_int_equal(day_time(day_from_civil(2026, 5, 22), 14, 0),
                     plan.schedule.connection_tests_at[0]);
    assert_int_equal(day_time(day_from_civil(2026, 5, 23), 7, 0),
                     plan.schedule.official_connection_at);
    assert_str_equal(plan.document.references[0].relation, "carries_out");
    assert_str_equal(plan.document.references[1].relation, "based_on");
    assert_true(has_warning(cx, &plan, "chưa có số"));
    assert_true(has_warning(
        cx, &plan, "sát giờ khai giảng")); /* the rosters are due the day before the opening */
}

static void own_class_of_a_province_has_four_half_days(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/002_bfe495d3b4087c1e.json");
    assert_int_equal(4, plan.schedule.sessions_len);
    assert_int_equal(17 * 60 + 30, plan.schedule.sessions[3].to_minute);
    assert_true(plan.document.replaces_invitation);
    assert_int_equal(PLAN_DUE_DATETIME, plan.obligations[5].due.kind);
    assert_str_equal(plan.obligations[5].place, "nhiệm vụ thứ 6");
}

static void draft_of_a_city_counts_classes_and_learners(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/003_e855bca4e7151f39.json");
    assert_int_equal(6, plan.programmes_len);
    int64_t learners = 0, classes = 0;
    for (size_t i = 0; i < plan.programmes_len; i++) {
        learners += plan.programmes[i].learners.max;
        classes += plan.programmes[i].classes.max;
    }
    assert_int_equal(3600, learners);
    assert_int_equal(20, classes);
    assert_str_equal(plan.document.number, "");
}

static void scheme_of_six_years_has_phases_and_yearly_duties(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/001_f6ccac845cab2990.json");
    assert_int_equal(2, plan.phases_len);
    assert_int_equal(23, plan.obligations_len);
    assert_int_equal(2, plan.evaluation_len);
    assert_int_equal(100, plan.evaluation[0].percent);
    struct due_frame frame = plan_due_frame(&plan);
    assert_int_equal(day_from_civil(2031, 12, 31), frame.until_day);
}

static void what_is_written_out_reads_back_the_same(void **state)
{
    struct ctx *cx = *state;
    static const char *const names[] = { "000_65a814c786073ee8", "001_f6ccac845cab2990",
                                         "002_bfe495d3b4087c1e", "003_e855bca4e7151f39",
                                         "004_45cc4a0e38498ced" };
    for (size_t i = 0; i < LEN(names); i++) {
        struct str name = str_format(&cx->arena, "reference/plan-gold/%s.json", names[i]);
        struct plan plan = parse_shared(cx, str_to_c(&cx->arena, name)), again = { 0 };
        struct str once = plan_format(&cx->arena, &plan);
        assert_ok(cx, plan_parse(cx, once, &again));
        assert_true(str_eq(once, plan_format(&cx->arena, &again)));
        assert_int_equal(plan.obligations_len, again.obligations_len);
    }
}

static void every_duty_stands_in_a_paragraph_of_its_paper(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse_shared(cx, "reference/plan-gold/000_65a814c786073ee8.json");
    struct document_paragraphs list = { 0 };
    assert_ok(cx, plan_paragraphs(cx, &plan, &list));
    for (size_t i = 0; i < plan.obligations_len; i++) {
        const struct plan_obligation *duty = &plan.obligations[i];
        assert_true(duty->paragraph > 0);
        assert_true(str_eq(list.at[duty->paragraph - 1].text, duty->text));
        assert_true(str_eq(list.at[duty->paragraph - 1].heading, duty->owner));
    }
}

/* ---- What is refused, and in which words ---- */

static void hostile_or_broken_json_is_refused_in_words(void **state)
{
    struct ctx *cx = *state;
    refuses(cx, "", "chưa đúng cú pháp JSON");
    refuses(cx, "{", "dòng 1");
    refuses(cx, "[]", "\"schema\"");
    refuses(cx, "{\"schema\":\"plan/2\"}", "plan/1");
    refuses(cx, "{\"schema\":\"plan/1\",\"schema\":\"plan/1\"}", "cú pháp");
    refuses(cx, "{\"schema\":\"plan/1\",\"mode\":\"\\u0000\"}", "cú pháp");
    refuses(cx, "{\"schema\":\"plan/1\",\"topics\":{}}", "topics");
    refuses(cx, "{\"schema\":\"plan/1\",\"topics\":[3]}", "topics[1]");
    refuses(cx, "{\"schema\":\"plan/1\",\"document\":\"x\"}", "document");
    refuses(cx, "{\"schema\":\"plan/1\",\"mode\":\"telepathy\"}", "in_person, online, hybrid");
    refuses(cx, "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach_gi_do\"}}",
            "document.kind");
}

static void wrong_date_is_refused_at_its_place(void **state)
{
    struct ctx *cx = *state;
    refuses(cx, "{\"schema\":\"plan/1\",\"document\":{\"date\":\"14/5/2026\"}}", "document.date");
    refuses(cx, "{\"schema\":\"plan/1\",\"document\":{\"date\":\"2026-02-30\"}}", "ngày có thật");
    refuses(cx, "{\"schema\":\"plan/1\",\"schedule\":{\"opening\":\"2026-05-23\"}}",
            "schedule.opening");
    refuses(cx,
            "{\"schema\":\"plan/"
            "1\",\"schedule\":{\"sessions\":[{\"date\":\"2026-05-23\",\"from\":\"25:00\"}]}}",
            "schedule.sessions[1].from");
    refuses(cx,
            "{\"schema\":\"plan/1\",\"obligations\":[{\"text\":\"x\"},"
            "{\"text\":\"y\",\"due\":{\"kind\":\"date\",\"value\":\"2026-21-05\",\"relation\":"
            "\"before\"}}]}",
            "obligations[2].due");
    refuses(cx,
            "{\"schema\":\"plan/"
            "1\",\"obligations\":[{\"due\":{\"kind\":\"recurring\",\"value\":\"yearly-13\"}}]}",
            "yearly-12");
    refuses(cx,
            "{\"schema\":\"plan/1\",\"essay\":{\"due\":{\"kind\":\"period_after\",\"value\":\"3 "
            "tháng\"}}}",
            "P3M");
}

static void number_that_is_none_is_refused(void **state)
{
    struct ctx *cx = *state;
    refuses(cx, "{\"schema\":\"plan/1\",\"totals\":{\"learners\":-5}}", "totals.learners");
    refuses(cx, "{\"schema\":\"plan/1\",\"totals\":{\"learners\":\"40-\"}}", "40-45");
    refuses(cx, "{\"schema\":\"plan/1\",\"totals\":{\"learners\":\"45-40\"}}", "40-45");
    refuses(cx, "{\"schema\":\"plan/1\",\"budget\":[{\"for\":\"x\",\"amount\":1e30}]}",
            "budget[1].amount");
    refuses(cx, "{\"schema\":\"plan/1\",\"quotas\":[{\"unit\":\"x\",\"each\":1}]}",
            "true hoặc false");
    refuses(cx, "{\"schema\":\"plan/1\",\"obligations\":[{\"text\":\"x\",\"_waits_for\":[7]}]}",
            "_waits_for");
}

static void text_and_lists_have_limits(void **state)
{
    struct ctx *cx = *state;
    struct buf json;
    buf_init(&json, &cx->arena);
    buf_put(&json, STR("{\"schema\":\"plan/1\",\"archive\":\""));
    for (int i = 0; i < 4001; i++)
        buf_put(&json, STR("ă"));
    buf_put(&json, STR("\"}"));
    struct plan plan = { 0 };
    assert_err(ERR_INVALID, plan_parse(cx, buf_str(&json), &plan));
    buf_init(&json, &cx->arena);
    buf_put(&json, STR("{\"schema\":\"plan/1\",\"recipients\":[\"a\""));
    for (int i = 0; i < 1000; i++)
        buf_put(&json, STR(",\"a\""));
    buf_put(&json, STR("]}"));
    assert_err(ERR_INVALID, plan_parse(cx, buf_str(&json), &plan));
    struct str huge = { arena_alloc(&cx->arena, PLAN_JSON_MAX + 1), PLAN_JSON_MAX + 1 };
    assert_err(ERR_LIMIT, plan_parse(cx, huge, &plan));
}

static void bytes_that_are_not_utf8_are_refused_kindly(void **state)
{
    refuses(*state, "{\"schema\":\"plan/1\",\"archive\":\"\xff\"}", "UTF-8");
}

static void decomposed_text_is_brought_to_one_form(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse(cx,
                             "{\"schema\":\"plan/1\",\"archive\":\"  Ba\xcc\x86\xcc\x81"
                             "c\\n\\t Ninh\xc2\xa0 \"}");
    assert_str_equal(plan.archive, "Bắc Ninh");
}

static void unknown_keys_and_missing_values_are_no_error(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse(
        cx,
        "{\"schema\":\"plan/1\",\"offsets\":[1,2],\"totals\":null,\"topics\":[],\"essay\":null,"
        "\"document\":{\"number\":null,\"kind\":\"\",\"confidence\":0.5}}");
    assert_int_equal(0, plan.topics_len);
    assert_str_equal(plan.document.kind, "");
}

/* ---- Our own keys ---- */

static void place_owner_sort_and_separate_plans_survive(void **state)
{
    struct ctx *cx = *state;
    struct plan plan =
        parse(cx,
              "{\"schema\":\"plan/1\",\"document\":{\"_separate_plans\":[{\"text\":\"Lớp trực tiếp "
              "tại Học viện\","
              "\"_at\":{\"place\":\"mục 3.1, điểm a\"}}]},"
              "\"obligations\":[{\"text\":\"Báo cáo\",\"owner\":\"Các "
              "xã\",\"_owner_sort\":\"dang_uy_xa\","
              "\"_at\":{\"place\":\"mục IV.3, đoạn 2\"}}]}");
    struct plan again = parse(cx, str_to_c(&cx->arena, plan_format(&cx->arena, &plan)));
    assert_str_equal(again.obligations[0].place, "mục IV.3, đoạn 2");
    assert_str_equal(again.obligations[0].owner_sort, "dang_uy_xa");
    assert_str_equal(again.document.separate_plans[0].place, "mục 3.1, điểm a");
}

/* ---- Warnings before issue ---- */

static void wrong_weekday_in_a_sentence_is_pointed_out(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse(
        cx,
        "{\"schema\":\"plan/1\",\"obligations\":[{\"text\":\"Kết nối lúc 14 giờ, ngày 22/5/2026 "
        "(thứ Bảy)\"},"
        "{\"text\":\"Khai giảng thứ Bảy, ngày 23/5/2026; bế giảng Chủ nhật, ngày 24/5/2026\"}]}");
    assert_true(has_warning(cx, &plan, "22/05/2026 là Thứ Sáu") ||
                has_warning(cx, &plan, "22/5/2026 là Thứ Sáu"));
    assert_false(has_warning(cx, &plan, "là Thứ Bảy"));
    assert_false(has_warning(cx, &plan, "là Chủ nhật"));
}

static void dates_in_impossible_order_are_pointed_out(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse(
        cx,
        "{\"schema\":\"plan/1\",\"document\":{\"number\":\"1\",\"date\":\"2026-05-14\","
        "\"references\":[{\"number\":\"9-KH/TU\",\"date\":\"2026-06-01\"}]},"
        "\"schedule\":{\"start\":\"2026-05-24\",\"end\":\"2026-05-23\",\"opening\":\"2026-05-24T08:"
        "00\","
        "\"closing\":\"2026-05-23T16:30\",\"connection_tests\":[{\"at\":\"2026-05-25T14:00\"}]}}");
    assert_true(has_warning(cx, &plan, "ngày kết thúc đứng trước"));
    assert_true(has_warning(cx, &plan, "không sau khai giảng"));
    assert_true(has_warning(cx, &plan, "không trước khai giảng"));
    assert_true(has_warning(cx, &plan, "sau ngày của chính văn bản này"));
}

static void figures_that_disagree_are_pointed_out(void **state)
{
    struct ctx *cx = *state;
    struct plan plan = parse(
        cx,
        "{\"schema\":\"plan/1\",\"totals\":{\"learners\":3600,\"classes\":20},\"programmes\":["
        "{\"number\":1,\"learners\":1600,\"classes\":10,\"venues\":[{\"place\":\"a\",\"classes\":4}"
        "]},"
        "{\"number\":2,\"learners\":1500,\"classes\":10}],"
        "\"topics\":[{\"number\":1,\"title\":\"a\"},{\"number\":3,\"title\":\"b\"}]}");
    assert_true(
        has_warning(cx, &plan, "Tổng số học viên ghi 3600 nhưng cộng các chương trình là 3100"));
    assert_false(has_warning(cx, &plan, "Tổng số lớp"));
    assert_true(has_warning(cx, &plan, "ghi 10 lớp nhưng cộng theo địa điểm là 4 lớp"));
    assert_true(has_warning(cx, &plan, "sau chuyên đề 1 là chuyên đề 3"));
}

static void citing_a_repealed_decree_is_pointed_out(void **state)
{
    struct ctx *cx = *state;
    struct plan before = parse(cx,
                               "{\"schema\":\"plan/1\",\"document\":{\"date\":\"2026-05-14\","
                               "\"references\":[{\"number\":\"101/2017/NĐ-CP\"}]}}");
    struct plan after = parse(cx,
                              "{\"schema\":\"plan/1\",\"document\":{\"date\":\"2026-07-14\","
                              "\"references\":[{\"number\":\"101/2017/NĐ-CP\"}]}}");
    assert_false(has_warning(cx, &before, "thay thế"));
    assert_true(
        has_warning(cx, &after, "101/2017/NĐ-CP đã được Nghị định 259/2026/NĐ-CP thay thế"));
}

static void duty_without_owner_or_due_is_pointed_out(void **state)
{
    struct ctx *cx = *state;
    struct plan plan =
        parse(cx,
              "{\"schema\":\"plan/1\",\"obligations\":[{\"text\":\"Chuẩn bị hội trường\"},"
              "{\"text\":\"Đôn đốc\",\"owner\":\"Sở Nội "
              "vụ\",\"due\":{\"kind\":\"recurring\",\"value\":\"continuous\"}}]}");
    assert_true(has_warning(cx, &plan, "nhiệm vụ thứ 1: chưa nêu cơ quan thực hiện"));
    assert_true(has_warning(cx, &plan, "1 trên 2 nhiệm vụ không nêu thời hạn"));
}

static void invitation_shows_where_it_differs_from_the_national_plan(void **state)
{
    struct ctx *cx = *state;
    struct plan upper = parse_shared(cx, "reference/plan-gold/000_65a814c786073ee8.json");
    struct plan lower = parse_shared(cx, "reference/plan-gold/004_45cc4a0e38498ced.json");
    struct plan_differences list = { 0 };
    plan_compare(&cx->arena, &upper, &lower, &list);
    bool has_route = false, has_test = false;
    for (size_t i = 0; i < list.len; i++) {
        has_route |= str_eq(list.at[i].what, STR("Gửi bài thu hoạch")) &&
                     str_find(list.at[i].lower, STR("Học viên khối chính quyền tỉnh → Sở Nội vụ")) <
                         list.at[i].lower.len;
        has_test |= str_eq(list.at[i].what, STR("Kiểm tra đường truyền")) &&
                    str_eq(list.at[i].upper, STR("không nêu"));
        assert_false(str_eq(list.at[i].what, STR("Khai giảng"))); /* both open at 08:00 on 23/5 */
        assert_false(str_eq(list.at[i].what, STR("Chuyên đề")));
    }
    assert_true(has_route);
    assert_true(has_test);
    static const struct {
        const char *what, *part;
        enum plan_how how;
    } more[] = {
        { "Hình thức", "trực tuyến", PLAN_NARROWED },
        { "Điểm cầu cấp tỉnh", "146 Lê Trung Đình", PLAN_ADDED },
        { "Thành phần tại điểm cầu cấp xã", "mở rộng thành phần tham dự", PLAN_WIDENED },
        { "Chỉ tiêu", "95 đồng chí", PLAN_ADDED },
        { "Gửi bài thu hoạch", "4 đường", PLAN_CHANGED },
        { "Kết nối chính thức", "07:00", PLAN_ADDED },
        { "Có mặt trước giờ", "10 phút", PLAN_ADDED },
    };
    for (size_t k = 0; k < LEN(more); k++) {
        bool is_there = false;
        for (size_t i = 0; i < list.len; i++)
            is_there |= str_eq(list.at[i].what, str_from(more[k].what)) && list.at[i].how == more[k].how &&
                        str_find(list.at[i].lower, str_from(more[k].part)) < list.at[i].lower.len;
        if (!is_there)
            fail_msg("not said, or otherwise: %s", more[k].what);
    }
    plan_compare(&cx->arena, &upper, &upper, &list);
    assert_int_equal(0, list.len);
}

static void coarse_dates_cover_their_days(void **state)
{
    (void)state;
    int32_t first = 0, last = 0;
    assert_true(plan_date_range(STR("2026-Q2"), &first, &last));
    assert_int_equal(day_from_civil(2026, 4, 1), first);
    assert_int_equal(day_from_civil(2026, 6, 30), last);
    assert_true(plan_date_range(STR("2026-02"), &first, &last));
    assert_int_equal(day_from_civil(2026, 2, 28), last);
    static const char *const wrong[] = { "",         "26",         "2026-", "2026-13",   "2026-Q5",
                                         "2026-5-1", "2026-05-32", "-026",  "2026-05-1x" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(plan_date_range(str_from(wrong[i]), &first, &last));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest plan_tests[] = {
        T(national_plan_says_when_where_what_and_who),
        T(invitation_of_a_province_holds_quotas_and_a_line_test),
        T(own_class_of_a_province_has_four_half_days),
        T(draft_of_a_city_counts_classes_and_learners),
        T(scheme_of_six_years_has_phases_and_yearly_duties),
        T(what_is_written_out_reads_back_the_same),
        T(every_duty_stands_in_a_paragraph_of_its_paper),
        T(hostile_or_broken_json_is_refused_in_words),
        T(wrong_date_is_refused_at_its_place),
        T(number_that_is_none_is_refused),
        T(text_and_lists_have_limits),
        T(bytes_that_are_not_utf8_are_refused_kindly),
        T(decomposed_text_is_brought_to_one_form),
        T(unknown_keys_and_missing_values_are_no_error),
        T(place_owner_sort_and_separate_plans_survive),
        T(wrong_weekday_in_a_sentence_is_pointed_out),
        T(dates_in_impossible_order_are_pointed_out),
        T(figures_that_disagree_are_pointed_out),
        T(citing_a_repealed_decree_is_pointed_out),
        T(duty_without_owner_or_due_is_pointed_out),
        T(invitation_shows_where_it_differs_from_the_national_plan),
        T(coarse_dates_cover_their_days),
    };
#undef T
    return cmocka_run_group_tests_name("plan", plan_tests, NULL, NULL);
}
