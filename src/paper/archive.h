/*
 * archive: the parts of a ZIP file (DOCX, XLSX), unpacked piece by piece within limits.
 *
 * Nothing the file says about itself is believed: a part is refused when it unpacks to more or less than was said, and
 * before that when it says more than a paper can have (reliability.md S6). Parts that nobody opens cost nothing.
 */
#ifndef PAPER_ARCHIVE_H
#define PAPER_ARCHIVE_H

#include "base/ctx.h"

enum {
    ARCHIVE_PARTS_MAX = 4000,
    ARCHIVE_PART_MAX = 32 * 1024 * 1024,  /* bytes of one part, unpacked */
    ARCHIVE_TOTAL_MAX = 48 * 1024 * 1024, /* bytes of all parts that are opened, unpacked */
    ARCHIVE_RATIO_MAX = 100,              /* for parts above ARCHIVE_RATIO_FREE; Word's own have 10 to 25 */
    ARCHIVE_RATIO_FREE = 1024 * 1024,
};

struct archive;

/*
 * `file` stays the caller's and must live as long as the archive, which ends with cx's arena. ERR_INVALID when it is
 * damaged, ERR_LIMIT when it has too many parts.
 */
enum err archive_open(struct ctx *cx, struct bytes file, struct archive **ret_archive) MUST_CHECK;

size_t archive_len(const struct archive *archive);
/* The name of a part, "" when it is not UTF-8; valid as long as the archive. */
struct str archive_name(const struct archive *archive, size_t at);
/* Names are compared without regard to the case of ASCII letters (ECMA-376 part 2, 9.1.1.1). */
bool archive_has(const struct archive *archive, struct str name);

/* A part being read. */
struct archive_part;

/* ERR_NOT_FOUND when there is none; ERR_INVALID when it is locked with a password, ERR_LIMIT when it is a bomb. */
enum err archive_part_open(struct ctx *cx, struct archive *archive, struct str name,
                           struct archive_part **ret_part) MUST_CHECK;
/* The next bytes, at most `room`; *ret_len is 0 at the end, where the checksum has been compared. */
enum err archive_part_read(struct ctx *cx, struct archive_part *part, void *at, size_t room,
                           size_t *ret_len) MUST_CHECK;

#endif
