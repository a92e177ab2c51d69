#include "roll/roll_pages.h"

#include <string.h>

/* What an officer sends from the page of a half-day, without scripts. */

static const struct choice settle_choices[] = {
    { STR_INIT("present"), STR_INIT("Có mặt") },
    { STR_INIT("late"), STR_INIT("Muộn") },
    { STR_INIT("excused"), STR_INIT("Vắng có lý do") },
    { STR_INIT("absent"), STR_INIT("Vắng") },
};

/* clang-format off */
const struct field roll_mark_fields[3] = {
    { "luot", "Lượt điểm danh", FIELD_TEXT, FIELD_OF(struct mark_form, luot), .len_max = 400, .required = true },
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct mark_form, reason), .len_max = ROLL_REASON_MAX },
    { "scan", "Quét mã", FIELD_BOOL, FIELD_OF(struct mark_form, is_scan) },
};
const struct field roll_settle_fields[3] = {
    { "learner_id", "Học viên", FIELD_ID, FIELD_OF(struct settle_form, learner_id), .required = true },
    { "mark", "Thống nhất là", FIELD_CHOICE, FIELD_OF(struct settle_form, mark), .required = true,
      .choices = settle_choices, .choices_len = LEN(settle_choices) },
    { "reason", "Căn cứ", FIELD_TEXT, FIELD_OF(struct settle_form, reason), .len_max = ROLL_REASON_MAX, .required = true,
      .help = "Ví dụ: đối chiếu bản ký tại phòng." },
};
const struct field roll_walk_in_fields[3] = {
    { "full_name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct walk_in_form, full_name), .len_max = ROLL_NAME_MAX,
      .required = true },
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct walk_in_form, title), .len_max = ROLL_TITLE_MAX },
    { "unit_name", "Đơn vị", FIELD_TEXT, FIELD_OF(struct walk_in_form, unit_name), .len_max = ROLL_TITLE_MAX },
};
const struct field roll_withdraw_fields[2] = {
    { "walk_in", "Người đến thêm", FIELD_TEXT, FIELD_OF(struct withdraw_form, walk_in), .len_max = 32, .required = true },
    { "reason", "Lý do rút tên", FIELD_TEXT, FIELD_OF(struct withdraw_form, reason), .len_max = ROLL_REASON_MAX,
      .required = true },
};
const struct field roll_count_fields[2] = {
    { "heads", "Số người có mặt trong phòng", FIELD_I64, FIELD_OF(struct count_form, heads), .max = ROLL_HEADS_MAX,
      .required = true },
    { "note", "Ghi chú", FIELD_TEXT, FIELD_OF(struct count_form, note), .len_max = ROLL_REASON_MAX },
};
const struct field roll_reopen_fields[1] = {
    { "reason", "Lý do mở lại", FIELD_TEXT, FIELD_OF(struct reopen_form, reason), .len_max = ROLL_REASON_MAX,
      .required = true },
};
const struct field roll_answer_fields[3] = {
    { "objection", "Ý kiến", FIELD_TEXT, FIELD_OF(struct answer_form, objection), .len_max = 32, .required = true },
    { "mark", "Sửa điểm danh thành", FIELD_CHOICE, FIELD_OF(struct answer_form, mark), .choices = settle_choices,
      .choices_len = LEN(settle_choices) },
    { "words", "Trả lời", FIELD_LINES, FIELD_OF(struct answer_form, words), .len_max = ROLL_OBJECTION_MAX, .required = true },
};
/* clang-format on */

struct str roll_form_id(struct arena *arena, const struct request *req, int64_t key)
{
    unsigned char id[16];
    unsigned char mixed[sizeof id + sizeof key];
    if (!str_to_bytes_hex(req->fact_id, id, sizeof id))
        return req->fact_id;
    memcpy(mixed, id, sizeof id);
    memcpy(mixed + sizeof id, &key, sizeof key);
    struct fact_id own = roll_derive_id(mixed, sizeof mixed, "roll page");
    return str_from_bytes_hex(arena, own.at, sizeof own.at);
}

struct safe_html roll_form_of(struct ctx *cx, const struct request *req, struct url action, const struct field_table *fields,
                              const void *values, const char *label, int64_t key)
{
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, fields, values, &form);
    form.action = action;
    form.submit_label = str_from(label);
    form.fact_id = roll_form_id(&cx->arena, req, key);
    form.id_prefix = str_format(&cx->arena, "f%lld-", (long long)key);
    return page_form(&cx->arena, &form);
}

enum err roll_asked_sheet(struct ctx *cx, const struct request *req, struct roll_place *ret_place, int64_t *ret_session)
{
    int64_t point_id = 0;
    TRY(request_id(cx, req, 0, &point_id));
    TRY(request_id(cx, req, 1, ret_session));
    TRY(roll_open_place(cx, point_id, ROLL_NARROWED, ret_place));
    if (!roll_find_session(ret_place, *ret_session))
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    return OK;
}

static struct url row_url(struct arena *arena, const struct roll_place *place, int64_t session, int64_t learner_id)
{
    struct url url = roll_url(arena, place->point.id, session);
    url.text = str_format(arena, STR_FMT "#hv-%lld", STR_ARG(url.text), (long long)learner_id);
    return url;
}

/* "9:present:HEADS": the learner, the mark, and what the page showed when it was pressed. */
static bool parse_pressed(struct str text, int64_t *ret_learner, enum roll_mark *ret_mark, struct str *ret_heads)
{
    struct fact_id ids[ROLL_REPLACES_MAX];
    size_t len = 0;
    bool is_id = str_to_i64(str_cut(&text, ':'), ret_learner) && *ret_learner > 0;
    bool is_mark = roll_mark_parse(str_cut(&text, ':'), ret_mark);
    *ret_heads = text;
    return is_id && is_mark && roll_ids_parse(text, ids, &len);
}

enum err roll_mark_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct mark_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    enum roll_mark mark = ROLL_NONE;
    struct roll_marked marked = { .reason = form->reason, .device = STR(""), .source = STR("officer"), .by_name = STR("") };
    TRY(roll_asked_sheet(cx, req, &place, &marked.session_key));
    if (!parse_pressed(form->luot, &marked.learner_id, &mark, &marked.replaces))
        return fail(cx, ERR_INVALID, "Biểu mẫu gửi lên bị hỏng, xin tải lại trang rồi gửi lại");
    if (form->is_scan) {
        marked.source = STR("scan");
        mark = roll_mark_by_clock(roll_find_session(&place, marked.session_key), cx->now);
    }
    if (mark == ROLL_EXCUSED && str_trim(form->reason).len == 0) {
        struct url ask = url_format(&cx->arena, "/diem-danh/%lld/%lld?phep=%lld", (long long)place.point.id,
                                    (long long)marked.session_key, (long long)marked.learner_id);
        response_redirect(cx, res, ask, NULL);
        return OK;
    }
    marked.mark = roll_mark_stored(mark);
    TRY(roll_mark_by_form(cx, &place, &marked, false));
    response_redirect(cx, res, row_url(&cx->arena, &place, marked.session_key, marked.learner_id),
                      form->is_scan ? "Đã điểm danh: " STR_FMT : NULL, STR_ARG(roll_mark_shown(mark)));
    return OK;
}

enum err roll_settle_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct settle_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    struct roll_marked marked = { .learner_id = form->learner_id, .mark = form->mark, .reason = form->reason,
                                  .replaces = STR(""), .device = STR(""), .source = STR("officer"), .by_name = STR("") };
    TRY(roll_asked_sheet(cx, req, &place, &marked.session_key));
    TRY(roll_mark_by_form(cx, &place, &marked, true));
    response_redirect(cx, res, row_url(&cx->arena, &place, marked.session_key, marked.learner_id),
                      "Đã thống nhất; các lượt trước vẫn được giữ");
    return OK;
}

enum err roll_walk_in_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct walk_in_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    struct roll_walked_in walked = { .full_name = form->full_name, .title = form->title, .unit_name = form->unit_name,
                                     .device = STR(""), .device_at = cx->now, .by_name = STR("") };
    TRY(roll_asked_sheet(cx, req, &place, &walked.session_key));
    walked.point_id = place.point.id;
    TRY(roll_walk_in_by_form(cx, &place, &walked));
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, walked.session_key), "Đã ghi người đến thêm");
    return OK;
}

/* The sheet a form is about, and whether this very form was taken before: then there is nothing left to do. */
static enum err asked_once(struct ctx *cx, struct request *req, struct roll_place *ret_place, int64_t *ret_session,
                           bool *ret_again)
{
    int64_t seq = 0;
    TRY(roll_asked_sheet(cx, req, ret_place, ret_session));
    return fact_is_known(cx, ret_again, &seq);
}

enum err roll_withdraw_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct withdraw_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    bool is_again = false;
    TRY(asked_once(cx, req, &place, &session, &is_again));
    if (!is_again)
        TRY(roll_withdraw_walk_in(cx, &place, session, form->walk_in, form->reason));
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, session), "Đã rút tên người đến thêm");
    return OK;
}

enum err roll_count_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct count_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    bool is_again = false;
    TRY(asked_once(cx, req, &place, &session, &is_again));
    if (!is_again)
        TRY(roll_count_heads(cx, place.point.id, session, form->heads, form->note));
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, session), "Đã ghi số người có mặt: %lld",
                      (long long)form->heads);
    return OK;
}

enum err roll_close_post(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    bool is_again = false;
    TRY(asked_once(cx, req, &place, &session, &is_again));
    if (!is_again)
        TRY(roll_close(cx, place.point.id, session));
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, session),
                      "Đã kết thúc điểm danh; số liệu lúc này được giữ làm số báo cáo");
    return OK;
}

enum err roll_reopen_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct reopen_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    bool is_again = false;
    TRY(asked_once(cx, req, &place, &session, &is_again));
    if (!is_again)
        TRY(roll_reopen(cx, place.point.id, session, form->reason));
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, session), "Đã mở lại buổi điểm danh");
    return OK;
}

enum err roll_answer_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct answer_form *form = req->form;
    struct roll_place place = { .ends_at = 0 };
    struct roll_objections said = { .len = 0 };
    int64_t session = 0;
    bool is_again = false;
    TRY(asked_once(cx, req, &place, &session, &is_again));
    if (!is_again)
        TRY(roll_answer_objection(cx, &place, session, form->objection, form->words));
    TRY(roll_list_objections(cx, place.point.id, session, 0, &said));
    for (size_t i = 0; i < said.len && form->mark.len > 0; i++) {
        struct roll_marked marked = { .session_key = session, .learner_id = said.at[i].learner_id, .mark = form->mark,
                                      .reason = STR("Theo ý kiến của học viên"), .replaces = STR(""), .device = STR(""),
                                      .source = STR("officer"), .by_name = STR("") };
        if (str_eq(said.at[i].id, form->objection))
            TRY(roll_mark_by_form(cx, &place, &marked, true));
    }
    response_redirect(cx, res, roll_url(&cx->arena, place.point.id, session), "Đã trả lời học viên");
    return OK;
}
