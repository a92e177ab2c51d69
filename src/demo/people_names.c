#include "demo/people_names.h"

#include "demo/people_data.h"

#include <assert.h>

enum { PARTS = 3, GENDERS = 2, REGIONS = 3, GROUPS_MAX = 20, PROVINCES_MAX = 40, DRAWS_MAX = 20 };

/* What one draw is made from: names with their weights added up. */
struct pool {
    const struct demo_name **names;
    uint64_t *sums; /* sums[i] is the weight of names[0] to names[i] */
    size_t len;
};

struct province_mix {
    struct str code;
    int region;
    size_t groups[GROUPS_MAX];
    uint64_t sums[GROUPS_MAX];
    size_t len;
};

struct name_source {
    struct str groups[GROUPS_MAX];
    size_t groups_len;
    struct pool pools[GROUPS_MAX][PARTS][GENDERS][REGIONS];
    struct province_mix provinces[PROVINCES_MAX];
    size_t provinces_len;
};

uint64_t demo_random_next(struct demo_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t demo_random_below(struct demo_random *random, uint64_t limit)
{
    /* The bias of a remainder is far below what the demo's lists are known to. */
    return demo_random_next(random) % limit;
}

static const char part_letters[PARTS] = { 'f', 'm', 'g' };
static const char gender_letters[GENDERS] = { 'm', 'f' };
enum { PART_FAMILY, PART_MIDDLE, PART_GIVEN };

static size_t group_index(struct name_source *source, struct str group)
{
    for (size_t i = 0; i < source->groups_len; i++)
        if (str_eq(source->groups[i], group))
            return i;
    assert(source->groups_len < GROUPS_MAX);
    source->groups[source->groups_len] = group;
    return source->groups_len++;
}

static void fill_pool(struct arena *arena, struct pool *pool, struct str group, char part,
                      char gender, int region)
{
    pool->names = ARENA_NEW_ARRAY(arena, const struct demo_name *, demo_names_len);
    pool->sums = ARENA_NEW_ARRAY(arena, uint64_t, demo_names_len);
    uint64_t sum = 0;
    for (size_t i = 0; i < demo_names_len; i++) {
        const struct demo_name *name = &demo_names[i];
        bool fits = name->part == part && (name->gender == gender || name->gender == 'x') &&
                    name->weights[region] > 0 && str_eq(name->group, group);
        if (!fits)
            continue;
        sum += (uint64_t)name->weights[region];
        pool->names[pool->len] = name;
        pool->sums[pool->len++] = sum;
    }
}

static void fill_pools(struct arena *arena, struct name_source *source)
{
    for (size_t g = 0; g < source->groups_len; g++)
        for (size_t p = 0; p < PARTS; p++)
            for (size_t s = 0; s < GENDERS; s++)
                for (int r = 0; r < REGIONS; r++)
                    fill_pool(arena, &source->pools[g][p][s][r], source->groups[g], part_letters[p],
                              gender_letters[s], r);
}

struct name_source *name_source_open(struct arena *arena)
{
    struct name_source *source = ARENA_NEW(arena, struct name_source);
    /* The first group lends to those that have no names of their own for a part. */
    (void)group_index(source, STR("kinh"));
    for (size_t i = 0; i < demo_names_len; i++)
        (void)group_index(source, demo_names[i].group);
    for (size_t i = 0; i < demo_mixes_len; i++) {
        const struct demo_mix *mix = &demo_mixes[i];
        struct province_mix *province =
            source->provinces_len ? &source->provinces[source->provinces_len - 1] : NULL;
        if (!province || !str_eq(province->code, mix->province_code)) {
            assert(source->provinces_len < PROVINCES_MAX);
            province = &source->provinces[source->provinces_len++];
            *province = (struct province_mix){ .code = mix->province_code, .region = mix->region };
        }
        uint64_t before = province->len ? province->sums[province->len - 1] : 0;
        province->groups[province->len] = group_index(source, mix->group);
        province->sums[province->len++] = before + (uint64_t)mix->weight;
    }
    fill_pools(arena, source);
    return source;
}

/* The first place whose sum lies above a random number. */
static size_t draw_index(struct demo_random *random, const uint64_t *sums, size_t len)
{
    uint64_t at = demo_random_below(random, sums[len - 1]);
    size_t low = 0, high = len - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sums[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static struct str draw_part(const struct name_source *source, struct demo_random *random,
                            size_t group, size_t part, size_t gender, int region)
{
    const struct pool *pool = &source->pools[group][part][gender][region];
    if (pool->len == 0)
        pool = &source->pools[0][part][gender][region];
    return pool->names[draw_index(random, pool->sums, pool->len)]->name;
}

/* True when a syllable comes twice: "Nguyễn Văn Văn" is nobody's name. */
static bool repeats_a_syllable(struct str name)
{
    struct str rest = name;
    while (rest.len > 0) {
        struct str syllable = str_cut(&rest, ' '), others = rest;
        while (others.len > 0)
            if (str_eq(str_cut(&others, ' '), syllable))
                return true;
    }
    return false;
}

static void put_part(struct buf *out, struct str part)
{
    if (part.len == 0)
        return;
    /* "K'" and "Brểu" are written together. */
    if (out->len > 0 && out->at[out->len - 1] != '\'')
        buf_put_char(out, ' ');
    buf_put(out, part);
}

static struct str join(struct arena *arena, const struct demo_person_name *name, bool is_clan_last)
{
    struct buf out;
    buf_init(&out, arena);
    if (!is_clan_last)
        put_part(&out, name->family);
    put_part(&out, name->middle);
    put_part(&out, name->given);
    if (is_clan_last)
        put_part(&out, name->family);
    return buf_str(&out);
}

static const struct province_mix *mix_of(const struct name_source *source, struct str province_code)
{
    for (size_t i = 0; i < source->provinces_len; i++)
        if (str_eq(source->provinces[i].code, province_code))
            return &source->provinces[i];
    return &source->provinces[0]; /* central bodies: the capital's */
}

/* Kinh given names of two words, "Bảo Ngọc": lists go by the last one, the other is counted to the
 * middle name. */
static void keep_last_word(struct arena *arena, struct demo_person_name *name)
{
    size_t at = name->given.len;
    while (at > 0 && name->given.at[at - 1] != ' ')
        at--;
    if (at == 0)
        return;
    struct str first = str_trim(str_sub(name->given, 0, at));
    name->given = str_sub(name->given, at, SIZE_MAX);
    name->middle = name->middle.len == 0 ? first
                                         : str_format(arena, STR_FMT " " STR_FMT,
                                                      STR_ARG(name->middle), STR_ARG(first));
}

struct demo_person_name name_source_draw(struct arena *arena, const struct name_source *source,
                                         struct demo_random *random, struct str province_code,
                                         enum demo_sex sex)
{
    const struct province_mix *mix = mix_of(source, province_code);
    struct demo_person_name name = { .family = STR("") };
    enum { WOMEN_PER_CENT = 42 };
    size_t group = mix->groups[draw_index(random, mix->sums, mix->len)];
    bool is_clan_last = str_eq(source->groups[group], STR("ede"));
    name.is_woman = demo_random_below(random, 100) < WOMEN_PER_CENT;
    if (sex != DEMO_SEX_ANY)
        name.is_woman = sex == DEMO_SEX_WOMAN;
    for (int draw = 0; draw < DRAWS_MAX; draw++) {
        size_t gender = name.is_woman;
        name.family = draw_part(source, random, group, PART_FAMILY, gender, mix->region);
        name.middle = draw_part(source, random, group, PART_MIDDLE, gender, mix->region);
        name.given = draw_part(source, random, group, PART_GIVEN, gender, mix->region);
        name.full_name = join(arena, &name, is_clan_last);
        if (!repeats_a_syllable(name.full_name))
            break;
    }
    if (group == 0)
        keep_last_word(arena, &name);
    return name;
}
