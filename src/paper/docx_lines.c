#include "paper/docx_walk.h"
#include "viet/viet.h"

struct paper_block walk_block(struct walk *w, struct str text)
{
    const struct table *table = walk_table(w);
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
    struct frame *frame = walk_frame(w);
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
enum err walk_finish_paragraph(struct walk *w)
{
    struct paragraph *p = &walk_frame(w)->paragraph;
    const struct table *table = walk_table(w);
    bool was_anything = p->is_open || p->is_carried;
    p->is_open = p->is_carried = false;
    if (!was_anything || (table && table->is_row_deleted))
        return OK;
    walk_close_stretch(w, p);
    struct paper_block block = walk_block(w, STR(""));
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
