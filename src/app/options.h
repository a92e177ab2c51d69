/*
 * options: a command line as names and values: --data DIR, --json. Every command states what it takes; anything else
 * is wrong usage (exit code 2), so that a slip of the pen never runs with a default.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "base/ctx.h"

struct option {
    const char *name;  /* without the dashes */
    bool takes_value;
    bool required;
    struct str value;  /* filled; "" when absent */
    bool is_given;
};

enum { OPTIONS_WORDS_MAX = 4 };

struct options {
    struct option *at;
    size_t len;
    struct str words[OPTIONS_WORDS_MAX]; /* what is no option: file names, sub-commands */
    size_t words_len;
};

/* Fills options and words from the arguments; ERR_INVALID with words that name the slip. */
enum err options_parse(struct ctx *cx, int argc, char **argv, struct options *options) MUST_CHECK;

/* The option of that name; the program's own mistake when there is none. */
const struct option *options_find(const struct options *options, const char *name);
struct str options_value(const struct options *options, const char *name, struct str otherwise);

#endif
