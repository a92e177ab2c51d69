#include "paper/layout_table.h"

#include <math.h>

/*
 * Rulings that touch make one grid. Their places, brought together where they differ by less than a line's width, are
 * the edges of its columns and rows; two neighbouring fields are one cell where no ruling runs between their middles.
 */
enum { TOUCH = 3, NEAR = 4 };

static bool is_level(const struct leaf_rule *rule)
{
    return rule->right - rule->left > rule->bottom - rule->top;
}

static bool do_touch(const struct leaf_rule *a, const struct leaf_rule *b)
{
    return a->left <= b->right + TOUCH && b->left <= a->right + TOUCH && a->top <= b->bottom + TOUCH &&
           b->top <= a->bottom + TOUCH;
}

static size_t root_of(size_t *parents, size_t i)
{
    while (parents[i] != i) {
        parents[i] = parents[parents[i]];
        i = parents[i];
    }
    return i;
}

/* For each ruling the first one of its grid. */
static size_t *join_rules(struct ctx *cx, const struct leaf *leaf)
{
    size_t *parents = ARENA_NEW_ARRAY(&cx->arena, size_t, leaf->rules_len + 1);
    for (size_t i = 0; i < leaf->rules_len; i++)
        parents[i] = i;
    for (size_t i = 0; i < leaf->rules_len; i++) {
        for (size_t j = i + 1; j < leaf->rules_len; j++) {
            if (!do_touch(&leaf->rules[i], &leaf->rules[j]))
                continue;
            size_t a = root_of(parents, i);
            size_t b = root_of(parents, j);
            parents[a > b ? a : b] = a > b ? b : a;
        }
    }
    for (size_t i = 0; i < leaf->rules_len; i++)
        parents[i] = root_of(parents, i);
    return parents;
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Sorted, and those near each other made one; 0 when more than `max` are left. */
static size_t edges_from(double *places, size_t len, double *ret_edges, size_t max)
{
    qsort(places, len, sizeof *places, compare_numbers);
    size_t edges = 0;
    for (size_t i = 0; i < len; i++) {
        if (edges > 0 && places[i] - ret_edges[edges - 1] < NEAR)
            continue;
        if (edges == max)
            return 0;
        ret_edges[edges++] = places[i];
    }
    return edges;
}

/* The grid of the rulings whose first is `root`; without columns when they are no grid. */
static void set_edges(const struct leaf *leaf, const size_t *roots, size_t root, struct table *table)
{
    double xs[LEAF_RULES_MAX + 2];
    double ys[LEAF_RULES_MAX];
    size_t level = 0;
    size_t upright = 0;
    double left = leaf->width;
    double right = 0;
    for (size_t i = 0; i < leaf->rules_len; i++) {
        const struct leaf_rule *rule = &leaf->rules[i];
        if (roots[i] != root)
            continue;
        if (is_level(rule)) {
            ys[level++] = (rule->top + rule->bottom) / 2;
            left = rule->left < left ? rule->left : left;
            right = rule->right > right ? rule->right : right;
        } else {
            xs[upright++] = (rule->left + rule->right) / 2;
        }
    }
    if (level < 2 || upright < 1)
        return;
    xs[upright++] = left; /* tables may be open at their sides */
    xs[upright++] = right;
    table->columns_len = edges_from(xs, upright, table->columns, LEN(table->columns));
    table->rows_len = edges_from(ys, level, table->rows, LEN(table->rows));
}

/* Does a ruling run along the edge between two fields? `is_wanted_level` says which way. */
static bool is_ruled(const struct leaf *leaf, const size_t *roots, size_t root, bool is_wanted_level, double edge,
                     double middle)
{
    for (size_t i = 0; i < leaf->rules_len; i++) {
        const struct leaf_rule *rule = &leaf->rules[i];
        if (roots[i] != root || is_level(rule) != is_wanted_level)
            continue;
        double at = is_wanted_level ? (rule->top + rule->bottom) / 2 : (rule->left + rule->right) / 2;
        double from = is_wanted_level ? rule->left : rule->top;
        double to = is_wanted_level ? rule->right : rule->bottom;
        if (fabs(at - edge) <= NEAR && from <= middle && middle <= to)
            return true;
    }
    return false;
}

struct grid {
    const struct leaf *leaf;
    const size_t *roots;
    size_t root;
    struct table *table;
    int *owners; /* of each field, the number of its cell + 1 */
};

static bool is_open_right(const struct grid *grid, size_t row, size_t column)
{
    const struct table *table = grid->table;
    return column + 2 < table->columns_len &&
           !is_ruled(grid->leaf, grid->roots, grid->root, false, table->columns[column + 1],
                     (table->rows[row] + table->rows[row + 1]) / 2);
}

static bool is_open_below(const struct grid *grid, size_t row, size_t column)
{
    const struct table *table = grid->table;
    return row + 2 < table->rows_len &&
           !is_ruled(grid->leaf, grid->roots, grid->root, true, table->rows[row + 1],
                     (table->columns[column] + table->columns[column + 1]) / 2);
}

/* Cells from their upper left fields, as far as nothing is drawn between. */
static void set_cells(struct ctx *cx, struct grid *grid)
{
    struct table *table = grid->table;
    size_t rows = table->rows_len - 1;
    size_t columns = table->columns_len - 1;
    grid->owners = ARENA_NEW_ARRAY(&cx->arena, int, rows * columns);
    table->cells = ARENA_NEW_ARRAY(&cx->arena, struct table_cell, rows * columns);
    for (size_t i = 0; i < rows * columns; i++) {
        size_t row = i / columns;
        size_t column = i % columns;
        if (grid->owners[i] != 0)
            continue;
        size_t wide = 1;
        while (is_open_right(grid, row, column + wide - 1) && grid->owners[i + wide] == 0)
            wide++;
        size_t high = 1;
        while (is_open_below(grid, row + high - 1, column))
            high++;
        table->cells[table->cells_len++] = (struct table_cell){ .row = (int)row, .column = (int)column,
                                                                .row_span = (int)high, .column_span = (int)wide };
        for (size_t r = row; r < row + high; r++) {
            for (size_t c = column; c < column + wide; c++)
                grid->owners[r * columns + c] = (int)table->cells_len;
        }
    }
}

/* The field between edges; edges when it lies outside. */
static size_t field_of(const double *edges, size_t len, double at)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (at >= edges[i] && at < edges[i + 1])
            return i;
    }
    return len;
}

/* The number of the cell a word stands in, from 1; 0 outside the table. */
static int cell_of(const struct grid *grid, const struct leaf_word *word)
{
    const struct table *table = grid->table;
    size_t column = field_of(table->columns, table->columns_len, (word->left + word->right) / 2);
    size_t row = field_of(table->rows, table->rows_len, word->base - 0.3 * word->size);
    if (column >= table->columns_len || row >= table->rows_len)
        return 0;
    return grid->owners[row * (table->columns_len - 1) + column];
}

/* Words of the table move to its cells; the rest of the leaf's words close up. */
static void fill_cells(struct ctx *cx, struct grid *grid, struct leaf *leaf)
{
    struct table *table = grid->table;
    int *cells = ARENA_NEW_ARRAY(&cx->arena, int, leaf->words_len + 1);
    for (size_t i = 0; i < leaf->words_len; i++) {
        cells[i] = cell_of(grid, &leaf->words[i]);
        if (cells[i] > 0)
            table->cells[cells[i] - 1].words_len++;
    }
    for (size_t i = 0; i < table->cells_len; i++) {
        table->cells[i].words = ARENA_NEW_ARRAY(&cx->arena, struct leaf_word, table->cells[i].words_len + 1);
        table->cells[i].words_len = 0;
    }
    size_t kept = 0;
    for (size_t i = 0; i < leaf->words_len; i++) {
        struct table_cell *cell = cells[i] > 0 ? &table->cells[cells[i] - 1] : NULL;
        if (cell)
            cell->words[cell->words_len++] = leaf->words[i];
        else
            leaf->words[kept++] = leaf->words[i];
    }
    leaf->words_len = kept;
}

static int compare_tables(const void *a, const void *b)
{
    const struct table *const *x = a;
    const struct table *const *y = b;
    return compare_numbers(&(*x)->rows[0], &(*y)->rows[0]);
}

struct table_list table_list_take(struct ctx *cx, struct leaf *leaf)
{
    struct table_list tables = { .len = 0 };
    if (leaf->rules_len < 3 || leaf->rules_len > LEAF_RULES_MAX)
        return tables;
    const size_t *roots = join_rules(cx, leaf);
    for (size_t i = 0; i < leaf->rules_len && tables.len < TABLE_PAGE_MAX; i++) {
        if (roots[i] != i)
            continue;
        struct table edges = { .columns_len = 0 };
        set_edges(leaf, roots, i, &edges);
        if (edges.columns_len < 3 || edges.rows_len < 2)
            continue; /* a frame, an underlining */
        struct table *table = ARENA_NEW(&cx->arena, struct table);
        *table = edges;
        struct grid grid = { .leaf = leaf, .roots = roots, .root = i, .table = table };
        set_cells(cx, &grid);
        fill_cells(cx, &grid, leaf);
        tables.at[tables.len++] = table;
    }
    qsort(tables.at, tables.len, sizeof(struct table *), compare_tables);
    return tables;
}
