/*
 * role: what a seat allows. A role is a row of a table: a name as officials say it, the permissions
 * it holds and those its holder may hand to others. Facts keep the role's code, so a change of the
 * table changes every seat.
 *
 * Two duties are kept apart: who runs the system does not act for a body in the trade (issue,
 * receive, close), and nobody gives a seat to themselves (account.c).
 */
#ifndef ACCOUNT_ROLE_H
#define ACCOUNT_ROLE_H

#include "base/actor.h"
#include "base/field.h"

#define PERMISSION_BIT(name) ((uint64_t)1 << PERMISSION_##name)

struct role {
    struct str code;
    struct str name;
    struct str help; /* who it is for, one sentence */
    uint64_t permissions;
    uint64_t may_give; /* a role may be granted by whose seat may give all its permissions */
    bool is_strong;    /* passwords of its holders are hashed at the higher cost */
};

enum { ROLE_COUNT = 10 };
extern const struct choice role_choices[ROLE_COUNT]; /* for forms and bodies of facts */
const struct role *role_list(size_t *ret_len);
const struct role *role_find(struct str code); /* NULL when unknown */

/* Sets of permissions as text in facts: "DUTY_READ,DUTY_CLOSE", so that the numbers of the enum may
 * change. */
struct str permissions_format(struct arena *arena, uint64_t permissions);
/* False when a name is unknown. */
bool permissions_parse(struct str text, uint64_t *ret_permissions);
/* In the words of the grants page, separated by "; ". */
struct str permissions_words(struct arena *arena, uint64_t permissions);

#endif
