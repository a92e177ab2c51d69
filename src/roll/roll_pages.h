/*
 * roll_pages: what this room's templates are given, and the handlers that stand in other files.
 */
#ifndef ROLL_ROLL_PAGES_H
#define ROLL_ROLL_PAGES_H

#include "page/page.h"
#include "roll/roll_inside.h"

enum { ROLL_BUTTONS = 4 };

struct roll_button {
    struct str value; /* "9:present:HEADS" */
    struct str mark;
    struct str label;
    bool is_pressed;
};
struct roll_row {
    const struct roll_line *line;
    struct str id;    /* "hv-9" */
    struct str mark;  /* as stored */
    struct str who;   /* title and unit */
    struct str said;  /* "Muộn · 08:12 · Lò Thị Bích ghi" */
    struct str group; /* the label of the buttons' group */
    struct roll_button buttons[ROLL_BUTTONS];
};
/* One head of a conflict: who said what and when. */
struct head_row {
    struct str words;
};
struct conflict_view {
    struct str name;
    struct head_row *heads;
    size_t len;
    struct safe_html form;
};
struct named_row {
    struct str words;
    struct safe_html form;
};
struct objection_view {
    struct str name, at, words, answer;
    struct safe_html form;
};
struct figure_row {
    struct str label;
    struct str name; /* data-roll-figure */
    int64_t now, frozen;
};
struct sheet_view {
    const struct roll_place *place;
    const struct roll_session *session;
    const struct roll_sheet *sheet;
    struct url package_url, send_url, live_url, file_url, mark_url, point_url, print_url;
    struct str epoch;
    struct safe_html hidden; /* the form's tokens */
    struct safe_html file_hidden;
    bool may_mark, may_close, is_open;
    struct str hours;
    struct roll_row *rows;
    size_t len;
    struct str closed_words; /* "" while open */
    struct figure_row *compare;
    size_t compare_len;
    struct str unmarked_words; /* who is not marked yet */
    /* "Phép" was pressed without a reason. */
    struct str reason_name, reason_value;
    struct safe_html reason_hidden;
    struct conflict_view *conflicts;
    size_t conflicts_len;
    struct named_row *walk_ins;
    size_t walk_ins_len;
    struct safe_html walk_in_form, count_form, close_form, reopen_form;
    struct str count_words;
    struct objection_view *objections;
    size_t objections_len;
    struct str *incidents;
    size_t incidents_len;
    struct str *asides;
    size_t asides_len;
    struct str *devices;
    size_t devices_len;
    struct str *turns;
    size_t turns_len;
    struct url *session_urls;
    struct url code_url;
};
void page_roll_sheet(struct html *h, const struct sheet_view *view);
void part_roll_withdraw(struct html *h, struct url action, struct str walk_in, struct safe_html hidden);
void part_roll_answer(struct html *h, struct url action, struct str objection, struct safe_html hidden, bool is_open);
void page_roll_print(struct html *h, const struct sheet_view *view);

struct point_row {
    struct str name, session;
    struct url url;
    int64_t expected, present, marked;
    bool is_opened; /* something was said of the half-day: before that nobody has counted who is expected */
    struct safe_html mark;
};
struct class_section {
    struct str title;
    struct point_row *rows;
    size_t len;
    struct str more;
};
struct roll_home_view {
    struct class_section *at;
    size_t len;
};
void page_roll_home(struct html *h, const struct roll_home_view *view);

struct receipt_row {
    struct str id;
    struct str words;
};
struct receipts_view {
    int64_t stored, already, set_aside;
    struct receipt_row *rows; /* of those set aside */
    size_t len;
    struct url back_url;
};
void page_roll_receipts(struct html *h, const struct receipts_view *view);
enum err roll_show_receipts(struct ctx *cx, struct request *req, struct response *res, const struct roll_place *place,
                            struct receipts_view *view) MUST_CHECK;

/* The class page's block: the points of the reader's own area, or a word for how many. */
struct roll_block_view {
    struct point_row *rows;
    size_t len;
    struct url all_url;
};
void part_roll_block(struct html *h, const struct roll_block_view *view);
enum err roll_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block);

/* The learner's page: what stands, the officer's button, the objection. */
struct learner_session_row {
    struct str name;
    struct safe_html mark;
    struct str said;
    struct str objected; /* "" none */
    struct str answer;
    struct safe_html form;
};
struct learner_view {
    struct learner_session_row *rows;
    size_t len;
    struct str officer_words;
    struct safe_html officer_form; /* an officer of the point looks: "Điểm danh có mặt" */
    struct safe_html phone_form;   /* this telephone becomes the learner's */
};
void part_roll_learner(struct html *h, const struct learner_view *view);
enum err roll_learner_block(struct ctx *cx, const struct request *req, const struct learner *learner, struct str code,
                            struct safe_html *ret_block);

/* The room's code. */
/* The address that the room's screen shows at this moment. */
struct str roll_room_address(struct ctx *cx, const struct request *req, const struct roll_place *place, int64_t session);
struct code_view {
    struct str point_name, session_name;
    struct url image_url;
    struct str words;
};
void page_roll_code(struct html *h, const struct code_view *view);
struct enter_view {
    struct str point_name, session_name;
    struct safe_html form;
    struct str words;
    bool is_done;
};
void part_roll_enter_form(struct html *h, struct safe_html hidden, struct str pass, bool asks_code);
void part_roll_object_form(struct html *h, struct safe_html hidden, struct str code, int64_t session_key);
void part_roll_scan_form(struct html *h, struct url action, struct safe_html hidden, struct str pressed);
void part_roll_phone_form(struct html *h, struct safe_html hidden, struct str code);
void page_roll_enter(struct html *h, const struct enter_view *view);

/* The open points of one class with their figures of the half-day under way, from counts alone, without names. */
enum err roll_fill_point_rows(struct ctx *cx, const struct point_list *points, struct str *ret_title, struct point_row *rows,
                              size_t *ret_len) MUST_CHECK;
struct safe_html roll_form_of(struct ctx *cx, const struct request *req, struct url action, const struct field_table *fields,
                              const void *values, const char *label, int64_t key);
/* A form's own fact id: forms of one page are sent one after another, and each is a fact of its own. */
struct str roll_form_id(struct arena *arena, const struct request *req, int64_t key);

/* Handlers of roll_code.c and roll_form.c. */
enum err roll_code_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_code_image(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_enter_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_enter_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_phone_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_object_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

struct mark_form {
    struct str luot;
    struct str reason;
    bool is_scan;
};
extern const struct field roll_mark_fields[3];
struct settle_form {
    int64_t learner_id;
    struct str mark;
    struct str reason;
};
extern const struct field roll_settle_fields[3];
struct walk_in_form {
    struct str full_name, title, unit_name;
};
extern const struct field roll_walk_in_fields[3];
struct withdraw_form {
    struct str walk_in;
    struct str reason;
};
extern const struct field roll_withdraw_fields[2];
struct count_form {
    int64_t heads;
    struct str note;
};
extern const struct field roll_count_fields[2];
struct reopen_form {
    struct str reason;
};
extern const struct field roll_reopen_fields[1];
struct answer_form {
    struct str objection;
    struct str mark; /* "" leaves the roll as it is */
    struct str words;
};
extern const struct field roll_answer_fields[3];
struct object_form {
    struct str code;
    int64_t session_key;
    struct str words;
};
extern const struct field roll_object_fields[3];
struct enter_form {
    struct str pass;
    struct str code;
};
extern const struct field roll_enter_fields[2];

enum err roll_mark_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_settle_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_walk_in_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_withdraw_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_count_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_close_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_reopen_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;
enum err roll_answer_post(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

/* The point and the half-day of an address /diem-danh/{point}/{session}/... */
enum err roll_asked_sheet(struct ctx *cx, const struct request *req, struct roll_place *ret_place, int64_t *ret_session)
    MUST_CHECK;

#endif
