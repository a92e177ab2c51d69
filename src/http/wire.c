#include "http/wire.h"

#include "base/day.h"

#include <string.h>

enum { COMPRESS_FROM_BYTES = 1024, PACKED_KEPT_BYTES = 256 * 1024 };

/*
 * Nothing inline, nothing foreign, nobody frames us (reliability: headers). Trusted types keep a script of ours from
 * turning text into markup by mistake.
 */
#define SECURITY_LINES                                                                                 \
    "X-Content-Type-Options: nosniff\r\n"                                                              \
    "Referrer-Policy: same-origin\r\n"                                                                 \
    "Cross-Origin-Opener-Policy: same-origin\r\n"                                                      \
    "Cross-Origin-Resource-Policy: same-origin\r\n"
#define PAGE_POLICY                                                                                    \
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "   \
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "          \
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; "           \
    "report-uri /csp\r\n"
#define FILE_POLICY "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n"
#define HSTS_LINE "Strict-Transport-Security: max-age=31536000\r\n"

bool wire_open(struct wire *wire, const struct env *env, bool is_tls)
{
    memset(wire, 0, sizeof *wire);
    wire->env = env;
    wire->is_tls = is_tls;
    wire->date_s = -1;
    /* Level 1: on a page of 27 KB it costs a third of level 6 and gives away a tenth of the gain. */
    wire->has_deflate = deflateInit2(&wire->deflate, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    return wire->has_deflate;
}

void wire_close(struct wire *wire)
{
    if (wire->has_deflate)
        deflateEnd(&wire->deflate);
    env_free(wire->env, wire->packed);
}

static const char *status_words(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 303:
        return "See Other";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Other";
    }
}

static void put(struct wire *wire, struct str text)
{
    if (text.len > sizeof wire->head - wire->head_len) {
        wire->head_is_full = true;
        return;
    }
    if (text.len > 0)
        memcpy(wire->head + wire->head_len, text.at, text.len);
    wire->head_len += text.len;
}

static void put_number(struct wire *wire, uint64_t value)
{
    char digits[24];
    size_t i = sizeof digits;
    do {
        digits[--i] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put(wire, (struct str){ digits + i, sizeof digits - i });
}

/* A value that came from a room: whatever is in it, it stays one header. */
static void put_value(struct wire *wire, struct str value)
{
    size_t from = wire->head_len;
    put(wire, value);
    for (size_t i = from; i < wire->head_len; i++)
        if ((unsigned char)wire->head[i] < 0x20 || wire->head[i] == 0x7F)
            wire->head[i] = '?';
}

static void put_header(struct wire *wire, struct str name, struct str value)
{
    if (value.len == 0)
        return;
    put(wire, name);
    put(wire, STR(": "));
    put_value(wire, value);
    put(wire, STR("\r\n"));
}

static void refresh_date(struct wire *wire)
{
    static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int64_t now = env_now(wire->env);
    if (now / 1000 == wire->date_s)
        return;
    wire->date_s = now / 1000;
    int64_t utc = now - DAY_OFFSET_MS; /* as if Viet Nam's clocks showed UTC */
    struct civil c = instant_to_civil(utc);
    int len = snprintf(wire->date, sizeof wire->date, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                       weekdays[day_weekday(day_from_instant(utc))], c.date, months[c.month - 1], c.year, c.hour,
                       c.minute, c.second);
    wire->date_len = len > 0 ? (size_t)len : 0;
}

static void begin_head(struct wire *wire, int status)
{
    wire->head_len = 0;
    wire->head_is_full = false;
    put(wire, STR("HTTP/1.1 "));
    put_number(wire, (uint64_t)status);
    put(wire, STR(" "));
    put(wire, str_from(status_words(status)));
    put(wire, STR("\r\n"));
    refresh_date(wire);
    put(wire, (struct str){ wire->date, wire->date_len });
    put(wire, STR(SECURITY_LINES));
    if (wire->is_tls)
        put(wire, STR(HSTS_LINE));
}

static void end_head(struct wire *wire, size_t content_length, bool keeps_alive)
{
    put(wire, STR("Content-Length: "));
    put_number(wire, content_length);
    put(wire, keeps_alive ? STR("\r\n\r\n") : STR("\r\nConnection: close\r\n\r\n"));
}

static struct wire_answer finish_answer(struct wire *wire, struct str body)
{
    if (wire->head_is_full)
        return wire_refusal(wire, 500);
    return (struct wire_answer){ { wire->head, wire->head_len }, body };
}

static bool is_compressible(struct str type)
{
    return str_starts(type, STR("text/")) || str_starts(type, STR("application/json"));
}

/* The body in gzip; empty when that gains nothing or cannot be had. */
static struct str compress_body(struct wire *wire, struct str body)
{
    uLong room = deflateBound(&wire->deflate, (uLong)body.len);
    if (room > wire->packed_room || wire->packed_room > PACKED_KEPT_BYTES) {
        env_free(wire->env, wire->packed);
        wire->packed = env_alloc(wire->env, room);
        wire->packed_room = wire->packed ? room : 0;
    }
    if (!wire->packed || body.len > UINT32_MAX / 2 || deflateReset(&wire->deflate) != Z_OK)
        return STR("");
    wire->deflate.next_in = (z_const Bytef *)(uintptr_t)body.at;
    wire->deflate.avail_in = (uInt)body.len;
    wire->deflate.next_out = wire->packed;
    wire->deflate.avail_out = (uInt)wire->packed_room;
    if (deflate(&wire->deflate, Z_FINISH) != Z_STREAM_END)
        return STR("");
    size_t len = wire->packed_room - wire->deflate.avail_out;
    return len < body.len ? (struct str){ (const char *)wire->packed, len } : STR("");
}

/* Both forms of the name: plain ASCII for the oldest programs, and what it really is (RFC 6266). */
static void put_file_name(struct wire *wire, struct str name)
{
    static const char digits[] = "0123456789ABCDEF";
    if (name.len == 0)
        return;
    put(wire, STR("Content-Disposition: attachment; filename=\""));
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool is_plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '/' && c != '%';
        put(wire, is_plain ? str_sub(name, i, 1) : STR("_"));
    }
    put(wire, STR("\"; filename*=UTF-8''"));
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        const char code[] = { '%', digits[c >> 4], digits[c & 15] };
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                        c == '.' || c == '_';
        put(wire, is_plain ? str_sub(name, i, 1) : (struct str){ code, sizeof code });
    }
    put(wire, STR("\r\n"));
}

struct wire_answer wire_answer(struct wire *wire, struct call *call, bool keeps_alive)
{
    const struct response *res = &call->res;
    struct str body = buf_str(&res->body);
    struct str type = res->content_type.len > 0 || body.len == 0 ? res->content_type : STR("text/html; charset=utf-8");
    begin_head(wire, res->status);
    put_header(wire, STR("Content-Type"), type);
    put_header(wire, STR("Location"), res->location);
    put_header(wire, STR("Set-Cookie"), res->set_cookie);
    put_header(wire, STR("Set-Cookie"), res->notice_cookie);
    put_file_name(wire, res->file_name);
    put(wire, res->file_name.len > 0 ? STR(FILE_POLICY) : STR(PAGE_POLICY));
    put(wire, res->is_public ? STR("Cache-Control: public, max-age=300\r\n") : STR("Cache-Control: no-store\r\n"));
    if (res->status == 503 || res->status == 429)
        put(wire, STR("Retry-After: 5\r\n"));
    if (body.len > COMPRESS_FROM_BYTES && is_compressible(type)) {
        put(wire, STR("Vary: Accept-Encoding\r\n"));
        struct str packed = call->accepts_gzip ? compress_body(wire, body) : STR("");
        if (packed.len > 0) {
            put(wire, STR("Content-Encoding: gzip\r\n"));
            body = packed;
        }
    }
    if (call->is_http_1_0 && keeps_alive)
        put(wire, STR("Connection: keep-alive\r\n"));
    end_head(wire, body.len, keeps_alive);
    return finish_answer(wire, call->method == CALL_HEAD ? STR("") : body);
}

static struct str as_str(struct bytes bytes)
{
    return (struct str){ (const char *)bytes.at, bytes.len };
}

struct wire_answer wire_asset(struct wire *wire, const struct asset *asset, const struct call *call, bool keeps_alive)
{
    struct str body = as_str(asset->plain);
    begin_head(wire, 200);
    put_header(wire, STR("Content-Type"), str_from(asset->content_type));
    put(wire, STR("Cache-Control: public, max-age=31536000, immutable\r\nVary: Accept-Encoding\r\n"));
    if (call->accepts_brotli && asset->brotli.len > 0) {
        put(wire, STR("Content-Encoding: br\r\n"));
        body = as_str(asset->brotli);
    } else if (call->accepts_gzip && asset->gzip.len > 0) {
        put(wire, STR("Content-Encoding: gzip\r\n"));
        body = as_str(asset->gzip);
    }
    /* A picture opened by itself (an SVG) is a page too, and gets no rights as one. */
    put(wire, STR(FILE_POLICY));
    end_head(wire, body.len, keeps_alive);
    return finish_answer(wire, call->method == CALL_HEAD ? STR("") : body);
}

struct wire_answer wire_healthz(struct wire *wire, bool keeps_alive)
{
    begin_head(wire, 200);
    put(wire, STR("Content-Type: text/plain\r\nCache-Control: no-store\r\n" FILE_POLICY));
    end_head(wire, 2, keeps_alive);
    return finish_answer(wire, STR("ok"));
}

struct wire_answer wire_no_content(struct wire *wire, bool keeps_alive)
{
    begin_head(wire, 204);
    put(wire, STR("Cache-Control: no-store\r\n"));
    put(wire, keeps_alive ? STR("\r\n") : STR("Connection: close\r\n\r\n"));
    return finish_answer(wire, STR(""));
}

static struct str refusal_words(int status)
{
    switch (status) {
    case 405:
        return STR("Phương thức này không dùng được ở đây.\n");
    case 408:
        return STR("Yêu cầu gửi lên quá chậm, xin thử lại.\n");
    case 413:
        return STR("Nội dung gửi lên quá lớn.\n");
    case 431:
        return STR("Phần đầu của yêu cầu quá dài; xin xóa cookie của trang này rồi thử lại.\n");
    case 503:
        return STR("Hệ thống đang bận, xin thử lại sau ít phút.\n");
    default:
        return STR("Yêu cầu gửi lên không đúng quy cách.\n");
    }
}

struct wire_answer wire_refusal(struct wire *wire, int status)
{
    struct str body = refusal_words(status);
    begin_head(wire, status);
    put(wire, STR("Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n" FILE_POLICY));
    if (status == 405)
        put(wire, STR("Allow: GET, HEAD, POST\r\n"));
    if (status == 503)
        put(wire, STR("Retry-After: 5\r\n"));
    end_head(wire, body.len, false);
    return (struct wire_answer){ { wire->head, wire->head_len }, body };
}

struct str wire_stream_head(struct wire *wire)
{
    begin_head(wire, 200);
    put(wire, STR("Content-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n" FILE_POLICY
                  "\r\n"));
    return (struct str){ wire->head, wire->head_len };
}
