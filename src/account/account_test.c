#include "account/account.h"

#include "account/session.h"
#include "base/day.h"
#include "check/check_country.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- a page of another room: what a link shows, and what an interface may call --- */

static enum err show_duty(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    if (cx->actor->kind == ACTOR_LINK && cx->actor->subject_id != id)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    buf_format(&res->body, "nhiệm vụ %lld của " STR_FMT " do " STR_FMT, (long long)id,
               STR_ARG(cx->actor->unit_name), STR_ARG(cx->actor->name));
    return OK;
}

/* clang-format off */
static const struct route duty_rows[] = {
    { METHOD_GET, STR_INIT("/nhiem-vu/{id}"),     PERMISSION_DUTY_READ, show_duty, NO_FORM },
    { METHOD_GET, STR_INIT("/api/nhiem-vu/{id}"), PERMISSION_DUTY_READ, show_duty, NO_FORM, .flags = ROUTE_TOKEN },
};
/* clang-format on */

static struct route_table rooms[4];

static int open_country(void **state)
{
    static struct fact_kinds facts[2];
    facts[0] = unit_facts;
    facts[1] = account_facts;
    fact_register(facts, LEN(facts));
    rooms[0] = account_routes;
    rooms[1] = account_admin_routes;
    rooms[2] = account_trail_routes;
    rooms[3] = (struct route_table){ duty_rows, LEN(duty_rows) };
    return check_country_open(state, rooms, LEN(rooms));
}

/* --- small steps --- */

struct step {
    int64_t account_id, unit_id, grant_id;
    struct account_granted granted;
    struct account_created created;
    struct account_link link;
    struct account_token token;
    struct str secret;
    int64_t id;
    const struct actor *actor;
};

static enum err run_grant(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_grant(cx, step->account_id, step->unit_id, &step->granted, &step->id);
}

static enum err run_create(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_create(cx, step->unit_id, &step->created, &step->id);
}

static enum err run_revoke(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke(cx, step->grant_id, STR("chuyển công tác"), &step->account_id);
}

static enum err run_disable(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_disable(cx, step->account_id, STR("nghỉ hưu"));
}

static enum err run_make_link(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_make_link(cx, &step->link, &step->secret, &step->id);
}

static enum err run_revoke_link(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke_link(cx, step->id);
}

static enum err run_make_token(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_make_token(cx, &step->token, &step->secret, &step->id);
}

static enum err run_revoke_token(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke_token(cx, step->id);
}

/* Runs on the writer as that actor (NULL: the program). */
static enum err run_as(struct check_country *c, const struct actor *actor,
                       enum err (*run)(struct ctx *cx, void *what), struct step *step)
{
    struct ctx *cx = &c->check->cx;
    const struct actor *outer = cx->actor;
    cx->fact_id = (struct fact_id){ { 0 } };
    cx->actor = actor ? actor : outer;
    enum err err = check_write(c->check, run, step);
    cx->actor = outer;
    return err;
}

static struct account_granted seat_of(const struct check_country *c, const char *role,
                                      const char *reach)
{
    return (struct account_granted){ .role = str_from(role),
                                     .reach = str_from(reach),
                                     .from_day = day_from_instant(c->clock_ms),
                                     .to_day = DAY_NONE };
}

/* Whoever is behind a browser's cookie, as the gate sees it. */
static struct actor actor_of(struct check_country *c, const struct check_browser *browser)
{
    struct actor actor = { .kind = ACTOR_NOBODY };
    struct request *req = calloc(1, sizeof *req);
    assert_non_null(req);
    request_init(req, &c->app, METHOD_GET, STR("/tai-khoan"));
    req->cookie = browser->session.len > 0 ? browser->session : STR("");
    c->check->cx.now = c->clock_ms;
    assert_ok(&c->check->cx, c->app.gate.identify(&c->check->cx, req, &actor));
    free(req);
    return actor;
}

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
        assert_err(ERR_INVALID, run_as(c, NULL, run_create, &step));
        assert_string_equal(c->check->cx.fault.field, "login");
    }
}

static void login_is_used_once(void **state)
{
    struct check_country *c = *state;
    struct step step = { .unit_id = c->sibling_committee,
                         .created = { .login = STR("van.thu"), .name = STR("Lò Thị Bích") } };
    check_account(c, "van.thu", c->commune_committee);
    assert_err(ERR_CONFLICT, run_as(c, NULL, run_create, &step));
}

static void seat_reaches_its_unit_and_nothing_beside_it(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "van.thu", c->commune_committee), "van_thu",
               c->commune_committee, "body");
    check_sign_in(c, &browser, "van.thu");
    struct actor actor = actor_of(c, &browser);
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
    struct actor actor = actor_of(c, &browser);
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
                         .granted = seat_of(c, "chuyen_vien", "area") };
    assert_err(ERR_INVALID, run_as(c, NULL, run_grant, &step));
    assert_string_equal(c->check->cx.fault.field, "reach");
}

static void seat_that_ends_before_it_begins_is_refused(void **state)
{
    struct check_country *c = *state;
    struct step step = { .account_id = check_account(c, "van.thu", c->commune),
                         .unit_id = c->commune_committee,
                         .granted = seat_of(c, "van_thu", "body") };
    step.granted.to_day = step.granted.from_day - 1;
    assert_err(ERR_INVALID, run_as(c, NULL, run_grant, &step));
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
    struct actor actor = actor_of(c, &browser);

    struct step step = { .account_id = other,
                         .unit_id = c->commune_committee,
                         .granted = seat_of(c, "van_thu", "body") };
    assert_ok(&c->check->cx, run_as(c, &actor, run_grant, &step));
    step.unit_id = c->foreign_committee;
    assert_err(ERR_NOT_FOUND, run_as(c, &actor, run_grant, &step));
    step.unit_id = c->nation;
    assert_err(ERR_NOT_FOUND, run_as(c, &actor, run_grant, &step));
    step = (struct step){ .account_id = foreign,
                          .unit_id = c->commune_committee,
                          .granted = seat_of(c, "van_thu", "body") };
    assert_err(ERR_NOT_FOUND, run_as(c, &actor, run_grant, &step));
    step = (struct step){ .account_id = own,
                          .unit_id = c->commune_committee,
                          .granted = seat_of(c, "van_thu", "body") };
    assert_err(ERR_FORBIDDEN, run_as(c, &actor, run_grant, &step));
}

static void who_may_not_hand_roles_on_grants_nothing(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "dung.dau", c->province_committee), "nguoi_dung_dau",
               c->province_committee, "area");
    check_sign_in(c, &browser, "dung.dau");
    struct actor actor = actor_of(c, &browser);
    struct step step = { .account_id = check_account(c, "van.thu", c->commune_committee),
                         .unit_id = c->commune_committee,
                         .granted = seat_of(c, "van_thu", "body") };
    assert_err(ERR_FORBIDDEN, run_as(c, &actor, run_grant, &step));
}

/* --- signing in --- */

static struct check_answer try_password(struct check_country *c, struct check_browser *browser,
                                        const char *login, const char *password)
{
    struct str body = str_format(&c->check->cx.arena, "login=%s&password=" STR_FMT, login,
                                 STR_ARG(url_encode(&c->check->cx.arena, str_from(password))));
    return check_post(c, browser, STR("/dang-nhap"), body);
}

static void wrong_password_and_unknown_name_get_the_same_answer(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_account(c, "van.thu", c->commune_committee);
    struct check_answer wrong = try_password(c, &browser, "van.thu", "con bò nhà tôi ăn hai bó cỏ");
    struct check_answer unknown =
        try_password(c, &browser, "van.thi", "con bò nhà tôi ăn hai bó cỏ");
    assert_int_equal(wrong.status, 422);
    assert_int_equal(unknown.status, 422);
    assert_true(check_has(wrong.body, "Tên đăng nhập hoặc mật khẩu chưa đúng"));
    assert_int_equal(wrong.body.len, unknown.body.len);
    assert_int_equal(browser.session.len, 0);
    assert_false(check_has(wrong.body, "con bò"));
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
            (void)try_password(c, &browser, kind == 0 ? "van.thu" : "khong.co",
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
    struct check_answer answer = try_password(c, &browser, "+Van.Thu+", CHECK_PASSWORD);
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
        assert_int_equal(try_password(c, &browser, "van.thu", "sai rồi sai rồi").status, 422);
    assert_int_equal(try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 429);
    check_wait(c, 61000);
    assert_int_equal(try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 303);
}

static void session_cookie_is_for_this_host_and_not_for_scripts(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    check_account(c, "van.thu", c->commune_committee);
    struct check_answer answer = try_password(c, &browser, "van.thu", CHECK_PASSWORD);
    assert_true(str_starts(answer.set_cookie, STR("phien=")));
    assert_true(check_has(answer.set_cookie, "HttpOnly"));
    assert_true(check_has(answer.set_cookie, "SameSite=Lax"));
    c->app.is_secure = true;
    answer = try_password(c, &browser, "van.thu", CHECK_PASSWORD);
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
    assert_int_equal(try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 303);
    assert_false(str_eq(browser.session, planted));
    browser.session = planted;
    assert_int_equal(actor_of(c, &browser).kind, ACTOR_NOBODY);
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
    assert_int_equal(try_password(c, &browser, "van.thu", CHECK_PASSWORD).status, 403);
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
        assert_int_equal(actor_of(c, &browser).kind, ACTOR_NOBODY);
    }
}

/* --- sessions that end --- */

static void signed_in(struct check_country *c, struct check_browser *browser,
                      int64_t *ret_account_id, int64_t *ret_grant_id)
{
    *ret_account_id = check_account(c, "van.thu", c->commune_committee);
    *ret_grant_id = check_seat(c, *ret_account_id, "van_thu", c->commune_committee, "body");
    check_sign_in(c, browser, "van.thu");
}

static void session_ends_after_half_an_hour_of_silence(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &account_id, &grant_id);
    struct check_browser thief = { .session = browser.session };
    assert_int_equal(check_post(c, &browser, STR("/dang-xuat"), STR("")).status, 303);
    assert_int_equal(browser.session.len, 0);
    assert_int_equal(actor_of(c, &thief).kind, ACTOR_NOBODY);
}

static void signing_out_needs_the_form_of_our_own_page(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
    browser.csrf = STR("");
    assert_int_equal(check_post(c, &browser, STR("/dang-xuat"), STR("")).status, 403);
    assert_int_equal(actor_of(c, &browser).kind, ACTOR_PERSON);
}

static void revoked_seat_gives_nothing_from_the_next_request_on(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser admin = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &step.account_id, &step.grant_id);
    check_wait(c, 5000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 200);
    assert_ok(&c->check->cx, run_as(c, NULL, run_disable, &step));
    check_wait(c, 1000);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 303);
}

static void seat_counts_from_its_first_day_to_the_end_of_its_last(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = check_account(c, "van.thu", c->commune_committee),
                         .unit_id = c->commune_committee,
                         .granted = seat_of(c, "van_thu", "body") };
    step.granted.to_day = step.granted.from_day;
    assert_ok(&c->check->cx, run_as(c, NULL, run_grant, &step));
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
    signed_in(c, &browser, &account_id, &grant_id);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct str lock =
        str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/khoa", (long long)account_id);
    struct str unlock =
        str_format(&cx->arena, "/quan-tri/tai-khoan/%lld/mo", (long long)account_id);
    assert_int_equal(check_post(c, &admin, lock, STR("reason=ngh%E1%BB%89+h%C6%B0u")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    struct check_browser again = { .csrf = { NULL, 0 } };
    assert_int_equal(try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 422);
    assert_int_equal(check_post(c, &admin, unlock, STR("")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    check_wait(c, 61000);
    assert_int_equal(try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 303);
}

static void new_password_ends_every_other_session(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser other = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
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
    assert_int_equal(try_password(c, &again, "van.thu", CHECK_PASSWORD).status, 422);
    assert_int_equal(try_password(c, &again, "van.thu", "ba con vịt bơi qua sông").status, 303);
}

static void password_is_not_changed_without_the_present_one(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &account_id, &grant_id);
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
    signed_in(c, &browser, &account_id, &grant_id);
    int64_t other_id = check_account(c, "khac", c->foreign_committee);
    check_sign_in(c, &other, "khac");
    assert_ok(&c->check->cx, session_list(&c->check->cx, other_id, STR(""), sessions, &len));
    assert_int_equal(len, 1);
    struct str path = str_format(&c->check->cx.arena, "/tai-khoan/phien/%lld/ket-thuc",
                                 (long long)sessions[0].id);
    assert_int_equal(check_post(c, &browser, path, STR("")).status, 404);
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 200);
}

/* --- seats --- */

static void who_has_several_seats_chooses_one_and_gets_a_new_session(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = check_account(c, "kiem.nhiem", c->province_committee);
    int64_t clerk = check_seat(c, account_id, "van_thu", c->commune_committee, "body");
    int64_t officer = check_seat(c, account_id, "chuyen_vien", c->province_committee, "area");
    struct check_answer answer = try_password(c, &browser, "kiem.nhiem", CHECK_PASSWORD);
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
    assert_int_equal(actor_of(c, &old).kind, ACTOR_NOBODY);
    struct actor actor = actor_of(c, &browser);
    assert_int_equal(actor.grant_id, clerk);
    assert_false(actor_may(&actor, PERMISSION_DUTY_REMIND));

    (void)check_get(c, &browser, STR("/tai-khoan"));
    (void)check_post(c, &browser, STR("/cho-ngoi"),
                     str_format(&c->check->cx.arena, "grant_id=%lld", (long long)officer));
    actor = actor_of(c, &browser);
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
    signed_in(c, &browser, &account_id, &grant_id);
    int64_t other =
        check_seat(c, check_account(c, "quan.tri", c->nation), "quan_tri", c->nation, "body");
    struct check_answer answer =
        check_post(c, &browser, STR("/cho-ngoi"),
                   str_format(&c->check->cx.arena, "grant_id=%lld", (long long)other));
    assert_int_equal(answer.status, 404);
    assert_int_equal(actor_of(c, &browser).grant_id, grant_id);
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
    struct actor actor = actor_of(c, &browser);
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

/* --- personal links --- */

static struct str linked(struct check_country *c, struct step *step, int64_t subject_id)
{
    step->link = (struct account_link){ .unit_id = c->commune_committee,
                                        .subject_id = subject_id,
                                        .permissions = PERMISSION_BIT(DUTY_READ),
                                        .name = STR("Trực ban viễn thông"),
                                        .path = str_format(&c->check->cx.arena, "/nhiem-vu/%lld",
                                                           (long long)subject_id),
                                        .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, run_as(c, NULL, run_make_link, step));
    return str_format(&c->check->cx.arena, "/l/" STR_FMT, STR_ARG(step->secret));
}

static void link_shows_its_subject_and_nothing_else(void **state)
{
    struct check_country *c = *state;
    struct step step = { .id = 0 };
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_answer answer = check_get(c, &browser, linked(c, &step, 7));
    assert_int_equal(answer.status, 303);
    assert_str_equal(answer.location, "/nhiem-vu/7");
    assert_true(browser.link.len > 0);
    assert_int_equal(browser.session.len, 0);
    answer = check_get(c, &browser, STR("/nhiem-vu/7"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Trực ban viễn thông"));
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/8")).status, 404);
    assert_int_equal(check_get(c, &browser, STR("/quan-tri/tai-khoan")).status, 403);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 403);
}

static void link_ends_when_it_is_revoked_or_expires(void **state)
{
    struct check_country *c = *state;
    struct step step = { .id = 0 };
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct str path = linked(c, &step, 7);
    (void)check_get(c, &browser, path);
    assert_ok(&c->check->cx, run_as(c, NULL, run_revoke_link, &step));
    account_changed(&c->app);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 303);
    assert_int_equal(check_get(c, &browser, path).status, 404);
    assert_err(ERR_CONFLICT, run_as(c, NULL, run_revoke_link, &step));

    path = linked(c, &step, 9);
    check_wait(c, DAY_MS);
    assert_int_equal(check_get(c, &browser, path).status, 404);
    assert_int_equal(check_get(c, &browser, STR("/l/0011")).status, 404);
}

static void opening_a_link_leaves_a_signed_in_person_signed_in(void **state)
{
    struct check_country *c = *state;
    struct step step = { .id = 0 };
    struct check_browser browser = { .csrf = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    signed_in(c, &browser, &account_id, &grant_id);
    (void)check_get(c, &browser, linked(c, &step, 7));
    struct check_answer answer = check_get(c, &browser, STR("/nhiem-vu/7"));
    assert_true(check_has(answer.body, "Trực ban viễn thông"));
    answer = check_get(c, &browser, STR("/nhiem-vu/77"));
    assert_true(check_has(answer.body, "van.thu"));
}

static void link_gives_no_more_than_its_maker_has(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    signed_in(c, &browser, &step.account_id, &step.grant_id);
    struct actor actor = actor_of(c, &browser);
    step.link = (struct account_link){ .unit_id = c->commune_committee,
                                       .subject_id = 7,
                                       .permissions = PERMISSION_BIT(DOCUMENT_ISSUE),
                                       .name = STR("Người quen"),
                                       .path = STR("/nhiem-vu/7"),
                                       .expires_at = c->clock_ms + DAY_MS };
    assert_err(ERR_FORBIDDEN, run_as(c, &actor, run_make_link, &step));
    step.link.permissions = PERMISSION_BIT(DUTY_READ);
    assert_ok(&c->check->cx, run_as(c, &actor, run_make_link, &step));
    step.link.unit_id = c->sibling_committee;
    assert_err(ERR_NOT_FOUND, run_as(c, &actor, run_make_link, &step));
    step.link.unit_id = c->commune_committee;
    step.link.path = STR("//ke-la.example/");
    assert_err(ERR_INVALID, run_as(c, &actor, run_make_link, &step));
}

/* --- interface tokens --- */

static void token_opens_only_what_is_made_for_tokens_and_gets_no_cookie(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    signed_in(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Trục liên thông"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, run_as(c, NULL, run_make_token, &step));
    struct check_browser machine = { .bearer = step.secret };
    struct check_answer answer = check_get(c, &machine, STR("/api/nhiem-vu/7"));
    assert_int_equal(answer.status, 200);
    assert_true(check_has(answer.body, "Đảng ủy xã Bình Minh"));
    assert_int_equal(answer.set_cookie.len, 0);
    /* Neither the pages of people, also with a session beside it, nor a session out of it. */
    assert_int_not_equal(check_get(c, &machine, STR("/nhiem-vu/7")).status, 200);
    machine.session = person.session;
    assert_int_not_equal(check_get(c, &machine, STR("/tai-khoan")).status, 200);
    answer = check_post(c, &machine, STR("/dang-nhap"), STR("login=van.thu&password=con+meo"));
    assert_int_not_equal(answer.status, 303);
    assert_int_equal(answer.set_cookie.len, 0);
    struct check_browser cookie = { .session = step.secret };
    assert_int_equal(actor_of(c, &cookie).kind, ACTOR_NOBODY);
}

static void token_does_only_what_it_was_made_for_and_ends_with_its_seat(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    signed_in(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(REPORT_READ) |
                                                        PERMISSION_BIT(ACCOUNT_WRITE),
                                         .name = STR("Bảng số liệu"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, run_as(c, NULL, run_make_token, &step));
    struct check_browser machine = { .bearer = step.secret };
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);

    step.token.permissions = PERMISSION_BIT(DUTY_READ);
    assert_ok(&c->check->cx, run_as(c, NULL, run_make_token, &step));
    machine.bearer = step.secret;
    assert_int_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);
    assert_ok(&c->check->cx, run_as(c, NULL, run_revoke, &step));
    account_changed(&c->app);
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);
}

static void revoked_or_expired_token_is_nobody(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    signed_in(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Trục liên thông"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, run_as(c, NULL, run_make_token, &step));
    struct check_browser machine = { .bearer = step.secret };
    assert_ok(&c->check->cx, run_as(c, NULL, run_revoke_token, &step));
    account_changed(&c->app);
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);

    assert_ok(&c->check->cx, run_as(c, NULL, run_make_token, &step));
    machine.bearer = step.secret;
    check_wait(c, DAY_MS);
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);
}

static void nobody_makes_a_token_in_the_name_of_another(void **state)
{
    struct check_country *c = *state;
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    signed_in(c, &person, &step.account_id, &step.grant_id);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct actor actor = actor_of(c, &admin);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Mượn tên"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_err(ERR_FORBIDDEN, run_as(c, &actor, run_make_token, &step));
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
    assert_int_equal(try_password(c, &person, "lo.bich", "ba con vit boi qua song").status, 303);
    assert_int_equal(actor_of(c, &person).unit_id, c->commune_committee);
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
    signed_in(c, &browser, &step.account_id, &step.grant_id);
    (void)linked(c, &step, 7);
    assert_ok(cx, run_as(c, NULL, run_revoke, &step));
    assert_ok(cx, store_digest(cx, c->check->store, before));
    assert_ok(cx, store_rebuild(cx, c->check->store));
    assert_ok(cx, store_digest(cx, c->check->store, after));
    assert_memory_equal(before, after, sizeof before);
    /* The rebuild is no reason to sign anybody out. */
    assert_int_equal(actor_of(c, &browser).kind, ACTOR_PERSON);
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
    signed_in(c, &browser, &account_id, &grant_id);
    check_wait(c, 5000);
    (void)actor_of(c, &browser);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_country, check_country_close)
    const struct CMUnitTest tests[] = {
        TEST(login_that_looks_like_another_is_refused),
        TEST(login_is_used_once),
        TEST(seat_reaches_its_unit_and_nothing_beside_it),
        TEST(province_committee_reaches_every_commune_of_its_province),
        TEST(department_does_not_get_the_reach_of_an_area),
        TEST(seat_that_ends_before_it_begins_is_refused),
        TEST(nobody_grants_above_their_reach_or_to_themselves),
        TEST(who_may_not_hand_roles_on_grants_nothing),
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
        TEST(seat_counts_from_its_first_day_to_the_end_of_its_last),
        TEST(disabled_account_is_out_and_stays_out_after_it_is_enabled),
        TEST(new_password_ends_every_other_session),
        TEST(password_is_not_changed_without_the_present_one),
        TEST(own_sessions_are_listed_and_ended_one_by_one),
        TEST(session_of_another_account_cannot_be_ended),
        TEST(who_has_several_seats_chooses_one_and_gets_a_new_session),
        TEST(nobody_sits_down_in_the_seat_of_another),
        TEST(first_administrator_comes_by_the_code_on_the_console_and_only_once),
        TEST(code_may_be_typed_in_small_letters_without_hyphens),
        TEST(link_shows_its_subject_and_nothing_else),
        TEST(link_ends_when_it_is_revoked_or_expires),
        TEST(opening_a_link_leaves_a_signed_in_person_signed_in),
        TEST(link_gives_no_more_than_its_maker_has),
        TEST(token_opens_only_what_is_made_for_tokens_and_gets_no_cookie),
        TEST(token_does_only_what_it_was_made_for_and_ends_with_its_seat),
        TEST(revoked_or_expired_token_is_nobody),
        TEST(nobody_makes_a_token_in_the_name_of_another),
        TEST(administrator_sees_and_keeps_the_accounts_of_the_own_subtree_only),
        TEST(new_account_gets_a_seat_and_signs_in),
        TEST(same_form_sent_twice_makes_one_account),
        TEST(trail_says_who_changed_what_and_keeps_secrets),
        TEST(account_tables_are_the_same_after_a_rebuild),
        TEST(asking_again_who_it_is_needs_no_database),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
