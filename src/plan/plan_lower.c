#include "plan/plan_lower.h"

#include "plan/owner.h"
#include "viet/viet.h"

enum { LINES_MAX = 300 };

/* ---- Lines of the form ---- */

/* The next line with something in it, without its bullet; false at the end. */
static bool next_line(struct arena *arena, struct str *rest, struct str *ret_line)
{
    while (rest->len > 0) {
        struct str line = viet_clean(arena, str_cut(rest, '\n'));
        while (line.len > 0 && memchr("-+*", line.at[0], 3))
            line = str_trim(str_sub(line, 1, SIZE_MAX));
        while (line.len > 0 && memchr(",;.", line.at[line.len - 1], 3))
            line = str_trim(str_sub(line, 0, line.len - 1));
        *ret_line = line;
        if (line.len > 0)
            return true;
    }
    return false;
}

static struct plan_texts lines_of(struct arena *arena, struct str text)
{
    struct plan_texts list = { ARENA_NEW_ARRAY(arena, struct str, LINES_MAX), 0 };
    struct str line = STR("");
    while (list.len < LINES_MAX && next_line(arena, &text, &line))
        list.at[list.len++] = line;
    return list;
}

static struct str without(struct str text, struct str prefix)
{
    return str_starts(text, prefix) ? str_trim(str_sub(text, prefix.len, SIZE_MAX)) : text;
}

/* "Sở Nội vụ: 5", "Mỗi xã, phường: tối đa 02 đồng chí", "Trường Chính trị: toàn thể". */
static enum err read_quota(struct ctx *cx, struct str line, struct plan_quota *quota)
{
    size_t colon = line.len;
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] == ':')
            colon = i;
    }
    struct str unit = str_trim(str_sub(line, 0, colon)), count = str_trim(str_sub(line, colon + 1, SIZE_MAX));
    count = viet_lower(&cx->arena, count);
    quota->bound = str_starts(count, STR("tối đa")) ? PLAN_MAX : str_starts(count, STR("ít nhất")) ? PLAN_MIN : PLAN_EXACT;
    count = without(without(count, STR("tối đa")), STR("ít nhất"));
    count = str_cut(&count, ' ');
    quota->each = str_starts(viet_lower(&cx->arena, unit), STR("mỗi "));
    quota->unit = quota->each ? str_trim(str_sub(unit, sizeof "mỗi " - 1, SIZE_MAX)) : unit;
    struct str to = count;
    struct str from = str_cut(&to, '-');
    bool has_figure = from.len > 0 && from.at[0] >= '0' && from.at[0] <= '9';
    if (!has_figure)
        return OK; /* "toàn thể": no limit */
    if (!str_to_i64(from, &quota->count.min) || (to.len > 0 && !str_to_i64(to, &quota->count.max)))
        return fail_field(cx, "chi_tieu", "Dòng “" STR_FMT "” chưa đúng dạng; ghi như Sở Nội vụ: 5", STR_ARG(line));
    if (to.len == 0)
        quota->count.max = quota->count.min;
    return OK;
}

static enum err read_quotas(struct ctx *cx, struct str text, struct plan *plan)
{
    struct plan_texts lines = lines_of(&cx->arena, text);
    plan->quotas = ARENA_NEW_ARRAY(&cx->arena, struct plan_quota, lines.len + 1);
    for (size_t i = 0; i < lines.len; i++)
        TRY(read_quota(cx, lines.at[i], &plan->quotas[plan->quotas_len++]));
    return OK;
}

/* Stops are parted by an arrow, however it is typed. */
static enum err read_routes(struct ctx *cx, struct str text, struct plan_essay *essay)
{
    static const struct str arrows[] = { STR_INIT("→"), STR_INIT("->"), STR_INIT("=>"), STR_INIT(">") };
    struct plan_texts lines = lines_of(&cx->arena, text);
    essay->routes = ARENA_NEW_ARRAY(&cx->arena, struct plan_route, lines.len + 1);
    for (size_t i = 0; i < lines.len; i++) {
        struct plan_texts stops = { ARENA_NEW_ARRAY(&cx->arena, struct str, LINES_MAX), 0 };
        struct str rest = lines.at[i];
        while (rest.len > 0 && stops.len < LINES_MAX) {
            size_t at = rest.len, skip = 0;
            for (size_t k = 0; k < LEN(arrows); k++) {
                size_t found = str_find(rest, arrows[k]);
                if (found < at) {
                    at = found;
                    skip = arrows[k].len;
                }
            }
            struct str stop = str_trim(str_sub(rest, 0, at));
            rest = str_sub(rest, at + skip, SIZE_MAX);
            if (stop.len > 0)
                stops.at[stops.len++] = stop;
        }
        if (stops.len < 2)
            return fail_field(cx, "duong_gui", "Dòng “" STR_FMT "” cần ít nhất hai nơi cách nhau bằng mũi tên ->",
                              STR_ARG(lines.at[i]));
        essay->routes[essay->routes_len++] =
            (struct plan_route){ .from = stops.at[0], .to = stops.at[1], .then = { stops.at + 2, stops.len - 2 } };
    }
    return OK;
}

static void read_contacts(struct arena *arena, struct str text, struct plan *plan)
{
    struct plan_texts lines = lines_of(arena, text);
    plan->contacts = ARENA_NEW_ARRAY(arena, struct plan_contact, lines.len + 1);
    for (size_t i = 0; i < lines.len; i++) {
        struct str rest = lines.at[i];
        struct plan_contact *contact = &plan->contacts[plan->contacts_len++];
        contact->name = str_trim(str_cut(&rest, ';'));
        contact->role = str_trim(str_cut(&rest, ';'));
        contact->phone = str_trim(str_cut(&rest, ';'));
        contact->what = str_trim(rest);
    }
}

/* ---- What the levels are called ---- */

static bool is_commune(const struct unit *unit)
{
    return str_eq(unit->level, STR("commune"));
}

static const char communes[] = "Đảng ủy các xã, phường, đặc khu";

/* Signs of the papers of these bodies: HD 36-HD/VPTW for committees, Decree 30/2020, annex III, for the State. */
static struct str symbol_of(struct arena *arena, struct str kind, const struct unit *unit)
{
    bool is_state = str_eq(unit->line, STR("state"));
    struct str abbreviation = document_abbreviation(kind, is_state ? DOCUMENT_REGIME_STATE : DOCUMENT_REGIME_PARTY);
    const char *body = str_eq(unit->sort, STR("tinh_uy"))      ? "/TU"
                       : str_eq(unit->sort, STR("dang_uy_xa")) ? "/ĐU"
                       : str_eq(unit->sort, STR("ubnd_tinh")) || str_eq(unit->sort, STR("ubnd_xa")) ? "-UBND"
                                                                                                   : NULL;
    return body && abbreviation.len > 0 ? str_format(arena, STR_FMT "%s", STR_ARG(abbreviation), body) : STR("");
}

struct plan_gaps plan_gaps_of(struct arena *arena, const struct plan *upper, const struct unit *unit)
{
    struct plan_gaps gaps = { .kind = STR("giay_moi"), .issued_day = DAY_NONE, .roster_day = DAY_NONE };
    struct buf routes;
    buf_init(&routes, arena);
    for (size_t i = 0; i < upper->essay.routes_len; i++) {
        const struct plan_route *route = &upper->essay.routes[i];
        buf_format(&routes, "%s" STR_FMT " → " STR_FMT, i > 0 ? "\n" : "", STR_ARG(route->from), STR_ARG(route->to));
        for (size_t k = 0; k < route->then.len; k++)
            buf_format(&routes, " → " STR_FMT, STR_ARG(route->then.at[k]));
    }
    gaps.routes = buf_str(&routes);
    gaps.title = upper->document.title;
    gaps.system = upper->online.system;
    gaps.url = upper->online.url;
    gaps.recipients = STR("Như thành phần");
    gaps.number = gaps.symbol = gaps.signer_authority = gaps.signer_title = gaps.signer_name = STR("");
    gaps.hall = gaps.rooms_below = gaps.attendees = gaps.quotas = gaps.contacts = gaps.reports_to = STR("");
    if (is_commune(unit))
        return gaps;
    gaps.rooms_below = STR("phòng họp trực tuyến của Đảng ủy các xã, phường, đặc khu");
    gaps.recipients = str_format(arena, "Như thành phần\n%s", communes);
    if (str_eq(unit->sort, STR("tinh_uy")))
        gaps.reports_to = STR("Ban Tổ chức Tỉnh ủy");
    return gaps;
}

/* ---- The plan ---- */

static enum err set_head(struct ctx *cx, const struct document *upper_paper, const struct unit *unit,
                         const struct plan_gaps *gaps, struct plan_head *head)
{
    struct unit place = { .id = 0 };
    TRY(unit_find(cx, unit->place_id, &place));
    head->kind = gaps->kind;
    head->number = gaps->number;
    head->symbol = gaps->symbol.len > 0 ? gaps->symbol : symbol_of(&cx->arena, gaps->kind, unit);
    head->issuer = unit->full_name;
    head->place = place.name;
    head->date = gaps->issued_day == DAY_NONE ? STR("") : day_format_iso(&cx->arena, gaps->issued_day);
    head->title = gaps->title;
    head->signer_authority = gaps->signer_authority;
    head->signer_title = gaps->signer_title;
    head->signer_name = gaps->signer_name;
    head->references = ARENA_NEW(&cx->arena, struct plan_reference);
    head->references_len = 1;
    head->references[0] = (struct plan_reference){
        .number = document_cite(&cx->arena, upper_paper),
        .kind = upper_paper->kind,
        .date = upper_paper->issued_day == DAY_NONE ? STR("") : day_format_iso(&cx->arena, upper_paper->issued_day),
        .issuer = upper_paper->issuer_name,
        .relation = STR("carries_out"),
    };
    return OK;
}

static void set_schedule(struct arena *arena, const struct plan_gaps *gaps, struct plan_schedule *schedule)
{
    if (gaps->test_at != 0) {
        schedule->connection_tests_at = ARENA_NEW(arena, int64_t);
        schedule->connection_tests_at[0] = gaps->test_at;
        schedule->connection_tests_len = 1;
    }
    if (gaps->connect_at != 0)
        schedule->official_connection_at = gaps->connect_at;
    if (gaps->arrive_before_minutes > 0)
        schedule->arrive_before_minutes = gaps->arrive_before_minutes;
}

/* Whom the upper paper wants at the points of a level; its audience where it says no more. */
static struct plan_texts wanted_at(struct arena *arena, const struct plan *upper, enum plan_level level)
{
    struct plan_texts list = { ARENA_NEW_ARRAY(arena, struct str, upper->audiences_len + 1), 0 };
    for (size_t i = 0; i < upper->points_len; i++) {
        if (upper->points[i].level == level && upper->points[i].attendees.len > 0)
            return upper->points[i].attendees;
    }
    for (size_t i = 0; i < upper->audiences_len; i++)
        list.at[list.len++] = upper->audiences[i].text;
    return list;
}

static void set_points(struct arena *arena, const struct plan *upper, const struct unit *unit, const struct plan_gaps *gaps,
                       struct plan *plan)
{
    enum plan_level own = is_commune(unit) ? PLAN_COMMUNE : PLAN_PROVINCE;
    struct plan_texts attendees = lines_of(arena, gaps->attendees);
    plan->points = ARENA_NEW_ARRAY(arena, struct plan_point, 2);
    plan->points_len = 0;
    if (gaps->hall.len + attendees.len > 0)
        plan->points[plan->points_len++] = (struct plan_point){
            .level = own, .place = gaps->hall, .attendees = attendees.len > 0 ? attendees : wanted_at(arena, upper, own)
        };
    if (!is_commune(unit) && gaps->rooms_below.len > 0)
        plan->points[plan->points_len++] = (struct plan_point){
            .level = PLAN_COMMUNE, .place = gaps->rooms_below, .attendees = wanted_at(arena, upper, PLAN_COMMUNE)
        };
}

struct duties {
    struct plan_obligation at[8];
    size_t len;
};

static void order(struct duties *duties, struct str owner, struct plan_due due, const char *closes_by, struct str text)
{
    duties->at[duties->len++] = (struct plan_obligation){
        .text = text, .owner = owner, .due = due, .closes_by = str_from(closes_by), .owner_sort = STR(""), .head = STR(""),
        .recurring = STR(""), .place = STR("")
    };
}

static struct plan_due due_at(struct arena *arena, int64_t at, enum plan_relation relation)
{
    return (struct plan_due){ PLAN_DUE_DATETIME, str_sub(instant_format_iso(arena, at), 0, sizeof "2026-05-23T08:00" - 1),
                              relation };
}

/* The tasks every such paper sets those below, each with the deadline the form gave it. */
static void set_duties(struct arena *arena, const struct unit *unit, const struct plan_gaps *gaps, struct plan *plan)
{
    static const struct plan_due none = { PLAN_DUE_NONE, STR_INIT(""), PLAN_RELATION_NONE };
    struct duties duties = { .len = 0 };
    struct str below = is_commune(unit) ? unit->full_name : str_from(communes);
    struct str to = gaps->reports_to.len > 0 ? gaps->reports_to : unit->full_name;
    if (gaps->roster_day != DAY_NONE)
        order(&duties, STR("Các cơ quan, đơn vị"),
              (struct plan_due){ PLAN_DUE_DATE, day_format_iso(arena, gaps->roster_day), PLAN_BEFORE }, "roster_sent",
              str_format(arena, "Các cơ quan, đơn vị cử cán bộ dự lớp đúng thành phần, lập danh sách gửi " STR_FMT
                                " trước ngày " STR_FMT, STR_ARG(to), STR_ARG(day_format(arena, gaps->roster_day))));
    order(&duties, below, none, "",
          STR("Phân công chủ trì tại điểm cầu; thông báo cho cán bộ thuộc thành phần tham dự học tập đầy đủ, đúng thời gian"));
    if (gaps->count_at != 0)
        order(&duties, below, due_at(arena, gaps->count_at, PLAN_BEFORE), "points_reported",
              str_format(arena, "Báo cáo số lượng điểm cầu, học viên tham dự về " STR_FMT " trước " STR_FMT, STR_ARG(to),
                         STR_ARG(instant_format(arena, gaps->count_at))));
    if (gaps->test_at != 0)
        order(&duties, below, due_at(arena, gaps->test_at, PLAN_AT), "line_tested",
              str_format(arena, "Kết nối, kiểm tra hệ thống, đường truyền tại điểm cầu từ " STR_FMT,
                         STR_ARG(instant_format(arena, gaps->test_at))));
    if (plan->essay.required)
        order(&duties, to, none, "", STR("Tổng hợp kết quả thu hoạch của học viên, báo cáo cấp có thẩm quyền"));
    plan->obligations = ARENA_NEW_ARRAY(arena, struct plan_obligation, duties.len + 1);
    memcpy(plan->obligations, duties.at, duties.len * sizeof *duties.at);
    plan->obligations_len = duties.len;
}

/* Who pays for the lower level, in the upper paper's own words. */
static void set_budget(struct arena *arena, const struct plan *upper, const struct unit *unit, struct plan *plan)
{
    plan->budget = ARENA_NEW_ARRAY(arena, struct plan_budget, upper->budget_len + 1);
    plan->budget_len = 0;
    for (size_t i = 0; i < upper->budget_len; i++) {
        struct owner payer = owner_read(arena, upper->budget[i].payer);
        for (size_t k = 0; k < payer.len; k++) {
            if (payer.at[k].reach != OWNER_SORT || !str_eq(payer.at[k].sort, unit->sort))
                continue;
            plan->budget[plan->budget_len] = upper->budget[i];
            plan->budget[plan->budget_len++].payer = unit->full_name;
            break;
        }
    }
}

enum err plan_lower(struct ctx *cx, const struct plan *upper, const struct document *upper_paper, const struct unit *unit,
                    const struct plan_gaps *gaps, struct plan *ret_plan)
{
    struct arena *arena = &cx->arena;
    struct plan plan = { .schedule = upper->schedule, .topics = upper->topics, .topics_len = upper->topics_len };
    TRY(set_head(cx, upper_paper, unit, gaps, &plan.document));
    /* What the upper body holds at its own seat and by line is by line here. */
    plan.mode = str_eq(upper->mode, STR("hybrid")) ? STR("online") : upper->mode;
    plan.programmes = upper->programmes;
    plan.programmes_len = upper->programmes_len;
    plan.schedule.connection_tests_len = 0;
    set_schedule(arena, gaps, &plan.schedule);
    plan.online = upper->online;
    plan.online.system = gaps->system;
    plan.online.url = gaps->url;
    if (str_eq(gaps->kind, STR("ke_hoach"))) {
        plan.audiences = upper->audiences;
        plan.audiences_len = upper->audiences_len;
    }
    set_points(arena, upper, unit, gaps, &plan);
    TRY(read_quotas(cx, gaps->quotas, &plan));
    plan.essay.required = upper->essay.required;
    plan.essay.count = upper->essay.count;
    plan.essay.due = upper->essay.due;
    if (upper->essay.required)
        TRY(read_routes(cx, gaps->routes, &plan.essay));
    set_duties(arena, unit, gaps, &plan);
    set_budget(arena, upper, unit, &plan);
    read_contacts(arena, gaps->contacts, &plan);
    plan.recipients = lines_of(arena, gaps->recipients);
    *ret_plan = plan;
    return OK;
}
