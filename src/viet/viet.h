/*
 * viet: Vietnamese text: one form for storing, keys for searching and sorting, names, numbers and their words.
 *
 * Everything here takes well-formed UTF-8 and never refuses it; bytes that are not UTF-8 become U+FFFD. Results lie in
 * the arena, or are the argument itself where nothing had to change. ICU is opened at first use, once for the whole
 * process, and is safe to use from any thread.
 */
#ifndef VIET_VIET_H
#define VIET_VIET_H

#include "base/str.h"

/* One form for storing and comparing (NFC); text from Macs and some PDFs comes decomposed. Costs a scan when it is so already. */
struct str viet_nfc(struct arena *arena, struct str text);

/* What people paste, made clean: the one form, blanks of every kind single and none at the ends, nothing invisible. */
struct str viet_clean(struct arena *arena, struct str text);

/*
 * The search key: lower case, no diacritics (đ is d, ŭ is u, ñ is n), one kind of apostrophe and of hyphen, single
 * blanks, nothing invisible. Placement of the tone mark is lost with the mark: "Thuỷ" and "Thủy" are both "thuy".
 */
struct str viet_fold(struct arena *arena, struct str text);

/*
 * A pattern for LIKE ... ESCAPE '\' over folded text that has a blank in front: finds texts with a word that begins
 * with `word` ("% binh%"). `word` is folded text; its own % and _ stand for themselves.
 */
struct str viet_like_word(struct arena *arena, struct str word);

/*
 * The comparison key for tone placement: the open rhymes oa, oe, uy carry the mark on their first letter (hòa, khỏe,
 * thủy), as the decisions on administrative units write them. What has one spelling only (quý, quả, hoàn, thuyền)
 * stays. Also the one style of names of our own; a text of others is compared by it, never changed.
 */
struct str viet_tone_key(struct arena *arena, struct str text);

/* Full mapping: Ủ, Ữ, Ợ come back the same. */
struct str viet_upper(struct arena *arena, struct str text);
struct str viet_lower(struct arena *arena, struct str text);
/* Only the first letter to upper or lower case: "tỉnh ủy" in a line, "Tỉnh ủy" at its start. */
struct str viet_upper_first(struct arena *arena, struct str text);
struct str viet_lower_first(struct arena *arena, struct str text);

/*
 * Bytes that sort as Vietnamese lists of people do: by given name, then family, then middle name; ICU's order "vi" at
 * tertiary strength (ngang, huyền, hỏi, ngã, sắc, nặng; a ă â). Compared by bytes.
 */
struct bytes viet_sort_key(struct arena *arena, struct str given, struct str family, struct str middle);
/* The same order for one text: names of units, titles. */
struct bytes viet_sort_key_text(struct arena *arena, struct str text);

struct viet_name {
    struct str honorific; /* what stood in front and is no part of the name: "đồng chí", "PGS.TS." */
    struct str family;
    struct str middle;
    struct str given;
};
/*
 * Splits a full name. One word is a given name alone. Ê Đê names put the clan last ("Y Blim Niê", "H'Lan Mlô") and are
 * known by their first word together with the clan. A caller who knows better sets the parts himself.
 */
struct viet_name viet_name_split(struct arena *arena, struct str full_name);
/* The parts in the order they are written. */
struct str viet_name_join(struct arena *arena, const struct viet_name *name);

/* 3321 is "3.321"; parsing takes the dots or none, never half of them. */
struct str viet_number(struct arena *arena, int64_t value);
bool viet_number_parse(struct str text, int64_t *ret_value);
/* Counts of papers have two digits below ten: "05 đồng chí". */
struct str viet_count(struct arena *arena, int64_t value);
/* "hai mươi mốt", "một nghìn không trăm linh năm": for money in words. */
struct str viet_number_words(struct arena *arena, int64_t value);

#endif
