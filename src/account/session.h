/*
 * session: who is behind a request. Inside the room; other rooms see the actor only.
 *
 * A session is 256 random bits in a cookie; the database has their BLAKE2b hash. It ends after 30
 * minutes without a request or 12 hours after the sign-in, when the account is disabled or its
 * password changed, and a change of seat gives a new cookie. Personal links (192 bits, a cookie of
 * their own that holds the link itself, so that opening one changes nothing in the database) and
 * interface tokens are looked up in the same way.
 *
 * What was found is kept in memory until something changes that it is made of: twice a second the
 * newest facts are looked through for one of an account or a unit, and session_revision for a session
 * that was ended. So a change made by another program on the same database counts within a second; a
 * change made here counts at once (account_changed).
 */
#ifndef ACCOUNT_SESSION_H
#define ACCOUNT_SESSION_H

#include "account/account.h"
#include "account/factor.h"
#include "account/limiter.h"
#include "account/password.h"
#include "http/server.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum {
    SESSION_TOKEN_BYTES = 32,
    SESSION_SECRET_HEX = 32, /* of the form token */
    LINK_TOKEN_BYTES = 24,
    TOKEN_HASH_BYTES = 32,
    SESSION_IDLE_MS = 30 * 60 * 1000,
    SESSION_LIFE_MS = 12 * 60 * 60 * 1000,
    SESSION_TOUCH_MS = 5 * 60 * 1000, /* seen_at is written at most so often */
    SESSION_WAITING_MS = 10 * 60 * 1000, /* between the password and the second factor's code */
    SESSION_LIST_MAX = 50,
    FIRST_CODE_LEN = 19, /* four times four letters with hyphens */
};

struct session_cache;

struct account_state {
    const struct env *env;
    struct store *store;
    unsigned char pepper_key[PASSWORD_KEY_BYTES];
    unsigned char secret_key[32]; /* of form tokens, and of which unknown names take longer */
    struct limiter *limiter;
    struct session_cache *cache;
    pthread_mutex_t look_lock; /* of the two below: how far changes were looked for */
    int64_t looked_seq, looked_revision;
    pthread_mutex_t lock; /* of first_code */
    char first_code[FIRST_CODE_LEN + 1];
};

/* What a token stands for, before it becomes an actor. Strings lie in the request's arena. */
struct identity {
    enum actor_kind kind;
    int64_t session_id;
    int64_t account_id;
    int64_t grant_id;
    int64_t unit_id;
    int64_t subject_id;
    uint64_t permissions;
    int64_t seen_at;
    int64_t ends_at; /* whatever is used: life of the session, expiry of the link or token */
    struct str name;
    struct str role_name;
    struct str unit_name;
    struct str path; /* of the scope */
    struct str page; /* a link's page */
    enum session_stage stage;
};

static inline bool identity_is_over(const struct identity *identity, int64_t now)
{
    return now >= identity->ends_at ||
           (identity->session_id != 0 && now - identity->seen_at >= SESSION_IDLE_MS);
}

struct session_cache *session_cache_open(const struct env *env);
void session_cache_close(struct session_cache *cache);
/* Entries loaded until now are not used any more, and for two seconds nothing is kept: the commit
   may still be on its way when this is called. */
void session_cache_drop(struct session_cache *cache);

/* True for one caller when it is time to ask the database whether anything changed; that caller then tells what it
   found. `began_us` is when it began, before the database was asked. */
bool session_cache_must_look(struct session_cache *cache);
void session_cache_looked(struct session_cache *cache, int64_t began_us, bool has_changed);

struct cached {
    struct identity identity;
    int64_t began_us; /* monotonic: before the database was asked */
    struct str secret; /* of the form token, SESSION_SECRET_HEX */
    bool must_touch;   /* seen_at should be written now */
};
/* What is known of the token and young enough to be used; copies into the arena. */
bool session_cache_get(struct ctx *cx, struct session_cache *cache,
                       const unsigned char hash[TOKEN_HASH_BYTES], struct cached *ret_cached);
/* Keeps what the database said. Raises identity.seen_at to what this program has seen itself. True:
 * write seen_at now. */
bool session_cache_put(struct ctx *cx, struct session_cache *cache,
                       const unsigned char hash[TOKEN_HASH_BYTES], struct cached *cached);

/* Fills the actor; see struct gate. */
enum err session_identify(struct ctx *cx, struct request *req, struct actor *ret_actor) MUST_CHECK;

/* The link a token stands for; ERR_NOT_FOUND when there is none, or no more. */
enum err session_find_link(struct ctx *cx, const struct app *app, struct str token,
                           struct identity *ret_identity) MUST_CHECK;

void session_hash(const void *token, size_t len, unsigned char ret_hash[TOKEN_HASH_BYTES]);

/* --- on the writer --- */

/* Opens a session for the account: in the wanted seat (0 none) or in its only one; *ret_token is
 * the cookie's value. */
enum err session_begin(struct ctx *cx, int64_t account_id, int64_t wanted_grant_id,
                       enum session_stage stage, struct str peer, struct str *ret_token,
                       int64_t *ret_grant_id) MUST_CHECK;
/* STAGE_PASSWORD when there is none. */
enum err session_stage_of(struct ctx *cx, struct str token,
                          enum session_stage *ret_stage) MUST_CHECK;
/* Whose session waits for the second factor; *ret_account_id is 0 when it does not, or no more. */
enum err session_find_waiting(struct ctx *cx, struct str token, int64_t *ret_account_id,
                              struct str *ret_login) MUST_CHECK;
/* The same sign-in in another seat (one of the account's own): the old cookie ends. */
enum err session_move(struct ctx *cx, struct str old_token, int64_t grant_id, struct str peer,
                      struct str *ret_token) MUST_CHECK;
enum err session_end(struct ctx *cx, struct str token) MUST_CHECK;
/* One of the account's own sessions; ERR_NOT_FOUND for another's. */
enum err session_end_one(struct ctx *cx, int64_t account_id, int64_t session_id) MUST_CHECK;

struct session {
    int64_t id;
    int64_t opened_at;
    int64_t seen_at;
    struct str peer;
    struct str role_name; /* "" while no seat is chosen */
    struct str unit_name;
    bool is_this; /* the one that asks */
};
/* In use or usable, newest first; at most SESSION_LIST_MAX. */
enum err session_list(struct ctx *cx, int64_t account_id, struct str token,
                      struct session *ret_sessions, size_t *ret_len) MUST_CHECK;

/* --- the first administrator (account_state.c) --- */

enum err account_is_empty(struct ctx *cx, bool *ret_is_empty) MUST_CHECK;
bool account_first_code_is(struct account_state *state, struct str typed);
enum err account_create_first(struct ctx *cx, const struct account_created *created,
                              struct str hash, int64_t *ret_id) MUST_CHECK;

#endif
