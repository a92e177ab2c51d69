/*
 * point: the rooms joined to the class: their register, the line test, what is reported the day before, what breaks.
 *
 * Issuing a plan that names points (plan-schema points[]: central, province, commune) opens one main point for each area
 * concerned: the Academy's plan 1 + 34 + 3,321, Hà Tĩnh's 1 + 69. A paper that carries out another opens none: it fills in
 * what it says of its own area's point (hall, chair) and refines the hours of the test. A commune adds sub-points.
 *
 * Rules kept here:
 * - What was reported by the hour the paper sets (09-KH/TU IV.3: before 09:00 on 21/11) is kept beside what became of it:
 *   a later report stands beside the first, and boards show both the reported and the current figure.
 * - A point is untested, passed or failed by its newest test of the campaign; every test is kept with who, when, how
 *   (typed by an officer, measured by the point's browser, echo through Janus) and what was measured.
 * - The campaign opens at the paper's hour and is staggered: each area has its turn, so that no more than the configured
 *   number of points run at once; a point may test outside its turn while there is room.
 * - An incident is entered once, with from, to, kind and the minutes lost; it appears at the point, in its roll, in the day
 *   report and in the summary of the utility that answers for it (telecom, power).
 * - Contacts (chair, technician, phones) are shown to the point's own unit and those above it, never below or beside.
 *
 * Facts: point.described, added, closed, reopened, reported, campaign_set, tested, incident_opened, incident_closed,
 * incident_corrected, conference_set.
 * Counters, subject = the class (root id), unit = the point's area: point_total, point_described, point_closed,
 * report_total, report_sent (areas that reported), report_points, report_heads (the newest reported), test_passed,
 * test_failed (point_total less both: untested), incident_open, incident_total, incident_minutes.
 * Closes duties that wait for "points_reported" and "line_tested" (obligation.h): the latter when every open point of the
 * area has passed; a failing retest opens it again (obligation_unhappened).
 */
#ifndef POINT_POINT_H
#define POINT_POINT_H

#include "base/ctx.h"
#include "course/course.h"
#include "http/http.h"
#include "store/fact.h"

/* A class's points: the main one of an area is class x POINT_IDS_PER_CLASS + area id, a sub-point's id counts from POINT_SUB_FIRST. */
enum { POINT_SUB_FIRST = 500000, POINT_LIST_MAX = 5000, POINT_INCIDENTS_MAX = 500 };
#define POINT_IDS_PER_CLASS INT64_C(1000000)

static inline int64_t point_id_of_area(int64_t root_id, int64_t area_id)
{
    return root_id * POINT_IDS_PER_CLASS + area_id;
}
static inline int64_t point_class(int64_t point_id)
{
    return point_id / POINT_IDS_PER_CLASS;
}

enum point_level { POINT_HUB, POINT_PROVINCE, POINT_COMMUNE };
enum point_test_state { POINT_UNTESTED, POINT_PASSED, POINT_FAILED };

struct point {
    int64_t id;
    int64_t root_id;
    int64_t area_id; /* the place it serves */
    struct str area_name;
    struct str path; /* of the area: what scopes and counters go by */
    enum point_level level;
    bool is_main;
    bool is_closed;
    bool is_described; /* someone has said where it is */
    struct str name;   /* "Điểm cầu xã Bình Minh", a sub-point's own */
    struct str room, address, kit;
    int64_t seats; /* 0 not said */
    struct str chair_name, chair_title;
    struct str technician_name, technician_phone;
    struct str system_name, system_url; /* the conference system it joins, nearest paper's or its own; "" none */
    int64_t system_opens_at;            /* 0 not given */
    enum point_test_state test_state;
    int64_t tested_at;
};
struct point_list {
    struct point *at;
    size_t len;
    int64_t total;
};

struct point_incident {
    int64_t id;
    int64_t point_id;
    struct str point_name;
    struct str kind; /* line, power, sound, picture, other */
    int64_t from_at, to_at; /* to_at 0 while it lasts */
    int64_t minutes_lost;
    struct str words;
    struct str utility; /* telecom, power, "" */
};
struct point_incidents {
    struct point_incident *at;
    size_t len;
};

/* ---- Reading: get and list narrowed to the actor's scope, find not ---- */

enum err point_get(struct ctx *cx, int64_t point_id, struct point *ret_point) MUST_CHECK;
enum err point_find(struct ctx *cx, int64_t point_id, struct point *ret_point) MUST_CHECK;
/* The points of an area (a commune's main point first, then its sub-points), without those of areas below. */
enum err point_list_of_area(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_list *ret_list) MUST_CHECK;
struct point_filter {
    int64_t root_id;
    int64_t area_id;   /* the subtree; 0 the actor's whole scope */
    struct str test;   /* "untested", "passed", "failed", "" any */
    bool only_silent;  /* whose area has not reported */
    bool only_troubled; /* with an open incident */
    struct str text;
    int64_t offset, limit;
};
enum err point_search(struct ctx *cx, const struct point_filter *filter, struct point_list *ret_list) MUST_CHECK;
/* Of one point, or (point_id 0) of a subtree in the actor's scope, newest first. */
enum err point_list_incidents(struct ctx *cx, int64_t root_id, int64_t point_id, int64_t area_id, bool only_open,
                              struct point_incidents *ret_list) MUST_CHECK;

/* The classes whose points lie in the actor's scope are found through course_list; this says whether a class has points. */
enum err point_class_has_points(struct ctx *cx, int64_t root_id, bool *ret_has) MUST_CHECK;

/* Registers listeners, closers and the class page's block; once at start, before any connection. */
void point_start(void);
struct url point_url(struct arena *arena, int64_t point_id); /* "/diem-cau/{id}" */

extern const struct fact_kinds point_facts;
extern const struct route_table point_routes;

#endif
