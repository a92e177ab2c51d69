#include "store/backup_files.h"
#include "store/file.h"
#include "store/guard.h"
#include "store/inside.h"
#include "store/replay.h"
#include "store/verify.h"

#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A backup is one SQLite file, a manifest beside it (FILE.manifest): what the file is and what is in it, closed by a
 * digest of its own, and the folder FILE.files with the files that its facts name (backup_files.h). On PostgreSQL the
 * database is made from the facts, so that a backup can be opened anywhere.
 *
 * A backup counts only when the copy was opened and read through: pages, foreign keys, chain and rows. Restoring reads
 * it through again. The key file is never in it; the manifest says by a fingerprint which key belongs to it.
 */

enum { MANIFEST_BYTES_MAX = 64 * 1024, DIGEST_HEX = 2 * FACT_HASH_BYTES };

struct manifest {
    int64_t made_at;
    struct file_seen database;
    struct backup_files files;
    int64_t facts;
    char epoch[2 * STORE_EPOCH_BYTES + 1];
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

/* The manifest. */

static enum err write_manifest(struct ctx *cx, const char *path, const struct manifest *m)
{
    struct str text = str_format(&cx->arena,
                                 "{\"format\":\"diemcau-backup/2\",\"made_at\":%lld,\"epoch\":\"%s\",\"bytes\":%lld,"
                                 "\"blake2b\":\"%s\",\"facts\":%lld,\"head\":\"%s\",\"tables\":\"%s\",\"key\":\"%s\","
                                 "\"files\":%lld,\"files_bytes\":%lld,\"files_list\":\"%s\"}\n",
                                 (long long)m->made_at, m->epoch, (long long)m->database.bytes, m->database.hex,
                                 (long long)m->facts, m->head, m->tables, m->key, (long long)m->files.count,
                                 (long long)m->files.bytes, m->files.list.hex);
    unsigned char digest[FACT_HASH_BYTES];
    char hex[DIGEST_HEX + 1];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text.at, text.len, NULL, 0);
    to_hex(digest, hex);
    struct str whole = str_format(&cx->arena, STR_FMT "%s\n", STR_ARG(text), hex);
    struct str path_new = str_format(&cx->arena, "%s.new", path);
    TRY(file_write(cx, path_new.at, whole));
    return file_put_in_place(cx, path_new.at, path);
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
    char format[sizeof "diemcau-backup/2"];
    bool sound = get_text(object, "format", format, sizeof format) && strcmp(format, "diemcau-backup/2") == 0 &&
                 get_number(object, "made_at", &ret->made_at) && get_number(object, "bytes", &ret->database.bytes) &&
                 get_number(object, "facts", &ret->facts) && get_text(object, "epoch", ret->epoch, sizeof ret->epoch) &&
                 get_text(object, "blake2b", ret->database.hex, sizeof ret->database.hex) &&
                 get_text(object, "head", ret->head, sizeof ret->head) &&
                 get_text(object, "tables", ret->tables, sizeof ret->tables) &&
                 get_text(object, "key", ret->key, sizeof ret->key) &&
                 get_number(object, "files", &ret->files.count) &&
                 get_number(object, "files_bytes", &ret->files.bytes) &&
                 get_text(object, "files_list", ret->files.list.hex, sizeof ret->files.list.hex);
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

struct reading {
    struct manifest *found;
    struct file_names names;
};

static enum err read_through(struct ctx *cx, void *what)
{
    struct reading *reading = what;
    struct manifest *found = reading->found;
    struct verify_list *list = ARENA_NEW(&cx->arena, struct verify_list);
    struct verify_head head = { 0 };
    TRY(verify_engine(cx, VERIFY_QUICK, list));
    TRY(verify_chain(cx, list, &head));
    if (list->len > 0)
        return fail(cx, ERR_INVALID, "Bản sao không dùng được: " STR_FMT, STR_ARG(list->at[0]));
    to_hex(head.hash, found->head);
    found->facts = head.facts;
    return backup_files_named(cx, &reading->names);
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

static enum err read_copy(struct ctx *cx, const char *file, struct manifest *ret, struct file_names *ret_names)
{
    struct store *copy = copy_store(cx, file);
    unsigned char digest[FACT_HASH_BYTES];
    struct reading reading = { .found = ret };
    TRY(guard_read(cx, copy, read_through, &reading));
    TRY(store_digest(cx, copy, digest));
    to_hex(digest, ret->tables);
    *ret_names = reading.names;
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

/* Where a backup and its parts stand, under their last names and while they are made. */
struct backup_paths {
    const char *file;
    char *file_new;
    const char *manifest;
    const char *files, *files_new;
};

static struct backup_paths paths_of(struct ctx *cx, struct str path)
{
    char *file_new = arena_alloc(&cx->arena, PATH_MAX + 8);
    snprintf(file_new, PATH_MAX + 8, STR_FMT ".new", STR_ARG(path));
    return (struct backup_paths){
        .file_new = file_new,
        .file = str_to_c(&cx->arena, path),
        .manifest = str_format(&cx->arena, STR_FMT ".manifest", STR_ARG(path)).at,
        .files = str_format(&cx->arena, STR_FMT ".files", STR_ARG(path)).at,
        .files_new = str_format(&cx->arena, STR_FMT ".files.new", STR_ARG(path)).at,
    };
}

static void clear_interrupted(struct ctx *cx, const struct backup_paths *paths)
{
    cx->env->unlink(cx->env->state, paths->file_new);
    store_remove_dir(paths->files_new);
}

/* Files are kept before a fact names them and never taken away, so those of the copy's facts are there after it. */
static enum err describe_copy(struct ctx *cx, const struct store *store, const struct backup_paths *paths,
                              struct verify_list *list, struct manifest *ret)
{
    struct file_names names = { 0 };
    TRY(read_copy(cx, paths->file_new, ret, &names));
    TRY(file_look(cx, paths->file_new, &ret->database));
    return backup_files_copy(cx, store->dir, &names, paths->files_new, list, &ret->files);
}

/* The database last: a backup is there when its file is. */
static enum err put_backup(struct ctx *cx, const struct backup_paths *paths, const struct manifest *manifest)
{
    TRY(file_put_folder_in_place(cx, paths->files_new, paths->files));
    TRY(write_manifest(cx, paths->manifest, manifest));
    return file_put_in_place(cx, paths->file_new, paths->file);
}

static void tell(struct verify_list *list, struct store_findings *ret_findings, int64_t facts)
{
    if (ret_findings)
        *ret_findings = (struct store_findings){ list->at, list->len, facts };
}

enum err store_backup(struct ctx *cx, struct store *store, struct str to_path, struct store_findings *ret_findings)
{
    if (to_path.len == 0 || to_path.len > PATH_MAX - 16)
        return fail(cx, ERR_INVALID, "Xin cho biết tên tệp sao lưu");
    struct backup_paths paths = paths_of(cx, to_path);
    if (access(paths.file, F_OK) == 0)
        return fail(cx, ERR_INVALID, "Đã có tệp %s; xin chọn tên khác để không ghi đè", paths.file);
    if (access(paths.files, F_OK) == 0)
        return fail(cx, ERR_INVALID, "Đã có thư mục %s; xin chọn tên khác để không ghi đè", paths.files);
    clear_interrupted(cx, &paths);
    TRY(copy_database(cx, store, paths.file_new));

    struct manifest manifest = { .made_at = cx->now };
    struct verify_list *list = ARENA_NEW(&cx->arena, struct verify_list);
    memcpy(manifest.epoch, store->epoch, sizeof manifest.epoch);
    fingerprint(store->key, manifest.key);
    enum err err = describe_copy(cx, store, &paths, list, &manifest);
    if (err == OK)
        err = put_backup(cx, &paths, &manifest);
    if (err != OK)
        clear_interrupted(cx, &paths);
    else
        tell(list, ret_findings, manifest.facts);
    return err;
}

/* Restore. */

static enum err check_backup(struct ctx *cx, const char *path, const struct manifest *manifest)
{
    struct manifest found = { 0 };
    if (access(path, F_OK) != 0)
        return fail(cx, ERR_INVALID, "Không có tệp sao lưu %s", path);
    TRY(file_look(cx, path, &found.database));
    if (found.database.bytes != manifest->database.bytes)
        return fail(cx, ERR_INVALID, "Tệp sao lưu có %lld byte, tệp kê khai ghi %lld byte",
                    (long long)found.database.bytes, (long long)manifest->database.bytes);
    if (strcmp(found.database.hex, manifest->database.hex) != 0)
        return fail(cx, ERR_INVALID, "Tệp sao lưu bị sửa hoặc hỏng: nội dung không khớp với tệp kê khai");
    return OK;
}

/* The copy in its new place is what gets read through: what is restored is what was verified. */
static enum err check_copy(struct ctx *cx, const char *path, const struct manifest *manifest,
                           struct file_names *ret_names)
{
    struct manifest found = { 0 };
    TRY(check_backup(cx, path, manifest));
    TRY(read_copy(cx, path, &found, ret_names));
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
    if (access(str_format(&cx->arena, "%s/diemcau.db", dir).at, F_OK) == 0 ||
        access(str_format(&cx->arena, "%s/files", dir).at, F_OK) == 0)
        return fail(cx, ERR_INVALID, "Thư mục %s đã có dữ liệu; xin chọn thư mục khác để không ghi đè", dir);
    return OK;
}

/* Into the new folder, under names that a restore which was cut off may leave. */
static enum err bring_back(struct ctx *cx, const struct backup_paths *from, const struct backup_paths *to,
                           const struct manifest *manifest, struct verify_list *list)
{
    struct file_names names = { 0 };
    struct file_seen copied = { 0 };
    TRY(file_copy(cx, from->file, to->file_new, &copied));
    TRY(check_copy(cx, to->file_new, manifest, &names));
    TRY(backup_files_restore(cx, from->files, &manifest->files, &names, to->files_new, list));
    TRY(change_epoch(cx, to->file_new));
    TRY(file_put_folder_in_place(cx, to->files_new, to->files));
    return file_put_in_place(cx, to->file_new, to->file);
}

enum err store_restore(struct ctx *cx, const struct env *env, struct str from_path, struct str to_dir,
                       struct store_findings *ret_findings)
{
    if (sodium_init() < 0)
        return fail_detail(cx, ERR_SYSTEM, "libsodium cannot start");
    cx->env = env;
    const char *dir = str_to_c(&cx->arena, to_dir);
    struct backup_paths from = paths_of(cx, from_path);
    struct backup_paths to = paths_of(cx, str_format(&cx->arena, "%s/diemcau.db", dir));
    to.files = str_format(&cx->arena, "%s/files", dir).at;
    to.files_new = str_format(&cx->arena, "%s/files.new", dir).at;
    struct verify_list *list = ARENA_NEW(&cx->arena, struct verify_list);
    struct manifest manifest = { .made_at = 0 };
    TRY(read_manifest(cx, from.manifest, &manifest));
    TRY(check_backup(cx, from.file, &manifest));
    TRY(check_target(cx, dir, &manifest));
    clear_interrupted(cx, &to);
    enum err err = bring_back(cx, &from, &to, &manifest, list);
    if (err != OK)
        clear_interrupted(cx, &to);
    else
        tell(list, ret_findings, manifest.facts);
    return err;
}
