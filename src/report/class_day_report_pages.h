/*
 * class_day_report_pages: what the day report's template is given.
 */
#ifndef REPORT_CLASS_DAY_REPORT_PAGES_H
#define REPORT_CLASS_DAY_REPORT_PAGES_H

#include "http/http.h"
#include "report/class_day_pages.h"
#include "report/class_day_report.h"

struct class_day_date {
    int32_t day;
    struct str value, words;
    bool is_chosen;
};

struct class_day_incident {
    struct url url;
    struct str kind, from, to;
};

struct class_day_report_view {
    const struct class_day_report *report;
    const struct class_day_numbers *total;
    struct url self_url;
    struct class_day_date *dates;
    size_t dates_len;
    struct class_day_incident *incidents; /* as the report's, one for one */
    struct str at;
    struct str moment_day, moment_hour; /* of the fields that ask for another instant */
    bool is_past;
};

void page_class_day_report(struct html *h, const struct class_day_report_view *view);

#endif
