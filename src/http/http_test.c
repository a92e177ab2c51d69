#include "check/check.h"

#include "http/intake.h"
#include "http/router.h"
#include "http/server.h"

#include <stdlib.h>
#include <string.h>

/* --- a small trade: duties that a unit closes with a reason --- */

struct close_form {
    struct str reason;
    struct str how;
    int64_t people;
    int32_t on_day;
    int64_t at;
    int64_t unit_id;
    bool is_sure;
};

static const struct choice hows[] = { { STR_INIT("da-lam"), STR_INIT("Đã làm") },
                                      { STR_INIT("khong-phai-lam"), STR_INIT("Không phải làm") } };
static const struct field close_fields[] = {
    { "reason", "Lý do", FIELD_LINES, FIELD_OF(struct close_form, reason), .len_max = 20, .required = true },
    { "how", "Kết quả", FIELD_CHOICE, FIELD_OF(struct close_form, how), .choices = hows, .choices_len = LEN(hows) },
    { "people", "Số người", FIELD_I64, FIELD_OF(struct close_form, people), .min = 1, .max = 5000 },
    { "on_day", "Ngày", FIELD_DAY, FIELD_OF(struct close_form, on_day) },
    { "at", "Thời điểm", FIELD_INSTANT, FIELD_OF(struct close_form, at) },
    { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct close_form, unit_id) },
    { "is_sure", "Đã kiểm tra", FIELD_BOOL, FIELD_OF(struct close_form, is_sure) },
};

static struct close_form closed; /* what reached the handler last */
static int closed_times;
static enum err close_answer;

static enum err show_duty(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    if (id == 404)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    struct form_view form = { .has_file = false };
    request_form_view(req, &req->route->form, NULL, &form);
    buf_format(&res->body, "csrf=" STR_FMT " fact=" STR_FMT " notice=" STR_FMT, STR_ARG(form.csrf),
               STR_ARG(form.fact_id), STR_ARG(req->notice));
    if (req->refused)
        buf_format(&res->body, " refused=%s:%s typed=" STR_FMT, req->refused->field, req->refused->words,
                   STR_ARG(req->typed[0]));
    return OK;
}

static enum err close_duty(struct ctx *cx, struct request *req, struct response *res)
{
    const struct close_form *form = req->form;
    closed = *form;
    closed_times++;
    if (close_answer != OK)
        return fail(cx, close_answer, "Nhiệm vụ đã được người khác hoàn thành");
    response_redirect(cx, res, url_format(&cx->arena, "/nhiem-vu/%d", 7), "Đã hoàn thành nhiệm vụ");
    return OK;
}

static enum err show_public(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    (void)req;
    buf_put(&res->body, STR("công khai"));
    return OK;
}

static enum err show_name(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    buf_put(&res->body, req->params_len ? req->params[0] : STR("mới"));
    return OK;
}

static enum err take_file(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    for (size_t i = 0; i < req->files_len; i++)
        buf_format(&res->body, STR_FMT "/" STR_FMT "/%zu;", STR_ARG(req->files[i].field),
                   STR_ARG(req->files[i].name), req->files[i].content.len);
    buf_put(&res->body, request_value(req, "title"));
    return OK;
}

static enum err take_json(struct ctx *cx, struct request *req, struct response *res)
{
    (void)cx;
    buf_put(&res->body, req->body);
    return OK;
}

static enum err take_all_memory(struct ctx *cx, struct request *req, struct response *res)
{
    (void)req;
    (void)res;
    arena_alloc(&cx->arena, cx->arena.limit_bytes);
    return OK;
}

/* clang-format off */
static const struct route rows[] = {
    { METHOD_GET,  STR_INIT("/"),                           PERMISSION_PUBLIC,     show_public, NO_FORM },
    { METHOD_GET,  STR_INIT("/het-bo-nho"),                 PERMISSION_PUBLIC,     take_all_memory, NO_FORM },
    { METHOD_GET,  STR_INIT("/quan-tri"),                   PERMISSION_AUDIT_READ, show_public, NO_FORM },
    { METHOD_GET,  STR_INIT("/nhiem-vu/{id}"),              PERMISSION_DUTY_READ,  show_duty, NO_FORM },
    { METHOD_GET,  STR_INIT("/nhiem-vu/moi"),               PERMISSION_DUTY_READ,  show_name, NO_FORM },
    { METHOD_GET,  STR_INIT("/don-vi/{ten}"),               PERMISSION_PUBLIC,     show_name, NO_FORM },
    { METHOD_POST, STR_INIT("/nhiem-vu/{id}/hoan-thanh"),   PERMISSION_DUTY_CLOSE, close_duty,
      FIELD_TABLE(struct close_form, close_fields), .flags = ROUTE_TOKEN, .again = show_duty },
    { METHOD_POST, STR_INIT("/tai-lieu"),                   PERMISSION_SIGNED_IN,  take_file, NO_FORM,
      .flags = ROUTE_FILE, .body_max = 4096 },
    { METHOD_POST, STR_INIT("/luot"),                       PERMISSION_SIGNED_IN,  take_json, NO_FORM,
      .flags = ROUTE_JSON },
    { METHOD_POST, STR_INIT("/dang-nhap"),                  PERMISSION_PUBLIC,     show_public, NO_FORM,
      .flags = ROUTE_NO_CSRF },
};
/* clang-format on */
static const struct route_table rooms[] = { { rows, LEN(rows) } };

#define OFFICER_SECRET "0123456789abcdef0123456789abcdef"

static enum err identify(struct ctx *cx, struct request *req, struct actor *ret_actor)
{
    (void)cx;
    uint64_t officer = 1U << PERMISSION_SIGNED_IN | 1U << PERMISSION_DUTY_READ | 1U << PERMISSION_DUTY_CLOSE;
    if (str_eq(req->cookie, STR("can-bo"))) {
        *ret_actor = (struct actor){ .kind = ACTOR_PERSON, .permissions = officer, .name = STR("Trần Văn Mẫu") };
        req->csrf = STR(OFFICER_SECRET);
    } else if (str_eq(req->cookie, STR("hoc-vien"))) {
        *ret_actor = (struct actor){ .kind = ACTOR_PERSON, .permissions = 1U << PERMISSION_SIGNED_IN };
        req->csrf = STR(OFFICER_SECRET);
    } else if (str_eq(req->bearer, STR("the-giao-dien"))) {
        *ret_actor = (struct actor){ .kind = ACTOR_TOKEN, .permissions = officer };
    }
    return OK;
}

struct world {
    struct ctx *cx;
    struct app app;
    struct request req;
    struct response res;
};

static int open_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    void *cx = NULL;
    if (!world || check_ctx_open(&cx) != 0)
        return 1;
    world->cx = cx;
    world->app = (struct app){ .env = world->cx->env,
                               .rooms = rooms,
                               .rooms_len = LEN(rooms),
                               .gate = { .identify = identify, .sign_in_path = STR("/dang-nhap") } };
    closed_times = 0;
    close_answer = OK;
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    void *cx = world->cx;
    free(world);
    return check_ctx_close(&cx);
}

/* As the router masks the token for a page. */
static struct str masked(struct world *world, const char *secret)
{
    unsigned char random[CSRF_SECRET_BYTES];
    env_random(world->app.env, random, sizeof random);
    return csrf_mask(world->cx, str_from(secret), random);
}

/* Who: the value of the session cookie. */
static void ask(struct world *world, enum method method, const char *who, const char *path)
{
    request_init(&world->req, &world->app, method, str_from(path));
    world->req.cookies = str_format(&world->cx->arena, "phien=%s", who);
}

static int answer(struct world *world)
{
    enum err ignored = route_answer(world->cx, &world->app, &world->req, &world->res);
    (void)ignored; /* it stands in the status too */
    return world->res.status;
}

static int get(struct world *world, const char *who, const char *path)
{
    ask(world, METHOD_GET, who, path);
    return answer(world);
}

static bool body_has(const struct world *world, const char *text)
{
    struct str body = buf_str(&world->res.body);
    return str_find(body, str_from(text)) < body.len;
}

/* A POST as our own page sends it: the masked token comes with the form. */
static int post(struct world *world, const char *who, const char *path, const char *fields)
{
    ask(world, METHOD_POST, who, path);
    world->req.content_type = STR("application/x-www-form-urlencoded");
    struct str token = masked(world, OFFICER_SECRET);
    world->req.body = str_format(&world->cx->arena, "csrf=" STR_FMT "&%s", STR_ARG(token), fields);
    return answer(world);
}

/* --- who may --- */

static void stranger_is_stopped_at_the_door(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "", "/nhiem-vu/7"), 303);
    assert_str_equal(world->res.location, "/dang-nhap?tiep=%2Fnhiem-vu%2F7");
    ask(world, METHOD_GET, "", "/nhiem-vu/7");
    world->req.wants_json = true;
    assert_int_equal(answer(world), 401);
    assert_int_equal(post(world, "", "/nhiem-vu/7/hoan-thanh", "reason=xong"), 401);
    assert_int_equal(closed_times, 0);
}

static struct str get_json(struct world *world, const char *who, const char *path)
{
    ask(world, METHOD_GET, who, path);
    world->req.wants_json = true;
    assert_int_equal(answer(world), 404);
    return str_copy(&world->cx->arena, buf_str(&world->res.body));
}

static void what_one_may_not_see_looks_like_what_does_not_exist(void **state)
{
    struct world *world = *state;
    struct str hidden = get_json(world, "hoc-vien", "/nhiem-vu/7");
    assert_true(str_eq(hidden, get_json(world, "can-bo", "/nhiem-vu/404")));
    assert_true(str_eq(hidden, get_json(world, "can-bo", "/khong-co")));
    assert_int_equal(get(world, "hoc-vien", "/nhiem-vu/7"), 404);
    assert_true(body_has(world, "Không tìm thấy nội dung này"));
}

static void who_is_signed_in_is_lost_in_their_own_frame(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "can-bo", "/khong-co"), 404);
    assert_true(body_has(world, "Trần Văn Mẫu"));
    assert_int_equal(get(world, "", "/khong-co"), 404);
    assert_false(body_has(world, "Trần Văn Mẫu"));
}

static void a_known_page_says_that_the_permission_is_missing(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "hoc-vien", "/quan-tri"), 403);
    assert_int_equal(post(world, "hoc-vien", "/nhiem-vu/7/hoan-thanh", "reason=xong"), 403);
    assert_int_equal(closed_times, 0);
}

static void anyone_reads_a_public_page(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "", "/"), 200);
    assert_true(body_has(world, "công khai"));
}

static void an_interface_token_works_only_where_the_route_takes_it_and_never_gets_a_cookie(void **state)
{
    struct world *world = *state;
    ask(world, METHOD_POST, "", "/nhiem-vu/7/hoan-thanh");
    world->req.authorization = STR("Bearer the-giao-dien");
    world->req.content_type = STR("application/x-www-form-urlencoded");
    world->req.body = STR("reason=xong");
    assert_int_equal(answer(world), 303);
    assert_int_equal(closed_times, 1);
    assert_int_equal(world->res.notice_cookie.len, 0);

    /* the cookie beside it lends it nothing */
    ask(world, METHOD_GET, "can-bo", "/nhiem-vu/7");
    world->req.authorization = STR("Bearer the-giao-dien");
    world->req.wants_json = true;
    assert_int_equal(answer(world), 401);
    ask(world, METHOD_POST, "can-bo", "/nhiem-vu/7/hoan-thanh");
    world->req.authorization = STR("Bearer sai");
    assert_int_equal(answer(world), 401);
}

/* --- CSRF --- */

static void a_post_without_the_pages_token_changes_nothing(void **state)
{
    struct world *world = *state;
    static const char *const bodies[] = { "reason=xong", "csrf=&reason=xong", "csrf=00&reason=xong",
                                          "csrf=0123456789abcdef0123456789abcdef&reason=xong" };
    for (size_t i = 0; i < LEN(bodies); i++) {
        ask(world, METHOD_POST, "can-bo", "/nhiem-vu/7/hoan-thanh");
        world->req.content_type = STR("application/x-www-form-urlencoded");
        world->req.body = str_from(bodies[i]);
        assert_int_equal(answer(world), 403);
    }
    ask(world, METHOD_POST, "can-bo", "/nhiem-vu/7/hoan-thanh");
    world->req.content_type = STR("application/x-www-form-urlencoded");
    struct str other = masked(world, "fedcba9876543210fedcba9876543210");
    world->req.body = str_format(&world->cx->arena, "reason=xong&csrf=" STR_FMT, STR_ARG(other));
    assert_int_equal(answer(world), 403);
    assert_int_equal(closed_times, 0);
}

static int post_json(struct world *world, const char *path, struct str token)
{
    ask(world, METHOD_POST, "can-bo", path);
    world->req.content_type = STR("application/json; charset=utf-8");
    world->req.csrf_header = token;
    world->req.body = STR("{\"marks\":[]}");
    return answer(world);
}

static void a_script_sends_its_token_in_a_header_where_json_is_taken(void **state)
{
    struct world *world = *state;
    const char *path = "/luot";
    assert_int_equal(post_json(world, path, masked(world, OFFICER_SECRET)), 200);
    assert_str_equal(buf_str(&world->res.body), "{\"marks\":[]}");
    assert_int_equal(post_json(world, path, STR("")), 403);
    assert_int_equal(post_json(world, path, masked(world, "fedcba9876543210fedcba9876543210")), 403);
    /* Where a form is wanted, JSON is none, whatever token comes along. */
    closed_times = 0;
    assert_int_equal(post_json(world, "/nhiem-vu/7/hoan-thanh", masked(world, OFFICER_SECRET)), 422);
    assert_int_equal(closed_times, 0);
}

/* The request's head as it comes over the wire; what the parser makes of it. */
static enum intake_step read_head(struct world *world, const char *head, struct str *ret_token)
{
    static struct intake intake;
    struct call *call = call_new(world->app.env);
    assert_non_null(call);
    call_reset(call, &world->app);
    intake_init(&intake);
    intake_next(&intake, call);
    struct str rest = str_from(head);
    enum intake_step step = intake_feed(&intake, &rest);
    *ret_token = str_copy(&world->cx->arena, call->req.csrf_header);
    call_free(call);
    return step;
}

static void a_scripts_token_is_read_from_its_own_header_and_stands_there_once(void **state)
{
    struct world *world = *state;
    struct str token = STR("");
    assert_int_equal(read_head(world, "GET /luot HTTP/1.1\r\nHost: a\r\nX-Csrf: abc\r\n\r\n", &token), INTAKE_DONE);
    assert_str_equal(token, "abc");
    assert_int_equal(read_head(world, "GET /luot HTTP/1.1\r\nHost: a\r\nX-Csrf: abc\r\nX-CSRF: def\r\n\r\n", &token),
                     INTAKE_BAD);
}

static int post_from(struct world *world, const char *path, const char *origin, const char *fetch_site)
{
    ask(world, METHOD_POST, "can-bo", path);
    world->req.content_type = STR("application/x-www-form-urlencoded");
    world->req.host = STR("diemcau.example");
    world->req.origin = str_from(origin);
    world->req.fetch_site = str_from(fetch_site);
    struct str token = masked(world, OFFICER_SECRET);
    world->req.body = str_format(&world->cx->arena, "reason=xong&csrf=" STR_FMT, STR_ARG(token));
    return answer(world);
}

static void a_post_from_another_site_changes_nothing(void **state)
{
    struct world *world = *state;
    const char *path = "/nhiem-vu/7/hoan-thanh";
    assert_int_equal(post_from(world, path, "http://diemcau.example", "same-origin"), 303);
    assert_int_equal(post_from(world, path, "", ""), 303);
    closed_times = 0;
    assert_int_equal(post_from(world, path, "http://xau.example", "same-origin"), 403);
    assert_int_equal(post_from(world, path, "http://diemcau.example.xau.example", ""), 403);
    assert_int_equal(post_from(world, path, "https://diemcau.example", ""), 403);
    assert_int_equal(post_from(world, path, "null", ""), 403);
    assert_int_equal(post_from(world, path, "", "cross-site"), 403);
    assert_int_equal(post_from(world, path, "", "same-site"), 403);
    assert_int_equal(closed_times, 0);
    assert_int_equal(post_from(world, "/dang-nhap", "http://xau.example", ""), 403);
    assert_int_equal(post_from(world, "/dang-nhap", "http://diemcau.example", "same-origin"), 200);
}

static void the_token_looks_different_in_every_page(void **state)
{
    struct world *world = *state;
    struct str one = masked(world, OFFICER_SECRET);
    struct str two = masked(world, OFFICER_SECRET);
    assert_false(str_eq(one, two));
    assert_true(csrf_matches(STR(OFFICER_SECRET), one));
    assert_true(csrf_matches(STR(OFFICER_SECRET), two));
    assert_int_equal(masked(world, "").len, 0);
    assert_false(csrf_matches(STR(""), STR("")));
}

/* --- forms --- */

static void a_filled_form_reaches_the_handler_as_its_struct(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh",
                          "reason=%C4%90%C3%A3+n%E1%BB%99p%0D%0Ab%E1%BA%A3n+in&how=da-lam&people=3.321"
                          "&on_day=21/11/2026&at=08:00+ng%C3%A0y+21/11/2026&unit_id=42&is_sure=1"),
                     303);
    assert_str_equal(closed.reason, "Đã nộp\nbản in");
    assert_str_equal(closed.how, "da-lam");
    assert_int_equal(closed.people, 3321);
    assert_int_equal(closed.on_day, day_from_civil(2026, 11, 21));
    assert_int_equal(closed.at, day_time(day_from_civil(2026, 11, 21), 8, 0));
    assert_int_equal(closed.unit_id, 42);
    assert_true(closed.is_sure);
}

static void what_was_left_empty_is_empty(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=xong&on_day=+&people="), 303);
    assert_int_equal(closed.on_day, DAY_NONE);
    assert_int_equal(closed.people, 0);
    assert_int_equal(closed.unit_id, 0);
    assert_false(closed.is_sure);
}

static void a_refused_form_is_shown_again_with_what_was_typed(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *fields;
        const char *words;
    } cases[] = {
        { "reason=", "reason:Mục “Lý do” còn trống, xin bổ sung" },
        { "reason=+%0D%0A+", "reason:Mục “Lý do” còn trống, xin bổ sung" },
        { "reason=Danh+s%C3%A1ch+c%C3%B2n+thi%E1%BA%BFu+hai+ng%C6%B0%E1%BB%9Di", "reason:Mục “Lý do” dài 29 ký tự" },
        { "reason=a%07b", "reason:Mục “Lý do” có ký tự điều khiển" },
        { "reason=x&how=da-lam-roi", "how:Mục “Kết quả” chưa chọn đúng" },
        { "reason=x&people=ba", "people:Mục “Số người” cần là số nguyên" },
        { "reason=x&people=3.32", "people:Mục “Số người” cần là số nguyên" },
        { "reason=x&people=.321", "people:Mục “Số người” cần là số nguyên" },
        { "reason=x&people=5001", "people:Mục “Số người” cần là số từ 1 đến 5000" },
        { "reason=x&on_day=31/11/2026", "on_day:Mục “Ngày” cần là ngày có thật" },
        { "reason=x&at=25:00+21/11/2026", "at:Mục “Thời điểm” cần có giờ và ngày" },
        { "reason=x&unit_id=-4", "unit_id:Mục “Đơn vị” chưa chọn đúng" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", cases[i].fields), 422);
        if (!body_has(world, cases[i].words))
            fail_msg("%s: " STR_FMT, cases[i].fields, STR_ARG(buf_str(&world->res.body)));
    }
    assert_true(body_has(world, "typed=x"));
    assert_int_equal(closed_times, 0);
}

static void a_form_the_trade_refuses_is_shown_again_under_its_own_id(void **state)
{
    struct world *world = *state;
    close_answer = ERR_CONFLICT;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh",
                          "reason=xong&fact_id=00112233445566778899aabbccddeeff"),
                     409);
    assert_true(body_has(world, "Nhiệm vụ đã được người khác hoàn thành"));
    assert_true(body_has(world, "fact=00112233445566778899aabbccddeeff"));
    assert_true(body_has(world, "typed=xong"));
    assert_int_equal(world->cx->fact_id.at[15], 0xff);
}

static void a_damaged_fact_id_is_refused(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=xong&fact_id=12"), 422);
    assert_int_equal(closed_times, 0);
}

static void decomposed_letters_are_stored_composed(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=ho%CC%80a"), 303);
    assert_str_equal(closed.reason, "hòa");
}

static void text_that_is_not_utf8_is_refused_kindly(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=%FFabc"), 422);
    assert_true(body_has(world, "không đúng mã Unicode"));
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=a%00b"), 422);
    assert_int_equal(get(world, "", "/don-vi/%C3"), 422);
    assert_int_equal(closed_times, 0);
}

static void a_percent_sign_that_codes_nothing_stands_for_itself(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "", "/don-vi/100%"), 200);
    assert_true(body_has(world, "100%"));
    assert_int_equal(get(world, "", "/don-vi/a+b%2Fc"), 200);
    assert_true(body_has(world, "a+b/c"));
}

static void a_form_with_too_many_values_is_refused(void **state)
{
    struct world *world = *state;
    struct buf fields;
    buf_init(&fields, &world->cx->arena);
    for (int i = 0; i <= REQUEST_VALUES_MAX; i++)
        buf_format(&fields, "v%d=1&", i);
    buf_put_char(&fields, '\0');
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", fields.at), 413);
}

static void a_body_past_the_routes_limit_is_refused(void **state)
{
    struct world *world = *state;
    ask(world, METHOD_POST, "can-bo", "/nhiem-vu/7/hoan-thanh");
    world->req.content_type = STR("application/x-www-form-urlencoded");
    world->req.body = (struct str){ arena_alloc(&world->cx->arena, REQUEST_BODY_BYTES + 1), REQUEST_BODY_BYTES + 1 };
    assert_int_equal(answer(world), 413);
    world->req.body = STR("{\"reason\":1}");
    world->req.content_type = STR("application/json");
    assert_int_equal(answer(world), 422);
}

/* --- uploads --- */

static int upload(struct world *world, const char *content_type, const char *body)
{
    ask(world, METHOD_POST, "can-bo", "/tai-lieu");
    world->req.content_type = str_from(content_type);
    struct str token = masked(world, OFFICER_SECRET);
    world->req.body = str_format(&world->cx->arena,
                                 "--XyZ\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" STR_FMT "%s",
                                 STR_ARG(token), body);
    return answer(world);
}

static void an_upload_arrives_with_its_name_and_content(void **state)
{
    struct world *world = *state;
    const char *type = "multipart/form-data; boundary=XyZ";
    assert_int_equal(upload(world, type,
                            "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nKế hoạch"
                            "\r\n--XyZ\r\ncontent-disposition: form-data; name=\"file\"; "
                            "filename=\"C:\\Tài liệu\\bài 1.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
                            "%PDF\r\n--XyX\r\n-\r\n--XyZ--\r\n"),
                     200);
    assert_true(body_has(world, "file/bài 1.pdf/14;Kế hoạch"));
    assert_int_equal(upload(world, "multipart/form-data; charset=x; boundary=\"XyZ\"",
                            "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--XyZ--"),
                     200);
    assert_int_equal(world->req.files_len, 0);
}

static void a_damaged_upload_is_refused(void **state)
{
    struct world *world = *state;
    const char *type = "multipart/form-data; boundary=XyZ";
    static const char *const bodies[] = {
        "",
        "\r\n--XyZ",
        "\r\n--XyZ-",
        "\r\n--XyZ--rest",
        "\r\n--XyZ\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''b\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\"\nX: y\r\n\r\nx\r\n--XyZ--",
        "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\n--XyZ--",
    };
    for (size_t i = 0; i < LEN(bodies); i++)
        if (upload(world, type, bodies[i]) != 422)
            fail_msg("taken, number %zu", i);
    assert_int_equal(upload(world, "multipart/form-data", "\r\n--XyZ--"), 422);
    assert_int_equal(upload(world, "multipart/form-data; boundary=\"a b\"", "\r\n--XyZ--"), 422);
    assert_int_equal(upload(world, "multipart/form-data; boundary=", "\r\n--XyZ--"), 422);
}

static void more_files_than_allowed_are_refused(void **state)
{
    struct world *world = *state;
    struct buf body;
    buf_init(&body, &world->cx->arena);
    for (int i = 0; i <= REQUEST_FILES_MAX; i++)
        buf_format(&body, "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%d.pdf\"\r\n\r\nx", i);
    buf_put(&body, STR("\r\n--XyZ--"));
    buf_put_char(&body, '\0');
    assert_int_equal(upload(world, "multipart/form-data; boundary=XyZ", body.at), 413);
    assert_true(body_has(world, "tối đa 8 tệp"));
}

/* --- routes --- */

static void a_literal_part_wins_over_a_name(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "can-bo", "/nhiem-vu/moi"), 200);
    assert_true(body_has(world, "mới"));
    world->app.index = route_index_make(world->app.env, rooms, LEN(rooms));
    assert_non_null(world->app.index);
    assert_int_equal(get(world, "can-bo", "/nhiem-vu/moi"), 200);
    assert_int_equal(get(world, "can-bo", "/nhiem-vu/7"), 200);
    assert_int_equal(get(world, "can-bo", "/"), 200);
    assert_int_equal(get(world, "can-bo", "/nhiem-vu/7/hoan-thanh"), 404);
    route_index_free(world->app.env, world->app.index);
}

static void a_path_is_taken_only_as_it_is_written(void **state)
{
    struct world *world = *state;
    static const char *const paths[] = { "", "nhiem-vu/7", "//nhiem-vu/7", "/nhiem-vu/7/", "/nhiem-vu//", "/nhiem-vu/",
                                         "/nhiem-vu/./7", "/nhiem-vu/0", "/nhiem-vu/-1", "/nhiem-vu/7x",
                                         "/nhiem-vu/99999999999999999999", "/nhiem%2Dvu/7", "/NHIEM-VU/7" };
    for (size_t i = 0; i < LEN(paths); i++)
        if (get(world, "can-bo", paths[i]) != 404)
            fail_msg("found: %s", paths[i]);
}

static void check_refused(struct ctx *cx, const struct route *table, size_t len, const char *words)
{
    struct route_table one = { table, len };
    assert_err(ERR_INVALID, routes_check(cx, &one, 1));
    if (!strstr(cx->fault.words, words))
        fail_msg("%s, not %s", cx->fault.words, words);
}

static void the_program_does_not_start_with_a_route_that_names_no_permission(void **state)
{
    struct world *world = *state;
    struct ctx *cx = world->cx;
    assert_ok(cx, routes_check(cx, rooms, LEN(rooms)));
    const struct route open_door[] = { { METHOD_GET, STR("/a"), PERMISSION_NONE, show_public, NO_FORM } };
    check_refused(cx, open_door, 1, "chưa ghi quyền");
    const struct route nobody_answers[] = { { METHOD_GET, STR("/a"), PERMISSION_PUBLIC, NULL, NO_FORM } };
    check_refused(cx, nobody_answers, 1, "chưa có phần xử lý");
    const struct route wrong_flag[] = { { METHOD_GET, STR("/a"), PERMISSION_PUBLIC, show_public, NO_FORM,
                                          .flags = ROUTE_NO_CSRF } };
    check_refused(cx, wrong_flag, 1, "cờ");
    static const char *const patterns[] = { "", "a", "/a/", "/a//b", "/{}", "/a{b}", "/{a}/{b}/{c}/{d}/{e}" };
    for (size_t i = 0; i < LEN(patterns); i++) {
        const struct route row[] = { { METHOD_GET, str_from(patterns[i]), PERMISSION_PUBLIC, show_public, NO_FORM } };
        check_refused(cx, row, 1, "viết sai mẫu");
    }
}

static void two_rows_that_answer_the_same_request_are_refused(void **state)
{
    struct world *world = *state;
    const struct route twice[] = { { METHOD_GET, STR("/a/{id}"), PERMISSION_PUBLIC, show_public, NO_FORM },
                                   { METHOD_GET, STR("/a/{ten}"), PERMISSION_PUBLIC, show_public, NO_FORM } };
    check_refused(world->cx, twice, 2, "trùng nhau");
    const struct route crossed[] = { { METHOD_GET, STR("/a/{id}/c"), PERMISSION_PUBLIC, show_public, NO_FORM },
                                     { METHOD_GET, STR("/a/b/{ten}"), PERMISSION_PUBLIC, show_public, NO_FORM } };
    check_refused(world->cx, crossed, 2, "trùng nhau");
    const struct route apart[] = { { METHOD_GET, STR("/a/{id}/c"), PERMISSION_PUBLIC, show_public, NO_FORM },
                                   { METHOD_GET, STR("/a/b/c"), PERMISSION_PUBLIC, show_public, NO_FORM },
                                   { METHOD_POST, STR("/a/b/c"), PERMISSION_PUBLIC, show_public, NO_FORM } };
    struct route_table table = { apart, LEN(apart) };
    assert_ok(world->cx, routes_check(world->cx, &table, 1));
}

/* --- answers --- */

static void a_notice_survives_the_redirect_and_is_nobody_elses_to_write(void **state)
{
    struct world *world = *state;
    assert_int_equal(post(world, "can-bo", "/nhiem-vu/7/hoan-thanh", "reason=xong"), 303);
    assert_str_equal(world->res.location, "/nhiem-vu/7");
    struct str cookie = world->res.notice_cookie;
    assert_true(str_starts(cookie, STR("bao=")));
    cookie = str_sub(cookie, 0, str_find(cookie, STR(";")));

    ask(world, METHOD_GET, "can-bo", "/nhiem-vu/7");
    world->req.cookies = str_format(&world->cx->arena, "phien=can-bo; " STR_FMT, STR_ARG(cookie));
    assert_int_equal(answer(world), 200);
    assert_true(body_has(world, "notice=Đã hoàn thành nhiệm vụ"));

    world->app.secret[0] = 1; /* signed by somebody else */
    ask(world, METHOD_GET, "can-bo", "/nhiem-vu/7");
    world->req.cookies = str_format(&world->cx->arena, "phien=can-bo; " STR_FMT, STR_ARG(cookie));
    assert_int_equal(answer(world), 200);
    assert_false(body_has(world, "Đã hoàn thành"));
}

static void a_program_is_answered_in_json(void **state)
{
    struct world *world = *state;
    ask(world, METHOD_GET, "can-bo", "/nhiem-vu/404");
    world->req.wants_json = true;
    assert_int_equal(answer(world), 404);
    assert_str_equal(buf_str(&world->res.body), "{\"error\":\"NOT_FOUND\",\"words\":\"Không tìm thấy nội dung này\"}");
    ask(world, METHOD_POST, "", "/nhiem-vu/7/hoan-thanh");
    world->req.authorization = STR("Bearer the-giao-dien");
    world->req.wants_json = true;
    world->req.content_type = STR("application/x-www-form-urlencoded");
    world->req.body = STR("reason=");
    assert_int_equal(answer(world), 422);
    assert_true(body_has(world, "\"field\":\"reason\""));
    world->req.values_len = 0;
    world->req.body = STR("reason=xong");
    assert_int_equal(answer(world), 200);
    assert_str_equal(buf_str(&world->res.body),
                     "{\"location\":\"/nhiem-vu/7\",\"notice\":\"Đã hoàn thành nhiệm vụ\"}");
}

static void a_request_that_takes_all_memory_is_told_to_come_back(void **state)
{
    struct world *world = *state;
    assert_int_equal(get(world, "", "/het-bo-nho"), 503);
    assert_true(body_has(world, "Hệ thống đang bận"));
}

static void cells_that_start_like_a_formula_are_inert_in_csv(void **state)
{
    struct world *world = *state;
    struct response *res = &world->res;
    response_csv_begin(res, world->cx, STR("bang.csv"));
    response_csv_cell(res, STR("=1+1"));
    response_csv_cell(res, STR("Xã \"Mới\""));
    response_csv_number(res, -5);
    response_csv_end_row(res);
    response_csv_cell(res, STR("\tx"));
    response_csv_cell(res, STR("＝1"));
    response_csv_cell(res, STR(" @a"));
    response_csv_cell(res, STR("hai\ndòng"));
    response_csv_cell(res, STR("a-b"));
    response_csv_end_row(res);
    assert_str_equal(buf_str(&res->body), "\xEF\xBB\xBF\"'=1+1\",\"Xã \"\"Mới\"\"\",-5\r\n"
                                          "\"'\tx\",\"'＝1\",\"' @a\",\"hai\ndòng\",\"a-b\"\r\n");
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    (void)state;
    struct str cookies = STR("xphien=1; phien=2;phien=3; trong=; sai");
    assert_str_equal(cookie_find(cookies, STR("phien")), "2");
    assert_str_equal(cookie_find(cookies, STR("trong")), "");
    assert_str_equal(cookie_find(cookies, STR("khong")), "");
    assert_str_equal(cookie_find(STR(""), STR("phien")), "");
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(stranger_is_stopped_at_the_door),
        WORLD_TEST(what_one_may_not_see_looks_like_what_does_not_exist),
        WORLD_TEST(who_is_signed_in_is_lost_in_their_own_frame),
        WORLD_TEST(a_known_page_says_that_the_permission_is_missing),
        WORLD_TEST(anyone_reads_a_public_page),
        WORLD_TEST(an_interface_token_works_only_where_the_route_takes_it_and_never_gets_a_cookie),
        WORLD_TEST(a_post_without_the_pages_token_changes_nothing),
        WORLD_TEST(a_script_sends_its_token_in_a_header_where_json_is_taken),
        WORLD_TEST(a_scripts_token_is_read_from_its_own_header_and_stands_there_once),
        WORLD_TEST(a_post_from_another_site_changes_nothing),
        WORLD_TEST(the_token_looks_different_in_every_page),
        WORLD_TEST(a_filled_form_reaches_the_handler_as_its_struct),
        WORLD_TEST(what_was_left_empty_is_empty),
        WORLD_TEST(a_refused_form_is_shown_again_with_what_was_typed),
        WORLD_TEST(a_form_the_trade_refuses_is_shown_again_under_its_own_id),
        WORLD_TEST(a_damaged_fact_id_is_refused),
        WORLD_TEST(decomposed_letters_are_stored_composed),
        WORLD_TEST(text_that_is_not_utf8_is_refused_kindly),
        WORLD_TEST(a_percent_sign_that_codes_nothing_stands_for_itself),
        WORLD_TEST(a_form_with_too_many_values_is_refused),
        WORLD_TEST(a_body_past_the_routes_limit_is_refused),
        WORLD_TEST(an_upload_arrives_with_its_name_and_content),
        WORLD_TEST(a_damaged_upload_is_refused),
        WORLD_TEST(more_files_than_allowed_are_refused),
        WORLD_TEST(a_literal_part_wins_over_a_name),
        WORLD_TEST(a_path_is_taken_only_as_it_is_written),
        WORLD_TEST(the_program_does_not_start_with_a_route_that_names_no_permission),
        WORLD_TEST(two_rows_that_answer_the_same_request_are_refused),
        WORLD_TEST(a_notice_survives_the_redirect_and_is_nobody_elses_to_write),
        WORLD_TEST(a_program_is_answered_in_json),
        WORLD_TEST(a_request_that_takes_all_memory_is_told_to_come_back),
        WORLD_TEST(cells_that_start_like_a_formula_are_inert_in_csv),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
