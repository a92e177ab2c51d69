#include "reader/lex.h"

#include "reader/lex_atom.h"

/*
 * How the pieces of a time expression make a moment, in the order of the rules:
 *   1. A time, a day of the week and a date stand side by side in any order, with only small words
 * between: "8h00, thứ Bảy, ngày 23/5/2026" (664-KH/HVCTQG), "08 giờ 00, ngày 23/5/2026 (thứ Bảy)"
 * (GM-QN).
 *   2. Two such points with "đến" or a dash between are a range: "từ ngày 22/11/2025 đến ngày
 * 23/11/2025 (Thứ Bảy, Chủ nhật)" (09-KH/TU); with "và" or a comma a list, of which days that
 * follow each other make one.
 *   3. What a date lacks it takes from its neighbour in the range or list.
 *   4. What only looks like a date ("1/2", "9 giờ" of work) is dropped unless a neighbour speaks
 * for it.
 */

struct point {
    const struct lex_atom *time, *weekday, *end_weekday;
    struct lex_atom *date;
    size_t from, to;
    struct str half_day;
};

enum link { LINK_NONE, LINK_RANGE, LINK_LIST };

struct reading {
    struct arena *arena;
    struct lex_words words;
    struct lex_atoms atoms;
    struct point *points;
    enum link *links; /* from a point to the next */
    size_t points_len;
};

/* True when only these small words stand in [from, to), and few of them. */
static bool gap_has_only(const struct lex_words *words, size_t from, size_t to, const char *fillers)
{
    enum { GAP_MAX = 6 };
    if (to - from > GAP_MAX)
        return false;
    while (from < to) {
        size_t len = lex_match(words, from, fillers);
        if (len == 0)
            return false;
        from += len;
    }
    return from == to;
}

static const char before_date[] =
    ", ngày|ngày|,|(|vào|của|là|trong|sáng|chiều|tối|buổi sáng|buổi chiều|buổi tối|hôm";
static const char before_weekday[] = ",|(|ngày|vào|sáng|chiều|tối|-|–";
static const char before_time[] =
    ",|(|)|:|vào lúc|vào|lúc|hồi|từ lúc|bắt đầu từ|bắt đầu lúc|bắt đầu|từ|-|–";

/* Atom `n` leads on to a date or weekday of its own: "..., 8h00 ngày 23/5". */
static bool leads_to_date(const struct reading *r, size_t n)
{
    if (n + 1 >= r->atoms.len || r->atoms.at[n + 1].kind == LEX_ATOM_TIME)
        return false;
    const struct lex_atom *next = &r->atoms.at[n + 1];
    return gap_has_only(&r->words, r->atoms.at[n].to, next->from,
                        next->kind == LEX_ATOM_DATE ? before_date : before_weekday);
}

static bool attach_weekday(const struct reading *r, struct point *p, size_t n)
{
    const struct lex_atom *atom = &r->atoms.at[n];
    bool is_bracketed = lex_search(&r->words, p->to, atom->from, "(") < atom->from;
    if (p->weekday != NULL && p->end_weekday == NULL && p->weekday == &r->atoms.at[n - 1] &&
        gap_has_only(&r->words, p->to, atom->from, ",|và|-|–|đến|&") &&
        !(p->date != NULL && leads_to_date(r, n))) {
        p->end_weekday = atom;
        return true;
    }
    if (p->weekday != NULL || !gap_has_only(&r->words, p->to, atom->from, before_weekday))
        return false;
    if (p->date != NULL && !is_bracketed && leads_to_date(r, n))
        return false;
    p->weekday = atom;
    return true;
}

static bool attach(const struct reading *r, struct point *p, size_t n)
{
    struct lex_atom *atom = &r->atoms.at[n];
    switch (atom->kind) {
    case LEX_ATOM_WEEKDAY:
        if (!attach_weekday(r, p, n))
            return false;
        break;
    case LEX_ATOM_TIME:
        if (p->time != NULL || !gap_has_only(&r->words, p->to, atom->from, before_time) ||
            (p->date != NULL && leads_to_date(r, n)))
            return false;
        p->time = atom;
        break;
    case LEX_ATOM_DATE:
        if (p->date != NULL || !gap_has_only(&r->words, p->to, atom->from, before_date))
            return false;
        p->date = atom;
        break;
    }
    p->to = atom->to;
    return true;
}

/* "sáng", "chiều", "tối" of a point: before its date, or behind or before its time. */
static struct str find_half_day(const struct lex_words *words, const struct point *p)
{
    size_t from = p->from - lex_match_back(words, p->from, "ngày|từ|lúc|từ lúc");
    from -= lex_match_back(words, from, "sáng|chiều|tối");
    size_t at = lex_search(words, from, p->to, "sáng|chiều|tối");
    return at < p->to ? words->at[at].key : STR("");
}

static void find_points(struct reading *r)
{
    r->points = ARENA_NEW_ARRAY(r->arena, struct point, r->atoms.len + 1);
    r->links = ARENA_NEW_ARRAY(r->arena, enum link, r->atoms.len + 1);
    for (size_t n = 0; n < r->atoms.len; n++) {
        if (r->points_len > 0 && attach(r, &r->points[r->points_len - 1], n))
            continue;
        struct lex_atom *atom = &r->atoms.at[n];
        struct point *p = &r->points[r->points_len++];
        *p = (struct point){ .from = atom->from, .to = atom->to };
        p->time = atom->kind == LEX_ATOM_TIME ? atom : NULL;
        p->weekday = atom->kind == LEX_ATOM_WEEKDAY ? atom : NULL;
        p->date = atom->kind == LEX_ATOM_DATE ? atom : NULL;
    }
    for (size_t n = 0; n < r->points_len; n++)
        r->points[n].half_day = find_half_day(&r->words, &r->points[n]);
}

static bool is_single(const struct point *p)
{
    return p->date != NULL && p->date->dates_len == 1;
}

static enum link link_of(const struct reading *r, const struct point *p, const struct point *q)
{
    static const char behind_linking[] = "hết|ngày|năm|tháng|lúc|khoảng|hết ngày|sáng|chiều|tối";
    size_t at = p->to;
    at += lex_match(&r->words, at, ") ,|)|,");
    size_t range = lex_match(&r->words, at,
                             "cho đến hết|cho đến|kéo dài đến|kết thúc vào|đến hết|đến|tới|-|–|—");
    size_t list = range > 0 ? 0 : lex_match(&r->words, at, "và");
    bool is_comma = range == 0 && list == 0 && at > p->to && lex_match_back(&r->words, at, ",") > 0;
    at += range + list;
    if (at > q->from || !gap_has_only(&r->words, at, q->from, behind_linking))
        return LINK_NONE;
    if (range > 0 && q->date == NULL)
        return p->date != NULL && p->time != NULL && p->time->end_minutes < 0 && q->time != NULL
                   ? LINK_RANGE
                   : LINK_NONE;
    if (p->date == NULL || q->date == NULL)
        return LINK_NONE;
    if (range > 0)
        return is_single(p) && is_single(q) ? LINK_RANGE : LINK_NONE;
    struct lex_date a = p->date->dates[p->date->dates_len - 1].to;
    struct lex_date b = q->date->dates[0].from;
    bool is_same_sort = (a.day > 0) == (b.day > 0) && (a.month > 0) == (b.month > 0) &&
                        (a.quarter > 0) == (b.quarter > 0);
    if (!is_same_sort || p->time != NULL || q->time != NULL)
        return LINK_NONE;
    return list > 0 || (is_comma && a.year == 0) ? LINK_LIST : LINK_NONE;
}

static void borrow_all(struct lex_atom *date, struct lex_date neighbour, bool is_after)
{
    for (size_t n = 0; n < date->dates_len; n++) {
        lex_date_borrow(&date->dates[n].from, neighbour, is_after);
        lex_date_borrow(&date->dates[n].to, neighbour, is_after);
    }
}

static void link_points(struct reading *r)
{
    for (size_t n = 0; n + 1 < r->points_len; n++)
        r->links[n] = link_of(r, &r->points[n], &r->points[n + 1]);
    for (size_t n = r->points_len; n-- > 1;)
        if (r->links[n - 1] != LINK_NONE && r->points[n].date != NULL)
            borrow_all(r->points[n - 1].date, r->points[n].date->dates[0].from, true);
    for (size_t n = 0; n + 1 < r->points_len; n++)
        if (r->links[n] != LINK_NONE && r->points[n + 1].date != NULL)
            borrow_all(r->points[n + 1].date, r->points[n].date->dates[0].from, false);
}

/* ---- moments ---- */

static struct str minutes_format(struct arena *arena, int minutes)
{
    return minutes < 0 ? STR("") : str_format(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

static bool is_spoken_for(const struct reading *r, size_t n)
{
    const struct point *p = &r->points[n];
    bool is_linked = (n > 0 && r->links[n - 1] != LINK_NONE) || r->links[n] != LINK_NONE;
    if (p->date == NULL)
        return p->time != NULL && !p->time->is_weak;
    return !p->date->is_weak || p->weekday != NULL || is_linked ||
           (p->time != NULL && !p->time->is_weak);
}

static struct str words_of(const struct reading *r, const struct lex_atom *atom)
{
    return atom == NULL ? STR("") : lex_words_text(&r->words, atom->from, atom->to);
}

static void add_moment(const struct reading *r, struct lex_moments *list, const struct point *p,
                       const struct point *q, const struct lex_dates *dates, bool is_list)
{
    struct lex_date from = dates != NULL ? dates->from : (struct lex_date){ 0 };
    struct lex_date to = q != p && is_single(q) ? q->date->dates[0].to
                         : dates != NULL        ? dates->to
                                                : from;
    if (dates != NULL && (!lex_date_is_complete(from) || !lex_date_is_complete(to)))
        return;
    bool is_range = dates != NULL && lex_date_compare(from, to) != 0;
    const struct lex_atom *weekday = p->weekday;
    const struct lex_atom *end_weekday = q != p && q->weekday != NULL ? q->weekday : p->end_weekday;
    if (q->end_weekday !=
        NULL) { /* "từ ngày 22 đến ngày 23/11/2025 (Thứ Bảy, Chủ nhật)": both behind the range */
        weekday = q->weekday;
        end_weekday = q->end_weekday;
    }
    size_t first = p->from - lex_match_back(&r->words, p->from, "ngày|năm");
    int end_minutes = q != p && q->time != NULL ? q->time->minutes
                      : p->time != NULL         ? p->time->end_minutes
                                                : -1;
    list->at[list->len++] = (struct lex_moment){
        .part = lex_words_text(&r->words, first, q->to),
        .date = dates != NULL ? lex_date_format(r->arena, from) : STR(""),
        .end_date = is_range ? lex_date_format(r->arena, to) : STR(""),
        .time = minutes_format(r->arena, p->time != NULL ? p->time->minutes : -1),
        .end_time = minutes_format(r->arena, end_minutes),
        .weekday = words_of(r, weekday),
        .end_weekday = words_of(r, end_weekday),
        .half_day = p->half_day,
        .is_list = is_list,
        .is_yearly = p->date != NULL && p->date->is_yearly,
    };
}

/* Two days in a row, each with its own weekday, are one list like "23 và 24/5". */
static bool are_days_in_a_row(const struct point *p, const struct point *q)
{
    return is_single(p) && is_single(q) && p->time == NULL && q->time == NULL &&
           lex_date_is_next(p->date->dates[0].to, q->date->dates[0].from);
}

static size_t put_point(const struct reading *r, struct lex_moments *list, size_t n)
{
    const struct point *p = &r->points[n];
    const struct point *q = n + 1 < r->points_len ? p + 1 : NULL;
    if (!is_spoken_for(r, n))
        return n + 1;
    if (p->date == NULL) {
        add_moment(r, list, p, p, NULL, false);
        return n + 1;
    }
    if (q != NULL && r->links[n] == LINK_RANGE) {
        add_moment(r, list, p, q, &p->date->dates[0], false);
        return n + 2;
    }
    bool is_listed = r->links[n] == LINK_LIST || (n > 0 && r->links[n - 1] == LINK_LIST);
    bool is_chain_end = n + 2 >= r->points_len || r->links[n + 1] != LINK_LIST;
    if (q != NULL && r->links[n] == LINK_LIST && is_chain_end &&
        !(n > 0 && r->links[n - 1] == LINK_LIST) && are_days_in_a_row(p, q)) {
        add_moment(r, list, p, q, &p->date->dates[0], true);
        return n + 2;
    }
    for (size_t k = 0; k < p->date->dates_len; k++)
        add_moment(r, list, p, p, &p->date->dates[k],
                   is_listed || p->date->dates_len > 1 || p->date->dates[k].is_list);
    return n + 1;
}

void lex_moments_of(struct arena *arena, const struct lex_words *words, struct lex_moments *ret_list)
{
    struct reading r = { .arena = arena, .words = *words };
    r.atoms = lex_find_atoms(arena, &r.words);
    find_points(&r);
    link_points(&r);
    size_t room = 1;
    for (size_t n = 0; n < r.points_len; n++)
        room += r.points[n].date != NULL ? r.points[n].date->dates_len + 1 : 1;
    struct lex_moments list = { ARENA_NEW_ARRAY(arena, struct lex_moment, room), 0 };
    for (size_t n = 0; n < r.points_len;)
        n = put_point(&r, &list, n);
    *ret_list = list;
}

void lex_find_moments(struct arena *arena, struct str text, struct lex_moments *ret_list)
{
    struct lex_words words = lex_cut_words(arena, text);
    lex_moments_of(arena, &words, ret_list);
}

int lex_weekday(struct arena *arena, struct str text)
{
    struct lex_words words = lex_cut_words(arena, text);
    struct lex_atom atom = { 0 };
    return lex_read_weekday(&words, 0, &atom) ? atom.weekday : -1;
}

struct str lex_complete_date(struct arena *arena, struct str date, struct str year)
{
    if (!str_starts(date, STR("--")) || year.len != 4)
        return str_starts(date, STR("--")) ? STR("") : date;
    return str_format(arena, STR_FMT STR_FMT, STR_ARG(year), STR_ARG(str_sub(date, 1, date.len)));
}
