#include "viet/viet.h"

#include <pthread.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/*
 * Letters whose fold is looked up: all below U+0250 (Latin with its extensions) and U+1E00 to
 * U+1EFF, where the Vietnamese letters with two marks are. Zero means that the letter vanishes.
 */
enum { FOLD_LOW_END = 0x250, FOLD_HIGH_AT = 0x1E00, FOLD_HIGH_END = 0x1F00 };

/* What ICU opened for the process. Read-only once made, so all threads share it; it lives until the
 * process ends. */
static struct {
    pthread_once_t once;
    const UNormalizer2 *nfc;
    UCaseMap *case_map;
    UCollator *collator;
    uint32_t fold_low[FOLD_LOW_END];
    uint32_t fold_high[FOLD_HIGH_END - FOLD_HIGH_AT];
} icu = { .once = PTHREAD_ONCE_INIT };

/* ICU can fail here only when its own data is missing or memory has ended at the first use: nothing
 * to go on with. */
static void must(UErrorCode status)
{
    if (U_FAILURE(status)) {
        fputs("ICU: ", stderr);
        fputs(u_errorName(status), stderr);
        fputc('\n', stderr);
        abort();
    }
}

/* Letters and signs that stand for another one here and are not made of it; 0 for all others. */
static uint32_t other_letter(uint32_t letter)
{
    switch (letter) {
    case 0x0110: /* Đ */
    case 0x0111: /* đ */
    case 0x00D0: /* Ð, typed for Đ */
    case 0x00F0:
    case 0x0189: /* Ɖ, typed for Đ */
    case 0x0256:
        return 'd';
    case 0x0131: /* ı */
        return 'i';
    case 0x00D8:
    case 0x00F8:
        return 'o';
    case 0x0141:
    case 0x0142:
        return 'l';
    case 0x2018: /* the apostrophes in use for M'Drắk */
    case 0x2019:
    case 0x02BC:
    case 0x02B9:
    case 0x2032:
    case 0x0060:
    case 0x00B4:
        return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    default:
        return 0;
    }
}

/* The letter without marks and in lower case; 0 for marks and what cannot be seen. */
static uint32_t fold_letter(uint32_t letter)
{
    UChar parts[8];
    UErrorCode status = U_ZERO_ERROR;
    uint32_t other = other_letter(letter);
    if (other != 0)
        return other;
    int32_t len = unorm2_getDecomposition(icu.nfc, (UChar32)letter, parts, LEN(parts), &status);
    /* Letters beyond the first plane (half of a pair here) are of no script that folding is for. */
    bool is_apart = U_SUCCESS(status) && len > 0 && (parts[0] < 0xD800 || parts[0] > 0xDFFF);
    UChar32 base = is_apart ? (UChar32)parts[0] : (UChar32)letter;
    int8_t type = u_charType(base);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return 0;
    if (u_isUWhiteSpace(base) || type == U_CONTROL_CHAR)
        return ' ';
    uint32_t folded = (uint32_t)u_foldCase(base, U_FOLD_CASE_DEFAULT);
    other = other_letter(folded);
    return other != 0 ? other : folded;
}

static void open_icu(void)
{
    UErrorCode status = U_ZERO_ERROR;
    icu.nfc = unorm2_getNFCInstance(&status);
    must(status);
    icu.case_map = ucasemap_open("vi", U_FOLD_CASE_DEFAULT, &status);
    must(status);
    icu.collator = ucol_open("vi", &status);
    must(status);
    ucol_setStrength(icu.collator, UCOL_TERTIARY);
    for (uint32_t i = 0; i < FOLD_LOW_END; i++)
        icu.fold_low[i] = fold_letter(i);
    for (uint32_t i = FOLD_HIGH_AT; i < FOLD_HIGH_END; i++)
        icu.fold_high[i - FOLD_HIGH_AT] = fold_letter(i);
}

static void use_icu(void)
{
    if (pthread_once(&icu.once, open_icu) != 0)
        abort();
}

/* UTF-16, for those parts of ICU that take nothing else. */
struct utf16 {
    UChar *at;
    int32_t len;
};

static struct utf16 to_utf16(struct arena *arena, struct str text)
{
    UErrorCode status = U_ZERO_ERROR;
    /* Never more units than bytes. */
    int32_t room = (int32_t)text.len + 1;
    struct utf16 wide = { ARENA_NEW_ARRAY(arena, UChar, (size_t)room), 0 };
    u_strFromUTF8WithSub(wide.at, room, &wide.len, text.len ? text.at : "", (int32_t)text.len,
                         0xFFFD, NULL, &status);
    must(status);
    return wide;
}

static struct str from_utf16(struct arena *arena, struct utf16 wide)
{
    UErrorCode status = U_ZERO_ERROR;
    size_t room = (size_t)wide.len * 3 + 1;
    char *at = arena_alloc(arena, room);
    int32_t len = 0;
    u_strToUTF8(at, (int32_t)room, &len, wide.at, wide.len, &status);
    must(status);
    return (struct str){ at, (size_t)len };
}

/*
 * True for text whose letters are all below U+0300, in U+1E00 to U+1EFF or in U+2010 to U+2027:
 * those stand for themselves in NFC and take no part in composition. Nearly every Vietnamese text
 * is so, and needs no ICU.
 */
static bool is_plainly_nfc(struct str text)
{
    for (size_t i = 0; i < text.len;) {
        unsigned char lead = (unsigned char)text.at[i];
        if (lead < 0x80) {
            i++;
            continue;
        }
        size_t left = text.len - i;
        unsigned char next = left > 1 ? (unsigned char)text.at[i + 1] : 0;
        unsigned char last = left > 2 ? (unsigned char)text.at[i + 2] : 0;
        if (lead >= 0xC2 && lead < 0xCC && (next & 0xC0) == 0x80)
            i += 2;
        else if (lead == 0xE1 && next >= 0xB8 && next <= 0xBB && (last & 0xC0) == 0x80)
            i += 3;
        else if (lead == 0xE2 && next == 0x80 && last >= 0x90 && last <= 0xA7)
            i += 3;
        else
            return false;
    }
    return true;
}

struct str viet_nfc(struct arena *arena, struct str text)
{
    if (is_plainly_nfc(text))
        return text;
    use_icu();
    struct utf16 wide = to_utf16(arena, text);
    /* A letter grows threefold at most (Unicode's stability policy on NFC). */
    int32_t room = wide.len * 3 + 1;
    struct utf16 composed = { ARENA_NEW_ARRAY(arena, UChar, (size_t)room), 0 };
    UErrorCode status = U_ZERO_ERROR;
    composed.len = unorm2_normalize(icu.nfc, wide.at, wide.len, composed.at, room, &status);
    must(status);
    return from_utf16(arena, composed);
}

static uint32_t fold_found(uint32_t letter)
{
    if (letter < FOLD_LOW_END)
        return icu.fold_low[letter];
    if (letter >= FOLD_HIGH_AT && letter < FOLD_HIGH_END)
        return icu.fold_high[letter - FOLD_HIGH_AT];
    return fold_letter(letter);
}

struct str viet_fold(struct arena *arena, struct str text)
{
    use_icu();
    struct buf out;
    buf_init(&out, arena);
    bool is_blank_due = false;
    struct str rest = str_is_utf8(text) ? text : viet_nfc(arena, text);
    while (rest.len > 0) {
        uint32_t letter = fold_found(str_next_code_point(&rest));
        if (letter == 0)
            continue;
        if (letter == ' ') {
            is_blank_due = out.len > 0;
            continue;
        }
        if (is_blank_due)
            buf_put_char(&out, ' ');
        is_blank_due = false;
        buf_put_code_point(&out, letter);
    }
    return buf_str(&out);
}

struct str viet_clean(struct arena *arena, struct str text)
{
    use_icu();
    struct buf out;
    buf_init(&out, arena);
    bool is_blank_due = false;
    struct str rest = viet_nfc(arena, text);
    while (rest.len > 0) {
        uint32_t letter = str_next_code_point(&rest);
        if (u_isUWhiteSpace((UChar32)letter)) {
            is_blank_due = out.len > 0;
            continue;
        }
        int8_t type = u_charType((UChar32)letter);
        if (type == U_FORMAT_CHAR || type == U_CONTROL_CHAR)
            continue;
        if (is_blank_due)
            buf_put_char(&out, ' ');
        is_blank_due = false;
        buf_put_code_point(&out, letter);
    }
    /* What stood between a letter and its mark is gone: they may be one now. */
    return viet_nfc(arena, buf_str(&out));
}

struct str viet_like_word(struct arena *arena, struct str word)
{
    struct buf out;
    buf_init(&out, arena);
    buf_put(&out, STR("% "));
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '%' || word.at[i] == '_' || word.at[i] == '\\')
            buf_put_char(&out, '\\');
        buf_put_char(&out, word.at[i]);
    }
    buf_put_char(&out, '%');
    return buf_str(&out);
}

/* One vowel with the five tones, in the order huyền, hỏi, ngã, sắc, nặng. */
struct vowel {
    uint32_t plain;
    uint32_t toned[5];
};

static const struct vowel vowels[] = {
    { 'o', { 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD } },
    { 'O', { 0xD2, 0x1ECE, 0xD5, 0xD3, 0x1ECC } },
    { 'u', { 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5 } },
    { 'U', { 0xD9, 0x1EE6, 0x168, 0xDA, 0x1EE4 } },
    { 'a', { 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1 } },
    { 'A', { 0xC0, 0x1EA2, 0xC3, 0xC1, 0x1EA0 } },
    { 'e', { 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9 } },
    { 'E', { 0xC8, 0x1EBA, 0x1EBC, 0xC9, 0x1EB8 } },
    { 'y', { 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5 } },
    { 'Y', { 0x1EF2, 0x1EF6, 0x1EF8, 0xDD, 0x1EF4 } },
};

/* The vowel a toned letter is made of, and which tone; NULL when it is none of those that matter
 * here. */
static const struct vowel *vowel_of(uint32_t letter, size_t *ret_tone)
{
    for (size_t i = 0; i < LEN(vowels); i++)
        for (size_t tone = 0; tone < LEN(vowels[i].toned); tone++)
            if (vowels[i].toned[tone] == letter) {
                *ret_tone = tone;
                return &vowels[i];
            }
    return NULL;
}

static uint32_t with_tone(uint32_t plain, size_t tone)
{
    for (size_t i = 0; i < LEN(vowels); i++)
        if (vowels[i].plain == plain)
            return vowels[i].toned[tone];
    return plain;
}

/* Moves the tone of a syllable that ends in oa, oe or uy from its last letter to the one before. */
static void move_tone(uint32_t before, uint32_t *first, uint32_t *second)
{
    size_t tone = 0;
    const struct vowel *last = vowel_of(*second, &tone);
    if (!last)
        return;
    uint32_t lead = *first | 0x20, tail = last->plain | 0x20;
    bool is_open_rhyme =
        (lead == 'o' && (tail == 'a' || tail == 'e')) || (lead == 'u' && tail == 'y');
    /* In "quý" the u belongs to the consonant. */
    if (!is_open_rhyme || (lead == 'u' && (before | 0x20) == 'q'))
        return;
    *first = with_tone(*first, tone);
    *second = last->plain;
}

/* A mark that no letter has taken in belongs to the letter before it, which is then none of ours.
 */
static bool is_part_of_word(uint32_t letter)
{
    return u_isalpha((UChar32)letter) || (U_GET_GC_MASK((UChar32)letter) & U_GC_M_MASK) != 0;
}

struct str viet_tone_key(struct arena *arena, struct str text)
{
    struct str rest = viet_nfc(arena, text);
    struct buf out;
    buf_init(&out, arena);
    /* The last three letters read; written one behind, so that the one before the end of a syllable
     * can still change. */
    uint32_t before = ' ', first = 0, second = 0;
    bool is_second = false;
    while (rest.len > 0) {
        uint32_t letter = str_next_code_point(&rest);
        if (is_second && !is_part_of_word(letter))
            move_tone(before, &first, &second);
        if (first != 0)
            buf_put_code_point(&out, first);
        before = first;
        first = second;
        second = letter;
        is_second = is_part_of_word(letter);
    }
    move_tone(before, &first, &second);
    if (first != 0)
        buf_put_code_point(&out, first);
    if (second != 0)
        buf_put_code_point(&out, second);
    return buf_str(&out);
}

typedef int32_t (*case_function)(const UCaseMap *, char *, int32_t, const char *, int32_t,
                                 UErrorCode *);

static struct str map_case(struct arena *arena, struct str text, case_function map)
{
    use_icu();
    size_t room = text.len * 2 + 8;
    for (;;) {
        char *at = arena_alloc(arena, room);
        UErrorCode status = U_ZERO_ERROR;
        int32_t len = map(icu.case_map, at, (int32_t)room, text.len ? text.at : "",
                          (int32_t)text.len, &status);
        if (status != U_BUFFER_OVERFLOW_ERROR) {
            must(status);
            return (struct str){ at, (size_t)len };
        }
        room = (size_t)len + 1;
    }
}

struct str viet_upper(struct arena *arena, struct str text)
{
    return map_case(arena, text, ucasemap_utf8ToUpper);
}

struct str viet_lower(struct arena *arena, struct str text)
{
    return map_case(arena, text, ucasemap_utf8ToLower);
}

static struct str map_first(struct arena *arena, struct str text, case_function map)
{
    struct str rest = text;
    if (str_next_code_point(&rest) == 0)
        return text;
    struct str first = map_case(arena, str_sub(text, 0, text.len - rest.len), map);
    return str_format(arena, STR_FMT STR_FMT, STR_ARG(first), STR_ARG(rest));
}

struct str viet_upper_first(struct arena *arena, struct str text)
{
    return map_first(arena, text, ucasemap_utf8ToUpper);
}

struct str viet_lower_first(struct arena *arena, struct str text)
{
    return map_first(arena, text, ucasemap_utf8ToLower);
}

static struct bytes key_of(struct arena *arena, struct str text)
{
    struct utf16 wide = to_utf16(arena, viet_tone_key(arena, text));
    int32_t room = wide.len * 8 + 16;
    for (;;) {
        unsigned char *at = arena_alloc(arena, (size_t)room);
        int32_t len = ucol_getSortKey(icu.collator, wide.at, wide.len, at, room);
        if (len <= room)
            return (struct bytes){ at, (size_t)len };
        room = len;
    }
}

struct bytes viet_sort_key_text(struct arena *arena, struct str text)
{
    use_icu();
    return key_of(arena, text);
}

struct bytes viet_sort_key(struct arena *arena, struct str given, struct str family,
                           struct str middle)
{
    use_icu();
    /* Each key ends in a zero byte that none holds inside, so that a shorter name sorts before a
     * longer one. */
    struct bytes parts[] = { key_of(arena, given), key_of(arena, family), key_of(arena, middle) };
    unsigned char *at = arena_alloc(arena, parts[0].len + parts[1].len + parts[2].len);
    size_t len = 0;
    for (size_t i = 0; i < LEN(parts); i++) {
        memcpy(at + len, parts[i].at, parts[i].len);
        len += parts[i].len;
    }
    return (struct bytes){ at, len };
}
