#include "check/check_roll.h"
#include "check/check_site.h"
#include "nomination/nomination.h"
#include "obligation/obligation.h"
#include "person/person.h"
#include "report/class_day_report.h"
#include "report/report.h"
#include "roll/roll.h"

/* A class of Hà Tĩnh's communes: what its boards say is counted again from the tables of the rooms. */

enum { COMMUNES = 69, HEADS = 3 };

struct class_ground {
    struct check_store *check;
    int64_t document_id, root_id;
    int64_t session_key;
};
static struct class_ground ground;

static const char plan[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"9\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Hà Tĩnh\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-23\",\"sessions\":["
    "{\"date\":\"2026-05-23\",\"from\":\"08:00\",\"to\":\"11:30\"},{\"date\":\"2026-05-23\",\"from\":\"14:00\",\"to\":\"17:30\"}]},"
    "\"points\":[{\"level\":\"commune\",\"place\":\"điểm cầu các xã, phường\"}],"
    "\"quotas\":[{\"unit\":\"Đảng ủy các xã, phường, đặc khu\",\"each\":true}],"
    "\"obligations\":[{\"text\":\"Báo cáo số lượng điểm cầu\",\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"}}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

static int open_ground(void **state)
{
    if (check_roll_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    (void)check_act(check, "42", "tinh_uy");
    ground = (struct class_ground){ .check = check };
    ground.document_id = check_issue_plan(check, (struct str){ plan, sizeof plan - 1 }, "9", day_from_civil(2026, 5, 14));
    assert_ok(&check->cx, course_find_root(&check->cx, ground.document_id, &ground.root_id));
    ground.session_key = course_session_key(day_from_civil(2026, 5, 23), COURSE_MORNING);
    check->cx.now = day_time(day_from_civil(2026, 5, 23), 8, 10);
    return 0;
}

/* ---- what a commune does ---- */

struct commune_day {
    struct unit body;
    int64_t point_id;
    const char *marks[HEADS];
    bool has_failed, closes;
};

static struct fact_id fresh_id(struct ctx *cx)
{
    struct fact_id id;
    env_random(cx->env, &id, sizeof id);
    return id;
}

static enum err name_one(struct ctx *cx, struct commune_day *day, size_t i, int64_t *ret_learner_id)
{
    struct person_values person = { .full_name = str_format(&cx->arena, "Lò Văn %c", (char)('A' + (int)i)),
                                    .birth_day = DAY_NONE, .phone = STR("0900 000 001") };
    int64_t person_id = 0;
    cx->fact_id = fresh_id(cx);
    TRY(person_create(cx, day->body.id, &person, STR("Bí thư Đảng ủy"), day_from_civil(2025, 7, 1), &person_id));
    return nomination_name_person(cx, ground.document_id * NOMINATION_QUOTAS_PER_COURSE + 1, ground.root_id, day->body.id,
                                  person_id, STR("Bí thư"), ret_learner_id);
}

static enum err mark_one(struct ctx *cx, struct commune_day *day, int64_t learner_id, const char *mark)
{
    struct roll_marked marked = { .point_id = day->point_id, .session_key = ground.session_key, .learner_id = learner_id,
                                  .mark = str_from(mark), .reason = STR(""), .replaces = STR(""),
                                  .device = STR("00000000000000000000000000000001"), .device_count = learner_id,
                                  .device_at = cx->now, .source = STR("officer"), .by_name = STR("") };
    enum roll_receipt receipt = ROLL_STORED;
    struct str words = STR("");
    if (str_eq(marked.mark, STR("excused")))
        marked.reason = STR("Nghỉ ốm");
    TRY(roll_take_mark(cx, fresh_id(cx), &marked, &receipt, &words));
    assert_int_equal(receipt, ROLL_STORED);
    return OK;
}

static enum err live_through(struct ctx *cx, void *what)
{
    struct commune_day *day = what;
    struct point_described described = { .room = STR("Hội trường"), .address = STR(""), .kit = STR(""), .chair_name = STR("Lò Văn Mẫu"),
                                         .chair_title = STR(""), .technician_name = STR("Vàng A Máy"), .technician_phone = STR("0900000007") };
    struct point_tested tested = { .how = STR("hand"), .result = day->has_failed ? STR("failed") : STR("passed"),
                                   .words = STR("Đã thử"), .camera = STR(""), .microphone = STR(""), .echo = STR("") };
    struct point_reported reported = { .points = 1, .heads = HEADS, .note = STR("") };
    struct point_incident_opened incident = { .kind = STR("line"), .utility = STR("telecom"), .from_at = cx->now - 600000,
                                              .to_at = cx->now - 60000, .words = STR("Mất tín hiệu") };
    int64_t ids[HEADS] = { 0 };
    int64_t incident_id = 0;
    for (size_t i = 0; i < HEADS; i++)
        TRY(name_one(cx, day, i, &ids[i]));
    TRY(point_describe(cx, day->point_id, &described));
    TRY(point_record_test(cx, day->point_id, &tested));
    TRY(point_report(cx, ground.root_id, day->body.place_id, &reported));
    for (size_t i = 0; i < HEADS; i++)
        TRY(mark_one(cx, day, ids[i], day->marks[i]));
    TRY(point_open_incident(cx, day->point_id, &incident, &incident_id));
    return day->closes ? roll_close(cx, day->point_id, ground.session_key) : OK;
}

static struct commune_day spend_day(const char *code, const char *a, const char *b, const char *c, bool has_failed, bool closes)
{
    struct check_store *check = ground.check;
    struct commune_day day = { .marks = { a, b, c }, .has_failed = has_failed, .closes = closes };
    day.body = check_act(check, code, "dang_uy_xa");
    day.point_id = course_main_point(ground.root_id, day.body.place_id);
    assert_ok(&check->cx, check_write(check, live_through, &day));
    (void)check_act(check, "42", "tinh_uy");
    return day;
}

static struct class_day board_of(const char *code, enum class_day_figure figure)
{
    struct ctx *cx = &ground.check->cx;
    struct unit area = { .id = 0 };
    struct class_day day = { .root_id = 0 };
    assert_ok(cx, unit_find_code(cx, str_from(code), &area));
    assert_ok(cx, class_day_open(cx, ground.document_id, area.id, 0, &day));
    assert_ok(cx, class_day_read(cx, &day, figure));
    return day;
}

/* The codes of two communes of the province. */
static void two_codes(const char **ret_first, const char **ret_second)
{
    struct ctx *cx = &ground.check->cx;
    struct class_day day = board_of("42", CLASS_DAY_POINT);
    assert_true(day.rows_len >= COMMUNES);
    *ret_first = str_to_c(&cx->arena, day.rows[0].code);
    *ret_second = str_to_c(&cx->arena, day.rows[1].code);
}

/* ---- the tests ---- */

static void a_board_of_the_day_equals_what_the_rooms_hold(void **state)
{
    SQL(count_marks, "/*scan*/ SELECT COUNT(*) FROM roll_line WHERE mark IN ('present', 'late')");
    SQL(count_away, "/*scan*/ SELECT COUNT(*) FROM roll_line WHERE mark IN ('excused', 'absent')");
    SQL(count_learners, "/*scan*/ SELECT COUNT(*) FROM nomination_learner WHERE names > 0");
    SQL(count_passed, "/*scan*/ SELECT COUNT(*) FROM point WHERE test_state = 1");
    SQL(count_points, "/*scan*/ SELECT COUNT(*) FROM point WHERE is_closed = 0");
    SQL(sum_minutes, "/*scan*/ SELECT SUM(minutes_lost) FROM point_incident");
    struct check_store *check = *state;
    const char *first = "", *second = "";
    two_codes(&first, &second);
    (void)spend_day(first, "present", "late", "excused", false, true);
    (void)spend_day(second, "present", "absent", "present", true, false);
    struct class_day day = board_of("42", CLASS_DAY_FIGURES);
    const struct class_day_numbers *n = &day.total;
    assert_int_equal(n->point_total, check_i64(check, &count_points, NO_BIND));
    assert_int_equal(class_day_seated(n), check_i64(check, &count_marks, NO_BIND));
    assert_int_equal(n->roll_excused + n->roll_absent, check_i64(check, &count_away, NO_BIND));
    assert_int_equal(class_day_expected(n), check_i64(check, &count_learners, NO_BIND));
    assert_int_equal(n->test_passed, check_i64(check, &count_passed, NO_BIND));
    assert_int_equal(n->incident_minutes, check_i64(check, &sum_minutes, NO_BIND));
    assert_int_equal(n->test_failed, 1);
    assert_int_equal(n->report_heads, 2 * HEADS);
    assert_int_equal(n->roll_closed, 1);
    assert_int_equal(n->roll_late, 1);
    int64_t seated = 0;
    for (size_t i = 0; i < day.rows_len; i++)
        seated += class_day_seated(&day.rows[i].numbers);
    assert_int_equal(seated, class_day_seated(n));
}

static void a_figures_rows_say_the_same_as_the_whole_table(void **state)
{
    const char *first = "", *second = "";
    (void)state;
    two_codes(&first, &second);
    (void)spend_day(first, "present", "late", "absent", true, false);
    struct class_day whole = board_of("42", CLASS_DAY_FIGURES);
    for (size_t f = 0; f < CLASS_DAY_FIGURES; f++) {
        struct class_day some = board_of("42", (enum class_day_figure)f);
        for (size_t i = 0; i < COMMUNES; i++) {
            int64_t done[2] = { 0 }, all[2] = { 0 };
            class_day_read_figure(&whole.rows[i].numbers, (enum class_day_figure)f, &done[0], &all[0]);
            class_day_read_figure(&some.rows[i].numbers, (enum class_day_figure)f, &done[1], &all[1]);
            assert_int_equal(done[0], done[1]);
            assert_int_equal(all[0], all[1]);
        }
    }
}

static void each_number_opens_those_who_are_missing(void **state)
{
    struct check_store *check = *state;
    const char *first = "", *second = "";
    two_codes(&first, &second);
    struct commune_day good = spend_day(first, "present", "present", "present", false, true);
    struct commune_day bad = spend_day(second, "present", "absent", "late", true, false);
    struct class_day day = board_of("42", CLASS_DAY_LINE);
    struct class_day_lines lines = { .len = 0 };
    assert_ok(&check->cx, class_day_list(&check->cx, &day, CLASS_DAY_LINE, 0, &lines));
    assert_int_equal(lines.len, day.total.point_total - day.total.test_passed);
    assert_int_equal(lines.at[0].point_id, bad.point_id); /* what failed comes before what nobody tested */
    assert_str_equal(lines.at[0].phone, "0900000007");
    for (size_t i = 0; i < lines.len; i++)
        assert_true(lines.at[i].point_id != good.point_id);
    assert_ok(&check->cx, class_day_list(&check->cx, &day, CLASS_DAY_SEATED, 0, &lines));
    assert_int_equal(lines.len, 1);
    assert_int_equal(lines.at[0].unit_id, bad.body.place_id);
    assert_ok(&check->cx, class_day_list(&check->cx, &day, CLASS_DAY_REPORT, 0, &lines));
    assert_int_equal(lines.len, day.total.report_total - 2);
    assert_ok(&check->cx, class_day_list(&check->cx, &day, CLASS_DAY_LINE, 1, &lines));
    assert_true(lines.is_cut && lines.len == 1);
}

static void a_class_day_of_another_province_does_not_exist(void **state)
{
    struct check_store *check = *state;
    struct unit own = { .id = 0 };
    struct class_day day = { .root_id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &own));
    (void)check_act(check, "51", "tinh_uy");
    assert_err(ERR_NOT_FOUND, class_day_open(&check->cx, ground.document_id, own.id, 0, &day));
    struct class_day_report report = { .date = 0 };
    assert_err(ERR_NOT_FOUND, class_day_report(&check->cx, ground.document_id, own.id, DAY_NONE, &report));
}

static void the_day_report_counts_reasons_minutes_and_names_the_silent(void **state)
{
    struct check_store *check = *state;
    const char *first = "", *second = "";
    two_codes(&first, &second);
    (void)spend_day(first, "excused", "excused", "absent", false, true);
    struct unit area = { .id = 0 };
    struct class_day_report *report = ARENA_NEW(&check->cx.arena, struct class_day_report);
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &area));
    assert_ok(&check->cx, class_day_report(&check->cx, ground.document_id, area.id, DAY_NONE, report));
    assert_int_equal(report->date, day_from_civil(2026, 5, 23));
    assert_int_equal(report->halves_len, 2);
    assert_true(report->halves[0].has_begun && !report->halves[1].has_begun);
    assert_int_equal(report->halves[0].reasons_len, 2);
    assert_str_equal(report->halves[0].reasons[0].reason, "Nghỉ ốm");
    assert_int_equal(report->halves[0].reasons[0].heads, 2);
    assert_int_equal(report->incidents.len, 1);
    assert_int_equal(report->utilities[0].minutes, 9);
    assert_int_equal(report->silents[0].lines.len, report->day.total.report_total - 1);
    assert_true(report->silents[0].names.len > 0);
    assert_int_equal(report->silents[3].lines.len, 0); /* no half-day is over: nobody is late with the roll */
}

static void a_mark_is_in_the_next_live_event_of_every_level(void **state)
{
    struct check_store *check = *state;
    const char *first = "", *second = "";
    two_codes(&first, &second);
    (void)spend_day(first, "present", "present", "late", false, false);
    struct unit area = { .id = 0 };
    struct buf data;
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &area));
    buf_init(&data, &check->cx.arena);
    assert_ok(&check->cx, report_render_live(&check->cx, area.id,
                                             class_day_stream_subject(ground.root_id, ground.session_key, CLASS_DAY_SEATED), &data));
    struct str text = buf_str(&data);
    assert_true(str_find(text, STR("\"SEATED\":\"3\"")) < text.len);
    assert_true(str_find(text, STR("\"roll_late\":\"1\"")) < text.len);
    struct str tile = str_format(&check->cx.arena, "\"%s.done\":\"3\"", first);
    assert_true(str_find(text, tile) < text.len);
    assert_true(str_find(text, str_format(&check->cx.arena, "\"%s\":\"done\"", first)) < text.len);
}

#define ON_GROUND(sentence) cmocka_unit_test_setup_teardown(sentence, open_ground, check_store_close)

/* Every page of the day, by the addresses that its links have. */
static void the_pages_of_the_day_open_from_each_other(void **state)
{
    static const char *const pages[] = { "", "?so=duong-truyen", "?chieu=1", "/so-lieu.json", "/danh-sach?so=bao-cao",
                                         "/danh-sach.csv?so=bao-cao", "/bao-cao", "/bao-cao?ngay=2026-05-23",
                                         "/bao-cao.csv?ngay=2026-05-23" };
    static struct route_table rooms[1];
    struct check_store *check = *state;
    struct arena *arena = &check->cx.arena;
    struct unit province = { .id = 0 };
    rooms[0] = class_day_routes;
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("42"), &province));
    struct check_site *site = site_open(check, rooms, LEN(rooms));
    site_be(site, province.path, UINT64_MAX);
    for (size_t i = 0; i < LEN(pages); i++) {
        struct str path = str_format(arena, "/lop/%lld/ngay-hoc/%lld%s", (long long)ground.document_id, (long long)province.id,
                                     pages[i]);
        int status = site_get(site, str_to_c(arena, path));
        if (status != 200)
            fail_msg("%s: %d", pages[i], status);
    }
    assert_int_equal(site_get(site, str_to_c(arena, str_format(arena, "/lop/%lld/ngay-hoc/%lld/bao-cao?ngay=hom-qua",
                                                                (long long)ground.document_id, (long long)province.id))), 422);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GROUND(a_board_of_the_day_equals_what_the_rooms_hold),
        ON_GROUND(a_figures_rows_say_the_same_as_the_whole_table),
        ON_GROUND(each_number_opens_those_who_are_missing),
        ON_GROUND(a_class_day_of_another_province_does_not_exist),
        ON_GROUND(the_day_report_counts_reasons_minutes_and_names_the_silent),
        ON_GROUND(a_mark_is_in_the_next_live_event_of_every_level),
        ON_GROUND(the_pages_of_the_day_open_from_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
