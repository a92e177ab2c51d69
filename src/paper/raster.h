/*
 * raster: a page as grey dots, from 0 (black) to 255.
 */
#ifndef PAPER_RASTER_H
#define PAPER_RASTER_H

#include "paper/leaf.h"

struct raster {
    unsigned char *at;
    int width, height;
};

/*
 * A page's black ink: `rgb` is three bytes a dot. Red stamps and blue signatures become white, and black letters under
 * them stay. What is printed in colour is lost with them.
 */
void raster_take_ink(const unsigned char *rgb, struct raster *raster);

/* The other half of that: what is printed or stamped in colour, as black. */
void raster_take_colour(const unsigned char *rgb, struct raster *raster);

/* Dots that are ink. */
size_t raster_count_ink(const struct raster *raster);

/* By how much the lines of the page rise to the right, in radians, within 3 degrees: the angle that makes rows fullest. */
double raster_skew(struct ctx *cx, const struct raster *raster);

/* The same page turned about its middle by that angle, so that its lines lie level. Both have one size. */
void raster_level(const struct raster *from, double skew, struct raster *to);

/* Paints the leaf's rulings white, so that letters beside them are read. */
void raster_erase_rules(struct raster *raster, double points_per_dot, const struct leaf *leaf);

/* The drawn lines of a page, put into the leaf: long thin runs of dark dots. */
void raster_find_rules(struct ctx *cx, const struct raster *raster, double points_per_dot, struct leaf *leaf);

#endif
