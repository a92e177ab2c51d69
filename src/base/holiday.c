#include "base/holiday.h"

/* Dated rows. Rows of past years are not edited: deadlines were counted by them. */
static const struct {
    int year, month, date;
    struct str name;
} dated[] = {
    /* The Government's notices: officials were off from 25/1 to 2/2/2025 and from 14/2 to 22/2/2026. */
    { 2025, 1, 27, STR_INIT("Tết Nguyên đán") }, { 2025, 1, 28, STR_INIT("Tết Nguyên đán") },
    { 2025, 1, 29, STR_INIT("Tết Nguyên đán") }, { 2025, 1, 30, STR_INIT("Tết Nguyên đán") },
    { 2025, 1, 31, STR_INIT("Tết Nguyên đán") },
    { 2025, 4, 7, STR_INIT("Giỗ Tổ Hùng Vương") },
    { 2025, 9, 1, STR_INIT("Quốc khánh") },
    { 2026, 2, 16, STR_INIT("Tết Nguyên đán") }, { 2026, 2, 17, STR_INIT("Tết Nguyên đán") },
    { 2026, 2, 18, STR_INIT("Tết Nguyên đán") }, { 2026, 2, 19, STR_INIT("Tết Nguyên đán") },
    { 2026, 2, 20, STR_INIT("Tết Nguyên đán") },
    { 2026, 4, 26, STR_INIT("Giỗ Tổ Hùng Vương") },
    { 2026, 9, 1, STR_INIT("Quốc khánh") },
    /* The new lunar year begins on 6/2/2027. The eve and three days are free whichever five are chosen. */
    { 2027, 2, 5, STR_INIT("Tết Nguyên đán") }, { 2027, 2, 6, STR_INIT("Tết Nguyên đán") },
    { 2027, 2, 7, STR_INIT("Tết Nguyên đán") }, { 2027, 2, 8, STR_INIT("Tết Nguyên đán") },
    { 2027, 4, 16, STR_INIT("Giỗ Tổ Hùng Vương") },
};

/* The solar days of every year. */
static const struct {
    int month, date;
    struct str name;
} yearly[] = {
    { 1, 1, STR_INIT("Tết Dương lịch") },
    { 4, 30, STR_INIT("Ngày Chiến thắng") },
    { 5, 1, STR_INIT("Ngày Quốc tế lao động") },
    { 9, 2, STR_INIT("Quốc khánh") },
};

struct str holiday_name(int32_t day)
{
    struct civil c = day_to_civil(day);
    for (size_t i = 0; i < LEN(yearly); i++)
        if (yearly[i].month == c.month && yearly[i].date == c.date)
            return yearly[i].name;
    for (size_t i = 0; i < LEN(dated); i++)
        if (dated[i].year == c.year && dated[i].month == c.month && dated[i].date == c.date)
            return dated[i].name;
    return STR("");
}

static bool is_weekend(int32_t day)
{
    return day_weekday(day) >= 5;
}

/* Whether a holiday that fell on a weekend is made good on this day: the first working days after take what is owed. */
static bool makes_good(int32_t day)
{
    enum { BACK = 15 }; /* longer than any row of free days */
    int owed = 0;
    bool is_taken = false;
    for (int32_t d = day - BACK; d <= day; d++) {
        bool is_holiday = holiday_name(d).len > 0;
        is_taken = false;
        if (is_holiday)
            owed += is_weekend(d);
        else if (!is_weekend(d) && owed > 0) {
            owed--;
            is_taken = true;
        }
    }
    return is_taken;
}

bool holiday_is_working_day(const struct holidays *declared, int32_t day)
{
    for (size_t i = declared ? declared->len : 0; i > 0; i--)
        if (declared->at[i - 1].day == day)
            return !declared->at[i - 1].is_off;
    return !is_weekend(day) && holiday_name(day).len == 0 && !makes_good(day);
}

int32_t holiday_add_working_days(const struct holidays *declared, int32_t day, int days)
{
    while (days > 0) {
        day++;
        days -= holiday_is_working_day(declared, day);
    }
    return day;
}
