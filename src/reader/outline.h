/*
 * outline: the paper as a reader holds it in mind: whole paragraphs under their headings.
 *
 * Lines are rejoined (domain.md 5.8), running heads and page numbers inside sentences dropped, Markdown and note marks
 * removed, displaced letterheads and notes put aside. What remains is a tree: headings hold headings, paragraphs,
 * list items and table rows; an item that ends with ':' holds the items it opens. Each field's rules walk this tree
 * and never look at blocks. A table that the file flattened into lines (text, PDF) is a table here again, as far as its
 * rows are numbered.
 */
#ifndef READER_OUTLINE_H
#define READER_OUTLINE_H

#include "reader/reader.h"

enum outline_kind {
    OUTLINE_ROOT,
    OUTLINE_HEADING,   /* "IV. TỔ CHỨC THỰC HIỆN", "1.2. Thời gian"; "2. Thời gian: 02 ngày" is a heading that has a body */
    OUTLINE_PARAGRAPH, /* no bullet, no number */
    OUTLINE_ITEM,      /* "- ...", "+ ...", "a) ..." under a task, "(1) ...", "* ..." */
    OUTLINE_TABLE,     /* its children are rows */
    OUTLINE_ROW,       /* its children are cells */
    OUTLINE_CELL,
};

/* What a section is about, found from the words of its heading and, where these are silent, inherited. X(NAME, what) */
#define OUTLINE_TOPIC_LIST(X)                                         \
    X(NONE, "")                                                       \
    X(PURPOSE, "mục đích, yêu cầu")                                   \
    X(AUDIENCE, "đối tượng")                                          \
    X(TIME, "thời gian")                                              \
    X(PLACE, "địa điểm, điểm cầu")                                    \
    X(ATTENDANCE, "thành phần")                                       \
    X(FORM, "hình thức")                                              \
    X(CONTENT, "nội dung, chương trình, chuyên đề")                   \
    X(NUMBERS, "số lượng học viên, lớp")                              \
    X(ESSAY, "bài thu hoạch")                                         \
    X(EVALUATION, "theo dõi, đánh giá, kiểm tra, cấp chứng nhận")     \
    X(BUDGET, "kinh phí")                                             \
    X(PHASES, "lộ trình, giai đoạn")                                  \
    X(TASKS, "nhiệm vụ, chuẩn bị, tổ chức thực hiện")                 \
    X(APPENDIX, "phụ lục")

enum outline_topic {
#define X(name, what) OUTLINE_TOPIC_##name,
    OUTLINE_TOPIC_LIST(X)
#undef X
};

struct outline_node {
    enum outline_kind kind;
    enum outline_topic topic; /* its own, else the nearest heading's that has one */
    enum outline_topic own_topic; /* of its own heading or run-in title; NONE when it has none */
    unsigned own_topics;      /* "Hình thức, thời gian, địa điểm": bit 1u << topic for each the title names */
    struct str label; /* as printed, without blanks at its ends: "IV.", "3.1.", "a)", "(1)", "-", "+"; "" none */
    struct str title; /* the words of a heading alone, or of the run-in title of an item or paragraph ("- Thời gian: ...",
                         "Cơ quan thực hiện: ..."), without label, ':' and body; a view into text; "" none */
    struct str text;  /* all the words, label and marks dropped, as plan-schema.md says of texts, final mark kept */
    bool opens;       /* ends with ':' (after "như sau", "gồm" ...) */
    bool is_bold, is_italic;
    struct reader_span span; /* of text in the normalised text */
    struct str body;  /* what stands behind the title and its ':', else all of the text; "" for a bare heading */
    int row, column, row_span, column_span; /* CELL */
    struct outline_node *parent, *first_child, *last_child, *next, *previous;
};

struct outline_note {
    int number; /* 0 unknown */
    struct str text;
    struct reader_span span;
};

/* The parts of a paper that stand outside its body, wherever the file put them (domain.md 5.8). */
struct outline {
    struct outline_node *root; /* the body, from the first sentence after the title to the last before the recipients */
    struct reader_text *letterhead; /* the lines of the letterhead, in reading order */
    size_t letterhead_len;
    struct reader_text *title; /* the lines between the kind of paper and the first sentence */
    size_t title_len;
    struct reader_text kind_line;   /* "KẾ HOẠCH", "" for a letter */
    struct reader_texts addressees; /* the lines after "Kính gửi" */
    struct reader_texts recipients; /* the lines under "Nơi nhận", bullets dropped */
    struct reader_text *signature;  /* the lines from the authority to the name */
    size_t signature_len;
    struct outline_note *notes;
    size_t notes_len;
    struct outline_node *appendices; /* roots of appendices, linked by next */
    size_t papers;                   /* letterheads with a kind of paper below: more than one are two papers in one file */
    struct str *paragraphs;          /* the normalised text */
    int *paragraph_pages;
    size_t paragraphs_len;
};

/*
 * ERR_INVALID when there is no text at all. A paragraph longer than OUTLINE_PARAGRAPH_MAX is cut in two, so that rules
 * may look at a paragraph as often as they like.
 */
enum { OUTLINE_PARAGRAPH_MAX = 12000 }; /* bytes */
enum err outline_make(struct ctx *cx, const struct paper *paper, struct outline *ret_outline) MUST_CHECK;

/* Walks a subtree in reading order: the next node after `node` inside `top`, NULL at the end. */
const struct outline_node *outline_next(const struct outline_node *top, const struct outline_node *node);
/* The nearest heading above, or NULL. */
const struct outline_node *outline_heading(const struct outline_node *node);
/* True when the node or something above it has that topic of its own. */
bool outline_within(const struct outline_node *node, enum outline_topic topic);
/* "mục IV.3, đoạn 2": where a node stands, as people say it. */
struct str outline_place(struct arena *arena, const struct outline_node *node);
/* The span of a part of a node's text, `part` being a view into node->text. */
struct reader_span outline_span(const struct outline_node *node, struct str part);

#endif
