#include "paper/legacy.h"

#include "viet/viet.h"

enum {
    SAMPLE_BYTES = 64 * 1024,
    IS_VIETNAMESE_PERCENT = 60, /* names and abbreviations of other languages take their share */
    IS_DECODED_PERCENT = 75,
    MARK_GRAVE = 0x300,
    MARK_ACUTE = 0x301,
    MARK_CIRCUMFLEX = 0x302,
    MARK_TILDE = 0x303,
    MARK_BREVE = 0x306,
    MARK_HOOK = 0x309,
    MARK_DOT = 0x323,
};

struct str legacy_shown(enum legacy legacy)
{
    static const struct str names[] = {
#define X(name, shown) STR_INIT(shown),
        LEGACY_LIST(X)
#undef X
    };
    return names[legacy];
}

static bool starts_without_case(struct str s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && strncasecmp(s.at, prefix, len) == 0;
}

enum legacy legacy_of_font(struct str font)
{
    if (starts_without_case(font, "VNI-"))
        return LEGACY_VNI;
    if (!starts_without_case(font, ".Vn"))
        return LEGACY_NONE;
    return str_ends(font, STR("H")) ? LEGACY_TCVN3_CAPITALS : LEGACY_TCVN3;
}

/* 0x80 to 0x9F of CP1252; the rest is Latin-1. */
static const uint16_t cp1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

struct str legacy_letters(struct arena *arena, struct bytes bytes)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = bytes.at[i];
        buf_put_code_point(&out, byte >= 0x80 && byte < 0xA0 ? cp1252[byte - 0x80] : byte);
    }
    return buf_str(&out);
}

/* 0xA0 to 0xFF of TCVN3; 0 where it has no letter. */
static const uint16_t tcvn3[96] = {
    0xA0,   0x102,  0xC2,   0xCA,   0xD4,   0x1A0,  0x1AF,  0x110,  0x103,  0xE2,   0xEA,   0xF4,
    0x1A1,  0x1B0,  0x111,  0,      0,      0,      0,      0,      0,      0xE0,   0x1EA3, 0xE3,
    0xE1,   0x1EA1, 0,      0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0,      0,      0,      0,      0,
    0,      0,      0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8,   0,      0x1EBB, 0x1EBD,
    0xE9,   0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0xEC,   0x1EC9, 0,      0,      0,
    0x129,  0xED,   0x1ECB, 0xF2,   0,      0x1ECF, 0xF5,   0xF3,   0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7,
    0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3, 0xF9,   0,      0x1EE7, 0x169,  0xFA,
    0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD,   0x1EF5, 0,
};

/*
 * TCVN3 has no capitals with a tone: "KẾ HOẠCH" is typed "KÕ HO¹CH", and a font draws it right. A line whose plain
 * letters are all capitals was meant so.
 */
static struct str capital_line(struct arena *arena, struct str line)
{
    size_t capitals = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] >= 'a' && line.at[i] <= 'z')
            return line;
        capitals += line.at[i] >= 'A' && line.at[i] <= 'Z';
    }
    return capitals >= 2 ? viet_upper(arena, line) : line;
}

static struct str decode_tcvn3(struct arena *arena, struct str letters)
{
    struct buf out, line;
    buf_init(&out, arena);
    buf_init(&line, arena);
    while (letters.len > 0) {
        uint32_t letter = str_next_code_point(&letters);
        uint32_t known = letter >= 0xA0 && letter <= 0xFF ? tcvn3[letter - 0xA0] : 0;
        if (letter != '\n')
            buf_put_code_point(&line, known ? known : letter);
        if (letter == '\n' || letters.len == 0) {
            buf_put(&out, capital_line(arena, buf_str(&line)));
            line.len = 0;
        }
        if (letter == '\n')
            buf_put_char(&out, '\n');
    }
    return buf_str(&out);
}

/* What one letter of VNI adds to the vowel before it: the mark of the vowel (0 none) and the tone (0 none). */
struct vni_mark {
    uint32_t letter;
    const char *after; /* the vowels it follows; \xF4 and \xF6 are ô (ơ) and ö (ư) */
    uint32_t vowel;
    uint32_t tone;
};

static const struct vni_mark vni_marks[] = {
    { 0xF8, "aeouy\xF4\xF6", 0, MARK_GRAVE },  { 0xF9, "aeouy\xF4\xF6", 0, MARK_ACUTE },
    { 0xFB, "aeouy\xF4\xF6", 0, MARK_HOOK },   { 0xF5, "aeouy\xF4\xF6", 0, MARK_TILDE },
    { 0xEF, "aeouy\xF4\xF6", 0, MARK_DOT },    { 0xEA, "a", MARK_BREVE, 0 },
    { 0xE8, "a", MARK_BREVE, MARK_GRAVE },     { 0xE9, "a", MARK_BREVE, MARK_ACUTE },
    { 0xFA, "a", MARK_BREVE, MARK_HOOK },      { 0xFC, "a", MARK_BREVE, MARK_TILDE },
    { 0xEB, "a", MARK_BREVE, MARK_DOT },       { 0xE2, "aeo", MARK_CIRCUMFLEX, 0 },
    { 0xE0, "aeo", MARK_CIRCUMFLEX, MARK_GRAVE }, { 0xE1, "aeo", MARK_CIRCUMFLEX, MARK_ACUTE },
    { 0xE5, "aeo", MARK_CIRCUMFLEX, MARK_HOOK },  { 0xE3, "aeo", MARK_CIRCUMFLEX, MARK_TILDE },
    { 0xE4, "aeo", MARK_CIRCUMFLEX, MARK_DOT },
};

/* Letters of VNI that stand for themselves alone, small and capital. */
static const uint16_t vni_letters[][3] = {
    { 0xF1, 0x111, 0x110 }, { 0xF4, 0x1A1, 0x1A0 }, { 0xF6, 0x1B0, 0x1AF },   { 0xEE, 0x1EF5, 0x1EF4 },
    { 0xEC, 0xEC, 0xCC },   { 0xED, 0xED, 0xCD },   { 0xE6, 0x1EC9, 0x1EC8 }, { 0xF3, 0x129, 0x128 },
    { 0xF2, 0x1ECB, 0x1ECA },
};

/* Capitals stand 0x20 below the small letters, in ASCII and in Latin-1. */
static uint32_t small(uint32_t letter)
{
    bool is_capital = (letter >= 'A' && letter <= 'Z') || (letter >= 0xC0 && letter <= 0xDE);
    return is_capital ? letter + 0x20 : letter;
}

static uint32_t vni_letter(uint32_t letter)
{
    for (size_t i = 0; i < LEN(vni_letters); i++)
        if (vni_letters[i][0] == small(letter))
            return letter == small(letter) ? vni_letters[i][1] : vni_letters[i][2];
    return letter;
}

static const struct vni_mark *vni_mark_after(uint32_t vowel, uint32_t letter)
{
    for (size_t i = 0; i < LEN(vni_marks); i++)
        if (vni_marks[i].letter == small(letter) && small(vowel) < 0x100 &&
            memchr(vni_marks[i].after, (int)small(vowel), strlen(vni_marks[i].after)))
            return &vni_marks[i];
    return NULL;
}

static struct str decode_vni(struct arena *arena, struct str letters)
{
    struct buf out;
    buf_init(&out, arena);
    while (letters.len > 0) {
        uint32_t letter = str_next_code_point(&letters);
        buf_put_code_point(&out, vni_letter(letter));
        struct str rest = letters;
        const struct vni_mark *mark = letter ? vni_mark_after(letter, str_next_code_point(&rest)) : NULL;
        if (!mark)
            continue;
        letters = rest;
        if (mark->vowel)
            buf_put_code_point(&out, mark->vowel);
        if (mark->tone)
            buf_put_code_point(&out, mark->tone);
    }
    return viet_nfc(arena, buf_str(&out));
}

/* Where CP1258 differs from CP1252: letters, and tones as marks behind their vowel. */
static uint32_t cp1258(uint32_t letter)
{
    static const uint16_t others[][2] = {
        { 0xC3, 0x102 },       { 0xCC, MARK_GRAVE }, { 0xD0, 0x110 }, { 0xD2, MARK_HOOK },
        { 0xD5, 0x1A0 },       { 0xDD, 0x1AF },      { 0xDE, MARK_TILDE }, { 0xE3, 0x103 },
        { 0xEC, MARK_ACUTE },  { 0xF0, 0x111 },      { 0xF2, MARK_DOT }, { 0xF5, 0x1A1 },
        { 0xFD, 0x1B0 },       { 0xFE, 0x20AB },
    };
    for (size_t i = 0; i < LEN(others); i++)
        if (others[i][0] == letter)
            return others[i][1];
    return letter;
}

static struct str decode_cp1258(struct arena *arena, struct str letters)
{
    struct buf out;
    buf_init(&out, arena);
    while (letters.len > 0)
        buf_put_code_point(&out, cp1258(str_next_code_point(&letters)));
    return viet_nfc(arena, buf_str(&out));
}

/* The byte a letter of CP1252 is, -1 when it is none. The bytes CP1252 lacks pass through most programs as they are. */
static int byte_of(uint32_t letter)
{
    for (int i = 0; i < 32; i++)
        if (cp1252[i] == letter && letter != 0xFFFD)
            return 0x80 + i;
    return letter < 0x100 ? (int)letter : -1;
}

static struct str decode_twice(struct arena *arena, struct str letters)
{
    struct buf out;
    buf_init(&out, arena);
    for (struct str rest = letters; rest.len > 0;) {
        int byte = byte_of(str_next_code_point(&rest));
        if (byte < 0)
            return letters;
        buf_put_char(&out, (char)(unsigned char)byte);
    }
    return str_is_utf8(buf_str(&out)) ? viet_nfc(arena, buf_str(&out)) : letters;
}

struct str legacy_decode(struct arena *arena, struct str letters, enum legacy legacy)
{
    switch (legacy) {
    case LEGACY_NONE:
        return letters;
    case LEGACY_TCVN3:
        return decode_tcvn3(arena, letters);
    case LEGACY_TCVN3_CAPITALS:
        return viet_upper(arena, decode_tcvn3(arena, letters));
    case LEGACY_VNI:
        return decode_vni(arena, letters);
    case LEGACY_CP1258:
        return decode_cp1258(arena, letters);
    case LEGACY_TWICE:
        return decode_twice(arena, letters);
    }
    return letters;
}

/*
 * A syllable is onset, vowels, coda, with one tone at most. Vowels are written here without their tone; the letters are
 * those of the alphabet: a ă â e ê i o ô ơ u ư y.
 */
static const char *const onsets[] = { "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "th", "tr", "qu", "b", "c",
                                      "d",   "đ",  "g",  "h",  "k",  "l",  "m",  "n",  "p",  "r",  "s",  "t", "v",
                                      "x" };
/* The twelve vowels, then what may have a coda, then what may not. */
enum { VOWELS = 12, RHYMES_WITH_CODA = 24 };
static const char *const rhymes[] = {
    "a",   "ă",   "â",   "e",   "ê",   "i",   "o",   "ô",   "ơ",  "u",  "ư",  "y",  "iê", "uâ", "uê",
    "uô",  "ươ",  "uy",  "yê",  "oa",  "oă",  "oe",  "oo",  "uyê", "ia", "iu", "ua", "ui", "uơ", "ưa",
    "ưi",  "ưu",  "ai",  "ao",  "au",  "ay",  "âu",  "ây",  "eo", "êu", "oi", "ôi", "ơi", "iêu", "yêu",
    "uôi", "ươi", "ươu", "uya", "uyu", "oai", "oay", "oao", "oeo", "uây",
};
static const char *const codas[] = { "", "c", "ch", "m", "n", "ng", "nh", "p", "t" };
static const struct {
    const char *plain;
    const char *toned;
} toned_vowels[] = {
    { "a", "àảãáạ" }, { "ă", "ằẳẵắặ" }, { "â", "ầẩẫấậ" }, { "e", "èẻẽéẹ" }, { "ê", "ềểễếệ" }, { "i", "ìỉĩíị" },
    { "o", "òỏõóọ" }, { "ô", "ồổỗốộ" }, { "ơ", "ờởỡớợ" }, { "u", "ùủũúụ" }, { "ư", "ừửữứự" }, { "y", "ỳỷỹýỵ" },
};

/* A vowel's letter without its tone; *ret_has_tone says whether it had one. */
static struct str without_tone(struct str letter, bool *ret_has_tone)
{
    for (size_t i = 0; letter.len > 1 && i < LEN(toned_vowels); i++) {
        struct str toned = str_from(toned_vowels[i].toned);
        if (str_find(toned, letter) < toned.len) {
            *ret_has_tone = true;
            return str_from(toned_vowels[i].plain);
        }
    }
    *ret_has_tone = false;
    return letter;
}

static bool is_one_of(struct str s, const char *const *list, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (str_eq(s, str_from(list[i])))
            return true;
    return false;
}

/* Which of `len` vowels may carry the tone: the last with a mark of its own, else by position. oa, oe, uy: either. */
static bool is_tone_place(const struct str *vowels, size_t len, size_t at, bool has_coda)
{
    for (size_t i = len; i-- > 0;)
        if (vowels[i].len > 1)
            return at == i;
    if (len == 1)
        return at == 0;
    if (len == 3)
        return at == 1;
    bool is_open_rhyme = vowels[0].at[0] == 'o' || vowels[1].at[0] == 'y';
    return has_coda ? at == 1 : at == 0 || (is_open_rhyme && vowels[1].at[0] != 'i');
}

static bool is_rhyme(struct str rest)
{
    struct str vowels[3];
    char text[16];
    size_t len = 0, text_len = 0, tone_at = SIZE_MAX;
    while (rest.len > 0 && len < LEN(vowels)) {
        struct str after = rest;
        bool has_tone = false;
        str_next_code_point(&after);
        struct str vowel = without_tone(str_sub(rest, 0, rest.len - after.len), &has_tone);
        if (!is_one_of(vowel, rhymes, VOWELS))
            break;
        if (has_tone && tone_at != SIZE_MAX)
            return false;
        if (has_tone)
            tone_at = len;
        memcpy(text + text_len, vowel.at, vowel.len);
        text_len += vowel.len;
        vowels[len++] = vowel;
        rest = after;
    }
    size_t rhymes_len = rest.len > 0 ? RHYMES_WITH_CODA : LEN(rhymes);
    if (!is_one_of((struct str){ text, text_len }, rhymes, rhymes_len) || !is_one_of(rest, codas, LEN(codas)))
        return false;
    return tone_at == SIZE_MAX || is_tone_place(vowels, len, tone_at, rest.len > 0);
}

static bool is_syllable(struct str word)
{
    for (size_t i = 0; i < LEN(onsets); i++)
        if (str_starts(word, str_from(onsets[i])) && is_rhyme(str_sub(word, strlen(onsets[i]), SIZE_MAX)))
            return true;
    return is_rhyme(word);
}

/* Letters, and the signs of Latin-1 that are letters in TCVN3. Neither the blank nor the punctuation of typesetters. */
static bool is_word_letter(uint32_t letter)
{
    if (letter < 0x80)
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return letter > 0xA0 && (letter < 0x2000 || letter == 0x20AC || letter > 0x2E7F);
}

int legacy_score(struct arena *arena, struct str text)
{
    struct str sample = text;
    if (sample.len > SAMPLE_BYTES)
        for (sample.len = SAMPLE_BYTES; sample.len > 0 && ((unsigned char)sample.at[sample.len] & 0xC0) == 0x80;)
            sample.len--;
    struct str rest = viet_lower(arena, viet_nfc(arena, sample));
    int64_t words = 0, syllables = 0;
    while (rest.len > 0) {
        struct str word = { rest.at, 0 };
        bool is_beyond_ascii = false;
        while (rest.len > 0) {
            struct str after = rest;
            uint32_t letter = str_next_code_point(&after);
            if (!is_word_letter(letter))
                break;
            is_beyond_ascii |= letter >= 0x80;
            word.len += rest.len - after.len;
            rest = after;
        }
        words += is_beyond_ascii;
        syllables += is_beyond_ascii && is_syllable(word);
        if (rest.len > 0)
            str_next_code_point(&rest);
    }
    return words == 0 ? -1 : (int)(syllables * 100 / words);
}

enum legacy legacy_guess(struct arena *arena, struct str letters)
{
    static const enum legacy candidates[] = { LEGACY_TCVN3, LEGACY_VNI, LEGACY_CP1258, LEGACY_TWICE };
    int as_it_is = legacy_score(arena, letters);
    if (as_it_is < 0 || as_it_is >= IS_VIETNAMESE_PERCENT)
        return LEGACY_NONE;
    struct str sample = str_sub(letters, 0, SAMPLE_BYTES);
    while (sample.len < letters.len && sample.len > 0 && ((unsigned char)sample.at[sample.len] & 0xC0) == 0x80)
        sample.len--;
    enum legacy best = LEGACY_NONE;
    int best_score = IS_DECODED_PERCENT - 1;
    for (size_t i = 0; i < LEN(candidates); i++) {
        int score = legacy_score(arena, legacy_decode(arena, sample, candidates[i]));
        if (score > best_score && score > as_it_is) {
            best = candidates[i];
            best_score = score;
        }
    }
    return best;
}
