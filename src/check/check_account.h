/*
 * check_account: what the tests of accounts share: a small country (check_country.h) with the room's routes and a page
 * of another room, and single steps on the writer in the name of whoever is wanted.
 */
#ifndef CHECK_CHECK_ACCOUNT_H
#define CHECK_CHECK_ACCOUNT_H

#include "check/check_country.h"

/* Setup of a test; check_country_close takes it down. Beside the room's own pages there are /nhiem-vu/{id}, which a link
   may show, and /api/nhiem-vu/{id}, which an interface may call. */
int check_accounts_open(void **state);

/* What a step needs and what it gives. */
struct step {
    int64_t account_id, unit_id, grant_id;
    struct account_granted granted;
    struct account_created created;
    struct account_link link;
    struct account_token token;
    struct str secret;
    int64_t id;
    const struct actor *actor;
};

/* Runs on the writer as that actor (NULL: the program). */
enum err step_run(struct check_country *c, const struct actor *actor,
                       enum err (*run)(struct ctx *cx, void *what), struct step *step);
/* The steps. */
enum err step_grant(struct ctx *cx, void *what);
enum err step_create(struct ctx *cx, void *what);
enum err step_revoke(struct ctx *cx, void *what);
enum err step_disable(struct ctx *cx, void *what);
enum err step_make_link(struct ctx *cx, void *what);
enum err step_revoke_link(struct ctx *cx, void *what);
enum err step_make_token(struct ctx *cx, void *what);
enum err step_revoke_token(struct ctx *cx, void *what);

/* A seat from today on without an end. */
struct account_granted step_seat(const struct check_country *c, const char *role,
                                      const char *reach);
/* A link to the duty of that number for the commune's committee; *step has its id. Returns the secret. */
struct str step_link(struct check_country *c, struct step *step, int64_t subject_id);

/* Whoever is behind a browser's cookie, as the gate sees it. */
struct actor check_actor(struct check_country *c, const struct check_browser *browser);
/* Sends the form at the door. */
struct check_answer check_try_password(struct check_country *c, struct check_browser *browser,
                                        const char *login, const char *password);
/* Signs in the clerk of the commune's committee, who is made for it. */
void check_clerk(struct check_country *c, struct check_browser *browser,
                      int64_t *ret_account_id, int64_t *ret_grant_id);

#endif
