/*
 * Who pays for what (plan-schema.md "budget"), clause by clause in the parts on money:
 *   "Các Tỉnh ủy bảo đảm kinh phí tổ chức tại ..."          payer, a word of paying, what for
 *   "Tiền ăn, nghỉ của học viên do cơ quan cử đi học chi trả" what for, "do" payer, a word of paying
 *   "Ngân sách trung ương: 30.000.000.000 đồng cho việc ..."  payer, amount, what for
 * What says none of these is kept whole: where the money comes from is said in many ways.
 */
#include "reader/read.h"
#include "reader/who.h"

struct budget {
    struct arena *arena;
    struct reader_plan *plan;
};

struct amount {
    size_t from, to;
    int64_t value;
};

enum { FIGURES_MAX = 15 };

static bool add_figures(struct str figures, int64_t *value, size_t *len)
{
    for (size_t i = 0; i < figures.len; i++, (*len)++) {
        if (*len >= FIGURES_MAX)
            return false;
        *value = *value * 10 + (figures.at[i] - '0');
    }
    return true;
}

/* "168.400.000 đồng", "96 triệu đồng", "48,6 tỷ đồng", "25.600.000đ"; to == from when none begins here. */
static struct amount read_amount(const struct words *words, size_t from)
{
    struct amount amount = { .from = from, .to = from };
    int64_t value = 0, part = 0, scale = 1;
    size_t len = 0, i = from;
    if (i >= words->len || !words->at[i].is_number || !add_figures(words->at[i].part, &value, &len))
        return amount;
    i++;
    while (words_say(words, i, ".") && words->at[i].is_glued && i + 1 < words->len && words->at[i + 1].is_number && words->at[i + 1].part.len == 3) {
        if (!add_figures(words->at[i + 1].part, &value, &len))
            return amount;
        i += 2;
    }
    if (words_say(words, i, ",") && i + 1 < words->len && words->at[i].is_glued && words->at[i + 1].is_number && words->at[i + 1].part.len <= 3) {
        size_t ignored = 0;
        if (!add_figures(words->at[i + 1].part, &part, &ignored))
            return amount;
        for (size_t digit = 0; digit < words->at[i + 1].part.len; digit++)
            scale *= 10;
        i += 2;
    }
    int64_t unit = words_say(words, i, "tỷ|tỉ") ? 1000000000 : words_say(words, i, "triệu") ? 1000000 : words_say(words, i, "nghìn|ngàn") ? 1000 : 1;
    i += unit > 1;
    size_t money = words_say(words, i, "đồng|đ|vnđ|vnd|vn đồng");
    if (money == 0 || words_say(words, i, "đồng chí") || value > 1000000000000000 / unit || unit < scale)
        return amount;
    amount.value = value * unit + part * (unit / scale);
    amount.to = i + money;
    return amount;
}

static struct amount find_amount(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct amount amount = read_amount(words, i);
        if (amount.to > amount.from)
            return amount;
        while (i + 1 < to && words->at[i].is_number && words_say(words, i + 1, "."))
            i++;
    }
    return (struct amount){ .from = to, .to = to };
}

static void add(struct budget *b, const struct outline_node *node, struct str what, struct str payer, const struct words *words,
    const struct amount *amount)
{
    struct reader_plan *plan = b->plan;
    if (plan->budget_len >= READ_LIST_MAX || (what.len == 0 && payer.len == 0 && amount->value == 0))
        return;
    plan->budget = read_grow(b->arena, plan->budget, plan->budget_len, sizeof *plan->budget);
    struct reader_budget *one = &plan->budget[plan->budget_len++];
    *one = (struct reader_budget){ .what = read_text(node, what), .payer = { .value = STR("") } };
    if (payer.len > 0)
        one->payer = read_text(node, payer);
    if (amount->to > amount->from)
        one->amount = read_number(node, words_part(words, amount->from, amount->to), amount->value);
}

static size_t say_paying(const struct words *words, size_t i)
{
    return words_say(words, i,
        "tự bảo đảm|tự đảm bảo|tự chi trả|tự túc|bảo đảm|đảm bảo|chi trả|chi cho|chi|thanh toán|hỗ trợ|chịu trách nhiệm chi trả|bố trí|chịu|cấp");
}

/* Where what is paid for ends: the rule it follows, the estimate, the amount. */
static size_t end_of_what(const struct words *words, size_t from, size_t to, const struct amount *amount)
{
    for (size_t i = from; i < to; i++) {
        if (i > from && words_say(words, i, "theo quy định|theo chế độ|theo quy chế|theo đúng quy định|theo phân cấp|, dự toán|, dự kiến|, khoảng|từ nguồn|từ ngân sách|lấy từ|với số tiền|, số tiền|, tổng số tiền|, với|, tổng"))
            return i;
        if (i == amount->from && amount->to > amount->from)
            return i;
    }
    return to;
}

/* "X bảo đảm FOR", "FOR do X bảo đảm"; false when the clause says neither. */
static bool read_paying(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    enum { PAYER_WORDS_MAX = 30 };
    struct amount amount = find_amount(words, from, to);
    size_t by = words_find(words, from, "do", NULL);
    if (by > from && by < to) {
        size_t pay = by + 1;
        while (pay < to && say_paying(words, pay) == 0)
            pay++;
        size_t payer_to = pay < to ? pay : to;
        if (pay < to || by + 1 < to) {
            add(b, node, words_part(words, from, by), words_part(words, by + 1, payer_to), words, &amount);
            return true;
        }
    }
    for (size_t i = from + 1; i < to && i - from < PAYER_WORDS_MAX; i++) {
        size_t pay = words->at[i].is_capital ? 0 : say_paying(words, i);
        bool is_source = words_say(words, from, "kinh phí|chi phí|tiền|nguồn|thực hiện|từ|theo|căn cứ|chế độ|các chế độ|chi|việc|mức") > 0;
        if (pay == 0 || is_source || words_say(words, i, "cấp xã|cấp tỉnh|cấp trên|cấp huyện|cấp cơ sở|cấp dưới|cấp ủy"))
            continue;
        size_t end = end_of_what(words, i + pay, to, &amount), what = i + pay + words_say(words, i + pay, "cho");
        if (what + 1 < to && words->at[what].is_number && words_say(words, what + 1, "%"))
            what += 2; /* "100% học phí" */
        add(b, node, words_part(words, what, end), words_part(words, from, i), words, &amount);
        return true;
    }
    return false;
}

/* "Ngân sách trung ương: 30.000.000.000 đồng cho việc ..." */
static bool read_share(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    size_t colon = words_find(words, from, ":", NULL);
    struct amount amount = find_amount(words, from, to);
    if (colon >= to || amount.to == amount.from || amount.from != colon + 1)
        return false;
    for (size_t i = from + 1; i < colon; i++)
        if (!words->at[i].is_capital && say_paying(words, i) > 0)
            return false; /* "Ngân sách xã chi ...: 84.000.000 đồng" */
    size_t what = amount.to + words_say(words, amount.to, "cho|để|chi cho|dùng cho|chi");
    bool is_payer = words_say(words, from, "ngân sách|nguồn|quỹ|học viện|trường|sở|ubnd|đảng ủy|ban") > 0;
    if (!is_payer)
        add(b, node, words_part(words, from, colon), STR(""), words, &amount);
    else
        add(b, node, words_part(words, what, end_of_what(words, what, to, &(struct amount){ .from = 0 })), words_part(words, from, colon), words, &amount);
    return true;
}

static size_t end_of_clause(const struct words *words, size_t from)
{
    for (size_t i = from; i < words->len; i++) {
        if (words_say(words, i, "("))
            i = words_skip_bracket(words, i) - 1;
        else if (words_say(words, i, ";"))
            return i;
        else if (words_say(words, i, ".") && i + 1 < words->len && !words->at[i + 1].is_glued && words->at[i + 1].is_capital)
            return i;
    }
    return words->len;
}

/* "Giao Sở Nội vụ 1.950.000.000 đồng để mở lớp ...": who is given how much for what. */
static bool read_given(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    size_t who = from + words_say(words, from, "giao cho|giao|cấp cho|phân bổ cho|hỗ trợ cho");
    size_t body = who > from ? bodies_one(words, who) : from;
    struct amount amount = body > who && who > from ? read_amount(words, body) : (struct amount){ .from = 0 };
    if (amount.to == amount.from || amount.to >= to)
        return false;
    size_t what = amount.to + words_say(words, amount.to, "để|cho|chi cho|để chi");
    add(b, node, words_part(words, what, to), words_part(words, who, body), words, &amount);
    return true;
}

/* A clause that names no payer but a sum of its own: "Tổng kinh phí dự kiến 48,6 tỷ đồng". */
static bool read_sum(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    struct amount amount = find_amount(words, from, to);
    if (amount.to == amount.from)
        return false;
    size_t end = amount.from;
    while (end > from && words_say(words, end - 1, ":|là|,|khoảng|tiền|số|với"))
        end--;
    bool is_named = end > from + 1;
    add(b, node, is_named ? words_part(words, from, end) : words_part(words, from, to), STR(""), words, &amount);
    return true;
}

static void read_node(struct budget *b, const struct outline_node *node)
{
    bool is_section = node->kind == OUTLINE_HEADING && node->own_topic == OUTLINE_TOPIC_BUDGET;
    struct str text = is_section || (node->kind == OUTLINE_HEADING && node->body.len == 0) ? node->body : node->text;
    struct words words = words_of(b->arena, text);
    bool has_any = false;
    if (node->kind == OUTLINE_ITEM && node->own_topic == OUTLINE_TOPIC_BUDGET && node->body.len > 0)
        words = words_of(b->arena, node->body);
    if (words.len < 3 || who_is_formula(&words) || (node->kind == OUTLINE_PARAGRAPH && words_say(&words, 0, "đề nghị|giao|yêu cầu|kính đề nghị")))
        return;
    for (size_t from = 0; from < words.len;) {
        size_t to = end_of_clause(&words, from);
        if (read_given(b, node, &words, from, to) || read_share(b, node, &words, from, to) || read_paying(b, node, &words, from, to) || read_sum(b, node, &words, from, to))
            has_any = true;
        from = to + 1;
    }
    if (!has_any && !node->opens)
        add(b, node, words.text, STR(""), &words, &(struct amount){ .from = 0 });
}

void read_budget(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct budget b = { .arena = &cx->arena, .plan = plan };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        bool is_section = outline_within(node, OUTLINE_TOPIC_BUDGET) && !(node->own_topic == OUTLINE_TOPIC_NONE && outline_within(node, OUTLINE_TOPIC_ESSAY));
        if (is_section && node->kind != OUTLINE_TABLE && node->kind != OUTLINE_ROW && node->kind != OUTLINE_CELL)
            read_node(&b, node);
    }
}
