#include "account/account_facts.h"
#include "account/session.h"
#include "store/db.h"
#include "unit/unit.h"

/* --- deciding --- */

/* Nobody gives a key to what they do not hold themselves. */
static enum err decide_held(struct ctx *cx, struct str permissions_text)
{
    uint64_t permissions = 0;
    if (!permissions_parse(permissions_text, &permissions))
        return fail_field(cx, "permissions", "Có quyền không rõ nghĩa trong danh sách quyền");
    if (cx->actor->kind != ACTOR_PROGRAM && (permissions & ~cx->actor->permissions) != 0)
        return fail(cx, ERR_FORBIDDEN, "Chỉ được cấp những quyền mà vị trí của đồng chí đang có");
    return OK;
}

enum err account_decide_link(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct account_link_made *made = body;
    TRY(account_may_reach(cx, fact->unit_id));
    TRY(decide_held(cx, made->permissions));
    /* "//other.example" would lead out of the program. */
    if (made->path.len < 2 || made->path.at[0] != '/' || made->path.at[1] == '/')
        return fail_detail(cx, ERR_INVALID, "a link's page must be a path of ours");
    if (made->expires_at <= cx->now)
        return fail_field(cx, "expires_at", "Thời hạn của đường dẫn cần sau thời điểm này");
    return OK;
}

enum err account_decide_link_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_open_link, "SELECT id FROM account_link WHERE id = $1 AND revoked_at IS NULL");
    int64_t id = 0;
    (void)body;
    TRY(account_may_reach(cx, fact->unit_id));
    enum err err = db_i64(cx, &find_open_link, BIND(V(fact->subject_id)), &id);
    return err == ERR_NOT_FOUND ? fail(cx, ERR_CONFLICT, "Đường dẫn này đã được thu hồi trước đó")
                                : err;
}

enum err account_decide_token(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_token_seat,
        "SELECT unit_id FROM account_grant WHERE id = $1 AND account_id = $2 AND revoked_at IS "
        "NULL");
    const struct account_token_made *made = body;
    int64_t unit_id = 0;
    uint64_t permissions = 0;
    TRY(account_may_reach(cx, fact->unit_id));
    /* Whoever made one for another would act in that person's name. */
    if (cx->actor->kind != ACTOR_PROGRAM && fact->subject_id != cx->actor->account_id)
        return fail(cx, ERR_FORBIDDEN, "Mỗi người tự cấp khóa giao tiếp cho tài khoản của mình");
    if (!permissions_parse(made->permissions, &permissions))
        return fail_field(cx, "permissions", "Có quyền không rõ nghĩa trong danh sách quyền");
    enum err err =
        db_i64(cx, &find_token_seat, BIND(V(made->grant_id), V(fact->subject_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return fail_field(cx, "grant_id", "Vị trí này không còn hiệu lực, xin chọn vị trí khác");
    TRY(err);
    if (made->expires_at <= cx->now)
        return fail_field(cx, "expires_at", "Thời hạn của khóa cần sau thời điểm này");
    return OK;
}

enum err account_decide_token_revoked(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(find_open_token, "SELECT id FROM account_token WHERE id = $1 AND revoked_at IS NULL");
    int64_t id = 0;
    (void)body;
    TRY(account_may_reach(cx, fact->unit_id));
    enum err err = db_i64(cx, &find_open_token, BIND(V(fact->subject_id)), &id);
    return err == ERR_NOT_FOUND ? fail(cx, ERR_CONFLICT, "Khóa này đã được thu hồi trước đó") : err;
}

/* --- personal links --- */

/* A fresh token and the hash of it, both as hex. */
static void make_token(struct ctx *cx, size_t bytes, struct str *ret_token, struct str *ret_hash)
{
    unsigned char token[SESSION_TOKEN_BYTES];
    unsigned char hash[TOKEN_HASH_BYTES];
    env_random(cx->env, token, bytes);
    session_hash(token, bytes, hash);
    *ret_token = str_from_bytes_hex(&cx->arena, token, bytes);
    *ret_hash = str_from_bytes_hex(&cx->arena, hash, sizeof hash);
    sodium_memzero(token, sizeof token);
}

enum err account_make_link(struct ctx *cx, const struct account_link *link, struct str *ret_token,
                           int64_t *ret_id)
{
    struct str token = { NULL, 0 };
    struct account_link_made made = { .permissions =
                                          permissions_format(&cx->arena, link->permissions),
                                      .name = link->name,
                                      .path = link->path,
                                      .expires_at = link->expires_at };
    make_token(cx, LINK_TOKEN_BYTES, &token, &made.token_hash);
    TRY(fact_record(cx, account_fact(ACCOUNT_FACT_LINK_MADE), link->unit_id, link->subject_id,
                    &made, ret_id));
    *ret_token = token;
    return OK;
}

enum err account_revoke_link(struct ctx *cx, int64_t link_id)
{
    SQL(find_link_unit, "SELECT unit_id FROM account_link WHERE id = $1");
    struct account_reason body = { .reason = STR("") };
    int64_t unit_id = 0;
    enum err err = db_i64(cx, &find_link_unit, BIND(V(link_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    TRY(err);
    return fact_record(cx, account_fact(ACCOUNT_FACT_LINK_REVOKED), unit_id, link_id, &body, NULL);
}

enum err account_links(struct ctx *cx, struct account_link *ret_links, size_t len, size_t *ret_len)
{
    SQL(list_links,
        "SELECT l.id, l.unit_id, l.subject_id, l.permissions, l.name, l.path, l.expires_at, "
        "l.revoked_at, l.made_at,"
        " u.full_name FROM account_link l JOIN unit u ON u.id = l.unit_id"
        " WHERE u.path >= $1 AND u.path < $2 ORDER BY l.id DESC LIMIT $3");
    size_t found = 0;
    struct rows rows =
        db_rows(cx, &list_links,
                BIND(V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi), V((int64_t)len)));
    while (found < len && rows_next(&rows)) {
        struct account_link link = { .id = rows_i64(&rows) };
        link.unit_id = rows_i64(&rows);
        link.subject_id = rows_i64(&rows);
        if (!permissions_parse(rows_str(&rows), &link.permissions))
            link.permissions = 0;
        link.name = rows_str(&rows);
        link.path = rows_str(&rows);
        link.expires_at = rows_i64(&rows);
        link.revoked_at = rows_i64(&rows);
        link.made_at = rows_i64(&rows);
        link.unit_name = rows_str(&rows);
        ret_links[found++] = link;
    }
    TRY(rows_end(&rows));
    *ret_len = found;
    return OK;
}

/* --- interface tokens --- */

enum err account_make_token(struct ctx *cx, const struct account_token *token,
                            struct str *ret_token, int64_t *ret_id)
{
    SQL(find_seat_unit, "SELECT unit_id FROM account_grant WHERE id = $1 AND account_id = $2");
    struct str secret = { NULL, 0 };
    int64_t unit_id = 0;
    struct account_token_made made = { .grant_id = token->grant_id,
                                       .permissions =
                                           permissions_format(&cx->arena, token->permissions),
                                       .name = token->name,
                                       .expires_at = token->expires_at };
    enum err err =
        db_i64(cx, &find_seat_unit, BIND(V(token->grant_id), V(token->account_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return fail_field(cx, "grant_id", "Không tìm thấy vị trí này của tài khoản");
    TRY(err);
    make_token(cx, SESSION_TOKEN_BYTES, &secret, &made.token_hash);
    TRY(fact_record(cx, account_fact(ACCOUNT_FACT_TOKEN_MADE), unit_id, token->account_id, &made,
                    ret_id));
    *ret_token = secret;
    return OK;
}

enum err account_revoke_token(struct ctx *cx, int64_t token_id)
{
    SQL(find_token_unit,
        "SELECT g.unit_id FROM account_token t JOIN account_grant g ON g.id = t.grant_id WHERE "
        "t.id = $1");
    struct account_reason body = { .reason = STR("") };
    int64_t unit_id = 0;
    enum err err = db_i64(cx, &find_token_unit, BIND(V(token_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    TRY(err);
    return fact_record(cx, account_fact(ACCOUNT_FACT_TOKEN_REVOKED), unit_id, token_id, &body,
                       NULL);
}

enum err account_revoke_own_token(struct ctx *cx, int64_t token_id)
{
    SQL(find_own_token, "SELECT id FROM account_token WHERE id = $1 AND account_id = $2");
    int64_t id = 0;
    enum err err = db_i64(cx, &find_own_token, BIND(V(token_id), V(cx->actor->account_id)), &id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    TRY(err);
    return account_revoke_token(cx, id);
}

static struct account_token token_from_row(struct rows *row)
{
    struct account_token token = { .id = rows_i64(row) };
    token.account_id = rows_i64(row);
    token.grant_id = rows_i64(row);
    if (!permissions_parse(rows_str(row), &token.permissions))
        token.permissions = 0;
    token.name = rows_str(row);
    token.expires_at = rows_i64(row);
    token.revoked_at = rows_i64(row);
    token.made_at = rows_i64(row);
    token.account_name = rows_str(row);
    return token;
}

#define TOKEN_COLUMNS                                                                            \
    "SELECT t.id, t.account_id, t.grant_id, t.permissions, t.name, t.expires_at, t.revoked_at, " \
    "t.made_at, a.name"                                                                          \
    " FROM account_token t JOIN account a ON a.id = t.account_id "

enum err account_tokens(struct ctx *cx, struct account_token *ret_tokens, size_t len,
                        size_t *ret_len)
{
    SQL(list_tokens, TOKEN_COLUMNS
        "JOIN account_grant g ON g.id = t.grant_id JOIN unit u ON u.id = g.unit_id"
        " WHERE u.path >= $1 AND u.path < $2 ORDER BY t.id DESC LIMIT $3 /*scan*/");
    size_t found = 0;
    struct rows rows =
        db_rows(cx, &list_tokens,
                BIND(V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi), V((int64_t)len)));
    while (found < len && rows_next(&rows))
        ret_tokens[found++] = token_from_row(&rows);
    TRY(rows_end(&rows));
    *ret_len = found;
    return OK;
}

enum err account_own_tokens(struct ctx *cx, struct account_token *ret_tokens, size_t len,
                            size_t *ret_len)
{
    SQL(list_own_tokens, TOKEN_COLUMNS "WHERE t.account_id = $1 ORDER BY t.id DESC LIMIT $2");
    size_t found = 0;
    struct rows rows =
        db_rows(cx, &list_own_tokens, BIND(V(cx->actor->account_id), V((int64_t)len)));
    while (found < len && rows_next(&rows))
        ret_tokens[found++] = token_from_row(&rows);
    TRY(rows_end(&rows));
    *ret_len = found;
    return OK;
}
