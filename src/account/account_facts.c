#include "account/account_facts.h"

#include "account/factor.h"

#include "store/db.h"
#include "viet/viet.h"

/* --- bodies --- */

static const struct field created_fields[] = {
    { "login", "Tên đăng nhập", FIELD_TEXT, FIELD_OF(struct account_created, login),
      .len_max = ACCOUNT_LOGIN_MAX, .required = true },
    { "name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct account_created, name),
      .len_max = ACCOUNT_NAME_MAX, .is_private = true },
    { "person_id", "Hồ sơ cán bộ", FIELD_I64, FIELD_OF(struct account_created, person_id) },
};

static const struct field password_fields[] = {
    { "hash", "Mật khẩu", FIELD_TEXT, FIELD_OF(struct account_password_set, hash),
      .is_private = true },
    { "is_rehash", "Chỉ đổi cách lưu", FIELD_BOOL,
      FIELD_OF(struct account_password_set, is_rehash) },
};

static const struct field reason_fields[] = {
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct account_reason, reason), .len_max = 500 },
};

const struct choice account_reach_choices[ACCOUNT_REACH_COUNT] = {
    { STR_INIT("body"), STR_INIT("Đơn vị và đơn vị trực thuộc") },
    { STR_INIT("area"), STR_INIT("Cả địa bàn do đơn vị lãnh đạo") },
};

static const struct field granted_fields[] = {
    { "role", "Vai trò", FIELD_CHOICE, FIELD_OF(struct account_granted, role),
      .choices = role_choices, .choices_len = ROLE_COUNT, .required = true },
    { "reach", "Phạm vi", FIELD_CHOICE, FIELD_OF(struct account_granted, reach),
      .choices = account_reach_choices, .choices_len = ACCOUNT_REACH_COUNT, .required = true },
    { "from_day", "Từ ngày", FIELD_DAY, FIELD_OF(struct account_granted, from_day),
      .required = true },
    { "to_day", "Đến hết ngày", FIELD_DAY, FIELD_OF(struct account_granted, to_day) },
};

static const struct field revoked_fields[] = {
    { "grant_id", "Quyền", FIELD_ID, FIELD_OF(struct account_revoked, grant_id), .required = true },
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct account_revoked, reason), .len_max = 500 },
};

static const struct field link_fields[] = {
    { "token_hash", "Mã băm", FIELD_TEXT, FIELD_OF(struct account_link_made, token_hash),
      .required = true },
    { "permissions", "Được phép", FIELD_TEXT, FIELD_OF(struct account_link_made, permissions),
      .len_max = 1000, .required = true },
    { "name", "Cấp cho", FIELD_TEXT, FIELD_OF(struct account_link_made, name), .required = true },
    { "path", "Trang mở ra", FIELD_TEXT, FIELD_OF(struct account_link_made, path), .len_max = 500,
      .required = true },
    { "expires_at", "Hết hạn lúc", FIELD_INSTANT, FIELD_OF(struct account_link_made, expires_at),
      .required = true },
};

static const struct field token_fields[] = {
    { "token_hash", "Mã băm", FIELD_TEXT, FIELD_OF(struct account_token_made, token_hash),
      .required = true },
    { "grant_id", "Quyền", FIELD_ID, FIELD_OF(struct account_token_made, grant_id),
      .required = true },
    { "permissions", "Được phép", FIELD_TEXT, FIELD_OF(struct account_token_made, permissions),
      .len_max = 1000, .required = true },
    { "name", "Tên", FIELD_TEXT, FIELD_OF(struct account_token_made, name), .required = true },
    { "expires_at", "Hết hạn lúc", FIELD_INSTANT, FIELD_OF(struct account_token_made, expires_at),
      .required = true },
};

static const struct field factor_fields[] = {
    { "seal", "Mã bí mật đã mã hóa", FIELD_TEXT, FIELD_OF(struct account_factor_enrolled, seal),
      .is_private = true },
};

static const struct field recovery_fields[] = {
    { "number", "Mã dự phòng số", FIELD_I64, FIELD_OF(struct account_recovery_used, number) },
};

static const struct field factor_rule_fields[] = {
    { "rule", "Mức áp dụng", FIELD_CHOICE, FIELD_OF(struct account_factor_rule, rule),
      .choices = factor_rule_choices, .choices_len = FACTOR_RULE_COUNT, .required = true },
};

/* --- applying: the only code that writes these tables --- */

static enum err apply_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_account,
        "INSERT INTO account (id, login, name, search, person_id, unit_id, is_disabled, era, "
        "made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)");
    const struct account_created *created = body;
    struct str search = str_format(&cx->arena, " " STR_FMT " " STR_FMT, STR_ARG(created->login),
                                   STR_ARG(viet_fold(&cx->arena, created->name)));
    return db_run(cx, &add_account,
                  BIND(V(fact->seq), V(created->login), V(created->name), V(search),
                       VN(created->person_id), V(fact->unit_id), V(fact->at)));
}

static enum err apply_password(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_password, "UPDATE account SET password_hash = $2, era = $3 WHERE id = $1");
    SQL(set_rehashed, "UPDATE account SET password_hash = $2 WHERE id = $1");
    const struct account_password_set *set = body;
    if (set->is_rehash)
        return db_run(cx, &set_rehashed, BIND(V(fact->subject_id), V(set->hash)));
    return db_run(cx, &set_password, BIND(V(fact->subject_id), V(set->hash), V(fact->seq)));
}

static enum err apply_disabled(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_disabled, "UPDATE account SET is_disabled = 1, era = $2 WHERE id = $1");
    (void)body;
    return db_run(cx, &set_disabled, BIND(V(fact->subject_id), V(fact->seq)));
}

static enum err apply_enabled(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_enabled, "UPDATE account SET is_disabled = 0 WHERE id = $1");
    (void)body;
    return db_run(cx, &set_enabled, BIND(V(fact->subject_id)));
}

static enum err apply_signed_out(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_signed_out, "UPDATE account SET era = $2 WHERE id = $1");
    (void)body;
    return db_run(cx, &set_signed_out, BIND(V(fact->subject_id), V(fact->seq)));
}

static enum err apply_granted(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_grant,
        "INSERT INTO account_grant (id, account_id, role, unit_id, reach, from_day, to_day)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    const struct account_granted *granted = body;
    struct db_value to_day = V((int64_t)granted->to_day);
    to_day.is_null = granted->to_day == DAY_NONE;
    return db_run(cx, &add_grant,
                  BIND(V(fact->seq), V(fact->subject_id), V(granted->role), V(fact->unit_id),
                       V(granted->reach), V((int64_t)granted->from_day), to_day));
}

static enum err apply_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(end_grant, "UPDATE account_grant SET revoked_at = $2 WHERE id = $1");
    const struct account_revoked *revoked = body;
    return db_run(cx, &end_grant, BIND(V(revoked->grant_id), V(fact->at)));
}

static enum err take_hash(struct ctx *cx, struct str hex, unsigned char ret_hash[32])
{
    if (hex.len != 64 || !str_to_bytes_hex(hex, ret_hash, 32))
        return fail_detail(cx, ERR_INVALID, "token hash of %zu digits", hex.len);
    return OK;
}

static enum err apply_link_made(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_link,
        "INSERT INTO account_link (id, token_hash, unit_id, subject_id, permissions, name, path, "
        "made_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    const struct account_link_made *made = body;
    unsigned char hash[32];
    TRY(take_hash(cx, made->token_hash, hash));
    return db_run(cx, &add_link,
                  BIND(V(fact->seq), V(((struct bytes){ hash, sizeof hash })), V(fact->unit_id),
                       V(fact->subject_id), V(made->permissions), V(made->name), V(made->path),
                       V(fact->at), V(made->expires_at)));
}

static enum err apply_link_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(end_link, "UPDATE account_link SET revoked_at = $2 WHERE id = $1");
    (void)body;
    return db_run(cx, &end_link, BIND(V(fact->subject_id), V(fact->at)));
}

static enum err apply_token_made(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_token,
        "INSERT INTO account_token (id, token_hash, account_id, grant_id, permissions, name, "
        "made_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    const struct account_token_made *made = body;
    unsigned char hash[32];
    TRY(take_hash(cx, made->token_hash, hash));
    return db_run(cx, &add_token,
                  BIND(V(fact->seq), V(((struct bytes){ hash, sizeof hash })), V(fact->subject_id),
                       V(made->grant_id), V(made->permissions), V(made->name), V(fact->at),
                       V(made->expires_at)));
}

static enum err apply_token_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(end_token, "UPDATE account_token SET revoked_at = $2 WHERE id = $1");
    (void)body;
    return db_run(cx, &end_token, BIND(V(fact->subject_id), V(fact->at)));
}

/* clang-format off */
static const struct fact_kind kinds[] = {
    [ACCOUNT_FACT_CREATED] = { STR_INIT("account.created"), STR_INIT("Tạo tài khoản"),
        FIELD_TABLE(struct account_created, created_fields), account_decide_created, apply_created },
    [ACCOUNT_FACT_PASSWORD_SET] = { STR_INIT("account.password_set"), STR_INIT("Đặt mật khẩu"),
        FIELD_TABLE(struct account_password_set, password_fields), account_decide_password, apply_password },
    [ACCOUNT_FACT_DISABLED] = { STR_INIT("account.disabled"), STR_INIT("Khóa tài khoản"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_disabled, apply_disabled },
    [ACCOUNT_FACT_ENABLED] = { STR_INIT("account.enabled"), STR_INIT("Mở lại tài khoản"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_enabled, apply_enabled },
    [ACCOUNT_FACT_SIGNED_OUT] = { STR_INIT("account.signed_out"), STR_INIT("Kết thúc mọi phiên đăng nhập"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_enabled, apply_signed_out },
    [ACCOUNT_FACT_GRANTED] = { STR_INIT("account.granted"), STR_INIT("Giao quyền"),
        FIELD_TABLE(struct account_granted, granted_fields), account_decide_granted, apply_granted },
    [ACCOUNT_FACT_REVOKED] = { STR_INIT("account.revoked"), STR_INIT("Thu hồi quyền"),
        FIELD_TABLE(struct account_revoked, revoked_fields), account_decide_revoked, apply_revoked },
    [ACCOUNT_FACT_LINK_MADE] = { STR_INIT("link.made"), STR_INIT("Cấp đường dẫn cá nhân"),
        FIELD_TABLE(struct account_link_made, link_fields), account_decide_link, apply_link_made },
    [ACCOUNT_FACT_LINK_REVOKED] = { STR_INIT("link.revoked"), STR_INIT("Thu hồi đường dẫn cá nhân"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_link_revoked, apply_link_revoked },
    [ACCOUNT_FACT_TOKEN_MADE] = { STR_INIT("token.made"), STR_INIT("Cấp khóa giao tiếp"),
        FIELD_TABLE(struct account_token_made, token_fields), account_decide_token, apply_token_made },
    [ACCOUNT_FACT_TOKEN_REVOKED] = { STR_INIT("token.revoked"), STR_INIT("Thu hồi khóa giao tiếp"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_token_revoked, apply_token_revoked },
    [ACCOUNT_FACT_FACTOR_ENROLLED] = { STR_INIT("account.factor_enrolled"), STR_INIT("Bật xác thực hai bước"),
        FIELD_TABLE(struct account_factor_enrolled, factor_fields), account_decide_factor_enrolled,
        account_apply_factor_enrolled },
    [ACCOUNT_FACT_FACTOR_REMOVED] = { STR_INIT("account.factor_removed"), STR_INIT("Bỏ xác thực hai bước"),
        FIELD_TABLE(struct account_reason, reason_fields), account_decide_factor_removed,
        account_apply_factor_removed },
    [ACCOUNT_FACT_RECOVERY_USED] = { STR_INIT("account.recovery_used"), STR_INIT("Đăng nhập bằng mã dự phòng"),
        FIELD_TABLE(struct account_recovery_used, recovery_fields), account_decide_recovery_used,
        account_apply_recovery_used },
    [ACCOUNT_FACT_FACTOR_RULE_SET] = { STR_INIT("account.factor_rule_set"),
        STR_INIT("Đặt quy định xác thực hai bước"), FIELD_TABLE(struct account_factor_rule, factor_rule_fields),
        account_decide_factor_rule, account_apply_factor_rule },
};
/* clang-format on */

const struct fact_kinds account_facts = { kinds, LEN(kinds) };

const struct fact_kind *account_fact(enum account_fact_index index)
{
    return &kinds[index];
}
