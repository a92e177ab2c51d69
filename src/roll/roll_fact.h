/*
 * roll_fact: the bodies of this room's facts, for the files of this folder. roll_marked is in roll.h.
 */
#ifndef ROLL_ROLL_FACT_H
#define ROLL_ROLL_FACT_H

#include "roll/roll.h"

enum {
    ROLL_NAME_MAX = 120,
    ROLL_TITLE_MAX = 200,
    ROLL_CONTENT_MAX = 2000, /* kept of what was set aside */
    ROLL_WORDS_MAX = 300,
    ROLL_OBJECTION_MAX = 1000,
    ROLL_HEADS_MAX = 5000, /* heads of one room */
};
/* Clocks are ms within the years 1 and 9999, and running numbers what JavaScript counts exactly. */
#define ROLL_TIME_LIMIT INT64_C(253402300799999)
#define ROLL_NUMBER_LIMIT INT64_C(9007199254740991)

struct roll_set_aside {
    int64_t point_id;
    struct str device;
    int64_t device_count;
    struct str words;
    struct str content;
};
struct roll_walked_in {
    int64_t point_id;
    int64_t session_key;
    struct str full_name;
    struct str title;
    struct str unit_name;
    struct str device;
    int64_t device_count;
    int64_t device_at;
    int64_t offset_ms;
    struct str by_name; /* as roll_marked.by_name */
};
struct roll_walk_in_withdrawn {
    int64_t point_id;
    int64_t session_key;
    struct str walk_in; /* 32 hex */
    struct str reason;
};
struct roll_counted {
    int64_t point_id;
    int64_t session_key;
    int64_t turn;
    int64_t heads;
    struct str note;
};
/* Closed or reopened; figures and reason are of the one or the other. */
struct roll_turned {
    int64_t point_id;
    int64_t session_key;
    int64_t turn;
    struct str reason;
    struct roll_figures figures;
};
struct roll_objected {
    int64_t learner_id;
    int64_t point_id;
    int64_t session_key;
    struct str words;
};
struct roll_objection_answered {
    int64_t learner_id;
    int64_t point_id;
    int64_t session_key;
    struct str objection; /* 32 hex */
    struct str words;
};

enum roll_fact {
    ROLL_FACT_MARKED,
    ROLL_FACT_SET_ASIDE,
    ROLL_FACT_WALKED_IN,
    ROLL_FACT_WALK_IN_WITHDRAWN,
    ROLL_FACT_COUNTED,
    ROLL_FACT_CLOSED,
    ROLL_FACT_REOPENED,
    ROLL_FACT_OBJECTED,
    ROLL_FACT_OBJECTION_ANSWERED,
    ROLL_FACTS,
};
extern const struct fact_kind roll_kinds[ROLL_FACTS];

bool roll_mark_parse(struct str stored, enum roll_mark *ret_mark);
struct str roll_mark_stored(enum roll_mark mark);
struct str roll_mark_shown(enum roll_mark mark);

/* In apply: a learner sits elsewhere, so the half-days already begun expect one less here and one more there. */
enum err roll_seat_changed(struct ctx *cx, int64_t old_point_id, int64_t new_point_id) MUST_CHECK;

#endif
