#include "reader/lex.h"

#include "reader/lex_atom.h"

/*
 * What a deadline is made of (domain.md 5.4, plan-schema.md "obligations"):
 *   a date with the word that makes it one, directly before it:
 *     before  trước ngày 21/5/2026 (664-KH/HVCTQG)  trước 9 giờ ngày 21/11/2025 (09-KH/TU)  xong
 * trước ngày by      chậm nhất, muộn nhất, không quá, hạn cuối, đến hết, hoàn thành in      trong
 * tháng 5/2026 (KH-CB)  trong quý I/2026 at      vào lúc 15 giờ, ngày 21/11/2025 (09-KH/TU) after
 * sau ngày a rhythm: thường xuyên, định kỳ, hằng năm, trong tháng 12 hằng năm (KH-CB), trước ngày
 * 25 hằng tháng a length counted from an event: ít nhất từ 3 tháng sau khi kết thúc (KH-CB), trong
 * vòng 05 ngày làm việc kể từ A date without such a word is no deadline in a sentence ("Quyết định
 * ... ngày 20/4/2026"), but is one behind a label, where the text is nothing else. "trước Chủ
 * tịch", "trước yêu cầu" have no date behind them and are none.
 */

enum {
    LABEL_WORDS = 4
}; /* before the date of a text that says nothing else: "Hoàn thành trong tháng 5/2026" */

struct found {
    struct str kind, value, relation;
    struct str part;
    struct str doubt;
    int weight; /* of two deadlines in a sentence the stronger word wins, then the first */
};

struct due_reading {
    struct arena *arena;
    struct lex_words words;
    struct str paper_year;
    bool is_value_only; /* a label's value, not a sentence */
};

/* ---- dates ---- */

/* The word that makes a date a deadline, and how strong it is. */
static struct str cue_before(const struct due_reading *r, size_t end, int *ret_weight)
{
    static const struct {
        const char *words, *relation;
        int weight;
    } cues[] = {
        { "xong trước|trước|trước thời điểm|trước thời hạn", "before", 4 },
        { "chậm nhất là trong|chậm nhất trong|chậm nhất là|chậm nhất đến hết|chậm nhất đến|chậm "
          "nhất vào|chậm nhất|muộn nhất là|"
          "muộn nhất vào|muộn nhất đến|muộn nhất|không muộn hơn|không chậm quá|không quá|hạn "
          "cuối|hạn cuối là|hạn chót|hạn chót là|hạn cuối cùng|thời hạn|"
          "thời hạn đến|hạn nộp|hạn gửi|hạn|đến hết|hết|xong|hoàn thành vào|hoàn thành|xong "
          "vào|trước và trong",
          "by", 4 },
        { "ngay trong|trong", "in", 3 },
        { "vào lúc|vào hồi|vào|lúc|bắt đầu|bắt đầu từ|bắt đầu vào|đúng", "at", 2 },
        { "sau", "after", 2 },
    };
    for (size_t n = 0; n < LEN(cues); n++) {
        if (lex_match_back(&r->words, end, cues[n].words) > 0) {
            *ret_weight = cues[n].weight;
            return str_from(cues[n].relation);
        }
    }
    return STR("");
}

static struct str find_cue(const struct due_reading *r, size_t first, int *ret_weight)
{
    size_t end = first;
    for (int skipped = 0; skipped < 4; skipped++) {
        /* "vào lúc 15 giờ" before the word that says when it must be over: look first, skip after.
         */
        struct str cue = cue_before(r, end, ret_weight);
        bool is_soft = *ret_weight == 2;
        struct str stronger = STR("");
        if (cue.len > 0 && !is_soft)
            return cue;
        size_t len = lex_match_back(&r->words, end,
                                    "ngày|lúc|vào lúc|vào|hồi|khoảng|là|:|(|giữa|đầu|cuối|thời "
                                    "điểm|thứ|các|nửa đầu|nửa cuối|tuần|,");
        if (cue.len > 0) {
            int weight = 0;
            stronger = len > 0 ? cue_before(r, end - len, &weight) : STR("");
            *ret_weight = stronger.len > 0 ? weight : *ret_weight;
            return stronger.len > 0 ? stronger : cue;
        }
        if (len == 0)
            break;
        end -= len;
    }
    return STR("");
}

/* "hạn nộp bài thu hoạch: ngày 30/5/2026", "Chậm nhất là đến 17 giờ": the word stands a little
 * further off. */
static bool has_deadline_near(const struct due_reading *r, size_t first)
{
    enum { NEAR_WORDS = 9 };
    size_t from = first;
    while (from > 0 && first - from < NEAR_WORDS && lex_match(&r->words, from - 1, ";|.") == 0)
        from--;
    return lex_search(&r->words, from, first,
                      "hạn cuối|hạn chót|thời hạn|hạn nộp|hạn gửi|chậm nhất|muộn nhất|hạn đăng "
                      "ký|hạn báo cáo") < first;
}

static struct str kind_of_date(struct str date, struct str time)
{
    if (date.len == 10)
        return time.len > 0 ? STR("datetime") : STR("date");
    if (date.len == 7)
        return str_find(date, STR("Q")) < date.len ? STR("quarter") : STR("month");
    return date.len == 4 ? STR("year") : STR("");
}

/* "trước ngày 15/12 hằng năm": yearly-12-15. */
static void set_yearly(struct due_reading *r, struct str date, struct found *found)
{
    struct str behind =
        str_starts(date, STR("--")) ? str_sub(date, 2, date.len) : str_sub(date, 5, date.len);
    found->kind = STR("recurring");
    found->value = str_format(r->arena, "yearly-" STR_FMT, STR_ARG(behind));
}

static bool is_citation(const struct due_reading *r, size_t first)
{
    /* "kể từ ngày", "Quyết định số 12/QĐ ngày": the day something began or was signed. */
    return lex_match_back(&r->words, first, "kể từ ngày|kể từ|tính từ ngày|tính từ|từ ngày|từ") > 0;
}

static bool read_dated(struct due_reading *r, const struct lex_moment *m, bool is_first,
                       struct found *ret_found)
{
    struct found f = { .part = m->part };
    size_t first = lex_word_at(&r->words, (size_t)(m->part.at - r->words.text.at));
    struct str relation = find_cue(r, first, &f.weight);
    bool is_range = m->end_date.len > 0 && !m->is_list;
    bool is_until =
        is_range &&
        lex_search(&r->words, first,
                   lex_word_at(&r->words, (size_t)(m->part.at - r->words.text.at) + m->part.len),
                   "đến hết|đến hết ngày") <
            lex_word_at(&r->words, (size_t)(m->part.at - r->words.text.at) + m->part.len);
    if (relation.len == 0 && has_deadline_near(r, first)) {
        relation = STR("by");
        f.weight = 4;
    }
    bool is_label_value = r->is_value_only && is_first && first <= LABEL_WORDS;
    if (relation.len == 0 && lex_match_back(&r->words, first, "đến|tới|đến ngày|tới ngày") > 0 &&
        !is_range &&
        (is_label_value ||
         lex_search(&r->words, 0, r->words.len, "hoàn thành|xong|kết thúc việc") < r->words.len)) {
        relation = STR("by");
        f.weight = 3;
    }
    if (relation.len == 0 && (is_until || (is_label_value && is_range))) {
        relation = STR("by");
        f.weight = 1;
    }
    if (relation.len == 0 && m->is_yearly) {
        relation = STR("in");
        f.weight = 3;
    }
    struct str date = lex_complete_date(r->arena, is_range ? m->end_date : m->date, r->paper_year);
    if (relation.len == 0 && is_label_value && !is_citation(r, first)) {
        relation = date.len == 10 ? STR("by") : STR("in");
        f.weight = 1;
        if (date.len == 10)
            f.doubt =
                STR("Văn bản chỉ ghi ngày, không ghi \"trước\" hay \"chậm nhất\"; hiểu là chậm "
                    "nhất ngày ấy");
    }
    if (relation.len == 0)
        return false;
    f.relation = relation;
    if (m->is_yearly) {
        set_yearly(r, m->date, &f);
        *ret_found = f;
        return true;
    }
    f.kind = kind_of_date(date, m->time);
    if (f.kind.len == 0)
        return false;
    bool is_datetime = str_eq(f.kind, STR("datetime"));
    struct str time = is_range && m->end_time.len > 0 ? m->end_time : m->time;
    f.value = is_datetime ? str_format(r->arena, STR_FMT "T" STR_FMT, STR_ARG(date), STR_ARG(time))
                          : date;
    if (str_starts(m->date, STR("--")))
        f.doubt = STR("Văn bản không ghi năm; lấy năm của văn bản");
    *ret_found = f;
    return true;
}

/* ---- rhythms ---- */

struct rhythm {
    const char *words, *value;
    bool needs_company; /* also an attribute of nouns: "kế hoạch hằng năm" */
};

static const struct rhythm rhythms[] = {
    { "6 tháng / lần|06 tháng / lần|6 tháng một lần|06 tháng một lần|6 tháng 1 lần|02 lần / năm|2 "
      "lần / năm|mỗi năm 02 lần|mỗi năm hai lần|định kỳ 6 tháng|định kỳ 06 tháng|"
      "định kỳ sáu tháng|sáu tháng một lần|06 tháng 01 lần",
      "half_yearly", false },
    { "3 tháng / lần|03 tháng / lần|3 tháng một lần|03 tháng một lần|định kỳ hằng quý|định kỳ hàng "
      "quý|định kỳ 3 tháng|định kỳ 03 tháng|mỗi quý|từng quý|01 lần / quý|1 lần / quý",
      "quarterly", false },
    { "định kỳ hằng tháng|định kỳ hàng tháng|định kỳ mỗi tháng|mỗi tháng|01 lần / tháng|1 lần / "
      "tháng",
      "monthly", false },
    { "định kỳ hằng tuần|định kỳ hàng tuần|mỗi tuần|01 lần / tuần|1 lần / tuần", "weekly", false },
    { "định kỳ hằng năm|định kỳ hàng năm|định kỳ , hằng năm|định kỳ , hàng năm|định kỳ mỗi năm|mỗi "
      "năm|01 lần / năm|1 lần / năm",
      "yearly", false },
    { "hằng quý|hàng quý", "quarterly", true },
    { "hằng tháng|hàng tháng", "monthly", true },
    { "hằng tuần|hàng tuần", "weekly", true },
    { "hằng năm|hàng năm", "yearly", true },
    { "thường xuyên , liên tục|thường xuyên|liên tục hằng ngày", "continuous", true },
    { "định kỳ", "periodic", false },
};

static const char verbs[] =
    "tổng hợp|báo cáo|rà soát|xây dựng|tổ chức|tham mưu|đánh giá|lập|gửi|chủ trì|phối hợp|căn "
    "cứ|thực hiện|xem xét|bố trí|theo dõi|kiểm tra|đôn đốc|"
    "cập nhật|tuyên truyền|trao đổi|giám sát|nắm|quán triệt|hướng dẫn|chỉ đạo|thông báo|duy "
    "trì|quan tâm|có kế hoạch|tiến hành|nghiên cứu|đối chiếu|công khai|ban hành|giữ";

/* A rhythm's word is an attribute behind a noun and a rhythm at the head of a clause, behind a verb
 * or before one. */
static bool has_company(const struct due_reading *r, size_t i, size_t len)
{
    if (i == 0 || (r->is_value_only && i <= 3) ||
        lex_match_back(&r->words, i,
                       ";|.|:|định kỳ|định kỳ ,|báo cáo|thực hiện|và|hoặc|tiến hành|duy trì|được "
                       "thực hiện|( |một cách|vào") > 0)
        return lex_match_back(&r->words, i, "kế hoạch và|nhiệm vụ và") == 0;
    if (lex_match_back(&r->words, i, ",") > 0)
        return lex_match(&r->words, i + len, ",|báo cáo|tổng hợp|hoặc") > 0 ||
               lex_match(&r->words, i + len, verbs) > 0;
    if (lex_match_back(
            &r->words, i,
            "kế hoạch|dự toán|ngân sách|nhu cầu|loại|huấn|dưỡng|tạo|chi|giá|chương trình|hoạt "
            "động|nhiệm vụ|công việc|công tác|việc|"
            "nguồn|phí|kinh phí|mục tiêu|chỉ tiêu|báo cáo năm|thành tích|thi đua|làm việc") > 0)
        return false;
    bool is_last = i + len >= r->words.len || lex_match(&r->words, i + len, ".|;") > 0;
    return is_last || lex_match(&r->words, i + len, verbs) > 0;
}

/* "ngày 25 hằng tháng": monthly-25. */
/* "ngày 10 tháng đầu của quý sau", "ngày 20 tháng cuối quý": quarterly-10. */
static bool read_day_of_quarter(const struct due_reading *r, size_t i, struct found *ret_found,
                                size_t *ret_len)
{
    size_t len = lex_match(&r->words, i,
                           "tháng đầu của mỗi quý|tháng đầu của quý sau|tháng đầu của quý|tháng "
                           "đầu mỗi quý|tháng đầu quý sau|tháng đầu quý|tháng cuối của mỗi quý|"
                           "tháng cuối của quý|tháng cuối mỗi quý|tháng cuối quý|của tháng cuối "
                           "quý|của tháng đầu quý sau|của tháng đầu quý");
    int64_t day = i > 0 && lex_is_figures(&r->words, i - 1) ? r->words.at[i - 1].number : 0;
    if (len == 0 || day < 1 || day > 31 || lex_match_back(&r->words, i - 1, "ngày") == 0)
        return false;
    int weight = 0;
    struct str cue = find_cue(r, i - 1, &weight);
    bool is_deadline = str_eq(cue, STR("before")) || str_eq(cue, STR("by"));
    *ret_found = (struct found){ .kind = STR("recurring"),
                                 .value = str_format(r->arena, "quarterly-%02d", (int)day),
                                 .relation = is_deadline ? cue : STR("in"),
                                 .part = lex_words_text(&r->words, i - 2, i + len),
                                 .weight = 1 };
    *ret_len = len;
    return true;
}

static struct str anchored(const struct due_reading *r, size_t i, const char *value)
{
    int64_t day = i > 0 && lex_is_figures(&r->words, i - 1) ? r->words.at[i - 1].number : 0;
    bool is_day = day >= 1 && day <= 31 && lex_match_back(&r->words, i - 1, "ngày|mùng|mồng") > 0;
    return is_day && str_eq(str_from(value), STR("monthly"))
               ? str_format(r->arena, "monthly-%02d", (int)day)
               : str_from(value);
}

static bool read_rhythm(struct due_reading *r, size_t i, struct found *ret_found, size_t *ret_len)
{
    if (read_day_of_quarter(r, i, ret_found, ret_len))
        return true;
    for (size_t n = 0; n < LEN(rhythms); n++) {
        size_t len = lex_match(&r->words, i, rhythms[n].words);
        if (len == 0)
            continue;
        /* "25 hằng tháng" and "cuối quý" of a deadline: what stands before says whether it is
         * before or by. */
        bool has_day = i > 1 && lex_is_figures(&r->words, i - 1) &&
                       lex_match_back(&r->words, i - 1, "ngày|mùng|mồng") > 0;
        if (rhythms[n].needs_company && !has_day && !has_company(r, i, len))
            return false;
        struct str value = anchored(r, i, rhythms[n].value);
        /* "Hằng tháng (trước ngày 28) tổng hợp" */
        size_t bracket = lex_match(
            &r->words, i + len,
            "( trước ngày|, trước ngày|( chậm nhất ngày|, chậm nhất ngày|trước ngày|vào ngày");
        bool has_anchor = bracket > 0 && str_eq(value, STR("monthly")) &&
                          lex_is_figures(&r->words, i + len + bracket) &&
                          r->words.at[i + len + bracket].number <= 31 &&
                          lex_match(&r->words, i + len + bracket + 1, "/") == 0;
        if (has_anchor)
            value =
                str_format(r->arena, "monthly-%02d", (int)r->words.at[i + len + bracket].number);
        int weight = 0;
        struct str cue = has_day ? find_cue(r, i - 1, &weight) : STR("");
        if (has_anchor)
            cue = lex_match(&r->words, i + len, "vào") > 0             ? STR("in")
                  : lex_match(&r->words, i + len + 1, "chậm nhất") > 0 ? STR("by")
                                                                       : STR("before");
        bool is_before = str_eq(cue, STR("before")) || str_eq(cue, STR("by"));
        *ret_found =
            (struct found){ .kind = STR("recurring"),
                            .value = value,
                            .relation = is_before ? cue : STR("in"),
                            .part = lex_words_text(&r->words, has_day ? i - 2 : i, i + len),
                            .weight = 1 };
        *ret_len = len;
        return true;
    }
    return false;
}

/* "định kỳ hoặc đột xuất" says less than "hằng năm" behind it. */
static bool find_rhythm(struct due_reading *r, struct found *ret_found)
{
    bool has_any = false;
    for (size_t i = 0; i < r->words.len;) {
        struct found f = { 0 };
        size_t len = 0;
        if (!read_rhythm(r, i, &f, &len)) {
            i++;
            continue;
        }
        i += len;
        bool is_periodic = str_eq(f.value, STR("periodic"));
        bool says_more = str_eq(ret_found->value, STR("periodic")) && !is_periodic;
        /* "hằng quý, trước ngày 25 của tháng cuối quý" */
        says_more = says_more ||
                    (str_starts(f.value, ret_found->value) && f.value.len > ret_found->value.len);
        if (!has_any || says_more)
            *ret_found = f;
        has_any = true;
    }
    return has_any;
}

/* ---- lengths counted from an event ---- */

static const char from_event[] =
    "kể từ|tính từ|từ ngày|từ khi|sau khi|sau ngày|sau khóa|sau khoá|sau lớp|sau đợt|sau hội "
    "nghị|sau";

static bool read_period_after(struct due_reading *r, size_t i, struct found *ret_found,
                              size_t *ret_len)
{
    struct lex_period period = { 0 };
    size_t len = lex_read_period(&r->words, i, &period);
    if (len == 0 || period.unit == 'N')
        return false;
    const struct lex_words *words = &r->words;
    enum { NEAR_WORDS = 60 }; /* an event further off is another sentence's, and looking has an end */
    size_t near = i > NEAR_WORDS ? i - NEAR_WORDS : 0;
    size_t behind = i + len;
    behind += lex_match(words, behind, "trở lên|,|đầu tiên");
    *ret_len = len;
    /* "chậm nhất 03 ngày trước ngày nhập học" runs backwards, for which there is no value. */
    if (lex_match(words, behind, "trước") > 0)
        return false;
    bool is_from_event =
        lex_match(words, behind, from_event) > 0 || lex_match(words, behind, ", kể từ") > 0;
    bool is_least =
        lex_match_back(words, i, "ít nhất|tối thiểu|ít nhất từ|tối thiểu từ|ít nhất là|từ") > 0 ||
        lex_match(words, i + len, "trở lên") > 0;
    bool is_within = lex_match_back(words, i,
                                    "trong vòng|trong thời hạn|trong|không quá|chậm nhất|chậm nhất "
                                    "là|muộn nhất|tối đa|thời hạn|chậm nhất sau|trong khoảng") > 0;
    bool has_after = lex_search(words, near, i, "sau khi|sau") < i;
    struct str relation = STR("");
    bool is_after_named = lex_match_back(words, i, "chậm nhất|muộn nhất|không quá") > 0 &&
                          lex_search(words, near, i, "sau mỗi|sau khi|sau khóa|sau lớp|sau đợt") < i;
    if (is_after_named ||
        lex_match_back(words, i, "chậm nhất sau|muộn nhất sau|chậm nhất là sau") > 0 ||
        (is_within && is_from_event))
        relation = STR("by");
    else if (is_least && has_after)
        relation = STR("after");
    else if (lex_match_back(words, i, "sau|sau thời gian|sau khoảng") > 0 ||
             (is_from_event && lex_match(words, behind, "sau") > 0) ||
             lex_match_back(words, i,
                            "sau khóa học|sau khoá học|sau lớp học|sau khóa bồi dưỡng|sau bồi "
                            "dưỡng|sau khi kết thúc|sau khi kết thúc khóa học|sau khi kết thúc lớp|"
                            "sau khi kết thúc khóa bồi dưỡng|sau đào tạo") > 0)
        relation = STR("after");
    if (relation.len == 0)
        return false;
    size_t cue =
        lex_match_back(words, i, "trong vòng|sau|không quá|chậm nhất|ít nhất|trong thời hạn");
    *ret_found = (struct found){ .kind = STR("period_after"),
                                 .value = lex_period_format(r->arena, period),
                                 .relation = relation,
                                 .part = lex_words_text(words, i - cue, i + len),
                                 .weight = 2 };
    return true;
}

static bool find_period_after(struct due_reading *r, struct found *ret_found)
{
    for (size_t i = 0; i < r->words.len;) {
        size_t len = 0;
        if (read_period_after(r, i, ret_found, &len))
            return true;
        i += len > 0 ? len : 1;
    }
    return false;
}

/* ---- the whole ---- */

static struct reader_text text_of(const struct due_reading *r, const struct found *f,
                                  struct str value, bool has_doubt)
{
    size_t from = (size_t)(f->part.at - r->words.text.at);
    int start = (int)str_count_code_points(str_sub(r->words.text, 0, from));
    return (struct reader_text){
        .value = value,
        .span = { 0, 0, start, start + (int)str_count_code_points(f->part) },
        .doubt = has_doubt ? f->doubt : STR(""),
    };
}

/* A value behind a label is short and has no verb of its own before the time. */
static bool is_value_only(const struct lex_words *words)
{
    enum { VALUE_WORDS = 22 };
    return words->len <= VALUE_WORDS &&
           lex_match(
               words, 0,
               "lập|gửi|báo cáo|tổ chức|chuẩn bị|các|đề nghị|xây dựng|chủ trì|phối hợp|giao") == 0;
}

void lex_find_due(struct arena *arena, struct str text, struct str paper_year,
                  struct reader_due *ret_due, struct reader_text *ret_recurring)
{
    struct due_reading r = { .arena = arena,
                             .words = lex_cut_words(arena, text),
                             .paper_year = paper_year };
    r.is_value_only = is_value_only(&r.words);
    struct found best = { 0 };
    struct found rhythm = { 0 };
    struct lex_moments moments = { 0 };
    lex_moments_of(arena, &r.words, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        struct found f = { 0 };
        if (moments.at[n].date.len > 0 && read_dated(&r, &moments.at[n], n == 0, &f) &&
            f.weight > best.weight)
            best = f;
    }
    struct found period = { 0 };
    if (best.weight < 4 && find_period_after(&r, &period) && period.weight >= best.weight)
        best = period;
    bool has_rhythm = find_rhythm(&r, &rhythm);
    *ret_due = (struct reader_due){ 0 };
    *ret_recurring = (struct reader_text){ 0 };
    if (best.weight == 0 && has_rhythm)
        best = rhythm;
    if (best.weight == 0)
        return;
    ret_due->kind = text_of(&r, &best, best.kind, false);
    ret_due->value = text_of(&r, &best, best.value, true);
    ret_due->relation = text_of(&r, &best, best.relation, false);
    bool is_dated = !str_eq(best.kind, STR("recurring")) && !str_eq(best.kind, STR("period_after"));
    size_t going_on = lex_search(&r.words, 0, r.words.len,
                                 "và tiếp tục|và những năm tiếp theo|và các năm tiếp theo|sau đó "
                                 "tiếp tục|tiếp tục thường xuyên");
    if (is_dated && has_rhythm)
        *ret_recurring = text_of(&r, &rhythm, rhythm.value, false);
    else if (is_dated && going_on < r.words.len) {
        struct found on = { .part = lex_words_text(&r.words, going_on, r.words.len) };
        bool is_yearly =
            lex_match(&r.words, going_on, "và những năm tiếp theo|và các năm tiếp theo") > 0;
        *ret_recurring = text_of(&r, &on, is_yearly ? STR("yearly") : STR("continuous"), false);
    }
}
