#include "unit/unit_fact.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

#include <assert.h>

static const struct choice kind_choices[] = {
#define X(name, stored, shown) { STR_INIT(stored), STR_INIT(shown) },
    UNIT_KIND_LIST(X)
#undef X
};

/* clang-format off */
#define FROM_DAY(type) { "from_day", "Từ ngày", FIELD_DAY, FIELD_OF(type, from_day), .required = true }
#define CAUSE(type) { "cause", "Căn cứ", FIELD_TEXT, FIELD_OF(type, cause), .len_max = 300 }

static const struct field created_fields[] = {
    { "parent_id", "Trực thuộc", FIELD_I64, FIELD_OF(struct unit_created, parent_id) },
    { "kind", "Loại", FIELD_CHOICE, FIELD_OF(struct unit_created, kind), .choices = kind_choices,
      .choices_len = LEN(kind_choices), .required = true },
    { "sort", "Loại cơ quan", FIELD_TEXT, FIELD_OF(struct unit_created, sort), .len_max = 60 },
    { "line", "Khối", FIELD_TEXT, FIELD_OF(struct unit_created, line), .len_max = 20 },
    { "level", "Cấp", FIELD_TEXT, FIELD_OF(struct unit_created, level), .len_max = 20, .required = true },
    { "code", "Mã", FIELD_TEXT, FIELD_OF(struct unit_created, code), .len_max = 20 },
    { "name", "Tên", FIELD_TEXT, FIELD_OF(struct unit_created, name), .required = true },
    { "full_name", "Tên đầy đủ", FIELD_TEXT, FIELD_OF(struct unit_created, full_name), .len_max = 400,
      .required = true },
    { "superior_id", "Cấp trên theo ngành dọc", FIELD_I64, FIELD_OF(struct unit_created, superior_id) },
    { "rank", "Thứ tự", FIELD_I64, FIELD_OF(struct unit_created, rank) },
    FROM_DAY(struct unit_created),
    CAUSE(struct unit_created),
};
static const struct field renamed_fields[] = {
    FROM_DAY(struct unit_renamed),
    { "kind", "Loại", FIELD_CHOICE, FIELD_OF(struct unit_renamed, kind), .choices = kind_choices,
      .choices_len = LEN(kind_choices), .required = true },
    { "name", "Tên", FIELD_TEXT, FIELD_OF(struct unit_renamed, name), .required = true },
    { "full_name", "Tên đầy đủ", FIELD_TEXT, FIELD_OF(struct unit_renamed, full_name), .len_max = 400,
      .required = true },
    CAUSE(struct unit_renamed),
};
static const struct field moved_fields[] = {
    FROM_DAY(struct unit_moved),
    { "parent_id", "Trực thuộc", FIELD_ID, FIELD_OF(struct unit_moved, parent_id), .required = true },
    CAUSE(struct unit_moved),
};
static const struct field ended_fields[] = {
    FROM_DAY(struct unit_ended),
    { "other_id", "Đơn vị liên quan", FIELD_I64, FIELD_OF(struct unit_ended, other_id) },
    CAUSE(struct unit_ended),
};
static const struct field succeeded_fields[] = {
    FROM_DAY(struct unit_succeeded),
    { "other_id", "Đơn vị tiếp nhận", FIELD_I64, FIELD_OF(struct unit_succeeded, other_id) },
    { "how", "Hình thức", FIELD_TEXT, FIELD_OF(struct unit_succeeded, how), .len_max = 20, .required = true },
    CAUSE(struct unit_succeeded),
};
static const struct field code_added_fields[] = {
    { "code", "Mã", FIELD_TEXT, FIELD_OF(struct unit_code_added, code), .len_max = 20, .required = true },
    CAUSE(struct unit_code_added),
};
/* clang-format on */

/* ---- What several steps need ---- */

/* The place a new unit hangs on, with the place above it: enough for its path, its level and its
 * search key. */
struct ground {
    struct str path;
    enum unit_kind kind;
    struct str name;
    int32_t from_day, to_day;
    enum unit_kind above_kind;
    struct str above_name;
};

static enum err read_ground(struct ctx *cx, int64_t id, struct ground *ret_ground)
{
    SQL(find_ground,
        "SELECT p.path, p.kind, p.name, p.from_day, p.to_day, COALESCE(g.kind, 'nation'),"
        " COALESCE(g.name, '') FROM unit p LEFT JOIN unit g ON g.id = p.parent_id WHERE p.id = $1");

    struct ground ground = { .kind = UNIT_BODY, .above_kind = UNIT_NATION };
    bool is_found = false;
    struct rows rows = db_rows(cx, &find_ground, BIND(V(id)));
    if (rows_next(&rows)) {
        is_found = true;
        ground.path = rows_str(&rows);
        (void)unit_kind_parse(rows_str(&rows), &ground.kind);
        ground.name = rows_str(&rows);
        ground.from_day = (int32_t)rows_i64(&rows);
        ground.to_day = (int32_t)rows_i64(&rows);
        (void)unit_kind_parse(rows_str(&rows), &ground.above_kind);
        ground.above_name = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị cấp trên");
    *ret_ground = ground;
    return OK;
}

/*
 * What a unit is found by: its full name, its province's name where the full name lacks it, and its
 * codes. A blank in front lets one pattern find the beginning of any word.
 */
static struct str fold_of(struct arena *arena, struct str full_name, const struct ground *ground,
                          struct str codes)
{
    struct str province = STR("");
    if (ground && unit_kind_is_province(ground->kind))
        province = ground->name;
    if (ground && unit_kind_is_commune(ground->kind) && unit_kind_is_province(ground->above_kind))
        province = ground->above_name;
    return str_format(arena, " " STR_FMT " " STR_FMT " " STR_FMT,
                      STR_ARG(viet_fold(arena, full_name)), STR_ARG(viet_fold(arena, province)),
                      STR_ARG(codes));
}

static enum err add_version(struct ctx *cx, int64_t unit_id, const struct unit_version *v)
{
    SQL(end_version,
        "UPDATE unit_version SET to_day = $2 WHERE unit_id = $1 AND to_day = $3 AND from_day < $2");
    SQL(put_version,
        "INSERT INTO unit_version (unit_id, from_day, to_day, kind, parent_id, name, full_name, "
        "cause)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (unit_id, from_day) DO UPDATE SET kind = excluded.kind, parent_id = "
        "excluded.parent_id,"
        " name = excluded.name, full_name = excluded.full_name, cause = excluded.cause");

    TRY(db_run(cx, &end_version, BIND(V(unit_id), V(v->from_day), V(UNIT_DAY_OPEN))));
    return db_run(cx, &put_version,
                  BIND(V(unit_id), V(v->from_day), V(UNIT_DAY_OPEN), V(unit_kind_stored(v->kind)),
                       V(v->parent_id), V(v->name), V(v->full_name),
                       V(v->cause.at ? v->cause : STR(""))));
}

static enum err codes_of(struct ctx *cx, int64_t unit_id, struct str *ret_codes)
{
    SQL(list_codes, "SELECT code FROM unit_code WHERE unit_id = $1 ORDER BY code");

    struct buf codes;
    buf_init(&codes, &cx->arena);
    struct rows rows = db_rows(cx, &list_codes, BIND(V(unit_id)));
    while (rows_next(&rows)) {
        if (codes.len > 0)
            buf_put_char(&codes, ' ');
        buf_put(&codes, viet_fold(&cx->arena, rows_str(&rows)));
    }
    TRY(rows_end(&rows));
    *ret_codes = buf_str(&codes);
    return OK;
}

static enum err fold_again(struct ctx *cx, int64_t unit_id)
{
    SQL(set_fold, "UPDATE unit SET fold = $2, sort_key = $3 WHERE id = $1");

    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    struct ground ground = { .kind = UNIT_BODY };
    if (unit.parent_id != 0)
        TRY(read_ground(cx, unit.parent_id, &ground));
    struct str codes = STR("");
    TRY(codes_of(cx, unit_id, &codes));
    return db_run(cx, &set_fold,
                  BIND(V(unit_id), V(fold_of(&cx->arena, unit.full_name, &ground, codes)),
                       V(viet_sort_key_text(&cx->arena, unit.name))));
}

/* The search keys of a whole subtree: they hold the names of what is above. */
static enum err fold_subtree(struct ctx *cx, struct str path)
{
    SQL(list_subtree, "SELECT id FROM unit WHERE path >= $1 AND path < $2");

    struct scope within = unit_scope(&cx->arena, path);
    int64_t *ids = ARENA_NEW_ARRAY(&cx->arena, int64_t, UNIT_LIST_MAX);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list_subtree, BIND(V(within.path_lo), V(within.path_hi)));
    while (len < UNIT_LIST_MAX && rows_next(&rows))
        ids[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++)
        TRY(fold_again(cx, ids[i]));
    return OK;
}

/* ---- created ---- */

static bool may_hang(enum unit_kind kind, enum unit_kind on)
{
    switch (kind) {
    case UNIT_NATION:
        return false;
    case UNIT_PROVINCE:
    case UNIT_CITY:
        return on == UNIT_NATION;
    case UNIT_COMMUNE:
    case UNIT_WARD:
    case UNIT_SPECIAL_ZONE:
        return unit_kind_is_province(on);
    case UNIT_BODY:
        return on != UNIT_BODY;
    case UNIT_KIND_COUNT:
        break;
    }
    return false;
}

static enum err refuse_known_code(struct ctx *cx, struct str code)
{
    SQL(count_code, "SELECT COUNT(*) FROM unit_code WHERE code = $1");

    int64_t known = 0;
    if (code.len > 0)
        TRY(db_i64(cx, &count_code, BIND(V(code)), &known));
    if (known > 0)
        return fail(cx, ERR_CONFLICT, "Mã " STR_FMT " đã được dùng cho một đơn vị khác",
                    STR_ARG(code));
    return OK;
}

/* A name is unique within its province whatever the kind; a place has one body of a sort. */
static enum err refuse_double(struct ctx *cx, const struct unit_created *unit)
{
    SQL(count_named,
        "SELECT COUNT(*) FROM unit_version v JOIN unit u ON u.id = v.unit_id"
        " WHERE v.parent_id = $1 AND v.to_day > $2 AND v.name = $3 AND u.kind <> 'body'");
    SQL(count_bodies,
        "SELECT COUNT(*) FROM unit WHERE place_id = $1 AND sort = $2 AND to_day > $3");

    int64_t count = 0;
    if (!str_eq(unit->kind, unit_kind_stored(UNIT_BODY)))
        TRY(db_i64(cx, &count_named, BIND(V(unit->parent_id), V(unit->from_day), V(unit->name)),
                   &count));
    else if (!str_eq(unit->sort, STR("khac")))
        TRY(db_i64(cx, &count_bodies, BIND(V(unit->parent_id), V(unit->sort), V(unit->from_day)),
                   &count));
    if (count > 0)
        return fail(cx, ERR_CONFLICT, "Đã có " STR_FMT " trong cùng đơn vị cấp trên",
                    STR_ARG(unit->full_name));
    return OK;
}

static enum err decide_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_created *unit = body;
    (void)fact;
    enum unit_kind kind = UNIT_BODY;
    if (!unit_kind_parse(unit->kind, &kind))
        return fail_field(cx, "kind", "Chọn loại đơn vị trong danh mục");
    TRY(refuse_known_code(cx, unit->code));
    if (kind == UNIT_NATION)
        return unit->parent_id == 0 ? OK : fail(cx, ERR_INVALID, "Cả nước không thuộc đơn vị nào");

    struct ground ground = { .kind = UNIT_BODY };
    TRY(read_ground(cx, unit->parent_id, &ground));
    if (!may_hang(kind, ground.kind))
        return fail(cx, ERR_INVALID, "Không đặt được " STR_FMT " trong " STR_FMT,
                    STR_ARG(unit->full_name),
                    STR_ARG(unit_area_full_name(&cx->arena, ground.kind, ground.name)));
    if (unit->from_day < ground.from_day || unit->from_day >= ground.to_day)
        return fail_field(cx, "from_day",
                          "Ngày có hiệu lực nằm ngoài thời gian tồn tại của đơn vị cấp trên");
    return refuse_double(cx, unit);
}

static enum err apply_created(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put_unit,
        "INSERT INTO unit (id, parent_id, place_id, path, kind, sort, line, level, code, name, "
        "full_name,"
        " superior_id, from_day, to_day, rank, sort_key, fold)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    SQL(put_first_version,
        "INSERT INTO unit_version (unit_id, from_day, to_day, kind, parent_id, name, full_name, "
        "cause)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SQL(put_code, "INSERT INTO unit_code (code, unit_id) VALUES ($1, $2)");

    const struct unit_created *unit = body;
    struct ground ground = { .kind = UNIT_BODY, .path = STR("") };
    if (unit->parent_id != 0)
        TRY(read_ground(cx, unit->parent_id, &ground));
    bool is_body = str_eq(unit->kind, unit_kind_stored(UNIT_BODY));
    struct str path = unit_path(&cx->arena, ground.path, fact->seq);
    struct str fold =
        fold_of(&cx->arena, unit->full_name, &ground, viet_fold(&cx->arena, unit->code));
    TRY(db_run(cx, &put_unit,
               BIND(V(fact->seq), V(unit->parent_id), V(is_body ? unit->parent_id : fact->seq),
                    V(path), V(unit->kind), V(unit->sort), V(unit->line), V(unit->level),
                    V(unit->code), V(unit->name), V(unit->full_name), V(unit->superior_id),
                    V(unit->from_day), V(UNIT_DAY_OPEN), V(unit->rank),
                    V(viet_sort_key_text(&cx->arena, unit->name)), V(fold))));
    TRY(db_run(cx, &put_first_version,
               BIND(V(fact->seq), V(unit->from_day), V(UNIT_DAY_OPEN), V(unit->kind),
                    V(unit->parent_id), V(unit->name), V(unit->full_name), V(unit->cause))));
    if (unit->code.len == 0)
        return OK;
    return db_run(cx, &put_code, BIND(V(unit->code), V(fact->seq)));
}

/* ---- Changes of one that is there ---- */

/* Whatever changes a unit: it stands, and the day is not before the state that is changed. */
static enum err decide_change(struct ctx *cx, int64_t unit_id, int32_t from_day)
{
    SQL(find_latest, "SELECT MAX(from_day) FROM unit_version WHERE unit_id = $1");

    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    if (unit.to_day != UNIT_DAY_OPEN)
        return fail(cx, ERR_CONFLICT, STR_FMT " đã kết thúc hoạt động từ ngày " STR_FMT,
                    STR_ARG(unit.full_name), STR_ARG(day_format(&cx->arena, unit.to_day)));
    int64_t latest = 0;
    TRY(db_i64(cx, &find_latest, BIND(V(unit_id)), &latest));
    if (from_day < latest)
        return fail_field(cx, "from_day", "Ngày có hiệu lực phải từ ngày " STR_FMT " trở đi",
                          STR_ARG(day_format(&cx->arena, (int32_t)latest)));
    return OK;
}

static enum err decide_renamed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_renamed *renamed = body;
    TRY(decide_change(cx, fact->subject_id, renamed->from_day));
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    enum unit_kind kind = UNIT_BODY;
    (void)unit_kind_parse(renamed->kind, &kind);
    bool is_same_level = (unit_kind_is_province(kind) && unit_kind_is_province(unit.kind)) ||
                         (unit_kind_is_commune(kind) && unit_kind_is_commune(unit.kind)) ||
                         kind == unit.kind;
    if (!is_same_level)
        return fail_field(cx, "kind", "Loại mới phải cùng cấp với loại cũ");
    return OK;
}

/* Both unit.renamed and unit.rekinded: a new state with the same parent. */
static enum err apply_renamed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_name, "UPDATE unit SET kind = $2, name = $3, full_name = $4 WHERE id = $1");

    const struct unit_renamed *renamed = body;
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    struct unit_version version = { .from_day = renamed->from_day,
                                    .kind = unit.kind,
                                    .parent_id = unit.parent_id,
                                    .name = renamed->name,
                                    .full_name = renamed->full_name,
                                    .cause = renamed->cause };
    (void)unit_kind_parse(renamed->kind, &version.kind);
    TRY(add_version(cx, unit.id, &version));
    TRY(db_run(cx, &set_name,
               BIND(V(unit.id), V(renamed->kind), V(renamed->name), V(renamed->full_name))));
    if (unit.kind != UNIT_BODY && !str_eq(unit.name, renamed->name))
        return fold_subtree(cx, unit.path);
    return fold_again(cx, unit.id);
}

static enum err decide_moved(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_moved *moved = body;
    TRY(decide_change(cx, fact->subject_id, moved->from_day));
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    struct ground ground = { .kind = UNIT_BODY };
    TRY(read_ground(cx, moved->parent_id, &ground));
    if (!may_hang(unit.kind, ground.kind))
        return fail_field(cx, "parent_id", "Không chuyển được " STR_FMT " về đơn vị này",
                          STR_ARG(unit.full_name));
    return OK;
}

/* Set at start, before any connection, and only read after. */
static unit_moved_listener moved_listeners[UNIT_LISTENERS_MAX];
static size_t moved_listeners_len;

void unit_listen_moved(unit_moved_listener listener)
{
    for (size_t i = 0; i < moved_listeners_len; i++) {
        if (moved_listeners[i] == listener)
            return;
    }
    assert(moved_listeners_len < UNIT_LISTENERS_MAX);
    moved_listeners[moved_listeners_len++] = listener;
}

enum err unit_hang(struct ctx *cx, const struct unit *unit, struct str parent_path)
{
    SQL(move_paths,
        "UPDATE unit SET path = $1 || SUBSTR(path, CAST($2 AS INTEGER)) WHERE path >= $3 AND path "
        "< $4");

    struct scope old = unit_scope(&cx->arena, unit->path);
    struct str path = unit_path(&cx->arena, parent_path, unit->id);
    size_t step = path.len - parent_path.len;
    TRY(db_run(cx, &move_paths,
               BIND(V(path), V((int64_t)unit->path.len + 1), V(old.path_lo), V(old.path_hi))));
    TRY(counter_move(cx, unit->id, str_sub(unit->path, 0, unit->path.len - step), parent_path));
    for (size_t i = 0; i < moved_listeners_len; i++)
        TRY(moved_listeners[i](cx, unit->path, path));
    return OK;
}

static enum err apply_moved(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_parent,
        "UPDATE unit SET parent_id = $2, place_id = CASE WHEN kind = 'body' THEN $2 ELSE place_id "
        "END"
        " WHERE id = $1");
    /* Bodies that answered to a body of the old place answer to that of the same sort at the new
     * one. */
    SQL(set_superiors,
        "UPDATE unit SET superior_id = COALESCE((SELECT MAX(n.id) FROM unit n, unit o WHERE o.id = "
        "unit.superior_id"
        " AND n.place_id = $1 AND n.sort = o.sort AND n.to_day = $2), 0)"
        " WHERE path >= $3 AND path < $4 AND superior_id IN (SELECT id FROM unit WHERE place_id = "
        "$5)");

    const struct unit_moved *moved = body;
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    struct ground ground = { .kind = UNIT_BODY };
    TRY(read_ground(cx, moved->parent_id, &ground));
    struct unit_version version = { .from_day = moved->from_day,
                                    .kind = unit.kind,
                                    .parent_id = moved->parent_id,
                                    .name = unit.name,
                                    .full_name = unit.full_name,
                                    .cause = moved->cause };
    TRY(add_version(cx, unit.id, &version));
    struct str path = unit_path(&cx->arena, ground.path, unit.id);
    TRY(db_run(cx, &set_parent, BIND(V(unit.id), V(moved->parent_id))));
    TRY(unit_hang(cx, &unit, ground.path));
    struct scope now = unit_scope(&cx->arena, path);
    TRY(db_run(cx, &set_superiors,
               BIND(V(moved->parent_id), V(UNIT_DAY_OPEN), V(now.path_lo), V(now.path_hi),
                    V(unit.parent_id))));
    return fold_subtree(cx, path);
}

/* ---- Ends ---- */

static enum err decide_ended(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count_areas_below,
        "SELECT COUNT(*) FROM unit"
        " WHERE path > $1 AND path < $2 AND kind <> 'body' AND to_day = $3");

    const struct unit_ended *ended = body;
    TRY(decide_change(cx, fact->subject_id, ended->from_day));
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    struct scope within = unit_scope(&cx->arena, unit.path);
    int64_t below = 0;
    TRY(db_i64(cx, &count_areas_below, BIND(V(within.path_lo), V(within.path_hi), V(UNIT_DAY_OPEN)),
               &below));
    if (below > 0)
        return fail(cx, ERR_CONFLICT,
                    STR_FMT " còn %lld đơn vị trực thuộc; chuyển các đơn vị đó trước",
                    STR_ARG(unit.full_name), (long long)below);
    return OK;
}

static enum err end_subtree(struct ctx *cx, struct str path, int32_t day)
{
    SQL(end_versions,
        "UPDATE unit_version SET to_day = $1 WHERE to_day = $2 AND from_day <= $1"
        " AND unit_id IN (SELECT id FROM unit WHERE path >= $3 AND path < $4)");
    SQL(end_units, "UPDATE unit SET to_day = $1 WHERE to_day = $2 AND path >= $3 AND path < $4");

    struct scope within = unit_scope(&cx->arena, path);
    TRY(db_run(cx, &end_versions,
               BIND(V(day), V(UNIT_DAY_OPEN), V(within.path_lo), V(within.path_hi))));
    return db_run(cx, &end_units,
                  BIND(V(day), V(UNIT_DAY_OPEN), V(within.path_lo), V(within.path_hi)));
}

static enum err put_successor(struct ctx *cx, const struct fact *fact,
                              const struct unit_ended *ended, struct str how)
{
    SQL(add_successor,
        "INSERT INTO unit_successor (unit_id, successor_id, day, how, cause, handed_over)"
        " VALUES ($1, $2, $3, $4, $5, 0)");

    return db_run(cx, &add_successor,
                  BIND(V(fact->subject_id), V(ended->other_id), V(ended->from_day), V(how),
                       V(ended->cause)));
}

static enum err end_unit(struct ctx *cx, const struct fact *fact, const struct unit_ended *ended)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    return end_subtree(cx, unit.path, ended->from_day);
}

static enum err apply_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    TRY(end_unit(cx, fact, body));
    return put_successor(cx, fact, body, UNIT_CLOSED);
}

/* The other one of a merger or a split: there, another one, of the same level. */
static enum err decide_other(struct ctx *cx, const struct fact *fact,
                             const struct unit_ended *ended)
{
    struct unit unit = { .id = 0 }, other = { .id = 0 };
    TRY(unit_find(cx, fact->subject_id, &unit));
    TRY(unit_find(cx, ended->other_id, &other));
    if (unit.id == other.id || !str_eq(unit.level, other.level) ||
        (unit.kind == UNIT_BODY) != (other.kind == UNIT_BODY))
        return fail_field(cx, "other_id", "Chọn một đơn vị khác cùng cấp với " STR_FMT,
                          STR_ARG(unit.full_name));
    if (other.to_day <= ended->from_day)
        return fail_field(cx, "other_id", STR_FMT " không còn hoạt động vào ngày này",
                          STR_ARG(other.full_name));
    return OK;
}

static enum err decide_merged(struct ctx *cx, const struct fact *fact, const void *body)
{
    TRY(decide_ended(cx, fact, body));
    return decide_other(cx, fact, body);
}

static enum err apply_merged(struct ctx *cx, const struct fact *fact, const void *body)
{
    TRY(end_unit(cx, fact, body));
    return put_successor(cx, fact, body, UNIT_MERGED);
}

static enum err decide_split(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_ended *ended = body;
    TRY(decide_change(cx, fact->subject_id, ended->from_day));
    return decide_other(cx, fact, ended);
}

static enum err apply_split(struct ctx *cx, const struct fact *fact, const void *body)
{
    return put_successor(cx, fact, body, UNIT_SPLIT);
}

/* ---- Codes ---- */

static enum err decide_code_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_code_added *added = body;
    (void)fact;
    return refuse_known_code(cx, added->code);
}

static enum err apply_code_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put_alias, "INSERT INTO unit_code (code, unit_id) VALUES ($1, $2)");

    const struct unit_code_added *added = body;
    TRY(db_run(cx, &put_alias, BIND(V(added->code), V(fact->subject_id))));
    return fold_again(cx, fact->subject_id);
}

/* clang-format off */
const struct fact_kind unit_fact_list[] = {
    [UNIT_FACT_CREATED] = { STR_INIT("unit.created"), STR_INIT("Thành lập đơn vị"),
        FIELD_TABLE(struct unit_created, created_fields), decide_created, apply_created },
    [UNIT_FACT_RENAMED] = { STR_INIT("unit.renamed"), STR_INIT("Đổi tên đơn vị"),
        FIELD_TABLE(struct unit_renamed, renamed_fields), decide_renamed, apply_renamed },
    [UNIT_FACT_REKINDED] = { STR_INIT("unit.rekinded"), STR_INIT("Đổi loại đơn vị hành chính"),
        FIELD_TABLE(struct unit_renamed, renamed_fields), decide_renamed, apply_renamed },
    [UNIT_FACT_MOVED] = { STR_INIT("unit.moved"), STR_INIT("Chuyển đơn vị về cấp trên khác"),
        FIELD_TABLE(struct unit_moved, moved_fields), decide_moved, apply_moved },
    [UNIT_FACT_MERGED] = { STR_INIT("unit.merged"), STR_INIT("Sáp nhập đơn vị"),
        FIELD_TABLE(struct unit_ended, ended_fields), decide_merged, apply_merged },
    [UNIT_FACT_SPLIT] = { STR_INIT("unit.split"), STR_INIT("Tách đơn vị"),
        FIELD_TABLE(struct unit_ended, ended_fields), decide_split, apply_split },
    [UNIT_FACT_CLOSED] = { STR_INIT("unit.closed"), STR_INIT("Kết thúc hoạt động của đơn vị"),
        FIELD_TABLE(struct unit_ended, ended_fields), decide_ended, apply_closed },
    [UNIT_FACT_CODE_ADDED] = { STR_INIT("unit.code_added"), STR_INIT("Bổ sung mã đơn vị"),
        FIELD_TABLE(struct unit_code_added, code_added_fields), decide_code_added, apply_code_added },
    [UNIT_FACT_SUCCEEDED] = { STR_INIT("unit.succeeded"), STR_INIT("Bàn giao công việc của đơn vị"),
        FIELD_TABLE(struct unit_succeeded, succeeded_fields), unit_decide_succeeded, unit_apply_succeeded },
};
/* clang-format on */
const struct fact_kinds unit_facts = { unit_fact_list, LEN(unit_fact_list) };
