/*
 * point_pages: what the templates of this room are given, and what its page files share.
 */
#ifndef POINT_POINT_PAGES_H
#define POINT_POINT_PAGES_H

#include "page/page.h"
#include "point/point_inside.h"

/* ---- The points of an area ---- */

struct point_tab {
    struct str name;
    struct url url;
    int64_t count;
    bool is_current, is_late;
};
struct point_row {
    struct str name, area, room, note;
    struct url url;
    struct safe_html described, test, trouble;
    struct str report;       /* "1 điểm, 48 đại biểu lúc 08:25"; "" none */
    bool is_report_late;
    struct str contact, phone; /* "" when nobody is named */
    struct url phone_url;
};
struct area_row {
    struct str name;
    struct url url, described_url, report_url, test_url, failed_url;
    struct point_figures figures;
    struct safe_html mark;
};
struct point_list_view {
    struct str words; /* the hour of the test and the deadline of the report */
    struct point_tab *tabs;
    size_t tabs_len;
    struct url action;
    struct str state, text; /* what is filtered by */
    int64_t area_id;
    struct str found;
    struct point_row *rows;
    size_t len;
    struct area_row *areas; /* of the nation: its provinces */
    size_t areas_len;
    struct safe_html pager;
    struct safe_html campaign_form, conference_form;
    struct url incidents_url;
    struct str empty;
};
void page_point_list(struct html *h, const struct point_list_view *view);

/* ---- One point ---- */

struct named_row {
    struct str name, value;
    struct url url; /* of the value; empty for none */
};
struct test_row {
    struct str at, by, how, figures, words;
    struct safe_html mark;
    bool is_early;
};
struct incident_row {
    struct str at, kind, point, area, minutes, words, utility, corrected;
    struct safe_html mark;
    struct url url, point_url;
};
struct report_row {
    struct str at, by, said, note;
    struct safe_html mark;
};
struct point_view {
    const struct point *point;
    struct safe_html described, test, trouble;
    struct str closed; /* why it is closed; "" open */
    struct named_row *facts;
    size_t facts_len;
    struct named_row *sessions;
    size_t sessions_len;
    struct named_row *siblings; /* the other points of the area */
    size_t siblings_len;
    struct str deadline; /* "trước 9 giờ ngày 21/11/2025 (còn 35 phút)"; "" when no paper asks */
    struct str deadline_source;
    struct report_row *reports;
    size_t reports_len;
    bool is_report_owed;
    struct str current; /* what stands now beside what was reported */
    struct test_row *tests;
    size_t tests_len;
    struct str turn;
    struct url test_url;
    struct incident_row *incidents;
    size_t incidents_len;
    struct safe_html describe_form, add_form, close_form, report_form, hand_form, incident_form, conference_form;
    struct str add_words; /* which paper lets it, or that none does */
    bool may_test;
};
void page_point(struct html *h, const struct point_view *view);

/* ---- One incident, and an area's for the utilities ---- */

struct incident_view {
    struct incident_row row;
    struct named_row *facts;
    size_t facts_len;
    struct safe_html close_form, correct_form;
};
void page_point_incident(struct html *h, const struct incident_view *view);

struct incidents_view {
    struct str words;
    struct incident_row *rows;
    size_t len;
    struct str totals;
    struct safe_html link_form;
};
void page_point_incidents(struct html *h, const struct incidents_view *view);

/* ---- The line test ---- */

enum { LINE_FIGURES = 10 };
/* One figure: the script fills it, the form sends it. The limit is shown in words and given to the script as numbers. */
struct line_figure {
    struct str name, label, unit, value, limit;
    int64_t min, max; /* 0 none */
};
struct line_view {
    struct str hour, turn, room; /* the campaign, the point's turn, how many are testing now */
    struct url action;           /* "/diem-cau/{id}/kiem-tra": what the script asks lies below it */
    bool has_echo, may_test, may_measure;
    struct line_figure figures[LINE_FIGURES];
    struct safe_html measured_hidden, hand_hidden;
    struct str csrf, ticket;
    bool is_refused;             /* the measured form is shown again, with what was measured */
    struct str error, words, hand_error, hand_words;
    struct test_row *tests;
    size_t tests_len;
};
void page_point_line(struct html *h, const struct line_view *view);

struct block_view {
    struct str words;
    struct safe_html mark, report;
    struct url url, list_url, test_url;
    bool has_own, may_test;
    const struct point_figures *figures;
};
void page_point_block(struct html *h, const struct block_view *view);

/* ---- What the page files share ---- */

void part_named_rows(struct html *h, const struct named_row *rows, size_t len);
void part_test_rows(struct html *h, const struct test_row *rows, size_t len);
void part_incident_rows(struct html *h, const struct incident_row *rows, size_t len, bool with_point);

struct safe_html point_test_mark(struct arena *arena, const struct point *point);
struct test_row point_test_row(struct arena *arena, const struct point_test *test);
struct incident_row point_incident_row(struct ctx *cx, const struct point_incident *incident);
/* The class that a page under /lop/{id} is of: any paper of it that the actor may see. */
enum err point_asked_class(struct ctx *cx, const struct request *req, struct course *ret_course, int64_t *ret_root_id)
    MUST_CHECK;
/* The same behind a button that opens it; open by itself when it was refused, or when `is_open`. */
struct safe_html point_folded_form(struct ctx *cx, const struct request *req, const struct field_table *fields, const void *values,
                                   struct url action, const char *label, const char *submit, int64_t key, bool is_open);
void part_folded(struct html *h, struct str label, struct safe_html form, bool is_open);
/* A form of this room: action, label, and a fact id of its own on a page with several forms. */
struct safe_html point_form(struct ctx *cx, const struct request *req, const struct field_table *fields, const void *values,
                            struct url action, const char *submit, int64_t key);
/* "còn 35 phút" before it, "đã mở" after: an hour that opens something and sets no deadline. */
struct str point_opening_words(struct arena *arena, int64_t at, int64_t now);
/* What the figure of that name has to keep: "từ 2000 kbit/s"; "" when nothing. */
struct str point_limit_words(struct arena *arena, struct str name, int64_t *ret_min, int64_t *ret_max);
struct named_row point_named_row(const char *name, struct str value);
struct str point_incident_kind(struct str kind);

/* Handlers, in the order of their files. */
enum err point_show_list(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_export_list(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_show_incidents(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_export_incidents(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_post_link(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_show_incident(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_post_incident(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_post_incident_closed(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_post_incident_corrected(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err point_show_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block) MUST_CHECK;

#endif
