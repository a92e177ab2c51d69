/*
 * roll_sync: what a device takes along and sends (docs/roll-sync.md), from foreign bytes to items and back.
 *
 * The upload is cut into its items before any of them is read, so that one damaged mark (half a surrogate, a number that
 * is none) never takes the others with it.
 */
#ifndef ROLL_ROLL_SYNC_H
#define ROLL_ROLL_SYNC_H

#include "roll/roll_inside.h"

enum {
    ROLL_UPLOAD_BYTES = 1 << 20,
    ROLL_FILE_BYTES = 4 << 20,
    ROLL_FILE_ITEMS_MAX = 4000,
    ROLL_FILE_UPLOADS_MAX = 64,
};

struct roll_item {
    struct fact_id id;
    struct str id_text; /* as sent, for the receipt; "" when it was no text */
    const char *fault;  /* why it cannot be taken; NULL when it may be */
    bool is_walk_in;
    struct roll_marked marked;
    struct roll_walked_in walked;
    struct str content; /* as it came, clipped, well-formed: what is kept when it is set aside */
};
struct roll_upload {
    struct str device; /* 32 hex */
    int64_t sent_at;   /* the device's clock; 0 when it did not say */
    struct roll_item *items;
    size_t len;
};
struct roll_file {
    struct roll_upload *at;
    size_t len;
};

/* One upload of at most `items_max` items. ERR_INVALID when it is none, whatever the items are. */
enum err roll_upload_parse(struct ctx *cx, struct str json, size_t items_max, struct roll_upload *ret_upload) MUST_CHECK;
/* One or more uploads, one behind the other or in an array. */
enum err roll_file_parse(struct ctx *cx, struct str json, struct roll_file *ret_file) MUST_CHECK;

enum err roll_package_show(struct ctx *cx, struct request *req, struct response *res);
enum err roll_upload_prepare(struct ctx *cx, struct request *req, struct response *res);
enum err roll_upload_post(struct ctx *cx, struct request *req, struct response *res);
enum err roll_file_prepare(struct ctx *cx, struct request *req, struct response *res);
enum err roll_file_post(struct ctx *cx, struct request *req, struct response *res);

/* The device's service worker, /diem-danh/sw.js. */
enum err roll_worker_show(struct ctx *cx, struct request *req, struct response *res) MUST_CHECK;

#endif
