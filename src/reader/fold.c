#include "reader/fold.h"

#include <string.h>

/* 0xC0 to 0xFF; those that are no letters stay as they are for the caller. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo*ouuuuy?saaaaaaaceeeeiiiidnooooo/ouuuuy?y";

/* The base letter of a Latin letter with marks, 0 for none; upper case is told by the caller's ranges. */
static char base_letter(uint32_t c)
{
    if (c >= 0xC0 && c <= 0xFF)
        return c == 0xD7 || c == 0xF7 ? 0 : latin1[c - 0xC0];
    switch (c) {
    case 0x102: case 0x103: return 'a';
    case 0x110: case 0x111: return 'd';
    case 0x128: case 0x129: return 'i';
    case 0x168: case 0x169: case 0x1AF: case 0x1B0: return 'u';
    case 0x1A0: case 0x1A1: return 'o';
    }
    static const struct {
        uint32_t last;
        char letter;
    } rows[] = { { 0x1EB7, 'a' }, { 0x1EC7, 'e' }, { 0x1ECB, 'i' }, { 0x1EE3, 'o' }, { 0x1EF1, 'u' }, { 0x1EF9, 'y' } };
    if (c >= 0x1EA0)
        for (size_t i = 0; i < LEN(rows); i++)
            if (c <= rows[i].last)
                return rows[i].letter;
    return 0;
}

static bool is_upper(uint32_t c)
{
    if (c >= 0xC0 && c <= 0xDE)
        return true;
    if (c == 0x1AF)
        return true;
    return c >= 0x100 && c <= 0x1EF9 && c % 2 == 0 && c != 0x1B0;
}

static bool is_superscript(uint32_t c)
{
    return c == 0xB9 || c == 0xB2 || c == 0xB3 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079);
}

static char mark_of(uint32_t c)
{
    if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F)
        return ' ';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xAD)
        return '-';
    if ((c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB || c == 0x2032 || c == 0x2033)
        return '"';
    if (c == 0x2026)
        return '.';
    return 1;
}

static void fold_one(uint32_t c, char *ret_key, char *ret_shape)
{
    char letter = 0;
    bool upper = false;
    if (c >= 'a' && c <= 'z') {
        letter = (char)c;
    } else if (c >= 'A' && c <= 'Z') {
        letter = (char)(c - 'A' + 'a');
        upper = true;
    } else if (c < 0x80) {
        *ret_key = c < ' ' ? ' ' : (char)c;
        *ret_shape = c >= '0' && c <= '9' ? '0' : *ret_key;
        return;
    } else {
        letter = base_letter(c);
        upper = is_upper(c);
    }
    if (letter) {
        *ret_key = letter;
        *ret_shape = upper ? 'A' : 'a';
        return;
    }
    *ret_key = *ret_shape = is_superscript(c) ? '^' : mark_of(c);
    if (*ret_key == 1) {
        *ret_key = '?';
        *ret_shape = c >= 0x100 && c < 0x2000 ? 'a' : '?';
    }
}

struct fold fold_make(struct arena *arena, struct str text)
{
    size_t points = str_count_code_points(text);
    char *key = ARENA_NEW_ARRAY(arena, char, points + 1);
    char *shape = ARENA_NEW_ARRAY(arena, char, points + 1);
    uint32_t *at = ARENA_NEW_ARRAY(arena, uint32_t, points + 1);
    struct str rest = text;
    size_t len = 0;
    while (rest.len > 0 && len < points) {
        at[len] = (uint32_t)(text.len - rest.len);
        uint32_t c = str_next_code_point(&rest);
        fold_one(c, &key[len], &shape[len]);
        len++;
    }
    at[len] = (uint32_t)text.len;
    return (struct fold){ .text = text, .key = { key, len }, .shape = { shape, len }, .at = at };
}

struct str fold_part(const struct fold *fold, size_t from, size_t to)
{
    if (to > fold->key.len)
        to = fold->key.len;
    if (from > to)
        from = to;
    return str_sub(fold->text, fold->at[from], fold->at[to] - fold->at[from]);
}

size_t fold_index(const struct fold *fold, const char *part)
{
    uint32_t byte = (uint32_t)(part - fold->text.at);
    size_t low = 0, high = fold->key.len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold->at[middle] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct str fold_key(struct arena *arena, struct str text)
{
    return fold_make(arena, text).key;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '?';
}

bool fold_starts_words(struct str key, size_t from, const char *words)
{
    size_t len = strlen(words);
    return from <= key.len && key.len - from >= len && memcmp(key.at + from, words, len) == 0 &&
           (from + len == key.len || !is_word(key.at[from + len]));
}

size_t fold_find_words(struct str key, size_t from, const char *words)
{
    struct str wanted = str_from(words);
    while (from < key.len) {
        size_t found = from + str_find(str_sub(key, from, key.len), wanted);
        if (found >= key.len)
            return key.len;
        if ((found == 0 || !is_word(key.at[found - 1])) && fold_starts_words(key, found, words))
            return found;
        from = found + 1;
    }
    return key.len;
}

bool fold_has_words(struct str key, const char *words)
{
    return fold_find_words(key, 0, words) < key.len;
}
