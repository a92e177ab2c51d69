/*
 * class_now: what a class asks of one seat at this moment, at the points of its place: describe the room, test the line,
 * call the roll of the half-day. It stands on top of Hôm nay from the day before the class to its last day, and is the
 * first page of the seats that have no duties: chair, supervisor, class committee, technician.
 */
#ifndef REPORT_CLASS_NOW_H
#define REPORT_CLASS_NOW_H

#include "http/http.h"
#include "page/page.h"
#include "report/class_day.h"

enum { CLASS_NOW_CLASSES_MAX = 4, CLASS_NOW_POINTS_MAX = 30, CLASS_NOW_ACTIONS_MAX = 3 };

struct class_now_action {
    struct str label;
    struct url url;
    bool is_main;
};

struct class_now_point {
    struct str name, room;
    struct url url;
    struct safe_html line_mark, roll_mark;
    struct class_now_action actions[CLASS_NOW_ACTIONS_MAX];
    size_t actions_len;
};

struct class_now_class {
    struct str title, source;
    struct url url, board_url;
    bool leads_area; /* its board is the first thing here */
    struct str moment; /* "Sáng 23/5 bắt đầu lúc 08:00, còn 35 phút" */
    struct class_now_point *points;
    size_t points_len;
};

struct class_now_view {
    struct class_now_class *at;
    size_t len;
    bool is_block; /* on top of another page */
};

/* The classes of the seat's place that are near: is_page also those that are still to come. */
enum err class_now_read(struct ctx *cx, bool is_page, struct class_now_view *ret_view) MUST_CHECK;

void page_class_now(struct html *h, const struct class_now_view *view);
void page_class_course_block(struct html *h, struct url board_url, struct url report_url);

/* Hôm nay's block and the class page's. */
enum err class_now_block(struct ctx *cx, struct safe_html *ret_block) MUST_CHECK;
enum err class_now_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block) MUST_CHECK;
enum err class_now_show(struct ctx *cx, struct request *req, struct response *res);

#endif
