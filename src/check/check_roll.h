/*
 * check_roll: a class with its points and learners, for the tests of the rooms that live on the roll: Quảng Ngãi's paper of
 * four half-days on 23 and 24/5/2026, points for the province and each commune, officials of two communes named.
 */
#ifndef CHECK_CHECK_ROLL_H
#define CHECK_CHECK_ROLL_H

#include "check/check_paper.h"
#include "nomination/nomination.h"
#include "point/point.h"
#include "roll/roll.h"

enum { CHECK_LEARNERS = 12 };

struct check_place {
    struct unit party; /* the commune's Party committee, which names them */
    int64_t area_id;
    struct str area_path;
    int64_t point_id;
    int64_t learners[CHECK_LEARNERS]; /* ids, in the order in which they were named */
};
struct check_class {
    struct check_store *check;
    int64_t root_id;
    struct check_place own, other;
    int64_t morning, afternoon; /* of 23/5; mornings begin at 08:00, learners are in place at 07:50 */
};

/* Every room's facts and listeners, as the program itself registers them. */
void check_rooms_register(void);
/* Setup: registers the rooms' facts and opens a store with two provinces. Teardown is check_store_close. */
int check_roll_open(void **state);
/* Issues the paper and names the learners; leaves the test acting as an officer of the own commune at 07:45 on 23/5. */
struct check_class *check_class_open(struct check_store *check);
/* From here on the test acts for that commune. */
void check_class_act(struct check_class *class, const struct check_place *place, uint64_t permissions);
/* 23/5 at that time. */
int64_t check_class_at(int hour, int minute);

/* One mark by the store alone, as a device would make it; the receipt. */
enum roll_receipt check_mark(struct check_class *class, struct fact_id id, const struct roll_marked *marked, struct str *ret_words);
struct roll_sheet check_sheet(struct check_class *class, int64_t point_id, int64_t session_key);
/* The counter of the class's half-day at that unit. */
int64_t check_roll_counter(struct check_class *class, const char *kind, int64_t session_key, int64_t unit_id);

#endif
