#include "course/course_pages.h"

#include "account/account.h"
#include "account/session.h"
#include "course/course_inside.h"
#include "unit/unit.h"
#include "viet/viet.h"

static struct str mode_name(struct str mode)
{
    if (str_eq(mode, STR("in_person")))
        return STR("Trực tiếp");
    if (str_eq(mode, STR("online")))
        return STR("Trực tuyến");
    if (str_eq(mode, STR("hybrid")))
        return STR("Trực tiếp và trực tuyến");
    return STR("Do cơ quan tổ chức quyết định");
}

/* A date as coarse as the paper: "23/5/2026", "tháng 11/2025", "năm 2026". */
static struct str coarse_date(struct arena *arena, struct str text)
{
    int32_t first = 0;
    int32_t last = 0;
    if (!plan_date_range(text, &first, &last))
        return STR("");
    struct civil c = day_to_civil(first);
    if (first == last)
        return day_format(arena, first);
    if (text.len == 7 && text.at[5] == 'Q')
        return str_format(arena, "quý %.*s/%d", 1, text.at + 6, c.year);
    return text.len == 7 ? str_format(arena, "tháng %d/%d", c.month, c.year) : str_format(arena, "năm %d", c.year);
}

static struct str span_words(struct arena *arena, struct str start, struct str end)
{
    struct str from = coarse_date(arena, start);
    struct str to = coarse_date(arena, end);
    if (from.len == 0)
        return STR("Chưa nêu thời gian");
    if (to.len == 0 || str_eq(from, to))
        return from;
    return str_format(arena, "%s" STR_FMT " đến " STR_FMT, start.len == 10 ? "từ " : "", STR_ARG(from), STR_ARG(to));
}

static struct str day_span(struct arena *arena, int32_t start, int32_t end)
{
    if (start == DAY_NONE)
        return STR("Chưa xếp ngày");
    if (end == DAY_NONE || end == start)
        return day_format_long(arena, start);
    return str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(day_format(arena, start)), STR_ARG(day_format(arena, end)));
}

/* "200", "40 đến 45"; "" when not given. */
static struct str count_words(struct arena *arena, struct plan_count count)
{
    if (count.max == 0)
        return STR("");
    if (count.min == count.max)
        return viet_number(arena, count.max);
    return str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(viet_number(arena, count.min)),
                      STR_ARG(viet_number(arena, count.max)));
}

static struct str instant_words(struct arena *arena, int64_t at)
{
    if (at == 0)
        return STR("không nêu");
    return str_format(arena, STR_FMT " (" STR_FMT ")", STR_ARG(instant_format(arena, at)),
                      STR_ARG(day_weekday_name(day_from_instant(at))));
}

static struct course_row row_of(struct arena *arena, const struct course *c, int64_t now)
{
    struct course_row row = {
        .title = c->title.len > 0 ? viet_upper_first(arena, c->title) : c->source,
        .url = course_url(arena, c->id),
        .days = span_words(arena, c->start_text, c->end_text),
        .issuer = c->issuer_name,
        .source = c->source,
        .mode = mode_name(c->mode),
        .is_withdrawn = c->is_withdrawn,
    };
    int32_t today = day_from_instant(now);
    if (c->is_withdrawn)
        row.mark = page_mark(arena, MARK_NOT_OWED, STR("Đã thu hồi"));
    else if (c->start_day == DAY_NONE)
        row.mark = page_mark(arena, MARK_UNKNOWN, STR("Chưa xếp ngày"));
    else if (today < c->start_day)
        row.mark = page_mark(arena, MARK_DUE, str_format(arena, "Còn %d ngày", (int)(c->start_day - today)));
    else if (c->end_day == DAY_NONE || today <= c->end_day)
        row.mark = page_mark(arena, MARK_SOON, STR("Đang diễn ra"));
    else
        row.mark = page_mark(arena, MARK_DONE, STR("Đã kết thúc"));
    return row;
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table none = { NULL, 0, 0 };
    struct course_list list = { .len = 0 };
    struct course_list_view view = { .calendar_url = url_format(&cx->arena, "/lop/lich.ics") };
    TRY(course_list(cx, &list));
    view.rows = ARENA_NEW_ARRAY(&cx->arena, struct course_row, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        view.rows[view.len++] = row_of(&cx->arena, &list.at[i], cx->now);
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &none, NULL, &form);
    view.feed_form = page_button(&cx->arena, url_format(&cx->arena, "/lop/lich"), STR("Tạo địa chỉ lịch của đơn vị"), false,
                                 STR(""), form.csrf, form.fact_id);
    struct page page = { .title = STR("Các lớp bồi dưỡng"), .place = STR("lop"), .is_wide = true };
    struct html h = page_begin(&cx->arena);
    page_course_list(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- One class ---- */

static void add_hour(struct course_view *view, const char *name, struct str when)
{
    view->hours[view->hours_len++] = (struct hour_row){ str_from(name), when };
}

static void fill_hours(struct ctx *cx, struct course_view *view)
{
    struct arena *arena = &cx->arena;
    const struct course_whole *whole = view->whole;
    const struct course *c = &whole->course;
    view->hours = ARENA_NEW_ARRAY(arena, struct hour_row, whole->tests_len + 8);
    add_hour(view, "Thời gian", span_words(arena, c->start_text, c->end_text));
    for (size_t i = 0; i < whole->tests_len; i++)
        add_hour(view, "Kiểm tra đường truyền", instant_words(arena, whole->tests[i]));
    if (c->official_connection_at)
        add_hour(view, "Kết nối chính thức", instant_words(arena, c->official_connection_at));
    if (c->check_in_at)
        add_hour(view, "Đón tiếp", instant_words(arena, c->check_in_at));
    if (c->opening_at && c->arrive_before_minutes > 0)
        add_hour(view, "Có mặt",
                 str_format(arena, "trước khai giảng %lld phút, lúc " STR_FMT, (long long)c->arrive_before_minutes,
                            STR_ARG(instant_format(arena, c->opening_at - c->arrive_before_minutes * 60000))));
    if (c->opening_at)
        add_hour(view, "Khai giảng", instant_words(arena, c->opening_at));
    if (c->closing_at)
        add_hour(view, "Bế giảng", instant_words(arena, c->closing_at));
    if (c->online_system.len > 0 || c->online_url.len > 0)
        view->online = str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(c->online_system),
                                  c->online_system.len > 0 && c->online_url.len > 0 ? ", " : "", STR_ARG(c->online_url));
}

static struct str minutes_words(struct arena *arena, int minutes)
{
    return str_format(arena, "%d:%02d", minutes / 60, minutes % 60);
}

static void fill_days(struct ctx *cx, struct course_view *view)
{
    struct arena *arena = &cx->arena;
    const struct course_whole *whole = view->whole;
    view->days = ARENA_NEW_ARRAY(arena, struct day_row, whole->sessions_len + 1);
    for (size_t i = 0; i < whole->sessions_len; i++) {
        const struct course_session *s = &whole->sessions[i];
        struct day_row *row = &view->days[view->days_len++];
        row->day = day_format_long(arena, s->day);
        row->half = course_half_name(s->half);
        if (s->from_minute >= 0 && s->to_minute >= 0)
            row->hours = str_format(arena, STR_FMT " đến " STR_FMT, STR_ARG(minutes_words(arena, s->from_minute)),
                                    STR_ARG(minutes_words(arena, s->to_minute)));
        else if (s->from_minute >= 0)
            row->hours = str_format(arena, "từ " STR_FMT, STR_ARG(minutes_words(arena, s->from_minute)));
        else if (s->to_minute >= 0)
            row->hours = str_format(arena, "đến " STR_FMT, STR_ARG(minutes_words(arena, s->to_minute)));
        else
            row->hours = STR("văn bản chưa nêu giờ");
    }
}

static struct str programme_words(struct arena *arena, const struct course_whole *whole,
                                  const struct course_programme *programme)
{
    struct buf out;
    buf_init(&out, arena);
    buf_format(&out, "Dự kiến " STR_FMT " học viên, " STR_FMT " lớp", STR_ARG(count_words(arena, programme->learners)),
               STR_ARG(count_words(arena, programme->classes)));
    for (size_t i = 0; i < whole->venues_len; i++) {
        const struct course_venue *venue = &whole->venues[i];
        if (venue->programme == programme->number)
            buf_format(&out, "; %lld lớp tại " STR_FMT ", %lld đợt", (long long)venue->classes, STR_ARG(venue->place),
                       (long long)venue->batches);
    }
    return buf_str(&out);
}

static void fill_group(struct ctx *cx, const struct course_whole *whole, int64_t programme, struct topic_group *group)
{
    struct arena *arena = &cx->arena;
    group->rows = ARENA_NEW_ARRAY(arena, struct topic_row, whole->topics_len + 1);
    for (size_t i = 0; i < whole->topics_len; i++) {
        const struct course_topic *topic = &whole->topics[i];
        if (whole->programmes_len > 0 && topic->programme != programme)
            continue;
        bool is_numbered = topic->number > 0 && str_eq(topic->kind, STR("topic"));
        group->rows[group->len++] = (struct topic_row){
            .number = is_numbered ? str_format(arena, "Chuyên đề %lld:", (long long)topic->number) : STR(""),
            .title = topic->title,
            .speaker = topic->speaker,
            .minutes = topic->minutes ? str_format(arena, "%lld phút", (long long)topic->minutes) : STR(""),
            .url = topic->paragraph ? document_url_paragraph(arena, whole->course.id, topic->paragraph) :
                                      document_url(arena, whole->course.id),
        };
    }
}

static void fill_topics(struct ctx *cx, struct course_view *view)
{
    const struct course_whole *whole = view->whole;
    size_t groups = whole->programmes_len > 0 ? whole->programmes_len : whole->topics_len > 0;
    view->groups = ARENA_NEW_ARRAY(&cx->arena, struct topic_group, groups + 1);
    for (size_t i = 0; i < groups; i++) {
        struct topic_group *group = &view->groups[view->groups_len++];
        int64_t number = 0;
        if (whole->programmes_len > 0) {
            const struct course_programme *programme = &whole->programmes[i];
            number = programme->number;
            group->title = programme->title;
            group->words = programme_words(&cx->arena, whole, programme);
        }
        fill_group(cx, whole, number, group);
    }
}

static struct str level_words(struct str level)
{
    if (str_eq(level, STR("central")))
        return STR("Điểm cầu trung tâm");
    if (str_eq(level, STR("province")))
        return STR("Điểm cầu cấp tỉnh");
    if (str_eq(level, STR("commune")))
        return STR("Điểm cầu cấp xã");
    return STR("Địa điểm");
}

static void fill_points(struct ctx *cx, struct course_view *view)
{
    const struct course_whole *whole = view->whole;
    view->points = ARENA_NEW_ARRAY(&cx->arena, struct point_row, whole->points_len + 1);
    for (size_t i = 0; i < whole->points_len; i++) {
        const struct course_point *point = &whole->points[i];
        struct point_row *row = &view->points[view->points_len++];
        *row = (struct point_row){ .level = level_words(point->level), .place = point->place, .chair = point->chair };
        row->learners = ARENA_NEW_ARRAY(&cx->arena, struct str, whole->attendees_len + 1);
        row->guests = ARENA_NEW_ARRAY(&cx->arena, struct str, whole->attendees_len + 1);
        for (size_t j = 0; j < whole->attendees_len; j++) {
            const struct course_attendee *attendee = &whole->attendees[j];
            if (attendee->point != point->ordinal)
                continue;
            if (attendee->is_guest)
                row->guests[row->guests_len++] = attendee->text;
            else
                row->learners[row->learners_len++] = attendee->text;
        }
    }
}

static void fill_quotas(struct ctx *cx, struct course_view *view)
{
    struct arena *arena = &cx->arena;
    const struct course_whole *whole = view->whole;
    int64_t seats = 0;
    view->quotas = ARENA_NEW_ARRAY(arena, struct str, whole->quotas_len + 1);
    for (size_t i = 0; i < whole->quotas_len; i++) {
        const struct course_quota *quota = &whole->quotas[i];
        const char *bound = str_eq(quota->bound, STR("max")) ? "tối đa " : str_eq(quota->bound, STR("min")) ? "ít nhất " : "";
        if (!quota->is_each)
            seats += quota->count.max;
        view->quotas[view->quotas_len++] =
            quota->count.max == 0 ?
                str_format(arena, STR_FMT ": toàn thể", STR_ARG(quota->unit_text)) :
                str_format(arena, STR_FMT ": %s%s" STR_FMT " đồng chí", STR_ARG(quota->unit_text),
                           quota->is_each ? "mỗi đơn vị " : "", bound, STR_ARG(count_words(arena, quota->count)));
    }
    view->quotas_total = str_format(arena, "Tổng số %lld chỗ theo chỉ tiêu ghi số.", (long long)seats);
}

static struct str duration_words(struct arena *arena, struct str duration)
{
    struct str rest = duration;
    struct buf out;
    buf_init(&out, arena);
    while (rest.len > 0) {
        struct str one = str_cut(&rest, '/');
        if (one.len < 3)
            break;
        char unit = one.at[one.len - 1];
        struct str count = str_sub(one, 1, one.len - 2);
        const char *name = unit == 'M' ? "tháng" : unit == 'W' ? "tuần" : unit == 'Y' ? "năm" : "ngày";
        buf_format(&out, "%s" STR_FMT " %s", out.len > 0 ? " đến " : "", STR_ARG(count), name);
    }
    return buf_str(&out);
}

static void fill_phases(struct ctx *cx, struct course_view *view)
{
    struct arena *arena = &cx->arena;
    const struct course_whole *whole = view->whole;
    view->phases = ARENA_NEW_ARRAY(arena, struct phase_row, whole->phases_len + 1);
    for (size_t i = 0; i < whole->phases_len; i++) {
        const struct course_phase *phase = &whole->phases[i];
        struct phase_row *row = &view->phases[view->phases_len++];
        row->title = str_format(arena, STR_FMT " (" STR_FMT ")", STR_ARG(phase->name),
                                STR_ARG(span_words(arena, phase->from, phase->to)));
        row->items = ARENA_NEW_ARRAY(arena, struct str, whole->phase_items_len + 1);
        for (size_t j = 0; j < whole->phase_items_len; j++) {
            const struct course_phase_item *item = &whole->phase_items[j];
            struct str duration = duration_words(arena, item->duration);
            if (item->phase == phase->ordinal)
                row->items[row->len++] = duration.len > 0 ? str_format(arena, STR_FMT " (thời lượng: " STR_FMT ")",
                                                                       STR_ARG(item->text), STR_ARG(duration)) :
                                                            item->text;
        }
    }
}

static void fill_runs(struct ctx *cx, struct course_view *view)
{
    const struct course_whole *whole = view->whole;
    view->runs = ARENA_NEW_ARRAY(&cx->arena, struct run_row, whole->runs_len + 1);
    for (size_t i = 0; i < whole->runs_len; i++) {
        const struct course_run *run = &whole->runs[i];
        view->runs[view->runs_len++] = (struct run_row){ run->label, day_span(&cx->arena, run->start_day, run->end_day),
                                                         run->place, count_words(&cx->arena, run->learners) };
    }
}

/* ---- Side by side with the upper class ---- */

static void compare(struct course_view *view, const char *name, struct str upper, struct str own)
{
    view->compare[view->compare_len++] = (struct compare_row){ str_from(name), upper, own, !str_eq(upper, own) };
}

static struct str places_of(struct arena *arena, const struct course_whole *whole, const char *level)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < whole->points_len; i++) {
        if (!str_eq(whole->points[i].level, str_from(level)))
            continue;
        buf_format(&out, "%s" STR_FMT, out.len > 0 ? "; " : "", STR_ARG(whole->points[i].place));
    }
    return out.len > 0 ? buf_str(&out) : STR("không nêu");
}

static struct str first_test(struct arena *arena, const struct course_whole *whole)
{
    return whole->tests_len > 0 ? instant_words(arena, whole->tests[0]) : STR("không nêu");
}

static struct str arrival(struct arena *arena, const struct course *c)
{
    return c->arrive_before_minutes > 0 ? str_format(arena, "trước %lld phút", (long long)c->arrive_before_minutes) :
                                          STR("không nêu");
}

static enum err fill_compare(struct ctx *cx, struct course_view *view)
{
    enum { COMPARED = 12 };
    struct arena *arena = &cx->arena;
    struct course upper = { .id = 0 };
    struct course_whole above = { .tests_len = 0 };
    const struct course_whole *own = view->whole;
    enum err err = course_get_upper(cx, own->course.id, &upper);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    TRY(course_get_whole(cx, upper.id, &above));
    view->compare = ARENA_NEW_ARRAY(arena, struct compare_row, COMPARED);
    view->upper_name = upper.issuer_name;
    view->own_name = own->course.issuer_name;
    view->upper_url = course_url(arena, upper.id);
    compare(view, "Thời gian", span_words(arena, upper.start_text, upper.end_text),
            span_words(arena, own->course.start_text, own->course.end_text));
    compare(view, "Khai giảng", instant_words(arena, upper.opening_at), instant_words(arena, own->course.opening_at));
    compare(view, "Bế giảng", instant_words(arena, upper.closing_at), instant_words(arena, own->course.closing_at));
    compare(view, "Có mặt", arrival(arena, &upper), arrival(arena, &own->course));
    compare(view, "Kiểm tra đường truyền", first_test(arena, &above), first_test(arena, own));
    compare(view, "Kết nối chính thức", instant_words(arena, upper.official_connection_at),
            instant_words(arena, own->course.official_connection_at));
    compare(view, "Điểm cầu cấp tỉnh", places_of(arena, &above, "province"), places_of(arena, own, "province"));
    compare(view, "Điểm cầu cấp xã", places_of(arena, &above, "commune"), places_of(arena, own, "commune"));
    compare(view, "Số chuyên đề", str_format(arena, "%zu", above.topics_len), str_format(arena, "%zu", own->topics_len));
    return OK;
}

static enum err fill_lower(struct ctx *cx, struct course_view *view)
{
    struct course_list lower = { .len = 0 };
    TRY(course_list_lower(cx, view->whole->course.id, &lower));
    view->lower = ARENA_NEW_ARRAY(&cx->arena, struct course_row, lower.len + 1);
    for (size_t i = 0; i < lower.len; i++)
        view->lower[view->lower_len++] = row_of(&cx->arena, &lower.at[i], cx->now);
    return OK;
}

static enum err fill_blocks(struct ctx *cx, struct course_view *view)
{
    size_t len = 0;
    const course_block *blocks = course_blocks(&len);
    view->blocks = ARENA_NEW_ARRAY(&cx->arena, struct safe_html, len + 1);
    for (size_t i = 0; i < len; i++) {
        struct safe_html block = { .markup = { NULL, 0 } };
        TRY(blocks[i](cx, &view->whole->course, &block));
        if (block.markup.len > 0)
            view->blocks[view->blocks_len++] = block;
    }
    return OK;
}

static enum err show_course(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct course_whole whole = { .tests_len = 0 };
    struct document document = { .id = 0 };
    struct course_view *view = ARENA_NEW(&cx->arena, struct course_view);
    TRY(request_id(cx, req, 0, &id));
    TRY(course_get_whole(cx, id, &whole));
    TRY(document_find(cx, id, &document));
    view->whole = &whole;
    view->mode = mode_name(whole.course.mode);
    view->paper = document_title(&cx->arena, &document);
    view->paper_url = document_url(&cx->arena, id);
    view->calendar_url = url_format(&cx->arena, "/lop/%lld/lich.ics", (long long)id);
    if (whole.course.is_withdrawn)
        view->withdrawn = str_format(&cx->arena, "Lớp không còn hiệu lực. " STR_FMT, STR_ARG(whole.course.state_reason));
    else if (whole.course.sequence > 0)
        view->changed = str_format(&cx->arena, "Lớp đã được văn bản sau sửa đổi lúc " STR_FMT ".",
                                   STR_ARG(instant_format(&cx->arena, whole.course.changed_at)));
    fill_hours(cx, view);
    fill_days(cx, view);
    fill_topics(cx, view);
    fill_points(cx, view);
    fill_quotas(cx, view);
    fill_phases(cx, view);
    fill_runs(cx, view);
    TRY(fill_compare(cx, view));
    TRY(fill_lower(cx, view));
    TRY(fill_blocks(cx, view));
    struct page page = { .title = viet_upper_first(&cx->arena, whole.course.title), .place = STR("lop"),
                         .crumb = STR("Các lớp bồi dưỡng"), .source = view->paper };
    page.crumb_url = url_format(&cx->arena, "/lop");
    struct html h = page_begin(&cx->arena);
    page_course(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Calendars ---- */

static void answer_calendar(struct ctx *cx, struct response *res, struct str name, const struct course_whole *courses,
                            size_t len)
{
    response_file(res, STR("lich-lop.ics"), STR("text/calendar; charset=utf-8"),
                  course_calendar(&cx->arena, name, courses, len, cx->now));
}

static enum err show_course_calendar(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct course_whole whole = { .tests_len = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(course_get_whole(cx, id, &whole));
    answer_calendar(cx, res, whole.course.title, &whole, 1);
    return OK;
}

static enum err answer_unit_calendar(struct ctx *cx, struct response *res, int64_t unit_id)
{
    enum { CALENDAR_MAX = 60 };
    struct unit unit = { .id = 0 };
    struct course_list list = { .len = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    TRY(course_list_of_unit(cx, unit_id, &list));
    size_t len = list.len < CALENDAR_MAX ? list.len : CALENDAR_MAX;
    struct course_whole *courses = ARENA_NEW_ARRAY(&cx->arena, struct course_whole, len + 1);
    for (size_t i = 0; i < len; i++)
        TRY(course_find_whole(cx, list.at[i].id, &courses[i]));
    answer_calendar(cx, res, str_format(&cx->arena, "Lịch lớp - " STR_FMT, STR_ARG(unit.full_name)), courses, len);
    return OK;
}

static enum err show_own_calendar(struct ctx *cx, struct request *req, struct response *res)
{
    (void)req;
    return answer_unit_calendar(cx, res, cx->actor->unit_id);
}

/* A calendar program keeps no cookies: the address itself is the key, and it opens this unit's calendar only. */
static enum err show_feed(struct ctx *cx, struct request *req, struct response *res)
{
    struct identity identity = { .ends_at = 0 };
    struct str token = req->params[0];
    if (str_ends(token, STR(".ics")))
        token.len -= 4;
    enum err err = session_find_link(cx, req->app, token, &identity);
    bool may = (identity.permissions >> PERMISSION_COURSE_READ & 1) != 0;
    if (err != OK || identity.subject_id != identity.unit_id || !may)
        return fail(cx, ERR_NOT_FOUND, "Địa chỉ lịch này không còn dùng được; xin tạo địa chỉ mới ở trang Lớp");
    return answer_unit_calendar(cx, res, identity.unit_id);
}

static enum err post_feed(struct ctx *cx, struct request *req, struct response *res)
{
    enum { FEED_DAYS = 400 };
    struct str token = STR("");
    struct account_link link = {
        .unit_id = cx->actor->unit_id,
        .subject_id = cx->actor->unit_id,
        .permissions = UINT64_C(1) << PERMISSION_COURSE_READ,
        .name = str_format(&cx->arena, "Lịch lớp của " STR_FMT, STR_ARG(cx->actor->unit_name)),
        .path = STR("/lop"),
        .expires_at = cx->now + (int64_t)FEED_DAYS * DAY_MS,
    };
    TRY(account_make_link(cx, &link, &token, NULL));
    response_redirect(cx, res, url_format(&cx->arena, "/lop"),
                      "Địa chỉ lịch của đơn vị (chỉ hiện một lần): http%s://" STR_FMT "/lich/" STR_FMT ".ics",
                      req->is_tls ? "s" : "", STR_ARG(req->host), STR_ARG(token));
    return OK;
}

static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/lop"), PERMISSION_COURSE_READ, show_list, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/lich.ics"), PERMISSION_COURSE_READ, show_own_calendar, NO_FORM },
    { METHOD_POST, STR_INIT("/lop/lich"), PERMISSION_COURSE_READ, post_feed, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}"), PERMISSION_COURSE_READ, show_course, NO_FORM },
    { METHOD_GET, STR_INIT("/lop/{id}/lich.ics"), PERMISSION_COURSE_READ, show_course_calendar, NO_FORM },
    { METHOD_GET, STR_INIT("/lich/{token}"), PERMISSION_PUBLIC, show_feed, NO_FORM },
};
const struct route_table course_routes = { routes, LEN(routes) };
