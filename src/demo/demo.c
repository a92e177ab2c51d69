#include "demo/demo_inside.h"

#include "account/account.h"
#include "base/day.h"
#include "demo/people.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { DEMO_JOB_ARENA_BYTES = 512 << 20, DEMO_CHUNK = 500, DEMO_FILE_BYTES = 4 << 20 };

const struct str demo_password = STR_INIT("hop-trung-diem-cau-2026");

uint64_t demo_random(struct demo *demo)
{
    demo->random ^= demo->random >> 12;
    demo->random ^= demo->random << 25;
    demo->random ^= demo->random >> 27;
    return demo->random * UINT64_C(2685821657736338717);
}

enum err demo_write_as(struct ctx *cx, struct demo *demo, int64_t at, const struct actor *actor,
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
    struct str province_code; /* of a player */
    bool is_officer; /* carries a province's rooms in a rehearsal of the class */
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
    if (plan->is_officer)
        buf_format(&demo->officers, STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(plan->login), STR_ARG(demo_password),
                   STR_ARG(plan->unit->full_name));
    if (plan->is_player)
        buf_format(&demo->players, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(plan->login),
                   STR_ARG(demo_password), STR_ARG(plan->unit->full_name), STR_ARG(plan->province_code));
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

/* Those of the class day, at one commune of each of the two provinces; and whoever rehearses a province's class. */
static enum err plan_class_seats(struct ctx *cx, struct demo *demo, struct account_list *list)
{
    static const struct { const char *role, *label, *name; } seats[] = {
        { "chu_tri", "chu-tri", "Lò Văn Mẫu" },
        { "lop_truong", "lop-truong", "Nguyễn Thị Hòa Bình" },
        { "ky_thuat", "ky-thuat", "Đặng Minh Tuấn Kha" },
        { "chuyen_vien", "xa-chuyen-vien", "Hồ Thị Ánh Sao" },
        { "nguoi_dung_dau", "xa-lanh-dao", "Trần Quốc Thử" },
    };
    static const struct { const char *code, *login; } communes[] = { { "21025", "camthanh" }, { "18073", "thanhsen" } };
    for (size_t i = 0; i < LEN(communes); i++) {
        struct unit area = { .id = 0 };
        struct unit *body = ARENA_NEW(demo->arena, struct unit);
        if (unit_find_code(cx, str_from(communes[i].code), &area) != OK)
            continue; /* the dictionary of units may be older or newer than this list */
        TRY(unit_find_body(cx, area.id, STR("dang_uy_xa"), body));
        for (size_t k = 0; k < LEN(seats); k++)
            plan_account(demo, list, (struct account_plan){ .unit = body,
                         .login = str_format(demo->arena, "%s.%s", communes[i].login, seats[k].label),
                         .name = str_from(seats[k].name), .role = str_from(seats[k].role), .is_area = true, .is_shown = true },
                         i == 0 ? seats[k].label : str_to_c(demo->arena, str_format(demo->arena, "%s-khac", seats[k].label)));
    }
    struct unit_list *committees = ARENA_NEW(demo->arena, struct unit_list);
    TRY(unit_find_by_sort(cx, STR("tinh_uy"), demo->nation.path, committees));
    for (size_t i = 0; i < committees->len && list->len < list->room; i++) {
        struct unit area = { .id = 0 };
        TRY(unit_find(cx, committees->at[i].place_id, &area));
        bool is_shown = str_eq(area.code, STR("51"));
        plan_account(demo, list, (struct account_plan){ .unit = &committees->at[i],
                     .login = str_format(demo->arena, "lop" STR_FMT, STR_ARG(area.code)),
                     .name = str_format(demo->arena, "Theo dõi lớp " STR_FMT, STR_ARG(area.full_name)),
                     .role = STR("chuyen_vien"), .is_area = true, .is_officer = true }, "lop");
        if (is_shown)
            plan_account(demo, list, (struct account_plan){ .unit = &committees->at[i], .login = STR("quangngai.theodoi"),
                         .name = STR("Phạm Văn Nối"), .role = STR("theo_doi_lop"), .is_area = true, .is_shown = true },
                         "theo-doi-lop");
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
            struct unit province = { .id = 0 };
            TRY(unit_find(cx, units->at[i].place_id, &area));
            TRY(unit_find(cx, k == 0 ? area.id : area.parent_id, &province));
            bool is_shown = k == 1 && !has_shown && str_starts(area.full_name, STR("phường Cẩm Thành"));
            has_shown = has_shown || is_shown;
            plan_account(demo, list, (struct account_plan){ .unit = &units->at[i],
                         .login = str_format(demo->arena, "%s" STR_FMT, levels[k].prefix, STR_ARG(area.code)),
                         .name = str_format(demo->arena, "Văn thư " STR_FMT, STR_ARG(units->at[i].full_name)),
                         .role = STR("van_thu"), .is_area = true, .is_player = true, .is_shown = is_shown,
                         .province_code = province.code }, "xa-van-thu");
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
    TRY(demo_write_as(cx, demo, at, cx->actor, waive_second_factor, NULL));
    TRY(account_hash(cx, demo->store, demo_password, false, &demo->hash));
    TRY(account_hash(cx, demo->store, demo_password, true, &demo->strong_hash));
    struct account_list list = { .room = UNIT_LIST_MAX };
    list.at = ARENA_NEW_ARRAY(demo->arena, struct account_plan, list.room);
    TRY(plan_shown_accounts(cx, demo, &list));
    TRY(plan_class_seats(cx, demo, &list));
    TRY(plan_clerks(cx, demo, &list));
    for (size_t i = 0; i < list.len; i += DEMO_CHUNK) {
        struct account_chunk chunk = { &list.at[i], list.len - i < DEMO_CHUNK ? list.len - i : DEMO_CHUNK };
        TRY(demo_write_as(cx, demo, at, cx->actor, add_accounts, &chunk));
    }
    return OK;
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

int64_t demo_moment(int year, int month, int date, int hour, int minute)
{
    return day_time(day_from_civil(year, month, date), hour, minute);
}

static enum err make_people(struct ctx *cx, struct demo *demo)
{
    static const int people[] = { [DEMO_SMALL] = 9000, [DEMO_PROVINCE] = 20000, [DEMO_NATION] = 130000 };
    return demo_load_people(cx, demo->store, demo->options->seed, people[demo->options->scale]);
}

static enum err make_all_accounts(struct ctx *cx, struct demo *demo)
{
    return make_accounts(cx, demo, demo_moment(2025, 8, 1, 8, 0));
}

static enum err build(struct ctx *cx, struct demo *demo)
{
    TRY(read_with(cx, demo, find_roots));
    TRY(read_with(cx, demo, make_people));
    TRY(read_with(cx, demo, make_all_accounts));
    TRY(read_with(cx, demo, demo_tell_all));
    TRY(write_file(cx, demo, "accounts.txt", STR("# bản trình diễn: đăng nhập chỉ bằng mật khẩu; bản thật cần xác thực hai bước từ cấp tỉnh trở lên\n"
                                                    "# vai\ttên đăng nhập\tmật khẩu\tđơn vị\n"), buf_str(&demo->accounts)));
    TRY(write_file(cx, demo, "officers.txt", STR("# tên đăng nhập\tmật khẩu\tđơn vị\n"), buf_str(&demo->officers)));
    return write_file(cx, demo, "players.txt", STR("# tên đăng nhập\tmật khẩu\tđơn vị\tmã tỉnh\n"), buf_str(&demo->players));
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
    buf_init(&demo.officers, &cx->arena);
    TRY(read_with(cx, &demo, check_empty_store));
    cx->now = demo_moment(2025, 7, 1, 0, 0);
    TRY(unit_load_nation(cx, store));
    return build(cx, &demo);
}
