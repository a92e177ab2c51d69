/*
 * Labels: the number, letter or bullet in front of a line. The styles are those of domain.md 4.1 (Phần/Chương, I., 1., 1.1,
 * a), -, +) and what people and conversions make of them.
 */
#include "reader/outline_inside.h"

#include <string.h>

bool label_is_heading_style(enum label_style style)
{
    return style > LABEL_NONE && style < LABEL_PAREN_FIGURE;
}

static char key_at(const struct fold *f, size_t i)
{
    return i < f->key.len ? f->key.at[i] : '\0';
}

static char shape_at(const struct fold *f, size_t i)
{
    return i < f->shape.len ? f->shape.at[i] : '\0';
}

static size_t skip_blanks(const struct fold *f, size_t i)
{
    while (key_at(f, i) == ' ')
        i++;
    return i;
}

/* A Roman number of at most five letters at `i` in upper or lower case; 0 when there is none. Moves *end behind it. */
static int read_roman(const struct fold *f, size_t i, char shape, size_t *end)
{
    static const char letters[] = "ivxl";
    static const int values[] = { 1, 5, 10, 50 };
    int total = 0, last = 0;
    size_t from = i;
    for (; i - from < 6 && shape_at(f, i) == shape && strchr(letters, key_at(f, i)); i++) {
        int value = values[strchr(letters, key_at(f, i)) - letters];
        total += value > last && last > 0 ? value - 2 * last : value;
        last = value;
    }
    if (i == from || i - from > 5 || shape_at(f, i) == 'a' || shape_at(f, i) == 'A' || total < 1 || total > 60)
        return 0;
    *end = i;
    return total;
}

static int read_figure(const struct fold *f, size_t i, size_t *end)
{
    int value = 0;
    size_t from = i;
    for (; i - from < 3 && shape_at(f, i) == '0'; i++)
        value = value * 10 + (key_at(f, i) - '0');
    if (i == from || i - from > 2 || shape_at(f, i) == '0')
        return 0;
    *end = i;
    return value;
}

static struct label make_label(const struct fold *f, enum label_style style, size_t from, size_t to, int number)
{
    return (struct label){ .style = style, .from = from, .to = to, .text = skip_blanks(f, to), .number = number };
}

static const struct label no_label = { .style = LABEL_NONE };

/* "Phần I", "Mục 2.", "Điều 3.": a stop or the line's end must follow, or a text in capitals; else it is a citation. */
static struct label read_worded(const struct fold *f, size_t i)
{
    static const struct {
        const char *word;
        enum label_style style;
    } words[] = { { "phan", LABEL_PART }, { "chuong", LABEL_PART }, { "muc", LABEL_SECTION }, { "dieu", LABEL_ARTICLE } };
    for (size_t w = 0; w < LEN(words); w++) {
        if (shape_at(f, i) != 'A' || !fold_starts_words(f->key, i, words[w].word))
            continue;
        size_t at = skip_blanks(f, i + strlen(words[w].word)), end = 0;
        static const char *const ordinals[] = { "thu nhat", "thu hai", "thu ba", "thu tu", "thu nam" };
        int number = read_figure(f, at, &end);
        if (number == 0)
            number = read_roman(f, at, 'A', &end);
        for (size_t o = 0; o < LEN(ordinals) && number == 0; o++) {
            if (fold_starts_words(f->key, at, ordinals[o])) {
                number = (int)o + 1;
                end = at + strlen(ordinals[o]);
            }
        }
        if (number == 0)
            return no_label;
        size_t stop = skip_blanks(f, end);
        char mark = key_at(f, stop);
        if (mark == '.' || mark == ':' || mark == '-')
            return make_label(f, words[w].style, i, stop + 1, number);
        struct fold rest = { .key = str_sub(f->key, end, f->key.len), .shape = str_sub(f->shape, end, f->shape.len) };
        if (stop >= f->key.len || line_is_caps(&rest))
            return make_label(f, words[w].style, i, end, number);
    }
    return no_label;
}

/* "1.", "1)", "1/", "1.2.", "1.2 Thời gian"; never "1.200 học viên", "20/11", "8.30". */
static struct label read_figures(const struct fold *f, size_t i)
{
    size_t end = i, groups = 0;
    int number = 0;
    for (size_t at = i; groups < 4;) {
        size_t next = 0;
        int value = read_figure(f, at, &next);
        if (next == 0 || (value == 0 && groups == 0))
            break;
        number = value;
        groups++;
        end = next;
        if (key_at(f, next) != '.' || shape_at(f, next + 1) != '0')
            break;
        at = next + 1;
    }
    if (groups == 0 || shape_at(f, end) == '0')
        return no_label;
    char mark = key_at(f, end), behind = shape_at(f, end + 1);
    enum label_style style = groups == 1 ? LABEL_FIGURE : (enum label_style)(LABEL_FIGURE_2 + groups - 2);
    bool is_open = behind == ' ' || behind == '\0' || behind == 'A' || behind == '-' || behind == '"';
    if (mark == '.' && is_open)
        return make_label(f, style, i, behind == '-' ? end + 2 : end + 1, number);
    if (groups == 1 && mark == '-' && behind == ' ') /* "1- ...": as Party papers number */
        return make_label(f, style, i, end + 1, number);
    if (groups == 1 && (mark == ')' || mark == '/') && is_open)
        return make_label(f, LABEL_FIGURE_PAREN, i, end + 1, number);
    if (groups > 1 && mark == ')')
        return make_label(f, style, i, end + 1, number);
    if (groups > 1 && mark == ' ' && shape_at(f, skip_blanks(f, end)) == 'A')
        return make_label(f, style, i, end, number);
    return no_label;
}

static int letter_number(uint32_t byte_letter, bool is_stroke)
{
    /* a b c d đ e g h ... (domain.md 4.1): the position as people count it */
    static const char order[] = "abcd*eghiklmnopqrstuvxy";
    if (is_stroke)
        return 5;
    const char *found = strchr(order, (int)byte_letter);
    return found ? (int)(found - order) + 1 : 0;
}

static bool is_stroke_d(const struct fold *f, size_t i)
{
    return key_at(f, i) == 'd' && f->at[i + 1] - f->at[i] == 2;
}

/* "a)", "đ.", "a1)", "A.", "IV." */
static struct label read_letters(const struct fold *f, size_t i)
{
    size_t end = 0;
    int roman = shape_at(f, i) == 'A' ? read_roman(f, i, 'A', &end) : 0;
    if (roman > 0 && !(end == i + 1 && strchr("l", key_at(f, i)))) {
        size_t stop = skip_blanks(f, end);
        char mark = key_at(f, stop), behind = shape_at(f, stop + 1);
        if (strchr(".)/:-", mark) && mark != '\0' && (behind == ' ' || behind == 'A' || behind == '\0' || behind == '-' || behind == '"'))
            return make_label(f, LABEL_ROMAN, i, stop + 1, roman);
        struct fold rest = { .key = str_sub(f->key, end, f->key.len), .shape = str_sub(f->shape, end, f->shape.len) };
        if (mark != '\0' && stop > end && line_is_caps(&rest) && (end > i + 1 || rest.key.len > 8))
            return make_label(f, LABEL_ROMAN, i, end, roman);
        return no_label;
    }
    if (shape_at(f, i) == 'A') {
        char mark = key_at(f, i + 1);
        if ((mark == '.' || mark == ')' || mark == '/') && shape_at(f, i + 2) == ' ')
            return make_label(f, LABEL_CAPITAL, i, i + 2, letter_number((uint32_t)key_at(f, i), is_stroke_d(f, i)));
        return no_label;
    }
    int number = letter_number((uint32_t)key_at(f, i), is_stroke_d(f, i));
    char mark = key_at(f, i + 1);
    if (mark == ')' || ((mark == '.' || mark == '/' || mark == '-') && shape_at(f, i + 2) == ' '))
        return make_label(f, LABEL_LETTER, i, i + 2, number);
    size_t sub = mark == '.' ? i + 2 : i + 1;
    int second = read_figure(f, sub, &end);
    if (second > 0 && second < 20 && key_at(f, end) == ')')
        return make_label(f, LABEL_LETTER_2, i, end + 1, second);
    return no_label;
}

static struct label read_bracketed(const struct fold *f, size_t i)
{
    size_t end = 0;
    int number = read_figure(f, i + 1, &end);
    if (number > 0 && key_at(f, end) == ')')
        return make_label(f, LABEL_PAREN_FIGURE, i, end + 1, number);
    number = read_roman(f, i + 1, 'a', &end);
    if (number > 0 && key_at(f, end) == ')')
        return make_label(f, LABEL_PAREN_ROMAN, i, end + 1, number);
    if (shape_at(f, i + 1) == 'a' && key_at(f, i + 2) == ')')
        return make_label(f, LABEL_PAREN_LETTER, i, i + 3, letter_number((uint32_t)key_at(f, i + 1), is_stroke_d(f, i + 1)));
    return no_label;
}

/* Bullets, also two of them ("- + ..."): the last one counts. A dash without a blank ("-Cán bộ") needs a capital. */
static struct label read_bullet(const struct fold *f, size_t i)
{
    struct label found = no_label;
    for (size_t at = i; at < f->key.len;) {
        char c = key_at(f, at);
        enum label_style style = c == '-' ? LABEL_DASH : c == '+' ? LABEL_PLUS : c == '*' ? LABEL_STAR : LABEL_NONE;
        if (style == LABEL_NONE && c == '?' && shape_at(f, at) == '?' && shape_at(f, at + 1) == ' ')
            style = LABEL_DOT; /* •, ●, ▪, → ... or a sign of a symbol font */
        char behind = shape_at(f, at + 1);
        if (style == LABEL_NONE || behind == '-' || behind == '\0')
            break;
        if (behind != ' ' && behind != 'A' && behind != '"' && !(style == LABEL_PLUS && behind == 'a'))
            break;
        found = make_label(f, style, i, at + 1, 0);
        at = found.text;
        if (behind != ' ')
            break;
    }
    return found;
}

/* "Chuyên đề 1:", "Đợt II -": they begin a paragraph, and their words stay. */
static struct label read_named(const struct fold *f)
{
    static const char *const words[] = { "chuyen de", "bai", "buoc", "dot", "lop", "cum", "nhom", "khoa", "ngay thu", "buoi", "phan", "hoc phan", "noi dung" };
    if (shape_at(f, 0) != 'A')
        return no_label;
    for (size_t w = 0; w < LEN(words); w++) {
        if (!fold_starts_words(f->key, 0, words[w]))
            continue;
        size_t at = skip_blanks(f, strlen(words[w])), end = 0;
        if (fold_starts_words(f->key, at, "so"))
            at = skip_blanks(f, at + 2);
        int number = read_figure(f, at, &end);
        if (number == 0)
            number = read_roman(f, at, 'A', &end);
        size_t stop = skip_blanks(f, end);
        if (number > 0 && (key_at(f, stop) == ':' || key_at(f, stop) == '.' || key_at(f, stop) == '-'))
            return (struct label){ .style = LABEL_NAMED, .number = number };
    }
    return no_label;
}

/* "Một là, ...", "Thứ hai, ...": items counted in words; the words stay. */
static struct label read_ordinal(const struct fold *f)
{
    static const char *const words[] = { "mot la", "hai la", "ba la", "bon la", "nam la", "sau la", "bay la", "tam la", "chin la", "muoi la" };
    static const char *const places[] = { "thu nhat", "thu hai", "thu ba", "thu tu", "thu nam", "thu sau", "thu bay", "thu tam" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_starts_words(f->key, 0, words[i]) && (key_at(f, strlen(words[i])) == ',' || key_at(f, strlen(words[i])) == ':'))
            return (struct label){ .style = LABEL_ORDINAL, .number = (int)i + 1 };
    for (size_t i = 0; i < LEN(places); i++)
        if (fold_starts_words(f->key, 0, places[i]) && key_at(f, strlen(places[i])) == ',' && shape_at(f, strlen(places[i]) + 2) == 'a')
            return (struct label){ .style = LABEL_ORDINAL, .number = (int)i + 1 };
    return no_label;
}

struct label label_read(const struct fold *fold)
{
    size_t i = skip_blanks(fold, 0);
    char c = key_at(fold, i), shape = shape_at(fold, i);
    struct label label = no_label;
    if (c == '(')
        label = read_bracketed(fold, i);
    else if (shape == '0')
        label = read_figures(fold, i);
    else if (c == '-' || c == '+' || c == '*' || c == '?')
        label = read_bullet(fold, i);
    else if (shape == 'A' || shape == 'a')
        label = read_letters(fold, i);
    if (label.style == LABEL_NONE && shape == 'A')
        label = read_worded(fold, i);
    if (label.style == LABEL_NONE)
        label = read_named(fold);
    if (label.style == LABEL_NONE && shape == 'A')
        label = read_ordinal(fold);
    if (label.style != LABEL_NONE && label.text >= fold->key.len && label.style >= LABEL_PAREN_FIGURE && label.style < LABEL_NAMED)
        return no_label; /* a bullet without words */
    return label;
}
