/*
 * jobs: what the program does by itself while it serves: opening the next period of duties that repeat (each December,
 * each month). Every quarter of an hour and once at the start; doing it twice is harmless.
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "base/ctx.h"
#include "store/writer.h"

struct jobs;

/* Runs everything once, then starts the thread. */
enum err jobs_start(struct ctx *cx, struct writer *writer, struct jobs **ret_jobs) MUST_CHECK;
/* Ends the thread; before the writer is stopped. NULL is nothing. */
void jobs_stop(struct jobs *jobs);

#endif
