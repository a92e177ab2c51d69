#include "http/live_hub.h"

#include "base/log.h"
#include "http/live.h"
#include "store/db.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { LIVE_BUCKETS = 4096, LIVE_ARENA_BYTES = 8 << 20 };

/* One event as it goes over the line, shared by all who get it. The count of holders is under the hub's lock. */
struct live_event {
    int holders;
    uint64_t number;
    size_t head_len; /* "id: 7\ndata: " */
    size_t len;
    char at[];
};

/* What one loop has of a topic: seats are its thread's own, the rest is under the hub's lock. */
struct live_share {
    struct live_seat *seats;
    int listeners;
    struct live_topic *next_news;
    bool has_news;
};

struct live_topic {
    struct live_topic *next; /* in its bucket */
    struct live_topic *next_due;
    int64_t unit_id;
    int64_t subject_id;
    struct live_event *event; /* NULL until first rendered */
    int listeners;
    bool is_changed;
    struct live_share shares[]; /* one for each loop */
};

struct live_hub {
    struct app *app;
    int loops;
    void (*wake)(void *what, int loop);
    void *wake_what;
    pthread_t thread;
    bool has_thread;
    struct db *reader;
    struct ctx cx; /* of the thread */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t has_new_topic;
    bool is_ending;
    bool is_in_haste; /* somebody waits for a first event */
    int64_t seen_seq; /* the newest fact whose changes are marked */
    int64_t own_first, own_last; /* facts of our own in one run: theirs are marked too */
    int64_t strange_seq; /* was in the database at the last look, and nobody had told of it */
    struct live_topic *buckets[LIVE_BUCKETS];
    struct live_topic **news; /* one list for each loop */
    atomic_int topics_len;    /* read without the lock, to skip it */
};

void response_stream(struct response *res, int64_t unit_id, int64_t subject_id)
{
    res->is_stream = true;
    res->stream_unit_id = unit_id;
    res->stream_subject_id = subject_id;
}

void live_set_render(struct app *app, live_render render)
{
    app->render_live = render;
}

/* --- topics, under the lock --- */

static size_t bucket_of(int64_t unit_id)
{
    return (size_t)((uint64_t)unit_id * 0x9E3779B97F4A7C15U >> 40) % LIVE_BUCKETS;
}

static struct live_topic *find_topic(struct live_hub *hub, int64_t unit_id, int64_t subject_id)
{
    struct live_topic *topic = hub->buckets[bucket_of(unit_id)];
    while (topic && (topic->unit_id != unit_id || topic->subject_id != subject_id))
        topic = topic->next;
    return topic;
}

static struct live_topic *make_topic(struct live_hub *hub, int64_t unit_id, int64_t subject_id)
{
    size_t bytes = sizeof(struct live_topic) + (size_t)hub->loops * sizeof(struct live_share);
    struct live_topic *topic = env_alloc(hub->app->env, bytes);
    if (!topic)
        return NULL;
    memset(topic, 0, bytes);
    topic->unit_id = unit_id;
    topic->subject_id = subject_id;
    struct live_topic **bucket = &hub->buckets[bucket_of(unit_id)];
    topic->next = *bucket;
    *bucket = topic;
    atomic_fetch_add(&hub->topics_len, 1);
    return topic;
}

static void drop_event(struct live_hub *hub, struct live_event *event)
{
    if (event && --event->holders == 0)
        env_free(hub->app->env, event);
}

static void tell_loop(struct live_hub *hub, struct live_topic *topic, int loop)
{
    struct live_share *share = &topic->shares[loop];
    if (share->has_news)
        return;
    share->has_news = true;
    share->next_news = hub->news[loop];
    hub->news[loop] = topic;
}

/* --- listeners --- */

bool live_sit(struct live_hub *hub, int loop, int64_t unit_id, int64_t subject_id, struct live_seat *seat)
{
    pthread_mutex_lock(&hub->lock);
    struct live_topic *topic = find_topic(hub, unit_id, subject_id);
    if (!topic)
        topic = make_topic(hub, unit_id, subject_id);
    bool has_event = topic && topic->event;
    if (topic) {
        topic->listeners++;
        topic->shares[loop].listeners++;
        if (has_event) {
            tell_loop(hub, topic, loop);
        } else {
            topic->is_changed = true;
            hub->is_in_haste = true;
            pthread_cond_signal(&hub->has_new_topic);
        }
    }
    pthread_mutex_unlock(&hub->lock);
    if (!topic)
        return false;
    struct live_share *share = &topic->shares[loop];
    *seat = (struct live_seat){ .topic = topic, .next = share->seats };
    if (share->seats)
        share->seats->previous = seat;
    share->seats = seat;
    if (has_event)
        hub->wake(hub->wake_what, loop);
    return true;
}

void live_leave(struct live_hub *hub, int loop, struct live_seat *seat)
{
    struct live_topic *topic = seat->topic;
    struct live_share *share = &topic->shares[loop];
    if (seat->previous)
        seat->previous->next = seat->next;
    else
        share->seats = seat->next;
    if (seat->next)
        seat->next->previous = seat->previous;
    pthread_mutex_lock(&hub->lock);
    share->listeners--;
    topic->listeners--; /* an empty topic goes at the next tick */
    pthread_mutex_unlock(&hub->lock);
}

void live_catch_up(struct live_hub *hub, int loop, struct live_seat *seat)
{
    pthread_mutex_lock(&hub->lock);
    bool is_behind = seat->topic->event && seat->sent_number < seat->topic->event->number;
    if (is_behind)
        tell_loop(hub, seat->topic, loop);
    pthread_mutex_unlock(&hub->lock);
    if (is_behind)
        hub->wake(hub->wake_what, loop);
}

static struct live_topic *take_news(struct live_hub *hub, int loop, struct live_event **ret_event)
{
    pthread_mutex_lock(&hub->lock);
    struct live_topic *topic = hub->news[loop];
    if (topic) {
        hub->news[loop] = topic->shares[loop].next_news;
        topic->shares[loop].has_news = false;
        *ret_event = topic->event;
        topic->event->holders++;
        topic->listeners++; /* keeps the topic while its seats are walked */
    }
    pthread_mutex_unlock(&hub->lock);
    return topic;
}

static void put_back(struct live_hub *hub, struct live_topic *topic, struct live_event *event, int loop, bool is_left)
{
    pthread_mutex_lock(&hub->lock);
    drop_event(hub, event);
    topic->listeners--;
    if (is_left)
        tell_loop(hub, topic, loop);
    pthread_mutex_unlock(&hub->lock);
}

bool live_send(struct live_hub *hub, int loop, int len, bool (*send)(struct live_seat *seat, struct str event))
{
    struct live_event *event = NULL;
    struct live_topic *topic = NULL;
    while (len > 0 && (topic = take_news(hub, loop, &event)) != NULL) {
        struct live_seat *seat = topic->shares[loop].seats;
        for (struct live_seat *next = NULL; seat && len > 0; seat = next) {
            next = seat->next; /* a seat that cannot be written to leaves */
            if (seat->sent_number >= event->number)
                continue;
            uint64_t before = seat->sent_number;
            seat->sent_number = event->number;
            if (send(seat, (struct str){ event->at, event->len }))
                len--;
            else
                seat->sent_number = before;
        }
        put_back(hub, topic, event, loop, seat != NULL);
    }
    pthread_mutex_lock(&hub->lock);
    bool is_done = hub->news[loop] == NULL;
    pthread_mutex_unlock(&hub->lock);
    return is_done;
}

/* --- what changed --- */

void live_wrote(struct live_hub *hub, int64_t first_seq, int64_t last_seq)
{
    if (last_seq < first_seq)
        return;
    pthread_mutex_lock(&hub->lock);
    if (first_seq != hub->own_last + 1) /* another program wrote in between */
        hub->own_first = first_seq;
    hub->own_last = last_seq;
    pthread_mutex_unlock(&hub->lock);
}

/*
 * True when the database holds facts of another program. Our own are told of a moment after they are committed, so what
 * nobody has told of is strange only when that is still so at the next look.
 */
static bool has_foreign(struct live_hub *hub, int64_t last_seq)
{
    if (hub->own_first <= hub->seen_seq + 1 && hub->own_last > hub->seen_seq)
        hub->seen_seq = hub->own_last;
    if (last_seq <= hub->seen_seq)
        return false;
    bool is_foreign = hub->strange_seq > hub->seen_seq;
    hub->strange_seq = last_seq;
    if (is_foreign)
        hub->seen_seq = last_seq;
    return is_foreign;
}

void live_mark(struct live_hub *hub, const int64_t *unit_ids, size_t len)
{
    if (atomic_load_explicit(&hub->topics_len, memory_order_relaxed) == 0)
        return;
    pthread_mutex_lock(&hub->lock);
    for (size_t i = 0; i < len; i++)
        for (struct live_topic *topic = hub->buckets[bucket_of(unit_ids[i])]; topic; topic = topic->next)
            topic->is_changed = topic->is_changed || topic->unit_id == unit_ids[i];
    pthread_mutex_unlock(&hub->lock);
}

static void free_topic(struct live_hub *hub, struct live_topic *topic)
{
    drop_event(hub, topic->event);
    env_free(hub->app->env, topic);
    atomic_fetch_sub(&hub->topics_len, 1);
}

static bool is_forgotten(const struct live_hub *hub, const struct live_topic *topic)
{
    for (int i = 0; i < hub->loops; i++)
        if (topic->shares[i].has_news)
            return false;
    return topic->listeners == 0;
}

/* What is to be rendered now. Topics that nobody listens to any more go. */
static struct live_topic *collect_changed(struct live_hub *hub)
{
    struct live_topic *due = NULL;
    for (size_t i = 0; i < LIVE_BUCKETS; i++) {
        struct live_topic **at = &hub->buckets[i];
        while (*at) {
            struct live_topic *topic = *at;
            if (is_forgotten(hub, topic)) {
                *at = topic->next;
                free_topic(hub, topic);
                continue;
            }
            if (topic->is_changed && topic->listeners > 0) {
                topic->is_changed = false;
                topic->listeners++; /* keeps it until it is rendered */
                topic->next_due = due;
                due = topic;
            }
            at = &topic->next;
        }
    }
    return due;
}

/* --- rendering, on the hub's thread --- */

struct rendering {
    struct live_hub *hub;
    const struct live_topic *topic;
    struct buf data;
};

static enum err render_data(struct ctx *cx, struct rendering *rendering)
{
    const struct live_topic *topic = rendering->topic;
    if (topic->subject_id != LIVE_PING)
        return rendering->hub->app->render_live(cx, topic->unit_id, topic->subject_id, &rendering->data);
    buf_format(&rendering->data, "{\"at\":%lld}", (long long)cx->now);
    return OK;
}

static enum err render_guarded(struct rendering *rendering)
{
    struct live_hub *hub = rendering->hub;
    struct ctx *cx = &hub->cx;
    jmp_buf out;
    cx->arena.guard = &out;
    enum err err = ERR_UNAVAILABLE;
    if (setjmp(out) == 0)
        err = render_data(cx, rendering);
    else
        err = fail_detail(cx, ERR_UNAVAILABLE, "the live event's memory ended");
    cx->arena.guard = NULL;
    return err;
}

static struct live_event *make_event(struct live_hub *hub, struct str data, uint64_t number)
{
    char head[48];
    int head_len = snprintf(head, sizeof head, "id: %llu\ndata: ", (unsigned long long)number);
    size_t len = (size_t)head_len + data.len + 2;
    struct live_event *event = env_alloc(hub->app->env, sizeof *event + len);
    if (!event)
        return NULL;
    *event = (struct live_event){ .holders = 1, .number = number, .head_len = (size_t)head_len, .len = len };
    memcpy(event->at, head, (size_t)head_len);
    for (size_t i = 0; i < data.len; i++) /* an event's data is one line */
        event->at[(size_t)head_len + i] = data.at[i] == '\n' || data.at[i] == '\r' ? ' ' : data.at[i];
    memcpy(event->at + len - 2, "\n\n", 2);
    return event;
}

static bool says_the_same(const struct live_event *a, const struct live_event *b)
{
    return a && a->len - a->head_len == b->len - b->head_len &&
           memcmp(a->at + a->head_len, b->at + b->head_len, a->len - a->head_len) == 0;
}

/* Counters may change and come back: what says the same is not sent again. */
static void publish(struct live_hub *hub, struct live_topic *topic, struct live_event *event)
{
    pthread_mutex_lock(&hub->lock);
    if (says_the_same(topic->event, event)) {
        drop_event(hub, event);
    } else {
        drop_event(hub, topic->event);
        topic->event = event;
        for (int i = 0; i < hub->loops; i++)
            if (topic->shares[i].listeners > 0)
                tell_loop(hub, topic, i);
    }
    pthread_mutex_unlock(&hub->lock);
}

static void render_topic(struct live_hub *hub, struct live_topic *topic)
{
    struct ctx *cx = &hub->cx;
    struct rendering rendering = { .hub = hub, .topic = topic };
    buf_init(&rendering.data, &cx->arena);
    cx->now = env_now(cx->env);
    cx->fault.code = OK;
    enum err err = hub->reader ? db_read_begin(cx) : OK;
    if (err == OK) {
        err = render_guarded(&rendering);
        if (hub->reader)
            db_read_end(cx);
    }
    struct live_event *event = NULL;
    if (err == OK)
        event = make_event(hub, buf_str(&rendering.data), topic->event ? topic->event->number + 1 : 1);
    else if (err != ERR_NOT_FOUND)
        log_line(cx->env, LOG_ERROR, "live", "%s %s", err_name(err), cx->fault.detail);
    if (event)
        publish(hub, topic, event);
    arena_reset(&cx->arena);
}

/* Several programs may serve one PostgreSQL: what the others wrote is seen by the facts' number alone. */
static void look_for_foreign_facts(struct live_hub *hub)
{
    SQL(find_last_seq, "SELECT MAX(seq) FROM fact");

    struct ctx *cx = &hub->cx;
    int64_t last_seq = 0;
    if (!hub->reader || strcmp(db_engine_name(hub->reader), "postgresql") != 0 ||
        atomic_load(&hub->topics_len) == 0)
        return;
    if (db_i64(cx, &find_last_seq, NO_BIND, &last_seq) == OK) {
        pthread_mutex_lock(&hub->lock);
        bool marks_all = has_foreign(hub, last_seq);
        for (size_t i = 0; i < LIVE_BUCKETS && marks_all; i++)
            for (struct live_topic *topic = hub->buckets[i]; topic; topic = topic->next)
                topic->is_changed = true;
        pthread_mutex_unlock(&hub->lock);
    }
    arena_reset(&cx->arena);
}

static void wake_loops(struct live_hub *hub)
{
    for (int i = 0; i < hub->loops; i++) {
        pthread_mutex_lock(&hub->lock);
        bool has_news = hub->news[i] != NULL;
        pthread_mutex_unlock(&hub->lock);
        if (has_news)
            hub->wake(hub->wake_what, i);
    }
}

static void render_changed(struct live_hub *hub)
{
    enum { WAKE_EVERY = 64 }; /* a new listener need not wait for all the others' boards */
    look_for_foreign_facts(hub);
    pthread_mutex_lock(&hub->lock);
    struct live_topic *topic = collect_changed(hub);
    pthread_mutex_unlock(&hub->lock);
    for (int done = 1; topic; done++) {
        struct live_topic *next = topic->next_due;
        render_topic(hub, topic);
        pthread_mutex_lock(&hub->lock);
        topic->listeners--;
        pthread_mutex_unlock(&hub->lock);
        if (done % WAKE_EVERY == 0)
            wake_loops(hub);
        topic = next;
    }
    wake_loops(hub);
}

/* Until the next tick, or until somebody new waits for a first event. False at the end. */
static bool wait_for_tick(struct live_hub *hub)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LIVE_TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&hub->lock);
    int why = 0;
    while (!hub->is_ending && !hub->is_in_haste && why == 0)
        why = pthread_cond_timedwait(&hub->has_new_topic, &hub->lock, &until);
    hub->is_in_haste = false;
    bool goes_on = !hub->is_ending;
    pthread_mutex_unlock(&hub->lock);
    return goes_on;
}

static void *run_thread(void *what)
{
    struct live_hub *hub = what;
    while (wait_for_tick(hub))
        render_changed(hub);
    return NULL;
}

/* --- its life --- */

enum err live_hub_open(struct ctx *cx, struct app *app, int loops, struct live_hub **ret_hub)
{
    /* Every unit, in the way queries narrow (base/actor.h): who may listen was checked when the stream was opened. */
    static const struct actor program = { .kind = ACTOR_PROGRAM,
                                          .scope = { STR_INIT(""), STR_INIT("~") },
                                          .permissions = UINT64_MAX };
    struct live_hub *hub = env_alloc(app->env, sizeof *hub);
    struct live_topic **news = env_alloc(app->env, (size_t)loops * sizeof(struct live_topic *));
    if (!hub || !news) {
        env_free(app->env, hub);
        env_free(app->env, news);
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for live boards");
    }
    memset(hub, 0, sizeof *hub);
    memset(news, 0, (size_t)loops * sizeof(struct live_topic *));
    hub->app = app;
    hub->loops = loops;
    hub->news = news;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&hub->lock, NULL);
    pthread_cond_init(&hub->has_new_topic, &attributes);
    pthread_condattr_destroy(&attributes);
    hub->cx = (struct ctx){ .env = app->env, .actor = &program };
    arena_init(&hub->cx.arena, app->env, LIVE_ARENA_BYTES);
    *ret_hub = hub;
    if (app->store)
        TRY(store_reader_open(cx, app->store, &hub->reader));
    hub->cx.db = hub->reader;
    return OK;
}

enum err live_hub_start(struct ctx *cx, struct live_hub *hub, void (*wake)(void *what, int loop), void *what)
{
    hub->wake = wake;
    hub->wake_what = what;
    hub->has_thread = pthread_create(&hub->thread, NULL, run_thread, hub) == 0;
    return hub->has_thread ? OK : fail_detail(cx, ERR_UNAVAILABLE, "no thread for live boards");
}

void live_hub_stop(struct live_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->is_ending = true;
    pthread_cond_signal(&hub->has_new_topic);
    pthread_mutex_unlock(&hub->lock);
    if (hub->has_thread)
        pthread_join(hub->thread, NULL);
    hub->has_thread = false;
}

void live_hub_close(struct live_hub *hub)
{
    const struct env *env = hub->app->env;
    for (size_t i = 0; i < LIVE_BUCKETS; i++) {
        while (hub->buckets[i]) {
            struct live_topic *topic = hub->buckets[i];
            hub->buckets[i] = topic->next;
            free_topic(hub, topic);
        }
    }
    if (hub->reader)
        store_reader_close(hub->reader);
    arena_end(&hub->cx.arena);
    pthread_cond_destroy(&hub->has_new_topic);
    pthread_mutex_destroy(&hub->lock);
    env_free(env, hub->news);
    env_free(env, hub);
}
