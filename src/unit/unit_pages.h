/*
 * unit_pages: the tree as of a day, one unit, search, changes and the statistics office's list: routes and what they show.
 */
#ifndef UNIT_UNIT_PAGES_H
#define UNIT_UNIT_PAGES_H

#include "http/http.h"
#include "page/page.h"
#include "unit/unit_import.h"

struct unit_row {
    struct url url; /* empty for one outside the reader's scope */
    struct str name;
    struct str kind;
    struct str code;
    struct str above; /* the province of a commune, the superior of a body */
};
struct unit_rows {
    struct unit_row *at;
    size_t len;
};

/* The line of filters, the same above a unit and above what was found. */
struct unit_filter_view {
    struct url action;
    struct str text;
    struct str kind;
    struct str day; /* dd/mm/yyyy */
    struct str found;
};

struct unit_history_row {
    struct str days;
    struct str name;
    struct str cause;
    bool is_now;
};

struct unit_one_view {
    struct unit_filter_view filter;
    const struct unit *unit;
    struct str kind;
    struct str codes;
    struct str days;   /* since when, until when */
    struct str as_of;  /* "" for today; else the words above the page */
    struct url people_url; /* empty without the permission */
    struct unit_row superior;
    struct unit_rows ancestors;
    struct unit_rows bodies;
    struct unit_rows areas;
    struct unit_rows successors; /* name is the words, "Sáp nhập vào xã ..." */
    struct unit_history_row *history;
    size_t history_len;
};
void page_unit_one(struct html *h, const struct unit_one_view *view);
void part_unit_actions(struct html *h, struct url change_url);
void part_unit_import_action(struct html *h, struct url import_url);

struct unit_found_view {
    struct unit_filter_view filter;
    struct unit_rows rows;
    struct safe_html pager;
};
void page_unit_found(struct html *h, const struct unit_found_view *view);

struct unit_change_view {
    struct safe_html rename_form, kind_form, body_form, merge_form, close_form;
    bool is_area;
};
void page_unit_change(struct html *h, const struct unit_change_view *view);

struct unit_import_view {
    struct url action;
    struct safe_html hidden;
    struct str day;
    struct str error;
};
void page_unit_import(struct html *h, const struct unit_import_view *view);

struct unit_preview_view {
    struct url action, back_url;
    struct safe_html hidden;
    struct str list; /* the list again, as CSV, for the form that applies it */
    struct str day, day_words, cause;
    size_t rows;
    struct str counts[UNIT_CHANGE_COUNT]; /* "Đổi tên: 5" */
    size_t counts_len;
    const struct unit_import_changes *changes;
    struct str *words; /* one for each change */
};
void page_unit_preview(struct html *h, const struct unit_preview_view *view);

extern const struct route_table unit_routes;

#endif
