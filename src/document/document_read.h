/*
 * document_read: what the pages of this room read: lists, counts and who has a paper, each narrowed
 * to the actor.
 */
#ifndef DOCUMENT_DOCUMENT_READ_H
#define DOCUMENT_DOCUMENT_READ_H

#include "document/document.h"
#include "store/db.h"

enum document_box {
    DOCUMENT_BOX_RECEIVED, /* to the actor's unit */
    DOCUMENT_BOX_OWN,      /* issued by the actor's unit */
    DOCUMENT_BOX_ALL,      /* all the actor may see */
    DOCUMENT_BOX_DRAFTS,
};

struct document_query {
    enum document_box box;
    bool only_unread; /* of those received: not yet acknowledged */
    struct str kind;  /* "" any */
    struct str state; /* "" any */
    struct str text;  /* with or without diacritics */
    int64_t limit, offset;
};

struct document_row {
    struct document document; /* without content */
    int64_t sent, received;   /* within what the actor may count */
    int64_t acknowledged_at;  /* by the actor's unit, of those received */
    int64_t sent_at;
};
struct document_rows {
    struct document_row *at;
    size_t len;
    bool has_more;
};
enum err document_list(struct ctx *cx, const struct document_query *query,
                       struct document_rows *ret_list) MUST_CHECK;

/* Who has a paper: for its own side everybody it went to, for others those within the actor's
 * scope. */
enum { DOCUMENT_DELIVERIES_MAX = 5000 };
enum document_delivery_filter { DELIVERY_ALL, DELIVERY_SILENT, DELIVERY_ACKNOWLEDGED };
struct document_delivery_query {
    enum document_delivery_filter filter;
    int64_t limit, offset;
};
struct document_deliveries {
    struct document_delivery *at;
    size_t len;
    bool has_more;
};
enum err document_list_deliveries(struct ctx *cx, const struct document *document,
                                  const struct document_delivery_query *query,
                                  struct document_deliveries *ret_list) MUST_CHECK;
enum err document_count_deliveries(struct ctx *cx, const struct document *document,
                                   int64_t *ret_sent, int64_t *ret_received) MUST_CHECK;
/* sent_at is 0 when the unit has no copy. */
enum err document_find_delivery(struct ctx *cx, int64_t document_id, int64_t unit_id,
                                struct document_delivery *ret_delivery) MUST_CHECK;

/* How many units a draft would go to today. */
enum err document_count_addressees(struct ctx *cx, const struct document *document,
                                   int64_t *ret_count) MUST_CHECK;

/* Why a draft cannot be issued yet, in words; OK when number, date, symbol, title and signer are
 * there. */
enum err document_check_complete(struct ctx *cx, const struct document *document) MUST_CHECK;

/* The unit whose counters an actor reads; the nation's. */
int64_t document_area_id(const struct actor *actor);
enum err document_top_id(struct ctx *cx, int64_t *ret_id) MUST_CHECK;

#endif
