/*
 * report_pages: what the boards' templates are given.
 */
#ifndef REPORT_REPORT_PAGES_H
#define REPORT_REPORT_PAGES_H

#include "http/http.h"
#include "page/page.h"
#include "report/report.h"

/* A paper that can be followed here. */
struct paper_choice {
    int64_t id;
    int64_t sent;     /* to how many units of the area */
    struct str words; /* "664-KH/HVCTQG · tổ chức lớp ..." */
    bool is_chosen;
};

/* One of the tabs: which figure the map shows. */
struct figure_tab {
    struct str words;
    struct url url;
    const char *live_key;
    int64_t done, all; /* for LATE: all is 0 and done the number late */
    bool is_chosen;
    bool is_late;
};

struct board_view {
    struct str paper_cite, paper_title;
    struct url paper_url;
    struct url self_url; /* where the form that chooses the paper goes */
    struct paper_choice *papers;
    size_t papers_len;
    int64_t document_id;
    int64_t at;              /* the moment shown; 0 for now */
    struct str moment_words; /* "Như lúc 09:00 ngày 21/5/2026"; "" for now */
    struct str moment_day, moment_hour; /* the same for the form */
    struct url now_url;      /* back to the board as it is */
    struct figure_tab tabs[REPORT_FIGURES];
    struct str figure_address; /* of the chosen tab */
    struct safe_html map;      /* tiles or grid; empty for a commune */
    struct str map_title;
    struct report_silents silents;
    struct str silent_title;
    struct url silent_url;
    struct url remind_url; /* empty when the actor may not remind */
    struct safe_html *silent_marks;
    bool is_projector;
};

struct silent_list_view {
    struct report_silents silents;
    struct safe_html *marks;
    struct str *due_words;
    struct str figure_words;
    struct str empty_words;
    bool has_duty;
};

/* A moment that is being made. */
struct waiting_view {
    struct str moment_words;
    int64_t progress, facts; /* facts is 0 before it has begun */
};

struct report_moment;
/* The page while an earlier moment is being made again (report_history.h). */
enum err report_show_waiting(struct ctx *cx, struct request *req, struct response *res, const struct report_moment *moment);

void page_report_waiting(struct html *h, const struct waiting_view *view);
void page_report_board(struct html *h, const struct board_view *view);
void page_report_empty(struct html *h, struct str words);
void page_report_silent(struct html *h, const struct silent_list_view *view);

#endif
