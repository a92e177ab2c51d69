/*
 * class_day_report: the report of one day of a class at one area, with numbers from facts alone: points, line tests,
 * heads, the roll of each half-day, absences by reason, incidents with the minutes they cost, what the telecom and power
 * companies answer for, and those who are silent, by name.
 *
 * It is what stands in the tables when it is asked for; printed from a store as of an instant it is the report of then.
 */
#ifndef REPORT_CLASS_DAY_REPORT_H
#define REPORT_CLASS_DAY_REPORT_H

#include "report/class_day.h"

enum {
    CLASS_DAY_HALVES = 3,      /* of one day */
    CLASS_DAY_REASONS_MAX = 30,
    CLASS_DAY_SILENT_MAX = 200, /* names of one kind; the number says how many there are */
    CLASS_DAY_UTILITIES = 3,
    CLASS_DAY_SILENT_KINDS = 4,
};

struct class_day_reason {
    struct str reason;
    int64_t heads;
};

struct class_day_half {
    struct course_session session;
    struct str name;
    bool has_begun;
    struct class_day_numbers total;
    struct class_day_row *rows; /* as the report's day.rows, area by area */
    size_t rows_len;
    struct class_day_reason *reasons;
    size_t reasons_len;
};

struct class_day_utility {
    struct str utility; /* as stored: telecom, power, "" */
    struct str name;
    int64_t incidents, open, minutes;
};

struct class_day_silent {
    enum class_day_figure figure;
    struct str name;  /* "Đường truyền chưa đạt" */
    struct class_day_lines lines;
    struct str names; /* "xã A; xã B"; over the nation "Hà Nội: xã A, xã B; Huế: ..." */
};

struct class_day_report {
    struct class_day day; /* with rows in full */
    int32_t date;
    struct class_day_half halves[CLASS_DAY_HALVES];
    size_t halves_len;
    struct point_incidents incidents; /* that began on the day */
    struct class_day_utility utilities[CLASS_DAY_UTILITIES];
    struct class_day_silent silents[CLASS_DAY_SILENT_KINDS];
};

/* ERR_NOT_FOUND as class_day_open; date DAY_NONE takes the class's day nearest to now. */
enum err class_day_report(struct ctx *cx, int64_t course_id, int64_t unit_id, int32_t date, struct class_day_report *ret_report)
    MUST_CHECK;

/* A half-day's numbers of an area by its code; zeros when it has none (an own point that has nothing in that half-day). */
const struct class_day_numbers *class_day_half_numbers(const struct class_day_half *half, struct str code);

/* "Đường truyền" and the like, for incident kinds as stored. */
struct str class_day_incident_kind(struct str kind);

/* The report as lines of text for a terminal, or as JSON. */
enum err class_day_write_report(struct ctx *cx, const struct class_day_report *report, bool as_json, struct buf *ret_text)
    MUST_CHECK;

/* The reports of that day of every class that has it, over the actor's whole reach. */
enum err class_day_write_reports(struct ctx *cx, int32_t date, bool as_json, struct buf *ret_text) MUST_CHECK;

#endif
