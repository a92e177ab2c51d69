#include "check/check_paper.h"
#include "check/check_site.h"
#include "obligation/obligation.h"
#include "point/point.h"

/* Points of the classes that the Academy, Quảng Ngãi and Hà Tĩnh open, on a nation of those two provinces. */

static int open_ground(void **state)
{
    static struct fact_kinds kinds[4];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
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
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
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
    assert_ok(&check->cx, point_find(&check->cx, point_id_of_area(root_id, area_id), &point));
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

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(the_national_plan_opens_a_hub_and_a_point_for_each_province_and_commune),
        ON(a_provinces_paper_fills_its_own_hall_and_hours_and_opens_nothing),
        ON(ha_tinh_opens_one_and_sixty_nine),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
