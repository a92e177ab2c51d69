/*
 * The papers a paper cites by number (domain.md 5.6): each once, however often it is named, with what any mention says.
 */
#include "reader/read.h"

static struct reader_reference *find_reference(struct reader_head *head, struct str number)
{
    for (size_t i = 0; i < head->references_len; i++)
        if (str_eq(head->references[i].number.value, number))
            return &head->references[i];
    return NULL;
}

/* The paper's own number, as its symbol writes it. */
static bool is_itself(const struct reader_head *head, struct str number)
{
    struct str own = head->number.value, symbol = head->symbol.value;
    return own.len > 0 && symbol.len > 0 && number.len == own.len + 1 + symbol.len && str_starts(number, own) && str_ends(number, symbol);
}

static void fill(struct reader_text *field, struct str value, struct reader_span span)
{
    if (field->value.len == 0 && value.len > 0)
        *field = (struct reader_text){ .value = value, .span = span };
}

/* The place of a part of a text whose own place is known. */
static struct reader_span span_of(struct str text, struct reader_span whole, struct str part)
{
    if (part.at >= text.at && part.at + part.len <= text.at + text.len) {
        whole.from += (int)str_count_code_points((struct str){ text.at, (size_t)(part.at - text.at) });
        whole.to = whole.from + (int)str_count_code_points(part);
    }
    return whole;
}

static void add_text(struct ctx *cx, struct str text, struct reader_span whole, struct reader_head *head)
{
    struct lex_citations found = { .len = 0 };
    lex_find_citations(&cx->arena, text, &found);
    for (size_t i = 0; i < found.len; i++) {
        const struct lex_citation *c = &found.at[i];
        if (c->number.len == 0 || is_itself(head, c->number))
            continue;
        struct reader_span span = span_of(text, whole, c->part);
        struct reader_reference *reference = find_reference(head, c->number);
        if (!reference) {
            if (head->references_len >= READ_LIST_MAX)
                return;
            head->references = read_grow(&cx->arena, head->references, head->references_len, sizeof *head->references);
            reference = &head->references[head->references_len++];
            *reference = (struct reader_reference){ .number = { .value = c->number, .span = span } };
        }
        fill(&reference->kind, c->kind, span);
        fill(&reference->date, c->date, span);
        fill(&reference->issuer, c->issuer, span);
    }
}

static void add_tree(struct ctx *cx, const struct outline_node *root, struct reader_head *head)
{
    for (const struct outline_node *node = root; node; node = outline_next(root, node))
        if (node->text.len > 0)
            add_text(cx, node->text, node->span, head);
}

void read_references(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct reader_head *head = &plan->document;
    if (head->title.value.len > 0)
        add_text(cx, head->title.value, head->title.span, head);
    add_tree(cx, outline->root, head);
    for (size_t i = 0; i < outline->notes_len; i++)
        add_text(cx, outline->notes[i].text, outline->notes[i].span, head);
    for (const struct outline_node *root = outline->appendices; root; root = root->next)
        add_tree(cx, root, head);
}
