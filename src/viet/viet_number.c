#include "viet/viet.h"

#include <inttypes.h>

struct str viet_number(struct arena *arena, int64_t value)
{
    char digits[32];
    /* The magnitude of the smallest value does not fit int64_t. */
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t at = sizeof digits;
    int written = 0;
    do {
        if (written > 0 && written % 3 == 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
        written++;
    } while (left > 0);
    if (value < 0)
        digits[--at] = '-';
    return str_copy(arena, (struct str){ digits + at, sizeof digits - at });
}

bool viet_number_parse(struct str text, int64_t *ret_value)
{
    if (str_find(text, STR(".")) == text.len)
        return str_to_i64(text, ret_value);

    char plain[24];
    size_t len = 0;
    struct str rest = text;
    bool is_first = true;
    while (rest.len > 0) {
        struct str group = str_cut(&rest, '.');
        struct str digits =
            is_first && str_starts(group, STR("-")) ? str_sub(group, 1, SIZE_MAX) : group;
        if (digits.len > 3 || digits.len == 0 || (!is_first && digits.len != 3) ||
            len + group.len > sizeof plain)
            return false;
        memcpy(plain + len, group.at, group.len);
        len += group.len;
        is_first = false;
    }
    return !str_ends(text, STR(".")) && str_to_i64((struct str){ plain, len }, ret_value);
}

struct str viet_count(struct arena *arena, int64_t value)
{
    if (value >= 0 && value < 10)
        return str_format(arena, "0%" PRId64, value);
    return viet_number(arena, value);
}

static const char *const digit_words[] = { "không", "một", "hai", "ba",  "bốn",
                                           "năm",   "sáu", "bảy", "tám", "chín" };

static void put_word(struct buf *out, const char *word)
{
    if (out->len > 0)
        buf_put_char(out, ' ');
    buf_put(out, str_from(word));
}

/* 1 to 999. Behind a higher group the hundreds are spoken even when there are none: "không trăm
 * linh năm". */
static void put_group(struct buf *out, unsigned value, bool is_full)
{
    unsigned hundreds = value / 100, tens = value / 10 % 10, ones = value % 10;
    if (hundreds > 0 || is_full) {
        put_word(out, digit_words[hundreds]);
        put_word(out, "trăm");
    }
    if (tens == 0 && ones > 0 && (hundreds > 0 || is_full))
        put_word(out, "linh");
    if (tens == 1)
        put_word(out, "mười");
    if (tens > 1) {
        put_word(out, digit_words[tens]);
        put_word(out, "mươi");
    }
    if (ones == 0)
        return;
    if (ones == 1 && tens > 1)
        put_word(out, "mốt");
    else if (ones == 4 && tens > 1)
        put_word(out, "tư");
    else if (ones == 5 && tens > 0)
        put_word(out, "lăm");
    else
        put_word(out, digit_words[ones]);
}

/* Below a billion: millions, thousands, ones; empty groups are passed over. */
static void put_below_billion(struct buf *out, unsigned value, bool is_full)
{
    static const struct {
        unsigned size;
        const char *word;
    } groups[] = { { 1000000, "triệu" }, { 1000, "nghìn" }, { 1, NULL } };

    for (size_t i = 0; i < LEN(groups); i++) {
        unsigned group = value / groups[i].size % 1000;
        if (group == 0)
            continue;
        put_group(out, group, is_full);
        if (groups[i].word)
            put_word(out, groups[i].word);
        is_full = true;
    }
}

struct str viet_number_words(struct arena *arena, int64_t value)
{
    struct buf out;
    buf_init(&out, arena);
    if (value == 0)
        return STR("không");
    if (value < 0)
        put_word(&out, "âm");
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const uint64_t billion = 1000000000;
    bool is_full = false;
    if (left >= billion * billion) {
        put_below_billion(&out, (unsigned)(left / billion / billion), false);
        put_word(&out, "tỷ tỷ");
        is_full = true;
    }
    if (left / billion % billion > 0) {
        put_below_billion(&out, (unsigned)(left / billion % billion), is_full);
        put_word(&out, "tỷ");
        is_full = true;
    }
    put_below_billion(&out, (unsigned)(left % billion), is_full);
    return buf_str(&out);
}
