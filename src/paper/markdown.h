/*
 * markdown: lines of a plain text as blocks, without the Markdown and HTML that converters leave in it.
 *
 * Plain papers use the same signs for themselves: "* Đại biểu có mặt ..." is a bullet, a line "*" or "-----" is a mark of
 * Party papers, "(*)" calls a note, "____" is a blank to fill in. These stay; a sign goes only where it is markup.
 */
#ifndef PAPER_MARKDOWN_H
#define PAPER_MARKDOWN_H

#include "paper/inside.h"

/*
 * `text` is UTF-8, NFC. Lines become PAPER_LINE, rows of "|" tables PAPER_CELL, "[^1]: ..." PAPER_NOTE. Emphasis that
 * takes in a whole line becomes is_bold and is_italic, "#" becomes style_level, <sup>1</sup> and [^1] become ¹.
 */
enum err markdown_read(struct ctx *cx, struct str text, struct block_list *list) MUST_CHECK;

#endif
