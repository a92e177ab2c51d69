/*
 * account: who may sign in, in which seats they may sit, and how far each seat reaches.
 *
 * Rules kept here:
 * - A login name is used once and is ASCII, so that no two look alike. An account is never deleted,
 *   only disabled.
 * - A seat (grant) is a role at a unit, from a day to a day. It reaches the unit's own subtree
 *   ("body"), or, for a body that leads an area (a Party committee, the Academy), that whole area
 *   ("area"). Who holds several chooses one. Boards are of areas: a seat that reaches a body alone
 *   never holds PERMISSION_REPORT_READ.
 * - Nobody grants above their own reach, nor a role whose permissions their own role may not hand
 *   on, nor to themselves.
 * - What is outside the reach is NOT_FOUND, exactly like what does not exist. Every list is
 *   narrowed in its query by u.path >= $lo AND u.path < $hi with the actor's scope; single objects
 *   by account_may_reach.
 *
 * Facts: account.created, password_set, disabled, enabled, signed_out, granted, revoked;
 * factor_enrolled, factor_removed, recovery_used, factor_rule_set;
 * link.made, revoked; token.made, revoked. Sessions and counts of tries are not facts (session.h,
 * limiter.h).
 */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "account/role.h"
#include "base/ctx.h"
#include "base/day.h"
#include "http/http.h"
#include "store/fact.h"
#include "store/store.h"

enum {
    ACCOUNT_LOGIN_MAX = 64,
    ACCOUNT_NAME_MAX = 120,
    ACCOUNT_LIST_MAX = 200,  /* accounts of one page */
    ACCOUNT_GRANTS_MAX = 32, /* seats of one account that count */
};

extern const struct fact_kinds account_facts;
extern const struct route_table account_routes; /* signing in, seats, one's own account, links */
extern const struct route_table account_admin_routes; /* accounts and seats of others */
extern const struct route_table account_factor_routes; /* the second factor of signing in */
extern const struct route_table account_trail_routes; /* who changed what, when */

/*
 * What outlives a request: keys, the cache of sessions, the counts of tries. Opens after the store;
 * sets app->account_state and app->gate. Without it nobody is signed in.
 */
enum err account_open(struct ctx *cx, struct app *app) MUST_CHECK;
void account_close(struct app *app);

/*
 * While an installation has no account, a code that makes the first administrator on the page
 * /khoi-tao; printed by `serve`, kept in memory only and good for one use. Empty when there are
 * accounts.
 */
enum err account_first_code(struct ctx *cx, struct app *app, struct str *ret_code) MUST_CHECK;

/* --- accounts --- */

struct account {
    int64_t id;
    struct str login;
    struct str name;
    int64_t person_id; /* 0 when it belongs to no person record */
    int64_t unit_id;   /* the unit whose administrators keep it */
    struct str unit_name;
    bool is_disabled;
    bool has_password;
    int64_t made_at;
    int64_t seats; /* in force today */
};

struct account_created {
    struct str login;
    struct str name;
    int64_t person_id;
};

/* On the writer. ERR_INVALID names the field, ERR_CONFLICT when the login is taken. */
enum err account_create(struct ctx *cx, int64_t unit_id, const struct account_created *created,
                        int64_t *ret_id) MUST_CHECK;
/* `hash` comes from account_hash. Ends every session of the account. */
enum err account_set_password(struct ctx *cx, int64_t account_id, struct str hash) MUST_CHECK;
enum err account_disable(struct ctx *cx, int64_t account_id, struct str reason) MUST_CHECK;
enum err account_enable(struct ctx *cx, int64_t account_id) MUST_CHECK;

/* Slow, never on the writer. `is_strong`: for a holder of a role that asks for it. */
enum err account_hash(struct ctx *cx, const struct store *store, struct str password,
                      bool is_strong, struct str *ret_hash) MUST_CHECK;

/* Whether the account exists and is kept within the actor's scope; ERR_NOT_FOUND otherwise. */
enum err account_find(struct ctx *cx, int64_t account_id, struct account *ret_account) MUST_CHECK;
enum err account_find_login(struct ctx *cx, struct str login, int64_t *ret_id) MUST_CHECK;
/* In the actor's scope, by login; `search` is matched in login and name. At most `len`; *ret_count
 * has how many there are. */
enum err account_list(struct ctx *cx, struct str search, struct account *ret_accounts, size_t len,
                      size_t *ret_len, int64_t *ret_count) MUST_CHECK;

/* --- seats --- */

struct account_grant {
    int64_t id;
    int64_t account_id;
    const struct role *role;
    int64_t unit_id;
    struct str unit_name;
    struct str
        reach_name; /* what the seat reaches, as shown: the area's name, or "" for the body alone */
    bool is_area;
    int32_t from_day, to_day; /* to_day may be DAY_NONE */
    int64_t revoked_at;
};

struct account_granted {
    struct str role;
    struct str reach; /* "body" or "area" */
    int32_t from_day;
    int32_t to_day;
};

/* On the writer. ERR_FORBIDDEN when the actor may not hand this on; ERR_INVALID on dates, role or
 * reach. */
enum err account_grant(struct ctx *cx, int64_t account_id, int64_t unit_id,
                       const struct account_granted *granted, int64_t *ret_id) MUST_CHECK;
/* *ret_account_id is whose seat it was. */
enum err account_revoke(struct ctx *cx, int64_t grant_id, struct str reason,
                        int64_t *ret_account_id) MUST_CHECK;
/* The account's seats, newest first; `only_current`: in force on cx->now's day. At most
 * ACCOUNT_GRANTS_MAX. */
enum err account_grants(struct ctx *cx, int64_t account_id, bool only_current,
                        struct account_grant *ret_grants, size_t *ret_len) MUST_CHECK;

/* --- reach --- */

/* OK when the unit lies in the actor's scope; otherwise ERR_NOT_FOUND in the words of what does not
 * exist. */
enum err account_may_reach(struct ctx *cx, int64_t unit_id) MUST_CHECK;

/* --- personal links: one subject, no account --- */

struct account_link {
    int64_t id;
    int64_t unit_id;      /* for whom: the body that is shown its duty */
    int64_t subject_id;   /* the one record it shows; its room compares it with actor.subject_id */
    uint64_t permissions; /* at most what the maker's seat holds */
    struct str name;      /* for whom, in words: "Trực ban viễn thông" */
    struct str path;      /* the page it opens, "/..." */
    int64_t expires_at;
    int64_t revoked_at;
    int64_t made_at;
    struct str unit_name;
};

/* On the writer. *ret_token is shown once: only its hash is kept. The address is /l/TOKEN. */
enum err account_make_link(struct ctx *cx, const struct account_link *link, struct str *ret_token,
                           int64_t *ret_id) MUST_CHECK;
enum err account_revoke_link(struct ctx *cx, int64_t link_id) MUST_CHECK;
enum err account_links(struct ctx *cx, struct account_link *ret_links, size_t len,
                       size_t *ret_len) MUST_CHECK;

/* --- interface tokens: Authorization: Bearer, only where a route takes them --- */

struct account_token {
    int64_t id;
    int64_t account_id;   /* who answers for it */
    int64_t grant_id;     /* the seat it acts in; ends with the seat */
    uint64_t permissions; /* narrowed further than the seat */
    struct str name;
    int64_t expires_at;
    int64_t revoked_at;
    int64_t made_at;
    struct str account_name;
};

/* On the writer. */
enum err account_make_token(struct ctx *cx, const struct account_token *token,
                            struct str *ret_token, int64_t *ret_id) MUST_CHECK;
enum err account_revoke_token(struct ctx *cx, int64_t token_id) MUST_CHECK;
/* The same for one's own: ERR_NOT_FOUND for another's. */
enum err account_revoke_own_token(struct ctx *cx, int64_t token_id) MUST_CHECK;
/* Of every seat in the actor's scope; of the actor's own account. */
enum err account_tokens(struct ctx *cx, struct account_token *ret_tokens, size_t len,
                        size_t *ret_len) MUST_CHECK;
enum err account_own_tokens(struct ctx *cx, struct account_token *ret_tokens, size_t len,
                            size_t *ret_len) MUST_CHECK;

/* --- the second factor --- */

/* On the writer: which seats open only with it: "cap_tinh" (what counts until it is set: from the
 * province up), "tat_ca" or "khong". */
enum err account_set_factor_rule(struct ctx *cx, struct str rule) MUST_CHECK;
/* On the writer: takes it off, for who has lost the phone and the recovery codes. */
enum err account_remove_factor(struct ctx *cx, int64_t account_id, struct str reason) MUST_CHECK;

/* Whatever was committed to accounts, seats, links and tokens counts from the next request on, in
 * this program; in others that serve the same database within a second. Handlers that change them
 * call it. */
void account_changed(const struct app *app);

#endif
