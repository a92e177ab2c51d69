#include "check/check_site.h"

#include "person/person_pages.h"
#include "store/db.h"
#include "unit/unit.h"

/* Two provinces, with one official in each Tỉnh ủy. */
struct office {
    struct check_site *site;
    int64_t body_id, foreign_body_id;
    int64_t own_id, foreign_id;
    struct str path; /* of the own province */
};

static enum err hire(struct ctx *cx, void *what)
{
    struct office *office = what;
    struct person_values values = { .full_name = STR("Phạm Thị Hòa"),
                                    .birth_day = day_from_civil(1980, 2, 3),
                                    .sex = STR("nu"),
                                    .phone = STR("0900000123"),
                                    .mail = STR("") };
    TRY(person_create(cx, office->body_id, &values, STR("Bí thư"), day_from_civil(2025, 7, 1),
                      &office->own_id));
    values.full_name = STR("Trần Văn Khuếch");
    return person_create(cx, office->foreign_body_id, &values, STR("Bí thư"),
                         day_from_civil(2025, 7, 1), &office->foreign_id);
}

static int open_office(void **state)
{
    void *store = NULL;
    if (check_store_open(&store) != 0)
        return 1;
    struct check_store *check = store;
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("75") };
    check->cx.now = day_time(day_from_civil(2026, 5, 21), 9, 0);
    if (unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK)
        return 1;
    static struct route_table rooms[1];
    rooms[0] = person_routes;
    struct office *office = ARENA_NEW(&check->cx.arena, struct office);
    office->site = site_open(check, rooms, LEN(rooms));
    struct unit own = { .id = 0 }, foreign = { .id = 0 }, body = { .id = 0 };
    if (unit_find_code(&check->cx, STR("51"), &own) != OK ||
        unit_find_code(&check->cx, STR("75"), &foreign) != OK)
        return 1;
    office->path = own.path;
    if (unit_find_body(&check->cx, own.id, STR("tinh_uy"), &body) != OK)
        return 1;
    office->body_id = body.id;
    if (unit_find_body(&check->cx, foreign.id, STR("tinh_uy"), &body) != OK)
        return 1;
    office->foreign_body_id = body.id;
    *state = office;
    return check_write(check, hire, office) != OK;
}

static int close_office(void **state)
{
    struct office *office = *state;
    void *store = office->site->check;
    return check_store_close(&store);
}

static const char *path_of(struct office *office, int64_t id, const char *what)
{
    struct arena *arena = &office->site->check->cx.arena;
    return str_to_c(arena, str_format(arena, "/can-bo/%lld%s", (long long)id, what));
}

static void the_list_shows_who_is_where_and_keeps_its_filters(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    site_be(site, office->path, UINT64_MAX);
    assert_int_equal(site_get(site, "/can-bo"), 200);
    assert_true(site_body_has(site, "Phạm Thị Hòa"));
    assert_true(site_body_has(site, "Tỉnh ủy Quảng Ngãi"));
    assert_true(site_body_has(site, "1 cán bộ"));
    assert_false(site_body_has(site, "Khuếch"));
    assert_int_equal(site_get(site, "/can-bo?tim=pham%20hoa&chuc-vu=bi%20thu"), 200);
    assert_true(site_body_has(site, "Phạm Thị Hòa"));
    assert_int_equal(site_get(site, "/can-bo?tim=khuech"), 200);
    assert_true(site_body_has(site, "Không có cán bộ nào khớp"));
    assert_int_equal(site_get(site, "/can-bo/danh-sach"), 200);
    assert_true(site_body_has(
        site, "\"Phạm Thị Hòa\",\"03/02/1980\",\"Nữ\",\"Bí thư\",\"Tỉnh ủy Quảng Ngãi\""));
    assert_false(site_body_has(site, "Khuếch"));
    struct arena *arena = &site->check->cx.arena;
    const char *filtered =
        str_to_c(arena, str_format(arena, "/can-bo?don-vi=%lld", (long long)office->body_id));
    assert_int_equal(site_get(site, filtered), 200);
    assert_true(site_body_has(site, "Phạm Thị Hòa"));
    const char *foreign = str_to_c(
        arena, str_format(arena, "/can-bo?don-vi=%lld", (long long)office->foreign_body_id));
    assert_int_equal(site_get(site, foreign), 404);
}

/* As if the province had so many: the count is what the limit goes by, and is kept along the tree. */
static enum err count_many(struct ctx *cx, void *what)
{
    SQL(count, "UPDATE counter SET value = $1 WHERE kind = 'person'");
    (void)what;
    return db_run(cx, &count, BIND(V((int64_t)PERSON_EXPORT_MAX + 1)));
}

static void nobody_takes_a_whole_country_along_in_one_file(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    site_be(site, office->path, UINT64_MAX);
    assert_ok(&site->check->cx, check_write(site->check, count_many, office));
    assert_int_equal(site_get(site, "/can-bo/danh-sach"), 413);
    assert_true(site_body_has(site, "20.001 cán bộ"));
    assert_true(site_body_has(site, "lọc hẹp hơn"));
}

static void a_foreign_record_looks_like_none_on_every_page(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    site_be(site, office->path, UINT64_MAX);
    static const char *const pages[] = { "",        "/sua", "/chuc-vu",     "/chuc-vu/1",
                                         "/chuyen", "/xoa", "/so-dinh-danh" };
    for (size_t i = 0; i < LEN(pages); i++) {
        assert_int_equal(site_get(site, path_of(office, office->foreign_id, pages[i])), 404);
        assert_false(site_body_has(site, "Khuếch"));
    }
    static const char *const posts[] = { "/sua", "/chuc-vu",      "/chuc-vu/1",       "/chuyen",
                                         "/xoa", "/so-dinh-danh", "/xem-so-dinh-danh" };
    for (size_t i = 0; i < LEN(posts); i++) {
        struct arena *arena = &site->check->cx.arena;
        const char *fields = str_to_c(
            arena,
            str_format(
                arena,
                "full_name=A+B&unit_id=%lld&to_unit_id=%lld&title=T&from_day=01%%2F01%%2F2026"
                "&to_day=01%%2F01%%2F2026&reason=R&citizen_id=051080000123",
                (long long)office->body_id, (long long)office->body_id));
        int status = site_post(site, path_of(office, office->foreign_id, posts[i]), fields);
        if (status != 404)
            fail_msg("%s answered %d", posts[i], status);
    }
    site_be(site, STR(""), 0);
    assert_int_equal(site_get(site, "/can-bo"), 303);
    site_be(site, office->path, 1U << PERMISSION_PERSON_READ);
    assert_int_equal(site_get(site, path_of(office, office->own_id, "")), 200);
    assert_false(site_body_has(site, "Sửa hồ sơ"));
    assert_false(site_body_has(site, "Nhập hoặc xem"));
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/sua"), "full_name=A"), 403);
    assert_int_equal(
        site_post(site, path_of(office, office->own_id, "/xem-so-dinh-danh"), "reason=A"), 403);
}

static void a_record_is_made_changed_and_given_posts_by_forms(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    struct arena *arena = &site->check->cx.arena;
    site_be(site, office->path, UINT64_MAX);
    assert_int_equal(site_get(site, "/can-bo/moi"), 200);
    assert_true(site_body_has(site, "Ban Tổ chức Tỉnh ủy Quảng Ngãi"));
    assert_int_equal(site_post(site, "/can-bo", "full_name=L%C3%AA+An&phone=abc&unit_id=1"), 422);
    assert_true(site_body_has(site, "Lê An"));
    const char *fields =
        str_to_c(arena, str_format(arena,
                                   "full_name=%s&birth_day=31%%2F12%%2F1985&sex=nam&phone="
                                   "0900000456&unit_id=%lld&title=Chuy%%C3%%AAn+vi%%C3%%AAn"
                                   "&from_day=01%%2F05%%2F2026",
                                   "L%C3%AA+V%C4%83n+An", (long long)office->body_id));
    assert_int_equal(site_post(site, "/can-bo", fields), 303);
    struct str location = str_copy(arena, site->res.location);
    assert_int_equal(site_get(site, str_to_c(arena, location)), 200);
    assert_true(site_body_has(site, "Lê Văn An"));
    assert_true(site_body_has(site, "từ 01/5/2026 đến nay") ||
                site_body_has(site, "từ 01/05/2026 đến nay"));

    assert_int_equal(site_get(site, path_of(office, office->own_id, "/sua")), 200);
    assert_true(site_body_has(site, "Phạm Thị Hòa"));
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/sua"),
                               "full_name=Ph%E1%BA%A1m+Th%E1%BB%8B+H%C3%A0&mail=ha%40donvi.gov.vn"),
                     303);
    fields = str_to_c(
        arena,
        str_format(arena, "unit_id=%lld&title=%%E1%%BB%%A6y+vi%%C3%%AAn&from_day=01%%2F05%%2F2026",
                   (long long)office->body_id));
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/chuc-vu"), fields), 303);
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/chuc-vu"), fields), 422);
    const char *post =
        path_of(office, office->own_id,
                str_to_c(arena, str_format(arena, "/chuc-vu/%lld", (long long)office->own_id)));
    assert_int_equal(site_get(site, post), 200);
    assert_true(site_body_has(site, "Bí thư"));
    assert_int_equal(site_post(site, post, "to_day=01%2F05%2F2026"), 303);
    assert_int_equal(site_get(site, path_of(office, office->own_id, "")), 200);
    assert_true(site_body_has(site, "Phạm Thị Hà"));
    assert_true(site_body_has(site, "Thôi giữ chức vụ: Bí thư"));
}

static void digits_are_shown_once_with_a_reason_and_never_in_a_redirect(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    site_be(site, office->path, UINT64_MAX);
    assert_int_equal(
        site_post(site, path_of(office, office->own_id, "/so-dinh-danh"), "citizen_id=12"), 422);
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/so-dinh-danh"),
                               "citizen_id=051080000123"),
                     303);
    struct str notice = site->res.notice;
    assert_true(str_find(notice, STR("051080000123")) == notice.len);
    assert_true(str_find(notice, STR("giới tính khác")) < notice.len);
    assert_int_equal(site_get(site, path_of(office, office->own_id, "")), 200);
    assert_true(site_body_has(site, "•••••••••123"));
    assert_false(site_body_has(site, "051080000123"));
    assert_int_equal(
        site_post(site, path_of(office, office->own_id, "/xem-so-dinh-danh"), "reason="), 422);
    assert_false(site_body_has(site, "051080000123"));
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/xem-so-dinh-danh"),
                               "reason=Chi+tr%E1%BA%A3"),
                     200);
    assert_true(site_body_has(site, "051080000123"));
    assert_int_equal(site_get(site, path_of(office, office->own_id, "")), 200);
    assert_true(site_body_has(site, "Xem số định danh cá nhân: Chi trả"));
}

static void an_erased_record_has_no_name_and_no_forms(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    site_be(site, office->path, UINT64_MAX);
    assert_int_equal(site_get(site, path_of(office, office->own_id, "/xoa")), 200);
    assert_int_equal(site_post(site, path_of(office, office->own_id, "/xoa"),
                               "reason=Theo+y%C3%AAu+c%E1%BA%A7u"),
                     303);
    assert_int_equal(site_get(site, path_of(office, office->own_id, "")), 200);
    assert_false(site_body_has(site, "Phạm Thị Hòa"));
    assert_true(site_body_has(site, "Hồ sơ đã xóa thông tin cá nhân"));
    assert_false(site_body_has(site, "Sửa hồ sơ"));
    assert_int_equal(site_get(site, "/can-bo"), 200);
    assert_true(site_body_has(site, "0 cán bộ"));
}

static enum err hire_many(struct ctx *cx, void *what)
{
    struct office *office = what;
    for (int i = 0; i < 30; i++) {
        int64_t id = 0;
        struct person_values values = { .full_name = str_format(&cx->arena, "Lò Văn Một%c", 'a' + i % 26),
                                        .birth_day = DAY_NONE,
                                        .sex = STR("nam"),
                                        .phone = STR(""),
                                        .mail = STR("") };
        TRY(person_create(cx, office->body_id, &values, STR("Chuyên viên"), day_from_civil(2025, 7, 1), &id));
    }
    return OK;
}

static int64_t noted(struct office *office, const char *list)
{
    SQL(count_noted, "SELECT COUNT(*) FROM fact WHERE kind = 'person.list_read' AND body LIKE $1 /*scan*/");
    struct check_store *check = office->site->check;
    return check_i64(check, &count_noted, BIND(V(str_format(&check->cx.arena, "%%\"%s\"%%", list))));
}

static void who_reads_many_names_stands_in_the_trail_once_an_hour(void **state)
{
    struct office *office = *state;
    struct check_site *site = office->site;
    struct ctx *cx = &site->check->cx;
    site_be(site, office->path, UINT64_MAX);
    site->officer.unit_id = office->body_id;
    assert_int_equal(site_get(site, "/can-bo"), 200);
    assert_int_equal(noted(office, "can_bo"), 0); /* one name is no list */
    assert_ok(cx, check_write(site->check, hire_many, office));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(site_get(site, "/can-bo"), 200);
        assert_int_equal(site_get(site, "/can-bo/danh-sach"), 200);
    }
    assert_int_equal(noted(office, "can_bo"), 1);
    assert_int_equal(noted(office, "can_bo_tep"), 1);
    site->officer.account_id = 2; /* somebody else */
    assert_int_equal(site_get(site, "/can-bo"), 200);
    assert_int_equal(noted(office, "can_bo"), 2);
    cx->now += 3600 * 1000;
    assert_int_equal(site_get(site, "/can-bo"), 200);
    assert_int_equal(noted(office, "can_bo"), 3);
}

int main(void)
{
    static struct fact_kinds rooms[2];
    rooms[0] = unit_facts;
    rooms[1] = person_facts;
    fact_register(rooms, LEN(rooms));
#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, open_office, close_office)
    const struct CMUnitTest list[] = {
        IN_OFFICE(the_list_shows_who_is_where_and_keeps_its_filters),
        IN_OFFICE(nobody_takes_a_whole_country_along_in_one_file),
        IN_OFFICE(who_reads_many_names_stands_in_the_trail_once_an_hour),
        IN_OFFICE(a_foreign_record_looks_like_none_on_every_page),
        IN_OFFICE(a_record_is_made_changed_and_given_posts_by_forms),
        IN_OFFICE(digits_are_shown_once_with_a_reason_and_never_in_a_redirect),
        IN_OFFICE(an_erased_record_has_no_name_and_no_forms),
    };
    return cmocka_run_group_tests(list, NULL, NULL);
}
