#include "reader/read_programme.h"

/*
 * Topics, in every layout seen:
 *   marked     "Chuyên đề 1: ..." a line or an item each (664-KH/HVCTQG 3.2, 09-KH/TU III.2),
 * inline "(1) Chuyên đề 1: ...; (2) ..." (GM-QN III.1) table      TT | Chuyên đề | Giảng viên |
 * Thời lượng (KH-HP appendix) timetable  Ngày | Giờ | Nội dung | Giảng viên: minutes from the time
 * slot; opening, breaks, closing are no topics list       the items or the words parted by ';'
 * under "Nội dung" or behind "gồm 03 chuyên đề:" A stronger layout silences the weaker ones of the
 * same programme: marked and tables first, then timetables, then lists. "90 phút/chuyên đề ... và
 * 90 phút trao đổi, thảo luận" (KH-HP II.3) gives each its minutes.
 */

struct topic_reading {
    struct programme_reading *r;
    struct arena *arena;
    struct str date;      /* of a timetable's rows */
    struct str last_day;  /* of all rows */
    int64_t minutes_each; /* "90 phút/chuyên đề"; 0 none */
    int64_t minutes_discussion;
};

/* ---- what a title is ---- */

static const char not_taught[] =
    "khai giảng|khai mạc|bế giảng|bế mạc|giải lao|nghỉ|đón tiếp|đón học viên|đón đại biểu|nhập "
    "học|ăn trưa|ăn sáng|ăn tối|ổn định tổ chức|phát tài liệu|"
    "nhận tài liệu|chào cờ|văn nghệ|tuyên bố lý do|giới thiệu đại biểu|trao chứng|trao giấy|cấp "
    "giấy chứng nhận|tổng kết lớp|tổng kết khóa|đăng ký đại biểu|điểm danh|"
    "phát biểu khai|phát biểu bế|phát biểu chỉ đạo|lễ khai|lễ bế|kiểm tra kỹ thuật|kết nối|nhận "
    "phòng|di chuyển|thông qua nội quy|quán triệt nội quy|phổ biến nội quy|giao lưu";

static bool is_taught(struct arena *arena, struct str title)
{
    struct lex_words words = lex_cut_words(arena, title);
    enum { HEAD_WORDS = 6 };
    size_t to = words.len < HEAD_WORDS ? words.len : HEAD_WORDS;
    return words.len > 0 && lex_search(&words, 0, to, not_taught) == to;
}

static struct str kind_of_title(struct arena *arena, struct str title)
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

struct cut_topic {
    struct str title, speaker;
    struct reader_number number, minutes;
};

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
static bool is_marked(const struct lex_words *words, size_t i)
{
    if (lex_match(words, i, "(") > 0 && lex_is_figures(words, i + 1))
        i += 3;
    size_t noun =
        lex_match(words, i, "chuyên đề số|chuyên đề thứ|chuyên đề|bài số|bài|mô - đun|mô đun");
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

static struct reader_number minutes_at(const struct lex_words *words,
                                       const struct outline_node *node, size_t from, size_t to)
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
    topic->minutes = minutes_at(words, node, from, to);
    size_t label = lex_search(
        words, from, to,
        "báo cáo viên :|giảng viên :|người trình bày :|trình bày :|( báo cáo viên|( giảng viên|- "
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
        speaker_from = label + lex_match(words, label, "(|-|;");
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

static struct cut_topic cut_topic(struct arena *arena, const struct outline_node *node,
                                  struct str part)
{
    struct lex_words words = lex_cut_words(arena, part);
    struct cut_topic topic = { .title = STR(""), .speaker = STR("") };
    size_t from = cut_number(&words, 0, node, &topic.number);
    size_t to = cut_tail(arena, &words, node, from, &topic);
    to = cut_colon_tail(&words, from, to, &topic);
    topic.title = lex_words_text(&words, from, to);
    return topic;
}

/* ---- adding ---- */

static struct str bare_label(const struct outline_node *node)
{
    struct str label = node->label;
    while (label.len > 0 && (label.at[0] == '(' || label.at[0] == '['))
        label = str_sub(label, 1, label.len);
    while (label.len > 0 && (label.at[label.len - 1] == ')' || label.at[label.len - 1] == '.' ||
                             label.at[label.len - 1] == '/' || label.at[label.len - 1] == ']'))
        label.len--;
    return label;
}

/* As printed; a letter or Roman number by its position in the row (plan-schema.md), so that "đ"
 * needs no alphabet. */
static int64_t label_number(const struct outline_node *node)
{
    int64_t value = 0;
    struct str label = bare_label(node);
    if (label.len == 0 || str_to_i64(label, &value))
        return value;
    enum { LETTERS_MAX = 4 }; /* bytes: "đ", "viii" */
    bool is_letters = label.len <= LETTERS_MAX;
    for (size_t n = 0; n < label.len; n++)
        is_letters = is_letters && ((label.at[n] >= 'a' && label.at[n] <= 'z') ||
                                    ((unsigned char)label.at[n] & 0x80U) != 0);
    for (const struct outline_node *before = node;
         is_letters && before && bare_label(before).len > 0; before = before->previous)
        value++;
    return value;
}

static struct reader_topic *put_topic(struct topic_reading *t, const struct outline_node *node,
                                      const struct cut_topic *cut)
{
    struct reader_plan *plan = t->r->plan;
    struct reader_text title = read_text(node, cut->title);
    if (title.value.len == 0 || plan->topics_len >= READ_LIST_MAX)
        return NULL;
    plan->topics = read_grow(t->arena, plan->topics, plan->topics_len, sizeof *plan->topics);
    struct reader_topic *topic = &plan->topics[plan->topics_len++];
    *topic =
        (struct reader_topic){ .title = title, .number = cut->number, .minutes = cut->minutes };
    if (cut->speaker.len > 0)
        topic->speaker = read_text(node, cut->speaker);
    topic->kind.value = kind_of_title(t->arena, title.value);
    topic->kind.span = title.span;
    int64_t programme = programme_of(t->r, node);
    if (programme > 0)
        topic->programme = read_number(node, cut->title, programme);
    return topic;
}

/* ---- marked topics ---- */

static bool read_marked(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    size_t at = 0;
    while (at < words.len && !is_marked(&words, at))
        at++;
    if (at == words.len)
        return false;
    /* In the middle of a paragraph only where several stand in a row: "do ... trình bày: (1) Chuyên
     * đề 1: ...; (2) ...". */
    size_t marks = 0;
    for (size_t i = at; i < words.len; i++)
        marks += is_marked(&words, i) && lex_match(&words, i, "(") == 0;
    if (at > 0 && marks < 2)
        return false;
    while (at < words.len) {
        size_t end = at + 1 + (lex_match(&words, at, "(") > 0 ? 3 : 0);
        while (end < words.len && !is_marked(&words, end))
            end++;
        struct cut_topic cut = cut_topic(t->arena, node, lex_words_text(&words, at, end));
        struct reader_topic *topic = put_topic(t, node, &cut);
        if (topic != NULL && !topic->number.is_given && label_number(node) > 0)
            topic->number = read_number(node, node->text, label_number(node));
        at = end;
    }
    return true;
}

/* "- Thảo luận, giải đáp vướng mắc." in the row of marked topics. */
static void read_unmarked(struct topic_reading *t, const struct outline_node *node)
{
    struct cut_topic cut = cut_topic(t->arena, node, node->text);
    if (node->kind == OUTLINE_ITEM && node->own_topics == 0 &&
        kind_of_title(t->arena, cut.title).len > 0 && is_taught(t->arena, cut.title))
        (void)put_topic(t, node, &cut);
}

/* "Báo cáo viên: PGS.TS. ..." on a line of its own below its topic. */
static bool names_speaker(struct topic_reading *t, const struct outline_node *node)
{
    struct reader_plan *plan = t->r->plan;
    struct lex_words title = lex_cut_words(t->arena, node->title);
    if (plan->topics_len == 0 || title.len == 0 || node->body.len == 0 ||
        lex_match(
            &title, 0,
            "báo cáo viên|giảng viên|người trình bày|trình bày|đồng chí trình bày|diễn giả") !=
            title.len)
        return false;
    struct reader_topic *topic = &plan->topics[plan->topics_len - 1];
    if (topic->speaker.value.len == 0)
        topic->speaker = read_text(node, node->body);
    return true;
}

/* "Thêm chuyên đề Bán hàng trên mạng do Công ty Hoa Sim trình bày trong 60 phút" of a change */
static void read_added(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    size_t at = lex_match(&words, 0,
                          "bổ sung thêm chuyên đề|bổ sung chuyên đề|thêm chuyên đề|thêm 01 chuyên "
                          "đề|bổ sung 01 chuyên đề");
    size_t by = lex_search(&words, at, words.len, "do");
    size_t verb = lex_search(&words, by, words.len, "trình bày|giảng|báo cáo|phụ trách|hướng dẫn");
    if (at == 0 || verb == words.len)
        return;
    at += lex_match(&words, at, ":");
    struct cut_topic cut = { .title = lex_words_text(&words, at, by),
                             .speaker = lex_words_text(&words, by + 1, verb),
                             .minutes = minutes_at(&words, node, verb, words.len) };
    (void)put_topic(t, node, &cut);
}

/* ---- tables ---- */

static struct str trim_lead_in(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    size_t at = lex_match(&words, 0, "do");
    return at > 0 ? lex_words_text(&words, at, words.len) : text;
}

/* "Khai giảng; Chuyên đề 1: ...": the topic behind the ceremony. */
static struct str behind_ceremony(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    for (size_t i = 1; i < words.len; i++)
        if (is_marked(&words, i) && lex_match_back(&words, i, ";|.|,|-|+") > 0)
            return lex_words_text(&words, i, words.len);
    return text;
}

/* The days of a table's rows, for a class whose statement gives only its first. */
static void take_day(struct topic_reading *t, struct str text)
{
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        struct str date = lex_complete_date(t->arena, moments.at[n].date, t->r->year);
        if (when_is_day(date) && (t->last_day.len == 0 || str_compare(date, t->last_day) > 0))
            t->last_day = date;
    }
}

static void read_topic_row(struct topic_reading *t, const struct table *table, size_t row)
{
    const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_TOPIC);
    struct str text = behind_ceremony(t->arena, table_text(t->arena, cell));
    take_day(t, table_text(t->arena, table_cell(table, row, TABLE_ROLE_DAY)));
    if (cell == NULL || text.len == 0 || !is_taught(t->arena, text))
        return;
    struct cut_topic cut = cut_topic(t->arena, cell, text);
    struct reader_topic *topic = put_topic(t, cell, &cut);
    if (topic == NULL)
        return;
    const struct outline_node *number = table_cell(table, row, TABLE_ROLE_NUMBER);
    int64_t value = 0;
    if (!topic->number.is_given && number != NULL && str_to_i64(read_trim(number->text), &value))
        topic->number = read_number(number, number->text, value);
    const struct outline_node *speaker = table_cell(table, row, TABLE_ROLE_SPEAKER);
    if (speaker != NULL && table_text(t->arena, speaker).len > 0)
        topic->speaker = read_text(speaker, trim_lead_in(t->arena, table_text(t->arena, speaker)));
    const enum table_role lengths[] = { TABLE_ROLE_MINUTES, TABLE_ROLE_TIME, TABLE_ROLE_DAY };
    for (size_t n = 0; n < LEN(lengths) && !topic->minutes.is_given; n++) {
        const struct outline_node *minutes = table_cell(table, row, lengths[n]);
        if (minutes == NULL)
            continue;
        struct lex_words words = lex_cut_words(t->arena, minutes->text);
        topic->minutes = minutes_at(&words, minutes, 0, words.len);
        if (lengths[n] == TABLE_ROLE_MINUTES && words.len == 1 && lex_is_figures(&words, 0) &&
            words.at[0].number >= 30)
            topic->minutes = read_number(minutes, minutes->text, words.at[0].number);
    }
}

/* ---- timetables ---- */

static int minutes_between(struct str from, struct str to)
{
    if (from.len != 5 || to.len != 5)
        return 0;
    int a = ((from.at[0] - '0') * 10 + from.at[1] - '0') * 60 + (from.at[3] - '0') * 10 +
            from.at[4] - '0';
    int b = ((to.at[0] - '0') * 10 + to.at[1] - '0') * 60 + (to.at[3] - '0') * 10 + to.at[4] - '0';
    return b - a;
}

/* The row of an opening or closing says when it is, where the text did not. */
static void take_ceremony(struct topic_reading *t, const struct outline_node *cell, struct str text,
                          const struct lex_moment *slot)
{
    struct reader_schedule *schedule = &t->r->plan->schedule;
    struct lex_words words = lex_cut_words(t->arena, text);
    if (!when_is_day(t->date) || slot == NULL || slot->time.len == 0 || t->r->plan->runs_len > 1)
        return;
    struct reader_text at = read_value(cell, text, when_datetime(t->arena, t->date, slot->time));
    bool is_opening = lex_search(&words, 0, words.len, "khai giảng|khai mạc") < words.len;
    bool is_closing = lex_search(&words, 0, words.len, "bế giảng|bế mạc") < words.len;
    if (is_opening && schedule->opening.value.len == 0)
        schedule->opening = at;
    if (is_closing && schedule->closing.value.len == 0)
        schedule->closing = at;
    if (!is_opening && !is_closing && schedule->check_in.value.len == 0 &&
        lex_match(&words, 0, "đón tiếp|đón học viên|đón đại biểu|nhập học|làm thủ tục") > 0)
        schedule->check_in = at;
}

static void put_slot(struct topic_reading *t, const struct table *table, size_t row,
                     const struct outline_node *cell, struct str text,
                     const struct lex_moment *slot)
{
    if (!is_taught(t->arena, text)) {
        take_ceremony(t, cell, text, slot);
        return;
    }
    struct cut_topic cut = cut_topic(t->arena, cell, text);
    struct reader_topic *topic = put_topic(t, cell, &cut);
    if (topic == NULL)
        return;
    const struct outline_node *speaker = table_cell(table, row, TABLE_ROLE_SPEAKER);
    if (speaker != NULL && table_text(t->arena, speaker).len > 0)
        topic->speaker = read_text(speaker, trim_lead_in(t->arena, table_text(t->arena, speaker)));
    int length = slot != NULL ? minutes_between(slot->time, slot->end_time) : 0;
    if (length > 0 && !topic->minutes.is_given) {
        topic->minutes = read_number(cell, text, length);
        topic->minutes.span = topic->title.span;
    }
}

static const struct lex_moment *find_slot(const struct lex_moments *moments)
{
    for (size_t n = 0; n < moments->len; n++)
        if (moments->at[n].time.len > 0)
            return &moments->at[n];
    return NULL;
}

/* A date anywhere in the row, or over it, holds until the next. */
static void take_date(struct topic_reading *t, struct str text)
{
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        struct str date = lex_complete_date(t->arena, moments.at[n].date, t->r->year);
        if (when_is_day(date))
            t->date = date;
    }
    take_day(t, text);
}

/* "7h30 - 8h00: Khai giảng 8h00 - 11h30: Vị trí, vai trò ...": several slots in one cell. */
static void read_slots_of_cell(struct topic_reading *t, const struct table *table, size_t row,
                               const struct outline_node *cell)
{
    struct str text = table_text(t->arena, cell);
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        const char *from = moments.at[n].part.at + moments.at[n].part.len;
        const char *to = n + 1 < moments.len ? moments.at[n + 1].part.at : text.at + text.len;
        if (moments.at[n].time.len > 0)
            put_slot(t, table, row, cell, read_trim((struct str){ from, (size_t)(to - from) }),
                     &moments.at[n]);
    }
}

static void read_timetable_row(struct topic_reading *t, const struct table *table, size_t row)
{
    const struct outline_node *only = table_row_title(table, row);
    const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_TOPIC);
    for (const struct outline_node *each = table->rows[row]->first_child; each; each = each->next)
        if (each != cell || only != NULL)
            take_date(t, table_text(t->arena, each));
    if (cell == NULL || only != NULL)
        return;
    struct str text = table_text(t->arena, cell);
    struct lex_moments inside = { 0 };
    lex_find_moments(t->arena, text, &inside);
    if (inside.len > 0 && inside.at[0].time.len > 0 && inside.at[0].part.at == text.at) {
        read_slots_of_cell(t, table, row, cell);
        return;
    }
    const enum table_role times[] = { TABLE_ROLE_TIME, TABLE_ROLE_DAY };
    for (size_t n = 0; n < LEN(times); n++) {
        struct lex_moments slots = { 0 };
        lex_find_moments(t->arena, table_text(t->arena, table_cell(table, row, times[n])), &slots);
        const struct lex_moment *slot = find_slot(&slots);
        if (slot != NULL || n + 1 == LEN(times)) {
            put_slot(t, table, row, cell, text, slot);
            return;
        }
    }
}

/* Clock times in its rows make a table a timetable. */
static bool is_timetable(struct topic_reading *t, const struct table *table)
{
    size_t slots = 0;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        for (const struct outline_node *cell = table->rows[row]->first_child; cell;
             cell = cell->next) {
            struct lex_moments moments = { 0 };
            lex_find_moments(t->arena, table_text(t->arena, cell), &moments);
            slots += find_slot(&moments) != NULL;
        }
    }
    return slots >= 2;
}

/* The day of a class of one day, where its timetable names none. */
static struct str sole_day(const struct topic_reading *t)
{
    const struct reader_schedule *schedule = &t->r->plan->schedule;
    bool is_one =
        when_is_day(schedule->start.value) && str_eq(schedule->start.value, schedule->end.value);
    return is_one ? schedule->start.value : STR("");
}

static bool read_topic_table(struct topic_reading *t, const struct outline_node *node,
                             bool wants_timetable)
{
    struct table *table = ARENA_NEW(t->arena, struct table);
    if (!read_table(t->arena, node, table) || table_has(table, TABLE_ROLE_TASK) ||
        table_has(table, TABLE_ROLE_CLASSES) || !table_has(table, TABLE_ROLE_TOPIC) ||
        is_timetable(t, table) != wants_timetable)
        return false;
    t->date = sole_day(t);
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        if (table_is_sum(t->arena, table, row) || table_is_head_again(t->arena, table, row))
            continue;
        if (wants_timetable)
            read_timetable_row(t, table, row);
        else
            read_topic_row(t, table, row);
    }
    return true;
}

/* ---- timetables whose cells became lines ---- */

/* The whole text is a time slot, or a date: "13h45 - 15h15", "Chiều 29/6/2026". */
static bool is_slot_line(struct topic_reading *t, const struct outline_node *node,
                         struct lex_moment *ret_slot)
{
    struct when when = read_when(t->arena, node);
    if (when.moments.len != 1 || node->kind == OUTLINE_CELL)
        return false;
    size_t from = 0;
    size_t to = 0;
    when_place(&when, &when.moments.at[0], &from, &to);
    enum { WORDS_BESIDE = 2 };
    *ret_slot = when.moments.at[0];
    return from <= WORDS_BESIDE && to + 1 >= when.words.len;
}

static void read_flat_timetable(struct topic_reading *t, const struct outline_node *parent)
{
    struct lex_moment slot = { 0 };
    struct lex_moment next = { 0 };
    const struct table none = { .node = parent };
    size_t slots = 0;
    for (const struct outline_node *node = parent->first_child; node; node = node->next)
        slots += is_slot_line(t, node, &slot) && slot.end_time.len > 0;
    if (slots < 3)
        return;
    t->date = sole_day(t);
    for (const struct outline_node *node = parent->first_child; node; node = node->next) {
        if (!is_slot_line(t, node, &slot))
            continue;
        if (slot.date.len > 0)
            take_date(t, node->text);
        const struct outline_node *title = node->next;
        if (slot.time.len == 0 || title == NULL || is_slot_line(t, title, &next))
            continue;
        size_t before = t->r->plan->topics_len;
        put_slot(t, &none, 0, title, title->text, &slot);
        const struct outline_node *speaker = title->next;
        if (t->r->plan->topics_len > before && speaker != NULL && speaker->kind == title->kind &&
            !is_slot_line(t, speaker, &next))
            t->r->plan->topics[before].speaker = read_text(speaker, speaker->text);
    }
}

/* ---- lists ---- */

/* A heading that announces topics and nothing else. */
static bool announces(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    struct lex_counts counts = { 0 };
    lex_find_counts(t->arena, node->text, &counts);
    for (size_t n = 0; n < counts.len; n++)
        if (str_eq(counts.at[n].word, STR("chuyên đề")) && node->opens)
            return true;
    struct lex_words title = lex_cut_words(t->arena, node->title);
    size_t at = lex_match(&title, 0,
                          "các nội dung|nội dung|các chuyên đề|chuyên đề|chương trình|các bài "
                          "giảng|bài giảng|các bài học|bài học");
    bool is_named = at > 0;
    /* Nothing but what such headings are made of: "Nội dung bồi dưỡng", "Nội dung và giáo viên",
     * "Chuyên đề tập huấn". */
    while (is_named && at < title.len) {
        size_t len = lex_match(
            &title, at,
            "bồi dưỡng|tập huấn|chuyên đề|lớp học|học tập|chương trình|huấn luyện|giảng "
            "dạy|và|,|giáo viên|giảng viên|báo cáo viên|thời lượng|cụ thể|khóa học|lớp|nội dung");
        is_named = len > 0;
        at += len;
    }
    return is_named ||
           lex_match(&words, 0, "các chuyên đề :|chuyên đề :|nội dung gồm :|nội dung cụ thể :") > 0;
}

static bool may_be_topic(const struct outline_node *node)
{
    return (node->kind == OUTLINE_ITEM || node->kind == OUTLINE_PARAGRAPH ||
            node->kind == OUTLINE_HEADING) &&
           node->own_topics == 0 && node->text.len > 0 && !node->opens;
}

static void read_list(struct topic_reading *t, const struct outline_node *node)
{
    size_t able = 0;
    size_t children = 0;
    /* What a line with ':' announces may stand below it or, as items, beside it. */
    bool is_beside = node->first_child == NULL && node->opens;
    const struct outline_node *first = is_beside ? node->next : node->first_child;
    bool has_body = node->title.len > 0 && node->body.len > 0 && !node->opens;
    for (const struct outline_node *child = first;
         child && !has_body && (!is_beside || child->kind == OUTLINE_ITEM); child = child->next) {
        children++;
        able += may_be_topic(child) && child->first_child == NULL;
    }
    if (able < 2 || able != children) {
        /* "Nội dung: A; B; C" in one sentence */
        struct str rest = children == 0 && node->title.len > 0 ? node->body : STR("");
        struct cut_topic alone = cut_topic(t->arena, node, rest);
        /* One topic alone is told from a mere description by who gives it or how long it takes. */
        bool is_several =
            str_find(rest, STR(";")) < rest.len || alone.minutes.is_given || alone.speaker.len > 0;
        while (is_several && rest.len > 0) {
            struct cut_topic cut = cut_topic(t->arena, node, str_trim(str_cut(&rest, ';')));
            (void)put_topic(t, node, &cut);
        }
        return;
    }
    for (const struct outline_node *child = first;
         child && (!is_beside || child->kind == OUTLINE_ITEM); child = child->next) {
        struct cut_topic cut = cut_topic(t->arena, child, child->text);
        struct reader_topic *topic = put_topic(t, child, &cut);
        int64_t number = label_number(child);
        if (topic != NULL && !topic->number.is_given && number > 0)
            topic->number = read_number(child, child->text, number);
    }
}

/* ---- minutes said once for all ---- */

static void find_minutes(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    for (size_t i = 0; i + 1 < words.len; i++) {
        if (!lex_is_figures(&words, i) || lex_match(&words, i + 1, "phút") == 0)
            continue;
        if (lex_match(&words, i + 2,
                      "/ chuyên đề|mỗi chuyên đề|/ 01 chuyên đề|/ 1 chuyên đề|cho mỗi chuyên đề") >
                0 ||
            lex_match_back(&words, i,
                           "mỗi chuyên đề|mỗi chuyên đề :|thời lượng mỗi chuyên đề|thời lượng mỗi "
                           "chuyên đề :|mỗi chuyên đề dạy trong") > 0)
            t->minutes_each = t->minutes_each > 0 ? t->minutes_each : words.at[i].number;
        size_t near = i + 8 < words.len ? i + 8 : words.len;
        size_t stop = lex_search(&words, i + 2, near, "phút|(|)|;|.");
        bool is_within = lex_match_back(&words, i, ",|và") > 0 &&
                         lex_search(&words, 0, i, "( gồm") < i &&
                         lex_search(&words, 0, i, ")") == i;
        if (!is_within &&
            lex_search(&words, i + 2, stop, "trao đổi|thảo luận|chia nhóm|giải đáp|tọa đàm") < stop)
            t->minutes_discussion =
                t->minutes_discussion > 0 ? t->minutes_discussion : words.at[i].number;
    }
}

static void give_minutes(struct topic_reading *t)
{
    struct reader_plan *plan = t->r->plan;
    for (size_t n = 0; n < plan->topics_len; n++) {
        struct reader_topic *topic = &plan->topics[n];
        bool is_discussion = str_eq(topic->kind.value, STR("discussion"));
        int64_t minutes = is_discussion                ? t->minutes_discussion
                          : topic->kind.value.len == 0 ? t->minutes_each
                                                       : 0;
        if (topic->minutes.is_given || minutes == 0)
            continue;
        topic->minutes = (struct reader_number){ .is_given = true,
                                                 .value = minutes,
                                                 .max = minutes,
                                                 .span = topic->title.span,
                                                 .doubt = STR("") };
    }
}

/* ---- the whole ---- */

/* A timetable tells again what marks and tables have told, and adds what they left out. */
static bool is_same_topic(struct arena *arena, const struct reader_topic *a,
                          const struct reader_topic *b)
{
    struct str x = fold_key(arena, a->title.value);
    struct str y = fold_key(arena, b->title.value);
    size_t len = x.len < y.len ? x.len : y.len;
    return len > 0 && (str_starts(x, y) || str_starts(y, x)) &&
           len * 10 >= (x.len > y.len ? x.len : y.len) * 7;
}

static void drop_told_again(struct topic_reading *t, size_t from)
{
    struct reader_plan *plan = t->r->plan;
    size_t kept = from;
    for (size_t n = from; n < plan->topics_len; n++) {
        struct reader_topic *again = &plan->topics[n];
        bool is_again = false;
        for (size_t k = 0; k < from && !is_again; k++) {
            struct reader_topic *first = &plan->topics[k];
            if (first->programme.value != again->programme.value ||
                !is_same_topic(t->arena, first, again))
                continue;
            is_again = true;
            if (first->speaker.value.len == 0)
                first->speaker = again->speaker;
            if (!first->minutes.is_given)
                first->minutes = again->minutes;
        }
        if (!is_again)
            plan->topics[kept++] = *again;
    }
    plan->topics_len = kept;
}

static bool has_topics_of(const struct topic_reading *t, int64_t programme, size_t len)
{
    for (size_t n = 0; n < len; n++)
        if (t->r->plan->topics[n].programme.value == programme)
            return true;
    return false;
}

void read_topics(struct programme_reading *r)
{
    struct topic_reading t = {
        .r = r, .arena = &r->cx->arena, .date = STR(""), .last_day = STR("")
    };
    struct reader_plan *plan = r->plan;
    const struct outline_node *marked = NULL; /* the last that held a marked topic */
    const struct outline_node *last = NULL;   /* the one before, in reading order */
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->kind == OUTLINE_TABLE)
            (void)read_topic_table(&t, node, false);
        else if (node->kind != OUTLINE_CELL && !when_is_of_tasks(node)) {
            if (read_marked(&t, node))
                marked = node;
            else if (marked != NULL && last == marked && names_speaker(&t, node))
                continue;
            else if (marked != NULL && node->parent == marked->parent)
                read_unmarked(&t, node);
            else
                read_added(&t, node);
            find_minutes(&t, node);
        }
        if (node->text.len > 0)
            last = node;
    }
    size_t strong = plan->topics_len;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node))
        if (node->kind == OUTLINE_TABLE)
            (void)read_topic_table(&t, node, true);
        else if (node->kind == OUTLINE_HEADING || node->kind == OUTLINE_ROOT)
            read_flat_timetable(&t, node);
    drop_told_again(&t, strong);
    size_t tabled = plan->topics_len;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node))
        if (node->kind != OUTLINE_TABLE && node->kind != OUTLINE_ROW &&
            node->kind != OUTLINE_CELL && !when_is_of_tasks(node) &&
            node->topic != OUTLINE_TOPIC_PHASES && announces(&t, node) &&
            !has_topics_of(&t, programme_of(r, node), tabled))
            read_list(&t, node);
    give_minutes(&t);
    /* "Khai giảng: 19 giờ 00 ngày 03/8/2026" and a table of evenings up to 12/8 */
    struct reader_schedule *schedule = &plan->schedule;
    bool is_opening_only = when_is_day(schedule->end.value) &&
                           str_eq(str_sub(schedule->opening.value, 0, 10), schedule->end.value) &&
                           str_eq(schedule->start.value, schedule->end.value) &&
                           schedule->closing.value.len == 0;
    if (is_opening_only && plan->runs_len == 0 && t.last_day.len > 0 &&
        str_compare(t.last_day, schedule->end.value) > 0)
        schedule->end.value = t.last_day;
}
