#include "store/wal_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* SQLite's own layer writes less than 128 KB at once. */
enum { LAYERS_MAX = 4, GATHER_BYTES = 64 * 1024 };

/* Most of its functions are the base's own, copied. */
struct layer {
    sqlite3_vfs vfs; /* first */
    sqlite3_vfs *base;
    char name[64];
};

struct wal_file {
    sqlite3_file file; /* first */
    sqlite3_file *real; /* stands behind this */
    char *at; /* GATHER_BYTES from the first write on: who only reads needs none */
    int len;
    sqlite3_int64 offset; /* of at[0] in the file */
};

/* Registered with SQLite for the life of the process, as everything there is. */
static struct layer layers[LAYERS_MAX];
static size_t layers_len;
static pthread_mutex_t layers_mutex = PTHREAD_MUTEX_INITIALIZER;

static struct wal_file *wal_of(sqlite3_file *file)
{
    return (struct wal_file *)(void *)file;
}

/* What could not be written is forgotten: its transaction fails, and the next one writes over the same place. */
static int hand_over(struct wal_file *wal)
{
    int len = wal->len;
    wal->len = 0;
    return len == 0 ? SQLITE_OK : wal->real->pMethods->xWrite(wal->real, wal->at, len, wal->offset);
}

static int wal_close(sqlite3_file *file)
{
    struct wal_file *wal = wal_of(file);
    int code = hand_over(wal);
    sqlite3_free(wal->at);
    wal->at = NULL;
    int closed = wal->real->pMethods->xClose(wal->real);
    return code == SQLITE_OK ? closed : code;
}

static int wal_read(sqlite3_file *file, void *into, int len, sqlite3_int64 offset)
{
    struct wal_file *wal = wal_of(file);
    int code = hand_over(wal);
    return code == SQLITE_OK ? wal->real->pMethods->xRead(wal->real, into, len, offset) : code;
}

static int wal_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 offset)
{
    struct wal_file *wal = wal_of(file);
    if (wal->len > 0 && (offset != wal->offset + wal->len || len > GATHER_BYTES - wal->len)) {
        int code = hand_over(wal);
        if (code != SQLITE_OK)
            return code;
    }
    if (!wal->at)
        wal->at = sqlite3_malloc(GATHER_BYTES);
    if (!wal->at || len > GATHER_BYTES)
        return wal->real->pMethods->xWrite(wal->real, from, len, offset);
    if (wal->len == 0)
        wal->offset = offset;
    memcpy(wal->at + wal->len, from, (size_t)len);
    wal->len += len;
    return SQLITE_OK;
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    struct wal_file *wal = wal_of(file);
    int code = hand_over(wal);
    return code == SQLITE_OK ? wal->real->pMethods->xTruncate(wal->real, len) : code;
}

static int wal_sync(sqlite3_file *file, int flags)
{
    struct wal_file *wal = wal_of(file);
    int code = hand_over(wal);
    return code == SQLITE_OK ? wal->real->pMethods->xSync(wal->real, flags) : code;
}

static int wal_file_size(sqlite3_file *file, sqlite3_int64 *ret_len)
{
    struct wal_file *wal = wal_of(file);
    int code = hand_over(wal);
    return code == SQLITE_OK ? wal->real->pMethods->xFileSize(wal->real, ret_len) : code;
}

static int wal_lock(sqlite3_file *file, int lock)
{
    return wal_of(file)->real->pMethods->xLock(wal_of(file)->real, lock);
}

static int wal_unlock(sqlite3_file *file, int lock)
{
    return wal_of(file)->real->pMethods->xUnlock(wal_of(file)->real, lock);
}

static int wal_check_lock(sqlite3_file *file, int *ret_taken)
{
    return wal_of(file)->real->pMethods->xCheckReservedLock(wal_of(file)->real, ret_taken);
}

static int wal_control(sqlite3_file *file, int what, void *with)
{
    return wal_of(file)->real->pMethods->xFileControl(wal_of(file)->real, what, with);
}

static int wal_sector_size(sqlite3_file *file)
{
    return wal_of(file)->real->pMethods->xSectorSize(wal_of(file)->real);
}

static int wal_characteristics(sqlite3_file *file)
{
    return wal_of(file)->real->pMethods->xDeviceCharacteristics(wal_of(file)->real);
}

/* Shared memory and mapping belong to the database's file; the WAL is asked for neither. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_file_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_check_lock,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector_size,
    .xDeviceCharacteristics = wal_characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    sqlite3_vfs *base = ((struct layer *)(void *)vfs)->base;
    if (!(flags & SQLITE_OPEN_WAL))
        return base->xOpen(base, name, file, flags, ret_flags);
    struct wal_file *wal = wal_of(file);
    *wal = (struct wal_file){ .real = (sqlite3_file *)(void *)(wal + 1) };
    int code = base->xOpen(base, name, wal->real, flags, ret_flags);
    if (code == SQLITE_OK)
        wal->file.pMethods = &methods;
    else if (wal->real->pMethods)
        wal->real->pMethods->xClose(wal->real);
    return code;
}

static const char *find_or_add(sqlite3_vfs *base)
{
    for (size_t i = 0; i < layers_len; i++)
        if (layers[i].base == base)
            return layers[i].name;
    if (layers_len == LAYERS_MAX)
        return NULL;
    struct layer *layer = &layers[layers_len];
    layer->vfs = *base;
    layer->base = base;
    snprintf(layer->name, sizeof layer->name, "gathering-%.48s", base->zName);
    layer->vfs.zName = layer->name;
    layer->vfs.pNext = NULL;
    layer->vfs.szOsFile = base->szOsFile + (int)sizeof(struct wal_file);
    layer->vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&layer->vfs, 0) != SQLITE_OK)
        return NULL;
    layers_len++;
    return layer->name;
}

const char *wal_vfs_over(const char *base)
{
    sqlite3_vfs *found = sqlite3_vfs_find(base);
    if (!found)
        return NULL;
    pthread_mutex_lock(&layers_mutex);
    const char *name = find_or_add(found);
    pthread_mutex_unlock(&layers_mutex);
    return name;
}
