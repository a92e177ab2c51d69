/*
 * page: the frame around every page, and the pieces all rooms share: state marks, filters, tables, forms, errors.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/ctx.h"
#include "base/field.h"
#include "page/html.h"

/* What the layout shows around a page. The router fills it from the request; a handler sets title and crumbs. */
struct page {
    struct str title;        /* the page's one question, h1 and <title> */
    struct str unit_name;    /* for whom: the seat's unit */
    struct str place;        /* which rail entry is current: "hom-nay", "theo-doi", "van-ban", "lop", "don-vi", "can-bo", "quan-tri" */
    struct str crumb;        /* a line above the title; may be empty */
    struct url crumb_url;    /* where it leads */
    struct str notice;       /* after a redirect: what was done; "" for none */
    struct str error;        /* what went wrong; "" for none */
    struct str csrf;         /* the session's form token */
    struct url live_url;     /* a stream this page listens to; empty for none */
    const struct actor *actor;
    int64_t now;
    bool is_projector;       /* ?chieu=1: no frame, three sizes up */
    bool is_wide;            /* a table page that uses the full width */
};

/* States carry a shape and a word with their colour (look.md). */
enum state_mark { MARK_DONE, MARK_DUE, MARK_SOON, MARK_LATE, MARK_UNKNOWN, MARK_NOT_OWED };
struct safe_html page_mark(struct arena *arena, enum state_mark mark, struct str words);

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
    bool has_file;                /* multipart */
};
struct safe_html page_form(struct arena *arena, const struct form_view *form);
/* Only the fields' markup, for forms laid out by hand. */
struct safe_html page_form_fields(struct arena *arena, const struct form_view *form);
/* The hidden inputs every POST form carries: csrf and fact_id. */
struct safe_html page_form_hidden(struct arena *arena, struct str csrf, struct str fact_id);

/* Fingerprinted address of an asset by its plain name ("app.css"). */
struct url asset_url(const char *name);

#endif
