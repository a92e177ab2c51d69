/*
 * jail_call: the list of system calls that a reader of papers needs, as a seccomp filter.
 */
#ifndef PAPER_JAIL_CALL_H
#define PAPER_JAIL_CALL_H

#include <stdbool.h>

/* The descriptor that the jailed program is started from: above the limit of what it may open itself, so that nothing
 * can be started a second time. */
enum { JAIL_PROGRAM_FD = 199, JAIL_FILES_MAX = 64 };

/* Puts the filter on this thread for good. Safe between fork and exec. */
bool jail_call_limit(void);

#endif
