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
    struct str players_path; /* a line each: login, password, unit; tab-separated; '#' begins a remark */
    struct str watcher_login, watcher_password; /* who reads the board before and after; "" for the first player */
    int players;             /* how many take part; 0 for all */
    int per_second;          /* actions a second; 0 for as fast as it goes */
    int seconds_max;         /* stop after that long; 0 when there is nothing left to do */
    int repeat_percent;      /* so many of the actions are sent twice with the same id */
    uint64_t seed;
};

struct rehearse_result {
    int64_t signed_in;
    int64_t acknowledged; /* papers */
    int64_t closed;       /* duties */
    int64_t repeated;     /* sent again; must change nothing */
    int64_t refused;      /* answered with a 4xx that a person would have to read */
    int64_t failed;       /* no answer, or 5xx */
    double seconds;
    double p50_ms, p99_ms; /* of the actions */
    int64_t board_before, board_after; /* papers received, by the board */
    bool is_verified;     /* the board moved by exactly what was sent */
};

/* ERR_UNAVAILABLE when the server cannot be reached, ERR_INVALID for a list of players that cannot be read. */
enum err rehearse_run(struct ctx *cx, const struct rehearse_options *options, struct rehearse_result *ret_result) MUST_CHECK;

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
