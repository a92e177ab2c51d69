/*
 * Who is trained (plan-schema.md "audiences"): the items of the section "Đối tượng", grouped by "Đối với ...". In a
 * letter of invitation, and where participants are listed by connection point, they are attendees (read_points.c);
 * without connection points a plan's or notice's section "Thành phần" is who is trained.
 */
#include "reader/read.h"
#include "reader/words.h"

struct audiences {
    struct arena *arena;
    struct reader_plan *plan;
    enum outline_topic topic; /* of the sections read */
};

/* How many learners, how they are divided: said of the audience, no audience of their own. */
static bool is_number_line(const struct words *words)
{
    return words_say(words, 0,
               "mỗi|học các ngày|học ngày|học từ|học trong|toàn bộ|tổng học viên|tổng số|tổng cộng|số lượng|toàn tỉnh|toàn thành phố|cộng|chia|chia làm|chia thành|gồm|dự kiến|( có|( chi tiết|thời gian|địa điểm|phạm vi|hình thức|"
               "trên cơ sở|căn cứ|các cơ quan , đơn vị lập|đề nghị|số học viên|quy mô|khuyến khích|ghi chú|lưu ý") > 0;
}

/* "..., tối đa 250 học viên; mỗi tỉnh cử ...": the audience ends where the counting begins. */
static size_t end_of_audience(const struct words *words)
{
    for (size_t i = 1; i < words->len; i++) {
        if (words_say(words, i, "("))
            i = words_skip_bracket(words, i) - 1;
        else if (words_say(words, i, ".") && i + 1 < words->len && words->at[i + 1].is_capital && !words->at[i + 1].is_glued && !words->at[i - 1].is_upper)
            return i;
        else if (words_say(words, i, ",|;|:|.|-") &&
                 words_say(words, i + 1,
                     "tối đa|tổng số|tổng cộng|tổng|số lượng|mỗi|dự kiến|khoảng|không quá|số lượng từ|ít nhất|tối thiểu|gồm có khoảng"))
            return i;
        else if (words_say(words, i, ":|,") && i + 2 < words->len && words->at[i + 1].is_number &&
                 words_say(words, i + 2, "người|học viên|đồng chí|đại biểu|cán bộ|xã|phường|đ / c|công chức"))
            return i;
    }
    return words->len;
}

/* "Đối với các ban, sở, ngành, gồm 2 nhóm:" is "các ban, sở, ngành". */
static struct reader_text block_of(struct arena *arena, const struct outline_node *node, const struct outline_node *top)
{
    for (const struct outline_node *at = node->parent; at && at != top->parent; at = at->parent) {
        struct words words = words_of(arena, at->title.len > 0 ? at->title : at->text);
        size_t from = words_say(&words, 0, "đối với|nhóm đối tượng|khối");
        if (!words_say(&words, 0, "đối với|nhóm đối tượng|khối") || words_say(&words, 0, "đối tượng"))
            continue;
        if (words_say(&words, 0, "khối"))
            from = 0;
        size_t to = from;
        while (to < words.len && !words_say(&words, to, ":|;|.|(") &&
               !words_say(&words, to, ", gồm|gồm|, có|, chia|bao gồm|, bao gồm|, số lượng|, dự kiến"))
            to++;
        return read_text(at, words_part(&words, from, to));
    }
    return (struct reader_text){ .value = STR("") };
}

static void add(struct audiences *a, const struct outline_node *node, struct str part, const struct outline_node *top)
{
    struct reader_plan *plan = a->plan;
    struct words words = words_of(a->arena, part);
    if (words.len < 2 || is_number_line(&words) || plan->audiences_len >= READ_LIST_MAX)
        return;
    size_t from = words_say(&words, 0, "lớp học dành cho|lớp dành cho|dành cho|lớp bồi dưỡng dành cho|khóa học dành cho|lớp học cho");
    struct reader_text text = read_text(node, words_part(&words, from, end_of_audience(&words)));
    if (text.value.len == 0)
        return;
    plan->audiences = read_grow(a->arena, plan->audiences, plan->audiences_len, sizeof *plan->audiences);
    plan->audiences[plan->audiences_len++] = (struct reader_audience){ .text = text, .block = block_of(a->arena, node, top) };
}

static bool is_group(const struct outline_node *node)
{
    for (const struct outline_node *child = node->first_child; child; child = child->next)
        if (child->kind == OUTLINE_ITEM || child->kind == OUTLINE_HEADING || (child->kind == OUTLINE_PARAGRAPH && node->body.len == 0))
            return true;
    return false;
}

/* What a node below the section says: another field's line, a group, a counted name ("Công chức ...: 40 người") or an audience. */
static void read_node(struct audiences *a, const struct outline_node *node, const struct outline_node *top)
{
    bool is_other = node->own_topic != OUTLINE_TOPIC_NONE && node->own_topic != a->topic && node->own_topic != OUTLINE_TOPIC_AUDIENCE;
    for (const struct outline_node *at = node->parent; at && at != top; at = at->parent) {
        struct words above = words_of(a->arena, at->title.len > 0 ? at->title : at->text);
        is_other |= at->own_topic != OUTLINE_TOPIC_NONE && at->own_topic != a->topic && at->own_topic != OUTLINE_TOPIC_AUDIENCE;
        is_other |= words_find(&above, 0, "chỉ tiêu|phân bổ|số lượng", NULL) < above.len && words_find(&above, 0, "đối tượng", NULL) == above.len;
    }
    if (node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL || is_group(node))
        return;
    struct words title = words_of(a->arena, node->title);
    /* "Báo cáo viên của Đảng ủy: 12 đồng chí" are learners here, not who teaches */
    if (node->own_topic == OUTLINE_TOPIC_CONTENT && outline_within(node->parent, a->topic) && words_say(&title, 0, "báo cáo viên|giảng viên|tuyên truyền viên"))
        is_other = false;
    if (is_other)
        return;
    if (words_say(&title, 0, "phạm vi|số lượng|yêu cầu|điều kiện|tiêu chuẩn"))
        return;
    struct words said = words_of(a->arena, node->text);
    size_t sends = words_find(&said, 0, "cử", NULL);
    /* bodies with their seats are no audience */
    if (words_say(&said, 0, "các sở|các cơ quan|các ban|các đơn vị|sở") && words_find(&said, 0, "mỗi", NULL) < said.len)
        return;
    if ((node->opens && node->kind == OUTLINE_PARAGRAPH) || (sends + 1 < said.len && said.at[sends + 1].is_number))
        return;
    bool is_label = words_say(&title, 0, "đối tượng|thành phần|học viên|đối tượng bồi dưỡng|đối tượng tham gia|đối tượng triệu tập") > 0;
    add(a, node, is_label && node->body.len > 0 ? node->body : node->text, top);
}

static void read_section(struct audiences *a, const struct outline_node *top)
{
    size_t before = a->plan->audiences_len;
    struct words title = words_of(a->arena, top->title);
    if (words_say(&title, 0, "phạm vi") || words_find(&title, 0, "mang theo|chuẩn bị|phải|cần|nộp|lưu ý|chú ý", NULL) < title.len)
        return;
    for (const struct outline_node *node = outline_next(top, top); node; node = outline_next(top, node))
        read_node(a, node, top);
    if (a->plan->audiences_len == before && top->body.len > 0 && top->title.len > 0) {
        struct words body = words_of(a->arena, top->body);
        if (!top->opens && words_find(&body, 0, "như sau", NULL) == body.len)
            add(a, top, top->body, top);
    }
}

/* "Diện bồi dưỡng", "Người tham gia": titles that say it in other words. */
static bool is_title_of(struct audiences *a, const struct outline_node *node)
{
    struct words title = words_of(a->arena, node->title);
    return node->own_topic == OUTLINE_TOPIC_NONE && node->topic == OUTLINE_TOPIC_NONE && node->kind == OUTLINE_HEADING &&
           words_say(&title, 0, "diện|người tham gia|người dự|người được cử|đối tượng|người học|người tham dự|thành viên lớp") > 0;
}

/* Sections of the topic that stand in no other one; more than one item of the kind belongs to programmes. */
static void read_sections(struct audiences *a, const struct outline *outline, const struct outline_node *top)
{
    size_t items = 0;
    for (const struct outline_node *node = top; node; node = outline_next(top, node))
        items += node->kind == OUTLINE_ITEM && node->own_topic == a->topic;
    for (const struct outline_node *node = top; node; node = outline_next(top, node)) {
        bool is_item = node->kind == OUTLINE_ITEM;
        if ((node->own_topic != a->topic && !(a->topic == OUTLINE_TOPIC_AUDIENCE && is_title_of(a, node))) || (is_item && (items > 1 || a->plan->programmes_len > 1)))
            continue;
        if (outline_within(node->parent, a->topic) || outline_within(node->parent, OUTLINE_TOPIC_TASKS))
            continue;
        read_section(a, node);
    }
    (void)outline;
}

void read_audiences(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct audiences a = { .arena = &cx->arena, .plan = plan, .topic = OUTLINE_TOPIC_AUDIENCE };
    read_sections(&a, outline, outline->root);
    for (const struct outline_node *top = outline->appendices; top && plan->audiences_len == 0; top = top->next)
        read_sections(&a, outline, top);
    bool has_points = false;
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (str_find(node->text, STR("iểm cầu")) == node->text.len && str_find(node->text, STR("ầu cầu")) == node->text.len)
            continue;
        struct words words = words_of(&cx->arena, node->title.len > 0 ? node->title : node->text);
        has_points |= words_say(&words, 0, "đầu cầu|tại đầu cầu|các đầu cầu|tại các đầu cầu|điểm cầu|tại điểm cầu|các điểm cầu|tại các điểm cầu|thành phần tại điểm cầu|thành phần tại các điểm cầu|chủ trì tại điểm cầu") > 0;
    }
    if (plan->audiences_len == 0 && !has_points && !str_eq(plan->document.kind.value, STR("giay_moi"))) {
        a.topic = OUTLINE_TOPIC_ATTENDANCE;
        read_sections(&a, outline, outline->root);
    }
}
