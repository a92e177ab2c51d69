/*
 * file: whole files, for the files of this folder: what one holds as a digest, a copy that is known to be the same, and
 * a name that is there whole or not at all.
 */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "base/ctx.h"

enum { FILE_DIGEST_HEX = 64 };

struct file_seen {
    int64_t bytes;
    char hex[FILE_DIGEST_HEX + 1]; /* BLAKE2b-256 of the bytes */
};

/* ERR_UNAVAILABLE when it cannot be read. Takes a block from the arena. */
enum err file_look(struct ctx *cx, const char *path, struct file_seen *ret_seen) MUST_CHECK;
/* Copies into a new file (mode 600) and says what went by; not synced yet. */
enum err file_copy(struct ctx *cx, const char *from, const char *to, struct file_seen *ret_seen) MUST_CHECK;
/* A new file (mode 600) with that text; not synced yet. */
enum err file_write(struct ctx *cx, const char *path, struct str text) MUST_CHECK;

/* Syncs what `path` names; `flags` are those to open it with (O_RDWR, or O_RDONLY | O_DIRECTORY). */
enum err file_sync(struct ctx *cx, const char *path, int flags) MUST_CHECK;
/* Syncs the file and gives it its last name, and syncs the folder: it is there whole or not at all. */
enum err file_put_in_place(struct ctx *cx, const char *from, const char *to) MUST_CHECK;
/* The same for a folder whose files are synced. */
enum err file_put_folder_in_place(struct ctx *cx, const char *from, const char *to) MUST_CHECK;

#endif
