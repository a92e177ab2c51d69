/*
 * account_facts: the room's facts, their bodies and their table. Inside the room.
 */
#ifndef ACCOUNT_ACCOUNT_FACTS_H
#define ACCOUNT_ACCOUNT_FACTS_H

#include "account/account.h"

enum account_fact_index {
    ACCOUNT_FACT_CREATED,
    ACCOUNT_FACT_PASSWORD_SET,
    ACCOUNT_FACT_DISABLED,
    ACCOUNT_FACT_ENABLED,
    ACCOUNT_FACT_SIGNED_OUT,
    ACCOUNT_FACT_GRANTED,
    ACCOUNT_FACT_REVOKED,
    ACCOUNT_FACT_LINK_MADE,
    ACCOUNT_FACT_LINK_REVOKED,
    ACCOUNT_FACT_TOKEN_MADE,
    ACCOUNT_FACT_TOKEN_REVOKED,
    ACCOUNT_FACT_FACTOR_ENROLLED,
    ACCOUNT_FACT_FACTOR_REMOVED,
    ACCOUNT_FACT_RECOVERY_USED,
    ACCOUNT_FACT_FACTOR_RULE_SET,
};
const struct fact_kind *account_fact(enum account_fact_index index);

/* A seat's reach as stored and as shown. */
enum { ACCOUNT_REACH_COUNT = 2 };
extern const struct choice account_reach_choices[ACCOUNT_REACH_COUNT];

struct account_password_set {
    struct str hash;
    bool is_rehash; /* the same password at another cost: sessions stay */
};

struct account_reason {
    struct str reason;
};

struct account_revoked {
    int64_t grant_id;
    struct str reason;
};

struct account_link_made {
    struct str token_hash; /* hex */
    struct str permissions;
    struct str name;
    struct str path;
    int64_t expires_at;
};

struct account_token_made {
    struct str token_hash;
    int64_t grant_id;
    struct str permissions;
    struct str name;
    int64_t expires_at;
};

struct account_factor_enrolled {
    struct str seal; /* hex */
};

struct account_recovery_used {
    int64_t number;
};

struct account_factor_rule {
    struct str rule;
};

enum err account_decide_created(struct ctx *cx, const struct fact *fact,
                                const void *body) MUST_CHECK;
enum err account_decide_password(struct ctx *cx, const struct fact *fact,
                                 const void *body) MUST_CHECK;
enum err account_decide_disabled(struct ctx *cx, const struct fact *fact,
                                 const void *body) MUST_CHECK;
enum err account_decide_enabled(struct ctx *cx, const struct fact *fact,
                                const void *body) MUST_CHECK;
enum err account_decide_granted(struct ctx *cx, const struct fact *fact,
                                const void *body) MUST_CHECK;
enum err account_decide_revoked(struct ctx *cx, const struct fact *fact,
                                const void *body) MUST_CHECK;
enum err account_decide_link(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err account_decide_link_revoked(struct ctx *cx, const struct fact *fact,
                                     const void *body) MUST_CHECK;
enum err account_decide_token(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err account_decide_token_revoked(struct ctx *cx, const struct fact *fact,
                                      const void *body) MUST_CHECK;

/* The second factor's (factor.c). */
enum err account_decide_factor_enrolled(struct ctx *cx, const struct fact *fact,
                                        const void *body) MUST_CHECK;
enum err account_decide_factor_removed(struct ctx *cx, const struct fact *fact,
                                       const void *body) MUST_CHECK;
enum err account_decide_recovery_used(struct ctx *cx, const struct fact *fact,
                                      const void *body) MUST_CHECK;
enum err account_decide_factor_rule(struct ctx *cx, const struct fact *fact,
                                    const void *body) MUST_CHECK;
enum err account_apply_factor_enrolled(struct ctx *cx, const struct fact *fact,
                                       const void *body) MUST_CHECK;
enum err account_apply_factor_removed(struct ctx *cx, const struct fact *fact,
                                      const void *body) MUST_CHECK;
enum err account_apply_recovery_used(struct ctx *cx, const struct fact *fact,
                                     const void *body) MUST_CHECK;
enum err account_apply_factor_rule(struct ctx *cx, const struct fact *fact,
                                   const void *body) MUST_CHECK;

/* The same password at another cost: on the writer, at a sign-in. */
enum err account_rehash(struct ctx *cx, int64_t account_id, struct str hash) MUST_CHECK;
/* Whether a seat of the account asks for the costlier hash. */
enum err account_wants_strong(struct ctx *cx, int64_t account_id, bool *ret_is_strong) MUST_CHECK;
/* Ends every session of the account. */
enum err account_sign_out(struct ctx *cx, int64_t account_id) MUST_CHECK;

#endif
