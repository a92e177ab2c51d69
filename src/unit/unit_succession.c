#include "store/db.h"
#include "unit/unit_fact.h"

#include <assert.h>

/*
 * What a unit leaves behind. A merger, a split or an end is recorded when the resolution comes, often weeks before its
 * day; on that day, and not before, what the unit still has in hand passes on. So this is a fact of its own.
 *
 * A unit that was merged is hung under its successor in the tree: who answers for the successor sees from then on also
 * what the old one did, and both are counted as one. Its own parent stays what it was, as history.
 */

enum { HEIRS_MAX = 200 };

/* Set at start, before any connection, and only read after. */
static unit_succeeded_listener listeners[UNIT_LISTENERS_MAX];
static size_t listeners_len;

void unit_listen_succeeded(unit_succeeded_listener listener)
{
    for (size_t i = 0; i < listeners_len; i++) {
        if (listeners[i] == listener)
            return;
    }
    assert(listeners_len < UNIT_LISTENERS_MAX);
    listeners[listeners_len++] = listener;
}

/* ---- Who inherits from whom ---- */

/* The body of the same sort at the other place; where it has none, the first of the same line. */
static enum err find_heir(struct ctx *cx, int64_t place_id, struct str sort, struct str line, struct unit_heir *heir)
{
    SQL(find, "SELECT id, path, full_name FROM unit WHERE place_id = $1 AND kind = 'body' AND to_day = $2"
              " AND (sort = $3 OR line = $4) ORDER BY CASE WHEN sort = $3 THEN 0 ELSE 1 END, rank, id LIMIT 1");
    struct rows rows = db_rows(cx, &find, BIND(V(place_id), V(UNIT_DAY_OPEN), V(sort), V(line)));
    if (rows_next(&rows)) {
        heir->to_id = rows_i64(&rows);
        heir->to_path = rows_str(&rows);
        heir->to_name = rows_str(&rows);
    }
    return rows_end(&rows);
}

/* Those that stood until that day: a body that had ended before has passed on nothing since. */
static enum err list_bodies(struct ctx *cx, const struct unit *from, const struct unit *to, int32_t from_day,
                            struct unit_succession *succession)
{
    SQL(list, "SELECT id, path, full_name, sort, line FROM unit WHERE place_id = $1 AND kind = 'body' AND to_day >= $2"
              " ORDER BY id");
    struct str *sorts = ARENA_NEW_ARRAY(&cx->arena, struct str, (size_t)2 * HEIRS_MAX);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(from->id), V((int64_t)from_day)));
    while (len < HEIRS_MAX && rows_next(&rows)) {
        struct unit_heir *heir = &succession->heirs[len];
        heir->from_id = rows_i64(&rows);
        heir->from_path = rows_str(&rows);
        heir->from_name = rows_str(&rows);
        sorts[2 * len] = rows_str(&rows);
        sorts[2 * len + 1] = rows_str(&rows);
        len++;
    }
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len && to->id != 0; i++)
        TRY(find_heir(cx, to->id, sorts[2 * i], sorts[2 * i + 1], &succession->heirs[i]));
    succession->len = len;
    return OK;
}

static struct str words_of(struct ctx *cx, const struct unit_succeeded *s, const struct unit *from, const struct unit *to)
{
    struct str day = day_format(&cx->arena, s->from_day);
    struct str cause = s->cause.len > 0 ? str_format(&cx->arena, " (" STR_FMT ")", STR_ARG(s->cause)) : STR("");
    if (str_eq(s->how, UNIT_MERGED))
        return str_format(&cx->arena, STR_FMT " sáp nhập vào " STR_FMT " từ ngày " STR_FMT STR_FMT,
                          STR_ARG(from->full_name), STR_ARG(to->full_name), STR_ARG(day), STR_ARG(cause));
    if (str_eq(s->how, UNIT_SPLIT))
        return str_format(&cx->arena, STR_FMT " được tách từ " STR_FMT " từ ngày " STR_FMT STR_FMT,
                          STR_ARG(to->full_name), STR_ARG(from->full_name), STR_ARG(day), STR_ARG(cause));
    return str_format(&cx->arena, STR_FMT " kết thúc hoạt động từ ngày " STR_FMT STR_FMT, STR_ARG(from->full_name),
                      STR_ARG(day), STR_ARG(cause));
}

static enum err read_succession(struct ctx *cx, int64_t from_id, const struct unit_succeeded *s,
                                struct unit_succession *ret_succession)
{
    struct unit from = { .id = 0 }, to = { .id = 0 };
    TRY(unit_find(cx, from_id, &from));
    if (s->other_id != 0)
        TRY(unit_find(cx, s->other_id, &to));
    struct unit_succession succession = { .how = s->how, .words = words_of(cx, s, &from, &to) };
    succession.heirs = ARENA_NEW_ARRAY(&cx->arena, struct unit_heir, HEIRS_MAX);
    if (from.kind == UNIT_BODY) {
        succession.heirs[succession.len++] = (struct unit_heir){ from.id,        to.id,   from.path,
                                                                 to.path,        from.full_name, to.full_name };
        *ret_succession = succession;
        return OK;
    }
    TRY(list_bodies(cx, &from, &to, s->from_day, &succession));
    *ret_succession = succession;
    return OK;
}

/* ---- The fact ---- */

static enum err find_waiting(struct ctx *cx, int64_t unit_id, int64_t other_id, bool *ret_waits)
{
    SQL(find, "SELECT COUNT(*) FROM unit_successor WHERE unit_id = $1 AND successor_id = $2 AND handed_over = 0");
    int64_t count = 0;
    TRY(db_i64(cx, &find, BIND(V(unit_id), V(other_id)), &count));
    *ret_waits = count > 0;
    return OK;
}

enum err unit_decide_succeeded(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct unit_succeeded *s = body;
    bool waits = false;
    TRY(find_waiting(cx, fact->subject_id, s->other_id, &waits));
    return waits ? OK : fail(cx, ERR_CONFLICT, "Công việc của đơn vị này đã được bàn giao");
}

/* A successor that has itself been hung under this one (merged to and fro) may not close a circle. */
static enum err hang_under(struct ctx *cx, int64_t unit_id, int64_t other_id)
{
    struct unit unit = { .id = 0 }, other = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    TRY(unit_find(cx, other_id, &other));
    if (str_starts(other.path, unit.path))
        return OK;
    return unit_hang(cx, &unit, other.path);
}

enum err unit_apply_succeeded(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(mark, "UPDATE unit_successor SET handed_over = 1 WHERE unit_id = $1 AND successor_id = $2");

    const struct unit_succeeded *s = body;
    struct unit_succession succession = { .len = 0 };
    TRY(db_run(cx, &mark, BIND(V(fact->subject_id), V(s->other_id))));
    if (str_eq(s->how, UNIT_MERGED))
        TRY(hang_under(cx, fact->subject_id, s->other_id));
    TRY(read_succession(cx, fact->subject_id, s, &succession));
    for (size_t i = 0; i < listeners_len; i++)
        TRY(listeners[i](cx, fact, &succession));
    return OK;
}

/* ---- When the day has come ---- */

struct waiting {
    int64_t unit_id;
    struct unit_succeeded body;
};

enum err unit_hand_over(struct ctx *cx, int64_t *ret_count)
{
    enum { ROUND_MAX = 100 };
    SQL(list, "/*scan*/ SELECT unit_id, successor_id, day, how, cause FROM unit_successor"
              " WHERE handed_over = 0 AND day <= $1 ORDER BY day, unit_id LIMIT $2");
    struct waiting *waiting = ARENA_NEW_ARRAY(&cx->arena, struct waiting, ROUND_MAX);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(day_from_instant(cx->now)), V((int64_t)ROUND_MAX)));
    while (len < ROUND_MAX && rows_next(&rows)) {
        struct waiting *one = &waiting[len++];
        one->unit_id = rows_i64(&rows);
        one->body.other_id = rows_i64(&rows);
        one->body.from_day = (int32_t)rows_i64(&rows);
        one->body.how = rows_str(&rows);
        one->body.cause = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++)
        TRY(fact_record(cx, &unit_fact_list[UNIT_FACT_SUCCEEDED], waiting[i].unit_id, waiting[i].unit_id,
                        &waiting[i].body, NULL));
    *ret_count = (int64_t)len;
    return OK;
}
