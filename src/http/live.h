/*
 * live: server-sent events. A stream listens to one unit's board ("topic"); when counters of that unit change, the
 * loops render the topic once per tick and send it to all who listen. Slow readers are dropped, and reconnect.
 */
#ifndef HTTP_LIVE_H
#define HTTP_LIVE_H

#include "http/http.h"

enum { LIVE_TICK_MS = 250, LIVE_HEARTBEAT_MS = 15000 };

/*
 * A ROUTE_STREAM handler calls this; the router keeps the connection. subject says what of the unit is shown, in the words of
 * whoever renders; LIVE_PING is rendered by nobody: {"at":ms} tells only that something of the unit changed.
 */
enum { LIVE_PING = 0 };
void response_stream(struct response *res, int64_t unit_id, int64_t subject_id);

/* Renders a topic's event data (one line of JSON) on a reader; set once by `report`. */
typedef enum err (*live_render)(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data);
void live_set_render(struct app *app, live_render render);

#endif
