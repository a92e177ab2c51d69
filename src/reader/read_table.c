#include "reader/read_table.h"

static enum table_role role_of(struct arena *arena, struct str head)
{
    static const struct {
        enum table_role role;
        const char *words;
    } roles[] = {
#define X(name, words) { TABLE_ROLE_##name, words },
        TABLE_ROLE_LIST(X)
#undef X
    };
    struct lex_words words = lex_cut_words(arena, head);
    /* Heads of one word that say nothing elsewhere. */
    if (words.len > 0 && lex_match(&words, 0, "từ|từ ngày") == words.len)
        return TABLE_ROLE_DAY;
    if (words.len > 0 && lex_match(&words, 0, "đến|đến ngày") == words.len)
        return TABLE_ROLE_END;
    if (words.len > 0 && lex_match(&words, 0, "nhóm|thuộc nhóm") == words.len)
        return TABLE_ROLE_PROGRAMME;
    if (lex_match(&words, 0, "tên") == words.len && words.len > 0)
        return TABLE_ROLE_TOPIC; /* beside "Mô-đun", "Số tiết"; "Tên lớp" is a class */
    /* "Thời gian thực hiện" is no one who does it. */
    bool is_time = lex_search(&words, 0, words.len, "thời gian|thời điểm") < words.len;
    for (size_t n = 0; n < LEN(roles); n++)
        if (!(is_time && roles[n].role == TABLE_ROLE_SPEAKER) &&
            lex_search(&words, 0, words.len, roles[n].words) < words.len)
            return roles[n].role;
    return TABLE_ROLE_NONE;
}

struct str table_text(struct arena *arena, const struct outline_node *cell)
{
    if (cell == NULL)
        return STR("");
    if (cell->first_child == NULL)
        return cell->text;
    struct buf out;
    buf_init(&out, arena);
    for (const struct outline_node *node = cell; node; node = outline_next(cell, node)) {
        if (node->text.len == 0)
            continue;
        if (out.len > 0)
            buf_put_char(&out, ' ');
        buf_put(&out, node->text);
    }
    return buf_str(&out);
}

static size_t count_filled(struct arena *arena, const struct outline_node *row)
{
    size_t filled = 0;
    for (const struct outline_node *cell = row->first_child; cell; cell = cell->next)
        filled += table_text(arena, cell).len > 0;
    return filled;
}

/* The head is the first row of at least two named columns, in the first three rows. */
static bool read_head_row(struct arena *arena, struct table *table)
{
    enum { HEAD_ROWS = 3 };
    for (size_t row = 0; row < table->rows_len && row < HEAD_ROWS; row++) {
        size_t known = 0;
        enum table_role roles[TABLE_COLUMNS_MAX] = { TABLE_ROLE_NONE };
        if (count_filled(arena, table->rows[row]) < 2)
            continue;
        for (const struct outline_node *cell = table->rows[row]->first_child; cell;
             cell = cell->next) {
            if (cell->column < 0 || cell->column >= TABLE_COLUMNS_MAX)
                continue;
            roles[cell->column] = role_of(arena, table_text(arena, cell));
            known += roles[cell->column] != TABLE_ROLE_NONE;
        }
        if (known < 2)
            continue;
        for (int n = 0; n < TABLE_COLUMNS_MAX; n++)
            table->roles[n] = roles[n];
        table->first_row = row + 1;
        return true;
    }
    return false;
}

/* A timetable without a head is known by the time slots its rows begin with: slot, what, who. */
static bool is_headless_timetable(struct arena *arena, struct table *table)
{
    enum { SLOTS_MIN = 3 };
    size_t slots = 0;
    for (size_t row = 0; row < table->rows_len; row++) {
        const struct outline_node *first = table->rows[row]->first_child;
        struct lex_words words = lex_cut_words(arena, first != NULL ? first->text : STR(""));
        struct lex_moments moments = { 0 };
        lex_moments_of(arena, &words, &moments);
        slots += moments.len == 1 && moments.at[0].end_time.len > 0 &&
                 moments.at[0].part.at == words.text.at;
    }
    if (slots < SLOTS_MIN)
        return false;
    table->roles[0] = TABLE_ROLE_TIME;
    table->roles[1] = TABLE_ROLE_TOPIC;
    table->roles[2] = TABLE_ROLE_SPEAKER;
    return true;
}

/* Words of a head that are one role's, whatever else it says. */
static bool head_says(struct arena *arena, const struct outline_node *cell, const char *what)
{
    struct lex_words words = lex_cut_words(arena, table_text(arena, cell));
    return lex_search(&words, 0, words.len, what) < words.len;
}

/* Clock times, from-to, in at least two rows of the columns that tell when. */
static bool has_slots(struct arena *arena, const struct table *table)
{
    size_t slots = 0;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_TIME);
        cell = cell != NULL ? cell : table_cell(table, row, TABLE_ROLE_DAY);
        struct lex_moments moments = { 0 };
        lex_find_moments(arena, table_text(arena, cell), &moments);
        slots += moments.len > 0 && moments.at[0].end_time.len > 0;
    }
    return slots >= 2;
}

/*
 * "Nội dung và báo cáo viên" in one column is the topics'; "Đơn vị thực hiện" beside clock times is who speaks, beside
 * days and months who does a task.
 */
static void settle_roles(struct arena *arena, struct table *table)
{
    const struct outline_node *head = table->first_row > 0 ? table->rows[table->first_row - 1]->first_child : NULL;
    bool is_timetable = table_has(table, TABLE_ROLE_TASK) && table_has(table, TABLE_ROLE_TOPIC) && has_slots(arena, table);
    bool has_topics = table_has(table, TABLE_ROLE_TOPIC);
    for (; head; head = head->next) {
        if (head->column < 0 || head->column >= TABLE_COLUMNS_MAX)
            continue;
        enum table_role *role = &table->roles[head->column];
        if (*role == TABLE_ROLE_SPEAKER && !has_topics && head_says(arena, head, "nội dung|chuyên đề|chủ đề"))
            *role = TABLE_ROLE_TOPIC;
        if (*role == TABLE_ROLE_TASK && is_timetable &&
            head_says(arena, head, "đơn vị thực hiện|cơ quan thực hiện|đơn vị chủ trì|cơ quan chủ trì"))
            *role = TABLE_ROLE_SPEAKER;
    }
}

bool read_table(struct arena *arena, const struct outline_node *node, struct table *ret_table)
{
    *ret_table = (struct table){ .node = node };
    for (const struct outline_node *row = node->first_child;
         row && ret_table->rows_len < LEN(ret_table->rows); row = row->next) {
        ret_table->rows[ret_table->rows_len++] = row;
        for (const struct outline_node *cell = row->first_child; cell; cell = cell->next)
            if (cell->column >= ret_table->columns)
                ret_table->columns = cell->column + 1;
    }
    bool is_read = ret_table->rows_len > 1 && ret_table->columns > 1 &&
                   (read_head_row(arena, ret_table) || is_headless_timetable(arena, ret_table));
    if (is_read)
        settle_roles(arena, ret_table);
    return is_read;
}

bool table_has(const struct table *table, enum table_role role)
{
    for (int n = 0; n < TABLE_COLUMNS_MAX; n++)
        if (table->roles[n] == role)
            return true;
    return false;
}

/* The cell that covers a place, which may begin some rows above. */
static const struct outline_node *cell_at(const struct table *table, size_t row, int column)
{
    for (size_t up = 0; up <= row; up++) {
        for (const struct outline_node *cell = table->rows[row - up]->first_child; cell;
             cell = cell->next) {
            int span = cell->column_span > 0 ? cell->column_span : 1;
            bool covers = cell->column <= column && column < cell->column + span;
            if (covers && (up == 0 || cell->row_span > (int)up))
                return cell;
        }
    }
    return NULL;
}

const struct outline_node *table_cell(const struct table *table, size_t row, enum table_role role)
{
    for (int n = 0; n < TABLE_COLUMNS_MAX; n++)
        if (table->roles[n] == role)
            return cell_at(table, row, n);
    return NULL;
}

const struct outline_node *table_row_title(const struct table *table, size_t row)
{
    const struct outline_node *only = NULL;
    for (const struct outline_node *cell = table->rows[row]->first_child; cell; cell = cell->next) {
        if (cell->text.len == 0 && cell->first_child == NULL)
            continue;
        if (only != NULL)
            return NULL;
        only = cell;
    }
    return only;
}

bool table_is_sum(struct arena *arena, const struct table *table, size_t row)
{
    for (const struct outline_node *cell = table->rows[row]->first_child; cell; cell = cell->next) {
        struct lex_words words = lex_cut_words(arena, table_text(arena, cell));
        if (lex_match(&words, 0, "tổng cộng|tổng số|tổng|cộng") > 0 && words.len <= 4)
            return true;
    }
    return false;
}

bool table_is_head_again(struct arena *arena, const struct table *table, size_t row)
{
    size_t same = 0;
    size_t filled = 0;
    for (const struct outline_node *cell = table->rows[row]->first_child; cell; cell = cell->next) {
        struct str text = table_text(arena, cell);
        const struct outline_node *head =
            table->first_row > 0 ? cell_at(table, table->first_row - 1, cell->column) : NULL;
        filled += text.len > 0;
        same += text.len > 0 && head != NULL && str_eq(text, table_text(arena, head));
    }
    return filled > 0 && same == filled;
}
