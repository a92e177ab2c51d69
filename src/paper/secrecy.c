#include "paper/inside.h"
#include "viet/viet.h"

/*
 * The mark of secrecy is a stamp of its own at the head of a paper (Nghị định 30/2020/NĐ-CP, annex I, part IV, component
 * 10a): a box with MẬT, TỐI MẬT or TUYỆT MẬT and nothing else. The words inside a sentence or a title ("công tác bảo vệ
 * bí mật nhà nước") are no mark. So a mark is a whole block at the head, or one that stands beside what only a letterhead
 * has, where columns were flattened into one line.
 */

enum {
    HEAD_BLOCKS = 60,    /* where pages are unknown: a letterhead with the lines a conversion makes of it */
    LETTERHEAD_BLOCKS = 25,
    LETTERHEAD_TABLES = 2, /* the letterhead, and a box of the mark's own */
    LETTERHEAD_ROWS = 4,
};

static const struct {
    const char *words;
    const char *folded;
} marks[] = {
    { "TUYỆT MẬT", "tuyet mat" },
    { "TỐI MẬT", "toi mat" },
    { "MẬT", "mat" },
};

/* Words and single blanks alone: what OCR and typists draw around a stamp goes. */
static struct str words_only(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena);
    bool is_blank_due = false;
    while (text.len > 0) {
        struct str after = text;
        uint32_t letter = str_next_code_point(&after);
        bool is_word = letter >= 0xC0 || (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                       (letter >= 'A' && letter <= 'Z');
        /* Dashes, quotes and boxes (U+2000 to U+2BFF) belong to no word. */
        is_word = is_word && (letter < 0x2000 || letter > 0x2BFF);
        if (is_word && is_blank_due && out.len > 0)
            buf_put_char(&out, ' ');
        if (is_word)
            buf_put(&out, str_sub(text, 0, text.len - after.len));
        is_blank_due = !is_word;
        text = after;
    }
    return buf_str(&out);
}

/* "Độ mật:", "Mức độ mật", "Tài liệu": what people put before the mark. */
static struct str without_label(struct str folded)
{
    static const char *const labels[] = { "muc do mat ", "do mat ", "tai lieu ", "van ban " };
    for (size_t i = 0; i < LEN(labels); i++)
        if (str_starts(folded, str_from(labels[i])))
            return str_sub(folded, strlen(labels[i]), SIZE_MAX);
    return folded;
}

/* "T Ố I  M Ậ T", spaced out for looks: the mark itself, when every word is one letter and together they are one. */
static struct str without_spacing(struct arena *arena, struct str words)
{
    struct buf out;
    buf_init(&out, arena);
    for (struct str rest = words; rest.len > 0;) {
        struct str after = rest;
        (void)str_next_code_point(&after);
        if (after.len > 0 && after.at[0] != ' ')
            return words;
        buf_put(&out, str_sub(rest, 0, rest.len - after.len));
        rest = str_sub(after, 1, SIZE_MAX);
    }
    struct str folded = viet_fold(arena, buf_str(&out));
    static const char *const joined[] = { "tuyetmat", "toimat", "mat" };
    for (size_t i = 0; i < LEN(marks); i++)
        if (str_eq(folded, str_from(joined[i])))
            return str_from(marks[i].words);
    return words;
}

/* "MẬT, bản số 02", "TUYỆT MẬT Bản số: 1": copies of secret papers are counted beside the mark. */
static struct str without_copy(struct arena *arena, struct str words)
{
    struct str folded = viet_fold(arena, words);
    for (size_t i = 0; i < LEN(marks); i++)
        if (str_starts(folded, str_format(arena, "%s ban so", marks[i].folded)) && folded.len < 32)
            return str_sub(words, 0, strlen(marks[i].words));
    return words;
}

/* A whole block. OCR loses marks of letters, so for scans the folded word counts when it was in capitals. */
static const char *whole_mark(struct arena *arena, struct str words, bool is_scan)
{
    struct str bare = without_label(viet_fold(arena, words));
    for (size_t i = 0; i < LEN(marks); i++) {
        if (!str_eq(bare, str_from(marks[i].folded)))
            continue;
        bool is_spelt = str_ends(viet_upper(arena, words), str_from(marks[i].words));
        if (is_spelt || (is_scan && str_eq(words, viet_upper(arena, words))))
            return marks[i].words;
    }
    return NULL;
}

/* In one line with a part of the letterhead, at its end or its start, in capitals. */
static const char *mark_in_letterhead(struct arena *arena, struct str words)
{
    struct str folded = viet_fold(arena, words);
    static const char *const parts[] = { "cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam",
                                         "doc lap tu do hanh phuc", "so ", " ngay " };
    bool is_letterhead = false;
    for (size_t i = 0; i < LEN(parts); i++)
        is_letterhead |= str_find(folded, str_from(parts[i])) < (i < 3 ? folded.len : i == 3 ? 1 : folded.len);
    if (!is_letterhead || str_ends(folded, STR("bi mat")) || str_ends(folded, STR("bao mat")))
        return NULL;
    for (size_t i = 0; i < LEN(marks); i++) {
        struct str mark = str_from(marks[i].words);
        struct str first = str_format(arena, STR_FMT " ", STR_ARG(mark));
        struct str last = str_format(arena, " " STR_FMT, STR_ARG(mark));
        if (str_starts(words, first) || str_ends(words, last))
            return marks[i].words;
    }
    return NULL;
}

/* "... BẢO VỆ BÍ" and "MẬT" are one title, broken by the width of its column. */
static bool goes_on_from(struct arena *arena, const struct paper *paper, size_t at)
{
    if (at == 0)
        return false;
    struct str before = viet_fold(arena, words_only(arena, paper->blocks[at - 1].text));
    return str_ends(before, STR(" bi")) || str_ends(before, STR(" bao"));
}

static bool is_at_head(const struct paper *paper, size_t at)
{
    const struct paper_block *block = &paper->blocks[at];
    if (block->kind == PAPER_HEAD || block->kind == PAPER_FOOT)
        return true;
    if (block->kind == PAPER_CELL && (block->table > LETTERHEAD_TABLES || block->row >= LETTERHEAD_ROWS))
        return false;
    return block->page > 0 ? block->page == 1 : at < HEAD_BLOCKS;
}

struct str secrecy_mark(struct arena *arena, const struct paper *paper)
{
    enum { STAMP_LINE_BYTES = 300 };
    for (size_t i = 0; i < paper->blocks_len; i++) {
        const struct paper_block *block = &paper->blocks[i];
        if (!is_at_head(paper, i) || block->text.len > STAMP_LINE_BYTES)
            continue;
        struct str words = without_copy(arena, without_spacing(arena, words_only(arena, block->text)));
        const char *mark = whole_mark(arena, words, paper->format == PAPER_FORMAT_SCAN);
        if (mark && goes_on_from(arena, paper, i))
            mark = NULL;
        if (!mark && i < LETTERHEAD_BLOCKS)
            mark = mark_in_letterhead(arena, words);
        if (mark)
            return str_from(mark);
    }
    return STR("");
}

enum err secrecy_refuse(struct ctx *cx, const struct paper *paper)
{
    struct str mark = secrecy_mark(&cx->arena, paper);
    if (mark.len == 0)
        return OK;
    return fail(cx, ERR_INVALID, "Văn bản có dấu " STR_FMT ": không được đưa vào hệ thống này, và không phần nào "
                                 "của tệp được giữ lại; xin xử lý theo quy định về bảo vệ bí mật nhà nước",
                STR_ARG(mark));
}
