/*
 * course: the class that an issued paper opens: its days and half-days, topics in order, points, hours.
 *
 * A course comes of its paper when that is issued, changes when an amending paper says so, and is withdrawn with it.
 * Nobody edits it here: what a class is, is what the papers say. A province's paper that carries out the Academy's is a
 * course of its own beside the national one and may refine it (its own hall, line test, hours); both are shown side by
 * side. A plan with several classes keeps its programmes and dated runs, a scheme over years its phases.
 *
 * Guests of the opening and the closing are kept apart from learners (GM-QN 1.2.1 and 1.2.2). Seats are kept as printed
 * in course_quota; naming learners for them is another room's work.
 */
#ifndef COURSE_COURSE_H
#define COURSE_COURSE_H

#include "base/ctx.h"
#include "base/day.h"
#include "http/http.h"
#include "plan/plan.h"
#include "store/fact.h"

enum {
    COURSE_LIST_MAX = 200,
    COURSE_ROWS_MAX = 1000,    /* topics, sessions, quotas ... of one course */
    COURSE_DERIVED_DAYS = 10,  /* without stated hours, half-days are made for classes up to this long */
};

struct course {
    int64_t id; /* the paper's */
    int64_t issuer_unit_id;
    struct str issuer_name;
    struct str source; /* "664-KH/HVCTQG" */
    struct str title;
    struct str mode; /* in_person, online, hybrid, "" */
    struct str start_text, end_text; /* as coarse as the paper: 2026-05-23, 2025-11, 2026 */
    int32_t start_day, end_day;      /* the first and last day of that; DAY_NONE */
    int64_t days_tenths;
    int64_t check_in_at, opening_at, closing_at, official_connection_at; /* 0 not given */
    int64_t arrive_before_minutes;
    struct str online_system, online_url, meeting_id, passcode;
    struct plan_count learners, classes;
    bool is_withdrawn;
    struct str state_reason;
    int64_t sequence; /* of the calendar: how often the paper was changed */
    int64_t changed_at;
    int64_t changed_by_id;
};

struct course_list {
    struct course *at;
    size_t len;
};

enum course_half { COURSE_MORNING, COURSE_AFTERNOON, COURSE_EVENING };
struct str course_half_name(enum course_half half); /* "Buổi sáng" */

struct course_session {
    int32_t day;
    enum course_half half;
    int from_minute, to_minute; /* -1 where the paper gives no hour */
};
struct course_programme {
    int64_t number;
    struct str title, audience;
    struct plan_count learners, classes;
};
struct course_venue {
    int64_t programme;
    struct str place;
    int64_t classes, batches;
};
struct course_run {
    int64_t programme;
    struct str label, place;
    int32_t start_day, end_day;
    struct plan_count learners;
};
struct course_topic {
    int64_t programme, number;
    struct str title, speaker;
    int64_t minutes;
    struct str kind;
    int64_t paragraph;
};
struct course_point {
    int64_t ordinal;
    struct str level, place, chair;
    int64_t paragraph;
};
struct course_attendee {
    int64_t point;
    struct str text;
    bool is_guest;
};
struct course_quota {
    struct str unit_text;
    struct plan_count count;
    bool is_each;
    struct str bound;
};
struct course_phase {
    int64_t ordinal;
    struct str name, from, to;
};
struct course_phase_item {
    int64_t phase;
    struct str text, duration;
};

/* A course with all that belongs to it, each list in the paper's order. */
struct course_whole {
    struct course course;
    int64_t *tests;
    size_t tests_len;
    struct course_session *sessions;
    size_t sessions_len;
    struct course_programme *programmes;
    size_t programmes_len;
    struct course_venue *venues;
    size_t venues_len;
    struct course_run *runs;
    size_t runs_len;
    struct course_topic *topics;
    size_t topics_len;
    struct course_point *points;
    size_t points_len;
    struct course_attendee *attendees;
    size_t attendees_len;
    struct course_quota *quotas;
    size_t quotas_len;
    struct course_phase *phases;
    size_t phases_len;
    struct course_phase_item *phase_items;
    size_t phase_items_len;
};

/*
 * A half-day's key: the same for every paper that speaks of it, so that a province's paper which carries out the
 * Academy's means the same half-day (8 o'clock on 23/5 is one morning, whoever orders it).
 */
static inline int64_t course_session_key(int32_t day, enum course_half half)
{
    return (int64_t)day * 4 + (int64_t)half;
}
static inline int32_t course_session_day(int64_t key)
{
    return (int32_t)(key / 4);
}
static inline enum course_half course_session_half(int64_t key)
{
    return (enum course_half)(key % 4);
}
/* What counters of one half-day of one class are kept under. */
enum { COURSE_SESSION_SUBJECTS = 1000000 };
static inline int64_t course_session_subject(int64_t root_id, int64_t session_key)
{
    return root_id * COURSE_SESSION_SUBJECTS + session_key;
}

/*
 * The points of a class are numbered under it: an area's main point is class x COURSE_POINT_IDS + area. Rooms above the
 * points know by it who sits where.
 */
#define COURSE_POINT_IDS INT64_C(1000000)
static inline int64_t course_main_point(int64_t root_id, int64_t area_id)
{
    return root_id * COURSE_POINT_IDS + area_id;
}

/* ---- Reading, narrowed: one sees the courses whose paper one sees ---- */

enum err course_get(struct ctx *cx, int64_t course_id, struct course *ret_course) MUST_CHECK;
enum err course_get_whole(struct ctx *cx, int64_t course_id, struct course_whole *ret_course) MUST_CHECK;
/* Newest start first. */
enum err course_list(struct ctx *cx, struct course_list *ret_list) MUST_CHECK;
/* The course this one refines; NOT_FOUND when it refines none that the actor may see. */
enum err course_get_upper(struct ctx *cx, int64_t course_id, struct course *ret_course) MUST_CHECK;
/* The courses that refine this one and whose papers the actor may see, by issuer. */
enum err course_list_lower(struct ctx *cx, int64_t course_id, struct course_list *ret_list) MUST_CHECK;
/* Not narrowed: the courses whose paper a unit has, its own included; for its calendar. */
enum err course_list_of_unit(struct ctx *cx, int64_t unit_id, struct course_list *ret_list) MUST_CHECK;
/*
 * Not narrowed. The class a paper speaks of: the course at the top of those it carries out whose days it shares
 * (GM-QN and 664-KH/HVCTQG open one class, KH-CB and the scheme above it do not). Names, points and the roll are kept
 * under the root. A course that carries out none is its own root.
 */
enum err course_find_root(struct ctx *cx, int64_t course_id, int64_t *ret_root_id) MUST_CHECK;
/* Not narrowed: the course that speaks for a unit at this path: the lowest of the class whose issuer's area holds it. */
enum err course_find_for_unit(struct ctx *cx, int64_t root_id, struct str unit_path, struct course *ret_course)
    MUST_CHECK;
/*
 * Not narrowed: the half-days of the class at a unit, in order: the root's, with the hours that the unit's own course
 * gives for them. *ret_sessions has *ret_len.
 */
enum err course_find_sessions(struct ctx *cx, int64_t root_id, struct str unit_path,
                              struct course_session **ret_sessions, size_t *ret_len) MUST_CHECK;
/* Not narrowed. */
enum err course_find(struct ctx *cx, int64_t course_id, struct course *ret_course) MUST_CHECK;
/* Not narrowed. */
enum err course_find_whole(struct ctx *cx, int64_t course_id, struct course_whole *ret_course) MUST_CHECK;

/* ---- The calendar (RFC 5545) ---- */

/*
 * The courses as one calendar: the line tests, the opening, each half-day and the closing, in Asia/Ho_Chi_Minh. An event
 * keeps its UID for good, and its SEQUENCE grows with each change, so that calendars move it instead of doubling it. A
 * withdrawn course is sent as cancelled.
 */
struct str course_calendar(struct arena *arena, struct str name, const struct course_whole *courses, size_t len, int64_t now);

/* ---- Set up and addresses ---- */

/*
 * A block on the class's page by a room below this one: where its names, points or roll stand for the reader's unit, with
 * the way there. Empty markup shows nothing. Registered once at start, before any connection, in the order shown.
 */
typedef enum err (*course_block)(struct ctx *cx, const struct course *course, struct safe_html *ret_block);
enum { COURSE_BLOCKS_MAX = 8 };
void course_register_block(course_block block);

/* Registers the listener of papers; once at start, before any connection. */
void course_start(void);

struct url course_url(struct arena *arena, int64_t course_id);

extern const struct route_table course_routes;

#endif
