#include "document/document_pages.h"

#include "document/document_read.h"
#include "unit/unit.h"

/* ---- What the pages of this room share ---- */

struct str form_fact_id(struct arena *arena, const struct request *req, unsigned char number)
{
    unsigned char id[16];
    if (!str_to_bytes_hex(req->fact_id, id, sizeof id))
        return req->fact_id;
    id[15] = (unsigned char)(id[15] ^ number);
    return str_from_bytes_hex(arena, id, sizeof id);
}

struct safe_html document_state_mark(struct arena *arena, const struct document *document)
{
    enum state_mark mark = MARK_UNKNOWN;
    if (str_eq(document->state, DOCUMENT_STATE_ISSUED))
        mark = MARK_DONE;
    else if (str_eq(document->state, DOCUMENT_STATE_AMENDED))
        mark = MARK_SOON;
    else if (str_eq(document->state, DOCUMENT_STATE_RECALLED))
        mark = MARK_LATE;
    return page_mark(arena, mark, document_state_name(document->state));
}

static const struct choice kind_choices[] = {
#define X(name, stored, shown, state_abbreviation, party_abbreviation) \
    { STR_INIT(stored), STR_INIT(shown) },
    DOCUMENT_KIND_LIST(X)
#undef X
};

/* ---- The list ---- */

static const struct {
    const char *name, *label;
    enum document_box box;
    bool only_unread;
    const char *why_empty, *what_next;
} boxes[] = {
    { "den", "Văn bản đến", DOCUMENT_BOX_RECEIVED, false, "Đơn vị chưa nhận được văn bản nào.",
      "Văn bản xuất hiện ở đây khi cơ quan ban hành gửi tới đơn vị." },
    { "chua", "Chưa tiếp nhận", DOCUMENT_BOX_RECEIVED, true, "Không còn văn bản nào chờ tiếp nhận.",
      "Đơn vị đã tiếp nhận mọi văn bản được gửi tới." },
    { "di", "Văn bản đi", DOCUMENT_BOX_OWN, false, "Đơn vị chưa ban hành văn bản nào.",
      "Soạn dự thảo rồi ban hành để văn bản tới các nơi nhận." },
    { "tat-ca", "Tất cả", DOCUMENT_BOX_ALL, false,
      "Chưa có văn bản nào trong phạm vi của đồng chí.",
      "Văn bản của đơn vị, của cấp dưới và văn bản gửi tới cấp dưới đều có ở đây." },
    { "du-thao", "Dự thảo", DOCUMENT_BOX_DRAFTS, false, "Chưa có dự thảo nào.",
      "Dự thảo chưa ràng buộc đơn vị nào; soạn mới ở góc trên của trang này." },
};
enum { BOX_RECEIVED, BOX_UNREAD, BOX_OWN, BOX_ALL, BOX_DRAFTS };

static size_t box_of(const struct ctx *cx, const struct request *req)
{
    struct str name = request_value(req, "hop");
    for (size_t i = 0; i < LEN(boxes); i++) {
        if (str_eq(name, str_from(boxes[i].name)))
            return i;
    }
    return actor_may(cx->actor, PERMISSION_DOCUMENT_RECEIVE) ? BOX_RECEIVED : BOX_ALL;
}

static int64_t page_of(const struct request *req)
{
    enum { PAGE_MAX = 100000 };
    int64_t number = 1;
    if (!str_to_i64(request_value(req, "trang"), &number) || number < 1 || number > PAGE_MAX)
        return 1;
    return number;
}

static struct document_query query_of(const struct request *req, size_t box)
{
    int64_t offset = (page_of(req) - 1) * DOCUMENT_PAGE_ROWS;
    return (struct document_query){ boxes[box].box,
                                    boxes[box].only_unread,
                                    request_value(req, "loai"),
                                    request_value(req, "tinh-trang"),
                                    request_value(req, "tim"),
                                    DOCUMENT_PAGE_ROWS,
                                    offset };
}

static struct url list_url(struct arena *arena, size_t box, const struct document_query *query,
                           int64_t page)
{
    return url_format(arena, "/van-ban?hop=%s&tim=%.*s&loai=%.*s&tinh-trang=%.*s&trang=%lld",
                      boxes[box].name, STR_ARG(query->text), STR_ARG(query->kind),
                      STR_ARG(query->state), (long long)page);
}

static struct safe_html line_mark(struct ctx *cx, const struct document_row *row, size_t box)
{
    struct arena *arena = &cx->arena;
    bool is_received = boxes[box].box == DOCUMENT_BOX_RECEIVED;
    bool is_in_force = str_eq(row->document.state, DOCUMENT_STATE_ISSUED) ||
                       str_eq(row->document.state, DOCUMENT_STATE_AMENDED);
    if (!is_received || !is_in_force)
        return document_state_mark(arena, &row->document);
    if (row->acknowledged_at > 0)
        return page_mark(arena, MARK_DONE,
                         str_format(arena, "Đã tiếp nhận " STR_FMT,
                                    STR_ARG(instant_format(arena, row->acknowledged_at))));
    return page_mark(arena, MARK_DUE, STR("Chưa tiếp nhận"));
}

static struct document_line line_of(struct ctx *cx, const struct document_row *row, size_t box)
{
    struct arena *arena = &cx->arena;
    const struct document *d = &row->document;
    return (struct document_line){
        .url = document_url(arena, d->id),
        .cite = d->number.len > 0 ? document_cite(arena, d) : STR("(chưa có số)"),
        .kind = document_kind_name(d->kind),
        .title = d->title,
        .issuer = d->issuer_name,
        .date = d->issued_day == DAY_NONE ? STR("") : day_format(arena, d->issued_day),
        .mark = line_mark(cx, row, box),
        .counts_url = url_format(arena, "/van-ban/%lld/noi-nhan", (long long)d->id),
        .sent = row->sent,
        .received = row->received,
    };
}

static void add_tab(struct document_list_view *view, struct arena *arena, size_t box,
                    size_t current)
{
    struct url url = url_format(arena, "/van-ban?hop=%s", boxes[box].name);
    view->tabs[view->tabs_len++] = (struct document_tab){ url, boxes[box].label, box == current };
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    size_t box = box_of(cx, req);
    struct document_query query = query_of(req, box);
    struct document_rows rows = { 0 };
    TRY(document_list(cx, &query, &rows));
    struct document_list_view view = { .box = str_from(boxes[box].name),
                                       .text = query.text,
                                       .kind = query.kind,
                                       .state = query.state,
                                       .kinds = kind_choices,
                                       .kinds_len = LEN(kind_choices),
                                       .why_empty = boxes[box].why_empty,
                                       .what_next = boxes[box].what_next };
    if (query.text.len + query.kind.len + query.state.len > 0) {
        view.why_empty = "Không có văn bản nào đúng với điều kiện lọc.";
        view.what_next =
            "Xin bỏ bớt điều kiện, hoặc tìm bằng ít chữ hơn; gõ có dấu hay không dấu đều được.";
    }
    bool may_draft = actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT);
    for (size_t i = 0; i < LEN(boxes); i++) {
        if (i != BOX_DRAFTS || may_draft || actor_may(cx->actor, PERMISSION_DOCUMENT_ISSUE))
            add_tab(&view, arena, i, box);
    }
    view.lines = ARENA_NEW_ARRAY(arena, struct document_line, rows.len + 1);
    for (size_t i = 0; i < rows.len; i++)
        view.lines[view.lines_len++] = line_of(cx, &rows.at[i], box);
    int64_t number = page_of(req);
    if (number > 1)
        view.before_url = list_url(arena, box, &query, number - 1);
    if (rows.has_more)
        view.next_url = list_url(arena, box, &query, number + 1);
    struct page page = { .title = STR("Văn bản"), .place = STR("van-ban"), .is_wide = true };
    page.export_url =
        url_format(arena, "/van-ban/danh-sach.csv?hop=%s&tim=%.*s&loai=%.*s&tinh-trang=%.*s",
                   boxes[box].name, STR_ARG(query.text), STR_ARG(query.kind), STR_ARG(query.state));
    struct html actions = page_begin(arena);
    if (may_draft) {
        part_document_link(&actions, url_format(arena, "/van-ban/soan"), "Soạn văn bản", false);
        part_document_link(&actions, url_format(arena, "/nhan-van-ban"), "Nhận văn bản", true);
    }
    page.actions = page_end(&actions);
    struct html h = page_begin(arena);
    page_document_list(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err send_list(struct ctx *cx, struct request *req, struct response *res)
{
    size_t box = box_of(cx, req);
    struct document_query query = query_of(req, box);
    struct document_rows rows = { 0 };
    query.offset = 0;
    query.limit = 0; /* as many as a list may have */
    TRY(document_list(cx, &query, &rows));
    response_csv_begin(res, cx, STR("van-ban.csv"));
    static const char *const heads[] = { "Số, ký hiệu",      "Loại",        "Trích yếu",
                                         "Cơ quan ban hành", "Ngày",        "Tình trạng",
                                         "Đã gửi",           "Đã tiếp nhận" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < rows.len; i++) {
        struct document_line line = line_of(cx, &rows.at[i], box);
        response_csv_cell(res, line.cite);
        response_csv_cell(res, line.kind);
        response_csv_cell(res, line.title);
        response_csv_cell(res, line.issuer);
        response_csv_cell(res, line.date);
        response_csv_cell(res, document_state_name(rows.at[i].document.state));
        response_csv_number(res, line.sent);
        response_csv_number(res, line.received);
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- Who has a paper ---- */

static const struct {
    const char *name, *label;
} delivery_filters[] = {
    [DELIVERY_ALL] = { "", "Tất cả" },
    [DELIVERY_SILENT] = { "chua", "Chưa tiếp nhận" },
    [DELIVERY_ACKNOWLEDGED] = { "da", "Đã tiếp nhận" },
};

static enum document_delivery_filter delivery_filter_of(const struct request *req)
{
    for (size_t i = 0; i < LEN(delivery_filters); i++) {
        if (str_eq(request_value(req, "loc"), str_from(delivery_filters[i].name)))
            return (enum document_delivery_filter)i;
    }
    return DELIVERY_ALL;
}

static struct delivery_line delivery_line_of(struct arena *arena,
                                             const struct document_delivery *delivery)
{
    struct delivery_line line = { .unit = delivery->unit_name, .who = delivery->acknowledged_by };
    /* A central body stands where a province would: its own name twice would say nothing. */
    line.province =
        str_eq(delivery->province_name, delivery->unit_name) ? STR("") : delivery->province_name;
    line.mark =
        delivery->acknowledged_at == 0
            ? page_mark(arena, MARK_DUE, STR("Chưa tiếp nhận"))
            : page_mark(arena, MARK_DONE,
                        str_format(arena, "Đã tiếp nhận " STR_FMT,
                                   STR_ARG(instant_format(arena, delivery->acknowledged_at))));
    return line;
}

static enum err show_deliveries(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0, number = page_of(req);
    struct document document = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    struct document_delivery_query query = { delivery_filter_of(req), DOCUMENT_DELIVERY_ROWS,
                                             (number - 1) * DOCUMENT_DELIVERY_ROWS };
    struct document_deliveries list = { 0 };
    struct deliveries_view view = { .paper_url = document_url(arena, id),
                                    .cite = document_cite(arena, &document) };
    TRY(document_list_deliveries(cx, &document, &query, &list));
    TRY(document_count_deliveries(cx, &document, &view.sent, &view.received));
    struct delivery_line *lines = ARENA_NEW_ARRAY(arena, struct delivery_line, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        lines[i] = delivery_line_of(arena, &list.at[i]);
    view.lines = lines;
    view.lines_len = list.len;
    for (size_t i = 0; i < LEN(delivery_filters); i++) {
        struct url url = url_format(arena, "/van-ban/%lld/noi-nhan?loc=%s", (long long)id,
                                    delivery_filters[i].name);
        view.tabs[i] =
            (struct document_tab){ url, delivery_filters[i].label, i == (size_t)query.filter };
    }
    const char *filter = delivery_filters[query.filter].name;
    if (number > 1)
        view.before_url = url_format(arena, "/van-ban/%lld/noi-nhan?loc=%s&trang=%lld",
                                     (long long)id, filter, (long long)number - 1);
    if (list.has_more)
        view.next_url = url_format(arena, "/van-ban/%lld/noi-nhan?loc=%s&trang=%lld", (long long)id,
                                   filter, (long long)number + 1);
    struct page page = { .title = STR("Ai đã tiếp nhận văn bản?"),
                         .place = STR("van-ban"),
                         .crumb = document_title(arena, &document),
                         .crumb_url = view.paper_url,
                         .source = document_title(arena, &document),
                         .is_wide = true };
    page.export_url = url_format(arena, "/van-ban/%lld/noi-nhan.csv?loc=%s", (long long)id, filter);
    struct html h = page_begin(arena);
    page_document_deliveries(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err send_deliveries(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct document document = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    struct document_delivery_query query = { .filter = delivery_filter_of(req) };
    struct document_deliveries list = { 0 };
    TRY(document_list_deliveries(cx, &document, &query, &list));
    response_csv_begin(res, cx, STR("noi-nhan.csv"));
    static const char *const heads[] = { "Đơn vị", "Tỉnh, thành phố", "Gửi lúc", "Tiếp nhận lúc",
                                         "Người tiếp nhận" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < list.len; i++) {
        const struct document_delivery *d = &list.at[i];
        response_csv_cell(res, d->unit_name);
        response_csv_cell(res, str_eq(d->province_name, d->unit_name) ? STR("") : d->province_name);
        response_csv_cell(res, instant_format(&cx->arena, d->sent_at));
        response_csv_cell(res, d->acknowledged_at ? instant_format(&cx->arena, d->acknowledged_at)
                                                  : STR(""));
        response_csv_cell(res, d->acknowledged_by);
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- Acknowledging: one button ---- */

static enum err post_acknowledge(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0, first_at = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(document_acknowledge(cx, id, &first_at));
    struct str when = instant_format(&cx->arena, first_at);
    response_redirect(cx, res, document_url(&cx->arena, id),
                      "Đơn vị đã tiếp nhận văn bản lúc " STR_FMT ".", STR_ARG(when));
    return OK;
}

/* ---- Routes ---- */

static const struct choice relation_choices[] = {
#define X(name, stored, down, up) { STR_INIT(stored), STR_INIT(down) },
    DOCUMENT_RELATION_LIST(X)
#undef X
};

/* clang-format off */
static const struct field recall_fields[] = {
    { "reason", "Lý do thu hồi", FIELD_LINES, FIELD_OF(struct recall_form, reason), .len_max = 1000, .required = true,
      .help = "Các đơn vị đã nhận sẽ thấy lý do này." },
};
static const struct field recipient_form_fields[] = {
    { "ordinal", "Dòng", FIELD_ID, FIELD_OF(struct recipient_form, ordinal), .required = true },
    { "sort", "Loại cơ quan", FIELD_TEXT, FIELD_OF(struct recipient_form, sort), .len_max = 60 },
};
static const struct field relation_form_fields[] = {
    { "relation", "Quan hệ", FIELD_CHOICE, FIELD_OF(struct relation_form, relation), .choices = relation_choices,
      .choices_len = LEN(relation_choices), .required = true },
    { "number", "Số, ký hiệu", FIELD_TEXT, FIELD_OF(struct relation_form, number), .len_max = 60,
      .help = "Ví dụ 664-KH/HVCTQG hoặc 700/QĐ-TTg; để trống khi sẽ có kế hoạch riêng." },
    { "day", "Ngày", FIELD_DAY, FIELD_OF(struct relation_form, day) },
    { "issuer", "Cơ quan ban hành", FIELD_TEXT, FIELD_OF(struct relation_form, issuer), .len_max = 300 },
    { "text", "Nội dung", FIELD_TEXT, FIELD_OF(struct relation_form, text), .len_max = 1000,
      .help = "Chỉ dùng cho “Sẽ có kế hoạch riêng”: kế hoạch về việc gì." },
};
static const struct field material_form_fields[] = {
    { "name", "Tên tài liệu", FIELD_TEXT, FIELD_OF(struct material_form, name), .len_max = 300, .required = true },
    { "link", "Địa chỉ phim bài giảng", FIELD_TEXT, FIELD_OF(struct material_form, link), .len_max = 500,
      .help = "Bắt đầu bằng https://; dùng thay cho tệp." },
    { "deliver_before", "Chuyển trước ngày", FIELD_DAY, FIELD_OF(struct material_form, deliver_before) },
};
const struct field_table recall_form_table = FIELD_TABLE(struct recall_form, recall_fields);
const struct field_table recipient_form_table = FIELD_TABLE(struct recipient_form, recipient_form_fields);
const struct field_table relation_form_table = FIELD_TABLE(struct relation_form, relation_form_fields);
const struct field_table material_form_table = FIELD_TABLE(struct material_form, material_form_fields);

enum { MATERIAL_BODY_MAX = MATERIAL_BYTES_MAX + 64 * 1024 };

static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/van-ban"), PERMISSION_DOCUMENT_READ, show_list, NO_FORM },
    { METHOD_GET,  STR_INIT("/van-ban/danh-sach.csv"), PERMISSION_DOCUMENT_READ, send_list, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET,  STR_INIT("/van-ban/{id}"), PERMISSION_DOCUMENT_READ, document_show_paper, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/tiep-nhan"), PERMISSION_DOCUMENT_RECEIVE, post_acknowledge, NO_FORM,
      .flags = ROUTE_TOKEN },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/noi-nhan"), PERMISSION_DOCUMENT_READ, show_deliveries, NO_FORM },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/noi-nhan.csv"), PERMISSION_DOCUMENT_READ, send_deliveries, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_POST, STR_INIT("/van-ban/{id}/noi-nhan"), PERMISSION_DOCUMENT_DRAFT, document_post_recipient,
      FIELD_TABLE(struct recipient_form, recipient_form_fields) },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/can-cu"), PERMISSION_DOCUMENT_READ, document_show_basis, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/can-cu"), PERMISSION_DOCUMENT_DRAFT, document_post_relation,
      FIELD_TABLE(struct relation_form, relation_form_fields), .again = document_show_paper },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/ban-hanh"), PERMISSION_DOCUMENT_ISSUE, document_show_issue, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/ban-hanh"), PERMISSION_DOCUMENT_ISSUE, document_post_issue, NO_FORM },
    { METHOD_GET,  STR_INIT("/van-ban/{id}/thu-hoi"), PERMISSION_DOCUMENT_ISSUE, document_show_recall, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/thu-hoi"), PERMISSION_DOCUMENT_ISSUE, document_post_recall,
      FIELD_TABLE(struct recall_form, recall_fields), .again = document_show_recall },
    { METHOD_POST, STR_INIT("/van-ban/{id}/tai-lieu"), PERMISSION_DOCUMENT_DRAFT, material_post_file,
      FIELD_TABLE(struct material_form, material_form_fields), .flags = ROUTE_FILE, .body_max = MATERIAL_BODY_MAX,
      .prepare = material_prepare_file, .again = document_show_paper },
    { METHOD_GET,  STR_INIT("/tai-lieu/{id}"), PERMISSION_DOCUMENT_READ, material_send_file, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_POST, STR_INIT("/tai-lieu/{id}/chuyen"), PERMISSION_DOCUMENT_ISSUE, material_post_deliver, NO_FORM },
    { METHOD_POST, STR_INIT("/tai-lieu/{id}/nhan"), PERMISSION_DOCUMENT_RECEIVE, material_post_receive, NO_FORM },
};
/* clang-format on */
const struct route_table document_routes = { routes, LEN(routes) };
