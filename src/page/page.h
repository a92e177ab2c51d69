/*
 * page: the frame around every page, and the pieces all rooms share: state marks, forms, maps, long lists.
 *
 * docs/components.md shows the markup of what is only classes (tables, filters, tabs, duty rows, empty states).
 * Pages never carry inline styles or scripts: the content security policy blocks both.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/ctx.h"
#include "base/field.h"
#include "page/html.h"

/* What the layout shows around a page. The router fills it from the request; a handler sets title, place and more. */
struct page {
    struct str title;        /* the page's one question, h1 and <title> */
    struct str unit_name;    /* for whom: the seat's unit */
    struct str place;        /* which rail entry is current: "hom-nay", "theo-doi", "van-ban", "lop", "don-vi", "can-bo", "quan-tri" */
    struct str crumb;        /* a line above the title; may be empty */
    struct url crumb_url;    /* where it leads; empty for plain words */
    struct str notice;       /* after a redirect: what was done; "" for none */
    struct str error;        /* what went wrong and what to do; "" for none */
    struct str error_code;   /* short, to be read out on the telephone; "" for none */
    struct str csrf;         /* the session's form token */
    struct url live_url;     /* a stream this page listens to; empty for none */
    struct safe_html actions; /* the main action, always in the same corner; at most one .button.main, it comes last */
    struct url export_url;   /* this list as CSV; shown beside "In trang này", at the same place on each page */
    struct url projector_url; /* this page at ?chieu=1; empty when it is not for a wall */
    struct str source;       /* printed in the head: the paper that orders this, "Kế hoạch 664-KH/HVCTQG ngày 14/5/2026" */
    const struct actor *actor;
    int64_t now;
    bool refreshes_soon;     /* something is being made ready: the page asks again by itself after two seconds */
    bool is_projector;       /* ?chieu=1: no frame, three sizes up */
    bool is_wide;            /* a table or board page that uses the full width */
    bool is_bare;            /* no rail: sign-in, a personal link, a public page */
    bool is_light;           /* opened over bad lines: the device's own typeface, none to load (67 KB less) */
    struct url manifest_url; /* may be put on the home screen; empty for none */
};

/* The whole page around `body`. http's response_page calls it; rooms do not. */
void page_layout(struct html *h, const struct page *page, struct safe_html body);

/*
 * Renders into a buffer of its own, for templates that are put into others:
 *     struct html h = page_begin(&cx->arena);
 *     page_nomination_list(&h, &view);
 *     response_page(cx, req, res, &page, page_end(&h));
 */
struct html page_begin(struct arena *arena);
struct safe_html page_end(const struct html *h);

/* States carry a shape and a word with their colour (look.md). */
enum state_mark { MARK_DONE, MARK_DUE, MARK_SOON, MARK_LATE, MARK_UNKNOWN, MARK_NOT_OWED };
/* The shape and the words: ▲ Quá hạn 12 phút. */
struct safe_html page_mark(struct arena *arena, enum state_mark mark, struct str words);
/* "done", "due", "soon", "late", "unknown", "not-owed": for class="... is-late" and for live streams. */
struct str page_mark_name(enum state_mark mark);

/* ---- forms ---- */

/* The choices of a field that are known only at run time (FIELD_ID, FIELD_CHOICE, FIELD_TEXT with suggestions). */
struct form_options {
    const char *field;
    const struct choice *choices; /* an id's value is its decimal number */
    size_t len;
};

/* A file to be sent along. */
struct form_file {
    const char *name;
    const char *label;
    const char *accept; /* ".pdf,.docx" */
    const char *help;
    bool required;
};

/* One form of a page: its fields come from the same table as the fact's body. values/errors may be NULL. */
struct form_view {
    struct url action;
    const struct field_table *fields;
    const void *values;           /* a struct of the table: what is filled in */
    const struct str *typed;      /* what the person typed, one per field, shown instead of values after an error */
    struct str error_field;       /* "" or the field's name the error belongs to */
    struct str error_words;
    struct str submit_label;      /* the one main action */
    struct str fact_id;           /* hex; made by the router for each form shown */
    struct str csrf;
    const struct form_options *options;
    size_t options_len;
    const struct form_file *files; /* these make the form multipart */
    size_t files_len;
    struct str confirm;           /* asked before it is sent: "Ban hành văn bản này?"; "" for no question */
    struct str id_prefix;         /* when a page has two forms with the same fields; "" otherwise */
    struct url cancel_url;        /* "Thôi"; empty for none */
    bool has_file;                /* multipart without `files`: file inputs laid out by hand */
};
/*
 * Label above, help below, the error beside its field; Enter does the main thing. A required FIELD_ID or any FIELD_ID
 * without options is a hidden input. FIELD_CHOICE with at most four choices is radio buttons, with more a list.
 */
struct safe_html page_form(struct arena *arena, const struct form_view *form);
/* Only the fields' markup, for forms laid out by hand. */
struct safe_html page_form_fields(struct arena *arena, const struct form_view *form);
/* The hidden inputs every POST form carries: csrf and fact_id. */
struct safe_html page_form_hidden(struct arena *arena, struct str csrf, struct str fact_id);
/* A form of one button: something that needs no words. Only the one main action of a page is `is_main`. */
struct safe_html page_button(struct arena *arena, struct url action, struct str label, bool is_main, struct str confirm,
                             struct str csrf, struct str fact_id);

/* ---- boards ---- */

/* One province on the map of 34 tiles (page_tile_map) or one commune in a province's grid (page_unit_grid). */
struct tile {
    struct str code;  /* official code: places a province on the map, and names the tile in live streams */
    struct str name;
    struct url url;   /* what lies behind it; empty for none */
    enum state_mark mark;
    struct str words; /* the state in words, for those who see no shape: "còn 3 xã chưa báo cáo" */
    int64_t done, all; /* "120/124"; no figures when all is 0 */
};
/* A province whose code is not on the map is left out: the map is of the units after 1/7/2025. */
struct safe_html page_tile_map(struct arena *arena, const struct tile *tiles, size_t len);
struct safe_html page_unit_grid(struct arena *arena, const struct tile *tiles, size_t len);
/* Of the 34: "Lai Châu", "TP.HCM"; "" when there is no such code. */
struct str page_province_short_name(struct str code);

/* "Trang 2/12 · 1.150 dòng" with links; nothing when one page holds all. `url` has no trang= yet, and at least one '?'. */
struct safe_html page_pager(struct arena *arena, struct url url, int64_t page_number, int64_t page_rows, int64_t all_rows);

/* A QR code as SVG, for a link on paper or on a wall; empty when the text is longer than 1,000 bytes. */
struct safe_html page_qr(struct arena *arena, struct str text);

/* Fingerprinted address of an asset by its plain name ("app.css"). The name must exist (asset.h). */
struct url asset_url(const char *name);

#endif
