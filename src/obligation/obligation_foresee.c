#include "obligation/obligation_inside.h"
#include "viet/viet.h"

/* The start of a paragraph, enough to know it by. */
static struct str head_of(struct ctx *cx, struct str text)
{
    enum { SHOWN = 90 };
    if (text.len <= SHOWN)
        return text;
    size_t len = SHOWN;
    while (len > 0 && text.at[len] != ' ')
        len--;
    return str_format(&cx->arena, STR_FMT "…", STR_ARG(str_sub(text, 0, len)));
}

static enum err foresee_order(struct ctx *cx, const struct document *document, const struct orders *orders,
                              const struct order *order, struct document_foresight *foresight, int64_t *ret_units)
{
    const struct obligation *o = &order->obligation;
    int64_t units = 0;
    bool is_doubtful = false;
    TRY(order_count_units(cx, document, orders, order, &units, &is_doubtful));
    if (is_doubtful && units == 0)
        document_foresight_add(cx, foresight, true,
                               STR_FMT ": chưa xác định cơ quan thực hiện “" STR_FMT "” (" STR_FMT ")",
                               STR_ARG(o->place), STR_ARG(o->owner_text), STR_ARG(head_of(cx, o->text)));
    else if (is_doubtful)
        document_foresight_add(cx, foresight, true,
                               STR_FMT ": có cơ quan trong “" STR_FMT "” chưa xác định được; " STR_FMT " đơn vị khác sẽ nhận",
                               STR_ARG(o->place), STR_ARG(o->owner_text), STR_ARG(viet_number(&cx->arena, units)));
    if (order->due.shape == DUE_UNREADABLE)
        document_foresight_add(cx, foresight, true, STR_FMT ": thời hạn “" STR_FMT "” chưa đọc được",
                               STR_ARG(o->place), STR_ARG(o->rule.value));
    *ret_units = units;
    return OK;
}

enum err obligation_foresee(struct ctx *cx, const struct document *document, struct document_foresight *foresight)
{
    struct orders orders = { .len = 0 };
    int64_t duties = 0;
    TRY(orders_read(cx, document, &orders));
    for (size_t i = 0; i < orders.len; i++) {
        int64_t units = 0;
        TRY(foresee_order(cx, document, &orders, &orders.at[i], foresight, &units));
        duties += units;
    }
    document_foresight_add(cx, foresight, false,
                           "Khi ban hành, %zu nhiệm vụ của văn bản trở thành " STR_FMT " việc của các đơn vị; mỗi nơi nhận "
                           "còn có việc tiếp nhận văn bản.",
                           orders.len, STR_ARG(viet_number(&cx->arena, duties)));
    return OK;
}
