#include "reader/read_programme.h"

/*
 * The dated classes of a plan with several: a table with a row for each ("Lớp số 1 | 90 | 06/4 -
 * 08/4/2026 | Hội trường 1"), or an item for each ("Cụm 1: ngày 12 - 13/5/2026, tại ...", "a) Lớp
 * thứ nhất: khai mạc ..., kết thúc ..."). One alone is no run: its dates are the schedule. With
 * several, the schedule is the span of them all (plan-schema.md).
 */

static bool is_class_label(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    size_t noun = lex_match(&words, 0, "lớp học|lớp|đợt|cụm|khóa|khoá|ca|lượt|đoàn");
    if (noun == 0)
        return false;
    size_t at = noun + lex_match(&words, noun, "số|thứ");
    int64_t value = 0;
    bool is_code = at + 1 < words.len && words.at[at].part.len == 1 && words.at[at + 1].is_glued &&
                   lex_is_figures(&words, at + 1); /* "Lớp K1" */
    return is_code || lex_is_figures(&words, at) ||
           lex_match(&words, at, "i|ii|iii|iv|v|vi|vii|viii|ix|x|a|b|c|d|đ|nhất|nhì|tư") > 0 ||
           lex_match_number_words(&words, at, &value) > 0;
}

/* The days of one class: the earliest and the latest day its words give, tasks' days apart. */
static bool read_days_of_run(const struct programme_reading *r, const struct outline_node *node,
                             struct str text, struct reader_run *run)
{
    struct arena *arena = &r->cx->arena;
    struct lex_moments moments = { 0 };
    lex_find_moments(arena, text, &moments);
    struct lex_words words = lex_cut_words(arena, text);
    for (size_t n = 0; n < moments.len; n++) {
        const struct lex_moment *m = &moments.at[n];
        size_t at = lex_word_at(&words, (size_t)(m->part.at - words.text.at));
        if (m->date.len == 0 ||
            lex_match_back(&words, at, "trước|trước ngày|chậm nhất|kể từ|chậm nhất ngày") > 0)
            continue;
        struct str start = lex_complete_date(arena, m->date, r->year);
        struct str end =
            lex_complete_date(arena, m->end_date.len > 0 ? m->end_date : m->date, r->year);
        if (!when_is_day(start) || !when_is_day(end))
            continue;
        if (run->start.value.len == 0 || str_compare(start, run->start.value) < 0)
            run->start = read_value(node, m->part, start);
        if (run->end.value.len == 0 || str_compare(end, run->end.value) > 0)
            run->end = read_value(node, m->part, end);
        if (str_starts(m->date, STR("--")))
            run->start.doubt = STR("Văn bản không ghi năm ở đây; lấy năm của văn bản");
    }
    return run->start.value.len > 0;
}

static struct reader_number learners_of(const struct programme_reading *r,
                                        const struct outline_node *node, struct str text,
                                        bool is_bare)
{
    struct arena *arena = &r->cx->arena;
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, text, &counts);
    for (size_t n = 0; n < counts.len; n++) {
        struct lex_words word = lex_cut_words(arena, counts.at[n].word);
        if (lex_match(&word, 0, "học viên|người|đồng chí|đại biểu|cán bộ|trại sinh|công chức") >
            0) {
            struct reader_number number = read_number(node, counts.at[n].part, counts.at[n].value);
            number.max = counts.at[n].max;
            return number;
        }
    }
    struct lex_words words = lex_cut_words(arena, text);
    if (is_bare && words.len == 1 && lex_is_figures(&words, 0))
        return read_number(node, text, words.at[0].number);
    if (is_bare && words.len == 3 && lex_match(&words, 1, ".") > 0 && lex_is_figures(&words, 0) &&
        lex_is_figures(&words, 2))
        return read_number(node, text, words.at[0].number * 1000 + words.at[2].number);
    return (struct reader_number){ 0 };
}

static void put_run(struct programme_reading *r, struct reader_run run)
{
    struct reader_plan *plan = r->plan;
    if (plan->runs_len >= READ_LIST_MAX)
        return;
    plan->runs = read_grow(&r->cx->arena, plan->runs, plan->runs_len, sizeof *plan->runs);
    plan->runs[plan->runs_len++] = run;
}

/* ---- tables ---- */

/* The programme a row names: by its number, or by words of its title. */
static struct reader_number programme_in_row(const struct programme_reading *r,
                                             const struct table *table, size_t row)
{
    struct arena *arena = &r->cx->arena;
    const struct outline_node *cell = table_cell(table, row, TABLE_ROLE_PROGRAMME);
    struct str text = table_text(arena, cell);
    struct lex_words words = lex_cut_words(arena, text);
    if (words.len == 0 || r->plan->programmes_len == 0)
        return (struct reader_number){ 0 };
    if (words.len <= 2 && lex_is_figures(&words, words.len - 1) &&
        words.at[words.len - 1].number <= (int64_t)r->plan->programmes_len)
        return read_number(cell, text, words.at[words.len - 1].number);
    struct str key = lex_lower(arena, text);
    for (size_t n = 0; n < r->plan->programmes_len; n++) {
        struct str title = lex_lower(arena, r->plan->programmes[n].title.value);
        if (str_find(title, key) < title.len)
            return read_number(cell, text, (int64_t)n + 1);
    }
    return (struct reader_number){ 0 };
}

/* "Lớp 1 đối tượng 3" is of the programme "Khóa bồi dưỡng đối tượng 3". */
static struct reader_number programme_in_label(const struct programme_reading *r,
                                               const struct outline_node *cell, struct str label)
{
    struct arena *arena = &r->cx->arena;
    struct str key = lex_lower(arena, label);
    for (size_t n = 0; n < r->plan->programmes_len; n++) {
        struct str whom = lex_lower(
            arena, programme_audience_in_title(arena, r->plan->programmes[n].title.value));
        if (whom.len > 4 && str_find(key, whom) < key.len)
            return read_number(cell, label, (int64_t)n + 1);
    }
    return (struct reader_number){ 0 };
}

static bool is_table_of_runs(const struct table *table)
{
    return !table_has(table, TABLE_ROLE_TASK) && !table_has(table, TABLE_ROLE_TOPIC) &&
           table_has(table, TABLE_ROLE_CLASS) &&
           (table_has(table, TABLE_ROLE_DAY) || table_has(table, TABLE_ROLE_TIME));
}

static void read_runs_of_table(struct programme_reading *r, const struct table *table)
{
    struct arena *arena = &r->cx->arena;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        if (table_is_sum(arena, table, row) || table_is_head_again(arena, table, row))
            continue;
        struct reader_run run = { 0 };
        const struct outline_node *day = table_cell(table, row, TABLE_ROLE_DAY);
        if (day == NULL)
            day = table_cell(table, row, TABLE_ROLE_TIME);
        if (day == NULL || !read_days_of_run(r, day, table_text(arena, day), &run))
            continue;
        const struct outline_node *last = table_cell(table, row, TABLE_ROLE_END);
        if (last != NULL)
            (void)read_days_of_run(r, last, table_text(arena, last), &run);
        const struct outline_node *label = table_cell(table, row, TABLE_ROLE_CLASS);
        if (label != NULL)
            run.label = read_text(label, table_text(arena, label));
        struct lex_words bare = lex_cut_words(arena, run.label.value);
        if (bare.len == 1 && lex_is_figures(&bare, 0)) /* under "Lớp" or "Đợt" only its number */
            run.label.value = str_format(arena, "Lớp " STR_FMT, STR_ARG(bare.at[0].part));
        const struct outline_node *place = table_cell(table, row, TABLE_ROLE_PLACE);
        if (place != NULL)
            run.place = read_text(place, table_text(arena, place));
        const struct outline_node *learners = table_cell(table, row, TABLE_ROLE_LEARNERS);
        if (learners != NULL)
            run.learners = learners_of(r, learners, table_text(arena, learners), true);
        run.programme = programme_in_row(r, table, row);
        if (!run.programme.is_given && label != NULL)
            run.programme = programme_in_label(r, label, run.label.value);
        put_run(r, run);
    }
}

/* ---- items ---- */

/* "Đợt I: 10/3/2026, Nhà văn hóa xã Chiềng Mai, 80 người": a name between the date and the next
 * figure. */
static struct reader_text place_behind_date(const struct when *when)
{
    const struct lex_words *words = &when->words;
    if (when->moments.len != 1)
        return (struct reader_text){ 0 };
    size_t from = 0;
    size_t to = 0;
    when_place(when, &when->moments.at[0], &from, &to);
    from = to + lex_match(words, to, ",|;");
    size_t end = from;
    while (end < words->len && lex_match(words, end, ".|;") == 0 &&
           !(lex_match(words, end, ",") > 0 && lex_is_figures(words, end + 1)))
        end++;
    bool is_hall =
        lex_match(words, from,
                  "hội trường|nhà văn hóa|trường|trung tâm|phòng họp|trụ sở|nhà khách|cơ sở") > 0;
    return from > to && is_hall ? read_text(when->node, lex_words_text(words, from, end))
                                : (struct reader_text){ 0 };
}

/* Behind "tại" up to the end of the sentence or to what else is told. */
static struct reader_text place_in(const struct when *when)
{
    const struct lex_words *words = &when->words;
    size_t from = lex_search(words, 0, words->len, "địa điểm :|tại|địa điểm");
    if (from == words->len)
        return place_behind_date(when);
    from += lex_match(words, from, "địa điểm : tại|địa điểm :|tại|địa điểm");
    size_t to = from;
    while (
        to < words->len && lex_match(words, to, ";") == 0 &&
        !(lex_match(words, to, ".") > 0 && (to + 1 >= words->len || !words->at[to + 1].is_glued)) &&
        lex_match(words, to,
                  ", khai giảng|, khai mạc|, từ ngày|, thời gian|, ngày|, số lượng|( từ|, gồm") ==
            0)
        to++;
    for (size_t open = from; open + 1 < to; open++) /* "(90 học viên)" */
        if (lex_match(words, open, "(") > 0 && lex_is_figures(words, open + 1) &&
            lex_match(words, open + 2, "học viên|người|đồng chí|đại biểu") > 0)
            to = open;
    return read_text(when->node, lex_words_text(words, from, to));
}

/* "mỗi cụm 148 học viên" holds for every one of them. */
static struct reader_number learners_of_each(const struct programme_reading *r)
{
    struct arena *arena = &r->cx->arena;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        struct lex_words words = lex_cut_words(arena, node->text);
        size_t at = lex_search(&words, 0, words.len, "mỗi cụm|mỗi lớp|mỗi đợt|mỗi khóa");
        if (at == words.len || when_is_of_tasks(node))
            continue;
        enum { NEAR_WORDS = 8 };
        size_t to = at + NEAR_WORDS < words.len ? at + NEAR_WORDS : words.len;
        struct reader_number number = learners_of(r, node, lex_words_text(&words, at, to), false);
        if (number.is_given && number.value == number.max)
            return number;
    }
    return (struct reader_number){ 0 };
}

static void read_runs_of_items(struct programme_reading *r)
{
    struct arena *arena = &r->cx->arena;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->kind == OUTLINE_CELL || when_is_of_tasks(node) ||
            node->topic == OUTLINE_TOPIC_PHASES || node->title.len == 0 ||
            !is_class_label(arena, node->title))
            continue;
        struct lex_words title = lex_cut_words(arena, node->title);
        size_t bracket = lex_search(&title, 0, title.len, "(");
        struct reader_run run = { .label = read_text(node, lex_words_text(&title, 0, bracket)) };
        struct when when = read_when(arena, node);
        read_days_of_run(r, node, node->text, &run);
        run.place = place_in(&when);
        run.learners = learners_of(r, node, node->body, false);
        for (const struct outline_node *child = node->first_child; child;
             child = outline_next(node, child)) {
            struct when inner = read_when(arena, child);
            if (run.start.value.len == 0 || child->own_topic == OUTLINE_TOPIC_TIME)
                read_days_of_run(r, child, child->text, &run);
            if (run.place.value.len == 0)
                run.place = child->own_topic == OUTLINE_TOPIC_PLACE ? read_text(child, child->body)
                                                                    : place_in(&inner);
            if (!run.learners.is_given)
                run.learners = learners_of(r, child, child->text, false);
        }
        int64_t programme = programme_of(r, node);
        if (programme > 0)
            run.programme = read_number(node, node->title, programme);
        if (run.start.value.len > 0)
            put_run(r, run);
    }
    struct reader_number each =
        r->plan->runs_len > 1 ? learners_of_each(r) : (struct reader_number){ 0 };
    for (size_t n = 0; n < r->plan->runs_len; n++)
        if (!r->plan->runs[n].learners.is_given)
            r->plan->runs[n].learners = each;
}

/* ---- classes in one sentence ---- */

/* How many words from `i` on name a class and lead in what is told of it: "Cụm I:", "Đợt 1 từ", "Lớp 2 (". */
static size_t label_at(const struct lex_words *words, size_t i, size_t *ret_name)
{
    size_t noun = lex_match(words, i, "lớp|đợt|cụm|khóa|khoá");
    if (noun == 0)
        return 0;
    size_t at = i + noun + lex_match(words, i + noun, "số|thứ");
    size_t number = lex_is_figures(words, at)
                        ? 1
                        : lex_match(words, at, "i|ii|iii|iv|v|vi|vii|viii|ix|x|a|b|c|d|nhất|hai|ba|tư");
    size_t lead = lex_match(words, at + number, ":|từ|ngày|khai giảng|khai mạc|bắt đầu|học từ|học ngày|tổ chức từ|tổ chức ngày|(|,|-|–");
    *ret_name = at + number - i;
    return number > 0 && lead > 0 ? at + number + lead - i : 0;
}

/*
 * "Cụm I: 11 - 12/5/2026; Cụm II: 18 - 19/5/2026": what stands from one name of a class up to the next is of the
 * first. Two at least, each with days of its own.
 */
static void read_runs_of_sentence(struct programme_reading *r, const struct outline_node *node)
{
    struct arena *arena = &r->cx->arena;
    size_t before = r->plan->runs_len;
    struct lex_words words = lex_cut_words(arena, node->text);
    size_t name = 0;
    for (size_t i = 0; i < words.len;) {
        if (label_at(&words, i, &name) == 0) {
            i++;
            continue;
        }
        struct reader_run run = { .label = read_text(node, lex_words_text(&words, i, i + name)) };
        size_t from = i + name;
        size_t to = from;
        size_t next = 0;
        while (to < words.len && lex_match(&words, to, ";") == 0 && label_at(&words, to, &next) == 0)
            to++;
        struct str part = lex_words_text(&words, from, to);
        if (read_days_of_run(r, node, part, &run)) {
            struct outline_node alone = *node;
            alone.text = part;
            struct when when = read_when(arena, &alone);
            run.place = place_in(&when);
            if (run.place.value.len > 0)
                run.place = read_text(node, run.place.value);
            run.learners = learners_of(r, node, part, false);
            int64_t programme = programme_of(r, node);
            if (programme > 0)
                run.programme = read_number(node, part, programme);
            put_run(r, run);
        }
        i = to;
    }
    if (r->plan->runs_len - before < 2)
        r->plan->runs_len = before;
}

static void read_runs_of_sentences(struct programme_reading *r)
{
    int64_t last = 0; /* the programme whose classes were told last; each tells its own once */
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        int64_t programme = programme_of(r, node);
        size_t before = r->plan->runs_len;
        if (node->kind == OUTLINE_CELL || node->kind == OUTLINE_ROW || node->kind == OUTLINE_TABLE ||
            when_is_of_tasks(node) || node->topic == OUTLINE_TOPIC_PHASES || (before > 0 && programme <= last))
            continue;
        read_runs_of_sentence(r, node);
        last = r->plan->runs_len > before ? programme : last;
    }
}

/* ---- programmes with a date each ---- */

/* "II. Lớp bồi dưỡng tổ chức lễ hội ... - Thời gian: 01 ngày, 30/7/2026. Địa điểm: ..." */
static void read_runs_of_programmes(struct programme_reading *r)
{
    for (size_t n = 0; n < r->programmes.len && n < r->plan->programmes_len; n++) {
        const struct programme_extent *extent = &r->programmes.at[n];
        const struct outline_node *top = extent->node->parent;
        struct reader_run run = { .learners = r->plan->programmes[n].learners };
        for (const struct outline_node *node = extent->node;
             node && node->span.paragraph < extent->to; node = outline_next(top, node)) {
            if (node->own_topic == OUTLINE_TOPIC_TIME && run.start.value.len == 0) {
                struct when when = read_when(&r->cx->arena, node);
                (void)read_days_of_run(r, node, node->text, &run);
                run.place = place_in(&when);
            }
            if (node->own_topic == OUTLINE_TOPIC_PLACE && run.place.value.len == 0)
                run.place = read_text(node, node->body);
        }
        run.programme = read_number(extent->node, extent->node->text, (int64_t)n + 1);
        bool is_one_class =
            !r->plan->programmes[n].classes.is_given || r->plan->programmes[n].classes.value == 1;
        if (run.start.value.len > 0 && is_one_class)
            put_run(r, run);
    }
}

/* ---- the span of them all ---- */

static void fit_schedule(struct reader_plan *plan)
{
    struct reader_schedule *schedule = &plan->schedule;
    schedule->start = plan->runs[0].start;
    schedule->end = plan->runs[0].end;
    for (size_t n = 1; n < plan->runs_len; n++) {
        if (str_compare(plan->runs[n].start.value, schedule->start.value) < 0)
            schedule->start = plan->runs[n].start;
        if (str_compare(plan->runs[n].end.value, schedule->end.value) > 0)
            schedule->end = plan->runs[n].end;
    }
    schedule->sessions_len = 0;
    schedule->opening = schedule->closing = schedule->check_in = (struct reader_text){ 0 };
}

void read_runs(struct programme_reading *r)
{
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->kind != OUTLINE_TABLE)
            continue;
        struct table *table = ARENA_NEW(&r->cx->arena, struct table);
        if (read_table(&r->cx->arena, node, table) && is_table_of_runs(table))
            read_runs_of_table(r, table);
    }
    if (r->plan->runs_len == 0)
        read_runs_of_items(r);
    if (r->plan->runs_len < 2) {
        size_t found = r->plan->runs_len;
        r->plan->runs_len = 0;
        read_runs_of_sentences(r);
        r->plan->runs_len = r->plan->runs_len > 0 ? r->plan->runs_len : found;
    }
    if (r->plan->runs_len == 0)
        read_runs_of_programmes(r);
    if (r->plan->runs_len < 2)
        r->plan->runs_len = 0;
    else
        fit_schedule(r->plan);
}
