#include "check/check_store.h"

#include "person/person.h"
#include "person/person_seal.h"
#include "unit/unit.h"
#include "viet/viet.h"

static int open_province(void **state)
{
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("75") };
    check->cx.now = day_time(day_from_civil(2026, 5, 21), 9, 0);
    enum err err = unit_load_provinces(&check->cx, check->store, codes, LEN(codes));
    if (err != OK)
        print_error("%s: %s\n", check->cx.fault.words, check->cx.fault.detail);
    return err != OK;
}

static struct unit body_of(struct check_store *check, const char *code, const char *sort)
{
    struct unit place = { .id = 0 }, body = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &place));
    assert_ok(&check->cx, unit_find_body(&check->cx, place.id, str_from(sort), &body));
    return body;
}

/* What a test wants done on the writer. */
struct step {
    enum err (*run)(struct ctx *cx, struct step *step);
    int64_t id, other_id;
    struct person_values values;
    struct str text;
    int32_t day;
    struct str digits;
};

static enum err run_step(struct ctx *cx, void *what)
{
    struct step *step = what;
    return step->run(cx, step);
}

static enum err take(struct check_store *check, struct step *step)
{
    return check_write(check, run_step, step);
}

static enum err do_create(struct ctx *cx, struct step *s)
{
    return person_create(cx, s->other_id, &s->values, s->text, s->day, &s->id);
}
static enum err do_update(struct ctx *cx, struct step *s)
{
    return person_update(cx, s->id, &s->values);
}
static enum err do_transfer(struct ctx *cx, struct step *s)
{
    return person_transfer(cx, s->id, s->other_id);
}
static enum err do_add_post(struct ctx *cx, struct step *s)
{
    return person_add_post(cx, s->id, s->other_id, s->text, s->day);
}
static enum err do_close_post(struct ctx *cx, struct step *s)
{
    return person_close_post(cx, s->id, s->other_id, s->day);
}
static enum err do_set_citizen_id(struct ctx *cx, struct step *s)
{
    return person_set_citizen_id(cx, s->id, s->text);
}
static enum err do_reveal(struct ctx *cx, struct step *s)
{
    return person_reveal_citizen_id(cx, s->id, s->text, &s->digits);
}
static enum err do_erase(struct ctx *cx, struct step *s)
{
    return person_erase(cx, s->id, s->text);
}

static int64_t add(struct check_store *check, int64_t unit_id, const char *name, const char *title)
{
    struct step step = { .run = do_create,
                         .other_id = unit_id,
                         .text = str_from(title),
                         .day = day_from_civil(2025, 7, 1),
                         .values = { .full_name = str_from(name),
                                     .birth_day = day_from_civil(1980, 2, 3),
                                     .sex = STR("nam"),
                                     .phone = STR("0900.000.123"),
                                     .mail = STR("") } };
    assert_ok(&check->cx, take(check, &step));
    return step.id;
}

static struct person_list find(struct check_store *check, const char *text)
{
    struct person_list list = { .len = 0 };
    struct person_query query = { .text = str_from(text), .title = STR("") };
    assert_ok(&check->cx, person_list(&check->cx, &query, &list));
    return list;
}

static void people_are_listed_by_given_name_and_found_however_typed(void **state)
{
    struct check_store *check = *state;
    int64_t unit_id = body_of(check, "51", "so_noi_vu").id;
    add(check, unit_id, "Trần Văn Đạo", "Chuyên viên");
    add(check, unit_id, "Nguyễn Thị Thuỷ", "Giám đốc");
    add(check, unit_id, "Đ/c PGS.TS. Lê Văn An", "Phó Giám đốc");
    add(check, unit_id, "Lê Thị Ánh", "Chuyên viên");
    struct person_list list = find(check, "");
    assert_int_equal(list.total, 4);
    assert_str_equal(list.at[0].full_name, "Lê Văn An");
    assert_str_equal(list.at[1].full_name, "Lê Thị Ánh");
    assert_str_equal(list.at[2].full_name, "Trần Văn Đạo");
    assert_str_equal(list.at[3].full_name, "Nguyễn Thị Thuỷ");
    assert_str_equal(list.at[0].title, "Phó Giám đốc");
    assert_str_equal(list.at[0].phone, "0900000123");
    assert_str_equal(list.at[0].unit_name, "Sở Nội vụ tỉnh Quảng Ngãi");

    static const char *const ways[] = { "thuy", "Nguyễn Thị Thủy", "THUỶ nguyen", "nguyen th" };
    for (size_t i = 0; i < LEN(ways); i++)
        assert_int_equal(find(check, ways[i]).total, 1);
    assert_int_equal(find(check, "le an").total, 2);
    assert_int_equal(find(check, "%").total, 0);

    struct person_query query = { .text = STR(""), .title = STR("chuyen vien") };
    assert_ok(&check->cx, person_list(&check->cx, &query, &list));
    assert_int_equal(list.total, 2);
    query = (struct person_query){ .text = STR(""), .title = STR(""), .offset = 1, .limit = 2 };
    assert_ok(&check->cx, person_list(&check->cx, &query, &list));
    assert_int_equal(list.len, 2);
    assert_int_equal(list.total, 4);
    assert_str_equal(list.at[0].full_name, "Lê Thị Ánh");
}

static void a_scope_shows_its_own_people_and_no_trace_of_others(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct unit own = body_of(check, "51", "tinh_uy"), foreign = body_of(check, "75", "tinh_uy");
    int64_t id = add(check, own.id, "Phạm Văn Hòa", "Bí thư");
    int64_t foreign_id = add(check, foreign.id, "Phạm Văn Hòa", "Bí thư");
    struct unit place = { .id = 0 };
    assert_ok(cx, unit_find(cx, own.place_id, &place));
    struct actor officer = { .kind = ACTOR_PERSON,
                             .permissions = UINT64_MAX,
                             .scope = unit_scope(&cx->arena, place.path) };
    cx->actor = &officer;
    struct person person = { .id = 0 };
    struct post_list posts = { .len = 0 };
    assert_ok(cx, person_get(cx, id, &person));
    assert_err(ERR_NOT_FOUND, person_get(cx, foreign_id, &person));
    assert_ok(cx, person_get_posts(cx, foreign_id, &posts));
    assert_int_equal(posts.len, 0);
    assert_int_equal(find(check, "hoa").total, 1);
    assert_int_equal(find(check, "").total, 1);
    struct person_query query = { .text = STR(""), .title = STR(""), .unit_id = foreign.id };
    struct person_list list = { .len = 0 };
    assert_err(ERR_NOT_FOUND, person_list(cx, &query, &list));
    struct step update = { .run = do_update,
                           .id = foreign_id,
                           .values = { .full_name = STR("Khác Tên"), .birth_day = DAY_NONE } };
    assert_err(ERR_NOT_FOUND, take(check, &update));
    struct step create = { .run = do_create,
                           .other_id = foreign.id,
                           .text = STR(""),
                           .day = DAY_NONE,
                           .values = { .full_name = STR("Lê Lạ"), .birth_day = DAY_NONE } };
    assert_err(ERR_INVALID, take(check, &create));
    struct actor nobody = { .kind = ACTOR_NOBODY };
    cx->actor = &nobody;
    assert_int_equal(find(check, "").total, 0);
    assert_int_equal(find(check, "hoa").total, 0);
    cx->actor = &check->actor;
    assert_int_equal(find(check, "hoa").total, 2);
}

static void a_record_is_refused_with_the_field_that_does_not_fit(void **state)
{
    struct check_store *check = *state;
    int64_t unit_id = body_of(check, "51", "tinh_uy").id;
    static const struct {
        const char *name, *phone, *mail, *field;
    } wrong[] = {
        { "", "", "", "full_name" },
        { "Đồng chí", "", "a@b", "mail" },
        { "Lê Văn An", "09000001234567", "", "phone" },
        { "Lê Văn An", "không có", "", "phone" },
        { "Lê Văn An", "0900000123", "an.donvi.gov.vn", "mail" },
        { "Lê Văn An", "0900000123", "an@x@y.vn", "mail" },
    };
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct step step = { .run = do_create,
                             .other_id = unit_id,
                             .text = STR(""),
                             .day = DAY_NONE,
                             .values = { .full_name = str_from(wrong[i].name),
                                         .phone = str_from(wrong[i].phone),
                                         .mail = str_from(wrong[i].mail),
                                         .birth_day = DAY_NONE } };
        assert_err(ERR_INVALID, take(check, &step));
        assert_string_equal(check->cx.fault.field, wrong[i].field);
    }
    struct step unborn = { .run = do_create,
                           .other_id = unit_id,
                           .text = STR(""),
                           .day = DAY_NONE,
                           .values = { .full_name = STR("Lê An"),
                                       .birth_day = day_from_civil(2030, 1, 1) } };
    assert_err(ERR_INVALID, take(check, &unborn));
    struct step undated = { .run = do_create,
                            .other_id = unit_id,
                            .text = STR("Bí thư"),
                            .day = DAY_NONE,
                            .values = { .full_name = STR("Lê An"), .birth_day = DAY_NONE } };
    assert_err(ERR_INVALID, take(check, &undated));
    assert_int_equal(find(check, "").total, 0);
}

static void phones_are_one_number_however_written(void **state)
{
    struct check_store *check = *state;
    static const char *const ways[] = { "0900 000 123", "+84 900 000 123", "900000123",
                                        "(0900) 000-123" };
    int64_t id = add(check, body_of(check, "51", "tinh_uy").id, "Lê Văn An", "");
    for (size_t i = 0; i < LEN(ways); i++) {
        struct step update = { .run = do_update,
                               .id = id,
                               .values = { .full_name = STR("Lê Văn An"),
                                           .phone = str_from(ways[i]),
                                           .birth_day = DAY_NONE } };
        assert_ok(&check->cx, take(check, &update));
        struct person person = { .id = 0 };
        assert_ok(&check->cx, person_get(&check->cx, id, &person));
        assert_str_equal(person.phone, "0900000123");
        assert_int_equal(person.birth_day, DAY_NONE);
    }
}

static void a_given_name_that_stands_elsewhere_is_named(void **state)
{
    struct check_store *check = *state;
    int64_t id = add(check, body_of(check, "51", "tinh_uy").id, "A Thu Ning", "");
    struct step update = {
        .run = do_update,
        .id = id,
        .values = { .full_name = STR("A Thu Ning"), .given = STR("Thu"), .birth_day = DAY_NONE }
    };
    assert_ok(&check->cx, take(check, &update));
    struct person person = { .id = 0 };
    assert_ok(&check->cx, person_get(&check->cx, id, &person));
    assert_str_equal(person.full_name, "A Thu Ning");
    assert_str_equal(person.given, "Thu");
    assert_str_equal(person.family, "Ning");
    assert_str_equal(person.middle, "A");
}

static void posts_have_days_and_the_one_held_now_is_shown(void **state)
{
    struct check_store *check = *state;
    struct unit committee = body_of(check, "51", "tinh_uy"),
                school = body_of(check, "51", "truong_chinh_tri");
    int64_t id = add(check, committee.id, "Lê Văn An", "Chuyên viên");
    struct step post = { .run = do_add_post,
                         .id = id,
                         .other_id = school.id,
                         .text = STR("Hiệu trưởng"),
                         .day = day_from_civil(2026, 5, 1) };
    assert_ok(&check->cx, take(check, &post));
    assert_err(ERR_INVALID, take(check, &post));
    struct step early = {
        .run = do_close_post, .id = id, .other_id = id, .day = day_from_civil(2025, 7, 1)
    };
    assert_err(ERR_INVALID, take(check, &early));
    struct step end = {
        .run = do_close_post, .id = id, .other_id = id, .day = day_from_civil(2026, 5, 1)
    };
    assert_ok(&check->cx, take(check, &end));
    assert_err(ERR_CONFLICT, take(check, &end));
    struct step foreign = {
        .run = do_close_post, .id = id, .other_id = 999999, .day = day_from_civil(2026, 5, 1)
    };
    assert_err(ERR_NOT_FOUND, take(check, &foreign));

    struct person person = { .id = 0 };
    struct post_list posts = { .len = 0 };
    struct person_trail trail = { .len = 0 };
    assert_ok(&check->cx, person_get(&check->cx, id, &person));
    assert_str_equal(person.title, "Hiệu trưởng");
    assert_ok(&check->cx, person_get_posts(&check->cx, id, &posts));
    assert_int_equal(posts.len, 2);
    assert_str_equal(posts.at[0].title, "Hiệu trưởng");
    assert_int_equal(posts.at[1].to_day, day_from_civil(2026, 5, 1));
    assert_ok(&check->cx, person_get_trail(&check->cx, id, &trail));
    assert_int_equal(trail.len, 2);
    assert_str_equal(trail.at[0].words, "Thôi giữ chức vụ: Chuyên viên");
}

static void a_transferred_record_is_counted_and_seen_where_it_went(void **state)
{
    struct check_store *check = *state;
    SQL(count_of_unit,
        "SELECT COALESCE(SUM(value), 0) FROM counter"
        " WHERE kind = 'person' AND subject_id = 0 AND unit_id = $1");
    struct unit from = body_of(check, "51", "tinh_uy"), to = body_of(check, "75", "tinh_uy");
    int64_t id = add(check, from.id, "Lê Văn An", "Chuyên viên");
    assert_int_equal(check_i64(check, &count_of_unit, BIND(V(from.place_id))), 1);
    struct step move = { .run = do_transfer, .id = id, .other_id = to.id };
    assert_ok(&check->cx, take(check, &move));
    assert_int_equal(check_i64(check, &count_of_unit, BIND(V(from.place_id))), 0);
    assert_int_equal(check_i64(check, &count_of_unit, BIND(V(to.place_id))), 1);
    struct person person = { .id = 0 };
    assert_ok(&check->cx, person_get(&check->cx, id, &person));
    assert_int_equal(person.unit_id, to.id);
    assert_err(ERR_INVALID, take(check, &move));
}

static enum err add_and_move(struct ctx *cx, void *what)
{
    struct step *step = what;
    /* In the same batch as the move, so that its count still waits to be written. */
    TRY(person_create(cx, step->id, &step->values, STR(""), DAY_NONE, &(int64_t){ 0 }));
    struct unit body = { .id = 0 };
    TRY(unit_find(cx, step->id, &body));
    return unit_move(cx, body.place_id, step->other_id, day_from_civil(2026, 9, 1),
                     STR("Nghị quyết thử"));
}

static void a_commune_that_moves_takes_its_counts_along(void **state)
{
    struct check_store *check = *state;
    SQL(count_at,
        "SELECT COALESCE(SUM(value), 0) FROM counter"
        " WHERE kind = 'person' AND subject_id = 0 AND unit_id = $1");
    struct unit from = { .id = 0 }, to = { .id = 0 }, nation = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("75"), &from));
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &to));
    assert_ok(&check->cx, unit_find_nation(&check->cx, &nation));
    struct unit body = body_of(check, "26368", "dang_uy_xa");
    add(check, body.id, "Lê Văn An", "");
    add(check, body_of(check, "75", "tinh_uy").id, "Lê Văn Ba", "");
    struct step step = { .id = body.id,
                         .other_id = to.id,
                         .values = { .full_name = STR("Lê Văn Cảnh"), .birth_day = DAY_NONE } };
    assert_ok(&check->cx, check_write(check, add_and_move, &step));
    assert_int_equal(check_i64(check, &count_at, BIND(V(from.id))), 1);
    assert_int_equal(check_i64(check, &count_at, BIND(V(to.id))), 2);
    assert_int_equal(check_i64(check, &count_at, BIND(V(body.place_id))), 2);
    assert_int_equal(check_i64(check, &count_at, BIND(V(nation.id))), 3);
    struct store_findings findings = { .len = 0 };
    assert_ok(&check->cx, store_check(&check->cx, check->store, &findings));
    assert_int_equal(findings.len, 0);
}

/* ---- The citizen id ---- */

static void a_citizen_id_is_sealed_masked_found_and_revealed_with_a_reason(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int64_t unit_id = body_of(check, "51", "tinh_uy").id;
    int64_t id = add(check, unit_id, "Lê Văn An", "Bí thư"),
            other_id = add(check, unit_id, "Lê Văn Ba", "Phó Bí thư");
    struct step set = { .run = do_set_citizen_id, .id = id, .text = STR("051 080 000 123") };
    assert_ok(cx, take(check, &set));
    struct person person = { .id = 0 };
    assert_ok(cx, person_get(cx, id, &person));
    assert_str_equal(person.citizen_tail, "123");
    struct person_list found = find(check, "051080000123");
    assert_int_equal(found.total, 1);
    assert_int_equal(found.at[0].id, id);
    assert_int_equal(find(check, "051080000124").total, 0);

    /* Nothing that is stored holds the digits. */
    SQL(count_plain,
        "/*scan*/ SELECT (SELECT COUNT(*) FROM fact WHERE body LIKE $1)"
        " + (SELECT COUNT(*) FROM fact_private WHERE body LIKE $1)");
    assert_int_equal(check_i64(check, &count_plain, BIND(V(STR("%051080000123%")))), 0);

    struct step unreasoned = { .run = do_reveal, .id = id, .text = STR("  ") };
    assert_err(ERR_INVALID, take(check, &unreasoned));
    struct step reveal = { .run = do_reveal, .id = id, .text = STR("Chi trả phụ cấp giảng dạy") };
    assert_ok(cx, take(check, &reveal));
    assert_str_equal(reveal.digits, "051080000123");
    struct person_trail trail = { .len = 0 };
    assert_ok(cx, person_get_trail(cx, id, &trail));
    assert_str_equal(trail.at[0].words, "Xem số định danh cá nhân: Chi trả phụ cấp giảng dạy");

    struct step twice = { .run = do_set_citizen_id, .id = other_id, .text = STR("051080000123") };
    assert_err(ERR_CONFLICT, take(check, &twice));
    struct step none = { .run = do_reveal, .id = other_id, .text = STR("Kiểm tra") };
    assert_err(ERR_NOT_FOUND, take(check, &none));
    struct step letters = { .run = do_set_citizen_id, .id = other_id, .text = STR("05108000012a") };
    assert_err(ERR_INVALID, take(check, &letters));
    struct actor reader = check->actor;
    reader.permissions &= ~((uint64_t)1 << PERMISSION_PERSON_REVEAL);
    cx->actor = &reader;
    assert_err(ERR_FORBIDDEN, take(check, &reveal));
    cx->actor = &check->actor;
    assert_ok(cx, person_get_trail(cx, id, &trail));
    assert_int_equal(trail.len, 2);
}

static void a_seal_opens_only_in_its_own_row(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct bytes seal = person_citizen_seal(cx, 7, STR("051080000123"));
    struct str digits = STR("");
    assert_ok(cx, person_citizen_open(cx, 7, seal, &digits));
    assert_str_equal(digits, "051080000123");
    assert_err(ERR_SYSTEM, person_citizen_open(cx, 8, seal, &digits));
    unsigned char *bent = arena_alloc(&cx->arena, seal.len);
    memcpy(bent, seal.at, seal.len);
    bent[seal.len - 1] ^= 1;
    assert_err(ERR_SYSTEM, person_citizen_open(cx, 7, (struct bytes){ bent, seal.len }, &digits));
    assert_err(ERR_SYSTEM, person_citizen_open(cx, 7, (struct bytes){ bent, 5 }, &digits));
    struct bytes again = person_citizen_seal(cx, 7, STR("051080000123"));
    assert_memory_not_equal(seal.at, again.at, seal.len);
}

static void a_citizen_id_that_does_not_fit_the_record_is_a_doubt(void **state)
{
    struct check_store *check = *state;
    struct arena *arena = &check->cx.arena;
    int32_t born = day_from_civil(1980, 2, 3);
    assert_str_equal(person_citizen_doubt(arena, STR("051080000123"), born, STR("nam")), "");
    assert_str_equal(person_citizen_doubt(arena, STR("051180000123"), born, STR("nam")),
                     "Số định danh cho thấy giới tính khác với hồ sơ");
    assert_str_equal(person_citizen_doubt(arena, STR("051081000123"), born, STR("")),
                     "Số định danh cho thấy năm sinh 1981, khác với hồ sơ");
    assert_str_equal(
        person_citizen_doubt(arena, STR("051302000123"), day_from_civil(2002, 1, 1), STR("nu")),
        "");
    assert_str_equal(person_citizen_doubt(arena, STR("051"), born, STR("nam")), "");
}

static void an_erased_person_leaves_no_readable_trace(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int64_t id = add(check, body_of(check, "51", "tinh_uy").id, "Hoàng Cẩn Khuếch", "Bí thư");
    struct step set = { .run = do_set_citizen_id, .id = id, .text = STR("051080000123") };
    assert_ok(cx, take(check, &set));
    struct step update = { .run = do_update,
                           .id = id,
                           .values = { .full_name = STR("Hoàng Cẩn Khuếch"),
                                       .mail = STR("khuech@donvi.gov.vn"),
                                       .birth_day = DAY_NONE } };
    assert_ok(cx, take(check, &update));
    struct step unreasoned = { .run = do_erase, .id = id, .text = STR("") };
    assert_err(ERR_INVALID, take(check, &unreasoned));
    struct step erase = { .run = do_erase,
                          .id = id,
                          .text = STR("Theo yêu cầu của chủ thể dữ liệu") };
    assert_ok(cx, take(check, &erase));

    SQL(count_traces,
        "/*scan*/ SELECT (SELECT COUNT(*) FROM fact WHERE body LIKE $1)"
        " + (SELECT COUNT(*) FROM fact_private WHERE body LIKE $1)"
        " + (SELECT COUNT(*) FROM person WHERE full_name LIKE $1 OR given LIKE $1 OR fold LIKE $2)"
        " + (SELECT COUNT(*) FROM person_fact WHERE words LIKE $1)");
    assert_int_equal(check_i64(check, &count_traces, BIND(V(STR("%Khuếch%")), V(STR("%khuech%")))),
                     0);
    assert_int_equal(find(check, "051080000123").total, 0);
    assert_int_equal(find(check, "").total, 0);
    struct person person = { .id = 0 };
    assert_ok(cx, person_get(cx, id, &person));
    assert_true(person.erased_at > 0);
    assert_str_equal(person.title, "Bí thư");
    assert_err(ERR_CONFLICT, take(check, &update));
}

static void assert_same_after_rebuild(struct check_store *check)
{
    unsigned char before[32], after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

static void records_are_the_same_after_a_rebuild_also_when_one_is_erased(void **state)
{
    struct check_store *check = *state;
    struct unit committee = body_of(check, "51", "tinh_uy"),
                other = body_of(check, "75", "tinh_uy");
    int64_t id = add(check, committee.id, "Hoàng Cẩn Khuếch", "Bí thư");
    int64_t moved_id = add(check, committee.id, "Lê Văn An", "Phó Bí thư");
    struct step set = { .run = do_set_citizen_id, .id = id, .text = STR("051080000123") };
    assert_ok(&check->cx, take(check, &set));
    struct step move = { .run = do_transfer, .id = moved_id, .other_id = other.id };
    assert_ok(&check->cx, take(check, &move));
    struct step post = { .run = do_add_post,
                         .id = id,
                         .other_id = committee.id,
                         .text = STR("Ủy viên"),
                         .day = day_from_civil(2026, 5, 1) };
    assert_ok(&check->cx, take(check, &post));
    assert_same_after_rebuild(check);
    struct step erase = { .run = do_erase,
                          .id = id,
                          .text = STR("Theo yêu cầu của chủ thể dữ liệu") };
    assert_ok(&check->cx, take(check, &erase));
    assert_same_after_rebuild(check);
    struct store_findings findings = { .len = 0 };
    assert_ok(&check->cx, store_check(&check->cx, check->store, &findings));
    for (size_t i = 0; i < findings.len; i++)
        print_error(STR_FMT "\n", STR_ARG(findings.at[i]));
    assert_int_equal(findings.len, 0);
}

int main(void)
{
    static struct fact_kinds rooms[2];
    rooms[0] = unit_facts;
    rooms[1] = person_facts;
    fact_register(rooms, LEN(rooms));
#define IN_PROVINCE(test) cmocka_unit_test_setup_teardown(test, open_province, check_store_close)
    const struct CMUnitTest list[] = {
        IN_PROVINCE(people_are_listed_by_given_name_and_found_however_typed),
        IN_PROVINCE(a_scope_shows_its_own_people_and_no_trace_of_others),
        IN_PROVINCE(a_record_is_refused_with_the_field_that_does_not_fit),
        IN_PROVINCE(phones_are_one_number_however_written),
        IN_PROVINCE(a_given_name_that_stands_elsewhere_is_named),
        IN_PROVINCE(posts_have_days_and_the_one_held_now_is_shown),
        IN_PROVINCE(a_transferred_record_is_counted_and_seen_where_it_went),
        IN_PROVINCE(a_commune_that_moves_takes_its_counts_along),
        IN_PROVINCE(a_citizen_id_is_sealed_masked_found_and_revealed_with_a_reason),
        IN_PROVINCE(a_seal_opens_only_in_its_own_row),
        IN_PROVINCE(a_citizen_id_that_does_not_fit_the_record_is_a_doubt),
        IN_PROVINCE(records_are_the_same_after_a_rebuild_also_when_one_is_erased),
        IN_PROVINCE(an_erased_person_leaves_no_readable_trace),
    };
    return cmocka_run_group_tests(list, NULL, NULL);
}
