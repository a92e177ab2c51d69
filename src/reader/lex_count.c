#include "reader/lex.h"

#include "reader/lex_atom.h"

/*
 * How plans write counts (domain.md 5.5, 6.4): "05 đồng chí", "5 đồng chí" (GM-QN, both in one
 * paper), "1.200 học viên", "Dự kiến 200 học viên" (KH-HP), "40-45 học viên", "từ 40 đến 45 học
 * viên", "hai lớp", "02 đ/c/đơn vị". A figure behind a word that numbers things ("lớp 2", "khoản
 * 3", "tháng 5") is no count.
 */

static const char counted[] =
    "đồng chí|đ / c|học viên|trại sinh|người học|người|lượt người|lượt|đại biểu|cán bộ|công "
    "chức|viên "
    "chức|giảng viên|báo cáo viên|"
    "cấp ủy viên|cấp uỷ viên|đảng viên|thành viên|thí sinh|chuyên viên|lãnh đạo|lớp "
    "học|lớp|khóa|khoá|đợt|chuyên đề|nội dung|bài thu hoạch|bài giảng|bài|điểm cầu|"
    "điểm|nhóm|cụm|buổi|tiết|phút|giờ|ngày|tuần|tháng|cơ quan|đơn vị|xã|phường|suất|chỉ "
    "tiêu|chương trình|cơ sở|phiếu|bản|tổ|"
    "giai đoạn|huyện|tỉnh|đảng bộ|chi bộ|%";

/* Words whose figure is a name, not a number of things. */
static const char numbering[] =
    "điều|khoản|mục|phụ lục|số|lớp|nhóm|chuyên đề|đợt|cụm|cơ sở|khóa|khoá|giai "
    "đoạn|ngày|tháng|năm|quý|thứ|bài|lần|tổ|phòng|tầng|"
    "đường|ngõ|biểu|mẫu|/|.|vị trí|giờ|h|nhóm đối tượng|điểm|chương|phần|tuần|buổi|tiết|chương "
    "trình|hàng|loại|hạng|từ";

static const char upper_bounds[] =
    "không quá|tối đa|nhiều nhất|không vượt quá|không nhiều hơn|tối đa không quá|tối đa là";
static const char lower_bounds[] =
    "ít nhất|tối thiểu|không ít hơn|không dưới|tối thiểu là|ít nhất là";

/* A whole number with dots between thousands; words taken. */
static size_t read_whole(const struct lex_words *words, size_t i, int64_t *ret_value)
{
    if (!lex_is_figures(words, i) || words->at[i].number < 0)
        return 0;
    int64_t value = words->at[i].number;
    size_t at = i + 1;
    bool may_group = words->at[i].digits <= 3;
    while (may_group && lex_match(words, at, ".") > 0 && words->at[at].is_glued &&
           lex_is_figures(words, at + 1) && words->at[at + 1].is_glued &&
           words->at[at + 1].digits == 3 && value < INT64_MAX / 2000) {
        value = value * 1000 + words->at[at + 1].number;
        at += 2;
    }
    *ret_value = value;
    return at - i;
}

static bool is_glued_to(const struct lex_words *words, size_t i, const char *marks)
{
    return i < words->len && words->at[i].is_glued && lex_match(words, i, marks) > 0;
}

/* A number in figures or words; words taken. "một" alone counts only before a thing counted, which
 * the caller looks at. */
static size_t read_number_at(const struct lex_words *words, size_t i, int64_t *ret_value)
{
    size_t len = read_whole(words, i, ret_value);
    return len > 0 ? len : lex_match_number_words(words, i, ret_value);
}

/* "năm 2026" begins with a number word and is none; "trước năm học" neither. */
static bool is_number_word_astray(const struct lex_words *words, size_t i)
{
    return !lex_is_figures(words, i) &&
           (lex_match_back(words, i,
                           "thứ|lần|tháng|quý|một|con|cả|trong|hằng|hàng|mỗi|nhiều|các|từng|cuối|"
                           "đầu|này|cùng") > 0);
}

/* "lớp 2" is a name; "mỗi lớp 90 học viên", "tổng số 270 học viên" are counts. */
static bool names_what_follows(const struct lex_words *words, size_t i)
{
    size_t noun = lex_match_back(words, i, numbering);
    return noun > lex_match_back(words, i, "từ") &&
           lex_match_back(words, i - noun, "mỗi|từng|tổng|một") == 0;
}

static bool is_part_of_other(const struct lex_words *words, size_t i, size_t to)
{
    bool is_share = lex_match_back(words, i, "/") > 0 &&
                    lex_match(words, to, "lớp") > 0; /* "248 học viên/02 lớp" */
    if (is_number_word_astray(words, i) || (names_what_follows(words, i) && !is_share))
        return true;
    /* "09-KH/TU", "2,5 ngày", "23/5": figures with a mark glued on one side belong to something
     * longer. */
    if (i > 0 && !is_share && words->at[i].is_glued &&
        lex_match_back(words, i, "-|/|.|,|:|–") > 0 && i >= 2 &&
        (lex_is_figures(words, i - 2) ||
         (words->at[i - 2].is_letters && lex_match_back(words, i, "-|/|.") > 0 &&
          words->at[i - 1].is_glued)))
        return true;
    return is_glued_to(words, to, "/") ||
           (is_glued_to(words, to, ",|.") && lex_is_figures(words, to + 1) &&
            words->at[to + 1].is_glued);
}

/* Only blanks and words of expectation: "dự kiến khoảng". */
static size_t skip_expecting_back(const struct lex_words *words, size_t end)
{
    for (;;) {
        size_t len =
            lex_match_back(words, end, "dự kiến|khoảng|từ|là|:|gồm|trên dưới|dự kiến có|với");
        if (len == 0)
            return end;
        end -= len;
    }
}

/* "mỗi cơ quan cử 05", "mỗi xã: 02": the word stands in the same clause, with no other count
 * between. */
static bool is_each_of(const struct lex_words *words, size_t after, size_t i, size_t behind)
{
    if (lex_match(words, behind,
                  "/ đơn vị|/ cơ quan|/ xã|/ phường|/ lớp|/ điểm cầu|/ đảng bộ|/ địa phương|mỗi|/ "
                  "khóa|/ khoá|/ sở|/ phòng|/ chi bộ|/ cụm") > 0)
        return true;
    size_t from = i;
    while (from > after && lex_match(words, from - 1, ";|.|:|(") == 0)
        from--;
    if (from > after && from > 0 && lex_match(words, from - 1, ":") > 0 &&
        i - from <= 2) { /* "Mỗi xã, phường: 02 người" */
        from--;
        while (from > after && lex_match(words, from - 1, ";|.|:|(") == 0)
            from--;
    }
    return lex_search(words, from, i, "mỗi|từng") < i;
}

static struct str bound_of(const struct lex_words *words, size_t start, size_t behind)
{
    if (lex_match_back(words, start, upper_bounds) > 0)
        return STR("max");
    if (lex_match_back(words, start, lower_bounds) > 0 || lex_match(words, behind, "trở lên") > 0)
        return STR("min");
    return STR("");
}

/* The count that begins at word `i`; words taken, 0 when there is none. `after`: where the count
 * before ended. */
static size_t read_count(const struct lex_words *words, size_t after, size_t i,
                         struct lex_count *ret_count)
{
    struct lex_count count = { 0 };
    size_t len = read_number_at(words, i, &count.value);
    if (len == 0 || is_part_of_other(words, i, i + len))
        return 0;
    count.max = count.value;
    size_t at = i + len;
    size_t linking = lex_match(words, at, "-|–|đến|tới");
    int64_t end = 0;
    size_t end_len = linking > 0 ? read_number_at(words, at + linking, &end) : 0;
    if (end_len > 0 && end > count.value) {
        count.max = end;
        at += linking + end_len;
    }
    size_t word = lex_match(words, at, counted);
    bool is_named = lex_match_back(words, i,
                                   "cử|số lượng :|số lượng|cử từ|cử khoảng|cử ít nhất|cử tối đa|cử "
                                   "không quá|cử tối thiểu") > 0;
    if (word == 0 && !(is_named && lex_is_figures(words, i) &&
                       (at == words->len || lex_match(words, at, ".|;|,|)|/") > 0)))
        return 0;
    count.word = lex_words_text(words, at, at + word);
    at += word;
    size_t start = skip_expecting_back(words, i);
    count.part = lex_words_text(words, i, at);
    count.is_each = is_each_of(words, after, i, at);
    count.bound = bound_of(words, start, at);
    if (count.bound.len == 0)
        count.bound = bound_of(words, i, at);
    *ret_count = count;
    return at - i;
}

void lex_counts_of(struct arena *arena, const struct lex_words *words, struct lex_counts *ret_list)
{
    struct lex_counts list = { 0 };
    size_t room = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        size_t after = 0;
        for (size_t i = 0; i < words->len;) {
            struct lex_count count = { 0 };
            size_t len = read_count(words, after, i, &count);
            if (len > 0 && pass == 1)
                list.at[list.len++] = count;
            room += len > 0 && pass == 0;
            i += len > 0 ? len : 1;
            after = len > 0 ? i : after;
        }
        if (pass == 0)
            list.at = ARENA_NEW_ARRAY(arena, struct lex_count, room + 1);
    }
    *ret_list = list;
}

void lex_find_counts(struct arena *arena, struct str text, struct lex_counts *ret_list)
{
    struct lex_words words = lex_cut_words(arena, text);
    lex_counts_of(arena, &words, ret_list);
}

/* ---- lengths of time ---- */

static size_t read_tenths(const struct lex_words *words, size_t i, int64_t *ret_tenths)
{
    int64_t value = 0;
    size_t len = read_number_at(words, i, &value);
    if (len == 0 || value > 100000 ||
        (!lex_is_figures(words, i) && is_number_word_astray(words, i)))
        return 0;
    *ret_tenths = value * 10;
    if (len == 1 && is_glued_to(words, i + 1, ",|.") && lex_is_figures(words, i + 2) &&
        words->at[i + 2].is_glued && words->at[i + 2].digits == 1) {
        *ret_tenths += words->at[i + 2].number;
        return 3;
    }
    return len;
}

static size_t read_unit(const struct lex_words *words, size_t i, struct lex_period *period)
{
    static const struct {
        const char *words;
        char unit;
    } units[] = { { "ngày", 'D' }, { "tuần", 'W' }, { "tháng", 'M' },
                  { "năm", 'Y' },  { "giờ", 'H' },  { "phút", 'N' } };
    for (size_t n = 0; n < LEN(units); n++) {
        if (lex_match(words, i, units[n].words) == 0)
            continue;
        period->unit = units[n].unit;
        size_t working = units[n].unit == 'D' ? lex_match(words, i + 1, "làm việc") : 0;
        period->is_working_days = working > 0;
        /* "6 tháng đầu năm", "03 tháng 5": no length. */
        if (lex_match(words, i + 1, "đầu|cuối|tuổi|kinh nghiệm|công tác") > 0 ||
            (lex_is_figures(words, i + 1) && lex_match(words, i + 2, "đêm") == 0))
            return 0;
        if (lex_match(words, i + 1, "rưỡi") > 0) {
            period->tenths += 5;
            period->tenths_max += 5;
            return 2;
        }
        return 1 + working;
    }
    return 0;
}

size_t lex_read_period(const struct lex_words *words, size_t i, struct lex_period *ret_period)
{
    struct lex_period period = { 0 };
    size_t len = read_tenths(words, i, &period.tenths);
    if (len == 0 || lex_match_back(words, i, "/|ngày|tháng|năm|số") > 0)
        return 0;
    period.tenths_max = period.tenths;
    size_t at = i + len;
    struct lex_period first = period;
    size_t unit = read_unit(words, at, &first);
    size_t linking = lex_match(words, at + unit, "-|–|đến|tới");
    int64_t end = 0;
    size_t end_len = linking > 0 ? read_tenths(words, at + unit + linking, &end) : 0;
    if (end_len > 0 && end > period.tenths) {
        struct lex_period both = { .tenths = period.tenths, .tenths_max = end };
        size_t end_unit = read_unit(words, at + unit + linking + end_len, &both);
        if (end_unit > 0) {
            *ret_period = both;
            return len + unit + linking + end_len + end_unit;
        }
    }
    if (unit == 0)
        return 0;
    *ret_period = first;
    return len + unit;
}

static struct str period_one(struct arena *arena, int64_t tenths, const struct lex_period *p)
{
    bool is_clock = p->unit == 'H' || p->unit == 'N';
    struct str figure = tenths % 10 == 0 ? str_format(arena, "%lld", (long long)tenths / 10)
                                         : str_format(arena, "%lld.%lld", (long long)tenths / 10,
                                                      (long long)tenths % 10);
    return str_format(arena, "P%s" STR_FMT "%s%c", is_clock ? "T" : "", STR_ARG(figure),
                      p->is_working_days ? "W" : "", p->unit == 'N' ? 'M' : p->unit);
}

struct str lex_period_format(struct arena *arena, struct lex_period period)
{
    struct str from = period_one(arena, period.tenths, &period);
    if (period.tenths == period.tenths_max)
        return from;
    return str_format(arena, STR_FMT "/" STR_FMT, STR_ARG(from),
                      STR_ARG(period_one(arena, period.tenths_max, &period)));
}

/*
 * A length is read where the text speaks of one: behind "thời gian", "thời lượng", "mỗi khóa", "kéo
 * dài" (KH-CB), before
 * "/lớp", or when nothing else is said ("03 tháng"). "trong 5 năm qua" tells how long ago.
 */
static bool is_length_named(const struct lex_words *words, size_t i, size_t behind)
{
    enum { NEAR_WORDS = 25 };
    size_t from = i;
    while (from > 0 && i - from < NEAR_WORDS && lex_match(words, from - 1, ";|.") == 0)
        from--;
    if (lex_search(words, from, i,
                   "thời gian|thời lượng|mỗi khóa|mỗi khoá|mỗi lớp|mỗi đợt|kéo dài|tổ chức "
                   "trong|tập trung|học trong") < i ||
        lex_match(words, behind,
                  "/ lớp|/ khóa|/ khoá|/ đợt|/ chương trình|mỗi lớp|một lớp|một khóa|cho mỗi|/ "
                  "chuyên đề") > 0)
        return true;
    /* "thực tập tại ... trong 01 tháng." */
    bool is_tail = lex_match_back(words, i, "trong|trong thời gian") > 0 &&
                   (behind >= words->len || lex_match(words, behind, ".|;|,|:") > 0);
    /* "Bồi dưỡng quản lý điểm đến: 03 ngày." */
    is_tail = is_tail || (lex_match_back(words, i, ":") > 0 &&
                          (behind >= words->len || lex_match(words, behind, ".|;|,") > 0));
    bool is_head = i <= 2 && behind + 1 >= words->len;
    return is_head || is_tail;
}

struct str lex_duration(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    for (size_t i = 0; i < words.len; i++) {
        struct lex_period period = { 0 };
        size_t len = lex_read_period(&words, i, &period);
        if (len > 0 && is_length_named(&words, i, i + len))
            return lex_period_format(arena, period);
        i += len > 0 ? len - 1 : 0;
    }
    return STR("");
}
