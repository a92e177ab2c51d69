#include "unit/unit.h"

#include "store/db.h"
#include "viet/viet.h"

#include <inttypes.h>

/* clang-format off */
#define UNIT_COLUMNS                                                                                   \
    "u.id, u.parent_id, u.place_id, u.path, u.kind, u.sort, u.line, u.level, u.code, u.name, "         \
    "u.full_name, u.superior_id, u.from_day, u.to_day"
/* clang-format on */

static struct unit unit_from_row(struct rows *row)
{
    struct unit u = { .id = rows_i64(row), .kind = UNIT_BODY };
    u.parent_id = rows_i64(row);
    u.place_id = rows_i64(row);
    u.path = rows_str(row);
    struct str kind = rows_str(row);
    u.sort = rows_str(row);
    u.line = rows_str(row);
    u.level = rows_str(row);
    u.code = rows_str(row);
    u.name = rows_str(row);
    u.full_name = rows_str(row);
    u.superior_id = rows_i64(row);
    u.from_day = (int32_t)rows_i64(row);
    u.to_day = (int32_t)rows_i64(row);
    /* The column's CHECK lets no other word in. */
    (void)unit_kind_parse(kind, &u.kind);
    return u;
}

static enum err read_one(struct ctx *cx, struct rows rows, struct unit *ret_unit)
{
    struct unit found = { .id = 0 };
    if (rows_next(&rows))
        found = unit_from_row(&rows);
    TRY(rows_end(&rows));
    if (found.id == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị này");
    *ret_unit = found;
    return OK;
}

static enum err read_list(struct ctx *cx, struct rows rows, size_t len_max,
                          struct unit_list *ret_list)
{
    /* Most lists are short: the room grows with what comes. */
    size_t room = 64 < len_max ? 64 : len_max;
    struct unit_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct unit, room) };
    while (list.len < len_max && rows_next(&rows)) {
        if (list.len == room) {
            room = room * 2 < len_max ? room * 2 : len_max;
            struct unit *wider = ARENA_NEW_ARRAY(&cx->arena, struct unit, room);
            memcpy(wider, list.at, list.len * sizeof *wider);
            list.at = wider;
        }
        list.at[list.len++] = unit_from_row(&rows);
    }
    TRY(rows_end(&rows));
    list.total = (int64_t)list.len;
    *ret_list = list;
    return OK;
}

enum err unit_find(struct ctx *cx, int64_t id, struct unit *ret_unit)
{
    SQL(find_unit, "SELECT " UNIT_COLUMNS " FROM unit u WHERE u.id = $1");

    return read_one(cx, db_rows(cx, &find_unit, BIND(V(id))), ret_unit);
}

enum err unit_find_on(struct ctx *cx, int64_t id, int32_t day, struct unit *ret_unit)
{
    SQL(find_unit_on,
        "SELECT u.id, v.parent_id, u.place_id, u.path, v.kind, u.sort, u.line, u.level, u.code, "
        "v.name,"
        " v.full_name, u.superior_id, u.from_day, u.to_day"
        " FROM unit_version v JOIN unit u ON u.id = v.unit_id"
        " WHERE v.unit_id = $1 AND v.from_day <= $2 AND v.to_day > $2");

    return read_one(cx, db_rows(cx, &find_unit_on, BIND(V(id), V(day))), ret_unit);
}

enum err unit_find_nation(struct ctx *cx, struct unit *ret_unit)
{
    SQL(find_nation, "SELECT " UNIT_COLUMNS
                     " FROM unit u WHERE u.id ="
                     " (SELECT unit_id FROM unit_code WHERE code = 'VN')");

    return read_one(cx, db_rows(cx, &find_nation, NO_BIND), ret_unit);
}

enum err unit_find_code(struct ctx *cx, struct str code, struct unit *ret_unit)
{
    SQL(find_by_code, "SELECT " UNIT_COLUMNS
                      " FROM unit_code c JOIN unit u ON u.id = c.unit_id WHERE c.code = $1");

    return read_one(cx, db_rows(cx, &find_by_code, BIND(V(code))), ret_unit);
}

enum err unit_find_body(struct ctx *cx, int64_t place_id, struct str sort, struct unit *ret_unit)
{
    SQL(find_body, "SELECT " UNIT_COLUMNS
                   " FROM unit u"
                   " WHERE u.place_id = $1 AND u.sort = $2 AND u.to_day = $3 ORDER BY u.id");

    return read_one(cx, db_rows(cx, &find_body, BIND(V(place_id), V(sort), V(UNIT_DAY_OPEN))),
                    ret_unit);
}

enum err unit_find_by_sort(struct ctx *cx, struct str sort, struct str path,
                           struct unit_list *ret_list)
{
    SQL(find_by_sort,
        "SELECT " UNIT_COLUMNS
        " FROM unit u"
        " WHERE u.sort = $1 AND u.path >= $2 AND u.path < $3 AND u.to_day = $4 ORDER BY u.path");

    struct scope within = unit_scope(&cx->arena, path);
    return read_list(cx,
                     db_rows(cx, &find_by_sort,
                             BIND(V(sort), V(within.path_lo), V(within.path_hi), V(UNIT_DAY_OPEN))),
                     UNIT_LIST_MAX, ret_list);
}

enum err unit_find_ancestors(struct ctx *cx, int64_t id, struct unit_list *ret_list)
{
    struct unit chain[UNIT_ANCESTORS_MAX];
    size_t len = 0;
    for (int64_t at = id; at != 0 && len < UNIT_ANCESTORS_MAX; len++) {
        TRY(unit_find(cx, at, &chain[len]));
        at = chain[len].parent_id;
    }
    struct unit_list list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct unit, len),
                              .len = len,
                              .total = (int64_t)len };
    for (size_t i = 0; i < len; i++)
        list.at[i] = chain[len - 1 - i];
    *ret_list = list;
    return OK;
}

static struct unit_version version_from_row(struct rows *row)
{
    struct unit_version v = { .from_day = (int32_t)rows_i64(row), .kind = UNIT_BODY };
    v.to_day = (int32_t)rows_i64(row);
    struct str kind = rows_str(row);
    v.parent_id = rows_i64(row);
    v.name = rows_str(row);
    v.full_name = rows_str(row);
    v.cause = rows_str(row);
    (void)unit_kind_parse(kind, &v.kind);
    return v;
}

enum err unit_find_versions(struct ctx *cx, int64_t id, struct unit_versions *ret_list)
{
    enum { VERSIONS_MAX = 200 };
    SQL(find_versions,
        "SELECT from_day, to_day, kind, parent_id, name, full_name, cause FROM unit_version"
        " WHERE unit_id = $1 ORDER BY from_day");

    struct unit_versions list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct unit_version,
                                                        VERSIONS_MAX) };
    struct rows rows = db_rows(cx, &find_versions, BIND(V(id)));
    while (list.len < VERSIONS_MAX && rows_next(&rows))
        list.at[list.len++] = version_from_row(&rows);
    TRY(rows_end(&rows));
    *ret_list = list;
    return OK;
}

enum err unit_get(struct ctx *cx, int64_t id, struct unit *ret_unit)
{
    SQL(get_unit,
        "SELECT " UNIT_COLUMNS " FROM unit u WHERE u.id = $1 AND u.path >= $2 AND u.path < $3");

    const struct scope *scope = &cx->actor->scope;
    return read_one(cx, db_rows(cx, &get_unit, BIND(V(id), V(scope->path_lo), V(scope->path_hi))),
                    ret_unit);
}

enum err unit_list_children(struct ctx *cx, int64_t id, int32_t day, struct unit_list *ret_list)
{
    SQL(list_children,
        "SELECT u.id, v.parent_id, u.place_id, u.path, v.kind, u.sort, u.line, u.level, u.code, "
        "v.name,"
        " v.full_name, u.superior_id, u.from_day, u.to_day"
        " FROM unit_version v JOIN unit u ON u.id = v.unit_id"
        " WHERE v.parent_id = $1 AND v.from_day <= $2 AND v.to_day > $2 AND u.path >= $3 AND "
        "u.path < $4"
        " ORDER BY u.rank, u.sort_key, u.id");

    const struct scope *scope = &cx->actor->scope;
    return read_list(
        cx, db_rows(cx, &list_children, BIND(V(id), V(day), V(scope->path_lo), V(scope->path_hi))),
        UNIT_LIST_MAX, ret_list);
}

enum { QUERY_WORDS_MAX = 5 };

/* One pattern for each word typed; the rest find everything. More words than there are patterns
 * stay together. */
static void patterns_of(struct arena *arena, struct str text,
                        struct str ret_patterns[QUERY_WORDS_MAX])
{
    struct str rest = viet_fold(arena, text);
    for (size_t i = 0; i < QUERY_WORDS_MAX; i++) {
        struct str word = i + 1 < QUERY_WORDS_MAX ? str_cut(&rest, ' ') : rest;
        ret_patterns[i] = word.len > 0 ? viet_like_word(arena, word) : STR("%");
    }
}

static enum err count_search(struct ctx *cx, const struct unit_query *query,
                             const struct str *patterns, int64_t *ret_total)
{
    SQL(count_units,
        "/*scan*/ SELECT COUNT(*) FROM unit u"
        " WHERE u.path >= $1 AND u.path < $2 AND u.to_day > $3 AND (u.kind = $4 OR $4 = '')"
        " AND (u.sort = $5 OR $5 = '') AND u.fold LIKE $6 ESCAPE '\\' AND u.fold LIKE $7 ESCAPE "
        "'\\'"
        " AND u.fold LIKE $8 ESCAPE '\\' AND u.fold LIKE $9 ESCAPE '\\' AND u.fold LIKE $10 ESCAPE "
        "'\\'");

    const struct scope *scope = &cx->actor->scope;
    return db_i64(cx, &count_units,
                  BIND(V(scope->path_lo), V(scope->path_hi), V(day_from_instant(cx->now)),
                       V(query->kind), V(query->sort), V(patterns[0]), V(patterns[1]),
                       V(patterns[2]), V(patterns[3]), V(patterns[4])),
                  ret_total);
}

enum err unit_search(struct ctx *cx, const struct unit_query *asked, struct unit_list *ret_list)
{
    SQL(search_units,
        "/*scan*/ SELECT " UNIT_COLUMNS
        " FROM unit u"
        " WHERE u.path >= $1 AND u.path < $2 AND u.to_day > $3 AND (u.kind = $4 OR $4 = '')"
        " AND (u.sort = $5 OR $5 = '') AND u.fold LIKE $6 ESCAPE '\\' AND u.fold LIKE $7 ESCAPE "
        "'\\'"
        " AND u.fold LIKE $8 ESCAPE '\\' AND u.fold LIKE $9 ESCAPE '\\' AND u.fold LIKE $10 ESCAPE "
        "'\\'"
        " ORDER BY u.rank, u.sort_key, u.path LIMIT $11 OFFSET $12");

    struct str patterns[QUERY_WORDS_MAX];
    patterns_of(&cx->arena, asked->text, patterns);
    struct unit_query query = *asked;
    /* An absent filter is the empty text, never NULL. */
    query.kind = query.kind.at ? query.kind : STR("");
    query.sort = query.sort.at ? query.sort : STR("");
    int64_t limit = query.limit > 0 && query.limit <= UNIT_LIST_MAX ? query.limit : 50;
    int64_t total = 0;
    TRY(count_search(cx, &query, patterns, &total));
    const struct scope *scope = &cx->actor->scope;
    struct rows rows =
        db_rows(cx, &search_units,
                BIND(V(scope->path_lo), V(scope->path_hi), V(day_from_instant(cx->now)),
                     V(query.kind), V(query.sort), V(patterns[0]), V(patterns[1]), V(patterns[2]),
                     V(patterns[3]), V(patterns[4]), V(limit), V(query.offset)));
    TRY(read_list(cx, rows, (size_t)limit, ret_list));
    ret_list->total = total;
    return OK;
}

struct str unit_path(struct arena *arena, struct str parent_path, int64_t id)
{
    return str_format(arena, STR_FMT "%08" PRIx64 ".", STR_ARG(parent_path), (uint64_t)id);
}

struct scope unit_scope(struct arena *arena, struct str path)
{
    struct scope scope = { .path_lo = path, .path_hi = STR("") };
    if (path.len == 0)
        return scope;
    /* Every path below begins with this one, dot included; '/' comes right after '.'. */
    scope.path_hi = str_format(arena, STR_FMT "/", STR_ARG(str_sub(path, 0, path.len - 1)));
    return scope;
}

bool unit_scope_holds(const struct scope *scope, struct str path)
{
    return str_compare(scope->path_lo, path) <= 0 && str_compare(path, scope->path_hi) < 0;
}

struct url unit_url(struct arena *arena, int64_t id)
{
    return url_format(arena, "/don-vi/%lld", (long long)id);
}
