#include "check/check_paper.h"
#include "check/check_site.h"
#include "obligation/obligation.h"
#include "obligation/reminder.h"

/* The pages of duties through the real router, on a nation with Quảng Ngãi and Hà Tĩnh and one issued paper. */

static struct route_table rooms[1];

static int open_ground(void **state)
{
    static struct fact_kinds kinds[4];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    kinds[2] = obligation_facts;
    kinds[3] = reminder_facts;
    fact_register(kinds, LEN(kinds));
    obligation_start();
    rooms[0] = obligation_routes;
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static const char plan[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"21\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"},"
    "\"obligations\":["
    "{\"text\":\"Báo cáo số lượng điểm cầu, <b>đại biểu</b> về Ban Tổ chức Tỉnh ủy\","
    "\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"},"
    "\"_at\":{\"place\":\"mục IV.3, đoạn 2\"}},"
    "{\"text\":\"Bảo đảm đường truyền\",\"owner\":\"Viễn thông Quảng Ngãi\"},"
    "{\"text\":\"Tổng hợp số lượng học viên\",\"owner\":\"Ban Tổ chức Tỉnh ủy\",\"_waits_for\":[0]}],"
    "\"contacts\":[{\"name\":\"Bùi Thanh Hà An\",\"role\":\"Ban Tổ chức Tỉnh ủy\",\"phone\":\"0900000201\",\"for\":\"báo cáo\"}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Ban Tổ chức Tỉnh ủy\"]}";

struct scene {
    struct check_site *site;
    int64_t document_id;
    struct unit commune;
};

static void be(struct check_site *site, const struct unit *unit, uint64_t permissions)
{
    struct unit place = { .id = 0 };
    assert_ok(&site->check->cx, unit_find(&site->check->cx, unit->place_id, &place));
    site_be(site, place.path, permissions);
    site->officer.unit_id = unit->id;
    site->officer.unit_name = unit->full_name;
}

static struct scene open_scene(struct check_store *check)
{
    struct scene scene = { .site = NULL };
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    check_act(check, "51", "tinh_uy");
    scene.document_id = check_issue_plan(check, str_from(plan), "", DAY_NONE);
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &place));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place.path, &communes));
    scene.commune = communes.at[0];
    scene.site = site_open(check, rooms, LEN(rooms));
    be(scene.site, &scene.commune, UINT64_MAX);
    return scene;
}

static void at(struct check_store *check, int date, int hour, int minute)
{
    check->cx.now = day_time(day_from_civil(2026, 5, date), hour, minute);
}

/* The page of one unit's duty, or of the obligation itself, with what stands behind the address. */
static const char *duty_path(const struct scene *scene, int64_t ordinal, const char *tail)
{
    struct arena *arena = &scene->site->check->cx.arena;
    int64_t id = obligation_id_of(scene->document_id, ordinal);
    return str_to_c(arena, str_format(arena, "/nhiem-vu/%lld/don-vi/%lld%s", (long long)id, (long long)scene->commune.id, tail));
}

static const char *obligation_path(const struct scene *scene, int64_t ordinal, const char *tail)
{
    struct arena *arena = &scene->site->check->cx.arena;
    int64_t id = obligation_id_of(scene->document_id, ordinal);
    return str_to_c(arena, str_format(arena, "/nhiem-vu/%lld%s", (long long)id, tail));
}

static void today_shows_what_is_owed_by_when_to_whom_and_by_which_paper(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    at(check, 22, 8, 25);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 200);
    assert_true(site_body_has(scene.site, "Còn 35 phút"));
    assert_true(site_body_has(scene.site, "trước 9 giờ ngày 22/5/2026 (Thứ Sáu)"));
    assert_true(site_body_has(scene.site, "gửi Ban Tổ chức Tỉnh ủy"));
    assert_true(site_body_has(scene.site, "21-KH/TU, mục IV.3, đoạn 2"));
    assert_true(site_body_has(scene.site, "/hoan-thanh"));
    assert_true(site_body_has(scene.site, "name=\"period\" value=\"\""));
    assert_true(site_body_has(scene.site, "/tiep-nhan")); /* the paper itself, late by now */
    assert_true(site_body_has(scene.site, "Quá hạn 6 ngày"));
}

static void two_forms_of_one_page_are_two_facts(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 200);
    struct str body = buf_str(&scene.site->res.body);
    struct str seen = STR("");
    size_t forms = 0;
    for (size_t found = str_find(body, STR("name=\"fact_id\" value=\"")); found < body.len;
         found = str_find(body, STR("name=\"fact_id\" value=\""))) {
        body = str_sub(body, found + sizeof "name=\"fact_id\" value=\"" - 1, SIZE_MAX);
        assert_false(str_eq(str_sub(body, 0, 32), seen));
        seen = str_sub(body, 0, 32);
        forms++;
    }
    assert_int_equal(forms, 2);
}

static void what_the_paper_says_is_shown_as_text(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 200);
    assert_true(site_body_has(scene.site, "&lt;b&gt;đại biểu&lt;/b&gt;"));
    assert_false(site_body_has(scene.site, "<b>đại biểu</b>"));
}

static void a_tab_shows_only_its_own_and_says_why_it_is_empty(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_get(scene.site, "/hom-nay?muc=da-xong"), 200);
    assert_true(site_body_has(scene.site, "Chưa có nhiệm vụ nào đã xong."));
    assert_false(site_body_has(scene.site, "Báo cáo số lượng điểm cầu"));
    assert_int_equal(site_get(scene.site, "/hom-nay?muc=khong-co-muc-nay"), 200);
    assert_true(site_body_has(scene.site, "Báo cáo số lượng điểm cầu"));
}

static void a_commune_reports_and_the_duty_moves_to_done(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/hoan-thanh"),
                               "period=&note=01+%C4%91i%E1%BB%83m+c%E1%BA%A7u"),
                     303);
    assert_str_equal(scene.site->res.location, "/hom-nay");
    assert_int_equal(site_get(scene.site, "/hom-nay?muc=da-xong"), 200);
    assert_true(site_body_has(scene.site, "Đã xong"));
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, "")), 200);
    assert_true(site_body_has(scene.site, "01 điểm cầu"));
    assert_true(site_body_has(scene.site, "Mở lại nhiệm vụ"));
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/mo-lai"),
                               "period=&reason=thi%E1%BA%BFu"),
                     303);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 200);
    assert_true(site_body_has(scene.site, "Báo cáo số lượng điểm cầu"));
}

static void a_report_without_words_is_asked_for_again(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/hoan-thanh"), "period=&note="),
                     422);
    assert_true(site_body_has(scene.site, "Xin ghi kết quả thực hiện hoặc gửi kèm tệp kết quả"));
}

static void a_result_may_be_sent_as_a_file(void **state)
{
    struct check_store *check = *state;
    static const char *const fields[] = { "period", "", "note", "", NULL };
    struct str report = STR("%PDF-1.7 báo cáo");
    struct scene scene = open_scene(check);
    const char *address = duty_path(&scene, 1, "/hoan-thanh");
    assert_int_equal(site_post_named_file(scene.site, address, "file", "anh.png", report, fields), 422);
    assert_true(site_body_has(scene.site, "không đúng với đuôi"));
    assert_int_equal(site_post_named_file(scene.site, address, "file", "bao-cao.pdf", report, fields), 303);
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, "")), 200);
    struct str body = buf_str(&scene.site->res.body);
    size_t at_link = str_find(body, STR("/tep/"));
    assert_true(at_link < body.len && site_body_has(scene.site, "bao-cao.pdf"));
    struct str seq = str_sub(body, at_link + sizeof "/tep/" - 1, 20);
    seq = str_cut(&seq, '"');
    const char *file = str_to_c(&check->cx.arena, str_format(&check->cx.arena, "/tep/" STR_FMT, STR_ARG(seq)));
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, file)), 200);
    assert_true(site_body_has(scene.site, "%PDF-1.7 báo cáo"));
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, "/tep/1")), 404);
}

static void a_stranger_and_a_neighbour_are_stopped_at_the_door(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &place));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place.path, &communes));
    be(scene.site, &communes.at[0], UINT64_MAX);
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, "")), 404);
    assert_int_equal(site_get(scene.site, obligation_path(&scene, 1, "")), 404);
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/hoan-thanh"), "period=&note=x"),
                     404);
    assert_int_equal(site_post(scene.site, obligation_path(&scene, 1, "/nhac"), "channel=sms"), 404);
    site_be(scene.site, STR(""), 0);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 303);
    assert_int_equal(site_get(scene.site, "/nhiem-vu.csv"), 303);
}

static void without_the_right_to_close_there_is_nothing_to_press(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    be(scene.site, &scene.commune, UINT64_C(1) << PERMISSION_DUTY_READ);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 200);
    assert_true(site_body_has(scene.site, "Báo cáo số lượng điểm cầu"));
    assert_false(site_body_has(scene.site, "/hoan-thanh"));
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/hoan-thanh"), "period=&note=x"),
                     403);
}

static void the_province_sees_who_has_not_and_reminds_them(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct unit committee = check_body(check, "51", "tinh_uy");
    be(scene.site, &committee, UINT64_MAX);
    at(check, 22, 9, 12);
    assert_int_equal(site_get(scene.site, obligation_path(&scene, 1, "?loc=chua")), 200);
    assert_true(site_body_has(scene.site, "Soạn lời nhắc cho 96 đơn vị"));
    assert_true(site_body_has(scene.site, "Quá hạn 12 phút"));
    assert_int_equal(site_post(scene.site, obligation_path(&scene, 1, "/nhac"), "channel=sms"), 303);
    const char *round = str_to_c(&check->cx.arena, scene.site->res.location);
    assert_int_equal(site_get(scene.site, round), 200);
    assert_true(site_body_has(scene.site, "Kính gửi Đảng ủy"));
    assert_true(site_body_has(scene.site, "0900000201"));
    assert_true(site_body_has(scene.site, "ký tự, "));
    be(scene.site, &scene.commune, UINT64_MAX);
    assert_int_equal(site_get(scene.site, round), 404);
    assert_int_equal(site_get(scene.site, duty_path(&scene, 1, "")), 200);
    assert_true(site_body_has(scene.site, "Được nhắc lần 1"));
}

static size_t count_in_body(const struct check_site *site, const char *text)
{
    size_t count = 0;
    struct str rest = buf_str(&site->res.body);
    for (size_t at = str_find(rest, str_from(text)); at < rest.len; at = str_find(rest, str_from(text))) {
        rest = str_sub(rest, at + 1, SIZE_MAX);
        count++;
    }
    return count;
}

static void a_reminder_prints_one_sheet_for_each_unit_that_is_still_silent(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct unit committee = check_body(check, "51", "tinh_uy");
    be(scene.site, &committee, UINT64_MAX);
    at(check, 21, 16, 0);
    assert_int_equal(site_post(scene.site, obligation_path(&scene, 1, "/nhac"), "channel=print"), 303);
    const char *sheets = str_to_c(&check->cx.arena, str_format(&check->cx.arena, STR_FMT "/in?cap=don-vi",
                                                               STR_ARG(scene.site->res.location)));
    assert_int_equal(site_get(scene.site, sheets), 200);
    assert_int_equal(count_in_body(scene.site, "<section class=\"letter\">"), 96);
    assert_int_equal(count_in_body(scene.site, "<svg class=\"qr\""), 96);
    assert_int_equal(count_in_body(scene.site, "trước 9 giờ ngày 22/5/2026"), 96);
    assert_int_equal(count_in_body(scene.site, "điện thoại 0900000201"), 96);
    const char *own = duty_path(&scene, 1, "");
    assert_int_equal(count_in_body(scene.site, own), 1); /* each its own link */
    assert_true(site_body_has(scene.site, "Đây là lần nhắc thứ 1"));
    assert_false(site_body_has(scene.site, "<b>đại biểu</b>")); /* a paper's text is text */

    be(scene.site, &scene.commune, UINT64_MAX);
    assert_int_equal(site_post(scene.site, duty_path(&scene, 1, "/hoan-thanh"), "period=&note=xong"), 303);
    assert_int_equal(site_get(scene.site, sheets), 404); /* it is the province's round */
    be(scene.site, &committee, UINT64_MAX);
    assert_int_equal(site_get(scene.site, sheets), 200);
    assert_int_equal(count_in_body(scene.site, "<section class=\"letter\">"), 95);
}

static void a_digest_shows_that_it_waits_for_the_communes(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct unit board = check_body(check, "51", "ban_to_chuc_tu");
    struct scene own = scene;
    own.commune = board;
    be(scene.site, &board, UINT64_MAX);
    assert_int_equal(site_get(scene.site, duty_path(&own, 3, "")), 200);
    assert_true(site_body_has(scene.site, "Chờ kết quả của cấp dưới"));
    assert_true(site_body_has(scene.site, "0 trên 96 đơn vị đã xong"));
}

/* All that a paper orders is read by whoever has the paper; a way in is offered only where it opens. */
static void a_paper_offers_no_way_to_a_duty_that_is_out_of_reach(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct arena *arena = &scene.site->check->cx.arena;
    const char *paper = str_to_c(arena, str_format(arena, "/van-ban/%lld/nhiem-vu", (long long)scene.document_id));
    const char *foreign =
        str_to_c(arena, obligation_url(arena, obligation_id_of(scene.document_id, 3)).text);
    assert_int_equal(site_get(scene.site, paper), 200);
    assert_true(site_body_has(scene.site, "Tổng hợp số lượng học viên"));
    assert_true(site_body_has(scene.site, str_to_c(arena, obligation_url(arena, obligation_id_of(scene.document_id, 1)).text)));
    assert_false(site_body_has(scene.site, foreign));
    assert_int_equal(site_get(scene.site, foreign), 404);
}

static void the_register_is_taken_home_as_a_table(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    assert_int_equal(site_get(scene.site, "/nhiem-vu?loc=open"), 200);
    assert_true(site_body_has(scene.site, "2 nhiệm vụ"));
    assert_int_equal(site_get(scene.site, "/nhiem-vu.csv"), 200);
    assert_true(site_body_has(scene.site, "mục IV.3, đoạn 2"));
    assert_true(site_body_has(scene.site, "Chưa xong"));
}

static void a_link_opens_its_one_duty_and_nothing_else(void **state)
{
    struct check_store *check = *state;
    struct scene scene = open_scene(check);
    struct unit telecom = check_body(check, "51", "vien_thong");
    struct scene own = scene;
    own.commune = telecom;
    site_be(scene.site, telecom.path, UINT64_C(1) << PERMISSION_DUTY_READ | UINT64_C(1) << PERMISSION_DUTY_CLOSE);
    scene.site->officer.kind = ACTOR_LINK;
    scene.site->officer.unit_id = telecom.id;
    scene.site->officer.subject_id = obligation_id_of(scene.document_id, 2);
    assert_int_equal(site_get(scene.site, duty_path(&own, 2, "")), 200);
    assert_true(site_body_has(scene.site, "Bảo đảm đường truyền"));
    assert_int_equal(site_post(scene.site, duty_path(&own, 2, "/hoan-thanh"), "period=&note=xong"),
                     303);
    scene.site->officer.subject_id = obligation_id_of(scene.document_id, 1);
    assert_int_equal(site_get(scene.site, duty_path(&own, 2, "")), 404);
    assert_int_equal(site_get(scene.site, "/hom-nay"), 404);
    assert_int_equal(site_get(scene.site, "/nhiem-vu"), 404);
}

static void every_duty_of_a_paper_stands_beside_it_and_doubts_have_a_form(void **state)
{
    struct check_store *check = *state;
    static const char doubtful[] =
        "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"31\",\"symbol\":\"KH/TU\","
        "\"date\":\"2026-05-14\",\"title\":\"phân công\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
        "\"obligations\":[{\"text\":\"Rà soát cơ sở vật chất\",\"owner\":\"Tổ công tác\"}],"
        "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    struct scene scene = open_scene(check);
    struct unit committee = check_act(check, "51", "tinh_uy");
    struct arena *arena = &check->cx.arena;
    int64_t draft = check_draft_plan(check, str_from(doubtful), "", DAY_NONE);
    be(scene.site, &committee, UINT64_MAX);
    const char *page = str_to_c(arena, str_format(arena, "/van-ban/%lld/nhiem-vu", (long long)draft));
    const char *form = str_to_c(arena, str_format(arena, "/van-ban/%lld/nhiem-vu/1/co-quan", (long long)draft));
    assert_int_equal(site_get(scene.site, page), 200);
    assert_true(site_body_has(scene.site, "Chưa xác định cơ quan thực hiện"));
    assert_int_equal(site_post(scene.site, form, "owner=T%E1%BB%95"), 422);
    assert_int_equal(site_post(scene.site, form, "owner=S%E1%BB%9F+X%C3%A2y+d%E1%BB%B1ng"), 303);
    assert_int_equal(site_get(scene.site, page), 200);
    assert_false(site_body_has(scene.site, "Chưa xác định cơ quan thực hiện"));
    page = str_to_c(arena, str_format(arena, "/van-ban/%lld/nhiem-vu", (long long)scene.document_id));
    assert_int_equal(site_get(scene.site, page), 200);
    assert_true(site_body_has(scene.site, "0/96 đơn vị"));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(today_shows_what_is_owed_by_when_to_whom_and_by_which_paper),
        ON(two_forms_of_one_page_are_two_facts),
        ON(what_the_paper_says_is_shown_as_text),
        ON(a_tab_shows_only_its_own_and_says_why_it_is_empty),
        ON(a_commune_reports_and_the_duty_moves_to_done),
        ON(a_report_without_words_is_asked_for_again),
        ON(a_result_may_be_sent_as_a_file),
        ON(a_stranger_and_a_neighbour_are_stopped_at_the_door),
        ON(without_the_right_to_close_there_is_nothing_to_press),
        ON(the_province_sees_who_has_not_and_reminds_them),
        ON(a_reminder_prints_one_sheet_for_each_unit_that_is_still_silent),
        ON(a_digest_shows_that_it_waits_for_the_communes),
        ON(a_paper_offers_no_way_to_a_duty_that_is_out_of_reach),
        ON(the_register_is_taken_home_as_a_table),
        ON(a_link_opens_its_one_duty_and_nothing_else),
        ON(every_duty_of_a_paper_stands_beside_it_and_doubts_have_a_form),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
