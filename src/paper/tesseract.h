/*
 * tesseract: pages as pictures, read in the jail by Tesseract with its Vietnamese model.
 */
#ifndef PAPER_TESSERACT_H
#define PAPER_TESSERACT_H

#include "paper/jail.h"
#include "paper/raster.h"

/*
 * Several pages go into one run, which spares the model's start: a TIFF of grey pages, written as they come. Sizes are
 * stated beforehand; tiff_add gives a page to draw on.
 */
struct tiff {
    struct jail_memory *memory;
    size_t len;       /* bytes so far */
    size_t link;      /* where the place of the next page is to be written */
    int pages;
    int dots_per_inch;
};
/* Room for `pages` pages of `dots` dots together. */
enum err tiff_begin(struct ctx *cx, size_t dots, int pages, int dots_per_inch, struct tiff *ret_tiff) MUST_CHECK;
/* A white page of that size to draw on, until the next is added. */
struct raster tiff_add(struct tiff *tiff, int width, int height);

enum tesseract_look {
    TESSERACT_PAGE,  /* finds its columns and paragraphs */
    TESSERACT_BLOCK, /* lines one under the other, however short */
    TESSERACT_SPARSE, /* a few words anywhere */
};

/* hOCR of all its pages. ERR_INVALID in words when they take too long. */
enum err tesseract_read(struct ctx *cx, const struct tiff *tiff, enum tesseract_look look,
                        struct jail_memory **ret_hocr) MUST_CHECK;

#endif
