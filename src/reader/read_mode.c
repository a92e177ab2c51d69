#include "reader/read_when.h"

/*
 * In person, online or both. What counts, strongest first (each level is asked only when those
 * before are silent):
 *   1. a statement labelled "Hình thức": "Học trực tiếp" (KH-HP II.2), "Tổ chức bồi dưỡng trực
 * tuyến" (09-KH/TU III.1.1)
 *   2. the title, the opening sentence and the sections on time, place and content: "tổ chức lớp
 * bồi dưỡng trực tuyến" (GM-QN) "trực tiếp" is also an everyday adverb ("trực tiếp tham gia lãnh
 * đạo"), "tập trung" a verb ("tập trung vào"): they count only beside a word of learning. "hoặc"
 * between the two leaves the choice open, and then the field stays empty (KH-CB IV.5).
 */

struct evidence {
    bool is_online, is_in_person, is_open;
    struct reader_text at; /* the words that said so */
};

static const char online_words[] =
    "bồi dưỡng trực tuyến|tập huấn trực tuyến|học trực tuyến|hội nghị trực tuyến|hình thức trực "
    "tuyến|trực tuyến tới|trực tuyến đến|trực tuyến tại|"
    "trực tuyến toàn quốc|lớp trực tuyến|và trực tuyến|kết hợp trực tuyến|với trực tuyến|: trực "
    "tuyến|trực tuyến qua|trực tuyến trên|tổ chức trực tuyến|, trực tuyến|trực tuyến , |lớp học "
    "trực tuyến|khóa học trực tuyến|kết nối trực tuyến|họp trực tuyến|dự trực tuyến|hoặc trực "
    "tuyến";

static const char in_person_words[] =
    "học trực tiếp|bồi dưỡng trực tiếp|tập huấn trực tiếp|hình thức trực tiếp|lớp trực tiếp|lớp "
    "học trực tiếp|tổ chức trực tiếp|trực tiếp tại|trực tiếp và trực tuyến|"
    "trực tiếp kết hợp|kết hợp trực tiếp|học tập trung|bồi dưỡng tập trung|hình thức tập trung|tổ "
    "chức tập trung|lớp tập trung|tập trung tại|tập huấn tập trung|tập trung , trực tiếp|"
    ": trực tiếp|: tập trung|các lớp học tập trung";

/* Words around "trực tuyến" that are a thing, not the class: "kho học liệu trực tuyến". */
static const char online_things[] =
    "tài khoản học|học liệu|dịch vụ công|phòng họp|thanh toán|cổng|nộp hồ sơ|kênh|tài liệu";

static bool is_hall_before(const struct when *when, size_t i)
{
    enum { TITLE_AND_HALL = 4 };
    if ((when->node->own_topics & (1U << OUTLINE_TOPIC_PLACE)) == 0 || i < TITLE_AND_HALL)
        return false;
    size_t said = lex_search(&when->words, 0, i,
                             "hội trường|phòng họp tầng|phòng họp số|trụ sở|trung tâm|trường|nhà "
                             "văn hóa|cung|nhà khách|giảng đường");
    return said < i && lex_search(&when->words, 0, i, ";|.|hoặc|,") < i &&
           lex_search(&when->words, 0, i, "điểm cầu") == i;
}

static void look(const struct when *when, struct evidence *evidence, bool is_labelled)
{
    const struct lex_words *words = &when->words;
    for (size_t i = 0; i < words->len; i++) {
        size_t online = lex_match(words, i, online_words);
        size_t in_person = lex_match(words, i, in_person_words);
        if (is_labelled && online == 0)
            online = lex_match(words, i, "trực tuyến");
        /* At the head of a labelled statement the word needs no company. */
        if (is_labelled && in_person == 0)
            in_person = lex_match(words, i, "trực tiếp|tập trung");
        bool is_thing = online > 0 && lex_match_back(words, i, online_things) > 0;
        if ((online == 0 || is_thing) && in_person == 0)
            continue;
        size_t end = i + (online > in_person ? online : in_person);
        /* "chuyển từ trực tiếp sang trực tuyến", "thay vì trực tuyến": what was, not what is. */
        if (lex_match(words, end, "sang|thành|chuyển sang|chuyển thành|đổi thành|đổi sang") > 0 ||
            lex_match_back(words, i, "thay vì|thay cho|không|không tổ chức|thay vì học") > 0)
            continue;
        evidence->is_online = evidence->is_online || (online > 0 && !is_thing) ||
                              lex_match(words, i, "trực tiếp và trực tuyến") > 0;
        evidence->is_in_person = evidence->is_in_person || in_person > 0;
        evidence->is_open = evidence->is_open ||
                            lex_match(words, end, "hoặc|, trực tuyến hoặc") > 0 ||
                            lex_match_back(words, i, "hoặc") > 0;
        /* A hall is named, and then a way to join from afar: "Phòng họp tầng 3; hoặc trực tuyến tại
         * ...". */
        if (online > 0 && is_hall_before(when, i)) {
            evidence->is_in_person = true;
            evidence->is_open = false;
        }
        if (evidence->at.value.len == 0)
            evidence->at = read_text(when->node, lex_words_text(words, i, end));
    }
}

static bool decide(const struct evidence *evidence, struct reader_plan *plan)
{
    if (!evidence->is_online && !evidence->is_in_person)
        return false;
    plan->mode = evidence->at;
    plan->mode.value = evidence->is_open                               ? STR("")
                       : evidence->is_online && evidence->is_in_person ? STR("hybrid")
                       : evidence->is_online                           ? STR("online")
                                                                       : STR("in_person");
    return true;
}

/* "Hình thức | Trực tiếp | Trực tiếp kết hợp trực tuyến": the last cell of a row of changes. */
static bool is_form_cell(struct arena *arena, const struct outline_node *node)
{
    if (node->kind != OUTLINE_CELL || node->parent == NULL || node != node->parent->last_child ||
        node == node->parent->first_child)
        return false;
    struct lex_words words = lex_cut_words(arena, node->parent->first_child->text);
    return lex_match(&words, 0, "hình thức") > 0 && words.len <= 4;
}

static bool is_labelled_form(const struct outline_node *node)
{
    return (node->own_topics & (1U << OUTLINE_TOPIC_FORM)) != 0 ||
           (node->own_topics == 0 && node->parent != NULL &&
            node->parent->own_topic == OUTLINE_TOPIC_FORM);
}

void read_mode(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct arena *arena = &cx->arena;
    struct evidence labelled = { 0 };
    struct evidence said = { 0 };
    for (size_t n = 0; n < outline->title_len; n++) {
        struct outline_node title = { .text = outline->title[n].value,
                                      .span = outline->title[n].span };
        struct when when = read_when(arena, &title);
        look(&when, &said, false);
    }
    for (const struct outline_node *node = read_next_node(outline, NULL); node;
         node = read_next_node(outline, node)) {
        if (node->text.len == 0 || (node->kind == OUTLINE_CELL && !is_form_cell(arena, node)) ||
            when_is_of_tasks(node) || node->topic == OUTLINE_TOPIC_PHASES)
            continue;
        struct when when = read_when(arena, node);
        bool is_form = is_labelled_form(node) || node->kind == OUTLINE_CELL;
        look(&when, is_form ? &labelled : &said, is_form);
    }
    if (!decide(&labelled, plan))
        decide(&said, plan);
}
