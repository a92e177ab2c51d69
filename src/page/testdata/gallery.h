/*
 * gallery: pages made of every component, with made-up figures, for the tests of this folder and to be looked at
 * (src/page/gallery.c writes them out, e2e/gallery_journey.js takes their pictures).
 */
#ifndef PAGE_TESTDATA_GALLERY_H
#define PAGE_TESTDATA_GALLERY_H

#include "page/page.h"

struct gallery_row {
    struct str unit, province, contact, phone;
    struct url phone_url;
    int64_t open, all;
    struct safe_html mark;
};

struct gallery_view {
    struct safe_html late, soon, due, done, unknown, not_owed;
    struct safe_html map, grid, form, pager;
    const struct gallery_row *rows;
    size_t rows_len;
    bool is_wall;
};

void page_gallery_lists(struct html *h, const struct gallery_view *view);
void page_gallery_board(struct html *h, const struct gallery_view *view);
void page_gallery_wall(struct html *h, const struct gallery_view *view);
void page_gallery_paper(struct html *h, const struct gallery_view *view);

enum gallery_page { GALLERY_LISTS, GALLERY_BOARD, GALLERY_PAPER, GALLERY_WALL, GALLERY_WALL_GRID, GALLERY_SIGN_IN, GALLERY_PAGE_COUNT };

/* A whole page, frame included. */
struct safe_html gallery_render(struct arena *arena, enum gallery_page which);

#endif
