/*
 * words: a text as words and marks, and the two ways the rules look at them: phrases written in the rule itself, and
 * the lists in vocabulary/. Comparing is blind to capitals and to where the tone mark stands (uỷ is
 * ủy); a word's own letters stay a view into the text.
 */
#ifndef READER_WORDS_H
#define READER_WORDS_H

#include "base/str.h"

struct word {
    struct str part;   /* as written */
    struct str key;    /* small letters, the one tone placement; dashes are "-", quotes are "\"" */
    bool is_mark;      /* not letters and not figures */
    bool is_number;    /* figures */
    bool is_capital;   /* begins with a capital letter */
    bool is_upper;     /* has no small letter */
    bool is_glued;     /* no blank before it */
};

struct words {
    struct str text;
    struct word *at;
    size_t len;
};

struct words words_of(struct arena *arena, struct str text);

/* The text of the words [from, to), as written between them. */
struct str words_part(const struct words *words, size_t from, size_t to);

/*
 * How many words at `from` say one of the phrases, the longest; 0 none. Phrases are parted by '|', their words and
 * marks by a blank: "chủ trì , phối hợp với|phối hợp với".
 */
size_t words_say(const struct words *words, size_t from, const char *phrases);
/* Where a phrase first stands at or after `from`, words.len when nowhere; *ret_len (may be NULL) is its words. */
size_t words_find(const struct words *words, size_t from, const char *phrases, size_t *ret_len);
/* The first mark at or after `from` that is one of `marks` ("," ";" ...) outside brackets; words.len when none. */
size_t words_find_mark(const struct words *words, size_t from, const char *marks);
/* A bracket's other end: the index behind the ')' that closes the '(' at `from`; from + 1 when none does, or not near. */
size_t words_skip_bracket(const struct words *words, size_t from);

/* A list of the vocabulary: phrases in order of their keys, each with what it stands for ("" nothing). */
struct vocabulary_row {
    const char *phrase; /* keys parted by one blank */
    const char *value;
};
struct vocabulary {
    const struct vocabulary_row *rows;
    size_t len;
};
/* The longest phrase of the list at `from`, in words; 0 none. *ret_value (may be NULL) is what it stands for. */
size_t words_in(const struct words *words, size_t from, const struct vocabulary *list, struct str *ret_value);

/* Made of vocabulary/NAME.txt by tools/vocabc.c; what each holds is said at its head. */
extern const struct vocabulary vocabulary_bodies, vocabulary_heads, vocabulary_posts, vocabulary_people,
    vocabulary_scopes, vocabulary_verbs, vocabulary_provinces, vocabulary_kinds, vocabulary_symbols,
    vocabulary_honorifics, vocabulary_surnames;

#endif
