#include "nomination/nomination_pages.h"

#include "obligation/obligation_rows.h"
#include "person/person.h"
#include "viet/viet.h"

/* ---- One name: its title, going, a replacement, the code ---- */

/* clang-format off */
const struct field reason_fields[1] = {
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct roster_form, reason), .len_max = 500, .required = true },
};
const struct field replace_fields[2] = {
    { "person_id", "Người thay", FIELD_ID, FIELD_OF(struct roster_form, person_id), .required = true },
    { "reason", "Lý do thay", FIELD_TEXT, FIELD_OF(struct roster_form, reason), .len_max = 500, .required = true },
};
const struct field title_fields[1] = {
    { "title", "Chức vụ ghi trong danh sách", FIELD_TEXT, FIELD_OF(struct roster_form, title), .len_max = 300, .required = true },
};
/* clang-format on */
static const struct field_table reason_table = FIELD_TABLE(struct roster_form, reason_fields);
static const struct field_table replace_table = FIELD_TABLE(struct roster_form, replace_fields);
static const struct field_table title_table = FIELD_TABLE(struct roster_form, title_fields);

struct asked_name {
    struct asked asked;
    struct name_row name;
    struct person person;
    struct roster_row roster;
};

/* A name in a list that the actor keeps; anything else looks like what is not there. */
static enum err asked_one(struct ctx *cx, const struct request *req, struct asked_name *ret_name)
{
    int64_t name_id = 0;
    TRY(request_id(cx, req, 1, &name_id));
    TRY(asked_class(cx, req, &ret_name->asked));
    TRY(name_find(cx, name_id, &ret_name->name));
    TRY(asked_unit(cx, req, ret_name->name.unit_id, &ret_name->asked));
    if (!ret_name->asked.may_write || ret_name->name.root_id != ret_name->asked.root_id)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy tên này trong danh sách");
    ret_name->asked.quota_id = ret_name->name.quota_id;
    TRY(person_find(cx, ret_name->name.person_id, &ret_name->person));
    return roster_find(cx, ret_name->name.root_id, ret_name->name.unit_id, ret_name->name.quota_id, &ret_name->roster);
}

static struct url name_url(struct ctx *cx, const struct asked_name *one, const char *what)
{
    struct url url = { .text = STR("") };
    (void)url_from_path(str_format(&cx->arena, "/lop/%lld/ten/%lld%s", (long long)one->asked.course.id,
                                   (long long)one->name.id, what),
                        &url);
    return url;
}

static void add_form(struct one_name_view *view, const char *head, struct safe_html form)
{
    view->heads[view->forms_len] = str_from(head);
    view->forms[view->forms_len++] = form;
}

static struct safe_html small_form(struct ctx *cx, const struct request *req, const struct asked_name *one,
                                   const struct field_table *table, const char *what, const char *label,
                                   const struct roster_form *values, const struct form_options *options)
{
    struct form_view form = { .action = name_url(cx, one, what), .submit_label = str_from(label) };
    request_form_view(req, table, values, &form);
    form.fact_id = form_own_id(&cx->arena, req, what[1] * 256 + what[2]);
    form.id_prefix = str_sub(str_from(what), 1, 4);
    form.options = options;
    form.options_len = options ? 1 : 0;
    return page_form(&cx->arena, &form);
}

/* Who may take the seat: the unit's officials who stand in no list of the class. */
static enum err replacement_options(struct ctx *cx, const struct asked_name *one, struct form_options *ret_options)
{
    SQL(count, "SELECT COUNT(*) FROM nomination_learner WHERE root_id = $1 AND person_id = $2 AND names > 0");
    enum { CHOICES_MAX = 300 };
    struct person_list people = { .len = 0 };
    size_t len = 0;
    TRY(own_people(cx, &one->asked.unit, STR(""), CHOICES_MAX, &people));
    struct choice *choices = ARENA_NEW_ARRAY(&cx->arena, struct choice, people.len + 1);
    for (size_t i = 0; i < people.len; i++) {
        const struct person *person = &people.at[i];
        int64_t named = 0;
        TRY(db_i64(cx, &count, BIND(V(one->name.root_id), V(person->id)), &named));
        if (named > 0)
            continue;
        choices[len].value = str_format(&cx->arena, "%lld", (long long)person->id);
        choices[len++].label = person->title.len > 0 ? str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(person->full_name),
                                                                  STR_ARG(person->title)) :
                                                       person->full_name;
    }
    *ret_options = (struct form_options){ .field = "person_id", .choices = choices, .len = len };
    return OK;
}

static enum err fill_forms(struct ctx *cx, const struct request *req, const struct asked_name *one, struct one_name_view *view)
{
    struct roster_form values = { .title = one->name.title, .birth_day = DAY_NONE };
    struct form_options options = { .len = 0 };
    bool is_sent = str_eq(one->roster.state, STR("sent"));
    bool is_draft = str_eq(one->roster.state, STR("draft"));
    bool may_leave = one->name.is_in_force && (is_draft || (is_sent && one->asked.may_approve));
    if (is_sent && one->asked.may_approve && one->name.replaced_by_id == 0) {
        TRY(replacement_options(cx, one, &options));
        add_form(view, "Thay bằng người khác",
                 small_form(cx, req, one, &replace_table, "/thay", "Thay người", &values, &options));
    }
    if (may_leave)
        add_form(view, "Rút tên", small_form(cx, req, one, &reason_table, "/rut", "Rút tên", &values, NULL));
    if (one->name.is_in_force && is_draft)
        add_form(view, "Sửa chức vụ", small_form(cx, req, one, &title_table, "/chuc-vu", "Lưu", &values, NULL));
    if (one->name.is_in_force)
        add_form(view, "Mã học viên",
                 page_button(&cx->arena, name_url(cx, one, "/doi-ma"), STR("Đổi mã"), false,
                             STR("Đổi mã? Mã và đường dẫn cũ của học viên sẽ không dùng được nữa."), req->csrf,
                             form_own_id(&cx->arena, req, 77)));
    return OK;
}

enum err show_one_name(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked_name one = { .name = { .id = 0 } };
    struct one_name_view view = { .forms_len = 0 };
    TRY(asked_one(cx, req, &one));
    view.title = one.name.title;
    view.unit_name = one.asked.unit.full_name;
    if (!one.name.is_in_force)
        view.state = STR("Tên này không còn trong danh sách.");
    else if (str_eq(one.roster.state, STR("approved")))
        view.state = STR("Danh sách đã duyệt; muốn sửa, đề nghị người đứng đầu trả lại.");
    else if (str_eq(one.roster.state, STR("sent")))
        view.state = STR("Danh sách đã gửi; thay người, rút tên cần lý do và do người đứng đầu thực hiện.");
    TRY(fill_forms(cx, req, &one, &view));
    if (actor_may(cx->actor, PERMISSION_PERSON_READ))
        view.person_url = person_url(&cx->arena, one.person.id);
    struct page page = { .title = one.person.full_name, .place = STR("lop"),
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(one.asked.unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, &one.asked);
    if (req->refused && req->refused->field[0] == '\0')
        page.error = str_copy(&cx->arena, str_from(req->refused->words));
    struct html h = page_begin(&cx->arena);
    page_one_name(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

enum err post_withdraw(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked_name one = { .name = { .id = 0 } };
    TRY(asked_one(cx, req, &one));
    TRY(nomination_withdraw(cx, one.name.id, form->reason));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &one.asked), "Đã rút tên đồng chí " STR_FMT,
                      STR_ARG(one.person.full_name));
    return OK;
}

enum err post_replace(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked_name one = { .name = { .id = 0 } };
    struct person by = { .id = 0 };
    TRY(asked_one(cx, req, &one));
    TRY(nomination_replace(cx, one.name.id, form->person_id, STR(""), form->reason, NULL));
    TRY(person_get(cx, form->person_id, &by));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &one.asked), "Đồng chí " STR_FMT " thay đồng chí " STR_FMT,
                      STR_ARG(by.full_name), STR_ARG(one.person.full_name));
    return OK;
}

enum err post_title(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked_name one = { .name = { .id = 0 } };
    TRY(asked_one(cx, req, &one));
    TRY(nomination_change_title(cx, one.name.id, form->title));
    response_redirect(cx, res, unit_lists_url(&cx->arena, &one.asked), "Đã sửa chức vụ của đồng chí " STR_FMT,
                      STR_ARG(one.person.full_name));
    return OK;
}

enum err post_renew(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked_name one = { .name = { .id = 0 } };
    TRY(asked_one(cx, req, &one));
    TRY(nomination_renew_code(cx, one.name.learner_id));
    response_redirect(cx, res,
                      url_format(&cx->arena, "/lop/%lld/the?don-vi=%lld", (long long)one.asked.course.id,
                                 (long long)one.asked.unit.id),
                      "Đã đổi mã của đồng chí " STR_FMT "; xin in lại thẻ", STR_ARG(one.person.full_name));
    return OK;
}

/* ---- A version, and what changed ---- */

struct version_names {
    int64_t *ids;
    size_t len;
};

static enum err read_version(struct ctx *cx, const struct asked *asked, int64_t version, struct version_view *view,
                             struct version_names *ret_names, struct str **ret_words)
{
    SQL(list, "SELECT v.name_id, v.title, p.full_name, p.birth_day FROM nomination_version_name v"
              " JOIN nomination_name n ON n.id = v.name_id JOIN person p ON p.id = n.person_id WHERE v.root_id = $1"
              " AND v.unit_id = $2 AND v.quota_id = $3 AND v.version = $4 ORDER BY p.sort_key, v.name_id LIMIT 1000");
    struct version_names names = { ARENA_NEW_ARRAY(&cx->arena, int64_t, NOMINATION_ROSTER_MAX), 0 };
    struct str *words = ARENA_NEW_ARRAY(&cx->arena, struct str, NOMINATION_ROSTER_MAX);
    struct name_line *lines = ARENA_NEW_ARRAY(&cx->arena, struct name_line, NOMINATION_ROSTER_MAX);
    struct rows rows =
        db_rows(cx, &list, BIND(V(asked->root_id), V(asked->unit.id), V(asked->quota_id), V(version)));
    while (names.len < NOMINATION_ROSTER_MAX && rows_next(&rows)) {
        struct name_line *line = &lines[names.len];
        names.ids[names.len] = rows_i64(&rows);
        line->title = rows_str(&rows);
        line->name = rows_str(&rows);
        bool has_birth = !rows_is_null(&rows);
        int64_t birth_day = rows_i64(&rows);
        line->birth = has_birth ? day_format(&cx->arena, (int32_t)birth_day) : STR("");
        line->number = (int64_t)names.len + 1;
        words[names.len++] = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(line->name), STR_ARG(line->title));
    }
    TRY(rows_end(&rows));
    if (view) {
        view->lines = lines;
        view->len = names.len;
    }
    *ret_names = names;
    *ret_words = words;
    return OK;
}

/* Those of `a` that are not in `b`. */
static void only_in(struct ctx *cx, const struct version_names *a, const struct str *words, const struct version_names *b,
                    struct str **ret_list, size_t *ret_len)
{
    struct str *list = ARENA_NEW_ARRAY(&cx->arena, struct str, a->len + 1);
    size_t len = 0;
    for (size_t i = 0; i < a->len; i++) {
        bool is_there = false;
        for (size_t j = 0; j < b->len; j++)
            is_there |= a->ids[i] == b->ids[j];
        if (!is_there)
            list[len++] = words[i];
    }
    *ret_list = list;
    *ret_len = len;
}

static enum err version_words(struct ctx *cx, const struct asked *asked, int64_t version, struct str *ret_words)
{
    SQL(find, "SELECT v.at, COALESCE(a.name, ''), v.cause, v.reason FROM nomination_version v"
              " LEFT JOIN account a ON a.id = v.account_id WHERE v.root_id = $1 AND v.unit_id = $2 AND v.quota_id = $3"
              " AND v.version = $4");
    struct str words = STR("");
    struct rows rows = db_rows(cx, &find, BIND(V(asked->root_id), V(asked->unit.id), V(asked->quota_id), V(version)));
    if (rows_next(&rows)) {
        int64_t at = rows_i64(&rows);
        struct str by = rows_str(&rows);
        struct str cause = rows_str(&rows);
        struct str reason = rows_str(&rows);
        words = str_format(&cx->arena, "Danh sách như đã %s lúc " STR_FMT "%s" STR_FMT "%s" STR_FMT,
                           str_eq(cause, STR("sent")) ? "gửi" : str_eq(cause, STR("replaced")) ? "thay người" : "rút tên",
                           STR_ARG(instant_format(&cx->arena, at)), by.len > 0 ? ", người thực hiện: " : "", STR_ARG(by),
                           reason.len > 0 ? ", lý do: " : "", STR_ARG(reason));
    }
    TRY(rows_end(&rows));
    if (words.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Danh sách không có lần gửi này");
    *ret_words = words;
    return OK;
}

enum err show_version(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct version_view view = { .len = 0 };
    struct version_names now = { .len = 0 };
    struct version_names before = { .len = 0 };
    struct str *now_words = NULL;
    struct str *before_words = NULL;
    int64_t version = 0;
    TRY(request_id(cx, req, 2, &version));
    TRY(asked_list(cx, req, 0, &asked));
    TRY(version_words(cx, &asked, version, &view.words));
    TRY(read_version(cx, &asked, version, &view, &now, &now_words));
    view.is_first = version == 1;
    if (!view.is_first) {
        TRY(read_version(cx, &asked, version - 1, NULL, &before, &before_words));
        only_in(cx, &now, now_words, &before, &view.added, &view.added_len);
        only_in(cx, &before, before_words, &now, &view.removed, &view.removed_len);
    }
    view.back_url = unit_lists_url(&cx->arena, &asked);
    struct page page = { .title = str_format(&cx->arena, "Lần gửi %lld: " STR_FMT, (long long)version,
                                             STR_ARG(asked.unit.full_name)),
                         .place = STR("lop"), .is_wide = true, .crumb = viet_upper_first(&cx->arena, asked.course.title) };
    page.crumb_url = course_url(&cx->arena, asked.course.id);
    person_note_read(cx, req->app, PERSON_READING_ROSTER, asked.unit.id, (int64_t)view.len);
    struct html h = page_begin(&cx->arena);
    page_version(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Guests of the opening and the closing ---- */

static enum err fill_guests(struct ctx *cx, const struct request *req, const struct asked *asked, struct guests_view *view)
{
    SQL(list, "SELECT g.id, p.full_name, g.title FROM nomination_guest g JOIN person p ON p.id = g.person_id"
              " WHERE g.root_id = $1 AND g.unit_id = $2 AND g.is_in_force = 1 ORDER BY p.sort_key, g.id LIMIT 200");
    enum { GUESTS_MAX = 200 };
    view->rows = ARENA_NEW_ARRAY(&cx->arena, struct guest_line, GUESTS_MAX);
    struct rows rows = db_rows(cx, &list, BIND(V(asked->root_id), V(asked->unit.id)));
    while (view->len < GUESTS_MAX && rows_next(&rows)) {
        struct guest_line *line = &view->rows[view->len++];
        int64_t id = rows_i64(&rows);
        line->name = rows_str(&rows);
        line->title = rows_str(&rows);
        if (!asked->may_write)
            continue;
        struct form_view form = { .submit_label = STR("Rút tên") };
        request_form_view(req, &reason_table, NULL, &form);
        form.action = url_format(&cx->arena, "/lop/%lld/dai-bieu/%lld/rut", (long long)asked->course.id, (long long)id);
        form.fact_id = form_own_id(&cx->arena, req, id);
        form.id_prefix = str_format(&cx->arena, "d%lld", (long long)id);
        line->form = page_form(&cx->arena, &form);
    }
    return rows_end(&rows);
}

static enum err fill_candidates(struct ctx *cx, const struct request *req, const struct asked *asked, struct guests_view *view)
{
    enum { FOUND_MAX = 30 };
    struct person_list people = { .len = 0 };
    TRY(own_people(cx, &asked->unit, view->search, FOUND_MAX, &people));
    view->found = ARENA_NEW_ARRAY(&cx->arena, struct found_line, people.len + 1);
    for (size_t i = 0; i < people.len; i++) {
        const struct person *person = &people.at[i];
        struct row_form form = { .unit_id = asked->unit.id, .person_id = person->id, .label = STR("Ghi tên") };
        form.action = url_format(&cx->arena, "/lop/%lld/dai-bieu", (long long)asked->course.id);
        form.hidden = page_form_hidden(&cx->arena, req->csrf, form_own_id(&cx->arena, req, person->id));
        struct html h = page_begin(&cx->arena);
        part_row_form(&h, &form);
        view->found[view->found_len++] =
            (struct found_line){ .name = person->full_name, .title = person->title, .unit_name = person->unit_name,
                                 .birth = birth_words(&cx->arena, person->birth_day), .button = page_end(&h) };
    }
    return OK;
}

enum err show_guests(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct guests_view view = { .len = 0 };
    struct course_whole whole = { .tests_len = 0 };
    TRY(asked_unit(cx, req, 0, &asked));
    TRY(course_get_whole(cx, asked.course.id, &whole));
    view.audience = ARENA_NEW_ARRAY(&cx->arena, struct str, whole.attendees_len + 1);
    for (size_t i = 0; i < whole.attendees_len; i++) {
        if (whole.attendees[i].is_guest)
            view.audience[view.audience_len++] = whole.attendees[i].text;
    }
    view.may_write = asked.may_write;
    view.action = url_format(&cx->arena, "/lop/%lld/dai-bieu", (long long)asked.course.id);
    view.unit_id = str_format(&cx->arena, "%lld", (long long)asked.unit.id);
    view.search = viet_clean(&cx->arena, request_value(req, "tim"));
    TRY(fill_guests(cx, req, &asked, &view));
    if (view.may_write && view.search.len > 0)
        TRY(fill_candidates(cx, req, &asked, &view));
    struct page page = { .title = STR("Đại biểu dự khai mạc, bế giảng"), .place = STR("lop"),
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked.unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, &asked);
    struct html h = page_begin(&cx->arena);
    page_guests(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static struct url guests_url(struct ctx *cx, const struct asked *asked)
{
    return url_format(&cx->arena, "/lop/%lld/dai-bieu?don-vi=%lld", (long long)asked->course.id, (long long)asked->unit.id);
}

enum err post_guest(struct ctx *cx, struct request *req, struct response *res)
{
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    TRY(asked_unit(cx, req, form->unit_id, &asked));
    TRY(nomination_name_guest(cx, asked.root_id, asked.unit.id, form->person_id, STR("")));
    response_redirect(cx, res, guests_url(cx, &asked), "Đã ghi tên đại biểu");
    return OK;
}

enum err post_guest_out(struct ctx *cx, struct request *req, struct response *res)
{
    SQL(find, "SELECT unit_id FROM nomination_guest WHERE id = $1 AND root_id = $2");
    const struct roster_form *form = req->form;
    struct asked asked = { .quota_id = 0 };
    int64_t guest_id = 0;
    int64_t unit_id = 0;
    TRY(request_id(cx, req, 1, &guest_id));
    TRY(asked_class(cx, req, &asked));
    enum err err = db_i64(cx, &find, BIND(V(guest_id), V(asked.root_id)), &unit_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy đại biểu này");
    TRY(err);
    TRY(asked_unit(cx, req, unit_id, &asked));
    TRY(nomination_withdraw_guest(cx, guest_id, form->reason));
    response_redirect(cx, res, guests_url(cx, &asked), "Đã rút tên đại biểu");
    return OK;
}
