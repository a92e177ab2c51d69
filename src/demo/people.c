#include "demo/people.h"

#include "base/day.h"
#include "demo/people_data.h"
#include "demo/people_names.h"
#include "person/person_fact.h"
#include "store/store.h"
#include "unit/unit.h"

enum {
    SEATS_MAX = 256,
    PLACES_MAX = 4000,
    PROVINCES_MAX = 40,
    PLACES_A_BATCH = 48, /* about 2,000 facts */
    BATCH_ARENA_BYTES = 256 << 20,
    HEADS_DENSITY_PER_CENT = 34, /* of the posts a unit has: what the nation's 130,000 come to */
};

/* A post of a sort of place, and the body that keeps its holder's record. */
struct seat {
    const struct demo_position *position;
    struct str sort;
    bool is_head;
};
struct seats {
    struct seat at[SEATS_MAX];
    size_t len;
    int64_t all_tenths, head_tenths; /* per place */
};

struct place {
    int64_t id;
    enum unit_kind kind;
    struct str code;
    struct str province_code;
};

struct load {
    uint64_t seed;
    int64_t people; /* how many are wanted */
    int64_t made;
    const struct name_source *names;
    struct seats *seats; /* one for each kind of unit */
    struct place *places;
    size_t places_len;
    size_t next; /* the next place to fill */
    int32_t from_day;
};

/* ---- Posts ---- */

/* What is there in every unit, however few people the demo has. */
static const struct str head_words[] = {
    STR_INIT("Bí thư Đảng ủy"),
    STR_INIT("Bí thư Tỉnh ủy"),
    STR_INIT("Bí thư Thành ủy"),
    STR_INIT("Phó Bí thư"),
    STR_INIT("Chủ tịch Ủy ban"),
    STR_INIT("Chủ tịch Hội đồng"),
    STR_INIT("Phó Chủ tịch Thường trực"),
    STR_INIT("Phó Chủ tịch Ủy ban nhân dân"),
    STR_INIT("Trưởng Ban"),
    STR_INIT("Trưởng phòng"),
    STR_INIT("Chánh"),
    STR_INIT("Giám đốc"),
    STR_INIT("Hiệu trưởng"),
    STR_INIT("Chủ nhiệm"),
};

static bool is_head(const struct demo_position *position)
{
    /* Heads of village groups are many, and no heads of a unit. */
    if (position->per_unit_tenths > 20 ||
        str_starts(position->title, STR("Trưởng Ban Công tác Mặt trận")))
        return false;
    for (size_t i = 0; i < LEN(head_words); i++)
        if (str_starts(position->title, head_words[i]))
            return true;
    return false;
}

/* Titles that name a part of a body and not the body. */
static const struct {
    struct str words, sort;
} parts_of_bodies[] = {
    { STR_INIT("Trưởng khoa"), STR_INIT("truong_chinh_tri") },
    { STR_INIT("Trưởng phòng Quản lý đào tạo"), STR_INIT("truong_chinh_tri") },
    { STR_INIT("Trưởng phòng Tổ chức, Hành chính"), STR_INIT("truong_chinh_tri") },
};

static struct str sort_at_commune(const struct demo_position *position)
{
    if (str_eq(position->block, STR("party")))
        return STR("dang_uy_xa");
    if (str_eq(position->block, STR("front")))
        return STR("mttq_xa");
    size_t council = str_find(position->title, STR("Hội đồng nhân dân"));
    bool is_council = council < position->title.len &&
                      str_find(position->title, STR("Ủy ban nhân dân")) == position->title.len;
    return is_council ? STR("hdnd_xa") : STR("ubnd_xa");
}

/* The body of a province whose name stands in the title, the longest one; else the head body of the
 * block. */
static struct str sort_at_province(struct arena *arena, const struct demo_position *position,
                                   enum unit_kind kind)
{
    for (size_t i = 0; i < LEN(parts_of_bodies); i++)
        if (str_starts(position->title, parts_of_bodies[i].words))
            return parts_of_bodies[i].sort;
    struct str found = STR("ubnd_tinh");
    size_t found_len = 0;
    if (str_eq(position->block, STR("party")))
        found = STR("tinh_uy");
    if (str_eq(position->block, STR("front")))
        found = STR("mttq_tinh");
    for (size_t i = 0; i < unit_sorts_len; i++) {
        struct str name = unit_sort_name(arena, &unit_sorts[i], kind);
        bool is_named = str_eq(unit_sorts[i].level, STR("province")) && name.len > found_len &&
                        str_find(position->title, name) < position->title.len;
        if (!is_named)
            continue;
        found = unit_sorts[i].sort;
        found_len = name.len;
    }
    return found;
}

static bool applies_to(const struct demo_position *position, enum unit_kind kind)
{
    struct str rest = position->applies_to;
    while (rest.len > 0)
        if (str_eq(str_cut(&rest, '|'), unit_kind_stored(kind)))
            return true;
    return false;
}

static void fill_seats(struct arena *arena, struct seats *seats, enum unit_kind kind)
{
    for (size_t i = 0; i < demo_positions_len && seats->len < SEATS_MAX; i++) {
        const struct demo_position *position = &demo_positions[i];
        if (!applies_to(position, kind))
            continue;
        struct seat *seat = &seats->at[seats->len++];
        seat->position = position;
        seat->is_head = is_head(position);
        seat->sort = unit_kind_is_commune(kind) ? sort_at_commune(position)
                                                : sort_at_province(arena, position, kind);
        seats->all_tenths += position->per_unit_tenths;
        seats->head_tenths += seat->is_head ? position->per_unit_tenths : 0;
    }
}

/* The Academy's own people: the lists of posts know communes and provinces only. */
static const struct demo_position academy_positions[] = {
    { STR_INIT("Giám đốc Học viện"), STR_INIT("party"), STR_INIT("central"), STR_INIT("nation"),
      10 },
    { STR_INIT("Phó Giám đốc Học viện"), STR_INIT("party"), STR_INIT("central"), STR_INIT("nation"),
      40 },
    { STR_INIT("Chánh Văn phòng Học viện"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 10 },
    { STR_INIT("Vụ trưởng Vụ Quản lý đào tạo"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 10 },
    { STR_INIT("Phó Vụ trưởng Vụ Quản lý đào tạo"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 20 },
    { STR_INIT("Vụ trưởng Vụ Các trường chính trị"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 10 },
    { STR_INIT("Giám đốc Trung tâm Công nghệ thông tin"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 10 },
    { STR_INIT("Chuyên viên Vụ Quản lý đào tạo"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 80 },
    { STR_INIT("Chuyên viên Trung tâm Công nghệ thông tin"), STR_INIT("party"), STR_INIT("central"),
      STR_INIT("nation"), 60 },
    { STR_INIT("Giảng viên cao cấp"), STR_INIT("party"), STR_INIT("central"), STR_INIT("nation"),
      120 },
};

static void fill_academy_seats(struct seats *seats)
{
    for (size_t i = 0; i < LEN(academy_positions); i++)
        seats->at[seats->len++] = (struct seat){ .position = &academy_positions[i],
                                                 .sort = STR("hoc_vien"),
                                                 .is_head = true };
}

/* ---- Places ---- */

/* Those of the demo's papers come first, the rest by code. */
static const struct str first_provinces[] = { STR_INIT("51"), STR_INIT("42"), STR_INIT("31"),
                                              STR_INIT("04") };
enum { PROVINCES_AT_LEAST = 3 };

static size_t order_of(struct str code)
{
    for (size_t i = 0; i < LEN(first_provinces); i++)
        if (str_eq(first_provinces[i], code))
            return i;
    int64_t number = 0;
    (void)str_to_i64(code, &number);
    return LEN(first_provinces) + (size_t)number;
}

static int compare_provinces(const void *a, const void *b)
{
    const struct unit *one = a, *two = b;
    size_t x = order_of(one->code), y = order_of(two->code);
    return x < y ? -1 : x > y;
}

static void add_place(struct load *load, const struct unit *unit, struct str province_code)
{
    if (load->places_len < PLACES_MAX)
        load->places[load->places_len++] = (struct place){
            .id = unit->id, .kind = unit->kind, .code = unit->code, .province_code = province_code
        };
}

/*
 * The nation's bodies, then the provinces, then communes in turns, one of each province, so that
 * few people are spread over all of the chosen ones. As many provinces as it takes to hold
 * everybody.
 */
static enum err choose_places(struct ctx *cx, struct load *load)
{
    struct unit nation = { .id = 0 };
    struct unit_list found = { .len = 0 }, communes[PROVINCES_MAX];
    int32_t today = day_from_instant(cx->now);
    TRY(unit_find_nation(cx, &nation));
    add_place(load, &nation, STR("01"));
    TRY(unit_list_children(cx, nation.id, today, &found));
    qsort(found.at, found.len, sizeof *found.at, compare_provinces);

    int64_t room_tenths = 0; /* how many the chosen ones hold, with a little to spare */
    size_t chosen = 0;
    for (size_t i = 0; i < found.len && chosen < PROVINCES_MAX; i++) {
        bool is_enough =
            room_tenths * HEADS_DENSITY_PER_CENT / 1000 > load->people + load->people / 20;
        if (!unit_kind_is_province(found.at[i].kind) || (is_enough && chosen >= PROVINCES_AT_LEAST))
            continue;
        add_place(load, &found.at[i], found.at[i].code);
        TRY(unit_list_children(cx, found.at[i].id, today, &communes[chosen]));
        for (size_t c = 0; c < communes[chosen].len; c++)
            room_tenths += load->seats[communes[chosen].at[c].kind].all_tenths;
        found.at[chosen++] = found.at[i];
    }
    bool is_more = true;
    for (size_t turn = 0; is_more; turn++) {
        is_more = false;
        for (size_t i = 0; i < chosen; i++) {
            is_more = is_more || turn < communes[i].len;
            if (turn < communes[i].len && unit_kind_is_commune(communes[i].at[turn].kind))
                add_place(load, &communes[i].at[turn], found.at[i].code);
        }
    }
    return OK;
}

/* ---- People ---- */

/* How many hold a post here: whole ones surely, the rest by chance. */
static int64_t holders_of(struct load *load, const struct seats *seats, const struct seat *seat,
                          struct demo_random *random)
{
    enum { TEN_THOUSAND = 10000 };
    int64_t expected = seat->position->per_unit_tenths * (TEN_THOUSAND / 10);
    if (!seat->is_head) {
        /* What the heads leave of the wanted share, spread over the other posts. */
        int64_t wanted = seats->all_tenths * load->people / 383000;
        int64_t least = seats->all_tenths * HEADS_DENSITY_PER_CENT / 100;
        int64_t left = (wanted > least ? wanted : least) - seats->head_tenths;
        int64_t others = seats->all_tenths - seats->head_tenths;
        expected = left > 0 && others > 0 ? expected * left / others : 0;
    }
    int64_t whole = expected / TEN_THOUSAND;
    return whole + ((int64_t)demo_random_below(random, TEN_THOUSAND) < expected % TEN_THOUSAND);
}

static bool title_has(const struct seat *seat, struct str words)
{
    return str_find(seat->position->title, words) < seat->position->title.len;
}

static enum demo_sex sex_of(const struct seat *seat)
{
    if (title_has(seat, STR("Phụ nữ")))
        return DEMO_SEX_WOMAN;
    bool is_mans = title_has(seat, STR("Cựu chiến binh")) || title_has(seat, STR("Quân sự")) ||
                   title_has(seat, STR("Trưởng Công an"));
    return is_mans ? DEMO_SEX_MAN : DEMO_SEX_ANY;
}

/* The Youth Union's are young, the elderly's and the veterans' are not; heads are older than their
 * staff. */
static int32_t birth_day_of(const struct seat *seat, struct demo_random *random)
{
    int first = 1966, last = seat->is_head ? 1986 : 2001;
    if (title_has(seat, STR("Đoàn Thanh niên"))) {
        first = 1988;
        last = 2001;
    }
    if (title_has(seat, STR("Người cao tuổi")) || title_has(seat, STR("Cựu chiến binh"))) {
        first = 1958;
        last = 1972;
    }
    uint64_t days = (uint64_t)(day_from_civil(last, 12, 31) - day_from_civil(first, 1, 1));
    return day_from_civil(first, 1, 1) + (int32_t)demo_random_below(random, days);
}

static enum err add_person(struct ctx *cx, struct load *load, const struct place *place,
                           int64_t unit_id, const struct seat *seat, struct demo_random *random)
{
    struct demo_person_name name =
        name_source_draw(&cx->arena, load->names, random, place->province_code, sex_of(seat));
    struct person_written person = {
        .title = seat->position->title,
        .from_day = load->from_day,
        .family = name.family,
        .middle = name.middle,
        .given = name.given,
        .full_name = name.full_name,
        .birth_day = birth_day_of(seat, random),
        .sex = name.is_woman ? STR("nu") : STR("nam"),
        .phone = str_format(&cx->arena, "0900000%03u", (unsigned)demo_random_below(random, 1000)),
        .mail = STR(""),
    };
    load->made++;
    return fact_record(cx, &person_fact_list[PERSON_FACT_CREATED], unit_id, 0, &person, NULL);
}

static int64_t body_id(const struct unit_list *bodies, struct str sort)
{
    for (size_t i = 0; i < bodies->len; i++)
        if (str_eq(bodies->at[i].sort, sort))
            return bodies->at[i].id;
    return 0;
}

static enum err fill_place(struct ctx *cx, struct load *load, const struct place *place)
{
    const struct seats *seats = &load->seats[place->kind];
    struct unit_list bodies = { .len = 0 };
    int64_t number = 0;
    (void)str_to_i64(place->code, &number);
    struct demo_random random = { .state = load->seed * 1000003 + (uint64_t)number };
    TRY(unit_list_children(cx, place->id, day_from_instant(cx->now), &bodies));
    for (size_t i = 0; i < seats->len; i++) {
        int64_t unit_id = body_id(&bodies, seats->at[i].sort);
        int64_t holders = unit_id ? holders_of(load, seats, &seats->at[i], &random) : 0;
        for (int64_t n = 0; n < holders; n++)
            TRY(add_person(cx, load, place, unit_id, &seats->at[i], &random));
    }
    return OK;
}

static enum err fill_batch(struct ctx *cx, void *what)
{
    struct load *load = what;
    size_t end = load->next + PLACES_A_BATCH < load->places_len ? load->next + PLACES_A_BATCH
                                                                : load->places_len;
    while (load->next < end && load->made < load->people)
        TRY(fill_place(cx, load, &load->places[load->next++]));
    return OK;
}

/* In an arena of its own that starts anew with each batch. */
static enum err fill_all(struct ctx *cx, struct store *store, struct load *load)
{
    struct ctx own = { .env = cx->env, .db = cx->db, .actor = cx->actor, .now = cx->now };
    enum err err = OK;
    arena_init(&own.arena, cx->env, BATCH_ARENA_BYTES);
    own.arena.guard = cx->arena.guard;
    while (err == OK && load->next < load->places_len && load->made < load->people) {
        err = store_write(&own, store, fill_batch, load);
        arena_reset(&own.arena);
    }
    cx->fault = own.fault;
    arena_end(&own.arena);
    return err;
}

static enum err choose_and_fill(struct ctx *cx, struct store *store, struct load *load)
{
    TRY(choose_places(cx, load));
    return fill_all(cx, store, load);
}

enum err demo_load_people(struct ctx *cx, struct store *store, uint64_t seed, int64_t people)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM,
                                          .scope = { STR_INIT(""), STR_INIT("~") } };
    const struct actor *before = cx->actor;
    struct load load = { .seed = seed, .people = people, .from_day = day_from_civil(2025, 7, 1) };
    load.names = name_source_open(&cx->arena);
    load.seats = ARENA_NEW_ARRAY(&cx->arena, struct seats, UNIT_KIND_COUNT);
    load.places = ARENA_NEW_ARRAY(&cx->arena, struct place, PLACES_MAX);
    for (enum unit_kind kind = UNIT_PROVINCE; kind <= UNIT_SPECIAL_ZONE; kind++)
        fill_seats(&cx->arena, &load.seats[kind], kind);
    fill_academy_seats(&load.seats[UNIT_NATION]);
    cx->actor = &program;
    enum err err = choose_and_fill(cx, store, &load);
    cx->actor = before;
    return err;
}
