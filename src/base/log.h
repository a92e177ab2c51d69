/*
 * log: one line an event on standard error, structured, in UTC; values are escaped so that nobody can forge a line.
 * Written at the boundaries only (main, the server, jobs). Never bodies, query strings or personal data.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/env.h"
#include "base/str.h"

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level level);

/* One line: time, level, event, then the formatted text with control characters escaped; 2,000 bytes at most. */
void log_line(const struct env *env, enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(4, 5);

#endif
