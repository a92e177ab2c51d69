#include "paper/inside.h"
#include "paper/layout.h"
#include "paper/poppler.h"

/* Pictures of at most so many pages at a time: 0.5 MB each at a dot a point. */
enum { RULED_PAGES = 16 };

/* The rulings of pages [first, last] (from 0), at one dot a point: a few milliseconds a page. */
static enum err find_rules(struct ctx *cx, const struct jail_memory *pdf, struct leaf_list *leaves, size_t first,
                           size_t last)
{
    struct jail_memory *pictures = NULL;
    TRY(poppler_pages(cx, pdf, (int)first + 1, (int)last + 1, 72, POPPLER_LINES, &pictures));
    struct bytes rest = { pictures->at, pictures->len };
    struct picture picture = { .width = 0 };
    for (size_t i = first; i <= last && picture_next(&rest, &picture); i++) {
        if (picture.channels != 1)
            break;
        struct raster raster = { picture.at, picture.width, picture.height };
        raster_find_rules(cx, &raster, 1, &leaves->at[i]);
    }
    jail_memory_close(pictures);
    return OK;
}

/* Neighbouring pages that may have tables are drawn in one run. */
static enum err find_all_rules(struct ctx *cx, const struct jail_memory *pdf, struct leaf_list *leaves)
{
    for (size_t i = 0; i < leaves->len; i++) {
        size_t end = i;
        while (end < leaves->len && end < i + RULED_PAGES && layout_may_have_table(cx, &leaves->at[end]))
            end++;
        if (end == i)
            continue;
        TRY(find_rules(cx, pdf, leaves, i, end - 1));
        i = end - 1;
    }
    return OK;
}

enum err pdf_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct jail_memory *pdf = NULL;
    struct jail_memory *xhtml = NULL;
    struct leaf_list leaves = { .len = 0 };
    TRY(jail_memory_from(cx, file, &pdf));
    TRY(poppler_words(cx, pdf, &xhtml));
    TRY(leaf_from_boxes(cx, (struct str){ (const char *)xhtml->at, xhtml->len }, &leaves));
    TRY(find_all_rules(cx, pdf, &leaves));
    struct paper paper = { .format = PAPER_FORMAT_PDF };
    TRY(layout_leaves(cx, &leaves, &paper));
    jail_memory_close(xhtml); /* the words' letters lay there until now */
    jail_memory_close(pdf);
    *ret_paper = paper;
    return OK;
}
