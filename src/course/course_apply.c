#include "course/course_inside.h"

#include "viet/viet.h"

/* ---- What a plan says of its class ---- */

struct str course_half_stored(enum course_half half)
{
    switch (half) {
    case COURSE_MORNING:
        return STR("morning");
    case COURSE_AFTERNOON:
        return STR("afternoon");
    case COURSE_EVENING:
        return STR("evening");
    }
    return STR("");
}

/* Classes in the evening are in the papers too ("ngoài giờ hành chính hoặc buổi tối", KH-CB I.2). */
static enum course_half half_of(int from_minute)
{
    enum { NOON = 12 * 60, EVENING = 17 * 60 + 30 };
    return from_minute < NOON ? COURSE_MORNING : from_minute < EVENING ? COURSE_AFTERNOON : COURSE_EVENING;
}

bool course_is_guest(struct arena *arena, struct str attendees)
{
    struct str folded = viet_fold(arena, attendees);
    return str_starts(folded, STR("dai dien")) || str_starts(folded, STR("dai bieu")) ||
           str_starts(folded, STR("du khai mac")) || str_starts(folded, STR("khach moi"));
}

static int minute_of(int64_t at)
{
    struct civil c = instant_to_civil(at);
    return c.hour * 60 + c.minute;
}

/*
 * The Academy's plan gives two days, an opening and a closing, and no hours between: the roll still needs its
 * half-days, so a short class gets a morning and an afternoon a day, with the hours that are known.
 */
static struct course_session *make_sessions(struct arena *arena, const struct plan_schedule *schedule, size_t *ret_len)
{
    int32_t first = 0;
    int32_t last = 0;
    int32_t unused = 0;
    *ret_len = 0;
    if (schedule->start.len != 10 || !plan_date_range(schedule->start, &first, &unused))
        return NULL;
    last = first;
    if (schedule->end.len == 10)
        (void)plan_date_range(schedule->end, &unused, &last);
    if (last < first || last - first >= COURSE_DERIVED_DAYS)
        return NULL;
    size_t len = (size_t)(last - first + 1) * 2;
    struct course_session *sessions = ARENA_NEW_ARRAY(arena, struct course_session, len);
    for (size_t i = 0; i < len; i++)
        sessions[i] = (struct course_session){ first + (int32_t)(i / 2), i % 2 ? COURSE_AFTERNOON : COURSE_MORNING, -1,
                                               -1 };
    if (schedule->opening_at != 0 && day_from_instant(schedule->opening_at) == first)
        sessions[0].from_minute = minute_of(schedule->opening_at);
    if (schedule->closing_at != 0 && day_from_instant(schedule->closing_at) == last)
        sessions[len - 1].to_minute = minute_of(schedule->closing_at);
    if (schedule->days_tenths == 5)
        len = 1;
    *ret_len = len;
    return sessions;
}

struct course_session *course_sessions_of(struct arena *arena, const struct plan *plan, size_t *ret_len)
{
    const struct plan_schedule *schedule = &plan->schedule;
    if (schedule->sessions_len == 0 && plan->programmes_len == 0 && plan->runs_len == 0)
        return make_sessions(arena, schedule, ret_len);
    struct course_session *sessions = ARENA_NEW_ARRAY(arena, struct course_session, schedule->sessions_len + 1);
    for (size_t i = 0; i < schedule->sessions_len; i++) {
        const struct plan_session *said = &schedule->sessions[i];
        sessions[i] = (struct course_session){ said->day, half_of(said->from_minute), said->from_minute,
                                               said->to_minute };
    }
    *ret_len = schedule->sessions_len;
    return sessions;
}

/* A paper that names no days, topics, programmes or phases opens no class: a reply, a decision on staff. */
static bool has_course(const struct plan *plan)
{
    return plan->schedule.start.len > 0 || plan->topics_len > 0 || plan->programmes_len > 0 || plan->phases_len > 0 ||
           plan->runs_len > 0;
}

static int64_t day_or_zero(int32_t day)
{
    return day == DAY_NONE ? 0 : day;
}

/* ---- Writing it down ---- */

/* What a plan does not say is an empty text, never an absent one. */
static struct db_value said(struct str text)
{
    return db_value_text(text.at ? text : STR(""));
}

static enum err put_tests_and_sessions(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_test, "INSERT INTO course_connection_test (course_id, ordinal, at) VALUES ($1, $2, $3)");
    SQL(add_session, "INSERT INTO course_session (course_id, ordinal, day, half, from_minute, to_minute)"
                     " VALUES ($1, $2, $3, $4, $5, $6)");
    size_t len = 0;
    const struct course_session *sessions = course_sessions_of(&cx->arena, plan, &len);
    for (size_t i = 0; i < plan->schedule.connection_tests_len; i++)
        TRY(db_run(cx, &add_test, BIND(V(id), V((int64_t)i + 1), V(plan->schedule.connection_tests_at[i]))));
    for (size_t i = 0; i < len; i++)
        TRY(db_run(cx, &add_session,
                   BIND(V(id), V((int64_t)i + 1), V((int64_t)sessions[i].day), V(course_half_stored(sessions[i].half)),
                        V((int64_t)sessions[i].from_minute), V((int64_t)sessions[i].to_minute))));
    return OK;
}

static enum err put_programmes(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_programme, "INSERT INTO course_programme (course_id, number, title, audience, learners_min, learners_max,"
                       " classes_min, classes_max) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SQL(add_venue, "INSERT INTO course_venue (course_id, ordinal, programme, place, classes, batches)"
                   " VALUES ($1, $2, $3, $4, $5, $6)");
    int64_t venue = 0;
    for (size_t i = 0; i < plan->programmes_len; i++) {
        const struct plan_programme *p = &plan->programmes[i];
        int64_t number = p->number ? p->number : (int64_t)i + 1;
        TRY(db_run(cx, &add_programme,
                   BIND(V(id), V(number), said(p->title), said(p->audience), V(p->learners.min), V(p->learners.max),
                        V(p->classes.min), V(p->classes.max))));
        for (size_t j = 0; j < p->venues_len; j++)
            TRY(db_run(cx, &add_venue,
                       BIND(V(id), V(++venue), V(number), said(p->venues[j].place), V(p->venues[j].classes.max),
                            V(p->venues[j].batches.max))));
    }
    return OK;
}

static enum err put_runs(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_run, "INSERT INTO course_run (course_id, ordinal, programme, label, start_day, end_day, place,"
                 " learners_min, learners_max) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    for (size_t i = 0; i < plan->runs_len; i++) {
        const struct plan_run *run = &plan->runs[i];
        int32_t start = DAY_NONE;
        int32_t end = DAY_NONE;
        int32_t unused = 0;
        (void)plan_date_range(run->start, &start, &unused);
        (void)plan_date_range(run->end, &unused, &end);
        struct str label = run->label.len > 0 ? run->label : str_format(&cx->arena, "Lớp %zu", i + 1);
        TRY(db_run(cx, &add_run,
                   BIND(V(id), V((int64_t)i + 1), V(run->programme), said(label), VN(day_or_zero(start)),
                        VN(day_or_zero(end)), said(run->place), V(run->learners.min), V(run->learners.max))));
    }
    return OK;
}

static struct str topic_kind(enum plan_topic_kind kind)
{
    switch (kind) {
    case PLAN_TOPIC:
        return STR("topic");
    case PLAN_DISCUSSION:
        return STR("discussion");
    case PLAN_VISIT:
        return STR("visit");
    case PLAN_TEST:
        return STR("test");
    }
    return STR("topic");
}

static enum err put_topics(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_topic, "INSERT INTO course_topic (course_id, ordinal, programme, number, title, speaker, minutes, kind,"
                   " paragraph) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    for (size_t i = 0; i < plan->topics_len; i++) {
        const struct plan_topic *topic = &plan->topics[i];
        TRY(db_run(cx, &add_topic,
                   BIND(V(id), V((int64_t)i + 1), V(topic->programme), V(topic->number), said(topic->title),
                        said(topic->speaker), V(topic->minutes), V(topic_kind(topic->kind)), V(topic->paragraph))));
    }
    return OK;
}

static struct str level_name(enum plan_level level)
{
    switch (level) {
    case PLAN_LEVEL_NONE:
        return STR("");
    case PLAN_CENTRAL:
        return STR("central");
    case PLAN_PROVINCE:
        return STR("province");
    case PLAN_COMMUNE:
        return STR("commune");
    case PLAN_VENUE:
        return STR("venue");
    }
    return STR("");
}

static enum err put_points(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_point, "INSERT INTO course_point (course_id, ordinal, level, place, chair, paragraph)"
                   " VALUES ($1, $2, $3, $4, $5, $6)");
    SQL(add_attendee, "INSERT INTO course_attendee (course_id, ordinal, point, text, is_guest)"
                      " VALUES ($1, $2, $3, $4, $5)");
    int64_t attendee = 0;
    for (size_t i = 0; i < plan->points_len; i++) {
        const struct plan_point *point = &plan->points[i];
        int64_t ordinal = (int64_t)i + 1;
        TRY(db_run(cx, &add_point,
                   BIND(V(id), V(ordinal), V(level_name(point->level)), said(point->place), said(point->chair),
                        V(point->paragraph))));
        for (size_t j = 0; j < point->attendees.len; j++) {
            struct str text = point->attendees.at[j];
            TRY(db_run(cx, &add_attendee,
                       BIND(V(id), V(++attendee), V(ordinal), said(text),
                            V((int64_t)course_is_guest(&cx->arena, text)))));
        }
    }
    return OK;
}

static enum err put_quotas_and_phases(struct ctx *cx, int64_t id, const struct plan *plan)
{
    SQL(add_quota, "INSERT INTO course_quota (course_id, ordinal, unit_text, count_min, count_max, is_each, bound)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    SQL(add_phase, "INSERT INTO course_phase (course_id, ordinal, name, from_text, to_text) VALUES ($1, $2, $3, $4, $5)");
    SQL(add_item, "INSERT INTO course_phase_item (course_id, ordinal, phase, text, duration) VALUES ($1, $2, $3, $4, $5)");
    int64_t item = 0;
    for (size_t i = 0; i < plan->quotas_len; i++) {
        const struct plan_quota *quota = &plan->quotas[i];
        struct str bound = quota->bound == PLAN_MAX ? STR("max") : quota->bound == PLAN_MIN ? STR("min") : STR("exact");
        TRY(db_run(cx, &add_quota,
                   BIND(V(id), V((int64_t)i + 1), said(quota->unit), V(quota->count.min), V(quota->count.max),
                        V((int64_t)quota->each), V(bound))));
    }
    for (size_t i = 0; i < plan->phases_len; i++) {
        const struct plan_phase *phase = &plan->phases[i];
        TRY(db_run(cx, &add_phase,
                   BIND(V(id), V((int64_t)i + 1), said(phase->name), said(phase->from), said(phase->to))));
        for (size_t j = 0; j < phase->items_len; j++)
            TRY(db_run(cx, &add_item,
                       BIND(V(id), V(++item), V((int64_t)i + 1), said(phase->items[j].text),
                            said(phase->items[j].duration))));
    }
    return OK;
}

static enum err put_lists(struct ctx *cx, int64_t id, const struct plan *plan)
{
    TRY(put_tests_and_sessions(cx, id, plan));
    TRY(put_programmes(cx, id, plan));
    TRY(put_runs(cx, id, plan));
    TRY(put_topics(cx, id, plan));
    TRY(put_points(cx, id, plan));
    return put_quotas_and_phases(cx, id, plan);
}

static enum err drop_lists(struct ctx *cx, int64_t id)
{
    SQL(drop_tests, "DELETE FROM course_connection_test WHERE course_id = $1");
    SQL(drop_sessions, "DELETE FROM course_session WHERE course_id = $1");
    SQL(drop_programmes, "DELETE FROM course_programme WHERE course_id = $1");
    SQL(drop_venues, "DELETE FROM course_venue WHERE course_id = $1");
    SQL(drop_runs, "DELETE FROM course_run WHERE course_id = $1");
    SQL(drop_topics, "DELETE FROM course_topic WHERE course_id = $1");
    SQL(drop_points, "DELETE FROM course_point WHERE course_id = $1");
    SQL(drop_attendees, "DELETE FROM course_attendee WHERE course_id = $1");
    SQL(drop_quotas, "DELETE FROM course_quota WHERE course_id = $1");
    SQL(drop_phases, "DELETE FROM course_phase WHERE course_id = $1");
    SQL(drop_items, "DELETE FROM course_phase_item WHERE course_id = $1");
    struct sql *const drops[] = { &drop_tests,  &drop_sessions,  &drop_programmes, &drop_venues, &drop_runs, &drop_topics,
                                  &drop_points, &drop_attendees, &drop_quotas,     &drop_phases, &drop_items };
    for (size_t i = 0; i < LEN(drops); i++)
        TRY(db_run(cx, drops[i], BIND(V(id))));
    return OK;
}

static enum err put_course(struct ctx *cx, const struct fact *fact, const struct document *document,
                           const struct plan *plan)
{
    SQL(insert,
        "INSERT INTO course (id, issuer_unit_id, issuer_name, source, title, mode, start_text, end_text, start_day,"
        " end_day, days_tenths, check_in_at, opening_at, closing_at, official_connection_at, arrive_before_minutes,"
        " online_system, online_url, meeting_id, passcode, learners_min, learners_max, classes_min, classes_max, state,"
        " state_reason, sequence, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
        " $16, $17, $18, $19, $20, $21, $22, $23, $24, 'in_force', '', 0, $25)");
    const struct plan_schedule *s = &plan->schedule;
    int32_t start = DAY_NONE;
    int32_t end = DAY_NONE;
    int32_t unused = 0;
    (void)plan_date_range(s->start, &start, &unused);
    (void)plan_date_range(s->end.len > 0 ? s->end : s->start, &unused, &end);
    return db_run(cx, &insert,
                  BIND(V(document->id), V(document->issuer_unit_id), said(document->issuer_name),
                       V(document_cite(&cx->arena, document)), said(document->title), said(plan->mode), said(s->start), said(s->end),
                       VN(day_or_zero(start)), VN(day_or_zero(end)), V(s->days_tenths), VN(s->check_in_at),
                       VN(s->opening_at), VN(s->closing_at), VN(s->official_connection_at), V(s->arrive_before_minutes),
                       said(plan->online.system), said(plan->online.url), said(plan->online.meeting_id),
                       said(plan->online.passcode), V(plan->learners.min), V(plan->learners.max), V(plan->classes.min),
                       V(plan->classes.max), V(fact->at)));
}

static enum err read_plan(struct ctx *cx, const struct document *document, struct plan *ret_plan)
{
    struct plan plan = { .topics_len = 0 };
    if (document->content.len > 0)
        TRY(plan_parse(cx, document->content, &plan));
    *ret_plan = plan;
    return OK;
}

static enum err on_issued(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    struct plan plan = { .topics_len = 0 };
    TRY(read_plan(cx, document, &plan));
    if (!has_course(&plan) || plan.document.is_amending)
        return OK; /* an amending paper changes the class it names and opens none */
    TRY(put_course(cx, fact, document, &plan));
    return put_lists(cx, document->id, &plan);
}

/* ---- Changes ---- */

/* An amending paper gives the new state of what it speaks of; what it is silent about stays (plan-schema.md). */
static enum err change_course(struct ctx *cx, const struct fact *fact, int64_t id, const struct plan *plan,
                              int64_t by_document_id)
{
    SQL(change,
        "UPDATE course SET mode = CASE WHEN $2 = '' THEN mode ELSE $2 END,"
        " start_text = CASE WHEN $3 = '' THEN start_text ELSE $3 END,"
        " end_text = CASE WHEN $4 = '' THEN end_text ELSE $4 END, start_day = COALESCE($5, start_day),"
        " end_day = COALESCE($6, end_day), check_in_at = COALESCE($7, check_in_at),"
        " opening_at = COALESCE($8, opening_at), closing_at = COALESCE($9, closing_at),"
        " official_connection_at = COALESCE($10, official_connection_at),"
        " online_url = CASE WHEN $11 = '' THEN online_url ELSE $11 END, sequence = sequence + 1, changed_at = $12,"
        " changed_by_id = $13 WHERE id = $1");
    const struct plan_schedule *s = &plan->schedule;
    int32_t start = DAY_NONE;
    int32_t end = DAY_NONE;
    int32_t unused = 0;
    (void)plan_date_range(s->start, &start, &unused);
    (void)plan_date_range(s->end.len > 0 ? s->end : s->start, &unused, &end);
    return db_run(cx, &change,
                  BIND(V(id), said(plan->mode), said(s->start), said(s->end), VN(day_or_zero(start)), VN(day_or_zero(end)),
                       VN(s->check_in_at), VN(s->opening_at), VN(s->closing_at), VN(s->official_connection_at),
                       said(plan->online.url), V(fact->at), V(by_document_id)));
}

/* Only the lists that the amending paper gives anew are replaced; so the old plan's stand in for the others. */
static void fill_from_old(struct plan *plan, const struct plan *old)
{
    if (plan->schedule.connection_tests_len == 0) {
        plan->schedule.connection_tests_at = old->schedule.connection_tests_at;
        plan->schedule.connection_tests_len = old->schedule.connection_tests_len;
    }
    if (plan->schedule.sessions_len == 0 && plan->schedule.start.len == 0) {
        plan->schedule.sessions = old->schedule.sessions;
        plan->schedule.sessions_len = old->schedule.sessions_len;
        plan->schedule.start = old->schedule.start;
        plan->schedule.end = old->schedule.end;
    }
    if (plan->schedule.opening_at == 0)
        plan->schedule.opening_at = old->schedule.opening_at;
    if (plan->schedule.closing_at == 0)
        plan->schedule.closing_at = old->schedule.closing_at;
#define TAKE(list)                                                                                     \
    do {                                                                                               \
        if (plan->list##_len == 0) {                                                                   \
            plan->list = old->list;                                                                    \
            plan->list##_len = old->list##_len;                                                        \
        }                                                                                              \
    } while (0)
    TAKE(programmes);
    TAKE(runs);
    TAKE(topics);
    TAKE(points);
    TAKE(quotas);
    TAKE(phases);
#undef TAKE
}

static enum err on_amended(struct ctx *cx, const struct fact *fact, const struct document *document,
                           int64_t by_document_id)
{
    SQL(exists, "SELECT COUNT(*) FROM course WHERE id = $1");
    struct document amending = { .id = 0 };
    struct plan plan = { .topics_len = 0 };
    struct plan old = { .topics_len = 0 };
    int64_t count = 0;
    TRY(db_i64(cx, &exists, BIND(V(document->id)), &count));
    TRY(document_find(cx, by_document_id, &amending));
    TRY(read_plan(cx, &amending, &plan));
    if (count == 0 || !plan.document.is_amending)
        return OK;
    TRY(read_plan(cx, document, &old));
    TRY(change_course(cx, fact, document->id, &plan, by_document_id));
    fill_from_old(&plan, &old);
    TRY(drop_lists(cx, document->id));
    return put_lists(cx, document->id, &plan);
}

static enum err withdraw(struct ctx *cx, const struct fact *fact, int64_t id, struct str reason)
{
    SQL(mark, "UPDATE course SET state = 'withdrawn', state_reason = $2, sequence = sequence + 1, changed_at = $3"
              " WHERE id = $1 AND state = 'in_force'");
    return db_run(cx, &mark, BIND(V(id), said(reason), V(fact->at)));
}

static enum err on_recalled(struct ctx *cx, const struct fact *fact, const struct document *document)
{
    return withdraw(cx, fact, document->id, document->reason);
}

static enum err on_replaced(struct ctx *cx, const struct fact *fact, const struct document *document,
                            int64_t by_document_id)
{
    struct document by = { .id = 0 };
    TRY(document_find(cx, by_document_id, &by));
    return withdraw(cx, fact, document->id,
                    str_format(&cx->arena, "Được thay thế bởi " STR_FMT, STR_ARG(document_title(&cx->arena, &by))));
}

const struct document_listener course_listener = {
    .issued = on_issued,
    .amended = on_amended,
    .replaced = on_replaced,
    .recalled = on_recalled,
};

void course_start(void)
{
    document_listen(&course_listener);
}
