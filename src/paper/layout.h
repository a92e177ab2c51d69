/*
 * layout: the words of pages in the order in which a reader reads them.
 *
 * Words become lines; the letterhead's two halves and the recipients beside the signature become two columns, left
 * then right; what stands in a ruled grid becomes the cells of a table, which may go on over pages; page numbers and
 * lines repeated on pages become running heads and feet; small type at the foot that begins with a note's mark becomes
 * notes. Where the layout does not say clearly what belongs together, lines stay lines.
 */
#ifndef PAPER_LAYOUT_H
#define PAPER_LAYOUT_H

#include "paper/leaf.h"
#include "paper/paper.h"

/* May a table stand here? Rulings are looked for only then: they need a picture of the page. */
bool layout_may_have_table(struct ctx *cx, const struct leaf *leaf);

/* Fills blocks and pages. Words of the leaves are put in another order. ERR_LIMIT as paper.h says. */
enum err layout_leaves(struct ctx *cx, const struct leaf_list *leaves, struct paper *paper) MUST_CHECK;

#endif
