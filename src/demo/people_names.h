/*
 * people_names: draws names by the traditions of a province.
 */
#ifndef DEMO_PEOPLE_NAMES_H
#define DEMO_PEOPLE_NAMES_H

#include "base/str.h"

/* A stream of numbers that is the same for the same seed (splitmix64). */
struct demo_random {
    uint64_t state;
};
uint64_t demo_random_next(struct demo_random *random);
/* 0 to limit - 1. */
uint64_t demo_random_below(struct demo_random *random, uint64_t limit);

struct demo_person_name {
    struct str family, middle, given;
    struct str full_name;
    bool is_woman;
};

/* Some posts are held by women, some by men; most by either. */
enum demo_sex { DEMO_SEX_ANY, DEMO_SEX_MAN, DEMO_SEX_WOMAN };

struct name_source;
/* The lists, cut to what can be drawn from; lives in the arena. */
struct name_source *name_source_open(struct arena *arena);
/* One name of somebody in that province; the text lies in the arena. */
struct demo_person_name name_source_draw(struct arena *arena, const struct name_source *source,
                                         struct demo_random *random, struct str province_code, enum demo_sex sex);

#endif
