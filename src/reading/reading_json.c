#include "reading/reading_inside.h"

#include "viet/viet.h"

enum { DEPTH_MAX = 12, PATH_PARTS_MAX = 8, FIRST_ADDED_ID = 100001 };

static void forget(void *json)
{
    json_decref(json);
}

/* A new value that lives as long as the request. */
static json_t *kept(struct ctx *cx, json_t *json)
{
    arena_on_end(&cx->arena, forget, json);
    return json;
}

struct str reading_json_str(const json_t *value)
{
    return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : STR("");
}

enum err reading_json_load(struct ctx *cx, struct str text, json_t **ret_root)
{
    json_error_t error;
    json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fail(cx, ERR_INVALID, "Nội dung đọc được không đúng cấu trúc, xin nạp lại tệp");
    kept(cx, root);
    if (!json_is_object(root))
        return fail(cx, ERR_INVALID, "Nội dung đọc được không đúng cấu trúc, xin nạp lại tệp");
    *ret_root = root;
    return OK;
}

struct str reading_json_dump(struct ctx *cx, const json_t *root)
{
    char *text = json_dumps(root, JSON_COMPACT);
    struct str copy = str_copy(&cx->arena, str_from(text));
    free(text);
    return copy;
}

/* ---- Ids and paths ---- */

static bool is_ours(const char *key)
{
    return key[0] == '_';
}

/* Depth is bounded so that no file, however nested, runs the stack out. */
static void give_ids(json_t *value, int depth) // NOLINT(misc-no-recursion)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t i = 0;
    if (depth > DEPTH_MAX)
        return;
    json_object_foreach (value, key, member) {
        if (!is_ours(key))
            give_ids(member, depth + 1);
    }
    json_array_foreach (value, i, member) {
        if (!json_is_object(member))
            continue;
        json_object_set_new(member, "_id", json_integer((json_int_t)i + 1));
        give_ids(member, depth + 1);
    }
}

void reading_json_begin(json_t *root)
{
    json_object_del(root, "_paragraphs");
    give_ids(root, 0);
    json_object_set_new(root, "_next", json_integer(FIRST_ADDED_ID));
}

static json_t *record_with(json_t *list, struct str id, size_t *ret_index)
{
    int64_t wanted = 0;
    size_t i = 0;
    json_t *record = NULL;
    if (!str_to_i64(id, &wanted))
        return NULL;
    json_array_foreach (list, i, record) {
        if (json_integer_value(json_object_get(record, "_id")) != wanted)
            continue;
        *ret_index = i;
        return record;
    }
    return NULL;
}

static json_t *step(json_t *at, struct str part)
{
    size_t index = 0;
    if (json_is_array(at))
        return record_with(at, part, &index);
    return part.len > 0 && !is_ours(part.at) ? json_object_getn(at, part.at, part.len) : NULL;
}

json_t *reading_json_at(json_t *root, struct str path)
{
    json_t *at = root;
    for (size_t i = 0; i < PATH_PARTS_MAX && path.len > 0 && at; i++)
        at = step(at, str_cut(&path, '/'));
    return path.len > 0 ? NULL : at;
}

/* All but the last part, and the last. */
static struct str parent_of(struct str path, struct str *ret_last)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    *ret_last = str_sub(path, at, SIZE_MAX);
    return str_sub(path, 0, at > 0 ? at - 1 : 0);
}

json_t *reading_json_member(json_t *object, const char *key)
{
    struct str rest = str_from(key);
    json_t *at = object;
    while (rest.len > 0 && at) {
        struct str part = str_cut(&rest, '.');
        at = json_object_getn(at, part.at, part.len);
    }
    return at;
}

/* ---- Doubts and places ---- */

/*
 * The reader writes them beside the object the value stands in: of "signer.name" either in signer's own under "name" or
 * in document's under "signer"; of a due under "due" or inside it. "*" is the whole record.
 */
static json_t *beside(json_t *object, const char *kind, const char *fields, const char *key)
{
    struct str whole = str_from(key), rest = whole;
    struct str first = str_cut(&rest, '.');
    json_t *notes = json_object_get(object, kind);
    notes = fields ? json_object_get(notes, fields) : notes;
    json_t *found = json_object_getn(notes, whole.at, whole.len);
    if (found || rest.len == 0)
        return found;
    json_t *inner = json_object_get(json_object_getn(object, first.at, first.len), kind);
    inner = fields ? json_object_get(inner, fields) : inner;
    found = json_object_getn(inner, rest.at, rest.len);
    return found ? found : json_object_getn(notes, first.at, first.len);
}

struct str reading_json_doubt(json_t *object, const char *key)
{
    json_t *found = beside(object, "_doubt", NULL, key);
    json_t *member = NULL;
    const char *inner = NULL;
    if (json_is_string(found))
        return reading_json_str(found);
    /* Of an object (a due) or a list of texts: the first reason inside. */
    json_t *value = json_object_get(json_object_get(object, key), "_doubt");
    json_object_foreach (value, inner, member)
        return reading_json_str(member);
    size_t i = 0;
    json_array_foreach (found, i, member) {
        if (json_string_length(member) > 0)
            return reading_json_str(member);
    }
    json_object_foreach (found, inner, member)
        return reading_json_str(member);
    return STR("");
}

json_t *reading_json_place(json_t *object, const char *key)
{
    json_t *found = beside(object, "_at", "fields", key);
    if (json_is_array(found))
        found = json_array_get(found, 0);
    if (!found) { /* of an object: the place of its first value */
        json_t *fields = json_object_get(json_object_get(json_object_get(object, key), "_at"), "fields");
        found = json_object_iter_value(json_object_iter(fields));
    }
    json_t *value = json_object_get(object, key);
    if (!found) /* of a list of objects: of its first */
        found = json_object_get(json_is_array(value) ? json_array_get(value, 0) : value, "_at");
    return json_integer_value(json_object_get(found, "paragraph")) > 0 ? found : NULL;
}

static int64_t count_doubts(json_t *value, int depth) // NOLINT(misc-no-recursion)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t i = 0;
    int64_t count = (int64_t)json_object_size(json_object_get(value, "_doubt"));
    if (depth > DEPTH_MAX)
        return 0;
    json_object_foreach (value, key, member) {
        if (is_ours(key))
            continue;
        count += count_doubts(member, depth + 1);
        if (json_object_get(json_object_get(value, "_doubt"), key)) /* of a due: said outside it and inside */
            count -= (int64_t)json_object_size(json_object_get(member, "_doubt"));
    }
    json_array_foreach (value, i, member)
        count += count_doubts(member, depth + 1);
    return count;
}

/* A missing number or date is asked for by the form of what issuing needs: looking at it twice helps nobody. */
bool reading_anomaly_waits(const json_t *anomaly)
{
    struct str kind = reading_json_str(json_object_get(anomaly, "kind"));
    bool is_asked_for = str_eq(kind, STR("missing_number")) || str_eq(kind, STR("missing_date"));
    return !is_asked_for && !json_is_true(json_object_get(anomaly, "_seen"));
}

int64_t reading_json_doubts(json_t *root)
{
    size_t i = 0;
    json_t *anomaly = NULL;
    int64_t count = count_doubts(root, 0);
    json_array_foreach (json_object_get(root, "anomalies"), i, anomaly)
        count += reading_anomaly_waits(anomaly);
    return count;
}

static void drop_doubt(json_t *object, struct str key)
{
    struct str rest = key;
    struct str first = str_cut(&rest, '.');
    json_t *doubts = json_object_get(object, "_doubt");
    json_object_deln(doubts, key.at, key.len);
    json_t *inner = json_object_getn(object, first.at, first.len);
    if (rest.len > 0)
        json_object_deln(json_object_get(inner, "_doubt"), rest.at, rest.len);
    else
        json_object_del(inner, "_doubt");
    if (rest.len > 0 && !json_object_getn(doubts, key.at, key.len))
        json_object_deln(doubts, first.at, first.len);
}

static void drop_all_doubts(json_t *value, int depth) // NOLINT(misc-no-recursion)
{
    const char *key = NULL;
    json_t *member = NULL;
    size_t i = 0;
    if (depth > DEPTH_MAX)
        return;
    json_object_del(value, "_doubt");
    json_object_foreach (value, key, member) {
        if (!is_ours(key))
            drop_all_doubts(member, depth + 1);
    }
    json_array_foreach (value, i, member)
        drop_all_doubts(member, depth + 1);
}

/* ---- Edits ---- */

static enum err gone(struct ctx *cx)
{
    return fail(cx, ERR_NOT_FOUND, "Mục này không còn trong bản đọc, xin mở lại trang");
}

/* The object a dotted key's last part stands in, made when it is not there. */
static json_t *holder_of(json_t *object, struct str key, struct str *ret_last)
{
    struct str rest = key;
    struct str part = str_cut(&rest, '.');
    json_t *at = object;
    while (rest.len > 0) {
        json_t *next = json_object_getn(at, part.at, part.len);
        if (!json_is_object(next)) {
            json_object_setn_new(at, part.at, part.len, json_object());
            next = json_object_getn(at, part.at, part.len);
        }
        at = next;
        part = str_cut(&rest, '.');
    }
    *ret_last = part;
    return at;
}

static json_t *place_of(const struct reading_edit *edit)
{
    return json_pack("{s:I, s:I, s:I}", "paragraph", (json_int_t)edit->paragraph, "from", (json_int_t)edit->from, "to",
                     (json_int_t)edit->to);
}

/* The place a person took the value from stands where the machine's place stood. */
static void set_place(json_t *object, const char *key, const struct reading_edit *edit)
{
    json_t *at = json_object_get(object, "_at");
    if (!at) {
        json_object_set_new(object, "_at", json_object());
        at = json_object_get(object, "_at");
    }
    json_t *fields = json_object_get(at, "fields");
    if (!fields) {
        json_object_set_new(at, "fields", json_object());
        fields = json_object_get(at, "fields");
    }
    json_object_set_new(fields, key, place_of(edit));
}

static void set_values(json_t *object, json_t *values, const struct reading_edit *edit)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach (values, key, value) {
        struct str last = STR("");
        if (is_ours(key))
            continue;
        json_t *holder = holder_of(object, str_from(key), &last);
        if (json_is_null(value))
            json_object_deln(holder, last.at, last.len);
        else
            json_object_setn(holder, last.at, last.len, value);
        drop_doubt(object, str_from(key));
        if (edit->paragraph > 0)
            set_place(object, key, edit);
    }
}

static enum err edit_set(struct ctx *cx, json_t *root, const struct reading_edit *edit, json_t *values)
{
    struct str last = STR("");
    json_t *object = reading_json_at(root, edit->path);
    if (!object && edit->path.len > 0) { /* "online", "essay": a section the paper did not have */
        json_t *parent = reading_json_at(root, parent_of(edit->path, &last));
        if (!json_is_object(parent) || is_ours(last.at))
            return gone(cx);
        json_object_setn_new(parent, last.at, last.len, json_object());
        object = json_object_getn(parent, last.at, last.len);
    }
    if (!json_is_object(object))
        return gone(cx);
    set_values(object, values, edit);
    return OK;
}

static enum err edit_add(struct ctx *cx, json_t *root, const struct reading_edit *edit, json_t *values)
{
    struct str last = STR("");
    json_t *list = reading_json_at(root, edit->path);
    if (!list) {
        struct str above = parent_of(edit->path, &last);
        json_t *parent = reading_json_at(root, above);
        if (!parent && above.len > 0 && str_find(above, STR("/")) == above.len) {
            json_object_setn_new(root, above.at, above.len, json_object());
            parent = json_object_getn(root, above.at, above.len);
        }
        if (!json_is_object(parent) || last.len == 0 || is_ours(last.at))
            return gone(cx);
        json_object_setn_new(parent, last.at, last.len, json_array());
        list = json_object_getn(parent, last.at, last.len);
    }
    if (!json_is_array(list))
        return gone(cx);
    json_int_t id = json_integer_value(json_object_get(root, "_next"));
    json_t *record = json_object();
    set_values(record, values, edit);
    json_object_set_new(record, "_id", json_integer(id));
    json_object_set_new(root, "_next", json_integer(id + 1));
    json_array_append_new(list, record);
    return OK;
}

static enum err edit_remove(struct ctx *cx, json_t *root, const struct reading_edit *edit)
{
    struct str id = STR("");
    size_t index = 0;
    json_t *list = reading_json_at(root, parent_of(edit->path, &id));
    if (!json_is_array(list) || !record_with(list, id, &index))
        return gone(cx);
    json_array_remove(list, index);
    return OK;
}

static enum err edit_confirm(struct ctx *cx, json_t *root, const struct reading_edit *edit, struct str key)
{
    json_t *object = reading_json_at(root, edit->path);
    size_t i = 0;
    json_t *anomaly = NULL;
    if (!json_is_object(object))
        return gone(cx);
    if (edit->path.len == 0 && key.len == 0) {
        drop_all_doubts(root, 0);
        json_array_foreach (json_object_get(root, "anomalies"), i, anomaly)
            json_object_set_new(anomaly, "_seen", json_true());
        return OK;
    }
    if (str_starts(edit->path, STR("anomalies/")))
        json_object_set_new(object, "_seen", json_true());
    else
        drop_doubt(object, key);
    return OK;
}

enum err reading_json_edit(struct ctx *cx, json_t *root, const struct reading_edit *edit)
{
    json_t *value = NULL;
    if (str_eq(edit->action, READING_REMOVE))
        return edit_remove(cx, root, edit);
    if (str_eq(edit->action, READING_CONFIRM))
        return edit_confirm(cx, root, edit, edit->value);
    TRY(reading_json_load(cx, edit->value, &value));
    if (str_eq(edit->action, READING_ADD))
        return edit_add(cx, root, edit, value);
    return edit_set(cx, root, edit, value);
}

/* ---- In a line of a list ---- */

struct str reading_json_label(struct arena *arena, json_t *root)
{
    json_t *head = json_object_get(root, "document");
    struct str number = reading_json_str(json_object_get(head, "number"));
    struct str symbol = reading_json_str(json_object_get(head, "symbol"));
    struct str title = reading_json_str(json_object_get(head, "title"));
    struct document document = { .number = number, .symbol = symbol };
    document.regime = str_find(symbol, STR("/")) < symbol.len ? DOCUMENT_REGIME_PARTY : DOCUMENT_REGIME_STATE;
    struct str kind = document_kind_name(reading_json_str(json_object_get(head, "kind")));
    struct str cite = number.len > 0 ? document_cite(arena, &document) : STR("chưa có số");
    struct str label = str_format(arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(cite), STR_ARG(title));
    return str_copy(arena, str_trim(label));
}
