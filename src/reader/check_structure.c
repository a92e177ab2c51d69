/*
 * Cross-checks of a paper's own structure (domain.md 5.7): number and date filled in, headings counted without gaps,
 * cited parts that exist, one person's name spelt in one way.
 */
#include "reader/read.h"

#include "reader/outline_inside.h"
#include "viet/viet.h"

#include <string.h>

/* ---- headings counted ---- */

static struct str label_words(struct arena *arena, enum label_style style, int number)
{
    static const char *const tens[] = { "", "X", "XX", "XXX" };
    static const char *const ones[] = { "", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX" };
    if ((style == LABEL_ROMAN || style == LABEL_PART) && number > 0 && number < 40)
        return str_format(arena, "%s%s", tens[number / 10], ones[number % 10]);
    return str_format(arena, "%d", number);
}

static struct label node_label(struct arena *arena, const struct outline_node *node)
{
    struct fold f = fold_make(arena, str_format(arena, STR_FMT " A", STR_ARG(node->label)));
    return label_read(&f);
}

static void add_value(struct arena *arena, struct reader_anomaly *anomaly, struct str value, struct reader_span span)
{
    for (size_t i = 0; i < anomaly->values.len; i++)
        if (str_eq(anomaly->values.at[i].value, value))
            return;
    read_texts_add(arena, &anomaly->values, (struct reader_text){ .value = value, .span = span });
}

/* Among headings of one kind under one parent each number follows the one before it. */
static void check_numbering(struct ctx *cx, const struct outline_node *parent, struct reader_plan *plan)
{
    enum { GAP_MAX = 3 }; /* a larger one is a list that is counted otherwise */
    struct reader_anomaly *anomaly = NULL;
    struct label before = { .style = LABEL_NONE };
    for (const struct outline_node *node = parent->first_child; node; node = node->next) {
        if ((node->kind != OUTLINE_HEADING && node->kind != OUTLINE_ITEM) || node->label.len == 0)
            continue;
        struct label label = node_label(&cx->arena, node);
        if (label_is_heading_style(label.style) && label.style == before.style && label.number != before.number + 1 && label.number > 1 && label.number - before.number <= GAP_MAX &&
            before.number - label.number <= GAP_MAX) {
            if (!anomaly)
                anomaly = read_anomaly(&cx->arena, plan, STR("numbering"), STR("Số thứ tự các mục bị nhảy hoặc lặp"));
            for (int missing = before.number + 1; missing < label.number; missing++)
                add_value(&cx->arena, anomaly, label_words(&cx->arena, label.style, missing), node->span);
            if (label.number <= before.number)
                add_value(&cx->arena, anomaly, label_words(&cx->arena, label.style, label.number), node->span);
        }
        if (label_is_heading_style(label.style))
            before = label;
    }
}

/* ---- parts that are cited ---- */

static bool has_top_part(const struct outline *outline, struct arena *arena, enum label_style style, int number)
{
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->kind != OUTLINE_HEADING && node->kind != OUTLINE_ITEM)
            continue;
        struct label label = node_label(arena, node);
        if (label.style == style && label.number == number)
            return true;
    }
    return false;
}

/* The reference is to this paper unless another one is named right behind it. */
static bool is_own_part(struct str key, size_t behind)
{
    static const char *const others[] = { "quyet dinh", "nghi dinh", "nghi quyet", "thong tu", "cong van", "thong bao so", "huong dan so", "ke hoach so", "de an", "luat", "chi thi",
                                          "ket luan", "chuong trinh", "phu luc", "quy dinh", "ban hanh kem", "cua " };
    while (behind < key.len && key.at[behind] == ' ')
        behind++;
    for (size_t i = 0; i < LEN(others); i++)
        if (str_starts(str_sub(key, behind, key.len), str_from(others[i])))
            return str_eq(str_from(others[i]), STR("cua ")) && str_starts(str_sub(key, behind, key.len), STR("cua ke hoach nay"));
    return true;
}

static void check_cited_parts(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    bool has_romans = has_top_part(outline, &cx->arena, LABEL_ROMAN, 1);
    for (const struct outline_node *node = outline->root; node && has_romans; node = outline_next(outline->root, node)) {
        if (node->text.len == 0)
            continue;
        struct fold f = fold_make(&cx->arena, node->text);
        for (size_t at = fold_find_words(f.key, 0, "muc"); at < f.key.len; at = fold_find_words(f.key, at + 3, "muc")) {
            size_t from = at + 4, to = from;
            while (to < f.key.len && f.shape.at[to] == 'A' && strchr("ivx", f.key.at[to]))
                to++;
            if (to == from || to - from > 5 || (to < f.key.len && (f.shape.at[to] == 'A' || f.shape.at[to] == 'a')))
                continue;
            struct fold number = fold_make(&cx->arena, str_format(&cx->arena, STR_FMT ". A", STR_ARG(fold_part(&f, from, to))));
            struct label label = label_read(&number);
            size_t behind = to;
            while (behind < f.key.len && (f.shape.at[behind] == '0' || f.key.at[behind] == '.'))
                behind++;
            if (label.style != LABEL_ROMAN || !is_own_part(f.key, behind) || has_top_part(outline, &cx->arena, LABEL_ROMAN, label.number))
                continue;
            struct str value = str_format(&cx->arena, "Mục " STR_FMT, STR_ARG(fold_part(&f, from, to)));
            struct reader_anomaly *anomaly = read_anomaly(&cx->arena, plan, STR("dangling_reference"), str_format(&cx->arena, "Văn bản dẫn " STR_FMT " nhưng không có mục này", STR_ARG(value)));
            read_texts_add(&cx->arena, &anomaly->values, read_value(node, fold_part(&f, at, to), value));
        }
    }
}

static size_t count_appendices(const struct outline *outline)
{
    size_t count = 0;
    for (const struct outline_node *root = outline->appendices; root; root = root->next)
        count++;
    return count;
}

/* "theo Phụ lục III" where there are fewer. One alone is cited without a number, and is often a file of its own. */
static void check_cited_appendices(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    size_t appendices = count_appendices(outline);
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->text.len == 0)
            continue;
        struct fold f = fold_make(&cx->arena, node->text);
        for (size_t at = fold_find_words(f.key, 0, "phu luc"); at < f.key.len; at = fold_find_words(f.key, at + 7, "phu luc")) {
            size_t from = at + 8, to = from;
            while (to < f.key.len && (f.shape.at[to] == '0' || (f.shape.at[to] == 'A' && strchr("ivx", f.key.at[to]))))
                to++;
            if (to == from || to - from > 4 || (to < f.key.len && (f.shape.at[to] == 'A' || f.shape.at[to] == 'a' || f.key.at[to] == '/')))
                continue;
            struct fold number = fold_make(&cx->arena, str_format(&cx->arena, STR_FMT ". A", STR_ARG(fold_part(&f, from, to))));
            struct label label = label_read(&number);
            if (label.number < 2 || (size_t)label.number <= appendices || !is_own_part(f.key, to))
                continue;
            struct str value = str_format(&cx->arena, "Phụ lục " STR_FMT, STR_ARG(fold_part(&f, from, to)));
            struct reader_anomaly *anomaly = read_anomaly(&cx->arena, plan, STR("dangling_reference"), str_format(&cx->arena, "Văn bản dẫn " STR_FMT " nhưng không có phụ lục này", STR_ARG(value)));
            read_texts_add(&cx->arena, &anomaly->values, read_value(node, fold_part(&f, at, to), value));
        }
    }
}

/* ---- names ---- */

enum { NAMES_MAX = 120 };

struct names {
    struct reader_text at[NAMES_MAX];
    struct str keys[NAMES_MAX];
    size_t len;
};

/* "Êban" and "Ê-ban" are one name. */
static struct str name_key(struct arena *arena, struct str name)
{
    struct str key = fold_key(arena, name);
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] != '-' && key.at[i] != '"')
            buf_put_char(&out, key.at[i]);
    return buf_str(&out);
}

static void add_name(struct ctx *cx, struct names *names, struct reader_text name)
{
    struct str key = name_key(&cx->arena, name.value);
    if (names->len >= NAMES_MAX || name.value.len == 0 || !memchr(key.at, ' ', key.len))
        return;
    struct str exact = viet_tone_key(&cx->arena, viet_lower(&cx->arena, name.value));
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->keys[i], key) && str_eq(viet_tone_key(&cx->arena, viet_lower(&cx->arena, names->at[i].value)), exact))
            return;
    names->at[names->len] = name;
    names->keys[names->len++] = key;
}

static void collect_names(struct ctx *cx, const struct outline_node *root, struct names *names)
{
    static const char *const titles[] = { "dong chi", "d/c", "ong", "ba", "ts", "ths", "pgs" };
    for (const struct outline_node *node = root; node; node = outline_next(root, node)) {
        if (node->text.len == 0)
            continue;
        struct fold f = fold_make(&cx->arena, node->text);
        for (size_t t = 0; t < LEN(titles); t++)
            for (size_t at = fold_find_words(f.key, 0, titles[t]); at < f.key.len && names->len < NAMES_MAX; at = fold_find_words(f.key, at + 2, titles[t])) {
                struct str name = lex_person_prefix(&cx->arena, fold_part(&f, at, at + 90));
                if (name.len > 0)
                    add_name(cx, names, read_text(node, name));
            }
    }
}

/* One letter of a long name for another, in a syllable of four letters or more: a slip of the pen, not a brother. */
static bool is_slip(struct str a, struct str b)
{
    enum { SYLLABLES_MIN = 3, SYLLABLE_MIN = 4 };
    size_t differing = 0, at = 0, syllables = 1;
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        syllables += a.at[i] == ' ';
        if (a.at[i] != b.at[i]) {
            differing++;
            at = i;
        }
    }
    size_t from = at, to = at;
    while (from > 0 && a.at[from - 1] != ' ')
        from--;
    while (to < a.len && a.at[to] != ' ')
        to++;
    return differing == 1 && syllables >= SYLLABLES_MIN && to - from >= SYLLABLE_MIN && a.at[at] != ' ' && b.at[at] != ' ';
}

static void check_names(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct names *names = ARENA_NEW(&cx->arena, struct names);
    collect_names(cx, outline->root, names);
    for (size_t i = 0; i < plan->contacts_len; i++)
        add_name(cx, names, plan->contacts[i].name);
    add_name(cx, names, plan->document.signer_name);
    for (size_t i = 0; i < names->len; i++) {
        for (size_t k = i + 1; k < names->len; k++) {
            if (!str_eq(names->keys[i], names->keys[k]) && !is_slip(names->keys[i], names->keys[k]))
                continue;
            struct reader_anomaly *anomaly = read_anomaly(&cx->arena, plan, STR("name_conflict"),
                                                          str_format(&cx->arena, "Tên một người viết hai cách: " STR_FMT ", " STR_FMT, STR_ARG(names->at[i].value), STR_ARG(names->at[k].value)));
            read_texts_add(&cx->arena, &anomaly->values, names->at[i]);
            read_texts_add(&cx->arena, &anomaly->values, names->at[k]);
            if (str_eq(names->at[k].value, plan->document.signer_name.value))
                plan->document.signer_name.doubt = STR("Trong văn bản tên này còn được viết khác dấu");
        }
    }
}

void check_structure(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    const struct reader_head *head = &plan->document;
    if (head->number.value.len == 0)
        (void)read_anomaly(&cx->arena, plan, STR("missing_number"), STR("Văn bản chưa có số"));
    if (head->date.value.len < 10)
        (void)read_anomaly(&cx->arena, plan, STR("missing_date"), STR("Văn bản chưa ghi đủ ngày, tháng, năm ký"));
    check_numbering(cx, outline->root, plan);
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node))
        if (node->kind == OUTLINE_HEADING)
            check_numbering(cx, node, plan);
    check_cited_parts(cx, outline, plan);
    check_cited_appendices(cx, outline, plan);
    check_names(cx, outline, plan);
}
