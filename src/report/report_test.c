#include "check/check_paper.h"
#include "obligation/obligation.h"
#include "report/report.h"
#include "store/db.h"

/* Boards over Quảng Ngãi and Hà Tĩnh: what they say is counted again from the tables of the rooms. */

static int open_ground(void **state)
{
    static struct fact_kinds kinds[3];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    kinds[2] = obligation_facts;
    fact_register(kinds, LEN(kinds));
    document_start();
    obligation_start();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

static const char plan[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"21\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"obligations\":["
    "{\"text\":\"Báo cáo số lượng điểm cầu\",\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"}}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Ban Tổ chức Tỉnh ủy\"]}";

enum { COMMUNES = 96 }; /* of Quảng Ngãi */

static int64_t issue(struct check_store *check)
{
    (void)check_act(check, "51", "tinh_uy");
    return check_issue_plan(check, (struct str){ plan, sizeof plan - 1 }, "21", day_from_civil(2026, 5, 14));
}

static enum err acknowledge(struct ctx *cx, void *what)
{
    int64_t first_at = 0;
    return document_acknowledge(cx, *(int64_t *)what, &first_at);
}

static enum err close_duty(struct ctx *cx, void *what)
{
    int64_t obligation_id = *(int64_t *)what;
    int64_t period = 0;
    TRY(duty_newest_period(cx, obligation_id, cx->actor->unit_id, &period));
    return duty_close(cx, obligation_id, cx->actor->unit_id, period, STR("Đã báo cáo 01 điểm cầu"), NULL);
}

static struct report_board board_of(struct check_store *check, const char *code, int64_t document_id)
{
    struct unit area = { .id = 0 };
    struct report_board board = { .unit_id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &area));
    assert_ok(&check->cx, report_board(&check->cx, area.id, document_id, &board));
    return board;
}

static struct report_numbers sum_of(struct check_store *check, const struct report_board *board)
{
    struct report_numbers sum = { .paper_sent = 0 };
    (void)check;
    for (size_t i = 0; i < board->len; i++) {
        sum.paper_sent += board->rows[i].numbers.paper_sent;
        sum.paper_received += board->rows[i].numbers.paper_received;
        sum.duty_total += board->rows[i].numbers.duty_total;
        sum.duty_done += board->rows[i].numbers.duty_done;
    }
    return sum;
}

struct merger {
    int64_t from_id, into_id;
};

static enum err merge(struct ctx *cx, void *what)
{
    const struct merger *merger = what;
    return unit_merge(cx, merger->from_id, merger->into_id, day_from_instant(cx->now), STR("Nghị quyết thử"));
}

static void a_board_shows_two_communes_before_their_merger_and_one_after_and_totals_agree(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    struct unit first = { .id = 0 }, second = { .id = 0 };
    (void)check_act(check, "21025", "dang_uy_xa");
    assert_ok(&check->cx, check_write(check, acknowledge, &document_id));
    (void)check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("21025"), &first));
    struct report_board before = board_of(check, "51", document_id);
    for (size_t i = 0; i < before.len && second.id == 0; i++)
        if (before.rows[i].unit_id != first.id)
            assert_ok(&check->cx, unit_find(&check->cx, before.rows[i].unit_id, &second));
    struct merger merger = { first.id, second.id };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    check->actor.kind = ACTOR_PROGRAM;
    assert_ok(&check->cx, check_write(check, merge, &merger));

    struct report_board after = board_of(check, "51", document_id);
    assert_int_equal(before.len, COMMUNES);
    assert_int_equal(after.len, COMMUNES - 1);
    /* One report less is owed; what was acknowledged stays, at the successor. */
    assert_int_equal(after.total.duty_total, before.total.duty_total - 1);
    assert_int_equal(after.total.duty_done, before.total.duty_done);
    assert_int_equal(after.total.paper_received, 1);
    struct report_numbers sum = sum_of(check, &after);
    assert_int_equal(sum.duty_total, after.total.duty_total - 1); /* and the province's own: Ban Tổ chức */
    assert_int_equal(sum.duty_done, after.total.duty_done);
    assert_int_equal(sum.paper_sent, after.total.paper_sent - 1);
    for (size_t i = 0; i < after.len; i++)
        if (after.rows[i].unit_id == second.id)
            assert_int_equal(after.rows[i].numbers.paper_received, 1);
}

static void a_board_counts_what_units_did_and_every_level_adds_up(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    int64_t obligation_id = obligation_id_of(document_id, 1);
    (void)check_act(check, "21025", "dang_uy_xa");
    assert_ok(&check->cx, check_write(check, acknowledge, &document_id));
    assert_ok(&check->cx, check_write(check, close_duty, &obligation_id));

    (void)check_act(check, "51", "tinh_uy");
    struct report_board board = board_of(check, "51", document_id);
    assert_int_equal(board.len, COMMUNES);
    assert_int_equal(board.total.paper_sent, COMMUNES + 1);
    assert_int_equal(board.total.paper_received, 1);
    assert_int_equal(board.total.duty_total, 2 * COMMUNES + 1); /* the acknowledgement is owed too */
    assert_int_equal(board.total.duty_done, 2);
    struct report_numbers sum = { .paper_sent = 0 };
    for (size_t i = 0; i < board.len; i++) {
        sum.paper_sent += board.rows[i].numbers.paper_sent;
        sum.paper_received += board.rows[i].numbers.paper_received;
        sum.duty_done += board.rows[i].numbers.duty_done;
    }
    assert_int_equal(sum.paper_sent, COMMUNES); /* the one more is the province's own body */
    assert_int_equal(sum.paper_received, board.total.paper_received);
    assert_int_equal(sum.duty_done, board.total.duty_done);
}

static void an_acknowledgement_sent_twice_counts_once(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    (void)check_act(check, "21025", "dang_uy_xa");
    assert_ok(&check->cx, check_write(check, acknowledge, &document_id));
    assert_ok(&check->cx, check_write(check, acknowledge, &document_id));
    (void)check_act(check, "51", "tinh_uy");
    assert_int_equal(board_of(check, "51", document_id).total.paper_received, 1);
}

static void the_list_names_exactly_those_who_are_silent(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    struct unit answered = check_act(check, "21025", "dang_uy_xa");
    assert_ok(&check->cx, check_write(check, acknowledge, &document_id));
    (void)check_act(check, "51", "tinh_uy");
    struct unit area = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &area));
    struct report_silents list = { .at = NULL };
    assert_ok(&check->cx, report_list_silent(&check->cx, area.id, document_id, REPORT_PAPER, REPORT_SILENT_MAX, &list));
    assert_int_equal(list.len, COMMUNES);
    for (size_t i = 0; i < list.len; i++)
        assert_true(list.at[i].unit_id != answered.id);
    assert_ok(&check->cx, report_list_silent(&check->cx, area.id, document_id, REPORT_PAPER, 10, &list));
    assert_int_equal(list.len, 10);
    assert_true(list.is_cut);
}

static void a_duty_is_late_from_its_instant_on(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    check->cx.now = day_time(day_from_civil(2026, 5, 22), 9, 0);
    int64_t before = board_of(check, "51", document_id).total.duty_late;
    check->cx.now += 1;
    assert_int_equal(board_of(check, "51", document_id).total.duty_late, before + COMMUNES);
}

static void the_board_of_another_province_does_not_exist(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    struct unit own = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &own));
    (void)check_act(check, "42", "tinh_uy");
    struct report_board board = { .unit_id = 0 };
    struct report_silents list = { .at = NULL };
    assert_err(ERR_NOT_FOUND, report_board(&check->cx, own.id, document_id, &board));
    assert_err(ERR_NOT_FOUND, report_board(&check->cx, own.id, 999999, &board));
    assert_err(ERR_NOT_FOUND, report_list_silent(&check->cx, own.id, document_id, REPORT_DUTY, 10, &list));
}

static void a_live_event_carries_the_figures_of_the_board(void **state)
{
    struct check_store *check = *state;
    int64_t document_id = issue(check);
    (void)check_act(check, "51", "tinh_uy");
    struct unit area = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &area));
    struct buf data;
    buf_init(&data, &check->cx.arena);
    assert_ok(&check->cx, report_render_live(&check->cx, area.id, document_id * REPORT_FIGURES, &data));
    struct str text = buf_str(&data);
    assert_true(str_find(text, STR("\"PAPER\":\"0\"")) < text.len);
    assert_true(str_find(text, STR("\"21025.done\":\"0\"")) < text.len);
    assert_true(str_find(text, STR("\"21025\":\"due\"")) < text.len);
}

#define ON_GROUND(sentence) cmocka_unit_test_setup_teardown(sentence, open_ground, check_store_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GROUND(a_board_counts_what_units_did_and_every_level_adds_up),
        ON_GROUND(a_board_shows_two_communes_before_their_merger_and_one_after_and_totals_agree),
        ON_GROUND(an_acknowledgement_sent_twice_counts_once),
        ON_GROUND(the_list_names_exactly_those_who_are_silent),
        ON_GROUND(a_duty_is_late_from_its_instant_on),
        ON_GROUND(the_board_of_another_province_does_not_exist),
        ON_GROUND(a_live_event_carries_the_figures_of_the_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
