/*
 * nomination_inside: what the files of this room share; nobody else includes it.
 */
#ifndef NOMINATION_NOMINATION_INSIDE_H
#define NOMINATION_NOMINATION_INSIDE_H

#include "nomination/nomination.h"
#include "store/db.h"
#include "unit/unit.h"

enum { NOMINATION_OPEN_FIRST = 5000 }; /* ordinals of the quotas that a paper gives in words only: "toàn thể giảng viên" */

/* ---- Facts ---- */

struct quota_assigned {
    int64_t quota_id;
    int64_t unit_id;
};
struct person_named {
    int64_t quota_id; /* 0: the unit's own list */
    int64_t person_id;
    struct str title;
    bool is_widened;
    struct str double_reason; /* why a second unit needs this person too; "" */
};
struct name_changed {
    int64_t name_id;
    struct str title;
};
struct name_withdrawn {
    int64_t name_id;
    struct str reason;
};
struct name_replaced {
    int64_t name_id;
    int64_t person_id;
    struct str title;
    struct str reason;
};
struct roster_acted { /* approved, returned, sent */
    int64_t quota_id;
    struct str reason;
};
struct learner_moved {
    int64_t learner_id;
    int64_t point_id;
};
struct code_renewed {
    int64_t learner_id;
};
struct guest_named {
    int64_t person_id;
    struct str title;
};
struct guest_withdrawn {
    int64_t guest_id;
    struct str reason;
};

enum nomination_fact {
    NOMINATION_FACT_ASSIGNED,
    NOMINATION_FACT_NAMED,
    NOMINATION_FACT_CHANGED,
    NOMINATION_FACT_WITHDRAWN,
    NOMINATION_FACT_REPLACED,
    NOMINATION_FACT_APPROVED,
    NOMINATION_FACT_RETURNED,
    NOMINATION_FACT_SENT,
    NOMINATION_FACT_MOVED,
    NOMINATION_FACT_RENEWED,
    NOMINATION_FACT_GUEST_NAMED,
    NOMINATION_FACT_GUEST_WITHDRAWN,
    NOMINATION_FACTS
};
extern const struct fact_kind nomination_fact_list[NOMINATION_FACTS];

/* ---- Rows, not narrowed ---- */

struct quota_row {
    struct nomination_quota quota; /* taken: by all */
    int64_t issuer_unit_id;
    bool is_withdrawn;
};
enum err quota_find(struct ctx *cx, int64_t quota_id, struct quota_row *ret_quota) MUST_CHECK;

struct roster_row {
    bool is_there;
    int64_t root_id, unit_id, quota_id, course_id;
    struct str state;
    int64_t version, names, sent_at;
};
/* is_there is false when the unit keeps no such list. */
enum err roster_find(struct ctx *cx, int64_t root_id, int64_t unit_id, int64_t quota_id, struct roster_row *ret_roster)
    MUST_CHECK;

struct name_row {
    int64_t id, root_id, unit_id, quota_id, person_id, learner_id;
    struct str title;
    bool is_in_force, is_sent;
    int64_t replaced_by_id;
};
enum err name_find(struct ctx *cx, int64_t name_id, struct name_row *ret_name) MUST_CHECK;

/* In apply: the unit owes or begins this list; counted once. */
enum err roster_open(struct ctx *cx, int64_t root_id, const struct unit *unit, int64_t quota_id, int64_t course_id) MUST_CHECK;
/* In apply: the learner as the names in force make him; counters follow. */
enum err learner_settle(struct ctx *cx, int64_t learner_id) MUST_CHECK;
/* In apply: the learner of this person in the class, made with `seq` as his id when he is new. */
enum err learner_open(struct ctx *cx, int64_t root_id, int64_t person_id, int64_t seq, int64_t *ret_learner_id) MUST_CHECK;

/* ---- Rules ---- */

/* "Giấy mời 12-GM/TU, mục II.1.2": what a refusal cites. */
enum err quota_cite(struct ctx *cx, const struct nomination_quota *quota, struct str *ret_words) MUST_CHECK;
/* "05 đồng chí", "ít nhất 03 đồng chí", "toàn thể". */
struct str quota_seats_words(struct arena *arena, const struct nomination_quota *quota);

/* Whether a unit may keep a list of its own in the class, and whether the paper lets it widen attendance. */
struct own_list {
    bool is_allowed;
    bool is_extensible;
    int64_t course_id;    /* the paper that speaks for the unit */
    struct str audience;  /* its words on who comes */
    struct str place;     /* where it says that attendance may be widened */
    int64_t document_id, paragraph;
};
enum err own_list_find(struct ctx *cx, int64_t root_id, const struct unit *unit, struct own_list *ret_own) MUST_CHECK;

/* Whether the actor keeps this unit's lists: its own body, any body of his commune, or the program itself. */
bool is_keeper(struct ctx *cx, const struct unit *unit);





/* Where the reader's unit stands, for the class's page. */
enum err nomination_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block) MUST_CHECK;

/* Those registered, in order. */
const learner_block *learner_blocks(size_t *ret_len);

/* In apply: tells the rooms below, when it is another point. */
enum err learner_seat_changed(struct ctx *cx, int64_t old_point_id, int64_t new_point_id) MUST_CHECK;

#endif
