/* What must hold of the blocks of any file, and the frame every target of the paper engine runs in. */
#ifndef FUZZ_PAPER_CHECK_H
#define FUZZ_PAPER_CHECK_H

#include "paper/inside.h"

#include <stdlib.h>

static inline void check_blocks(const struct paper_block *blocks, size_t len)
{
    size_t text_bytes = 0;
    if (len > PAPER_BLOCKS_MAX)
        abort();
    for (size_t i = 0; i < len; i++) {
        const struct paper_block *block = &blocks[i];
        bool is_line = block->text.len > 0 && str_is_utf8(block->text) &&
                       !memchr(block->text.at, '\n', block->text.len) && str_trim(block->text).len == block->text.len;
        bool is_placed = block->row_span >= 1 && block->column_span >= 1 && block->row >= 0 && block->column >= 0 &&
                         block->table >= 0 && block->blank_before >= 0;
        bool is_styled = block->style_level >= 0 && block->style_level <= 9 && block->size >= 0;
        bool is_table = (block->kind == PAPER_CELL) == (block->table > 0);
        if (!is_line || !is_placed || !is_styled || !is_table)
            abort();
        text_bytes += block->text.len;
    }
    if (text_bytes > PAPER_TEXT_MAX)
        abort();
}

/* Runs one input in a context of its own. */
static inline void run_alone(void (*run)(struct ctx *cx, struct bytes input), const uint8_t *bytes, size_t len)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    jmp_buf out;
    arena_init(&cx.arena, cx.env, 256 * 1024 * 1024);
    cx.arena.guard = &out;
    if (setjmp(out) == 0)
        run(&cx, (struct bytes){ bytes, len });
    arena_end(&cx.arena);
}

#endif
