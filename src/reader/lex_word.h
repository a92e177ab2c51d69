/*
 * lex_word: a text cut into words, figures and marks, once, so that every reading after it is a
 * walk over them.
 *
 * Only for the files of this folder. A word's key is its lower-case form with the same number of
 * bytes; `part` is the view into the text. Indexes past the end are allowed everywhere and match
 * nothing.
 */
#ifndef READER_LEX_WORD_H
#define READER_LEX_WORD_H

#include "reader/reader.h"

/* What is read of one text; a paragraph longer than this is no sentence of a plan, and its rest is
 * not looked at. */
enum { LEX_TEXT_MAX = 64 * 1024 };

struct lex_word {
    struct str part, key;
    bool is_figures;
    bool is_letters;
    bool is_glued;  /* nothing stands between it and the word before */
    int digits;     /* of figures */
    int64_t number; /* of figures, -1 when there are more than 15 */
};
struct lex_words {
    struct lex_word *at;
    size_t len;
    struct str text;
};

struct lex_words lex_cut_words(struct arena *arena, struct str text);

/* The letters of Vietnamese in lower case; as many bytes as before, so that offsets stay. */
struct str lex_lower(struct arena *arena, struct str text);

/*
 * How many words from `i` on read as one of the alternatives: "chậm nhất|muộn nhất|hạn cuối", words
 * by single blanks, marks as words. 0 when none does. The first that fits wins: write longer ones
 * first.
 */
size_t lex_match(const struct lex_words *words, size_t i, const char *alternatives);
/* The same, ending just before `end`. */
size_t lex_match_back(const struct lex_words *words, size_t end, const char *alternatives);
/* The first place in [from, to) where an alternative begins, `to` when none does. */
size_t lex_search(const struct lex_words *words, size_t from, size_t to, const char *alternatives);
/* Figures of one value, and the word's own view of them; false past the end and for other words. */
bool lex_is_figures(const struct lex_words *words, size_t i);
/* The text from word `from` up to word `to`. */
struct str lex_words_text(const struct lex_words *words, size_t from, size_t to);
/* The index of the first word that starts at or after this byte of the text. */
size_t lex_word_at(const struct lex_words *words, size_t byte);

/* Number words ("mười lăm", "hai trăm linh năm", "một nghìn hai trăm"): how many words they are; 0
 * none. */
size_t lex_match_number_words(const struct lex_words *words, size_t i, int64_t *ret_value);

#endif
