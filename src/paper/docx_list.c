#include "paper/docx.h"

/*
 * Lists (17.9): a paragraph names a w:num, which names a w:abstractNum with nine levels; counting goes by the abstract
 * list, so that two w:num of the same one count on, unless the second starts anew (w:startOverride).
 */
enum { LEVELS = 9, LISTS_MAX = 4000 };

struct level {
    bool is_known;
    int start;
    int restart_after; /* w:lvlRestart: counts anew after a level of this number or above (from 1); -1 after any; 0 never */
    struct str format;
    struct str text; /* "%1.%2." */
    struct str style; /* the paragraph style it belongs to */
    struct run_format run;
    bool is_legal;   /* all numbers as 1, 2, 3 */
    bool is_picture;
    bool is_glued;   /* no blank behind the number */
};

struct abstract {
    int id;
    struct str same_as; /* a numbering style whose list this is */
    struct level *levels;
    bool is_counted[LEVELS];
    int counts[LEVELS];
};

struct list {
    int id, abstract_id;
    struct abstract *abstract; /* NULL: there is none */
    struct level *levels; /* of its own in place of the abstract's; NULL when it has none */
    int starts[LEVELS];   /* -1: none of its own */
    bool is_begun;
};

struct docx_lists {
    struct abstract *abstracts;
    size_t abstracts_len;
    struct list *lists;
    size_t lists_len;
};

static bool is_named(const struct xml_event *event, const char *name)
{
    return str_eq(event->name, str_from(name));
}

/* w:lvl to its end. */
static enum err read_level(struct ctx *cx, struct xml *xml, int depth, struct level *level)
{
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    *level = (struct level){ .is_known = true, .start = 0, .restart_after = -1, .run = RUN_FORMAT_SILENT };
    for (;;) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_END || (event.kind == XML_EVENT_CLOSE && event.depth == depth))
            return OK;
        if (event.kind != XML_EVENT_OPEN)
            continue;
        struct str value = xml_value(&event, "val");
        if (is_named(&event, "start"))
            level->start = xml_number(&event, "val", 0);
        else if (is_named(&event, "numFmt"))
            level->format = str_copy(&cx->arena, value);
        else if (is_named(&event, "lvlText"))
            level->text = str_copy(&cx->arena, str_sub(value, 0, 200));
        else if (is_named(&event, "lvlRestart"))
            level->restart_after = xml_number(&event, "val", -1);
        else if (is_named(&event, "pStyle"))
            level->style = str_copy(&cx->arena, value);
        else if (is_named(&event, "isLgl"))
            level->is_legal = docx_is_on(&event);
        else if (is_named(&event, "lvlPicBulletId"))
            level->is_picture = true;
        else if (is_named(&event, "suff"))
            level->is_glued = str_eq(value, STR("nothing"));
        else
            run_format_take(&level->run, &event);
    }
}

/* A w:lvl of the abstract list or of an override: into its place among nine. */
static enum err take_level(struct ctx *cx, struct xml *xml, const struct xml_event *open, struct level **levels)
{
    int at = xml_number(open, "ilvl", -1);
    if (at < 0 || at >= LEVELS)
        return xml_skip(cx, xml, open->depth);
    if (!*levels)
        *levels = ARENA_NEW_ARRAY(&cx->arena, struct level, LEVELS);
    return read_level(cx, xml, open->depth, &(*levels)[at]);
}

static enum err read_abstract(struct ctx *cx, struct xml *xml, const struct xml_event *open, struct abstract *abstract)
{
    struct xml_event event = *open;
    int depth = open->depth;
    *abstract = (struct abstract){ .id = xml_number(open, "abstractNumId", -1) };
    for (;;) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_END || (event.kind == XML_EVENT_CLOSE && event.depth == depth))
            return OK;
        if (event.kind != XML_EVENT_OPEN)
            continue;
        if (is_named(&event, "lvl"))
            TRY(take_level(cx, xml, &event, &abstract->levels));
        else if (is_named(&event, "numStyleLink"))
            abstract->same_as = str_copy(&cx->arena, xml_value(&event, "val"));
    }
}

static enum err read_list(struct ctx *cx, struct xml *xml, const struct xml_event *open, struct list *list)
{
    struct xml_event event = *open;
    int depth = open->depth, at = -1;
    *list = (struct list){ .id = xml_number(open, "numId", -1), .abstract_id = -1 };
    for (int i = 0; i < LEVELS; i++)
        list->starts[i] = -1;
    for (;;) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_END || (event.kind == XML_EVENT_CLOSE && event.depth == depth))
            return OK;
        if (event.kind != XML_EVENT_OPEN)
            continue;
        if (is_named(&event, "abstractNumId"))
            list->abstract_id = xml_number(&event, "val", -1);
        else if (is_named(&event, "lvlOverride"))
            at = xml_number(&event, "ilvl", -1);
        else if (is_named(&event, "startOverride") && at >= 0 && at < LEVELS)
            list->starts[at] = xml_number(&event, "val", 1);
        else if (is_named(&event, "lvl"))
            TRY(take_level(cx, xml, &event, &list->levels));
    }
}

static int by_id(const void *a, const void *b)
{
    const struct list *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

static struct list *list_of(struct docx_lists *lists, int id)
{
    struct list wanted = { .id = id };
    return lists->lists_len > 0 ? bsearch(&wanted, lists->lists, lists->lists_len, sizeof wanted, by_id) : NULL;
}

/* Ties each list to its abstract one. */
static void tie(struct docx_lists *lists)
{
    if (lists->lists_len > 0)
        qsort(lists->lists, lists->lists_len, sizeof *lists->lists, by_id);
    for (size_t i = 0; i < lists->lists_len; i++)
        for (size_t at = 0; at < lists->abstracts_len && !lists->lists[i].abstract; at++)
            if (lists->abstracts[at].id == lists->lists[i].abstract_id)
                lists->lists[i].abstract = &lists->abstracts[at];
}

enum err docx_lists_read(struct ctx *cx, const struct xml_source *part, struct docx_lists **ret_lists)
{
    struct docx_lists *lists = ARENA_NEW(&cx->arena, struct docx_lists);
    struct xml *xml = NULL;
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    if (part)
        xml_open(cx, *part, docx_spaces, &xml);
    while (part && event.kind != XML_EVENT_END) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind != XML_EVENT_OPEN || event.space != SPACE_W)
            continue;
        if (lists->abstracts_len == LISTS_MAX || lists->lists_len == LISTS_MAX)
            return fail(cx, ERR_LIMIT, "Tệp Word này có hơn %d danh sách đánh số; xin sao nội dung sang một văn bản mới rồi "
                                       "gửi lại", LISTS_MAX);
        if (is_named(&event, "abstractNum")) {
            lists->abstracts = array_for_one_more(&cx->arena, lists->abstracts, lists->abstracts_len,
                                                  sizeof *lists->abstracts);
            TRY(read_abstract(cx, xml, &event, &lists->abstracts[lists->abstracts_len++]));
        } else if (is_named(&event, "num")) {
            lists->lists = array_for_one_more(&cx->arena, lists->lists, lists->lists_len,
                                              sizeof *lists->lists);
            TRY(read_list(cx, xml, &event, &lists->lists[lists->lists_len++]));
        }
    }
    tie(lists);
    *ret_lists = lists;
    return OK;
}

/* The abstract list of a list; one that only names a style is that style's list. */
static struct abstract *abstract_of(struct docx_lists *lists, const struct docx_styles *styles, const struct list *list)
{
    enum { STEPS_MAX = 4 };
    for (int step = 0; list && step < STEPS_MAX; step++) {
        struct abstract *abstract = list->abstract;
        if (!abstract || abstract->levels || abstract->same_as.len == 0)
            return abstract;
        const struct docx_style *style = docx_style_find(styles, abstract->same_as);
        list = style ? list_of(lists, style->paragraph.list) : NULL;
    }
    return NULL;
}

static const struct level *level_of(const struct abstract *abstract, const struct list *list, int at)
{
    if (list->levels && list->levels[at].is_known)
        return &list->levels[at];
    return abstract->levels && abstract->levels[at].is_known ? &abstract->levels[at] : NULL;
}

static void put_roman(struct buf *out, int value, bool is_capital)
{
    static const struct {
        int value;
        const char *small, *capital;
    } parts[] = { { 1000, "m", "M" }, { 900, "cm", "CM" }, { 500, "d", "D" }, { 400, "cd", "CD" }, { 100, "c", "C" },
                  { 90, "xc", "XC" }, { 50, "l", "L" },    { 40, "xl", "XL" }, { 10, "x", "X" },   { 9, "ix", "IX" },
                  { 5, "v", "V" },    { 4, "iv", "IV" },   { 1, "i", "I" } };
    for (size_t i = 0; i < LEN(parts); i++)
        for (; value >= parts[i].value; value -= parts[i].value)
            buf_put(out, str_from(is_capital ? parts[i].capital : parts[i].small));
}

/* One number of a label (17.18.59). Letters go a to z, then aa, bb. */
static void put_number(struct buf *out, struct str format, int value)
{
    enum { ROMAN_MAX = 3999, LETTERS_MAX = 26 * 9 };
    bool is_upper = str_starts(format, STR("upper"));
    if (str_eq(format, STR("none")) || str_eq(format, STR("bullet")))
        return;
    if ((str_eq(format, STR("upperRoman")) || str_eq(format, STR("lowerRoman"))) && value > 0 && value <= ROMAN_MAX) {
        put_roman(out, value, is_upper);
    } else if ((str_eq(format, STR("upperLetter")) || str_eq(format, STR("lowerLetter"))) && value > 0 &&
               value <= LETTERS_MAX) {
        for (int i = 0; i <= (value - 1) / 26; i++)
            buf_put_char(out, (char)((is_upper ? 'A' : 'a') + (value - 1) % 26));
    } else if (str_eq(format, STR("decimalZero"))) {
        buf_format(out, "%02d", value);
    } else if (str_eq(format, STR("decimalEnclosedParen"))) {
        buf_format(out, "(%d)", value);
    } else if (str_eq(format, STR("numberInDash"))) {
        buf_format(out, "- %d -", value);
    } else {
        buf_put_i64(out, value);
    }
}

/*
 * A bullet as people type it: a dash, a plus, an asterisk stays; every other picture is a dot. In the fonts Symbol and
 * Wingdings the dash is U+F02D or U+F0BE, the plus U+F02B.
 */
static struct str bullet(struct str text)
{
    struct str rest = text;
    uint32_t letter = str_next_code_point(&rest);
    if (letter >= 0xF000 && letter <= 0xF0FF)
        letter -= 0xF000;
    switch (letter) {
    case 0:
        return STR("");
    case '-':
    case 0xBE:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return STR("-");
    case '+':
        return STR("+");
    case '*':
        return STR("*");
    default:
        return STR("•");
    }
}

static int start_of(const struct abstract *abstract, const struct list *list, int at)
{
    const struct level *level = level_of(abstract, list, at);
    return list->starts[at] >= 0 ? list->starts[at] : level ? level->start : 0;
}

/* Counts one more at a level. Deeper levels begin again, unless they say after which level they do. */
static void count(struct abstract *abstract, struct list *list, int at)
{
    if (!list->is_begun) {
        list->is_begun = true;
        for (int i = 0; i < LEVELS; i++)
            if (list->starts[i] >= 0)
                abstract->is_counted[i] = false;
    }
    abstract->counts[at] = abstract->is_counted[at] ? abstract->counts[at] + 1 : start_of(abstract, list, at);
    abstract->is_counted[at] = true;
    for (int deeper = at + 1; deeper < LEVELS; deeper++) {
        const struct level *level = level_of(abstract, list, deeper);
        int restart_after = level ? level->restart_after : -1;
        if (restart_after < 0 || at < restart_after)
            abstract->is_counted[deeper] = false;
    }
}

/* "%1.%2." with the numbers in their places. A level not counted yet shows where it will start. */
static struct str label(struct ctx *cx, const struct abstract *abstract, const struct list *list,
                        const struct level *level)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < level->text.len; i++) {
        char c = level->text.at[i];
        char next = i + 1 < level->text.len ? level->text.at[i + 1] : 0;
        if (c != '%' || next < '1' || next > '9') {
            buf_put_char(&out, c);
            continue;
        }
        int other = next - '1';
        const struct level *shown = level_of(abstract, list, other);
        int value = abstract->is_counted[other] ? abstract->counts[other] : start_of(abstract, list, other);
        struct str format = shown && !level->is_legal ? shown->format : STR("decimal");
        put_number(&out, format, value);
        i++;
    }
    return legacy_decode(&cx->arena, buf_str(&out), docx_font_legacy(level->run.font));
}

static int level_for_style(const struct abstract *abstract, const struct list *list, struct str style)
{
    for (int at = 0; at < LEVELS && style.len > 0; at++) {
        const struct level *level = level_of(abstract, list, at);
        if (level && str_eq(level->style, style))
            return at;
    }
    return 0;
}

struct str docx_list_count(struct ctx *cx, struct docx_lists *lists, const struct docx_styles *styles, int list_id,
                           int at, struct str style, bool has_words)
{
    struct list *list = list_id > 0 ? list_of(lists, list_id) : NULL;
    struct abstract *abstract = abstract_of(lists, styles, list);
    if (!abstract)
        return STR("");
    if (at < 0 || at >= LEVELS)
        at = level_for_style(abstract, list, style);
    const struct level *level = level_of(abstract, list, at);
    if (!level)
        return STR("");
    count(abstract, list, at);
    if (!has_words)
        return STR("");
    struct str text = level->is_picture ? STR("•")
                      : str_eq(level->format, STR("bullet")) ? bullet(level->text)
                                                             : label(cx, abstract, list, level);
    if (text.len == 0 || level->is_glued)
        return text;
    return str_format(&cx->arena, STR_FMT " ", STR_ARG(text));
}
