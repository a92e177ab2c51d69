#include "nomination/nomination_pages.h"

#include "obligation/obligation_rows.h"
#include "viet/viet.h"

/* All lists of the class in the reader's reach: who has sent, who has not, and what is wrong with the quotas. */

enum { ROWS_PER_PAGE = 100, EXPORT_MAX = 20000, DOUBLES_MAX = 100, WAITING_QUOTAS_MAX = 200, NATION_PATH_LEN = 9 };

struct question {
    struct asked asked;
    struct str state; /* "chua-gui", "muon", "da-gui", "" */
    struct str search;
    struct str like;
    int64_t page_number;
    int64_t due_at; /* of the paper asked about, else the class's; 0 none */
    bool may_seek_alike, seeks_alike; /* records of one name and day of birth; within a province, a nation has too many */
};

static enum err due_of_class(struct ctx *cx, const struct asked *asked, int64_t *ret_due_at)
{
    SQL(find, "SELECT MIN(due_at) FROM obligation WHERE (document_id = $1 OR document_id = $2) AND closes_by = 'roster_sent'"
              " AND state = 'in_force'");
    return db_i64(cx, &find, BIND(V(asked->course.id), V(asked->root_id)), ret_due_at);
}

static enum err read_question(struct ctx *cx, const struct request *req, struct question *q)
{
    TRY(asked_class(cx, req, &q->asked));
    TRY(due_of_class(cx, &q->asked, &q->due_at));
    q->state = request_value(req, "trang-thai");
    q->search = viet_clean(&cx->arena, request_value(req, "tim"));
    struct str folded = viet_fold(&cx->arena, q->search);
    q->like = folded.len > 0 ? viet_like_word(&cx->arena, folded) : STR("%");
    q->may_seek_alike = cx->actor->scope.path_lo.len > NATION_PATH_LEN;
    q->seeks_alike = q->may_seek_alike && str_eq(request_value(req, "xem"), STR("trung"));
    q->page_number = 1;
    int64_t number = 0;
    if (str_to_i64(request_value(req, "trang"), &number) && number > 1 && number < 100000)
        q->page_number = number;
    return OK;
}

#define ROSTER_FILTER                                                                                  \
    " r.root_id = $1 AND r.state <> 'withdrawn' AND u.path >= $2 AND u.path < $3 AND u.fold LIKE $4 ESCAPE '\\'" \
    " AND ($5 = 0 OR r.course_id = $5) AND ($6 = '' OR ($6 = 'sent' AND r.state = 'sent') OR ($6 = 'open' AND r.state <> 'sent'))"

static struct str wanted_state(const struct question *q)
{
    if (str_eq(q->state, STR("da-gui")))
        return STR("sent");
    return str_eq(q->state, STR("chua-gui")) || str_eq(q->state, STR("muon")) ? STR("open") : STR("");
}

/* Nobody is late before the hour. */
static bool asks_for_nobody(const struct question *q, int64_t now)
{
    return str_eq(q->state, STR("muon")) && (q->due_at == 0 || now < q->due_at);
}

static int64_t paper_of(const struct question *q)
{
    return q->asked.course.id == q->asked.root_id ? 0 : q->asked.course.id;
}

struct board_row {
    struct nomination_roster roster;
    struct nomination_quota quota; /* id 0: the unit's own list */
};

static struct board_row board_row_from(struct rows *row, int64_t due_at)
{
    struct board_row b = { .roster = { .quota_id = rows_i64(row), .due_at = due_at } };
    b.roster.unit_id = rows_i64(row);
    b.roster.unit_name = rows_str(row);
    b.roster.names = rows_i64(row);
    struct str state = rows_str(row);
    b.roster.state = str_eq(state, STR("sent"))     ? NOMINATION_SENT :
                     str_eq(state, STR("approved")) ? NOMINATION_APPROVED :
                                                      NOMINATION_DRAFT;
    b.roster.sent_at = rows_i64(row);
    b.quota.id = b.roster.quota_id;
    b.quota.text = rows_str(row);
    b.quota.seats_min = rows_i64(row);
    b.quota.seats_max = rows_i64(row);
    struct str bound = rows_str(row);
    b.quota.bound = str_eq(bound, STR("open")) ? NOMINATION_UNCAPPED :
                    str_eq(bound, STR("min"))  ? NOMINATION_AT_LEAST :
                    str_eq(bound, STR("max"))  ? NOMINATION_AT_MOST :
                                                 NOMINATION_EXACT;
    b.quota.is_each = rows_i64(row) != 0;
    b.quota.taken = rows_i64(row);
    return b;
}

static enum err list_rosters(struct ctx *cx, const struct question *q, int64_t offset, int64_t limit, struct board_row **ret_rows,
                             size_t *ret_len)
{
    SQL(list, "SELECT r.quota_id, r.unit_id, u.full_name, r.names, r.state, r.sent_at, COALESCE(q.unit_text, ''),"
              " COALESCE(q.seats_min, 0), COALESCE(q.seats_max, -1), COALESCE(q.bound, 'open'), COALESCE(q.is_each, 0),"
              " COALESCE(q.taken, 0) FROM nomination_roster r JOIN unit u ON u.id = r.unit_id"
              " LEFT JOIN nomination_quota q ON q.id = r.quota_id WHERE" ROSTER_FILTER
              " ORDER BY r.state = 'sent', u.path, r.quota_id LIMIT $7 OFFSET $8");
    const struct scope *scope = &cx->actor->scope;
    struct board_row *list_of = ARENA_NEW_ARRAY(&cx->arena, struct board_row, (size_t)limit);
    size_t len = 0;
    if (asks_for_nobody(q, cx->now)) {
        *ret_len = 0;
        return OK;
    }
    struct rows rows = db_rows(cx, &list,
                               BIND(V(q->asked.root_id), V(scope->path_lo), V(scope->path_hi), V(q->like), V(paper_of(q)),
                                    V(wanted_state(q)), V(limit), V(offset)));
    while (len < (size_t)limit && rows_next(&rows))
        list_of[len++] = board_row_from(&rows, q->due_at);
    TRY(rows_end(&rows));
    *ret_rows = list_of;
    *ret_len = len;
    return OK;
}

static enum err count_rosters(struct ctx *cx, const struct question *q, struct str state, struct str like, int64_t *ret_count)
{
    SQL(count, "SELECT COUNT(*) FROM nomination_roster r JOIN unit u ON u.id = r.unit_id WHERE" ROSTER_FILTER);
    const struct scope *scope = &cx->actor->scope;
    return db_i64(cx, &count,
                  BIND(V(q->asked.root_id), V(scope->path_lo), V(scope->path_hi), V(like), V(paper_of(q)), V(state)),
                  ret_count);
}

/* What the unit's counters hold for the class: kept by apply, so a nation's board reads four rows. */
static enum err counted(struct ctx *cx, int64_t root_id, const char *kind, int64_t *ret_value)
{
    SQL(find, "SELECT c.value FROM unit u JOIN counter c ON c.unit_id = u.id WHERE u.path = $1 AND c.kind = $2"
              " AND c.subject_id = $3");
    enum err err = db_i64(cx, &find, BIND(V(cx->actor->scope.path_lo), V(str_from(kind)), V(root_id)), ret_value);
    return err == ERR_NOT_FOUND ? OK : err;
}

static struct url filtered(struct ctx *cx, const struct question *q, const char *state)
{
    return url_format(&cx->arena, "/lop/%lld/chi-tieu?trang-thai=%s", (long long)q->asked.course.id, state);
}

static void add_figure(struct quotas_view *view, const char *label, int64_t value, int64_t all, struct url url, bool is_late)
{
    view->figures[view->figures_len++] = (struct quota_figure){ str_from(label), value, all, url, is_late };
}

static enum err fill_figures(struct ctx *cx, const struct question *q, struct quotas_view *view)
{
    int64_t total = 0;
    int64_t sent = 0;
    int64_t named = 0;
    int64_t learners_sent = 0;
    if (paper_of(q) == 0) {
        TRY(counted(cx, q->asked.root_id, "roster_total", &total));
        TRY(counted(cx, q->asked.root_id, "roster_sent", &sent));
    } else {
        TRY(count_rosters(cx, q, STR(""), STR("%"), &total));
        TRY(count_rosters(cx, q, STR("sent"), STR("%"), &sent));
    }
    TRY(counted(cx, q->asked.root_id, "learner_named", &named));
    TRY(counted(cx, q->asked.root_id, "learner_sent", &learners_sent));
    bool is_late = q->due_at != 0 && cx->now >= q->due_at;
    add_figure(view, "Danh sách đã gửi", sent, total, filtered(cx, q, "da-gui"), false);
    add_figure(view, is_late ? "Quá hạn chưa gửi" : "Chưa gửi", total - sent, 0, filtered(cx, q, is_late ? "muon" : "chua-gui"),
               is_late && total > sent);
    add_figure(view, "Học viên đã cử", named, 0, filtered(cx, q, ""), false);
    add_figure(view, "Học viên trong danh sách đã gửi", learners_sent, 0, filtered(cx, q, "da-gui"), false);
    return OK;
}

static struct str quota_words(struct arena *arena, const struct board_row *row)
{
    if (row->quota.id == 0)
        return STR("Người của đơn vị");
    return str_format(arena, STR_FMT ": %s" STR_FMT, STR_ARG(str_sub(row->quota.text, 0, 200)),
                      row->quota.is_each ? "mỗi đơn vị " : "", STR_ARG(quota_seats_words(arena, &row->quota)));
}

static struct str figures_words(struct arena *arena, const struct board_row *row)
{
    bool is_capped = row->quota.id != 0 && row->quota.seats_max >= 0;
    return is_capped ? str_format(arena, "%lld/%lld", (long long)row->roster.names, (long long)row->quota.seats_max) :
                       str_format(arena, "%lld", (long long)row->roster.names);
}

static enum err fill_rows(struct ctx *cx, const struct question *q, struct quotas_view *view)
{
    struct board_row *rows = NULL;
    size_t len = 0;
    int64_t found = 0;
    TRY(list_rosters(cx, q, (q->page_number - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE, &rows, &len));
    if (!asks_for_nobody(q, cx->now))
        TRY(count_rosters(cx, q, wanted_state(q), q->like, &found));
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct quota_line, len + 1);
    for (size_t i = 0; i < len; i++)
        view->rows[view->len++] =
            (struct quota_line){ .unit_name = rows[i].roster.unit_name, .quota = quota_words(&cx->arena, &rows[i]),
                                 .figures = figures_words(&cx->arena, &rows[i]), .mark = roster_mark(cx, &rows[i].roster),
                                 .list_url = nomination_url(&cx->arena, q->asked.course.id, rows[i].roster.unit_id) };
    view->found = str_format(&cx->arena, STR_FMT " danh sách", STR_ARG(viet_number(&cx->arena, found)));
    view->pager = page_pager(&cx->arena,
                             url_format(&cx->arena, "/lop/%lld/chi-tieu?trang-thai=%.*s&tim=%.*s",
                                        (long long)q->asked.course.id, STR_ARG(q->state), STR_ARG(q->search)),
                             q->page_number, ROWS_PER_PAGE, found);
    return OK;
}

/* ---- What is wrong ---- */

static bool may_assign(struct ctx *cx, int64_t issuer_unit_id)
{
    struct unit issuer = { .id = 0 };
    return actor_may(cx->actor, PERMISSION_NOMINATION_WRITE) && unit_find(cx, issuer_unit_id, &issuer) == OK &&
           document_is_own(cx->actor, issuer.id, issuer.path);
}

/* Quotas whose words name nobody: of papers that the reader may see. */
static enum err fill_waiting(struct ctx *cx, const struct question *q, struct quotas_view *view)
{
    SQL(list, "SELECT q.id, q.issuer_unit_id FROM nomination_quota q JOIN unit u ON u.id = q.issuer_unit_id"
              " WHERE q.root_id = $1 AND q.is_unassigned = 1 AND q.state = 'in_force' AND u.path >= $2 AND u.path < $3"
              " ORDER BY q.id LIMIT 200");
    const struct scope *scope = &cx->actor->scope;
    int64_t ids[WAITING_QUOTAS_MAX];
    int64_t issuers[WAITING_QUOTAS_MAX];
    size_t len = 0;
    struct rows rows = db_rows(cx, &list, BIND(V(q->asked.root_id), V(scope->path_lo), V(scope->path_hi)));
    while (len < WAITING_QUOTAS_MAX && rows_next(&rows)) {
        ids[len] = rows_i64(&rows);
        issuers[len++] = rows_i64(&rows);
    }
    TRY(rows_end(&rows));
    view->waiting = ARENA_NEW_ARRAY(&cx->arena, struct waiting_quota, len + 1);
    for (size_t i = 0; i < len; i++) {
        struct quota_row row = { .quota = { .id = 0 } };
        struct waiting_quota *waiting = &view->waiting[view->waiting_len++];
        TRY(quota_find(cx, ids[i], &row));
        waiting->text = row.quota.text;
        waiting->seats = quota_seats_words(&cx->arena, &row.quota);
        if (may_assign(cx, issuers[i]))
            waiting->url = url_format(&cx->arena, "/lop/%lld/chi-tieu/%lld/don-vi", (long long)q->asked.course.id,
                                      (long long)ids[i]);
    }
    return OK;
}

struct found_double {
    int64_t person_id;
    struct str name;
};

static enum err fill_doubles(struct ctx *cx, const struct question *q, struct quotas_view *view)
{
    SQL(list, "SELECT l.person_id, p.full_name FROM nomination_learner l JOIN person p ON p.id = l.person_id"
              " JOIN unit u ON u.id = l.unit_id WHERE l.root_id = $1 AND l.names > 1 AND u.path >= $2 AND u.path < $3"
              " ORDER BY p.sort_key, l.id LIMIT 100");
    /* Two records with one name and one day of birth may be one person entered twice. Looked for when asked: every name
       of the area is compared. */
    /* CROSS JOIN keeps SQLite to this order: the class's learners first, then the index of names. */
    SQL(list_alike, "SELECT p.full_name, a.full_name, b.full_name FROM nomination_learner l CROSS JOIN unit a CROSS JOIN person p"
                    " CROSS JOIN person o CROSS JOIN nomination_learner m CROSS JOIN unit b WHERE l.root_id = $1"
                    " AND l.names > 0 AND a.id = l.unit_id AND a.path >= $2 AND a.path < $3 AND p.id = l.person_id"
                    " AND o.sort_key = p.sort_key AND o.id > p.id AND o.birth_day = p.birth_day AND m.root_id = $1"
                    " AND m.person_id = o.id AND m.names > 0 AND b.id = m.unit_id AND b.path >= $2 AND b.path < $3"
                    " ORDER BY p.sort_key, l.id LIMIT 50");
    const struct scope *scope = &cx->actor->scope;
    struct found_double *found = ARENA_NEW_ARRAY(&cx->arena, struct found_double, DOUBLES_MAX);
    size_t len = 0;
    view->doubles = ARENA_NEW_ARRAY(&cx->arena, struct double_line, DOUBLES_MAX * 2);
    struct rows rows = db_rows(cx, &list, BIND(V(q->asked.root_id), V(scope->path_lo), V(scope->path_hi)));
    while (len < DOUBLES_MAX && rows_next(&rows)) {
        found[len].person_id = rows_i64(&rows);
        found[len++].name = rows_str(&rows);
    }
    TRY(rows_end(&rows));
    for (size_t i = 0; i < len; i++) {
        struct double_line *line = &view->doubles[view->doubles_len++];
        line->name = found[i].name;
        TRY(named_elsewhere(cx, q->asked.root_id, found[i].person_id, 0, 0, &line->words));
    }
    if (!q->seeks_alike)
        return OK;
    rows = db_rows(cx, &list_alike, BIND(V(q->asked.root_id), V(scope->path_lo), V(scope->path_hi)));
    while (view->doubles_len < DOUBLES_MAX * 2 && rows_next(&rows)) {
        struct double_line *line = &view->doubles[view->doubles_len++];
        line->name = rows_str(&rows);
        struct str first = rows_str(&rows);
        struct str second = rows_str(&rows);
        line->words = str_format(&cx->arena, "hai hồ sơ cùng họ tên, ngày sinh, có thể là một người: " STR_FMT "; " STR_FMT,
                                 STR_ARG(first), STR_ARG(second));
    }
    return rows_end(&rows);
}

/* The reminder of the duty that waits for these lists. */
static enum err fill_remind(struct ctx *cx, const struct question *q, struct quotas_view *view)
{
    SQL(find, "SELECT MIN(id) FROM obligation WHERE (document_id = $1 OR document_id = $2) AND closes_by = 'roster_sent'"
              " AND state = 'in_force'");
    int64_t id = 0;
    struct obligation obligation = { .id = 0 };
    TRY(db_i64(cx, &find, BIND(V(q->asked.course.id), V(q->asked.root_id)), &id));
    if (id == 0 || !actor_may(cx->actor, PERMISSION_DUTY_READ) || obligation_get(cx, id, &obligation) != OK)
        return OK;
    view->remind_url = obligation_url(&cx->arena, id);
    view->remind_words = actor_may(cx->actor, PERMISSION_DUTY_REMIND) ? STR("Nhắc các đơn vị chưa gửi") :
                                                                        STR("Tình hình thực hiện nhiệm vụ này");
    return OK;
}

enum err show_quotas(struct ctx *cx, struct request *req, struct response *res)
{
    struct question q = { .page_number = 1 };
    struct quotas_view *view = ARENA_NEW(&cx->arena, struct quotas_view);
    struct document document = { .id = 0 };
    TRY(read_question(cx, req, &q));
    TRY(document_find(cx, q.asked.course.id, &document));
    view->state = q.state;
    view->search = q.search;
    view->action = url_format(&cx->arena, "/lop/%lld/chi-tieu", (long long)q.asked.course.id);
    view->alike_url = url_format(&cx->arena, "/lop/%lld/chi-tieu?xem=trung", (long long)q.asked.course.id);
    view->alike_words = q.seeks_alike || !q.may_seek_alike ? STR("") : STR("Tìm hồ sơ trùng họ tên, ngày sinh");
    TRY(fill_figures(cx, &q, view));
    TRY(fill_waiting(cx, &q, view));
    TRY(fill_doubles(cx, &q, view));
    TRY(fill_rows(cx, &q, view));
    TRY(fill_remind(cx, &q, view));
    struct page page = { .title = STR("Ai đã gửi danh sách cử học?"), .place = STR("lop"), .is_wide = true,
                         .source = document_title(&cx->arena, &document),
                         .crumb = viet_upper_first(&cx->arena, q.asked.course.title) };
    page.crumb_url = course_url(&cx->arena, q.asked.course.id);
    page.export_url = url_format(&cx->arena, "/lop/%lld/chi-tieu/danh-sach?trang-thai=%.*s&tim=%.*s",
                                 (long long)q.asked.course.id, STR_ARG(q.state), STR_ARG(q.search));
    struct html h = page_begin(&cx->arena);
    page_quotas(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err export_quotas(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "Đơn vị", "Chỉ tiêu", "Số chỗ", "Đã cử", "Trạng thái", "Gửi lúc" };
    struct question q = { .page_number = 1 };
    struct board_row *rows = NULL;
    size_t len = 0;
    TRY(read_question(cx, req, &q));
    TRY(list_rosters(cx, &q, 0, EXPORT_MAX, &rows, &len));
    response_csv_begin(res, cx, STR("danh-sach-cu-hoc.csv"));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < len; i++) {
        const struct board_row *row = &rows[i];
        response_csv_cell(res, row->roster.unit_name);
        response_csv_cell(res, row->quota.id == 0 ? STR("Người của đơn vị") : row->quota.text);
        response_csv_cell(res, row->quota.id == 0 ? STR("") : quota_seats_words(&cx->arena, &row->quota));
        response_csv_number(res, row->roster.names);
        response_csv_cell(res, row->roster.state == NOMINATION_SENT     ? STR("Đã gửi") :
                               row->roster.state == NOMINATION_APPROVED ? STR("Đã duyệt, chưa gửi") :
                                                                          STR("Chưa gửi"));
        response_csv_cell(res, row->roster.sent_at ? instant_format(&cx->arena, row->roster.sent_at) : STR(""));
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- Saying whom a quota's words mean ---- */

/* clang-format off */
const struct field assign_fields[1] = {
    { "unit_id", "Cơ quan, đơn vị", FIELD_ID, FIELD_OF(struct roster_form, unit_id), .required = true },
};
/* clang-format on */

static enum err asked_quota(struct ctx *cx, const struct request *req, struct asked *ret_asked, struct quota_row *ret_row)
{
    int64_t quota_id = 0;
    TRY(asked_class(cx, req, ret_asked));
    TRY(request_id(cx, req, 1, &quota_id));
    TRY(quota_find(cx, quota_id, ret_row));
    if (ret_row->quota.root_id != ret_asked->root_id || ret_row->is_withdrawn || !may_assign(cx, ret_row->issuer_unit_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy chỉ tiêu này");
    return OK;
}

static enum err fill_assigned(struct ctx *cx, int64_t quota_id, struct assign_view *view)
{
    SQL(list, "SELECT u.full_name FROM nomination_roster r JOIN unit u ON u.id = r.unit_id WHERE r.quota_id = $1"
              " ORDER BY u.path LIMIT 50");
    view->assigned = ARENA_NEW_ARRAY(&cx->arena, struct str, 50);
    struct rows rows = db_rows(cx, &list, BIND(V(quota_id)));
    while (view->assigned_len < 50 && rows_next(&rows))
        view->assigned[view->assigned_len++] = rows_str(&rows);
    return rows_end(&rows);
}

static enum err fill_units(struct ctx *cx, const struct request *req, const struct asked *asked, int64_t quota_id,
                           struct assign_view *view)
{
    enum { UNITS_MAX = 30 };
    struct unit_list units = { .len = 0 };
    struct unit_query query = { .text = view->search, .kind = STR("body"), .sort = STR(""), .limit = UNITS_MAX };
    TRY(unit_search(cx, &query, &units));
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct found_line, units.len + 1);
    for (size_t i = 0; i < units.len; i++) {
        struct row_form form = { .unit_id = units.at[i].id, .label = STR("Giao chỉ tiêu") };
        form.action = url_format(&cx->arena, "/lop/%lld/chi-tieu/%lld/don-vi", (long long)asked->course.id, (long long)quota_id);
        form.hidden = page_form_hidden(&cx->arena, req->csrf, form_own_id(&cx->arena, req, units.at[i].id));
        struct html h = page_begin(&cx->arena);
        part_row_form(&h, &form);
        view->rows[view->len++] =
            (struct found_line){ .name = units.at[i].full_name, .button = page_end(&h) };
    }
    return OK;
}

enum err show_assign(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct quota_row row = { .quota = { .id = 0 } };
    struct assign_view view = { .len = 0 };
    TRY(asked_quota(cx, req, &asked, &row));
    view.text = row.quota.text;
    view.seats = quota_seats_words(&cx->arena, &row.quota);
    TRY(quota_cite(cx, &row.quota, &view.paper));
    view.paper_url = document_url_paragraph(&cx->arena, row.quota.course_id, row.quota.paragraph > 0 ? row.quota.paragraph : 1);
    view.action = url_format(&cx->arena, "/lop/%lld/chi-tieu/%lld/don-vi", (long long)asked.course.id, (long long)row.quota.id);
    view.search = viet_clean(&cx->arena, request_value(req, "tim"));
    view.back_url = url_format(&cx->arena, "/lop/%lld/chi-tieu", (long long)asked.course.id);
    TRY(fill_assigned(cx, row.quota.id, &view));
    if (view.search.len > 0)
        TRY(fill_units(cx, req, &asked, row.quota.id, &view));
    struct page page = { .title = STR("Chỉ tiêu này giao cho đơn vị nào?"), .place = STR("lop"),
                         .crumb = STR("Chỉ tiêu của lớp"), .crumb_url = view.back_url };
    if (req->refused)
        page.error = str_copy(&cx->arena, str_from(req->refused->words));
    struct html h = page_begin(&cx->arena);
    page_assign(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err post_assign(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    struct quota_row row = { .quota = { .id = 0 } };
    struct unit unit = { .id = 0 };
    TRY(asked_quota(cx, req, &asked, &row));
    TRY(nomination_assign(cx, row.quota.id, form->unit_id));
    TRY(unit_get(cx, form->unit_id, &unit));
    response_redirect(cx, res, url_format(&cx->arena, "/lop/%lld/chi-tieu", (long long)asked.course.id),
                      "Đã giao chỉ tiêu cho " STR_FMT, STR_ARG(unit.full_name));
    return OK;
}

/* ---- The class's page ---- */

static enum err add_own_line(struct ctx *cx, const struct course *course, int64_t root_id, const struct unit *unit,
                             const struct nomination_quota *quota, struct class_block *block)
{
    struct nomination_roster roster = { .version = 0 };
    TRY(nomination_get_roster(cx, quota ? quota->id : 0, root_id, unit->id, &roster));
    struct str due = roster.due_at == 0 ? STR("") :
                                          str_format(&cx->arena, ", hạn " STR_FMT,
                                                     STR_ARG(roster_due_words(&cx->arena, roster.due_at)));
    struct str taken = quota ? taken_words(&cx->arena, quota) : str_format(&cx->arena, "%lld", (long long)roster.names);
    block->lines[block->len] = str_format(&cx->arena, "Danh sách cử học%s" STR_FMT ": " STR_FMT STR_FMT, quota ? " " : "",
                                          STR_ARG(quota ? str_format(&cx->arena, "(" STR_FMT ")", STR_ARG(str_sub(quota->text, 0, 120))) : STR("")),
                                          STR_ARG(taken), STR_ARG(due));
    block->urls[block->len] = nomination_url(&cx->arena, course->id, unit->id);
    block->marks[block->len++] = roster_mark(cx, &roster);
    return OK;
}

enum err nomination_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block)
{
    struct nomination_quotas quotas = { .len = 0 };
    struct own_list own = { .is_allowed = false };
    struct class_block block = { .len = 0 };
    struct unit unit = { .id = 0 };
    int64_t root_id = 0;
    int64_t total = 0;
    int64_t sent = 0;
    if (!actor_may(cx->actor, PERMISSION_NOMINATION_READ) || cx->actor->unit_id == 0 ||
        unit_get(cx, cx->actor->unit_id, &unit) != OK)
        return OK;
    TRY(course_find_root(cx, course->id, &root_id));
    TRY(nomination_list_quotas_of_unit(cx, root_id, unit.id, &quotas));
    TRY(own_list_find(cx, root_id, &unit, &own));
    block.lines = ARENA_NEW_ARRAY(&cx->arena, struct str, quotas.len + 1);
    block.urls = ARENA_NEW_ARRAY(&cx->arena, struct url, quotas.len + 1);
    block.marks = ARENA_NEW_ARRAY(&cx->arena, struct safe_html, quotas.len + 1);
    for (size_t i = 0; i < quotas.len; i++)
        TRY(add_own_line(cx, course, root_id, &unit, &quotas.at[i], &block));
    if (own.is_allowed && quotas.len == 0)
        TRY(add_own_line(cx, course, root_id, &unit, NULL, &block));
    TRY(counted(cx, root_id, "roster_total", &total));
    TRY(counted(cx, root_id, "roster_sent", &sent));
    if (total > 0)
        block.board_words = str_format(&cx->arena, "Danh sách các đơn vị đã gửi: " STR_FMT "/" STR_FMT,
                                       STR_ARG(viet_number(&cx->arena, sent)), STR_ARG(viet_number(&cx->arena, total)));
    block.board_url = url_format(&cx->arena, "/lop/%lld/chi-tieu", (long long)course->id);
    if (block.len == 0 && total == 0)
        return OK;
    struct html h = page_begin(&cx->arena);
    part_class_block(&h, &block);
    *ret_block = page_end(&h);
    return OK;
}
