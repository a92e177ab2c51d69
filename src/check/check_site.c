#include "check/check_site.h"

#include "http/router.h"
#include "unit/unit.h"

#define SECRET "0123456789abcdef0123456789abcdef"

/* The router hands the request over; whose it is stands beside its app. */
static enum err identify(struct ctx *cx, struct request *req, struct actor *ret_actor)
{
    const struct check_site *site = req->app->account_state;
    (void)cx;
    *ret_actor = site->officer;
    if (site->officer.kind != ACTOR_NOBODY)
        req->csrf = STR(SECRET);
    return OK;
}

struct check_site *site_open(struct check_store *check, const struct route_table *rooms, size_t len)
{
    struct check_site *site = ARENA_NEW(&check->cx.arena, struct check_site);
    site->check = check;
    site->app = (struct app){ .env = check->cx.env,
                              .store = check->store,
                              .rooms = rooms,
                              .rooms_len = len,
                              .gate = { .identify = identify, .sign_in_path = STR("/dang-nhap") },
                              .account_state = site };
    assert_ok(&check->cx, routes_check(&check->cx, rooms, len));
    return site;
}

void site_be(struct check_site *site, struct str path, uint64_t permissions)
{
    site->officer = (struct actor){ .kind = ACTOR_NOBODY };
    if (path.len > 0)
        site->officer = (struct actor){ .kind = ACTOR_PERSON,
                                        .account_id = 1,
                                        .permissions = permissions,
                                        .scope = unit_scope(&site->check->cx.arena, path),
                                        .name = STR("Người thử") };
}

static int answer(struct check_site *site)
{
    enum err ignored = route_answer(&site->check->cx, &site->app, &site->req, &site->res);
    (void)ignored; /* it stands in the status too */
    return site->res.status;
}

static void ask(struct check_site *site, enum method method, const char *path)
{
    struct str rest = str_from(path);
    struct str plain = str_cut(&rest, '?');
    request_init(&site->req, &site->app, method, plain);
    site->req.query = rest;
    site->req.cookies = STR("phien=thu");
}

int site_get(struct check_site *site, const char *path)
{
    ask(site, METHOD_GET, path);
    return answer(site);
}

/* As a page of ours carries it. */
static struct str form_token(struct ctx *cx)
{
    unsigned char random[CSRF_SECRET_BYTES];
    env_random(cx->env, random, sizeof random);
    return csrf_mask(cx, STR(SECRET), random);
}

int site_post(struct check_site *site, const char *path, const char *fields)
{
    ask(site, METHOD_POST, path);
    struct ctx *cx = &site->check->cx;
    site->req.content_type = STR("application/x-www-form-urlencoded");
    site->req.body = str_format(&cx->arena, "csrf=" STR_FMT "&%s", STR_ARG(form_token(cx)), fields);
    return answer(site);
}

int site_post_json(struct check_site *site, const char *path, struct str json)
{
    ask(site, METHOD_POST, path);
    site->req.content_type = STR("application/json");
    site->req.csrf_header = form_token(&site->check->cx);
    site->req.wants_json = true;
    site->req.body = json;
    return answer(site);
}

static void put_part(struct buf *body, const char *name, const char *file_name, struct str value)
{
    buf_format(body, "--RANH\r\nContent-Disposition: form-data; name=\"%s\"", name);
    if (file_name)
        buf_format(body, "; filename=\"%s\"\r\nContent-Type: application/octet-stream", file_name);
    buf_put(body, STR("\r\n\r\n"));
    buf_put(body, value);
    buf_put(body, STR("\r\n"));
}

int site_post_file(struct check_site *site, const char *path, const char *file_field,
                   struct str content, const char *const *fields)
{
    return site_post_named_file(site, path, file_field, "tep.csv", content, fields);
}

int site_post_named_file(struct check_site *site, const char *path, const char *file_field, const char *file_name,
                         struct str content, const char *const *fields)
{
    ask(site, METHOD_POST, path);
    struct ctx *cx = &site->check->cx;
    struct buf body;
    buf_init(&body, &cx->arena);
    put_part(&body, "csrf", NULL, form_token(cx));
    for (; fields && fields[0]; fields += 2)
        put_part(&body, fields[0], NULL, str_from(fields[1]));
    put_part(&body, file_field, file_name, content);
    buf_put(&body, STR("--RANH--\r\n"));
    site->req.content_type = STR("multipart/form-data; boundary=RANH");
    site->req.body = buf_str(&body);
    return answer(site);
}

bool site_body_has(const struct check_site *site, const char *text)
{
    struct str body = buf_str(&site->res.body);
    return str_find(body, str_from(text)) < body.len;
}
