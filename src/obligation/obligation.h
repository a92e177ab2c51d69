/*
 * obligation: who owes what by when, and who has not.
 *
 * An obligation is one paragraph of an issued paper that orders something; a duty is what one unit owes by it in one
 * period. Both come into being when the paper is issued, and only then: a draft binds nobody. A recalled or replaced
 * paper withdraws its duties, an amended one changes them; both stay visible with the reason.
 *
 * A duty is met by the fact itself where the trade has one (`closes_by`), never by ticking a box beside it: such a duty
 * refuses to be closed by hand. The others are closed with a note. Nothing said is rewritten: a second closing stands
 * beside the first, a reopening gives its reason.
 *
 * When a unit is merged, its open duties are taken over by the bodies of its successor, or withdrawn where these owe the
 * same already; a part that was split off owes what the old unit still owes; what nobody takes over is withdrawn. Each
 * says why.
 *
 * Every recipient of a paper also owes its acknowledgement, by the end of the next working day (Decree 30/2020,
 * articles 21 to 23: an incoming paper is registered and passed on the same day, at the latest on the next).
 *
 * Counters, subject the obligation's id: duty_total, duty_done, duty_late_done. Open and late is duty_total less
 * duty_done of the obligations whose due_at is past, so boards read a few rows however many units there are.
 */
#ifndef OBLIGATION_OBLIGATION_H
#define OBLIGATION_OBLIGATION_H

#include "base/ctx.h"
#include "document/document.h"
#include "http/http.h"
#include "plan/due.h"
#include "page/html.h"
#include "store/fact.h"

enum {
    OBLIGATION_IDS_PER_DOCUMENT = 10000,
    OBLIGATION_ACKNOWLEDGEMENT = 0, /* ordinals */
    OBLIGATION_EVALUATIONS = 5001,
    OBLIGATION_MATERIALS = 9000,
    OBLIGATION_LIST_MAX = 1000, /* obligations of one paper */
    DUTY_LIST_MAX = 500,        /* duties of one page */
    DUTY_UNITS_MAX = 5000,      /* units of one obligation */
    DUTY_NOTE_MAX = 2000,
};

static inline int64_t obligation_id_of(int64_t document_id, int64_t ordinal)
{
    return document_id * OBLIGATION_IDS_PER_DOCUMENT + ordinal;
}

struct obligation {
    int64_t id;
    int64_t document_id;
    int64_t ordinal;
    int64_t paragraph;
    int64_t material_id; /* of the receipt of a material; 0 */
    int64_t issuer_unit_id;
    struct str issuer_name;
    struct str source;       /* "664-KH/HVCTQG" */
    struct str place;        /* as printed: "mục IV.3, đoạn 2" */
    struct str text;
    struct str owner_text;   /* as printed */
    struct str coordinators; /* as printed, parted by "; " */
    struct str head;         /* the post that answers in person; "" when the body does */
    struct str addressee;    /* to whom the result goes: "Ban Tổ chức Tỉnh ủy"; "" when the paper names nobody */
    struct due_rule rule;
    struct due_frame frame;
    struct str due_words;
    int64_t due_at, opens_at, period; /* of the newest instance */
    struct str closes_by;
    bool is_withdrawn;
    int64_t state_at;
    struct str state_reason;
    struct str old_due_words; /* before the last amendment; "" when it was not changed */
    struct str old_text;
    int64_t changed_by_id;
    int64_t total, done; /* duties in force and those met, in the reader's scope where a list says so */
    bool is_reached;     /* of a paper's list: the reader may open it (its issuer, or a unit that owes it, is in reach) */
};

struct obligation_list {
    struct obligation *at;
    size_t len;
};

enum duty_state { DUTY_OPEN, DUTY_DONE, DUTY_WITHDRAWN };

struct duty {
    struct obligation obligation; /* of it: what a list shows */
    int64_t unit_id;
    struct str unit_name;
    int64_t period;
    enum duty_state state;
    int64_t due_at, opens_at, done_at;
    struct str closed_by;
    struct str note;
};

struct duty_list {
    struct duty *at;
    size_t len;
    int64_t total; /* how many there are, also when fewer are listed */
};

/* The four tabs of HÔM NAY; today's holds what is due before midnight. */
enum duty_tab { DUTY_TODAY, DUTY_COMING, DUTY_LATE, DUTY_CLOSED, DUTY_TABS };
enum duty_tab duty_tab_of(const struct duty *duty, int64_t now);

/* ---- Reading. Narrowed to the actor's scope; what lies outside is NOT_FOUND or not in the list. ---- */

enum err obligation_get(struct ctx *cx, int64_t obligation_id, struct obligation *ret_obligation) MUST_CHECK;
/* Those of one paper, in its order, with total and done of the whole obligation. The caller has checked the paper. */
enum err obligation_list_of_document(struct ctx *cx, int64_t document_id, struct obligation_list *ret_list) MUST_CHECK;
/* What it waits for, and (upper) what of lower papers carries it out for `unit_id`. */
enum err obligation_list_awaited(struct ctx *cx, int64_t obligation_id, struct obligation_list *ret_list) MUST_CHECK;
enum err obligation_list_lower(struct ctx *cx, int64_t document_id, int64_t unit_id, struct obligation_list *ret_list)
    MUST_CHECK;

enum err duty_get(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct duty *ret_duty)
    MUST_CHECK;
/* The newest period of a unit's duty. */
enum err duty_newest_period(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t *ret_period) MUST_CHECK;
/* One unit's open duties, most urgent first (those without a date last); and those done or withdrawn, newest first. */
enum err duty_list_open(struct ctx *cx, int64_t unit_id, struct duty_list *ret_list) MUST_CHECK;
enum err duty_list_closed(struct ctx *cx, int64_t unit_id, struct duty_list *ret_list) MUST_CHECK;
/* Of a whole area for its own register: every duty in the actor's scope that matches; "" and 0 match all. */
struct duty_filter {
    struct str state; /* "open", "late", "done", "withdrawn" */
    int64_t document_id;
    int64_t obligation_id;
    int64_t unit_id;
    struct str text; /* words of the unit's name */
    int64_t offset;
};
enum err duty_search(struct ctx *cx, const struct duty_filter *filter, struct duty_list *ret_list) MUST_CHECK;
/* The units of an obligation in the actor's scope, by path; only those still silent, or all. */
enum err duty_list_of_obligation(struct ctx *cx, int64_t obligation_id, int64_t period, bool only_silent, int64_t offset,
                                 int64_t limit, struct duty_list *ret_list) MUST_CHECK;
struct duty_figures {
    int64_t total, done, open, late;
};
enum err duty_count_of_obligation(struct ctx *cx, int64_t obligation_id, int64_t period, struct duty_figures *ret_figures)
    MUST_CHECK;

/* What was sent along with a closing: its bytes are files/<digest> of the data folder (document.h, material_keep). */
struct duty_file {
    struct str digest; /* "" for none */
    struct str name;
    int64_t bytes;
};

enum duty_said { DUTY_SAID_DONE, DUTY_SAID_REOPENED, DUTY_SAID_HANDED_OVER, DUTY_SAID_TAKEN_OVER };

/* What was said of a duty, oldest first. */
struct duty_event {
    int64_t seq;
    int64_t at;
    struct str by_name;
    enum duty_said said;
    struct str note;
    struct duty_file file;
};
struct duty_events {
    struct duty_event *at;
    size_t len;
};
enum err duty_list_events(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period,
                          struct duty_events *ret_list) MUST_CHECK;

/* ---- Doing; on the writer ---- */

/*
 * Closes with a note, a file or both. ERR_CONFLICT when a fact closes it, when it is withdrawn, or before it opens. A
 * second closing is kept beside the first. `file` may be NULL.
 */
enum err duty_close(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct str note,
                    const struct duty_file *file) MUST_CHECK;
enum err duty_reopen(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct str reason) MUST_CHECK;
/* Says whom a draft's paragraph means. Refused while the words name nobody the dictionary knows, or once it is issued. */
enum err obligation_correct_owner(struct ctx *cx, int64_t document_id, int64_t ordinal, struct str owner_text) MUST_CHECK;
/* Opens the next period of every repeating obligation whose last one is over. Runs daily and at start; twice is harmless. */
enum err obligation_open_periods(struct ctx *cx, int64_t *ret_opened) MUST_CHECK;

/* Declares a day off (or one that is worked on) for deadlines counted from then on; `source` is the paper that says so. */
struct holiday_set {
    int32_t day;
    bool is_off;
    struct str name;
    struct str source;
};
enum err holiday_declare(struct ctx *cx, const struct holiday_set *set) MUST_CHECK;
/* What has been declared, by day. */
struct holiday_sets {
    struct holiday_set *at;
    size_t len;
};
enum { HOLIDAYS_MAX = 400 };
enum err holiday_list_declared(struct ctx *cx, struct holiday_sets *ret_list) MUST_CHECK;

/* ---- For rooms below: facts of the trade that close duties ---- */

struct obligation_closer {
    struct str name;         /* as in obligation.closes_by: "line_tested" */
    struct str action_label; /* the one action that meets it: "Mở kiểm tra" */
    /* Where that is done; the unit's own page of the room. */
    struct url (*url)(struct arena *arena, int64_t document_id, int64_t unit_id);
    /* Whether a paragraph's folded words (viet_fold) ask for it. NULL: only where the plan says so. */
    bool (*is_asked)(struct str folded_text);
};
enum { OBLIGATION_CLOSERS_MAX = 32 };
/* Once at start, before any connection. */
void obligation_register_closer(const struct obligation_closer *closer);
const struct obligation_closer *obligation_find_closer(struct str name); /* NULL when no room closes it */

/*
 * Only in apply: the fact has happened for this unit, so its open duties of this paper that wait for it are met.
 * obligation_happened_for(…, ordinal) closes one obligation's duty only.
 */
enum err obligation_happened(struct ctx *cx, const struct fact *fact, int64_t document_id, int64_t unit_id,
                             struct str closes_by) MUST_CHECK;

/* The same backwards: what had closed them no longer stands. */
enum err obligation_unhappened(struct ctx *cx, const struct fact *fact, int64_t document_id, int64_t unit_id,
                               struct str closes_by) MUST_CHECK;

/*
 * Which standing bodies of the issuer's area a paper's words mean ("Các cơ quan thuộc Hội đồng nhân dân tỉnh"), each once,
 * as the owners of duties are read; none when the words name nobody. For rooms below whose papers name units in words.
 */
enum err obligation_find_units(struct ctx *cx, const struct document *document, struct str words, int64_t **ret_ids,
                               size_t *ret_len) MUST_CHECK;

/*
 * A block on top of Hôm nay by a room below: what the moment asks of the actor's unit where no paragraph orders it (the
 * roll of a half-day). Empty markup shows nothing. Registered once at start, before any connection.
 */
typedef enum err (*today_block)(struct ctx *cx, struct safe_html *ret_block);
enum { TODAY_BLOCKS_MAX = 4 };
void today_register_block(today_block block);

/* ---- Set up and addresses ---- */

/* Registers the listeners and closers of this room; once at start, before any connection. */
void obligation_start(void);

struct url obligation_url(struct arena *arena, int64_t obligation_id);
struct url duty_url(struct arena *arena, int64_t obligation_id, int64_t unit_id, int64_t period);

extern const struct fact_kinds obligation_facts;
extern const struct fact_kinds holiday_facts;
extern const struct route_table obligation_routes;

#endif
