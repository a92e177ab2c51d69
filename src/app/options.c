#include "app/options.h"

#include <assert.h>
#include <string.h>

static struct option *find(const struct options *options, struct str name)
{
    for (size_t i = 0; i < options->len; i++)
        if (str_eq(str_from(options->at[i].name), name))
            return &options->at[i];
    return NULL;
}

enum err options_parse(struct ctx *cx, int argc, char **argv, struct options *options)
{
    for (int i = 0; i < argc; i++) {
        struct str arg = str_from(argv[i]);
        if (!str_starts(arg, STR("--"))) {
            if (options->words_len == OPTIONS_WORDS_MAX)
                return fail(cx, ERR_INVALID, "Thừa tham số: %s", argv[i]);
            options->words[options->words_len++] = arg;
            continue;
        }
        struct str rest = str_sub(arg, 2, SIZE_MAX);
        bool has_value = str_find(rest, STR("=")) < rest.len;
        struct str name = str_cut(&rest, '=');
        struct option *option = find(options, name);
        if (!option)
            return fail(cx, ERR_INVALID, "Không có tùy chọn --" STR_FMT, STR_ARG(name));
        if (!option->takes_value && has_value)
            return fail(cx, ERR_INVALID, "Tùy chọn --%s không nhận giá trị", option->name);
        if (option->takes_value && !has_value) {
            if (i + 1 == argc)
                return fail(cx, ERR_INVALID, "Tùy chọn --%s cần một giá trị", option->name);
            rest = str_from(argv[++i]);
        }
        option->value = rest;
        option->is_given = true;
    }
    for (size_t i = 0; i < options->len; i++)
        if (options->at[i].required && !options->at[i].is_given)
            return fail(cx, ERR_INVALID, "Thiếu tùy chọn --%s", options->at[i].name);
    return OK;
}

const struct option *options_find(const struct options *options, const char *name)
{
    const struct option *option = find(options, str_from(name));
    assert(option);
    return option;
}

struct str options_value(const struct options *options, const char *name, struct str otherwise)
{
    const struct option *option = options_find(options, name);
    return option->is_given ? option->value : otherwise;
}
