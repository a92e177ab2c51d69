#include "base/log.h"

#include "base/day.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LOG_LINE_BYTES = 2000 };

static atomic_int lowest_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&lowest_level, (int)level);
}

/* Control characters become \xHH, so that one event is always one line. */
static size_t escape(const char *text, char *ret_line, size_t room)
{
    size_t len = 0;
    for (const char *c = text; *c && len + 5 < room; c++) {
        if ((unsigned char)*c >= 0x20 && *c != 0x7F)
            ret_line[len++] = *c;
        else
            len += (size_t)snprintf(ret_line + len, room - len, "\\x%02x", (unsigned)(unsigned char)*c);
    }
    return len;
}

void log_line(const struct env *env, enum log_level level, const char *event, const char *format, ...)
{
    static const char *const level_names[] = { "info", "warn", "error" };
    if ((int)level < atomic_load(&lowest_level))
        return;
    char text[LOG_LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);

    char line[LOG_LINE_BYTES + 200];
    int64_t now = env_now(env);
    struct civil c = instant_to_civil(now - DAY_OFFSET_MS);
    int len = snprintf(line, 200, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %s %s ", c.year, c.month, c.date, c.hour,
                       c.minute, c.second, (int)(now % 1000), level_names[level], event);
    size_t line_len = len > 0 ? (size_t)len : 0;
    line_len += escape(text, line + line_len, sizeof line - line_len - 1);
    line[line_len++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, line_len); /* a log that cannot be written has nobody to tell */
    (void)ignored;
}
