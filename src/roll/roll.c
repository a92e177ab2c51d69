#include "roll/roll_inside.h"

#include "store/db.h"
#include "viet/viet.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- Places and half-days ---- */

static struct str session_name(struct arena *arena, int32_t day, enum course_half half)
{
    static const char *const halves[] = { "Sáng", "Chiều", "Tối" };
    struct civil c = day_to_civil(day);
    return str_format(arena, "%s %d/%d", halves[half], c.date, c.month);
}

static struct roll_session session_of(struct arena *arena, const struct course_session *s, int64_t arrive_before_minutes)
{
    struct roll_session session = { .key = course_session_key(s->day, s->half), .name = session_name(arena, s->day, s->half) };
    if (s->from_minute >= 0) {
        session.starts_at = day_time(s->day, s->from_minute / 60, s->from_minute % 60);
        session.arrive_at = session.starts_at - arrive_before_minutes * 60000;
    }
    if (s->to_minute >= 0)
        session.ends_at = day_time(s->day, s->to_minute / 60, s->to_minute % 60);
    return session;
}

enum err roll_open_place(struct ctx *cx, int64_t point_id, enum roll_reach reach, struct roll_place *ret_place)
{
    struct roll_place place = { .ends_at = 0 };
    struct course_session *sessions = NULL;
    struct course own = { .id = 0 };
    TRY(reach == ROLL_NARROWED ? point_get(cx, point_id, &place.point) : point_find(cx, point_id, &place.point));
    TRY(course_find_for_unit(cx, place.point.root_id, place.point.path, &own));
    TRY(course_find_sessions(cx, place.point.root_id, place.point.path, &sessions, &place.sessions_len));
    place.class_title = viet_upper_first(&cx->arena, own.title);
    place.sessions = ARENA_NEW_ARRAY(&cx->arena, struct roll_session, place.sessions_len + 1);
    for (size_t i = 0; i < place.sessions_len; i++) {
        place.sessions[i] = session_of(&cx->arena, &sessions[i], own.arrive_before_minutes);
        int64_t end = day_start(sessions[i].day + 1);
        place.ends_at = end > place.ends_at ? end : place.ends_at;
    }
    *ret_place = place;
    return OK;
}

const struct roll_session *roll_find_session(const struct roll_place *place, int64_t session_key)
{
    for (size_t i = 0; i < place->sessions_len; i++)
        if (place->sessions[i].key == session_key)
            return &place->sessions[i];
    return NULL;
}

/* Where the paper gives no hour, the half of the day does: people are not sent home by a missing line. */
static int64_t session_over_at(const struct roll_session *session)
{
    static const int ends[] = { 12, 18, 23 };
    if (session->ends_at)
        return session->ends_at + 30 * 60000;
    return day_time(course_session_day(session->key), ends[course_session_half(session->key)], 30);
}

const struct roll_session *roll_session_now(const struct roll_place *place, int64_t now)
{
    for (size_t i = 0; i < place->sessions_len; i++)
        if (now < session_over_at(&place->sessions[i]))
            return &place->sessions[i];
    return place->sessions_len > 0 ? &place->sessions[place->sessions_len - 1] : NULL;
}

int64_t roll_keep_until(const struct roll_place *place)
{
    enum { KEPT_DAYS = 30 };
    return place->ends_at + (int64_t)KEPT_DAYS * DAY_MS;
}

int64_t roll_objection_until(const struct roll_session *session)
{
    return day_start(course_session_day(session->key) + 1 + ROLL_OBJECTION_DAYS);
}

enum roll_mark roll_mark_by_clock(const struct roll_session *session, int64_t at)
{
    return session->starts_at != 0 && at > session->starts_at ? ROLL_LATE : ROLL_PRESENT;
}

/* ---- The sheet ---- */

/* The lines of a point or of a learner, each with the mark that counts. The columns of both queries are these. */
#define LINE_COLUMNS                                                                                   \
    "l.learner_id, l.mark, l.is_conflict, l.known, l.named, l.point_id, m.reason, m.at, m.source, m.device, m.by_name, a.name"
#define LINE_TABLES                                                                                    \
    " FROM roll_line l JOIN roll_mark m ON m.learner_id = l.learner_id AND m.session_key = l.session_key"                 \
    " AND m.id = l.winner LEFT JOIN account a ON a.id = m.account_id"

struct line_row {
    int64_t learner_id;
    struct roll_line line;
    int64_t point_id;
    struct str code_device; /* the telephone of a learner's own check-in */
    bool is_taken;          /* of an own learner: what is left sat here and belongs elsewhere */
};
struct line_rows {
    struct line_row *at;
    size_t len, room;
};

/* by_name: of a shared telephone; the account that sent the mark stands beside it, because only that is proved. */
static struct str said_by(struct arena *arena, struct str source, struct str by_name, struct str account_name)
{
    if (str_eq(source, STR("code")))
        return STR("Học viên tự quét mã phòng");
    struct str name = account_name.len > 0 ? account_name : STR("Cán bộ điểm cầu");
    if (by_name.len == 0)
        return name;
    return str_format(arena, STR_FMT " (gửi từ tài khoản " STR_FMT ")", STR_ARG(by_name), STR_ARG(name));
}

static bool line_from_row(struct ctx *cx, struct rows *rows, struct line_row *ret_row)
{
    struct roll_state state = { .known_len = 0 };
    struct line_row row = { .learner_id = rows_i64(rows) };
    bool is_sound = roll_mark_parse(rows_str(rows), &row.line.mark);
    row.line.is_conflict = rows_i64(rows) != 0;
    struct bytes known = rows_bytes(rows);
    struct bytes named = rows_bytes(rows);
    row.point_id = rows_i64(rows);
    row.line.reason = rows_str(rows);
    row.line.marked_at = rows_i64(rows);
    struct str source = rows_str(rows);
    struct str device = rows_str(rows);
    struct str by_name = rows_str(rows);
    row.line.marked_by = said_by(&cx->arena, source, by_name, rows_str(rows));
    row.code_device = str_eq(source, STR("code")) ? device : STR("");
    is_sound = is_sound && roll_state_read(&cx->arena, known, named, &state);
    struct roll_outcome outcome = roll_state_outcome(&cx->arena, &state);
    row.line.heads = roll_ids_format(&cx->arena, outcome.heads, outcome.heads_len);
    *ret_row = row;
    return is_sound;
}

static enum err take_lines(struct ctx *cx, struct rows *rows, struct line_rows *list)
{
    bool is_sound = true;
    while (is_sound && list->len < list->room && rows_next(rows))
        is_sound = line_from_row(cx, rows, &list->at[list->len++]);
    TRY(rows_end(rows));
    return is_sound ? OK : fail_detail(cx, ERR_SYSTEM, "roll: a damaged line");
}

static int compare_lines(const void *left, const void *right)
{
    const struct line_row *a = left;
    const struct line_row *b = right;
    return (a->learner_id > b->learner_id) - (a->learner_id < b->learner_id);
}

static enum err list_lines_of_point(struct ctx *cx, int64_t point_id, int64_t session_key, struct line_rows *ret_list)
{
    SQL(list_point_lines, "SELECT " LINE_COLUMNS LINE_TABLES " WHERE l.point_id = $1 AND l.session_key = $2");
    struct line_rows list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct line_row, NOMINATION_LEARNERS_MAX),
                              .room = NOMINATION_LEARNERS_MAX };
    struct rows rows = db_rows(cx, &list_point_lines, BIND(V(point_id), V(session_key)));
    TRY(take_lines(cx, &rows, &list));
    if (list.len > 1)
        qsort(list.at, list.len, sizeof *list.at, compare_lines);
    *ret_list = list;
    return OK;
}

/* *ret_row.learner_id is 0 when nobody has marked the learner. */
static enum err find_line_of_learner(struct ctx *cx, int64_t learner_id, int64_t session_key, struct line_row *ret_row)
{
    SQL(find_learner_line, "SELECT " LINE_COLUMNS LINE_TABLES " WHERE l.learner_id = $1 AND l.session_key = $2");
    struct line_rows list = { .at = ret_row, .room = 1 };
    *ret_row = (struct line_row){ .learner_id = 0 };
    struct rows rows = db_rows(cx, &find_learner_line, BIND(V(learner_id), V(session_key)));
    return take_lines(cx, &rows, &list);
}

enum err roll_read_line(struct ctx *cx, int64_t learner_id, int64_t session_key, struct roll_line *ret_line)
{
    struct line_row row = { .learner_id = 0 };
    TRY(find_line_of_learner(cx, learner_id, session_key, &row));
    if (row.learner_id == 0)
        row.line.heads = row.line.reason = row.line.marked_by = STR("");
    row.line.learner_id = learner_id;
    *ret_line = row.line;
    return OK;
}

static struct line_row *line_of(const struct line_rows *list, int64_t learner_id)
{
    struct line_row key = { .learner_id = learner_id };
    return list->len > 0 ? bsearch(&key, list->at, list->len, sizeof key, compare_lines) : NULL;
}

static struct str digest_of_code(struct ctx *cx, const struct learner *learner)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    struct str code = learner_code(cx, learner);
    crypto_hash_sha256(digest, (const unsigned char *)code.at, code.len);
    return str_from_bytes_hex(&cx->arena, digest, 16);
}

static void name_line(struct ctx *cx, const struct learner *learner, struct roll_line *line)
{
    line->learner_id = learner->id;
    line->full_name = learner->full_name;
    line->title = learner->title;
    line->unit_name = learner->unit_name;
    line->code_digest = digest_of_code(cx, learner);
}

static void count_line(const struct roll_line *line, struct roll_figures *figures)
{
    if (line->elsewhere_point_id != 0 && line->mark != ROLL_NONE) {
        figures->elsewhere++;
        return;
    }
    figures->conflicts += line->is_conflict;
    switch (line->mark) {
    case ROLL_PRESENT:
        figures->present++;
        break;
    case ROLL_LATE:
        figures->late++;
        break;
    case ROLL_EXCUSED:
        figures->excused++;
        break;
    case ROLL_ABSENT:
        figures->absent++;
        break;
    case ROLL_NONE:
    case ROLL_MARKS:
        figures->unmarked += !line->is_visitor;
        break;
    }
}

/* One telephone that checked in two people is shown beside both; what it means the officer knows. */
static void flag_shared_phones(struct arena *arena, struct roll_sheet *sheet, const struct str *devices)
{
    for (size_t i = 0; i < sheet->len; i++) {
        for (size_t j = 0; j < sheet->len && devices[i].len > 0; j++) {
            if (i == j || !str_eq(devices[i], devices[j]))
                continue;
            sheet->at[i].flag = str_format(arena, "Cùng một điện thoại với " STR_FMT, STR_ARG(sheet->at[j].full_name));
            break;
        }
    }
}

static enum err add_own_learners(struct ctx *cx, const struct roll_place *place, int64_t session_key,
                                 const struct line_rows *lines, struct str *devices, struct roll_sheet *sheet)
{
    struct learners own = { .len = 0 };
    const struct point *p = &place->point;
    TRY(learner_list_of_point(cx, p->root_id, p->area_id, p->id, p->is_main, &own));
    sheet->figures.expected = (int64_t)own.len;
    sheet->at = ARENA_NEW_ARRAY(&cx->arena, struct roll_line, own.len + lines->len + 1);
    for (size_t i = 0; i < own.len; i++) {
        struct line_row other = { .learner_id = 0 };
        struct line_row *row = line_of(lines, own.at[i].id);
        if (!row) {
            TRY(find_line_of_learner(cx, own.at[i].id, session_key, &other));
            row = &other;
        }
        row->line.elsewhere_point_id = row->learner_id != 0 && row->point_id != p->id ? row->point_id : 0;
        row->line.heads = row->learner_id != 0 ? row->line.heads : STR("");
        devices[sheet->len] = row->learner_id != 0 ? row->code_device : STR("");
        sheet->at[sheet->len] = row->line;
        name_line(cx, &own.at[i], &sheet->at[sheet->len++]);
        row->is_taken = true;
    }
    return OK;
}

static enum err add_visitors(struct ctx *cx, const struct line_rows *lines, struct str *devices, struct roll_sheet *sheet)
{
    for (size_t i = 0; i < lines->len; i++) {
        struct line_row *row = &lines->at[i];
        struct learner learner = { .id = 0 };
        if (row->is_taken || row->line.mark == ROLL_NONE)
            continue;
        TRY(learner_find(cx, row->learner_id, &learner));
        row->line.is_visitor = true;
        devices[sheet->len] = row->code_device;
        sheet->at[sheet->len] = row->line;
        name_line(cx, &learner, &sheet->at[sheet->len++]);
    }
    return OK;
}

static enum err read_turn(struct ctx *cx, struct roll_sheet *sheet)
{
    SQL(read_sheet, "SELECT s.is_closed, s.head_count, (SELECT c.note FROM roll_head_count c WHERE c.point_id = s.point_id"
                    " AND c.session_key = s.session_key ORDER BY c.turn DESC, c.id DESC LIMIT 1)"
                    " FROM roll_sheet s WHERE s.point_id = $1 AND s.session_key = $2");
    SQL(read_closing, "SELECT t.at, a.name, t.expected, t.present, t.late, t.excused, t.absent, t.unmarked, t.walk_in,"
                      " t.head_count, t.conflicts FROM roll_turn t LEFT JOIN account a ON a.id = t.account_id"
                      " WHERE t.point_id = $1 AND t.session_key = $2 ORDER BY t.turn DESC, t.id DESC LIMIT 1");
    struct rows rows = db_rows(cx, &read_sheet, BIND(V(sheet->point_id), V(sheet->session_key)));
    sheet->figures.head_count = -1;
    if (rows_next(&rows)) {
        sheet->is_closed = rows_i64(&rows) != 0;
        sheet->figures.head_count = rows_i64(&rows);
        sheet->head_note = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!sheet->is_closed)
        return OK;
    rows = db_rows(cx, &read_closing, BIND(V(sheet->point_id), V(sheet->session_key)));
    if (rows_next(&rows)) {
        sheet->closed_at = rows_i64(&rows);
        sheet->closed_by = rows_str(&rows);
        sheet->frozen = (struct roll_figures){ .expected = rows_i64(&rows) };
        sheet->frozen.present = rows_i64(&rows);
        sheet->frozen.late = rows_i64(&rows);
        sheet->frozen.excused = rows_i64(&rows);
        sheet->frozen.absent = rows_i64(&rows);
        sheet->frozen.unmarked = rows_i64(&rows);
        sheet->frozen.walk_in = rows_i64(&rows);
        sheet->frozen.head_count = rows_i64(&rows);
        sheet->frozen.conflicts = rows_i64(&rows);
    }
    return rows_end(&rows);
}

static enum err read_walk_ins(struct ctx *cx, struct roll_sheet *sheet)
{
    enum { WALK_INS_MAX = 500 };
    SQL(list_walk_ins, "SELECT w.id, w.full_name, w.title, w.unit_name, w.at, w.by_name, a.name FROM roll_walk_in w"
                       " LEFT JOIN account a ON a.id = w.account_id WHERE w.point_id = $1 AND w.session_key = $2"
                       " AND NOT EXISTS (SELECT 1 FROM roll_walk_in_end e WHERE e.walk_in = w.id) ORDER BY w.at, w.id");
    sheet->walk_ins = ARENA_NEW_ARRAY(&cx->arena, struct roll_walk_in, WALK_INS_MAX);
    struct rows rows = db_rows(cx, &list_walk_ins, BIND(V(sheet->point_id), V(sheet->session_key)));
    while (sheet->walk_ins_len < WALK_INS_MAX && rows_next(&rows)) {
        struct roll_walk_in *walk_in = &sheet->walk_ins[sheet->walk_ins_len++];
        struct bytes id = rows_bytes(&rows);
        walk_in->id = str_from_bytes_hex(&cx->arena, id.at, id.len);
        walk_in->full_name = rows_str(&rows);
        walk_in->title = rows_str(&rows);
        walk_in->unit_name = rows_str(&rows);
        walk_in->at = rows_i64(&rows);
        struct str by_name = rows_str(&rows);
        walk_in->marked_by = said_by(&cx->arena, STR(""), by_name, rows_str(&rows));
    }
    sheet->figures.walk_in = (int64_t)sheet->walk_ins_len;
    return rows_end(&rows);
}

enum err roll_read_sheet(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct roll_sheet *ret_sheet)
{
    struct roll_sheet sheet = { .point_id = place->point.id, .session_key = session_key };
    struct line_rows lines = { .len = 0 };
    if (!roll_find_session(place, session_key))
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    struct str *devices = ARENA_NEW_ARRAY(&cx->arena, struct str, 2 * NOMINATION_LEARNERS_MAX);
    TRY(list_lines_of_point(cx, sheet.point_id, session_key, &lines));
    TRY(add_own_learners(cx, place, session_key, &lines, devices, &sheet));
    TRY(add_visitors(cx, &lines, devices, &sheet));
    TRY(read_turn(cx, &sheet));
    TRY(read_walk_ins(cx, &sheet));
    for (size_t i = 0; i < sheet.len; i++)
        count_line(&sheet.at[i], &sheet.figures);
    flag_shared_phones(&cx->arena, &sheet, devices);
    *ret_sheet = sheet;
    return OK;
}

enum err roll_get_sheet(struct ctx *cx, int64_t point_id, int64_t session_key, struct roll_sheet *ret_sheet)
{
    struct roll_place place = { .ends_at = 0 };
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    return roll_read_sheet(cx, &place, session_key, ret_sheet);
}

enum err roll_find_turn(struct ctx *cx, int64_t point_id, int64_t session_key, bool *ret_closed, int64_t *ret_turn)
{
    SQL(find_turn, "SELECT is_closed, turn FROM roll_sheet WHERE point_id = $1 AND session_key = $2");
    struct rows rows = db_rows(cx, &find_turn, BIND(V(point_id), V(session_key)));
    *ret_closed = false;
    *ret_turn = 0;
    if (rows_next(&rows)) {
        *ret_closed = rows_i64(&rows) != 0;
        *ret_turn = rows_i64(&rows);
    }
    return rows_end(&rows);
}

struct url roll_url(struct arena *arena, int64_t point_id, int64_t session_key)
{
    return url_format(arena, "/diem-danh/%lld/%lld", (long long)point_id, (long long)session_key);
}
