/*
 * commands: what `diemcau COMMAND` runs. Each prints for a person, or JSON with --json, and returns the exit code:
 * 0 done, 1 the answer is no (a check failed), 2 wrong usage, 3 bad input, 4 the system failed.
 */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "base/ctx.h"

enum exit_code { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_SYSTEM = 4 };

struct command {
    const char *name;
    const char *usage; /* the options, in one line */
    const char *words; /* what it does, in Vietnamese */
    int (*run)(struct ctx *cx, int argc, char **argv);
};

/* Says on standard error what the context's fault says, and gives the exit code that fits it. */
int command_fail(const struct ctx *cx);
/* The same for a slip in the command line: always EXIT_USAGE. */
int command_usage(const struct ctx *cx);

int command_serve(struct ctx *cx, int argc, char **argv);
int command_demo(struct ctx *cx, int argc, char **argv);
int command_rehearse(struct ctx *cx, int argc, char **argv);
int command_plan(struct ctx *cx, int argc, char **argv);
int command_account(struct ctx *cx, int argc, char **argv);
int command_check(struct ctx *cx, int argc, char **argv);
int command_rebuild(struct ctx *cx, int argc, char **argv);
int command_backup(struct ctx *cx, int argc, char **argv);
int command_restore(struct ctx *cx, int argc, char **argv);
int command_as_of(struct ctx *cx, int argc, char **argv);

#endif
