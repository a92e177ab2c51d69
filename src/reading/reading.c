#include "reading/reading_inside.h"

#include "plan/plan.h"
#include "unit/unit.h"
#include "viet/viet.h"

#include <sodium.h>

/* ---- Facts ---- */

static const struct choice action_choices[] = {
    { STR_INIT("set"), STR_INIT("Sửa") },
    { STR_INIT("add"), STR_INIT("Thêm") },
    { STR_INIT("remove"), STR_INIT("Bỏ") },
    { STR_INIT("confirm"), STR_INIT("Xác nhận") },
};

static enum err decide_taken_in(struct ctx *cx, const struct fact *fact, const void *body);
static enum err apply_taken_in(struct ctx *cx, const struct fact *fact, const void *body);
static enum err decide_changed(struct ctx *cx, const struct fact *fact, const void *body);
static enum err apply_changed(struct ctx *cx, const struct fact *fact, const void *body);
static enum err apply_drafted(struct ctx *cx, const struct fact *fact, const void *body);

/* clang-format off */
static const struct field taken_in_fields[] = {
    { "file", "Tệp", FIELD_TEXT, FIELD_OF(struct reading_taken_in, file), .len_max = 64, .is_file = true, .required = true },
    { "file_name", "Tên tệp", FIELD_TEXT, FIELD_OF(struct reading_taken_in, file_name), .len_max = 300 },
    { "format", "Dạng tệp", FIELD_TEXT, FIELD_OF(struct reading_taken_in, format), .len_max = 20 },
    { "bytes", "Dung lượng", FIELD_I64, FIELD_OF(struct reading_taken_in, bytes), .min = 0, .max = READING_FILE_MAX },
    { "pages", "Số trang", FIELD_I64, FIELD_OF(struct reading_taken_in, pages) },
    { "said", "Máy đọc", FIELD_LINES, FIELD_OF(struct reading_taken_in, said), .len_max = READING_SAID_MAX, .required = true },
    { "sheet", "Trình bày", FIELD_LINES, FIELD_OF(struct reading_taken_in, sheet), .len_max = READING_SAID_MAX },
};
static const struct field changed_fields[] = {
    { "action", "Việc", FIELD_CHOICE, FIELD_OF(struct reading_changed, action), .choices = action_choices, .choices_len = LEN(action_choices), .required = true },
    { "path", "Mục", FIELD_TEXT, FIELD_OF(struct reading_changed, path), .len_max = 100 },
    { "value", "Giá trị", FIELD_LINES, FIELD_OF(struct reading_changed, value), .len_max = READING_VALUE_MAX },
    { "paragraph", "Đoạn", FIELD_I64, FIELD_OF(struct reading_changed, paragraph) },
    { "from", "Từ ký tự", FIELD_I64, FIELD_OF(struct reading_changed, from) },
    { "to", "Đến ký tự", FIELD_I64, FIELD_OF(struct reading_changed, to) },
};
static const struct field drafted_fields[] = {
    { "document_id", "Văn bản", FIELD_ID, FIELD_OF(struct reading_drafted, document_id), .required = true },
};

#define TABLE(type, list) FIELD_TABLE(struct type, list)
const struct fact_kind reading_fact_list[READING_FACT_COUNT] = {
    [READING_FACT_TAKEN_IN] = { STR_INIT("reading.taken_in"), STR_INIT("Nhận tệp văn bản để đọc"),
        TABLE(reading_taken_in, taken_in_fields), decide_taken_in, apply_taken_in },
    [READING_FACT_CHANGED] = { STR_INIT("reading.changed"), STR_INIT("Sửa, xác nhận nội dung máy đọc"),
        TABLE(reading_changed, changed_fields), decide_changed, apply_changed },
    [READING_FACT_DRAFTED] = { STR_INIT("reading.drafted"), STR_INIT("Lập dự thảo từ bản đọc"),
        TABLE(reading_drafted, drafted_fields), decide_changed, apply_drafted },
};
/* clang-format on */
const struct fact_kinds reading_facts = { reading_fact_list, READING_FACT_COUNT };

/* ---- Reading rows ---- */

#define COLUMNS                                                                                                  \
    "r.id, r.unit_id, r.digest, r.file_name, r.bytes, r.format, r.pages, r.label, r.doubts, r.taken_at,"         \
    " COALESCE(a.name, ''), r.document_id"
#define FROM " FROM reading r LEFT JOIN account a ON a.id = r.taken_by"

static struct reading reading_from_row(struct rows *row)
{
    struct reading r = { .said = STR(""), .sheet = STR(""), .state = STR("") };
    r.id = rows_i64(row);
    r.unit_id = rows_i64(row);
    r.digest = rows_str(row);
    r.file_name = rows_str(row);
    r.bytes = rows_i64(row);
    r.format = rows_str(row);
    r.pages = rows_i64(row);
    r.label = rows_str(row);
    r.doubts = rows_i64(row);
    r.taken_at = rows_i64(row);
    r.taken_by = rows_str(row);
    r.document_id = rows_i64(row);
    return r;
}

static enum err read_one(struct ctx *cx, struct rows rows, bool must_be, struct reading *ret_reading)
{
    struct reading reading = { 0 };
    bool is_found = rows_next(&rows);
    if (is_found) {
        reading = reading_from_row(&rows);
        reading.said = rows_str(&rows);
        reading.sheet = rows_str(&rows);
        reading.state = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    if (!is_found && must_be)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy bản đọc này");
    *ret_reading = reading;
    return OK;
}

static enum err reading_find(struct ctx *cx, int64_t id, struct reading *ret_reading)
{
    SQL(find_reading, "SELECT " COLUMNS ", r.said, r.sheet, r.state" FROM " WHERE r.id = $1");

    return read_one(cx, db_rows(cx, &find_reading, BIND(V(id))), true, ret_reading);
}

enum err reading_find_of(struct ctx *cx, int64_t document_id, struct reading *ret_reading)
{
    SQL(find_of, "SELECT " COLUMNS ", r.said, r.sheet, r.state" FROM " WHERE r.document_id = $1 AND r.document_id > 0");

    return read_one(cx, db_rows(cx, &find_of, BIND(V(document_id))), false, ret_reading);
}

/* A reading is its unit's alone, like a draft; the program itself may see all. */
static enum err must_own(struct ctx *cx, int64_t unit_id)
{
    struct unit unit = { .id = 0 };
    TRY(unit_find(cx, unit_id, &unit));
    if (!document_is_own(cx->actor, unit_id, unit.path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy bản đọc này");
    if (!actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT))
        return fail(cx, ERR_FORBIDDEN, "Đồng chí chưa được giao quyền soạn thảo văn bản");
    return OK;
}

enum err reading_get(struct ctx *cx, int64_t reading_id, struct reading *ret_reading)
{
    struct reading reading = { 0 };
    TRY(reading_find(cx, reading_id, &reading));
    TRY(must_own(cx, reading.unit_id));
    *ret_reading = reading;
    return OK;
}

enum err reading_list(struct ctx *cx, struct readings *ret_list)
{
    SQL(list_readings, "SELECT " COLUMNS FROM " WHERE r.unit_id = $1 ORDER BY r.taken_at DESC, r.id DESC LIMIT $2");

    struct readings list = { ARENA_NEW_ARRAY(&cx->arena, struct reading, READING_LIST_MAX), 0 };
    struct rows rows = db_rows(cx, &list_readings, BIND(V(cx->actor->unit_id), V((int64_t)READING_LIST_MAX)));
    while (list.len < READING_LIST_MAX && rows_next(&rows))
        list.at[list.len++] = reading_from_row(&rows);
    *ret_list = list;
    return rows_end(&rows);
}

enum err reading_list_changes(struct ctx *cx, int64_t reading_id, struct reading_changes *ret_list)
{
    SQL(list_changes, "SELECT c.at, COALESCE(a.name, ''), c.action, c.path, c.before, c.after FROM reading_change c"
                      " LEFT JOIN account a ON a.id = c.account_id WHERE c.reading_id = $1 ORDER BY c.seq DESC LIMIT $2");

    struct reading_changes list = { ARENA_NEW_ARRAY(&cx->arena, struct reading_change, READING_CHANGES_MAX), 0 };
    struct rows rows = db_rows(cx, &list_changes, BIND(V(reading_id), V((int64_t)READING_CHANGES_MAX)));
    while (list.len < READING_CHANGES_MAX && rows_next(&rows)) {
        struct reading_change *c = &list.at[list.len++];
        c->at = rows_i64(&rows);
        c->who = rows_str(&rows);
        c->action = rows_str(&rows);
        c->path = rows_str(&rows);
        c->before = rows_str(&rows);
        c->after = rows_str(&rows);
    }
    *ret_list = list;
    return rows_end(&rows);
}

/* ---- Taking in ---- */

struct str reading_digest(struct arena *arena, struct str content)
{
    unsigned char digest[32] = { 0 };
    (void)crypto_generichash(digest, sizeof digest, (const unsigned char *)content.at, content.len, NULL, 0);
    return str_from_bytes_hex(arena, digest, sizeof digest);
}

enum err reading_find_file(struct ctx *cx, int64_t unit_id, struct str digest, int64_t *ret_id)
{
    SQL(find_file, "SELECT COALESCE(MAX(id), 0) FROM reading WHERE unit_id = $1 AND digest = $2");

    return db_i64(cx, &find_file, BIND(V(unit_id), V(digest)), ret_id);
}

static enum err decide_taken_in(struct ctx *cx, const struct fact *fact, const void *body)
{
    (void)body;
    return must_own(cx, fact->unit_id);
}

static enum err apply_taken_in(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(add_reading,
        "INSERT INTO reading (id, unit_id, digest, file_name, bytes, format, pages, said, sheet, state, label, doubts,"
        " taken_at, taken_by, document_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)");

    const struct reading_taken_in *b = body;
    json_t *root = NULL;
    TRY(reading_json_load(cx, b->said, &root));
    reading_json_begin(root);
    return db_run(cx, &add_reading,
                  BIND(V(fact->seq), V(fact->unit_id), V(b->file), V(b->file_name), V(b->bytes), V(b->format),
                       V(b->pages), V(b->said), V(b->sheet), V(reading_json_dump(cx, root)),
                       V(reading_json_label(&cx->arena, root)), V(reading_json_doubts(root)), V(fact->at),
                       V(fact->account_id)));
}

enum err reading_take_in(struct ctx *cx, struct str digest, struct str file_name, int64_t bytes,
                         const struct reading_result *result, int64_t *ret_id)
{
    int64_t there = 0;
    TRY(reading_find_file(cx, cx->actor->unit_id, digest, &there));
    if (there != 0) {
        *ret_id = there;
        return OK;
    }
    TRY(document_refuse_secret(cx, "file", file_name));
    struct reading_taken_in body = { digest,        file_name,    result->format, bytes,
                                     result->pages, result->said, result->sheet };
    return fact_record(cx, &reading_fact_list[READING_FACT_TAKEN_IN], cx->actor->unit_id, 0, &body, ret_id);
}

/* ---- Changing ---- */

/* What its draft has become in the meantime: an issued paper is as it is. */
static enum err must_be_open(struct ctx *cx, const struct reading *reading)
{
    struct document document = { 0 };
    if (reading->document_id == 0)
        return OK;
    TRY(document_find(cx, reading->document_id, &document));
    if (!str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT,
                    "Văn bản từ bản đọc này đã ban hành nên không sửa được nữa; xin ban hành văn bản sửa đổi, thay thế "
                    "hoặc thu hồi");
    return OK;
}

static enum err decide_changed(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct reading reading = { 0 };
    (void)body;
    TRY(reading_find(cx, fact->subject_id, &reading));
    TRY(must_own(cx, reading.unit_id));
    return must_be_open(cx, &reading);
}

static struct reading_edit edit_of(const struct reading_changed *b)
{
    return (struct reading_edit){ b->action, b->path, b->value, b->paragraph, b->from, b->to };
}

/* The values of the same keys as they were, for the history. */
static struct str before_of(struct ctx *cx, json_t *root, const struct reading_edit *edit)
{
    json_t *at = reading_json_at(root, edit->path), *values = NULL, *value = NULL;
    const char *key = NULL;
    if (str_eq(edit->action, READING_REMOVE) && at)
        return reading_json_dump(cx, at);
    if (!str_eq(edit->action, READING_SET) || !at || reading_json_load(cx, edit->value, &values) != OK)
        return STR("");
    json_t *before = json_object();
    json_object_foreach (values, key, value) {
        json_t *member = reading_json_member(at, key);
        if (member)
            json_object_set(before, key, member);
    }
    struct str text = reading_json_dump(cx, before);
    json_decref(before);
    return text;
}

static enum err apply_changed(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_state, "UPDATE reading SET state = $2, label = $3, doubts = $4 WHERE id = $1");
    SQL(add_change, "INSERT INTO reading_change (reading_id, seq, at, account_id, action, path, before, after)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

    const struct reading_changed *b = body;
    struct reading_edit edit = edit_of(b);
    struct reading reading = { 0 };
    json_t *root = NULL;
    TRY(reading_find(cx, fact->subject_id, &reading));
    TRY(reading_json_load(cx, reading.state, &root));
    struct str before = before_of(cx, root, &edit);
    TRY(reading_json_edit(cx, root, &edit));
    TRY(db_run(cx, &set_state,
               BIND(V(reading.id), V(reading_json_dump(cx, root)), V(reading_json_label(&cx->arena, root)),
                    V(reading_json_doubts(root)))));
    return db_run(cx, &add_change,
                  BIND(V(reading.id), V(fact->seq), V(fact->at), V(fact->account_id), V(b->action), V(b->path),
                       V(before), V(b->value)));
}

enum err reading_try(struct ctx *cx, const struct reading *reading, const struct reading_edit *edit)
{
    json_t *root = NULL;
    struct plan plan = { .topics_len = 0 };
    TRY(must_be_open(cx, reading));
    TRY(reading_json_load(cx, reading->state, &root));
    TRY(reading_json_edit(cx, root, edit));
    TRY(document_refuse_secret(cx, "value", edit->value));
    return plan_parse(cx, reading_json_dump(cx, root), &plan);
}

enum err reading_edit(struct ctx *cx, int64_t reading_id, const struct reading_edit *edit)
{
    struct reading reading = { 0 };
    TRY(reading_get(cx, reading_id, &reading));
    struct reading_changed body = { edit->action, edit->path, edit->value, edit->paragraph, edit->from, edit->to };
    return fact_record(cx, &reading_fact_list[READING_FACT_CHANGED], reading.unit_id, reading_id, &body, NULL);
}

/* ---- Becoming a draft ---- */

static enum err apply_drafted(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(set_draft, "UPDATE reading SET document_id = $2 WHERE id = $1");

    const struct reading_drafted *b = body;
    return db_run(cx, &set_draft, BIND(V(fact->subject_id), V(b->document_id)));
}

/*
 * A unit's own paper bears its name as it stands in the register: a paper without letterhead says "UBND tỉnh" or "Thường
 * trực Tỉnh ủy" and means one body.
 */
static enum err name_issuer(struct ctx *cx, bool is_received, struct plan *plan)
{
    struct unit unit = { .id = 0 };
    if (is_received || cx->actor->unit_id == 0)
        return OK;
    TRY(unit_find(cx, cx->actor->unit_id, &unit));
    struct str said = viet_fold(&cx->arena, plan->document.issuer), own = viet_fold(&cx->arena, unit.full_name);
    if (str_find(said, own) == said.len)
        plan->document.issuer = unit.full_name;
    return OK;
}

enum err reading_make_draft(struct ctx *cx, int64_t reading_id, bool is_received, int64_t *ret_document_id)
{
    struct reading reading = { 0 };
    struct plan plan = { .topics_len = 0 };
    TRY(reading_get(cx, reading_id, &reading));
    TRY(must_be_open(cx, &reading));
    TRY(plan_parse(cx, reading.state, &plan));
    TRY(name_issuer(cx, is_received, &plan));
    struct plan_save how = { .document_id = reading.document_id, .is_received = is_received };
    TRY(plan_save_draft(cx, &plan, &how));
    *ret_document_id = how.document_id;
    if (reading.document_id != 0)
        return OK;
    struct reading_drafted body = { how.document_id };
    return fact_record(cx, &reading_fact_list[READING_FACT_DRAFTED], reading.unit_id, reading_id, &body, NULL);
}

struct url reading_url(struct arena *arena, int64_t reading_id)
{
    return url_format(arena, "/nhan-van-ban/%lld", (long long)reading_id);
}
