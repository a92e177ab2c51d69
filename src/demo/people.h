/*
 * people: fictitious officials for every unit of the demo, with the posts such units have and the names such provinces
 * have. Namesakes come by themselves, as in life. Telephone numbers are all of the form 0900 000 xxx.
 */
#ifndef DEMO_PEOPLE_H
#define DEMO_PEOPLE_H

#include "base/ctx.h"

struct store;

/*
 * About `people` officials (a few per cent more or fewer; 130,000 for the nation) in the units that stand, the same ones
 * for the same seed. Every unit that gets people gets its heads; with few people the provinces of the demo's papers are
 * filled and the others stay empty. Writes through store_write, in batches; cx->now is when the records were made.
 */
enum err demo_load_people(struct ctx *cx, struct store *store, uint64_t seed, int64_t people) MUST_CHECK;

#endif
