#include "paper/layout_row.h"

#include "paper/inside.h"
#include "viet/viet.h"

static int compare_by_base(const void *a, const void *b)
{
    const struct leaf_word *x = a;
    const struct leaf_word *y = b;
    if (x->base < y->base || x->base > y->base)
        return x->base < y->base ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

static int compare_by_left(const void *a, const void *b)
{
    const struct leaf_word *x = a;
    const struct leaf_word *y = b;
    if (x->left < y->left || x->left > y->left)
        return x->left < y->left ? -1 : 1;
    return x->base < y->base ? -1 : x->base > y->base;
}

static bool is_mark(struct str text)
{
    if (text.len == 0 || text.len > 3)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return true;
}

static double between(double a, double b)
{
    return a > b ? a - b : b - a;
}

/* Does `mark` hang at the upper end of `word`, or before its beginning, in smaller type? */
static bool hangs_on(const struct leaf_word *mark, const struct leaf_word *word)
{
    double raised = word->base - mark->base;
    if (mark->size > word->size || raised < (mark->size > 0.85 * word->size ? 0.25 : 0.12) * word->size || raised > 0.75 * word->size)
        return false;
    return between(mark->left, word->right) < 0.3 * word->size || between(word->left, mark->right) < 0.6 * word->size;
}

/* Words looked at for each figure: more than stand on two full lines. */
enum { MARK_REACH = 300 };

/* Marks of notes sink to their word's baseline, so that they stand on its line. `words` are sorted by baseline. */
static void sink_marks(struct leaf_word *words, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct leaf_word *mark = &words[i];
        if (mark->is_raised || !is_mark(mark->text))
            continue;
        for (size_t j = i + 1; j < len && j < i + MARK_REACH && words[j].base < mark->base + 3 * mark->size; j++) {
            if (!hangs_on(mark, &words[j]))
                continue;
            mark->is_raised = true;
            mark->base = words[j].base;
            break;
        }
    }
}

static void measure(struct row *row)
{
    row->left = row->words[0].left;
    row->right = row->words[0].right;
    double widest = 0;
    for (size_t i = 0; i < row->len; i++) {
        const struct leaf_word *word = &row->words[i];
        row->left = word->left < row->left ? word->left : row->left;
        row->right = word->right > row->right ? word->right : row->right;
        if (word->right - word->left > widest) {
            widest = word->right - word->left;
            row->base = word->base;
            row->size = word->size;
        }
    }
}

struct row row_part(const struct row *row, size_t from, size_t len)
{
    struct row part = { .words = row->words + from, .len = len };
    measure(&part);
    return part;
}

struct row_list row_list_from(struct ctx *cx, struct leaf_word *words, size_t len)
{
    struct row_list rows = { .at = ARENA_NEW_ARRAY(&cx->arena, struct row, len + 1) };
    if (len == 0)
        return rows;
    qsort(words, len, sizeof *words, compare_by_base);
    sink_marks(words, len);
    qsort(words, len, sizeof *words, compare_by_base);
    for (size_t from = 0, to = 1; from < len; from = to++) {
        /* A row begins with its highest baseline; what lies less than four tenths of a letter lower stands on it. */
        const struct leaf_word *first = &words[from];
        while (to < len) {
            double smaller = words[to].size < first->size ? words[to].size : first->size;
            if (words[to].base - first->base > 0.4 * smaller)
                break;
            to++;
        }
        struct row *row = &rows.at[rows.len++];
        *row = (struct row){ .words = words + from, .len = to - from };
        qsort(row->words, row->len, sizeof *row->words, compare_by_left);
        measure(row);
    }
    return rows;
}

/* poppler cuts words where the type changes too; those pieces touch. Tesseract's words are words. */
static bool is_blank_between(const struct leaf_word *a, const struct leaf_word *b, bool is_scan)
{
    double gap = b->left - a->right;
    if (b->is_raised)
        return gap > 0.3 * a->size;
    return is_scan || gap > 0.08 * (a->size > b->size ? a->size : b->size);
}

static void put_word(struct buf *text, const struct leaf_word *word)
{
    if (!word->is_raised) {
        buf_put(text, word->text);
        return;
    }
    for (size_t i = 0; i < word->text.len; i++)
        buf_put_code_point(text, superscript_of((uint32_t)word->text.at[i]));
}

struct str row_text(struct ctx *cx, const struct row *row, bool is_scan)
{
    struct buf text;
    buf_init(&text, &cx->arena);
    for (size_t i = 0; i < row->len; i++) {
        if (i > 0 && is_blank_between(&row->words[i - 1], &row->words[i], is_scan))
            buf_put_char(&text, ' ');
        put_word(&text, &row->words[i]);
    }
    return viet_clean(&cx->arena, buf_str(&text));
}

static int round_point(double value)
{
    return (int)(value + 0.5);
}

struct paper_block row_block(struct ctx *cx, const struct row *row, int page, bool is_scan)
{
    double confidence = 0;
    double letters = 0;
    for (size_t i = 0; i < row->len; i++) {
        confidence += row->words[i].confidence * (double)row->words[i].text.len;
        letters += (double)row->words[i].text.len;
    }
    double top = row->base - 0.9 * row->size;
    struct paper_block block = block_of(PAPER_LINE, row_text(cx, row, is_scan));
    block.page = page;
    block.box = (struct paper_box){ (int)row->left, (int)(top > 0 ? top : 0), round_point(row->right),
                                    round_point(row->base + 0.22 * row->size) };
    block.size = round_point(row->size);
    block.confidence = round_point(letters > 0 ? confidence / letters : 100);
    return block;
}

/* Two to five letters, no figure among them, in smaller type than the page's, and read without conviction. */
static bool is_dirt(struct ctx *cx, const struct row *row, double usual_size)
{
    if (row->size > 0.8 * usual_size)
        return false;
    struct paper_block block = row_block(cx, row, 1, true);
    size_t letters = str_count_code_points(block.text);
    for (size_t i = 0; i < block.text.len; i++) {
        if (block.text.at[i] >= '0' && block.text.at[i] <= '9')
            return false;
    }
    return letters > 1 && letters <= 5 && block.confidence < 75;
}

void row_list_clean(struct ctx *cx, struct row_list *rows)
{
    double size = 0;
    for (size_t i = 0; i < rows->len; i++)
        size += rows->at[i].size;
    size_t kept = 0;
    for (size_t i = 0; i < rows->len; i++) {
        if (!is_dirt(cx, &rows->at[i], size / (double)rows->len))
            rows->at[kept++] = rows->at[i];
    }
    rows->len = kept;
}
