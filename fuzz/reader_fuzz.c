/* Any bytes as a text, read as a paper and written as plan/1: it must not crash, and the same bytes must give the same
 * plan. The blocks are made here, line by line, so that tables, notes and pages come up too. */
#include "base/ctx.h"
#include "reader/reader.h"
#include "viet/viet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { BLOCKS_MAX = 4000 };

/* A line's first byte may choose its kind: 0x01 a cell, 0x02 a note, 0x03 a whole paragraph, 0x04 a new page. */
static void blocks_of(struct arena *arena, struct str text, struct paper *paper)
{
    paper->blocks = ARENA_NEW_ARRAY(arena, struct paper_block, BLOCKS_MAX);
    int page = 0, blank = 0, row = 0;
    while (text.len > 0 && paper->blocks_len < BLOCKS_MAX) {
        struct str line = str_cut(&text, '\n');
        struct paper_block block = { .kind = PAPER_LINE, .page = page, .row_span = 1, .column_span = 1, .confidence = 100 };
        unsigned char first = line.len > 0 ? (unsigned char)line.at[0] : 0;
        page += first == 4;
        if (first == 1) {
            block.kind = PAPER_CELL;
            block.table = 1;
            block.row = row / 3;
            block.column = row++ % 3;
        } else if (first == 2) {
            block.kind = PAPER_NOTE;
        } else if (first == 3) {
            block.kind = PAPER_PARAGRAPH;
        }
        block.text = viet_clean(arena, str_sub(line, first > 0 && first < 5, line.len));
        block.blank_before = blank;
        blank = block.text.len == 0 ? blank + 1 : 0;
        if (block.text.len > 0)
            paper->blocks[paper->blocks_len++] = block;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 256 * 1024 * 1024);
    cx.arena.guard = &out;
    if (setjmp(out) == 0) {
        struct paper paper = { .format = PAPER_FORMAT_TEXT };
        struct reader_plan plan = { .paragraphs = NULL }, again = { .paragraphs = NULL };
        blocks_of(&cx.arena, (struct str){ (const char *)bytes, len }, &paper);
        if (reader_read(&cx, &paper, &plan) == OK) {
            struct str json = reader_format(&cx.arena, &plan);
            if (!str_is_utf8(json) || reader_read(&cx, &paper, &again) != OK || !str_eq(json, reader_format(&cx.arena, &again)))
                abort();
        }
    }
    arena_end(&cx.arena);
    return 0;
}
