#include "check/check_roll.h"

#include "app/routes.h"
#include "person/person.h"

void check_rooms_register(void)
{
    routes_register_facts();
}

int check_roll_open(void **state)
{
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    check_rooms_register();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static const char paper[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"21\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng cán bộ cấp xã\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"mode\":\"online\","
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"opening\":\"2026-05-23T08:00\","
    "\"arrive_before_minutes\":10,\"sessions\":["
    "{\"date\":\"2026-05-23\",\"from\":\"08:00\",\"to\":\"11:30\"},{\"date\":\"2026-05-23\",\"from\":\"14:00\",\"to\":\"17:00\"},"
    "{\"date\":\"2026-05-24\",\"from\":\"08:00\",\"to\":\"11:30\"},{\"date\":\"2026-05-24\",\"from\":\"14:00\",\"to\":\"16:30\"}]},"
    "\"topics\":[{\"number\":1,\"title\":\"Quản trị\"}],"
    "\"points\":[{\"level\":\"province\",\"place\":\"Hội trường Tỉnh ủy\",\"attendees\":[\"Lãnh đạo các sở\"]},"
    "{\"level\":\"commune\",\"place\":\"phòng họp trực tuyến\","
    "\"attendees\":[\"Cán bộ lãnh đạo, quản lý cấp xã; các địa phương có thể mở rộng thành phần tham dự\"]}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

struct hiring {
    struct check_place *place;
    int64_t root_id;
    int64_t people[CHECK_LEARNERS];
};

static enum err run_hire(struct ctx *cx, void *what)
{
    struct hiring *hiring = what;
    static const char *const given[CHECK_LEARNERS] = { "Yến", "An", "Ánh", "Bình", "Cường", "Đức", "Giang", "Hà", "Khánh",
                                                       "Lan", "Minh", "Sơn" };
    for (size_t i = 0; i < CHECK_LEARNERS; i++) {
        struct person_values values = { .full_name = str_format(&cx->arena, "Nguyễn Văn %s", given[i]),
                                        .birth_day = day_from_civil(1980, 1, (int)i + 1), .sex = STR("nam"),
                                        .phone = STR(""), .mail = STR("") };
        TRY(person_create(cx, hiring->place->party.id, &values, STR("Ủy viên Ban Thường vụ"), day_from_civil(2025, 7, 1),
                          &hiring->people[i]));
    }
    return OK;
}

static enum err run_name(struct ctx *cx, void *what)
{
    struct hiring *hiring = what;
    for (size_t i = 0; i < CHECK_LEARNERS; i++)
        TRY(nomination_name_person(cx, 0, hiring->root_id, hiring->place->party.id, hiring->people[i],
                                   STR("Ủy viên Ban Thường vụ"), &hiring->place->learners[i]));
    return OK;
}

static void fill_place(struct check_class *class, const struct unit *party, struct check_place *place)
{
    struct ctx *cx = &class->check->cx;
    struct unit area = { .id = 0 };
    struct hiring hiring = { .place = place, .root_id = class->root_id };
    assert_ok(cx, unit_find(cx, party->place_id, &area));
    *place = (struct check_place){ .party = *party, .area_id = area.id, .area_path = area.path,
                                   .point_id = course_main_point(class->root_id, area.id) };
    check_act_for(class->check, party, UINT64_MAX);
    assert_ok(cx, check_write(class->check, run_hire, &hiring));
    cx->fact_id = (struct fact_id){ { 0 } };
    assert_ok(cx, check_write(class->check, run_name, &hiring));
}

int64_t check_class_at(int hour, int minute)
{
    return day_time(day_from_civil(2026, 5, 23), hour, minute);
}

void check_class_act(struct check_class *class, const struct check_place *place, uint64_t permissions)
{
    check_act_for(class->check, &place->party, permissions);
}

struct check_class *check_class_open(struct check_store *check)
{
    struct ctx *cx = &check->cx;
    struct check_class *class = ARENA_NEW(&cx->arena, struct check_class);
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    class->check = check;
    check_act(check, "51", "tinh_uy");
    class->root_id = check_issue_plan(check, str_from(paper), "", DAY_NONE);
    assert_ok(cx, unit_find_code(cx, STR("51"), &place));
    assert_ok(cx, unit_find_by_sort(cx, STR("dang_uy_xa"), place.path, &communes));
    fill_place(class, &communes.at[1], &class->other);
    fill_place(class, &communes.at[0], &class->own);
    class->morning = course_session_key(day_from_civil(2026, 5, 23), COURSE_MORNING);
    class->afternoon = course_session_key(day_from_civil(2026, 5, 23), COURSE_AFTERNOON);
    cx->now = check_class_at(7, 45);
    check_class_act(class, &class->own, UINT64_MAX);
    return class;
}

struct marking {
    struct fact_id id;
    const struct roll_marked *marked;
    enum roll_receipt receipt;
    struct str words;
};

static enum err run_mark(struct ctx *cx, void *what)
{
    struct marking *marking = what;
    return roll_take_mark(cx, marking->id, marking->marked, &marking->receipt, &marking->words);
}

enum roll_receipt check_mark(struct check_class *class, struct fact_id id, const struct roll_marked *marked, struct str *ret_words)
{
    struct marking marking = { .id = id, .marked = marked };
    class->check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&class->check->cx, check_write(class->check, run_mark, &marking));
    if (ret_words)
        *ret_words = marking.words;
    return marking.receipt;
}

struct roll_sheet check_sheet(struct check_class *class, int64_t point_id, int64_t session_key)
{
    struct roll_sheet sheet = { .len = 0 };
    assert_ok(&class->check->cx, roll_get_sheet(&class->check->cx, point_id, session_key, &sheet));
    return sheet;
}

int64_t check_roll_counter(struct check_class *class, const char *kind, int64_t session_key, int64_t unit_id)
{
    SQL(find_roll_counter, "SELECT value FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
    int64_t subject = course_session_subject(class->root_id, session_key);
    return check_i64(class->check, &find_roll_counter, BIND(V(str_from(kind)), V(subject), V(unit_id)));
}
