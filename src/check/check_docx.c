#include "check/check_docx.h"
#include "check/check.h"

#include <zip.h>

struct bytes check_zip(struct ctx *cx, const struct check_part *parts, size_t len)
{
    zip_error_t error;
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    zip_source_keep(whole);
    for (size_t i = 0; i < len; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].text.at, parts[i].text.len, 0);
        assert_non_null(source);
        assert_true(zip_file_add(zip, parts[i].name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t stat;
    assert_int_equal(zip_source_open(whole), 0);
    assert_int_equal(zip_source_stat(whole, &stat), 0);
    unsigned char *at = arena_alloc(&cx->arena, stat.size + 1);
    assert_int_equal(zip_source_read(whole, at, stat.size), (zip_int64_t)stat.size);
    zip_source_close(whole);
    zip_source_free(whole);
    return (struct bytes){ at, stat.size };
}

/* "header1.xml" is a "header" inside w:hdr. */
static const struct {
    const char *prefix, *type, *root;
} sorts[] = {
    { "header", "header", "hdr" },       { "footer", "footer", "ftr" },
    { "styles", "styles", "styles" },    { "numbering", "numbering", "numbering" },
    { "footnotes", "footnotes", "footnotes" }, { "endnotes", "endnotes", "endnotes" },
};

static struct str root(struct ctx *cx, const char *name, struct str inside)
{
    return str_format(&cx->arena,
                      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:%s"
                      " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
                      " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
                      " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\""
                      " xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\""
                      " xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\""
                      " xmlns:v=\"urn:schemas-microsoft-com:vml\">" STR_FMT "</w:%s>",
                      name, STR_ARG(inside), name);
}

#define RELATIONS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

struct bytes check_docx(struct ctx *cx, const char *body, const struct check_part *others, size_t len)
{
    enum { PARTS_MAX = 16 };
    struct check_part parts[PARTS_MAX];
    size_t parts_len = 0;
    struct buf relations;
    buf_init(&relations, &cx->arena);
    buf_put(&relations, STR(RELATIONS));
    for (size_t i = 0; i < len && i < PARTS_MAX - 3; i++)
        for (size_t sort = 0; sort < LEN(sorts); sort++) {
            struct str name = str_from(others[i].name);
            if (!str_starts(name, str_from(sorts[sort].prefix)))
                continue;
            struct str path = str_format(&cx->arena, "word/" STR_FMT, STR_ARG(name));
            buf_format(&relations, "<Relationship Id=\"" STR_FMT "\" Type=\"" TYPES "%s\" Target=\"" STR_FMT "\"/>",
                       STR_ARG(str_sub(name, 0, name.len - 4)), sorts[sort].type, STR_ARG(name));
            parts[parts_len++] = (struct check_part){ str_to_c(&cx->arena, path),
                                                      root(cx, sorts[sort].root, others[i].text) };
        }
    buf_put(&relations, STR("</Relationships>"));
    struct str whole = str_format(&cx->arena, "<w:body>%s</w:body>", body);
    parts[parts_len++] = (struct check_part){ "word/document.xml", root(cx, "document", whole) };
    parts[parts_len++] = (struct check_part){ "word/_rels/document.xml.rels", buf_str(&relations) };
    parts[parts_len++] = (struct check_part){
        "_rels/.rels", STR(RELATIONS "<Relationship Id=\"rId1\" Type=\"" TYPES "officeDocument\""
                                     " Target=\"word/document.xml\"/></Relationships>")
    };
    return check_zip(cx, parts, parts_len);
}
