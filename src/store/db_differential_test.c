#include "check/check_store.h"
#include "check/check_trade.h"
#include "store/engine.h"
#include "store/inside.h"

#include <stdlib.h>

/*
 * The same random jobs on SQLite and on PostgreSQL: the same answers, the same words of refusal,
 * the same tables. A history that differs is told by its seed.
 */

enum { HISTORIES = 200, JOBS_MAX = 24, BATCH_MAX = 12, BOXES_KNOWN = 30, COMMUNE = 0x11a };

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
static const struct str titles[] = { STR_INIT("Hộp phiếu"), STR_INIT("hộp phiếu"), STR_INIT("Ấp 1"),
                                     STR_INIT("an"),        STR_INIT("Zét"),       STR_INIT(""),
                                     STR_INIT("đ"),         STR_INIT("_%") };

enum deed {
    OPEN_BOX,
    OPEN_BOX_NOWHERE, /* its path is none: the counters refuse */
    ADD_SLIP,
    ADD_TWICE,      /* the second is refused by the table, after the first was written */
    ADD_AND_REFUSE, /* written, and then the handler says no */
    OVERLOOK_CONFLICT,
    CHANGE_BOXES,
    TAKE_OR_KEEP,
    MARK_SLIP, /* by statements that PostgreSQL asks ahead and sends together */
    ASK,
    DEEDS_LEN,
};

struct job {
    enum deed deed;
    int64_t box_id;
    int64_t number;
    int64_t slips_max;
    int title;
    struct fact_id id;
    char said[400]; /* what the job found out */
};

struct side {
    struct check_store check;
    struct ctx cxs[BATCH_MAX];
    struct job jobs[JOBS_MAX]; /* a copy for each side */
    enum err errs[JOBS_MAX];
    char words[JOBS_MAX][600];
};

/* What a handler may do. */

static enum err add_slip(struct ctx *cx, const struct job *job, int64_t number)
{
    struct slip_added slip = {
        .number = number, .day = 20596, .is_late = number % 3 == 0, .note = STR("x")
    };
    return slip_add(cx, COMMUNE, job->box_id, &slip, NULL);
}

static enum err overlook_conflict(struct ctx *cx, const struct job *job, struct buf *said)
{
    SQL(put_slip, "INSERT INTO slip (box_id, number, day, note) VALUES ($1, $2, 1, 'thẳng')");
    SQL(note_slip, "UPDATE slip SET note = note || '!' WHERE box_id = $1 AND number = $2");
    int64_t changed = 0;
    enum err err = db_run_count(cx, &put_slip, BIND(V(job->box_id), V(job->number)), &changed);
    if (err == ERR_CONFLICT)
        err = db_run_count(cx, &note_slip, BIND(V(job->box_id), V(job->number)), &changed);
    buf_format(said, "%lld changed", (long long)changed);
    return err;
}

static enum err change_boxes(struct ctx *cx, const struct job *job, struct buf *said)
{
    SQL(change_boxes,
        "UPDATE box SET title = $1, slips_max = slips_max + 1 WHERE id > $2 /*scan*/");
    int64_t changed = 0;
    TRY(db_run_count(cx, &change_boxes, BIND(V(titles[job->title]), V(job->box_id)), &changed));
    buf_format(said, "%lld changed", (long long)changed);
    return OK;
}

static enum err take_or_keep(struct ctx *cx, const struct job *job, struct buf *said)
{
    SQL(take_or_keep,
        "INSERT INTO slip (box_id, number, day, note) VALUES ($1, $2, 2, $3)"
        " ON CONFLICT (box_id, number) DO UPDATE SET note = excluded.note, day = slip.day + 1"
        " RETURNING day, note");
    struct rows rows =
        db_rows(cx, &take_or_keep, BIND(V(job->box_id), V(job->number), V(titles[job->title])));
    while (rows_next(&rows)) {
        int64_t day = rows_i64(&rows);
        buf_format(said, "%lld " STR_FMT, (long long)day, STR_ARG(rows_str(&rows)));
    }
    return rows_end(&rows);
}

static enum err mark_slip(struct ctx *cx, const struct job *job, struct buf *said)
{
    SQL(find_slip, "SELECT s.day, s.note, b.title FROM slip s JOIN box b ON b.id = s.box_id"
                   " WHERE s.box_id = $1 AND s.number = $2 /*row of slip $1 $2*/");
    SQL(add_days, "UPDATE slip SET day = day + $3, note = $4 WHERE box_id = $1 AND number = $2"
                  " /*row of slip $1 $2*/");
    for (int64_t round = 0; round < 3; round++) {
        bool asks = round != 1 || job->title % 2; /* else the second change follows the first at once */
        struct rows rows = { .cx = cx };
        if (asks)
            rows = db_rows(cx, &find_slip, BIND(V(job->box_id), V(job->number)));
        while (asks && rows_next(&rows)) {
            buf_format(said, "[%lld", (long long)rows_i64(&rows));
            buf_format(said, " " STR_FMT, STR_ARG(rows_str(&rows)));
            buf_format(said, " " STR_FMT "]", STR_ARG(rows_str(&rows)));
        }
        TRY(rows_end(&rows));
        if (round < 2)
            TRY(db_run(cx, &add_days,
                       BIND(V(job->box_id), V(job->number), V(job->slips_max + round), V(titles[job->title]))));
    }
    return OK;
}

static enum err ask(struct ctx *cx, const struct job *job, struct buf *said)
{
    SQL(ask_sums,
        "SELECT count(*), sum(slips_max), max(id), min(title), max(title) FROM box /*scan*/");
    SQL(ask_order,
        "SELECT title, CASE WHEN slips_max > 2 THEN NULL ELSE slips_max END FROM box"
        " ORDER BY title, id DESC LIMIT $1 /*scan*/");
    struct rows rows = db_rows(cx, &ask_sums, NO_BIND);
    if (rows_next(&rows)) {
        int64_t count = rows_i64(&rows);
        int64_t sum = rows_i64(&rows);
        int64_t newest = rows_i64(&rows);
        struct str first = rows_str(&rows);
        struct str last = rows_str(&rows);
        buf_format(said, "%lld %lld %lld " STR_FMT " " STR_FMT, (long long)count, (long long)sum,
                   (long long)newest, STR_ARG(first), STR_ARG(last));
    }
    TRY(rows_end(&rows));
    rows = db_rows(cx, &ask_order, BIND(V(job->number)));
    while (rows_next(&rows)) {
        struct str title = rows_str(&rows);
        const char *null = rows_is_null(&rows) ? "null" : "";
        buf_format(said, " [" STR_FMT " %s%lld]", STR_ARG(title), null, (long long)rows_i64(&rows));
    }
    return rows_end(&rows);
}

static enum err open_box(struct ctx *cx, const struct job *job, struct buf *said)
{
    struct box_opened box = { .title = titles[job->title],
                              .slips_max = job->slips_max,
                              .unit_path = job->deed == OPEN_BOX ? commune : STR("nowhere"),
                              .owner_phone = job->title % 2 ? STR("0900 000 001") : STR("") };
    int64_t id = 0;
    TRY(box_open(cx, COMMUNE, &box, &id));
    buf_format(said, "box %lld", (long long)id);
    return OK;
}

static enum err do_deed(struct ctx *cx, const struct job *job, struct buf *said)
{
    switch (job->deed) {
    case OPEN_BOX:
    case OPEN_BOX_NOWHERE:
        return open_box(cx, job, said);
    case ADD_SLIP:
        return add_slip(cx, job, job->number);
    case ADD_TWICE:
        TRY(add_slip(cx, job, job->number));
        return add_slip(cx, job, job->number);
    case ADD_AND_REFUSE:
        TRY(add_slip(cx, job, job->number));
        return fail(cx, ERR_INVALID, "Chưa được");
    case OVERLOOK_CONFLICT:
        return overlook_conflict(cx, job, said);
    case CHANGE_BOXES:
        return change_boxes(cx, job, said);
    case TAKE_OR_KEEP:
        return take_or_keep(cx, job, said);
    case MARK_SLIP:
        return mark_slip(cx, job, said);
    case ASK:
    case DEEDS_LEN:
        return ask(cx, job, said);
    }
    return OK;
}

static enum err run_job(struct ctx *cx, void *what)
{
    struct job *job = what;
    struct buf said;
    buf_init(&said, &cx->arena);
    enum err err = do_deed(cx, job, &said);
    snprintf(job->said, sizeof job->said, STR_FMT, STR_ARG(buf_str(&said)));
    return err;
}

/* Random histories. */

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return *seed >> 33;
}

static struct job random_job(uint64_t *seed, const struct job *jobs, size_t len)
{
    struct job job = { .deed = (enum deed)(next(seed) % DEEDS_LEN),
                       .box_id = (int64_t)(next(seed) % BOXES_KNOWN),
                       .number = (int64_t)(next(seed) % 6),
                       .slips_max = (int64_t)(next(seed) % 4),
                       .title = (int)(next(seed) % LEN(titles)) };
    for (size_t i = 0; i < sizeof job.id.at; i++)
        job.id.at[i] = (unsigned char)next(seed);
    if (len > 0 && next(seed) % 5 == 0) { /* sent before: the same, or with the same id only */
        const struct job *before = &jobs[next(seed) % len];
        if (next(seed) % 2)
            job = *before;
        job.id = before->id;
    }
    return job;
}

/* One copy of the jobs, run in batches on one side. */
static void play(struct side *side, const struct job *jobs, size_t len, uint64_t seed)
{
    memcpy(side->jobs, jobs, len * sizeof *jobs);
    for (size_t done = 0; done < len;) {
        size_t batch_len = 1 + next(&seed) % BATCH_MAX;
        batch_len = batch_len < len - done ? batch_len : len - done;
        struct writer_job list[BATCH_MAX];
        struct writer_job *pointers[BATCH_MAX];
        for (size_t i = 0; i < batch_len; i++) {
            struct ctx *cx = &side->cxs[i];
            arena_reset(&cx->arena);
            cx->fact_id = side->jobs[done + i].id;
            list[i] =
                (struct writer_job){ .run = run_job, .what = &side->jobs[done + i], .cx = cx };
            pointers[i] = &list[i];
        }
        assert_int_equal(
            store_write_batch(side->check.store, pointers, batch_len, &side->errs[done]), OK);
        for (size_t i = 0; i < batch_len; i++)
            snprintf(side->words[done + i], sizeof side->words[0], "%s",
                     side->errs[done + i] ? side->cxs[i].fault.words : "");
        done += batch_len;
    }
}

static int64_t newest_fact(struct ctx *cx)
{
    SQL(newest_fact, "SELECT coalesce(max(seq), 0) FROM fact");
    int64_t seq = 0;
    assert_ok(cx, db_i64(cx, &newest_fact, NO_BIND, &seq));
    return seq;
}

static void compare(struct side *sides, size_t len, uint64_t seed)
{
    for (size_t i = 0; i < len; i++) {
        const struct job *a = &sides[0].jobs[i];
        const struct job *b = &sides[1].jobs[i];
        bool same = sides[0].errs[i] == sides[1].errs[i] &&
                    strcmp(sides[0].words[i], sides[1].words[i]) == 0 &&
                    (sides[0].errs[i] != OK || strcmp(a->said, b->said) == 0);
        if (!same)
            fail_msg(
                "history %llu, job %zu, deed %d: SQLite says %s '%s' '%s', PostgreSQL %s '%s' '%s'",
                (unsigned long long)seed, i, (int)a->deed, err_name(sides[0].errs[i]),
                sides[0].words[i], a->said, err_name(sides[1].errs[i]), sides[1].words[i], b->said);
    }
    unsigned char digests[2][32];
    for (size_t s = 0; s < 2; s++)
        assert_ok(&sides[s].check.cx,
                  store_digest(&sides[s].check.cx, sides[s].check.store, digests[s]));
    if (memcmp(digests[0], digests[1], sizeof digests[0]) != 0)
        fail_msg("history %llu: the tables differ", (unsigned long long)seed);
    assert_int_equal(newest_fact(&sides[0].check.cx), newest_fact(&sides[1].check.cx));
}

static void open_side(struct side *side, const char *database)
{
    struct ctx *cx = &side->check.cx;
    side->check.actor = (struct actor){ .kind = ACTOR_PROGRAM };
    *cx = (struct ctx){ .env = env_real(), .actor = &side->check.actor, .now = 1795000000000 };
    arena_init(&cx->arena, cx->env, 256 << 20);
    struct store_options options = { .env = cx->env,
                                     .database = str_from(database),
                                     .in_memory = true,
                                     .extra_schema = str_from(check_trade_schema) };
    assert_ok(cx, store_open(cx, &options, &side->check.store));
    assert_ok(cx, store_reader_open(cx, side->check.store, &cx->db));
    for (size_t i = 0; i < BATCH_MAX; i++) {
        side->cxs[i] = (struct ctx){ .env = cx->env, .actor = &side->check.actor, .now = cx->now };
        arena_init(&side->cxs[i].arena, cx->env, 16 << 20);
    }
}

static void close_side(struct side *side)
{
    store_reader_close(side->check.cx.db);
    store_close(side->check.store);
    for (size_t i = 0; i < BATCH_MAX; i++)
        arena_end(&side->cxs[i].arena);
    arena_end(&side->check.cx.arena);
}

static void both_engines_answer_and_keep_the_same(void **state)
{
    (void)state;
    if (!check_is_postgresql())
        skip();
    check_trade_register();
    struct side *sides = calloc(2, sizeof *sides);
    assert_non_null(sides);
    open_side(&sides[0], "");
    open_side(&sides[1], getenv("DIEMCAU_TEST_DATABASE"));
    for (uint64_t history = 0; history < HISTORIES; history++) {
        uint64_t seed = history * 1000003 + 17;
        struct job jobs[JOBS_MAX] = { 0 };
        size_t len = 1 + next(&seed) % JOBS_MAX;
        for (size_t i = 0; i < len; i++)
            jobs[i] = random_job(&seed, jobs, i);
        for (size_t s = 0; s < 2; s++)
            play(&sides[s], jobs, len, seed);
        compare(sides, len, history);
        for (size_t s = 0; s < 2; s++)
            arena_reset(&sides[s].check.cx.arena);
    }
    close_side(&sides[0]);
    close_side(&sides[1]);
    free(sides);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(both_engines_answer_and_keep_the_same) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
