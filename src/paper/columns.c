#include "paper/columns.h"

#include "viet/viet.h"

#include <string.h>

enum { WIDTH_MAX = 400, TAB = 8, INDENT_MIN = 4 };

/* A line as places on a page: where letters stand, and the bytes of each place. */
struct row_line {
    struct str text;
    bool is_blank;  /* the whole line */
    int gaps;       /* of two blanks or more between words */
    int len;        /* places to its last letter */
    int first;      /* place of its first letter */
    unsigned char filled[WIDTH_MAX];
    unsigned at[WIDTH_MAX + 1]; /* byte where each place begins */
};

static struct str next_line(struct str *rest)
{
    struct str line = str_cut(rest, '\n');
    while (line.len > 0 && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
        line.len--;
    return line;
}

/* False when the line is too long for a page. */
static bool measure(struct str text, struct row_line *line)
{
    struct str rest = text;
    int place = 0, blanks = 0;
    *line = (struct row_line){ .text = text, .is_blank = true, .first = -1 };
    while (rest.len > 0) {
        unsigned byte = (unsigned)(text.len - rest.len);
        uint32_t letter = str_next_code_point(&rest);
        int wide = letter == '\t' ? TAB - place % TAB : 1;
        if (place + wide > WIDTH_MAX)
            return false;
        bool is_blank = letter == ' ' || letter == '\t' || letter == 0xA0;
        for (int i = 0; i < wide; i++) {
            line->at[place + i] = byte;
            line->filled[place + i] = !is_blank;
        }
        place += wide;
        if (is_blank) {
            blanks += wide;
            continue;
        }
        line->gaps += blanks >= 2 && !line->is_blank;
        line->is_blank = false;
        if (line->first < 0)
            line->first = place - 1;
        line->len = place;
        blanks = 0;
    }
    line->at[place] = (unsigned)text.len;
    return true;
}

/* The gaps that all lines so far leave free: 1 where nothing stands. */
static bool has_gap_left(const unsigned char *free_places, int from, int to)
{
    int run = 0;
    for (int i = from; i < to; i++) {
        run = free_places[i] ? run + 1 : 0;
        /* a gap counts when something stands on both sides of it */
        if (run >= 2 && i + 1 < to)
            return true;
    }
    return false;
}

struct region {
    struct row_line *lines;
    size_t len;
    unsigned char free_places[WIDTH_MAX];
    int from, to; /* places between the first and the last letter of all lines */
    size_t gap_lines;
};

static bool take_line(struct region *region, const struct row_line *line)
{
    unsigned char narrowed[WIDTH_MAX];
    int from = region->from < line->first ? region->from : line->first;
    int to = region->to > line->len ? region->to : line->len;
    for (int i = 0; i < WIDTH_MAX; i++)
        narrowed[i] = region->free_places[i] && !(i < line->len && line->filled[i]);
    if (!has_gap_left(narrowed, from, to))
        return false;
    memcpy(region->free_places, narrowed, sizeof narrowed);
    region->from = from;
    region->to = to;
    region->gap_lines += line->gaps > 0;
    return true;
}

/* Lines from the first of `text` on, as long as some gap stays free; a blank line only between lines with gaps. */
static void collect(struct arena *arena, struct str text, struct region *region, size_t *ret_bytes)
{
    struct str rest = text;
    size_t room = 2, kept = 0;
    region->lines = ARENA_NEW_ARRAY(arena, struct row_line, room);
    memset(region->free_places, 1, sizeof region->free_places);
    region->from = WIDTH_MAX;
    while (rest.len > 0 && region->len < COLUMNS_LINES_MAX) {
        if (region->len == room) {
            struct row_line *more = ARENA_NEW_ARRAY(arena, struct row_line, room * 2);
            memcpy(more, region->lines, room * sizeof *more);
            region->lines = more;
            room *= 2;
        }
        struct row_line *line = &region->lines[region->len];
        if (!measure(next_line(&rest), line))
            break;
        bool is_after_blank = region->len > 0 && region->lines[region->len - 1].is_blank;
        if (line->is_blank) {
            if (is_after_blank || region->len == 0)
                break;
            region->len++;
            continue;
        }
        /* in a table printed with empty lines between its lines, a cell may go on alone, under its column */
        bool is_cell_alone = is_after_blank && region->lines[0].gaps > 1 && line->first >= INDENT_MIN;
        if (((is_after_blank || region->len == 0) && line->gaps == 0 && !is_cell_alone) || !take_line(region, line))
            break;
        region->len++;
        kept = region->len;
        *ret_bytes = text.len - rest.len;
    }
    region->len = kept;
}

struct column {
    int from, to;
};

static size_t find_columns(const struct region *region, struct column *columns)
{
    size_t len = 0;
    int run = 2;
    for (int i = region->from; i < region->to; i++) {
        if (region->free_places[i]) {
            run++;
            continue;
        }
        if (run >= 2) {
            if (len == COLUMNS_MAX)
                return 0;
            columns[len++].from = i;
        }
        run = 0;
        columns[len - 1].to = i + 1;
    }
    return len;
}

static struct str cell_text(struct arena *arena, const struct row_line *line, const struct column *column)
{
    if (line->is_blank || column->from >= line->len)
        return STR("");
    int to = column->to < line->len ? column->to : line->len;
    return viet_clean(arena, str_sub(line->text, line->at[column->from], line->at[to] - line->at[column->from]));
}

static bool is_number(struct str text)
{
    size_t figures = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= '0' && text.at[i] <= '9')
            figures++;
        else if (text.at[i] != '.')
            return false;
    }
    return figures > 0 && figures <= 3;
}

static bool begins_lower(struct arena *arena, struct str text)
{
    if (text.len == 0)
        return false;
    struct str rest = text;
    (void)str_next_code_point(&rest);
    struct str letter = str_sub(text, 0, text.len - rest.len);
    return !str_eq(viet_upper(arena, letter), letter);
}

/* What a table of one page knows of its rows. */
struct grid {
    struct arena *arena;
    const struct region *region;
    struct column columns[COLUMNS_MAX];
    size_t columns_len;
    size_t key;         /* the widest column: it tells rows apart */
    bool is_numbered;   /* the first column counts the rows */
    bool is_double_spaced; /* an empty line between all lines: none of them parts rows */
    bool is_halves;     /* a letterhead or a signature: every line for itself */
    bool has_begun;     /* the first number was met */
    struct buf row[COLUMNS_MAX];
    int rows;
};

/* A cell goes on: in small letters, or behind a dash or comma. */
static bool goes_on(const struct grid *grid, const struct str *cells)
{
    size_t filled = 0;
    for (size_t c = 0; c < grid->columns_len; c++) {
        if (cells[c].len == 0)
            continue;
        filled++;
        struct str before = buf_str(&grid->row[c]);
        if (begins_lower(grid->arena, cells[c]) || (before.len > 0 && strchr("-,", before.at[before.len - 1])))
            return true;
    }
    /* one cell alone, not the first: its words did not fit in one line */
    for (size_t c = 1; c < grid->columns_len && filled == 1; c++)
        if (cells[c].len > 0 && grid->row[c].len > 0 && grid->columns_len > 2)
            return true;
    return cells[grid->key].len == 0 && filled * 2 <= grid->columns_len;
}

static bool begins_row(struct grid *grid, const struct str *cells, bool is_after_blank)
{
    if (grid->is_halves)
        return true;
    if (!grid->is_numbered)
        return (is_after_blank && !grid->is_double_spaced) || !goes_on(grid, cells);
    bool is_sum = cells[0].len == 0 && cells[1].len > 0 && (str_starts(cells[1], STR("Tổng")) || str_starts(cells[1], STR("Cộng")));
    if (!grid->has_begun && cells[0].len > 0 && !is_number(cells[0]))
        return grid->rows == 0;
    grid->has_begun |= is_number(cells[0]);
    return cells[0].len > 0 || is_sum;
}

static void flush_row(struct grid *grid, struct columns *columns)
{
    bool has_any = false;
    for (size_t c = 0; c < grid->columns_len; c++) {
        if (grid->row[c].len == 0)
            continue;
        columns->cells[columns->cells_len++] =
            (struct columns_cell){ .row = grid->rows, .column = (int)c, .text = buf_str(&grid->row[c]) };
        has_any = true;
        buf_init(&grid->row[c], grid->arena);
    }
    grid->rows += has_any;
}

static void make_cells(struct grid *grid, struct columns *columns)
{
    const struct region *region = grid->region;
    columns->cells = ARENA_NEW_ARRAY(grid->arena, struct columns_cell, region->len * grid->columns_len);
    for (size_t c = 0; c < grid->columns_len; c++)
        buf_init(&grid->row[c], grid->arena);
    for (size_t i = 0; i < region->len; i++) {
        struct str cells[COLUMNS_MAX] = { { "", 0 } };
        if (region->lines[i].is_blank)
            continue;
        for (size_t c = 0; c < grid->columns_len; c++)
            cells[c] = cell_text(grid->arena, &region->lines[i], &grid->columns[c]);
        if (begins_row(grid, cells, i > 0 && region->lines[i - 1].is_blank))
            flush_row(grid, columns);
        for (size_t c = 0; c < grid->columns_len; c++) {
            if (cells[c].len > 0 && grid->row[c].len > 0)
                buf_put_char(&grid->row[c], ' ');
            buf_put(&grid->row[c], cells[c]);
        }
    }
    flush_row(grid, columns);
}

/* The words that stand in letterheads and over recipients (domain.md 4.1), and in no table. */
static bool is_halves(struct str text)
{
    static const char *const words[] = { "CỘNG HÒA", "CỘNG HOÀ", "ĐẢNG CỘNG SẢN VIỆT NAM", "Độc lập", "Nơi nhận", "NƠI NHẬN" };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_find(text, str_from(words[i])) < text.len)
            return true;
    return false;
}

/* Cheap, for every line of a text: two blanks behind a letter and before another. */
static bool may_have_gap(struct str line)
{
    for (size_t i = 2; i + 1 < line.len; i++)
        if (line.at[i - 1] == ' ' && line.at[i] == ' ' && line.at[i - 2] != ' ' && line.at[i + 1] != '\0')
            return true;
    return memchr(line.at, '\t', line.len) != NULL;
}

static size_t count_tabs(struct str line)
{
    size_t tabs = 0;
    for (size_t i = 1; i + 1 < line.len; i++)
        tabs += line.at[i] == '\t';
    return line.len > 0 && line.at[0] == '\t' ? 0 : tabs;
}

/*
 * "Ngày 23/5/2026", "Buổi sáng" alone on a line between the rows of a timetable: the one cell of a row that reached over
 * all columns. Two of them may follow each other.
 */
static bool is_day_between(struct str line, struct str rest, size_t tabs)
{
    static const char *const words[] = { "Ngày ", "NGÀY ", "Sáng", "SÁNG", "Chiều", "CHIỀU", "Buổi ", "BUỔI ", "Tối", "Thứ ", "THỨ " };
    enum { DAY_BYTES = 70, DAYS_MAX = 2 };
    bool is_day = false;
    for (size_t i = 0; i < LEN(words); i++)
        is_day |= str_starts(line, str_from(words[i]));
    if (!is_day || line.len > DAY_BYTES || count_tabs(line) > 0)
        return false;
    for (size_t days = 0; days < DAYS_MAX && rest.len > 0; days++) {
        struct str next = next_line(&rest);
        size_t more = count_tabs(next);
        if (more > 0)
            return more <= tabs;
        if (next.len > DAY_BYTES)
            return false;
    }
    return false;
}

/* Lines whose cells are parted by tabs, as a spreadsheet gives them: at least two with as many tabs each. */
static bool find_tabbed(struct arena *arena, struct str text, struct columns *ret_columns)
{
    struct str rest = text;
    size_t tabs = count_tabs(next_line(&rest)), lines = 1;
    if (tabs == 0 || tabs >= COLUMNS_MAX)
        return false;
    while (lines < COLUMNS_LINES_MAX && rest.len > 0) {
        struct str before = rest;
        struct str line = next_line(&rest);
        size_t more = count_tabs(line);
        if (more == 0 && is_day_between(line, rest, tabs)) {
            lines++;
            continue;
        }
        if (more != tabs && (more == 0 || more > tabs || lines < 2)) { /* the last cells of a sum may be missing */
            rest = before;
            break;
        }
        lines++;
    }
    if (lines < 2)
        return false;
    ret_columns->bytes = text.len - rest.len;
    ret_columns->cells = ARENA_NEW_ARRAY(arena, struct columns_cell, lines * (tabs + 1));
    struct str all = str_sub(text, 0, ret_columns->bytes);
    for (int row = 0; all.len > 0; row++) {
        struct str line = next_line(&all);
        for (int column = 0; line.len > 0 && column <= (int)tabs; column++) {
            struct str cell = viet_clean(arena, str_cut(&line, '\t'));
            if (cell.len > 0)
                ret_columns->cells[ret_columns->cells_len++] = (struct columns_cell){ row, column, cell };
        }
    }
    return true;
}

bool columns_find(struct arena *arena, struct str text, struct columns *ret_columns)
{
    struct str rest = text;
    struct region region = { .len = 0 };
    struct columns columns = { .cells = NULL };
    ret_columns->bytes = 0;
    ret_columns->cells_len = 0;
    if (!may_have_gap(next_line(&rest)))
        return false;
    if (find_tabbed(arena, text, ret_columns))
        return true;
    collect(arena, text, &region, &columns.bytes);
    ret_columns->bytes = columns.bytes;
    struct grid grid = { .arena = arena, .region = &region };
    bool is_dated = str_find(str_sub(text, 0, columns.bytes), STR(", ngày ")) < columns.bytes;
    grid.columns_len = region.gap_lines >= 2 || (region.gap_lines == 1 && is_dated && region.len > 1) ? find_columns(&region, grid.columns) : 0;
    if (grid.columns_len < 2)
        return false;
    size_t numbers = 0, blanks = 0;
    for (size_t i = 0; i < region.len; i++)
        blanks += region.lines[i].is_blank;
    grid.is_double_spaced = blanks > 0 && blanks * 2 + 1 >= region.len;
    for (size_t i = 0; i < region.len; i++)
        numbers += is_number(cell_text(arena, &region.lines[i], &grid.columns[0]));
    grid.is_numbered = numbers >= 2;
    for (size_t c = 1; c < grid.columns_len; c++)
        if (grid.columns[c].to - grid.columns[c].from > grid.columns[grid.key].to - grid.columns[grid.key].from)
            grid.key = c;
    /* a bullet or a number with a wide blank behind it is a list */
    if (grid.columns_len == 2 && grid.columns[0].to - grid.columns[0].from <= 4 && !grid.is_numbered)
        return false;
    grid.is_halves = grid.columns_len == 2 && (is_halves(str_sub(text, 0, columns.bytes)) || is_dated);
    make_cells(&grid, &columns);
    *ret_columns = columns;
    return true;
}
