/*
 * course_inside: what the files of this room share; nobody else includes it.
 */
#ifndef COURSE_COURSE_INSIDE_H
#define COURSE_COURSE_INSIDE_H

#include "course/course.h"
#include "store/db.h"

extern const struct document_listener course_listener;

struct str course_half_stored(enum course_half half);
/* True when the words are of who comes to the opening and closing, not of learners. */
bool course_is_guest(struct arena *arena, struct str attendees);
/* The half-days of a plan: as stated, or made from its days when a short class states none. */
struct course_session *course_sessions_of(struct arena *arena, const struct plan *plan, size_t *ret_len);

/* The half-days that a course's own paper states, and nothing else of it. */
enum err course_read_sessions(struct ctx *cx, int64_t course_id, struct course_whole *whole) MUST_CHECK;

/* Those registered, in order. */
const course_block *course_blocks(size_t *ret_len);

#endif
