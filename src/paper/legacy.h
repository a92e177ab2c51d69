/*
 * legacy: Vietnamese text from before Unicode: TCVN3 (ABC), VNI-Windows, CP1258, and UTF-8 that a program took for CP1252.
 *
 * Such text reaches us as letters of CP1252, one for each byte. Which one it is, a font's name says, or else the letters
 * themselves: only the right reading makes nearly all words Vietnamese syllables (domain.md 6.2).
 */
#ifndef PAPER_LEGACY_H
#define PAPER_LEGACY_H

#include "base/str.h"

/* X(NAME, as shown) */
#define LEGACY_LIST(X)                     \
    X(NONE, "UTF-8")                       \
    X(TCVN3, "TCVN3")                      \
    X(TCVN3_CAPITALS, "TCVN3 chữ hoa")     \
    X(VNI, "VNI")                          \
    X(CP1258, "CP1258")                    \
    X(TWICE, "UTF-8 đọc nhầm thành CP1252")

enum legacy {
#define X(name, shown) LEGACY_##name,
    LEGACY_LIST(X)
#undef X
};

struct str legacy_shown(enum legacy legacy);

/* ".VnTimeH" is TCVN3_CAPITALS: the font draws small letters as capitals. */
enum legacy legacy_of_font(struct str font);

/* Bytes as letters of CP1252; the five bytes it lacks become U+FFFD. */
struct str legacy_letters(struct arena *arena, struct bytes bytes);

/* What letters of CP1252 stand for, NFC. What the encoding does not know stays as it is. */
struct str legacy_decode(struct arena *arena, struct str letters, enum legacy legacy);

/*
 * Of the words with letters beyond ASCII: how many percent can be Vietnamese syllables, with one tone, on the right
 * vowel. -1 when there is no such word. Looks at the first 64 KB.
 */
int legacy_score(struct arena *arena, struct str text);

/* Which encoding makes Vietnamese of the letters, when they are none as they stand; NONE when they are, or none does. */
enum legacy legacy_guess(struct arena *arena, struct str letters);

#endif
