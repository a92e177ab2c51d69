/*
 * course_pages: what the templates of this room are given.
 */
#ifndef COURSE_COURSE_PAGES_H
#define COURSE_COURSE_PAGES_H

#include "course/course.h"
#include "page/page.h"

struct course_row {
    struct str title;
    struct url url;
    struct str days;   /* "23 và 24/5/2026" */
    struct str issuer;
    struct str source;
    struct str mode;
    struct safe_html mark;
    bool is_withdrawn;
};
struct course_list_view {
    struct course_row *rows;
    size_t len;
    struct url calendar_url;     /* to be saved */
    struct safe_html feed_form;  /* makes the address that a telephone subscribes to */
};
void page_course_list(struct html *h, const struct course_list_view *view);

/* One hour of the class: "Kiểm tra đường truyền", "14:00 ngày 22/5/2026 (Thứ Sáu)". */
struct hour_row {
    struct str name;
    struct str when;
};
/* One thing of the class as the upper paper and the own one have it. */
struct compare_row {
    struct str name;
    struct str upper, own;
    bool differs;
};
struct day_row {
    struct str day; /* "Thứ Bảy, 23/5/2026" */
    struct str half;
    struct str hours; /* "8:00 đến 11:30"; "chưa nêu giờ" */
};
struct topic_row {
    struct str number;
    struct str title;
    struct str speaker;
    struct str minutes;
    struct url url; /* the place in the paper */
};
struct topic_group {
    struct str title; /* the programme; "" for a sole one */
    struct str words; /* learners, classes, venues */
    struct topic_row *rows;
    size_t len;
};
struct point_row {
    struct str level;
    struct str place;
    struct str chair;
    struct str *learners;
    size_t learners_len;
    struct str *guests;
    size_t guests_len;
};
struct phase_row {
    struct str title;
    struct str *items;
    size_t len;
};
struct run_row {
    struct str label, days, place, learners;
};
struct course_view {
    const struct course_whole *whole;
    struct str mode;
    struct str paper;
    struct url paper_url;
    struct str online;
    struct str withdrawn; /* "" in force */
    struct str changed;   /* "" as first issued */
    struct hour_row *hours;
    size_t hours_len;
    struct str upper_name, own_name; /* heads of the comparison; "" when there is none */
    struct url upper_url;
    struct compare_row *compare;
    size_t compare_len;
    struct day_row *days;
    size_t days_len;
    struct topic_group *groups;
    size_t groups_len;
    struct point_row *points;
    size_t points_len;
    struct run_row *runs;
    size_t runs_len;
    struct phase_row *phases;
    size_t phases_len;
    struct str *quotas;
    size_t quotas_len;
    struct str quotas_total;
    struct course_row *lower;
    size_t lower_len;
    struct url calendar_url;
    struct safe_html *blocks; /* of the rooms below */
    size_t blocks_len;
};
void page_course(struct html *h, const struct course_view *view);

#endif
