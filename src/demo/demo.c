#include "demo/demo.h"

#include "account/account.h"
#include "base/day.h"
#include "demo/people.h"
#include "document/document.h"
#include "obligation/obligation.h"
#include "plan/plan.h"
#include "store/db.h"
#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { DEMO_JOB_ARENA_BYTES = 64 << 20, DEMO_CHUNK = 500, DEMO_FILE_BYTES = 4 << 20 };

const struct str demo_password = STR_INIT("hop-trung-diem-cau-2026");

struct demo {
    const struct demo_options *options;
    struct store *store;
    const struct env *env;
    struct arena *arena;
    struct unit nation, academy;
    struct str hash, strong_hash;
    struct buf accounts, players;
    uint64_t random;
};

static uint64_t next_random(struct demo *demo)
{
    demo->random ^= demo->random >> 12;
    demo->random ^= demo->random << 25;
    demo->random ^= demo->random >> 27;
    return demo->random * UINT64_C(2685821657736338717);
}

/* Who acts in the demo: a unit's own people, with every permission there. */
static struct actor actor_of(const struct unit *unit, struct scope scope)
{
    return (struct actor){ .kind = ACTOR_PROGRAM,
                           .unit_id = unit->id,
                           .scope = scope,
                           .permissions = ~UINT64_C(0),
                           .name = unit->full_name,
                           .unit_name = unit->full_name };
}

/* Runs one job as `actor` at a moment of the story, in an arena of its own. */
static enum err write_as(struct ctx *cx, struct demo *demo, int64_t at, const struct actor *actor,
                         enum err (*run)(struct ctx *cx, void *what), void *what)
{
    struct ctx job = { .env = cx->env, .actor = actor, .now = at };
    arena_init(&job.arena, cx->env, DEMO_JOB_ARENA_BYTES);
    enum err err = store_write(&job, demo->store, run, what);
    if (err != OK)
        cx->fault = job.fault;
    arena_end(&job.arena);
    if (err != OK || !cx->db)
        return err;
    db_read_end(cx); /* the story is read from what has just been written */
    return db_read_begin(cx);
}

/* ---- accounts ---- */

struct account_plan {
    struct demo *demo;
    const struct unit *unit;
    struct str login, name, role;
    bool is_area;
    bool is_player; /* takes part in a rehearsal */
    bool is_shown;  /* printed for the person who tries the demo */
};

static enum err add_account(struct ctx *cx, const struct account_plan *plan)
{
    const struct role *role = role_find(plan->role);
    if (!role)
        return fail_detail(cx, ERR_SYSTEM, "demo: no role " STR_FMT, STR_ARG(plan->role));
    struct account_created created = { .login = plan->login, .name = plan->name };
    int64_t id = 0;
    TRY(account_create(cx, plan->unit->id, &created, &id));
    TRY(account_set_password(cx, id, role->is_strong ? plan->demo->strong_hash : plan->demo->hash));
    struct account_granted granted = { .role = plan->role,
                                       .reach = plan->is_area ? STR("area") : STR("body"),
                                       .from_day = day_from_instant(cx->now),
                                       .to_day = DAY_NONE };
    int64_t grant_id = 0;
    return account_grant(cx, id, plan->unit->id, &granted, &grant_id);
}

struct account_chunk {
    const struct account_plan *at;
    size_t len;
};

static enum err add_accounts(struct ctx *cx, void *what)
{
    const struct account_chunk *chunk = what;
    for (size_t i = 0; i < chunk->len; i++)
        TRY(add_account(cx, &chunk->at[i]));
    return OK;
}

static void list_account(struct demo *demo, const struct account_plan *plan, const char *label)
{
    if (plan->is_shown)
        buf_format(&demo->accounts, "%s\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", label, STR_ARG(plan->login),
                   STR_ARG(demo_password), STR_ARG(plan->unit->full_name));
    if (plan->is_player)
        buf_format(&demo->players, STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(plan->login), STR_ARG(demo_password),
                   STR_ARG(plan->unit->full_name));
}

struct account_list {
    struct account_plan *at;
    size_t len, room;
};

static void plan_account(struct demo *demo, struct account_list *list, struct account_plan plan, const char *label)
{
    plan.demo = demo;
    list->at[list->len++] = plan;
    list_account(demo, &plan, label);
}

/* The people a visitor may be, one for each role and level; in Quảng Ngãi and Hà Tĩnh, whose papers are out. */
static enum err plan_shown_accounts(struct ctx *cx, struct demo *demo, struct account_list *list)
{
    struct unit *academy = &demo->academy;
    plan_account(demo, list, (struct account_plan){ .unit = academy, .login = STR("hocvien.lanhdao"), .name = STR("Trịnh Hoài Đức An"),
                 .role = STR("nguoi_dung_dau"), .is_area = true, .is_shown = true }, "hoc-vien-lanh-dao");
    plan_account(demo, list, (struct account_plan){ .unit = academy, .login = STR("hocvien.chuyenvien"), .name = STR("Phan Gia Khiêm"),
                 .role = STR("chuyen_vien"), .is_area = true, .is_shown = true }, "hoc-vien-chuyen-vien");
    plan_account(demo, list, (struct account_plan){ .unit = academy, .login = STR("quantri"), .name = STR("Lương Bảo Quốc"),
                 .role = STR("quan_tri"), .is_area = true, .is_shown = true }, "quan-tri");
    plan_account(demo, list, (struct account_plan){ .unit = academy, .login = STR("kiemtra"), .name = STR("Tạ Minh Khôi"),
                 .role = STR("kiem_tra"), .is_area = true, .is_shown = true }, "kiem-tra");
    static const struct { const char *code, *login, *label_head, *label_officer; } provinces[] = {
        { "51", "quangngai", "tinh-lanh-dao", "tinh-chuyen-vien" },
        { "42", "hatinh", "tinh-khac-lanh-dao", "tinh-khac-chuyen-vien" },
    };
    for (size_t i = 0; i < LEN(provinces); i++) {
        struct unit *area = ARENA_NEW(demo->arena, struct unit);
        struct unit *committee = ARENA_NEW(demo->arena, struct unit);
        struct unit *organisation = ARENA_NEW(demo->arena, struct unit);
        TRY(unit_find_code(cx, str_from(provinces[i].code), area));
        TRY(unit_find_body(cx, area->id, STR("tinh_uy"), committee));
        TRY(unit_find_body(cx, area->id, STR("ban_to_chuc_tu"), organisation));
        plan_account(demo, list, (struct account_plan){ .unit = committee,
                     .login = str_format(demo->arena, "%s.lanhdao", provinces[i].login), .name = STR("Võ Thành Nhân Hậu"),
                     .role = STR("nguoi_dung_dau"), .is_area = true, .is_shown = true }, provinces[i].label_head);
        plan_account(demo, list, (struct account_plan){ .unit = committee,
                     .login = str_format(demo->arena, "%s.chuyenvien", provinces[i].login), .name = STR("Bùi Thanh Hà An"),
                     .role = STR("chuyen_vien"), .is_area = true, .is_shown = true }, provinces[i].label_officer);
        plan_account(demo, list, (struct account_plan){ .unit = organisation,
                     .login = str_format(demo->arena, "%s.btc", provinces[i].login), .name = STR("Đinh Quang Minh Trí"),
                     .role = STR("chuyen_vien"), .is_area = false, .is_shown = i == 0 }, "ban-to-chuc");
    }
    return OK;
}

/* A clerk at every province's and every commune's Party committee; the first of Quảng Ngãi's is shown. */
static enum err plan_clerks(struct ctx *cx, struct demo *demo, struct account_list *list)
{
    static const struct { const char *sort, *prefix; } levels[] = { { "tinh_uy", "tinh" }, { "dang_uy_xa", "xa" } };
    for (size_t k = 0; k < LEN(levels); k++) {
        struct unit_list *units = ARENA_NEW(demo->arena, struct unit_list);
        TRY(unit_find_by_sort(cx, str_from(levels[k].sort), demo->nation.path, units));
        bool has_shown = false;
        for (size_t i = 0; i < units->len && list->len < list->room; i++) {
            struct unit area = { .id = 0 };
            TRY(unit_find(cx, units->at[i].place_id, &area));
            bool is_shown = k == 1 && !has_shown && str_starts(area.full_name, STR("phường Cẩm Thành"));
            has_shown = has_shown || is_shown;
            plan_account(demo, list, (struct account_plan){ .unit = &units->at[i],
                         .login = str_format(demo->arena, "%s" STR_FMT, levels[k].prefix, STR_ARG(area.code)),
                         .name = str_format(demo->arena, "Văn thư " STR_FMT, STR_ARG(units->at[i].full_name)),
                         .role = STR("van_thu"), .is_area = true, .is_player = true, .is_shown = is_shown }, "xa-van-thu");
        }
    }
    return OK;
}

/* Whoever tries the demo has no phone that was enrolled: its fictitious accounts open by password alone. */
static enum err waive_second_factor(struct ctx *cx, void *what)
{
    (void)what;
    return account_set_factor_rule(cx, STR("khong"));
}

static enum err make_accounts(struct ctx *cx, struct demo *demo, int64_t at)
{
    TRY(write_as(cx, demo, at, cx->actor, waive_second_factor, NULL));
    TRY(account_hash(cx, demo->store, demo_password, false, &demo->hash));
    TRY(account_hash(cx, demo->store, demo_password, true, &demo->strong_hash));
    struct account_list list = { .room = UNIT_LIST_MAX };
    list.at = ARENA_NEW_ARRAY(demo->arena, struct account_plan, list.room);
    TRY(plan_shown_accounts(cx, demo, &list));
    TRY(plan_clerks(cx, demo, &list));
    for (size_t i = 0; i < list.len; i += DEMO_CHUNK) {
        struct account_chunk chunk = { &list.at[i], list.len - i < DEMO_CHUNK ? list.len - i : DEMO_CHUNK };
        TRY(write_as(cx, demo, at, cx->actor, add_accounts, &chunk));
    }
    return OK;
}

/* ---- papers ---- */

static const struct demo_paper *find_paper(const char *name)
{
    for (size_t i = 0; i < demo_papers_len; i++)
        if (strcmp(demo_papers[i].name, name) == 0)
            return &demo_papers[i];
    return NULL;
}

struct paper_job {
    const struct demo_paper *paper;
    bool must_issue;
    int64_t document_id;
};

static enum err bring_paper(struct ctx *cx, void *what)
{
    struct paper_job *job = what;
    struct plan plan = { .mode = STR("") };
    TRY(plan_parse(cx, (struct str){ job->paper->at, job->paper->len }, &plan));
    struct document_draft draft = { .issuer_unit_id = 0 };
    TRY(plan_to_draft(cx, &plan, &draft));
    TRY(document_create_draft(cx, &draft, &job->document_id));
    return job->must_issue ? document_issue(cx, job->document_id) : OK;
}

struct story {
    const char *paper;
    const char *area_code; /* "" for the nation's own body */
    const char *sort;      /* the issuer */
    int64_t drafted_at, issued_at; /* 0: never issued */
    int share_received;    /* per cent of the recipients that have it at the end of `received_ms` */
    int64_t received_ms;
    int share_done;        /* per cent of the duties without a fact of their own that are closed by then */
};

static enum err find_issuer(struct ctx *cx, struct demo *demo, const struct story *story, struct unit *ret_issuer,
                            struct scope *ret_scope)
{
    if (story->area_code[0] == '\0') {
        *ret_issuer = demo->academy;
        *ret_scope = unit_scope(demo->arena, demo->nation.path);
        return OK;
    }
    struct unit area = { .id = 0 };
    TRY(unit_find_code(cx, str_from(story->area_code), &area));
    TRY(unit_find_body(cx, area.id, str_from(story->sort), ret_issuer));
    *ret_scope = unit_scope(demo->arena, area.path);
    return OK;
}

/* What one unit does in the story: acknowledges a paper. In the order of time. */
struct deed {
    int64_t at;
    struct unit unit;
    int64_t document_id;
};

struct deeds {
    struct deed *at;
    size_t len;
};

static enum err do_deeds(struct ctx *cx, void *what)
{
    const struct deeds *deeds = what;
    for (size_t i = 0; i < deeds->len; i++) {
        struct actor actor = actor_of(&deeds->at[i].unit, unit_scope(&cx->arena, deeds->at[i].unit.path));
        cx->actor = &actor;
        cx->now = deeds->at[i].at;
        int64_t first_at = 0;
        TRY(document_acknowledge(cx, deeds->at[i].document_id, &first_at));
    }
    return OK;
}

static int compare_deeds(const void *a, const void *b)
{
    const struct deed *x = a;
    const struct deed *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

static enum err list_recipients(struct ctx *cx, int64_t document_id, struct deeds *deeds)
{
    SQL(list,
        "SELECT u.id, u.path, u.full_name FROM document_delivery d JOIN unit u ON u.id = d.unit_id"
        " WHERE d.document_id = $1 ORDER BY u.id");
    struct rows rows = db_rows(cx, &list, BIND(V(document_id)));
    while (deeds->len < UNIT_LIST_MAX && rows_next(&rows)) {
        struct deed *deed = &deeds->at[deeds->len++];
        deed->document_id = document_id;
        deed->unit.id = rows_i64(&rows);
        deed->unit.path = rows_str(&rows);
        deed->unit.full_name = rows_str(&rows);
    }
    return rows_end(&rows);
}

/* Most answer in the first hours, some in the last: the square of a random share makes such a curve. */
static enum err acknowledge(struct ctx *cx, struct demo *demo, const struct story *story, int64_t document_id)
{
    struct deeds all = { .at = ARENA_NEW_ARRAY(demo->arena, struct deed, UNIT_LIST_MAX) };
    TRY(list_recipients(cx, document_id, &all));
    struct deeds some = { .at = all.at };
    for (size_t i = 0; i < all.len; i++) {
        double share = (double)(next_random(demo) >> 11) / (double)(UINT64_C(1) << 53);
        int64_t at = story->issued_at + 600000 + (int64_t)(share * share * (double)story->received_ms);
        bool answers = (int)(next_random(demo) % 100) < story->share_received && at < demo->options->clock_at;
        if (!answers)
            continue;
        all.at[some.len] = all.at[i];
        all.at[some.len++].at = at;
    }
    qsort(some.at, some.len, sizeof *some.at, compare_deeds);
    for (size_t i = 0; i < some.len; i += DEMO_CHUNK) {
        struct deeds chunk = { &some.at[i], some.len - i < DEMO_CHUNK ? some.len - i : DEMO_CHUNK };
        TRY(write_as(cx, demo, some.at[i].at, cx->actor, do_deeds, &chunk));
    }
    return OK;
}

static enum err tell(struct ctx *cx, struct demo *demo, const struct story *story)
{
    if (story->drafted_at > demo->options->clock_at)
        return OK;
    struct paper_job job = { .paper = find_paper(story->paper),
                             .must_issue = story->issued_at > 0 && story->issued_at <= demo->options->clock_at };
    if (!job.paper)
        return fail_detail(cx, ERR_SYSTEM, "demo: no paper %s", story->paper);
    struct unit issuer = { .id = 0 };
    struct scope scope = { .path_lo = STR("") };
    TRY(find_issuer(cx, demo, story, &issuer, &scope));
    struct actor actor = actor_of(&issuer, scope);
    TRY(write_as(cx, demo, job.must_issue ? story->issued_at : story->drafted_at, &actor, bring_paper, &job));
    if (!job.must_issue || demo->options->is_for_load)
        return OK;
    return acknowledge(cx, demo, story, job.document_id);
}

/* ---- the whole ---- */

static enum err write_file(struct ctx *cx, const struct demo *demo, const char *name, struct str head, struct str text)
{
    struct str path = str_format(demo->arena, STR_FMT "/%s", STR_ARG(store_dir(demo->store)), name);
    struct str whole = str_format(demo->arena, STR_FMT STR_FMT, STR_ARG(head), STR_ARG(text));
    int fd = cx->env->open(cx->env->state, str_to_c(demo->arena, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool is_written = fd >= 0;
    for (size_t at = 0; is_written && at < whole.len;) {
        ssize_t put = cx->env->write(cx->env->state, fd, whole.at + at, whole.len - at);
        is_written = put > 0;
        at += put > 0 ? (size_t)put : 0;
    }
    if (fd >= 0)
        cx->env->close(cx->env->state, fd);
    if (!is_written)
        return fail_detail(cx, ERR_UNAVAILABLE, "demo: %s: %s", name, strerror(errno));
    return OK;
}

static enum err check_empty(struct ctx *cx)
{
    SQL(count, "SELECT COALESCE(MAX(seq), 0) FROM fact");
    int64_t seq = 0;
    TRY(db_i64(cx, &count, NO_BIND, &seq));
    if (seq > 0)
        return fail(cx, ERR_CONFLICT, "Thư mục đã có dữ liệu; bản thử chỉ dựng trong thư mục trống");
    return OK;
}

static enum err find_roots(struct ctx *cx, struct demo *demo)
{
    TRY(unit_find_nation(cx, &demo->nation));
    return unit_find_body(cx, demo->nation.id, STR("hoc_vien"), &demo->academy);
}

static enum err read_with(struct ctx *cx, struct demo *demo, enum err (*read)(struct ctx *cx, struct demo *demo))
{
    struct db *db = NULL;
    TRY(store_reader_open(cx, demo->store, &db));
    cx->db = db;
    enum err err = db_read_begin(cx);
    if (err == OK)
        err = read(cx, demo);
    db_read_end(cx);
    cx->db = NULL;
    store_reader_close(db);
    return err;
}

static int64_t moment(int year, int month, int date, int hour, int minute)
{
    return day_time(day_from_civil(year, month, date), hour, minute);
}

static enum err make_people(struct ctx *cx, struct demo *demo)
{
    static const int people[] = { [DEMO_SMALL] = 2000, [DEMO_PROVINCE] = 20000, [DEMO_NATION] = 130000 };
    return demo_load_people(cx, demo->store, demo->options->seed, people[demo->options->scale]);
}

static enum err make_all_accounts(struct ctx *cx, struct demo *demo)
{
    return make_accounts(cx, demo, moment(2025, 8, 1, 8, 0));
}

static enum err tell_all(struct ctx *cx, struct demo *demo)
{
    const struct story stories[] = {
        { .paper = "hai_phong_du_thao", .area_code = "31", .sort = "tinh_uy", .drafted_at = moment(2025, 10, 20, 9, 0) },
        { .paper = "ha_tinh_09", .area_code = "42", .sort = "tinh_uy", .drafted_at = moment(2025, 11, 13, 9, 0),
          .issued_at = moment(2025, 11, 14, 15, 0), .share_received = 100, .received_ms = 3 * (int64_t)DAY_MS, .share_done = 100 },
        { .paper = "cao_bang", .area_code = "04", .sort = "ubnd_tinh", .drafted_at = moment(2026, 5, 11, 9, 0),
          .issued_at = moment(2026, 5, 12, 14, 0), .share_received = 85, .received_ms = 3 * (int64_t)DAY_MS, .share_done = 20 },
        { .paper = "hoc_vien_664", .area_code = "", .drafted_at = moment(2026, 5, 13, 16, 0),
          .issued_at = moment(2026, 5, 14, 10, 0), .share_received = 88, .received_ms = 6 * (int64_t)DAY_MS, .share_done = 30 },
        { .paper = "quang_ngai", .area_code = "51", .sort = "tinh_uy", .drafted_at = moment(2026, 5, 15, 9, 0),
          .issued_at = moment(2026, 5, 16, 8, 30), .share_received = 70, .received_ms = 5 * (int64_t)DAY_MS, .share_done = 15 },
    };
    for (size_t i = 0; i < LEN(stories); i++)
        TRY(tell(cx, demo, &stories[i]));
    return OK;
}

static enum err build(struct ctx *cx, struct demo *demo)
{
    TRY(read_with(cx, demo, find_roots));
    TRY(read_with(cx, demo, make_people));
    TRY(read_with(cx, demo, make_all_accounts));
    TRY(read_with(cx, demo, tell_all));
    TRY(write_file(cx, demo, "accounts.txt", STR("# bản trình diễn: đăng nhập chỉ bằng mật khẩu; bản thật cần xác thực hai bước từ cấp tỉnh trở lên\n"
                                                    "# vai\ttên đăng nhập\tmật khẩu\tđơn vị\n"), buf_str(&demo->accounts)));
    return write_file(cx, demo, "players.txt", STR("# tên đăng nhập\tmật khẩu\tđơn vị\n"), buf_str(&demo->players));
}

static enum err check_empty_store(struct ctx *cx, struct demo *demo)
{
    (void)demo;
    return check_empty(cx);
}

enum err demo_build(struct ctx *cx, struct store *store, const struct demo_options *options)
{
    struct demo demo = { .options = options,
                         .store = store,
                         .env = cx->env,
                         .arena = &cx->arena,
                         .random = options->seed ? options->seed : 20260523 };
    buf_init(&demo.accounts, &cx->arena);
    buf_init(&demo.players, &cx->arena);
    TRY(read_with(cx, &demo, check_empty_store));
    cx->now = moment(2025, 7, 1, 0, 0);
    TRY(unit_load_nation(cx, store));
    return build(cx, &demo);
}
