/*
 * live_hub: who listens to which topic, and what there is to send. One thread renders each changed topic that has
 * listeners once per tick, for all loops; the loops only write. See live.h for what rooms see.
 *
 * A topic keeps its newest event only: whoever comes, or comes back, or was too slow for the last one, gets that.
 */
#ifndef HTTP_LIVE_HUB_H
#define HTTP_LIVE_HUB_H

#include "http/server.h"

struct live_topic;

/* A listener, part of its connection; belongs to its loop's thread. */
struct live_seat {
    struct live_topic *topic;
    struct live_seat *next, *previous;
    uint64_t sent_number; /* of the last event written to it */
};

enum err live_hub_open(struct ctx *cx, struct app *app, int loops, struct live_hub **ret_hub) MUST_CHECK;
/* Starts the thread that renders; `wake` is called when a loop has something to send, on any thread. */
enum err live_hub_start(struct ctx *cx, struct live_hub *hub, void (*wake)(void *what, int loop), void *what) MUST_CHECK;
void live_hub_stop(struct live_hub *hub);
void live_hub_close(struct live_hub *hub);

/* The three below are for the loop's own thread. */

/* False when there is no memory. The first event follows by itself, at once. */
bool live_sit(struct live_hub *hub, int loop, int64_t unit_id, int64_t subject_id, struct live_seat *seat);
void live_leave(struct live_hub *hub, int loop, struct live_seat *seat);
/* The seat could not take an event and now can. */
void live_catch_up(struct live_hub *hub, int loop, struct live_seat *seat);
/*
 * Calls send for each seat that has not had the newest event of a topic that changed; send says whether the seat took
 * it. At most `len` sends; false when some are left for another call.
 */
bool live_send(struct live_hub *hub, int loop, int len, bool (*send)(struct live_seat *seat, struct str event));

/* These units' counters changed: any thread. */
void live_mark(struct live_hub *hub, const int64_t *unit_ids, size_t len);
/* What these facts changed is marked: they are our own. Any thread. */
void live_wrote(struct live_hub *hub, int64_t first_seq, int64_t last_seq);

#endif
