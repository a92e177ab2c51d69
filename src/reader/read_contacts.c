/*
 * Who to call (plan-schema.md "contacts"): each number of a telephone with the person named before it, or in brackets
 * behind it, and the post and unit that follow the name. In the body, and in notes ("Liên hệ: Đồng chí ...; SĐT: ...").
 */
#include "reader/bodies.h"
#include "reader/read.h"

struct contacts {
    struct arena *arena;
    struct reader_plan *plan;
};

struct phone {
    size_t from, to; /* words */
    struct str figures;
};

/* Figures in groups with dots, hyphens or blanks, ten or eleven in all, the first a 0, or +84 for it (domain.md 6.4). */
static struct phone read_phone(struct arena *arena, const struct words *words, size_t from)
{
    enum { FIGURES_MIN = 10, FIGURES_MAX = 11, GROUPS_MAX = 6 };
    struct phone phone = { .from = from, .to = from, .figures = STR("") };
    struct str groups[GROUPS_MAX + 1] = { STR_INIT("") };
    size_t i = from, len = 0, figures = 0;
    if (words_say(words, i, "+") && i + 1 < words->len && str_starts(words->at[i + 1].part, STR("84"))) {
        groups[len++] = STR("0");
        groups[len++] = str_sub(words->at[i + 1].part, 2, SIZE_MAX);
        figures = 1 + groups[1].len;
        i += 2;
    } else if (i >= words->len || !words->at[i].is_number || words->at[i].part.at[0] != '0') {
        return phone;
    }
    while (i < words->len && len < GROUPS_MAX && figures < FIGURES_MAX) {
        bool is_mark = figures > 0 && words_say(words, i, ".|-") && i + 1 < words->len && words->at[i + 1].is_number;
        size_t at = is_mark ? i + 1 : i;
        if (at >= words->len || !words->at[at].is_number || figures + words->at[at].part.len > FIGURES_MAX)
            break;
        if (figures >= FIGURES_MIN && !is_mark && !str_starts(groups[0], STR("02")))
            break;
        groups[len++] = words->at[at].part;
        figures += words->at[at].part.len;
        i = at + 1;
    }
    if (figures >= FIGURES_MIN && figures <= FIGURES_MAX) {
        phone.to = i;
        phone.figures = str_join(arena, groups, len, STR(""));
    }
    return phone;
}

static size_t say_phone(const struct words *words, size_t i)
{
    return words_say(words, i,
        "số điện thoại|điện thoại|sđt|đt|số đt|số máy|di động|điện thoại di động|đtdđ|số điện thoại di động|tel|zalo|số điện thoại liên hệ|điện thoại liên hệ|số zalo|hotline");
}

/* The post and unit behind a name: up to the telephone, a full stop or the bracket's end. */
static size_t end_of_role(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (say_phone(words, i) > 0 || words_say(words, i, ";|)|email|thư điện tử|qua số|theo số"))
            return i;
        if (words_say(words, i, "số|, số") && i + 1 < words->len && words->at[i + words_say(words, i, "số|, số")].is_number)
            return i;
        if (words_say(words, i, "(") && (i + 1 == to || say_phone(words, i + 1) > 0))
            return i;
        if (words_say(words, i, ".") && i + 1 < to && words->at[i + 1].is_capital && i > from && !words->at[i - 1].is_upper)
            return i;
    }
    return to;
}

/* "Về kết nối trực tuyến: TS. ..." says what for. */
static struct reader_text read_what(const struct outline_node *node, const struct words *words, size_t from, size_t name)
{
    size_t about = words_find(words, from, "về", NULL);
    size_t colon = words_find(words, from, ":", NULL);
    if (about >= name || colon >= name || colon <= about)
        return (struct reader_text){ .value = STR("") };
    return read_text(node, words_part(words, about + 1, colon));
}

static void add(struct contacts *c, const struct outline_node *node, const struct words *words, size_t from, const struct phone *phone,
    size_t to)
{
    struct reader_plan *plan = c->plan;
    struct reader_contact contact = { .phone = read_value(node, words_part(words, phone->from, phone->to), phone->figures) };
    size_t name = 0, end = 0, limit = phone->from;
    for (size_t i = from; i < phone->from && end == 0; i++) {
        size_t behind = bodies_person(words, i, &name);
        end = behind > i && behind <= phone->from ? behind : 0;
    }
    if (end == 0 && words_say(words, phone->to, "("))
        for (size_t i = phone->to + 1; i < to && end == 0 && i <= phone->to + 2; i++) {
            size_t behind = bodies_person(words, i, &name);
            end = behind > i ? behind : 0;
            limit = to;
        }
    if (plan->contacts_len >= READ_LIST_MAX)
        return;
    if (end > 0) {
        size_t role = end + words_say(words, end, ",|-|:|;|(");
        contact.name = read_text(node, words_part(words, name, end));
        contact.role = read_text(node, words_part(words, role, end_of_role(words, role, limit)));
        contact.what = read_what(node, words, from, name);
        size_t about = phone->to + words_say(words, phone->to, "( về"), close = words_skip_bracket(words, phone->to);
        if (contact.what.value.len == 0 && about > phone->to && close > about)
            contact.what = read_text(node, words_part(words, about, close - 1)); /* "0900... (về hồ sơ)" */
    } else {
        size_t unit = from;
        while (unit < phone->from && bodies_one(words, unit) < unit + 2)
            unit++;
        if (unit >= phone->from)
            return; /* a number of nobody: not who to call */
        contact.role = read_text(node, words_part(words, unit, bodies_one(words, unit)));
    }
    plan->contacts = read_grow(c->arena, plan->contacts, plan->contacts_len, sizeof *plan->contacts);
    plan->contacts[plan->contacts_len++] = contact;
}

static bool has_figures(struct str text, size_t least)
{
    size_t figures = 0;
    for (size_t i = 0; i < text.len && figures < least; i++)
        figures += text.at[i] >= '0' && text.at[i] <= '9';
    return figures == least;
}

static void read_text_of(struct contacts *c, const struct outline_node *node)
{
    if (!has_figures(node->text, 10))
        return;
    struct words words = words_of(c->arena, node->text);
    size_t from = 0;
    for (size_t i = 0; i < words.len; i++) {
        struct phone phone = read_phone(c->arena, &words, i);
        if (phone.to == phone.from)
            continue;
        size_t to = words_find_mark(&words, phone.to, ";.");
        add(c, node, &words, from, &phone, to);
        from = i = phone.to;
        i--;
    }
}

void read_contacts(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct contacts c = { .arena = &cx->arena, .plan = plan };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node))
        if (node->kind != OUTLINE_ROW && node->kind != OUTLINE_TABLE)
            read_text_of(&c, node);
    for (size_t i = 0; i < outline->notes_len; i++) {
        struct outline_node note = { .text = outline->notes[i].text, .span = outline->notes[i].span };
        read_text_of(&c, &note);
    }
}
