/*
 * checkpointer: brings pages from SQLite's WAL back into the file on a thread of its own, while the writer goes on.
 *
 * A checkpoint from another connection never ends the WAL under a steady writer: it always finds new frames behind it.
 * So it only does the bulk; the writer does what is left, a few hundred pages, and the WAL begins anew (db_sqlite.c).
 * A failed sync ends the process here as it does in the writer.
 */
#ifndef STORE_CHECKPOINTER_H
#define STORE_CHECKPOINTER_H

#include "base/ctx.h"

struct store;
struct checkpointer;

/* With a connection of its own. */
enum err checkpointer_start(struct ctx *cx, struct store *store, struct checkpointer **ret_checkpointer) MUST_CHECK;
void checkpointer_stop(struct checkpointer *checkpointer);

/* The writer's: begins a checkpoint, unless one is under way. */
void checkpointer_begin(struct checkpointer *checkpointer);
/* True once for each checkpoint that has ended: so many frames of the WAL are in the file. */
bool checkpointer_take(struct checkpointer *checkpointer, int *ret_frames);

#endif
