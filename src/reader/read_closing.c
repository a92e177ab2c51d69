/*
 * The end of a paper: recipients, archive, signer; and what a paper says of itself: that it replaces an invitation, that
 * a plan of its own follows (domain.md 4.1, 5.6).
 */
#include "reader/read.h"

#include "reader/outline_inside.h"

#include <string.h>

/* "(để b/c)", "(b/c)", "(để thực hiện)": why a recipient gets the paper, no part of its name. */
static bool is_purpose_note(struct str key)
{
    static const char *const words[] = { "b/c", "bao cao", "de ", "t/h", "th/h", "p/h", "thuc hien", "chi dao", "biet", "dang tai", "phoi hop", "theo doi", "kiem tra" };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_find(key, str_from(words[i])) < key.len)
            return true;
    return false;
}

static struct str without_notes(struct arena *arena, struct str text)
{
    for (;;) {
        text = read_trim(text);
        struct fold f = fold_make(arena, text);
        if (f.key.len < 3 || f.key.at[f.key.len - 1] != ')')
            return text;
        size_t open = f.key.len - 1;
        while (open > 0 && f.key.at[open] != '(')
            open--;
        if (open == 0 || !is_purpose_note(str_sub(f.key, open, f.key.len)))
            return text;
        text = fold_part(&f, 0, open);
    }
}

static void add_recipient(struct ctx *cx, struct reader_text text, struct reader_plan *plan)
{
    struct fold f = fold_make(&cx->arena, text.value);
    if (fold_starts_words(f.key, 0, "luu")) {
        size_t from = 3;
        while (from < f.key.len && strchr(" :-", f.key.at[from]))
            from++;
        text.value = read_trim(fold_part(&f, from, f.key.len));
        text.span.from += (int)from;
        if (plan->archive.value.len == 0)
            plan->archive = text;
        return;
    }
    text.value = without_notes(&cx->arena, text.value);
    text.span.to = text.span.from + (int)str_count_code_points(text.value);
    if (text.value.len > 0)
        read_texts_add(&cx->arena, &plan->recipients, text);
}

static bool is_authority_line(const struct fold *f)
{
    return zone_is_authority(f);
}

/* The lines of capitals above the name: the last is the post, those before it the authority to sign. */
static void read_signer(struct ctx *cx, const struct outline *outline, struct reader_head *head)
{
    struct reader_text lines[8] = { { .value = { "", 0 } } };
    size_t len = 0;
    for (size_t i = 0; i < outline->signature_len; i++) {
        struct reader_text text = outline->signature[i];
        struct fold f = fold_make(&cx->arena, text.value);
        if (i + 1 == outline->signature_len && zone_is_person(&f) && (!line_is_caps(&f) || len > 0)) {
            struct str name = lex_person_prefix(&cx->arena, text.value);
            head->signer_name = text;
            struct fold f2 = fold_make(&cx->arena, text.value);
            if (name.len == 0)
                name = fold_part(&f2, zone_rank_len(&f2), f2.key.len);
            head->signer_name.value = name;
            break;
        }
        if (len < LEN(lines))
            lines[len++] = text;
    }
    if (len == 0)
        return;
    struct fold last = fold_make(&cx->arena, lines[len - 1].value);
    size_t posts = is_authority_line(&last) && len == 1 && !str_starts(last.key, STR("q.")) ? len : len - 1;
    if (posts < len) {
        head->signer_title = lines[len - 1];
        head->signer_title.value = read_trim(head->signer_title.value);
    }
    struct buf authority;
    buf_init(&authority, &cx->arena);
    for (size_t i = 0; i < posts; i++) {
        if (i > 0)
            buf_put_char(&authority, ' ');
        buf_put(&authority, lines[i].value);
    }
    if (posts > 0)
        head->signer_authority = (struct reader_text){ .value = read_trim(buf_str(&authority)), .span = lines[0].span };
}

static bool replaces_invitation(struct str key)
{
    static const char *const words[] = { "thay cho giay moi", "thay giay moi", "thay the giay moi", "thay cho giay trieu tap", "thay giay trieu tap", "thay the giay trieu tap",
                                         "thay cho thu moi", "thay cho viec gui giay moi", "thay cho cong van trieu tap", "thay cho thong bao trieu tap", "co gia tri thay giay moi",
                                         "co gia tri nhu giay moi", "co gia tri thay cho giay moi" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_has_words(key, words[i]))
            return true;
    return false;
}

static void read_sentences(struct ctx *cx, const struct outline_node *root, struct reader_head *head)
{
    for (const struct outline_node *node = root; node; node = outline_next(root, node)) {
        if (node->text.len == 0 || node->kind == OUTLINE_ROW || node->kind == OUTLINE_TABLE)
            continue;
        struct str key = fold_key(&cx->arena, node->text);
        if (!head->replaces_invitation.value && replaces_invitation(key))
            head->replaces_invitation = (struct reader_flag){ .value = true, .span = node->span };
        if (fold_has_words(key, "ke hoach rieng"))
            read_texts_add(&cx->arena, &head->separate_plans, read_text(node, node->text));
    }
}

void read_closing(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    for (size_t i = 0; i < outline->recipients.len; i++)
        add_recipient(cx, outline->recipients.at[i], plan);
    read_signer(cx, outline, &plan->document);
    read_sentences(cx, outline->root, &plan->document);
    for (const struct outline_node *root = outline->appendices; root; root = root->next)
        read_sentences(cx, root, &plan->document);
}
