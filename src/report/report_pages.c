#include "report/report_pages.h"

#include "base/day.h"
#include "document/document.h"
#include "http/live.h"
#include "obligation/obligation.h"
#include "report/class_day.h"
#include "report/report_history.h"
#include "store/db.h"
#include "unit/unit.h"
#include "viet/viet.h"

enum { SIDE_LEN = 14, SIDE_LEN_WALL = 10 };

static const struct {
    struct str address, done, open;
    const char *live_key;
} figures[REPORT_FIGURES] = {
#define X(name, address, done, open) { STR_INIT(address), STR_INIT(done), STR_INIT(open), #name },
    REPORT_FIGURE_LIST(X)
#undef X
};

static enum report_figure figure_of(const struct request *req)
{
    struct str wanted = request_value(req, "so");
    for (size_t i = 0; i < REPORT_FIGURES; i++)
        if (str_eq(figures[i].address, wanted))
            return (enum report_figure)i;
    return REPORT_PAPER;
}

/* done and all of a figure; of LATE only done: how many are late. */
static void read_figure(const struct report_numbers *n, enum report_figure figure, int64_t *ret_done, int64_t *ret_all)
{
    switch (figure) {
    case REPORT_PAPER:
        *ret_done = n->paper_received;
        *ret_all = n->paper_sent;
        break;
    case REPORT_MATERIAL:
        *ret_done = n->material_received;
        *ret_all = n->material_sent;
        break;
    case REPORT_DUTY:
        *ret_done = n->duty_done;
        *ret_all = n->duty_total;
        break;
    case REPORT_LATE:
    case REPORT_FIGURES:
        *ret_done = n->duty_late;
        *ret_all = n->duty_total;
        break;
    }
}

static enum state_mark mark_of(const struct report_numbers *n, enum report_figure figure)
{
    int64_t done = 0;
    int64_t all = 0;
    read_figure(n, figure, &done, &all);
    if (all == 0)
        return MARK_NOT_OWED;
    if (figure == REPORT_LATE)
        return done > 0 ? MARK_LATE : MARK_DONE;
    if (done == all)
        return MARK_DONE;
    return n->duty_late > 0 && figure == REPORT_DUTY ? MARK_LATE : MARK_DUE;
}

/* The area a person follows: the root of their reach. */
static enum err own_area(struct ctx *cx, int64_t *ret_unit_id)
{
    SQL(find, "SELECT id FROM unit WHERE kind <> 'body' AND path >= $1 AND path < $2 ORDER BY path LIMIT 1");
    enum err err = db_i64(cx, &find, BIND(V(cx->actor->scope.path_lo), V(cx->actor->scope.path_hi)), ret_unit_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Đơn vị của đồng chí không phụ trách địa bàn nào; xin xem trang Hôm nay");
    return err;
}

struct papers {
    struct paper_choice *at;
    size_t len;
};

/* Issued papers that reached the area, newest first. The area is in the actor's scope, so what reached it may be seen. */
static enum err list_papers(struct ctx *cx, int64_t unit_id, struct papers *ret_papers)
{
    SQL(list,
        "SELECT d.id, d.number, d.symbol, d.regime, d.title, c.value FROM document d"
        " CROSS JOIN counter c WHERE c.kind = 'paper_sent' AND c.subject_id = d.id AND c.unit_id = $1"
        " AND d.state IN ('issued', 'amended') AND c.value > 0 ORDER BY d.issued_at DESC LIMIT $2");
    struct papers papers = { .at = ARENA_NEW_ARRAY(&cx->arena, struct paper_choice, REPORT_PAPERS_MAX) };
    struct rows rows = db_rows(cx, &list, BIND(V(unit_id), V((int64_t)REPORT_PAPERS_MAX)));
    while (papers.len < REPORT_PAPERS_MAX && rows_next(&rows)) {
        struct document document = { .id = rows_i64(&rows) };
        document.number = rows_str(&rows);
        document.symbol = rows_str(&rows);
        document.regime = rows_str(&rows);
        struct str title = rows_str(&rows);
        int64_t sent = rows_i64(&rows);
        papers.at[papers.len++] = (struct paper_choice){
            .id = document.id,
            .sent = sent,
            .words = str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(document_cite(&cx->arena, &document)),
                                STR_ARG(title)),
        };
    }
    *ret_papers = papers;
    return rows_end(&rows);
}

/* The paper asked for, else the one that went to most units here, the newest of such; 0 when none reached the area. */
static int64_t choose_paper(const struct request *req, struct papers *papers)
{
    int64_t wanted = 0;
    (void)str_to_i64(request_value(req, "van-ban"), &wanted);
    for (size_t i = 0; i < papers->len; i++) {
        if (papers->at[i].id == wanted) {
            papers->at[i].is_chosen = true;
            return wanted;
        }
    }
    if (wanted != 0 || papers->len == 0)
        return wanted;
    struct paper_choice *widest = &papers->at[0];
    for (size_t i = 1; i < papers->len; i++)
        if (papers->at[i].sent > widest->sent)
            widest = &papers->at[i];
    widest->is_chosen = true;
    return widest->id;
}

/* `at` 0 is the board as it is now. */
static struct url board_url(struct arena *arena, int64_t unit_id, int64_t document_id, enum report_figure figure, int64_t at)
{
    return url_format(arena, "/theo-doi/%lld?van-ban=%lld&so=%s%s", (long long)unit_id, (long long)document_id,
                      figures[figure].address.at, report_moment_query(arena, at));
}

static struct url list_url(struct arena *arena, int64_t unit_id, int64_t document_id, enum report_figure figure,
                           const char *ending, int64_t at)
{
    return url_format(arena, "/theo-doi/%lld/danh-sach%s?van-ban=%lld&so=%s%s", (long long)unit_id, ending,
                      (long long)document_id, figures[figure].address.at, report_moment_query(arena, at));
}

/* ---- live ---- */

/* One stream carries one paper and one figure: the subject of its topic is both. */
static int64_t stream_subject(int64_t document_id, enum report_figure figure)
{
    return document_id * REPORT_FIGURES + (int64_t)figure;
}

static void put_set(struct buf *out, const char *separator, struct str key, int64_t value)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)value);
    buf_format(out, "%s\"" STR_FMT "\":\"", separator, STR_ARG(key));
    for (int i = 0; i < len; i++) { /* 3.321, as pages write it */
        if (i > 0 && (len - i) % 3 == 0)
            buf_put_char(out, '.');
        buf_put_char(out, digits[i]);
    }
    buf_put_char(out, '"');
}

enum err report_render_live(struct ctx *cx, int64_t unit_id, int64_t subject_id, struct buf *ret_data)
{
    if (subject_id < 0)
        return class_day_render_live(cx, unit_id, subject_id, ret_data);
    enum report_figure figure = (enum report_figure)(subject_id % REPORT_FIGURES);
    struct report_board board = { .unit_id = 0 };
    TRY(report_board(cx, unit_id, subject_id / REPORT_FIGURES, &board));
    buf_format(ret_data, "{\"at\":%lld,\"set\":{", (long long)cx->now);
    for (size_t i = 0; i < REPORT_FIGURES; i++) {
        int64_t done = 0;
        int64_t all = 0;
        read_figure(&board.total, (enum report_figure)i, &done, &all);
        put_set(ret_data, i ? "," : "", str_from(figures[i].live_key), done);
    }
    for (size_t i = 0; i < board.len; i++) {
        int64_t done = 0;
        int64_t all = 0;
        read_figure(&board.rows[i].numbers, figure, &done, &all);
        put_set(ret_data, ",", str_format(&cx->arena, STR_FMT ".done", STR_ARG(board.rows[i].code)), done);
    }
    buf_put(ret_data, STR("},\"mark\":{"));
    for (size_t i = 0; i < board.len; i++)
        buf_format(ret_data, "%s\"" STR_FMT "\":\"" STR_FMT "\"", i ? "," : "", STR_ARG(board.rows[i].code),
                   STR_ARG(page_mark_name(mark_of(&board.rows[i].numbers, figure))));
    buf_put(ret_data, STR("}}"));
    return OK;
}

static enum err open_stream(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t unit_id = 0;
    int64_t document_id = 0;
    TRY(request_id(cx, req, 0, &unit_id));
    if (!str_to_i64(request_value(req, "van-ban"), &document_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    struct report_board board = { .unit_id = 0 };
    TRY(report_board(cx, unit_id, document_id, &board)); /* who may not see the board may not listen to it */
    response_stream(res, unit_id, stream_subject(document_id, figure_of(req)));
    return OK;
}

/* ---- the board ---- */

static struct safe_html board_map(struct ctx *cx, const struct report_board *board, enum report_figure figure, int64_t at)
{
    struct tile *tiles = ARENA_NEW_ARRAY(&cx->arena, struct tile, board->len + 1);
    for (size_t i = 0; i < board->len; i++) {
        const struct report_row *row = &board->rows[i];
        struct tile *tile = &tiles[i];
        tile->code = row->code;
        tile->name = row->name;
        tile->url = board_url(&cx->arena, row->unit_id, board->document_id, figure, at);
        tile->mark = mark_of(&row->numbers, figure);
        read_figure(&row->numbers, figure, &tile->done, &tile->all);
        tile->words = figure == REPORT_LATE
                          ? str_format(&cx->arena, "%lld nhiệm vụ quá hạn", (long long)tile->done)
                          : str_format(&cx->arena, "còn %lld", (long long)(tile->all - tile->done));
    }
    if (board->len == 0)
        return (struct safe_html){ .markup = STR("") };
    return str_eq(board->unit_kind, STR("nation")) ? page_tile_map(&cx->arena, tiles, board->len)
                                                   : page_unit_grid(&cx->arena, tiles, board->len);
}

static void fill_tabs(struct ctx *cx, const struct report_board *board, enum report_figure figure, struct board_view *view)
{
    for (size_t i = 0; i < REPORT_FIGURES; i++) {
        struct figure_tab *tab = &view->tabs[i];
        tab->words = figures[i].done;
        tab->url = board_url(&cx->arena, board->unit_id, board->document_id, (enum report_figure)i, view->at);
        tab->live_key = figures[i].live_key;
        tab->is_chosen = i == (size_t)figure;
        tab->is_late = i == REPORT_LATE;
        read_figure(&board->total, (enum report_figure)i, &tab->done, &tab->all);
    }
}

static struct safe_html silent_mark(struct ctx *cx, const struct report_silent *one)
{
    if (one->due_at == 0)
        return page_mark(&cx->arena, MARK_DUE, STR("Chưa"));
    bool is_late = one->due_at < cx->now;
    bool is_soon = one->due_at - cx->now < DAY_MS;
    struct str left = instant_format_left(&cx->arena, one->due_at, cx->now);
    struct str words = is_late ? str_format(&cx->arena, "Quá hạn, " STR_FMT, STR_ARG(left)) : left;
    return page_mark(&cx->arena, is_late ? MARK_LATE : is_soon ? MARK_SOON : MARK_DUE, words);
}

static struct safe_html *silent_marks(struct ctx *cx, const struct report_silents *list)
{
    struct safe_html *marks = ARENA_NEW_ARRAY(&cx->arena, struct safe_html, list->len + 1);
    for (size_t i = 0; i < list->len; i++)
        marks[i] = silent_mark(cx, &list->at[i]);
    return marks;
}

static enum err fill_side(struct ctx *cx, const struct report_board *board, enum report_figure figure, struct board_view *view)
{
    TRY(report_list_silent(cx, board->unit_id, board->document_id, figure,
                           view->is_projector ? SIDE_LEN_WALL : board->len == 0 ? 200 : SIDE_LEN, &view->silents));
    view->silent_marks = silent_marks(cx, &view->silents);
    view->silent_title = figures[figure].open;
    view->silent_url = list_url(&cx->arena, board->unit_id, board->document_id, figure, "", view->at);
    if (view->at == 0 && figure == REPORT_PAPER && actor_may(cx->actor, PERMISSION_DUTY_REMIND))
        view->remind_url = obligation_url(&cx->arena, obligation_id_of(board->document_id, OBLIGATION_ACKNOWLEDGEMENT));
    return OK;
}

static struct str moment_words(struct ctx *cx, int64_t at)
{
    return str_format(&cx->arena, "như lúc " STR_FMT, STR_ARG(instant_format(&cx->arena, at)));
}

/* The frame of a board: its title, the way up, and its other shapes. */
static void fill_page(struct ctx *cx, const struct request *req, const struct unit *unit, int64_t document_id, int64_t at,
                      struct page *page)
{
    enum { PATH_STEP = 9 };
    enum report_figure figure = figure_of(req);
    page->title = str_format(&cx->arena, "Ai chưa xong · " STR_FMT,
                             STR_ARG(unit->kind == UNIT_NATION ? STR("toàn quốc") : unit->full_name));
    if (at != 0)
        page->title = str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(page->title), STR_ARG(moment_words(cx, at)));
    page->place = STR("theo-doi");
    page->is_wide = true;
    bool sees_above = unit->parent_id != 0 &&
                      unit_scope_holds(&cx->actor->scope, str_sub(unit->path, 0, unit->path.len - PATH_STEP));
    if (sees_above) {
        page->crumb = STR("Cấp trên trực tiếp");
        page->crumb_url = board_url(&cx->arena, unit->parent_id, document_id, figure, at);
    }
    if (document_id == 0)
        return;
    page->export_url = list_url(&cx->arena, unit->id, document_id, figure, ".csv", at);
    page->projector_url = url_format(&cx->arena, "/theo-doi/%lld?van-ban=%lld&so=%s%s&chieu=1", (long long)unit->id,
                                     (long long)document_id, figures[figure].address.at,
                                     report_moment_query(&cx->arena, at));
    if (at == 0) /* what is past does not move */
        page->live_url = url_format(&cx->arena, "/theo-doi/%lld/truc-tiep?van-ban=%lld&so=%s", (long long)unit->id,
                                    (long long)document_id, figures[figure].address.at);
}

static enum err render_board(struct ctx *cx, struct request *req, const struct unit *unit, const struct papers *papers,
                             int64_t document_id, int64_t at, struct page *page, struct safe_html *ret_body)
{
    enum report_figure figure = figure_of(req);
    struct report_board board = { .unit_id = 0 };
    struct document document = { .id = 0 };
    TRY(report_board(cx, unit->id, document_id, &board));
    TRY(document_get(cx, document_id, &document));
    struct board_view view = { .paper_cite = document_title(&cx->arena, &document),
                               .paper_title = document.title,
                               .paper_url = document_url(&cx->arena, document_id),
                               .self_url = url_format(&cx->arena, "/theo-doi/%lld", (long long)unit->id),
                               .papers = papers->at,
                               .papers_len = papers->len,
                               .document_id = document_id,
                               .at = at,
                               .figure_address = figures[figure].address,
                               .map = board_map(cx, &board, figure, at),
                               .map_title = figures[figure].done,
                               .is_projector = req->is_projector };
    if (at != 0) {
        view.moment_words = viet_upper_first(&cx->arena, moment_words(cx, at));
        view.moment_day = day_format(&cx->arena, day_from_instant(at));
        view.moment_hour = instant_format_time(&cx->arena, at);
        view.now_url = board_url(&cx->arena, unit->id, document_id, figure, 0);
    }
    fill_tabs(cx, &board, figure, &view);
    TRY(fill_side(cx, &board, figure, &view));
    page->source = view.paper_cite;
    struct html h = page_begin(&cx->arena);
    page_report_board(&h, &view);
    *ret_body = page_end(&h);
    return OK;
}

/* Everything read here is of the moment; what is put around the page is of now. */
static enum err read_board(struct ctx *cx, struct request *req, int64_t unit_id, int64_t at, struct page *page,
                           struct safe_html *ret_body)
{
    struct unit unit = { .id = 0 };
    struct papers papers = { .at = NULL };
    if (unit_id == 0)
        TRY(own_area(cx, &unit_id));
    TRY(unit_get(cx, unit_id, &unit));
    TRY(list_papers(cx, unit_id, &papers));
    int64_t document_id = choose_paper(req, &papers);
    fill_page(cx, req, &unit, document_id, at, page);
    if (document_id != 0)
        return render_board(cx, req, &unit, &papers, document_id, at, page, ret_body);
    struct html h = page_begin(&cx->arena);
    page_report_empty(&h, at == 0 ? STR("Chưa có văn bản nào được ban hành đến địa bàn này.") :
                                    str_format(&cx->arena, STR_FMT " chưa có văn bản nào đến địa bàn này.",
                                               STR_ARG(viet_upper_first(&cx->arena, moment_words(cx, at)))));
    *ret_body = page_end(&h);
    return OK;
}

/* The view of that moment is being made: how far it is, and the page asks again by itself. */
enum err report_show_waiting(struct ctx *cx, struct request *req, struct response *res, const struct report_moment *moment)
{
    struct waiting_view view = { .progress = moment->progress, .facts = moment->facts,
                                 .moment_words = moment_words(cx, moment->at) };
    struct page page = { .title = str_format(&cx->arena, "Đang dựng lại bảng " STR_FMT, STR_ARG(view.moment_words)),
                         .place = STR("theo-doi"), .refreshes_soon = true };
    struct html h = page_begin(&cx->arena);
    page_report_waiting(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err show(struct ctx *cx, struct request *req, struct response *res, int64_t unit_id)
{
    struct report_moment moment = { .at = 0 };
    struct page page = { .title = STR("") };
    struct safe_html body = { .markup = STR("") };
    TRY(report_moment_begin(cx, req, &moment));
    if (!moment.is_ready)
        return report_show_waiting(cx, req, res, &moment);
    enum err err = read_board(cx, req, unit_id, moment.at, &page, &body);
    report_moment_end(cx, &moment);
    TRY(err);
    response_page(cx, req, res, &page, body);
    return OK;
}

static void put_summary_line(struct buf *out, const struct paper_choice *paper, const struct report_numbers *n)
{
    buf_format(out,
               STR_FMT "\n  tiếp nhận %lld/%lld; tài liệu %lld/%lld; nhiệm vụ xong %lld/%lld, quá hạn %lld\n",
               STR_ARG(paper->words), (long long)n->paper_received, (long long)n->paper_sent,
               (long long)n->material_received, (long long)n->material_sent, (long long)n->duty_done,
               (long long)n->duty_total, (long long)n->duty_late);
}

static void put_numbers(struct buf *out, const struct report_numbers *n)
{
    buf_format(out, "\"tong\":[%lld,%lld,%lld,%lld,%lld,%lld,%lld]", (long long)n->paper_sent,
               (long long)n->paper_received, (long long)n->material_sent, (long long)n->material_received,
               (long long)n->duty_total, (long long)n->duty_done, (long long)n->duty_late);
}

/* The whole area, and each area right below it. */
static void put_summary_json(struct buf *out, const struct paper_choice *paper, const struct report_board *board)
{
    buf_format(out, "{\"id\":%lld,\"ten\":", (long long)paper->id);
    json_put_str(out, paper->words);
    buf_put_char(out, ',');
    put_numbers(out, &board->total);
    buf_put(out, STR(",\"duoi\":["));
    for (size_t i = 0; i < board->len; i++) {
        buf_put(out, i ? STR(",{\"ma\":") : STR("{\"ma\":"));
        json_put_str(out, board->rows[i].code);
        buf_put(out, STR(",\"ten\":"));
        json_put_str(out, board->rows[i].name);
        buf_put_char(out, ',');
        put_numbers(out, &board->rows[i].numbers);
        buf_put_char(out, '}');
    }
    buf_put(out, STR("]}"));
}

enum err report_write_summary(struct ctx *cx, bool as_json, struct buf *ret_text)
{
    int64_t unit_id = 0;
    struct unit area = { .id = 0 };
    TRY(own_area(cx, &unit_id));
    TRY(unit_find(cx, unit_id, &area));
    struct papers papers = { .at = NULL };
    TRY(list_papers(cx, unit_id, &papers));
    if (as_json)
        buf_format(ret_text, "{\"don_vi\":%lld,\"ma\":\"" STR_FMT "\",\"van_ban\":[", (long long)unit_id,
                   STR_ARG(area.code));
    for (size_t i = 0; i < papers.len; i++) {
        struct report_board board = { .unit_id = 0 };
        TRY(report_board(cx, unit_id, papers.at[i].id, &board));
        if (as_json && i > 0)
            buf_put_char(ret_text, ',');
        if (as_json)
            put_summary_json(ret_text, &papers.at[i], &board);
        else
            put_summary_line(ret_text, &papers.at[i], &board.total);
    }
    if (as_json)
        buf_put(ret_text, STR("]}\n"));
    return OK;
}

static enum err show_own(struct ctx *cx, struct request *req, struct response *res)
{
    if (str_eq(request_value(req, "kieu"), STR("json"))) {
        response_json(res);
        return report_write_summary(cx, true, &res->body);
    }
    return show(cx, req, res, 0);
}

static enum err show_unit(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t unit_id = 0;
    TRY(request_id(cx, req, 0, &unit_id));
    return show(cx, req, res, unit_id);
}

/* ---- the list behind a number ---- */

static enum err read_silents(struct ctx *cx, const struct request *req, struct unit *ret_unit, struct document *ret_document,
                             struct report_silents *ret_list)
{
    int64_t unit_id = 0;
    int64_t document_id = 0;
    TRY(request_id(cx, req, 0, &unit_id));
    if (!str_to_i64(request_value(req, "van-ban"), &document_id))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    TRY(unit_get(cx, unit_id, ret_unit));
    TRY(document_get(cx, document_id, ret_document));
    return report_list_silent(cx, unit_id, document_id, figure_of(req), REPORT_SILENT_MAX, ret_list);
}

static enum err render_list(struct ctx *cx, struct request *req, int64_t at, struct page *page, struct safe_html *ret_body)
{
    struct unit unit = { .id = 0 };
    struct document document = { .id = 0 };
    enum report_figure figure = figure_of(req);
    struct silent_list_view view = { .figure_words = figures[figure].open, .has_duty = figure != REPORT_PAPER };
    TRY(read_silents(cx, req, &unit, &document, &view.silents));
    view.marks = silent_marks(cx, &view.silents);
    view.due_words = ARENA_NEW_ARRAY(&cx->arena, struct str, view.silents.len + 1);
    for (size_t i = 0; i < view.silents.len; i++)
        view.due_words[i] = view.silents.at[i].due_at ? instant_format(&cx->arena, view.silents.at[i].due_at) : STR("");
    view.empty_words = str_format(&cx->arena, "Không còn đơn vị nào: " STR_FMT, STR_ARG(figures[figure].done));
    *page = (struct page){ .place = STR("theo-doi"), .is_wide = true, .source = document_title(&cx->arena, &document),
                           .crumb = STR("Bảng theo dõi"),
                           .crumb_url = board_url(&cx->arena, unit.id, document.id, figure, at) };
    page->title = str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(figures[figure].open), STR_ARG(unit.full_name));
    if (at != 0)
        page->title = str_format(&cx->arena, STR_FMT " · " STR_FMT, STR_ARG(page->title), STR_ARG(moment_words(cx, at)));
    page->export_url = list_url(&cx->arena, unit.id, document.id, figure, ".csv", at);
    struct html h = page_begin(&cx->arena);
    page_report_silent(&h, &view);
    *ret_body = page_end(&h);
    return OK;
}

static enum err list_silent(struct ctx *cx, struct request *req, struct response *res)
{
    struct report_moment moment = { .at = 0 };
    struct page page = { .title = STR("") };
    struct safe_html body = { .markup = STR("") };
    TRY(report_moment_begin(cx, req, &moment));
    if (!moment.is_ready)
        return report_show_waiting(cx, req, res, &moment);
    enum err err = render_list(cx, req, moment.at, &page, &body);
    report_moment_end(cx, &moment);
    TRY(err);
    response_page(cx, req, res, &page, body);
    return OK;
}

static void put_list(struct ctx *cx, struct response *res, const struct report_silents *list)
{
    static const char *const heads[] = { "Đơn vị", "Xã, phường, đặc khu hoặc tỉnh", "Tỉnh, thành phố", "Nội dung",
                                         "Vị trí trong văn bản", "Thời hạn" };
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < list->len; i++) {
        const struct report_silent *one = &list->at[i];
        response_csv_cell(res, one->unit_name);
        response_csv_cell(res, one->area_name);
        response_csv_cell(res, one->province_name);
        response_csv_cell(res, one->duty);
        response_csv_cell(res, one->place);
        response_csv_cell(res, one->due_at ? instant_format(&cx->arena, one->due_at) : STR(""));
        response_csv_end_row(res);
    }
}

static enum err export_silent(struct ctx *cx, struct request *req, struct response *res)
{
    struct unit unit = { .id = 0 };
    struct document document = { .id = 0 };
    struct report_silents list = { .at = NULL };
    struct report_moment moment = { .at = 0 };
    TRY(report_moment_begin(cx, req, &moment));
    if (!moment.is_ready)
        return fail(cx, ERR_UNAVAILABLE, "Bảng của thời điểm này đang được dựng lại; xin tải lại sau ít giây");
    enum err err = read_silents(cx, req, &unit, &document, &list);
    report_moment_end(cx, &moment);
    TRY(err);
    struct str when = moment.at ? str_sub(instant_format_iso(&cx->arena, moment.at), 0, 13) : STR("");
    response_csv_begin(res, cx, str_format(&cx->arena, STR_FMT "%s" STR_FMT ".csv", STR_ARG(figures[figure_of(req)].address),
                                           when.len > 0 ? "-luc-" : "", STR_ARG(when)));
    put_list(cx, res, &list);
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/theo-doi"), PERMISSION_REPORT_READ, show_own, NO_FORM, .flags = ROUTE_TOKEN },
    { METHOD_GET, STR_INIT("/theo-doi/{unit}"), PERMISSION_REPORT_READ, show_unit, NO_FORM },
    { METHOD_GET, STR_INIT("/theo-doi/{unit}/danh-sach"), PERMISSION_REPORT_READ, list_silent, NO_FORM },
    { METHOD_GET, STR_INIT("/theo-doi/{unit}/danh-sach.csv"), PERMISSION_REPORT_READ, export_silent, NO_FORM, .flags = ROUTE_SLOW },
    { METHOD_GET, STR_INIT("/theo-doi/{unit}/truc-tiep"), PERMISSION_REPORT_READ, open_stream, NO_FORM, .flags = ROUTE_STREAM },
};
/* clang-format on */

const struct route_table report_routes = { routes, LEN(routes) };
