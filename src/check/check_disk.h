/*
 * check_disk: a disk in memory for SQLite that loses its power, fails, lies and fills up when a test says so.
 *
 * It keeps for each file what programs see and what is safe, and between them every write since the last sync, sector by
 * sector. When the power goes, each of these sectors is kept or lost by chance, and a file that was made but never synced
 * may be gone. It is an sqlite3_vfs with the name CHECK_DISK for env.sqlite_vfs; there is one disk, for one thread.
 */
#ifndef CHECK_CHECK_DISK_H
#define CHECK_CHECK_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK_DISK "check_disk"

/* Makes SQLite know the disk; once. */
void check_disk_install(void);

/* An empty disk, with power, that keeps its promises. Every file must be closed. */
void check_disk_clear(void);
/* Remembers what the disk holds, all of it safe; and brings it back. Every file must be closed. */
void check_disk_save(void);
void check_disk_load(void);

/* Ends the power after that many further operations (1: at the next). From then on every operation fails. */
void check_disk_power_off_after(int64_t operations);
bool check_disk_is_off(void);
/* The power comes back: of what was not synced, chance decides. Every file must be closed. */
void check_disk_power_on(uint64_t *seed);

/* A disk that says "synced" and has done nothing. */
void check_disk_lie(bool lies);

enum check_disk_operation { DISK_ANY, DISK_OPEN, DISK_READ, DISK_WRITE, DISK_SYNC, DISK_TRUNCATE, DISK_DELETE };

/* Operations of that kind since the disk was cleared, loaded or powered on. */
int64_t check_disk_count(enum check_disk_operation operation);
/* The n-th operation of that kind from now on fails once, with SQLite's own code for it or with `code` when not 0. */
void check_disk_fail(enum check_disk_operation operation, int64_t n, int code);
bool check_disk_has_failed(void);

/* Writes that would make the files together longer than this fail as on a full disk; 0: no limit. */
void check_disk_limit(size_t bytes);
size_t check_disk_bytes(void);

/* A number of a sequence that a seed decides. */
uint64_t check_random(uint64_t *seed);

#endif
