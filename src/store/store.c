#include "store/store.h"

#include "store/batch.h"
#include "store/guard.h"
#include "store/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FILES_MAX = 16 };

const struct db_engine *db_engine_find(struct str database)
{
    if (str_starts(database, STR("postgresql://")) || str_starts(database, STR("postgres://")))
        return &db_postgres;
    return database.len == 0 ? &db_sqlite : NULL;
}

/* The folder. */

static int remove_one(const char *path, const struct stat *found, int type, struct FTW *where)
{
    (void)found;
    (void)type;
    (void)where;
    return remove(path);
}

void store_remove_dir(const char *path)
{
    nftw(path, remove_one, OPEN_FILES_MAX, FTW_DEPTH | FTW_PHYS);
}

static bool is_file(const struct store *store, const char *name)
{
    char path[PATH_MAX + 32];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", store->dir, name);
    return stat(path, &found) == 0;
}

static bool is_empty_dir(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    bool empty = true;
    for (struct dirent *one = readdir(dir); one && empty; one = readdir(dir))
        empty = strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0 || strcmp(one->d_name, "lock") == 0;
    closedir(dir);
    return empty;
}

#define PRIVATE_PREFIX "view-"

static enum err make_private_dir(struct ctx *cx, struct store *store, struct str in)
{
    const char *parents[] = { "/dev/shm", "/tmp" };
    for (size_t i = 0; i < LEN(parents); i++) {
        if (in.len > 0 && in.len < sizeof store->dir - 32)
            snprintf(store->dir, sizeof store->dir, STR_FMT "/" PRIVATE_PREFIX "XXXXXX", STR_ARG(in));
        else
            snprintf(store->dir, sizeof store->dir, "%s/diemcau-XXXXXX", parents[i]);
        if (mkdtemp(store->dir))
            return OK;
    }
    store->dir[0] = '\0';
    return fail_detail(cx, ERR_UNAVAILABLE, "no folder for a private database: %s", strerror(errno));
}

void store_clear_parts(const struct store *store)
{
    DIR *dir = opendir(store->dir);
    if (!dir)
        return;
    for (struct dirent *one = readdir(dir); one; one = readdir(dir)) {
        char path[PATH_MAX + 300];
        snprintf(path, sizeof path, "%s/%s", store->dir, one->d_name);
        if (strncmp(one->d_name, PRIVATE_PREFIX, sizeof PRIVATE_PREFIX - 1) == 0)
            store_remove_dir(path);
    }
    closedir(dir);
}

static enum err find_dir(struct ctx *cx, struct store *store, const struct store_options *options)
{
    if (options->in_memory)
        return make_private_dir(cx, store, options->private_in);
    if (options->dir.len == 0 || options->dir.len >= sizeof store->dir)
        return fail(cx, ERR_INVALID, "Xin cho biết thư mục dữ liệu");
    snprintf(store->dir, sizeof store->dir, STR_FMT, STR_ARG(options->dir));
    if (is_file(store, "keys"))
        return OK;
    if (is_file(store, "diemcau.db"))
        return fail(cx, ERR_INVALID, "Thư mục %s thiếu tệp keys; xin chép lại tệp này từ nơi lưu giữ", store->dir);
    bool exists = access(store->dir, F_OK) == 0;
    if (options->must_exist || (exists && !is_empty_dir(store->dir)))
        return fail(cx, ERR_INVALID, "Thư mục %s không phải là thư mục dữ liệu của Điểm Cầu", store->dir);
    if (!exists && mkdir(store->dir, 0700) != 0) {
        enum err err = fail(cx, ERR_INVALID, "Không tạo được thư mục %s; xin kiểm tra đường dẫn và quyền ghi", store->dir);
        snprintf(cx->fault.detail, sizeof cx->fault.detail, "mkdir: %s", strerror(errno));
        return err;
    }
    return OK;
}

/* One program writes to a folder; the others may look. */
static enum err lock_dir(struct ctx *cx, struct store *store)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/lock", store->dir);
    store->lock_fd = store->env->open(store->env->state, path, O_RDWR | O_CREAT, 0600);
    if (store->lock_fd < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        store->env->close(store->env->state, store->lock_fd);
        store->lock_fd = -1;
    }
    return OK;
}

/* A small file, whole: read into `at`, or written so that it is there completely or not at all. */

static ssize_t read_small_file(const struct store *store, const char *name, char *at, size_t room)
{
    const struct env *env = store->env;
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", store->dir, name);
    int fd = env->open(env->state, path, O_RDONLY, 0);
    if (fd < 0)
        return -1;
    size_t len = 0;
    ssize_t got = 1;
    while (len < room && got > 0) {
        got = env->read(env->state, fd, at + len, room - len);
        len += got > 0 ? (size_t)got : 0;
    }
    env->close(env->state, fd);
    return got < 0 ? -1 : (ssize_t)len;
}

static bool write_and_sync(const struct env *env, const char *path, struct str text)
{
    int fd = env->open(env->state, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        return false;
    size_t done = 0;
    bool written = true;
    while (written && done < text.len) {
        ssize_t got = env->write(env->state, fd, text.at + done, text.len - done);
        written = got > 0;
        done += got > 0 ? (size_t)got : 0;
    }
    written = written && env->sync(env->state, fd) == 0;
    return env->close(env->state, fd) == 0 && written;
}

/* The names in the folder are safe. */
static enum err sync_dir(struct ctx *cx, const struct store *store)
{
    const struct env *env = store->env;
    int dir = env->open(env->state, store->dir, O_RDONLY | O_DIRECTORY, 0);
    bool synced = dir >= 0 && env->sync(env->state, dir) == 0;
    if (dir >= 0)
        env->close(env->state, dir);
    return synced ? OK : fail_detail(cx, ERR_UNAVAILABLE, "%s: cannot be synced", store->dir);
}

static enum err write_small_file(struct ctx *cx, const struct store *store, const char *name, struct str text)
{
    const struct env *env = store->env;
    char path[PATH_MAX + 32];
    char path_new[PATH_MAX + 40];
    snprintf(path, sizeof path, "%s/%s", store->dir, name);
    snprintf(path_new, sizeof path_new, "%s.new", path);
    bool written = write_and_sync(env, path_new, text) && env->rename(env->state, path_new, path) == 0;
    if (!written)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    return sync_dir(cx, store);
}

/* Keys: one line of hex. What a room needs is derived from it by purpose, so that no two uses share a key. */
static enum err find_keys(struct ctx *cx, struct store *store)
{
    char text[2 * STORE_KEY_BYTES + 2];
    ssize_t len = read_small_file(store, "keys", text, sizeof text);
    if (len < 0) {
        env_random(store->env, store->key, sizeof store->key);
        struct str hex = str_from_bytes_hex(&cx->arena, store->key, sizeof store->key);
        return write_small_file(cx, store, "keys", str_format(&cx->arena, STR_FMT "\n", STR_ARG(hex)));
    }
    if (!str_to_bytes_hex(str_trim((struct str){ text, (size_t)len }), store->key, sizeof store->key))
        return fail(cx, ERR_INVALID, "Tệp keys trong thư mục %s bị hỏng; xin chép lại từ nơi lưu giữ", store->dir);
    return OK;
}

void store_key(const struct store *store, const char *purpose, unsigned char ret_key[32])
{
    crypto_generichash(ret_key, STORE_KEY_BYTES, (const unsigned char *)purpose, strlen(purpose), store->key,
                       STORE_KEY_BYTES);
}

const struct store *db_store(const struct db *db)
{
    return db->store;
}

/* Where the database is: as told, or as the folder remembers. */
static enum err find_database(struct ctx *cx, struct store *store, const struct store_options *options)
{
    ssize_t len = options->in_memory ? -1 : read_small_file(store, "database", store->database,
                                                            sizeof store->database - 1);
    if (options->database.len >= sizeof store->database)
        return fail(cx, ERR_INVALID, "Địa chỉ cơ sở dữ liệu quá dài");
    if (options->database.len > 0)
        snprintf(store->database, sizeof store->database, STR_FMT, STR_ARG(options->database));
    else if (len > 0)
        store->database[str_trim((struct str){ store->database, (size_t)len }).len] = '\0';
    else
        store->database[0] = '\0';
    store->engine = db_engine_find(str_from(store->database));
    if (!store->engine)
        return fail(cx, ERR_INVALID, "Địa chỉ cơ sở dữ liệu phải bắt đầu bằng postgresql://");
    if (options->database.len > 0 && !options->in_memory)
        return write_small_file(cx, store, "database", options->database);
    return OK;
}

/* The epoch changes when a backup is restored. */
static enum err find_epoch(struct ctx *cx, struct store *store)
{
    SQL(find_epoch, "SELECT value FROM store_setting WHERE name = 'epoch'");
    SQL(add_epoch, "INSERT INTO store_setting (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING");

    for (int round = 0; round < 2; round++) {
        struct rows rows = db_rows(cx, &find_epoch, NO_BIND);
        struct str epoch = rows_next(&rows) ? rows_str(&rows) : STR("");
        TRY(rows_end(&rows));
        if (epoch.len == 2 * STORE_EPOCH_BYTES) {
            memcpy(store->epoch, epoch.at, epoch.len);
            return OK;
        }
        if (round > 0 || !store->writer)
            break;
        unsigned char random[STORE_EPOCH_BYTES];
        env_random(store->env, random, sizeof random);
        TRY(store->engine->begin(cx));
        enum err err = db_run(cx, &add_epoch, BIND(V(str_from_bytes_hex(&cx->arena, random, sizeof random))));
        if (err == OK)
            err = store->engine->commit(cx);
        if (err != OK) {
            store->engine->rollback(cx);
            return err;
        }
    }
    return fail_detail(cx, ERR_SYSTEM, "the database has no epoch");
}

static enum err open_database(struct ctx *cx, struct store *store)
{
    TRY(store->engine->create(cx, store));
    bool may_write = store->lock_fd >= 0 || store->engine->is_shared;
    struct db *db = NULL;
    TRY(store->engine->open(cx, store, may_write, &db));
    if (may_write)
        store->writer = db;
    else
        store->looker = db;
    cx->db = db;
    TRY(migrate_run(cx, store, !may_write));
    TRY(find_epoch(cx, store));
    return may_write ? batch_open(cx, store, &store->batch) : OK;
}

struct opening {
    struct store *store;
    const struct store_options *options;
};

static enum err open_all(struct ctx *cx, void *what)
{
    const struct opening *opening = what;
    struct store *store = opening->store;
    const struct store_options *options = opening->options;
    if (sodium_init() < 0)
        return fail_detail(cx, ERR_SYSTEM, "libsodium cannot start");
    db_number_statements();
    TRY(find_dir(cx, store, options));
    TRY(lock_dir(cx, store));
    TRY(find_keys(cx, store));
    TRY(find_database(cx, store, options));
    TRY(open_database(cx, store));
    /* SQLite syncs the folder for its WAL, not for the database file itself. */
    return store->is_private || !store->writer ? OK : sync_dir(cx, store);
}

enum err store_open(struct ctx *cx, const struct store_options *options, struct store **ret_store)
{
    struct store *store = env_alloc(options->env, sizeof *store);
    if (!store)
        return fail_detail(cx, ERR_UNAVAILABLE, "no memory for the store");
    *store = (struct store){ .env = options->env, .extra_schema = options->extra_schema, .without_rooms = options->without_rooms,
                              .is_private = options->in_memory, .lock_fd = -1 };
    pthread_mutex_init(&store->write_mutex, NULL);
    struct db *before = cx->db;
    enum err err = guard_run(cx, open_all, &(struct opening){ store, options });
    cx->db = before;
    if (err != OK) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    batch_close(store->batch);
    if (store->writer)
        store->engine->close(store->writer);
    if (store->looker)
        store->engine->close(store->looker);
    if (store->engine)
        store->engine->destroy(store);
    if (store->is_private && store->dir[0])
        store_remove_dir(store->dir);
    if (store->lock_fd >= 0)
        store->env->close(store->env->state, store->lock_fd);
    pthread_mutex_destroy(&store->write_mutex);
    sodium_memzero(store->key, sizeof store->key);
    env_free(store->env, store);
}

struct str store_dir(const struct store *store)
{
    return str_from(store->dir);
}

struct str store_epoch(const struct store *store)
{
    return str_from(store->epoch);
}

enum err store_reader_open(struct ctx *cx, struct store *store, struct db **ret_db)
{
    return store->engine->open(cx, store, false, ret_db);
}

void store_reader_close(struct db *db)
{
    if (db)
        db->engine->close(db);
}
