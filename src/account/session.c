#include "account/session.h"

#include "http/later.h"
#include "store/db.h"
#include "unit/unit.h"

/* --- tokens --- */

void session_hash(const void *token, size_t len, unsigned char ret_hash[TOKEN_HASH_BYTES])
{
    crypto_generichash(ret_hash, TOKEN_HASH_BYTES, token, len, NULL, 0);
}

/* The hash of a token sent as hex of exactly `bytes` bytes; false for anything else. */
static bool hash_of_hex(struct str hex, size_t bytes, unsigned char ret_hash[TOKEN_HASH_BYTES])
{
    unsigned char token[SESSION_TOKEN_BYTES];
    if (bytes > sizeof token || hex.len != 2 * bytes || !str_to_bytes_hex(hex, token, bytes))
        return false;
    session_hash(token, bytes, ret_hash);
    sodium_memzero(token, sizeof token);
    return true;
}

/* The form token's secret: from the hash and a key of ours, so that knowing the database does not
 * give it away. */
static struct str secret_of(struct ctx *cx, const struct account_state *state,
                            const unsigned char hash[TOKEN_HASH_BYTES])
{
    unsigned char secret[SESSION_SECRET_HEX / 2];
    crypto_generichash(secret, sizeof secret, hash, TOKEN_HASH_BYTES, state->secret_key,
                       sizeof state->secret_key);
    return str_from_bytes_hex(&cx->arena, secret, sizeof secret);
}

/* --- looking up --- */

/* The seat part of an identity, when the seat is in force today. */
static void take_seat(struct ctx *cx, struct rows *row, struct identity *identity)
{
    int64_t grant_id = rows_i64(row);
    struct str role_code = rows_str(row);
    int64_t unit_id = rows_i64(row);
    struct str reach = rows_str(row);
    int64_t from_day = rows_i64(row);
    bool has_end = !rows_is_null(row);
    int64_t to_day = rows_i64(row);
    bool is_revoked = rows_i64(row) != 0;
    struct str unit_name = rows_str(row);
    struct str path = rows_str(row);
    int64_t unit_to_day = rows_i64(row);
    struct str area_path = rows_str(row);
    struct str level = rows_str(row);
    struct str rule = rows_str(row);
    int32_t today = day_from_instant(cx->now);
    const struct role *role = role_find(role_code);
    /* Nobody acts for a body that was merged into another: its people get seats at the new one. */
    if (!role || is_revoked || today < from_day || (has_end && today > to_day) ||
        today >= unit_to_day)
        return;
    /* A seat that asks for the second factor gives nothing to who came by password alone. */
    if (identity->stage != STAGE_VERIFIED && factor_is_asked(rule, level))
        return;
    bool is_area = str_eq(reach, STR("area")) && area_path.len > 0;
    identity->grant_id = grant_id;
    identity->unit_id = unit_id;
    identity->permissions = role->permissions;
    /* Boards are of places: a seat that reaches its body alone has none to look at. */
    if (!is_area && !str_eq(area_path, path))
        identity->permissions &= ~PERMISSION_BIT(REPORT_READ);
    identity->role_name = role->name;
    identity->unit_name = unit_name;
    identity->path = is_area ? area_path : path;
}

static enum err load_session(struct ctx *cx, const unsigned char hash[TOKEN_HASH_BYTES],
                             struct identity *ret_identity, bool *ret_found)
{
    SQL(load_session_of,
        "SELECT s.stage, s.id, s.account_id, s.opened_at, s.seen_at, a.name, a.is_disabled, a.era, "
        "s.era,"
        " g.id, g.role, g.unit_id, g.reach, g.from_day, g.to_day, g.revoked_at, u.full_name, "
        "u.path, u.to_day, p.path, u.level,"
        " (SELECT value FROM account_rule WHERE name = 'second_factor')"
        " FROM session_account s JOIN account a ON a.id = s.account_id"
        " LEFT JOIN account_grant g ON g.id = s.grant_id AND g.account_id = s.account_id"
        " LEFT JOIN unit u ON u.id = g.unit_id LEFT JOIN unit p ON p.id = u.place_id"
        " WHERE s.token_hash = $1");
    struct identity identity = { .kind = ACTOR_PERSON };
    struct rows row =
        db_rows(cx, &load_session_of, BIND(V(((struct bytes){ hash, TOKEN_HASH_BYTES }))));
    bool is_found = rows_next(&row);
    if (is_found) {
        identity.stage = (enum session_stage)rows_i64(&row);
        identity.session_id = rows_i64(&row);
        identity.account_id = rows_i64(&row);
        int64_t opened_at = rows_i64(&row);
        identity.seen_at = rows_i64(&row);
        identity.name = rows_str(&row);
        bool is_disabled = rows_i64(&row) != 0;
        int64_t era = rows_i64(&row);
        bool is_of_era = rows_i64(&row) == era;
        identity.ends_at = opened_at + SESSION_LIFE_MS;
        /* Who still owes the code is nobody: only the page that asks for it knows the session. */
        is_found = !is_disabled && is_of_era && identity.stage != STAGE_WAITING;
        if (is_found)
            take_seat(cx, &row, &identity);
    }
    TRY(rows_end(&row));
    /* Without a seat one may still choose one, change the password, sign out. */
    identity.permissions |= PERMISSION_BIT(PUBLIC) | PERMISSION_BIT(SIGNED_IN);
    *ret_found = is_found;
    if (is_found)
        *ret_identity = identity;
    return OK;
}

static enum err load_link(struct ctx *cx, const unsigned char hash[TOKEN_HASH_BYTES],
                          struct identity *ret_identity, bool *ret_found)
{
    SQL(load_link_of,
        "SELECT l.unit_id, l.subject_id, l.permissions, l.name, l.path, l.expires_at, "
        "l.revoked_at, u.full_name, u.path"
        " FROM account_link l JOIN unit u ON u.id = l.unit_id WHERE l.token_hash = $1");
    struct identity identity = { .kind = ACTOR_LINK };
    struct rows row =
        db_rows(cx, &load_link_of, BIND(V(((struct bytes){ hash, TOKEN_HASH_BYTES }))));
    bool is_found = rows_next(&row);
    if (is_found) {
        identity.unit_id = rows_i64(&row);
        identity.subject_id = rows_i64(&row);
        is_found = permissions_parse(rows_str(&row), &identity.permissions);
        identity.name = rows_str(&row);
        identity.page = rows_str(&row);
        identity.ends_at = rows_i64(&row);
        is_found = is_found && rows_i64(&row) == 0;
        identity.unit_name = rows_str(&row);
        identity.path = rows_str(&row);
        identity.role_name = STR("Đường dẫn cá nhân");
    }
    TRY(rows_end(&row));
    identity.permissions |= PERMISSION_BIT(PUBLIC);
    identity.seen_at = cx->now;
    *ret_found = is_found;
    if (is_found)
        *ret_identity = identity;
    return OK;
}

static enum err load_token(struct ctx *cx, const unsigned char hash[TOKEN_HASH_BYTES],
                           struct identity *ret_identity, bool *ret_found)
{
    SQL(load_token_of,
        "SELECT t.account_id, t.permissions, t.name, t.expires_at, t.revoked_at, a.is_disabled,"
        " g.id, g.role, g.unit_id, g.reach, g.from_day, g.to_day, g.revoked_at, u.full_name, "
        "u.path, u.to_day, p.path, u.level, 'khong'"
        " FROM account_token t JOIN account a ON a.id = t.account_id"
        " JOIN account_grant g ON g.id = t.grant_id AND g.account_id = t.account_id"
        " JOIN unit u ON u.id = g.unit_id LEFT JOIN unit p ON p.id = u.place_id"
        " WHERE t.token_hash = $1");
    struct identity identity = { .kind = ACTOR_TOKEN };
    struct rows row =
        db_rows(cx, &load_token_of, BIND(V(((struct bytes){ hash, TOKEN_HASH_BYTES }))));
    bool is_found = rows_next(&row);
    if (is_found) {
        uint64_t narrowed = 0;
        identity.account_id = rows_i64(&row);
        is_found = permissions_parse(rows_str(&row), &narrowed);
        identity.name = rows_str(&row);
        identity.ends_at = rows_i64(&row);
        bool is_revoked = rows_i64(&row) != 0;
        bool is_disabled = rows_i64(&row) != 0;
        take_seat(cx, &row, &identity);
        is_found = is_found && !is_revoked && !is_disabled && identity.grant_id != 0;
        identity.permissions &= narrowed;
    }
    TRY(rows_end(&row));
    identity.permissions |= PERMISSION_BIT(PUBLIC);
    identity.seen_at = cx->now;
    *ret_found = is_found;
    if (is_found)
        *ret_identity = identity;
    return OK;
}

/* --- seen_at, written behind --- */

struct touch {
    int64_t session_id;
    int64_t at;
};

/* Nobody waits for it: a session whose mark was not written only ends a few minutes early. */
static enum err write_touch(struct ctx *cx, void *what)
{
    SQL(touch_session, "UPDATE session_account SET seen_at = $2 WHERE id = $1 AND seen_at < $2");
    const struct touch *touch = what;
    return db_run(cx, &touch_session, BIND(V(touch->session_id), V(touch->at)));
}

static void touch_session_later(struct ctx *cx, const struct app *app, int64_t session_id)
{
    struct touch touch = { .session_id = session_id, .at = cx->now };
    later_write(cx, app, NULL, "seen_at of a session", write_touch, &touch, sizeof touch);
}

/* --- what changed --- */

/*
 * An identity is made of facts about accounts, their links and tokens, and units, and of the session itself. More facts
 * than can be looked through quickly count as a change.
 */
static enum err has_changed(struct ctx *cx, struct account_state *state, bool *ret_changed)
{
    SQL(find_newest, "SELECT (SELECT COALESCE(MAX(seq), 0) FROM fact),"
                     " COALESCE((SELECT value FROM session_revision WHERE id = 1), 0)");
    SQL(find_change, "SELECT EXISTS (SELECT 1 FROM fact WHERE seq > $1 AND seq <= $2 AND (kind LIKE 'account.%'"
                     " OR kind LIKE 'link.%' OR kind LIKE 'token.%' OR kind LIKE 'unit.%'))");
    enum { FACTS_MAX = 50000 };
    int64_t seq = 0, revision = 0, is_among = 0;
    struct rows row = db_rows(cx, &find_newest, NO_BIND);
    if (rows_next(&row)) {
        seq = rows_i64(&row);
        revision = rows_i64(&row);
    }
    TRY(rows_end(&row));
    bool is_far = seq < state->looked_seq || seq - state->looked_seq > FACTS_MAX;
    if (!is_far && seq > state->looked_seq)
        TRY(db_i64(cx, &find_change, BIND(V(state->looked_seq), V(seq)), &is_among));
    *ret_changed = is_far || is_among != 0 || revision != state->looked_revision;
    state->looked_seq = seq;
    state->looked_revision = revision;
    return OK;
}

static enum err look_for_changes(struct ctx *cx, struct account_state *state)
{
    int64_t began_us = env_monotonic(state->env);
    bool is_changed = true;
    if (!session_cache_must_look(state->cache) || pthread_mutex_trylock(&state->look_lock) != 0)
        return OK;
    enum err err = has_changed(cx, state, &is_changed);
    if (err == OK)
        session_cache_looked(state->cache, began_us, is_changed);
    pthread_mutex_unlock(&state->look_lock);
    return err;
}

/* A session that was ended tells the other programs on the same database. */
static enum err tell_ended(struct ctx *cx)
{
    SQL(raise_revision, "INSERT INTO session_revision (id, value) VALUES (1, 1)"
                        " ON CONFLICT (id) DO UPDATE SET value = session_revision.value + 1");
    return db_run(cx, &raise_revision, NO_BIND);
}

/* --- who it is --- */

typedef enum err (*load_step)(struct ctx *cx, const unsigned char hash[TOKEN_HASH_BYTES],
                              struct identity *ret_identity, bool *ret_found);

static enum err find(struct ctx *cx, const struct app *app, load_step load,
                     const unsigned char hash[TOKEN_HASH_BYTES], struct cached *ret_cached,
                     bool *ret_found)
{
    struct account_state *state = app->account_state;
    struct cached cached = { .must_touch = false };
    bool is_found = true;
    if (!session_cache_get(cx, state->cache, hash, &cached)) {
        cached.began_us = env_monotonic(state->env);
        TRY(load(cx, hash, &cached.identity, &is_found));
        if (is_found) {
            cached.secret = secret_of(cx, state, hash);
            cached.must_touch = session_cache_put(cx, state->cache, hash, &cached);
            is_found = !identity_is_over(&cached.identity, cx->now);
        }
    }
    if (is_found && cached.must_touch && cached.identity.kind == ACTOR_PERSON)
        touch_session_later(cx, app, cached.identity.session_id);
    *ret_found = is_found;
    if (is_found)
        *ret_cached = cached;
    return OK;
}

static void become(struct ctx *cx, struct request *req, const struct cached *cached,
                   struct actor *ret_actor)
{
    const struct identity *identity = &cached->identity;
    *ret_actor = (struct actor){
        .kind = identity->kind,
        .account_id = identity->account_id,
        .grant_id = identity->grant_id,
        .unit_id = identity->unit_id,
        .scope = identity->path.len == 0 ? (struct scope){ STR(""), STR("") }
                                         : unit_scope(&cx->arena, identity->path),
        .permissions = identity->permissions,
        .subject_id = identity->subject_id,
        .name = identity->name,
        .role_name = identity->role_name,
        .unit_name = identity->unit_name,
    };
    req->csrf = cached->secret;
}

/* The link's page and what lies below it. */
static bool is_page_of(struct str page, struct str path)
{
    return str_starts(path, page) && (path.len == page.len || path.at[page.len] == '/');
}

enum err session_identify(struct ctx *cx, struct request *req, struct actor *ret_actor)
{
    const struct app *app = req->app;
    unsigned char hash[TOKEN_HASH_BYTES];
    struct cached cached = { .must_touch = false };
    bool is_found = false;
    *ret_actor = (struct actor){ .kind = ACTOR_NOBODY, .permissions = PERMISSION_BIT(PUBLIC) };
    req->csrf = STR("");

    TRY(look_for_changes(cx, app->account_state));
    /* A request that brings a token is the token's alone: never mixed with a cookie's rights (DHIS2
     * CVE-2023-31139). */
    if (req->bearer.len > 0) {
        if (hash_of_hex(req->bearer, SESSION_TOKEN_BYTES, hash))
            TRY(find(cx, app, load_token, hash, &cached, &is_found));
        if (is_found)
            become(cx, req, &cached, ret_actor);
        return OK;
    }
    if (hash_of_hex(req->link_cookie, LINK_TOKEN_BYTES, hash)) {
        TRY(find(cx, app, load_link, hash, &cached, &is_found));
        /* Who is signed in as well stays so everywhere but on the link's own page. */
        if (is_found && (req->cookie.len == 0 || is_page_of(cached.identity.page, req->path))) {
            become(cx, req, &cached, ret_actor);
            return OK;
        }
    }
    if (hash_of_hex(req->cookie, SESSION_TOKEN_BYTES, hash)) {
        TRY(find(cx, app, load_session, hash, &cached, &is_found));
        if (is_found && cached.identity.kind == ACTOR_PERSON)
            become(cx, req, &cached, ret_actor);
    }
    return OK;
}

enum err session_find_link(struct ctx *cx, const struct app *app, struct str token,
                           struct identity *ret_identity)
{
    unsigned char hash[TOKEN_HASH_BYTES];
    struct cached cached = { .must_touch = false };
    bool is_found = false;
    if (hash_of_hex(token, LINK_TOKEN_BYTES, hash))
        TRY(find(cx, app, load_link, hash, &cached, &is_found));
    if (!is_found || cached.identity.kind != ACTOR_LINK)
        return fail(cx, ERR_NOT_FOUND,
                    "Đường dẫn này đã hết hạn hoặc đã được thu hồi; xin liên hệ nơi gửi đường dẫn");
    *ret_identity = cached.identity;
    return OK;
}

/* --- opening and ending, on the writer --- */

static enum err insert_session(struct ctx *cx, int64_t account_id, int64_t grant_id,
                               enum session_stage stage, int64_t opened_at, struct str peer,
                               struct str *ret_token)
{
    SQL(add_session,
        "INSERT INTO session_account (token_hash, id, account_id, grant_id, era, opened_at, "
        "seen_at, peer, stage)"
        " VALUES ($1, $2, $3, $4, (SELECT era FROM account WHERE id = $3), $5, $6, $7, $8)");
    unsigned char token[SESSION_TOKEN_BYTES];
    unsigned char hash[TOKEN_HASH_BYTES];
    int64_t id = 0;
    env_random(cx->env, token, sizeof token);
    env_random(cx->env, &id, sizeof id);
    id &= INT64_MAX;
    session_hash(token, sizeof token, hash);
    TRY(db_run(cx, &add_session,
               BIND(V(((struct bytes){ hash, sizeof hash })), V(id), V(account_id), V(grant_id),
                    V(opened_at), V(cx->now), V(peer), V((int64_t)stage))));
    *ret_token = str_from_bytes_hex(&cx->arena, token, sizeof token);
    sodium_memzero(token, sizeof token);
    return OK;
}

/* Sweeps what is over, and the oldest of an account that has more sessions open than can be listed.
 */
static enum err sweep(struct ctx *cx, int64_t account_id)
{
    SQL(end_idle, "DELETE FROM session_account WHERE seen_at < $1");
    SQL(end_oldest,
        "DELETE FROM session_account WHERE id IN (SELECT id FROM session_account WHERE account_id "
        "= $1"
        " ORDER BY opened_at DESC, id LIMIT 1000 OFFSET $2)");
    int64_t ended = 0;
    TRY(db_run(cx, &end_idle, BIND(V(cx->now - SESSION_IDLE_MS - SESSION_TOUCH_MS))));
    TRY(db_run_count(cx, &end_oldest, BIND(V(account_id), V((int64_t)SESSION_LIST_MAX - 1)), &ended));
    return ended > 0 ? tell_ended(cx) : OK;
}

enum err session_begin(struct ctx *cx, int64_t account_id, int64_t wanted_grant_id,
                       enum session_stage stage, struct str peer, struct str *ret_token,
                       int64_t *ret_grant_id)
{
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    TRY(account_grants(cx, account_id, true, grants, &len));
    int64_t grant_id = len == 1 ? grants[0].id : 0;
    for (size_t i = 0; i < len; i++)
        if (grants[i].id == wanted_grant_id)
            grant_id = wanted_grant_id;
    TRY(sweep(cx, account_id));
    TRY(insert_session(cx, account_id, grant_id, stage, cx->now, peer, ret_token));
    *ret_grant_id = grant_id;
    return OK;
}

enum err session_move(struct ctx *cx, struct str old_token, int64_t grant_id, struct str peer,
                      struct str *ret_token)
{
    SQL(find_opened,
        "SELECT opened_at, stage FROM session_account WHERE token_hash = $1 AND account_id = $2");
    unsigned char hash[TOKEN_HASH_BYTES];
    int64_t account_id = cx->actor->account_id;
    int64_t opened_at = 0;
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    TRY(account_grants(cx, account_id, true, grants, &len));
    size_t i = 0;
    while (i < len && grants[i].id != grant_id)
        i++;
    if (i == len || !hash_of_hex(old_token, SESSION_TOKEN_BYTES, hash))
        return fail(cx, ERR_NOT_FOUND, "Vị trí này không còn hiệu lực, xin chọn vị trí khác");
    enum session_stage stage = STAGE_PASSWORD;
    struct rows row = db_rows(cx, &find_opened, BIND(V(((struct bytes){ hash, sizeof hash })), V(account_id)));
    bool is_found = rows_next(&row);
    if (is_found) {
        opened_at = rows_i64(&row);
        stage = (enum session_stage)rows_i64(&row);
    }
    TRY(rows_end(&row));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Phiên đăng nhập này đã kết thúc");
    TRY(session_end(cx, old_token));
    return insert_session(cx, account_id, grant_id, stage, opened_at, peer, ret_token);
}

enum err session_stage_of(struct ctx *cx, struct str token, enum session_stage *ret_stage)
{
    SQL(find_stage, "SELECT stage FROM session_account WHERE token_hash = $1");
    unsigned char hash[TOKEN_HASH_BYTES];
    int64_t stage = STAGE_PASSWORD;
    if (hash_of_hex(token, SESSION_TOKEN_BYTES, hash)) {
        enum err err = db_i64(cx, &find_stage, BIND(V(((struct bytes){ hash, sizeof hash }))), &stage);
        if (err != OK && err != ERR_NOT_FOUND)
            return err;
    }
    *ret_stage = (enum session_stage)stage;
    return OK;
}

enum err session_find_waiting(struct ctx *cx, struct str token, int64_t *ret_account_id,
                              struct str *ret_login)
{
    SQL(find_waiting,
        "SELECT s.account_id, a.login FROM session_account s JOIN account a ON a.id = s.account_id"
        " WHERE s.token_hash = $1 AND s.stage = 2 AND s.era = a.era AND a.is_disabled = 0"
        " AND s.opened_at > $2");
    unsigned char hash[TOKEN_HASH_BYTES];
    int64_t account_id = 0;
    if (hash_of_hex(token, SESSION_TOKEN_BYTES, hash)) {
        struct rows row = db_rows(cx, &find_waiting,
                                  BIND(V(((struct bytes){ hash, sizeof hash })),
                                       V(cx->now - SESSION_WAITING_MS)));
        if (rows_next(&row)) {
            account_id = rows_i64(&row);
            *ret_login = rows_str(&row);
        }
        TRY(rows_end(&row));
    }
    *ret_account_id = account_id;
    return OK;
}

enum err session_end(struct ctx *cx, struct str token)
{
    SQL(end_session, "DELETE FROM session_account WHERE token_hash = $1");
    unsigned char hash[TOKEN_HASH_BYTES];
    if (!hash_of_hex(token, SESSION_TOKEN_BYTES, hash))
        return OK;
    TRY(db_run(cx, &end_session, BIND(V(((struct bytes){ hash, sizeof hash })))));
    return tell_ended(cx);
}

enum err session_end_one(struct ctx *cx, int64_t account_id, int64_t session_id)
{
    SQL(end_one_session, "DELETE FROM session_account WHERE id = $1 AND account_id = $2");
    int64_t ended = 0;
    TRY(db_run_count(cx, &end_one_session, BIND(V(session_id), V(account_id)), &ended));
    if (ended == 0)
        return fail(cx, ERR_NOT_FOUND, "Phiên đăng nhập này đã kết thúc");
    return tell_ended(cx);
}

enum err session_list(struct ctx *cx, int64_t account_id, struct str token,
                      struct session *ret_sessions, size_t *ret_len)
{
    SQL(list_sessions,
        "SELECT s.id, s.opened_at, s.seen_at, s.peer, g.role, u.full_name, s.token_hash FROM "
        "session_account s"
        " JOIN account a ON a.id = s.account_id LEFT JOIN account_grant g ON g.id = s.grant_id"
        " LEFT JOIN unit u ON u.id = g.unit_id"
        " WHERE s.account_id = $1 AND s.seen_at > $2 AND s.opened_at > $3 AND s.era = a.era AND s.stage <> 2"
        " ORDER BY s.seen_at DESC, s.id LIMIT $4");
    unsigned char hash[TOKEN_HASH_BYTES];
    bool has_hash = hash_of_hex(token, SESSION_TOKEN_BYTES, hash);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list_sessions,
                               BIND(V(account_id), V(cx->now - SESSION_IDLE_MS),
                                    V(cx->now - SESSION_LIFE_MS), V((int64_t)SESSION_LIST_MAX)));
    while (len < SESSION_LIST_MAX && rows_next(&rows)) {
        struct session *session = &ret_sessions[len++];
        *session = (struct session){ .id = rows_i64(&rows) };
        session->opened_at = rows_i64(&rows);
        session->seen_at = rows_i64(&rows);
        session->peer = rows_str(&rows);
        const struct role *role = role_find(rows_str(&rows));
        session->role_name = role ? role->name : STR("");
        session->unit_name = rows_str(&rows);
        struct bytes kept = rows_bytes(&rows);
        session->is_this =
            has_hash && kept.len == sizeof hash && memcmp(kept.at, hash, sizeof hash) == 0;
    }
    TRY(rows_end(&rows));
    *ret_len = len;
    return OK;
}
