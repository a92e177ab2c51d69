/*
 * store: an installation's database: opening, migrating, readers, the writer, backup, check and rebuild.
 *
 * The data folder holds diemcau.db (SQLite, WAL) or the word where PostgreSQL is, files/ (materials, by digest) and
 * keys (mode 600: the key of the blind index and of encrypted fields; never in a backup of the database).
 * One program writes to a folder at a time (its file lock); others may look (check, backup, as-of) while it runs.
 * SQLite: synchronous=FULL, one connection writes and checkpoints, readers are query_only.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/ctx.h"
#include "store/writer.h"

struct store;

struct store_options {
    const struct env *env;
    struct str dir;       /* the data folder; made when missing */
    struct str database;  /* "" for the embedded file, or postgresql://... */
    bool must_exist;      /* refuse an empty folder: check, backup, as-of */
    bool in_memory;       /* tests, as-of: a database that only this store sees and that ends with it; in a folder of
                             its own under /dev/shm, or on PostgreSQL in a schema of its own */
    struct str extra_schema; /* for tests of store alone: tables of a trade that has no migration; a literal */
    struct str private_in;   /* the folder in which an in_memory store makes its own; "" for /dev/shm */
    bool without_rooms;      /* for the same tests: of the migrations only store's own */
};

/* Opens and migrates. ERR_INVALID with words when the folder holds a newer schema or is no data folder. */
enum err store_open(struct ctx *cx, const struct store_options *options, struct store **ret_store) MUST_CHECK;
void store_close(struct store *store);

struct str store_dir(const struct store *store);
/* 32 hex digits that change whenever a backup is restored: devices then send again what they still hold. */
struct str store_epoch(const struct store *store);

/*
 * The installation's key for one purpose ("password", "citizen id"): 32 bytes derived from the keys file (made at the
 * first start, mode 600), so one file serves every room and no room can use another's key. A private store makes its own.
 */
void store_key(const struct store *store, const char *purpose, unsigned char ret_key[32]);
/* The store that a connection belongs to: for a room that has only its context. */
const struct store *db_store(const struct db *db);

/* A reader's connection for one thread. While a read transaction is open all its statements see one moment. */
enum err store_reader_open(struct ctx *cx, struct store *store, struct db **ret_db) MUST_CHECK;
void store_reader_close(struct db *db);
enum err db_read_begin(struct ctx *cx) MUST_CHECK; /* on cx->db */
void db_read_end(struct ctx *cx);

/* Runs one job on the caller's thread as a batch of one: for commands, imports and tests that started no writer. */
enum err store_write(struct ctx *cx, struct store *store, enum err (*run)(struct ctx *cx, void *what), void *what)
    MUST_CHECK;
/* Several jobs as one batch, each in its savepoint; errs[i] is what each returned. The same code as the thread's. */
enum err store_write_batch(struct store *store, struct writer_job **jobs, size_t len, enum err *ret_errs) MUST_CHECK;

/* What check found; words are Vietnamese, one line each. */
struct store_findings {
    struct str *at;
    size_t len;
    int64_t facts; /* how many were read */
};
/* Chain, rebuild digest, counters recounted, foreign keys, engine's own check, files. */
enum err store_check(struct ctx *cx, struct store *store, struct store_findings *ret_findings) MUST_CHECK;
/*
 * Empties every table that facts made and applies all facts again, in one transaction. Every table counts as made by
 * facts but fact, fact_private, store_* and those whose name begins with session, job_ or cache_: what a room keeps that
 * cannot be made again from facts must be named so.
 */
enum err store_rebuild(struct ctx *cx, struct store *store) MUST_CHECK;
/* A digest over every derived table, row by row in key order: equal before and after a rebuild, on both engines. */
enum err store_digest(struct ctx *cx, struct store *store, unsigned char ret_digest[32]) MUST_CHECK;

/*
 * Online backup into a new file, with FILE.manifest and the folder FILE.files (the files that its facts name) beside it;
 * all are there only when the copy was opened and read through. Always an SQLite file, also of a PostgreSQL. A file that
 * is missing or damaged here does not keep the rest from being saved: it is a finding. Restore refuses with a reason
 * what does not verify, a folder that has data, and a folder without the key file of that backup (it is kept apart and
 * put there first); it changes the epoch. Its findings are the files that the backup lacked. ret_findings may be NULL.
 */
enum err store_backup(struct ctx *cx, struct store *store, struct str to_path, struct store_findings *ret_findings)
    MUST_CHECK;
enum err store_restore(struct ctx *cx, const struct env *env, struct str from_path, struct str to_dir,
                       struct store_findings *ret_findings) MUST_CHECK;

/*
 * A private SQLite store with the facts applied up to the last one recorded at or before `at` (ms): the "as it stood"
 * view. To be closed by the caller.
 */
enum err store_as_of(struct ctx *cx, struct store *store, int64_t at, struct store **ret_store) MUST_CHECK;

/*
 * The same for who needs some rooms only: facts of the rooms named in `without` ("person": every kind "person.…") are
 * left out, and the facts themselves are not copied, so the view is small and has nothing to be checked or backed up by.
 * It lies in a folder of its own inside the store's, on disk. ERR_INVALID when a fact cannot be applied without those.
 */
struct store_part {
    int64_t at;
    const struct str *without;
    size_t without_len;
    int64_t *progress; /* how many facts were passed so far, for another thread to read (atomically); may be NULL */
};
enum err store_as_of_part(struct ctx *cx, struct store *store, const struct store_part *part, struct store **ret_store)
    MUST_CHECK;
/* Removes what views of a program that was killed left in the folder; at start, by the program that writes. */
void store_clear_parts(const struct store *store);

#endif
