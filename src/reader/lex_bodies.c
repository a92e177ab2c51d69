#include "reader/bodies.h"

static bool is_key(const struct words *words, size_t i, const char *key)
{
    return i < words->len && str_eq(words->at[i].key, str_from(key));
}

static bool is_letters(const struct words *words, size_t i)
{
    return i < words->len && !words->at[i].is_mark && !words->at[i].is_number;
}

static bool is_verb(const struct words *words, size_t i, bool weak_too)
{
    struct str value = STR("");
    if (!is_letters(words, i) || words->at[i].is_capital)
        return false;
    return words_in(words, i, &vocabulary_verbs, &value) > 0 && (weak_too || value.len == 0);
}

/* "các", "mỗi" ... in front of a body. */
static size_t skip_quantity(const struct words *words, size_t i)
{
    return i + words_say(words, i,
                   "tất cả các|toàn thể các|toàn bộ các|các|những|mỗi|từng|một số|toàn thể|tập thể|riêng|đồng chí|các đồng chí");
}

/* Words that may name a body: a whole name or a kind. */
static size_t longest_body(const struct words *words, size_t i)
{
    size_t whole = words_in(words, i, &vocabulary_bodies, NULL), head = words_in(words, i, &vocabulary_heads, NULL);
    return whole > head ? whole : head;
}

static bool begins_body(const struct words *words, size_t from)
{
    size_t i = skip_quantity(words, from);
    if (i == from && words_in(words, i, &vocabulary_verbs, NULL) >= longest_body(words, i))
        return words_in(words, i, &vocabulary_posts, NULL) > 0;
    return words_in(words, i, &vocabulary_bodies, NULL) + words_in(words, i, &vocabulary_heads, NULL) +
               words_in(words, i, &vocabulary_posts, NULL) >
           0;
}

/* A body of its own inside a name: "Ban Xây dựng Đoàn" has none, "Phòng Tổng hợp Văn phòng Tỉnh ủy" has one. */
static bool begins_other_body(const struct words *words, size_t i)
{
    bool is_word = longest_body(words, i) == 1 && !words_in(words, i, &vocabulary_posts, NULL);
    bool has_name = is_letters(words, i + 1) && words->at[i + 1].is_capital;
    return begins_body(words, i) && (!is_word || has_name);
}

/*
 * The words of a name of its own behind a kind of body: it begins with a capital and goes on over small letters until a
 * verb, another body or a mark; "và" and '-' join when a capital follows ("Cục Văn thư và Lưu trữ nhà nước").
 */
static size_t end_own_name(const struct words *words, size_t from)
{
    enum { NAME_WORDS_MAX = 14 };
    size_t i = from;
    if (!is_letters(words, i) || !words->at[i].is_capital)
        return from;
    while (i < words->len && i - from < NAME_WORDS_MAX) {
        const struct word *word = &words->at[i];
        bool is_link = str_eq(word->key, STR("và")) || str_eq(word->key, STR("-"));
        if (is_link) {
            if (!is_letters(words, i + 1) || !words->at[i + 1].is_capital || begins_body(words, i + 1))
                break;
        } else if (!is_letters(words, i) || is_verb(words, i, false)) {
            break;
        } else if (i > from && !word->is_upper &&
                   (words_say(words, i, "các|những|của|thuộc|trực thuộc|cùng|với|tỉnh|thành phố|xã|phường|cấp|và") ||
                    (word->is_capital && begins_other_body(words, i)))) {
            break;
        }
        i++;
    }
    return i;
}

/* "tỉnh Quảng Ngãi", "phường Lê Chân": the name of a place behind its kind; up to four capitals. */
static size_t end_place_name(const struct words *words, size_t from)
{
    enum { PLACE_WORDS_MAX = 4 };
    size_t i = from + words_in(words, from, &vocabulary_provinces, NULL);
    if (i > from)
        return i;
    while (i - from < PLACE_WORDS_MAX && is_letters(words, i) && words->at[i].is_capital && !begins_body(words, i))
        i++;
    return i;
}

/* What belongs to the body before `from`: level, place, whose it is. */
static size_t end_scope(const struct words *words, size_t from)
{
    size_t i = from;
    for (size_t last = words->len + 1; i != last;) {
        last = i;
        if (i > 0 && words_say(words, i - 1, "tỉnh|phố|xã|phường|khu|quận|huyện"))
            i = end_place_name(words, i);
        if (words_say(words, i,
                "tỉnh ủy|thành ủy|đảng ủy|ubnd|ủy ban nhân dân|hđnd|hội đồng nhân dân|mttq|ủy ban mttq|mặt trận|trung ương|đảng bộ|"
                "ủy ban mặt trận|các cơ quan|cấp ủy|sở|ban tổ chức|các tỉnh ủy|các thành ủy|các đảng ủy|các chi bộ|bộ|học viện|liên đoàn lao động|hội nông dân|hội liên hiệp phụ nữ|tỉnh đoàn|thành đoàn|hội cựu chiến binh|đoàn xã|đoàn phường|đoàn thanh niên|hội chữ thập đỏ|hội người cao tuổi"))
            i = bodies_one(words, i);
        i += words_in(words, i, &vocabulary_scopes, NULL);
        if (i > last)
            continue;
        i += words_in(words, i, &vocabulary_provinces, NULL);
        if (is_key(words, i, "(") && is_letters(words, i + 1) && words->at[i + 1].is_upper && is_key(words, i + 2, ")"))
            i += 3; /* "Ủy ban nhân dân (UBND) tỉnh" */
        if (words_say(words, i, "khu vực|miền|vùng") && i + 1 < words->len) {
            size_t name = i + words_say(words, i, "khu vực|miền|vùng");
            i = end_own_name(words, name) > name ? end_own_name(words, name) : i;
        }
        /* "Văn phòng Trung ương Hội", "Ban Giám hiệu Trường" */
        if (i > 0 && words_say(words, i, "hội|trường|đoàn|sở|học viện|bộ|tổng hội") && words->at[i].is_capital && i + 1 < words->len &&
            (words->at[i + 1].is_mark || is_verb(words, i + 1, false)))
            i += words_say(words, i, "hội|trường|đoàn|sở|học viện|bộ|tổng hội");
        size_t of = words_say(words, i, "của|thuộc|trực thuộc");
        if (of > 0) {
            size_t end = bodies_one(words, i + of);
            size_t scope = i + of + words_in(words, i + of, &vocabulary_scopes, NULL);
            i = end > i + of ? end : scope > i + of ? scope : i;
        }
    }
    return i;
}

size_t bodies_one(const struct words *words, size_t from)
{
    size_t start = skip_quantity(words, from), end = from;
    if (start == from && words_in(words, from, &vocabulary_verbs, NULL) >= longest_body(words, from) &&
        longest_body(words, from) > 0)
        return from; /* "Tổ chức lớp học", "Báo cáo kết quả" */
    size_t whole = words_in(words, from, &vocabulary_bodies, NULL);
    size_t bare = words_in(words, start, &vocabulary_bodies, NULL);
    size_t head = words_in(words, start, &vocabulary_heads, NULL);
    size_t post = words_in(words, start, &vocabulary_posts, NULL);
    size_t people = words_in(words, start, &vocabulary_people, NULL), many = words_in(words, from, &vocabulary_people, NULL);
    if (whole > 0 || bare > 0)
        end = from + whole > start + bare ? from + whole : start + bare;
    if (head > 0 && start + head >= end) {
        size_t named = end_own_name(words, start + head);
        if (head > 1 && end_own_name(words, start + 1) > named)
            named = end_own_name(words, start + 1); /* "Ban Quản lý đào tạo" */
        end = named > start + head || start + head > end ? named : end;
    } else if (end > from && is_letters(words, end) && words->at[end].is_capital &&
               words_say(words, from, "trường|học viện|trung tâm") && !begins_body(words, end)) {
        end = end_own_name(words, end); /* "Trường Chính trị Tô Hiệu" */
    }
    if (post > 0 && start + post > end) {
        size_t body = bodies_one(words, start + post);
        end = body > start + post ? body : end_scope(words, start + post);
    }
    if (people > 0 && start + people > end)
        end = start + people;
    end = many > 0 && from + many > end ? from + many : end; /* "các đồng chí" */
    return end > from ? end_scope(words, end) : from;
}

static size_t skip_link(const struct words *words, size_t i)
{
    return words_say(words, i, ", và|; và|, cùng|và|cùng với|cùng|,|;|&");
}

size_t bodies_list(const struct words *words, size_t from)
{
    size_t end = bodies_one(words, from);
    while (end > from) {
        size_t link = skip_link(words, end);
        size_t next = link > 0 ? bodies_one(words, end + link) : end;
        if (link == 0 || next == end + link)
            break;
        end = next;
    }
    return end;
}

static void add_part(struct lex_parts *parts, const struct words *words, size_t from, size_t to)
{
    from += words_say(words, from, "và|cùng với|cùng|với");
    while (to > from && words_say(words, to - 1, ",|;|.|và|:"))
        to--;
    if (to > from)
        parts->at[parts->len++] = words_part(words, from, to);
}

struct lex_parts bodies_split(struct arena *arena, const struct words *words, size_t from, size_t to)
{
    struct lex_parts parts = { .at = ARENA_NEW_ARRAY(arena, struct str, to - from + 1) };
    size_t start = from;
    for (size_t i = from; i < to;) {
        size_t end = i == start ? bodies_one(words, i) : i;
        if (is_key(words, i, "(")) {
            i = words_skip_bracket(words, i);
            continue;
        }
        i = end > i ? end : i;
        size_t link = i < to ? skip_link(words, i) : 0;
        if (link > 0 && (is_key(words, i, ";") || begins_body(words, i + link) ||
                            words_in(words, i + link, &vocabulary_people, NULL) > 0)) {
            add_part(&parts, words, start, i);
            i += link;
            start = i;
        } else if (end == i || end <= start) {
            i++;
        }
    }
    add_part(&parts, words, start, to);
    return parts;
}

size_t bodies_back(const struct words *words, size_t to)
{
    size_t least = to > BODIES_BACK_MAX ? to - BODIES_BACK_MAX : 0;
    for (size_t i = least; i < to; i++)
        if (bodies_one(words, i) == to && (i == 0 || !is_letters(words, i - 1) || !words->at[i].is_capital ||
                                              !words->at[i - 1].is_capital))
            return i;
    return to;
}

/* "đồng chí", "PGS.TS.", "Đại tá": returns the index behind them. */
static size_t skip_honorifics(const struct words *words, size_t from)
{
    size_t i = from;
    for (size_t len = 1; len > 0;) {
        len = words_in(words, i, &vocabulary_honorifics, NULL);
        i += len;
        if (len > 0)
            i += words_say(words, i, ".|,") && is_letters(words, i + 1) ? 1 : 0;
    }
    return i;
}

size_t bodies_person(const struct words *words, size_t from, size_t *ret_name)
{
    enum { NAME_WORDS_MIN = 2, NAME_WORDS_MAX = 6 };
    size_t start = skip_honorifics(words, from), i = start;
    bool is_known = words_in(words, start, &vocabulary_surnames, NULL) > 0;
    if ((!is_known && start == from) || words_in(words, start, &vocabulary_bodies, NULL) > 0 ||
        words_in(words, start, &vocabulary_posts, NULL) > 1)
        return from;
    while (i < words->len && i - start < NAME_WORDS_MAX) {
        const struct word *word = &words->at[i];
        bool is_mark_inside = i > start && word->is_glued && words_say(words, i, "'|’|-") && is_letters(words, i + 1);
        if (!is_mark_inside && (!is_letters(words, i) || !word->is_capital))
            break;
        if (i - start >= NAME_WORDS_MIN && (words_in(words, i, &vocabulary_posts, NULL) > 0 || begins_other_body(words, i)))
            break;
        i++;
    }
    if (i - start < NAME_WORDS_MIN || (!is_known && words_in(words, start, &vocabulary_heads, NULL) > 0))
        return from;
    *ret_name = start;
    return i;
}

void lex_split_bodies(struct arena *arena, struct str text, struct lex_parts *ret_list)
{
    struct words words = words_of(arena, text);
    *ret_list = bodies_split(arena, &words, 0, words.len);
}

struct str lex_body_prefix(struct arena *arena, struct str text)
{
    struct words words = words_of(arena, text);
    return words_part(&words, 0, bodies_one(&words, 0));
}

struct str lex_person_prefix(struct arena *arena, struct str text)
{
    struct words words = words_of(arena, text);
    size_t name = 0, end = bodies_person(&words, 0, &name);
    return words_part(&words, name, end);
}
