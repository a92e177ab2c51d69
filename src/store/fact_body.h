/*
 * fact_body: the body of a fact as text, for the files of this folder. fact.h has what rooms may ask.
 */
#ifndef STORE_FACT_BODY_H
#define STORE_FACT_BODY_H

#include "store/engine.h"

struct body_text {
    struct str body;         /* canonical; ends with "private":"<digest>" when there are private values */
    struct str private_body; /* "" when there are none */
};

enum { BODY_DIGEST_HEX = 64 };

/* Whether the values keep the table's rules; ERR_INVALID names the field. */
enum err fact_body_check(struct ctx *cx, const struct field_table *fields, const void *body) MUST_CHECK;

/* A copy in the arena in which no text is NULL: what a replay would read. So a room sees the same values then and now. */
const void *fact_body_settle(struct ctx *cx, const struct field_table *fields, const void *body);

/* Both texts, the private values digested with this salt. */
struct body_text fact_body_write(struct ctx *cx, const struct field_table *fields, const void *body,
                                 const unsigned char salt[FACT_SALT_BYTES]);

/* The digest of private values as it stands in the body: BLAKE2b-256 of salt and text, in hex. */
struct str fact_body_digest(struct ctx *cx, const unsigned char salt[FACT_SALT_BYTES], struct str private_body);

/* Whether a body as stored says the same as this one. Erased private values (no salt) are taken to be the same. */
bool fact_body_same(struct ctx *cx, const struct field_table *fields, const void *body, struct str stored_body,
                    struct bytes stored_salt);

/* Where the digest stands in a stored body, or "" when it has no private values. */
struct str fact_body_find_digest(struct str body);

#endif
