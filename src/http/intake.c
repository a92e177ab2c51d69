#include "http/intake.h"

#include <string.h>
#include <strings.h>

enum { HEADERS_MAX = 100 };
enum phase { PHASE_IDLE, PHASE_HEAD, PHASE_BODY };
enum pause { NOT_PAUSED, PAUSED_AT_HEAD, PAUSED_AT_END };

/* The headers we read; everything else is parsed, counted and forgotten. X(id, name) */
#define HEADER_LIST(X)                                                                                 \
    X(HOST, "host")                                                                                    \
    X(COOKIE, "cookie")                                                                                \
    X(AUTHORIZATION, "authorization")                                                                  \
    X(CONTENT_TYPE, "content-type")                                                                    \
    X(ORIGIN, "origin")                                                                                \
    X(FETCH_SITE, "sec-fetch-site")                                                                    \
    X(CSRF, "x-csrf")                                                                                  \
    X(EXPECT, "expect")                                                                                \
    X(TRANSFER_ENCODING, "transfer-encoding")                                                          \
    X(ACCEPT, "accept")                                                                                \
    X(ACCEPT_ENCODING, "accept-encoding")
enum header {
#define X(id, name) HEADER_##id,
    HEADER_LIST(X)
#undef X
        HEADER_OTHER,
    HEADER_LINE, /* not a header: the address in the request line */
};
static const struct str header_names[] = {
#define X(id, name) STR_INIT(name),
    HEADER_LIST(X)
#undef X
};
/* These may come several times (lists); of the others a second one is an attack or a fault. */
enum { HEADERS_REPEATABLE = 1 << HEADER_ACCEPT | 1 << HEADER_ACCEPT_ENCODING };

static int refuse(struct intake *intake, uint16_t status)
{
    intake->status = status;
    return HPE_USER;
}

static int keep_piece(llhttp_t *parser, const char *at, size_t len)
{
    struct intake *intake = parser->data;
    struct call *call = intake->call;
    if (intake->phase == PHASE_BODY)
        return 0; /* a trailer: never a header */
    if (len > sizeof call->head - call->head_len)
        return refuse(intake, 431);
    memcpy(call->head + call->head_len, at, len);
    call->head_len += len;
    return 0;
}

/* Of a trailer only that it has a name is kept: one without is malformed like any header. */
static int keep_name(llhttp_t *parser, const char *at, size_t len)
{
    struct intake *intake = parser->data;
    intake->trailer_has_name = intake->trailer_has_name || len > 0;
    return keep_piece(parser, at, len);
}

static struct str item(const struct intake *intake)
{
    return (struct str){ intake->call->head + intake->item_at, intake->call->head_len - intake->item_at };
}

static int end_url(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    struct request *req = &intake->call->req;
    req->query = item(intake);
    req->path = str_cut(&req->query, '?');
    intake->item_at = intake->call->head_len;
    return 0;
}

static int end_name(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    if (intake->phase == PHASE_BODY) {
        bool has_name = intake->trailer_has_name;
        intake->trailer_has_name = false;
        return has_name ? 0 : refuse(intake, 400);
    }
    struct str name = item(intake);
    if (name.len == 0)
        return refuse(intake, 400);
    intake->name_is = HEADER_OTHER;
    for (uint8_t i = 0; i < HEADER_OTHER; i++)
        if (name.len == header_names[i].len && strncasecmp(name.at, header_names[i].at, name.len) == 0)
            intake->name_is = i;
    intake->call->head_len = intake->item_at; /* the name is known now */
    return ++intake->headers_len > HEADERS_MAX ? refuse(intake, 431) : 0;
}

/* "gzip" or "br" among the codings, and not with a weight of nought. */
static bool accepts(struct str codings, struct str wanted)
{
    while (codings.len > 0) {
        struct str weight = str_trim(str_cut(&codings, ','));
        struct str coding = str_trim(str_cut(&weight, ';'));
        weight = str_trim(weight);
        if (coding.len == wanted.len && strncasecmp(coding.at, wanted.at, wanted.len) == 0)
            return !str_starts(weight, STR("q=0")) || str_starts(weight, STR("q=0."));
    }
    return false;
}

static bool has(struct str text, struct str part)
{
    return str_find(text, part) < text.len;
}

static void read_accept(struct call *call, struct str value)
{
    call->req.wants_json = has(value, STR("application/json")) && !has(value, STR("text/html"));
}

static int read_expect(struct call *call, struct str value)
{
    call->wants_continue = value.len == 12 && strncasecmp(value.at, "100-continue", 12) == 0;
    call->has_bad_expect = !call->wants_continue;
    return 0;
}

static int take_header(struct intake *intake, enum header header, struct str value)
{
    struct call *call = intake->call;
    struct request *req = &call->req;
    switch (header) {
    case HEADER_HOST:
        req->host = value;
        break;
    case HEADER_COOKIE:
        req->cookies = value;
        break;
    case HEADER_AUTHORIZATION:
        req->authorization = value;
        break;
    case HEADER_CONTENT_TYPE:
        req->content_type = value;
        break;
    case HEADER_ORIGIN:
        req->origin = value;
        break;
    case HEADER_FETCH_SITE:
        req->fetch_site = value;
        break;
    case HEADER_CSRF:
        req->csrf_header = value;
        break;
    case HEADER_EXPECT:
        return read_expect(call, value);
    case HEADER_TRANSFER_ENCODING:
        return value.len == 7 && strncasecmp(value.at, "chunked", 7) == 0 ? 0 : refuse(intake, 400);
    case HEADER_ACCEPT:
        read_accept(call, value);
        break;
    case HEADER_ACCEPT_ENCODING:
        call->accepts_gzip = accepts(value, STR("gzip"));
        call->accepts_brotli = accepts(value, STR("br"));
        break;
    case HEADER_OTHER:
    case HEADER_LINE:
        break;
    }
    return 0;
}

static int end_value(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    if (intake->phase == PHASE_BODY)
        return 0;
    struct str value = str_trim(item(intake));
    enum header header = (enum header)intake->name_is;
    if (header == HEADER_OTHER) {
        intake->call->head_len = intake->item_at;
        return 0;
    }
    intake->item_at = intake->call->head_len;
    unsigned bit = 1U << header;
    if ((intake->seen & bit) && !(bit & HEADERS_REPEATABLE))
        return refuse(intake, 400);
    intake->seen |= (uint16_t)bit;
    return take_header(intake, header, value);
}

static enum call_method method_of(uint8_t method)
{
    switch (method) {
    case HTTP_GET:
        return CALL_GET;
    case HTTP_HEAD:
        return CALL_HEAD;
    case HTTP_POST:
        return CALL_POST;
    default:
        return CALL_OTHER;
    }
}

static int end_headers(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    struct call *call = intake->call;
    bool is_1_1 = parser->http_major == 1 && parser->http_minor == 1;
    bool is_1_0 = parser->http_major == 1 && parser->http_minor == 0;
    bool has_coding = (intake->seen & 1U << HEADER_TRANSFER_ENCODING) != 0;
    if (!is_1_1 && !is_1_0)
        return refuse(intake, 505);
    if (is_1_1 && call->req.host.len == 0) /* RFC 9112, section 3.2 */
        return refuse(intake, 400);
    if (has_coding && (is_1_0 || (parser->flags & F_CONTENT_LENGTH))) /* RFC 9112, section 6.1: smuggling */
        return refuse(intake, 400);
    call->method = method_of(parser->method);
    call->req.method = call->method == CALL_POST ? METHOD_POST : METHOD_GET;
    call->is_http_1_0 = is_1_0;
    call->keeps_alive = llhttp_should_keep_alive(parser) != 0;
    call->is_chunked = (parser->flags & F_CHUNKED) != 0;
    call->content_length = call->is_chunked ? 0 : parser->content_length;
    call->has_body = call->is_chunked || call->content_length > 0;
    parser->upgrade = 0; /* offers to change the protocol are not taken up, as RFC 9110, section 7.8 allows */
    intake->phase = PHASE_BODY;
    intake->trailer_has_name = false;
    intake->raw_bytes = 0;
    if (!call->has_body)
        return 0;
    intake->paused_at = PAUSED_AT_HEAD;
    return HPE_PAUSED;
}

static int take_body(llhttp_t *parser, const char *at, size_t len)
{
    struct intake *intake = parser->data;
    if (call_add_body(intake->call, at, len))
        return 0;
    return refuse(intake, intake->call->body_failed ? 503 : 413);
}

static int end_message(llhttp_t *parser)
{
    struct intake *intake = parser->data;
    intake->paused_at = PAUSED_AT_END;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = keep_piece,
    .on_url_complete = end_url,
    .on_header_field = keep_name,
    .on_header_field_complete = end_name,
    .on_header_value = keep_piece,
    .on_header_value_complete = end_value,
    .on_headers_complete = end_headers,
    .on_body = take_body,
    .on_message_complete = end_message,
};

void intake_init(struct intake *intake)
{
    memset(intake, 0, sizeof *intake);
    llhttp_init(&intake->parser, HTTP_REQUEST, &settings);
    intake->parser.data = intake;
}

void intake_next(struct intake *intake, struct call *call)
{
    llhttp_reset(&intake->parser);
    intake->call = call;
    intake->raw_bytes = 0;
    intake->headers_len = 0;
    intake->status = 0;
    intake->phase = PHASE_IDLE;
    intake->paused_at = NOT_PAUSED;
    intake->line_is_empty = true;
    intake->last_was_cr = false;
    intake->is_past_line = false;
    intake->spaces = 0;
    intake->protocol_len = 0;
    intake->trailer_has_name = false;
    intake->seen = 0;
    intake->item_at = 0;
}

bool intake_has_begun(const struct intake *intake)
{
    return intake->phase != PHASE_IDLE;
}

bool intake_is_in_body(const struct intake *intake)
{
    return intake->phase == PHASE_BODY;
}

/* "GET /x HTTP/1.1" has two blanks; llhttp would skip more, and take other protocols' names for ours. */
static bool scan_request_line(struct intake *intake, const char *at, size_t len, bool is_whole)
{
    static const char protocol[] = { 'H', 'T', 'T', 'P', '/' };
    for (size_t i = 0; i < len; i++) {
        if (at[i] == ' ')
            intake->spaces = (uint8_t)(intake->spaces + (intake->spaces < 3));
        else if (intake->spaces == 2 && intake->protocol_len < sizeof protocol &&
                 at[i] != protocol[intake->protocol_len++])
            return false;
    }
    intake->is_past_line = is_whole;
    return is_whole ? intake->spaces == 2 : intake->spaces <= 2;
}

/*
 * llhttp takes a lone LF for a line end and joins folded lines. Both let two programs in a row read one request
 * differently, so the lines are looked at here first. *ret_len is how much of `bytes` belongs to the headers.
 */
static bool scan_lines(struct intake *intake, struct str bytes, size_t *ret_len)
{
    size_t at = 0;
    while (at < bytes.len) {
        char first = bytes.at[at];
        if (intake->line_is_empty && !intake->last_was_cr && (first == ' ' || first == '\t'))
            return false;
        const char *end = memchr(bytes.at + at, '\n', bytes.len - at);
        size_t line_len = (end ? (size_t)(end - bytes.at) : bytes.len) - at;
        bool ends_in_cr = line_len > 0 ? bytes.at[at + line_len - 1] == '\r' : intake->last_was_cr;
        bool is_empty = intake->line_is_empty && (line_len == 0 || (line_len == 1 && ends_in_cr && !intake->last_was_cr));
        if (!intake->is_past_line && !scan_request_line(intake, bytes.at + at, line_len, end != NULL))
            return false;
        at += line_len;
        if (!end) {
            intake->line_is_empty = is_empty;
            intake->last_was_cr = ends_in_cr;
            break;
        }
        if (!ends_in_cr)
            return false;
        at++;
        intake->line_is_empty = true;
        intake->last_was_cr = false;
        if (is_empty) /* the headers' end */
            break;
    }
    *ret_len = at;
    return true;
}

static enum intake_step bad(struct intake *intake, uint16_t status)
{
    if (intake->status == 0)
        intake->status = status;
    return INTAKE_BAD;
}

/* Runs the parser over the first len of *bytes and moves on behind what it took. */
static enum intake_step run_parser(struct intake *intake, struct str *bytes, size_t len)
{
    intake->paused_at = NOT_PAUSED;
    llhttp_errno_t why = llhttp_execute(&intake->parser, bytes->at, len);
    if (why == HPE_OK) {
        *bytes = str_sub(*bytes, len, SIZE_MAX);
        return INTAKE_MORE;
    }
    if (why != HPE_PAUSED || intake->paused_at == NOT_PAUSED)
        return bad(intake, 400);
    const char *stopped_at = llhttp_get_error_pos(&intake->parser);
    *bytes = str_sub(*bytes, (size_t)(stopped_at - bytes->at), SIZE_MAX);
    llhttp_resume(&intake->parser);
    return intake->paused_at == PAUSED_AT_HEAD ? INTAKE_HEAD : INTAKE_DONE;
}

static enum intake_step feed_head(struct intake *intake, struct str *bytes)
{
    size_t len = 0;
    if (!scan_lines(intake, *bytes, &len))
        return bad(intake, 400);
    intake->raw_bytes += len;
    if (intake->raw_bytes > CALL_HEAD_BYTES)
        return bad(intake, 431);
    return run_parser(intake, bytes, len);
}

static enum intake_step feed_body(struct intake *intake, struct str *bytes)
{
    const struct call *call = intake->call;
    size_t before = bytes->len;
    enum intake_step step = run_parser(intake, bytes, bytes->len);
    intake->raw_bytes += before - bytes->len;
    /* Chunks of one byte cost five more; whoever sends more framing than that is not sending a form. */
    if (call->is_chunked && intake->raw_bytes / 8 > call->body_len + CALL_HEAD_BYTES)
        return bad(intake, 400);
    return step;
}

enum intake_step intake_feed(struct intake *intake, struct str *bytes)
{
    if (bytes->len == 0)
        return INTAKE_MORE;
    if (intake->phase == PHASE_IDLE)
        intake->phase = PHASE_HEAD;
    return intake->phase == PHASE_BODY ? feed_body(intake, bytes) : feed_head(intake, bytes);
}
