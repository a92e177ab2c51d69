#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_from(const char *text)
{
    return text ? (struct str){ text, strlen(text) } : (struct str){ "", 0 };
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

int str_compare(struct str a, struct str b)
{
    size_t both = a.len < b.len ? a.len : b.len;
    int order = both ? memcmp(a.at, b.at, both) : 0;
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq((struct str){ s.at, prefix.len }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t str_find(struct str s, struct str part)
{
    if (part.len == 0)
        return 0;
    const char *found = s.len ? memmem(s.at, s.len, part.at, part.len) : NULL;
    return found ? (size_t)(found - s.at) : s.len;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){ s.at ? s.at + from : "", len };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && is_blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct str str_cut(struct str *rest, char separator)
{
    const char *found = rest->len ? memchr(rest->at, separator, rest->len) : NULL;
    struct str head = *rest;
    if (!found) {
        *rest = str_sub(*rest, rest->len, 0);
        return head;
    }
    head.len = (size_t)(found - rest->at);
    *rest = str_sub(*rest, head.len + 1, SIZE_MAX);
    return head;
}

bool str_to_i64(struct str s, int64_t *ret_value)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t value = 0;
    for (; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        int digit = s.at[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && __builtin_mul_overflow(value, -1, &value))
        return false;
    *ret_value = value;
    return true;
}

struct str str_copy(struct arena *arena, struct str s)
{
    char *at = arena_alloc(arena, s.len + 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    return (struct str){ at, s.len };
}

const char *str_to_c(struct arena *arena, struct str s)
{
    return str_copy(arena, s).at;
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        va_end(again);
        return STR("");
    }
    char *at = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(at, (size_t)len + 1, format, again);
    va_end(again);
    return (struct str){ at, (size_t)len };
}

struct str str_join(struct arena *arena, const struct str *parts, size_t len, struct str separator)
{
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_put(&buf, separator);
        buf_put(&buf, parts[i]);
    }
    return buf_str(&buf);
}

struct str str_from_bytes_hex(struct arena *arena, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *at = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        at[2 * i] = digits[from[i] >> 4];
        at[2 * i + 1] = digits[from[i] & 15];
    }
    return (struct str){ at, 2 * len };
}

/* By a table: each request brings four ids in hex, and their digits are as random as ids are, so no branch is foreseen. */
static int hex_digit(char c)
{
    static const signed char digits[256] = { ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
                                             ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
                                             ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16 };
    return digits[(unsigned char)c] - 1;
}

bool str_to_bytes_hex(struct str s, unsigned char *ret_bytes, size_t len)
{
    if (s.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(s.at[2 * i]);
        int low = hex_digit(s.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret_bytes[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

/* The length of the well-formed sequence at the start of `s`, 0 when there is none. Unicode 15, table 3-7. */
static size_t sequence_len(struct str s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t len = 0;
    if (at[0] < 0x80)
        return at[0] ? 1 : 0;
    if (at[0] >= 0xC2 && at[0] <= 0xDF) {
        len = 2;
    } else if (at[0] >= 0xE0 && at[0] <= 0xEF) {
        len = 3;
        low = at[0] == 0xE0 ? 0xA0 : low;
        high = at[0] == 0xED ? 0x9F : high;
    } else if (at[0] >= 0xF0 && at[0] <= 0xF4) {
        len = 4;
        low = at[0] == 0xF0 ? 0x90 : low;
        high = at[0] == 0xF4 ? 0x8F : high;
    }
    if (len == 0 || s.len < len || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (at[i] < 0x80 || at[i] > 0xBF)
            return 0;
    return len;
}

bool str_is_utf8(struct str s)
{
    while (s.len > 0) {
        size_t len = sequence_len(s);
        if (len == 0)
            return false;
        s = str_sub(s, len, SIZE_MAX);
    }
    return true;
}

size_t str_count_code_points(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

uint32_t str_next_code_point(struct str *rest)
{
    if (rest->len == 0)
        return 0;
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t len = sequence_len(*rest);
    uint32_t code_point = at[0];
    if (len == 0) { /* not well formed: one byte stands for itself as the replacement character */
        len = 1;
        code_point = 0xFFFD;
    } else if (len > 1) {
        code_point = at[0] & (0xFFU >> (len + 1));
        for (size_t i = 1; i < len; i++)
            code_point = code_point << 6 | (at[i] & 0x3FU);
    }
    *rest = str_sub(*rest, len, SIZE_MAX);
    return code_point;
}

void buf_init(struct buf *buf, struct arena *arena)
{
    *buf = (struct buf){ .arena = arena, .at = NULL };
}

static void make_room(struct buf *buf, size_t more)
{
    if (buf->room - buf->len >= more)
        return;
    size_t room = buf->room ? buf->room * 2 : 256;
    while (room - buf->len < more)
        room *= 2;
    char *at = arena_alloc(buf->arena, room);
    if (buf->len)
        memcpy(at, buf->at, buf->len);
    buf->at = at;
    buf->room = room;
}

void buf_put(struct buf *buf, struct str s)
{
    if (s.len == 0)
        return;
    make_room(buf, s.len);
    memcpy(buf->at + buf->len, s.at, s.len);
    buf->len += s.len;
}

void buf_put_char(struct buf *buf, char c)
{
    make_room(buf, 1);
    buf->at[buf->len++] = c;
}

void buf_put_i64(struct buf *buf, int64_t value)
{
    char digits[24];
    size_t i = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--i] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--i] = '-';
    buf_put(buf, (struct str){ digits + i, sizeof digits - i });
}

void buf_put_code_point(struct buf *buf, uint32_t c)
{
    char at[4];
    size_t len = 0;
    if (c < 0x80) {
        at[len++] = (char)c;
    } else if (c < 0x800) {
        at[len++] = (char)(0xC0 | c >> 6);
        at[len++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        at[len++] = (char)(0xE0 | c >> 12);
        at[len++] = (char)(0x80 | (c >> 6 & 0x3F));
        at[len++] = (char)(0x80 | (c & 0x3F));
    } else {
        at[len++] = (char)(0xF0 | (c >> 18 & 7));
        at[len++] = (char)(0x80 | (c >> 12 & 0x3F));
        at[len++] = (char)(0x80 | (c >> 6 & 0x3F));
        at[len++] = (char)(0x80 | (c & 0x3F));
    }
    buf_put(buf, (struct str){ at, len });
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        make_room(buf, (size_t)len + 1);
        vsnprintf(buf->at + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){ buf->at ? buf->at : "", buf->len };
}
