/*
 * plan/1 as JSON (reader.h). While a record is written, the places and doubts of its values are gathered, and stand at
 * its end as "_at" and "_doubt".
 */
#include "reader/read.h"

struct record {
    struct record *outer;
    struct buf fields, doubts;
    struct reader_span first; /* the record's own place: that of its first value */
    struct str place;
    bool has_any; /* a key was written */
};

struct writer {
    struct arena *arena;
    const struct reader_plan *plan;
    struct buf out;
    struct record *record;
};

static void put_string(struct buf *out, struct str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\') {
            buf_put_char(out, '\\');
            buf_put_char(out, (char)c);
        } else if (c < 0x20 || c == 0x7F) {
            buf_format(out, "\\u%04x", (unsigned)c);
        } else {
            buf_put_char(out, (char)c);
        }
    }
    buf_put_char(out, '"');
}

static void put_key(struct writer *w, const char *key)
{
    if (w->record->has_any)
        buf_put_char(&w->out, ',');
    w->record->has_any = true;
    put_string(&w->out, str_from(key));
    buf_put_char(&w->out, ':');
}

/* A value that goes on in the next paragraph, as a title of two lines does, is shown by what of it stands in the first. */
static void put_place(const struct writer *w, struct buf *out, const struct reader_span *span)
{
    const struct reader_plan *plan = w->plan;
    int len = 0;
    if (span->paragraph > 0 && (size_t)span->paragraph <= plan->paragraphs_len)
        len = (int)str_count_code_points(plan->paragraphs[span->paragraph - 1]);
    int from = span->from < len ? span->from : len;
    int to = span->to < len ? span->to : len;
    buf_format(out, "\"page\":%d,\"paragraph\":%d,\"from\":%d,\"to\":%d", span->page, span->paragraph, from, to);
}

static void put_span(const struct writer *w, struct buf *out, const struct reader_span *span)
{
    buf_put_char(out, '{');
    put_place(w, out, span);
    buf_put_char(out, '}');
}

static void note_first(struct writer *w, const struct reader_span *span)
{
    if (w->record->first.paragraph == 0)
        w->record->first = *span;
}

static void note_value(struct writer *w, const char *key, const struct reader_span *span, struct str doubt)
{
    struct record *record = w->record;
    if (span->paragraph > 0) {
        note_first(w, span);
        if (record->fields.len > 0)
            buf_put_char(&record->fields, ',');
        put_string(&record->fields, str_from(key));
        buf_put_char(&record->fields, ':');
        put_span(w, &record->fields, span);
    }
    if (doubt.len > 0) {
        if (record->doubts.len > 0)
            buf_put_char(&record->doubts, ',');
        put_string(&record->doubts, str_from(key));
        buf_put_char(&record->doubts, ':');
        put_string(&record->doubts, doubt);
    }
}

static void record_begin(struct writer *w, struct record *record)
{
    *record = (struct record){ .outer = w->record };
    buf_init(&record->fields, w->arena);
    buf_init(&record->doubts, w->arena);
    w->record = record;
    buf_put_char(&w->out, '{');
}

static void record_end(struct writer *w)
{
    struct record *record = w->record;
    if (record->first.paragraph > 0 || record->place.len > 0) {
        put_key(w, "_at");
        buf_put_char(&w->out, '{');
        if (record->place.len > 0) {
            buf_put(&w->out, STR("\"place\":"));
            put_string(&w->out, record->place);
            buf_put_char(&w->out, ',');
        }
        put_place(w, &w->out, &record->first);
        if (record->fields.len > 0) {
            buf_put(&w->out, STR(",\"fields\":{"));
            buf_put(&w->out, buf_str(&record->fields));
            buf_put_char(&w->out, '}');
        }
        buf_put_char(&w->out, '}');
    }
    if (record->doubts.len > 0) {
        put_key(w, "_doubt");
        buf_put_char(&w->out, '{');
        buf_put(&w->out, buf_str(&record->doubts));
        buf_put_char(&w->out, '}');
    }
    buf_put_char(&w->out, '}');
    w->record = record->outer;
}

static void put_text(struct writer *w, const char *key, const struct reader_text *text)
{
    if (text->value.len == 0 && text->doubt.len == 0)
        return;
    if (text->value.len > 0) {
        put_key(w, key);
        put_string(&w->out, text->value);
    }
    note_value(w, key, &text->span, text->doubt);
}

static void put_number(struct writer *w, const char *key, const struct reader_number *number)
{
    if (!number->is_given)
        return;
    put_key(w, key);
    if (number->max > number->value)
        buf_format(&w->out, "\"%lld-%lld\"", (long long)number->value, (long long)number->max);
    else
        buf_put_i64(&w->out, number->value);
    note_value(w, key, &number->span, number->doubt);
}

static void put_tenths(struct writer *w, const char *key, const struct reader_number *number)
{
    if (!number->is_given)
        return;
    put_key(w, key);
    buf_put_i64(&w->out, number->value / 10);
    if (number->value % 10 != 0)
        buf_format(&w->out, ".%d", (int)(number->value % 10));
    note_value(w, key, &number->span, number->doubt);
}

static void put_flag(struct writer *w, const char *key, const struct reader_flag *flag)
{
    if (!flag->value)
        return;
    put_key(w, key);
    buf_put(&w->out, STR("true"));
    note_value(w, key, &flag->span, flag->doubt);
}

static void put_texts(struct writer *w, const char *key, const struct reader_texts *texts)
{
    struct record *record = w->record;
    if (texts->len == 0)
        return;
    put_key(w, key);
    buf_put_char(&w->out, '[');
    for (size_t i = 0; i < texts->len; i++) {
        if (i > 0)
            buf_put_char(&w->out, ',');
        put_string(&w->out, texts->at[i].value);
        note_first(w, &texts->at[i].span);
    }
    buf_put_char(&w->out, ']');
    if (record->fields.len > 0)
        buf_put_char(&record->fields, ',');
    put_string(&record->fields, str_from(key));
    buf_put(&record->fields, STR(":["));
    for (size_t i = 0; i < texts->len; i++) {
        if (i > 0)
            buf_put_char(&record->fields, ',');
        put_span(w, &record->fields, &texts->at[i].span);
    }
    buf_put_char(&record->fields, ']');
    for (size_t i = 0; i < texts->len; i++)
        if (texts->at[i].doubt.len > 0) {
            note_value(w, key, &(struct reader_span){ .paragraph = 0 }, texts->at[i].doubt);
            break;
        }
}

static void put_due(struct writer *w, const char *key, const struct reader_due *due)
{
    if (due->kind.value.len == 0)
        return;
    struct record record = { .outer = NULL };
    put_key(w, key);
    record_begin(w, &record);
    put_text(w, "kind", &due->kind);
    put_text(w, "value", &due->value);
    put_text(w, "relation", &due->relation);
    record_end(w);
    note_value(w, key, &due->value.span, due->value.doubt);
}

static void object_begin(struct writer *w, const char *key, struct record *record)
{
    put_key(w, key);
    record_begin(w, record);
}

static void list_begin(struct writer *w, const char *key)
{
    put_key(w, key);
    buf_put_char(&w->out, '[');
}

static void item_begin(struct writer *w, size_t i, struct record *record)
{
    if (i > 0)
        buf_put_char(&w->out, ',');
    record_begin(w, record);
}

static void list_end(struct writer *w)
{
    buf_put_char(&w->out, ']');
}

/* ---- the parts of a plan, in the schema's order ---- */

static void put_references(struct writer *w, const struct reader_head *head)
{
    struct record item = { .outer = NULL };
    if (head->references_len == 0)
        return;
    list_begin(w, "references");
    for (size_t i = 0; i < head->references_len; i++) {
        const struct reader_reference *r = &head->references[i];
        item_begin(w, i, &item);
        put_text(w, "number", &r->number);
        put_text(w, "kind", &r->kind);
        put_text(w, "date", &r->date);
        put_text(w, "issuer", &r->issuer);
        record_end(w);
    }
    list_end(w);
}

static void put_amends(struct writer *w, const struct reader_head *head)
{
    struct record amends = { .outer = NULL }, item = { .outer = NULL };
    if (!head->is_amending)
        return;
    object_begin(w, "amends", &amends);
    put_text(w, "number", &head->amends_number);
    put_text(w, "date", &head->amends_date);
    if (head->changes_len > 0) {
        list_begin(w, "changes");
        for (size_t i = 0; i < head->changes_len; i++) {
            item_begin(w, i, &item);
            put_text(w, "what", &head->changes[i].what);
            put_text(w, "old", &head->changes[i].old_value);
            put_text(w, "new", &head->changes[i].new_value);
            record_end(w);
        }
        list_end(w);
    }
    record_end(w);
}

/* As plan.h takes them: each with its place. */
static void put_separate_plans(struct writer *w, const struct reader_head *head)
{
    struct record item = { .outer = NULL };
    if (head->separate_plans.len == 0)
        return;
    list_begin(w, "_separate_plans");
    for (size_t i = 0; i < head->separate_plans.len; i++) {
        item_begin(w, i, &item);
        put_text(w, "text", &head->separate_plans.at[i]);
        record_end(w);
    }
    list_end(w);
}

static void put_document(struct writer *w, const struct reader_head *head)
{
    struct record document = { .outer = NULL }, signer = { .outer = NULL };
    object_begin(w, "document", &document);
    put_text(w, "kind", &head->kind);
    put_text(w, "number", &head->number);
    put_text(w, "symbol", &head->symbol);
    put_text(w, "issuer", &head->issuer);
    put_text(w, "place", &head->place);
    put_text(w, "date", &head->date);
    put_text(w, "title", &head->title);
    put_texts(w, "addressees", &head->addressees);
    if (head->signer_name.value.len + head->signer_title.value.len + head->signer_authority.value.len > 0) {
        object_begin(w, "signer", &signer);
        put_text(w, "name", &head->signer_name);
        put_text(w, "title", &head->signer_title);
        put_text(w, "authority", &head->signer_authority);
        record_end(w);
    }
    put_references(w, head);
    put_flag(w, "replaces_invitation", &head->replaces_invitation);
    put_amends(w, head);
    put_separate_plans(w, head);
    record_end(w);
}

static void put_audiences(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->audiences_len == 0)
        return;
    list_begin(w, "audiences");
    for (size_t i = 0; i < plan->audiences_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "text", &plan->audiences[i].text);
        put_text(w, "block", &plan->audiences[i].block);
        record_end(w);
    }
    list_end(w);
}

static void put_numbers(struct writer *w, const struct reader_plan *plan)
{
    struct record totals = { .outer = NULL }, item = { .outer = NULL };
    if (plan->learners.is_given || plan->classes.is_given) {
        object_begin(w, "totals", &totals);
        put_number(w, "learners", &plan->learners);
        put_number(w, "classes", &plan->classes);
        record_end(w);
    }
    if (plan->groups_len == 0)
        return;
    list_begin(w, "groups");
    for (size_t i = 0; i < plan->groups_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "name", &plan->groups[i].name);
        put_number(w, "learners", &plan->groups[i].learners);
        put_number(w, "classes", &plan->groups[i].classes);
        record_end(w);
    }
    list_end(w);
}

static bool has_schedule(const struct reader_schedule *s)
{
    return s->start.value.len + s->end.value.len + s->opening.value.len + s->closing.value.len + s->check_in.value.len + s->official_connection.value.len +
                   s->sessions_len + s->connection_tests.len >
               0 ||
           s->days_tenths.is_given || s->arrive_before_minutes.is_given;
}

static void put_schedule(struct writer *w, const struct reader_schedule *s)
{
    struct record schedule = { .outer = NULL }, item = { .outer = NULL };
    if (!has_schedule(s))
        return;
    object_begin(w, "schedule", &schedule);
    put_text(w, "start", &s->start);
    put_text(w, "end", &s->end);
    put_tenths(w, "days", &s->days_tenths);
    if (s->sessions_len > 0) {
        list_begin(w, "sessions");
        for (size_t i = 0; i < s->sessions_len; i++) {
            item_begin(w, i, &item);
            put_text(w, "date", &s->sessions[i].date);
            put_text(w, "from", &s->sessions[i].from);
            put_text(w, "to", &s->sessions[i].to);
            record_end(w);
        }
        list_end(w);
    }
    put_text(w, "opening", &s->opening);
    put_text(w, "closing", &s->closing);
    put_text(w, "check_in", &s->check_in);
    if (s->connection_tests.len > 0) {
        list_begin(w, "connection_tests");
        for (size_t i = 0; i < s->connection_tests.len; i++) {
            item_begin(w, i, &item);
            put_text(w, "at", &s->connection_tests.at[i]);
            record_end(w);
        }
        list_end(w);
    }
    if (s->official_connection.value.len > 0) {
        object_begin(w, "official_connection", &item);
        put_text(w, "at", &s->official_connection);
        record_end(w);
    }
    put_number(w, "arrive_before_minutes", &s->arrive_before_minutes);
    record_end(w);
}

static void put_online(struct writer *w, const struct reader_online *o)
{
    struct record online = { .outer = NULL };
    if (o->system.value.len + o->url.value.len + o->meeting_id.value.len + o->passcode.value.len == 0)
        return;
    object_begin(w, "online", &online);
    put_text(w, "system", &o->system);
    put_text(w, "url", &o->url);
    put_text(w, "meeting_id", &o->meeting_id);
    put_text(w, "passcode", &o->passcode);
    record_end(w);
}

static void put_points(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->points_len == 0)
        return;
    list_begin(w, "points");
    for (size_t i = 0; i < plan->points_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "level", &plan->points[i].level);
        put_text(w, "place", &plan->points[i].place);
        put_text(w, "chair", &plan->points[i].chair);
        put_texts(w, "attendees", &plan->points[i].attendees);
        record_end(w);
    }
    list_end(w);
}

static void put_venues(struct writer *w, const struct reader_programme *programme)
{
    struct record item = { .outer = NULL };
    if (programme->venues_len == 0)
        return;
    list_begin(w, "venues");
    for (size_t i = 0; i < programme->venues_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "place", &programme->venues[i].place);
        put_number(w, "classes", &programme->venues[i].classes);
        put_number(w, "batches", &programme->venues[i].batches);
        record_end(w);
    }
    list_end(w);
}

static void put_programmes(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->programmes_len > 0) {
        list_begin(w, "programmes");
        for (size_t i = 0; i < plan->programmes_len; i++) {
            const struct reader_programme *p = &plan->programmes[i];
            item_begin(w, i, &item);
            put_number(w, "number", &p->number);
            put_text(w, "title", &p->title);
            put_text(w, "audience", &p->audience);
            put_number(w, "learners", &p->learners);
            put_number(w, "classes", &p->classes);
            put_venues(w, p);
            record_end(w);
        }
        list_end(w);
    }
    if (plan->runs_len == 0)
        return;
    list_begin(w, "runs");
    for (size_t i = 0; i < plan->runs_len; i++) {
        const struct reader_run *run = &plan->runs[i];
        item_begin(w, i, &item);
        put_number(w, "programme", &run->programme);
        put_text(w, "label", &run->label);
        put_number(w, "learners", &run->learners);
        put_text(w, "start", &run->start);
        put_text(w, "end", &run->end);
        put_text(w, "place", &run->place);
        record_end(w);
    }
    list_end(w);
}

static void put_topics(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->topics_len == 0)
        return;
    list_begin(w, "topics");
    for (size_t i = 0; i < plan->topics_len; i++) {
        const struct reader_topic *t = &plan->topics[i];
        item_begin(w, i, &item);
        put_number(w, "programme", &t->programme);
        put_number(w, "number", &t->number);
        put_text(w, "title", &t->title);
        put_text(w, "speaker", &t->speaker);
        put_number(w, "minutes", &t->minutes);
        put_text(w, "kind", &t->kind);
        record_end(w);
    }
    list_end(w);
}

static void put_quotas(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->quotas_len == 0)
        return;
    list_begin(w, "quotas");
    for (size_t i = 0; i < plan->quotas_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "unit", &plan->quotas[i].unit);
        put_number(w, "count", &plan->quotas[i].count);
        put_flag(w, "each", &plan->quotas[i].each);
        put_text(w, "bound", &plan->quotas[i].bound);
        record_end(w);
    }
    list_end(w);
}

static void put_obligations(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->obligations_len == 0)
        return;
    list_begin(w, "obligations");
    for (size_t i = 0; i < plan->obligations_len; i++) {
        const struct reader_obligation *o = &plan->obligations[i];
        item_begin(w, i, &item);
        item.place = o->place;
        put_text(w, "text", &o->text);
        put_text(w, "owner", &o->owner);
        put_texts(w, "coordinators", &o->coordinators);
        put_due(w, "due", &o->due);
        put_text(w, "recurring", &o->recurring);
        record_end(w);
    }
    list_end(w);
}

static void put_essay(struct writer *w, const struct reader_essay *e)
{
    struct record essay = { .outer = NULL }, item = { .outer = NULL };
    if (!e->required.value && !e->count.is_given && e->due.kind.value.len == 0 && e->routes_len == 0)
        return;
    object_begin(w, "essay", &essay);
    put_flag(w, "required", &e->required);
    put_number(w, "count", &e->count);
    put_due(w, "due", &e->due);
    if (e->routes_len > 0) {
        list_begin(w, "routes");
        for (size_t i = 0; i < e->routes_len; i++) {
            item_begin(w, i, &item);
            put_text(w, "from", &e->routes[i].from);
            put_text(w, "to", &e->routes[i].to);
            put_texts(w, "then", &e->routes[i].then);
            record_end(w);
        }
        list_end(w);
    }
    record_end(w);
}

static void put_evaluation(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->evaluation_len == 0)
        return;
    list_begin(w, "evaluation");
    for (size_t i = 0; i < plan->evaluation_len; i++) {
        const struct reader_evaluation *e = &plan->evaluation[i];
        item_begin(w, i, &item);
        item.place = e->place;
        put_text(w, "text", &e->text);
        put_text(w, "owner", &e->owner);
        put_due(w, "due", &e->due);
        put_number(w, "percent", &e->percent);
        record_end(w);
    }
    list_end(w);
}

static void put_budget(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->budget_len == 0)
        return;
    list_begin(w, "budget");
    for (size_t i = 0; i < plan->budget_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "for", &plan->budget[i].what);
        put_text(w, "payer", &plan->budget[i].payer);
        put_number(w, "amount", &plan->budget[i].amount);
        record_end(w);
    }
    list_end(w);
}

static void put_phases(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL }, inner = { .outer = NULL };
    if (plan->phases_len == 0)
        return;
    list_begin(w, "phases");
    for (size_t i = 0; i < plan->phases_len; i++) {
        const struct reader_phase *phase = &plan->phases[i];
        item_begin(w, i, &item);
        put_text(w, "name", &phase->name);
        put_text(w, "from", &phase->from);
        put_text(w, "to", &phase->to);
        if (phase->items_len > 0) {
            list_begin(w, "items");
            for (size_t k = 0; k < phase->items_len; k++) {
                item_begin(w, k, &inner);
                put_text(w, "text", &phase->items[k].text);
                put_text(w, "duration", &phase->items[k].duration);
                record_end(w);
            }
            list_end(w);
        }
        record_end(w);
    }
    list_end(w);
}

static void put_contacts(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->contacts_len == 0)
        return;
    list_begin(w, "contacts");
    for (size_t i = 0; i < plan->contacts_len; i++) {
        item_begin(w, i, &item);
        put_text(w, "name", &plan->contacts[i].name);
        put_text(w, "role", &plan->contacts[i].role);
        put_text(w, "phone", &plan->contacts[i].phone);
        put_text(w, "for", &plan->contacts[i].what);
        record_end(w);
    }
    list_end(w);
}

static void put_anomalies(struct writer *w, const struct reader_plan *plan)
{
    struct record item = { .outer = NULL };
    if (plan->anomalies_len == 0)
        return;
    list_begin(w, "anomalies");
    for (size_t i = 0; i < plan->anomalies_len; i++) {
        const struct reader_anomaly *a = &plan->anomalies[i];
        item_begin(w, i, &item);
        put_text(w, "kind", &(struct reader_text){ .value = a->kind });
        put_texts(w, "values", &a->values);
        put_text(w, "_words", &(struct reader_text){ .value = a->words });
        record_end(w);
    }
    list_end(w);
}

static void put_paragraphs(struct writer *w, const struct reader_plan *plan)
{
    list_begin(w, "_paragraphs");
    for (size_t i = 0; i < plan->paragraphs_len; i++) {
        buf_put(&w->out, i > 0 ? STR(",{\"page\":") : STR("{\"page\":"));
        buf_put_i64(&w->out, plan->paragraph_pages[i]);
        buf_put(&w->out, STR(",\"text\":"));
        put_string(&w->out, plan->paragraphs[i]);
        buf_put_char(&w->out, '}');
    }
    list_end(w);
}

struct str reader_format(struct arena *arena, const struct reader_plan *plan)
{
    struct writer w = { .arena = arena, .plan = plan };
    struct record whole = { .outer = NULL };
    buf_init(&w.out, arena);
    record_begin(&w, &whole);
    put_text(&w, "schema", &(struct reader_text){ .value = STR("plan/1") });
    put_document(&w, &plan->document);
    put_text(&w, "mode", &plan->mode);
    put_audiences(&w, plan);
    put_numbers(&w, plan);
    put_schedule(&w, &plan->schedule);
    put_online(&w, &plan->online);
    put_points(&w, plan);
    put_programmes(&w, plan);
    put_topics(&w, plan);
    put_quotas(&w, plan);
    put_obligations(&w, plan);
    put_essay(&w, &plan->essay);
    put_evaluation(&w, plan);
    put_budget(&w, plan);
    put_phases(&w, plan);
    put_texts(&w, "recipients", &plan->recipients);
    put_text(&w, "archive", &plan->archive);
    put_contacts(&w, plan);
    put_anomalies(&w, plan);
    put_paragraphs(&w, plan);
    record_end(&w);
    return buf_str(&w.out);
}
