/*
 * layout_band: rows that are two columns side by side: a letterhead, the recipients beside a signature.
 */
#ifndef PAPER_LAYOUT_BAND_H
#define PAPER_LAYOUT_BAND_H

#include "paper/layout_row.h"

/* The part of a page that its running text fills. */
struct text_area {
    double left, right;
};

struct text_area text_area_of(const struct row_list *rows, double page_width);

struct band {
    size_t len;                    /* rows from the first one on; 0 when they are no columns */
    double left_edge, right_edge;  /* nothing stands between these two */
    bool is_left_centred, is_right_centred;
};

/* The columns that begin at row `first`, before row `end`. */
struct band band_at(const struct row_list *rows, size_t first, size_t end, struct text_area area);

/* How many words of the row stand left of the band's gap: they come first in it. */
size_t band_split(const struct row *row, const struct band *band);

/* Do the rows' middles lie in one place while their edges do not? */
bool is_row_centred(const struct row *row, struct text_area area);

#endif
