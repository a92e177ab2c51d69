/*
 * layout_row: words that stand on one line of type. Shared by the files of the layout.
 */
#ifndef PAPER_LAYOUT_ROW_H
#define PAPER_LAYOUT_ROW_H

#include "paper/leaf.h"
#include "paper/paper.h"

struct row {
    struct leaf_word *words; /* from left to right */
    size_t len;
    double left, right, base, size; /* the size of most of its letters */
};

struct row_list {
    struct row *at;
    size_t len;
};

/* Sorts the words and cuts them into lines, from the top down. */
struct row_list row_list_from(struct ctx *cx, struct leaf_word *words, size_t len);

/* The words between two of them as text: blanks where the page has them, raised figures as ¹²³, NFC, clean. */
struct str row_text(struct ctx *cx, const struct row *row, bool is_scan);

/* Its box, size, confidence and text as a block of its own. */
struct paper_block row_block(struct ctx *cx, const struct row *row, int page, bool is_scan);

/* Without the rows that are a scan's dirt: marks above capitals that Tesseract took for a line of their own. */
void row_list_clean(struct ctx *cx, struct row_list *rows);

/* The part of a row from word `from` on, `len` words; at least one. */
struct row row_part(const struct row *row, size_t from, size_t len);

#endif
