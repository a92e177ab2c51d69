/* Any bytes as a plain text: encodings, Markdown, columns. The same bytes give the same blocks. */
#include "paper_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void run(struct ctx *cx, struct bytes input)
{
    struct paper once = { .blocks = NULL }, again = { .blocks = NULL };
    if (text_read(cx, input, &once) != OK)
        return;
    check_blocks(once.blocks, once.blocks_len);
    if (text_read(cx, input, &again) != OK || again.blocks_len != once.blocks_len)
        abort();
    for (size_t i = 0; i < once.blocks_len; i++)
        if (!str_eq(once.blocks[i].text, again.blocks[i].text))
            abort();
    secrecy_mark(&cx->arena, &once);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    run_alone(run, bytes, len);
    return 0;
}
