#include "report/class_day_report.h"

#include "http/http.h"
#include "roll/roll.h"
#include "store/db.h"
#include "unit/unit.h"

struct str class_day_incident_kind(struct str kind)
{
    static const struct {
        struct str stored, shown;
    } kinds[] = { { STR_INIT("line"), STR_INIT("Đường truyền") }, { STR_INIT("power"), STR_INIT("Nguồn điện") },
                  { STR_INIT("sound"), STR_INIT("Âm thanh") },     { STR_INIT("picture"), STR_INIT("Hình ảnh") } };
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(kinds[i].stored, kind))
            return kinds[i].shown;
    return STR("Khác");
}

/* The day of the class nearest to now: today when the class is on, else the last before it, else the first. */
static int32_t choose_date(const struct ctx *cx, const struct class_day *day)
{
    int32_t today = day_from_instant(cx->now);
    int32_t chosen = DAY_NONE;
    for (size_t i = 0; i < day->sessions_len; i++)
        if (chosen == DAY_NONE || day->sessions[i].day <= today)
            chosen = day->sessions[i].day;
    return chosen == DAY_NONE ? today : chosen;
}

/* By the mark that stands: of those away, with the reason that the officer gave. */
static enum err read_reasons(struct ctx *cx, const struct class_day *day, struct class_day_half *half)
{
    SQL(count_reasons,
        "SELECT m.reason, l.mark, COUNT(*) FROM point p JOIN roll_line l ON l.point_id = p.id AND l.session_key = $4"
        " JOIN roll_mark m ON m.learner_id = l.learner_id AND m.session_key = l.session_key AND m.id = l.winner"
        " WHERE p.root_id = $1 AND p.path >= $2 AND p.path < $3 AND l.mark IN ('excused', 'absent')"
        " GROUP BY m.reason, l.mark ORDER BY COUNT(*) DESC, m.reason, l.mark LIMIT $5");
    struct scope area = unit_scope(&cx->arena, day->unit_path);
    half->reasons = ARENA_NEW_ARRAY(&cx->arena, struct class_day_reason, CLASS_DAY_REASONS_MAX);
    struct rows rows = db_rows(cx, &count_reasons,
                               BIND(V(day->root_id), V(area.path_lo), V(area.path_hi), V(day->session_key),
                                    V((int64_t)CLASS_DAY_REASONS_MAX)));
    while (half->reasons_len < CLASS_DAY_REASONS_MAX && rows_next(&rows)) {
        struct class_day_reason *reason = &half->reasons[half->reasons_len++];
        reason->reason = rows_str(&rows);
        struct str mark = rows_str(&rows);
        reason->heads = rows_i64(&rows);
        if (reason->reason.len == 0)
            reason->reason = str_eq(mark, STR("excused")) ? STR("có lý do, không ghi rõ") : STR("không có lý do");
    }
    return rows_end(&rows);
}

static enum err read_halves(struct ctx *cx, struct class_day_report *report)
{
    for (size_t i = 0; i < report->day.sessions_len && report->halves_len < CLASS_DAY_HALVES; i++) {
        const struct course_session *session = &report->day.sessions[i];
        if (session->day != report->date)
            continue;
        struct class_day_half *half = &report->halves[report->halves_len++];
        struct class_day day = report->day;
        day.session_key = course_session_key(session->day, session->half);
        TRY(class_day_read(cx, &day, CLASS_DAY_FIGURES));
        half->session = *session;
        half->name = class_day_session_name(&cx->arena, session);
        half->has_begun = class_day_session_start(session) <= cx->now;
        half->total = day.total;
        half->rows = day.rows;
        half->rows_len = day.rows_len;
        TRY(read_reasons(cx, &day, half));
    }
    return OK;
}

static void sum_utilities(struct class_day_report *report)
{
    const struct class_day_utility names[CLASS_DAY_UTILITIES] = {
        { .utility = STR("telecom"), .name = STR("Doanh nghiệp viễn thông") },
        { .utility = STR("power"), .name = STR("Đơn vị điện lực") },
        { .utility = STR(""), .name = STR("Tại điểm cầu") },
    };
    for (size_t i = 0; i < CLASS_DAY_UTILITIES; i++)
        report->utilities[i] = names[i];
    for (size_t i = 0; i < report->incidents.len; i++) {
        const struct point_incident *incident = &report->incidents.at[i];
        size_t at = 0;
        while (at < CLASS_DAY_UTILITIES - 1 && !str_eq(names[at].utility, incident->utility))
            at++;
        report->utilities[at].incidents++;
        report->utilities[at].open += incident->to_at == 0;
        report->utilities[at].minutes += incident->minutes_lost;
    }
}

static enum err read_incidents(struct ctx *cx, struct class_day_report *report)
{
    struct point_incidents all = { .len = 0 };
    TRY(point_list_incidents(cx, report->day.root_id, 0, report->day.unit_id, false, &all));
    report->incidents.at = ARENA_NEW_ARRAY(&cx->arena, struct point_incident, all.len + 1);
    for (size_t i = all.len; i-- > 0;) /* newest first becomes the order of the day */
        if (day_from_instant(all.at[i].from_at) == report->date)
            report->incidents.at[report->incidents.len++] = all.at[i];
    sum_utilities(report);
    return OK;
}

/* The lines come province by province. */
static struct str join_names(struct ctx *cx, const struct class_day_lines *lines, bool is_nation)
{
    struct buf names;
    struct str province = STR("");
    buf_init(&names, &cx->arena);
    for (size_t i = 0; i < lines->len; i++) {
        const struct class_day_line *line = &lines->at[i];
        bool is_new = is_nation && !str_eq(line->province, province);
        if (i > 0)
            buf_put(&names, is_nation && !is_new ? STR(", ") : STR("; "));
        if (is_new)
            buf_format(&names, STR_FMT ": ", STR_ARG(line->province));
        province = line->province;
        buf_put(&names, line->name);
    }
    if (lines->is_cut)
        buf_put(&names, STR("; và các nơi khác trong danh sách của bảng ngày học"));
    return buf_str(&names);
}

static enum err read_silents(struct ctx *cx, struct class_day_report *report)
{
    static const enum class_day_figure kinds[CLASS_DAY_SILENT_KINDS] = { CLASS_DAY_REPORT, CLASS_DAY_LINE, CLASS_DAY_ROSTER,
                                                                         CLASS_DAY_CALLED };
    static const struct str names[CLASS_DAY_SILENT_KINDS] = { STR_INIT("Chưa báo cáo số lượng"),
                                                              STR_INIT("Đường truyền chưa đạt hoặc chưa kiểm tra"),
                                                              STR_INIT("Chưa gửi danh sách"),
                                                              STR_INIT("Chưa kết thúc điểm danh") };
    bool is_nation = str_eq(report->day.unit_kind, STR("nation"));
    for (size_t i = 0; i < CLASS_DAY_SILENT_KINDS; i++) {
        struct class_day_silent *silent = &report->silents[i];
        *silent = (struct class_day_silent){ .figure = kinds[i], .name = names[i] };
        if (kinds[i] != CLASS_DAY_CALLED) {
            TRY(class_day_list(cx, &report->day, kinds[i], CLASS_DAY_SILENT_MAX, &silent->lines));
            silent->names = join_names(cx, &silent->lines, is_nation);
            continue;
        }
        /* Of the last half-day that is over; while none is, nobody is late with it. */
        for (size_t k = report->halves_len; k-- > 0;) {
            struct class_day day = report->day;
            day.session_key = course_session_key(report->halves[k].session.day, report->halves[k].session.half);
            if (class_day_session_end(&report->halves[k].session) > cx->now)
                continue;
            silent->name = str_format(&cx->arena, "Chưa kết thúc điểm danh " STR_FMT, STR_ARG(report->halves[k].name));
            TRY(class_day_list(cx, &day, kinds[i], CLASS_DAY_SILENT_MAX, &silent->lines));
            silent->names = join_names(cx, &silent->lines, is_nation);
            break;
        }
    }
    return OK;
}

enum err class_day_report(struct ctx *cx, int64_t course_id, int64_t unit_id, int32_t date, struct class_day_report *ret_report)
{
    struct class_day_report report = { .date = date };
    TRY(class_day_open(cx, course_id, unit_id, 0, &report.day));
    if (date == DAY_NONE)
        report.date = choose_date(cx, &report.day);
    TRY(class_day_read(cx, &report.day, CLASS_DAY_FIGURES));
    TRY(read_halves(cx, &report));
    TRY(read_incidents(cx, &report));
    TRY(read_silents(cx, &report));
    *ret_report = report;
    return OK;
}

const struct class_day_numbers *class_day_half_numbers(const struct class_day_half *half, struct str code)
{
    static const struct class_day_numbers nothing;
    for (size_t i = 0; i < half->rows_len; i++)
        if (str_eq(half->rows[i].code, code))
            return &half->rows[i].numbers;
    return &nothing;
}

/* ---- for a terminal and for programs ---- */

static void put_json_half(struct buf *out, const struct class_day_half *half)
{
    buf_put(out, STR("{\"buoi\":"));
    json_put_str(out, half->name);
    buf_format(out, ",\"hoc_vien\":%lld,\"co_mat\":%lld,\"muon\":%lld,\"co_ly_do\":%lld,\"vang\":%lld,\"chua_diem_danh\":%lld,"
                    "\"ngoai_danh_sach\":%lld,\"dem_dau_nguoi\":%lld,\"diem_cau_xong\":%lld,\"ly_do\":[",
               (long long)class_day_expected(&half->total), (long long)class_day_seated(&half->total),
               (long long)half->total.roll_late, (long long)half->total.roll_excused, (long long)half->total.roll_absent,
               (long long)class_day_unmarked(&half->total), (long long)half->total.roll_walk_in,
               (long long)half->total.roll_head_count, (long long)half->total.roll_closed);
    for (size_t i = 0; i < half->reasons_len; i++) {
        buf_put(out, i ? STR(",[") : STR("["));
        json_put_str(out, half->reasons[i].reason);
        buf_format(out, ",%lld]", (long long)half->reasons[i].heads);
    }
    buf_put(out, STR("]}"));
}

static void put_json_report(struct buf *out, struct arena *arena, const struct class_day_report *report)
{
    const struct class_day_numbers *n = &report->day.total;
    buf_put(out, STR("{\"don_vi\":"));
    json_put_str(out, report->day.unit_name);
    buf_put(out, STR(",\"ngay\":"));
    json_put_str(out, day_format_iso(arena, report->date));
    buf_format(out, ",\"diem_cau\":%lld,\"khai_bao\":%lld,\"dat\":%lld,\"khong_dat\":%lld,\"bao_cao\":[%lld,%lld,%lld,%lld],"
                    "\"danh_sach\":[%lld,%lld],\"hoc_vien\":%lld,\"su_co\":[%lld,%lld,%lld],\"buoi\":[",
               (long long)class_day_points(n), (long long)n->point_described, (long long)n->test_passed,
               (long long)n->test_failed, (long long)n->report_sent, (long long)n->report_total,
               (long long)n->report_points, (long long)n->report_heads, (long long)n->roster_sent,
               (long long)n->roster_total, (long long)n->learner_named, (long long)n->incident_total,
               (long long)n->incident_open, (long long)n->incident_minutes);
    for (size_t i = 0; i < report->halves_len; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        put_json_half(out, &report->halves[i]);
    }
    buf_put(out, STR("]}\n"));
}

static void put_half(struct buf *out, const struct class_day_half *half)
{
    buf_format(out, "  " STR_FMT ": có mặt %lld/%lld (muộn %lld), vắng có lý do %lld, vắng %lld, chưa điểm danh %lld; "
                    "%lld điểm cầu xong điểm danh\n",
               STR_ARG(half->name), (long long)class_day_seated(&half->total), (long long)class_day_expected(&half->total),
               (long long)half->total.roll_late, (long long)half->total.roll_excused, (long long)half->total.roll_absent,
               (long long)class_day_unmarked(&half->total), (long long)half->total.roll_closed);
}

enum err class_day_write_report(struct ctx *cx, const struct class_day_report *report, bool as_json, struct buf *ret_text)
{
    const struct class_day_numbers *n = &report->day.total;
    if (as_json) {
        put_json_report(ret_text, &cx->arena, report);
        return OK;
    }
    buf_format(ret_text, STR_FMT ", ngày " STR_FMT "\n", STR_ARG(report->day.unit_name),
               STR_ARG(day_format(&cx->arena, report->date)));
    buf_format(ret_text, "  điểm cầu %lld, đã khai báo %lld; đường truyền đạt %lld, không đạt %lld\n",
               (long long)class_day_points(n), (long long)n->point_described, (long long)n->test_passed,
               (long long)n->test_failed);
    buf_format(ret_text, "  báo cáo %lld/%lld đơn vị: %lld điểm cầu, %lld đại biểu; danh sách đã gửi %lld/%lld: %lld học viên\n",
               (long long)n->report_sent, (long long)n->report_total, (long long)n->report_points, (long long)n->report_heads,
               (long long)n->roster_sent, (long long)n->roster_total, (long long)n->learner_named);
    for (size_t i = 0; i < report->halves_len; i++)
        put_half(ret_text, &report->halves[i]);
    buf_format(ret_text, "  sự cố %lld, chưa khắc phục %lld, gián đoạn %lld phút\n", (long long)n->incident_total,
               (long long)n->incident_open, (long long)n->incident_minutes);
    return OK;
}

enum err class_day_write_reports(struct ctx *cx, int32_t date, bool as_json, struct buf *ret_text)
{
    struct course_list courses = { .len = 0 };
    int64_t unit_id = 0;
    TRY(class_day_own_area(cx, &unit_id));
    TRY(course_list(cx, &courses));
    for (size_t i = 0; i < courses.len; i++) {
        const struct course *course = &courses.at[i];
        struct class_day_report *report = ARENA_NEW(&cx->arena, struct class_day_report);
        int64_t root_id = 0;
        bool has_points = false;
        TRY(course_find_root(cx, course->id, &root_id));
        TRY(point_class_has_points(cx, root_id, &has_points));
        bool has_day = course->start_day != DAY_NONE && date >= course->start_day && date <= course->end_day;
        if (root_id != course->id || !has_points || !has_day || course->is_withdrawn)
            continue;
        TRY(class_day_report(cx, course->id, unit_id, date, report));
        if (!as_json)
            buf_format(ret_text, STR_FMT ", " STR_FMT "\n", STR_ARG(course->source), STR_ARG(course->title));
        TRY(class_day_write_report(cx, report, as_json, ret_text));
    }
    return OK;
}
