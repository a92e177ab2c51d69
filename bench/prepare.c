/*
 * prepare: an installation for the benchmarks, and the requests that the load client sends to it: every commune's clerk
 * signed in, N more papers issued to all communes and acknowledged by nobody.
 *
 *   prepare --data DIR [--database URL] --papers N
 *
 * Writes DIR/requests.txt (one acknowledgement of each paper by each commune, paper after paper) and DIR/boards.txt (a live
 * board of each commune, province and the nation), as bench/load.c reads them.
 */
#include "account/account.h"
#include "account/session.h"
#include "app/options.h"
#include "app/routes.h"
#include "base/day.h"
#include "demo/demo.h"
#include "document/document.h"
#include "http/router.h"
#include "http/server.h"
#include "plan/plan.h"
#include "store/db.h"
#include "store/store.h"
#include "unit/unit.h"

#include <sodium.h>

enum { CLERKS_MAX = 4000, PAPERS_MAX = 400, CHUNK = 500 };

struct clerk {
    int64_t account_id, area_id;
    struct str cookie, csrf;
};

struct bench {
    struct ctx *cx;
    struct app app;
    struct clerk *clerks;
    size_t clerks_len;
    int64_t papers[PAPERS_MAX];
    size_t papers_len;
    uint64_t random;
};

static uint64_t next_random(struct bench *bench)
{
    bench->random ^= bench->random >> 12;
    bench->random ^= bench->random << 25;
    bench->random ^= bench->random >> 27;
    return bench->random * UINT64_C(2685821657736338717);
}

static enum err write_job(struct bench *bench, const struct actor *actor, enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct ctx job = { .env = bench->cx->env, .actor = actor, .now = bench->cx->now };
    arena_init(&job.arena, job.env, (size_t)256 << 20);
    enum err err = store_write(&job, bench->app.store, run, what);
    if (err != OK)
        bench->cx->fault = job.fault;
    arena_end(&job.arena);
    return err;
}

struct paper {
    struct bench *bench;
    size_t number;
};

static enum err issue_paper(struct ctx *cx, void *what)
{
    struct paper *paper = what;
    struct str json = str_format(&cx->arena,
                                 "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"thong_bao\",\"number\":\"%zu\",\"symbol\":"
                                 "\"TB/HVCTQG\",\"issuer\":\"Học viện Chính trị quốc gia Hồ Chí Minh\",\"place\":\"Hà Nội\","
                                 "\"date\":\"2026-05-19\",\"title\":\"về lịch học số %zu\",\"signer\":{\"name\":\"Trịnh Hoài "
                                 "Đức An\",\"title\":\"GIÁM ĐỐC\"}},\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}",
                                 1000 + paper->number, paper->number);
    struct plan plan = { .mode = STR("") };
    struct document_draft draft = { .issuer_unit_id = 0 };
    int64_t id = 0;
    TRY(plan_parse(cx, json, &plan));
    TRY(plan_to_draft(cx, &plan, &draft));
    TRY(document_create_draft(cx, &draft, &id));
    TRY(document_issue(cx, id));
    paper->bench->papers[paper->bench->papers_len++] = id;
    return OK;
}

static enum err find_clerks(struct ctx *cx, struct bench *bench)
{
    SQL(list,
        "SELECT a.id, u.place_id FROM account a JOIN account_grant g ON g.account_id = a.id"
        " JOIN unit u ON u.id = g.unit_id WHERE u.sort = 'dang_uy_xa' AND g.role = 'van_thu' ORDER BY a.id /*scan*/");
    struct rows rows = db_rows(cx, &list, NO_BIND);
    while (bench->clerks_len < CLERKS_MAX && rows_next(&rows)) {
        struct clerk *clerk = &bench->clerks[bench->clerks_len++];
        clerk->account_id = rows_i64(&rows);
        clerk->area_id = rows_i64(&rows);
    }
    return rows_end(&rows);
}

struct clerk_chunk {
    struct bench *bench;
    struct clerk *at;
    size_t len;
};

static enum err begin_sessions(struct ctx *cx, void *what)
{
    struct clerk_chunk *chunk = what;
    for (size_t i = 0; i < chunk->len; i++) {
        struct str token = STR("");
        int64_t grant_id = 0;
        TRY(session_begin(cx, chunk->at[i].account_id, 0, STAGE_PASSWORD, STR("127.0.0.1"), &token, &grant_id));
        chunk->at[i].cookie = str_copy(&chunk->bench->cx->arena, token);
    }
    return OK;
}

static enum err find_form_token(struct ctx *cx, struct bench *bench, struct clerk *clerk)
{
    struct request *req = ARENA_NEW(&cx->arena, struct request);
    request_init(req, &bench->app, METHOD_GET, STR("/hom-nay"));
    req->cookie = clerk->cookie;
    struct actor actor = { .kind = ACTOR_NOBODY };
    TRY(bench->app.gate.identify(cx, req, &actor));
    unsigned char pad[CSRF_SECRET_BYTES] = { 0 };
    env_random(cx->env, pad, sizeof pad);
    clerk->csrf = str_copy(&bench->cx->arena, csrf_mask(cx, req->csrf, pad));
    return OK;
}

static enum err with_reader(struct bench *bench, enum err (*read)(struct ctx *cx, struct bench *bench))
{
    struct ctx *cx = bench->cx;
    TRY(store_reader_open(cx, bench->app.store, &cx->db));
    enum err err = db_read_begin(cx);
    if (err == OK)
        err = read(cx, bench);
    db_read_end(cx);
    store_reader_close(cx->db);
    cx->db = NULL;
    return err;
}

static enum err find_form_tokens(struct ctx *cx, struct bench *bench)
{
    for (size_t i = 0; i < bench->clerks_len; i++)
        TRY(find_form_token(cx, bench, &bench->clerks[i]));
    return OK;
}

static struct str cookie_of(struct bench *bench, const struct clerk *clerk)
{
    return str_format(&bench->cx->arena, STR_FMT "=" STR_FMT, STR_ARG(cookie_name(&bench->app, COOKIE_SESSION)),
                      STR_ARG(clerk->cookie));
}

/* Topics: a paper and a commune. */
static size_t topic(const struct bench *bench, size_t paper, size_t clerk)
{
    return 1 + paper * bench->clerks_len + clerk;
}

static void shuffle(struct bench *bench, uint32_t *order)
{
    for (size_t i = 0; i < bench->clerks_len; i++)
        order[i] = (uint32_t)i;
    for (size_t i = bench->clerks_len - 1; i > 0; i--) {
        size_t other = (size_t)(next_random(bench) % (i + 1));
        uint32_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* Paper after paper, as they go out; the communes of each in no order, as they answer. */
static void put_requests(struct bench *bench, FILE *out)
{
    uint32_t *order = ARENA_NEW_ARRAY(&bench->cx->arena, uint32_t, bench->clerks_len);
    struct str *cookies = ARENA_NEW_ARRAY(&bench->cx->arena, struct str, bench->clerks_len);
    for (size_t i = 0; i < bench->clerks_len; i++)
        cookies[i] = cookie_of(bench, &bench->clerks[i]);
    for (size_t paper = 0; paper < bench->papers_len; paper++) {
        shuffle(bench, order);
        for (size_t i = 0; i < bench->clerks_len; i++)
            fprintf(out, "/van-ban/%lld/tiep-nhan\t" STR_FMT "\tcsrf=" STR_FMT "&fact_id={id}\t%zu\n",
                    (long long)bench->papers[paper], STR_ARG(cookies[order[i]]), STR_ARG(bench->clerks[order[i]].csrf),
                    topic(bench, paper, order[i]));
    }
}

/* A board of every commune, each of another paper. */
static void put_boards(struct bench *bench, FILE *out)
{
    for (size_t i = 0; i < bench->clerks_len; i++) {
        size_t paper = (size_t)(next_random(bench) % bench->papers_len);
        struct str cookie = cookie_of(bench, &bench->clerks[i]);
        fprintf(out, "/theo-doi/%lld/truc-tiep?van-ban=%lld&so=van-ban\t" STR_FMT "\t%zu\n", (long long)bench->clerks[i].area_id,
                (long long)bench->papers[paper], STR_ARG(cookie), topic(bench, paper, i));
    }
}

static enum err write_out(struct bench *bench, struct str dir, const char *name, void (*put)(struct bench *bench, FILE *out))
{
    struct str path = str_format(&bench->cx->arena, STR_FMT "/%s", STR_ARG(dir), name);
    FILE *out = fopen(path.at, "w");
    if (!out)
        return fail_detail(bench->cx, ERR_UNAVAILABLE, "cannot write " STR_FMT, STR_ARG(path));
    put(bench, out);
    fclose(out);
    return OK;
}

static enum err prepare(struct bench *bench, struct str dir, int64_t papers)
{
    struct ctx *cx = bench->cx;
    struct demo_options demo = { .scale = DEMO_SMALL, .seed = 20260523, .clock_at = cx->now, .is_for_load = true };
    TRY(demo_build(cx, bench->app.store, &demo));
    cx->now = demo.clock_at;
    TRY(account_open(cx, &bench->app));
    bench->clerks = ARENA_NEW_ARRAY(&cx->arena, struct clerk, CLERKS_MAX);
    TRY(with_reader(bench, find_clerks));
    struct actor academy = *cx->actor;
    SQL(find, "SELECT id FROM unit WHERE sort = 'hoc_vien'");
    TRY(store_reader_open(cx, bench->app.store, &cx->db));
    enum err err = db_i64(cx, &find, NO_BIND, &academy.unit_id);
    store_reader_close(cx->db);
    cx->db = NULL;
    TRY(err);
    for (int64_t i = 0; i < papers; i++) {
        struct paper paper = { bench, (size_t)i };
        TRY(write_job(bench, &academy, issue_paper, &paper));
    }
    for (size_t i = 0; i < bench->clerks_len; i += CHUNK) {
        struct clerk_chunk chunk = { bench, &bench->clerks[i],
                                     bench->clerks_len - i < CHUNK ? bench->clerks_len - i : CHUNK };
        TRY(write_job(bench, cx->actor, begin_sessions, &chunk));
    }
    TRY(with_reader(bench, find_form_tokens));
    TRY(write_out(bench, dir, "requests.txt", put_requests));
    return write_out(bench, dir, "boards.txt", put_boards);
}

int main(int argc, char **argv)
{
    static const struct actor program = { .kind = ACTOR_PROGRAM, .scope = { STR_INIT(""), STR_INIT("~") },
                                          .permissions = ~UINT64_C(0), .name = STR_INIT("bench") };
    struct ctx cx = { .env = env_real(), .actor = &program };
    arena_init(&cx.arena, cx.env, (size_t)4 << 30);
    struct option list[] = { { .name = "data", .takes_value = true, .required = true },
                             { .name = "database", .takes_value = true },
                             { .name = "papers", .takes_value = true, .required = true } };
    struct options options = { .at = list, .len = LEN(list) };
    int64_t papers = 0;
    if (sodium_init() < 0 || options_parse(&cx, argc - 1, argv + 1, &options) != OK ||
        !str_to_i64(options_value(&options, "papers", STR("")), &papers) || papers < 1 || papers > PAPERS_MAX) {
        fprintf(stderr, "prepare: %s\n", cx.fault.words);
        return 2;
    }
    cx.now = env_now(cx.env);
    routes_register_facts();
    struct bench bench = { .cx = &cx, .app = { .env = cx.env }, .random = 20260523 };
    struct str dir = options_value(&options, "data", STR(""));
    struct store_options how = { .env = cx.env, .dir = dir, .database = options_value(&options, "database", STR("")) };
    enum err err = store_open(&cx, &how, &bench.app.store);
    if (err == OK) {
        err = prepare(&bench, dir, papers);
        store_close(bench.app.store);
    }
    if (err != OK) {
        fprintf(stderr, "prepare: %s (%s)\n", cx.fault.words, cx.fault.detail);
        return 4;
    }
    printf("prepared %zu clerks, %zu papers\n", bench.clerks_len, bench.papers_len);
    return 0;
}
