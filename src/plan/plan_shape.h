/*
 * plan_shape: plan/1 as tables. Each object of the schema is one table of its keys; parsing and
 * formatting both walk these tables, so that what is written can be read back and no key is known
 * to only one of them.
 */
#ifndef PLAN_PLAN_SHAPE_H
#define PLAN_PLAN_SHAPE_H

#include "plan/plan.h"

enum shape_type {
    SHAPE_TEXT,        /* struct str */
    SHAPE_TEXTS,       /* struct plan_texts */
    SHAPE_KIND,        /* struct str: a kind of paper */
    SHAPE_WORD,        /* struct str: one of `words` */
    SHAPE_ENUM,        /* an enum: the place in `words`, from 0; the empty word is the default */
    SHAPE_COUNT,       /* struct plan_count: 5 or "40-45" */
    SHAPE_NUMBER,      /* int64_t >= 0 */
    SHAPE_TENTHS,      /* int64_t: 1.5 is 15 */
    SHAPE_BOOL,        /* bool */
    SHAPE_DATE,        /* struct str: 2026-05-21, 2026-05, 2026-Q2, 2026 */
    SHAPE_DAY,         /* int32_t: 2026-05-21 */
    SHAPE_MINUTE,      /* int: 08:30 as minutes of the day */
    SHAPE_INSTANT,     /* int64_t: 2026-05-23T08:00 */
    SHAPE_INSTANT_AT,  /* int64_t, written as {"at": ...} */
    SHAPE_INSTANTS_AT, /* int64_t list, written as [{"at": ...}] */
    SHAPE_INDEXES,     /* int64_t list: numbers of items of another list, from 0 */
    SHAPE_PLACE,       /* struct str, written as {"place": ...} */
    SHAPE_OBJECT,      /* a struct inside this one; `flag_offset` a bool that says it was given */
    SHAPE_LIST,        /* pointer and length */
};

struct shape;
struct shape_field {
    const char *key;
    enum shape_type type;
    size_t offset;
    size_t len_offset;  /* lists */
    size_t flag_offset; /* SHAPE_OBJECT: SHAPE_NO_FLAG when there is none */
    const char *const *words;
    const struct shape *of;
};

struct shape {
    const struct shape_field *at;
    size_t len;
    size_t bytes;
    /* Says what is wrong between the keys of one object: NULL when all is well. */
    const char *(*check)(const void *item);
};

#define SHAPE_NO_FLAG SIZE_MAX

extern const struct shape plan_shape;

/* One due, as the tables check it: value and relation fit the kind. */
const char *plan_due_check(const void *due);

/* A text as plan/1 keeps it: NFC, one line, single blanks; "*", a scorer's mark for "any", is no
 * text. */
struct str plan_text_clean(struct arena *arena, struct str text);

#endif
