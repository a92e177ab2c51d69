/*
 * read_when: what the rules of dates and classes share: a node's words and moments, its clauses, and the events that
 * moments belong to. Only for the files of this folder.
 */
#ifndef READER_READ_WHEN_H
#define READER_READ_WHEN_H

#include "reader/lex_atom.h"
#include "reader/read.h"

/* A node's text, read once. */
struct when {
    const struct outline_node *node;
    struct lex_words words;
    struct lex_moments moments;
};
struct when read_when(struct arena *arena, const struct outline_node *node);

/* The words a moment takes: [*ret_from, *ret_to). */
void when_place(const struct when *when, const struct lex_moment *moment, size_t *ret_from, size_t *ret_to);
/* The clause around word `i`: from behind the last '.' or ';' to before the next. */
size_t when_clause_from(const struct when *when, size_t i);
size_t when_clause_to(const struct when *when, size_t i);
/* A year's day "2026-05-23"; not "2026-05", not "--05-23". */
bool when_is_day(struct str date);
/* The year of the paper ("2026"), of its date, its title or its kind; "" when it says none. */
struct str when_paper_year(struct arena *arena, const struct outline *outline, const struct reader_plan *plan);
/* The days from one date to the next of the same form; -1 when they are no days. */
int when_days_between(struct str from, struct str to);
struct str when_add_days(struct arena *arena, struct str date, int days);
/* The value of a moment's beginning: "2026-05-23T08:00" with `date` where it says none. */
struct str when_datetime(struct arena *arena, struct str date, struct str time);

/* Parts of a paper that set tasks and deadlines: their dates are not those of the class. */
bool when_is_of_tasks(const struct outline_node *node);

/* All bodies of a paper in reading order: the paper itself, then its appendices. Start with NULL. */
const struct outline_node *read_next_node(const struct outline *outline, const struct outline_node *node);

/* In person, online or both: the last step of read_schedule. */
void read_mode(struct ctx *cx, const struct outline *outline, struct reader_plan *plan);

#endif
