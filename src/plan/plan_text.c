#include "plan/plan.h"

#include "viet/viet.h"

/*
 * A plan as paragraphs, in the order of a plan of the Party and of the State alike (domain.md 4.3):
 * basis, who is trained, when, where, what, essays, evaluation, money, who does what. Duties stand
 * under their owner's name, as the papers print them.
 */

struct walk {
    struct ctx *cx;
    struct document_paragraphs list;
    bool is_full;
};

static int64_t add(struct walk *walk, const char *section, struct str heading, struct str place,
                   struct str text)
{
    if (text.len == 0)
        return 0;
    if (walk->list.len == DOCUMENT_PARAGRAPHS_MAX) {
        walk->is_full = true;
        return 0;
    }
    int64_t ordinal = (int64_t)walk->list.len + 1;
    walk->list.at[walk->list.len++] =
        (struct document_paragraph){ ordinal, place, str_from(section), heading, text };
    return ordinal;
}

static struct str reference_text(struct arena *arena, const struct plan_reference *reference)
{
    int32_t day = DAY_NONE;
    struct buf text;
    buf_init(&text, arena);
    buf_put(&text, document_kind_name(reference->kind));
    buf_put(&text, STR(" số "));
    buf_put(&text, reference->number);
    if (day_parse_iso(reference->date, &day)) {
        buf_put(&text, STR(" ngày "));
        buf_put(&text, day_format(arena, day));
    }
    if (reference->issuer.len > 0) {
        buf_put(&text, STR(" của "));
        buf_put(&text, reference->issuer);
    }
    return buf_str(&text);
}

static void put_part(struct buf *text, const char *label, struct str value)
{
    if (value.len == 0)
        return;
    if (text->len > 0)
        buf_put(text, STR(". "));
    buf_put(text, str_from(label));
    buf_put(text, value);
}

static struct str date_shown(struct arena *arena, struct str date)
{
    int32_t day = DAY_NONE;
    return day_parse_iso(date, &day) ? day_format_long(arena, day) : date;
}

static struct str instant_shown(struct arena *arena, int64_t at)
{
    return at ? instant_format(arena, at) : STR("");
}

static struct str schedule_text(struct arena *arena, const struct plan_schedule *schedule)
{
    struct buf text;
    buf_init(&text, arena);
    if (str_eq(schedule->start, schedule->end) || schedule->end.len == 0) {
        put_part(&text, "Thời gian: ", date_shown(arena, schedule->start));
    } else if (schedule->start.len > 0) {
        put_part(&text, "Thời gian: từ ", date_shown(arena, schedule->start));
        buf_put(&text, STR(" đến "));
        buf_put(&text, date_shown(arena, schedule->end));
    }
    for (size_t i = 0; i < schedule->sessions_len; i++) {
        const struct plan_session *s = &schedule->sessions[i];
        put_part(&text, "Buổi học: ",
                 str_format(arena, "%02d:%02d - %02d:%02d, " STR_FMT, s->from_minute / 60,
                            s->from_minute % 60, s->to_minute / 60, s->to_minute % 60,
                            STR_ARG(day_format_long(arena, s->day))));
    }
    put_part(&text, "Khai giảng: ", instant_shown(arena, schedule->opening_at));
    put_part(&text, "Bế giảng: ", instant_shown(arena, schedule->closing_at));
    put_part(&text, "Đón tiếp: ", instant_shown(arena, schedule->check_in_at));
    for (size_t i = 0; i < schedule->connection_tests_len; i++)
        put_part(&text,
                 "Kiểm tra đường truyền: ", instant_shown(arena, schedule->connection_tests_at[i]));
    put_part(&text, "Kết nối chính thức: ", instant_shown(arena, schedule->official_connection_at));
    if (schedule->arrive_before_minutes > 0)
        put_part(&text, "Đại biểu có mặt trước ",
                 str_format(arena, "%lld phút", (long long)schedule->arrive_before_minutes));
    return buf_str(&text);
}

static struct str point_text(struct arena *arena, const struct plan_point *point)
{
    static const char *const levels[] = { "", "Điểm cầu trung ương", "Điểm cầu cấp tỉnh",
                                          "Điểm cầu cấp xã", "Địa điểm" };
    struct buf text;
    buf_init(&text, arena);
    buf_put(&text, str_from(levels[point->level]));
    if (point->place.len > 0)
        buf_put(&text, STR(": "));
    buf_put(&text, point->place);
    put_part(&text, "Chủ trì: ", point->chair);
    put_part(&text,
             "Thành phần: ", str_join(arena, point->attendees.at, point->attendees.len, STR("; ")));
    return buf_str(&text);
}

static struct str topic_text(struct arena *arena, const struct plan_topic *topic)
{
    struct buf text;
    buf_init(&text, arena);
    if (topic->number > 0)
        buf_format(&text, "%s %lld: ", topic->kind == PLAN_TOPIC ? "Chuyên đề" : "Nội dung",
                   (long long)topic->number);
    buf_put(&text, topic->title);
    if (topic->speaker.len > 0)
        buf_format(&text, " (" STR_FMT ")", STR_ARG(topic->speaker));
    if (topic->minutes > 0)
        buf_format(&text, ", %lld phút", (long long)topic->minutes);
    return buf_str(&text);
}

static struct str route_text(struct arena *arena, const struct plan_route *route)
{
    struct buf text;
    buf_init(&text, arena);
    buf_format(&text, STR_FMT " nộp bài thu hoạch về " STR_FMT, STR_ARG(route->from),
               STR_ARG(route->to));
    for (size_t i = 0; i < route->then.len; i++)
        buf_format(&text, "%s" STR_FMT, i == 0 ? ", tổng hợp báo cáo " : ", rồi ",
                   STR_ARG(route->then.at[i]));
    return buf_str(&text);
}

static struct str budget_text(struct arena *arena, const struct plan_budget *budget)
{
    struct buf text;
    buf_init(&text, arena);
    if (budget->payer.len > 0)
        buf_format(&text, STR_FMT ": ", STR_ARG(budget->payer));
    buf_put(&text, budget->what);
    if (budget->amount > 0)
        buf_format(&text, " (" STR_FMT " đồng)", STR_ARG(viet_number(arena, budget->amount)));
    return buf_str(&text);
}

static void add_opening_parts(struct walk *walk, struct plan *plan)
{
    struct arena *arena = &walk->cx->arena;
    struct str heading = STR("Căn cứ");
    for (size_t i = 0; i < plan->document.references_len; i++)
        add(walk, "basis", heading, STR(""), reference_text(arena, &plan->document.references[i]));
    for (size_t i = 0; i < plan->document.amends.changes_len; i++) {
        const struct plan_change *change = &plan->document.amends.changes[i];
        add(walk, "change", STR("Nội dung sửa đổi, bổ sung"), STR(""),
            change->old_value.len > 0
                ? str_format(arena, "Sửa “" STR_FMT "” thành “" STR_FMT "”",
                             STR_ARG(change->old_value), STR_ARG(change->new_value))
                : str_format(arena, "Bổ sung: " STR_FMT, STR_ARG(change->new_value)));
    }
    for (size_t i = 0; i < plan->audiences_len; i++) {
        struct plan_audience *audience = &plan->audiences[i];
        struct str text = audience->block.len == 0
                              ? audience->text
                              : str_format(arena, STR_FMT ": " STR_FMT, STR_ARG(audience->block),
                                           STR_ARG(audience->text));
        audience->paragraph = add(walk, "audience", STR("Đối tượng"), audience->place, text);
    }
    plan->schedule.paragraph = add(walk, "schedule", STR("Thời gian"), plan->schedule.place,
                                   schedule_text(arena, &plan->schedule));
    for (size_t i = 0; i < plan->points_len; i++)
        plan->points[i].paragraph =
            add(walk, "point", STR("Địa điểm, thành phần"), plan->points[i].printed_at,
                point_text(arena, &plan->points[i]));
    for (size_t i = 0; i < plan->topics_len; i++)
        plan->topics[i].paragraph = add(walk, "topic", STR("Nội dung, chuyên đề"),
                                        plan->topics[i].place, topic_text(arena, &plan->topics[i]));
    for (size_t i = 0; i < plan->phases_len; i++)
        for (size_t k = 0; k < plan->phases[i].items_len; k++)
            add(walk, "phase", plan->phases[i].name, STR(""), plan->phases[i].items[k].text);
}

static void add_closing_parts(struct walk *walk, struct plan *plan)
{
    struct arena *arena = &walk->cx->arena;
    for (size_t i = 0; i < plan->essay.routes_len; i++)
        plan->essay.routes[i].paragraph =
            add(walk, "essay", STR("Viết thu hoạch"), plan->essay.routes[i].place,
                route_text(arena, &plan->essay.routes[i]));
    for (size_t i = 0; i < plan->evaluation_len; i++)
        plan->evaluation[i].paragraph = add(walk, "evaluation", STR("Theo dõi, đánh giá"),
                                            plan->evaluation[i].place, plan->evaluation[i].text);
    for (size_t i = 0; i < plan->budget_len; i++)
        plan->budget[i].paragraph = add(walk, "budget", STR("Kinh phí"), plan->budget[i].place,
                                        budget_text(arena, &plan->budget[i]));
    for (size_t i = 0; i < plan->obligations_len; i++) {
        struct plan_obligation *duty = &plan->obligations[i];
        struct str heading = duty->owner.len > 0 ? duty->owner : STR("Tổ chức thực hiện");
        duty->paragraph = add(walk, "obligation", heading, duty->place, duty->text);
    }
    for (size_t i = 0; i < plan->document.separate_plans_len; i++)
        add(walk, "separate", STR("Có kế hoạch riêng"), plan->document.separate_plans[i].place,
            plan->document.separate_plans[i].text);
    if (plan->document.replaces_invitation)
        add(walk, "invitation", STR("Tổ chức thực hiện"), STR(""),
            STR("Văn bản này thay giấy mời, giấy triệu tập"));
}

enum err plan_paragraphs(struct ctx *cx, struct plan *plan, struct document_paragraphs *ret_list)
{
    struct walk walk = { .cx = cx };
    walk.list.at = ARENA_NEW_ARRAY(&cx->arena, struct document_paragraph, DOCUMENT_PARAGRAPHS_MAX);
    add_opening_parts(&walk, plan);
    add_closing_parts(&walk, plan);
    if (walk.is_full)
        return fail_field(cx, "content",
                          "Kế hoạch có quá 1.000 đoạn, xin tách phụ lục thành văn bản riêng");
    *ret_list = walk.list;
    return OK;
}
