/*
 * The parts of a Word document as they are once unpacked, with a zero byte between them: document, styles, numbering,
 * footnotes. (Through the ZIP file a hunt would see little but wrong checksums; paper_archive feeds that.)
 */
#include "paper/docx.h"
#include "paper_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The bytes before the next zero byte. */
static struct bytes next_part(struct bytes *rest)
{
    const unsigned char *zero = rest->len ? memchr(rest->at, 0, rest->len) : NULL;
    struct bytes part = { rest->at, zero ? (size_t)(zero - rest->at) : rest->len };
    rest->at += part.len + (zero != NULL);
    rest->len -= part.len + (zero != NULL);
    return part;
}

static void run(struct ctx *cx, struct bytes input)
{
    struct bytes document = next_part(&input), styles = next_part(&input), lists = next_part(&input);
    struct docx *docx = ARENA_NEW(&cx->arena, struct docx);
    struct block_list list = { .at = NULL };
    struct xml_source source = xml_from_bytes(&styles);
    if (docx_styles_read(cx, styles.len ? &source : NULL, &docx->styles) != OK)
        return;
    source = xml_from_bytes(&lists);
    if (docx_lists_read(cx, lists.len ? &source : NULL, &docx->lists) != OK)
        return;
    source = xml_from_bytes(&input);
    if (input.len > 0 && docx_notes_read(cx, docx, &source, &docx->footnotes) != OK)
        return;
    source = xml_from_bytes(&document);
    if (docx_part_read(cx, docx, &source, PAPER_PARAGRAPH, &list) == OK)
        check_blocks(list.at, list.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    run_alone(run, bytes, len);
    return 0;
}
