/*
 * read_programme: the parts of read_programmes: groups of people with classes of their own, dated classes, topics. Only
 * for the files of this folder.
 */
#ifndef READER_READ_PROGRAMME_H
#define READER_READ_PROGRAMME_H

#include "reader/read_table.h"

/* Where a programme is told: from its heading up to the next one's, in reading order. */
struct programme_extent {
    const struct outline_node *node;
    int from, to; /* paragraphs, to exclusive */
};
struct programme_extents {
    struct programme_extent *at;
    size_t len;
};

struct programme_reading {
    struct ctx *cx;
    const struct outline *outline;
    struct reader_plan *plan;
    struct str year;
    struct programme_extents groups;     /* in the body, where the appendix tells them again */
    struct programme_extents programmes; /* those that are plan->programmes, in order */
};

/* The number of the programme a node belongs to; 0 none. */
int64_t programme_of(const struct programme_reading *r, const struct outline_node *node);
/* Whom a programme's title says it is for. */
struct str programme_audience_in_title(struct arena *arena, struct str title);
bool is_in_group(const struct programme_reading *r, const struct outline_node *node);

void read_groups(struct programme_reading *r); /* programmes, groups, totals */
void read_runs(struct programme_reading *r);
void read_topics(struct programme_reading *r);

#endif
