#include "plan/plan_pages.h"

#include "viet/viet.h"

/* ---- What was read, by section ---- */

enum { FACTS_MAX = 40 };

struct facts {
    struct arena *arena;
    struct plan_fact *at;
    size_t len;
};

static void add(struct facts *facts, const char *name, struct str value)
{
    if (value.len > 0 && facts->len < FACTS_MAX)
        facts->at[facts->len++] = (struct plan_fact){ str_from(name), value };
}

static struct str count_words(struct arena *arena, struct plan_count count, const char *unit)
{
    if (count.max == 0)
        return STR("");
    if (count.min != count.max)
        return str_format(arena, "%lld-%lld %s", (long long)count.min, (long long)count.max, unit);
    return str_format(arena, STR_FMT " %s", STR_ARG(viet_number(arena, count.max)), unit);
}

static struct str mode_words(struct str mode)
{
    if (str_eq(mode, STR("in_person")))
        return STR("Trực tiếp");
    if (str_eq(mode, STR("online")))
        return STR("Trực tuyến");
    return str_eq(mode, STR("hybrid")) ? STR("Trực tiếp kết hợp trực tuyến") : STR("");
}

static struct str date_words(struct arena *arena, struct str date)
{
    int32_t day = DAY_NONE;
    return day_parse_iso(date, &day) ? day_format_long(arena, day) : date;
}

static struct str instant_words(struct arena *arena, int64_t at)
{
    return at ? instant_format(arena, at) : STR("");
}

static void add_schedule(struct facts *facts, const struct plan_schedule *s)
{
    struct arena *arena = facts->arena;
    struct str span = date_words(arena, s->start);
    if (s->end.len > 0 && !str_eq(s->start, s->end))
        span = str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(span),
                          STR_ARG(date_words(arena, s->end)));
    add(facts, "Thời gian", span);
    if (s->sessions_len > 0)
        add(facts, "Số buổi học", str_format(arena, "%zu buổi", s->sessions_len));
    add(facts, "Khai giảng", instant_words(arena, s->opening_at));
    add(facts, "Bế giảng", instant_words(arena, s->closing_at));
    add(facts, "Đón tiếp", instant_words(arena, s->check_in_at));
    for (size_t i = 0; i < s->connection_tests_len; i++)
        add(facts, "Kiểm tra đường truyền", instant_words(arena, s->connection_tests_at[i]));
    add(facts, "Kết nối chính thức", instant_words(arena, s->official_connection_at));
    if (s->arrive_before_minutes > 0)
        add(facts, "Có mặt trước",
            str_format(arena, "%lld phút", (long long)s->arrive_before_minutes));
}

static void add_seats(struct facts *facts, const struct plan *plan)
{
    struct arena *arena = facts->arena;
    int64_t seats = 0;
    for (size_t i = 0; i < plan->quotas_len; i++)
        seats += plan->quotas[i].count.max;
    if (seats > 0)
        add(facts, "Chỉ tiêu",
            str_format(arena, STR_FMT " đồng chí của %zu đầu mối",
                       STR_ARG(viet_number(arena, seats)), plan->quotas_len));
}

static void add_all(struct facts *facts, const struct plan *plan)
{
    struct arena *arena = facts->arena;
    add(facts, "Hình thức", mode_words(plan->mode));
    add_schedule(facts, &plan->schedule);
    add(facts, "Hệ thống trực tuyến", plan->online.system);
    add(facts, "Địa chỉ họp", plan->online.url);
    add(facts, "Học viên", count_words(arena, plan->learners, "học viên"));
    add(facts, "Số lớp", count_words(arena, plan->classes, "lớp"));
    if (plan->audiences_len > 0)
        add(facts, "Đối tượng", str_format(arena, "%zu nhóm", plan->audiences_len));
    if (plan->programmes_len > 0)
        add(facts, "Chương trình", str_format(arena, "%zu chương trình", plan->programmes_len));
    if (plan->topics_len > 0)
        add(facts, "Chuyên đề", str_format(arena, "%zu chuyên đề", plan->topics_len));
    add_seats(facts, plan);
    if (plan->essay.required)
        add(facts, "Thu hoạch",
            str_format(arena, "%lld bài, %zu đường gửi",
                       (long long)(plan->essay.count.max ? plan->essay.count.max : 1),
                       plan->essay.routes_len));
    if (plan->phases_len > 0)
        add(facts, "Giai đoạn", str_format(arena, "%zu giai đoạn", plan->phases_len));
    for (size_t i = 0; i < plan->contacts_len; i++) {
        const struct plan_contact *c = &plan->contacts[i];
        add(facts, "Liên hệ",
            str_format(arena, "đồng chí " STR_FMT ", " STR_FMT, STR_ARG(c->name),
                       STR_ARG(c->role)));
    }
    add(facts, "Lưu", plan->archive);
}

struct plan_fact *plan_facts(struct arena *arena, const struct plan *plan, size_t *ret_len)
{
    struct facts facts = { arena, ARENA_NEW_ARRAY(arena, struct plan_fact, FACTS_MAX), 0 };
    add_all(&facts, plan);
    *ret_len = facts.len;
    return facts.at;
}

static struct plan_duty_line duty_line(struct arena *arena, const struct document *document,
                                       const struct plan_obligation *duty,
                                       const struct due_frame *frame)
{
    struct due_rule rule = plan_due_rule(&duty->due, duty->recurring);
    struct due due = due_first(&rule, frame);
    return (struct plan_duty_line){
        .url = document_url_paragraph(arena, document->id, duty->paragraph),
        .text = duty->text,
        .owner = duty->owner.len > 0 ? duty->owner : STR("chưa nêu cơ quan thực hiện"),
        .due = due_words(arena, &rule, &due),
        .place = duty->place,
    };
}

static enum err compare_upper(struct ctx *cx, int64_t upper_id, const struct plan *plan, struct plan_upper_view *list, size_t *len)
{
    struct document upper = { 0 };
    struct plan upper_plan = { 0 };
    if (upper_id == 0 || *len == PLAN_UPPERS_MAX)
        return OK;
    enum err err = document_get(cx, upper_id, &upper);
    if (err == ERR_NOT_FOUND || (err == OK && upper.content.len == 0))
        return OK;
    TRY(err);
    TRY(plan_parse(cx, upper.content, &upper_plan));
    list[*len].title = document_title(&cx->arena, &upper);
    list[*len].url = document_url(&cx->arena, upper.id);
    plan_compare(&cx->arena, &upper_plan, plan, &list[(*len)++].differences);
    return OK;
}

/* Every upper paper it carries out that is here and may be seen. */
static enum err compare_uppers(struct ctx *cx, const struct document *document,
                               const struct plan *plan, struct plan_upper_view **ret_list,
                               size_t *ret_len)
{
    struct document_relations relations = { 0 };
    *ret_list = ARENA_NEW_ARRAY(&cx->arena, struct plan_upper_view, PLAN_UPPERS_MAX);
    TRY(document_get_relations(cx, document->id, &relations));
    for (size_t i = 0; i < relations.len; i++) {
        if (str_eq(relations.at[i].relation, STR("carries_out")))
            TRY(compare_upper(cx, relations.at[i].to_document_id, plan, *ret_list, ret_len));
    }
    return OK;
}

enum err plan_compare_uppers(struct ctx *cx, const struct plan *plan, struct plan_upper_view **ret_list, size_t *ret_len)
{
    *ret_list = ARENA_NEW_ARRAY(&cx->arena, struct plan_upper_view, PLAN_UPPERS_MAX);
    *ret_len = 0;
    for (size_t i = 0; i < plan->document.references_len; i++) {
        const struct plan_reference *reference = &plan->document.references[i];
        struct document_relation cited = { .number = reference->number, .issuer = reference->issuer, .day = DAY_NONE };
        int64_t upper_id = 0;
        if (!str_eq(reference->relation, STR("carries_out")))
            continue;
        if (!day_parse_iso(reference->date, &cited.day))
            cited.day = DAY_NONE;
        TRY(document_find_cited(cx, &cited, cx->actor->scope.path_lo, &upper_id));
        TRY(compare_upper(cx, upper_id, plan, *ret_list, ret_len));
    }
    return OK;
}

/* The doubts of a draft stand before the values; an issued paper is as it is. */
static enum err show_values(struct ctx *cx, const struct document *document,
                            struct safe_html *ret_block)
{
    struct arena *arena = &cx->arena;
    struct plan plan = { 0 };
    struct plan_warnings warnings = { 0 };
    if (document->content.len == 0)
        return OK;
    TRY(plan_parse(cx, document->content, &plan));
    if (str_eq(document->state, DOCUMENT_STATE_DRAFT))
        TRY(plan_check(cx, &plan, &warnings));
    size_t facts_len = 0;
    const struct plan_fact *facts = plan_facts(arena, &plan, &facts_len);
    struct plan_duty_line *duties =
        ARENA_NEW_ARRAY(arena, struct plan_duty_line, plan.obligations_len + 1);
    struct due_frame frame = plan_due_frame(&plan);
    for (size_t i = 0; i < plan.obligations_len; i++)
        duties[i] = duty_line(arena, document, &plan.obligations[i], &frame);
    struct plan_upper_view *uppers = NULL;
    size_t uppers_len = 0;
    TRY(compare_uppers(cx, document, &plan, &uppers, &uppers_len));
    struct plan_block_view view = { .plan = &plan,
                                    .uppers = uppers,
                                    .uppers_len = uppers_len,
                                    .facts = facts,
                                    .facts_len = facts_len,
                                    .duties = duties,
                                    .duties_len = plan.obligations_len,
                                    .warnings = warnings.at,
                                    .warnings_len = warnings.len };
    if (plan_may_carry_out(cx->actor, document))
        view.lower_url = plan_url_lower(arena, document->id);
    struct html h = page_begin(arena);
    part_plan_block(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

static enum err foresee_doubts(struct ctx *cx, const struct document *document,
                               struct document_foresight *foresight)
{
    struct plan plan = { 0 };
    struct plan_warnings warnings = { 0 };
    if (document->content.len == 0)
        return OK;
    TRY(plan_parse(cx, document->content, &plan));
    TRY(plan_check(cx, &plan, &warnings));
    for (size_t i = 0; i < warnings.len; i++)
        document_foresight_add(cx, foresight, true, STR_FMT, STR_ARG(warnings.at[i]));
    return OK;
}

const struct document_listener plan_listener = { .foresee = foresee_doubts, .show = show_values };
