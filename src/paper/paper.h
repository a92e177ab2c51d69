/*
 * paper: what stands on a paper, block by block, from any file people send.
 *
 * The sort of file is found from its bytes, never from its name: text (UTF-8 in NFC or NFD, UTF-16 with a mark,
 * TCVN3, VNI), DOCX, PDF with text, PDF of scans, PNG and JPEG. A block's text is what a reader of the paper sees:
 * list numbers and bullets stand in front ("1.2. ", "- "), tracked changes are accepted, hidden text is left out,
 * marks of notes are superscript figures (¹ ²) wherever the file tells them from other figures. It is NFC, one line,
 * single blanks. The same bytes give the same blocks.
 *
 * ZIP and XML are read in this process, within the limits below (reliability.md S5-S7); PDF, images and OCR are read
 * by poppler's and Tesseract's programs in a child without network, file system, time or memory of its own
 * (paper/jail.h). A file that cannot be read is refused with ERR_INVALID or ERR_LIMIT and one Vietnamese sentence that
 * says what it is and what to do; a paper marked MẬT, TỐI MẬT or TUYỆT MẬT is refused like that, and nothing is kept.
 */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "base/ctx.h"

enum {
    PAPER_FILE_MAX = 64 * 1024 * 1024, /* bytes of a file */
    PAPER_PAGES_MAX = 200,
    PAPER_BLOCKS_MAX = 20000,
    PAPER_TEXT_MAX = 1024 * 1024, /* bytes of all blocks: 200 full pages have about 600,000 */
};

/* X(NAME, as printed by commands, as shown) */
#define PAPER_FORMAT_LIST(X)                  \
    X(TEXT, "text", "Văn bản thuần")          \
    X(DOCX, "docx", "Word (DOCX)")            \
    X(PDF, "pdf", "PDF có lớp chữ")           \
    X(SCAN, "scan", "Bản quét (PDF hoặc ảnh)")

enum paper_format {
#define X(name, stored, shown) PAPER_FORMAT_##name,
    PAPER_FORMAT_LIST(X)
#undef X
};
struct str paper_format_name(enum paper_format format);  /* "docx" */
struct str paper_format_shown(enum paper_format format); /* "Word (DOCX)" */

enum paper_block_kind {
    /* A line as it lies on the page; its sentence may go on in the next (text, PDF, scan, forced line breaks of DOCX). */
    PAPER_LINE,
    PAPER_PARAGRAPH, /* whole (DOCX) */
    PAPER_CELL,      /* of a table: the paragraphs of one cell are blocks with the same table, row and column */
    PAPER_HEAD,      /* running head: on every page, with page numbers */
    PAPER_FOOT,      /* running foot */
    PAPER_NOTE,      /* a footnote's or endnote's text, after the page or paragraph that calls it */
};

/* On its page, in points from the top left; all 0 where the file has no layout. */
struct paper_box {
    int left, top, right, bottom;
};

struct paper_block {
    enum paper_block_kind kind;
    int page; /* from 1; 0 where the file has no pages (text, DOCX) */
    struct paper_box box;
    struct str text;
    int blank_before;   /* empty lines above it, 0 when it follows closely; for layout from the distance */
    int table;          /* from 1, in reading order; 0 outside tables */
    int row, column;    /* from 0 */
    int row_span, column_span; /* at least 1 in a table */
    int note;           /* PAPER_NOTE: its number; 0 otherwise or when unknown */
    int style_level;    /* 1 to 9 for a heading style or Markdown heading, else 0 */
    int size;           /* of its letters, in points, 0 unknown */
    bool is_bold, is_italic; /* the whole block */
    bool is_centred;
    int confidence;     /* percent; OCR's own figure, 100 for the rest */
};

struct paper_page {
    int width, height; /* points */
    bool is_scan;
};

struct paper {
    enum paper_format format;
    struct paper_block *blocks; /* in reading order */
    size_t blocks_len;
    struct paper_page *pages; /* none where the file has no pages */
    size_t pages_len;
    struct str encoding; /* of a text: "UTF-8", "TCVN3", "VNI", "UTF-16" ... */
};

/*
 * `file` stays the caller's; the paper lies in cx's arena. Runs children for PDF, scans and images: never on the
 * writer. ERR_INVALID, ERR_LIMIT, ERR_UNAVAILABLE (a program it needs is not installed), ERR_SYSTEM.
 */
enum err paper_read(struct ctx *cx, struct bytes file, struct paper *ret_paper) MUST_CHECK;

/*
 * One page as a PNG at `dots_per_inch` (72 to 200), for looking at: of a PDF, or the image itself re-encoded. Made in
 * the same jail. `page` counts from 1.
 */
enum err paper_picture(struct ctx *cx, struct bytes file, int page, int dots_per_inch, struct bytes *ret_png) MUST_CHECK;

#endif
