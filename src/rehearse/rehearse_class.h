/*
 * rehearse_class: plays the days of a class against a running server, over real HTTP: lines are tested, heads reported in
 * the last minutes, the roll called half-day by half-day by devices of which some vanish and come back and some send
 * everything twice, incidents are entered. Then every number of every board (nation, province, commune) is read again and
 * compared with what it was before and what was sent.
 *
 * It signs in few people (hashing passwords is the server's slowest work) and lets each session carry the devices of its
 * whole area.
 */
#ifndef REHEARSE_REHEARSE_CLASS_H
#define REHEARSE_REHEARSE_CLASS_H

#include "rehearse/crew.h"

enum { REHEARSE_OFFICERS_MAX = 64, REHEARSE_ROOMS_MAX = 4000, REHEARSE_LEARNERS_MAX = 400000, REHEARSE_SESSIONS_MAX = 8 };

struct rehearse_class_options {
    struct str url;
    struct str officers_path; /* a line each: login, password, unit; tab-separated */
    struct str watcher_login, watcher_password; /* who sees the nation's board */
    int64_t course_id;        /* 0: the class that the first page shows */
    int connections;
    int per_second;           /* requests a second; 0 for as fast as it goes */
    int batch;                /* marks of one upload */
    int vanish_percent;       /* so many rooms send nothing until the end */
    int repeat_percent;       /* so many uploads come twice */
    int correct_percent;      /* so many marks are replaced by another */
    struct str export_dir;    /* "": play; else only write down what a load generator would send, and end */
    uint64_t seed;
};

struct rehearse_class_step {
    const char *name; /* "lượt điểm danh" */
    int64_t sent;     /* what there was to say */
    int64_t taken;    /* what the server said it took */
    struct crew_figures figures;
};
enum { REHEARSE_STEPS_MAX = 12 };

struct rehearse_class_result {
    struct rehearse_class_step steps[REHEARSE_STEPS_MAX];
    size_t steps_len;
    int64_t rooms, learners, sessions;
    int64_t stored, already, set_aside; /* receipts */
    int64_t refused, failed;            /* 4xx that a person would have to read; no answer or 5xx */
    int64_t numbers;                    /* of boards, compared */
    int64_t differences;
    struct str *words; /* the first differences, in words */
    size_t words_len;
};

/* ERR_UNAVAILABLE when the server cannot be reached, ERR_INVALID for a list of officers that cannot be read. */
enum err rehearse_class_run(struct ctx *cx, const struct rehearse_class_options *options,
                            struct rehearse_class_result *ret_result) MUST_CHECK;

#endif
