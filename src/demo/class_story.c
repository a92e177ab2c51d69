#include "demo/class_story.h"

#include "base/day.h"
#include "demo/people_names.h"
#include "nomination/nomination.h"
#include "point/point.h"
#include "roll/roll.h"
#include "store/db.h"
#include "unit/unit.h"

enum {
    STORY_PLACES_MAX = 5000,
    STORY_ROSTERS_MAX = 8000,
    STORY_SESSIONS_MAX = 8,
    DEEDS_MAX = 200000,
    NAMES = 30,       /* of one list, where a paper gives no seats */
    NAMES_SMALL = 10, /* the same in the small demo, which is ready at once */
    MINUTE_MS = 60000,
};

enum deed_kind { DEED_NAME, DEED_SEND, DEED_DESCRIBE, DEED_REPORT, DEED_TEST_FAIL, DEED_TEST_PASS, DEED_CALL, DEED_CLOSE, DEED_INCIDENT };

struct story_place {
    int64_t point_id, area_id, body_id;
    struct str path, area_name, name;
    bool is_main, is_hub;
    bool has_people; /* nothing is done where the demo has no officials */
};

struct story_roster {
    int64_t unit_id, quota_id, names;
    struct str unit_name, path;
    struct str place_path;
    bool has_people;
};

struct story_deed {
    int64_t at;
    enum deed_kind kind;
    const struct story_place *place;
    const struct story_roster *roster;
    int64_t session_key;
};

struct class_story {
    struct demo *demo;
    struct arena *arena;
    int64_t root_id;
    int64_t opened_at; /* when its paper went out */
    struct demo_random random;
    struct course course;
    struct story_place *places;
    size_t places_len;
    struct story_roster *rosters;
    size_t rosters_len;
    struct course_session *sessions;
    size_t sessions_len;
    struct story_deed *deeds;
    size_t deeds_len;
    int64_t test_at;
};

static int64_t below(struct class_story *story, int64_t limit)
{
    return limit > 0 ? (int64_t)demo_random_below(&story->random, (uint64_t)limit) : 0;
}

static bool happens(struct class_story *story, int64_t per_thousand)
{
    return below(story, 1000) < per_thousand;
}

/* Only what lies before the clock happens. */
static void plan_deed(struct class_story *story, struct story_deed deed)
{
    if (deed.at < story->demo->options->clock_at && story->deeds_len < DEEDS_MAX)
        story->deeds[story->deeds_len++] = deed;
}

/* ---- who and where ---- */

static int64_t names_of_list(const struct class_story *story)
{
    return story->demo->options->scale == DEMO_SMALL ? NAMES_SMALL : NAMES;
}

static enum err read_places(struct ctx *cx, struct class_story *story)
{
    SQL(list_points,
        "SELECT p.id, p.area_id, p.path, p.name, p.is_main, p.level, a.full_name, COALESCE(b.id, 0),"
        " COALESCE((SELECT c.value FROM counter c WHERE c.kind = 'person' AND c.subject_id = 0 AND c.unit_id = a.id), 0)"
        " FROM point p"
        " JOIN unit a ON a.id = p.area_id LEFT JOIN unit b ON b.parent_id = a.id AND b.to_day = $2"
        " AND b.sort IN ('dang_uy_xa', 'tinh_uy', 'hoc_vien') WHERE p.root_id = $1 ORDER BY p.path, p.id");
    story->places = ARENA_NEW_ARRAY(story->arena, struct story_place, STORY_PLACES_MAX);
    struct rows rows = db_rows(cx, &list_points, BIND(V(story->root_id), V((int64_t)UNIT_DAY_OPEN)));
    while (story->places_len < STORY_PLACES_MAX && rows_next(&rows)) {
        struct story_place *place = &story->places[story->places_len++];
        place->point_id = rows_i64(&rows);
        place->area_id = rows_i64(&rows);
        place->path = rows_str(&rows);
        place->name = rows_str(&rows);
        place->is_main = rows_i64(&rows) != 0;
        place->is_hub = rows_i64(&rows) == POINT_HUB;
        place->area_name = rows_str(&rows);
        place->body_id = rows_i64(&rows);
        place->has_people = rows_i64(&rows) > 0;
    }
    return rows_end(&rows);
}

/* Lists that a paper asks for; a body that shares its seats with others sends one. */
static enum err read_rosters(struct ctx *cx, struct class_story *story, int64_t document_id)
{
    SQL(list_rosters,
        "SELECT r.unit_id, r.quota_id, u.full_name, u.path, a.path, u.level, q.is_each, q.seats_max,"
        " COALESCE((SELECT c.value FROM counter c WHERE c.kind = 'person' AND c.subject_id = 0 AND c.unit_id = a.id), 0)"
        " FROM nomination_roster r"
        " JOIN unit u ON u.id = r.unit_id JOIN unit a ON a.id = u.place_id"
        " JOIN nomination_quota q ON q.id = r.quota_id WHERE r.root_id = $1 AND r.course_id = $2 ORDER BY u.path");
    struct rows rows = db_rows(cx, &list_rosters, BIND(V(story->root_id), V(document_id)));
    while (story->rosters_len < STORY_ROSTERS_MAX && rows_next(&rows)) {
        struct story_roster *roster = &story->rosters[story->rosters_len++];
        roster->unit_id = rows_i64(&rows);
        roster->quota_id = rows_i64(&rows);
        roster->unit_name = rows_str(&rows);
        roster->path = rows_str(&rows);
        roster->place_path = rows_str(&rows);
        bool is_commune = str_eq(rows_str(&rows), STR("commune"));
        bool is_each = rows_i64(&rows) != 0;
        int64_t seats = rows_i64(&rows);
        roster->has_people = rows_i64(&rows) > 0;
        if (is_commune)
            roster->path = roster->place_path; /* its Party committee names the officials of all its bodies */
        roster->names = !is_each && seats > 0 && !is_commune ? 1 : names_of_list(story);
        if (is_each && seats > 0 && seats < roster->names)
            roster->names = seats;
    }
    return rows_end(&rows);
}

/* Where no paper gives seats, each commune keeps a list of its own. */
static void add_own_rosters(struct class_story *story)
{
    for (size_t i = 0; i < story->places_len && story->rosters_len < STORY_ROSTERS_MAX; i++) {
        const struct story_place *place = &story->places[i];
        bool is_commune = place->path.len == 27; /* nation, province, commune: nine characters each */
        if (!place->is_main || !is_commune || place->body_id == 0)
            continue;
        story->rosters[story->rosters_len++] = (struct story_roster){
            .unit_id = place->body_id, .unit_name = place->area_name, .path = place->path, .place_path = place->path,
            .names = names_of_list(story), .has_people = place->has_people,
        };
    }
}

/* ---- when ---- */

static int64_t session_at(const struct course_session *session, bool is_end)
{
    static const int usual[2][3] = { { 8 * 60, 14 * 60, 19 * 60 }, { 11 * 60 + 30, 17 * 60 + 30, 21 * 60 } };
    int minute = is_end ? session->to_minute : session->from_minute;
    if (minute < 0)
        minute = usual[is_end][session->half];
    return day_time(session->day, minute / 60, minute % 60);
}

static void plan_rosters(struct class_story *story, size_t first, int64_t issued_at)
{
    int64_t from = issued_at + DAY_MS / 2;
    int64_t to = day_time(story->course.start_day - 1, 16, 0);
    for (size_t i = first; i < story->rosters_len; i++) {
        const struct story_roster *roster = &story->rosters[i];
        int64_t named_at = from + below(story, to - from - 6 * 60 * MINUTE_MS);
        if (!roster->has_people || happens(story, 12)) /* some send nobody at all */
            continue;
        plan_deed(story, (struct story_deed){ .at = named_at, .kind = DEED_NAME, .roster = roster });
        if (!happens(story, 25))
            plan_deed(story, (struct story_deed){ .at = named_at + MINUTE_MS * (30 + below(story, 320)), .kind = DEED_SEND,
                                                    .roster = roster });
    }
}

static void plan_lines(struct class_story *story, const struct story_place *place)
{
    int64_t at = story->test_at + MINUTE_MS * below(story, 110) + below(story, MINUTE_MS);
    if (happens(story, 8))
        return;
    if (happens(story, 45)) {
        plan_deed(story, (struct story_deed){ .at = at, .kind = DEED_TEST_FAIL, .place = place });
        if (happens(story, 200))
            return;
        at += MINUTE_MS * (20 + below(story, 90));
    }
    plan_deed(story, (struct story_deed){ .at = at, .kind = DEED_TEST_PASS, .place = place });
}

static void plan_sessions(struct class_story *story, const struct story_place *place)
{
    for (size_t i = 0; i < story->sessions_len; i++) {
        const struct course_session *session = &story->sessions[i];
        int64_t key = course_session_key(session->day, session->half);
        int64_t start = session_at(session, false);
        int64_t end = session_at(session, true);
        plan_deed(story, (struct story_deed){ .at = start - MINUTE_MS * (15 - below(story, 26)), .kind = DEED_CALL, .place = place,
                                                .session_key = key });
        if (!happens(story, 15))
            plan_deed(story, (struct story_deed){ .at = end - MINUTE_MS * (20 - below(story, 30)), .kind = DEED_CLOSE,
                                                    .place = place, .session_key = key });
        if (happens(story, 6))
            plan_deed(story, (struct story_deed){ .at = start + MINUTE_MS * (40 + below(story, 90)), .kind = DEED_INCIDENT,
                                                    .place = place });
    }
}

static void plan_places(struct class_story *story)
{
    int64_t from = story->opened_at + DAY_MS;
    int64_t eve = day_time(story->course.start_day - 1, 0, 0);
    for (size_t i = 0; i < story->places_len; i++) {
        const struct story_place *place = &story->places[i];
        if (place->body_id == 0 || !place->has_people)
            continue;
        if (!happens(story, 15))
            plan_deed(story, (struct story_deed){ .at = from + below(story, eve - from), .kind = DEED_DESCRIBE, .place = place });
        if (place->is_main && !place->is_hub && !happens(story, 10)) { /* most in the last hour before nine, a few after */
            int64_t minutes = happens(story, 20) ? 9 * 60 + below(story, 90) : 8 * 60 + below(story, 60);
            plan_deed(story, (struct story_deed){ .at = eve + minutes * MINUTE_MS + below(story, MINUTE_MS),
                                                    .kind = DEED_REPORT, .place = place });
        }
        plan_lines(story, place);
        plan_sessions(story, place);
    }
}

/* ---- doing ---- */

static enum err name_learners(struct ctx *cx, const struct class_story *story, const struct story_roster *roster)
{
    SQL(list_people, "SELECT p.id FROM unit u JOIN person p ON p.unit_id = u.id WHERE u.path >= $1 AND u.path < $2"
                     " ORDER BY u.path, p.id LIMIT $3");
    struct scope area = unit_scope(&cx->arena, roster->path);
    int64_t *ids = ARENA_NEW_ARRAY(&cx->arena, int64_t, (size_t)roster->names + 1);
    size_t len = 0;
    struct rows rows = db_rows(cx, &list_people, BIND(V(area.path_lo), V(area.path_hi), V(roster->names)));
    while (len < (size_t)roster->names && rows_next(&rows))
        ids[len++] = rows_i64(&rows);
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        int64_t name_id = 0;
        enum err err = nomination_name_person(cx, roster->quota_id, story->root_id, roster->unit_id, ids[i], STR(""),
                                              &name_id);
        if (err == ERR_CONFLICT) { /* the seats shared with others are taken */
            cx->fault.code = OK;
            return OK;
        }
        TRY(err);
    }
    return OK;
}

static enum err send_roster(struct ctx *cx, const struct class_story *story, const struct story_roster *roster)
{
    struct nomination_roster now = { .names = 0 };
    TRY(nomination_get_roster(cx, roster->quota_id, story->root_id, roster->unit_id, &now));
    if (now.names == 0)
        return OK;
    TRY(nomination_approve(cx, roster->quota_id, story->root_id, roster->unit_id));
    return nomination_send(cx, roster->quota_id, story->root_id, roster->unit_id);
}

static enum err describe(struct ctx *cx, const struct story_place *place, struct demo_random *random)
{
    static const char *const rooms[] = { "Phòng họp trực tuyến tầng 2", "Hội trường Ủy ban nhân dân", "Phòng họp Đảng ủy",
                                         "Hội trường trung tâm chính trị" };
    static const char *const kits[] = { "Ti vi 65 inch, máy quay, 02 micro", "Máy chiếu, máy quay, loa, 04 micro",
                                        "Màn hình LED, thiết bị hội nghị chuyên dụng" };
    static const char *const chairs[] = { "Lò Văn Mẫu", "Nguyễn Thị Hòa Bình", "Trần Quốc Thử", "Y Blim Niê" };
    static const char *const technicians[] = { "Đặng Minh Tuấn Kha", "Hồ Thị Ánh Sao", "Phạm Văn Nối", "Vàng A Máy" };
    struct point_described described = {
        .room = str_from(rooms[demo_random_below(random, LEN(rooms))]),
        .address = place->area_name,
        .seats = 40 + 10 * (int64_t)demo_random_below(random, 12),
        .kit = str_from(kits[demo_random_below(random, LEN(kits))]),
        .chair_name = str_from(chairs[demo_random_below(random, LEN(chairs))]),
        .chair_title = STR("Phó Bí thư Thường trực"),
        .technician_name = str_from(technicians[demo_random_below(random, LEN(technicians))]),
        .technician_phone = str_format(&cx->arena, "0900000%03u", (unsigned)demo_random_below(random, 1000)),
    };
    return point_describe(cx, place->point_id, &described);
}

static enum err report(struct ctx *cx, const struct class_story *story, const struct story_place *place, struct demo_random *random)
{
    struct learners learners = { .len = 0 };
    TRY(learner_list_of_point(cx, story->root_id, place->area_id, place->point_id, place->is_main, &learners));
    struct point_reported reported = { .points = 1, .heads = (int64_t)learners.len + (int64_t)demo_random_below(random, 3),
                                       .note = STR("") };
    return point_report(cx, story->root_id, place->area_id, &reported);
}

static enum err test_line(struct ctx *cx, const struct story_place *place, bool passes, struct demo_random *random)
{
    int64_t rtt = (passes ? 12 : 280) + (int64_t)demo_random_below(random, 40);
    struct point_tested tested = {
        .how = STR("browser"), .result = passes ? STR("passed") : STR("failed"),
        .words = passes ? STR("") : STR("Hình dừng, tiếng ngắt quãng"),
        .rtt_ms = rtt, .rtt_p95_ms = rtt * 2, .loss_permille = passes ? 0 : 60,
        .down_kbps = passes ? 18000 + (int64_t)demo_random_below(random, 30000) : 900,
        .up_kbps = passes ? 9000 + (int64_t)demo_random_below(random, 9000) : 400,
        .camera = STR("yes"), .microphone = STR("yes"), .echo = STR(""),
    };
    return point_record_test(cx, place->point_id, &tested);
}

static enum err call_roll(struct ctx *cx, const struct class_story *story, const struct story_deed *deed, struct demo_random *random)
{
    static const char *const reasons[] = { "Nghỉ ốm", "Công tác tỉnh", "Trực giải quyết việc dân", "Việc gia đình" };
    struct learners learners = { .len = 0 };
    const struct story_place *place = deed->place;
    TRY(learner_list_of_point(cx, story->root_id, place->area_id, place->point_id, place->is_main, &learners));
    if (learners.len == 0) /* a room whose names nobody sent counts heads */
        return roll_count_heads(cx, place->point_id, deed->session_key, 18 + (int64_t)demo_random_below(random, 30), STR(""));
    struct str device = str_format(&cx->arena, "%032llx", (unsigned long long)place->point_id);
    for (size_t i = 0; i < learners.len; i++) {
        unsigned chance = (unsigned)demo_random_below(random, 100);
        struct roll_marked marked = { .point_id = place->point_id, .session_key = deed->session_key,
                                      .learner_id = learners.at[i].id, .reason = STR(""), .replaces = STR(""),
                                      .device = device, .device_count = (int64_t)i + 1 + (deed->session_key % 64) * 100,
                                      .device_at = deed->at - MINUTE_MS + (int64_t)i * 900, .source = STR("officer"), .by_name = STR("") };
        marked.mark = chance < 92 ? STR("present") : chance < 95 ? STR("late") : chance < 98 ? STR("excused") : STR("absent");
        if (str_eq(marked.mark, STR("excused")))
            marked.reason = str_from(reasons[demo_random_below(random, LEN(reasons))]);
        struct fact_id id;
        for (size_t k = 0; k < sizeof id.at; k++) /* one learner is marked once a half-day: no id twice, by any luck */
            id.at[k] = (unsigned char)(k < 8    ? demo_random_below(random, 256) :
                                       k < 13   ? (uint64_t)learners.at[i].id >> 8 * (k - 8) :
                                                  (uint64_t)deed->session_key >> 8 * (k - 13));
        enum roll_receipt receipt = ROLL_STORED;
        struct str words = STR("");
        TRY(roll_take_mark(cx, id, &marked, &receipt, &words));
        if (receipt != ROLL_STORED)
            return fail_detail(cx, ERR_SYSTEM, "demo: a mark was not stored: " STR_FMT, STR_ARG(words));
    }
    return OK;
}

static enum err break_something(struct ctx *cx, const struct story_deed *deed, struct demo_random *random)
{
    static const struct {
        struct str kind, utility, words;
    } troubles[] = {
        { STR_INIT("line"), STR_INIT("telecom"), STR_INIT("Mất tín hiệu từ đường truyền chính") },
        { STR_INIT("power"), STR_INIT("power"), STR_INIT("Mất điện khu vực, chuyển sang máy phát") },
        { STR_INIT("sound"), STR_INIT(""), STR_INIT("Không nghe được tiếng từ điểm cầu trung tâm") },
        { STR_INIT("picture"), STR_INIT(""), STR_INIT("Màn hình không nhận tín hiệu") },
    };
    size_t which = demo_random_below(random, LEN(troubles));
    bool lasts = demo_random_below(random, 8) == 0;
    int64_t minutes = lasts ? 0 : 4 + (int64_t)demo_random_below(random, 35); /* entered when it was over */
    struct point_incident_opened opened = { .kind = troubles[which].kind, .utility = troubles[which].utility,
                                            .from_at = deed->at - minutes * MINUTE_MS, .to_at = lasts ? 0 : deed->at,
                                            .words = troubles[which].words };
    int64_t id = 0;
    return point_open_incident(cx, deed->place->point_id, &opened, &id);
}

static enum err do_deed(struct ctx *cx, const struct class_story *story, const struct story_deed *deed, struct demo_random *random)
{
    switch (deed->kind) {
    case DEED_NAME:
        return name_learners(cx, story, deed->roster);
    case DEED_SEND:
        return send_roster(cx, story, deed->roster);
    case DEED_DESCRIBE:
        return describe(cx, deed->place, random);
    case DEED_REPORT:
        return report(cx, story, deed->place, random);
    case DEED_TEST_FAIL:
        return test_line(cx, deed->place, false, random);
    case DEED_TEST_PASS:
        return test_line(cx, deed->place, true, random);
    case DEED_CALL:
        return call_roll(cx, story, deed, random);
    case DEED_CLOSE:
        return roll_close(cx, deed->place->point_id, deed->session_key);
    case DEED_INCIDENT:
        return break_something(cx, deed, random);
    }
    return OK;
}

size_t class_story_len(const struct class_story *story)
{
    return story->deeds_len;
}

int64_t class_story_at(const struct class_story *story, size_t index)
{
    return story->deeds[index].at;
}

bool class_story_is_heavy(const struct class_story *story, size_t index)
{
    enum deed_kind kind = story->deeds[index].kind;
    return kind == DEED_NAME || kind == DEED_CALL || kind == DEED_CLOSE || kind == DEED_SEND;
}

/* Whoever acts is the body whose list or point it is, with its place's reach. */
enum err class_story_do(struct ctx *cx, const struct class_story *story, size_t index)
{
    const struct story_deed *deed = &story->deeds[index];
    const struct actor *before = cx->actor;
    struct demo_random random = { .state = story->demo->options->seed * 1000003 + index };
    struct str path = deed->roster ? deed->roster->place_path : deed->place->path;
    struct str name = deed->roster ? deed->roster->unit_name : deed->place->area_name;
    struct actor actor = { .kind = ACTOR_PROGRAM, .unit_id = deed->roster ? deed->roster->unit_id : deed->place->body_id,
                           .scope = unit_scope(&cx->arena, path), .permissions = ~UINT64_C(0), .name = name,
                           .unit_name = name };
    cx->actor = &actor;
    cx->now = deed->at;
    enum err err = do_deed(cx, story, deed, &random);
    cx->actor = before;
    return err;
}

static enum err find_test_hour(struct ctx *cx, struct class_story *story)
{
    SQL(find_test, "SELECT MIN(t.at) FROM course c JOIN course_connection_test t ON t.course_id = c.id"
                   " WHERE c.start_day <= $1 AND c.end_day >= $1");
    TRY(db_i64(cx, &find_test, BIND(V((int64_t)story->course.start_day)), &story->test_at));
    if (story->test_at == 0)
        story->test_at = day_time(story->course.start_day - 1, 14, 0);
    return OK;
}

enum err class_story_open(struct ctx *cx, struct demo *demo, int64_t document_id, int64_t issued_at, struct class_story **ret_story)
{
    struct class_story *story = ARENA_NEW(demo->arena, struct class_story);
    *story = (struct class_story){ .demo = demo, .arena = demo->arena, .opened_at = issued_at,
                                   .random = { .state = demo->options->seed + (uint64_t)document_id } };
    TRY(course_find_root(cx, document_id, &story->root_id));
    TRY(course_find(cx, story->root_id, &story->course));
    TRY(read_places(cx, story));
    TRY(course_find_sessions(cx, story->root_id, STR(""), &story->sessions, &story->sessions_len));
    TRY(find_test_hour(cx, story));
    story->rosters = ARENA_NEW_ARRAY(story->arena, struct story_roster, STORY_ROSTERS_MAX);
    story->deeds = ARENA_NEW_ARRAY(story->arena, struct story_deed, DEEDS_MAX);
    plan_places(story);
    *ret_story = story;
    return OK;
}

enum err class_story_add_paper(struct ctx *cx, struct class_story *story, int64_t document_id, int64_t issued_at)
{
    SQL(count_courses, "SELECT COUNT(*) FROM course WHERE id = $1");
    int64_t root_id = 0;
    int64_t courses = 0;
    size_t first = story->rosters_len;
    TRY(db_i64(cx, &count_courses, BIND(V(document_id)), &courses));
    if (courses == 0)
        return OK;
    TRY(course_find_root(cx, document_id, &root_id));
    if (root_id != story->root_id)
        return OK;
    TRY(read_rosters(cx, story, document_id));
    if (story->rosters_len == 0)
        add_own_rosters(story);
    plan_rosters(story, first, issued_at);
    return OK;
}
