/*
 * outline_inside: the steps of outline.c, from blocks to lines, zones, paragraphs and the tree. Used by outline*.c alone.
 */
#ifndef READER_OUTLINE_INSIDE_H
#define READER_OUTLINE_INSIDE_H

#include "reader/fold.h"
#include "reader/outline.h"

/* How a paragraph is numbered, from the widest heading to the smallest bullet: the order is the rank of headings. */
enum label_style {
    LABEL_NONE,
    LABEL_LEVEL,        /* no number, but a heading style or Markdown mark */
    LABEL_PART,         /* "Phần I", "Chương 2" */
    LABEL_SECTION,      /* "Mục 1." */
    LABEL_ARTICLE,      /* "Điều 1." */
    LABEL_CAPITAL,      /* "A." */
    LABEL_ROMAN,        /* "IV." */
    LABEL_CAPS,         /* no number, all in capitals */
    LABEL_FIGURE,       /* "1." */
    LABEL_FIGURE_PAREN, /* "1)", "1/" */
    LABEL_FIGURE_2,     /* "1.2." */
    LABEL_FIGURE_3,
    LABEL_FIGURE_4,
    LABEL_BOLD,         /* no number, bold and short; or a title of the vocabulary before a ':' */
    LABEL_LETTER,       /* "a)" */
    LABEL_LETTER_2,     /* "a1)" */
    LABEL_PAREN_FIGURE, /* "(1)"; from here on items, never headings */
    LABEL_PAREN_LETTER,
    LABEL_PAREN_ROMAN,
    LABEL_DASH,
    LABEL_DOT,          /* any other bullet sign */
    LABEL_PLUS,
    LABEL_STAR,
    LABEL_ORDINAL,      /* "Một là, ...": the words stay part of the text */
    LABEL_NAMED,        /* "Chuyên đề 1:", "Đợt 2:": the words stay part of the text */
};

struct label {
    enum label_style style;
    size_t from, to; /* code points of the label as printed */
    size_t text;     /* where the words begin */
    int number;      /* of a figure, letter or Roman number; 0 of bullets */
};

/* The label a line or paragraph begins with. */
struct label label_read(const struct fold *fold);
bool label_is_heading_style(enum label_style style);

enum line_zone {
    ZONE_BODY,
    ZONE_LETTERHEAD,
    ZONE_KIND,
    ZONE_TITLE,
    ZONE_ADDRESSEE,
    ZONE_RECIPIENT,
    ZONE_SIGNATURE,
    ZONE_NOTE,
    ZONE_DROPPED, /* rules, page numbers, running heads, "(Đã ký)" */
};

struct line {
    struct str text; /* without Markdown */
    struct fold fold;
    struct label label;
    const struct paper_block *block;
    enum line_zone zone;
    int part;  /* 0 the paper, 1 ... its appendices */
    int level; /* of a heading style or Markdown heading; 0 none */
    int table; /* 0 outside tables and in tables that only lay out a letterhead or a signature */
    int row, column;
    bool is_cell;     /* of a table found in lines: its lines are one text */
    int blank_before; /* of empty lines; a dropped line in between counts as one */
    bool is_caps;     /* letters, and all of them capitals */
    bool is_bold;     /* the whole line, by the file or by Markdown */
    bool is_italic;
    int note;         /* of a note's first line; -1 when it has no number */
};

struct lines {
    struct line *at;
    size_t len;
    int width; /* code points of a full line; 0 where the file does not break lines */
    int right; /* of the boxes of full lines; 0 without layout */
    int notes;     /* the highest number of a note that stands in figures; its marks are glued to words */
    size_t papers; /* letterheads with a number and a kind of paper of their own */
};

void lines_make(struct arena *arena, const struct paper *paper, struct lines *ret_lines);
/* Cells of a letterhead or a signature become lines. */
void lines_dissolve_tables(struct lines *lines);
bool line_is_caps(const struct fold *fold);
/* Any text without Markdown marks, blanks single, none at the ends; *level, *is_bold when the marks say so. */
struct str line_clean(struct arena *arena, struct str text, int *level, bool *is_bold, bool *is_italic);

void zones_find(struct arena *arena, struct lines *lines);
/* Page numbers between the lines, and the notes above them; after tables_find, whose rows are counted too. */
void zones_find_pages(struct lines *lines);
/* "ke_hoach" where the whole line is the name of a kind of paper; *rest the code point where more begins. */
struct str zone_kind(const struct fold *fold, size_t *rest);
bool zone_is_person(const struct fold *fold);
/* Code points of a military rank in front of a name, with the blank behind it. */
size_t zone_rank_len(const struct fold *fold);
bool zone_is_authority(const struct fold *fold);

/* Tables flattened into lines get their table, row and column; a line that held several cells becomes several. */
void tables_find(struct arena *arena, struct lines *lines);

struct paragraph {
    struct str text; /* normalised: one line, no marks of notes */
    struct fold fold;
    struct label label;
    const struct line *first;
    size_t line_from, line_to;
    int index; /* from 1, in outline->paragraphs */
};

struct paragraphs {
    struct paragraph *at;
    size_t len;
};

/* Whether line b goes on with the paragraph that ends with line a; `so_far` its first line. */
bool join_goes_on(const struct lines *lines, const struct line *so_far, const struct line *a, const struct line *b);
/* The lines [from, to) of one zone as paragraphs; the next index is outline's. */
void paragraphs_make(struct arena *arena, const struct lines *lines, enum line_zone zone, int part, struct outline *outline,
    struct paragraphs *ret_list);
/* One paragraph of the lines [from, to), entered in the outline's normalised text. */
struct paragraph paragraph_make(struct arena *arena, const struct lines *lines, size_t from, size_t to, struct outline *outline);

struct outline_node *tree_make(struct arena *arena, const struct paragraphs *paragraphs);
/* The topics a title names, as bits; *ret_first the first of them. */
unsigned topics_of(const struct fold *title, enum outline_topic *ret_first);

#endif
