/*
 * outline_dump: prints the outline of a paper, one node a line: for whoever writes the grammar.
 */
#include "reader/outline.h"

#include <stdio.h>

enum { DUMP_ARENA_BYTES = 256 << 20 };

static const char *const topic_names[] = {
#define X(name, what) #name,
    OUTLINE_TOPIC_LIST(X)
#undef X
};

static void dump_tree(const struct outline_node *top)
{
    static const char *const kinds[] = { "ROOT", "HEAD", "PARA", "ITEM", "TABLE", "ROW", "CELL" };
    for (const struct outline_node *node = top; node; node = outline_next(top, node)) {
        int depth = 0;
        for (const struct outline_node *up = node; up != top; up = up->parent)
            depth++;
        printf("%*s%s%s %s%s%s [" STR_FMT "] {" STR_FMT "} " STR_FMT "\n", depth * 2, "", kinds[node->kind], node->opens ? ":" : "", topic_names[node->topic],
               node->own_topic ? "*" : "", node->is_bold ? " B" : "", STR_ARG(node->label), STR_ARG(node->title), STR_ARG(node->body));
    }
}

static void dump_texts(const char *name, const struct reader_text *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        printf("%s: " STR_FMT "\n", name, STR_ARG(at[i].value));
}

static struct bytes read_stdin(struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, arena);
    char piece[4096];
    for (size_t len = fread(piece, 1, sizeof piece, stdin); len > 0; len = fread(piece, 1, sizeof piece, stdin))
        buf_put(&buf, (struct str){ piece, len });
    return (struct bytes){ (const unsigned char *)buf.at, buf.len };
}

int main(void)
{
    static const struct actor nobody = { .kind = ACTOR_NOBODY };
    struct ctx cx = { .env = env_real(), .actor = &nobody };
    arena_init(&cx.arena, cx.env, DUMP_ARENA_BYTES);
    struct paper paper = { .blocks = NULL };
    struct outline outline = { .root = NULL };
    if (paper_read(&cx, read_stdin(&cx.arena), &paper) != OK || outline_make(&cx, &paper, &outline) != OK) {
        fprintf(stderr, "%s\n", cx.fault.words);
        return 3;
    }
    dump_texts("letterhead", outline.letterhead, outline.letterhead_len);
    dump_texts("kind", &outline.kind_line, 1);
    dump_texts("title", outline.title, outline.title_len);
    dump_texts("addressee", outline.addressees.at, outline.addressees.len);
    dump_tree(outline.root);
    dump_texts("recipient", outline.recipients.at, outline.recipients.len);
    dump_texts("signature", outline.signature, outline.signature_len);
    for (size_t i = 0; i < outline.notes_len; i++)
        printf("note %d: " STR_FMT "\n", outline.notes[i].number, STR_ARG(outline.notes[i].text));
    for (const struct outline_node *root = outline.appendices; root; root = root->next) {
        puts("APPENDIX");
        dump_tree(root);
    }
    arena_end(&cx.arena);
    return 0;
}
