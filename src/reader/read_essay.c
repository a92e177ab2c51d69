/*
 * The essay at the end of a class (plan-schema.md "essay"): how many, by when, and by which ways it goes up.
 *
 * A way is read from each group of writers ("Học viên khối chính quyền nộp ... cho Sở Nội vụ tổng hợp, báo cáo ... (qua
 * Ban Tổ chức Tỉnh ủy)"): every body that stands right behind a word of sending is one more station, and one in
 * "(qua X)" comes just before the body it leads to. A body may itself send on what it got (GM-QN, III.3).
 */
#include "reader/read.h"
#include "reader/task_field.h"

struct essay {
    struct arena *arena;
    struct reader_plan *plan;
    struct str year;
    bool in_section;
};

static size_t say_sending(const struct words *words, size_t i)
{
    return words_say(words, i,
        "nộp trực tiếp cho|nộp trực tiếp về|nộp cho|nộp về|nộp tại|nộp|gửi về|gửi cho|gửi đến|gửi tới|gửi lên|gửi|báo cáo với|báo cáo lên|báo cáo về|báo cáo|"
        "trình|chuyển về|chuyển cho|chuyển đến|chuyển|về|cho|đến|lên|tới|để");
}

/* Where the writers' name ends: at the first word of writing or sending. */
static size_t end_of_writers(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        if (words_say(words, i, "nộp|gửi|viết|sau khi|báo cáo|tổng hợp|hoàn thành|:|phải|có trách nhiệm|tham dự|tham gia|chuyển|được|dự đủ|thực hiện|làm|,  nộp"))
            return i;
    return to;
}

static void add_station(struct essay *essay, const struct outline_node *node, const struct words *words, size_t from, size_t to,
    struct reader_route *route)
{
    struct reader_text station = read_text(node, words_part(words, from, to));
    const struct reader_text *last = route->then.len > 0 ? &route->then.at[route->then.len - 1] : &route->to;
    if (station.value.len == 0 || str_eq(last->value, station.value))
        return;
    if (route->to.value.len == 0)
        route->to = station;
    else
        read_texts_add(essay->arena, &route->then, station);
}

/* "(qua X)": X goes just before the station named last. */
static void add_via(struct essay *essay, const struct outline_node *node, const struct words *words, size_t from, size_t to,
    struct reader_route *route)
{
    struct reader_text via = read_text(node, words_part(words, from, to));
    if (route->to.value.len == 0 || via.value.len == 0)
        return;
    if (route->then.len == 0) {
        read_texts_add(essay->arena, &route->then, route->to);
        route->to = via;
        return;
    }
    struct reader_text last = route->then.at[route->then.len - 1];
    route->then.at[route->then.len - 1] = via;
    read_texts_add(essay->arena, &route->then, last);
}

static void read_route(struct essay *essay, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    size_t writers = end_of_writers(words, from, to);
    struct reader_route route = { .from = read_text(node, words_part(words, from, writers)) };
    size_t first = words_say(words, writers, ":") ? bodies_one(words, writers + 1) : writers;
    if (first > writers + 1 && first <= to && who_verb(words, writers + 1) == 0 && !words_say(words, writers + 1, "học viên|các học viên"))
        add_station(essay, node, words, writers + 1, first, &route); /* "Học viên cấp xã: Ban Xây dựng Đảng tiếp nhận ..." */
    for (size_t i = writers; i < to;) {
        size_t via = words_say(words, i, "( qua|( thông qua|qua|thông qua");
        size_t sending = say_sending(words, i);
        size_t start = i + (via > 0 ? via : sending);
        size_t end = via + sending > 0 ? bodies_one(words, start) : i;
        end += end > start ? words_say(words, end, "cử đi học|cử học viên|cử người đi học|cử học viên đi học|nơi công tác|quản lý học viên|quản lý trực tiếp|mình") : 0;
        bool is_body = end > start && who_verb(words, start) < end - start && end <= to;
        if (!is_body || words_say(words, start, "học viên|các học viên")) {
            i++;
            continue;
        }
        if (via > 0)
            add_via(essay, node, words, start, end, &route);
        else
            add_station(essay, node, words, start, end, &route);
        i = end;
    }
    struct reader_essay *got = &essay->plan->essay;
    if (route.to.value.len == 0 || route.from.value.len == 0 || got->routes_len >= READ_LIST_MAX)
        return;
    got->routes = read_grow(essay->arena, got->routes, got->routes_len, sizeof *got->routes);
    got->routes[got->routes_len++] = route;
}

/* A new group of writers begins: "học viên ..." at the start of a clause, or a body at the start of an item. */
static bool begins_route(const struct words *words, size_t i, bool is_item)
{
    bool is_clause = i == 0 || words_say(words, i - 1, ":|;|.|,") > 0;
    size_t body = i == 0 && is_item ? bodies_list(words, i) : i;
    if (is_clause && words_say(words, i, "học viên|mỗi học viên|các học viên|toàn thể học viên|từng học viên|đối với học viên|người học|mỗi người học|mỗi đồng chí|các đồng chí|mỗi cán bộ|đại biểu|mỗi đại biểu"))
        return true;
    if ((i == 0 || words_say(words, i - 1, ":|;|.")) && words_say(words, i, "cán bộ|công chức|đảng viên|mỗi công chức|người dự học|trại sinh"))
        return true;
    return body > i && who_verb(words, i) < body - i;
}

static void read_routes(struct essay *essay, const struct outline_node *node, const struct words *words)
{
    size_t from = words->len;
    for (size_t i = 0; i <= words->len; i++) {
        bool is_new = i < words->len && begins_route(words, i, node->kind == OUTLINE_ITEM);
        if (from < i && (is_new || i == words->len))
            read_route(essay, node, words, from, i);
        if (is_new)
            from = i + words_say(words, i, "đối với");
    }
}

/* "viết 01 bài thu hoạch" */
static void read_count(struct essay *essay, const struct outline_node *node, const struct words *words)
{
    enum { COUNT_REACH = 8 };
    struct reader_essay *got = &essay->plan->essay;
    for (size_t i = words_find(words, 0, "viết|nộp|làm|hoàn thành|gửi", NULL); i < words->len && !got->count.is_given; i = words_find(words, i + 1, "viết|nộp|làm|hoàn thành|gửi", NULL)) {
        for (size_t n = i + 1; n < words->len && n <= i + COUNT_REACH; n++) {
            int64_t value = words_say(words, n, "một") ? 1 : words_say(words, n, "hai") ? 2 : 0;
            size_t spelt = words_say(words, n + 1, "(") ? words_skip_bracket(words, n + 1) : n + 1; /* "01 (một) bài" */
            if ((value > 0 || (words->at[n].is_number && str_to_i64(words->at[n].part, &value))) && value > 0 && value < 20 &&
                words_say(words, spelt, "bài thu hoạch|bài|thu hoạch|bản thu hoạch|tiểu luận|bài tiểu luận")) {
                got->count = read_number(node, words->at[n].part, value);
                break;
            }
        }
    }
}

/* "Số lượng: 01 bài", "Thời hạn nộp bài: trước ngày ...", "Bài thu hoạch: 02 bài/học viên; hạn nộp: ...": the label has the verb. */
static void read_labelled(struct essay *essay, const struct outline_node *node, const struct words *words)
{
    struct reader_essay *got = &essay->plan->essay;
    struct words title = words_of(essay->arena, node->body.len > 0 ? node->title : STR(""));
    struct reader_text recurring = { .value = STR("") };
    int64_t value = 0;
    bool names_it = words_find(&title, 0, "thu hoạch|tiểu luận", NULL) < title.len;
    if (!essay->in_section || title.len == 0 || words->len < 2)
        return;
    bool is_number = words->at[0].is_number && str_to_i64(words->at[0].part, &value) && value > 0 && value < 20;
    if (!got->count.is_given && is_number && words_say(words, 1, "bài|bài thu hoạch") && (names_it || words_say(&title, 0, "số lượng|số bài")))
        got->count = read_number(node, words->at[0].part, value);
    if (names_it && !got->required.value && got->count.is_given) {
        got->required.value = true;
        got->required.span = outline_span(node, node->title);
    }
    if (got->due.kind.value.len == 0 && words_say(&title, 0, "thời hạn|hạn nộp|thời gian nộp|hạn cuối|hạn gửi|thời hạn nộp") > 0)
        task_field_due(essay->arena, node, words->text, essay->year, &got->due, &recurring);
}

static void read_node(struct essay *essay, const struct outline_node *node)
{
    struct reader_essay *got = &essay->plan->essay;
    struct words words = words_of(essay->arena, node->kind == OUTLINE_HEADING && node->body.len > 0 ? node->body : node->text);
    size_t about = words_find(&words, 0, "thu hoạch|tiểu luận", NULL);
    bool is_ordered = about < words.len && words_find(&words, 0, "viết|nộp|gửi|làm|hoàn thành", NULL) < words.len;
    if (!essay->in_section && !is_ordered)
        return;
    if (!got->required.value && about < words.len) {
        got->required.value = true;
        got->required.span = outline_span(node, words_part(&words, about, about + 2));
    }
    read_count(essay, node, &words);
    read_labelled(essay, node, &words);
    for (size_t from = 0; from < words.len && got->due.kind.value.len == 0;) {
        size_t to = words_find_mark(&words, from, ";");
        struct reader_text recurring = { .value = STR("") };
        if (words_find(&words, from, "nộp|gửi|hoàn thành", NULL) < to)
            task_field_due(essay->arena, node, words_part(&words, from, to), essay->year, &got->due, &recurring);
        from = to + 1;
    }
    read_routes(essay, node, &words);
}

/* A look at the letters before the words are cut: most paragraphs speak of no essay. */
static bool may_speak_of_it(struct str text)
{
    static const struct str signs[] = { STR_INIT("hu hoạch"), STR_INIT("HU HOẠCH"), STR_INIT("iểu luận"), STR_INIT("IỂU LUẬN"), STR_INIT("hu Hoạch") };
    for (size_t i = 0; i < LEN(signs); i++)
        if (str_find(text, signs[i]) < text.len)
            return true;
    return false;
}

void read_essay(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    enum { YEAR_LEN = 4 };
    struct essay essay = { .arena = &cx->arena, .plan = plan, .year = str_sub(plan->document.date.value, 0, YEAR_LEN) };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->kind == OUTLINE_TABLE || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL || node->kind == OUTLINE_ROOT)
            continue;
        essay.in_section = outline_within(node, OUTLINE_TOPIC_ESSAY);
        if (!essay.in_section && !may_speak_of_it(node->text))
            continue;
        struct words words = words_of(&cx->arena, node->text);
        bool is_writing = words_find(&words, 0, "bài thu hoạch|viết thu hoạch|bản thu hoạch", NULL) < words.len &&
                          words_find(&words, 0, "viết|làm|nộp|hoàn thành", NULL) < words.len;
        if (essay.in_section || (is_writing && !outline_within(node, OUTLINE_TOPIC_TASKS)))
            read_node(&essay, node);
    }
    if (plan->essay.routes_len == 0 && !plan->essay.count.is_given && plan->essay.due.kind.value.len == 0 && !plan->essay.required.value)
        plan->essay = (struct reader_essay){ .required = { .value = false } };
}
