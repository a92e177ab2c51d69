#include "paper/docx_walk.h"
#include "viet/viet.h"

/* A letter that no old encoding has: proof that a text is Unicode whatever its font is called. */
static bool has_unicode_letters(struct str letters)
{
    while (letters.len > 0) {
        uint32_t letter = str_next_code_point(&letters);
        if (letter > 0xFF && (letter < 0x2000 || letter > 0x2122) && letter != 0x152 && letter != 0x153)
            return true;
    }
    return false;
}

/*
 * Whether a stretch in an old font is of the font's encoding. A paper retyped in Unicode often keeps the name of the old
 * font in places; decoding would spoil it. Where both readings are Vietnamese ("có"), the stretches before decide.
 */
static bool is_old_text(struct walk *w, struct str letters, enum legacy legacy)
{
    struct docx *docx = w->docx;
    if (has_unicode_letters(letters)) {
        docx->unicode_in_old_fonts++;
        return false;
    }
    arena_reset(&w->scratch);
    int as_it_is = legacy_score(&w->scratch, letters);
    if (as_it_is < 0)
        return legacy == LEGACY_TCVN3_CAPITALS && docx->unicode_in_old_fonts <= docx->old_in_old_fonts;
    int decoded = legacy_score(&w->scratch, legacy_decode(&w->scratch, letters, legacy));
    if (as_it_is == decoded)
        return docx->unicode_in_old_fonts <= docx->old_in_old_fonts;
    docx->old_in_old_fonts += decoded > as_it_is;
    docx->unicode_in_old_fonts += decoded < as_it_is;
    return decoded > as_it_is;
}

void walk_close_stretch(struct walk *w, struct paragraph *p)
{
    struct str letters = buf_str(&p->letters);
    if (letters.len == 0)
        return;
    if (p->stretch.legacy != LEGACY_NONE && is_old_text(w, letters, p->stretch.legacy))
        letters = legacy_decode(&w->cx->arena, letters, p->stretch.legacy);
    else
        letters = docx_swap(&w->cx->arena, letters, STR(SOFT_HYPHEN), STR(SOFT_HYPHEN_KEPT));
    if (p->stretch.is_capital)
        letters = viet_upper(&w->cx->arena, letters);
    buf_put(&p->done, letters);
    p->letters.len = 0;
}

static void switch_stretch(struct walk *w, struct paragraph *p, struct stretch stretch)
{
    if (p->stretch.legacy == stretch.legacy && p->stretch.is_capital == stretch.is_capital)
        return;
    walk_close_stretch(w, p);
    p->stretch = stretch;
}

static const struct run_format *look_of(struct walk *w)
{
    struct frame *frame = walk_frame(w);
    if (!frame->is_look_known) {
        frame->look = docx_run_look(&w->docx->styles, frame->paragraph.style, frame->character, &frame->own);
        frame->is_look_known = true;
    }
    return &frame->look;
}

static void count_letters(struct paragraph *p, const struct run_format *look, size_t letters)
{
    p->counted += letters;
    p->bold += look->is_bold > 0 ? letters : 0;
    p->italic += look->is_italic > 0 ? letters : 0;
    for (size_t i = 0; i < SIZES_MAX; i++) {
        if (p->sizes[i].letters > 0 && p->sizes[i].half_points != look->half_points)
            continue;
        p->sizes[i].half_points = look->half_points;
        p->sizes[i].letters += letters;
        return;
    }
}

/* Whether words at this place are seen at all. */
bool walk_is_seen(struct walk *w)
{
    const struct frame *frame = walk_frame(w);
    const struct table *table = walk_table(w);
    return frame->paragraph.is_open && frame->suppressed == 0 && frame->instructions == 0 &&
           !(table && table->is_row_deleted) && look_of(w)->is_hidden <= 0;
}

/* Letters of the run that is open; line breaks inside are blanks, as XML's are. */
static void put_text(struct walk *w, struct str text)
{
    if (!walk_is_seen(w))
        return;
    struct paragraph *p = &walk_frame(w)->paragraph;
    const struct run_format *look = look_of(w);
    enum legacy legacy = docx_font_legacy(look->font);
    size_t letters = 0;
    while (text.len > 0) {
        uint32_t letter = str_next_code_point(&text);
        bool is_raised = look->is_raised > 0 && letter >= '0' && letter <= '9';
        if (letter == '\n' || letter == '\r' || letter == '\t')
            letter = ' ';
        else if (letter >= 0xF000 && letter <= 0xF0FF)
            letter = docx_symbol(look->font, letter);
        if (letter == 0)
            continue;
        letters += letter != ' ' && letter != 0xA0;
        switch_stretch(w, p, (struct stretch){ is_raised ? LEGACY_NONE : legacy, look->is_capital > 0 });
        buf_put_code_point(&p->letters, is_raised ? superscript_of(letter) : letter);
    }
    count_letters(p, look, letters);
}

/* A sign of the walk's own, in no font. */
void walk_put_sign(struct walk *w, uint32_t letter)
{
    if (!walk_is_seen(w))
        return;
    struct paragraph *p = &walk_frame(w)->paragraph;
    bool is_blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == 0xAD;
    if (!is_blank)
        switch_stretch(w, p, (struct stretch){ LEGACY_NONE, false });
    buf_put_code_point(&p->letters, letter);
}

/* White space at the ends of a w:t counts only where the file says so (XML 1.0, 2.10). */
enum err walk_open_text(struct walk *w, const struct xml_event *event)
{
    w->text.len = 0;
    w->is_collecting = true;
    w->is_text_trimmed = !str_eq(xml_value(event, "space"), STR("preserve"));
    return OK;
}

enum err walk_close_text(struct walk *w)
{
    struct str text = buf_str(&w->text);
    if (w->is_collecting)
        put_text(w, w->is_text_trimmed ? str_trim(text) : text);
    w->is_collecting = false;
    return OK;
}

enum err walk_open_word_text(struct walk *w, const struct xml_event *event)
{
    return walk_is_in(w, 1, "r") ? walk_open_text(w, event) : OK;
}

enum err walk_open_break(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (walk_is_in(w, 1, "r"))
        walk_put_sign(w, '\n');
    return OK;
}

/* Inside w:r; the same name inside w:tabs is a tab stop. */
enum err walk_open_tab(struct walk *w, const struct xml_event *event)
{
    (void)event;
    if (walk_is_in(w, 1, "r"))
        walk_put_sign(w, '\t');
    return OK;
}

enum err walk_open_hyphen(struct walk *w, const struct xml_event *event)
{
    (void)event;
    walk_put_sign(w, '-');
    return OK;
}

/* In TCVN3 the code of the soft hyphen is the letter "ư" (domain.md 6.2); elsewhere it is not seen and goes. */
enum err walk_open_soft_hyphen(struct walk *w, const struct xml_event *event)
{
    (void)event;
    walk_put_sign(w, 0xAD);
    return OK;
}

static uint32_t hexadecimal(struct str text)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.len && i < 5; i++) {
        char c = text.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return 0;
        value = value * 16 + (uint32_t)digit;
    }
    return value >= 0xD800 && value <= 0xDFFF ? 0 : value;
}

enum err walk_open_symbol(struct walk *w, const struct xml_event *event)
{
    uint32_t letter = docx_symbol(docx_font_of(xml_value(event, "font")), hexadecimal(xml_value(event, "char")));
    if (letter >= 0x20)
        walk_put_sign(w, letter);
    return OK;
}
