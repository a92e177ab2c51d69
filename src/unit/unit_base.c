#include "unit/unit_base.h"

#include "store/store.h"

/*
 * The map as it is loaded: the package's state of 1/7/2025, corrected where it is wrong, and then
 * the changes since, each on its day and with the paper that made it.
 */
static const char base_cause[] = "Quyết định 19/2025/QĐ-TTg";

/* Codes the package has wrong: 23737 is an error; for Ba Chẽ the Decision's list and the live
 * service disagree. */
static const struct {
    struct str wrong, right;
    bool is_alias; /* lists in circulation carry it, so it is accepted too */
} code_corrections[] = {
    { STR_INIT("23737"), STR_INIT("23938"), false },
    { STR_INIT("06970"), STR_INIT("06978"), true },
};

/* 30/4/2026: Đồng Nai a centrally-run city, and ten of its communes wards. */
static const struct {
    int year, month, date;
    struct str code;
    enum unit_kind kind;
    struct str cause;
} kind_changes[] = {
    { 2026, 4, 30, STR_INIT("75"), UNIT_CITY, STR_INIT("Nghị quyết 30/2026/QH16") },
    { 2026, 4, 30, STR_INIT("25270"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("25357"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("25363"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26116"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26170"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26248"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26326"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26368"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26425"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
    { 2026, 4, 30, STR_INIT("26485"), UNIT_WARD, STR_INIT("Nghị quyết 237/NQ-UBTVQH16") },
};

/* Schools that carry a person's name instead of their province's. */
static const struct {
    struct str province_code, name;
} school_names[] = {
    { STR_INIT("04"), STR_INIT("Trường Chính trị Hoàng Đình Giông") },
    { STR_INIT("31"), STR_INIT("Trường Chính trị Tô Hiệu") },
};

/* What one load is asked for: all provinces when codes_len is 0. */
struct load {
    const struct str *codes;
    size_t codes_len;
};

static bool is_asked(const struct load *load, struct str province_code)
{
    for (size_t i = 0; i < load->codes_len; i++)
        if (str_eq(load->codes[i], province_code))
            return true;
    return load->codes_len == 0;
}

static struct str right_code(struct str code)
{
    for (size_t i = 0; i < LEN(code_corrections); i++)
        if (str_eq(code_corrections[i].wrong, code))
            return code_corrections[i].right;
    return code;
}

static enum err load_area(struct ctx *cx, const struct unit_area *area, int64_t parent_id,
                          int64_t *ret_id)
{
    struct unit_new unit = {
        .parent_id = parent_id,
        .kind = area->kind,
        .code = right_code(area->code),
        .name = area->name,
        .from_day = day_from_civil(2025, 7, 1),
        .cause = str_from(base_cause),
        .with_bodies = true,
    };
    return unit_create(cx, &unit, ret_id);
}

static enum err load_province(struct ctx *cx, const struct unit_area *province, int64_t nation_id)
{
    int64_t province_id = 0;
    TRY(load_area(cx, province, nation_id, &province_id));
    for (size_t i = 0; i < unit_areas_len; i++) {
        int64_t id = 0;
        if (str_eq(unit_areas[i].parent_code, province->code))
            TRY(load_area(cx, &unit_areas[i], province_id, &id));
    }
    return OK;
}

/* A loaded unit by its code; *ret_unit keeps id 0 when its province was not asked for. */
static enum err find_loaded(struct ctx *cx, struct str code, struct unit *ret_unit)
{
    enum err err = unit_find_code(cx, code, ret_unit);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err load_later_facts(struct ctx *cx)
{
    for (size_t i = 0; i < LEN(code_corrections); i++) {
        struct unit unit = { .id = 0 };
        TRY(find_loaded(cx, code_corrections[i].right, &unit));
        if (unit.id != 0 && code_corrections[i].is_alias)
            TRY(unit_add_code(cx, unit.id, code_corrections[i].wrong, str_from(base_cause)));
    }
    for (size_t i = 0; i < LEN(school_names); i++) {
        struct unit province = { .id = 0 }, school = { .id = 0 };
        TRY(find_loaded(cx, school_names[i].province_code, &province));
        if (province.id == 0)
            continue;
        TRY(unit_find_body(cx, province.id, STR("truong_chinh_tri"), &school));
        TRY(unit_set_full_name(cx, school.id, school_names[i].name, day_from_civil(2025, 7, 1),
                               STR("")));
    }
    for (size_t i = 0; i < LEN(kind_changes); i++) {
        struct unit unit = { .id = 0 };
        TRY(find_loaded(cx, kind_changes[i].code, &unit));
        int32_t day =
            day_from_civil(kind_changes[i].year, kind_changes[i].month, kind_changes[i].date);
        if (unit.id != 0)
            TRY(unit_change_kind(cx, unit.id, kind_changes[i].kind, day, kind_changes[i].cause));
    }
    return OK;
}

static enum err load_all(struct ctx *cx, void *what)
{
    const struct load *load = what;
    struct unit_new nation = {
        .kind = UNIT_NATION,
        .code = STR("VN"),
        .name = STR("Việt Nam"),
        .from_day = day_from_civil(2025, 7, 1),
        .cause = str_from(base_cause),
        .with_bodies = true,
    };
    int64_t nation_id = 0;
    TRY(unit_create(cx, &nation, &nation_id));
    for (size_t i = 0; i < unit_areas_len; i++)
        if (unit_kind_is_province(unit_areas[i].kind) && is_asked(load, unit_areas[i].code))
            TRY(load_province(cx, &unit_areas[i], nation_id));
    return load_later_facts(cx);
}

/* In an arena of its own: 18,000 facts are more than a request may build. All or nothing. */
static enum err load_in_one(struct ctx *cx, struct store *store, struct load *load)
{
    enum { LOAD_ARENA_BYTES = 512 << 20 };
    static const struct actor program = { .kind = ACTOR_PROGRAM };
    struct ctx own = { .env = cx->env, .db = cx->db, .actor = &program, .now = cx->now };
    arena_init(&own.arena, cx->env, LOAD_ARENA_BYTES);
    own.arena.guard = cx->arena.guard;
    enum err err = store_write(&own, store, load_all, load);
    cx->fault = own.fault;
    arena_end(&own.arena);
    return err;
}

enum err unit_load_nation(struct ctx *cx, struct store *store)
{
    struct load load = { .codes_len = 0 };
    return load_in_one(cx, store, &load);
}

enum err unit_load_provinces(struct ctx *cx, struct store *store, const struct str *codes,
                             size_t len)
{
    struct load load = { .codes = codes, .codes_len = len };
    return load_in_one(cx, store, &load);
}
