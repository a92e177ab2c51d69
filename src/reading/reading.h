/*
 * reading: a paper is handed in as a file, the machine reads it, a person puts it right, and it becomes a draft.
 *
 * Rules kept here: what the machine said is kept as it came, and each change with who made it and when; nobody's change
 * is lost and none is made in silence. A file that cannot be read, or bears a mark of secrecy, leaves nothing behind. A
 * unit takes the same file in once. A reading is its unit's alone, like a draft, and stops changing when its draft has
 * been issued.
 *
 * The state is plan/1 as reader/reader.h writes it, without the paragraphs. Every record of a list carries "_id", a
 * number that stays when others are added or removed, so that a path ("obligations/3", "document/references/1") means
 * the same record in what was said and in what stands now.
 */
#ifndef READING_READING_H
#define READING_READING_H

#include "base/ctx.h"
#include "document/document.h"
#include "http/http.h"
#include "store/fact.h"

enum {
    READING_FILE_MAX = MATERIAL_BYTES_MAX,
    READING_SAID_MAX = 1000000, /* code points of the reader's JSON */
    READING_VALUE_MAX = 100000, /* code points of one change */
    READING_LIST_MAX = 50,
    READING_CHANGES_MAX = 500,
};

/* What an engine makes of a file. */
struct reading_result {
    struct str format; /* "docx" (paper/paper.h) */
    int64_t pages;
    struct str said;  /* plan/1 with _at, _doubt and _paragraphs */
    struct str sheet; /* reading_sheet.h */
};
struct reading_engine {
    enum err (*read)(struct ctx *cx, struct bytes file, struct reading_result *ret_result);
    enum err (*picture)(struct ctx *cx, struct bytes file, int page, int dots_per_inch, struct bytes *ret_png);
};
extern const struct reading_engine reading_engine_own; /* paper and reader */

struct reading {
    int64_t id; /* the seq of its first fact */
    int64_t unit_id;
    struct str digest; /* of the file, in files/ */
    struct str file_name;
    int64_t bytes;
    struct str format;
    int64_t pages;
    struct str said, sheet, state; /* "" when read by a list */
    struct str label;  /* "Kế hoạch 664-KH/HVCTQG tổ chức lớp ..." */
    int64_t doubts;    /* still to be looked at */
    int64_t taken_at;
    struct str taken_by; /* the account's name */
    int64_t document_id; /* 0: no draft yet */
};
struct readings {
    struct reading *at;
    size_t len;
};

/* Who changed what. */
struct reading_change {
    int64_t at;
    struct str who, action, path, before, after;
};
struct reading_changes {
    struct reading_change *at;
    size_t len;
};

/* Actions as stored. */
#define READING_SET STR("set")         /* values of one record: {"owner": "...", "due": null} */
#define READING_ADD STR("add")         /* a record to a list */
#define READING_REMOVE STR("remove")   /* a record */
#define READING_CONFIRM STR("confirm") /* a doubt or an anomaly was looked at; value: the field, "" for all of the paper */

struct reading_edit {
    struct str action, path, value;
    int64_t paragraph, from, to; /* where the value was taken from on the sheet; 0 nowhere */
};

/* The file's digest, as files/ names it. */
struct str reading_digest(struct arena *arena, struct str content);
/* What the unit has of this file already; 0 when nothing. */
enum err reading_find_file(struct ctx *cx, int64_t unit_id, struct str digest, int64_t *ret_id) MUST_CHECK;
/* On the writer; the bytes must be in files/ already. A second time gives the first one's id. */
enum err reading_take_in(struct ctx *cx, struct str digest, struct str file_name, int64_t bytes,
                         const struct reading_result *result, int64_t *ret_id) MUST_CHECK;
/* Whether the edit leaves a plan that plan_parse takes: the words name what is wrong. Writes nothing. */
enum err reading_try(struct ctx *cx, const struct reading *reading, const struct reading_edit *edit) MUST_CHECK;
enum err reading_edit(struct ctx *cx, int64_t reading_id, const struct reading_edit *edit) MUST_CHECK;
/*
 * The state becomes a draft, or the draft it became takes on what has changed since. As the unit's own paper, or as one of
 * another issuer that the unit enters as received (document.h).
 */
enum err reading_make_draft(struct ctx *cx, int64_t reading_id, bool is_received, int64_t *ret_document_id) MUST_CHECK;

/* Narrowed to the actor's unit: NOT_FOUND else. */
enum err reading_get(struct ctx *cx, int64_t reading_id, struct reading *ret_reading) MUST_CHECK;
/* The one whose draft is this paper; id 0 when none. Not narrowed. */
enum err reading_find_of(struct ctx *cx, int64_t document_id, struct reading *ret_reading) MUST_CHECK;
enum err reading_list(struct ctx *cx, struct readings *ret_list) MUST_CHECK;
enum err reading_list_changes(struct ctx *cx, int64_t reading_id, struct reading_changes *ret_list) MUST_CHECK;

struct url reading_url(struct arena *arena, int64_t reading_id);

extern const struct fact_kinds reading_facts;
extern const struct route_table reading_routes;
/* A paper's page tells from which file it was read. */
extern const struct document_listener reading_listener;

/*
 * The desk reads what takes long (PDF, scans) on a thread of its own, one file after another; pages ask how far it is.
 * Without a desk (tests, or before the server stands) every file is read at once. NULL engine: reading_engine_own.
 */
enum err reading_desk_open(struct ctx *cx, struct app *app, const struct reading_engine *engine) MUST_CHECK;
void reading_desk_close(struct app *app);

#endif
