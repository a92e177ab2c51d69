/*
 * unit: one tree of places (the nation, its provinces, their communes) with the bodies of each place hanging on it.
 *
 * The tree is what rights and counters reach over: a body's parent is the place it works for, so a place's subtree
 * holds all of its bodies, whatever their line. Who answers to whom is another relation, superior_id, along the line
 * (Party, State, Council, Front): the Party committee of a commune answers to that of its province.
 *
 * Kinds, names and parents change under a code that stays (Law on local government; resolutions of the National
 * Assembly), so each has days: table unit holds the newest state, unit_version every one of them. A day's state is what
 * `unit_find_on` and `unit_list_children` show. Never join on names: they repeat between provinces.
 *
 * A path is the ids from the nation down, eight hex digits and a dot each (base/actor.h); a subtree is one range.
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include "base/ctx.h"
#include "base/day.h"
#include "page/html.h"
#include "store/fact.h"

struct store;

/* X(NAME, as stored, as shown). Decree 19/2025/QĐ-TTg: 2 digits for provinces and cities, 5 for the commune level. */
#define UNIT_KIND_LIST(X)                                                                              \
    X(NATION, "nation", "cả nước")                                                                     \
    X(PROVINCE, "province", "tỉnh")                                                                    \
    X(CITY, "city", "thành phố")                                                                       \
    X(COMMUNE, "commune", "xã")                                                                        \
    X(WARD, "ward", "phường")                                                                          \
    X(SPECIAL_ZONE, "special_zone", "đặc khu")                                                         \
    X(BODY, "body", "cơ quan, tổ chức")

enum unit_kind {
#define X(name, stored, shown) UNIT_##name,
    UNIT_KIND_LIST(X)
#undef X
        UNIT_KIND_COUNT
};

enum {
    UNIT_DAY_OPEN = INT32_MAX, /* to_day of what still stands: the first day on which it is no more */
    UNIT_LIST_MAX = 5000,      /* the bodies of one sort in the whole country, with room */
    UNIT_ANCESTORS_MAX = 8,
};

struct unit {
    int64_t id;
    int64_t parent_id; /* 0 for the nation */
    int64_t place_id;  /* the area: itself, or the one a body works for */
    struct str path;
    enum unit_kind kind;
    struct str sort;      /* of a body: a row of unit_sorts, or "khac"; "" for areas */
    struct str line;      /* party, state, council, front, school, press, utility; "" for areas */
    struct str level;     /* central, province, commune */
    struct str code;      /* official; "" for most bodies */
    struct str name;      /* bare: "Bình Minh", "Đảng ủy", "Sở Nội vụ" */
    struct str full_name; /* "xã Bình Minh", "Đảng ủy xã Bình Minh", "Sở Nội vụ tỉnh Quảng Ngãi" */
    int64_t superior_id;  /* along its line; 0 none */
    int32_t from_day;
    int32_t to_day; /* UNIT_DAY_OPEN while it stands */
};

struct unit_list {
    struct unit *at;
    size_t len;
    int64_t total; /* of a search: how many there are, also when fewer are listed */
};

/* One state of a unit in its history. */
struct unit_version {
    int32_t from_day, to_day;
    enum unit_kind kind;
    int64_t parent_id;
    struct str name, full_name;
    struct str cause; /* the paper that made it so: "Nghị quyết 30/2026/QH16" */
};
struct unit_versions {
    struct unit_version *at;
    size_t len;
};

/* ---- Sorts of bodies ---- */

/* What follows a body's bare name in its full one. */
enum unit_suffix {
    UNIT_SUFFIX_NONE,      /* "Học viện Chính trị quốc gia Hồ Chí Minh" */
    UNIT_SUFFIX_NAME,      /* "Tỉnh ủy Quảng Ngãi" */
    UNIT_SUFFIX_KIND_NAME, /* "Sở Nội vụ tỉnh Quảng Ngãi" */
};

/* In flow order: central, province, commune; Party, Council, State, Front. The index is also the order of lists. */
struct unit_sort {
    struct str sort;
    struct str name; /* "%T" stands for "Tỉnh ủy" in a province and "Thành ủy" in a city */
    enum unit_suffix suffix;
    struct str line;
    struct str level;
    struct str superior; /* the sort it answers to: at its own place, else at the place above */
};
extern const struct unit_sort unit_sorts[];
extern const size_t unit_sorts_len;
const struct unit_sort *unit_sort_find(struct str sort); /* NULL when it is none of the table */

/* Bare and full name of a body of this sort at a place. */
struct str unit_sort_name(struct arena *arena, const struct unit_sort *sort, enum unit_kind place_kind);
struct str unit_sort_full_name(struct arena *arena, const struct unit_sort *sort, enum unit_kind place_kind,
                               struct str place_name);

struct str unit_kind_stored(enum unit_kind kind);
struct str unit_kind_shown(enum unit_kind kind);
bool unit_kind_parse(struct str stored, enum unit_kind *ret_kind);
static inline bool unit_kind_is_commune(enum unit_kind kind)
{
    return kind == UNIT_COMMUNE || kind == UNIT_WARD || kind == UNIT_SPECIAL_ZONE;
}
static inline bool unit_kind_is_province(enum unit_kind kind)
{
    return kind == UNIT_PROVINCE || kind == UNIT_CITY;
}
/* "xã Bình Minh", "Thành phố Hồ Chí Minh": units named after persons keep the kind in the name (Decree 30/2020, annex II). */
struct str unit_area_full_name(struct arena *arena, enum unit_kind kind, struct str name);

/* ---- Paths and scopes ---- */

struct str unit_path(struct arena *arena, struct str parent_path, int64_t id);
/* The range of a unit's subtree, itself included. */
struct scope unit_scope(struct arena *arena, struct str path);
bool unit_scope_holds(const struct scope *scope, struct str path);

/* ---- Reading. find: not narrowed, for apply and for rooms that have already checked; get, list, search: narrowed to
 *      the actor's scope, and what lies outside is NOT_FOUND or not in the list. ---- */

enum err unit_find(struct ctx *cx, int64_t id, struct unit *ret_unit) MUST_CHECK;
/* Its kind, name, full name and parent as of that day; NOT_FOUND when it was not there. */
enum err unit_find_on(struct ctx *cx, int64_t id, int32_t day, struct unit *ret_unit) MUST_CHECK;
enum err unit_find_nation(struct ctx *cx, struct unit *ret_unit) MUST_CHECK;
/* By official code or one of its aliases. */
enum err unit_find_code(struct ctx *cx, struct str code, struct unit *ret_unit) MUST_CHECK;
/* The standing body of that sort at a place. */
enum err unit_find_body(struct ctx *cx, int64_t place_id, struct str sort, struct unit *ret_unit) MUST_CHECK;
/* Every standing body of a sort in the subtree of `path`, by path. */
enum err unit_find_by_sort(struct ctx *cx, struct str sort, struct str path, struct unit_list *ret_list) MUST_CHECK;
/* From the nation down to the unit itself. */
enum err unit_find_ancestors(struct ctx *cx, int64_t id, struct unit_list *ret_list) MUST_CHECK;
enum err unit_find_versions(struct ctx *cx, int64_t id, struct unit_versions *ret_list) MUST_CHECK;

enum err unit_get(struct ctx *cx, int64_t id, struct unit *ret_unit) MUST_CHECK;
/* As of a day: bodies first, then areas by code or name. */
enum err unit_list_children(struct ctx *cx, int64_t id, int32_t day, struct unit_list *ret_list) MUST_CHECK;

struct unit_query {
    struct str text; /* with or without diacritics; every word must begin a word of name, province or code */
    struct str kind; /* as stored; "" any */
    struct str sort; /* "" any */
    int64_t offset;
    int64_t limit; /* 0: 50 */
};
/* Those that stand today. */
enum err unit_search(struct ctx *cx, const struct unit_query *query, struct unit_list *ret_list) MUST_CHECK;

struct url unit_url(struct arena *arena, int64_t id);

/* ---- Changes: on the writer; each checks that the day and the names are possible, and records its facts ---- */

struct unit_new {
    int64_t parent_id;
    enum unit_kind kind;
    struct str sort;      /* of a body; "khac" for one that is in no table */
    struct str code;      /* of an area */
    struct str name;      /* bare; "" for a body of the table */
    struct str full_name; /* only for "khac" */
    int32_t from_day;
    struct str cause;
    bool with_bodies; /* also the bodies every area of its kind has */
};
enum err unit_create(struct ctx *cx, const struct unit_new *unit, int64_t *ret_id) MUST_CHECK;
/* Bodies of the table take the new name along. */
enum err unit_rename(struct ctx *cx, int64_t id, struct str name, int32_t from_day, struct str cause) MUST_CHECK;
/* Any full name, for a body that is not called after its place ("Trường Chính trị Tô Hiệu"). */
enum err unit_set_full_name(struct ctx *cx, int64_t id, struct str full_name, int32_t from_day, struct str cause)
    MUST_CHECK;
/* A province becomes a city, a commune a ward: "Tỉnh ủy" becomes "Thành ủy". The code stays. */
enum err unit_change_kind(struct ctx *cx, int64_t id, enum unit_kind kind, int32_t from_day, struct str cause) MUST_CHECK;
enum err unit_move(struct ctx *cx, int64_t id, int64_t parent_id, int32_t from_day, struct str cause) MUST_CHECK;
/* It and its bodies end; what it was goes on in `into_id`. */
enum err unit_merge(struct ctx *cx, int64_t id, int64_t into_id, int32_t from_day, struct str cause) MUST_CHECK;
/* `part_id` was made out of the unit, which itself goes on. */
enum err unit_split(struct ctx *cx, int64_t id, int64_t part_id, int32_t from_day, struct str cause) MUST_CHECK;
enum err unit_close(struct ctx *cx, int64_t id, int32_t from_day, struct str cause) MUST_CHECK;
/* Another code that lists in circulation use for it. */
enum err unit_add_code(struct ctx *cx, int64_t id, struct str code, struct str cause) MUST_CHECK;

/*
 * The whole country with all of its bodies: the state of 1/7/2025 and the changes of 30/4/2026 on top, in one batch.
 * ERR_CONFLICT when there is a nation already. Not from within a job: it writes through store_write.
 */
enum err unit_load_nation(struct ctx *cx, struct store *store) MUST_CHECK;
/* The same for a few provinces (2-digit codes), for tests and the small demo. */
enum err unit_load_provinces(struct ctx *cx, struct store *store, const struct str *codes, size_t len) MUST_CHECK;

/*
 * Rooms below that keep a unit's path beside their rows are told when a unit moves, inside apply: whatever path began
 * with old_path begins with new_path now. Given once at start; a second time changes nothing.
 */
typedef enum err (*unit_moved_listener)(struct ctx *cx, struct str old_path, struct str new_path);
enum { UNIT_LISTENERS_MAX = 8 };
void unit_listen_moved(unit_moved_listener listener);

/*
 * What an ended unit leaves behind. When the day of a merger, a split or an end has come, each of its bodies passes what
 * it has in hand to the body of the same sort at the other place (where there is none, to the first of the same line);
 * to_id is 0 when there is nobody. Rooms below are told inside apply. A merged unit then stands, with all that was
 * counted in it, in its successor's subtree; one that was split goes on, and the part owes the same beside it.
 */
struct unit_heir {
    int64_t from_id, to_id;
    struct str from_path, to_path;
    struct str from_name, to_name;
};
struct unit_succession {
    struct str how;   /* "merged", "split", "closed" */
    struct str words; /* "xã A sáp nhập vào xã B từ ngày 01/01/2027 (Nghị quyết ...)" */
    struct unit_heir *heirs;
    size_t len;
};
typedef enum err (*unit_succeeded_listener)(struct ctx *cx, const struct fact *fact,
                                            const struct unit_succession *succession);
void unit_listen_succeeded(unit_succeeded_listener listener);
/* Hands over what is due by today; how many units did. Runs daily and at start; twice is harmless. */
enum err unit_hand_over(struct ctx *cx, int64_t *ret_count) MUST_CHECK;

extern const struct fact_kinds unit_facts;

#endif
