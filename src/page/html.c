#include "page/html.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>

void html_put_raw(struct html *h, const char *at, size_t len)
{
    buf_put(h->out, (struct str){ at, len });
}

/* What must be written otherwise in text and in quoted attributes; NULL for all other bytes. */
static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_put_str(struct html *h, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = entity_of(text.at[i]);
        if (!entity)
            continue;
        buf_put(h->out, str_sub(text, from, i - from));
        buf_put(h->out, str_from(entity));
        from = i + 1;
    }
    buf_put(h->out, str_sub(text, from, SIZE_MAX));
}

void html_put_c(struct html *h, const char *text)
{
    html_put_str(h, str_from(text));
}

void html_put_size(struct html *h, uint64_t value)
{
    buf_format(h->out, "%" PRIu64, value);
}

void html_put_number(struct html *h, int64_t value)
{
    buf_put_i64(h->out, value);
}

void html_put_u64(struct html *h, uint64_t value)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < len; i++) {
        buf_put_char(h->out, digits[i]);
        if (i + 1 < len && (len - i) % 3 == 1)
            buf_put_char(h->out, '.');
    }
}

void html_put_i64(struct html *h, int64_t value)
{
    if (value < 0)
        buf_put(h->out, STR("\u2212")); /* the minus sign, which lines up with figures */
    html_put_u64(h, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void html_put_url(struct html *h, struct url url)
{
    html_put_str(h, url.text);
}

void html_put_safe(struct html *h, struct safe_html html)
{
    buf_put(h->out, html.markup);
}

static bool is_plain_in_url(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void put_encoded(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain_in_url(text.at[i])) {
            buf_put_char(out, text.at[i]);
        } else {
            buf_put_char(out, '%');
            buf_put_char(out, digits[c >> 4]);
            buf_put_char(out, digits[c & 15]);
        }
    }
}

struct str url_encode(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena);
    put_encoded(&out, text);
    return buf_str(&out);
}

/*
 * One conversion of the format, after its '%'. A precision gives a str (%.*s); the compiler has
 * checked the types. Returns what stands behind it in the format.
 */
static const char *put_conversion(struct buf *out, const char *at, va_list *args)
{
    bool has_precision = at[0] == '.' && at[1] == '*';
    if (has_precision)
        at += 2;
    int longs = 0;
    bool is_size = *at == 'z';
    while (*at == 'l' || *at == 'z') {
        longs += *at == 'l';
        at++;
    }
    if (*at == 's') {
        size_t len = has_precision ? (size_t)va_arg(*args, int) : 0;
        const char *text = va_arg(*args, const char *);
        put_encoded(out, has_precision ? (struct str){ text, len } : str_from(text));
    } else if (*at == 'd') {
        buf_put_i64(out, longs == 0   ? va_arg(*args, int)
                         : longs == 1 ? va_arg(*args, long)
                                      : va_arg(*args, long long));
    } else if (*at == 'u') {
        uint64_t value = 0;
        if (is_size || longs == 1)
            value = va_arg(*args, unsigned long);
        else
            value = longs == 0 ? va_arg(*args, unsigned) : va_arg(*args, unsigned long long);
        buf_format(out, "%" PRIu64, value);
    } else {
        assert(*at == '%' && "a conversion url_format does not know");
        buf_put_char(out, '%');
    }
    return at + 1;
}

struct url url_format(struct arena *arena, const char *format, ...)
{
    assert(format[0] == '/' && format[1] != '/');
    struct buf out;
    buf_init(&out, arena);
    va_list args;
    va_start(args, format);
    while (*format) {
        if (*format == '%')
            format = put_conversion(&out, format + 1, &args);
        else
            buf_put_char(&out, *format++);
    }
    va_end(args);
    return (struct url){ buf_str(&out) };
}

bool url_from_path(struct str path, struct url *ret_url)
{
    if (path.len == 0 || path.len > 2000 || path.at[0] != '/' ||
        (path.len > 1 && path.at[1] == '/'))
        return false;
    /* Browsers read '\' as '/' and drop control characters, so "/\foreign" would leave this site.
     */
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.at[i];
        if (c <= ' ' || c >= 0x7F || c == '\\')
            return false;
    }
    *ret_url = (struct url){ path };
    return true;
}

bool url_from_https(struct str address, struct url *ret_url)
{
    static const char refused[] = "\"'<>\\^`{|}";
    struct str scheme = STR("https://");
    if (!str_starts(address, scheme) || address.len == scheme.len || address.len > 2000)
        return false;
    for (size_t i = 0; i < address.len; i++) {
        unsigned char c = (unsigned char)address.at[i];
        if (c <= ' ' || c >= 0x7F || strchr(refused, c))
            return false;
    }
    struct str rest = str_sub(address, scheme.len, SIZE_MAX);
    struct str host = str_cut(&rest, '/');
    if (host.len == 0 || str_find(host, STR("@")) < host.len)
        return false;
    *ret_url = (struct url){ address };
    return true;
}

static struct url link_of(struct arena *arena, struct str scheme, struct str text,
                          const char *allowed)
{
    struct buf out;
    buf_init(&out, arena);
    buf_put(&out, scheme);
    for (size_t i = 0; i < text.len; i++)
        if ((text.at[i] >= '0' && text.at[i] <= '9') ||
            (text.at[i] != '\0' && strchr(allowed, text.at[i])))
            buf_put_char(&out, text.at[i]);
    return (struct url){ buf_str(&out) };
}

struct url url_phone(struct arena *arena, struct str number)
{
    return link_of(arena, STR("tel:"), number, "+");
}

struct url url_mail(struct arena *arena, struct str address)
{
    return link_of(arena, STR("mailto:"), address,
                   "@.-_+abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

struct url url_fragment(struct arena *arena, struct str id)
{
    struct buf out;
    buf_init(&out, arena);
    buf_put_char(&out, '#');
    put_encoded(&out, id);
    return (struct url){ buf_str(&out) };
}
