#include "person/person.h"

#include "person/person_seal.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* clang-format off */
#define PERSON_COLUMNS                                                                                 \
    "p.id, p.unit_id, u.full_name, p.family, p.middle, p.given, p.full_name, p.birth_day IS NULL, "    \
    "COALESCE(p.birth_day, 0), p.sex, p.phone, p.mail, p.citizen_tail, COALESCE(p.erased_at, 0), "     \
    "COALESCE((SELECT t.title FROM post t WHERE t.person_id = p.id AND t.from_day <= $1 AND t.to_day > $1 " \
    "ORDER BY t.from_day, t.id LIMIT 1), '')"
/* clang-format on */

static struct person person_from_row(struct rows *row)
{
    struct person p = { .id = rows_i64(row) };
    p.unit_id = rows_i64(row);
    p.unit_name = rows_str(row);
    p.family = rows_str(row);
    p.middle = rows_str(row);
    p.given = rows_str(row);
    p.full_name = rows_str(row);
    bool has_no_birth_day = rows_i64(row) != 0;
    p.birth_day = (int32_t)rows_i64(row);
    if (has_no_birth_day)
        p.birth_day = DAY_NONE;
    p.sex = rows_str(row);
    p.phone = rows_str(row);
    p.mail = rows_str(row);
    p.citizen_tail = rows_str(row);
    p.erased_at = rows_i64(row);
    p.title = rows_str(row);
    return p;
}

static enum err read_one(struct ctx *cx, struct rows rows, struct person *ret_person)
{
    struct person found = { .id = 0 };
    if (rows_next(&rows))
        found = person_from_row(&rows);
    TRY(rows_end(&rows));
    if (found.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy hồ sơ cán bộ này");
    *ret_person = found;
    return OK;
}

enum err person_find(struct ctx *cx, int64_t id, struct person *ret_person)
{
    SQL(find_person,
        "SELECT " PERSON_COLUMNS " FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.id = $2");

    return read_one(cx, db_rows(cx, &find_person, BIND(V(day_from_instant(cx->now)), V(id))),
                    ret_person);
}

enum err person_get(struct ctx *cx, int64_t id, struct person *ret_person)
{
    SQL(get_person, "SELECT " PERSON_COLUMNS
                    " FROM person p JOIN unit u ON u.id = p.unit_id"
                    " WHERE p.id = $2 AND u.path >= $3 AND u.path < $4");

    const struct scope *scope = &cx->actor->scope;
    return read_one(
        cx,
        db_rows(cx, &get_person,
                BIND(V(day_from_instant(cx->now)), V(id), V(scope->path_lo), V(scope->path_hi))),
        ret_person);
}

/* ---- Lists ---- */

enum { NAME_WORDS_MAX = 4 };

/* What a query comes down to: two ranges of paths that both hold, and one pattern a word. */
struct filter {
    struct scope within;
    struct str words[NAME_WORDS_MAX];
    struct str title;
    struct str rare_lo, rare_hi; /* of a search nationwide: the range of its rarest word */
    int64_t rare;                /* how many that are; 0 when no word was given */
    double share;                /* of all people who have every word, were words chosen by chance */
    bool is_one_word;
    bool has_words;
    bool is_nationwide;
    int32_t today;
    int64_t limit, offset;
};

/* clang-format off */
#define PERSON_FILTER                                                                                  \
    " u.path >= $2 AND u.path < $3 AND u.path >= $4 AND u.path < $5 AND p.erased_at IS NULL"           \
    " AND p.fold LIKE $6 ESCAPE '\\' AND p.fold LIKE $7 ESCAPE '\\' AND p.fold LIKE $8 ESCAPE '\\'"    \
    " AND p.fold LIKE $9 ESCAPE '\\' AND ($10 = '%' OR EXISTS (SELECT 1 FROM post t"                   \
    " WHERE t.person_id = p.id AND t.from_day <= $1 AND t.to_day > $1 AND t.fold LIKE $10 ESCAPE '\\'))"
#define PERSON_FILTER_BIND(filter, scope)                                                              \
    V((filter)->today), V((scope)->path_lo), V((scope)->path_hi), V((filter)->within.path_lo),         \
        V((filter)->within.path_hi), V((filter)->words[0]), V((filter)->words[1]),                     \
        V((filter)->words[2]), V((filter)->words[3]), V((filter)->title)
/* clang-format on */

/* How many people have a word that begins so; beyond a limit it is common, however many there are. */
static enum err find_rarest(struct ctx *cx, struct str words, struct filter *filter)
{
    enum { COMMON = 30000 };
    SQL(count_word, "/*scan*/ SELECT COUNT(*) FROM (SELECT 1 FROM person_word WHERE word >= $1 AND word < $2 LIMIT $3) found");
    SQL(count_everybody, "SELECT COALESCE(SUM(c.value), 0) FROM unit u JOIN counter c ON c.unit_id = u.id"
                         " WHERE u.kind = 'nation' AND c.kind = 'person' AND c.subject_id = 0 /*scan*/");

    int64_t people = 0;
    if (words.len > 0)
        TRY(db_i64(cx, &count_everybody, NO_BIND, &people));
    filter->share = 1;
    for (size_t i = 0; words.len > 0 && i < NAME_WORDS_MAX; i++) {
        struct str word = str_cut(&words, ' ');
        struct str hi = str_format(&cx->arena, STR_FMT "~", STR_ARG(word));
        int64_t count = 0;
        if (word.len == 0)
            continue;
        TRY(db_i64(cx, &count_word, BIND(V(word), V(hi), V((int64_t)COMMON)), &count));
        if (people > 0)
            filter->share *= (double)count / (double)people;
        if (filter->rare_lo.len == 0 || count < filter->rare) {
            filter->rare = count;
            filter->rare_lo = word;
            filter->rare_hi = hi;
        }
    }
    return OK;
}

static enum err filter_of(struct ctx *cx, const struct person_query *query,
                          struct filter *ret_filter)
{
    struct filter filter = { .within = cx->actor->scope,
                             .title = STR("%"),
                             .today = day_from_instant(cx->now) };
    if (query->unit_id != 0) {
        struct unit unit = { .id = 0 };
        TRY(unit_get(cx, query->unit_id, &unit));
        filter.within = unit_scope(&cx->arena, unit.path);
    }
    struct str text = viet_fold(&cx->arena, query->text);
    struct str title = viet_fold(&cx->arena, query->title);
    filter.has_words = text.len > 0 || title.len > 0;
    filter.is_one_word = title.len == 0 && str_find(text, STR(" ")) == text.len;
    struct str words = text;
    for (size_t i = 0; i < NAME_WORDS_MAX; i++) {
        struct str word = i + 1 < NAME_WORDS_MAX ? str_cut(&text, ' ') : text;
        filter.words[i] = word.len > 0 ? viet_like_word(&cx->arena, word) : STR("%");
    }
    if (title.len > 0)
        filter.title = viet_like_word(&cx->arena, title);
    filter.limit =
        query->limit > 0 && query->limit <= PERSON_EXPORT_MAX ? query->limit : PERSON_PAGE_ROWS;
    filter.offset = query->offset > 0 ? query->offset : 0;
    /* The nation's own path is one level, the program's has none. */
    enum { LEVEL_LEN = 9 };
    filter.is_nationwide = filter.within.path_lo.len <= LEVEL_LEN;
    if (filter.is_nationwide)
        TRY(find_rarest(cx, words, &filter));
    *ret_filter = filter;
    return OK;
}

/*
 * The same filter by three ways, since the engines cannot know the scope (CROSS JOIN keeps SQLite
 * from choosing): a small scope goes by its units, which are few; nationwide the first page walks
 * the index of names and stops at its end; a search nationwide begins at its rarest word, or walks
 * the index of names where that fills the page sooner: words that very many share ("nguyễn văn").
 */
static bool walks_names(const struct filter *filter)
{
    double steps = filter->share > 0 ? (double)(filter->limit + filter->offset) / filter->share : 0;
    return filter->share > 0 && steps < (double)filter->rare;
}


static enum err count_people(struct ctx *cx, const struct filter *filter, int64_t *ret_total)
{
    SQL(count_all,
        "SELECT COALESCE(SUM(c.value), 0) FROM unit u JOIN counter c ON c.unit_id = u.id"
        " WHERE u.path = $1 AND c.kind = 'person' AND c.subject_id = 0");
    SQL(count_by_units,
        "/*scan*/ SELECT COUNT(*) FROM unit u CROSS JOIN person p WHERE p.unit_id = u.id "
        "AND" PERSON_FILTER);
    SQL(count_nationwide,
        "/*scan*/ SELECT COUNT(*) FROM person p CROSS JOIN unit u WHERE u.id = p.unit_id "
        "AND" PERSON_FILTER);
    SQL(count_by_word, "/*scan*/ SELECT COUNT(*) FROM (SELECT DISTINCT p.id FROM person_word w CROSS JOIN person p"
                       " CROSS JOIN unit u WHERE w.word >= $11 AND w.word < $12 AND p.id = w.person_id"
                       " AND u.id = p.unit_id AND" PERSON_FILTER " LIMIT $13) found");
    SQL(count_one_word, "SELECT COUNT(DISTINCT person_id) FROM person_word WHERE word >= $1 AND word < $2");

    if (!filter->has_words && filter->within.path_lo.len > 0)
        return db_i64(cx, &count_all, BIND(V(filter->within.path_lo)), ret_total);
    if (filter->is_nationwide && filter->rare_lo.len > 0 && filter->is_one_word)
        return db_i64(cx, &count_one_word, BIND(V(filter->rare_lo), V(filter->rare_hi)), ret_total);
    if (filter->is_nationwide && filter->rare_lo.len > 0)
        return db_i64(cx, &count_by_word,
                      BIND(PERSON_FILTER_BIND(filter, &cx->actor->scope), V(filter->rare_lo), V(filter->rare_hi),
                           V(1 + (filter->limit > PERSON_FOUND_MAX ? filter->limit : (int64_t)PERSON_FOUND_MAX))),
                      ret_total);
    return db_i64(cx, filter->is_nationwide ? &count_nationwide : &count_by_units,
                  BIND(PERSON_FILTER_BIND(filter, &cx->actor->scope)), ret_total);
}

static struct rows rows_of(struct ctx *cx, const struct filter *filter)
{
    SQL(list_nationwide, "/*scan*/ SELECT " PERSON_COLUMNS
                         " FROM person p CROSS JOIN unit u WHERE u.id = p.unit_id AND" PERSON_FILTER
                         " ORDER BY p.sort_key, p.id LIMIT $11 OFFSET $12");
    /* COALESCE of one value is that value, but no longer the indexed column. */
    SQL(list_found, "/*scan*/ SELECT " PERSON_COLUMNS
                    " FROM person p CROSS JOIN unit u WHERE u.id = p.unit_id AND" PERSON_FILTER
                    " ORDER BY COALESCE(p.sort_key, p.sort_key), p.id LIMIT $11 OFFSET $12");
    SQL(list_by_units, "/*scan*/ SELECT " PERSON_COLUMNS
                       " FROM unit u CROSS JOIN person p WHERE p.unit_id = u.id AND" PERSON_FILTER
                       " ORDER BY p.sort_key, p.id LIMIT $11 OFFSET $12");

    /* The page's people first, and only for them what a row shows. */
    SQL(list_by_word, "/*scan*/ SELECT " PERSON_COLUMNS
                      " FROM (SELECT DISTINCT p.id, p.sort_key FROM person_word w CROSS JOIN person p"
                      " CROSS JOIN unit u WHERE w.word >= $13 AND w.word < $14 AND p.id = w.person_id AND u.id = p.unit_id"
                      " AND" PERSON_FILTER " ORDER BY p.sort_key, p.id LIMIT $11 OFFSET $12) found"
                      " CROSS JOIN person p CROSS JOIN unit u WHERE p.id = found.id AND u.id = p.unit_id"
                      " ORDER BY p.sort_key, p.id");

    bool is_by_word = filter->is_nationwide && filter->rare_lo.len > 0;
    if (is_by_word && !walks_names(filter))
        return db_rows(cx, &list_by_word,
                       BIND(PERSON_FILTER_BIND(filter, &cx->actor->scope), V(filter->limit), V(filter->offset),
                            V(filter->rare_lo), V(filter->rare_hi)));
    struct sql *nationwide = filter->has_words && !is_by_word ? &list_found : &list_nationwide;
    struct db_bind bind =
        BIND(PERSON_FILTER_BIND(filter, &cx->actor->scope), V(filter->limit), V(filter->offset));
    return db_rows(cx, filter->is_nationwide ? nationwide : &list_by_units, bind);
}

static struct rows rows_with_citizen_id(struct ctx *cx, const struct filter *filter,
                                        struct str digits)
{
    SQL(list_by_citizen_id,
        "SELECT " PERSON_COLUMNS
        " FROM person p JOIN unit u ON u.id = p.unit_id"
        " WHERE p.citizen_mark = $2 AND u.path >= $3 AND u.path < $4 AND u.path >= $5"
        " AND u.path < $6 AND p.erased_at IS NULL ORDER BY p.sort_key, p.id");

    const struct scope *scope = &cx->actor->scope;
    return db_rows(cx, &list_by_citizen_id,
                   BIND(V(filter->today), V(person_citizen_mark(cx, digits)), V(scope->path_lo),
                        V(scope->path_hi), V(filter->within.path_lo), V(filter->within.path_hi)));
}

static enum err read_list(struct ctx *cx, struct rows rows, int64_t limit,
                          struct person_list *ret_list)
{
    size_t room = PERSON_PAGE_ROWS;
    struct person_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct person, room) };
    while (list.len < (size_t)limit && rows_next(&rows)) {
        if (list.len == room) {
            struct person *wider = ARENA_NEW_ARRAY(&cx->arena, struct person, room * 2);
            memcpy(wider, list.at, list.len * sizeof *wider);
            list.at = wider;
            room *= 2;
        }
        list.at[list.len++] = person_from_row(&rows);
    }
    TRY(rows_end(&rows));
    list.total = (int64_t)list.len;
    *ret_list = list;
    return OK;
}

enum err person_list(struct ctx *cx, const struct person_query *query, struct person_list *ret_list)
{
    struct filter filter = { .today = 0 };
    struct str digits = STR("");
    TRY(filter_of(cx, query, &filter));
    if (person_citizen_digits(&cx->arena, query->text, &digits))
        return read_list(cx, rows_with_citizen_id(cx, &filter, digits), filter.limit, ret_list);
    TRY(read_list(cx, rows_of(cx, &filter), filter.limit, ret_list));
    /* A first page that is not full holds all there are. */
    if (filter.offset == 0 && (int64_t)ret_list->len < filter.limit)
        return OK;
    return count_people(cx, &filter, &ret_list->total);
}

/* ---- Posts and trail ---- */

enum err person_get_posts(struct ctx *cx, int64_t id, struct post_list *ret_list)
{
    SQL(list_posts,
        "SELECT t.id, t.unit_id, n.full_name, t.title, t.from_day, t.to_day"
        " FROM person p JOIN unit u ON u.id = p.unit_id JOIN post t ON t.person_id = p.id"
        " JOIN unit n ON n.id = t.unit_id"
        " WHERE p.id = $1 AND u.path >= $2 AND u.path < $3 ORDER BY t.to_day DESC, t.from_day "
        "DESC, t.id");

    const struct scope *scope = &cx->actor->scope;
    struct post_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct post, PERSON_POSTS_MAX) };
    struct rows rows = db_rows(cx, &list_posts, BIND(V(id), V(scope->path_lo), V(scope->path_hi)));
    while (list.len < PERSON_POSTS_MAX && rows_next(&rows)) {
        struct post *post = &list.at[list.len++];
        post->id = rows_i64(&rows);
        post->unit_id = rows_i64(&rows);
        post->unit_name = rows_str(&rows);
        post->title = rows_str(&rows);
        post->from_day = (int32_t)rows_i64(&rows);
        post->to_day = (int32_t)rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = list;
    return OK;
}

enum err person_get_trail(struct ctx *cx, int64_t id, struct person_trail *ret_trail)
{
    SQL(list_trail,
        "SELECT f.seq, f.kind, f.at, f.account_id, f.words"
        " FROM person p JOIN unit u ON u.id = p.unit_id JOIN person_fact f ON f.person_id = p.id"
        " WHERE p.id = $1 AND u.path >= $2 AND u.path < $3 ORDER BY f.seq DESC LIMIT 500");

    const struct scope *scope = &cx->actor->scope;
    struct person_trail trail = { .at = ARENA_NEW_ARRAY(&cx->arena, struct person_event,
                                                        PERSON_TRAIL_MAX) };
    struct rows rows = db_rows(cx, &list_trail, BIND(V(id), V(scope->path_lo), V(scope->path_hi)));
    while (trail.len < PERSON_TRAIL_MAX && rows_next(&rows)) {
        struct person_event *event = &trail.at[trail.len++];
        event->seq = rows_i64(&rows);
        event->kind = rows_str(&rows);
        event->at = rows_i64(&rows);
        event->account_id = rows_i64(&rows);
        event->words = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    *ret_trail = trail;
    return OK;
}

struct url person_url(struct arena *arena, int64_t id)
{
    return url_format(arena, "/can-bo/%lld", (long long)id);
}

struct str person_sex_words(struct str sex)
{
    if (str_eq(sex, STR("nam")))
        return STR("Nam");
    return str_eq(sex, STR("nu")) ? STR("Nữ") : STR("");
}
