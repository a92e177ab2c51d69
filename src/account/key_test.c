/* Personal links and interface tokens. */
#include "account/account.h"

#include "account/session.h"
#include "base/day.h"
#include "check/check_account.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- personal links --- */

static void link_shows_its_subject_and_nothing_else(void **state)
{
    struct check_country *c = *state;
    struct step step = { .id = 0 };
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_answer answer = check_get(c, &browser, step_link(c, &step, 7));
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
    struct str path = step_link(c, &step, 7);
    (void)check_get(c, &browser, path);
    assert_ok(&c->check->cx, step_run(c, NULL, step_revoke_link, &step));
    account_changed(&c->app);
    assert_int_equal(check_get(c, &browser, STR("/nhiem-vu/7")).status, 303);
    assert_int_equal(check_get(c, &browser, path).status, 404);
    assert_err(ERR_CONFLICT, step_run(c, NULL, step_revoke_link, &step));

    path = step_link(c, &step, 9);
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
    check_clerk(c, &browser, &account_id, &grant_id);
    (void)check_get(c, &browser, step_link(c, &step, 7));
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
    check_clerk(c, &browser, &step.account_id, &step.grant_id);
    struct actor actor = check_actor(c, &browser);
    step.link = (struct account_link){ .unit_id = c->commune_committee,
                                       .subject_id = 7,
                                       .permissions = PERMISSION_BIT(DOCUMENT_ISSUE),
                                       .name = STR("Người quen"),
                                       .path = STR("/nhiem-vu/7"),
                                       .expires_at = c->clock_ms + DAY_MS };
    assert_err(ERR_FORBIDDEN, step_run(c, &actor, step_make_link, &step));
    step.link.permissions = PERMISSION_BIT(DUTY_READ);
    assert_ok(&c->check->cx, step_run(c, &actor, step_make_link, &step));
    step.link.unit_id = c->sibling_committee;
    assert_err(ERR_NOT_FOUND, step_run(c, &actor, step_make_link, &step));
    step.link.unit_id = c->commune_committee;
    step.link.path = STR("//ke-la.example/");
    assert_err(ERR_INVALID, step_run(c, &actor, step_make_link, &step));
}

/* --- interface tokens --- */

static void token_opens_only_what_is_made_for_tokens_and_gets_no_cookie(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    check_clerk(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Trục liên thông"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, step_run(c, NULL, step_make_token, &step));
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
    assert_int_equal(check_actor(c, &cookie).kind, ACTOR_NOBODY);
}

static void token_does_only_what_it_was_made_for_and_ends_with_its_seat(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    check_clerk(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(REPORT_READ) |
                                                        PERMISSION_BIT(ACCOUNT_WRITE),
                                         .name = STR("Bảng số liệu"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, step_run(c, NULL, step_make_token, &step));
    struct check_browser machine = { .bearer = step.secret };
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);

    step.token.permissions = PERMISSION_BIT(DUTY_READ);
    assert_ok(&c->check->cx, step_run(c, NULL, step_make_token, &step));
    machine.bearer = step.secret;
    assert_int_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);
    assert_ok(&c->check->cx, step_run(c, NULL, step_revoke, &step));
    account_changed(&c->app);
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);
}

static void revoked_or_expired_token_is_nobody(void **state)
{
    struct check_country *c = *state;
    struct check_browser person = { .csrf = { NULL, 0 } };
    struct step step = { .account_id = 0 };
    check_clerk(c, &person, &step.account_id, &step.grant_id);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Trục liên thông"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, step_run(c, NULL, step_make_token, &step));
    struct check_browser machine = { .bearer = step.secret };
    assert_ok(&c->check->cx, step_run(c, NULL, step_revoke_token, &step));
    account_changed(&c->app);
    assert_int_not_equal(check_get(c, &machine, STR("/api/nhiem-vu/7")).status, 200);

    assert_ok(&c->check->cx, step_run(c, NULL, step_make_token, &step));
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
    check_clerk(c, &person, &step.account_id, &step.grant_id);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &admin, "quan.tri");
    struct actor actor = check_actor(c, &admin);
    step.token = (struct account_token){ .account_id = step.account_id,
                                         .grant_id = step.grant_id,
                                         .permissions = PERMISSION_BIT(DUTY_READ),
                                         .name = STR("Mượn tên"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_err(ERR_FORBIDDEN, step_run(c, &actor, step_make_token, &step));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, check_accounts_open, check_country_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(link_shows_its_subject_and_nothing_else),
        TEST(link_ends_when_it_is_revoked_or_expires),
        TEST(opening_a_link_leaves_a_signed_in_person_signed_in),
        TEST(link_gives_no_more_than_its_maker_has),
        TEST(token_opens_only_what_is_made_for_tokens_and_gets_no_cookie),
        TEST(token_does_only_what_it_was_made_for_and_ends_with_its_seat),
        TEST(revoked_or_expired_token_is_nobody),
        TEST(nobody_makes_a_token_in_the_name_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
