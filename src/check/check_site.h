/*
 * check_site: pages of rooms in a test: the real router over a store, without sockets and without accounts. Who asks is
 * told by the path of the unit whose subtree he reaches and by his permissions.
 */
#ifndef CHECK_CHECK_SITE_H
#define CHECK_CHECK_SITE_H

#include "check/check_store.h"
#include "http/server.h"

struct check_site {
    struct check_store *check;
    struct app app;
    struct actor officer; /* who asks; ACTOR_NOBODY is a stranger */
    struct request req;
    struct response res;
};

/* For a store that is open; `rooms` are static. The site lies in the store's arena. */
struct check_site *site_open(struct check_store *check, const struct route_table *rooms, size_t len);
/* From now on somebody with these permissions asks, whose scope is the subtree of `path`; "" is a stranger. */
void site_be(struct check_site *site, struct str path, uint64_t permissions);

/* The status of the answer; body and location are in site->res. */
int site_get(struct check_site *site, const char *path);
/* With the form's tokens, as our own page sends it. Fields: "name=value&..." percent-encoded. */
int site_post(struct check_site *site, const char *path, const char *fields);
/* JSON with the page's token in the header, as our own script sends it. */
int site_post_json(struct check_site *site, const char *path, struct str json);
/* With one file beside the fields (name, value, name, value, ..., NULL). */
int site_post_file(struct check_site *site, const char *path, const char *file_field, struct str content,
                    const char *const *fields);
/* The same under a name of the file's own. */
int site_post_named_file(struct check_site *site, const char *path, const char *file_field, const char *file_name,
                         struct str content, const char *const *fields);
bool site_body_has(const struct check_site *site, const char *text);

#endif
