/*
 * A paper that changes an earlier one: which, and what was and what is now. The new state is what the other rules have
 * read; the old one stands behind words such as "thay cho", "thay vì", "không ... như thông báo trước" (plan-schema.md).
 */
#include "reader/read.h"

#include <string.h>

/* ---- whether it changes one ---- */

static bool has_change_word(struct str key)
{
    static const char *const words[] = { "thay doi", "dieu chinh", "sua doi", "dinh chinh", "doi lich", "doi thoi gian", "doi dia diem", "lui thoi gian", "hoan thoi gian", "lui lich", "bo sung" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_has_words(key, words[i]))
            return true;
    return false;
}

static bool is_changed_paper(const struct reader_reference *reference)
{
    static const char *const kinds[] = { "ke_hoach", "thong_bao", "giay_moi", "cong_van" };
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(reference->kind.value, str_from(kinds[i])))
            return true;
    return false;
}

/* The paper that is changed: the cited one in the title or in the first sentence that speaks of a change. */
static const struct reader_reference *find_changed(struct ctx *cx, const struct outline *outline, const struct reader_head *head)
{
    struct str title = fold_key(&cx->arena, head->title.value);
    if (!has_change_word(title))
        return NULL;
    bool adds_only = fold_has_words(title, "bo sung") && !fold_has_words(title, "sua doi") && !fold_has_words(title, "dieu chinh") && !fold_has_words(title, "thay doi");
    for (size_t i = 0; i < head->references_len; i++) {
        const struct reader_reference *reference = &head->references[i];
        if (!is_changed_paper(reference))
            continue;
        if (reference->number.span.paragraph == head->title.span.paragraph)
            return reference;
        for (const struct outline_node *node = outline->root; node && !adds_only; node = outline_next(outline->root, node)) {
            if (node->span.paragraph != reference->number.span.paragraph || node->text.len == 0)
                continue;
            return reference;
        }
    }
    return NULL;
}

/* ---- what was ---- */

/* Where the old state begins in a sentence: behind these words; *to where it ends. */
static bool find_old(const struct fold *f, size_t *from, size_t *to)
{
    static const char *const words[] = { "thay cho thoi gian da thong bao la", "thay cho dia diem da thong bao la", "thay cho", "thay vi", "thay the cho", "truoc day la", "da thong bao la",
                                         "khong to chuc tai", "khong hoc tai", "khong phai", "dieu chinh tu", "chuyen tu", "doi tu", "thay doi tu" };
    for (size_t i = 0; i < LEN(words); i++) {
        size_t at = fold_find_words(f->key, 0, words[i]);
        if (at >= f->key.len)
            continue;
        *from = at + strlen(words[i]);
        while (*from < f->key.len && strchr(" :", f->key.at[*from]))
            (*from)++;
        static const char *const ends[] = { "nhu thong bao", "nhu da thong bao", "nhu ke hoach", "nhu giay moi", "sang", "thanh", "nay ", "nhu truoc" };
        size_t end = *from;
        while (end < f->key.len && f->key.at[end] != ')' && f->key.at[end] != ';' && !(f->key.at[end] == '.' && (end + 1 >= f->key.len || f->key.at[end + 1] == ' ')))
            end++;
        for (size_t e = 0; e < LEN(ends); e++) {
            size_t stop = fold_find_words(f->key, *from, ends[e]);
            end = stop < end ? stop : end;
        }
        *to = end;
        return end > *from;
    }
    return false;
}

static void add_change(struct ctx *cx, struct reader_head *head, const char *what, struct reader_text old_value, const struct reader_text *new_value)
{
    if (new_value->value.len == 0 || str_eq(old_value.value, new_value->value) || head->changes_len >= READ_LIST_MAX)
        return;
    head->changes = read_grow(&cx->arena, head->changes, head->changes_len, sizeof *head->changes);
    struct reader_change *change = &head->changes[head->changes_len++];
    *change = (struct reader_change){ .what = { .value = str_from(what), .span = old_value.span }, .old_value = old_value, .new_value = *new_value };
}

static struct str moment_value(struct arena *arena, struct str date, struct str time)
{
    return time.len > 0 && date.len == 10 ? str_format(arena, STR_FMT "T" STR_FMT, STR_ARG(date), STR_ARG(time)) : date;
}

/* "từ ngày 15/6/2026 đến ngày 17/6/2026", "7 giờ 30 ngày 15/6": what of the schedule it was. */
static void add_old_times(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct lex_moments found = { .len = 0 };
    lex_find_moments(&cx->arena, old, &found);
    struct str key = fold_key(&cx->arena, node->text);
    struct reader_schedule *schedule = &plan->schedule;
    for (size_t i = 0; i < found.len; i++) {
        const struct lex_moment *m = &found.at[i];
        struct reader_text value = read_value(node, m->part, moment_value(&cx->arena, m->date, m->time));
        if (m->time.len > 0 && fold_has_words(key, "khai giang")) {
            add_change(cx, &plan->document, "opening", value, &schedule->opening);
        } else if (m->time.len > 0 && (fold_has_words(key, "kiem tra ky thuat") || fold_has_words(key, "duong truyen") || fold_has_words(key, "ket noi"))) {
            if (schedule->connection_tests.len > 0)
                add_change(cx, &plan->document, "connection_test", value, &schedule->connection_tests.at[0]);
        } else if (m->date.len > 0) {
            value.value = m->date;
            add_change(cx, &plan->document, "start", value, &schedule->start);
            value.value = m->end_date.len > 0 ? m->end_date : m->date;
            if (m->end_date.len > 0 || str_eq(schedule->start.value, schedule->end.value))
                add_change(cx, &plan->document, "end", value, &schedule->end);
        }
    }
}

static void add_old_place(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct str place = read_trim(old);
    struct fold f = fold_make(&cx->arena, place);
    if (fold_starts_words(f.key, 0, "tai"))
        place = read_trim(fold_part(&f, 4, f.key.len));
    if (place.len > 0 && plan->points_len > 0)
        add_change(cx, &plan->document, "place", read_text(node, place), &plan->points[0].place);
}

static void add_old_count(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct lex_counts counts = { .len = 0 };
    lex_find_counts(&cx->arena, old, &counts);
    for (size_t i = 0; i < counts.len; i++) {
        struct str word = fold_key(&cx->arena, counts.at[i].word);
        bool is_class = str_eq(word, STR("lop"));
        const struct reader_number *now = is_class ? &plan->classes : &plan->learners;
        struct reader_text new_value = { .value = now->is_given ? str_format(&cx->arena, "%lld", (long long)now->value) : STR(""), .span = now->span };
        struct reader_text old_value = read_value(node, counts.at[i].part, str_format(&cx->arena, "%lld", (long long)counts.at[i].value));
        add_change(cx, &plan->document, is_class ? "classes" : "learners", old_value, &new_value);
    }
}

void read_amends(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct reader_head *head = &plan->document;
    const struct reader_reference *changed = find_changed(cx, outline, head);
    if (!changed)
        return;
    head->is_amending = true;
    head->amends_number = changed->number;
    head->amends_date = changed->date;
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        size_t from = 0, to = 0;
        if (node->text.len == 0)
            continue;
        struct fold f = fold_make(&cx->arena, node->text);
        if (!find_old(&f, &from, &to))
            continue;
        struct str old = fold_part(&f, from, to);
        if (node->topic == OUTLINE_TOPIC_PLACE)
            add_old_place(cx, node, old, plan);
        else if (node->topic == OUTLINE_TOPIC_NUMBERS)
            add_old_count(cx, node, old, plan);
        else
            add_old_times(cx, node, old, plan);
    }
}
