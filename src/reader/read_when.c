#include "reader/read_when.h"

#include "base/day.h"

struct when read_when(struct arena *arena, const struct outline_node *node)
{
    struct when when = { .node = node, .words = lex_cut_words(arena, node->text) };
    lex_moments_of(arena, &when.words, &when.moments);
    return when;
}

void when_place(const struct when *when, const struct lex_moment *moment, size_t *ret_from,
                size_t *ret_to)
{
    size_t from = (size_t)(moment->part.at - when->words.text.at);
    *ret_from = lex_word_at(&when->words, from);
    *ret_to = lex_word_at(&when->words, from + moment->part.len);
}

/* A full stop ends a clause when a blank or nothing follows; one inside "TS.Nguyễn" or "1.200" does
 * not. */
static bool is_clause_end(const struct lex_words *words, size_t i)
{
    return lex_match(words, i, ";") > 0 ||
           (lex_match(words, i, ".") > 0 && (i + 1 >= words->len || !words->at[i + 1].is_glued));
}

size_t when_clause_from(const struct when *when, size_t i)
{
    enum { CLAUSE_WORDS = 250 }; /* no clause of a paper is longer; looking for its end has one */
    for (size_t n = 0; n < CLAUSE_WORDS && i > 0 && !is_clause_end(&when->words, i - 1); n++)
        i--;
    return i;
}

size_t when_clause_to(const struct when *when, size_t i)
{
    enum { CLAUSE_WORDS = 250 };
    for (size_t n = 0; n < CLAUSE_WORDS && i < when->words.len && !is_clause_end(&when->words, i); n++)
        i++;
    return i;
}

bool when_is_day(struct str date)
{
    return date.len == 10 && date.at[0] != '-';
}

static bool is_year(struct str date)
{
    return date.len >= 4 && date.at[0] != '-';
}

/* The last year a text names: "cho công chức xã năm 2026". */
static struct str year_of_text(struct arena *arena, struct str text)
{
    struct lex_moments moments = { 0 };
    lex_find_moments(arena, text, &moments);
    for (size_t n = moments.len; n-- > 0;)
        if (is_year(moments.at[n].date))
            return str_sub(moments.at[n].date, 0, 4);
    return STR("");
}

struct str when_paper_year(struct arena *arena, const struct outline *outline,
                           const struct reader_plan *plan)
{
    if (is_year(plan->document.date.value))
        return str_sub(plan->document.date.value, 0, 4);
    struct str year = STR("");
    for (size_t n = 0; n < outline->letterhead_len && year.len == 0; n++)
        year = year_of_text(arena, outline->letterhead[n].value);
    for (size_t n = 0; n < outline->title_len && year.len == 0; n++)
        year = year_of_text(arena, outline->title[n].value);
    return year;
}

int when_days_between(struct str from, struct str to)
{
    int32_t a = 0;
    int32_t b = 0;
    return day_parse_iso(from, &a) && day_parse_iso(to, &b) ? b - a : -1;
}

struct str when_add_days(struct arena *arena, struct str date, int days)
{
    int32_t day = 0;
    return day_parse_iso(date, &day) ? day_format_iso(arena, day + days) : STR("");
}

struct str when_datetime(struct arena *arena, struct str date, struct str time)
{
    return str_format(arena, STR_FMT "T" STR_FMT, STR_ARG(date), STR_ARG(time));
}

bool when_is_of_tasks(const struct outline_node *node)
{
    switch (node->topic) {
    case OUTLINE_TOPIC_TASKS:
    case OUTLINE_TOPIC_ESSAY:
    case OUTLINE_TOPIC_EVALUATION:
    case OUTLINE_TOPIC_BUDGET:
    case OUTLINE_TOPIC_PURPOSE:
        return true;
    case OUTLINE_TOPIC_NONE:
    case OUTLINE_TOPIC_AUDIENCE:
    case OUTLINE_TOPIC_TIME:
    case OUTLINE_TOPIC_PLACE:
    case OUTLINE_TOPIC_ATTENDANCE:
    case OUTLINE_TOPIC_FORM:
    case OUTLINE_TOPIC_CONTENT:
    case OUTLINE_TOPIC_NUMBERS:
    case OUTLINE_TOPIC_PHASES:
    case OUTLINE_TOPIC_APPENDIX:
        break;
    }
    return outline_within(node, OUTLINE_TOPIC_TASKS) || outline_within(node, OUTLINE_TOPIC_ESSAY);
}

const struct outline_node *read_next_node(const struct outline *outline,
                                          const struct outline_node *node)
{
    if (node == NULL)
        return outline->root;
    const struct outline_node *top = node;
    while (top->parent != NULL)
        top = top->parent;
    const struct outline_node *next = outline_next(top, node);
    if (next != NULL)
        return next;
    return top == outline->root ? outline->appendices : top->next;
}
