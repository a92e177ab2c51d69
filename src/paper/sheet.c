#include "paper/sheet.h"

#include "paper/layout_table.h"

enum {
    MARGIN = 40,    /* white around the sheet, in dots */
    BETWEEN = 30,   /* and between fields: more than between lines of one field */
    INSIDE = 3,     /* dots of a field's edge that belong to its rulings */
    FIELD_INK = 25, /* dots; less is dirt */
};

static size_t count_field_ink(const struct raster *page, const struct sheet_slot *slot)
{
    size_t ink = 0;
    for (int y = 0; y < slot->height; y++) {
        struct raster row = { page->at + (size_t)(slot->from_top + y) * (size_t)page->width + (size_t)slot->from_left,
                              slot->width, 1 };
        ink += raster_count_ink(&row);
    }
    return ink;
}

static void add_field(const struct raster *page, double points_per_dot, const struct table *table,
                      const struct table_cell *cell, struct sheet *sheet)
{
    int left = (int)(table->columns[cell->column] / points_per_dot) + INSIDE;
    int right = (int)(table->columns[cell->column + cell->column_span] / points_per_dot) - INSIDE;
    int top = (int)(table->rows[cell->row] / points_per_dot) + INSIDE;
    int bottom = (int)(table->rows[cell->row + cell->row_span] / points_per_dot) - INSIDE;
    right = right < page->width ? right : page->width;
    bottom = bottom < page->height ? bottom : page->height;
    struct sheet_slot slot = { .top = sheet->height, .width = right - left, .height = bottom - top,
                               .from_left = left, .from_top = top };
    if (left < 0 || top < 0 || slot.width < 10 || slot.height < 10 ||
        sheet->height + slot.height + MARGIN > SHEET_DOTS_HIGH || count_field_ink(page, &slot) < FIELD_INK)
        return;
    sheet->slots[sheet->len++] = slot;
    sheet->height += slot.height + BETWEEN;
    sheet->width = slot.width + 2 * MARGIN > sheet->width ? slot.width + 2 * MARGIN : sheet->width;
}

struct sheet sheet_plan(struct ctx *cx, const struct raster *page, double points_per_dot, const struct leaf *leaf)
{
    struct leaf drawn = *leaf;
    struct sheet sheet = { .height = MARGIN };
    drawn.words_len = 0;
    struct table_list tables = table_list_take(cx, &drawn);
    size_t fields = 0;
    for (size_t i = 0; i < tables.len; i++)
        fields += tables.at[i]->cells_len;
    sheet.slots = ARENA_NEW_ARRAY(&cx->arena, struct sheet_slot, fields + 1);
    for (size_t i = 0; i < tables.len; i++) {
        for (size_t j = 0; j < tables.at[i]->cells_len; j++)
            add_field(page, points_per_dot, tables.at[i], &tables.at[i]->cells[j], &sheet);
    }
    sheet.height += MARGIN;
    return sheet;
}

void sheet_cut(const struct sheet *sheet, struct raster *page, struct raster *onto)
{
    for (size_t i = 0; i < sheet->len; i++) {
        const struct sheet_slot *slot = &sheet->slots[i];
        for (int y = 0; y < slot->height; y++) {
            unsigned char *from =
                page->at + (size_t)(slot->from_top + y) * (size_t)page->width + (size_t)slot->from_left;
            unsigned char *to = onto->at + (size_t)(slot->top + y) * (size_t)onto->width + MARGIN;
            memcpy(to, from, (size_t)slot->width);
            memset(from, 255, (size_t)slot->width);
        }
    }
}

void sheet_return(const struct sheet *sheet, double points_per_dot, struct leaf *words)
{
    size_t kept = 0;
    for (size_t i = 0; i < words->words_len; i++) {
        struct leaf_word word = words->words[i];
        double middle = (word.base - 0.3 * word.size) / points_per_dot;
        for (size_t j = 0; j < sheet->len; j++) {
            const struct sheet_slot *slot = &sheet->slots[j];
            if (middle < slot->top || middle > slot->top + slot->height)
                continue;
            word.left += (slot->from_left - MARGIN) * points_per_dot;
            word.right += (slot->from_left - MARGIN) * points_per_dot;
            word.base += (slot->from_top - slot->top) * points_per_dot;
            words->words[kept++] = word;
            break;
        }
    }
    words->words_len = kept;
}
