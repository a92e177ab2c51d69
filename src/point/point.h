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
 *   (typed by an officer, measured by the point's browser, echo through Janus) and what was measured. A test before the
 *   campaign's hour is kept too and does not count.
 * - The campaign opens at the paper's hour, or at the one somebody set for the area, and is staggered: the points of a class
 *   stand in the order of their areas and have their turns in groups of running_max, one group after the other, so that
 *   no more than that run at once; a point may test outside its turn while there is room (line_test.h).
 * - An incident is entered once, with from, to, kind and the minutes lost; it appears at the point, in its roll, in the day
 *   report and in the summary of the utility that answers for it (telecom, power).
 * - Contacts (chair, technician, phones) are shown to the point's own unit and those above it, never below or beside: a
 *   point itself is seen only by the bodies of its own area and by whoever reaches that area from above.
 * - A commune adds a sub-point where a paper of the class for its area says that points may be added (09-KH/TU IV.3).
 *
 * Facts: point.described, added, closed, reopened, reported, campaign_set, tested, incident_opened, incident_closed,
 * incident_corrected, conference_set. The owning unit of each is the area, the subject the point (incidents: the incident).
 * Counters, subject = the class (root id), unit = the point's area: point_total (open points), point_described,
 * point_closed, report_total (areas that may report: all but the hub's), report_sent (areas that reported), report_points,
 * report_heads (the newest reported), test_passed, test_failed (point_total less both: untested), incident_open,
 * incident_total, incident_minutes.
 * Closes duties that wait for "points_reported" and "line_tested" (obligation.h): the latter when every open point of the
 * area has passed; a failing retest or an untested new point opens it again (obligation_unhappened).
 *
 * A paper that is entered before the one it carries out has opened points under itself; those opened with the upper paper
 * are others, and stand empty until somebody describes them.
 */
#ifndef POINT_POINT_H
#define POINT_POINT_H

#include "base/ctx.h"
#include "course/course.h"
#include "http/http.h"
#include "store/fact.h"

/* A class's points: the main one of an area is class x COURSE_POINT_IDS + area id, a sub-point's id counts from POINT_SUB_FIRST. */
enum {
    POINT_SUB_FIRST = 500000,
    POINT_LIST_MAX = 5000,
    POINT_INCIDENTS_MAX = 500,
    POINT_TESTS_MAX = 200,   /* shown of one point */
    POINT_REPORTS_MAX = 200, /* shown of one area */
    POINT_SEATS_MAX = 5000,
    POINT_SUBS_MAX = 50,       /* open points of one area */
    POINT_REPORT_HEADS_MAX = 100000,
    POINT_RUNNING_DEFAULT = 60, /* two cores carry some 30 echo tests each (measured with Janus 1.1.2) */
    POINT_TURN_MINUTES_DEFAULT = 2,
};

static inline int64_t point_class(int64_t point_id)
{
    return point_id / COURSE_POINT_IDS;
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
    /* The conference system it joins: what the nearest paper says, or what was set for the area. "" none. Empty until
       point_read_system() fills them in; point_list_of_area() does. */
    struct str system_name, system_url;
    int64_t system_opens_at; /* 0 not given */
    enum point_test_state test_state;
    int64_t tested_at;     /* the newest test that counts; 0 none */
    int64_t test_opens_at; /* from when tests count; 0 not given: always */
    struct str closed_reason;
    int64_t incident_open;
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
    struct str area_name;
    struct str kind; /* line, power, sound, picture, other */
    int64_t from_at, to_at; /* to_at 0 while it lasts */
    int64_t minutes_lost;   /* 0 while it lasts */
    struct str words;
    struct str utility; /* telecom, power, "" */
    struct str correct_reason; /* "" never corrected */
};
struct point_incidents {
    struct point_incident *at;
    size_t len;
};

/* ---- Reading: get and list narrowed to the actor's scope, find not ---- */

enum err point_get(struct ctx *cx, int64_t point_id, struct point *ret_point) MUST_CHECK;
enum err point_find(struct ctx *cx, int64_t point_id, struct point *ret_point) MUST_CHECK;
/* The conference system of a point that was read: a walk through papers and areas, for who shows it. */
enum err point_read_system(struct ctx *cx, struct point *point) MUST_CHECK;
/* The points of an area (a commune's main point first, then its sub-points), without those of areas below. */
enum err point_list_of_area(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_list *ret_list) MUST_CHECK;
struct point_filter {
    int64_t root_id;
    int64_t area_id;   /* the subtree; 0 the actor's whole scope */
    struct str test;   /* "untested", "passed", "failed", "" any */
    bool only_undescribed;
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

/* What an area reported, oldest first; narrowed. */
struct point_report {
    int64_t id;
    int64_t at;
    struct str by_name;
    int64_t points, heads;
    struct str note;
    int64_t due_at;   /* the hour asked for when it was sent; 0 none */
    int64_t standing; /* open points of the area at that moment */
};
struct point_reports {
    struct point_report *at;
    size_t len;
};
enum err point_list_reports(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_reports *ret_list) MUST_CHECK;

/* By when an area reports, and where the paper says so. */
struct point_deadline {
    int64_t due_at; /* 0: no paper asks for it */
    struct str words, source;
    int64_t obligation_id;
};
enum err point_find_report_deadline(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_deadline *ret_deadline)
    MUST_CHECK;

/* One test with all it measured. */
struct point_tested {
    struct str how;    /* hand, browser */
    struct str result; /* passed, failed */
    struct str words;  /* required when failed by hand, or passed against what was measured */
    int64_t rtt_ms, rtt_p95_ms, loss_permille; /* median, 95th percentile; of the small requests */
    int64_t down_kbps, up_kbps;
    struct str camera, microphone; /* "", yes, no */
    struct str echo;               /* "", ok, failed: WebRTC through Janus */
    int64_t echo_rtt_ms, echo_loss_permille;
};
struct point_test {
    int64_t id;
    int64_t at;
    struct str by_name;
    struct point_tested said;
    bool counts;
};
struct point_tests {
    struct point_test *at;
    size_t len;
};
/* Newest first; the caller has the point by point_get. */
enum err point_list_tests(struct ctx *cx, int64_t point_id, struct point_tests *ret_list) MUST_CHECK;
/* True when the figures keep the thresholds; else *ret_words says which do not, and why that matters. */
bool point_judge(struct arena *arena, const struct point_tested *tested, struct str *ret_words);

/* When the point's group tests: of the class's points in the order of their areas, and the campaign that holds for it. */
struct point_turn {
    int64_t opens_at; /* the campaign's hour; 0 none given */
    int64_t from_at, to_at;
    int64_t ordinal;  /* of its group, from 0 */
    int64_t running_max, turn_minutes;
};
enum err point_find_turn(struct ctx *cx, const struct point *point, struct point_turn *ret_turn) MUST_CHECK;

/* Whether the area may add points, and where a paper says so. */
enum err point_may_add(struct ctx *cx, int64_t root_id, int64_t area_id, bool *ret_may, struct str *ret_place) MUST_CHECK;

/* The counters of an area, in the actor's reach. */
struct point_figures {
    int64_t total, described, closed, reports_total, reports_sent, report_points, report_heads, passed, failed, incidents_open,
        incidents, minutes;
};
enum err point_count(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_figures *ret_figures) MUST_CHECK;
struct point_area {
    int64_t area_id;
    struct str name;
    struct point_figures figures;
};
struct point_areas {
    struct point_area *at;
    size_t len;
};
/* The areas right below one that have points, each with its counters. */
enum err point_count_below(struct ctx *cx, int64_t root_id, int64_t area_id, struct point_areas *ret_list) MUST_CHECK;

/* ---- Doing; on the writer. NOT_FOUND outside the actor's reach, CONFLICT for what is closed or withdrawn. ---- */

struct point_described {
    struct str room, address;
    int64_t seats;
    struct str kit;
    struct str chair_name, chair_title;
    struct str technician_name, technician_phone;
};
enum err point_describe(struct ctx *cx, int64_t point_id, const struct point_described *described) MUST_CHECK;
/* A sub-point beside this main point. *ret_point_id (may be NULL) is the new one. */
struct point_added {
    struct str name, room;
    int64_t seats;
    struct str reason;
};
enum err point_add(struct ctx *cx, int64_t main_point_id, const struct point_added *added, int64_t *ret_point_id) MUST_CHECK;
/* A main point is closed only from above: a commune that has none any more learns elsewhere. */
enum err point_close(struct ctx *cx, int64_t point_id, struct str reason) MUST_CHECK;
enum err point_reopen(struct ctx *cx, int64_t point_id, struct str reason) MUST_CHECK;
struct point_reported {
    int64_t points, heads;
    struct str note;
};
enum err point_report(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_reported *reported) MUST_CHECK;
struct point_campaign_set {
    int64_t opens_at;
    int64_t running_max, turn_minutes;
};
enum err point_set_campaign(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_campaign_set *set)
    MUST_CHECK;
struct point_conference_set {
    struct str system_name, system_url;
    int64_t opens_at;
};
enum err point_set_conference(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_conference_set *set)
    MUST_CHECK;
enum err point_record_test(struct ctx *cx, int64_t point_id, const struct point_tested *tested) MUST_CHECK;
struct point_incident_opened {
    struct str kind, utility;
    int64_t from_at, to_at; /* to_at 0: it lasts */
    struct str words;
};
enum err point_open_incident(struct ctx *cx, int64_t point_id, const struct point_incident_opened *opened, int64_t *ret_id)
    MUST_CHECK;
enum err point_close_incident(struct ctx *cx, int64_t incident_id, int64_t to_at, struct str words) MUST_CHECK;
struct point_incident_corrected {
    struct str kind, utility;
    int64_t from_at, to_at;
    bool by_hand; /* minutes_lost is what the officer says; else it follows from the two hours */
    int64_t minutes_lost;
    struct str words, reason;
};
enum err point_correct_incident(struct ctx *cx, int64_t incident_id, const struct point_incident_corrected *corrected)
    MUST_CHECK;

/* Registers listeners, closers and the class page's block; once at start, before any connection. */
void point_start(void);
struct url point_url(struct arena *arena, int64_t point_id); /* "/diem-cau/{id}" */

extern const struct fact_kinds point_facts;
extern const struct route_table point_routes;
extern const struct route_table point_line_routes; /* the line test; app opens line_test.h before it serves */

#endif
