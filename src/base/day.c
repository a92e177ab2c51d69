#include "base/day.h"

#include <stdio.h>

/* Floor division: days before 1970 count too. */
static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return quotient - (a % b != 0 && (a % b < 0) != (b < 0));
}

/* Days from the civil calendar by counting years from March, so that the leap day is a year's last. */
int32_t day_from_civil(int year, int month, int date)
{
    int y = year - (month <= 2);
    int era = (int)floor_div(y, 400);
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int day_month_len(int year, int month)
{
    static const int len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return len[month - 1] + (month == 2 && is_leap(year));
}

bool day_is_valid(int year, int month, int date)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && date >= 1 &&
           date <= day_month_len(year, month);
}

struct civil day_to_civil(int32_t day)
{
    int64_t shifted = (int64_t)day + 719468;
    int era = (int)floor_div(shifted, 146097);
    int day_of_era = (int)(shifted - (int64_t)era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    int month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return (struct civil){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .date = day_of_year - (153 * shifted_month + 2) / 5 + 1,
    };
}

int32_t day_from_instant(int64_t at)
{
    return (int32_t)floor_div(at + DAY_OFFSET_MS, DAY_MS);
}

int64_t day_start(int32_t day)
{
    return (int64_t)day * DAY_MS - DAY_OFFSET_MS;
}

int64_t day_time(int32_t day, int hour, int minute)
{
    return day_start(day) + ((int64_t)hour * 60 + minute) * 60000;
}

struct civil instant_to_civil(int64_t at)
{
    int32_t day = day_from_instant(at);
    struct civil civil = day_to_civil(day);
    int64_t second = (at - day_start(day)) / 1000;
    civil.hour = (int)(second / 3600);
    civil.minute = (int)(second / 60 % 60);
    civil.second = (int)(second % 60);
    return civil;
}

int day_weekday(int32_t day)
{
    return (int)(((int64_t)day + 3) - floor_div((int64_t)day + 3, 7) * 7);
}

int32_t day_add_months(int32_t day, int months)
{
    struct civil civil = day_to_civil(day);
    int count = civil.year * 12 + civil.month - 1 + months;
    int year = (int)floor_div(count, 12);
    int month = count - year * 12 + 1;
    int last = day_month_len(year, month);
    return day_from_civil(year, month, civil.date < last ? civil.date : last);
}

static bool parse_part(struct str text, size_t len_min, size_t len_max, int *ret_value)
{
    int64_t value = 0;
    if (text.len < len_min || text.len > len_max || text.at[0] == '-' || !str_to_i64(text, &value))
        return false;
    *ret_value = (int)value;
    return true;
}

bool day_parse_iso(struct str text, int32_t *ret_day)
{
    int year = 0;
    int month = 0;
    int date = 0;
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-' ||
        !parse_part(str_sub(text, 0, 4), 4, 4, &year) ||
        !parse_part(str_sub(text, 5, 2), 2, 2, &month) ||
        !parse_part(str_sub(text, 8, 2), 2, 2, &date) || !day_is_valid(year, month, date))
        return false;
    *ret_day = day_from_civil(year, month, date);
    return true;
}

bool day_parse(struct str text, int32_t *ret_day)
{
    struct str rest = str_trim(text);
    int date = 0;
    int month = 0;
    int year = 0;
    if (!parse_part(str_cut(&rest, '/'), 1, 2, &date) ||
        !parse_part(str_cut(&rest, '/'), 1, 2, &month) || !parse_part(rest, 4, 4, &year) ||
        !day_is_valid(year, month, date))
        return false;
    *ret_day = day_from_civil(year, month, date);
    return true;
}

bool instant_parse_iso(struct str text, int64_t *ret_at)
{
    int32_t day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int64_t offset_ms = 0;
    if (!day_parse_iso(str_sub(text, 0, 10), &day) || text.len < 16 || text.at[10] != 'T')
        return false;
    struct str rest = str_sub(text, 11, SIZE_MAX);
    if (str_ends(rest, STR("Z"))) {
        offset_ms = DAY_OFFSET_MS;
        rest.len--;
    } else if (str_ends(rest, STR("+07:00"))) {
        rest.len -= 6;
    }
    if ((rest.len != 5 && rest.len != 8) || rest.at[2] != ':' ||
        !parse_part(str_sub(rest, 0, 2), 2, 2, &hour) ||
        !parse_part(str_sub(rest, 3, 2), 2, 2, &minute) || hour > 23 || minute > 59)
        return false;
    if (rest.len == 8 && (rest.at[5] != ':' || !parse_part(str_sub(rest, 6, 2), 2, 2, &second) || second > 59))
        return false;
    *ret_at = day_time(day, hour, minute) + second * 1000 + offset_ms;
    return true;
}

struct str day_format(struct arena *arena, int32_t day)
{
    struct civil c = day_to_civil(day);
    /* Days below 10 and months 1 and 2 take a leading zero, other months do not (NĐ 30/2020, annex I). */
    return str_format(arena, "%02d/%s%d/%d", c.date, c.month <= 2 ? "0" : "", c.month, c.year);
}

struct str day_format_iso(struct arena *arena, int32_t day)
{
    struct civil c = day_to_civil(day);
    return str_format(arena, "%04d-%02d-%02d", c.year, c.month, c.date);
}

struct str day_weekday_name(int32_t day)
{
    static const struct str names[] = { STR_INIT("Thứ Hai"), STR_INIT("Thứ Ba"), STR_INIT("Thứ Tư"),
                                        STR_INIT("Thứ Năm"), STR_INIT("Thứ Sáu"), STR_INIT("Thứ Bảy"),
                                        STR_INIT("Chủ nhật") };
    return names[day_weekday(day)];
}

struct str day_format_long(struct arena *arena, int32_t day)
{
    return str_format(arena, STR_FMT ", " STR_FMT, STR_ARG(day_weekday_name(day)),
                      STR_ARG(day_format(arena, day)));
}

struct str instant_format(struct arena *arena, int64_t at)
{
    return str_format(arena, STR_FMT " ngày " STR_FMT, STR_ARG(instant_format_time(arena, at)),
                      STR_ARG(day_format(arena, day_from_instant(at))));
}

struct str instant_format_iso(struct arena *arena, int64_t at)
{
    struct civil c = instant_to_civil(at);
    return str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d+07:00", c.year, c.month, c.date, c.hour,
                      c.minute, c.second);
}

struct str instant_format_time(struct arena *arena, int64_t at)
{
    struct civil c = instant_to_civil(at);
    return str_format(arena, "%02d:%02d", c.hour, c.minute);
}

struct str instant_format_left(struct arena *arena, int64_t at, int64_t now)
{
    const char *side = at >= now ? "còn" : "quá";
    int64_t minutes = (at >= now ? at - now : now - at) / 60000;
    if (minutes < 1)
        return str_format(arena, "%s dưới 1 phút", side);
    if (minutes < 60)
        return str_format(arena, "%s %d phút", side, (int)minutes);
    if (minutes < 24 * 60)
        return minutes % 60 ? str_format(arena, "%s %d giờ %d phút", side, (int)(minutes / 60),
                                         (int)(minutes % 60))
                            : str_format(arena, "%s %d giờ", side, (int)(minutes / 60));
    return str_format(arena, "%s %d ngày", side, (int)(minutes / (24 * 60)));
}
