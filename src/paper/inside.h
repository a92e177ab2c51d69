/*
 * inside: what the files of this folder share. Each sort of file has one reader; paper.c decides whose a file is, and
 * looks at what came out: its limits, whether there are words, and the mark of secrecy.
 */
#ifndef PAPER_INSIDE_H
#define PAPER_INSIDE_H

#include "paper/paper.h"

/* Blocks as they are found. Refuses more than PAPER_BLOCKS_MAX of them and more than PAPER_TEXT_MAX bytes of text. */
struct block_list {
    struct paper_block *at;
    size_t len;
    size_t text_bytes;
};
/* A block of these words with all the rest at its usual value: confidence 100, spans 1. */
struct paper_block block_of(enum paper_block_kind kind, struct str text);
enum err block_add(struct ctx *cx, struct block_list *list, const struct paper_block *block) MUST_CHECK;

/* Room for one more item behind `len` in an array that doubles: the array, or a wider copy of it. */
void *array_for_one_more(struct arena *arena, void *at, size_t len, size_t item_bytes);

/* Each fills blocks, blocks_len, pages, pages_len, encoding and format of a paper that is all zero. */
enum err text_read(struct ctx *cx, struct bytes file, struct paper *ret_paper) MUST_CHECK;
enum err docx_read(struct ctx *cx, struct bytes file, struct paper *ret_paper) MUST_CHECK;
/* Pages with text are read from it, pages without are read as pictures. */
bool pdf_is(struct bytes file);
enum err pdf_read(struct ctx *cx, struct bytes file, struct paper *ret_paper) MUST_CHECK;
enum err image_read(struct ctx *cx, struct bytes file, struct paper *ret_paper) MUST_CHECK;

/* The secrecy mark a paper bears ("MẬT", "TỐI MẬT", "TUYỆT MẬT"), "" when it bears none. */
struct str secrecy_mark(struct arena *arena, const struct paper *paper);
/* The same as a refusal: ERR_INVALID in words when the paper bears a mark, else OK. */
enum err secrecy_refuse(struct ctx *cx, const struct paper *paper) MUST_CHECK;

/* ¹²³: the superscript of a figure; any other letter is itself. */
uint32_t superscript_of(uint32_t letter);

#endif
