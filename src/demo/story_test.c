#include "check/check_roll.h"
#include "demo/demo.h"

/* The small demo, built once for all tests here. */

static int build_demo(void **state, int64_t clock_at)
{
    check_rooms_register();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    const struct demo_options options = { .scale = DEMO_SMALL, .seed = 7, .clock_at = clock_at };
    store_reader_close(check->cx.db); /* the demo opens its own */
    check->cx.db = NULL;
    enum err err = demo_build(&check->cx, check->store, &options);
    if (err != OK)
        print_error("%s: %s\n", check->cx.fault.words, check->cx.fault.detail);
    return err != OK || store_reader_open(&check->cx, check->store, &check->cx.db) != OK;
}

static int open_demo(void **state)
{
    return build_demo(state, day_time(day_from_civil(2026, 5, 20), 8, 30));
}

/* The same demo at nine on the class's first morning: whoever sets the clock there sees rooms full of people. */
static void the_morning_of_the_class_is_lived_too(void **unused)
{
    SQL(count_marks, "/*scan*/ SELECT COUNT(*) FROM fact WHERE kind = 'roll.marked' AND at > $1");
    SQL(count_tests, "/*scan*/ SELECT COUNT(*) FROM fact WHERE kind = 'point.tested' AND at > $1");
    (void)unused;
    void *state = NULL;
    assert_int_equal(build_demo(&state, day_time(day_from_civil(2026, 5, 23), 9, 0)), 0);
    struct check_store *check = state;
    int64_t eve = day_time(day_from_civil(2026, 5, 22), 0, 0);
    assert_true(check_i64(check, &count_marks, BIND(V(eve))) > 500);
    assert_true(check_i64(check, &count_tests, BIND(V(eve))) > 100);
    assert_int_equal(check_store_close(&state), 0);
}

static void the_demo_is_recorded_in_the_order_of_its_days(void **state)
{
    SQL(count_backwards, "/*scan*/ SELECT COUNT(*) FROM fact a JOIN fact b ON b.seq = a.seq + 1 WHERE b.at < a.at"
                         " AND a.kind NOT LIKE 'unit.%' AND a.kind NOT LIKE 'person.%'");
    SQL(count_later, "/*scan*/ SELECT COUNT(*) FROM fact WHERE at > $1");
    struct check_store *check = *state;
    assert_int_equal(check_i64(check, &count_backwards, NO_BIND), 0);
    assert_int_equal(check_i64(check, &count_later, BIND(V(day_time(day_from_civil(2026, 5, 20), 8, 30)))), 0);
}

static void materials_are_word_files_most_units_have_them_and_one_is_late(void **state)
{
    SQL(list_made, "/*scan*/ SELECT m.id, m.name, m.content_type, m.digest, m.bytes, m.delivered_at, m.deliver_before,"
                   " (SELECT COUNT(*) FROM material_receipt r WHERE r.material_id = m.id),"
                   " (SELECT COUNT(*) FROM material_receipt r WHERE r.material_id = m.id AND r.received_at > 0)"
                   " FROM material m ORDER BY m.id");
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int files = 0, late = 0;
    struct rows rows = db_rows(cx, &list_made, NO_BIND);
    while (rows_next(&rows)) {
        struct material m = { .id = rows_i64(&rows) };
        m.name = rows_str(&rows);
        m.content_type = rows_str(&rows);
        m.digest = rows_str(&rows);
        m.bytes = rows_i64(&rows);
        m.delivered_at = rows_i64(&rows);
        m.deliver_before = rows_i64(&rows);
        int64_t sent = rows_i64(&rows);
        int64_t received = rows_i64(&rows);
        struct str content = STR(""), sort = STR("");
        assert_ok(cx, material_open(cx, store_dir(check->store), &m, &content));
        assert_ok(cx, material_sniff(cx, m.name, content, &sort));
        assert_true(str_eq(sort, m.content_type));
        files++;
        late += m.delivered_at == 0 && m.deliver_before < day_time(day_from_civil(2026, 5, 20), 8, 30);
        if (m.delivered_at > 0)
            assert_in_range(received * 100, sent * 30, sent * 100);
    }
    assert_ok(cx, rows_end(&rows));
    assert_int_equal(files, 6);
    assert_int_equal(late, 1);
}

static void duties_without_a_fact_are_closed_by_some_with_words_of_their_own(void **state)
{
    SQL(count_closed, "/*scan*/ SELECT COUNT(*) FROM duty WHERE closed_by = 'note'");
    SQL(count_words, "/*scan*/ SELECT COUNT(DISTINCT note) FROM duty WHERE closed_by = 'note' AND note <> ''");
    SQL(count_open, "/*scan*/ SELECT COUNT(*) FROM duty d JOIN obligation o ON o.id = d.obligation_id"
                    " WHERE d.state = 'open' AND o.ordinal > 0 AND o.ordinal < 9000");
    struct check_store *check = *state;
    int64_t closed = check_i64(check, &count_closed, NO_BIND);
    assert_true(closed > 100);
    assert_true(check_i64(check, &count_words, NO_BIND) > 100);
    assert_true(check_i64(check, &count_open, NO_BIND) > 300);
}

static void the_demo_passes_every_check_of_a_real_installation(void **state)
{
    struct check_store *check = *state;
    struct store_findings findings = { .len = 0 };
    assert_ok(&check->cx, store_check(&check->cx, check->store, &findings));
    for (size_t i = 0; i < findings.len; i++)
        print_error(STR_FMT "\n", STR_ARG(findings.at[i]));
    assert_int_equal(findings.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_is_recorded_in_the_order_of_its_days),
        cmocka_unit_test(materials_are_word_files_most_units_have_them_and_one_is_late),
        cmocka_unit_test(duties_without_a_fact_are_closed_by_some_with_words_of_their_own),
        cmocka_unit_test(the_morning_of_the_class_is_lived_too),
        cmocka_unit_test(the_demo_passes_every_check_of_a_real_installation),
    };
    return cmocka_run_group_tests(tests, open_demo, check_store_close);
}
