/*
 * The desk: files that take long to read, one after another on a thread of its own. A file waits in memory only, so one
 * that is refused was never on the disk. What was read is recorded on the writer in the name of who left it.
 */
#include "reading/reading_inside.h"

#include "base/log.h"
#include "http/server.h"
#include "store/guard.h"
#include "store/writer.h"

#include <pthread.h>
#include <time.h>

enum {
    JOBS_MAX = 32,
    WAITING_BYTES_MAX = 8 * READING_FILE_MAX,
    READ_ARENA_BYTES = 512 << 20,
    NAMES_BYTES = 2048,
    FINISHED_MS = 15 * 60 * 1000, /* how long the outcome can be asked for */
    TICKET_LEN = 32,
};

struct job {
    enum reading_job_state state;
    char ticket[TICKET_LEN];
    struct fact_id fact_id;
    struct actor actor; /* its names lie in `names` */
    char names[NAMES_BYTES];
    size_t names_len;
    char file_name[400];
    size_t file_name_len;
    char *content;
    size_t content_len;
    int64_t left_at, ended_at;
    int64_t order;
    int64_t reading_id;
    char words[600];
};

struct reading_desk {
    const struct env *env;
    const struct reading_engine *engine;
    struct writer *writer;
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool must_stop;
    int64_t next_order;
    struct job jobs[JOBS_MAX];
};

const struct reading_engine *reading_engine_of(const struct app *app)
{
    const struct reading_desk *desk = app->reading_state;
    return desk && desk->engine ? desk->engine : &reading_engine_own;
}

/* ---- One file ---- */

enum err reading_read_file(struct ctx *cx, const struct reading_engine *engine, struct str dir, struct str content,
                           struct str *ret_digest, struct reading_result *ret_result)
{
    json_t *root = NULL;
    struct reading_result result = { .pages = 0, .format = STR(""), .said = STR(""), .sheet = STR("") };
    if (content.len == 0)
        return fail_field(cx, "file", "Tệp rỗng, xin chọn lại tệp");
    if (content.len > READING_FILE_MAX)
        return fail(cx, ERR_LIMIT, "Tệp lớn quá 24 MB; xin quét lại ở độ phân giải thấp hơn hoặc tách bớt phụ lục");
    TRY(engine->read(cx, (struct bytes){ (const unsigned char *)content.at, content.len }, &result));
    if (str_count_code_points(result.said) > READING_SAID_MAX || str_count_code_points(result.sheet) > READING_SAID_MAX)
        return fail(cx, ERR_LIMIT, "Văn bản dài quá mức hệ thống đọc được, xin tách bớt phụ lục");
    TRY(reading_json_load(cx, result.said, &root));
    *ret_result = result;
    return material_keep(cx, dir, content, ret_digest);
}

struct taking {
    struct reading_desk *desk;
    const struct job *job;
    struct str digest;
    struct reading_result result;
    int64_t id;
};

static enum err take_in(struct ctx *cx, void *what)
{
    struct taking *taking = what;
    const struct job *job = taking->job;
    return reading_take_in(cx, taking->digest, (struct str){ job->file_name, job->file_name_len },
                           (int64_t)job->content_len, &taking->result, &taking->id);
}

static enum err read_and_take(struct ctx *cx, void *what)
{
    struct taking *taking = what;
    struct reading_desk *desk = taking->desk;
    struct str content = { taking->job->content, taking->job->content_len };
    TRY(reading_read_file(cx, desk->engine, store_dir(desk->store), content, &taking->digest, &taking->result));
    return writer_wait(desk->writer, cx, take_in, taking);
}

static void run_job(struct reading_desk *desk, struct job *job)
{
    struct ctx cx = { .env = desk->env, .actor = &job->actor, .now = env_now(desk->env), .fact_id = job->fact_id };
    struct taking taking = { .desk = desk, .job = job };
    arena_init(&cx.arena, desk->env, READ_ARENA_BYTES);
    enum err err = guard_run(&cx, read_and_take, &taking);
    if (err == ERR_SYSTEM || err == ERR_UNAVAILABLE)
        log_line(desk->env, LOG_ERROR, "reading", "%s: %s", err_name(err), cx.fault.detail);
    pthread_mutex_lock(&desk->lock);
    job->state = err == OK ? READING_JOB_DONE : READING_JOB_FAILED;
    job->reading_id = taking.id;
    memcpy(job->words, cx.fault.words, sizeof job->words);
    job->ended_at = env_now(desk->env);
    env_free(desk->env, job->content);
    job->content = NULL;
    pthread_cond_broadcast(&desk->changed);
    pthread_mutex_unlock(&desk->lock);
    arena_end(&cx.arena);
}

static struct job *next_waiting(struct reading_desk *desk)
{
    struct job *next = NULL;
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &desk->jobs[i];
        if (job->state == READING_JOB_WAITING && (!next || job->order < next->order))
            next = job;
    }
    return next;
}

static void *run_thread(void *what)
{
    struct reading_desk *desk = what;
    pthread_mutex_lock(&desk->lock);
    while (!desk->must_stop) {
        struct job *job = next_waiting(desk);
        if (!job) {
            pthread_cond_wait(&desk->changed, &desk->lock);
            continue;
        }
        job->state = READING_JOB_READING;
        pthread_mutex_unlock(&desk->lock);
        run_job(desk, job);
        pthread_mutex_lock(&desk->lock);
    }
    pthread_mutex_unlock(&desk->lock);
    return NULL;
}

/* ---- The desk ---- */

enum err reading_desk_open(struct ctx *cx, struct app *app, const struct reading_engine *engine)
{
    struct reading_desk *desk = env_alloc(cx->env, sizeof *desk);
    if (!desk)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the reading desk");
    *desk = (struct reading_desk){ .env = cx->env,
                                   .engine = engine ? engine : &reading_engine_own,
                                   .writer = app->writer,
                                   .store = app->store,
                                   .lock = PTHREAD_MUTEX_INITIALIZER,
                                   .changed = PTHREAD_COND_INITIALIZER };
    if (app->writer && pthread_create(&desk->thread, NULL, run_thread, desk) != 0) {
        env_free(cx->env, desk);
        return fail_detail(cx, ERR_UNAVAILABLE, "no thread for the reading desk");
    }
    app->reading_state = desk;
    return OK;
}

void reading_desk_close(struct app *app)
{
    struct reading_desk *desk = app->reading_state;
    if (!desk)
        return;
    if (desk->writer) {
        pthread_mutex_lock(&desk->lock);
        desk->must_stop = true;
        pthread_cond_broadcast(&desk->changed);
        pthread_mutex_unlock(&desk->lock);
        pthread_join(desk->thread, NULL);
    }
    for (size_t i = 0; i < JOBS_MAX; i++)
        env_free(desk->env, desk->jobs[i].content);
    env_free(desk->env, desk);
    app->reading_state = NULL;
}

/* ---- Leaving and asking ---- */

static bool is_over(const struct job *job)
{
    return job->state == READING_JOB_DONE || job->state == READING_JOB_FAILED;
}

static struct job *find_job(struct reading_desk *desk, struct str ticket)
{
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &desk->jobs[i];
        if (job->state != READING_JOB_NONE && ticket.len == TICKET_LEN && memcmp(job->ticket, ticket.at, TICKET_LEN) == 0)
            return job;
    }
    return NULL;
}

static struct job *free_place(struct reading_desk *desk, int64_t now, size_t bytes)
{
    struct job *place = NULL;
    size_t waiting = bytes;
    for (size_t i = 0; i < JOBS_MAX; i++) {
        struct job *job = &desk->jobs[i];
        if (is_over(job) && now - job->ended_at > FINISHED_MS)
            job->state = READING_JOB_NONE;
        if (job->state == READING_JOB_WAITING || job->state == READING_JOB_READING)
            waiting += job->content_len;
        else if (!place || (is_over(place) && (job->state == READING_JOB_NONE || job->ended_at < place->ended_at)))
            place = job;
    }
    return waiting > WAITING_BYTES_MAX ? NULL : place;
}

/* Names of the actor live in the request; the job keeps its own. */
static struct str keep_name(struct job *job, struct str name)
{
    size_t len = name.len < NAMES_BYTES - job->names_len ? name.len : NAMES_BYTES - job->names_len;
    char *at = job->names + job->names_len;
    if (len > 0)
        memcpy(at, name.at, len);
    job->names_len += len;
    return (struct str){ at, len };
}

static void keep_actor(struct job *job, const struct actor *actor)
{
    job->actor = *actor;
    job->actor.name = keep_name(job, actor->name);
    job->actor.role_name = keep_name(job, actor->role_name);
    job->actor.unit_name = keep_name(job, actor->unit_name);
    job->actor.scope.path_lo = keep_name(job, actor->scope.path_lo);
    job->actor.scope.path_hi = keep_name(job, actor->scope.path_hi);
}

static void fill_job(struct reading_desk *desk, struct job *job, struct ctx *cx, struct str file_name, struct str ticket)
{
    char *content = job->content;
    size_t content_len = job->content_len;
    *job = (struct job){ .state = READING_JOB_WAITING, .content = content, .content_len = content_len };
    memcpy(job->ticket, ticket.at, TICKET_LEN);
    (void)str_to_bytes_hex(ticket, job->fact_id.at, sizeof job->fact_id.at);
    keep_actor(job, cx->actor);
    job->file_name_len = file_name.len < sizeof job->file_name ? file_name.len : 0; /* never half a name */
    if (job->file_name_len > 0)
        memcpy(job->file_name, file_name.at, job->file_name_len);
    job->left_at = env_now(desk->env);
    job->order = desk->next_order++;
}

enum err reading_desk_leave(struct ctx *cx, struct app *app, struct str content, struct str file_name, struct str ticket)
{
    struct reading_desk *desk = app->reading_state;
    if (ticket.len != TICKET_LEN || content.len == 0)
        return fail(cx, ERR_INVALID, "Xin mở lại trang rồi chọn tệp một lần nữa");
    char *copy = env_alloc(cx->env, content.len);
    if (!copy)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for a file to read");
    memcpy(copy, content.at, content.len);
    pthread_mutex_lock(&desk->lock);
    bool is_there = find_job(desk, ticket) != NULL; /* the same form sent twice */
    struct job *place = is_there ? NULL : free_place(desk, env_now(desk->env), content.len);
    if (place) {
        place->content = copy;
        place->content_len = content.len;
        fill_job(desk, place, cx, file_name, ticket);
        pthread_cond_broadcast(&desk->changed);
    }
    pthread_mutex_unlock(&desk->lock);
    if (place)
        return OK;
    env_free(cx->env, copy);
    return is_there ? OK
                    : fail(cx, ERR_UNAVAILABLE, "Đang có nhiều tệp chờ đọc, xin gửi lại sau ít phút; tệp chưa được lưu");
}

static void await(struct reading_desk *desk, const struct job *job, int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!is_over(job) && pthread_cond_timedwait(&desk->changed, &desk->lock, &until) == 0)
        continue;
}

struct reading_job reading_desk_ask(struct ctx *cx, struct app *app, struct str ticket, int64_t wait_ms)
{
    struct reading_desk *desk = app->reading_state;
    struct reading_job answer = { .state = READING_JOB_NONE, .words = STR(""), .file_name = STR("") };
    if (!desk)
        return answer;
    pthread_mutex_lock(&desk->lock);
    const struct job *job = find_job(desk, ticket);
    bool is_mine = job && job->actor.unit_id == cx->actor->unit_id && job->actor.account_id == cx->actor->account_id;
    if (is_mine) {
        if (wait_ms > 0)
            await(desk, job, wait_ms);
        answer.state = job->state;
        answer.reading_id = job->reading_id;
        answer.started_at = job->left_at;
        answer.words = str_copy(&cx->arena, str_from(job->words));
        answer.file_name = str_copy(&cx->arena, (struct str){ job->file_name, job->file_name_len });
        for (size_t i = 0; i < JOBS_MAX; i++)
            answer.before += desk->jobs[i].state == READING_JOB_WAITING && desk->jobs[i].order < job->order;
    }
    pthread_mutex_unlock(&desk->lock);
    return answer;
}
