#include "store/checkpointer.h"

#include "base/log.h"
#include "store/db_sqlite.h"
#include "store/inside.h"

#include <pthread.h>
#include <unistd.h>

enum { CHECKPOINTER_EXIT_CODE = 4 };

enum work { WORK_NONE, WORK_WANTED, WORK_DONE };

struct checkpointer {
    const struct env *env;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    enum work work;
    bool is_ending;
    int frames;
};

/* How many frames are in the file; 0 when nothing could be done: then the writer's own checkpoint tells why. */
static int run(struct checkpointer *checkpointer)
{
    int in_wal = 0;
    int in_file = 0;
    int code = sqlite3_wal_checkpoint_v2(db_sqlite_of(checkpointer->db)->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal,
                                         &in_file);
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
        log_line(checkpointer->env, LOG_ERROR, "store", "the disk refused a sync, the program ends: checkpoint");
        _exit(CHECKPOINTER_EXIT_CODE);
    }
    return code == SQLITE_OK && in_file > 0 ? in_file : 0;
}

static void *run_thread(void *what)
{
    struct checkpointer *checkpointer = what;
    (void)pthread_setname_np(pthread_self(), "checkpointer");
    pthread_mutex_lock(&checkpointer->mutex);
    while (!checkpointer->is_ending) {
        if (checkpointer->work != WORK_WANTED) {
            pthread_cond_wait(&checkpointer->wake, &checkpointer->mutex);
            continue;
        }
        pthread_mutex_unlock(&checkpointer->mutex);
        int frames = run(checkpointer);
        pthread_mutex_lock(&checkpointer->mutex);
        checkpointer->frames = frames;
        checkpointer->work = WORK_DONE;
    }
    pthread_mutex_unlock(&checkpointer->mutex);
    return NULL;
}

enum err checkpointer_start(struct ctx *cx, struct store *store, struct checkpointer **ret_checkpointer)
{
    struct checkpointer *checkpointer = env_alloc(store->env, sizeof *checkpointer);
    if (!checkpointer)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for checkpoints");
    *checkpointer = (struct checkpointer){ .env = store->env };
    enum err err = store->engine->open(cx, store, false, &checkpointer->db);
    if (err != OK) {
        env_free(store->env, checkpointer);
        return err;
    }
    pthread_mutex_init(&checkpointer->mutex, NULL);
    pthread_cond_init(&checkpointer->wake, NULL);
    if (pthread_create(&checkpointer->thread, NULL, run_thread, checkpointer) != 0) {
        store->engine->close(checkpointer->db);
        env_free(store->env, checkpointer);
        return fail_detail(cx, ERR_UNAVAILABLE, "no thread for checkpoints");
    }
    *ret_checkpointer = checkpointer;
    return OK;
}

void checkpointer_stop(struct checkpointer *checkpointer)
{
    if (!checkpointer)
        return;
    pthread_mutex_lock(&checkpointer->mutex);
    checkpointer->is_ending = true;
    pthread_cond_signal(&checkpointer->wake);
    pthread_mutex_unlock(&checkpointer->mutex);
    pthread_join(checkpointer->thread, NULL);
    checkpointer->db->engine->close(checkpointer->db);
    pthread_cond_destroy(&checkpointer->wake);
    pthread_mutex_destroy(&checkpointer->mutex);
    env_free(checkpointer->env, checkpointer);
}

void checkpointer_begin(struct checkpointer *checkpointer)
{
    pthread_mutex_lock(&checkpointer->mutex);
    if (checkpointer->work == WORK_NONE) {
        checkpointer->work = WORK_WANTED;
        pthread_cond_signal(&checkpointer->wake);
    }
    pthread_mutex_unlock(&checkpointer->mutex);
}

bool checkpointer_take(struct checkpointer *checkpointer, int *ret_frames)
{
    pthread_mutex_lock(&checkpointer->mutex);
    bool has_ended = checkpointer->work == WORK_DONE;
    if (has_ended) {
        checkpointer->work = WORK_NONE;
        *ret_frames = checkpointer->frames;
    }
    pthread_mutex_unlock(&checkpointer->mutex);
    return has_ended;
}
