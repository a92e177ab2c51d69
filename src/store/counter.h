/*
 * counter: deltas of counters, added up in memory. A job has a map of its own that is dropped when its savepoint is
 * rolled back and poured into the batch's map when it stays; the batch writes each sum once.
 */
#ifndef STORE_COUNTER_H
#define STORE_COUNTER_H

#include "store/engine.h"

struct counter_map {
    const struct env *env;
    struct counter_sum *at; /* in the order of their first delta */
    size_t len, room;
    uint32_t *index; /* open addressing: place in `at` plus 1, 0 for free; a power of two, at least twice `room` */
    size_t index_room;
    bool is_sorted;
};

void counter_map_init(struct counter_map *map, const struct env *env);
void counter_map_end(struct counter_map *map);
void counter_map_clear(struct counter_map *map);

/* False when there is no memory; the map is then as before. `kind` must outlive the map (a literal). */
bool counter_map_add(struct counter_map *map, struct str kind, int64_t subject_id, int64_t unit_id, int64_t delta)
    MUST_CHECK;
/* All of `from` into `map`. */
bool counter_map_pour(struct counter_map *map, const struct counter_map *from) MUST_CHECK;
/* By kind, subject, unit: neighbours in the table stand together. Ends the map's use until it is cleared. */
void counter_map_sort(struct counter_map *map);

#endif
