#include "reader/lex_atom.h"

#include "base/day.h"

/*
 * How plans write times (domain.md 5.4, with the papers of each form):
 *   clock    8h00, 11h30 (09-KH/TU)  08 giờ 00, 14 giờ 00 phút (GM-QN)  9 giờ, 15 giờ (09-KH/TU)
 *            8g00, 17h00', 7:30 and a half-day behind ("8 giờ sáng", "2 giờ chiều") elsewhere
 *   day      07/3/2026 (all)  23-5-2026, 23.5.2026  23 tháng 5 năm 2026 (664-KH/HVCTQG)  23/5, 23
 * tháng 5 days     23 và 24 tháng 5 năm 2026 (664-KH/HVCTQG)  23 và 24/5/2026 (GM-QN)  10-12/8/2026
 * từ ngày 10 đến ngày 12/8/2026 months   tháng 5/2026, tháng 5 năm 2026 (KH-CB)  tháng 11, tháng 12
 * năm 2025 (KH-HP)  tháng 9-10/2026 quarter  quý II/2026   half-year  6 tháng đầu năm 2026 years
 * năm 2026, 2026-2031, từ 2029 - 2031 (KH-CB) A figure glued behind a year is a footnote's mark
 * (09-KH/TU: 21/11/20251).
 */

enum { YEAR_MIN = 1945, YEAR_MAX = 2099, YEAR_NONE_LEAP = 2024 };
enum { HOUR_MINUTES = 60, NOON = 12 };

/* ---- clock times ---- */

/* Figures of at most two digits up to a limit. */
static bool small_number(const struct lex_words *words, size_t i, int min, int max, int *ret_value)
{
    if (!lex_is_figures(words, i) || words->at[i].digits > 2 || words->at[i].number < min ||
        words->at[i].number > max)
        return false;
    *ret_value = (int)words->at[i].number;
    return true;
}

static bool is_glued(const struct lex_words *words, size_t i)
{
    return i < words->len && words->at[i].is_glued;
}

/* "00" behind "8h": two figures, or one glued to the h. */
static bool read_minute(const struct lex_words *words, size_t i, int *ret_minute)
{
    return small_number(words, i, 0, 59, ret_minute) &&
           (words->at[i].digits == 2 || is_glued(words, i)) && lex_match(words, i + 1, "/") == 0;
}

/* "sáng", "chiều", "tối" behind a clock time. */
static size_t read_half_day(const struct lex_words *words, size_t i, int *hour)
{
    size_t len = lex_match(words, i, "sáng|trưa|chiều|tối|giờ sáng|giờ chiều");
    if (len > 0 && *hour < NOON && lex_match(words, i + len - 1, "chiều|tối") > 0)
        *hour += NOON;
    return len;
}

/* Nine hours of work are no nine o'clock. */
static bool is_length_of_time(const struct lex_words *words, size_t i, size_t behind)
{
    return lex_match_back(words, i,
                          "trong vòng|trong|thời lượng|thời lượng :|kéo "
                          "dài|gồm|khoảng|mỗi|tổng|tổng số|học|/") > 0 ||
           lex_match(words, behind,
                     "học|/|giảng|lên lớp|làm việc|liên tục|đồng hồ|hành chính|chuẩn|lý "
                     "thuyết|thực hành|tín chỉ|mỗi|trước|sau") > 0;
}

static bool read_one_time(const struct lex_words *words, size_t i, struct lex_atom *ret_atom)
{
    int hour = 0;
    int minute = 0;
    if (!small_number(words, i, 0, 23, &hour) ||
        lex_match_back(words, i, "/|.|:|số") > lex_match_back(words, i, ":") ||
        (is_glued(words, i) && lex_match_back(words, i, ":") > 0))
        return false;
    size_t at = i + 1;
    bool is_weak = false;
    size_t unit = lex_match(words, at, "giờ|h|g");
    if (unit > 0) {
        bool is_word = lex_match(words, at, "giờ") > 0;
        bool is_g = lex_match(words, at, "g") > 0;
        at += unit;
        size_t mark = lex_match(words, at, ":|.");
        bool has_minute = read_minute(words, at, &minute);
        if (!has_minute && mark > 0 && is_glued(words, at + 1) &&
            read_minute(words, at + 1, &minute)) {
            has_minute = true;
            at++;
        }
        if (is_g && !(has_minute && is_glued(words, i + 1)))
            return false;
        if (has_minute) {
            at++;
            at += lex_match(words, at, "phút|ph|p|'|’|′");
        } else if (lex_match(words, at, "rưỡi") > 0) {
            minute = HOUR_MINUTES / 2;
            at++;
        } else {
            if (is_length_of_time(words, i, at))
                return false;
            is_weak = is_word || !is_glued(words, i + 1);
        }
    } else if (lex_match(words, at, ":") > 0 && is_glued(words, at) && is_glued(words, at + 1) &&
               read_minute(words, at + 1, &minute) && words->at[at + 1].digits == 2) {
        at += 2;
        at += lex_match(words, at, "h|giờ|phút");
    } else {
        return false;
    }
    size_t half = read_half_day(words, at, &hour);
    at += half;
    is_weak = is_weak && half == 0 &&
              lex_match_back(words, i, "lúc|từ|đến|trước|hồi|vào|,|:|(|-|–|hạn") == 0 &&
              lex_match(words, at, "ngày|, ngày|( ngày|thứ|, thứ") == 0;
    *ret_atom = (struct lex_atom){ .kind = LEX_ATOM_TIME,
                                   .from = i,
                                   .to = at,
                                   .is_weak = is_weak,
                                   .minutes = hour * HOUR_MINUTES + minute,
                                   .end_minutes = -1 };
    return true;
}

bool lex_read_time(const struct lex_words *words, size_t i, struct lex_atom *ret_atom)
{
    if (!read_one_time(words, i, ret_atom))
        return false;
    size_t at = ret_atom->to;
    size_t linking = lex_match(words, at, "đến khoảng|đến|tới|-|–|—");
    struct lex_atom end = { 0 };
    if (linking > 0 && read_one_time(words, at + linking, &end) &&
        end.minutes > ret_atom->minutes) {
        ret_atom->end_minutes = end.minutes;
        ret_atom->to = end.to;
        ret_atom->is_weak = ret_atom->is_weak && end.is_weak;
    }
    return true;
}

/* ---- days of the week ---- */

bool lex_read_weekday(const struct lex_words *words, size_t i, struct lex_atom *ret_atom)
{
    static const char *const names[] = {
        "thứ hai|thứ 2", "thứ ba|thứ 3",          "thứ tư|thứ 4|thứ bốn", "thứ năm|thứ 5",
        "thứ sáu|thứ 6", "thứ bảy|thứ bẩy|thứ 7", "chủ nhật|chúa nhật",
    };
    size_t len = 0;
    int weekday = 0;
    for (size_t n = 0; n < LEN(names) && len == 0; n++) {
        len = lex_match(words, i, names[n]);
        weekday = (int)n;
    }
    if (len == 0 && i < words->len && str_eq(words->at[i].part, STR("CN")) &&
        !is_glued(words, i + 1)) {
        len = 1;
        weekday = 6;
    }
    int figure = 0;
    if (len == 0 && i < words->len && str_eq(words->at[i].part, STR("T")) &&
        is_glued(words, i + 1) && small_number(words, i + 1, 2, 7, &figure) &&
        words->at[i + 1].digits == 1) {
        len = 2;
        weekday = figure - 2;
    }
    /* "lần thứ hai" counts, and so does "khóa thứ ba". */
    if (len == 0 ||
        lex_match_back(words, i,
                       "lần|khóa|khoá|nhiệm kỳ|lớp|đợt|tháng|tuần|năm|buổi|bài|phiên|chuyên đề|nội "
                       "dung|nhóm|chặng|phần|điểm|ngày học|vấn đề") > 0)
        return false;
    *ret_atom =
        (struct lex_atom){ .kind = LEX_ATOM_WEEKDAY, .from = i, .to = i + len, .weekday = weekday };
    return true;
}

/* ---- dates ---- */

static const char list_linking[] = ", và|,|và|&|;";
static const char range_linking[] = "đến hết|đến|tới|-|–|—";

/* A year, also with a footnote's mark glued to it (09-KH/TU: "21/11/20251"). */
static bool read_year(const struct lex_words *words, size_t i, int *ret_year)
{
    if (!lex_is_figures(words, i) || words->at[i].digits < 4 || words->at[i].digits > 6)
        return false;
    int64_t year = words->at[i].number;
    for (int digits = words->at[i].digits; digits > 4; digits--)
        year /= 10;
    *ret_year = (int)year;
    return year >= YEAR_MIN && year <= YEAR_MAX;
}

/* The year behind a month: "/2026", " năm 2026", "-2026". Words taken; 0 when there is none. */
static size_t read_year_behind(const struct lex_words *words, size_t i, int *ret_year)
{
    size_t len = lex_match(words, i, "/ năm|/|, năm|năm|của năm");
    if (len == 0 && is_glued(words, i) && is_glued(words, i + 1))
        len = lex_match(words, i, "-|.");
    return len > 0 && read_year(words, i + len, ret_year) ? len + 1 : 0;
}

static size_t read_month_word(const struct lex_words *words, size_t i, int *ret_month)
{
    if (small_number(words, i, 1, 12, ret_month))
        return 1;
    if (lex_match(words, i, "giêng|chạp|tư") > 0) {
        *ret_month = lex_match(words, i, "giêng") > 0  ? 1
                     : lex_match(words, i, "chạp") > 0 ? 12
                                                       : 4;
        return 1;
    }
    int64_t value = 0;
    size_t len = lex_match_number_words(words, i, &value);
    int year = 0;
    /* "tháng năm 2026" of a draft has its month left blank. */
    if (len == 0 || value < 1 || value > 12 ||
        (lex_match(words, i, "năm") > 0 && read_year(words, i + 1, &year)))
        return 0;
    *ret_month = (int)value;
    return len;
}

/* dd/mm/yyyy in its writings; words taken. */
static size_t read_full_day(const struct lex_words *words, size_t i, struct lex_date *ret_date)
{
    struct lex_date d = { 0 };
    if (!small_number(words, i, 1, 31, &d.day) || !small_number(words, i + 2, 1, 12, &d.month) ||
        !read_year(words, i + 4, &d.year))
        return 0;
    bool is_slash = lex_match(words, i + 1, "/") > 0 && lex_match(words, i + 3, "/") > 0;
    bool is_other = ((lex_match(words, i + 1, "-") > 0 && lex_match(words, i + 3, "-") > 0) ||
                     (lex_match(words, i + 1, ".") > 0 && lex_match(words, i + 3, ".") > 0)) &&
                    is_glued(words, i + 1) && is_glued(words, i + 2) && is_glued(words, i + 3) &&
                    is_glued(words, i + 4);
    if (!is_slash && !is_other)
        return 0;
    *ret_date = d;
    return 5;
}

/* A day with its month, with or without a year; words taken. */
static size_t read_day_and_month(const struct lex_words *words, size_t i, struct lex_date *ret_date,
                                 bool *ret_weak)
{
    *ret_weak = false;
    size_t len = read_full_day(words, i, ret_date);
    if (len > 0)
        return len;
    struct lex_date d = { 0 };
    int64_t value = 0;
    size_t day_len = small_number(words, i, 1, 31, &d.day) ? 1 : 0;
    if (day_len == 0 && lex_match_back(words, i, "ngày|mồng|mùng") > 0) {
        day_len = lex_match_number_words(words, i, &value);
        d.day = value <= 31 ? (int)value : 0;
    }
    if (day_len == 0 || d.day < 1)
        return 0;
    size_t at = i + day_len;
    bool is_slash = lex_match(words, at, "/") > 0;
    size_t month_len = 0;
    if (is_slash)
        month_len = small_number(words, at + 1, 1, 12, &d.month) ? 1 : 0;
    else if (lex_match(words, at, "tháng|, tháng") > 0)
        month_len = read_month_word(words, at + lex_match(words, at, "tháng|, tháng"), &d.month);
    if (month_len == 0)
        return 0;
    at += (is_slash ? 1 : lex_match(words, at, "tháng|, tháng")) + month_len;
    if (is_slash && is_glued(words, at) && lex_match(words, at, "/") > 0)
        return 0; /* "12/5/NĐ": a paper's number */
    at += read_year_behind(words, at, &d.year);
    *ret_weak =
        d.year == 0 &&
        lex_match_back(words, i, "ngày|ngày :|mồng|mùng|sáng|chiều|tối|đến|từ|trước|hết") == 0;
    *ret_date = d;
    return at - i;
}

static bool read_bare_day(const struct lex_words *words, size_t i, struct lex_date *ret_date)
{
    int day = 0;
    if (!small_number(words, i, 1, 31, &day))
        return false;
    *ret_date = (struct lex_date){ .day = day };
    return true;
}

struct chain {
    struct lex_date at[LEX_DATES_MAX];
    bool is_range[LEX_DATES_MAX]; /* at[n] reaches to at[n + 1] */
    size_t len;
};

/* Adds the one before or joins it with its neighbour: the pieces a chain of dates falls into. */
static void chain_to_dates(struct arena *arena, const struct chain *chain, struct lex_atom *atom)
{
    atom->dates = ARENA_NEW_ARRAY(arena, struct lex_dates, chain->len);
    for (size_t n = 0; n < chain->len; n++) {
        struct lex_dates *last = atom->dates_len > 0 ? &atom->dates[atom->dates_len - 1] : NULL;
        bool is_end = n > 0 && chain->is_range[n - 1];
        if (last != NULL && is_end) {
            last->to = chain->at[n];
        } else if (last != NULL && lex_date_is_next(last->to, chain->at[n]) &&
                   !(n + 1 < chain->len && chain->is_range[n])) {
            last->to = chain->at[n];
            last->is_list = true;
        } else {
            atom->dates[atom->dates_len++] =
                (struct lex_dates){ chain->at[n], chain->at[n], false };
        }
    }
}

static void chain_borrow(struct chain *chain)
{
    for (size_t n = chain->len; n-- > 1;)
        lex_date_borrow(&chain->at[n - 1], chain->at[n], true);
}

/*
 * Days in one breath: the last has the month, those before may lack it ("23 và 24/5/2026", "từ ngày
 * 10 đến ngày 12/8/2026", "28/5 - 02/6/2026"). `ret_to` is behind the last that has a month.
 */
static bool read_day_chain(const struct lex_words *words, size_t i, bool has_day_word,
                           struct chain *ret_chain, size_t *ret_to, bool *ret_weak)
{
    struct chain chain = { 0 };
    size_t good = 0;
    size_t at = i;
    *ret_weak = false;
    while (chain.len < LEX_DATES_MAX) {
        struct lex_date date = { 0 };
        bool is_weak = false;
        size_t len = read_day_and_month(words, at, &date, &is_weak);
        if (len == 0 && !read_bare_day(words, at, &date))
            break;
        chain.at[chain.len++] = date;
        at += len > 0 ? len : 1;
        if (len > 0) {
            *ret_weak = chain.len == 1 ? is_weak : *ret_weak && date.year == 0;
            good = chain.len;
            *ret_to = at;
        }
        if (date.year > 0)
            break;
        size_t linking = lex_match(words, at, range_linking);
        chain.is_range[chain.len - 1] = linking > 0;
        if (linking == 0)
            linking = lex_match(words, at, list_linking);
        if (linking == 0)
            break;
        at += linking;
        if (has_day_word)
            at += lex_match(words, at, "ngày");
    }
    chain.len = good;
    *ret_chain = chain;
    return good > 0;
}

static bool read_days(struct arena *arena, const struct lex_words *words, size_t i,
                      struct lex_atom *ret_atom)
{
    bool has_day_word = lex_match_back(words, i, "ngày|ngày :|ngày là|ngày (|mồng|mùng") > 0;
    struct chain chain = { 0 };
    struct lex_atom atom = { .kind = LEX_ATOM_DATE, .from = i };
    if (lex_match_back(words, i, "/|số") > 0 ||
        (is_glued(words, i) && lex_match_back(words, i, "-|.|–") > 0 && i >= 2 &&
         lex_is_figures(words, i - 2)))
        return false;
    if (!read_day_chain(words, i, has_day_word, &chain, &atom.to, &atom.is_weak)) {
        /* "từ ngày 10 (thứ Hai) đến ngày 12/8/2026": completed by what it is joined with. */
        struct lex_date day = { 0 };
        if (!has_day_word || !read_bare_day(words, i, &day) ||
            lex_match(words, i + 1, "/|-|ngày") > 0)
            return false;
        chain.at[chain.len++] = day;
        atom.to = i + 1;
        atom.is_weak = true;
    }
    /* Bare figures before the first month are days only where nothing else is counted: "lớp 1 và
     * 2/5". */
    if (chain.at[0].month == 0 && chain.len > 1 && !has_day_word && i > 0 &&
        lex_match_back(words, i, ":|(|từ|,|trong|nhật|bảy|7|sáng|chiều") == 0)
        return false;
    chain_borrow(&chain);
    chain_to_dates(arena, &chain, &atom);
    size_t yearly = lex_match(words, atom.to, "hằng năm|hàng năm|mỗi năm");
    atom.is_yearly = yearly > 0;
    atom.to += yearly;
    *ret_atom = atom;
    return true;
}

/* What may stand in a chain of months, quarters or years: reads one element without its year. */
typedef size_t (*element_reader)(const struct lex_words *words, size_t i,
                                 struct lex_date *ret_date);

static size_t read_month_element(const struct lex_words *words, size_t i, struct lex_date *ret_date)
{
    size_t word = lex_match(words, i, "tháng");
    size_t len = read_month_word(words, i + word, &ret_date->month);
    if (len == 0 || (word == 0 && !lex_is_figures(words, i)))
        return 0;
    return word + len;
}

static size_t read_quarter_element(const struct lex_words *words, size_t i,
                                   struct lex_date *ret_date)
{
    static const char *const quarters[] = { "i|1|một|l", "ii|2|hai|ll", "iii|3|ba|lll",
                                            "iv|4|tư|bốn|lv" };
    size_t word = lex_match(words, i, "quý");
    for (size_t n = 0; n < LEN(quarters); n++) {
        if (lex_match(words, i + word, quarters[n]) > 0) {
            ret_date->quarter = (int)n + 1;
            return word + 1;
        }
    }
    return 0;
}

static bool read_element_chain(struct arena *arena, const struct lex_words *words, size_t i,
                               element_reader read_element, struct lex_atom *ret_atom)
{
    struct chain chain = { 0 };
    struct lex_atom atom = { .kind = LEX_ATOM_DATE, .from = i };
    size_t at = i;
    size_t good = 0;
    while (chain.len < LEX_DATES_MAX) {
        struct lex_date date = { 0 };
        size_t len = read_element(words, at, &date);
        if (len == 0)
            break;
        at += len;
        size_t year_len = read_year_behind(words, at, &date.year);
        chain.at[chain.len++] = date;
        at += year_len;
        /* Without a year at the end only the first is sure: "tháng 5, 12 học viên". */
        if (good == 0 || year_len > 0) {
            good = chain.len;
            atom.to = at;
        }
        if (year_len > 0)
            break;
        size_t linking = lex_match(words, at, range_linking);
        chain.is_range[chain.len - 1] = linking > 0;
        at += linking > 0 ? linking : lex_match(words, at, list_linking);
    }
    if (good == 0)
        return false;
    chain.len = good;
    chain_borrow(&chain);
    chain_to_dates(arena, &chain, &atom);
    size_t yearly = lex_match(words, atom.to, "hằng năm|hàng năm|mỗi năm");
    atom.is_yearly = yearly > 0;
    atom.to += yearly;
    *ret_atom = atom;
    return true;
}

static bool read_months(struct arena *arena, const struct lex_words *words, size_t i,
                        struct lex_atom *ret_atom)
{
    if (lex_match(words, i, "tháng") == 0 || lex_match_back(words, i, "hằng|hàng|mỗi|/") > 0 ||
        (i > 0 && lex_is_figures(words, i - 1) && !words->at[i - 1].is_glued))
        return false;
    int month = 0;
    size_t len = read_month_word(words, i + 1, &month);
    int year = 0;
    bool has_year = len > 0 && read_year_behind(words, i + 1 + len, &year) > 0;
    /* In words only with a year behind: "mỗi tháng một lần". */
    if (len == 0 || (!lex_is_figures(words, i + 1) && !has_year) ||
        (!has_year && is_glued(words, i + 2) && lex_match(words, i + 2, "/|-") > 0 &&
         lex_is_figures(words, i + 3) && words->at[i + 3].digits > 2))
        return false;
    return read_element_chain(arena, words, i, read_month_element, ret_atom);
}

static bool read_quarters(struct arena *arena, const struct lex_words *words, size_t i,
                          struct lex_atom *ret_atom)
{
    if (lex_match(words, i, "quý") == 0 || lex_match_back(words, i, "hằng|hàng|mỗi|/") > 0)
        return false;
    return read_element_chain(arena, words, i, read_quarter_element, ret_atom);
}

/* "6 tháng đầu năm 2026", "sáu tháng cuối năm". */
static bool read_part_of_year(struct arena *arena, const struct lex_words *words, size_t i,
                              struct lex_atom *ret_atom)
{
    int64_t months = 0;
    size_t len = lex_match_number_words(words, i, &months);
    int figure = 0;
    if (len == 0 && small_number(words, i, 1, 11, &figure)) {
        len = 1;
        months = figure;
    }
    size_t tail = len > 0 ? lex_match(words, i + len, "tháng đầu năm|tháng cuối năm") : 0;
    if (tail == 0 || months < 1 || months > 11)
        return false;
    bool is_first = lex_match(words, i + len, "tháng đầu năm") > 0;
    size_t at = i + len + tail;
    int year = 0;
    if (read_year(words, at, &year))
        at++;
    else
        year = 0;
    struct lex_dates *dates = ARENA_NEW(arena, struct lex_dates);
    dates->from = (struct lex_date){ .year = year, .month = is_first ? 1 : 13 - (int)months };
    dates->to = (struct lex_date){ .year = year, .month = is_first ? (int)months : 12 };
    *ret_atom = (struct lex_atom){
        .kind = LEX_ATOM_DATE, .from = i, .to = at, .dates = dates, .dates_len = 1
    };
    return true;
}

/* "5/2026" where the word for month was left out: "từ 11/2025 đến 12/2025". */
static bool read_bare_month(struct arena *arena, const struct lex_words *words, size_t i,
                            struct lex_atom *ret_atom)
{
    struct lex_date date = { 0 };
    if (!small_number(words, i, 1, 12, &date.month) || lex_match(words, i + 1, "/") == 0 ||
        !read_year(words, i + 2, &date.year) || lex_match(words, i + 3, "/") > 0 ||
        (is_glued(words, i + 3) && lex_match(words, i + 3, "-") > 0) ||
        lex_match_back(words, i, "số|/|-") > 0)
        return false;
    struct lex_dates *dates = ARENA_NEW(arena, struct lex_dates);
    *dates = (struct lex_dates){ date, date, false };
    *ret_atom =
        (struct lex_atom){ .kind = LEX_ATOM_DATE,
                           .from = i,
                           .to = i + 3,
                           .dates = dates,
                           .dates_len = 1,
                           .is_weak = lex_match_back(words, i, "trước|từ|đến|hết|trong|(") == 0 };
    return true;
}

static bool read_years(struct arena *arena, const struct lex_words *words, size_t i,
                       struct lex_atom *ret_atom)
{
    struct chain chain = { 0 };
    struct lex_atom atom = { .kind = LEX_ATOM_DATE, .from = i };
    size_t at = i;
    int year = 0;
    if (lex_match_back(words, i, "/|-|số") > 0 && lex_match_back(words, i, "số") == 0 &&
        is_glued(words, i))
        return false;
    while (chain.len < LEX_DATES_MAX && read_year(words, at, &year)) {
        chain.at[chain.len++] = (struct lex_date){ .year = year };
        atom.to = ++at;
        size_t linking = lex_match(words, at, range_linking);
        chain.is_range[chain.len - 1] = linking > 0;
        at += linking > 0 ? linking : lex_match(words, at, list_linking);
        at += lex_match(words, at, "năm|hết năm|hết");
    }
    if (chain.len == 0 || (is_glued(words, atom.to) && lex_match(words, atom.to, "/") > 0))
        return false;
    bool has_word = lex_match_back(words, i, "năm|giai đoạn|nhiệm kỳ|năm học") > 0;
    atom.is_weak = chain.len == 1 && !has_word;
    if (chain.len > 1 && !has_word && lex_match_back(words, i, "từ|(|:|đoạn") == 0 &&
        chain.at[0].year >= chain.at[1].year)
        return false;
    chain_to_dates(arena, &chain, &atom);
    *ret_atom = atom;
    return true;
}

bool lex_read_date(struct arena *arena, const struct lex_words *words, size_t i,
                   struct lex_atom *ret_atom)
{
    return read_part_of_year(arena, words, i, ret_atom) || read_days(arena, words, i, ret_atom) ||
           read_bare_month(arena, words, i, ret_atom) || read_months(arena, words, i, ret_atom) ||
           read_quarters(arena, words, i, ret_atom) || read_years(arena, words, i, ret_atom);
}

struct lex_atoms lex_find_atoms(struct arena *arena, const struct lex_words *words)
{
    /* An atom takes at least one word and is begun by a figure or by one of a few words. */
    struct lex_atoms atoms = { ARENA_NEW_ARRAY(arena, struct lex_atom, words->len + 1), 0 };
    for (size_t i = 0; i < words->len;) {
        struct lex_atom atom = { 0 };
        if (lex_read_time(words, i, &atom) || lex_read_date(arena, words, i, &atom) ||
            lex_read_weekday(words, i, &atom)) {
            atoms.at[atoms.len++] = atom;
            i = atom.to;
        } else {
            i++;
        }
    }
    return atoms;
}

/* ---- dates as values ---- */

void lex_date_borrow(struct lex_date *date, struct lex_date neighbour, bool is_after)
{
    if (date->day > 0 && date->month == 0)
        date->month = neighbour.month;
    if (date->year > 0 || neighbour.year == 0 || (date->month == 0 && date->quarter == 0))
        return;
    date->year = neighbour.year;
    /* "từ 28/12 đến 05/01/2027": the borrowed year is that of the other side of New Year. */
    if (is_after && lex_date_compare(*date, neighbour) > 0)
        date->year--;
    if (!is_after && lex_date_compare(*date, neighbour) < 0)
        date->year++;
}

bool lex_date_is_complete(struct lex_date date)
{
    if (date.day > 0)
        return date.month > 0 &&
               day_is_valid(date.year > 0 ? date.year : YEAR_NONE_LEAP, date.month, date.day);
    return date.month > 0 || date.quarter > 0 || date.year > 0;
}

static int rank(struct lex_date date)
{
    int month = date.quarter > 0 ? date.quarter * 3 - 2 : date.month;
    return (date.year * 100 + month) * 100 + date.day;
}

int lex_date_compare(struct lex_date a, struct lex_date b)
{
    return (rank(a) > rank(b)) - (rank(a) < rank(b));
}

bool lex_date_is_next(struct lex_date a, struct lex_date b)
{
    if (a.day == 0 && b.day == 0 && a.year == b.year)
        return (a.month > 0 && b.month == a.month + 1) ||
               (a.quarter > 0 && b.quarter == a.quarter + 1);
    if (!lex_date_is_complete(a) || !lex_date_is_complete(b) || a.day == 0 || b.day == 0 ||
        (a.year == 0) != (b.year == 0))
        return false;
    int a_year = a.year > 0 ? a.year : YEAR_NONE_LEAP;
    int b_year = b.year > 0 ? b.year : YEAR_NONE_LEAP;
    return day_from_civil(b_year, b.month, b.day) == day_from_civil(a_year, a.month, a.day) + 1;
}

struct str lex_date_format(struct arena *arena, struct lex_date date)
{
    struct str year = date.year > 0 ? str_format(arena, "%04d", date.year) : STR("-");
    if (date.quarter > 0)
        return str_format(arena, STR_FMT "-Q%d", STR_ARG(year), date.quarter);
    if (date.day > 0)
        return str_format(arena, STR_FMT "-%02d-%02d", STR_ARG(year), date.month, date.day);
    if (date.month > 0)
        return str_format(arena, STR_FMT "-%02d", STR_ARG(year), date.month);
    return year;
}
