#include "reader/outline.h"

#include "reader/fold.h"

const struct outline_node *outline_next(const struct outline_node *top, const struct outline_node *node)
{
    if (node->first_child)
        return node->first_child;
    while (node && node != top) {
        if (node->next)
            return node->next;
        node = node->parent;
    }
    return NULL;
}

const struct outline_node *outline_heading(const struct outline_node *node)
{
    for (node = node->parent; node; node = node->parent)
        if (node->kind == OUTLINE_HEADING)
            return node;
    return NULL;
}

bool outline_within(const struct outline_node *node, enum outline_topic topic)
{
    for (; node; node = node->parent)
        if (node->own_topic == topic)
            return true;
    return false;
}

struct reader_span outline_span(const struct outline_node *node, struct str part)
{
    struct reader_span span = node->span;
    if (!part.at || part.at < node->text.at || part.at + part.len > node->text.at + node->text.len)
        return span;
    struct str before = { node->text.at, (size_t)(part.at - node->text.at) };
    span.from += (int)str_count_code_points(before);
    span.to = span.from + (int)str_count_code_points(part);
    return span;
}

/* "IV." is IV, "(1)" is 1, "a)" is a: what people say of a label; "" for bullets. */
static struct str spoken_label(struct str label)
{
    size_t from = 0, to = label.len;
    while (from < to && !((label.at[from] >= '0' && label.at[from] <= '9') || (label.at[from] & 0x80) ||
                          (label.at[from] >= 'A' && label.at[from] <= 'Z') || (label.at[from] >= 'a' && label.at[from] <= 'z')))
        from++;
    while (to > from && (label.at[to - 1] == '.' || label.at[to - 1] == ')' || label.at[to - 1] == ':' || label.at[to - 1] == '/'))
        to--;
    return str_sub(label, from, to - from);
}

struct str outline_place(struct arena *arena, const struct outline_node *node)
{
    enum { DEPTH_MAX = 6 };
    struct str labels[DEPTH_MAX] = { { "", 0 } };
    size_t len = 0, ordinal = 1;
    const struct outline_node *heading = node->kind == OUTLINE_HEADING ? node : outline_heading(node);
    for (const struct outline_node *at = heading; at && len < DEPTH_MAX; at = at->kind == OUTLINE_HEADING ? outline_heading(at) : NULL) {
        struct str spoken = spoken_label(at->label);
        if (spoken.len == 0)
            continue;
        /* "3.1." says its parents itself */
        if (len > 0 && str_starts(labels[len - 1], spoken))
            continue;
        labels[len++] = spoken;
    }
    for (const struct outline_node *at = heading ? heading->first_child : NULL; at && at != node; at = outline_next(heading, at))
        ordinal += at->kind != OUTLINE_HEADING;
    struct buf out;
    buf_init(&out, arena);
    if (len > 0)
        buf_put(&out, STR("mục "));
    for (size_t i = len; i-- > 0;) {
        buf_put(&out, labels[i]);
        if (i > 0)
            buf_put_char(&out, '.');
    }
    if (heading != node)
        buf_format(&out, "%sđoạn %zu", len > 0 ? ", " : "", ordinal);
    return buf_str(&out);
}
