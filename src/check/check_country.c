#include "check/check_country.h"

#include "base/day.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

/* --- clocks --- */

static struct check_country *of_env(void *state)
{
    return state;
}

static int64_t read_now(void *state)
{
    return of_env(state)->clock_ms;
}

static int64_t read_monotonic(void *state)
{
    return of_env(state)->clock_us;
}

void check_wait(struct check_country *country, int64_t ms)
{
    country->clock_ms += ms;
    country->clock_us += ms * 1000;
    country->check->cx.now = country->clock_ms;
}

/* --- the country --- */

static enum err make_area(struct ctx *cx, int64_t parent_id, enum unit_kind kind, const char *code,
                          const char *name, int64_t *ret_id)
{
    struct unit_new unit = { .parent_id = parent_id,
                             .kind = kind,
                             .code = str_from(code),
                             .name = str_from(name),
                             .from_day = day_from_civil(2025, 7, 1),
                             .cause = STR("202/2025/QH15"),
                             .with_bodies = true };
    return unit_create(cx, &unit, ret_id);
}

static enum err find_body(struct ctx *cx, int64_t place_id, const char *sort, int64_t *ret_id)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find_body(cx, place_id, str_from(sort), &unit));
    *ret_id = unit.id;
    return OK;
}

static enum err make_country(struct ctx *cx, void *what)
{
    struct check_country *c = what;
    TRY(make_area(cx, 0, UNIT_NATION, "VN", "Việt Nam", &c->nation));
    TRY(make_area(cx, c->nation, UNIT_PROVINCE, "51", "Quảng Ngãi", &c->province));
    TRY(make_area(cx, c->nation, UNIT_PROVINCE, "42", "Hà Tĩnh", &c->foreign_province));
    TRY(make_area(cx, c->province, UNIT_COMMUNE, "21100", "Bình Minh", &c->commune));
    TRY(make_area(cx, c->province, UNIT_WARD, "21101", "Trà Bồng", &c->sibling));
    TRY(make_area(cx, c->foreign_province, UNIT_COMMUNE, "18100", "Cẩm Xuyên", &c->foreign));
    TRY(find_body(cx, c->nation, "hoc_vien", &c->academy));
    TRY(find_body(cx, c->province, "tinh_uy", &c->province_committee));
    TRY(find_body(cx, c->province, "so_noi_vu", &c->interior));
    TRY(find_body(cx, c->foreign_province, "tinh_uy", &c->foreign_province_committee));
    TRY(find_body(cx, c->commune, "dang_uy_xa", &c->commune_committee));
    TRY(find_body(cx, c->sibling, "dang_uy_xa", &c->sibling_committee));
    TRY(find_body(cx, c->foreign, "dang_uy_xa", &c->foreign_committee));
    /* Tests sign in by password; factor_test.c sets the rule of real installations. */
    return account_set_factor_rule(cx, STR("khong"));
}

int check_country_open(void **state, const struct route_table *rooms, size_t rooms_len)
{
    void *check_state = NULL;
    struct check_country *country = calloc(1, sizeof *country);
    if (!country || check_store_open(&check_state) != 0)
        return 1;
    struct check_store *check = check_state;
    country->check = check;
    country->clock_ms = day_time(day_from_civil(2026, 5, 21), 8, 0);
    country->clock_us = 1000000;
    country->env = *env_real();
    country->env.state = country;
    country->env.now = read_now;
    country->env.monotonic = read_monotonic;
    check->cx.env = &country->env;
    check->cx.now = country->clock_ms;
    country->app = (struct app){
        .env = &country->env, .store = check->store, .rooms = rooms, .rooms_len = rooms_len
    };
    *state = country;
    if (check_write(check, make_country, country) == OK &&
        account_open(&check->cx, &country->app) == OK &&
        account_hash(&check->cx, check->store, STR(CHECK_PASSWORD), false,
                     &country->password_hash) == OK)
        return 0;
    print_error("country: %s; %s\n", check->cx.fault.words, check->cx.fault.detail);
    return 1;
}

int check_country_close(void **state)
{
    struct check_country *country = *state;
    void *check_state = country->check;
    account_close(&country->app);
    country->check->cx.env = env_real();
    int result = check_store_close(&check_state);
    free(country);
    return result;
}

/* --- its people --- */

struct made {
    struct check_country *country;
    struct account_created created;
    struct account_granted granted;
    int64_t unit_id;
    int64_t account_id;
    int64_t grant_id;
};

static enum err make_account(struct ctx *cx, void *what)
{
    struct made *made = what;
    cx->fact_id = (struct fact_id){ { 0 } };
    TRY(account_create(cx, made->unit_id, &made->created, &made->account_id));
    return account_set_password(cx, made->account_id, made->country->password_hash);
}

int64_t check_account(struct check_country *country, const char *login, int64_t unit_id)
{
    struct made made = { .country = country, .unit_id = unit_id };
    made.created.login = str_from(login);
    made.created.name = str_format(&country->check->cx.arena, "Đồng chí %s", login);
    assert_ok(&country->check->cx, check_write(country->check, make_account, &made));
    return made.account_id;
}

static enum err make_seat(struct ctx *cx, void *what)
{
    struct made *made = what;
    cx->fact_id = (struct fact_id){ { 0 } };
    return account_grant(cx, made->account_id, made->unit_id, &made->granted, &made->grant_id);
}

int64_t check_seat(struct check_country *country, int64_t account_id, const char *role,
                   int64_t unit_id, const char *reach)
{
    struct made made = { .country = country, .unit_id = unit_id, .account_id = account_id };
    made.granted = (struct account_granted){ .role = str_from(role),
                                             .reach = str_from(reach),
                                             .from_day = day_from_instant(country->clock_ms) - 1,
                                             .to_day = DAY_NONE };
    assert_ok(&country->check->cx, check_write(country->check, make_seat, &made));
    return made.grant_id;
}

/* --- their browsers --- */

bool check_has(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

struct str check_csrf_of(struct str page)
{
    struct str mark = STR("name=\"csrf\" value=\"");
    size_t at = str_find(page, mark);
    if (at == page.len)
        return STR("");
    struct str rest = str_sub(page, at + mark.len, page.len);
    return str_cut(&rest, '"');
}

/* "phien=abc; Path=/; ..." sets, an empty value ends. */
static void keep_cookie(struct str set_cookie, struct check_browser *browser)
{
    struct str pair = str_cut(&set_cookie, ';');
    struct str name = str_cut(&pair, '=');
    if (str_eq(name, STR("phien")) || str_eq(name, STR("__Host-phien")))
        browser->session = pair;
    if (str_eq(name, STR("lien-ket")) || str_eq(name, STR("__Host-lien-ket")))
        browser->link = pair;
}

static struct check_answer send(struct check_country *country, struct check_browser *browser,
                                enum method method, struct str path, struct str body)
{
    struct ctx *cx = &country->check->cx;
    struct response res = { .status = 0 };
    struct buf cookies;
    struct request *req = calloc(1, sizeof *req);
    assert_non_null(req);
    struct str query = path;
    request_init(req, &country->app, method, str_cut(&query, '?'));
    const char *prefix = country->app.is_secure ? "__Host-" : "";
    buf_init(&cookies, &cx->arena);
    if (browser->session.len > 0)
        buf_format(&cookies, "%sphien=" STR_FMT "; ", prefix, STR_ARG(browser->session));
    if (browser->link.len > 0)
        buf_format(&cookies, "%slien-ket=" STR_FMT "; ", prefix, STR_ARG(browser->link));
    req->query = query;
    req->cookies = buf_str(&cookies);
    req->body = body;
    req->content_type = STR("application/x-www-form-urlencoded");
    req->peer = browser->peer.len > 0 ? browser->peer : STR("127.0.0.1");
    req->origin = browser->origin;
    req->fetch_site = browser->fetch_site;
    if (browser->origin.len > 0)
        req->host = STR("diemcau.example");
    if (browser->bearer.len > 0)
        req->authorization = str_format(&cx->arena, "Bearer " STR_FMT, STR_ARG(browser->bearer));
    cx->now = country->clock_ms;
    cx->fact_id = (struct fact_id){ { 0 } };
    struct check_answer answer = { .err = route_answer(cx, &country->app, req, &res) };
    answer.status = res.status;
    answer.body = str_copy(&cx->arena, buf_str(&res.body));
    answer.location = res.location;
    answer.set_cookie = res.set_cookie;
    answer.content_type = res.content_type;
    keep_cookie(res.set_cookie, browser);
    free(req);
    return answer;
}

struct check_answer check_get(struct check_country *country, struct check_browser *browser,
                              struct str path)
{
    struct check_answer answer = send(country, browser, METHOD_GET, path, STR(""));
    struct str csrf = check_csrf_of(answer.body);
    if (csrf.len > 0)
        browser->csrf = csrf;
    return answer;
}

struct check_answer check_post(struct check_country *country, struct check_browser *browser,
                               struct str path, struct str body)
{
    struct ctx *cx = &country->check->cx;
    struct str all = body;
    if (browser->csrf.len > 0)
        all = str_format(&cx->arena, STR_FMT "%scsrf=" STR_FMT, STR_ARG(body),
                         body.len > 0 ? "&" : "", STR_ARG(browser->csrf));
    return send(country, browser, METHOD_POST, path, all);
}

void check_sign_in(struct check_country *country, struct check_browser *browser, const char *login)
{
    struct ctx *cx = &country->check->cx;
    struct str body = str_format(&cx->arena, "login=%s&password=" STR_FMT, login,
                                 STR_ARG(url_encode(&cx->arena, STR(CHECK_PASSWORD))));
    struct check_answer answer = check_post(country, browser, STR("/dang-nhap"), body);
    if (answer.status != 303 || browser->session.len == 0)
        fail_msg("%s could not sign in: %d %s", login, answer.status, cx->fault.words);
    (void)check_get(country, browser, STR("/tai-khoan"));
}
