#include "reader/task_field.h"

#include "reader/read.h"

static const struct {
    enum task_field field;
    const char *phrases;
} labels[] = {
    { TASK_FIELD_OWNER,
        "cơ quan thực hiện|đơn vị thực hiện|cơ quan chủ trì|đơn vị chủ trì|cơ quan chủ trì thực hiện|đơn vị chủ trì thực hiện|"
        "chủ trì thực hiện|chủ trì|người thực hiện|người chủ trì|phụ trách|người phụ trách|đơn vị phụ trách|cơ quan phụ trách|"
        "cơ quan , đơn vị thực hiện|cơ quan , đơn vị chủ trì|cơ quan , đơn vị chủ trì thực hiện|cơ quan đầu mối|đơn vị đầu mối|"
        "bộ phận thực hiện|bộ phận chủ trì|phân công thực hiện|phân công|trách nhiệm thực hiện|cơ quan chịu trách nhiệm|"
        "đơn vị chịu trách nhiệm|cơ quan tham mưu|đơn vị tham mưu|cơ quan / đơn vị chủ trì|cơ quan / đơn vị thực hiện|"
        "người chịu trách nhiệm|tổ chức , cá nhân thực hiện|cơ quan chủ trì , thực hiện|chịu trách nhiệm|trách nhiệm|bộ phận phụ trách" },
    { TASK_FIELD_COORDINATORS,
        "cơ quan phối hợp|đơn vị phối hợp|cơ quan phối hợp thực hiện|đơn vị phối hợp thực hiện|phối hợp thực hiện|phối hợp|"
        "cơ quan , đơn vị phối hợp|cơ quan , đơn vị phối hợp thực hiện|cơ quan / đơn vị phối hợp|bộ phận phối hợp|người phối hợp" },
    { TASK_FIELD_DUE,
        "thời gian hoàn thành|thời gian thực hiện|thời hạn hoàn thành|thời hạn thực hiện|thời hạn|thời gian|tiến độ|tiến độ thực hiện|"
        "hoàn thành|tiến độ hoàn thành|hạn hoàn thành|thời điểm hoàn thành|hạn cuối|thời gian , tiến độ|thời gian báo cáo|"
        "thời gian dự kiến|thời gian dự kiến hoàn thành|hạn chót|hạn thực hiện" },
    { TASK_FIELD_OTHER,
        "sản phẩm|kết quả|sản phẩm dự kiến|dự kiến sản phẩm|kết quả đầu ra|sản phẩm đầu ra|sản phẩm , kết quả|kết quả , sản phẩm|"
        "ghi chú|kết quả dự kiến|sản phẩm hoàn thành" },
};

size_t task_field_label(const struct words *words, size_t from, enum task_field *ret_field)
{
    for (size_t i = 0; i < LEN(labels); i++) {
        size_t len = words_say(words, from, labels[i].phrases);
        if (len > 0 && from + len < words->len && words_say(words, from + len, ":")) {
            *ret_field = labels[i].field;
            return len + 1;
        }
    }
    return 0;
}

/* A column's head says more freely what it holds: "Cơ quan, đơn vị chủ trì thực hiện", "Thời gian (hoàn thành)". */
enum task_field task_field_column(struct arena *arena, struct str head)
{
    struct words words = words_of(arena, head);
    if (words_find(&words, 0, "phối hợp", NULL) < words.len && words_find(&words, 0, "chủ trì", NULL) == words.len)
        return TASK_FIELD_COORDINATORS;
    if (words_say(&words, 0, "nhiệm vụ|nội dung công việc|công việc|nội dung nhiệm vụ|nội dung|hoạt động|tên nhiệm vụ|nội dung , nhiệm vụ|nhiệm vụ , giải pháp|nội dung thực hiện|các nhiệm vụ"))
        return TASK_FIELD_TASK;
    if (words_find(&words, 0, "chủ trì|thực hiện|phụ trách|chịu trách nhiệm|đầu mối|phân công|trách nhiệm", NULL) < words.len &&
        words_find(&words, 0, "thời gian|thời hạn|tiến độ", NULL) == words.len)
        return TASK_FIELD_OWNER;
    if (words_find(&words, 0, "thời gian|thời hạn|tiến độ|hoàn thành|hạn", NULL) < words.len)
        return TASK_FIELD_DUE;
    return words.len > 0 ? TASK_FIELD_OTHER : TASK_FIELD_NONE;
}

static void place_due(const struct outline_node *node, struct str part, struct reader_due *due, struct reader_text *recurring)
{
    struct reader_text *texts[] = { &due->kind, &due->value, &due->relation, recurring };
    for (size_t i = 0; i < LEN(texts); i++)
        if (texts[i]->value.len > 0 && texts[i]->span.paragraph == 0)
            texts[i]->span = outline_span(node, part);
}

void task_field_due(struct arena *arena, const struct outline_node *node, struct str part, struct str year, struct reader_due *due,
    struct reader_text *recurring)
{
    *due = (struct reader_due){ .kind = { .value = STR("") } };
    *recurring = (struct reader_text){ .value = STR("") };
    lex_find_due(arena, part, year, due, recurring);
    place_due(node, part, due, recurring);
}

void task_field_take(struct arena *arena, const struct outline_node *node, enum task_field field, struct str value, struct str year,
    struct task_values *values)
{
    struct words words = { .len = 0 };
    struct lex_parts parts = { .len = 0 };
    switch (field) {
    case TASK_FIELD_OWNER:
        who_value(arena, node, value, &values->owner, &values->coordinators);
        break;
    case TASK_FIELD_COORDINATORS:
        words = words_of(arena, value);
        parts = bodies_split(arena, &words, words_say(&words, 0, "với|cùng"), words.len);
        for (size_t i = 0; i < parts.len; i++)
            read_texts_add(arena, &values->coordinators, read_text(node, parts.at[i]));
        break;
    case TASK_FIELD_DUE:
        task_field_due(arena, node, value, year, &values->due, &values->recurring);
        break;
    case TASK_FIELD_NONE:
    case TASK_FIELD_TASK:
    case TASK_FIELD_OTHER:
        break;
    }
}

/* "(Sở X chủ trì; Sở Y phối hợp)": a note in brackets that says who leads. */
static void take_note(struct arena *arena, const struct outline_node *node, const struct words *words, size_t from,
    struct task_values *values)
{
    size_t to = words_skip_bracket(words, from);
    size_t lead = from;
    while (lead < to && words_say(words, lead, "chủ trì|thực hiện") == 0)
        lead++;
    if (lead + 1 >= to || lead == from + 1 || bodies_list(words, from + 1) == from + 1)
        return;
    if (values->owner.value.len == 0)
        who_value(arena, node, words_part(words, from + 1, to - 1), &values->owner, &values->coordinators);
}

bool task_field_read(struct arena *arena, const struct outline_node *node, struct str text, struct str year,
    struct task_values *values)
{
    struct words words = words_of(arena, text);
    enum task_field field = TASK_FIELD_NONE, next = TASK_FIELD_NONE;
    bool begins = task_field_label(&words, 0, &field) > 0;
    size_t value = 0;
    field = TASK_FIELD_NONE;
    for (size_t i = 0; i <= words.len; i++) {
        bool may_begin = i == 0 || words_say(&words, i - 1, ".|;|(|-|,|+");
        size_t len = may_begin && i < words.len ? task_field_label(&words, i, &next) : 0;
        if (len == 0 && i < words.len) {
            if (field == TASK_FIELD_NONE && words_say(&words, i, "("))
                take_note(arena, node, &words, i, values);
            continue;
        }
        if (field != TASK_FIELD_NONE)
            task_field_take(arena, node, field, words_part(&words, value, i), year, values);
        field = next;
        value = i + len;
        i = value > 0 ? value - 1 : i;
        if (len == 0)
            break;
    }
    return begins;
}
