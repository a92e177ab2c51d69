/*
 * fold: a text as its reader sees it letter by letter: one byte for each code point, without marks or case, so that
 * rules search plain ASCII and an index is at once a code point of the span.
 *
 * Marks are dropped because OCR and typing lose them ("Điềm nghẽn"); what a rule takes out is always a view into the
 * text itself, marks and all. `shape` keeps what folding loses: case, and which figures are superscript.
 */
#ifndef READER_FOLD_H
#define READER_FOLD_H

#include "base/str.h"

#include <stdint.h>

struct fold {
    struct str text;     /* what was folded: NFC */
    struct str key;      /* lower case ASCII; dashes are '-', quotes '"', any other letter '?', superscript figures '^' */
    struct str shape;    /* 'A' upper-case letter, 'a' lower-case letter, '0' figure, ' ' blank, '^', else as in key */
    const uint32_t *at;  /* byte offset in text of each code point, and of the end: key.len + 1 of them */
};

struct fold fold_make(struct arena *arena, struct str text);

/* The code points [from, to) of the text, as a view into it. */
struct str fold_part(const struct fold *fold, size_t from, size_t to);
/* The code point at which `part`, a view into the text, begins. */
size_t fold_index(const struct fold *fold, const char *part);

/* Only the key, for comparing: "Kính gửi:" is "kinh gui:". */
struct str fold_key(struct arena *arena, struct str text);

/*
 * Where the word or words stand in `key` at or after `from`, with no letter or figure directly before or behind;
 * key.len when nowhere. `words` are folded themselves ("thoi gian").
 */
size_t fold_find_words(struct str key, size_t from, const char *words);
bool fold_has_words(struct str key, const char *words);
/* True when `key` goes on with these words at `from`. */
bool fold_starts_words(struct str key, size_t from, const char *words);

#endif
