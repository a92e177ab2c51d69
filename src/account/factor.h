/*
 * factor: the second factor of signing in: a code of six digits from the account's own phone (totp.h), or one of eight
 * recovery codes. Inside the room.
 *
 * Rules kept here: whoever wants it has it; the installation says from which level on a seat opens only with it (from
 * the province up, unless it is changed), and such a seat gives nothing to a session that came by password alone. A
 * code opens once. Taking it off ends every session of the account, whether the person or an administrator does it.
 *
 * Facts: account.factor_enrolled, factor_removed, recovery_used; account.factor_rule_set. The secret is sealed with a
 * key of the installation and bound to the account, and stands outside the chained body.
 */
#ifndef ACCOUNT_FACTOR_H
#define ACCOUNT_FACTOR_H

#include "account/account.h"
#include "account/totp.h"

/* How a session was opened. */
enum session_stage { STAGE_PASSWORD = 0, STAGE_VERIFIED = 1, STAGE_WAITING = 2 };

enum { FACTOR_RULE_COUNT = 3 };
extern const struct choice factor_rule_choices[FACTOR_RULE_COUNT];

/* A seat at this level opens only with the second factor. `rule` is the kept one, "" when none was ever set. */
bool factor_is_asked(struct str rule, struct str level);
/* The rule in force, as stored. */
enum err factor_rule(struct ctx *cx, struct str *ret_rule) MUST_CHECK;
/* On the writer; ERR_FORBIDDEN for whose seat does not reach the whole country. */
enum err factor_set_rule(struct ctx *cx, struct str rule) MUST_CHECK;

struct factor {
    struct totp_secret secret;
    int64_t made_at; /* 0: the account has none */
    int64_t recovery_left;
    int64_t used;
};
/* The account's own; secret is filled only when there is one. */
enum err factor_find(struct ctx *cx, int64_t account_id, struct factor *ret_factor) MUST_CHECK;
/* Whether it has one, for those who must not see the secret. */
enum err factor_made_at(struct ctx *cx, int64_t account_id, int64_t *ret_made_at) MUST_CHECK;
/* True when one of the account's present seats asks for it. */
enum err factor_is_wanted(struct ctx *cx, int64_t account_id, bool *ret_is_wanted) MUST_CHECK;

/* On the writer. The code proves that the phone has the secret, and is used up by that. */
enum err factor_enrol(struct ctx *cx, int64_t account_id, const struct totp_secret *secret, struct str code) MUST_CHECK;
/* On the writer: a code of the phone or a recovery code, which is used up. ERR_INVALID on the field "code". */
enum err factor_use(struct ctx *cx, int64_t account_id, struct str code) MUST_CHECK;
/* On the writer. Ends every session of the account. */
enum err factor_remove(struct ctx *cx, int64_t account_id, struct str reason) MUST_CHECK;

#endif
