#include "paper/docx_walk.h"

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

enum err walk_open_table(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (w->tables_len == TABLES_MAX)
        return walk_refuse_depth(w);
    TRY(walk_finish_paragraph(w));
    struct table *table = &w->tables[w->tables_len++];
    *table = (struct table){ .number = ++w->docx->tables, .row = -1, .span = 1, .column_before = -1 };
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        table->origins[i].row = -1;
    return OK;
}

enum err walk_close_table(struct walk *w)
{
    if (w->tables_len == 0)
        return OK;
    TRY(walk_finish_paragraph(w));
    for (int column = 0; column < COLUMNS_MAX; column++)
        settle_origin(w, walk_table(w), column);
    w->tables_len--;
    walk_frame(w)->blank = 0;
    return walk_put_called_notes(w);
}

enum err walk_open_row(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct table *table = walk_table(w);
    if (!table)
        return OK;
    table->row++;
    table->column = 0;
    table->column_before = -1;
    table->is_row_deleted = false;
    table->row_from = w->list->len;
    return OK;
}

enum err walk_close_row(struct walk *w)
{
    struct table *table = walk_table(w);
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

enum err walk_open_cell(struct walk *w, const struct xml_event *event)
{
    (void)event;
    struct table *table = walk_table(w);
    if (!table)
        return OK;
    table->span = 1;
    table->merge = MERGE_NONE;
    table->cell_from = w->list->len;
    walk_frame(w)->blank = 0;
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

enum err walk_close_cell(struct walk *w)
{
    struct table *table = walk_table(w);
    if (!table)
        return OK;
    TRY(walk_finish_paragraph(w));
    walk_frame(w)->blank = 0;
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

enum err walk_open_cell_property(struct walk *w, const struct xml_event *event)
{
    struct table *table = walk_table(w);
    if (!table || !walk_is_in(w, 1, "tcPr"))
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
enum err walk_open_grid_before(struct walk *w, const struct xml_event *event)
{
    int columns = xml_number(event, "val", 0);
    if (w->tables_len > 0 && walk_is_in(w, 1, "trPr") && columns > 0 && columns < COLUMNS_MAX)
        walk_table(w)->column = columns;
    return OK;
}
