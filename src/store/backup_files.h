/*
 * backup_files: the files that facts name (materials, what was sent along with a closing) in a backup and back.
 *
 * A file is named by the BLAKE2b-256 of its bytes, so a copy is judged by its own name. Beside the backup stands the
 * folder FILE.files with the copies and a list of them, one line each: name and size, or name and "-" for a file that
 * was already missing or damaged when the backup was made. The manifest has the digest of that list.
 */
#ifndef STORE_BACKUP_FILES_H
#define STORE_BACKUP_FILES_H

#include "store/file.h"
#include "store/store.h"
#include "store/verify.h"

/* Names of files, in order, each once. */
struct file_names {
    struct str *at;
    size_t len;
};
/* Every file that facts name, on cx->db. */
enum err backup_files_named(struct ctx *cx, struct file_names *ret_names) MUST_CHECK;

struct backup_files {
    int64_t count; /* copied */
    int64_t bytes; /* of these */
    struct file_seen list;
};

/* Copies `names` from dir/files to the new folder `to`, everything synced; what is not sound here is a finding. */
enum err backup_files_copy(struct ctx *cx, const char *dir, const struct file_names *names, const char *to,
                           struct verify_list *list, struct backup_files *ret_files) MUST_CHECK;

/*
 * The way back, into the new folder `to`. ERR_INVALID when the folder is not what the manifest says, when a copy does not
 * match its name, and when the list is not of the files that the restored facts name.
 */
enum err backup_files_restore(struct ctx *cx, const char *from, const struct backup_files *said,
                              const struct file_names *names, const char *to, struct verify_list *list) MUST_CHECK;

#endif
