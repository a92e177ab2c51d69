#include "paper/docx.h"
#include "viet/viet.h"

/*
 * Many offices set letterhead and signature with tabs instead of a table: "UBND TỈNH ... <tab> CỘNG HÒA ...". Such lines
 * follow each other, two or more; in the rest of a paper a tab parts a number or a label from its words, and a line with
 * one is left as it is.
 */
enum {
    HEAD_MAX = 14,            /* lines of a letterhead */
    SENTENCE_BYTES = 200,     /* longer than any line of a letterhead: the body has begun */
    LINES_BETWEEN_MAX = 3,    /* that have words on one side alone */
    LABEL_BYTES_MAX = 8,
};

struct columns_work {
    struct ctx *cx;
    const struct block_list *from;
    struct block_list to;
    const struct docx_gap *gaps;
    size_t gaps_len, next_gap;
    int *tables;
};

/* The gap of a block, NULL when it has none. Blocks are asked for in order, or again. */
static const struct docx_gap *gap_of(struct columns_work *work, size_t at)
{
    while (work->next_gap > 0 && work->gaps[work->next_gap - 1].block_at >= at)
        work->next_gap--;
    while (work->next_gap < work->gaps_len && work->gaps[work->next_gap].block_at < at)
        work->next_gap++;
    bool has = work->next_gap < work->gaps_len && work->gaps[work->next_gap].block_at == at;
    return has ? &work->gaps[work->next_gap] : NULL;
}

/* "1.", "a)", "-", "Thời gian:": what stands before a tab in the body. */
static bool is_label(struct str left)
{
    char last = left.at[left.len - 1];
    return last == ':' || (left.len <= LABEL_BYTES_MAX && strchr(".)-+*/", last)) || str_eq(left, STR("•"));
}

static bool is_side_by_side(struct columns_work *work, size_t at)
{
    const struct docx_gap *gap = gap_of(work, at);
    struct str text = work->from->at[at].text;
    if (!gap || gap->at == 0 || text.len > SENTENCE_BYTES)
        return false;
    struct str left = str_trim(str_sub(text, 0, gap->at));
    return left.len > 0 && (!is_label(left) || str_starts(viet_fold(&work->cx->arena, left), STR("noi nhan")));
}

/* A line between two of them, or behind the last: words on one side. */
static bool may_be_one_side(struct columns_work *work, size_t at)
{
    enum { ONE_SIDE_BYTES = 120 };
    const struct docx_gap *gap = gap_of(work, at);
    bool is_right = gap && gap->at == 0;
    return is_right || (!gap && work->from->at[at].text.len <= ONE_SIDE_BYTES);
}

/* Where the lines that begin at `at` end: behind the last one with two sides, and those with a right side after it. */
static size_t end_of_columns(struct columns_work *work, size_t at, size_t limit)
{
    size_t end = at + 1, lines = 1, between = 0;
    for (size_t i = at + 1; i < limit && between <= LINES_BETWEEN_MAX; i++) {
        if (is_side_by_side(work, i)) {
            lines++;
            between = 0;
            end = i + 1;
            continue;
        }
        if (work->from->at[i].table > 0 || work->from->at[i].kind == PAPER_NOTE || !may_be_one_side(work, i))
            break;
        const struct docx_gap *gap = gap_of(work, i);
        between++;
        if (gap && lines >= 2) {
            end = i + 1;
            between = 0;
        }
    }
    return lines >= 2 ? end : at;
}

static enum err put_cell(struct columns_work *work, const struct paper_block *line, struct str text, int row, int column)
{
    struct paper_block cell = *line;
    if (text.len == 0)
        return OK;
    cell.kind = PAPER_CELL;
    cell.text = text;
    cell.table = *work->tables;
    cell.row = row;
    cell.column = column;
    return block_add(work->cx, &work->to, &cell);
}

static enum err put_columns(struct columns_work *work, size_t from, size_t to)
{
    ++*work->tables;
    for (size_t i = from; i < to; i++) {
        const struct paper_block *line = &work->from->at[i];
        const struct docx_gap *gap = gap_of(work, i);
        size_t middle = gap ? gap->at : line->text.len;
        int row = (int)(i - from);
        TRY(put_cell(work, line, str_trim(str_sub(line->text, 0, middle)), row, 0));
        TRY(put_cell(work, line, str_sub(line->text, middle, SIZE_MAX), row, 1));
    }
    return OK;
}

/* The lines of the head: those before the first sentence. */
static size_t end_of_head(const struct block_list *list)
{
    size_t end = 0;
    while (end < list->len && end < HEAD_MAX && list->at[end].text.len <= SENTENCE_BYTES)
        end++;
    return end;
}

static bool starts_recipients(struct columns_work *work, size_t at)
{
    struct str text = work->from->at[at].text;
    return text.len < SENTENCE_BYTES && str_starts(viet_fold(&work->cx->arena, text), STR("noi nhan"));
}

enum err docx_columns(struct ctx *cx, struct block_list *list, const struct docx_gap *gaps, size_t len, int *tables)
{
    struct columns_work work = { .cx = cx, .from = list, .gaps = gaps, .gaps_len = len, .tables = tables };
    size_t head = end_of_head(list);
    bool is_tail = false;
    if (len < 2)
        return OK;
    for (size_t i = 0; i < list->len;) {
        is_tail |= i >= head && starts_recipients(&work, i);
        size_t limit = is_tail ? list->len : head;
        size_t end = i < limit && is_side_by_side(&work, i) ? end_of_columns(&work, i, limit) : i;
        if (end > i) {
            TRY(put_columns(&work, i, end));
            i = end;
        } else {
            TRY(block_add(cx, &work.to, &list->at[i++]));
        }
    }
    *list = work.to;
    return OK;
}
