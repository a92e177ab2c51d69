#include "store/batch.h"
#include "store/fact.h"

#include <assert.h>

enum { MOVED_MAX = 100000 };

/* What a unit has counted, wherever it still stands: in the table, in the batch, in the job. */
struct moved {
    struct counter_sum *at;
    size_t len, room;
};

static void keep(struct arena *arena, struct moved *moved, const struct counter_sum *sum)
{
    if (moved->len == moved->room) {
        size_t room = moved->room ? moved->room * 2 : 64;
        struct counter_sum *wider = ARENA_NEW_ARRAY(arena, struct counter_sum, room);
        if (moved->len > 0)
            memcpy(wider, moved->at, moved->len * sizeof *wider);
        moved->at = wider;
        moved->room = room;
    }
    moved->at[moved->len++] = *sum;
}

static void keep_waiting(struct arena *arena, struct moved *moved, const struct counter_map *map,
                         int64_t unit_id)
{
    for (size_t i = 0; i < map->len; i++)
        if (map->at[i].unit_id == unit_id)
            keep(arena, moved, &map->at[i]);
}

enum err counter_move(struct ctx *cx, int64_t unit_id, struct str old_parent_path,
                      struct str new_parent_path)
{
    /* By unit there is no index: moves are rare, and one would make every counter dearer. */
    SQL(list_counters,
        "/*scan*/ SELECT kind, subject_id, value FROM counter WHERE unit_id = $1 AND value <> 0");

    assert(cx->job); /* counters are kept by apply, on the writer */
    struct batch *batch = cx->job->batch;
    struct moved moved = { .len = 0 };
    struct rows rows = db_rows(cx, &list_counters, BIND(V(unit_id)));
    while (moved.len < MOVED_MAX && rows_next(&rows)) {
        struct counter_sum sum = { .kind = rows_str(&rows) };
        sum.subject_id = rows_i64(&rows);
        sum.value = rows_i64(&rows);
        keep(&cx->arena, &moved, &sum);
    }
    TRY(rows_end(&rows));
    keep_waiting(&cx->arena, &moved, &batch->counters, unit_id);
    keep_waiting(&cx->arena, &moved, &batch->job_counters, unit_id);
    for (size_t i = 0; i < moved.len; i++) {
        /* The maps keep the word until the batch is written, longer than the job's own arena lives.
         */
        const char *kind = str_to_c(&batch->cx.arena, moved.at[i].kind);
        counter_add(cx, kind, moved.at[i].subject_id, old_parent_path, -moved.at[i].value);
        counter_add(cx, kind, moved.at[i].subject_id, new_parent_path, moved.at[i].value);
    }
    return OK;
}
