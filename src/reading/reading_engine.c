#include "reading/reading_inside.h"
#include "reading/reading_sheet.h"

#include "paper/paper.h"
#include "reader/reader.h"

/* The two engines one after the other: blocks out of the file, the plan out of the blocks. */
static enum err read_file(struct ctx *cx, struct bytes file, struct reading_result *ret_result)
{
    struct paper paper = { .blocks_len = 0 };
    struct reader_plan *plan = ARENA_NEW(&cx->arena, struct reader_plan);
    TRY(paper_read(cx, file, &paper));
    TRY(reader_read(cx, &paper, plan));
    ret_result->format = paper_format_name(paper.format);
    ret_result->pages = (int64_t)paper.pages_len;
    ret_result->said = reader_format(&cx->arena, plan);
    ret_result->sheet = sheet_write(&cx->arena, &paper, plan->paragraphs, plan->paragraphs_len);
    return OK;
}

const struct reading_engine reading_engine_own = { read_file, paper_picture };
