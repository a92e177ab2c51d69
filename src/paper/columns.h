/*
 * columns: lines of a text that blanks set in columns: a table, or the two halves of a letterhead or of a signature, as
 * a converter prints them. They become cells, so that whoever reads on need not know how the text looked.
 */
#ifndef PAPER_COLUMNS_H
#define PAPER_COLUMNS_H

#include "base/ctx.h"

enum { COLUMNS_MAX = 12, COLUMNS_LINES_MAX = 400 };

struct columns_cell {
    int row, column;
    struct str text; /* the cell's lines joined, single blanks */
};

struct columns {
    struct columns_cell *cells; /* row by row */
    size_t cells_len;
    size_t bytes; /* of the text they stand in */
};

/* Whether columns begin in the first line of `text`: at least two lines whose gaps of two blanks or more lie above each
 * other, and no line that crosses the gap. When not, ret_columns->bytes is how much was looked at in vain, for the caller
 * not to look again. */
bool columns_find(struct arena *arena, struct str text, struct columns *ret_columns);

#endif
