#include "roll/roll_sync.h"

#include "http/server.h"
#include "roll/roll_pages.h"
#include "store/db.h"
#include "store/store.h"

#include <string.h>

/* ---- What the device takes along ---- */

static void put_member(struct buf *out, const char *name, struct str text)
{
    buf_format(out, ",\"%s\":", name);
    json_put_str(out, text);
}

static void put_ids(struct buf *out, struct str ids)
{
    buf_put_char(out, '[');
    for (bool is_first = true; ids.len > 0; is_first = false) {
        buf_put(out, is_first ? STR("") : STR(","));
        json_put_str(out, str_cut(&ids, ','));
    }
    buf_put_char(out, ']');
}

/* "82387":{"9":{...}}: only learners somebody has marked. */
static void put_marks(struct buf *out, const struct roll_sheet *sheet)
{
    bool is_first = true;
    buf_format(out, "\"%lld\":{", (long long)sheet->session_key);
    for (size_t i = 0; i < sheet->len; i++) {
        const struct roll_line *line = &sheet->at[i];
        if (line->heads.len == 0)
            continue;
        buf_format(out, "%s\"%lld\":{\"mark\":", is_first ? "" : ",", (long long)line->learner_id);
        json_put_str(out, roll_mark_stored(line->mark));
        buf_format(out, ",\"at\":%lld", (long long)line->marked_at);
        put_member(out, "by", line->marked_by);
        buf_put(out, STR(",\"heads\":"));
        put_ids(out, line->heads);
        buf_format(out, ",\"conflict\":%s", line->is_conflict ? "true" : "false");
        if (line->elsewhere_point_id != 0)
            buf_format(out, ",\"elsewhere\":%lld", (long long)line->elsewhere_point_id);
        put_member(out, "reason", line->reason);
        buf_put_char(out, '}');
        is_first = false;
    }
    buf_put_char(out, '}');
}

static void put_sessions(struct buf *out, const struct roll_place *place, const struct roll_sheet *sheets)
{
    buf_put(out, STR(",\"sessions\":["));
    for (size_t i = 0; i < place->sessions_len; i++) {
        const struct roll_session *s = &place->sessions[i];
        buf_format(out, "%s{\"key\":%lld", i > 0 ? "," : "", (long long)s->key);
        put_member(out, "name", s->name);
        buf_format(out, ",\"starts_at\":%lld,\"arrive_at\":%lld,\"closed\":%s}", (long long)s->starts_at,
                   (long long)s->arrive_at, sheets[i].is_closed ? "true" : "false");
    }
    buf_put_char(out, ']');
}

/* The learners of the point; who sat here and belongs elsewhere is no part of what the device calls. */
static void put_learners(struct buf *out, const struct roll_sheet *sheet)
{
    bool is_first = true;
    buf_put(out, STR(",\"learners\":["));
    for (size_t i = 0; sheet && i < sheet->len; i++) {
        const struct roll_line *line = &sheet->at[i];
        if (line->is_visitor)
            continue;
        buf_format(out, "%s{\"id\":%lld", is_first ? "" : ",", (long long)line->learner_id);
        put_member(out, "name", line->full_name);
        put_member(out, "title", line->title);
        put_member(out, "unit", line->unit_name);
        put_member(out, "code", line->code_digest);
        buf_put_char(out, '}');
        is_first = false;
    }
    buf_put_char(out, ']');
}

/* The highest running number of that device which the server holds, of whatever became of it. */
static enum err find_high_water(struct ctx *cx, int64_t point_id, struct str device, int64_t *ret_number)
{
    SQL(find_high_water, "SELECT max(n) FROM (SELECT max(device_count) AS n FROM roll_mark WHERE point_id = $1 AND device = $2"
                         " UNION ALL SELECT max(device_count) FROM roll_set_aside WHERE point_id = $1 AND device = $2"
                         " UNION ALL SELECT max(device_count) FROM roll_walk_in WHERE point_id = $1 AND device = $2) h");
    return db_i64(cx, &find_high_water, BIND(V(point_id), V(device)), ret_number);
}

static enum err put_high_water(struct ctx *cx, const struct request *req, int64_t point_id, struct buf *out)
{
    struct str device = request_value(req, "may");
    struct fact_id id;
    int64_t number = 0;
    buf_put(out, STR(",\"last\":{"));
    if (roll_id_parse(device, &id)) {
        TRY(find_high_water(cx, point_id, device, &number));
        json_put_str(out, device);
        buf_format(out, ":%lld", (long long)number);
    }
    buf_put(out, STR("}}"));
    return OK;
}

static const char *json_bool(bool is_true)
{
    return is_true ? "true" : "false";
}

static struct str epoch_of(const struct request *req)
{
    return req->app->store ? store_epoch(req->app->store) : STR("");
}

enum err roll_package_show(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t point_id = 0;
    struct roll_place place = { .ends_at = 0 };
    TRY(request_id(cx, req, 0, &point_id));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    struct roll_sheet *sheets = ARENA_NEW_ARRAY(&cx->arena, struct roll_sheet, place.sessions_len + 1);
    for (size_t i = 0; i < place.sessions_len; i++)
        TRY(roll_read_sheet(cx, &place, place.sessions[i].key, &sheets[i]));
    struct buf *out = &res->body;
    response_json(res);
    buf_put(out, STR("{\"epoch\":"));
    json_put_str(out, epoch_of(req));
    buf_format(out, ",\"now\":%lld", (long long)cx->now);
    put_member(out, "csrf", req->csrf);
    put_member(out, "actor", cx->actor->name);
    buf_format(out, ",\"may\":{\"mark\":%s,\"close\":%s},\"keep_until\":%lld,\"point\":{\"id\":%lld",
               json_bool(actor_may(cx->actor, PERMISSION_ROLL_MARK)), json_bool(actor_may(cx->actor, PERMISSION_ROLL_CLOSE)),
               (long long)roll_keep_until(&place), (long long)point_id);
    put_member(out, "name", place.point.name);
    put_member(out, "class", place.class_title);
    buf_put_char(out, '}');
    put_sessions(out, &place, sheets);
    put_learners(out, place.sessions_len > 0 ? &sheets[0] : NULL);
    buf_put(out, STR(",\"marks\":{"));
    for (size_t i = 0; i < place.sessions_len; i++) {
        buf_put(out, i > 0 ? STR(",") : STR(""));
        put_marks(out, &sheets[i]);
    }
    buf_put_char(out, '}');
    return put_high_water(cx, req, point_id, out);
}

/* ---- What the device sends ---- */

struct receipt {
    const struct roll_item *item;
    enum roll_receipt state;
    struct str words;
};

/* Received less sent: how far the device's clock is off. A clock beyond all years says nothing. */
static int64_t offset_of(const struct ctx *cx, const struct roll_upload *upload)
{
    if (upload->sent_at == 0 || upload->sent_at > ROLL_TIME_LIMIT || upload->sent_at < -ROLL_TIME_LIMIT)
        return 0;
    return cx->now - upload->sent_at;
}

/* A telephone that several officers share says whose thumb it was; said again of the sender himself it is no news. */
static void name_sender(const struct ctx *cx, struct str *by_name)
{
    if (str_eq(*by_name, cx->actor->name))
        *by_name = STR("");
}

static enum err take_item(struct ctx *cx, struct roll_place *place, const struct roll_upload *upload, bool is_file,
                          struct roll_item *item, struct receipt *ret_receipt)
{
    /* A file was carried: when it was written says nothing about the clock that wrote it. */
    int64_t offset = is_file ? 0 : offset_of(cx, upload);
    *ret_receipt = (struct receipt){ .item = item, .words = STR("") };
    if (item->fault) {
        struct roll_set_aside aside = { .point_id = place->point.id, .device = upload->device,
                                        .device_count = item->marked.device_count, .content = item->content,
                                        .words = str_from(item->fault) };
        if (aside.device_count < 0 || aside.device_count > ROLL_NUMBER_LIMIT)
            aside.device_count = 0;
        ret_receipt->state = ROLL_SET_ASIDE;
        ret_receipt->words = aside.words;
        return roll_set_aside(cx, place, &aside);
    }
    if (item->is_walk_in) {
        item->walked.point_id = place->point.id;
        item->walked.offset_ms = offset;
        name_sender(cx, &item->walked.by_name);
        return roll_take_walk_in(cx, place, item->id, &item->walked, item->content, &ret_receipt->state,
                                 &ret_receipt->words);
    }
    item->marked.point_id = place->point.id;
    item->marked.offset_ms = offset;
    name_sender(cx, &item->marked.by_name);
    return roll_take_mark_at(cx, place, item->id, &item->marked, item->content, &ret_receipt->state, &ret_receipt->words);
}

static enum err take_upload(struct ctx *cx, struct roll_place *place, const struct roll_upload *upload, bool is_file,
                            struct receipt *ret_receipts)
{
    for (size_t i = 0; i < upload->len; i++)
        TRY(take_item(cx, place, upload, is_file, &upload->items[i], &ret_receipts[i]));
    return OK;
}

static void put_receipts(struct buf *out, const struct receipt *receipts, size_t len)
{
    static const char *const states[] = { [ROLL_STORED] = "stored", [ROLL_ALREADY] = "already",
                                          [ROLL_SET_ASIDE] = "set_aside" };
    buf_put(out, STR(",\"receipts\":["));
    for (size_t i = 0; i < len; i++) {
        buf_put(out, i > 0 ? STR(",{\"id\":") : STR("{\"id\":"));
        json_put_str(out, receipts[i].item->id_text);
        buf_format(out, ",\"state\":\"%s\"", states[receipts[i].state]);
        if (receipts[i].words.len > 0)
            put_member(out, "words", receipts[i].words);
        buf_put_char(out, '}');
    }
    buf_put_char(out, ']');
}

/* As the half-days that the upload speaks of stand now, so that the device sees what others marked. */
static enum err put_touched(struct ctx *cx, const struct roll_place *place, const struct roll_upload *upload, struct buf *out)
{
    bool is_first = true;
    buf_put(out, STR(",\"marks\":{"));
    for (size_t i = 0; i < place->sessions_len; i++) {
        struct roll_sheet sheet = { .len = 0 };
        bool is_touched = false;
        for (size_t j = 0; j < upload->len && !is_touched; j++)
            is_touched = upload->items[j].marked.session_key == place->sessions[i].key;
        if (!is_touched)
            continue;
        TRY(roll_read_sheet(cx, place, place->sessions[i].key, &sheet));
        buf_put(out, is_first ? STR("") : STR(","));
        put_marks(out, &sheet);
        is_first = false;
    }
    buf_put_char(out, '}');
    return OK;
}

enum err roll_upload_prepare(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_upload *upload = ARENA_NEW(&cx->arena, struct roll_upload);
    (void)res;
    TRY(roll_upload_parse(cx, req->body, ROLL_BATCH_MAX, upload));
    req->prepared = upload;
    return OK;
}

enum err roll_upload_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roll_upload *upload = req->prepared;
    struct roll_place place = { .ends_at = 0 };
    int64_t point_id = 0;
    TRY(request_id(cx, req, 0, &point_id));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    struct receipt *receipts = ARENA_NEW_ARRAY(&cx->arena, struct receipt, upload->len + 1);
    TRY(take_upload(cx, &place, upload, false, receipts));
    response_json(res);
    buf_put(&res->body, STR("{\"epoch\":"));
    json_put_str(&res->body, epoch_of(req));
    buf_format(&res->body, ",\"now\":%lld", (long long)cx->now);
    put_receipts(&res->body, receipts, upload->len);
    TRY(put_touched(cx, &place, upload, &res->body));
    buf_put_char(&res->body, '}');
    return OK;
}

/* ---- By hand ---- */

enum err roll_file_prepare(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_file *file = ARENA_NEW(&cx->arena, struct roll_file);
    const struct request_file *sent = request_file(req, "tep");
    (void)res;
    if (!sent || sent->content.len == 0)
        return fail(cx, ERR_INVALID, "Xin chọn tệp điểm danh đã xuất từ điện thoại hoặc máy tính khác");
    TRY(roll_file_parse(cx, sent->content, file));
    req->prepared = file;
    return OK;
}

static void put_file_json(struct ctx *cx, const struct request *req, const struct receipt *receipts, size_t len,
                          struct response *res)
{
    response_json(res);
    buf_put(&res->body, STR("{\"epoch\":"));
    json_put_str(&res->body, epoch_of(req));
    buf_format(&res->body, ",\"now\":%lld", (long long)cx->now);
    put_receipts(&res->body, receipts, len);
    buf_put_char(&res->body, '}');
}

enum err roll_file_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roll_file *file = req->prepared;
    struct roll_place place = { .ends_at = 0 };
    struct receipt *receipts = ARENA_NEW_ARRAY(&cx->arena, struct receipt, ROLL_FILE_ITEMS_MAX + 1);
    int64_t point_id = 0;
    size_t len = 0;
    size_t counts[ROLL_SET_ASIDE + 1] = { 0 };
    TRY(request_id(cx, req, 0, &point_id));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, &place));
    for (size_t i = 0; i < file->len; i++) {
        TRY(take_upload(cx, &place, &file->at[i], true, receipts + len));
        len += file->at[i].len;
    }
    if (req->wants_json) {
        put_file_json(cx, req, receipts, len, res);
        return OK;
    }
    struct receipts_view view = { .rows = ARENA_NEW_ARRAY(&cx->arena, struct receipt_row, len + 1) };
    for (size_t i = 0; i < len; i++) {
        counts[receipts[i].state]++;
        if (receipts[i].state == ROLL_SET_ASIDE)
            view.rows[view.len++] = (struct receipt_row){ receipts[i].item->id_text, receipts[i].words };
    }
    view.stored = (int64_t)counts[ROLL_STORED];
    view.already = (int64_t)counts[ROLL_ALREADY];
    view.set_aside = (int64_t)counts[ROLL_SET_ASIDE];
    return roll_show_receipts(cx, req, res, &place, &view);
}
