/*
 * read: the field rules of the reader and what they share. Inside the engine only.
 *
 * Each function reads one group of fields from the outline into the plan; reader.c calls them in the order below. A
 * rule may look at what the rules before it have found. A rule that finds nothing leaves its fields empty; none fails.
 */
#ifndef READER_READ_H
#define READER_READ_H

#include "reader/fold.h"
#include "reader/lex.h"
#include "reader/outline.h"
#include "reader/reader.h"

enum { READ_LIST_MAX = 1000 }; /* records of one list, as plan.h takes them */

void read_head(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);     /* kind ... title, addressees */
void read_closing(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);  /* recipients, archive, signer */
void read_references(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_schedule(struct ctx *cx, const struct outline *outline, struct reader_plan *plan); /* schedule, mode */
void read_online(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_programmes(struct ctx *cx, const struct outline *outline, struct reader_plan *plan); /* totals, groups, runs, topics too */
void read_phases(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_audiences(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_points(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_quotas(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_essay(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_evaluation(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_budget(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_tasks(struct ctx *cx, const struct outline *outline, struct reader_plan *plan); /* obligations */
void read_contacts(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void read_amends(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);

/* The cross-checks of domain.md 5.7, each adding to plan->anomalies. */
void check_structure(struct ctx *cx, const struct outline *outline, struct reader_plan *plan); /* numbers, references, names */
void check_dates(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);
void check_counts(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);

/* Room for one more item in a list of `len`: plan->topics = read_grow(arena, plan->topics, plan->topics_len, sizeof ...). */
void *read_grow(struct arena *arena, void *at, size_t len, size_t item_bytes);

/* Without what plan-schema.md takes off the ends of a text: blanks, dashes in front, . ; : , ./. behind; "v.v." and "..." stay. */
struct str read_trim(struct str text);

/* A part of a node's text as a value: trimmed, with its place. `part` must be a view into node->text. */
struct reader_text read_text(const struct outline_node *node, struct str part);
/* A value in another form than printed (a date), read from `part`. */
struct reader_text read_value(const struct outline_node *node, struct str part, struct str value);
struct reader_number read_number(const struct outline_node *node, struct str part, int64_t value);
void read_texts_add(struct arena *arena, struct reader_texts *list, struct reader_text text);

/* Adds an anomaly and gives it back for its values. */
struct reader_anomaly *read_anomaly(struct arena *arena, struct reader_plan *plan, struct str kind, struct str words);

#endif
