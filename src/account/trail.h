/*
 * trail: who changed what, and when (K91). Read straight from the facts, which are never rewritten,
 * and narrowed to the units in the actor's scope like every list. Personal values are not shown:
 * the trail names the act and the record.
 */
#ifndef ACCOUNT_TRAIL_H
#define ACCOUNT_TRAIL_H

#include "base/ctx.h"
#include "base/day.h"

enum { TRAIL_PAGE_LEN = 100, TRAIL_EXPORT_MAX = 5000 };

struct trail_query {
    int64_t before;           /* seq: only older facts; 0 from the newest */
    int64_t account_id;       /* 0 any */
    int64_t unit_id;          /* 0 any in scope */
    int64_t subject_id;       /* 0 any */
    struct str kind;          /* "document.issued"; "" any */
    struct str login;         /* who, by login; "" any */
    int32_t from_day, to_day; /* DAY_NONE open */
};

struct trail_entry {
    int64_t seq;
    int64_t at;
    struct str kind;
    struct str words; /* what was done */
    int64_t account_id;
    struct str who; /* name and login; "Hệ thống" for the program itself */
    int64_t unit_id;
    struct str unit_name;
    int64_t subject_id;
    struct str details; /* the values of the body by their labels: "Lý do: hết nhiệm kỳ; Từ ngày:
                           01/7/2026" */
};

/*
 * Newest first, at most `len`. *ret_before is where to go on with query.before, 0 at the end of the
 * trail; a stretch of the trail may hold nothing for the query and still not be the end.
 */
enum err trail_list(struct ctx *cx, const struct trail_query *query,
                    struct trail_entry *ret_entries, size_t len, size_t *ret_len,
                    int64_t *ret_before) MUST_CHECK;

#endif
