#include "check/check_paper.h"
#include "check/check_site.h"
#include "course/course.h"

/* Classes that come of issued papers, on a nation with Quảng Ngãi, Hà Tĩnh, Hải Phòng and Cao Bằng. */

static struct route_table rooms[1];

static int open_ground(void **state)
{
    static struct fact_kinds kinds[2];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42"), STR_INIT("31"), STR_INIT("04") };
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    fact_register(kinds, LEN(kinds));
    course_start();
    rooms[0] = course_routes;
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

#define HEAD(number, title)                                                                            \
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"" number "\",\"symbol\":\"KH/TU\"," \
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"" title "\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}"

static const char class_plan[] =
    HEAD("21", "mở lớp bồi dưỡng; kỹ năng, nghiệp vụ") "},\"mode\":\"online\","
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"opening\":\"2026-05-23T08:00\","
    "\"closing\":\"2026-05-24T16:30\",\"connection_tests\":[{\"at\":\"2026-05-22T14:00\"}],\"arrive_before_minutes\":10},"
    "\"topics\":[{\"number\":1,\"title\":\"Quản trị\"},{\"number\":2,\"title\":\"Lãnh đạo\"}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

static int64_t issue_class(struct check_store *check)
{
    check_act(check, "51", "tinh_uy");
    return check_issue_plan(check, str_from(class_plan), "", DAY_NONE);
}

static struct course_whole whole_of(struct check_store *check, int64_t id)
{
    struct course_whole whole = { .tests_len = 0 };
    assert_ok(&check->cx, course_find_whole(&check->cx, id, &whole));
    return whole;
}

static bool holds(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

/* ---- The five papers ---- */

static void the_national_class_has_four_topics_and_four_half_days(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "000");
    check_act(check, "", "hoc_vien");
    struct course_whole whole = whole_of(check, check_issue_plan(check, json, "", DAY_NONE));
    assert_int_equal(whole.topics_len, 4);
    assert_int_equal(whole.sessions_len, 4);
    assert_int_equal(whole.sessions[0].day, day_from_civil(2026, 5, 23));
    assert_int_equal(whole.sessions[0].half, COURSE_MORNING);
    assert_int_equal(whole.sessions[0].from_minute, 8 * 60);
    assert_int_equal(whole.sessions[1].from_minute, -1); /* the paper gives no hour */
    assert_int_equal(whole.sessions[3].to_minute, 16 * 60 + 30);
    assert_int_equal(whole.points_len, 3);
    assert_str_equal(whole.course.mode, "hybrid");
    assert_true(whole.attendees[0].is_guest); /* "Đại diện lãnh đạo ..." at the Academy */
}

static void half_days_of_ha_tinh_are_as_the_paper_says(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "002");
    check_act(check, "42", "tinh_uy");
    struct course_whole whole = whole_of(check, check_issue_plan(check, json, "", DAY_NONE));
    assert_int_equal(whole.sessions_len, 4);
    assert_int_equal(whole.sessions[1].half, COURSE_AFTERNOON);
    assert_int_equal(whole.sessions[1].from_minute, 14 * 60);
    assert_int_equal(whole.sessions[1].to_minute, 17 * 60 + 30);
    assert_int_equal(whole.topics_len, 9);
    assert_int_equal(whole.tests_len, 1);
    assert_int_equal(whole.tests[0], day_time(day_from_civil(2025, 11, 21), 15, 0));
}

static void guests_of_the_opening_are_no_learners(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "004");
    check_act(check, "51", "tinh_uy");
    int64_t id = check_draft_plan(check, json, "218", day_from_civil(2026, 5, 16));
    check_issue(check, id);
    struct course_whole whole = whole_of(check, id);
    int64_t guests = 0;
    int64_t learners = 0;
    int64_t seats = 0;
    for (size_t i = 0; i < whole.attendees_len; i++) {
        guests += whole.attendees[i].point == 1 && whole.attendees[i].is_guest;
        learners += whole.attendees[i].point == 1 && !whole.attendees[i].is_guest;
    }
    for (size_t i = 0; i < whole.quotas_len; i++)
        seats += whole.quotas[i].count.max;
    assert_int_equal(guests, 2);
    assert_int_equal(learners, 5);
    assert_int_equal(whole.quotas_len, 25);
    assert_int_equal(seats, 95);
    assert_int_equal(whole.course.arrive_before_minutes, 10);
}

static void draft_of_hai_phong_opens_no_class_and_issued_it_opens_six_programmes(void **state)
{
    struct check_store *check = *state;
    SQL(count_courses, "/*scan*/ SELECT COUNT(*) FROM course");
    struct str json = check_gold_plan(check, "003");
    check_act(check, "31", "tinh_uy");
    (void)check_draft_plan(check, json, "", DAY_NONE);
    assert_int_equal(check_i64(check, &count_courses, NO_BIND), 0);
    int64_t id = check_issue_plan(check, json, "45", day_from_civil(2025, 11, 3));
    struct course_whole whole = whole_of(check, id);
    int64_t learners = 0;
    int64_t classes = 0;
    for (size_t i = 0; i < whole.programmes_len; i++) {
        learners += whole.programmes[i].learners.max;
        classes += whole.programmes[i].classes.max;
    }
    assert_int_equal(whole.programmes_len, 6);
    assert_int_equal(learners, 3600);
    assert_int_equal(classes, 20);
    assert_int_equal(whole.sessions_len, 0); /* days are not set yet: nothing is made up */
    assert_str_equal(whole.course.start_text, "2025-11");
}

static void scheme_of_cao_bang_has_two_phases(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "001");
    check_act(check, "04", "ubnd_tinh");
    struct course_whole whole = whole_of(check, check_issue_plan(check, json, "99", day_from_civil(2026, 5, 14)));
    assert_int_equal(whole.phases_len, 2);
    assert_str_equal(whole.phases[0].from, "2026");
    assert_str_equal(whole.phases[1].to, "2031");
    assert_true(whole.phase_items_len >= 10);
}

static void a_provinces_class_stands_beside_the_national_one(void **state)
{
    struct check_store *check = *state;
    struct str upper = check_gold_plan(check, "000");
    struct str lower = check_gold_plan(check, "004");
    struct course course = { .id = 0 };
    struct course_list list = { .len = 0 };
    check_act(check, "", "hoc_vien");
    int64_t national = check_issue_plan(check, upper, "", DAY_NONE);
    struct unit committee = check_act(check, "51", "tinh_uy");
    int64_t local = check_issue_plan(check, lower, "218", day_from_civil(2026, 5, 16));
    assert_ok(&check->cx, course_get_upper(&check->cx, local, &course));
    assert_int_equal(course.id, national);
    assert_ok(&check->cx, course_list_lower(&check->cx, national, &list));
    assert_int_equal(list.len, 1);
    struct check_site *site = site_open(check, rooms, LEN(rooms));
    struct unit place = { .id = 0 };
    assert_ok(&check->cx, unit_find(&check->cx, committee.place_id, &place));
    site_be(site, place.path, UINT64_MAX);
    site->officer.unit_id = committee.id;
    assert_int_equal(site_get(site, str_to_c(&check->cx.arena, course_url(&check->cx.arena, local).text)), 200);
    assert_true(site_body_has(site, "Học viện Chính trị quốc gia Hồ Chí Minh quy định"));
    assert_true(site_body_has(site, "14:00 ngày 22/5/2026 (Thứ Sáu)"));
    assert_true(site_body_has(site, "cụ thể hóa"));
    assert_true(site_body_has(site, "Hội trường Tỉnh ủy"));
    assert_true(site_body_has(site, "Đại biểu dự khai giảng, bế giảng"));
    assert_true(site_body_has(site, "Tổng số 95 chỗ"));
    /* A commune of another province has the national paper only if it was sent there. */
    struct unit other = check_act(check, "42", "tinh_uy");
    (void)other;
    assert_err(ERR_NOT_FOUND, course_get(&check->cx, local, &course));
}

/* ---- Later papers ---- */

static void a_postponed_class_moves_and_its_calendar_follows(void **state)
{
    struct check_store *check = *state;
    static const char postponed[] =
        HEAD("25", "sửa đổi Kế hoạch số 21-KH/TU")
        ",\"amends\":{\"number\":\"21-KH/TU\",\"date\":\"2026-05-14\",\"changes\":[{\"what\":\"opening\",\"new\":\"x\"}]}},"
        "\"schedule\":{\"start\":\"2026-05-30\",\"end\":\"2026-05-31\",\"opening\":\"2026-05-30T08:00\","
        "\"closing\":\"2026-05-31T16:30\"},\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    int64_t id = issue_class(check);
    struct course_whole before = whole_of(check, id);
    struct str old = course_calendar(&check->cx.arena, STR("Lịch"), &before, 1, check->cx.now);
    int64_t by = check_issue_plan(check, str_from(postponed), "", DAY_NONE);
    struct course_whole after = whole_of(check, id);
    assert_int_equal(after.course.start_day, day_from_civil(2026, 5, 30));
    assert_int_equal(after.course.opening_at, day_time(day_from_civil(2026, 5, 30), 8, 0));
    assert_int_equal(after.course.changed_by_id, by);
    assert_int_equal(after.sessions[0].day, day_from_civil(2026, 5, 30));
    assert_int_equal(after.topics_len, 2); /* the amending paper is silent about them */
    assert_int_equal(after.tests_len, 1);
    struct str new = course_calendar(&check->cx.arena, STR("Lịch"), &after, 1, check->cx.now);
    struct str uid = str_format(&check->cx.arena, "UID:lop-%lld-khai-giang@diemcau", (long long)id);
    assert_true(holds(old, str_to_c(&check->cx.arena, uid)) && holds(new, str_to_c(&check->cx.arena, uid)));
    assert_true(holds(old, "SEQUENCE:0\r\n") && !holds(old, "SEQUENCE:1\r\n"));
    assert_true(holds(new, "SEQUENCE:1\r\n") && holds(new, "DTSTART;TZID=Asia/Ho_Chi_Minh:20260530T080000\r\n"));
    struct course course = { .id = 0 };
    assert_err(ERR_NOT_FOUND, course_get(&check->cx, by, &course)); /* the change is no class of its own */
}

struct recalling {
    int64_t id;
};
static enum err run_recall(struct ctx *cx, void *what)
{
    return document_recall(cx, ((struct recalling *)what)->id, STR("hoãn lớp"));
}

static void a_recalled_class_is_cancelled_in_the_calendar(void **state)
{
    struct check_store *check = *state;
    struct recalling recalling = { issue_class(check) };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_recall, &recalling));
    struct course_whole whole = whole_of(check, recalling.id);
    assert_true(whole.course.is_withdrawn);
    assert_str_equal(whole.course.state_reason, "hoãn lớp");
    struct str calendar = course_calendar(&check->cx.arena, STR("Lịch"), &whole, 1, check->cx.now);
    assert_true(holds(calendar, "STATUS:CANCELLED\r\n"));
    assert_false(holds(calendar, "STATUS:CONFIRMED"));
}

/* ---- The calendar ---- */

static void every_line_of_the_calendar_fits_75_octets_and_no_letter_is_cut(void **state)
{
    struct check_store *check = *state;
    struct course_whole whole = whole_of(check, issue_class(check));
    struct str rest = course_calendar(&check->cx.arena, STR("Lịch lớp của Đảng ủy xã Bình Minh, tỉnh Quảng Ngãi, rất dài"),
                                      &whole, 1, check->cx.now);
    size_t lines = 0;
    size_t folded = 0;
    while (rest.len > 0) {
        struct str line = str_cut(&rest, '\n');
        assert_true(line.len > 0 && line.at[line.len - 1] == '\r');
        line.len--;
        assert_true(line.len <= 75);
        assert_true(str_is_utf8(line));
        folded += line.at[0] == ' ';
        lines++;
    }
    assert_true(lines > 60);
    assert_true(folded > 0);
}

static void commas_and_semicolons_are_escaped_in_the_calendar(void **state)
{
    struct check_store *check = *state;
    struct course_whole whole = whole_of(check, issue_class(check));
    whole.points_len = 0;
    whole.course.online_url = STR("https://a.invalid/x;y,z");
    struct str calendar = course_calendar(&check->cx.arena, STR("a\\b\nc"), &whole, 1, check->cx.now);
    assert_true(holds(calendar, "X-WR-CALNAME:a\\\\b\\nc\r\n"));
    assert_true(holds(calendar, "LOCATION:https://a.invalid/x\\;y\\,z\r\n"));
    assert_true(holds(calendar, "TZID:Asia/Ho_Chi_Minh\r\n"));
    assert_true(holds(calendar, "TZOFFSETTO:+0700\r\n"));
    assert_true(holds(calendar, "DTSTART;TZID=Asia/Ho_Chi_Minh:20260522T140000\r\n")); /* the line test */
}

/* ---- Pages ---- */

static void a_commune_sees_the_class_it_was_sent_and_a_stranger_none(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_class(check);
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &place));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place.path, &communes));
    struct check_site *site = site_open(check, rooms, LEN(rooms));
    site_be(site, communes.at[0].path, UINT64_MAX);
    site->officer.unit_id = communes.at[0].id;
    assert_int_equal(site_get(site, "/lop"), 200);
    assert_true(site_body_has(site, "Mở lớp bồi dưỡng; kỹ năng, nghiệp vụ"));
    assert_true(site_body_has(site, "Còn 9 ngày"));
    const char *page = str_to_c(&check->cx.arena, course_url(&check->cx.arena, id).text);
    assert_int_equal(site_get(site, page), 200);
    assert_true(site_body_has(site, "trước khai giảng 10 phút, lúc 07:50 ngày 23/5/2026"));
    assert_true(site_body_has(site, "Chuyên đề 2:"));
    assert_true(site_body_has(site, "văn bản chưa nêu giờ"));
    assert_int_equal(site_get(site, "/lop/lich.ics"), 200);
    assert_true(site_body_has(site, "BEGIN:VCALENDAR"));
    assert_true(site_body_has(site, "khai-giang@diemcau"));
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &place));
    site_be(site, place.path, UINT64_MAX);
    site->officer.unit_id = check_body(check, "42", "tinh_uy").id;
    assert_int_equal(site_get(site, "/lop"), 200);
    assert_true(site_body_has(site, "Chưa có lớp nào."));
    assert_int_equal(site_get(site, page), 404);
    site_be(site, STR(""), 0);
    assert_int_equal(site_get(site, page), 303);
}

static void a_paper_without_days_or_topics_opens_no_class(void **state)
{
    struct check_store *check = *state;
    static const char letter[] = HEAD("30", "phân công trực") "},"
        "\"obligations\":[{\"text\":\"Phân công trực\",\"owner\":\"Sở Nội vụ\"}],\"recipients\":[\"Sở Nội vụ\"]}";
    struct course course = { .id = 0 };
    check_act(check, "51", "tinh_uy");
    int64_t id = check_issue_plan(check, str_from(letter), "", DAY_NONE);
    assert_err(ERR_NOT_FOUND, course_get(&check->cx, id, &course));
}

static void facts_applied_again_give_the_same_classes(void **state)
{
    struct check_store *check = *state;
    unsigned char before[32];
    unsigned char after[32];
    (void)issue_class(check);
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(the_national_class_has_four_topics_and_four_half_days),
        ON(half_days_of_ha_tinh_are_as_the_paper_says),
        ON(guests_of_the_opening_are_no_learners),
        ON(draft_of_hai_phong_opens_no_class_and_issued_it_opens_six_programmes),
        ON(scheme_of_cao_bang_has_two_phases),
        ON(a_provinces_class_stands_beside_the_national_one),
        ON(a_postponed_class_moves_and_its_calendar_follows),
        ON(a_recalled_class_is_cancelled_in_the_calendar),
        ON(every_line_of_the_calendar_fits_75_octets_and_no_letter_is_cut),
        ON(commas_and_semicolons_are_escaped_in_the_calendar),
        ON(a_commune_sees_the_class_it_was_sent_and_a_stranger_none),
        ON(a_paper_without_days_or_topics_opens_no_class),
        ON(facts_applied_again_give_the_same_classes),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
