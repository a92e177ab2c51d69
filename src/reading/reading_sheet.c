#include "reading/reading_sheet.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 24, LOOK_AHEAD = 60 };

/*
 * The letters and figures of a text's beginning, without blanks and ASCII marks: the reader joins lines and drops marks,
 * but neither changes the letters.
 */
static size_t head_of(struct str text, char ret_head[HEAD_BYTES])
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < HEAD_BYTES; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_letter = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (is_letter)
            ret_head[len++] = text.at[i];
    }
    return len;
}

static bool begin_alike(struct str a, struct str b)
{
    char head_a[HEAD_BYTES], head_b[HEAD_BYTES];
    size_t len_a = head_of(a, head_a), len_b = head_of(b, head_b);
    size_t len = len_a < len_b ? len_a : len_b;
    return len > 0 && memcmp(head_a, head_b, len) == 0;
}

static bool is_list_item(struct str text)
{
    static const char *const bullets[] = { "- ", "+ ", "* ", "• ", "– ", "o " };
    for (size_t i = 0; i < LEN(bullets); i++) {
        if (str_starts(text, str_from(bullets[i])))
            return true;
    }
    /* "a) ", "(1) " */
    size_t close = str_find(str_sub(text, 0, 5), STR(") "));
    return close < 5 && close > 0;
}

/* "I. ", "IV. ", "1.2. ", "Điều 5": what papers number their parts with. */
static bool is_numbered(struct str text)
{
    size_t i = 0;
    while (i < text.len && strchr("IVX0123456789.", text.at[i]))
        i++;
    return i > 1 && i < text.len && text.at[i - 1] == '.' && text.at[i] == ' ';
}

static bool is_capitals(struct str text)
{
    bool has_letter = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 'a' && text.at[i] <= 'z')
            return false;
        has_letter |= text.at[i] >= 'A' && text.at[i] <= 'Z';
    }
    return has_letter;
}

static char look_of(const struct paper_block *block, struct str text)
{
    enum { TITLE_BYTES = 160 };
    if (block && block->kind == PAPER_NOTE)
        return 'n';
    if (block && (block->kind == PAPER_HEAD || block->kind == PAPER_FOOT))
        return 'f';
    if (is_list_item(text))
        return 'i';
    bool is_short = text.len < TITLE_BYTES;
    if (is_numbered(text))
        return is_short ? 'h' : 'p';
    if (block && block->is_centred && is_short)
        return block->is_bold || is_capitals(text) ? 't' : 'm';
    if (block && block->style_level > 0)
        return 'h';
    return is_capitals(text) && is_short ? 't' : 'p';
}

static void put_line(struct buf *out, const struct paper_block *block, struct str text)
{
    if (out->len > 0)
        buf_put_char(out, '\n');
    if (block && block->table > 0)
        buf_format(out, "c %d %d %d %d %d%s", block->table, block->row, block->column, block->row_span,
                   block->column_span, block->is_bold ? " b" : "");
    else
        buf_put_char(out, look_of(block, text));
}

struct str sheet_write(struct arena *arena, const struct paper *paper, const struct str *paragraphs, size_t len)
{
    struct buf out;
    size_t next = 0; /* paragraphs and blocks run in the same order, so a block found is not looked at again */
    buf_init(&out, arena);
    for (size_t i = 0; i < len; i++) {
        const struct paper_block *found = NULL;
        for (size_t k = next; k < paper->blocks_len && k < next + LOOK_AHEAD && !found; k++) {
            if (begin_alike(paper->blocks[k].text, paragraphs[i])) {
                found = &paper->blocks[k];
                next = k + 1;
            }
        }
        put_line(&out, found, paragraphs[i]);
    }
    return buf_str(&out);
}

static int figure(struct str *rest)
{
    int64_t value = 0;
    struct str part = str_cut(rest, ' ');
    return str_to_i64(part, &value) && value >= 0 && value < PAPER_BLOCKS_MAX ? (int)value : 0;
}

struct sheet_line sheet_next(struct str *rest)
{
    struct str line = str_cut(rest, '\n');
    struct sheet_line sheet = { .look = line.len > 0 ? line.at[0] : 'p' };
    if (sheet.look != 'c')
        return sheet;
    line = str_sub(line, 2, SIZE_MAX);
    sheet.table = figure(&line);
    sheet.row = figure(&line);
    sheet.column = figure(&line);
    sheet.row_span = figure(&line);
    sheet.column_span = figure(&line);
    sheet.is_bold = str_eq(line, STR("b"));
    return sheet;
}
