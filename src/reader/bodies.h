/*
 * bodies: how papers name who does something: bodies, posts, people; one by one and in lists (domain.md 5.5). Inside
 * the engine only; lex.h has the same for a text.
 *
 * A name is whole in the vocabulary ("Sở Văn hóa, Thể thao và Du lịch"), or a kind of body with a name of its own
 * ("Trường Chính trị" "Tô Hiệu"), or a post before a body; behind it may stand what belongs to it: of which level,
 * place, body ("... Đảng ủy các xã, phường").
 */
#ifndef READER_BODIES_H
#define READER_BODIES_H

#include "reader/lex.h"
#include "reader/words.h"

/* The index behind the body, post or people named at `from`; `from` when none is. */
size_t bodies_one(const struct words *words, size_t from);
/* The same for a list of them: "Ban Tổ chức Thành ủy, Sở Nội vụ và các đơn vị liên quan". */
size_t bodies_list(const struct words *words, size_t from);
/* The list [from, to) cut where a further body begins, and at every ';'. Views into the text. */
struct lex_parts bodies_split(struct arena *arena, const struct words *words, size_t from, size_t to);
/* Where the body that ends just before `to` begins; `to` when none does. Looks back BODIES_BACK_MAX words at most. */
enum { BODIES_BACK_MAX = 24 };
size_t bodies_back(const struct words *words, size_t to);
/* The index behind a person's name at `from`, behind forms of address and degrees; *ret_name its first word. `from` when none. */
size_t bodies_person(const struct words *words, size_t from, size_t *ret_name);

#endif
