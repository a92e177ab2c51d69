/*
 * owner: whom a paper means when it says "Thường trực Đảng ủy các xã, phường, đặc khu".
 *
 * The words of an owner or coordinator become sorts of bodies (unit/unit.h). Names stand in one dictionary and the
 * longest is taken first, so that "Sở Văn hóa, Thể thao và Du lịch" is never cut at its comma (domain.md 5.5). A level
 * may stand once behind several bodies: "Đảng ủy, HĐND, UBND xã, phường" is three sorts at commune level. What cannot
 * be told stays as text and is a doubt before issue; nobody is guessed.
 *
 * No SQL here: whether such a body exists, and where, is asked by who expands it.
 */
#ifndef PLAN_OWNER_H
#define PLAN_OWNER_H

#include "base/str.h"

enum { OWNER_PARTS_MAX = 64 };

enum owner_reach {
    OWNER_UNKNOWN,    /* the words stay words */
    OWNER_SORT,       /* every body of `sort` inside the issuer's area */
    OWNER_HOLDERS,    /* "các cơ quan, đơn vị": who holds a quota of this paper, else whom it is sent to */
    OWNER_PERSONS,    /* persons, not bodies: "cán bộ, công chức được cử đi học" */
};

struct owner_part {
    enum owner_reach reach;
    struct str sort; /* as in unit/unit.h */
    struct str name; /* the proper name behind it, as printed: "Hà Tĩnh", "Hoàng Đình Giông"; narrows nothing */
    struct str text; /* the words it was read from, as printed */
};

struct owner {
    struct owner_part *at;
    size_t len;
    struct str head; /* the post that answers in person: "Chủ tịch UBND xã, phường"; "" when the body does */
};

/* Reads an owner as printed. Never fails: what it does not know is a part of its own with reach OWNER_UNKNOWN. */
struct owner owner_read(struct arena *arena, struct str text);

/* True when some part is unknown, or there is none: "chưa xác định cơ quan thực hiện". */
bool owner_is_doubtful(const struct owner *owner);

/* The dictionary's sorts, for the test that each is a sort of `unit`. */
size_t owner_sorts(struct arena *arena, struct str **ret_sorts);

#endif
