#include "plan/plan_shape.h"

#include "viet/viet.h"

/* clang-format off */
#define AT(type, member) .offset = offsetof(type, member), .flag_offset = SHAPE_NO_FLAG
#define LIST_AT(type, member) .offset = offsetof(type, member), .len_offset = offsetof(type, member##_len), \
    .flag_offset = SHAPE_NO_FLAG
#define SHAPE(type, fields, check_function) { (fields), LEN(fields), sizeof(type), (check_function) }

static const char *const mode_words[] = { "in_person", "online", "hybrid", NULL };
static const char *const level_words[] = { "", "central", "province", "commune", "venue", NULL };
static const char *const topic_words[] = { "topic", "discussion", "visit", "test", NULL };
static const char *const bound_words[] = { "exact", "max", "min", NULL };
static const char *const due_kind_words[] = { "", "date", "datetime", "month", "quarter", "year", "recurring", "period_after", NULL };
static const char *const relation_words[] = { "", "before", "by", "in", "at", "after", NULL };
static const char *const change_words[] = { "start", "end", "opening", "closing", "place", "mode", "learners", "classes",
    "deadline", "speaker", "topic", "connection_test", "other", NULL };
static const char *const anomaly_words[] = { "missing_number", "missing_date", "weekday_mismatch", "date_conflict",
    "date_order", "count_mismatch", "numbering", "dangling_reference", "name_conflict", NULL };
static const char *const reference_words[] = { "based_on", "carries_out", "amends", "replaces",
    "stands_in_for_invitation", "separate_plan_of", NULL };

static const struct shape_field due_fields[] = {
    { "kind",     SHAPE_ENUM, AT(struct plan_due, kind), .words = due_kind_words },
    { "value",    SHAPE_TEXT, AT(struct plan_due, value) },
    { "relation", SHAPE_ENUM, AT(struct plan_due, relation), .words = relation_words },
};
static const struct shape due_shape = SHAPE(struct plan_due, due_fields, plan_due_check);

static const struct shape_field signer_fields[] = {
    { "name",      SHAPE_TEXT, AT(struct plan_head, signer_name) },
    { "title",     SHAPE_TEXT, AT(struct plan_head, signer_title) },
    { "authority", SHAPE_TEXT, AT(struct plan_head, signer_authority) },
};
static const struct shape signer_shape = SHAPE(struct plan_head, signer_fields, NULL);

static const struct shape_field reference_fields[] = {
    { "number",    SHAPE_TEXT, AT(struct plan_reference, number) },
    { "kind",      SHAPE_KIND, AT(struct plan_reference, kind) },
    { "date",      SHAPE_DATE, AT(struct plan_reference, date) },
    { "issuer",    SHAPE_TEXT, AT(struct plan_reference, issuer) },
    { "_relation", SHAPE_WORD, AT(struct plan_reference, relation), .words = reference_words },
};
static const struct shape reference_shape = SHAPE(struct plan_reference, reference_fields, NULL);

static const struct shape_field change_fields[] = {
    { "what", SHAPE_WORD, AT(struct plan_change, what), .words = change_words },
    { "old",  SHAPE_TEXT, AT(struct plan_change, old_value) },
    { "new",  SHAPE_TEXT, AT(struct plan_change, new_value) },
};
static const struct shape change_shape = SHAPE(struct plan_change, change_fields, NULL);

static const struct shape_field amends_fields[] = {
    { "number",  SHAPE_TEXT, AT(struct plan_amends, number) },
    { "date",    SHAPE_DATE, AT(struct plan_amends, date) },
    { "changes", SHAPE_LIST, LIST_AT(struct plan_amends, changes), .of = &change_shape },
};
static const struct shape amends_shape = SHAPE(struct plan_amends, amends_fields, NULL);

static const struct shape_field separate_fields[] = {
    { "text", SHAPE_TEXT,  AT(struct plan_separate, text) },
    { "_at",  SHAPE_PLACE, AT(struct plan_separate, place) },
};
static const struct shape separate_shape = SHAPE(struct plan_separate, separate_fields, NULL);

static const struct shape_field head_fields[] = {
    { "kind",       SHAPE_KIND,   AT(struct plan_head, kind) },
    { "number",     SHAPE_TEXT,   AT(struct plan_head, number) },
    { "symbol",     SHAPE_TEXT,   AT(struct plan_head, symbol) },
    { "issuer",     SHAPE_TEXT,   AT(struct plan_head, issuer) },
    { "place",      SHAPE_TEXT,   AT(struct plan_head, place) },
    { "date",       SHAPE_DATE,   AT(struct plan_head, date) },
    { "title",      SHAPE_TEXT,   AT(struct plan_head, title) },
    { "addressees", SHAPE_TEXTS,  AT(struct plan_head, addressees) },
    { "signer",     SHAPE_OBJECT, .offset = 0, .flag_offset = SHAPE_NO_FLAG, .of = &signer_shape },
    { "references", SHAPE_LIST,   LIST_AT(struct plan_head, references), .of = &reference_shape },
    { "replaces_invitation", SHAPE_BOOL, AT(struct plan_head, replaces_invitation) },
    { "amends",     SHAPE_OBJECT, .offset = offsetof(struct plan_head, amends),
      .flag_offset = offsetof(struct plan_head, is_amending), .of = &amends_shape },
    { "_separate_plans", SHAPE_LIST, LIST_AT(struct plan_head, separate_plans), .of = &separate_shape },
};
static const struct shape head_shape = SHAPE(struct plan_head, head_fields, NULL);

static const struct shape_field audience_fields[] = {
    { "text",  SHAPE_TEXT,  AT(struct plan_audience, text) },
    { "block", SHAPE_TEXT,  AT(struct plan_audience, block) },
    { "_at",   SHAPE_PLACE, AT(struct plan_audience, place) },
};
static const struct shape audience_shape = SHAPE(struct plan_audience, audience_fields, NULL);

static const struct shape_field totals_fields[] = {
    { "learners", SHAPE_COUNT, AT(struct plan, learners) },
    { "classes",  SHAPE_COUNT, AT(struct plan, classes) },
};
static const struct shape totals_shape = SHAPE(struct plan, totals_fields, NULL);

static const struct shape_field group_fields[] = {
    { "name",     SHAPE_TEXT,  AT(struct plan_group, name) },
    { "learners", SHAPE_COUNT, AT(struct plan_group, learners) },
    { "classes",  SHAPE_COUNT, AT(struct plan_group, classes) },
};
static const struct shape group_shape = SHAPE(struct plan_group, group_fields, NULL);

static const char *session_check(const void *item)
{
    const struct plan_session *session = item;
    return session->day == 0 ? "cần có ngày (date)" : NULL;
}
static const struct shape_field session_fields[] = {
    { "date", SHAPE_DAY,    AT(struct plan_session, day) },
    { "from", SHAPE_MINUTE, AT(struct plan_session, from_minute) },
    { "to",   SHAPE_MINUTE, AT(struct plan_session, to_minute) },
};
static const struct shape session_shape = SHAPE(struct plan_session, session_fields, session_check);

static const struct shape_field schedule_fields[] = {
    { "start",    SHAPE_DATE,    AT(struct plan_schedule, start) },
    { "end",      SHAPE_DATE,    AT(struct plan_schedule, end) },
    { "days",     SHAPE_TENTHS,  AT(struct plan_schedule, days_tenths) },
    { "sessions", SHAPE_LIST,    LIST_AT(struct plan_schedule, sessions), .of = &session_shape },
    { "opening",  SHAPE_INSTANT, AT(struct plan_schedule, opening_at) },
    { "closing",  SHAPE_INSTANT, AT(struct plan_schedule, closing_at) },
    { "check_in", SHAPE_INSTANT, AT(struct plan_schedule, check_in_at) },
    { "connection_tests", SHAPE_INSTANTS_AT, .offset = offsetof(struct plan_schedule, connection_tests_at),
      .len_offset = offsetof(struct plan_schedule, connection_tests_len), .flag_offset = SHAPE_NO_FLAG },
    { "official_connection", SHAPE_INSTANT_AT, AT(struct plan_schedule, official_connection_at) },
    { "arrive_before_minutes", SHAPE_NUMBER, AT(struct plan_schedule, arrive_before_minutes) },
    { "_at",      SHAPE_PLACE,   AT(struct plan_schedule, place) },
};
static const struct shape schedule_shape = SHAPE(struct plan_schedule, schedule_fields, NULL);

static const struct shape_field online_fields[] = {
    { "system",     SHAPE_TEXT, AT(struct plan_online, system) },
    { "url",        SHAPE_TEXT, AT(struct plan_online, url) },
    { "meeting_id", SHAPE_TEXT, AT(struct plan_online, meeting_id) },
    { "passcode",   SHAPE_TEXT, AT(struct plan_online, passcode) },
};
static const struct shape online_shape = SHAPE(struct plan_online, online_fields, NULL);

static const struct shape_field point_fields[] = {
    { "level",     SHAPE_ENUM,  AT(struct plan_point, level), .words = level_words },
    { "place",     SHAPE_TEXT,  AT(struct plan_point, place) },
    { "chair",     SHAPE_TEXT,  AT(struct plan_point, chair) },
    { "attendees", SHAPE_TEXTS, AT(struct plan_point, attendees) },
    { "_at",       SHAPE_PLACE, AT(struct plan_point, printed_at) },
};
static const struct shape point_shape = SHAPE(struct plan_point, point_fields, NULL);

static const struct shape_field venue_fields[] = {
    { "place",   SHAPE_TEXT,  AT(struct plan_venue, place) },
    { "classes", SHAPE_COUNT, AT(struct plan_venue, classes) },
    { "batches", SHAPE_COUNT, AT(struct plan_venue, batches) },
};
static const struct shape venue_shape = SHAPE(struct plan_venue, venue_fields, NULL);

static const struct shape_field programme_fields[] = {
    { "number",   SHAPE_NUMBER, AT(struct plan_programme, number) },
    { "title",    SHAPE_TEXT,   AT(struct plan_programme, title) },
    { "audience", SHAPE_TEXT,   AT(struct plan_programme, audience) },
    { "learners", SHAPE_COUNT,  AT(struct plan_programme, learners) },
    { "classes",  SHAPE_COUNT,  AT(struct plan_programme, classes) },
    { "venues",   SHAPE_LIST,   LIST_AT(struct plan_programme, venues), .of = &venue_shape },
};
static const struct shape programme_shape = SHAPE(struct plan_programme, programme_fields, NULL);

static const struct shape_field run_fields[] = {
    { "programme", SHAPE_NUMBER, AT(struct plan_run, programme) },
    { "label",     SHAPE_TEXT,   AT(struct plan_run, label) },
    { "learners",  SHAPE_COUNT,  AT(struct plan_run, learners) },
    { "start",     SHAPE_DATE,   AT(struct plan_run, start) },
    { "end",       SHAPE_DATE,   AT(struct plan_run, end) },
    { "place",     SHAPE_TEXT,   AT(struct plan_run, place) },
};
static const struct shape run_shape = SHAPE(struct plan_run, run_fields, NULL);

static const struct shape_field topic_fields[] = {
    { "programme", SHAPE_NUMBER, AT(struct plan_topic, programme) },
    { "number",    SHAPE_NUMBER, AT(struct plan_topic, number) },
    { "title",     SHAPE_TEXT,   AT(struct plan_topic, title) },
    { "speaker",   SHAPE_TEXT,   AT(struct plan_topic, speaker) },
    { "minutes",   SHAPE_NUMBER, AT(struct plan_topic, minutes) },
    { "kind",      SHAPE_ENUM,   AT(struct plan_topic, kind), .words = topic_words },
    { "_at",       SHAPE_PLACE,  AT(struct plan_topic, place) },
};
static const struct shape topic_shape = SHAPE(struct plan_topic, topic_fields, NULL);

static const struct shape_field quota_fields[] = {
    { "unit",  SHAPE_TEXT,  AT(struct plan_quota, unit) },
    { "count", SHAPE_COUNT, AT(struct plan_quota, count) },
    { "each",  SHAPE_BOOL,  AT(struct plan_quota, each) },
    { "bound", SHAPE_ENUM,  AT(struct plan_quota, bound), .words = bound_words },
};
static const struct shape quota_shape = SHAPE(struct plan_quota, quota_fields, NULL);

static const struct shape_field obligation_fields[] = {
    { "text",         SHAPE_TEXT,   AT(struct plan_obligation, text) },
    { "owner",        SHAPE_TEXT,   AT(struct plan_obligation, owner) },
    { "coordinators", SHAPE_TEXTS,  AT(struct plan_obligation, coordinators) },
    { "due",          SHAPE_OBJECT, AT(struct plan_obligation, due), .of = &due_shape },
    { "recurring",    SHAPE_TEXT,   AT(struct plan_obligation, recurring) },
    { "_at",          SHAPE_PLACE,  AT(struct plan_obligation, place) },
    { "_owner_sort",  SHAPE_TEXT,   AT(struct plan_obligation, owner_sort) },
    { "_head",        SHAPE_TEXT,   AT(struct plan_obligation, head) },
    { "_closes_by",   SHAPE_TEXT,   AT(struct plan_obligation, closes_by) },
    { "_waits_for",   SHAPE_INDEXES, LIST_AT(struct plan_obligation, waits_for) },
};
static const struct shape obligation_shape = SHAPE(struct plan_obligation, obligation_fields, NULL);

static const struct shape_field route_fields[] = {
    { "from", SHAPE_TEXT,  AT(struct plan_route, from) },
    { "to",   SHAPE_TEXT,  AT(struct plan_route, to) },
    { "then", SHAPE_TEXTS, AT(struct plan_route, then) },
    { "_at",  SHAPE_PLACE, AT(struct plan_route, place) },
};
static const struct shape route_shape = SHAPE(struct plan_route, route_fields, NULL);

static const struct shape_field essay_fields[] = {
    { "required", SHAPE_BOOL,   AT(struct plan_essay, required) },
    { "count",    SHAPE_COUNT,  AT(struct plan_essay, count) },
    { "due",      SHAPE_OBJECT, AT(struct plan_essay, due), .of = &due_shape },
    { "routes",   SHAPE_LIST,   LIST_AT(struct plan_essay, routes), .of = &route_shape },
};
static const struct shape essay_shape = SHAPE(struct plan_essay, essay_fields, NULL);

static const struct shape_field evaluation_fields[] = {
    { "text",    SHAPE_TEXT,   AT(struct plan_evaluation, text) },
    { "owner",   SHAPE_TEXT,   AT(struct plan_evaluation, owner) },
    { "due",     SHAPE_OBJECT, AT(struct plan_evaluation, due), .of = &due_shape },
    { "percent", SHAPE_NUMBER, AT(struct plan_evaluation, percent) },
    { "_at",     SHAPE_PLACE,  AT(struct plan_evaluation, place) },
};
static const struct shape evaluation_shape = SHAPE(struct plan_evaluation, evaluation_fields, NULL);

static const struct shape_field budget_fields[] = {
    { "for",    SHAPE_TEXT,   AT(struct plan_budget, what) },
    { "payer",  SHAPE_TEXT,   AT(struct plan_budget, payer) },
    { "amount", SHAPE_NUMBER, AT(struct plan_budget, amount) },
    { "_at",    SHAPE_PLACE,  AT(struct plan_budget, place) },
};
static const struct shape budget_shape = SHAPE(struct plan_budget, budget_fields, NULL);

static const struct shape_field phase_item_fields[] = {
    { "text",     SHAPE_TEXT, AT(struct plan_phase_item, text) },
    { "duration", SHAPE_TEXT, AT(struct plan_phase_item, duration) },
};
static const struct shape phase_item_shape = SHAPE(struct plan_phase_item, phase_item_fields, NULL);

static const struct shape_field phase_fields[] = {
    { "name",  SHAPE_TEXT, AT(struct plan_phase, name) },
    { "from",  SHAPE_DATE, AT(struct plan_phase, from) },
    { "to",    SHAPE_DATE, AT(struct plan_phase, to) },
    { "items", SHAPE_LIST, LIST_AT(struct plan_phase, items), .of = &phase_item_shape },
};
static const struct shape phase_shape = SHAPE(struct plan_phase, phase_fields, NULL);

static const struct shape_field contact_fields[] = {
    { "name",  SHAPE_TEXT, AT(struct plan_contact, name) },
    { "role",  SHAPE_TEXT, AT(struct plan_contact, role) },
    { "phone", SHAPE_TEXT, AT(struct plan_contact, phone) },
    { "for",   SHAPE_TEXT, AT(struct plan_contact, what) },
};
static const struct shape contact_shape = SHAPE(struct plan_contact, contact_fields, NULL);

static const struct shape_field anomaly_fields[] = {
    { "kind",   SHAPE_WORD,  AT(struct plan_anomaly, kind), .words = anomaly_words },
    { "values", SHAPE_TEXTS, AT(struct plan_anomaly, values) },
};
static const struct shape anomaly_shape = SHAPE(struct plan_anomaly, anomaly_fields, NULL);

static const struct shape_field plan_fields[] = {
    { "document",    SHAPE_OBJECT, AT(struct plan, document), .of = &head_shape },
    { "mode",        SHAPE_WORD,   AT(struct plan, mode), .words = mode_words },
    { "audiences",   SHAPE_LIST,   LIST_AT(struct plan, audiences), .of = &audience_shape },
    { "totals",      SHAPE_OBJECT, .offset = 0, .flag_offset = SHAPE_NO_FLAG, .of = &totals_shape },
    { "groups",      SHAPE_LIST,   LIST_AT(struct plan, groups), .of = &group_shape },
    { "schedule",    SHAPE_OBJECT, AT(struct plan, schedule), .of = &schedule_shape },
    { "online",      SHAPE_OBJECT, AT(struct plan, online), .of = &online_shape },
    { "points",      SHAPE_LIST,   LIST_AT(struct plan, points), .of = &point_shape },
    { "programmes",  SHAPE_LIST,   LIST_AT(struct plan, programmes), .of = &programme_shape },
    { "runs",        SHAPE_LIST,   LIST_AT(struct plan, runs), .of = &run_shape },
    { "topics",      SHAPE_LIST,   LIST_AT(struct plan, topics), .of = &topic_shape },
    { "quotas",      SHAPE_LIST,   LIST_AT(struct plan, quotas), .of = &quota_shape },
    { "obligations", SHAPE_LIST,   LIST_AT(struct plan, obligations), .of = &obligation_shape },
    { "essay",       SHAPE_OBJECT, AT(struct plan, essay), .of = &essay_shape },
    { "evaluation",  SHAPE_LIST,   LIST_AT(struct plan, evaluation), .of = &evaluation_shape },
    { "budget",      SHAPE_LIST,   LIST_AT(struct plan, budget), .of = &budget_shape },
    { "phases",      SHAPE_LIST,   LIST_AT(struct plan, phases), .of = &phase_shape },
    { "recipients",  SHAPE_TEXTS,  AT(struct plan, recipients) },
    { "archive",     SHAPE_TEXT,   AT(struct plan, archive) },
    { "contacts",    SHAPE_LIST,   LIST_AT(struct plan, contacts), .of = &contact_shape },
    { "anomalies",   SHAPE_LIST,   LIST_AT(struct plan, anomalies), .of = &anomaly_shape },
};
const struct shape plan_shape = SHAPE(struct plan, plan_fields, NULL);
/* clang-format on */

struct str plan_text_clean(struct arena *arena, struct str text)
{
    struct str clean = viet_clean(arena, text);
    return str_eq(clean, STR("*")) ? STR("") : clean;
}
