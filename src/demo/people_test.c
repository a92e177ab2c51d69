#include "check/check_store.h"

#include "demo/people.h"
#include "demo/people_data.h"
#include "demo/people_names.h"
#include "person/person.h"
#include "unit/unit.h"
#include "viet/viet.h"

static int64_t count_people(struct check_store *check)
{
    SQL(count_persons, "/*scan*/ SELECT COUNT(*) FROM person");
    return check_i64(check, &count_persons, NO_BIND);
}

static int open_province(void **state)
{
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    static const struct str codes[] = { STR_INIT("51") };
    check->cx.now = day_time(day_from_civil(2025, 7, 1), 7, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static void each_unit_gets_its_heads_and_each_post_stands_at_its_body(void **state)
{
    struct check_store *check = *state;
    assert_ok(&check->cx, demo_load_people(&check->cx, check->store, 7, 3000));
    SQL(count_at_sort,
        "/*scan*/ SELECT COUNT(*) FROM post t JOIN unit u ON u.id = t.unit_id"
        " WHERE u.sort = $1 AND t.title LIKE $2");
    static const struct {
        const char *sort, *title;
        int64_t people;
    } heads[] = {
        { "tinh_uy", "Bí thư Tỉnh ủy", 1 },
        { "ban_to_chuc_tu", "Trưởng Ban Tổ chức Tỉnh ủy", 1 },
        { "truong_chinh_tri", "Hiệu trưởng Trường Chính trị", 1 },
        { "truong_chinh_tri", "Trưởng khoa Xây dựng Đảng", 0 },
        { "so_noi_vu", "Giám đốc Sở Nội vụ", 1 },
        { "ubnd_tinh", "Chủ tịch Ủy ban nhân dân tỉnh", 1 },
        { "mttq_tinh", "Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", 1 },
        { "hoc_vien", "Giám đốc Học viện", 1 },
    };
    for (size_t i = 0; i < LEN(heads); i++) {
        int64_t found = check_i64(check, &count_at_sort,
                                  BIND(V(str_from(heads[i].sort)), V(str_from(heads[i].title))));
        if (found < heads[i].people)
            fail_msg("%s: %lld at %s", heads[i].title, (long long)found, heads[i].sort);
    }
    int64_t secretaries =
        check_i64(check, &count_at_sort, BIND(V(STR("dang_uy_xa")), V(STR("Bí thư Đảng ủy"))));
    assert_true(secretaries > 50);
    assert_int_equal(check_i64(check, &count_at_sort, BIND(V(STR("ubnd_xa")), V(STR("%Đảng ủy%")))),
                     0);
    SQL(count_men,
        "/*scan*/ SELECT COUNT(*) FROM person p JOIN post t ON t.person_id = p.id"
        " WHERE t.title LIKE '%Phụ nữ%' AND p.sex <> 'nu'");
    assert_int_equal(check_i64(check, &count_men, NO_BIND), 0);
    SQL(count_long,
        "/*scan*/ SELECT COUNT(*) FROM person WHERE family = 'Nguyễn' AND given LIKE '% %'");
    assert_int_equal(check_i64(check, &count_long, NO_BIND), 0);
    int64_t people = count_people(check);
    assert_true(people > 2800 && people < 3200);
}

static struct str names_in_order(struct check_store *check)
{
    SQL(list_names, "/*scan*/ SELECT full_name FROM person ORDER BY id");
    struct buf names;
    buf_init(&names, &check->cx.arena);
    struct rows rows = db_rows(&check->cx, &list_names, NO_BIND);
    while (rows_next(&rows)) {
        buf_put(&names, rows_str(&rows));
        buf_put_char(&names, '\n');
    }
    assert_ok(&check->cx, rows_end(&rows));
    return buf_str(&names);
}

static void the_same_seed_gives_the_same_people(void **state)
{
    struct check_store *check = *state;
    void *other = NULL;
    assert_ok(&check->cx, demo_load_people(&check->cx, check->store, 7, 300));
    struct str names = names_in_order(check);
    assert_int_equal(open_province(&other), 0);
    struct check_store *again = other;
    assert_ok(&again->cx, demo_load_people(&again->cx, again->store, 7, 300));
    assert_true(str_eq(names, names_in_order(again)));
    check_store_close(&other);
    assert_int_equal(open_province(&other), 0);
    again = other;
    assert_ok(&again->cx, demo_load_people(&again->cx, again->store, 8, 300));
    assert_false(str_eq(names, names_in_order(again)));
    check_store_close(&other);
}

static void names_follow_the_province_and_no_syllable_comes_twice(void **state)
{
    struct check_store *check = *state;
    struct arena *arena = &check->cx.arena;
    struct name_source *source = name_source_open(arena);
    struct demo_random random = { .state = 1 };
    size_t of_ede = 0, with_apostrophe = 0, alone = 0;
    for (int i = 0; i < 5000; i++) {
        struct demo_person_name name =
            name_source_draw(arena, source, &random, STR("66"), DEMO_SEX_ANY);
        assert_true(name.given.len > 0);
        assert_true(str_is_utf8(name.full_name));
        assert_true(str_eq(viet_clean(arena, name.full_name), name.full_name));
        of_ede += str_starts(name.full_name, STR("Y ")) || str_starts(name.full_name, STR("H'"));
        with_apostrophe += str_find(name.full_name, STR("'")) < name.full_name.len;
        alone += name.middle.len == 0;
        struct str rest = name.full_name;
        while (rest.len > 0) {
            struct str syllable = str_cut(&rest, ' '), others = rest;
            while (others.len > 0)
                assert_false(str_eq(str_cut(&others, ' '), syllable));
        }
    }
    assert_true(of_ede > 100);
    assert_true(with_apostrophe > 20);
    assert_true(alone > 0);
    /* Where the Ê Đê do not live, none is drawn. */
    for (int i = 0; i < 2000; i++) {
        struct demo_person_name name =
            name_source_draw(arena, source, &random, STR("33"), DEMO_SEX_ANY);
        assert_false(str_starts(name.full_name, STR("H'")));
    }
}

static void time_lists(struct check_store *check, const char *code, int64_t people)
{
    struct ctx *cx = &check->cx;
    struct unit place = { .id = 0 };
    assert_ok(cx, unit_find_code(cx, str_from(code), &place));
    struct actor officer = { .kind = ACTOR_PERSON, .scope = unit_scope(&cx->arena, place.path) };
    cx->actor = &officer;
    static const char *const texts[] = { "", "huan", "nguyen thi" };
    for (size_t i = 0; i < LEN(texts); i++) {
        struct person_list list = { .len = 0 };
        struct person_query query = { .text = str_from(texts[i]), .title = STR("") };
        /* Once to prepare, once to measure. */
        assert_ok(cx, person_list(cx, &query, &list));
        int64_t started = env_monotonic(cx->env);
        assert_ok(cx, person_list(cx, &query, &list));
        print_message("%s: \"%s\" %lld of %lld in %lld us\n", code, texts[i], (long long)list.total,
                      (long long)people, (long long)(env_monotonic(cx->env) - started));
        assert_true(list.len <= PERSON_PAGE_ROWS);
    }
    cx->actor = &check->actor;
}

static void the_nation_has_its_namesakes_and_is_loaded_in_seconds(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    cx->now = day_time(day_from_civil(2025, 7, 1), 7, 0);
    assert_ok(cx, unit_load_nation(cx, check->store));
    /* The nation's figures are SQLite's; on PostgreSQL a part shows that the same people come. */
    int64_t wanted = check_is_postgresql() ? 5000 : 130000;
    int64_t started = env_monotonic(cx->env);
    assert_ok(cx, demo_load_people(cx, check->store, 1, wanted));
    int64_t us = env_monotonic(cx->env) - started;
    int64_t people = count_people(check);
    print_message("%lld people in %lld ms, %lld facts a second\n", (long long)people,
                  (long long)(us / 1000), (long long)(people * 1000000 / us));
    assert_true(people > wanted - wanted / 20 && people < wanted + wanted / 20);
    SQL(most_namesakes,
        "/*scan*/ SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM person GROUP BY full_name) AS "
        "counted");
    int64_t namesakes = check_i64(check, &most_namesakes, NO_BIND);
    assert_true(namesakes > (check_is_postgresql() ? 1 : 20));
    SQL(count_other_phones,
        "/*scan*/ SELECT COUNT(*) FROM person WHERE phone NOT LIKE '0900000___'");
    assert_int_equal(check_i64(check, &count_other_phones, NO_BIND), 0);

    /* As a ministry sees it, as a province does, and as a commune does. */
    time_lists(check, "VN", people);
    time_lists(check, "51", people);
    time_lists(check, "26368", people);
}

int main(void)
{
    static struct fact_kinds rooms[2];
    rooms[0] = unit_facts;
    rooms[1] = person_facts;
    fact_register(rooms, LEN(rooms));
    const struct CMUnitTest list[] = {
        cmocka_unit_test_setup_teardown(each_unit_gets_its_heads_and_each_post_stands_at_its_body,
                                        open_province, check_store_close),
        cmocka_unit_test_setup_teardown(the_same_seed_gives_the_same_people, open_province,
                                        check_store_close),
        cmocka_unit_test_setup_teardown(names_follow_the_province_and_no_syllable_comes_twice,
                                        open_province, check_store_close),
        cmocka_unit_test_setup_teardown(the_nation_has_its_namesakes_and_is_loaded_in_seconds,
                                        check_store_open, check_store_close),
    };
    return cmocka_run_group_tests(list, NULL, NULL);
}
