/*
 * Seats (plan-schema.md "quotas", domain.md 5.5): how many people each body sends.
 *   "A, B và C, mỗi cơ quan cử 05 đồng chí"      postfix: 5 for each of the list
 *   "mỗi xã, phường cử 02 người"                 one entry, each
 *   "Các cơ quan thuộc Hội đồng nhân dân cử 5 đồng chí"   without "mỗi": for the group as a whole
 *   a table of shares: a unit and a count in each row
 * "không quá", "tối đa" and "ít nhất", "tối thiểu" make the count a bound.
 */
#include "reader/bodies.h"
#include "reader/read.h"

#include <string.h>

struct quotas {
    struct arena *arena;
    struct reader_plan *plan;
};

struct seats {
    size_t from, to; /* words of the count */
    int64_t value, max;
    struct str bound;
};

static bool is_key(const struct words *words, size_t i, const char *key)
{
    return i < words->len && str_eq(words->at[i].key, str_from(key));
}

static bool read_figures(const struct words *words, size_t i, int64_t *ret_value)
{
    return i < words->len && words->at[i].is_number && words->at[i].part.len <= 4 && str_to_i64(words->at[i].part, ret_value);
}

/* People who are sent; not who comes to speak. */
static size_t say_people(const struct words *words, size_t i)
{
    return words_say(words, i,
        "đồng chí|đ / c|người|học viên|cán bộ|đại biểu|công chức|viên chức|giảng viên|chỉ tiêu|lãnh đạo|cán bộ , công chức|trại sinh|đoàn viên|hội viên|suất");
}

/* "05 đồng chí", "từ 02 đến 03 người", "2-3 đồng chí", "không quá 06 đồng chí" at `from`; to == from when none. */
static struct seats read_seats(const struct words *words, size_t from)
{
    struct seats seats = { .from = from, .to = from, .bound = STR("") };
    size_t i = from;
    if (words_say(words, i, "không quá|tối đa không quá|tối đa|nhiều nhất|không vượt quá"))
        seats.bound = STR("max");
    else if (words_say(words, i, "ít nhất|tối thiểu|không ít hơn|không dưới"))
        seats.bound = STR("min");
    i += words_say(words, i, "không quá|tối đa không quá|tối đa|nhiều nhất|không vượt quá|ít nhất|tối thiểu|không ít hơn|không dưới|từ|khoảng|dự kiến");
    if (!read_figures(words, i, &seats.value))
        return seats;
    seats.max = seats.value;
    i++;
    size_t link = words_say(words, i, "-|đến");
    int64_t most = 0;
    if (link > 0 && read_figures(words, i + link, &most) && most > seats.value) {
        seats.max = most;
        i += link + 1;
    }
    size_t people = say_people(words, i), post = words_in(words, i, &vocabulary_posts, NULL);
    people = post > people ? post : people;
    if (people > 0)
        seats.to = i + people;
    return seats;
}

static void add(struct quotas *q, const struct outline_node *node, struct str unit, const struct seats *seats, const struct words *words,
    bool is_each)
{
    struct reader_plan *plan = q->plan;
    struct str count = words_part(words, seats->from, seats->to);
    struct reader_text name = read_text(node, unit);
    if (name.value.len == 0 || plan->quotas_len >= READ_LIST_MAX)
        return;
    plan->quotas = read_grow(q->arena, plan->quotas, plan->quotas_len, sizeof *plan->quotas);
    struct reader_quota *quota = &plan->quotas[plan->quotas_len++];
    *quota = (struct reader_quota){ .unit = name, .count = read_number(node, count, seats->value) };
    quota->count.max = seats->max;
    quota->each.value = is_each;
    quota->each.span = outline_span(node, unit);
    if (seats->bound.len > 0)
        quota->bound = read_value(node, count, seats->bound);
}

/* Where the names begin: behind "Các cơ quan:", "Đại diện lãnh đạo:", "Đề nghị"; and "các sở:" says what each of them is. */
static size_t skip_opening(const struct words *words, size_t from, size_t to, struct str *ret_kind)
{
    enum { OPENING_WORDS_MAX = 16 };
    *ret_kind = STR("");
    for (size_t i = from; i < to && i - from < OPENING_WORDS_MAX; i++) {
        if (!is_key(words, i, ":") || i + 1 >= to)
            continue;
        if (words_say(words, from, "các sở|sở"))
            *ret_kind = STR("Sở");
        else if (words_say(words, from, "các phòng"))
            *ret_kind = STR("Phòng");
        else if (words_say(words, from, "các xã"))
            *ret_kind = STR("xã");
        return i + 1;
    }
    return from + words_say(words, from, "đề nghị|giao|yêu cầu|đối với|riêng");
}

/* "các sở: Nội vụ, Văn hóa, Thể thao và Du lịch" names departments by what follows their kind. */
static void add_of_kind(struct quotas *q, const struct outline_node *node, const struct words *words, size_t from, size_t to, struct str kind,
    const struct seats *seats)
{
    for (size_t i = from; i < to;) {
        struct str name = str_format(q->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(words_part(words, i, to)));
        struct words whole = words_of(q->arena, name);
        size_t len = words_in(&whole, 0, &vocabulary_bodies, NULL), kind_len = words_in(&whole, 0, &vocabulary_heads, NULL);
        size_t end = len > 1 ? i + len - 1 : i;
        while (end < to && !words_say(words, end, ",|;|và"))
            end++;
        struct str part = words_part(words, i, end);
        size_t before = q->plan->quotas_len;
        add(q, node, part, seats, words, false);
        if (q->plan->quotas_len > before && kind_len < whole.len)
            q->plan->quotas[before].unit.value = str_format(q->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(read_trim(part)));
        i = end + words_say(words, end, ", và|,|;|và");
        if (end == to)
            break;
    }
}

/* Each body of the list [from, to); a general name of many ("Các sở, ngành còn lại") stays one entry with each. */
static void add_list(struct quotas *q, const struct outline_node *node, const struct words *words, size_t from, size_t to,
    const struct seats *seats)
{
    struct str kind = STR("");
    from = skip_opening(words, from, to, &kind);
    while (to > from && words_say(words, to - 1, ",|;|:|-|.|("))
        to--;
    if (kind.len > 0) {
        add_of_kind(q, node, words, from, to, kind, seats);
        return;
    }
    if (from < to && words->at[from].is_number) {
        add(q, node, words_part(words, from + 1, to), seats, words, true); /* "40 xã, phường, mỗi nơi 03 người" */
        return;
    }
    struct lex_parts parts = bodies_split(q->arena, words, from, to);
    for (size_t i = 0; i < parts.len; i++) {
        struct words name = words_of(q->arena, parts.at[i]);
        bool is_many = words_say(&name, 0, "các|những|tất cả|lãnh đạo các|đại diện các|đại diện lãnh đạo các") > 0 && !words_say(&name, 0, "các cơ quan thuộc");
        add(q, node, parts.at[i], seats, words, is_many);
    }
}

/* "mỗi xã, phường", "mỗi cơ quan": the unit behind "mỗi"; is_general where it only points back to a list. */
static size_t read_each(const struct words *words, size_t each, bool *ret_is_general)
{
    size_t general = words_say(words, each + 1,
        "cơ quan , đơn vị|cơ quan|đơn vị|nơi|sở|sở , ngành|ban|ban , ngành|địa phương|tổ chức|hội|trường|đoàn thể|đầu mối|đảng ủy|điểm cầu|ngành|phòng");
    size_t body = bodies_one(words, each + 1), scope = each + 1 + words_in(words, each + 1, &vocabulary_scopes, NULL);
    body = scope > body ? scope : body;
    if (!words_say(words, each + 1, "tổ dân phố") && words_say(words, each + 1, "lớp|cụm|đợt|khóa|buổi|chương trình|năm|ngày|nhóm|tổ|học viên|chuyên đề|đồng chí|người|giảng viên|báo cáo viên|tháng|quý|tiết"))
        return each;
    *ret_is_general = general > 0 && each + 1 + general >= body;
    return body > each + 1 + general ? body : each + 1 + general;
}

/* "cử", "bố trí", "chọn cử" between the unit and its count, not far behind. Returns where the count stands, or 0. */
static size_t find_seats(const struct words *words, size_t from, size_t reach, struct seats *ret_seats)
{
    for (size_t i = from; i < words->len && i < from + reach && !words_say(words, i, ".|;"); i++) {
        *ret_seats = read_seats(words, i);
        if (ret_seats->to > ret_seats->from)
            return i;
    }
    return 0;
}

/* A count "cử ..." said of the words [from, cu): a list without "mỗi" sends them together. */
static void read_group(struct quotas *q, const struct outline_node *node, const struct words *words, size_t from, size_t cu,
    const struct seats *seats)
{
    enum { UNIT_WORDS_MAX = 40 };
    struct str kind = STR("");
    from = skip_opening(words, from, cu, &kind);
    size_t body = bodies_one(words, from);
    /* "..., mỗi đơn vị cử 02 đồng chí tham dự; UBND xã, phường cử không quá 03 đồng chí": the unit begins behind the ';' */
    for (size_t i = cu; body == from && i > from && cu - i < UNIT_WORDS_MAX; i--)
        if (is_key(words, i - 1, ";")) {
            from = i + words_say(words, i, "riêng");
            body = bodies_one(words, from);
            break;
        }
    bool is_commune = words_say(words, from, "xã|phường|đặc khu|đơn vị|thôn|các xã|các phường|các đặc khu") > 0;
    if (body == from || cu - from > UNIT_WORDS_MAX || (outline_within(node, OUTLINE_TOPIC_TASKS) && !is_commune))
        return;
    size_t named = from + words_say(words, from, "các xã|các phường");
    if (named > from && named < cu && words->at[named].is_capital) {
        /* "riêng các phường Thành Vinh, Vinh Hưng cử 05 người" */
        add_of_kind(q, node, words, named, cu, words->at[named - 1].part, seats);
        return;
    }
    add(q, node, words_part(words, from, cu), seats, words, false);
}

/* "Sở Nội vụ: 03 đồng chí", an item of its own in the parts on who comes. */
static bool read_item(struct quotas *q, const struct outline_node *node)
{
    struct words body = words_of(q->arena, node->body), title = words_of(q->arena, node->title);
    struct seats seats = read_seats(&body, 0);
    bool is_part = node->topic == OUTLINE_TOPIC_AUDIENCE || node->topic == OUTLINE_TOPIC_ATTENDANCE || node->topic == OUTLINE_TOPIC_NUMBERS ||
                   node->topic == OUTLINE_TOPIC_PLACE ||
                   (seats.bound.len > 0 && !outline_within(node, OUTLINE_TOPIC_TASKS)); /* "Sở Nội vụ: không quá 10 đồng chí" */
    if (node->title.len == 0 || !is_part || seats.to == seats.from || bodies_one(&title, 0) == 0)
        return false;
    add(q, node, node->title, &seats, &body, false);
    return true;
}

static bool may_count(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            return true;
    return false;
}

static void read_text_of(struct quotas *q, const struct outline_node *node)
{
    if (!may_count(node->text))
        return;
    enum { EACH_REACH = 14, SEND_REACH = 4 };
    struct words words = words_of(q->arena, node->text);
    if (read_item(q, node))
        return;
    size_t start = 0; /* behind the last sentence or count */
    for (size_t i = 0; i < words.len; i++) {
        struct seats seats = { .value = 0 };
        bool is_general = false;
        if (is_key(&words, i, ".") && i + 1 < words.len && words.at[i + 1].is_capital)
            start = i + 1;
        if (words.at[i].is_number || words_say(&words, i, "không quá|tối đa|ít nhất|tối thiểu|không dưới"))
            seats = read_seats(&words, i);
        if (seats.to > seats.from && is_key(&words, seats.to, "/")) {
            /* "cử từ 3-5 người/đơn vị" */
            size_t unit = seats.to + 1, body = bodies_one(&words, unit), scope = unit + words_in(&words, unit, &vocabulary_scopes, NULL);
            size_t unit_to = body > scope ? body : scope;
            if (unit_to > unit && !words_say(&words, unit, "lớp|ngày|khóa|buổi|đợt|tháng|năm|cụm"))
                add(q, node, words_part(&words, unit, unit_to), &seats, &words, true);
            start = unit_to > unit ? unit_to : seats.to;
            i = start - 1;
        } else if (is_key(&words, i, "mỗi")) {
            size_t unit = read_each(&words, i, &is_general);
            size_t at = unit > i ? find_seats(&words, unit, EACH_REACH, &seats) : 0;
            if (at == 0)
                continue;
            size_t named = start + words_say(&words, start, "riêng các xã|riêng các phường|các xã|các phường");
            if (named > start && named < i && words.at[named].is_capital)
                add_of_kind(q, node, &words, named, i, words.at[named - 1].part, &seats);
            else if (is_general && i > start)
                add_list(q, node, &words, start, i, &seats);
            else
                add(q, node, words_part(&words, i + 1, unit), &seats, &words, true);
            i = start = seats.to;
            i--;
        } else if (is_key(&words, i, "cử") && i > start) {
            size_t at = find_seats(&words, i + 1, SEND_REACH, &seats);
            if (at == 0 || words_say(&words, at + 1, "báo cáo viên") || words_say(&words, at + 2, "báo cáo viên") || is_key(&words, seats.to, "/"))
                continue;
            for (size_t k = i; k > start; k--)
                if (is_key(&words, k - 1, "cử") || is_key(&words, k - 1, ":")) {
                    /* another sending stands before it: this one's unit begins behind the comma */
                    while (k < i && !is_key(&words, k, ","))
                        k++;
                    start = k < i ? k + 1 : start;
                    break;
                }
            read_group(q, node, &words, start, i, &seats);
            start = seats.to;
            i = seats.to - 1;
        }
        if (start < words.len && words_say(&words, start, ";|,|."))
            start++;
    }
}

/* ---- tables of shares ---- */

enum { COLUMN_NONE = -1 };

static void read_shares(struct quotas *q, const struct outline_node *table)
{
    int unit = COLUMN_NONE, count = COLUMN_NONE;
    for (const struct outline_node *row = table->first_child; row; row = row->next) {
        bool is_head = unit == COLUMN_NONE;
        const struct outline_node *name = NULL, *number = NULL;
        for (const struct outline_node *cell = row->first_child; cell; cell = cell->next) {
            struct words words = words_of(q->arena, cell->text);
            if (is_head && words_find(&words, 0, "thời gian|ngày|giảng viên|chuyên đề|nhiệm vụ|nội dung|đợt|thời hạn|địa điểm", NULL) < words.len)
                return; /* a timetable, a list of classes or of tasks */
            if (is_head && count == COLUMN_NONE && words_say(&words, 0, "số học viên|số lượng|chỉ tiêu|số lượng học viên|phân bổ|số người|số chỉ tiêu|học viên|số đại biểu"))
                count = cell->column;
            else if (is_head && unit == COLUMN_NONE && words_say(&words, 0, "cụm|đơn vị|cơ quan|cơ quan , đơn vị|tên đơn vị|địa phương|xã , phường|xã / phường|tên cơ quan|tên xã|xã|đơn vị cử"))
                unit = cell->column;
            name = cell->column == unit ? cell : name;
            number = cell->column == count ? cell : number;
        }
        if (is_head && (unit == COLUMN_NONE || count == COLUMN_NONE))
            return;
        if (is_head || !name || !number)
            continue;
        struct words words = words_of(q->arena, number->text), who = words_of(q->arena, name->text);
        struct seats seats = { .from = 0, .to = 1, .bound = STR("") };
        if (!read_figures(&words, 0, &seats.value) || words_say(&who, 0, "tổng|cộng|tổng cộng|tổng số"))
            continue;
        seats.max = seats.value;
        size_t before = q->plan->quotas_len;
        add(q, name, name->text, &seats, &who, false);
        if (q->plan->quotas_len > before)
            q->plan->quotas[before].count.span = outline_span(number, number->text);
    }
}

void read_quotas(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct quotas q = { .arena = &cx->arena, .plan = plan };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        if (node->kind == OUTLINE_TABLE)
            read_shares(&q, node);
        else if (node->kind != OUTLINE_CELL && node->kind != OUTLINE_ROW && !outline_within(node, OUTLINE_TOPIC_PURPOSE))
            read_text_of(&q, node);
    }
    for (const struct outline_node *top = outline->appendices; top; top = top->next)
        for (const struct outline_node *node = top; node; node = outline_next(top, node)) {
            if (node->kind == OUTLINE_TABLE)
                read_shares(&q, node);
            else if (node->kind != OUTLINE_CELL && node->kind != OUTLINE_ROW)
                read_text_of(&q, node);
        }
}
