#include "reader/topic_cut.h"

#include <string.h>

/*
 * What the words of one topic hold: its number in front, its title, who gives it and how long it
 * takes; and what is no topic at all. The layouts, which find the words, are read_topics.c.
 */

/* ---- what a title is ---- */

static const char not_taught[] =
    "khai giảng|khai mạc|bế giảng|bế mạc|giải lao|nghỉ|đón tiếp|đón học viên|đón đại biểu|nhập "
    "học|ăn trưa|ăn sáng|ăn tối|ổn định tổ chức|phát tài liệu|"
    "nhận tài liệu|chào cờ|văn nghệ|tuyên bố lý do|giới thiệu đại biểu|trao chứng|trao giấy|cấp "
    "giấy chứng nhận|tổng kết lớp|tổng kết khóa|đăng ký đại biểu|điểm danh|"
    "phát biểu khai|phát biểu bế|phát biểu chỉ đạo|lễ khai|lễ bế|kiểm tra kỹ thuật|kết nối|nhận "
    "phòng|di chuyển|kiểm tra đường truyền|chạy thử|thử đường truyền|kiểm tra âm thanh|ổn định "
    "lớp|đón khách|ăn nhẹ|uống nước|thông qua nội quy|quán triệt nội quy|phổ biến nội quy|giao lưu";

bool topic_is_taught(struct arena *arena, struct str title)
{
    struct lex_words words = lex_cut_words(arena, title);
    enum { HEAD_WORDS = 6 };
    size_t to = words.len < HEAD_WORDS ? words.len : HEAD_WORDS;
    return words.len > 0 && lex_search(&words, 0, to, not_taught) == to;
}

bool topic_is_ceremony(struct arena *arena, struct str title)
{
    struct lex_words words = lex_cut_words(arena, title);
    return lex_match(&words, 0, not_taught) > 0 ||
           (words.len <= 2 && lex_match(&words, 0, "kết thúc") > 0);
}

struct str topic_kind(struct arena *arena, struct str title)
{
    struct lex_words words = lex_cut_words(arena, title);
    if (lex_match(
            &words, 0,
            "trao đổi|thảo luận|chia nhóm|tọa đàm|toạ đàm|giải đáp|đối thoại|hỏi đáp|hỏi - đáp|làm "
            "việc nhóm") > 0)
        return STR("discussion");
    if (lex_match(&words, 0,
                  "nghiên cứu thực tế|đi thực tế|thực địa|đi thực địa|khảo sát|đi khảo sát|tham "
                  "quan|thăm|khảo sát thực "
                  "tế|tham quan , học "
                  "tập|đi nghiên cứu") > 0)
        return STR("visit");
    if (lex_match(&words, 0,
                  "kiểm tra cuối|kiểm tra hết|kiểm tra trắc nghiệm|kiểm tra thực hành|kiểm tra tự "
                  "luận|kiểm tra đánh giá|kiểm tra , "
                  "đánh giá|làm bài kiểm tra|thi hết|thi cuối|thi trắc nghiệm|"
                  "bài kiểm tra|kiểm tra kết thúc|kiểm tra viết|viết thu hoạch|viết bài thu "
                  "hoạch|kiểm tra") > 0 &&
        (lex_match(&words, 0, "kiểm tra") == 0 || words.len == 2 ||
         lex_match(&words, 2, "cuối|hết|trắc|thực|tự|đánh|, đánh|kết|viết") > 0))
        return STR("test");
    return STR("");
}

/* ---- cutting a topic's words ---- */

static size_t roman_value(struct str key)
{
    static const char *const romans[] = { "i",   "ii",   "iii", "iv", "v",  "vi",
                                          "vii", "viii", "ix",  "x",  "xi", "xii" };
    for (size_t n = 0; n < LEN(romans); n++)
        if (str_eq(key, str_from(romans[n])))
            return n + 1;
    return 0;
}

/* "(sáng 12/9):" between a topic's number and its title; words taken with the mark behind, 0 when
 * it is none. */
static size_t skip_bracket(const struct lex_words *words, size_t i)
{
    enum { BRACKET_WORDS = 14 };
    if (lex_match(words, i, "(") == 0)
        return 0;
    size_t to = i + BRACKET_WORDS < words->len ? i + BRACKET_WORDS : words->len;
    size_t close = lex_search(words, i, to, ")");
    size_t mark = close < to ? lex_match(words, close + 1, ":|.|-|–") : 0;
    return mark > 0 ? close + 1 + mark - i : 0;
}

/* The number in front: "Chuyên đề 3:", "(2) Chuyên đề 2:", "Bài 1.", "3." Words taken. */
static size_t cut_number(const struct lex_words *words, size_t i, const struct outline_node *node,
                         struct reader_number *ret_number)
{
    size_t from = i;
    if (lex_match(words, i, "(") > 0 && lex_is_figures(words, i + 1) &&
        lex_match(words, i + 2, ")") > 0) {
        *ret_number = read_number(node, words->at[i + 1].part, words->at[i + 1].number);
        i += 3;
    }
    size_t noun = lex_match(
        words, i,
        "chuyên đề số|chuyên đề thứ|chuyên đề|bài số|bài|nội dung|chủ đề|mô - đun|mô đun");
    if (noun > 0) {
        size_t at = i + noun;
        int64_t value = 0;
        size_t len = lex_is_figures(words, at) && words->at[at].digits <= 2 ? 1 : 0;
        value = len > 0 ? words->at[at].number : 0;
        if (len == 0 && at < words->len && roman_value(words->at[at].key) > 0) {
            value = (int64_t)roman_value(words->at[at].key);
            len = 1;
        }
        if (len == 0)
            len = lex_match_number_words(words, at, &value);
        size_t mark = lex_match(words, at + len, ":|.|-|–|)");
        mark = mark > 0 ? mark : skip_bracket(words, at + len);
        if (len > 0 && mark > 0) {
            *ret_number = read_number(node, lex_words_text(words, at, at + len), value);
            return at + len + mark - from;
        }
        if (lex_match(words, at, ":") > 0)
            return at + 1 - from;
    }
    return i - from;
}

/* "Chuyên đề" with its number and mark stands at `i`, perhaps behind "(1)". */
bool topic_is_marked(const struct lex_words *words, size_t i)
{
    if (lex_match(words, i, "(") > 0 && lex_is_figures(words, i + 1))
        i += 3;
    size_t noun = lex_match(
        words, i,
        "chuyên đề số|chuyên đề thứ|chuyên đề|bài số|bài|nội dung số|nội dung|mô - đun|mô đun");
    if (noun == 0)
        return false;
    int64_t value = 0;
    size_t at = i + noun;
    size_t len = lex_is_figures(words, at) ? 1
                 : at < words->len && roman_value(words->at[at].key) > 0
                     ? 1
                     : lex_match_number_words(words, at, &value);
    return len > 0 &&
           (lex_match(words, at + len, ":|.|-|–") > 0 || skip_bracket(words, at + len) > 0);
}

struct reader_number topic_minutes(const struct lex_words *words, const struct outline_node *node,
                                   size_t from, size_t to)
{
    for (size_t i = from; i + 1 < to; i++)
        if (lex_is_figures(words, i) && lex_match(words, i + 1, "phút|'|’") > 0 &&
            words->at[i].number > 0 && words->at[i].number < 1000 &&
            lex_match_back(words, i, "giờ|h|:") == 0)
            return read_number(node, lex_words_text(words, i, i + 2), words->at[i].number);
    return (struct reader_number){ 0 };
}

/* Without the verb it ends with: "Văn phòng Thành ủy giảng". */
static struct str without_verb(const struct lex_words *words, size_t from, size_t to)
{
    while (to > from && lex_match(words, to - 1, ".|;|,|)") > 0)
        to--;
    to -= lex_match_back(words, to,
                         "trực tiếp giảng|trực tiếp trình bày|trình bày|truyền đạt|quán "
                         "triệt|thuyết trình|giảng dạy|giảng|hướng "
                         "dẫn|báo cáo|phụ trách|đảm nhiệm|thực hiện|chủ trì");
    return from < to ? lex_words_text(words, from, to) : STR("");
}

/*
 * Tails without brackets: ", do Ban Tổ chức Tỉnh ủy giảng"; "; thời lượng 180 phút; Văn phòng Thành
 * ủy giảng"; " - 4 tiết - Trường Quân sự tỉnh". Gives where the title ends, `to` when there is
 * none.
 */
static size_t cut_plain_tail(const struct lex_words *words, size_t from, size_t to,
                             struct cut_topic *topic)
{
    size_t by = lex_search(words, from, to, ", do|; do");
    if (by < to && lex_match(words, to - 1, ")") == 0 &&
        lex_match_back(words, to,
                       "giảng|trình bày|hướng dẫn|báo cáo|phụ trách|đảm nhiệm|giảng dạy|thực "
                       "hiện|truyền đạt|quán triệt|thuyết trình") > 0) {
        topic->speaker = without_verb(words, by + 2, to);
        return by;
    }
    /* " (180 phút), Thanh tra thành phố" */
    for (size_t i = from + 1; i + 4 < to; i++) {
        if (lex_match(words, i, "(") == 0 || !lex_is_figures(words, i + 1) ||
            lex_match(words, i + 2, "phút ) ,|phút ) :|phút ) -|tiết ) ,|tiết ) :") == 0)
            continue;
        topic->speaker = without_verb(words, i + 5, to);
        return i;
    }
    size_t length = lex_search(words, from, to, "; thời lượng|, thời lượng|- thời lượng");
    for (size_t i = from + 1; i + 2 < to && length == to; i++)
        if (lex_match(words, i, "-|–|;") > 0 && !words->at[i].is_glued &&
            lex_is_figures(words, i + 1) && lex_match(words, i + 2, "tiết|phút|buổi|giờ|ngày") > 0)
            length = i;
    if (length == to)
        return to;
    size_t behind = length + 1;
    while (behind < to && lex_match(words, behind, ";|-|–") == 0)
        behind++;
    if (behind + 1 < to)
        topic->speaker = without_verb(words, behind + 1, to);
    return length;
}

/* Who gives it, behind the title: "(do Sở X trình bày)", "(Phòng Y; 90 phút)", "- Báo cáo viên: Z",
 * ": Sở X, 01 buổi". */
static size_t cut_tail(struct arena *arena, const struct lex_words *words,
                       const struct outline_node *node, size_t from, struct cut_topic *topic)
{
    size_t to = words->len;
    while (to > from && lex_match(words, to - 1, ".|;|,") > 0)
        to--;
    topic->minutes = topic_minutes(words, node, from, to);
    size_t label =
        lex_search(words, from, to,
                   "báo cáo viên :|giảng viên :|người trình bày :|trình bày :|( báo cáo viên|( "
                   "giảng viên|, báo cáo viên|, giảng viên|- "
                   "báo cáo viên|- giảng viên|; giảng viên|; báo cáo viên|do giảng viên :");
    size_t plain = cut_plain_tail(words, from, to, topic);
    if (plain < to)
        return plain;
    size_t open = to > from && lex_match(words, to - 1, ")") > 0 ? to - 1 : to;
    while (open > from && open < to && lex_match(words, open, "(") == 0)
        open--;
    size_t speaker_from = to;
    size_t speaker_to = to;
    if (label < to) {
        speaker_from = label + lex_match(words, label, "(|-|;|,");
        speaker_from += lex_match(
            words, speaker_from, "báo cáo viên|giảng viên|người trình bày|trình bày|do giảng viên");
        speaker_from += lex_match(words, speaker_from, ":");
        to = label;
    } else if (open > from && open < to) {
        speaker_from = open + 1 + lex_match(words, open + 1, "do");
        bool is_said =
            lex_match(words, open + 1, "do") > 0 || topic->minutes.is_given ||
            lex_search(words, open, speaker_to, "trình bày|giảng viên|báo cáo viên") < speaker_to;
        if (!is_said)
            return to;
        to = open;
    } else {
        return to;
    }
    while (speaker_to > speaker_from && lex_match(words, speaker_to - 1, ")|.|;|,") > 0)
        speaker_to--;
    size_t end = lex_search(words, speaker_from, speaker_to,
                            ";|trình bày|hướng dẫn|, thời lượng|thực hiện|báo cáo )|: 0|giảng dạy");
    struct str speaker = lex_words_text(words, speaker_from, end);
    struct lex_words alone = lex_cut_words(arena, speaker);
    bool is_minutes = alone.len > 0 && alone.len <= 3 && lex_is_figures(&alone, 0);
    topic->speaker = is_minutes ? STR("") : speaker;
    return to;
}

/* ": Sở Tư pháp, 01 buổi (210 phút)": only where a length stands behind. */
static size_t cut_colon_tail(const struct lex_words *words, size_t from, size_t to,
                             struct cut_topic *topic)
{
    if (topic->speaker.len > 0 || !topic->minutes.is_given)
        return to;
    size_t colon = to;
    for (size_t i = from; i < to; i++)
        if (lex_match(words, i, ":") > 0)
            colon = i;
    if (colon == to)
        return to;
    size_t length = colon + 1;
    while (length < to && !(lex_is_figures(words, length) &&
                            lex_match(words, length + 1, "buổi|tiết|phút|giờ|ngày") > 0))
        length++;
    size_t end =
        length > colon + 1 && lex_match_back(words, length, ",|(|;") > 0 ? length - 1 : length;
    topic->speaker = lex_words_text(words, colon + 1, end);
    return colon;
}

/* "Một là,", "Thứ hai,": the words taken, with the number they say. */
static size_t cut_ordinal(const struct lex_words *words, size_t i, const struct outline_node *node,
                          struct reader_number *ret_number)
{
    static const char *const ordinals[] = {
        "một là ,|một là :|thứ nhất ,|thứ nhất :", "hai là ,|hai là :|thứ hai ,|thứ hai :",
        "ba là ,|ba là :|thứ ba ,|thứ ba :",       "bốn là ,|bốn là :|thứ tư ,|thứ tư :",
        "năm là ,|năm là :|thứ năm ,|thứ năm :",   "sáu là ,|sáu là :|thứ sáu ,|thứ sáu :"
    };
    for (size_t n = 0; n < LEN(ordinals); n++) {
        size_t len = lex_match(words, i, ordinals[n]);
        if (len == 0)
            continue;
        *ret_number = read_number(node, lex_words_text(words, i, i + len), (int64_t)n + 1);
        return len;
    }
    return 0;
}

int topic_minutes_between(struct str from, struct str to)
{
    if (from.len != 5 || to.len != 5)
        return 0;
    int a = ((from.at[0] - '0') * 10 + from.at[1] - '0') * 60 + (from.at[3] - '0') * 10 +
            from.at[4] - '0';
    int b = ((to.at[0] - '0') * 10 + to.at[1] - '0') * 60 + (to.at[3] - '0') * 10 + to.at[4] - '0';
    return b - a;
}

/*
 * "Sáng ngày 23/5/2026: 8h00 - 11h30: ...", "Buổi chiều: ...": when the topic is given, up to the
 * mark behind it. A time without a mark behind it ("23/5/2026 là ngày ...") is part of the title.
 */
static size_t cut_when(struct arena *arena, const struct lex_words *words,
                       const struct outline_node *node, size_t from,
                       struct reader_number *ret_minutes)
{
    enum { LEAD_WORDS = 30 };
    size_t at = from + lex_match(words, from, "buổi");
    size_t half = lex_match(words, at, "sáng|chiều|tối");
    size_t taken = half > 0 ? lex_match(words, at + half, ":|-|–") : 0;
    size_t to = taken > 0 ? at + half + taken : from;
    struct lex_moments moments = { 0 };
    lex_moments_of(arena, words, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        size_t begin = lex_word_at(words, (size_t)(moments.at[n].part.at - words->text.at));
        size_t end = lex_word_at(words, (size_t)(moments.at[n].part.at - words->text.at) +
                                            moments.at[n].part.len);
        bool is_in_lead = begin >= to && begin - to <= 3 && end - from <= LEAD_WORDS;
        for (size_t i = to; is_in_lead && i < begin; i++)
            is_in_lead = lex_match(words, i, "(|buổi|sáng|chiều|tối|từ|ngày|,|:|-") > 0;
        size_t mark = lex_match(words, end, ") :|) -|:|-|–|,");
        if (!is_in_lead || mark == 0)
            break;
        to = end + mark;
        int length = topic_minutes_between(moments.at[n].time, moments.at[n].end_time);
        if (length > 0)
            *ret_minutes = read_number(node, moments.at[n].part, length);
    }
    return to - from;
}

/* The words [from, to) are someone who teaches and nothing else: a degree and a name, a name of a
 * body. */
static bool is_teacher(struct arena *arena, const struct lex_words *words, size_t from, size_t to)
{
    if (from >= to)
        return false;
    struct str part = lex_words_text(words, from, to);
    if (lex_match(words, from,
                  "gs|pgs|ts|tskh|ths|cn|đồng chí|đ / c|ông|bà|thạc sĩ|tiến sĩ|luật "
                  "sư|ls|bs|cki|ckii|giảng viên|thầy|cô") > 0)
        return lex_person_prefix(arena, part).len > 0;
    return lex_body_prefix(arena, part).len >= part.len;
}

/* "... (TS. A - Học viện B)", "... - Ủy ban Kiểm tra Tỉnh ủy", "...: 04 tiết": gives where the
 * title ends. */
static size_t cut_bare_tail(struct arena *arena, const struct lex_words *words, size_t from,
                            size_t to, struct cut_topic *topic)
{
    while (to > from && lex_match(words, to - 1, ".|;|,") > 0)
        to--;
    size_t length = lex_match_back(words, to, "tiết|buổi|tiết )|buổi )");
    if (length > 0 && to > from + length + 2 && lex_is_figures(words, to - length - 1) &&
        lex_match(words, to - length - 2, ":|,|(|-|–") > 0)
        to -= length + 2;
    if (topic->speaker.len > 0 || to < from + 3)
        return to;
    if (lex_match(words, to - 1, ")") > 0) {
        size_t open = to - 1;
        while (open > from && lex_match(words, open, "(") == 0)
            open--;
        if (open > from && to - open < 30 && is_teacher(arena, words, open + 1, to - 1)) {
            topic->speaker = lex_words_text(words, open + 1, to - 1);
            return open;
        }
        return to;
    }
    enum { TEACHER_WORDS = 20 };
    size_t first = to > from + 1 + TEACHER_WORDS ? to - TEACHER_WORDS : from + 1;
    for (size_t i = first; i + 1 < to; i++) {
        if (lex_match(words, i, "-|–|.|;") == 0 || words->at[i + 1].is_glued ||
            !is_teacher(arena, words, i + 1, to))
            continue;
        topic->speaker = lex_words_text(words, i + 1, to);
        return i;
    }
    return to;
}

/*
 * "Sở Nội vụ báo cáo chuyên đề \"Chính quyền địa phương\"", "nghe đồng chí A trình bày chuyên đề
 * B": who gives it stands in front. Words taken, 0 when no one does.
 */
static size_t cut_front(struct arena *arena, const struct lex_words *words, size_t from, size_t to,
                        struct cut_topic *topic)
{
    enum { FRONT_WORDS = 30, HEARD_WORDS = 8 };
    size_t near = to - from < FRONT_WORDS ? to : from + FRONT_WORDS;
    size_t verb = lex_search(
        words, from, near,
        "báo cáo chuyên đề|trình bày chuyên đề|giới thiệu chuyên đề|truyền đạt chuyên đề|giảng "
        "chuyên đề|báo cáo nội dung|trình bày nội dung|giới thiệu nội dung|truyền đạt nội "
        "dung|trình bày về|giới thiệu về");
    if (verb == near)
        return 0;
    size_t heard =
        lex_search(words, from, from + HEARD_WORDS < verb ? from + HEARD_WORDS : verb, "nghe");
    size_t begin = lex_match(words, heard, "nghe") > 0 ? heard + 1 : from;
    if (!is_teacher(arena, words, begin, verb))
        return 0;
    topic->speaker = lex_words_text(words, begin, verb);
    size_t taken = verb + lex_match(words, verb, "báo cáo|trình bày|giới thiệu|truyền đạt|giảng");
    taken += lex_match(words, taken, "chuyên đề :|chuyên đề|nội dung :|nội dung|về");
    return taken - from;
}

/* Without the quotation marks around it; the opening one may stand in front of its words, the
 * closing one not. */
static struct str without_quotes(struct str title)
{
    static const char *const marks[] = { "\"", "”", "»" };
    static const char *const openings[] = { "\"", "“", "«" };
    for (size_t n = 0; n < LEN(marks); n++) {
        struct str mark = str_from(marks[n]);
        struct str rest = title;
        while (rest.len > 0 && strchr(".;, ", rest.at[rest.len - 1]) != NULL)
            rest.len--;
        if (rest.len <= mark.len || !str_eq(str_sub(rest, rest.len - mark.len, rest.len), mark))
            continue;
        rest.len -= mark.len;
        struct str inner = str_starts(rest, str_from(openings[n]))
                               ? str_sub(rest, str_from(openings[n]).len, rest.len)
                               : rest;
        return str_find(inner, str_from(openings[n])) == inner.len ? inner : title;
    }
    return title;
}

/* "Chuyên đề Chuyển đổi số", "chuyên đề \"An ninh\"": the noun in front of a name. Words taken. */
static size_t cut_noun(const struct lex_words *words, size_t i)
{
    size_t len = lex_match(words, i, "chuyên đề");
    if (len == 0 || i + len + 1 >= words->len)
        return 0;
    const struct lex_word *next = &words->at[i + len];
    bool is_name = (next->is_letters && !str_eq(next->part, next->key)) ||
                   lex_match(words, i + len, "\"|“|«") > 0;
    return is_name ? len : 0;
}

struct cut_topic topic_cut(struct arena *arena, const struct outline_node *node, struct str part)
{
    struct lex_words words = lex_cut_words(arena, part);
    struct cut_topic topic = { .title = STR(""), .speaker = STR("") };
    struct reader_number slot = { 0 };
    size_t from = cut_when(arena, &words, node, 0, &slot);
    from += cut_ordinal(&words, from, node, &topic.number);
    from += cut_number(&words, from, node, &topic.number);
    struct cut_topic front = { .speaker = STR("") };
    from += cut_front(arena, &words, from, words.len, &front);
    from += cut_noun(&words, from);
    size_t to = cut_tail(arena, &words, node, from, &topic);
    if (front.speaker.len > 0)
        topic.speaker = front.speaker;
    to = cut_colon_tail(&words, from, to, &topic);
    to = cut_bare_tail(arena, &words, from, to, &topic);
    if (!topic.minutes.is_given)
        topic.minutes = slot;
    topic.title = without_quotes(lex_words_text(&words, from, to));
    return topic;
}
