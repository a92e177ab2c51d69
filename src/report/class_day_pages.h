/*
 * class_day_pages: what the templates of the class day are given.
 */
#ifndef REPORT_CLASS_DAY_PAGES_H
#define REPORT_CLASS_DAY_PAGES_H

#include "page/page.h"
#include "report/class_day.h"

struct class_day_tab {
    struct str words;
    struct url url;
    const char *live_key;
    struct str all_key;
    int64_t done, all;
    bool is_chosen;
    bool is_trouble;
};

/* A small figure beside the great ones; its number is a live key too. */
struct class_day_fact {
    const char *words;
    const char *live_key;
    int64_t value;
};
enum { CLASS_DAY_FACTS = 12 };

struct class_day_session_choice {
    int64_t key;
    struct str name;
    bool is_chosen;
};

/* One point of a commune's board. */
struct class_day_point {
    struct str name, room, chair;
    struct url url, roll_url;
    struct safe_html line_mark;
};

struct class_day_view {
    const struct class_day *day;
    struct str paper;
    struct url course_url, self_url, report_url;
    struct str figure_address;
    struct class_day_session_choice *sessions;
    size_t sessions_len;
    struct str session_name;
    struct class_day_tab tabs[CLASS_DAY_FIGURES];
    size_t tabs_len;
    struct class_day_fact facts[CLASS_DAY_FACTS];
    size_t facts_len;
    struct safe_html map;
    struct str map_title;
    struct class_day_lines lines;
    struct safe_html *line_marks;
    struct url *line_urls;
    struct str lines_title;
    struct url lines_url;
    struct class_day_point *points; /* of a commune */
    size_t points_len;
    struct class_day_line_sum sums[CLASS_DAY_LINES]; /* only beside the rosters */
    bool has_sums;
    bool is_projector;
};

struct class_day_list_view {
    struct class_day_lines lines;
    struct safe_html *marks;
    struct url *urls;
    struct url *phone_urls;
    struct str empty_words;
    bool has_contacts;
};

void page_class_day(struct html *h, const struct class_day_view *view);
void page_class_day_list(struct html *h, const struct class_day_list_view *view);

/* Where a line leads: its point, the board of its area, or the body's lists; empty when there is none. */
struct url class_day_line_url(struct arena *arena, const struct class_day *day, enum class_day_figure figure,
                              const struct class_day_line *line);
struct url class_day_url(struct arena *arena, int64_t course_id, int64_t unit_id, enum class_day_figure figure, int64_t session_key);
struct str class_day_figure_address(enum class_day_figure figure);

/* The routes' handlers that stand in class_day_report_pages.c. */
enum err class_day_show_report(struct ctx *cx, struct request *req, struct response *res);
enum err class_day_export_report(struct ctx *cx, struct request *req, struct response *res);

#endif
