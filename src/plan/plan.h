/*
 * plan: what a paper says, as data (plan/1).
 *
 * plan_parse takes the JSON of one paper, from a person, a file or the reader, and is strict about
 * what it knows: kinds, dates, times, numbers and limits are checked, and a refusal names the place
 * in the JSON and what is expected. Keys it does not know are left alone. Text is brought to NFC,
 * one line, single blanks.
 *
 * A missing value is "" for text, 0 for a number, DAY_NONE for a day. Dates may be coarse and are
 * kept as written; the helpers below give their first and last day. An object may carry two keys of
 * our own: "_at" {"place": "mục IV.3, đoạn 2"} says where in the paper it stands, and document
 * "_separate_plans" lists what the paper leaves to a plan to follow.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "document/document.h"
#include "plan/due.h"

enum {
    PLAN_JSON_MAX = 1024 * 1024, /* bytes */
    PLAN_LIST_MAX = 1000,        /* items of any list */
    PLAN_TEXT_MAX = 4000,        /* code points of any text */
};

/* "05 đồng chí" is 5 to 5, "40-45" is 40 to 45, not given is 0 to 0. */
struct plan_count {
    int64_t min, max;
};

struct plan_texts {
    struct str *at;
    size_t len;
};

enum plan_due_kind {
    PLAN_DUE_NONE,
    PLAN_DUE_DATE,         /* 2026-05-21 */
    PLAN_DUE_DATETIME,     /* 2025-11-21T09:00 */
    PLAN_DUE_MONTH,        /* 2026-05 */
    PLAN_DUE_QUARTER,      /* 2026-Q3 */
    PLAN_DUE_YEAR,         /* 2026 */
    PLAN_DUE_RECURRING,    /* continuous, periodic, weekly, monthly-25, quarterly, half_yearly,
                              yearly-12-15 */
    PLAN_DUE_PERIOD_AFTER, /* P3M, P10D, P5WD after an event: the end of the class */
};
enum plan_relation { PLAN_RELATION_NONE, PLAN_BEFORE, PLAN_BY, PLAN_IN, PLAN_AT, PLAN_AFTER };

struct plan_due {
    enum plan_due_kind kind;
    struct str value;
    enum plan_relation relation;
};

struct plan_obligation {
    struct str text;
    struct str owner; /* as printed: "Ban thường vụ đảng ủy các xã, phường" */
    struct plan_texts coordinators;
    struct plan_due due;
    struct str recurring; /* beside a dated due: how it goes on, "continuous" */
    struct str place;  /* "mục IV.3, đoạn 2"; "nhiệm vụ thứ 6" when the JSON has none */
    int64_t paragraph; /* ordinal of its document_paragraph */
    struct str owner_sort; /* "_owner_sort": the sort of unit when the person or the form said so;
                              else "" */
    struct str
        head; /* "_head": who answers in person, "Chủ tịch UBND xã, phường" (KH-CB V.4); else "" */
    struct str closes_by; /* "_closes_by": the sort of fact that meets it, "material_delivered"; ""
                             lets obligation choose */
    int64_t *waits_for; /* "_waits_for": indexes (from 0) of the obligations of this paper it waits
                           for */
    size_t waits_for_len;
};

struct plan_reference {
    struct str number, kind, date, issuer;
    struct str relation; /* "_relation", else carries_out for plans and invitations, based_on for
                            the rest */
};

struct plan_change {
    struct str what, old_value, new_value;
};
struct plan_amends {
    struct str number, date;
    struct plan_change *changes;
    size_t changes_len;
};

struct plan_separate { /* "có kế hoạch riêng" */
    struct str text, place;
};

struct plan_head {
    struct str kind, number, symbol, issuer, place, date, title;
    struct plan_texts addressees;
    struct str signer_name, signer_title, signer_authority;
    struct plan_reference *references;
    size_t references_len;
    bool replaces_invitation;
    bool is_amending; /* amends is given */
    struct plan_amends amends;
    struct plan_separate *separate_plans;
    size_t separate_plans_len;
};

struct plan_audience {
    struct str text, block, place;
    int64_t paragraph;
};
struct plan_group {
    struct str name;
    struct plan_count learners, classes;
};
struct plan_session {
    int32_t day;
    int from_minute, to_minute; /* of the day */
};
struct plan_schedule {
    struct str start, end; /* day, month or year */
    int64_t days_tenths;   /* 1.5 days is 15 */
    struct plan_session *sessions;
    size_t sessions_len;
    int64_t opening_at, closing_at, check_in_at; /* instants, 0 when not given */
    int64_t *connection_tests_at;
    size_t connection_tests_len;
    int64_t official_connection_at;
    int64_t arrive_before_minutes;
    struct str place;
    int64_t paragraph;
};
struct plan_online {
    struct str system, url, meeting_id, passcode;
};

enum plan_level { PLAN_LEVEL_NONE, PLAN_CENTRAL, PLAN_PROVINCE, PLAN_COMMUNE, PLAN_VENUE };
struct plan_point {
    enum plan_level level;
    struct str place, chair;
    struct plan_texts attendees;
    struct str printed_at;
    int64_t paragraph;
};

struct plan_venue {
    struct str place;
    struct plan_count classes, batches;
};
struct plan_programme {
    int64_t number;
    struct str title, audience;
    struct plan_count learners, classes;
    struct plan_venue *venues;
    size_t venues_len;
};
struct plan_run {
    int64_t programme;
    struct str label, start, end, place;
    struct plan_count learners;
};
enum plan_topic_kind { PLAN_TOPIC, PLAN_DISCUSSION, PLAN_VISIT, PLAN_TEST };
struct plan_topic {
    int64_t programme, number;
    struct str title, speaker;
    int64_t minutes;
    enum plan_topic_kind kind;
    struct str place;
    int64_t paragraph;
};
enum plan_bound { PLAN_EXACT, PLAN_MAX, PLAN_MIN };
struct plan_quota {
    struct str unit;
    struct plan_count count;
    bool each;
    enum plan_bound bound;
};
struct plan_route {
    struct str from, to;
    struct plan_texts then;
    struct str place;
    int64_t paragraph;
};
struct plan_essay {
    bool required;
    struct plan_count count;
    struct plan_due due;
    struct plan_route *routes;
    size_t routes_len;
};
struct plan_evaluation {
    struct str text, owner, place;
    struct plan_due due;
    int64_t percent; /* 0 when not given */
    int64_t paragraph;
};
struct plan_budget {
    struct str what, payer, place; /* what: the JSON's "for" */
    int64_t amount;                /* VND, 0 when not given */
    int64_t paragraph;
};
struct plan_phase_item {
    struct str text, duration;
};
struct plan_phase {
    struct str name, from, to;
    struct plan_phase_item *items;
    size_t items_len;
};
struct plan_contact {
    struct str name, role, phone, what;
};
struct plan_anomaly {
    struct str kind;
    struct plan_texts values;
};

struct plan {
    struct plan_head document;
    struct str mode; /* in_person, online, hybrid, "" */
    struct plan_audience *audiences;
    size_t audiences_len;
    struct plan_count learners, classes; /* totals */
    struct plan_group *groups;
    size_t groups_len;
    struct plan_schedule schedule;
    struct plan_online online;
    struct plan_point *points;
    size_t points_len;
    struct plan_programme *programmes;
    size_t programmes_len;
    struct plan_run *runs;
    size_t runs_len;
    struct plan_topic *topics;
    size_t topics_len;
    struct plan_quota *quotas;
    size_t quotas_len;
    struct plan_obligation *obligations;
    size_t obligations_len;
    struct plan_essay essay;
    struct plan_evaluation *evaluation;
    size_t evaluation_len;
    struct plan_budget *budget;
    size_t budget_len;
    struct plan_phase *phases;
    size_t phases_len;
    struct plan_texts recipients;
    struct str archive;
    struct plan_contact *contacts;
    size_t contacts_len;
    struct plan_anomaly *anomalies;
    size_t anomalies_len;
};

/* ERR_INVALID or ERR_LIMIT; the words name the place ("obligations[3].due.value") and say what is
 * expected. */
enum err plan_parse(struct ctx *cx, struct str json, struct plan *ret_plan) MUST_CHECK;
/* Canonical JSON: keys in the schema's order, empty values left out, no blanks. Keys of others are
 * not kept. */
struct str plan_format(struct arena *arena, const struct plan *plan);

/* A due as plan/due.h takes it, and what the plan gives it to lean on: the day of issue, the end of
 * the class, of the scheme. */
struct due_rule plan_due_rule(const struct plan_due *due, struct str recurring);
struct due_frame plan_due_frame(const struct plan *plan);

/* First and last day of a date as coarse as "2026-05-21", "2026-05", "2026-Q2", "2026"; false when
 * it is none. */
bool plan_date_range(struct str date, int32_t *ret_first, int32_t *ret_last);

/* The paper as numbered paragraphs in reading order; sets the items' `paragraph` to these ordinals,
 * as plan_parse does. */
enum err plan_paragraphs(struct ctx *cx, struct plan *plan,
                         struct document_paragraphs *ret_list) MUST_CHECK;

/* What the plan contradicts in itself (domain.md 5.7): one Vietnamese sentence each, with the
 * place. */
struct plan_warnings {
    struct str *at;
    size_t len;
};
enum { PLAN_WARNINGS_MAX = 100 };
enum err plan_check(struct ctx *cx, const struct plan *plan,
                    struct plan_warnings *ret_warnings) MUST_CHECK;

/* Where a lower plan says something else than the upper one it carries out, in words for a page. */
enum plan_how {
    PLAN_ADDED,    /* the upper one leaves it open */
    PLAN_NARROWED, /* part of what the upper one says */
    PLAN_WIDENED,  /* all the upper one says, and more */
    PLAN_CHANGED,
};
struct str plan_how_words(enum plan_how how); /* "Cụ thể thêm", "Thu hẹp", "Mở rộng", "Thay đổi" */
struct plan_difference {
    struct str what, upper, lower;
    enum plan_how how;
};
struct plan_differences {
    struct plan_difference *at;
    size_t len;
};
enum { PLAN_DIFFERENCES_MAX = 30 };
void plan_compare(struct arena *arena, const struct plan *upper, const struct plan *lower,
                  struct plan_differences *ret_list);

/* A draft of a plan: head, paragraphs, recipients, relations, content. The issuer is the actor's
 * unit unless given. */
enum err plan_to_draft(struct ctx *cx, struct plan *plan,
                       struct document_draft *ret_draft) MUST_CHECK;

/*
 * Saves the plan as a draft. With a document_id the draft that is there takes on this content; the lines of "Nơi nhận"
 * that somebody attached to units and the relations somebody added stay. On the writer.
 */
struct plan_save {
    struct str regime, term; /* "": as the symbol says */
    bool is_received;        /* another body's paper, entered as received (document.h) */
    int64_t document_id;     /* 0: a new draft; filled */
};
enum err plan_save_draft(struct ctx *cx, struct plan *plan, struct plan_save *save) MUST_CHECK;

#endif
