/*
 * xml: a part of an office file as a row of events that the caller asks for.
 *
 * A document type (and so every entity of its own) is refused; depth, the size of a single tag and the number of events
 * are bounded (reliability.md S6, S7). Nothing outside the bytes is ever read.
 */
#ifndef PAPER_XML_H
#define PAPER_XML_H

#include "base/ctx.h"

enum {
    XML_DEPTH_MAX = 200,
    XML_TAG_MAX = 256 * 1024,     /* bytes of one tag or comment */
    XML_EVENTS_MAX = 1500000,     /* of one part: 200 pages of the wordiest writer have half of it */
    XML_BINDINGS_MAX = 400,       /* namespaces in force at one place */
};

/* Where the bytes come from: fills `at`; *ret_len is 0 at the end. */
struct xml_source {
    enum err (*read)(struct ctx *cx, void *state, void *at, size_t room, size_t *ret_len);
    void *state;
};
struct archive_part;
struct xml_source xml_from_part(struct archive_part *part);
/* `bytes` moves forward as it is read. */
struct xml_source xml_from_bytes(struct bytes *bytes);

/* The namespaces a caller knows; the last has uri NULL. Others have number 0, and so has no namespace. */
struct xml_space {
    const char *uri;
    int number;
};

enum xml_kind {
    XML_EVENT_END, /* of the part */
    XML_EVENT_OPEN,
    XML_EVENT_CLOSE,
    XML_EVENT_TEXT,
};

struct xml_attribute {
    struct str name; /* with its prefix */
    struct str value;
};

/* Its texts are valid until the next call. */
struct xml_event {
    enum xml_kind kind;
    int space;
    int depth;       /* of the element: 1 is the root; for a text, of the element it stands in */
    struct str name; /* without its prefix */
    struct str text;
    const struct xml_attribute *attributes;
    size_t attributes_len;
};

struct xml;

/* Ends with cx's arena. */
void xml_open(struct ctx *cx, struct xml_source source, const struct xml_space *spaces, struct xml **ret_xml);
/* ERR_INVALID when it is no well-formed XML, ERR_LIMIT past the limits. */
enum err xml_next(struct ctx *cx, struct xml *xml, struct xml_event *ret_event) MUST_CHECK;
/* After XML_EVENT_OPEN: to behind the element's end, whatever it holds. */
enum err xml_skip(struct ctx *cx, struct xml *xml, int depth) MUST_CHECK;

/* By the name without prefix; "" when there is none. */
struct str xml_value(const struct xml_event *event, const char *name);
bool xml_has(const struct xml_event *event, const char *name);
/* Its value as a number, or `otherwise`. */
int xml_number(const struct xml_event *event, const char *name, int otherwise);

#endif
