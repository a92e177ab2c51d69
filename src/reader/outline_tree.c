/*
 * Paragraphs become a tree. Headings nest by the rank of their numbering (outline_inside.h: label_style), items by the
 * order in which their bullets appeared; an item that ends with ':' holds what it opens (domain.md 4.1, 5.6).
 */
#include "reader/lex.h"
#include "reader/outline_inside.h"

#include <string.h>

enum { STACK_MAX = 40 };

struct open_node {
    struct outline_node *node;
    enum label_style style;
    int number;
};

struct tree {
    struct arena *arena;
    struct outline_node *root;
    struct open_node stack[STACK_MAX];
    size_t len;
    unsigned seen; /* topics of the headings so far */
};

static struct outline_node *top_node(const struct tree *tree)
{
    return tree->len > 0 ? tree->stack[tree->len - 1].node : tree->root;
}

static void node_append(struct outline_node *parent, struct outline_node *node)
{
    node->parent = parent;
    node->previous = parent->last_child;
    if (parent->last_child)
        parent->last_child->next = node;
    else
        parent->first_child = node;
    parent->last_child = node;
}

static void node_push(struct tree *tree, struct outline_node *node, enum label_style style, int number)
{
    node_append(top_node(tree), node);
    if (tree->len < STACK_MAX)
        tree->stack[tree->len++] = (struct open_node){ node, style, number };
}

/* ---- titles ---- */

static char last_char(struct str key)
{
    while (key.len > 0 && strchr(" \"^", key.at[key.len - 1]))
        key.len--;
    return key.len > 0 ? key.at[key.len - 1] : '\0';
}

/* Where the ':' of a run-in title stands in the fold, from `from`; key.len when there is none. */
static size_t find_title_end(const struct fold *f, size_t from)
{
    enum { TITLE_MAX = 130 };
    int depth = 0;
    for (size_t i = from; i < f->key.len && i < from + TITLE_MAX; i++) {
        char c = f->key.at[i];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ':' && depth <= 0 && !(i > 0 && f->shape.at[i - 1] == '0' && i + 1 < f->key.len && f->shape.at[i + 1] == '0') &&
            !(i + 2 < f->key.len && f->key.at[i + 1] == '/' && f->key.at[i + 2] == '/'))
            return i;
        if (c == ';' || (c == '.' && depth <= 0 && i > from + 3 && i + 1 < f->key.len && f->key.at[i + 1] == ' '))
            break;
    }
    return f->key.len;
}

static size_t count_words(struct str key)
{
    size_t words = 0;
    for (size_t i = 0; i < key.len; i++)
        words += key.at[i] != ' ' && (i == 0 || key.at[i - 1] == ' ');
    return words;
}

static struct fold fold_slice(const struct fold *f, size_t from, size_t to)
{
    return (struct fold){ .text = fold_part(f, from, to), .key = str_sub(f->key, from, to - from), .shape = str_sub(f->shape, from, to - from), .at = f->at };
}

/* "1. Mục đích." and "2. Thời gian. Ngày 12 ...": a title of the vocabulary that ends with a stop. */
static size_t find_stopped_title(const struct fold *f, size_t from)
{
    size_t stop = from;
    while (stop < f->key.len && stop < from + 50 && f->key.at[stop] != '.')
        stop++;
    if (stop >= f->key.len || f->key.at[stop] != '.' || (stop + 1 < f->key.len && f->key.at[stop + 1] != ' '))
        return f->key.len;
    struct fold title = fold_slice(f, from, stop);
    enum outline_topic first = OUTLINE_TOPIC_NONE;
    return topics_of(&title, &first) != 0 && count_words(title.key) <= 6 ? stop : f->key.len;
}

struct title {
    size_t from, to;  /* of the title in the fold; to == from: none */
    size_t body;      /* where the body begins; key.len: none */
    unsigned topics;
    enum outline_topic topic;
};

static struct title title_find(const struct paragraph *p, bool is_figure_label)
{
    const struct fold *f = &p->fold;
    size_t from = p->label.text, colon = find_title_end(f, from);
    struct title title = { .from = from, .to = from, .body = from };
    if (colon >= f->key.len && is_figure_label)
        colon = find_stopped_title(f, from);
    if (colon >= f->key.len)
        return title;
    title.to = colon;
    title.body = colon + 1;
    while (title.body < f->key.len && f->key.at[title.body] == ' ')
        title.body++;
    struct fold words = fold_slice(f, title.from, title.to);
    if (p->label.style != LABEL_NONE || count_words(words.key) <= 8)
        title.topics = topics_of(&words, &title.topic);
    if (count_words(words.key) > (title.topics ? 16 : 10) && title.body < f->key.len) {
        title.to = title.body = from;
        title.topics = 0;
        title.topic = OUTLINE_TOPIC_NONE;
    }
    return title;
}

/* ---- which paragraph is a heading ---- */

static bool is_bare_title(const struct paragraph *p, const struct paragraph *next)
{
    char last = last_char(p->fold.key);
    size_t len = p->fold.key.len - p->label.text;
    if (strchr(".;,", last) || len > 240)
        return false;
    if (p->first->level > 0 || line_is_caps(&p->fold) || p->label.style <= LABEL_ROMAN)
        return true;
    if (!next)
        return p->first->is_bold;
    if (p->label.style != LABEL_NONE && next->label.style == p->label.style && next->label.number == p->label.number + 1)
        return p->first->is_bold || p->first->is_caps;
    return next->label.style == LABEL_NONE || next->label.style > p->label.style || p->first->is_bold;
}

static bool is_labelled_heading(const struct paragraph *p, const struct paragraph *next, const struct title *title)
{
    enum label_style style = p->label.style;
    if (!label_is_heading_style(style))
        return false;
    if (style == LABEL_LETTER || style == LABEL_LETTER_2)
        return title->topics != 0 || (title->to == title->from && is_bare_title(p, next));
    if (title->to > title->from)
        return true;
    if (style <= LABEL_ROMAN && p->fold.key.len < 300)
        return true;
    return is_bare_title(p, next);
}

/* Unnumbered: a heading style, capitals, bold and short, or a title of the vocabulary before ':'. */
static enum label_style unlabelled_heading(const struct paragraph *p, const struct paragraph *next, const struct title *title)
{
    size_t len = p->fold.key.len;
    char last = last_char(p->fold.key);
    bool is_short = len < 160 && !strchr(".;,", last) && p->first->table == 0;
    if (p->first->level > 0 && is_short)
        return LABEL_LEVEL;
    if (line_is_caps(&p->fold) && is_short && len > 3)
        return LABEL_CAPS;
    if (p->first->is_bold && is_short && next && p->fold.shape.at[0] == 'A' && (title->to == title->from || title->body >= len))
        return LABEL_BOLD;
    if (title->topics != 0 && p->first->table == 0 && p->fold.shape.at[0] == 'A' && count_words(fold_part(&p->fold, title->from, title->to)) <= 8)
        return LABEL_BOLD;
    return LABEL_NONE;
}

/* ---- topics ---- */

/* Among tasks a heading names the task; only assessing, money and essays are sections of their own there. */
static void take_topics(struct outline_node *node, const struct title *title, bool in_tasks, bool is_late)
{
    enum outline_topic first = title->topic;
    unsigned topics = title->topics;
    /* "YÊU CẦU" behind the contents asks the units, not the class */
    if (first == OUTLINE_TOPIC_PURPOSE && is_late && topics == 1u << OUTLINE_TOPIC_PURPOSE && node->kind == OUTLINE_HEADING) {
        first = OUTLINE_TOPIC_TASKS;
        topics = 1u << OUTLINE_TOPIC_TASKS;
    }
    if (in_tasks && first != OUTLINE_TOPIC_EVALUATION && first != OUTLINE_TOPIC_BUDGET && first != OUTLINE_TOPIC_ESSAY) {
        if (node->kind == OUTLINE_HEADING || first == OUTLINE_TOPIC_TASKS)
            return;
    }
    node->own_topic = first;
    node->own_topics = topics;
}

static bool is_within_tasks(const struct outline_node *parent)
{
    return outline_within(parent, OUTLINE_TOPIC_TASKS);
}

/* "Cơ quan thực hiện", "Thời gian hoàn thành": the labelled lines of a task (domain.md 5.6), no sections. */
static bool is_task_field(const struct fold *title)
{
    static const char *const words[] = { "thoi gian hoan thanh", "thoi gian thuc hien", "thoi han", "co quan", "don vi", "nguoi thuc hien", "chu tri", "phoi hop", "san pham" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_starts_words(title->key, 0, words[i]))
            return true;
    return false;
}

/* ---- placing ---- */

static void pop_to(struct tree *tree, size_t len)
{
    tree->len = len;
}

static size_t find_style(const struct tree *tree, enum label_style style)
{
    for (size_t i = tree->len; i-- > 0;)
        if (tree->stack[i].style == style)
            return i;
    return tree->len;
}

/* Items go when a heading or a plain paragraph comes. */
static void pop_items(struct tree *tree)
{
    while (tree->len > 0 && tree->stack[tree->len - 1].node->kind != OUTLINE_HEADING)
        tree->len--;
}

static bool opens_here(const struct tree *tree)
{
    return tree->len > 0 && top_node(tree)->opens && !top_node(tree)->first_child;
}

/* A list "1. 2. 3." that an item or a lettered heading opened stands inside it, whatever its rank. */
static bool is_nested_list(const struct tree *tree, const struct label *label)
{
    size_t same = find_style(tree, label->style);
    if (same < tree->len && tree->stack[same].number == label->number - 1)
        return false;
    return label->number == 1 && opens_here(tree) && tree->stack[tree->len - 1].style > label->style;
}

static void place_ranked(struct tree *tree, const struct label *label, enum label_style style)
{
    size_t same = find_style(tree, style);
    if (same < tree->len && label->number > 0 && tree->stack[same].number == label->number - 1) {
        pop_to(tree, same);
        return;
    }
    if (is_nested_list(tree, label))
        return;
    while (tree->len > 0 && tree->stack[tree->len - 1].style >= style)
        tree->len--;
}

static bool is_complete(const struct outline_node *node)
{
    return node->kind == OUTLINE_ITEM && node->text.len > 0 && node->text.at[node->text.len - 1] == '.';
}

static void place_item(struct tree *tree, const struct label *label)
{
    size_t same = find_style(tree, label->style);
    if (same < tree->len) {
        pop_to(tree, same);
        return;
    }
    if (tree->len == 0 || top_node(tree)->kind == OUTLINE_HEADING || top_node(tree)->opens)
        return;
    enum label_style top = tree->stack[tree->len - 1].style;
    bool is_sub_bullet = label->style == LABEL_PLUS && top != LABEL_STAR;
    bool is_under_number = top < LABEL_DASH && label->style >= LABEL_DASH && label->style != LABEL_STAR && !is_complete(top_node(tree));
    if (!is_sub_bullet && !is_under_number)
        pop_items(tree);
}

/* ---- nodes ---- */

static struct outline_node *node_make(struct tree *tree, const struct paragraph *p, enum outline_kind kind)
{
    struct outline_node *node = ARENA_NEW(tree->arena, struct outline_node);
    node->kind = kind;
    node->label = p->label.style >= LABEL_ORDINAL ? STR("") : fold_part(&p->fold, p->label.from, p->label.to);
    node->text = fold_part(&p->fold, p->label.text, p->fold.key.len);
    node->body = node->text;
    node->title = STR("");
    node->opens = last_char(p->fold.key) == ':';
    node->is_bold = p->first->is_bold;
    node->is_italic = p->first->is_italic;
    node->span = (struct reader_span){ .page = p->first->block->page, .paragraph = p->index, .from = (int)p->label.text, .to = (int)p->fold.key.len };
    node->row_span = node->column_span = 1;
    return node;
}

static void take_title(struct outline_node *node, const struct paragraph *p, struct title *title)
{
    if (node->kind == OUTLINE_HEADING && title->to == title->from) {
        title->to = p->fold.key.len;
        title->body = p->fold.key.len;
        struct fold words = fold_slice(&p->fold, title->from, title->to);
        title->topics = topics_of(&words, &title->topic);
    }
    if (title->to == title->from)
        return;
    node->title = fold_part(&p->fold, title->from, title->to);
    node->body = fold_part(&p->fold, title->body, p->fold.key.len);
}

/* "5. Đề nghị Kho bạc ...": in a letter a numbered paragraph is a task by its first word. */
static bool asks_somebody(const struct outline_node *node)
{
    static const char *const words[] = { "Đề nghị", "Giao ", "Yêu cầu " };
    for (size_t i = 0; i < LEN(words); i++)
        if (str_starts(node->text, str_from(words[i])))
            return true;
    return false;
}

/* "1. Sở Nội vụ:", "2. Sở Tài chính phối hợp ...": numbered bodies outside any section are told what to do. */
static bool names_body(struct arena *arena, const struct outline_node *node, const struct paragraph *p)
{
    if (!label_is_heading_style(p->label.style) || p->label.style == LABEL_CAPS || p->label.style == LABEL_LEVEL || p->label.style == LABEL_BOLD)
        return false;
    struct str text = node->kind == OUTLINE_HEADING && node->title.len > 0 ? node->title : node->text;
    struct str body = lex_body_prefix(arena, text);
    if (body.len == 0)
        return false;
    if (node->kind == OUTLINE_HEADING)
        return body.len * 10 >= text.len * 7;
    return body.len < text.len;
}

static const unsigned late_topics = 1u << OUTLINE_TOPIC_AUDIENCE | 1u << OUTLINE_TOPIC_TIME | 1u << OUTLINE_TOPIC_CONTENT | 1u << OUTLINE_TOPIC_NUMBERS | 1u << OUTLINE_TOPIC_ATTENDANCE;

static void place_topics(struct tree *tree, struct outline_node *node, const struct paragraph *p, const struct title *title)
{
    const struct outline_node *parent = top_node(tree);
    bool in_tasks = is_within_tasks(parent);
    struct fold words = fold_slice(&p->fold, title->from, title->to);
    if (title->topics != 0 && !(is_task_field(&words) && (in_tasks || node->kind != OUTLINE_HEADING)))
        take_topics(node, title, in_tasks, (tree->seen & late_topics) != 0 && !outline_within(parent, OUTLINE_TOPIC_PURPOSE));
    tree->seen |= node->kind == OUTLINE_HEADING ? node->own_topics : 0;
    bool is_asked = (label_is_heading_style(p->label.style) && asks_somebody(node)) || p->label.style == LABEL_ORDINAL;
    bool is_open = node->own_topic == OUTLINE_TOPIC_NONE && parent->topic == OUTLINE_TOPIC_NONE;
    if (is_open && ((node->kind == OUTLINE_ITEM && is_asked) || (node->kind != OUTLINE_PARAGRAPH && names_body(tree->arena, node, p))))
        node->own_topic = OUTLINE_TOPIC_TASKS;
    node->topic = node->own_topic != OUTLINE_TOPIC_NONE ? node->own_topic : parent->topic;
}

static void add_paragraph(struct tree *tree, const struct paragraph *p, const struct paragraph *next)
{
    bool is_figure = label_is_heading_style(p->label.style);
    struct title title = title_find(p, is_figure);
    enum label_style style = p->label.style;
    enum outline_kind kind = OUTLINE_PARAGRAPH;
    if (style == LABEL_NONE) {
        struct fold words = fold_slice(&p->fold, title.from, title.to);
        style = unlabelled_heading(p, next, &title);
        /* inside tasks "Thời gian: ..." belongs to a task */
        if (style == LABEL_BOLD && !p->first->is_bold && (is_within_tasks(top_node(tree)) || is_task_field(&words)))
            style = LABEL_NONE;
        kind = style != LABEL_NONE ? OUTLINE_HEADING : OUTLINE_PARAGRAPH;
    } else if (style != LABEL_NAMED) {
        kind = is_labelled_heading(p, next, &title) ? OUTLINE_HEADING : OUTLINE_ITEM;
    }
    struct outline_node *node = node_make(tree, p, kind);
    take_title(node, p, &title);
    if (style == LABEL_NONE) {
        if (!(opens_here(tree) && title.to == title.from && top_node(tree)->kind == OUTLINE_ITEM))
            pop_items(tree);
        place_topics(tree, node, p, &title);
        node_append(top_node(tree), node);
        return;
    }
    if (kind == OUTLINE_HEADING || label_is_heading_style(style))
        place_ranked(tree, &p->label, style);
    else
        place_item(tree, &p->label);
    place_topics(tree, node, p, &title);
    node_push(tree, node, style, p->label.number);
}

/* ---- tables ---- */

static struct outline_node *child_new(struct tree *tree, struct outline_node *parent, enum outline_kind kind, const struct paragraph *p)
{
    struct outline_node *node = node_make(tree, p, kind);
    if (kind != OUTLINE_CELL) {
        node->text = node->body = node->label = STR("");
        node->span.to = node->span.from;
    }
    node->topic = parent->topic;
    node_append(parent, node);
    return node;
}

/* The paragraphs of one real table: rows of cells; a cell of several paragraphs holds them as its children. */
static size_t add_table(struct tree *tree, const struct paragraphs *list, size_t from)
{
    int table = list->at[from].first->table;
    pop_items(tree);
    struct outline_node *top = child_new(tree, top_node(tree), OUTLINE_TABLE, &list->at[from]);
    struct outline_node *row = NULL, *cell = NULL;
    size_t i = from;
    for (; i < list->len && list->at[i].first->table == table; i++) {
        const struct paragraph *p = &list->at[i];
        const struct paper_block *block = p->first->block;
        if (!row || row->row != p->first->row) {
            row = child_new(tree, top, OUTLINE_ROW, p);
            row->row = p->first->row;
            cell = NULL;
        }
        if (!cell || cell->column != p->first->column) {
            cell = child_new(tree, row, OUTLINE_CELL, p);
            cell->row = p->first->row;
            cell->column = p->first->column;
            cell->row_span = block->row_span > 0 ? block->row_span : 1;
            cell->column_span = block->column_span > 0 ? block->column_span : 1;
            /* a cell's own words keep their label: "1." in the column of numbers */
            cell->text = cell->body = p->text;
            cell->label = STR("");
            cell->span.from = 0;
            continue;
        }
        struct outline_node *more = node_make(tree, p, p->label.style == LABEL_NONE || p->label.style == LABEL_NAMED ? OUTLINE_PARAGRAPH : OUTLINE_ITEM);
        more->topic = cell->topic;
        node_append(cell, more);
    }
    return i;
}

struct outline_node *tree_make(struct arena *arena, const struct paragraphs *paragraphs)
{
    struct tree tree = { .arena = arena, .root = ARENA_NEW(arena, struct outline_node) };
    for (size_t i = 0; i < paragraphs->len;) {
        if (paragraphs->at[i].first->table > 0) {
            i = add_table(&tree, paragraphs, i);
            continue;
        }
        const struct paragraph *next = i + 1 < paragraphs->len ? &paragraphs->at[i + 1] : NULL;
        add_paragraph(&tree, &paragraphs->at[i], next);
        i++;
    }
    return tree.root;
}
