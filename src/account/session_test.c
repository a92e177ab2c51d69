/* Signing in, and how sessions end. */
#include "account/session.h"

#include "base/day.h"
#include "check/check_account.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- signing in --- */

/* What differs by itself in two pages: form tokens and the name that was typed. */
static struct str plain_page(struct arena *arena, struct str page, const char *login)
{
    struct buf out;
    buf_init(&out, arena);
    for (struct str rest = page; rest.len > 0;) {
        size_t hex = 0;
        while (hex < rest.len && strchr("0123456789abcdef", rest.at[hex]))
            hex++;
        size_t taken = hex > 0 ? hex : 1;
        if (str_starts(rest, str_from(login)))
            taken = strlen(login);
        else if (hex < 32)
            buf_put(&out, str_sub(rest, 0, taken));
        rest = str_sub(rest, taken, SIZE_MAX);
    }
    return buf_str(&out);
}

/* Nobody learns at the door which names there are, nor in which state they are (reliability.md S4). */
static void wrong_password_and_unknown_name_get_the_same_answer(void **state)
{
    struct check_country *c = *state;
    struct arena *arena = &c->check->cx.arena;
    static const char *const logins[] = { "khong.co", "van.thu", "da.khoa", "chua.co.mk", "tinh.uy" };
    static const char password[] = "con bò nhà tôi ăn hai bó cỏ";
    struct step step = { .account_id = check_account(c, "da.khoa", c->commune_committee) };
    struct step without = { .unit_id = c->commune_committee,
                            .created = { .login = STR("chua.co.mk"), .name = STR("Lò Thị Bích") } };
    struct str first = STR("");
    check_account(c, "van.thu", c->commune_committee);
    check_seat(c, check_account(c, "tinh.uy", c->province_committee), "quan_tri", c->province, "body");
    assert_ok(&c->check->cx, step_run(c, NULL, step_disable, &step));
    assert_ok(&c->check->cx, step_run(c, NULL, step_create, &without));
    for (size_t i = 0; i < LEN(logins); i++) {
        struct check_browser browser = { .csrf = { NULL, 0 } };
        struct check_answer answer = check_try_password(c, &browser, logins[i], password);
        assert_int_equal(answer.status, 422);
        assert_true(check_has(answer.body, "Tên đăng nhập hoặc mật khẩu chưa đúng"));
        assert_false(check_has(answer.body, "con bò"));
        assert_int_equal(browser.session.len, 0);
        struct str page = plain_page(arena, answer.body, logins[i]);
        if (i == 0)
            first = page;
        else if (!str_eq(page, first))
            fail_msg("the door answers %s otherwise than an unknown name", logins[i]);
    }
    /* The right password of an account that is disabled is no other answer either. */
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_answer answer = check_try_password(c, &browser, "da.khoa", CHECK_PASSWORD);
    assert_true(str_eq(plain_page(arena, answer.body, "da.khoa"), first));
}

/* The hash is nearly all of the time; without it an unknown name would answer a hundred times
 * faster. */
static void unknown_name_takes_the_time_of_a_known_one(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_account(c, "van.thu", c->commune_committee);
    int64_t spent[2] = { INT64_MAX, INT64_MAX };
    for (int i = 0; i < 3; i++) {
        for (int kind = 0; kind < 2; kind++) {
            int64_t start = env_monotonic(env_real());
            (void)check_try_password(c, &browser, kind == 0 ? "van.thu" : "khong.co",
                               "con bò nhà tôi ăn hai bó cỏ");
            int64_t took = env_monotonic(env_real()) - start;
            spent[kind] = took < spent[kind] ? took : spent[kind];
        }
    }
    assert_true(spent[1] * 2 > spent[0]);
}

static void name_is_taken_with_capitals_and_blanks_around_it(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "van.thu", c->commune_committee), "van_thu",
               c->commune_committee, "body");
    struct check_answer answer = check_try_password(c, &browser, "+Van.Thu+", CHECK_PASSWORD);
    assert_int_equal(answer.status, 303);
    assert_str_equal(answer.location, "/hom-nay");
}

static void too_many_tries_wait_even_with_the_right_password(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .peer = STR_INIT("203.0.113.7") };
    check_seat(c, check_account(c, "van.thu", c->commune_committee), "van_thu",
               c->commune_committee, "body");
    for (int i = 0; i < LIMITER_STRANGER_TRIES; i++)
        assert_int_equal(check_try_password(c, &browser, "van.thu", "sai rồi sai rồi").status, 422);
    assert_int_equal(check_try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 429);
    check_wait(c, 61000);
    assert_int_equal(check_try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 303);
}

static void session_cookie_is_for_this_host_and_not_for_scripts(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_account(c, "van.thu", c->commune_committee);
    struct check_answer answer = check_try_password(c, &browser, "van.thu", CHECK_PASSWORD);
    assert_true(str_starts(answer.set_cookie, STR("phien=")));
    assert_true(check_has(answer.set_cookie, "HttpOnly"));
    assert_true(check_has(answer.set_cookie, "SameSite=Lax"));
    c->app.is_secure = true;
    answer = check_try_password(c, &browser, "van.thu", CHECK_PASSWORD);
    assert_true(str_starts(answer.set_cookie, STR("__Host-phien=")));
    assert_true(check_has(answer.set_cookie, "Secure"));
    assert_true(check_has(answer.set_cookie, "Path=/"));
}

static void planted_session_never_becomes_a_signed_in_one(void **state)
{
    struct check_country *c = *state;
    struct str planted = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    struct check_browser browser = { .session = planted };
    check_account(c, "van.thu", c->commune_committee);
    assert_int_equal(check_try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 303);
    assert_false(str_eq(browser.session, planted));
    browser.session = planted;
    assert_int_equal(check_actor(c, &browser).kind, ACTOR_NOBODY);
}

static void sign_in_goes_back_to_our_own_pages_only(void **state)
{
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    static const char *const ways[][2] = {
        { "/nhiem-vu/7?a=1", "/nhiem-vu/7?a=1" },
        { "//ke-la.example/", "/hom-nay" },
        { "https://ke-la.example/", "/hom-nay" },
        { "/\\ke-la.example", "/hom-nay" },
        { "/dang-xuat", "/hom-nay" },
    };
    check_seat(c, check_account(c, "van.thu", c->commune_committee), "van_thu",
               c->commune_committee, "body");
    for (size_t i = 0; i < LEN(ways); i++) {
        struct check_browser browser = { .csrf = { NULL, 0 } };
        struct str body = str_format(&cx->arena, "login=van.thu&password=" STR_FMT "&tiep=" STR_FMT,
                                     STR_ARG(url_encode(&cx->arena, STR(CHECK_PASSWORD))),
                                     STR_ARG(url_encode(&cx->arena, str_from(ways[i][0]))));
        struct check_answer answer = check_post(c, &browser, STR("/dang-nhap"), body);
        assert_str_equal(answer.location, ways[i][1]);
        check_wait(c, 61000);
    }
}

static void sign_in_from_a_foreign_page_is_refused(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .origin = STR_INIT("https://ke-la.example") };
    check_account(c, "van.thu", c->commune_committee);
    assert_int_equal(check_try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 403);
    assert_int_equal(browser.session.len, 0);
}

static void stranger_is_sent_to_the_door(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_answer answer = check_get(c, &browser, STR("/tai-khoan"));
    assert_int_equal(answer.status, 303);
    assert_str_equal(answer.location, "/dang-nhap?tiep=%2Ftai-khoan");
    answer = check_get(c, &browser, STR("/dang-nhap?tiep=%2Ftai-khoan"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "value=\"/tai-khoan\""));
}

static void cookie_of_nonsense_is_nobody(void **state)
{
    struct check_country *c = *state;
    static const char *const nonsense[] = {
        "x", "0123", "ZZ23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"
    };
    for (size_t i = 0; i < LEN(nonsense); i++) {
        struct check_browser browser = { .session = str_from(nonsense[i]) };
        assert_int_equal(check_actor(c, &browser).kind, ACTOR_NOBODY);
    }
}

/* --- sessions that end --- */

static void session_ends_after_half_an_hour_of_silence(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    /* Somebody at work stays signed in, though the database hears of it only every five minutes. */
    for (int i = 0; i < 20; i++) {
        check_wait(c, 4 * 60 * 1000);
        assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
    }
    check_wait(c, SESSION_IDLE_MS - 1);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
    check_wait(c, SESSION_IDLE_MS);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
}

static void session_ends_twelve_hours_after_the_sign_in(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    for (int64_t passed = 0; passed < SESSION_LIFE_MS - 20 * 60 * 1000; passed += 20 * 60 * 1000) {
        check_wait(c, 20 * 60 * 1000);
        assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
    }
    check_wait(c, 20 * 60 * 1000);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
}

static void session_outlives_a_restart_of_the_program(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    account_close(&c->app);
    assert_ok(&c->check->cx, account_open(&c->check->cx, &c->app));
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
}

static void signing_out_ends_the_session_on_the_server_too(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    struct check_browser thief = { .session = browser.session };
    assert_int_equal(check_post(c, &browser, STR("/dang-xuat"), STR("")).status, 303);
    assert_int_equal(browser.session.len, 0);
    assert_int_equal(check_actor(c, &thief).kind, ACTOR_NOBODY);
}

static void signing_out_needs_the_form_of_our_own_page(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    browser.csrf = STR("");
    assert_int_equal(check_post(c, &browser, STR("/dang-xuat"), STR("")).status, 403);
    assert_int_equal(check_actor(c, &browser).kind, ACTOR_PERSON);
}

static void revoked_seat_gives_nothing_from_the_next_request_on(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser admin = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    struct str path =
        str_format(&c->check->cx.arena, "/quan-tri/quyen/%lld/thu-hoi", (long long)grant_id);
    assert_int_equal(check_post(c, &admin, path, STR("")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 404);
    /* Still signed in, only without a seat: told so, not thrown out. */
    struct check_answer answer = check_get(c, &browser, STR("/cho-ngoi"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "chưa được giao vị trí"));
}

/* Another program on the same database made the change: nobody told this one. */
static void change_made_elsewhere_counts_within_a_second(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    check_clerk(c, &browser, &step.account_id, &step.grant_id);
    check_wait(c, 5000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    assert_ok(&c->check->cx, step_run(c, NULL, step_disable, &step));
    check_wait(c, 1000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 303);
}

static enum err step_end_sessions(struct ctx *cx, void *what)
{
    SQL(find_session, "SELECT id FROM session_account WHERE account_id = $1 ORDER BY id LIMIT 1");
    const struct step *step = what;
    int64_t session_id = 0;
    TRY(db_i64(cx, &find_session, BIND(V(step->account_id)), &session_id));
    return session_end_one(cx, step->account_id, session_id);
}

static void session_ended_elsewhere_is_over_within_a_second(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    check_clerk(c, &browser, &step.account_id, &step.grant_id);
    for (int i = 0; i < 10; i++) {
        check_wait(c, 500);
        assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    }
    assert_ok(&c->check->cx, step_run(c, NULL, step_end_sessions, &step));
    check_wait(c, 1000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 303);
}

/* No fact tells of this: only who reads the account again sees it. */
static enum err step_rename_silently(struct ctx *cx, void *what)
{
    SQL(rename_silently, "UPDATE account SET name = 'Tên mới' WHERE id = $1");
    const struct step *step = what;
    return db_run(cx, &rename_silently, BIND(V(step->account_id)));
}

static enum err step_rename_unit(struct ctx *cx, void *what)
{
    const struct step *step = what;
    return unit_rename(cx, step->unit_id, STR("Đổi Tên"), day_from_instant(cx->now), STR("theo nghị quyết"));
}

static void session_is_read_again_only_when_a_fact_says_something_changed(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .unit_id = c->province };
    check_clerk(c, &browser, &step.account_id, &step.grant_id);
    struct str name = check_actor(c, &browser).name;
    check_wait(c, 5000);
    (void)check_actor(c, &browser);
    assert_ok(&c->check->cx, step_run(c, NULL, step_rename_silently, &step));
    for (int i = 0; i < 40; i++) {
        check_wait(c, 500);
        assert_true(str_eq(check_actor(c, &browser).name, name));
    }
    assert_ok(&c->check->cx, step_run(c, NULL, step_rename_unit, &step));
    check_wait(c, 1000);
    assert_str_equal(check_actor(c, &browser).name, "Tên mới");
}

static void seat_counts_from_its_first_day_to_the_end_of_its_last(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = check_account(c, "van.thu", c->commune_committee),
                         .unit_id = c->commune_committee,
                         .granted = step_seat(c, "van_thu", "body") };
    step.granted.to_day = step.granted.from_day;
    assert_ok(&c->check->cx, step_run(c, NULL, step_grant, &step));
    check_wait(c, day_start(step.granted.from_day) + DAY_MS - 5000 - c->clock_ms);
    check_sign_in(c, &browser, "van.thu");
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    check_wait(c, 5000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 404);
}

static void disabled_account_is_out_and_stays_out_after_it_is_enabled(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct ctx *cx = &c->check->cx;
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct str lock =
        str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/khoa", (long long)account_id);
    struct str unlock =
        str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/mo", (long long)account_id);
    assert_int_equal(check_post(c, &admin, lock, STR("reason=ngh%E1%BB%89+h%C6%B0u")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    struct check_browser again = { .csrf = { NULL, 0 } };
    assert_int_equal(check_try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 422);
    assert_int_equal(check_post(c, &admin, unlock, STR("")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    check_wait(c, 61000);
    assert_int_equal(check_try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 303);
}

static void new_password_ends_every_other_session(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser other = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    check_sign_in(c, &other, "van.thu");
    struct str before = browser.session;
    struct str fields =
        str_format(&c->check->cx.arena,
                   "password=" STR_FMT
                   "&new_password=ba+con+v%%E1%%BB%%8Bt+b%%C6%%A1i+qua+s%%C3%%B4ng"
                   "&password_again=ba+con+v%%E1%%BB%%8Bt+b%%C6%%A1i+qua+s%%C3%%B4ng",
                   STR_ARG(url_encode(&c->check->cx.arena, STR(CHECK_PASSWORD))));
    struct check_answer answer = check_post(c, &browser, STR("/tai-khoan/mat-khau"), fields);
    assert_int_equal(answer.status, 303);
    assert_false(str_eq(before, browser.session));
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 303);
    struct check_browser again = { .csrf = { NULL, 0 } };
    assert_int_equal(check_try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 422);
    assert_int_equal(check_try_password(c, &again, "van.thu", "ba con vịt bơi qua sông").status, 303);
}

static void password_is_not_changed_without_the_present_one(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    struct check_answer answer =
        check_post(c, &browser, STR("/tai-khoan/mat-khau"),
                   STR("password=doan+mo+doan+mo&new_password=ba+con+vit+boi+qua+song&password_"
                       "again=ba+con+vit+boi+qua+song"));
    assert_int_equal(answer.status, 422);
    assert_true(check_has(answer.body, "Mật khẩu hiện nay chưa đúng"));
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
}

static void own_sessions_are_listed_and_ended_one_by_one(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser other = { .csrf = { NULL, 0 } };
    struct session sessions[SESSION_LIST_MAX];
    size_t len = 0;
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    check_sign_in(c, &other, "van.thu");
    assert_ok(&c->check->cx,
              session_list(&c->check->cx, account_id, browser.session, sessions, &len));
    assert_int_equal(len, 2);
    const struct session *theirs = sessions[0].is_this ? &sessions[1] : &sessions[0];
    struct str path =
        str_format(&c->check->cx.arena, "/tai-khoan/phien/%lld/ket-thuc", (long long)theirs->id);
    assert_int_equal(check_post(c, &browser, path, STR("")).status, 303);
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
}

static void session_of_another_account_cannot_be_ended(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser other = { .csrf = { NULL, 0 } };
    struct session sessions[SESSION_LIST_MAX];
    size_t len = 0;
    int64_t account_id = 0;
    int64_t grant_id = 0;
    check_clerk(c, &browser, &account_id, &grant_id);
    int64_t other_id = check_account(c, "khac", c->foreign_committee);
    check_sign_in(c, &other, "khac");
    assert_ok(&c->check->cx, session_list(&c->check->cx, other_id, STR(""), sessions, &len));
    assert_int_equal(len, 1);
    struct str path = str_format(&c->check->cx.arena, "/tai-khoan/phien/%lld/ket-thuc",
                                 (long long)sessions[0].id);
    assert_int_equal(check_post(c, &browser, path, STR("")).status, 404);
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, check_accounts_open, check_country_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_password_and_unknown_name_get_the_same_answer),
        TEST(unknown_name_takes_the_time_of_a_known_one),
        TEST(name_is_taken_with_capitals_and_blanks_around_it),
        TEST(too_many_tries_wait_even_with_the_right_password),
        TEST(session_cookie_is_for_this_host_and_not_for_scripts),
        TEST(planted_session_never_becomes_a_signed_in_one),
        TEST(sign_in_goes_back_to_our_own_pages_only),
        TEST(sign_in_from_a_foreign_page_is_refused),
        TEST(stranger_is_sent_to_the_door),
        TEST(cookie_of_nonsense_is_nobody),
        TEST(session_ends_after_half_an_hour_of_silence),
        TEST(session_ends_twelve_hours_after_the_sign_in),
        TEST(session_outlives_a_restart_of_the_program),
        TEST(signing_out_ends_the_session_on_the_server_too),
        TEST(signing_out_needs_the_form_of_our_own_page),
        TEST(revoked_seat_gives_nothing_from_the_next_request_on),
        TEST(change_made_elsewhere_counts_within_a_second),
        TEST(session_ended_elsewhere_is_over_within_a_second),
        TEST(session_is_read_again_only_when_a_fact_says_something_changed),
        TEST(seat_counts_from_its_first_day_to_the_end_of_its_last),
        TEST(disabled_account_is_out_and_stays_out_after_it_is_enabled),
        TEST(new_password_ends_every_other_session),
        TEST(password_is_not_changed_without_the_present_one),
        TEST(own_sessions_are_listed_and_ended_one_by_one),
        TEST(session_of_another_account_cannot_be_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
