#include "paper/leaf.h"

#include "paper/paper.h"

/*
 * Both outputs are XHTML of a fixed shape that begins with a document type, may hold control characters that XML
 * forbids, and is written by programs that read foreign bytes: a strict XML reader would refuse honest papers, so the
 * few tags are looked for directly.
 */
struct tag {
    struct str name;  /* "word", "/page" */
    struct str inner; /* what stands between the name and the end of the tag */
};

/* The next tag; *rest moves behind it. */
static bool next_tag(struct str *rest, struct tag *ret_tag)
{
    size_t open = str_find(*rest, STR("<"));
    if (open == rest->len)
        return false;
    struct str tag = str_sub(*rest, open + 1, SIZE_MAX);
    size_t close = str_find(tag, STR(">"));
    if (close == tag.len)
        return false;
    *rest = str_sub(tag, close + 1, SIZE_MAX);
    ret_tag->inner = str_sub(tag, 0, close);
    ret_tag->name = str_cut(&ret_tag->inner, ' ');
    return true;
}

/* A number as the two programs write it, "-12.345"; 0 for anything else. */
static double number_of(struct str text)
{
    bool is_negative = str_starts(text, STR("-"));
    double value = 0;
    double unit = 0;
    for (size_t i = is_negative; i < text.len && i < 24; i++) {
        char c = text.at[i];
        if (c == '.' && unit <= 0) {
            unit = 1;
        } else if (c >= '0' && c <= '9' && unit > 0) {
            unit /= 10;
            value += unit * (c - '0');
        } else if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
        } else {
            break;
        }
    }
    if (value > 100000)
        return 0;
    return is_negative ? -value : value;
}

/* The number in name="number"; 0 when it is missing. `name` ends with =" */
static double number_after(struct str inner, struct str name)
{
    return number_of(str_sub(inner, str_find(inner, name) + name.len, SIZE_MAX));
}

/* The letters before the next tag, with &amp; and its like undone. */
static struct str text_before_tag(struct ctx *cx, struct str *rest)
{
    static const struct {
        struct str entity;
        char letter;
    } entities[] = { { STR_INIT("&amp;"), '&' },   { STR_INIT("&lt;"), '<' },   { STR_INIT("&gt;"), '>' },
                     { STR_INIT("&quot;"), '"' },  { STR_INIT("&#39;"), '\'' }, { STR_INIT("&apos;"), '\'' } };
    struct str raw = str_sub(*rest, 0, str_find(*rest, STR("<")));
    *rest = str_sub(*rest, raw.len, SIZE_MAX);
    raw = str_trim(raw);
    if (str_find(raw, STR("&")) == raw.len)
        return raw;
    struct buf text;
    buf_init(&text, &cx->arena);
    while (raw.len > 0) {
        size_t i = 0;
        while (i < LEN(entities) && !str_starts(raw, entities[i].entity))
            i++;
        buf_put_char(&text, i < LEN(entities) ? entities[i].letter : raw.at[0]);
        raw = str_sub(raw, i < LEN(entities) ? entities[i].entity.len : 1, SIZE_MAX);
    }
    return buf_str(&text);
}

static struct leaf *add_leaf(struct ctx *cx, struct leaf_list *leaves)
{
    if (leaves->len == leaves->room) {
        leaves->room = leaves->room ? 2 * leaves->room : 16;
        struct leaf *wider = ARENA_NEW_ARRAY(&cx->arena, struct leaf, leaves->room);
        if (leaves->len > 0)
            memcpy(wider, leaves->at, leaves->len * sizeof *wider);
        leaves->at = wider;
    }
    struct leaf *leaf = &leaves->at[leaves->len++];
    *leaf = (struct leaf){ .width = 0 };
    return leaf;
}

/* How many words stand in the text up to `end`: room for all of them is taken at once. */
static size_t count_tags(struct str text, struct str tag, struct str end)
{
    size_t count = 0;
    text = str_sub(text, 0, str_find(text, end));
    for (size_t at = str_find(text, tag); at < text.len; at = str_find(text, tag)) {
        count++;
        text = str_sub(text, at + tag.len, SIZE_MAX);
    }
    return count;
}

static enum err make_room(struct ctx *cx, struct leaf *leaf, size_t words)
{
    if (words > LEAF_WORDS_MAX)
        return fail(cx, ERR_LIMIT, "Tệp có trang dày hơn %d chữ, không phải trang văn bản; xin gửi đúng bản văn bản",
                    LEAF_WORDS_MAX);
    leaf->words = ARENA_NEW_ARRAY(&cx->arena, struct leaf_word, words + 1);
    return OK;
}

static double clip(double value, double max)
{
    return value < 0 ? 0 : value > max ? max : value;
}

/*
 * poppler's box reaches from the font's ascent to its descent, about 1.11 times the size of the faces used in offices
 * (Times New Roman 1.107, Arial 1.117), a fifth of the size below the baseline.
 */
static void add_box_word(struct ctx *cx, struct leaf *leaf, struct str inner, struct str *rest)
{
    double top = clip(number_after(inner, STR("yMin=\"")), leaf->height);
    double bottom = clip(number_after(inner, STR("yMax=\"")), leaf->height);
    struct leaf_word word = { .left = clip(number_after(inner, STR("xMin=\"")), leaf->width),
                              .right = clip(number_after(inner, STR("xMax=\"")), leaf->width),
                              .size = (bottom - top) / 1.11, .confidence = 100 };
    word.base = bottom - 0.2 * word.size;
    word.text = text_before_tag(cx, rest);
    if (word.text.len > 0 && word.right > word.left && word.size > 1)
        leaf->words[leaf->words_len++] = word;
}

enum err leaf_from_boxes(struct ctx *cx, struct str xhtml, struct leaf_list *ret_leaves)
{
    struct leaf_list leaves = { .len = 0 };
    struct leaf *leaf = NULL;
    struct tag tag = { .name = { "", 0 } };
    for (struct str rest = xhtml; next_tag(&rest, &tag);) {
        if (str_eq(tag.name, STR("page"))) {
            if (leaves.len == PAPER_PAGES_MAX)
                return fail(cx, ERR_LIMIT, "Tệp có hơn %d trang; xin tách lấy phần văn bản cần nhận rồi gửi lại",
                            PAPER_PAGES_MAX);
            leaf = add_leaf(cx, &leaves);
            leaf->width = number_after(tag.inner, STR("width=\""));
            leaf->height = number_after(tag.inner, STR("height=\""));
            TRY(make_room(cx, leaf, count_tags(rest, STR("<word "), STR("<page "))));
        } else if (leaf && str_eq(tag.name, STR("word"))) {
            add_box_word(cx, leaf, tag.inner, &rest);
        }
    }
    *ret_leaves = leaves;
    return OK;
}

/* ------------------------------------------------------------------------------------------ hOCR */

/* The line a word stands on: Tesseract tells its baseline as a slope and an offset from the box's lower left. */
struct ocr_line {
    double left, bottom, slope, offset, size;
};

/* "bbox 395 178 1468 220": the i-th number. */
static double bbox_number(struct str inner, int i)
{
    struct str rest = str_sub(inner, str_find(inner, STR("bbox ")) + 5, SIZE_MAX);
    while (i-- > 0)
        (void)str_cut(&rest, ' ');
    return number_of(rest);
}

static struct ocr_line line_of(struct str inner)
{
    struct str slope = str_sub(inner, str_find(inner, STR("baseline ")) + 9, SIZE_MAX);
    struct str offset = slope;
    (void)str_cut(&offset, ' ');
    return (struct ocr_line){ .left = bbox_number(inner, 0),
                              .bottom = bbox_number(inner, 3),
                              .slope = number_of(slope),
                              .offset = number_of(offset),
                              /* from the top of tall letters to the bottom of hanging ones: nine tenths of the size */
                              .size = number_after(inner, STR("x_size ")) / 0.9 };
}

/* Tesseract takes the raised 1 of a first note behind a figure for an exclamation mark: "21/11/2025!". */
static struct str mend_mark(struct ctx *cx, struct str text)
{
    size_t at = str_find(text, STR("!"));
    if (at == 0 || at == text.len || text.at[at - 1] < '0' || text.at[at - 1] > '9')
        return text;
    struct str after = str_sub(text, at + 1, SIZE_MAX);
    return str_format(&cx->arena, STR_FMT "¹" STR_FMT, STR_ARG(str_sub(text, 0, at)), STR_ARG(after));
}

static void add_ocr_word(struct ctx *cx, struct leaf *leaf, const struct ocr_line *line, struct str inner,
                         double points_per_dot, struct str *rest)
{
    double left = bbox_number(inner, 0);
    double middle = (left + bbox_number(inner, 2)) / 2;
    struct leaf_word word = { .left = clip(left * points_per_dot, leaf->width),
                              .right = clip(bbox_number(inner, 2) * points_per_dot, leaf->width),
                              .base = (line->bottom + line->offset + line->slope * (middle - line->left)) * points_per_dot,
                              .size = line->size * points_per_dot,
                              .confidence = (int)clip(number_after(inner, STR("x_wconf ")), 100) };
    word.text = mend_mark(cx, text_before_tag(cx, rest));
    if (word.text.len > 0 && word.right > word.left && word.size > 1)
        leaf->words[leaf->words_len++] = word;
}

/* Words looked at for doubles of each: more than stand on the lines that may touch it. */
enum { DOUBLE_REACH = 100 };

static int compare_by_base(const void *a, const void *b)
{
    const struct leaf_word *x = a;
    const struct leaf_word *y = b;
    if (x->base < y->base || x->base > y->base)
        return x->base < y->base ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

/* Do two words stand on one place? Half of the narrower lies in the other, on one line or nearly so. */
static bool is_double(const struct leaf_word *a, const struct leaf_word *b)
{
    double left = a->left > b->left ? a->left : b->left;
    double right = a->right < b->right ? a->right : b->right;
    double narrower = a->right - a->left < b->right - b->left ? a->right - a->left : b->right - b->left;
    double size = a->size < b->size ? a->size : b->size;
    return right - left > 0.5 * narrower && b->base - a->base < 0.6 * size;
}

/* The surer reading; of two that are about as sure the longer one: the other lost letters at an edge. */
static bool is_better(const struct leaf_word *a, const struct leaf_word *b)
{
    int surer = a->confidence - b->confidence;
    return surer > 15 || (surer >= -15 && a->text.len >= b->text.len);
}

/* In tables Tesseract reads some lines twice, as parts of two fields that overlap. */
static void drop_doubles(struct leaf *leaf)
{
    qsort(leaf->words, leaf->words_len, sizeof *leaf->words, compare_by_base);
    for (size_t i = 0; i < leaf->words_len; i++) {
        struct leaf_word *word = &leaf->words[i];
        for (size_t j = i + 1; j < leaf->words_len && j < i + DOUBLE_REACH && word->text.len > 0; j++) {
            struct leaf_word *other = &leaf->words[j];
            if (other->base - word->base > word->size)
                break;
            if (other->text.len == 0 || !is_double(word, other))
                continue;
            if (is_better(word, other))
                other->text.len = 0;
            else
                word->text.len = 0;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < leaf->words_len; i++) {
        if (leaf->words[i].text.len > 0)
            leaf->words[kept++] = leaf->words[i];
    }
    leaf->words_len = kept;
}

/* Where the n-th page begins and ends. */
static struct str page_of(struct str hocr, int number)
{
    const struct str mark = STR("'ocr_page'");
    for (int i = 0; i < number; i++) {
        size_t at = str_find(hocr, mark);
        hocr = str_sub(hocr, at == hocr.len ? at : at + mark.len, SIZE_MAX);
    }
    return str_sub(hocr, 0, str_find(hocr, mark));
}

static bool is_line_class(struct str inner)
{
    return str_starts(inner, STR("class='ocr_line'")) || str_starts(inner, STR("class='ocr_header'")) ||
           str_starts(inner, STR("class='ocr_caption'")) || str_starts(inner, STR("class='ocr_textfloat'"));
}

enum err leaf_words_from_hocr(struct ctx *cx, struct str hocr, int number, double points_per_dot, struct leaf *leaf)
{
    struct str rest = page_of(hocr, number);
    struct ocr_line line = { .size = 0 };
    leaf->words_len = 0;
    TRY(make_room(cx, leaf, count_tags(rest, STR("'ocrx_word'"), STR("</html>"))));
    struct tag tag = { .name = { "", 0 } };
    while (next_tag(&rest, &tag)) {
        if (!str_eq(tag.name, STR("span")))
            continue;
        if (is_line_class(tag.inner))
            line = line_of(tag.inner);
        else if (str_starts(tag.inner, STR("class='ocrx_word'")))
            add_ocr_word(cx, leaf, &line, tag.inner, points_per_dot, &rest);
    }
    drop_doubles(leaf);
    return OK;
}
