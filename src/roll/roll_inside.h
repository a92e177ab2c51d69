/*
 * roll_inside: what the files of this room share.
 */
#ifndef ROLL_ROLL_INSIDE_H
#define ROLL_ROLL_INSIDE_H

#include "nomination/nomination.h"
#include "point/point.h"
#include "roll/roll_fact.h"
#include "roll/roll_rule.h"

/* A half-day at one point, with the hours its own paper gives. */
struct roll_session {
    int64_t key;
    struct str name; /* "Sáng 23/5" */
    int64_t starts_at, ends_at; /* 0 where the paper gives no hour */
    int64_t arrive_at;          /* 0 likewise */
};

/* A point with its half-days: found once for a request or an upload. */
struct roll_place {
    struct point point;
    struct str class_title;
    struct roll_session *sessions;
    size_t sessions_len;
    int64_t ends_at; /* of the last half-day */
    /* Learners asked about so far: an upload speaks of the same forty again and again. */
    struct known_learner {
        int64_t id;
        bool is_ours;
    } *learners;
    size_t learners_len;
};

enum roll_reach { ROLL_NARROWED, ROLL_ANYWHERE };
enum err roll_open_place(struct ctx *cx, int64_t point_id, enum roll_reach reach, struct roll_place *ret_place) MUST_CHECK;
/* NULL when the class has no such half-day. */
const struct roll_session *roll_find_session(const struct roll_place *place, int64_t session_key);
/* The half-day under way, else the next, else the last; NULL when the class has none. */
const struct roll_session *roll_session_now(const struct roll_place *place, int64_t now);
/* Until when devices keep their marks, and until when a learner may object. */
int64_t roll_keep_until(const struct roll_place *place);
int64_t roll_objection_until(const struct roll_session *session);
/* Present, or late once the half-day has begun: of a scan and of a learner's own check-in. */
enum roll_mark roll_mark_by_clock(const struct roll_session *session, int64_t at);

enum err roll_read_sheet(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct roll_sheet *ret_sheet)
    MUST_CHECK;
/* What one learner's marks come to, without names: heads are "" when nobody has marked. */
enum err roll_read_line(struct ctx *cx, int64_t learner_id, int64_t session_key, struct roll_line *ret_line) MUST_CHECK;
/* Whether the half-day is closed at the point, and its newest turn. */
enum err roll_find_turn(struct ctx *cx, int64_t point_id, int64_t session_key, bool *ret_closed, int64_t *ret_turn)
    MUST_CHECK;

/* ---- Doing; on the writer. `content` is what is kept when it is set aside: as it came, "" for a form. ---- */

enum err roll_take_mark_at(struct ctx *cx, struct roll_place *place, struct fact_id id, const struct roll_marked *marked,
                           struct str content, enum roll_receipt *ret_receipt, struct str *ret_words) MUST_CHECK;
enum err roll_take_walk_in(struct ctx *cx, const struct roll_place *place, struct fact_id id,
                           const struct roll_walked_in *walked, struct str content, enum roll_receipt *ret_receipt,
                           struct str *ret_words) MUST_CHECK;
/* Keeps what cannot be taken; the same again changes nothing. */
enum err roll_set_aside(struct ctx *cx, const struct roll_place *place, const struct roll_set_aside *aside) MUST_CHECK;
enum err roll_withdraw_walk_in(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct str walk_in,
                               struct str reason) MUST_CHECK;
/*
 * An officer's press: replaces what his page showed, or (over_all) whatever stands, in more marks than one when there are
 * very many heads. The same form once more changes nothing.
 */
enum err roll_mark_by_form(struct ctx *cx, struct roll_place *place, const struct roll_marked *marked, bool over_all) MUST_CHECK;
enum err roll_walk_in_by_form(struct ctx *cx, const struct roll_place *place, const struct roll_walked_in *walked) MUST_CHECK;

/* An id that follows from another: the same page, button and device make the same mark. */
struct fact_id roll_derive_id(const void *bytes, size_t len, const char *purpose);

/* ---- Objections ---- */

struct roll_objection {
    struct str id; /* 32 hex */
    int64_t learner_id, session_key, point_id;
    struct str words;
    int64_t at;
    struct str answer; /* "" while open */
    int64_t answered_at;
    struct str answered_by;
};
struct roll_objections {
    struct roll_objection *at;
    size_t len;
};
enum { ROLL_OBJECTIONS_MAX = 200 };
/* Of a point's half-day, or (learner_id set) of a learner in all half-days; newest first. */
enum err roll_list_objections(struct ctx *cx, int64_t point_id, int64_t session_key, int64_t learner_id,
                              struct roll_objections *ret_list) MUST_CHECK;
enum err roll_object(struct ctx *cx, const struct roll_place *place, int64_t learner_id, int64_t session_key,
                     struct str words) MUST_CHECK;
enum err roll_answer_objection(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct str objection,
                               struct str words) MUST_CHECK;

#endif
