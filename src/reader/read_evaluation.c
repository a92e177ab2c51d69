/*
 * Parts headed theo dõi, đánh giá, kiểm tra, cấp chứng nhận (plan-schema.md "evaluation"): each bullet or paragraph with
 * its owner, its time and the rate it states. A test of lines and rooms is no evaluation.
 */
#include "reader/read.h"
#include "reader/task_field.h"
#include "reader/who.h"

struct evaluation {
    struct arena *arena;
    struct reader_plan *plan;
    struct str year;
};

static bool is_about_people(struct arena *arena, struct str title)
{
    struct words words = words_of(arena, title);
    return words_find(&words, 0, "hệ thống|đường truyền|kết nối|kỹ thuật|thiết bị|trang thiết bị|điểm cầu|cơ sở vật chất", NULL) == words.len;
}

/* The section's own heading; a section on the essay that also names certificates is the essay's. */
static const struct outline_node *section_of(struct arena *arena, const struct outline_node *node)
{
    struct words words = words_of(arena, node->text);
    enum task_field field = TASK_FIELD_NONE;
    /* "Thời gian: ..." is a line of the task above it, no section */
    const struct outline_node *from = task_field_label(&words, 0, &field) > 0 ? node->parent : node;
    for (const struct outline_node *at = from; at; at = at->parent) {
        if (at->own_topic == OUTLINE_TOPIC_EVALUATION)
            return is_about_people(arena, at->title) ? at : NULL;
        if (at->own_topic != OUTLINE_TOPIC_NONE)
            return NULL;
    }
    return NULL;
}

static void read_percent(const struct outline_node *node, const struct words *words, struct reader_evaluation *one)
{
    for (size_t i = 0; i + 1 < words->len; i++) {
        int64_t value = 0;
        bool is_part = i > 0 && words_say(words, i - 1, ",|.") && words->at[i].is_glued;
        if (words->at[i].is_number && !is_part && words_say(words, i + 1, "%") && str_to_i64(words->at[i].part, &value) && value <= 100) {
            one->percent = read_number(node, words_part(words, i, i + 2), value);
            return;
        }
    }
}

static void give(struct reader_evaluation *one, const struct task_values *values)
{
    if (values->owner.value.len > 0)
        one->owner = values->owner;
    if (values->due.kind.value.len > 0)
        one->due = values->due;
}

/* "Việc cấp giấy chứng nhận do Trường Chính trị tỉnh thực hiện": who does it stands behind "do". */
static void read_doer(const struct outline_node *node, const struct words *words, struct reader_evaluation *one)
{
    for (size_t by = words_find(words, 1, "do", NULL); by < words->len; by = words_find(words, by + 1, "do", NULL)) {
        size_t end = bodies_list(words, by + 1);
        if (end > by + 1 && end < words->len && words_say(words, end, "thực hiện|tổ chức|cấp|đánh giá|theo dõi|kiểm tra|chủ trì|chịu trách nhiệm|tiến hành|ký|đảm nhiệm|đảm nhận|quản lý|phụ trách|tổng hợp|xét")) {
            one->owner = read_text(node, words_part(words, by + 1, end));
            return;
        }
    }
}

static void add(struct evaluation *e, const struct outline_node *node, struct str text)
{
    struct reader_plan *plan = e->plan;
    struct words words = words_of(e->arena, text);
    struct reader_text recurring = { .value = STR("") };
    struct task_values values = { .owner = { .value = STR("") } };
    if (words.len < 4 || plan->evaluation_len >= READ_LIST_MAX)
        return;
    plan->evaluation = read_grow(e->arena, plan->evaluation, plan->evaluation_len, sizeof *plan->evaluation);
    struct reader_evaluation *one = &plan->evaluation[plan->evaluation_len++];
    *one = (struct reader_evaluation){ .text = read_text(node, text), .place = outline_place(e->arena, node) };
    struct who_part subject = who_subject(&words, 0, NULL);
    if (subject.to > subject.from)
        one->owner = read_text(node, words_part(&words, subject.from, subject.to));
    if (subject.to == subject.from)
        read_doer(node, &words, one);
    if (one->owner.value.len == 0)
        one->owner = who_above(e->arena, node);
    task_field_due(e->arena, node, text, e->year, &one->due, &recurring);
    (void)task_field_read(e->arena, node, text, e->year, &values);
    give(one, &values);
    read_percent(node, &words, one);
}

static void read_node(struct evaluation *e, const struct outline_node *node, const struct outline_node *section)
{
    struct words words = words_of(e->arena, node->text);
    enum task_field field = TASK_FIELD_NONE;
    if (task_field_label(&words, 0, &field) > 0) {
        struct task_values values = { .owner = { .value = STR("") } };
        (void)task_field_read(e->arena, node, node->text, e->year, &values);
        if (e->plan->evaluation_len > 0)
            give(&e->plan->evaluation[e->plan->evaluation_len - 1], &values);
        return;
    }
    if (node == section) {
        if (node->body.len > 0 && node->title.len > 0 && !node->opens)
            add(e, node, node->body);
        return;
    }
    if (node->opens || who_is_formula(&words) || (node->kind == OUTLINE_HEADING && node->body.len == 0 && node->first_child))
        return;
    add(e, node, node->text);
}

void read_evaluation(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    enum { YEAR_LEN = 4 };
    struct evaluation e = { .arena = &cx->arena, .plan = plan, .year = str_sub(plan->document.date.value, 0, YEAR_LEN) };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL || node->kind == OUTLINE_ROOT)
            continue;
        const struct outline_node *section = section_of(&cx->arena, node);
        if (section)
            read_node(&e, node, section);
    }
}
