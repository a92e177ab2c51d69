/*
 * document_pages: the views of this room's pages. VĂN BẢN: the lists, the paper, who has it,
 * issuing, recalling, the walk along the legal basis.
 */
#ifndef DOCUMENT_DOCUMENT_PAGES_H
#define DOCUMENT_DOCUMENT_PAGES_H

#include "document/document.h"
#include "http/http.h"
#include "page/page.h"

extern const struct route_table document_routes;

struct document_tab {
    struct url url;
    const char *label;
    bool is_current;
};

/* One line of the list of papers. */
struct document_line {
    struct url url;
    struct str cite;
    struct str kind;
    struct str title;
    struct str issuer;
    struct str date;       /* 14/05/2026, "" without one */
    struct safe_html mark; /* its state, or whether this unit has acknowledged it */
    struct url counts_url; /* who has it */
    int64_t sent, received;
};

struct document_list_view {
    struct document_tab tabs[5];
    size_t tabs_len;
    struct str box;
    struct str text, kind, state; /* what is filtered for */
    const struct choice *kinds;
    size_t kinds_len;
    struct document_line *lines;
    size_t lines_len;
    struct url before_url, next_url; /* empty when there is none */
    struct url draft_url, paste_url; /* empty when one may not draft */
    const char *why_empty;
    const char *what_next;
};

/* A paragraph as the sheet shows it. */
struct paper_paragraph {
    struct str id;      /* "doan-4" */
    struct str heading; /* "" when the one before has the same */
    struct str text;
    struct str place;
};

struct paper_relation {
    struct str words; /* "Căn cứ", "Được thực hiện bởi" */
    struct str text;  /* "Kế hoạch 664-KH/HVCTQG, 14/05/2026, Học viện ..." */
    struct url url;   /* empty while the paper is not here */
};

struct paper_recipient {
    struct str text;
    struct str sort_name;
    int64_t sent;
    /* drafts only */
    struct url set_url;
    struct str ordinal;
    struct str sort;
};

struct paper_material {
    struct url url;
    struct str name;
    struct str facts; /* "PDF, 2,1 MB · chuyển trước 21/5/2026" */
    struct safe_html mark;
    struct safe_html action; /* a button, or nothing */
    struct str counts;       /* "3.298/3.355 đơn vị đã nhận"; "" before it is delivered */
};

struct paper_view {
    const struct document *document;
    bool is_party;
    struct str issuer_caps, kind_caps, number_line, date_line, title;
    const struct paper_paragraph *paragraphs;
    size_t paragraphs_len;
    const struct paper_recipient *recipients;
    size_t recipients_len;
    struct str title_caps; /* the signer's post */
    struct str end_mark;
    bool is_draft;

    struct safe_html state_mark;
    struct str issued_at;
    struct safe_html acknowledge; /* the button, or when it was done */
    struct str acknowledged;
    struct url deliveries_url, silent_url, basis_url;
    int64_t sent, received;
    const struct paper_relation *relations;
    size_t relations_len;
    struct safe_html *blocks; /* what rooms below show */
    size_t blocks_len;
    const struct paper_material *materials;
    size_t materials_len;
    struct safe_html attach_form;
    struct safe_html relate_form;
    struct url edit_url, paste_url, issue_url, recall_url; /* empty: not allowed now */
    const struct choice *sorts;                            /* for the recipients of a draft */
    size_t sorts_len;
    struct str csrf;
    struct str *fact_ids; /* one for each form of a recipient */
};

struct delivery_line {
    struct str unit, province;
    struct safe_html mark;
    struct str who;
};
struct deliveries_view {
    struct url paper_url;
    struct str cite;
    struct document_tab tabs[3];
    int64_t sent, received;
    const struct delivery_line *lines;
    size_t lines_len;
    struct url before_url, next_url;
};

struct issue_view {
    struct str cite, title;
    int64_t units;
    const struct document_foresight *foresight;
    const struct paper_recipient *recipients;
    size_t recipients_len;
    struct safe_html form;
    struct url back_url;
    const char *missing; /* why it cannot be issued yet; NULL when it can */
};

struct recall_view {
    struct str cite, title;
    int64_t units;
    struct safe_html form;
};

/* The walk along the basis: one line a paper, deeper ones further in. */
struct basis_line {
    struct str indent; /* how far from the paper in question */
    struct str words;
    struct str text;
    struct url url;
    struct str state;
};
struct basis_view {
    struct str cite;
    const struct basis_line *up; /* what it rests on */
    size_t up_len;
    const struct basis_line *down; /* what carries it out */
    size_t down_len;
};

/* ---- Templates ---- */

void page_document_list(struct html *h, const struct document_list_view *view);
void page_document_deliveries(struct html *h, const struct deliveries_view *view);
void page_document_basis(struct html *h, const struct basis_view *view);
void page_document_paper(struct html *h, const struct paper_view *view);
void page_document_issue(struct html *h, const struct issue_view *view);
void page_document_recall(struct html *h, const struct recall_view *view);
void part_document_link(struct html *h, struct url url, const char *label, bool is_main);

/* ---- Handlers, one file per group of pages ---- */

enum err document_show_paper(struct ctx *cx, struct request *req, struct response *res);
enum err document_show_basis(struct ctx *cx, struct request *req, struct response *res);
enum err document_show_issue(struct ctx *cx, struct request *req, struct response *res);
enum err document_post_issue(struct ctx *cx, struct request *req, struct response *res);
enum err document_show_recall(struct ctx *cx, struct request *req, struct response *res);
enum err document_post_recall(struct ctx *cx, struct request *req, struct response *res);
enum err document_post_recipient(struct ctx *cx, struct request *req, struct response *res);
enum err document_post_relation(struct ctx *cx, struct request *req, struct response *res);
enum err material_prepare_file(struct ctx *cx, struct request *req, struct response *res);
enum err material_post_file(struct ctx *cx, struct request *req, struct response *res);
enum err material_send_file(struct ctx *cx, struct request *req, struct response *res);
enum err material_post_deliver(struct ctx *cx, struct request *req, struct response *res);
enum err material_post_receive(struct ctx *cx, struct request *req, struct response *res);
/* The materials of a paper as its page shows them, with the forms and buttons the actor may use. */
enum err material_view(struct ctx *cx, struct request *req, const struct document *document,
                       struct paper_view *ret_view);

/* What the forms of this room fill; the tables stand beside their routes. */
struct recall_form {
    struct str reason;
};
struct recipient_form {
    int64_t ordinal;
    struct str sort;
};
struct relation_form {
    struct str relation, number;
    int32_t day;
    struct str issuer, text;
};
struct material_form {
    struct str name, link;
    int32_t deliver_before;
};
extern const struct field_table recall_form_table, relation_form_table, material_form_table,
    recipient_form_table;

/* Several forms on one page each need an id of their own: the page's, with its last byte changed.
 */
struct str form_fact_id(struct arena *arena, const struct request *req, unsigned char number);
/* "Đã tiếp nhận lúc ...", "Đã thu hồi": a paper's state with its mark. */
struct safe_html document_state_mark(struct arena *arena, const struct document *document);
/* Beyond the list's limit of one page. */
enum { DOCUMENT_PAGE_ROWS = 50, DOCUMENT_DELIVERY_ROWS = 200 };

#endif
