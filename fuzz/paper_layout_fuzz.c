/*
 * What poppler's and Tesseract's programs say of pages, as a program that has been taken over could say it: the tags,
 * the words' places, and rulings anywhere. The first byte chooses the program; the next ones are rulings.
 */
#include "paper/layout.h"
#include "paper_check.h"

enum { RULES = 24, RULE_BYTES = 3 };

/* Level and upright lines on a grid of eight points. */
static void set_rules(struct ctx *cx, const uint8_t *at, struct leaf *leaf)
{
    leaf->rules = ARENA_NEW_ARRAY(&cx->arena, struct leaf_rule, RULES);
    for (leaf->rules_len = 0; leaf->rules_len < RULES; leaf->rules_len++, at += RULE_BYTES) {
        double left = 8.0 * (at[0] & 127);
        double top = 8.0 * at[1];
        double len = 8.0 * at[2];
        leaf->rules[leaf->rules_len] = at[0] & 128 ? (struct leaf_rule){ left, top, left + len, top }
                                                   : (struct leaf_rule){ left, top, left, top + len };
    }
}

static void lay_out(struct ctx *cx, struct bytes input)
{
    const size_t head = 1 + RULES * RULE_BYTES;
    if (input.len < head)
        return;
    struct str text = { (const char *)input.at + head, input.len - head };
    struct leaf_list leaves = { .len = 0 };
    struct leaf scan = { .width = 595, .height = 842, .is_scan = true };
    if (input.at[0] & 1) {
        if (leaf_words_from_hocr(cx, text, 1, 0.36, &scan) != OK)
            return;
        leaves = (struct leaf_list){ .at = &scan, .len = 1 };
    } else if (leaf_from_boxes(cx, text, &leaves) != OK) {
        return;
    }
    for (size_t i = 0; i < leaves.len; i++) {
        set_rules(cx, input.at + 1, &leaves.at[i]);
        (void)layout_may_have_table(cx, &leaves.at[i]);
    }
    struct paper paper = { .format = PAPER_FORMAT_PDF };
    if (layout_leaves(cx, &leaves, &paper) == OK)
        check_blocks(paper.blocks, paper.blocks_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    run_alone(lay_out, bytes, len);
    return 0;
}
