#include "reader/outline.h"

#include "reader/outline_inside.h"

/* The lines of a zone, one value each. */
static struct reader_text *lines_of(struct arena *arena, const struct lines *lines, enum line_zone zone, struct outline *outline, size_t *ret_len)
{
    struct reader_text *list = ARENA_NEW_ARRAY(arena, struct reader_text, lines->len + 1);
    size_t len = 0;
    for (size_t i = 0; i < lines->len; i++) {
        if (lines->at[i].zone != zone || lines->at[i].part != 0)
            continue;
        struct paragraph p = paragraph_make(arena, lines, i, i + 1, outline);
        list[len++] = (struct reader_text){ .value = p.text, .span = { .page = lines->at[i].block->page, .paragraph = p.index, .to = (int)p.fold.key.len } };
    }
    *ret_len = len;
    return list;
}

/* Paragraphs of a zone without their bullets; "Kính gửi:" and "Nơi nhận:" are taken off the first. */
static struct reader_texts texts_of(struct arena *arena, const struct lines *lines, enum line_zone zone, struct outline *outline)
{
    struct paragraphs list = { .len = 0 };
    paragraphs_make(arena, lines, zone, 0, outline, &list);
    struct reader_texts texts = { .at = ARENA_NEW_ARRAY(arena, struct reader_text, list.len + 1) };
    for (size_t i = 0; i < list.len; i++) {
        const struct paragraph *p = &list.at[i];
        size_t from = p->label.text;
        bool is_word = fold_starts_words(p->fold.key, from, "kinh gui") || fold_starts_words(p->fold.key, from, "kinh trinh") || fold_starts_words(p->fold.key, from, "noi nhan");
        if (is_word) {
            from += fold_starts_words(p->fold.key, from, "kinh trinh") ? 10 : 8;
            while (from < p->fold.key.len && (p->fold.key.at[from] == ':' || p->fold.key.at[from] == ' ' || p->fold.key.at[from] == '-'))
                from++;
        }
        if (from >= p->fold.key.len)
            continue;
        texts.at[texts.len++] = (struct reader_text){ .value = fold_part(&p->fold, from, p->fold.key.len),
                                                      .span = { .page = p->first->block->page, .paragraph = p->index, .from = (int)from, .to = (int)p->fold.key.len } };
    }
    return texts;
}

static void notes_of(struct arena *arena, const struct lines *lines, struct outline *outline)
{
    struct paragraphs list = { .len = 0 };
    paragraphs_make(arena, lines, ZONE_NOTE, 0, outline, &list);
    outline->notes = ARENA_NEW_ARRAY(arena, struct outline_note, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct paragraph *p = &list.at[i];
        size_t from = p->label.text;
        int number = p->first->note > 0 ? p->first->note : 0;
        /* "1 Liên hệ: ...": the note's own number */
        if (from == 0 && p->fold.key.len > 2 && p->fold.shape.at[0] == '0' && p->fold.key.at[1] == ' ') {
            number = p->fold.key.at[0] - '0';
            from = 2;
        }
        outline->notes[outline->notes_len++] = (struct outline_note){
            .number = number, .text = fold_part(&p->fold, from, p->fold.key.len),
            .span = { .page = p->first->block->page, .paragraph = p->index, .from = (int)from, .to = (int)p->fold.key.len }
        };
    }
}

static struct outline_node *appendices_of(struct arena *arena, const struct lines *lines, struct outline *outline)
{
    struct outline_node *first = NULL, *last = NULL;
    int parts = 0;
    for (size_t i = 0; i < lines->len; i++)
        parts = lines->at[i].part > parts ? lines->at[i].part : parts;
    for (int part = 1; part <= parts; part++) {
        struct paragraphs list = { .len = 0 };
        paragraphs_make(arena, lines, ZONE_BODY, part, outline, &list);
        struct outline_node *root = tree_make(arena, &list);
        if (last)
            last->next = root;
        else
            first = root;
        last = root;
    }
    return first;
}

enum err outline_make(struct ctx *cx, const struct paper *paper, struct outline *ret_outline)
{
    struct arena *arena = &cx->arena;
    struct lines lines = { .len = 0 };
    struct paragraphs body = { .len = 0 };
    lines_make(arena, paper, &lines);
    if (lines.len == 0)
        return fail(cx, ERR_INVALID, "Văn bản không có chữ nào; xin kiểm tra lại tệp đã chọn");
    zones_find(arena, &lines);
    tables_find(arena, &lines);
    zones_find_pages(&lines);
    struct outline outline = { .paragraphs = ARENA_NEW_ARRAY(arena, struct str, lines.len + 1),
                               .paragraph_pages = ARENA_NEW_ARRAY(arena, int, lines.len + 1), .papers = lines.papers };
    size_t kinds = 0;
    outline.letterhead = lines_of(arena, &lines, ZONE_LETTERHEAD, &outline, &outline.letterhead_len);
    struct reader_text *kind = lines_of(arena, &lines, ZONE_KIND, &outline, &kinds);
    if (kinds > 0)
        outline.kind_line = kind[0];
    outline.title = lines_of(arena, &lines, ZONE_TITLE, &outline, &outline.title_len);
    outline.addressees = texts_of(arena, &lines, ZONE_ADDRESSEE, &outline);
    paragraphs_make(arena, &lines, ZONE_BODY, 0, &outline, &body);
    outline.root = tree_make(arena, &body);
    outline.recipients = texts_of(arena, &lines, ZONE_RECIPIENT, &outline);
    outline.signature = lines_of(arena, &lines, ZONE_SIGNATURE, &outline, &outline.signature_len);
    notes_of(arena, &lines, &outline);
    outline.appendices = appendices_of(arena, &lines, &outline);
    *ret_outline = outline;
    return OK;
}

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
