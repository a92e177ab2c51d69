#include "plan/plan.h"

#include "viet/viet.h"

/*
 * Where a lower plan says something else than the upper one it carries out: 664-KH/HVCTQG leaves
 * the essay to the province's Standing Committee by way of its organisation board, GM-QN gives each
 * bloc a route of its own. What the lower one leaves unsaid is as above and no difference.
 */

struct compare {
    struct arena *arena;
    struct plan_differences list;
};

static void note(struct compare *c, const char *what, struct str upper, struct str lower)
{
    bool is_same = str_eq(viet_fold(c->arena, upper), viet_fold(c->arena, lower));
    if (lower.len == 0 || is_same || c->list.len == PLAN_DIFFERENCES_MAX)
        return;
    c->list.at[c->list.len++] =
        (struct plan_difference){ str_from(what), upper.len > 0 ? upper : STR("không nêu"), lower };
}

static void note_instant(struct compare *c, const char *what, int64_t upper, int64_t lower)
{
    note(c, what, upper ? instant_format(c->arena, upper) : STR(""),
         lower ? instant_format(c->arena, lower) : STR(""));
}

static struct str mode_shown(struct str mode)
{
    if (str_eq(mode, STR("in_person")))
        return STR("trực tiếp");
    if (str_eq(mode, STR("online")))
        return STR("trực tuyến");
    return str_eq(mode, STR("hybrid")) ? STR("trực tiếp kết hợp trực tuyến") : STR("");
}

static struct str date_shown(struct arena *arena, struct str date)
{
    int32_t day = DAY_NONE;
    return day_parse_iso(date, &day) ? day_format(arena, day) : date;
}

static struct str tests_shown(struct arena *arena, const struct plan_schedule *schedule)
{
    struct str *parts = ARENA_NEW_ARRAY(arena, struct str, schedule->connection_tests_len + 1);
    for (size_t i = 0; i < schedule->connection_tests_len; i++)
        parts[i] = instant_format(arena, schedule->connection_tests_at[i]);
    return str_join(arena, parts, schedule->connection_tests_len, STR("; "));
}

static struct str routes_shown(struct arena *arena, const struct plan_essay *essay)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < essay->routes_len; i++) {
        const struct plan_route *route = &essay->routes[i];
        buf_format(&text, "%s" STR_FMT " → " STR_FMT, i > 0 ? "; " : "", STR_ARG(route->from),
                   STR_ARG(route->to));
        for (size_t k = 0; k < route->then.len; k++)
            buf_format(&text, " → " STR_FMT, STR_ARG(route->then.at[k]));
    }
    return buf_str(&text);
}

static struct str points_shown(struct arena *arena, const struct plan *plan, enum plan_level level)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < plan->points_len; i++) {
        if (plan->points[i].level == level && plan->points[i].place.len > 0)
            buf_format(&text, "%s" STR_FMT, text.len > 0 ? "; " : "",
                       STR_ARG(plan->points[i].place));
    }
    return buf_str(&text);
}

/* Topics are the same set or not: order and numbering are the lower level's own. */
static void compare_topics(struct compare *c, const struct plan *upper, const struct plan *lower)
{
    if (lower->topics_len == 0)
        return;
    size_t shared = 0;
    for (size_t i = 0; i < lower->topics_len; i++) {
        struct str title = viet_fold(c->arena, lower->topics[i].title);
        bool is_there = false;
        for (size_t k = 0; k < upper->topics_len && !is_there; k++)
            is_there = str_eq(title, viet_fold(c->arena, upper->topics[k].title));
        shared += is_there;
    }
    if (shared == lower->topics_len && shared == upper->topics_len)
        return;
    note(c, "Chuyên đề", str_format(c->arena, "%zu chuyên đề", upper->topics_len),
         str_format(c->arena, "%zu chuyên đề, %zu trùng với cấp trên", lower->topics_len, shared));
}

static struct str seats_shown(struct arena *arena, const struct plan *plan)
{
    int64_t seats = 0;
    for (size_t i = 0; i < plan->quotas_len; i++)
        seats += plan->quotas[i].count.max;
    return seats == 0 ? STR("")
                      : str_format(arena, "%lld đồng chí của %zu đầu mối", (long long)seats,
                                   plan->quotas_len);
}

void plan_compare(struct arena *arena, const struct plan *upper, const struct plan *lower,
                  struct plan_differences *ret_list)
{
    struct compare c = { .arena = arena };
    const struct plan_schedule *u = &upper->schedule, *l = &lower->schedule;
    c.list.at = ARENA_NEW_ARRAY(arena, struct plan_difference, PLAN_DIFFERENCES_MAX);
    note(&c, "Hình thức", mode_shown(upper->mode), mode_shown(lower->mode));
    note(&c, "Ngày bắt đầu", date_shown(arena, u->start), date_shown(arena, l->start));
    note(&c, "Ngày kết thúc", date_shown(arena, u->end), date_shown(arena, l->end));
    note_instant(&c, "Khai giảng", u->opening_at, l->opening_at);
    note_instant(&c, "Bế giảng", u->closing_at, l->closing_at);
    note(&c, "Kiểm tra đường truyền", tests_shown(arena, u), tests_shown(arena, l));
    note_instant(&c, "Kết nối chính thức", u->official_connection_at, l->official_connection_at);
    if (l->arrive_before_minutes > 0 && l->arrive_before_minutes != u->arrive_before_minutes)
        note(&c, "Có mặt trước giờ", STR(""),
             str_format(arena, "%lld phút", (long long)l->arrive_before_minutes));
    note(&c, "Điểm cầu cấp tỉnh", points_shown(arena, upper, PLAN_PROVINCE),
         points_shown(arena, lower, PLAN_PROVINCE));
    note(&c, "Điểm cầu cấp xã", points_shown(arena, upper, PLAN_COMMUNE),
         points_shown(arena, lower, PLAN_COMMUNE));
    compare_topics(&c, upper, lower);
    note(&c, "Chỉ tiêu", seats_shown(arena, upper), seats_shown(arena, lower));
    note(&c, "Gửi bài thu hoạch", routes_shown(arena, &upper->essay),
         routes_shown(arena, &lower->essay));
    note(&c, "Hệ thống trực tuyến", upper->online.system, lower->online.system);
    *ret_list = c.list;
}
