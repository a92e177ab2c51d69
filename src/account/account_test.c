/* Accounts and seats, the first administrator, administration and the trail. */
#include "account/account.h"

#include "account/session.h"
#include "base/day.h"
#include "check/check_account.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- accounts --- */

static void login_that_looks_like_another_is_refused(void **state)
{
    struct check_country *c = *state;
    static const char *const refused[] = {
        "аn.nguyen" /* a Cyrillic а */, "An", "nguyễn", "an nguyen", ".an", "ab", ""
    };
    for (size_t i = 0; i < LEN(refused); i++) {
        struct step step = { .unit_id = c->commune_committee,
                             .created = { .login = str_from(refused[i]),
                                          .name = STR("Nguyễn Văn An") } };
        assert_err(ERR_INVALID, step_run(c, NULL, step_create, &step));
        assert_string_equal(c->check->cx.fault.field, "login");
    }
}

static void login_is_used_once(void **state)
{
    struct check_country *c = *state;
    struct step step = { .unit_id = c->sibling_committee,
                         .created = { .login = STR("van.thu"), .name = STR("Lò Thị Bích") } };
    check_account(c, "van.thu", c->commune_committee);
    assert_err(ERR_CONFLICT, step_run(c, NULL, step_create, &step));
}

static void seat_reaches_its_unit_and_nothing_beside_it(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "van.thu", c->commune_committee), "van_thu",
               c->commune_committee, "body");
    check_sign_in(c, &browser, "van.thu");
    struct actor actor = check_actor(c, &browser);
    struct ctx *cx = &c->check->cx;
    const struct actor *outer = cx->actor;
    cx->actor = &actor;
    assert_int_equal(actor.unit_id, c->commune_committee);
    assert_ok(cx, account_may_reach(cx, c->commune_committee));
    int64_t beyond[] = { c->commune, c->sibling_committee, c->province, c->province_committee,
                         c->foreign_committee };
    for (size_t i = 0; i < LEN(beyond); i++) {
        assert_err(ERR_NOT_FOUND, account_may_reach(cx, beyond[i]));
        struct fault outside = cx->fault;
        assert_err(ERR_NOT_FOUND, account_may_reach(cx, 999999));
        assert_string_equal(outside.words, cx->fault.words);
    }
    cx->actor = outer;
}

static void province_committee_reaches_every_commune_of_its_province(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "chuyen.vien", c->province_committee), "chuyen_vien",
               c->province_committee, "area");
    check_sign_in(c, &browser, "chuyen.vien");
    struct actor actor = check_actor(c, &browser);
    struct ctx *cx = &c->check->cx;
    const struct actor *outer = cx->actor;
    cx->actor = &actor;
    assert_int_equal(actor.unit_id, c->province_committee);
    assert_ok(cx, account_may_reach(cx, c->commune_committee));
    assert_ok(cx, account_may_reach(cx, c->sibling));
    assert_ok(cx, account_may_reach(cx, c->interior));
    assert_err(ERR_NOT_FOUND, account_may_reach(cx, c->foreign_committee));
    assert_err(ERR_NOT_FOUND, account_may_reach(cx, c->nation));
    cx->actor = outer;
}

static void department_does_not_get_the_reach_of_an_area(void **state)
{
    struct check_country *c = *state;
    struct step step = { .account_id = check_account(c, "so.noi.vu", c->interior),
                         .unit_id = c->interior,
                         .granted = step_seat(c, "chuyen_vien", "area") };
    assert_err(ERR_INVALID, step_run(c, NULL, step_grant, &step));
    assert_string_equal(c->check->cx.fault.field, "reach");
}

static void seat_that_ends_before_it_begins_is_refused(void **state)
{
    struct check_country *c = *state;
    struct step step = { .account_id = check_account(c, "van.thu", c->commune),
                         .unit_id = c->commune_committee,
                         .granted = step_seat(c, "van_thu", "body") };
    step.granted.to_day = step.granted.from_day - 1;
    assert_err(ERR_INVALID, step_run(c, NULL, step_grant, &step));
    assert_string_equal(c->check->cx.fault.field, "to_day");
}

static void nobody_grants_above_their_reach_or_to_themselves(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t own = check_account(c, "quan.tri", c->province);
    int64_t other = check_account(c, "van.thu", c->commune_committee);
    int64_t foreign = check_account(c, "van.thu.khac", c->foreign_committee);
    check_seat(c, own, "quan_tri", c->province, "body");
    check_sign_in(c, &browser, "quan.tri");
    struct actor actor = check_actor(c, &browser);

    struct step step = { .account_id = other,
                         .unit_id = c->commune_committee,
                         .granted = step_seat(c, "van_thu", "body") };
    assert_ok(&c->check->cx, step_run(c, &actor, step_grant, &step));
    step.unit_id = c->foreign_committee;
    assert_err(ERR_NOT_FOUND, step_run(c, &actor, step_grant, &step));
    step.unit_id = c->nation;
    assert_err(ERR_NOT_FOUND, step_run(c, &actor, step_grant, &step));
    step = (struct step){ .account_id = foreign,
                          .unit_id = c->commune_committee,
                          .granted = step_seat(c, "van_thu", "body") };
    assert_err(ERR_NOT_FOUND, step_run(c, &actor, step_grant, &step));
    step = (struct step){ .account_id = own,
                          .unit_id = c->commune_committee,
                          .granted = step_seat(c, "van_thu", "body") };
    assert_err(ERR_FORBIDDEN, step_run(c, &actor, step_grant, &step));
}

static void who_may_not_hand_roles_on_grants_nothing(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "dung.dau", c->province_committee), "nguoi_dung_dau",
               c->province_committee, "area");
    check_sign_in(c, &browser, "dung.dau");
    struct actor actor = check_actor(c, &browser);
    struct step step = { .account_id = check_account(c, "van.thu", c->commune_committee),
                         .unit_id = c->commune_committee,
                         .granted = step_seat(c, "van_thu", "body") };
    assert_err(ERR_FORBIDDEN, step_run(c, &actor, step_grant, &step));
}

/* --- seats --- */

static void who_has_several_seats_chooses_one_and_gets_a_new_session(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = check_account(c, "kiem.nhiem", c->province_committee);
    int64_t clerk = check_seat(c, account_id, "van_thu", c->commune_committee, "body");
    int64_t officer = check_seat(c, account_id, "chuyen_vien", c->province_committee, "area");
    struct check_answer answer = check_try_password(c, &browser, "kiem.nhiem", CHECK_PASSWORD);
    assert_str_equal(answer.location, "/cho-ngoi");
    /* Signed in, but no seat: no permission of either. */
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 404);
    answer = check_get(c, &browser, STR("/cho-ngoi"));
    assert_true(check_has(answer.body, "Đảng ủy xã Bình Minh"));
    assert_true(check_has(answer.body, "tỉnh Quảng Ngãi"));

    struct str before = browser.session;
    answer = check_post(c, &browser, STR("/cho-ngoi"),
                        str_format(&c->check->cx.arena, "grant_id=%lld", (long long)clerk));
    assert_int_equal(answer.status, 303);
    assert_false(str_eq(before, browser.session));
    struct check_browser old = { .session = before };
    assert_int_equal(check_actor(c, &old).kind, ACTOR_NOBODY);
    struct actor actor = check_actor(c, &browser);
    assert_int_equal(actor.grant_id, clerk);
    assert_false(actor_may(&actor, PERMISSION_DUTY_REMIND));

    (void)check_get(c, &browser, STR("/tai-khoan"));
    (void)check_post(c, &browser, STR("/cho-ngoi"),
                     str_format(&c->check->cx.arena, "grant_id=%lld", (long long)officer));
    actor = check_actor(c, &browser);
    assert_int_equal(actor.grant_id, officer);
    assert_true(actor_may(&actor, PERMISSION_DUTY_REMIND));
    assert_str_equal(actor.role_name, "Chuyên viên theo dõi bồi dưỡng");
}

static void nobody_sits_down_in_the_seat_of_another(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    int64_t other =
        check_seat(c, check_account(c, "quan.tri", c->nation), "quan_tri", c->nation, "body");
    struct check_answer answer =
        check_post(c, &browser, STR("/cho-ngoi"),
                   str_format(&c->check->cx.arena, "grant_id=%lld", (long long)other));
    assert_int_equal(answer.status, 404);
    assert_int_equal(check_actor(c, &browser).grant_id, grant_id);
}

/* --- the first administrator --- */

static void first_administrator_comes_by_the_code_on_the_console_and_only_once(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct str code = { NULL, 0 };
    assert_ok(cx, account_first_code(cx, &c->app, &code));
    assert_int_equal(code.len, FIRST_CODE_LEN);
    assert_int_equal(check_get(c, &browser, STR("/khoi-tao")).status, 200);

    struct str rest = STR(
        "&login=quan.tri&name=L%C3%A0nh+Th%E1%BB%8B+M%C3%A2y&new_password=ba+con+vit+boi+qua+song"
        "&password_again=ba+con+vit+boi+qua+song");
    struct str wrong = str_format(&cx->arena, "code=AAAA-BBBB-CCCC-DDDD" STR_FMT, STR_ARG(rest));
    struct check_answer answer = check_post(c, &browser, STR("/khoi-tao"), wrong);
    assert_int_equal(answer.status, 422);
    assert_true(check_has(answer.body, "Mã khởi tạo chưa đúng"));

    struct str right =
        str_format(&cx->arena, "code=" STR_FMT STR_FMT, STR_ARG(code), STR_ARG(rest));
    answer = check_post(c, &browser, STR("/khoi-tao"), right);
    assert_int_equal(answer.status, 303);
    struct actor actor = check_actor(c, &browser);
    assert_true(actor_may(&actor, PERMISSION_ACCOUNT_WRITE));
    assert_int_equal(actor.unit_id, c->nation);

    assert_int_equal(check_post(c, &browser, STR("/khoi-tao"), right).status, 404);
    assert_int_equal(check_get(c, &browser, STR("/khoi-tao")).status, 404);
    assert_ok(cx, account_first_code(cx, &c->app, &code));
    assert_int_equal(code.len, 0);
}

static void code_may_be_typed_in_small_letters_without_hyphens(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct account_state *accounts = c->app.account_state;
    struct str code = { NULL, 0 };
    struct buf typed;
    assert_ok(cx, account_first_code(cx, &c->app, &code));
    buf_init(&typed, &cx->arena);
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] != '-')
            buf_put_char(&typed, code.at[i] >= 'A' ? (char)(code.at[i] + 32) : code.at[i]);
    assert_true(account_first_code_is(accounts, buf_str(&typed)));
    assert_true(account_first_code_is(accounts, code));
    assert_false(account_first_code_is(accounts, str_sub(code, 0, code.len - 1)));
    assert_false(account_first_code_is(accounts, STR("")));
}

/* --- administration and the trail --- */

static void administrator_sees_and_keeps_the_accounts_of_the_own_subtree_only(void **state)
{
    struct check_country *c = *state;
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct ctx *cx = &c->check->cx;
    int64_t own = check_account(c, "xa.minh", c->commune_committee);
    int64_t foreign = check_account(c, "xa.khac", c->foreign_committee);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct check_answer answer = check_get(c, &admin, STR("/quan-tri/tai-khoan"));
    assert_true(check_has(answer.body, "xa.minh"));
    assert_false(check_has(answer.body, "xa.khac"));
    answer = check_get(c, &admin, STR("/quan-tri/tai-khoan.csv"));
    assert_true(check_has(answer.body, "xa.minh"));
    assert_false(check_has(answer.body, "xa.khac"));
    assert_int_equal(
        check_get(c, &admin, str_format(&cx->arena, "/quan-tri/tai-khoan/%lld", (long long)own))
            .status,
        200);
    struct check_answer outside = check_get(
        c, &admin, str_format(&cx->arena, "/quan-tri/tai-khoan/%lld", (long long)foreign));
    assert_int_equal(outside.status, 404);
    struct str lock = str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/khoa", (long long)foreign);
    assert_int_equal(check_post(c, &admin, lock, STR("reason=x")).status, 404);
}

static void new_account_gets_a_seat_and_signs_in(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct check_browser person = { .csrf = { NULL, 0 } };
    int64_t id = 0;
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    assert_int_equal(check_get(c, &admin, STR("/quan-tri/tai-khoan/moi?tim=binh+minh")).status,
                     200);
    struct str fields =
        str_format(&cx->arena,
                   "unit_id=%lld&name=%s&login=lo.bich&new_password=ba+con+vit+boi+qua+song"
                   "&password_again=ba+con+vit+boi+qua+song",
                   (long long)c->commune_committee, "L%C3%B2+Th%E1%BB%8B+B%C3%ADch");
    struct check_answer answer = check_post(c, &admin, STR("/quan-tri/tai-khoan"), fields);
    assert_int_equal(answer.status, 303);
    assert_ok(cx, account_find_login(cx, STR("lo.bich"), &id));
    struct str path = str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/quyen", (long long)id);
    fields = str_format(&cx->arena, "unit_id=%lld&role=van_thu&reach=body&from_day=21%%2F5%%2F2026",
                        (long long)c->commune_committee);
    assert_int_equal(check_post(c, &admin, path, fields).status, 303);
    assert_int_equal(check_try_password(c, &person, "lo.bich", "ba con vit boi qua song").status, 303);
    assert_int_equal(check_actor(c, &person).unit_id, c->commune_committee);
}

static void same_form_sent_twice_makes_one_account(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser admin = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct str fields = str_format(
        &cx->arena,
        "unit_id=%lld&name=An&login=an.moi&new_password=ba+con+vit+boi+qua+song"
        "&password_again=ba+con+vit+boi+qua+song&fact_id=00112233445566778899aabbccddeeff",
        (long long)c->commune_committee);
    struct check_answer first = check_post(c, &admin, STR("/quan-tri/tai-khoan"), fields);
    struct check_answer second = check_post(c, &admin, STR("/quan-tri/tai-khoan"), fields);
    assert_int_equal(first.status, 303);
    assert_int_equal(second.status, 303);
    assert_true(str_eq(first.location, second.location));
}

static void trail_says_who_changed_what_and_keeps_secrets(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct check_browser auditor = { .csrf = { NULL, 0 } };
    int64_t own = check_account(c, "xa.minh", c->commune_committee);
    int64_t foreign = check_account(c, "xa.khac", c->foreign_committee);
    check_seat(c, foreign, "van_thu", c->foreign_committee, "body");
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_seat(c, check_account(c, "kiem.tra", c->province_committee), "kiem_tra",
               c->province_committee, "area");
    check_sign_in(c, &admin, "quan.tri");
    check_sign_in(c, &auditor, "kiem.tra");
    struct str lock = str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/khoa", (long long)own);
    assert_int_equal(check_post(c, &admin, lock, STR("reason=%3DHYPERLINK+chuy%E1%BB%83n")).status,
                     303);

    struct check_answer answer = check_get(c, &auditor, STR("/nhat-ky"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Khóa tài khoản"));
    assert_true(check_has(answer.body, "(quan.tri)"));
    assert_true(check_has(answer.body, "Lý do: =HYPERLINK chuyển"));
    assert_false(check_has(answer.body, "argon2id"));
    assert_false(check_has(answer.body, "xã Cẩm Xuyên"));

    answer = check_get(
        c, &auditor,
        STR("/nhat-ky?viec=account.disabled&ai=quan.tri&tu=21%2F5%2F2026&den=21%2F5%2F2026"));
    assert_true(check_has(answer.body, "Lý do: =HYPERLINK"));
    answer = check_get(c, &auditor, STR("/nhat-ky?viec=account.disabled&tu=22%2F5%2F2026"));
    assert_false(check_has(answer.body, "Lý do: =HYPERLINK"));
    answer = check_get(c, &auditor, STR("/nhat-ky?tu=hom+qua"));
    assert_true(check_has(answer.body, "Ngày bắt đầu cần dạng"));

    answer = check_get(c, &auditor, STR("/nhat-ky.csv"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Khóa tài khoản"));
    assert_false(check_has(answer.body, "\n="));
    assert_int_equal(check_get(c, &admin, STR("/nhat-ky")).status, 200);
}

static void account_tables_are_the_same_after_a_rebuild(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    unsigned char before[32];
    unsigned char after[32];
    check_clerk(c, &browser, &step.account_id, &step.grant_id);
    (void)step_link(c, &step, 7);
    assert_ok(cx, step_run(c, NULL, step_revoke, &step));
    assert_ok(cx, store_digest(cx, c->check->store, before));
    assert_ok(cx, store_rebuild(cx, c->check->store));
    assert_ok(cx, store_digest(cx, c->check->store, after));
    assert_memory_equal(before, after, sizeof before);
    /* The rebuild is no reason to sign anybody out. */
    assert_int_equal(check_actor(c, &browser).kind, ACTOR_PERSON);
}

/* Without a database in the context: what it answers, it knows. How long that takes is printed, not judged. */
static void asking_again_who_it_is_needs_no_database(void **state)
{
    enum { ASKED = 20000 };
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct actor actor = { .kind = ACTOR_NOBODY };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    check_wait(c, 5000);
    (void)check_actor(c, &browser);
    struct request *req = calloc(1, sizeof *req);
    assert_non_null(req);
    request_init(req, &c->app, METHOD_GET, STR("/tai-khoan"));
    req->cookie = browser.session;
    struct arena outer = cx->arena;
    struct db *db = cx->db;
    cx->db = NULL;
    arena_init(&cx->arena, env_real(), 1 << 20);
    int64_t start = env_monotonic(env_real());
    for (int i = 0; i < ASKED; i++) {
        if (session_identify(cx, req, &actor) != OK || actor.account_id != account_id)
            fail_msg("asked %d times, then forgotten", i);
        arena_reset(&cx->arena);
    }
    int64_t spent_ns = (env_monotonic(env_real()) - start) * 1000 / ASKED;
    arena_end(&cx->arena);
    cx->arena = outer;
    cx->db = db;
    free(req);
    print_message("identify: %lld ns\n", (long long)spent_ns);
}

static void who_is_signed_in_keeps_the_rail_where_nothing_is_found(void **state)
{
    struct check_country *c = *state;
    struct check_browser clerk = { .csrf = { NULL, 0 } };
    struct check_browser auditor = { .csrf = { NULL, 0 } };
    struct check_browser stranger = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    static const struct {
        const char *path;
        int status;
    } dead_ends[] = { { "/khong-co-trang-nay", 404 }, { "/nhiem-vu/khong-phai-so", 404 }, { "/quan-tri/tai-khoan", 403 },
                      { "/quan-tri/tai-khoan/7", 404 }, { "/nhat-ky", 403 } };
    check_clerk(c, &clerk, &step.account_id, &step.grant_id);
    for (size_t i = 0; i < LEN(dead_ends); i++) {
        struct check_answer answer = check_get(c, &clerk, str_from(dead_ends[i].path));
        assert_int_equal(answer.status, dead_ends[i].status);
        assert_true(check_has(answer.body, "class=\"rail\"") && check_has(answer.body, "href=\"/hom-nay\""));
    }
    assert_false(check_has(check_get(c, &stranger, STR("/khong-co-trang-nay")).body, "class=\"rail\""));
    /* Auditors find the trail in the rail, administrators behind their own place. */
    assert_false(check_has(check_get(c, &clerk, STR("/tai-khoan")).body, "href=\"/nhat-ky\""));
    check_seat(c, check_account(c, "kiem.tra", c->commune_committee), "kiem_tra", c->commune_committee, "area");
    check_sign_in(c, &auditor, "kiem.tra");
    struct check_answer trail = check_get(c, &auditor, STR("/nhat-ky"));
    assert_true(check_has(trail.body, "<a href=\"/nhat-ky\" aria-current=\"page\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, check_accounts_open, check_country_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(login_that_looks_like_another_is_refused),
        TEST(login_is_used_once),
        TEST(seat_reaches_its_unit_and_nothing_beside_it),
        TEST(province_committee_reaches_every_commune_of_its_province),
        TEST(department_does_not_get_the_reach_of_an_area),
        TEST(seat_that_ends_before_it_begins_is_refused),
        TEST(nobody_grants_above_their_reach_or_to_themselves),
        TEST(who_may_not_hand_roles_on_grants_nothing),
        TEST(who_has_several_seats_chooses_one_and_gets_a_new_session),
        TEST(nobody_sits_down_in_the_seat_of_another),
        TEST(first_administrator_comes_by_the_code_on_the_console_and_only_once),
        TEST(code_may_be_typed_in_small_letters_without_hyphens),
        TEST(administrator_sees_and_keeps_the_accounts_of_the_own_subtree_only),
        TEST(new_account_gets_a_seat_and_signs_in),
        TEST(same_form_sent_twice_makes_one_account),
        TEST(who_is_signed_in_keeps_the_rail_where_nothing_is_found),
        TEST(trail_says_who_changed_what_and_keeps_secrets),
        TEST(account_tables_are_the_same_after_a_rebuild),
        TEST(asking_again_who_it_is_needs_no_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
