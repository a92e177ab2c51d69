#include "reader/read_when.h"

/*
 * The phases of a scheme of several years (KH-CB II): headings or items that begin with "Giai đoạn"
 * and say their years, two at least. What is to be done in a phase are its lowest bullets; a bullet
 * that opens others counts too, a numbered or lettered heading over bullets does not. "- Thời gian
 * thực hiện: 03 tháng" below an item is that item's length.
 */

static bool begins_phase(struct arena *arena, const struct outline_node *node)
{
    if (node->kind != OUTLINE_HEADING && node->kind != OUTLINE_ITEM &&
        node->kind != OUTLINE_PARAGRAPH)
        return false;
    struct lex_words words = lex_cut_words(arena, node->text);
    /* "a) Năm 2026:" over the work of that year */
    bool is_year = lex_match(&words, 0, "năm") > 0 && words.len <= 4 && node->first_child != NULL;
    if (lex_match(&words, 0, "giai đoạn|chặng|bước") == 0 && !is_year)
        return false;
    struct lex_moments moments = { 0 };
    lex_find_moments(arena, node->text, &moments);
    return moments.len > 0 && moments.at[0].date.len >= 4 &&
           (node->kind == OUTLINE_HEADING || node->first_child != NULL || node->opens);
}

/* "Giai đoạn 1 (từ năm 2026 - 2028)": the name ends before the bracket with the years. */
static struct reader_text name_of(struct arena *arena, const struct outline_node *node)
{
    struct str title = node->title.len > 0 ? node->title : node->text;
    struct lex_words words = lex_cut_words(arena, title);
    size_t to = lex_search(&words, 0, words.len, "(|:|, từ|từ năm");
    return read_text(node, to > 2 ? lex_words_text(&words, 0, to) : title);
}

/* "a) Đối với công chức chuyên môn" only groups the bullets below it. */
static bool is_work(struct arena *arena, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(arena, node->text);
    return node->kind == OUTLINE_ITEM && lex_match(&words, 0, "đối với") == 0;
}

/* A line that only tells how long the item above takes. */
static bool is_length_only(struct arena *arena, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(arena, node->text);
    return words.len <= 14 && lex_match(&words, 0, "thời gian|thời lượng") > 0 &&
           lex_duration(arena, node->text).len > 0;
}

static bool has_real_children(struct arena *arena, const struct outline_node *node)
{
    for (const struct outline_node *child = node->first_child; child; child = child->next)
        if (!is_length_only(arena, child))
            return true;
    return false;
}

static void put_item(struct arena *arena, struct reader_phase *phase,
                     const struct outline_node *node)
{
    if (phase->items_len >= READ_LIST_MAX)
        return;
    phase->items = read_grow(arena, phase->items, phase->items_len, sizeof *phase->items);
    struct reader_phase_item *item = &phase->items[phase->items_len++];
    *item = (struct reader_phase_item){ .text = read_text(node, node->text) };
    struct str duration = lex_duration(arena, node->text);
    if (duration.len > 0)
        item->duration = read_value(node, node->text, duration);
}

static void read_items(struct arena *arena, const struct outline_node *top,
                       struct reader_phase *phase)
{
    for (const struct outline_node *node = outline_next(top, top); node;
         node = outline_next(top, node)) {
        if (node->text.len == 0 || node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW ||
            node->kind == OUTLINE_CELL)
            continue;
        if (is_length_only(arena, node)) {
            if (phase->items_len > 0 && phase->items[phase->items_len - 1].duration.value.len == 0)
                phase->items[phase->items_len - 1].duration =
                    read_value(node, node->text, lex_duration(arena, node->text));
            continue;
        }
        if (is_work(arena, node) || !has_real_children(arena, node))
            put_item(arena, phase, node);
    }
}

static void put_phase(struct arena *arena, struct reader_plan *plan,
                      const struct outline_node *node)
{
    if (plan->phases_len >= READ_LIST_MAX)
        return;
    struct lex_moments moments = { 0 };
    lex_find_moments(arena, node->text, &moments);
    const struct lex_moment *m = &moments.at[0];
    plan->phases = read_grow(arena, plan->phases, plan->phases_len, sizeof *plan->phases);
    struct reader_phase *phase = &plan->phases[plan->phases_len++];
    *phase = (struct reader_phase){ .name = name_of(arena, node),
                                    .from = read_value(node, m->part, m->date) };
    phase->to = read_value(node, m->part, m->end_date.len > 0 ? m->end_date : m->date);
    read_items(arena, node, phase);
}

void read_phases(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct arena *arena = &cx->arena;
    for (const struct outline_node *parent = read_next_node(outline, NULL); parent;
         parent = read_next_node(outline, parent)) {
        size_t found = 0;
        for (const struct outline_node *node = parent->first_child; node; node = node->next)
            found += begins_phase(arena, node);
        if (found < 2)
            continue;
        for (const struct outline_node *node = parent->first_child; node; node = node->next)
            if (begins_phase(arena, node))
                put_phase(arena, plan, node);
        return;
    }
}
