/*
 * report_history: the boards as they stood at an earlier instant ("?luc=2026-05-21T09:00").
 *
 * What a board needs is made again from the facts recorded by then, in a small database of its own beside the data, by
 * one thread that never touches the writer; people and accounts are left out, so none of their data is copied. The last
 * few instants stay ready. An instant that is not ready yet is begun, and the page says so and asks again.
 */
#ifndef REPORT_REPORT_HISTORY_H
#define REPORT_REPORT_HISTORY_H

#include "http/http.h"

enum { REPORT_VIEWS_MAX = 3 }; /* instants kept ready: 13 MB of disk each with the nation loaded, made in 1.1 s */

/* Makes app->report_state; once, before serving. Close it after the server has ended. */
enum err report_history_open(struct ctx *cx, struct app *app) MUST_CHECK;
void report_history_close(struct app *app);

/* What one request asked for. Between begin and end, when it is ready, cx reads the view and its clock stands at `at`. */
struct report_moment {
    int64_t at;         /* 0: as it is now */
    bool is_ready;      /* false: being made, `progress` of `facts` facts are done */
    int64_t progress, facts;
    struct db *db_before;
    int64_t now_before;
};
/* Reads `luc`, or `ngay` and `gio` as typed; ERR_INVALID with words when it is no instant or still to come, ERR_UNAVAILABLE when all views are in use. */
enum err report_moment_begin(struct ctx *cx, const struct request *req, struct report_moment *ret_moment) MUST_CHECK;
void report_moment_end(struct ctx *cx, const struct report_moment *moment);

/* "&luc=2026-05-21T09:00" for the links of a page as of then; "" for one as it is now. */
const char *report_moment_query(struct arena *arena, int64_t at);

#endif
