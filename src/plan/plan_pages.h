/*
 * plan_pages: writing a paper by form or from plan/1, and what was read from it beside the sheet.
 */
#ifndef PLAN_PLAN_PAGES_H
#define PLAN_PLAN_PAGES_H

#include "http/http.h"
#include "page/page.h"
#include "plan/plan.h"

extern const struct route_table plan_routes;
extern const struct route_table plan_lower_routes;

/* What this room hangs on a paper: the values beside the sheet, the warnings before issue. Given to
 * document_listen at start. */
extern const struct document_listener plan_listener;

enum { PLAN_FORM_DUTIES = 3 };

struct plan_form_duty {
    struct str text, owner;
    int32_t due_day;
    struct str due_time;
    struct str relation;
};
/* The form of the head and of what the paper orders; lists are lines of text, as people paste them.
 */
struct plan_form {
    struct str kind, number, symbol, regime, term, issuer_name, place;
    int32_t issued_day;
    struct str title, signer_name, signer_title, signer_authority;
    bool replaces_invitation;
    struct str recipients;
    struct plan_form_duty duties[PLAN_FORM_DUTIES];
};

struct plan_paste_form {
    struct str content;
};

struct plan_write_view {
    struct safe_html form;
    bool is_revision;
    const struct plan *plan; /* of a revision: what is there already */
    struct url paste_url;
};
void page_plan_write(struct html *h, const struct plan_write_view *view);

struct plan_paste_view {
    struct safe_html form;
    struct url write_url;
};
void page_plan_paste(struct html *h, const struct plan_paste_view *view);

/* The block beside the sheet. */
struct plan_fact {
    struct str name, value;
};
/* What a plan says, name by name. */
struct plan_fact *plan_facts(struct arena *arena, const struct plan *plan, size_t *ret_len);

/* Drafting the paper that carries out this one (plan_lower.h). */
struct plan_lower_view {
    struct str upper_title;
    struct url upper_url;
    const struct plan_fact *facts;
    size_t facts_len;
    const struct plan_topic *topics;
    size_t topics_len;
    struct safe_html form;
};
void page_plan_lower(struct html *h, const struct plan_lower_view *view);
/* An upper body's paper in force, for somebody who drafts. */
bool plan_may_carry_out(const struct actor *actor, const struct document *document);
struct url plan_url_lower(struct arena *arena, int64_t document_id);
struct plan_duty_line {
    struct url url; /* its paragraph */
    struct str text, owner, due, place;
};
/* The upper paper this one carries out, and what differs. */
struct plan_upper_view {
    struct str title;
    struct url url;
    struct plan_differences differences;
};
struct plan_block_view {
    const struct plan *plan; /* its tables: programmes, topics, quotas, dated classes */
    const struct plan_upper_view *uppers;
    size_t uppers_len;
    const struct plan_fact *facts;
    size_t facts_len;
    const struct plan_duty_line *duties;
    size_t duties_len;
    struct url lower_url;       /* drafting the paper that carries this one out; empty: not for this actor */
    const struct str *warnings; /* of a draft: doubts first */
    size_t warnings_len;
};
void part_plan_block(struct html *h, const struct plan_block_view *view);
void part_plan_upper(struct html *h, const struct plan_upper_view *upper);
/* The papers a plan says it carries out, as far as they are here and may be seen, compared with it. */
enum { PLAN_UPPERS_MAX = 3 };
enum err plan_compare_uppers(struct ctx *cx, const struct plan *plan, struct plan_upper_view **ret_list, size_t *ret_len) MUST_CHECK;

#endif
