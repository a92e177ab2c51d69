/*
 * docx_walk: the walk through one part of a Word document, for the files that share it.
 *
 * Words come in runs inside paragraphs inside cells, and Word splits runs wherever it likes; a text box stands inside a
 * run and holds paragraphs of its own. So the walk keeps one frame for the part and one for each text box around the
 * place where it is: in a frame at most one paragraph is open. Everything has a fixed depth; nothing recurses.
 *
 * docx_part.c knows the elements and what opens and closes them; docx_words.c the letters of runs; docx_lines.c makes
 * blocks of paragraphs; docx_table.c and docx_note.c keep cells and notes.
 */
#ifndef PAPER_DOCX_WALK_H
#define PAPER_DOCX_WALK_H

#include "paper/docx.h"

enum {
    FRAMES_MAX = 4,
    TABLES_MAX = 12, /* nested */
    COLUMNS_MAX = 64, /* Word has 63 */
    SIZES_MAX = 6,
    SECTIONS_MAX = 500,
    FIELDS_MAX = 30,
    NOTES_MAX = 2000,
    SCRATCH_BYTES = 16 * 1024 * 1024,
};

struct walk;

/* An element the walk knows: what happens where it opens and closes. Both may be NULL: only its place matters. */
struct element {
    struct str name;
    int space;
    enum err (*open)(struct walk *w, const struct xml_event *event);
    enum err (*close)(struct walk *w);
};

struct place {
    const struct element *element; /* NULL: none that is known */
    bool is_chosen;                /* mc:AlternateContent: one of its choices has been read */
    bool is_placeholder;           /* w:sdt: holds only the words that ask to fill it in */
};

/* What one stretch of letters shares: how it becomes text. */
struct stretch {
    enum legacy legacy;
    bool is_capital;
};

struct paragraph {
    bool is_open;
    bool is_carried; /* its mark is deleted: the next one goes on with its words */
    bool is_mark_deleted;
    const struct docx_style *style;
    struct paragraph_format format;
    size_t block_at; /* where its block goes: text boxes inside it stand behind */
    struct buf done; /* text; '\n' is a forced line break */
    struct buf letters; /* of the stretch that is open */
    struct stretch stretch;
    size_t counted, bold, italic;
    struct {
        int half_points;
        size_t letters;
    } sizes[SIZES_MAX];
};

struct frame {
    struct paragraph paragraph;
    struct run_format own, look;
    const struct docx_style *character;
    bool is_look_known;
    int fields;             /* begun and not ended */
    uint32_t instructions;  /* bit n: the n-th of them is still before its result */
    int suppressed;         /* placeholders around this place */
    int blank;              /* empty paragraphs since the last words */
};

enum merge { MERGE_NONE, MERGE_DOWN, MERGE_RIGHT };

/* The blocks of the cell that is the newest of its column: cells merged into it make it higher or wider. */
struct origin {
    size_t from, to;
    int row; /* -1: there is none */
    int rows, columns; /* merged into it */
};

struct table {
    int number, row, column;
    int span;
    enum merge merge; /* of the cell that is open, into the one above or before */
    int column_before; /* of the cell before in the row, -1 none */
    bool is_row_deleted;
    size_t row_from, cell_from; /* of the list of blocks */
    struct origin origins[COLUMNS_MAX];
};

/* A note called since the last place where notes can stand. */
struct called_note {
    struct docx_notes *notes;
    size_t at;
    int number;
};

struct walk {
    struct ctx *cx;
    struct docx *docx;
    struct xml *xml;
    struct block_list *list;
    enum paper_block_kind kind;
    struct docx_notes *notes; /* the part is one of notes, and these become its notes */
    struct place places[XML_DEPTH_MAX + 1];
    int depth;
    struct frame frames[FRAMES_MAX];
    int frames_len;
    struct table tables[TABLES_MAX];
    int tables_len;
    struct buf text; /* of the w:t that is open */
    bool is_collecting, is_text_trimmed;
    bool is_skip_due; /* the element just opened is to be left out with all it holds */
    struct called_note *called;
    size_t called_len;
    struct docx_gap *gaps;
    size_t gaps_len;
    bool has_title_page;
    struct arena scratch; /* for what is weighed and thrown away, run by run */
};

struct frame *walk_frame(struct walk *w);
struct table *walk_table(struct walk *w); /* the innermost, NULL outside tables */
/* Whether the element `up` above the one that opens or closes has that name. */
bool walk_is_in(const struct walk *w, int up, const char *name);
enum err walk_refuse_depth(struct walk *w) MUST_CHECK;

/* docx_words.c. Whether words at this place are seen at all; a sign of the walk's own, in no font. */
bool walk_is_seen(struct walk *w);
void walk_put_sign(struct walk *w, uint32_t letter);
/* The letters since the last change of font become text. */
void walk_close_stretch(struct walk *w, struct paragraph *p);
enum err walk_open_text(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_close_text(struct walk *w) MUST_CHECK;
enum err walk_open_word_text(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_break(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_tab(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_hyphen(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_soft_hyphen(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_symbol(struct walk *w, const struct xml_event *event) MUST_CHECK;

/* docx_lines.c. A block of these words at this place; blocks of the words collected so far. */
struct paper_block walk_block(struct walk *w, struct str text);
enum err walk_finish_paragraph(struct walk *w) MUST_CHECK;

/* docx_table.c */
enum err walk_open_table(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_close_table(struct walk *w) MUST_CHECK;
enum err walk_open_row(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_close_row(struct walk *w) MUST_CHECK;
enum err walk_open_cell(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_close_cell(struct walk *w) MUST_CHECK;
enum err walk_open_cell_property(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_grid_before(struct walk *w, const struct xml_event *event) MUST_CHECK;

/* docx_note.c. The notes called so far, after the paragraph or the table that calls them. */
enum err walk_put_called_notes(struct walk *w) MUST_CHECK;
enum err walk_open_note_mark(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_open_note(struct walk *w, const struct xml_event *event) MUST_CHECK;
enum err walk_close_note(struct walk *w) MUST_CHECK;

#endif
