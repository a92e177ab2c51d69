/*
 * sheet: the fields of a page's tables cut out and laid one under the other, on a page of their own.
 *
 * Tesseract reads lines across a page. In a table the lines of neighbouring fields stand at different heights, and a
 * line drawn through them all is read as nonsense; field under field there is nothing beside them.
 */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include "paper/raster.h"

enum { SHEET_DOTS_HIGH = 16000 };

/* One field: where it stands on the sheet, and where it was cut from, in dots. */
struct sheet_slot {
    int top, width, height;
    int from_left, from_top;
};

struct sheet {
    struct sheet_slot *slots; /* from the top down */
    size_t len;
    int width, height; /* of the page to draw it on */
};

/* The fields with ink in the tables that the leaf's rulings draw; none when it has no table. */
struct sheet sheet_plan(struct ctx *cx, const struct raster *page, double points_per_dot, const struct leaf *leaf);

/* Moves the fields from the page, which is white there afterwards, to the sheet. */
void sheet_cut(const struct sheet *sheet, struct raster *page, struct raster *onto);

/* Puts words read on the sheet back to where their fields stood; words between fields are dropped. */
void sheet_return(const struct sheet *sheet, double points_per_dot, struct leaf *words);

#endif
