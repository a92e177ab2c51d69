#include "reader/lex_word.h"

enum { DIGITS_MAX = 15 };

static bool is_blank(uint32_t c)
{
    if (c < 0x80)
        return c <= ' ';
    return c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x3000 ||
           c == 0xFEFF;
}

/* Letters of any script this office meets: ASCII, and above it all that is no mark or sign. */
static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x2BFF) &&
           !(c >= 0x3000 && c <= 0x303F) && c != 0xFEFF && c != 0xFFFD;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/*
 * Viet Nam's capitals lie in four ranges of Unicode, in each of which a capital and its small
 * letter take the same number of bytes; what is outside stays as it is, which is right for
 * comparing with Vietnamese words.
 */
static uint32_t lower(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 0x20;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        return c + 0x20;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x1EA0 && c <= 0x1EF9))
        return c | 1U;
    if (c == 0x1A0 || c == 0x1AF)
        return c + 1;
    return c;
}

struct str lex_lower(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena);
    for (struct str rest = text; rest.len > 0;)
        buf_put_code_point(&out, lower(str_next_code_point(&rest)));
    return out.len == text.len ? buf_str(&out) : text;
}

enum sort { SORT_BLANK, SORT_LETTERS, SORT_FIGURES, SORT_MARK };

static enum sort sort_of(uint32_t c)
{
    if (is_blank(c))
        return SORT_BLANK;
    if (is_digit(c))
        return SORT_FIGURES;
    return is_letter(c) ? SORT_LETTERS : SORT_MARK;
}

static void count_figures(struct lex_word *word)
{
    word->digits = (int)word->part.len;
    word->number = -1;
    if (word->part.len <= DIGITS_MAX && !str_to_i64(word->part, &word->number))
        word->number = -1;
}

/* The word `rest` begins with, or false for blanks; moves `rest` behind either. */
static bool cut_word(struct str *rest, struct str *ret_part, enum sort *ret_sort)
{
    struct str before = *rest;
    enum sort sort = sort_of(str_next_code_point(rest));
    while (sort != SORT_MARK && rest->len > 0) {
        struct str ahead = *rest;
        if (sort_of(str_next_code_point(&ahead)) != sort)
            break;
        *rest = ahead;
    }
    *ret_part = str_sub(before, 0, before.len - rest->len);
    *ret_sort = sort;
    return sort != SORT_BLANK;
}

static size_t count_words(struct str rest)
{
    size_t words = 0;
    struct str part = { 0 };
    enum sort sort = SORT_BLANK;
    while (rest.len > 0)
        words += cut_word(&rest, &part, &sort);
    return words;
}

struct lex_words lex_cut_words(struct arena *arena, struct str text)
{
    if (text.len > LEX_TEXT_MAX) {
        text.len = LEX_TEXT_MAX;
        while (((unsigned char)text.at[text.len] & 0xC0U) == 0x80U)
            text.len--;
    }
    struct lex_words words = { ARENA_NEW_ARRAY(arena, struct lex_word, count_words(text) + 1), 0,
                               text };
    struct str keys = lex_lower(arena, text);
    bool is_glued = false;
    struct str rest = text;
    while (rest.len > 0) {
        struct lex_word *word = &words.at[words.len];
        enum sort sort = SORT_BLANK;
        bool is_word = cut_word(&rest, &word->part, &sort);
        if (is_word) {
            word->key = str_sub(keys, (size_t)(word->part.at - text.at), word->part.len);
            word->is_figures = sort == SORT_FIGURES;
            word->is_letters = sort == SORT_LETTERS;
            word->is_glued = is_glued;
            if (word->is_figures)
                count_figures(word);
            words.len++;
        }
        is_glued = is_word;
    }
    return words;
}

/* The length in words of one alternative when it stands at `i`, else 0. */
static size_t match_one(const struct lex_words *words, size_t i, struct str alternative)
{
    size_t from = i;
    size_t at = 0;
    while (at < alternative.len) {
        if (i >= words->len)
            return 0;
        struct str key = words->at[i].key;
        if (alternative.len - at < key.len || memcmp(alternative.at + at, key.at, key.len) != 0)
            return 0;
        at += key.len;
        if (at < alternative.len && alternative.at[at++] != ' ')
            return 0;
        i++;
    }
    return i - from;
}

/* The first alternative of the list; *list moves behind it. */
static struct str next_alternative(const char **list)
{
    const char *from = *list;
    const char *to = strchrnul(from, '|');
    *list = *to == '|' ? to + 1 : to;
    return (struct str){ from, (size_t)(to - from) };
}

size_t lex_match(const struct lex_words *words, size_t i, const char *alternatives)
{
    if (i >= words->len)
        return 0;
    char first = words->at[i].key.at[0];
    while (*alternatives != '\0') {
        struct str alternative = next_alternative(&alternatives);
        /* Most words begin with another letter than most alternatives: this test is where the time
         * goes. */
        size_t len = alternative.at[0] == first ? match_one(words, i, alternative) : 0;
        if (len > 0)
            return len;
    }
    return 0;
}

static size_t count_blanks(struct str s)
{
    size_t blanks = 0;
    for (size_t i = 0; i < s.len; i++)
        blanks += s.at[i] == ' ';
    return blanks;
}

size_t lex_match_back(const struct lex_words *words, size_t end, const char *alternatives)
{
    while (*alternatives != '\0') {
        struct str alternative = next_alternative(&alternatives);
        size_t len = count_blanks(alternative) + 1;
        if (len <= end && match_one(words, end - len, alternative) == len)
            return len;
    }
    return 0;
}

size_t lex_search(const struct lex_words *words, size_t from, size_t to, const char *alternatives)
{
    for (size_t i = from; i < to; i++) {
        size_t len = lex_match(words, i, alternatives);
        if (len > 0 && i + len <= to)
            return i;
    }
    return to;
}

bool lex_is_figures(const struct lex_words *words, size_t i)
{
    return i < words->len && words->at[i].is_figures;
}

struct str lex_words_text(const struct lex_words *words, size_t from, size_t to)
{
    if (from >= to || to > words->len)
        return STR("");
    const char *start = words->at[from].part.at;
    struct str last = words->at[to - 1].part;
    return (struct str){ start, (size_t)(last.at + last.len - start) };
}

size_t lex_word_at(const struct lex_words *words, size_t byte)
{
    size_t low = 0;
    size_t high = words->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((size_t)(words->at[middle].part.at - words->text.at) < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A word for one figure; 0 to 9, -1 none. `behind_tens`: "lăm", "mốt", "tư" stand only there. */
static int figure_word(const struct lex_words *words, size_t i, bool behind_tens)
{
    static const char *const figures[] = {
        "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy|bẩy", "tám", "chín",
    };
    enum { FIGURE_BYTES_MAX = 6 }; /* "không" */
    if (i >= words->len || !words->at[i].is_letters || words->at[i].key.len > FIGURE_BYTES_MAX)
        return -1;
    for (size_t n = 0; n < LEN(figures); n++)
        if (lex_match(words, i, figures[n]) > 0)
            return (int)n;
    if (behind_tens && lex_match(words, i, "mốt") > 0)
        return 1;
    if (behind_tens && lex_match(words, i, "lăm|nhăm") > 0)
        return 5;
    return lex_match(words, i, "tư") > 0 && behind_tens ? 4 : -1;
}

/* 0 to 99: "mười lăm", "hai mươi mốt", "bảy". */
static size_t match_tens(const struct lex_words *words, size_t i, int64_t *ret_value)
{
    size_t from = i;
    int tens = figure_word(words, i, false);
    if (lex_match(words, i, "mười") > 0) {
        tens = 1;
        i++;
    } else if (tens > 0 && lex_match(words, i + 1, "mươi") > 0) {
        i += 2;
    } else if (tens >= 0) {
        *ret_value = tens;
        return 1;
    } else {
        return 0;
    }
    int figure = figure_word(words, i, true);
    /* "mười năm" may be ten years; "lăm" is what fifteen is written with. */
    bool is_figure = figure > 0 && lex_match(words, i, "năm") == 0;
    *ret_value = tens * 10 + (is_figure ? figure : 0);
    return i + (is_figure ? 1 : 0) - from;
}

/* 0 to 999. */
static size_t match_hundreds(const struct lex_words *words, size_t i, int64_t *ret_value)
{
    size_t from = i;
    int hundreds = figure_word(words, i, false);
    if (hundreds < 0 || lex_match(words, i + 1, "trăm") == 0)
        return match_tens(words, i, ret_value);
    i += 2;
    int64_t rest = 0;
    size_t linking = lex_match(words, i, "linh|lẻ");
    size_t len = match_tens(words, i + linking, &rest);
    *ret_value = hundreds * 100 + (len > 0 ? rest : 0);
    return i + (len > 0 ? linking + len : 0) - from;
}

size_t lex_match_number_words(const struct lex_words *words, size_t i, int64_t *ret_value)
{
    int64_t value = 0;
    size_t len = match_hundreds(words, i, &value);
    if (len == 0)
        return 0;
    if (lex_match(words, i + len, "nghìn|ngàn") > 0) {
        len++;
        int64_t rest = 0;
        size_t more = match_hundreds(words, i + len, &rest);
        value = value * 1000 + (more > 0 ? rest : 0);
        len += more;
    }
    *ret_value = value;
    return len;
}
