/*
 * class_inside: what the files of a class's rehearsal share.
 */
#ifndef REHEARSE_CLASS_INSIDE_H
#define REHEARSE_CLASS_INSIDE_H

#include "rehearse/rehearse_class.h"

#include <jansson.h>

enum { CLASS_NUMBERS = 16, SESSION_NUMBERS = 9, AREA_NUMBERS = CLASS_NUMBERS + REHEARSE_SESSIONS_MAX * SESSION_NUMBERS };

/* The names of the boards' numbers, as their JSON has them. */
extern const char *const class_number_names[CLASS_NUMBERS];
extern const char *const session_number_names[SESSION_NUMBERS];
/* Where a number stands in an area's list; session -1 for those of the class. */
size_t number_at(const char *name, int session);

/* One place of a board: what it said before, and what was sent since. */
struct board_area {
    struct str code; /* "" for the total */
    int64_t unit_id;
    int64_t point_id; /* of its main point; 0 */
    int64_t before[AREA_NUMBERS];
    int64_t sent[AREA_NUMBERS];
};
struct board {
    struct str name;
    struct board_area *at; /* the total first */
    size_t len;
};

enum said_mark { SAID_NONE, SAID_PRESENT, SAID_LATE, SAID_EXCUSED, SAID_ABSENT };

/* One learner's half-day: what stood there before, and what the devices say. */
struct said {
    unsigned char before, first, corrected; /* enum said_mark; corrected SAID_NONE: not */
};

struct room {
    int64_t point_id;
    size_t officer, area; /* whose board has it, and where */
    int64_t *learners;
    size_t learners_len;
    struct said *said;    /* learners x sessions */
    struct str *heads;    /* what stood there before: ids parted by commas; NULL when nothing did */
    bool vanishes;
    struct str form;      /* hidden fields of the form under way; at NULL when the page had none */
};

struct officer {
    struct str login, password, unit;
    struct str cookie, csrf;
    struct board board;
};

struct play {
    const struct rehearse_class_options *options;
    struct rehearse_class_result *result;
    struct arena *arena;
    struct crew *crew;
    struct officer *officers; /* the watcher is the last */
    size_t officers_len;
    struct room *rooms;
    size_t rooms_len;
    int64_t session_keys[REHEARSE_SESSIONS_MAX];
    size_t sessions_len;
    int64_t course_id;
    int64_t now_ms; /* the server's clock */
    uint64_t random;
    size_t next; /* of the phase under way */
    struct rehearse_class_step *step;
};

uint64_t play_random(struct play *play);
/* Counts what an answer was, when it is not the one hoped for. */
void play_count_trouble(struct play *play, const struct exchange *exchange, const struct answer *answer);
/* `delta` more of a number in the room's area and in every board above it. */
void play_add(struct play *play, const struct room *room, const char *name, int session, int64_t delta);
/* Runs a phase as a step of that name. */
enum err play_phase(struct ctx *cx, struct play *play, const char *name, bool is_paced, struct crew_phase phase) MUST_CHECK;

/* class_board.c */
enum err play_read_boards(struct ctx *cx, struct play *play) MUST_CHECK;
enum err play_compare_boards(struct ctx *cx, struct play *play) MUST_CHECK;
/* class_roll.c */
enum err play_read_rooms(struct ctx *cx, struct play *play) MUST_CHECK;
enum err play_call_rolls(struct ctx *cx, struct play *play) MUST_CHECK;
/* class_forms.c */
enum err play_test_lines(struct ctx *cx, struct play *play) MUST_CHECK;
enum err play_report_heads(struct ctx *cx, struct play *play) MUST_CHECK;
enum err play_enter_incidents(struct ctx *cx, struct play *play) MUST_CHECK;
enum err play_close_rolls(struct ctx *cx, struct play *play) MUST_CHECK;

/* class_export.c: writes requests and boards for a load generator into options.export_dir. */
enum err play_export(struct ctx *cx, struct play *play) MUST_CHECK;

#endif
