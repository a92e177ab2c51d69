/*
 * Lines become paragraphs again (domain.md 5.8). A line goes on in the next one when its sentence is not over, nothing
 * begins in the next, and, before a capital letter, when the line is so full that the next word had no room in it.
 */
#include "reader/outline_inside.h"

#include <string.h>

static char last_mark(const struct fold *f)
{
    size_t i = f->key.len;
    while (i > 0 && (f->key.at[i - 1] == ' ' || f->key.at[i - 1] == '"' || f->key.at[i - 1] == '^' || f->key.at[i - 1] == ')'))
        i--;
    return i > 0 ? f->key.at[i - 1] : '\0';
}

static bool ends_sentence(const struct fold *f)
{
    char c = last_mark(f);
    return c == '.' || c == ';' || c == '!' || c == '?' || (f->key.len > 2 && str_ends(f->key, STR("./")));
}

/* Words after which a sentence cannot stop. With their marks: "đề" ends many a heading, "để" none. */
static bool ends_open(const struct fold *f)
{
    static const char *const words[] = { "và", "của", "cho", "các", "theo", "về", "tại", "với", "từ", "đến", "do", "là", "được", "để", "trong", "những", "một", "hoặc", "ngày", "tháng", "số" };
    if (f->key.len == 0)
        return false;
    if (strchr(",/-(", f->key.at[f->key.len - 1]))
        return true;
    for (size_t i = 0; i < LEN(words); i++) {
        struct str word = str_from(words[i]);
        if (str_ends(f->text, word) && f->text.len > word.len && f->text.at[f->text.len - word.len - 1] == ' ')
            return true;
    }
    return false;
}

/* Nine tenths of a full line are as good as full: letters differ in width. A heading's line must be fuller than that:
 * most headings are short, and a sentence below one is no part of it. */
enum { FULL_PERCENT = 88, FULL_HEADING_PERCENT = 97 };

static bool is_full_at(const struct lines *lines, const struct line *a, const struct line *b, size_t percent)
{
    size_t word = 0;
    while (word < b->fold.key.len && b->fold.key.at[word] != ' ')
        word++;
    if (lines->right > 0 && a->block->box.right > a->block->box.left && a->fold.key.len > 0) {
        int letter = (a->block->box.right - a->block->box.left) / (int)a->fold.key.len;
        return a->block->box.right + (letter + 1) * (int)(word + 1) > lines->right - (lines->right - a->block->box.left) / 20;
    }
    return lines->width > 0 && (a->fold.key.len + 1 + word) * 100 > (size_t)lines->width * percent;
}

/* A bracket that was opened in these lines and is open still; "a)" and "(1)" in front do not count. */
static bool is_in_brackets(const struct line *from, const struct line *to)
{
    int depth = 0;
    for (const struct line *line = from; line <= to; line++)
        for (size_t i = line == from ? line->label.text : 0; i < line->fold.key.len; i++)
            depth += line->fold.key.at[i] == '(' ? 1 : line->fold.key.at[i] == ')' && depth > 0 ? -1 : 0;
    return depth > 0;
}

static bool is_full(const struct lines *lines, const struct line *a, const struct line *b)
{
    return is_full_at(lines, a, b, FULL_PERCENT);
}

/* What a body is told to do begins with a verb: the sentence under a heading that names the body. */
static bool begins_task(const struct fold *f)
{
    static const char *const words[] = { "can cu", "chu tri", "phoi hop", "xay dung", "tham muu", "thuc hien", "chi dao", "tong hop", "lap", "cu", "bao dam", "dam bao", "chuan bi",
                                         "to chuc", "huong dan", "theo doi", "trien khai", "tren co so", "tren day la", "ra soat", "bo tri", "thong bao", "trieu tap" };
    for (size_t i = 0; i < LEN(words); i++)
        if (f->shape.at[0] == 'A' && fold_starts_words(f->key, 0, words[i]))
            return true;
    return false;
}

/* "Cơ quan thực hiện: ...", "Thời gian: ...": a title of at most five words begins a paragraph. */
static bool begins_titled(const struct fold *f)
{
    size_t colon = 0, words = 1;
    while (colon < f->key.len && colon < 45 && f->key.at[colon] != ':') {
        if (strchr(".;,(", f->key.at[colon]))
            return false;
        words += f->key.at[colon] == ' ';
        colon++;
    }
    return colon < f->key.len && colon < 45 && f->key.at[colon] == ':' && words <= 6 && f->shape.at[0] == 'A';
}

/* "... gồm: (1) ...; (2) ..." broken before "(2)": the number before stands inside the line, not in its front. */
static bool continues_inline(const struct line *so_far, const struct line *a, const struct line *b)
{
    if (b->label.style != LABEL_PAREN_FIGURE && b->label.style != LABEL_PAREN_ROMAN && b->label.style != LABEL_PAREN_LETTER)
        return false;
    if (b->label.number < 2 || so_far->label.style == b->label.style)
        return false;
    for (const struct line *l = so_far; l <= a; l++) {
        for (size_t i = 1; i + 2 < l->fold.key.len; i++) {
            struct fold rest = { .text = str_sub(l->text, l->fold.at[i], l->text.len), .key = str_sub(l->fold.key, i, l->fold.key.len),
                                 .shape = str_sub(l->fold.shape, i, l->fold.shape.len), .at = l->fold.at };
            if (l->fold.key.at[i] != '(' || rest.key.len < 3)
                continue;
            struct label inner = label_read(&rest);
            if (inner.style == b->label.style && inner.number == b->label.number - 1)
                return true;
        }
    }
    return false;
}

static bool label_goes_on(const struct lines *lines, const struct line *so_far, const struct line *a, const struct line *b)
{
    if (continues_inline(so_far, a, b))
        return true;
    bool is_open = !ends_sentence(&a->fold) && last_mark(&a->fold) != ':';
    if (!is_open || b->label.style != LABEL_DASH || a->block->kind == PAPER_PARAGRAPH)
        return false;
    /* "kinh tế" / "- xã hội": a dash between words at a line's start */
    char first = b->label.text < b->fold.shape.len ? b->fold.shape.at[b->label.text] : 'A';
    return first == 'a' && is_full(lines, a, b);
}

bool join_goes_on(const struct lines *lines, const struct line *so_far, const struct line *a, const struct line *b)
{
    if (b->zone == ZONE_NOTE && (b->note != a->note || b->fold.key.at[0] == '^' || (b->fold.shape.at[0] == '0' && b->fold.key.len > 3 && b->fold.key.at[1] == ' ')))
        return false;
    if (a->table != b->table || a->part != b->part || b->level != a->level)
        return false;
    if (a->table > 0 && (a->row != b->row || a->column != b->column))
        return false;
    if (a->is_cell && b->is_cell)
        return true;
    if (b->label.style != LABEL_NONE)
        return label_goes_on(lines, so_far, a, b);
    if (b->is_caps && b->fold.key.len > 6 && !a->is_caps)
        return ends_open(&a->fold) && last_mark(&a->fold) != ':' && !fold_has_words(b->fold.key, "noi dung") && lines->width > 0 && is_full(lines, a, b);
    if (a->is_caps && a->fold.key.len > 6 && !b->is_caps && so_far->is_caps)
        return false;
    if (a->is_caps && b->is_caps && so_far->is_caps)
        return !ends_sentence(&a->fold) && last_mark(&a->fold) != ':' && b->blank_before <= so_far->blank_before + 1;
    char first = b->fold.shape.at[0];
    bool is_lower = first == 'a' || strchr(",;.)", b->fold.key.at[0]);
    char mark = last_mark(&a->fold);
    bool is_whole = a->block->kind == PAPER_PARAGRAPH && b->block->kind == PAPER_PARAGRAPH;
    if (mark == ':' && !str_ends(a->fold.key, STR(")")))
        return is_lower && !is_whole && is_full(lines, a, b);
    if (!is_whole && lines->width > 0 && !label_is_heading_style(b->label.style) && is_in_brackets(so_far, a) && is_full(lines, a, b))
        return true;
    if (ends_sentence(&a->fold))
        return is_lower && !is_whole && (lines->width == 0 || is_full(lines, a, b) || mark == '.');
    if (is_lower)
        return true;
    if (begins_titled(&b->fold))
        return ends_open(&a->fold) && is_full(lines, a, b);
    if (ends_open(&a->fold) && !is_whole)
        return true;
    if (is_whole || lines->width == 0)
        return first == '0' && a->fold.key.len > 40 && b->block->page != a->block->page;
    if (a == so_far && label_is_heading_style(a->label.style) && last_mark(&a->fold) != '.')
        return a->is_bold == b->is_bold && !begins_task(&b->fold) && is_full_at(lines, a, b, FULL_HEADING_PERCENT);
    return a->is_bold == b->is_bold && is_full(lines, a, b);
}

/* Marks of notes go: superscript figures, and a figure glued to a year (domain.md 5.8: "21/11/20251"). m² and km² stay. */
static bool is_glued_note(const struct fold *f, size_t i, int notes)
{
    if (i < 3 || f->shape.at[i] != '0' || f->key.at[i] - '0' > notes || f->key.at[i] == '0')
        return false;
    bool is_end = i + 1 >= f->key.len || strchr(" ,.;:)", f->key.at[i + 1]);
    return is_end && f->shape.at[i - 1] == 'a' && f->shape.at[i - 2] == 'a';
}

static struct str drop_note_marks(struct arena *arena, struct str text, int notes)
{
    struct fold f = fold_make(arena, text);
    struct buf out;
    buf_init(&out, arena);
    size_t kept = 0;
    for (size_t i = 0; i < f.key.len; i++) {
        bool is_mark = f.key.at[i] == '^' && !(i > 0 && f.key.at[i - 1] == 'm' && (i < 2 || f.key.at[i - 2] == ' ' || f.key.at[i - 2] == 'k'));
        bool is_glued = i >= 6 && f.shape.at[i] == '0' && (i + 1 >= f.key.len || f.shape.at[i + 1] != '0') && f.key.at[i - 5] == '/' &&
                        f.key.at[i - 4] == '2' && f.key.at[i - 3] == '0' && f.shape.at[i - 2] == '0' && f.shape.at[i - 1] == '0' && f.shape.at[i - 6] == '0';
        if (!is_mark && !is_glued && !is_glued_note(&f, i, notes))
            continue;
        buf_put(&out, fold_part(&f, kept, i));
        kept = i + 1;
    }
    if (kept == 0)
        return text;
    buf_put(&out, fold_part(&f, kept, f.key.len));
    return str_trim(buf_str(&out));
}

static bool joins_without_blank(const struct fold *a)
{
    if (a->key.len < 2)
        return false;
    char last = a->key.at[a->key.len - 1], before = a->key.at[a->key.len - 2];
    return (last == '-' || last == '/') && before != ' ';
}

struct paragraph paragraph_make(struct arena *arena, const struct lines *lines, size_t from, size_t to, struct outline *outline)
{
    struct buf out;
    buf_init(&out, arena);
    const struct line *last = NULL;
    for (size_t i = from; i < to; i++) {
        const struct line *line = &lines->at[i];
        if (line->zone != lines->at[from].zone || line->part != lines->at[from].part)
            continue;
        if (last && !joins_without_blank(&last->fold))
            buf_put_char(&out, ' ');
        buf_put(&out, line->text);
        last = line;
    }
    struct paragraph p = { .text = drop_note_marks(arena, buf_str(&out), lines->notes), .first = &lines->at[from], .line_from = from, .line_to = to };
    p.fold = fold_make(arena, p.text);
    p.label = label_read(&p.fold);
    outline->paragraphs[outline->paragraphs_len] = p.text;
    outline->paragraph_pages[outline->paragraphs_len] = lines->at[from].block->page;
    p.index = (int)++outline->paragraphs_len;
    return p;
}

void paragraphs_make(struct arena *arena, const struct lines *lines, enum line_zone zone, int part, struct outline *outline,
    struct paragraphs *ret_list)
{
    struct paragraphs list = { .at = ARENA_NEW_ARRAY(arena, struct paragraph, lines->len + 1) };
    size_t from = lines->len, previous = lines->len, bytes = 0;
    for (size_t i = 0; i <= lines->len; i++) {
        const struct line *line = i < lines->len ? &lines->at[i] : NULL;
        if (line && (line->zone != zone || line->part != part))
            continue;
        if (line && previous < lines->len && bytes < OUTLINE_PARAGRAPH_MAX && join_goes_on(lines, &lines->at[from], &lines->at[previous], line)) {
            previous = i;
            bytes += line->text.len;
            continue;
        }
        if (previous < lines->len)
            list.at[list.len++] = paragraph_make(arena, lines, from, previous + 1, outline);
        from = previous = i;
        bytes = line ? line->text.len : 0;
    }
    *ret_list = list;
}
