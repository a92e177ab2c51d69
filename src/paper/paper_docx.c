#include "paper/docx.h"
#include "viet/viet.h"

enum { RELATIONS_MAX = 4000, HEADS_MAX = 60 };

/* A relationship (ECMA-376 part 2, 9.3): what a part leads to. Those outside the file are never followed. */
struct relation {
    struct str id;
    struct str type; /* the last word of its type: "styles", "header" */
    struct str part;
    bool is_read;
};
struct relations {
    struct relation *at;
    size_t len;
};

static struct str after_last(struct str text, char separator)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != separator)
        at--;
    return str_sub(text, at, SIZE_MAX);
}

/* "styles.xml" seen from "word/" is "word/styles.xml", "/word/styles.xml" stays; ".." climbs. */
static struct str part_name(struct arena *arena, struct str folder, struct str target)
{
    enum { STEPS_MAX = 20 };
    struct str steps[STEPS_MAX];
    size_t len = 0;
    bool is_whole = str_starts(target, STR("/"));
    struct str whole = is_whole ? target : str_format(arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(target));
    while (whole.len > 0 && len < STEPS_MAX) {
        struct str step = str_cut(&whole, '/');
        if (str_eq(step, STR("..")))
            len -= len > 0;
        else if (step.len > 0 && !str_eq(step, STR(".")))
            steps[len++] = step;
    }
    return str_join(arena, steps, len, STR("/"));
}

static enum err open_part(struct ctx *cx, struct archive *archive, struct str name, struct xml_source *ret_source)
{
    struct archive_part *part = NULL;
    TRY(archive_part_open(cx, archive, name, &part));
    *ret_source = xml_from_part(part);
    return OK;
}

static enum err read_relations(struct ctx *cx, struct archive *archive, struct str part, struct relations *ret_relations)
{
    struct relations list = { .at = NULL };
    struct str name = after_last(part, '/');
    struct str folder = str_sub(part, 0, part.len - name.len);
    struct str source = str_format(&cx->arena, STR_FMT "_rels/" STR_FMT ".rels", STR_ARG(folder), STR_ARG(name));
    struct xml_source rows = { .read = NULL };
    struct xml *xml = NULL;
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    *ret_relations = list;
    if (!archive_has(archive, source))
        return OK;
    TRY(open_part(cx, archive, source, &rows));
    xml_open(cx, rows, NULL, &xml);
    while (list.len < RELATIONS_MAX) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_END)
            break;
        if (event.kind != XML_EVENT_OPEN || !str_eq(event.name, STR("Relationship")) ||
            str_eq(xml_value(&event, "TargetMode"), STR("External")))
            continue;
        list.at = array_for_one_more(&cx->arena, list.at, list.len, sizeof *list.at);
        struct relation *relation = &list.at[list.len++];
        relation->id = str_copy(&cx->arena, xml_value(&event, "Id"));
        relation->type = str_copy(&cx->arena, after_last(xml_value(&event, "Type"), '/'));
        relation->part = part_name(&cx->arena, folder, xml_value(&event, "Target"));
    }
    *ret_relations = list;
    return OK;
}

static struct relation *relation_of_type(struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->len; i++)
        if (str_eq(relations->at[i].type, str_from(type)))
            return &relations->at[i];
    return NULL;
}

/* The one part of a sort that belongs to the document, by its relationships or by its usual name. */
static enum err open_part_of(struct ctx *cx, struct archive *archive, struct relations *relations, const char *type,
                             struct xml_source *ret_source, bool *ret_has)
{
    const struct relation *relation = relation_of_type(relations, type);
    struct str name = relation ? relation->part : str_format(&cx->arena, "word/%s.xml", type);
    *ret_has = archive_has(archive, name);
    return *ret_has ? open_part(cx, archive, name, ret_source) : OK;
}

static bool has_name_in(const struct archive *archive, const char *folder)
{
    for (size_t i = 0; i < archive_len(archive); i++)
        if (str_starts(archive_name(archive, i), str_from(folder)))
            return true;
    return false;
}

/* A ZIP file that is no Word document: what it is instead. */
static enum err refuse_other(struct ctx *cx, struct archive *archive)
{
    if (has_name_in(archive, "xl/"))
        return fail(cx, ERR_INVALID, "Đây là bảng tính Excel, không phải văn bản; xin gửi tệp Word .docx hoặc PDF của văn "
                                     "bản");
    if (has_name_in(archive, "ppt/"))
        return fail(cx, ERR_INVALID, "Đây là bài trình chiếu PowerPoint, không phải văn bản; xin gửi tệp Word .docx hoặc "
                                     "PDF của văn bản");
    if (archive_has(archive, STR("mimetype")) && archive_has(archive, STR("content.xml")))
        return fail(cx, ERR_INVALID, "Đây là tệp OpenDocument (.odt) của LibreOffice; xin mở tệp, chọn Lưu thành (Save As) "
                                     "kiểu Word .docx hoặc PDF rồi gửi lại");
    if (has_name_in(archive, "word/"))
        return fail(cx, ERR_INVALID, "Tệp Word này bị hỏng: thiếu phần nội dung; xin mở bằng Word, lưu lại rồi gửi lại");
    return fail(cx, ERR_INVALID, "Đây là tệp nén (ZIP); xin giải nén rồi gửi từng văn bản một");
}

static enum err find_document(struct ctx *cx, struct archive *archive, struct str *ret_name)
{
    struct relations top = { .at = NULL };
    if (has_name_in(archive, "xl/") || has_name_in(archive, "ppt/"))
        return refuse_other(cx, archive);
    TRY(read_relations(cx, archive, STR(""), &top));
    const struct relation *main = relation_of_type(&top, "officeDocument");
    struct str name = main ? main->part : STR("word/document.xml");
    if (!archive_has(archive, name))
        return refuse_other(cx, archive);
    *ret_name = name;
    return OK;
}

/* Styles, lists and notes: what the document's words lean on. */
static enum err read_ground(struct ctx *cx, struct archive *archive, struct relations *relations, struct docx *docx)
{
    struct xml_source source = { .read = NULL };
    bool has = false;
    TRY(open_part_of(cx, archive, relations, "styles", &source, &has));
    TRY(docx_styles_read(cx, has ? &source : NULL, &docx->styles));
    TRY(open_part_of(cx, archive, relations, "numbering", &source, &has));
    TRY(docx_lists_read(cx, has ? &source : NULL, &docx->lists));
    TRY(open_part_of(cx, archive, relations, "footnotes", &source, &has));
    if (has)
        TRY(docx_notes_read(cx, docx, &source, &docx->footnotes));
    TRY(open_part_of(cx, archive, relations, "endnotes", &source, &has));
    if (has)
        TRY(docx_notes_read(cx, docx, &source, &docx->endnotes));
    return OK;
}

/* Where the blocks of heads and feet go. */
struct margins {
    struct block_list front; /* the first page's own head: a letterhead often stands there; it is read as the body is */
    struct block_list heads, feet;
};

static enum err read_margins(struct ctx *cx, struct archive *archive, struct relations *relations, struct docx *docx,
                             struct margins *margins)
{
    int read = 0;
    for (size_t i = 0; i < docx->references_len && read < HEADS_MAX; i++) {
        const struct docx_reference *reference = &docx->references[i];
        bool is_title_page = (size_t)reference->section < docx->sections_len &&
                             docx->is_title_page[reference->section];
        struct relation *relation = NULL;
        for (size_t at = 0; at < relations->len && !relation; at++)
            if (str_eq(relations->at[at].id, reference->id))
                relation = &relations->at[at];
        if (!relation || relation->is_read || (reference->is_first && !is_title_page) ||
            !archive_has(archive, relation->part))
            continue;
        struct xml_source source = { .read = NULL };
        relation->is_read = true;
        read++;
        TRY(open_part(cx, archive, relation->part, &source));
        bool is_front = reference->is_head && reference->is_first && reference->section == 0;
        struct block_list *list = is_front ? &margins->front : reference->is_head ? &margins->heads : &margins->feet;
        enum paper_block_kind kind = is_front ? PAPER_PARAGRAPH : reference->is_head ? PAPER_HEAD : PAPER_FOOT;
        TRY(docx_part_read(cx, docx, &source, kind, list));
    }
    return OK;
}

static enum err add_all(struct ctx *cx, struct block_list *list, const struct block_list *more)
{
    for (size_t i = 0; i < more->len; i++)
        TRY(block_add(cx, list, &more->at[i]));
    return OK;
}

/* Tables in reading order from 1: heads were walked last, and some tables had no words. */
static void number_tables(struct ctx *cx, const struct docx *docx, struct block_list *list)
{
    int *numbers = ARENA_NEW_ARRAY(&cx->arena, int, (size_t)docx->tables + 1);
    int next = 0;
    for (size_t i = 0; i < list->len; i++) {
        int *number = &numbers[list->at[i].table];
        if (list->at[i].table > 0 && *number == 0)
            *number = ++next;
        list->at[i].table = *number;
    }
}

/* A converter may have kept the letters of an old encoding and lost the name of their font: the letters tell then. */
static void mend_lost_fonts(struct ctx *cx, struct block_list *list)
{
    enum { SAMPLE_BYTES = 64 * 1024 };
    struct arena *arena = &cx->arena;
    struct buf sample;
    buf_init(&sample, arena);
    for (size_t i = 0; i < list->len && sample.len < SAMPLE_BYTES; i++) {
        buf_put(&sample, docx_swap(arena, list->at[i].text, STR(SOFT_HYPHEN_KEPT), STR(SOFT_HYPHEN)));
        buf_put_char(&sample, '\n');
    }
    enum legacy legacy = legacy_guess(arena, buf_str(&sample));
    size_t kept = 0;
    for (size_t i = 0; i < list->len; i++) {
        struct paper_block *block = &list->at[kept];
        *block = list->at[i];
        struct str letters = docx_swap(arena, block->text, STR(SOFT_HYPHEN_KEPT), STR(SOFT_HYPHEN));
        if (legacy != LEGACY_NONE || letters.at != block->text.at)
            block->text = viet_clean(arena, legacy_decode(arena, letters, legacy));
        kept += block->text.len > 0;
    }
    list->len = kept;
}

enum err docx_read(struct ctx *cx, struct bytes file, struct paper *ret_paper)
{
    struct archive *archive = NULL;
    struct xml_source source = { .read = NULL };
    struct str name = STR("");
    struct relations relations = { .at = NULL };
    struct docx *docx = ARENA_NEW(&cx->arena, struct docx);
    struct margins margins = { .front = { .at = NULL } };
    struct block_list body = { .at = NULL }, list = { .at = NULL };
    TRY(archive_open(cx, file, &archive));
    TRY(find_document(cx, archive, &name));
    TRY(read_relations(cx, archive, name, &relations));
    TRY(read_ground(cx, archive, &relations, docx));
    TRY(open_part(cx, archive, name, &source));
    TRY(docx_part_read(cx, docx, &source, PAPER_PARAGRAPH, &body));
    TRY(read_margins(cx, archive, &relations, docx, &margins));
    TRY(add_all(cx, &list, &margins.front));
    TRY(add_all(cx, &list, &margins.heads));
    TRY(add_all(cx, &list, &body));
    TRY(add_all(cx, &list, &margins.feet));
    if (body.len == 0 && has_name_in(archive, "word/media/"))
        return fail(cx, ERR_INVALID, "Tệp Word này chỉ có ảnh chụp văn bản, không có chữ; xin gửi ảnh (PNG, JPEG) hoặc bản "
                                     "quét PDF");
    number_tables(cx, docx, &list);
    mend_lost_fonts(cx, &list);
    *ret_paper = (struct paper){ .format = PAPER_FORMAT_DOCX, .blocks = list.at, .blocks_len = list.len };
    return OK;
}
