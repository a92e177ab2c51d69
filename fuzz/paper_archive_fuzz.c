/* Any bytes as a ZIP file: every part that opens is read to its end, and the whole as a Word document. */
#include "paper/archive.h"
#include "paper_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_parts(struct ctx *cx, struct archive *archive)
{
    char piece[4096];
    size_t all = 0;
    for (size_t i = 0; i < archive_len(archive) && i < 64; i++) {
        struct archive_part *part = NULL;
        size_t len = 1;
        if (archive_part_open(cx, archive, archive_name(archive, i), &part) != OK)
            continue;
        while (len > 0 && archive_part_read(cx, part, piece, sizeof piece, &len) == OK)
            all += len;
    }
    if (all > ARCHIVE_TOTAL_MAX)
        abort();
}

static void run(struct ctx *cx, struct bytes input)
{
    struct archive *archive = NULL;
    struct paper paper = { .blocks = NULL };
    if (archive_open(cx, input, &archive) == OK)
        read_parts(cx, archive);
    if (docx_read(cx, input, &paper) == OK)
        check_blocks(paper.blocks, paper.blocks_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    run_alone(run, bytes, len);
    return 0;
}
