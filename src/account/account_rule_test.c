#include "account/limiter.h"
#include "account/password.h"
#include "account/password_words.h"
#include "account/role.h"
#include "check/check.h"
#include "viet/viet.h"

#include <sodium.h>
#include <string.h>

static const unsigned char key[PASSWORD_KEY_BYTES] = { 1, 2, 3 };
static const unsigned char other_key[PASSWORD_KEY_BYTES] = { 3, 2, 1 };

/* --- passwords --- */

static enum err judge(struct ctx *cx, const char *password)
{
    const struct str words[] = { STR("nguyen.van.an"), STR("Nguyễn Văn An"),
                                 STR("Đảng ủy xã Bình Minh") };
    return password_check_strength(cx, "new_password", str_from(password), words, LEN(words));
}

static void short_password_is_sent_back_with_the_length_to_reach(void **state)
{
    struct ctx *cx = *state;
    assert_err(ERR_INVALID, judge(cx, "hoa phượng"));
    assert_non_null(strstr(cx->fault.words, "12 ký tự"));
    assert_string_equal(cx->fault.field, "new_password");
    /* Eleven letters stay eleven however many bytes their marks take. */
    assert_err(ERR_INVALID, judge(cx, "ốốốốốốốốốốố"));
}

static void password_of_offices_years_and_habits_is_sent_back(void **state)
{
    struct ctx *cx = *state;
    static const char *const guessed[] = {
        "Matkhau@123456",    "Dangbo@TinhUy2026",  "123456789012345",  "aaaaaaaaaaaaaaaa",
        "Quảng Ngãi 2026!",  "P@ssw0rd12345",      "qwertyuiop123456", "HanoiVietnam1975",
        "uybannhandan@2025", "Admin@123456789",    "adminadminadmin",  "abcdabcdabcdabcd",
        "dienbien1954 1954", "banthuongvu.tinhuy",
    };
    for (size_t i = 0; i < LEN(guessed); i++)
        if (judge(cx, guessed[i]) == OK)
            fail_msg("%s should be too easy", guessed[i]);
}

static void password_of_ones_own_name_or_unit_is_sent_back(void **state)
{
    struct ctx *cx = *state;
    assert_err(ERR_INVALID, judge(cx, "nguyen.van.an1"));
    assert_err(ERR_INVALID, judge(cx, "Xã Bình Minh 2026"));
}

static void the_list_of_words_is_long_in_order_and_has_every_province(void **state)
{
    static const char *const some[] = { "password", "qwerty",     "matkhau",   "danguy",  "quangngai", "hatinh",
                                        "caobang",  "binhminh",   "xabinhminh", "nguyenvan", "tranthi", "huong" };
    (void)state;
    assert_true(password_words_len >= 3000);
    for (size_t i = 0; i < password_words_len; i++) {
        size_t len = strlen(password_words[i]);
        assert_true(len >= 2 && len <= password_word_len_max);
        if (i > 0)
            assert_true(strcmp(password_words[i - 1], password_words[i]) < 0);
    }
    for (size_t i = 0; i < LEN(some); i++) {
        size_t at = 0;
        while (at < password_words_len && strcmp(password_words[at], some[i]) != 0)
            at++;
        if (at == password_words_len)
            fail_msg("%s is not on the list", some[i]);
    }
}

/* Names of communes and people with what is usually hung on them: the rule, not a list of passwords, turns them away. */
static void names_in_any_dress_are_sent_back(void **state)
{
    struct ctx *cx = *state;
    static const char *const guessed[] = {
        "XaCamXuyen@2025",   "phường Trà Bồng 1",  "NguyenThiHuong1985", "h4t1nh.t1nhuy.2026", "M4tKh4u!M4tKh4u",
        "Tr@nV@nHung123",    "Phó Bí thư 2025!!",  "quangngai_quangngai", "Tỉnh Cao Bằng 04",   "1q2w3e4r5t6y1q2w",
        "password12345678", "chutichubnd.2025",
    };
    for (size_t i = 0; i < LEN(guessed); i++)
        if (judge(cx, guessed[i]) == OK)
            fail_msg("%s should be too easy", guessed[i]);
}

static void sentence_of_ones_own_is_a_password(void **state)
{
    struct ctx *cx = *state;
    assert_ok(cx, judge(cx, "con mèo nhà tôi ăn hai bát cơm"));
    assert_ok(cx, judge(cx, "Trời mưa từ 4 giờ, gà không gáy"));
    assert_ok(cx, judge(cx, "kx7-Tq2w-99fz-Lm"));
    assert_ok(cx, judge(cx, "bà ngoại trồng bảy luống rau muống"));
    assert_ok(cx, judge(cx, "ba con vit boi qua song"));
    assert_ok(cx, judge(cx, "v8Rk2pXw0Zt5"));
}

static void decomposed_letters_are_the_same_password(void **state)
{
    struct ctx *cx = *state;
    struct str hash = { NULL, 0 };
    assert_ok(cx, password_hash(cx, key, STR("mèo ăn cơm"), PASSWORD_COST_NORMAL, &hash));
    assert_true(password_is(cx, key, STR("me\xCC\x80o a\xCC\x86n c\x6F\xCC\x9Bm"), hash));
    assert_false(password_is(cx, key, STR("meo an com"), hash));
}

static void database_alone_does_not_tell_a_password(void **state)
{
    struct ctx *cx = *state;
    struct str hash = { NULL, 0 };
    assert_ok(cx, password_hash(cx, key, STR("mèo ăn cơm"), PASSWORD_COST_NORMAL, &hash));
    assert_false(password_is(cx, other_key, STR("mèo ăn cơm"), hash));
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
}

static void kept_password_is_made_again_when_its_holder_becomes_administrator(void **state)
{
    struct ctx *cx = *state;
    struct str hash = { NULL, 0 };
    assert_ok(cx, password_hash(cx, key, STR("mèo ăn cơm"), PASSWORD_COST_NORMAL, &hash));
    assert_false(password_needs_rehash(cx, hash, PASSWORD_COST_NORMAL));
    assert_true(password_needs_rehash(cx, hash, PASSWORD_COST_STRONG));
    assert_ok(cx, password_hash(cx, key, STR("mèo ăn cơm"), PASSWORD_COST_STRONG, &hash));
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=65536,t=3,p=1$")));
    assert_true(password_is(cx, key, STR("mèo ăn cơm"), hash));
}

static void damaged_hash_lets_nobody_in(void **state)
{
    struct ctx *cx = *state;
    assert_false(password_is(cx, key, STR("mèo ăn cơm"), STR("")));
    assert_false(password_is(cx, key, STR("mèo ăn cơm"), STR("$argon2id$v=19$m=19456,t=2,p=1$")));
}

/* --- tries --- */

static int64_t clock_us;

static int64_t read_clock(void *state)
{
    (void)state;
    return clock_us;
}

static struct env fake_env(void)
{
    struct env env = *env_real();
    env.monotonic = read_clock;
    clock_us = 1000000;
    return env;
}

static const struct str who = STR_INIT("an");

static void seventh_try_from_a_strange_address_waits_a_minute(void **state)
{
    (void)state;
    struct env env = fake_env();
    struct limiter *limiter = limiter_open(&env);
    for (int i = 0; i < LIMITER_STRANGER_TRIES; i++)
        assert_true(limiter_try(limiter, who, STR("203.0.113.7")));
    assert_false(limiter_try(limiter, who, STR("203.0.113.7")));
    /* Another address does not help: it is the account that is tried. */
    assert_false(limiter_try(limiter, who, STR("198.51.100.9")));
    assert_true(limiter_try(limiter, STR("binh"), STR("203.0.113.7")));
    clock_us += LIMITER_WINDOW_US - 1;
    assert_false(limiter_try(limiter, who, STR("203.0.113.7")));
    clock_us += 1;
    assert_true(limiter_try(limiter, who, STR("203.0.113.7")));
    limiter_close(limiter);
}

static void stranger_who_keeps_knocking_does_not_keep_the_owner_out(void **state)
{
    (void)state;
    struct env env = fake_env();
    struct limiter *limiter = limiter_open(&env);
    limiter_note_success(limiter, who, STR("2001:db8:1:2::5"));
    for (int i = 0; i < 1000; i++) {
        clock_us += 100000;
        (void)limiter_try(limiter, who, STR("203.0.113.7"));
    }
    assert_false(limiter_try(limiter, who, STR("203.0.113.7")));
    /* The same /64 is the same office. */
    assert_true(limiter_try(limiter, who, STR("2001:db8:1:2::99")));
    limiter_close(limiter);
}

static void one_account_is_heard_ten_times_a_minute_at_most(void **state)
{
    (void)state;
    struct env env = fake_env();
    struct limiter *limiter = limiter_open(&env);
    int heard = 0;
    limiter_note_success(limiter, who, STR("203.0.113.7"));
    for (int i = 0; i < 600; i++) {
        clock_us += 99999;
        heard +=
            limiter_try(limiter, who, i % 2 ? STR("203.0.113.7") : STR("198.51.100.9")) ? 1 : 0;
    }
    assert_int_equal(heard, 10);
    limiter_close(limiter);
}

static void office_of_five_hundred_behind_one_address_signs_in_undisturbed(void **state)
{
    struct ctx *cx = *state;
    struct env env = fake_env();
    struct limiter *limiter = limiter_open(&env);
    for (int i = 0; i < 500; i++) {
        struct str login = str_format(&cx->arena, "can.bo.%d", i);
        clock_us += 20000;
        /* Two slips of the finger each. */
        assert_true(limiter_try(limiter, login, STR("203.0.113.7")));
        assert_true(limiter_try(limiter, login, STR("203.0.113.7")));
        assert_true(limiter_try(limiter, login, STR("203.0.113.7")));
    }
    /* A flood from the same block is another matter, and another block's people do not feel it. */
    assert_false(limiter_try(limiter, STR("ke-la"), STR("203.0.113.200")));
    assert_true(limiter_try(limiter, STR("ke-la"), STR("203.0.114.1")));
    limiter_close(limiter);
}

/* --- roles --- */

static void who_runs_the_system_does_not_act_for_a_body(void **state)
{
    (void)state;
    const struct role *role = role_find(STR("quan_tri"));
    assert_non_null(role);
    assert_int_equal(role->permissions &
                         (PERMISSION_BIT(DOCUMENT_ISSUE) | PERMISSION_BIT(DOCUMENT_RECEIVE) |
                          PERMISSION_BIT(DUTY_CLOSE)),
                     0);
}

static void only_who_keeps_accounts_may_hand_roles_on(void **state)
{
    (void)state;
    size_t len = 0;
    const struct role *roles = role_list(&len);
    assert_int_equal(len, ROLE_COUNT);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(roles[i].may_give != 0,
                         (roles[i].permissions & PERMISSION_BIT(ACCOUNT_WRITE)) != 0);
        assert_int_equal(roles[i].permissions & 1, 0);
        assert_true((roles[i].permissions & PERMISSION_BIT(SIGNED_IN)) != 0);
    }
}

static void permissions_survive_as_words_and_unknown_ones_are_refused(void **state)
{
    struct ctx *cx = *state;
    uint64_t permissions = PERMISSION_BIT(DUTY_READ) | PERMISSION_BIT(AUDIT_READ);
    uint64_t back = 0;
    struct str text = permissions_format(&cx->arena, permissions);
    assert_str_equal(text, "DUTY_READ,AUDIT_READ");
    assert_true(permissions_parse(text, &back));
    assert_int_equal(back, permissions);
    assert_false(permissions_parse(STR("DUTY_READ,EVERYTHING"), &back));
    assert_str_equal(permissions_words(&cx->arena, permissions),
                     "Xem nhiệm vụ của đơn vị; Xem nhật ký hệ thống");
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
#define TEST(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
    const struct CMUnitTest tests[] = {
        TEST(short_password_is_sent_back_with_the_length_to_reach),
        TEST(password_of_offices_years_and_habits_is_sent_back),
        TEST(password_of_ones_own_name_or_unit_is_sent_back),
        TEST(sentence_of_ones_own_is_a_password),
        TEST(the_list_of_words_is_long_in_order_and_has_every_province),
        TEST(names_in_any_dress_are_sent_back),
        TEST(decomposed_letters_are_the_same_password),
        TEST(database_alone_does_not_tell_a_password),
        TEST(kept_password_is_made_again_when_its_holder_becomes_administrator),
        TEST(damaged_hash_lets_nobody_in),
        TEST(seventh_try_from_a_strange_address_waits_a_minute),
        TEST(stranger_who_keeps_knocking_does_not_keep_the_owner_out),
        TEST(one_account_is_heard_ten_times_a_minute_at_most),
        TEST(office_of_five_hundred_behind_one_address_signs_in_undisturbed),
        TEST(who_runs_the_system_does_not_act_for_a_body),
        TEST(only_who_keeps_accounts_may_hand_roles_on),
        TEST(permissions_survive_as_words_and_unknown_ones_are_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
