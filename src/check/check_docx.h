/*
 * check_docx: office files made in memory, well-formed or as bad as a test wants them.
 */
#ifndef CHECK_CHECK_DOCX_H
#define CHECK_CHECK_DOCX_H

#include "base/ctx.h"

struct check_part {
    const char *name;
    struct str text;
};

/* A ZIP file of these parts, packed. */
struct bytes check_zip(struct ctx *cx, const struct check_part *parts, size_t len);

/*
 * A Word document: what stands inside w:body, and other parts by their names in word/ ("styles.xml", "header1.xml"), each
 * with what stands inside its root element. The relationship of a part has its name without ".xml" as id ("header1").
 */
struct bytes check_docx(struct ctx *cx, const char *body, const struct check_part *others, size_t len);

#endif
