#include "paper/image.h"
#include "paper/inside.h"
#include "paper/layout.h"
#include "paper/poppler.h"
#include "paper/scan.h"

/* Pictures of at most so many pages at a time: 0.5 MB each at a dot a point. */
enum { RULED_PAGES = 16 };

/* The rulings of pages [first, last] (from 0), at one dot a point: a few milliseconds a page. */
static enum err find_rules(struct ctx *cx, const struct jail_memory *pdf, struct leaf_list *leaves, size_t first,
                           size_t last)
{
    struct jail_memory *pictures = NULL;
    TRY(poppler_pages(cx, pdf, (int)first + 1, (int)last + 1, 72, POPPLER_LINES, &pictures));
    size_t at = 0;
    struct picture picture = { .width = 0 };
    for (size_t i = first; i <= last && picture_next(pictures, &at, &picture); i++) {
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
        while (end < leaves->len && end < i + RULED_PAGES && !leaves->at[end].is_scan &&
               layout_may_have_table(cx, &leaves->at[end]))
            end++;
        if (end == i)
            continue;
        TRY(find_rules(cx, pdf, leaves, i, end - 1));
        i = end - 1;
    }
    return OK;
}

static enum err make_paper(struct ctx *cx, struct leaf_list *leaves, struct paper *ret_paper)
{
    struct paper paper = { .format = PAPER_FORMAT_PDF };
    size_t scans = 0;
    for (size_t i = 0; i < leaves->len; i++)
        scans += leaves->at[i].is_scan;
    if (2 * scans > leaves->len)
        paper.format = PAPER_FORMAT_SCAN;
    TRY(layout_leaves(cx, leaves, &paper));
    *ret_paper = paper;
    return OK;
}

/* A PDF may have up to 1,024 bytes of something else in front (PDF 1.7, annex H, note 13). */
bool pdf_is(struct bytes file)
{
    size_t head = file.len < 1029 ? file.len : 1029;
    return memmem(file.at, head, "%PDF-", 5) != NULL;
}

enum err pdf_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct jail_memory *pdf = NULL;
    struct jail_memory *xhtml = NULL;
    struct leaf_list leaves = { .len = 0 };
    TRY(jail_memory_from(cx, file, &pdf));
    TRY(poppler_words(cx, pdf, &xhtml));
    TRY(leaf_from_boxes(cx, (struct str){ (const char *)xhtml->at, xhtml->len }, &leaves));
    TRY(scan_leaves(cx, pdf, &leaves));
    TRY(find_all_rules(cx, pdf, &leaves));
    TRY(make_paper(cx, &leaves, ret_paper));
    jail_memory_close(xhtml); /* the words' letters lay there until now */
    jail_memory_close(pdf);
    return OK;
}

enum err image_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct jail_memory *pdf = NULL;
    struct leaf leaf = { .width = 0 };
    struct leaf_list leaves = { .at = &leaf, .len = 1 };
    TRY(image_to_pdf(cx, file, &pdf, &leaf));
    TRY(scan_leaves(cx, pdf, &leaves));
    leaf.is_scan = true;
    TRY(make_paper(cx, &leaves, ret_paper));
    jail_memory_close(pdf);
    return OK;
}

enum err paper_picture(struct ctx *cx, struct bytes file, int page, int dots_per_inch, struct bytes *ret_png)
{
    struct jail_memory *pdf = NULL;
    struct jail_memory *png = NULL;
    struct leaf leaf = { .width = 0 };
    if (dots_per_inch < 72 || dots_per_inch > 200 || page < 1 || page > PAPER_PAGES_MAX)
        return fail(cx, ERR_NOT_FOUND, "Không có trang %d", page);
    if (image_is(file))
        TRY(image_to_pdf(cx, file, &pdf, &leaf));
    else if (pdf_is(file))
        TRY(jail_memory_from(cx, file, &pdf));
    else
        return fail(cx, ERR_NOT_FOUND, "Tệp này không chia trang nên không có hình trang");
    TRY(poppler_pages(cx, pdf, page, page, dots_per_inch, POPPLER_PNG, &png));
    struct str copy = str_copy(&cx->arena, (struct str){ (const char *)png->at, png->len });
    jail_memory_close(png);
    jail_memory_close(pdf);
    if (copy.len < 8 || memcmp(copy.at, "\x89PNG", 4) != 0)
        return fail(cx, ERR_NOT_FOUND, "Tệp này không có trang %d", page);
    *ret_png = (struct bytes){ (const unsigned char *)copy.at, copy.len };
    return OK;
}
