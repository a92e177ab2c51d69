/*
 * check_country: a small country with people in it, for the tests of pages: a nation with the
 * Academy, two provinces, two communes in the first and one in the second, each with its bodies;
 * accounts, sign-ins and requests through the real router.
 */
#ifndef CHECK_CHECK_COUNTRY_H
#define CHECK_CHECK_COUNTRY_H

#include "account/account.h"
#include "check/check_store.h"
#include "http/server.h"

struct check_country {
    struct check_store *check;
    struct app app;
    struct env env; /* the store's, with clocks that a test may move */
    int64_t clock_ms, clock_us;
    int64_t nation, academy;
    int64_t province, province_committee,
        interior; /* Tỉnh ủy and Sở Nội vụ of the first province */
    int64_t commune, commune_committee;
    int64_t sibling, sibling_committee; /* a commune of the same province */
    int64_t foreign_province, foreign_province_committee;
    int64_t foreign, foreign_committee; /* a commune of the other province */
    struct str password_hash;
};

/* The password of every account here, as strong as the rules ask. */
#define CHECK_PASSWORD "con mèo nhà tôi ăn hai bát cơm"

/* Setup and teardown; the rooms' facts must be registered and `rooms` last as long as the test. */
int check_country_open(void **state, const struct route_table *rooms, size_t rooms_len);
int check_country_close(void **state);

/* Civil and monotonic time go on. */
void check_wait(struct check_country *country, int64_t ms);

/* An account kept by `unit_id`, with the usual password. */
int64_t check_account(struct check_country *country, const char *login, int64_t unit_id);
/* A seat from yesterday on without an end; reach "body" or "area". */
int64_t check_seat(struct check_country *country, int64_t account_id, const char *role,
                   int64_t unit_id, const char *reach);

/* A browser: it keeps cookies and the form token of the last page. */
struct check_browser {
    struct str session, link, csrf;
    struct str peer;
    struct str bearer;
    struct str origin, fetch_site;
};
struct check_answer {
    int status;
    struct str body;
    struct str location;
    struct str set_cookie;
    struct str content_type;
    enum err err;
};
/* `path` with its query. */
struct check_answer check_get(struct check_country *country, struct check_browser *browser,
                              struct str path);
/* `body` as a browser encodes it, without the form token; that is added when the browser has one.
 */
struct check_answer check_post(struct check_country *country, struct check_browser *browser,
                               struct str path, struct str body);
/* Signs in and fetches a form token; the test fails when it does not work. */
void check_sign_in(struct check_country *country, struct check_browser *browser, const char *login);
bool check_has(struct str text, const char *part);
/* The value behind name="csrf" in a page; "" when there is none. */
struct str check_csrf_of(struct str page);

#endif
