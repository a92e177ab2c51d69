#include "check/check_paper.h"
#include "obligation/obligation.h"
#include "http/server.h"
#include "report/report.h"
#include "report/report_history.h"
#include "store/db.h"

#include <time.h>

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

/* ---- As it stood ---- */

/* What stood at an instant: the boards of the nation, a province and a commune, and who was silent. */
struct seen {
    int64_t at;
    struct report_board boards[3];
    struct report_silents silent;
};

static struct seen look(struct check_store *check, int64_t document_id)
{
    struct seen seen = { .at = check->cx.now };
    static const char *const codes[] = { "51", "21025" };
    struct unit nation = { .id = 0 }, province = { .id = 0 };
    assert_ok(&check->cx, unit_find_nation(&check->cx, &nation));
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &province));
    assert_ok(&check->cx, report_board(&check->cx, nation.id, document_id, &seen.boards[0]));
    for (size_t i = 0; i < LEN(codes); i++)
        seen.boards[i + 1] = board_of(check, codes[i], document_id);
    assert_ok(&check->cx, report_list_silent(&check->cx, province.id, document_id, REPORT_DUTY, 0, &seen.silent));
    return seen;
}

static void boards_are_the_same(const struct report_board *a, const struct report_board *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(&a->total, &b->total, sizeof a->total);
    for (size_t i = 0; i < a->len; i++) {
        assert_int_equal(a->rows[i].unit_id, b->rows[i].unit_id);
        assert_memory_equal(&a->rows[i].numbers, &b->rows[i].numbers, sizeof a->rows[i].numbers);
    }
}

static void seen_are_the_same(const struct seen *a, const struct seen *b)
{
    for (size_t i = 0; i < LEN(a->boards); i++)
        boards_are_the_same(&a->boards[i], &b->boards[i]);
    assert_int_equal(a->silent.len, b->silent.len);
    for (size_t i = 0; i < a->silent.len; i++) {
        assert_int_equal(a->silent.at[i].unit_id, b->silent.at[i].unit_id);
        assert_true(str_eq(a->silent.at[i].duty, b->silent.at[i].duty));
    }
}

/* The view of that instant, as a request gets it; until it is ready the page asks again, and so does this. */
static struct report_moment view_of(struct check_store *check, struct app *app, int64_t at)
{
    enum { TRIES_MAX = 3000 };
    struct request *req = ARENA_NEW(&check->cx.arena, struct request);
    struct report_moment moment = { .at = 0 };
    request_init(req, app, METHOD_GET, STR("/theo-doi"));
    req->values[req->values_len++] = (struct request_value){
        STR("luc"), str_sub(instant_format_iso(&check->cx.arena, at), 0, 16) };
    for (int i = 0; i < TRIES_MAX && !moment.is_ready; i++) {
        const struct timespec pause = { 0, 10000000 };
        assert_ok(&check->cx, report_moment_begin(&check->cx, req, &moment));
        if (!moment.is_ready)
            nanosleep(&pause, NULL);
    }
    assert_true(moment.is_ready);
    return moment;
}

static enum err reopen(struct ctx *cx, void *what)
{
    return duty_reopen(cx, *(int64_t *)what, cx->actor->unit_id, 0, STR("Ghi nhầm"));
}
static enum err recall(struct ctx *cx, void *what)
{
    return document_recall(cx, *(int64_t *)what, STR("Ban hành nhầm"));
}

/* The committee of a commune of Quảng Ngãi acts, then everybody looks from above again. */
static void commune_does(struct check_store *check, const char *code, enum err (*run)(struct ctx *, void *), int64_t id)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    (void)check_act(check, code, "dang_uy_xa");
    assert_ok(&check->cx, check_write(check, run, &id));
}

static void hours_pass(struct check_store *check, int64_t hours)
{
    check->cx.now += hours * 3600 * 1000;
    check->actor = (struct actor){ .kind = ACTOR_PROGRAM, .scope = { STR(""), STR("~") }, .permissions = UINT64_MAX,
                                   .name = STR("Hệ thống") };
}

static void the_board_of_an_earlier_hour_is_the_board_that_was_seen_then(void **state)
{
    struct check_store *check = *state;
    struct app app = { .env = check->cx.env, .store = check->store };
    struct seen seen[6];
    size_t len = 0;
    int64_t document_id = issue(check);
    int64_t duty_id = obligation_id_of(document_id, 1);
    hours_pass(check, 1);
    seen[len++] = look(check, document_id);
    hours_pass(check, 1);
    commune_does(check, "21025", acknowledge, document_id);
    commune_does(check, "21025", close_duty, duty_id);
    hours_pass(check, 1);
    seen[len++] = look(check, document_id);
    hours_pass(check, 1);
    commune_does(check, "21025", reopen, duty_id); /* what was done is undone: only the facts still know */
    hours_pass(check, 1);
    seen[len++] = look(check, document_id);
    struct unit first = { .id = 0 }, second = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("21025"), &first));
    assert_ok(&check->cx, unit_find(&check->cx, seen[0].boards[1].rows[5].unit_id, &second));
    assert_true(first.id != second.id);
    struct merger merger = { second.id, first.id };
    hours_pass(check, 1);
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, merge, &merger)); /* two communes become one */
    hours_pass(check, 1);
    seen[len++] = look(check, document_id);
    hours_pass(check, 200); /* past its deadline */
    seen[len++] = look(check, document_id);
    hours_pass(check, 1);
    (void)check_act(check, "51", "tinh_uy");
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, recall, &document_id));
    hours_pass(check, 1);

    assert_ok(&check->cx, report_history_open(&check->cx, &app));
    for (size_t i = 0; i < len; i++) { /* more instants than are kept ready */
        struct ctx *cx = &check->cx;
        struct arena whole = cx->arena;
        arena_init(&cx->arena, cx->env, 64 << 20); /* as a request has one: its end gives the view back */
        struct report_moment moment = view_of(check, &app, seen[i].at);
        struct seen then = look(check, document_id);
        report_moment_end(cx, &moment);
        assert_int_equal(then.at, seen[i].at);
        seen_are_the_same(&then, &seen[i]);
        arena_end(&cx->arena);
        cx->arena = whole;
    }
    report_history_close(&app);
}

static void a_moment_that_has_not_come_is_refused(void **state)
{
    struct check_store *check = *state;
    struct app app = { .env = check->cx.env, .store = check->store };
    struct request *req = ARENA_NEW(&check->cx.arena, struct request);
    struct report_moment moment = { .at = 0 };
    request_init(req, &app, METHOD_GET, STR("/theo-doi"));
    assert_ok(&check->cx, report_moment_begin(&check->cx, req, &moment)); /* none asked for: as it is now */
    assert_true(moment.is_ready && moment.at == 0);
    req->values[req->values_len++] = (struct request_value){ STR("luc"), STR("2026-05-14T09:30") };
    assert_err(ERR_INVALID, report_moment_begin(&check->cx, req, &moment));
    assert_non_null(strstr(check->cx.fault.words, "chưa tới"));
    static const char *const nonsense[] = { "hôm qua", "2026-02-30T09:00", "2026-05-14", "0001-01-01T00:00", "-1" };
    for (size_t i = 0; i < LEN(nonsense); i++) {
        req->values[0].value = str_from(nonsense[i]);
        assert_err(ERR_INVALID, report_moment_begin(&check->cx, req, &moment));
    }
    req->values[0] = (struct request_value){ STR("ngay-luc"), STR("14/05/2026") };
    assert_err(ERR_INVALID, report_moment_begin(&check->cx, req, &moment)); /* no hour */
    req->values[req->values_len++] = (struct request_value){ STR("gio-luc"), STR("7:30") };
    assert_err(ERR_UNAVAILABLE, report_moment_begin(&check->cx, req, &moment)); /* as people type it */
    req->values_len = 1;
    req->values[0] = (struct request_value){ STR("luc"), STR("2026-05-14T08:00") };
    assert_err(ERR_UNAVAILABLE, report_moment_begin(&check->cx, req, &moment)); /* nobody has opened the history */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GROUND(a_board_counts_what_units_did_and_every_level_adds_up),
        ON_GROUND(the_board_of_an_earlier_hour_is_the_board_that_was_seen_then),
        ON_GROUND(a_moment_that_has_not_come_is_refused),
        ON_GROUND(a_board_shows_two_communes_before_their_merger_and_one_after_and_totals_agree),
        ON_GROUND(an_acknowledgement_sent_twice_counts_once),
        ON_GROUND(the_list_names_exactly_those_who_are_silent),
        ON_GROUND(a_duty_is_late_from_its_instant_on),
        ON_GROUND(the_board_of_another_province_does_not_exist),
        ON_GROUND(a_live_event_carries_the_figures_of_the_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
