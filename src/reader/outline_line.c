/*
 * From blocks to lines: Markdown that some export left is taken off (domain.md 5.2, 5.8), and each line knows its label.
 */
#include "reader/outline_inside.h"

#include "viet/viet.h"

#include <string.h>

static bool is_blank_at(struct str text, size_t at)
{
    return at >= text.len || text.at[at] == ' ' || text.at[at] == '\t';
}

/* "<sup>1</sup>" is ¹; other tags vanish, addresses in angle brackets stay. Returns the bytes taken. */
static size_t clean_tag(struct buf *out, struct str rest)
{
    static const char *const figures[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    size_t end = str_find(str_sub(rest, 0, 400), STR(">"));
    if (end >= rest.len || end >= 400)
        return 0;
    struct str inner = str_sub(rest, 1, end - 1);
    if (str_starts(inner, STR("http")) || str_find(inner, STR("@")) < inner.len) {
        buf_put(out, inner);
        return end + 1;
    }
    if (str_eq(inner, STR("sup"))) {
        struct str mark = str_sub(rest, end + 1, 40);
        size_t close = str_find(mark, STR("</sup>"));
        bool is_figure = close > 0 && close < 3 && close < mark.len;
        for (size_t i = 0; i < close && is_figure; i++)
            is_figure = mark.at[i] >= '0' && mark.at[i] <= '9';
        for (size_t i = 0; i < close && is_figure; i++)
            buf_put(out, str_from(figures[mark.at[i] - '0']));
        return is_figure ? end + 1 + close + 6 : end + 1;
    }
    bool is_tag = inner.len > 0 && inner.len <= 12;
    for (size_t i = 0; i < inner.len && is_tag; i++)
        is_tag = (inner.at[i] >= 'a' && inner.at[i] <= 'z') || inner.at[i] == '/' || inner.at[i] == ' ' || (inner.at[i] >= '1' && inner.at[i] <= '6');
    if (!is_tag)
        return 0;
    buf_put_char(out, ' ');
    return end + 1;
}

/* "[words](target)" is words. */
static size_t clean_link(struct buf *out, struct str rest)
{
    struct str window = str_sub(rest, 0, 600);
    size_t middle = str_find(window, STR("]("));
    if (middle >= window.len)
        return 0;
    struct str target = str_sub(window, middle + 2, window.len);
    size_t end = str_find(target, STR(")"));
    if (end >= target.len)
        return 0;
    buf_put(out, str_sub(rest, 1, middle - 1));
    return middle + 2 + end + 1;
}

static void clean_inline(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        struct str rest = str_sub(text, i, text.len);
        char c = text.at[i];
        size_t taken = c == '<' ? clean_tag(out, rest) : c == '[' ? clean_link(out, rest) : 0;
        if (taken > 0) {
            i += taken;
        } else if (str_starts(rest, STR("**")) || str_starts(rest, STR("__"))) {
            while (i < text.len && text.at[i] == c)
                i++;
        } else if (c == '*' && out->len > 0 && !(is_blank_at(text, i + 1) && out->at[out->len - 1] == ' ')) {
            i++; /* *italic*; "* " in a line's front is a bullet */
        } else if (c == '*' && out->len == 0 && !is_blank_at(text, i + 1) && str_find(str_sub(text, i + 1, text.len), STR("*")) < text.len - i - 1) {
            i++;
        } else if (c == '`' || (c == '\\' && i + 1 < text.len && strchr("*_#-.()[]", text.at[i + 1]))) {
            i++;
        } else {
            if (c == '\t')
                c = ' ';
            if (c != ' ' || (out->len > 0 && out->at[out->len - 1] != ' '))
                buf_put_char(out, c);
            i++;
        }
    }
}

struct str line_clean(struct arena *arena, struct str text, int *level, bool *is_bold, bool *is_italic)
{
    text = str_trim(viet_clean(arena, text));
    if (str_starts(text, STR("> ")))
        text = str_trim(str_sub(text, 2, text.len));
    size_t marks = 0;
    while (marks < text.len && text.at[marks] == '#')
        marks++;
    if (marks > 0 && marks <= 6 && is_blank_at(text, marks)) {
        *level = (int)marks;
        text = str_trim(str_sub(text, marks, text.len));
    }
    if (str_starts(text, STR("**")) && text.len > 4 && str_ends(text, STR("**")))
        *is_bold = true;
    else if (text.len > 2 && text.at[0] == '*' && text.at[1] != '*' && text.at[1] != ' ' && str_ends(text, STR("*")))
        *is_italic = true;
    if (memchr(text.at, '*', text.len) || memchr(text.at, '<', text.len) || memchr(text.at, '[', text.len) ||
        memchr(text.at, '_', text.len) || memchr(text.at, '`', text.len) || memchr(text.at, '\\', text.len)) {
        if (str_find(text, STR("____")) == 0)
            return text; /* a rule, for the zones to see */
        struct buf out;
        buf_init(&out, arena);
        clean_inline(&out, text);
        text = str_trim(buf_str(&out));
    }
    return text;
}

bool line_is_caps(const struct fold *fold)
{
    size_t upper = 0;
    for (size_t i = 0; i < fold->shape.len; i++) {
        if (fold->shape.at[i] == 'a')
            return false;
        upper += fold->shape.at[i] == 'A';
    }
    return upper >= 2;
}

/* Full lines of a file that breaks lines: nine tenths of its long lines are no longer than this. */
static void measure_width(struct lines *lines)
{
    enum { LONG_FROM = 40, WRAPPED_MAX = 135, BUCKETS = 200 };
    int counts[BUCKETS] = { 0 };
    size_t seen = 0, too_long = 0;
    int right = 0;
    for (size_t i = 0; i < lines->len; i++) {
        const struct line *line = &lines->at[i];
        if (line->block->kind == PAPER_PARAGRAPH || line->table > 0)
            continue;
        if (line->block->box.right > right)
            right = line->block->box.right;
        size_t len = line->fold.key.len;
        if (len < LONG_FROM)
            continue;
        seen++;
        too_long += len > WRAPPED_MAX;
        counts[len < BUCKETS ? len : BUCKETS - 1]++;
    }
    if (seen < 4 || too_long * 12 > seen)
        return;
    size_t below = 0;
    for (int len = 0; len < BUCKETS; len++) {
        below += (size_t)counts[len];
        if (below * 10 >= seen * 9) {
            lines->width = len;
            break;
        }
    }
    lines->right = right;
}

static void line_make(struct arena *arena, const struct paper_block *block, struct str text, int blank, struct line *line)
{
    *line = (struct line){ .block = block, .level = block->style_level, .table = block->table, .row = block->row, .column = block->column, .note = block->kind == PAPER_NOTE ? (block->note > 0 ? block->note : -1) : 0,
                           .is_bold = block->is_bold, .is_italic = block->is_italic, .blank_before = blank };
    line->text = line_clean(arena, text, &line->level, &line->is_bold, &line->is_italic);
    line->fold = fold_make(arena, line->text);
    line->label = label_read(&line->fold);
    line->is_caps = line_is_caps(&line->fold);
    if (block->kind == PAPER_NOTE)
        line->zone = ZONE_NOTE;
}

/* A text longer than any paragraph is cut at a blank, so that no rule meets more than it can look at often. */
static struct str cut_long(struct str *rest)
{
    struct str piece = str_sub(*rest, 0, OUTLINE_PARAGRAPH_MAX);
    if (piece.len < rest->len) {
        while (piece.len > OUTLINE_PARAGRAPH_MAX / 2 && piece.at[piece.len - 1] != ' ')
            piece.len--;
        while (piece.len > 0 && piece.len < rest->len && (rest->at[piece.len] & 0xC0) == 0x80)
            piece.len--; /* never inside a letter */
    }
    *rest = str_sub(*rest, piece.len, rest->len);
    return piece;
}

void lines_make(struct arena *arena, const struct paper *paper, struct lines *ret_lines)
{
    size_t room = 1;
    for (size_t i = 0; i < paper->blocks_len; i++)
        room += 1 + paper->blocks[i].text.len / (OUTLINE_PARAGRAPH_MAX / 2 - 8);
    struct lines lines = { .at = ARENA_NEW_ARRAY(arena, struct line, room) };
    int blank = 0;
    for (size_t i = 0; i < paper->blocks_len; i++) {
        const struct paper_block *block = &paper->blocks[i];
        blank += block->blank_before;
        if (block->kind == PAPER_HEAD || block->kind == PAPER_FOOT)
            continue;
        struct str rest = block->text;
        do {
            struct line *line = &lines.at[lines.len];
            line_make(arena, block, cut_long(&rest), blank, line);
            blank = line->text.len == 0 ? blank + 1 : 0;
            lines.len += line->text.len > 0;
        } while (rest.len > 0);
    }
    measure_width(&lines);
    *ret_lines = lines;
}
