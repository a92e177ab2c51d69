/* The second factor: the standard's own numbers, and everything a person meets with it. */
#include "account/account.h"

#include "account/session.h"
#include "base/day.h"
#include "check/check_country.h"
#include "store/db.h"
#include "unit/unit.h"

#include <string.h>

static struct route_table rooms[4];

static int open_country(void **state)
{
    static struct fact_kinds facts[2];
    facts[0] = unit_facts;
    facts[1] = account_facts;
    fact_register(facts, LEN(facts));
    rooms[0] = account_routes;
    rooms[1] = account_admin_routes;
    rooms[2] = account_factor_routes;
    rooms[3] = account_trail_routes;
    return check_country_open(state, rooms, LEN(rooms));
}

/* --- reckoning --- */

static const struct totp_secret standard = { "12345678901234567890" };

/* RFC 6238, appendix B, the SHA-1 column; of its eight digits the last six. */
static void codes_are_those_of_the_standard(void **state)
{
    static const struct {
        int64_t seconds;
        uint32_t code;
    } cases[] = { { 59, 287082 },         { 1111111109, 81804 },  { 1111111111, 50471 },
                  { 1234567890, 5924 },   { 2000000000, 279037 }, { 20000000000, 353130 } };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(totp_code(&standard, cases[i].seconds / 30), cases[i].code);
}

static void a_clock_may_be_one_step_off_and_no_more(void **state)
{
    int64_t now = 1700000010000;
    int64_t step = now / TOTP_STEP_MS;
    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        int64_t found = totp_find_step(&standard, totp_code(&standard, step + off), now, 0);
        assert_int_equal(found, off >= -1 && off <= 1 ? step + off : 0);
    }
    assert_int_equal(totp_find_step(&standard, totp_code(&standard, step), now, step), 0);
    assert_int_equal(totp_find_step(&standard, totp_code(&standard, step - 1), now, step), 0);
    assert_int_equal(totp_find_step(&standard, totp_code(&standard, step + 1), now, step), step + 1);
}

static void secret_is_typed_and_read_back(void **state)
{
    struct ctx *cx = *state;
    struct totp_secret read;
    struct str text = totp_secret_text(&cx->arena, &standard);
    assert_str_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"); /* RFC 4648, base 32 */
    assert_true(totp_secret_parse(text, &read));
    assert_memory_equal(read.at, standard.at, sizeof read.at);
    static const char *const wrong[] = { "", "GEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
                                         "gezdgnbvgy3tqojqgezdgnbvgy3tqojq" };
    for (size_t i = 0; i < LEN(wrong); i++)
        assert_false(totp_secret_parse(str_from(wrong[i]), &read));
    assert_false(totp_secret_parse((struct str){ "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ\0", 32 }, &read));
    struct str path = STR("");
    int size = 0;
    assert_true(totp_picture(&cx->arena, totp_address(&cx->arena, STR("van.thu"), &standard), &path, &size));
    assert_true(size >= 21 + 8 && size <= 177 + 8 && path.len > 1000);
    for (size_t i = 0; i < TOTP_RECOVERY_CODES; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(totp_recovery_code(&cx->arena, &standard, i), totp_recovery_code(&cx->arena, &standard, j)));
}

/* --- what a phone does --- */

static uint32_t code_at(const struct check_country *c, const struct totp_secret *secret, int64_t later_ms)
{
    return totp_code(secret, (c->clock_ms + later_ms) / TOTP_STEP_MS);
}

/* The secret in the enrolment page. */
static struct totp_secret scan(struct check_country *c, struct check_browser *browser)
{
    struct totp_secret secret;
    struct str mark = STR("name=\"secret\" value=\"");
    struct check_answer answer = check_get(c, browser, STR("/tai-khoan/xac-thuc"));
    assert_int_equal(answer.status, 200);
    size_t at = str_find(answer.body, mark);
    assert_true(at < answer.body.len);
    assert_true(totp_secret_parse(str_sub(answer.body, at + mark.len, TOTP_SECRET_LETTERS), &secret));
    assert_true(check_has(answer.body, "<svg class=\"code-picture\""));
    return secret;
}

static struct check_answer send_enrolment(struct check_country *c, struct check_browser *browser,
                                          const struct totp_secret *secret, uint32_t code, const char *password)
{
    struct arena *arena = &c->check->cx.arena;
    return check_post(c, browser, STR("/tai-khoan/xac-thuc"),
                      str_format(arena, "secret=" STR_FMT "&code=%06u&password=" STR_FMT,
                                 STR_ARG(totp_secret_text(arena, secret)), code,
                                 STR_ARG(url_encode(arena, str_from(password)))));
}

static struct totp_secret enrolled(struct check_country *c, struct check_browser *browser)
{
    struct totp_secret secret = scan(c, browser);
    struct check_answer answer = send_enrolment(c, browser, &secret, code_at(c, &secret, 0), CHECK_PASSWORD);
    assert_int_equal(answer.status, 303);
    return secret;
}

static struct check_answer send_password(struct check_country *c, struct check_browser *browser, const char *login)
{
    struct arena *arena = &c->check->cx.arena;
    return check_post(c, browser, STR("/dang-nhap"),
                      str_format(arena, "login=%s&tiep=%%2Fnhat-ky&password=" STR_FMT, login,
                                 STR_ARG(url_encode(arena, STR(CHECK_PASSWORD)))));
}

static struct check_answer send_code(struct check_country *c, struct check_browser *browser, const char *code)
{
    return check_post(c, browser, STR("/dang-nhap/ma"),
                      str_format(&c->check->cx.arena, "tiep=%%2Fnhat-ky&code=%s", code));
}

static const char *digits(struct check_country *c, uint32_t code)
{
    return str_to_c(&c->check->cx.arena, str_format(&c->check->cx.arena, "%06u", code));
}

static int64_t clerk(struct check_country *c, struct check_browser *browser)
{
    int64_t id = check_account(c, "van.thu", c->commune_committee);
    check_seat(c, id, "kiem_tra", c->commune_committee, "area");
    check_sign_in(c, browser, "van.thu");
    return id;
}

static void set_rule(struct check_country *c, const char *rule);

/* --- switching it on, and coming in with it --- */

static void who_has_it_on_comes_in_with_password_and_code(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct str before = browser.session;
    struct totp_secret secret = enrolled(c, &browser);
    assert_false(str_eq(before, browser.session));
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);

    struct check_browser other = { .csrf = { NULL, 0 } };
    struct check_answer answer = send_password(c, &other, "van.thu");
    assert_int_equal(answer.status, 303);
    assert_true(str_starts(answer.location, STR("/dang-nhap/ma?tiep=")));
    /* The password alone opens nothing. */
    answer = check_get(c, &other, STR("/tai-khoan"));
    assert_int_equal(answer.status, 303);
    assert_true(str_starts(answer.location, STR("/dang-nhap")));
    assert_int_equal(check_get(c, &other, STR("/dang-nhap/ma")).status, 200);

    check_wait(c, 60000);
    struct str waiting = other.session;
    answer = send_code(c, &other, digits(c, code_at(c, &secret, 0)));
    assert_int_equal(answer.status, 303);
    assert_str_equal(answer.location, "/nhat-ky");
    assert_false(str_eq(waiting, other.session));
    assert_int_equal(check_get(c, &other, STR("/nhat-ky")).status, 200);
}

static void nobody_is_asked_for_a_code_without_a_password_first(void **state)
{
    struct check_country *c = *state;
    struct check_browser stranger = { .csrf = { NULL, 0 } };
    assert_str_equal(check_get(c, &stranger, STR("/dang-nhap/ma")).location, "/dang-nhap");
    assert_str_equal(send_code(c, &stranger, "123456").location, "/dang-nhap");
    assert_int_equal(stranger.session.len, 0);
}

static void a_code_opens_once(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    struct check_browser one = { .csrf = { NULL, 0 } };
    struct check_browser two = { .csrf = { NULL, 0 } };
    (void)send_password(c, &one, "van.thu");
    (void)send_password(c, &two, "van.thu");
    /* The code that switched it on is used up, too. */
    assert_int_equal(send_code(c, &one, digits(c, code_at(c, &secret, 0))).status, 422);
    check_wait(c, 60000);
    const char *code = digits(c, code_at(c, &secret, 0));
    assert_int_equal(send_code(c, &one, code).status, 303);
    struct check_answer answer = send_code(c, &two, code);
    assert_int_equal(answer.status, 422);
    assert_true(check_has(answer.body, "Mã chưa đúng hoặc đã dùng rồi"));
    /* Nor does the one before it, though its half minute is near. */
    assert_int_equal(send_code(c, &two, digits(c, code_at(c, &secret, -TOTP_STEP_MS))).status, 422);
    check_wait(c, TOTP_STEP_MS);
    assert_int_equal(send_code(c, &two, digits(c, code_at(c, &secret, 0))).status, 303);
}

static void a_phone_half_a_minute_off_is_let_in_and_one_further_off_is_not(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    check_wait(c, 10 * 60000);
    struct check_browser other = { .csrf = { NULL, 0 } };
    (void)send_password(c, &other, "van.thu");
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, 2 * TOTP_STEP_MS))).status, 422);
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, -2 * TOTP_STEP_MS))).status, 422);
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, TOTP_STEP_MS))).status, 303);
}

static void codes_are_not_guessed_by_trying(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    check_wait(c, 60000);
    struct check_browser other = { .peer = STR_INIT("203.0.113.7") };
    (void)send_password(c, &other, "van.thu");
    uint32_t right = code_at(c, &secret, 0);
    int refused = 0;
    for (uint32_t i = 1; i <= 20; i++)
        refused += send_code(c, &other, digits(c, (right + i * 7) % 1000000)).status == 429;
    assert_true(refused >= 10);
    assert_int_equal(send_code(c, &other, digits(c, right)).status, 429);
    check_wait(c, 61000);
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, 0))).status, 303);
}

static void the_code_is_waited_for_ten_minutes(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    struct check_browser other = { .csrf = { NULL, 0 } };
    (void)send_password(c, &other, "van.thu");
    check_wait(c, SESSION_WAITING_MS + 1000);
    assert_str_equal(send_code(c, &other, digits(c, code_at(c, &secret, 0))).location, "/dang-nhap");
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 303);
}

static void a_recovery_code_opens_once_in_place_of_the_phone(void **state)
{
    struct check_country *c = *state;
    struct arena *arena = &c->check->cx.arena;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    struct str code = totp_recovery_code(arena, &secret, 3);
    /* As it is copied from paper: small letters and a blank in the middle. */
    char typed[16];
    (void)snprintf(typed, sizeof typed, STR_FMT "+" STR_FMT, STR_ARG(str_sub(code, 0, 5)), STR_ARG(str_sub(code, 5, 5)));
    for (char *at = typed; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    struct check_browser one = { .csrf = { NULL, 0 } };
    struct check_browser two = { .csrf = { NULL, 0 } };
    (void)send_password(c, &one, "van.thu");
    (void)send_password(c, &two, "van.thu");
    assert_int_equal(send_code(c, &one, typed).status, 303);
    assert_int_equal(send_code(c, &two, typed).status, 422);
    struct check_answer answer = check_get(c, &one, STR("/tai-khoan/xac-thuc"));
    assert_true(check_has(answer.body, "<dd>7/8</dd>"));
    answer = check_get(c, &one, STR("/nhat-ky"));
    assert_true(check_has(answer.body, "Đăng nhập bằng mã dự phòng"));
    assert_true(check_has(answer.body, "(van.thu)"));
}

static void it_is_switched_on_by_a_right_code_and_the_password_alone(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = scan(c, &browser);
    uint32_t right = code_at(c, &secret, 0);
    struct check_answer answer = send_enrolment(c, &browser, &secret, (right + 1) % 1000000, CHECK_PASSWORD);
    assert_int_equal(answer.status, 422);
    /* The same secret is shown again: the phone has scanned it. */
    struct str text = totp_secret_text(&c->check->cx.arena, &secret);
    assert_true(check_has(answer.body, str_to_c(&c->check->cx.arena, text)));
    answer = send_enrolment(c, &browser, &secret, right, "sai rồi sai rồi");
    assert_int_equal(answer.status, 422);
    assert_true(check_has(answer.body, "Mật khẩu hiện nay chưa đúng"));
    check_wait(c, 61000);
    right = code_at(c, &secret, 0);
    assert_int_equal(send_enrolment(c, &browser, &secret, right, CHECK_PASSWORD).status, 303);
    check_wait(c, 61000);
    (void)check_get(c, &browser, STR("/tai-khoan"));
    assert_int_equal(send_enrolment(c, &browser, &secret, code_at(c, &secret, 0), CHECK_PASSWORD).status, 409);
}

static void taking_it_off_needs_both_and_ends_the_other_sessions(void **state)
{
    struct check_country *c = *state;
    struct arena *arena = &c->check->cx.arena;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser other = { .csrf = { NULL, 0 } };
    clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    check_wait(c, 60000);
    (void)send_password(c, &other, "van.thu");
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, 0))).status, 303);
    check_wait(c, 60000);
    (void)check_get(c, &browser, STR("/tai-khoan/xac-thuc"));
    struct str password = url_encode(arena, STR(CHECK_PASSWORD));
    struct str wrong = str_format(arena, "code=000000&password=" STR_FMT, STR_ARG(password));
    assert_int_equal(check_post(c, &browser, STR("/tai-khoan/xac-thuc/bo"), wrong).status, 422);
    struct str right = str_format(arena, "code=%06u&password=" STR_FMT, code_at(c, &secret, 0), STR_ARG(password));
    assert_int_equal(check_post(c, &browser, STR("/tai-khoan/xac-thuc/bo"), right).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 200);
    assert_int_equal(check_get(c, &other, STR("/tai-khoan")).status, 303);
    struct check_browser third = { .csrf = { NULL, 0 } };
    check_sign_in(c, &third, "van.thu");
}

/* --- where it is asked for --- */

static enum err run_set_rule(struct ctx *cx, void *what)
{
    const char *rule = what;
    cx->fact_id = (struct fact_id){ { 0 } };
    return account_set_factor_rule(cx, str_from(rule));
}

static void set_rule(struct check_country *c, const char *rule)
{
    assert_ok(&c->check->cx, check_write(c->check, run_set_rule, (void *)(uintptr_t)rule));
    account_changed(&c->app);
}

static void a_seat_of_a_province_gives_nothing_until_it_is_on(void **state)
{
    struct check_country *c = *state;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser commune = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "kiem.tra", c->province_committee), "kiem_tra", c->province_committee, "area");
    clerk(c, &commune);
    set_rule(c, "cap_tinh");
    struct check_answer answer = send_password(c, &browser, "kiem.tra");
    assert_int_equal(answer.status, 303);
    assert_str_equal(answer.location, "/tai-khoan/xac-thuc");
    assert_int_equal(check_get(c, &browser, STR("/nhat-ky")).status, 403);
    answer = check_get(c, &browser, STR("/cho-ngoi"));
    assert_true(check_has(answer.body, "/tai-khoan/xac-thuc"));
    assert_int_equal(check_get(c, &commune, STR("/nhat-ky")).status, 200); /* communes may, and need not */
    (void)enrolled(c, &browser);
    assert_int_equal(check_get(c, &browser, STR("/nhat-ky")).status, 200);
}

static void without_a_rule_of_its_own_an_installation_asks_from_the_province_up(void **state)
{
    (void)state;
    assert_true(factor_is_asked(STR(""), STR("central")));
    assert_true(factor_is_asked(STR(""), STR("province")));
    assert_false(factor_is_asked(STR(""), STR("commune")));
    assert_true(factor_is_asked(STR("tat_ca"), STR("commune")));
    assert_false(factor_is_asked(STR("khong"), STR("central")));
}

static void only_who_reaches_the_whole_country_sets_the_rule(void **state)
{
    struct check_country *c = *state;
    struct check_browser nation = { .csrf = { NULL, 0 } };
    struct check_browser province = { .csrf = { NULL, 0 } };
    check_seat(c, check_account(c, "quan.tri", c->nation), "quan_tri", c->nation, "body");
    check_seat(c, check_account(c, "quan.tri.tinh", c->province), "quan_tri", c->province, "body");
    check_sign_in(c, &nation, "quan.tri");
    check_sign_in(c, &province, "quan.tri.tinh");
    assert_true(check_has(check_get(c, &nation, STR("/quan-tri/xac-thuc")).body, "Lưu quy định"));
    assert_false(check_has(check_get(c, &province, STR("/quan-tri/xac-thuc")).body, "Lưu quy định"));
    assert_int_equal(check_post(c, &province, STR("/quan-tri/xac-thuc"), STR("rule=tat_ca")).status, 403);
    assert_int_equal(check_post(c, &nation, STR("/quan-tri/xac-thuc"), STR("rule=moi_nguoi")).status, 422);
    assert_int_equal(check_post(c, &nation, STR("/quan-tri/xac-thuc"), STR("rule=tat_ca")).status, 303);
    /* It counts at once, for the one who set it, too. */
    assert_int_equal(check_get(c, &nation, STR("/quan-tri/xac-thuc")).status, 403);
}

static void an_administrator_takes_it_off_and_the_trail_says_so(void **state)
{
    struct check_country *c = *state;
    struct arena *arena = &c->check->cx.arena;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    struct check_browser admin = { .csrf = { NULL, 0 } };
    struct check_browser foreign = { .csrf = { NULL, 0 } };
    int64_t id = clerk(c, &browser);
    (void)enrolled(c, &browser);
    check_seat(c, check_account(c, "quan.tri", c->province), "quan_tri", c->province, "body");
    check_seat(c, check_account(c, "quan.tri.khac", c->foreign_province), "quan_tri", c->foreign_province, "body");
    check_sign_in(c, &admin, "quan.tri");
    check_sign_in(c, &foreign, "quan.tri.khac");
    struct str page = str_format(arena, "/quan-tri/tai-khoan/%lld", (long long)id);
    struct str path = str_format(arena, STR_FMT "/xac-thuc/bo", STR_ARG(page));
    assert_true(check_has(check_get(c, &admin, page).body, "Đã bật lúc"));
    assert_int_equal(check_post(c, &foreign, path, STR("reason=x")).status, 404);
    assert_int_equal(check_post(c, &admin, path, STR("reason=m%E1%BA%A5t+%C4%91i%E1%BB%87n+tho%E1%BA%A1i")).status, 303);
    assert_int_equal(check_get(c, &browser, STR("/tai-khoan")).status, 303);
    struct check_browser again = { .csrf = { NULL, 0 } };
    check_sign_in(c, &again, "van.thu");
    struct check_answer trail = check_get(c, &admin, STR("/nhat-ky"));
    assert_true(check_has(trail.body, "Bỏ xác thực hai bước"));
    assert_true(check_has(trail.body, "mất điện thoại"));
    assert_int_equal(check_post(c, &admin, path, STR("reason=x")).status, 409);
}

/* --- what is kept --- */

static void the_secret_stands_nowhere_in_clear_and_a_rebuild_keeps_all(void **state)
{
    SQL(count_clear, "SELECT COUNT(*) FROM fact f LEFT JOIN fact_private p ON p.seq = f.seq"
                     " WHERE f.body LIKE $1 OR p.body LIKE $1 OR f.body LIKE $2 OR p.body LIKE $2 /*scan*/");
    SQL(count_seals, "SELECT COUNT(*) FROM account_factor WHERE seal = $1");
    struct check_country *c = *state;
    struct ctx *cx = &c->check->cx;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    unsigned char before[32];
    unsigned char after[32];
    int64_t id = clerk(c, &browser);
    struct totp_secret secret = enrolled(c, &browser);
    struct str text = str_format(&cx->arena, "%%" STR_FMT "%%", STR_ARG(totp_secret_text(&cx->arena, &secret)));
    struct str hex = str_format(&cx->arena, "%%" STR_FMT "%%",
                                STR_ARG(str_from_bytes_hex(&cx->arena, secret.at, sizeof secret.at)));
    assert_int_equal(check_i64(c->check, &count_clear, BIND(V(text), V(hex))), 0);
    assert_int_equal(check_i64(c->check, &count_seals, BIND(V(((struct bytes){ secret.at, sizeof secret.at })))), 0);
    assert_ok(cx, store_digest(cx, c->check->store, before));
    assert_ok(cx, store_rebuild(cx, c->check->store));
    assert_ok(cx, store_digest(cx, c->check->store, after));
    assert_memory_equal(before, after, sizeof before);
    struct factor kept = { .made_at = 0 };
    assert_ok(cx, factor_find(cx, id, &kept));
    assert_memory_equal(kept.secret.at, secret.at, sizeof secret.at);
    /* What was used stays used. */
    struct check_browser other = { .csrf = { NULL, 0 } };
    (void)send_password(c, &other, "van.thu");
    assert_int_equal(send_code(c, &other, digits(c, code_at(c, &secret, 0))).status, 422);
}

#define COUNTRY_TEST(name) cmocka_unit_test_setup_teardown(name, open_country, check_country_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(a_clock_may_be_one_step_off_and_no_more),
        cmocka_unit_test_setup_teardown(secret_is_typed_and_read_back, check_ctx_open, check_ctx_close),
        COUNTRY_TEST(who_has_it_on_comes_in_with_password_and_code),
        COUNTRY_TEST(nobody_is_asked_for_a_code_without_a_password_first),
        COUNTRY_TEST(a_code_opens_once),
        COUNTRY_TEST(a_phone_half_a_minute_off_is_let_in_and_one_further_off_is_not),
        COUNTRY_TEST(codes_are_not_guessed_by_trying),
        COUNTRY_TEST(the_code_is_waited_for_ten_minutes),
        COUNTRY_TEST(a_recovery_code_opens_once_in_place_of_the_phone),
        COUNTRY_TEST(it_is_switched_on_by_a_right_code_and_the_password_alone),
        COUNTRY_TEST(taking_it_off_needs_both_and_ends_the_other_sessions),
        COUNTRY_TEST(a_seat_of_a_province_gives_nothing_until_it_is_on),
        cmocka_unit_test(without_a_rule_of_its_own_an_installation_asks_from_the_province_up),
        COUNTRY_TEST(only_who_reaches_the_whole_country_sets_the_rule),
        COUNTRY_TEST(an_administrator_takes_it_off_and_the_trail_says_so),
        COUNTRY_TEST(the_secret_stands_nowhere_in_clear_and_a_rebuild_keeps_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
