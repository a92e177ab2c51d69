#include "roll/roll_fact.h"

#include "nomination/nomination.h"
#include "point/point.h"
#include "roll/roll_rule.h"
#include "store/db.h"
#include "unit/unit.h"

/*
 * Apply: every table here is a function of the set of facts, whatever order they came in. The owning unit of a fact is the
 * point's area, so that a mark needs one reading: the area's path, the sheet and the learner's line in one row.
 */

static const struct {
    struct str stored, shown;
} mark_words[ROLL_MARKS] = {
#define X(name, stored, shown) [ROLL_##name] = { STR_INIT(stored), STR_INIT(shown) },
    ROLL_MARK_LIST(X)
#undef X
};

bool roll_mark_parse(struct str stored, enum roll_mark *ret_mark)
{
    for (size_t i = 0; i < ROLL_MARKS; i++) {
        if (str_eq(mark_words[i].stored, stored)) {
            *ret_mark = (enum roll_mark)i;
            return true;
        }
    }
    return false;
}

struct str roll_mark_stored(enum roll_mark mark)
{
    return mark_words[mark].stored;
}

struct str roll_mark_shown(enum roll_mark mark)
{
    return mark_words[mark].shown;
}

static struct bytes id_bytes(const struct fact_id *id)
{
    return (struct bytes){ id->at, sizeof id->at };
}

/* ---- Sheets ---- */

static enum err area_path(struct ctx *cx, int64_t area_id, struct str *ret_path)
{
    SQL(find_area_path, "SELECT path FROM unit WHERE id = $1");
    struct rows rows = db_rows(cx, &find_area_path, BIND(V(area_id)));
    if (rows_next(&rows))
        *ret_path = rows_str(&rows);
    return rows_end(&rows);
}

static enum err count_expected(struct ctx *cx, int64_t point_id, int64_t *ret_expected)
{
    struct point point = { .id = 0 };
    struct learners learners = { .len = 0 };
    TRY(point_find(cx, point_id, &point));
    TRY(learner_list_of_point(cx, point.root_id, point.area_id, point.id, point.is_main, &learners));
    *ret_expected = (int64_t)learners.len;
    return OK;
}

struct sheet {
    bool is_there;
    int64_t area_id, expected, turn, is_closed, head_count, head_counted;
    struct str path;
};

static enum err find_sheet(struct ctx *cx, int64_t point_id, int64_t session_key, struct sheet *ret_sheet)
{
    SQL(find_sheet, "SELECT s.area_id, s.expected, s.turn, s.is_closed, s.head_count, s.head_counted, u.path"
                    " FROM roll_sheet s JOIN unit u ON u.id = s.area_id WHERE s.point_id = $1 AND s.session_key = $2");
    struct rows rows = db_rows(cx, &find_sheet, BIND(V(point_id), V(session_key)));
    struct sheet sheet = { .is_there = rows_next(&rows) };
    if (sheet.is_there) {
        sheet.area_id = rows_i64(&rows);
        sheet.expected = rows_i64(&rows);
        sheet.turn = rows_i64(&rows);
        sheet.is_closed = rows_i64(&rows);
        sheet.head_count = rows_i64(&rows);
        sheet.head_counted = rows_i64(&rows);
        sheet.path = rows_str(&rows);
    }
    *ret_sheet = sheet;
    return rows_end(&rows);
}

static int64_t subject_of(int64_t point_id, int64_t session_key)
{
    return course_session_subject(point_class(point_id), session_key);
}

/* From the first fact that speaks of the half-day on, the learners of the point are expected there. */
static enum err open_sheet(struct ctx *cx, int64_t area_id, int64_t point_id, int64_t session_key, struct str path)
{
    SQL(add_sheet, "INSERT INTO roll_sheet (point_id, session_key, area_id, expected, turn, is_closed, head_count,"
                   " head_counted) VALUES ($1, $2, $3, $4, 0, 0, -1, 0)");
    int64_t expected = 0;
    TRY(count_expected(cx, point_id, &expected));
    counter_add(cx, "roll_expected", subject_of(point_id, session_key), path, expected);
    return db_run(cx, &add_sheet, BIND(V(point_id), V(session_key), V(area_id), V(expected)));
}

/* The sheet of a fact about a half-day; made when this is the first. */
static enum err take_sheet(struct ctx *cx, const struct fact *fact, int64_t point_id, int64_t session_key,
                           struct sheet *ret_sheet)
{
    TRY(find_sheet(cx, point_id, session_key, ret_sheet));
    if (ret_sheet->is_there)
        return OK;
    struct str path = STR("");
    TRY(area_path(cx, fact->unit_id, &path));
    TRY(open_sheet(cx, fact->unit_id, point_id, session_key, path));
    return find_sheet(cx, point_id, session_key, ret_sheet);
}

static enum err add_expected(struct ctx *cx, int64_t point_id, int64_t delta)
{
    SQL(list_sheets, "SELECT s.session_key, u.path FROM roll_sheet s JOIN unit u ON u.id = s.area_id WHERE s.point_id = $1"
                     " ORDER BY s.session_key LIMIT 100");
    SQL(add, "UPDATE roll_sheet SET expected = expected + $2 WHERE point_id = $1");
    bool has_sheets = false;
    struct rows rows = db_rows(cx, &list_sheets, BIND(V(point_id)));
    while (rows_next(&rows)) {
        int64_t session_key = rows_i64(&rows);
        counter_add(cx, "roll_expected", subject_of(point_id, session_key), rows_str(&rows), delta);
        has_sheets = true;
    }
    TRY(rows_end(&rows));
    return has_sheets ? db_run(cx, &add, BIND(V(point_id), V(delta))) : OK;
}

enum err roll_seat_changed(struct ctx *cx, int64_t old_point_id, int64_t new_point_id)
{
    if (old_point_id != 0)
        TRY(add_expected(cx, old_point_id, -1));
    return new_point_id != 0 ? add_expected(cx, new_point_id, 1) : OK;
}

/* A head-count stands in the totals only where no name was called. */
static enum err settle_heads(struct ctx *cx, int64_t point_id, int64_t session_key)
{
    SQL(count_called, "SELECT COUNT(*) FROM roll_line WHERE point_id = $1 AND session_key = $2 AND mark <> 'none'");
    SQL(set_counted, "UPDATE roll_sheet SET head_counted = $3 WHERE point_id = $1 AND session_key = $2");
    struct sheet sheet = { .is_there = false };
    int64_t called = 0;
    TRY(find_sheet(cx, point_id, session_key, &sheet));
    if (!sheet.is_there || sheet.head_count < 0)
        return OK;
    TRY(db_i64(cx, &count_called, BIND(V(point_id), V(session_key)), &called));
    int64_t counted = called > 0 ? 0 : sheet.head_count;
    if (counted == sheet.head_counted)
        return OK;
    counter_add(cx, "roll_head_count", subject_of(point_id, session_key), sheet.path, counted - sheet.head_counted);
    return db_run(cx, &set_counted, BIND(V(point_id), V(session_key), V(counted)));
}

/* ---- Marks ---- */

/* What the line was before the mark, with what stands around it. */
struct line_before {
    struct str path;     /* of the fact's area */
    bool has_sheet;
    int64_t head_count;  /* of the fact's sheet */
    struct roll_state state;
    bool is_there;
    int64_t point_id, area_id;
    enum roll_mark mark;
    bool is_conflict;
};

static enum err find_line(struct ctx *cx, const struct fact *fact, const struct roll_marked *marked,
                          struct line_before *ret_line)
{
    SQL(find_line, "SELECT u.path, s.head_count, l.known, l.named, l.point_id, l.area_id, l.mark, l.is_conflict FROM unit u"
                   " LEFT JOIN roll_sheet s ON s.point_id = $2 AND s.session_key = $3"
                   " LEFT JOIN roll_line l ON l.learner_id = $4 AND l.session_key = $3 WHERE u.id = $1");
    struct line_before line = { .path = STR("") };
    bool is_sound = true;
    struct rows rows = db_rows(cx, &find_line, BIND(V(fact->unit_id), V(marked->point_id), V(marked->session_key),
                                                    V(marked->learner_id)));
    if (rows_next(&rows)) {
        line.path = rows_str(&rows);
        line.has_sheet = !rows_is_null(&rows);
        line.head_count = rows_i64(&rows);
        line.is_there = !rows_is_null(&rows);
        struct bytes known = rows_bytes(&rows);
        struct bytes named = rows_bytes(&rows);
        line.point_id = rows_i64(&rows);
        line.area_id = rows_i64(&rows);
        struct str mark = rows_str(&rows);
        line.is_conflict = rows_i64(&rows) != 0;
        if (line.is_there)
            is_sound = roll_state_read(&cx->arena, known, named, &line.state) && roll_mark_parse(mark, &line.mark);
    }
    TRY(rows_end(&rows));
    if (line.path.len == 0 || !is_sound)
        return fail_detail(cx, ERR_SYSTEM, "roll: no area %lld, or a damaged line", (long long)fact->unit_id);
    *ret_line = line;
    return OK;
}

static enum err keep_mark(struct ctx *cx, const struct fact *fact, const struct roll_marked *marked, int64_t at)
{
    SQL(add_mark, "INSERT INTO roll_mark (learner_id, session_key, id, point_id, mark, reason, at, replaces, device,"
                  " device_count, device_at, offset_ms, source, by_name, account_id, received_at)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    return db_run(cx, &add_mark,
                  BIND(V(marked->learner_id), V(marked->session_key), V(id_bytes(&fact->id)), V(marked->point_id),
                       V(marked->mark), V(marked->reason), V(at), V(marked->replaces), V(marked->device),
                       V(marked->device_count), V(marked->device_at), V(marked->offset_ms), V(marked->source),
                       V(marked->by_name), VN(fact->account_id), V(fact->at)));
}

static void count_mark(struct ctx *cx, int64_t subject, struct str path, enum roll_mark mark, bool is_conflict, int64_t delta)
{
    static const char *const kinds[ROLL_MARKS] = { [ROLL_PRESENT] = "roll_present",
                                                   [ROLL_LATE] = "roll_late",
                                                   [ROLL_EXCUSED] = "roll_excused",
                                                   [ROLL_ABSENT] = "roll_absent" };
    if (kinds[mark])
        counter_add(cx, kinds[mark], subject, path, delta);
    if (is_conflict)
        counter_add(cx, "roll_conflict", subject, path, delta);
}

/* The counters move from what the line was to what it is; both may lie in other areas than the mark's own. */
static enum err recount(struct ctx *cx, const struct fact *fact, const struct line_before *before,
                        const struct roll_outcome *outcome, int64_t area_id, int64_t subject)
{
    struct str old_path = before->path;
    struct str new_path = before->path;
    if (before->is_there && before->area_id != fact->unit_id)
        TRY(area_path(cx, before->area_id, &old_path));
    if (area_id != fact->unit_id)
        TRY(area_path(cx, area_id, &new_path));
    if (before->is_there)
        count_mark(cx, subject, old_path, before->mark, before->is_conflict, -1);
    count_mark(cx, subject, new_path, outcome->mark, outcome->is_conflict, 1);
    return OK;
}

/* The area a point serves is in its fact's owner; of another point's mark it stands in the line already. */
static enum err area_of_point(struct ctx *cx, const struct fact *fact, const struct roll_marked *marked,
                              const struct line_before *before, int64_t point_id, int64_t *ret_area_id)
{
    *ret_area_id = fact->unit_id;
    if (point_id == marked->point_id)
        return OK;
    *ret_area_id = before->area_id;
    if (point_id == before->point_id)
        return OK;
    struct point point = { .id = 0 };
    TRY(point_find(cx, point_id, &point));
    *ret_area_id = point.area_id;
    return OK;
}

static enum err keep_line(struct ctx *cx, const struct roll_marked *marked, const struct roll_state *state,
                          const struct roll_outcome *outcome, int64_t area_id)
{
    SQL(put_line, "INSERT INTO roll_line (learner_id, session_key, point_id, area_id, mark, is_conflict, winner, known, named)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (learner_id, session_key) DO UPDATE SET"
                  " point_id = excluded.point_id, area_id = excluded.area_id, mark = excluded.mark,"
                  " is_conflict = excluded.is_conflict, winner = excluded.winner, known = excluded.known,"
                  " named = excluded.named");
    return db_run(cx, &put_line,
                  BIND(V(marked->learner_id), V(marked->session_key), V(outcome->winner->point_id), V(area_id),
                       V(roll_mark_stored(outcome->mark)), V((int64_t)outcome->is_conflict),
                       V(id_bytes(&outcome->winner->id)), V(roll_state_known(&cx->arena, state)),
                       V(roll_state_named(&cx->arena, state))));
}

static enum err apply_marked(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct roll_marked *marked = body;
    struct line_before before = { .is_there = false };
    struct fact_id replaces[ROLL_REPLACES_MAX];
    size_t replaces_len = 0;
    struct roll_said said = { .id = fact->id, .at = marked->device_at + marked->offset_ms, .point_id = marked->point_id };
    if (!roll_mark_parse(marked->mark, &said.mark) || !roll_ids_parse(marked->replaces, replaces, &replaces_len))
        return fail_detail(cx, ERR_SYSTEM, "roll: a mark that decide let through cannot be read");
    TRY(find_line(cx, fact, marked, &before));
    TRY(keep_mark(cx, fact, marked, said.at));
    if (!before.has_sheet)
        TRY(open_sheet(cx, fact->unit_id, marked->point_id, marked->session_key, before.path));
    struct roll_state state = roll_state_add(&cx->arena, &before.state, &said, replaces, replaces_len);
    struct roll_outcome outcome = roll_state_outcome(&cx->arena, &state);
    int64_t area_id = 0;
    int64_t subject = subject_of(marked->point_id, marked->session_key);
    TRY(area_of_point(cx, fact, marked, &before, outcome.winner->point_id, &area_id));
    TRY(keep_line(cx, marked, &state, &outcome, area_id));
    TRY(recount(cx, fact, &before, &outcome, area_id, subject));
    if (before.has_sheet && before.head_count >= 0)
        TRY(settle_heads(cx, marked->point_id, marked->session_key));
    if (before.is_there && before.point_id != marked->point_id)
        TRY(settle_heads(cx, before.point_id, marked->session_key));
    if (outcome.winner->point_id != marked->point_id && outcome.winner->point_id != before.point_id)
        TRY(settle_heads(cx, outcome.winner->point_id, marked->session_key));
    return OK;
}

static enum err apply_set_aside(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_set_aside, "INSERT INTO roll_set_aside (id, point_id, device, device_count, words, content, at, account_id)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    const struct roll_set_aside *aside = body;
    return db_run(cx, &add_set_aside,
                  BIND(V(id_bytes(&fact->id)), V(aside->point_id), V(aside->device), V(aside->device_count),
                       V(aside->words), V(aside->content), V(fact->at), VN(fact->account_id)));
}

/* ---- Walk-ins ---- */

static enum err apply_walked_in(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_walk_in, "INSERT INTO roll_walk_in (id, point_id, session_key, full_name, title, unit_name, at, device,"
                     " device_count, device_at, offset_ms, by_name, account_id)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    SQL(count_ends, "SELECT COUNT(*) FROM roll_walk_in_end WHERE walk_in = $1");
    const struct roll_walked_in *walked = body;
    struct sheet sheet = { .is_there = false };
    int64_t ends = 0;
    TRY(take_sheet(cx, fact, walked->point_id, walked->session_key, &sheet));
    TRY(db_i64(cx, &count_ends, BIND(V(id_bytes(&fact->id))), &ends));
    if (ends == 0)
        counter_add(cx, "roll_walk_in", subject_of(walked->point_id, walked->session_key), sheet.path, 1);
    return db_run(cx, &add_walk_in,
                  BIND(V(id_bytes(&fact->id)), V(walked->point_id), V(walked->session_key), V(walked->full_name),
                       V(walked->title), V(walked->unit_name), V(walked->device_at + walked->offset_ms),
                       V(walked->device), V(walked->device_count), V(walked->device_at), V(walked->offset_ms),
                       V(walked->by_name), VN(fact->account_id)));
}

static enum err apply_walk_in_withdrawn(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_end, "INSERT INTO roll_walk_in_end (walk_in, id, reason, at, account_id) VALUES ($1, $2, $3, $4, $5)");
    SQL(count_open, "SELECT COUNT(*) FROM roll_walk_in w WHERE w.id = $1"
                    " AND NOT EXISTS (SELECT 1 FROM roll_walk_in_end e WHERE e.walk_in = w.id)");
    const struct roll_walk_in_withdrawn *withdrawn = body;
    struct sheet sheet = { .is_there = false };
    struct fact_id walk_in = { { 0 } };
    int64_t open = 0;
    if (!roll_id_parse(withdrawn->walk_in, &walk_in))
        return fail_detail(cx, ERR_SYSTEM, "roll: a walk-in's id that decide let through cannot be read");
    TRY(take_sheet(cx, fact, withdrawn->point_id, withdrawn->session_key, &sheet));
    TRY(db_i64(cx, &count_open, BIND(V(id_bytes(&walk_in))), &open));
    if (open > 0)
        counter_add(cx, "roll_walk_in", subject_of(withdrawn->point_id, withdrawn->session_key), sheet.path, -1);
    return db_run(cx, &add_end, BIND(V(id_bytes(&walk_in)), V(id_bytes(&fact->id)), V(withdrawn->reason), V(fact->at),
                                     VN(fact->account_id)));
}

/* ---- Head-counts, closing, reopening ---- */

static enum err apply_counted(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_count, "INSERT INTO roll_head_count (point_id, session_key, turn, id, heads, note, at, account_id)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SQL(take_newest, "UPDATE roll_sheet SET head_count = (SELECT c.heads FROM roll_head_count c WHERE c.point_id = $1"
                     " AND c.session_key = $2 ORDER BY c.turn DESC, c.id DESC LIMIT 1)"
                     " WHERE point_id = $1 AND session_key = $2");
    const struct roll_counted *counted = body;
    struct sheet sheet = { .is_there = false };
    TRY(take_sheet(cx, fact, counted->point_id, counted->session_key, &sheet));
    TRY(db_run(cx, &add_count, BIND(V(counted->point_id), V(counted->session_key), V(counted->turn),
                                    V(id_bytes(&fact->id)), V(counted->heads), V(counted->note), V(fact->at),
                                    VN(fact->account_id))));
    TRY(db_run(cx, &take_newest, BIND(V(counted->point_id), V(counted->session_key))));
    return settle_heads(cx, counted->point_id, counted->session_key);
}

static enum err keep_turn(struct ctx *cx, const struct fact *fact, const struct roll_turned *turned, bool is_closing)
{
    SQL(add_turn, "INSERT INTO roll_turn (point_id, session_key, turn, id, is_closing, at, account_id, reason, expected,"
                  " present, late, excused, absent, unmarked, walk_in, head_count, conflicts)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    const struct roll_figures *f = &turned->figures;
    return db_run(cx, &add_turn,
                  BIND(V(turned->point_id), V(turned->session_key), V(turned->turn), V(id_bytes(&fact->id)),
                       V((int64_t)is_closing), V(fact->at), VN(fact->account_id), V(turned->reason), V(f->expected),
                       V(f->present), V(f->late), V(f->excused), V(f->absent), V(f->unmarked), V(f->walk_in),
                       V(f->head_count), V(f->conflicts)));
}

/* The state is the newest turn's; who sits there is counted again. */
static enum err apply_turn(struct ctx *cx, const struct fact *fact, const struct roll_turned *turned, bool is_closing)
{
    SQL(newest_turn, "SELECT turn, is_closing FROM roll_turn WHERE point_id = $1 AND session_key = $2"
                     " ORDER BY turn DESC, id DESC LIMIT 1");
    SQL(set_turn, "UPDATE roll_sheet SET turn = $3, is_closed = $4, expected = $5 WHERE point_id = $1 AND session_key = $2");
    struct sheet sheet = { .is_there = false };
    int64_t expected = 0;
    int64_t turn = 0;
    int64_t is_closed = 0;
    TRY(take_sheet(cx, fact, turned->point_id, turned->session_key, &sheet));
    TRY(keep_turn(cx, fact, turned, is_closing));
    struct rows rows = db_rows(cx, &newest_turn, BIND(V(turned->point_id), V(turned->session_key)));
    if (rows_next(&rows)) {
        turn = rows_i64(&rows);
        is_closed = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    TRY(count_expected(cx, turned->point_id, &expected));
    int64_t subject = subject_of(turned->point_id, turned->session_key);
    if (expected != sheet.expected)
        counter_add(cx, "roll_expected", subject, sheet.path, expected - sheet.expected);
    if (is_closed != sheet.is_closed)
        counter_add(cx, "roll_closed", subject, sheet.path, is_closed - sheet.is_closed);
    return db_run(cx, &set_turn, BIND(V(turned->point_id), V(turned->session_key), V(turn), V(is_closed), V(expected)));
}

static enum err apply_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    return apply_turn(cx, fact, body, true);
}

static enum err apply_reopened(struct ctx *cx, const struct fact *fact, const void *body)
{
    return apply_turn(cx, fact, body, false);
}

/* ---- Objections ---- */

static enum err apply_objected(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_objection, "INSERT INTO roll_objection (id, learner_id, session_key, point_id, words, at)"
                       " VALUES ($1, $2, $3, $4, $5, $6)");
    const struct roll_objected *objected = body;
    return db_run(cx, &add_objection, BIND(V(id_bytes(&fact->id)), V(objected->learner_id), V(objected->session_key),
                                           V(objected->point_id), V(objected->words), V(fact->at)));
}

static enum err apply_objection_answered(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_answer, "INSERT INTO roll_objection_answer (objection, id, words, at, account_id) VALUES ($1, $2, $3, $4, $5)");
    const struct roll_objection_answered *answered = body;
    struct fact_id objection = { { 0 } };
    if (!roll_id_parse(answered->objection, &objection))
        return fail_detail(cx, ERR_SYSTEM, "roll: an objection's id that decide let through cannot be read");
    return db_run(cx, &add_answer, BIND(V(id_bytes(&objection)), V(id_bytes(&fact->id)), V(answered->words), V(fact->at),
                                        VN(fact->account_id)));
}

/* ---- The table ---- */

/* clang-format off */
#define POINT_AND_SESSION(type)                                                                        \
    { "point_id", "Điểm cầu", FIELD_ID, FIELD_OF(struct type, point_id), .required = true },           \
    { "session_key", "Buổi", FIELD_ID, FIELD_OF(struct type, session_key), .required = true }
#define DEVICE(type)                                                                                   \
    { "device", "Thiết bị", FIELD_TEXT, FIELD_OF(struct type, device), .len_max = 32 },                \
    { "device_count", "Số lượt của thiết bị", FIELD_I64, FIELD_OF(struct type, device_count) }
#define CLOCKS(type)                                                                                   \
    { "device_at", "Giờ của thiết bị", FIELD_INSTANT, FIELD_OF(struct type, device_at) },              \
    { "offset_ms", "Độ lệch đồng hồ", FIELD_I64, FIELD_OF(struct type, offset_ms) }
#define BY_NAME(type)                                                                                  \
    { "by_name", "Người điểm danh", FIELD_TEXT, FIELD_OF(struct type, by_name), .len_max = ROLL_NAME_MAX, .is_private = true }
#define FIGURE(member, label) { #member, label, FIELD_I64, FIELD_OF(struct roll_turned, figures.member) }

static const struct choice mark_choices[ROLL_MARKS] = {
#define X(name, stored, shown) { STR_INIT(stored), STR_INIT(shown) },
    ROLL_MARK_LIST(X)
#undef X
};
static const struct choice source_choices[] = {
    { STR_INIT("officer"), STR_INIT("Cán bộ điểm danh") },
    { STR_INIT("scan"), STR_INIT("Quét mã học viên") },
    { STR_INIT("code"), STR_INIT("Học viên quét mã phòng") },
    { STR_INIT("paper"), STR_INIT("Nhập từ bản ký") },
    { STR_INIT("file"), STR_INIT("Nhập từ tệp") },
};
static const struct field marked_fields[] = {
    POINT_AND_SESSION(roll_marked),
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct roll_marked, learner_id), .required = true },
    { "mark", "Điểm danh", FIELD_CHOICE, FIELD_OF(struct roll_marked, mark), .required = true,
      .choices = mark_choices, .choices_len = LEN(mark_choices) },
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct roll_marked, reason), .len_max = ROLL_REASON_MAX, .is_private = true },
    { "replaces", "Thay cho các lượt", FIELD_TEXT, FIELD_OF(struct roll_marked, replaces),
      .len_max = 33 * ROLL_REPLACES_MAX },
    DEVICE(roll_marked),
    CLOCKS(roll_marked),
    { "source", "Cách điểm danh", FIELD_CHOICE, FIELD_OF(struct roll_marked, source), .required = true,
      .choices = source_choices, .choices_len = LEN(source_choices) },
    BY_NAME(roll_marked),
};
static const struct field set_aside_fields[] = {
    { "point_id", "Điểm cầu", FIELD_ID, FIELD_OF(struct roll_set_aside, point_id), .required = true },
    DEVICE(roll_set_aside),
    { "words", "Lý do", FIELD_TEXT, FIELD_OF(struct roll_set_aside, words), .len_max = ROLL_WORDS_MAX, .required = true },
    { "content", "Nội dung nhận được", FIELD_TEXT, FIELD_OF(struct roll_set_aside, content),
      .len_max = ROLL_CONTENT_MAX, .is_private = true },
};
static const struct field walked_in_fields[] = {
    POINT_AND_SESSION(roll_walked_in),
    { "full_name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct roll_walked_in, full_name), .len_max = ROLL_NAME_MAX,
      .required = true, .is_private = true },
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct roll_walked_in, title), .len_max = ROLL_TITLE_MAX },
    { "unit_name", "Đơn vị", FIELD_TEXT, FIELD_OF(struct roll_walked_in, unit_name), .len_max = ROLL_TITLE_MAX },
    DEVICE(roll_walked_in),
    CLOCKS(roll_walked_in),
    BY_NAME(roll_walked_in),
};
static const struct field walk_in_withdrawn_fields[] = {
    POINT_AND_SESSION(roll_walk_in_withdrawn),
    { "walk_in", "Người đến thêm", FIELD_TEXT, FIELD_OF(struct roll_walk_in_withdrawn, walk_in), .len_max = 32,
      .required = true },
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct roll_walk_in_withdrawn, reason), .len_max = ROLL_REASON_MAX,
      .required = true },
};
static const struct field counted_fields[] = {
    POINT_AND_SESSION(roll_counted),
    { "turn", "Lần", FIELD_I64, FIELD_OF(struct roll_counted, turn) },
    { "heads", "Số người có mặt", FIELD_I64, FIELD_OF(struct roll_counted, heads), .max = ROLL_HEADS_MAX },
    { "note", "Ghi chú", FIELD_TEXT, FIELD_OF(struct roll_counted, note), .len_max = ROLL_REASON_MAX },
};
static const struct field turned_fields[] = {
    POINT_AND_SESSION(roll_turned),
    { "turn", "Lần", FIELD_I64, FIELD_OF(struct roll_turned, turn) },
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct roll_turned, reason), .len_max = ROLL_REASON_MAX },
    FIGURE(expected, "Phải có mặt"), FIGURE(present, "Có mặt"), FIGURE(late, "Muộn"), FIGURE(excused, "Vắng có lý do"),
    FIGURE(absent, "Vắng"), FIGURE(unmarked, "Chưa điểm danh"), FIGURE(walk_in, "Đến thêm"),
    FIGURE(head_count, "Đếm đầu người"), FIGURE(conflicts, "Chưa thống nhất"),
};
static const struct field objected_fields[] = {
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct roll_objected, learner_id), .required = true },
    POINT_AND_SESSION(roll_objected),
    { "words", "Ý kiến", FIELD_LINES, FIELD_OF(struct roll_objected, words), .len_max = ROLL_OBJECTION_MAX,
      .required = true, .is_private = true },
};
static const struct field answered_fields[] = {
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct roll_objection_answered, learner_id), .required = true },
    POINT_AND_SESSION(roll_objection_answered),
    { "objection", "Ý kiến", FIELD_TEXT, FIELD_OF(struct roll_objection_answered, objection), .len_max = 32,
      .required = true },
    { "words", "Trả lời", FIELD_LINES, FIELD_OF(struct roll_objection_answered, words), .len_max = ROLL_OBJECTION_MAX,
      .required = true, .is_private = true },
};

/* What may happen is decided in roll_do.c before a fact is recorded: a device's mark is never refused, only set aside. */
const struct fact_kind roll_kinds[ROLL_FACTS] = {
    [ROLL_FACT_MARKED] = { STR_INIT("roll.marked"), STR_INIT("Điểm danh"),
        FIELD_TABLE(struct roll_marked, marked_fields), NULL, apply_marked },
    [ROLL_FACT_SET_ASIDE] = { STR_INIT("roll.set_aside"), STR_INIT("Để riêng một lượt điểm danh"),
        FIELD_TABLE(struct roll_set_aside, set_aside_fields), NULL, apply_set_aside },
    [ROLL_FACT_WALKED_IN] = { STR_INIT("roll.walked_in"), STR_INIT("Ghi người đến thêm"),
        FIELD_TABLE(struct roll_walked_in, walked_in_fields), NULL, apply_walked_in },
    [ROLL_FACT_WALK_IN_WITHDRAWN] = { STR_INIT("roll.walk_in_withdrawn"), STR_INIT("Rút tên người đến thêm"),
        FIELD_TABLE(struct roll_walk_in_withdrawn, walk_in_withdrawn_fields), NULL, apply_walk_in_withdrawn },
    [ROLL_FACT_COUNTED] = { STR_INIT("roll.counted"), STR_INIT("Đếm đầu người"),
        FIELD_TABLE(struct roll_counted, counted_fields), NULL, apply_counted },
    [ROLL_FACT_CLOSED] = { STR_INIT("roll.closed"), STR_INIT("Kết thúc điểm danh"),
        FIELD_TABLE(struct roll_turned, turned_fields), NULL, apply_closed },
    [ROLL_FACT_REOPENED] = { STR_INIT("roll.reopened"), STR_INIT("Mở lại điểm danh"),
        FIELD_TABLE(struct roll_turned, turned_fields), NULL, apply_reopened },
    [ROLL_FACT_OBJECTED] = { STR_INIT("roll.objected"), STR_INIT("Học viên có ý kiến về điểm danh"),
        FIELD_TABLE(struct roll_objected, objected_fields), NULL, apply_objected },
    [ROLL_FACT_OBJECTION_ANSWERED] = { STR_INIT("roll.objection_answered"), STR_INIT("Trả lời ý kiến về điểm danh"),
        FIELD_TABLE(struct roll_objection_answered, answered_fields), NULL, apply_objection_answered },
};
/* clang-format on */
const struct fact_kinds roll_facts = { roll_kinds, ROLL_FACTS };
