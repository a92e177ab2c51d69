/*
 * class_day: the boards and the report of a class's days, seen from one area: which points are described, whose lines
 * work, who reported, who was named, who sits in the room, what broke.
 *
 * Every figure is read from the counters that the rooms above keep along the unit tree, so a board costs the same however
 * many learners there are. What an area's counters hold beyond the sum of the areas below it is of its own point (a
 * province's hall, the Academy's hub), and is shown as a row of its own.
 *
 * "Seated" is present and late together; its whole is the learners expected at the points that have begun to call, or all
 * that are named where that is more: a room that has not begun is not a room without absentees.
 */
#ifndef REPORT_CLASS_DAY_H
#define REPORT_CLASS_DAY_H

#include "base/ctx.h"
#include "course/course.h"
#include "page/page.h"
#include "point/point.h"

enum { CLASS_DAY_ROWS_MAX = 400, CLASS_DAY_LINES_MAX = 5000, CLASS_DAY_SESSIONS_MAX = 40 };

/* What the map may show. X(NAME, as in addresses, who has, who has not) */
#define CLASS_DAY_FIGURE_LIST(X)                                                                       \
    X(SEATED, "co-mat", "Học viên có mặt", "Học viên vắng, chưa điểm danh")                            \
    X(CALLED, "diem-danh", "Điểm cầu xong điểm danh", "Chưa kết thúc điểm danh")                       \
    X(LINE, "duong-truyen", "Đường truyền đạt", "Đường truyền chưa đạt")                               \
    X(REPORT, "bao-cao", "Đã báo cáo số lượng", "Chưa báo cáo số lượng")                               \
    X(ROSTER, "danh-sach", "Danh sách đã gửi", "Chưa gửi danh sách")                                   \
    X(POINT, "khai-bao", "Điểm cầu đã khai báo", "Điểm cầu chưa khai báo")                             \
    X(TROUBLE, "su-co", "Sự cố chưa khắc phục", "Sự cố chưa khắc phục")

enum class_day_figure {
#define X(name, address, done, open) CLASS_DAY_##name,
    CLASS_DAY_FIGURE_LIST(X)
#undef X
        CLASS_DAY_FIGURES
};

/* X(member and counter, whether it is of one half-day) */
#define CLASS_DAY_NUMBER_LIST(X)                                                                       \
    X(point_total, 0)                                                                                  \
    X(point_closed, 0)                                                                                 \
    X(point_described, 0)                                                                              \
    X(report_total, 0)                                                                                 \
    X(report_sent, 0)                                                                                  \
    X(report_points, 0)                                                                                \
    X(report_heads, 0)                                                                                 \
    X(test_passed, 0)                                                                                  \
    X(test_failed, 0)                                                                                  \
    X(roster_total, 0)                                                                                 \
    X(roster_sent, 0)                                                                                  \
    X(learner_named, 0)                                                                                \
    X(learner_sent, 0)                                                                                 \
    X(incident_open, 0)                                                                                \
    X(incident_total, 0)                                                                               \
    X(incident_minutes, 0)                                                                             \
    X(roll_expected, 1)                                                                                \
    X(roll_present, 1)                                                                                 \
    X(roll_late, 1)                                                                                    \
    X(roll_excused, 1)                                                                                 \
    X(roll_absent, 1)                                                                                  \
    X(roll_walk_in, 1)                                                                                 \
    X(roll_head_count, 1)                                                                              \
    X(roll_closed, 1)                                                                                  \
    X(roll_conflict, 1)

struct class_day_numbers {
#define X(name, is_of_session) int64_t name;
    CLASS_DAY_NUMBER_LIST(X)
#undef X
};

/* Open points, seated learners and their whole, who is not marked yet. */
int64_t class_day_points(const struct class_day_numbers *n);
int64_t class_day_seated(const struct class_day_numbers *n);
int64_t class_day_expected(const struct class_day_numbers *n);
int64_t class_day_unmarked(const struct class_day_numbers *n);
/* done and all of a figure; of TROUBLE done is how many are open and all is 0. */
void class_day_read_figure(const struct class_day_numbers *n, enum class_day_figure figure, int64_t *ret_done, int64_t *ret_all);
enum state_mark class_day_mark(const struct class_day_numbers *n, enum class_day_figure figure);

struct class_day_row {
    int64_t unit_id;
    struct str code;
    struct str name;
    bool is_own; /* the area's own point: what is not in the areas below */
    struct class_day_numbers numbers;
};

struct class_day {
    struct course course; /* the one asked for */
    int64_t root_id;      /* the class */
    int64_t unit_id;
    struct str unit_name;
    struct str unit_path;
    struct str unit_kind;
    struct course_session *sessions;
    size_t sessions_len;
    int64_t session_key; /* whose roll is shown; 0 when the class has no half-days */
    struct class_day_numbers total;
    struct class_day_row *rows;
    size_t rows_len;
};

/*
 * The class and the area, both as the actor may see them: ERR_NOT_FOUND otherwise. session_key 0 chooses the half-day of
 * the moment: the last that has begun (an hour before its start counts), else the first.
 */
enum err class_day_open(struct ctx *cx, int64_t course_id, int64_t unit_id, int64_t session_key, struct class_day *ret_day)
    MUST_CHECK;
/* Not narrowed: day->course and day->root_id are known; fills the place and its half-days. */
enum err class_day_open_place(struct ctx *cx, int64_t unit_id, struct class_day *day) MUST_CHECK;
/* Fills total, and rows with what the figure needs (all figures: everything). */
enum err class_day_read(struct ctx *cx, struct class_day *day, enum class_day_figure figure) MUST_CHECK;
/* Only the total of the half-day asked for, of the same area. */
enum err class_day_read_total(struct ctx *cx, const struct class_day *day, int64_t session_key,
                              struct class_day_numbers *ret_total) MUST_CHECK;

/* The area a person follows: the root of their reach; NOT_FOUND in words when a seat reaches a body alone. */
enum err class_day_own_area(struct ctx *cx, int64_t *ret_unit_id) MUST_CHECK;

/* "Sáng 23/5". */
struct str class_day_session_name(struct arena *arena, const struct course_session *session);
/* When the half-day begins; 07:30, 13:30 or 19:00 where no paper says. */
int64_t class_day_session_start(const struct course_session *session);
int64_t class_day_session_end(const struct course_session *session);

/* Who stands behind a number. */
struct class_day_line {
    int64_t point_id; /* 0 when it is an area or a body */
    int64_t unit_id;
    bool is_area;     /* an area with a board of its own */
    int64_t missing;  /* how many are missing there */
    struct str name;
    struct str province;
    struct str words; /* what is missing: "Chưa kiểm tra", "38/40 có mặt, 1 vắng" */
    struct str contact, phone;
    enum state_mark mark;
};
struct class_day_lines {
    struct class_day_line *at;
    size_t len;
    bool is_cut;
};
enum err class_day_list(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                        struct class_day_lines *ret_list) MUST_CHECK;

/* The rows just read that lack something, most lacking first: the side of a board, without another query. */
void class_day_list_rows(struct ctx *cx, const struct class_day *day, enum class_day_figure figure, size_t limit,
                         struct class_day_lines *ret_list);

/* Learners by the line of the unit that named them: Party, State, Council, Front, others. */
struct class_day_line_sum {
    struct str line; /* as stored */
    struct str name; /* "Khối Đảng" */
    int64_t rosters, rosters_sent, named;
};
enum { CLASS_DAY_LINES = 5 };
enum err class_day_sum_lines(struct ctx *cx, const struct class_day *day, struct class_day_line_sum ret_sums[CLASS_DAY_LINES])
    MUST_CHECK;

/* ---- Live: subjects below zero are class days (report_render_live tells them apart) ---- */

int64_t class_day_stream_subject(int64_t root_id, int64_t session_key, enum class_day_figure figure);
enum err class_day_render_live(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data) MUST_CHECK;
/* Every counter of the area and of the areas below, for every half-day, as JSON. */
enum err class_day_write_json(struct ctx *cx, struct class_day *day, struct buf *ret_text) MUST_CHECK;

#endif
