/*
 * scan: pages that are pictures become words.
 */
#ifndef PAPER_SCAN_H
#define PAPER_SCAN_H

#include "paper/jail.h"
#include "paper/leaf.h"

/* A page with fewer letters than this may be a picture under a digital signature's few words. */
enum { SCAN_LETTERS_MAX = 200 };

/* Reads the pages without text, and those whose text is much less than their ink. Others stay as they are. */
enum err scan_leaves(struct ctx *cx, const struct jail_memory *pdf, struct leaf_list *leaves) MUST_CHECK;

#endif
