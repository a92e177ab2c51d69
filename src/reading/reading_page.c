/* The reading page: doubts first, then the values by section, beside the paper; and the edits its forms send. */
#include "reading/reading_pages.h"

#include "http/server.h"
#include "plan/plan_pages.h"
#include "viet/viet.h"

enum { TARGETS_MAX = 120, DOUBTS_MAX = 300, NAME_BYTES = 80 };

/* What the page is made from. */
struct making {
    struct ctx *cx;
    struct arena *arena;
    struct request *req;
    const struct reading *reading;
    json_t *state, *said;
    bool may_edit;
    struct str open_path, open_action; /* the record whose form stands open: "set" or "add" */
    int64_t next_form;
    struct doubt_view *doubts;
    size_t doubts_len;
};

static struct str next_id(struct making *m)
{
    return request_form_id(m->arena, m->req, ++m->next_form);
}

/* "obligations/3" is "m-obligations-3" as an id. */
static struct str id_of(struct arena *arena, struct str path)
{
    struct str id = str_format(arena, "m-" STR_FMT, STR_ARG(path));
    char *at = arena_alloc(arena, id.len + 1);
    memcpy(at, id.at, id.len);
    for (size_t i = 0; i < id.len; i++)
        at[i] = at[i] == '/' || at[i] == '.' ? '-' : at[i];
    return (struct str){ at, id.len };
}

static struct url page_url(struct making *m, const char *what, struct str path)
{
    struct url url = url_format(m->arena, "/nhan-van-ban/%lld?%s=%.*s", (long long)m->reading->id, what, STR_ARG(path));
    struct url place = url_fragment(m->arena, id_of(m->arena, path));
    return (struct url){ str_format(m->arena, STR_FMT STR_FMT, STR_ARG(url.text), STR_ARG(place.text)) };
}

static struct url place_url(struct making *m, const json_t *place)
{
    int64_t paragraph = json_integer_value(json_object_get(place, "paragraph"));
    return paragraph > 0 ? url_fragment(m->arena, str_format(m->arena, "d%lld", (long long)paragraph))
                         : (struct url){ STR("") };
}

/* ---- Values ---- */

static struct value_view value_of(struct making *m, struct str path, const struct reading_field *field, json_t *object)
{
    json_t *place = reading_json_place(object, field->key);
    json_t *said = reading_json_member(reading_json_at(m->said, path), field->key);
    struct value_view v = { .label = str_from(field->label), .said = STR("") };
    v.shown = reading_show(m->arena, field, reading_json_member(object, field->key));
    v.place_url = place_url(m, place);
    v.paragraph = json_integer_value(json_object_get(place, "paragraph"));
    v.from = json_integer_value(json_object_get(place, "from"));
    v.to = json_integer_value(json_object_get(place, "to"));
    v.doubt = str_copy(m->arena, reading_json_doubt(object, field->key));
    struct str before = reading_show(m->arena, field, said);
    v.is_changed = !str_eq(before, v.shown);
    v.said = before;
    return v;
}

static void add_doubt(struct making *m, struct str path, const char *label, const char *key, const struct value_view *value,
                      struct str words)
{
    if (m->doubts_len == DOUBTS_MAX)
        return;
    m->doubts[m->doubts_len++] = (struct doubt_view){
        .where = str_from(label),
        .words = words,
        .shown = value ? value->shown : STR(""),
        .place_url = value ? value->place_url : (struct url){ STR("") },
        .edit_url = page_url(m, "sua", path),
        .paragraph = value ? value->paragraph : 0,
        .from = value ? value->from : 0,
        .to = value ? value->to : 0,
        .confirm = { .action = "confirm", .path = path, .value = str_copy(m->arena, str_from(key)), .label = "Đúng",
                     .fact_id = next_id(m) },
    };
}

/* Doubts that stand under no field of ours: of the whole record, or of a key this page does not show. */
static void add_other_doubts(struct making *m, struct str path, const struct reading_part *part, json_t *object)
{
    const char *key = NULL;
    json_t *reason = NULL;
    json_object_foreach (json_object_get(object, "_doubt"), key, reason) {
        bool is_shown = false;
        for (size_t p = 0; p < reading_parts_len + 1 && !is_shown; p++) {
            const struct reading_part *of = p < reading_parts_len ? &reading_parts[p] : part;
            if (strcmp(of->path, part->path) != 0)
                continue;
            for (size_t i = 0; i < of->fields_len; i++) {
                size_t len = strlen(key);
                is_shown |= strncmp(of->fields[i].key, key, len) == 0 &&
                            (of->fields[i].key[len] == '\0' || of->fields[i].key[len] == '.');
            }
        }
        if (!is_shown && json_is_string(reason))
            add_doubt(m, path, part->title, key, NULL, str_copy(m->arena, reading_json_str(reason)));
    }
}

/* ---- Forms ---- */

static bool is_open(const struct making *m, const char *action, struct str path)
{
    return m->may_edit && str_eq(m->open_action, str_from(action)) && str_eq(m->open_path, path);
}

static struct str input_name(struct arena *arena, const char *key)
{
    return str_format(arena, "v.%s", key);
}

static struct input_of_value input_of(struct making *m, const struct reading_field *field, json_t *object, bool is_refused)
{
    json_t *value = reading_json_member(object, field->key);
    struct input_of_value input = { .field = field, .name = input_name(m->arena, field->key) };
    input.id = id_of(m->arena, str_format(m->arena, STR_FMT "/" STR_FMT, STR_ARG(m->open_path), STR_ARG(input.name)));
    input.typed = reading_type(m->arena, field, value);
    input.how = reading_json_str(json_object_get(value, "relation"));
    if (is_refused) {
        input.typed = request_value(m->req, str_to_c(m->arena, input.name));
        input.how = request_value(m->req, str_to_c(m->arena, str_format(m->arena, STR_FMT ".how", STR_ARG(input.name))));
        input.is_invalid = str_eq(str_from(m->req->refused->field), str_from(field->key));
    }
    return input;
}

static const struct record_form *form_of(struct making *m, const char *action, struct str path,
                                         const struct reading_part *part, json_t *object)
{
    struct record_form *form = ARENA_NEW(m->arena, struct record_form);
    struct input_of_value *inputs = ARENA_NEW_ARRAY(m->arena, struct input_of_value, part->fields_len);
    bool is_refused = m->req->refused != NULL;
    for (size_t i = 0; i < part->fields_len; i++)
        inputs[i] = input_of(m, &part->fields[i], object, is_refused);
    *form = (struct record_form){ .path = path,
                                  .action = str_from(action),
                                  .title = str_from(part->title),
                                  .error = is_refused ? str_from(m->req->refused->words) : STR(""),
                                  .inputs = inputs,
                                  .inputs_len = part->fields_len,
                                  .cancel_url = reading_url(m->arena, m->reading->id),
                                  .fact_id = next_id(m) };
    json_t *place = reading_json_place(object, part->fields[0].key);
    form->paragraph = json_integer_value(json_object_get(place, "paragraph"));
    form->from = json_integer_value(json_object_get(place, "from"));
    form->to = json_integer_value(json_object_get(place, "to"));
    return form;
}

/* What issuing will ask for and the paper does not have. */
static const struct record_form *missing_form(struct making *m)
{
    static const char *const keys[] = { "number", "symbol", "date", "title", "signer.name" };
    const struct reading_part *part = &reading_parts[0];
    json_t *object = json_object_get(m->state, part->path);
    struct input_of_value *inputs = ARENA_NEW_ARRAY(m->arena, struct input_of_value, LEN(keys));
    struct record_form *form = ARENA_NEW(m->arena, struct record_form);
    bool is_refused = m->req->refused && str_eq(request_value(m->req, "form"), STR("missing"));
    for (size_t i = 0; i < part->fields_len; i++) {
        json_t *value = reading_json_member(object, part->fields[i].key);
        bool is_needed = false;
        for (size_t k = 0; k < LEN(keys); k++)
            is_needed |= strcmp(part->fields[i].key, keys[k]) == 0;
        bool is_whole = json_string_length(value) > 0 &&
                        (part->fields[i].kind != READING_DATE || json_string_length(value) == 10);
        if (is_needed && !is_whole)
            inputs[form->inputs_len++] = input_of(m, &part->fields[i], object, is_refused);
    }
    form->path = STR("document");
    form->action = READING_SET;
    form->error = is_refused ? str_from(m->req->refused->words) : STR("");
    form->inputs = inputs;
    form->fact_id = next_id(m);
    return form->inputs_len > 0 && m->may_edit ? form : NULL;
}

/* ---- Records and sections ---- */

static struct section_view section_of(struct making *m, const struct reading_part *part, struct str path, json_t *value,
                                      int depth);

static struct record_view record_of(struct making *m, const struct reading_part *part, struct str path, json_t *object,
                                    bool is_gone, int depth) // NOLINT(misc-no-recursion)
{
    struct record_view r = { .id = id_of(m->arena, path), .is_gone = is_gone };
    struct value_view *values = ARENA_NEW_ARRAY(m->arena, struct value_view, part->fields_len);
    for (size_t i = 0; i < part->fields_len; i++) {
        struct value_view v = value_of(m, path, &part->fields[i], object);
        v.is_main = part->is_list && i == 0;
        if (v.doubt.len > 0 && !is_gone)
            add_doubt(m, path, part->fields[i].label, part->fields[i].key, &v, v.doubt);
        if (v.shown.len > 0 || v.is_changed || v.is_main)
            values[r.values_len++] = v;
    }
    r.values = values;
    if (is_gone)
        return r;
    add_other_doubts(m, path, part, object);
    r.is_added = part->is_list && reading_json_at(m->said, path) == NULL;
    if (m->may_edit) {
        r.edit_url = page_url(m, "sua", path);
        if (part->is_list)
            r.remove = (struct act_view){ "remove", path, STR(""), "Bỏ", "Bỏ mục này khỏi bản đọc?", next_id(m) };
    }
    if (is_open(m, "set", path))
        r.form = form_of(m, "set", path, part, object);
    if (part->nested && depth == 0) {
        struct section_view *nested = ARENA_NEW(m->arena, struct section_view);
        struct str inner = str_format(m->arena, STR_FMT "/%s", STR_ARG(path), part->nested->path);
        *nested = section_of(m, part->nested, inner, json_object_get(object, part->nested->path), depth + 1);
        r.nested = nested;
    }
    return r;
}

static struct str record_path(struct making *m, struct str list, json_t *record)
{
    return str_format(m->arena, STR_FMT "/%lld", STR_ARG(list),
                      (long long)json_integer_value(json_object_get(record, "_id")));
}

/* Those that stand, then those the machine read and a person took out. */
static void fill_list(struct making *m, const struct reading_part *part, struct str path, json_t *list,
                      struct section_view *section, int depth) // NOLINT(misc-no-recursion)
{
    json_t *said = reading_json_at(m->said, path), *record = NULL;
    size_t i = 0;
    struct record_view *records =
        ARENA_NEW_ARRAY(m->arena, struct record_view, json_array_size(list) + json_array_size(said) + 1);
    json_array_foreach (list, i, record)
        records[section->records_len++] = record_of(m, part, record_path(m, path, record), record, false, depth);
    size_t standing = section->records_len;
    json_array_foreach (said, i, record) {
        struct str its_path = record_path(m, path, record);
        if (!reading_json_at(m->state, its_path))
            records[section->records_len++] = record_of(m, part, its_path, record, true, depth);
    }
    section->records = records;
    if (standing > 0)
        section->count = str_format(m->arena, "%zu %s", standing, part->one);
    if (!m->may_edit)
        return;
    section->add_url = page_url(m, "them", path);
    section->add_label = str_format(m->arena, "Thêm %s", part->one);
    if (is_open(m, "add", path))
        section->add_form = form_of(m, "add", path, part, NULL);
}

static struct section_view section_of(struct making *m, const struct reading_part *part, struct str path, json_t *value,
                                      int depth) // NOLINT(misc-no-recursion)
{
    struct section_view section = { .id = id_of(m->arena, path), .title = str_from(part->title), .count = STR("") };
    if (part->is_list) {
        fill_list(m, part, path, value, &section, depth);
    } else {
        struct record_view *one = ARENA_NEW(m->arena, struct record_view);
        *one = record_of(m, part, path, value, false, depth);
        if (path.len == 0) /* two sections of the root */
            one->id = str_format(m->arena, "m-%s", part->fields[0].key);
        section.records = one;
        section.records_len = 1;
        if (path.len == 0)
            section.id = STR("");
    }
    return section;
}

static bool has_any(const struct section_view *section)
{
    if (section->add_form)
        return true;
    for (size_t i = 0; i < section->records_len; i++) {
        if (section->records[i].values_len > 0 || section->records[i].form)
            return true;
    }
    return false;
}

static void fill_sections(struct making *m, struct reading_view *view)
{
    struct section_view *sections = ARENA_NEW_ARRAY(m->arena, struct section_view, reading_parts_len);
    for (size_t i = 0; i < reading_parts_len; i++) {
        const struct reading_part *part = &reading_parts[i];
        struct str path = str_from(part->path);
        struct section_view section = section_of(m, part, path, reading_json_at(m->state, path), 0);
        if (has_any(&section) || !part->is_rare || (!part->is_list && m->may_edit))
            sections[view->sections_len++] = section;
    }
    view->sections = sections;
}

/* ---- Anomalies ---- */

static struct str values_of(struct making *m, json_t *anomaly)
{
    struct buf out;
    size_t i = 0;
    json_t *value = NULL;
    static const struct reading_field instant = { "", "", READING_DATETIME, NULL, 0 };
    buf_init(&out, m->arena);
    json_array_foreach (json_object_get(anomaly, "values"), i, value)
        buf_format(&out, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(reading_show(m->arena, &instant, value)));
    return buf_str(&out);
}

static struct str anomaly_words(struct making *m, json_t *anomaly)
{
    static const struct {
        const char *kind, *words;
    } list[] = {
        { "missing_number", "Văn bản chưa có số" },
        { "missing_date", "Văn bản chưa có đủ ngày, tháng, năm" },
        { "weekday_mismatch", "Thứ trong tuần không khớp với ngày" },
        { "date_conflict", "Một việc có nhiều thời điểm khác nhau" },
        { "date_order", "Thứ tự ngày không hợp lý" },
        { "count_mismatch", "Số lượng không khớp nhau" },
        { "numbering", "Đề mục đánh số nhảy hoặc trùng" },
        { "dangling_reference", "Viện dẫn phần không có trong văn bản" },
        { "name_conflict", "Một tên người viết hai cách" },
    };
    struct str said = reading_json_str(json_object_get(anomaly, "words"));
    if (said.len == 0)
        said = reading_json_str(json_object_get(anomaly, "_words"));
    if (said.len > 0)
        return str_copy(m->arena, said);
    struct str kind = reading_json_str(json_object_get(anomaly, "kind")), values = values_of(m, anomaly);
    struct str words = STR("Chỗ không khớp trong văn bản");
    for (size_t i = 0; i < LEN(list); i++) {
        if (str_eq(kind, str_from(list[i].kind)))
            words = str_from(list[i].words);
    }
    return values.len > 0 ? str_format(m->arena, STR_FMT ": " STR_FMT, STR_ARG(words), STR_ARG(values)) : words;
}

static void add_anomalies(struct making *m)
{
    size_t i = 0;
    json_t *anomaly = NULL;
    json_array_foreach (json_object_get(m->state, "anomalies"), i, anomaly) {
        if (!reading_anomaly_waits(anomaly) || m->doubts_len == DOUBTS_MAX)
            continue;
        struct str path = record_path(m, STR("anomalies"), anomaly);
        json_t *place = json_object_get(anomaly, "_at");
        m->doubts[m->doubts_len++] = (struct doubt_view){
            .where = STR("Văn bản không khớp"),
            .words = anomaly_words(m, anomaly),
            .shown = STR(""),
            .place_url = place_url(m, place),
            .paragraph = json_integer_value(json_object_get(place, "paragraph")),
            .from = json_integer_value(json_object_get(place, "from")),
            .to = json_integer_value(json_object_get(place, "to")),
            .confirm = { .action = "confirm", .path = path, .value = STR("*"), .label = "Đã xem", .fact_id = next_id(m) },
        };
    }
}

/* ---- A stretch of the paper for a field ---- */

static void add_target(struct making *m, struct choice *list, size_t *len, const char *path, const char *key,
                       const char *part, const char *label)
{
    if (*len < TARGETS_MAX)
        list[(*len)++] = (struct choice){ str_format(m->arena, "%s|%s", path, key),
                                          part ? str_format(m->arena, "%s: %s", part, label) : str_from(label) };
}

static void fill_targets(struct making *m, struct reading_view *view)
{
    struct choice *list = ARENA_NEW_ARRAY(m->arena, struct choice, TARGETS_MAX);
    size_t len = 0;
    for (size_t i = 0; i < reading_parts_len; i++) {
        const struct reading_part *part = &reading_parts[i];
        if (part->is_list && part->fields[0].kind != READING_NUMBER && part->fields[0].kind != READING_CHOICE)
            add_target(m, list, &len, str_to_c(m->arena, str_format(m->arena, "%s+", part->path)), part->fields[0].key, NULL,
                       str_to_c(m->arena, str_format(m->arena, "Thêm %s", part->one)));
        for (size_t k = 0; !part->is_list && k < part->fields_len; k++) {
            bool is_words = part->fields[k].kind != READING_BOOL && part->fields[k].kind != READING_CHOICE;
            if (is_words)
                add_target(m, list, &len, part->path, part->fields[k].key, part->title, part->fields[k].label);
        }
    }
    view->targets = list;
    view->targets_len = len;
    view->pick_fact_id = next_id(m);
    view->pick_text = STR("");
    view->pick_target = STR("");
    int64_t number = 0;
    if (str_to_i64(request_value(m->req, "doan"), &number) && number > 0) {
        json_t *paragraph = json_array_get(json_object_get(m->said, "_paragraphs"), (size_t)number - 1);
        view->is_picking = paragraph != NULL;
        view->pick_text = reading_json_str(json_object_get(paragraph, "text"));
        view->pick_paragraph = number;
        view->pick_to = (int64_t)str_count_code_points(view->pick_text);
    }
    if (m->req->refused && request_value(m->req, "target").len > 0) {
        view->is_picking = true;
        view->pick_text = request_value(m->req, "text");
        view->pick_target = request_value(m->req, "target");
    }
}

/* ---- How it goes on ---- */

/* The same paper may be here already: sent by its issuer, or entered before from another file. */
static enum err find_known(struct making *m, struct reading_view *view)
{
    json_t *head = json_object_get(m->state, "document");
    struct document head_of = { .number = reading_json_str(json_object_get(head, "number")),
                                .symbol = reading_json_str(json_object_get(head, "symbol")) };
    struct document known = { .id = 0 };
    int64_t id = 0;
    int32_t day = DAY_NONE;
    if (head_of.number.len == 0 || m->reading->document_id != 0)
        return OK;
    head_of.regime = str_find(head_of.symbol, STR("/")) < head_of.symbol.len ? DOCUMENT_REGIME_PARTY
                                                                             : DOCUMENT_REGIME_STATE;
    if (!day_parse_iso(reading_json_str(json_object_get(head, "date")), &day))
        day = DAY_NONE;
    struct document_relation cited = { .number = document_cite(m->arena, &head_of),
                                       .issuer = reading_json_str(json_object_get(head, "issuer")),
                                       .day = day };
    TRY(document_find_cited(m->cx, &cited, m->cx->actor->scope.path_lo, &id));
    if (id == 0)
        return OK;
    enum err err = document_get(m->cx, id, &known);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    view->known_url = document_url(m->arena, id);
    view->known_words = document_title(m->arena, &known);
    return OK;
}

/* What it narrows, widens or changes of the papers it carries out, before it becomes a draft. */
static enum err find_uppers(struct making *m, struct reading_view *view)
{
    struct plan plan = { .topics_len = 0 };
    struct plan_upper_view *uppers = NULL;
    if (plan_parse(m->cx, m->reading->state, &plan) != OK)
        return OK; /* what does not hold is said when it is made a draft */
    TRY(plan_compare_uppers(m->cx, &plan, &uppers, &view->uppers_len));
    view->uppers = uppers;
    return OK;
}

static enum err fill_draft(struct making *m, struct reading_view *view)
{
    bool is_own = false;
    struct document document = { .id = 0 };
    struct str issuer = reading_json_str(json_object_get(json_object_get(m->state, "document"), "issuer"));
    TRY(reading_is_own_paper(m->cx, issuer, &is_own));
    view->draft_url = url_format(m->arena, "/nhan-van-ban/%lld/du-thao", (long long)m->reading->id);
    view->draft_fact_id = next_id(m);
    view->issuer_words = issuer.len > 0 ? issuer : STR("chưa nêu cơ quan ban hành");
    view->is_received = !is_own;
    if (m->reading->document_id != 0) {
        TRY(document_find(m->cx, m->reading->document_id, &document));
        view->document_url = document_url(m->arena, document.id);
        view->is_received = document.is_received;
        view->is_closed = !str_eq(document.state, DOCUMENT_STATE_DRAFT);
        view->document_words = view->is_closed ? document_title(m->arena, &document) : STR("Xem dự thảo");
    }
    m->may_edit = !view->is_closed;
    if (view->is_closed)
        return OK;
    bool is_again = m->reading->document_id != 0;
    view->own_label = is_again ? "Cập nhật dự thảo" : "Lập dự thảo của đơn vị";
    view->received_label = is_again ? "Cập nhật văn bản đến" : "Vào sổ văn bản đến";
    if (is_again && document.is_received)
        view->own_label = NULL;
    else if (is_again)
        view->received_label = NULL;
    return OK;
}

static struct str facts_of(struct making *m)
{
    const struct reading *r = m->reading;
    struct str size = viet_number(m->arena, (r->bytes + 1023) / 1024);
    struct str pages = r->pages > 0 ? str_format(m->arena, " · %lld trang", (long long)r->pages) : STR("");
    return str_format(m->arena, STR_FMT " KB" STR_FMT " · " STR_FMT " nhận lúc " STR_FMT, STR_ARG(size), STR_ARG(pages),
                      STR_ARG(r->taken_by), STR_ARG(instant_format(m->arena, r->taken_at)));
}

/* The form that stands open: by the link that opened it, or the refused one again. */
static void find_open(struct making *m)
{
    struct str edit = request_value(m->req, "sua"), add = request_value(m->req, "them");
    bool is_refused = m->req->refused && !str_eq(request_value(m->req, "form"), STR("missing")) &&
                      request_value(m->req, "target").len == 0;
    m->open_path = is_refused ? request_value(m->req, "path") : edit.len > 0 ? edit : add;
    m->open_action = is_refused ? request_value(m->req, "action") : edit.len > 0 ? READING_SET : READING_ADD;
    if (!is_refused && edit.len == 0 && add.len == 0)
        m->open_action = STR("");
    if (str_eq(m->open_path, STR("root")))
        m->open_path = STR("");
}

static enum err begin(struct ctx *cx, struct request *req, struct reading *reading, struct making *m)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(reading_get(cx, id, reading));
    *m = (struct making){ .cx = cx, .arena = &cx->arena, .req = req, .reading = reading };
    m->doubts = ARENA_NEW_ARRAY(&cx->arena, struct doubt_view, DOUBTS_MAX);
    TRY(reading_json_load(cx, reading->state, &m->state));
    TRY(reading_json_load(cx, reading->said, &m->said));
    json_t *paragraphs = json_incref(json_object_get(m->said, "_paragraphs"));
    reading_json_begin(m->said); /* with the ids the state has */
    json_object_set_new(m->said, "_paragraphs", paragraphs);
    return OK;
}

enum err reading_show_page(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    struct reading reading = { 0 };
    struct making m = { .cx = cx };
    TRY(begin(cx, req, &reading, &m));
    struct reading_view view = { .reading = &reading, .csrf = req->csrf };
    TRY(fill_draft(&m, &view));
    find_open(&m);
    bool is_scan = str_eq(reading.format, STR("scan"));
    bool with_pictures = reading.pages > 0 && (is_scan ? !str_eq(request_value(req, "xem"), STR("chu"))
                                                       : str_eq(request_value(req, "xem"), STR("anh")));
    TRY(reading_paper_view(cx, &reading, m.state, with_pictures, m.may_edit, &view));
    add_anomalies(&m);
    fill_sections(&m, &view);
    fill_targets(&m, &view);
    TRY(find_known(&m, &view));
    TRY(find_uppers(&m, &view));
    view.doubts = m.doubts;
    view.doubts_len = m.may_edit ? m.doubts_len : 0;
    if (m.doubts_len > 1)
        view.confirm_all = (struct act_view){ "confirm", STR(""), STR(""), "Xác nhận tất cả",
                                              "Xác nhận mọi chỗ còn ngờ trong bản đọc này là đúng?", next_id(&m) };
    view.missing = missing_form(&m);
    view.edit_url = url_format(arena, "/nhan-van-ban/%lld/ghi", (long long)reading.id);
    view.file_url = url_format(arena, "/nhan-van-ban/%lld/tep", (long long)reading.id);
    view.history_url = url_format(arena, "/nhan-van-ban/%lld/lich-su", (long long)reading.id);
    view.has_pictures = with_pictures;
    if (reading.pages > 0)
        view.picture_toggle_url = url_format(arena, "/nhan-van-ban/%lld?xem=%s", (long long)reading.id,
                                             with_pictures ? "chu" : "anh");
    view.facts = facts_of(&m);
    struct page page = { .title = reading.label,
                         .place = STR("van-ban"),
                         .crumb = STR("Nhận văn bản"),
                         .crumb_url = url_format(arena, "/nhan-van-ban"),
                         .is_wide = true };
    if (req->refused)
        page.error = str_from(req->refused->words);
    struct html h = page_begin(arena);
    page_reading(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Edits ---- */

static bool was_sent(const struct request *req, struct str name)
{
    for (size_t i = 0; i < req->values_len; i++) {
        if (str_eq(req->values[i].name, name))
            return true;
    }
    return false;
}

/* Takes one field's typed words into `values` when they differ from what stands, or settle a doubt. */
static enum err take_value(struct ctx *cx, struct request *req, const struct reading_field *field, json_t *object,
                           json_t *values)
{
    struct arena *arena = &cx->arena;
    struct str name = input_name(arena, field->key);
    bool is_there = field->kind == READING_BOOL ? was_sent(req, str_format(arena, "b.%s", field->key)) : was_sent(req, name);
    json_t *value = NULL;
    if (!is_there)
        return OK;
    struct str how = request_value(req, str_to_c(arena, str_format(arena, STR_FMT ".how", STR_ARG(name))));
    struct str typed = request_value(req, str_to_c(arena, name));
    json_t *now = reading_json_member(object, field->key);
    bool is_same = str_eq(str_trim(typed), str_trim(reading_type(arena, field, now))) &&
                   (field->kind != READING_DUE || str_eq(how, reading_json_str(json_object_get(now, "relation"))));
    if (is_same && reading_json_doubt(object, field->key).len == 0)
        return OK;
    if (is_same) { /* as it stands, and looked at */
        json_object_set(values, field->key, now ? now : json_null());
        return OK;
    }
    TRY(reading_parse(cx, field, typed, how, &value));
    json_object_set_new(values, field->key, value ? value : json_null());
    return OK;
}

static enum err take_values(struct ctx *cx, struct request *req, struct str path, json_t *object, json_t *values)
{
    bool is_list = false;
    const struct reading_part *part = reading_part_of(path, &is_list);
    if (!part)
        return fail(cx, ERR_NOT_FOUND, "Mục này không còn trong bản đọc, xin mở lại trang");
    for (size_t i = 0; i < part->fields_len; i++)
        TRY(take_value(cx, req, &part->fields[i], object, values));
    for (size_t p = 0; path.len == 0 && p < reading_parts_len; p++) {
        const struct reading_part *other = &reading_parts[p];
        for (size_t i = 0; other != part && other->path[0] == '\0' && i < other->fields_len; i++)
            TRY(take_value(cx, req, &other->fields[i], object, values));
    }
    return OK;
}

/* "document|number" gives the stretch to a field, "obligations+|text" makes a record of it. */
static enum err take_stretch(struct ctx *cx, struct request *req, struct reading_edit *edit, json_t *values)
{
    struct str key = request_value(req, "target"), text = request_value(req, "text");
    struct str path = str_cut(&key, '|');
    bool is_new = path.len > 0 && path.at[path.len - 1] == '+', is_list = false;
    edit->path = is_new ? str_sub(path, 0, path.len - 1) : path;
    edit->action = is_new ? READING_ADD : READING_SET;
    for (size_t p = 0; p < reading_parts_len; p++) {
        const struct reading_part *part = &reading_parts[p];
        for (size_t i = 0; str_eq(str_from(part->path), edit->path) && i < part->fields_len; i++) {
            json_t *value = NULL;
            if (!str_eq(str_from(part->fields[i].key), key))
                continue;
            TRY(reading_parse(cx, &part->fields[i], text, STR(""), &value));
            json_object_set_new(values, part->fields[i].key, value ? value : json_null());
            return OK;
        }
    }
    (void)is_list;
    return fail_field(cx, "target", "Xin chọn mục nhận đoạn chữ này");
}

static void forget(void *json)
{
    json_decref(json);
}

enum err reading_prepare_edit(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct reading_edit_form *form = req->form;
    struct reading reading = { 0 };
    struct making m = { .cx = cx };
    TRY(begin(cx, req, &reading, &m));
    struct reading_edit *edit = ARENA_NEW(&cx->arena, struct reading_edit);
    *edit = (struct reading_edit){ form->action, form->path, STR(""), form->paragraph, form->from, form->to };
    req->prepared = edit;
    if (str_eq(edit->action, READING_CONFIRM)) {
        edit->value = request_value(req, "value");
        return reading_try(cx, &reading, edit);
    }
    if (str_eq(edit->action, READING_REMOVE))
        return reading_try(cx, &reading, edit);
    json_t *values = json_object();
    arena_on_end(&cx->arena, forget, values);
    json_t *object = str_eq(edit->action, READING_ADD) ? NULL : reading_json_at(m.state, edit->path);
    TRY(request_value(req, "target").len > 0 ? take_stretch(cx, req, edit, values)
                                             : take_values(cx, req, edit->path, object, values));
    if (json_object_size(values) == 0) {
        edit->action = STR("");
        return OK;
    }
    edit->value = reading_json_dump(cx, values);
    return reading_try(cx, &reading, edit);
}

enum err reading_post_edit(struct ctx *cx, struct request *req, struct response *res)
{
    const struct reading_edit *edit = req->prepared;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    struct url back = reading_url(&cx->arena, id);
    if (edit->action.len == 0) {
        response_redirect(cx, res, back, "Không có gì thay đổi.");
        return OK;
    }
    TRY(reading_edit(cx, id, edit));
    bool is_record = edit->path.len > 0 && !str_eq(edit->action, READING_REMOVE) && !str_eq(edit->action, READING_CONFIRM);
    if (is_record) {
        struct url place = url_fragment(&cx->arena, id_of(&cx->arena, edit->path));
        back.text = str_format(&cx->arena, STR_FMT STR_FMT, STR_ARG(back.text), STR_ARG(place.text));
    }
    response_redirect(cx, res, back, "%s",
                      str_eq(edit->action, READING_CONFIRM)  ? "Đã xác nhận."
                      : str_eq(edit->action, READING_REMOVE) ? "Đã bỏ khỏi bản đọc; lịch sử vẫn giữ."
                      : str_eq(edit->action, READING_ADD)    ? "Đã thêm."
                                                             : "Đã ghi nội dung sửa.");
    return OK;
}
