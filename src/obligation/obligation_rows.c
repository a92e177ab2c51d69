#include "obligation/obligation_rows.h"

#include "viet/viet.h"

const struct field close_fields[] = {
    { "period", "Kỳ", FIELD_ID, FIELD_OF(struct close_form, period) },
    { "note", "Kết quả thực hiện", FIELD_LINES, FIELD_OF(struct close_form, note), .len_max = DUTY_NOTE_MAX,
      .help = "Ghi ngắn gọn việc đã làm, số văn bản hoặc nơi lưu kết quả; có thể gửi kèm tệp." },
};
const struct field_table close_table = FIELD_TABLE(struct close_form, close_fields);

struct str clip(struct arena *arena, struct str text, size_t max)
{
    if (text.len <= max)
        return text;
    size_t len = max;
    while (len > 0 && text.at[len] != ' ')
        len--;
    return str_format(arena, STR_FMT "…", STR_ARG(str_sub(text, 0, len)));
}

enum err refuse_link(struct ctx *cx)
{
    if (cx->actor->kind == ACTOR_LINK)
        return fail(cx, ERR_NOT_FOUND, "Đường dẫn này chỉ mở nhiệm vụ đã gửi cho đơn vị");
    return OK;
}

struct safe_html duty_mark(struct arena *arena, const struct duty *duty, int64_t now)
{
    struct str left = duty->due_at ? instant_format_left(arena, duty->due_at, now) : STR("");
    if (duty->state == DUTY_WITHDRAWN)
        return page_mark(arena, MARK_NOT_OWED, STR("Đã thu hồi"));
    switch (duty_tab_of(duty, now)) {
    case DUTY_CLOSED:
        return page_mark(arena, MARK_DONE,
                         duty->due_at && duty->done_at >= duty->due_at ? STR("Xong sau hạn") : STR("Đã xong"));
    case DUTY_LATE:
        return page_mark(arena, MARK_LATE,
                         str_format(arena, "Quá hạn" STR_FMT, STR_ARG(str_sub(left, sizeof "quá" - 1, SIZE_MAX))));
    case DUTY_TODAY:
        return page_mark(arena, MARK_SOON, viet_upper_first(arena, left));
    case DUTY_COMING:
    case DUTY_TABS:
        break;
    }
    if (duty->opens_at > now)
        return page_mark(arena, MARK_NOT_OWED,
                         str_format(arena, "Từ " STR_FMT, STR_ARG(day_format(arena, day_from_instant(duty->opens_at)))));
    return page_mark(arena, MARK_DUE, left.len > 0 ? viet_upper_first(arena, left) : STR("Đang thực hiện"));
}

struct str form_own_id(struct arena *arena, const struct request *req, int64_t key)
{
    return request_form_id(arena, req, key);
}

/* A form with nothing to type: the fact happens by pressing it. */
static struct safe_html press(struct ctx *cx, const struct request *req, int64_t key, struct url action,
                              const char *label)
{
    static const struct field_table none = { NULL, 0, 0 };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &none, NULL, &form);
    return page_button(&cx->arena, action, str_from(label), false, STR(""), form.csrf,
                       form_own_id(&cx->arena, req, key));
}

struct safe_html close_form(struct ctx *cx, const struct request *req, const struct duty *duty, bool with_file)
{
    static const struct form_file file = { "file", "Tệp kết quả", ".pdf,.docx,.pptx,.xlsx,.png,.jpg,.jpeg",
                                           "PDF, DOCX, PPTX, XLSX, PNG, JPG; không quá 24 MB.", false };
    const struct close_form values = { .period = duty->period };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &close_table, &values, &form);
    form.action = url_format(&cx->arena, "/nhiem-vu/%lld/don-vi/%lld/hoan-thanh", (long long)duty->obligation.id,
                             (long long)duty->unit_id);
    form.submit_label = STR("Báo cáo hoàn thành");
    form.files = with_file ? &file : NULL;
    form.files_len = with_file;
    form.fact_id = form_own_id(&cx->arena, req, duty->obligation.id + duty->period);
    form.id_prefix = str_format(&cx->arena, "v%lld-%lld-", (long long)duty->obligation.id, (long long)duty->period);
    return page_form(&cx->arena, &form);
}

/* The one action that meets the duty: the fact's own button, the page where it happens, or a note. */
struct safe_html duty_action(struct ctx *cx, const struct request *req, const struct duty *duty)
{
    const struct obligation *o = &duty->obligation;
    const struct obligation_closer *closer = obligation_find_closer(o->closes_by);
    struct html h = page_begin(&cx->arena);
    if (duty->state != DUTY_OPEN || duty->opens_at > cx->now)
        return page_end(&h);
    if (str_eq(o->closes_by, STR("paper_acknowledged")) && actor_may(cx->actor, PERMISSION_DOCUMENT_RECEIVE))
        return press(cx, req, o->id, url_format(&cx->arena, "/van-ban/%lld/tiep-nhan", (long long)o->document_id),
                     "Tiếp nhận");
    if (o->material_id != 0 && actor_may(cx->actor, PERMISSION_DOCUMENT_RECEIVE))
        return press(cx, req, o->id, url_format(&cx->arena, "/tai-lieu/%lld/nhan", (long long)o->material_id),
                     "Đã nhận tài liệu");
    if (closer)
        part_duty_link(&h, closer->url(&cx->arena, o->document_id, duty->unit_id), closer->action_label);
    else if (actor_may(cx->actor, PERMISSION_DUTY_CLOSE))
        part_duty_close(&h, close_form(cx, req, duty, false)); /* short: a file is sent from the duty's page */
    return page_end(&h);
}

struct duty_row duty_row_of(struct ctx *cx, const struct request *req, const struct duty *duty)
{
    enum { TITLE_BYTES = 260 };
    const struct obligation *o = &duty->obligation;
    struct arena *arena = &cx->arena;
    struct duty_row row = {
        .mark = duty_mark(arena, duty, cx->now),
        .title = clip(arena, o->text, TITLE_BYTES),
        .url = duty_url(arena, o->id, duty->unit_id, duty->period),
        .due = o->due_words,
        .head = o->head,
        .reason = o->state_reason,
        .is_withdrawn = duty->state == DUTY_WITHDRAWN,
    };
    if (str_eq(o->rule.kind, STR("period_after")) && duty->period > 0)
        row.due = str_format(arena, STR_FMT "; lớp kết thúc ngày " STR_FMT, STR_ARG(o->due_words),
                             STR_ARG(day_format(arena, day_from_civil((int)(duty->period / 10000),
                                                                      (int)(duty->period / 100 % 100),
                                                                      (int)(duty->period % 100)))));
    else if (duty->period != o->period && duty->due_at != 0)
        row.due = str_format(arena, "hết " STR_FMT, STR_ARG(day_format_long(arena, day_from_instant(duty->due_at - 1))));
    if (o->addressee.len > 0)
        row.to = str_format(arena, "gửi " STR_FMT, STR_ARG(o->addressee));
    row.paper = str_format(arena, STR_FMT ", " STR_FMT, STR_ARG(o->source), STR_ARG(o->place));
    row.paper_url = o->paragraph ? document_url_paragraph(arena, o->document_id, o->paragraph) :
                                   document_url(arena, o->document_id);
    if (o->old_due_words.len > 0)
        row.changed = str_format(arena, "Đã sửa đổi, thời hạn cũ: " STR_FMT, STR_ARG(o->old_due_words));
    if (duty->state == DUTY_DONE)
        row.done = str_format(arena, "xong lúc " STR_FMT, STR_ARG(instant_format(arena, duty->done_at)));
    if (req)
        row.action = duty_action(cx, req, duty);
    return row;
}
