/*
 * str: text and bytes as borrowed views, and a buffer that grows in an arena.
 *
 * A str owns nothing, has no NUL at its end and is passed by value. Parsing is cutting: `rest` moves forward.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include "base/banned.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *at;
    size_t len;
};

struct bytes {
    const unsigned char *at;
    size_t len;
};

/* A str from a string literal: as an expression, and as a static initialiser. */
#define STR(literal) ((struct str){ ("" literal), sizeof(literal) - 1 })
#define STR_INIT(literal)                                                                              \
    {                                                                                                  \
        ("" literal), sizeof(literal) - 1                                                              \
    }
/* For printf-like functions: "tên " STR_FMT, STR_ARG(name). */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).at

struct str str_from(const char *text); /* NULL gives the empty str */
bool str_eq(struct str a, struct str b);
int str_compare(struct str a, struct str b); /* by bytes, as memcmp */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Where `part` first stands in `s`; s.len when nowhere. */
size_t str_find(struct str s, struct str part);
/* `s` without its first `from` bytes, and at most `len` of the rest; both are clipped. */
struct str str_sub(struct str s, size_t from, size_t len);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* What stands before the first `separator`; *rest moves behind it, or becomes empty when there is none. */
struct str str_cut(struct str *rest, char separator);

/* The whole text as a number, or false: no sign but '-', no blanks, no overflow. */
bool str_to_i64(struct str s, int64_t *ret_value);

struct str str_copy(struct arena *arena, struct str s);
/* With a NUL behind it, for foreign functions. The text must hold no NUL of its own. */
const char *str_to_c(struct arena *arena, struct str s);
struct str str_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str str_join(struct arena *arena, const struct str *parts, size_t len, struct str separator);

/* Lower-case hexadecimal. Decoding takes exactly 2 * len digits, or returns false. */
struct str str_from_bytes_hex(struct arena *arena, const void *bytes, size_t len);
bool str_to_bytes_hex(struct str s, unsigned char *ret_bytes, size_t len);

/* True when the text is well-formed UTF-8 without NUL, surrogates or over-long forms. */
bool str_is_utf8(struct str s);
/* Code points in well-formed UTF-8. */
size_t str_count_code_points(struct str s);
/* The next code point of well-formed UTF-8, moving *rest; 0 at the end. */
uint32_t str_next_code_point(struct str *rest);

/* A growing text in an arena. */
struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t room;
};

void buf_init(struct buf *buf, struct arena *arena);
void buf_put(struct buf *buf, struct str s);
void buf_put_char(struct buf *buf, char c);
void buf_put_i64(struct buf *buf, int64_t value);
void buf_put_code_point(struct buf *buf, uint32_t code_point);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
struct str buf_str(const struct buf *buf);

#endif
