#include "reader/read_programme.h"

#include "viet/viet.h"

/*
 * Groups of people that are taught apart. A group is told in a heading or item of its own, several
 * in a row, each with how many learners and classes it has (KH-HP II.4 and appendix): (1) Chương
 * trình bồi dưỡng cho lãnh đạo các ban, sở, ngành thành phố
 *         - Số lượng học viên: Dự kiến 200 học viên.   - Số lượng lớp: 02 lớp, chia làm 02 đợt.   -
 * Địa điểm: ... Told once, they are the programmes; told in the body and again in an appendix, the
 * body's are the groups and the appendix's the programmes. Totals are what the paper itself sums
 * up; nothing is added up here.
 */

static const char programme_words[] =
    "chương trình|bồi dưỡng|tập huấn|lớp bồi dưỡng|lớp tập huấn|khóa bồi dưỡng|khoá bồi dưỡng|khóa "
    "tập huấn|các lớp bồi dưỡng|lớp|nhóm|đối với|khóa|khối";
static const char people_words[] =
    "học viên|người|lượt người|lượt|đồng chí|đại biểu|cán bộ|công chức|người học|trại sinh|đ / "
    "c|thí sinh|viên "
    "chức";

static bool is_people(struct arena *arena, struct str word)
{
    struct lex_words words = lex_cut_words(arena, word);
    return lex_match(&words, 0, people_words) == words.len && words.len > 0;
}

static bool is_class_word(struct arena *arena, struct str word)
{
    struct lex_words words = lex_cut_words(arena, word);
    return lex_match(&words, 0, "lớp học|lớp") == words.len && words.len > 0;
}

/* ---- finding the groups ---- */

static bool may_begin(struct arena *arena, const struct outline_node *node)
{
    if ((node->kind != OUTLINE_HEADING && node->kind != OUTLINE_ITEM) || node->label.len == 0 ||
        when_is_of_tasks(node) || node->topic == OUTLINE_TOPIC_PHASES)
        return false;
    struct lex_words words = lex_cut_words(arena, node->text);
    bool is_bullet = str_eq(node->label, STR("-")) || str_eq(node->label, STR("+")) ||
                     str_eq(node->label, STR("*"));
    return words.len >= 2 && !is_bullet && lex_match(&words, 0, programme_words) > 0;
}

/* A count of people or classes stands in the text, in so many words. */
static bool tells_counts(struct arena *arena, const struct outline_node *node)
{
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, node->text, &counts);
    for (size_t n = 0; n < counts.len; n++)
        if (is_people(arena, counts.at[n].word) || is_class_word(arena, counts.at[n].word))
            return true;
    struct lex_words words = lex_cut_words(arena, node->text);
    return lex_search(&words, 0, words.len, "số lớp :|số học viên :|số lượng lớp :|số người :") <
           words.len;
}

static int last_paragraph(const struct outline_node *top)
{
    int last = top->span.paragraph;
    for (const struct outline_node *node = top; node; node = outline_next(top, node))
        if (node->span.paragraph > last)
            last = node->span.paragraph;
    return last;
}

/* The last group ends where a heading of its rank begins something else: "IV. Kinh phí" behind
 * "III. Lớp ...". */
static void end_last(struct programme_extents *list)
{
    struct programme_extent *last = &list->at[list->len - 1];
    if (last->node->kind != OUTLINE_HEADING)
        return;
    const struct outline_node *after = last->node->next;
    while (after != NULL && !(after->kind == OUTLINE_HEADING && after->label.len > 0))
        after = after->next;
    if (after != NULL && after->span.paragraph < last->to)
        last->to = after->span.paragraph;
}

/* The groups among the children of one node; fewer than two are none. */
static struct programme_extents find_among(struct arena *arena, const struct outline_node *parent)
{
    struct programme_extents list = { 0 };
    size_t room = 0;
    for (const struct outline_node *node = parent->first_child; node; node = node->next)
        room += may_begin(arena, node);
    if (room < 2)
        return list;
    list.at = ARENA_NEW_ARRAY(arena, struct programme_extent, room);
    int end = last_paragraph(parent) + 1;
    for (const struct outline_node *node = parent->first_child; node; node = node->next) {
        if (!may_begin(arena, node))
            continue;
        if (list.len > 0)
            list.at[list.len - 1].to = node->span.paragraph;
        list.at[list.len++] = (struct programme_extent){ node, node->span.paragraph, end };
    }
    end_last(&list);
    size_t counted = 0;
    for (size_t n = 0; n < list.len; n++) {
        bool has_counts = false;
        for (const struct outline_node *node = list.at[n].node; node && !has_counts;
             node = outline_next(parent, node)) {
            if (node->span.paragraph >= list.at[n].to)
                break;
            has_counts = node->kind == OUTLINE_TABLE ||
                         (node->kind != OUTLINE_CELL && tells_counts(arena, node));
        }
        counted += has_counts;
    }
    if (counted < 2 || counted * 2 < list.len)
        list.len = 0;
    return list;
}

static bool is_after(const struct programme_extents *a, const struct programme_extents *b)
{
    return a->at[0].from > b->at[0].from;
}

static void find_groups(struct programme_reading *r)
{
    struct arena *arena = &r->cx->arena;
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        struct programme_extents found = find_among(arena, node);
        if (found.len == 0)
            continue;
        if (r->programmes.len == 0) {
            r->programmes = found;
        } else if (found.len == r->programmes.len && is_after(&found, &r->programmes)) {
            r->groups = r->programmes;
            r->programmes = found;
        }
    }
}

static int64_t find_extent(const struct programme_extents *extents, const struct outline_node *node)
{
    int at = node->span.paragraph;
    for (size_t n = 0; n < extents->len; n++)
        if (at >= extents->at[n].from && at < extents->at[n].to)
            return (int64_t)n + 1;
    return 0;
}

int64_t programme_of(const struct programme_reading *r, const struct outline_node *node)
{
    return find_extent(&r->programmes, node);
}

bool is_in_group(const struct programme_reading *r, const struct outline_node *node)
{
    return find_extent(&r->groups, node) > 0 || find_extent(&r->programmes, node) > 0;
}

/* ---- what a group says ---- */

/* Whom a programme is for, in its title: what stands behind "cho", "đối với"; else the title
 * without its first words. */
struct str programme_audience_in_title(struct arena *arena, struct str title)
{
    struct lex_words words = lex_cut_words(arena, title);
    size_t at = lex_search(&words, 0, words.len, "dành cho|cho|đối với");
    at = at < words.len ? at + lex_match(&words, at, "dành cho|cho|đối với") : 0;
    if (at == 0) {
        at = lex_match(&words, 0, "chương trình");
        at += lex_match(&words, at, "lớp|khóa|khoá|các lớp");
        at += lex_match(&words, at, "bồi dưỡng , tập huấn|bồi dưỡng|tập huấn");
    }
    if (at >= words.len)
        return STR("");
    return lex_words_text(&words, at, words.len);
}

static struct str first_sentence(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    for (size_t i = 0; i + 1 < words.len; i++)
        if (lex_match(&words, i, ".") > 0 && !words.at[i + 1].is_glued)
            return lex_words_text(&words, 0, i);
    return text;
}

struct counted {
    struct reader_number learners, classes, batches;
};

static struct reader_number number_of(const struct outline_node *node,
                                      const struct lex_count *count)
{
    struct reader_number number = read_number(node, count->part, count->value);
    number.max = count->max;
    return number;
}

/* "Số lớp: 05; số học viên: 300": the label says what is counted. */
static struct reader_number labelled_number(const struct lex_words *words,
                                            const struct outline_node *node, const char *labels)
{
    size_t at = lex_search(words, 0, words->len, labels);
    at += lex_match(words, at, labels);
    at += lex_match(words, at, ": dự kiến|: khoảng|:");
    int64_t value = 0;
    size_t to = at;
    while (to < words->len && (lex_is_figures(words, to) ||
                               (to > at && lex_match(words, to, ".") > 0 &&
                                lex_is_figures(words, to + 1) && words->at[to + 1].is_glued)))
        to++;
    struct str part = lex_words_text(words, at, to);
    bool is_range = lex_match(words, to, "-|–|đến") > 0 && lex_is_figures(words, to + 1);
    if (is_range || !viet_number_parse(part, &value) || value < 1)
        return (struct reader_number){ 0 };
    return read_number(node, part, value);
}

static void take_counts(struct arena *arena, const struct outline_node *node,
                        struct counted *counted)
{
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, node->text, &counts);
    struct lex_words words = lex_cut_words(arena, node->text);
    if (!counted->learners.is_given)
        counted->learners = labelled_number(
            &words, node, "số học viên :|số lượng học viên :|số người :|số người học :|học viên :");
    if (!counted->classes.is_given)
        counted->classes =
            labelled_number(&words, node, "số lớp :|số lượng lớp :|số lượng lớp học :");
    for (size_t n = 0; n < counts.len; n++) {
        const struct lex_count *c = &counts.at[n];
        if (c->is_each)
            continue;
        if (!counted->learners.is_given && is_people(arena, c->word))
            counted->learners = number_of(node, c);
        else if (!counted->classes.is_given && is_class_word(arena, c->word))
            counted->classes = number_of(node, c);
        else if (!counted->batches.is_given && str_eq(c->word, STR("đợt")))
            counted->batches = number_of(node, c);
    }
}

static bool is_of_place(const struct outline_node *node)
{
    return node->own_topic == OUTLINE_TOPIC_PLACE || outline_within(node, OUTLINE_TOPIC_PLACE);
}

static struct counted count_extent(struct arena *arena, const struct programme_extent *extent)
{
    struct counted counted = { 0 };
    const struct outline_node *top = extent->node->parent;
    for (const struct outline_node *node = extent->node; node && node->span.paragraph < extent->to;
         node = outline_next(top, node))
        if (node->kind != OUTLINE_CELL && !is_of_place(node))
            take_counts(arena, node, &counted);
    return counted;
}

/* ---- venues ---- */

static void put_venue(struct arena *arena, struct reader_programme *programme,
                      struct reader_venue venue)
{
    if (venue.place.value.len == 0 || programme->venues_len >= READ_LIST_MAX)
        return;
    programme->venues =
        read_grow(arena, programme->venues, programme->venues_len, sizeof *programme->venues);
    programme->venues[programme->venues_len++] = venue;
}

/* "02 lớp tổ chức tại cơ sở 1, Trường Chính trị Tô Hiệu (chia làm 02 đợt)", or a place alone. */
static struct reader_venue venue_of(struct arena *arena, const struct outline_node *node,
                                    struct str part, const struct counted *counted)
{
    struct lex_words words = lex_cut_words(arena, part);
    struct lex_counts counts = { 0 };
    lex_find_counts(arena, part, &counts);
    struct reader_venue venue = { 0 };
    size_t from = 0;
    size_t to = words.len;
    for (size_t n = 0; n < counts.len; n++) {
        const struct lex_count *c = &counts.at[n];
        if (is_class_word(arena, c->word) && !venue.classes.is_given)
            venue.classes = number_of(node, c);
        else if (str_eq(c->word, STR("đợt")) && !venue.batches.is_given)
            venue.batches = number_of(node, c);
    }
    bool has_counts = venue.classes.is_given;
    size_t at = lex_search(&words, 0, words.len, "tại|ở");
    if (has_counts || at <= 3)
        from = at < words.len ? at + 1 : has_counts ? words.len : 0;
    size_t bracket = lex_search(&words, from, words.len, "( chia|, chia làm|( gồm|( 0");
    to = bracket < words.len ? bracket : to;
    venue.place = read_text(node, lex_words_text(&words, from, to));
    if (!has_counts) {
        venue.classes = counted->classes;
        venue.batches = counted->batches;
    }
    return venue;
}

/* "Số lớp: 02 (01 lớp ở Hội trường xã, 01 lớp ở Nhà rông làng Krêl)" */
static void read_bracketed_venues(struct arena *arena, const struct outline_node *node,
                                  const struct counted *counted, struct reader_programme *programme)
{
    struct lex_words words = lex_cut_words(arena, node->text);
    size_t open = lex_search(&words, 0, words.len, "(");
    size_t close = lex_search(&words, open, words.len, ")");
    for (size_t i = open + 1; i + 2 < close; i++) {
        if (!lex_is_figures(&words, i) ||
            lex_match(&words, i + 1, "lớp ở|lớp tại|lớp học tại|lớp tổ chức tại") == 0)
            continue;
        size_t to = i + 1;
        while (to < close &&
               !(lex_match(&words, to, ",|;|và") > 0 && lex_is_figures(&words, to + 1)))
            to++;
        put_venue(arena, programme, venue_of(arena, node, lex_words_text(&words, i, to), counted));
    }
}

static void read_venues(struct arena *arena, const struct programme_extent *extent,
                        const struct counted *counted, struct reader_programme *programme)
{
    const struct outline_node *top = extent->node->parent;
    for (const struct outline_node *node = extent->node; node && node->span.paragraph < extent->to;
         node = outline_next(top, node)) {
        if (node->own_topic != OUTLINE_TOPIC_PLACE || node->kind == OUTLINE_CELL) {
            if (node->kind != OUTLINE_CELL)
                read_bracketed_venues(arena, node, counted, programme);
            continue;
        }
        for (const struct outline_node *child = node->first_child; child; child = child->next)
            put_venue(arena, programme, venue_of(arena, child, child->text, counted));
        struct str rest = node->first_child == NULL ? node->body : STR("");
        while (rest.len > 0)
            put_venue(arena, programme,
                      venue_of(arena, node, str_trim(str_cut(&rest, ';')), counted));
    }
}

/* ---- programmes ---- */

/* "Nhóm 1: Chính quyền số, dành cho ..." is titled by all its words, "Bồi dưỡng ...: 90 người" by
 * those before the mark. */
static struct str title_words(struct arena *arena, const struct outline_node *node)
{
    struct lex_words words = lex_cut_words(arena, node->title);
    bool is_only_number = words.len > 0 && words.len <= 3 &&
                          lex_match(&words, 0, "nhóm|lớp|khối|khóa|khoá|chương trình") > 0;
    struct str title = node->title.len > 0 && !is_only_number ? node->title : node->text;
    /* "Lớp bồi dưỡng dành cho bí thư, phó bí thư: 120 học viên" */
    struct lex_words all = lex_cut_words(arena, title);
    for (size_t i = 1; i + 2 < all.len; i++)
        if (lex_match(&all, i, ":") > 0 && lex_is_figures(&all, i + 1) && lex_match(&all, i + 2, people_words) > 0)
            return lex_words_text(&all, 0, i);
    return title;
}

static struct reader_text title_of(struct arena *arena, const struct outline_node *node)
{
    return read_text(node, title_words(arena, node));
}

static struct reader_text audience_of(struct arena *arena, const struct programme_extent *extent)
{
    const struct outline_node *top = extent->node->parent;
    for (const struct outline_node *node = extent->node->first_child;
         node && node->span.paragraph < extent->to; node = outline_next(top, node))
        if (node->own_topic == OUTLINE_TOPIC_AUDIENCE && node->body.len > 0)
            return read_text(node, first_sentence(arena, node->body));
    struct str title = title_words(arena, extent->node);
    return read_text(extent->node, programme_audience_in_title(arena, title));
}

static void put_programmes(struct programme_reading *r)
{
    struct arena *arena = &r->cx->arena;
    struct reader_plan *plan = r->plan;
    plan->programmes = ARENA_NEW_ARRAY(arena, struct reader_programme, r->programmes.len + 1);
    for (size_t n = 0; n < r->programmes.len && n < READ_LIST_MAX; n++) {
        const struct programme_extent *extent = &r->programmes.at[n];
        struct reader_programme *programme = &plan->programmes[plan->programmes_len++];
        struct counted counted = count_extent(arena, extent);
        programme->number = read_number(extent->node, extent->node->text, (int64_t)n + 1);
        programme->title = title_of(arena, extent->node);
        programme->audience = audience_of(arena, extent);
        programme->learners = counted.learners;
        programme->classes = counted.classes;
        read_venues(arena, extent, &counted, programme);
    }
}

static void put_groups(struct programme_reading *r)
{
    struct arena *arena = &r->cx->arena;
    struct reader_plan *plan = r->plan;
    plan->groups = ARENA_NEW_ARRAY(arena, struct reader_group, r->groups.len + 1);
    for (size_t n = 0; n < r->groups.len && n < READ_LIST_MAX; n++) {
        struct counted counted = count_extent(arena, &r->groups.at[n]);
        plan->groups[plan->groups_len++] =
            (struct reader_group){ audience_of(arena, &r->groups.at[n]), counted.learners,
                                   counted.classes };
    }
}

/* The row of sums under a table: "Cộng | 338 | 13.520". */
static struct reader_number sum_in(const struct table *table, size_t row, enum table_role role)
{
    const struct outline_node *cell = table_cell(table, row, role);
    int64_t value = 0;
    if (cell == NULL || !viet_number_parse(read_trim(cell->text), &value) || value < 1)
        return (struct reader_number){ 0 };
    return read_number(cell, cell->text, value);
}

/*
 * A table with a row for each: TT | Nội dung bồi dưỡng | Đối tượng | Số lớp | Số học viên | Địa
 * điểm. Only where headings tell none.
 */
static void put_row(struct programme_reading *r, const struct table *table, size_t row)
{
    struct arena *arena = &r->cx->arena;
    struct reader_plan *plan = r->plan;
    const enum table_role titles[] = { TABLE_ROLE_PROGRAMME, TABLE_ROLE_TOPIC, TABLE_ROLE_CLASS,
                                       TABLE_ROLE_AUDIENCE };
    const struct outline_node *title = NULL;
    for (size_t n = 0; n < LEN(titles) && title == NULL; n++)
        title = table_cell(table, row, titles[n]);
    if (title == NULL || table_text(arena, title).len == 0 || plan->programmes_len >= READ_LIST_MAX)
        return;
    plan->programmes =
        read_grow(arena, plan->programmes, plan->programmes_len, sizeof *plan->programmes);
    struct reader_programme *programme = &plan->programmes[plan->programmes_len++];
    *programme = (struct reader_programme){ .title = read_text(title, table_text(arena, title)),
                                            .learners = sum_in(table, row, TABLE_ROLE_LEARNERS),
                                            .classes = sum_in(table, row, TABLE_ROLE_CLASSES) };
    programme->number = read_number(title, title->text, (int64_t)plan->programmes_len);
    const struct outline_node *audience = table_cell(table, row, TABLE_ROLE_AUDIENCE);
    programme->audience = audience != NULL
                              ? read_text(audience, table_text(arena, audience))
                              : read_text(title, programme_audience_in_title(arena, title->text));
    const struct outline_node *place = table_cell(table, row, TABLE_ROLE_PLACE);
    if (place != NULL)
        put_venue(arena, programme,
                  (struct reader_venue){ .place = read_text(place, table_text(arena, place)),
                                         .classes = programme->classes });
}

static void read_programme_table(struct programme_reading *r, const struct outline_node *node)
{
    struct arena *arena = &r->cx->arena;
    struct table *table = ARENA_NEW(arena, struct table);
    if (!read_table(arena, node, table) || table_has(table, TABLE_ROLE_TASK) ||
        !table_has(table, TABLE_ROLE_CLASSES) || !table_has(table, TABLE_ROLE_LEARNERS) ||
        !(table_has(table, TABLE_ROLE_TOPIC) || table_has(table, TABLE_ROLE_PROGRAMME) ||
          table_has(table, TABLE_ROLE_AUDIENCE)))
        return;
    for (size_t row = table->first_row; row < table->rows_len; row++)
        if (!table_is_sum(arena, table, row) && !table_is_head_again(arena, table, row) &&
            table_row_title(table, row) == NULL)
            put_row(r, table, row);
    if (r->plan->programmes_len < 2)
        r->plan->programmes_len = 0;
}

/* ---- totals ---- */

static const char total_words[] =
    "tổng số học viên|tổng số|tổng cộng|toàn tỉnh|toàn thành phố|toàn xã|toàn quốc|cả năm|tổng|cả "
    "khóa|toàn ngành|toàn trường|số lượng|quy mô|dự kiến có|tối đa|dự kiến";

/* What a group says of itself is no total, but "Tổng số: 1.630 học viên" below the last group is.
 */
static bool is_of_group(const struct programme_reading *r, const struct when *when)
{
    return is_in_group(r, when->node) &&
           lex_match(&when->words, 0, "tổng số|tổng cộng|cộng|tổng") == 0;
}

static bool is_over_groups(const struct programme_reading *r, const struct outline_node *node)
{
    return (r->groups.len > 0 && r->groups.at[0].node->parent == node) ||
           (r->programmes.len > 0 && r->programmes.at[0].node->parent == node);
}

/* What sums the whole paper up: said so before the count in its clause, or the section's own
 * subject. */
static bool is_total(const struct programme_reading *r, const struct when *when,
                     const struct lex_count *count)
{
    if (count->is_each || when_is_of_tasks(when->node) || is_of_group(r, when) ||
        when->node->topic == OUTLINE_TOPIC_PHASES || when->node->kind == OUTLINE_CELL)
        return false;
    size_t at = lex_word_at(&when->words, (size_t)(count->part.at - when->words.text.at));
    size_t to =
        lex_word_at(&when->words, (size_t)(count->part.at - when->words.text.at) + count->part.len);
    enum { NEAR_WORDS = 80 };
    size_t clause = when_clause_from(when, at);
    clause = at - clause > NEAR_WORDS ? at - NEAR_WORDS : clause;
    /* "từ 80 đồng chí thành 120 đồng chí": the first is what was. */
    if (lex_search(&when->words, clause, at, "mỗi|cử|từng|trong đó|riêng") < at ||
        lex_match(&when->words, to, "thành|lên|xuống|sang") > 0)
        return false;
    /* "I. Hai loại lớp, 210 người, 05 lớp" over the groups themselves */
    if (is_over_groups(r, when->node))
        return true;
    /* "Tổng số 08 lớp, mỗi lớp 55 học viên; 440 học viên." */
    if (lex_match(&when->words, 0, "tổng số|tổng cộng|cộng|quy mô") > 0)
        return true;
    /* "chiêu sinh đợt I, gồm 05 lớp, 330 học viên"; "số lượng học viên từ 80 đồng chí thành 120
     * đồng chí" */
    bool is_list = lex_search(&when->words, clause, at, "lớp ,") < at &&
                   lex_search(&when->words, clause, at, "gồm|mở|tổ chức") < at;
    return is_list || lex_search(&when->words, clause, at, total_words) < at;
}

static bool opens_classes(const struct when *when, const struct lex_count *count)
{
    size_t at = lex_word_at(&when->words, (size_t)(count->part.at - when->words.text.at));
    return lex_match_back(
               &when->words, at,
               "mở|chia thành|chia làm|tổ chức|gồm|thành|tổ chức mở|mở tổng số|, |học viên ,") >
               0 ||
           lex_match_back(&when->words, at, total_words) > 0;
}

static void take_totals(struct programme_reading *r, const struct when *when)
{
    struct arena *arena = &r->cx->arena;
    struct reader_plan *plan = r->plan;
    struct lex_counts counts = { 0 };
    lex_counts_of(arena, &when->words, &counts);
    for (size_t n = 0; n < counts.len; n++) {
        const struct lex_count *c = &counts.at[n];
        bool is_learners = is_people(arena, c->word);
        bool is_classes = is_class_word(arena, c->word);
        bool has_total = is_total(r, when, c);
        if (is_learners && has_total && !plan->learners.is_given)
            plan->learners = number_of(when->node, c);
        bool may_be = is_classes && !c->is_each && !when_is_of_tasks(when->node) &&
                      !is_of_group(r, when) && when->node->topic != OUTLINE_TOPIC_PHASES &&
                      when->node->kind != OUTLINE_CELL;
        if (may_be && (has_total || opens_classes(when, c)) && c->value > 1 &&
            !plan->classes.is_given)
            plan->classes = number_of(when->node, c);
    }
}

static void take_sums(struct programme_reading *r, const struct outline_node *node)
{
    struct arena *arena = &r->cx->arena;
    struct table *table = ARENA_NEW(arena, struct table);
    if (is_in_group(r, node) || !read_table(arena, node, table) ||
        table_has(table, TABLE_ROLE_TASK))
        return;
    for (size_t row = table->first_row; row < table->rows_len; row++) {
        if (!table_is_sum(arena, table, row))
            continue;
        if (!r->plan->learners.is_given)
            r->plan->learners = sum_in(table, row, TABLE_ROLE_LEARNERS);
        if (!r->plan->classes.is_given)
            r->plan->classes = sum_in(table, row, TABLE_ROLE_CLASSES);
        return;
    }
}

void read_groups(struct programme_reading *r)
{
    find_groups(r);
    if (r->programmes.len > 0)
        put_programmes(r);
    if (r->groups.len > 0)
        put_groups(r);
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->text.len == 0 || node->kind == OUTLINE_CELL)
            continue;
        struct when when = read_when(&r->cx->arena, node);
        take_totals(r, &when);
    }
    for (const struct outline_node *node = read_next_node(r->outline, NULL); node;
         node = read_next_node(r->outline, node)) {
        if (node->kind != OUTLINE_TABLE)
            continue;
        if (r->plan->programmes_len == 0)
            read_programme_table(r, node);
        take_sums(r, node);
    }
}
