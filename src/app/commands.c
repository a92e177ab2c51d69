#include "app/commands.h"

#include <stdio.h>

int command_fail(const struct ctx *cx)
{
    fprintf(stderr, "diemcau: %s\n", cx->fault.words);
    if (cx->fault.detail[0])
        fprintf(stderr, "  (%s)\n", cx->fault.detail);
    switch (cx->fault.code) {
    case OK:
        return EXIT_DONE;
    case ERR_INVALID:
    case ERR_LIMIT:
    case ERR_NOT_FOUND:
    case ERR_CONFLICT:
        return EXIT_INPUT;
    case ERR_UNKNOWN_ACTOR:
    case ERR_FORBIDDEN:
    case ERR_TOO_MANY:
        return EXIT_NO;
    case ERR_UNAVAILABLE:
    case ERR_SYSTEM:
        return EXIT_SYSTEM;
    }
    return EXIT_SYSTEM;
}

int command_usage(const struct ctx *cx)
{
    (void)command_fail(cx);
    return EXIT_USAGE;
}
