#include "obligation/obligation_inside.h"

/*
 * Duties of units that end or are split (unit.h, unit_succession). A merged unit's open duties go to its heirs; where an
 * heir owes the same in the same period there is one duty left, not two, so the old one is withdrawn. What was done
 * stays done. Every row that changes hands says from whom, to whom and why.
 */

enum { PASSED_MAX = 20000 };

struct passed {
    int64_t obligation_id, document_id, period;
    int64_t due_at, opens_at;
};

static enum err list_open(struct ctx *cx, int64_t unit_id, struct passed **ret_list, size_t *ret_len)
{
    SQL(list_open_of, "SELECT d.obligation_id, o.document_id, d.period, d.due_at, d.opens_at FROM duty d"
              " JOIN obligation o ON o.id = d.obligation_id WHERE d.unit_id = $1 AND d.state = 'open'"
              " ORDER BY d.obligation_id, d.period");
    struct passed *list = NULL;
    size_t len = 0, room = 0;
    struct rows rows = db_rows(cx, &list_open_of, BIND(V(unit_id)));
    while (len < PASSED_MAX && rows_next(&rows)) {
        if (len == room) {
            room = room ? 2 * room : 64;
            struct passed *wider = ARENA_NEW_ARRAY(&cx->arena, struct passed, room);
            if (len > 0)
                memcpy(wider, list, len * sizeof *wider);
            list = wider;
        }
        list[len].obligation_id = rows_i64(&rows);
        list[len].document_id = rows_i64(&rows);
        list[len].period = rows_i64(&rows);
        list[len].due_at = rows_i64(&rows);
        list[len++].opens_at = rows_i64(&rows);
    }
    *ret_list = list;
    *ret_len = len;
    return rows_end(&rows);
}

static enum err say(struct ctx *cx, const struct fact *fact, const struct passed *duty, int64_t unit_id, struct str kind,
                    struct str words)
{
    SQL(insert, "INSERT INTO duty_event (obligation_id, unit_id, period, seq, at, account_id, kind, note, file_digest,"
                " file_name, file_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', 0)"
                " ON CONFLICT (obligation_id, unit_id, period, seq) DO NOTHING");
    return db_run(cx, &insert,
                  BIND(V(duty->obligation_id), V(unit_id), V(duty->period), V(fact->seq), V(fact->at),
                       VN(fact->account_id), V(kind), V(words)));
}

/* The heir owes it from now on; *ret_is_new is false when it did before. */
static enum err owe(struct ctx *cx, const struct passed *duty, const struct unit_heir *heir, bool *ret_is_new)
{
    SQL(insert, "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, opens_at, closed_by, note)"
                " VALUES ($1, $2, $3, 'open', $4, $5, '', '') ON CONFLICT (obligation_id, unit_id, period) DO NOTHING");
    int64_t made = 0;
    TRY(db_run_count(cx, &insert,
                     BIND(V(duty->obligation_id), V(heir->to_id), V(duty->period), VN(duty->due_at), VN(duty->opens_at)),
                     &made));
    if (made > 0)
        counter_add(cx, "duty_total", duty->obligation_id, heir->to_path, 1);
    *ret_is_new = made > 0;
    return OK;
}

static enum err take_back(struct ctx *cx, const struct passed *duty, const struct unit_heir *heir, struct str words)
{
    SQL(withdraw, "UPDATE duty SET state = 'withdrawn', closed_by = 'succession', note = $4"
                  " WHERE obligation_id = $1 AND unit_id = $2 AND period = $3 AND state = 'open'");
    counter_add(cx, "duty_total", duty->obligation_id, heir->from_path, -1);
    return db_run(cx, &withdraw, BIND(V(duty->obligation_id), V(heir->from_id), V(duty->period), V(words)));
}

static enum err pass_on(struct ctx *cx, const struct fact *fact, const struct passed *duty, const struct unit_heir *heir,
                        struct str why)
{
    bool is_new = false;
    if (heir->to_id != 0)
        TRY(owe(cx, duty, heir, &is_new));
    struct str end = heir->to_id == 0 ? STR("; không có cơ quan tiếp nhận, nhiệm vụ được thu hồi") :
                     str_format(&cx->arena, is_new ? "; nhiệm vụ do " STR_FMT " tiếp nhận" :
                                                     "; " STR_FMT " đã có cùng nhiệm vụ này nên không tính hai lần",
                                STR_ARG(heir->to_name));
    struct str words = str_format(&cx->arena, STR_FMT STR_FMT, STR_ARG(why), STR_ARG(end));
    TRY(take_back(cx, duty, heir, words));
    TRY(say(cx, fact, duty, heir->from_id, STR("handed_over"), words));
    if (heir->to_id == 0)
        return OK;
    return say(cx, fact, duty, heir->to_id, STR("taken_over"),
               str_format(&cx->arena, STR_FMT "; %s " STR_FMT, STR_ARG(why),
                          is_new ? "tiếp nhận nhiệm vụ của" : "làm cả phần việc của", STR_ARG(heir->from_name)));
}

/* The part has got a paper that the old unit had taken in long ago: it takes it in for itself. */
static enum err owe_acknowledgement(struct ctx *cx, const struct fact *fact, int64_t document_id,
                                    const struct unit_heir *heir)
{
    struct obligation o = { .id = obligation_id_of(document_id, OBLIGATION_ACKNOWLEDGEMENT) };
    bool is_new = false;
    TRY(obligation_due_next_working_day(cx, fact, &o));
    const struct passed duty = { .obligation_id = o.id, .document_id = document_id, .due_at = o.due_at };
    return owe(cx, &duty, heir, &is_new);
}

static enum err share(struct ctx *cx, const struct fact *fact, const struct passed *duty, const struct unit_heir *heir,
                      struct str why)
{
    bool is_new = false;
    bool has_new_paper = false;
    TRY(document_hand_on(cx, fact, duty->document_id, heir, &has_new_paper));
    if (has_new_paper)
        TRY(owe_acknowledgement(cx, fact, duty->document_id, heir));
    TRY(owe(cx, duty, heir, &is_new));
    if (!is_new)
        return OK;
    return say(cx, fact, duty, heir->to_id, STR("taken_over"),
               str_format(&cx->arena, STR_FMT "; nhiệm vụ như của " STR_FMT, STR_ARG(why), STR_ARG(heir->from_name)));
}

enum err obligation_follow_succession(struct ctx *cx, const struct fact *fact, const struct unit_succession *succession)
{
    bool is_split = str_eq(succession->how, STR("split"));
    for (size_t i = 0; i < succession->len; i++) {
        const struct unit_heir *heir = &succession->heirs[i];
        struct passed *list = NULL;
        size_t len = 0;
        TRY(list_open(cx, heir->from_id, &list, &len));
        for (size_t j = 0; j < len; j++) {
            if (!is_split)
                TRY(pass_on(cx, fact, &list[j], heir, succession->words));
            else if (heir->to_id != 0)
                TRY(share(cx, fact, &list[j], heir, succession->words));
        }
    }
    return OK;
}
