#include "paper/xml.h"
#include "paper/archive.h"

#include <expat.h>

/*
 * expat calls back; callers here want to ask. So each piece of the file is given to expat whole, and what it calls is
 * written down in a queue, from which xml_next reads. The queue lives outside the arena, because an arena may leave by
 * longjmp and must not do so through expat. It stays small: without entities of its own a piece cannot become more than
 * a fixed multiple of itself, and names keep their prefix (expat's own namespaces would copy a long address into every
 * name).
 */
enum { PIECE_BYTES = 16 * 1024, QUEUE_BYTES_MAX = 16 * 1024 * 1024 };

/* Texts of a queued event are offsets, as the letters move when they grow. */
struct span {
    size_t at, len;
};

struct queued {
    enum xml_kind kind;
    struct span text;
    size_t attributes_at, attributes_len;
};

struct queued_attribute {
    struct span name, value;
};

struct grown {
    void *at;
    size_t len, room; /* in items */
};

/* A longer prefix is no office program's, and stands for no namespace that a caller knows. */
enum { PREFIX_BYTES_MAX = 15 };

struct binding {
    char prefix[PREFIX_BYTES_MAX];
    unsigned char prefix_len;
    int number;
    int depth;
};

enum trouble { TROUBLE_NONE, TROUBLE_MEMORY, TROUBLE_DOCTYPE, TROUBLE_LIMIT };

struct xml {
    const struct env *env;
    XML_Parser parser;
    struct xml_source source;
    const struct xml_space *spaces;
    enum trouble trouble;
    bool is_at_end;
    bool is_text_last;       /* the newest event is a text that may go on */
    struct grown letters;    /* char */
    struct grown events;     /* struct queued */
    struct grown attributes; /* struct queued_attribute */
    size_t next;             /* of events */
    int64_t fed_bytes, heard_bytes; /* given to expat; given when it last called */
    int depth;               /* of what xml_next gave last */
    int fed_depth;
    int64_t events_given;
    struct binding bindings[XML_BINDINGS_MAX];
    size_t bindings_len;
    const struct binding *bound; /* found last: nearly every name has the prefix of the one before; NULL when they changed */
    struct xml_attribute *shown; /* the attributes of the event given last */
    size_t shown_room;
    struct queued given;
};

static enum err read_part(struct ctx *cx, void *state, void *at, size_t room, size_t *ret_len)
{
    return archive_part_read(cx, state, at, room, ret_len);
}

struct xml_source xml_from_part(struct archive_part *part)
{
    return (struct xml_source){ read_part, part };
}

static enum err read_bytes(struct ctx *cx, void *state, void *at, size_t room, size_t *ret_len)
{
    (void)cx;
    struct bytes *rest = state;
    *ret_len = rest->len < room ? rest->len : room;
    if (*ret_len > 0)
        memcpy(at, rest->at, *ret_len);
    rest->at += *ret_len;
    rest->len -= *ret_len;
    return OK;
}

struct xml_source xml_from_bytes(struct bytes *bytes)
{
    return (struct xml_source){ read_bytes, bytes };
}

static void stop(struct xml *xml, enum trouble trouble)
{
    if (xml->trouble == TROUBLE_NONE)
        xml->trouble = trouble;
    (void)XML_StopParser(xml->parser, XML_FALSE);
}

/* Room for `more` items; NULL when there is none, and then the parser has been stopped. */
static void *grow(struct xml *xml, struct grown *list, size_t more, size_t item_bytes)
{
    if (list->len + more > list->room) {
        size_t room = list->room ? 2 * list->room : 1024;
        while (room < list->len + more)
            room *= 2;
        void *wider = room * item_bytes <= QUEUE_BYTES_MAX ? env_alloc(xml->env, room * item_bytes) : NULL;
        if (!wider) {
            stop(xml, room * item_bytes <= QUEUE_BYTES_MAX ? TROUBLE_MEMORY : TROUBLE_LIMIT);
            return NULL;
        }
        if (list->len > 0)
            memcpy(wider, list->at, list->len * item_bytes);
        env_free(xml->env, list->at);
        list->at = wider;
        list->room = room;
    }
    void *place = (char *)list->at + list->len * item_bytes;
    list->len += more;
    return place;
}

static bool put_letters(struct xml *xml, const char *text, size_t len, struct span *ret_span)
{
    struct span span = { xml->letters.len, len };
    char *place = grow(xml, &xml->letters, len, 1);
    if (!place)
        return false;
    if (len > 0)
        memcpy(place, text, len);
    *ret_span = span;
    return true;
}

/* A new event, or NULL. */
static struct queued *put_event(struct xml *xml, enum xml_kind kind, const char *text, size_t len)
{
    struct span span = { 0, 0 };
    xml->heard_bytes = xml->fed_bytes;
    xml->is_text_last = kind == XML_EVENT_TEXT;
    if (!put_letters(xml, text, len, &span))
        return NULL;
    struct queued *event = grow(xml, &xml->events, 1, sizeof *event);
    if (event)
        *event = (struct queued){ .kind = kind, .text = span, .attributes_at = xml->attributes.len };
    return event;
}

static void XMLCALL on_open(void *state, const XML_Char *name, const XML_Char **values)
{
    struct xml *xml = state;
    if (xml->trouble != TROUBLE_NONE)
        return;
    if (++xml->fed_depth > XML_DEPTH_MAX) {
        stop(xml, TROUBLE_LIMIT);
        return;
    }
    if (!put_event(xml, XML_EVENT_OPEN, name, strlen(name)))
        return;
    size_t event_at = xml->events.len - 1, len = 0;
    for (; values[2 * len]; len++) {
        struct queued_attribute attribute = { .name = { 0, 0 } };
        if (!put_letters(xml, values[2 * len], strlen(values[2 * len]), &attribute.name) ||
            !put_letters(xml, values[2 * len + 1], strlen(values[2 * len + 1]), &attribute.value))
            return;
        struct queued_attribute *place = grow(xml, &xml->attributes, 1, sizeof *place);
        if (!place)
            return;
        *place = attribute;
    }
    ((struct queued *)xml->events.at)[event_at].attributes_len = len;
}

static void XMLCALL on_close(void *state, const XML_Char *name)
{
    struct xml *xml = state;
    if (xml->trouble != TROUBLE_NONE)
        return;
    xml->fed_depth--;
    put_event(xml, XML_EVENT_CLOSE, name, strlen(name));
}

static void XMLCALL on_text(void *state, const XML_Char *text, int len)
{
    struct xml *xml = state;
    if (xml->trouble != TROUBLE_NONE || len <= 0)
        return;
    if (!xml->is_text_last) {
        put_event(xml, XML_EVENT_TEXT, text, (size_t)len);
        return;
    }
    struct span span = { 0, 0 };
    xml->heard_bytes = xml->fed_bytes;
    if (put_letters(xml, text, (size_t)len, &span))
        ((struct queued *)xml->events.at)[xml->events.len - 1].text.len += (size_t)len;
}

/* Comments, instructions and the rest: only heard, so that a long one is told from a row of short ones. */
static void XMLCALL on_other(void *state, const XML_Char *text, int len)
{
    (void)text;
    (void)len;
    struct xml *xml = state;
    xml->heard_bytes = xml->fed_bytes;
}

static void XMLCALL on_doctype(void *state, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                               int has_inside)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_inside;
    stop(state, TROUBLE_DOCTYPE);
}

static void close_xml(void *what)
{
    struct xml *xml = what;
    if (xml->parser)
        XML_ParserFree(xml->parser);
    env_free(xml->env, xml->letters.at);
    env_free(xml->env, xml->events.at);
    env_free(xml->env, xml->attributes.at);
}

void xml_open(struct ctx *cx, struct xml_source source, const struct xml_space *spaces, struct xml **ret_xml)
{
    struct xml *xml = ARENA_NEW(&cx->arena, struct xml);
    xml->env = cx->env;
    xml->source = source;
    xml->spaces = spaces;
    arena_on_end(&cx->arena, close_xml, xml);
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser) {
        XML_SetUserData(xml->parser, xml);
        XML_SetElementHandler(xml->parser, on_open, on_close);
        XML_SetCharacterDataHandler(xml->parser, on_text);
        XML_SetDefaultHandler(xml->parser, on_other);
        XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    }
    *ret_xml = xml;
}

static enum err refuse_limit(struct ctx *cx)
{
    return fail(cx, ERR_LIMIT, "Tệp này có cấu trúc lớn hoặc lồng nhau quá mức của một văn bản; xin mở tệp, sao nội dung "
                               "sang một văn bản mới rồi gửi lại");
}

static enum err refuse_trouble(struct ctx *cx, const struct xml *xml)
{
    switch (xml->trouble) {
    case TROUBLE_MEMORY:
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a part of an office file");
    case TROUBLE_LIMIT:
        return refuse_limit(cx);
    case TROUBLE_DOCTYPE:
    case TROUBLE_NONE:
        break;
    }
    enum err err = fail(cx, ERR_INVALID, "Tệp này bị hỏng bên trong hoặc không phải do phần mềm văn phòng tạo ra; xin mở "
                                         "bằng Word, lưu lại thành .docx rồi gửi lại");
    snprintf(cx->fault.detail, sizeof cx->fault.detail, "line %lu: %s", XML_GetCurrentLineNumber(xml->parser),
             xml->trouble == TROUBLE_DOCTYPE ? "a document type" : XML_ErrorString(XML_GetErrorCode(xml->parser)));
    return err;
}

/* The next piece into the queue, which is empty. */
static enum err feed(struct ctx *cx, struct xml *xml)
{
    size_t len = 0;
    void *piece = xml->parser ? XML_GetBuffer(xml->parser, PIECE_BYTES) : NULL;
    if (!piece)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the XML parser");
    TRY(xml->source.read(cx, xml->source.state, piece, PIECE_BYTES, &len));
    xml->letters.len = xml->events.len = xml->attributes.len = xml->next = 0;
    xml->is_text_last = false;
    xml->fed_bytes += (int64_t)len;
    xml->is_at_end = len == 0;
    if (XML_ParseBuffer(xml->parser, (int)len, len == 0) == XML_STATUS_ERROR || xml->trouble != TROUBLE_NONE)
        return refuse_trouble(cx, xml);
    if (xml->fed_bytes - xml->heard_bytes > XML_TAG_MAX)
        return refuse_limit(cx);
    return OK;
}

static struct str at_span(const struct xml *xml, struct span span)
{
    return (struct str){ span.len ? (const char *)xml->letters.at + span.at : "", span.len };
}

/* "w:val" is "w" and "val". */
static struct str cut_prefix(struct str *name)
{
    const char *colon = name->len > 0 ? memchr(name->at, ':', name->len) : NULL;
    if (!colon)
        return STR("");
    struct str prefix = { name->at, (size_t)(colon - name->at) };
    *name = str_sub(*name, prefix.len + 1, SIZE_MAX);
    return prefix;
}

static enum err bind(struct ctx *cx, struct xml *xml, struct str prefix, struct str uri)
{
    if (xml->bindings_len == XML_BINDINGS_MAX)
        return refuse_limit(cx);
    if (prefix.len > PREFIX_BYTES_MAX)
        return OK;
    int number = 0;
    for (const struct xml_space *space = xml->spaces; space && space->uri; space++)
        if (str_eq(uri, str_from(space->uri)))
            number = space->number;
    struct binding *binding = &xml->bindings[xml->bindings_len++];
    xml->bound = NULL;
    *binding = (struct binding){ .number = number, .depth = xml->depth, .prefix_len = (unsigned char)prefix.len };
    memcpy(binding->prefix, prefix.at, prefix.len);
    return OK;
}

/* Binds what the attributes of an element declare, and shows them to the caller. */
static enum err show_attributes(struct ctx *cx, struct xml *xml, const struct queued *from, struct xml_event *event)
{
    if (from->attributes_len > xml->shown_room) {
        xml->shown_room = from->attributes_len + 16;
        xml->shown = ARENA_NEW_ARRAY(&cx->arena, struct xml_attribute, xml->shown_room);
    }
    const struct queued_attribute *attributes = xml->attributes.at;
    for (size_t i = 0; i < from->attributes_len; i++) {
        const struct queued_attribute *attribute = &attributes[from->attributes_at + i];
        struct str name = at_span(xml, attribute->name), value = at_span(xml, attribute->value);
        xml->shown[i] = (struct xml_attribute){ name, value };
        if (str_eq(name, STR("xmlns")))
            TRY(bind(cx, xml, STR(""), value));
        else if (str_starts(name, STR("xmlns:")))
            TRY(bind(cx, xml, str_sub(name, 6, SIZE_MAX), value));
    }
    event->attributes = xml->shown;
    event->attributes_len = from->attributes_len;
    return OK;
}

static bool is_bound_as(const struct binding *binding, struct str prefix)
{
    return str_eq((struct str){ binding->prefix, binding->prefix_len }, prefix);
}

static int number_of(struct xml *xml, struct str prefix)
{
    if (xml->bound && is_bound_as(xml->bound, prefix))
        return xml->bound->number;
    for (size_t i = xml->bindings_len; i-- > 0;)
        if (is_bound_as(&xml->bindings[i], prefix)) {
            xml->bound = &xml->bindings[i];
            return xml->bound->number;
        }
    return 0;
}

enum err xml_next(struct ctx *cx, struct xml *xml, struct xml_event *ret_event)
{
    /* The bindings of an element hold until its end has been given. */
    if (xml->given.kind == XML_EVENT_CLOSE) {
        xml->depth--;
        for (; xml->bindings_len > 0 && xml->bindings[xml->bindings_len - 1].depth > xml->depth; xml->bindings_len--)
            xml->bound = NULL;
    }
    xml->given.kind = XML_EVENT_END;
    while (xml->next == xml->events.len) {
        if (xml->is_at_end) {
            *ret_event = (struct xml_event){ .kind = XML_EVENT_END };
            return OK;
        }
        TRY(feed(cx, xml));
    }
    if (++xml->events_given > XML_EVENTS_MAX)
        return refuse_limit(cx);
    xml->given = ((const struct queued *)xml->events.at)[xml->next++];
    struct xml_event event = { .kind = xml->given.kind, .text = at_span(xml, xml->given.text) };
    if (event.kind == XML_EVENT_OPEN) {
        xml->depth++;
        TRY(show_attributes(cx, xml, &xml->given, &event));
    }
    if (event.kind != XML_EVENT_TEXT) {
        event.name = event.text;
        event.text = STR("");
        event.space = number_of(xml, cut_prefix(&event.name));
    }
    event.depth = xml->depth;
    *ret_event = event;
    return OK;
}

enum err xml_skip(struct ctx *cx, struct xml *xml, int depth)
{
    struct xml_event event = { .kind = XML_EVENT_OPEN };
    do
        TRY(xml_next(cx, xml, &event));
    while (event.kind != XML_EVENT_END && (event.kind != XML_EVENT_CLOSE || event.depth > depth));
    return OK;
}

/* The attribute of that name, or NULL. */
static const struct xml_attribute *attribute_of(const struct xml_event *event, const char *name)
{
    struct str wanted = str_from(name);
    for (size_t i = 0; i < event->attributes_len; i++) {
        struct str local = event->attributes[i].name;
        cut_prefix(&local);
        if (str_eq(local, wanted))
            return &event->attributes[i];
    }
    return NULL;
}

struct str xml_value(const struct xml_event *event, const char *name)
{
    const struct xml_attribute *attribute = attribute_of(event, name);
    return attribute ? attribute->value : STR("");
}

bool xml_has(const struct xml_event *event, const char *name)
{
    return attribute_of(event, name) != NULL;
}

int xml_number(const struct xml_event *event, const char *name, int otherwise)
{
    int64_t value = 0;
    if (!str_to_i64(xml_value(event, name), &value) || value < -1000000 || value > 1000000)
        return otherwise;
    return (int)value;
}
