#include "paper/layout_edge.h"

#include "viet/viet.h"

/* Shares of a page's height: heads stand above the first, feet below the second. */
static const double head_share = 0.08;
static const double foot_share = 0.92;

bool is_page_number(struct str text)
{
    if (str_starts(text, STR("Trang ")) || str_starts(text, STR("trang ")))
        text = str_sub(text, 6, SIZE_MAX);
    size_t figures = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9')
            figures++;
        else if (c != '-' && c != ' ' && c != '/' && c != '.' && c != '\xE2' && c != '\x80' && c != '\x93')
            return false; /* the three bytes are "–" */
    }
    return figures > 0 && figures <= 6;
}

enum edge { EDGE_NONE, EDGE_HEAD, EDGE_FOOT };

static enum edge edge_of(const struct paper *paper, const struct paper_block *block)
{
    double height = paper->pages[block->page - 1].height;
    if (block->kind != PAPER_LINE)
        return EDGE_NONE;
    if (block->box.bottom < head_share * height)
        return EDGE_HEAD;
    return block->box.top > foot_share * height ? EDGE_FOOT : EDGE_NONE;
}

/* The same words at the same height, figures apart: they count pages. */
static bool is_same_edge(const struct paper_block *a, const struct paper_block *b)
{
    int apart = a->box.top - b->box.top;
    if (apart > 8 || apart < -8 || a->text.len == 0)
        return false;
    struct str x = a->text;
    struct str y = b->text;
    while (x.len > 0 && y.len > 0) {
        bool is_x_figure = x.at[0] >= '0' && x.at[0] <= '9';
        bool is_y_figure = y.at[0] >= '0' && y.at[0] <= '9';
        if (is_x_figure != is_y_figure || (!is_x_figure && x.at[0] != y.at[0]))
            return false;
        do
            x = str_sub(x, 1, SIZE_MAX);
        while (is_x_figure && x.len > 0 && x.at[0] >= '0' && x.at[0] <= '9');
        do
            y = str_sub(y, 1, SIZE_MAX);
        while (is_y_figure && y.len > 0 && y.at[0] >= '0' && y.at[0] <= '9');
    }
    return x.len == 0 && y.len == 0;
}

enum { EDGES_MAX = 4 * PAPER_PAGES_MAX }; /* two lines above and two below, of every page */

struct edge_line {
    struct paper_block *block;
    enum edge edge;
};

static size_t collect_edges(struct paper *paper, struct edge_line *lines)
{
    size_t len = 0;
    for (size_t i = 0; i < paper->blocks_len && len < EDGES_MAX; i++) {
        enum edge edge = edge_of(paper, &paper->blocks[i]);
        if (edge != EDGE_NONE)
            lines[len++] = (struct edge_line){ &paper->blocks[i], edge };
    }
    return len;
}

/* A line of words is a running one when a third of the pages, and more than one, have it. */
static void name_heads(struct ctx *cx, struct paper *paper)
{
    struct edge_line *lines = ARENA_NEW_ARRAY(&cx->arena, struct edge_line, EDGES_MAX);
    bool *is_running = ARENA_NEW_ARRAY(&cx->arena, bool, EDGES_MAX);
    size_t len = collect_edges(paper, lines);
    for (size_t i = 0; i < len; i++) {
        size_t pages = 0;
        for (size_t j = 0; j < len; j++)
            pages += lines[i].edge == lines[j].edge && is_same_edge(lines[i].block, lines[j].block);
        is_running[i] = is_page_number(lines[i].block->text) || (pages > 1 && 3 * pages >= paper->pages_len);
    }
    for (size_t i = 0; i < len; i++) {
        if (is_running[i])
            lines[i].block->kind = lines[i].edge == EDGE_HEAD ? PAPER_HEAD : PAPER_FOOT;
    }
}

/* The size most letters of the paper have. */
static int body_size(const struct paper *paper)
{
    size_t letters[64] = { 0 };
    for (size_t i = 0; i < paper->blocks_len; i++)
        letters[paper->blocks[i].size & 63] += paper->blocks[i].text.len;
    int body = 1;
    for (int size = 2; size < 64; size++) {
        if (letters[size] > letters[body])
            body = size;
    }
    return body;
}

/* The figure that ¹, ² ... stand for; -1 for other letters. */
static int figure_of(uint32_t letter)
{
    if (letter == 0xB9)
        return 1;
    if (letter == 0xB2 || letter == 0xB3)
        return (int)(letter - 0xB0);
    return letter == 0x2070 || (letter >= 0x2074 && letter <= 0x2079) ? (int)(letter - 0x2070) : -1;
}

/* The note's number at the beginning, raised or (where a scan has lost that) plain before a blank; 0 when none. */
static int note_number(struct str text, struct str *ret_rest)
{
    int number = 0;
    struct str rest = text;
    for (;;) {
        struct str after = rest;
        int figure = figure_of(str_next_code_point(&after));
        if (figure < 0 || number > 99)
            break;
        number = 10 * number + figure;
        rest = after;
    }
    if (number == 0) {
        while (rest.len > 0 && rest.at[0] >= '0' && rest.at[0] <= '9' && number < 10) {
            number = 10 * number + (rest.at[0] - '0');
            rest = str_sub(rest, 1, SIZE_MAX);
        }
        if (number == 0 || !str_starts(rest, STR(" ")))
            return 0;
    }
    *ret_rest = str_trim(rest);
    return number;
}

/* Where the notes of the page whose blocks are [from, to) begin; `to` when it has none. */
static size_t notes_begin(const struct paper *paper, size_t from, size_t to, int body)
{
    size_t begin = to;
    struct str rest = { "", 0 };
    for (size_t i = to; i-- > from;) {
        const struct paper_block *block = &paper->blocks[i];
        if (block->kind == PAPER_FOOT || block->kind == PAPER_HEAD)
            continue;
        if (block->kind != PAPER_LINE || 100 * block->size > 92 * body ||
            3 * block->box.top < paper->pages[block->page - 1].height)
            break;
        if (note_number(block->text, &rest) > 0)
            begin = i;
    }
    return begin;
}

struct str join_lines(struct ctx *cx, struct str above, struct str below)
{
    bool is_cut = above.len > 1 && str_ends(above, STR("-")) && above.at[above.len - 2] >= '0' &&
                  above.at[above.len - 2] <= '9';
    return str_format(&cx->arena, STR_FMT "%s" STR_FMT, STR_ARG(above), is_cut ? "" : " ", STR_ARG(below));
}

static void widen(struct paper_box *box, const struct paper_box *by)
{
    box->left = by->left < box->left ? by->left : box->left;
    box->right = by->right > box->right ? by->right : box->right;
    box->bottom = by->bottom > box->bottom ? by->bottom : box->bottom;
}

/* Lines of one note become its block, at the place of its first line; those used up are left without text. */
static void join_notes(struct ctx *cx, struct paper *paper, size_t from, size_t to)
{
    struct paper_block *note = NULL;
    for (size_t i = from; i < to; i++) {
        struct paper_block *block = &paper->blocks[i];
        if (block->kind != PAPER_LINE)
            continue;
        struct str rest = { "", 0 };
        int number = note_number(block->text, &rest);
        if (number > 0) {
            note = block;
            note->kind = PAPER_NOTE;
            note->note = number;
            note->text = rest;
        } else if (note) {
            note->text = join_lines(cx, note->text, block->text);
            widen(&note->box, &block->box);
            block->text.len = 0;
        }
    }
}

static void drop_empty(struct paper *paper)
{
    size_t kept = 0;
    for (size_t i = 0; i < paper->blocks_len; i++) {
        if (paper->blocks[i].text.len > 0)
            paper->blocks[kept++] = paper->blocks[i];
    }
    paper->blocks_len = kept;
}

void layout_name_edges(struct ctx *cx, struct paper *paper)
{
    if (paper->blocks_len == 0)
        return;
    name_heads(cx, paper);
    int body = body_size(paper);
    for (size_t from = 0, to = 0; from < paper->blocks_len; from = to) {
        while (to < paper->blocks_len && paper->blocks[to].page == paper->blocks[from].page)
            to++;
        join_notes(cx, paper, notes_begin(paper, from, to, body), to);
    }
    drop_empty(paper);
}
