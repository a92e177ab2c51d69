/*
 * day: civil days and instants of Viet Nam, UTC+07:00 all year, no daylight saving.
 *
 * An instant is int64_t milliseconds since 1970-01-01T00:00Z (names end in _at). A day is int32_t days since
 * 1970-01-01 on the Vietnamese calendar (names end in _day). Nothing here asks the machine for its time zone.
 */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include "base/str.h"

#include <stdint.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, DAY_OFFSET_MS = 7 * 60 * 60 * 1000 };
enum { DAY_NONE = INT32_MIN };

struct civil {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int date;  /* 1 to 31 */
    int hour, minute, second;
};

int32_t day_from_civil(int year, int month, int date);
/* True when such a day exists, years 1 to 9999. */
bool day_is_valid(int year, int month, int date);
struct civil day_to_civil(int32_t day);
int32_t day_from_instant(int64_t at);
int64_t day_start(int32_t day);                         /* 00:00 in Viet Nam */
int64_t day_time(int32_t day, int hour, int minute);    /* that time in Viet Nam */
struct civil instant_to_civil(int64_t at);              /* as clocks in Viet Nam show it */
int day_weekday(int32_t day);                           /* 0 Monday ... 6 Sunday */
int day_month_len(int year, int month);
int32_t day_add_months(int32_t day, int months);        /* the same date, or the month's last */

/* "2026-05-23" */
bool day_parse_iso(struct str text, int32_t *ret_day);
/* "23/5/2026" or "23/05/2026": as people type it */
bool day_parse(struct str text, int32_t *ret_day);
/* "2026-05-23T08:00" or with seconds, in Viet Nam's time; also with a trailing Z or +07:00 */
bool instant_parse_iso(struct str text, int64_t *ret_at);

struct str day_format(struct arena *arena, int32_t day);      /* 23/5/2026, zero-padded as papers do (04.1: 05/01/2026) */
struct str day_format_iso(struct arena *arena, int32_t day);  /* 2026-05-23 */
struct str day_format_long(struct arena *arena, int32_t day); /* Thứ Bảy, 23/5/2026 */
struct str day_weekday_name(int32_t day);                     /* Thứ Bảy */
struct str instant_format(struct arena *arena, int64_t at);   /* 08:00 ngày 23/5/2026 */
struct str instant_format_iso(struct arena *arena, int64_t at); /* 2026-05-23T08:00:00+07:00 */
struct str instant_format_time(struct arena *arena, int64_t at); /* 08:00 */
/* How far from now, in words: "còn 35 phút", "còn 2 ngày", "quá 12 phút". */
struct str instant_format_left(struct arena *arena, int64_t at, int64_t now);

#endif
