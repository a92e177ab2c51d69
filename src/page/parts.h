/*
 * parts: what page's own templates are given. Rooms call page.h instead.
 */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

#include "page/page.h"

/* ---- layout.html ---- */

struct layout_view {
    const struct page *page;
    struct safe_html body;
    struct str weekday_date; /* Thứ Năm, 21/5/2026 */
    struct str time;         /* 09:12 */
    struct str time_iso;     /* with seconds and +07:00 */
    struct str printed_at;   /* 09:12 ngày 21/5/2026 */
    const struct place_view *places;
    size_t places_len;
    bool is_signed_in;
};

/* One of the rail's at most seven places. */
struct place_view {
    struct str name;
    struct str icon; /* of the sprite in layout.html */
    struct url url;
    bool is_current;
};

void page_layout_view(struct html *h, const struct layout_view *view);

/* ---- mark.html ---- */

/* Where the shape stands in the layout: "#mark-late". */
struct url page_mark_icon(struct arena *arena, enum state_mark mark);
void part_mark(struct html *h, struct url icon, struct str name, struct str words);

/* ---- form.html ---- */

enum input_kind { INPUT_HIDDEN, INPUT_LINE, INPUT_LINES, INPUT_CHECK, INPUT_RADIO, INPUT_SELECT, INPUT_FILE };

struct input_view {
    enum input_kind kind;
    struct str id;
    struct str name;
    struct str label;
    struct str value;
    struct str help;       /* "" for none */
    struct str error;      /* "" for none */
    struct str help_id;
    struct str error_id;
    struct str described_by; /* the ids of help and error that exist, joined by a blank; "" for none */
    struct str list_id;    /* suggestions; "" for none */
    const char *type;         /* of INPUT_LINE */
    const char *input_mode;   /* NULL for none */
    const char *autocomplete; /* NULL for none */
    const char *accept;       /* NULL for none */
    const char *size;         /* "short", "middle" or "" */
    const struct choice *choices;
    size_t choices_len;
    size_t len_max;        /* 0 for none */
    bool is_required;
    bool is_checked;
};

struct form_parts {
    const struct form_view *form;
    const struct input_view *inputs;
    size_t inputs_len;
    bool has_trouble;      /* the error belongs to no field that is shown */
    bool is_multipart;
};

void page_form_parts(struct html *h, const struct form_parts *view);
void part_form_inputs(struct html *h, const struct input_view *inputs, size_t len);
void part_form_hidden(struct html *h, struct str csrf, struct str fact_id);
void part_form_button(struct html *h, const struct form_view *form, bool is_main);

/* ---- board.html ---- */

struct tile_view {
    const struct tile *tile;
    struct str short_name;
    struct str mark_name;
    struct url icon;
    int row, col; /* on the map; unused in a grid */
};

void part_tile_map(struct html *h, const struct tile_view *tiles, size_t len);
void part_unit_grid(struct html *h, const struct tile_view *tiles, size_t len);

struct pager_view {
    struct url first_url, previous_url, next_url, last_url; /* empty when there is none */
    int64_t page_number, pages, rows;
};

void part_pager(struct html *h, const struct pager_view *view);

#endif
