/*
 * leaf: one page as words and rulings, whatever it came from: a PDF's text or Tesseract's reading of a picture.
 *
 * Everything is in points from the page's top left. A word's place is its baseline and the size of its type, because
 * boxes differ with the letters in them; see layout.h for what is made of a leaf.
 */
#ifndef PAPER_LEAF_H
#define PAPER_LEAF_H

#include "base/ctx.h"

enum { LEAF_WORDS_MAX = 20000, LEAF_RULES_MAX = 800 };

struct leaf_word {
    struct str text;
    double left, right, base, size;
    int confidence; /* percent */
    bool is_raised; /* a note's mark or an exponent; found by the layout */
};

/* A drawn line, level or upright: one of width and height is small. */
struct leaf_rule {
    double left, top, right, bottom;
};

struct leaf {
    double width, height;
    bool is_scan;
    struct leaf_word *words;
    size_t words_len;
    struct leaf_rule *rules;
    size_t rules_len;
};

struct leaf_list {
    struct leaf *at;
    size_t len, room;
};

/*
 * The output of `pdftotext -bbox-layout`: a leaf per page. The program ran on foreign bytes, so nothing in its output
 * is believed beyond its shape. ERR_LIMIT beyond PAPER_PAGES_MAX pages or LEAF_WORDS_MAX words on one.
 */
enum err leaf_from_boxes(struct ctx *cx, struct str xhtml, struct leaf_list *ret_leaves) MUST_CHECK;

/* The words of page `number` (from 1) of Tesseract's hOCR; `points_per_dot` is 72 over the picture's resolution. */
enum err leaf_words_from_hocr(struct ctx *cx, struct str hocr, int number, double points_per_dot, struct leaf *leaf)
    MUST_CHECK;

#endif
