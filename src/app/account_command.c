/*
 * account_command: diemcau account add|grant|token, for whoever has the server's console. Works as
 * the program itself, so it is bound by no seat; the trail says so. Passwords come on standard
 * input only: an argument would be seen in the list of processes.
 *
 *   diemcau account add --data DIR --login L --name N --unit-code C [--sort S] [--role R [--reach
 * body|area]] --password-stdin diemcau account grant --data DIR --login L --role R --unit-code C
 * [--sort S] [--reach body|area] diemcau account token make --data DIR --login L --role R --name N
 * --permissions DUTY_READ,... [--days 90] diemcau account token revoke --data DIR --id N
 *   diemcau account factor remove --data DIR --login L
 *   diemcau account factor rule --data DIR --rule cap_tinh|tat_ca|khong
 */
#include "account/account.h"
#include "account/password.h"
#include "app/commands.h"
#include "app/options.h"
#include "app/routes.h"
#include "base/day.h"
#include "store/store.h"
#include "unit/unit.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_DAYS_USUAL = 90, TOKEN_DAYS_MAX = 3660 };

struct account_work {
    const struct options *options;
    struct store *store;
    struct str hash;
    struct str secret;
    int64_t id;
};

static struct str value(const struct account_work *work, const char *name)
{
    return options_value(work->options, name, STR(""));
}

/* The first line of standard input. */
static enum err read_password(struct ctx *cx, struct str *ret_password)
{
    static char line[4 * PASSWORD_LEN_MAX + 2];
    if (!fgets(line, sizeof line, stdin))
        return fail(cx, ERR_INVALID, "Chưa có mật khẩu trên đầu vào chuẩn");
    *ret_password = str_copy(&cx->arena, str_trim(str_from(line)));
    memset(line, 0, sizeof line);
    return OK;
}

/* An area by its code, or the body of a sort there: --unit-code 51 --sort tinh_uy. */
static enum err find_unit(struct ctx *cx, const struct account_work *work, struct unit *ret_unit)
{
    struct str sort = value(work, "sort");
    TRY(unit_find_code(cx, value(work, "unit-code"), ret_unit));
    if (sort.len > 0)
        TRY(unit_find_body(cx, ret_unit->place_id, sort, ret_unit));
    return OK;
}

static enum err give(struct ctx *cx, const struct account_work *work, int64_t account_id,
                     int64_t unit_id)
{
    struct account_granted granted = { .role = value(work, "role"),
                                       .reach = options_value(work->options, "reach", STR("body")),
                                       .from_day = day_from_instant(cx->now),
                                       .to_day = DAY_NONE };
    int64_t grant_id = 0;
    return account_grant(cx, account_id, unit_id, &granted, &grant_id);
}

static enum err add(struct ctx *cx, void *what)
{
    struct account_work *work = what;
    struct account_created created = { .login = value(work, "login"), .name = value(work, "name") };
    struct unit unit = { .id = 0 };
    TRY(find_unit(cx, work, &unit));
    TRY(account_create(cx, unit.id, &created, &work->id));
    TRY(account_set_password(cx, work->id, work->hash));
    return value(work, "role").len > 0 ? give(cx, work, work->id, unit.id) : OK;
}

static enum err grant(struct ctx *cx, void *what)
{
    struct account_work *work = what;
    struct unit unit = { .id = 0 };
    TRY(account_find_login(cx, value(work, "login"), &work->id));
    TRY(find_unit(cx, work, &unit));
    return give(cx, work, work->id, unit.id);
}

static enum err make_token(struct ctx *cx, void *what)
{
    struct account_work *work = what;
    struct account_token token = { .name = value(work, "name") };
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    int64_t days = TOKEN_DAYS_USUAL;
    struct str days_text = value(work, "days");
    if (days_text.len > 0 && (!str_to_i64(days_text, &days) || days < 1 || days > TOKEN_DAYS_MAX))
        return fail(cx, ERR_INVALID, "--days cần là số ngày từ 1 đến %d", TOKEN_DAYS_MAX);
    if (!permissions_parse(value(work, "permissions"), &token.permissions) ||
        token.permissions == 0)
        return fail(cx, ERR_INVALID,
                    "--permissions có tên quyền không đúng, ví dụ đúng: DUTY_READ,REPORT_READ");
    TRY(account_find_login(cx, value(work, "login"), &token.account_id));
    TRY(account_grants(cx, token.account_id, true, grants, &len));
    for (size_t i = 0; i < len && token.grant_id == 0; i++)
        if (str_eq(grants[i].role->code, value(work, "role")))
            token.grant_id = grants[i].id;
    if (token.grant_id == 0)
        return fail(cx, ERR_NOT_FOUND,
                    "Tài khoản không có vị trí nào đang hiệu lực với vai trò này");
    token.expires_at = cx->now + days * DAY_MS;
    return account_make_token(cx, &token, &work->secret, &work->id);
}

static enum err revoke_token(struct ctx *cx, void *what)
{
    struct account_work *work = what;
    if (!str_to_i64(value(work, "id"), &work->id))
        return fail(cx, ERR_INVALID, "--id cần là số của khóa giao tiếp");
    return account_revoke_token(cx, work->id);
}

/* For who has lost the phone and the recovery codes when no administrator is left to help. */
static enum err remove_factor(struct ctx *cx, void *what)
{
    struct account_work *work = what;
    TRY(account_find_login(cx, value(work, "login"), &work->id));
    return account_remove_factor(cx, work->id, STR("trên máy chủ"));
}

static enum err set_factor_rule(struct ctx *cx, void *what)
{
    return account_set_factor_rule(cx, value(what, "rule"));
}

static enum err prepare_password(struct ctx *cx, struct account_work *work)
{
    struct str password = { NULL, 0 };
    const struct role *role = role_find(value(work, "role"));
    const struct str words[] = { value(work, "login"), value(work, "name") };
    if (!options_find(work->options, "password-stdin")->is_given)
        return fail(cx, ERR_INVALID, "Thiếu --password-stdin: mật khẩu được đọc từ đầu vào chuẩn");
    TRY(read_password(cx, &password));
    TRY(password_check_strength(cx, "password", password, words, LEN(words)));
    return account_hash(cx, work->store, password, role && role->is_strong, &work->hash);
}

static enum err run(struct ctx *cx, struct account_work *work, bool *ret_is_known)
{
    const struct options *options = work->options;
    struct str verb = options->words_len > 0 ? options->words[0] : STR("");
    struct str object = options->words_len > 1 ? options->words[1] : STR("");
    *ret_is_known = true;
    if (str_eq(verb, STR("add"))) {
        TRY(prepare_password(cx, work));
        TRY(store_write(cx, work->store, add, work));
        printf("Đã tạo tài khoản " STR_FMT "\n", STR_ARG(value(work, "login")));
    } else if (str_eq(verb, STR("grant"))) {
        TRY(store_write(cx, work->store, grant, work));
        printf("Đã giao quyền cho " STR_FMT "\n", STR_ARG(value(work, "login")));
    } else if (str_eq(verb, STR("token")) && str_eq(object, STR("make"))) {
        TRY(store_write(cx, work->store, make_token, work));
        /* The token alone on standard output, for scripts; it is shown this once. */
        fprintf(stderr, "Khóa giao tiếp số %lld, chỉ hiện một lần:\n", (long long)work->id);
        printf(STR_FMT "\n", STR_ARG(work->secret));
    } else if (str_eq(verb, STR("token")) && str_eq(object, STR("revoke"))) {
        TRY(store_write(cx, work->store, revoke_token, work));
        printf("Đã thu hồi khóa giao tiếp số %lld\n", (long long)work->id);
    } else if (str_eq(verb, STR("factor")) && str_eq(object, STR("remove"))) {
        TRY(store_write(cx, work->store, remove_factor, work));
        printf("Đã bỏ xác thực hai bước của " STR_FMT "\n", STR_ARG(value(work, "login")));
    } else if (str_eq(verb, STR("factor")) && str_eq(object, STR("rule"))) {
        TRY(store_write(cx, work->store, set_factor_rule, work));
        printf("Đã đặt quy định xác thực hai bước: " STR_FMT "\n", STR_ARG(value(work, "rule")));
    } else {
        *ret_is_known = false;
    }
    return OK;
}

int command_account(struct ctx *cx, int argc, char **argv)
{
    struct option list[] = {
        { .name = "data", .takes_value = true, .required = true },
        { .name = "database", .takes_value = true },
        { .name = "login", .takes_value = true },
        { .name = "name", .takes_value = true },
        { .name = "role", .takes_value = true },
        { .name = "unit-code", .takes_value = true },
        { .name = "sort", .takes_value = true },
        { .name = "reach", .takes_value = true },
        { .name = "permissions", .takes_value = true },
        { .name = "days", .takes_value = true },
        { .name = "id", .takes_value = true },
        { .name = "rule", .takes_value = true },
        { .name = "clock", .takes_value = true },
        { .name = "password-stdin" },
    };
    struct options options = { .at = list, .len = LEN(list) };
    struct account_work work = { .options = &options };
    bool is_known = false;
    if (options_parse(cx, argc, argv, &options) != OK) {
        (void)command_fail(cx);
        return EXIT_USAGE;
    }
    /* A seat begins on the day it is given: where the program plays another day (serve --clock), give it that day. */
    struct str clock_text = options_value(&options, "clock", STR(""));
    if (clock_text.len > 0 && !instant_parse_iso(clock_text, &cx->now)) {
        fputs("diemcau: --clock cần dạng 2026-05-22T07:30\n", stderr);
        return EXIT_USAGE;
    }
    if (clock_text.len > 0)
        cx->env = env_real_at(cx->now);
    routes_register_facts();
    struct store_options how = { .env = cx->env,
                                 .dir = options_value(&options, "data", STR("")),
                                 .database = options_value(&options, "database", STR("")),
                                 .must_exist = true };
    if (store_open(cx, &how, &work.store) != OK)
        return command_fail(cx);
    enum err err = run(cx, &work, &is_known);
    store_close(work.store);
    if (err != OK)
        return command_fail(cx);
    if (!is_known) {
        fputs(
            "diemcau account add | grant | token make | token revoke | factor remove | factor rule; xem các tùy chọn trong "
            "README\n",
            stderr);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}
