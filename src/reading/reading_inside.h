/*
 * reading_inside: the facts of this room, the state as JSON, and the shape of plan/1 as a person edits it.
 */
#ifndef READING_READING_INSIDE_H
#define READING_READING_INSIDE_H

#include "reading/reading.h"
#include "store/db.h"

#include <jansson.h>

/* ---- Facts ---- */

struct reading_taken_in {
    struct str file, file_name, format;
    int64_t bytes, pages;
    struct str said, sheet;
};
struct reading_changed {
    struct str action, path, value;
    int64_t paragraph, from, to;
};
struct reading_drafted {
    int64_t document_id;
};
enum reading_fact { READING_FACT_TAKEN_IN, READING_FACT_CHANGED, READING_FACT_DRAFTED, READING_FACT_COUNT };
extern const struct fact_kind reading_fact_list[READING_FACT_COUNT];

/* ---- The state (reading_json.c). JSON values live as long as the arena. ---- */

/* ERR_INVALID when the text is no JSON object. */
enum err reading_json_load(struct ctx *cx, struct str text, json_t **ret_root) MUST_CHECK;
struct str reading_json_dump(struct ctx *cx, const json_t *root);
/* The state a reading begins with: what was said, with ids, without the paragraphs. */
void reading_json_begin(json_t *root);
/* The object or list at a path; NULL when there is none. "" is the root. */
json_t *reading_json_at(json_t *root, struct str path);
/* A member by a dotted key: "signer.name"; NULL when there is none. */
json_t *reading_json_member(json_t *object, const char *key);
/* Does it. ERR_NOT_FOUND when the path leads nowhere, ERR_INVALID when the value does not fit. */
enum err reading_json_edit(struct ctx *cx, json_t *root, const struct reading_edit *edit) MUST_CHECK;
/* "Kế hoạch 664-KH/HVCTQG tổ chức lớp ..." */
struct str reading_json_label(struct arena *arena, json_t *root);
/* Doubts and anomalies nobody has looked at. */
int64_t reading_json_doubts(json_t *root);
/* Whether an anomaly is still to be looked at. */
bool reading_anomaly_waits(const json_t *anomaly);
/* Why the machine was not sure of a member; "" when it was. */
struct str reading_json_doubt(json_t *object, const char *key);
/* Where it was read; NULL when not known. An object with paragraph, from, to. */
json_t *reading_json_place(json_t *object, const char *key);
struct str reading_json_str(const json_t *value);

/* ---- The shape (reading_shape.c): sections of the page, records, fields ---- */

enum reading_kind {
    READING_TEXT,
    READING_LONG,     /* a paragraph */
    READING_LINES,    /* a list of texts, one a line */
    READING_DATE,     /* 2026-05-21, 2026-05, 2026-Q2, 2026 */
    READING_DATETIME,
    READING_TIME,
    READING_AT,       /* {"at": datetime} */
    READING_ATS,      /* [{"at": datetime}], one a line */
    READING_COUNT,    /* 5 or "40-45" */
    READING_NUMBER,
    READING_TENTHS,   /* 1.5 */
    READING_BOOL,
    READING_CHOICE,
    READING_DUE,
    READING_DURATION, /* P3M */
    READING_REPEAT,   /* how it goes on beside a dated due */
};

struct reading_field {
    const char *key; /* dotted within its record */
    const char *label;
    enum reading_kind kind;
    const struct choice *choices;
    size_t choices_len;
};
struct reading_part {
    const char *path;  /* "document", "obligations", "" the root */
    const char *title;
    const char *one;   /* of a list: "nhiệm vụ" */
    const struct reading_field *fields;
    size_t fields_len;
    bool is_list;
    const struct reading_part *nested; /* a list inside each record: its path is the key */
    bool is_rare;      /* shown only when there is something in it */
};
extern const struct reading_part reading_parts[];
extern const size_t reading_parts_len;
/* The part whose records a path names; NULL when none. ret_is_list: the path is the list itself. */
const struct reading_part *reading_part_of(struct str path, bool *ret_is_list);

/* As a person reads it; "" when there is none. */
struct str reading_show(struct arena *arena, const struct reading_field *field, const json_t *value);
/* As an input holds it; what reading_parse reads back. */
struct str reading_type(struct arena *arena, const struct reading_field *field, const json_t *value);
/* What was typed as JSON (NULL: empty), owned by the caller. `how` is a due's relation. ERR_INVALID with the field. */
enum err reading_parse(struct ctx *cx, const struct reading_field *field, struct str typed, struct str how,
                       json_t **ret_value) MUST_CHECK;

/* ---- The desk (reading_desk.c) ---- */

struct reading_desk;
enum reading_job_state { READING_JOB_NONE, READING_JOB_WAITING, READING_JOB_READING, READING_JOB_DONE, READING_JOB_FAILED };
struct reading_job {
    enum reading_job_state state;
    int64_t reading_id;
    int64_t started_at;  /* ms of the civil clock */
    int64_t before;      /* how many stand before it */
    struct str file_name;
    struct str words;    /* why not */
};
const struct reading_engine *reading_engine_of(const struct app *app);
/* Leaves a copy of the file to be read; the ticket is the form's fact id. ERR_UNAVAILABLE when too many wait. */
enum err reading_desk_leave(struct ctx *cx, struct app *app, struct str content, struct str file_name,
                            struct str ticket) MUST_CHECK;
/* How far it is; waits for at most wait_ms while it is not done. Only of the actor's own unit. */
struct reading_job reading_desk_ask(struct ctx *cx, struct app *app, struct str ticket, int64_t wait_ms);
/* Reads, keeps the file and records it; the whole walk of one file. Not on the writer: it waits for it. */
enum err reading_read_file(struct ctx *cx, const struct reading_engine *engine, struct str dir, struct str content,
                           struct str *ret_digest, struct reading_result *ret_result) MUST_CHECK;

/* ---- Handlers ---- */

struct reading_edit_form {
    struct str action, path;
    int64_t paragraph, from, to;
};
struct reading_upload_form {
    struct str name;
};
struct reading_draft_form {
    struct str as;
};
enum err reading_show_page(struct ctx *cx, struct request *req, struct response *res);
enum err reading_prepare_edit(struct ctx *cx, struct request *req, struct response *res);
enum err reading_post_edit(struct ctx *cx, struct request *req, struct response *res);

#endif
