/*
 * reading_pages: the views of this room's pages. NHẬN VĂN BẢN: choosing a file, waiting, the paper beside what was read
 * from it, who changed what.
 */
#ifndef READING_READING_PAGES_H
#define READING_READING_PAGES_H

#include "page/page.h"
#include "plan/plan_pages.h"
#include "reading/reading_inside.h"

/* ---- Choosing a file ---- */

struct reading_line {
    struct url url;
    struct str label, facts;
    struct safe_html mark;
};
struct reading_list_view {
    struct safe_html form;
    const struct reading_line *lines;
    size_t lines_len;
};
void page_reading_list(struct html *h, const struct reading_list_view *view);

struct reading_wait_view {
    struct str file_name, words; /* "Đang đọc, đã 12 giây" */
    struct str before;           /* "Còn 2 tệp đứng trước"; "" none */
    struct url again_url;
};
void page_reading_wait(struct html *h, const struct reading_wait_view *view);

/* ---- The paper on the left ---- */

struct sheet_paragraph {
    int number;
    char look;
    struct str id; /* "d12" */
    struct url pick_url;
    struct safe_html text; /* with what was read underlined */
    /* Tables: what to open and close around it. */
    bool opens_table, opens_row, opens_cell, closes_cell, closes_row, closes_table;
    int row_span, column_span;
    bool is_bold;
    int page; /* a page begins before it: its number, else 0 */
    struct url picture_url;
};

/* ---- The values on the right ---- */

struct value_view {
    struct str label, shown;
    struct url place_url; /* "#d12"; empty when the paper has no place for it */
    int64_t paragraph, from, to;
    struct str doubt;
    struct str said;      /* what the machine had read, where a person changed it */
    bool is_changed, is_main;
};
/* A form of one button that says which edit it is. */
struct act_view {
    const char *action;
    struct str path, value;
    const char *label, *question; /* question: asked first; NULL none */
    struct str fact_id;
};
/* An input of a record's form. */
struct input_of_value {
    const struct reading_field *field;
    struct str name, typed, id, how; /* how: a due's relation */
    bool is_invalid;
};
struct record_form {
    struct str path, action, title;
    struct str error;
    const struct input_of_value *inputs;
    size_t inputs_len;
    struct url cancel_url;
    struct str fact_id;
    int64_t paragraph, from, to;
};
struct record_view {
    struct str id;      /* "m-obligations-3" */
    const struct value_view *values;
    size_t values_len;
    bool is_added;
    bool is_gone;       /* the machine read it, a person took it out */
    struct url edit_url;
    const struct record_form *form; /* open for changing; NULL else */
    struct act_view remove; /* action NULL: not now */
    const struct section_view *nested;
};
struct section_view {
    struct str id, title;
    struct str count; /* "12 nhiệm vụ" */
    const struct record_view *records;
    size_t records_len;
    struct url add_url;
    struct str add_label;
    const struct record_form *add_form;
    bool is_open;
};
/* What must be looked at before the rest. */
struct doubt_view {
    struct str where, words, shown;
    struct url place_url, edit_url;
    int64_t paragraph, from, to;
    struct act_view confirm;
};
struct reading_view {
    const struct reading *reading;
    struct url file_url, history_url, picture_toggle_url;
    struct str facts; /* "Word (DOCX) · 12 KB · nhận lúc ..." */
    const struct sheet_paragraph *paragraphs;
    size_t paragraphs_len;
    const struct doubt_view *doubts;
    size_t doubts_len;
    struct act_view confirm_all; /* action NULL: one doubt or none */
    const struct record_form *missing; /* number, date, signer: what issuing asks for; NULL when all is there */
    const struct section_view *sections;
    size_t sections_len;
    struct str draft_fact_id;
    struct url draft_url;
    const char *own_label, *received_label; /* NULL: may not now */
    struct str issuer_words;
    bool is_received;     /* the letterhead is not the actor's unit */
    struct url document_url;
    struct str document_words;
    struct url known_url; /* the same paper is here already */
    struct str known_words;
    const struct plan_upper_view *uppers; /* papers it carries out that are here */
    size_t uppers_len;
    bool is_closed;       /* issued: nothing changes any more */
    bool has_pictures;
    struct str csrf;
    /* A stretch of the paper to be given to a field, picked by a link or by selecting. */
    const struct choice *targets;
    size_t targets_len;
    struct str pick_text, pick_fact_id, pick_target;
    int64_t pick_paragraph, pick_from, pick_to;
    bool is_picking;
    struct url edit_url; /* where edits are sent */
};
void page_reading(struct html *h, const struct reading_view *view);

/* The paper side: paragraphs with what was read in them. `state` is parsed. */
enum err reading_paper_view(struct ctx *cx, const struct reading *reading, json_t *state, bool with_pictures, bool may_pick,
                            struct reading_view *ret_view) MUST_CHECK;
/* Whether the letterhead's body is the actor's unit. */
enum err reading_is_own_paper(struct ctx *cx, struct str issuer, bool *ret_is_own) MUST_CHECK;

/* ---- Who changed what ---- */

struct history_line {
    struct str when, who, what, where, before, after;
};
struct history_view {
    const struct history_line *lines;
    size_t lines_len;
    struct str file_facts;
};
void page_reading_history(struct html *h, const struct history_view *view);

/* Beside the paper it became. */
struct origin_view {
    struct url reading_url, file_url, history_url;
    struct str file_name, facts;
    int64_t changes;
    bool is_own;
};
void part_reading_origin(struct html *h, const struct origin_view *view);

#endif
