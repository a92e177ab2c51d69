#include "paper/docx_walk.h"
#include "viet/viet.h"

struct frame *walk_frame(struct walk *w)
{
    return &w->frames[w->frames_len - 1];
}

struct table *walk_table(struct walk *w)
{
    return w->tables_len > 0 ? &w->tables[w->tables_len - 1] : NULL;
}

/* Whether the element `up` above the one that opens or closes has that name. */
bool walk_is_in(const struct walk *w, int up, const char *name)
{
    const struct element *element = w->depth > up ? w->places[w->depth - up].element : NULL;
    return element && strcmp(element->name.at, name) == 0;
}

enum err walk_refuse_depth(struct walk *w)
{
    return fail(w->cx, ERR_LIMIT, "Tệp Word này có bảng hoặc khung chữ lồng nhau quá nhiều tầng; xin sao nội dung sang một "
                                  "văn bản mới rồi gửi lại");
}

static void begin_words(struct walk *w, struct paragraph *p)
{
    struct buf done = p->done, letters = p->letters;
    *p = (struct paragraph){ .done = done, .letters = letters, .block_at = w->list->len };
    p->done.len = p->letters.len = 0;
}

static enum err open_paragraph(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct frame *frame = walk_frame(w);
    struct paragraph *p = &frame->paragraph;
    if (p->is_open)
        TRY(walk_finish_paragraph(w));
    if (!p->is_carried)
        begin_words(w, p);
    p->is_open = true;
    p->is_mark_deleted = p->is_carried = false;
    p->style = w->docx->styles.paragraph_default;
    p->format = (struct paragraph_format)PARAGRAPH_FORMAT_SILENT;
    frame->own = (struct run_format)RUN_FORMAT_SILENT;
    frame->character = NULL;
    frame->is_look_known = false;
    return OK;
}

static enum err close_paragraph(struct walk *w)
{
    struct paragraph *p = &walk_frame(w)->paragraph;
    if (p->is_mark_deleted) {
        p->is_carried = true;
        p->is_open = false;
        return OK;
    }
    TRY(walk_finish_paragraph(w));
    return walk_put_called_notes(w);
}

static enum err open_run(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct frame *frame = walk_frame(w);
    frame->own = (struct run_format)RUN_FORMAT_SILENT;
    frame->character = NULL;
    frame->is_look_known = false;
    return OK;
}

static enum err open_run_property(struct walk *w, const struct xml_event *event)
{
    struct frame *frame = walk_frame(w);
    if (!walk_is_in(w, 1, "rPr") || !walk_is_in(w, 2, "r"))
        return OK;
    frame->is_look_known = false;
    if (str_eq(event->name, STR("rStyle")))
        frame->character = docx_style_find(&w->docx->styles, xml_value(event, "val"));
    else
        run_format_take(&frame->own, event);
    return OK;
}

static enum err open_paragraph_property(struct walk *w, const struct xml_event *event)
{
    struct paragraph *p = &walk_frame(w)->paragraph;
    if (!walk_is_in(w, 1, "pPr") && !(walk_is_in(w, 1, "numPr") && walk_is_in(w, 2, "pPr")))
        return OK;
    if (!str_eq(event->name, STR("pStyle"))) {
        paragraph_format_take(&p->format, event);
        return OK;
    }
    const struct docx_style *style = docx_style_find(&w->docx->styles, xml_value(event, "val"));
    p->style = style ? style : p->style;
    walk_frame(w)->is_look_known = false;
    return OK;
}

/* What is not there for a reader: removed words, the former look of changed ones, the code of a field. */
static enum err open_skipped(struct walk *w, const struct xml_event *event)
{
    (void)event;
    w->is_skip_due = true;
    return OK;
}

/* Removed or moved away: words; inside w:rPr of w:pPr the paragraph's mark; inside w:trPr the row (17.13.5). */
static enum err open_removed(struct walk *w, const struct xml_event *event)
{
    (void)event;
    w->is_skip_due = true;
    if (walk_is_in(w, 1, "rPr") && walk_is_in(w, 2, "pPr"))
        walk_frame(w)->paragraph.is_mark_deleted = true;
    else if (walk_is_in(w, 1, "trPr") && w->tables_len > 0)
        walk_table(w)->is_row_deleted = true;
    return OK;
}

/* Fields, content controls, alternatives. */

static enum err open_field_mark(struct walk *w, const struct xml_event *event)
{
    struct frame *frame = walk_frame(w);
    struct str type = xml_value(event, "fldCharType");
    if (str_eq(type, STR("begin"))) {
        if (frame->fields < FIELDS_MAX)
            frame->instructions |= (uint32_t)1 << frame->fields;
        frame->fields++;
    } else if (frame->fields > 0) {
        bool is_end = str_eq(type, STR("end"));
        if (frame->fields <= FIELDS_MAX)
            frame->instructions &= ~((uint32_t)1 << (frame->fields - 1));
        frame->fields -= is_end;
    }
    return OK;
}

static enum err open_placeholder(struct walk *w, const struct xml_event *event)
{
    if (walk_is_in(w, 1, "sdtPr") && walk_is_in(w, 2, "sdt") && docx_is_on(event))
        w->places[w->depth - 2].is_placeholder = true;
    return OK;
}

static enum err open_control_content(struct walk *w, const struct xml_event *event)
{
    (void)event;
    walk_frame(w)->suppressed += walk_is_in(w, 1, "sdt") && w->places[w->depth - 1].is_placeholder;
    return OK;
}

static enum err close_control_content(struct walk *w)
{
    walk_frame(w)->suppressed -= walk_is_in(w, 1, "sdt") && w->places[w->depth - 1].is_placeholder;
    return OK;
}

/* The same content twice, for new and old programs: the first choice is read. */
static enum err open_choice(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct place *around = &w->places[w->depth - 1];
    w->is_skip_due = around->is_chosen;
    around->is_chosen = true;
    return OK;
}

static enum err open_text_box(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (w->frames_len == FRAMES_MAX)
        return walk_refuse_depth(w);
    const struct frame *around = walk_frame(w);
    bool is_unseen = around->instructions != 0 || around->suppressed > 0;
    struct frame *frame = &w->frames[w->frames_len++];
    struct buf done = frame->paragraph.done, letters = frame->paragraph.letters;
    *frame = (struct frame){ .suppressed = is_unseen };
    frame->paragraph.done = done;
    frame->paragraph.letters = letters;
    return OK;
}

static enum err close_text_box(struct walk *w)
{
    if (w->frames_len == 1)
        return OK;
    TRY(walk_finish_paragraph(w));
    w->frames_len--;
    return OK;
}

/* Words drawn as a picture, as watermarks are (VML 2.6.2). */
static enum err open_drawn_words(struct walk *w, const struct xml_event *event)
{
    struct str words = viet_clean(&w->cx->arena, xml_value(event, "string"));
    if (words.len == 0)
        return OK;
    struct paper_block block = walk_block(w, words);
    return block_add(w->cx, w->list, &block);
}

/* Sections. */

static enum err open_reference(struct walk *w, const struct xml_event *event)
{
    struct docx *docx = w->docx;
    if (!walk_is_in(w, 1, "sectPr") || docx->sections_len == SECTIONS_MAX || docx->references_len == 6 * SECTIONS_MAX)
        return OK;
    docx->references = array_for_one_more(&w->cx->arena, docx->references, docx->references_len,
                                          sizeof *docx->references);
    docx->references[docx->references_len++] = (struct docx_reference){
        .id = str_copy(&w->cx->arena, xml_value(event, "id")),
        .is_head = str_eq(event->name, STR("headerReference")),
        .is_first = str_eq(xml_value(event, "type"), STR("first")),
        .section = (int)docx->sections_len,
    };
    return OK;
}

static enum err open_title_page(struct walk *w, const struct xml_event *event)
{
    if (walk_is_in(w, 1, "sectPr"))
        w->has_title_page = docx_is_on(event);
    return OK;
}

static enum err close_section(struct walk *w)
{
    struct docx *docx = w->docx;
    if (!docx->is_title_page)
        docx->is_title_page = ARENA_NEW_ARRAY(&w->cx->arena, bool, SECTIONS_MAX);
    if (docx->sections_len < SECTIONS_MAX)
        docx->is_title_page[docx->sections_len++] = w->has_title_page;
    w->has_title_page = false;
    return OK;
}

/* By name, then namespace. */
static const struct element elements[] = {
    { STR_INIT("AlternateContent"), SPACE_COMPATIBILITY, NULL, NULL },
    { STR_INIT("Choice"), SPACE_COMPATIBILITY, open_choice, NULL },
    { STR_INIT("Fallback"), SPACE_COMPATIBILITY, open_choice, NULL },
    { STR_INIT("b"), SPACE_W, open_run_property, NULL },
    { STR_INIT("br"), SPACE_W, walk_open_break, NULL },
    { STR_INIT("caps"), SPACE_W, open_run_property, NULL },
    { STR_INIT("cr"), SPACE_W, walk_open_break, NULL },
    { STR_INIT("del"), SPACE_W, open_removed, NULL },
    { STR_INIT("delInstrText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("delText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("endnote"), SPACE_W, walk_open_note, walk_close_note },
    { STR_INIT("endnoteReference"), SPACE_W, walk_open_note_mark, NULL },
    { STR_INIT("fldChar"), SPACE_W, open_field_mark, NULL },
    { STR_INIT("footerReference"), SPACE_W, open_reference, NULL },
    { STR_INIT("footnote"), SPACE_W, walk_open_note, walk_close_note },
    { STR_INIT("footnoteReference"), SPACE_W, walk_open_note_mark, NULL },
    { STR_INIT("gridBefore"), SPACE_W, walk_open_grid_before, NULL },
    { STR_INIT("gridSpan"), SPACE_W, walk_open_cell_property, NULL },
    { STR_INIT("hMerge"), SPACE_W, walk_open_cell_property, NULL },
    { STR_INIT("headerReference"), SPACE_W, open_reference, NULL },
    { STR_INIT("i"), SPACE_W, open_run_property, NULL },
    { STR_INIT("ilvl"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("instrText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("jc"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("moveFrom"), SPACE_W, open_removed, NULL },
    { STR_INIT("noBreakHyphen"), SPACE_W, walk_open_hyphen, NULL },
    { STR_INIT("numId"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("numPr"), SPACE_W, NULL, NULL },
    { STR_INIT("numberingChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("outlineLvl"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("p"), SPACE_W, open_paragraph, close_paragraph },
    { STR_INIT("pPr"), SPACE_W, NULL, NULL },
    { STR_INIT("pPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("pStyle"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("ptab"), SPACE_W, walk_open_tab, NULL },
    { STR_INIT("r"), SPACE_W, open_run, NULL },
    { STR_INIT("rFonts"), SPACE_W, open_run_property, NULL },
    { STR_INIT("rPr"), SPACE_W, NULL, NULL },
    { STR_INIT("rPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("rStyle"), SPACE_W, open_run_property, NULL },
    { STR_INIT("rt"), SPACE_W, open_skipped, NULL },
    { STR_INIT("sdt"), SPACE_W, NULL, NULL },
    { STR_INIT("sdtContent"), SPACE_W, open_control_content, close_control_content },
    { STR_INIT("sdtPr"), SPACE_W, NULL, NULL },
    { STR_INIT("sectPr"), SPACE_W, NULL, close_section },
    { STR_INIT("sectPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("showingPlcHdr"), SPACE_W, open_placeholder, NULL },
    { STR_INIT("softHyphen"), SPACE_W, walk_open_soft_hyphen, NULL },
    { STR_INIT("sym"), SPACE_W, walk_open_symbol, NULL },
    { STR_INIT("sz"), SPACE_W, open_run_property, NULL },
    { STR_INIT("t"), SPACE_W, walk_open_word_text, walk_close_text },
    { STR_INIT("t"), SPACE_MATH, walk_open_text, walk_close_text },
    { STR_INIT("tab"), SPACE_W, walk_open_tab, NULL },
    { STR_INIT("tbl"), SPACE_W, walk_open_table, walk_close_table },
    { STR_INIT("tblGridChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tblPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tblPrExChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tc"), SPACE_W, walk_open_cell, walk_close_cell },
    { STR_INIT("tcPr"), SPACE_W, NULL, NULL },
    { STR_INIT("tcPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("textpath"), SPACE_VML, open_drawn_words, NULL },
    { STR_INIT("titlePg"), SPACE_W, open_title_page, NULL },
    { STR_INIT("tr"), SPACE_W, walk_open_row, walk_close_row },
    { STR_INIT("trPr"), SPACE_W, NULL, NULL },
    { STR_INIT("trPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("txbxContent"), SPACE_W, open_text_box, close_text_box },
    { STR_INIT("vMerge"), SPACE_W, walk_open_cell_property, NULL },
    { STR_INIT("vanish"), SPACE_W, open_run_property, NULL },
    { STR_INIT("vertAlign"), SPACE_W, open_run_property, NULL },
};

static const struct element *element_of(const struct xml_event *event)
{
    size_t low = 0, high = LEN(elements);
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct element *element = &elements[middle];
        int order = str_compare(event->name, element->name);
        order = order != 0 ? order : (event->space > element->space) - (event->space < element->space);
        if (order == 0)
            return element;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static enum err take_event(struct walk *w, const struct xml_event *event)
{
    if (event->kind == XML_EVENT_TEXT) {
        if (w->is_collecting)
            buf_put(&w->text, event->text);
        return OK;
    }
    const struct element *element =
        event->kind == XML_EVENT_OPEN ? element_of(event) : w->places[event->depth].element;
    w->depth = event->depth;
    if (event->kind == XML_EVENT_CLOSE)
        return element && element->close ? element->close(w) : OK;
    w->places[event->depth] = (struct place){ .element = element };
    if (element && element->open)
        TRY(element->open(w, event));
    if (!w->is_skip_due)
        return OK;
    w->is_skip_due = false;
    return xml_skip(w->cx, w->xml, event->depth);
}

static void end_scratch(void *what)
{
    arena_end(what);
}

static enum err walk(struct ctx *cx, struct docx *docx, const struct xml_source *part, enum paper_block_kind kind,
                     struct docx_notes *notes, struct block_list *list)
{
    struct walk *w = ARENA_NEW(&cx->arena, struct walk);
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    w->cx = cx;
    w->docx = docx;
    w->kind = kind;
    w->notes = notes;
    w->list = list;
    w->frames_len = 1;
    arena_init(&w->scratch, cx->env, SCRATCH_BYTES);
    w->scratch.guard = cx->arena.guard;
    arena_on_end(&cx->arena, end_scratch, &w->scratch);
    buf_init(&w->text, &cx->arena);
    for (size_t i = 0; i < FRAMES_MAX; i++) {
        buf_init(&w->frames[i].paragraph.done, &cx->arena);
        buf_init(&w->frames[i].paragraph.letters, &cx->arena);
    }
    xml_open(cx, *part, docx_spaces, &w->xml);
    for (;;) {
        TRY(xml_next(cx, w->xml, &event));
        if (event.kind == XML_EVENT_END)
            break;
        TRY(take_event(w, &event));
    }
    TRY(walk_finish_paragraph(w));
    TRY(walk_put_called_notes(w));
    return docx_columns(cx, list, w->gaps, w->gaps_len, &docx->tables);
}

enum err docx_part_read(struct ctx *cx, struct docx *docx, const struct xml_source *part,
                        enum paper_block_kind kind, struct block_list *list)
{
    return walk(cx, docx, part, kind, NULL, list);
}

enum err docx_notes_read(struct ctx *cx, struct docx *docx, const struct xml_source *part, struct docx_notes *ret_notes)
{
    struct docx_notes notes = { .at = NULL };
    TRY(walk(cx, docx, part, PAPER_NOTE, &notes, &notes.blocks));
    *ret_notes = notes;
    return OK;
}
