/*
 * totp: one-time codes by time (RFC 6238 with RFC 4226): SHA-1, six digits, a new one every thirty seconds. Pure
 * reckoning: no database, no clock of its own. SHA-1 because that is what every authenticator program on a phone
 * understands; as the inner hash of an HMAC it is not weakened by its collisions.
 */
#ifndef ACCOUNT_TOTP_H
#define ACCOUNT_TOTP_H

#include "base/str.h"

enum {
    TOTP_SECRET_BYTES = 20,
    TOTP_SECRET_LETTERS = 32, /* the same in base 32 */
    TOTP_DIGITS = 6,
    TOTP_STEP_MS = 30 * 1000,
    TOTP_DRIFT_STEPS = 1,    /* a phone's clock may be so many steps off, to either side */
    TOTP_RECOVERY_CODES = 8, /* for when the phone is lost */
    TOTP_RECOVERY_LETTERS = 10,
};

struct totp_secret {
    unsigned char at[TOTP_SECRET_BYTES];
};

/* The code of one step of thirty seconds since 1970. */
uint32_t totp_code(const struct totp_secret *secret, int64_t step);

/*
 * The step whose code was typed, of those around `now`; 0 when none is, or when it is not after `last_step`: a code
 * that has been used opens nothing a second time. Takes the same time whichever step it was.
 */
int64_t totp_find_step(const struct totp_secret *secret, uint32_t typed, int64_t now, int64_t last_step);

/* The secret as people type it, 32 letters and digits (RFC 4648, base 32), and back; false when it is no such text. */
struct str totp_secret_text(struct arena *arena, const struct totp_secret *secret);
bool totp_secret_parse(struct str text, struct totp_secret *ret_secret);

/* A code for once, ten letters and digits: made of the secret, so that nothing more has to be kept. */
struct str totp_recovery_code(struct arena *arena, const struct totp_secret *secret, size_t number);

/* What an authenticator program reads from the picture. */
struct str totp_address(struct arena *arena, struct str login, const struct totp_secret *secret);
/* The address as a picture: the dark squares as a path of an SVG; *ret_size is its side, the quiet zone included. */
bool totp_picture(struct arena *arena, struct str address, struct str *ret_path, int *ret_size);

#endif
