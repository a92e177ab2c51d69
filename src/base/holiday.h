/*
 * holiday: which days are working days in Viet Nam.
 *
 * The law's own: Labour Code 45/2019/QH14, article 112 (1 January, Tết, 30 April, 1 May, two days of the National Day, the
 * Hùng Kings' day on 10/3 of the lunar year) and article 111, clause 3: a holiday on a weekly day off is made good on the
 * next working day. Days of the solar calendar hold for every year; those of the lunar one, and the second day of the
 * National Day, are dated rows, because the Government fixes them year by year. What is not among them (or differs: a
 * Friday off that a Saturday makes up for) is declared in the installation and handed in as `declared`.
 */
#ifndef BASE_HOLIDAY_H
#define BASE_HOLIDAY_H

#include "base/day.h"

struct holiday {
    int32_t day;
    bool is_off; /* false: a day that would be free and is worked on */
};
struct holidays {
    const struct holiday *at; /* in any order; the last word on a day counts */
    size_t len;
};

/* `declared` may be NULL. */
bool holiday_is_working_day(const struct holidays *declared, int32_t day);
/* `days` working days after `day`. */
int32_t holiday_add_working_days(const struct holidays *declared, int32_t day, int days);
/* What the law calls the day, "Tết Nguyên đán"; "" when it is an ordinary one. For lists. */
struct str holiday_name(int32_t day);

#endif
