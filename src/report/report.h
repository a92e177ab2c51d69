/*
 * report: who has and who has not, at every level. The boards of the nation, a province and a commune read the counters
 * kept along the unit tree, so that any board costs a few rows; each number opens the list of units behind it.
 *
 * A board is of one issued paper, seen from one area: its whole subtree in figures, then one row for each area below.
 * "Late" is what is open after its instant; it comes from the obligations' instants, not from a clock job.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/ctx.h"
#include "http/http.h"

enum { REPORT_ROWS_MAX = 400, REPORT_SILENT_MAX = 5000, REPORT_PAPERS_MAX = 50 };

/* What is counted. X(NAME, as in addresses, who has, who has not) */
#define REPORT_FIGURE_LIST(X)                                                                          \
    X(PAPER, "van-ban", "Đã tiếp nhận văn bản", "Chưa tiếp nhận văn bản")                              \
    X(MATERIAL, "tai-lieu", "Đã nhận tài liệu", "Chưa nhận tài liệu")                                  \
    X(DUTY, "nhiem-vu", "Nhiệm vụ đã xong", "Nhiệm vụ chưa xong")                                      \
    X(LATE, "qua-han", "Nhiệm vụ quá hạn", "Nhiệm vụ quá hạn")

enum report_figure {
#define X(name, address, done, open) REPORT_##name,
    REPORT_FIGURE_LIST(X)
#undef X
        REPORT_FIGURES
};

struct report_numbers {
    int64_t paper_sent, paper_received;
    int64_t material_sent, material_received;
    int64_t duty_total, duty_done, duty_late; /* late: open after its instant */
};

struct report_row {
    int64_t unit_id;
    struct str code;
    struct str name; /* "Quảng Ngãi", "phường Cẩm Thành" */
    struct str kind;
    struct report_numbers numbers;
};

struct report_board {
    int64_t unit_id;
    struct str unit_name;
    struct str unit_kind;
    int64_t document_id;
    struct report_numbers total; /* of the unit's whole subtree */
    struct report_row *rows;     /* the areas right below, by code */
    size_t len;
};

/*
 * The board of a paper (document_id) over an area (unit_id). ERR_NOT_FOUND when the actor may not see that area or that
 * paper, as when they do not exist.
 */
enum err report_board(struct ctx *cx, int64_t unit_id, int64_t document_id, struct report_board *ret_board) MUST_CHECK;

/* A unit behind a number. */
struct report_silent {
    int64_t unit_id;
    struct str unit_name;
    struct str area_name;     /* the commune or province the body belongs to */
    struct str province_name;
    struct str duty;          /* the duty's text; "" for papers and materials */
    struct str place;         /* where the paper orders it */
    int64_t due_at;           /* 0: none */
};
struct report_silents {
    struct report_silent *at;
    size_t len;
    bool is_cut; /* more than REPORT_SILENT_MAX */
};
enum err report_list_silent(struct ctx *cx, int64_t unit_id, int64_t document_id, enum report_figure figure, int64_t limit,
                            struct report_silents *ret_list) MUST_CHECK;

/*
 * The event of a live board, as app.js reads it: {"at":ms,"set":{"PAPER":"3.298","51.done":"90"},"mark":{"51":"due"}}.
 * subject_id is the paper and the figure shown (document_id * REPORT_FIGURES + figure), below zero of a class day
 * (class_day_stream_subject). For live_set_render; not narrowed further than cx->actor: the stream's route has checked
 * who listens.
 */
enum err report_render_live(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data);

/* Every issued paper's figures over the actor's whole reach, as lines for a person or as JSON; newest first. */
enum err report_write_summary(struct ctx *cx, bool as_json, struct buf *ret_text) MUST_CHECK;

/* Registers the class page's block of the class day; once at start, before any connection. */
void report_start(void);

extern const struct route_table report_routes;
extern const struct route_table class_day_routes; /* class_day.h */

#endif
