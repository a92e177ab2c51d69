/*
 * plan_lower: the way back: from an upper body's plan the draft of the paper that carries it out here.
 *
 * What the upper paper settles is taken over (days, hours, topics, essay, whom it is for); what only the lower body can
 * know (hall, seats by agency, routes of essays, hours of the line test, deadlines, contacts) comes from a form. What is
 * left empty in the form is not said: nothing is made up.
 */
#ifndef PLAN_PLAN_LOWER_H
#define PLAN_PLAN_LOWER_H

#include "plan/plan.h"
#include "unit/unit.h"

/* Lists are lines of text, as people paste them. */
struct plan_gaps {
    struct str kind; /* giay_moi or ke_hoach */
    struct str number, symbol, title, signer_authority, signer_title, signer_name;
    int32_t issued_day;
    struct str hall;          /* of the body's own point */
    struct str rooms_below;   /* of the points below it; "" for a commune */
    struct str system, url;
    int64_t test_at, connect_at;
    int64_t arrive_before_minutes;
    struct str attendees;     /* at its own point */
    struct str quotas;        /* "Sở Nội vụ: 5" a line; without a figure no limit */
    struct str reports_to;    /* the body rosters and figures go to */
    int32_t roster_day;       /* rosters before this day */
    int64_t count_at;         /* points and heads before this hour */
    struct str routes;        /* "Học viên ở xã → Ban Thường vụ Đảng ủy xã → Ban Tổ chức Tỉnh ủy" */
    struct str contacts;      /* "Họ tên; chức vụ; điện thoại; về việc" */
    struct str recipients;
};

/* What stands in the form at first: the upper plan's routes, the usual recipients of a body of this level. */
struct plan_gaps plan_gaps_of(struct arena *arena, const struct plan *upper, const struct unit *unit);

/* ERR_INVALID with the form's field when a line cannot be read. `upper_paper` is the paper that holds `upper`. */
enum err plan_lower(struct ctx *cx, const struct plan *upper, const struct document *upper_paper, const struct unit *unit,
                    const struct plan_gaps *gaps, struct plan *ret_plan) MUST_CHECK;

#endif
