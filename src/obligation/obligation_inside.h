/*
 * obligation_inside: what the files of this room share; nobody else includes it.
 */
#ifndef OBLIGATION_OBLIGATION_INSIDE_H
#define OBLIGATION_OBLIGATION_INSIDE_H

#include "obligation/obligation.h"
#include "plan/owner.h"
#include "plan/plan.h"
#include "store/db.h"
#include "unit/unit.h"

/* One paragraph of a plan on its way to becoming an obligation. */
struct order {
    struct obligation obligation;
    struct owner owner;
    struct due due;
    const int64_t *waits_for; /* indexes among the plan's obligations, as the plan says */
    size_t waits_for_len;
    struct str owner_sort; /* when the plan names the sort itself */
};

struct orders {
    struct order *at;
    size_t len;
    struct plan plan; /* empty when the paper has no content */
};

/* What a paper orders, whoever must do it: its tasks, then its evaluations. Corrections of the draft are in. */
enum err orders_read(struct ctx *cx, const struct document *document, struct orders *ret_orders) MUST_CHECK;

/* The area a paper binds: the subtree of the place its issuer works for. */
enum err orders_scope(struct ctx *cx, const struct document *document, struct scope *ret_scope) MUST_CHECK;

/* How many units an order would bind today, without binding them; and whether some word of its owner found nobody. */
enum err order_count_units(struct ctx *cx, const struct document *document, const struct orders *orders,
                           const struct order *order, int64_t *ret_units, bool *ret_is_doubtful) MUST_CHECK;

/* In apply: inserts the obligation and one duty per unit, and counts them. */
enum err order_apply(struct ctx *cx, const struct document *document, const struct orders *orders,
                     const struct order *order) MUST_CHECK;
enum err obligation_insert(struct ctx *cx, const struct obligation *obligation) MUST_CHECK;
/* Adds one period's duties of an obligation to the counters. */
enum err duties_count(struct ctx *cx, int64_t obligation_id, int64_t period) MUST_CHECK;

/* In apply: one open duty is met. OK also when it is not open or not there; *ret_closed (may be NULL) tells. */
enum err duty_meet(struct ctx *cx, const struct fact *fact, int64_t obligation_id, int64_t unit_id, int64_t period,
                   struct str closed_by, struct str note, bool *ret_closed) MUST_CHECK;
/* In apply: a met duty is open again. */
enum err duty_unmeet(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period) MUST_CHECK;

/* The columns every reader of obligation lists, in the order obligation_from_row takes them. */
#define OBLIGATION_COLUMNS                                                                             \
    "o.id, o.document_id, o.ordinal, o.paragraph, o.material_id, o.issuer_unit_id, o.issuer_name, o.source, o.place, o.text," \
    " o.owner_text, o.coordinators, o.head, o.addressee, o.due_kind, o.due_value, o.due_relation, o.recurring," \
    " o.issued_day, o.event_day, o.until_day, o.due_words, o.due_at, o.opens_at, o.period, o.closes_by, o.state," \
    " o.state_at, o.state_reason, o.old_due_words, o.old_text, o.changed_by_id"
struct obligation obligation_from_row(struct rows *row);
/* Not narrowed; ERR_NOT_FOUND. */
enum err obligation_find(struct ctx *cx, int64_t obligation_id, struct obligation *ret_obligation) MUST_CHECK;

/* In apply: a task counted from the class becomes one duty for each dated run of the plan. Before the duties are counted. */
enum err order_open_runs(struct ctx *cx, const struct order *order, const struct plan *plan) MUST_CHECK;
/* In apply: this paper's classes open the duties that papers it carries out count from a class. */
enum err obligation_open_classes_above(struct ctx *cx, const struct document *document, const struct plan *plan) MUST_CHECK;

/* The end of the next working day after the fact, as a duty's deadline. */
enum err obligation_due_next_working_day(struct ctx *cx, const struct fact *fact, struct obligation *obligation) MUST_CHECK;

/* The declared days as deadlines are counted by. */
enum err holiday_read(struct ctx *cx, const struct holidays **ret_holidays) MUST_CHECK;

enum err obligation_follow_succession(struct ctx *cx, const struct fact *fact, const struct unit_succession *succession)
    MUST_CHECK;

extern const struct document_listener obligation_listener;
enum err obligation_foresee(struct ctx *cx, const struct document *document, struct document_foresight *foresight)
    MUST_CHECK;
enum err obligation_show(struct ctx *cx, const struct document *document, struct safe_html *ret_block) MUST_CHECK;

/* The blocks that rooms below registered, one after another. */
enum err today_blocks(struct ctx *cx, struct safe_html *ret_blocks) MUST_CHECK;

#endif
