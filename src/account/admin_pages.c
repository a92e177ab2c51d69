#include "account/account_facts.h"
#include "account/account_pages.h"
#include "person/person.h"
#include "unit/unit.h"
#include "viet/viet.h"

enum { UNIT_OPTIONS_MAX = 30, KEYS_MAX = 200 };

static enum err changed(struct ctx *cx, struct request *req, struct response *res,
                        int64_t account_id, const char *done)
{
    account_changed(req->app);
    response_redirect(cx, res,
                      url_format(&cx->arena, "/quan-tri/tai-khoan/%lld", (long long)account_id),
                      "%s", done);
    return OK;
}

/* --- the list --- */

static enum err go_admin(struct ctx *cx, struct request *req, struct response *res)
{
    (void)req;
    response_redirect(cx, res, (struct url){ STR("/quan-tri/tai-khoan") }, "%s", "");
    return OK;
}

static void describe(struct ctx *cx, const struct account *account, struct account_line *line)
{
    enum state_mark mark = MARK_DONE;
    line->account = *account;
    line->url = url_format(&cx->arena, "/quan-tri/tai-khoan/%lld", (long long)account->id);
    line->state = STR("Đang dùng");
    if (account->is_disabled) {
        line->state = STR("Đã khóa");
        mark = MARK_UNKNOWN;
    } else if (!account->has_password) {
        line->state = STR("Chưa có mật khẩu");
        mark = MARK_DUE;
    } else if (account->seats == 0) {
        line->state = STR("Chưa được giao quyền");
        mark = MARK_DUE;
    }
    line->mark_html = page_mark(&cx->arena, mark, line->state);
}

static enum err list_lines(struct ctx *cx, struct str search, struct accounts_view *view)
{
    struct account *accounts = ARENA_NEW_ARRAY(&cx->arena, struct account, ACCOUNT_LIST_MAX);
    TRY(account_list(cx, search, accounts, ACCOUNT_LIST_MAX, &view->len, &view->count));
    view->search = search;
    view->is_cut = view->count > (int64_t)view->len;
    view->lines = ARENA_NEW_ARRAY(&cx->arena, struct account_line, view->len + 1);
    for (size_t i = 0; i < view->len; i++)
        describe(cx, &accounts[i], &view->lines[i]);
    return OK;
}

static struct safe_html link_button(struct ctx *cx, const char *path, const char *words)
{
    struct html h = page_begin(&cx->arena);
    part_link_button(&h, (struct url){ str_from(path) }, str_from(words));
    return page_end(&h);
}

static enum err show_list(struct ctx *cx, struct request *req, struct response *res)
{
    struct accounts_view view = { .lines = NULL };
    struct page page = { .title = STR_INIT("Tài khoản"),
                         .place = STR_INIT("quan-tri"),
                         .is_wide = true };
    struct str search = request_value(req, "search");
    TRY(list_lines(cx, search, &view));
    person_note_read(cx, req->app, PERSON_READING_ACCOUNTS, 0, (int64_t)view.len);
    page.actions = link_button(cx, "/quan-tri/tai-khoan/moi", "Tạo tài khoản");
    page.export_url =
        url_format(&cx->arena, "/quan-tri/tai-khoan.csv?search=%.*s", STR_ARG(search));
    struct html h = page_begin(&cx->arena);
    page_account_list(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err export_list(struct ctx *cx, struct request *req, struct response *res)
{
    static const char *const heads[] = { "Họ và tên", "Tên đăng nhập", "Đơn vị quản lý",
                                         "Số vị trí", "Trạng thái" };
    struct accounts_view view = { .lines = NULL };
    TRY(list_lines(cx, request_value(req, "search"), &view));
    person_note_read(cx, req->app, PERSON_READING_ACCOUNTS_FILE, 0, (int64_t)view.len);
    response_csv_begin(res, cx, STR("tai-khoan.csv"));
    for (size_t i = 0; i < LEN(heads); i++)
        response_csv_cell(res, str_from(heads[i]));
    response_csv_end_row(res);
    for (size_t i = 0; i < view.len; i++) {
        response_csv_cell(res, view.lines[i].account.name);
        response_csv_cell(res, view.lines[i].account.login);
        response_csv_cell(res, view.lines[i].account.unit_name);
        response_csv_number(res, view.lines[i].account.seats);
        response_csv_cell(res, view.lines[i].state);
        response_csv_end_row(res);
    }
    return OK;
}

/* --- choosing a unit: by words of its name, within the actor's reach --- */

static enum err list_unit_options(struct ctx *cx, struct str search,
                                  struct form_options *ret_options)
{
    struct unit_query query = { .text = search, .limit = UNIT_OPTIONS_MAX };
    struct unit_list list = { .at = NULL };
    TRY(unit_search(cx, &query, &list));
    struct choice *choices = ARENA_NEW_ARRAY(&cx->arena, struct choice, list.len + 1);
    for (size_t i = 0; i < list.len; i++) {
        choices[i].value = str_format(&cx->arena, "%lld", (long long)list.at[i].id);
        choices[i].label = list.at[i].full_name;
    }
    *ret_options = (struct form_options){ "unit_id", choices, list.len };
    return OK;
}

/* --- a new account --- */

struct new_account_form {
    int64_t unit_id;
    struct str name;
    struct str login;
    struct str new_password;
    struct str password_again;
};

static const struct field new_account_fields[] = {
    { "unit_id", "Đơn vị quản lý tài khoản", FIELD_ID, FIELD_OF(struct new_account_form, unit_id),
      .required = true },
    { "name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct new_account_form, name),
      .len_max = ACCOUNT_NAME_MAX, .required = true },
    { "login", "Tên đăng nhập", FIELD_TEXT, FIELD_OF(struct new_account_form, login),
      .len_max = ACCOUNT_LOGIN_MAX, .required = true,
      .help = "Chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối." },
    { "new_password", "Mật khẩu ban đầu", FIELD_TEXT,
      FIELD_OF(struct new_account_form, new_password), .len_max = PASSWORD_LEN_MAX,
      .required = true,
      .help = "Ít nhất 12 ký tự; trao riêng cho người dùng và nhắc đổi sau lần đăng nhập đầu." },
    { "password_again", "Nhập lại mật khẩu", FIELD_TEXT,
      FIELD_OF(struct new_account_form, password_again), .len_max = PASSWORD_LEN_MAX,
      .required = true },
};
static const struct field_table new_account_table =
    FIELD_TABLE(struct new_account_form, new_account_fields);

static enum err show_new(struct ctx *cx, struct request *req, struct response *res)
{
    struct form_options options = { .field = "unit_id" };
    struct new_account_view view = { .search = request_value(req, "tim") };
    struct page page = { .title = STR_INIT("Tạo tài khoản"),
                         .place = STR_INIT("quan-tri"),
                         .crumb = STR_INIT("Tài khoản"),
                         .crumb_url = { STR_INIT("/quan-tri/tai-khoan") } };
    struct form_view form = { .action = { STR_INIT("/quan-tri/tai-khoan") },
                              .submit_label = STR_INIT("Tạo tài khoản") };
    TRY(list_unit_options(cx, view.search, &options));
    request_form_view(req, &new_account_table, NULL, &form);
    form.options = &options;
    form.options_len = 1;
    view.has_units = options.len > 0;
    view.form = page_form(&cx->arena, &form);
    struct html h = page_begin(&cx->arena);
    page_account_new(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err prepare_new(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct new_account_form *form = req->form;
    struct unit unit = { .id = 0 };
    struct str *hash = ARENA_NEW(&cx->arena, struct str);
    struct new_password typed = { form->new_password, form->password_again };
    TRY(unit_get(cx, form->unit_id, &unit));
    const struct str words[] = { form->login, form->name, unit.full_name };
    TRY(account_prepare_password(cx, req, &typed, words, LEN(words), false, hash));
    req->prepared = hash;
    return OK;
}

static enum err make_new(struct ctx *cx, struct request *req, struct response *res)
{
    const struct new_account_form *form = req->form;
    const struct str *hash = req->prepared;
    struct account_created created = { .login = str_trim(form->login),
                                       .name = str_trim(form->name) };
    bool is_known = false;
    int64_t id = 0;
    /* Sent twice: the first time did it all; the second has another salt and must not be taken for
     * a clash. */
    TRY(fact_is_known(cx, &is_known, &id));
    if (!is_known) {
        TRY(account_create(cx, form->unit_id, &created, &id));
        TRY(account_set_password(cx, id, *hash));
    }
    return changed(cx, req, res, id,
                   "Đã tạo tài khoản; xin giao quyền để người dùng bắt đầu làm việc");
}

/* --- one account --- */

struct grant_form {
    int64_t unit_id;
    struct str role;
    struct str reach;
    int32_t from_day;
    int32_t to_day;
};

static const struct field grant_fields[] = {
    { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct grant_form, unit_id), .required = true },
    { "role", "Vai trò", FIELD_CHOICE, FIELD_OF(struct grant_form, role), .choices = role_choices,
      .choices_len = ROLE_COUNT, .required = true },
    { "reach", "Phạm vi", FIELD_CHOICE, FIELD_OF(struct grant_form, reach),
      .choices = account_reach_choices, .choices_len = ACCOUNT_REACH_COUNT, .required = true,
      .help = "Cả địa bàn: chỉ với cấp ủy, ban tổ chức của cấp ủy và Học viện." },
    { "from_day", "Từ ngày", FIELD_DAY, FIELD_OF(struct grant_form, from_day), .required = true },
    { "to_day", "Đến hết ngày", FIELD_DAY, FIELD_OF(struct grant_form, to_day) },
};
static const struct field_table grant_table = FIELD_TABLE(struct grant_form, grant_fields);

static const struct field reset_fields[] = {
    { "new_password", "Mật khẩu mới", FIELD_TEXT, FIELD_OF(struct new_password, new_password),
      .len_max = PASSWORD_LEN_MAX, .required = true,
      .help = "Ít nhất 12 ký tự; trao riêng cho người dùng." },
    { "password_again", "Nhập lại mật khẩu mới", FIELD_TEXT,
      FIELD_OF(struct new_password, password_again), .len_max = PASSWORD_LEN_MAX,
      .required = true },
};
static const struct field_table reset_table = FIELD_TABLE(struct new_password, reset_fields);

static const struct field lock_fields[] = {
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct account_reason, reason), .len_max = 500,
      .required = true },
};
static const struct field_table lock_table = FIELD_TABLE(struct account_reason, lock_fields);

static enum err fill_grants(struct ctx *cx, const struct request *req, struct account_view *view)
{
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    int32_t today = day_from_instant(cx->now);
    TRY(account_grants(cx, view->account.id, false, grants, &len));
    view->grants = ARENA_NEW_ARRAY(&cx->arena, struct grant_line, len + 1);
    for (size_t i = 0; i < len; i++) {
        struct grant_line line = { .grant = grants[i],
                                   .reach = STR("Đơn vị và đơn vị trực thuộc") };
        /* A seat elsewhere is another administrator's matter, and not to be seen from here. */
        if (account_may_reach(cx, grants[i].unit_id) != OK)
            continue;
        if (grants[i].is_area)
            line.reach =
                str_format(&cx->arena, "Cả địa bàn " STR_FMT, STR_ARG(grants[i].reach_name));
        line.days = account_days_words(&cx->arena, grants[i].from_day, grants[i].to_day);
        line.is_open = grants[i].revoked_at == 0 &&
                       (grants[i].to_day == DAY_NONE || grants[i].to_day >= today);
        line.state = grants[i].revoked_at != 0 ? STR("Đã thu hồi") : STR("Hết hạn");
        if (line.is_open)
            line.revoke_form = page_button(
                &cx->arena,
                url_format(&cx->arena, "/quan-tri/quyen/%lld/thu-hoi", (long long)grants[i].id),
                STR("Thu hồi"), false, STR("Thu hồi quyền này?"), req->csrf, STR(""));
        view->grants[view->grants_len++] = line;
    }
    return OK;
}

static void fill_forms(struct ctx *cx, const struct request *req, const struct form_options *units,
                       struct account_view *view)
{
    long long id = (long long)view->account.id;
    struct grant_form *values = ARENA_NEW(&cx->arena, struct grant_form);
    *values = (struct grant_form){ .reach = STR("body"),
                                   .from_day = day_from_instant(cx->now),
                                   .to_day = DAY_NONE };
    struct form_view grant = { .action =
                                   url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/quyen", id),
                               .submit_label = STR_INIT("Giao quyền"),
                               .options = units,
                               .options_len = 1 };
    struct form_view reset = { .action =
                                   url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/mat-khau", id),
                               .submit_label = STR_INIT("Đặt lại mật khẩu") };
    struct form_view lock = { .action = url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/khoa", id),
                              .submit_label = STR_INIT("Khóa tài khoản") };
    request_form_view(req, &grant_table, values, &grant);
    request_form_view(req, &reset_table, NULL, &reset);
    request_form_view(req, &lock_table, NULL, &lock);
    view->grant_form = page_form(&cx->arena, &grant);
    view->password_form = page_form(&cx->arena, &reset);
    struct form_view factor = { .action = url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/xac-thuc/bo", id),
                                .submit_label = STR_INIT("Bỏ xác thực hai bước"),
                                .id_prefix = STR_INIT("xt-") };
    request_form_view(req, &lock_table, NULL, &factor);
    view->factor_form = page_form(&cx->arena, &factor);
    view->sign_out_button = page_button(
        &cx->arena, url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/ket-thuc-phien", id),
        STR("Kết thúc mọi phiên đăng nhập"), false, STR(""), req->csrf, req->fact_id);
    if (view->account.is_disabled)
        view->lock_form =
            page_button(&cx->arena, url_format(&cx->arena, "/quan-tri/tai-khoan/%lld/mo", id),
                        STR("Mở lại tài khoản"), false, STR(""), req->csrf, req->fact_id);
    else
        view->lock_form = page_form(&cx->arena, &lock);
}

static enum err show_one(struct ctx *cx, struct request *req, struct response *res)
{
    struct form_options units = { .field = "unit_id" };
    struct account_view view = { .unit_search = request_value(req, "tim") };
    struct page page = { .place = STR_INIT("quan-tri"),
                         .crumb = STR_INIT("Tài khoản"),
                         .crumb_url = { STR_INIT("/quan-tri/tai-khoan") },
                         .is_wide = true };
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_find(cx, id, &view.account));
    TRY(fill_grants(cx, req, &view));
    struct str search = view.unit_search.len > 0 ? view.unit_search : view.account.unit_name;
    TRY(list_unit_options(cx, search, &units));
    view.has_units = units.len > 0;
    view.made = instant_format(&cx->arena, view.account.made_at);
    int64_t factor_at = 0;
    TRY(factor_made_at(cx, id, &factor_at));
    if (factor_at != 0)
        view.factor_since = instant_format(&cx->arena, factor_at);
    view.roles = role_list(&view.roles_len);
    fill_forms(cx, req, &units, &view);
    page.title = view.account.name;
    struct html h = page_begin(&cx->arena);
    page_account_one(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err give_grant(struct ctx *cx, struct request *req, struct response *res)
{
    const struct grant_form *form = req->form;
    struct account_granted granted = {
        .role = form->role, .reach = form->reach, .from_day = form->from_day, .to_day = form->to_day
    };
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_grant(cx, id, form->unit_id, &granted, NULL));
    return changed(cx, req, res, id, "Đã giao quyền");
}

static enum err take_grant(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t grant_id = 0;
    int64_t account_id = 0;
    TRY(request_id(cx, req, 0, &grant_id));
    TRY(account_revoke(cx, grant_id, STR(""), &account_id));
    return changed(cx, req, res, account_id, "Đã thu hồi quyền; có hiệu lực ngay");
}

static enum err lock(struct ctx *cx, struct request *req, struct response *res)
{
    const struct account_reason *form = req->form;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_disable(cx, id, form->reason));
    return changed(cx, req, res, id, "Đã khóa tài khoản; các phiên đăng nhập đã kết thúc");
}

static enum err unlock(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_enable(cx, id));
    return changed(cx, req, res, id, "Đã mở lại tài khoản");
}

static enum err end_sessions(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_sign_out(cx, id));
    return changed(cx, req, res, id, "Đã kết thúc mọi phiên đăng nhập của tài khoản");
}

static enum err prepare_reset(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct new_password *form = req->form;
    struct str *hash = ARENA_NEW(&cx->arena, struct str);
    struct account account = { .id = 0 };
    bool is_strong = false;
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_find(cx, id, &account));
    TRY(account_wants_strong(cx, id, &is_strong));
    const struct str words[] = { account.login, account.name, account.unit_name };
    TRY(account_prepare_password(cx, req, form, words, LEN(words), is_strong, hash));
    req->prepared = hash;
    return OK;
}

static enum err reset_password(struct ctx *cx, struct request *req, struct response *res)
{
    const struct str *hash = req->prepared;
    bool is_known = false;
    int64_t id = 0;
    int64_t seq = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(fact_is_known(cx, &is_known, &seq));
    if (!is_known)
        TRY(account_set_password(cx, id, *hash));
    return changed(cx, req, res, id, "Đã đặt lại mật khẩu");
}

/* --- links and tokens --- */

static void describe_token(struct ctx *cx, const struct request *req,
                           const struct account_token *token, struct url action,
                           struct token_view *ret_view)
{
    *ret_view = (struct token_view){ .token = *token };
    ret_view->allowed = permissions_words(&cx->arena, token->permissions);
    ret_view->until = instant_format(&cx->arena, token->expires_at);
    ret_view->is_over = token->revoked_at != 0 || token->expires_at <= cx->now;
    if (!ret_view->is_over)
        ret_view->button = page_button(&cx->arena, action, STR("Thu hồi"), false,
                                       STR("Thu hồi khóa này?"), req->csrf, STR(""));
}

enum err account_fill_own_tokens(struct ctx *cx, const struct request *req, struct own_view *view)
{
    struct account_token *tokens = ARENA_NEW_ARRAY(&cx->arena, struct account_token, KEYS_MAX);
    size_t len = 0;
    TRY(account_own_tokens(cx, tokens, KEYS_MAX, &len));
    view->tokens = ARENA_NEW_ARRAY(&cx->arena, struct token_view, len + 1);
    view->tokens_len = len;
    for (size_t i = 0; i < len; i++)
        describe_token(
            cx, req, &tokens[i],
            url_format(&cx->arena, "/tai-khoan/khoa/%lld/thu-hoi", (long long)tokens[i].id),
            &view->tokens[i]);
    return OK;
}

static void describe_link(struct ctx *cx, const struct request *req,
                          const struct account_link *link, struct link_line *ret_line)
{
    *ret_line = (struct link_line){ .link = *link };
    ret_line->allowed = permissions_words(&cx->arena, link->permissions);
    ret_line->made = instant_format(&cx->arena, link->made_at);
    ret_line->until = instant_format(&cx->arena, link->expires_at);
    ret_line->is_open = link->revoked_at == 0 && link->expires_at > cx->now;
    ret_line->state = link->revoked_at != 0 ? STR("Đã thu hồi") : STR("Hết hạn");
    if (ret_line->is_open)
        ret_line->button = page_button(
            &cx->arena,
            url_format(&cx->arena, "/quan-tri/lien-ket/%lld/thu-hoi", (long long)link->id),
            STR("Thu hồi"), false, STR("Thu hồi đường dẫn này?"), req->csrf, STR(""));
}

static enum err show_keys(struct ctx *cx, struct request *req, struct response *res)
{
    struct keys_view view = { .links = NULL };
    struct page page = { .title = STR_INIT("Đường dẫn và khóa giao tiếp"),
                         .place = STR_INIT("quan-tri"),
                         .is_wide = true };
    struct account_link *links = ARENA_NEW_ARRAY(&cx->arena, struct account_link, KEYS_MAX);
    struct account_token *tokens = ARENA_NEW_ARRAY(&cx->arena, struct account_token, KEYS_MAX);
    TRY(account_links(cx, links, KEYS_MAX, &view.links_len));
    TRY(account_tokens(cx, tokens, KEYS_MAX, &view.tokens_len));
    view.links = ARENA_NEW_ARRAY(&cx->arena, struct link_line, view.links_len + 1);
    view.tokens = ARENA_NEW_ARRAY(&cx->arena, struct token_view, view.tokens_len + 1);
    for (size_t i = 0; i < view.links_len; i++)
        describe_link(cx, req, &links[i], &view.links[i]);
    for (size_t i = 0; i < view.tokens_len; i++)
        describe_token(
            cx, req, &tokens[i],
            url_format(&cx->arena, "/quan-tri/khoa/%lld/thu-hoi", (long long)tokens[i].id),
            &view.tokens[i]);
    struct html h = page_begin(&cx->arena);
    page_account_keys(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err end_link(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_revoke_link(cx, id));
    account_changed(req->app);
    response_redirect(cx, res, (struct url){ STR("/quan-tri/lien-ket") }, "Đã thu hồi đường dẫn");
    return OK;
}

static enum err end_token(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_revoke_token(cx, id));
    account_changed(req->app);
    response_redirect(cx, res, (struct url){ STR("/quan-tri/lien-ket") },
                      "Đã thu hồi khóa giao tiếp");
    return OK;
}

static enum err end_own_token(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_revoke_own_token(cx, id));
    account_changed(req->app);
    response_redirect(cx, res, (struct url){ STR("/tai-khoan") }, "Đã thu hồi khóa giao tiếp");
    return OK;
}

/* --- the table --- */

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/quan-tri"),                              PERMISSION_ACCOUNT_WRITE, go_admin, NO_FORM },
    { METHOD_GET,  STR_INIT("/quan-tri/tai-khoan"),                    PERMISSION_ACCOUNT_WRITE, show_list, NO_FORM },
    { METHOD_GET,  STR_INIT("/quan-tri/tai-khoan.csv"),                PERMISSION_ACCOUNT_WRITE, export_list, NO_FORM,
      .flags = ROUTE_SLOW },
    { METHOD_GET,  STR_INIT("/quan-tri/tai-khoan/moi"),                PERMISSION_ACCOUNT_WRITE, show_new, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan"),                    PERMISSION_ACCOUNT_WRITE, make_new,
      FIELD_TABLE(struct new_account_form, new_account_fields), .prepare = prepare_new, .again = show_new },
    { METHOD_GET,  STR_INIT("/quan-tri/tai-khoan/{id}"),               PERMISSION_ACCOUNT_WRITE, show_one, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/quyen"),         PERMISSION_ACCOUNT_WRITE, give_grant,
      FIELD_TABLE(struct grant_form, grant_fields), .again = show_one },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/mat-khau"),      PERMISSION_ACCOUNT_WRITE, reset_password,
      FIELD_TABLE(struct new_password, reset_fields), .prepare = prepare_reset, .again = show_one },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/khoa"),          PERMISSION_ACCOUNT_WRITE, lock,
      FIELD_TABLE(struct account_reason, lock_fields), .again = show_one },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/mo"),            PERMISSION_ACCOUNT_WRITE, unlock, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/ket-thuc-phien"), PERMISSION_ACCOUNT_WRITE, end_sessions, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/quyen/{id}/thu-hoi"),           PERMISSION_ACCOUNT_WRITE, take_grant, NO_FORM },
    { METHOD_GET,  STR_INIT("/quan-tri/lien-ket"),                     PERMISSION_ACCOUNT_WRITE, show_keys, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/lien-ket/{id}/thu-hoi"),        PERMISSION_ACCOUNT_WRITE, end_link, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/khoa/{id}/thu-hoi"),            PERMISSION_ACCOUNT_WRITE, end_token, NO_FORM },
    { METHOD_POST, STR_INIT("/tai-khoan/khoa/{id}/thu-hoi"),           PERMISSION_SIGNED_IN, end_own_token, NO_FORM },
};
/* clang-format on */

const struct route_table account_admin_routes = { routes, LEN(routes) };
