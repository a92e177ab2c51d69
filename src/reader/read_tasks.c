/*
 * Obligations (plan-schema.md "obligations", domain.md 5.6). A bullet or paragraph of the parts on tasks is one; a row of
 * a table of tasks is one; elsewhere a sentence that tells somebody to do something or sets somebody a deadline.
 *
 * Who: the labelled line, column or note; else the sentence's own subject; else the unit the heading names.
 * With whom: the labelled line, column or note; else those behind "phối hợp với".
 * By when: the labelled line or column, else what the sentence says (lex_find_due).
 * Never taken: aims, closing formulas, what belongs to essays, evaluation and money, bullets that only say when or where.
 */
#include "reader/read.h"
#include "reader/task_field.h"

#include <string.h>

enum zone { ZONE_OTHER, ZONE_TASKS, ZONE_AWAY };

struct tasks {
    struct arena *arena;
    struct reader_plan *plan;
    struct str year;
    const struct outline_node *heading; /* the group whose labelled lines are being read */
    size_t group_from;                  /* its first obligation */
    size_t labelled_from;               /* the first obligation the labels of the moment may belong to */
    struct task_values before;          /* labels that stood before any obligation of the group */
    bool has_before;
    /* Outside the parts on tasks: the parent of the sentences that told somebody something. */
    const struct outline_node *told_parent;
    const struct outline_node *command; /* "... đề nghị X:" whose list is being read */
    struct reader_text command_owner;
};

/* ---- what is no obligation ---- */

/* "Đề nghị các đơn vị nghiêm túc thực hiện Kế hoạch này." orders nothing of its own. */
static bool is_empty_call(const struct words *words, size_t verb)
{
    if (words_say(words, verb,
            "quan tâm|nghiêm túc triển khai|nghiêm túc thực hiện|nghiêm túc tổ chức|nghiêm túc chấp hành|triển khai thực hiện|tổ chức thực hiện|tổ chức triển khai|"
            "thực hiện tốt|thực hiện nghiêm|thực hiện nghiêm túc|phối hợp thực hiện|phối hợp triển khai|kịp thời phản ánh|"
            "khẩn trương triển khai|khẩn trương thực hiện|bố trí thời gian|sắp xếp thời gian|sắp xếp công việc|"
            "tham dự đầy đủ|tham dự đúng|dự đầy đủ|dự đúng|thực hiện đúng|thực hiện đảm bảo|thực hiện bảo đảm|căn cứ kế hoạch|"
            "thực hiện các nội dung trên|thực hiện theo"))
        return true;
    return words_say(words, verb, "thực hiện|triển khai") && words->len - verb <= 6;
}

/* A bullet that only says when, where or by which link, under one that orders something. */
static bool is_detail(const struct outline_node *node, const struct words *words)
{
    enum task_field field = TASK_FIELD_NONE;
    if (task_field_label(words, 0, &field) > 0)
        return false;
    if (node->title.len == 0 || node->body.len == 0)
        return false;
    return node->own_topic == OUTLINE_TOPIC_TIME || node->own_topic == OUTLINE_TOPIC_PLACE ||
           words_say(words, 0,
               "thời gian|thời điểm|địa điểm|hệ thống|phần mềm|đường link|link|địa chỉ|kết nối|hình thức|tài khoản|mã|mật khẩu|id|nền tảng|lần|nơi|khai mạc|khai giảng|"
               "bế giảng|bế mạc|chạy thử|kiểm tra") > 0;
}

static bool has_phone(const struct words *words)
{
    for (size_t i = 0; i < words->len; i++)
        if (words->at[i].is_number && words->at[i].part.at[0] == '0' && words->at[i].part.len >= 4)
            return true;
    return false;
}

static bool is_contact(const struct words *words)
{
    struct who_part subject = who_subject(words, 0, NULL);
    return has_phone(words) && words_find(words, 0, "phụ trách|trước|chậm nhất", NULL) == words->len && (subject.to == subject.from || words_say(words, 0, "về|đồng chí|đ / c|ông|bà|-|ts|ths|pgs") > 0);
}

static bool is_evaluation_title(struct arena *arena, struct str title)
{
    struct words words = words_of(arena, title);
    return words_find(&words, 0, "hệ thống|đường truyền|kết nối|kỹ thuật|thiết bị|trang thiết bị|điểm cầu", NULL) == words.len;
}

/* "D. YÊU CẦU" that stands alone says what those who come must do; beside "Mục đích" it says what for. */
static bool is_demand_heading(struct arena *arena, const struct outline_node *node)
{
    struct words words = words_of(arena, node->title);
    if (node->kind != OUTLINE_HEADING || words_say(&words, 0, "yêu cầu|một số yêu cầu|yêu cầu chung") != words.len || words.len == 0)
        return false;
    for (const struct outline_node *at = node->previous; at; at = at->previous)
        if (at->own_topic == OUTLINE_TOPIC_PURPOSE)
            return false;
    return !outline_within(node->parent, OUTLINE_TOPIC_PURPOSE) && !node->next;
}

static enum zone zone_of(struct arena *arena, const struct outline_node *node)
{
    for (const struct outline_node *at = node; at; at = at->parent) {
        switch (at->own_topic) {
        case OUTLINE_TOPIC_TASKS:
            return ZONE_TASKS;
        case OUTLINE_TOPIC_PURPOSE:
            if (is_demand_heading(arena, at))
                return ZONE_OTHER;
            return ZONE_AWAY;
        case OUTLINE_TOPIC_ESSAY:
        case OUTLINE_TOPIC_BUDGET:
            return ZONE_AWAY;
        case OUTLINE_TOPIC_EVALUATION:
            if (is_evaluation_title(arena, at->title))
                return ZONE_AWAY;
            break;
        case OUTLINE_TOPIC_NONE:
        case OUTLINE_TOPIC_AUDIENCE:
        case OUTLINE_TOPIC_TIME:
        case OUTLINE_TOPIC_PLACE:
        case OUTLINE_TOPIC_ATTENDANCE:
        case OUTLINE_TOPIC_FORM:
        case OUTLINE_TOPIC_CONTENT:
        case OUTLINE_TOPIC_NUMBERS:
        case OUTLINE_TOPIC_PHASES:
        case OUTLINE_TOPIC_APPENDIX:
            if (at->own_topics & 1u << OUTLINE_TOPIC_TASKS)
                return ZONE_TASKS;
            break;
        }
    }
    return ZONE_OTHER;
}

/* ---- one obligation ---- */

static struct reader_obligation *add(struct tasks *tasks, const struct outline_node *node, struct str text)
{
    struct reader_plan *plan = tasks->plan;
    if (plan->obligations_len >= READ_LIST_MAX)
        return NULL;
    plan->obligations = read_grow(tasks->arena, plan->obligations, plan->obligations_len, sizeof *plan->obligations);
    struct reader_obligation *one = &plan->obligations[plan->obligations_len++];
    *one = (struct reader_obligation){ .text = read_text(node, text), .place = outline_place(tasks->arena, node) };
    return one;
}

static void give(struct reader_obligation *one, const struct task_values *values)
{
    if (values->owner.value.len > 0)
        one->owner = values->owner;
    if (values->coordinators.len > 0)
        one->coordinators = values->coordinators;
    if (values->due.kind.value.len > 0) {
        one->due = values->due;
        one->recurring = values->recurring;
    }
}

/*
 * The obligation of a text: `said` is where its own words begin (behind a unit named before ':'), `unit` that unit.
 * Labels and notes inside the text win over what the sentence says.
 */
static void add_read(struct tasks *tasks, const struct outline_node *node, struct str text, struct str said, struct reader_text unit)
{
    struct task_values values = { .owner = { .value = STR("") } };
    struct words words = words_of(tasks->arena, said);
    struct reader_obligation *one = add(tasks, node, text);
    if (!one)
        return;
    struct who_part subject = who_subject(&words, 0, NULL);
    one->owner = unit;
    if (unit.value.len == 0)
        one->owner = subject.to > subject.from ? read_text(node, words_part(&words, subject.from, subject.to))
                                               : who_above(tasks->arena, node);
    if (one->owner.value.len == 0)
        one->owner = tasks->command_owner;
    who_coordinators(tasks->arena, node, &words, &one->coordinators);
    task_field_due(tasks->arena, node, said, tasks->year, &one->due, &one->recurring);
    (void)task_field_read(tasks->arena, node, said, tasks->year, &values);
    give(one, &values);
    if (tasks->has_before)
        give(one, &tasks->before);
}

/* ---- the parts on tasks ---- */

/* Labels behind the last obligation are its own; behind several without labels in between they are said of all. */
static void take_labels(struct tasks *tasks, const struct outline_node *node, bool is_first_set)
{
    struct task_values values = { .owner = { .value = STR("") } };
    struct reader_plan *plan = tasks->plan;
    (void)task_field_read(tasks->arena, node, node->text, tasks->year, &values);
    if (plan->obligations_len == tasks->group_from) {
        (void)task_field_read(tasks->arena, node, node->text, tasks->year, &tasks->before);
        tasks->has_before = true;
        return;
    }
    size_t from = is_first_set && !node->next ? tasks->group_from : plan->obligations_len - 1;
    for (size_t i = from; i < plan->obligations_len; i++)
        give(&plan->obligations[i], &values);
}

static void begin_group(struct tasks *tasks, const struct outline_node *heading)
{
    tasks->heading = heading;
    if (heading && tasks->command && heading != tasks->command->parent && outline_heading(heading) != outline_heading(tasks->command)) {
        tasks->command = NULL;
        tasks->command_owner = (struct reader_text){ .value = STR("") };
    }
    tasks->group_from = tasks->plan->obligations_len;
    tasks->has_before = false;
    tasks->before = (struct task_values){ .owner = { .value = STR("") } };
}

static struct reader_text unit_of(struct tasks *tasks, const struct outline_node *node, struct str said)
{
    struct words words = words_of(tasks->arena, said);
    struct who_part unit = who_heading(&words);
    size_t name = 0;
    if (bodies_person(&words, 0, &name) > 0)
        return read_text(node, said); /* "Đồng chí ..., Phó Giám đốc Sở: chỉ đạo chung" */
    if (unit.to == unit.from)
        return (struct reader_text){ .value = STR("") };
    return read_text(node, words_part(&words, unit.from, unit.to));
}

/* True for what is never a task of its own in these parts. */
static bool is_skipped(struct tasks *tasks, const struct outline_node *node, const struct words *words)
{
    if (words->len < 3 || who_is_formula(words) || is_contact(words) || is_detail(node, words))
        return true;
    if (words_say(words, 0, "(") && words_skip_bracket(words, 0) + 1 >= words->len)
        return true;
    if (node->kind == OUTLINE_PARAGRAPH) {
        struct who_part subject = who_subject(words, 0, NULL);
        if (node->opens || (subject.to > subject.from && is_empty_call(words, subject.to)))
            return true;
    }
    return node->opens && unit_of(tasks, node, node->text).value.len > 0;
}

static void read_task(struct tasks *tasks, const struct outline_node *node)
{
    struct words words = words_of(tasks->arena, node->text);
    struct reader_text unit = { .value = STR("") };
    enum task_field field = TASK_FIELD_NONE;
    if (node->kind == OUTLINE_HEADING && node->body.len == 0 && (node->first_child || node->own_topic != OUTLINE_TOPIC_NONE))
        return;
    if (task_field_label(&words, 0, &field) > 0) {
        take_labels(tasks, node, tasks->plan->obligations_len > tasks->labelled_from + 1);
        tasks->labelled_from = tasks->plan->obligations_len;
        return;
    }
    if (is_skipped(tasks, node, &words))
        return;
    if (node->title.len > 0)
        unit = unit_of(tasks, node, node->title);
    if (node->kind == OUTLINE_HEADING && node->body.len == 0 && unit.value.len > 0)
        return;
    if (unit.value.len > 0 && node->body.len > 0)
        add_read(tasks, node, node->body, node->body, unit);
    else
        add_read(tasks, node, node->text, node->title.len > 0 && node->body.len > 0 && node->kind == OUTLINE_HEADING ? node->body : node->text,
            unit);
}

/* ---- tables of tasks ---- */

enum { COLUMNS_MAX = 12 };

struct columns {
    enum task_field at[COLUMNS_MAX];
    bool is_table; /* a table of tasks */
};

static struct columns read_columns(struct arena *arena, const struct outline_node *row)
{
    struct columns columns = { .is_table = false };
    bool has_task = false, has_owner = false, has_due = false, is_lesson = false;
    for (const struct outline_node *cell = row->first_child; cell; cell = cell->next) {
        if (cell->column < 0 || cell->column >= COLUMNS_MAX)
            continue;
        enum task_field field = task_field_column(arena, cell->text);
        if (field == TASK_FIELD_TASK && has_task)
            field = TASK_FIELD_OTHER;
        struct words words = words_of(arena, cell->text);
        columns.at[cell->column] = field;
        has_task |= field == TASK_FIELD_TASK;
        has_owner |= field == TASK_FIELD_OWNER;
        has_due |= field == TASK_FIELD_DUE && cell->column > 0;
        is_lesson |= words_find(&words, 0, "chuyên đề|giảng viên|báo cáo viên|buổi|lớp|học viên|địa điểm", NULL) < words.len;
    }
    columns.is_table = has_task && has_owner && has_due && !is_lesson;
    return columns;
}

/* A cell of several paragraphs is read as one. */
static struct str cell_text(struct arena *arena, const struct outline_node *cell)
{
    struct buf out;
    if (!cell->first_child)
        return cell->text;
    buf_init(&out, arena);
    buf_put(&out, cell->text);
    for (const struct outline_node *more = cell->first_child; more; more = more->next) {
        buf_put_char(&out, ' ');
        buf_put(&out, more->text);
    }
    return buf_str(&out);
}

static void read_row(struct tasks *tasks, const struct outline_node *row, const struct columns *columns,
    const struct outline_node **spanning)
{
    const struct outline_node *cells[COLUMNS_MAX] = { NULL }, *task = NULL;
    size_t filled = 0;
    for (const struct outline_node *cell = row->first_child; cell; cell = cell->next) {
        if (cell->column < 0 || cell->column >= COLUMNS_MAX)
            continue;
        cells[cell->column] = cell;
        spanning[cell->column] = cell;
        filled += cell->text.len > 0;
    }
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        /* A cell merged over rows is said of each of them. */
        const struct outline_node *above = spanning[i];
        if (!cells[i] && above && above->row + above->row_span > row->row)
            cells[i] = above;
        if (columns->at[i] == TASK_FIELD_TASK)
            task = cells[i];
    }
    if (!task || task->text.len == 0 || filled < 2)
        return;
    struct task_values values = { .owner = { .value = STR("") } };
    struct reader_obligation *one = add(tasks, task, cell_text(tasks->arena, task));
    bool has_value = false;
    for (size_t i = 0; i < COLUMNS_MAX && one; i++) {
        if (!cells[i] || columns->at[i] == TASK_FIELD_TASK || cells[i]->text.len == 0)
            continue;
        has_value |= columns->at[i] == TASK_FIELD_OWNER || columns->at[i] == TASK_FIELD_DUE;
        task_field_take(tasks->arena, cells[i], columns->at[i], cell_text(tasks->arena, cells[i]), tasks->year, &values);
    }
    if (one && !has_value)
        tasks->plan->obligations_len--; /* a title over a group of rows */
    else if (one)
        give(one, &values);
}

static void read_table(struct tasks *tasks, const struct outline_node *table)
{
    struct columns columns = { .is_table = false };
    const struct outline_node *spanning[COLUMNS_MAX] = { NULL };
    for (const struct outline_node *row = table->first_child; row; row = row->next) {
        struct columns head = read_columns(tasks->arena, row);
        if (head.is_table)
            columns = head; /* also where a page repeats it */
        else if (columns.is_table)
            read_row(tasks, row, &columns, spanning);
    }
}

/* ---- elsewhere ---- */

/* The end of the sentence that begins at `from`: a full stop before a capital that ends no abbreviation. */
static size_t sentence_end(const struct words *words, size_t from)
{
    for (size_t i = from + 1; i + 1 < words->len; i++) {
        if (!words_say(words, i, ".") || words->at[i + 1].is_glued || !words->at[i + 1].is_capital)
            continue;
        if (!words->at[i - 1].is_upper || words->at[i - 1].is_number)
            return i + 1;
    }
    return words->len;
}

static bool is_deadline(const struct reader_due *due)
{
    return (str_eq(due->relation.value, STR("before")) || str_eq(due->relation.value, STR("by"))) &&
           !str_eq(due->kind.value, STR("period_after"));
}

/* Arriving, logging in and the like say when the class begins, not what somebody must have done. */
static bool is_arrival(const struct words *words, size_t verb)
{
    return words_say(words, verb,
               "có mặt|tập trung|đăng nhập|kết nối|vào phòng|ổn định|nhập học|dự|tham dự|mặc|mang theo trang phục|được|là|chịu trách nhiệm thi hành") > 0;
}

static bool is_away_topic(const struct outline_node *node)
{
    return node->topic == OUTLINE_TOPIC_TIME || node->topic == OUTLINE_TOPIC_FORM || node->topic == OUTLINE_TOPIC_PLACE ||
           node->topic == OUTLINE_TOPIC_CONTENT;
}

static void read_sentence(struct tasks *tasks, const struct outline_node *node, const struct words *words, size_t from, size_t to)
{
    struct str said = words_part(words, from, to);
    struct words own = words_of(tasks->arena, said);
    struct reader_due due = { .kind = { .value = STR("") } };
    struct reader_text recurring = { .value = STR("") };
    bool is_command = false;
    struct who_part subject = who_subject(&own, 0, &is_command);
    bool is_bare = words_say(&own, 0, "xác nhận|gửi|đăng ký|nộp|báo|báo cáo|lập danh sách|đề nghị") > 0;
    if (who_is_formula(&own) || words_find(&own, 0, "bài thu hoạch", NULL) < own.len || (subject.to == subject.from && !is_bare))
        return;
    task_field_due(tasks->arena, node, said, tasks->year, &due, &recurring);
    bool has_deadline = is_deadline(&due), is_told = tasks->told_parent == node->parent;
    if (subject.to == subject.from && !has_deadline)
        return; /* nobody is named, nothing is due */
    if (is_empty_call(&own, subject.to) && !has_deadline)
        return;
    if (has_deadline ? !is_told && words_say(&own, subject.to, "có mặt|đăng nhập|tập trung") > 0
                     : !(is_command || is_told) || (!is_told && (is_arrival(&own, subject.to) || is_away_topic(node))))
        return;
    if (!has_deadline && !is_command && from > 0)
        return;
    bool is_whole = from == 0 || (from <= 2 && words->len == to);
    add_read(tasks, node, is_whole ? node->text : said, said, (struct reader_text){ .value = STR("") });
    tasks->told_parent = node->parent;
}

/* "... Bộ Nội vụ đề nghị Ủy ban nhân dân các tỉnh:" - what follows on the same level is told to them. */
static bool read_command(struct tasks *tasks, const struct outline_node *node, const struct words *words)
{
    size_t len = 0, at = words->len;
    if (!node->opens || node->kind == OUTLINE_HEADING)
        return false;
    for (size_t i = words_find(words, 0, "đề nghị|yêu cầu|giao", &len); i < words->len; i = words_find(words, i + 1, "đề nghị|yêu cầu|giao", &len))
        at = i + len;
    size_t end = at < words->len ? bodies_list(words, at) : at;
    if (at < words->len && words_say(words, at, ":")) {
        tasks->command = node; /* "Chủ tịch UBND tỉnh yêu cầu:": who is named in the list itself */
        return true;
    }
    if (end == at || words_find_mark(words, end, ":") - end > 12)
        return false;
    tasks->command = node;
    tasks->command_owner = read_text(node, words_part(words, at, end));
    return true;
}

static bool is_notice_heading(struct arena *arena, const struct outline_node *node)
{
    struct words words = words_of(arena, node->title);
    bool says_so = words_find(&words, 0, "lưu ý|yêu cầu đối với|quy định đối với|đề nghị|một số quy định|nội quy", NULL) < words.len;
    return is_demand_heading(arena, node) || (node->kind == OUTLINE_HEADING && says_so);
}

static void read_elsewhere(struct tasks *tasks, const struct outline_node *node)
{
    struct words words = words_of(tasks->arena, node->text);
    if (is_notice_heading(tasks->arena, node)) {
        tasks->told_parent = node;
        return;
    }
    bool is_counted = words_say(&words, 0, "một là|hai là|ba là|bốn là|năm là|sáu là|bảy là|thứ nhất|thứ hai|thứ ba|thứ tư|thứ năm") > 0;
    if (tasks->command && node->parent == tasks->command->parent && node->kind == OUTLINE_PARAGRAPH && !is_counted) {
        tasks->command = NULL;
        tasks->command_owner = (struct reader_text){ .value = STR("") };
    }
    if (read_command(tasks, node, &words))
        return;
    if (tasks->command && node != tasks->command && !who_is_formula(&words)) {
        tasks->told_parent = node->parent;
        read_task(tasks, node);
        return;
    }
    if (is_contact(&words) || (node->kind == OUTLINE_HEADING && node->body.len == 0 && node->first_child))
        return;
    if (node->title.len > 0 && node->body.len > 0)
        words = words_of(tasks->arena, node->body); /* behind a run-in title: "Ghi danh: UBND xã gửi ..." */
    for (size_t from = 0; from < words.len;) {
        size_t to = sentence_end(&words, from);
        read_sentence(tasks, node, &words, from, to);
        from = to;
    }
}

/* A heading outside the parts on tasks that is nothing but a unit: what stands below it is that unit's to do. */
static const struct outline_node *unit_above(struct tasks *tasks, const struct outline_node *node)
{
    for (const struct outline_node *at = node; at && at->topic == OUTLINE_TOPIC_NONE; at = at->parent) {
        bool may_hold = at->kind == OUTLINE_HEADING && at->label.len > 0 && (at->first_child || at->body.len > 0);
        struct words words = words_of(tasks->arena, may_hold ? at->title : STR("")), body = words_of(tasks->arena, at->body);
        struct who_part unit = who_heading(&words);
        bool is_list = body.len > 0 && body.at[0].is_capital && who_verb(&body, 0) == 0; /* "Trưởng các phòng: Đào tạo, ..." */
        if (unit.to > unit.from && !is_list && words_in(&words, unit.from, &vocabulary_people, NULL) == 0)
            return at;
    }
    return NULL;
}

/* What is told to somebody by name brings its neighbours with it: they tell others (read_sentence). */
static void remember_told(struct tasks *tasks, const struct outline_node *node)
{
    for (const struct outline_node *at = node; at; at = at->parent) {
        struct words words = words_of(tasks->arena, at->text);
        if (at->own_topic != OUTLINE_TOPIC_TASKS)
            continue;
        struct words title = words_of(tasks->arena, at->title);
        struct who_part unit = who_heading(&title);
        if (at->kind == OUTLINE_ITEM || unit.to > unit.from || words_say(&words, 0, "đề nghị|giao|yêu cầu"))
            tasks->told_parent = at->parent;
        return;
    }
}

static void read_node(struct tasks *tasks, const struct outline_node *node)
{
    const struct outline_node *heading = outline_heading(node), *unit = NULL;
    if (node->kind == OUTLINE_ROOT || node->kind == OUTLINE_ROW || node->kind == OUTLINE_CELL)
        return;
    for (const struct outline_node *at = node->parent; at; at = at->parent)
        if (at->kind == OUTLINE_CELL)
            return;
    if (node->kind == OUTLINE_TABLE) {
        read_table(tasks, node);
        return;
    }
    if (heading != tasks->heading)
        begin_group(tasks, heading);
    switch (zone_of(tasks->arena, node)) {
    case ZONE_TASKS:
        remember_told(tasks, node);
        read_task(tasks, node);
        break;
    case ZONE_OTHER:
        unit = unit_above(tasks, node);
        if (unit)
            tasks->told_parent = unit->parent;
        if (unit)
            read_task(tasks, node);
        else
            read_elsewhere(tasks, node);
        break;
    case ZONE_AWAY:
        break;
    }
}

void read_tasks(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    enum { YEAR_LEN = 4 };
    struct tasks tasks = { .arena = &cx->arena, .plan = plan, .year = str_sub(plan->document.date.value, 0, YEAR_LEN) };
    begin_group(&tasks, NULL);
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node))
        read_node(&tasks, node);
    for (const struct outline_node *top = outline->appendices; top; top = top->next) {
        tasks.command = NULL;
        tasks.told_parent = NULL;
        for (const struct outline_node *node = top; node; node = outline_next(top, node))
            read_node(&tasks, node);
    }
}
