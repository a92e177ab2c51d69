/*
 * password: how a password is judged, kept and compared.
 *
 * Kept as argon2id of a keyed BLAKE2b of the NFC text: the key (the pepper) lives in the store's
 * keys file, so a copy of the database alone cannot even be guessed at. Judged by length and by
 * what is left of it once words everybody would try (common ones, Vietnamese ones, the names of the
 * unit and of the person) are taken out; no rules of composition and no forced change (NIST SP
 * 800-63B 5.1.1.2, OWASP ASVS 6.2).
 */
#ifndef ACCOUNT_PASSWORD_H
#define ACCOUNT_PASSWORD_H

#include "base/ctx.h"

enum {
    PASSWORD_LEN_MIN = 12, /* code points */
    PASSWORD_LEN_MAX = 128,
    PASSWORD_KEY_BYTES = 32,
};

/* What an argon2id costs: about 21 ms and 19 MiB, or 143 ms and 64 MiB for administrators, on a
 * 2-core machine. */
enum password_cost { PASSWORD_COST_NORMAL, PASSWORD_COST_STRONG };

/*
 * ERR_INVALID on `field` with words that say what to change. `words` are names that must not carry
 * the password: the account's login, the person's name, the unit's name.
 */
enum err password_check_strength(struct ctx *cx, const char *field, struct str password,
                                 const struct str *words, size_t words_len) MUST_CHECK;

/* The text to keep. Slow: never on the writer. ERR_UNAVAILABLE when memory ends. */
enum err password_hash(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES],
                       struct str password, enum password_cost cost,
                       struct str *ret_hash) MUST_CHECK;

/* True when `password` is what `hash` was made of. Slow: never on the writer. */
bool password_is(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES], struct str password,
                 struct str hash);

/* Takes the time of password_is at that cost and tells nothing: for names that have no account. */
void password_waste(struct ctx *cx, const unsigned char key[PASSWORD_KEY_BYTES],
                    struct str password, enum password_cost cost);

/* True when the hash was made at another cost than is asked for now. */
bool password_needs_rehash(struct ctx *cx, struct str hash, enum password_cost cost);

#endif
