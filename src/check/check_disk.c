#include "check/check_disk.h"

#include "base/banned.h"
#include "base/compiler.h"

#include <assert.h>
#include <sqlite3.h>

enum {
    SECTOR_BYTES = 512,
    FILES_MAX = 12,
    NAME_BYTES = 512,
    SHM_REGIONS_MAX = 16,
    SHM_LOCKS = SQLITE_SHM_NLOCK,
    OPERATIONS = DISK_DELETE + 1,
};

/* One sector as some write left it. */
struct pending {
    size_t sector;
    size_t size_after; /* of the file; for a cut, its new size */
    bool is_cut;
    unsigned char at[SECTOR_BYTES];
};

struct image {
    unsigned char *at;
    size_t len;
    size_t room;
};

struct file {
    char name[NAME_BYTES];
    bool exists;
    bool entry_is_safe; /* its name in the folder would survive */
    struct image now;
    struct image safe;
    struct image saved; /* check_disk_save */
    bool is_saved;
    struct pending *pending;
    size_t pending_len, pending_room;
    int opens;
    int shared, reserved, exclusive; /* locks held */
    void *shm[SHM_REGIONS_MAX];
    int shm_opens;
    int shm_shared[SHM_LOCKS];
    int shm_exclusive[SHM_LOCKS];
};

struct handle {
    sqlite3_file base;
    struct file *file;
    int lock;
    int keeps_wal; /* SQLITE_FCNTL_PERSIST_WAL */
    bool has_shm;
    unsigned shm_shared, shm_exclusive; /* masks of what this handle holds */
};

/* The disk: the one named owner of its state. */
static struct {
    struct file files[FILES_MAX];
    bool is_off;
    bool lies;
    int64_t off_after; /* 0: never */
    int64_t counts[OPERATIONS];
    enum check_disk_operation fail_kind;
    int64_t fail_in; /* 0: no failure planned */
    int fail_code;
    bool has_failed;
    size_t limit_bytes;
} disk;

uint64_t check_random(uint64_t *seed)
{
    *seed += 0x9E3779B97F4A7C15U; /* splitmix64 */
    uint64_t z = *seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* Images. */

static void *must_have(void *at)
{
    if (!at)
        abort(); /* the test machine has no memory: nothing to be learnt */
    return at;
}

static void set_len(struct image *image, size_t len)
{
    size_t needed = (len / SECTOR_BYTES + 1) * SECTOR_BYTES; /* whole sectors can be copied */
    if (needed > image->room) {
        size_t room = image->room ? image->room : 64 * 1024;
        while (room < needed)
            room *= 2;
        image->at = must_have(realloc(image->at, room));
        memset(image->at + image->room, 0, room - image->room);
        image->room = room;
    }
    if (len < image->len)
        memset(image->at + len, 0, image->len - len);
    image->len = len;
}

static void copy_image(struct image *to, const struct image *from)
{
    set_len(to, 0);
    set_len(to, from->len);
    if (from->len)
        memcpy(to->at, from->at, from->len);
}

static void note_pending(struct file *file, size_t sector, bool is_cut)
{
    if (file->pending_len == file->pending_room) {
        file->pending_room = file->pending_room ? file->pending_room * 2 : 256;
        file->pending = must_have(realloc(file->pending, file->pending_room * sizeof *file->pending));
    }
    struct pending *p = &file->pending[file->pending_len++];
    p->sector = sector;
    p->size_after = file->now.len;
    p->is_cut = is_cut;
    if (!is_cut)
        memcpy(p->at, file->now.at + sector * SECTOR_BYTES, SECTOR_BYTES);
}

static void make_safe(struct file *file, const struct pending *p)
{
    if (p->is_cut) {
        set_len(&file->safe, p->size_after);
        return;
    }
    size_t end = (p->sector + 1) * SECTOR_BYTES;
    if (end > p->size_after)
        end = p->size_after;
    if (end > file->safe.len)
        set_len(&file->safe, end);
    memcpy(file->safe.at + p->sector * SECTOR_BYTES, p->at, SECTOR_BYTES);
}

static void make_all_safe(struct file *file)
{
    for (size_t i = 0; i < file->pending_len; i++)
        make_safe(file, &file->pending[i]);
    file->pending_len = 0;
    file->entry_is_safe = file->exists;
}

/* What every operation passes: power, and the failure that a test planned. */
static int pass(enum check_disk_operation kind, int code)
{
    if (disk.off_after > 0 && --disk.off_after == 0)
        disk.is_off = true;
    if (disk.is_off)
        return SQLITE_IOERR;
    disk.counts[kind]++;
    disk.counts[DISK_ANY]++;
    if (disk.fail_in > 0 && (disk.fail_kind == DISK_ANY || disk.fail_kind == kind) && --disk.fail_in == 0) {
        disk.has_failed = true;
        return disk.fail_code ? disk.fail_code : code;
    }
    return SQLITE_OK;
}

/* Files of SQLite. */

static struct file *file_of(sqlite3_file *base)
{
    return ((struct handle *)base)->file;
}

static int disk_read(sqlite3_file *base, void *at, int len, sqlite3_int64 offset)
{
    struct file *file = file_of(base);
    int code = pass(DISK_READ, SQLITE_IOERR_READ);
    if (code != SQLITE_OK)
        return code;
    size_t from = (size_t)offset;
    size_t there = from < file->now.len ? file->now.len - from : 0;
    size_t got = there < (size_t)len ? there : (size_t)len;
    if (got)
        memcpy(at, file->now.at + from, got);
    if (got == (size_t)len)
        return SQLITE_OK;
    memset((char *)at + got, 0, (size_t)len - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int disk_write(sqlite3_file *base, const void *at, int len, sqlite3_int64 offset)
{
    struct file *file = file_of(base);
    int code = pass(DISK_WRITE, SQLITE_IOERR_WRITE);
    if (code != SQLITE_OK)
        return code;
    size_t from = (size_t)offset;
    size_t end = from + (size_t)len;
    if (end > file->now.len) {
        if (disk.limit_bytes && check_disk_bytes() + end - file->now.len > disk.limit_bytes)
            return SQLITE_FULL;
        set_len(&file->now, end);
    }
    memcpy(file->now.at + from, at, (size_t)len);
    for (size_t sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++)
        note_pending(file, sector, false);
    return SQLITE_OK;
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 len)
{
    struct file *file = file_of(base);
    int code = pass(DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE);
    if (code != SQLITE_OK)
        return code;
    if ((size_t)len < file->now.len) {
        set_len(&file->now, (size_t)len);
        note_pending(file, 0, true);
    }
    return SQLITE_OK;
}

static int disk_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    int code = pass(DISK_SYNC, SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK)
        return code;
    if (!disk.lies)
        make_all_safe(file_of(base));
    return SQLITE_OK;
}

static int disk_size(sqlite3_file *base, sqlite3_int64 *ret_len)
{
    *ret_len = (sqlite3_int64)file_of(base)->now.len;
    return SQLITE_OK;
}

static void drop_lock(struct handle *handle, int lock)
{
    struct file *file = handle->file;
    if (handle->lock >= SQLITE_LOCK_EXCLUSIVE && lock < SQLITE_LOCK_EXCLUSIVE)
        file->exclusive--;
    if (handle->lock >= SQLITE_LOCK_RESERVED && lock < SQLITE_LOCK_RESERVED)
        file->reserved--;
    if (handle->lock >= SQLITE_LOCK_SHARED && lock < SQLITE_LOCK_SHARED)
        file->shared--;
    if (lock < handle->lock)
        handle->lock = lock;
}

static int disk_lock(sqlite3_file *base, int lock)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    if (lock <= handle->lock)
        return SQLITE_OK;
    if (handle->lock < SQLITE_LOCK_SHARED) {
        if (file->exclusive)
            return SQLITE_BUSY;
        file->shared++;
        handle->lock = SQLITE_LOCK_SHARED;
    }
    if (lock >= SQLITE_LOCK_RESERVED && handle->lock < SQLITE_LOCK_RESERVED) {
        if (file->reserved)
            return SQLITE_BUSY;
        file->reserved++;
        handle->lock = SQLITE_LOCK_RESERVED;
    }
    if (lock >= SQLITE_LOCK_EXCLUSIVE) {
        if (file->shared > 1)
            return SQLITE_BUSY;
        file->exclusive++;
        handle->lock = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

static int disk_unlock(sqlite3_file *base, int lock)
{
    drop_lock((struct handle *)base, lock);
    return SQLITE_OK;
}

static int disk_is_reserved(sqlite3_file *base, int *ret_is)
{
    *ret_is = file_of(base)->reserved > 0;
    return SQLITE_OK;
}

static int disk_control(sqlite3_file *base, int op, void *what)
{
    struct handle *handle = (struct handle *)base;
    if (op != SQLITE_FCNTL_PERSIST_WAL)
        return SQLITE_NOTFOUND;
    int *keeps = what;
    if (*keeps < 0)
        *keeps = handle->keeps_wal;
    else
        handle->keeps_wal = *keeps;
    return SQLITE_OK;
}

static int disk_sector_size(sqlite3_file *base)
{
    (void)base;
    return SECTOR_BYTES;
}

static int disk_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* what SQLite takes for granted on unix */
}

/* Shared memory of the WAL's index: lives as long as somebody has it open. */

static int disk_shm_map(sqlite3_file *base, int region, int bytes, int extend, void volatile **ret_at)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    assert(region < SHM_REGIONS_MAX);
    if (!handle->has_shm) {
        handle->has_shm = true;
        file->shm_opens++;
    }
    if (!file->shm[region] && extend)
        file->shm[region] = must_have(calloc(1, (size_t)bytes));
    *ret_at = file->shm[region];
    return SQLITE_OK;
}

static int disk_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    unsigned *held = exclusive ? &handle->shm_exclusive : &handle->shm_shared;
    int *counts = exclusive ? file->shm_exclusive : file->shm_shared;
    for (int i = offset; i < offset + n; i++) {
        bool mine = (*held >> i & 1) != 0;
        int others_shared = file->shm_shared[i] - (int)(handle->shm_shared >> i & 1);
        int others_exclusive = file->shm_exclusive[i] - (int)(handle->shm_exclusive >> i & 1);
        if ((flags & SQLITE_SHM_LOCK) && !mine && (others_exclusive > 0 || (exclusive && others_shared > 0)))
            return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + n; i++) {
        bool mine = (*held >> i & 1) != 0;
        bool wanted = (flags & SQLITE_SHM_LOCK) != 0;
        if (mine == wanted)
            continue;
        counts[i] += wanted ? 1 : -1;
        *held ^= 1U << i;
    }
    return SQLITE_OK;
}

static void disk_shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int disk_shm_unmap(sqlite3_file *base, int delete_it)
{
    (void)delete_it;
    struct handle *handle = (struct handle *)base;
    struct file *file = handle->file;
    if (!handle->has_shm)
        return SQLITE_OK;
    disk_shm_lock(base, 0, SHM_LOCKS, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    disk_shm_lock(base, 0, SHM_LOCKS, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    handle->has_shm = false;
    if (--file->shm_opens == 0) {
        for (int i = 0; i < SHM_REGIONS_MAX; i++) {
            free(file->shm[i]);
            file->shm[i] = NULL;
        }
    }
    return SQLITE_OK;
}

static int disk_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    disk_shm_unmap(base, 0);
    drop_lock(handle, SQLITE_LOCK_NONE);
    handle->file->opens--;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_is_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector_size,
    .xDeviceCharacteristics = disk_characteristics,
    .xShmMap = disk_shm_map,
    .xShmLock = disk_shm_lock,
    .xShmBarrier = disk_shm_barrier,
    .xShmUnmap = disk_shm_unmap,
};

/* The folder. */

static struct file *find_file(const char *name, bool create)
{
    struct file *empty = NULL;
    for (size_t i = 0; i < LEN(disk.files); i++) {
        struct file *file = &disk.files[i];
        if (file->name[0] && strcmp(file->name, name) == 0)
            return file->exists || create ? file : NULL;
        if (!file->name[0] && !empty)
            empty = file;
    }
    if (!create)
        return NULL;
    assert(empty && strlen(name) < NAME_BYTES);
    snprintf(empty->name, NAME_BYTES, "%s", name);
    return empty;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
    (void)vfs;
    struct handle *handle = (struct handle *)base;
    base->pMethods = NULL;
    int code = pass(DISK_OPEN, SQLITE_CANTOPEN);
    if (code != SQLITE_OK)
        return code;
    struct file *file = name ? find_file(name, (flags & SQLITE_OPEN_CREATE) != 0) : NULL;
    if (!file)
        return SQLITE_CANTOPEN;
    if (!file->exists) {
        file->exists = true;
        file->entry_is_safe = false;
        set_len(&file->now, 0);
        set_len(&file->safe, 0);
        file->pending_len = 0;
    }
    *handle = (struct handle){ .base = { &methods }, .file = file };
    file->opens++;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void)vfs;
    (void)sync_dir;
    int code = pass(DISK_DELETE, SQLITE_IOERR_DELETE);
    if (code != SQLITE_OK)
        return code;
    struct file *file = find_file(name, false);
    if (!file)
        return SQLITE_IOERR_DELETE_NOENT;
    file->exists = false;
    file->entry_is_safe = false;
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_is)
{
    (void)vfs;
    (void)flags;
    struct file *file = find_file(name, false);
    *ret_is = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->now.len > 0);
    return SQLITE_OK;
}

static int disk_full_name(sqlite3_vfs *vfs, const char *name, int room, char *ret_name)
{
    (void)vfs;
    snprintf(ret_name, (size_t)room, "%s", name);
    return SQLITE_OK;
}

void check_disk_install(void)
{
    static sqlite3_vfs vfs;
    if (vfs.zName)
        return;
    sqlite3_vfs *real = sqlite3_vfs_find(NULL);
    vfs = *real; /* time, sleep and chance are the machine's */
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(struct handle);
    vfs.mxPathname = NAME_BYTES - 1;
    vfs.pNext = NULL;
    vfs.zName = CHECK_DISK;
    vfs.xOpen = disk_open;
    vfs.xDelete = disk_delete;
    vfs.xAccess = disk_access;
    vfs.xFullPathname = disk_full_name;
    sqlite3_vfs_register(&vfs, 0);
}

/* What tests do with it. */

static void reset_plans(void)
{
    disk.is_off = false;
    disk.off_after = 0;
    disk.fail_in = 0;
    disk.has_failed = false;
    memset(disk.counts, 0, sizeof disk.counts);
}

void check_disk_clear(void)
{
    for (size_t i = 0; i < LEN(disk.files); i++) {
        struct file *file = &disk.files[i];
        assert(file->opens == 0);
        free(file->now.at);
        free(file->safe.at);
        free(file->saved.at);
        free(file->pending);
        *file = (struct file){ .exists = false };
    }
    reset_plans();
    disk.lies = false;
    disk.limit_bytes = 0;
}

void check_disk_save(void)
{
    for (size_t i = 0; i < LEN(disk.files); i++) {
        struct file *file = &disk.files[i];
        assert(file->opens == 0);
        if (file->exists)
            make_all_safe(file);
        file->is_saved = file->exists;
        copy_image(&file->saved, &file->now);
    }
}

void check_disk_load(void)
{
    for (size_t i = 0; i < LEN(disk.files); i++) {
        struct file *file = &disk.files[i];
        assert(file->opens == 0);
        file->exists = file->is_saved;
        file->entry_is_safe = file->is_saved;
        file->pending_len = 0;
        copy_image(&file->now, &file->saved);
        copy_image(&file->safe, &file->saved);
    }
    reset_plans();
}

void check_disk_power_off_after(int64_t operations)
{
    disk.off_after = operations;
}

bool check_disk_is_off(void)
{
    return disk.is_off;
}

/* How a power loss treats what was not synced: nothing, half, nearly all, a beginning, or all of it came through. */
static void lose_power(struct file *file, uint64_t *seed)
{
    uint64_t way = check_random(seed) % 5;
    uint64_t lost_of_8 = way == 0 ? 8 : way == 1 ? 4 : way == 2 ? 1 : 0;
    size_t len = way == 3 ? (size_t)(check_random(seed) % (file->pending_len + 1)) : file->pending_len;
    for (size_t i = 0; i < len; i++)
        if (check_random(seed) % 8 >= lost_of_8)
            make_safe(file, &file->pending[i]);
    file->pending_len = 0;
    if (!file->entry_is_safe && check_random(seed) % 2)
        file->exists = false;
    file->entry_is_safe = file->exists;
    copy_image(&file->now, &file->safe);
}

void check_disk_power_on(uint64_t *seed)
{
    for (size_t i = 0; i < LEN(disk.files); i++) {
        assert(disk.files[i].opens == 0);
        if (disk.files[i].exists)
            lose_power(&disk.files[i], seed);
    }
    reset_plans();
}

void check_disk_lie(bool lies)
{
    disk.lies = lies;
}

int64_t check_disk_count(enum check_disk_operation operation)
{
    return disk.counts[operation];
}

void check_disk_fail(enum check_disk_operation operation, int64_t n, int code)
{
    disk.fail_kind = operation;
    disk.fail_in = n;
    disk.fail_code = code;
    disk.has_failed = false;
}

bool check_disk_has_failed(void)
{
    return disk.has_failed;
}

void check_disk_limit(size_t bytes)
{
    disk.limit_bytes = bytes;
}

size_t check_disk_bytes(void)
{
    size_t bytes = 0;
    for (size_t i = 0; i < LEN(disk.files); i++)
        bytes += disk.files[i].exists ? disk.files[i].now.len : 0;
    return bytes;
}
