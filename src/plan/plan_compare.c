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

struct str plan_how_words(enum plan_how how)
{
    switch (how) {
    case PLAN_ADDED:
        return STR("Cụ thể thêm");
    case PLAN_NARROWED:
        return STR("Thu hẹp");
    case PLAN_WIDENED:
        return STR("Mở rộng");
    case PLAN_CHANGED:
        return STR("Thay đổi");
    }
    return STR("");
}

static void note_as(struct compare *c, const char *what, struct str upper, struct str lower, enum plan_how how)
{
    bool is_same = str_eq(viet_fold(c->arena, upper), viet_fold(c->arena, lower));
    if (lower.len == 0 || is_same || c->list.len == PLAN_DIFFERENCES_MAX)
        return;
    c->list.at[c->list.len++] = (struct plan_difference){ str_from(what), upper.len > 0 ? upper : STR("không nêu"), lower,
                                                          upper.len > 0 ? how : PLAN_ADDED };
}

static void note(struct compare *c, const char *what, struct str upper, struct str lower)
{
    note_as(c, what, upper, lower, PLAN_CHANGED);
}

static void note_instant(struct compare *c, const char *what, int64_t upper, int64_t lower)
{
    note(c, what, upper ? instant_format(c->arena, upper) : STR(""),
         lower ? instant_format(c->arena, lower) : STR(""));
}

/* ---- Lists: narrowed when all of the lower one stands in the upper one, widened when it is the other way round ---- */

static bool is_among(struct arena *arena, const struct plan_texts *list, struct str text)
{
    struct str folded = viet_fold(arena, text);
    for (size_t i = 0; i < list->len; i++) {
        if (str_eq(viet_fold(arena, list->at[i]), folded))
            return true;
    }
    return false;
}

static size_t count_shared(struct arena *arena, const struct plan_texts *of, const struct plan_texts *among)
{
    size_t shared = 0;
    for (size_t i = 0; i < of->len; i++)
        shared += is_among(arena, among, of->at[i]);
    return shared;
}

static enum plan_how how_of(struct arena *arena, const struct plan_texts *upper, const struct plan_texts *lower)
{
    if (count_shared(arena, lower, upper) == lower->len)
        return PLAN_NARROWED;
    return count_shared(arena, upper, lower) == upper->len ? PLAN_WIDENED : PLAN_CHANGED;
}

static bool is_same_set(struct arena *arena, const struct plan_texts *upper, const struct plan_texts *lower)
{
    return count_shared(arena, lower, upper) == lower->len && count_shared(arena, upper, lower) == upper->len;
}

static struct str joined(struct arena *arena, const struct plan_texts *texts)
{
    return str_join(arena, texts->at, texts->len, STR("; "));
}

/* ---- Words ---- */

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

/* "Sáng 23/05/2026: 08:00-11:30; ..." */
static struct str sessions_shown(struct arena *arena, const struct plan_schedule *schedule)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < schedule->sessions_len; i++) {
        const struct plan_session *s = &schedule->sessions[i];
        buf_format(&text, "%s" STR_FMT " %02d:%02d-%02d:%02d", i > 0 ? "; " : "", STR_ARG(day_format(arena, s->day)),
                   s->from_minute / 60, s->from_minute % 60, s->to_minute / 60, s->to_minute % 60);
    }
    return buf_str(&text);
}

static struct plan_texts routes_of(struct arena *arena, const struct plan_essay *essay)
{
    struct plan_texts list = { ARENA_NEW_ARRAY(arena, struct str, essay->routes_len + 1), 0 };
    for (size_t i = 0; i < essay->routes_len; i++) {
        const struct plan_route *route = &essay->routes[i];
        struct buf text;
        buf_init(&text, arena);
        buf_format(&text, STR_FMT " → " STR_FMT, STR_ARG(route->from), STR_ARG(route->to));
        for (size_t k = 0; k < route->then.len; k++)
            buf_format(&text, " → " STR_FMT, STR_ARG(route->then.at[k]));
        list.at[list.len++] = buf_str(&text);
    }
    return list;
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

/* ---- Who is trained ---- */

static struct plan_texts attendees_of(struct arena *arena, const struct plan *plan, enum plan_level level)
{
    size_t room = 0;
    for (size_t i = 0; i < plan->points_len; i++)
        room += plan->points[i].attendees.len;
    struct plan_texts list = { ARENA_NEW_ARRAY(arena, struct str, room + 1), 0 };
    for (size_t i = 0; i < plan->points_len; i++) {
        for (size_t k = 0; plan->points[i].level == level && k < plan->points[i].attendees.len; k++)
            list.at[list.len++] = plan->points[i].attendees.at[k];
    }
    return list;
}

/* A paper that lets its readers go further says so in this word (GM-QN II.2.2, 09-KH/TU IV.3). */
static bool opens_wider(struct arena *arena, const struct plan_texts *lower)
{
    return str_find(viet_fold(arena, joined(arena, lower)), STR("mo rong")) <
           viet_fold(arena, joined(arena, lower)).len;
}

static void compare_texts(struct compare *c, const char *what, const struct plan_texts *upper, const struct plan_texts *lower)
{
    if (lower->len == 0 || is_same_set(c->arena, upper, lower))
        return;
    enum plan_how how = opens_wider(c->arena, lower) && !opens_wider(c->arena, upper) ? PLAN_WIDENED
                                                                                     : how_of(c->arena, upper, lower);
    note_as(c, what, joined(c->arena, upper), joined(c->arena, lower), how);
}

static void compare_people(struct compare *c, const struct plan *upper, const struct plan *lower)
{
    static const struct {
        enum plan_level level;
        const char *what;
    } levels[] = { { PLAN_CENTRAL, "Thành phần tại điểm cầu trung ương" },
                   { PLAN_PROVINCE, "Thành phần tại điểm cầu cấp tỉnh" },
                   { PLAN_COMMUNE, "Thành phần tại điểm cầu cấp xã" } };
    struct plan_texts of_upper = { ARENA_NEW_ARRAY(c->arena, struct str, upper->audiences_len + 1), 0 };
    struct plan_texts of_lower = { ARENA_NEW_ARRAY(c->arena, struct str, lower->audiences_len + 1), 0 };
    for (size_t i = 0; i < upper->audiences_len; i++)
        of_upper.at[of_upper.len++] = upper->audiences[i].text;
    for (size_t i = 0; i < lower->audiences_len; i++)
        of_lower.at[of_lower.len++] = lower->audiences[i].text;
    compare_texts(c, "Đối tượng", &of_upper, &of_lower);
    for (size_t i = 0; i < LEN(levels); i++) {
        struct plan_texts above = attendees_of(c->arena, upper, levels[i].level);
        struct plan_texts below = attendees_of(c->arena, lower, levels[i].level);
        compare_texts(c, levels[i].what, &above, &below);
    }
}

/* ---- What is taught ---- */

/* Topics are the same set or not: order and numbering are the lower level's own. */
static void compare_topics(struct compare *c, const struct plan *upper, const struct plan *lower)
{
    struct plan_texts above = { ARENA_NEW_ARRAY(c->arena, struct str, upper->topics_len + 1), 0 };
    struct plan_texts below = { ARENA_NEW_ARRAY(c->arena, struct str, lower->topics_len + 1), 0 };
    for (size_t i = 0; i < upper->topics_len; i++)
        above.at[above.len++] = upper->topics[i].title;
    for (size_t i = 0; i < lower->topics_len; i++)
        below.at[below.len++] = lower->topics[i].title;
    if (below.len == 0 || is_same_set(c->arena, &above, &below))
        return;
    note_as(c, "Chuyên đề", above.len > 0 ? str_format(c->arena, "%zu chuyên đề", above.len) : STR(""),
            str_format(c->arena, "%zu chuyên đề, %zu trùng với cấp trên", below.len,
                       count_shared(c->arena, &below, &above)),
            how_of(c->arena, &above, &below));
}

/* ---- Seats ---- */

static struct str seats_shown(struct arena *arena, const struct plan *plan)
{
    int64_t seats = 0;
    size_t open = 0;
    for (size_t i = 0; i < plan->quotas_len; i++) {
        seats += plan->quotas[i].count.max;
        open += plan->quotas[i].count.max == 0;
    }
    if (plan->quotas_len == 0)
        return STR("");
    struct str rest = open > 0 ? str_format(arena, ", %zu đầu mối không hạn số", open) : STR("");
    return str_format(arena, "%lld đồng chí của %zu đầu mối" STR_FMT, (long long)seats, plan->quotas_len - open, STR_ARG(rest));
}

/* ---- The essay: a route to more hands, or the same hands by more ways ---- */

static void compare_essays(struct compare *c, const struct plan *upper, const struct plan *lower)
{
    struct plan_texts above = routes_of(c->arena, &upper->essay), below = routes_of(c->arena, &lower->essay);
    struct plan_count u = upper->essay.count, l = lower->essay.count;
    if (l.max > 0 && (u.max != l.max || u.min != l.min))
        note_as(c, "Số bài thu hoạch", u.max > 0 ? str_format(c->arena, "%lld bài", (long long)u.max) : STR(""),
                str_format(c->arena, "%lld bài", (long long)l.max), l.max < u.max ? PLAN_NARROWED : PLAN_WIDENED);
    if (below.len == 0 || is_same_set(c->arena, &above, &below))
        return;
    struct str how_many = above.len > 0 && below.len > above.len
                              ? str_format(c->arena, "%zu đường: ", below.len)
                              : STR("");
    note_as(c, "Gửi bài thu hoạch", joined(c->arena, &above),
            str_format(c->arena, STR_FMT STR_FMT, STR_ARG(how_many), STR_ARG(joined(c->arena, &below))),
            how_of(c->arena, &above, &below));
}

/* ---- When ---- */

/* Days inside the upper span are fewer, days around it are more. */
static enum plan_how how_span(const struct plan_schedule *u, const struct plan_schedule *l)
{
    int32_t u_first = 0, u_last = 0, l_first = 0, l_last = 0, unused = 0;
    bool is_known = plan_date_range(u->start, &u_first, &unused) && plan_date_range(u->end, &unused, &u_last) &&
                    plan_date_range(l->start, &l_first, &unused) && plan_date_range(l->end, &unused, &l_last);
    if (!is_known)
        return PLAN_CHANGED;
    if (l_first >= u_first && l_last <= u_last)
        return PLAN_NARROWED;
    return l_first <= u_first && l_last >= u_last ? PLAN_WIDENED : PLAN_CHANGED;
}

static void compare_schedules(struct compare *c, const struct plan_schedule *u, const struct plan_schedule *l)
{
    enum plan_how how = how_span(u, l);
    note_as(c, "Ngày bắt đầu", date_shown(c->arena, u->start), date_shown(c->arena, l->start), how);
    note_as(c, "Ngày kết thúc", date_shown(c->arena, u->end), date_shown(c->arena, l->end), how);
    note_instant(c, "Đón tiếp", u->check_in_at, l->check_in_at);
    note_instant(c, "Khai giảng", u->opening_at, l->opening_at);
    note_instant(c, "Bế giảng", u->closing_at, l->closing_at);
    note(c, "Buổi học", sessions_shown(c->arena, u), sessions_shown(c->arena, l));
    note(c, "Kiểm tra đường truyền", tests_shown(c->arena, u), tests_shown(c->arena, l));
    note_instant(c, "Kết nối chính thức", u->official_connection_at, l->official_connection_at);
    if (l->arrive_before_minutes > 0 && l->arrive_before_minutes != u->arrive_before_minutes)
        note(c, "Có mặt trước giờ",
             u->arrive_before_minutes > 0 ? str_format(c->arena, "%lld phút", (long long)u->arrive_before_minutes) : STR(""),
             str_format(c->arena, "%lld phút", (long long)l->arrive_before_minutes));
}

void plan_compare(struct arena *arena, const struct plan *upper, const struct plan *lower,
                  struct plan_differences *ret_list)
{
    struct compare c = { .arena = arena };
    c.list.at = ARENA_NEW_ARRAY(arena, struct plan_difference, PLAN_DIFFERENCES_MAX);
    note_as(&c, "Hình thức", mode_shown(upper->mode), mode_shown(lower->mode),
            str_eq(upper->mode, STR("hybrid")) ? PLAN_NARROWED
            : str_eq(lower->mode, STR("hybrid")) ? PLAN_WIDENED
                                                 : PLAN_CHANGED);
    compare_schedules(&c, &upper->schedule, &lower->schedule);
    note(&c, "Điểm cầu cấp tỉnh", points_shown(arena, upper, PLAN_PROVINCE),
         points_shown(arena, lower, PLAN_PROVINCE));
    note(&c, "Điểm cầu cấp xã", points_shown(arena, upper, PLAN_COMMUNE),
         points_shown(arena, lower, PLAN_COMMUNE));
    note(&c, "Nơi học", points_shown(arena, upper, PLAN_VENUE), points_shown(arena, lower, PLAN_VENUE));
    note(&c, "Hệ thống trực tuyến", upper->online.system, lower->online.system);
    compare_people(&c, upper, lower);
    note(&c, "Chỉ tiêu", seats_shown(arena, upper), seats_shown(arena, lower));
    compare_topics(&c, upper, lower);
    compare_essays(&c, upper, lower);
    *ret_list = c.list;
}
