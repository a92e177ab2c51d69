/*
 * document_fact: the bodies of this room's facts, for the room itself.
 *
 * The lists of a draft (paragraphs, recipients, relations) are JSON texts inside the body, one
 * object a line, each by its own field table: a draft is one fact, and what the paper orders is in
 * the chain as it was read then.
 */
#ifndef DOCUMENT_DOCUMENT_FACT_H
#define DOCUMENT_DOCUMENT_FACT_H

#include "document/document.h"
#include "store/db.h"

/* document.drafted and document.revised */
struct document_drafted {
    struct str kind, number, symbol, regime, term;
    struct str issuer_name, place;
    int32_t issued_day;
    struct str title, signer_name, signer_title, signer_authority;
    bool replaces_invitation;
    bool is_received;
    struct str content;
    struct str paragraphs, recipients, relations;
};

struct document_recipient_set {
    int64_t ordinal;
    struct str text, sort;
    int64_t unit_id, scope_unit_id;
};

struct document_related {
    struct str relation, number, kind;
    int32_t day;
    struct str issuer, text;
    int64_t to_document_id;
};

/* issued and acknowledged say nothing beyond the fact's own head */
struct document_marked {
    struct str note;
};

struct document_recalled {
    struct str reason;
};

/* amended and replaced: the subject is the older paper */
struct document_changed {
    int64_t by_document_id;
};

struct material_attached {
    int64_t document_id;
    struct str name, content_type, digest, link;
    int64_t bytes;
    int64_t deliver_before;
};

enum document_fact {
    DOCUMENT_FACT_DRAFTED,
    DOCUMENT_FACT_REVISED,
    DOCUMENT_FACT_RECIPIENT_SET,
    DOCUMENT_FACT_RELATED,
    DOCUMENT_FACT_ISSUED,
    DOCUMENT_FACT_ACKNOWLEDGED,
    DOCUMENT_FACT_RECALLED,
    DOCUMENT_FACT_AMENDED,
    DOCUMENT_FACT_REPLACED,
    MATERIAL_FACT_ATTACHED,
    MATERIAL_FACT_DELIVERED,
    MATERIAL_FACT_RECEIVED,
    DOCUMENT_FACT_COUNT
};
extern const struct fact_kind document_fact_list[DOCUMENT_FACT_COUNT];

/* The steps, one file per stage of a paper's life. */
enum err document_apply_drafted(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_revised(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_recipient_set(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_related(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_decide_drafted(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_decide_draft_change(struct ctx *cx, const struct fact *fact, const void *body);

enum err document_decide_issued(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_issued(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_decide_recalled(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_recalled(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_amended(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_replaced(struct ctx *cx, const struct fact *fact, const void *body);
enum err document_apply_acknowledged(struct ctx *cx, const struct fact *fact, const void *body);

enum err material_decide_attached(struct ctx *cx, const struct fact *fact, const void *body);
enum err material_apply_attached(struct ctx *cx, const struct fact *fact, const void *body);
enum err material_decide_delivered(struct ctx *cx, const struct fact *fact, const void *body);
enum err material_apply_delivered(struct ctx *cx, const struct fact *fact, const void *body);
enum err material_apply_received(struct ctx *cx, const struct fact *fact, const void *body);

/* Lists to text and back. */
struct str document_write_paragraphs(struct ctx *cx, const struct document_paragraphs *list);
struct str document_write_recipients(struct ctx *cx, const struct document_recipients *list);
struct str document_write_relations(struct ctx *cx, const struct document_relations *list);
enum err document_read_paragraphs(struct ctx *cx, struct str text,
                                  struct document_paragraphs *ret_list);
enum err document_read_recipients(struct ctx *cx, struct str text,
                                  struct document_recipients *ret_list);
enum err document_read_relations(struct ctx *cx, struct str text,
                                 struct document_relations *ret_list);

/* "664|KH/HVCTQG" for "664-KH/HVCTQG", "0664 - kh/hvctqg" and State's "700/QĐ-TTg": one spelling of
 * a number. "" when there is none. */
struct str document_cite_key(struct arena *arena, struct str number, struct str symbol);
struct str document_cite_key_of(struct arena *arena, struct str printed);

/* Gives relations that cite `document` their target, and its own relations theirs. Inside apply. */
enum err document_link(struct ctx *cx, const struct document *document) MUST_CHECK;

/* ERR_NOT_FOUND when the paper is not the actor's own; ERR_FORBIDDEN without the permission. */
enum err document_must_own(struct ctx *cx, int64_t issuer_unit_id, struct str issuer_path,
                           enum permission permission) MUST_CHECK;

#endif
