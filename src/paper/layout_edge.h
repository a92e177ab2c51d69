/*
 * layout_edge: what stands at the upper and lower edges of pages: running heads and feet, and notes.
 */
#ifndef PAPER_LAYOUT_EDGE_H
#define PAPER_LAYOUT_EDGE_H

#include "base/ctx.h"
#include "paper/paper.h"

/* "12", "- 2 -", "Trang 2/10". */
bool is_page_number(struct str text);

/* Two lines of one sentence. A number cut at its hyphen stays whole: "2254-" "CV/HVCTQG". */
struct str join_lines(struct ctx *cx, struct str above, struct str below);

/* Lines become heads, feet and notes; the lines of a note become one block. Needs blocks in the order of pages. */
void layout_name_edges(struct ctx *cx, struct paper *paper);

#endif
