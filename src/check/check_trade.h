/*
 * check_trade: a tiny trade with facts, tables and counters, for the tests and benches of store, which knows no room.
 * Boxes are opened for a unit, and slips are put into a box: at most its limit, and each number once.
 */
#ifndef CHECK_CHECK_TRADE_H
#define CHECK_CHECK_TRADE_H

#include "store/fact.h"
#include "store/store.h"

struct box_opened {
    struct str title;
    int64_t slips_max;
    struct str unit_path;
    struct str owner_phone; /* private */
};

struct slip_added {
    int64_t number;
    int32_t day;
    bool is_late;
    struct str note;
    struct str file; /* a file's name, or "" */
};

extern const struct fact_kind box_opened_kind;
extern const struct fact_kind slip_added_kind;

/* Registers the two kinds. */
void check_trade_register(void);
/* The tables box and slip, for store_options.extra_schema. */
extern const char check_trade_schema[];
/* Setup of a test: check_store_open with the trade registered and its tables made. */
int check_trade_open(void **state);

enum err box_open(struct ctx *cx, int64_t unit_id, const struct box_opened *box, int64_t *ret_id);
enum err slip_add(struct ctx *cx, int64_t unit_id, int64_t box_id, const struct slip_added *slip, int64_t *ret_id);

int64_t count_boxes(struct ctx *cx);
int64_t count_slips(struct ctx *cx, int64_t box_id);
/* The counter "slip" of the box at that unit. */
int64_t counted_slips(struct ctx *cx, int64_t box_id, int64_t unit_id);

#endif
