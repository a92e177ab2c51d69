/*
 * inside: the store itself, for the files of this folder.
 */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/engine.h"
#include "store/store.h"

#include <limits.h>
#include <pthread.h>

enum { STORE_KEY_BYTES = 32, STORE_EPOCH_BYTES = 16 };

struct batch;

struct store {
    const struct env *env;
    const struct db_engine *engine;
    void *engine_state; /* the engine's own, between create() and destroy() */
    char dir[PATH_MAX];
    char database[1024];
    char file[PATH_MAX + 16]; /* SQLite's file: dir/diemcau.db, or a copy under way (backup.c) */
    int wal_pages;            /* checkpoint when the WAL holds this many; 0: db_sqlite's own measure */
    bool is_copy;             /* that copy keeps its plain journal */
    struct str extra_schema;
    bool without_rooms;
    bool is_private; /* only this store sees the database, and it ends with it: tests, as-of */

    int lock_fd; /* holds the folder's lock while this program may write; -1 when another program writes */

    /* The one writing connection and the batch under way; whoever holds the mutex may use them. */
    pthread_mutex_t write_mutex;
    struct db *writer; /* NULL when another program writes */
    struct db *looker; /* then: the connection that looked at the schema */
    struct batch *batch;
    writer_listener listener;
    void *listener_what;

    unsigned char key[STORE_KEY_BYTES];
    char epoch[2 * STORE_EPOCH_BYTES + 1];
};

/* Brings the schema up to date, on the writer's connection; refuses a newer one. With `only_look` it changes nothing
   and refuses an older one too. */
enum err migrate_run(struct ctx *cx, struct store *store, bool only_look) MUST_CHECK;

/* Removes a folder with all that is in it. */
void store_remove_dir(const char *path);

/* The next piece of a migration's text: a word, a quoted text, a comment, or one other character. */
struct str migrate_next_piece(struct str *rest);
bool migrate_is_word(struct str piece);

/* A migration as embedded by the build, in the order of its number. */
struct migration {
    int number;
    const char *name;
    struct str text;
};
extern const struct migration migration_list[];
extern const size_t migration_list_len;

#endif
