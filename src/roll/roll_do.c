#include "roll/roll_inside.h"

#include "store/db.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/*
 * Deciding. A device's mark is never refused: what cannot be a mark is set aside with its reason, and the marks after it
 * go on. Everything that could stop a fact is looked at before it is recorded, because on the way of an upload a failed
 * apply would take the whole upload back.
 */

enum { KNOWN_SLOTS = 256, KNOWN_MAX = KNOWN_SLOTS / 2, NAMED_MAX = 4 * ROLL_LINE_MARKS_MAX };

struct fact_id roll_derive_id(const void *bytes, size_t len, const char *purpose)
{
    struct fact_id id;
    crypto_generichash(id.at, sizeof id.at, bytes, len, (const unsigned char *)purpose, strlen(purpose));
    return id;
}

static struct fact_id random_id(struct ctx *cx)
{
    struct fact_id id;
    env_random(cx->env, &id, sizeof id);
    return id;
}

/* ---- Set aside ---- */

enum err roll_set_aside(struct ctx *cx, const struct roll_place *place, const struct roll_set_aside *aside)
{
    struct buf said;
    buf_init(&said, &cx->arena);
    buf_format(&said, "%lld|" STR_FMT "|%lld|" STR_FMT "|" STR_FMT, (long long)aside->point_id, STR_ARG(aside->device),
               (long long)aside->device_count, STR_ARG(aside->words), STR_ARG(aside->content));
    fact_use_id(cx, roll_derive_id(said.at, said.len, "roll set aside"));
    return fact_record(cx, &roll_kinds[ROLL_FACT_SET_ASIDE], place->point.area_id, 0, aside, NULL);
}

static enum err put_aside(struct ctx *cx, const struct roll_place *place, const struct roll_set_aside *aside,
                          const char *words, enum roll_receipt *ret_receipt, struct str *ret_words)
{
    struct roll_set_aside why = *aside;
    why.words = str_from(words);
    *ret_receipt = ROLL_SET_ASIDE;
    *ret_words = why.words;
    return roll_set_aside(cx, place, &why);
}

/* ---- What is known already ---- */

static bool is_same_text(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

struct known_mark {
    bool is_there, is_same;
    bool is_crowded; /* the line holds as many marks as it may */
};

/* What the device said; when the upload came and who carried it is no part of a mark. */
static enum err find_known(struct ctx *cx, const struct fact_id *id, const struct roll_marked *marked,
                           struct known_mark *ret_known)
{
    SQL(find_mark, "SELECT length(l.known), length(l.named), m.point_id, m.mark, m.reason, m.replaces, m.device,"
                   " m.device_count, m.device_at, m.source FROM roll_line l LEFT JOIN roll_mark m"
                   " ON m.learner_id = l.learner_id AND m.session_key = l.session_key AND m.id = $3"
                   " WHERE l.learner_id = $1 AND l.session_key = $2");
    enum { SAID_BYTES = 33, ID_BYTES = 16 };
    struct bytes bytes = { id->at, sizeof id->at };
    struct known_mark known = { .is_there = false };
    struct rows rows = db_rows(cx, &find_mark, BIND(V(marked->learner_id), V(marked->session_key), V(bytes)));
    if (rows_next(&rows)) {
        bool is_full = rows_i64(&rows) >= (int64_t)ROLL_LINE_MARKS_MAX * SAID_BYTES;
        known.is_crowded = (rows_i64(&rows) >= (int64_t)NAMED_MAX * ID_BYTES) || is_full;
        known.is_there = !rows_is_null(&rows);
        known.is_same = rows_i64(&rows) == marked->point_id && known.is_there;
        known.is_same &= is_same_text(rows_str(&rows), marked->mark);
        known.is_same &= is_same_text(rows_str(&rows), marked->reason);
        known.is_same &= is_same_text(rows_str(&rows), marked->replaces);
        known.is_same &= is_same_text(rows_str(&rows), marked->device);
        known.is_same &= rows_i64(&rows) == marked->device_count;
        known.is_same &= rows_i64(&rows) == marked->device_at;
        known.is_same &= is_same_text(rows_str(&rows), marked->source);
    }
    *ret_known = known;
    return rows_end(&rows);
}

static enum err is_learner_of_class(struct ctx *cx, const struct roll_place *place, int64_t learner_id, bool *ret_ours)
{
    struct learner learner = { .id = 0 };
    enum err err = learner_find(cx, learner_id, &learner);
    *ret_ours = false;
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    *ret_ours = learner.is_in_force && learner.root_id == place->point.root_id;
    return OK;
}

static enum err is_ours(struct ctx *cx, struct roll_place *place, int64_t learner_id, bool *ret_ours)
{
    if (!place->learners)
        place->learners = ARENA_NEW_ARRAY(&cx->arena, struct known_learner, KNOWN_SLOTS);
    size_t slot = (size_t)((uint64_t)learner_id * 0x9E3779B97F4A7C15U >> 32) % KNOWN_SLOTS;
    while (place->learners[slot].id != 0 && place->learners[slot].id != learner_id)
        slot = (slot + 1) % KNOWN_SLOTS;
    struct known_learner *known = &place->learners[slot];
    if (known->id == learner_id) {
        *ret_ours = known->is_ours;
        return OK;
    }
    TRY(is_learner_of_class(cx, place, learner_id, ret_ours));
    if (place->learners_len < KNOWN_MAX) {
        place->learners_len++;
        *known = (struct known_learner){ learner_id, *ret_ours };
    }
    return OK;
}

/* ---- Marks ---- */

static bool is_clock(int64_t at)
{
    return at >= -ROLL_TIME_LIMIT && at <= ROLL_TIME_LIMIT;
}

/* NULL when it can be a mark; otherwise why not. */
static const char *fault_of(const struct roll_place *place, const struct roll_marked *marked)
{
    enum roll_mark mark = ROLL_NONE;
    struct fact_id replaces[ROLL_REPLACES_MAX];
    struct fact_id device;
    size_t len = 0;
    if (!roll_find_session(place, marked->session_key))
        return "Lớp không có buổi này";
    if (!roll_mark_parse(marked->mark, &mark))
        return "Không rõ có mặt, muộn, phép hay vắng";
    if (!roll_ids_parse(marked->replaces, replaces, &len))
        return "Danh sách lượt được thay không đúng mẫu";
    if (marked->device.len > 0 && !roll_id_parse(marked->device, &device))
        return "Mã thiết bị không đúng mẫu";
    if (!is_clock(marked->device_at) || !is_clock(marked->offset_ms) || marked->device_count < 0 ||
        marked->device_count > ROLL_NUMBER_LIMIT)
        return "Giờ hoặc số thứ tự của lượt không đúng mẫu";
    return NULL;
}

static struct roll_set_aside aside_of(struct ctx *cx, const struct fact_id *id, const struct roll_marked *marked,
                                      struct str content)
{
    struct roll_set_aside aside = { .point_id = marked->point_id, .device = marked->device,
                                    .device_count = marked->device_count };
    struct fact_id device;
    if (!roll_id_parse(aside.device, &device))
        aside.device = STR("");
    if (aside.device_count < 0 || aside.device_count > ROLL_NUMBER_LIMIT)
        aside.device_count = 0;
    aside.content = content;
    if (content.len == 0)
        aside.content = str_format(&cx->arena, "{\"id\":\"" STR_FMT "\",\"session\":%lld,\"learner\":%lld}",
                                   STR_ARG(str_from_bytes_hex(&cx->arena, id->at, sizeof id->at)),
                                   (long long)marked->session_key, (long long)marked->learner_id);
    return aside;
}

enum err roll_take_mark_at(struct ctx *cx, struct roll_place *place, struct fact_id id, const struct roll_marked *marked,
                           struct str content, enum roll_receipt *ret_receipt, struct str *ret_words)
{
    struct known_mark known = { .is_there = false };
    bool ours = false;
    struct roll_set_aside aside = aside_of(cx, &id, marked, content);
    *ret_words = STR("");
    TRY(find_known(cx, &id, marked, &known));
    if (known.is_same) {
        *ret_receipt = ROLL_ALREADY;
        return OK;
    }
    if (known.is_there)
        return put_aside(cx, place, &aside, "Lượt này đã được ghi trước đó với nội dung khác", ret_receipt, ret_words);
    const char *why = fault_of(place, marked);
    if (!why) {
        TRY(is_ours(cx, place, marked->learner_id, &ours));
        why = ours ? NULL : "Không có học viên này trong lớp";
    }
    if (!why && known.is_crowded)
        why = "Học viên này đã có quá nhiều lượt trong buổi";
    if (why)
        return put_aside(cx, place, &aside, why, ret_receipt, ret_words);
    fact_use_id(cx, id);
    enum err err = fact_record(cx, &roll_kinds[ROLL_FACT_MARKED], place->point.area_id, marked->learner_id, marked, NULL);
    if (err == ERR_CONFLICT) /* the id stands for another learner's mark, or for no mark at all */
        return put_aside(cx, place, &aside, "Mã của lượt này đã dùng cho nội dung khác", ret_receipt, ret_words);
    if (err == ERR_INVALID) {
        struct str words = str_copy(&cx->arena, str_from(cx->fault.words));
        return put_aside(cx, place, &aside, str_to_c(&cx->arena, words), ret_receipt, ret_words);
    }
    *ret_receipt = ROLL_STORED;
    return err;
}

enum err roll_take_mark(struct ctx *cx, struct fact_id id, const struct roll_marked *marked, enum roll_receipt *ret_receipt,
                        struct str *ret_words)
{
    struct roll_place place = { .ends_at = 0 };
    TRY(roll_open_place(cx, marked->point_id, ROLL_ANYWHERE, &place));
    return roll_take_mark_at(cx, &place, id, marked, STR(""), ret_receipt, ret_words);
}

static enum err refuse_when_closed(struct ctx *cx, const struct roll_place *place, int64_t session_key)
{
    bool is_closed = false;
    int64_t turn = 0;
    if (!roll_find_session(place, session_key))
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    TRY(roll_find_turn(cx, place->point.id, session_key, &is_closed, &turn));
    if (is_closed)
        return fail(cx, ERR_CONFLICT, "Buổi này đã kết thúc điểm danh; xin mở lại buổi, ghi lý do, rồi điểm danh tiếp");
    return OK;
}

/* The heads of a learner's line as they stand now, for a form that did not say which it saw. */
static enum err find_heads(struct ctx *cx, const struct roll_marked *marked, struct roll_outcome *ret_outcome)
{
    SQL(find_state, "SELECT known, named FROM roll_line WHERE learner_id = $1 AND session_key = $2");
    struct roll_state state = { .known_len = 0 };
    bool is_sound = true;
    struct rows rows = db_rows(cx, &find_state, BIND(V(marked->learner_id), V(marked->session_key)));
    if (rows_next(&rows)) {
        struct bytes known = rows_bytes(&rows);
        struct bytes named = rows_bytes(&rows);
        is_sound = roll_state_read(&cx->arena, known, named, &state);
    }
    TRY(rows_end(&rows));
    if (!is_sound)
        return fail_detail(cx, ERR_SYSTEM, "roll: a damaged line");
    *ret_outcome = roll_state_outcome(&cx->arena, &state);
    return OK;
}

/* A form's mark has no device; its id follows from the form's own and from what was pressed, so that two buttons of one
   page are two marks and one button pressed twice is one, whatever has happened in between. */
static struct fact_id form_mark_id(struct ctx *cx, const struct roll_marked *marked)
{
    static const struct fact_id none;
    struct fact_id id = cx->fact_id;
    if (memcmp(&id, &none, sizeof none) == 0)
        id = random_id(cx);
    struct str said = str_format(&cx->arena, STR_FMT "|%lld|%lld|%lld|" STR_FMT "|" STR_FMT,
                                 STR_ARG(str_from_bytes_hex(&cx->arena, id.at, sizeof id.at)), (long long)marked->point_id,
                                 (long long)marked->session_key, (long long)marked->learner_id, STR_ARG(marked->mark),
                                 STR_ARG(marked->replaces));
    return roll_derive_id(said.at, said.len, "roll form");
}

static enum err take_form_mark(struct ctx *cx, struct roll_place *place, struct fact_id id, const struct roll_marked *marked)
{
    enum roll_receipt receipt = ROLL_STORED;
    struct str words = STR("");
    TRY(roll_take_mark_at(cx, place, id, marked, STR(""), &receipt, &words));
    if (receipt == ROLL_SET_ASIDE)
        return fail(cx, ERR_INVALID, STR_FMT, STR_ARG(words));
    return OK;
}

enum err roll_mark_by_form(struct ctx *cx, struct roll_place *place, const struct roll_marked *marked, bool over_all)
{
    struct roll_marked mark = *marked;
    struct known_mark known = { .is_there = false };
    struct roll_outcome stands = { .heads_len = 0 };
    bool ours = false;
    TRY(refuse_when_closed(cx, place, marked->session_key));
    TRY(is_ours(cx, place, marked->learner_id, &ours));
    if (!ours)
        return fail(cx, ERR_NOT_FOUND, "Không có học viên này trong lớp");
    mark.point_id = place->point.id;
    mark.device_at = cx->now;
    struct fact_id id = form_mark_id(cx, &mark);
    TRY(find_known(cx, &id, &mark, &known));
    if (known.is_there)
        return OK;
    if (!over_all)
        return take_form_mark(cx, place, id, &mark);
    TRY(find_heads(cx, marked, &stands));
    /* More heads than one mark may name: several marks that say the same, which is no conflict. */
    for (size_t from = 0; from == 0 || from < stands.heads_len; from += ROLL_REPLACES_MAX) {
        size_t len = stands.heads_len - from < ROLL_REPLACES_MAX ? stands.heads_len - from : ROLL_REPLACES_MAX;
        mark.replaces = roll_ids_format(&cx->arena, stands.heads + from, len);
        TRY(take_form_mark(cx, place, from == 0 ? id : form_mark_id(cx, &mark), &mark));
    }
    return OK;
}

/* ---- Walk-ins ---- */

static enum err find_known_walk_in(struct ctx *cx, const struct fact_id *id, const struct roll_walked_in *walked,
                                   struct known_mark *ret_known)
{
    SQL(find_walk_in, "SELECT point_id, session_key, full_name, title, unit_name, device, device_count, device_at"
                      " FROM roll_walk_in WHERE id = $1");
    struct bytes bytes = { id->at, sizeof id->at };
    struct known_mark known = { .is_there = false };
    struct rows rows = db_rows(cx, &find_walk_in, BIND(V(bytes)));
    if (rows_next(&rows)) {
        known.is_there = true;
        known.is_same = rows_i64(&rows) == walked->point_id;
        known.is_same &= rows_i64(&rows) == walked->session_key;
        known.is_same &= is_same_text(rows_str(&rows), walked->full_name);
        known.is_same &= is_same_text(rows_str(&rows), walked->title);
        known.is_same &= is_same_text(rows_str(&rows), walked->unit_name);
        known.is_same &= is_same_text(rows_str(&rows), walked->device);
        known.is_same &= rows_i64(&rows) == walked->device_count;
        known.is_same &= rows_i64(&rows) == walked->device_at;
    }
    *ret_known = known;
    return rows_end(&rows);
}

enum err roll_walk_in_by_form(struct ctx *cx, const struct roll_place *place, const struct roll_walked_in *walked)
{
    struct fact_id form = cx->fact_id;
    struct fact_id id = roll_derive_id(form.at, sizeof form.at, "roll walk in");
    struct known_mark known = { .is_there = false };
    enum roll_receipt receipt = ROLL_STORED;
    struct str words = STR("");
    TRY(refuse_when_closed(cx, place, walked->session_key));
    TRY(find_known_walk_in(cx, &id, walked, &known));
    if (known.is_there)
        return OK;
    TRY(roll_take_walk_in(cx, place, id, walked, STR(""), &receipt, &words));
    return receipt == ROLL_SET_ASIDE ? fail(cx, ERR_INVALID, STR_FMT, STR_ARG(words)) : OK;
}

enum err roll_take_walk_in(struct ctx *cx, const struct roll_place *place, struct fact_id id,
                           const struct roll_walked_in *walked, struct str content, enum roll_receipt *ret_receipt,
                           struct str *ret_words)
{
    const struct roll_marked said = { .point_id = walked->point_id, .session_key = walked->session_key,
                                      .mark = STR("present"), .reason = STR(""), .replaces = STR(""),
                                      .device = walked->device, .device_count = walked->device_count,
                                      .device_at = walked->device_at, .offset_ms = walked->offset_ms };
    struct known_mark known = { .is_there = false };
    struct roll_set_aside aside = aside_of(cx, &id, &said, content);
    *ret_words = STR("");
    TRY(find_known_walk_in(cx, &id, walked, &known));
    if (known.is_same) {
        *ret_receipt = ROLL_ALREADY;
        return OK;
    }
    if (known.is_there)
        return put_aside(cx, place, &aside, "Lượt này đã được ghi trước đó với nội dung khác", ret_receipt, ret_words);
    const char *why = fault_of(place, &said);
    if (why)
        return put_aside(cx, place, &aside, why, ret_receipt, ret_words);
    fact_use_id(cx, id);
    enum err err = fact_record(cx, &roll_kinds[ROLL_FACT_WALKED_IN], place->point.area_id, 0, walked, NULL);
    if (err == ERR_CONFLICT)
        return put_aside(cx, place, &aside, "Mã của lượt này đã dùng cho nội dung khác", ret_receipt, ret_words);
    if (err == ERR_INVALID) {
        struct str words = str_copy(&cx->arena, str_from(cx->fault.words));
        return put_aside(cx, place, &aside, str_to_c(&cx->arena, words), ret_receipt, ret_words);
    }
    *ret_receipt = ROLL_STORED;
    return err;
}

enum err roll_withdraw_walk_in(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct str walk_in,
                               struct str reason)
{
    SQL(find_open_walk_in, "SELECT COUNT(*) FROM roll_walk_in w WHERE w.id = $1 AND w.point_id = $2 AND w.session_key = $3"
                           " AND NOT EXISTS (SELECT 1 FROM roll_walk_in_end e WHERE e.walk_in = w.id)");
    struct fact_id id = { { 0 } };
    int64_t open = 0;
    TRY(refuse_when_closed(cx, place, session_key));
    if (roll_id_parse(walk_in, &id))
        TRY(db_i64(cx, &find_open_walk_in, BIND(V(((struct bytes){ id.at, sizeof id.at })), V(place->point.id), V(session_key)),
                   &open));
    if (open == 0)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy người đến thêm này trong buổi, hoặc tên đã được rút");
    struct roll_walk_in_withdrawn withdrawn = { .point_id = place->point.id, .session_key = session_key,
                                                .walk_in = walk_in, .reason = reason };
    return fact_record(cx, &roll_kinds[ROLL_FACT_WALK_IN_WITHDRAWN], place->point.area_id, 0, &withdrawn, NULL);
}

/* ---- Closing, reopening, head-counts ---- */

enum err roll_close(struct ctx *cx, int64_t point_id, int64_t session_key)
{
    struct roll_place place = { .ends_at = 0 };
    struct roll_sheet sheet = { .len = 0 };
    bool is_closed = false;
    int64_t turn = 0;
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    TRY(refuse_when_closed(cx, &place, session_key));
    TRY(roll_find_turn(cx, point_id, session_key, &is_closed, &turn));
    TRY(roll_read_sheet(cx, &place, session_key, &sheet));
    struct roll_turned turned = { .point_id = point_id, .session_key = session_key, .turn = turn + 1,
                                  .reason = STR(""), .figures = sheet.figures };
    return fact_record(cx, &roll_kinds[ROLL_FACT_CLOSED], place.point.area_id, 0, &turned, NULL);
}

enum err roll_reopen(struct ctx *cx, int64_t point_id, int64_t session_key, struct str reason)
{
    struct roll_place place = { .ends_at = 0 };
    bool is_closed = false;
    int64_t turn = 0;
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    TRY(roll_find_turn(cx, point_id, session_key, &is_closed, &turn));
    if (!is_closed)
        return fail(cx, ERR_CONFLICT, "Buổi này đang mở, không cần mở lại");
    if (str_trim(reason).len == 0)
        return fail_field(cx, "reason", "Xin ghi lý do mở lại buổi điểm danh");
    struct roll_turned turned = { .point_id = point_id, .session_key = session_key, .turn = turn + 1, .reason = reason };
    return fact_record(cx, &roll_kinds[ROLL_FACT_REOPENED], place.point.area_id, 0, &turned, NULL);
}

enum err roll_count_heads(struct ctx *cx, int64_t point_id, int64_t session_key, int64_t heads, struct str note)
{
    SQL(find_count_turn, "SELECT COALESCE(MAX(turn), 0) FROM roll_head_count WHERE point_id = $1 AND session_key = $2");
    struct roll_place place = { .ends_at = 0 };
    struct roll_sheet sheet = { .len = 0 };
    int64_t turn = 0;
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    TRY(refuse_when_closed(cx, &place, session_key));
    TRY(roll_read_sheet(cx, &place, session_key, &sheet));
    if (sheet.figures.present + sheet.figures.late + sheet.figures.excused + sheet.figures.absent > 0)
        return fail(cx, ERR_CONFLICT, "Buổi này đã điểm danh theo tên nên không nhập số đếm; hai cách không cộng với nhau");
    TRY(db_i64(cx, &find_count_turn, BIND(V(point_id), V(session_key)), &turn));
    struct roll_counted counted = { .point_id = point_id, .session_key = session_key, .turn = turn + 1, .heads = heads,
                                    .note = note };
    return fact_record(cx, &roll_kinds[ROLL_FACT_COUNTED], place.point.area_id, 0, &counted, NULL);
}

/* ---- Objections ---- */

enum err roll_list_objections(struct ctx *cx, int64_t point_id, int64_t session_key, int64_t learner_id,
                              struct roll_objections *ret_list)
{
#define OBJECTION_COLUMNS                                                                              \
    "SELECT o.id, o.learner_id, o.session_key, o.point_id, o.words, o.at, w.words, w.at, a.name FROM roll_objection o"    \
    " LEFT JOIN roll_objection_answer w ON w.objection = o.id LEFT JOIN account a ON a.id = w.account_id"
    SQL(list_of_point, OBJECTION_COLUMNS " WHERE o.point_id = $1 AND o.session_key = $2 ORDER BY o.at DESC, o.id");
    SQL(list_of_learner, OBJECTION_COLUMNS " WHERE o.learner_id = $1 ORDER BY o.at DESC, o.id");
#undef OBJECTION_COLUMNS
    struct roll_objections list = { .at = ARENA_NEW_ARRAY(&cx->arena, struct roll_objection, ROLL_OBJECTIONS_MAX) };
    struct rows rows = learner_id != 0 ? db_rows(cx, &list_of_learner, BIND(V(learner_id))) :
                                         db_rows(cx, &list_of_point, BIND(V(point_id), V(session_key)));
    while (list.len < ROLL_OBJECTIONS_MAX && rows_next(&rows)) {
        struct roll_objection *objection = &list.at[list.len++];
        struct bytes id = rows_bytes(&rows);
        objection->id = str_from_bytes_hex(&cx->arena, id.at, id.len);
        objection->learner_id = rows_i64(&rows);
        objection->session_key = rows_i64(&rows);
        objection->point_id = rows_i64(&rows);
        objection->words = rows_str(&rows);
        objection->at = rows_i64(&rows);
        objection->answer = rows_str(&rows);
        objection->answered_at = rows_i64(&rows);
        objection->answered_by = rows_str(&rows);
    }
    *ret_list = list;
    return rows_end(&rows);
}

enum err roll_object(struct ctx *cx, const struct roll_place *place, int64_t learner_id, int64_t session_key, struct str words)
{
    const struct roll_session *session = roll_find_session(place, session_key);
    struct roll_objections said = { .len = 0 };
    if (!session)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    if (cx->now < day_start(course_session_day(session_key)))
        return fail(cx, ERR_CONFLICT, "Buổi học chưa diễn ra; xin gửi ý kiến sau buổi học");
    if (cx->now >= roll_objection_until(session))
        return fail(cx, ERR_CONFLICT, "Đã quá %d ngày sau buổi học, không nhận ý kiến qua đây nữa; xin liên hệ cán bộ điểm cầu",
                    ROLL_OBJECTION_DAYS);
    TRY(roll_list_objections(cx, 0, 0, learner_id, &said));
    for (size_t i = 0; i < said.len; i++)
        if (said.at[i].session_key == session_key && said.at[i].answered_at == 0)
            return fail(cx, ERR_CONFLICT, "Ý kiến trước của đồng chí về buổi này đang chờ trả lời");
    struct roll_objected objected = { .learner_id = learner_id, .point_id = place->point.id, .session_key = session_key,
                                      .words = words };
    return fact_record(cx, &roll_kinds[ROLL_FACT_OBJECTED], place->point.area_id, learner_id, &objected, NULL);
}

enum err roll_answer_objection(struct ctx *cx, const struct roll_place *place, int64_t session_key, struct str objection,
                               struct str words)
{
    struct roll_objections said = { .len = 0 };
    TRY(roll_list_objections(cx, place->point.id, session_key, 0, &said));
    for (size_t i = 0; i < said.len; i++) {
        const struct roll_objection *o = &said.at[i];
        if (!str_eq(o->id, objection))
            continue;
        if (o->answered_at != 0)
            return fail(cx, ERR_CONFLICT, "Ý kiến này đã được trả lời");
        struct roll_objection_answered answered = { .learner_id = o->learner_id, .point_id = place->point.id,
                                                    .session_key = session_key, .objection = objection, .words = words };
        return fact_record(cx, &roll_kinds[ROLL_FACT_OBJECTION_ANSWERED], place->point.area_id, o->learner_id, &answered, NULL);
    }
    return fail(cx, ERR_NOT_FOUND, "Không tìm thấy ý kiến này");
}
