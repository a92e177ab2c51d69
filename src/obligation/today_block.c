#include "obligation/obligation_inside.h"

#include "page/page.h"

/* What rooms below show on top of Hôm nay: filled at start, before any connection, and only read after. */
static struct {
    today_block at[TODAY_BLOCKS_MAX];
    size_t len;
} blocks;

void today_register_block(today_block block)
{
    for (size_t i = 0; i < blocks.len; i++) {
        if (blocks.at[i] == block)
            return;
    }
    if (blocks.len < TODAY_BLOCKS_MAX)
        blocks.at[blocks.len++] = block;
}

enum err today_blocks(struct ctx *cx, struct safe_html *ret_blocks)
{
    struct html h = page_begin(&cx->arena);
    for (size_t i = 0; i < blocks.len; i++) {
        struct safe_html block = { .markup = STR("") };
        TRY(blocks.at[i](cx, &block));
        html_put_safe(&h, block);
    }
    *ret_blocks = page_end(&h);
    return OK;
}
