/*
 * nomination: who is sent to the class: quotas from the paper, names by the agency, approval by its head, the list sent up.
 *
 * A quota is one line of an issued paper: so many seats for each agency named ("mỗi cơ quan cử 05 đồng chí"), for a bloc of
 * bodies together (GM-QN: the Council's bodies 5 in all), for each commune, at least, at most, or the whole unit without a
 * cap (GM-QN: the Political School). Its words become units when the paper is issued; what names nobody the dictionary
 * knows waits for the issuer to say whom it means. A quota is kept under the paper that states it, a name under the class
 * (course_find_root), where a person is a learner once however many papers name them.
 *
 * Rules kept here:
 * - A name beyond a capped quota is refused, citing the paragraph; it is counted in the decide step on the one writer, so
 *   20 requests at once never pass 5.
 * - A roster is one unit's names for one quota: drafted by the unit, approved by its head, sent up (a frozen version, kept
 *   as it was sent). Approving needs PERMISSION_NOMINATION_APPROVE; who only drafts cannot approve. After sending, a name
 *   changes only by replacement with a reason, which makes the next version; a withdrawal with a reason frees the seat.
 * - Sent after the deadline is allowed and shown as late: a missing roster helps nobody.
 * - A person named twice in the class (by two units, or through two quotas) is refused with who named them and when, unless
 *   both units' lists need them: then the second stands as "trùng" and is shown to both and above until one withdraws;
 *   it takes no seat of the class twice in any count of learners.
 * - The commune may widen attendance where the paper lets it (extensible audience): such names are marked "mở rộng", count
 *   as learners and against no quota.
 * - Guests of the opening are no learners (GM-QN 1.2.1); they are kept in their own list, without quota.
 *
 * A learner is (class, person); learner_id is the id of the first name of that person in the class. Learners of a unit sit
 * at the main point of the unit's area unless moved to another point of the class (learner_point).
 *
 * The personal page: /hv/CODE. The code is 26 letters of base32: the learner's id and a keyed digest (store_key), so it can
 * be printed again at any time and nothing secret is kept; a new version number makes the old code dead.
 *
 * Facts: nomination.quota_assigned, person_named, name_changed, name_withdrawn, roster_approved, roster_returned,
 * roster_sent, name_replaced, learner_moved, code_renewed, guest_named, guest_withdrawn.
 * Counters, subject = the class (root id), unit = the naming unit: roster_total (units that owe one), roster_sent,
 * learner_named (names in force, every person once), learner_sent (those in lists that were sent).
 * Closes duties that wait for "roster_sent" (obligation.h) of the paper and of the class.
 */
#ifndef NOMINATION_NOMINATION_H
#define NOMINATION_NOMINATION_H

#include "base/ctx.h"
#include "course/course.h"
#include "http/http.h"
#include "page/html.h"
#include "store/fact.h"

enum {
    NOMINATION_QUOTAS_PER_COURSE = 10000, /* quota id = course id x this + its ordinal in the paper */
    NOMINATION_ROSTER_MAX = 1000,         /* names of one unit in one list */
    NOMINATION_PASTE_MAX = 500,           /* lines of one pasted list */
    NOMINATION_LEARNERS_MAX = 2000,       /* learners of one point */
    NOMINATION_CODE_LEN = 26,
};

enum nomination_bound { NOMINATION_EXACT, NOMINATION_AT_MOST, NOMINATION_AT_LEAST, NOMINATION_UNCAPPED };

struct nomination_quota {
    int64_t id;
    int64_t course_id; /* the paper that states it */
    int64_t root_id;   /* the class */
    struct str text;   /* as printed: "Các cơ quan thuộc Hội đồng nhân dân tỉnh" */
    struct str place;  /* where the paper says it: "mục II.1.2.2, đoạn 3"; "" when it could not be told */
    int64_t paragraph; /* ordinal in the paper; 0 not known */
    int64_t seats_min, seats_max; /* of one unit when is_each, else of all its units together; max -1 without a cap */
    enum nomination_bound bound;
    bool is_each;
    bool is_unassigned; /* its words name no unit yet */
    int64_t taken;      /* seats taken: by the unit asked about when is_each, else by all */
};
struct nomination_quotas {
    struct nomination_quota *at;
    size_t len;
};

enum nomination_state { NOMINATION_DRAFT, NOMINATION_APPROVED, NOMINATION_SENT };

/* One unit's list for one quota; quota_id 0 with course root for the names a commune adds of its own ("mở rộng"). */
struct nomination_roster {
    int64_t quota_id;
    int64_t root_id;
    int64_t unit_id;
    struct str unit_name;
    enum nomination_state state;
    int64_t version; /* 0 while never sent */
    int64_t approved_at, sent_at, due_at; /* 0 not yet, or no deadline */
    struct str approved_by, sent_by;
    struct str return_reason; /* of the last return; "" when it was never returned or was sent again */
    int64_t names;
};

struct nomination_name {
    int64_t id; /* of the name */
    int64_t learner_id;
    int64_t person_id;
    int64_t quota_id;
    int64_t unit_id;
    struct str unit_name;
    struct str full_name, family, middle, given;
    struct str title; /* the post as named: "Bí thư Đảng ủy" */
    int32_t birth_day;
    struct str sex;
    bool is_in_force;
    bool is_widened;
    bool is_double; /* named elsewhere in the class too */
    struct str double_reason; /* why this list needs a person whom another has; "" */
    int64_t replaced_by_id; /* the name that took the seat; 0 */
    struct str reason;      /* of the replacement or withdrawal */
    int64_t at, ended_at;
    int64_t code_version; /* of the learner: what learner_code takes */
};
struct nomination_names {
    struct nomination_name *at;
    size_t len;
};

/* ---- Reading, narrowed to the actor's scope ---- */

/* The quotas of the class that the unit may fill, with what is taken. */
enum err nomination_list_quotas_of_unit(struct ctx *cx, int64_t root_id, int64_t unit_id, struct nomination_quotas *ret_list)
    MUST_CHECK;
/* All quotas of one paper, for its issuer and those above. */
enum err nomination_list_quotas(struct ctx *cx, int64_t course_id, struct nomination_quotas *ret_list) MUST_CHECK;
enum err nomination_get_roster(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id,
                               struct nomination_roster *ret_roster) MUST_CHECK;
/* In force, sorted by given name (ICU vi); with_former also those withdrawn and replaced. */
enum err nomination_list_names(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, bool with_former,
                               struct nomination_names *ret_list) MUST_CHECK;

/* ---- Doing; on the writer. Words of a refusal cite the paper and its paragraph. ---- */

/* How one person comes into a list. */
struct nomination_naming {
    int64_t quota_id, root_id, unit_id, person_id;
    struct str title;         /* "": the post on record */
    bool is_widened;          /* beyond the paper's audience; only in a commune's own list (quota_id 0) */
    struct str double_reason; /* why this list needs a person whom another has already; "": such a person is refused */
};
enum err nomination_name(struct ctx *cx, const struct nomination_naming *naming, int64_t *ret_name_id) MUST_CHECK;
/* The same for an official on record, within the audience and named nowhere else. */
enum err nomination_name_person(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, int64_t person_id,
                                struct str title, int64_t *ret_name_id) MUST_CHECK;
enum err nomination_change_title(struct ctx *cx, int64_t name_id, struct str title) MUST_CHECK;
enum err nomination_withdraw(struct ctx *cx, int64_t name_id, struct str reason) MUST_CHECK;
/* After sending: person_id takes the seat of name_id. */
enum err nomination_replace(struct ctx *cx, int64_t name_id, int64_t person_id, struct str title, struct str reason,
                            int64_t *ret_name_id) MUST_CHECK;
enum err nomination_approve(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id) MUST_CHECK;
enum err nomination_return(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id, struct str reason) MUST_CHECK;
enum err nomination_send(struct ctx *cx, int64_t quota_id, int64_t root_id, int64_t unit_id) MUST_CHECK;
/* point_id 0: back to the main point of the area. The room of points has checked that the point is of the class. */
enum err nomination_move_learner(struct ctx *cx, int64_t learner_id, int64_t point_id) MUST_CHECK;
/* The learner's old code and link are dead from now on. */
enum err nomination_renew_code(struct ctx *cx, int64_t learner_id) MUST_CHECK;
/* The issuer says which unit a quota's words mean. */
enum err nomination_assign(struct ctx *cx, int64_t quota_id, int64_t unit_id) MUST_CHECK;
/* Guests of the opening and the closing. */
enum err nomination_name_guest(struct ctx *cx, int64_t root_id, int64_t unit_id, int64_t person_id, struct str title)
    MUST_CHECK;
enum err nomination_withdraw_guest(struct ctx *cx, int64_t guest_id, struct str reason) MUST_CHECK;

/* ---- Learners, for the rooms below. Not narrowed: the room below has checked the point. ---- */

struct learner {
    int64_t id;
    int64_t root_id;
    int64_t person_id;
    int64_t unit_id;   /* the naming unit */
    int64_t area_id;   /* the place that unit works for */
    int64_t point_id;  /* moved to; 0: the main point of the area */
    struct str unit_name;
    struct str full_name, family, middle, given;
    struct str title;
    int64_t code_version;
    bool is_in_force;
};
struct learners {
    struct learner *at;
    size_t len;
};
/* Those who sit at a point: named by the area's units (only of is_main) or moved there; in force, by given name. */
enum err learner_list_of_point(struct ctx *cx, int64_t root_id, int64_t area_id, int64_t point_id, bool is_main,
                               struct learners *ret_list) MUST_CHECK;
enum err learner_find(struct ctx *cx, int64_t learner_id, struct learner *ret_learner) MUST_CHECK;

/* The learner's code, from the installation's key; and back: NOT_FOUND for what was not made here, is old or unknown. */
struct str learner_code(struct ctx *cx, const struct learner *learner);
enum err learner_find_by_code(struct ctx *cx, struct str code, struct learner *ret_learner) MUST_CHECK;
/* "/hv/CODE". */
struct url learner_url(struct arena *arena, struct str code);

/*
 * Rooms below that count who sits where are told, in apply, when a learner sits elsewhere than before: named, withdrawn (0:
 * nowhere) or moved. Registered once at start, before any connection.
 */
typedef enum err (*learner_seat_listener)(struct ctx *cx, int64_t old_point_id, int64_t new_point_id);
enum { LEARNER_LISTENERS_MAX = 4 };
void learner_listen_seats(learner_seat_listener listener);

/*
 * The signing sheet of a point for one half-day: learner_list_of_point in its own order, so that its numbers are those of
 * the roll. For rooms below, which have checked the point; an area's main point has the page "/lop/{id}/ky-ten".
 */
struct signing_sheet {
    int64_t course_id; /* the paper that is named on it */
    int64_t root_id, area_id, point_id;
    bool is_main;
    int64_t session_key; /* course_session_key; 0 the first */
    struct str place;    /* "Điểm cầu thôn Đông"; "" the area's */
};
enum err nomination_show_signing(struct ctx *cx, struct request *req, struct response *res, const struct signing_sheet *sheet)
    MUST_CHECK;
struct url nomination_signing_url(struct arena *arena, int64_t course_id, int64_t area_id, int64_t session_key);

/* A block of the learner's own page by a room below (check-in, objection); empty shows nothing. */
typedef enum err (*learner_block)(struct ctx *cx, const struct request *req, const struct learner *learner, struct str code,
                                  struct safe_html *ret_block);
enum { LEARNER_BLOCKS_MAX = 4 };
void learner_register_block(learner_block block);

/* Registers listeners, closers and the class page's block; once at start, before any connection. */
void nomination_start(void);
struct url nomination_url(struct arena *arena, int64_t root_id, int64_t unit_id); /* the unit's own lists: "/lop/{id}/cu-hoc?don-vi=" */

extern const struct fact_kinds nomination_facts;
extern const struct route_table nomination_routes;

#endif
