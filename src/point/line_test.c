#include "point/line_test.h"

#include "http/server.h"
#include "point/janus.h"

#include <pthread.h>
#include <string.h>

struct ticket {
    unsigned char id[LINE_TICKET_HEX / 2];
    int64_t account_id, point_id;
    int64_t runs_until, valid_until; /* monotonic ms; valid_until 0: free */
    int64_t pings, down_bytes, up_bytes;
    int64_t janus_session; /* 0 none */
};

/* The one owner of what is kept between requests of a test; app has it, and frees it. */
struct line_test {
    const struct env *env;
    pthread_mutex_t lock;
    bool echo_is_busy;
    struct janus janus;
    struct ticket tickets[LINE_TICKETS_MAX];
};

enum err line_test_open(struct ctx *cx, struct app *app, const struct line_options *options)
{
    bool is_http = str_starts(options->janus_url, STR("http://")) || str_starts(options->janus_url, STR("https://"));
    if (options->janus_url.len > 0 && (!is_http || options->janus_url.len >= sizeof(((struct janus *)0)->url)))
        return fail(cx, ERR_INVALID, "--janus cần dạng http://127.0.0.1:8088/janus");
    if (options->janus_secret.len >= sizeof(((struct janus *)0)->secret))
        return fail(cx, ERR_INVALID, "--janus-secret quá dài");
    struct line_test *test = env_alloc(app->env, sizeof *test);
    if (!test)
        return fail_detail(cx, ERR_UNAVAILABLE, "line test: no memory");
    memset(test, 0, sizeof *test);
    test->env = app->env;
    if (options->janus_url.len > 0)
        memcpy(test->janus.url, options->janus_url.at, options->janus_url.len);
    if (options->janus_secret.len > 0)
        memcpy(test->janus.secret, options->janus_secret.at, options->janus_secret.len);
    pthread_mutex_init(&test->lock, NULL);
    app->line_test = test;
    return OK;
}

void line_test_close(struct app *app)
{
    struct line_test *test = app->line_test;
    if (!test)
        return;
    pthread_mutex_destroy(&test->lock);
    env_free(test->env, test);
    app->line_test = NULL;
}

bool line_test_has_echo(const struct line_test *test)
{
    return test && test->janus.url[0] != '\0';
}

static int64_t now_ms(const struct env *env)
{
    return env_monotonic(env) / 1000;
}

/* ---- Tickets; the lock is held ---- */

static bool is_known(const struct ticket *t, int64_t now)
{
    return t->valid_until > now;
}

static bool is_running(const struct ticket *t, int64_t now)
{
    return is_known(t, now) && t->runs_until > now;
}

static struct ticket *find_ticket(struct line_test *test, struct str hex, int64_t account_id, int64_t point_id, int64_t now)
{
    unsigned char id[LINE_TICKET_HEX / 2];
    if (!str_to_bytes_hex(hex, id, sizeof id))
        return NULL;
    for (size_t i = 0; i < LINE_TICKETS_MAX; i++) {
        struct ticket *t = &test->tickets[i];
        if (is_known(t, now) && t->account_id == account_id && t->point_id == point_id && memcmp(t->id, id, sizeof id) == 0)
            return t;
    }
    return NULL;
}

struct places {
    int64_t running;
    int64_t next_free_ms; /* when the first of those that run is over */
    struct ticket *free;
};

/* One walk: what runs, where a new ticket may stand. The same account's older ticket for the point gives its place up. */
static struct places count_places(struct line_test *test, const struct line_ask *ask, int64_t now)
{
    struct places places = { .next_free_ms = LINE_RUN_MS };
    for (size_t i = 0; i < LINE_TICKETS_MAX; i++) {
        struct ticket *t = &test->tickets[i];
        bool is_own = is_known(t, now) && t->account_id == ask->account_id && t->point_id == ask->point_id;
        if (!is_known(t, now) || is_own) {
            if (!places.free || is_own)
                places.free = t;
            continue;
        }
        if (!is_running(t, now))
            continue;
        places.running++;
        if (t->runs_until - now < places.next_free_ms)
            places.next_free_ms = t->runs_until - now;
    }
    return places;
}

bool line_ticket_take(struct ctx *cx, struct line_test *test, const struct line_ask *ask, char *ret_ticket, int64_t *ret_wait_s)
{
    static const char digits[] = "0123456789abcdef";
    int64_t now = now_ms(cx->env);
    /* Outside of turns a quarter of the places stays free for those whose turn it is; one place is there at least. */
    int64_t places_max = ask->is_in_turn ? ask->running_max : (ask->running_max * 3 + 3) / 4;
    unsigned char id[LINE_TICKET_HEX / 2];
    env_random(cx->env, id, sizeof id);
    pthread_mutex_lock(&test->lock);
    struct places places = count_places(test, ask, now);
    bool may = places.free && places.running < places_max;
    if (may) {
        *places.free = (struct ticket){ .account_id = ask->account_id, .point_id = ask->point_id,
                                        .runs_until = now + LINE_RUN_MS, .valid_until = now + LINE_RESULT_MS };
        memcpy(places.free->id, id, sizeof id);
    }
    pthread_mutex_unlock(&test->lock);
    *ret_wait_s = may ? 0 : (places.next_free_ms + 999) / 1000;
    for (size_t i = 0; may && i < sizeof id; i++) {
        ret_ticket[2 * i] = digits[id[i] >> 4];
        ret_ticket[2 * i + 1] = digits[id[i] & 15];
    }
    return may;
}

int64_t line_test_running(const struct env *env, struct line_test *test)
{
    int64_t now = now_ms(env);
    int64_t running = 0;
    pthread_mutex_lock(&test->lock);
    for (size_t i = 0; i < LINE_TICKETS_MAX; i++)
        running += is_running(&test->tickets[i], now);
    pthread_mutex_unlock(&test->lock);
    return running;
}

static enum err is_over(struct ctx *cx)
{
    return fail(cx, ERR_CONFLICT, "Lượt kiểm tra này đã hết thời gian; xin bấm kiểm tra lại");
}

static bool spend(struct ticket *t, enum line_use use, int64_t bytes)
{
    switch (use) {
    case LINE_PING:
        return ++t->pings <= LINE_PINGS_MAX;
    case LINE_DOWN:
        t->down_bytes += bytes;
        return t->down_bytes <= LINE_WAY_BYTES;
    case LINE_UP:
        t->up_bytes += bytes;
        return t->up_bytes <= LINE_WAY_BYTES;
    case LINE_ECHO:
        return t->janus_session == 0;
    }
    return false;
}

enum err line_ticket_use(struct ctx *cx, struct line_test *test, struct str ticket, int64_t account_id, int64_t point_id,
                         enum line_use use, int64_t bytes)
{
    int64_t now = now_ms(cx->env);
    if (bytes < 0 || bytes > LINE_PART_BYTES)
        return fail(cx, ERR_INVALID, "Phần đo quá lớn");
    pthread_mutex_lock(&test->lock);
    struct ticket *t = find_ticket(test, ticket, account_id, point_id, now);
    bool may = t && is_running(t, now) && spend(t, use, bytes);
    pthread_mutex_unlock(&test->lock);
    return may ? OK : is_over(cx);
}

enum err line_ticket_finish(struct ctx *cx, struct line_test *test, struct str ticket, int64_t account_id, int64_t point_id)
{
    int64_t now = now_ms(cx->env);
    pthread_mutex_lock(&test->lock);
    struct ticket *t = find_ticket(test, ticket, account_id, point_id, now);
    if (t && t->runs_until > now)
        t->runs_until = now;
    pthread_mutex_unlock(&test->lock);
    return t ? OK : is_over(cx);
}

/* ---- Echo ---- */

/* The ticket's Janus session is set to `session` when it had none, and what stood before is returned; -1 without ticket. */
static int64_t swap_session(struct line_test *test, struct str hex, int64_t session)
{
    unsigned char id[LINE_TICKET_HEX / 2];
    int64_t before = -1;
    if (!str_to_bytes_hex(hex, id, sizeof id))
        return before;
    pthread_mutex_lock(&test->lock);
    for (size_t i = 0; i < LINE_TICKETS_MAX; i++) {
        struct ticket *t = &test->tickets[i];
        if (t->valid_until == 0 || memcmp(t->id, id, sizeof id) != 0)
            continue;
        before = t->janus_session;
        t->janus_session = session;
    }
    pthread_mutex_unlock(&test->lock);
    return before;
}

enum err line_echo_begin(struct ctx *cx, struct line_test *test, struct str ticket, struct str offer, struct str *ret_answer)
{
    int64_t session = 0;
    if (!line_test_has_echo(test))
        return fail(cx, ERR_NOT_FOUND, "Máy chủ này không có phần vọng hình, tiếng");
    pthread_mutex_lock(&test->lock);
    bool is_busy = test->echo_is_busy;
    test->echo_is_busy = true;
    pthread_mutex_unlock(&test->lock);
    if (is_busy) /* the pool's threads also check passwords: an echo never holds more than one */
        return fail(cx, ERR_UNAVAILABLE, "Máy chủ đang nối cho điểm cầu khác, xin thử lại ngay sau đó");
    enum err err = janus_echo(cx, &test->janus, offer, &session, ret_answer);
    pthread_mutex_lock(&test->lock);
    test->echo_is_busy = false;
    pthread_mutex_unlock(&test->lock);
    if (session != 0 && swap_session(test, ticket, err == OK ? session : 0) < 0)
        err = is_over(cx);
    if (err != OK && session != 0)
        janus_end(cx, &test->janus, session);
    return err;
}

void line_echo_end(struct ctx *cx, struct line_test *test, struct str ticket)
{
    int64_t session = line_test_has_echo(test) ? swap_session(test, ticket, 0) : 0;
    if (session > 0)
        janus_end(cx, &test->janus, session);
}
