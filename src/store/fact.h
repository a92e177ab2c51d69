/*
 * fact: every change of the trade is one fact, appended and never rewritten.
 *
 * A room lists its kinds in a table: the fields of the body, decide (may it happen? which words if not) and apply
 * (the only code that writes the room's tables, for new, imported and replayed facts alike). fact_record() checks the
 * id, decides, chains the hash, appends and applies, all in the transaction of the batch.
 *
 * - The same id with the same content is a success and changes nothing; with other content it is refused
 *   (ERR_CONFLICT) and reported in the log.
 * - seq counts from 1 without gaps and gives the key of what the fact creates: a document's id is the seq of its
 *   first fact, so a replay gives the same keys.
 * - hash = BLAKE2b-256(previous hash, id, kind, at, account, unit, subject, body). Personal values (field.is_private)
 *   stand beside the chain in fact_private; the body holds their salted digest, so erasing them keeps the chain valid.
 * - The body is canonical JSON: the fields in the table's order, no blanks, empty values left out.
 * - decide and apply see the body as a replay reads it: a text that was left out is "", never NULL.
 * - apply must depend only on the fact and on tables that facts made, never on the clock, randomness or settings.
 */
#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "base/ctx.h"
#include "base/field.h"

struct fact {
    struct fact_id id;
    int64_t seq;
    int64_t at;         /* ms; when it was recorded here */
    int64_t account_id; /* who; 0 for the program itself */
    int64_t unit_id;    /* the owning unit */
    int64_t subject_id; /* the record it is about: the seq of that record's first fact; 0 for a first fact */
};

typedef enum err (*fact_step)(struct ctx *cx, const struct fact *fact, const void *body);

struct fact_kind {
    struct str name; /* "document.issued": room, dot, past participle */
    struct str words; /* what was done, in Vietnamese, for the trail: "Ban hành văn bản" */
    struct field_table fields;
    fact_step decide; /* NULL: always may */
    fact_step apply;
};

/* The rooms' tables, in flow order; app/routes.c has the list of lists. Set once at start, before any connection. */
struct fact_kinds {
    const struct fact_kind *at;
    size_t len;
};
void fact_register(const struct fact_kinds *rooms, size_t len);
const struct fact_kind *fact_kind_find(struct str name); /* NULL when unknown */
const struct fact_kinds *fact_kinds_registered(size_t *ret_len); /* for the trail's filter, and tests */

/*
 * Records one fact on the writer. unit_id is the owning unit, subject_id the record (0: this fact creates it).
 * The body must keep its table (required, limits, choices): ERR_INVALID names the field. When apply fails the whole
 * job is taken back, even if its handler returns OK.
 * On success *ret_seq (may be NULL) is the fact's seq, also when it had been recorded before.
 * The request's first fact takes cx->fact_id, later ones an id derived from it; without one a random id is made.
 * Errors: what decide says; ERR_CONFLICT when the id stands for other content.
 */
enum err fact_record(struct ctx *cx, const struct fact_kind *kind, int64_t unit_id, int64_t subject_id,
                     const void *body, int64_t *ret_seq) MUST_CHECK;

/*
 * From here on the job's facts take this id, and those that follow from it: for a batch whose items bring ids of their own
 * (an upload of a device's marks), each to be recorded or refused without the others.
 */
void fact_use_id(struct ctx *cx, struct fact_id id);

/* True when cx->fact_id (the form's id) is already recorded: a handler that would read something first may answer at once. */
enum err fact_is_known(struct ctx *cx, bool *ret_known, int64_t *ret_seq) MUST_CHECK;

/*
 * Facts of a batch wait in memory and come into the tables at its end. Before an apply that touches fact_private itself
 * (erasing a person's values): everything recorded so far, by this job and those before it in the batch, is in the tables
 * after this.
 */
enum err fact_append_now(struct ctx *cx) MUST_CHECK;

/*
 * Adds `delta` to the counter (kind, subject) of the unit with this path and of every unit above it (DESIGN 5). Only
 * in apply; `kind` is a literal. The batch adds up and writes each counter once, so reading a counter in the same batch
 * may show the old.
 */
void counter_add(struct ctx *cx, const char *kind, int64_t subject_id, struct str unit_path, int64_t delta);

/*
 * The unit has moved from under one unit to under another: what was counted in its subtree is taken from the units that
 * were above it and given to those that are now. Only in apply.
 */
enum err counter_move(struct ctx *cx, int64_t unit_id, struct str old_parent_path, struct str new_parent_path) MUST_CHECK;

/* The counters of one subject in the subtree under a unit are rows of table counter (kind, subject_id, unit_id, value). */

/* One fact as stored, for the trail, the feed, rebuild and check. Private values are joined in when still there. */
struct fact_row {
    struct fact fact;
    struct str kind;
    struct str body;         /* canonical JSON */
    struct str private_body; /* JSON of the private values; "" when none or erased */
    unsigned char hash[32];
};

/* Facts with seq > after, oldest first, at most `len`; *ret_len says how many. */
enum err fact_list(struct ctx *cx, int64_t after, struct fact_row *ret_rows, size_t len, size_t *ret_len) MUST_CHECK;

/* Body to struct: strings point into the arena. ERR_INVALID names the field when the text does not fit the table. */
enum err fact_body_parse(struct ctx *cx, const struct field_table *fields, struct str body, struct str private_body,
                         void *ret_body) MUST_CHECK;
struct str fact_body_format(struct ctx *cx, const struct field_table *fields, const void *body);

#endif
