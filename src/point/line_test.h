/*
 * line_test: who may run the line test now, and how much of it. Inside the room, and for app that opens it.
 *
 * A test loads this server on purpose, so it needs a ticket, kept in memory only: no more than the campaign's number run at
 * once; whoever has its turn comes first, because tests outside their turn leave a quarter of the places free. A ticket
 * runs for LINE_RUN_MS, carries a bounded number of bytes each way, and is good for handing in the result for
 * LINE_RESULT_MS. It belongs to one account and one point; asking again for the same gives a new one in its place.
 * Time is the monotonic clock of the environment. A program that serves the same database beside this one counts its own.
 */
#ifndef POINT_LINE_TEST_H
#define POINT_LINE_TEST_H

#include "base/ctx.h"

struct app;
struct line_test;

enum {
    LINE_TICKETS_MAX = 2000,
    LINE_RUN_MS = 20000,              /* 15 s of measuring, and what a phone needs around it */
    LINE_RESULT_MS = 10 * 60 * 1000,
    LINE_TICKET_HEX = 32,
    LINE_PINGS_MAX = 60,
    LINE_PART_BYTES = 1 << 20,        /* one download or upload at most */
    LINE_WAY_BYTES = 48 << 20,        /* all of them, each way: 3 s at 100 Mbit/s and some */
};

struct line_options {
    struct str janus_url;    /* "http://127.0.0.1:8088/janus"; "" none: no echo */
    struct str janus_secret; /* its api_secret */
};
/* Sets app->line_test. ERR_INVALID with words for an address that is none. */
enum err line_test_open(struct ctx *cx, struct app *app, const struct line_options *options) MUST_CHECK;
void line_test_close(struct app *app);

bool line_test_has_echo(const struct line_test *test);

struct line_ask {
    int64_t account_id, point_id;
    int64_t running_max;
    bool is_in_turn;
};
/* False when all places are taken: *ret_wait_s says when one is free at the latest. ret_ticket has LINE_TICKET_HEX digits. */
bool line_ticket_take(struct ctx *cx, struct line_test *test, const struct line_ask *ask, char *ret_ticket, int64_t *ret_wait_s);
/* How many run now. */
int64_t line_test_running(const struct env *env, struct line_test *test);

enum line_use { LINE_PING, LINE_DOWN, LINE_UP, LINE_ECHO };
/* A running ticket's next step of `bytes`. CONFLICT when it is over, another's, or has used up what it may. */
enum err line_ticket_use(struct ctx *cx, struct line_test *test, struct str ticket, int64_t account_id, int64_t point_id,
                         enum line_use use, int64_t bytes) MUST_CHECK;
/* The result is handed in: the place is free. CONFLICT when the ticket is none, another's or too old; twice is a success. */
enum err line_ticket_finish(struct ctx *cx, struct line_test *test, struct str ticket, int64_t account_id, int64_t point_id)
    MUST_CHECK;

/*
 * WebRTC echo through Janus: the browser's offer in, Janus's answer out. Blocks for seconds: on a pool thread only, and one
 * at a time (ERR_UNAVAILABLE otherwise). The session belongs to the ticket and is ended by line_echo_end, or by Janus.
 */
enum err line_echo_begin(struct ctx *cx, struct line_test *test, struct str ticket, struct str offer, struct str *ret_answer)
    MUST_CHECK;
void line_echo_end(struct ctx *cx, struct line_test *test, struct str ticket);

#endif
