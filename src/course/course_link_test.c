#include "account/account.h"
#include "check/check_country.h"
#include "check/check_paper.h"
#include "course/course.h"
#include "obligation/obligation.h"
#include "obligation/reminder.h"

/* Those without an account: a calendar program that follows a unit's classes, and a telecom company with one duty. */

static struct route_table rooms[3];

static int open_country(void **state)
{
    static struct fact_kinds facts[5];
    facts[0] = unit_facts;
    facts[1] = account_facts;
    facts[2] = document_facts;
    facts[3] = obligation_facts;
    facts[4] = reminder_facts;
    fact_register(facts, LEN(facts));
    obligation_start();
    course_start();
    rooms[0] = account_routes;
    rooms[1] = obligation_routes;
    rooms[2] = course_routes;
    return check_country_open(state, rooms, LEN(rooms));
}

static const char plan[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"21\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"},"
    "\"obligations\":[{\"text\":\"Bảo đảm đường truyền\",\"owner\":\"Viễn thông Quảng Ngãi\"},"
    "{\"text\":\"Bảo đảm nguồn điện\",\"owner\":\"Điện lực Quảng Ngãi\"}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

static int64_t issue(struct check_country *country)
{
    struct actor program = country->check->actor;
    check_act(country->check, "51", "tinh_uy");
    int64_t id = check_issue_plan(country->check, str_from(plan), "", DAY_NONE);
    country->check->actor = program;
    return id;
}

struct making {
    struct account_link link;
    struct str token;
};
static enum err run_make(struct ctx *cx, void *what)
{
    struct making *making = what;
    return account_make_link(cx, &making->link, &making->token, NULL);
}

/* A link as the province's page makes it. */
static struct str link_for(struct check_country *country, int64_t unit_id, int64_t subject_id, uint64_t permissions,
                           struct str path)
{
    struct check_store *check = country->check;
    struct making making = { .link = { .unit_id = unit_id, .subject_id = subject_id, .permissions = permissions,
                                       .name = STR("Trực ban"), .path = path,
                                       .expires_at = check->cx.now + (int64_t)30 * DAY_MS } };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_make, &making));
    account_changed(&country->app);
    return making.token;
}

static void a_calendar_address_needs_no_signing_in_and_shows_one_unit(void **state)
{
    struct check_country *country = *state;
    struct check_browser calendar = { .peer = STR("203.0.113.9") };
    struct arena *arena = &country->check->cx.arena;
    int64_t id = issue(country);
    struct str token = link_for(country, country->commune_committee, country->commune_committee,
                                UINT64_C(1) << PERMISSION_COURSE_READ, STR("/lop"));
    struct check_answer answer =
        check_get(country, &calendar, str_format(arena, "/lich/" STR_FMT ".ics", STR_ARG(token)));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "BEGIN:VCALENDAR\r\n"));
    struct str uid = str_format(arena, "UID:lop-%lld-buoi-1@diemcau", (long long)id);
    assert_true(check_has(answer.body, str_to_c(arena, uid)));
    answer = check_get(country, &calendar, STR("/lich/khong-phai-dia-chi.ics"));
    assert_int_equal(answer.status, 404);
}

static void a_link_to_a_duty_is_no_calendar_address(void **state)
{
    struct check_country *country = *state;
    struct check_browser calendar = { .peer = STR("203.0.113.9") };
    struct arena *arena = &country->check->cx.arena;
    int64_t id = issue(country);
    struct unit telecom = check_body(country->check, "51", "vien_thong");
    struct str token = link_for(country, telecom.id, obligation_id_of(id, 1), UINT64_C(1) << PERMISSION_DUTY_READ,
                                STR("/nhiem-vu"));
    struct check_answer answer =
        check_get(country, &calendar, str_format(arena, "/lich/" STR_FMT ".ics", STR_ARG(token)));
    assert_int_equal(answer.status, 404);
}

static void the_telecom_company_reports_by_its_link(void **state)
{
    struct check_country *country = *state;
    struct check_browser telecom_phone = { .peer = STR("203.0.113.10") };
    struct arena *arena = &country->check->cx.arena;
    int64_t id = issue(country);
    struct unit telecom = check_body(country->check, "51", "vien_thong");
    struct unit power = check_body(country->check, "51", "dien_luc");
    struct str page = duty_url(arena, obligation_id_of(id, 1), telecom.id, 0).text;
    uint64_t permissions = UINT64_C(1) << PERMISSION_DUTY_READ | UINT64_C(1) << PERMISSION_DUTY_CLOSE;
    struct str token = link_for(country, telecom.id, obligation_id_of(id, 1), permissions, page);
    struct check_answer answer = check_get(country, &telecom_phone, str_format(arena, "/l/" STR_FMT, STR_ARG(token)));
    assert_int_equal(answer.status, 303);
    assert_true(str_eq(answer.location, page));
    answer = check_get(country, &telecom_phone, page);
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Bảo đảm đường truyền"));
    telecom_phone.csrf = check_csrf_of(answer.body);
    answer = check_post(country, &telecom_phone, str_format(arena, STR_FMT "/hoan-thanh", STR_ARG(page)),
                        STR("period=&note=%C4%90%C3%A3+tr%E1%BB%B1c"));
    assert_int_equal(answer.status, 303);
    answer = check_get(country, &telecom_phone, page);
    assert_true(check_has(answer.body, "Đã trực"));
    answer = check_get(country, &telecom_phone, duty_url(arena, obligation_id_of(id, 2), power.id, 0).text);
    assert_int_equal(answer.status, 404);
    answer = check_get(country, &telecom_phone, STR("/hom-nay"));
    assert_int_equal(answer.status, 404);
}

static void a_province_officer_makes_the_link_and_a_commune_officer_cannot(void **state)
{
    struct check_country *country = *state;
    struct check_browser province = { .peer = STR("203.0.113.11") };
    struct check_browser commune = { .peer = STR("203.0.113.12") };
    struct arena *arena = &country->check->cx.arena;
    int64_t id = issue(country);
    struct unit telecom = check_body(country->check, "51", "vien_thong");
    struct str page = duty_url(arena, obligation_id_of(id, 1), telecom.id, 0).text;
    struct str maker = str_format(arena, STR_FMT "/duong-dan", STR_ARG(page));
    int64_t account = check_account(country, "tinh.chuyen.vien", country->province_committee);
    check_seat(country, account, "chuyen_vien", country->province_committee, "area");
    account = check_account(country, "xa.chuyen.vien", country->commune_committee);
    check_seat(country, account, "chuyen_vien", country->commune_committee, "area");
    check_sign_in(country, &province, "tinh.chuyen.vien");
    struct check_answer answer = check_get(country, &province, page);
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Tạo đường dẫn riêng"));
    assert_int_equal(check_post(country, &province, maker, STR("")).status, 303);
    check_sign_in(country, &commune, "xa.chuyen.vien");
    assert_int_equal(check_post(country, &commune, maker, STR("")).status, 404);
    answer = check_get(country, &commune, STR("/hom-nay"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Tiếp nhận"));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_country, check_country_close)
    const struct CMUnitTest tests[] = {
        ON(a_calendar_address_needs_no_signing_in_and_shows_one_unit),
        ON(a_link_to_a_duty_is_no_calendar_address),
        ON(the_telecom_company_reports_by_its_link),
        ON(a_province_officer_makes_the_link_and_a_commune_officer_cannot),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
