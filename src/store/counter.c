#include "store/counter.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTER_MAP_ROOM = 64, COUNTER_MAP_KEPT = 64 * 1024 };

void counter_map_init(struct counter_map *map, const struct env *env)
{
    *map = (struct counter_map){ .env = env };
}

void counter_map_end(struct counter_map *map)
{
    env_free(map->env, map->at);
    env_free(map->env, map->index);
    counter_map_init(map, map->env);
}

static size_t hash_of(struct str kind, int64_t subject_id, int64_t unit_id)
{
    uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a over the kind, then the numbers mixed in */
    for (size_t i = 0; i < kind.len; i++)
        hash = (hash ^ (unsigned char)kind.at[i]) * 0x100000001b3U;
    hash = (hash ^ (uint64_t)subject_id) * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 29) ^ (uint64_t)unit_id) * 0x9E3779B97F4A7C15U;
    return (size_t)(hash >> 20);
}

static size_t place_of(const struct counter_map *map, const struct counter_sum *sum)
{
    size_t mask = map->index_room - 1;
    size_t place = hash_of(sum->kind, sum->subject_id, sum->unit_id) & mask;
    while (map->index[place]) {
        const struct counter_sum *there = &map->at[map->index[place] - 1];
        if (there->unit_id == sum->unit_id && there->subject_id == sum->subject_id && str_eq(there->kind, sum->kind))
            break;
        place = (place + 1) & mask;
    }
    return place;
}

static bool grow(struct counter_map *map)
{
    size_t room = map->room ? map->room * 2 : COUNTER_MAP_ROOM;
    size_t index_room = room * 4;
    struct counter_sum *at = env_alloc(map->env, room * sizeof *at);
    uint32_t *index = env_alloc(map->env, index_room * sizeof *index);
    if (!at || !index) {
        env_free(map->env, at);
        env_free(map->env, index);
        return false;
    }
    if (map->len)
        memcpy(at, map->at, map->len * sizeof *at);
    memset(index, 0, index_room * sizeof *index);
    env_free(map->env, map->at);
    env_free(map->env, map->index);
    map->at = at;
    map->room = room;
    map->index = index;
    map->index_room = index_room;
    for (size_t i = 0; i < map->len; i++)
        map->index[place_of(map, &map->at[i])] = (uint32_t)(i + 1);
    return true;
}

void counter_map_clear(struct counter_map *map)
{
    if (map->room > COUNTER_MAP_KEPT) { /* an import came by: its memory is not kept for ever */
        counter_map_end(map);
        return;
    }
    /* A small job must not pay for the size a large one left behind. */
    if (!map->is_sorted && map->len * 8 < map->index_room) {
        for (size_t i = map->len; i > 0; i--)
            map->index[place_of(map, &map->at[i - 1])] = 0;
    } else if (map->index) {
        memset(map->index, 0, map->index_room * sizeof *map->index);
    }
    map->len = 0;
    map->is_sorted = false;
}

bool counter_map_add(struct counter_map *map, struct str kind, int64_t subject_id, int64_t unit_id, int64_t delta)
{
    if (map->len == map->room && !grow(map))
        return false;
    struct counter_sum sum = { kind, subject_id, unit_id, delta };
    size_t place = place_of(map, &sum);
    if (map->index[place]) {
        map->at[map->index[place] - 1].value += delta;
        return true;
    }
    map->at[map->len++] = sum;
    map->index[place] = (uint32_t)map->len;
    return true;
}

bool counter_map_pour(struct counter_map *map, const struct counter_map *from)
{
    for (size_t i = 0; i < from->len; i++) {
        const struct counter_sum *sum = &from->at[i];
        if (!counter_map_add(map, sum->kind, sum->subject_id, sum->unit_id, sum->value))
            return false;
    }
    return true;
}

static int compare_sums(const void *left, const void *right)
{
    const struct counter_sum *a = left;
    const struct counter_sum *b = right;
    int order = str_compare(a->kind, b->kind);
    if (order == 0)
        order = (a->subject_id > b->subject_id) - (a->subject_id < b->subject_id);
    if (order == 0)
        order = (a->unit_id > b->unit_id) - (a->unit_id < b->unit_id);
    return order;
}

void counter_map_sort(struct counter_map *map)
{
    map->is_sorted = true; /* the index no longer fits */
    if (map->len > 1)
        qsort(map->at, map->len, sizeof *map->at, compare_sums);
}
