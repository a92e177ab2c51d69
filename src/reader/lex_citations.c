/*
 * How papers cite papers (domain.md 4.2, 5.3, 5.6): "Kế hoạch số 664-KH/HVCTQG ngày ... của ... về ...", with the word
 * "số" or without, several numbers before one date or one issuer, the date or the issuer before the number.
 */
#include "reader/bodies.h"

/* A citation by its words: kind, number, date, issuer. */
struct place {
    size_t start, number, number_end, end; /* end: behind what belongs to it */
    size_t date_end;                       /* behind number and date */
};

static bool is_key(const struct words *words, size_t i, const char *key)
{
    return i < words->len && str_eq(words->at[i].key, str_from(key));
}

static bool is_figures(const struct words *words, size_t i, size_t len_min, size_t len_max)
{
    return i < words->len && words->at[i].is_number && words->at[i].part.len >= len_min && words->at[i].part.len <= len_max;
}

/*
 * "664 - KH/HVCTQG", "150/2025/NĐ-CP", "4143/BNV-CCVC", "30/2026/QH16": figures, then parts joined by '-', '/' or '&',
 * of which one at least is in capitals. Blanks stand only around '-' (lines break there). Returns the index behind it.
 */
static size_t end_number(const struct words *words, size_t from)
{
    enum { FIGURES_MAX = 6, YEAR_LEN = 4 };
    if (!is_figures(words, from, 1, FIGURES_MAX))
        return from;
    if (from > 0 && words->at[from].is_glued && words_say(words, from - 1, "/|-|.|,|:") && !is_key(words, from - 1, ":"))
        return from;
    size_t i = from + 1;
    bool has_letters = false, has_slash = false;
    for (;;) {
        bool is_slash = is_key(words, i, "/"), is_dash = is_key(words, i, "-");
        if (i + 1 >= words->len || !(is_slash || is_dash || (has_letters && is_key(words, i, "&"))))
            break;
        const struct word *next = &words->at[i + 1];
        bool is_near = words->at[i].is_glued && next->is_glued;
        bool is_name = !next->is_mark && !next->is_number && next->is_capital && (is_near || (is_dash && !has_slash) || words->at[i].is_glued);
        bool is_year = is_slash && is_near && is_figures(words, i + 1, YEAR_LEN, YEAR_LEN) && !has_letters;
        if (!is_name && !is_year)
            break;
        has_letters |= is_name;
        has_slash |= is_slash;
        i += 2;
        if (is_name && is_figures(words, i, 1, 2) && words->at[i].is_glued)
            i++; /* QH16 */
    }
    return has_letters && has_slash ? i : from;
}

static struct str number_text(struct arena *arena, const struct words *words, size_t from, size_t to)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = from; i < to; i++)
        buf_put(&out, words->at[i].is_mark ? words->at[i].key : words->at[i].part);
    return buf_str(&out);
}

/* The kind its symbol says: a letter of a State body without a kind is a Công văn (NĐ 30/2020, phụ lục III). */
static struct str kind_of_symbol(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct str kind = STR("");
        if (!words->at[i].is_mark && !words->at[i].is_number && words_in(words, i, &vocabulary_symbols, &kind) > 0)
            return kind;
    }
    return STR("cong_van");
}

/* Sets start to where the written kind stands, when it does; its schema name, "" when not written. */
static struct str written_kind(const struct words *words, size_t number, size_t *ret_start)
{
    enum { KIND_WORDS_MAX = 4 };
    size_t end = number;
    end -= end > 0 && words_say(words, end - 1, ":|.") ? 1 : 0;
    end -= end > 0 && is_key(words, end - 1, "số") ? 1 : 0;
    *ret_start = end < number && is_key(words, end, "số") ? end : number;
    end -= end > 0 && is_key(words, end - 1, "(") ? 1 : 0;
    for (size_t len = KIND_WORDS_MAX; len > 0; len--) {
        struct str kind = STR("");
        if (end >= len && words_in(words, end - len, &vocabulary_kinds, &kind) == len) {
            *ret_start = end - len;
            return kind;
        }
    }
    return STR("");
}

static int64_t figures(const struct words *words, size_t i)
{
    int64_t value = 0;
    return i < words->len && str_to_i64(words->at[i].part, &value) ? value : 0;
}

/* "ngày 20/4/2026", "ngày 20 tháng 4 năm 2026"; a fifth figure of a year is the mark of a note (domain.md 5.8). */
static size_t read_date(struct arena *arena, const struct words *words, size_t from, struct str *ret_date)
{
    enum { DAYS_MAX = 31, MONTHS_MAX = 12, YEAR_LEN = 4 };
    size_t i = from + words_say(words, from, ", ngày|( ngày|ngày|(");
    bool is_slashed = words_say(words, i + 1, "/|-|.") && words_say(words, i + 3, "/|-|.");
    bool is_long = is_key(words, i + 1, "tháng") && is_key(words, i + 3, "năm");
    if (i == from || !(is_slashed || is_long) || !is_figures(words, i + 4, YEAR_LEN, YEAR_LEN + 1))
        return from;
    int64_t day = figures(words, i), month = figures(words, i + 2), year = 0;
    (void)str_to_i64(str_sub(words->at[i + 4].part, 0, YEAR_LEN), &year);
    if (day < 1 || day > DAYS_MAX || month < 1 || month > MONTHS_MAX || year < 1900 || year > 2100)
        return from;
    *ret_date = str_format(arena, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return i + 5;
}

/* "của Thủ tướng Chính phủ": the body, or up to eight words before a mark or a word that begins the subject. */
static size_t read_issuer(const struct words *words, size_t from, struct str *ret_issuer)
{
    enum { ISSUER_WORDS_MAX = 8 };
    size_t of = words_say(words, from, "của");
    size_t start = from + of;
    if (of == 0)
        return from;
    size_t end = bodies_one(words, start);
    if (end == start)
        while (end < words->len && end - start < ISSUER_WORDS_MAX && !words->at[end].is_mark &&
               !words_say(words, end, "về|v|phê duyệt|ban hành|hướng dẫn|quy định|triển khai|thực hiện|và|ngày|số"))
            end++;
    *ret_issuer = words_part(words, start, end);
    return end;
}

/* Who is named before the number as having issued it: "Ban Tổ chức Tỉnh ủy có Thông báo số", "các văn bản của ...: Số". */
static struct str issuer_before(const struct words *words, size_t start)
{
    size_t end = start;
    if (end > 0 && is_key(words, end - 1, ":"))
        end--;
    else if (end > 1 && words_say(words, end - 2, "ban hành|đã có"))
        end -= end > 2 && words_say(words, end - 3, "đã") ? 3 : 2;
    else if (end > 0 && words_say(words, end - 1, "có|tại|gửi"))
        end--;
    else
        return STR("");
    return words_part(words, bodies_back(words, end), end);
}

/* "Ngày 14/5/2026, ... có Kế hoạch số A và Công văn số B": the date the sentence opens with, for those without one. */
static struct str date_before(struct arena *arena, const struct words *words, size_t start)
{
    enum { OPENING_WORDS_MAX = 24 };
    struct str date = STR("");
    size_t from = start;
    while (from > 0 && start - from < OPENING_WORDS_MAX && !words_say(words, from - 1, ".|;|:"))
        from--;
    size_t end = is_key(words, from, "ngày") ? read_date(arena, words, from, &date) : from;
    return end > from && words_say(words, end, ",") ? date : STR("");
}

/* Only "," "và" "số" and names of kinds between two numbers: what follows the last is said of both. */
static bool are_linked(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        size_t len = words_say(words, i, ",|và|số|:|các|cùng");
        if (len == 0)
            len = words_in(words, i, &vocabulary_kinds, NULL);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

static void share(struct lex_citations *list, const struct place *places, const struct words *words)
{
    for (size_t i = list->len; i-- > 1;) {
        struct lex_citation *before = &list->at[i - 1], *after = &list->at[i];
        if (before->date.len == 0 && are_linked(words, places[i - 1].number_end, places[i].number))
            before->date = after->date;
        if (before->issuer.len == 0 && are_linked(words, places[i - 1].date_end, places[i].number))
            before->issuer = after->issuer;
    }
    for (size_t i = 1; i < list->len; i++) {
        struct lex_citation *before = &list->at[i - 1], *after = &list->at[i];
        if (!are_linked(words, places[i - 1].date_end, places[i].number))
            continue;
        if (after->issuer.len == 0)
            after->issuer = before->issuer;
        if (after->date.len == 0 && places[i - 1].date_end == places[i - 1].number_end)
            after->date = before->date;
    }
}

static void read_one(struct arena *arena, const struct words *words, size_t number, size_t number_end, struct lex_citation *one,
    struct place *place)
{
    *place = (struct place){ .number = number, .number_end = number_end };
    one->number = number_text(arena, words, number, number_end);
    one->kind = written_kind(words, number, &place->start);
    if (one->kind.len == 0)
        one->kind = kind_of_symbol(words, number, number_end);
    size_t i = read_date(arena, words, number_end, &one->date);
    place->date_end = i;
    i += words_say(words, i, ")");
    i = read_issuer(words, i, &one->issuer);
    if (one->date.len == 0 && one->issuer.len > 0)
        i = read_date(arena, words, i, &one->date);
    if (one->issuer.len == 0)
        one->issuer = issuer_before(words, place->start);
    if (one->date.len == 0)
        one->date = date_before(arena, words, place->start);
    place->end = i;
}

void lex_find_citations(struct arena *arena, struct str text, struct lex_citations *ret_list)
{
    struct words words = words_of(arena, text);
    size_t room = words.len / 4 + 1;
    struct lex_citations list = { .at = ARENA_NEW_ARRAY(arena, struct lex_citation, room) };
    struct place *places = ARENA_NEW_ARRAY(arena, struct place, room);
    for (size_t i = 0; i < words.len;) {
        size_t end = end_number(&words, i);
        if (end == i) {
            i++;
            continue;
        }
        read_one(arena, &words, i, end, &list.at[list.len], &places[list.len]);
        i = places[list.len].end;
        list.len++;
    }
    share(&list, places, &words);
    for (size_t i = 0; i < list.len; i++) {
        list.at[i].part = words_part(&words, places[i].start, places[i].end);
        size_t to = words_find_mark(&words, places[i].end, ";.");
        if (i + 1 < list.len && to > places[i + 1].start)
            to = places[i + 1].start;
        size_t from = places[i].end + words_say(&words, places[i].end, "về việc|về|v / v");
        list.at[i].title = words_part(&words, from, to);
    }
    *ret_list = list;
}
