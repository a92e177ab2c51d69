/*
 * people_data: the demo's lists of names and posts, made by tools/peoplec.c out of src/demo/data. Names are composed
 * from general knowledge of how common they are; nobody real is in them.
 */
#ifndef DEMO_PEOPLE_DATA_H
#define DEMO_PEOPLE_DATA_H

#include "base/str.h"

/* A part of a name, and how common it is in the north, the centre and the south. */
struct demo_name {
    char part;   /* 'f'amily, 'm'iddle, 'g'iven */
    char gender; /* 'm', 'f', 'x' both */
    struct str group;
    struct str name; /* "" in the place of a middle name: none */
    int weights[3];
};
extern const struct demo_name demo_names[];
extern const size_t demo_names_len;

/* The share of a naming tradition in a province. */
struct demo_mix {
    struct str province_code;
    int region; /* which of the weights */
    struct str group;
    int weight;
};
extern const struct demo_mix demo_mixes[];
extern const size_t demo_mixes_len;

struct demo_position {
    struct str title;
    struct str block;      /* party, government, front */
    struct str level;      /* province, commune */
    struct str applies_to; /* kinds of unit, joined by | */
    int per_unit_tenths;
};
extern const struct demo_position demo_positions[];
extern const size_t demo_positions_len;

#endif
