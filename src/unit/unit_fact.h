/*
 * unit_fact: the facts of the unit room, for the room itself.
 */
#ifndef UNIT_UNIT_FACT_H
#define UNIT_UNIT_FACT_H

#include "unit/unit.h"

struct unit_created {
    int64_t parent_id;
    struct str kind, sort, line, level, code, name, full_name;
    int64_t superior_id;
    int64_t rank;
    int32_t from_day;
    struct str cause;
};

/* A new name, or a new kind with the names that follow from it. */
struct unit_renamed {
    int32_t from_day;
    struct str kind, name, full_name;
    struct str cause;
};

struct unit_moved {
    int32_t from_day;
    int64_t parent_id;
    struct str cause;
};

/* Closed, merged into the other one, or the other one was made out of it. */
struct unit_ended {
    int32_t from_day;
    int64_t other_id;
    struct str cause;
};

struct unit_code_added {
    struct str code;
    struct str cause;
};

enum unit_fact {
    UNIT_FACT_CREATED,
    UNIT_FACT_RENAMED,
    UNIT_FACT_REKINDED,
    UNIT_FACT_MOVED,
    UNIT_FACT_MERGED,
    UNIT_FACT_SPLIT,
    UNIT_FACT_CLOSED,
    UNIT_FACT_CODE_ADDED,
};
extern const struct fact_kind unit_fact_list[];

#endif
