#include "demo/demo_inside.h"

#include <zlib.h>

/*
 * The smallest Word file: three parts in a ZIP archive, stored without compression. ZIP: PKWARE APPNOTE 6.3, sections
 * 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end). Parts: ECMA-376, part 1 and 2.
 */

enum { PARTS = 3, DOS_DAY = (46 << 9) | (5 << 5) | 14 /* 14/5/2026 */ };

static void put_le(struct buf *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_put_char(out, (char)(unsigned char)(value >> (8 * i)));
}

/* What the local header and the central directory say alike. */
static void put_entry(struct buf *out, struct str name, struct str content)
{
    uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)content.at, (uInt)content.len);
    put_le(out, 20, 2); /* version needed: 2.0 */
    put_le(out, 1 << 11, 2); /* names are UTF-8 */
    put_le(out, 0, 2); /* stored */
    put_le(out, 0, 2);
    put_le(out, DOS_DAY, 2);
    put_le(out, crc, 4);
    put_le(out, (uint32_t)content.len, 4);
    put_le(out, (uint32_t)content.len, 4);
    put_le(out, (uint32_t)name.len, 2);
    put_le(out, 0, 2);
}

static struct str zip(struct arena *arena, const struct str *names, const struct str *contents)
{
    struct buf out, directory;
    buf_init(&out, arena);
    buf_init(&directory, arena);
    for (size_t i = 0; i < PARTS; i++) {
        uint32_t offset = (uint32_t)out.len;
        buf_put(&out, STR("PK\x03\x04"));
        put_entry(&out, names[i], contents[i]);
        buf_put(&out, names[i]);
        buf_put(&out, contents[i]);
        buf_put(&directory, STR("PK\x01\x02"));
        put_le(&directory, 20, 2);
        put_entry(&directory, names[i], contents[i]);
        put_le(&directory, 0, 2); /* no comment */
        put_le(&directory, 0, 2);
        put_le(&directory, 0, 2);
        put_le(&directory, 0, 4);
        put_le(&directory, offset, 4);
        buf_put(&directory, names[i]);
    }
    uint32_t start = (uint32_t)out.len;
    buf_put(&out, buf_str(&directory));
    buf_put(&out, STR("PK\x05\x06"));
    put_le(&out, 0, 4);
    put_le(&out, PARTS, 2);
    put_le(&out, PARTS, 2);
    put_le(&out, (uint32_t)directory.len, 4);
    put_le(&out, start, 4);
    put_le(&out, 0, 2);
    return buf_str(&out);
}

static void put_paragraph(struct buf *out, struct str text, bool is_heading)
{
    buf_put(out, STR("<w:p><w:r>"));
    if (is_heading)
        buf_put(out, STR("<w:rPr><w:b/><w:sz w:val=\"28\"/></w:rPr>"));
    buf_put(out, STR("<w:t xml:space=\"preserve\">"));
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '&')
            buf_put(out, STR("&amp;"));
        else if (text.at[i] == '<')
            buf_put(out, STR("&lt;"));
        else
            buf_put_char(out, text.at[i]);
    }
    buf_put(out, STR("</w:t></w:r></w:p>"));
}

struct str demo_docx(struct arena *arena, struct str heading, const struct str *paragraphs, size_t len)
{
    static const struct str names[PARTS] = { STR_INIT("[Content_Types].xml"), STR_INIT("_rels/.rels"),
                                             STR_INIT("word/document.xml") };
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    struct buf text;
    buf_init(&text, arena);
    buf_put(&text, STR(XML "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"));
    put_paragraph(&text, heading, true);
    for (size_t i = 0; i < len; i++)
        put_paragraph(&text, paragraphs[i], false);
    buf_put(&text, STR("</w:body></w:document>"));
    const struct str contents[PARTS] = {
        STR(XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument."
                "wordprocessingml.document.main+xml\"/></Types>"),
        STR(XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                "officeDocument\" Target=\"word/document.xml\"/></Relationships>"),
        buf_str(&text),
    };
#undef XML
    return zip(arena, names, contents);
}
