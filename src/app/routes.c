#include "app/routes.h"

#include "account/account.h"
#include "course/course.h"
#include "document/document_pages.h"
#include "nomination/nomination.h"
#include "obligation/obligation.h"
#include "obligation/reminder.h"
#include "person/person.h"
#include "person/person_pages.h"
#include "plan/plan_pages.h"
#include "point/point.h"
#include "reading/reading.h"
#include "report/report.h"
#include "roll/roll.h"
#include "unit/unit.h"
#include "unit/unit_pages.h"

void routes_register_facts(void)
{
    static bool is_done;
    if (is_done)
        return;
    is_done = true;
    static struct fact_kinds rooms[16];
    size_t len = 0;
    rooms[len++] = unit_facts;
    rooms[len++] = person_facts;
    rooms[len++] = account_facts;
    rooms[len++] = document_facts;
    rooms[len++] = reading_facts;
    rooms[len++] = obligation_facts;
    rooms[len++] = holiday_facts;
    rooms[len++] = reminder_facts;
    rooms[len++] = nomination_facts;
    rooms[len++] = point_facts;
    rooms[len++] = roll_facts;
    fact_register(rooms, len);
    document_start();
    document_listen(&plan_listener);
    document_listen(&reading_listener);
    obligation_start();
    course_start();
    nomination_start();
    point_start();
    roll_start();
    report_start();
}

const struct route_table *routes_all(size_t *ret_len)
{
    static struct route_table rooms[24];
    size_t len = 0;
    rooms[len++] = unit_routes;
    rooms[len++] = person_routes;
    rooms[len++] = account_routes;
    rooms[len++] = account_admin_routes;
    rooms[len++] = account_factor_routes;
    rooms[len++] = account_trail_routes;
    rooms[len++] = document_routes;
    rooms[len++] = plan_routes;
    rooms[len++] = plan_lower_routes;
    rooms[len++] = reading_routes;
    rooms[len++] = obligation_routes;
    rooms[len++] = course_routes;
    rooms[len++] = nomination_routes;
    rooms[len++] = point_routes;
    rooms[len++] = point_line_routes;
    rooms[len++] = roll_routes;
    rooms[len++] = report_routes;
    rooms[len++] = class_day_routes;
    *ret_len = len;
    return rooms;
}
