/*
 * point_inside: what the files of this room share; nobody else includes it.
 */
#ifndef POINT_POINT_INSIDE_H
#define POINT_POINT_INSIDE_H

#include "point/point.h"
#include "store/db.h"
#include "unit/unit.h"

/* The paths the actor sees points of: the seat's area with all below, or for a seat that reaches a body alone the place
   that body works for; nothing for a personal link. */
enum err point_reach(struct ctx *cx, struct scope *ret_reach) MUST_CHECK;
/* The same narrowed to an area's subtree; NOT_FOUND when the area lies outside. area_id 0 is the whole reach. */
enum err point_reach_in(struct ctx *cx, int64_t area_id, struct scope *ret_reach) MUST_CHECK;
/* True when the actor's reach lies wholly above this area: what only those above may do. */
bool point_is_from_above(const struct ctx *cx, struct str area_path);

/* Sessions' class: CONFLICT when its paper was recalled or replaced. */
enum err point_check_class(struct ctx *cx, int64_t root_id) MUST_CHECK;

/* Facts of this room, by their place in the table. */
enum point_fact {
    POINT_FACT_DESCRIBED,
    POINT_FACT_ADDED,
    POINT_FACT_CLOSED,
    POINT_FACT_REOPENED,
    POINT_FACT_REPORTED,
    POINT_FACT_CAMPAIGN_SET,
    POINT_FACT_TESTED,
    POINT_FACT_INCIDENT_OPENED,
    POINT_FACT_INCIDENT_CLOSED,
    POINT_FACT_INCIDENT_CORRECTED,
    POINT_FACT_CONFERENCE_SET,
    POINT_FACT_COUNT
};
extern const struct fact_kind point_fact_list[POINT_FACT_COUNT];

/* Bodies that forms share with facts. */
struct point_reason {
    struct str reason;
};
struct point_incident_closed {
    int64_t to_at;
    struct str words;
};
extern const struct field_table point_described_table, point_added_table, point_reason_table, point_reported_table,
    point_campaign_table, point_tested_table, point_incident_opened_table, point_incident_closed_table,
    point_incident_corrected_table, point_conference_table;

/* The fields themselves, for the rows of the route table. */
extern const struct field point_described_fields[8], point_added_fields[4], point_reason_fields[1], point_reported_fields[3], point_campaign_fields[3], point_tested_fields[13], point_incident_opened_fields[5], point_incident_closed_fields[2], point_incident_corrected_fields[8], point_conference_fields[3];

/* Apply, one for each kind. */
enum err point_apply_described(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_added(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_closed(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_reopened(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_reported(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_campaign_set(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_tested(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_incident_opened(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_incident_closed(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_incident_corrected(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;
enum err point_apply_conference_set(struct ctx *cx, const struct fact *fact, const void *body) MUST_CHECK;

/* In apply: the hour from which tests count, for the points in an area's subtree, and what follows from it. */
enum err point_settle_hours(struct ctx *cx, const struct fact *fact, int64_t root_id, struct str area_path) MUST_CHECK;
/* In apply: opens or closes the area's duties of testing its lines, as its points stand. */
enum err point_settle_lines(struct ctx *cx, const struct fact *fact, int64_t root_id, int64_t area_id) MUST_CHECK;
/* In apply: the area's duties that wait for this are met, or open again. */
enum err point_tell_duties(struct ctx *cx, const struct fact *fact, int64_t root_id, int64_t area_id, struct str closes_by,
                           bool has_happened) MUST_CHECK;

/* Minutes between two instants, rounded to the nearest. */
int64_t point_minutes(int64_t from_at, int64_t to_at);

extern const struct document_listener point_listener;

/* An incident by its id; NOT_FOUND outside the actor's reach. */
enum err point_get_incident(struct ctx *cx, int64_t incident_id, struct point_incident *ret_incident) MUST_CHECK;

#endif
