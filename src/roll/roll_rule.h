/*
 * roll_rule: what several marks of one learner in one half-day come to. No SQL, no clock: marks in, one outcome out.
 *
 * The rule is that of roll.h: a mark may name the marks it replaces; the heads are the marks that no known mark names;
 * heads that say the same are one effective mark, heads that differ are a conflict, and meanwhile the head with the latest
 * corrected time counts (ties: the greater id). "Say the same" is the same mark and, where it says that the learner sat
 * in a room, the same point.
 *
 * What is kept of the marks is a roll_state: what each known mark says, and every id that one of them names. It is a
 * function of the set of marks alone, so marks may come in any order, and again, and a mark may be named before it is
 * known. Marks that name each other in a ring (only a lying device makes one) all stand: no mark may vanish.
 * testdata/rule_cases.txt has the cases that the page's script must judge alike.
 */
#ifndef ROLL_ROLL_RULE_H
#define ROLL_ROLL_RULE_H

#include "roll/roll.h"

/* What one mark says, as far as the rule goes. */
struct roll_said {
    struct fact_id id;
    int64_t at;       /* corrected time */
    int64_t point_id; /* where it was marked */
    enum roll_mark mark;
};

/* Both lists ascend by id. */
struct roll_state {
    struct roll_said *known;
    size_t known_len;
    struct fact_id *named;
    size_t named_len;
};

/* The state with one mark more, in the arena; the old one stays as it is. */
struct roll_state roll_state_add(struct arena *arena, const struct roll_state *state, const struct roll_said *said,
                                 const struct fact_id *replaces, size_t replaces_len);

struct roll_outcome {
    enum roll_mark mark; /* ROLL_NONE without a mark */
    bool is_conflict;
    const struct roll_said *winner; /* the head that counts; NULL without a mark */
    struct fact_id *heads;          /* ascending */
    size_t heads_len;
};
struct roll_outcome roll_state_outcome(struct arena *arena, const struct roll_state *state);

/* As stored: each list as bytes, canonical, so that equal states are equal bytes. */
struct bytes roll_state_known(struct arena *arena, const struct roll_state *state);
struct bytes roll_state_named(struct arena *arena, const struct roll_state *state);
/* False when the bytes are none of ours. */
bool roll_state_read(struct arena *arena, struct bytes known, struct bytes named, struct roll_state *ret_state);

/* "32 hex,32 hex" to ids, ascending, each once. False when malformed or more than ROLL_REPLACES_MAX. */
bool roll_ids_parse(struct str text, struct fact_id *ret_ids, size_t *ret_len);
struct str roll_ids_format(struct arena *arena, const struct fact_id *ids, size_t len);
bool roll_id_parse(struct str text, struct fact_id *ret_id);
static inline int roll_id_compare(const struct fact_id *a, const struct fact_id *b)
{
    return __builtin_memcmp(a->at, b->at, sizeof a->at);
}

#endif
