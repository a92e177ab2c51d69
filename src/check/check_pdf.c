#include "check/check_pdf.h"

enum { WIDTH = 595, HEIGHT = 842 };
enum { OBJECT_CATALOG = 1, OBJECT_PAGES, OBJECT_FONT, OBJECT_LETTERS, OBJECT_UNICODE, OBJECT_FACE, OBJECT_LATIN, OBJECT_FIRST_PAGE };

static void begin_object(struct check_pdf *pdf, int number)
{
    pdf->offsets[number] = pdf->file.len;
    buf_format(&pdf->file, "%d 0 obj\n", number);
}

static void put_object(struct check_pdf *pdf, int number, const char *dictionary)
{
    begin_object(pdf, number);
    buf_format(&pdf->file, "%s\nendobj\n", dictionary);
}

static void put_stream(struct check_pdf *pdf, int number, struct str stream)
{
    begin_object(pdf, number);
    buf_format(&pdf->file, "<< /Length %zu >>\nstream\n", stream.len);
    buf_put(&pdf->file, stream);
    buf_put(&pdf->file, STR("\nendstream\nendobj\n"));
}

/* A font that no machine needs to have: its letters are numbered by their code points, which is all that reading takes. */
void check_pdf_begin(struct ctx *cx, struct check_pdf *pdf)
{
    *pdf = (struct check_pdf){ .cx = cx, .objects = OBJECT_FIRST_PAGE };
    buf_init(&pdf->file, &cx->arena);
    buf_init(&pdf->page, &cx->arena);
    buf_put(&pdf->file, STR("%PDF-1.4\n"));
    put_object(pdf, OBJECT_CATALOG, "<< /Type /Catalog /Pages 2 0 R >>");
    put_object(pdf, OBJECT_FONT, "<< /Type /Font /Subtype /Type0 /BaseFont /Times-Roman /Encoding /Identity-H "
                                 "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>");
    put_object(pdf, OBJECT_LETTERS, "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Times-Roman /DW 500 "
                                    "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                                    "/FontDescriptor 6 0 R >>");
    put_stream(pdf, OBJECT_UNICODE, STR("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
                                        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
                                        "1 beginbfrange <0001> <FFFF> <0001> endbfrange\n"
                                        "endcmap end end"));
    put_object(pdf, OBJECT_FACE, "<< /Type /FontDescriptor /FontName /Times-Roman /Flags 6 /Ascent 891 /Descent -216 "
                                 "/CapHeight 662 /ItalicAngle 0 /StemV 80 /FontBBox [-168 -218 1000 898] >>");
    put_object(pdf, OBJECT_LATIN, "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>");
}

void check_pdf_text(struct check_pdf *pdf, double left, double base, double size, const char *text)
{
    buf_format(&pdf->page, "BT /F %.2f Tf %.2f %.2f Td <", size, left, HEIGHT - base);
    struct str rest = str_from(text);
    while (rest.len > 0)
        buf_format(&pdf->page, "%04X", (unsigned)str_next_code_point(&rest));
    buf_put(&pdf->page, STR("> Tj ET\n"));
}

void check_pdf_centred(struct check_pdf *pdf, double middle, double base, double size, const char *text)
{
    double width = 0.5 * size * (double)str_count_code_points(str_from(text));
    check_pdf_text(pdf, middle - width / 2, base, size, text);
}

void check_pdf_latin(struct check_pdf *pdf, double left, double base, double size, const char *text)
{
    buf_format(&pdf->page, "BT /L %.2f Tf %.2f %.2f Td <", size, left, HEIGHT - base);
    struct str rest = str_from(text);
    while (rest.len > 0)
        buf_format(&pdf->page, "%02X", (unsigned)str_next_code_point(&rest) & 0xFF);
    buf_put(&pdf->page, STR("> Tj ET\n"));
}

void check_pdf_draw(struct check_pdf *pdf, const char *commands)
{
    buf_put(&pdf->page, str_from(commands));
}

void check_pdf_line(struct check_pdf *pdf, double left, double top, double right, double bottom)
{
    buf_format(&pdf->page, "0.5 w %.2f %.2f m %.2f %.2f l S\n", left, HEIGHT - top, right, HEIGHT - bottom);
}

void check_pdf_end_page(struct check_pdf *pdf)
{
    int content = pdf->objects++;
    int page = pdf->objects++;
    put_stream(pdf, content, buf_str(&pdf->page));
    begin_object(pdf, page);
    buf_format(&pdf->file,
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
               "/Resources << /Font << /F 3 0 R /L 7 0 R >> >> >>\nendobj\n",
               WIDTH, HEIGHT, content);
    pdf->pages[pdf->pages_len++] = page;
    buf_init(&pdf->page, &pdf->cx->arena);
}

struct bytes check_pdf_end(struct check_pdf *pdf)
{
    if (pdf->page.len > 0 || pdf->pages_len == 0)
        check_pdf_end_page(pdf);
    begin_object(pdf, OBJECT_PAGES);
    buf_put(&pdf->file, STR("<< /Type /Pages /Kids ["));
    for (int i = 0; i < pdf->pages_len; i++)
        buf_format(&pdf->file, " %d 0 R", pdf->pages[i]);
    buf_format(&pdf->file, " ] /Count %d >>\nendobj\n", pdf->pages_len);
    size_t xref = pdf->file.len;
    buf_format(&pdf->file, "xref\n0 %d\n0000000000 65535 f \n", pdf->objects);
    for (int i = 1; i < pdf->objects; i++)
        buf_format(&pdf->file, "%010zu 00000 n \n", pdf->offsets[i]);
    buf_format(&pdf->file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", pdf->objects, xref);
    struct str file = buf_str(&pdf->file);
    return (struct bytes){ (const unsigned char *)file.at, file.len };
}
