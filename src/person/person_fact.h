/*
 * person_fact: the facts of the person room, for the room itself and for loading many at once.
 */
#ifndef PERSON_PERSON_FACT_H
#define PERSON_PERSON_FACT_H

#include "person/person.h"

/* Made or changed: everything personal is private. title and from_day are the first post, of a new record only. */
struct person_written {
    struct str title;
    int32_t from_day;
    struct str family, middle, given, full_name;
    int32_t birth_day;
    struct str sex, phone, mail;
};

struct person_post_added {
    int64_t unit_id;
    struct str title;
    int32_t from_day;
};

struct person_post_closed {
    int64_t post_id;
    int32_t to_day;
};

struct person_transferred {
    int64_t to_unit_id;
};

/* Hexadecimal, private. */
struct person_citizen_id_set {
    struct str seal, mark, tail;
};

/* Revealed, or erased: why. */
struct person_reasoned {
    struct str reason;
};

/* A list was read: from which place, and how. */
struct person_list_read {
    struct str list;
};

enum person_fact {
    PERSON_FACT_CREATED,
    PERSON_FACT_UPDATED,
    PERSON_FACT_TRANSFERRED,
    PERSON_FACT_POST_ADDED,
    PERSON_FACT_POST_CLOSED,
    PERSON_FACT_CITIZEN_ID_SET,
    PERSON_FACT_CITIZEN_ID_REVEALED,
    PERSON_FACT_ERASED,
    PERSON_FACT_LIST_READ,
};
extern const struct fact_kind person_fact_list[];

#endif
