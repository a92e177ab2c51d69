#include "rehearse/rehearse.h"

/* The value of an attribute in a tag's text, unescaped; "" when absent. Our own pages quote every value with ". */
static struct str attribute(struct arena *arena, struct str tag, const char *name)
{
    struct str wanted = str_format(arena, " %s=\"", name);
    size_t at = str_find(tag, wanted);
    if (at == tag.len)
        return STR("");
    struct str rest = str_sub(tag, at + wanted.len, SIZE_MAX);
    struct str raw = str_cut(&rest, '"');
    struct buf out;
    buf_init(&out, arena);
    static const struct {
        struct str from;
        char to;
    } entities[] = { { STR_INIT("&amp;"), '&' }, { STR_INIT("&lt;"), '<' }, { STR_INIT("&gt;"), '>' },
                     { STR_INIT("&quot;"), '"' }, { STR_INIT("&#39;"), '\'' } };
    for (size_t i = 0; i < raw.len;) {
        bool is_entity = false;
        for (size_t k = 0; k < LEN(entities) && !is_entity; k++) {
            if (str_starts(str_sub(raw, i, SIZE_MAX), entities[k].from)) {
                buf_put_char(&out, entities[k].to);
                i += entities[k].from.len;
                is_entity = true;
            }
        }
        if (!is_entity)
            buf_put_char(&out, raw.at[i++]);
    }
    return buf_str(&out);
}

static void put_encoded(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        if (is_plain) {
            buf_put_char(out, (char)c);
        } else {
            buf_put_char(out, '%');
            buf_put_char(out, digits[c >> 4]);
            buf_put_char(out, digits[c & 15]);
        }
    }
}

/* The next tag that starts with `opening` ("<input"), whole, without its brackets; *rest moves behind it. */
static bool next_tag(struct str *rest, struct str opening, struct str *ret_tag)
{
    size_t at = str_find(*rest, opening);
    if (at == rest->len)
        return false;
    *rest = str_sub(*rest, at, SIZE_MAX);
    size_t end = str_find(*rest, STR(">"));
    *ret_tag = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end + 1, SIZE_MAX);
    return true;
}

bool rehearse_next_form(struct arena *arena, struct str *rest, struct rehearse_form *ret_form)
{
    struct str tag;
    while (next_tag(rest, STR("<form"), &tag)) {
        size_t end = str_find(*rest, STR("</form>"));
        struct str inside = str_sub(*rest, 0, end);
        if (!str_eq(attribute(arena, tag, "method"), STR("post")))
            continue;
        struct rehearse_form form = { .action = attribute(arena, tag, "action") };
        struct buf body;
        buf_init(&body, arena);
        struct str inputs = inside;
        while (next_tag(&inputs, STR("<input"), &tag)) {
            if (!str_eq(attribute(arena, tag, "type"), STR("hidden")))
                continue;
            if (body.len > 0)
                buf_put_char(&body, '&');
            put_encoded(&body, attribute(arena, tag, "name"));
            buf_put_char(&body, '=');
            put_encoded(&body, attribute(arena, tag, "value"));
        }
        struct str areas = inside;
        if (next_tag(&areas, STR("<textarea"), &tag)) {
            form.has_text = true;
            form.text_name = attribute(arena, tag, "name");
        }
        form.body = buf_str(&body);
        *rest = str_sub(*rest, end, SIZE_MAX);
        *ret_form = form;
        return true;
    }
    return false;
}
