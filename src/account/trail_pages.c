#include "account/account_pages.h"
#include "store/fact.h"

/* --- what is asked for --- */

static enum err read_query(struct ctx *cx, const struct request *req, struct trail_query *ret_query)
{
    struct str from = request_value(req, "tu");
    struct str to = request_value(req, "den");
    struct trail_query query = { .kind = request_value(req, "viec"),
                                 .login = str_trim(request_value(req, "ai")),
                                 .from_day = DAY_NONE,
                                 .to_day = DAY_NONE };
    if (from.len > 0 && !day_parse(from, &query.from_day))
        return fail_field(cx, "tu", "Ngày bắt đầu cần dạng ngày/tháng/năm, ví dụ 21/11/2026");
    if (to.len > 0 && !day_parse(to, &query.to_day))
        return fail_field(cx, "den", "Ngày kết thúc cần dạng ngày/tháng/năm, ví dụ 21/11/2026");
    (void)str_to_i64(request_value(req, "truoc"), &query.before);
    (void)str_to_i64(request_value(req, "ban-ghi"), &query.subject_id);
    *ret_query = query;
    return OK;
}

/* The kinds one may ask for, in the words of the trail and the order of the rooms. */
static void list_kinds(struct ctx *cx, struct trail_view *view)
{
    size_t rooms_len = 0;
    size_t len = 0;
    const struct fact_kinds *rooms = fact_kinds_registered(&rooms_len);
    for (size_t i = 0; i < rooms_len; i++)
        len += rooms[i].len;
    view->kinds = ARENA_NEW_ARRAY(&cx->arena, struct choice, len + 1);
    for (size_t i = 0; i < rooms_len; i++)
        for (size_t j = 0; j < rooms[i].len; j++)
            if (rooms[i].at[j].words.len > 0)
                view->kinds[view->kinds_len++] =
                    (struct choice){ rooms[i].at[j].name, rooms[i].at[j].words };
}

static enum err show_trail(struct ctx *cx, struct request *req, struct response *res)
{
    struct trail_view view = { .shows_tabs = actor_may(cx->actor, PERMISSION_ACCOUNT_WRITE) };
    struct trail_entry *entries = ARENA_NEW_ARRAY(&cx->arena, struct trail_entry, TRAIL_PAGE_LEN);
    struct page page = { .title = STR_INIT("Nhật ký thay đổi"),
                         .place = STR_INIT("quan-tri"),
                         .is_wide = true };
    int64_t before = 0;
    if (!view.shows_tabs)
        page.place = STR("nhat-ky"); /* auditors have it in the rail */
    view.from_text = request_value(req, "tu");
    view.to_text = request_value(req, "den");
    view.query.from_day = view.query.to_day = DAY_NONE;
    if (read_query(cx, req, &view.query) != OK)
        page.error = str_copy(&cx->arena, str_from(cx->fault.words));
    else
        TRY(trail_list(cx, &view.query, entries, TRAIL_PAGE_LEN, &view.len, &before));
    view.entries = entries;
    view.times = ARENA_NEW_ARRAY(&cx->arena, struct str, view.len + 1);
    for (size_t i = 0; i < view.len; i++)
        view.times[i] = instant_format(&cx->arena, entries[i].at);
    list_kinds(cx, &view);
    if (before > 0)
        view.older_url =
            url_format(&cx->arena, "/nhat-ky?viec=%.*s&ai=%.*s&tu=%.*s&den=%.*s&truoc=%lld",
                       STR_ARG(view.query.kind), STR_ARG(view.query.login), STR_ARG(view.from_text),
                       STR_ARG(view.to_text), (long long)before);
    page.export_url = url_format(&cx->arena, "/nhat-ky.csv?viec=%.*s&ai=%.*s&tu=%.*s&den=%.*s",
                                 STR_ARG(view.query.kind), STR_ARG(view.query.login),
                                 STR_ARG(view.from_text), STR_ARG(view.to_text));
    struct html h = page_begin(&cx->arena);
    page_trail(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static void put_row(struct ctx *cx, struct response *res, const struct trail_entry *entry)
{
    response_csv_number(res, entry->seq);
    response_csv_cell(res, instant_format_iso(&cx->arena, entry->at));
    response_csv_cell(res, entry->who);
    response_csv_cell(res, entry->words);
    response_csv_cell(res, entry->unit_name);
    response_csv_number(res, entry->subject_id);
    response_csv_cell(res, entry->details);
    response_csv_end_row(res);
}

/* At most TRAIL_EXPORT_MAX rows, newest first; a longer trail is taken in stretches of days. */
static enum err export_trail(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "Số",     "Thời điểm", "Người thực hiện", "Việc",
                                         "Đơn vị", "Bản ghi",   "Nội dung" };
    struct trail_query query = { .from_day = DAY_NONE, .to_day = DAY_NONE };
    struct trail_entry *entries = ARENA_NEW_ARRAY(&cx->arena, struct trail_entry, TRAIL_PAGE_LEN);
    size_t rows = 0;
    TRY(read_query(cx, req, &query));
    response_csv_begin(res, cx, STR("nhat-ky.csv"));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    do {
        size_t len = 0;
        TRY(trail_list(cx, &query, entries, TRAIL_PAGE_LEN, &len, &query.before));
        for (size_t i = 0; i < len; i++)
            put_row(cx, res, &entries[i]);
        rows += len;
    } while (query.before > 0 && rows < TRAIL_EXPORT_MAX);
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/nhat-ky"),     PERMISSION_AUDIT_READ, show_trail, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/nhat-ky.csv"), PERMISSION_AUDIT_READ, export_trail, NO_FORM, .flags = ROUTE_SLOW },
};
/* clang-format on */

const struct route_table account_trail_routes = { routes, LEN(routes) };
