/*
 * limiter: how often somebody may try, over every path where a secret is checked.
 *
 * An exact sliding minute per account name and a generous one per address block, so that an office
 * of five hundred behind one address signs in undisturbed at eight o'clock. Of an account's ten
 * tries a minute four are kept for addresses it has signed in from, so that a stranger who keeps
 * knocking cannot keep its owner out. Nothing is ever locked: a minute of silence and the next try
 * is heard again. Kept in memory and bounded; where several programs serve one database, each keeps
 * its own count.
 */
#ifndef ACCOUNT_LIMITER_H
#define ACCOUNT_LIMITER_H

#include "base/env.h"
#include "base/str.h"

enum {
    LIMITER_STRANGER_TRIES =
        6, /* in any minute, for one account over all paths together (S14: ten in all) */
    LIMITER_KNOWN_TRIES = 4,    /* the same, from blocks it has signed in from */
    LIMITER_BLOCK_TRIES = 1500, /* in any minute, for one IPv4 /24 or IPv6 /64 */
    LIMITER_WINDOW_US = 60 * 1000 * 1000,
};

struct limiter;

/* NULL when memory ends. */
struct limiter *limiter_open(const struct env *env);
void limiter_close(struct limiter *limiter);

/*
 * Counts one try and says whether it may be heard; a refused one does not count. `who` is the
 * account name as typed; `peer` the address as text. Loopback is not limited by address (a proxy,
 * or the machine's own tools). Safe from any thread.
 */
bool limiter_try(struct limiter *limiter, struct str who, struct str peer);

/* The account has signed in from here. */
void limiter_note_success(struct limiter *limiter, struct str who, struct str peer);

#endif
