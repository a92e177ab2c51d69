/*
 * The table of routes: checked once at start, then found by method and first part of the path. A literal part wins
 * over a {name}, from the left, so "/van-ban/moi" and "/van-ban/{id}" live side by side; two rows of which neither
 * is the more exact are refused at start, because nobody could say which one answers.
 */
#include "http/router.h"
#include "http/server.h"

#include <string.h>

enum { ROUTE_PARTS_MAX = 16, INDEX_BUCKETS = 64 };

static bool is_param(struct str part)
{
    return part.len > 2 && part.at[0] == '{' && part.at[part.len - 1] == '}';
}

/* Path and pattern part by part. ret_rank has a bit for each literal part, the first part's bit highest. */
static bool pattern_matches(struct str pattern, struct str path, uint32_t *ret_rank, struct str *params,
                            size_t *ret_params_len)
{
    uint32_t rank = 0;
    size_t params_len = 0;
    pattern = str_sub(pattern, 1, SIZE_MAX);
    path = str_sub(path, 1, SIZE_MAX);
    for (int i = 0; i < ROUTE_PARTS_MAX && pattern.len > 0 && path.len > 0; i++) {
        struct str wanted = str_cut(&pattern, '/');
        struct str part = str_cut(&path, '/');
        rank <<= 1;
        if (!is_param(wanted)) {
            if (!str_eq(wanted, part))
                return false;
            rank |= 1;
        } else {
            if (part.len == 0 || params_len == REQUEST_PARAMS_MAX)
                return false;
            params[params_len++] = part;
        }
    }
    if (pattern.len > 0 || path.len > 0)
        return false;
    *ret_rank = rank;
    *ret_params_len = params_len;
    return true;
}

struct route_index {
    const struct route **rows;
    size_t start[INDEX_BUCKETS + 2]; /* the last bucket holds rows that begin with a {name} */
};

static size_t bucket_of(enum method method, struct str first_part)
{
    uint32_t hash = 2166136261U ^ (uint32_t)method; /* FNV-1a: short keys, few of them */
    for (size_t i = 0; i < first_part.len; i++)
        hash = (hash ^ (unsigned char)first_part.at[i]) * 16777619U;
    return hash % INDEX_BUCKETS;
}

static size_t bucket_of_path(enum method method, struct str path)
{
    struct str rest = str_sub(path, 1, SIZE_MAX);
    return bucket_of(method, str_cut(&rest, '/'));
}

static size_t bucket_of_row(const struct route *row)
{
    struct str rest = str_sub(row->pattern, 1, SIZE_MAX);
    struct str first_part = str_cut(&rest, '/');
    return is_param(first_part) ? INDEX_BUCKETS : bucket_of(row->method, first_part);
}

struct route_index *route_index_make(const struct env *env, const struct route_table *rooms, size_t len)
{
    size_t rows_len = 0;
    for (size_t i = 0; i < len; i++)
        rows_len += rooms[i].len;
    struct route_index *index = env_alloc(env, sizeof *index);
    const struct route **rows = env_alloc(env, (rows_len + 1) * sizeof *rows);
    if (!index || !rows) {
        env_free(env, index);
        env_free(env, rows);
        return NULL;
    }
    *index = (struct route_index){ .rows = rows };
    size_t used = 0;
    for (size_t bucket = 0; bucket <= INDEX_BUCKETS; bucket++) {
        index->start[bucket] = used;
        for (size_t i = 0; i < len; i++)
            for (size_t j = 0; j < rooms[i].len; j++)
                if (bucket_of_row(&rooms[i].at[j]) == bucket)
                    rows[used++] = &rooms[i].at[j];
    }
    index->start[INDEX_BUCKETS + 1] = used;
    return index;
}

void route_index_free(const struct env *env, struct route_index *index)
{
    if (!index)
        return;
    env_free(env, index->rows);
    env_free(env, index);
}

struct found {
    const struct route *row;
    uint32_t rank;
    struct str params[REQUEST_PARAMS_MAX];
    size_t params_len;
};

static void consider(const struct route *row, const struct request *req, struct found *best)
{
    struct found one = { .row = row };
    if (row->method != req->method || !pattern_matches(row->pattern, req->path, &one.rank, one.params, &one.params_len))
        return;
    if (!best->row || one.rank > best->rank)
        *best = one;
}

static void consider_bucket(const struct route_index *index, size_t bucket, const struct request *req,
                            struct found *best)
{
    for (size_t i = index->start[bucket]; i < index->start[bucket + 1]; i++)
        consider(index->rows[i], req, best);
}

bool router_match(struct exchange *ex)
{
    struct request *req = ex->req;
    const struct app *app = req->app;
    struct found best = { .row = NULL };
    bool is_path = req->path.len > 0 && req->path.len <= REQUEST_PATH_BYTES && req->path.at[0] == '/' &&
                   (req->path.len == 1 || !str_ends(req->path, STR("/")));
    if (is_path && app->index) {
        consider_bucket(app->index, bucket_of_path(req->method, req->path), req, &best);
        consider_bucket(app->index, INDEX_BUCKETS, req, &best);
    } else if (is_path) {
        for (size_t i = 0; i < app->rooms_len; i++)
            for (size_t j = 0; j < app->rooms[i].len; j++)
                consider(&app->rooms[i].at[j], req, &best);
    }
    if (!best.row)
        return false;
    req->route = best.row;
    req->params_len = best.params_len;
    for (size_t i = 0; i < best.params_len; i++)
        req->params[i] = best.params[i];
    ex->body_max = best.row->body_max ? best.row->body_max : REQUEST_BODY_BYTES;
    return true;
}

static size_t count_params(struct str pattern)
{
    size_t count = 0;
    while (pattern.len > 0)
        count += is_param(str_cut(&pattern, '/'));
    return count;
}

static bool is_pattern(struct str pattern)
{
    if (pattern.len == 0 || pattern.at[0] != '/' || count_params(pattern) > REQUEST_PARAMS_MAX)
        return false;
    struct str rest = str_sub(pattern, 1, SIZE_MAX);
    if (rest.len > 0 && str_ends(rest, STR("/")))
        return false;
    for (int parts = 0; rest.len > 0; parts++) {
        struct str part = str_cut(&rest, '/');
        bool has_brace = str_find(part, STR("{")) < part.len || str_find(part, STR("}")) < part.len;
        if (part.len == 0 || parts == ROUTE_PARTS_MAX || (has_brace && !is_param(part)))
            return false;
    }
    return true;
}

static const char *row_fault(const struct route *row)
{
    const unsigned get_only = ROUTE_SLOW | ROUTE_STREAM;
    const unsigned post_only = ROUTE_NO_CSRF | ROUTE_FILE | ROUTE_JSON;
    if (!is_pattern(row->pattern))
        return "viết sai mẫu đường dẫn";
    if (row->permission <= PERMISSION_NONE || row->permission >= PERMISSION_COUNT)
        return "chưa ghi quyền truy cập";
    if (!row->handler)
        return "chưa có phần xử lý";
    if (row->flags & (row->method == METHOD_GET ? post_only : get_only))
        return "ghi cờ không hợp với phương thức";
    if (row->method == METHOD_GET && (row->prepare || row->again || row->body_max))
        return "là GET mà có phần của POST";
    for (size_t i = 0; i < row->form.len; i++)
        if (strcmp(row->form.at[i].name, "csrf") == 0 || strcmp(row->form.at[i].name, "fact_id") == 0)
            return "dùng tên ô dành riêng cho hệ thống";
    return NULL;
}

/* True when some path matches both and neither is the more exact one. */
static bool rows_clash(const struct route *a, const struct route *b)
{
    if (a->method != b->method)
        return false;
    struct str rest_a = a->pattern;
    struct str rest_b = b->pattern;
    bool a_is_finer = false;
    bool b_is_finer = false;
    while (rest_a.len > 0 && rest_b.len > 0) {
        struct str part_a = str_cut(&rest_a, '/');
        struct str part_b = str_cut(&rest_b, '/');
        bool a_is_param = is_param(part_a);
        bool b_is_param = is_param(part_b);
        if (!a_is_param && !b_is_param && !str_eq(part_a, part_b))
            return false;
        a_is_finer = a_is_finer || (!a_is_param && b_is_param);
        b_is_finer = b_is_finer || (a_is_param && !b_is_param);
    }
    return rest_a.len == 0 && rest_b.len == 0 && a_is_finer == b_is_finer;
}

static enum err check_row(struct ctx *cx, const struct route *row, const struct route_table *rooms, size_t len)
{
    const char *fault = row_fault(row);
    if (fault)
        return fail(cx, ERR_INVALID, "Đường dẫn “" STR_FMT "” %s", STR_ARG(row->pattern), fault);
    for (size_t i = 0; i < len; i++)
        for (size_t j = 0; j < rooms[i].len; j++)
            if (&rooms[i].at[j] != row && rows_clash(row, &rooms[i].at[j]))
                return fail(cx, ERR_INVALID, "Đường dẫn “" STR_FMT "” và “" STR_FMT "” trùng nhau",
                            STR_ARG(row->pattern), STR_ARG(rooms[i].at[j].pattern));
    return OK;
}

enum err routes_check(struct ctx *cx, const struct route_table *rooms, size_t len)
{
    for (size_t i = 0; i < len; i++)
        for (size_t j = 0; j < rooms[i].len; j++)
            TRY(check_row(cx, &rooms[i].at[j], rooms, len));
    return OK;
}
