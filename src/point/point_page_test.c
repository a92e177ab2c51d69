#include "account/account.h"
#include "check/check_paper.h"
#include "check/check_site.h"
#include "obligation/obligation.h"
#include "point/line_test.h"
#include "point/point.h"

/* The pages of points: Hà Tĩnh's class on a nation of Hà Tĩnh and Quảng Ngãi. */

static struct route_table rooms[4];

static int open_ground(void **state)
{
    static struct fact_kinds kinds[5];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    kinds[2] = obligation_facts;
    kinds[3] = point_facts;
    kinds[4] = account_facts;
    fact_register(kinds, LEN(kinds));
    document_start();
    obligation_start();
    course_start();
    point_start();
    rooms[0] = obligation_routes;
    rooms[1] = course_routes;
    rooms[2] = point_routes;
    rooms[3] = point_line_routes;
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2025, 11, 14), 15, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static const char ha_tinh[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"09\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Hà Tĩnh\",\"date\":\"2025-11-14\",\"title\":\"bồi dưỡng cấp ủy\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
    "\"mode\":\"online\",\"schedule\":{\"start\":\"2025-11-22\",\"end\":\"2025-11-23\","
    "\"connection_tests\":[{\"at\":\"2025-11-21T15:00\"}]},"
    "\"points\":[{\"level\":\"central\",\"place\":\"điểm cầu Học viện\"},{\"level\":\"commune\",\"place\":\"điểm cầu các xã, phường\"}],"
    "\"obligations\":[{\"text\":\"Tổng hợp, báo cáo số lượng điểm cầu, đại biểu về Ban Tổ chức Tỉnh ủy; có thể mở rộng điểm cầu\","
    "\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2025-11-21T09:00\",\"relation\":\"before\"}},"
    "{\"text\":\"Kết nối và kiểm tra hệ thống kỹ thuật\",\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2025-11-21T15:00\",\"relation\":\"at\"}},"
    "{\"text\":\"Bảo đảm đường truyền thông suốt\",\"owner\":\"Viễn thông Hà Tĩnh\"},"
    "{\"text\":\"Bảo đảm nguồn điện\",\"owner\":\"Điện lực Hà Tĩnh\"}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Viễn thông Hà Tĩnh\",\"Điện lực Hà Tĩnh\"]}";

struct scene {
    struct check_store *check;
    struct check_site *site;
    int64_t root;
    struct unit province;
    struct unit commune; /* the first commune's committee */
    struct unit beside;  /* the second's */
    int64_t point;
};

static int64_t moment(int date, int hour, int minute)
{
    return day_time(day_from_civil(2025, 11, date), hour, minute);
}

static struct scene open_scene(void **state)
{
    struct scene s = { .check = *state };
    struct unit_list list = { .len = 0 };
    check_act(s.check, "42", "tinh_uy");
    s.root = check_issue_plan(s.check, str_from(ha_tinh), "", DAY_NONE);
    assert_ok(&s.check->cx, unit_find_code(&s.check->cx, STR("42"), &s.province));
    assert_ok(&s.check->cx, unit_find_by_sort(&s.check->cx, STR("dang_uy_xa"), s.province.path, &list));
    s.commune = list.at[0];
    s.beside = list.at[1];
    s.point = course_main_point(s.root, s.commune.place_id);
    s.site = site_open(s.check, rooms, LEN(rooms));
    s.check->cx.now = moment(21, 8, 25);
    return s;
}

/* Somebody of this body, who reaches the whole of its place. */
static void be(struct scene *s, const struct unit *unit, uint64_t permissions)
{
    struct unit place = { .id = 0 };
    assert_ok(&s->check->cx, unit_find(&s->check->cx, unit->place_id, &place));
    site_be(s->site, place.path, permissions);
    s->site->officer.unit_id = unit->id;
    s->site->officer.unit_name = unit->full_name;
}

static uint64_t officer(void)
{
    return role_find(STR("chuyen_vien"))->permissions;
}

static const char *page_of(struct scene *s, const char *rest)
{
    return str_to_c(&s->check->cx.arena, str_format(&s->check->cx.arena, "/diem-cau/%lld%s", (long long)s->point, rest));
}
static const char *class_page(struct scene *s, const char *rest)
{
    return str_to_c(&s->check->cx.arena, str_format(&s->check->cx.arena, "/lop/%lld%s", (long long)s->root, rest));
}

SQL(count_reports, "/*scan*/ SELECT COUNT(*) FROM point_report");
SQL(count_tests, "/*scan*/ SELECT COUNT(*) FROM point_test");

/* ---- Reporting ---- */

static void a_commune_reads_its_deadline_and_reports_before_nine(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "trước 9 giờ ngày 21/11/2025 (Thứ Sáu) (còn 35 phút)"));
    assert_true(site_body_has(s.site, "Chưa khai báo"));
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=1&heads=48"), 303);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "1 điểm cầu, 48 đại biểu"));
    assert_true(site_body_has(s.site, "Đúng hạn"));
    s.check->cx.now = moment(21, 9, 20);
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=2&heads=60"), 303);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "1 điểm cầu, 48 đại biểu")); /* the first stands */
    assert_true(site_body_has(s.site, "Báo cáo bổ sung sau hạn"));
}

static void the_same_report_sent_twice_is_one(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    static const char fields[] = "points=1&heads=48&fact_id=00112233445566778899aabbccddeeff";
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), fields), 303);
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), fields), 303);
    assert_int_equal(check_i64(s.check, &count_reports, NO_BIND), 1);
}

static void absurd_numbers_come_back_with_words_and_what_was_typed(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=-1&heads=48"), 422);
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=1&heads=1000000000"), 422);
    assert_true(site_body_has(s.site, "1000000000"));
    assert_true(site_body_has(s.site, "<details open"));
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=NaN&heads=1"), 422);
    assert_int_equal(check_i64(s.check, &count_reports, NO_BIND), 0);
}

/* ---- Who may ---- */

static void a_wrong_role_a_stranger_and_a_foreign_unit_are_stopped(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, role_find(STR("ky_thuat"))->permissions);
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=1&heads=48"), 403); /* a technician reports no heads */
    assert_int_equal(site_post(s.site, page_of(&s, "/khai-bao"), "room=A"), 403);
    assert_int_equal(site_get(s.site, page_of(&s, "/kiem-tra")), 200);
    be(&s, &s.commune, role_find(STR("lop_truong"))->permissions);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), "how=hand&result=passed"), 403);
    be(&s, &s.beside, officer());
    assert_int_equal(site_get(s.site, page_of(&s, "")), 404);
    assert_int_equal(site_post(s.site, page_of(&s, "/bao-cao"), "points=1&heads=48"), 404);
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), "how=hand&result=passed"), 404);
    assert_int_equal(site_post(s.site, page_of(&s, "/su-co"), "kind=line&from_at=08:00 ngày 21/11/2025&words=x"), 404);
    site_be(s.site, STR(""), 0);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 303); /* to the door */
}

static void contacts_are_on_the_list_of_those_above_and_of_nobody_beside(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    assert_int_equal(site_post(s.site, page_of(&s, "/khai-bao"),
                               "room=Phòng họp số 2&seats=60&technician_name=Lò Thị Bích&technician_phone=0900 000 123"), 303);
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), "how=hand&result=failed&words=không có tiếng"), 303);
    struct unit above = check_body(s.check, "42", "tinh_uy");
    be(&s, &above, officer());
    s.check->cx.now = moment(21, 15, 20);
    be(&s, &s.commune, officer());
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), "how=hand&result=failed&words=vẫn không có tiếng"), 303);
    be(&s, &above, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau?loc=chua-dat")), 200);
    assert_true(site_body_has(s.site, "0900 000 123"));
    assert_true(site_body_has(s.site, "tel:0900000123"));
    assert_true(site_body_has(s.site, "Chưa đạt lúc 15:20"));
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau.csv?loc=chua-dat")), 200);
    assert_true(site_body_has(s.site, "0900 000 123"));
    be(&s, &s.beside, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau")), 200);
    assert_false(site_body_has(s.site, "0900 000 123"));
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau.csv")), 200);
    assert_false(site_body_has(s.site, "0900 000 123"));
}

/* ---- Lists ---- */

static void a_province_sees_its_points_by_state_and_every_count_is_a_link(void **state)
{
    struct scene s = open_scene(state);
    struct unit above = check_body(s.check, "42", "tinh_uy");
    be(&s, &above, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau")), 200);
    assert_true(site_body_has(s.site, "Các điểm cầu: tỉnh Hà Tĩnh"));
    assert_true(site_body_has(s.site, "70 điểm cầu"));
    assert_true(site_body_has(s.site, "loc=chua-bao-cao"));
    assert_true(site_body_has(s.site, "mỗi lượt 60 điểm cầu, 2 phút"));
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau?loc=chua-bao-cao")), 200);
    assert_true(site_body_has(s.site, "69 điểm cầu"));
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau?tim=khong-co-noi-nay")), 200);
    assert_true(site_body_has(s.site, "Không có điểm cầu nào khớp"));
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau?trang=99999999999999999999")), 200);
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau?dia-ban=999999999")), 404);
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau.csv")), 200);
    assert_true(site_body_has(s.site, "Chưa kiểm tra"));
}

static void the_nation_sees_provinces_with_their_figures(void **state)
{
    struct scene s = open_scene(state);
    struct unit academy = check_body(s.check, "", "hoc_vien");
    be(&s, &academy, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/diem-cau")), 200);
    assert_true(site_body_has(s.site, "Các điểm cầu: toàn quốc"));
    assert_true(site_body_has(s.site, "tỉnh Hà Tĩnh"));
    assert_true(site_body_has(s.site, "0/69"));
    assert_false(site_body_has(s.site, "tỉnh Quảng Ngãi")); /* has no points in this class */
}

static void a_duty_leads_to_the_point_where_it_is_met(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    const struct obligation_closer *closer = obligation_find_closer(STR("line_tested"));
    assert_non_null(closer);
    struct url url = closer->url(&s.check->cx.arena, s.root, s.commune.id);
    assert_int_equal(site_get(s.site, str_to_c(&s.check->cx.arena, url.text)), 303);
    assert_string_equal(str_to_c(&s.check->cx.arena, s.site->res.location), page_of(&s, "/kiem-tra"));
    assert_int_equal(site_get(s.site, class_page(&s, "")), 200); /* the class page's block */
    assert_true(site_body_has(s.site, "Mở trang điểm cầu"));
    assert_true(site_body_has(s.site, "Báo cáo số điểm cầu, số đại biểu"));
}

/* ---- The line test ---- */

static void open_tickets(struct scene *s)
{
    struct line_options options = { .janus_url = STR("") };
    assert_ok(&s->check->cx, line_test_open(&s->check->cx, &s->site->app, &options));
}

static struct str take_ticket(struct scene *s)
{
    assert_int_equal(site_post(s->site, page_of(s, "/kiem-tra/luot"), ""), 200);
    struct str rest = buf_str(&s->site->res.body);
    assert_true(str_starts(rest, STR("{\"ticket\":\"")));
    return str_copy(&s->check->cx.arena, str_sub(rest, sizeof "{\"ticket\":\"" - 1, LINE_TICKET_HEX));
}

#define MEASURED "how=browser&rtt_ms=31&rtt_p95_ms=60&loss_permille=0&down_kbps=18000&up_kbps=7000&camera=yes&microphone=yes"

static void a_point_measures_with_a_ticket_and_hands_in_what_it_measured(void **state)
{
    struct scene s = open_scene(state);
    struct arena *arena = &s.check->cx.arena;
    be(&s, &s.commune, officer());
    open_tickets(&s);
    s.check->cx.now = moment(21, 15, 5);
    assert_int_equal(site_get(s.site, page_of(&s, "/kiem-tra")), 200);
    assert_true(site_body_has(s.site, "data-line-test"));
    assert_true(site_body_has(s.site, "Đợt kiểm tra mở từ 15:00 ngày 21/11/2025"));
    struct str ticket = take_ticket(&s);
    const char *ping = str_to_c(arena, str_format(arena, "%s?ve=" STR_FMT, page_of(&s, "/kiem-tra/nhip"), STR_ARG(ticket)));
    assert_int_equal(site_get(s.site, ping), 200);
    const char *down = str_to_c(arena, str_format(arena, "%s?kb=64&ve=" STR_FMT, page_of(&s, "/kiem-tra/xuong"), STR_ARG(ticket)));
    assert_int_equal(site_get(s.site, down), 200);
    assert_int_equal(s.site->res.body.len, 64 * 1024);
    const char *more = str_to_c(arena, str_format(arena, "%s?kb=100000&ve=" STR_FMT, page_of(&s, "/kiem-tra/xuong"), STR_ARG(ticket)));
    assert_int_equal(site_get(s.site, more), 422);
    const char *fields[] = { "ve", str_to_c(arena, ticket), NULL };
    char part[2048] = { 'x' };
    assert_int_equal(site_post_file(s.site, page_of(&s, "/kiem-tra/len"), "phan", (struct str){ part, sizeof part }, fields), 200);
    const char *result = str_to_c(arena, str_format(arena, MEASURED "&result=passed&ve=" STR_FMT, STR_ARG(ticket)));
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), result), 303);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "Đạt lúc 15:05"));
    assert_true(site_body_has(s.site, "trễ 31 ms"));
    assert_int_equal(site_get(s.site, ping), 409); /* the place is given back */
    line_test_close(&s.site->app);
}

static void figures_without_a_ticket_are_not_taken_and_a_verdict_against_them_asks_for_words(void **state)
{
    struct scene s = open_scene(state);
    struct arena *arena = &s.check->cx.arena;
    be(&s, &s.commune, officer());
    open_tickets(&s);
    s.check->cx.now = moment(21, 15, 5);
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), MEASURED "&result=passed"), 409);
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), MEASURED "&result=passed&ve=00112233445566778899aabbccddeeff"), 409);
    struct str ticket = take_ticket(&s);
    const char *poor = str_to_c(arena, str_format(arena, "how=browser&rtt_ms=900&rtt_p95_ms=950&down_kbps=300&up_kbps=200&result=passed&ve="
                                                  STR_FMT, STR_ARG(ticket)));
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), poor), 422);
    assert_true(site_body_has(s.site, "nếu vẫn kết luận đạt, xin ghi lý do"));
    assert_true(site_body_has(s.site, "value=\"900\"")); /* nothing is measured twice for a missing word */
    const char *huge = str_to_c(arena, str_format(arena, "how=browser&rtt_ms=1000000000&rtt_p95_ms=1&down_kbps=1&up_kbps=1&result=failed"
                                                  "&words=x&ve=" STR_FMT, STR_ARG(ticket)));
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), huge), 422);
    assert_int_equal(check_i64(s.check, &count_tests, NO_BIND), 0);
    /* Another account's ticket is none of ours. */
    s.site->officer.account_id = 2;
    const char *stolen = str_to_c(arena, str_format(arena, MEASURED "&result=passed&ve=" STR_FMT, STR_ARG(ticket)));
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), stolen), 409);
    line_test_close(&s.site->app);
}

static void without_a_place_the_point_waits_and_by_hand_it_never_does(void **state)
{
    struct scene s = open_scene(state);
    struct unit above = check_body(s.check, "42", "tinh_uy");
    struct arena *arena = &s.check->cx.arena;
    open_tickets(&s);
    be(&s, &above, officer());
    const char *campaign = str_to_c(arena, str_format(arena, "/diem-cau/%lld/dot-kiem-tra",
                                                      (long long)course_main_point(s.root, s.province.id)));
    assert_int_equal(site_post(s.site, campaign, "opens_at=07:00 ngày 21/11/2025&running_max=1&turn_minutes=1"), 303);
    be(&s, &s.beside, officer());
    const char *other = str_to_c(arena, str_format(arena, "/diem-cau/%lld/kiem-tra/luot",
                                                   (long long)course_main_point(s.root, s.beside.place_id)));
    assert_int_equal(site_post(s.site, other, ""), 200);
    be(&s, &s.commune, officer());
    s.site->officer.account_id = 3;
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra/luot"), ""), 200);
    assert_true(site_body_has(s.site, "{\"wait\":"));
    assert_int_equal(site_post(s.site, page_of(&s, "/kiem-tra"), "how=hand&result=passed"), 303);
    line_test_close(&s.site->app);
}

/* ---- Incidents and utilities ---- */

static void an_incident_is_entered_once_and_its_utility_sees_it(void **state)
{
    struct scene s = open_scene(state);
    struct unit telecom = check_body(s.check, "42", "vien_thong");
    struct unit power = check_body(s.check, "42", "dien_luc");
    struct unit above = check_body(s.check, "42", "tinh_uy");
    be(&s, &s.commune, officer());
    s.check->cx.now = moment(22, 9, 55);
    assert_int_equal(site_post(s.site, page_of(&s, "/su-co"),
                               "kind=line&from_at=09:10 ngày 22/11/2025&to_at=09:50 ngày 22/11/2025&words=đứt cáp quang"), 303);
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "40 phút"));
    be(&s, &above, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 200);
    assert_true(site_body_has(s.site, "1 sự cố, gián đoạn 40 phút"));
    assert_true(site_body_has(s.site, "Tạo đường dẫn cho Viễn thông Hà Tĩnh"));
    be(&s, &telecom, role_find(STR("lanh_dao"))->permissions);
    s.site->officer.scope = unit_scope(&s.check->cx.arena, telecom.path);
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 200);
    assert_true(site_body_has(s.site, "đứt cáp quang"));
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co.csv")), 200);
    assert_true(site_body_has(s.site, "đứt cáp quang"));
    be(&s, &power, role_find(STR("lanh_dao"))->permissions);
    s.site->officer.scope = unit_scope(&s.check->cx.arena, power.path);
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 200);
    assert_false(site_body_has(s.site, "đứt cáp quang"));
    be(&s, &s.beside, officer());
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 200);
    assert_false(site_body_has(s.site, "đứt cáp quang"));
}

SQL(find_duty_of, "SELECT MIN(o.id) FROM obligation o JOIN duty d ON d.obligation_id = o.id WHERE o.document_id = $1 AND d.unit_id = $2");

static void a_utilitys_link_opens_its_ledger_and_nothing_else(void **state)
{
    struct scene s = open_scene(state);
    struct unit telecom = check_body(s.check, "42", "vien_thong");
    struct unit foreign = check_body(s.check, "51", "vien_thong");
    be(&s, &s.commune, officer());
    s.check->cx.now = moment(22, 9, 55);
    assert_int_equal(site_post(s.site, page_of(&s, "/su-co"), "kind=line&from_at=09:10 ngày 22/11/2025&words=đứt cáp quang"), 303);
    site_be(s.site, telecom.path, PERMISSION_BIT(DUTY_READ));
    s.site->officer.kind = ACTOR_LINK;
    s.site->officer.account_id = 0;
    s.site->officer.unit_id = telecom.id;
    s.site->officer.subject_id = check_i64(s.check, &find_duty_of, BIND(V(s.root), V(telecom.id)));
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 200);
    assert_true(site_body_has(s.site, "đứt cáp quang"));
    assert_false(site_body_has(s.site, "Tạo đường dẫn"));
    assert_int_equal(site_get(s.site, page_of(&s, "")), 404);
    s.site->officer.subject_id = 77; /* a link to something else */
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 404);
    site_be(s.site, foreign.path, PERMISSION_BIT(DUTY_READ));
    s.site->officer.kind = ACTOR_LINK;
    s.site->officer.unit_id = foreign.id;
    assert_int_equal(site_get(s.site, class_page(&s, "/su-co")), 404);
}

static void a_commune_adds_a_room_and_closes_it_with_a_reason(void **state)
{
    struct scene s = open_scene(state);
    be(&s, &s.commune, officer());
    assert_int_equal(site_post(s.site, page_of(&s, "/mo-them"), "name=Điểm cầu thôn Đông&room=Nhà văn hóa thôn&seats=40"), 303);
    const char *added = str_to_c(&s.check->cx.arena, s.site->res.location);
    assert_int_equal(site_get(s.site, added), 200);
    assert_true(site_body_has(s.site, "Điểm cầu thôn Đông"));
    const char *shut = str_to_c(&s.check->cx.arena, str_format(&s.check->cx.arena, "%s/dong", added));
    assert_int_equal(site_post(s.site, shut, ""), 422); /* without a reason */
    assert_int_equal(site_post(s.site, shut, "reason=mất điện"), 303);
    assert_int_equal(site_get(s.site, added), 200);
    assert_true(site_body_has(s.site, "Điểm cầu đã đóng: mất điện"));
    assert_int_equal(site_get(s.site, page_of(&s, "")), 200);
    assert_true(site_body_has(s.site, "đã đóng: mất điện"));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(a_commune_reads_its_deadline_and_reports_before_nine),
        ON(the_same_report_sent_twice_is_one),
        ON(absurd_numbers_come_back_with_words_and_what_was_typed),
        ON(a_wrong_role_a_stranger_and_a_foreign_unit_are_stopped),
        ON(contacts_are_on_the_list_of_those_above_and_of_nobody_beside),
        ON(a_province_sees_its_points_by_state_and_every_count_is_a_link),
        ON(the_nation_sees_provinces_with_their_figures),
        ON(a_duty_leads_to_the_point_where_it_is_met),
        ON(a_point_measures_with_a_ticket_and_hands_in_what_it_measured),
        ON(figures_without_a_ticket_are_not_taken_and_a_verdict_against_them_asks_for_words),
        ON(without_a_place_the_point_waits_and_by_hand_it_never_does),
        ON(an_incident_is_entered_once_and_its_utility_sees_it),
        ON(a_utilitys_link_opens_its_ledger_and_nothing_else),
        ON(a_commune_adds_a_room_and_closes_it_with_a_reason),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
