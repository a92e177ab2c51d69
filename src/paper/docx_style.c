#include "paper/docx.h"

enum { STYLES_MAX = 4000, CHAIN_MAX = 40 };

const struct xml_space docx_spaces[] = {
    { "http://schemas.openxmlformats.org/wordprocessingml/2006/main", SPACE_W },
    { "http://purl.oclc.org/ooxml/wordprocessingml/main", SPACE_W },
    { "http://schemas.openxmlformats.org/markup-compatibility/2006", SPACE_COMPATIBILITY },
    { "http://schemas.openxmlformats.org/officeDocument/2006/math", SPACE_MATH },
    { "http://purl.oclc.org/ooxml/officeDocument/math", SPACE_MATH },
    { "urn:schemas-microsoft-com:vml", SPACE_VML },
    { NULL, SPACE_NONE },
};

static bool is_named(const struct xml_event *event, const char *name)
{
    return str_eq(event->name, str_from(name));
}

bool docx_is_on(const struct xml_event *event)
{
    struct str value = xml_value(event, "val");
    return !str_eq(value, STR("0")) && !str_eq(value, STR("false")) && !str_eq(value, STR("off"));
}

/* A font of the theme is Unicode whatever else is named beside it (17.3.2.26). */
static enum docx_font font_of(const struct xml_event *event)
{
    static const char *const names[] = { "hAnsi", "ascii" };
    enum docx_font font = FONT_SILENT;
    if (xml_has(event, "asciiTheme") || xml_has(event, "hAnsiTheme"))
        return FONT_UNICODE;
    for (size_t i = 0; i < LEN(names) && font <= FONT_UNICODE; i++) {
        struct str name = xml_value(event, names[i]);
        font = name.len > 0 ? docx_font_of(name) : font;
    }
    return font;
}

void run_format_take(struct run_format *format, const struct xml_event *event)
{
    if (event->space != SPACE_W)
        return;
    if (is_named(event, "b"))
        format->is_bold = docx_is_on(event);
    else if (is_named(event, "i"))
        format->is_italic = docx_is_on(event);
    else if (is_named(event, "caps"))
        format->is_capital = docx_is_on(event);
    else if (is_named(event, "vanish"))
        format->is_hidden = docx_is_on(event);
    else if (is_named(event, "vertAlign"))
        format->is_raised = str_eq(xml_value(event, "val"), STR("superscript"));
    else if (is_named(event, "sz"))
        format->half_points = xml_number(event, "val", -1);
    else if (is_named(event, "rFonts"))
        format->font = font_of(event);
}

void paragraph_format_take(struct paragraph_format *format, const struct xml_event *event)
{
    if (event->space != SPACE_W)
        return;
    if (is_named(event, "jc"))
        format->is_centred = str_eq(xml_value(event, "val"), STR("center"));
    else if (is_named(event, "outlineLvl"))
        format->outline_level = xml_number(event, "val", -1);
    else if (is_named(event, "numId"))
        format->list = xml_number(event, "val", -1);
    else if (is_named(event, "ilvl"))
        format->level = xml_number(event, "val", -1);
}

static void inherit_run(struct run_format *own, const struct run_format *from)
{
    own->is_bold = own->is_bold < 0 ? from->is_bold : own->is_bold;
    own->is_italic = own->is_italic < 0 ? from->is_italic : own->is_italic;
    own->is_capital = own->is_capital < 0 ? from->is_capital : own->is_capital;
    own->is_hidden = own->is_hidden < 0 ? from->is_hidden : own->is_hidden;
    own->is_raised = own->is_raised < 0 ? from->is_raised : own->is_raised;
    own->half_points = own->half_points < 0 ? from->half_points : own->half_points;
    own->font = own->font == FONT_SILENT ? from->font : own->font;
}

static void inherit_paragraph(struct paragraph_format *own, const struct paragraph_format *from)
{
    own->is_centred = own->is_centred < 0 ? from->is_centred : own->is_centred;
    own->outline_level = own->outline_level < 0 ? from->outline_level : own->outline_level;
    own->list = own->list < 0 ? from->list : own->list;
    own->level = own->level < 0 ? from->level : own->level;
}

/* "heading 3" is level 3 also where the outline level was left out. Word keeps these names in every language. */
static void take_name(struct docx_style *style, struct str name)
{
    if (name.len == 9 && strncasecmp(name.at, "heading ", 8) == 0 && name.at[8] >= '1' && name.at[8] <= '9' &&
        style->paragraph.outline_level < 0)
        style->paragraph.outline_level = name.at[8] - '1';
}

/* One w:style to its end. A property's place tells whose it is: w:rPr and w:pPr directly below the style. */
static enum err read_style(struct ctx *cx, struct xml *xml, const struct xml_event *open, struct docx_style *style)
{
    struct xml_event event = *open;
    int depth = open->depth;
    bool is_paragraph = str_eq(xml_value(open, "type"), STR("paragraph"));
    *style = (struct docx_style){ .run = RUN_FORMAT_SILENT, .paragraph = PARAGRAPH_FORMAT_SILENT };
    style->id = str_copy(&cx->arena, xml_value(open, "styleId"));
    style->is_paragraph_default = is_paragraph && xml_has(open, "default") &&
                                  !str_eq(xml_value(open, "default"), STR("0"));
    char inside = 0;
    for (;;) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_END || (event.kind == XML_EVENT_CLOSE && event.depth == depth))
            return OK;
        if (event.kind != XML_EVENT_OPEN)
            continue;
        if (event.depth == depth + 1) {
            inside = is_named(&event, "rPr") ? 'r' : is_named(&event, "pPr") ? 'p' : 0;
            if (is_named(&event, "basedOn"))
                style->based_on = str_copy(&cx->arena, xml_value(&event, "val"));
            else if (is_named(&event, "name"))
                take_name(style, xml_value(&event, "val"));
        } else if (inside == 'r' && event.depth == depth + 2) {
            run_format_take(&style->run, &event);
        } else if (inside == 'p' && !is_named(&event, "pPrChange")) {
            paragraph_format_take(&style->paragraph, &event);
        } else {
            TRY(xml_skip(cx, xml, event.depth));
        }
    }
}

static int by_id(const void *a, const void *b)
{
    const struct docx_style *left = a, *right = b;
    return str_compare(left->id, right->id);
}

const struct docx_style *docx_style_find(const struct docx_styles *styles, struct str id)
{
    struct docx_style wanted = { .id = id };
    return id.len > 0 && styles->len > 0 ? bsearch(&wanted, styles->at, styles->len, sizeof wanted, by_id) : NULL;
}

/* Gives each style what it has from those it is based on. A circle ends after CHAIN_MAX. */
static void resolve(struct ctx *cx, struct docx_styles *styles)
{
    struct docx_style *whole = ARENA_NEW_ARRAY(&cx->arena, struct docx_style, styles->len + 1);
    for (size_t i = 0; i < styles->len; i++) {
        whole[i] = styles->at[i];
        const struct docx_style *above = docx_style_find(styles, whole[i].based_on);
        for (int steps = 0; above && steps < CHAIN_MAX; steps++) {
            inherit_run(&whole[i].run, &above->run);
            inherit_paragraph(&whole[i].paragraph, &above->paragraph);
            above = docx_style_find(styles, above->based_on);
        }
    }
    styles->at = whole;
    for (size_t i = 0; i < styles->len; i++)
        if (whole[i].is_paragraph_default)
            styles->paragraph_default = &whole[i];
}

enum err docx_styles_read(struct ctx *cx, const struct xml_source *part, struct docx_styles *ret_styles)
{
    struct docx_styles styles = { .defaults = RUN_FORMAT_SILENT };
    struct xml *xml = NULL;
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    bool is_in_defaults = false;
    if (part)
        xml_open(cx, *part, docx_spaces, &xml);
    while (part && event.kind != XML_EVENT_END) {
        TRY(xml_next(cx, xml, &event));
        if (event.kind == XML_EVENT_CLOSE && is_named(&event, "rPrDefault"))
            is_in_defaults = false;
        if (event.kind != XML_EVENT_OPEN || event.space != SPACE_W)
            continue;
        is_in_defaults |= is_named(&event, "rPrDefault");
        if (is_in_defaults && event.depth == 5)
            run_format_take(&styles.defaults, &event);
        if (!is_named(&event, "style"))
            continue;
        if (styles.len == STYLES_MAX)
            return fail(cx, ERR_LIMIT, "Tệp Word này có hơn %d kiểu trình bày; xin sao nội dung sang một văn bản mới rồi "
                                       "gửi lại", STYLES_MAX);
        styles.at = array_for_one_more(&cx->arena, styles.at, styles.len, sizeof *styles.at);
        TRY(read_style(cx, xml, &event, &styles.at[styles.len]));
        styles.len++;
    }
    if (styles.len > 0)
        qsort(styles.at, styles.len, sizeof *styles.at, by_id);
    resolve(cx, &styles);
    *ret_styles = styles;
    return OK;
}

/*
 * An on-off property of a run: its own word is final; set by both the paragraph's and the letters' style it is on when
 * one of them, not both, sets it (17.7.3).
 */
static signed char toggle(signed char own, signed char paragraph, signed char character, signed char otherwise)
{
    if (own >= 0)
        return own;
    if (paragraph < 0 && character < 0)
        return otherwise > 0;
    return (paragraph > 0) != (character > 0);
}

struct run_format docx_run_look(const struct docx_styles *styles, const struct docx_style *paragraph,
                                const struct docx_style *character, const struct run_format *own)
{
    static const struct run_format silent = RUN_FORMAT_SILENT;
    const struct run_format *by_paragraph = paragraph ? &paragraph->run : &silent;
    const struct run_format *by_character = character ? &character->run : &silent;
    const struct run_format *otherwise = &styles->defaults;
    struct run_format look = *own;
    inherit_run(&look, by_character);
    inherit_run(&look, by_paragraph);
    inherit_run(&look, otherwise);
    look.is_bold = toggle(own->is_bold, by_paragraph->is_bold, by_character->is_bold, otherwise->is_bold);
    look.is_italic = toggle(own->is_italic, by_paragraph->is_italic, by_character->is_italic, otherwise->is_italic);
    look.is_capital = toggle(own->is_capital, by_paragraph->is_capital, by_character->is_capital,
                             otherwise->is_capital);
    look.is_hidden = toggle(own->is_hidden, by_paragraph->is_hidden, by_character->is_hidden, otherwise->is_hidden);
    look.is_raised = look.is_raised > 0;
    return look;
}
