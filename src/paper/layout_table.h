/*
 * layout_table: the cells of a ruled grid.
 */
#ifndef PAPER_LAYOUT_TABLE_H
#define PAPER_LAYOUT_TABLE_H

#include "paper/leaf.h"

enum { TABLE_COLUMNS_MAX = 40, TABLE_ROWS_MAX = 200, TABLE_PAGE_MAX = 32 };

struct table_cell {
    int row, column, row_span, column_span;
    struct leaf_word *words;
    size_t words_len;
};

struct table {
    double columns[TABLE_COLUMNS_MAX + 1]; /* where they begin and end */
    double rows[TABLE_ROWS_MAX + 1];
    size_t columns_len, rows_len; /* edges: one more than there are columns, rows */
    struct table_cell *cells;     /* row by row, those with words */
    size_t cells_len;
};

struct table_list {
    struct table *at[TABLE_PAGE_MAX]; /* from the top down */
    size_t len;
};

/* The tables that the leaf's rulings draw. Their words leave the leaf's own list. */
struct table_list table_list_take(struct ctx *cx, struct leaf *leaf);

#endif
