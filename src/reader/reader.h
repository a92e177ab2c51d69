/*
 * reader: an engine that makes a structured plan (plan/1) of the blocks of a paper. Blocks in, plan out: no SQL, no
 * web, no files.
 *
 * It is right where it speaks and silent or doubtful where the paper is: every value carries the place it was read
 * from, and, where the reader was not sure, the reason in words. The same blocks give the same plan. Nothing is taken
 * from anywhere but the paper.
 *
 * How it works (domain.md 5.2): the outline (outline.h) rejoins lines into paragraphs and finds letterhead, headings,
 * lists, tables, notes and sections; then each field's rules read their own section: read_head.c, read_schedule.c ...;
 * the cross-checks of domain.md 5.7 come last.
 */
#ifndef READER_READER_H
#define READER_READER_H

#include "base/ctx.h"
#include "paper/paper.h"

/*
 * Where a value stands: a paragraph of the normalised text (from 1) and the code points [from, to) in it. Page as in
 * the block, 0 when the file has none. paragraph 0: nowhere, worked out from other values.
 */
struct reader_span {
    int page;
    int paragraph;
    int from, to;
};

/* A text, with its place and, where unsure, why. "" is: the paper does not say. */
struct reader_text {
    struct str value;
    struct reader_span span;
    struct str doubt; /* "" when sure; a Vietnamese sentence for the person who confirms */
};
struct reader_texts {
    struct reader_text *at;
    size_t len;
};
/* A whole number; is_given tells 0 from silence. A range "40-45" has max > value. */
struct reader_number {
    bool is_given;
    int64_t value, max; /* max == value for one number */
    struct reader_span span;
    struct str doubt;
};
struct reader_flag {
    bool value;
    struct reader_span span;
    struct str doubt;
};
/* Dates, times and datetimes are texts in the schema's form: "2026-05-23", "2026-05", "2025-11-21T09:00". */

struct reader_due {
    struct reader_text kind;     /* "date", "datetime", "month", ... "recurring", "period_after"; "" none */
    struct reader_text value;
    struct reader_text relation; /* "before", "by", "in", "at", "after" */
};

struct reader_reference {
    struct reader_text number, kind, date, issuer;
};
struct reader_change {
    struct reader_text what, old_value, new_value;
};
struct reader_head {
    struct reader_text kind, number, symbol, issuer, place, date, title;
    struct reader_texts addressees;
    struct reader_text signer_name, signer_title, signer_authority;
    struct reader_reference *references;
    size_t references_len;
    struct reader_flag replaces_invitation;
    bool is_amending;
    struct reader_text amends_number, amends_date;
    struct reader_change *changes;
    size_t changes_len;
    struct reader_texts separate_plans; /* "có kế hoạch riêng": the sentence */
};
struct reader_audience {
    struct reader_text text, block;
};
struct reader_group {
    struct reader_text name;
    struct reader_number learners, classes;
};
struct reader_session {
    struct reader_text date, from, to;
};
struct reader_schedule {
    struct reader_text start, end;
    struct reader_number days_tenths; /* 1.5 days is 15 */
    struct reader_session *sessions;
    size_t sessions_len;
    struct reader_text opening, closing, check_in;
    struct reader_texts connection_tests;
    struct reader_text official_connection;
    struct reader_number arrive_before_minutes;
};
struct reader_online {
    struct reader_text system, url, meeting_id, passcode;
};
struct reader_point {
    struct reader_text level; /* "central", "province", "commune", "venue" */
    struct reader_text place, chair;
    struct reader_texts attendees;
};
struct reader_venue {
    struct reader_text place;
    struct reader_number classes, batches;
};
struct reader_programme {
    struct reader_number number;
    struct reader_text title, audience;
    struct reader_number learners, classes;
    struct reader_venue *venues;
    size_t venues_len;
};
struct reader_run {
    struct reader_number programme;
    struct reader_text label, start, end, place;
    struct reader_number learners;
};
struct reader_topic {
    struct reader_number programme, number;
    struct reader_text title, speaker;
    struct reader_number minutes;
    struct reader_text kind; /* "" is topic; "discussion", "visit", "test" */
};
struct reader_quota {
    struct reader_text unit;
    struct reader_number count;
    struct reader_flag each;
    struct reader_text bound; /* "" is exact; "max", "min" */
};
struct reader_obligation {
    struct reader_text text, owner;
    struct reader_texts coordinators;
    struct reader_due due;
    struct reader_text recurring; /* only beside a dated due */
    struct str place;             /* "mục IV.3, đoạn 2" */
};
struct reader_route {
    struct reader_text from, to;
    struct reader_texts then;
};
struct reader_essay {
    struct reader_flag required;
    struct reader_number count;
    struct reader_due due;
    struct reader_route *routes;
    size_t routes_len;
};
struct reader_evaluation {
    struct reader_text text, owner;
    struct reader_due due;
    struct reader_number percent;
    struct str place;
};
struct reader_budget {
    struct reader_text what, payer; /* what: "for" */
    struct reader_number amount;    /* VND */
};
struct reader_phase_item {
    struct reader_text text, duration;
};
struct reader_phase {
    struct reader_text name, from, to;
    struct reader_phase_item *items;
    size_t items_len;
};
struct reader_contact {
    struct reader_text name, role, phone, what;
};
struct reader_anomaly {
    struct str kind;
    struct reader_texts values;
    struct str words; /* one Vietnamese sentence that says what does not agree */
};

struct reader_plan {
    struct reader_head document;
    struct reader_text mode;
    struct reader_audience *audiences;
    size_t audiences_len;
    struct reader_number learners, classes; /* totals */
    struct reader_group *groups;
    size_t groups_len;
    struct reader_schedule schedule;
    struct reader_online online;
    struct reader_point *points;
    size_t points_len;
    struct reader_programme *programmes;
    size_t programmes_len;
    struct reader_run *runs;
    size_t runs_len;
    struct reader_topic *topics;
    size_t topics_len;
    struct reader_quota *quotas;
    size_t quotas_len;
    struct reader_obligation *obligations;
    size_t obligations_len;
    struct reader_essay essay;
    struct reader_evaluation *evaluation;
    size_t evaluation_len;
    struct reader_budget *budget;
    size_t budget_len;
    struct reader_phase *phases;
    size_t phases_len;
    struct reader_texts recipients;
    struct reader_text archive;
    struct reader_contact *contacts;
    size_t contacts_len;
    struct reader_anomaly *anomalies;
    size_t anomalies_len;

    /* The normalised text the spans point into: paragraph n is paragraphs[n - 1]. */
    struct str *paragraphs;
    int *paragraph_pages;
    size_t paragraphs_len;
};

/*
 * ERR_INVALID when the blocks are no paper that orders training, or are two papers in one file: the words say which
 * and what to do. Everything lies in cx's arena.
 */
enum err reader_read(struct ctx *cx, const struct paper *paper, struct reader_plan *ret_plan) MUST_CHECK;

/*
 * plan/1 as JSON, keys in the schema's order, empty values left out. Beside the schema's keys an object carries
 *   "_at":    {"place": "mục IV.3, đoạn 2", "page": 2, "paragraph": 31, "from": 0, "to": 118,
 *              "fields": {"owner": {"page": 2, "paragraph": 30, "from": 3, "to": 24}, "coordinators": [{...}, {...}]}}
 *             (the record's own span; of the single values; lists of texts have lists of spans)
 *   "_doubt": {"owner": "Câu này không nêu ai làm; lấy theo đề mục phía trên"}   ("*" for the whole record)
 * and the whole has "_paragraphs": [{"page": 1, "text": "..."}].
 */
struct str reader_format(struct arena *arena, const struct reader_plan *plan);

#endif
