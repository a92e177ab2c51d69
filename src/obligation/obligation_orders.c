#include "obligation/obligation_inside.h"
#include "obligation/obligation_rows.h"
#include "viet/viet.h"

/* What a paper orders, beside the paper itself: in a draft what issuing would bind, after it who has done it. */

enum { ORDER_TEXT_BYTES = 180 };

static enum err row_of_draft(struct ctx *cx, const struct request *req, const struct document *document,
                             const struct orders *orders, const struct order *order, struct order_row *row)
{
    const struct obligation *o = &order->obligation;
    int64_t units = 0;
    bool is_doubtful = false;
    TRY(order_count_units(cx, document, orders, order, &units, &is_doubtful));
    row->place = o->place;
    row->text = clip(&cx->arena, o->text, ORDER_TEXT_BYTES);
    row->due = o->due_words;
    row->owner = o->owner_text;
    row->mark = is_doubtful && units == 0 ?
                    page_mark(&cx->arena, MARK_SOON, STR("Chưa xác định cơ quan thực hiện")) :
                is_doubtful ?
                    page_mark(&cx->arena, MARK_SOON,
                              str_format(&cx->arena, STR_FMT " đơn vị, có cơ quan chưa xác định",
                                         STR_ARG(viet_number(&cx->arena, units)))) :
                    page_mark(&cx->arena, MARK_DUE, str_format(&cx->arena, STR_FMT " đơn vị", STR_ARG(viet_number(&cx->arena, units))));
    if (is_doubtful && req && actor_may(cx->actor, PERMISSION_DOCUMENT_DRAFT))
        row->form = owner_form(cx, req, document->id, o->ordinal, o->owner_text);
    return OK;
}

static struct order_row row_of_issued(struct ctx *cx, const struct obligation *o)
{
    bool is_done = o->total > 0 && o->done == o->total;
    bool is_late = !is_done && o->due_at != 0 && o->due_at <= cx->now;
    struct order_row row = {
        .place = o->place,
        .text = clip(&cx->arena, o->text, ORDER_TEXT_BYTES),
        .due = o->due_words,
        .owner = o->owner_text,
        .is_withdrawn = o->is_withdrawn,
    };
    if (o->is_reached)
        row.url = obligation_url(&cx->arena, o->id);
    if (o->is_withdrawn)
        row.mark = page_mark(&cx->arena, MARK_NOT_OWED, STR("Đã thu hồi"));
    else if (o->total == 0)
        row.mark = page_mark(&cx->arena, MARK_UNKNOWN, STR("Chưa xác định cơ quan thực hiện"));
    else
        row.mark = page_mark(&cx->arena, is_done ? MARK_DONE : is_late ? MARK_LATE : MARK_DUE,
                             str_format(&cx->arena, STR_FMT "/" STR_FMT " đơn vị", STR_ARG(viet_number(&cx->arena, o->done)),
                                        STR_ARG(viet_number(&cx->arena, o->total))));
    if (o->is_withdrawn)
        row.changed = o->state_reason;
    else if (o->old_due_words.len > 0)
        row.changed = str_format(&cx->arena, "Thời hạn cũ: " STR_FMT, STR_ARG(o->old_due_words));
    else if (o->old_text.len > 0)
        row.changed = STR("Nội dung đã được văn bản sau sửa đổi");
    return row;
}

static enum err fill_orders(struct ctx *cx, const struct request *req, const struct document *document,
                            struct orders_view *view)
{
    bool is_draft = str_eq(document->state, DOCUMENT_STATE_DRAFT);
    struct orders orders = { .len = 0 };
    struct obligation_list list = { .len = 0 };
    if (is_draft)
        TRY(orders_read(cx, document, &orders));
    else
        TRY(obligation_list_of_document(cx, document->id, &list));
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct order_row, orders.len + list.len + 1);
    view->title = is_draft ? STR("Khi ban hành, văn bản này giao") : STR("Nhiệm vụ theo văn bản này");
    for (size_t i = 0; i < orders.len; i++)
        TRY(row_of_draft(cx, req, document, &orders, &orders.at[i], &view->rows[view->len++]));
    for (size_t i = 0; i < list.len; i++)
        view->rows[view->len++] = row_of_issued(cx, &list.at[i]);
    if (is_draft && !req)
        view->page_url = url_format(&cx->arena, "/van-ban/%lld/nhiem-vu", (long long)document->id);
    return OK;
}

enum err obligation_show(struct ctx *cx, const struct document *document, struct safe_html *ret_block)
{
    struct orders_view view = { .len = 0 };
    struct html h = page_begin(&cx->arena);
    TRY(fill_orders(cx, NULL, document, &view));
    if (view.len > 0)
        page_orders(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

enum err orders_show(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t document_id = 0;
    struct document document = { .id = 0 };
    struct orders_view view = { .len = 0 };
    TRY(request_id(cx, req, 0, &document_id));
    TRY(document_get(cx, document_id, &document));
    TRY(fill_orders(cx, req, &document, &view));
    struct page page = { .title = STR("Nhiệm vụ của văn bản"), .place = STR("van-ban") };
    page.crumb = document_title(&cx->arena, &document);
    page.crumb_url = document_url(&cx->arena, document_id);
    struct html h = page_begin(&cx->arena);
    page_orders(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}
