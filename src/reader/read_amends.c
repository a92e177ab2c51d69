/*
 * A paper that changes an earlier one: which, and what was and what is now. The new state is what the other rules have
 * read; the old one stands behind words such as "thay cho", "thay vì", "không ... như thông báo trước" (plan-schema.md).
 */
#include "reader/read.h"

#include <string.h>

/* ---- whether it changes one ---- */

static bool has_change_word(struct str key)
{
    static const char *const words[] = { "thay doi", "dieu chinh", "sua doi", "dinh chinh", "doi lich", "doi thoi gian", "doi dia diem", "lui thoi gian", "hoan thoi gian", "lui lich", "lui" };
    for (size_t i = 0; i < LEN(words); i++)
        if (fold_has_words(key, words[i]))
            return true;
    return false;
}

static bool is_changed_paper(const struct reader_reference *reference)
{
    static const char *const kinds[] = { "ke_hoach", "thong_bao", "giay_moi", "cong_van" };
    for (size_t i = 0; i < LEN(kinds); i++)
        if (str_eq(reference->kind.value, str_from(kinds[i])))
            return true;
    return false;
}

/* "Nay Sở thông báo một số thay đổi:" in the opening, where the title does not say so. */
static bool opens_with_change(struct ctx *cx, const struct outline *outline, int paragraph)
{
    static const char *const words[] = { "mot so thay doi", "thay doi nhu sau", "dieu chinh nhu sau", "thay doi mot so", "dieu chinh mot so", "sua doi mot so", "nay dieu chinh", "nay thay doi", "nay sua" };
    for (const struct outline_node *node = outline->root->first_child; node && node->kind == OUTLINE_PARAGRAPH; node = node->next) {
        struct str key = fold_key(&cx->arena, node->text);
        for (size_t i = 0; i < LEN(words) && node->span.paragraph == paragraph; i++)
            if (fold_has_words(key, words[i]))
                return true;
    }
    return false;
}

/* The paper that is changed: the cited one in the title or in the first sentence that speaks of a change. */
static const struct reader_reference *find_changed(struct ctx *cx, const struct outline *outline, const struct reader_head *head)
{
    struct str title = fold_key(&cx->arena, head->title.value);
    bool is_titled = has_change_word(title);
    for (size_t i = 0; i < head->references_len; i++) {
        const struct reader_reference *reference = &head->references[i];
        bool is_in_title = is_titled && reference->number.span.paragraph == head->title.span.paragraph;
        if (!(is_changed_paper(reference) || is_in_title) || (!is_titled && !opens_with_change(cx, outline, reference->number.span.paragraph)))
            continue;
        if (reference->number.span.paragraph == head->title.span.paragraph)
            return reference;
        for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
            if (node->span.paragraph != reference->number.span.paragraph || node->text.len == 0)
                continue;
            return reference;
        }
    }
    return NULL;
}

/* ---- what was ---- */

/* Where the old state begins in a sentence: behind these words; *to where it ends. */
static bool find_old(const struct fold *f, size_t *from, size_t *to)
{
    static const char *const words[] = { "thay cho thoi gian da thong bao la", "thay cho dia diem da thong bao la", "thay cho", "thay vi", "thay the cho", "truoc day la", "da thong bao la",
                                         "khong to chuc tai", "khong hoc tai", "khong phai", "dieu chinh tu", "chuyen tu", "doi tu", "thay doi tu", "thoi han cu la", "thoi gian cu la", "dia diem cu la", "(thay" };
    for (size_t i = 0; i < LEN(words); i++) {
        size_t at = fold_find_words(f->key, 0, words[i]);
        if (at >= f->key.len)
            continue;
        *from = at + strlen(words[i]);
        while (*from < f->key.len && strchr(" :", f->key.at[*from]))
            (*from)++;
        static const char *const ends[] = { "nhu thong bao", "nhu da thong bao", "nhu ke hoach", "nhu giay moi", "sang", "thanh", "nay ", "nhu truoc" };
        size_t end = *from;
        while (end < f->key.len && f->key.at[end] != ')' && f->key.at[end] != ';' && !(f->key.at[end] == '.' && (end + 1 >= f->key.len || f->key.at[end + 1] == ' ')))
            end++;
        for (size_t e = 0; e < LEN(ends); e++) {
            size_t stop = fold_find_words(f->key, *from, ends[e]);
            end = stop < end ? stop : end;
        }
        *to = end;
        return end > *from;
    }
    return false;
}

static void add_change(struct ctx *cx, struct reader_head *head, const char *what, struct reader_text old_value, const struct reader_text *new_value)
{
    if (new_value->value.len == 0 || str_eq(old_value.value, new_value->value) || head->changes_len >= READ_LIST_MAX)
        return;
    head->changes = read_grow(&cx->arena, head->changes, head->changes_len, sizeof *head->changes);
    struct reader_change *change = &head->changes[head->changes_len++];
    *change = (struct reader_change){ .what = { .value = str_from(what), .span = old_value.span }, .old_value = old_value, .new_value = *new_value };
}

static struct str moment_value(struct arena *arena, struct str date, struct str time)
{
    return time.len > 0 && date.len == 10 ? str_format(arena, STR_FMT "T" STR_FMT, STR_ARG(date), STR_ARG(time)) : date;
}

/* "từ ngày 15/6/2026 đến ngày 17/6/2026", "7 giờ 30 ngày 15/6": what of the schedule it was. */
static void add_old_times(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct lex_moments found = { .len = 0 };
    lex_find_moments(&cx->arena, old, &found);
    struct str key = fold_key(&cx->arena, node->text);
    struct reader_schedule *schedule = &plan->schedule;
    for (size_t i = 0; i < found.len; i++) {
        const struct lex_moment *m = &found.at[i];
        struct reader_text value = read_value(node, m->part, moment_value(&cx->arena, m->date, m->time));
        if (m->time.len > 0 && fold_has_words(key, "khai giang")) {
            add_change(cx, &plan->document, "opening", value, &schedule->opening);
        } else if (m->time.len > 0 && (fold_has_words(key, "kiem tra ky thuat") || fold_has_words(key, "duong truyen") || fold_has_words(key, "ket noi"))) {
            if (schedule->connection_tests.len > 0)
                add_change(cx, &plan->document, "connection_test", value, &schedule->connection_tests.at[0]);
        } else if (m->date.len > 0) {
            value.value = m->date;
            add_change(cx, &plan->document, "start", value, &schedule->start);
            value.value = m->end_date.len > 0 ? m->end_date : m->date;
            if (m->end_date.len > 0 || str_eq(schedule->start.value, schedule->end.value))
                add_change(cx, &plan->document, "end", value, &schedule->end);
        }
    }
}

static void add_old_place(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct str place = read_trim(old);
    struct fold f = fold_make(&cx->arena, place);
    if (fold_starts_words(f.key, 0, "tai"))
        place = read_trim(fold_part(&f, 4, f.key.len));
    if (place.len > 0 && plan->points_len > 0)
        add_change(cx, &plan->document, "place", read_text(node, place), &plan->points[0].place);
}

static void add_old_count(struct ctx *cx, const struct outline_node *node, struct str old, struct reader_plan *plan)
{
    struct lex_counts counts = { .len = 0 };
    lex_find_counts(&cx->arena, old, &counts);
    for (size_t i = 0; i < counts.len; i++) {
        struct str word = fold_key(&cx->arena, counts.at[i].word);
        bool is_class = str_eq(word, STR("lop"));
        const struct reader_number *now = is_class ? &plan->classes : &plan->learners;
        struct reader_text new_value = { .value = now->is_given ? str_format(&cx->arena, "%lld", (long long)now->value) : STR(""), .span = now->span };
        struct reader_text old_value = read_value(node, counts.at[i].part, str_format(&cx->arena, "%lld", (long long)counts.at[i].value));
        add_change(cx, &plan->document, is_class ? "classes" : "learners", old_value, &new_value);
    }
}

/* ---- "lùi từ 8 giờ 00 ngày 26/10 sang 8 giờ 00 ngày 02/11", "từ trực tuyến chuyển thành trực tiếp" ---- */

static struct str mode_of(struct str key)
{
    bool is_online = fold_has_words(key, "truc tuyen"), is_present = fold_has_words(key, "truc tiep") || fold_has_words(key, "tap trung");
    return is_online && is_present ? STR("hybrid") : is_online ? STR("online") : is_present ? STR("in_person") : STR("");
}

/* What a moment of this sentence is: by the words in front of it. */
static const char *moment_what(struct str key)
{
    static const struct {
        const char *words, *what;
    } rows[] = { { "khai giang", "opening" }, { "khai mac", "opening" }, { "be giang", "closing" }, { "be mac", "closing" }, { "duong truyen", "connection_test" }, { "ket noi", "connection_test" },
                 { "han", "deadline" }, { "danh sach", "deadline" }, { "dang ky", "deadline" }, { "ket thuc", "end" } };
    for (size_t i = 0; i < LEN(rows); i++)
        if (fold_has_words(key, rows[i].words))
            return rows[i].what;
    return "start";
}

static bool find_first_figures(const struct fold *f, size_t from, size_t to, struct str *ret_part)
{
    while (from < to && f->shape.at[from] != '0')
        from++;
    size_t end = from;
    while (end < to && (f->shape.at[end] == '0' || (f->key.at[end] == '.' && end + 1 < to && f->shape.at[end + 1] == '0')))
        end++;
    *ret_part = fold_part(f, from, end);
    return end > from;
}

static struct reader_text figures_value(struct ctx *cx, const struct outline_node *node, struct str part)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    for (size_t i = 0; i < part.len; i++)
        if (part.at[i] != '.')
            buf_put_char(&out, part.at[i]);
    return read_value(node, part, buf_str(&out));
}

/* ---- any two states of one thing ---- */

static bool has_any(struct str key, const char *const *words, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (fold_has_words(key, words[i]))
            return true;
    return false;
}

/* Without the quotes, labels and small words around a state: "\"Địa điểm: Hội trường A\"" is "Hội trường A". */
static struct str bare_state(struct arena *arena, struct str text)
{
    static const char *const leads[] = { "tu", "sang", "thanh", "chuyen sang", "chuyen thanh", "tai", "dia diem", "dia diem to chuc", "ve", "den", "la", "dong chi", "giang vien", "bao cao vien" };
    for (bool more = true; more;) {
        more = false;
        text = read_trim(text);
        struct fold f = fold_make(arena, text);
        size_t from = 0, to = f.key.len;
        while (from < to && strchr("\" :,", f.key.at[from]))
            from++;
        while (to > from && strchr("\" ,", f.key.at[to - 1]))
            to--;
        for (size_t i = 0; i < LEN(leads) && from < to; i++) {
            if (!fold_starts_words(f.key, from, leads[i]) || from + strlen(leads[i]) >= to)
                continue;
            from += strlen(leads[i]);
            more = true;
            break;
        }
        text = fold_part(&f, from, to);
    }
    return text;
}

/* The new place is the class's, unless the text has told another. */
static void keep_place(struct ctx *cx, struct reader_plan *plan, const struct reader_text *place)
{
    if (plan->points_len == 0) {
        plan->points = read_grow(&cx->arena, plan->points, 0, sizeof *plan->points);
        plan->points[plan->points_len++] = (struct reader_point){ .level = { .value = STR("venue"), .span = place->span } };
    }
    plan->points[0].place = *place;
}

/* A place or a speaker that was and is; `about` is what the sentence and its heading say. */
static void add_named_pair(struct ctx *cx, const struct outline_node *node, struct str about, struct str was, struct str now, struct reader_plan *plan)
{
    static const char *const places[] = { "dia diem", "noi hoc", "noi to chuc", "hoi truong", "phong hop", "nha van hoa", "giang duong", "trung tam", "hoi truong", "tru so" };
    static const char *const speakers[] = { "giang vien", "bao cao vien", "nguoi trinh bay", "dien gia" };
    static const char *const topics[] = { "chuyen de", "ten bai" };
    struct reader_text old_value = read_text(node, bare_state(&cx->arena, was)), new_value = read_text(node, bare_state(&cx->arena, now));
    struct str both = str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(fold_key(&cx->arena, was)), STR_ARG(fold_key(&cx->arena, now)));
    if (old_value.value.len == 0 || new_value.value.len == 0)
        return;
    if (has_any(about, speakers, LEN(speakers)) || has_any(both, speakers, LEN(speakers))) {
        add_change(cx, &plan->document, "speaker", old_value, &new_value);
    } else if (has_any(about, places, LEN(places)) || has_any(both, places, LEN(places))) {
        keep_place(cx, plan, &new_value);
        add_change(cx, &plan->document, "place", old_value, &new_value);
    } else if (has_any(about, topics, LEN(topics))) {
        add_change(cx, &plan->document, "topic", old_value, &new_value);
    }
}

/* The first and, where the class had one, the last day. */
static void add_moment_pair(struct ctx *cx, const struct outline_node *node, const char *what, const struct lex_moment *was, const struct lex_moment *now, struct reader_plan *plan)
{
    bool is_class = strcmp(what, "start") == 0;
    struct reader_text old_value = read_value(node, was->part, is_class ? was->date : moment_value(&cx->arena, was->date, was->time));
    struct reader_text new_value = read_value(node, now->part, is_class ? now->date : moment_value(&cx->arena, now->date, now->time));
    add_change(cx, &plan->document, what, old_value, &new_value);
    if (!is_class)
        return;
    struct reader_schedule *schedule = &plan->schedule;
    struct reader_text new_end = new_value;
    old_value.value = was->end_date.len > 0 ? was->end_date : was->date;
    new_end.value = now->end_date.len > 0 ? now->end_date : now->date;
    schedule->start = new_value;
    schedule->end = new_end;
    if (was->end_date.len > 0 || now->end_date.len > 0)
        add_change(cx, &plan->document, "end", old_value, &new_end);
}

static void add_states(struct ctx *cx, const struct outline_node *node, struct str about, struct str was, struct str now, struct reader_plan *plan)
{
    struct str was_mode = mode_of(fold_key(&cx->arena, was)), now_mode = mode_of(fold_key(&cx->arena, now));
    struct lex_moments a = { .len = 0 }, b = { .len = 0 };
    struct lex_counts c = { .len = 0 }, d = { .len = 0 };
    lex_find_moments(&cx->arena, was, &a);
    lex_find_moments(&cx->arena, now, &b);
    lex_find_counts(&cx->arena, was, &c);
    lex_find_counts(&cx->arena, now, &d);
    if (was_mode.len > 0 && now_mode.len > 0) {
        plan->mode = read_value(node, now, now_mode);
        add_change(cx, &plan->document, "mode", read_value(node, was, was_mode), &plan->mode);
    } else if (a.len > 0 && b.len > 0 && a.at[0].date.len > 0 && b.at[0].date.len > 0) {
        add_moment_pair(cx, node, moment_what(about), &a.at[0], &b.at[0], plan);
    } else if (c.len > 0 && d.len > 0) {
        bool is_class = str_starts(fold_key(&cx->arena, d.at[0].word), STR("lop"));
        *(is_class ? &plan->classes : &plan->learners) = read_number(node, d.at[0].part, d.at[0].value);
        struct reader_text new_value = read_value(node, d.at[0].part, str_format(&cx->arena, "%lld", (long long)d.at[0].value));
        add_change(cx, &plan->document, is_class ? "classes" : "learners", read_value(node, c.at[0].part, str_format(&cx->arena, "%lld", (long long)c.at[0].value)), &new_value);
    } else {
        add_named_pair(cx, node, about, was, now, plan);
    }
}

/* What a node is about: its own words and those of the heading above. */
static struct str about_node(struct arena *arena, const struct outline_node *node, struct str front)
{
    const struct outline_node *above = outline_heading(node);
    return str_format(arena, STR_FMT " " STR_FMT, STR_ARG(front), STR_ARG(above ? fold_key(arena, above->title) : STR("")));
}

/* "\"ngày 12/3/2026\" thành \"ngày 19/3/2026\"", as often as the paragraph has it. */
static bool read_quoted(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct reader_plan *plan)
{
    static const char *const turns[] = { "thanh", "sua thanh", "bang", "duoc sua thanh", "nay sua thanh", "dieu chinh thanh", "nay la", "doc la", "doi thanh" };
    size_t known = plan->document.changes_len, from = 0;
    for (size_t open = 0; open < f->key.len; open++) {
        if (f->key.at[open] != '"')
            continue;
        size_t close = open + 1;
        while (close < f->key.len && f->key.at[close] != '"')
            close++;
        size_t next = close + 1;
        while (next < f->key.len && f->key.at[next] != '"')
            next++;
        struct str between = close < next && next < f->key.len ? str_trim(str_sub(f->key, close + 1, next - close - 1)) : STR("");
        bool turns_into = false;
        for (size_t i = 0; i < LEN(turns); i++)
            turns_into |= str_eq(between, str_from(turns[i]));
        size_t end = next + 1;
        while (end < f->key.len && f->key.at[end] != '"')
            end++;
        if (!turns_into) {
            open = close;
            continue;
        }
        struct str was = fold_part(f, open, close), now = fold_part(f, next, end < f->key.len ? end : f->key.len);
        struct str front = str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(str_sub(f->key, from, open - from)), STR_ARG(str_sub(f->key, open, close - open)));
        add_states(cx, node, about_node(&cx->arena, node, front), was, now, plan);
        from = open = end < f->key.len ? end : f->key.len - 1;
    }
    return plan->document.changes_len > known;
}

static size_t find_first(struct str key, size_t from, const char *const *words, size_t len, size_t *ret_end)
{
    size_t best = key.len;
    for (size_t i = 0; i < len; i++) {
        size_t at = fold_find_words(key, from, words[i]);
        if (at < best || (at == best && at < key.len && at + strlen(words[i]) > *ret_end)) {
            best = at;
            *ret_end = at + strlen(words[i]);
        }
    }
    return best;
}

/* A full stop behind "TS", "TP" is none. */
static bool is_stop(struct str key, size_t at)
{
    static const char *const short_forms[] = { "ts", "ths", "gs", "pgs", "tp", "cn", "bs" };
    size_t from = at;
    while (from > 0 && key.at[from - 1] >= 'a' && key.at[from - 1] <= 'z')
        from--;
    for (size_t i = 0; i < LEN(short_forms); i++)
        if (str_eq(str_sub(key, from, at - from), str_from(short_forms[i])))
            return false;
    return at + 1 >= key.len || key.at[at + 1] == ' ';
}

static size_t state_end(struct str key, size_t from)
{
    size_t end = from;
    while (end < key.len && key.at[end] != ';' && !(key.at[end] == '.' && is_stop(key, end)))
        end++;
    return end;
}

/* "Địa điểm cũ: A. Địa điểm mới: B", "Thời gian đã thông báo: ...; nay điều chỉnh: ...": in one node or in two that follow. */
static bool read_labelled(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct reader_plan *plan)
{
    static const char *const was_words[] = { "thoi gian cu:", "dia diem cu:", "hinh thuc cu:", "noi dung cu:", "giang vien cu:", "lich cu:", "thong tin cu:", "bao cao vien cu:", "da thong bao:", "truoc day:", "ban dau:", "theo ke hoach:", "da ban hanh:", "truoc day la:" };
    static const char *const now_words[] = { "thoi gian moi:", "dia diem moi:", "hinh thuc moi:", "noi dung moi:", "giang vien moi:", "lich moi:", "thong tin moi:", "bao cao vien moi:", "nay dieu chinh:", "nay dieu chinh thanh:", "nay thay doi:", "nay la:", "dieu chinh thanh:", "sua thanh:", "thay doi thanh:", "nay sua thanh:",
                                             "dieu chinh lai:", "nay chuyen sang:", "nay doi thanh:" };
    size_t was_end = 0, now_end = 0;
    size_t was = find_first(f->key, 0, was_words, LEN(was_words), &was_end);
    if (was == f->key.len && fold_has_words(f->key, "tai ke hoach") && !fold_has_words(f->key, "nay")) {
        size_t colon = str_find(f->key, STR(":"));
        was = colon < f->key.len ? colon : was;
        was_end = colon + 1;
    }
    if (was == f->key.len)
        return false;
    struct str about = about_node(&cx->arena, node, str_sub(f->key, 0, was_end));
    size_t now = find_first(f->key, was_end, now_words, LEN(now_words), &now_end);
    if (now < f->key.len) {
        add_states(cx, node, about, fold_part(f, was_end, state_end(f->key, was_end) < now ? state_end(f->key, was_end) : now), fold_part(f, now_end, state_end(f->key, now_end)), plan);
        return true;
    }
    struct fold next = fold_make(&cx->arena, node->next ? node->next->text : STR(""));
    now = find_first(next.key, 0, now_words, LEN(now_words), &now_end);
    if (now < next.key.len)
        add_states(cx, node->next, about, fold_part(f, was_end, state_end(f->key, was_end)), fold_part(&next, now_end, state_end(next.key, now_end)), plan);
    return now < next.key.len;
}

/* "Đồng chí A thay (cho) đồng chí B": who speaks instead of whom. */
static bool read_replaced_speaker(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct reader_plan *plan)
{
    size_t at = fold_find_words(f->key, 0, "thay cho"), skip = 9;
    if (at == f->key.len) {
        at = fold_find_words(f->key, 0, "thay dong chi");
        skip = 5;
    }
    struct str about = about_node(&cx->arena, node, f->key);
    if (at == f->key.len || (!fold_has_words(about, "giang vien") && !fold_has_words(about, "bao cao vien")))
        return false;
    size_t from = at;
    while (from > 0 && !strchr(":;", f->key.at[from - 1]))
        from--;
    size_t to = state_end(f->key, at + skip);
    while (to > at && strchr(") ", f->key.at[to - 1]))
        to--;
    size_t end = at;
    while (end > from && strchr("( ,", f->key.at[end - 1]))
        end--;
    struct reader_text new_value = read_text(node, fold_part(f, from, end));
    add_change(cx, &plan->document, "speaker", read_text(node, fold_part(f, at + skip, to)), &new_value);
    return true;
}

static void add_from_to(struct ctx *cx, const struct outline_node *node, const struct fold *f, size_t from, size_t turn, size_t to, struct reader_plan *plan)
{
    struct str was = fold_part(f, from, turn), now = fold_part(f, turn, to), front = str_sub(f->key, 0, from);
    struct str was_mode = mode_of(fold_key(&cx->arena, was)), now_mode = mode_of(fold_key(&cx->arena, now));
    struct lex_moments a = { .len = 0 }, b = { .len = 0 };
    lex_find_moments(&cx->arena, was, &a);
    lex_find_moments(&cx->arena, now, &b);
    struct str a_part = STR(""), b_part = STR("");
    if (was_mode.len > 0 && now_mode.len > 0) {
        struct reader_text new_value = read_value(node, now, now_mode);
        plan->mode = new_value;
        add_change(cx, &plan->document, "mode", read_value(node, was, was_mode), &new_value);
    } else if (a.len > 0 && b.len > 0 && a.at[0].date.len > 0 && b.at[0].date.len > 0) {
        add_moment_pair(cx, node, moment_what(front), &a.at[0], &b.at[0], plan);
    } else if (find_first_figures(f, from, turn, &a_part) && find_first_figures(f, turn, to, &b_part) && (fold_has_words(front, "hoc vien") || fold_has_words(front, "nguoi") || fold_has_words(front, "lop"))) {
        bool is_class = fold_has_words(front, "so lop") || !(fold_has_words(front, "hoc vien") || fold_has_words(front, "nguoi"));
        struct reader_text new_value = figures_value(cx, node, b_part);
        int64_t count = 0;
        if (str_to_i64(new_value.value, &count))
            *(is_class ? &plan->classes : &plan->learners) = read_number(node, b_part, count);
        add_change(cx, &plan->document, is_class ? "classes" : "learners", figures_value(cx, node, a_part), &new_value);
    } else {
        add_named_pair(cx, node, about_node(&cx->arena, node, front), was, now, plan);
    }
}

/* The word "thành", not the first of "thành phố", "thành viên" ... */
static size_t find_turn(struct str key, size_t from, const char *words)
{
    static const char *const others[] = { "thanh pho", "thanh uy", "thanh nien", "thanh tra", "thanh vien", "thanh phan", "thanh tich", "thanh lap", "con lai" };
    for (size_t at = fold_find_words(key, from, words); at < key.len; at = fold_find_words(key, at + 2, words)) {
        bool is_other = false;
        for (size_t i = 0; i < LEN(others); i++)
            is_other |= fold_starts_words(key, at, others[i]);
        if (!is_other)
            return at;
    }
    return key.len;
}

static void read_from_to(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct reader_plan *plan)
{
    static const char *const turns[] = { "chuyen thanh", "chuyen sang", "sang", "thanh", "xuong con", "con", "len" };
    size_t next[LEN(turns)] = { 0 }, end = 0; /* looked for again only when passed: a long line costs what it is long */
    for (size_t from = fold_find_words(f->key, 0, "tu"); from < f->key.len; from = fold_find_words(f->key, from + 2, "tu")) {
        size_t turn = f->key.len;
        end = end > from ? end : state_end(f->key, from);
        for (size_t i = 0; i < LEN(turns); i++) {
            if (next[i] <= from)
                next[i] = find_turn(f->key, from, turns[i]);
            turn = next[i] < turn ? next[i] : turn;
        }
        if (turn < end) {
            add_from_to(cx, node, f, from, turn, end, plan);
            return;
        }
    }
}

/* ---- a table of what was and what is ---- */

struct change_columns {
    int what, was, now; /* -1 none */
};

static struct change_columns find_change_columns(struct ctx *cx, const struct outline_node *table)
{
    static const char *const now_words[] = { "nay thay doi", "nay sua", "nay dieu chinh", "dieu chinh thanh", "sua thanh", "thay doi thanh", "noi dung moi", "noi dung sau", "nay la", "thay bang", "thong tin moi", "lich moi", "sau dieu chinh", "sau khi dieu chinh", "dieu chinh lai", "dinh chinh", "dieu chinh" };
    static const char *const was_words[] = { "theo", "truoc day", "da thong bao", "cu", "noi dung cu", "hien tai", "ban dau", "da ban hanh", "truoc dieu chinh", "truoc khi dieu chinh", "da in", "ke hoach" };
    struct change_columns columns = { -1, -1, -1 };
    const struct outline_node *head = table->first_child;
    for (const struct outline_node *cell = head ? head->first_child : NULL; cell; cell = cell->next) {
        struct str key = fold_key(&cx->arena, cell->text);
        bool is_what = columns.what < 0 && (fold_starts_words(key, 0, "noi dung dieu chinh") || fold_starts_words(key, 0, "noi dung thay doi"));
        if (is_what)
            columns.what = cell->column;
        else if (str_eq(key, STR("tt")) || str_eq(key, STR("stt")))
            continue;
        else if (columns.was < 0 && (fold_has_words(key, "truoc dieu chinh") || fold_has_words(key, "truoc khi dieu chinh")))
            columns.was = cell->column;
        else if (columns.now < 0 && (str_eq(key, STR("moi")) || str_eq(key, STR("nay"))))
            columns.now = cell->column; /* alone: "giấy mời", "kế hoạch này" sound alike without marks */
        else if (columns.now < 0 && has_any(key, now_words, LEN(now_words)))
            columns.now = cell->column;
        else if (columns.was < 0 && has_any(key, was_words, LEN(was_words)))
            columns.was = cell->column;
        else if (columns.what < 0)
            columns.what = cell->column;
    }
    return columns;
}

static const struct outline_node *cell_at(const struct outline_node *row, int column)
{
    for (const struct outline_node *cell = row->first_child; cell; cell = cell->next)
        if (cell->column == column)
            return cell;
    return NULL;
}

/* X(words of the row's head, what it is) */
static const struct {
    const char *words, *what;
} change_rows[] = { { "ngay bat dau", "start" }, { "bat dau", "start" }, { "ngay ket thuc", "end" }, { "ket thuc", "end" }, { "khai giang", "opening" }, { "khai mac", "opening" },
                    { "be giang", "closing" }, { "be mac", "closing" }, { "dia diem", "place" }, { "noi hoc", "place" }, { "noi to chuc", "place" }, { "hinh thuc", "mode" },
                    { "han", "deadline" }, { "thoi han", "deadline" }, { "so hoc vien", "learners" }, { "so luong hoc vien", "learners" }, { "so nguoi", "learners" }, { "so luong", "learners" },
                    { "so lop", "classes" }, { "giang vien", "speaker" }, { "bao cao vien", "speaker" }, { "chuyen de", "topic" }, { "duong truyen", "connection_test" }, { "thu duong truyen", "connection_test" },
                    { "kiem tra", "connection_test" }, { "thoi gian", "start" } };

static struct str what_of(struct str key)
{
    if (fold_starts_words(key, 0, "thoi gian") || fold_starts_words(key, 0, "ngay")) {
        const char *what = moment_what(key);
        return str_from(what);
    }
    for (size_t i = 0; i < LEN(change_rows); i++)
        if (fold_starts_words(key, 0, change_rows[i].words))
            return str_from(change_rows[i].what);
    return STR("other");
}

/* A cell in the schema's form: a date, a mode, a number, else its words. */
static struct reader_text change_value(struct ctx *cx, const struct outline_node *cell, struct str what)
{
    struct reader_text value = read_text(cell, cell->text);
    struct lex_moments moments = { .len = 0 };
    struct lex_counts counts = { .len = 0 };
    if (str_eq(what, STR("mode"))) {
        value.value = mode_of(fold_key(&cx->arena, cell->text));
    } else if (str_eq(what, STR("learners")) || str_eq(what, STR("classes"))) {
        lex_find_counts(&cx->arena, cell->text, &counts);
        if (counts.len > 0)
            value.value = str_format(&cx->arena, "%lld", (long long)counts.at[0].value);
    } else if (!str_eq(what, STR("place")) && !str_eq(what, STR("speaker")) && !str_eq(what, STR("topic")) && !str_eq(what, STR("other"))) {
        lex_find_moments(&cx->arena, cell->text, &moments);
        if (moments.len > 0 && moments.at[0].date.len > 0)
            value.value = moment_value(&cx->arena, moments.at[0].date, moments.at[0].time);
    }
    return value;
}

/* The new state goes where the schema keeps it, when the text has not said it elsewhere. */
static void keep_new_state(struct ctx *cx, struct str what, const struct reader_text *now, struct reader_plan *plan)
{
    struct reader_schedule *schedule = &plan->schedule;
    struct reader_text *fields[] = { &schedule->start, &schedule->end, &schedule->opening, &schedule->closing };
    static const char *const names[] = { "start", "end", "opening", "closing" };
    for (size_t i = 0; i < LEN(fields); i++)
        if (str_eq(what, str_from(names[i])) && fields[i]->value.len == 0)
            *fields[i] = *now;
    int64_t count = 0;
    if (str_eq(what, STR("mode")))
        plan->mode = *now;
    if ((str_eq(what, STR("learners")) || str_eq(what, STR("classes"))) && str_to_i64(now->value, &count))
        *(str_eq(what, STR("learners")) ? &plan->learners : &plan->classes) = (struct reader_number){ .is_given = true, .value = count, .max = count, .span = now->span };
    if (!str_eq(what, STR("place")) || plan->points_len > 0)
        return;
    plan->points = read_grow(&cx->arena, plan->points, 0, sizeof *plan->points);
    plan->points[plan->points_len++] = (struct reader_point){ .level = { .value = STR("venue"), .span = now->span }, .place = *now };
}

static void read_change_table(struct ctx *cx, const struct outline_node *table, struct reader_plan *plan)
{
    struct change_columns columns = find_change_columns(cx, table);
    if (columns.what < 0 || columns.was < 0 || columns.now < 0)
        return;
    for (const struct outline_node *row = table->first_child->next; row; row = row->next) {
        const struct outline_node *head = cell_at(row, columns.what), *was = cell_at(row, columns.was), *now = cell_at(row, columns.now);
        if (!head || !now)
            continue;
        struct str what = what_of(fold_key(&cx->arena, head->text));
        struct lex_moments a = { .len = 0 }, b = { .len = 0 };
        lex_find_moments(&cx->arena, was ? was->text : STR(""), &a);
        lex_find_moments(&cx->arena, now->text, &b);
        if (str_eq(what, STR("start")) && a.len > 0 && b.len > 0 && a.at[0].date.len > 0 && b.at[0].date.len > 0 && (a.at[0].end_date.len > 0 || b.at[0].end_date.len > 0)) {
            add_moment_pair(cx, now, "start", &a.at[0], &b.at[0], plan); /* a range has two ends */
            continue;
        }
        struct reader_text new_value = change_value(cx, now, what);
        struct reader_text old_value = was ? change_value(cx, was, what) : (struct reader_text){ .value = STR("") };
        keep_new_state(cx, what, &new_value, plan);
        for (size_t i = 0; i < LEN(change_rows); i++) {
            if (!str_eq(what, str_from(change_rows[i].what)))
                continue;
            add_change(cx, &plan->document, change_rows[i].what, old_value, &new_value);
            break;
        }
    }
}

/* ---- "từ 80 đồng chí thành 120 đồng chí", "bổ sung báo cáo viên ...: ..." ---- */

/* A pair of figures in one clause: what was before "thành" or "lên", what is behind it. */
static void read_pairs(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct reader_plan *plan)
{
    static const char *const turns[] = { "thanh", "len", "xuong con", "con" };
    struct lex_counts counts = { .len = 0 };
    lex_find_counts(&cx->arena, node->text, &counts);
    for (size_t i = 0; i + 1 < counts.len; i++) {
        const struct lex_count *was = &counts.at[i], *now = &counts.at[i + 1];
        size_t from = fold_index(f, was->part.at + was->part.len), to = fold_index(f, now->part.at);
        struct str between = str_sub(f->key, from, to > from ? to - from : 0);
        bool turns_into = false;
        for (size_t t = 0; t < LEN(turns); t++)
            turns_into |= fold_has_words(between, turns[t]);
        if (!turns_into || memchr(between.at, ';', between.len) || between.len > 20)
            continue;
        bool is_class = str_starts(fold_key(&cx->arena, now->word), STR("lop"));
        struct reader_number *total = is_class ? &plan->classes : &plan->learners;
        *total = read_number(node, now->part, now->value);
        struct reader_text new_value = read_value(node, now->part, str_format(&cx->arena, "%lld", (long long)now->value));
        struct reader_text old_value = read_value(node, was->part, str_format(&cx->arena, "%lld", (long long)was->value));
        add_change(cx, &plan->document, is_class ? "classes" : "learners", old_value, &new_value);
    }
}

/* "Bổ sung báo cáo viên chuyên đề 4: đồng chí ...": an addition has no old value. */
static void read_addition(struct ctx *cx, const struct outline_node *node, struct reader_plan *plan)
{
    static const struct {
        const char *words, *what;
    } additions[] = { { "bo sung 01 chuyen de", "topic" }, { "bo sung them chuyen de", "topic" }, { "bo sung them 01 chuyen de", "topic" }, { "bo sung bao cao vien", "speaker" }, { "bo sung giang vien", "speaker" }, { "thay bao cao vien", "speaker" }, { "bo sung chuyen de", "topic" },
                      { "bo sung diem cau", "place" }, { "bo sung dia diem", "place" } };
    struct fold f = fold_make(&cx->arena, node->text);
    struct str key = f.key;
    if (fold_starts_words(key, 0, "them chuyen de") || (fold_starts_words(key, 0, "bo sung chuyen de") && node->title.len == 0)) {
        size_t from = key.at[0] == 't' ? 15 : 18, to = from;
        while (to < key.len && !strchr(",;.(", key.at[to]) && !fold_starts_words(key, to, "do"))
            to++;
        struct reader_text value = read_text(node, fold_part(&f, from, to));
        add_change(cx, &plan->document, "topic", (struct reader_text){ .value = STR("") }, &value);
        return;
    }
    for (size_t i = 0; i < LEN(additions); i++) {
        if (!fold_starts_words(key, 0, additions[i].words) || node->title.len == 0 || node->body.len == 0)
            continue;
        struct reader_text value = read_text(node, node->body);
        add_change(cx, &plan->document, additions[i].what, (struct reader_text){ .value = STR("") }, &value);
        return;
    }
}

/* "lớp thứ nhất khai giảng ngày 16/11/2026 (trước đây là ngày 09/11/2026)": the day of the opening, when no hour is told. */
static void read_moved_day(struct ctx *cx, const struct outline_node *node, struct str old, const struct fold *f, size_t from, struct reader_plan *plan)
{
    struct lex_moments was = { .len = 0 }, now = { .len = 0 };
    lex_find_moments(&cx->arena, old, &was);
    lex_find_moments(&cx->arena, fold_part(f, 0, from), &now);
    if (was.len != 1 || now.len == 0 || was.at[0].date.len == 0 || was.at[0].end_date.len > 0)
        return;
    const struct lex_moment *last = &now.at[now.len - 1];
    struct reader_text new_value = read_value(node, last->part, moment_value(&cx->arena, last->date, last->time));
    struct reader_text old_value = read_value(node, was.at[0].part, moment_value(&cx->arena, was.at[0].date, was.at[0].time));
    add_change(cx, &plan->document, moment_what(f->key), old_value, &new_value);
}

/* "Hội trường học: Hội trường C (thay Hội trường A)": what is stands in front of what was. */
static void read_old_behind(struct ctx *cx, const struct outline_node *node, const struct fold *f, struct str old, size_t from, struct reader_plan *plan)
{
    size_t end = from;
    while (end > 0 && f->key.at[end] != '(' && !fold_starts_words(f->key, end, "thay"))
        end--;
    if (end > 0 && f->key.at[end - 1] == '(')
        end--;
    size_t begin = end;
    while (begin > 0 && !strchr(":;", f->key.at[begin - 1]))
        begin--;
    if (begin > 0 && end > begin)
        add_named_pair(cx, node, about_node(&cx->arena, node, str_sub(f->key, 0, begin)), old, fold_part(f, begin, end), plan);
}

void read_amends(struct ctx *cx, const struct outline *outline, struct reader_plan *plan)
{
    struct reader_head *head = &plan->document;
    const struct reader_reference *changed = find_changed(cx, outline, head);
    if (!changed)
        return;
    head->is_amending = true;
    head->amends_number = changed->number;
    head->amends_date = changed->date;
    for (const struct outline_node *node = outline->root; node; node = outline_next(outline->root, node)) {
        size_t from = 0, to = 0;
        if (node->kind == OUTLINE_TABLE)
            read_change_table(cx, node, plan);
        if (node->text.len == 0 || node->kind == OUTLINE_CELL)
            continue;
        struct fold f = fold_make(&cx->arena, node->text);
        size_t known = head->changes_len;
        if (read_quoted(cx, node, &f, plan) || read_labelled(cx, node, &f, plan) || read_replaced_speaker(cx, node, &f, plan))
            continue;
        read_pairs(cx, node, &f, plan);
        if (head->changes_len == known)
            read_from_to(cx, node, &f, plan);
        read_addition(cx, node, plan);
        if (!find_old(&f, &from, &to))
            continue;
        struct str old = fold_part(&f, from, to);
        size_t before = head->changes_len;
        const char *what = moment_what(f.key);
        if (strcmp(what, "deadline") == 0 || strcmp(what, "opening") == 0 || strcmp(what, "closing") == 0)
            read_moved_day(cx, node, old, &f, from, plan);
        if (head->changes_len > before || strcmp(what, "deadline") == 0)
            continue;
        if (node->topic == OUTLINE_TOPIC_PLACE)
            add_old_place(cx, node, old, plan);
        else if (node->topic == OUTLINE_TOPIC_NUMBERS)
            add_old_count(cx, node, old, plan);
        else
            add_old_times(cx, node, old, plan);
        if (head->changes_len == before && fold_has_words(f.key, "khai giang"))
            read_moved_day(cx, node, old, &f, from, plan);
        if (head->changes_len == before)
            read_old_behind(cx, node, &f, old, from, plan);
    }
}
