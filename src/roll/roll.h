/*
 * roll: who sits in the room, half-day by half-day, at each point.
 *
 * A mark says of one learner and one half-day: present, late, excused (with a reason), absent, or not marked after all.
 * Marks are facts that commute: every one is kept, whoever sends it and in whatever order it comes, and the effective mark
 * is derived by this rule alone:
 *
 *   A mark may name the marks it replaces (those its device had seen). The heads are the marks that no known mark replaces.
 *   Heads that all say the same are one effective mark. Heads that differ are a conflict: listed, shown to the officers of
 *   the point, and meanwhile the head with the latest corrected time counts (ties: the greater id); a mark that names all
 *   of them as replaced settles it, with who and why. Nothing is settled in silence.
 *
 * Corrected time = the device's clock plus the offset known when it sent (received minus sent): wrong clocks are flagged
 * when they are off by more than 2 minutes, never a reason to drop a mark.
 *
 * Other rules kept here:
 * - A mark's id is made on the device before sending. Sent again it is "already"; the same id with other content is set
 *   aside as an alarm. What cannot be a mark (unknown learner or half-day, a learner of another class, malformed) is set
 *   aside with its reason and kept, and never stops the marks after it.
 * - Learners who sit elsewhere may be marked present at a point they came to (walk-in of a known learner): the mark counts
 *   at the point that marked, and the own point shows where. A walk-in without a name on any list is kept as such, and
 *   counts as present apart from the learners.
 * - Closing a half-day freezes the figures that the officer reported; marks that arrive later are kept and effective, and the
 *   difference is shown beside the frozen figure. Reopening needs a reason. While closed, the pages take no new marks.
 * - Where names are not called, a head-count stands instead of marks, never beside them in one total.
 * - A learner objects within ROLL_OBJECTION_DAYS of the half-day; the officer answers with words and, if so, a mark.
 * - Late: after the half-day's start. In place: arrive_before_minutes earlier (GM-QN I). A scan or a learner's own check-in
 *   after the start is late by itself; an officer's tap is what the officer says.
 *
 * Facts: roll.marked, set_aside, walked_in, walk_in_withdrawn, counted, closed, reopened, objected, objection_answered.
 * Counters, subject = course_session_subject(root, session), unit = the point's area: roll_expected (learners, once a mark
 * or a closing speaks of the half-day), roll_present, roll_late, roll_excused, roll_absent, roll_walk_in, roll_head_count,
 * roll_closed (points), roll_conflict. "Present" on boards = present + late.
 */
#ifndef ROLL_ROLL_H
#define ROLL_ROLL_H

#include "base/ctx.h"
#include "course/course.h"
#include "http/http.h"
#include "store/fact.h"

enum {
    ROLL_BATCH_MAX = 500,        /* marks of one upload */
    ROLL_REPLACES_MAX = 8,       /* marks one mark may name */
    ROLL_REASON_MAX = 300,
    ROLL_OBJECTION_DAYS = 3,
    ROLL_SKEW_FLAG_MS = 120000,
    ROLL_CODE_STEP_MS = 10000,   /* the room's code changes so often */
    ROLL_CODE_LIVES_MS = 15000,  /* from the start of its step: half a step of grace, so that a photo is dead after 15 s */
    ROLL_LINE_MARKS_MAX = 64,    /* marks of one learner in one half-day; what comes after is set aside */
};

/* X(NAME, as stored and sent, as shown) */
#define ROLL_MARK_LIST(X)                                                                              \
    X(NONE, "none", "Chưa điểm danh")                                                                  \
    X(PRESENT, "present", "Có mặt")                                                                    \
    X(LATE, "late", "Muộn")                                                                            \
    X(EXCUSED, "excused", "Vắng có lý do")                                                             \
    X(ABSENT, "absent", "Vắng")

enum roll_mark {
#define X(name, stored, shown) ROLL_##name,
    ROLL_MARK_LIST(X)
#undef X
        ROLL_MARKS
};

/* One learner in one half-day, as it stands. */
struct roll_line {
    int64_t learner_id;
    struct str full_name, title, unit_name;
    struct str code_digest;  /* 32 hex: the first half of SHA-256 of the learner's code, for scanning offline */
    enum roll_mark mark;
    struct str reason;
    int64_t marked_at;       /* corrected time of the effective mark */
    struct str marked_by;
    struct str heads;        /* ids of the heads, 32 hex each, parted by commas: what a new mark replaces */
    bool is_conflict;
    int64_t elsewhere_point_id; /* marked at another point; 0 */
    bool is_visitor;            /* a learner of another point who sat here */
    struct str flag;            /* what an officer should look at: "cùng một điện thoại với ..."; "" nothing */
};
struct roll_figures {
    int64_t expected, present, late, excused, absent, unmarked, walk_in, head_count, conflicts;
    int64_t elsewhere; /* of those expected: marked at another point; not frozen */
};
struct roll_walk_in {
    struct str id; /* 32 hex */
    struct str full_name, title, unit_name;
    int64_t at;
    struct str marked_by;
};
struct roll_sheet {
    int64_t point_id;
    int64_t session_key;
    bool is_closed;
    int64_t closed_at;
    struct roll_figures figures; /* as it stands */
    struct roll_figures frozen;  /* as closed; zero while open */
    struct str closed_by;
    struct str head_note;        /* of the newest head-count; figures.head_count is -1 when none was made */
    struct roll_line *at;
    size_t len;
    struct roll_walk_in *walk_ins; /* in force */
    size_t walk_ins_len;
};
/* Narrowed: NOT_FOUND when the point is outside the actor's scope. */
enum err roll_get_sheet(struct ctx *cx, int64_t point_id, int64_t session_key, struct roll_sheet *ret_sheet) MUST_CHECK;

/* What a device, a scan, a check-in page or a form says. */
struct roll_marked {
    int64_t point_id;
    int64_t session_key;
    int64_t learner_id;
    struct str mark;
    struct str reason;
    struct str replaces;  /* as roll_line.heads */
    struct str device;    /* 32 hex, made once by the device; "" for a form without scripts */
    int64_t device_count; /* the device's own running number of marks */
    int64_t device_at;    /* the device's clock, ms */
    int64_t offset_ms;    /* received minus sent, of the upload; 0 when unknown */
    struct str source;    /* officer, scan, paper, file; code: the learner's own telephone, never from a device's upload */
    struct str by_name;   /* whose thumb it was, as the device says, when somebody else's account sent it; "" the account itself */
};
enum roll_receipt { ROLL_STORED, ROLL_ALREADY, ROLL_SET_ASIDE };
/*
 * On the writer. One mark under its own id; never fails for what a device may send: *ret_words says why a mark was set
 * aside. Errors are the store's alone.
 */
enum err roll_take_mark(struct ctx *cx, struct fact_id id, const struct roll_marked *marked, enum roll_receipt *ret_receipt,
                        struct str *ret_words) MUST_CHECK;
enum err roll_close(struct ctx *cx, int64_t point_id, int64_t session_key) MUST_CHECK;
enum err roll_reopen(struct ctx *cx, int64_t point_id, int64_t session_key, struct str reason) MUST_CHECK;
enum err roll_count_heads(struct ctx *cx, int64_t point_id, int64_t session_key, int64_t heads, struct str note) MUST_CHECK;

/* Registers the class page's block and the learner's; once at start, before any connection. */
void roll_start(void);
struct url roll_url(struct arena *arena, int64_t point_id, int64_t session_key); /* "/diem-danh/{point}/{session}" */

extern const struct fact_kinds roll_facts;
extern const struct route_table roll_routes;

#endif
