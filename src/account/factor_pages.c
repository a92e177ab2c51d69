/* The pages of the second factor: the code at the door, switching it on and off, and the rule of the installation. */
#include "account/account_facts.h"
#include "account/account_pages.h"
#include "store/db.h"
#include "unit/unit.h"

static const char factor_path[] = "/tai-khoan/xac-thuc";

/* --- at the door --- */

struct code_form {
    struct str code;
    struct str tiep;
};

static const struct field code_fields[] = {
    { "code", "Mã xác thực", FIELD_TEXT, FIELD_OF(struct code_form, code), .len_max = 20, .required = true,
      .help = "Sáu chữ số đang hiện trong ứng dụng xác thực trên điện thoại, hoặc một mã dự phòng." },
    { "tiep", "Trang cần mở", FIELD_TEXT, FIELD_OF(struct code_form, tiep), .len_max = 1000 },
};
static const struct field_table code_shown = { code_fields, 1, sizeof(struct code_form) };

static enum err show_code(struct ctx *cx, struct request *req, struct response *res)
{
    struct code_view view = { .way_back = request_value(req, "tiep") };
    struct page page = { .title = STR_INIT("Xác thực hai bước"), .is_bare = true };
    struct form_view form = { .has_file = false };
    struct str login = { NULL, 0 };
    int64_t account_id = 0;
    TRY(session_find_waiting(cx, req->cookie, &account_id, &login));
    if (account_id == 0) {
        response_redirect(cx, res, (struct url){ STR("/dang-nhap") }, "%s", "");
        return OK;
    }
    request_form_view(req, &code_shown, NULL, &form);
    view.fields = page_form_fields(&cx->arena, &form);
    view.error = form.error_field.len == 0 ? form.error_words : STR("");
    struct html h = page_begin(&cx->arena);
    page_sign_in_code(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* Six digits are guessed in a million tries: they count like tries of a password. */
static enum err limit_tries(struct ctx *cx, const struct request *req, struct str login)
{
    const struct account_state *state = req->app->account_state;
    if (!limiter_try(state->limiter, str_format(&cx->arena, "mã " STR_FMT, STR_ARG(login)), req->peer))
        return fail(cx, ERR_TOO_MANY, "Đã thử quá nhiều lần, xin chờ một phút rồi nhập lại");
    return OK;
}

static enum err prepare_code(struct ctx *cx, struct request *req, struct response *res)
{
    (void)res;
    struct str login = { NULL, 0 };
    int64_t account_id = 0;
    TRY(session_find_waiting(cx, req->cookie, &account_id, &login));
    return account_id == 0 ? OK : limit_tries(cx, req, login);
}

static enum err take_code(struct ctx *cx, struct request *req, struct response *res)
{
    const struct code_form *form = req->form;
    struct str login = { NULL, 0 };
    struct str token = { NULL, 0 };
    struct url to = { .text = { NULL, 0 } };
    int64_t account_id = 0;
    int64_t grant_id = 0;
    TRY(session_find_waiting(cx, req->cookie, &account_id, &login));
    if (account_id == 0) {
        response_redirect(cx, res, (struct url){ STR("/dang-nhap") },
                          "Đã quá mười phút kể từ khi nhập mật khẩu; xin đăng nhập lại");
        return OK;
    }
    /* Until the code is right nobody has signed in; from here on the trail should name the person. */
    struct actor person = { .kind = ACTOR_PERSON, .account_id = account_id, .permissions = PERMISSION_BIT(PUBLIC),
                            .scope = { STR(""), STR("") } };
    const struct actor *outer = cx->actor;
    cx->actor = &person;
    enum err err = factor_use(cx, account_id, form->code);
    cx->actor = outer;
    TRY(err);
    TRY(session_end(cx, req->cookie));
    TRY(session_begin(cx, account_id, 0, STAGE_VERIFIED, req->peer, &token, &grant_id));
    TRY(account_find_way_in(cx, account_id, grant_id, STAGE_VERIFIED, form->tiep, &to));
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    response_redirect(cx, res, to, "%s", "");
    return OK;
}

/* --- one's own --- */

struct enrol_form {
    struct str code;
    struct str password;
    struct str secret;
};

static const struct field enrol_fields[] = {
    { "code", "Mã xác thực", FIELD_TEXT, FIELD_OF(struct enrol_form, code), .len_max = 20, .required = true,
      .help = "Sáu chữ số ứng dụng trên điện thoại hiện ra sau khi quét mã." },
    { "password", "Mật khẩu hiện nay", FIELD_TEXT, FIELD_OF(struct enrol_form, password), .len_max = PASSWORD_LEN_MAX,
      .required = true },
    { "secret", "Mã bí mật", FIELD_TEXT, FIELD_OF(struct enrol_form, secret), .len_max = TOTP_SECRET_LETTERS,
      .required = true },
};
static const struct field_table enrol_shown = { enrol_fields, 2, sizeof(struct enrol_form) };

static const struct field remove_fields[] = {
    { "code", "Mã xác thực", FIELD_TEXT, FIELD_OF(struct enrol_form, code), .len_max = 20, .required = true,
      .help = "Sáu chữ số đang hiện trong ứng dụng xác thực, hoặc một mã dự phòng." },
    { "password", "Mật khẩu hiện nay", FIELD_TEXT, FIELD_OF(struct enrol_form, password), .len_max = PASSWORD_LEN_MAX,
      .required = true },
};
static const struct field_table remove_table = FIELD_TABLE(struct enrol_form, remove_fields);

static struct str in_parts(struct arena *arena, struct str text, size_t len)
{
    struct buf parts;
    buf_init(&parts, arena);
    for (size_t i = 0; i < text.len; i += len)
        buf_format(&parts, "%s" STR_FMT, i > 0 ? " " : "", STR_ARG(str_sub(text, i, len)));
    return buf_str(&parts);
}

/* The secret goes along in the form until a code proves that the phone has it: only then is it kept. */
static enum err fill_enrolment(struct ctx *cx, const struct request *req, struct factor_view *view)
{
    SQL(find_enrolling_login, "SELECT login FROM account WHERE id = $1");
    struct totp_secret secret;
    struct form_view form = { .has_file = false };
    struct str login = STR("");
    struct str *codes = ARENA_NEW_ARRAY(&cx->arena, struct str, TOTP_RECOVERY_CODES);
    bool is_sent = req->typed && totp_secret_parse(req->typed[2], &secret);
    if (!is_sent)
        env_random(cx->env, secret.at, sizeof secret.at);
    struct rows row = db_rows(cx, &find_enrolling_login, BIND(V(cx->actor->account_id)));
    if (rows_next(&row))
        login = rows_str(&row);
    TRY(rows_end(&row));
    request_form_view(req, &enrol_shown, NULL, &form);
    view->fields = page_form_fields(&cx->arena, &form);
    view->hidden = page_form_hidden(&cx->arena, req->csrf, req->fact_id);
    view->error = form.error_field.len == 0 ? form.error_words : STR("");
    view->secret = totp_secret_text(&cx->arena, &secret);
    view->secret_parts = in_parts(&cx->arena, view->secret, 4);
    if (!totp_picture(&cx->arena, totp_address(&cx->arena, login, &secret), &view->picture, &view->picture_size))
        return fail_detail(cx, ERR_UNAVAILABLE, "no picture of the second factor's address");
    for (size_t i = 0; i < TOTP_RECOVERY_CODES; i++)
        codes[i] = in_parts(&cx->arena, totp_recovery_code(&cx->arena, &secret, i), 5);
    view->recovery = codes;
    view->recovery_len = TOTP_RECOVERY_CODES;
    return OK;
}

static enum err show_own_factor(struct ctx *cx, struct request *req, struct response *res)
{
    struct factor_view view = { .is_on = false };
    struct factor factor = { .made_at = 0 };
    struct page page = { .title = STR_INIT("Xác thực hai bước"), .crumb = STR_INIT("Tài khoản của tôi"),
                         .crumb_url = { STR_INIT("/tai-khoan") } };
    TRY(factor_find(cx, cx->actor->account_id, &factor));
    TRY(factor_is_wanted(cx, cx->actor->account_id, &view.is_wanted));
    view.is_on = factor.made_at != 0;
    if (view.is_on) {
        struct form_view form = { .action = { STR_INIT("/tai-khoan/xac-thuc/bo") },
                                  .submit_label = STR_INIT("Bỏ xác thực hai bước") };
        request_form_view(req, &remove_table, NULL, &form);
        view.made = instant_format(&cx->arena, factor.made_at);
        view.recovery_left = factor.recovery_left;
        view.remove_form = page_form(&cx->arena, &form);
    } else {
        TRY(fill_enrolment(cx, req, &view));
    }
    struct html h = page_begin(&cx->arena);
    page_own_factor(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err prepare_own(struct ctx *cx, struct request *req, struct response *res)
{
    const struct enrol_form *form = req->form;
    (void)res;
    return account_check_own_password(cx, req, form->password);
}

/* After either step the rights of the session are others, so its cookie is another too. */
static enum err begin_anew(struct ctx *cx, struct request *req, struct response *res, enum session_stage stage,
                           struct url *ret_way_in)
{
    struct str token = { NULL, 0 };
    int64_t grant_id = 0;
    TRY(session_end(cx, req->cookie));
    TRY(session_begin(cx, cx->actor->account_id, cx->actor->grant_id, stage, req->peer, &token, &grant_id));
    TRY(account_find_way_in(cx, cx->actor->account_id, grant_id, stage, STR(""), ret_way_in));
    account_changed(req->app);
    response_cookie(cx, req, res, COOKIE_SESSION, token, SESSION_LIFE_MS / 1000);
    return OK;
}

static enum err enrol(struct ctx *cx, struct request *req, struct response *res)
{
    const struct enrol_form *form = req->form;
    struct totp_secret secret;
    struct url way_in = { .text = { NULL, 0 } };
    if (!totp_secret_parse(form->secret, &secret))
        return fail_field(cx, "code", "Trang này đã cũ, xin mở lại rồi quét mã một lần nữa");
    TRY(factor_enrol(cx, cx->actor->account_id, &secret, form->code));
    TRY(begin_anew(cx, req, res, STAGE_VERIFIED, &way_in));
    /* Who had a seat goes on; who was sent here at the door comes in. */
    response_redirect(cx, res, way_in, "Đã bật xác thực hai bước; từ lần sau, đăng nhập cần thêm mã trên điện thoại");
    return OK;
}

static enum err remove_own(struct ctx *cx, struct request *req, struct response *res)
{
    const struct enrol_form *form = req->form;
    struct url unused = { .text = { NULL, 0 } };
    TRY(factor_use(cx, cx->actor->account_id, form->code));
    TRY(factor_remove(cx, cx->actor->account_id, STR("")));
    TRY(begin_anew(cx, req, res, STAGE_PASSWORD, &unused));
    response_redirect(cx, res, (struct url){ str_from(factor_path) },
                      "Đã bỏ xác thực hai bước; các phiên đăng nhập khác đã kết thúc");
    return OK;
}

/* --- by administrators --- */

static enum err reset_factor(struct ctx *cx, struct request *req, struct response *res)
{
    const struct account_reason *form = req->form;
    struct account account = { .id = 0 };
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(account_find(cx, id, &account));
    TRY(factor_remove(cx, id, form->reason));
    account_changed(req->app);
    response_redirect(cx, res, url_format(&cx->arena, "/quan-tri/tai-khoan/%lld", (long long)id),
                      "Đã bỏ xác thực hai bước của tài khoản; các phiên đăng nhập đã kết thúc");
    return OK;
}

static const struct field rule_fields[] = {
    { "rule", "Mức áp dụng", FIELD_CHOICE, FIELD_OF(struct account_factor_rule, rule), .choices = factor_rule_choices,
      .choices_len = FACTOR_RULE_COUNT, .required = true },
};
static const struct field_table rule_table = FIELD_TABLE(struct account_factor_rule, rule_fields);

static enum err show_rule(struct ctx *cx, struct request *req, struct response *res)
{
    struct factor_rule_view view = { .may_set = false };
    struct account_factor_rule *values = ARENA_NEW(&cx->arena, struct account_factor_rule);
    struct unit nation = { .id = 0 };
    struct page page = { .title = STR_INIT("Xác thực hai bước"), .place = STR_INIT("quan-tri") };
    struct form_view form = { .action = { STR_INIT("/quan-tri/xac-thuc") }, .submit_label = STR_INIT("Lưu quy định") };
    TRY(factor_rule(cx, &values->rule));
    TRY(unit_find_nation(cx, &nation));
    for (size_t i = 0; i < FACTOR_RULE_COUNT; i++)
        if (str_eq(values->rule, factor_rule_choices[i].value))
            view.words = factor_rule_choices[i].label;
    view.may_set = unit_scope_holds(&cx->actor->scope, nation.path);
    request_form_view(req, &rule_table, values, &form);
    view.form = page_form(&cx->arena, &form);
    struct html h = page_begin(&cx->arena);
    page_factor_rule(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err set_rule(struct ctx *cx, struct request *req, struct response *res)
{
    const struct account_factor_rule *form = req->form;
    TRY(factor_set_rule(cx, form->rule));
    account_changed(req->app);
    response_redirect(cx, res, (struct url){ STR("/quan-tri/xac-thuc") }, "Đã lưu quy định; có hiệu lực ngay");
    return OK;
}

/* --- the table --- */

/* clang-format off */
static const struct field reset_fields[] = {
    { "reason", "Lý do", FIELD_TEXT, FIELD_OF(struct account_reason, reason), .len_max = 500, .required = true },
};

static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/dang-nhap/ma"),           PERMISSION_PUBLIC, show_code, NO_FORM },
    { METHOD_POST, STR_INIT("/dang-nhap/ma"),           PERMISSION_PUBLIC, take_code,
      FIELD_TABLE(struct code_form, code_fields), .flags = ROUTE_NO_CSRF, .prepare = prepare_code, .again = show_code },
    { METHOD_GET,  STR_INIT("/tai-khoan/xac-thuc"),     PERMISSION_SIGNED_IN, show_own_factor, NO_FORM },
    { METHOD_POST, STR_INIT("/tai-khoan/xac-thuc"),     PERMISSION_SIGNED_IN, enrol,
      FIELD_TABLE(struct enrol_form, enrol_fields), .prepare = prepare_own, .again = show_own_factor },
    { METHOD_POST, STR_INIT("/tai-khoan/xac-thuc/bo"),  PERMISSION_SIGNED_IN, remove_own,
      FIELD_TABLE(struct enrol_form, remove_fields), .prepare = prepare_own, .again = show_own_factor },
    { METHOD_POST, STR_INIT("/quan-tri/tai-khoan/{id}/xac-thuc/bo"), PERMISSION_ACCOUNT_WRITE, reset_factor,
      FIELD_TABLE(struct account_reason, reset_fields) },
    { METHOD_GET,  STR_INIT("/quan-tri/xac-thuc"),      PERMISSION_ACCOUNT_WRITE, show_rule, NO_FORM },
    { METHOD_POST, STR_INIT("/quan-tri/xac-thuc"),      PERMISSION_ACCOUNT_WRITE, set_rule,
      FIELD_TABLE(struct account_factor_rule, rule_fields), .again = show_rule },
};
/* clang-format on */

const struct route_table account_factor_routes = { routes, LEN(routes) };
