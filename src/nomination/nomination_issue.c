#include "nomination/nomination_inside.h"

#include "obligation/obligation.h"
#include "viet/viet.h"

/*
 * From the seats a paper gives to quotas and the lists that units owe. A paper's seats stand in course_quota; what it gives
 * in words only ("Tập thể Ban Giám hiệu và toàn thể giảng viên Trường Chính trị tỉnh", GM-QN II.1.2.2) becomes a quota
 * without a cap. Runs inside apply, after the room of courses has written the class.
 */

struct issuing {
    const struct document *document;
    const struct course_whole *whole;
    int64_t root_id;
    bool is_change; /* by a later paper: lines keep their ids by their words */
};

static bool holds(struct str text, struct str part)
{
    return part.len > 0 && str_find(text, part) < text.len;
}

/* The paragraph that gives the seats: the point whose attendees speak of this unit, else the first that "cử" anybody. */
static int64_t paragraph_of(struct ctx *cx, const struct issuing *issuing, struct str unit_text)
{
    const struct course_whole *whole = issuing->whole;
    struct str unit = viet_fold(&cx->arena, unit_text);
    int64_t sends = 0;
    for (size_t i = 0; i < whole->attendees_len; i++) {
        const struct course_attendee *attendee = &whole->attendees[i];
        struct str folded = viet_fold(&cx->arena, attendee->text);
        int64_t paragraph = 0;
        for (size_t j = 0; j < whole->points_len; j++)
            paragraph = whole->points[j].ordinal == attendee->point ? whole->points[j].paragraph : paragraph;
        if (!attendee->is_guest && holds(folded, unit))
            return paragraph;
        if (!attendee->is_guest && sends == 0 && (holds(folded, STR(" cu ")) || str_starts(folded, STR("cu "))))
            sends = paragraph;
    }
    return sends;
}

static enum err place_of(struct ctx *cx, int64_t document_id, int64_t paragraph, struct str *ret_place)
{
    SQL(find, "SELECT place FROM document_paragraph WHERE document_id = $1 AND ordinal = $2");
    struct str place = STR("");
    struct rows rows = db_rows(cx, &find, BIND(V(document_id), V(paragraph)));
    if (rows_next(&rows))
        place = rows_str(&rows);
    TRY(rows_end(&rows));
    *ret_place = place;
    return OK;
}

static enum err put_quota(struct ctx *cx, const struct issuing *issuing, const struct nomination_quota *quota,
                          struct str bound)
{
    SQL(put, "INSERT INTO nomination_quota (id, course_id, root_id, issuer_unit_id, unit_text, place, paragraph, seats_min,"
             " seats_max, bound, is_each, is_unassigned, state, taken)"
             " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'in_force', 0) ON CONFLICT (id) DO UPDATE SET"
             " unit_text = excluded.unit_text, place = excluded.place, paragraph = excluded.paragraph,"
             " seats_min = excluded.seats_min, seats_max = excluded.seats_max, bound = excluded.bound,"
             " is_each = excluded.is_each, is_unassigned = excluded.is_unassigned, state = 'in_force'");
    return db_run(cx, &put,
                  BIND(V(quota->id), V(issuing->document->id), V(issuing->root_id), V(issuing->document->issuer_unit_id),
                       V(quota->text), V(quota->place), V(quota->paragraph), V(quota->seats_min), V(quota->seats_max),
                       V(bound), V((int64_t)quota->is_each), V((int64_t)quota->is_unassigned)));
}

/* "mỗi xã, phường, đặc khu cử 02 đồng chí" names places: the commune's Party committee answers for its people. */
static struct str words_of_bodies(struct ctx *cx, struct str text)
{
    struct str folded = viet_fold(&cx->arena, text);
    static const struct str places[] = { STR_INIT("cac "), STR_INIT("moi "), STR_INIT("xa"), STR_INIT("phuong"),
                                         STR_INIT("dac khu"), STR_INIT("cap xa"), STR_INIT("va") };
    while (folded.len > 0) {
        size_t cut = 0;
        for (size_t i = 0; i < LEN(places); i++)
            cut = str_starts(folded, places[i]) && places[i].len > cut ? places[i].len : cut;
        if (cut == 0 && (folded.at[0] == ' ' || folded.at[0] == ',' || folded.at[0] == '/'))
            cut = 1;
        if (cut == 0)
            return text;
        folded = str_sub(folded, cut, SIZE_MAX);
    }
    return STR("Đảng ủy các xã, phường, đặc khu");
}

static enum err open_rosters(struct ctx *cx, const struct issuing *issuing, int64_t quota_id, const int64_t *ids, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct unit unit = { .id = 0 };
        TRY(unit_find(cx, ids[i], &unit));
        TRY(roster_open(cx, issuing->root_id, &unit, quota_id, issuing->document->id));
    }
    return OK;
}

/* "Tập thể Ban Giám hiệu và toàn thể giảng viên Trường Chính trị tỉnh": persons stand before their body's name. */
static enum err find_body_behind(struct ctx *cx, const struct issuing *issuing, struct str text, int64_t **ret_ids, size_t *ret_len)
{
    enum { WORDS_MAX = 40 };
    struct str rest = text;
    for (size_t i = 0; i < WORDS_MAX && *ret_len == 0 && rest.len > 0; i++) {
        TRY(obligation_find_units(cx, issuing->document, rest, ret_ids, ret_len));
        (void)str_cut(&rest, ' ');
    }
    return OK;
}

static enum err add_quota(struct ctx *cx, const struct issuing *issuing, struct nomination_quota *quota, struct str bound)
{
    int64_t *ids = NULL;
    size_t len = 0;
    quota->paragraph = paragraph_of(cx, issuing, quota->text);
    TRY(place_of(cx, issuing->document->id, quota->paragraph, &quota->place));
    if (str_eq(bound, STR("open")))
        TRY(find_body_behind(cx, issuing, quota->text, &ids, &len));
    else
        TRY(obligation_find_units(cx, issuing->document, words_of_bodies(cx, quota->text), &ids, &len));
    quota->is_unassigned = len == 0;
    TRY(put_quota(cx, issuing, quota, bound));
    return open_rosters(cx, issuing, quota->id, ids, len);
}

/*
 * A line of the paper keeps its id for good, because names hang on it: an amended list is matched by the words of its
 * lines, and a line that is new takes a number that was never used.
 */
static enum err quota_id_of(struct ctx *cx, const struct issuing *issuing, struct str text, int64_t ordinal, int64_t *ret_id)
{
    SQL(find_text, "SELECT MIN(id) FROM nomination_quota WHERE course_id = $1 AND unit_text = $2");
    SQL(find_last, "SELECT COALESCE(MAX(id), 0) FROM nomination_quota WHERE course_id = $1 AND id < $2");
    int64_t first = issuing->document->id * NOMINATION_QUOTAS_PER_COURSE;
    int64_t id = first + ordinal;
    int64_t last = 0;
    if (issuing->is_change) {
        TRY(db_i64(cx, &find_text, BIND(V(issuing->document->id), V(text)), &id));
        TRY(db_i64(cx, &find_last, BIND(V(issuing->document->id), V(first + NOMINATION_OPEN_FIRST)), &last));
        id = id != 0 ? id : last != 0 ? last + 1 : first + ordinal;
    }
    *ret_id = id;
    return OK;
}

static enum err add_counted(struct ctx *cx, const struct issuing *issuing, size_t index)
{
    const struct course_quota *said = &issuing->whole->quotas[index];
    struct nomination_quota quota = { .text = said->unit_text, .place = STR(""), .seats_min = said->count.min,
                                      .seats_max = said->count.max, .is_each = said->is_each };
    TRY(quota_id_of(cx, issuing, said->unit_text, (int64_t)index + 1, &quota.id));
    struct str bound = said->bound;
    if (said->count.max == 0)
        bound = STR("open");
    if (!str_eq(bound, STR("exact")) && !str_eq(bound, STR("max")))
        quota.seats_max = -1;
    return add_quota(cx, issuing, &quota, bound);
}

/* Whole bodies: no number, and no seats of the same unit among those with one. */
static enum err add_open(struct ctx *cx, const struct issuing *issuing, size_t index)
{
    const struct course_attendee *attendee = &issuing->whole->attendees[index];
    const struct course_whole *whole = issuing->whole;
    struct str folded = viet_fold(&cx->arena, attendee->text);
    bool is_commune = false;
    int64_t *ids = NULL;
    size_t len = 0;
    for (size_t i = 0; i < whole->points_len; i++)
        is_commune |= whole->points[i].ordinal == attendee->point && str_eq(whole->points[i].level, STR("commune"));
    if (attendee->is_guest || is_commune || !holds(folded, STR("toan the")))
        return OK;
    TRY(find_body_behind(cx, issuing, attendee->text, &ids, &len));
    if (len == 0)
        return OK;
    struct nomination_quota quota = {
        .id = issuing->document->id * NOMINATION_QUOTAS_PER_COURSE + NOMINATION_OPEN_FIRST + (int64_t)index,
        .text = attendee->text, .place = STR(""), .seats_min = 0, .seats_max = -1,
    };
    return add_quota(cx, issuing, &quota, STR("open"));
}

static enum err add_all(struct ctx *cx, const struct issuing *issuing)
{
    for (size_t i = 0; i < issuing->whole->quotas_len; i++)
        TRY(add_counted(cx, issuing, i));
    for (size_t i = 0; i < issuing->whole->attendees_len; i++)
        TRY(add_open(cx, issuing, i));
    return OK;
}

/* The class of the paper, when it opens one. */
static enum err find_issuing(struct ctx *cx, const struct document *document, struct issuing *ret_issuing, bool *ret_has)
{
    SQL(count, "SELECT COUNT(*) FROM course WHERE id = $1");
    struct course_whole *whole = ARENA_NEW(&cx->arena, struct course_whole);
    int64_t courses = 0;
    TRY(db_i64(cx, &count, BIND(V(document->id)), &courses));
    *ret_has = courses > 0;
    if (courses == 0)
        return OK;
    TRY(course_find_whole(cx, document->id, whole));
    *ret_issuing = (struct issuing){ .document = document, .whole = whole };
    return course_find_root(cx, document->id, &ret_issuing->root_id);
}

static enum err on_issued(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    struct issuing issuing = { .root_id = 0 };
    bool has_course = false;
    (void)fact;
    TRY(find_issuing(cx, document, &issuing, &has_course));
    return has_course ? add_all(cx, &issuing) : OK;
}

struct closing {
    int64_t root_id, unit_id, quota_id;
    struct str state, path;
};
struct ending {
    int64_t name_id, learner_id;
};

/*
 * Lists whose quota binds nobody any more are owed no more; those with names on them only when the whole paper ends, and
 * their names end with it.
 */
static enum err close_rosters(struct ctx *cx, int64_t course_id, bool with_names)
{
    SQL(list, "SELECT r.root_id, r.unit_id, r.quota_id, r.state, u.path FROM nomination_quota q"
              " JOIN nomination_roster r ON r.quota_id = q.id JOIN unit u ON u.id = r.unit_id"
              " WHERE q.course_id = $1 AND q.state = 'withdrawn' AND r.state <> 'withdrawn' AND (r.names = 0 OR $2 = 1)"
              " ORDER BY r.quota_id, r.unit_id LIMIT 512");
    SQL(close, "UPDATE nomination_roster SET state = 'withdrawn', names = 0 WHERE root_id = $1 AND unit_id = $2"
               " AND quota_id = $3");
    enum { PART = 512 };
    struct closing *part = ARENA_NEW_ARRAY(&cx->arena, struct closing, PART);
    for (size_t len = PART; len == PART;) {
        len = 0;
        struct rows rows = db_rows(cx, &list, BIND(V(course_id), V((int64_t)with_names)));
        while (len < PART && rows_next(&rows)) {
            part[len] = (struct closing){ .root_id = rows_i64(&rows) };
            part[len].unit_id = rows_i64(&rows);
            part[len].quota_id = rows_i64(&rows);
            part[len].state = rows_str(&rows);
            part[len++].path = rows_str(&rows);
        }
        TRY(rows_end(&rows));
        for (size_t i = 0; i < len; i++) {
            counter_add(cx, "roster_total", part[i].root_id, part[i].path, -1);
            if (str_eq(part[i].state, STR("sent")))
                counter_add(cx, "roster_sent", part[i].root_id, part[i].path, -1);
            TRY(db_run(cx, &close, BIND(V(part[i].root_id), V(part[i].unit_id), V(part[i].quota_id))));
        }
    }
    return OK;
}

/*
 * The seats as the amending paper has them. Names that stand beyond a smaller quota stay: nobody is sent home in silence;
 * the page shows more taken than there are.
 */
static enum err on_amended(struct ctx *cx, const struct fact *fact, const struct document *document, int64_t by_document_id)
{
    SQL(find_root, "SELECT COALESCE(MIN(root_id), 0) FROM nomination_quota WHERE course_id = $1");
    SQL(withdraw, "UPDATE nomination_quota SET state = 'withdrawn' WHERE course_id = $1");
    int64_t root_id = 0;
    struct issuing issuing = { .root_id = 0 };
    bool has_course = false;
    (void)fact;
    (void)by_document_id;
    TRY(find_issuing(cx, document, &issuing, &has_course));
    if (!has_course)
        return OK;
    /* Lists stay under the class they were begun for, also when the days of one paper move before the other's. */
    TRY(db_i64(cx, &find_root, BIND(V(document->id)), &root_id));
    issuing.root_id = root_id != 0 ? root_id : issuing.root_id;
    issuing.is_change = true;
    TRY(db_run(cx, &withdraw, BIND(V(document->id))));
    TRY(add_all(cx, &issuing));
    return close_rosters(cx, document->id, false);
}

static enum err end_names(struct ctx *cx, const struct fact *fact, int64_t course_id, struct str reason)
{
    SQL(list, "SELECT n.id, n.learner_id FROM nomination_quota q JOIN nomination_name n ON n.quota_id = q.id"
              " WHERE q.course_id = $1 AND n.is_in_force = 1 ORDER BY n.id LIMIT 512");
    SQL(end, "UPDATE nomination_name SET is_in_force = 0, is_sent = 0, ended_at = $2, reason = $3 WHERE id = $1");
    enum { PART = 512 };
    struct ending *part = ARENA_NEW_ARRAY(&cx->arena, struct ending, PART);
    for (size_t len = PART; len == PART;) {
        len = 0;
        struct rows rows = db_rows(cx, &list, BIND(V(course_id)));
        while (len < PART && rows_next(&rows)) {
            part[len].name_id = rows_i64(&rows);
            part[len++].learner_id = rows_i64(&rows);
        }
        TRY(rows_end(&rows));
        for (size_t i = 0; i < len; i++) {
            TRY(db_run(cx, &end, BIND(V(part[i].name_id), V(fact->at), V(reason))));
            TRY(learner_settle(cx, part[i].learner_id));
        }
    }
    return OK;
}

static enum err withdraw_all(struct ctx *cx, const struct fact *fact, int64_t course_id, struct str reason)
{
    SQL(withdraw, "UPDATE nomination_quota SET state = 'withdrawn', taken = 0 WHERE course_id = $1");
    TRY(db_run(cx, &withdraw, BIND(V(course_id))));
    TRY(close_rosters(cx, course_id, true));
    return end_names(cx, fact, course_id, reason);
}

static enum err on_recalled(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    return withdraw_all(cx, fact, document->id, STR("Văn bản giao chỉ tiêu đã thu hồi"));
}

static enum err on_replaced(struct ctx *cx, const struct fact *fact, const struct document *document, int64_t by_document_id)
{
    (void)by_document_id;
    return withdraw_all(cx, fact, document->id, STR("Văn bản giao chỉ tiêu đã được thay thế"));
}

static const struct document_listener nomination_listener = {
    .issued = on_issued,
    .amended = on_amended,
    .replaced = on_replaced,
    .recalled = on_recalled,
};

/* "... lập danh sách cụ thể gửi Ban Tổ chức Tỉnh ủy trước ngày ..." (GM-QN II.1.2.2): a list is made and sent. */
static bool asks_for_roster(struct str folded)
{
    bool makes = holds(folded, STR("lap danh sach")) || holds(folded, STR("gui danh sach")) ||
                 holds(folded, STR("cu danh sach"));
    return makes && holds(folded, STR("gui")) && !holds(folded, STR("tong hop danh sach"));
}

static struct url roster_page(struct arena *arena, int64_t document_id, int64_t unit_id)
{
    return nomination_url(arena, document_id, unit_id);
}

static const struct obligation_closer nomination_closer = { STR_INIT("roster_sent"), STR_INIT("Lập danh sách"), roster_page,
                                                     asks_for_roster };

struct url nomination_url(struct arena *arena, int64_t root_id, int64_t unit_id)
{
    return url_format(arena, "/lop/%lld/cu-hoc?don-vi=%lld", (long long)root_id, (long long)unit_id);
}

void nomination_start(void)
{
    document_listen(&nomination_listener);
    obligation_register_closer(&nomination_closer);
    course_register_block(nomination_course_block);
}
