/*
 * password_words: what people reach for when they are asked for a password, folded (no diacritics,
 * lower case, no blanks), in order and each once: habits of the whole world and of this country's
 * offices (password_habits.txt), the names of all provinces and communes, the parts of people's
 * names, the titles of posts. Made while building by tools/wordsc.c.
 */
#ifndef ACCOUNT_PASSWORD_WORDS_H
#define ACCOUNT_PASSWORD_WORDS_H

#include <stddef.h>

extern const char *const password_words[];
extern const size_t password_words_len;
extern const size_t password_word_len_max; /* of the longest */

#endif
