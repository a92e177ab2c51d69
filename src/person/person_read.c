#include "http/later.h"
#include "http/server.h"
#include "person/person_fact.h"
#include "store/fact.h"

#include <sodium.h>
#include <string.h>

struct reading {
    enum person_reading reading;
    int64_t unit_id; /* whose trail it stands in */
};

static enum err write_read(struct ctx *cx, void *what)
{
    static const struct str stored[] = {
#define X(name, stored, shown) STR_INIT(stored),
        PERSON_READING_LIST(X)
#undef X
    };
    const struct reading *reading = what;
    struct person_list_read body = { .list = stored[reading->reading] };
    return fact_record(cx, &person_fact_list[PERSON_FACT_LIST_READ], reading->unit_id, 0, &body, NULL);
}

/* The same for all reads of an hour: the first is recorded, the others are known already. */
static struct fact_id id_of_hour(const struct ctx *cx, const struct reading *reading)
{
    const int64_t parts[] = { cx->actor->account_id, (int64_t)reading->reading, reading->unit_id,
                              cx->now / (3600 * 1000) };
    static const char purpose[] = "person.list_read";
    struct fact_id id;
    crypto_generichash(id.at, sizeof id.at, (const unsigned char *)parts, sizeof parts, (const unsigned char *)purpose,
                       sizeof purpose - 1);
    return id;
}

void person_note_read(struct ctx *cx, const struct app *app, enum person_reading reading, int64_t unit_id, int64_t rows)
{
    struct reading what;
    memset(&what, 0, sizeof what);
    what.reading = reading;
    what.unit_id = unit_id != 0 ? unit_id : cx->actor->unit_id;
    if (rows <= PERSON_NOTED_ROWS || what.unit_id == 0)
        return;
    struct fact_id id = id_of_hour(cx, &what);
    later_write(cx, app, &id, "who read a list of people", write_read, &what, sizeof what);
}
