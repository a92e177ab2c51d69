/*
 * Who pays for what (plan-schema.md "budget"), clause by clause in the parts on money:
 *   "Các Tỉnh ủy bảo đảm kinh phí tổ chức tại ..."          payer, a word of paying, what for
 *   "Tiền ăn, nghỉ của học viên do cơ quan cử đi học chi trả" what for, "do" payer, a word of paying
 *   "Ngân sách trung ương: 30.000.000.000 đồng cho việc ..."  payer, amount, what for
 *   "Thuê hội trường: UBND phường", a table of what, how much, from where; a heading may name the payer of its items.
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

/* Where a phrase stands in [from, to), `to` when nowhere: a clause of a long line is not looked at beyond its end. */
static size_t find_in(const struct words *words, size_t from, size_t to, const char *phrases)
{
    while (from < to && words_say(words, from, phrases) == 0)
        from++;
    return from;
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
        "tự bảo đảm|tự đảm bảo|tự chi trả|tự túc|tự lo|bảo đảm|đảm bảo|chi trả|chi cho|chi|thanh toán|hỗ trợ|chịu trách nhiệm chi trả|bố trí|chịu|cấp|nộp|đóng");
}

static size_t say_source(const struct words *words, size_t i)
{
    return words_say(words, i, "từ nguồn|từ các nguồn|từ ngân sách|lấy từ|trích từ|bằng nguồn|bằng ngân sách");
}

/* Where what is paid for ends: the rule it follows, the estimate, the amount. */
static size_t end_of_what(const struct words *words, size_t from, size_t to, const struct amount *amount)
{
    for (size_t i = from; i < to; i++) {
        if (i > from && words_say(words, i, "theo quy định|theo chế độ|theo quy chế|theo đúng quy định|theo phân cấp|, dự toán|, dự kiến|, khoảng|với số tiền|, số tiền|, tổng số tiền|, với|, tổng"))
            return i;
        if (say_source(words, i) > 0 || (i == amount->from && amount->to > amount->from))
            return i;
    }
    return to;
}

/* Back over words that only lead to a sum or a source: "..., dự kiến là", "... được bảo đảm". */
static size_t skip_back_lead(const struct words *words, size_t from, size_t end)
{
    while (end > from + 1) {
        bool is_pair = end > from + 2 && words_say(words, end - 2, "dự kiến|dự toán|số tiền|bảo đảm|đảm bảo|bố trí|chi trả|sử dụng|ước tính|được chi") == 2;
        if (!is_pair && !words_say(words, end - 1, ":|là|,|khoảng|tiền|số|với|ước|lấy|trích|được|tổng|("))
            return end;
        end -= is_pair ? 2 : 1;
    }
    return end;
}

/* "từ nguồn ngân sách tỉnh cấp cho Trường": the budget by its name. */
static struct str named_source(const struct words *words, size_t from, size_t to)
{
    size_t source = from;
    while (source < to && say_source(words, source) == 0)
        source++;
    size_t name = source;
    while (name < to && name < source + 4 && !words_say(words, name, "ngân sách"))
        name++;
    if (source == to || name >= to || !words_say(words, name, "ngân sách"))
        return STR("");
    size_t end = name + 2;
    while (end < to && !words_say(words, end, "năm|theo|giai đoạn|(|,|.|cấp cho|cấp qua|giao|hỗ trợ|bố trí|bảo đảm|phân bổ|chi|đã|được|:|dự kiến"))
        end++;
    return end > name + 2 ? words_part(words, name, end) : STR("");
}

/* "từ nguồn chi sự nghiệp năm 2026 của Sở Nội vụ": whose money it is. */
static struct str owner_of_source(const struct words *words, size_t from, size_t to)
{
    size_t source = from;
    while (source < to && say_source(words, source) == 0)
        source++;
    size_t of = find_in(words, source, to, "của");
    size_t end = of + 1 < to ? bodies_one(words, of + 1) : of + 1;
    return of < to && end > of + 1 && end <= to && words->at[of + 1].is_capital ? words_part(words, of + 1, end) : STR("");
}

/* "Tiền ăn học viên tự túc": what for, who, and the word of paying at the end. */
static bool read_paid_last(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    size_t last = to;
    for (size_t i = from + 2; i < to && last == to; i++)
        if (words_say(words, i, "tự túc|tự chi trả|tự lo|tự chi|tự bảo đảm|tự đảm bảo|tự thanh toán") > 0)
            last = i;
    size_t who = last < to ? bodies_back(words, last) : last;
    if (last == to || who >= last || who <= from + 1 || !words_say(words, from, "tiền|chi phí|kinh phí|phương tiện|việc đi lại|ăn"))
        return false;
    add(b, node, words_part(words, from, who), words_part(words, who, last), words, &(struct amount){ .from = 0 });
    return true;
}

/* The payer is the list of bodies at the head of the clause, when more than what tells them apart follows before the verb. */
static size_t end_of_payer(const struct words *words, size_t from, size_t to)
{
    size_t list = bodies_list(words, from);
    if (list == from || list >= to || words_say(words, list, "cử|có|nơi|quản lý|tham gia|được|của|thuộc|tại|đăng cai|tổ chức"))
        return to;
    for (size_t i = list; i < to; i++)
        if (words_say(words, i, ",|để|tự|thẩm định|lập|sử dụng|có trách nhiệm|chịu trách nhiệm|chủ động"))
            return list;
    return to;
}

/* "X bảo đảm FOR", "FOR do X bảo đảm"; false when the clause says neither. */
static bool read_paying(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    enum { PAYER_WORDS_MAX = 30 };
    struct amount amount = find_amount(words, from, to);
    size_t by = find_in(words, from, to, "do");
    if (by == from && from + 1 < to) {
        /* "Kinh phí: do Sở Nội vụ bảo đảm từ nguồn ...": what for is said in front */
        size_t pay = from + 1;
        while (pay < to && say_paying(words, pay) == 0)
            pay++;
        bool has_title = node->title.len > 0 && node->title.at >= node->text.at && node->title.at < words->text.at;
        add(b, node, has_title ? node->title : words_part(words, pay + (pay < to ? say_paying(words, pay) : 0), to), words_part(words, from + 1, pay), words, &amount);
        return true;
    }
    if (by > from && by < to) {
        size_t pay = by + 1;
        while (pay < to && say_paying(words, pay) == 0)
            pay++;
        size_t what_to = skip_back_lead(words, from, end_of_what(words, from, by, &amount));
        size_t list = pay < to ? pay + say_paying(words, pay) : to;
        size_t listed = list + words_say(words, list, "gồm :|bao gồm :|gồm có :|gồm|bao gồm|các khoản :|:");
        if (listed > list && listed < to && words_say(words, from, "kinh phí|chi phí|các khoản|phần") && what_to <= from + 2) {
            add(b, node, words_part(words, listed, end_of_what(words, listed, to, &amount)), words_part(words, by + 1, pay), words, &amount);
            return true;
        }
        if (by + 1 < to) {
            add(b, node, words_part(words, from, what_to), words_part(words, by + 1, pay), words, &amount);
            return true;
        }
    }
    for (size_t i = from + 1; i < to && i - from < PAYER_WORDS_MAX; i++) {
        size_t pay = words->at[i].is_capital ? 0 : say_paying(words, i);
        bool is_source = words_say(words, from, "kinh phí|chi phí|tiền|nguồn|thực hiện|từ|theo|căn cứ|chế độ|các chế độ|chi|việc|mức|mỗi|học phí") > 0;
        if (pay == 0 || is_source || words_say(words, i, "cấp xã|cấp tỉnh|cấp trên|cấp huyện|cấp cơ sở|cấp dưới|cấp ủy|đóng góp") || words_say(words, i - 1, "được"))
            continue;
        size_t end = end_of_what(words, i + pay, to, &amount), what = i + pay + words_say(words, i + pay, "cho");
        if (what + 1 < to && words->at[what].is_number && words_say(words, what + 1, "%"))
            what += 2; /* "100% học phí" */
        add(b, node, words_part(words, what, skip_back_lead(words, what, end)), words_part(words, from, end_of_payer(words, from, i)), words, &amount);
        return true;
    }
    return false;
}

static bool is_source_name(const struct words *words, size_t from)
{
    return words_say(words, from, "ngân sách|nguồn|quỹ") > 0;
}

/*
 * "Ngân sách trung ương: 30.000.000.000 đồng cho việc ...": who, how much, what for; "Thuê hội trường: UBND phường" and
 * "Tài liệu: Sở Nội vụ chi trả": what for, then who.
 */
static bool read_labelled(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    size_t colon = find_in(words, from, to, ":");
    struct amount amount = find_amount(words, from, to);
    if (colon >= to || colon == from || colon + 1 >= to)
        return false;
    for (size_t i = from + 1; i < colon; i++)
        if (!words->at[i].is_capital && say_paying(words, i) > 0)
            return false; /* "Ngân sách xã chi ...: 84.000.000 đồng" */
    bool is_payer = is_source_name(words, from) || bodies_list(words, from) == colon;
    size_t rest = colon + 1, list = bodies_list(words, rest);
    if (is_payer && find_in(words, from, colon, "kinh phí") == colon) {
        size_t what = amount.from == rest && amount.to > rest ? amount.to : rest;
        what += words_say(words, what, "chi cho|chi trả|chi|cho|để|dùng cho|bảo đảm|thanh toán|hỗ trợ");
        struct amount none = { .from = 0 };
        size_t end = end_of_what(words, what, to, amount.from == rest ? &none : &amount);
        add(b, node, words_part(words, what, skip_back_lead(words, what, end)), words_part(words, from, colon), words, &amount);
        return true;
    }
    if (amount.to > amount.from && amount.from == rest) {
        add(b, node, words_part(words, from, colon), named_source(words, rest, to), words, &amount);
        return true;
    }
    if (list > rest && words_say(words, list, "cử|nơi|có|quản lý"))
        while (list < to && say_paying(words, list) == 0)
            list++; /* "cơ quan cử đi học hỗ trợ" */
    bool is_body_alone = list > rest && (list == to || say_paying(words, list) > 0);
    if (!is_body_alone || words_say(words, from, "nguồn|nguồn kinh phí"))
        return false;
    size_t pay = say_paying(words, list);
    bool says_what = list + pay < to && !words_say(words, list + pay, "theo|đầy đủ") && end_of_what(words, list + pay, to, &amount) > list + pay;
    if (says_what)
        return false; /* "Kinh phí: Sở Nội vụ chi tiền tài liệu" is read behind its label */
    add(b, node, words_part(words, from, colon), words_part(words, rest, list), words, &amount);
    return true;
}

static size_t end_of_clause(const struct words *words, size_t from)
{
    for (size_t i = from; i < words->len; i++) {
        if (words_say(words, i, "("))
            i = words_skip_bracket(words, i) - 1;
        else if (words_say(words, i, ";|trong đó :|, trong đó"))
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

/* What one gets or pays each time is no sum of the class: "150.000 đồng/người/ngày". */
static bool is_rate(const struct words *words, const struct amount *amount)
{
    return words_say(words, amount->to, "/|một người|mỗi|trên một");
}

/* A clause that names no payer but a sum of its own: "Tổng kinh phí dự kiến 48,6 tỷ đồng, từ ngân sách tỉnh". */
static bool read_sum(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    struct amount amount = find_amount(words, from, to);
    struct str source = named_source(words, from, to);
    size_t source_at = from;
    while (source_at < to && say_source(words, source_at) == 0)
        source_at++;
    if (source.len == 0)
        source = owner_of_source(words, from, to);
    if (amount.to == amount.from && (source.len == 0 || source_at <= from + 1))
        return false;
    size_t end = amount.to > amount.from && amount.from < source_at ? amount.from : source_at;
    if (source_at <= from + 1)
        end = amount.from; /* "Chi từ nguồn ..., số tiền ..." is kept as said */
    end = skip_back_lead(words, from, end);
    bool is_named = end > from + 1;
    struct str what = is_named ? words_part(words, from, end) : words_part(words, from, to);
    if (!is_named && amount.from == from && node->title.len > 0 && node->title.at >= node->text.at && node->title.at < words->text.at)
        what = node->title;
    if (is_named && is_source_name(words, from) && amount.to > amount.from && find_in(words, from, end, "kinh phí") == end) {
        size_t behind = amount.to + words_say(words, amount.to, "cho|để|chi cho|để chi|dùng cho|chi");
        add(b, node, words_part(words, behind, to), what, words, &amount);
        return true;
    }
    add(b, node, what, source_at <= from + 1 ? STR("") : source, words, &amount);
    return true;
}

/* Who asks for money, reckons and approves it pays nothing. */
static bool is_procedure(const struct words *words, size_t from, size_t to)
{
    size_t list = bodies_list(words, from);
    return list > from && list < to && words_say(words, list, "lập|xây dựng|thẩm định|trình|tham mưu|hướng dẫn|quyết toán|phê duyệt|thanh quyết toán|tổng hợp|căn cứ") > 0;
}

/* "1. Ngân sách tỉnh", "Sở Nội vụ chi trả:" above the items it pays for. */
static struct reader_text payer_above(struct arena *arena, const struct outline_node *node)
{
    for (const struct outline_node *at = node->parent; at && at->own_topic != OUTLINE_TOPIC_BUDGET && at->kind != OUTLINE_ROOT; at = at->parent) {
        struct words words = words_of(arena, at->title.len > 0 ? at->title : at->text);
        size_t from = words_say(&words, 0, "do"), end = words.len;
        while (end > from && words_say(&words, end - 1, ":|.|;|,"))
            end--;
        size_t pay = from + 1;
        while (pay < end && (words.at[pay].is_capital || say_paying(&words, pay) == 0))
            pay++;
        bool is_who = is_source_name(&words, from) || bodies_one(&words, from) > from;
        if (is_who && from < end && words_find(&words, from, "kinh phí", NULL) >= pay && (is_source_name(&words, from) || pay < end || bodies_list(&words, from) == end))
            return read_text(at, words_part(&words, from, pay < end ? pay : end));
    }
    return (struct reader_text){ .value = STR("") };
}

static void read_clause(struct budget *b, const struct outline_node *node, const struct words *words, size_t from, size_t to, bool *has_any)
{
    size_t known = b->plan->budget_len;
    while (to > from + 1 && words_say(words, to - 1, ".|;|,|/"))
        to--;
    /* "Kinh phí do ngân sách bảo đảm. Dự kiến 45.000.000 đồng": the sum of what the sentence before names */
    struct amount alone = find_amount(words, from, to);
    bool is_sum_alone = known > 0 && alone.to > alone.from && alone.from <= from + 6 && from > 0 && b->plan->budget[known - 1].amount.is_given == false &&
                        b->plan->budget[known - 1].what.span.paragraph == node->span.paragraph &&
                        from + words_say(words, from, "dự kiến|dự toán|số tiền|số tiền là|tổng số tiền|tổng số tiền là|dự kiến là|tổng kinh phí|tổng kinh phí là|tổng kinh phí dự kiến|tổng dự toán|ước khoảng|khoảng|tổng số tiền :|tổng kinh phí :|dự kiến :|số tiền :|tổng dự toán :") == alone.from;
    if (is_sum_alone) {
        b->plan->budget[known - 1].amount = read_number(node, words_part(words, alone.from, alone.to), alone.value);
        return;
    }
    if (read_given(b, node, words, from, to) || read_labelled(b, node, words, from, to))
        *has_any = true;
    else if (is_procedure(words, from, to) && find_amount(words, from, to).to == find_amount(words, from, to).from)
        *has_any = true;
    else if (find_in(words, from, to, "không phải nộp|không phải đóng|không thu|miễn phí|không hỗ trợ") < to)
        *has_any = true; /* nobody pays */
    else if (read_paid_last(b, node, words, from, to) || read_paying(b, node, words, from, to) || read_sum(b, node, words, from, to))
        *has_any = true;
    struct reader_budget *one = b->plan->budget_len > known ? &b->plan->budget[b->plan->budget_len - 1] : NULL;
    struct amount amount = find_amount(words, from, to);
    if (one && one->payer.value.len == 0 && node->kind == OUTLINE_ITEM)
        one->payer = payer_above(b->arena, node);
    if (one && amount.to > amount.from && is_rate(words, &amount))
        one->amount = (struct reader_number){ .is_given = false };
}

static bool pays_in(const struct words *words, size_t from, size_t to)
{
    for (size_t i = from + 1; i < to; i++)
        if (!words->at[i].is_capital && say_paying(words, i) > 0)
            return true;
    return false;
}

static void read_node(struct budget *b, const struct outline_node *node)
{
    bool is_section = node->kind == OUTLINE_HEADING && node->own_topic == OUTLINE_TOPIC_BUDGET;
    struct str text = is_section || (node->kind == OUTLINE_HEADING && node->body.len == 0) ? node->body : node->text;
    struct words title = words_of(b->arena, node->title);
    bool has_any = false;
    /* "Kinh phí: ..." says no more than the section; "Kinh phí thuê hội trường: ..." does */
    bool is_plain = title.len > 0 && words_say(&title, 0, "kinh phí|về kinh phí|kinh phí thực hiện|kinh phí tổ chức|nguồn kinh phí|chế độ|dự toán|dự toán kinh phí") == title.len;
    bool is_inside = node->parent && outline_within(node->parent, OUTLINE_TOPIC_BUDGET);
    if (node->kind == OUTLINE_ITEM && node->own_topic == OUTLINE_TOPIC_BUDGET && node->body.len > 0 && is_plain)
        text = node->body;
    if (is_section && is_inside && node->body.len > 0 && !is_plain)
        text = node->text; /* "2. Chi phí ăn, ở: cơ quan cử đi học hỗ trợ" */
    struct words words = words_of(b->arena, text);
    if (words.len < 3 || who_is_formula(&words) || (node->kind == OUTLINE_PARAGRAPH && words_say(&words, 0, "đề nghị|giao|yêu cầu|kính đề nghị")))
        return;
    if (node->first_child && payer_above(b->arena, node->first_child).value.len > 0)
        return; /* it only says who pays for the items below */
    size_t clause = 0; /* the end of the clause, looked for once, however many sums it holds */
    for (size_t from = 0; from < words.len;) {
        from += words_say(&words, from, "trong đó :|trong đó|gồm :|bao gồm :");
        clause = clause > from ? clause : end_of_clause(&words, from);
        size_t to = clause;
        /* "Sở Nội vụ bảo đảm: hội trường; tài liệu": one list, as long as nobody else pays */
        struct amount amount = find_amount(&words, from, to);
        size_t first_to = amount.to > amount.from ? amount.to : to, colon = find_in(&words, from, first_to, ":"), list_to = to;
        if (colon > from && colon < to && say_paying(&words, colon - 1) + say_paying(&words, colon > from + 1 ? colon - 2 : from) > 0)
            while (list_to < words.len && words_say(&words, list_to, ";") && !pays_in(&words, list_to + 1, end_of_clause(&words, list_to + 1)))
                to = list_to = end_of_clause(&words, list_to + 1);
        clause = to;
        /* "chi giảng viên 80 triệu đồng, chi tài liệu 40 triệu đồng": one after the other */
        if (amount.to > amount.from && amount.to < to && words_say(&words, amount.to, ",|và") && find_amount(&words, amount.to, to).to > find_amount(&words, amount.to, to).from)
            to = amount.to;
        if (from < to)
            read_clause(b, node, &words, from, to, &has_any);
        from = to + 1;
    }
    struct reader_text payer = has_any ? (struct reader_text){ .value = STR("") } : payer_above(b->arena, node);
    if (!has_any && !node->opens) {
        add(b, node, words.text, STR(""), &words, &(struct amount){ .from = 0 });
        b->plan->budget[b->plan->budget_len - 1].payer = payer;
    }
}

/* ---- a table: what for, how much, from where ---- */

struct columns {
    int what, amount, payer; /* -1 none */
    int64_t unit;
};

static struct columns find_columns(struct arena *arena, const struct outline_node *head)
{
    struct columns columns = { -1, -1, -1, 1 };
    for (const struct outline_node *cell = head ? head->first_child : NULL; cell; cell = cell->next) {
        struct words words = words_of(arena, cell->text);
        if (words_say(&words, 0, "nội dung|khoản|mục chi|các khoản|hạng mục|chi phí|diễn giải|khoản chi|việc chi") && columns.what < 0) {
            columns.what = cell->column;
        } else if (words_find(&words, 0, "số tiền|thành tiền|kinh phí|dự toán", NULL) < words.len && !words_say(&words, 0, "nguồn|đơn giá") &&
                   (columns.amount < 0 || words_find(&words, 0, "thành tiền", NULL) < words.len)) {
            columns.amount = cell->column;
            columns.unit = words_find(&words, 0, "triệu đồng", NULL) < words.len ? 1000000 : words_find(&words, 0, "nghìn đồng|ngàn đồng", NULL) < words.len ? 1000 : 1;
        } else if (words_find(&words, 0, "nguồn|chi trả|cơ quan chi|đơn vị chi|đơn vị bảo đảm|cơ quan bảo đảm|đơn vị thực hiện", NULL) < words.len && columns.payer < 0) {
            columns.payer = cell->column;
        }
    }
    return columns;
}

static const struct outline_node *column_cell(const struct outline_node *row, int column)
{
    for (const struct outline_node *cell = row->first_child; cell; cell = cell->next)
        if (cell->column == column && column >= 0)
            return cell;
    return NULL;
}

/* A sum in a cell, whose unit the column's head may tell. */
static struct reader_number read_cell_amount(struct arena *arena, const struct outline_node *cell, int64_t unit)
{
    struct words words = words_of(arena, cell ? cell->text : STR(""));
    struct amount amount = find_amount(&words, 0, words.len);
    if (amount.to > amount.from)
        return read_number(cell, words_part(&words, amount.from, amount.to), amount.value);
    int64_t value = 0;
    size_t len = 0;
    for (size_t i = 0; i < words.len; i++)
        if (!(words.at[i].is_number ? add_figures(words.at[i].part, &value, &len) : words_say(&words, i, ".") > 0 && i > 0 && i + 1 < words.len))
            return (struct reader_number){ .is_given = false };
    if (len == 0 || value > 1000000000000000 / unit)
        return (struct reader_number){ .is_given = false };
    return read_number(cell, cell->text, value * unit);
}

static void read_money_table(struct budget *b, const struct outline_node *table)
{
    struct columns columns = find_columns(b->arena, table->first_child);
    if (columns.what < 0 || (columns.amount < 0 && columns.payer < 0))
        return;
    for (const struct outline_node *row = table->first_child->next; row; row = row->next) {
        const struct outline_node *what = column_cell(row, columns.what), *payer = column_cell(row, columns.payer);
        const struct outline_node *amount = column_cell(row, columns.amount);
        struct words words = words_of(b->arena, what ? what->text : STR(""));
        if (words.len < 2 || words_say(&words, 0, "tổng|cộng"))
            continue; /* a line of sums is the others again */
        size_t known = b->plan->budget_len;
        add(b, what, words.text, STR(""), &words, &(struct amount){ .from = 0 });
        if (b->plan->budget_len == known)
            return;
        struct reader_budget *one = &b->plan->budget[known];
        one->payer = payer && payer->text.len > 0 ? read_text(payer, payer->text) : one->payer;
        one->amount = read_cell_amount(b->arena, amount, columns.unit);
    }
}

void read_budget(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct budget b = { .arena = &cx->arena, .plan = plan };
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        bool is_section = outline_within(node, OUTLINE_TOPIC_BUDGET) && !(node->own_topic == OUTLINE_TOPIC_NONE && outline_within(node, OUTLINE_TOPIC_ESSAY));
        if (is_section && node->kind == OUTLINE_TABLE)
            read_money_table(&b, node);
        if (is_section && node->kind != OUTLINE_TABLE && node->kind != OUTLINE_ROW && node->kind != OUTLINE_CELL)
            read_node(&b, node);
    }
}
