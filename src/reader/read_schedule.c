#include "reader/read_when.h"

#include "base/day.h"

/*
 * When and how the class is held. How papers say it, and where each rule was seen:
 *   span      the statement labelled "Thời gian" or under such a heading: "02 ngày: 23 và 24 tháng
 * 5 năm 2026" (664-KH/HVCTQG 3.1.b), "Trong 02 ngày, từ ngày ... đến ngày ..." (09-KH/TU III.1.2),
 * "01 ngày, tổ chức trong tháng 11, tháng 12 năm 2025" (KH-HP II.2), "Từ năm 2026 đến hết năm 2031"
 * (KH-CB I.3); else a sentence of the body that says "thời gian", "tổ chức", "diễn ra" before its
 * dates (decisions: "Điều 1. Mở lớp ...") days      the length in the same statement, or that of
 * each class: "mỗi lớp học 03 ngày" sessions  daily hours in it: "buổi sáng từ 8h00 đến 11h30, buổi
 * chiều từ 14h00 đến 17h30" (09-KH/TU) events    a time belongs to the event named last before it
 * in its clause, or directly behind it: khai giảng, bế giảng (664-KH/HVCTQG 3.1.b, GM-QN I), đón
 * tiếp, kiểm tra đường truyền, phiên chính thức (GM-QN IV.2) arrival   "có mặt trước 10 phút"
 * (GM-QN I) mode      the statement labelled "Hình thức"; else what the title and the body say of
 * the class Dates of tasks, essays and cited papers are none of the class.
 */

enum event {
    EVENT_NONE,
    EVENT_OPENING,
    EVENT_CLOSING,
    EVENT_CHECK_IN,
    EVENT_TEST,
    EVENT_OFFICIAL,
    EVENT_OTHER
};

struct schedule_reading {
    struct ctx *cx;
    const struct outline *outline;
    struct reader_plan *plan;
    struct reader_schedule *to;
    struct str year;
    struct reader_text
        beginning; /* "bắt đầu lúc 14 giờ 00 ngày ...": the opening where none is named */
    struct reader_text task_check_in; /* said among the tasks: "đón học viên từ 14 giờ ngày ..." */
    const struct outline_node *span_node; /* where the span stands */
    int span_rank; /* how good the statement was that gave the span; 0 none yet */
};

/* ---- events ---- */

static const struct {
    enum event event;
    const char *words;
} cues[] = {
    { EVENT_OPENING, "lễ khai giảng|lễ khai mạc|khai giảng|khai mạc" },
    { EVENT_CLOSING, "lễ bế giảng|lễ bế mạc|bế giảng|bế mạc" },
    { EVENT_CHECK_IN,
      "đón tiếp|nhập học|đón học viên|đón đại biểu|nhận tài liệu|nhận trại|làm thủ tục|nhận "
      "phòng|đăng ký đại biểu" },
    { EVENT_OFFICIAL, "phiên chính thức|kết nối chính thức|chính thức kết nối|chính thức" },
    { EVENT_TEST,
      "kiểm tra|chạy thử|kết nối thử|thử đường truyền|thử nghiệm|thử máy|test|tổng duyệt|thử kết "
      "nối" },
    { EVENT_OTHER,
      "thay cho|thay vì|thay thế|đã thông báo|trước đây|kế hoạch số|quyết định|công văn|thông báo "
      "số|nghị "
      "quyết|nộp|gửi|đăng ký|báo cáo|danh sách|"
      "hoàn thành|chậm nhất|hạn|kể từ|có mặt" },
};

static enum event cue_at(const struct lex_words *words, size_t i)
{
    /* "Ủy ban Kiểm tra" is a body. */
    if (lex_match(words, i, "kiểm tra") > 0 && lex_match_back(words, i, "ủy ban|uỷ ban") > 0)
        return EVENT_NONE;
    for (size_t n = 0; n < LEN(cues); n++)
        if (lex_match(words, i, cues[n].words) > 0)
            return cues[n].event;
    return EVENT_NONE;
}

/* A line is tested, not a learner: "kiểm tra" needs a technical word beside it. */
static bool is_of_lines(const struct lex_words *words, size_t from, size_t to)
{
    return lex_search(words, from, to,
                      "hệ thống|đường truyền|kết nối|kỹ thuật|tín hiệu|âm thanh|hình ảnh|điểm "
                      "cầu|thiết bị|trực tuyến|mạng|phần mềm|chạy thử|thử máy") < to;
}

static enum event checked(const struct when *when, enum event event, size_t from, size_t to)
{
    if (event == EVENT_TEST)
        return is_of_lines(&when->words, from, to) ? EVENT_TEST : EVENT_OTHER;
    if (event == EVENT_OFFICIAL)
        return lex_search(&when->words, from, to,
                          "kết nối|phiên|phát sóng|trực tuyến|điểm cầu|phòng họp") < to
                   ? EVENT_OFFICIAL
                   : EVENT_OTHER;
    return event;
}

/* The event a moment belongs to. */
static enum event event_of(const struct when *when, const struct lex_moment *moment)
{
    enum { NEAR_WORDS = 40 };
    size_t from = 0;
    size_t to = 0;
    when_place(when, moment, &from, &to);
    size_t clause = when_clause_from(when, from);
    size_t end = when_clause_to(when, to);
    /* "lần 1: 9 giờ 00, ngày 10/9/2026; lần 2: ..." */
    if (clause > 0 &&
        lex_match(&when->words, clause, "lần 2|lần 02|lần hai|lần 3|lần 03|lần thứ hai") > 0)
        clause = when_clause_from(when, clause - 1);
    /* "chuyển từ ngày 25 và 26/5/2026 sang ngày 08 và 09/6/2026": the first is what was. */
    if (lex_match(&when->words, to, "sang|thành|chuyển sang|( cũ|( trước") > 0)
        return EVENT_OTHER;
    /* "có mặt lúc 7 giờ 00 ngày 06/4/2026 để làm thủ tục nhập học" */
    if (lex_match(&when->words, to,
                  "để làm thủ tục|để nhập học|để nhận tài liệu|làm thủ tục|để đăng ký nhập học") >
        0)
        return EVENT_CHECK_IN;
    for (size_t i = from; i > clause && from - i < NEAR_WORDS; i--) {
        enum event event = cue_at(&when->words, i - 1);
        if (event != EVENT_NONE)
            return checked(when, event, clause, end);
    }
    /* "7h30 - 8h00: Khai giảng" */
    size_t behind = to + lex_match(&when->words, to, ") :|: đồng chí|:|,|-|–|)");
    enum event event = cue_at(&when->words, behind);
    return event == EVENT_OPENING || event == EVENT_CLOSING || event == EVENT_CHECK_IN ? event
                                                                                       : EVENT_NONE;
}

/* ---- the span ---- */

static const char other_times[] =
    "hoàn thành|kiểm tra|kết nối|nhập học|đón|nhận|đăng ký|nộp|gửi|báo cáo|khai giảng|khai mạc|bế "
    "giảng|bế mạc|chạy thử|nhiệm vụ|tập hợp|biên soạn|chuẩn bị";

static bool has_own_topic(const struct outline_node *node, enum outline_topic topic)
{
    return node != NULL && (node->own_topics & (1U << topic)) != 0;
}

/* How surely a node states when the class is: 3 labelled so, 2 under such a heading, 0 not. */
static int time_rank(struct arena *arena, const struct outline_node *node)
{
    if (when_is_of_tasks(node) || node->topic == OUTLINE_TOPIC_PHASES || node->kind == OUTLINE_CELL)
        return 0;
    struct lex_words title = lex_cut_words(arena, node->title);
    if (lex_search(&title, 0, title.len, other_times) < title.len)
        return 0;
    if (title.len > 0 &&
        lex_match(&title, 0,
                  "ngày , giờ|ngày giờ|giờ , ngày|ngày học|lịch học|khi nào|thời gian") ==
            title.len)
        return 4;
    bool is_alone = node->own_topics == 1U << OUTLINE_TOPIC_TIME;
    if (has_own_topic(node, OUTLINE_TOPIC_TIME))
        return is_alone ? 4 : 3;
    if (node->own_topics != 0)
        return 0;
    const struct outline_node *heading = node->parent;
    return has_own_topic(heading, OUTLINE_TOPIC_TIME) || node->topic == OUTLINE_TOPIC_TIME ? 2 : 0;
}

/* A sentence outside such a section: its dates must be led in by the words of a class being held.
 */
static bool is_led_in(const struct when *when, size_t from)
{
    enum { NEAR_WORDS = 12 };
    size_t clause = when_clause_from(when, from);
    if (from - clause > NEAR_WORDS * 3)
        clause = from - NEAR_WORDS * 3;
    size_t cue = lex_search(&when->words, clause, from + 1,
                            "thời gian|diễn ra|học các ngày|học ngày|học trong|học từ|học vào|học "
                            "hai ngày|được tổ chức|tổ chức|mở lớp|mở khóa|khóa học|lớp học");
    return cue <= from && from - cue <= NEAR_WORDS * 2;
}

static bool is_class_date(const struct schedule_reading *r, const struct when *when,
                          const struct lex_moment *m, int rank, bool goes_on)
{
    if (m->date.len == 0 || m->is_yearly || event_of(when, m) != EVENT_NONE)
        return false;
    size_t from = 0;
    size_t to = 0;
    when_place(when, m, &from, &to);
    if (lex_match_back(&when->words, from, "trước|trước ngày|kể từ|sau|giai đoạn|nhiệm kỳ") > 0)
        return false;
    struct str signed_on = r->plan->document.date.value;
    if (rank == 1)
        return (goes_on || is_led_in(when, from)) && m->date.len == 10 &&
               (!when_is_day(signed_on) || !when_is_day(m->date) ||
                str_compare(m->date, signed_on) >= 0);
    return true;
}

static struct reader_text date_value(const struct schedule_reading *r, const struct when *when,
                                     const struct lex_moment *m, struct str date)
{
    struct reader_text value =
        read_value(when->node, m->part, lex_complete_date(&r->cx->arena, date, r->year));
    if (str_starts(date, STR("--")))
        value.doubt = STR("Văn bản không ghi năm ở đây; lấy năm của văn bản");
    return value;
}

/* The earliest beginning and the latest end of the class's dates in one clause. */
static void widen(struct reader_text *start, struct reader_text *end, struct reader_text from,
                  struct reader_text to)
{
    if (start->value.len == 0 || str_compare(from.value, start->value) < 0)
        *start = from;
    if (end->value.len == 0 || str_compare(to.value, end->value) > 0)
        *end = to;
}

static int precision_of(struct str date)
{
    bool has_year = !str_starts(date, STR("--"));
    return date.len == 10 || (!has_year && date.len == 7) ? 3 : date.len > 4 || !has_year ? 2 : 1;
}

/* The span of a statement: the dates of its first clause that has any, of the finest kind it has.
 */
static int read_span(const struct schedule_reading *r, const struct when *when, int rank,
                     struct reader_text *start, struct reader_text *end)
{
    int best = 0;
    size_t clause = 0;
    for (size_t n = 0; n < when->moments.len; n++) {
        const struct lex_moment *m = &when->moments.at[n];
        size_t from = 0;
        size_t to = 0;
        when_place(when, m, &from, &to);
        /* "lớp A học ngày 26/8, lớp B học ngày 29/8": what leads the first in leads them all. */
        bool goes_on = best > 0 && when_clause_from(when, from) == clause;
        if (!is_class_date(r, when, m, rank, goes_on))
            continue;
        int precision = precision_of(m->date);
        struct reader_text a = date_value(r, when, m, m->date);
        struct reader_text b = date_value(r, when, m, m->end_date.len > 0 ? m->end_date : m->date);
        if (a.value.len == 0 || b.value.len == 0 || precision < best)
            continue;
        if (precision > best) {
            *start = *end = (struct reader_text){ 0 };
            clause = when_clause_from(when, from);
        } else if (when_clause_from(when, from) != clause) {
            continue;
        }
        best = precision;
        widen(start, end, a, b);
    }
    return best;
}

static void take_span(struct schedule_reading *r, const struct when *when, int rank)
{
    struct reader_text start = { 0 };
    struct reader_text end = { 0 };
    int precision = read_span(r, when, rank, &start, &end);
    /* A day says more than a month, wherever it stands; below that the better labelled statement
     * wins. */
    int worth = precision == 0 || (rank == 1 && precision < 3) ? 0 : precision * 10 + rank;
    if (worth <= r->span_rank)
        return;
    r->span_rank = worth;
    r->span_node = when->node;
    r->to->start = start;
    r->to->end = end;
}

/* ---- days ---- */

/* Tenths of days of a length; 0 for none and for "02 đến 05 ngày". */
static int64_t tenths_at(const struct lex_words *words, size_t i, size_t *ret_len)
{
    struct lex_period period = { 0 };
    *ret_len = lex_read_period(words, i, &period);
    if (*ret_len > 0 && period.unit == 'D' && !period.is_working_days &&
        period.tenths == period.tenths_max && period.tenths <= 3650)
        return period.tenths;
    int64_t value = 0;
    size_t len = lex_is_figures(words, i) ? 1 : lex_match_number_words(words, i, &value);
    value = len == 1 && lex_is_figures(words, i) ? words->at[i].number : value;
    if (len > 0 && value == 1 && lex_match(words, i + len, "buổi") > 0 &&
        lex_match(words, i + len + 1, "/") == 0) {
        *ret_len = len + 1;
        return 5;
    }
    size_t half = lex_match(words, i, "nửa ngày");
    if (half > 0) {
        *ret_len = half;
        return 5;
    }
    return 0;
}

static void take_days(struct schedule_reading *r, const struct when *when, bool must_be_named)
{
    if (r->to->days_tenths.is_given)
        return;
    for (size_t i = 0; i < when->words.len; i++) {
        size_t len = 0;
        int64_t tenths = tenths_at(&when->words, i, &len);
        bool is_offset =
            lex_match_back(&when->words, i,
                           "trước|sau|sớm|vắng|quá|chậm nhất|vòng|hạn|ít nhất|tối thiểu|nghỉ") >
                0 ||
            lex_match(&when->words, i + len, "trước|sau|kể từ|mỗi tuần|/ tuần|/ tháng|đầu|cuối") >
                0;
        bool is_named =
            lex_match(&when->words, i + len, "/ lớp|/ khóa|/ khoá|/ đợt|/ cụm|mỗi lớp") > 0 ||
            lex_match_back(&when->words, i,
                           "mỗi lớp|mỗi lớp học|mỗi đợt|mỗi khóa|mỗi khóa học|mỗi cụm|thời "
                           "lượng|thời lượng :|diễn ra trong|thời gian|thời gian học|học trong|tổ "
                           "chức trong|mỗi lớp bồi dưỡng") > 0;
        if (tenths > 0 && !is_offset && (!must_be_named || is_named)) {
            r->to->days_tenths =
                read_number(when->node, lex_words_text(&when->words, i, i + len), tenths);
            return;
        }
        i += len > 0 ? len - 1 : 0;
    }
}

/* ---- events ---- */

static void take_once(struct reader_text *to, struct reader_text value)
{
    if (to->value.len == 0)
        *to = value;
}

static void take_event(struct schedule_reading *r, const struct when *when,
                       const struct lex_moment *m, enum event event)
{
    struct reader_schedule *to = r->to;
    if (m->time.len == 0)
        return;
    bool is_of_class = event == EVENT_OPENING || event == EVENT_CLOSING || event == EVENT_CHECK_IN;
    bool is_of_tasks = when_is_of_tasks(when->node);
    if (is_of_class &&
        ((is_of_tasks && event != EVENT_CHECK_IN) || when->node->kind == OUTLINE_CELL))
        return;
    struct reader_text date = date_value(r, when, m, m->date);
    if (m->date.len == 0 && (event == EVENT_OPENING || event == EVENT_CLOSING) &&
        when_is_day(to->start.value)) {
        date = read_value(when->node, m->part,
                          event == EVENT_OPENING ? to->start.value : to->end.value);
        if (!str_eq(to->start.value, to->end.value))
            date.doubt = STR("Văn bản chỉ ghi giờ; lấy ngày đầu hoặc ngày cuối của lớp");
    }
    if (!when_is_day(date.value))
        return;
    date.value = when_datetime(&r->cx->arena, date.value, m->time);
    if (event == EVENT_OPENING)
        take_once(&to->opening, date);
    else if (event == EVENT_CLOSING)
        take_once(&to->closing, date);
    else if (event == EVENT_CHECK_IN)
        take_once(is_of_tasks ? &r->task_check_in : &to->check_in, date);
    else if (event == EVENT_TEST)
        read_texts_add(&r->cx->arena, &to->connection_tests, date);
    else if (event == EVENT_OFFICIAL)
        take_once(&to->official_connection, date);
}

static bool is_beginning(const struct when *when, const struct lex_moment *m)
{
    size_t from = 0;
    size_t to = 0;
    when_place(when, m, &from, &to);
    return m->time.len > 0 && m->end_time.len == 0 && m->end_date.len == 0 &&
           lex_match_back(&when->words, from,
                          "bắt đầu|bắt đầu từ|bắt đầu lúc|bắt đầu vào|bắt đầu vào lúc") > 0;
}

static void take_events(struct schedule_reading *r, const struct when *when, int rank)
{
    for (size_t n = 0; n < when->moments.len; n++) {
        const struct lex_moment *m = &when->moments.at[n];
        enum event event = event_of(when, m);
        if (event != EVENT_NONE && event != EVENT_OTHER)
            take_event(r, when, m, event);
        else if (event == EVENT_NONE && rank >= 2 && is_beginning(when, m)) {
            struct reader_text at = date_value(r, when, m, m->date);
            bool is_day = when_is_day(at.value);
            at.value = is_day ? when_datetime(&r->cx->arena, at.value, m->time) : STR("");
            take_once(&r->beginning, at);
        }
    }
}

/* "có mặt trước 10 phút", "có mặt trước giờ khai giảng 15 phút", "đăng nhập sớm 20 phút" */
static void take_arrival(struct schedule_reading *r, const struct when *when)
{
    const struct lex_words *words = &when->words;
    if (r->to->arrive_before_minutes.is_given)
        return;
    for (size_t i = 1; i + 1 < words->len; i++) {
        if (!lex_is_figures(words, i) || lex_match(words, i + 1, "phút") == 0 ||
            words->at[i].number < 1 || words->at[i].number > 120)
            continue;
        size_t clause = when_clause_from(when, i);
        size_t near = i - clause > 12 ? i - 12 : clause;
        size_t to = when_clause_to(when, i);
        bool is_before = lex_search(words, near, i, "trước|sớm") < i ||
                         lex_match(words, i + 2, "trước giờ|trước khi") > 0;
        bool is_arrival =
            lex_search(words, clause, to,
                       "có mặt|đến trước|đến sớm|kết nối trước|đăng nhập|vào phòng|ổn định|tập "
                       "trung|truy cập|vào vị trí|mở kết nối") < to;
        bool is_clock = lex_match_back(words, i, "giờ|h|:") > 0;
        if (is_before && is_arrival && !is_clock) {
            r->to->arrive_before_minutes =
                read_number(when->node, lex_words_text(words, i, i + 2), words->at[i].number);
            return;
        }
    }
}

/* ---- sessions ---- */

enum { SESSIONS_DAY_MAX = 6, SESSION_DAYS_MAX = 31 };

struct daily_hours {
    struct reader_text from[SESSIONS_DAY_MAX], to[SESSIONS_DAY_MAX];
    size_t len;
    struct str date; /* of hours given for one day: "13h30 - 17h00 ngày 16/10/2025" */
};

static void find_hours(const struct schedule_reading *r, const struct when *when,
                       struct daily_hours *hours)
{
    for (size_t n = 0; n < when->moments.len && hours->len < SESSIONS_DAY_MAX; n++) {
        const struct lex_moment *m = &when->moments.at[n];
        bool is_of_one_day = m->date.len > 0 && m->end_date.len == 0;
        if (m->end_time.len == 0 || event_of(when, m) != EVENT_NONE ||
            (m->date.len > 0 && !is_of_one_day))
            continue;
        if (is_of_one_day)
            hours->date = date_value(r, when, m, m->date).value;
        hours->from[hours->len] = read_value(when->node, m->part, m->time);
        hours->to[hours->len++] = read_value(when->node, m->part, m->end_time);
    }
}

/* A class of one day and a half has no afternoon on its last day. */
static bool is_left_out(const struct schedule_reading *r, const struct daily_hours *hours, size_t n,
                        bool is_last_day, int days)
{
    const struct reader_number *stated = &r->to->days_tenths;
    bool is_short = stated->is_given && stated->value == (int64_t)days * 10 - 5 && hours->len >= 2;
    return is_short && is_last_day && str_compare(hours->from[n].value, STR("12:00")) >= 0;
}

/* "các tối thứ Hai, thứ Tư hằng tuần": the days of the week the class meets, bit 0 Monday; 0 every day. */
static unsigned weekdays_said(struct arena *arena, const struct outline_node *node)
{
    static const char *const names[] = { "thứ hai|thứ 2", "thứ ba|thứ 3", "thứ tư|thứ 4", "thứ năm|thứ 5",
                                         "thứ sáu|thứ 6", "thứ bảy|thứ 7", "chủ nhật" };
    struct lex_words words = lex_cut_words(arena, node != NULL ? node->text : STR(""));
    if (lex_search(&words, 0, words.len, "hằng tuần|hàng tuần|mỗi tuần|các tối|các buổi tối|các ngày thứ") == words.len)
        return 0;
    unsigned said = 0;
    for (size_t n = 0; n < LEN(names); n++)
        said |= lex_search(&words, 0, words.len, names[n]) < words.len ? 1U << n : 0;
    return said;
}

static bool is_day_of_class(unsigned weekdays, struct str date)
{
    int32_t day = 0;
    return weekdays == 0 || !day_parse_iso(date, &day) || (weekdays >> day_weekday(day) & 1U) != 0;
}

static void put_sessions(struct schedule_reading *r, const struct daily_hours *hours)
{
    struct reader_schedule *to = r->to;
    int days = when_days_between(to->start.value, to->end.value) + 1;
    if (hours->len == 0 || days < 1 || days > SESSION_DAYS_MAX ||
        (hours->date.len > 0 && (days > 1 || !str_eq(hours->date, to->start.value))))
        return;
    to->sessions = ARENA_NEW_ARRAY(&r->cx->arena, struct reader_session, (size_t)days * hours->len);
    unsigned weekdays = weekdays_said(&r->cx->arena, r->span_node);
    for (int day = 0; day < days; day++) {
        if (!is_day_of_class(weekdays, when_add_days(&r->cx->arena, to->start.value, day)))
            continue;
        for (size_t n = 0; n < hours->len; n++) {
            if (is_left_out(r, hours, n, day + 1 == days, days))
                continue;
            struct reader_text date = to->start;
            date.value = when_add_days(&r->cx->arena, to->start.value, day);
            to->sessions[to->sessions_len++] =
                (struct reader_session){ date, hours->from[n], hours->to[n] };
        }
    }
}

/* ---- a table of changes: Nội dung | Theo Giấy mời cũ | Nay thay đổi ---- */

static void take_changed_row(struct schedule_reading *r, const struct outline_node *label,
                             const struct outline_node *cell)
{
    struct lex_words words = lex_cut_words(&r->cx->arena, label->text);
    struct when when = read_when(&r->cx->arena, cell);
    bool is_start = lex_match(&words, 0,
                              "ngày bắt đầu|bắt đầu|ngày khai giảng|thời gian bắt đầu|thời gian "
                              "học|thời gian|ngày học") > 0;
    bool is_end = lex_match(&words, 0,
                            "ngày kết thúc|kết thúc|thời gian kết thúc|ngày bế giảng|thời gian "
                            "học|thời gian|ngày học") > 0;
    if (when.moments.len == 0 || (!is_start && !is_end) ||
        lex_search(&words, 0, words.len, "kiểm tra|gửi|đăng ký|hạn") < words.len)
        return;
    const struct lex_moment *m = &when.moments.at[0];
    struct reader_text from = date_value(r, &when, m, m->date);
    struct reader_text to = date_value(r, &when, m, m->end_date.len > 0 ? m->end_date : m->date);
    if (is_start && when_is_day(from.value))
        r->to->start = from;
    if (is_end && when_is_day(to.value))
        r->to->end = to;
}

static void read_changes(struct schedule_reading *r, const struct outline_node *table)
{
    const struct outline_node *head = table->first_child;
    const struct outline_node *last = head != NULL ? head->last_child : NULL;
    if (last == NULL || last->column < 2)
        return;
    struct lex_words words = lex_cut_words(&r->cx->arena, last->text);
    if (lex_search(&words, 0, words.len, "nay thay đổi|thay đổi|điều chỉnh|nay|mới|sửa thành") ==
        words.len)
        return;
    for (const struct outline_node *row = head->next; row; row = row->next)
        if (row->first_child != NULL && row->last_child->column == last->column)
            take_changed_row(r, row->first_child, row->last_child);
}

/* ---- the whole ---- */

static void read_times(struct schedule_reading *r)
{
    struct arena *arena = &r->cx->arena;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->text.len == 0 || node->kind == OUTLINE_CELL)
            continue;
        struct when when = read_when(arena, node);
        int rank = time_rank(arena, node);
        if (rank == 0 && !when_is_of_tasks(node) && node->topic != OUTLINE_TOPIC_PHASES &&
            when.moments.len > 0)
            rank = 1;
        if (rank > 0)
            take_span(r, &when, rank);
        if (rank >= 2)
            take_days(r, &when, false);
    }
    struct daily_hours hours = { 0 };
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->text.len == 0 || node->kind == OUTLINE_CELL)
            continue;
        struct when when = read_when(arena, node);
        int rank = time_rank(arena, node);
        take_events(r, &when, rank);
        take_arrival(r, &when);
        if (!when_is_of_tasks(node) && node->topic != OUTLINE_TOPIC_PHASES &&
            node->kind != OUTLINE_CELL)
            take_days(r, &when, true);
        if (rank >= 2 || node == r->span_node)
            find_hours(r, &when, &hours);
    }
    take_once(&r->to->opening, r->beginning);
    take_once(&r->to->check_in, r->task_check_in);
    put_sessions(r, &hours);
}

/* "Khai giảng ... 23/5/2026", "Bế giảng ... 24/5/2026" alone also say when the class is. */
static void span_from_events(struct schedule_reading *r)
{
    struct reader_schedule *to = r->to;
    if (to->start.value.len > 0 || to->opening.value.len == 0)
        return;
    to->start = to->opening;
    to->start.value = str_sub(to->opening.value, 0, 10);
    to->end = to->closing.value.len > 0 ? to->closing : to->opening;
    to->end.value = str_sub(to->end.value, 0, 10);
}

/* "... giai đoạn 2026 - 2029" of the title, where the paper says no more of its time. */
static void span_from_title(struct schedule_reading *r)
{
    for (size_t n = 0; n < r->outline->title_len && r->to->start.value.len == 0; n++) {
        struct outline_node title = { .text = r->outline->title[n].value,
                                      .span = r->outline->title[n].span };
        struct when when = read_when(&r->cx->arena, &title);
        for (size_t k = 0; k < when.moments.len; k++) {
            const struct lex_moment *m = &when.moments.at[k];
            if (m->date.len != 4 || m->end_date.len != 4)
                continue;
            r->to->start = read_value(&title, m->part, m->date);
            r->to->end = read_value(&title, m->part, m->end_date);
            r->to->start.doubt = r->to->end.doubt = STR("Chỉ tên văn bản nói đến thời gian này");
        }
    }
}

void read_schedule(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct schedule_reading r = { .cx = cx,
                                  .outline = outline,
                                  .plan = plan,
                                  .to = &plan->schedule,
                                  .year = when_paper_year(&cx->arena, outline, plan) };
    read_times(&r);
    for (const struct outline_node *node = read_next_node(outline, NULL); node;
         node = read_next_node(outline, node))
        if (node->kind == OUTLINE_TABLE)
            read_changes(&r, node);
    span_from_events(&r);
    span_from_title(&r);
    read_mode(cx, outline, plan);
}
