#include "reader/read.h"

enum err reader_read(struct ctx *cx, const struct paper *paper, struct reader_plan *ret_plan)
{
    struct outline outline = { .root = NULL };
    TRY(outline_make(cx, paper, &outline));
    if (outline.papers > 1)
        return fail(cx, ERR_INVALID, "Tệp có từ hai văn bản trở lên; xin tách mỗi văn bản thành một tệp rồi gửi lại");
    struct reader_plan plan = { .paragraphs = outline.paragraphs, .paragraph_pages = outline.paragraph_pages, .paragraphs_len = outline.paragraphs_len };
    /* the head: kind to title, the closing, references */
    /* times and programmes: schedule, online, programmes, phases */
    read_schedule(cx, &outline, &plan);
    /* people, places, tasks: audiences, points, quotas, essay, evaluation, budget, tasks, contacts */
    /* cross-checks */
    *ret_plan = plan;
    return OK;
}
