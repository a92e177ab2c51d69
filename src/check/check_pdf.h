/*
 * check_pdf: PDF files drawn by tests: words at places, lines, pages. Every letter is half its size wide.
 */
#ifndef CHECK_CHECK_PDF_H
#define CHECK_CHECK_PDF_H

#include "base/ctx.h"

struct check_pdf {
    struct ctx *cx;
    struct buf file;     /* the objects so far */
    struct buf page;     /* drawing commands of the page under way */
    size_t offsets[600]; /* of objects, by number */
    int objects;
    int pages[290]; /* their objects' numbers */
    int pages_len;
};

void check_pdf_begin(struct ctx *cx, struct check_pdf *pdf);
/* On an A4 page, in points from the top left; `base` is the baseline. */
void check_pdf_text(struct check_pdf *pdf, double left, double base, double size, const char *text);
/* The same around a middle. */
void check_pdf_centred(struct check_pdf *pdf, double middle, double base, double size, const char *text);
/* In a font whose letters can be seen, for pages that are looked at; `text` is of the letters of Western Europe. */
void check_pdf_latin(struct check_pdf *pdf, double left, double base, double size, const char *text);
void check_pdf_line(struct check_pdf *pdf, double left, double top, double right, double bottom);
/* Commands of PDF's own, for what the others cannot draw. */
void check_pdf_draw(struct check_pdf *pdf, const char *commands);
void check_pdf_end_page(struct check_pdf *pdf);
/* Ends the page under way too, when something stands on it. */
struct bytes check_pdf_end(struct check_pdf *pdf);

#endif
