/*
 * crew: a bounded number of connections that do a phase of requests, each taking the next one when it is free. A busy
 * server (503) is asked again. Times are kept for every answer.
 */
#ifndef REHEARSE_CREW_H
#define REHEARSE_CREW_H

#include "base/ctx.h"

enum { CREW_CONNECTIONS_MAX = 512, CREW_ANSWER_MAX = 4 << 20, CREW_TRIES_MAX = 2000 };

struct crew;

/* Filled by the phase; texts live in the arena that came along until the answer is taken. */
struct exchange {
    struct str path;   /* "/hom-nay" */
    struct str body;   /* of a POST */
    const char *type;  /* its content type; NULL for a GET */
    struct str cookie; /* "phien=..." */
    struct str csrf;   /* X-CSRF; "" for none */
    size_t index;      /* the phase's own */
    int64_t tag;
};

struct answer {
    long status; /* 0: no answer */
    struct str text;
    struct str cookie; /* of Set-Cookie, without its attributes; "" for none */
};

struct crew_phase {
    void *what;
    /* The next request; false when there is none left. */
    bool (*next)(void *what, struct arena *arena, struct exchange *ret_exchange);
    void (*answered)(void *what, struct arena *arena, const struct exchange *exchange, const struct answer *answer);
};

struct crew_figures {
    int64_t answers, busy; /* busy: turned away and asked again */
    double seconds, p50_ms, p99_ms;
};

enum err crew_open(struct ctx *cx, struct str url, int connections, struct crew **ret_crew) MUST_CHECK;
void crew_close(struct crew *crew);
/* per_second 0: as fast as it goes; the phase's `connections` at most (0: all). */
enum err crew_run(struct ctx *cx, struct crew *crew, const struct crew_phase *phase, int connections, int per_second,
                  struct crew_figures *ret_figures) MUST_CHECK;

#endif
