#include "account/account.h"

#include "account/account_facts.h"
#include "account/session.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* --- rules on one account --- */

/* ASCII alone, so that no login looks like another (S27); small letters, so that nobody wonders
 * about capitals. */
static bool is_login(struct str login)
{
    if (login.len < 3 || login.len > ACCOUNT_LOGIN_MAX)
        return false;
    for (size_t i = 0; i < login.len; i++) {
        char c = login.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_plain && !(i > 0 && (c == '.' || c == '-' || c == '_' || c == '@')))
            return false;
    }
    return true;
}

static enum err no_account(struct ctx *cx)
{
    return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tài khoản này");
}

/* The unit whose administrators keep the account; ERR_NOT_FOUND when it is absent or out of the
 * actor's reach. */
static enum err find_keeper(struct ctx *cx, int64_t account_id, int64_t *ret_unit_id)
{
    SQL(find_account_unit, "SELECT unit_id FROM account WHERE id = $1");
    enum err err = db_i64(cx, &find_account_unit, BIND(V(account_id)), ret_unit_id);
    if (err == ERR_NOT_FOUND)
        return no_account(cx);
    TRY(err);
    if (account_may_reach(cx, *ret_unit_id) != OK)
        return cx->fault.code == ERR_NOT_FOUND ? no_account(cx) : cx->fault.code;
    return OK;
}

enum err account_may_reach(struct ctx *cx, int64_t unit_id)
{
    SQL(find_reached_unit, "SELECT id FROM unit WHERE id = $1 AND path >= $2 AND path < $3");
    int64_t id = 0;
    if (cx->actor->kind == ACTOR_PROGRAM)
        return OK;
    enum err err =
        db_i64(cx, &find_reached_unit,
               BIND(V(unit_id), V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)), &id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    return err;
}

/* --- deciding --- */

enum err account_decide_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_login_taken, "SELECT id FROM account WHERE login = $1");
    const struct account_created *created = body;
    int64_t id = 0;
    if (!is_login(created->login))
        return fail_field(
            cx, "login",
            "Tên đăng nhập gồm 3 đến %d chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối,"
            " bắt đầu bằng chữ hoặc số",
            ACCOUNT_LOGIN_MAX);
    if (str_trim(created->name).len == 0)
        return fail_field(cx, "name", "Xin nhập họ và tên người dùng tài khoản");
    TRY(account_may_reach(cx, fact->unit_id));
    enum err err = db_i64(cx, &find_login_taken, BIND(V(created->login)), &id);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    return fail(cx, ERR_CONFLICT, "Tên đăng nhập này đã có người dùng, xin chọn tên khác");
}

/* Who runs the system keeps accounts in reach; everybody may change their own password. */
static enum err decide_kept(struct ctx *cx, const struct fact *fact)
{
    int64_t unit_id = 0;
    return find_keeper(cx, fact->subject_id, &unit_id);
}

enum err account_decide_password(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct account_password_set *set = body;
    if (set->hash.len == 0)
        return fail_field(cx, "password", "Xin nhập mật khẩu");
    if (set->is_rehash ||
        (fact->subject_id == cx->actor->account_id && cx->actor->kind == ACTOR_PERSON))
        return OK;
    return decide_kept(cx, fact);
}

enum err account_decide_disabled(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    TRY(decide_kept(cx, fact));
    if (fact->subject_id == cx->actor->account_id)
        return fail(cx, ERR_FORBIDDEN,
                    "Không thể tự khóa tài khoản của mình; xin nhờ quản trị viên khác");
    return OK;
}

enum err account_decide_enabled(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    return decide_kept(cx, fact);
}

/* The bodies that lead the area they work for: a seat there may reach all of it (domain.md 2.4: who
 * tracks whom). */
static bool leads_area(struct str sort)
{
    static const struct str leading[] = {
        STR_INIT("trung_uong_dang"), STR_INIT("ban_to_chuc_tw"), STR_INIT("hoc_vien"),
        STR_INIT("tinh_uy"),         STR_INIT("ban_to_chuc_tu"), STR_INIT("dang_uy_xa"),
    };
    for (size_t i = 0; i < LEN(leading); i++)
        if (str_eq(leading[i], sort))
            return true;
    return false;
}

/* What the actor's own seat may hand on: nothing without the right to keep accounts. */
static enum err find_may_give(struct ctx *cx, uint64_t *ret_may_give)
{
    SQL(find_own_role, "SELECT role FROM account_grant WHERE id = $1");
    struct rows row = db_rows(cx, &find_own_role, BIND(V(cx->actor->grant_id)));
    const struct role *role = rows_next(&row) ? role_find(rows_str(&row)) : NULL;
    TRY(rows_end(&row));
    *ret_may_give = role && actor_may(cx->actor, PERMISSION_ACCOUNT_WRITE) ? role->may_give : 0;
    return OK;
}

static enum err decide_given(struct ctx *cx, const struct fact *fact, const struct role *role,
                             struct str reach_path)
{
    uint64_t may_give = 0;
    if (cx->actor->kind == ACTOR_PROGRAM)
        return OK;
    if (!unit_scope_holds(&cx->actor->scope, reach_path))
        return fail(cx, ERR_FORBIDDEN, "Chỉ được giao quyền trong phạm vi mà đồng chí phụ trách");
    if (fact->subject_id == cx->actor->account_id)
        return fail(cx, ERR_FORBIDDEN,
                    "Không thể tự giao quyền cho mình; xin nhờ quản trị viên khác");
    TRY(find_may_give(cx, &may_give));
    if ((role->permissions & ~may_give) != 0)
        return fail(cx, ERR_FORBIDDEN, "Đồng chí chưa được giao quyền để giao vai trò " STR_FMT,
                    STR_ARG(role->name));
    return OK;
}

enum err account_decide_granted(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_granted_unit,
        "SELECT u.path, u.sort, p.path FROM unit u JOIN unit p ON p.id = u.place_id WHERE u.id = "
        "$1");
    SQL(count_grants,
        "SELECT COUNT(*) FROM account_grant WHERE account_id = $1 AND revoked_at IS NULL");
    const struct account_granted *granted = body;
    const struct role *role = role_find(granted->role);
    bool is_area = str_eq(granted->reach, STR("area"));
    int64_t unit_id = 0;
    int64_t count = 0;
    struct str path = { NULL, 0 };
    struct str sort = { NULL, 0 };
    struct str area_path = { NULL, 0 };
    if (!role)
        return fail_field(cx, "role", "Xin chọn vai trò");
    if (!is_area && !str_eq(granted->reach, STR("body")))
        return fail_field(cx, "reach", "Xin chọn phạm vi");
    if (granted->from_day == DAY_NONE)
        return fail_field(cx, "from_day", "Xin nhập ngày bắt đầu có hiệu lực");
    if (granted->to_day != DAY_NONE && granted->to_day < granted->from_day)
        return fail_field(cx, "to_day", "Ngày hết hiệu lực cần bằng hoặc sau ngày bắt đầu");
    TRY(find_keeper(cx, fact->subject_id, &unit_id));
    TRY(account_may_reach(cx, fact->unit_id));

    struct rows row = db_rows(cx, &find_granted_unit, BIND(V(fact->unit_id)));
    if (rows_next(&row)) {
        path = rows_str(&row);
        sort = rows_str(&row);
        area_path = rows_str(&row);
    }
    TRY(rows_end(&row));
    if (path.len == 0)
        return fail_field(cx, "unit_id", "Không tìm thấy đơn vị này");
    if (is_area && !leads_area(sort))
        return fail_field(
            cx, "reach",
            "Chỉ cấp ủy, ban tổ chức của cấp ủy và Học viện được giao phạm vi cả địa bàn;"
            " đơn vị khác xin chọn phạm vi đơn vị");
    TRY(db_i64(cx, &count_grants, BIND(V(fact->subject_id)), &count));
    if (count >= ACCOUNT_GRANTS_MAX)
        return fail(cx, ERR_CONFLICT,
                    "Tài khoản này đã có %d vị trí; xin thu hồi vị trí không còn dùng",
                    ACCOUNT_GRANTS_MAX);
    return decide_given(cx, fact, role, is_area ? area_path : path);
}

enum err account_decide_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_unrevoked,
        "SELECT id FROM account_grant WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL");
    const struct account_revoked *revoked = body;
    int64_t id = 0;
    TRY(account_may_reach(cx, fact->unit_id));
    enum err err =
        db_i64(cx, &find_unrevoked, BIND(V(revoked->grant_id), V(fact->subject_id)), &id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, "Quyền này đã được thu hồi trước đó");
    TRY(err);
    if (fact->subject_id == cx->actor->account_id && cx->actor->kind == ACTOR_PERSON)
        return fail(cx, ERR_FORBIDDEN,
                    "Không thể tự thu hồi quyền của mình; xin nhờ quản trị viên khác");
    return OK;
}

/* --- recording --- */

enum err account_create(struct ctx *cx, int64_t unit_id, const struct account_created *created,
                        int64_t *ret_id)
{
    return fact_record(cx, account_fact(ACCOUNT_FACT_CREATED), unit_id, 0, created, ret_id);
}

/* A fact about an account belongs to the unit that keeps it. */
static enum err record(struct ctx *cx, enum account_fact_index kind, int64_t account_id,
                       const void *body)
{
    SQL(find_recorded_unit, "SELECT unit_id FROM account WHERE id = $1");
    int64_t unit_id = 0;
    enum err err = db_i64(cx, &find_recorded_unit, BIND(V(account_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return no_account(cx);
    TRY(err);
    return fact_record(cx, account_fact(kind), unit_id, account_id, body, NULL);
}

enum err account_set_password(struct ctx *cx, int64_t account_id, struct str hash)
{
    struct account_password_set set = { .hash = hash };
    return record(cx, ACCOUNT_FACT_PASSWORD_SET, account_id, &set);
}

enum err account_rehash(struct ctx *cx, int64_t account_id, struct str hash)
{
    struct account_password_set set = { .hash = hash, .is_rehash = true };
    return record(cx, ACCOUNT_FACT_PASSWORD_SET, account_id, &set);
}

enum err account_disable(struct ctx *cx, int64_t account_id, struct str reason)
{
    struct account_reason body = { .reason = reason };
    return record(cx, ACCOUNT_FACT_DISABLED, account_id, &body);
}

enum err account_enable(struct ctx *cx, int64_t account_id)
{
    struct account_reason body = { .reason = STR("") };
    return record(cx, ACCOUNT_FACT_ENABLED, account_id, &body);
}

enum err account_sign_out(struct ctx *cx, int64_t account_id)
{
    struct account_reason body = { .reason = STR("") };
    return record(cx, ACCOUNT_FACT_SIGNED_OUT, account_id, &body);
}

enum err account_grant(struct ctx *cx, int64_t account_id, int64_t unit_id,
                       const struct account_granted *granted, int64_t *ret_id)
{
    return fact_record(cx, account_fact(ACCOUNT_FACT_GRANTED), unit_id, account_id, granted,
                       ret_id);
}

enum err account_revoke(struct ctx *cx, int64_t grant_id, struct str reason,
                        int64_t *ret_account_id)
{
    SQL(find_grant, "SELECT account_id, unit_id FROM account_grant WHERE id = $1");
    struct account_revoked revoked = { .grant_id = grant_id, .reason = reason };
    int64_t account_id = 0;
    int64_t unit_id = 0;
    struct rows row = db_rows(cx, &find_grant, BIND(V(grant_id)));
    if (rows_next(&row)) {
        account_id = rows_i64(&row);
        unit_id = rows_i64(&row);
    }
    TRY(rows_end(&row));
    if (account_id == 0)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    TRY(fact_record(cx, account_fact(ACCOUNT_FACT_REVOKED), unit_id, account_id, &revoked, NULL));
    *ret_account_id = account_id;
    return OK;
}

/* --- reading --- */

static struct account account_from_row(struct rows *row)
{
    struct account a;
    a.id = rows_i64(row);
    a.login = rows_str(row);
    a.name = rows_str(row);
    a.person_id = rows_i64(row);
    a.unit_id = rows_i64(row);
    a.unit_name = rows_str(row);
    a.is_disabled = rows_i64(row) != 0;
    a.has_password = rows_i64(row) != 0;
    a.made_at = rows_i64(row);
    a.seats = rows_i64(row);
    return a;
}

#define ACCOUNT_COLUMNS                                                                         \
    "a.id, a.login, a.name, a.person_id, a.unit_id, u.full_name, a.is_disabled,"                \
    " CASE WHEN a.password_hash IS NULL THEN 0 ELSE 1 END, a.made_at,"                          \
    " (SELECT COUNT(*) FROM account_grant g WHERE g.account_id = a.id AND g.revoked_at IS NULL" \
    " AND g.from_day <= $3 AND (g.to_day IS NULL OR g.to_day >= $3))"

enum err account_find(struct ctx *cx, int64_t account_id, struct account *ret_account)
{
    SQL(find_account, "SELECT " ACCOUNT_COLUMNS
                      " FROM account a JOIN unit u ON u.id = a.unit_id"
                      " WHERE a.id = $4 AND u.path >= $1 AND u.path < $2");
    struct rows row = db_rows(cx, &find_account,
                              BIND(V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi),
                                   V((int64_t)day_from_instant(cx->now)), V(account_id)));
    bool is_found = rows_next(&row);
    struct account account = { .id = 0 };
    if (is_found)
        account = account_from_row(&row);
    TRY(rows_end(&row));
    if (!is_found)
        return no_account(cx);
    *ret_account = account;
    return OK;
}

enum err account_find_login(struct ctx *cx, struct str login, int64_t *ret_id)
{
    SQL(find_login, "SELECT id FROM account WHERE login = $1");
    enum err err = db_i64(cx, &find_login, BIND(V(login)), ret_id);
    return err == ERR_NOT_FOUND ? no_account(cx) : err;
}

enum err account_list(struct ctx *cx, struct str search, struct account *ret_accounts, size_t len,
                      size_t *ret_len, int64_t *ret_count)
{
    SQL(list_accounts,
        "SELECT " ACCOUNT_COLUMNS
        " FROM account a JOIN unit u ON u.id = a.unit_id"
        " WHERE u.path >= $1 AND u.path < $2 AND a.search LIKE $4 ESCAPE '\\' /*scan*/"
        " ORDER BY a.login LIMIT $5");
    SQL(count_accounts,
        "SELECT COUNT(*) FROM account a JOIN unit u ON u.id = a.unit_id"
        " WHERE u.path >= $1 AND u.path < $2 AND a.search LIKE $3 ESCAPE '\\' /*scan*/");
    struct str pattern = viet_like_word(&cx->arena, viet_fold(&cx->arena, search));
    struct str lo = cx->actor->scope.path_lo;
    struct str hi = cx->actor->scope.path_hi;
    size_t found = 0;
    struct rows rows = db_rows(
        cx, &list_accounts,
        BIND(V(lo), V(hi), V((int64_t)day_from_instant(cx->now)), V(pattern), V((int64_t)len)));
    while (found < len && rows_next(&rows))
        ret_accounts[found++] = account_from_row(&rows);
    TRY(rows_end(&rows));
    TRY(db_i64(cx, &count_accounts, BIND(V(lo), V(hi), V(pattern)), ret_count));
    *ret_len = found;
    return OK;
}

enum err account_grants(struct ctx *cx, int64_t account_id, bool only_current,
                        struct account_grant *ret_grants, size_t *ret_len)
{
    SQL(list_grants,
        "SELECT g.id, g.account_id, g.role, g.unit_id, u.full_name, p.full_name, g.reach, "
        "g.from_day, g.to_day,"
        " g.revoked_at FROM account_grant g JOIN unit u ON u.id = g.unit_id JOIN unit p ON p.id = "
        "u.place_id"
        " WHERE g.account_id = $1 AND ($2 = 0 OR (g.revoked_at IS NULL AND g.from_day <= $3"
        " AND (g.to_day IS NULL OR g.to_day >= $3) AND u.to_day > $3))"
        " ORDER BY CASE WHEN g.revoked_at IS NULL THEN 0 ELSE 1 END, g.id DESC LIMIT $4");
    size_t len = 0;
    struct rows rows =
        db_rows(cx, &list_grants,
                BIND(V(account_id), V((int64_t)only_current), V((int64_t)day_from_instant(cx->now)),
                     V((int64_t)ACCOUNT_GRANTS_MAX)));
    while (len < ACCOUNT_GRANTS_MAX && rows_next(&rows)) {
        struct account_grant g = { .id = rows_i64(&rows) };
        g.account_id = rows_i64(&rows);
        g.role = role_find(rows_str(&rows));
        g.unit_id = rows_i64(&rows);
        g.unit_name = rows_str(&rows);
        g.reach_name = rows_str(&rows);
        g.is_area = str_eq(rows_str(&rows), STR("area"));
        g.from_day = (int32_t)rows_i64(&rows);
        g.to_day = rows_is_null(&rows) ? DAY_NONE : 0;
        int64_t to_day = rows_i64(&rows);
        if (g.to_day != DAY_NONE)
            g.to_day = (int32_t)to_day;
        g.revoked_at = rows_i64(&rows);
        if (!g.is_area)
            g.reach_name = STR("");
        /* A role that is no longer in the table gives nothing, and is not shown. */
        if (g.role)
            ret_grants[len++] = g;
    }
    TRY(rows_end(&rows));
    *ret_len = len;
    return OK;
}

enum err account_wants_strong(struct ctx *cx, int64_t account_id, bool *ret_is_strong)
{
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    bool is_strong = false;
    TRY(account_grants(cx, account_id, true, grants, &len));
    for (size_t i = 0; i < len; i++)
        is_strong = is_strong || grants[i].role->is_strong;
    *ret_is_strong = is_strong;
    return OK;
}
