#include "check/check_account.h"

#include "base/day.h"
#include "unit/unit.h"

#include <stdlib.h>

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

int check_accounts_open(void **state)
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

enum err step_grant(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_grant(cx, step->account_id, step->unit_id, &step->granted, &step->id);
}

enum err step_create(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_create(cx, step->unit_id, &step->created, &step->id);
}

enum err step_revoke(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke(cx, step->grant_id, STR("chuyển công tác"), &step->account_id);
}

enum err step_disable(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_disable(cx, step->account_id, STR("nghỉ hưu"));
}

enum err step_make_link(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_make_link(cx, &step->link, &step->secret, &step->id);
}

enum err step_revoke_link(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke_link(cx, step->id);
}

enum err step_make_token(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_make_token(cx, &step->token, &step->secret, &step->id);
}

enum err step_revoke_token(struct ctx *cx, void *what)
{
    struct step *step = what;
    return account_revoke_token(cx, step->id);
}

/* Runs on the writer as that actor (NULL: the program). */
enum err step_run(struct check_country *c, const struct actor *actor,
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

struct account_granted step_seat(const struct check_country *c, const char *role,
                                      const char *reach)
{
    return (struct account_granted){ .role = str_from(role),
                                     .reach = str_from(reach),
                                     .from_day = day_from_instant(c->clock_ms),
                                     .to_day = DAY_NONE };
}

/* Whoever is behind a browser's cookie, as the gate sees it. */
struct actor check_actor(struct check_country *c, const struct check_browser *browser)
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

struct check_answer check_try_password(struct check_country *c, struct check_browser *browser,
                                        const char *login, const char *password)
{
    struct str body = str_format(&c->check->cx.arena, "login=%s&password=" STR_FMT, login,
                                 STR_ARG(url_encode(&c->check->cx.arena, str_from(password))));
    return check_post(c, browser, STR("/dang-nhap"), body);
}

void check_clerk(struct check_country *c, struct check_browser *browser,
                      int64_t *ret_account_id, int64_t *ret_grant_id)
{
    *ret_account_id = check_account(c, "van.thu", c->commune_committee);
    *ret_grant_id = check_seat(c, *ret_account_id, "van_thu", c->commune_committee, "body");
    check_sign_in(c, browser, "van.thu");
}

struct str step_link(struct check_country *c, struct step *step, int64_t subject_id)
{
    step->link = (struct account_link){ .unit_id = c->commune_committee,
                                        .subject_id = subject_id,
                                        .permissions = PERMISSION_BIT(DUTY_READ),
                                        .name = STR("Trực ban viễn thông"),
                                        .path = str_format(&c->check->cx.arena, "/nhiem-vu/%lld",
                                                           (long long)subject_id),
                                        .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, step_run(c, NULL, step_make_link, step));
    return str_format(&c->check->cx.arena, "/l/" STR_FMT, STR_ARG(step->secret));
}
