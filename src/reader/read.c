#include "reader/read.h"

#include <string.h>

void *read_grow(struct arena *arena, void *at, size_t len, size_t item_bytes)
{
    if (len > 0 && (len < 4 || (len & (len - 1)) != 0))
        return at;
    size_t room = len < 4 ? 4 : len * 2;
    void *more = arena_alloc_array(arena, room, item_bytes);
    if (len > 0)
        memcpy(more, at, len * item_bytes);
    return more;
}

struct str read_trim(struct str text)
{
    for (bool more = true; more;) {
        more = false;
        text = str_trim(text);
        if (str_ends(text, STR("./."))) {
            text.len -= 3;
            more = true;
        } else if (text.len > 0 && strchr(";:,", text.at[text.len - 1])) {
            text.len--;
            more = true;
        } else if (str_ends(text, STR(".")) && !str_ends(text, STR("..")) && !str_ends(text, STR("v.v."))) {
            text.len--;
            more = true;
        }
        while (text.len > 0 && strchr("-+*;,:", text.at[0])) {
            text = str_sub(text, 1, text.len);
            more = true;
        }
    }
    return text;
}

struct reader_text read_text(const struct outline_node *node, struct str part)
{
    part = read_trim(part);
    return (struct reader_text){ .value = part, .span = outline_span(node, part), .doubt = STR("") };
}

struct reader_text read_value(const struct outline_node *node, struct str part, struct str value)
{
    return (struct reader_text){ .value = value, .span = outline_span(node, part), .doubt = STR("") };
}

struct reader_number read_number(const struct outline_node *node, struct str part, int64_t value)
{
    return (struct reader_number){
        .is_given = true, .value = value, .max = value, .span = outline_span(node, part), .doubt = STR("")
    };
}

void read_texts_add(struct arena *arena, struct reader_texts *list, struct reader_text text)
{
    if (list->len >= READ_LIST_MAX)
        return;
    list->at = read_grow(arena, list->at, list->len, sizeof *list->at);
    list->at[list->len++] = text;
}

struct reader_anomaly *read_anomaly(struct arena *arena, struct reader_plan *plan, struct str kind, struct str words)
{
    if (plan->anomalies_len >= READ_LIST_MAX)
        plan->anomalies_len--; /* the last is overwritten: a thousand are enough to doubt a paper */
    plan->anomalies = read_grow(arena, plan->anomalies, plan->anomalies_len, sizeof *plan->anomalies);
    struct reader_anomaly *anomaly = &plan->anomalies[plan->anomalies_len++];
    *anomaly = (struct reader_anomaly){ .kind = kind, .words = words };
    return anomaly;
}
