#include "account/session.h"
#include "base/log.h"
#include "store/db.h"
#include "unit/unit.h"

/* A reader of its own where the caller has none: commands and the start of the program. */
static enum err with_reader(struct ctx *cx, struct store *store,
                            enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct db *outer = cx->db;
    struct db *reader = NULL;
    if (outer)
        return run(cx, what);
    TRY(store_reader_open(cx, store, &reader));
    cx->db = reader;
    enum err err = db_read_begin(cx);
    if (err == OK) {
        err = run(cx, what);
        db_read_end(cx);
    }
    cx->db = outer;
    store_reader_close(reader);
    return err;
}

enum err account_open(struct ctx *cx, struct app *app)
{
    if (sodium_init() < 0)
        return fail_detail(cx, ERR_SYSTEM, "libsodium does not start");
    struct account_state *state = env_alloc(app->env, sizeof *state);
    if (!state)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for accounts");
    memset(state, 0, sizeof *state);
    state->env = app->env;
    state->store = app->store;
    pthread_mutex_init(&state->lock, NULL);
    pthread_mutex_init(&state->look_lock, NULL);
    store_key(app->store, "password", state->pepper_key);
    store_key(app->store, "form token", state->secret_key);
    state->limiter = limiter_open(app->env);
    state->cache = session_cache_open(app->env);
    app->account_state = state;
    if (!state->limiter || !state->cache) {
        account_close(app);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for sessions");
    }
    app->gate =
        (struct gate){ .identify = session_identify, .sign_in_path = STR_INIT("/dang-nhap") };
    return OK;
}

void account_close(struct app *app)
{
    struct account_state *state = app->account_state;
    app->account_state = NULL;
    app->gate = (struct gate){ .identify = NULL };
    if (!state)
        return;
    limiter_close(state->limiter);
    session_cache_close(state->cache);
    pthread_mutex_destroy(&state->lock);
    pthread_mutex_destroy(&state->look_lock);
    sodium_memzero(state, sizeof *state);
    env_free(app->env, state);
}

void account_changed(const struct app *app)
{
    const struct account_state *state = app->account_state;
    session_cache_drop(state->cache);
}

enum err account_hash(struct ctx *cx, const struct store *store, struct str password,
                      bool is_strong, struct str *ret_hash)
{
    unsigned char key[PASSWORD_KEY_BYTES];
    if (sodium_init() < 0)
        return fail_detail(cx, ERR_SYSTEM, "libsodium does not start");
    store_key(store, "password", key);
    enum err err = password_hash(cx, key, password,
                                 is_strong ? PASSWORD_COST_STRONG : PASSWORD_COST_NORMAL, ret_hash);
    sodium_memzero(key, sizeof key);
    return err;
}

/* --- the first administrator --- */

enum err account_is_empty(struct ctx *cx, bool *ret_is_empty)
{
    SQL(find_any_account, "SELECT COALESCE(MAX(id), 0) FROM account");
    int64_t id = 0;
    TRY(db_i64(cx, &find_any_account, NO_BIND, &id));
    *ret_is_empty = id == 0;
    return OK;
}

static enum err ask_is_empty(struct ctx *cx, void *what)
{
    return account_is_empty(cx, what);
}

/* Sixteen of 32 signs that are not mistaken for each other when read out: 80 bits. */
static void make_code(const struct env *env, char ret_code[FIRST_CODE_LEN + 1])
{
    static const char signs[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char random[16];
    size_t at = 0;
    env_random(env, random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++) {
        if (i > 0 && i % 4 == 0)
            ret_code[at++] = '-';
        ret_code[at++] = signs[random[i] % 32];
    }
    ret_code[at] = 0;
}

enum err account_first_code(struct ctx *cx, struct app *app, struct str *ret_code)
{
    struct account_state *state = app->account_state;
    bool is_empty = false;
    TRY(with_reader(cx, app->store, ask_is_empty, &is_empty));
    if (!is_empty) {
        *ret_code = STR("");
        return OK;
    }
    pthread_mutex_lock(&state->lock);
    if (state->first_code[0] == 0)
        make_code(app->env, state->first_code);
    *ret_code = str_copy(&cx->arena, str_from(state->first_code));
    pthread_mutex_unlock(&state->lock);
    return OK;
}

bool account_first_code_is(struct account_state *state, struct str typed)
{
    char code[FIRST_CODE_LEN + 1] = { 0 };
    /* Small letters, blanks and left-out hyphens are how a code read from a screen is typed. */
    size_t len = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '-')
            continue;
        if (len % 5 == 4 && len < FIRST_CODE_LEN)
            code[len++] = '-';
        if (len >= FIRST_CODE_LEN)
            return false;
        code[len++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    pthread_mutex_lock(&state->lock);
    bool is_right = len == FIRST_CODE_LEN && state->first_code[0] != 0 &&
                    sodium_memcmp(code, state->first_code, FIRST_CODE_LEN) == 0;
    pthread_mutex_unlock(&state->lock);
    return is_right;
}

/* The first administrator has the whole country. Runs on the writer as the program: there is nobody
 * yet to grant it. */
enum err account_create_first(struct ctx *cx, const struct account_created *created,
                              struct str hash, int64_t *ret_id)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM };
    const struct actor *outer = cx->actor;
    struct unit nation = { .id = 0 };
    bool is_empty = false;
    int64_t id = 0;
    struct account_granted granted = { .role = STR_INIT("quan_tri"),
                                       .reach = STR_INIT("body"),
                                       .from_day = day_from_instant(cx->now),
                                       .to_day = DAY_NONE };
    TRY(account_is_empty(cx, &is_empty));
    if (!is_empty)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    enum err err = unit_find_nation(cx, &nation);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT,
                    "Chưa có cơ cấu tổ chức; xin nạp danh mục đơn vị trước khi tạo quản trị viên");
    TRY(err);
    cx->actor = &program;
    err = account_create(cx, nation.id, created, &id);
    if (err == OK)
        err = account_set_password(cx, id, hash);
    if (err == OK)
        err = account_grant(cx, id, nation.id, &granted, NULL);
    cx->actor = outer;
    if (err == OK)
        *ret_id = id;
    return err;
}
