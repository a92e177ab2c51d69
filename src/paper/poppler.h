/*
 * poppler: poppler's programs, run in the jail on a PDF.
 */
#ifndef PAPER_POPPLER_H
#define PAPER_POPPLER_H

#include "paper/jail.h"
#include "paper/raster.h"

/* All pages' words with their places (pdftotext -bbox-layout). ERR_INVALID in words when the file cannot be read. */
enum err poppler_words(struct ctx *cx, const struct jail_memory *pdf, struct jail_memory **ret_xhtml) MUST_CHECK;

enum poppler_look {
    POPPLER_LINES,  /* grey, thin lines drawn one dot wide and black */
    POPPLER_COLOUR, /* as on paper */
    POPPLER_PNG,    /* a PNG file; empty when there is no such page */
};
/* Pages `first` to `last`, one after another as the program writes them: PGM, PPM, or one PNG. */
enum err poppler_pages(struct ctx *cx, const struct jail_memory *pdf, int first, int last, int dots_per_inch,
                       enum poppler_look look, struct jail_memory **ret_pictures) MUST_CHECK;

/* The PGM or PPM (`channels` 1 or 3) at *at, which moves behind it. False when there is none or it is cut. */
struct picture {
    unsigned char *at; /* rows of channels */
    int width, height, channels;
};
bool picture_next(struct jail_memory *pictures, size_t *at, struct picture *ret_picture);

#endif
