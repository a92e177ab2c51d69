/*
 * topic_cut: the words of one topic, however its place was found: number, title, who gives it, how long it takes. Only
 * for the files of this folder.
 */
#ifndef READER_TOPIC_CUT_H
#define READER_TOPIC_CUT_H

#include "reader/read_when.h"

struct cut_topic {
    struct str title, speaker;
    struct reader_number number, minutes;
};

/* `part` must be a view into the node's text. */
struct cut_topic topic_cut(struct arena *arena, const struct outline_node *node, struct str part);
/* False for receptions, openings, breaks and closings. */
bool topic_is_taught(struct arena *arena, struct str title);
/* It begins with the words of one: the surer sign, for lists, where titles are longer than in timetables. */
bool topic_is_ceremony(struct arena *arena, struct str title);
/* "discussion", "visit", "test"; "" a topic. */
struct str topic_kind(struct arena *arena, struct str title);
/* From "08:00" to "09:30"; 0 where one is missing. */
int topic_minutes_between(struct str from, struct str to);
/* "Chuyên đề" with its number and mark stands at `i`, perhaps behind "(1)". */
bool topic_is_marked(const struct lex_words *words, size_t i);
/* The first "90 phút" of the words [from, to). */
struct reader_number topic_minutes(const struct lex_words *words, const struct outline_node *node, size_t from, size_t to);

#endif
