/*
 * unit_import: the statistics office's list of areas as CSV: what it would change, and the change itself.
 *
 * Columns are known by their heading, in Vietnamese or as in our own export: code (mã), name (tên), kind (cấp, loại),
 * parent (mã tỉnh). A missing kind is read from the name ("Phường Ba Đình"). Codes decide, never names.
 * What stands in the tree and not in the list is closed, but only in a place of which the list has at least half: so a
 * list of one province leaves the others alone, and a commune that moved does not drag its new province in.
 */
#ifndef UNIT_UNIT_IMPORT_H
#define UNIT_UNIT_IMPORT_H

#include "unit/unit.h"

enum { UNIT_IMPORT_ROWS_MAX = 10000, UNIT_IMPORT_BYTES_MAX = 2 * 1024 * 1024 };

struct unit_import_row {
    struct str code;
    struct str name; /* bare, in one form */
    enum unit_kind kind;
    struct str parent_code; /* "" for provinces */
    size_t line;
};
struct unit_import {
    struct unit_import_row *at;
    size_t len;
};

/* ERR_INVALID names the line and what is expected. */
enum err unit_import_read(struct ctx *cx, struct str csv, struct unit_import *ret_import) MUST_CHECK;
/* The same list as CSV of our own headings. */
struct str unit_import_write(struct arena *arena, const struct unit_import *import);

enum unit_change { UNIT_ADDED, UNIT_RENAMED, UNIT_REKINDED, UNIT_MOVED, UNIT_CLOSED, UNIT_CHANGE_COUNT };
struct str unit_change_words(enum unit_change change); /* "Thành lập mới" */

struct unit_import_change {
    enum unit_change change;
    const struct unit_import_row *row; /* NULL for a closed one */
    int64_t unit_id;                   /* 0 for an added one */
    struct str code;
    struct str before, after; /* as shown */
};
struct unit_import_changes {
    struct unit_import_change *at; /* in the order in which they are applied */
    size_t len;
    size_t counts[UNIT_CHANGE_COUNT];
};

/* What the list would change on that day. Narrowed to the actor's scope: rows outside it are refused. */
enum err unit_import_preview(struct ctx *cx, const struct unit_import *import, int32_t day,
                             struct unit_import_changes *ret_changes) MUST_CHECK;
/* On the writer. Finds the changes again, on what stands there now, and records them. */
enum err unit_import_apply(struct ctx *cx, const struct unit_import *import, int32_t day, struct str cause,
                           size_t *ret_changes) MUST_CHECK;

#endif
