#include "document/document_pages.h"
#include "base/holiday.h"

#include "document/document_read.h"
#include "unit/unit.h"
#include "viet/viet.h"

/* ---- The sheet ---- */

/* Both regimes: a day below 10 and the months 1 and 2 take a leading zero, other months do not
 * (domain.md 4.1). */
static struct str date_line(struct arena *arena, const struct document *d)
{
    struct str place = d->place.len > 0 ? d->place : STR("…");
    if (d->issued_day == DAY_NONE)
        return str_format(arena, STR_FMT ", ngày … tháng … năm …", STR_ARG(place));
    struct civil c = day_to_civil(d->issued_day);
    return str_format(arena,
                      c.month < 3 ? STR_FMT ", ngày %02d tháng %02d năm %d"
                                  : STR_FMT ", ngày %02d tháng %d năm %d",
                      STR_ARG(place), c.date, c.month, c.year);
}

static enum err fill_sheet(struct ctx *cx, const struct document *d, struct paper_view *view)
{
    struct arena *arena = &cx->arena;
    struct document_paragraphs list = { 0 };
    view->document = d;
    view->is_party = str_eq(d->regime, DOCUMENT_REGIME_PARTY);
    view->is_draft = str_eq(d->state, DOCUMENT_STATE_DRAFT);
    view->issuer_caps = viet_upper(arena, d->issuer_name);
    view->kind_caps = viet_upper(arena, document_kind_name(d->kind));
    view->number_line = str_format(arena, view->is_party ? "Số " STR_FMT : "Số: " STR_FMT,
                                   STR_ARG(document_cite(arena, d)));
    view->date_line = date_line(arena, d);
    view->title =
        view->is_party ? viet_lower_first(arena, d->title) : viet_upper_first(arena, d->title);
    view->title_caps = viet_upper(arena, d->signer_title);
    view->end_mark = view->is_party ? STR(".") : STR("./.");
    TRY(document_get_paragraphs(cx, d->id, &list));
    struct paper_paragraph *paragraphs =
        ARENA_NEW_ARRAY(arena, struct paper_paragraph, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct document_paragraph *p = &list.at[i];
        bool is_new = i == 0 || !str_eq(p->heading, list.at[i - 1].heading);
        paragraphs[i] =
            (struct paper_paragraph){ str_format(arena, "doan-%lld", (long long)p->ordinal),
                                      is_new ? p->heading : STR(""), p->text, p->place };
    }
    view->paragraphs = paragraphs;
    view->paragraphs_len = list.len;
    return OK;
}

static enum err fill_recipients(struct ctx *cx, struct request *req, const struct document *d,
                                struct paper_view *view)
{
    enum { FIRST_FORM = 128 };
    struct arena *arena = &cx->arena;
    struct document_recipients list = { 0 };
    TRY(document_get_recipients(cx, d->id, &list));
    struct paper_recipient *recipients =
        ARENA_NEW_ARRAY(arena, struct paper_recipient, list.len + 1);
    view->fact_ids = ARENA_NEW_ARRAY(arena, struct str, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        const struct document_recipient *r = &list.at[i];
        const struct unit_sort *sort = unit_sort_find(r->sort);
        struct unit unit = { .full_name = STR("") };
        if (r->unit_id > 0)
            TRY(unit_find(cx, r->unit_id, &unit));
        recipients[i] = (struct paper_recipient){
            .text = r->text,
            .sort_name = sort ? unit_sort_name(arena, sort, UNIT_PROVINCE) : unit.full_name,
            .sent = r->sent,
            .set_url = url_format(arena, "/van-ban/%lld/noi-nhan", (long long)d->id),
            .ordinal = str_format(arena, "%lld", (long long)r->ordinal),
            .sort = r->sort,
        };
        view->fact_ids[i] = form_fact_id(arena, req, (unsigned char)(FIRST_FORM + i % 127));
    }
    view->recipients = recipients;
    view->recipients_len = list.len;
    struct choice *sorts = ARENA_NEW_ARRAY(arena, struct choice, unit_sorts_len + 1);
    for (size_t i = 0; i < unit_sorts_len; i++)
        sorts[i] = (struct choice){ unit_sorts[i].sort,
                                    unit_sort_name(arena, &unit_sorts[i], UNIT_PROVINCE) };
    view->sorts = sorts;
    view->sorts_len = unit_sorts_len;
    view->csrf = req->csrf;
    return OK;
}

/* ---- Relations ---- */

static struct str relation_words(struct str relation, bool is_upper)
{
    static const struct {
        struct str stored, down, up;
    } words[] = {
#define X(name, stored, down, up) { STR_INIT(stored), STR_INIT(down), STR_INIT(up) },
        DOCUMENT_RELATION_LIST(X)
#undef X
    };
    for (size_t i = 0; i < LEN(words); i++) {
        if (str_eq(words[i].stored, relation))
            return is_upper ? words[i].up : words[i].down;
    }
    return STR("");
}

static struct str relation_text(struct arena *arena, const struct document_relation *r)
{
    if (r->number.len == 0)
        return r->text;
    struct buf text;
    buf_init(&text, arena);
    buf_format(&text, STR_FMT " số " STR_FMT, STR_ARG(document_kind_name(r->kind)),
               STR_ARG(r->number));
    if (r->day != DAY_NONE)
        buf_format(&text, " ngày " STR_FMT, STR_ARG(day_format(arena, r->day)));
    if (r->issuer.len > 0)
        buf_format(&text, " của " STR_FMT, STR_ARG(r->issuer));
    return buf_str(&text);
}

/* A link only to what the actor may open: the words stand in the paper anyway. */
static enum err link_to(struct ctx *cx, int64_t document_id, struct url *ret_url,
                        struct str *ret_state)
{
    struct document target = { 0 };
    if (document_id == 0)
        return OK;
    enum err err = document_get(cx, document_id, &target);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    *ret_url = document_url(&cx->arena, document_id);
    *ret_state = document_state_name(target.state);
    return OK;
}

/* Those that carry it out are counted, not listed, once they are many: "Được thực hiện bởi 34 văn
 * bản". */
static enum err fill_relations(struct ctx *cx, const struct document *d, struct paper_view *view)
{
    enum { LISTED_MAX = 5 };
    struct arena *arena = &cx->arena;
    struct document_relations up = { 0 }, down = { 0 };
    TRY(document_get_relations(cx, d->id, &up));
    TRY(document_get_relations_to(cx, d->id, &down));
    struct paper_relation *list =
        ARENA_NEW_ARRAY(arena, struct paper_relation, up.len + down.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < up.len; i++) {
        struct str state = STR("");
        list[len].words = relation_words(up.at[i].relation, false);
        list[len].text = relation_text(arena, &up.at[i]);
        TRY(link_to(cx, up.at[i].to_document_id, &list[len].url, &state));
        len++;
    }
    view->basis_url = url_format(arena, "/van-ban/%lld/can-cu", (long long)d->id);
    static const char *const order[] = {
        "replaces",         "amends",   "carries_out",
        "separate_plan_of", "based_on", "stands_in_for_invitation"
    };
    for (size_t k = 0; k < LEN(order); k++) {
        size_t count = 0, start = len;
        for (size_t i = 0; i < down.len; i++) {
            if (!str_eq(down.at[i].relation, str_from(order[k])))
                continue;
            list[len++] = (struct paper_relation){ relation_words(down.at[i].relation, true),
                                                   relation_text(arena, &down.at[i]),
                                                   document_url(arena, down.at[i].document_id) };
            count++;
        }
        if (count > LISTED_MAX) {
            len = start;
            list[len++] =
                (struct paper_relation){ relation_words(str_from(order[k]), true),
                                         str_format(arena, "%zu văn bản", count), view->basis_url };
        }
    }
    view->relations = list;
    view->relations_len = len;
    return OK;
}

/* ---- One paper ---- */

static enum err fill_blocks(struct ctx *cx, const struct document *d, struct paper_view *view)
{
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    view->blocks = ARENA_NEW_ARRAY(&cx->arena, struct safe_html, len + 1);
    for (size_t i = 0; i < len; i++) {
        struct safe_html block = { STR("") };
        if (listeners[i]->show)
            TRY(listeners[i]->show(cx, d, &block));
        if (block.markup.len > 0)
            view->blocks[view->blocks_len++] = block;
    }
    return OK;
}

static enum err fill_delivery(struct ctx *cx, const struct document *d, struct paper_view *view,
                              bool *ret_must_acknowledge)
{
    struct arena *arena = &cx->arena;
    struct document_delivery mine = { 0 };
    TRY(document_count_deliveries(cx, d, &view->sent, &view->received));
    TRY(document_find_delivery(cx, d->id, cx->actor->unit_id, &mine));
    view->deliveries_url = url_format(arena, "/van-ban/%lld/noi-nhan", (long long)d->id);
    view->silent_url = url_format(arena, "/van-ban/%lld/noi-nhan?loc=chua", (long long)d->id);
    view->issued_at = d->issued_at > 0 ? instant_format(arena, d->issued_at) : STR("");
    *ret_must_acknowledge = mine.sent_at > 0 && mine.acknowledged_at == 0;
    if (mine.sent_at > 0)
        view->acknowledged = mine.acknowledged_at > 0
                                 ? str_format(arena, "đã tiếp nhận lúc " STR_FMT,
                                              STR_ARG(instant_format(arena, mine.acknowledged_at)))
                                 : STR("chưa tiếp nhận");
    return OK;
}

/* The one main action of the corner: a receiver acknowledges, an issuer issues. */
static struct safe_html main_action(struct ctx *cx, struct request *req, const struct document *d,
                                    const struct paper_view *view, bool must_acknowledge)
{
    struct arena *arena = &cx->arena;
    if (must_acknowledge && actor_may(cx->actor, PERMISSION_DOCUMENT_RECEIVE))
        return page_button(arena, url_format(arena, "/van-ban/%lld/tiep-nhan", (long long)d->id),
                           STR("Tiếp nhận văn bản"), true, STR(""), req->csrf, req->fact_id);
    struct html h = page_begin(arena);
    if (view->issue_url.text.len > 0)
        part_document_link(&h, view->issue_url, "Ban hành", true);
    return page_end(&h);
}

static void fill_rights(struct ctx *cx, struct request *req, const struct document *d,
                        struct paper_view *view)
{
    struct arena *arena = &cx->arena;
    if (!document_is_own(cx->actor, d->issuer_unit_id, d->issuer_path))
        return;
    long long id = (long long)d->id;
    bool may_draft = actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT),
         may_issue = actor_may(cx->actor, PERMISSION_DOCUMENT_ISSUE);
    if (view->is_draft && may_draft) {
        view->edit_url = url_format(arena, "/van-ban/%lld/sua", id);
        view->paste_url = url_format(arena, "/van-ban/%lld/nhap", id);
        struct form_view form = { .action = url_format(arena, "/van-ban/%lld/can-cu", id),
                                  .submit_label = STR("Thêm"),
                                  .id_prefix = STR("lien-quan-") };
        request_form_view(req, &relation_form_table, NULL, &form);
        form.fact_id = form_fact_id(arena, req, 1);
        view->relate_form = page_form(arena, &form);
    }
    if (view->is_draft && may_issue)
        view->issue_url = url_format(arena, "/van-ban/%lld/ban-hanh", id);
    bool is_in_force =
        str_eq(d->state, DOCUMENT_STATE_ISSUED) || str_eq(d->state, DOCUMENT_STATE_AMENDED);
    if (may_issue && is_in_force)
        view->recall_url = url_format(arena, "/van-ban/%lld/thu-hoi", id);
}

enum err document_show_paper(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0;
    bool must_acknowledge = false;
    struct document document = { 0 };
    struct paper_view view = { .acknowledged = STR(""),
                               .acknowledge = { STR("") },
                               .relate_form = { STR("") },
                               .attach_form = { STR("") } };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    TRY(fill_sheet(cx, &document, &view));
    TRY(fill_recipients(cx, req, &document, &view));
    TRY(fill_relations(cx, &document, &view));
    TRY(fill_delivery(cx, &document, &view, &must_acknowledge));
    TRY(fill_blocks(cx, &document, &view));
    TRY(material_view(cx, req, &document, &view));
    view.state_mark = document_state_mark(arena, &document);
    fill_rights(cx, req, &document, &view);
    struct page page = { .title = document_title(arena, &document),
                         .place = STR("van-ban"),
                         .crumb = STR("Văn bản"),
                         .crumb_url = url_format(arena, "/van-ban"),
                         .source = document_title(arena, &document),
                         .is_wide = true };
    if (req->refused)
        page.error = str_from(req->refused->words);
    page.actions = main_action(cx, req, &document, &view, must_acknowledge);
    struct html h = page_begin(arena);
    page_document_paper(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err document_post_recipient(struct ctx *cx, struct request *req, struct response *res)
{
    const struct recipient_form *form = req->form;
    int64_t id = 0;
    struct document document = { 0 };
    struct document_recipients list = { 0 };
    struct unit issuer = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    TRY(document_get_recipients(cx, id, &list));
    TRY(unit_find(cx, document.issuer_unit_id, &issuer));
    for (size_t i = 0; i < list.len; i++) {
        if (list.at[i].ordinal != form->ordinal)
            continue;
        struct document_recipient recipient = list.at[i];
        const struct unit_sort *sort = unit_sort_find(form->sort);
        recipient.sort = form->sort;
        recipient.unit_id = 0;
        recipient.scope_unit_id = sort && str_eq(sort->level, STR("central")) ? 0 : issuer.place_id;
        TRY(document_set_recipient(cx, id, &recipient));
        response_redirect(cx, res, document_url(&cx->arena, id), "Đã gắn dòng “" STR_FMT "”.",
                          STR_ARG(recipient.text));
        return OK;
    }
    return fail(cx, ERR_NOT_FOUND, "Không tìm thấy dòng nơi nhận này");
}

enum err document_post_relation(struct ctx *cx, struct request *req, struct response *res)
{
    const struct relation_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    bool is_to_follow = str_eq(form->relation, STR("separate_plan_to_follow"));
    if (is_to_follow ? form->text.len == 0 : form->number.len == 0)
        return fail_field(cx, is_to_follow ? "text" : "number",
                          is_to_follow ? "Xin ghi kế hoạch riêng sẽ về việc gì"
                                       : "Xin ghi số, ký hiệu văn bản liên quan");
    struct document_relation relation = { .relation = form->relation,
                                          .number = form->number,
                                          .day = form->day,
                                          .issuer = form->issuer,
                                          .text = form->text,
                                          .kind = STR("") };
    TRY(document_relate(cx, id, &relation));
    response_redirect(cx, res, document_url(&cx->arena, id), "Đã ghi văn bản liên quan.");
    return OK;
}

/* ---- Issue and recall ---- */

/* Issued on the day of signing, at the latest on the next working day (Decree 30/2020, article 18).
 */
static void foresee_date(struct ctx *cx, const struct document *d,
                         struct document_foresight *foresight)
{
    int32_t today = day_from_instant(cx->now);
    if (d->issued_day == DAY_NONE)
        return;
    const char *date = str_to_c(&cx->arena, day_format(&cx->arena, d->issued_day));
    if (d->issued_day > today)
        document_foresight_add(cx, foresight, true, "Văn bản đề ngày %s, hôm nay chưa tới ngày đó",
                               date);
    else if (holiday_add_working_days(NULL, d->issued_day, 1) < today)
        document_foresight_add(
            cx, foresight, true,
            "Văn bản đề ngày %s; văn bản phát hành trong ngày ký, chậm nhất là ngày làm "
            "việc tiếp theo (Nghị định 30/2020/NĐ-CP, Điều 18)",
            date);
}

static void foresee_symbol(struct ctx *cx, const struct document *d,
                           struct document_foresight *foresight)
{
    struct str want = document_abbreviation(d->kind, d->regime), rest = d->symbol;
    bool is_party = str_eq(d->regime, DOCUMENT_REGIME_PARTY);
    struct str first = str_cut(&rest, is_party ? '/' : '-');
    if (want.len == 0 || d->symbol.len == 0 || str_eq(first, want))
        return;
    document_foresight_add(cx, foresight, true,
                           "Ký hiệu “" STR_FMT "” không bắt đầu bằng " STR_FMT
                           " như thể thức của loại văn bản này",
                           STR_ARG(d->symbol), STR_ARG(want));
}

enum err document_show_issue(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0;
    struct document document = { 0 };
    struct paper_view paper = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    if (!str_eq(document.state, DOCUMENT_STATE_DRAFT))
        return fail(cx, ERR_CONFLICT, "Văn bản này đã được ban hành");
    struct document_foresight foresight = {
        ARENA_NEW_ARRAY(arena, struct str, DOCUMENT_FORESIGHT_MAX),
        ARENA_NEW_ARRAY(arena, bool, DOCUMENT_FORESIGHT_MAX), 0
    };
    struct issue_view view = { .cite = document_title(arena, &document),
                               .title = document.title,
                               .back_url = document_url(arena, id),
                               .foresight = &foresight };
    TRY(document_count_addressees(cx, &document, &view.units));
    TRY(fill_recipients(cx, req, &document, &paper));
    view.recipients = paper.recipients;
    view.recipients_len = paper.recipients_len;
    foresee_date(cx, &document, &foresight);
    foresee_symbol(cx, &document, &foresight);
    size_t len = 0;
    const struct document_listener *const *listeners = document_listeners(&len);
    for (size_t i = 0; i < len; i++) {
        if (listeners[i]->foresee)
            TRY(listeners[i]->foresee(cx, &document, &foresight));
    }
    enum err err = document_check_complete(cx, &document);
    if (err != OK)
        view.missing = str_to_c(arena, str_from(cx->fault.words));
    else
        view.form =
            page_button(arena, url_format(arena, "/van-ban/%lld/ban-hanh", (long long)id),
                        STR("Ban hành văn bản"), true,
                        STR("Ban hành và gửi văn bản này? Văn bản đã ban hành không sửa được."),
                        req->csrf, req->fact_id);
    struct page page = { .title = STR("Ban hành văn bản?"),
                         .place = STR("van-ban"),
                         .crumb = document_title(arena, &document),
                         .crumb_url = view.back_url };
    struct html h = page_begin(arena);
    page_document_issue(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err document_post_issue(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(document_issue(cx, id));
    response_redirect(cx, res, document_url(&cx->arena, id),
                      "Đã ban hành và gửi văn bản tới các nơi nhận.");
    return OK;
}

enum err document_show_recall(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0, received = 0;
    struct document document = { 0 };
    struct recall_view view = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    if (!document_is_own(cx->actor, document.issuer_unit_id, document.issuer_path))
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy văn bản này");
    view.cite = document_title(arena, &document);
    view.title = document.title;
    TRY(document_count_deliveries(cx, &document, &view.units, &received));
    struct form_view form = { .action = url_format(arena, "/van-ban/%lld/thu-hoi", (long long)id),
                              .submit_label = STR("Thu hồi văn bản"),
                              .cancel_url = document_url(arena, id),
                              .confirm = STR("Thu hồi văn bản này?") };
    request_form_view(req, &recall_form_table, NULL, &form);
    view.form = page_form(arena, &form);
    struct page page = { .title = STR("Thu hồi văn bản?"),
                         .place = STR("van-ban"),
                         .crumb = view.cite,
                         .crumb_url = document_url(arena, id) };
    struct html h = page_begin(arena);
    page_document_recall(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err document_post_recall(struct ctx *cx, struct request *req, struct response *res)
{
    const struct recall_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(document_recall(cx, id, form->reason));
    response_redirect(cx, res, document_url(&cx->arena, id),
                      "Đã thu hồi văn bản; các đơn vị đã nhận đều thấy lý do.");
    return OK;
}

/* ---- The walk along the basis ---- */

enum { BASIS_LINES_MAX = 300, BASIS_DEPTH_MAX = 5 };

struct basis_step {
    int64_t id;
    int depth;
    struct document_relation relation;
};

static struct str indent_of(struct arena *arena, int depth)
{
    struct buf indent;
    buf_init(&indent, arena);
    for (int i = 1; i < depth; i++)
        buf_put(&indent, STR("\u00a0\u00a0\u00a0"));
    if (depth > 1)
        buf_put(&indent, STR("└ "));
    return buf_str(&indent);
}

static bool was_seen(const int64_t *seen, size_t len, int64_t id)
{
    for (size_t i = 0; i < len; i++) {
        if (seen[i] == id)
            return true;
    }
    return false;
}

/*
 * Deepest first along one line, with a stack of our own and each paper opened once, so that papers
 * that cite each other in a ring end too.
 */
static enum err walk_basis(struct ctx *cx, int64_t from_id, bool is_up,
                           struct basis_line **ret_lines, size_t *ret_len)
{
    struct arena *arena = &cx->arena;
    struct basis_line *lines = ARENA_NEW_ARRAY(arena, struct basis_line, BASIS_LINES_MAX);
    struct basis_step *stack = ARENA_NEW_ARRAY(arena, struct basis_step, BASIS_LINES_MAX);
    int64_t seen[BASIS_LINES_MAX];
    size_t len = 0, stack_len = 0, seen_len = 0;
    stack[stack_len++] = (struct basis_step){ .id = from_id };
    while (stack_len > 0) {
        struct basis_step step = stack[--stack_len];
        struct str state = STR("");
        struct url url = { STR("") };
        if (step.depth > 0) {
            TRY(link_to(cx, step.id, &url, &state));
            if (len == BASIS_LINES_MAX)
                break;
            lines[len++] = (struct basis_line){ indent_of(arena, step.depth),
                                                relation_words(step.relation.relation, !is_up),
                                                relation_text(arena, &step.relation), url, state };
        }
        bool is_closed = step.depth > 0 && url.text.len == 0;
        if (is_closed || step.depth == BASIS_DEPTH_MAX || seen_len == BASIS_LINES_MAX ||
            was_seen(seen, seen_len, step.id))
            continue;
        seen[seen_len++] = step.id;
        struct document_relations next = { 0 };
        TRY(is_up ? document_get_relations(cx, step.id, &next)
                  : document_get_relations_to(cx, step.id, &next));
        for (size_t i = next.len; i > 0 && stack_len < BASIS_LINES_MAX; i--) {
            const struct document_relation *r = &next.at[i - 1];
            stack[stack_len++] = (struct basis_step){ is_up ? r->to_document_id : r->document_id,
                                                      step.depth + 1, *r };
        }
    }
    *ret_lines = lines;
    *ret_len = len;
    return OK;
}

enum err document_show_basis(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    int64_t id = 0;
    struct document document = { 0 };
    struct basis_line *up = NULL, *down = NULL;
    struct basis_view view = { 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, &document));
    TRY(walk_basis(cx, id, true, &up, &view.up_len));
    TRY(walk_basis(cx, id, false, &down, &view.down_len));
    view.cite = document_title(arena, &document);
    view.up = up;
    view.down = down;
    struct page page = { .title = STR("Căn cứ và triển khai"),
                         .place = STR("van-ban"),
                         .crumb = view.cite,
                         .crumb_url = document_url(arena, id),
                         .source = view.cite };
    struct html h = page_begin(arena);
    page_document_basis(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}
