/*
 * password_words: what people reach for when they are asked for a password, folded (no diacritics,
 * lower case, no blanks): what everybody tries first, keyboard runs, the words of offices and of
 * this trade, places and names. Our own list. Words below four letters stand only where they are
 * parts of habits.
 */
#ifndef ACCOUNT_PASSWORD_WORDS_H
#define ACCOUNT_PASSWORD_WORDS_H

#include <stddef.h>

extern const char *const password_words[];
extern const size_t password_words_len;

#endif
