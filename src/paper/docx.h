/*
 * docx: what the files that read Word documents share (ECMA-376 part 1, WordprocessingML; section numbers below are its).
 *
 * A document is a package of parts. paper_docx.c finds them and puts the paper together; docx_part.c walks the words of
 * one part; docx_style.c and docx_list.c know how styles and lists make them look; docx_symbol.c the letters of picture
 * fonts.
 */
#ifndef PAPER_DOCX_H
#define PAPER_DOCX_H

#include "paper/archive.h"
#include "paper/inside.h"
#include "paper/legacy.h"
#include "paper/xml.h"

/* The namespaces that hold words; SPACE_W also as ISO's "strict" edition writes it. */
enum docx_space { SPACE_NONE, SPACE_W, SPACE_COMPATIBILITY, SPACE_MATH, SPACE_VML };
extern const struct xml_space docx_spaces[];

/*
 * The soft hyphen is the letter "ư" in TCVN3 and not seen otherwise. Cleaning drops it, so while it is
 * not known which of both a paper has, it is kept as a letter of private use.
 */
#define SOFT_HYPHEN "\xC2\xAD"
#define SOFT_HYPHEN_KEPT "\xEE\x82\xAD"
/* `text` with every `from` as `to`; the text itself when there is none. */
struct str docx_swap(struct arena *arena, struct str text, struct str from, struct str to);

/* What matters of a font: whether its codes are letters of Unicode, of an old encoding, or pictures. */
enum docx_font { FONT_SILENT, FONT_UNICODE, FONT_TCVN3, FONT_TCVN3_CAPITALS, FONT_VNI, FONT_SYMBOL, FONT_WINGDINGS };
enum docx_font docx_font_of(struct str name);
enum legacy docx_font_legacy(enum docx_font font);

/* What a run says of its letters, or a style for it; -1 and FONT_SILENT are silence. */
struct run_format {
    signed char is_bold, is_italic, is_capital, is_hidden, is_raised;
    int half_points;
    enum docx_font font;
};
struct paragraph_format {
    signed char is_centred;
    int outline_level; /* 0 to 8; 9 is body text */
    int list, level;   /* numId, ilvl; list 0 is none */
};

#define RUN_FORMAT_SILENT { -1, -1, -1, -1, -1, -1, FONT_SILENT }
#define PARAGRAPH_FORMAT_SILENT { -1, -1, -1, -1 }

/* Takes one element inside w:rPr (17.3.2) or w:pPr (17.3.1); what is none of theirs changes nothing. */
void run_format_take(struct run_format *format, const struct xml_event *event);
void paragraph_format_take(struct paragraph_format *format, const struct xml_event *event);
/* w:val of an on-off element (17.17.4): on when it is missing. */
bool docx_is_on(const struct xml_event *event);

struct docx_style {
    struct str id;
    struct str based_on;
    bool is_paragraph_default;
    struct run_format run;
    struct paragraph_format paragraph;
};
struct docx_styles {
    struct docx_style *at; /* by id; each holds what it has from those it is based on */
    size_t len;
    struct run_format defaults;
    const struct docx_style *paragraph_default;
};
/* `part` may be NULL: a document without styles. */
enum err docx_styles_read(struct ctx *cx, const struct xml_source *part, struct docx_styles *ret_styles) MUST_CHECK;
/* NULL when there is none of that name. */
const struct docx_style *docx_style_find(const struct docx_styles *styles, struct str id);
/* How letters look in the end: the run's own word, else its styles', else the document's (17.7.3 for on-off ones). */
struct run_format docx_run_look(const struct docx_styles *styles, const struct docx_style *paragraph,
                                const struct docx_style *character, const struct run_format *own);

struct docx_lists;
/* `part` may be NULL here too. */
enum err docx_lists_read(struct ctx *cx, const struct xml_source *part, struct docx_lists **ret_lists) MUST_CHECK;
/*
 * Counts one more paragraph of the list and, when it `has_words`, gives its label as seen, with the blank behind it:
 * "1.2. ", "a) ", "- "; "" when there is none. `level` -1 is the one that names `style` its own, or the first.
 */
struct str docx_list_count(struct ctx *cx, struct docx_lists *lists, const struct docx_styles *styles, int list,
                           int level, struct str style, bool has_words);

/* The letter that a font draws for a code of U+F000 to U+F0FF or of its own; 0 when Unicode has none. */
uint32_t docx_symbol(enum docx_font font, uint32_t code);

/* A footnote or endnote with its blocks. */
struct docx_note {
    struct str id;
    size_t from, len; /* of the list of all notes' blocks */
};
struct docx_notes {
    struct docx_note *at;
    size_t len;
    struct block_list blocks;
    int numbered; /* how many the document called so far */
};

/* Where tabs or many blanks stand in a block's words: the byte behind them, 0 when they stand before all words. */
struct docx_gap {
    size_t block_at;
    size_t at;
};
/*
 * Letterheads and signatures that tabs set side by side, as cells of a table: at the head, and from "Nơi nhận" on.
 * `gaps` are in the order of the blocks; tables are counted on from *tables.
 */
enum err docx_columns(struct ctx *cx, struct block_list *list, const struct docx_gap *gaps, size_t len,
                      int *tables) MUST_CHECK;

/* A head or foot that a section names (17.10). */
struct docx_reference {
    struct str id;   /* of the relationship */
    bool is_head;
    bool is_first;   /* of the section's first page alone */
    int section;     /* from 0 */
};

/* What the parts of one document share. */
struct docx {
    struct docx_styles styles;
    struct docx_lists *lists;
    struct docx_notes footnotes, endnotes;
    struct docx_reference *references;
    size_t references_len;
    bool *is_title_page; /* by section: whether its first page has a head of its own (17.10.6) */
    size_t sections_len;
    int tables;
    int unicode_in_old_fonts, old_in_old_fonts; /* runs that showed what an old font's name is worth here */
};

/* Walks one part; its paragraphs become blocks of `kind` (PAPER_PARAGRAPH: those in tables PAPER_CELL). */
enum err docx_part_read(struct ctx *cx, struct docx *docx, const struct xml_source *part,
                        enum paper_block_kind kind, struct block_list *list) MUST_CHECK;
/* Footnotes or endnotes. */
enum err docx_notes_read(struct ctx *cx, struct docx *docx, const struct xml_source *part,
                         struct docx_notes *ret_notes) MUST_CHECK;

#endif
