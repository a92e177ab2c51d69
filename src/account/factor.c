#include "account/factor.h"

#include "account/account_facts.h"
#include "account/session.h"
#include "store/db.h"
#include "unit/unit.h"

enum {
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_BYTES = SEAL_NONCE + TOTP_SECRET_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

/* --- the rule --- */

const struct choice factor_rule_choices[FACTOR_RULE_COUNT] = {
    { STR_INIT("cap_tinh"), STR_INIT("Bắt buộc từ cấp tỉnh trở lên") },
    { STR_INIT("tat_ca"), STR_INIT("Bắt buộc với mọi tài khoản") },
    { STR_INIT("khong"), STR_INIT("Không bắt buộc; ai cần thì tự bật") },
};

bool factor_is_asked(struct str rule, struct str level)
{
    if (str_eq(rule, STR("khong")))
        return false;
    return str_eq(rule, STR("tat_ca")) || !str_eq(level, STR("commune"));
}

enum err factor_rule(struct ctx *cx, struct str *ret_rule)
{
    SQL(find_factor_rule, "SELECT value FROM account_rule WHERE name = 'second_factor'");
    struct str rule = factor_rule_choices[0].value;
    struct rows row = db_rows(cx, &find_factor_rule, NO_BIND);
    if (rows_next(&row))
        rule = rows_str(&row);
    TRY(rows_end(&row));
    *ret_rule = rule;
    return OK;
}

enum err factor_set_rule(struct ctx *cx, struct str rule)
{
    struct account_factor_rule body = { .rule = rule };
    struct unit nation = { .id = 0 };
    TRY(unit_find_nation(cx, &nation));
    return fact_record(cx, account_fact(ACCOUNT_FACT_FACTOR_RULE_SET), nation.id, 0, &body, NULL);
}

/* --- the seal: as the citizen id's (person_seal.h), under a key of its own --- */

static struct str place_of(struct arena *arena, int64_t account_id)
{
    return str_format(arena, "account_factor|seal|%lld|account.factor.seal", (long long)account_id);
}

static struct str seal(struct ctx *cx, int64_t account_id, const struct totp_secret *secret)
{
    unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    unsigned char sealed[SEAL_BYTES];
    struct str place = place_of(&cx->arena, account_id);
    unsigned long long len = 0;
    store_key(db_store(cx->db), "account.factor.seal", key);
    env_random(cx->env, sealed, SEAL_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + SEAL_NONCE, &len, secret->at, TOTP_SECRET_BYTES,
                                               (const unsigned char *)place.at, place.len, NULL, sealed, key);
    sodium_memzero(key, sizeof key);
    return str_from_bytes_hex(&cx->arena, sealed, sizeof sealed);
}

static enum err unseal(struct ctx *cx, int64_t account_id, struct bytes sealed, struct totp_secret *ret_secret)
{
    unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    struct str place = place_of(&cx->arena, account_id);
    unsigned long long len = 0;
    int opened = -1;
    if (sealed.len == SEAL_BYTES) {
        store_key(db_store(cx->db), "account.factor.seal", key);
        opened = crypto_aead_xchacha20poly1305_ietf_decrypt(ret_secret->at, &len, NULL, sealed.at + SEAL_NONCE,
                                                            sealed.len - SEAL_NONCE, (const unsigned char *)place.at,
                                                            place.len, sealed.at, key);
        sodium_memzero(key, sizeof key);
    }
    if (opened != 0)
        return fail(cx, ERR_SYSTEM,
                    "Không mở được mã xác thực hai bước bằng khóa của hệ thống này; xin báo quản trị viên");
    return OK;
}

/* --- reading --- */

enum err factor_made_at(struct ctx *cx, int64_t account_id, int64_t *ret_made_at)
{
    SQL(find_factor_made, "SELECT made_at FROM account_factor WHERE account_id = $1");
    int64_t made_at = 0;
    enum err err = db_i64(cx, &find_factor_made, BIND(V(account_id)), &made_at);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    *ret_made_at = made_at;
    return OK;
}

enum err factor_find(struct ctx *cx, int64_t account_id, struct factor *ret_factor)
{
    SQL(find_factor, "SELECT made_at, used, seal FROM account_factor WHERE account_id = $1");
    struct factor factor = { .made_at = 0 };
    struct bytes sealed = { NULL, 0 };
    struct rows row = db_rows(cx, &find_factor, BIND(V(account_id)));
    if (rows_next(&row)) {
        factor.made_at = rows_i64(&row);
        factor.used = rows_i64(&row);
        sealed = rows_bytes(&row);
    }
    TRY(rows_end(&row));
    if (factor.made_at != 0)
        TRY(unseal(cx, account_id, sealed, &factor.secret));
    for (int i = 0; i < TOTP_RECOVERY_CODES; i++)
        factor.recovery_left += (factor.used >> i & 1) == 0;
    *ret_factor = factor;
    return OK;
}

enum err factor_is_wanted(struct ctx *cx, int64_t account_id, bool *ret_is_wanted)
{
    SQL(list_levels,
        "SELECT DISTINCT u.level FROM account_grant g JOIN unit u ON u.id = g.unit_id WHERE g.account_id = $1"
        " AND g.revoked_at IS NULL AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day >= $2)");
    struct str rule = { NULL, 0 };
    bool is_wanted = false;
    TRY(factor_rule(cx, &rule));
    struct rows rows = db_rows(cx, &list_levels, BIND(V(account_id), V((int64_t)day_from_instant(cx->now))));
    while (rows_next(&rows))
        is_wanted = factor_is_asked(rule, rows_str(&rows)) || is_wanted;
    TRY(rows_end(&rows));
    *ret_is_wanted = is_wanted;
    return OK;
}

/* --- deciding and applying --- */

enum err account_decide_factor_enrolled(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct account_factor_enrolled *enrolled = body;
    int64_t made_at = 0;
    if (cx->actor->account_id != fact->subject_id && cx->actor->kind != ACTOR_PROGRAM)
        return fail(cx, ERR_FORBIDDEN, "Mỗi người tự bật xác thực hai bước cho tài khoản của mình");
    if (enrolled->seal.len != 2 * SEAL_BYTES)
        return fail_detail(cx, ERR_INVALID, "a seal of %zu digits", enrolled->seal.len);
    TRY(factor_made_at(cx, fact->subject_id, &made_at));
    return made_at == 0 ? OK : fail(cx, ERR_CONFLICT, "Tài khoản này đã bật xác thực hai bước");
}

enum err account_decide_factor_removed(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct account account = { .id = 0 };
    int64_t made_at = 0;
    (void)body;
    if (cx->actor->account_id != fact->subject_id && cx->actor->kind != ACTOR_PROGRAM)
        TRY(account_find(cx, fact->subject_id, &account));
    TRY(factor_made_at(cx, fact->subject_id, &made_at));
    return made_at != 0 ? OK : fail(cx, ERR_CONFLICT, "Tài khoản này chưa bật xác thực hai bước");
}

enum err account_decide_recovery_used(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_factor_used, "SELECT used FROM account_factor WHERE account_id = $1");
    const struct account_recovery_used *used = body;
    int64_t bits = 0;
    TRY(db_i64(cx, &find_factor_used, BIND(V(fact->subject_id)), &bits));
    if (used->number < 0 || used->number >= TOTP_RECOVERY_CODES || (bits >> used->number & 1) != 0)
        return fail(cx, ERR_CONFLICT, "Mã dự phòng này đã được dùng");
    return OK;
}

enum err account_decide_factor_rule(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct account_factor_rule *set = body;
    struct unit nation = { .id = 0 };
    (void)fact;
    for (size_t i = 0; i < FACTOR_RULE_COUNT; i++) {
        if (!str_eq(set->rule, factor_rule_choices[i].value))
            continue;
        TRY(unit_find_nation(cx, &nation));
        if (cx->actor->kind != ACTOR_PROGRAM && !unit_scope_holds(&cx->actor->scope, nation.path))
            return fail(cx, ERR_FORBIDDEN, "Chỉ quản trị viên của cả hệ thống được đổi quy định này");
        return OK;
    }
    return fail_field(cx, "rule", "Xin chọn một mức áp dụng");
}

enum err account_apply_factor_enrolled(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_factor, "INSERT INTO account_factor (account_id, seal, used, made_at) VALUES ($1, $2, 0, $3)");
    const struct account_factor_enrolled *enrolled = body;
    unsigned char sealed[SEAL_BYTES];
    if (enrolled->seal.len != 2 * SEAL_BYTES || !str_to_bytes_hex(enrolled->seal, sealed, sizeof sealed))
        return fail_detail(cx, ERR_INVALID, "a seal of %zu digits", enrolled->seal.len);
    return db_run(cx, &add_factor,
                  BIND(V(fact->subject_id), V(((struct bytes){ sealed, sizeof sealed })), V(fact->at)));
}

enum err account_apply_factor_removed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(drop_factor, "DELETE FROM account_factor WHERE account_id = $1");
    SQL(end_factor_sessions, "UPDATE account SET era = $2 WHERE id = $1");
    (void)body;
    TRY(db_run(cx, &drop_factor, BIND(V(fact->subject_id))));
    return db_run(cx, &end_factor_sessions, BIND(V(fact->subject_id), V(fact->seq)));
}

enum err account_apply_recovery_used(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(use_recovery, "UPDATE account_factor SET used = used + $2 WHERE account_id = $1");
    const struct account_recovery_used *used = body;
    return db_run(cx, &use_recovery, BIND(V(fact->subject_id), V((int64_t)1 << used->number)));
}

enum err account_apply_factor_rule(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_factor_rule, "INSERT INTO account_rule (name, value) VALUES ('second_factor', $1)"
                         " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    const struct account_factor_rule *set = body;
    (void)fact;
    return db_run(cx, &set_factor_rule, BIND(V(set->rule)));
}

/* --- recording --- */

static enum err say_wrong(struct ctx *cx)
{
    return fail_field(cx, "code", "Mã chưa đúng hoặc đã dùng rồi; xin chờ mã mới trên điện thoại rồi nhập lại");
}

static enum err record(struct ctx *cx, enum account_fact_index kind, int64_t account_id, const void *body)
{
    SQL(find_factor_unit, "SELECT unit_id FROM account WHERE id = $1");
    int64_t unit_id = 0;
    TRY(db_i64(cx, &find_factor_unit, BIND(V(account_id)), &unit_id));
    return fact_record(cx, account_fact(kind), unit_id, account_id, body, NULL);
}

/* Letters and digits alone, in capitals: codes are read out and typed with blanks and hyphens. */
static struct str plain_code(struct arena *arena, struct str typed)
{
    struct buf code;
    buf_init(&code, arena);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c != ' ' && c != '-' && c != '.')
            buf_put_char(&code, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return buf_str(&code);
}

static bool read_digits(struct str code, uint32_t *ret_number)
{
    uint32_t number = 0;
    if (code.len != TOTP_DIGITS)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        if (code.at[i] < '0' || code.at[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(code.at[i] - '0');
    }
    *ret_number = number;
    return true;
}

static enum err use_step(struct ctx *cx, int64_t account_id, const struct totp_secret *secret, uint32_t number)
{
    SQL(find_last_step, "SELECT last_step FROM session_factor WHERE account_id = $1");
    SQL(set_last_step, "INSERT INTO session_factor (account_id, last_step) VALUES ($1, $2)"
                       " ON CONFLICT (account_id) DO UPDATE SET last_step = excluded.last_step");
    int64_t last_step = 0;
    enum err err = db_i64(cx, &find_last_step, BIND(V(account_id)), &last_step);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    int64_t step = totp_find_step(secret, number, cx->now, last_step);
    if (step == 0)
        return say_wrong(cx);
    return db_run(cx, &set_last_step, BIND(V(account_id), V(step)));
}

enum err factor_enrol(struct ctx *cx, int64_t account_id, const struct totp_secret *secret, struct str code)
{
    SQL(forget_last_step, "DELETE FROM session_factor WHERE account_id = $1");
    struct account_factor_enrolled enrolled = { .seal = seal(cx, account_id, secret) };
    uint32_t number = 0;
    if (!read_digits(plain_code(&cx->arena, code), &number))
        return say_wrong(cx);
    TRY(db_run(cx, &forget_last_step, BIND(V(account_id)))); /* of another secret */
    TRY(use_step(cx, account_id, secret, number));
    return record(cx, ACCOUNT_FACT_FACTOR_ENROLLED, account_id, &enrolled);
}

static enum err use_recovery(struct ctx *cx, int64_t account_id, const struct factor *factor, struct str code)
{
    int64_t found = -1;
    for (int64_t i = 0; i < TOTP_RECOVERY_CODES; i++) {
        struct str one = totp_recovery_code(&cx->arena, &factor->secret, (size_t)i);
        bool is_right = one.len == code.len && sodium_memcmp(one.at, code.at, code.len) == 0;
        if (is_right && (factor->used >> i & 1) == 0)
            found = i;
    }
    if (found < 0)
        return say_wrong(cx);
    struct account_recovery_used used = { .number = found };
    return record(cx, ACCOUNT_FACT_RECOVERY_USED, account_id, &used);
}

enum err factor_use(struct ctx *cx, int64_t account_id, struct str typed)
{
    struct factor factor = { .made_at = 0 };
    struct str code = plain_code(&cx->arena, typed);
    uint32_t number = 0;
    TRY(factor_find(cx, account_id, &factor));
    if (factor.made_at == 0)
        return say_wrong(cx);
    if (read_digits(code, &number))
        return use_step(cx, account_id, &factor.secret, number);
    return code.len == TOTP_RECOVERY_LETTERS ? use_recovery(cx, account_id, &factor, code) : say_wrong(cx);
}

enum err factor_remove(struct ctx *cx, int64_t account_id, struct str reason)
{
    struct account_reason body = { .reason = reason };
    return record(cx, ACCOUNT_FACT_FACTOR_REMOVED, account_id, &body);
}

/* --- for who has no page: the console and the demo --- */

enum err account_set_factor_rule(struct ctx *cx, struct str rule)
{
    return factor_set_rule(cx, rule);
}

enum err account_remove_factor(struct ctx *cx, int64_t account_id, struct str reason)
{
    return factor_remove(cx, account_id, reason);
}
