/*
 * lex: the small readings every field needs, each from one text alone: dates and times, deadlines, counts, numbers of
 * papers, lists of bodies, names of people. They take normalised text (NFC, one line) and give values in the schema's
 * form together with the part of the text they read. No outline, no state.
 */
#ifndef READER_LEX_H
#define READER_LEX_H

#include "reader/reader.h"

/* A date, time or range found in a text; `part` is a view into the text. */
struct lex_moment {
    struct str part;
    struct str date, end_date; /* "2026-05-23", as coarse as written; end_date "" when it is no range */
    struct str time, end_time; /* "08:00" */
    struct str weekday;        /* as written: "thứ Bảy", "CN" */
    struct str end_weekday;    /* of a range or list: "(Thứ Bảy, Chủ nhật)" */
    struct str half_day;       /* "sáng", "chiều", "tối" where said beside it */
    bool is_list;              /* "23 và 24/5/2026": two days, not from-to; days that are not in a row are moments each */
    bool is_yearly;            /* "ngày 15/12 hằng năm" */
};
struct lex_moments {
    struct lex_moment *at;
    size_t len;
};
/*
 * All moments of a text in order; a missing year or month is taken from the other end of the range (domain.md 5.4).
 * Where the text says no year at all the date begins with "--": "--05-23", "--05"; see lex_complete_date.
 */
void lex_find_moments(struct arena *arena, struct str text, struct lex_moments *ret_list);
/* The date with this year ("2026") where it says none; "" when both are silent. */
struct str lex_complete_date(struct arena *arena, struct str date, struct str year);
/* "thứ Bảy", "T7", "CN": 0 Monday ... 6 Sunday, -1 for what is no day of the week. */
int lex_weekday(struct arena *arena, struct str text);

/*
 * The deadline or rhythm a sentence sets, or the words behind a label ("Thời gian hoàn thành:"), as plan-schema.md's
 * `due`; kind "" when it sets none. `paper_year` ("" none) completes what the paper's own year completes.
 * ret_recurring: beside a dated due, how it goes on. The spans of what is found are code points of `text` itself, with
 * no page and paragraph; the caller, who knows where the text stands, moves them (read_move).
 */
void lex_find_due(struct arena *arena, struct str text, struct str paper_year, struct reader_due *ret_due,
    struct reader_text *ret_recurring);

/* "mỗi khóa từ 02 đến 05 ngày" is P2D/P5D, "03 tháng" P3M, "1,5 ngày" P1.5D; "" when the text states no duration. */
struct str lex_duration(struct arena *arena, struct str text);

/* A count with the word behind it: "05 đồng chí", "1.200 học viên", "40-45 học viên". */
struct lex_count {
    struct str part;
    int64_t value, max;
    struct str word;    /* "đồng chí", "học viên", "lớp" */
    bool is_each;       /* "mỗi cơ quan cử ..." */
    struct str bound;   /* "", "max" (không quá, tối đa), "min" (ít nhất, tối thiểu) */
};
struct lex_counts {
    struct lex_count *at;
    size_t len;
};
void lex_find_counts(struct arena *arena, struct str text, struct lex_counts *ret_list);

/* Citations of papers by number (domain.md 5.6), each once a mention, with what stands beside it. */
struct lex_citation {
    struct str part;
    struct str number, kind, date, issuer, title;
};
struct lex_citations {
    struct lex_citation *at;
    size_t len;
};
void lex_find_citations(struct arena *arena, struct str text, struct lex_citations *ret_list);

/*
 * A list of bodies split as a reader of Vietnamese does: names of the vocabulary first, longest first, then commas and
 * "và" (domain.md 5.5). Views into the text.
 */
struct lex_parts {
    struct str *at;
    size_t len;
};
void lex_split_bodies(struct arena *arena, struct str text, struct lex_parts *ret_list);
/* The body a text begins with, as far as the vocabulary and the grammar of names of bodies carry; "" none. */
struct str lex_body_prefix(struct arena *arena, struct str text);
/* The name of a person without honorifics and degrees, "" when the text begins with none; a view. */
struct str lex_person_prefix(struct arena *arena, struct str text);

#endif
