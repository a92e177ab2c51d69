/*
 * image: PNG and JPEG, measured here and handed on as a PDF of one page: poppler's programs then decode them, in the
 * jail, as they decode the images of scanned PDFs. Nothing of their dots is decoded in this process.
 */
#ifndef PAPER_IMAGE_H
#define PAPER_IMAGE_H

#include "paper/jail.h"
#include "paper/leaf.h"

/* Dots of an image: an A3 page at 600 dots an inch has 70 million. */
enum { IMAGE_DOTS_MAX = 72000000 };
/* A line of print over a page needs more dots than this: smaller pictures are icons, not papers. */
enum { IMAGE_WIDTH_MIN = 300, IMAGE_HEIGHT_MIN = 60 };

bool image_is(struct bytes file);

/* The page's size goes into `page`. ERR_INVALID, ERR_LIMIT in words for the person. */
enum err image_to_pdf(struct ctx *cx, struct bytes file, struct jail_memory **ret_pdf, struct leaf *page) MUST_CHECK;

#endif
