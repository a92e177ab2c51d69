#include "reader/read_programme.h"
#include "reader/topic_cut.h"

/*
 * Topics, in every layout seen:
 *   marked     "Chuyên đề 1: ..." a line or an item each (664-KH/HVCTQG 3.2, 09-KH/TU III.2),
 * inline "(1) Chuyên đề 1: ...; (2) ..." (GM-QN III.1) table      TT | Chuyên đề | Giảng viên |
 * Thời lượng (KH-HP appendix) timetable  Ngày | Giờ | Nội dung | Giảng viên: minutes from the time
 * slot; opening, breaks, closing are no topics list       the items or the words parted by ';'
 * under "Nội dung" or behind "gồm 03 chuyên đề:"
 * bullets    "+ 8h00 - 9h30: ...": a timetable without a table; a line above gives the day
 * sentence   "gồm 03 chuyên đề: A; B; C", when there are as many parts as it says
 * A stronger layout silences the weaker ones of the
 * same programme: marked and tables first, then timetables, then lists. "90 phút/chuyên đề ... và
 * 90 phút trao đổi, thảo luận" (KH-HP II.3) gives each its minutes.
 */

struct topic_reading {
    struct programme_reading *r;
    struct arena *arena;
    struct str date;      /* of a timetable's rows */
    struct str last_day;  /* of all rows */
    int64_t minutes_each; /* "90 phút/chuyên đề"; 0 none */
    int64_t minutes_discussion;
};

/* ---- adding ---- */

static struct str bare_label(const struct outline_node *node)
{
    struct str label = node->label;
    while (label.len > 0 && (label.at[0] == '(' || label.at[0] == '['))
        label = str_sub(label, 1, label.len);
    while (label.len > 0 && (label.at[label.len - 1] == ')' || label.at[label.len - 1] == '.' ||
                             label.at[label.len - 1] == '/' || label.at[label.len - 1] == ']'))
        label.len--;
    return label;
}

/* As printed; a letter or Roman number by its position in the row (plan-schema.md), so that "đ"
 * needs no alphabet. */
static int64_t label_number(const struct outline_node *node)
{
    int64_t value = 0;
    struct str label = bare_label(node);
    if (label.len == 0 || str_to_i64(label, &value))
        return value;
    enum { LETTERS_MAX = 4 }; /* bytes: "đ", "viii" */
    bool is_letters = label.len <= LETTERS_MAX;
    for (size_t n = 0; n < label.len; n++)
        is_letters = is_letters && ((label.at[n] >= 'a' && label.at[n] <= 'z') ||
                                    ((unsigned char)label.at[n] & 0x80U) != 0);
    for (const struct outline_node *before = node;
         is_letters && before && bare_label(before).len > 0; before = before->previous)
        value++;
    return value;
}

static struct reader_topic *put_topic(struct topic_reading *t, const struct outline_node *node,
                                      const struct cut_topic *cut)
{
    struct reader_plan *plan = t->r->plan;
    struct reader_text title = read_text(node, cut->title);
    if (title.value.len == 0 || plan->topics_len >= READ_LIST_MAX)
        return NULL;
    plan->topics = read_grow(t->arena, plan->topics, plan->topics_len, sizeof *plan->topics);
    struct reader_topic *topic = &plan->topics[plan->topics_len++];
    *topic =
        (struct reader_topic){ .title = title, .number = cut->number, .minutes = cut->minutes };
    if (cut->speaker.len > 0)
        topic->speaker = read_text(node, cut->speaker);
    topic->kind.value = topic_kind(t->arena, title.value);
    topic->kind.span = title.span;
    int64_t programme = programme_of(t->r, node);
    if (programme > 0)
        topic->programme = read_number(node, cut->title, programme);
    return topic;
}

/* ---- marked topics ---- */

static bool read_marked(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    size_t at = 0;
    while (at < words.len && !topic_is_marked(&words, at))
        at++;
    if (at == words.len)
        return false;
    /* In the middle of a paragraph only where several stand in a row: "do ... trình bày: (1) Chuyên
     * đề 1: ...; (2) ...". */
    size_t marks = 0;
    for (size_t i = at; i < words.len; i++)
        marks += topic_is_marked(&words, i) && lex_match(&words, i, "(") == 0;
    if (at > 0 && marks < 2)
        return false;
    while (at < words.len) {
        size_t end = at + 1 + (lex_match(&words, at, "(") > 0 ? 3 : 0);
        while (end < words.len && !topic_is_marked(&words, end))
            end++;
        struct cut_topic cut = topic_cut(t->arena, node, lex_words_text(&words, at, end));
        struct reader_topic *topic = put_topic(t, node, &cut);
        if (topic != NULL && !topic->number.is_given && label_number(node) > 0)
            topic->number = read_number(node, node->text, label_number(node));
        at = end;
    }
    return true;
}

/* "- Thảo luận, giải đáp vướng mắc." in the row of marked topics. */
static void read_unmarked(struct topic_reading *t, const struct outline_node *node)
{
    struct cut_topic cut = topic_cut(t->arena, node, node->text);
    if (node->kind == OUTLINE_ITEM && node->own_topics == 0 &&
        topic_kind(t->arena, cut.title).len > 0 && topic_is_taught(t->arena, cut.title))
        (void)put_topic(t, node, &cut);
}

static const char speaker_titles[] =
    "báo cáo viên|giảng viên|người trình bày|trình bày|đồng chí trình bày|diễn giả|người báo "
    "cáo|người giảng|người dạy|giảng viên phụ trách";
static const char detail_titles[] =
    "báo cáo viên|giảng viên|người trình bày|trình bày|đồng chí trình bày|diễn giả|người báo "
    "cáo|người giảng|người dạy|giảng viên phụ trách|thời lượng|thời gian";

/* "Báo cáo viên: PGS.TS. ..." on a line of its own below its topic. */
static bool names_speaker(struct topic_reading *t, const struct outline_node *node)
{
    struct reader_plan *plan = t->r->plan;
    struct lex_words title = lex_cut_words(t->arena, node->title);
    if (plan->topics_len > 0 && title.len > 0 && node->body.len > 0 &&
        lex_match(&title, 0, "thời lượng|thời gian") == title.len) {
        struct lex_words words = lex_cut_words(t->arena, node->body);
        struct reader_topic *topic = &plan->topics[plan->topics_len - 1];
        if (!topic->minutes.is_given)
            topic->minutes = topic_minutes(&words, node, 0, words.len);
        return true;
    }
    if (plan->topics_len == 0 || title.len == 0 || node->body.len == 0 ||
        lex_match(&title, 0, speaker_titles) != title.len)
        return false;
    struct reader_topic *topic = &plan->topics[plan->topics_len - 1];
    if (topic->speaker.value.len == 0)
        topic->speaker = read_text(node, node->body);
    return true;
}

/* "Thêm chuyên đề Bán hàng trên mạng do Công ty Hoa Sim trình bày trong 60 phút" of a change */
static void read_added(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    size_t at = lex_match(&words, 0,
                          "bổ sung thêm chuyên đề|bổ sung chuyên đề|thêm chuyên đề|thêm 01 chuyên "
                          "đề|bổ sung 01 chuyên đề");
    size_t by = lex_search(&words, at, words.len, "do");
    size_t verb = lex_search(&words, by, words.len, "trình bày|giảng|báo cáo|phụ trách|hướng dẫn");
    if (at == 0 || verb == words.len)
        return;
    at += lex_match(&words, at, ":");
    struct cut_topic cut = { .title = lex_words_text(&words, at, by),
                             .speaker = lex_words_text(&words, by + 1, verb),
                             .minutes = topic_minutes(&words, node, verb, words.len) };
    (void)put_topic(t, node, &cut);
}

/* ---- tables ---- */

static struct str trim_lead_in(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    size_t at = lex_match(&words, 0, "do");
    return at > 0 ? lex_words_text(&words, at, words.len) : text;
}

/* "Khai giảng; Chuyên đề 1: ...": the topic behind the ceremony. */
static struct str behind_ceremony(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    for (size_t i = 1; i < words.len; i++)
        if (topic_is_marked(&words, i) && lex_match_back(&words, i, ";|.|,|-|+") > 0)
            return lex_words_text(&words, i, words.len);
    return text;
}

/* The days of a table's rows, for a class whose statement gives only its first. */
static void take_day(struct topic_reading *t, struct str text)
{
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        struct str date = lex_complete_date(t->arena, moments.at[n].date, t->r->year);
        if (when_is_day(date) && (t->last_day.len == 0 || str_compare(date, t->last_day) > 0))
            t->last_day = date;
    }
}

static void read_topic_row(struct topic_reading *t, const struct table *table, size_t row)
{
    const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_TOPIC);
    struct str text = behind_ceremony(t->arena, table_text(t->arena, cell));
    take_day(t, table_text(t->arena, table_cell(table, row, TABLE_ROLE_DAY)));
    if (cell == NULL || text.len == 0 || !topic_is_taught(t->arena, text))
        return;
    struct cut_topic cut = topic_cut(t->arena, cell, text);
    struct reader_topic *topic = put_topic(t, cell, &cut);
    if (topic == NULL)
        return;
    const struct outline_node *number = table_cell(table, row, TABLE_ROLE_NUMBER);
    int64_t value = 0;
    if (!topic->number.is_given && number != NULL && str_to_i64(read_trim(number->text), &value))
        topic->number = read_number(number, number->text, value);
    const struct outline_node *speaker = table_cell(table, row, TABLE_ROLE_SPEAKER);
    if (speaker != NULL && table_text(t->arena, speaker).len > 0)
        topic->speaker = read_text(speaker, trim_lead_in(t->arena, table_text(t->arena, speaker)));
    const enum table_role lengths[] = { TABLE_ROLE_MINUTES, TABLE_ROLE_TIME, TABLE_ROLE_DAY };
    for (size_t n = 0; n < LEN(lengths) && !topic->minutes.is_given; n++) {
        const struct outline_node *minutes = table_cell(table, row, lengths[n]);
        if (minutes == NULL)
            continue;
        struct lex_words words = lex_cut_words(t->arena, minutes->text);
        topic->minutes = topic_minutes(&words, minutes, 0, words.len);
        if (lengths[n] == TABLE_ROLE_MINUTES && words.len == 1 && lex_is_figures(&words, 0) &&
            words.at[0].number >= 30)
            topic->minutes = read_number(minutes, minutes->text, words.at[0].number);
    }
}

/* ---- timetables ---- */

/* The row of an opening or closing says when it is, where the text did not. */
static void take_ceremony(struct topic_reading *t, const struct outline_node *cell, struct str text,
                          const struct lex_moment *slot)
{
    struct reader_schedule *schedule = &t->r->plan->schedule;
    struct lex_words words = lex_cut_words(t->arena, text);
    if (!when_is_day(t->date) || slot == NULL || slot->time.len == 0 || t->r->plan->runs_len > 1)
        return;
    struct reader_text at = read_value(cell, text, when_datetime(t->arena, t->date, slot->time));
    bool is_opening = lex_search(&words, 0, words.len, "khai giảng|khai mạc") < words.len;
    bool is_closing = lex_search(&words, 0, words.len, "bế giảng|bế mạc") < words.len;
    if (is_opening && schedule->opening.value.len == 0)
        schedule->opening = at;
    if (is_closing && schedule->closing.value.len == 0)
        schedule->closing = at;
    if (!is_opening && !is_closing && schedule->check_in.value.len == 0 &&
        lex_match(&words, 0, "đón tiếp|đón học viên|đón đại biểu|nhập học|làm thủ tục") > 0)
        schedule->check_in = at;
}

static void put_slot(struct topic_reading *t, const struct table *table, size_t row,
                     const struct outline_node *cell, struct str text,
                     const struct lex_moment *slot)
{
    if (!topic_is_taught(t->arena, text)) {
        take_ceremony(t, cell, text, slot);
        return;
    }
    struct cut_topic cut = topic_cut(t->arena, cell, text);
    struct reader_topic *topic = put_topic(t, cell, &cut);
    if (topic == NULL)
        return;
    const struct outline_node *speaker = table_cell(table, row, TABLE_ROLE_SPEAKER);
    if (speaker != NULL && table_text(t->arena, speaker).len > 0)
        topic->speaker = read_text(speaker, trim_lead_in(t->arena, table_text(t->arena, speaker)));
    int length = slot != NULL ? topic_minutes_between(slot->time, slot->end_time) : 0;
    if (length > 0 && !topic->minutes.is_given) {
        topic->minutes = read_number(cell, text, length);
        topic->minutes.span = topic->title.span;
    }
}

static const struct lex_moment *find_slot(const struct lex_moments *moments)
{
    for (size_t n = 0; n < moments->len; n++)
        if (moments->at[n].time.len > 0)
            return &moments->at[n];
    return NULL;
}

/* A date anywhere in the row, or over it, holds until the next. */
static void take_date(struct topic_reading *t, struct str text)
{
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        struct str date = lex_complete_date(t->arena, moments.at[n].date, t->r->year);
        if (when_is_day(date))
            t->date = date;
    }
    take_day(t, text);
}

/* "7h30 - 8h00: Khai giảng 8h00 - 11h30: Vị trí, vai trò ...": several slots in one cell. */
static void read_slots_of_cell(struct topic_reading *t, const struct table *table, size_t row,
                               const struct outline_node *cell)
{
    struct str text = table_text(t->arena, cell);
    struct lex_moments moments = { 0 };
    lex_find_moments(t->arena, text, &moments);
    for (size_t n = 0; n < moments.len; n++) {
        const char *from = moments.at[n].part.at + moments.at[n].part.len;
        const char *to = n + 1 < moments.len ? moments.at[n + 1].part.at : text.at + text.len;
        if (moments.at[n].time.len > 0)
            put_slot(t, table, row, cell, read_trim((struct str){ from, (size_t)(to - from) }),
                     &moments.at[n]);
    }
}

static void read_timetable_row(struct topic_reading *t, const struct table *table, size_t row)
{
    const struct outline_node *only = table_row_title(table, row);
    const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_TOPIC);
    for (const struct outline_node *each = table->rows[row]->first_child; each; each = each->next)
        if (each != cell || only != NULL)
            take_date(t, table_text(t->arena, each));
    if (cell == NULL || only != NULL)
        return;
    struct str text = table_text(t->arena, cell);
    struct lex_moments inside = { 0 };
    lex_find_moments(t->arena, text, &inside);
    if (inside.len > 0 && inside.at[0].time.len > 0 && inside.at[0].part.at == text.at) {
        read_slots_of_cell(t, table, row, cell);
        return;
    }
    const enum table_role times[] = { TABLE_ROLE_TIME, TABLE_ROLE_DAY };
    for (size_t n = 0; n < LEN(times); n++) {
        struct lex_moments slots = { 0 };
        lex_find_moments(t->arena, table_text(t->arena, table_cell(table, row, times[n])), &slots);
        const struct lex_moment *slot = find_slot(&slots);
        if (slot != NULL || n + 1 == LEN(times)) {
            put_slot(t, table, row, cell, text, slot);
            return;
        }
    }
}

/* Clock times in its rows make a table a timetable. */
static bool is_timetable(struct topic_reading *t, const struct table *table)
{
    size_t slots = 0;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        for (const struct outline_node *cell = table->rows[row]->first_child; cell;
             cell = cell->next) {
            struct lex_moments moments = { 0 };
            lex_find_moments(t->arena, table_text(t->arena, cell), &moments);
            slots += find_slot(&moments) != NULL;
        }
    }
    return slots >= 2;
}

/* The day of a class of one day, where its timetable names none. */
static struct str sole_day(const struct topic_reading *t)
{
    const struct reader_schedule *schedule = &t->r->plan->schedule;
    bool is_one =
        when_is_day(schedule->start.value) && str_eq(schedule->start.value, schedule->end.value);
    return is_one ? schedule->start.value : STR("");
}

static bool read_topic_table(struct topic_reading *t, const struct outline_node *node,
                             bool wants_timetable)
{
    struct table *table = ARENA_NEW(t->arena, struct table);
    if (!read_table(t->arena, node, table) || table_has(table, TABLE_ROLE_TASK) ||
        table_has(table, TABLE_ROLE_CLASSES) || !table_has(table, TABLE_ROLE_TOPIC) ||
        is_timetable(t, table) != wants_timetable)
        return false;
    t->date = sole_day(t);
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        if (table_is_sum(t->arena, table, row) || table_is_head_again(t->arena, table, row))
            continue;
        if (wants_timetable)
            read_timetable_row(t, table, row);
        else
            read_topic_row(t, table, row);
    }
    return true;
}

/* ---- timetables whose cells became lines ---- */

/* The whole text is a time slot, or a date: "13h45 - 15h15", "Chiều 29/6/2026". */
static bool is_slot_line(struct topic_reading *t, const struct outline_node *node,
                         struct lex_moment *ret_slot)
{
    struct when when = read_when(t->arena, node);
    if (when.moments.len != 1 || node->kind == OUTLINE_CELL)
        return false;
    size_t from = 0;
    size_t to = 0;
    when_place(&when, &when.moments.at[0], &from, &to);
    enum { WORDS_BESIDE = 2 };
    *ret_slot = when.moments.at[0];
    return from <= WORDS_BESIDE && to + 1 >= when.words.len;
}

static void read_flat_timetable(struct topic_reading *t, const struct outline_node *parent)
{
    struct lex_moment slot = { 0 };
    struct lex_moment next = { 0 };
    const struct table none = { .node = parent };
    size_t slots = 0;
    for (const struct outline_node *node = parent->first_child; node; node = node->next)
        slots += is_slot_line(t, node, &slot) && slot.end_time.len > 0;
    if (slots < 3)
        return;
    t->date = sole_day(t);
    for (const struct outline_node *node = parent->first_child; node; node = node->next) {
        if (!is_slot_line(t, node, &slot))
            continue;
        if (slot.date.len > 0)
            take_date(t, node->text);
        const struct outline_node *title = node->next;
        if (slot.time.len == 0 || title == NULL || is_slot_line(t, title, &next))
            continue;
        size_t before = t->r->plan->topics_len;
        put_slot(t, &none, 0, title, title->text, &slot);
        const struct outline_node *speaker = title->next;
        if (t->r->plan->topics_len > before && speaker != NULL && speaker->kind == title->kind &&
            !is_slot_line(t, speaker, &next))
            t->r->plan->topics[before].speaker = read_text(speaker, speaker->text);
    }
}

/* ---- lists ---- */

/* A heading that announces topics and nothing else. */
static bool announces(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    struct lex_counts counts = { 0 };
    lex_find_counts(t->arena, node->text, &counts);
    for (size_t n = 0; n < counts.len; n++)
        if (str_eq(counts.at[n].word, STR("chuyên đề")) && node->opens)
            return true;
    struct lex_words title = lex_cut_words(t->arena, node->title);
    size_t at = lex_match(&title, 0,
                          "các nội dung|nội dung|các chuyên đề|chuyên đề|chương trình|các bài "
                          "giảng|bài giảng|các bài học|bài học");
    bool is_named = at > 0;
    /* Nothing but what such headings are made of: "Nội dung bồi dưỡng", "Nội dung và giáo viên",
     * "Chuyên đề tập huấn". */
    while (is_named && at < title.len) {
        size_t len = lex_match(
            &title, at,
            "bồi dưỡng|tập huấn|chuyên đề|lớp học|học tập|chương trình|huấn luyện|giảng "
            "dạy|và|,|giáo viên|giảng viên|báo cáo viên|thời lượng|cụ thể|khóa học|lớp|nội dung");
        is_named = len > 0;
        at += len;
    }
    return is_named ||
           lex_match(&words, 0, "các chuyên đề :|chuyên đề :|nội dung gồm :|nội dung cụ thể :") > 0;
}

static bool may_be_topic(const struct outline_node *node)
{
    return (node->kind == OUTLINE_ITEM || node->kind == OUTLINE_PARAGRAPH ||
            node->kind == OUTLINE_HEADING) &&
           node->own_topics == 0 && node->text.len > 0 && !node->opens;
}

/* "Lớp học tập trung vào 03 nội dung: A; B": from A on. */
static struct str behind_lead(struct arena *arena, struct str text)
{
    enum { LEAD_WORDS = 24 };
    struct lex_words words = lex_cut_words(arena, text);
    size_t near = words.len < LEAD_WORDS ? words.len : LEAD_WORDS;
    size_t stop = lex_search(&words, 0, near, ";");
    size_t noun = lex_search(&words, 0, stop, "nội dung|chuyên đề|chủ đề|gồm|bao gồm|sau");
    size_t colon = lex_search(&words, noun, stop, ":");
    size_t figure = lex_search(&words, 0, stop, "( 1 )|( a )");
    bool is_lead = noun < stop && colon < stop && (noun < 4 || colon - noun <= 4) &&
                   lex_search(&words, 0, colon, ",") == colon &&
                   !(noun == 0 && lex_is_figures(&words, 1)) && figure > colon;
    return is_lead ? lex_words_text(&words, colon + 1, words.len) : text;
}

/* "và chuyển đổi số", "(a) Luật ...": one of several told in one sentence. */
static void put_part(struct topic_reading *t, const struct outline_node *node, struct str part)
{
    struct lex_words words = lex_cut_words(t->arena, part);
    size_t from = lex_match(&words, 0, "và|cùng với");
    int64_t number = 0;
    bool is_letter = lex_match(&words, from, "(") > 0 && from + 1 < words.len &&
                     words.at[from + 1].part.len == 1 && words.at[from + 1].key.at[0] >= 'a' &&
                     words.at[from + 1].key.at[0] <= 'd';
    bool is_closed = is_letter && lex_match(&words, from + 2, ")") > 0;
    if (is_closed) {
        number = words.at[from + 1].key.at[0] - 'a' + 1;
        from += 3;
    }
    struct cut_topic cut = topic_cut(t->arena, node, lex_words_text(&words, from, words.len));
    if (is_closed)
        cut.number = read_number(node, words.at[from - 2].part, number);
    if (topic_is_taught(t->arena, cut.title))
        (void)put_topic(t, node, &cut);
}

/* "Lớp học ngày ..., gồm 03 chuyên đề: A; B; C" in a sentence of its own: only where there are as
 * many as it says. */
static bool read_counted(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    for (size_t i = 0; i + 2 < words.len; i++) {
        if (!lex_is_figures(&words, i) || words.at[i].number < 2 || words.at[i].number > 20)
            continue;
        size_t noun = lex_match(&words, i + 1, "chuyên đề|nội dung|bài giảng|bài học|chủ đề");
        size_t colon = noun > 0 ? lex_match(&words, i + 1 + noun, "như sau :|sau :|chính :|:") : 0;
        if (colon == 0)
            continue;
        struct str rest = lex_words_text(&words, i + 1 + noun + colon, words.len);
        int64_t parts = 1;
        for (size_t k = 0; k + 1 < rest.len; k++)
            parts += rest.at[k] == ';';
        if (parts != words.at[i].number)
            return false;
        while (rest.len > 0)
            put_part(t, node, str_trim(str_cut(&rest, ';')));
        return true;
    }
    return false;
}

/* What stands below a topic is only who gives it and how long it takes. */
static bool holds_only_details(struct topic_reading *t, const struct outline_node *node)
{
    for (const struct outline_node *child = node->first_child; child; child = child->next) {
        struct lex_words title = lex_cut_words(t->arena, child->title);
        if (title.len == 0 || child->first_child != NULL ||
            lex_match(&title, 0, detail_titles) != title.len)
            return false;
    }
    return true;
}

/* "1. Phần lý thuyết", "- Buổi sáng:" with the topics below them. */
static bool is_part(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    enum { PART_WORDS = 12 };
    bool is_part = node->first_child != NULL && words.len <= PART_WORDS &&
                   lex_match(&words, 0, "phần|khối|buổi|ngày|sáng|chiều|tối") > 0;
    for (const struct outline_node *child = node->first_child; child && is_part;
         child = child->next)
        is_part = may_be_topic(child) && holds_only_details(t, child);
    return is_part;
}

/* An item of a list is a topic, unless it is a ceremony or a break; what stands below it is its
 * own. */
static void put_item(struct topic_reading *t, const struct outline_node *node)
{
    struct cut_topic cut = topic_cut(t->arena, node, node->text);
    if (topic_is_ceremony(t->arena, cut.title))
        return;
    struct reader_topic *topic = put_topic(t, node, &cut);
    int64_t number = label_number(node);
    if (topic != NULL && !topic->number.is_given && number > 0)
        topic->number = read_number(node, node->text, number);
    for (const struct outline_node *detail = node->first_child; detail && topic != NULL;
         detail = detail->next)
        (void)names_speaker(t, detail);
}

static void read_list(struct topic_reading *t, const struct outline_node *node)
{
    size_t able = 0;
    size_t parts = 0;
    size_t children = 0;
    /* What a line with ':' announces may stand below it or, as items, beside it. */
    bool is_beside = node->first_child == NULL && node->opens;
    const struct outline_node *first = is_beside ? node->next : node->first_child;
    bool has_body = node->title.len > 0 && node->body.len > 0 && !node->opens;
    for (const struct outline_node *child = first;
         child && !has_body && (!is_beside || child->kind == OUTLINE_ITEM); child = child->next) {
        children++;
        able += is_part(t, child) || (may_be_topic(child) && holds_only_details(t, child));
        parts += is_part(t, child);
    }
    if (able + parts < 2 || able != children) {
        /* "Nội dung: A; B; C" in one sentence */
        struct str rest =
            children == 0 && node->title.len > 0 ? behind_lead(t->arena, node->body) : STR("");
        struct cut_topic alone = topic_cut(t->arena, node, rest);
        /* One topic alone is told from a mere description by who gives it or how long it takes. */
        struct lex_words words = lex_cut_words(t->arena, rest);
        bool is_aim = alone.speaker.len == 0 &&
                      lex_match(&words, 0,
                                "nâng cao nhận thức|nâng cao trách nhiệm|nâng cao năng lực|bảo đảm|đảm bảo|nhằm|góp phần") > 0;
        bool is_several = !is_aim && (str_find(rest, STR(";")) < rest.len ||
                                      alone.minutes.is_given || alone.speaker.len > 0);
        while (is_several && rest.len > 0)
            put_part(t, node, str_trim(str_cut(&rest, ';')));
        return;
    }
    for (const struct outline_node *child = first;
         child && (!is_beside || child->kind == OUTLINE_ITEM); child = child->next) {
        if (!is_part(t, child)) {
            put_item(t, child);
            continue;
        }
        for (const struct outline_node *inner = child->first_child; inner; inner = inner->next)
            put_item(t, inner);
    }
}

/* ---- minutes said once for all ---- */

static void find_minutes(struct topic_reading *t, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(t->arena, node->text);
    for (size_t i = 0; i + 1 < words.len; i++) {
        if (!lex_is_figures(&words, i) || lex_match(&words, i + 1, "phút") == 0)
            continue;
        if (lex_match(&words, i + 2,
                      "/ chuyên đề|mỗi chuyên đề|/ 01 chuyên đề|/ 1 chuyên đề|cho mỗi chuyên đề") >
                0 ||
            lex_match_back(&words, i,
                           "mỗi chuyên đề|mỗi chuyên đề :|thời lượng mỗi chuyên đề|thời lượng mỗi "
                           "chuyên đề :|mỗi chuyên đề dạy trong") > 0)
            t->minutes_each = t->minutes_each > 0 ? t->minutes_each : words.at[i].number;
        size_t near = i + 8 < words.len ? i + 8 : words.len;
        size_t stop = lex_search(&words, i + 2, near, "phút|(|)|;|.");
        bool is_within = lex_match_back(&words, i, ",|và") > 0 &&
                         lex_search(&words, 0, i, "( gồm") < i &&
                         lex_search(&words, 0, i, ")") == i;
        if (!is_within &&
            lex_search(&words, i + 2, stop, "trao đổi|thảo luận|chia nhóm|giải đáp|tọa đàm") < stop)
            t->minutes_discussion =
                t->minutes_discussion > 0 ? t->minutes_discussion : words.at[i].number;
    }
}

static void give_minutes(struct topic_reading *t)
{
    struct reader_plan *plan = t->r->plan;
    for (size_t n = 0; n < plan->topics_len; n++) {
        struct reader_topic *topic = &plan->topics[n];
        bool is_discussion = str_eq(topic->kind.value, STR("discussion"));
        int64_t minutes = is_discussion                ? t->minutes_discussion
                          : topic->kind.value.len == 0 ? t->minutes_each
                                                       : 0;
        if (topic->minutes.is_given || minutes == 0)
            continue;
        topic->minutes = (struct reader_number){ .is_given = true,
                                                 .value = minutes,
                                                 .max = minutes,
                                                 .span = topic->title.span,
                                                 .doubt = STR("") };
    }
}

/* ---- timetables in bullets ---- */

/* "+ 8h00 - 9h30: Công tác dân vận (...)": a slot with an end, a mark and words behind. */
static bool begins_with_slot(struct topic_reading *t, const struct outline_node *node,
                             struct when *ret_when, size_t *ret_to)
{
    if (node->kind == OUTLINE_CELL || node->kind == OUTLINE_ROW || node->kind == OUTLINE_TABLE ||
        when_is_of_tasks(node))
        return false;
    *ret_when = read_when(t->arena, node);
    if (ret_when->moments.len == 0 || ret_when->moments.at[0].time.len == 0)
        return false;
    size_t from = 0;
    when_place(ret_when, &ret_when->moments.at[0], &from, ret_to);
    size_t mark = lex_match(&ret_when->words, *ret_to, ":|-|–|,|.");
    if (from > lex_match(&ret_when->words, 0, "từ|lúc|(") || mark == 0 ||
        *ret_to + mark + 1 >= ret_when->words.len)
        return false;
    *ret_to += mark;
    return true;
}

/* The day said in the nearest line above. */
static void take_date_above(struct topic_reading *t, const struct outline_node *node)
{
    enum { UP_MAX = 4 };
    t->date = sole_day(t);
    int up = 0;
    for (const struct outline_node *above = node->parent; above && up < UP_MAX;
         above = above->parent, up++) {
        struct lex_moments moments = { 0 };
        enum { DAY_LINE_MAX = 400 }; /* bytes: each slot below reads it again */
        if (above->text.len < DAY_LINE_MAX)
            lex_find_moments(t->arena, above->text, &moments);
        if (moments.len == 0)
            continue;
        take_date(t, above->text);
        return;
    }
}

static void read_bulleted_timetable(struct topic_reading *t)
{
    enum { SLOTS_MIN = 3 };
    struct when when = { 0 };
    size_t to = 0;
    size_t slots = 0;
    for (const struct outline_node *node = read_next_node(t->r->outline, NULL); node;
         node = read_next_node(t->r->outline, node))
        slots += begins_with_slot(t, node, &when, &to) && when.moments.at[0].end_time.len > 0;
    if (slots < SLOTS_MIN)
        return;
    for (const struct outline_node *node = read_next_node(t->r->outline, NULL); node;
         node = read_next_node(t->r->outline, node)) {
        if (!begins_with_slot(t, node, &when, &to))
            continue;
        const struct table none = { .node = node };
        take_date_above(t, node);
        put_slot(t, &none, 0, node, lex_words_text(&when.words, to, when.words.len),
                 &when.moments.at[0]);
    }
}

/* ---- the whole ---- */

/* A timetable tells again what marks and tables have told, and adds what they left out. */
static bool is_same_topic(struct arena *arena, const struct reader_topic *a,
                          const struct reader_topic *b)
{
    struct str x = fold_key(arena, a->title.value);
    struct str y = fold_key(arena, b->title.value);
    size_t len = x.len < y.len ? x.len : y.len;
    return len > 0 && (str_starts(x, y) || str_starts(y, x)) &&
           len * 10 >= (x.len > y.len ? x.len : y.len) * 7;
}

static void drop_told_again(struct topic_reading *t, size_t from)
{
    struct reader_plan *plan = t->r->plan;
    size_t kept = from;
    for (size_t n = from; n < plan->topics_len; n++) {
        struct reader_topic *again = &plan->topics[n];
        bool is_again = false;
        for (size_t k = 0; k < from && !is_again; k++) {
            struct reader_topic *first = &plan->topics[k];
            if (first->programme.value != again->programme.value ||
                !is_same_topic(t->arena, first, again))
                continue;
            is_again = true;
            if (first->speaker.value.len == 0)
                first->speaker = again->speaker;
            if (!first->minutes.is_given)
                first->minutes = again->minutes;
        }
        if (!is_again)
            plan->topics[kept++] = *again;
    }
    plan->topics_len = kept;
}

static bool has_topics_of(const struct topic_reading *t, int64_t programme, size_t len)
{
    for (size_t n = 0; n < len; n++)
        if (t->r->plan->topics[n].programme.value == programme)
            return true;
    return false;
}

void read_topics(struct programme_reading *r)
{
    struct topic_reading t = {
        .r = r, .arena = &r->cx->arena, .date = STR(""), .last_day = STR("")
    };
    struct reader_plan *plan = r->plan;
    const struct outline_node *marked = NULL; /* the last that held a marked topic */
    const struct outline_node *last = NULL;   /* the one before, in reading order */
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->kind == OUTLINE_TABLE)
            (void)read_topic_table(&t, node, false);
        else if (node->kind != OUTLINE_CELL && !when_is_of_tasks(node) &&
                 node->topic != OUTLINE_TOPIC_PURPOSE) {
            if (read_marked(&t, node))
                marked = node;
            else if (marked != NULL && last == marked && names_speaker(&t, node))
                continue;
            else if (marked != NULL && node->parent == marked->parent)
                read_unmarked(&t, node);
            else
                read_added(&t, node);
            find_minutes(&t, node);
        }
        if (node->text.len > 0)
            last = node;
    }
    size_t strong = plan->topics_len;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node))
        if (node->kind == OUTLINE_TABLE)
            (void)read_topic_table(&t, node, true);
        else if (node->kind == OUTLINE_HEADING || node->kind == OUTLINE_ROOT)
            read_flat_timetable(&t, node);
    if (plan->topics_len == strong)
        read_bulleted_timetable(&t);
    drop_told_again(&t, strong);
    size_t tabled = plan->topics_len;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node))
        if (node->kind != OUTLINE_TABLE && node->kind != OUTLINE_ROW &&
            node->kind != OUTLINE_CELL && !when_is_of_tasks(node) &&
            node->topic != OUTLINE_TOPIC_PHASES && announces(&t, node) &&
            !has_topics_of(&t, programme_of(r, node), tabled))
            read_list(&t, node);
    for (const struct outline_node *node = read_next_node(r->outline, NULL);
         node && plan->topics_len == 0; node = read_next_node(r->outline, node))
        if ((node->kind == OUTLINE_PARAGRAPH || node->kind == OUTLINE_ITEM ||
             node->kind == OUTLINE_HEADING) &&
            !when_is_of_tasks(node) && node->topic != OUTLINE_TOPIC_PHASES)
            (void)read_counted(&t, node);
    give_minutes(&t);
    /* "Khai giảng: 19 giờ 00 ngày 03/8/2026" and a table of evenings up to 12/8 */
    struct reader_schedule *schedule = &plan->schedule;
    bool is_opening_only = when_is_day(schedule->end.value) &&
                           str_eq(str_sub(schedule->opening.value, 0, 10), schedule->end.value) &&
                           str_eq(schedule->start.value, schedule->end.value) &&
                           schedule->closing.value.len == 0;
    if (is_opening_only && plan->runs_len == 0 && t.last_day.len > 0 &&
        str_compare(t.last_day, schedule->end.value) > 0)
        schedule->end.value = t.last_day;
}
