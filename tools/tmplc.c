/*
 * tmplc: compiles an .html template to C.
 *
 *     tmplc page.html page.html.c
 *
 *     %% include "nomination/nomination_pages.h"
 *     %% page nomination_list(const struct nomination_list_view *view)   void
 * page_nomination_list(struct html *h, ...)
 *     %% part nomination_row(const struct nomination *one)               void
 * part_nomination_row(struct html *h, ...)
 *     %% static part row(const struct nomination *one)                   the same, seen in this
 * file only % for (...) {                                                      a line of C
 *     {{ value }}                                                        written by its type,
 * escaped for its place
 *     {{? condition => text }}                                           the text, or an attribute,
 * or nothing
 *
 * The markup is followed by a small state machine, so that each value is written for the place
 * where it stands: text, an attribute in quotes, or an address, where only a struct url compiles.
 * Everywhere else a value is refused, and so is markup that the content security policy would block
 * anyway (inline scripts, styles and handlers). A place must not depend on which way the C goes: a
 * brace closes where it opened, so the one reading made here holds for every run of the loops and
 * branches.
 */
#include "base/env.h"
#include "base/str.h"

#include <ctype.h>
#include <stdarg.h>

enum { FILE_BYTES_MAX = 1 << 20, BLOCKS_MAX = 64, LITERAL_BYTES_MAX = 2000 };

enum place {
    PLACE_TEXT,
    PLACE_TAG_NAME,
    PLACE_END_TAG,
    PLACE_TAG, /* inside a tag, between attributes */
    PLACE_NAME,
    PLACE_AFTER_NAME,
    PLACE_BEFORE_VALUE,
    PLACE_DOUBLE_QUOTED,
    PLACE_SINGLE_QUOTED,
    PLACE_UNQUOTED,
    PLACE_COMMENT,
    PLACE_DECLARATION,
    PLACE_RAW,   /* script, style */
    PLACE_TITLE, /* title, textarea: text without tags */
};

struct compiler {
    struct arena arena;
    struct str path;
    int line;
    struct buf out;
    struct buf literal; /* markup not yet written as C */
    enum place place;
    struct buf tag;       /* the tag's name, lower case */
    struct buf attribute; /* the attribute's name, lower case */
    bool is_preformatted;
    bool is_in_function;
    enum place blocks[BLOCKS_MAX]; /* the place where each open brace stood */
    size_t blocks_len;
};

NORETURN PRINTF_LIKE(2, 3) static void refuse(const struct compiler *c, const char *words, ...)
{
    fprintf(stderr, STR_FMT ":%d: error: ", STR_ARG(c->path), c->line);
    va_list args;
    va_start(args, words);
    vfprintf(stderr, words, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '\f';
}

static bool is_name(char ch)
{
    return isalnum((unsigned char)ch) || ch == '-' || ch == '_' || ch == ':';
}

/* ---- C out ---- */

static void put_line_number(struct compiler *c)
{
    buf_format(&c->out, "#line %d \"" STR_FMT "\"\n", c->line, STR_ARG(c->path));
}

/* Markup becomes calls with literals short enough for every compiler. '?' is escaped because of
 * trigraphs. */
static void flush_literal(struct compiler *c)
{
    struct str rest = buf_str(&c->literal);
    while (rest.len > 0) {
        size_t len = rest.len < LITERAL_BYTES_MAX ? rest.len : LITERAL_BYTES_MAX;
        while (len < rest.len && ((unsigned char)rest.at[len] & 0xC0) == 0x80)
            len--;
        buf_put(&c->out, STR("    html_put_raw(h, \""));
        for (size_t i = 0; i < len; i++) {
            char ch = rest.at[i];
            if (ch == '\n')
                buf_put(&c->out, STR("\\n"));
            else if (ch == '\t')
                buf_put(&c->out, STR("\\t"));
            else if (ch == '"' || ch == '\\' || ch == '?')
                buf_format(&c->out, "\\%c", ch);
            else
                buf_put_char(&c->out, ch);
        }
        buf_format(&c->out, "\", %zu);\n", len);
        rest = str_sub(rest, len, SIZE_MAX);
    }
    c->literal.len = 0;
}

static void end_function(struct compiler *c)
{
    if (!c->is_in_function)
        return;
    if (c->place != PLACE_TEXT)
        refuse(c, "the page ends inside a tag, a comment or a title");
    if (c->blocks_len > 0)
        refuse(c, "%zu brace(s) not closed at the end of the page", c->blocks_len);
    flush_literal(c);
    buf_put(&c->out, STR("}\n"));
    c->is_in_function = false;
    c->is_preformatted = false;
}

static bool cut_word(struct str *rest, const char *word)
{
    struct str w = str_from(word);
    if (!str_starts(*rest, w) || rest->len == w.len || !is_space(rest->at[w.len]))
        return false;
    *rest = str_trim(str_sub(*rest, w.len, SIZE_MAX));
    return true;
}

/* "%% include "x.h"", "%% page name(parameters)", "%% part ...", "%% static part ..." */
static void compile_directive(struct compiler *c, struct str text)
{
    struct str rest = str_trim(text);
    end_function(c);
    if (cut_word(&rest, "include")) {
        put_line_number(c);
        buf_format(&c->out, "#include " STR_FMT "\n", STR_ARG(rest));
        return;
    }
    bool is_static = cut_word(&rest, "static");
    bool is_page = !is_static && cut_word(&rest, "page");
    if (!is_page && !cut_word(&rest, "part"))
        refuse(c, "expected include, page, part or static part after %%%%");
    size_t name_len = 0;
    while (name_len < rest.len &&
           (isalnum((unsigned char)rest.at[name_len]) || rest.at[name_len] == '_'))
        name_len++;
    struct str parameters = str_trim(str_sub(rest, name_len, SIZE_MAX));
    if (name_len == 0 || !str_starts(parameters, STR("(")) || !str_ends(parameters, STR(")")))
        refuse(c, "expected a name and its parameters in brackets, on one line");
    struct str inner = str_trim(str_sub(parameters, 1, parameters.len - 2));
    if (str_eq(inner, STR("void")))
        inner = STR("");
    put_line_number(c);
    buf_format(&c->out, "%svoid %s_" STR_FMT "(struct html *h%s" STR_FMT ")\n{\n",
               is_static ? "static " : "", is_page ? "page" : "part", (int)name_len, rest.at,
               inner.len ? ", " : "", STR_ARG(inner));
    c->is_in_function = true;
    c->place = PLACE_TEXT;
}

/* Skips a string or character constant or a comment; returns the index behind it, or `i` when there
 * is none. */
static size_t skip_quoted(struct str text, size_t i)
{
    char ch = text.at[i];
    if (ch == '/' && i + 1 < text.len && text.at[i + 1] == '/')
        return text.len;
    if (ch == '/' && i + 1 < text.len && text.at[i + 1] == '*') {
        struct str rest = str_sub(text, i + 2, SIZE_MAX);
        size_t end = str_find(rest, STR("*/"));
        return end < rest.len ? i + 2 + end + 2 : text.len;
    }
    if (ch != '"' && ch != '\'')
        return i;
    for (i++; i < text.len && text.at[i] != ch; i++)
        if (text.at[i] == '\\')
            i++;
    return i < text.len ? i + 1 : text.len;
}

static void open_block(struct compiler *c)
{
    if (c->blocks_len == BLOCKS_MAX)
        refuse(c, "more than %d braces inside each other", BLOCKS_MAX);
    c->blocks[c->blocks_len++] = c->place;
}

static void close_block(struct compiler *c)
{
    if (c->blocks_len == 0)
        refuse(c, "a brace is closed that was never opened");
    if (c->blocks[--c->blocks_len] != c->place)
        refuse(c, "this brace closes in another place of the markup than where it opened");
}

static bool is_word_at(struct str text, size_t at, const char *word)
{
    struct str w = str_from(word);
    if (!str_eq(str_sub(text, at, w.len), w))
        return false;
    bool starts = at == 0 || (!isalnum((unsigned char)text.at[at - 1]) && text.at[at - 1] != '_');
    size_t end = at + w.len;
    return starts &&
           (end == text.len || (!isalnum((unsigned char)text.at[end]) && text.at[end] != '_'));
}

/* Jumps leave a block early: only from plain text, out of blocks that all began in plain text. */
static void check_jump(struct compiler *c, struct str text, size_t at)
{
    static const char *const jumps[] = { "break", "continue", "return" };
    if (is_word_at(text, at, "goto"))
        refuse(c, "no goto in a page");
    for (size_t j = 0; j < LEN(jumps); j++) {
        if (!is_word_at(text, at, jumps[j]))
            continue;
        bool is_plain = c->place == PLACE_TEXT;
        for (size_t b = 0; b < c->blocks_len; b++)
            is_plain = is_plain && c->blocks[b] == PLACE_TEXT;
        if (!is_plain)
            refuse(c, "%s inside a tag", jumps[j]);
    }
}

/* A line of C goes through as it stands, after its braces have been matched with the markup. */
static void compile_c_line(struct compiler *c, struct str text)
{
    if (!c->is_in_function)
        refuse(c, "C outside of a page; begin one with %%%% page name(...)");
    if (c->place == PLACE_AFTER_NAME)
        c->place = PLACE_TAG;
    if (c->place != PLACE_TEXT && c->place != PLACE_TAG)
        refuse(c, "C may stand between tags or between attributes, not here");
    struct str trimmed = str_trim(text);
    if (str_starts(trimmed, STR("#")))
        refuse(c, "no preprocessor lines in a page; use %%%% include");
    for (size_t i = 0; i < trimmed.len;) {
        size_t behind = skip_quoted(trimmed, i);
        if (behind != i) {
            i = behind;
            continue;
        }
        if (trimmed.at[i] == '{')
            open_block(c);
        else if (trimmed.at[i] == '}')
            close_block(c);
        else if (str_starts(str_sub(trimmed, i, SIZE_MAX), STR("html_put")))
            refuse(c, "write values as {{ value }}, so that they are escaped for their place");
        else
            check_jump(c, trimmed, i);
        i++;
    }
    flush_literal(c);
    put_line_number(c);
    buf_format(&c->out, "    " STR_FMT "\n", STR_ARG(trimmed));
}

/* ---- markup in ---- */

static bool is_one_of(struct str name, const char *const *list, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(name, str_from(list[i])))
            return true;
    return false;
}

/* Attributes whose value a browser follows or loads: only an address of this program may stand
 * there. */
static bool is_address(struct str name)
{
    static const char *const addresses[] = { "href",      "src",  "action",     "formaction",
                                             "poster",    "cite", "background", "data",
                                             "manifest",  "ping", "codebase",   "longdesc",
                                             "xlink:href" };
    return is_one_of(name, addresses, LEN(addresses)) ||
           (str_starts(name, STR("data-")) && str_ends(name, STR("-url")));
}

static void check_attribute_name(struct compiler *c, struct str name)
{
    static const char *const refused[] = { "style", "srcdoc", "srcset", "imagesrcset" };
    if (is_one_of(name, refused, LEN(refused)))
        refuse(c, "no " STR_FMT " attribute; use a class or an address", STR_ARG(name));
    if (str_starts(name, STR("on")))
        refuse(c, "no event handlers (" STR_FMT "); use a data- attribute and app.js",
               STR_ARG(name));
}

/* Where a value would stand, for the words of a refusal; NULL where one may. */
static const char *why_no_value(enum place place)
{
    switch (place) {
    case PLACE_TEXT:
    case PLACE_TITLE:
    case PLACE_DOUBLE_QUOTED:
    case PLACE_SINGLE_QUOTED:
        return NULL;
    case PLACE_TAG_NAME:
    case PLACE_END_TAG:
        return "a tag's name";
    case PLACE_TAG:
    case PLACE_NAME:
    case PLACE_AFTER_NAME:
        return "a tag; to switch an attribute write {{? condition => name }}";
    case PLACE_BEFORE_VALUE:
    case PLACE_UNQUOTED:
        return "an attribute without quotes";
    case PLACE_COMMENT:
        return "a comment";
    case PLACE_DECLARATION:
        return "a declaration";
    case PLACE_RAW:
        return "a script or style";
    }
    return "this place";
}

static void compile_value(struct compiler *c, struct str expression)
{
    const char *why = why_no_value(c->place);
    if (why)
        refuse(c, "no value may stand in %s", why);
    if (expression.len == 0)
        refuse(c, "an empty value");
    const char *put = "html_put";
    if (c->place == PLACE_TITLE)
        put = "html_put_attribute"; /* no markup inside a title or textarea */
    else if (c->place != PLACE_TEXT)
        put = is_address(buf_str(&c->attribute)) ? "html_put_address" : "html_put_attribute";
    flush_literal(c);
    put_line_number(c);
    buf_format(&c->out, "    %s(h, " STR_FMT ");\n", put, STR_ARG(expression));
}

/* `checked`, or `aria-current="page"` */
static void check_switched_attribute(struct compiler *c, struct str text)
{
    size_t name_len = 0;
    while (name_len < text.len && is_name(text.at[name_len]))
        name_len++;
    check_attribute_name(c, str_sub(text, 0, name_len));
    struct str value = str_sub(text, name_len, SIZE_MAX);
    if (name_len == 0)
        refuse(c, "expected an attribute after =>");
    if (value.len == 0)
        return;
    if (value.len < 3 || !str_starts(value, STR("=\"")) || !str_ends(value, STR("\"")))
        refuse(c, "expected name or name=\"value\" after =>");
    struct str inner = str_sub(value, 2, value.len - 3);
    if (memchr(inner.at, '"', inner.len) || memchr(inner.at, '<', inner.len))
        refuse(c, "one attribute after =>, without quotes or < in its value");
}

/* {{? condition => text }}: text of the template itself, so it needs no escaping, only to fit its
 * place. */
static void compile_switch(struct compiler *c, struct str inner)
{
    size_t arrow = str_find(inner, STR("=>"));
    struct str condition = str_trim(str_sub(inner, 0, arrow));
    struct str text = str_trim(str_sub(inner, arrow + 2, SIZE_MAX));
    if (arrow == inner.len || condition.len == 0 || text.len == 0)
        refuse(c, "expected {{? condition => text }}");
    if (c->place == PLACE_AFTER_NAME)
        c->place = PLACE_TAG;
    if (c->place == PLACE_TAG) {
        check_switched_attribute(c, text);
        while (c->literal.len > 0 && c->literal.at[c->literal.len - 1] == ' ')
            c->literal.len--;
    } else {
        const char *why = why_no_value(c->place);
        if (why)
            refuse(c, "nothing may be switched in %s", why);
        for (size_t i = 0; i < text.len; i++)
            if (memchr("<>\"'", text.at[i], 4))
                refuse(c, "no markup or quotes after =>");
    }
    flush_literal(c);
    put_line_number(c);
    buf_format(&c->out, "    if (" STR_FMT ") {\n", STR_ARG(condition));
    if (c->place == PLACE_TAG)
        buf_put_char(&c->literal, ' ');
    buf_put(&c->literal, text);
    flush_literal(c);
    buf_put(&c->out, STR("    }\n"));
}

static size_t compile_braces(struct compiler *c, struct str text, size_t i)
{
    struct str rest = str_sub(text, i + 2, SIZE_MAX);
    size_t end = str_find(rest, STR("}}"));
    if (end == rest.len)
        refuse(c, "{{ without }} on the same line");
    struct str inner = str_trim(str_sub(rest, 0, end));
    if (str_starts(inner, STR("?")))
        compile_switch(c, str_sub(inner, 1, SIZE_MAX));
    else
        compile_value(c, inner);
    return i + 2 + end + 2;
}

/* "<" in text: what begins here. Returns how many bytes of `rest` were taken. */
static size_t begin_tag(struct compiler *c, struct str rest)
{
    if (str_starts(rest, STR("<!--"))) {
        c->place = PLACE_COMMENT;
        return 4;
    }
    char next = rest.len > 1 ? rest.at[1] : ' ';
    size_t taken = next == '/' ? 2 : 1;
    if (next == '!')
        c->place = PLACE_DECLARATION;
    else if (next == '/')
        c->place = PLACE_END_TAG;
    else if (isalpha((unsigned char)next) || next == '{')
        c->place = PLACE_TAG_NAME;
    else
        refuse(c, "a bare <; write &lt;");
    c->tag.len = 0;
    buf_put(&c->literal, str_sub(rest, 0, taken));
    return taken;
}

/* ">" of an opening tag: what its content is. */
static void end_tag(struct compiler *c)
{
    struct str tag = buf_str(&c->tag);
    c->place = PLACE_TEXT;
    if (str_eq(tag, STR("script")) || str_eq(tag, STR("style")))
        c->place = PLACE_RAW;
    else if (str_eq(tag, STR("title")) || str_eq(tag, STR("textarea")))
        c->place = PLACE_TITLE;
    if (str_eq(tag, STR("pre")) || str_eq(tag, STR("textarea")))
        c->is_preformatted = true;
}

/* Inside script, style, title, textarea: only their own end tag ends them. */
static bool is_own_end(const struct compiler *c, struct str rest)
{
    struct str tag = buf_str(&c->tag);
    return str_starts(rest, STR("</")) && rest.len >= 2 + tag.len &&
           strncasecmp(rest.at + 2, tag.at, tag.len) == 0;
}

static void step_in_tag(struct compiler *c, char ch)
{
    if (ch == '>') {
        end_tag(c);
    } else if (!is_space(ch) && ch != '/') {
        if (!is_name(ch) && ch != '@')
            refuse(c, "an attribute cannot begin with '%c'", ch);
        c->place = PLACE_NAME;
        c->attribute.len = 0;
        buf_put_char(&c->attribute, (char)tolower((unsigned char)ch));
    }
}

static void step_name(struct compiler *c, char ch)
{
    if (is_name(ch)) {
        buf_put_char(&c->attribute, (char)tolower((unsigned char)ch));
        return;
    }
    check_attribute_name(c, buf_str(&c->attribute));
    if (ch == '=') {
        c->place = PLACE_BEFORE_VALUE;
    } else {
        c->place = is_space(ch) ? PLACE_AFTER_NAME : PLACE_TAG;
        if (ch == '>')
            end_tag(c);
        else if (!is_space(ch) && ch != '/')
            refuse(c, "'%c' in an attribute's name", ch);
    }
}

static void step_before_value(struct compiler *c, char ch)
{
    if (ch == '"')
        c->place = PLACE_DOUBLE_QUOTED;
    else if (ch == '\'')
        c->place = PLACE_SINGLE_QUOTED;
    else if (ch == '>')
        refuse(c, "an attribute without its value");
    else if (!is_space(ch))
        c->place = PLACE_UNQUOTED;
}

static void step_tag_name(struct compiler *c, char ch)
{
    if (ch == '>') {
        if (c->place == PLACE_END_TAG) {
            struct str tag = buf_str(&c->tag);
            if (str_eq(tag, STR("pre")) || str_eq(tag, STR("textarea")))
                c->is_preformatted = false;
            c->place = PLACE_TEXT;
        } else {
            end_tag(c);
        }
    } else if (is_name(ch)) {
        buf_put_char(&c->tag, (char)tolower((unsigned char)ch));
    } else if (c->place == PLACE_TAG_NAME) {
        c->place = PLACE_TAG;
    }
}

/* One character that neither opens a tag from text nor ends a script, a title or a comment. */
static void step(struct compiler *c, char ch)
{
    switch (c->place) {
    case PLACE_TEXT:
    case PLACE_TITLE:
    case PLACE_COMMENT:
        return;
    case PLACE_RAW:
        if (!is_space(ch))
            refuse(c, "scripts and styles stand in files of their own");
        return;
    case PLACE_TAG_NAME:
    case PLACE_END_TAG:
        step_tag_name(c, ch);
        return;
    case PLACE_TAG:
        step_in_tag(c, ch);
        return;
    case PLACE_NAME:
        step_name(c, ch);
        return;
    case PLACE_AFTER_NAME:
        if (ch == '=') {
            c->place = PLACE_BEFORE_VALUE;
        } else if (!is_space(ch)) {
            c->place = PLACE_TAG;
            step_in_tag(c, ch);
        }
        return;
    case PLACE_BEFORE_VALUE:
        step_before_value(c, ch);
        return;
    case PLACE_DOUBLE_QUOTED:
        c->place = ch == '"' ? PLACE_TAG : PLACE_DOUBLE_QUOTED;
        return;
    case PLACE_SINGLE_QUOTED:
        c->place = ch == '\'' ? PLACE_TAG : PLACE_SINGLE_QUOTED;
        return;
    case PLACE_UNQUOTED:
        if (is_space(ch))
            c->place = PLACE_TAG;
        else if (ch == '>')
            end_tag(c);
        return;
    case PLACE_DECLARATION:
        c->place = ch == '>' ? PLACE_TEXT : PLACE_DECLARATION;
        return;
    }
}

static void compile_markup(struct compiler *c, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        struct str rest = str_sub(text, i, SIZE_MAX);
        if (str_starts(rest, STR("{{"))) {
            i = compile_braces(c, text, i);
        } else if (c->place == PLACE_COMMENT) {
            bool ends = str_starts(rest, STR("-->"));
            c->place = ends ? PLACE_TEXT : PLACE_COMMENT;
            i += ends ? 3 : 1;
        } else if (c->place == PLACE_TEXT && text.at[i] == '<') {
            i += begin_tag(c, rest);
        } else if ((c->place == PLACE_RAW || c->place == PLACE_TITLE) && is_own_end(c, rest)) {
            c->place = PLACE_END_TAG;
            c->tag.len = 0;
            buf_put(&c->literal, STR("</"));
            i += 2;
        } else {
            step(c, text.at[i]);
            buf_put_char(&c->literal, text.at[i++]);
        }
    }
}

/* A line with its end. Indentation is for the reader of the template and is not sent, except where
 * it would show. */
static void compile_line(struct compiler *c, struct str line)
{
    struct str trimmed = line;
    while (trimmed.len > 0 && is_space(trimmed.at[0]))
        trimmed = str_sub(trimmed, 1, SIZE_MAX);
    if (str_starts(trimmed, STR("%%"))) {
        compile_directive(c, str_sub(trimmed, 2, SIZE_MAX));
    } else if (str_starts(trimmed, STR("%"))) {
        compile_c_line(c, str_sub(trimmed, 1, SIZE_MAX));
    } else if (c->is_in_function) {
        bool is_shown = c->is_preformatted || c->place == PLACE_DOUBLE_QUOTED ||
                        c->place == PLACE_SINGLE_QUOTED;
        compile_markup(c, is_shown ? line : trimmed);
    } else if (trimmed.len > 0) {
        refuse(c, "markup outside of a page; begin one with %%%% page name(...)");
    }
}

static void compile(struct compiler *c, struct str text)
{
    buf_format(&c->out, "/* Made by tmplc from " STR_FMT ". */\n#include \"page/html.h\"\n",
               STR_ARG(c->path));
    /* A page need not use all it is given. */
    buf_put(&c->out, STR("#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"));
    bool has_function = false;
    while (text.len > 0) {
        size_t end = str_find(text, STR("\n"));
        size_t len = end < text.len ? end + 1 : end;
        c->line++;
        compile_line(c, str_sub(text, 0, len));
        has_function = has_function || c->is_in_function;
        text = str_sub(text, len, SIZE_MAX);
    }
    end_function(c);
    if (!has_function)
        refuse(c, "no page or part in this file");
}

static struct str read_file(struct compiler *c)
{
    FILE *file = fopen(c->path.at, "rb");
    if (!file)
        refuse(c, "cannot be read");
    char *text = arena_alloc(&c->arena, FILE_BYTES_MAX);
    size_t len = fread(text, 1, FILE_BYTES_MAX, file);
    if (len == FILE_BYTES_MAX || ferror(file))
        refuse(c, "cannot be read, or has more than %d bytes", FILE_BYTES_MAX);
    fclose(file);
    if (!str_is_utf8((struct str){ text, len }))
        refuse(c, "is not UTF-8");
    return (struct str){ text, len };
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: tmplc page.html page.html.c\n", stderr);
        return 2;
    }
    struct compiler c = { .path = str_from(argv[1]) };
    arena_init(&c.arena, env_real(), 64 << 20);
    buf_init(&c.out, &c.arena);
    buf_init(&c.literal, &c.arena);
    buf_init(&c.tag, &c.arena);
    buf_init(&c.attribute, &c.arena);
    compile(&c, read_file(&c));

    FILE *out = fopen(argv[2], "wb");
    bool is_written = out && fwrite(c.out.at, 1, c.out.len, out) == c.out.len;
    if (!out || fclose(out) != 0 || !is_written) {
        fprintf(stderr, "%s: cannot be written\n", argv[2]);
        return 1;
    }
    arena_end(&c.arena);
    return 0;
}
