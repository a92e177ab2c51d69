#include "account/account_pages.h"
#include "account/account_facts.h"
#include "store/db.h"
#include "unit/unit.h"

/* --- shared pieces --- */

struct str account_days_words(struct arena *arena, int32_t from_day, int32_t to_day)
{
    struct str from = day_format(arena, from_day);
    if (to_day == DAY_NONE)
        return str_format(arena, "từ ngày " STR_FMT, STR_ARG(from));
    return str_format(arena, "từ ngày " STR_FMT " đến hết ngày " STR_FMT, STR_ARG(from),
                      STR_ARG(day_format(arena, to_day)));
}

enum err account_prepare_password(struct ctx *cx, const struct request *req,
                                  const struct new_password *typed, const struct str *words,
                                  size_t words_len, bool is_strong, struct str *ret_hash)
{
    const struct account_state *state = req->app->account_state;
    if (!str_eq(typed->new_password, typed->password_again))
        return fail_field(cx, "password_again",
                          "Hai lần nhập mật khẩu chưa giống nhau, xin nhập lại");
    TRY(password_check_strength(cx, "new_password", typed->new_password, words, words_len));
    return password_hash(cx, state->pepper_key, typed->new_password,
                         is_strong ? PASSWORD_COST_STRONG : PASSWORD_COST_NORMAL, ret_hash);
}

/* Where a seat's work begins. */
struct url account_home_of(const struct role *role)
{
    if (!role)
        return (struct url){ STR("/cho-ngoi") };
    if (role->permissions & PERMISSION_BIT(DUTY_READ))
        return (struct url){ STR("/hom-nay") };
    if (role->permissions & PERMISSION_BIT(ACCOUNT_WRITE))
        return (struct url){ STR("/quan-tri/tai-khoan") };
    if (role->permissions & PERMISSION_BIT(POINT_READ)) /* a seat of the class day alone */
        return (struct url){ STR("/ngay-hoc") };
    return (struct url){ STR("/tai-khoan") };
}

/* The address a sign-in was asked from, when it is one of ours and does not lead into a circle. */
bool account_is_way_back(struct str path, struct url *ret_url)
{
    return path.len > 1 && path.len <= 1000 && !str_starts(path, STR("/dang-")) &&
           url_from_path(path, ret_url);
}

enum err account_find_seat_role(struct ctx *cx, int64_t grant_id, const struct role **ret_role)
{
    SQL(find_seat_role, "SELECT role FROM account_grant WHERE id = $1");
    *ret_role = NULL;
    struct rows row = db_rows(cx, &find_seat_role, BIND(V(grant_id)));
    if (rows_next(&row))
        *ret_role = role_find(rows_str(&row));
    return rows_end(&row);
}

/* --- sign-in --- */

struct sign_in_form {
    struct str login;
    struct str password;
    struct str tiep; /* where the person wanted to go */
};

static const struct field sign_in_fields[] = {
    { "login", "Tên đăng nhập", FIELD_TEXT, FIELD_OF(struct sign_in_form, login),
      .len_max = ACCOUNT_LOGIN_MAX, .required = true },
    { "password", "Mật khẩu", FIELD_TEXT, FIELD_OF(struct sign_in_form, password),
      .len_max = PASSWORD_LEN_MAX, .required = true },
    { "tiep", "Trang cần mở", FIELD_TEXT, FIELD_OF(struct sign_in_form, tiep), .len_max = 1000 },
};
/* What is shown; `tiep` goes along hidden. */
static const struct field_table sign_in_shown = { sign_in_fields, 2, sizeof(struct sign_in_form) };

static enum err show_sign_in(struct ctx *cx, struct request *req, struct response *res)
{
    struct sign_in_view view = { .is_empty = false };
    struct page page = { .title = STR_INIT("Đăng nhập"), .is_bare = true };
    struct form_view form = { .has_file = false };
    request_form_view(req, &sign_in_shown, NULL, &form);
    TRY(account_is_empty(cx, &view.is_empty));
    view.way_back = request_value(req, "tiep");
    view.fields = page_form_fields(&cx->arena, &form);
    view.error = form.error_field.len == 0 ? form.error_words : STR("");
    struct html h = page_begin(&cx->arena);
    page_sign_in(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* What the account's password must be compared with, and how costly the next one should be. */
struct known {
    int64_t account_id;
    struct str hash;
    struct str name;
    struct str unit_name;
    bool is_disabled;
    bool is_strong;
};

static enum err find_known(struct ctx *cx, struct str login, struct known *ret_known)
{
    SQL(find_known_account,
        "SELECT a.id, a.password_hash, a.name, a.is_disabled, u.full_name FROM account a"
        " JOIN unit u ON u.id = a.unit_id WHERE a.login = $1");
    struct known known = { .account_id = 0 };
    struct rows row = db_rows(cx, &find_known_account, BIND(V(login)));
    if (rows_next(&row)) {
        known.account_id = rows_i64(&row);
        known.hash = rows_str(&row);
        known.name = rows_str(&row);
        known.is_disabled = rows_i64(&row) != 0;
        known.unit_name = rows_str(&row);
    }
    TRY(rows_end(&row));
    TRY(account_wants_strong(cx, known.account_id, &known.is_strong));
    *ret_known = known;
    return OK;
}

static enum err say_wrong(struct ctx *cx)
{
    return fail_field(cx, "password", "Tên đăng nhập hoặc mật khẩu chưa đúng, xin nhập lại");
}

/*
 * The same words and the same time whether the name is unknown, has no password yet, is disabled or
 * the password is wrong. Administrators' passwords take longer, so a sixteenth of all unknown names
 * does too: which, nobody can tell.
 */
static enum password_cost cost_of_unknown(const struct account_state *state, struct str login)
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)login.at, login.len,
                       state->secret_key, sizeof state->secret_key);
    return hash[0] % 16 == 0 ? PASSWORD_COST_STRONG : PASSWORD_COST_NORMAL;
}

struct signed_in {
    struct known known;
    struct str new_hash; /* "" when the kept one will do */
};

/* People type capitals and blanks around it; a login has neither. */
static struct str plain_login(struct arena *arena, struct str typed)
{
    struct str trimmed = str_trim(typed);
    char *login = arena_alloc(arena, trimmed.len + 1);
    for (size_t i = 0; i < trimmed.len; i++)
        login[i] = trimmed.at[i] >= 'A' && trimmed.at[i] <= 'Z' ? (char)(trimmed.at[i] | 0x20)
                                                                : trimmed.at[i];
    return (struct str){ login, trimmed.len };
}

static enum err check_password(struct ctx *cx, const struct request *req, struct str login,
                               struct str password, struct known *ret_known)
{
    struct account_state *state = req->app->account_state;
    if (!limiter_try(state->limiter, login, req->peer))
        return fail(cx, ERR_TOO_MANY, "Đã thử quá nhiều lần, xin chờ một phút rồi đăng nhập lại");
    TRY(find_known(cx, login, ret_known));
    if (ret_known->hash.len == 0) {
        password_waste(cx, state->pepper_key, password, cost_of_unknown(state, login));
        return say_wrong(cx);
    }
    bool is_right = password_is(cx, state->pepper_key, password, ret_known->hash);
    if (!is_right || ret_known->is_disabled)
        return say_wrong(cx);
    limiter_note_success(state->limiter, login, req->peer);
    return OK;
}

static enum err find_own_login(struct ctx *cx, struct str *ret_login)
{
    SQL(find_login_of, "SELECT login FROM account WHERE id = $1");
    struct rows row = db_rows(cx, &find_login_of, BIND(V(cx->actor->account_id)));
    if (rows_next(&row))
        *ret_login = rows_str(&row);
    return rows_end(&row);
}

enum err account_check_own_password(struct ctx *cx, const struct request *req, struct str password)
{
    struct known known = { .account_id = 0 };
    struct str login = { NULL, 0 };
    TRY(find_own_login(cx, &login));
    enum err err = check_password(cx, req, login, password, &known);
    if (err == ERR_INVALID)
        return fail_field(cx, "password", "Mật khẩu hiện nay chưa đúng, xin nhập lại");
    return err;
}

static enum err prepare_sign_in(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct account_state *state = req->app->account_state;
    const struct sign_in_form *form = req->form;
    struct signed_in *signed_in = ARENA_NEW(&cx->arena, struct signed_in);
    struct str login = plain_login(&cx->arena, form->login);
    TRY(check_password(cx, req, login, form->password, &signed_in->known));
    enum password_cost cost =
        signed_in->known.is_strong ? PASSWORD_COST_STRONG : PASSWORD_COST_NORMAL;
    if (password_needs_rehash(cx, signed_in->known.hash, cost))
        TRY(password_hash(cx, state->pepper_key, form->password, cost, &signed_in->new_hash));
    req->prepared = signed_in;
    return OK;
}

/* The account as it is now, on the writer: between the comparing and this it may have been disabled
 * or changed. */
static enum err check_unchanged(struct ctx *cx, const struct known *known)
{
    SQL(find_unchanged, "SELECT password_hash FROM account WHERE id = $1 AND is_disabled = 0");
    bool is_same = false;
    struct rows row = db_rows(cx, &find_unchanged, BIND(V(known->account_id)));
    if (rows_next(&row))
        is_same = str_eq(rows_str(&row), known->hash);
    TRY(rows_end(&row));
    return is_same ? OK : say_wrong(cx);
}

static enum err sign_in(struct ctx *cx, struct request *req, struct response *res)
{
    const struct signed_in *signed_in = req->prepared;
    const struct sign_in_form *form = req->form;
    struct str token = { NULL, 0 };
    struct url to = { .text = { NULL, 0 } };
    int64_t grant_id = 0;
    int64_t factor_made_at_ms = 0;
    int64_t account_id = signed_in->known.account_id;
    TRY(check_unchanged(cx, &signed_in->known));
    if (signed_in->new_hash.len > 0)
        TRY(account_rehash(cx, account_id, signed_in->new_hash));
    TRY(factor_made_at(cx, account_id, &factor_made_at_ms));
    enum session_stage stage = factor_made_at_ms != 0 ? STAGE_WAITING : STAGE_PASSWORD;
    /* A session that came along ends here, so that a planted cookie never becomes a signed-in one.
     */
    TRY(session_end(cx, req->cookie));
    TRY(session_begin(cx, account_id, 0, stage, req->peer, &token, &grant_id));
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    if (stage == STAGE_WAITING)
        to = url_format(&cx->arena, "/dang-nhap/ma?tiep=%.*s", STR_ARG(form->tiep));
    else
        TRY(account_find_way_in(cx, account_id, grant_id, stage, form->tiep, &to));
    response_redirect(cx, res, to, "%s", "");
    return OK;
}

enum err account_find_way_in(struct ctx *cx, int64_t account_id, int64_t grant_id,
                             enum session_stage stage, struct str way_back, struct url *ret_url)
{
    const struct role *role = NULL;
    struct url back = { .text = { NULL, 0 } };
    bool is_wanted = false;
    if (stage != STAGE_VERIFIED)
        TRY(factor_is_wanted(cx, account_id, &is_wanted));
    TRY(account_find_seat_role(cx, grant_id, &role));
    *ret_url = account_home_of(role);
    if (is_wanted && grant_id != 0)
        *ret_url = (struct url){ STR("/tai-khoan/xac-thuc") };
    else if (grant_id != 0 && account_is_way_back(way_back, &back))
        *ret_url = back;
    return OK;
}

static enum err sign_out(struct ctx *cx, struct request *req, struct response *res)
{
    TRY(session_end(cx, req->cookie));
    account_changed(req->app);
    response_cookie(cx, req, res, COOKIE_SESSION, STR(""), 0);
    response_redirect(cx, res, (struct url){ STR("/dang-nhap") }, "Đã đăng xuất");
    return OK;
}

static enum err go_home(struct ctx *cx, struct request *req, struct response *res)
{
    (void)req;
    const struct role *role = NULL;
    struct url to = { STR("/dang-nhap") };
    if (cx->actor->kind == ACTOR_PERSON) {
        TRY(account_find_seat_role(cx, cx->actor->grant_id, &role));
        to = account_home_of(role);
    }
    response_redirect(cx, res, to, "%s", "");
    return OK;
}

/* --- the first administrator --- */

struct first_form {
    struct str code;
    struct str login;
    struct str name;
    struct str new_password;
    struct str password_again;
};

static const struct field first_fields[] = {
    { "code", "Mã khởi tạo", FIELD_TEXT, FIELD_OF(struct first_form, code), .len_max = 40,
      .required = true,
      .help = "Mã một lần hiện trên màn hình của máy chủ khi khởi động hệ thống." },
    { "login", "Tên đăng nhập", FIELD_TEXT, FIELD_OF(struct first_form, login),
      .len_max = ACCOUNT_LOGIN_MAX, .required = true,
      .help = "Chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối." },
    { "name", "Họ và tên", FIELD_TEXT, FIELD_OF(struct first_form, name),
      .len_max = ACCOUNT_NAME_MAX, .required = true },
    { "new_password", "Mật khẩu", FIELD_TEXT, FIELD_OF(struct first_form, new_password),
      .len_max = PASSWORD_LEN_MAX, .required = true,
      .help = "Ít nhất 12 ký tự; nên đặt một câu dễ nhớ, không dùng tên đơn vị hay tên người." },
    { "password_again", "Nhập lại mật khẩu", FIELD_TEXT,
      FIELD_OF(struct first_form, password_again), .len_max = PASSWORD_LEN_MAX, .required = true },
};

/* Once there is an account this page does not exist. */
static enum err check_empty(struct ctx *cx)
{
    bool is_empty = false;
    TRY(account_is_empty(cx, &is_empty));
    return is_empty ? OK : fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
}

static enum err show_first(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table table = FIELD_TABLE(struct first_form, first_fields);
    struct first_view view = { .form = { STR_INIT("") } };
    struct page page = { .title = STR_INIT("Tạo quản trị viên đầu tiên"), .is_bare = true };
    struct form_view form = { .action = { STR_INIT("/khoi-tao") },
                              .submit_label = STR_INIT("Tạo tài khoản") };
    TRY(check_empty(cx));
    request_form_view(req, &table, NULL, &form);
    view.form = page_form(&cx->arena, &form);
    struct html h = page_begin(&cx->arena);
    page_first_account(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err prepare_first(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    struct account_state *state = req->app->account_state;
    const struct first_form *form = req->form;
    struct str *hash = ARENA_NEW(&cx->arena, struct str);
    const struct str words[] = { form->login, form->name };
    struct new_password typed = { form->new_password, form->password_again };
    TRY(check_empty(cx));
    if (!limiter_try(state->limiter, STR("/khoi-tao"), req->peer))
        return fail(cx, ERR_TOO_MANY, "Đã thử quá nhiều lần, xin chờ một phút rồi nhập lại");
    if (!account_first_code_is(state, form->code))
        return fail_field(cx, "code",
                          "Mã khởi tạo chưa đúng; xin xem lại mã trên màn hình của máy chủ");
    TRY(account_prepare_password(cx, req, &typed, words, LEN(words), true, hash));
    req->prepared = hash;
    return OK;
}

static enum err make_first(struct ctx *cx, struct request *req, struct response *res)
{
    const struct first_form *form = req->form;
    const struct str *hash = req->prepared;
    struct account_created created = { .login = plain_login(&cx->arena, form->login),
                                       .name = str_trim(form->name) };
    struct str token = { NULL, 0 };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    TRY(account_create_first(cx, &created, *hash, &account_id));
    TRY(session_begin(cx, account_id, 0, STAGE_PASSWORD, req->peer, &token, &grant_id));
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    struct url to = { .text = { NULL, 0 } };
    TRY(account_find_way_in(cx, account_id, grant_id, STAGE_PASSWORD, STR(""), &to));
    response_redirect(cx, res, to, "Đã tạo tài khoản quản trị " STR_FMT, STR_ARG(created.login));
    return OK;
}

/* --- seats --- */

struct seat_form {
    int64_t grant_id;
};

static const struct field seat_fields[] = {
    { "grant_id", "Vị trí", FIELD_ID, FIELD_OF(struct seat_form, grant_id), .required = true },
};

enum err account_fill_seats(struct ctx *cx, const struct request *req, int64_t account_id,
                            struct seats_view *ret_view)
{
    static const struct field_table table = FIELD_TABLE(struct seat_form, seat_fields);
    struct account_grant *grants =
        ARENA_NEW_ARRAY(&cx->arena, struct account_grant, ACCOUNT_GRANTS_MAX);
    size_t len = 0;
    TRY(account_grants(cx, account_id, true, grants, &len));
    struct seat_view *seats = ARENA_NEW_ARRAY(&cx->arena, struct seat_view, len + 1);
    for (size_t i = 0; i < len; i++) {
        struct seat_form *values = ARENA_NEW(&cx->arena, struct seat_form);
        struct form_view form = { .action = { STR_INIT("/cho-ngoi") },
                                  .submit_label = STR_INIT("Vào vị trí này") };
        request_form_view(req, &table, values, &form);
        form.fact_id = STR("");
        form.id_prefix = str_format(&cx->arena, "%lld-", (long long)grants[i].id);
        values->grant_id = grants[i].id;
        seats[i] = (struct seat_view){ .grant = &grants[i],
                                       .is_current = grants[i].id == cx->actor->grant_id };
        seats[i].until = account_days_words(&cx->arena, grants[i].from_day, grants[i].to_day);
        if (!seats[i].is_current)
            seats[i].button = page_form(&cx->arena, &form);
    }
    *ret_view = (struct seats_view){ .seats = seats, .seats_len = len };
    enum session_stage stage = STAGE_PASSWORD;
    TRY(session_stage_of(cx, req->cookie, &stage));
    if (stage != STAGE_VERIFIED)
        TRY(factor_is_wanted(cx, account_id, &ret_view->owes_factor));
    return OK;
}

static enum err show_seats(struct ctx *cx, struct request *req, struct response *res)
{
    struct seats_view view = { .seats = NULL };
    struct page page = { .title = STR_INIT("Chọn vị trí làm việc"), .is_bare = true };
    TRY(account_fill_seats(cx, req, cx->actor->account_id, &view));
    struct html h = page_begin(&cx->arena);
    page_seats(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err choose_seat(struct ctx *cx, struct request *req, struct response *res)
{
    const struct seat_form *form = req->form;
    const struct role *role = NULL;
    struct str token = { NULL, 0 };
    struct url to = { .text = { NULL, 0 } };
    enum session_stage stage = STAGE_PASSWORD;
    TRY(session_stage_of(cx, req->cookie, &stage));
    TRY(session_move(cx, req->cookie, form->grant_id, req->peer, &token));
    TRY(account_find_seat_role(cx, form->grant_id, &role));
    TRY(account_find_way_in(cx, cx->actor->account_id, form->grant_id, stage, STR(""), &to));
    account_changed(req->app);
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    response_redirect(cx, res, to, "Đang làm việc với vai trò " STR_FMT,
                      STR_ARG(role ? role->name : STR("")));
    return OK;
}

/* --- one's own account --- */

struct password_form {
    struct str password;
    struct str new_password;
    struct str password_again;
};

static const struct field password_fields[] = {
    { "password", "Mật khẩu hiện nay", FIELD_TEXT, FIELD_OF(struct password_form, password),
      .len_max = PASSWORD_LEN_MAX, .required = true },
    { "new_password", "Mật khẩu mới", FIELD_TEXT, FIELD_OF(struct password_form, new_password),
      .len_max = PASSWORD_LEN_MAX, .required = true,
      .help = "Ít nhất 12 ký tự; nên đặt một câu dễ nhớ, không dùng tên đơn vị hay tên người." },
    { "password_again", "Nhập lại mật khẩu mới", FIELD_TEXT,
      FIELD_OF(struct password_form, password_again), .len_max = PASSWORD_LEN_MAX,
      .required = true },
};
static const struct field_table password_table = FIELD_TABLE(struct password_form, password_fields);

static enum err fill_sessions(struct ctx *cx, const struct request *req, struct own_view *view)
{
    struct session *sessions = ARENA_NEW_ARRAY(&cx->arena, struct session, SESSION_LIST_MAX);
    size_t len = 0;
    TRY(session_list(cx, cx->actor->account_id, req->cookie, sessions, &len));
    view->sessions = ARENA_NEW_ARRAY(&cx->arena, struct session_view, len + 1);
    view->sessions_len = len;
    for (size_t i = 0; i < len; i++) {
        struct session_view *line = &view->sessions[i];
        line->session = sessions[i];
        line->opened = instant_format(&cx->arena, sessions[i].opened_at);
        line->seen =
            instant_format(&cx->arena, sessions[i].is_this ? cx->now : sessions[i].seen_at);
        if (!sessions[i].is_this)
            line->button = page_button(
                &cx->arena,
                url_format(&cx->arena, "/tai-khoan/phien/%lld/ket-thuc", (long long)sessions[i].id),
                STR("Kết thúc"), false, STR(""), req->csrf, STR(""));
    }
    return OK;
}

static enum err show_own(struct ctx *cx, struct request *req, struct response *res)
{
    struct own_view view = { .may_read_trail = actor_may(cx->actor, PERMISSION_AUDIT_READ) };
    struct page page = { .title = STR_INIT("Tài khoản của tôi") };
    struct form_view form = { .action = { STR_INIT("/tai-khoan/mat-khau") },
                              .submit_label = STR_INIT("Đổi mật khẩu") };
    int64_t factor_at = 0;
    TRY(find_own_login(cx, &view.login));
    TRY(factor_made_at(cx, cx->actor->account_id, &factor_at));
    view.has_factor = factor_at != 0;
    TRY(account_fill_seats(cx, req, cx->actor->account_id, &view.seats));
    TRY(fill_sessions(cx, req, &view));
    TRY(account_fill_own_tokens(cx, req, &view));
    request_form_view(req, &password_table, NULL, &form);
    view.password_form = page_form(&cx->arena, &form);
    struct html h = page_begin(&cx->arena);
    page_own_account(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

struct new_hash {
    struct known known;
    struct str hash;
};

static enum err prepare_own_password(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    const struct password_form *form = req->form;
    struct new_hash *prepared = ARENA_NEW(&cx->arena, struct new_hash);
    struct new_password typed = { form->new_password, form->password_again };
    struct str login = { NULL, 0 };
    TRY(find_own_login(cx, &login));
    enum err err = check_password(cx, req, login, form->password, &prepared->known);
    if (err == ERR_INVALID)
        return fail_field(cx, "password", "Mật khẩu hiện nay chưa đúng, xin nhập lại");
    TRY(err);
    const struct str words[] = { login, prepared->known.name, prepared->known.unit_name,
                                 cx->actor->unit_name };
    TRY(account_prepare_password(cx, req, &typed, words, LEN(words), prepared->known.is_strong,
                                 &prepared->hash));
    req->prepared = prepared;
    return OK;
}

static enum err set_own_password(struct ctx *cx, struct request *req, struct response *res)
{
    const struct new_hash *prepared = req->prepared;
    struct str token = { NULL, 0 };
    int64_t grant_id = 0;
    TRY(check_unchanged(cx, &prepared->known));
    enum session_stage stage = STAGE_PASSWORD;
    TRY(account_set_password(cx, cx->actor->account_id, prepared->hash));
    TRY(session_stage_of(cx, req->cookie, &stage));
    TRY(session_end(cx, req->cookie));
    TRY(session_begin(cx, cx->actor->account_id, cx->actor->grant_id, stage, req->peer, &token,
                      &grant_id));
    account_changed(req->app);
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    response_redirect(cx, res, (struct url){ STR("/tai-khoan") },
                      "Đã đổi mật khẩu; các phiên đăng nhập khác đã kết thúc");
    return OK;
}

static enum err end_own_session(struct ctx *cx, struct request *req, struct response *res)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(session_end_one(cx, cx->actor->account_id, id));
    account_changed(req->app);
    response_redirect(cx, res, (struct url){ STR("/tai-khoan") }, "Đã kết thúc phiên đăng nhập");
    return OK;
}

/* --- personal links --- */

/*
 * The link's token leaves the address bar at once: it moves into a cookie of its own and the page
 * it opens is shown under a plain address. Nothing is written, so previews in message programs do
 * no harm.
 */
static enum err open_link(struct ctx *cx, struct request *req, struct response *res)
{
    struct identity link = { .kind = ACTOR_NOBODY };
    TRY(session_find_link(cx, req->app, req->params[0], &link));
    int64_t lives_ms = link.ends_at - cx->now;
    if (lives_ms > SESSION_LIFE_MS)
        lives_ms = SESSION_LIFE_MS;
    response_cookie(cx, req, res, COOKIE_LINK, req->params[0], lives_ms / 1000);
    response_redirect(cx, res, (struct url){ link.page }, "%s", "");
    return OK;
}

/* --- the table --- */

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/"),           PERMISSION_PUBLIC, go_home, NO_FORM },
    { METHOD_GET,  STR_INIT("/dang-nhap"),  PERMISSION_PUBLIC, show_sign_in, NO_FORM },
    { METHOD_POST, STR_INIT("/dang-nhap"),  PERMISSION_PUBLIC, sign_in, FIELD_TABLE(struct sign_in_form, sign_in_fields),
      .flags = ROUTE_NO_CSRF, .prepare = prepare_sign_in, .again = show_sign_in },
    { METHOD_POST, STR_INIT("/dang-xuat"),  PERMISSION_SIGNED_IN, sign_out, NO_FORM },
    { METHOD_GET,  STR_INIT("/khoi-tao"),   PERMISSION_PUBLIC, show_first, NO_FORM },
    { METHOD_POST, STR_INIT("/khoi-tao"),   PERMISSION_PUBLIC, make_first, FIELD_TABLE(struct first_form, first_fields),
      .flags = ROUTE_NO_CSRF, .prepare = prepare_first, .again = show_first },
    { METHOD_GET,  STR_INIT("/cho-ngoi"),   PERMISSION_SIGNED_IN, show_seats, NO_FORM },
    { METHOD_POST, STR_INIT("/cho-ngoi"),   PERMISSION_SIGNED_IN, choose_seat, FIELD_TABLE(struct seat_form, seat_fields),
      .again = show_seats },
    { METHOD_GET,  STR_INIT("/tai-khoan"),  PERMISSION_SIGNED_IN, show_own, NO_FORM },
    { METHOD_POST, STR_INIT("/tai-khoan/mat-khau"), PERMISSION_SIGNED_IN, set_own_password,
      FIELD_TABLE(struct password_form, password_fields), .prepare = prepare_own_password, .again = show_own },
    { METHOD_POST, STR_INIT("/tai-khoan/phien/{id}/ket-thuc"), PERMISSION_SIGNED_IN, end_own_session, NO_FORM },
    { METHOD_GET,  STR_INIT("/l/{token}"),  PERMISSION_PUBLIC, open_link, NO_FORM },
};
/* clang-format on */

const struct route_table account_routes = { routes, LEN(routes) };
