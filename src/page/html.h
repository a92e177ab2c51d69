/*
 * html: what compiled templates write with. html_put chooses by the type of the value: text is escaped, only
 * struct safe_html goes out raw, only struct url may stand in an address (tools/tmplc.c sees to that).
 */
#ifndef PAGE_HTML_H
#define PAGE_HTML_H

#include "base/day.h"
#include "base/str.h"

struct html {
    struct buf *out;
    const struct page *page; /* the layout's view, for templates that need it */
};

/* Markup made by our own code from escaped parts. */
struct safe_html {
    struct str markup;
};

/* An address that may be followed: made only by the url_ functions below and asset_url (page.h). */
struct url {
    struct str text;
};

/*
 * The format is printf's; what it writes for %s and %.*s is percent-encoded, so a text never changes the path:
 *     url_format(&cx->arena, "/van-ban?tim=%.*s&trang=%d", STR_ARG(search), page)
 * Understands %s, %.*s, %d, %lld, %ld, %zu, %u and %%; the format must begin with one "/".
 */
struct url url_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str url_encode(struct arena *arena, struct str text); /* one component */

/*
 * An address that came from outside (where to go after sign-in): true only for a path of this program, so that no
 * link can send a person to a foreign site.
 */
bool url_from_path(struct str path, struct url *ret_url);

/*
 * A foreign address as a paper or an officer gives it: true only for a whole https address without blanks, quotes or a
 * user name before the host, so that what is shown is where one goes.
 */
bool url_from_https(struct str address, struct url *ret_url);

/* "tel:" and "mailto:" links. Characters that do not belong in a number or an address are left out. */
struct url url_phone(struct arena *arena, struct str number);
struct url url_mail(struct arena *arena, struct str address);
/* A place on the same page: "#f-reason". */
struct url url_fragment(struct arena *arena, struct str id);

void html_put_str(struct html *h, struct str text);
void html_put_c(struct html *h, const char *text);
void html_put_i64(struct html *h, int64_t value); /* with a dot for thousands: 3.321 */
void html_put_u64(struct html *h, uint64_t value);
void html_put_url(struct html *h, struct url url);
void html_put_safe(struct html *h, struct safe_html html);
void html_put_raw(struct html *h, const char *at, size_t len); /* the template's own text; only tmplc writes calls */

/* clang-format off */
#define html_put(h, x) _Generic((x),                                                                     \
    struct str: html_put_str, char *: html_put_c, const char *: html_put_c,                              \
    int: html_put_i64, long: html_put_i64, long long: html_put_i64, unsigned: html_put_u64,              \
    unsigned long: html_put_u64, unsigned long long: html_put_u64, struct safe_html: html_put_safe, struct url: html_put_url)(h, x)
/* In an address attribute only a url, in any other attribute anything but safe_html. */
#define html_put_address(h, x) _Generic((x), struct url: html_put_url)(h, x)
#define html_put_attribute(h, x) _Generic((x),                                                           \
    struct str: html_put_str, char *: html_put_c, const char *: html_put_c,                              \
    int: html_put_number, long: html_put_number, long long: html_put_number, unsigned: html_put_size,    \
    unsigned long: html_put_size, unsigned long long: html_put_size, struct url: html_put_url)(h, x)
/* clang-format on */
void html_put_number(struct html *h, int64_t value); /* without dots: for attributes */
void html_put_size(struct html *h, uint64_t value);

#endif
