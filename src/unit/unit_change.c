#include "unit/unit_base.h"
#include "unit/unit_fact.h"
#include "viet/viet.h"

/* Who may change a unit: the program, or somebody whose scope holds it. What lies outside does not
 * exist for him. */
static enum err find_own(struct ctx *cx, int64_t id, struct unit *ret_unit)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, id, &unit));
    if (cx->actor->kind != ACTOR_PROGRAM && !unit_scope_holds(&cx->actor->scope, unit.path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đơn vị này");
    *ret_unit = unit;
    return OK;
}

static enum err record(struct ctx *cx, enum unit_fact kind, int64_t unit_id, const void *body)
{
    return fact_record(cx, &unit_fact_list[kind], unit_id, unit_id, body, NULL);
}

struct str unit_clean_name(struct arena *arena, struct str name)
{
    struct str rest = viet_tone_key(arena, viet_clean(arena, name));
    struct buf out;
    buf_init(&out, arena);
    while (rest.len > 0) {
        uint32_t letter = str_next_code_point(&rest);
        bool is_apostrophe = letter == 0x2019 || letter == 0x2018 || letter == 0x02BC;
        buf_put_code_point(&out, is_apostrophe ? '\'' : letter);
    }
    return buf_str(&out);
}

/* ---- Creating ---- */

/* The order of lists: the nation, its bodies, provinces by code, their bodies, communes (by name),
 * their bodies. */
static int64_t rank_of(enum unit_kind kind, struct str code, const struct unit_sort *sort,
                       struct str level)
{
    enum { RANK_PROVINCE = 1000, RANK_COMMUNE = 5000, RANK_STEP = 1000, RANK_OTHER = 900 };
    int64_t number = 0;
    if (unit_kind_is_province(kind)) {
        (void)str_to_i64(code, &number);
        return RANK_PROVINCE + number;
    }
    if (unit_kind_is_commune(kind))
        return RANK_COMMUNE;
    if (kind == UNIT_NATION)
        return 0;
    int64_t base = str_eq(level, STR("province")) ? RANK_PROVINCE + RANK_STEP : 0;
    base = str_eq(level, STR("commune")) ? RANK_COMMUNE + RANK_STEP : base;
    return base + (sort ? 1 + (sort - unit_sorts) : RANK_OTHER);
}

/* The body a sort answers to: at the same place, else at the place above; 0 when there is none. */
static enum err find_superior(struct ctx *cx, const struct unit *place,
                              const struct unit_sort *sort, int64_t *ret_id)
{
    struct unit found = { .id = 0 };
    if (sort->superior.len == 0)
        return OK;
    enum err err = unit_find_body(cx, place->id, sort->superior, &found);
    if (err == ERR_NOT_FOUND && place->parent_id != 0)
        err = unit_find_body(cx, place->parent_id, sort->superior, &found);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    *ret_id = found.id;
    return OK;
}

static enum err create_body(struct ctx *cx, const struct unit *place, const struct unit_sort *sort,
                            int32_t from_day, struct str cause, int64_t *ret_id)
{
    struct unit_created body = {
        .parent_id = place->id,
        .kind = unit_kind_stored(UNIT_BODY),
        .sort = sort->sort,
        .line = sort->line,
        .level = sort->level,
        .code = STR(""),
        .name = unit_sort_name(&cx->arena, sort, place->kind),
        .full_name = unit_sort_full_name(&cx->arena, sort, place->kind, place->name),
        .rank = rank_of(UNIT_BODY, STR(""), sort, sort->level),
        .from_day = from_day,
        .cause = cause,
    };
    TRY(find_superior(cx, place, sort, &body.superior_id));
    return fact_record(cx, &unit_fact_list[UNIT_FACT_CREATED], place->id, 0, &body, ret_id);
}

static struct str level_of(enum unit_kind kind)
{
    if (kind == UNIT_NATION)
        return STR("central");
    return unit_kind_is_province(kind) ? STR("province") : STR("commune");
}

static enum err create_bodies(struct ctx *cx, const struct unit *place, int32_t from_day,
                              struct str cause)
{
    struct str level = level_of(place->kind);
    for (size_t i = 0; i < unit_sorts_len; i++) {
        int64_t id = 0;
        if (str_eq(unit_sorts[i].level, level))
            TRY(create_body(cx, place, &unit_sorts[i], from_day, cause, &id));
    }
    return OK;
}

static enum err create_area(struct ctx *cx, const struct unit_new *unit, int64_t *ret_id)
{
    struct unit_created body = {
        .parent_id = unit->parent_id,
        .kind = unit_kind_stored(unit->kind),
        .sort = STR(""),
        .line = STR(""),
        .level = level_of(unit->kind),
        .code = unit->code,
        .name = unit_clean_name(&cx->arena, unit->name),
        .rank = rank_of(unit->kind, unit->code, NULL, STR("")),
        .from_day = unit->from_day,
        .cause = unit->cause,
    };
    body.full_name = unit_area_full_name(&cx->arena, unit->kind, body.name);
    if (body.name.len == 0)
        return fail_field(cx, "name", "Nhập tên đơn vị");
    if (body.code.len == 0)
        return fail_field(cx, "code", "Nhập mã đơn vị hành chính");
    int64_t id = 0;
    TRY(fact_record(cx, &unit_fact_list[UNIT_FACT_CREATED], unit->parent_id, 0, &body, &id));
    struct unit place = {
        .id = id, .parent_id = unit->parent_id, .kind = unit->kind, .name = body.name
    };
    if (unit->with_bodies)
        TRY(create_bodies(cx, &place, unit->from_day, unit->cause));
    *ret_id = id;
    return OK;
}

static enum err create_other_body(struct ctx *cx, const struct unit *place,
                                  const struct unit_new *unit, int64_t *ret_id)
{
    struct unit_created body = {
        .parent_id = place->id,
        .kind = unit_kind_stored(UNIT_BODY),
        .sort = STR("khac"),
        .line = STR("other"),
        .level = level_of(place->kind),
        .code = unit->code,
        .name = viet_clean(&cx->arena, unit->name),
        .full_name = viet_clean(&cx->arena, unit->full_name),
        .rank = rank_of(UNIT_BODY, STR(""), NULL, level_of(place->kind)),
        .from_day = unit->from_day,
        .cause = unit->cause,
    };
    if (body.name.len == 0)
        return fail_field(cx, "name", "Nhập tên cơ quan, tổ chức");
    if (body.full_name.len == 0)
        body.full_name = str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(body.name),
                                    STR_ARG(place->full_name));
    return fact_record(cx, &unit_fact_list[UNIT_FACT_CREATED], place->id, 0, &body, ret_id);
}

enum err unit_create(struct ctx *cx, const struct unit_new *unit, int64_t *ret_id)
{
    struct unit place = { .id = 0 };
    if (unit->kind == UNIT_NATION)
        return create_area(cx, unit, ret_id);
    TRY(find_own(cx, unit->parent_id, &place));
    if (unit->kind != UNIT_BODY)
        return create_area(cx, unit, ret_id);
    const struct unit_sort *sort = unit_sort_find(unit->sort);
    if (sort && !str_eq(sort->level, level_of(place.kind)))
        return fail_field(cx, "sort", "Loại cơ quan này không có ở cấp của " STR_FMT,
                          STR_ARG(place.full_name));
    if (sort)
        return create_body(cx, &place, sort, unit->from_day, unit->cause, ret_id);
    if (!str_eq(unit->sort, STR("khac")))
        return fail_field(cx, "sort", "Chọn loại cơ quan trong danh mục");
    return create_other_body(cx, &place, unit, ret_id);
}

/* ---- New names and kinds ---- */

/* The bodies of the table are called after their place; each new name is a fact of its own, so that
 * it has its day. */
static enum err rename_bodies(struct ctx *cx, const struct unit *was, const struct unit *place,
                              int32_t from_day, struct str cause)
{
    struct str level = level_of(place->kind);
    for (size_t i = 0; i < unit_sorts_len; i++) {
        struct unit body = { .id = 0 };
        if (!str_eq(unit_sorts[i].level, level))
            continue;
        enum err err = unit_find_body(cx, place->id, unit_sorts[i].sort, &body);
        if (err == ERR_NOT_FOUND)
            continue;
        TRY(err);
        struct unit_renamed renamed = {
            .from_day = from_day,
            .kind = unit_kind_stored(UNIT_BODY),
            .name = unit_sort_name(&cx->arena, &unit_sorts[i], place->kind),
            .full_name = unit_sort_full_name(&cx->arena, &unit_sorts[i], place->kind, place->name),
            .cause = cause,
        };
        /* One that had a name of its own keeps it: "Trường Chính trị Tô Hiệu". */
        struct str usual = unit_sort_full_name(&cx->arena, &unit_sorts[i], was->kind, was->name);
        if (str_eq(usual, body.full_name) && !str_eq(renamed.full_name, body.full_name))
            TRY(record(cx, UNIT_FACT_RENAMED, body.id, &renamed));
    }
    return OK;
}

static enum err change_name(struct ctx *cx, enum unit_fact fact, struct unit *unit,
                            int32_t from_day, struct str cause)
{
    struct unit was = { .id = 0 };
    TRY(unit_find(cx, unit->id, &was));
    if (unit->kind != UNIT_BODY)
        unit->full_name = unit_area_full_name(&cx->arena, unit->kind, unit->name);
    struct unit_renamed renamed = { .from_day = from_day,
                                    .kind = unit_kind_stored(unit->kind),
                                    .name = unit->name,
                                    .full_name = unit->full_name,
                                    .cause = cause };
    TRY(record(cx, fact, unit->id, &renamed));
    return unit->kind == UNIT_BODY ? OK : rename_bodies(cx, &was, unit, from_day, cause);
}

enum err unit_rename(struct ctx *cx, int64_t id, struct str name, int32_t from_day,
                     struct str cause)
{
    struct unit unit = { .id = 0 };
    TRY(find_own(cx, id, &unit));
    struct str clean =
        unit.kind == UNIT_BODY ? viet_clean(&cx->arena, name) : unit_clean_name(&cx->arena, name);
    if (clean.len == 0)
        return fail_field(cx, "name", "Nhập tên mới của đơn vị");
    if (unit.kind == UNIT_BODY && str_starts(unit.full_name, unit.name))
        unit.full_name = str_format(&cx->arena, STR_FMT STR_FMT, STR_ARG(clean),
                                    STR_ARG(str_sub(unit.full_name, unit.name.len, SIZE_MAX)));
    unit.name = clean;
    return change_name(cx, UNIT_FACT_RENAMED, &unit, from_day, cause);
}

enum err unit_set_full_name(struct ctx *cx, int64_t id, struct str full_name, int32_t from_day,
                            struct str cause)
{
    struct unit unit = { .id = 0 };
    TRY(find_own(cx, id, &unit));
    unit.full_name = viet_clean(&cx->arena, full_name);
    if (unit.kind != UNIT_BODY || unit.full_name.len == 0)
        return fail_field(cx, "full_name", "Nhập tên đầy đủ của cơ quan, tổ chức");
    return change_name(cx, UNIT_FACT_RENAMED, &unit, from_day, cause);
}

enum err unit_change_kind(struct ctx *cx, int64_t id, enum unit_kind kind, int32_t from_day,
                          struct str cause)
{
    struct unit unit = { .id = 0 };
    TRY(find_own(cx, id, &unit));
    if (unit.kind == kind)
        return fail_field(cx, "kind", STR_FMT " đã là " STR_FMT, STR_ARG(unit.full_name),
                          STR_ARG(unit_kind_shown(kind)));
    if (unit.kind == UNIT_BODY || unit.kind == UNIT_NATION)
        return fail_field(cx, "kind", "Chỉ đổi loại của đơn vị hành chính");
    unit.kind = kind;
    return change_name(cx, UNIT_FACT_REKINDED, &unit, from_day, cause);
}

/* ---- Moves, ends, codes ---- */

enum err unit_move(struct ctx *cx, int64_t id, int64_t parent_id, int32_t from_day,
                   struct str cause)
{
    struct unit unit = { .id = 0 }, parent = { .id = 0 };
    TRY(find_own(cx, id, &unit));
    TRY(find_own(cx, parent_id, &parent));
    struct unit_moved moved = { .from_day = from_day, .parent_id = parent_id, .cause = cause };
    return record(cx, UNIT_FACT_MOVED, id, &moved);
}

static enum err end_with(struct ctx *cx, enum unit_fact fact, struct str how, int64_t id,
                         int64_t other_id, int32_t from_day, struct str cause)
{
    struct unit unit = { .id = 0 };
    bool is_known = false;
    int64_t seq = 0;
    TRY(fact_is_known(cx, &is_known, &seq));
    TRY(find_own(cx, id, &unit));
    if (other_id != 0)
        TRY(find_own(cx, other_id, &unit));
    struct unit_ended ended = { .from_day = from_day, .other_id = other_id, .cause = cause };
    TRY(record(cx, fact, id, &ended));
    if (is_known || from_day > day_from_instant(cx->now))
        return OK; /* sent twice, or its day is still to come: then a job hands over (unit_hand_over) */
    struct unit_succeeded succeeded = { from_day, other_id, how, cause };
    return record(cx, UNIT_FACT_SUCCEEDED, id, &succeeded);
}

enum err unit_merge(struct ctx *cx, int64_t id, int64_t into_id, int32_t from_day, struct str cause)
{
    return end_with(cx, UNIT_FACT_MERGED, UNIT_MERGED, id, into_id, from_day, cause);
}

enum err unit_split(struct ctx *cx, int64_t id, int64_t part_id, int32_t from_day, struct str cause)
{
    return end_with(cx, UNIT_FACT_SPLIT, UNIT_SPLIT, id, part_id, from_day, cause);
}

enum err unit_close(struct ctx *cx, int64_t id, int32_t from_day, struct str cause)
{
    return end_with(cx, UNIT_FACT_CLOSED, UNIT_CLOSED, id, 0, from_day, cause);
}

enum err unit_add_code(struct ctx *cx, int64_t id, struct str code, struct str cause)
{
    struct unit unit = { .id = 0 };
    TRY(find_own(cx, id, &unit));
    struct unit_code_added added = { .code = code, .cause = cause };
    return record(cx, UNIT_FACT_CODE_ADDED, id, &added);
}
