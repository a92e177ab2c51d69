#include "reader/who.h"

#include "reader/read.h"

size_t who_verb(const struct words *words, size_t from)
{
    return words_in(words, from, &vocabulary_verbs, NULL);
}

static bool is_key(const struct words *words, size_t i, const char *key)
{
    return i < words->len && str_eq(words->at[i].key, str_from(key));
}

static size_t skip_command(const struct words *words, size_t i)
{
    return i + words_say(words, i,
                   "kính đề nghị|đề nghị|trân trọng đề nghị|yêu cầu|giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|phân công|"
                   "riêng|đối với|đề nghị đồng chí|chỉ đạo");
}

/* People and loosely named bodies carry what tells them apart: "Học viên của lớp nào không dự được phải có ...". */
static size_t end_loose(const struct words *words, size_t end)
{
    enum { LOOSE_WORDS_MAX = 14 };
    for (size_t i = end; i < words->len && i - end < LOOSE_WORDS_MAX && !words->at[i].is_mark; i++)
        if (i > end && words_say(words, i, "phải|có trách nhiệm|chịu trách nhiệm|chủ trì|cần"))
            return i;
    return end;
}

/* The list of bodies at `from`, when a verb or the sentence's ':' follows it. */
static struct who_part subject_at(const struct words *words, size_t from)
{
    size_t end = bodies_list(words, from);
    if (end == from || who_verb(words, from) >= end - from)
        return (struct who_part){ 0, 0 };
    if (is_key(words, end, ",") && who_verb(words, end + 1) > 0 && !words->at[end + 1].is_capital)
        return (struct who_part){ from, end };
    if (is_key(words, end, "("))
        return words_skip_bracket(words, end) > end + 1 ? (struct who_part){ from, end } : (struct who_part){ 0, 0 };
    size_t verb = end < words->len && !words->at[end].is_capital ? who_verb(words, end) : 0;
    if (verb == 1 && words_say(words, end, "của|để|theo|tại|trong|về|đến|từ|do|bằng|nếu|trước|sau|khi"))
        verb = 0;
    if (verb > 0)
        return (struct who_part){ from, end };
    /* a named body at the head of a sentence acts, whatever the verb */
    bool is_named = words->at[from].is_capital && end - from >= 2 && end < words->len && !words->at[end].is_mark && !words->at[end].is_number &&
                    !words->at[end].is_capital;
    if (is_named && !words_say(words, end,
                        "của|và|với|để|theo|tại|trong|về|đến|từ|do|bằng|nếu|trước|sau|khi|là|được|thuộc|liên|khác|nơi|ở|cho|các|những|mới|hoặc|đã|đang|chưa"))
        return (struct who_part){ from, end };
    size_t loose = end_loose(words, end);
    return loose > end ? (struct who_part){ from, loose } : (struct who_part){ 0, 0 };
}

/* The comma behind an opening part ("Căn cứ ...,", "Hằng năm,"); the subject must come right behind it. */
static struct who_part subject_behind_opening(const struct words *words, size_t from)
{
    enum { OPENING_WORDS_MAX = 40 };
    bool is_short = words_find(words, from, ",", NULL) <= from + 8 && who_verb(words, from) == 0 && bodies_one(words, from) == from;
    if (words_say(words, from, "theo dõi|trong quá trình") || (!is_short && !words_say(words, from,
            "căn cứ|trên cơ sở|kết thúc|sau khi|hằng năm|hàng năm|định kỳ|theo|trong|trước|đối với|khi|để|từ|ngay sau|cuối lớp|cuối khóa|cuối đợt|hằng tháng|hằng quý|qua|đồng thời")))
        return (struct who_part){ 0, 0 };
    for (size_t i = from; i + 1 < words->len && i - from < OPENING_WORDS_MAX && !words_say(words, i, ".|;|:"); i++) {
        /* a comma inside a list of bodies opens no clause, and with whom somebody works is no subject */
        size_t list = bodies_list(words, i);
        if (words_say(words, i, "phối hợp|chủ trì|cùng"))
            break;
        i = list > i ? list : i;
        struct who_part found = is_key(words, i, ",") ? subject_at(words, i + 1) : (struct who_part){ 0, 0 };
        if (found.to > found.from)
            return found;
    }
    return (struct who_part){ 0, 0 };
}

struct who_part who_subject(const struct words *words, size_t from, bool *ret_is_command)
{
    /* "Một là, ...", "Thứ hai, ..." only count */
    size_t counted = words_say(words, from, "một là|hai là|ba là|bốn là|năm là|sáu là|bảy là|thứ nhất|thứ hai|thứ ba|thứ tư|thứ năm");
    from += counted > 0 ? counted + words_say(words, from + counted, ",|:") : 0;
    size_t start = skip_command(words, from);
    bool is_command = start > from && !words_say(words, from, "đối với|chỉ đạo");
    if (start > from && !is_command)
        start = from;
    struct who_part found = subject_at(words, start);
    if (found.to > found.from && !is_command) {
        /* "Bộ Nội vụ giao Vụ Công chức, viên chức đôn đốc": who is told, not who tells */
        size_t told = found.to + words_say(words, found.to, "giao cho|giao|đề nghị|yêu cầu");
        struct who_part second = told > found.to ? subject_at(words, told) : (struct who_part){ 0, 0 };
        is_command = second.to > second.from;
        found = is_command ? second : found;
    }
    if (found.to == found.from && !is_command)
        found = subject_behind_opening(words, from);
    if (ret_is_command)
        *ret_is_command = is_command;
    return found;
}

struct who_part who_heading(const struct words *words)
{
    size_t end = words->len;
    size_t from = skip_command(words, words_say(words, 0, "trách nhiệm của|trách nhiệm|nhiệm vụ của|nhiệm vụ cụ thể của|về phía|phân công nhiệm vụ"));
    while (end > from && words_say(words, end - 1, ":|.|;|,"))
        end--;
    for (size_t cut = 1; cut > 0;) {
        cut = 0;
        for (size_t len = 4; len > 0 && cut == 0; len--)
            if (end > from + len && words_say(words, end - len, "chỉ đạo|có trách nhiệm|chịu trách nhiệm|thực hiện|chủ trì|có nhiệm vụ") == len)
                cut = len;
        end -= cut;
    }
    size_t list = bodies_list(words, from);
    if (end <= from || list == from || who_verb(words, from) >= list - from)
        return (struct who_part){ 0, 0 };
    /* What follows must tell the body apart, not go on with another word: "Hội" is no body in "Hội nghị tổng kết"; but
     * names of offices hold verbs ("Phòng Quản lý xây dựng"). */
    bool is_name = list > from + 1 && end - from <= 8 && words->at[from].is_capital && !words->at[list].is_mark && who_verb(words, list) > 0 &&
                   words_in(words, from, &vocabulary_heads, NULL) > 0 && words_in(words, from, &vocabulary_bodies, NULL) == 0;
    if (list < end && !is_name && !words_say(words, list, "được|có|nơi|cử|tham gia|(|,|;|-|của|thuộc|trực thuộc|và|tại|quản lý|phụ trách|ở"))
        return (struct who_part){ 0, 0 };
    return (struct who_part){ from, end };
}

struct reader_text who_above(struct arena *arena, const struct outline_node *node)
{
    for (const struct outline_node *at = node->parent; at && at->kind != OUTLINE_ROOT; at = at->parent) {
        struct str said = at->title.len > 0 ? at->title : at->text;
        struct words words = words_of(arena, said);
        /* "V. TRÁCH NHIỆM CỦA CÁC ĐƠN VỊ" names nobody */
        if ((at->kind == OUTLINE_ITEM && !at->opens) || (at->own_topic == OUTLINE_TOPIC_TASKS && words_say(&words, 0, "trách nhiệm|phân công|nhiệm vụ")))
            continue;
        struct who_part unit = who_heading(&words);
        if (unit.to > unit.from)
            return read_text(at, words_part(&words, unit.from, unit.to));
    }
    return (struct reader_text){ .value = STR("") };
}

static bool has_text(const struct reader_texts *list, struct str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].value, text))
            return true;
    return false;
}

static void add_bodies(struct arena *arena, const struct outline_node *node, const struct words *words, size_t from, size_t to,
    struct reader_texts *list)
{
    struct lex_parts parts = bodies_split(arena, words, from, to);
    for (size_t i = 0; i < parts.len; i++) {
        struct reader_text text = read_text(node, parts.at[i]);
        if (text.value.len > 0 && !has_text(list, text.value))
            read_texts_add(arena, list, text);
    }
}

void who_coordinators(struct arena *arena, const struct outline_node *node, const struct words *words, struct reader_texts *list)
{
    static const char with[] = "phối hợp|chủ trì , cùng|chủ trì cùng";
    size_t len = 0;
    for (size_t i = words_find(words, 0, with, &len); i < words->len; i = words_find(words, i + 1, with, &len)) {
        size_t from = i + len + words_say(words, i + len, "chặt chẽ với|chặt chẽ|cùng với|cùng|với|và chỉ đạo");
        from += words_say(words, from, "với");
        size_t to = bodies_list(words, from);
        if (to > from && who_verb(words, from) < to - from)
            add_bodies(arena, node, words, from, to, list);
    }
}

void who_value(struct arena *arena, const struct outline_node *node, struct str part, struct reader_text *owner,
    struct reader_texts *coordinators)
{
    struct words words = words_of(arena, part);
    size_t lead = words_find(&words, 0, "chủ trì", NULL), with = words_find(&words, 0, "phối hợp", NULL);
    size_t to = lead < words.len && lead > 0 ? lead : words.len, end = bodies_list(&words, 0);
    if (with < words.len) {
        size_t after = with + 2 + words_say(&words, with + 2, "với|cùng");
        bool is_behind = after < words.len && !words_say(&words, after, ".|;");
        size_t cut = with;
        while (!is_behind && cut > 0 && !words_say(&words, cut - 1, ";"))
            cut--;
        /* "A; B phối hợp" has B before the word, "A, phối hợp với B" behind it */
        if (is_behind)
            add_bodies(arena, node, &words, after, words.len, coordinators);
        else if (cut > 0)
            add_bodies(arena, node, &words, cut, with, coordinators);
        if (cut > 0 && cut < to)
            to = cut;
    }
    if (lead == 0)
        end = 0; /* "chủ trì: Sở Nội vụ" */
    size_t from = lead == 0 ? 2 + words_say(&words, 2, ":") : 0;
    /* "Đảng ủy xã lập danh sách; gửi ..." says beside who also what: only who counts */
    if (end > from && end < to && !words.at[end].is_capital && who_verb(&words, end) > 0 &&
        !words_say(&words, end, "cử|được|có|quản lý|tham gia|tổ chức|của|tại|trực tiếp|do"))
        to = end;
    while (to > from && words_say(&words, to - 1, ",|;|và|."))
        to--;
    if (to > from)
        *owner = read_text(node, words_part(&words, from, to));
}

/* Closing formulas and pointers, by their first words (domain.md 4.3, the five papers' ends). */
bool who_is_formula(const struct words *words)
{
    return words_say(words, 0,
               "trên đây là|trên cơ sở kế hoạch|trên cơ sở của kế hoạch|trên cơ sở công văn|trên cơ sở thông báo|trong quá trình triển khai|"
               "trong quá trình thực hiện|trong quá trình tổ chức|quá trình thực hiện|quá trình triển khai|kế hoạch này thay|giấy mời này thay|"
               "thông báo này thay|công văn này thay|văn bản này thay|mọi vướng mắc|mọi thông tin|mọi chi tiết|thông tin chi tiết|chi tiết liên hệ|chi tiết xin liên hệ|"
               "chi tiết xin|( chi tiết|liên hệ :|liên hệ với|liên hệ đồng chí|liên hệ đ / c|liên hệ ông|liên hệ bà|đầu mối liên hệ|liên lạc|kính mời|rất mong|trân trọng|xin trân trọng|kế hoạch này có hiệu lực|"
               "kế hoạch này được|quyết định này có hiệu lực|quyết định này|( có|( kèm|( gửi kèm|( mẫu|( theo|( ban hành|gửi kèm|kèm theo|"
               "nhận được|nếu có vướng mắc|nếu có khó khăn|trường hợp có vướng mắc|đầu mối :|vậy|ý kiến trao đổi|căn cứ luật|căn cứ nghị định|căn cứ nghị quyết|căn cứ quyết định|căn cứ thông tư|căn cứ chỉ thị|xét tờ trình|xét đề nghị|theo đề nghị|mọi ý kiến|chi tiết :|về việc này|địa chỉ liên hệ|"
               "trong quá trình|trường hợp có thay đổi|ghi chú|lưu ý :|đại biểu có mặt|thông tin liên hệ|nơi nhận") > 0;
}
