#include "check/check_paper.h"
#include "check/check_site.h"
#include "obligation/obligation.h"
#include "point/point.h"

/* Points of the classes that the Academy, Quảng Ngãi and Hà Tĩnh open, on a nation of those two provinces. */

static int open_empty(void **state)
{
    static struct fact_kinds kinds[4];
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    kinds[2] = obligation_facts;
    kinds[3] = point_facts;
    fact_register(kinds, LEN(kinds));
    document_start();
    obligation_start();
    course_start();
    point_start();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return 0;
}

static int open_ground(void **state)
{
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    if (open_empty(state) != 0)
        return 1;
    struct check_store *check = *state;
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

/* The same rooms on the whole country. */
static int open_nation(void **state)
{
    if (open_empty(state) != 0)
        return 1;
    struct check_store *check = *state;
    return unit_load_nation(&check->cx, check->store) != OK;
}

#define POINTS(...) "\"points\":[" __VA_ARGS__ "],"
#define HUB "{\"level\":\"central\",\"place\":\"Học viện (số 135 đường Nguyễn Phong Sắc)\",\"chair\":\"Giám đốc Học viện\"},"
#define COMMUNES "{\"level\":\"commune\",\"place\":\"điểm cầu các xã, phường\",\"chair\":\"Thường trực đảng ủy\"}"

/* The Academy's: 1 + provinces + communes. */
static const char national[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"664\",\"symbol\":\"KH/HVCTQG\","
    "\"issuer\":\"Học viện Chính trị quốc gia Hồ Chí Minh\",\"date\":\"2026-05-14\",\"title\":\"mở lớp\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"mode\":\"hybrid\","
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"opening\":\"2026-05-23T08:00\"}," POINTS(
        HUB "{\"level\":\"province\",\"place\":\"điểm cầu các tỉnh ủy, thành ủy\"}," COMMUNES)
    "\"recipients\":[\"Các tỉnh ủy, thành ủy trực thuộc Trung ương\",\"Đảng ủy các xã, phường, đặc khu\"]}";

/* Quảng Ngãi carries it out: its own hall, the test at 14:00, the connection from 07:00, its own system. */
static const char invitation[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"218\",\"symbol\":\"GM/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-16\",\"title\":\"mời dự lớp\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"},"
    "\"references\":[{\"number\":\"664-KH/HVCTQG\",\"kind\":\"ke_hoach\",\"date\":\"2026-05-14\","
    "\"issuer\":\"Học viện Chính trị quốc gia Hồ Chí Minh\"}]},\"mode\":\"online\","
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"opening\":\"2026-05-23T08:00\","
    "\"connection_tests\":[{\"at\":\"2026-05-22T14:00\"}],\"official_connection\":{\"at\":\"2026-05-23T07:00\"},"
    "\"arrive_before_minutes\":10},\"online\":{\"system\":\"hệ thống của Văn phòng Tỉnh ủy\",\"url\":\"https://hop.quangngai.invalid\"}," POINTS(
        "{\"level\":\"province\",\"place\":\"Hội trường Tỉnh ủy (số 146 Lê Trung Đình)\"},"
        "{\"level\":\"commune\",\"place\":\"phòng họp trực tuyến của các Đảng ủy xã, phường (do địa phương quyết định)\"}")
    "\"obligations\":[{\"text\":\"Kết nối đến các điểm cầu; kiểm tra đường truyền từ 14 giờ 00 ngày 22/5/2026; có thể mở rộng "
    "thành phần tham dự tại điểm cầu xã\",\"owner\":\"Thường trực Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T14:00\",\"relation\":\"at\"}}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

/* Hà Tĩnh's own class: points and head-count by 09:00 on 21/11, the test at 15:00, and communes may add points. */
static const char ha_tinh[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"09\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Hà Tĩnh\",\"date\":\"2025-11-14\",\"title\":\"bồi dưỡng cấp ủy\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
    "\"mode\":\"online\",\"schedule\":{\"start\":\"2025-11-22\",\"end\":\"2025-11-23\","
    "\"connection_tests\":[{\"at\":\"2025-11-21T15:00\"}]}," POINTS(
        "{\"level\":\"central\",\"place\":\"điểm cầu Học viện\",\"chair\":\"Giám đốc Học viện\"}," COMMUNES)
    "\"obligations\":[{\"text\":\"Triệu tập học viên; tổng hợp, báo cáo số lượng điểm cầu, đại biểu về Ban Tổ chức Tỉnh ủy trước 9 "
    "giờ ngày 21/11/2025; có thể mở rộng điểm cầu và thành phần\",\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2025-11-21T09:00\",\"relation\":\"before\"},\"_at\":{\"place\":\"mục IV.3, đoạn 2\"}},"
    "{\"text\":\"Kết nối và kiểm tra hệ thống kỹ thuật vào lúc 15 giờ ngày 21/11/2025\",\"owner\":\"Ban Thường vụ Đảng ủy các xã, "
    "phường\",\"due\":{\"kind\":\"datetime\",\"value\":\"2025-11-21T15:00\",\"relation\":\"at\"}}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

static int64_t issue(struct check_store *check, const char *code, const char *sort, const char *plan)
{
    check_act(check, code, sort);
    return check_issue_plan(check, str_from(plan), "", DAY_NONE);
}

SQL(find_counter, "SELECT value FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
static int64_t counted(struct check_store *check, const char *kind, int64_t root_id, int64_t unit_id)
{
    return check_i64(check, &find_counter, BIND(V(str_from(kind)), V(root_id), V(unit_id)));
}

static struct unit place_of(struct check_store *check, const char *code)
{
    struct unit place = { .id = 0 };
    if (*code)
        assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &place));
    else
        assert_ok(&check->cx, unit_find_nation(&check->cx, &place));
    return place;
}

/* The n-th commune's Party committee of a province. */
static struct unit committee(struct check_store *check, const char *code, size_t n)
{
    struct unit_list list = { .len = 0 };
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place_of(check, code).path, &list));
    assert_true(n < list.len);
    return list.at[n];
}

static struct point point_of(struct check_store *check, int64_t root_id, int64_t area_id)
{
    struct point point = { .id = 0 };
    assert_ok(&check->cx, point_find(&check->cx, course_main_point(root_id, area_id), &point));
    assert_ok(&check->cx, point_read_system(&check->cx, &point));
    return point;
}

/* ---- Opening ---- */

static void the_national_plan_opens_a_hub_and_a_point_for_each_province_and_commune(void **state)
{
    struct check_store *check = *state;
    SQL(count_communes, "/*scan*/ SELECT COUNT(*) FROM unit WHERE kind <> 'body' AND level = 'commune'");
    SQL(count_points, "SELECT COUNT(*) FROM point WHERE root_id = $1");
    int64_t root = issue(check, "", "hoc_vien", national);
    int64_t communes = check_i64(check, &count_communes, NO_BIND);
    struct unit nation = place_of(check, "");
    assert_int_equal(communes, 96 + 69);
    assert_int_equal(check_i64(check, &count_points, BIND(V(root))), 1 + 2 + communes);
    assert_int_equal(counted(check, "point_total", root, nation.id), 1 + 2 + communes);
    assert_int_equal(counted(check, "point_total", root, place_of(check, "42").id), 1 + 69);
    assert_int_equal(counted(check, "report_total", root, nation.id), 2 + communes);
    assert_int_equal(counted(check, "point_described", root, nation.id), 1);
    struct point hub = point_of(check, root, nation.id);
    assert_int_equal(hub.level, POINT_HUB);
    assert_str_equal(hub.room, "Học viện");
    assert_str_equal(hub.address, "số 135 đường Nguyễn Phong Sắc");
    struct point commune = point_of(check, root, committee(check, "51", 0).place_id);
    assert_int_equal(commune.level, POINT_COMMUNE);
    assert_false(commune.is_described);
    assert_str_equal(commune.chair_title, "Thường trực đảng ủy");
}

static void the_whole_nation_has_three_thousand_three_hundred_and_fifty_six_points(void **state)
{
    struct check_store *check = *state;
    struct point_areas areas = { .len = 0 };
    int64_t root = issue(check, "", "hoc_vien", national);
    struct unit nation = place_of(check, "");
    assert_int_equal(counted(check, "point_total", root, nation.id), 3356);
    assert_int_equal(counted(check, "report_total", root, nation.id), 3355);
    assert_ok(&check->cx, point_count_below(&check->cx, root, nation.id, &areas));
    int64_t sum = 1;
    for (size_t i = 0; i < areas.len; i++)
        sum += areas.at[i].figures.total;
    assert_int_equal(areas.len, 34);
    assert_int_equal(sum, 3356);
    struct point_list list = { .len = 0 };
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = root, .test = STR("failed"), .limit = 100 }, &list));
    assert_int_equal(list.total, 0);
}

static void a_provinces_paper_fills_its_own_hall_and_hours_and_opens_nothing(void **state)
{
    struct check_store *check = *state;
    int64_t root = issue(check, "", "hoc_vien", national);
    int64_t before = counted(check, "point_total", root, place_of(check, "").id);
    (void)issue(check, "51", "tinh_uy", invitation);
    struct unit province = place_of(check, "51");
    assert_int_equal(counted(check, "point_total", root, place_of(check, "").id), before);
    struct point hall = point_of(check, root, province.id);
    assert_true(hall.is_described);
    assert_str_equal(hall.room, "Hội trường Tỉnh ủy");
    assert_str_equal(hall.address, "số 146 Lê Trung Đình");
    struct point commune = point_of(check, root, committee(check, "51", 5).place_id);
    assert_false(commune.is_described); /* "phòng họp của các Đảng ủy" is no place */
    assert_int_equal(commune.test_opens_at, day_time(day_from_civil(2026, 5, 22), 14, 0));
    assert_int_equal(commune.system_opens_at, day_time(day_from_civil(2026, 5, 23), 7, 0));
    assert_str_equal(commune.system_url, "https://hop.quangngai.invalid");
    struct point other = point_of(check, root, committee(check, "42", 5).place_id);
    assert_int_equal(other.test_opens_at, 0); /* Hà Tĩnh's paper is not out */
    assert_str_equal(other.system_url, "");
}

static void ha_tinh_opens_one_and_sixty_nine(void **state)
{
    struct check_store *check = *state;
    int64_t root = issue(check, "42", "tinh_uy", ha_tinh);
    struct unit province = place_of(check, "42");
    assert_int_equal(counted(check, "point_total", root, province.id), 1 + 69);
    assert_int_equal(counted(check, "report_total", root, province.id), 69);
    struct point hub = point_of(check, root, province.id);
    assert_str_equal(hub.name, "Điểm cầu Học viện");
    assert_int_equal(hub.level, POINT_HUB);
    assert_int_equal(point_of(check, root, committee(check, "42", 0).place_id).test_opens_at,
                     day_time(day_from_civil(2025, 11, 21), 15, 0));
}

static void who_issues_is_told_how_many_points_it_means(void **state)
{
    struct check_store *check = *state;
    struct document document = { .id = 0 };
    struct document_foresight foresight = { .at = ARENA_NEW_ARRAY(&check->cx.arena, struct str, DOCUMENT_FORESIGHT_MAX),
                                            .is_warning = ARENA_NEW_ARRAY(&check->cx.arena, bool, DOCUMENT_FORESIGHT_MAX) };
    size_t len = 0;
    bool is_told = false;
    check_act(check, "42", "tinh_uy");
    int64_t id = check_draft_plan(check, str_from(ha_tinh), "", DAY_NONE);
    assert_ok(&check->cx, document_find(&check->cx, id, &document));
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->foresee)
            assert_ok(&check->cx, listeners[i]->foresee(&check->cx, &document, &foresight));
    }
    for (size_t i = 0; i < foresight.len; i++)
        is_told = is_told || str_starts(foresight.at[i], STR("70 điểm cầu"));
    assert_true(is_told);
}

/* ---- Doing, as one officer ---- */

/* One call of the room, run on the writer as whoever acts. */
struct doing {
    enum { DESCRIBE, ADD, CLOSE, REOPEN, REPORT, CAMPAIGN, CONFERENCE, TEST, OPEN_INCIDENT, CLOSE_INCIDENT, CORRECT } what;
    int64_t id, area_id;
    const void *body;
    struct str words;
    int64_t at;
    int64_t made_id;
};

static enum err run_doing(struct ctx *cx, void *what)
{
    struct doing *d = what;
    switch (d->what) {
    case DESCRIBE:
        return point_describe(cx, d->id, d->body);
    case ADD:
        return point_add(cx, d->id, d->body, &d->made_id);
    case CLOSE:
        return point_close(cx, d->id, d->words);
    case REOPEN:
        return point_reopen(cx, d->id, d->words);
    case REPORT:
        return point_report(cx, d->id, d->area_id, d->body);
    case CAMPAIGN:
        return point_set_campaign(cx, d->id, d->area_id, d->body);
    case CONFERENCE:
        return point_set_conference(cx, d->id, d->area_id, d->body);
    case TEST:
        return point_record_test(cx, d->id, d->body);
    case OPEN_INCIDENT:
        return point_open_incident(cx, d->id, d->body, &d->made_id);
    case CLOSE_INCIDENT:
        return point_close_incident(cx, d->id, d->at, d->words);
    case CORRECT:
        return point_correct_incident(cx, d->id, d->body);
    }
    return ERR_SYSTEM;
}

static enum err act(struct check_store *check, struct doing *doing)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    return check_write(check, run_doing, doing);
}
#define ACT(check, ...) assert_ok(&(check)->cx, act((check), &(struct doing){ __VA_ARGS__ }))
#define REFUSED(check, err, ...) assert_err((err), act((check), &(struct doing){ __VA_ARGS__ }))

static const struct point_tested passed_by_hand = { .how = STR_INIT("hand"), .result = STR_INIT("passed") };
static const struct point_tested failed_by_hand = { .how = STR_INIT("hand"), .result = STR_INIT("failed"),
                                                    .words = STR_INIT("không có tiếng") };

static int64_t at(int year, int month, int date, int hour, int minute)
{
    return day_time(day_from_civil(year, month, date), hour, minute);
}

/* Hà Tĩnh's class, and the n-th commune's committee acting at an hour of 21/11/2025. */
struct scene {
    struct check_store *check;
    int64_t root;
    struct unit province, commune;
    int64_t point;
};

static void be_commune(struct scene *scene, size_t n, int64_t now)
{
    scene->commune = committee(scene->check, "42", n);
    scene->point = course_main_point(scene->root, scene->commune.place_id);
    check_act_for(scene->check, &scene->commune, UINT64_MAX);
    scene->check->cx.now = now;
}

static struct scene ha_tinh_scene(void **state)
{
    struct scene scene = { .check = *state };
    scene.check->cx.now = at(2025, 11, 14, 15, 0);
    scene.root = issue(scene.check, "42", "tinh_uy", ha_tinh);
    scene.province = place_of(scene.check, "42");
    be_commune(&scene, 0, at(2025, 11, 21, 8, 25));
    return scene;
}

SQL(count_duties, "SELECT COUNT(*) FROM duty d JOIN obligation o ON o.id = d.obligation_id WHERE d.unit_id = $1 AND o.closes_by = $2"
                  " AND d.state = $3");
static int64_t duties(struct scene *scene, const char *closes_by, const char *duty_state)
{
    return check_i64(scene->check, &count_duties,
                     BIND(V(scene->commune.id), V(str_from(closes_by)), V(str_from(duty_state))));
}

static int64_t province_counts(struct scene *scene, const char *kind)
{
    return counted(scene->check, kind, scene->root, scene->province.id);
}

/* ---- Reports ---- */

static void a_report_before_nine_closes_the_duty_and_a_later_one_stands_beside_it(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_deadline deadline = { .due_at = 0 };
    assert_ok(&check->cx, point_find_report_deadline(&check->cx, scene.root, scene.commune.place_id, &deadline));
    assert_int_equal(deadline.due_at, at(2025, 11, 21, 9, 0));
    assert_str_equal(deadline.source, "09-KH/TU, mục IV.3, đoạn 2");
    assert_int_equal(duties(&scene, "points_reported", "open"), 1);
    ACT(check, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 1, 48, STR("") });
    assert_int_equal(duties(&scene, "points_reported", "done"), 1);
    assert_int_equal(province_counts(&scene, "report_sent"), 1);
    assert_int_equal(province_counts(&scene, "report_heads"), 48);
    check->cx.now = at(2025, 11, 21, 9, 20);
    ACT(check, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 2, 60, STR("thêm một điểm cầu") });
    struct point_reports reports = { .len = 0 };
    assert_ok(&check->cx, point_list_reports(&check->cx, scene.root, scene.commune.place_id, &reports));
    assert_int_equal(reports.len, 2);
    assert_int_equal(reports.at[0].heads, 48);
    assert_true(reports.at[0].at < reports.at[0].due_at);
    assert_true(reports.at[1].at >= reports.at[1].due_at); /* late, and shown so */
    assert_int_equal(province_counts(&scene, "report_sent"), 1);
    assert_int_equal(province_counts(&scene, "report_points"), 2);
    assert_int_equal(province_counts(&scene, "report_heads"), 60); /* the newest, not the sum */
}

static void a_point_added_after_the_report_leaves_the_report_as_sent(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    ACT(check, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 1, 48, STR("") });
    struct doing adding = { ADD, scene.point, .body = &(struct point_added){ STR("Điểm cầu thôn Đông"), STR("Nhà văn hóa"), 30, STR("") } };
    assert_ok(&check->cx, act(check, &adding));
    assert_int_equal(adding.made_id, course_main_point(scene.root, POINT_SUB_FIRST));
    struct point_reports reports = { .len = 0 };
    struct point_list points = { .len = 0 };
    assert_ok(&check->cx, point_list_reports(&check->cx, scene.root, scene.commune.place_id, &reports));
    assert_ok(&check->cx, point_list_of_area(&check->cx, scene.root, scene.commune.place_id, &points));
    assert_int_equal(reports.at[0].points, 1);
    assert_int_equal(reports.at[0].standing, 1);
    assert_int_equal(points.len, 2);
    assert_true(points.at[0].is_main && !points.at[1].is_main);
    assert_int_equal(province_counts(&scene, "report_points"), 1);
    assert_int_equal(province_counts(&scene, "point_total"), 71);
    ACT(check, CLOSE, adding.made_id, .words = STR("mất điện"));
    assert_int_equal(province_counts(&scene, "point_total"), 70);
    assert_int_equal(province_counts(&scene, "point_closed"), 1);
    REFUSED(check, ERR_CONFLICT, CLOSE, adding.made_id, .words = STR("lần nữa"));
    REFUSED(check, ERR_CONFLICT, TEST, adding.made_id, .body = &passed_by_hand);
    ACT(check, REOPEN, adding.made_id, .words = STR("có điện lại"));
    assert_int_equal(province_counts(&scene, "point_total"), 71);
}

static void a_commune_adds_points_only_where_its_paper_says_so(void **state)
{
    struct check_store *check = *state;
    struct point_added added = { STR("Điểm cầu thôn Đông"), STR("Nhà văn hóa"), 30, STR("") };
    int64_t root = issue(check, "", "hoc_vien", national);
    (void)issue(check, "51", "tinh_uy", invitation); /* widens attendance, not points */
    struct unit unit = committee(check, "51", 3);
    check_act_for(check, &unit, UINT64_MAX);
    REFUSED(check, ERR_CONFLICT, ADD, course_main_point(root, unit.place_id), .body = &added);
    struct scene scene = ha_tinh_scene(state);
    bool may = false;
    struct str place = STR("");
    assert_ok(&check->cx, point_may_add(&check->cx, scene.root, scene.commune.place_id, &may, &place));
    assert_true(may);
    assert_str_equal(place, "09-KH/TU, mục IV.3, đoạn 2");
    ACT(check, ADD, scene.point, .body = &added);
    REFUSED(check, ERR_FORBIDDEN, CLOSE, scene.point, .words = STR("học ghép")); /* the main one only from above */
    check_act(check, "42", "tinh_uy");
    ACT(check, CLOSE, scene.point, .words = STR("học ghép với xã bên"));
}

/* ---- Tests ---- */

static void a_failed_point_that_passes_the_retest_closes_the_duty_and_a_failing_one_opens_it(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    check->cx.now = at(2025, 11, 21, 15, 5);
    ACT(check, TEST, scene.point, .body = &failed_by_hand);
    assert_int_equal(point_of(check, scene.root, scene.commune.place_id).test_state, POINT_FAILED);
    assert_int_equal(province_counts(&scene, "test_failed"), 1);
    assert_int_equal(duties(&scene, "line_tested", "open"), 1);
    ACT(check, TEST, scene.point, .body = &passed_by_hand);
    assert_int_equal(province_counts(&scene, "test_failed"), 0);
    assert_int_equal(province_counts(&scene, "test_passed"), 1);
    assert_int_equal(duties(&scene, "line_tested", "done"), 1);
    ACT(check, TEST, scene.point, .body = &failed_by_hand);
    assert_int_equal(province_counts(&scene, "test_passed"), 0);
    assert_int_equal(duties(&scene, "line_tested", "open"), 1);
    struct point_tests tests = { .len = 0 };
    assert_ok(&check->cx, point_list_tests(&check->cx, scene.point, &tests));
    assert_int_equal(tests.len, 3); /* every one is kept */
}

static void the_duty_waits_for_every_open_point_of_the_area(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct doing adding = { ADD, scene.point, .body = &(struct point_added){ STR("Điểm cầu thôn Đông"), STR("Nhà văn hóa"), 30, STR("") } };
    check->cx.now = at(2025, 11, 21, 15, 5);
    ACT(check, TEST, scene.point, .body = &passed_by_hand);
    assert_int_equal(duties(&scene, "line_tested", "done"), 1);
    assert_ok(&check->cx, act(check, &adding));
    assert_int_equal(duties(&scene, "line_tested", "open"), 1); /* untested: the area is not through */
    ACT(check, CLOSE, adding.made_id, .words = STR("không dùng"));
    assert_int_equal(duties(&scene, "line_tested", "done"), 1);
}

static void a_test_before_the_papers_hour_is_kept_and_does_not_count(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_tests tests = { .len = 0 };
    check->cx.now = at(2025, 11, 20, 9, 0);
    ACT(check, TEST, scene.point, .body = &passed_by_hand);
    assert_int_equal(point_of(check, scene.root, scene.commune.place_id).test_state, POINT_UNTESTED);
    assert_int_equal(duties(&scene, "line_tested", "open"), 1);
    assert_ok(&check->cx, point_list_tests(&check->cx, scene.point, &tests));
    assert_int_equal(tests.len, 1);
    assert_false(tests.at[0].counts);
    /* The province opens its campaign earlier: what was tested since counts, and the duty is met. */
    check_act(check, "42", "tinh_uy");
    ACT(check, CAMPAIGN, scene.root, scene.province.id, &(struct point_campaign_set){ at(2025, 11, 20, 8, 0), 10, 3 });
    assert_int_equal(point_of(check, scene.root, scene.commune.place_id).test_state, POINT_PASSED);
    assert_int_equal(province_counts(&scene, "test_passed"), 1);
    assert_int_equal(duties(&scene, "line_tested", "done"), 1);
    /* And later again: everybody starts anew. */
    ACT(check, CAMPAIGN, scene.root, scene.province.id, &(struct point_campaign_set){ at(2025, 11, 21, 16, 0), 10, 3 });
    assert_int_equal(province_counts(&scene, "test_passed"), 0);
    assert_int_equal(duties(&scene, "line_tested", "open"), 1);
}

static void no_more_points_have_a_turn_at_once_than_the_campaign_says(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_list points = { .len = 0 };
    struct point_filter filter = { .root_id = scene.root };
    enum { AT_ONCE = 10, GROUPS = 8 };
    int64_t in_group[GROUPS] = { 0 };
    check_act(check, "42", "tinh_uy");
    ACT(check, CAMPAIGN, scene.root, scene.province.id, &(struct point_campaign_set){ at(2025, 11, 21, 15, 0), AT_ONCE, 3 });
    assert_ok(&check->cx, point_search(&check->cx, &filter, &points));
    assert_int_equal(points.len, 70);
    for (size_t i = 0; i < points.len; i++) {
        struct point_turn turn = { .ordinal = 0 };
        assert_ok(&check->cx, point_find_turn(&check->cx, &points.at[i], &turn));
        assert_int_equal(turn.from_at, at(2025, 11, 21, 15, 0) + turn.ordinal * 3 * 60000);
        assert_true(turn.ordinal >= 0 && turn.ordinal < GROUPS);
        in_group[turn.ordinal]++;
    }
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(in_group[i], AT_ONCE);
}

static void absurd_figures_are_refused_and_a_verdict_against_them_needs_words(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_tested good = { .how = STR("browser"), .result = STR("passed"), .rtt_ms = 30, .rtt_p95_ms = 55, .down_kbps = 20000,
                                 .up_kbps = 9000, .camera = STR("yes"), .microphone = STR("yes"), .echo = STR("ok"), .echo_rtt_ms = 41 };
    struct str why = STR("");
    check->cx.now = at(2025, 11, 21, 15, 5);
    assert_true(point_judge(&check->cx.arena, &good, &why));
    struct point_tested bad = good;
    bad.rtt_ms = -1;
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = good;
    bad.down_kbps = INT64_C(1000000000);
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = good;
    bad.loss_permille = 1001;
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = good;
    bad.rtt_p95_ms = 10; /* less than the median */
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = passed_by_hand;
    bad.rtt_ms = 20; /* nobody measures by hand */
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = failed_by_hand;
    bad.words = STR("");
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad = good;
    bad.up_kbps = 300;
    assert_false(point_judge(&check->cx.arena, &bad, &why));
    assert_str_equal(why, "tốc độ tải lên 300 kbit/s, cần từ 2.000");
    REFUSED(check, ERR_INVALID, TEST, scene.point, .body = &bad);
    bad.words = STR("đã thử với phòng máy tỉnh, hình và tiếng tốt");
    ACT(check, TEST, scene.point, .body = &bad);
    assert_int_equal(point_of(check, scene.root, scene.commune.place_id).test_state, POINT_PASSED);
}

/* ---- Incidents ---- */

static void an_incident_of_forty_minutes_counts_once_everywhere(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_incidents list = { .len = 0 };
    check->cx.now = at(2025, 11, 22, 9, 12);
    struct doing opening = { OPEN_INCIDENT, scene.point,
                             .body = &(struct point_incident_opened){ STR("line"), STR(""), at(2025, 11, 22, 9, 10), 0, STR("mất hình") } };
    assert_ok(&check->cx, act(check, &opening));
    assert_int_equal(province_counts(&scene, "incident_open"), 1);
    assert_int_equal(province_counts(&scene, "incident_minutes"), 0);
    assert_int_equal(point_of(check, scene.root, scene.commune.place_id).incident_open, 1);
    check->cx.now = at(2025, 11, 22, 9, 55);
    REFUSED(check, ERR_INVALID, CLOSE_INCIDENT, opening.made_id, .at = at(2025, 11, 22, 9, 0), .words = STR(""));
    ACT(check, CLOSE_INCIDENT, opening.made_id, .at = at(2025, 11, 22, 9, 50), .words = STR("thay đầu nối"));
    REFUSED(check, ERR_CONFLICT, CLOSE_INCIDENT, opening.made_id, .at = at(2025, 11, 22, 9, 51), .words = STR(""));
    assert_int_equal(counted(check, "incident_minutes", scene.root, scene.commune.place_id), 40);
    assert_int_equal(province_counts(&scene, "incident_minutes"), 40);
    assert_int_equal(counted(check, "incident_minutes", scene.root, place_of(check, "").id), 40);
    assert_int_equal(province_counts(&scene, "incident_open"), 0);
    assert_int_equal(province_counts(&scene, "incident_total"), 1);
    assert_ok(&check->cx, point_list_incidents(&check->cx, scene.root, scene.point, 0, false, &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.at[0].minutes_lost, 40);
    assert_str_equal(list.at[0].utility, "telecom"); /* the line is theirs unless somebody says otherwise */
    assert_str_equal(list.at[0].words, "mất hình; thay đầu nối");
    check_act(check, "42", "tinh_uy");
    assert_ok(&check->cx, point_list_incidents(&check->cx, scene.root, 0, 0, false, &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.at[0].minutes_lost, 40);
}

static void a_corrected_incident_counts_as_corrected(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    check->cx.now = at(2025, 11, 22, 10, 0);
    struct doing opening = { OPEN_INCIDENT, scene.point,
                             .body = &(struct point_incident_opened){ STR("power"), STR(""), at(2025, 11, 22, 9, 10), at(2025, 11, 22, 9, 50),
                                                                      STR("mất điện") } };
    assert_ok(&check->cx, act(check, &opening));
    assert_int_equal(province_counts(&scene, "incident_minutes"), 40);
    struct point_incident_corrected corrected = { STR("power"), STR("power"), at(2025, 11, 22, 9, 10), at(2025, 11, 22, 9, 40), false, 0,
                                                  STR("mất điện"), STR("điện có lúc 9 giờ 40") };
    ACT(check, CORRECT, opening.made_id, .body = &corrected);
    assert_int_equal(province_counts(&scene, "incident_minutes"), 30);
    corrected.by_hand = true;
    corrected.minutes_lost = 12; /* the generator came on */
    ACT(check, CORRECT, opening.made_id, .body = &corrected);
    assert_int_equal(province_counts(&scene, "incident_minutes"), 12);
    corrected.to_at = 0;
    REFUSED(check, ERR_INVALID, CORRECT, opening.made_id, .body = &corrected);
    corrected.by_hand = false;
    ACT(check, CORRECT, opening.made_id, .body = &corrected); /* it lasts after all */
    assert_int_equal(province_counts(&scene, "incident_open"), 1);
    assert_int_equal(province_counts(&scene, "incident_minutes"), 0);
    corrected.from_at = at(2026, 1, 1, 0, 0);
    REFUSED(check, ERR_INVALID, CORRECT, opening.made_id, .body = &corrected);
}

/* ---- Who sees and does what ---- */

static void contacts_are_seen_by_the_own_unit_and_above_and_by_nobody_else(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point point = { .id = 0 };
    struct point_described described = { .room = STR("Phòng họp trực tuyến"), .seats = 50, .technician_name = STR("Lò Thị Bích"),
                                         .technician_phone = STR("0900 000 123") };
    ACT(check, DESCRIBE, scene.point, .body = &described);
    assert_int_equal(province_counts(&scene, "point_described"), 1);
    assert_ok(&check->cx, point_get(&check->cx, scene.point, &point));
    assert_str_equal(point.technician_phone, "0900 000 123");
    check_act(check, "42", "tinh_uy");
    assert_ok(&check->cx, point_get(&check->cx, scene.point, &point)); /* above */
    struct unit beside = committee(check, "42", 1);
    check_act_for(check, &beside, UINT64_MAX);
    assert_err(ERR_NOT_FOUND, point_get(&check->cx, scene.point, &point));
    assert_err(ERR_NOT_FOUND, point_get(&check->cx, course_main_point(scene.root, scene.province.id), &point)); /* the hub's, from below */
    REFUSED(check, ERR_NOT_FOUND, DESCRIBE, scene.point, .body = &described);
    REFUSED(check, ERR_NOT_FOUND, TEST, scene.point, .body = &passed_by_hand);
    check_act(check, "51", "tinh_uy");
    assert_err(ERR_NOT_FOUND, point_get(&check->cx, scene.point, &point)); /* another province */
    /* A seat that reaches a body alone sees the point of the place that body works for. */
    check->actor.unit_id = scene.commune.id;
    check->actor.scope = unit_scope(&check->cx.arena, scene.commune.path);
    assert_ok(&check->cx, point_get(&check->cx, scene.point, &point));
    struct point_list list = { .len = 0 };
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root }, &list));
    assert_int_equal(list.len, 1);
    check->actor.kind = ACTOR_LINK;
    assert_err(ERR_NOT_FOUND, point_get(&check->cx, scene.point, &point));
}

static void a_provinces_body_sees_its_own_room_and_no_communes(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct unit office = check_body(check, "42", "van_phong_tu");
    struct point_list list = { .len = 0 };
    check->actor.unit_id = office.id;
    check->actor.scope = unit_scope(&check->cx.arena, office.path);
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root }, &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.at[0].area_id, scene.province.id);
}

static void points_are_found_by_state_silence_trouble_and_name(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct point_list list = { .len = 0 };
    check->cx.now = at(2025, 11, 21, 15, 5);
    ACT(check, TEST, scene.point, .body = &failed_by_hand);
    ACT(check, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 1, 48, STR("") });
    ACT(check, OPEN_INCIDENT, scene.point,
        .body = &(struct point_incident_opened){ STR("sound"), STR(""), at(2025, 11, 21, 15, 0), 0, STR("loa hỏng") });
    check_act(check, "42", "tinh_uy");
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .test = STR("failed") }, &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.at[0].id, scene.point);
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .only_silent = true }, &list));
    assert_int_equal(list.total, 68);
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .only_troubled = true }, &list));
    assert_int_equal(list.len, 1);
    struct str name = point_of(check, scene.root, scene.commune.place_id).area_name;
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .text = name }, &list));
    assert_true(list.len >= 1);
    assert_ok(&check->cx, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .limit = 10, .offset = 65 }, &list));
    assert_int_equal(list.len, 5);
    assert_int_equal(list.total, 70);
    assert_err(ERR_NOT_FOUND, point_search(&check->cx, &(struct point_filter){ .root_id = scene.root, .area_id = place_of(check, "51").id }, &list));
}

static enum err run_recall(struct ctx *cx, void *what)
{
    return document_recall(cx, *(const int64_t *)what, STR("hoãn lớp"));
}

static void nothing_is_recorded_for_a_recalled_class(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    check_act(check, "42", "tinh_uy");
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_recall, &scene.root));
    be_commune(&scene, 0, at(2025, 11, 21, 15, 5));
    REFUSED(check, ERR_CONFLICT, TEST, scene.point, .body = &passed_by_hand);
    REFUSED(check, ERR_CONFLICT, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 1, 48, STR("") });
}

static void a_conference_set_for_an_area_stands_in_for_the_papers(void **state)
{
    struct check_store *check = *state;
    int64_t root = issue(check, "", "hoc_vien", national);
    (void)issue(check, "51", "tinh_uy", invitation);
    struct unit province = place_of(check, "51");
    struct unit commune = committee(check, "51", 2);
    struct point_conference_set set = { STR("phòng họp số 2"), STR("http://hop.invalid"), at(2026, 5, 23, 6, 30) };
    REFUSED(check, ERR_INVALID, CONFERENCE, root, province.id, &set); /* in the clear */
    set.system_url = STR("https://hop2.invalid");
    ACT(check, CONFERENCE, root, province.id, &set);
    assert_str_equal(point_of(check, root, commune.place_id).system_url, "https://hop2.invalid");
    assert_int_equal(point_of(check, root, commune.place_id).system_opens_at, at(2026, 5, 23, 6, 30));
    assert_str_equal(point_of(check, root, committee(check, "42", 2).place_id).system_url, "");
}

/* ---- The same facts again ---- */

static void facts_applied_again_give_the_same_points_and_counters(void **state)
{
    struct scene scene = ha_tinh_scene(state);
    struct check_store *check = scene.check;
    struct store_findings findings = { .len = 0 };
    unsigned char before[32];
    unsigned char after[32];
    ACT(check, REPORT, scene.root, scene.commune.place_id, &(struct point_reported){ 1, 48, STR("") });
    ACT(check, ADD, scene.point, .body = &(struct point_added){ STR("Điểm cầu thôn Đông"), STR("Nhà văn hóa"), 30, STR("") });
    check->cx.now = at(2025, 11, 21, 15, 5);
    ACT(check, TEST, scene.point, .body = &failed_by_hand);
    ACT(check, OPEN_INCIDENT, scene.point,
        .body = &(struct point_incident_opened){ STR("line"), STR(""), at(2025, 11, 21, 15, 0), at(2025, 11, 21, 15, 4), STR("đứt cáp") });
    check_act(check, "42", "tinh_uy");
    ACT(check, CAMPAIGN, scene.root, scene.province.id, &(struct point_campaign_set){ at(2025, 11, 21, 14, 0), 10, 3 });
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
    assert_ok(&check->cx, store_check(&check->cx, check->store, &findings));
    for (size_t i = 0; i < findings.len; i++)
        print_error(STR_FMT "\n", STR_ARG(findings.at[i]));
    assert_int_equal(findings.len, 0);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(the_national_plan_opens_a_hub_and_a_point_for_each_province_and_commune),
        cmocka_unit_test_setup_teardown(the_whole_nation_has_three_thousand_three_hundred_and_fifty_six_points, open_nation,
                                        check_store_close),
        ON(a_provinces_paper_fills_its_own_hall_and_hours_and_opens_nothing),
        ON(ha_tinh_opens_one_and_sixty_nine),
        ON(who_issues_is_told_how_many_points_it_means),
        ON(a_report_before_nine_closes_the_duty_and_a_later_one_stands_beside_it),
        ON(a_point_added_after_the_report_leaves_the_report_as_sent),
        ON(a_commune_adds_points_only_where_its_paper_says_so),
        ON(a_failed_point_that_passes_the_retest_closes_the_duty_and_a_failing_one_opens_it),
        ON(the_duty_waits_for_every_open_point_of_the_area),
        ON(a_test_before_the_papers_hour_is_kept_and_does_not_count),
        ON(no_more_points_have_a_turn_at_once_than_the_campaign_says),
        ON(absurd_figures_are_refused_and_a_verdict_against_them_needs_words),
        ON(an_incident_of_forty_minutes_counts_once_everywhere),
        ON(a_corrected_incident_counts_as_corrected),
        ON(contacts_are_seen_by_the_own_unit_and_above_and_by_nobody_else),
        ON(a_provinces_body_sees_its_own_room_and_no_communes),
        ON(points_are_found_by_state_silence_trouble_and_name),
        ON(nothing_is_recorded_for_a_recalled_class),
        ON(a_conference_set_for_an_area_stands_in_for_the_papers),
        ON(facts_applied_again_give_the_same_points_and_counters),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
