#include "reader/read_programme.h"

void read_programmes(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct programme_reading r = { .cx = cx,
                                   .outline = outline,
                                   .plan = plan,
                                   .year = when_paper_year(&cx->arena, outline, plan) };
    read_groups(&r);
    read_runs(&r);
    read_topics(&r);
}
