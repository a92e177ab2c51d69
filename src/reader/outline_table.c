/*
 * Tables that a file flattened into lines (domain.md 5.8: "table flattened, cells interleaved, header repeated per page")
 * become rows and cells again, as far as their rows are counted: "TT", a head, then 1, 2, 3 ..., or "Lớp 1", "Lớp 2" ...
 *
 * A cell ends where the next line begins with a capital although the line before had room for its first word, or where
 * the next line begins like the name of a speaker; the widths of columns are taken from the rows themselves.
 */
#include "reader/outline_inside.h"

#include <string.h>

enum { HEAD_LINES_MAX = 16, ROWS_MAX = 400, TABLE_COLUMNS_MAX = 10 };

struct flat {
    struct arena *arena;
    struct line *lines;
    size_t len;
    size_t from, rows_from; /* the head, the first row */
    size_t columns;
    struct str row_word;    /* "lop so" where rows are named, "" where they are counted */
    size_t width;           /* of the first column of words, in code points */
};

static bool is_open_line(const struct line *line)
{
    return line->zone == ZONE_BODY && line->table == 0;
}

static bool is_count_head(const struct line *line)
{
    static const char *const words[] = { "tt", "stt", "so tt", "s.tt" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_starts_words(line->fold.key, 0, words[i]) && line->fold.shape.at[0] == 'A' && line->fold.key.len < 80)
            return true;
    return false;
}

/* The line is the number alone ("1", "01", "1."), or begins with it before a capital: *rest is where words begin. */
static bool is_row_start(const struct line *line, int number, size_t *rest)
{
    const struct fold *f = &line->fold;
    size_t at = 0;
    int value = 0;
    while (at < f->key.len && at < 3 && f->shape.at[at] == '0')
        value = value * 10 + (f->key.at[at++] - '0');
    if (at == 0 || value != number)
        return false;
    while (at < f->key.len && f->key.at[at] == '.')
        at++;
    *rest = at + (at < f->key.len && f->key.at[at] == ' ');
    return at >= f->key.len || (f->key.at[at] == ' ' && f->shape.at[at + 1] == 'A' && f->key.at[at - 1] != '.');
}

/* "Lớp số 1", "Đợt 2" as a whole line; the words without the number. */
static struct str named_row(const struct line *line, int number)
{
    static const char *const words[] = { "lop so", "lop", "dot", "cum", "nhom", "khoa" };
    for (size_t i = 0; i < LEN(words); i++) {
        size_t len = strlen(words[i]), rest = 0;
        if (!fold_starts_words(line->fold.key, 0, words[i]) || line->fold.key.len < len + 2 || line->fold.key.len > len + 4)
            continue;
        struct line tail = { .fold = { .key = str_sub(line->fold.key, len + 1, 4), .shape = str_sub(line->fold.shape, len + 1, 4) } };
        if (is_row_start(&tail, number, &rest) && rest >= tail.fold.key.len)
            return str_from(words[i]);
    }
    return STR("");
}

static bool row_starts(const struct flat *flat, size_t i, int number, size_t *rest)
{
    const struct line *line = &flat->lines[i];
    *rest = 0;
    if (flat->row_word.len > 0)
        return str_eq(named_row(line, number), flat->row_word);
    return is_row_start(line, number, rest);
}

/* Heads of columns begin with a capital each: "TT Chuyên đề/nội dung", "Phương án giảng viên", "/báo cáo viên". */
static size_t count_heads(const struct flat *flat)
{
    size_t heads = 0;
    for (size_t i = flat->from; i < flat->rows_from; i++) {
        const struct fold *f = &flat->lines[i].fold;
        for (size_t k = 0; k < f->key.len; k++)
            heads += f->shape.at[k] == 'A' && (k == 0 || f->key.at[k - 1] == ' ') && !(k + 1 < f->key.len && f->shape.at[k + 1] == 'A' && k > 0 && heads > 1);
    }
    return heads;
}

static size_t count_caps(const struct fold *f)
{
    size_t caps = 0;
    for (size_t k = 0; k < f->key.len; k++)
        caps += f->shape.at[k] == 'A' && (k == 0 || f->key.at[k - 1] == ' ');
    return caps;
}

static bool find_head(struct flat *flat, size_t i)
{
    flat->from = i;
    flat->row_word = STR("");
    if (is_count_head(&flat->lines[i])) {
        for (size_t k = i + 1; k < flat->len && k < i + HEAD_LINES_MAX && is_open_line(&flat->lines[k]); k++) {
            size_t rest = 0;
            if (is_row_start(&flat->lines[k], 1, &rest)) {
                flat->rows_from = k;
                flat->columns = count_heads(flat);
                return flat->columns >= 2 && flat->columns <= TABLE_COLUMNS_MAX;
            }
            if (flat->lines[k].fold.key.len > 60 || label_is_heading_style(flat->lines[k].label.style))
                return false;
        }
        return false;
    }
    if (i == 0 || !str_ends(flat->lines[i - 1].fold.key, STR(":")) || flat->lines[i].fold.key.len > 30)
        return false;
    for (size_t k = i + 1; k < flat->len && k < i + TABLE_COLUMNS_MAX && is_open_line(&flat->lines[k]); k++) {
        flat->row_word = named_row(&flat->lines[k], 1);
        if (flat->row_word.len > 0) {
            flat->rows_from = k;
            flat->columns = k - i;
            return flat->columns >= 2 && fold_starts_words(flat->row_word, 0, "lop") == fold_starts_words(flat->lines[i].fold.key, 0, "lop");
        }
        if (flat->lines[k].fold.key.len > 40 || flat->lines[k].label.style != LABEL_NONE)
            return false;
    }
    return false;
}

static bool begins_speaker(const struct line *line)
{
    static const char *const words[] = { "lanh dao", "dong chi", "giang vien", "bao cao vien", "pgs", "gs", "ts", "ths", "chuyen gia", "ban can su" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_starts_words(line->fold.key, 0, words[i]) && line->fold.shape.at[0] == 'A')
            return true;
    return false;
}

static size_t first_word(const struct fold *f)
{
    size_t len = 0;
    while (len < f->key.len && f->key.at[len] != ' ')
        len++;
    return len;
}

/* Whether line b begins the next cell of a row after line a. */
static bool may_begin_cell(const struct line *a, const struct line *b)
{
    char first = b->fold.shape.at[0], last = a->fold.key.at[a->fold.key.len - 1];
    return (first == 'A' || first == '0') && !strchr(",-/(", last);
}

static bool begins_cell(const struct flat *flat, const struct line *a, const struct line *b, size_t column)
{
    char first = b->fold.shape.at[0];
    if (!may_begin_cell(a, b))
        return false;
    if (begins_speaker(b) || first == '0')
        return true;
    if (column > 1)
        return flat->columns > column + 1;
    return (a->fold.key.len + 1 + first_word(&b->fold)) * 100 <= flat->width * 95;
}

static bool ends_table(const struct flat *flat, size_t i, size_t column)
{
    const struct line *line = &flat->lines[i];
    if (!is_open_line(line) || line->part != flat->lines[flat->from].part)
        return true;
    enum label_style style = line->label.style;
    if (style != LABEL_NONE && style != LABEL_NAMED && style != LABEL_PAREN_FIGURE)
        return true;
    if (line->is_caps && line->fold.key.len > 12)
        return true;
    /* beyond the last column something else begins */
    return column + 1 >= flat->columns && line->blank_before > 0 && line->fold.shape.at[0] == 'A' && line->fold.key.len > flat->width + 20;
}

static size_t measure_rows(struct flat *flat)
{
    size_t width = 0, last = flat->rows_from, rest = 0;
    int number = 0;
    for (size_t i = flat->rows_from; i < flat->len && number < ROWS_MAX; i++) {
        if (row_starts(flat, i, number + 1, &rest)) {
            number++;
            last = i;
            if (i + 1 < flat->len && rest >= flat->lines[i].fold.key.len && is_open_line(&flat->lines[i + 1]) && flat->lines[i + 1].fold.key.len > width)
                width = flat->lines[i + 1].fold.key.len;
        } else if (is_open_line(&flat->lines[i]) && flat->lines[i].label.style != LABEL_NONE && flat->lines[i].label.style != LABEL_NAMED &&
                   flat->lines[i].label.style != LABEL_PAREN_FIGURE) {
            break;
        } else if (!is_open_line(&flat->lines[i]) && flat->lines[i].zone != ZONE_DROPPED) {
            break;
        }
    }
    flat->width = width;
    return number >= 2 ? last : 0;
}

struct placing {
    struct lines *out;
    int table, row;
};

static void put_line(const struct flat *flat, struct placing *at, const struct line *line, size_t from, size_t to, size_t column)
{
    struct line *out = &at->out->at[at->out->len++];
    *out = *line;
    if (from > 0 || to < line->fold.key.len) {
        out->text = str_trim(fold_part(&line->fold, from, to));
        out->fold = fold_make(flat->arena, out->text);
    }
    out->label = (struct label){ .style = LABEL_NONE };
    out->table = at->table;
    out->row = at->row;
    out->column = (int)column;
    out->is_cell = true;
}

/* Each capital of the head begins a column, but for names in the middle of one. */
static void put_head(const struct flat *flat, struct placing *at)
{
    size_t column = 0;
    bool has_begun = false;
    for (size_t i = flat->from; i < flat->rows_from; i++) {
        const struct line *line = &flat->lines[i];
        size_t from = 0;
        for (size_t k = 0; k <= line->fold.key.len; k++) {
            bool is_begin = k < line->fold.key.len && line->fold.shape.at[k] == 'A' && (k == 0 || line->fold.key.at[k - 1] == ' ');
            if (!is_begin && k < line->fold.key.len)
                continue;
            if (k > from)
                put_line(flat, at, line, from, k, column);
            if (is_begin && has_begun)
                column += column + 1 < TABLE_COLUMNS_MAX;
            has_begun |= is_begin;
            from = k;
        }
    }
    at->row++;
}

/* How many lines of the row from line i on may begin a cell: when there are as many as columns, each of them does. */
static bool is_one_line_a_cell(const struct flat *flat, size_t i, int number)
{
    size_t begins = 0, rest = 0;
    for (size_t k = i + 1; k < flat->len && begins < flat->columns + 1; k++) {
        if (row_starts(flat, k, number + 1, &rest) || ends_table(flat, k, 0) || is_count_head(&flat->lines[k]))
            break;
        begins += k == i + 1 || may_begin_cell(&flat->lines[k - 1], &flat->lines[k]);
    }
    return begins + 1 == flat->columns;
}

/* One row from line i on; returns the line behind it. */
static size_t put_row(const struct flat *flat, struct placing *at, size_t i, int number, size_t last_start)
{
    size_t rest = 0, column = 0, next_rest = 0;
    (void)row_starts(flat, i, number, &rest);
    const struct line *before = &flat->lines[i];
    if (flat->row_word.len == 0 && rest < before->fold.key.len) {
        put_line(flat, at, before, 0, rest, 0);
        put_line(flat, at, before, rest, before->fold.key.len, 1);
        column = 1;
    } else {
        put_line(flat, at, before, 0, before->fold.key.len, 0);
    }
    bool is_plain = column == 0 && is_one_line_a_cell(flat, i, number);
    size_t k = i + 1;
    for (; k < flat->len; k++) {
        const struct line *line = &flat->lines[k];
        if (line->zone == ZONE_DROPPED)
            continue;
        if (row_starts(flat, k, number + 1, &next_rest) || ends_table(flat, k, column))
            break;
        if (is_count_head(line)) { /* the head again, on the next page */
            size_t skip = k;
            while (skip < flat->len && skip < k + HEAD_LINES_MAX && !row_starts(flat, skip, number + 1, &next_rest))
                skip++;
            if (skip < flat->len && skip < k + HEAD_LINES_MAX) {
                k = skip;
                break;
            }
        }
        bool is_first = column == 0;
        bool is_next = is_first || (is_plain ? may_begin_cell(before, line) : begins_cell(flat, before, line, column));
        if (is_next && column + 1 >= flat->columns && i >= last_start)
            break;
        column += is_next && column + 1 < flat->columns;
        put_line(flat, at, line, 0, line->fold.key.len, column);
        before = line;
    }
    at->row++;
    return k;
}

/* ---- timetables without numbers: rows begin with a time, days stand between them ---- */

/* "13h30 - 13h45", "8 giờ 00 - 9 giờ 30", "7:30": a whole line. */
static bool is_time_row(const struct line *line)
{
    const struct fold *f = &line->fold;
    size_t at = 0, figures = 0;
    if (f->key.len < 3 || f->key.len > 26 || f->shape.at[0] != '0')
        return false;
    while (at < f->key.len && f->shape.at[at] == '0')
        at++;
    if (at > 2 || at >= f->key.len || !(strchr("hg:", f->key.at[at]) || str_starts(str_sub(f->key, at, f->key.len), STR(" gio"))))
        return false;
    for (size_t i = 0; i < f->key.len; i++) {
        figures += f->shape.at[i] == '0';
        if (f->shape.at[i] == 'A')
            return false;
    }
    return figures * 2 >= f->key.len - 4 || f->key.len < 16;
}

/* "Chiều 29/6/2026", "Ngày 30/6/2026", "Thứ Hai (15/9)" */
static bool is_day_row(const struct line *line)
{
    static const char *const words[] = { "ngay", "sang", "chieu", "toi", "thu", "chu nhat", "buoi" };
    const struct fold *f = &line->fold;
    bool has_day = false, has_date = false;
    for (size_t i = 0; i < LEN(words); i++)
        has_day |= fold_starts_words(f->key, 0, words[i]);
    for (size_t i = 1; i + 1 < f->key.len; i++)
        has_date |= f->key.at[i] == '/' && f->shape.at[i - 1] == '0' && f->shape.at[i + 1] == '0';
    return has_day && has_date && f->key.len < 40 && f->shape.at[0] == 'A';
}

static bool find_timetable(struct flat *flat, size_t i)
{
    static const char *const words[] = { "thoi gian", "gio", "ngay", "ngay, gio", "buoi" };
    bool is_head = false;
    for (size_t w = 0; w < LEN(words); w++)
        is_head |= str_eq(flat->lines[i].fold.key, str_from(words[w])) || (fold_starts_words(flat->lines[i].fold.key, 0, words[w]) && flat->lines[i].fold.key.len < 34 && count_caps(&flat->lines[i].fold) > 1);
    if (!is_head || flat->lines[i].label.style != LABEL_NONE)
        return false;
    flat->from = i;
    size_t rows = 0, k = i + 1;
    for (; k < flat->len && k < i + 8 && is_open_line(&flat->lines[k]) && !is_time_row(&flat->lines[k]) && !is_day_row(&flat->lines[k]); k++)
        if (flat->lines[k].fold.key.len > 34 || flat->lines[k].label.style != LABEL_NONE)
            return false;
    flat->rows_from = k;
    flat->columns = count_heads(flat);
    for (; k < flat->len && is_open_line(&flat->lines[k]) && flat->lines[k].label.style == LABEL_NONE; k++)
        rows += is_time_row(&flat->lines[k]);
    return rows >= 2 && flat->columns >= 2 && flat->columns <= TABLE_COLUMNS_MAX;
}

/* The rows of a timetable; returns the line behind it. */
static size_t put_timetable(const struct flat *flat, struct placing *at)
{
    size_t k = flat->rows_from, column = 0, width = 0;
    const struct line *before = NULL;
    for (size_t i = k; i < flat->len && is_open_line(&flat->lines[i]) && flat->lines[i].label.style == LABEL_NONE; i++)
        if (i > 0 && is_time_row(&flat->lines[i - 1]) && flat->lines[i].fold.key.len > width)
            width = flat->lines[i].fold.key.len;
    struct flat sized = *flat;
    sized.width = width;
    for (; k < flat->len; k++) {
        const struct line *line = &flat->lines[k];
        if (line->zone == ZONE_DROPPED)
            continue;
        if (!is_open_line(line) || line->label.style != LABEL_NONE || (line->is_caps && line->fold.key.len > 12))
            break;
        bool is_row = is_time_row(line) || is_day_row(line);
        if (is_row) {
            at->row += before != NULL;
            column = 0;
        } else if (!before) {
            break;
        } else if (column == 0 || begins_cell(&sized, before, line, column)) {
            if (column + 1 >= flat->columns)
                break;
            column++;
        }
        put_line(flat, at, line, 0, line->fold.key.len, column);
        before = line;
    }
    at->row++;
    return k;
}

void tables_find(struct arena *arena, struct lines *lines)
{
    struct flat flat = { .arena = arena, .lines = lines->at, .len = lines->len };
    size_t heads = 0;
    int tables = 0;
    for (size_t i = 0; i < lines->len; i++) {
        for (size_t k = 0; k < lines->at[i].fold.key.len && lines->at[i].fold.key.len < 80; k++)
            heads += lines->at[i].fold.shape.at[k] == 'A';
        tables = lines->at[i].table > tables ? lines->at[i].table : tables;
    }
    /* a head's line has a cell for each capital, a row's line two */
    struct lines out = *lines;
    out.at = ARENA_NEW_ARRAY(arena, struct line, lines->len * 2 + heads + 1);
    out.len = 0;
    for (size_t i = 0; i < lines->len;) {
        if (is_open_line(&lines->at[i]) && find_timetable(&flat, i)) {
            struct placing at = { .out = &out, .table = ++tables };
            put_head(&flat, &at);
            i = put_timetable(&flat, &at);
            continue;
        }
        size_t last = is_open_line(&lines->at[i]) && find_head(&flat, i) ? measure_rows(&flat) : 0;
        if (last == 0) {
            out.at[out.len++] = lines->at[i++];
            continue;
        }
        struct placing at = { .out = &out, .table = ++tables };
        put_head(&flat, &at);
        size_t rest = 0;
        i = flat.rows_from;
        for (int number = 1; i < lines->len && row_starts(&flat, i, number, &rest); number++)
            i = put_row(&flat, &at, i, number, last);
    }
    *lines = out;
}
