#include "unit/unit_pages.h"

#include "store/db.h"
#include "viet/viet.h"

enum { PAGE_ROWS = 50, PATH_LEVEL = 9 };

/* ---- Addresses and words ---- */

static struct url change_url(struct arena *arena, int64_t id, const char *what)
{
    return url_format(arena, "/don-vi/%lld/%s", (long long)id, what);
}

static struct str days_words(struct arena *arena, int32_t from_day, int32_t to_day)
{
    struct str from = day_format(arena, from_day);
    if (to_day == UNIT_DAY_OPEN)
        return str_format(arena, "từ " STR_FMT " đến nay", STR_ARG(from));
    return str_format(arena, "từ " STR_FMT " đến hết " STR_FMT, STR_ARG(from),
                      STR_ARG(day_format(arena, to_day - 1)));
}

/* A unit as a row; its address carries the day along. Outside the reader's scope it is a name
 * without a link. */
static struct unit_row row_of(struct ctx *cx, const struct unit *unit, int32_t day)
{
    struct unit_row row = { .name = unit->full_name,
                            .kind = unit_kind_shown(unit->kind),
                            .code = unit->code,
                            .above = STR("") };
    if (!unit_scope_holds(&cx->actor->scope, unit->path))
        return row;
    row.url = unit_url(&cx->arena, unit->id);
    if (day != day_from_instant(cx->now))
        row.url = url_format(&cx->arena, "/don-vi/%lld?ngay=%.*s", (long long)unit->id,
                             STR_ARG(day_format(&cx->arena, day)));
    return row;
}

/* ---- Reading a page's question ---- */

struct question {
    struct unit_query query;
    int32_t day;
    int64_t page_number;
};

static struct question question_of(struct ctx *cx, const struct request *req)
{
    struct question q = { .query = { .text = viet_clean(&cx->arena, request_value(req, "tim")),
                                     .kind = request_value(req, "loai"),
                                     .sort = STR(""),
                                     .limit = PAGE_ROWS },
                          .day = day_from_instant(cx->now),
                          .page_number = 1 };
    int32_t day = 0;
    /* What is no day is today: the page says which day it shows. */
    if (day_parse(str_trim(request_value(req, "ngay")), &day))
        q.day = day;
    int64_t number = 0;
    if (str_to_i64(request_value(req, "trang"), &number) && number > 1 && number < 10000)
        q.page_number = number;
    q.query.offset = (q.page_number - 1) * PAGE_ROWS;
    return q;
}

static struct unit_filter_view filter_view(struct ctx *cx, const struct question *q)
{
    return (struct unit_filter_view){ .action = url_format(&cx->arena, "/don-vi"),
                                      .text = q->query.text,
                                      .kind = q->query.kind,
                                      .day = day_format(&cx->arena, q->day) };
}

/* ---- One unit ---- */

/* A body's superior by name; the province of a commune is above it anyway. */
static enum err name_superiors(struct ctx *cx, const struct unit_list *children,
                               struct unit_rows *rows)
{
    SQL(list_superiors,
        "SELECT u.id, s.full_name FROM unit u JOIN unit s ON s.id = u.superior_id"
        " WHERE u.place_id = $1 AND u.kind = 'body'");

    if (children->len == 0)
        return OK;
    struct rows found = db_rows(cx, &list_superiors, BIND(V(children->at[0].place_id)));
    while (rows_next(&found)) {
        int64_t id = rows_i64(&found);
        struct str name = rows_str(&found);
        for (size_t i = 0; i < children->len; i++)
            if (children->at[i].id == id)
                rows->at[i].above = name;
    }
    return rows_end(&found);
}

static enum err list_children(struct ctx *cx, int64_t id, int32_t day, struct unit_one_view *view)
{
    struct unit_list children = { .len = 0 }, bodies = { .len = 0 };
    TRY(unit_list_children(cx, id, day, &children));
    bodies.at = ARENA_NEW_ARRAY(&cx->arena, struct unit, children.len);
    view->bodies.at = ARENA_NEW_ARRAY(&cx->arena, struct unit_row, children.len);
    view->areas.at = ARENA_NEW_ARRAY(&cx->arena, struct unit_row, children.len);
    for (size_t i = 0; i < children.len; i++) {
        struct unit_row row = row_of(cx, &children.at[i], day);
        if (children.at[i].kind != UNIT_BODY) {
            view->areas.at[view->areas.len++] = row;
            continue;
        }
        bodies.at[bodies.len++] = children.at[i];
        view->bodies.at[view->bodies.len++] = row;
    }
    return name_superiors(cx, &bodies, &view->bodies);
}

static enum err list_history(struct ctx *cx, int64_t id, int32_t day, struct unit_one_view *view)
{
    struct unit_versions versions = { .len = 0 };
    TRY(unit_find_versions(cx, id, &versions));
    view->history = ARENA_NEW_ARRAY(&cx->arena, struct unit_history_row, versions.len);
    view->history_len = versions.len;
    for (size_t i = 0; i < versions.len; i++) {
        const struct unit_version *v = &versions.at[i];
        view->history[i] =
            (struct unit_history_row){ .days = days_words(&cx->arena, v->from_day, v->to_day),
                                       .name = v->full_name,
                                       .cause = v->cause,
                                       .is_now = v->from_day <= day && day < v->to_day };
    }
    return OK;
}

static enum err list_successors(struct ctx *cx, int64_t id, int32_t day, struct unit_one_view *view)
{
    enum { SUCCESSORS_MAX = 50 };
    SQL(list_relations,
        "SELECT s.successor_id, s.day, s.how, 0 FROM unit_successor s WHERE s.unit_id = $1"
        " AND s.successor_id <> 0 UNION ALL SELECT s.unit_id, s.day, s.how, 1 FROM unit_successor s WHERE s.successor_id = "
        "$1 ORDER BY 2, 1");
    static const char *const words[2][2] = { { "Sáp nhập vào", "Đã tách ra" },
                                             { "Nhận sáp nhập", "Được tách từ" } };

    int64_t ids[SUCCESSORS_MAX];
    struct str said[SUCCESSORS_MAX];
    size_t len = 0;
    struct rows rows = db_rows(cx, &list_relations, BIND(V(id)));
    while (len < SUCCESSORS_MAX && rows_next(&rows)) {
        ids[len] = rows_i64(&rows);
        struct str on = day_format(&cx->arena, (int32_t)rows_i64(&rows));
        bool is_split = str_eq(rows_str(&rows), STR("split"));
        bool is_incoming = rows_i64(&rows) != 0;
        said[len] =
            str_format(&cx->arena, STR_FMT ": %s", STR_ARG(on), words[is_incoming][is_split]);
        len++;
    }
    TRY(rows_end(&rows));
    view->successors = (struct unit_rows){ ARENA_NEW_ARRAY(&cx->arena, struct unit_row, len), len };
    for (size_t i = 0; i < len; i++) {
        struct unit other = { .id = 0 };
        TRY(unit_find(cx, ids[i], &other));
        struct unit_row row = row_of(cx, &other, day);
        row.name =
            str_format(&cx->arena, STR_FMT " " STR_FMT, STR_ARG(said[i]), STR_ARG(other.full_name));
        view->successors.at[i] = row;
    }
    return OK;
}

static enum err list_ancestors(struct ctx *cx, const struct unit *unit, int32_t day,
                               struct unit_one_view *view)
{
    struct unit_list ancestors = { .len = 0 };
    if (unit->parent_id == 0)
        return OK;
    TRY(unit_find_ancestors(cx, unit->parent_id, &ancestors));
    view->ancestors =
        (struct unit_rows){ ARENA_NEW_ARRAY(&cx->arena, struct unit_row, ancestors.len),
                            ancestors.len };
    for (size_t i = 0; i < ancestors.len; i++)
        view->ancestors.at[i] = row_of(cx, &ancestors.at[i], day);
    struct unit superior = { .id = 0 };
    if (unit->superior_id == 0)
        return OK;
    TRY(unit_find(cx, unit->superior_id, &superior));
    view->superior = row_of(cx, &superior, day);
    return OK;
}

static enum err codes_of(struct ctx *cx, int64_t id, struct str *ret_codes)
{
    SQL(list_unit_codes, "SELECT code FROM unit_code WHERE unit_id = $1 ORDER BY code DESC");

    struct buf codes;
    buf_init(&codes, &cx->arena);
    struct rows rows = db_rows(cx, &list_unit_codes, BIND(V(id)));
    while (rows_next(&rows)) {
        if (codes.len > 0)
            buf_put(&codes, STR(", "));
        buf_put(&codes, rows_str(&rows));
    }
    TRY(rows_end(&rows));
    *ret_codes = buf_str(&codes);
    return OK;
}

static struct str as_of_words(struct ctx *cx, const struct unit *unit, int32_t day, bool was_there)
{
    struct str on = day_format(&cx->arena, day);
    if (!was_there)
        return str_format(&cx->arena,
                          "Ngày " STR_FMT " " STR_FMT
                          " không hoạt động; dưới đây là trạng thái gần nhất.",
                          STR_ARG(on), STR_ARG(unit->full_name));
    if (day != day_from_instant(cx->now))
        return str_format(&cx->arena, "Cơ cấu tổ chức tại ngày " STR_FMT ".", STR_ARG(on));
    return STR("");
}

static enum err show_unit(struct ctx *cx, struct request *req, struct response *res, int64_t id)
{
    struct question q = question_of(cx, req);
    struct unit unit = { .id = 0 };
    TRY(unit_get(cx, id, &unit));
    struct unit then = unit;
    enum err err = unit_find_on(cx, id, q.day, &then);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    bool was_there = err == OK;
    if (!was_there)
        then = unit;
    struct unit_one_view view = { .filter = filter_view(cx, &q),
                                  .unit = &then,
                                  .kind = unit_kind_shown(then.kind),
                                  .days = days_words(&cx->arena, unit.from_day, unit.to_day),
                                  .as_of = as_of_words(cx, &then, q.day, was_there) };
    /* The room of people stands below this one, so its address is written here. */
    if (actor_may(cx->actor, PERMISSION_PERSON_READ))
        view.people_url = url_format(&cx->arena, "/can-bo?don-vi=%lld", (long long)id);
    TRY(codes_of(cx, id, &view.codes));
    TRY(list_ancestors(cx, &then, q.day, &view));
    TRY(list_children(cx, id, q.day, &view));
    TRY(list_history(cx, id, q.day, &view));
    TRY(list_successors(cx, id, q.day, &view));

    struct html h = page_begin(&cx->arena);
    page_unit_one(&h, &view);
    struct page page = { .title = viet_upper_first(&cx->arena, then.full_name),
                         .place = STR("don-vi"),
                         .is_wide = true };
    if (view.ancestors.len > 0) {
        page.crumb = view.ancestors.at[view.ancestors.len - 1].name;
        page.crumb_url = view.ancestors.at[view.ancestors.len - 1].url;
    }
    if (actor_may(cx->actor, PERMISSION_UNIT_WRITE) && unit.to_day == UNIT_DAY_OPEN &&
        unit.parent_id != 0) {
        struct html actions = page_begin(&cx->arena);
        part_unit_actions(&actions, change_url(&cx->arena, id, "thay-doi"));
        page.actions = page_end(&actions);
    }
    bool is_top = str_eq(unit.path, cx->actor->scope.path_lo);
    if (actor_may(cx->actor, PERMISSION_UNIT_WRITE) && is_top && page.actions.markup.len == 0) {
        struct html actions = page_begin(&cx->arena);
        part_unit_import_action(&actions, url_format(&cx->arena, "/don-vi/nhap"));
        page.actions = page_end(&actions);
    }
    page.export_url = url_format(&cx->arena, "/don-vi/%lld/danh-sach", (long long)id);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err show_one(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    return show_unit(cx, req, res, id);
}

/* ---- The whole, and what is found in it ---- */

/* The topmost unit an actor reaches: the last level of its scope; the nation for the program
 * itself. */
static enum err root_of(struct ctx *cx, int64_t *ret_id)
{
    struct str path = cx->actor->scope.path_lo;
    unsigned char bytes[4];
    struct unit nation = { .id = 0 };
    if (path.len >= PATH_LEVEL &&
        str_to_bytes_hex(str_sub(path, path.len - PATH_LEVEL, 8), bytes, sizeof bytes)) {
        *ret_id =
            (int64_t)bytes[0] << 24 | (int64_t)bytes[1] << 16 | (int64_t)bytes[2] << 8 | bytes[3];
        return OK;
    }
    TRY(unit_find_nation(cx, &nation));
    *ret_id = nation.id;
    return OK;
}

static enum err name_places(struct ctx *cx, const struct unit_list *found, struct unit_rows *rows)
{
    for (size_t i = 0; i < found->len; i++) {
        struct unit parent = { .id = 0 };
        if (found->at[i].parent_id == 0)
            continue;
        TRY(unit_find(cx, found->at[i].parent_id, &parent));
        rows->at[i].above = parent.full_name;
        if (!unit_kind_is_commune(parent.kind))
            continue;
        struct unit province = { .id = 0 };
        TRY(unit_find(cx, parent.parent_id, &province));
        rows->at[i].above = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(parent.full_name),
                                       STR_ARG(province.full_name));
    }
    return OK;
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct question q = question_of(cx, req);
    if (q.query.text.len == 0 && q.query.kind.len == 0) {
        int64_t root_id = 0;
        TRY(root_of(cx, &root_id));
        return show_unit(cx, req, res, root_id);
    }
    struct unit_list found = { .len = 0 };
    TRY(unit_search(cx, &q.query, &found));
    struct unit_found_view view = { .filter = filter_view(cx, &q) };
    view.rows =
        (struct unit_rows){ ARENA_NEW_ARRAY(&cx->arena, struct unit_row, found.len), found.len };
    for (size_t i = 0; i < found.len; i++)
        view.rows.at[i] = row_of(cx, &found.at[i], day_from_instant(cx->now));
    TRY(name_places(cx, &found, &view.rows));
    view.filter.found =
        str_format(&cx->arena, STR_FMT " đơn vị", STR_ARG(viet_number(&cx->arena, found.total)));
    struct url list_url = url_format(&cx->arena, "/don-vi?tim=%.*s&loai=%.*s",
                                     STR_ARG(q.query.text), STR_ARG(q.query.kind));
    view.pager = page_pager(&cx->arena, list_url, q.page_number, PAGE_ROWS, found.total);

    struct html h = page_begin(&cx->arena);
    page_unit_found(&h, &view);
    struct page page = { .title = STR("Tìm đơn vị"),
                         .place = STR("don-vi"),
                         .is_wide = true,
                         .crumb = STR("Cơ cấu tổ chức"),
                         .crumb_url = url_format(&cx->arena, "/don-vi") };
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* What stands directly in a unit, as CSV with the headings the import knows. */
static enum err export_list(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const headings[] = { "Mã", "Tên", "Cấp", "Tên đầy đủ", "Mã cấp trên" };
    int64_t id = 0;
    struct unit unit = { .id = 0 };
    struct unit_list children = { .len = 0 };
    struct question q = question_of(cx, req);
    TRY(request_id(cx, req, 0, &id));
    TRY(unit_get(cx, id, &unit));
    TRY(unit_list_children(cx, id, q.day, &children));
    response_csv_begin(res, cx, str_format(&cx->arena, "don-vi-%lld.csv", (long long)id));
    for (size_t i = 0; i < LEN(headings); i++)
        response_csv_cell(res, str_from(headings[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < children.len; i++) {
        response_csv_cell(res, children.at[i].code);
        response_csv_cell(res, children.at[i].name);
        response_csv_cell(res, unit_kind_shown(children.at[i].kind));
        response_csv_cell(res, children.at[i].full_name);
        response_csv_cell(res, unit.code);
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- Changes by form ---- */

struct change_form {
    struct str name, full_name, kind, code;
    int32_t from_day;
    struct str cause;
};

static const struct choice area_kinds[] = {
    { STR_INIT("province"), STR_INIT("tỉnh") },        { STR_INIT("city"), STR_INIT("thành phố") },
    { STR_INIT("commune"), STR_INIT("xã") },           { STR_INIT("ward"), STR_INIT("phường") },
    { STR_INIT("special_zone"), STR_INIT("đặc khu") },
};

/* clang-format off */
#define FROM_DAY { "from_day", "Có hiệu lực từ ngày", FIELD_DAY, FIELD_OF(struct change_form, from_day), .required = true }
#define CAUSE { "cause", "Căn cứ", FIELD_TEXT, FIELD_OF(struct change_form, cause), .len_max = 300, .required = true, \
                .help = "Nghị quyết, quyết định làm thay đổi" }

static const struct field rename_fields[] = {
    { "name", "Tên mới", FIELD_TEXT, FIELD_OF(struct change_form, name), .required = true,
      .help = "Với xã, phường, đặc khu, tỉnh, thành phố: chỉ ghi tên riêng" },
    FROM_DAY, CAUSE,
};
static const struct field kind_fields[] = {
    { "kind", "Loại mới", FIELD_CHOICE, FIELD_OF(struct change_form, kind), .choices = area_kinds,
      .choices_len = LEN(area_kinds), .required = true },
    FROM_DAY, CAUSE,
};
static const struct field body_fields[] = {
    { "name", "Tên cơ quan, tổ chức", FIELD_TEXT, FIELD_OF(struct change_form, name), .required = true },
    { "full_name", "Tên đầy đủ", FIELD_TEXT, FIELD_OF(struct change_form, full_name), .len_max = 400,
      .help = "Để trống thì lấy tên cơ quan kèm tên địa phương" },
    FROM_DAY, CAUSE,
};
static const struct field merge_fields[] = {
    { "code", "Mã đơn vị nhận sáp nhập", FIELD_TEXT, FIELD_OF(struct change_form, code), .len_max = 20,
      .required = true },
    FROM_DAY, CAUSE,
};
static const struct field close_fields[] = { FROM_DAY, CAUSE };
/* clang-format on */

static struct safe_html form_of(struct ctx *cx, const struct request *req, int64_t id,
                                const char *what, const struct field_table *fields,
                                const char *label, const char *confirm)
{
    struct form_view form = { .action = change_url(&cx->arena, id, what),
                              .submit_label = str_from(label),
                              .confirm = str_from(confirm),
                              .id_prefix = str_from(what),
                              .cancel_url = unit_url(&cx->arena, id) };
    request_form_view(req, fields, NULL, &form);
    return page_form(&cx->arena, &form);
}

static enum err show_change(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table rename_table = FIELD_TABLE(struct change_form, rename_fields);
    static const struct field_table kind_table = FIELD_TABLE(struct change_form, kind_fields);
    static const struct field_table body_table = FIELD_TABLE(struct change_form, body_fields);
    static const struct field_table merge_table = FIELD_TABLE(struct change_form, merge_fields);
    static const struct field_table close_table = FIELD_TABLE(struct change_form, close_fields);

    int64_t id = 0;
    struct unit unit = { .id = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(unit_get(cx, id, &unit));
    struct unit_change_view view = {
        .is_area = unit.kind != UNIT_BODY,
        .rename_form = form_of(cx, req, id, "doi-ten", &rename_table, "Đổi tên", ""),
        .merge_form =
            form_of(cx, req, id, "sap-nhap", &merge_table, "Sáp nhập", "Sáp nhập đơn vị này?"),
        .close_form = form_of(cx, req, id, "ket-thuc", &close_table, "Kết thúc",
                              "Kết thúc hoạt động của đơn vị này?"),
    };
    if (view.is_area) {
        view.kind_form = form_of(cx, req, id, "doi-loai", &kind_table, "Đổi loại", "");
        view.body_form = form_of(cx, req, id, "them-co-quan", &body_table, "Thêm", "");
    }
    struct html h = page_begin(&cx->arena);
    page_unit_change(&h, &view);
    struct page page = { .title = STR("Thay đổi đơn vị"),
                         .place = STR("don-vi"),
                         .crumb = unit.full_name,
                         .crumb_url = unit_url(&cx->arena, id) };
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err post_rename(struct ctx *cx, struct request *req, struct response *res)
{
    const struct change_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(unit_rename(cx, id, form->name, form->from_day, form->cause));
    response_redirect(cx, res, unit_url(&cx->arena, id), "Đã đổi tên đơn vị");
    return OK;
}

static enum err post_kind(struct ctx *cx, struct request *req, struct response *res)
{
    const struct change_form *form = req->form;
    enum unit_kind kind = UNIT_BODY;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    if (!unit_kind_parse(form->kind, &kind))
        return fail_field(cx, "kind", "Chọn loại đơn vị trong danh mục");
    TRY(unit_change_kind(cx, id, kind, form->from_day, form->cause));
    response_redirect(cx, res, unit_url(&cx->arena, id), "Đã đổi loại đơn vị");
    return OK;
}

static enum err post_body(struct ctx *cx, struct request *req, struct response *res)
{
    const struct change_form *form = req->form;
    int64_t id = 0, made_id = 0;
    TRY(request_id(cx, req, 0, &id));
    struct unit_new body = { .parent_id = id,
                             .kind = UNIT_BODY,
                             .sort = STR("khac"),
                             .code = STR(""),
                             .name = form->name,
                             .full_name = form->full_name,
                             .from_day = form->from_day,
                             .cause = form->cause };
    TRY(unit_create(cx, &body, &made_id));
    response_redirect(cx, res, unit_url(&cx->arena, made_id), "Đã thêm cơ quan, tổ chức");
    return OK;
}

static enum err post_merge(struct ctx *cx, struct request *req, struct response *res)
{
    const struct change_form *form = req->form;
    struct unit into = { .id = 0 };
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    enum err err = unit_find_code(cx, form->code, &into);
    if (err == ERR_NOT_FOUND || (err == OK && !unit_scope_holds(&cx->actor->scope, into.path)))
        return fail_field(cx, "code", "Không có đơn vị nào mang mã này trong phạm vi quản lý");
    TRY(err);
    TRY(unit_merge(cx, id, into.id, form->from_day, form->cause));
    response_redirect(cx, res, unit_url(&cx->arena, into.id), "Đã sáp nhập đơn vị");
    return OK;
}

static enum err post_close(struct ctx *cx, struct request *req, struct response *res)
{
    const struct change_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(unit_close(cx, id, form->from_day, form->cause));
    response_redirect(cx, res, unit_url(&cx->arena, id), "Đã kết thúc hoạt động của đơn vị");
    return OK;
}

/* ---- The statistics office's list ---- */

struct import_form {
    int32_t from_day;
    struct str cause;
    struct str list;
};

/* clang-format off */
static const struct field upload_fields[] = {
    { "from_day", "Có hiệu lực từ ngày", FIELD_DAY, FIELD_OF(struct import_form, from_day), .required = true },
    { "cause", "Căn cứ", FIELD_TEXT, FIELD_OF(struct import_form, cause), .len_max = 300, .required = true },
};
static const struct field apply_fields[] = {
    { "from_day", "Có hiệu lực từ ngày", FIELD_DAY, FIELD_OF(struct import_form, from_day), .required = true },
    { "cause", "Căn cứ", FIELD_TEXT, FIELD_OF(struct import_form, cause), .len_max = 300, .required = true },
    { "list", "Danh mục", FIELD_LINES, FIELD_OF(struct import_form, list), .len_max = UNIT_IMPORT_BYTES_MAX,
      .required = true },
};
/* clang-format on */

static enum err show_import(struct ctx *cx, struct request *req, struct response *res)
{
    struct unit_import_view view = {
        .action = url_format(&cx->arena, "/don-vi/nhap/xem-truoc"),
        .hidden = page_form_hidden(&cx->arena, req->csrf, req->fact_id),
        .day = day_format(&cx->arena, day_from_instant(cx->now)),
        .error = req->refused ? str_from(req->refused->words) : STR(""),
    };
    struct html h = page_begin(&cx->arena);
    page_unit_import(&h, &view);
    struct page page = { .title = STR("Nhập danh mục đơn vị hành chính"),
                         .place = STR("don-vi"),
                         .crumb = STR("Cơ cấu tổ chức"),
                         .crumb_url = url_format(&cx->arena, "/don-vi") };
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* What a preview found, read before the writer is asked for. */
struct prepared_import {
    struct unit_import import;
    struct unit_import_changes changes;
};

static enum err prepare_preview(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct import_form *form = req->form;
    const struct request_file *file = request_file(req, "tep");
    struct prepared_import *prepared = ARENA_NEW(&cx->arena, struct prepared_import);
    if (!file || file->content.len == 0)
        return fail_field(cx, "tep", "Chọn tệp danh mục ở dạng CSV");
    TRY(unit_import_read(cx, file->content, &prepared->import));
    TRY(unit_import_preview(cx, &prepared->import, form->from_day, &prepared->changes));
    req->prepared = prepared;
    return OK;
}

static void fill_counts(struct ctx *cx, struct unit_preview_view *view)
{
    view->words = ARENA_NEW_ARRAY(&cx->arena, struct str, view->changes->len);
    for (size_t i = 0; i < view->changes->len; i++)
        view->words[i] = unit_change_words(view->changes->at[i].change);
    for (enum unit_change change = UNIT_ADDED; change < UNIT_CHANGE_COUNT; change++)
        if (view->changes->counts[change] > 0)
            view->counts[view->counts_len++] =
                str_format(&cx->arena, STR_FMT ": %zu", STR_ARG(unit_change_words(change)),
                           view->changes->counts[change]);
}

/* Nothing is written: the page asks, and carries the list to where the answer goes. */
static enum err post_preview(struct ctx *cx, struct request *req, struct response *res)
{
    const struct import_form *form = req->form;
    const struct prepared_import *prepared = req->prepared;
    struct unit_preview_view view = {
        .action = url_format(&cx->arena, "/don-vi/nhap"),
        .back_url = url_format(&cx->arena, "/don-vi/nhap"),
        .hidden = page_form_hidden(&cx->arena, req->csrf, req->fact_id),
        .list = unit_import_write(&cx->arena, &prepared->import),
        .day = day_format(&cx->arena, form->from_day),
        .day_words = day_format(&cx->arena, form->from_day),
        .cause = form->cause,
        .rows = prepared->import.len,
        .changes = &prepared->changes,
    };
    fill_counts(cx, &view);
    struct html h = page_begin(&cx->arena);
    page_unit_preview(&h, &view);
    struct page page = { .title = STR("Danh mục này làm thay đổi những gì?"),
                         .place = STR("don-vi"),
                         .is_wide = true,
                         .crumb = STR("Nhập danh mục"),
                         .crumb_url = view.back_url };
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err prepare_apply(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct import_form *form = req->form;
    struct unit_import *import = ARENA_NEW(&cx->arena, struct unit_import);
    TRY(unit_import_read(cx, form->list, import));
    req->prepared = import;
    return OK;
}

static enum err post_apply(struct ctx *cx, struct request *req, struct response *res)
{
    const struct import_form *form = req->form;
    size_t changes = 0;
    TRY(unit_import_apply(cx, req->prepared, form->from_day, form->cause, &changes));
    response_redirect(cx, res, url_format(&cx->arena, "/don-vi"),
                      "Đã ghi %zu thay đổi theo danh mục", changes);
    return OK;
}

/* clang-format off */
#define CHANGE(pattern_text, handler_name, form_fields)                                                \
    { METHOD_POST, STR_INIT(pattern_text), PERMISSION_UNIT_WRITE, handler_name,                        \
      FIELD_TABLE(struct change_form, form_fields), .again = show_change }

static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/don-vi"), PERMISSION_UNIT_READ, show_list, NO_FORM },
    { METHOD_GET, STR_INIT("/don-vi/nhap"), PERMISSION_UNIT_WRITE, show_import, NO_FORM },
    { METHOD_POST, STR_INIT("/don-vi/nhap/xem-truoc"), PERMISSION_UNIT_WRITE, post_preview,
      FIELD_TABLE(struct import_form, upload_fields), .flags = ROUTE_FILE,
      .body_max = UNIT_IMPORT_BYTES_MAX + REQUEST_BODY_BYTES, .prepare = prepare_preview, .again = show_import },
    { METHOD_POST, STR_INIT("/don-vi/nhap"), PERMISSION_UNIT_WRITE, post_apply,
      FIELD_TABLE(struct import_form, apply_fields), .body_max = 3 * UNIT_IMPORT_BYTES_MAX,
      .prepare = prepare_apply, .again = show_import },
    { METHOD_GET, STR_INIT("/don-vi/{id}"), PERMISSION_UNIT_READ, show_one, NO_FORM },
    { METHOD_GET, STR_INIT("/don-vi/{id}/danh-sach"), PERMISSION_UNIT_READ, export_list, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/don-vi/{id}/thay-doi"), PERMISSION_UNIT_WRITE, show_change, NO_FORM },
    CHANGE("/don-vi/{id}/doi-ten", post_rename, rename_fields),
    CHANGE("/don-vi/{id}/doi-loai", post_kind, kind_fields),
    CHANGE("/don-vi/{id}/them-co-quan", post_body, body_fields),
    CHANGE("/don-vi/{id}/sap-nhap", post_merge, merge_fields),
    CHANGE("/don-vi/{id}/ket-thuc", post_close, close_fields),
};
/* clang-format on */
const struct route_table unit_routes = { routes, LEN(routes) };
