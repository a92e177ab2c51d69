/*
 * asset: files the pages load, packed into the program by tools/pack.c. An asset's address holds a digest of its
 * content, so it may be kept by browsers for ever; it is compressed once, while building.
 */
#ifndef PAGE_ASSET_H
#define PAGE_ASSET_H

#include "base/str.h"

struct asset {
    const char *name; /* "app.css" */
    struct str url;   /* "/t/app.4f1c2a9b3e.css" */
    const char *content_type;
    struct bytes plain;
    struct bytes gzip;   /* empty when compressing gains nothing (fonts) */
    struct bytes brotli;
};

/* All addresses of assets begin so. */
#define ASSET_PREFIX "/t/"

/* The asset with that address, NULL when there is none. */
const struct asset *asset_find(struct str url_path);

/* All of them, in the order of their names; made by tools/pack.c. */
extern const struct asset asset_list[];
extern const size_t asset_list_len;

#endif
