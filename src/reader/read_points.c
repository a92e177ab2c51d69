/*
 * Connection points and venues (plan-schema.md "points", domain.md 5.5): a heading or item that begins with "điểm cầu",
 * also behind "Chủ trì tại", "Thành phần tại", opens a point; what stands below says where, who chairs, who attends.
 * Without connection points the part "Địa điểm" names the venues; a letter of invitation's "Thành phần" attends there.
 */
#include "reader/bodies.h"
#include "reader/read.h"

#include <string.h>

enum role { ROLE_NONE, ROLE_PLACE, ROLE_CHAIR, ROLE_ATTENDEES, ROLE_OTHER };

enum { NAMES_MAX = 64 };

struct points {
    struct arena *arena;
    struct reader_plan *plan;
    struct str names[NAMES_MAX]; /* what the first points are called, beside where they are */
    bool is_letter; /* of invitation */
};

static size_t say_point(const struct words *words, size_t i)
{
    return words_say(words, i, "điểm cầu tại|điểm cầu|các điểm cầu tại|các điểm cầu|mỗi điểm cầu|điểm cầu của|các điểm cầu của|"
        "đầu cầu tại|đầu cầu|các đầu cầu tại|các đầu cầu|đầu cầu của");
}

/* "Chủ trì", "Thành phần", "Địa điểm" at the head of a node: its role; *ret_len the words. */
static enum role read_role(const struct words *words, size_t from, size_t *ret_len)
{
    static const struct {
        enum role role;
        const char *phrases;
    } roles[] = {
        { ROLE_CHAIR, "chủ trì|chủ trì hội nghị|chủ trì lớp học|người chủ trì|đồng chí chủ trì|chủ tọa|chủ trì lớp bồi dưỡng|chủ trì khai giảng" },
        { ROLE_ATTENDEES,
            "thành phần|thành phần tham dự|thành phần dự|đại biểu tham dự|đại biểu dự|đại biểu|thành phần tham gia|thành phần mời|thành phần mời dự|"
            "đại biểu mời|khách mời|học viên|thành phần , đối tượng|thành phần triệu tập|thành phần học viên|thành phần tham gia lớp bồi dưỡng|"
            "thành phần dự khai mạc|mời dự|thành phần dự họp|thành phần dự lớp|dự họp|người dự|cùng dự|dự hội nghị|tham dự|đối tượng tham dự|đối tượng" },
        { ROLE_PLACE, "địa điểm|địa chỉ|nơi học|phòng họp tại|địa điểm tổ chức|địa điểm học|nơi tổ chức" },
        { ROLE_OTHER, "thời gian|hình thức|nội dung|số lượng|kỹ thuật|yêu cầu|trang phục|kinh phí|lưu ý|ghi chú" },
    };
    *ret_len = 0;
    for (size_t i = 0; i < LEN(roles); i++) {
        size_t len = words_say(words, from, roles[i].phrases);
        if (len > *ret_len) {
            *ret_len = len;
            return roles[i].role;
        }
    }
    return ROLE_NONE;
}

/* Of what level a point is, by what it is called; its address says nothing of it. */
static struct str level_of(const struct points *p, const struct words *words, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (words_say(words, i, "("))
            break;
        if (words_say(words, i, "xã|phường|đặc khu|cấp xã|cơ sở|cấp cơ sở|thôn|ấp"))
            return STR("commune");
    }
    for (size_t i = from; i < to && !words_say(words, i, "("); i++)
        if ((words_say(words, i, "học viện|trung ương|chính phủ|quốc hội|hvctqg") || (words->at[i].is_capital && words_say(words, i, "bộ|cục|vụ"))) && !words_say(words, i, "bộ phận|bộ đội|học viện chính trị khu vực|bộ chỉ huy"))
            return STR("central");
    for (size_t i = from; i < to && !words_say(words, i, "("); i++)
        if (words_say(words, i, "tỉnh|tỉnh ủy|thành ủy|thành phố|cấp tỉnh|sở|trường chính trị|ubnd tỉnh|hội trường"))
            return STR("province");
    struct words issuer = words_of(p->arena, p->plan->document.issuer.value);
    if (words_find(&issuer, 0, "trung ương", NULL) < issuer.len || words_say(&issuer, 0, "bộ|học viện chính trị quốc gia|học viện|ban tổ chức trung ương|trung ương|chính phủ"))
        return STR("central");
    return STR("province");
}

static struct reader_point *add_point(struct points *p, struct reader_text level, struct reader_text place)
{
    struct reader_plan *plan = p->plan;
    if (plan->points_len >= READ_LIST_MAX)
        return &plan->points[plan->points_len - 1];
    plan->points = read_grow(p->arena, plan->points, plan->points_len, sizeof *plan->points);
    struct reader_point *point = &plan->points[plan->points_len++];
    *point = (struct reader_point){ .level = level, .place = place };
    return point;
}

/* "điểm cầu tỉnh", "điểm cầu Tỉnh ủy", "điểm cầu chính" are one: the province's own. */
static bool is_general_name(struct arena *arena, struct str name)
{
    struct words words = words_of(arena, name);
    return words.len == 0 || words_say(&words, 0,
                                 "tỉnh|tỉnh ủy|thành ủy|cấp tỉnh|thành phố|cấp thành phố|trung tâm|chính|ubnd tỉnh|ubnd thành phố|cấp tỉnh , thành phố|tỉnh , thành phố|trung tâm tỉnh") == words.len;
}

static bool is_same_name(struct arena *arena, struct str a, struct str b)
{
    struct str left = fold_key(arena, read_trim(a)), right = fold_key(arena, read_trim(b));
    return left.len == 0 || right.len == 0 || str_starts(left, right) || str_starts(right, left) ||
           (is_general_name(arena, a) && is_general_name(arena, b));
}

/* The point of that level and name, made when there is none. */
static struct reader_point *point_of(struct points *p, struct reader_text level, struct reader_text place)
{
    for (size_t i = 0; i < p->plan->points_len && i < NAMES_MAX; i++) {
        struct reader_point *point = &p->plan->points[i];
        bool is_general = str_eq(level.value, STR("commune")) || str_eq(level.value, STR("central"));
        if (str_eq(point->level.value, level.value) && (is_general || is_same_name(p->arena, p->names[i], place.value)))
            return point;
    }
    struct reader_point *point = add_point(p, level, place);
    if (p->plan->points_len <= NAMES_MAX)
        p->names[p->plan->points_len - 1] = place.value;
    return point;
}

static bool has_deadline(struct points *p, const struct outline_node *node)
{
    struct reader_due due = { .kind = { .value = STR("") } };
    struct reader_text recurring = { .value = STR("") };
    lex_find_due(p->arena, node->text, STR(""), &due, &recurring);
    return due.kind.value.len > 0;
}

/* ---- places ---- */

/* A place ends with its sentence, and before what it is instead of. */
static struct str place_part(struct arena *arena, struct str text)
{
    struct words words = words_of(arena, text);
    size_t from = words_say(&words, 0, "tại|ở|tổ chức tại|học tại|được tổ chức tại|học tập trung tại|tập trung tại|trực tiếp tại|:");
    enum { LEAD_WORDS_MAX = 9 };
    size_t held_len = 0, held = words_find(&words, 0, "tổ chức tại|được tổ chức tại|diễn ra tại|chuyển về|chuyển sang|chuyển đến|chuyển tới", &held_len);
    if (held <= LEAD_WORDS_MAX && words_find(&words, 0, "không|,|(", NULL) > held)
        from = held + held_len + words_say(&words, held + held_len, "tại"); /* "Lớp học được tổ chức tại ..." */
    size_t to = from;
    while (to < words.len) {
        if (words_say(&words, to, "(") && !words_say(&words, to, "( thay|( không")) {
            to = words_skip_bracket(&words, to);
            continue;
        }
        if (words_say(&words, to, ";|, không tổ chức|( thay|thay cho|, thay|( không|và trực tuyến|, đồng thời|kết hợp trực tuyến|, thời gian|- thời gian|, trực tuyến|; trực tuyến"))
            break;
        if (words_say(&words, to, ".") && to > from && to + 1 < words.len && words.at[to + 1].is_capital && !words.at[to + 1].is_glued &&
            !words_say(&words, to - 1, "tp|p|q|tx"))
            break;
        to++;
    }
    return words_part(&words, from, to);
}

/* Words a place begins with, against those of people. */
static bool is_place(const struct words *words)
{
    return words_say(words, 0,
               "hội trường|phòng họp|phòng|tại|trụ sở|số|tầng|nhà|trung tâm|hội trường|khu|giảng đường|trường|cơ sở|tòa nhà|ở|nhà văn hóa|toà nhà|khách sạn") > 0;
}

/* ---- below a point ---- */

static void take_attendee(struct points *p, const struct outline_node *node, struct str part, struct reader_point *point)
{
    struct words words = words_of(p->arena, part);
    if (words.len == 0 || has_deadline(p, node))
        return;
    size_t lead = words_find(&words, 0, "chủ trì", NULL);
    if (lead > 1 && lead < words.len && point->chair.value.len == 0 && lead + 2 + words_say(&words, lead + 2, "hội nghị|lớp học|tại điểm cầu|lớp bồi dưỡng|điểm cầu") + 1 >= words.len) {
        point->chair = read_text(node, words_part(&words, 0, lead - (words_say(&words, lead - 1, "(") > 0))); /* "Đại diện Thường trực Tỉnh ủy chủ trì." */
        return;
    }
    read_texts_add(p->arena, &point->attendees, read_text(node, part));
}

static void take_chair(const struct outline_node *node, struct str part, struct reader_point *point)
{
    if (point->chair.value.len == 0 && part.len > 0)
        point->chair = read_text(node, part);
}

static void take_place(struct points *p, const struct outline_node *node, struct str part, struct reader_point *point)
{
    struct str place = place_part(p->arena, part);
    if (place.len > 0)
        point->place = read_text(node, place);
}

/* Words with roles inside: "phòng họp của UBND. Thành phần: ban thường vụ hội"; what has none is a place or attends. */
static void take_said(struct points *p, const struct outline_node *node, struct str part, bool may_be_place, struct reader_point *point)
{
    struct words words = words_of(p->arena, part);
    enum role role = ROLE_NONE;
    size_t from = 0;
    for (size_t i = 0; i <= words.len; i++) {
        size_t len = 0;
        bool may_begin = i == 0 || words_say(&words, i - 1, ".|;|,|-");
        enum role next = may_begin && i < words.len ? read_role(&words, i, &len) : ROLE_NONE;
        bool is_label = next != ROLE_NONE && words_say(&words, i + len, ":") > 0;
        if (!is_label && i < words.len)
            continue;
        struct str said = read_trim(words_part(&words, from, i));
        struct words own = words_of(p->arena, said);
        if (role == ROLE_CHAIR)
            take_chair(node, said, point);
        else if (role == ROLE_PLACE || (role == ROLE_NONE && may_be_place && is_place(&own)))
            take_place(p, node, said, point);
        else if (role != ROLE_OTHER && said.len > 0 && !(may_be_place && words_say(&own, 0, "do|giao|tùy|theo")))
            take_attendee(p, node, said, point);
        role = next;
        from = i + len + 1;
        i = is_label ? i + len : i;
    }
}

static enum role role_of(struct points *p, const struct outline_node *node)
{
    size_t len = 0;
    struct words words = words_of(p->arena, node->title.len > 0 ? node->title : STR(""));
    return read_role(&words, 0, &len);
}

static void take_below(struct points *p, const struct outline_node *top, struct reader_point *point)
{
    for (const struct outline_node *node = outline_next(top, top); node; node = outline_next(top, node)) {
        enum role role = role_of(p, node);
        struct words words = words_of(p->arena, node->title.len > 0 ? node->title : node->text);
        if (node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL || say_point(&words, 0) > 0)
            continue;
        if (role == ROLE_CHAIR)
            take_chair(node, node->body, point);
        else if (role == ROLE_PLACE)
            take_place(p, node, node->body, point);
        else if (role == ROLE_OTHER || (node->opens && node->first_child))
            continue;
        else if (role == ROLE_ATTENDEES && node->body.len > 0)
            take_attendee(p, node, node->body, point);
        else if (role == ROLE_NONE && !(node->kind == OUTLINE_HEADING && node->body.len == 0 && node->first_child))
            take_said(p, node, node->text, false, point);
    }
}

/* ---- what opens a point ---- */

/*
 * "Tại điểm cầu Học viện (số 135 ...): ...", "Thành phần tại điểm cầu các xã: ...", "Điểm cầu cấp tỉnh: Hội trường ...".
 * `text` is the title, or the words of a node without one; `body` what stands behind it.
 */
/* "2. Điểm cầu" and below it "2.1. Tại Trung ương: ...". */
static bool is_below_points(struct points *p, const struct outline_node *node)
{
    const struct outline_node *above = outline_heading(node);
    struct words words = words_of(p->arena, above ? above->title : STR(""));
    size_t all = words_find(&words, 0, "các điểm cầu|tại điểm cầu|các đầu cầu", NULL);
    if (words.len > 0 && words.len <= 10 && all < words.len && all + 3 >= words.len)
        return true; /* "Thành phần tham dự tại các điểm cầu" */
    return words.len > 0 && words_say(&words, 0, "điểm cầu|các điểm cầu|đầu cầu|hệ thống điểm cầu|điểm cầu kết nối|điểm cầu , thành phần|các điểm cầu và thành phần|điểm cầu và thành phần") == words.len;
}

/* "1. Tại Hội trường Sở Nội vụ" beside "2. Tại điểm cầu các xã, phường". */
static bool is_beside_point(struct points *p, const struct outline_node *node)
{
    const struct outline_node *beside[] = { node->next, node->previous };
    for (size_t i = 0; i < LEN(beside); i++) {
        if (!beside[i] || beside[i]->kind != node->kind)
            continue;
        struct words words = words_of(p->arena, beside[i]->title.len > 0 ? beside[i]->title : beside[i]->text);
        if (words_say(&words, 0, "tại điểm cầu|tại các điểm cầu|điểm cầu|các điểm cầu|tại đầu cầu|tại các đầu cầu"))
            return true;
    }
    return false;
}

static bool read_point(struct points *p, const struct outline_node *node, struct str text, struct str body)
{
    struct words words = words_of(p->arena, text);
    size_t len = 0;
    enum role role = read_role(&words, 0, &len);
    size_t i = len + words_say(&words, len, "tại|ở|của|đối với");
    size_t point_len = say_point(&words, i);
    bool is_below = point_len == 0 && role == ROLE_NONE && i > 0 && (node->title.len > 0 || node->first_child) && (is_below_points(p, node) || is_beside_point(p, node));
    if ((point_len == 0 && !is_below) || role == ROLE_OTHER)
        return false;
    size_t name = i + point_len, to = words.len;
    if (words_say(&words, name, "và|, thành phần|kết nối|tham dự|tham gia|trực tuyến :|có|được|phải|chuẩn bị"))
        return false; /* of points in general */
    if (name == to && node->first_child && node->first_child->kind == OUTLINE_HEADING)
        return false; /* a part on points in general */
    /* "Điểm cầu chính, Hội trường tầng 2, số 4 ...": the name, then where it is */
    size_t comma = name;
    while (comma < to && !words_say(&words, comma, ","))
        comma++;
    struct words behind = words_of(p->arena, words_part(&words, comma + 1, to));
    struct str where = comma < to && is_place(&behind) && is_general_name(p->arena, words_part(&words, name, comma)) ? words_part(&words, comma + 1, to) : STR("");
    to = where.len > 0 ? comma : to;
    struct words there = words_of(p->arena, body);
    /* "Các điểm cầu thành phần: 54 xã, phường": only what follows says which */
    bool is_part = words_say(&words, name, "thành phần|còn lại|nhánh|phụ|vệ tinh") == to - name && to > name && there.len > 0;
    struct str level = is_part ? level_of(p, &there, 0, there.len) : level_of(p, &words, name, to);
    struct str named = words_part(&words, name, to);
    struct reader_text place = named.len > 0 ? read_text(node, named) : (struct reader_text){ .value = STR("") };
    struct reader_point *point = point_of(p, read_value(node, words_part(&words, i, to), level), place);
    if (where.len > 0)
        take_place(p, node, where, point);
    if (is_part && there.at[0].is_number && !node->first_child) {
        take_place(p, node, body, point);
        return true;
    }
    struct words said = words_of(p->arena, body);
    if (role == ROLE_CHAIR)
        take_chair(node, body, point);
    else if (role == ROLE_PLACE)
        take_place(p, node, body, point);
    else if (said.len > 0 && role == ROLE_NONE)
        take_said(p, node, body, true, point);
    else if (said.len > 0)
        take_attendee(p, node, body, point);
    take_below(p, node, point);
    return true;
}

static bool is_apart(const struct outline_node *node)
{
    return node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL || node->kind == OUTLINE_ROOT ||
           outline_within(node, OUTLINE_TOPIC_TASKS) || outline_within(node, OUTLINE_TOPIC_BUDGET) || outline_within(node, OUTLINE_TOPIC_PURPOSE) ||
           outline_within(node, OUTLINE_TOPIC_ESSAY);
}

/* "- Điểm cầu tỉnh: Phòng họp số 1; điểm cầu xã, phường: ...": points one after the other in one line. */
static bool read_line_of_points(struct points *p, const struct outline_node *node)
{
    if (str_find(node->text, STR("iểm cầu")) == node->text.len && str_find(node->text, STR("ầu cầu")) == node->text.len)
        return false; /* most paragraphs name none: no need to cut their words */
    struct words words = words_of(p->arena, node->text);
    size_t from = words_find(&words, 0, "điểm cầu", NULL), next = words_find(&words, from + 1, "; điểm cầu|; tại điểm cầu|; các điểm cầu|; tại các điểm cầu", NULL);
    if (from == words.len || next == words.len || words_find(&words, next, ":", NULL) == words.len || node->first_child)
        return false;
    if (from > 0 && (words_find(&words, 0, ":", NULL) > from || words_find(&words, 0, ":", NULL) + 3 < from))
        from = words_say(&words, 0, "tại điểm cầu|các điểm cầu|tại các điểm cầu") ? 0 : from;
    for (size_t at = from; at < words.len;) {
        size_t to = words_find(&words, at, "; điểm cầu|; tại điểm cầu|; các điểm cầu|; tại các điểm cầu", NULL);
        size_t colon = words_find(&words, at, ":", NULL);
        if (colon < to)
            (void)read_point(p, node, words_part(&words, at, colon), words_part(&words, colon + 1, to));
        at = to + 1;
    }
    return true;
}

static void read_connection_points(struct points *p, const struct outline *outline)
{
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (is_apart(node))
            continue;
        struct str text = node->title.len > 0 ? node->title : node->text;
        bool is_whole = node->title.len > 0 || node->opens || node->first_child != NULL;
        struct words words = words_of(p->arena, text);
        if (read_line_of_points(p, node))
            continue;
        if (is_whole || words.len <= 24)
            (void)read_point(p, node, text, node->title.len > 0 ? node->body : STR(""));
    }
}

/* "Ông ..., Chánh Văn phòng, chủ trì." */
static bool take_named_chair(struct points *p, const struct outline_node *node)
{
    struct words words = words_of(p->arena, node->text);
    size_t name = 0, lead = words_find(&words, 0, "chủ trì", NULL), inside = words_find(&words, 0, ". chủ trì :", NULL);
    if (inside < words.len && node->topic != OUTLINE_TOPIC_CONTENT) {
        take_chair(node, place_part(p->arena, words_part(&words, inside + 4, words.len)), &p->plan->points[0]);
        return true;
    }
    if (bodies_person(&words, 0, &name) == 0 || lead == words.len || lead + 5 < words.len)
        return false;
    take_chair(node, words_part(&words, 0, lead), &p->plan->points[0]);
    return true;
}

/* "2. Chủ trì: Bà ..." outside every point is the first point's. */
static void read_common(struct points *p, const struct outline *outline)
{
    for (const struct outline_node *node = outline->root; node && p->plan->points_len > 0; node = outline_next(outline->root, node))
        if (p->plan->points[0].chair.value.len == 0 && !is_apart(node) && !take_named_chair(p, node) && role_of(p, node) == ROLE_CHAIR && p->plan->points[0].chair.value.len == 0) {
            struct words words = words_of(p->arena, node->title);
            if (words_find(&words, 0, "điểm cầu", NULL) == words.len)
                take_chair(node, node->body, &p->plan->points[0]);
        }
}

/* ---- venues ---- */

static void add_venue(struct points *p, const struct outline_node *node, struct str part)
{
    struct str place = place_part(p->arena, part);
    struct words words = words_of(p->arena, place);
    if (words.len < 2 || (words.at[0].is_number && words_say(&words, 1, "địa điểm|điểm|nơi|cơ sở")) || words_say(&words, 0, "căn cứ|theo|do|trực tuyến|nơi làm việc|các điểm cầu|có thông báo|sẽ thông báo|phòng họp trực tuyến|trên|qua"))
        return;
    (void)add_point(p, read_value(node, part, STR("venue")), read_text(node, place));
}

/* "ngày ..., tại Hội trường ...": in a part on time and place together the place stands behind "tại". */
static void read_venue_line(struct points *p, const struct outline_node *node)
{
    struct words title = words_of(p->arena, node->title), body = words_of(p->arena, node->body);
    bool is_place_only = title.len > 0 && words_say(&title, 0, "địa điểm|nơi học|địa điểm tổ chức|địa điểm học") == title.len;
    if (is_place_only || words_say(&body, 0, "tại|hội trường")) {
        add_venue(p, node, node->body);
        return;
    }
    size_t at = words_find(&body, 0, "tại hội trường|tại phòng|tại trường|tại trung tâm|tại trụ sở|tại nhà|tại cơ sở|tại khách sạn|tại học viện|tại giảng đường|tại khu", NULL);
    if (at < body.len)
        add_venue(p, node, words_part(&body, at, body.len));
}

/* "Địa điểm: 02 địa điểm", each an item below. */
static bool counts_places(struct points *p, const struct outline_node *top)
{
    struct words words = words_of(p->arena, top->body);
    return words.len > 1 && words.at[0].is_number && words_say(&words, 1, "địa điểm|điểm|nơi|cơ sở") > 0;
}

/* "Khu vực 1: Trung tâm ...": what stands before the colon only counts. */
static bool is_numbered_place(struct points *p, const struct outline_node *node)
{
    struct words words = words_of(p->arena, node->title);
    size_t len = words_say(&words, 0, "khu vực|địa điểm|điểm|cụm|địa điểm thứ");
    return len > 0 && len + 1 == words.len && words.at[len].is_number && node->body.len > 0;
}

static void read_venue(struct points *p, const struct outline_node *top)
{
    size_t before = p->plan->points_len;
    for (const struct outline_node *node = top->first_child; node; node = node->next)
        if (node->kind == OUTLINE_ITEM && node->own_topic == OUTLINE_TOPIC_NONE && (top->opens || top->kind == OUTLINE_ITEM || counts_places(p, top)))
            add_venue(p, node, is_numbered_place(p, node) ? node->body : node->text);
    if (p->plan->points_len == before && top->body.len > 0)
        read_venue_line(p, top);
    for (const struct outline_node *node = top->first_child; node && p->plan->points_len == before; node = node->next)
        if (node->kind == OUTLINE_PARAGRAPH && node->own_topic == OUTLINE_TOPIC_NONE && top->body.len == 0)
            add_venue(p, node, node->text);
}

/* "- Học tập trung tại:" and its items. */
static bool opens_venues(struct points *p, const struct outline_node *node)
{
    struct words words = words_of(p->arena, node->text);
    size_t len = words.len;
    return node->opens && node->first_child && len > 1 && outline_within(node, OUTLINE_TOPIC_PLACE) == false &&
           (node->topic == OUTLINE_TOPIC_TIME || node->topic == OUTLINE_TOPIC_PLACE || node->topic == OUTLINE_TOPIC_FORM) &&
           words_find(&words, 0, "tại :|tại", NULL) < len;
}

/* A part on time and place together: the place is in its own words or in those of a paragraph below. */
static void read_mixed(struct points *p, const struct outline_node *top)
{
    size_t before = p->plan->points_len;
    for (const struct outline_node *node = outline_next(top, top); node; node = outline_next(top, node))
        if (node->own_topic == OUTLINE_TOPIC_PLACE)
            return;
    if (top->body.len > 0)
        read_venue_line(p, top);
    for (const struct outline_node *node = outline_next(top, top); node && p->plan->points_len == before; node = outline_next(top, node))
        if (node->kind == OUTLINE_PARAGRAPH || node->kind == OUTLINE_ITEM)
            read_venue_line(p, node);
}

/* A table of what changes: "Địa điểm | Hội trường A | Hội trường B" - the last cell is how it is now. */
static void read_changed_venue(struct points *p, const struct outline_node *row)
{
    struct words head = words_of(p->arena, row->first_child ? row->first_child->text : STR(""));
    if (words_say(&head, 0, "địa điểm|địa điểm tổ chức|nơi học") == head.len && head.len > 0 && row->last_child != row->first_child)
        add_venue(p, row->last_child, row->last_child->text);
}

static void read_venues(struct points *p, const struct outline *outline)
{
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->kind == OUTLINE_ROW)
            read_changed_venue(p, node);
        if (is_apart(node) || node->kind == OUTLINE_PARAGRAPH)
            if (node->own_topic != OUTLINE_TOPIC_PLACE || is_apart(node))
                continue;
        bool is_place = node->own_topic == OUTLINE_TOPIC_PLACE;
        if (is_place || opens_venues(p, node))
            read_venue(p, node);
        else if ((node->own_topics & 1u << OUTLINE_TOPIC_PLACE) != 0)
            read_mixed(p, node);
    }
}

static size_t say_held_at(const struct words *words, size_t i)
{
    return words_say(words, i, "học tại|học tập trung tại|tổ chức tại|lớp học tổ chức tại|lớp học được tổ chức tại|mở tại|lớp mở tại|địa điểm tại");
}

/* "Học tại Hội trường xã và Nhà rông làng Krêl.", "..., tại Nhà khách ...": a sentence says it where no part does. */
static void read_said_venues(struct points *p, const struct outline *outline)
{
    for (const struct outline_node *node = outline->root; node && p->plan->points_len == 0; node = outline_next(outline->root, node)) {
        bool is_near = node->topic == OUTLINE_TOPIC_TIME || node->topic == OUTLINE_TOPIC_FORM || node->topic == OUTLINE_TOPIC_PLACE;
        if (!is_near || is_apart(node) || node->kind == OUTLINE_TABLE)
            continue;
        struct words words = words_of(p->arena, node->body);
        size_t held = say_held_at(&words, 0), both = words_find(&words, 0, "và", NULL);
        bool is_pair = held > 0 && both + 1 < words.len && words.at[both + 1].is_capital && words.at[held].is_capital &&
                       bodies_one(&words, held) < both + 1;
        if (is_pair)
            add_venue(p, node, words_part(&words, held, both));
        if (held > 0)
            add_venue(p, node, words_part(&words, is_pair ? both + 1 : held, words.len));
        else if (words_find(&words, 0, "điểm cầu|trực tuyến tại", NULL) == words.len)
            read_venue_line(p, node);
    }
}

/* In a letter of invitation those invited attend at its one venue. */
static void read_invited(struct points *p, const struct outline *outline)
{
    struct reader_point *venue = &p->plan->points[0];
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (is_apart(node) || node->own_topic != OUTLINE_TOPIC_ATTENDANCE || role_of(p, node) != ROLE_ATTENDEES)
            continue;
        if (node->body.len > 0)
            take_attendee(p, node, node->body, venue);
        take_below(p, node, venue);
    }
}

/* ---- a table of points ---- */

struct point_columns {
    int name, place, chair, attendees; /* -1 none */
};

static struct point_columns find_point_columns(struct points *p, const struct outline_node *head)
{
    struct point_columns columns = { -1, -1, -1, -1 };
    for (const struct outline_node *cell = head ? head->first_child : NULL; cell; cell = cell->next) {
        struct words words = words_of(p->arena, cell->text);
        size_t ignored = 0;
        enum role role = read_role(&words, 0, &ignored);
        if (columns.name < 0 && words_say(&words, 0, "điểm cầu|tên điểm cầu|đầu cầu|các điểm cầu"))
            columns.name = cell->column;
        else if (columns.place < 0 && role == ROLE_PLACE)
            columns.place = cell->column;
        else if (columns.chair < 0 && role == ROLE_CHAIR)
            columns.chair = cell->column;
        else if (columns.attendees < 0 && role == ROLE_ATTENDEES)
            columns.attendees = cell->column;
    }
    return columns;
}

static void take_attendees_cell(struct points *p, const struct outline_node *cell, struct reader_point *point)
{
    if (cell->text.len > 0)
        take_attendee(p, cell, cell->text, point);
    for (const struct outline_node *node = outline_next(cell, cell); node; node = outline_next(cell, node))
        if (node->text.len > 0)
            take_attendee(p, node, node->text, point);
}

static void read_points_table(struct points *p, const struct outline_node *table)
{
    struct point_columns columns = find_point_columns(p, table->first_child);
    if (columns.name < 0 || (columns.place < 0 && columns.chair < 0 && columns.attendees < 0))
        return;
    for (const struct outline_node *row = table->first_child->next; row; row = row->next) {
        struct reader_point *point = NULL;
        for (const struct outline_node *cell = row->first_child; cell; cell = cell->next) {
            if (cell->text.len == 0 && cell->first_child == NULL)
                continue;
            if (cell->column == columns.name) {
                struct words words = words_of(p->arena, cell->text);
                size_t name = words_say(&words, 0, "tại");
                name += say_point(&words, name);
                struct str level = level_of(p, &words, name, words.len);
                point = point_of(p, read_value(cell, cell->text, level), read_text(cell, words_part(&words, name, words.len)));
            } else if (point && cell->column == columns.place) {
                take_place(p, cell, cell->text, point);
            } else if (point && cell->column == columns.chair) {
                take_chair(cell, cell->text, point);
            } else if (point && cell->column == columns.attendees) {
                take_attendees_cell(p, cell, point);
            }
        }
    }
}

/*
 * "Lớp học được tổ chức tại điểm cầu Hội trường A và kết nối đến điểm cầu 38 xã, phường": points a sentence names on
 * its way.
 */
static void read_said_points(struct points *p, const struct outline_node *node)
{
    static const char ways[] = "tại điểm cầu|từ điểm cầu|đến điểm cầu|tới điểm cầu|đến các điểm cầu|tới các điểm cầu|với điểm cầu|với các điểm cầu|và điểm cầu|và các điểm cầu|và tại điểm cầu";
    struct words words = words_of(p->arena, node->text);
    size_t len = 0;
    /* "trực tiếp tại Hội trường A kết hợp trực tuyến đến 38 điểm cầu xã, phường" */
    size_t here = words_find(&words, 0, "trực tiếp tại", NULL), join = words_find(&words, here, "kết hợp trực tuyến|kết hợp với trực tuyến|kết nối trực tuyến|và trực tuyến", NULL);
    size_t count = words_find(&words, join, "đến|tới|với|tại", NULL);
    if (join < words.len && join > here + 3 && count + 2 < words.len && words.at[count + 1].is_number && words_say(&words, count + 2, "điểm cầu")) {
        struct str place = place_part(p->arena, words_part(&words, here, join)), named = words_part(&words, count + 4, words.len);
        (void)point_of(p, read_value(node, place, level_of(p, &words, here + 3, join)), read_text(node, place));
        (void)point_of(p, read_value(node, named, level_of(p, &words, count + 4, words.len)), read_text(node, named));
        return;
    }
    for (size_t at = words_find(&words, 0, ways, &len); at < words.len; at = words_find(&words, at + 1, ways, &len)) {
        size_t from = at + len + words_say(&words, at + len, "tại|của"), to = from;
        while (to < words.len && !words_say(&words, to, "và kết nối|, kết nối|kết nối|và điểm cầu|và các điểm cầu|và tại|;|, thời gian|đến|tới|với") &&
               !(words_say(&words, to, ".") && (to + 1 >= words.len || !words.at[to + 1].is_glued)))
            to++;
        struct str named = words_part(&words, from, to);
        if (to > from + 1)
            (void)point_of(p, read_value(node, named, level_of(p, &words, from, to)), read_text(node, named));
    }
}

void read_points(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct points p = { .arena = &cx->arena, .plan = plan, .is_letter = str_eq(plan->document.kind.value, STR("giay_moi")) };
    read_connection_points(&p, outline);
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node))
        if (node->kind == OUTLINE_TABLE && !outline_within(node, OUTLINE_TOPIC_TASKS))
            read_points_table(&p, node);
    for (const struct outline_node *node = outline->root; node && plan->points_len == 0; node = outline_next(outline->root, node))
        if (!is_apart(node) && (node->topic == OUTLINE_TOPIC_PLACE || node->topic == OUTLINE_TOPIC_FORM || node->topic == OUTLINE_TOPIC_TIME))
            read_said_points(&p, node);
    bool has_places = false; /* of the single classes */
    for (size_t i = 0; i < plan->runs_len; i++)
        has_places |= plan->runs[i].place.value.len > 0;
    if (plan->points_len == 0 && !has_places)
        read_venues(&p, outline);
    if (plan->points_len == 0 && !has_places)
        read_said_venues(&p, outline);
    read_common(&p, outline);
    if (p.is_letter && plan->points_len > 0 && str_eq(plan->points[0].level.value, STR("venue")))
        read_invited(&p, outline);
}
