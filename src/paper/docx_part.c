#include "paper/docx.h"
#include "viet/viet.h"

/*
 * Words come in runs inside paragraphs inside cells, and Word splits runs wherever it likes; a text box stands inside a
 * run and holds paragraphs of its own. So the walk keeps one frame for the part and one for each text box around the
 * place where it is: in a frame at most one paragraph is open. Everything has a fixed depth; nothing recurses.
 */
enum {
    FRAMES_MAX = 4,
    TABLES_MAX = 12, /* nested */
    COLUMNS_MAX = 64, /* Word has 63 */
    SIZES_MAX = 6,
    SECTIONS_MAX = 500,
    FIELDS_MAX = 30,
    NOTES_MAX = 2000,
    SCRATCH_BYTES = 16 * 1024 * 1024,
};

struct walk;

/* An element the walk knows: what happens where it opens and closes. Both may be NULL: only its place matters. */
struct element {
    struct str name;
    int space;
    enum err (*open)(struct walk *w, const struct xml_event *event);
    enum err (*close)(struct walk *w);
};

struct place {
    const struct element *element; /* NULL: none that is known */
    bool is_chosen;                /* mc:AlternateContent: one of its choices has been read */
    bool is_placeholder;           /* w:sdt: holds only the words that ask to fill it in */
};

/* What one stretch of letters shares: how it becomes text. */
struct stretch {
    enum legacy legacy;
    bool is_capital;
};

struct paragraph {
    bool is_open;
    bool is_carried; /* its mark is deleted: the next one goes on with its words */
    bool is_mark_deleted;
    const struct docx_style *style;
    struct paragraph_format format;
    size_t block_at; /* where its block goes: text boxes inside it stand behind */
    struct buf done; /* text; '\n' is a forced line break */
    struct buf letters; /* of the stretch that is open */
    struct stretch stretch;
    size_t counted, bold, italic;
    struct {
        int half_points;
        size_t letters;
    } sizes[SIZES_MAX];
};

struct frame {
    struct paragraph paragraph;
    struct run_format own, look;
    const struct docx_style *character;
    bool is_look_known;
    int fields;             /* begun and not ended */
    uint32_t instructions;  /* bit n: the n-th of them is still before its result */
    int suppressed;         /* placeholders around this place */
    int blank;              /* empty paragraphs since the last words */
};

enum merge { MERGE_NONE, MERGE_DOWN, MERGE_RIGHT };

/* The blocks of the cell that is the newest of its column: cells merged into it make it higher or wider. */
struct origin {
    size_t from, to;
    int row; /* -1: there is none */
    int rows, columns; /* merged into it */
};

struct table {
    int number, row, column;
    int span;
    enum merge merge; /* of the cell that is open, into the one above or before */
    int column_before; /* of the cell before in the row, -1 none */
    bool is_row_deleted;
    size_t row_from, cell_from; /* of the list of blocks */
    struct origin origins[COLUMNS_MAX];
};

/* A note called since the last place where notes can stand. */
struct called_note {
    struct docx_notes *notes;
    size_t at;
    int number;
};

struct walk {
    struct ctx *cx;
    struct docx *docx;
    struct xml *xml;
    struct block_list *list;
    enum paper_block_kind kind;
    struct docx_notes *notes; /* the part is one of notes, and these become its notes */
    struct place places[XML_DEPTH_MAX + 1];
    int depth;
    struct frame frames[FRAMES_MAX];
    int frames_len;
    struct table tables[TABLES_MAX];
    int tables_len;
    struct buf text; /* of the w:t that is open */
    bool is_collecting, is_text_trimmed;
    bool is_skip_due; /* the element just opened is to be left out with all it holds */
    struct called_note *called;
    size_t called_len;
    struct docx_gap *gaps;
    size_t gaps_len;
    bool has_title_page;
    struct arena scratch; /* for what is weighed and thrown away, run by run */
};

static struct frame *frame_of(struct walk *w)
{
    return &w->frames[w->frames_len - 1];
}

static struct table *table_of(struct walk *w)
{
    return w->tables_len > 0 ? &w->tables[w->tables_len - 1] : NULL;
}

/* Whether the element `up` above the one that opens or closes has that name. */
static bool is_in(const struct walk *w, int up, const char *name)
{
    const struct element *element = w->depth > up ? w->places[w->depth - up].element : NULL;
    return element && strcmp(element->name.at, name) == 0;
}

static enum err refuse_depth(struct walk *w)
{
    return fail(w->cx, ERR_LIMIT, "Tệp Word này có bảng hoặc khung chữ lồng nhau quá nhiều tầng; xin sao nội dung sang một "
                                  "văn bản mới rồi gửi lại");
}

/* Words. */

/* A letter that no old encoding has: proof that a text is Unicode whatever its font is called. */
static bool has_unicode_letters(struct str letters)
{
    while (letters.len > 0) {
        uint32_t letter = str_next_code_point(&letters);
        if (letter > 0xFF && (letter < 0x2000 || letter > 0x2122) && letter != 0x152 && letter != 0x153)
            return true;
    }
    return false;
}

/*
 * Whether a stretch in an old font is of the font's encoding. A paper retyped in Unicode often keeps the name of the old
 * font in places; decoding would spoil it. Where both readings are Vietnamese ("có"), the stretches before decide.
 */
static bool is_old_text(struct walk *w, struct str letters, enum legacy legacy)
{
    struct docx *docx = w->docx;
    if (has_unicode_letters(letters)) {
        docx->unicode_in_old_fonts++;
        return false;
    }
    arena_reset(&w->scratch);
    int as_it_is = legacy_score(&w->scratch, letters);
    if (as_it_is < 0)
        return legacy == LEGACY_TCVN3_CAPITALS && docx->unicode_in_old_fonts <= docx->old_in_old_fonts;
    int decoded = legacy_score(&w->scratch, legacy_decode(&w->scratch, letters, legacy));
    if (as_it_is == decoded)
        return docx->unicode_in_old_fonts <= docx->old_in_old_fonts;
    docx->old_in_old_fonts += decoded > as_it_is;
    docx->unicode_in_old_fonts += decoded < as_it_is;
    return decoded > as_it_is;
}

static void close_stretch(struct walk *w, struct paragraph *p)
{
    struct str letters = buf_str(&p->letters);
    if (letters.len == 0)
        return;
    if (p->stretch.legacy != LEGACY_NONE && is_old_text(w, letters, p->stretch.legacy))
        letters = legacy_decode(&w->cx->arena, letters, p->stretch.legacy);
    if (p->stretch.is_capital)
        letters = viet_upper(&w->cx->arena, letters);
    buf_put(&p->done, letters);
    p->letters.len = 0;
}

static void switch_stretch(struct walk *w, struct paragraph *p, struct stretch stretch)
{
    if (p->stretch.legacy == stretch.legacy && p->stretch.is_capital == stretch.is_capital)
        return;
    close_stretch(w, p);
    p->stretch = stretch;
}

static const struct run_format *look_of(struct walk *w)
{
    struct frame *frame = frame_of(w);
    if (!frame->is_look_known) {
        frame->look = docx_run_look(&w->docx->styles, frame->paragraph.style, frame->character, &frame->own);
        frame->is_look_known = true;
    }
    return &frame->look;
}

static void count_letters(struct paragraph *p, const struct run_format *look, size_t letters)
{
    p->counted += letters;
    p->bold += look->is_bold > 0 ? letters : 0;
    p->italic += look->is_italic > 0 ? letters : 0;
    for (size_t i = 0; i < SIZES_MAX; i++) {
        if (p->sizes[i].letters > 0 && p->sizes[i].half_points != look->half_points)
            continue;
        p->sizes[i].half_points = look->half_points;
        p->sizes[i].letters += letters;
        return;
    }
}

/* Whether words at this place are seen at all. */
static bool is_seen(struct walk *w)
{
    const struct frame *frame = frame_of(w);
    const struct table *table = table_of(w);
    return frame->paragraph.is_open && frame->suppressed == 0 && frame->instructions == 0 &&
           !(table && table->is_row_deleted) && look_of(w)->is_hidden <= 0;
}

/* Letters of the run that is open; line breaks inside are blanks, as XML's are. */
static void put_text(struct walk *w, struct str text)
{
    if (!is_seen(w))
        return;
    struct paragraph *p = &frame_of(w)->paragraph;
    const struct run_format *look = look_of(w);
    enum legacy legacy = docx_font_legacy(look->font);
    size_t letters = 0;
    while (text.len > 0) {
        uint32_t letter = str_next_code_point(&text);
        bool is_raised = look->is_raised > 0 && letter >= '0' && letter <= '9';
        if (letter == '\n' || letter == '\r' || letter == '\t')
            letter = ' ';
        else if (letter >= 0xF000 && letter <= 0xF0FF)
            letter = docx_symbol(look->font, letter);
        if (letter == 0)
            continue;
        letters += letter != ' ' && letter != 0xA0;
        switch_stretch(w, p, (struct stretch){ is_raised ? LEGACY_NONE : legacy, look->is_capital > 0 });
        buf_put_code_point(&p->letters, is_raised ? superscript_of(letter) : letter);
    }
    count_letters(p, look, letters);
}

/* A sign of the walk's own, in no font. */
static void put_sign(struct walk *w, uint32_t letter)
{
    if (!is_seen(w))
        return;
    struct paragraph *p = &frame_of(w)->paragraph;
    bool is_blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == 0xAD;
    if (!is_blank)
        switch_stretch(w, p, (struct stretch){ LEGACY_NONE, false });
    buf_put_code_point(&p->letters, letter);
}

/* White space at the ends of a w:t counts only where the file says so (XML 1.0, 2.10). */
static enum err open_text(struct walk *w, const struct xml_event *event)
{
    w->text.len = 0;
    w->is_collecting = true;
    w->is_text_trimmed = !str_eq(xml_value(event, "space"), STR("preserve"));
    return OK;
}

static enum err close_text(struct walk *w)
{
    struct str text = buf_str(&w->text);
    if (w->is_collecting)
        put_text(w, w->is_text_trimmed ? str_trim(text) : text);
    w->is_collecting = false;
    return OK;
}

static enum err open_word_text(struct walk *w, const struct xml_event *event)
{
    return is_in(w, 1, "r") ? open_text(w, event) : OK;
}

static enum err open_break(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (is_in(w, 1, "r"))
        put_sign(w, '\n');
    return OK;
}

/* Inside w:r; the same name inside w:tabs is a tab stop. */
static enum err open_tab(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (is_in(w, 1, "r"))
        put_sign(w, '\t');
    return OK;
}

static enum err open_hyphen(struct walk *w, const struct xml_event *event)
{
    (void)event;
    put_sign(w, '-');
    return OK;
}

/* In TCVN3 the code of the soft hyphen is the letter "ư" (domain.md 6.2); elsewhere it is not seen and goes. */
static enum err open_soft_hyphen(struct walk *w, const struct xml_event *event)
{
    (void)event;
    put_sign(w, 0xAD);
    return OK;
}

static uint32_t hexadecimal(struct str text)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.len && i < 5; i++) {
        char c = text.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return 0;
        value = value * 16 + (uint32_t)digit;
    }
    return value >= 0xD800 && value <= 0xDFFF ? 0 : value;
}

static enum err open_symbol(struct walk *w, const struct xml_event *event)
{
    uint32_t letter = docx_symbol(docx_font_of(xml_value(event, "font")), hexadecimal(xml_value(event, "char")));
    if (letter >= 0x20)
        put_sign(w, letter);
    return OK;
}

/* Lines and blocks. */

static struct paper_block block_here(struct walk *w, struct str text)
{
    const struct table *table = table_of(w);
    struct paper_block block = block_of(w->kind, text);
    if (!table || w->kind != PAPER_PARAGRAPH)
        return block;
    block.kind = PAPER_CELL;
    block.table = table->number;
    block.row = table->row;
    block.column = table->column;
    block.column_span = table->span;
    return block;
}

/* A line of a paragraph, cleaned, and whether a gap stands in it: a tab or many blanks between words or before them. */
struct line {
    struct str words;
    size_t gap_at;
    bool has_gap;
};

/* Where the only gap of a line ends; 0 when there is none, or several. */
static size_t gap_end(struct str line)
{
    enum { BLANKS_MIN = 4 };
    size_t end = 0;
    for (size_t i = 0; i < line.len;) {
        size_t from = i;
        bool has_tab = false;
        for (; i < line.len && (line.at[i] == ' ' || line.at[i] == '\t'); i++)
            has_tab |= line.at[i] == '\t';
        bool is_gap = i < line.len && (has_tab || i - from >= BLANKS_MIN);
        if (is_gap && end > 0)
            return 0;
        end = is_gap ? i : end;
        i += i == from;
    }
    return end;
}

/* The next line that has words; false when there is none. */
static bool next_line(struct walk *w, struct str *rest, struct line *ret_line)
{
    while (rest->len > 0) {
        struct str line = str_cut(rest, '\n');
        size_t end = gap_end(line);
        struct str left = viet_clean(&w->cx->arena, str_sub(line, 0, end));
        struct str right = viet_clean(&w->cx->arena, str_sub(line, end, SIZE_MAX));
        *ret_line = (struct line){ right, left.len + (left.len > 0), end > 0 };
        if (left.len > 0)
            ret_line->words = str_format(&w->cx->arena, STR_FMT " " STR_FMT, STR_ARG(left), STR_ARG(right));
        if (ret_line->words.len > 0)
            return true;
    }
    return false;
}

/* Only paragraphs of the page itself are ever set in columns by tabs. */
static void keep_gap(struct walk *w, const struct line *line)
{
    bool is_page = w->kind == PAPER_PARAGRAPH && w->frames_len == 1 && w->tables_len == 0;
    if (!line->has_gap || !is_page)
        return;
    w->gaps = array_for_one_more(&w->cx->arena, w->gaps, w->gaps_len, sizeof *w->gaps);
    w->gaps[w->gaps_len++] = (struct docx_gap){ w->list->len, line->gap_at };
}

static struct str count_in_list(struct walk *w, const struct paragraph *p, bool has_words)
{
    const struct paragraph_format *by_style = p->style ? &p->style->paragraph : NULL;
    int list = p->format.list >= 0 ? p->format.list : by_style ? by_style->list : 0;
    int level = p->format.level >= 0 ? p->format.level : by_style ? by_style->level : -1;
    if (list <= 0)
        return STR("");
    return docx_list_count(w->cx, w->docx->lists, &w->docx->styles, list, level, p->style ? p->style->id : STR(""),
                           has_words);
}

static void reverse(struct paper_block *from, struct paper_block *to)
{
    for (; to - from > 1; from++) {
        to--;
        struct paper_block first = *from;
        *from = *to;
        *to = first;
    }
}

/* What was added from `middle` on stands before what was added from `from` on: a paragraph before its text boxes. */
static void turn_around(struct block_list *list, size_t from, size_t middle)
{
    if (from >= middle || middle == list->len)
        return;
    reverse(list->at + from, list->at + middle);
    reverse(list->at + middle, list->at + list->len);
    reverse(list->at + from, list->at + list->len);
}

/* A paragraph with forced line breaks is given line by line, like a page: a title and its subject, or a pasted page. */
static enum err put_lines(struct walk *w, struct paper_block block)
{
    struct frame *frame = frame_of(w);
    struct str rest = buf_str(&frame->paragraph.done);
    struct line line = { .words = STR("") }, more = { .words = STR("") };
    bool has_words = next_line(w, &rest, &line);
    bool has_more = next_line(w, &rest, &more);
    struct str label = count_in_list(w, &frame->paragraph, has_words);
    size_t before = w->list->len;
    if (block.kind == PAPER_PARAGRAPH && has_more)
        block.kind = PAPER_LINE;
    block.blank_before = frame->blank;
    frame->blank = has_words ? 0 : frame->blank + 1;
    for (; has_words; has_words = has_more, line = more, has_more = has_more && next_line(w, &rest, &more)) {
        block.text = line.words;
        if (label.len > 0)
            block.text = str_format(&w->cx->arena, STR_FMT STR_FMT, STR_ARG(label), STR_ARG(line.words));
        else if (before == frame->paragraph.block_at)
            keep_gap(w, &line);
        label = STR("");
        TRY(block_add(w->cx, w->list, &block));
        block.blank_before = 0;
    }
    turn_around(w->list, frame->paragraph.block_at, before);
    return OK;
}

static int points(const struct paragraph *p)
{
    int half_points = 0;
    size_t letters = 0;
    for (size_t i = 0; i < SIZES_MAX; i++)
        if (p->sizes[i].letters > letters) {
            letters = p->sizes[i].letters;
            half_points = p->sizes[i].half_points;
        }
    return half_points > 0 ? half_points / 2 : 0;
}

/* Makes blocks of the words collected so far. */
static enum err finish_paragraph(struct walk *w)
{
    struct paragraph *p = &frame_of(w)->paragraph;
    const struct table *table = table_of(w);
    bool was_anything = p->is_open || p->is_carried;
    p->is_open = p->is_carried = false;
    if (!was_anything || (table && table->is_row_deleted))
        return OK;
    close_stretch(w, p);
    struct paper_block block = block_here(w, STR(""));
    const struct paragraph_format *by_style = p->style ? &p->style->paragraph : NULL;
    int outline = p->format.outline_level >= 0 ? p->format.outline_level : by_style ? by_style->outline_level : -1;
    int centred = p->format.is_centred >= 0 ? p->format.is_centred : by_style ? by_style->is_centred : 0;
    block.style_level = outline >= 0 && outline < 9 ? outline + 1 : 0;
    block.is_centred = centred > 0;
    block.is_bold = p->counted > 0 && p->bold == p->counted;
    block.is_italic = p->counted > 0 && p->italic == p->counted;
    block.size = points(p);
    return put_lines(w, block);
}

/* The notes called so far: after the paragraph or the table that calls them. */
static enum err put_called_notes(struct walk *w)
{
    if (w->frames_len > 1 || w->tables_len > 0 || w->frames[0].paragraph.is_carried)
        return OK;
    for (size_t i = 0; i < w->called_len; i++) {
        const struct called_note *called = &w->called[i];
        const struct docx_note *note = &called->notes->at[called->at];
        for (size_t at = note->from; at < note->from + note->len; at++) {
            struct paper_block block = called->notes->blocks.at[at];
            block.note = called->number;
            TRY(block_add(w->cx, w->list, &block));
        }
    }
    w->called_len = 0;
    return OK;
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
    struct frame *frame = frame_of(w);
    struct paragraph *p = &frame->paragraph;
    if (p->is_open)
        TRY(finish_paragraph(w));
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
    struct paragraph *p = &frame_of(w)->paragraph;
    if (p->is_mark_deleted) {
        p->is_carried = true;
        p->is_open = false;
        return OK;
    }
    TRY(finish_paragraph(w));
    return put_called_notes(w);
}

static enum err open_run(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct frame *frame = frame_of(w);
    frame->own = (struct run_format)RUN_FORMAT_SILENT;
    frame->character = NULL;
    frame->is_look_known = false;
    return OK;
}

static enum err open_run_property(struct walk *w, const struct xml_event *event)
{
    struct frame *frame = frame_of(w);
    if (!is_in(w, 1, "rPr") || !is_in(w, 2, "r"))
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
    struct paragraph *p = &frame_of(w)->paragraph;
    if (!is_in(w, 1, "pPr") && !(is_in(w, 1, "numPr") && is_in(w, 2, "pPr")))
        return OK;
    if (!str_eq(event->name, STR("pStyle"))) {
        paragraph_format_take(&p->format, event);
        return OK;
    }
    const struct docx_style *style = docx_style_find(&w->docx->styles, xml_value(event, "val"));
    p->style = style ? style : p->style;
    frame_of(w)->is_look_known = false;
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
    if (is_in(w, 1, "rPr") && is_in(w, 2, "pPr"))
        frame_of(w)->paragraph.is_mark_deleted = true;
    else if (is_in(w, 1, "trPr") && w->tables_len > 0)
        table_of(w)->is_row_deleted = true;
    return OK;
}

/* Fields, content controls, alternatives. */

static enum err open_field_mark(struct walk *w, const struct xml_event *event)
{
    struct frame *frame = frame_of(w);
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
    if (is_in(w, 1, "sdtPr") && is_in(w, 2, "sdt") && docx_is_on(event))
        w->places[w->depth - 2].is_placeholder = true;
    return OK;
}

static enum err open_control_content(struct walk *w, const struct xml_event *event)
{
    (void)event;
    frame_of(w)->suppressed += is_in(w, 1, "sdt") && w->places[w->depth - 1].is_placeholder;
    return OK;
}

static enum err close_control_content(struct walk *w)
{
    frame_of(w)->suppressed -= is_in(w, 1, "sdt") && w->places[w->depth - 1].is_placeholder;
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
        return refuse_depth(w);
    const struct frame *around = frame_of(w);
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
    TRY(finish_paragraph(w));
    w->frames_len--;
    return OK;
}

/* Words drawn as a picture, as watermarks are (VML 2.6.2). */
static enum err open_drawn_words(struct walk *w, const struct xml_event *event)
{
    struct str words = viet_clean(&w->cx->arena, xml_value(event, "string"));
    if (words.len == 0)
        return OK;
    struct paper_block block = block_here(w, words);
    return block_add(w->cx, w->list, &block);
}

/* Tables. */

/* Tells the blocks of a cell how much was merged into it; the next cell may take its column. */
static void settle_origin(struct walk *w, struct table *table, int column)
{
    struct origin *origin = &table->origins[column];
    bool is_merged = origin->row >= 0 && (origin->rows > 0 || origin->columns > 0);
    for (size_t i = origin->from; is_merged && i < origin->to && i < w->list->len; i++) {
        struct paper_block *block = &w->list->at[i];
        if (block->table != table->number || block->row != origin->row || block->column != column)
            continue;
        block->row_span += origin->rows;
        block->column_span += origin->columns;
    }
    origin->row = -1;
}

static enum err open_table(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (w->tables_len == TABLES_MAX)
        return refuse_depth(w);
    TRY(finish_paragraph(w));
    struct table *table = &w->tables[w->tables_len++];
    *table = (struct table){ .number = ++w->docx->tables, .row = -1, .span = 1, .column_before = -1 };
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        table->origins[i].row = -1;
    return OK;
}

static enum err close_table(struct walk *w)
{
    if (w->tables_len == 0)
        return OK;
    TRY(finish_paragraph(w));
    for (int column = 0; column < COLUMNS_MAX; column++)
        settle_origin(w, table_of(w), column);
    w->tables_len--;
    frame_of(w)->blank = 0;
    return put_called_notes(w);
}

static enum err open_row(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct table *table = table_of(w);
    if (!table)
        return OK;
    table->row++;
    table->column = 0;
    table->column_before = -1;
    table->is_row_deleted = false;
    table->row_from = w->list->len;
    return OK;
}

static enum err close_row(struct walk *w)
{
    struct table *table = table_of(w);
    if (!table || !table->is_row_deleted)
        return OK;
    w->list->len = table->row_from;
    for (int column = 0; column < COLUMNS_MAX; column++)
        if (table->origins[column].row == table->row)
            table->origins[column].row = -1;
    table->row--;
    table->is_row_deleted = false;
    return OK;
}

static enum err open_cell(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct table *table = table_of(w);
    if (!table)
        return OK;
    table->span = 1;
    table->merge = MERGE_NONE;
    table->cell_from = w->list->len;
    frame_of(w)->blank = 0;
    return OK;
}

/* A cell merged into another has no words of its own: the other grows. */
static void grow_origin(struct walk *w, struct table *table, int column)
{
    struct origin *origin = &table->origins[column];
    w->list->len = table->cell_from;
    if (table->merge == MERGE_DOWN)
        origin->rows = table->row - origin->row;
    else
        origin->columns += table->span;
}

static enum err close_cell(struct walk *w)
{
    struct table *table = table_of(w);
    if (!table)
        return OK;
    TRY(finish_paragraph(w));
    frame_of(w)->blank = 0;
    int into = table->merge == MERGE_DOWN ? table->column : table->column_before;
    bool is_column_known = into >= 0 && into < COLUMNS_MAX;
    bool has_origin = is_column_known && table->origins[into].row >= 0 &&
                      (table->merge == MERGE_DOWN || table->origins[into].row == table->row);
    if (table->merge != MERGE_NONE && has_origin) {
        grow_origin(w, table, into);
    } else if (table->column < COLUMNS_MAX) {
        settle_origin(w, table, table->column);
        table->origins[table->column] = (struct origin){ table->cell_from, w->list->len, table->row, 0, 0 };
    }
    if (table->merge != MERGE_RIGHT)
        table->column_before = table->column;
    table->column += table->span;
    return OK;
}

static enum err open_cell_property(struct walk *w, const struct xml_event *event)
{
    struct table *table = table_of(w);
    if (!table || !is_in(w, 1, "tcPr"))
        return OK;
    bool is_start = str_eq(xml_value(event, "val"), STR("restart"));
    int span = xml_number(event, "val", 1);
    if (str_eq(event->name, STR("gridSpan")))
        table->span = span >= 1 && span <= COLUMNS_MAX ? span : 1;
    else if (str_eq(event->name, STR("vMerge")) && !is_start && table->merge == MERGE_NONE)
        table->merge = MERGE_DOWN;
    else if (str_eq(event->name, STR("hMerge")) && !is_start)
        table->merge = MERGE_RIGHT;
    return OK;
}

/* Empty columns of the grid before the row's first cell. */
static enum err open_grid_before(struct walk *w, const struct xml_event *event)
{
    int columns = xml_number(event, "val", 0);
    if (w->tables_len > 0 && is_in(w, 1, "trPr") && columns > 0 && columns < COLUMNS_MAX)
        table_of(w)->column = columns;
    return OK;
}

/* Notes. */

static enum err refuse_notes(struct walk *w)
{
    return fail(w->cx, ERR_LIMIT, "Tệp Word này có hơn %d chú thích; xin tách lấy phần văn bản cần nhận", NOTES_MAX);
}

static enum err call_note(struct walk *w, struct docx_notes *notes, struct str id)
{
    size_t at = 0;
    while (at < notes->len && !str_eq(notes->at[at].id, id))
        at++;
    if (at == notes->len)
        return OK;
    if (w->called_len == NOTES_MAX || notes->numbered > PAPER_BLOCKS_MAX)
        return refuse_notes(w);
    w->called = array_for_one_more(&w->cx->arena, w->called, w->called_len, sizeof *w->called);
    w->called[w->called_len++] = (struct called_note){ notes, at, notes->numbered };
    return OK;
}

/* The mark is the note's number in the order of calling, unless the writer typed one of his own (17.11.14). */
static enum err open_note_mark(struct walk *w, const struct xml_event *event)
{
    bool is_foot = str_eq(event->name, STR("footnoteReference"));
    struct docx_notes *notes = is_foot ? &w->docx->footnotes : &w->docx->endnotes;
    bool is_typed = xml_has(event, "customMarkFollows") && !str_eq(xml_value(event, "customMarkFollows"), STR("0"));
    if (w->notes || w->kind != PAPER_PARAGRAPH || !is_seen(w))
        return OK;
    if (!is_typed) {
        notes->numbered++;
        struct str number = str_format(&w->cx->arena, "%d", notes->numbered);
        for (size_t i = 0; i < number.len; i++)
            put_sign(w, superscript_of((unsigned char)number.at[i]));
    }
    TRY(call_note(w, notes, xml_value(event, "id")));
    if (is_typed && w->called_len > 0)
        w->called[w->called_len - 1].number = 0;
    return OK;
}

/* Lines that part notes from the page are no notes (17.18.33). */
static enum err open_note(struct walk *w, const struct xml_event *event)
{
    struct str type = xml_value(event, "type");
    if (!w->notes)
        return OK;
    if (type.len > 0 && !str_eq(type, STR("normal"))) {
        w->is_skip_due = true;
        return OK;
    }
    struct docx_notes *notes = w->notes;
    if (notes->len == NOTES_MAX)
        return refuse_notes(w);
    notes->at = array_for_one_more(&w->cx->arena, notes->at, notes->len, sizeof *notes->at);
    notes->at[notes->len++] = (struct docx_note){ str_copy(&w->cx->arena, xml_value(event, "id")), w->list->len, 0 };
    return OK;
}

static enum err close_note(struct walk *w)
{
    if (!w->notes || w->notes->len == 0)
        return OK;
    TRY(finish_paragraph(w));
    struct docx_note *note = &w->notes->at[w->notes->len - 1];
    note->len = w->list->len - note->from;
    return OK;
}

/* Sections. */

static enum err open_reference(struct walk *w, const struct xml_event *event)
{
    struct docx *docx = w->docx;
    if (!is_in(w, 1, "sectPr") || docx->sections_len == SECTIONS_MAX || docx->references_len == 6 * SECTIONS_MAX)
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
    if (is_in(w, 1, "sectPr"))
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
    { STR_INIT("br"), SPACE_W, open_break, NULL },
    { STR_INIT("caps"), SPACE_W, open_run_property, NULL },
    { STR_INIT("cr"), SPACE_W, open_break, NULL },
    { STR_INIT("del"), SPACE_W, open_removed, NULL },
    { STR_INIT("delInstrText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("delText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("endnote"), SPACE_W, open_note, close_note },
    { STR_INIT("endnoteReference"), SPACE_W, open_note_mark, NULL },
    { STR_INIT("fldChar"), SPACE_W, open_field_mark, NULL },
    { STR_INIT("footerReference"), SPACE_W, open_reference, NULL },
    { STR_INIT("footnote"), SPACE_W, open_note, close_note },
    { STR_INIT("footnoteReference"), SPACE_W, open_note_mark, NULL },
    { STR_INIT("gridBefore"), SPACE_W, open_grid_before, NULL },
    { STR_INIT("gridSpan"), SPACE_W, open_cell_property, NULL },
    { STR_INIT("hMerge"), SPACE_W, open_cell_property, NULL },
    { STR_INIT("headerReference"), SPACE_W, open_reference, NULL },
    { STR_INIT("i"), SPACE_W, open_run_property, NULL },
    { STR_INIT("ilvl"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("instrText"), SPACE_W, open_skipped, NULL },
    { STR_INIT("jc"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("moveFrom"), SPACE_W, open_removed, NULL },
    { STR_INIT("noBreakHyphen"), SPACE_W, open_hyphen, NULL },
    { STR_INIT("numId"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("numPr"), SPACE_W, NULL, NULL },
    { STR_INIT("numberingChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("outlineLvl"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("p"), SPACE_W, open_paragraph, close_paragraph },
    { STR_INIT("pPr"), SPACE_W, NULL, NULL },
    { STR_INIT("pPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("pStyle"), SPACE_W, open_paragraph_property, NULL },
    { STR_INIT("ptab"), SPACE_W, open_tab, NULL },
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
    { STR_INIT("softHyphen"), SPACE_W, open_soft_hyphen, NULL },
    { STR_INIT("sym"), SPACE_W, open_symbol, NULL },
    { STR_INIT("sz"), SPACE_W, open_run_property, NULL },
    { STR_INIT("t"), SPACE_W, open_word_text, close_text },
    { STR_INIT("t"), SPACE_MATH, open_text, close_text },
    { STR_INIT("tab"), SPACE_W, open_tab, NULL },
    { STR_INIT("tbl"), SPACE_W, open_table, close_table },
    { STR_INIT("tblGridChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tblPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tblPrExChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("tc"), SPACE_W, open_cell, close_cell },
    { STR_INIT("tcPr"), SPACE_W, NULL, NULL },
    { STR_INIT("tcPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("textpath"), SPACE_VML, open_drawn_words, NULL },
    { STR_INIT("titlePg"), SPACE_W, open_title_page, NULL },
    { STR_INIT("tr"), SPACE_W, open_row, close_row },
    { STR_INIT("trPr"), SPACE_W, NULL, NULL },
    { STR_INIT("trPrChange"), SPACE_W, open_skipped, NULL },
    { STR_INIT("txbxContent"), SPACE_W, open_text_box, close_text_box },
    { STR_INIT("vMerge"), SPACE_W, open_cell_property, NULL },
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
    TRY(finish_paragraph(w));
    TRY(put_called_notes(w));
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
