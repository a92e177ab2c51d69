#include "paper/docx.h"

/*
 * Codes of the picture fonts as they stand in papers: arrows, ticks, boxes to tick, bullets and signs. Symbol's table is
 * the one of Adobe's "Symbol" encoding; Wingdings' from Unicode's mapping of the font (L2/11-149).
 */
struct picture {
    unsigned char code;
    uint16_t letter;
};

static const struct picture symbol_pictures[] = {
    { 0x2A, '*' },    { 0x2B, '+' },    { 0x2D, '-' },    { 0xA3, 0x2264 }, { 0xB0, 0xB0 },   { 0xB1, 0xB1 },
    { 0xB2, 0x2033 }, { 0xB3, 0x2265 }, { 0xB4, 0xD7 },   { 0xB7, 0x2022 }, { 0xB8, 0xF7 },   { 0xB9, 0x2260 },
    { 0xBB, 0x2248 }, { 0xBC, 0x2026 }, { 0xBE, '-' },    { 0xAB, 0x2194 }, { 0xAC, 0x2190 }, { 0xAD, 0x2191 },
    { 0xAE, 0x2192 }, { 0xAF, 0x2193 }, { 0xDE, 0x21D2 }, { 0xA2, 0x2032 }, { 0xA5, 0x221E }, { 0xE5, 0x2211 },
};

static const struct picture wingdings_pictures[] = {
    { 0x28, 0x260E }, { 0x29, 0x2706 }, { 0x2A, 0x2709 }, { 0x2B, 0x2709 }, { 0x6C, 0x2022 }, { 0x6E, 0x25A0 },
    { 0x6F, 0x2610 }, { 0x71, 0x2610 }, { 0x72, 0x2610 }, { 0x76, 0x2756 }, { 0x77, 0x25C6 }, { 0x9F, 0x2022 },
    { 0xA1, 0x25CB }, { 0xA7, 0x25AA }, { 0xA8, 0x2610 }, { 0xAB, 0x2605 }, { 0xD8, 0x27A2 }, { 0xDF, 0x2190 },
    { 0xE0, 0x2192 }, { 0xE1, 0x2191 }, { 0xE2, 0x2193 }, { 0xE8, 0x2794 }, { 0xEF, 0x21E6 }, { 0xF0, 0x21E8 },
    { 0xF3, 0x2194 }, { 0xFB, 0x2718 }, { 0xFC, 0x2714 }, { 0xFD, 0x2612 }, { 0xFE, 0x2611 }, { 0x46, 0x261E },
};

enum docx_font docx_font_of(struct str name)
{
    switch (legacy_of_font(name)) {
    case LEGACY_TCVN3:
        return FONT_TCVN3;
    case LEGACY_TCVN3_CAPITALS:
        return FONT_TCVN3_CAPITALS;
    case LEGACY_VNI:
        return FONT_VNI;
    case LEGACY_NONE:
    case LEGACY_CP1258:
    case LEGACY_TWICE:
        break;
    }
    if (str_eq(name, STR("Symbol")))
        return FONT_SYMBOL;
    return str_eq(name, STR("Wingdings")) ? FONT_WINGDINGS : FONT_UNICODE;
}

enum legacy docx_font_legacy(enum docx_font font)
{
    switch (font) {
    case FONT_TCVN3:
        return LEGACY_TCVN3;
    case FONT_TCVN3_CAPITALS:
        return LEGACY_TCVN3_CAPITALS;
    case FONT_VNI:
        return LEGACY_VNI;
    case FONT_SILENT:
    case FONT_UNICODE:
    case FONT_SYMBOL:
    case FONT_WINGDINGS:
        break;
    }
    return LEGACY_NONE;
}

struct str docx_swap(struct arena *arena, struct str text, struct str from, struct str to)
{
    struct buf out;
    if (str_find(text, from) == text.len)
        return text;
    buf_init(&out, arena);
    while (text.len > 0) {
        size_t at = str_find(text, from);
        buf_put(&out, str_sub(text, 0, at));
        if (at < text.len)
            buf_put(&out, to);
        text = str_sub(text, at + from.len, SIZE_MAX);
    }
    return buf_str(&out);
}

static uint32_t letter_in(const struct picture *pictures, size_t len, uint32_t code)
{
    for (size_t i = 0; i < len; i++)
        if (pictures[i].code == code)
            return pictures[i].letter;
    return 0;
}

uint32_t docx_symbol(enum docx_font font, uint32_t code)
{
    uint32_t low = code >= 0xF000 && code <= 0xF0FF ? code - 0xF000 : code;
    if (font == FONT_SYMBOL) {
        uint32_t letter = letter_in(symbol_pictures, LEN(symbol_pictures), low);
        return letter == 0 && low >= 0x20 && low < 0x40 ? low : letter;
    }
    if (font == FONT_WINGDINGS)
        return letter_in(wingdings_pictures, LEN(wingdings_pictures), low);
    /* An unknown font's own code: a picture nobody can name. The codes of letters are letters in most. */
    return low;
}
