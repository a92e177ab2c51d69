#include "check/check_roll.h"
#include "roll/roll_inside.h"

#include <string.h>

/* The roll's facts and figures, on a class of two communes. */

static struct fact_id id_of(unsigned char n)
{
    return (struct fact_id){ { 0xA0, n } };
}

#define DEVICE "00000000000000000000000000000d01"

static struct roll_marked mark_of(const struct check_class *class, size_t learner, const char *mark)
{
    return (struct roll_marked){ .point_id = class->own.point_id, .session_key = class->morning,
                                 .learner_id = class->own.learners[learner], .mark = str_from(mark), .reason = STR(""),
                                 .replaces = STR(""), .device = STR(DEVICE), .device_count = 1,
                                 .device_at = check_class_at(7, 40), .source = STR("officer"), .by_name = STR("") };
}

static const struct roll_line *line_of(const struct roll_sheet *sheet, int64_t learner_id)
{
    for (size_t i = 0; i < sheet->len; i++)
        if (sheet->at[i].learner_id == learner_id)
            return &sheet->at[i];
    fail_msg("no such learner on the sheet");
    return NULL;
}

struct doing {
    enum err (*run)(struct ctx *cx, const struct check_class *class);
    const struct check_class *class;
};

static enum err run_doing(struct ctx *cx, void *what)
{
    struct doing *doing = what;
    return doing->run(cx, doing->class);
}

static enum err do_it(struct check_class *class, enum err (*run)(struct ctx *cx, const struct check_class *class))
{
    struct doing doing = { run, class };
    class->check->cx.fact_id = (struct fact_id){ { 0 } };
    return check_write(class->check, run_doing, &doing);
}

static enum err close_morning(struct ctx *cx, const struct check_class *class)
{
    return roll_close(cx, class->own.point_id, class->morning);
}

static enum err reopen_morning(struct ctx *cx, const struct check_class *class)
{
    return roll_reopen(cx, class->own.point_id, class->morning, STR("ghi nhầm đồng chí An"));
}

static enum err reopen_without_reason(struct ctx *cx, const struct check_class *class)
{
    return roll_reopen(cx, class->own.point_id, class->morning, STR("  "));
}

static enum err count_35(struct ctx *cx, const struct check_class *class)
{
    return roll_count_heads(cx, class->own.point_id, class->morning, 35, STR("đếm lúc 8 giờ 15"));
}

/* Rebuilding from the facts gives the same tables, and every counter is what the facts say. */
static void check_rebuild(struct check_class *class)
{
    struct ctx *cx = &class->check->cx;
    unsigned char before[32];
    unsigned char after[32];
    struct store_findings findings = { .len = 0 };
    assert_ok(cx, store_digest(cx, class->check->store, before));
    assert_ok(cx, store_rebuild(cx, class->check->store));
    assert_ok(cx, store_digest(cx, class->check->store, after));
    assert_memory_equal(before, after, sizeof before);
    assert_ok(cx, store_check(cx, class->check->store, &findings));
    if (findings.len > 0)
        fail_msg("check found: %.*s", STR_ARG(findings.at[0]));
}

static void a_mark_counts_from_the_commune_to_the_nation(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct unit_list up = { .len = 0 };
    struct roll_marked marked = mark_of(class, 1, "present");
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_STORED);
    marked = mark_of(class, 2, "late");
    assert_int_equal(check_mark(class, id_of(2), &marked, NULL), ROLL_STORED);
    assert_ok(&class->check->cx, unit_find_ancestors(&class->check->cx, class->own.area_id, &up));
    assert_int_equal(up.len, 3);
    for (size_t i = 0; i < up.len; i++) {
        assert_int_equal(check_roll_counter(class, "roll_present", class->morning, up.at[i].id), 1);
        assert_int_equal(check_roll_counter(class, "roll_late", class->morning, up.at[i].id), 1);
        assert_int_equal(check_roll_counter(class, "roll_expected", class->morning, up.at[i].id), CHECK_LEARNERS);
    }
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    assert_int_equal(sheet.figures.present, 1);
    assert_int_equal(sheet.figures.late, 1);
    assert_int_equal(sheet.figures.expected, CHECK_LEARNERS);
    assert_int_equal(sheet.figures.unmarked, CHECK_LEARNERS - 2);
    check_rebuild(class);
}

static void the_roll_is_called_in_the_order_of_given_names(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    assert_int_equal(sheet.len, CHECK_LEARNERS);
    assert_str_equal(sheet.at[0].full_name, "Nguyễn Văn An");
    assert_str_equal(sheet.at[1].full_name, "Nguyễn Văn Ánh");
    assert_str_equal(sheet.at[CHECK_LEARNERS - 1].full_name, "Nguyễn Văn Yến");
    assert_int_equal(sheet.at[0].code_digest.len, 32);
}

static void the_same_mark_sent_again_is_already_there_whenever_it_comes(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked marked = mark_of(class, 1, "present");
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_STORED);
    for (int i = 0; i < 100; i++) {
        class->check->cx.now += 60000;
        marked.offset_ms = i; /* of another upload: no part of the mark */
        assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_ALREADY);
    }
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 1);
}

static int64_t count_asides(struct check_class *class)
{
    SQL(count_asides, "SELECT COUNT(*) FROM roll_set_aside /*scan*/");
    return check_i64(class->check, &count_asides, NO_BIND);
}

static void the_same_id_with_other_content_is_refused_and_kept_for_the_record(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct str words = STR("");
    struct roll_marked marked = mark_of(class, 1, "present");
    struct roll_marked others[5] = { marked, marked, marked, marked, marked };
    others[0].mark = STR("absent");
    others[1].learner_id = class->own.learners[2];
    others[2].session_key = class->afternoon;
    others[3].device_at++;
    others[4].reason = STR("khác");
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_STORED);
    for (int times = 0; times < 2; times++) {
        for (size_t i = 0; i < LEN(others); i++) {
            assert_int_equal(check_mark(class, id_of(1), &others[i], &words), ROLL_SET_ASIDE);
            assert_true(words.len > 0);
        }
    }
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_ALREADY);
    assert_true(count_asides(class) >= 3 && count_asides(class) <= 5); /* the same alarm twice is one */
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 1);
    assert_int_equal(check_roll_counter(class, "roll_absent", class->morning, class->own.area_id), 0);
    check_rebuild(class);
}

static void what_cannot_be_a_mark_is_set_aside_with_its_reason_and_kept(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked bad[8];
    static const char *const words[8] = { "Lớp không có buổi này", "Không rõ có mặt", "Danh sách lượt được thay",
                                          "Mã thiết bị", "Giờ hoặc số thứ tự", "Không có học viên này", "dài quá",
                                          "chọn một giá trị" };
    for (size_t i = 0; i < LEN(bad); i++)
        bad[i] = mark_of(class, i, "present");
    bad[0].session_key += 400;
    bad[1].mark = STR("maybe");
    bad[2].replaces = STR("xyz");
    bad[3].device = STR("zz");
    bad[4].device_at = INT64_MAX;
    bad[5].learner_id = 999999;
    struct buf reason;
    buf_init(&reason, &class->check->cx.arena);
    for (int i = 0; i <= ROLL_REASON_MAX; i++)
        buf_put(&reason, STR("ố"));
    bad[6].reason = buf_str(&reason);
    bad[7].source = STR("hearsay");
    for (size_t i = 0; i < LEN(bad); i++) {
        struct str got = STR("");
        assert_int_equal(check_mark(class, id_of((unsigned char)(10 + i)), &bad[i], &got), ROLL_SET_ASIDE);
        if (str_find(got, str_from(words[i])) == got.len)
            fail_msg("%zu: %.*s", i, STR_ARG(got));
    }
    assert_int_equal(count_asides(class), LEN(bad));
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 0);
    check_rebuild(class);
}

static void one_learner_cannot_be_marked_without_end(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked marked = mark_of(class, 1, "present");
    for (int i = 0; i < ROLL_LINE_MARKS_MAX; i++) {
        marked.device_count = i + 1;
        assert_int_equal(check_mark(class, id_of((unsigned char)(i + 1)), &marked, NULL), ROLL_STORED);
    }
    assert_int_equal(check_mark(class, id_of(200), &marked, NULL), ROLL_SET_ASIDE);
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 1);
}

static struct str hex_of(struct check_class *class, unsigned char n)
{
    struct fact_id id = id_of(n);
    return str_from_bytes_hex(&class->check->cx.arena, id.at, sizeof id.at);
}

static void several_officers_who_differ_are_listed_until_one_settles_it(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked one = mark_of(class, 1, "present");
    struct roll_marked two = mark_of(class, 1, "absent");
    two.device = STR("00000000000000000000000000000d02");
    two.device_at += 60000;
    assert_int_equal(check_mark(class, id_of(1), &one, NULL), ROLL_STORED);
    assert_int_equal(check_mark(class, id_of(2), &two, NULL), ROLL_STORED);
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    const struct roll_line *line = line_of(&sheet, class->own.learners[1]);
    assert_true(line->is_conflict);
    assert_int_equal(line->mark, ROLL_ABSENT); /* the later one, meanwhile */
    assert_int_equal(sheet.figures.conflicts, 1);
    assert_int_equal(check_roll_counter(class, "roll_conflict", class->morning, class->own.area_id), 1);
    assert_str_equal(line->heads, str_to_c(&class->check->cx.arena,
                                           str_format(&class->check->cx.arena, STR_FMT "," STR_FMT, STR_ARG(hex_of(class, 1)),
                                                      STR_ARG(hex_of(class, 2)))));
    struct roll_marked settled = mark_of(class, 1, "late");
    settled.replaces = line->heads;
    settled.reason = STR("đối chiếu bản ký");
    assert_int_equal(check_mark(class, id_of(3), &settled, NULL), ROLL_STORED);
    sheet = check_sheet(class, class->own.point_id, class->morning);
    line = line_of(&sheet, class->own.learners[1]);
    assert_false(line->is_conflict);
    assert_int_equal(line->mark, ROLL_LATE);
    assert_str_equal(line->reason, "đối chiếu bản ký");
    assert_int_equal(check_roll_counter(class, "roll_conflict", class->morning, class->own.area_id), 0);
    assert_int_equal(check_roll_counter(class, "roll_absent", class->morning, class->own.area_id), 0);
    assert_int_equal(check_roll_counter(class, "roll_late", class->morning, class->own.area_id), 1);
    check_rebuild(class);
}

static void a_wrong_clock_is_put_right_and_never_loses_a_mark(void **state)
{
    struct check_class *class = check_class_open(*state);
    static const int64_t years = INT64_C(365) * DAY_MS * 10;
    struct roll_marked late_clock = mark_of(class, 1, "present");
    struct roll_marked early_clock = mark_of(class, 1, "absent");
    late_clock.device_at = check_class_at(7, 50) + years; /* truly 07:50 */
    late_clock.offset_ms = -years;
    early_clock.device_at = check_class_at(7, 55) - years; /* truly 07:55 */
    early_clock.offset_ms = years;
    assert_int_equal(check_mark(class, id_of(1), &late_clock, NULL), ROLL_STORED);
    assert_int_equal(check_mark(class, id_of(2), &early_clock, NULL), ROLL_STORED);
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    const struct roll_line *line = line_of(&sheet, class->own.learners[1]);
    assert_int_equal(line->mark, ROLL_ABSENT);
    assert_int_equal(line->marked_at, check_class_at(7, 55));
}

static void a_learner_who_sits_elsewhere_counts_where_he_sits(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked there = mark_of(class, 1, "present");
    there.point_id = class->other.point_id;
    assert_int_equal(check_mark(class, id_of(1), &there, NULL), ROLL_STORED);
    struct roll_sheet own = check_sheet(class, class->own.point_id, class->morning);
    const struct roll_line *line = line_of(&own, class->own.learners[1]);
    assert_int_equal(line->elsewhere_point_id, class->other.point_id);
    assert_int_equal(own.figures.present, 0);
    assert_int_equal(own.figures.elsewhere, 1);
    assert_int_equal(own.figures.unmarked, CHECK_LEARNERS - 1);
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->other.area_id), 1);
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 0);
    /* The own officer marks him absent later: a conflict, which the own point counts now. */
    struct roll_marked absent = mark_of(class, 1, "absent");
    absent.device_at += 60000;
    assert_int_equal(check_mark(class, id_of(2), &absent, NULL), ROLL_STORED);
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->other.area_id), 0);
    assert_int_equal(check_roll_counter(class, "roll_absent", class->morning, class->own.area_id), 1);
    assert_int_equal(check_roll_counter(class, "roll_conflict", class->morning, class->own.area_id), 1);
    check_class_act(class, &class->other, UINT64_MAX);
    assert_int_equal(check_sheet(class, class->other.point_id, class->morning).len, CHECK_LEARNERS);
    check_rebuild(class);
}

static void a_visitor_is_shown_where_he_sat_beside_those_expected(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked there = mark_of(class, 1, "present");
    there.point_id = class->other.point_id;
    assert_int_equal(check_mark(class, id_of(1), &there, NULL), ROLL_STORED);
    check_class_act(class, &class->other, UINT64_MAX);
    struct roll_sheet sheet = check_sheet(class, class->other.point_id, class->morning);
    assert_int_equal(sheet.len, CHECK_LEARNERS + 1);
    assert_true(line_of(&sheet, class->own.learners[1])->is_visitor);
    assert_int_equal(sheet.figures.present, 1);
    assert_int_equal(sheet.figures.expected, CHECK_LEARNERS);
    assert_int_equal(sheet.figures.unmarked, CHECK_LEARNERS);
}

static enum err withdraw_third(struct ctx *cx, const struct check_class *class)
{
    return nomination_withdraw(cx, class->own.learners[3], STR("Chuyển công tác"));
}

static enum err move_fourth(struct ctx *cx, const struct check_class *class)
{
    return nomination_move_learner(cx, class->own.learners[4], class->other.point_id);
}

/* The board's whole follows the lists also after the first mark, and is what counting anew gives. */
static void who_leaves_the_list_or_the_room_is_no_longer_expected_there(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked own = mark_of(class, 1, "present");
    struct roll_marked other = mark_of(class, 0, "present");
    other.point_id = class->other.point_id;
    other.learner_id = class->other.learners[0];
    assert_int_equal(check_mark(class, id_of(1), &own, NULL), ROLL_STORED);
    check_class_act(class, &class->other, UINT64_MAX);
    assert_int_equal(check_mark(class, id_of(2), &other, NULL), ROLL_STORED);
    check_class_act(class, &class->own, UINT64_MAX);
    assert_ok(&class->check->cx, do_it(class, withdraw_third));
    assert_int_equal(check_roll_counter(class, "roll_expected", class->morning, class->own.area_id), CHECK_LEARNERS - 1);
    check_act(class->check, "51", "tinh_uy");
    assert_ok(&class->check->cx, do_it(class, move_fourth));
    assert_int_equal(check_roll_counter(class, "roll_expected", class->morning, class->own.area_id), CHECK_LEARNERS - 2);
    assert_int_equal(check_roll_counter(class, "roll_expected", class->morning, class->other.area_id), CHECK_LEARNERS + 1);
    check_class_act(class, &class->own, UINT64_MAX);
    assert_int_equal(check_sheet(class, class->own.point_id, class->morning).figures.expected, CHECK_LEARNERS - 2);
    check_rebuild(class);
}

static void closing_freezes_what_was_reported_and_late_marks_stand_beside_it(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_marked marked = mark_of(class, 1, "present");
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_STORED);
    class->check->cx.now = check_class_at(8, 30);
    assert_ok(&class->check->cx, do_it(class, close_morning));
    assert_int_equal(check_roll_counter(class, "roll_closed", class->morning, class->own.area_id), 1);
    assert_err(ERR_CONFLICT, do_it(class, close_morning));
    /* A telephone comes back from where there was no line. */
    struct roll_marked late = mark_of(class, 2, "present");
    assert_int_equal(check_mark(class, id_of(2), &late, NULL), ROLL_STORED);
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    assert_true(sheet.is_closed);
    assert_int_equal(sheet.closed_at, check_class_at(8, 30));
    assert_int_equal(sheet.frozen.present, 1);
    assert_int_equal(sheet.frozen.unmarked, CHECK_LEARNERS - 1);
    assert_int_equal(sheet.figures.present, 2);
    assert_int_equal(check_roll_counter(class, "roll_present", class->morning, class->own.area_id), 2);
    assert_err(ERR_INVALID, do_it(class, reopen_without_reason));
    assert_ok(&class->check->cx, do_it(class, reopen_morning));
    assert_err(ERR_CONFLICT, do_it(class, reopen_morning));
    assert_int_equal(check_roll_counter(class, "roll_closed", class->morning, class->own.area_id), 0);
    assert_ok(&class->check->cx, do_it(class, close_morning));
    sheet = check_sheet(class, class->own.point_id, class->morning);
    assert_int_equal(sheet.frozen.present, 2);
    check_rebuild(class);
}

static void a_head_count_stands_only_where_no_name_was_called(void **state)
{
    struct check_class *class = check_class_open(*state);
    assert_ok(&class->check->cx, do_it(class, count_35));
    assert_int_equal(check_roll_counter(class, "roll_head_count", class->morning, class->own.area_id), 35);
    assert_int_equal(check_sheet(class, class->own.point_id, class->morning).figures.head_count, 35);
    /* Marks made offline come in after it: names are more than a number, and the two are never added. */
    struct roll_marked marked = mark_of(class, 1, "present");
    assert_int_equal(check_mark(class, id_of(1), &marked, NULL), ROLL_STORED);
    assert_int_equal(check_roll_counter(class, "roll_head_count", class->morning, class->own.area_id), 0);
    assert_int_equal(check_sheet(class, class->own.point_id, class->morning).figures.head_count, 35);
    assert_err(ERR_CONFLICT, do_it(class, count_35));
    /* The mark is taken back: nobody was called after all. */
    struct roll_marked none = mark_of(class, 1, "none");
    none.replaces = hex_of(class, 1);
    assert_int_equal(check_mark(class, id_of(2), &none, NULL), ROLL_STORED);
    assert_int_equal(check_roll_counter(class, "roll_head_count", class->morning, class->own.area_id), 35);
    check_rebuild(class);
}

struct visiting {
    struct check_class *class;
    enum roll_receipt receipt;
    struct str name;
    bool withdraws;
};

static enum err run_visit(struct ctx *cx, void *what)
{
    struct visiting *visiting = what;
    struct roll_place place = { .ends_at = 0 };
    struct str words = STR("");
    struct fact_id id = id_of(77);
    TRY(roll_open_place(cx, visiting->class->own.point_id, ROLL_NARROWED, &place));
    if (visiting->withdraws)
        return roll_withdraw_walk_in(cx, &place, visiting->class->morning, str_from_bytes_hex(&cx->arena, id.at, sizeof id.at),
                                     STR("ghi nhầm"));
    struct roll_walked_in walked = { .point_id = place.point.id, .session_key = visiting->class->morning,
                                     .full_name = visiting->name, .title = STR("Chuyên viên"), .unit_name = STR(""),
                                     .device = STR(DEVICE), .device_count = 5, .device_at = cx->now };
    return roll_take_walk_in(cx, &place, id, &walked, STR(""), &visiting->receipt, &words);
}

static void who_stands_on_no_list_is_kept_and_counted_apart(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct ctx *cx = &class->check->cx;
    struct visiting visiting = { .class = class, .name = STR("Phạm Thị Khách") };
    assert_ok(cx, check_write(class->check, run_visit, &visiting));
    assert_int_equal(visiting.receipt, ROLL_STORED);
    assert_ok(cx, check_write(class->check, run_visit, &visiting));
    assert_int_equal(visiting.receipt, ROLL_ALREADY);
    struct roll_sheet sheet = check_sheet(class, class->own.point_id, class->morning);
    assert_int_equal(sheet.walk_ins_len, 1);
    assert_str_equal(sheet.walk_ins[0].full_name, "Phạm Thị Khách");
    assert_int_equal(sheet.figures.present, 0);
    assert_int_equal(check_roll_counter(class, "roll_walk_in", class->morning, class->own.area_id), 1);
    visiting.name = STR("Người khác");
    assert_ok(cx, check_write(class->check, run_visit, &visiting));
    assert_int_equal(visiting.receipt, ROLL_SET_ASIDE);
    visiting.withdraws = true;
    assert_ok(cx, check_write(class->check, run_visit, &visiting));
    assert_err(ERR_NOT_FOUND, check_write(class->check, run_visit, &visiting));
    assert_int_equal(check_roll_counter(class, "roll_walk_in", class->morning, class->own.area_id), 0);
    check_rebuild(class);
}

/* ---- Any order gives the same tables ---- */

enum { ORDER_MARKS = 9 };

static void fill_history(struct check_class *class, struct roll_marked *marks)
{
    for (size_t i = 0; i < ORDER_MARKS; i++) {
        marks[i] = mark_of(class, i % 3, i % 2 ? "present" : "absent");
        marks[i].device_at += (int64_t)(i % 4) * 1000;
        marks[i].device_count = (int64_t)i + 1;
        if (i % 4 == 3)
            marks[i].point_id = class->other.point_id;
    }
    marks[3].replaces = hex_of(class, 1);
    marks[6].replaces = hex_of(class, 4);
    marks[7].replaces = hex_of(class, 2);
    marks[8].replaces = str_format(&class->check->cx.arena, STR_FMT "," STR_FMT, STR_ARG(hex_of(class, 3)),
                                   STR_ARG(hex_of(class, 6)));
}

/* Every table of the room but when a mark was received, as text: lines by their keys. */
static struct str picture(struct check_class *class)
{
    SQL(list_lines, "SELECT learner_id, point_id, mark, is_conflict, winner, known, named FROM roll_line"
                    " ORDER BY learner_id, session_key /*scan*/");
    struct ctx *cx = &class->check->cx;
    struct buf out;
    buf_init(&out, &cx->arena);
    struct rows rows = db_rows(cx, &list_lines, NO_BIND);
    while (rows_next(&rows)) {
        int64_t learner = rows_i64(&rows);
        size_t ordinal = 0;
        while (class->own.learners[ordinal] != learner)
            ordinal++;
        bool is_own = rows_i64(&rows) == class->own.point_id;
        struct str mark = rows_str(&rows);
        int64_t conflict = rows_i64(&rows);
        struct bytes winner = rows_bytes(&rows);
        struct bytes named = rows_bytes(&rows);
        (void)named;
        buf_format(&out, "%zu %d " STR_FMT " %lld " STR_FMT "\n", ordinal, is_own, STR_ARG(mark), (long long)conflict,
                   STR_ARG(str_from_bytes_hex(&cx->arena, winner.at, winner.len)));
    }
    assert_ok(cx, rows_end(&rows));
    static const char *const kinds[] = { "roll_present", "roll_absent", "roll_conflict", "roll_expected" };
    for (size_t i = 0; i < LEN(kinds); i++)
        buf_format(&out, "%s %lld %lld\n", kinds[i],
                   (long long)check_roll_counter(class, kinds[i], class->morning, class->own.area_id),
                   (long long)check_roll_counter(class, kinds[i], class->morning, class->other.area_id));
    return buf_str(&out);
}

static struct str picture_after(void *check, size_t first, size_t step)
{
    struct check_class *class = check_class_open(check);
    struct roll_marked marks[ORDER_MARKS];
    fill_history(class, marks);
    for (size_t times = 0; times < 2; times++)
        for (size_t i = 0; i < ORDER_MARKS; i++) {
            size_t at = (first + i * step) % ORDER_MARKS;
            enum roll_receipt got = check_mark(class, id_of((unsigned char)(at + 1)), &marks[at], NULL);
            assert_int_equal(got, times == 0 ? ROLL_STORED : ROLL_ALREADY);
        }
    check_rebuild(class);
    return picture(class);
}

static void any_order_of_uploads_leaves_the_same_tables_and_counters(void **state)
{
    static const size_t orders[][2] = { { 0, 1 }, { 8, 8 }, { 4, 2 }, { 3, 5 } };
    struct str first = picture_after(*state, orders[0][0], orders[0][1]);
    char kept[4000];
    assert_true(first.len < sizeof kept);
    memcpy(kept, first.at, first.len);
    size_t len = first.len;
    for (size_t i = 1; i < LEN(orders); i++) {
        void *other = NULL;
        assert_int_equal(check_roll_open(&other), 0);
        struct str again = picture_after(other, orders[i][0], orders[i][1]);
        if (again.len != len || memcmp(again.at, kept, len) != 0)
            fail_msg("order %zu:\n%.*s\nand before:\n%.*s", i, STR_ARG(again), (int)len, kept);
        assert_int_equal(check_store_close(&other), 0);
    }
}

static void a_point_beyond_the_seat_does_not_exist(void **state)
{
    struct check_class *class = check_class_open(*state);
    struct roll_sheet sheet = { .len = 0 };
    check_class_act(class, &class->other, UINT64_MAX);
    assert_err(ERR_NOT_FOUND, roll_get_sheet(&class->check->cx, class->own.point_id, class->morning, &sheet));
    assert_err(ERR_NOT_FOUND, do_it(class, close_morning));
    assert_err(ERR_NOT_FOUND, do_it(class, count_35));
    check_class_act(class, &class->own, UINT64_MAX);
    assert_err(ERR_NOT_FOUND, roll_get_sheet(&class->check->cx, class->own.point_id, class->morning + 400, &sheet));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, check_roll_open, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(a_mark_counts_from_the_commune_to_the_nation),
        ON(the_roll_is_called_in_the_order_of_given_names),
        ON(the_same_mark_sent_again_is_already_there_whenever_it_comes),
        ON(the_same_id_with_other_content_is_refused_and_kept_for_the_record),
        ON(what_cannot_be_a_mark_is_set_aside_with_its_reason_and_kept),
        ON(one_learner_cannot_be_marked_without_end),
        ON(several_officers_who_differ_are_listed_until_one_settles_it),
        ON(a_wrong_clock_is_put_right_and_never_loses_a_mark),
        ON(a_learner_who_sits_elsewhere_counts_where_he_sits),
        ON(a_visitor_is_shown_where_he_sat_beside_those_expected),
        ON(who_leaves_the_list_or_the_room_is_no_longer_expected_there),
        ON(closing_freezes_what_was_reported_and_late_marks_stand_beside_it),
        ON(a_head_count_stands_only_where_no_name_was_called),
        ON(who_stands_on_no_list_is_kept_and_counted_apart),
        ON(any_order_of_uploads_leaves_the_same_tables_and_counters),
        ON(a_point_beyond_the_seat_does_not_exist),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
