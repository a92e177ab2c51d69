/* The left side of the page: the paper's paragraphs in their look, with the places underlined where values were read. */
#include "reading/reading_pages.h"
#include "reading/reading_sheet.h"

#include "plan/owner.h"
#include "unit/unit.h"
#include "viet/viet.h"

enum { SPANS_MAX = 4000, DEPTH_MAX = 12, PAPER_PARAGRAPHS_MAX = 5000 };

struct span {
    int64_t paragraph, from, to;
    bool is_doubtful;
};
struct spans {
    struct span *at;
    size_t len;
};

static void add_span(struct spans *spans, const json_t *place, bool is_doubtful)
{
    struct span span = { json_integer_value(json_object_get(place, "paragraph")),
                         json_integer_value(json_object_get(place, "from")),
                         json_integer_value(json_object_get(place, "to")), is_doubtful };
    if (span.paragraph > 0 && span.from >= 0 && span.to > span.from && spans->len < SPANS_MAX)
        spans->at[spans->len++] = span;
}

/* A record's own stretch is as wide as its paragraph and says nothing when underlined: only the fields' are taken. */
static void collect(struct spans *spans, json_t *value, int depth) // NOLINT(misc-no-recursion)
{
    const char *key = NULL;
    json_t *member = NULL, *place = NULL;
    size_t i = 0, k = 0;
    json_t *doubts = json_object_get(value, "_doubt");
    if (depth > DEPTH_MAX)
        return;
    json_object_foreach (json_object_get(json_object_get(value, "_at"), "fields"), key, member) {
        bool is_doubtful = json_object_get(doubts, key) != NULL;
        if (json_is_object(member))
            add_span(spans, member, is_doubtful);
        json_array_foreach (member, k, place)
            add_span(spans, place, is_doubtful);
    }
    json_object_foreach (value, key, member) {
        if (key[0] != '_')
            collect(spans, member, depth + 1);
    }
    json_array_foreach (value, i, member)
        collect(spans, member, depth + 1);
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->paragraph != y->paragraph)
        return x->paragraph < y->paragraph ? -1 : 1;
    return x->from != y->from ? (x->from < y->from ? -1 : 1) : 0;
}

/* The byte at which code point `point` begins. */
static size_t byte_of(struct str text, int64_t point)
{
    struct str rest = text;
    while (point-- > 0 && rest.len > 0)
        (void)str_next_code_point(&rest);
    return text.len - rest.len;
}

static void put_piece(struct html *h, struct str text, const struct span *span)
{
    static const char read[] = "<mark class=\"read\">", doubtful[] = "<mark class=\"read is-soon\">", end[] = "</mark>";
    if (span && span->is_doubtful)
        html_put_raw(h, doubtful, sizeof doubtful - 1);
    else if (span)
        html_put_raw(h, read, sizeof read - 1);
    html_put_str(h, text);
    if (span)
        html_put_raw(h, end, sizeof end - 1);
}

/*
 * Spans of one paragraph, sorted, cut the text; where two lie over each other the later one gives way. Written here and
 * not in the template, whose lines end in blanks that would come between a word and its comma.
 */
static struct safe_html cut_pieces(struct arena *arena, struct str text, const struct span *spans, size_t len)
{
    struct html h = page_begin(arena);
    size_t done = 0;
    for (size_t i = 0; i < len; i++) {
        size_t from = byte_of(text, spans[i].from), to = byte_of(text, spans[i].to);
        from = from < done ? done : from;
        if (to <= from)
            continue;
        put_piece(&h, str_sub(text, done, from - done), NULL);
        put_piece(&h, str_sub(text, from, to - from), &spans[i]);
        done = to;
    }
    put_piece(&h, str_sub(text, done, SIZE_MAX), NULL);
    return page_end(&h);
}

/* Cells of a table are neighbours; what opens and closes around a paragraph follows from the one before and behind it. */
static void set_tables(struct sheet_paragraph *list, const struct sheet_line *lines, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct sheet_line *here = &lines[i], *before = i > 0 ? &lines[i - 1] : NULL,
                                *behind = i + 1 < len ? &lines[i + 1] : NULL;
        if (here->look != 'c')
            continue;
        bool same_table = before && before->look == 'c' && before->table == here->table;
        bool same_row = same_table && before->row == here->row;
        bool goes_on = behind && behind->look == 'c' && behind->table == here->table;
        bool row_goes_on = goes_on && behind->row == here->row;
        list[i].opens_table = !same_table;
        list[i].opens_row = !same_row;
        list[i].opens_cell = !same_row || before->column != here->column;
        list[i].closes_cell = !row_goes_on || behind->column != here->column;
        list[i].closes_row = !row_goes_on;
        list[i].closes_table = !goes_on;
        list[i].row_span = here->row_span;
        list[i].column_span = here->column_span;
        list[i].is_bold = here->is_bold;
    }
}

enum err reading_paper_view(struct ctx *cx, const struct reading *reading, json_t *state, bool with_pictures, bool may_pick,
                            struct reading_view *ret_view)
{
    struct arena *arena = &cx->arena;
    json_t *said = NULL;
    TRY(reading_json_load(cx, reading->said, &said));
    json_t *paragraphs = json_object_get(said, "_paragraphs");
    size_t len = json_array_size(paragraphs), next = 0;
    len = len < PAPER_PARAGRAPHS_MAX ? len : PAPER_PARAGRAPHS_MAX;
    struct spans spans = { ARENA_NEW_ARRAY(arena, struct span, SPANS_MAX), 0 };
    collect(&spans, state, 0);
    qsort(spans.at, spans.len, sizeof *spans.at, by_place);
    struct sheet_paragraph *list = ARENA_NEW_ARRAY(arena, struct sheet_paragraph, len + 1);
    struct sheet_line *lines = ARENA_NEW_ARRAY(arena, struct sheet_line, len + 1);
    struct str sheet = reading->sheet;
    int64_t page = 0;
    for (size_t i = 0; i < len; i++) {
        json_t *said_paragraph = json_array_get(paragraphs, i);
        int64_t its_page = json_integer_value(json_object_get(said_paragraph, "page"));
        size_t first = next;
        while (next < spans.len && spans.at[next].paragraph <= (int64_t)i + 1)
            next++;
        lines[i] = sheet_next(&sheet);
        list[i] = (struct sheet_paragraph){ .number = (int)i + 1, .look = lines[i].look };
        list[i].id = str_format(arena, "d%zu", i + 1);
        if (may_pick)
            list[i].pick_url = url_format(arena, "/nhan-van-ban/%lld?doan=%zu", (long long)reading->id, i + 1);
        list[i].text = cut_pieces(arena, reading_json_str(json_object_get(said_paragraph, "text")), &spans.at[first],
                                  next - first);
        if (its_page > page && reading->pages > 0) {
            list[i].page = (int)its_page;
            if (with_pictures)
                list[i].picture_url = url_format(arena, "/nhan-van-ban/%lld/trang/%lld", (long long)reading->id,
                                                 (long long)its_page);
        }
        page = its_page > page ? its_page : page;
    }
    set_tables(list, lines, len);
    ret_view->paragraphs = list;
    ret_view->paragraphs_len = len;
    return OK;
}

/* ---- Whose paper it is ---- */

/* Words every body of a level shares: with nothing else in it, a letterhead means the writer's own place. */
static bool is_common(struct str word)
{
    static const struct str words[] = { STR_INIT("tinh"),  STR_INIT("thanh"), STR_INIT("pho"),   STR_INIT("uy"),
                                        STR_INIT("ban"),   STR_INIT("thuong"), STR_INIT("vu"),   STR_INIT("truc"),
                                        STR_INIT("chap"),  STR_INIT("hanh"),  STR_INIT("dang"),  STR_INIT("bo"),
                                        STR_INIT("nhan"),  STR_INIT("dan"),   STR_INIT("ubnd"),  STR_INIT("hoi"),
                                        STR_INIT("dong"),  STR_INIT("hdnd"),  STR_INIT("xa"),    STR_INIT("phuong"),
                                        STR_INIT("dac"),   STR_INIT("khu"),   STR_INIT("cac"),   STR_INIT("lanh"),
                                        STR_INIT("dao"),   STR_INIT("chu"),   STR_INIT("tich") };
    for (size_t i = 0; i < LEN(words); i++) {
        if (str_eq(words[i], word))
            return true;
    }
    return false;
}

static bool has_word(struct str text, struct str word)
{
    while (text.len > 0) {
        if (str_eq(str_cut(&text, ' '), word))
            return true;
    }
    return false;
}

/* Whether every word of a letterhead is common or one of the unit's own name; brackets and commas part words. */
static bool names_no_other(struct arena *arena, struct str words, struct str own)
{
    char *plain = arena_alloc(arena, words.len + 1);
    for (size_t i = 0; i < words.len; i++)
        plain[i] = strchr("(),.;:-/", words.at[i]) ? ' ' : words.at[i];
    struct str rest = { plain, words.len };
    while (rest.len > 0) {
        struct str word = str_cut(&rest, ' ');
        if (word.len > 0 && !is_common(word) && !has_word(own, word))
            return false;
    }
    return true;
}

/*
 * "TỈNH ỦY HÀ TĨNH" and "Ban Thường vụ Tỉnh ủy" in Hà Tĩnh's committee are its own, "TỈNH ỦY QUẢNG NGÃI" there is not. A
 * paper without a letterhead is taken for the unit's own: whoever enters it says otherwise.
 */
enum err reading_is_own_paper(struct ctx *cx, struct str issuer, bool *ret_is_own)
{
    struct unit unit = { .id = 0 };
    struct arena *arena = &cx->arena;
    *ret_is_own = issuer.len == 0;
    if (issuer.len == 0 || cx->actor->unit_id == 0)
        return OK;
    TRY(unit_find(cx, cx->actor->unit_id, &unit));
    struct str words = viet_fold(arena, issuer), own = viet_fold(arena, unit.full_name);
    if (str_find(words, own) < words.len) {
        *ret_is_own = true;
        return OK;
    }
    /* The dictionary knows names as sentences write them, a letterhead is all capitals. */
    struct owner owner = owner_read(arena, viet_upper_first(arena, viet_lower(arena, issuer)));
    *ret_is_own = owner.len > 0 && owner.at[0].reach == OWNER_SORT && str_eq(owner.at[0].sort, unit.sort) &&
                  names_no_other(arena, words, own);
    return OK;
}
