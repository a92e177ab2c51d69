#include "check/check_paper.h"
#include "obligation/obligation.h"

/* What communes that merge, split or end still owe, over Quảng Ngãi and Hà Tĩnh. */

static int open_ground(void **state)
{
    static struct fact_kinds rooms[3];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    rooms[0] = unit_facts;
    rooms[1] = document_facts;
    rooms[2] = obligation_facts;
    fact_register(rooms, LEN(rooms));
    document_start();
    obligation_start();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

#define HEAD "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"21\",\"symbol\":\"KH/TU\"," \
             "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng cán bộ cấp xã\"," \
             "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"}," \
             "\"obligations\":[{\"text\":\"Báo cáo số lượng điểm cầu, đại biểu về Ban Tổ chức Tỉnh ủy\",\"owner\":\""
#define REST "\",\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"}}]," \
             "\"recipients\":[\""
static const char to_all[] = HEAD "Đảng ủy các xã, phường, đặc khu" REST "Đảng ủy các xã, phường, đặc khu\"]}";
enum { REPORT = 1, COMMUNES = 96 };

static int64_t issue(struct check_store *check, struct str json)
{
    (void)check_act(check, "51", "tinh_uy");
    return check_issue_plan(check, json, "21", day_from_civil(2026, 5, 14));
}

struct pair {
    struct unit a, b;             /* Party committees of two communes of Quảng Ngãi */
    struct unit place_a, place_b; /* the communes */
    struct unit province;
};

static struct pair two_communes(struct check_store *check)
{
    struct pair p = { .a.id = 0 };
    struct unit_list list = { .len = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &p.province));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), p.province.path, &list));
    assert_int_equal(list.len, COMMUNES);
    p.a = list.at[3];
    p.b = list.at[7];
    assert_ok(&check->cx, unit_find(&check->cx, p.a.place_id, &p.place_a));
    assert_ok(&check->cx, unit_find(&check->cx, p.b.place_id, &p.place_b));
    return p;
}

/* ---- Deeds ---- */

struct deed {
    enum err (*run)(struct ctx *cx, struct deed *deed);
    int64_t id, other_id, count;
    int32_t day;
};
static enum err run_deed(struct ctx *cx, void *what)
{
    struct deed *deed = what;
    return deed->run(cx, deed);
}
static enum err do_merge(struct ctx *cx, struct deed *deed)
{
    return unit_merge(cx, deed->id, deed->other_id, deed->day, STR("Nghị quyết thử"));
}
static enum err do_split(struct ctx *cx, struct deed *deed)
{
    return unit_split(cx, deed->id, deed->other_id, deed->day, STR("Nghị quyết thử"));
}
static enum err do_end(struct ctx *cx, struct deed *deed)
{
    return unit_close(cx, deed->id, deed->day, STR("Nghị quyết thử"));
}
static enum err do_hand_over(struct ctx *cx, struct deed *deed)
{
    return unit_hand_over(cx, &deed->count);
}
static enum err do_acknowledge(struct ctx *cx, struct deed *deed)
{
    int64_t first_at = 0;
    return document_acknowledge(cx, deed->id, &first_at);
}
static enum err do_close(struct ctx *cx, struct deed *deed)
{
    return duty_close(cx, deed->id, cx->actor->unit_id, 0, STR("Đã báo cáo 01 điểm cầu"), NULL);
}
static enum err do_create_commune(struct ctx *cx, struct deed *deed)
{
    struct unit_new commune = { .parent_id = deed->id, .kind = UNIT_COMMUNE, .code = STR("99901"), .name = STR("Tân Lập"),
                                .from_day = deed->day, .cause = STR("Nghị quyết thử"), .with_bodies = true };
    return unit_create(cx, &commune, &deed->other_id);
}

static int64_t done(struct check_store *check, struct deed deed)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_deed, &deed));
    return deed.run == do_hand_over ? deed.count : deed.other_id;
}

static void act_for(struct check_store *check, const struct unit *unit)
{
    check_act_for(check, unit, UINT64_MAX);
}

static void act_for_program(struct check_store *check)
{
    check->actor = (struct actor){ .kind = ACTOR_PROGRAM, .scope = { STR(""), STR("~") }, .permissions = UINT64_MAX,
                                   .name = STR("Hệ thống") };
}

/* ---- What is asked ---- */

static struct duty the_duty(struct check_store *check, int64_t obligation_id, int64_t unit_id)
{
    struct duty duty = { .unit_id = 0 };
    assert_ok(&check->cx, duty_get(&check->cx, obligation_id, unit_id, 0, &duty));
    return duty;
}

static bool says(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

static int64_t counted(struct check_store *check, const char *kind, int64_t subject_id, const struct unit *unit)
{
    SQL(read, "SELECT COALESCE(SUM(value), 0) FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
    return check_i64(check, &read, BIND(V(str_from(kind)), V(subject_id), V(unit->id)));
}

/* Every counter of duties and papers, counted again from the rows. */
static void counters_are_right(struct check_store *check)
{
    SQL(total, "/*scan*/ SELECT COUNT(*) FROM counter c JOIN unit a ON a.id = c.unit_id WHERE c.kind = 'duty_total'"
               " AND c.value <> (SELECT COUNT(*) FROM duty d JOIN unit u ON u.id = d.unit_id"
               " WHERE d.obligation_id = c.subject_id AND d.state <> 'withdrawn' AND u.path >= a.path"
               " AND u.path < a.path || 'g')");
    SQL(met, "/*scan*/ SELECT COUNT(*) FROM counter c JOIN unit a ON a.id = c.unit_id WHERE c.kind = 'duty_done'"
             " AND c.value <> (SELECT COUNT(*) FROM duty d JOIN unit u ON u.id = d.unit_id"
             " WHERE d.obligation_id = c.subject_id AND d.state = 'done' AND u.path >= a.path AND u.path < a.path || 'g')");
    SQL(sent, "/*scan*/ SELECT COUNT(*) FROM counter c JOIN unit a ON a.id = c.unit_id WHERE c.kind = 'paper_sent'"
              " AND c.value <> (SELECT COUNT(*) FROM document_delivery d WHERE d.document_id = c.subject_id"
              " AND d.unit_path >= a.path AND d.unit_path < a.path || 'g')");
    SQL(received, "/*scan*/ SELECT COUNT(*) FROM counter c JOIN unit a ON a.id = c.unit_id WHERE c.kind = 'paper_received'"
                  " AND c.value <> (SELECT COUNT(*) FROM document_delivery d WHERE d.document_id = c.subject_id"
                  " AND d.acknowledged_at > 0 AND d.unit_path >= a.path AND d.unit_path < a.path || 'g')");
    assert_int_equal(check_i64(check, &total, NO_BIND), 0);
    assert_int_equal(check_i64(check, &met, NO_BIND), 0);
    assert_int_equal(check_i64(check, &sent, NO_BIND), 0);
    assert_int_equal(check_i64(check, &received, NO_BIND), 0);
}

static void rebuilt_the_same(struct check_store *check)
{
    unsigned char before[32], after[32];
    act_for_program(check);
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

static int32_t today(struct check_store *check)
{
    return day_from_instant(check->cx.now);
}

/* ---- Mergers ---- */

static void merged_communes_owe_once_what_both_owed(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES);
    act_for_program(check);
    done(check, (struct deed){ .run = do_merge, .id = p.place_a.id, .other_id = p.place_b.id, .day = today(check) });

    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES - 1);
    assert_int_equal(counted(check, "paper_sent", paper, &p.province), COMMUNES - 1);
    assert_int_equal(counted(check, "duty_total", report, &p.place_b), 1);
    struct duty old = the_duty(check, report, p.a.id);
    assert_int_equal(old.state, DUTY_WITHDRAWN);
    assert_true(says(old.obligation.state_reason, "sáp nhập vào"));
    assert_true(says(old.obligation.state_reason, "Nghị quyết thử"));
    assert_true(says(old.obligation.state_reason, "đã có cùng nhiệm vụ này"));
    struct duty_events said = { .len = 0 };
    assert_ok(&check->cx, duty_list_events(&check->cx, report, p.b.id, 0, &said));
    assert_int_equal(said.len, 1);
    assert_int_equal(said.at[0].said, DUTY_SAID_TAKEN_OVER);
    assert_true(says(said.at[0].note, "làm cả phần việc của"));
    assert_int_equal(the_duty(check, report, p.b.id).state, DUTY_OPEN);
    counters_are_right(check);
    rebuilt_the_same(check);
}

static void what_a_merged_commune_did_is_counted_at_its_successor(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    act_for(check, &p.a);
    done(check, (struct deed){ .run = do_acknowledge, .id = paper });
    done(check, (struct deed){ .run = do_close, .id = report });
    act_for_program(check);
    done(check, (struct deed){ .run = do_merge, .id = p.place_a.id, .other_id = p.place_b.id, .day = today(check) });

    assert_int_equal(the_duty(check, report, p.a.id).state, DUTY_DONE); /* it happened */
    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES);
    assert_int_equal(counted(check, "duty_done", report, &p.province), 1);
    assert_int_equal(counted(check, "duty_total", report, &p.place_b), 2);
    assert_int_equal(counted(check, "duty_done", report, &p.place_b), 1);
    assert_int_equal(counted(check, "paper_received", paper, &p.place_b), 1);
    counters_are_right(check);
    /* Who answers for the successor sees what was done. */
    struct unit place = { .id = 0 };
    assert_ok(&check->cx, unit_find(&check->cx, p.place_b.id, &place));
    act_for(check, &place);
    assert_int_equal(the_duty(check, report, p.a.id).state, DUTY_DONE);
    rebuilt_the_same(check);
}

static void a_department_merged_into_another_passes_its_papers_on(void **state)
{
    struct check_store *check = *state;
    static const char to_one[] = HEAD "Sở Ngoại vụ" REST "Sở Ngoại vụ\"]}";
    int64_t paper = issue(check, str_from(to_one));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    struct unit old = check_body(check, "51", "so_ngoai_vu");
    struct unit heir = check_body(check, "51", "so_noi_vu");
    act_for_program(check);
    assert_int_equal(counted(check, "paper_sent", paper, &p.province), 1);
    done(check, (struct deed){ .run = do_merge, .id = old.id, .other_id = heir.id, .day = today(check) });
    assert_int_equal(counted(check, "paper_sent", paper, &p.province), 1);
    assert_int_equal(the_duty(check, report, old.id).state, DUTY_WITHDRAWN);
    struct duty taken = the_duty(check, report, heir.id);
    assert_int_equal(taken.state, DUTY_OPEN);
    assert_int_equal(taken.due_at, day_time(day_from_civil(2026, 5, 22), 9, 0));

    act_for(check, &heir);
    done(check, (struct deed){ .run = do_acknowledge, .id = paper });
    done(check, (struct deed){ .run = do_close, .id = report });
    assert_int_equal(the_duty(check, obligation_id_of(paper, OBLIGATION_ACKNOWLEDGEMENT), heir.id).state, DUTY_DONE);
    assert_int_equal(counted(check, "duty_done", report, &p.province), 1);
    counters_are_right(check);
    rebuilt_the_same(check);
}

static void duties_pass_on_the_day_of_the_merger_and_not_before(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    act_for_program(check);
    done(check, (struct deed){ .run = do_merge, .id = p.place_a.id, .other_id = p.place_b.id, .day = today(check) + 3 });
    assert_int_equal(done(check, (struct deed){ .run = do_hand_over }), 0);
    assert_int_equal(the_duty(check, report, p.a.id).state, DUTY_OPEN);
    check->cx.now += INT64_C(3) * 24 * 3600 * 1000;
    assert_int_equal(done(check, (struct deed){ .run = do_hand_over }), 1);
    assert_int_equal(the_duty(check, report, p.a.id).state, DUTY_WITHDRAWN);
    assert_int_equal(done(check, (struct deed){ .run = do_hand_over }), 0); /* twice is harmless */
    counters_are_right(check);
    rebuilt_the_same(check);
}

/* ---- Splits and ends ---- */

static void a_part_that_was_split_off_owes_what_the_old_commune_still_owes(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    act_for(check, &p.a);
    done(check, (struct deed){ .run = do_acknowledge, .id = paper });
    act_for_program(check);
    int64_t part = done(check, (struct deed){ .run = do_create_commune, .id = p.province.id, .day = today(check) });
    done(check, (struct deed){ .run = do_split, .id = p.place_a.id, .other_id = part, .day = today(check) });

    struct unit committee = { .id = 0 };
    assert_ok(&check->cx, unit_find_body(&check->cx, part, STR("dang_uy_xa"), &committee));
    assert_int_equal(the_duty(check, report, p.a.id).state, DUTY_OPEN);
    assert_int_equal(the_duty(check, report, committee.id).state, DUTY_OPEN);
    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES + 1);
    act_for(check, &committee);
    done(check, (struct deed){ .run = do_acknowledge, .id = paper }); /* it was handed the paper, and owed taking it in */
    assert_int_equal(the_duty(check, obligation_id_of(paper, OBLIGATION_ACKNOWLEDGEMENT), committee.id).state, DUTY_DONE);
    counters_are_right(check);
    rebuilt_the_same(check);
}

static void duties_of_a_unit_that_ends_without_a_successor_are_taken_back(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    act_for_program(check);
    done(check, (struct deed){ .run = do_end, .id = p.place_a.id, .day = today(check) });
    struct duty old = the_duty(check, report, p.a.id);
    assert_int_equal(old.state, DUTY_WITHDRAWN);
    assert_true(says(old.obligation.state_reason, "kết thúc hoạt động từ ngày 14/05/2026") ||
                says(old.obligation.state_reason, "kết thúc hoạt động từ ngày 14/5/2026"));
    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES - 1);
    counters_are_right(check);
    rebuilt_the_same(check);
}

static void communes_merged_one_into_the_next_owe_once_at_the_last(void **state)
{
    struct check_store *check = *state;
    int64_t paper = issue(check, str_from(to_all));
    int64_t report = obligation_id_of(paper, REPORT);
    struct pair p = two_communes(check);
    struct unit last = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("21025"), &last));
    assert_true(last.id != p.place_a.id && last.id != p.place_b.id);
    act_for_program(check);
    done(check, (struct deed){ .run = do_merge, .id = p.place_a.id, .other_id = p.place_b.id, .day = today(check) });
    done(check, (struct deed){ .run = do_merge, .id = p.place_b.id, .other_id = last.id, .day = today(check) });
    assert_int_equal(counted(check, "duty_total", report, &p.province), COMMUNES - 2);
    assert_int_equal(counted(check, "duty_total", report, &last), 1);
    counters_are_right(check);
    rebuilt_the_same(check);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(merged_communes_owe_once_what_both_owed),
        ON(what_a_merged_commune_did_is_counted_at_its_successor),
        ON(a_department_merged_into_another_passes_its_papers_on),
        ON(duties_pass_on_the_day_of_the_merger_and_not_before),
        ON(a_part_that_was_split_off_owes_what_the_old_commune_still_owes),
        ON(duties_of_a_unit_that_ends_without_a_successor_are_taken_back),
        ON(communes_merged_one_into_the_next_owe_once_at_the_last),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
