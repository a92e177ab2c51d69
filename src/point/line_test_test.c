#include "check/check_store.h"
#include "http/server.h"
#include "point/line_test.h"

/* Tickets of the line test, on a clock that the test moves. */

struct ground {
    struct ctx cx;
    struct env env;
    struct app app;
    int64_t clock_us;
};

static int64_t clock_of(void *state)
{
    const struct ground *ground = state;
    return ground->clock_us;
}
static void random_of(void *state, void *ret_bytes, size_t len)
{
    (void)state;
    env_random(env_real(), ret_bytes, len);
}
static void *alloc_of(void *state, size_t bytes)
{
    (void)state;
    return env_alloc(env_real(), bytes);
}
static void free_of(void *state, void *at)
{
    (void)state;
    env_free(env_real(), at);
}

static int open_ground(void **state)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM };
    struct ground *ground = calloc(1, sizeof *ground);
    if (!ground)
        return 1;
    ground->env = *env_real();
    ground->env.state = ground;
    ground->env.monotonic = clock_of;
    ground->env.random = random_of;
    ground->env.alloc = alloc_of;
    ground->env.free = free_of;
    ground->clock_us = 1000000;
    ground->cx = (struct ctx){ .env = &ground->env, .actor = &program };
    arena_init(&ground->cx.arena, &ground->env, 16 << 20);
    ground->app.env = &ground->env;
    struct line_options options = { .janus_url = STR("") };
    *state = ground;
    return line_test_open(&ground->cx, &ground->app, &options) != OK;
}

static int close_ground(void **state)
{
    struct ground *ground = *state;
    line_test_close(&ground->app);
    arena_end(&ground->cx.arena);
    free(ground);
    return 0;
}

static void pass(struct ground *ground, int64_t ms)
{
    ground->clock_us += ms * 1000;
}

struct taken {
    bool may;
    int64_t wait_s;
    char ticket[LINE_TICKET_HEX + 1];
};
static struct taken take(struct ground *ground, int64_t account, int64_t max, bool in_turn)
{
    struct taken taken = { .may = false };
    struct line_ask ask = { .account_id = account, .point_id = 70 + account, .running_max = max, .is_in_turn = in_turn };
    taken.may = line_ticket_take(&ground->cx, ground->app.line_test, &ask, taken.ticket, &taken.wait_s);
    return taken;
}
static enum err use(struct ground *ground, const struct taken *taken, int64_t account, enum line_use what, int64_t bytes)
{
    return line_ticket_use(&ground->cx, ground->app.line_test, str_from(taken->ticket), account, 70 + account, what, bytes);
}

static void no_more_run_at_once_than_the_campaign_says(void **state)
{
    struct ground *ground = *state;
    for (int64_t i = 1; i <= 4; i++)
        assert_true(take(ground, i, 4, true).may);
    struct taken fifth = take(ground, 5, 4, true);
    assert_false(fifth.may);
    assert_int_equal(fifth.wait_s, LINE_RUN_MS / 1000);
    assert_int_equal(line_test_running(&ground->env, ground->app.line_test), 4);
    pass(ground, 5000);
    assert_int_equal(take(ground, 5, 4, true).wait_s, 15);
    pass(ground, LINE_RUN_MS - 5000);
    assert_true(take(ground, 5, 4, true).may);
    assert_int_equal(line_test_running(&ground->env, ground->app.line_test), 1);
}

static void outside_its_turn_a_point_leaves_room_for_those_whose_turn_it_is(void **state)
{
    struct ground *ground = *state;
    assert_true(take(ground, 1, 4, false).may);
    assert_true(take(ground, 2, 4, false).may);
    assert_true(take(ground, 3, 4, false).may);
    assert_false(take(ground, 4, 4, false).may);
    assert_true(take(ground, 5, 4, true).may);
    pass(ground, LINE_RUN_MS);
    assert_true(take(ground, 6, 1, false).may); /* one place is there for anybody */
}

static void asking_again_gives_the_same_place_and_not_a_second(void **state)
{
    struct ground *ground = *state;
    struct taken first = take(ground, 1, 1, true);
    struct taken second = take(ground, 1, 1, true);
    assert_true(second.may);
    assert_int_equal(line_test_running(&ground->env, ground->app.line_test), 1);
    assert_err(ERR_CONFLICT, use(ground, &first, 1, LINE_PING, 0));
    assert_ok(&ground->cx, use(ground, &second, 1, LINE_PING, 0));
}

static void an_expired_ticket_measures_nothing_but_still_hands_in_its_result(void **state)
{
    struct ground *ground = *state;
    struct taken taken = take(ground, 1, 4, true);
    struct str hex = str_from(taken.ticket);
    pass(ground, LINE_RUN_MS);
    assert_err(ERR_CONFLICT, use(ground, &taken, 1, LINE_DOWN, 1024));
    assert_ok(&ground->cx, line_ticket_finish(&ground->cx, ground->app.line_test, hex, 1, 71));
    assert_ok(&ground->cx, line_ticket_finish(&ground->cx, ground->app.line_test, hex, 1, 71)); /* sent twice */
    pass(ground, LINE_RESULT_MS);
    assert_err(ERR_CONFLICT, line_ticket_finish(&ground->cx, ground->app.line_test, hex, 1, 71));
}

static void a_finished_test_frees_its_place_at_once(void **state)
{
    struct ground *ground = *state;
    struct taken taken = take(ground, 1, 1, true);
    assert_false(take(ground, 2, 1, true).may);
    assert_ok(&ground->cx, line_ticket_finish(&ground->cx, ground->app.line_test, str_from(taken.ticket), 1, 71));
    assert_true(take(ground, 2, 1, true).may);
}

static void a_ticket_is_good_for_its_own_account_and_point_only(void **state)
{
    struct ground *ground = *state;
    struct taken taken = take(ground, 1, 4, true);
    struct str hex = str_from(taken.ticket);
    assert_err(ERR_CONFLICT, line_ticket_use(&ground->cx, ground->app.line_test, hex, 2, 71, LINE_PING, 0));
    assert_err(ERR_CONFLICT, line_ticket_use(&ground->cx, ground->app.line_test, hex, 1, 72, LINE_PING, 0));
    assert_err(ERR_CONFLICT, line_ticket_use(&ground->cx, ground->app.line_test, STR("khong-phai-ve"), 1, 71, LINE_PING, 0));
    assert_err(ERR_CONFLICT, line_ticket_finish(&ground->cx, ground->app.line_test, STR(""), 1, 71));
    assert_ok(&ground->cx, use(ground, &taken, 1, LINE_PING, 0));
}

static void a_ticket_carries_so_many_bytes_and_no_more(void **state)
{
    struct ground *ground = *state;
    struct taken taken = take(ground, 1, 4, true);
    assert_err(ERR_INVALID, use(ground, &taken, 1, LINE_DOWN, (int64_t)LINE_PART_BYTES + 1));
    assert_err(ERR_INVALID, use(ground, &taken, 1, LINE_DOWN, -1));
    for (int64_t sent = 0; sent < LINE_WAY_BYTES; sent += LINE_PART_BYTES)
        assert_ok(&ground->cx, use(ground, &taken, 1, LINE_DOWN, LINE_PART_BYTES));
    assert_err(ERR_CONFLICT, use(ground, &taken, 1, LINE_DOWN, 1));
    assert_ok(&ground->cx, use(ground, &taken, 1, LINE_UP, LINE_PART_BYTES)); /* each way has its own */
    for (int i = 0; i < LINE_PINGS_MAX; i++)
        assert_ok(&ground->cx, use(ground, &taken, 1, LINE_PING, 0));
    assert_err(ERR_CONFLICT, use(ground, &taken, 1, LINE_PING, 0));
}

static void the_table_of_tickets_is_bounded_and_empties_itself(void **state)
{
    struct ground *ground = *state;
    for (int64_t i = 1; i <= LINE_TICKETS_MAX; i++)
        assert_true(take(ground, i, INT64_C(100000), true).may);
    assert_false(take(ground, LINE_TICKETS_MAX + 1, INT64_C(100000), true).may);
    pass(ground, LINE_RESULT_MS);
    assert_true(take(ground, LINE_TICKETS_MAX + 1, INT64_C(100000), true).may);
}

static void without_a_gateway_there_is_no_echo_and_a_wrong_address_is_refused(void **state)
{
    struct ground *ground = *state;
    struct app other = { .env = &ground->env };
    struct str answer = STR("");
    struct taken taken = take(ground, 1, 4, true);
    assert_false(line_test_has_echo(ground->app.line_test));
    assert_err(ERR_NOT_FOUND, line_echo_begin(&ground->cx, ground->app.line_test, str_from(taken.ticket), STR("v=0"), &answer));
    struct line_options wrong = { .janus_url = STR("file:///etc/passwd") };
    assert_err(ERR_INVALID, line_test_open(&ground->cx, &other, &wrong));
}

static void a_gateway_that_is_not_there_is_said_so_and_costs_no_ticket(void **state)
{
    struct ground *ground = *state;
    struct app other = { .env = &ground->env };
    struct str answer = STR("");
    struct line_options silent = { .janus_url = STR("http://127.0.0.1:9/janus") };
    assert_ok(&ground->cx, line_test_open(&ground->cx, &other, &silent));
    char ticket[LINE_TICKET_HEX + 1] = "";
    int64_t wait_s = 0;
    struct line_ask ask = { .account_id = 1, .point_id = 71, .running_max = 4, .is_in_turn = true };
    assert_true(line_ticket_take(&ground->cx, other.line_test, &ask, ticket, &wait_s));
    assert_err(ERR_UNAVAILABLE, line_echo_begin(&ground->cx, other.line_test, str_from(ticket), STR("v=0\r\n"), &answer));
    assert_err(ERR_INVALID, line_echo_begin(&ground->cx, other.line_test, str_from(ticket), STR("<offer>"), &answer));
    assert_ok(&ground->cx, line_ticket_use(&ground->cx, other.line_test, str_from(ticket), 1, 71, LINE_ECHO, 0));
    line_test_close(&other);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, close_ground)
    const struct CMUnitTest tests[] = {
        ON(no_more_run_at_once_than_the_campaign_says),
        ON(outside_its_turn_a_point_leaves_room_for_those_whose_turn_it_is),
        ON(asking_again_gives_the_same_place_and_not_a_second),
        ON(an_expired_ticket_measures_nothing_but_still_hands_in_its_result),
        ON(a_finished_test_frees_its_place_at_once),
        ON(a_ticket_is_good_for_its_own_account_and_point_only),
        ON(a_ticket_carries_so_many_bytes_and_no_more),
        ON(the_table_of_tickets_is_bounded_and_empties_itself),
        ON(without_a_gateway_there_is_no_echo_and_a_wrong_address_is_refused),
        ON(a_gateway_that_is_not_there_is_said_so_and_costs_no_ticket),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
