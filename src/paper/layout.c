#include "paper/layout.h"

#include "paper/inside.h"
#include "paper/layout_band.h"
#include "paper/layout_edge.h"
#include "paper/layout_row.h"
#include "paper/layout_table.h"

#include <math.h>

/* What the pages done so far leave for the next one. */
struct layout {
    struct block_list blocks;
    int tables;                /* so far */
    const struct table *open;  /* the table at the end of the last page, which may go on */
    struct str open_head;      /* the words of its first row */
    int open_rows;
};

struct page {
    int number;
    const struct leaf *leaf;
    struct row_list rows;
    struct table_list tables;
    struct text_area area;
};

/* Lines above and below one another in one column. */
struct flow {
    double base; /* of the line above; 0 at the top */
    bool is_centred;
};

static enum err put_row(struct ctx *cx, struct layout *layout, const struct page *page, const struct row *row,
                        struct flow *flow)
{
    struct paper_block block = row_block(cx, row, page->number, page->leaf->is_scan);
    /* Lines lie up to two sizes apart (1.5 spacing and 6 points after a paragraph); an empty line is another 1.3. */
    double lines = (row->base - flow->base) / (1.3 * (row->size > 6 ? row->size : 6));
    if (flow->base > 0 && lines > 1.7)
        block.blank_before = (int)(lines - 0.7);
    block.is_centred = flow->is_centred || is_row_centred(row, page->area);
    flow->base = row->base;
    layout->open = NULL;
    return block.text.len > 0 ? block_add(cx, &layout->blocks, &block) : OK;
}

static enum err put_band(struct ctx *cx, struct layout *layout, const struct page *page, size_t first,
                         const struct band *band, double base_above)
{
    struct flow left = { .base = base_above, .is_centred = band->is_left_centred };
    struct flow right = { .base = base_above, .is_centred = band->is_right_centred };
    for (size_t i = first; i < first + band->len; i++) {
        const struct row *row = &page->rows.at[i];
        size_t split = band_split(row, band);
        struct row part = { .words = row->words };
        if (split > 0)
            part = row_part(row, 0, split);
        if (split > 0)
            TRY(put_row(cx, layout, page, &part, &left));
    }
    for (size_t i = first; i < first + band->len; i++) {
        const struct row *row = &page->rows.at[i];
        size_t split = band_split(row, band);
        if (split == row->len)
            continue;
        struct row part = row_part(row, split, row->len - split);
        TRY(put_row(cx, layout, page, &part, &right));
    }
    return OK;
}

/* Does a line within a cell begin a paragraph? "- ", "+ ", "1. ", "a) " */
static bool begins_item(struct str text)
{
    if (str_starts(text, STR("- ")) || str_starts(text, STR("+ ")) || str_starts(text, STR("• ")) ||
        str_starts(text, STR("* ")))
        return true;
    size_t i = 0;
    while (i < text.len && i < 3 && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    if (i == 0 && text.len > 1 && text.at[0] >= 'a' && text.at[0] <= 'z' && text.at[1] == ')')
        return true;
    return i > 0 && i + 1 < text.len && (text.at[i] == '.' || text.at[i] == ')') && text.at[i + 1] == ' ';
}

static void grow_block(struct ctx *cx, struct paper_block *block, const struct paper_block *line)
{
    size_t all = block->text.len + line->text.len;
    block->confidence = (int)(((size_t)block->confidence * block->text.len + (size_t)line->confidence * line->text.len) /
                              (all > 0 ? all : 1));
    block->text = join_lines(cx, block->text, line->text);
    block->box.left = line->box.left < block->box.left ? line->box.left : block->box.left;
    block->box.right = line->box.right > block->box.right ? line->box.right : block->box.right;
    block->box.bottom = line->box.bottom;
}

static enum err put_cell(struct ctx *cx, struct layout *layout, const struct page *page,
                         const struct table_cell *cell, int first_row)
{
    struct row_list rows = row_list_from(cx, cell->words, cell->words_len);
    struct paper_block block = { .text = { "", 0 } };
    for (size_t i = 0; i < rows.len; i++) {
        struct paper_block line = row_block(cx, &rows.at[i], page->number, page->leaf->is_scan);
        if (block.text.len > 0 && !begins_item(line.text)) {
            grow_block(cx, &block, &line);
            continue;
        }
        if (block.text.len > 0)
            TRY(block_add(cx, &layout->blocks, &block));
        block = line;
        block.kind = PAPER_CELL;
        block.table = layout->tables;
        block.row = first_row + cell->row;
        block.column = cell->column;
        block.row_span = cell->row_span;
        block.column_span = cell->column_span;
    }
    return block.text.len > 0 ? block_add(cx, &layout->blocks, &block) : OK;
}

static struct str first_row_text(struct ctx *cx, const struct page *page, const struct table *table)
{
    struct buf text;
    buf_init(&text, &cx->arena);
    for (size_t i = 0; i < table->cells_len && table->cells[i].row == 0; i++) {
        struct row_list rows = row_list_from(cx, table->cells[i].words, table->cells[i].words_len);
        for (size_t j = 0; j < rows.len; j++)
            buf_put(&text, row_text(cx, &rows.at[j], page->leaf->is_scan));
        buf_put_char(&text, '\n');
    }
    return buf_str(&text);
}

static bool has_same_columns(const struct table *a, const struct table *b)
{
    if (a->columns_len != b->columns_len)
        return false;
    for (size_t i = 0; i < a->columns_len; i++) {
        if (fabs(a->columns[i] - b->columns[i]) > 6)
            return false;
    }
    return true;
}

/* A table at the top of a page goes on with the one at the end of the page before; its head, said again, is left out. */
static enum err put_table(struct ctx *cx, struct layout *layout, const struct page *page, const struct table *table)
{
    struct str head = first_row_text(cx, page, table);
    bool goes_on = layout->open && has_same_columns(layout->open, table);
    bool has_head_again = goes_on && str_eq(head, layout->open_head) && table->rows_len > 2;
    if (!goes_on) {
        layout->tables++;
        layout->open_head = head;
        layout->open_rows = 0;
    }
    int first_row = layout->open_rows - has_head_again;
    for (size_t i = 0; i < table->cells_len; i++) {
        if (!has_head_again || table->cells[i].row > 0)
            TRY(put_cell(cx, layout, page, &table->cells[i], first_row));
    }
    layout->open = table;
    layout->open_rows = first_row + (int)table->rows_len - 1;
    return OK;
}

/* Page numbers and other lines at the very edges do not end a table that goes on over the page. */
static bool is_at_edge(const struct page *page, const struct row *row)
{
    return row->base < 0.08 * page->leaf->height || row->base > 0.93 * page->leaf->height;
}

static enum err put_page(struct ctx *cx, struct layout *layout, const struct page *page)
{
    struct flow flow = { .base = 0 };
    size_t table = 0;
    for (size_t i = 0; i < page->rows.len || table < page->tables.len;) {
        double next = table < page->tables.len ? page->tables.at[table]->rows[0] : HUGE_VAL;
        if (i == page->rows.len || page->rows.at[i].base > next) {
            flow.base = page->tables.at[table]->rows[page->tables.at[table]->rows_len - 1];
            TRY(put_table(cx, layout, page, page->tables.at[table++]));
            continue;
        }
        size_t end = i;
        while (end < page->rows.len && page->rows.at[end].base <= next)
            end++;
        struct band band = band_at(&page->rows, i, end, page->area);
        if (band.len > 0) {
            TRY(put_band(cx, layout, page, i, &band, flow.base));
            i += band.len;
            flow.base = page->rows.at[i - 1].base;
            continue;
        }
        const struct table *open = layout->open;
        TRY(put_row(cx, layout, page, &page->rows.at[i], &flow));
        layout->open = is_at_edge(page, &page->rows.at[i]) ? open : NULL;
        i++;
    }
    return OK;
}

enum err layout_leaves(struct ctx *cx, const struct leaf_list *leaves, struct paper *paper)
{
    struct layout layout = { .tables = 0 };
    struct paper_page *pages = ARENA_NEW_ARRAY(&cx->arena, struct paper_page, leaves->len + 1);
    for (size_t i = 0; i < leaves->len; i++) {
        struct leaf *leaf = &leaves->at[i];
        pages[i] = (struct paper_page){ (int)(leaf->width + 0.5), (int)(leaf->height + 0.5), leaf->is_scan };
        struct page page = { .number = (int)i + 1, .leaf = leaf };
        page.tables = table_list_take(cx, leaf);
        page.rows = row_list_from(cx, leaf->words, leaf->words_len);
        if (leaf->is_scan)
            row_list_clean(cx, &page.rows);
        page.area = text_area_of(&page.rows, leaf->width);
        TRY(put_page(cx, &layout, &page));
    }
    paper->blocks = layout.blocks.at;
    paper->blocks_len = layout.blocks.len;
    paper->pages = pages;
    paper->pages_len = leaves->len;
    layout_name_edges(cx, paper);
    return OK;
}

/* ------------------------------------------------------------------------------------------ may there be a table? */

/* Wide gaps within a row, as between cells. */
static int count_gaps(const struct row *row)
{
    int gaps = 0;
    for (size_t i = 1; i < row->len; i++)
        gaps += row->words[i].left - row->words[i - 1].right > 1.2 * row->size;
    return gaps;
}

/* Columns that papers have at their beginning and end; others may as well be cells. */
static bool is_usual_band(struct ctx *cx, const struct row_list *rows, size_t first, const struct leaf *leaf)
{
    struct str text = row_text(cx, &rows->at[first], false);
    return rows->at[first].base < 0.25 * leaf->height || str_starts(text, STR("Nơi nhận"));
}

bool layout_may_have_table(struct ctx *cx, const struct leaf *leaf)
{
    struct leaf_word *words = ARENA_NEW_ARRAY(&cx->arena, struct leaf_word, leaf->words_len + 1);
    memcpy(words, leaf->words, leaf->words_len * sizeof *words);
    struct row_list rows = row_list_from(cx, words, leaf->words_len);
    struct text_area area = text_area_of(&rows, leaf->width);
    int rows_with_gaps = 0;
    for (size_t i = 0; i < rows.len;) {
        struct band band = band_at(&rows, i, rows.len, area);
        if (band.len > 0 && !is_usual_band(cx, &rows, i, leaf))
            return true;
        if (band.len == 0)
            rows_with_gaps += count_gaps(&rows.at[i]) > 0;
        if (band.len == 0 && count_gaps(&rows.at[i]) > 1)
            return true;
        i += band.len > 0 ? band.len : 1;
    }
    return rows_with_gaps >= 2;
}
