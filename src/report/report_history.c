#include "report/report_history.h"

#include "base/day.h"
#include "base/log.h"
#include "http/server.h"
#include "store/db.h"
#include "store/store.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HISTORY_ARENA_BYTES = 768 << 20, HISTORY_NICE = 10 };

/* FREE → WAITING → BUILDING → READY, or FAILED until somebody has been told. Only WAITING and READY views change hands. */
enum view_state { VIEW_FREE, VIEW_WAITING, VIEW_BUILDING, VIEW_READY, VIEW_FAILED };

struct view {
    enum view_state state;
    int64_t at;
    struct store *store; /* of READY; of WAITING the one before, to be closed first */
    int64_t progress, facts;
    int users;
    int64_t used_at; /* monotonic: the one not used for longest gives way */
};

struct history {
    const struct env *env;
    struct store *store;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool must_stop;
    struct view views[REPORT_VIEWS_MAX];
};

/* ---- The thread that builds ---- */

static const struct actor program = { .kind = ACTOR_PROGRAM,
                                      .scope = { STR_INIT(""), STR_INIT("~") },
                                      .permissions = ~UINT64_C(0),
                                      .name = STR_INIT("Hệ thống") };

static enum err count_facts(struct ctx *cx, struct store *store, int64_t *ret_facts)
{
    SQL(count_all_facts, "SELECT COALESCE(MAX(seq), 0) FROM fact");
    TRY(store_reader_open(cx, store, &cx->db));
    enum err err = db_i64(cx, &count_all_facts, NO_BIND, ret_facts);
    store_reader_close(cx->db);
    cx->db = NULL;
    return err;
}

static enum err build(struct history *history, struct view *view, struct store **ret_store)
{
    static const struct str people[] = { STR_INIT("person"), STR_INIT("account") };
    struct ctx cx = { .env = history->env, .actor = &program, .now = view->at };
    arena_init(&cx.arena, history->env, HISTORY_ARENA_BYTES);
    struct store_part part = { view->at, people, LEN(people), &view->progress };
    int64_t started = env_monotonic(history->env);
    int64_t facts = 0;
    enum err err = count_facts(&cx, history->store, &facts);
    __atomic_store_n(&view->facts, facts, __ATOMIC_RELAXED);
    if (err == OK)
        err = store_as_of_part(&cx, history->store, &part, ret_store);
    if (err != OK && err != ERR_UNAVAILABLE) {
        /* Some room's facts cannot do without people: then everything, which is slower and larger but right. */
        log_line(history->env, LOG_ERROR, "history", "without people: %s", cx.fault.detail);
        err = store_as_of(&cx, history->store, view->at, ret_store);
    }
    if (err != OK)
        log_line(history->env, LOG_ERROR, "history", "%s %s", err_name(err), cx.fault.detail);
    else
        log_line(history->env, LOG_INFO, "history", "made in %lld ms, %lld facts",
                 (long long)(env_monotonic(history->env) - started) / 1000, (long long)view->progress);
    arena_end(&cx.arena);
    return err;
}

static struct view *find_waiting(struct history *history)
{
    for (size_t i = 0; i < REPORT_VIEWS_MAX; i++)
        if (history->views[i].state == VIEW_WAITING)
            return &history->views[i];
    return NULL;
}

static void *run_thread(void *what)
{
    struct history *history = what;
    /* Whoever waits for a board of yesterday waits behind those who work today. On Linux a nice value is a thread's. */
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), HISTORY_NICE);
    pthread_mutex_lock(&history->mutex);
    while (!history->must_stop) {
        struct view *view = find_waiting(history);
        if (!view) {
            pthread_cond_wait(&history->wake, &history->mutex);
            continue;
        }
        struct store *before = view->store;
        struct store *made = NULL;
        view->store = NULL;
        view->state = VIEW_BUILDING;
        pthread_mutex_unlock(&history->mutex);
        store_close(before);
        enum err err = build(history, view, &made);
        pthread_mutex_lock(&history->mutex);
        view->store = made;
        view->state = err == OK ? VIEW_READY : VIEW_FAILED;
    }
    pthread_mutex_unlock(&history->mutex);
    return NULL;
}

enum err report_history_open(struct ctx *cx, struct app *app)
{
    struct history *history = env_alloc(app->env, sizeof *history);
    if (!history)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the views of earlier moments");
    *history = (struct history){ .env = app->env, .store = app->store, .mutex = PTHREAD_MUTEX_INITIALIZER,
                                 .wake = PTHREAD_COND_INITIALIZER };
    store_clear_parts(app->store);
    if (pthread_create(&history->thread, NULL, run_thread, history) != 0) {
        env_free(app->env, history);
        return fail_detail(cx, ERR_UNAVAILABLE, "no thread for the views of earlier moments");
    }
    app->report_state = history;
    return OK;
}

void report_history_close(struct app *app)
{
    struct history *history = app->report_state;
    if (!history)
        return;
    pthread_mutex_lock(&history->mutex);
    history->must_stop = true;
    pthread_cond_signal(&history->wake);
    pthread_mutex_unlock(&history->mutex);
    pthread_join(history->thread, NULL);
    for (size_t i = 0; i < REPORT_VIEWS_MAX; i++)
        store_close(history->views[i].store);
    env_free(history->env, history);
    app->report_state = NULL;
}

/* ---- Asking for a view ---- */

/* The view of that instant, or the one that may become it: a free one, else the ready one nobody has used for longest. */
static struct view *find_view(struct history *history, int64_t at)
{
    struct view *best = NULL;
    for (size_t i = 0; i < REPORT_VIEWS_MAX; i++)
        if (history->views[i].state != VIEW_FREE && history->views[i].at == at)
            return &history->views[i];
    for (size_t i = 0; i < REPORT_VIEWS_MAX; i++) {
        struct view *view = &history->views[i];
        if (view->state == VIEW_FREE)
            return view;
        if (view->state == VIEW_READY && view->users == 0 && (!best || view->used_at < best->used_at))
            best = view;
    }
    return best;
}

/* What a request holds; it is given back when the request's arena ends, whichever way the request ends. */
struct hold {
    struct history *history;
    struct view *view;
    struct db *db;
};

static void let_go(void *what)
{
    struct hold *hold = what;
    store_reader_close(hold->db);
    pthread_mutex_lock(&hold->history->mutex);
    hold->view->users--;
    pthread_mutex_unlock(&hold->history->mutex);
}

static enum view_state take(struct history *history, int64_t at, struct report_moment *moment, struct view **ret_view)
{
    pthread_mutex_lock(&history->mutex);
    struct view *view = find_view(history, at);
    enum view_state state = VIEW_FREE;
    if (view && (view->state == VIEW_FREE || view->at != at)) {
        *view = (struct view){ .state = VIEW_WAITING, .at = at, .store = view->store };
        pthread_cond_signal(&history->wake);
    }
    if (view) {
        state = view->state;
        view->used_at = env_monotonic(history->env);
        view->users += state == VIEW_READY;
        moment->progress = __atomic_load_n(&view->progress, __ATOMIC_RELAXED);
        moment->facts = __atomic_load_n(&view->facts, __ATOMIC_RELAXED);
        if (state == VIEW_FAILED)
            view->state = VIEW_FREE; /* told now; asking again begins again */
    }
    pthread_mutex_unlock(&history->mutex);
    *ret_view = view;
    return state;
}

static enum err open_view(struct ctx *cx, struct history *history, struct report_moment *moment)
{
    struct hold *hold = ARENA_NEW(&cx->arena, struct hold);
    hold->history = history;
    switch (take(history, moment->at, moment, &hold->view)) {
    case VIEW_READY:
        break;
    case VIEW_WAITING:
    case VIEW_BUILDING:
        return OK;
    case VIEW_FAILED:
        return fail(cx, ERR_UNAVAILABLE, "Chưa dựng lại được bảng của thời điểm này; xin thử lại sau ít phút");
    case VIEW_FREE:
        return fail(cx, ERR_UNAVAILABLE, "Nhiều người đang xem lại các thời điểm khác; xin thử lại sau ít phút");
    }
    arena_on_end(&cx->arena, let_go, hold);
    TRY(store_reader_open(cx, hold->view->store, &hold->db));
    moment->db_before = cx->db;
    moment->now_before = cx->now;
    cx->db = hold->db;
    cx->now = moment->at;
    moment->is_ready = true;
    return OK;
}

/* As a link says it, or as a person types it into the form: a day as papers write it, and an hour. */
static struct str said_moment(struct ctx *cx, const struct request *req)
{
    struct str typed = str_trim(request_value(req, "ngay-luc"));
    struct str hour = str_trim(request_value(req, "gio-luc"));
    int32_t day = 0;
    if (typed.len == 0)
        return request_value(req, "luc");
    if (!day_parse(typed, &day))
        return typed; /* no instant: refused with words */
    return str_format(&cx->arena, STR_FMT "T%s" STR_FMT, STR_ARG(day_format_iso(&cx->arena, day)),
                      hour.len == 4 ? "0" : "", STR_ARG(hour));
}

enum err report_moment_begin(struct ctx *cx, const struct request *req, struct report_moment *ret_moment)
{
    struct str said = said_moment(cx, req);
    struct report_moment moment = { .at = 0 };
    if (said.len == 0) {
        *ret_moment = (struct report_moment){ .is_ready = true };
        return OK;
    }
    if (!instant_parse_iso(said, &moment.at) || moment.at <= 0)
        return fail_field(cx, "luc", "Thời điểm cần ghi đủ ngày và giờ, ví dụ 21/5/2026 và 09:00");
    moment.at -= moment.at % 60000;
    /* Facts of this very minute are still coming. */
    if (moment.at > cx->now - 60000)
        return fail_field(cx, "luc", "Thời điểm này chưa tới hoặc vừa mới tới; xin chọn thời điểm đã qua");
    struct history *history = req->app->report_state;
    if (!history)
        return fail(cx, ERR_UNAVAILABLE, "Hệ thống chưa bật việc xem lại các thời điểm đã qua");
    TRY(open_view(cx, history, &moment));
    *ret_moment = moment;
    return OK;
}

void report_moment_end(struct ctx *cx, const struct report_moment *moment)
{
    if (moment->at == 0 || !moment->is_ready)
        return;
    cx->db = moment->db_before;
    cx->now = moment->now_before;
}

const char *report_moment_query(struct arena *arena, int64_t at)
{
    if (at == 0)
        return "";
    return str_format(arena, "&luc=" STR_FMT, STR_ARG(str_sub(instant_format_iso(arena, at), 0, 16))).at;
}
