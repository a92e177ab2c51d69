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

/* The day has come: what the unit still had in hand passes to the other one, or to nobody (other_id 0). */
struct unit_succeeded {
    int32_t from_day;
    int64_t other_id;
    struct str how;
    struct str cause;
};
#define UNIT_MERGED STR("merged")
#define UNIT_SPLIT STR("split")
#define UNIT_CLOSED STR("closed")

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
    UNIT_FACT_SUCCEEDED,
};
extern const struct fact_kind unit_fact_list[];

enum err unit_decide_succeeded(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err unit_apply_succeeded(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;

/* In apply: the unit's subtree stands under that path now, with what was counted in it; the rooms below are told. */
enum err unit_hang(struct ctx *cx, const struct unit *unit, struct str parent_path) MUST_CHECK;

#endif
