/*
 * person_seal: the citizen id as the room keeps it: sealed, and marked so that the same number is found again.
 */
#ifndef PERSON_PERSON_SEAL_H
#define PERSON_PERSON_SEAL_H

#include "person/person.h"

/* The 12 digits in what was typed, blanks, dots and hyphens taken off; false when it is anything else. */
bool person_citizen_digits(struct arena *arena, struct str typed, struct str *ret_digits);

/* A digest under a key of its own: without the installation's keys a mark tells nothing. */
struct bytes person_citizen_mark(struct ctx *cx, struct str digits);

/* Bound to table, column, row and key: a seal moved to another row does not open. */
struct bytes person_citizen_seal(struct ctx *cx, int64_t person_id, struct str digits);
/* ERR_SYSTEM when the seal was made with another key or for another row. */
enum err person_citizen_open(struct ctx *cx, int64_t person_id, struct bytes seal, struct str *ret_digits) MUST_CHECK;

#endif
