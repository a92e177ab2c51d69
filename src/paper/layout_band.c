#include "paper/layout_band.h"

#include <math.h>

/*
 * A letterhead has two blocks, each centred on an axis of its own; so has the end of a paper, where the recipients
 * stand flush left beside the centred signature. Rows that merely share a tabulator ("Thời gian:      8 giờ") have two
 * flush edges: they are lines, and stay so. The gap between columns is found by following the white between words from
 * row to row for as long as no word stands across it.
 */

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

enum { SAMPLE_MAX = 256 };

/* The number a share of the way up, of at most SAMPLE_MAX; sorts them. */
static double quantile(double *numbers, size_t len, double share)
{
    qsort(numbers, len, sizeof *numbers, compare_numbers);
    return numbers[(size_t)(share * (double)(len - 1) + 0.5)];
}

struct text_area text_area_of(const struct row_list *rows, double page_width)
{
    struct text_area area = { page_width, 0 };
    size_t wide = 0;
    for (size_t i = 0; i < rows->len; i++) {
        const struct row *row = &rows->at[i];
        /* The last line of a paragraph shows the left edge, which first lines are indented from. */
        if (row->right - row->left < 0.2 * page_width)
            continue;
        wide += row->right - row->left > 0.55 * page_width;
        area.left = row->left < area.left ? row->left : area.left;
        area.right = row->right > area.right ? row->right : area.right;
    }
    return wide >= 3 ? area : (struct text_area){ 0.12 * page_width, 0.92 * page_width };
}

bool is_row_centred(const struct row *row, struct text_area area)
{
    double left = row->left - area.left;
    double right = area.right - row->right;
    return left > 20 && right > 20 && fabs(left - right) < 24;
}

size_t band_split(const struct row *row, const struct band *band)
{
    double middle = (band->left_edge + band->right_edge) / 2;
    size_t split = 0;
    while (split < row->len && (row->words[split].left + row->words[split].right) / 2 < middle)
        split++;
    return split;
}

/* The white of the row before word `i` that lies in the band's gap: what both have in common. */
static double common_white(const struct row *row, size_t i, const struct band *band, double *ret_left, double *ret_right)
{
    double left = band->left_edge;
    double right = band->right_edge;
    if (i > 0 && row->words[i - 1].right > left)
        left = row->words[i - 1].right;
    if (i < row->len && row->words[i].left < right)
        right = row->words[i].left;
    *ret_left = left;
    *ret_right = right;
    return right - left;
}

/* Narrows the gap to what the row leaves white of it; false when that is too little. */
static bool narrow(struct band *band, const struct row *row)
{
    struct band narrowed = *band;
    double widest = 0;
    for (size_t i = 0; i <= row->len; i++) {
        double left = 0;
        double right = 0;
        double white = common_white(row, i, band, &left, &right);
        if (white <= widest)
            continue;
        widest = white;
        narrowed.left_edge = left;
        narrowed.right_edge = right;
    }
    if (widest < 5)
        return false;
    *band = narrowed;
    return true;
}

/* A row on one side only that goes on with the page, not with the column. */
static bool ends_band(const struct row_list *rows, size_t i, const struct band *band, struct text_area area)
{
    const struct row *row = &rows->at[i];
    struct band narrowed = *band;
    size_t split = narrow(&narrowed, row) ? band_split(row, &narrowed) : 0;
    if (split > 0 && split < row->len)
        return false;
    return row->words[0].is_raised ||
           fabs((row->left + row->right) / 2 - (area.left + area.right) / 2) < 18;
}

/* The gap that a row opens: its own widest white, or the white between it and a next row beside it. */
static bool open_gap(const struct row_list *rows, size_t first, size_t end, struct band *band)
{
    const struct row *row = &rows->at[first];
    double widest = 0;
    for (size_t i = 1; i < row->len; i++) {
        double gap = row->words[i].left - row->words[i - 1].right;
        if (gap <= widest)
            continue;
        widest = gap;
        band->left_edge = row->words[i - 1].right;
        band->right_edge = row->words[i].left;
    }
    if (widest >= 0.5 * row->size)
        return true;
    if (first + 1 >= end)
        return false;
    const struct row *next = &rows->at[first + 1];
    if (next->base - row->base > 2.2 * row->size)
        return false;
    band->left_edge = row->right < next->left ? row->right : next->right;
    band->right_edge = row->right < next->left ? next->left : row->left;
    return band->right_edge - band->left_edge > row->size;
}

struct side {
    double lefts[SAMPLE_MAX], middles[SAMPLE_MAX];
    size_t len;
    double width; /* of all rows together */
};

static void side_add(struct side *side, const struct row *row)
{
    side->width += row->right - row->left;
    if (side->len == SAMPLE_MAX)
        return;
    side->lefts[side->len] = row->left;
    side->middles[side->len++] = (row->left + row->right) / 2;
}

/* Most middles in one place, and nearer to each other than the rows' beginnings are. */
static bool is_side_centred(struct side *side)
{
    if (side->len < 2)
        return false;
    double middle = quantile(side->middles, side->len, 0.5);
    double left = quantile(side->lefts, side->len, 0.5);
    size_t centred = 0;
    double middles_apart = 0;
    double lefts_apart = 0;
    for (size_t i = 0; i < side->len; i++) {
        centred += fabs(side->middles[i] - middle) < 9;
        middles_apart += fabs(side->middles[i] - middle);
        lefts_apart += fabs(side->lefts[i] - left);
    }
    return 3 * centred >= 2 * side->len && centred > 1 && middles_apart < 0.7 * lefts_apart;
}

/* Is the white at `split` much wider than most blanks of the row? Else the row is one line, and ends the columns. */
static bool is_gap_between_columns(const struct row *row, size_t split)
{
    double gaps[SAMPLE_MAX];
    size_t len = 0;
    for (size_t i = 1; i < row->len && len < SAMPLE_MAX; i++) {
        if (i != split)
            gaps[len++] = row->words[i].left - row->words[i - 1].right;
    }
    double gap = row->words[split].left - row->words[split - 1].right;
    return gap > 0.45 * row->size && (len == 0 || gap > 1.5 * quantile(gaps, len, 0.5));
}

/* A page of two columns has no more lines. */
enum { BAND_ROWS_MAX = 120 };

/* How far the rows go on in two columns, and whether they are columns at all. */
static struct band follow(const struct row_list *rows, size_t first, size_t end, struct text_area area,
                          struct band band)
{
    size_t two_sided = 0;
    size_t wide = 0;
    size_t len = 0;
    for (size_t i = first; i < end && len < BAND_ROWS_MAX; i++, len++) {
        const struct row *row = &rows->at[i];
        struct band before = band;
        if ((i > first && row->base - rows->at[i - 1].base > 110) || ends_band(rows, i, &band, area) ||
            !narrow(&band, row))
            break;
        size_t split = band_split(row, &band);
        if (split == 0 || split == row->len)
            continue;
        if (!is_gap_between_columns(row, split)) {
            band = before;
            break;
        }
        two_sided++;
        wide += row->words[split].left - row->words[split - 1].right > 1.3 * row->size;
    }
    band.len = len >= 2 && 2 * wide >= two_sided ? len : 0;
    return band;
}

/*
 * The rest of a signature, which the page's end has cut: beside the last recipient ("- Lưu Văn phòng.") stands a name
 * and nothing else, a few words without figures in the right of the page.
 */
static bool is_name_beside(const struct row *row, const struct band *band, struct text_area area)
{
    size_t split = band_split(row, band);
    if (split == 0 || split == row->len || row->len - split > 6 || band->right_edge - band->left_edge < 60 ||
        !str_starts(row->words[0].text, STR("-")) || str_ends(row->words[split - 1].text, STR(":")) ||
        (row->words[split].left + row->right) / 2 < area.left + 0.6 * (area.right - area.left))
        return false;
    for (size_t i = split; i < row->len; i++) {
        for (size_t j = 0; j < row->words[i].text.len; j++) {
            if (row->words[i].text.at[j] >= '0' && row->words[i].text.at[j] <= '9')
                return false;
        }
    }
    return true;
}

struct band band_at(const struct row_list *rows, size_t first, size_t end, struct text_area area)
{
    struct band band = { .len = 0 };
    if (!open_gap(rows, first, end, &band))
        return band;
    struct band own = band;
    band = follow(rows, first, end, area, band);
    if (band.len == 0 && is_name_beside(&rows->at[first], &own, area)) {
        own.len = 1;
        return own;
    }
    struct side left = { .len = 0 };
    struct side right = { .len = 0 };
    size_t both = 0;
    for (size_t i = first; i < first + band.len; i++) {
        const struct row *row = &rows->at[i];
        size_t split = band_split(row, &band);
        both += split > 0 && split < row->len;
        if (split > 0)
            side_add(&left, &(struct row){ .left = row->left, .right = row_part(row, 0, split).right });
        if (split < row->len)
            side_add(&right, &(struct row){ .left = row_part(row, split, row->len - split).left, .right = row->right });
    }
    band.is_left_centred = is_side_centred(&left);
    band.is_right_centred = is_side_centred(&right);
    bool is_prose = both >= 6 && left.width > 0.3 * (area.right - area.left) * (double)left.len &&
                    right.width > 0.3 * (area.right - area.left) * (double)right.len;
    if (left.len == 0 || right.len == 0 || !(band.is_left_centred || band.is_right_centred || is_prose))
        band.len = 0;
    return band;
}
