/*
 * The device's worker under an address that stays the same: a browser compares it with what it has, and it may only
 * answer for pages in its own folder. An asset's address would do neither, and its policy would forbid it to ask us.
 */
#include "page/asset.h"
#include "roll/roll_sync.h"

#include <assert.h>

enum err roll_worker_show(struct ctx *cx, struct request *req, struct response *res)
{
    const struct asset *asset = asset_find(asset_url("roll_worker.js").text);
    (void)cx;
    (void)req;
    assert(asset != NULL);
    res->content_type = str_from(asset->content_type);
    buf_put(&res->body, (struct str){ (const char *)asset->plain.at, asset->plain.len });
    return OK;
}
