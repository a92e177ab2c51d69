/*
 * reading_sheet: how the paragraphs of a paper look: headings, lists, tables. The reader joins and cleans the paper's
 * blocks into paragraphs; here each paragraph is given the look of the block it begins with.
 *
 * A sheet is text, one line a paragraph: a letter for the look, then a table's figures:
 *   p plain   t title (bold, in the middle)   m in the middle   h heading   i list item   n note   f running head or foot
 *   c TABLE ROW COLUMN ROWS COLUMNS [b]   a cell, with how many rows and columns it covers; b: bold
 */
#ifndef READING_READING_SHEET_H
#define READING_READING_SHEET_H

#include "paper/paper.h"

struct sheet_line {
    char look;
    int table, row, column, row_span, column_span;
    bool is_bold;
};

/* `paragraphs` are the reader's, in order. */
struct str sheet_write(struct arena *arena, const struct paper *paper, const struct str *paragraphs, size_t len);
/* The next line's look; plain at the end. */
struct sheet_line sheet_next(struct str *rest);

#endif
