/*
 * class_story: what happens at the points of a class in the demo, from the plan to the last half-day: lists of learners
 * drafted, approved and sent; rooms described; points and heads reported; lines tested, some failing and tested again;
 * the roll called and closed, or heads counted where nobody sent names; a few incidents. Everything through the rooms'
 * own functions, and nothing that lies after the clock.
 */
#ifndef DEMO_CLASS_STORY_H
#define DEMO_CLASS_STORY_H

#include "demo/demo_inside.h"

struct class_story;

/* The class of a paper that has just been issued: plans what its points do. Lives in the demo's arena. */
enum err class_story_open(struct ctx *cx, struct demo *demo, int64_t document_id, int64_t issued_at, struct class_story **ret_story)
    MUST_CHECK;
/* A paper that was issued: when it speaks of this class, its units begin their lists of names. */
enum err class_story_add_paper(struct ctx *cx, struct class_story *story, int64_t document_id, int64_t issued_at) MUST_CHECK;

/* What is planned, in no order; each happens at its hour, once, on the writer. A heavy one is a whole list or roll. */
size_t class_story_len(const struct class_story *story);
int64_t class_story_at(const struct class_story *story, size_t index);
bool class_story_is_heavy(const struct class_story *story, size_t index);
enum err class_story_do(struct ctx *cx, const struct class_story *story, size_t index) MUST_CHECK;

#endif
