#include "reader/words.h"

#include "viet/viet.h"

#include <string.h>

/* Marks that only look like letters because they are not ASCII. */
static bool is_mark_point(uint32_t point)
{
    if (point < 0x80)
        return !((point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z'));
    return point < 0xC0 || point == 0xD7 || point == 0xF7 || (point >= 0x2000 && point < 0x2C00) ||
           (point >= 0x3000 && point < 0x3040) || point >= 0xE000;
}

static bool is_blank_point(uint32_t point)
{
    return point == ' ' || point == '\t' || point == '\n' || point == '\r' || point == 0xA0;
}

static bool is_figure(uint32_t point)
{
    return point >= '0' && point <= '9';
}

static struct str key_of_mark(struct str part, uint32_t point)
{
    if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212)
        return STR("-");
    if (point == 0x201C || point == 0x201D || point == 0xAB || point == 0xBB)
        return STR("\"");
    return point == 0x2026 ? STR("...") : part;
}

/* The end of the word that begins at `start`: a run of letters, a run of figures, or one mark. */
static size_t word_end(struct str text, size_t start, uint32_t *ret_point)
{
    struct str rest = str_sub(text, start, SIZE_MAX);
    uint32_t first = str_next_code_point(&rest);
    *ret_point = first;
    if (is_mark_point(first))
        return text.len - rest.len;
    for (;;) {
        size_t end = text.len - rest.len;
        if (rest.len == 0)
            return end;
        uint32_t point = str_next_code_point(&rest);
        if (is_mark_point(point) || is_figure(point) != is_figure(first))
            return end;
    }
}

/* Only "oà", "oè", "uỳ" at a word's end are written in two ways: a letter with a mark behind a bare o or u. */
static bool may_move_tone(struct str low)
{
    size_t last = low.len - 1;
    if ((unsigned char)low.at[last] < 0x80)
        return false;
    while (last > 0 && ((unsigned char)low.at[last] & 0xC0) == 0x80)
        last--;
    return last > 0 && (low.at[last - 1] == 'o' || low.at[last - 1] == 'u');
}

static void fill_word(struct arena *arena, struct word *word, struct str low, struct str high, uint32_t first)
{
    struct str part = word->part;
    word->is_mark = is_mark_point(first);
    word->is_number = is_figure(first);
    word->key = word->is_mark ? key_of_mark(part, first) : low;
    if (word->is_mark || word->is_number)
        return;
    struct str rest = part, low_rest = low;
    word->is_capital = str_next_code_point(&rest) != str_next_code_point(&low_rest);
    word->is_upper = str_eq(high, part);
    if (may_move_tone(low))
        word->key = viet_tone_key(arena, low);
}

static size_t count_words(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t point = 0;
        i = word_end(text, i, &point);
        count += !is_blank_point(point);
    }
    return count;
}

struct words words_of(struct arena *arena, struct str text)
{
    /* Small letters have the bytes of their capitals in every alphabet met here; where a text has others, each word is
     * lowered by itself. */
    struct str low = viet_lower(arena, text), high = viet_upper(arena, text);
    bool is_parallel = low.len == text.len && high.len == text.len;
    struct words words = { .text = text, .at = ARENA_NEW_ARRAY(arena, struct word, count_words(text) + 1) };
    bool is_glued = false;
    for (size_t i = 0; i < text.len;) {
        uint32_t point = 0;
        size_t end = word_end(text, i, &point);
        if (!is_blank_point(point)) {
            struct str part = str_sub(text, i, end - i);
            struct word *word = &words.at[words.len++];
            word->part = part;
            if (is_parallel)
                fill_word(arena, word, str_sub(low, i, end - i), str_sub(high, i, end - i), point);
            else
                fill_word(arena, word, viet_lower(arena, part), viet_upper(arena, part), point);
            word->is_glued = is_glued;
        }
        is_glued = !is_blank_point(point);
        i = end;
    }
    return words;
}

struct str words_part(const struct words *words, size_t from, size_t to)
{
    if (from >= to || from >= words->len)
        return STR("");
    const struct word *last = &words->at[(to < words->len ? to : words->len) - 1];
    const char *start = words->at[from].part.at;
    return (struct str){ start, (size_t)(last->part.at + last->part.len - start) };
}

size_t words_say(const struct words *words, size_t from, const char *phrases)
{
    size_t best = 0;
    struct str rest = str_from(phrases);
    while (rest.len > 0) {
        struct str phrase = str_cut(&rest, '|');
        size_t at = from;
        while (phrase.len > 0 && at < words->len && str_eq(words->at[at].key, str_sub(phrase, 0, words->at[at].key.len)) &&
               (phrase.len == words->at[at].key.len || phrase.at[words->at[at].key.len] == ' ')) {
            phrase = str_sub(phrase, words->at[at].key.len + 1, SIZE_MAX);
            at++;
        }
        if (phrase.len == 0 && at - from > best)
            best = at - from;
    }
    return best;
}

size_t words_find(const struct words *words, size_t from, const char *phrases, size_t *ret_len)
{
    for (size_t i = from; i < words->len; i++) {
        size_t len = words_say(words, i, phrases);
        if (len > 0) {
            if (ret_len)
                *ret_len = len;
            return i;
        }
    }
    return words->len;
}

size_t words_skip_bracket(const struct words *words, size_t from)
{
    enum { BRACKET_WORDS_MAX = 300 };
    size_t depth = 0;
    for (size_t i = from; i < words->len && i - from < BRACKET_WORDS_MAX; i++) {
        depth += str_eq(words->at[i].key, STR("("));
        if (str_eq(words->at[i].key, STR(")")) && --depth == 0)
            return i + 1;
    }
    return from + 1;
}

size_t words_find_mark(const struct words *words, size_t from, const char *marks)
{
    for (size_t i = from; i < words->len; i++) {
        if (str_eq(words->at[i].key, STR("("))) {
            i = words_skip_bracket(words, i) - 1;
            continue;
        }
        if (words->at[i].is_mark && words->at[i].key.len == 1 && strchr(marks, words->at[i].key.at[0]))
            return i;
    }
    return words->len;
}

/* -1, 0 or 1: the list's phrase against the words, as far as the phrase goes; longer words than the phrase are 0. */
static int compare_phrase(struct str phrase, const struct words *words, size_t from, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        struct str word = str_cut(&phrase, ' ');
        int order = str_compare(word, words->at[from + i].key);
        if (order != 0)
            return order;
    }
    return 0;
}

/* The first row in [low, high) whose first `depth` words are not before the text's (or, with `after`, are behind). */
static size_t find_row(const struct vocabulary *list, size_t low, size_t high, const struct words *words, size_t from,
    size_t depth, bool after)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_phrase(str_from(list->rows[middle].phrase), words, from, depth);
        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * The rows that agree with the words so far are one stretch of the list; each further word narrows it. A row that has
 * no further word stands first in its stretch.
 */
size_t words_in(const struct words *words, size_t from, const struct vocabulary *list, struct str *ret_value)
{
    size_t low = 0, high = list->len, best = 0;
    for (size_t depth = 1; from + depth <= words->len && low < high; depth++) {
        low = find_row(list, low, high, words, from, depth, false);
        high = find_row(list, low, high, words, from, depth, true);
        if (low == high)
            break;
        struct str phrase = str_from(list->rows[low].phrase);
        size_t marks = 1;
        for (size_t i = 0; i < phrase.len; i++)
            marks += phrase.at[i] == ' ';
        if (marks == depth) {
            best = depth;
            if (ret_value)
                *ret_value = str_from(list->rows[low].value);
        }
    }
    return best;
}
