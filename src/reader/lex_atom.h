/*
 * lex_atom: the smallest pieces of a time expression: a clock time, a day of the week, a date or
 * dates. lex_moment.c puts them together, lex_due.c reads what stands around them.
 */
#ifndef READER_LEX_ATOM_H
#define READER_LEX_ATOM_H

#include "reader/lex_word.h"

/* 0 is: not said. A day has a month; a month, quarter or year stands alone. */
struct lex_date {
    int year, quarter, month, day;
};
/* One date (to equals from) or a closed range. */
struct lex_dates {
    struct lex_date from, to;
    bool is_list; /* days that follow each other, written one by one: "23 và 24/5" */
};

enum { LEX_DATES_MAX = 12 }; /* dates enumerated in one breath: "các ngày 10, 11 và 12/8/2026" */

enum lex_atom_kind { LEX_ATOM_TIME, LEX_ATOM_WEEKDAY, LEX_ATOM_DATE };

struct lex_atom {
    enum lex_atom_kind kind;
    size_t from, to; /* words */
    /* Read only when what stands beside it speaks for it: "23/5" beside a weekday, "9 giờ" beside a
     * date. */
    bool is_weak;
    int minutes, end_minutes; /* TIME: of the day; end_minutes -1 when it is no range */
    int weekday;              /* WEEKDAY: 0 Monday ... 6 Sunday */
    struct lex_dates *dates;  /* DATE */
    size_t dates_len;
    bool is_yearly; /* DATE: "ngày 15/12 hằng năm" */
};
struct lex_atoms {
    struct lex_atom *at;
    size_t len;
};

struct lex_atoms lex_find_atoms(struct arena *arena, const struct lex_words *words);

/* The piece that begins at word `i`; false when none does. */
bool lex_read_time(const struct lex_words *words, size_t i, struct lex_atom *ret_atom);
bool lex_read_weekday(const struct lex_words *words, size_t i, struct lex_atom *ret_atom);
bool lex_read_date(struct arena *arena, const struct lex_words *words, size_t i,
                   struct lex_atom *ret_atom);

/* Fills the year (and month) a date lacks from its neighbour, which comes `is_after` or before it
 * in the text. */
void lex_date_borrow(struct lex_date *date, struct lex_date neighbour, bool is_after);
bool lex_date_is_complete(
    struct lex_date date); /* says everything but perhaps the year, and exists */
/* -1, 0, 1; what is not said counts as the least. */
int lex_date_compare(struct lex_date a, struct lex_date b);
/* True when b is the day after a. */
bool lex_date_is_next(struct lex_date a, struct lex_date b);
/* "2026-05-23", "2026-05", "2026-Q2", "2026"; without a year "--05-23", "--05", "--Q2". */
struct str lex_date_format(struct arena *arena, struct lex_date date);

/* lex_find_moments and lex_find_counts of words that are cut already. */
struct lex_moments;
struct lex_counts;
void lex_moments_of(struct arena *arena, const struct lex_words *words, struct lex_moments *ret_list);
void lex_counts_of(struct arena *arena, const struct lex_words *words, struct lex_counts *ret_list);

/* "02 tuần", "từ 02 đến 05 ngày", "1,5 ngày", "10 ngày làm việc", "ba tháng". */
struct lex_period {
    int64_t tenths, tenths_max; /* equal for one length */
    char unit;                  /* D W M Y, H hours, N minutes */
    bool is_working_days;
};
/* The length of time that begins at word `i`, as so many words; 0 when none does. */
size_t lex_read_period(const struct lex_words *words, size_t i, struct lex_period *ret_period);
/* "P2W", "P2D/P5D", "P1.5D", "P5WD", "PT90M". */
struct str lex_period_format(struct arena *arena, struct lex_period period);

#endif
