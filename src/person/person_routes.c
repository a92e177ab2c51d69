#include "person/person_pages.h"

#include "unit/unit.h"
#include "viet/viet.h"

enum { PAGE_MAX = 100000, UNIT_CHOICES_MAX = 600 };

/* ---- The list ---- */

struct question {
    struct person_query query;
    int64_t page_number;
    struct str unit_text; /* the unit as it stands in the address */
};

static struct question question_of(struct ctx *cx, const struct request *req)
{
    struct question q = { .query = { .text = viet_clean(&cx->arena, request_value(req, "tim")),
                                     .title =
                                         viet_clean(&cx->arena, request_value(req, "chuc-vu")) },
                          .page_number = 1,
                          .unit_text = request_value(req, "don-vi") };
    int64_t number = 0;
    if (!str_to_i64(q.unit_text, &q.query.unit_id) || q.query.unit_id <= 0) {
        q.query.unit_id = 0;
        q.unit_text = STR("");
    }
    if (str_to_i64(request_value(req, "trang"), &number) && number > 1 && number < PAGE_MAX)
        q.page_number = number;
    q.query.offset = (q.page_number - 1) * PERSON_PAGE_ROWS;
    return q;
}

static struct person_row row_of(struct ctx *cx, const struct person *person)
{
    struct person_row row = { .url = person_url(&cx->arena, person->id),
                              .name = person->full_name,
                              .title = person->title,
                              .unit_name = person->unit_name,
                              .birth = STR(""),
                              .phone = person->phone };
    if (person->birth_day != DAY_NONE)
        row.birth = str_format(&cx->arena, "%d", day_to_civil(person->birth_day).year);
    if (person->phone.len > 0)
        row.phone_url = url_phone(&cx->arena, person->phone);
    return row;
}

static struct url list_url(struct arena *arena, bool is_export, const struct question *q)
{
    struct str text = q->query.text, title = q->query.title, unit = q->unit_text;
    if (is_export)
        return url_format(arena, "/can-bo/danh-sach?tim=%.*s&chuc-vu=%.*s&don-vi=%.*s",
                          STR_ARG(text), STR_ARG(title), STR_ARG(unit));
    return url_format(arena, "/can-bo?tim=%.*s&chuc-vu=%.*s&don-vi=%.*s", STR_ARG(text),
                      STR_ARG(title), STR_ARG(unit));
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct question q = question_of(cx, req);
    struct person_list list = { .len = 0 };
    TRY(person_list(cx, &q.query, &list));
    struct person_list_view view = { .action = url_format(&cx->arena, "/can-bo"),
                                     .text = q.query.text,
                                     .title = q.query.title,
                                     .unit_id = q.unit_text,
                                     .unit_name = STR(""),
                                     .all_url = url_format(&cx->arena, "/can-bo"),
                                     .rows =
                                         ARENA_NEW_ARRAY(&cx->arena, struct person_row, list.len),
                                     .len = list.len };
    for (size_t i = 0; i < list.len; i++)
        view.rows[i] = row_of(cx, &list.at[i]);
    if (q.query.unit_id != 0) {
        struct unit unit = { .id = 0 };
        TRY(unit_get(cx, q.query.unit_id, &unit));
        view.unit_name = unit.full_name;
    }
    view.found =
        list.total == PERSON_FOUND_MAX + 1 ?
            str_format(&cx->arena, "hơn " STR_FMT " cán bộ; xin thêm từ để thu hẹp",
                       STR_ARG(viet_number(&cx->arena, PERSON_FOUND_MAX))) :
            str_format(&cx->arena, STR_FMT " cán bộ", STR_ARG(viet_number(&cx->arena, list.total)));
    view.pager = page_pager(&cx->arena, list_url(&cx->arena, false, &q), q.page_number,
                            PERSON_PAGE_ROWS, list.total);

    person_note_read(cx, req->app, PERSON_READING_PAGE, q.query.unit_id, (int64_t)list.len);
    struct html h = page_begin(&cx->arena);
    page_person_list(&h, &view);
    struct page page = { .title = STR("Cán bộ"),
                         .place = STR("can-bo"),
                         .is_wide = true,
                         .export_url = list_url(&cx->arena, true, &q) };
    if (actor_may(cx->actor, PERMISSION_PERSON_WRITE)) {
        struct html actions = page_begin(&cx->arena);
        part_person_list_actions(
            &actions, url_format(&cx->arena, "/can-bo/moi?don-vi=%.*s", STR_ARG(q.unit_text)));
        page.actions = page_end(&actions);
    }
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err export_list(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const headings[] = { "Họ và tên", "Ngày sinh", "Giới tính",
                                            "Chức vụ",   "Đơn vị",    "Điện thoại" };
    struct question q = question_of(cx, req);
    struct person_list list = { .len = 0 };
    q.query.offset = 0;
    q.query.limit = 1;
    TRY(person_list(cx, &q.query, &list));
    if (list.total > PERSON_EXPORT_MAX)
        return fail(cx, ERR_LIMIT,
                    "Danh sách có " STR_FMT " cán bộ, mỗi tệp tối đa " STR_FMT "; xin chọn một đơn vị hoặc lọc hẹp hơn rồi tải lại",
                    STR_ARG(viet_number(&cx->arena, list.total)), STR_ARG(viet_number(&cx->arena, PERSON_EXPORT_MAX)));
    q.query.limit = PERSON_EXPORT_MAX;
    TRY(person_list(cx, &q.query, &list));
    person_note_read(cx, req->app, PERSON_READING_FILE, q.query.unit_id, (int64_t)list.len);
    response_csv_begin(res, cx, STR("can-bo.csv"));
    for (size_t i = 0; i < LEN(headings); i++)
        response_csv_cell(res, str_from(headings[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < list.len; i++) {
        const struct person *p = &list.at[i];
        response_csv_cell(res, p->full_name);
        response_csv_cell(res, p->birth_day == DAY_NONE ? STR("")
                                                        : day_format(&cx->arena, p->birth_day));
        response_csv_cell(res, person_sex_words(p->sex));
        response_csv_cell(res, p->title);
        response_csv_cell(res, p->unit_name);
        response_csv_cell(res, p->phone);
        response_csv_end_row(res);
    }
    return OK;
}

/* ---- One person ---- */

static struct url page_of(struct arena *arena, int64_t id, const char *what)
{
    return url_format(arena, "/can-bo/%lld/%s", (long long)id, what);
}

static struct str masked(struct arena *arena, struct str tail)
{
    return tail.len == 0 ? STR("") : str_format(arena, "•••••••••" STR_FMT, STR_ARG(tail));
}

static struct str days_of(struct arena *arena, const struct post *post)
{
    struct str from = day_format(arena, post->from_day);
    if (post->to_day == PERSON_DAY_OPEN)
        return str_format(arena, "từ " STR_FMT " đến nay", STR_ARG(from));
    return str_format(arena, "từ " STR_FMT " đến hết " STR_FMT, STR_ARG(from),
                      STR_ARG(day_format(arena, post->to_day - 1)));
}

static enum err list_posts(struct ctx *cx, const struct person *person, bool may_write,
                           struct person_one_view *view)
{
    struct post_list posts = { .len = 0 };
    TRY(person_get_posts(cx, person->id, &posts));
    view->posts = ARENA_NEW_ARRAY(&cx->arena, struct post_row, posts.len);
    view->posts_len = posts.len;
    for (size_t i = 0; i < posts.len; i++) {
        const struct post *post = &posts.at[i];
        struct post_row *row = &view->posts[i];
        struct unit unit = { .id = 0 };
        *row = (struct post_row){ .title = post->title,
                                  .unit_name = post->unit_name,
                                  .days = days_of(&cx->arena, post),
                                  .is_held = post->to_day == PERSON_DAY_OPEN };
        TRY(unit_find(cx, post->unit_id, &unit));
        if (unit_scope_holds(&cx->actor->scope, unit.path))
            row->unit_url = unit_url(&cx->arena, unit.id);
        if (row->is_held && may_write)
            row->close_url = url_format(&cx->arena, "/can-bo/%lld/chuc-vu/%lld",
                                        (long long)person->id, (long long)post->id);
    }
    return OK;
}

static enum err list_trail(struct ctx *cx, int64_t id, struct person_one_view *view)
{
    struct person_trail trail = { .len = 0 };
    TRY(person_get_trail(cx, id, &trail));
    view->trail = ARENA_NEW_ARRAY(&cx->arena, struct trail_row, trail.len);
    view->trail_len = trail.len;
    for (size_t i = 0; i < trail.len; i++)
        view->trail[i] = (struct trail_row){ .at = instant_format(&cx->arena, trail.at[i].at),
                                             .words = trail.at[i].words };
    return OK;
}

static struct str name_of(const struct person *person)
{
    return person->erased_at != 0 ? STR("Hồ sơ đã xóa thông tin cá nhân") : person->full_name;
}

static enum err show_one(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    struct person person = { .id = 0 };
    TRY(request_id(cx, req, 0, &id));
    TRY(person_get(cx, id, &person));
    bool is_alive = person.erased_at == 0;
    bool may_write = is_alive && actor_may(cx->actor, PERMISSION_PERSON_WRITE);
    struct person_one_view view = {
        .person = &person,
        .birth = person.birth_day == DAY_NONE ? STR("") : day_format(&cx->arena, person.birth_day),
        .sex = person_sex_words(person.sex),
        .citizen =
            person.citizen_tail.len > 0 ? masked(&cx->arena, person.citizen_tail) : STR("Chưa có"),
        .unit_url = unit_url(&cx->arena, person.unit_id),
    };
    if (person.phone.len > 0)
        view.phone_url = url_phone(&cx->arena, person.phone);
    if (person.mail.len > 0)
        view.mail_url = url_mail(&cx->arena, person.mail);
    if (may_write || (is_alive && actor_may(cx->actor, PERMISSION_PERSON_REVEAL)))
        view.citizen_url = page_of(&cx->arena, id, "so-dinh-danh");
    TRY(list_posts(cx, &person, may_write, &view));
    TRY(list_trail(cx, id, &view));

    struct html h = page_begin(&cx->arena);
    page_person_one(&h, &view);
    struct page page = { .title = name_of(&person),
                         .place = STR("can-bo"),
                         .is_wide = true,
                         .crumb = STR("Cán bộ"),
                         .crumb_url = url_format(&cx->arena, "/can-bo") };
    if (may_write) {
        struct html actions = page_begin(&cx->arena);
        part_person_actions(&actions, &(struct person_actions_view){
                                          .post_url = page_of(&cx->arena, id, "chuc-vu"),
                                          .transfer_url = page_of(&cx->arena, id, "chuyen"),
                                          .erase_url = page_of(&cx->arena, id, "xoa"),
                                          .edit_url = page_of(&cx->arena, id, "sua") });
        page.actions = page_end(&actions);
    }
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Forms ---- */

struct person_form {
    struct person_values values;
    int64_t unit_id;
    struct str title;
    int32_t day;
    struct str text; /* a citizen id, a reason */
};

static const struct choice sexes[] = { { STR_INIT("nam"), STR_INIT("Nam") },
                                       { STR_INIT("nu"), STR_INIT("Nữ") } };

/* clang-format off */
#define VALUE(member) FIELD_OF(struct person_form, values.member)
#define VALUE_FIELDS                                                                                   \
    { "full_name", "Họ và tên", FIELD_TEXT, VALUE(full_name), .required = true },                      \
    { "given", "Tên gọi", FIELD_TEXT, VALUE(given), .len_max = 60,                                     \
      .help = "Chỉ ghi khi tên gọi không phải là từ cuối của họ tên, ví dụ tên của một số dân tộc" },  \
    { "birth_day", "Ngày sinh", FIELD_DAY, VALUE(birth_day) },                                         \
    { "sex", "Giới tính", FIELD_CHOICE, VALUE(sex), .choices = sexes, .choices_len = LEN(sexes) },     \
    { "phone", "Điện thoại", FIELD_TEXT, VALUE(phone), .len_max = 30 },                                \
    { "mail", "Thư điện tử", FIELD_TEXT, VALUE(mail) }
#define UNIT_FIELD { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct person_form, unit_id), .required = true }

static const struct field new_fields[] = {
    VALUE_FIELDS,
    UNIT_FIELD,
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct person_form, title), .len_max = 300 },
    { "from_day", "Giữ chức vụ từ ngày", FIELD_DAY, FIELD_OF(struct person_form, day) },
};
static const struct field edit_fields[] = { VALUE_FIELDS };
static const struct field post_fields[] = {
    UNIT_FIELD,
    { "title", "Chức vụ", FIELD_TEXT, FIELD_OF(struct person_form, title), .len_max = 300, .required = true },
    { "from_day", "Từ ngày", FIELD_DAY, FIELD_OF(struct person_form, day), .required = true },
};
static const struct field close_fields[] = {
    { "to_day", "Thôi giữ từ ngày", FIELD_DAY, FIELD_OF(struct person_form, day), .required = true },
};
static const struct field transfer_fields[] = {
    { "to_unit_id", "Đơn vị mới", FIELD_ID, FIELD_OF(struct person_form, unit_id), .required = true },
};
static const struct field citizen_fields[] = {
    { "citizen_id", "Số định danh cá nhân", FIELD_TEXT, FIELD_OF(struct person_form, text), .len_max = 30,
      .required = true, .help = "12 chữ số, giữ cả số 0 ở đầu" },
};
static const struct field reveal_fields[] = {
    { "reason", "Lý do xem", FIELD_TEXT, FIELD_OF(struct person_form, text), .len_max = 500, .required = true },
};
static const struct field erase_fields[] = {
    { "reason", "Lý do xóa", FIELD_TEXT, FIELD_OF(struct person_form, text), .len_max = 500, .required = true },
};
/* clang-format on */

/* The bodies one may choose from: those the actor reaches, and first of all the one that was asked
 * for. */
static enum err unit_choices(struct ctx *cx, const char *field, int64_t asked_id,
                             struct form_options *ret_options)
{
    struct unit_list list = { .len = 0 };
    struct unit_query query = { .text = STR(""), .kind = STR("body"), .limit = UNIT_CHOICES_MAX };
    struct unit asked = { .id = 0 };
    TRY(unit_search(cx, &query, &list));
    if (asked_id != 0 && unit_get(cx, asked_id, &asked) != OK)
        asked.id = 0;
    struct choice *choices = ARENA_NEW_ARRAY(&cx->arena, struct choice, list.len + 1);
    size_t len = 0;
    if (asked.id != 0)
        choices[len++] =
            (struct choice){ str_format(&cx->arena, "%lld", (long long)asked.id), asked.full_name };
    for (size_t i = 0; i < list.len; i++)
        if (list.at[i].id != asked.id)
            choices[len++] =
                (struct choice){ str_format(&cx->arena, "%lld", (long long)list.at[i].id),
                                 list.at[i].full_name };
    *ret_options = (struct form_options){ .field = field, .choices = choices, .len = len };
    return OK;
}

/* One page of one form. `values` may be NULL; `options` has no field when there is nothing to
 * choose. */
static void show_form(struct ctx *cx, struct request *req, struct response *res,
                      struct form_view *form, const struct form_options *options, struct page *page,
                      struct str words)
{
    if (options->field) {
        form->options = options;
        form->options_len = 1;
    }
    struct person_form_view view = { .words = words, .form = page_form(&cx->arena, form) };
    struct html h = page_begin(&cx->arena);
    page_person_form(&h, &view);
    page->place = STR("can-bo");
    response_page(cx, req, res, page, page_end(&h));
}

static enum err show_new(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, new_fields);
    struct form_options options = { .field = NULL };
    struct person_form values = { .values = { .birth_day = DAY_NONE }, .day = DAY_NONE };
    struct form_view form = { .action = url_format(&cx->arena, "/can-bo"),
                              .submit_label = STR("Lập hồ sơ"),
                              .cancel_url = url_format(&cx->arena, "/can-bo") };
    int64_t asked_id = 0;
    struct str asked = request_value(req, req->method == METHOD_POST ? "unit_id" : "don-vi");
    if (str_to_i64(asked, &asked_id) && asked_id > 0)
        values.unit_id = asked_id;
    TRY(unit_choices(cx, "unit_id", values.unit_id, &options));
    request_form_view(req, &fields, &values, &form);
    show_form(cx, req, res, &form, &options, &(struct page){ .title = STR("Thêm cán bộ") },
              STR(""));
    return OK;
}

static enum err post_new(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0;
    TRY(person_create(cx, form->unit_id, &form->values, form->title, form->day, &id));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã lập hồ sơ");
    return OK;
}

/* The person of the address, and a page that leads back to it. */
static enum err find_asked(struct ctx *cx, const struct request *req, struct person *ret_person,
                           struct page *ret_page)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_get(cx, id, ret_person));
    ret_page->crumb = name_of(ret_person);
    ret_page->crumb_url = person_url(&cx->arena, id);
    return OK;
}

static enum err show_edit(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, edit_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Sửa hồ sơ") };
    TRY(find_asked(cx, req, &person, &page));
    struct viet_name usual = viet_name_split(&cx->arena, person.full_name);
    struct person_form values = {
        .values = { .full_name = person.full_name,
                    .given = str_eq(usual.given, person.given) ? STR("") : person.given,
                    .birth_day = person.birth_day,
                    .sex = person.sex,
                    .phone = person.phone,
                    .mail = person.mail }
    };
    struct form_view form = { .action = page_of(&cx->arena, person.id, "sua"),
                              .submit_label = STR("Lưu"),
                              .cancel_url = person_url(&cx->arena, person.id) };
    request_form_view(req, &fields, &values, &form);
    show_form(cx, req, res, &form, &(struct form_options){ .field = NULL }, &page, STR(""));
    return OK;
}

static enum err post_edit(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_update(cx, id, &form->values));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã cập nhật hồ sơ");
    return OK;
}

static enum err show_add_post(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, post_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Bổ sung chức vụ") };
    struct form_options options = { .field = NULL };
    TRY(find_asked(cx, req, &person, &page));
    TRY(unit_choices(cx, "unit_id", person.unit_id, &options));
    struct person_form values = { .unit_id = person.unit_id, .title = STR(""), .day = DAY_NONE };
    struct form_view form = { .action = page_of(&cx->arena, person.id, "chuc-vu"),
                              .submit_label = STR("Bổ sung"),
                              .cancel_url = person_url(&cx->arena, person.id) };
    request_form_view(req, &fields, &values, &form);
    show_form(cx, req, res, &form, &options, &page, STR(""));
    return OK;
}

static enum err post_add_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_add_post(cx, id, form->unit_id, form->title, form->day));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã bổ sung chức vụ");
    return OK;
}

static enum err show_close_post(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, close_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Thôi giữ chức vụ") };
    int64_t post_id = 0;
    TRY(find_asked(cx, req, &person, &page));
    TRY(request_id(cx, req, 1, &post_id));
    struct post_list posts = { .len = 0 };
    TRY(person_get_posts(cx, person.id, &posts));
    struct str words = STR("");
    for (size_t i = 0; i < posts.len; i++)
        if (posts.at[i].id == post_id)
            words = str_format(&cx->arena, STR_FMT ", " STR_FMT, STR_ARG(posts.at[i].title),
                               STR_ARG(posts.at[i].unit_name));
    if (words.len == 0)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    struct form_view form = { .action = url_format(&cx->arena, "/can-bo/%lld/chuc-vu/%lld",
                                                   (long long)person.id, (long long)post_id),
                              .submit_label = STR("Thôi giữ chức vụ"),
                              .cancel_url = person_url(&cx->arena, person.id) };
    request_form_view(req, &fields, NULL, &form);
    show_form(cx, req, res, &form, &(struct form_options){ .field = NULL }, &page, words);
    return OK;
}

static enum err post_close_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0, post_id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(request_id(cx, req, 1, &post_id));
    TRY(person_close_post(cx, id, post_id, form->day));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã ghi thôi giữ chức vụ");
    return OK;
}

static enum err show_transfer(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, transfer_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Chuyển hồ sơ") };
    struct form_options options = { .field = NULL };
    TRY(find_asked(cx, req, &person, &page));
    TRY(unit_choices(cx, "to_unit_id", 0, &options));
    struct form_view form = { .action = page_of(&cx->arena, person.id, "chuyen"),
                              .submit_label = STR("Chuyển"),
                              .cancel_url = person_url(&cx->arena, person.id) };
    request_form_view(req, &fields, NULL, &form);
    show_form(
        cx, req, res, &form, &options, &page,
        str_format(&cx->arena, "Đơn vị đang quản lý hồ sơ: " STR_FMT, STR_ARG(person.unit_name)));
    return OK;
}

static enum err post_transfer(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_transfer(cx, id, form->unit_id));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã chuyển hồ sơ");
    return OK;
}

static enum err show_erase(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table fields = FIELD_TABLE(struct person_form, erase_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Xóa thông tin cá nhân") };
    TRY(find_asked(cx, req, &person, &page));
    struct form_view form = {
        .action = page_of(&cx->arena, person.id, "xoa"),
        .submit_label = STR("Xóa"),
        .confirm = STR("Xóa thông tin cá nhân của hồ sơ này? Việc này không thể lấy lại."),
        .cancel_url = person_url(&cx->arena, person.id)
    };
    request_form_view(req, &fields, NULL, &form);
    show_form(cx, req, res, &form, &(struct form_options){ .field = NULL }, &page,
              STR("Họ tên, ngày sinh, liên hệ và số định danh sẽ bị xóa khỏi hồ sơ và khỏi sổ ghi; "
                  "chức vụ được giữ lại "
                  "không kèm tên. Việc này không thể lấy lại."));
    return OK;
}

static enum err post_erase(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_erase(cx, id, form->text));
    response_redirect(cx, res, person_url(&cx->arena, id), "Đã xóa thông tin cá nhân");
    return OK;
}

/* ---- The citizen id ---- */

static enum err show_citizen_page(struct ctx *cx, struct request *req, struct response *res,
                                  struct str digits)
{
    static const struct field_table set_table = FIELD_TABLE(struct person_form, citizen_fields);
    static const struct field_table reveal_table = FIELD_TABLE(struct person_form, reveal_fields);
    struct person person = { .id = 0 };
    struct page page = { .title = STR("Số định danh cá nhân"), .place = STR("can-bo") };
    TRY(find_asked(cx, req, &person, &page));
    struct person_citizen_view view = { .masked = masked(&cx->arena, person.citizen_tail),
                                        .digits = digits };
    view.doubt = person_citizen_doubt(&cx->arena, digits, person.birth_day, person.sex);
    struct form_view set = { .action = page_of(&cx->arena, person.id, "so-dinh-danh"),
                             .submit_label = STR("Lưu"),
                             .id_prefix = STR("nhap") };
    struct form_view reveal = { .action = page_of(&cx->arena, person.id, "xem-so-dinh-danh"),
                                .submit_label = STR("Xem đủ số"),
                                .id_prefix = STR("xem") };
    request_form_view(req, &set_table, NULL, &set);
    request_form_view(req, &reveal_table, NULL, &reveal);
    if (actor_may(cx->actor, PERMISSION_PERSON_WRITE))
        view.set_form = page_form(&cx->arena, &set);
    if (actor_may(cx->actor, PERMISSION_PERSON_REVEAL) && person.citizen_tail.len > 0)
        view.reveal_form = page_form(&cx->arena, &reveal);
    struct html h = page_begin(&cx->arena);
    page_person_citizen(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err show_citizen(struct ctx *cx, struct request *req, struct response *res)
{
    return show_citizen_page(cx, req, res, STR(""));
}

static enum err post_citizen(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    struct person person = { .id = 0 };
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_set_citizen_id(cx, id, form->text));
    TRY(person_get(cx, id, &person));
    struct str doubt = person_citizen_doubt(&cx->arena, form->text, person.birth_day, person.sex);
    if (doubt.len > 0)
        response_redirect(cx, res, person_url(&cx->arena, id),
                          "Đã lưu số định danh cá nhân. " STR_FMT, STR_ARG(doubt));
    else
        response_redirect(cx, res, person_url(&cx->arena, id), "Đã lưu số định danh cá nhân");
    return OK;
}

/* The one POST of this room that answers with a page: digits in a redirect would stand in a cookie.
 */
static enum err post_reveal(struct ctx *cx, struct request *req, struct response *res)
{
    const struct person_form *form = req->form;
    struct str digits = STR("");
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(person_reveal_citizen_id(cx, id, form->text, &digits));
    return show_citizen_page(cx, req, res, digits);
}

/* clang-format off */
#define WRITE(pattern_text, handler_name, form_fields, again_name)                                     \
    { METHOD_POST, STR_INIT(pattern_text), PERMISSION_PERSON_WRITE, handler_name,                      \
      FIELD_TABLE(struct person_form, form_fields), .again = again_name }
#define FORM_PAGE(pattern_text, handler_name)                                                          \
    { METHOD_GET, STR_INIT(pattern_text), PERMISSION_PERSON_WRITE, handler_name, NO_FORM }

static const struct route routes[] = {
    { METHOD_GET, STR_INIT("/can-bo"), PERMISSION_PERSON_READ, show_list, NO_FORM },
    { METHOD_GET, STR_INIT("/can-bo/danh-sach"), PERMISSION_PERSON_READ, export_list, NO_FORM, .flags = ROUTE_SLOW },
    FORM_PAGE("/can-bo/moi", show_new),
    WRITE("/can-bo", post_new, new_fields, show_new),
    { METHOD_GET, STR_INIT("/can-bo/{id}"), PERMISSION_PERSON_READ, show_one, NO_FORM },
    FORM_PAGE("/can-bo/{id}/sua", show_edit),
    WRITE("/can-bo/{id}/sua", post_edit, edit_fields, show_edit),
    FORM_PAGE("/can-bo/{id}/chuc-vu", show_add_post),
    WRITE("/can-bo/{id}/chuc-vu", post_add_post, post_fields, show_add_post),
    FORM_PAGE("/can-bo/{id}/chuc-vu/{post}", show_close_post),
    WRITE("/can-bo/{id}/chuc-vu/{post}", post_close_post, close_fields, show_close_post),
    FORM_PAGE("/can-bo/{id}/chuyen", show_transfer),
    WRITE("/can-bo/{id}/chuyen", post_transfer, transfer_fields, show_transfer),
    FORM_PAGE("/can-bo/{id}/xoa", show_erase),
    WRITE("/can-bo/{id}/xoa", post_erase, erase_fields, show_erase),
    { METHOD_GET, STR_INIT("/can-bo/{id}/so-dinh-danh"), PERMISSION_PERSON_READ, show_citizen, NO_FORM },
    WRITE("/can-bo/{id}/so-dinh-danh", post_citizen, citizen_fields, show_citizen),
    { METHOD_POST, STR_INIT("/can-bo/{id}/xem-so-dinh-danh"), PERMISSION_PERSON_REVEAL, post_reveal,
      FIELD_TABLE(struct person_form, reveal_fields), .again = show_citizen },
};
/* clang-format on */
const struct route_table person_routes = { routes, LEN(routes) };
