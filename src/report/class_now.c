#include "report/class_now.h"

#include "obligation/obligation.h"
#include "report/class_day_pages.h"
#include "report/report.h"
#include "roll/roll.h"
#include "unit/unit.h"
#include "viet/viet.h"

static struct str moment_words(struct ctx *cx, const struct class_day *day)
{
    for (size_t i = 0; i < day->sessions_len; i++) {
        const struct course_session *session = &day->sessions[i];
        if (course_session_key(session->day, session->half) != day->session_key)
            continue;
        struct str name = class_day_session_name(&cx->arena, session);
        int64_t start = class_day_session_start(session);
        int64_t end = class_day_session_end(session);
        if (cx->now < start)
            return str_format(&cx->arena, STR_FMT " bắt đầu lúc " STR_FMT " (" STR_FMT ")", STR_ARG(name),
                              STR_ARG(instant_format(&cx->arena, start)), STR_ARG(instant_format_left(&cx->arena, start, cx->now)));
        return str_format(&cx->arena, cx->now <= end ? STR_FMT " đang học, đến " STR_FMT : STR_FMT " đã xong lúc " STR_FMT,
                          STR_ARG(name), STR_ARG(instant_format_time(&cx->arena, end)));
    }
    return STR("");
}

static void add_action(struct class_now_point *shown, struct str label, struct url url, bool is_main)
{
    if (shown->actions_len < CLASS_NOW_ACTIONS_MAX)
        shown->actions[shown->actions_len++] = (struct class_now_action){ label, url, is_main };
}

static struct safe_html line_mark(struct ctx *cx, const struct point *point)
{
    switch (point->test_state) {
    case POINT_PASSED:
        return page_mark(&cx->arena, MARK_DONE, STR("Đường truyền đạt"));
    case POINT_FAILED:
        return page_mark(&cx->arena, MARK_LATE, STR("Đường truyền không đạt"));
    case POINT_UNTESTED:
        break;
    }
    return page_mark(&cx->arena, MARK_DUE, STR("Chưa kiểm tra đường truyền"));
}

static struct safe_html roll_mark(struct ctx *cx, const struct roll_sheet *sheet)
{
    const struct roll_figures *f = &sheet->figures;
    if (f->expected == 0)
        return page_mark(&cx->arena, MARK_NOT_OWED, STR("Chưa có học viên trong danh sách"));
    struct str words = str_format(&cx->arena, "%lld/%lld có mặt%s", (long long)f->present, (long long)f->expected,
                                  sheet->is_closed ? ", đã kết thúc" : "");
    return page_mark(&cx->arena, sheet->is_closed ? MARK_DONE : f->unmarked > 0 ? MARK_SOON : MARK_DUE, words);
}

/* The one thing to do now comes first: who calls the roll calls it, who tests the line tests it. */
static enum err fill_point(struct ctx *cx, const struct class_day *day, const struct point *point, struct class_now_point *shown)
{
    bool has_doors_open = false;
    for (size_t i = 0; i < day->sessions_len; i++)
        has_doors_open = has_doors_open || class_day_session_start(&day->sessions[i]) - 3600000 <= cx->now;
    *shown = (struct class_now_point){ .name = point->name, .room = point->room, .url = point_url(&cx->arena, point->id),
                                       .line_mark = line_mark(cx, point) };
    if (day->session_key && actor_may(cx->actor, PERMISSION_ROLL_READ)) {
        struct roll_sheet sheet = { .len = 0 };
        TRY(roll_get_sheet(cx, point->id, day->session_key, &sheet));
        shown->roll_mark = roll_mark(cx, &sheet);
        bool may_mark = actor_may(cx->actor, PERMISSION_ROLL_MARK) && !sheet.is_closed;
        bool may_close = actor_may(cx->actor, PERMISSION_ROLL_CLOSE) && !sheet.is_closed;
        add_action(shown, may_mark ? STR("Điểm danh") : may_close ? STR("Xem và kết thúc điểm danh") : STR("Xem điểm danh"),
                   roll_url(&cx->arena, point->id, day->session_key), has_doors_open && (may_mark || may_close));
    }
    if (actor_may(cx->actor, PERMISSION_POINT_TEST) && point->test_state != POINT_PASSED)
        add_action(shown, STR("Kiểm tra đường truyền"), url_format(&cx->arena, "/diem-cau/%lld/kiem-tra", (long long)point->id), !has_doors_open || shown->actions_len == 0);
    else if (actor_may(cx->actor, PERMISSION_POINT_TEST))
        add_action(shown, STR("Ghi sự cố"), shown->url, false);
    if (actor_may(cx->actor, PERMISSION_POINT_WRITE) && !point->is_described)
        add_action(shown, STR("Khai báo điểm cầu"), shown->url, false);
    return OK;
}

static enum err fill_class(struct ctx *cx, const struct class_day *day, const struct point_list *points,
                           struct class_now_class *one)
{
    enum unit_kind place_kind = UNIT_COMMUNE;
    (void)unit_kind_parse(day->unit_kind, &place_kind);
    *one = (struct class_now_class){ .title = viet_upper_first(&cx->arena, day->course.title), .source = day->course.source,
                                     .url = course_url(&cx->arena, day->course.id), .moment = moment_words(cx, day) };
    one->leads_area = !unit_kind_is_commune(place_kind);
    if (actor_may(cx->actor, PERMISSION_REPORT_READ))
        one->board_url = url_format(&cx->arena, "/lop/%lld/ngay-hoc", (long long)day->course.id);
    one->points = ARENA_NEW_ARRAY(&cx->arena, struct class_now_point, points->len + 1);
    for (size_t i = 0; i < points->len && one->points_len < CLASS_NOW_POINTS_MAX; i++)
        if (!points->at[i].is_closed)
            TRY(fill_point(cx, day, &points->at[i], &one->points[one->points_len++]));
    return OK;
}

/* From the day before (the line test, the report of points) to the last day; for a page of its own whatever comes. */
static bool is_near(const struct ctx *cx, const struct course *course, bool is_page)
{
    int32_t today = day_from_instant(cx->now);
    if (course->is_withdrawn || course->start_day == DAY_NONE || course->end_day == DAY_NONE)
        return false;
    return today <= course->end_day && (is_page || today >= course->start_day - 1);
}

/* A seat may reach a body alone; the class's day is of the place it works for. Several papers speak of one class once. */
enum err class_now_read(struct ctx *cx, bool is_page, struct class_now_view *ret_view)
{
    struct unit own = { .id = 0 };
    struct course_list courses = { .len = 0 };
    int64_t roots[CLASS_NOW_CLASSES_MAX] = { 0 };
    ret_view->at = ARENA_NEW_ARRAY(&cx->arena, struct class_now_class, CLASS_NOW_CLASSES_MAX);
    if (!actor_may(cx->actor, PERMISSION_POINT_READ) || cx->actor->unit_id == 0)
        return OK;
    TRY(unit_find(cx, cx->actor->unit_id, &own));
    TRY(course_list(cx, &courses));
    for (size_t i = 0; i < courses.len && ret_view->len < CLASS_NOW_CLASSES_MAX; i++) {
        struct class_day day = { .course = courses.at[i] };
        struct point_list points = { .len = 0 };
        if (!is_near(cx, &day.course, is_page))
            continue;
        TRY(course_find_root(cx, day.course.id, &day.root_id));
        bool is_known = false;
        for (size_t k = 0; k < ret_view->len; k++)
            is_known = is_known || roots[k] == day.root_id;
        if (is_known)
            continue;
        TRY(point_list_of_area(cx, day.root_id, own.place_id, &points));
        if (points.len == 0)
            continue;
        TRY(course_find_for_unit(cx, day.root_id, own.path, &day.course));
        TRY(class_day_open_place(cx, own.place_id, &day));
        roots[ret_view->len] = day.root_id;
        TRY(fill_class(cx, &day, &points, &ret_view->at[ret_view->len++]));
    }
    return OK;
}

enum err class_now_block(struct ctx *cx, struct safe_html *ret_block)
{
    struct class_now_view view = { .is_block = true };
    TRY(class_now_read(cx, false, &view));
    if (view.len == 0)
        return OK;
    struct html h = page_begin(&cx->arena);
    page_class_now(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

enum err class_now_show(struct ctx *cx, struct request *req, struct response *res)
{
    struct class_now_view view = { .is_block = false };
    TRY(class_now_read(cx, true, &view));
    struct page page = { .title = STR("Ngày học"), .place = STR("hom-nay"), .unit_name = cx->actor->unit_name };
    struct html h = page_begin(&cx->arena);
    page_class_now(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err class_now_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block)
{
    int64_t root_id = 0;
    bool has_points = false;
    if (!actor_may(cx->actor, PERMISSION_REPORT_READ))
        return OK;
    TRY(course_find_root(cx, course->id, &root_id));
    TRY(point_class_has_points(cx, root_id, &has_points));
    if (!has_points)
        return OK;
    int64_t unit_id = 0;
    if (class_day_own_area(cx, &unit_id) != OK) {
        cx->fault.code = OK; /* a seat of one body: it has no board */
        return OK;
    }
    struct html h = page_begin(&cx->arena);
    page_class_course_block(&h, url_format(&cx->arena, "/lop/%lld/ngay-hoc", (long long)course->id),
                            url_format(&cx->arena, "/lop/%lld/ngay-hoc/%lld/bao-cao", (long long)course->id, (long long)unit_id));
    *ret_block = page_end(&h);
    return OK;
}

void report_start(void)
{
    course_register_block(class_now_course_block);
    today_register_block(class_now_block);
}
