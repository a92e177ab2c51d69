#include "paper/scan.h"

#include "paper/inside.h"
#include "paper/poppler.h"
#include "paper/sheet.h"
#include "paper/tesseract.h"

#include <math.h>

/*
 * A page is drawn by poppler in colour, reduced to its black ink, levelled, freed of its rulings (which are kept for the
 * layout) and handed to Tesseract together with others. 200 dots an inch are enough for clean pages; what Tesseract is
 * not sure of is read again at 300, and the surer reading stands.
 */
enum {
    LOOK_DPI = 72,
    FIRST_DPI = 200,
    SECOND_DPI = 300,
    SURE_ENOUGH = 90,              /* percent, the mean over letters */
    BATCH_BYTES = 32 << 20,        /* of grey dots: eight A4 pages at 200 */
    PAGE_DOTS_MAX = 20000000,      /* an A3 page at 300 */
    BLANK_INK = 60,                /* dots that a blank page may have: specks */
    LETTER_INK = 60,               /* dots at 200 that a letter has at least */
    STAMP_INK = 300,               /* and the three letters of a stamp */
};

/* Pages, or sheets of their tables' fields, that go into one run. */
struct batch {
    size_t pages[64]; /* numbers, from 0 */
    struct sheet sheets[64];
    size_t len;
    struct tiff tiff;
    enum tesseract_look look;
};

struct scan {
    const struct jail_memory *pdf;
    struct leaf_list *leaves;
    struct leaf *fields; /* of each page, the words of its tables */
    struct batch pages, sheets;
    int dots_per_inch;
};

static size_t count_letters(const struct leaf *leaf)
{
    size_t letters = 0;
    for (size_t i = 0; i < leaf->words_len; i++)
        letters += str_count_code_points(str_is_utf8(leaf->words[i].text) ? leaf->words[i].text : STR("?"));
    return letters;
}

static int confidence_of(const struct leaf *leaf)
{
    size_t sum = 0;
    size_t letters = 0;
    for (size_t i = 0; i < leaf->words_len; i++) {
        sum += (size_t)leaf->words[i].confidence * leaf->words[i].text.len;
        letters += leaf->words[i].text.len;
    }
    return letters > 0 ? (int)(sum / letters) : 0;
}

/* The resolution at which the page stays within PAGE_DOTS_MAX. */
static int resolution_for(const struct leaf *leaf, int wanted)
{
    double inches = leaf->width * leaf->height / (72 * 72);
    double most = sqrt(PAGE_DOTS_MAX / (inches > 1 ? inches : 1));
    return wanted < most ? wanted : (int)most;
}

/* The words of a leaf as lines, from the top down. */
static struct paper lines_of(struct ctx *cx, const struct leaf *leaf)
{
    struct paper paper = { .format = PAPER_FORMAT_SCAN };
    paper.blocks = ARENA_NEW_ARRAY(&cx->arena, struct paper_block, leaf->words_len + 1);
    double base = 0;
    for (size_t i = 0; i < leaf->words_len; i++) {
        const struct leaf_word *word = &leaf->words[i];
        struct paper_block *line = &paper.blocks[paper.blocks_len];
        bool is_same = i > 0 && fabs(word->base - base) < word->size / 2;
        base = word->base;
        if (is_same)
            line[-1].text = str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(line[-1].text), STR_ARG(word->text));
        else
            *line = (struct paper_block){ .kind = PAPER_LINE, .page = 1, .text = word->text };
        paper.blocks_len += !is_same;
    }
    return paper;
}

/* The frame of such a stamp is 8 mm high, which is 22 points; what stands upright and is shorter is a letter in it. */
static void keep_frames(struct leaf *leaf)
{
    enum { FRAME_HIGH = 19 };
    size_t kept = 0;
    for (size_t i = 0; i < leaf->rules_len; i++) {
        struct leaf_rule rule = leaf->rules[i];
        bool is_upright = rule.bottom - rule.top > rule.right - rule.left;
        if (!is_upright || rule.bottom - rule.top >= FRAME_HIGH)
            leaf->rules[kept++] = rule;
    }
    leaf->rules_len = kept;
}

/*
 * The mark of secrecy is a red stamp (Nghị định 30/2020/NĐ-CP, annex I, part IV), and stamps are taken off a page before it
 * is read: so what stands in colour over the upper half of the first page is read by itself, and only for that mark.
 */
static enum err refuse_stamped(struct ctx *cx, const struct picture *picture, int dpi)
{
    const double points_per_dot = 72.0 / dpi;
    int height = picture->height / 2;
    struct tiff tiff = { .len = 0 };
    struct jail_memory *hocr = NULL;
    struct leaf leaf = { .width = picture->width * points_per_dot, .height = height * points_per_dot };
    TRY(tiff_begin(cx, (size_t)picture->width * (size_t)height, 1, dpi, &tiff));
    struct raster colour = tiff_add(&tiff, picture->width, height);
    raster_take_colour(picture->at, &colour);
    raster_find_rules(cx, &colour, points_per_dot, &leaf);
    keep_frames(&leaf);
    raster_erase_rules(&colour, points_per_dot, &leaf);
    enum err err = OK;
    if (raster_count_ink(&colour) > STAMP_INK) {
        err = tesseract_read(cx, &tiff, TESSERACT_SPARSE, &hocr);
        if (err == OK)
            err = leaf_words_from_hocr(cx, (struct str){ (const char *)hocr->at, hocr->len }, 1, points_per_dot, &leaf);
        if (err == OK) {
            struct paper seen = lines_of(cx, &leaf);
            err = secrecy_refuse(cx, &seen);
        }
        if (hocr)
            jail_memory_close(hocr);
    }
    jail_memory_close(tiff.memory);
    return err;
}

/* One page as level black ink, its rulings put into the leaf. */
static enum err draw_page(struct ctx *cx, const struct jail_memory *pdf, struct leaf *leaf, size_t number, int dpi,
                          struct jail_memory **ret_ink, struct raster *ret_raster)
{
    struct jail_memory *pictures = NULL;
    struct jail_memory *ink = NULL;
    struct jail_memory *level = NULL;
    struct picture picture = { .width = 0 };
    size_t at = 0;
    TRY(poppler_pages(cx, pdf, (int)number + 1, (int)number + 1, dpi, POPPLER_COLOUR, &pictures));
    if (!picture_next(pictures, &at, &picture) || picture.channels != 3)
        return fail(cx, ERR_INVALID, "Không vẽ lại được trang %zu của tệp; tệp có thể bị hỏng, xin gửi lại tệp khác",
                    number + 1);
    size_t dots = (size_t)picture.width * (size_t)picture.height;
    if (number == 0 && dpi <= FIRST_DPI)
        TRY(refuse_stamped(cx, &picture, dpi));
    TRY(jail_memory_open(cx, dots, &ink));
    struct raster raster = { ink->at, picture.width, picture.height };
    raster_take_ink(picture.at, &raster);
    jail_memory_close(pictures);
    leaf->width = 72.0 * picture.width / dpi;
    leaf->height = 72.0 * picture.height / dpi;
    double skew = raster_skew(cx, &raster);
    if (fabs(skew) > 0.002) {
        TRY(jail_memory_open(cx, dots, &level));
        struct raster levelled = { level->at, raster.width, raster.height };
        raster_level(&raster, skew, &levelled);
        jail_memory_close(ink);
        ink = level;
        raster = levelled;
    }
    *ret_ink = ink;
    *ret_raster = raster;
    return OK;
}

/* The surer of two readings of one page stays. */
static void keep_surer(struct leaf *leaf, const struct leaf *again)
{
    if (!leaf->is_scan || confidence_of(again) > confidence_of(leaf))
        *leaf = *again;
}

static enum err read_batch(struct ctx *cx, struct scan *scan, struct batch *batch)
{
    if (batch->len == 0)
        return OK;
    struct jail_memory *hocr = NULL;
    TRY(tesseract_read(cx, &batch->tiff, batch->look, &hocr));
    jail_memory_close(batch->tiff.memory);
    struct str text = { (const char *)hocr->at, hocr->len }; /* the words lie there; it ends with the arena */
    double points_per_dot = 72.0 / batch->tiff.dots_per_inch;
    for (size_t i = 0; i < batch->len; i++) {
        bool is_sheet = batch->look == TESSERACT_BLOCK;
        const struct sheet *sheet = &batch->sheets[i];
        struct leaf again = scan->leaves->at[batch->pages[i]];
        if (is_sheet) {
            again.width = sheet->width * points_per_dot;
            again.height = sheet->height * points_per_dot;
        }
        TRY(leaf_words_from_hocr(cx, text, (int)i + 1, points_per_dot, &again));
        again.is_scan = true;
        if (is_sheet)
            sheet_return(sheet, points_per_dot, &again);
        keep_surer(is_sheet ? &scan->fields[batch->pages[i]] : &scan->leaves->at[batch->pages[i]], &again);
    }
    batch->len = 0;
    return OK;
}

/* A page to draw on in the batch, which is read first when it has no room. */
static enum err add_to_batch(struct ctx *cx, struct scan *scan, struct batch *batch, size_t number, int dpi, int width,
                             int height, struct raster *ret_raster)
{
    size_t dots = (size_t)width * (size_t)height;
    if (batch->len > 0 && (batch->len == LEN(batch->pages) || dpi != batch->tiff.dots_per_inch ||
                           batch->tiff.len + dots + 256 > batch->tiff.memory->len))
        TRY(read_batch(cx, scan, batch));
    if (batch->len == 0)
        TRY(tiff_begin(cx, dots > BATCH_BYTES ? dots : BATCH_BYTES, (int)LEN(batch->pages), dpi, &batch->tiff));
    *ret_raster = tiff_add(&batch->tiff, width, height);
    batch->pages[batch->len++] = number;
    return OK;
}

/* Ink is much more than the words that the page has as text would leave. */
static bool is_picture(const struct leaf *leaf, const struct raster *raster, int dpi)
{
    size_t ink = raster_count_ink(raster) * FIRST_DPI / (size_t)dpi * FIRST_DPI / (size_t)dpi;
    size_t letters = count_letters(leaf);
    return ink > 6 * LETTER_INK * (letters + 20);
}

/* Adds a page to what is to be read. */
static enum err take_page(struct ctx *cx, struct scan *scan, size_t number)
{
    struct leaf *leaf = &scan->leaves->at[number];
    struct jail_memory *ink = NULL;
    struct raster raster = { .width = 0 };
    struct raster onto = { .width = 0 };
    int dpi = resolution_for(leaf, scan->dots_per_inch);
    TRY(draw_page(cx, scan->pdf, leaf, number, dpi, &ink, &raster));
    if (raster_count_ink(&raster) <= BLANK_INK) {
        jail_memory_close(ink);
        return OK;
    }
    raster_find_rules(cx, &raster, 72.0 / dpi, leaf);
    struct sheet sheet = sheet_plan(cx, &raster, 72.0 / dpi, leaf);
    raster_erase_rules(&raster, 72.0 / dpi, leaf);
    if (sheet.len > 0) {
        TRY(add_to_batch(cx, scan, &scan->sheets, number, dpi, sheet.width, sheet.height, &onto));
        sheet_cut(&sheet, &raster, &onto);
        scan->sheets.sheets[scan->sheets.len - 1] = sheet;
    }
    TRY(add_to_batch(cx, scan, &scan->pages, number, dpi, raster.width, raster.height, &onto));
    memcpy(onto.at, raster.at, (size_t)raster.width * (size_t)raster.height);
    jail_memory_close(ink);
    return OK;
}

/* A page with a few words: whether they are all there is on it, seen at a low resolution. */
static enum err look_scanned(struct ctx *cx, const struct jail_memory *pdf, const struct leaf *leaf, size_t number,
                             bool *ret_is_scanned)
{
    struct jail_memory *pictures = NULL;
    struct picture picture = { .width = 0 };
    size_t at = 0;
    TRY(poppler_pages(cx, pdf, (int)number + 1, (int)number + 1, resolution_for(leaf, LOOK_DPI), POPPLER_COLOUR,
                      &pictures));
    if (picture_next(pictures, &at, &picture) && picture.channels == 3) {
        struct raster raster = { picture.at, picture.width, picture.height }; /* dot after dot, in place */
        raster_take_ink(picture.at, &raster);
        *ret_is_scanned = is_picture(leaf, &raster, LOOK_DPI);
    }
    jail_memory_close(pictures);
    return OK;
}

static enum err read_waiting(struct ctx *cx, struct scan *scan)
{
    TRY(read_batch(cx, scan, &scan->pages));
    return read_batch(cx, scan, &scan->sheets);
}

static enum err read_first(struct ctx *cx, struct scan *scan)
{
    scan->dots_per_inch = FIRST_DPI;
    for (size_t i = 0; i < scan->leaves->len; i++) {
        const struct leaf *leaf = &scan->leaves->at[i];
        size_t letters = count_letters(leaf);
        bool is_scanned = letters == 0;
        if (letters > 0 && letters < SCAN_LETTERS_MAX)
            TRY(look_scanned(cx, scan->pdf, leaf, i, &is_scanned));
        if (is_scanned)
            TRY(take_page(cx, scan, i));
    }
    return read_waiting(cx, scan);
}

static bool is_unsure(const struct leaf *leaf)
{
    return leaf->is_scan && leaf->words_len > 0 && confidence_of(leaf) < SURE_ENOUGH;
}

static enum err read_unsure_again(struct ctx *cx, struct scan *scan)
{
    scan->dots_per_inch = SECOND_DPI;
    for (size_t i = 0; i < scan->leaves->len; i++) {
        if (is_unsure(&scan->leaves->at[i]) || is_unsure(&scan->fields[i]))
            TRY(take_page(cx, scan, i));
    }
    return read_waiting(cx, scan);
}

/* The words of a page and those of its tables' fields together. */
static void join_fields(struct ctx *cx, struct leaf *leaf, const struct leaf *fields)
{
    if (fields->words_len == 0)
        return;
    struct leaf_word *words = ARENA_NEW_ARRAY(&cx->arena, struct leaf_word, leaf->words_len + fields->words_len);
    if (leaf->words_len > 0)
        memcpy(words, leaf->words, leaf->words_len * sizeof *words);
    memcpy(words + leaf->words_len, fields->words, fields->words_len * sizeof *words);
    leaf->words = words;
    leaf->words_len += fields->words_len;
    leaf->is_scan = true;
}

enum err scan_leaves(struct ctx *cx, const struct jail_memory *pdf, struct leaf_list *leaves)
{
    struct scan *scan = ARENA_NEW(&cx->arena, struct scan);
    scan->pdf = pdf;
    scan->leaves = leaves;
    scan->fields = ARENA_NEW_ARRAY(&cx->arena, struct leaf, leaves->len + 1);
    scan->pages.look = TESSERACT_PAGE;
    scan->sheets.look = TESSERACT_BLOCK;
    TRY(read_first(cx, scan));
    TRY(read_unsure_again(cx, scan));
    for (size_t i = 0; i < leaves->len; i++)
        join_fields(cx, &leaves->at[i], &scan->fields[i]);
    return OK;
}
