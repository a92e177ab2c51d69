/*
 * What keeps strangers' pages from acting in our users' names: the CSRF token, masked anew in every page so that
 * compression cannot leak it (BREACH), and the checks of Origin and Sec-Fetch-Site. Also the notice that a redirect
 * carries in a short signed cookie, so that nobody can make the program say something by a link.
 */
#include "http/router.h"
#include "http/server.h"

#include <sodium.h>
#include <string.h>

enum { NOTICE_MAC_BYTES = 16, NOTICE_BYTES = 600 };

struct str csrf_mask(struct ctx *cx, struct str secret, const unsigned char *random)
{
    unsigned char mixed[2 * CSRF_SECRET_BYTES];
    if (secret.len == 0 || secret.len > CSRF_SECRET_BYTES)
        return STR("");
    memcpy(mixed, random, secret.len);
    for (size_t i = 0; i < secret.len; i++)
        mixed[secret.len + i] = (unsigned char)(mixed[i] ^ (unsigned char)secret.at[i]);
    return str_from_bytes_hex(&cx->arena, mixed, 2 * secret.len);
}

bool csrf_matches(struct str secret, struct str masked)
{
    unsigned char mixed[2 * CSRF_SECRET_BYTES];
    if (secret.len == 0 || secret.len > CSRF_SECRET_BYTES || !str_to_bytes_hex(masked, mixed, 2 * secret.len))
        return false;
    for (size_t i = 0; i < secret.len; i++)
        mixed[i] ^= mixed[secret.len + i];
    return sodium_memcmp(mixed, secret.at, secret.len) == 0;
}

bool origin_is_ours(const struct request *req)
{
    if (req->fetch_site.len > 0 && !str_eq(req->fetch_site, STR("same-origin")) &&
        !str_eq(req->fetch_site, STR("none")))
        return false;
    /* A browser may hide the origin of its own page's form ("null"); then only Sec-Fetch-Site can speak for it. */
    if (str_eq(req->origin, STR("null")))
        return str_eq(req->fetch_site, STR("same-origin"));
    if (req->origin.len == 0 || req->host.len == 0)
        return true; /* no browser of today omits both; what has no browser has no victim's cookie either */
    struct str scheme = req->is_tls || req->app->is_secure ? STR("https://") : STR("http://");
    return str_starts(req->origin, scheme) && str_eq(str_sub(req->origin, scheme.len, SIZE_MAX), req->host);
}

struct str cookie_name(const struct app *app, enum cookie cookie)
{
    switch (cookie) {
    case COOKIE_SESSION:
        return app->is_secure ? STR("__Host-phien") : STR("phien");
    case COOKIE_LINK:
        return app->is_secure ? STR("__Host-lien-ket") : STR("lien-ket");
    case COOKIE_LEARNER:
        return app->is_secure ? STR("__Host-hoc-vien") : STR("hoc-vien");
    }
    return STR("");
}

struct str notice_cookie_name(const struct app *app)
{
    return app->is_secure ? STR("__Host-bao") : STR("bao");
}

static struct str make_cookie(struct ctx *cx, const struct app *app, struct str name, struct str value, int64_t lives_s)
{
    return str_format(&cx->arena, STR_FMT "=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                      STR_ARG(name), STR_ARG(value), (long long)lives_s, app->is_secure ? "; Secure" : "");
}

void response_cookie(struct ctx *cx, const struct request *req, struct response *res, enum cookie cookie,
                     struct str value, int64_t lives_s)
{
    res->set_cookie = make_cookie(cx, req->app, cookie_name(req->app, cookie), value, value.len ? lives_s : 0);
}

static void notice_mac(const struct app *app, struct str text, unsigned char mac[NOTICE_MAC_BYTES])
{
    static const unsigned char what[] = "notice"; /* the secret signs other things too */
    crypto_generichash_state state;
    crypto_generichash_init(&state, app->secret, sizeof app->secret, NOTICE_MAC_BYTES);
    crypto_generichash_update(&state, what, sizeof what);
    crypto_generichash_update(&state, (const unsigned char *)text.at, text.len);
    crypto_generichash_final(&state, mac, NOTICE_MAC_BYTES);
}

struct str notice_sign(struct ctx *cx, const struct app *app, struct str notice)
{
    enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
    unsigned char signed_text[NOTICE_MAC_BYTES + NOTICE_BYTES];
    if (notice.len > NOTICE_BYTES) /* cut at a whole character */
        notice.len = NOTICE_BYTES;
    while (notice.len > 0 && !str_is_utf8(notice))
        notice.len--;
    if (notice.len > 0)
        memcpy(signed_text + NOTICE_MAC_BYTES, notice.at, notice.len);
    notice_mac(app, notice, signed_text);
    size_t bytes = NOTICE_MAC_BYTES + notice.len;
    size_t room = sodium_base64_encoded_len(bytes, VARIANT);
    char *text = arena_alloc(&cx->arena, room);
    sodium_bin2base64(text, room, signed_text, bytes, VARIANT);
    return make_cookie(cx, app, notice_cookie_name(app), str_from(text), 60);
}

struct str notice_verify(struct ctx *cx, const struct app *app, struct str signed_notice)
{
    unsigned char signed_text[NOTICE_MAC_BYTES + NOTICE_BYTES];
    unsigned char mac[NOTICE_MAC_BYTES];
    size_t len = 0;
    if (signed_notice.len == 0 ||
        sodium_base642bin(signed_text, sizeof signed_text, signed_notice.at, signed_notice.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len < NOTICE_MAC_BYTES)
        return STR("");
    struct str notice = { (const char *)signed_text + NOTICE_MAC_BYTES, len - NOTICE_MAC_BYTES };
    notice_mac(app, notice, mac);
    if (sodium_memcmp(mac, signed_text, NOTICE_MAC_BYTES) != 0)
        return STR("");
    return str_copy(&cx->arena, notice);
}

struct str notice_clear(struct ctx *cx, const struct app *app)
{
    return make_cookie(cx, app, notice_cookie_name(app), STR(""), 0);
}
