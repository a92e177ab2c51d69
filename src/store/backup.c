#include "store/guard.h"
#include "store/inside.h"
#include "store/replay.h"
#include "store/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A backup is one SQLite file and a manifest beside it (FILE.manifest): what the file is and what is in it, closed by a
 * digest of its own. On PostgreSQL the file is made from the facts, so that a backup can be opened anywhere.
 *
 * A backup counts only when the copy was opened and read through: pages, foreign keys, chain and rows. Restoring reads
 * it through again. The key file is never in it; the manifest says by a fingerprint which key belongs to it.
 */

enum { BACKUP_BLOCK = 256 * 1024, MANIFEST_BYTES_MAX = 64 * 1024, DIGEST_HEX = 2 * FACT_HASH_BYTES };

struct manifest {
    int64_t made_at;
    int64_t bytes;
    int64_t facts;
    char epoch[2 * STORE_EPOCH_BYTES + 1];
    char file_digest[DIGEST_HEX + 1];
    char head[DIGEST_HEX + 1];   /* of the chain */
    char tables[DIGEST_HEX + 1]; /* store_digest */
    char key[DIGEST_HEX + 1];    /* fingerprint of the key */
};

static void to_hex(const unsigned char digest[FACT_HASH_BYTES], char ret_hex[DIGEST_HEX + 1])
{
    sodium_bin2hex(ret_hex, DIGEST_HEX + 1, digest, FACT_HASH_BYTES);
}

static void fingerprint(const unsigned char key[STORE_KEY_BYTES], char ret_hex[DIGEST_HEX + 1])
{
    static const unsigned char purpose[] = "store.backup.fingerprint";
    unsigned char digest[FACT_HASH_BYTES];
    crypto_generichash(digest, sizeof digest, purpose, sizeof purpose - 1, key, STORE_KEY_BYTES);
    to_hex(digest, ret_hex);
}

/* Files. */

static enum err digest_file(struct ctx *cx, const char *path, int64_t *ret_bytes, char ret_hex[DIGEST_HEX + 1])
{
    const struct env *env = cx->env;
    unsigned char *block = arena_alloc(&cx->arena, BACKUP_BLOCK);
    int fd = env->open(env->state, path, O_RDONLY, 0);
    if (fd < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FACT_HASH_BYTES);
    int64_t bytes = 0;
    ssize_t got = 1;
    while (got > 0) {
        got = env->read(env->state, fd, block, BACKUP_BLOCK);
        if (got > 0)
            crypto_generichash_update(&state, block, (size_t)got);
        bytes += got > 0 ? got : 0;
    }
    env->close(env->state, fd);
    if (got < 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    unsigned char digest[FACT_HASH_BYTES];
    crypto_generichash_final(&state, digest, sizeof digest);
    to_hex(digest, ret_hex);
    *ret_bytes = bytes;
    return OK;
}

static enum err sync_path(struct ctx *cx, const char *path, int flags)
{
    const struct env *env = cx->env;
    int fd = env->open(env->state, path, flags, 0);
    bool synced = fd >= 0 && env->sync(env->state, fd) == 0;
    int why = errno;
    if (fd >= 0)
        env->close(env->state, fd);
    return synced ? OK : fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path, strerror(why));
}

/* The copy under its last name, so that it is there whole or not at all. */
static enum err put_in_place(struct ctx *cx, const char *from, const char *to)
{
    TRY(sync_path(cx, from, O_RDWR));
    if (cx->env->rename(cx->env->state, from, to) != 0)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", to, strerror(errno));
    struct str dir = str_from(to);
    while (dir.len > 0 && dir.at[dir.len - 1] != '/')
        dir.len--;
    return sync_path(cx, dir.len > 0 ? str_to_c(&cx->arena, dir) : ".", O_RDONLY | O_DIRECTORY);
}

static enum err copy_file(struct ctx *cx, const char *from, const char *to)
{
    const struct env *env = cx->env;
    unsigned char *block = arena_alloc(&cx->arena, BACKUP_BLOCK);
    int in = env->open(env->state, from, O_RDONLY, 0);
    int out = env->open(env->state, to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t got = in >= 0 && out >= 0 ? 1 : -1;
    while (got > 0) {
        got = env->read(env->state, in, block, BACKUP_BLOCK);
        for (ssize_t done = 0; done < got;) {
            ssize_t put = env->write(env->state, out, block + done, (size_t)(got - done));
            if (put <= 0)
                got = -1;
            done += put;
        }
    }
    int why = errno;
    if (in >= 0)
        env->close(env->state, in);
    if (out >= 0 && env->close(env->state, out) != 0)
        got = -1;
    return got == 0 ? OK : fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", to, strerror(why));
}

/* The manifest. */

static enum err write_manifest(struct ctx *cx, const char *path, const struct manifest *m)
{
    struct str text = str_format(&cx->arena,
                                 "{\"format\":\"diemcau-backup/1\",\"made_at\":%lld,\"epoch\":\"%s\",\"bytes\":%lld,"
                                 "\"blake2b\":\"%s\",\"facts\":%lld,\"head\":\"%s\",\"tables\":\"%s\",\"key\":\"%s\"}\n",
                                 (long long)m->made_at, m->epoch, (long long)m->bytes, m->file_digest,
                                 (long long)m->facts, m->head, m->tables, m->key);
    unsigned char digest[FACT_HASH_BYTES];
    char hex[DIGEST_HEX + 1];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text.at, text.len, NULL, 0);
    to_hex(digest, hex);
    struct str whole = str_format(&cx->arena, STR_FMT "%s\n", STR_ARG(text), hex);
    struct str path_new = str_format(&cx->arena, "%s.new", path);
    const struct env *env = cx->env;
    int fd = env->open(env->state, path_new.at, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool written = fd >= 0 && env->write(env->state, fd, whole.at, whole.len) == (ssize_t)whole.len;
    int why = errno;
    if (fd >= 0 && env->close(env->state, fd) != 0)
        written = false;
    if (!written)
        return fail_detail(cx, ERR_UNAVAILABLE, "%s: %s", path_new.at, strerror(why));
    return put_in_place(cx, path_new.at, path);
}

static bool get_text(const json_t *object, const char *name, char *ret_text, size_t room)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (!text || strlen(text) != room - 1)
        return false;
    memcpy(ret_text, text, room);
    return true;
}

static bool get_number(const json_t *object, const char *name, int64_t *ret_value)
{
    const json_t *value = json_object_get(object, name);
    *ret_value = json_integer_value(value);
    return json_is_integer(value) && *ret_value >= 0;
}

static bool parse_manifest(struct str text, struct manifest *ret)
{
    struct str line = str_sub(text, 0, str_find(text, STR("\n")) + 1);
    unsigned char said[FACT_HASH_BYTES];
    unsigned char digest[FACT_HASH_BYTES];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)line.at, line.len, NULL, 0);
    if (text.len != line.len + DIGEST_HEX + 1 || text.at[text.len - 1] != '\n' ||
        !str_to_bytes_hex(str_sub(text, line.len, DIGEST_HEX), said, sizeof said) ||
        memcmp(said, digest, sizeof said) != 0)
        return false;
    json_t *object = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, NULL);
    char format[sizeof "diemcau-backup/1"];
    bool sound = get_text(object, "format", format, sizeof format) && strcmp(format, "diemcau-backup/1") == 0 &&
                 get_number(object, "made_at", &ret->made_at) && get_number(object, "bytes", &ret->bytes) &&
                 get_number(object, "facts", &ret->facts) && get_text(object, "epoch", ret->epoch, sizeof ret->epoch) &&
                 get_text(object, "blake2b", ret->file_digest, sizeof ret->file_digest) &&
                 get_text(object, "head", ret->head, sizeof ret->head) &&
                 get_text(object, "tables", ret->tables, sizeof ret->tables) &&
                 get_text(object, "key", ret->key, sizeof ret->key);
    json_decref(object);
    return sound;
}

static enum err read_manifest(struct ctx *cx, const char *path, struct manifest *ret)
{
    const struct env *env = cx->env;
    char *text = arena_alloc(&cx->arena, MANIFEST_BYTES_MAX);
    int fd = env->open(env->state, path, O_RDONLY, 0);
    ssize_t len = fd >= 0 ? env->read(env->state, fd, text, MANIFEST_BYTES_MAX) : -1;
    if (fd >= 0)
        env->close(env->state, fd);
    if (len < 0)
        return fail(cx, ERR_INVALID, "Bản sao lưu thiếu tệp kê khai %s", path);
    if (!parse_manifest((struct str){ text, (size_t)len }, ret))
        return fail(cx, ERR_INVALID, "Tệp kê khai %s bị sửa hoặc hỏng", path);
    return OK;
}

/* Reading a copy through. */

static enum err read_through(struct ctx *cx, void *what)
{
    struct manifest *found = what;
    struct verify_list *list = ARENA_NEW(&cx->arena, struct verify_list);
    struct verify_head head = { 0 };
    TRY(verify_engine(cx, VERIFY_QUICK, list));
    TRY(verify_chain(cx, list, &head));
    if (list->len > 0)
        return fail(cx, ERR_INVALID, "Bản sao không dùng được: " STR_FMT, STR_ARG(list->at[0]));
    to_hex(head.hash, found->head);
    found->facts = head.facts;
    return OK;
}

/* A store that is only a file: enough for connections. */
static struct store *copy_store(struct ctx *cx, const char *file)
{
    struct store *copy = ARENA_NEW(&cx->arena, struct store);
    copy->env = cx->env;
    copy->engine = &db_sqlite;
    copy->lock_fd = -1;
    copy->is_copy = true;
    snprintf(copy->file, sizeof copy->file, "%s", file);
    db_number_statements();
    return copy;
}

static enum err read_copy(struct ctx *cx, const char *file, struct manifest *ret)
{
    struct store *copy = copy_store(cx, file);
    unsigned char digest[FACT_HASH_BYTES];
    TRY(guard_read(cx, copy, read_through, ret));
    TRY(store_digest(cx, copy, digest));
    to_hex(digest, ret->tables);
    return OK;
}

/* Backup. */

static enum err copy_to(struct ctx *cx, void *path)
{
    return cx->db->engine->copy_to(cx, path);
}

static enum err copy_database(struct ctx *cx, struct store *store, char *path)
{
    struct store *from = store;
    if (!store->engine->copy_to)
        TRY(replay_into_new(cx, store, INT64_MAX, &from));
    enum err err = guard_read(cx, from, copy_to, path);
    if (from != store)
        store_close(from);
    return err;
}

enum err store_backup(struct ctx *cx, struct store *store, struct str to_path)
{
    const char *path = str_to_c(&cx->arena, to_path);
    char path_new[PATH_MAX];
    snprintf(path_new, sizeof path_new, "%s.new", path);
    const char *path_manifest = str_format(&cx->arena, "%s.manifest", path).at;
    if (to_path.len == 0 || to_path.len > PATH_MAX - 16)
        return fail(cx, ERR_INVALID, "Xin cho biết tên tệp sao lưu");
    if (access(path, F_OK) == 0)
        return fail(cx, ERR_INVALID, "Đã có tệp %s; xin chọn tên khác để không ghi đè", path);
    cx->env->unlink(cx->env->state, path_new); /* what an interrupted backup left */
    TRY(copy_database(cx, store, path_new));

    struct manifest manifest = { .made_at = cx->now };
    memcpy(manifest.epoch, store->epoch, sizeof manifest.epoch);
    fingerprint(store->key, manifest.key);
    enum err err = read_copy(cx, path_new, &manifest);
    if (err == OK)
        err = digest_file(cx, path_new, &manifest.bytes, manifest.file_digest);
    if (err == OK)
        err = write_manifest(cx, path_manifest, &manifest);
    if (err == OK)
        err = put_in_place(cx, path_new, path);
    if (err != OK)
        cx->env->unlink(cx->env->state, path_new);
    return err;
}

/* Restore. */

static enum err check_backup(struct ctx *cx, const char *path, const struct manifest *manifest)
{
    struct manifest found = { 0 };
    if (access(path, F_OK) != 0)
        return fail(cx, ERR_INVALID, "Không có tệp sao lưu %s", path);
    TRY(digest_file(cx, path, &found.bytes, found.file_digest));
    if (found.bytes != manifest->bytes)
        return fail(cx, ERR_INVALID, "Tệp sao lưu có %lld byte, tệp kê khai ghi %lld byte", (long long)found.bytes,
                    (long long)manifest->bytes);
    if (strcmp(found.file_digest, manifest->file_digest) != 0)
        return fail(cx, ERR_INVALID, "Tệp sao lưu bị sửa hoặc hỏng: nội dung không khớp với tệp kê khai");
    return OK;
}

/* The copy in its new place is what gets read through: what is restored is what was verified. */
static enum err check_copy(struct ctx *cx, const char *path, const struct manifest *manifest)
{
    struct manifest found = { 0 };
    TRY(check_backup(cx, path, manifest));
    TRY(read_copy(cx, path, &found));
    if (found.facts != manifest->facts || strcmp(found.head, manifest->head) != 0)
        return fail(cx, ERR_INVALID, "Sổ bản ghi trong tệp sao lưu không khớp với tệp kê khai");
    if (strcmp(found.tables, manifest->tables) != 0)
        return fail(cx, ERR_INVALID, "Dữ liệu trong tệp sao lưu không khớp với tệp kê khai");
    return OK;
}

static enum err write_epoch(struct ctx *cx, void *none)
{
    SQL(set_epoch, "INSERT INTO store_setting (name, value) VALUES ('epoch', $1)"
                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

    (void)none;
    unsigned char random[STORE_EPOCH_BYTES];
    env_random(cx->env, random, sizeof random);
    return db_run(cx, &set_epoch, BIND(V(str_from_bytes_hex(&cx->arena, random, sizeof random))));
}

static enum err change_epoch(struct ctx *cx, const char *path)
{
    struct store *copy = copy_store(cx, path);
    struct db *before = cx->db;
    TRY(copy->engine->open(cx, copy, true, &cx->db));
    enum err err = guard_run(cx, write_epoch, NULL);
    copy->engine->close(cx->db);
    cx->db = before;
    return err;
}

static enum err check_target(struct ctx *cx, const char *dir, const struct manifest *manifest)
{
    char hex[2 * STORE_KEY_BYTES + 2] = "";
    const struct env *env = cx->env;
    struct str path = str_format(&cx->arena, "%s/keys", dir);
    int fd = env->open(env->state, path.at, O_RDONLY, 0);
    ssize_t len = fd >= 0 ? env->read(env->state, fd, hex, sizeof hex) : -1;
    if (fd >= 0)
        env->close(env->state, fd);
    if (len < 0)
        return fail(cx, ERR_INVALID, "Xin chép tệp keys của hệ thống cũ vào thư mục %s trước khi khôi phục", dir);
    unsigned char key[STORE_KEY_BYTES];
    char said[DIGEST_HEX + 1] = "";
    if (str_to_bytes_hex(str_trim((struct str){ hex, (size_t)len }), key, sizeof key))
        fingerprint(key, said);
    sodium_memzero(key, sizeof key);
    if (strcmp(said, manifest->key) != 0)
        return fail(cx, ERR_INVALID, "Tệp keys trong thư mục %s không phải là tệp của bản sao lưu này", dir);
    if (access(str_format(&cx->arena, "%s/diemcau.db", dir).at, F_OK) == 0)
        return fail(cx, ERR_INVALID, "Thư mục %s đã có dữ liệu; xin chọn thư mục khác để không ghi đè", dir);
    return OK;
}

enum err store_restore(struct ctx *cx, const struct env *env, struct str from_path, struct str to_dir)
{
    if (sodium_init() < 0)
        return fail_detail(cx, ERR_SYSTEM, "libsodium cannot start");
    cx->env = env;
    const char *from = str_to_c(&cx->arena, from_path);
    const char *dir = str_to_c(&cx->arena, to_dir);
    const char *path = str_format(&cx->arena, "%s/diemcau.db", dir).at;
    const char *path_new = str_format(&cx->arena, "%s.new", path).at;
    struct manifest manifest = { 0 };
    TRY(read_manifest(cx, str_format(&cx->arena, "%s.manifest", from).at, &manifest));
    TRY(check_backup(cx, from, &manifest));
    TRY(check_target(cx, dir, &manifest));
    enum err err = copy_file(cx, from, path_new);
    if (err == OK)
        err = check_copy(cx, path_new, &manifest);
    if (err == OK)
        err = change_epoch(cx, path_new);
    if (err == OK)
        err = put_in_place(cx, path_new, path);
    if (err != OK)
        env->unlink(env->state, path_new);
    return err;
}
