/*
 * sample: what the test's own template (sample.html) is given.
 */
#ifndef PAGE_TESTDATA_SAMPLE_H
#define PAGE_TESTDATA_SAMPLE_H

#include "page/html.h"

struct sample_view {
    struct str title;
    struct url url;
    struct safe_html mark;
    const struct str *names;
    size_t names_len;
    int64_t total;
    bool is_checked;
};

void page_sample(struct html *h, const struct sample_view *view);
void part_sample_name(struct html *h, struct str name, size_t number);

#endif
