/*
 * who: whose task a sentence is and with whom it is done (plan-schema.md, "obligations"): the sentence's own subject,
 * the unit a heading names, those behind "phối hợp với". Inside the engine only.
 */
#ifndef READER_WHO_H
#define READER_WHO_H

#include "reader/bodies.h"
#include "reader/outline.h"

/* A stretch of words; from == to: none. */
struct who_part {
    size_t from, to;
};

/*
 * The subject of the sentence at `from`: a list of bodies, posts or people before a verb, also behind a command
 * ("Giao ...", "Đề nghị ...", "Bộ Nội vụ giao ...") or behind an opening part with a comma ("Kết thúc lớp, học viên ...").
 * *ret_is_command (may be NULL) tells a command.
 */
struct who_part who_subject(const struct words *words, size_t from, bool *ret_is_command);
/* The unit a heading or an opening item names with nothing else: "2. Giao Văn phòng Tỉnh ủy", "Đối với Sở Nội vụ:". */
struct who_part who_heading(const struct words *words);
/* The unit of the nearest heading or opening item above the node that names one; value "" when none does. */
struct reader_text who_above(struct arena *arena, const struct outline_node *node);
/* Those named behind "phối hợp (với, cùng)", each once, appended to the list; `node` is where the words come from. */
void who_coordinators(struct arena *arena, const struct outline_node *node, const struct words *words, struct reader_texts *list);
/* Where the words begin with a verb of the vocabulary, in capitals or not: its words, else 0. */
size_t who_verb(const struct words *words, size_t from);
/* "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính" of a column, a labelled line or a note: owner and coordinators. */
void who_value(struct arena *arena, const struct outline_node *node, struct str part, struct reader_text *owner,
    struct reader_texts *coordinators);

/* Closing formulas, pointers to appendices, lines on whom to call: by their first words. */
bool who_is_formula(const struct words *words);

#endif
