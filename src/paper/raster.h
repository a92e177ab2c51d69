/*
 * raster: a page as grey dots, from 0 (black) to 255.
 */
#ifndef PAPER_RASTER_H
#define PAPER_RASTER_H

#include "paper/leaf.h"

struct raster {
    const unsigned char *at;
    int width, height;
};

/* The drawn lines of a page, put into the leaf: long thin runs of dark dots. */
void raster_find_rules(struct ctx *cx, const struct raster *raster, double points_per_dot, struct leaf *leaf);

#endif
