#include "check/check_paper.h"
#include "check/check_site.h"
#include "nomination/nomination_pages.h"
#include "obligation/obligation.h"
#include "person/person.h"

#include <string.h>

/* The pages of lists through the real router, on a nation with Quảng Ngãi and Hà Tĩnh and one issued paper. */

static struct route_table rooms[2];

static int open_ground(void **state)
{
    static struct fact_kinds kinds[5];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    kinds[0] = unit_facts;
    kinds[1] = person_facts;
    kinds[2] = document_facts;
    kinds[3] = obligation_facts;
    kinds[4] = nomination_facts;
    fact_register(kinds, LEN(kinds));
    obligation_start();
    course_start();
    nomination_start();
    rooms[0] = course_routes;
    rooms[1] = nomination_routes;
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 16), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static const char paper[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"giay_moi\",\"number\":\"12\",\"symbol\":\"GM/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-16\",\"title\":\"dự lớp bồi dưỡng\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\","
    "\"opening\":\"2026-05-23T08:00\",\"arrive_before_minutes\":10},"
    "\"points\":[{\"level\":\"province\",\"place\":\"Hội trường\",\"attendees\":["
    "\"Đại diện lãnh đạo các sở, ban, ngành\",\"Các cơ quan: Sở Nội vụ, mỗi cơ quan cử 05 đồng chí\"],"
    "\"_at\":{\"place\":\"mục II.1.2.2\"}},"
    "{\"level\":\"commune\",\"place\":\"phòng họp\",\"attendees\":[\"Cán bộ lãnh đạo cấp xã; có thể mở rộng thành phần\"]}],"
    "\"quotas\":[{\"unit\":\"Sở Nội vụ\",\"count\":5},{\"unit\":\"Hội Khuyến học\",\"count\":2}],"
    "\"obligations\":[{\"text\":\"Các cơ quan, đơn vị lập danh sách cụ thể gửi Ban Tổ chức Tỉnh ủy\","
    "\"owner\":\"Các cơ quan, đơn vị\",\"due\":{\"kind\":\"date\",\"value\":\"2026-05-23\",\"relation\":\"before\"}}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Sở Nội vụ\"]}";

struct scene {
    struct check_store *check;
    struct check_site *site;
    int64_t course_id, quota_id;
    struct unit interior, party, foreign;
    int64_t an, binh, foreign_person;
};

struct hiring {
    struct scene *scene;
    int64_t unit_id;
    const char *name;
    int32_t birth_day;
    int64_t *ret_id;
};

static enum err run_hire(struct ctx *cx, void *what)
{
    const struct hiring *hiring = what;
    struct person_values values = { .full_name = str_from(hiring->name), .birth_day = hiring->birth_day, .sex = STR("nam"),
                                    .phone = STR(""), .mail = STR("") };
    return person_create(cx, hiring->unit_id, &values, STR("Trưởng phòng"), day_from_civil(2025, 7, 1), hiring->ret_id);
}

static int64_t hire(struct scene *scene, const struct unit *unit, const char *name, int year)
{
    int64_t id = 0;
    struct hiring hiring = { scene, unit->id, name, day_from_civil(year, 2, 3), &id };
    check_act_for(scene->check, unit, UINT64_MAX);
    assert_ok(&scene->check->cx, check_write(scene->check, run_hire, &hiring));
    return id;
}

static void be(struct scene *scene, const struct unit *unit, uint64_t permissions)
{
    site_be(scene->site, unit->path, permissions);
    scene->site->officer.unit_id = unit->id;
    scene->site->officer.unit_name = unit->full_name;
}

/* Over the whole area of the body's place, as a Party committee is. */
static void lead(struct scene *scene, const struct unit *unit)
{
    struct unit place = { .id = 0 };
    assert_ok(&scene->check->cx, unit_find(&scene->check->cx, unit->place_id, &place));
    be(scene, unit, UINT64_MAX);
    scene->site->officer.scope = unit_scope(&scene->check->cx.arena, place.path);
}

static struct scene *open_scene(struct check_store *check)
{
    struct ctx *cx = &check->cx;
    struct scene *scene = ARENA_NEW(&cx->arena, struct scene);
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    scene->check = check;
    scene->interior = check_body(check, "51", "so_noi_vu");
    scene->foreign = check_body(check, "42", "so_noi_vu");
    assert_ok(cx, unit_find_code(cx, STR("51"), &place));
    assert_ok(cx, unit_find_by_sort(cx, STR("dang_uy_xa"), place.path, &communes));
    scene->party = communes.at[0];
    scene->an = hire(scene, &scene->interior, "Nguyễn Văn An", 1980);
    scene->binh = hire(scene, &scene->interior, "Lò Thị Bình", 1985);
    scene->foreign_person = hire(scene, &scene->foreign, "Hồ Văn Khuếch", 1985);
    check_act(check, "51", "tinh_uy");
    scene->course_id = check_issue_plan(check, str_from(paper), "", DAY_NONE);
    scene->quota_id = scene->course_id * NOMINATION_QUOTAS_PER_COURSE + 1;
    scene->site = site_open(check, rooms, LEN(rooms));
    be(scene, &scene->interior, UINT64_MAX);
    return scene;
}

static const char *path(struct scene *scene, const char *format, int64_t id)
{
    struct arena *arena = &scene->check->cx.arena;
    struct buf out;
    buf_init(&out, arena);
    buf_format(&out, "/lop/%lld", (long long)scene->course_id);
    for (struct str rest = str_from(format); rest.len > 0;) {
        size_t at = str_find(rest, STR("#"));
        buf_put(&out, str_sub(rest, 0, at));
        if (at < rest.len)
            buf_put_i64(&out, id);
        rest = str_sub(rest, at + 1, SIZE_MAX);
    }
    return str_to_c(arena, buf_str(&out));
}

static const char *form(struct scene *scene, const struct unit *unit, const char *rest)
{
    return str_to_c(&scene->check->cx.arena,
                    str_format(&scene->check->cx.arena, "unit_id=%lld%s", (long long)unit->id, rest));
}

static const char *person_form(struct scene *scene, const struct unit *unit, int64_t person_id, const char *rest)
{
    return str_to_c(&scene->check->cx.arena, str_format(&scene->check->cx.arena, "unit_id=%lld&person_id=%lld%s",
                                                        (long long)unit->id, (long long)person_id, rest));
}

static void name_an(struct scene *scene)
{
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/them", scene->quota_id),
                               person_form(scene, &scene->interior, scene->an, "")),
                     303);
}

static void a_unit_sees_its_quota_its_paper_and_its_deadline(void **state)
{
    struct scene *scene = open_scene(*state);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Sở Nội vụ: 05 đồng chí"));
    assert_true(site_body_has(scene->site, "Đã cử 0/5"));
    assert_true(site_body_has(scene->site, "Giấy mời số 12-GM/TU, mục II.1.2.2"));
    assert_true(site_body_has(scene->site, "hạn trước ngày 23/5/2026"));
    assert_true(site_body_has(scene->site, "#doan-"));
    assert_int_equal(site_get(scene->site, path(scene, "", 0)), 200);
    assert_true(site_body_has(scene->site, "Danh sách cử học (Sở Nội vụ): 0/5, hạn trước ngày 23/5/2026"));
}

static void officials_are_found_with_or_without_diacritics_and_named_by_one_press(void **state)
{
    struct scene *scene = open_scene(*state);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/them?tim=lo%20binh", scene->quota_id)), 200);
    assert_true(site_body_has(scene->site, "Lò Thị Bình"));
    assert_false(site_body_has(scene->site, "Nguyễn Văn An"));
    name_an(scene);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_true(site_body_has(scene->site, "Đã cử 1/5"));
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/them", scene->quota_id)), 200);
    assert_true(site_body_has(scene->site, "đã có trong danh sách"));
}

static void those_ticked_are_named_at_once_or_none_of_them(void **state)
{
    SQL(count_names, "/*scan*/ SELECT COUNT(*) FROM nomination_name");
    struct scene *scene = open_scene(*state);
    struct arena *arena = &scene->check->cx.arena;
    const char *to = path(scene, "/cu-hoc/#/them-nhieu", scene->quota_id);
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, "")), 422);
    assert_true(site_body_has(scene->site, "Đánh dấu những người được cử"));
    const char *foreign = str_to_c(arena, str_format(arena, "&chon=%lld&chon=%lld", (long long)scene->an,
                                                     (long long)scene->foreign_person));
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, foreign)), 404);
    assert_int_equal(check_i64(scene->check, &count_names, NO_BIND), 0);
    const char *both = str_to_c(arena, str_format(arena, "&chon=%lld&chon=%lld", (long long)scene->an, (long long)scene->binh));
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, both)), 303);
    assert_int_equal(check_i64(scene->check, &count_names, NO_BIND), 2);
}

static void a_new_official_gets_a_record_and_a_seat_at_once(void **state)
{
    struct scene *scene = open_scene(*state);
    const char *to = path(scene, "/cu-hoc/#/them-moi", scene->quota_id);
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, "&full_name=Tr%E1%BA%A7n%20V%C4%83n%20D%C5%A9ng&title=Chuy%C3%AAn%20vi%C3%AAn")), 303);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Trần Văn Dũng"));
    /* The same again, in letters that came apart (NFD): it is the same person. */
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, "&full_name=Tra%CC%82%CC%80n%20Va%CC%86n%20Du%CC%83ng")), 422);
    assert_true(site_body_has(scene->site, "đã có hồ sơ"));
}

static void a_double_is_refused_with_a_form_for_its_reason(void **state)
{
    struct scene *scene = open_scene(*state);
    name_an(scene);
    lead(scene, &scene->interior);
    struct unit lead_unit = check_body(scene->check, "51", "tinh_uy");
    lead(scene, &lead_unit);
    int64_t second = scene->quota_id + 1;
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu", 0)), 200);
    assert_true(site_body_has(scene->site, "Chỉ tiêu chưa rõ đơn vị"));
    assert_true(site_body_has(scene->site, "Hội Khuyến học"));
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu/#/don-vi?tim=so%20noi%20vu", second)), 200);
    assert_true(site_body_has(scene->site, "Giao chỉ tiêu"));
    assert_int_equal(site_post(scene->site, path(scene, "/chi-tieu/#/don-vi", second), form(scene, &scene->interior, "")), 303);
    be(scene, &scene->interior, UINT64_MAX);
    const char *to = path(scene, "/cu-hoc/#/them", second);
    assert_int_equal(site_post(scene->site, to, person_form(scene, &scene->interior, scene->an, "")), 409);
    assert_true(site_body_has(scene->site, "Vẫn cử"));
    assert_true(site_body_has(scene->site, "Sở Nội vụ tỉnh Quảng Ngãi (09:00 ngày 16/5/2026)"));
    assert_int_equal(site_post(scene->site, to, person_form(scene, &scene->interior, scene->an, "&double_reason=hai%20kh%E1%BB%91i")), 303);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "trùng với Sở Nội vụ"));
    lead(scene, &lead_unit);
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu", 0)), 200);
    assert_true(site_body_has(scene->site, "Người được cử nhiều nơi"));
    assert_true(site_body_has(scene->site, "hai khối"));
}

static void two_records_of_one_name_and_birthday_are_pointed_out(void **state)
{
    struct scene *scene = open_scene(*state);
    struct unit above = check_body(scene->check, "51", "tinh_uy");
    int64_t other = hire(scene, &scene->party, "Nguyễn Văn An", 1980);
    int64_t namesake = hire(scene, &scene->party, "Lò Thị Bình", 1970);
    name_an(scene);
    lead(scene, &scene->party);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/rieng/them", 0), person_form(scene, &scene->party, other, "")), 303);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/rieng/them", 0), person_form(scene, &scene->party, namesake, "")), 303);
    lead(scene, &above);
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu", 0)), 200);
    assert_false(site_body_has(scene->site, "có thể là một người"));
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu?xem=trung", 0)), 200);
    assert_true(site_body_has(scene->site, "có thể là một người"));
    assert_true(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_false(site_body_has(scene->site, "Lò Thị Bình")); /* another day of birth */
}

/* ---- Pasting ---- */

static struct str value_behind(struct str body, const char *mark)
{
    size_t at = str_find(body, str_from(mark));
    if (at == body.len)
        return STR("");
    struct str rest = str_sub(body, at + strlen(mark), SIZE_MAX);
    return str_cut(&rest, '"');
}

#define LINES "1.%20Nguyen%20Van%20An%0A%C4%91%E1%BB%93ng%20ch%C3%AD%20Tr%E1%BA%A7n%20V%C4%83n%20M%E1%BB%9Bi,%20Ph%C3%B3%20ph%C3%B2ng,%2012/4/1990%0A123%20456%0AAn%0ANguyen%20Van%20An"

static void a_pasted_list_is_shown_line_by_line_and_nothing_is_taken_before(void **state)
{
    SQL(count_names, "/*scan*/ SELECT COUNT(*) FROM nomination_name");
    struct scene *scene = open_scene(*state);
    const char *to = path(scene, "/cu-hoc/#/dan", scene->quota_id);
    assert_int_equal(site_post(scene->site, to, form(scene, &scene->interior, "&text=" LINES)), 200);
    assert_true(site_body_has(scene->site, "5 dòng: 1 có hồ sơ, 1 hồ sơ mới, 3 không nhận"));
    assert_true(site_body_has(scene->site, "trùng với dòng 1"));
    assert_true(site_body_has(scene->site, "họ tên có chữ số"));
    assert_true(site_body_has(scene->site, "chưa đủ họ và tên"));
    assert_int_equal(check_i64(scene->check, &count_names, NO_BIND), 0);
    struct str digest = str_copy(&scene->check->cx.arena,
                                 value_behind(buf_str(&scene->site->res.body), "name=\"digest\" value=\""));
    assert_int_equal(digest.len, 32);
    assert_true(site_body_has(scene->site, "/dan/ghi?don-vi="));
    const char *confirm = str_to_c(&scene->check->cx.arena,
                                   str_format(&scene->check->cx.arena, "unit_id=%lld&digest=" STR_FMT "&text=%s",
                                              (long long)scene->interior.id, STR_ARG(digest), LINES));
    const char *done = path(scene, "/cu-hoc/#/dan/ghi", scene->quota_id);
    assert_true(site_body_has(scene->site, "/dan/ghi?don-vi=")); /* what the page's own button leads to */
    assert_int_equal(site_post(scene->site, done, form(scene, &scene->interior, "&digest=00112233445566778899aabbccddeeff&text=" LINES)), 409);
    assert_int_equal(check_i64(scene->check, &count_names, NO_BIND), 0);
    assert_int_equal(site_post(scene->site, done, confirm), 303);
    assert_int_equal(check_i64(scene->check, &count_names, NO_BIND), 2);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Trần Văn Mới"));
    assert_true(site_body_has(scene->site, "Phó phòng"));
    assert_true(site_body_has(scene->site, "12/4/1990") || site_body_has(scene->site, "12/04/1990"));
}

static void a_pasted_list_stops_at_the_quota_and_at_five_hundred(void **state)
{
    struct scene *scene = open_scene(*state);
    struct buf text;
    const char *to = path(scene, "/cu-hoc/#/dan", scene->quota_id);
    buf_init(&text, &scene->check->cx.arena);
    for (int i = 0; i < 7; i++)
        buf_format(&text, "%sTran%%20Van%%20%c%c", i ? "%0A" : "", 'A' + i, 'a' + i);
    const char *fields = str_to_c(&scene->check->cx.arena,
                                  str_format(&scene->check->cx.arena, "unit_id=%lld&text=" STR_FMT,
                                             (long long)scene->interior.id, STR_ARG(buf_str(&text))));
    assert_int_equal(site_post(scene->site, to, fields), 200);
    assert_true(site_body_has(scene->site, "vượt chỉ tiêu"));
    assert_true(site_body_has(scene->site, "5 hồ sơ mới, 2 không nhận"));
    buf_init(&text, &scene->check->cx.arena);
    for (int i = 0; i < 501; i++)
        buf_format(&text, "Tran%%20Van%%20A%%0A");
    fields = str_to_c(&scene->check->cx.arena, str_format(&scene->check->cx.arena, "unit_id=%lld&text=" STR_FMT,
                                                          (long long)scene->interior.id, STR_ARG(buf_str(&text))));
    assert_int_equal(site_post(scene->site, to, fields), 422);
    assert_true(site_body_has(scene->site, "tối đa 500 người"));
    assert_true(site_post(scene->site, to, form(scene, &scene->interior, "&text=Nguy%E1%BB%C5n")) >= 400); /* no UTF-8 */
}

/* ---- Approved, sent, changed ---- */

static void a_list_goes_from_draft_to_sent_and_keeps_its_versions(void **state)
{
    SQL(find_name, "/*scan*/ SELECT MAX(id) FROM nomination_name");
    struct scene *scene = open_scene(*state);
    name_an(scene);
    int64_t name_id = check_i64(scene->check, &find_name, NO_BIND);
    be(scene, &scene->interior, UINT64_C(1) << PERMISSION_NOMINATION_READ | UINT64_C(1) << PERMISSION_NOMINATION_WRITE |
                                    UINT64_C(1) << PERMISSION_PERSON_READ | UINT64_C(1) << PERMISSION_COURSE_READ);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_false(site_body_has(scene->site, "Duyệt danh sách"));
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/duyet", scene->quota_id), form(scene, &scene->interior, "")), 403);
    be(scene, &scene->interior, UINT64_MAX);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/duyet", scene->quota_id), form(scene, &scene->interior, "")), 303);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/gui", scene->quota_id), form(scene, &scene->interior, "")), 303);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Đã gửi lúc 09:00 ngày 16/5/2026"));
    assert_false(site_body_has(scene->site, "Thêm người"));
    assert_int_equal(site_get(scene->site, path(scene, "/ten/#", name_id)), 200);
    assert_true(site_body_has(scene->site, "Thay bằng người khác"));
    assert_true(site_body_has(scene->site, "/thay\""));
    const char *by = str_to_c(&scene->check->cx.arena, str_format(&scene->check->cx.arena, "person_id=%lld&reason=%%E1%%BB%%91m",
                                                                   (long long)scene->binh));
    assert_int_equal(site_post(scene->site, path(scene, "/ten/#/thay", name_id), by), 303);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "/phien-ban/2?don-vi="));
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/phien-ban/2", scene->quota_id)), 200);
    assert_true(site_body_has(scene->site, "Thêm so với lần trước"));
    assert_true(site_body_has(scene->site, "Bớt so với lần trước"));
    assert_true(site_body_has(scene->site, "lý do: ốm"));
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/phien-ban/1", scene->quota_id)), 200);
    assert_true(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_false(site_body_has(scene->site, "Lò Thị Bình"));
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/phien-ban/3", scene->quota_id)), 404);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc/#/in", scene->quota_id)), 200);
    assert_true(site_body_has(scene->site, "DANH SÁCH CỬ ĐI HỌC"));
    assert_true(site_body_has(scene->site, "01 (một) đồng chí"));
    struct unit above = check_body(scene->check, "51", "tinh_uy");
    lead(scene, &above);
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu?trang-thai=da-gui", 0)), 200);
    assert_true(site_body_has(scene->site, "Sở Nội vụ tỉnh Quảng Ngãi"));
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu/danh-sach", 0)), 200);
    assert_true(site_body_has(scene->site, "\"Sở Nội vụ tỉnh Quảng Ngãi\",\"Sở Nội vụ\",\"05 đồng chí\",1,\"Đã gửi\""));
    const char *back = str_to_c(&scene->check->cx.arena,
                                str_format(&scene->check->cx.arena, "unit_id=%lld&reason=thi%%E1%%BA%%BFu", (long long)scene->interior.id));
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/tra-lai", scene->quota_id), back), 303);
    be(scene, &scene->interior, UINT64_MAX);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "Danh sách bị trả lại: thiếu"));
}

/* ---- Strangers ---- */

static void a_foreign_unit_sees_nothing_of_the_class(void **state)
{
    SQL(find_name, "/*scan*/ SELECT MAX(id) FROM nomination_name");
    struct scene *scene = open_scene(*state);
    name_an(scene);
    int64_t name_id = check_i64(scene->check, &find_name, NO_BIND);
    be(scene, &scene->foreign, UINT64_MAX);
    static const char *const pages[] = { "/cu-hoc", "/chi-tieu", "/chi-tieu/danh-sach", "/the", "/ky-ten", "/dai-bieu",
                                         "/cu-hoc/rieng/them", "/cu-hoc/rieng/dan", "/cu-hoc/rieng/in" };
    for (size_t i = 0; i < LEN(pages); i++)
        assert_int_equal(site_get(scene->site, path(scene, pages[i], 0)), 404);
    assert_int_equal(site_get(scene->site, path(scene, "/ten/#", name_id)), 404);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/them", scene->quota_id),
                               person_form(scene, &scene->interior, scene->an, "")),
                     404);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/gui", scene->quota_id), form(scene, &scene->interior, "")), 404);
    be(scene, &scene->party, UINT64_MAX); /* the class is theirs too, the list is not */
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc?don-vi=#", scene->interior.id)), 404);
    assert_int_equal(site_get(scene->site, path(scene, "/the?don-vi=#", scene->interior.id)), 404);
    assert_int_equal(site_get(scene->site, path(scene, "/chi-tieu", 0)), 200);
    assert_false(site_body_has(scene->site, "Sở Nội vụ"));
}

/* ---- A commune, its cards, its signing sheet ---- */

static void a_signing_sheet_has_the_learners_in_the_order_of_the_roll(void **state)
{
    struct scene *scene = open_scene(*state);
    struct learners list = { .len = 0 };
    int64_t yen = hire(scene, &scene->party, "Nguyễn Thị Yến", 1980);
    int64_t anh = hire(scene, &scene->party, "Nguyễn Thị Ánh", 1981);
    lead(scene, &scene->party);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/rieng/them", 0), person_form(scene, &scene->party, yen, "")), 303);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/rieng/them", 0),
                               person_form(scene, &scene->party, anh, "&is_widened=1")),
                     303);
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_true(site_body_has(scene->site, "mở rộng"));
    assert_true(site_body_has(scene->site, "Cán bộ lãnh đạo cấp xã"));
    assert_ok(&scene->check->cx, learner_list_of_point(&scene->check->cx, scene->course_id, scene->party.place_id,
                                                       course_main_point(scene->course_id, scene->party.place_id), true, &list));
    assert_int_equal(list.len, 2);
    assert_int_equal(site_get(scene->site, path(scene, "/ky-ten", 0)), 200);
    struct str body = buf_str(&scene->site->res.body);
    size_t from = 0;
    for (size_t i = 0; i < list.len; i++) {
        size_t at = str_find(body, list.at[i].full_name);
        assert_true(at < body.len && at > from);
        from = at;
    }
    assert_true(site_body_has(scene->site, "Buổi sáng, 23/5/2026"));
    assert_true(site_body_has(scene->site, "Ký tên"));
    assert_int_equal(site_get(scene->site, path(scene, "/ky-ten?buoi=5", 0)), 404);
}

static const char *learner_path(struct scene *scene, const char *tail)
{
    SQL(find_learner, "/*scan*/ SELECT MAX(id) FROM nomination_learner");
    struct learner learner = { .id = 0 };
    assert_ok(&scene->check->cx, learner_find(&scene->check->cx, check_i64(scene->check, &find_learner, NO_BIND), &learner));
    struct arena *arena = &scene->check->cx.arena;
    return str_to_c(arena, str_format(arena, "/hv/" STR_FMT "%s", STR_ARG(learner_code(&scene->check->cx, &learner)), tail));
}

static enum err show_words(struct ctx *cx, const struct request *req, const struct learner *learner, struct str code,
                           struct safe_html *ret_block)
{
    (void)req;
    (void)code;
    *ret_block = (struct safe_html){ str_format(&cx->arena, "<p>khối của phòng dưới, %lld</p>", (long long)learner->id) };
    return OK;
}

static void a_learner_sees_the_own_page_by_the_code_alone(void **state)
{
    struct scene *scene = open_scene(*state);
    name_an(scene);
    assert_int_equal(site_post(scene->site, path(scene, "/cu-hoc/#/them", scene->quota_id),
                               person_form(scene, &scene->interior, scene->binh, "")),
                     303);
    learner_register_block(show_words);
    const char *page = learner_path(scene, "");
    const char *calendar = learner_path(scene, "/lich.ics");
    site_be(scene->site, STR(""), 0);
    assert_int_equal(site_get(scene->site, page), 200);
    assert_true(site_body_has(scene->site, "Lò Thị Bình"));
    assert_false(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_true(site_body_has(scene->site, "Thứ Bảy, 23/5/2026"));
    assert_true(site_body_has(scene->site, "từ 08:00"));
    assert_true(site_body_has(scene->site, "trước giờ học 10 phút"));
    assert_true(site_body_has(scene->site, "data:image/png;base64,"));
    assert_true(site_body_has(scene->site, "khối của phòng dưới"));
    assert_false(scene->site->res.is_public);
    assert_int_equal(site_get(scene->site, calendar), 200);
    assert_true(site_body_has(scene->site, "BEGIN:VEVENT"));
    assert_int_equal(site_get(scene->site, "/hv/ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 404);
    assert_int_equal(site_get(scene->site, "/hv/1"), 404);
    assert_int_equal(site_get(scene->site, "/hv/1/lich.ics"), 404);
    assert_int_equal(site_get(scene->site, learner_path(scene, "/tai-lieu/999")), 404);
}

static void cards_are_for_who_keeps_the_list_and_an_old_one_dies(void **state)
{
    SQL(find_name, "/*scan*/ SELECT MAX(id) FROM nomination_name");
    struct scene *scene = open_scene(*state);
    name_an(scene);
    const char *old_page = learner_path(scene, "");
    assert_int_equal(site_get(scene->site, path(scene, "/the", 0)), 200);
    assert_true(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_true(site_body_has(scene->site, old_page));
    int64_t name_id = check_i64(scene->check, &find_name, NO_BIND);
    assert_int_equal(site_post(scene->site, path(scene, "/ten/#/doi-ma", name_id), ""), 303);
    assert_int_equal(site_get(scene->site, old_page), 404);
    assert_int_equal(site_get(scene->site, learner_path(scene, "")), 200);
    struct unit above = check_body(scene->check, "51", "tinh_uy");
    lead(scene, &above);
    assert_int_equal(site_get(scene->site, path(scene, "/the?don-vi=#", scene->interior.id)), 403);
}

static void guests_stand_apart(void **state)
{
    struct scene *scene = open_scene(*state);
    assert_int_equal(site_get(scene->site, path(scene, "/dai-bieu?tim=an", 0)), 200);
    assert_true(site_body_has(scene->site, "Ghi tên"));
    assert_true(site_body_has(scene->site, "Đại diện lãnh đạo các sở"));
    assert_int_equal(site_post(scene->site, path(scene, "/dai-bieu", 0), person_form(scene, &scene->interior, scene->an, "")), 303);
    assert_int_equal(site_get(scene->site, path(scene, "/dai-bieu", 0)), 200);
    assert_true(site_body_has(scene->site, "Nguyễn Văn An"));
    assert_int_equal(site_get(scene->site, path(scene, "/cu-hoc", 0)), 200);
    assert_false(site_body_has(scene->site, "Nguyễn Văn An"));
}

/* ---- The picture ---- */

static void a_qr_picture_is_a_png_whose_parts_check(void **state)
{
    struct ctx cx = { .env = env_real() };
    (void)state;
    arena_init(&cx.arena, cx.env, 1 << 20);
    struct url url = qr_picture(&cx.arena, STR("https://diemcau.example/hv/ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    assert_true(str_starts(url.text, STR("data:image/png;base64,iVBORw0KGgo")));
    assert_true(url.text.len > 300 && url.text.len < 2000);
    struct url same = qr_picture(&cx.arena, STR("https://diemcau.example/hv/ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    assert_true(str_eq(url.text, same.text));
    struct url other = qr_picture(&cx.arena, STR("https://diemcau.example/hv/BBCDEFGHIJKLMNOPQRSTUVWXYZ"));
    assert_false(str_eq(url.text, other.text));
    arena_end(&cx.arena);
}

int main(void)
{
#define SENTENCE(f) cmocka_unit_test_setup_teardown(f, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        SENTENCE(a_unit_sees_its_quota_its_paper_and_its_deadline),
        SENTENCE(officials_are_found_with_or_without_diacritics_and_named_by_one_press),
        SENTENCE(those_ticked_are_named_at_once_or_none_of_them),
        SENTENCE(a_new_official_gets_a_record_and_a_seat_at_once),
        SENTENCE(a_double_is_refused_with_a_form_for_its_reason),
        SENTENCE(two_records_of_one_name_and_birthday_are_pointed_out),
        SENTENCE(a_pasted_list_is_shown_line_by_line_and_nothing_is_taken_before),
        SENTENCE(a_pasted_list_stops_at_the_quota_and_at_five_hundred),
        SENTENCE(a_list_goes_from_draft_to_sent_and_keeps_its_versions),
        SENTENCE(a_foreign_unit_sees_nothing_of_the_class),
        SENTENCE(a_signing_sheet_has_the_learners_in_the_order_of_the_roll),
        SENTENCE(a_learner_sees_the_own_page_by_the_code_alone),
        SENTENCE(cards_are_for_who_keeps_the_list_and_an_old_one_dies),
        SENTENCE(guests_stand_apart),
        cmocka_unit_test(a_qr_picture_is_a_png_whose_parts_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
