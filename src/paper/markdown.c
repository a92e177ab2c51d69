#include "paper/markdown.h"
#include "paper/columns.h"
#include "viet/viet.h"

/* What goes on from line to line. */
struct reading {
    struct ctx *cx;
    struct block_list *list;
    int blank_before;
    int table, row; /* of the "|" table under way; row -1 outside */
    int tables;
    bool is_bold; /* "**" was opened and the paragraph has not ended */
};

/* Signs that open markup which something has to close. */
enum sign { SIGN_STAR, SIGN_LOW_LINE, SIGN_TAG, SIGN_COMMENT, SIGN_LINK, SIGNS };

/* A line while its markup goes. */
struct inline_state {
    struct str rest;    /* still to read */
    struct buf out;
    uint32_t before;    /* the letter read last, 0 at the start */
    bool is_bold, is_italic, is_superscript;
    size_t letters, bold, italic;
    const char *vain_to[SIGNS];
};

static bool is_blank(uint32_t letter)
{
    return letter == ' ' || letter == '\t' || letter == 0xA0 || letter == 0;
}

static bool is_ascii_word(uint32_t letter)
{
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

static bool is_word(uint32_t letter)
{
    return is_ascii_word(letter) || (letter >= 0xC0 && (letter < 0x2000 || letter > 0x2E7F));
}

static uint32_t letter_after(struct str text, size_t skip)
{
    struct str rest = str_sub(text, skip, SIZE_MAX);
    return str_next_code_point(&rest);
}

static void put_letter(struct inline_state *in, uint32_t letter)
{
    buf_put_code_point(&in->out, in->is_superscript ? superscript_of(letter) : letter);
    if (!is_blank(letter)) {
        in->letters++;
        in->bold += in->is_bold;
        in->italic += in->is_italic;
    }
    in->before = letter;
}

/*
 * The end of markup is looked for this far ahead, and not again before the place to which it was looked for in vain: a
 * line may be as long as the file, with a sign at every second letter.
 */
enum { AHEAD_MAX = 2000 };

/* What is ahead of a sign; empty when it is known to have no end there. */
static struct str ahead_of(const struct inline_state *in, enum sign sign)
{
    bool is_vain = in->vain_to[sign] && in->rest.at < in->vain_to[sign];
    return str_sub(in->rest, 0, is_vain ? 0 : AHEAD_MAX);
}

static bool is_vain(struct inline_state *in, enum sign sign, struct str ahead)
{
    if (ahead.len > 0)
        in->vain_to[sign] = ahead.at + ahead.len;
    return false;
}

static void skip(struct inline_state *in, size_t len)
{
    in->rest = str_sub(in->rest, len, SIZE_MAX);
}

/* Where an emphasis opened before `from` closes: `sign` after a letter and before no word. 0 when it does not. */
static size_t closing_at(struct str text, size_t from, char sign)
{
    for (size_t i = from; i < text.len; i++) {
        if (text.at[i] != sign || i == from || is_blank((unsigned char)text.at[i - 1]))
            continue;
        if (i + 1 < text.len && text.at[i + 1] == sign) {
            i++;
            continue;
        }
        if (!is_word(letter_after(text, i + 1)))
            return i;
    }
    return 0;
}

/* "**" anywhere is markup; a lone "*" or "_" only where it stands before a word and is closed in the same line. */
static bool take_emphasis(struct inline_state *in)
{
    char sign = in->rest.at[0];
    if (sign != '*' && sign != '_')
        return false;
    if (sign == '*' && str_starts(in->rest, STR("**"))) {
        in->is_bold = !in->is_bold;
        skip(in, 2);
        return true;
    }
    bool is_double = sign == '_' && str_starts(in->rest, STR("__"));
    uint32_t next = letter_after(in->rest, is_double ? 2 : 1);
    if (in->is_italic && !is_blank(in->before) && !is_word(next)) {
        in->is_italic = false;
        skip(in, 1);
        return true;
    }
    if (is_word(in->before) || !is_word(next) || is_double)
        return false;
    enum sign kind = sign == '*' ? SIGN_STAR : SIGN_LOW_LINE;
    struct str ahead = ahead_of(in, kind);
    if (closing_at(ahead, 1, sign) == 0)
        return is_vain(in, kind, ahead);
    in->is_italic = true;
    skip(in, 1);
    return true;
}

/* A tag of HTML by its name, as it changes the text. */
static void apply_tag(struct inline_state *in, struct str name, bool is_end)
{
    if (str_eq(name, STR("sup")))
        in->is_superscript = !is_end;
    else if (str_eq(name, STR("b")) || str_eq(name, STR("strong")))
        in->is_bold = !is_end;
    else if (str_eq(name, STR("i")) || str_eq(name, STR("em")))
        in->is_italic = !is_end;
    else if (str_eq(name, STR("br")) || str_eq(name, STR("tr")))
        put_letter(in, '\n');
    else if (str_eq(name, STR("td")) || str_eq(name, STR("th")))
        put_letter(in, ' ');
}

static bool is_known_tag(struct str name)
{
    static const char *const names[] = { "sup",  "sub",  "b",    "strong", "i",   "em", "u",  "br",    "p",
                                         "span", "div",  "font", "a",      "small", "big", "center", "s", "del",
                                         "ins",  "mark", "img",  "hr",     "o:p", "h1", "h2", "h3",    "h4",
                                         "table", "tbody", "thead", "tr", "td", "th" };
    for (size_t i = 0; i < LEN(names); i++)
        if (str_eq(name, str_from(names[i])))
            return true;
    return false;
}

/* <sup>, </b>, <br/>, <!-- -->, and an address between < and >, which stays without them. */
static bool take_tag(struct inline_state *in)
{
    if (in->rest.at[0] != '<')
        return false;
    if (str_starts(in->rest, STR("<!--"))) {
        struct str comment = ahead_of(in, SIGN_COMMENT);
        size_t end = str_find(comment, STR("-->"));
        if (end == comment.len)
            return is_vain(in, SIGN_COMMENT, comment);
        skip(in, end + 3);
        return true;
    }
    struct str ahead = ahead_of(in, SIGN_TAG);
    struct str inside = str_sub(ahead, 1, SIZE_MAX);
    struct str whole = str_cut(&inside, '>');
    if (whole.len + 1 >= ahead.len)
        return is_vain(in, SIGN_TAG, ahead);
    if (str_starts(whole, STR("http://")) || str_starts(whole, STR("https://"))) {
        skip(in, 1 + whole.len + 1);
        for (struct str rest = whole; rest.len > 0;)
            put_letter(in, str_next_code_point(&rest));
        return true;
    }
    bool is_end = str_starts(whole, STR("/"));
    struct str name = str_sub(whole, is_end, SIZE_MAX);
    size_t len = 0;
    while (len < name.len && (is_ascii_word((unsigned char)name.at[len]) || name.at[len] == ':'))
        len++;
    name = viet_lower(in->out.arena, str_sub(name, 0, len));
    if (!is_known_tag(name))
        return false;
    skip(in, 1 + whole.len + 1);
    apply_tag(in, name, is_end);
    return true;
}

static bool take_entity(struct inline_state *in)
{
    static const struct {
        const char *text;
        uint32_t letter;
    } known[] = { { "&nbsp;", ' ' }, { "&amp;", '&' },  { "&lt;", '<' },     { "&gt;", '>' },
                  { "&quot;", '"' }, { "&#39;", '\'' }, { "&apos;", '\'' },  { "&#160;", ' ' },
                  { "&ndash;", 0x2013 }, { "&hellip;", 0x2026 } };
    for (size_t i = 0; i < LEN(known); i++)
        if (str_starts(in->rest, str_from(known[i].text))) {
            skip(in, strlen(known[i].text));
            put_letter(in, known[i].letter);
            return true;
        }
    return false;
}

/* The figures at the start of a text; their count. */
static size_t figures(struct str text)
{
    size_t len = 0;
    while (len < text.len && len < 3 && text.at[len] >= '0' && text.at[len] <= '9')
        len++;
    return len;
}

/* [^1], ^1^, $^{1}$: a note's mark. */
static bool take_note_mark(struct inline_state *in)
{
    static const struct {
        const char *open, *close;
    } forms[] = { { "[^", "]" }, { "^", "^" }, { "$^{", "}$" }, { "$^", "$" } };
    for (size_t i = 0; i < LEN(forms); i++) {
        struct str open = str_from(forms[i].open), close = str_from(forms[i].close);
        if (!str_starts(in->rest, open))
            continue;
        struct str number = str_sub(in->rest, open.len, SIZE_MAX);
        size_t len = figures(number);
        if (len == 0 || !str_starts(str_sub(number, len, SIZE_MAX), close))
            continue;
        for (size_t at = 0; at < len; at++)
            put_letter(in, superscript_of((unsigned char)number.at[at]));
        skip(in, open.len + len + close.len);
        return true;
    }
    return false;
}

/* [words](address) leaves the words, ![words](picture) nothing. The bracket's inside is read on as any text. */
static bool take_link(struct inline_state *in, struct str *ret_target)
{
    bool is_picture = str_starts(in->rest, STR("!["));
    if (!is_picture && in->rest.at[0] != '[')
        return false;
    struct str ahead = ahead_of(in, SIGN_LINK);
    size_t middle = str_find(ahead, STR("]("));
    size_t end = middle + str_find(str_sub(ahead, middle, SIZE_MAX), STR(")"));
    if (middle == ahead.len || end == ahead.len)
        return is_vain(in, SIGN_LINK, ahead);
    if (is_picture) {
        skip(in, end + 1);
        return true;
    }
    *ret_target = str_sub(in->rest, middle, end + 1 - middle);
    skip(in, 1);
    return true;
}

static bool take_escape(struct inline_state *in)
{
    if (in->rest.at[0] != '\\' || in->rest.len < 2 || !strchr("\\`*_{}[]()#+-.!|<>~^$", in->rest.at[1]))
        return false;
    uint32_t letter = (unsigned char)in->rest.at[1];
    skip(in, 2);
    put_letter(in, letter);
    return true;
}

/* Reads a line to its end: what is left of it is in in->out, '\n' where <br> stood. */
static void read_inline(struct inline_state *in)
{
    struct str target = STR("");
    while (in->rest.len > 0) {
        if (target.len > 0 && in->rest.at == target.at) {
            skip(in, target.len);
            target = STR("");
            continue;
        }
        if (strchr("*_<&[!^$\\~", in->rest.at[0])) {
            if (take_escape(in) || take_emphasis(in) || take_tag(in) || take_entity(in) || take_note_mark(in) ||
                take_link(in, &target))
                continue;
            if (str_starts(in->rest, STR("~~"))) {
                skip(in, 2);
                continue;
            }
        }
        put_letter(in, str_next_code_point(&in->rest));
    }
}

/* Adds what read_inline left, a block for each line, all like `like`. */
static enum err put_lines(struct reading *r, const struct inline_state *in, const struct paper_block *like)
{
    struct str rest = buf_str(&in->out);
    struct paper_block block = *like;
    block.is_bold = in->letters > 0 && in->bold == in->letters;
    block.is_italic = in->letters > 0 && in->italic == in->letters;
    while (rest.len > 0) {
        block.text = viet_clean(&r->cx->arena, str_cut(&rest, '\n'));
        if (block.text.len == 0)
            continue;
        block.blank_before = r->blank_before;
        TRY(block_add(r->cx, r->list, &block));
        r->blank_before = 0;
    }
    return OK;
}

/* One of '-', '*', '_' and blanks alone is a rule of the paper itself: never markup. */
static bool is_rule(struct str line)
{
    if (line.len == 0 || !strchr("-*_", line.at[0]))
        return false;
    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] != line.at[0] && line.at[i] != ' ')
            return false;
    return true;
}

/* "|---|:---:|" between the head and the rows of a table. */
static bool is_table_rule(struct str line)
{
    if (line.len < 3 || line.at[0] != '|')
        return false;
    for (size_t i = 0; i < line.len; i++)
        if (!strchr("|-: ", line.at[i]))
            return false;
    return str_find(line, STR("-")) < line.len;
}

static bool is_row(struct str line)
{
    return line.len >= 2 && line.at[0] == '|' && line.at[line.len - 1] == '|';
}

static enum err put_row(struct reading *r, struct str line)
{
    struct str rest = str_sub(line, 1, line.len - 2);
    for (int column = 0; rest.len > 0; column++) {
        size_t len = 0;
        while (len < rest.len && (rest.at[len] != '|' || (len > 0 && rest.at[len - 1] == '\\')))
            len++;
        struct inline_state in = { .rest = str_trim(str_sub(rest, 0, len)) };
        buf_init(&in.out, &r->cx->arena);
        read_inline(&in);
        struct paper_block cell = block_of(PAPER_CELL, STR(""));
        cell.table = r->table;
        cell.row = r->row;
        cell.column = column;
        TRY(put_lines(r, &in, &cell));
        rest = str_sub(rest, len + 1, SIZE_MAX);
    }
    r->row++;
    return OK;
}

/* "[^1]: words" */
static bool is_note(struct str *line, int *ret_number)
{
    struct str number = str_sub(*line, 2, SIZE_MAX);
    size_t len = str_starts(*line, STR("[^")) ? figures(number) : 0;
    if (len == 0 || !str_starts(str_sub(number, len, SIZE_MAX), STR("]:")))
        return false;
    int64_t value = 0;
    str_to_i64(str_sub(number, 0, len), &value);
    *ret_number = (int)value;
    *line = str_sub(number, len + 2, SIZE_MAX);
    return true;
}

/* "## Words" has level 2; a "#" without a blank behind it is none ("#lopboiduong"). */
static int take_heading(struct str *line)
{
    int level = 0;
    while ((size_t)level < line->len && level < 7 && line->at[level] == '#')
        level++;
    if (level == 0 || level > 6 || (size_t)level == line->len || !is_blank((unsigned char)line->at[level]))
        return 0;
    *line = str_trim(str_sub(*line, (size_t)level, SIZE_MAX));
    while (line->len > 0 && line->at[line->len - 1] == '#')
        line->len--;
    return level;
}

static enum err put_line(struct reading *r, struct str line)
{
    struct paper_block block = block_of(PAPER_LINE, STR(""));
    struct inline_state in = { .is_bold = r->is_bold };
    block.style_level = take_heading(&line);
    if (is_note(&line, &block.note))
        block.kind = PAPER_NOTE;
    if (str_starts(line, STR("> ")))
        line = str_sub(line, 2, SIZE_MAX);
    in.rest = line;
    buf_init(&in.out, &r->cx->arena);
    if (is_rule(line))
        buf_put(&in.out, line);
    else
        read_inline(&in);
    r->is_bold = in.is_bold;
    return put_lines(r, &in, &block);
}

static bool is_fence(struct str line)
{
    return str_starts(line, STR("```")) && str_find(str_sub(line, 3, SIZE_MAX), STR(" ")) == line.len - 3;
}

/* Lines end at LF, CR LF, CR, VT and FF; this is the next one. */
static struct str next_line(struct str *rest)
{
    size_t len = 0;
    while (len < rest->len && !strchr("\n\r\v\f", rest->at[len]))
        len++;
    struct str line = str_sub(*rest, 0, len);
    bool is_pair = len + 1 < rest->len && rest->at[len] == '\r' && rest->at[len + 1] == '\n';
    *rest = str_sub(*rest, len + 1 + is_pair, SIZE_MAX);
    return line;
}

/* Columns of blanks (paper/columns.h) as cells of a table. */
static enum err put_columns(struct reading *r, const struct columns *columns)
{
    int table = ++r->tables;
    for (size_t i = 0; i < columns->cells_len; i++) {
        struct inline_state in = { .rest = columns->cells[i].text };
        buf_init(&in.out, &r->cx->arena);
        if (is_rule(in.rest))
            buf_put(&in.out, in.rest);
        else
            read_inline(&in);
        struct paper_block cell = block_of(PAPER_CELL, STR(""));
        cell.table = table;
        cell.row = columns->cells[i].row;
        cell.column = columns->cells[i].column;
        TRY(put_lines(r, &in, &cell));
    }
    return OK;
}

enum err markdown_read(struct ctx *cx, struct str text, struct block_list *list)
{
    struct reading r = { .cx = cx, .list = list, .row = -1 };
    struct columns columns = { .cells = NULL };
    const char *looked_to = text.at; /* no columns begin before it */
    while (text.len > 0) {
        if (text.at >= looked_to && columns_find(&cx->arena, text, &columns)) {
            TRY(put_columns(&r, &columns));
            text = str_sub(text, columns.bytes, SIZE_MAX);
            continue;
        }
        if (text.at >= looked_to)
            looked_to = text.at + columns.bytes;
        struct str line = str_trim(next_line(&text));
        struct str ahead = text;
        if (!is_row(line))
            r.row = -1;
        if (line.len == 0) {
            r.blank_before++;
            r.is_bold = false;
        } else if (r.row < 0 && is_row(line) && is_table_rule(str_trim(next_line(&ahead)))) {
            r.table = ++r.tables;
            r.row = 0;
            TRY(put_row(&r, line));
            text = ahead;
        } else if (r.row >= 0) {
            TRY(put_row(&r, line));
        } else if (!is_fence(line)) {
            TRY(put_line(&r, line));
        }
    }
    return OK;
}
