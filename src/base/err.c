#include "base/err.h"

#include "base/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err fail(struct ctx *cx, enum err code, const char *words, ...)
{
    va_list args;
    va_start(args, words);
    vsnprintf(cx->fault.words, sizeof cx->fault.words, words, args);
    va_end(args);
    cx->fault.code = code;
    cx->fault.detail[0] = '\0';
    cx->fault.field[0] = '\0';
    return code;
}

enum err fail_field(struct ctx *cx, const char *field, const char *words, ...)
{
    va_list args;
    va_start(args, words);
    vsnprintf(cx->fault.words, sizeof cx->fault.words, words, args);
    va_end(args);
    cx->fault.code = ERR_INVALID;
    cx->fault.detail[0] = '\0';
    snprintf(cx->fault.field, sizeof cx->fault.field, "%s", field);
    return ERR_INVALID;
}

enum err fail_detail(struct ctx *cx, enum err code, const char *detail, ...)
{
    va_list args;
    va_start(args, detail);
    vsnprintf(cx->fault.detail, sizeof cx->fault.detail, detail, args);
    va_end(args);
    snprintf(cx->fault.words, sizeof cx->fault.words, "%s", err_words(code));
    cx->fault.code = code;
    cx->fault.field[0] = '\0';
    return code;
}

int err_http_status(enum err code)
{
    switch (code) {
    case OK:
        return 200;
#define X(name, status, words)                                                                         \
    case ERR_##name:                                                                                   \
        return status;
        ERR_LIST(X)
#undef X
    }
    return 500;
}

const char *err_words(enum err code)
{
    switch (code) {
    case OK:
        return "";
#define X(name, status, words)                                                                         \
    case ERR_##name:                                                                                   \
        return words;
        ERR_LIST(X)
#undef X
    }
    return "";
}

const char *err_name(enum err code)
{
    switch (code) {
    case OK:
        return "OK";
#define X(name, status, words)                                                                         \
    case ERR_##name:                                                                                   \
        return #name;
        ERR_LIST(X)
#undef X
    }
    return "?";
}
