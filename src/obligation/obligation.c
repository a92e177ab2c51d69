#include "obligation/obligation_inside.h"

#include "unit/unit.h"

/* ---- Meeting a duty, by a person's word or by a fact of the trade ---- */

enum err duty_meet(struct ctx *cx, const struct fact *fact, int64_t obligation_id, int64_t unit_id, int64_t period,
                   struct str closed_by, struct str note, bool *ret_closed)
{
    /* Read, then written: RETURNING makes SQLite build a table for its one row, which costs more than the read. */
    SQL(find_open, "SELECT d.due_at, u.path FROM duty d JOIN unit u ON u.id = d.unit_id"
                   " WHERE d.obligation_id = $1 AND d.unit_id = $2 AND d.period = $3 AND d.state = 'open'"
                   " /*row of duty $1 $2 $3*/");
    SQL(meet, "UPDATE duty SET state = 'done', done_at = $4, closed_by = $5, account_id = $6, note = $7"
              " WHERE obligation_id = $1 AND unit_id = $2 AND period = $3 /*row of duty $1 $2 $3*/");
    struct rows rows = db_rows(cx, &find_open, BIND(V(obligation_id), V(unit_id), V(period)));
    bool is_met = rows_next(&rows);
    int64_t due_at = is_met ? rows_i64(&rows) : 0;
    struct str path = is_met ? rows_str(&rows) : STR("");
    TRY(rows_end(&rows));
    if (is_met) {
        counter_add(cx, "duty_done", obligation_id, path, 1);
        if (due_at != 0 && fact->at >= due_at)
            counter_add(cx, "duty_late_done", obligation_id, path, 1);
        TRY(db_run(cx, &meet,
                   BIND(V(obligation_id), V(unit_id), V(period), V(fact->at), V(closed_by), VN(fact->account_id),
                        V(note))));
    }
    if (ret_closed)
        *ret_closed = is_met;
    return OK;
}

enum err duty_unmeet(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period)
{
    SQL(find, "SELECT d.due_at, d.done_at, u.path FROM duty d JOIN unit u ON u.id = d.unit_id"
              " WHERE d.obligation_id = $1 AND d.unit_id = $2 AND d.period = $3 AND d.state = 'done'");
    SQL(reopen, "UPDATE duty SET state = 'open', done_at = NULL, closed_by = '', account_id = NULL, note = ''"
                " WHERE obligation_id = $1 AND unit_id = $2 AND period = $3 AND state = 'done'");
    struct rows rows = db_rows(cx, &find, BIND(V(obligation_id), V(unit_id), V(period)));
    bool is_done = rows_next(&rows);
    int64_t due_at = is_done ? rows_i64(&rows) : 0;
    int64_t done_at = is_done ? rows_i64(&rows) : 0;
    struct str path = is_done ? rows_str(&rows) : STR("");
    TRY(rows_end(&rows));
    if (!is_done)
        return OK;
    counter_add(cx, "duty_done", obligation_id, path, -1);
    if (due_at != 0 && done_at >= due_at)
        counter_add(cx, "duty_late_done", obligation_id, path, -1);
    return db_run(cx, &reopen, BIND(V(obligation_id), V(unit_id), V(period)));
}

/* The unit's duties of this paper that wait for the fact; unit 0 is whoever owes it. Small: a unit has few of a sort. */
struct waiting {
    int64_t obligation_id, unit_id, period;
};
enum { WAITING_MAX = 5000 };

static enum err list_waiting(struct ctx *cx, int64_t document_id, int64_t unit_id, struct str closes_by,
                             struct str state, struct waiting **ret_list, size_t *ret_len)
{
    SQL(list_one, "SELECT d.obligation_id, d.unit_id, d.period FROM obligation o JOIN duty d ON d.obligation_id = o.id"
                  " WHERE o.document_id = $1 AND o.closes_by = $2 AND d.state = $3 AND d.unit_id = $4");
    SQL(list_all, "SELECT d.obligation_id, d.unit_id, d.period FROM obligation o JOIN duty d ON d.obligation_id = o.id"
                  " WHERE o.document_id = $1 AND o.closes_by = $2 AND d.state = $3");
    struct waiting *list = ARENA_NEW_ARRAY(&cx->arena, struct waiting, unit_id ? 64 : WAITING_MAX);
    size_t max = unit_id ? 64 : WAITING_MAX;
    size_t len = 0;
    struct rows rows =
        unit_id ? db_rows(cx, &list_one, BIND(V(document_id), V(closes_by), V(state), V(unit_id))) :
                  db_rows(cx, &list_all, BIND(V(document_id), V(closes_by), V(state)));
    while (len < max && rows_next(&rows)) {
        list[len].obligation_id = rows_i64(&rows);
        list[len].unit_id = rows_i64(&rows);
        list[len++].period = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    *ret_list = list;
    *ret_len = len;
    return OK;
}

enum err obligation_happened(struct ctx *cx, const struct fact *fact, int64_t document_id, int64_t unit_id,
                             struct str closes_by)
{
    struct waiting *list = NULL;
    size_t len = 0;
    TRY(list_waiting(cx, document_id, unit_id, closes_by, STR("open"), &list, &len));
    for (size_t i = 0; i < len; i++)
        TRY(duty_meet(cx, fact, list[i].obligation_id, list[i].unit_id, list[i].period, closes_by, STR(""), NULL));
    return OK;
}

enum err obligation_unhappened(struct ctx *cx, const struct fact *fact, int64_t document_id, int64_t unit_id,
                               struct str closes_by)
{
    (void)fact;
    struct waiting *list = NULL;
    size_t len = 0;
    TRY(list_waiting(cx, document_id, unit_id, closes_by, STR("done"), &list, &len));
    for (size_t i = 0; i < len; i++)
        TRY(duty_unmeet(cx, list[i].obligation_id, list[i].unit_id, list[i].period));
    return OK;
}

/* ---- Facts ---- */

struct duty_closed {
    int64_t ordinal;
    int64_t period;
    struct str note;
    struct str file_digest;
    struct str file_name;
    int64_t file_bytes;
};
static const struct field duty_closed_fields[] = {
    { "ordinal", "Nhiệm vụ", FIELD_I64, FIELD_OF(struct duty_closed, ordinal) },
    { "period", "Kỳ", FIELD_I64, FIELD_OF(struct duty_closed, period) },
    { "note", "Kết quả thực hiện", FIELD_LINES, FIELD_OF(struct duty_closed, note), .len_max = DUTY_NOTE_MAX },
    { "file_digest", "Tệp kèm theo", FIELD_TEXT, FIELD_OF(struct duty_closed, file_digest), .len_max = 64, .is_file = true },
    { "file_name", "Tên tệp", FIELD_TEXT, FIELD_OF(struct duty_closed, file_name), .len_max = 200 },
    { "file_bytes", "Cỡ tệp", FIELD_I64, FIELD_OF(struct duty_closed, file_bytes) },
};

struct duty_reopened {
    int64_t ordinal;
    int64_t period;
    struct str reason;
};
static const struct field duty_reopened_fields[] = {
    { "ordinal", "Nhiệm vụ", FIELD_I64, FIELD_OF(struct duty_reopened, ordinal) },
    { "period", "Kỳ", FIELD_I64, FIELD_OF(struct duty_reopened, period) },
    { "reason", "Lý do", FIELD_LINES, FIELD_OF(struct duty_reopened, reason), .len_max = DUTY_NOTE_MAX,
      .required = true },
};

struct owner_corrected {
    int64_t ordinal;
    struct str owner;
};
static const struct field owner_corrected_fields[] = {
    { "ordinal", "Nhiệm vụ", FIELD_I64, FIELD_OF(struct owner_corrected, ordinal) },
    { "owner", "Cơ quan thực hiện", FIELD_TEXT, FIELD_OF(struct owner_corrected, owner), .len_max = 500,
      .required = true },
};

struct period_opened {
    int64_t ordinal;
    int64_t period; /* the one before, so that a second opening is seen to be one */
};
static const struct field period_opened_fields[] = {
    { "ordinal", "Nhiệm vụ", FIELD_I64, FIELD_OF(struct period_opened, ordinal) },
    { "period", "Kỳ trước", FIELD_I64, FIELD_OF(struct period_opened, period) },
};

static enum err add_event(struct ctx *cx, const struct fact *fact, int64_t obligation_id, int64_t period,
                          struct str kind, struct str note, const struct duty_file *file)
{
    SQL(insert, "INSERT INTO duty_event (seq, obligation_id, unit_id, period, at, account_id, kind, note, file_digest,"
                " file_name, file_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    return db_run(cx, &insert,
                  BIND(V(fact->seq), V(obligation_id), V(fact->unit_id), V(period), V(fact->at),
                       VN(fact->account_id), V(kind), V(note), V(file->digest), V(file->name),
                       V(file->bytes)));
}

/* The duty as the decisions need it. */
struct standing {
    struct str state;
    int64_t opens_at;
    struct str closes_by;
};

static enum err find_standing(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period,
                              struct standing *ret_standing)
{
    SQL(find, "SELECT d.state, d.opens_at, o.closes_by FROM duty d JOIN obligation o ON o.id = d.obligation_id"
              " WHERE d.obligation_id = $1 AND d.unit_id = $2 AND d.period = $3");
    struct rows rows = db_rows(cx, &find, BIND(V(obligation_id), V(unit_id), V(period)));
    bool is_found = rows_next(&rows);
    struct standing standing = { .opens_at = 0 };
    if (is_found) {
        standing.state = rows_str(&rows);
        standing.opens_at = rows_i64(&rows);
        standing.closes_by = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_found)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy nhiệm vụ này của đơn vị");
    *ret_standing = standing;
    return OK;
}

static enum err decide_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct duty_closed *closed = body;
    struct standing standing = { .opens_at = 0 };
    if (str_trim(closed->note).len == 0 && closed->file_digest.len == 0)
        return fail_field(cx, "note", "Xin ghi kết quả thực hiện hoặc gửi kèm tệp kết quả");
    TRY(find_standing(cx, obligation_id_of(fact->subject_id, closed->ordinal), fact->unit_id, closed->period,
                      &standing));
    if (str_eq(standing.state, STR("withdrawn")))
        return fail(cx, ERR_CONFLICT, "Nhiệm vụ này đã được thu hồi, không cần thực hiện nữa");
    if (standing.closes_by.len > 0 && obligation_find_closer(standing.closes_by))
        return fail(cx, ERR_CONFLICT,
                    "Nhiệm vụ này tự hoàn thành khi việc đã được thực hiện trên hệ thống, không đánh dấu bằng tay");
    if (standing.opens_at > fact->at)
        return fail(cx, ERR_CONFLICT, "Nhiệm vụ này được thực hiện từ ngày " STR_FMT,
                    STR_ARG(day_format(&cx->arena, day_from_instant(standing.opens_at))));
    return OK;
}

static enum err apply_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct duty_closed *closed = body;
    int64_t obligation_id = obligation_id_of(fact->subject_id, closed->ordinal);
    TRY(duty_meet(cx, fact, obligation_id, fact->unit_id, closed->period, STR("note"), closed->note, NULL));
    const struct duty_file file = { closed->file_digest, closed->file_name, closed->file_bytes };
    return add_event(cx, fact, obligation_id, closed->period, STR("closed"), closed->note, &file);
}

static enum err decide_reopened(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct duty_reopened *reopened = body;
    struct standing standing = { .opens_at = 0 };
    TRY(find_standing(cx, obligation_id_of(fact->subject_id, reopened->ordinal), fact->unit_id, reopened->period,
                      &standing));
    if (!str_eq(standing.state, STR("done")))
        return fail(cx, ERR_CONFLICT, "Nhiệm vụ này chưa hoàn thành nên không cần mở lại");
    if (standing.closes_by.len > 0 && obligation_find_closer(standing.closes_by))
        return fail(cx, ERR_CONFLICT, "Nhiệm vụ này hoàn thành theo việc đã thực hiện, không mở lại bằng tay");
    return OK;
}

static enum err apply_reopened(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct duty_reopened *reopened = body;
    int64_t obligation_id = obligation_id_of(fact->subject_id, reopened->ordinal);
    TRY(duty_unmeet(cx, obligation_id, fact->unit_id, reopened->period));
    const struct duty_file none = { STR(""), STR(""), 0 };
    return add_event(cx, fact, obligation_id, reopened->period, STR("reopened"), reopened->reason, &none);
}

static enum err decide_corrected(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct owner_corrected *corrected = body;
    struct document document = { .id = 0 };
    TRY(document_find(cx, fact->subject_id, &document));
    if (!str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT, "Văn bản đã ban hành, muốn đổi cơ quan thực hiện cần văn bản sửa đổi");
    struct owner owner = owner_read(&cx->arena, corrected->owner);
    if (owner_is_doubtful(&owner))
        return fail_field(cx, "owner",
                          "Chưa xác định được cơ quan từ tên này; xin ghi như trong văn bản, ví dụ "
                          "“Đảng ủy các xã, phường, đặc khu” hoặc “Sở Nội vụ”");
    return OK;
}

static enum err apply_corrected(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(put, "INSERT INTO obligation_owner (document_id, ordinal, owner_text) VALUES ($1, $2, $3)"
             " ON CONFLICT (document_id, ordinal) DO UPDATE SET owner_text = excluded.owner_text");
    const struct owner_corrected *corrected = body;
    return db_run(cx, &put, BIND(V(fact->subject_id), V(corrected->ordinal), V(corrected->owner)));
}

static enum err decide_period(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct period_opened *opened = body;
    struct obligation o = { .id = 0 };
    TRY(obligation_find(cx, obligation_id_of(fact->subject_id, opened->ordinal), &o));
    if (o.period != opened->period)
        return fail(cx, ERR_CONFLICT, "Kỳ tiếp theo của nhiệm vụ này đã được mở");
    return OK;
}

/* Whoever owed the last period owes the next, as far as they still stand. */
static enum err apply_period(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(insert, "INSERT INTO duty (obligation_id, unit_id, period, state, due_at, opens_at, closed_by, note)"
                " SELECT d.obligation_id, d.unit_id, $3, 'open', $4, $5, '', '' FROM duty d JOIN unit u ON u.id = d.unit_id"
                " WHERE d.obligation_id = $1 AND d.period = $2 AND d.state <> 'withdrawn' AND u.to_day > $6"
                " ON CONFLICT DO NOTHING");
    SQL(move_on, "UPDATE obligation SET period = $2, due_at = $3, opens_at = $4, due_words = $5 WHERE id = $1");
    const struct period_opened *opened = body;
    int64_t id = obligation_id_of(fact->subject_id, opened->ordinal);
    struct obligation o = { .id = 0 };
    struct due due = { .period = 0 };
    TRY(obligation_find(cx, id, &o));
    if (!due_next(&o.rule, &o.frame, o.period, &due))
        return OK;
    int64_t today = day_from_instant(fact->at);
    TRY(db_run(cx, &insert,
               BIND(V(id), V(o.period), V(due.period), VN(due.due_at), VN(due.opens_at), V(today))));
    TRY(db_run(cx, &move_on,
               BIND(V(id), V(due.period), VN(due.due_at), VN(due.opens_at),
                    V(due_words(&cx->arena, &o.rule, &due)))));
    return duties_count(cx, id, due.period);
}

enum { FACT_CLOSED, FACT_REOPENED, FACT_CORRECTED, FACT_PERIOD };
static const struct fact_kind kinds[] = {
    [FACT_CLOSED] = { .name = STR_INIT("duty.closed"),
                      .words = STR_INIT("Báo cáo hoàn thành nhiệm vụ"),
                      .fields = FIELD_TABLE(struct duty_closed, duty_closed_fields),
                      .decide = decide_closed,
                      .apply = apply_closed },
    [FACT_REOPENED] = { .name = STR_INIT("duty.reopened"),
                        .words = STR_INIT("Mở lại nhiệm vụ"),
                        .fields = FIELD_TABLE(struct duty_reopened, duty_reopened_fields),
                        .decide = decide_reopened,
                        .apply = apply_reopened },
    [FACT_CORRECTED] = { .name = STR_INIT("obligation.owner_corrected"),
                         .words = STR_INIT("Xác định cơ quan thực hiện trong dự thảo"),
                         .fields = FIELD_TABLE(struct owner_corrected, owner_corrected_fields),
                         .decide = decide_corrected,
                         .apply = apply_corrected },
    [FACT_PERIOD] = { .name = STR_INIT("obligation.period_opened"),
                      .words = STR_INIT("Mở kỳ tiếp theo của nhiệm vụ"),
                      .fields = FIELD_TABLE(struct period_opened, period_opened_fields),
                      .decide = decide_period,
                      .apply = apply_period },
};
const struct fact_kinds obligation_facts = { kinds, LEN(kinds) };

/* ---- Acts ---- */

enum err duty_close(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct str note,
                    const struct duty_file *file)
{
    struct duty duty = { .unit_id = 0 };
    TRY(duty_get(cx, obligation_id, unit_id, period, &duty));
    struct duty_closed closed = { duty.obligation.ordinal, period, note, STR(""), STR(""), 0 };
    if (file && file->digest.len > 0) {
        closed.file_digest = file->digest;
        closed.file_name = file->name;
        closed.file_bytes = file->bytes;
    }
    return fact_record(cx, &kinds[FACT_CLOSED], unit_id, duty.obligation.document_id, &closed, NULL);
}

enum err duty_reopen(struct ctx *cx, int64_t obligation_id, int64_t unit_id, int64_t period, struct str reason)
{
    struct duty duty = { .unit_id = 0 };
    TRY(duty_get(cx, obligation_id, unit_id, period, &duty));
    struct duty_reopened reopened = { duty.obligation.ordinal, period, reason };
    return fact_record(cx, &kinds[FACT_REOPENED], unit_id, duty.obligation.document_id, &reopened, NULL);
}

enum err obligation_correct_owner(struct ctx *cx, int64_t document_id, int64_t ordinal, struct str owner_text)
{
    struct document document = { .id = 0 };
    TRY(document_get(cx, document_id, &document));
    struct owner_corrected corrected = { ordinal, owner_text };
    return fact_record(cx, &kinds[FACT_CORRECTED], document.issuer_unit_id, document_id, &corrected, NULL);
}

enum err obligation_open_periods(struct ctx *cx, int64_t *ret_opened)
{
    enum { ROUND_MAX = 500 };
    SQL(list, "/*scan*/ SELECT o.id FROM obligation o WHERE o.period > 0 AND o.state = 'in_force' AND o.due_at <= $1"
              " ORDER BY o.id LIMIT $2");
    int64_t ids[ROUND_MAX];
    size_t len = 0;
    int64_t opened = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(cx->now), V((int64_t)ROUND_MAX)));
    while (len < ROUND_MAX && rows_next(&rows))
        ids[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        struct obligation o = { .id = 0 };
        struct due due = { .period = 0 };
        TRY(obligation_find(cx, ids[i], &o));
        if (!due_next(&o.rule, &o.frame, o.period, &due))
            continue;
        struct period_opened body = { o.ordinal, o.period };
        TRY(fact_record(cx, &kinds[FACT_PERIOD], o.issuer_unit_id, o.document_id, &body, NULL));
        opened++;
    }
    *ret_opened = opened;
    return OK;
}
