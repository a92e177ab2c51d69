/*
 * rehearse: plays the class against a running server over real HTTP, as the officials would: each player signs in with
 * an account of its own, opens Hôm nay, and does what the page offers. At a visible pace it makes boards move; at full
 * speed it is the load. At the end it compares what the boards say with what it sent.
 *
 * It knows the server only by its pages: forms are read from the HTML, so a form that a person could not send, rehearse
 * cannot send either.
 */
#ifndef REHEARSE_REHEARSE_H
#define REHEARSE_REHEARSE_H

#include "base/ctx.h"

enum { REHEARSE_PLAYERS_MAX = 4000, REHEARSE_PAGE_MAX = 1 << 20 };

struct rehearse_options {
    struct str url;          /* http://127.0.0.1:8080 */
    struct str players_path; /* a line each: login, password, unit, province's code; tab-separated; '#' begins a remark */
    struct str sessions_path; /* sessions of an earlier run are used again, and kept here at the end; "" for none */
    struct str watcher_login, watcher_password; /* who reads the board before and after; "" for the first player */
    int players;             /* how many take part; 0 for all */
    int sign_ins;            /* how many sign in at the same time, while others act; 0 for 4 */
    int per_second;          /* actions a second; 0 for as fast as it goes */
    int seconds_max;         /* stop after that long; 0 when there is nothing left to do */
    int repeat_percent;      /* so many of the actions are sent twice with the same id */
    uint64_t seed;
};

/* What is counted on both sides. A paper or material taken in also meets the duty to do so. */
enum rehearse_count { REHEARSE_PAPERS, REHEARSE_MATERIALS, REHEARSE_DUTIES, REHEARSE_COUNTS };

/* One area: what was sent for its units, and by how much its board moved. */
struct rehearse_line {
    char code[8]; /* "" for the watcher's whole area */
    char name[64];
    int64_t sent[REHEARSE_COUNTS];
    int64_t before[REHEARSE_COUNTS], after[REHEARSE_COUNTS]; /* by the board */
};
enum { REHEARSE_LINES_MAX = 101 };
bool rehearse_line_agrees(const struct rehearse_line *line);

struct rehearse_result {
    int64_t signed_in;
    int64_t reused;       /* sessions of an earlier run */
    int64_t acknowledged; /* papers */
    int64_t received;     /* materials */
    int64_t closed;       /* duties, by words */
    int64_t repeated;     /* sent again; must change nothing */
    int64_t refused;      /* answered with a 4xx that a person would have to read */
    int64_t failed;       /* no answer, or 5xx */
    double seconds;
    double p50_ms, p99_ms; /* of the actions */
    struct rehearse_line lines[REHEARSE_LINES_MAX]; /* the whole, then the areas right below that moved or should have */
    size_t lines_len;
    bool is_verified;     /* every board moved by exactly what was sent */
};

/* ERR_UNAVAILABLE when the server cannot be reached, ERR_INVALID for a list of players that cannot be read. */
enum err rehearse_run(struct ctx *cx, const struct rehearse_options *options, struct rehearse_result *ret_result) MUST_CHECK;

/* ---- What was sent against what the boards say (rehearse_verify.c) ---- */

/* Adds what the boards show to before (or after) of the lines, which it makes where they are missing. */
enum err rehearse_read_board(struct ctx *cx, struct str json, bool is_after, struct rehearse_result *result) MUST_CHECK;
/* One thing done for a unit of that province ("" when not known). Before the first board is read nothing is counted. */
void rehearse_count(struct rehearse_result *result, struct str province_code, enum rehearse_count what);
/* Leaves out the lines on which nothing happened, and decides. */
void rehearse_compare(struct rehearse_result *result);

/* ---- The pages as rehearse reads them (rehearse_form.c) ---- */

struct rehearse_form {
    struct str action;
    struct str body; /* its hidden fields, URL-encoded */
    bool has_text;   /* it asks for words (a note): rehearse adds some */
    struct str text_name;
};

/* Moves *rest behind the next <form method="post"> and fills *ret_form; false when there is none. */
bool rehearse_next_form(struct arena *arena, struct str *rest, struct rehearse_form *ret_form);

#endif
