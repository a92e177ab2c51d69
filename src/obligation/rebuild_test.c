#include "check/check_paper.h"
#include "obligation/obligation.h"

#include <stdlib.h>

/*
 * Random short histories of all rooms up to here (units that merge, split, move and are renamed; papers drafted, issued,
 * recalled; materials; duties closed and opened again; days declared), each rebuilt from its facts and compared table by
 * table. DIEMCAU_HISTORIES says how many; a few fit into every run.
 */

enum { HISTORIES = 60, HISTORIES_PER_STORE = 10, DEEDS_PER_HISTORY = 14 };

static const char plan[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"symbol\":\"KH/TU\",\"date\":\"2026-05-14\","
    "\"title\":\"mở lớp bồi dưỡng\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"},\"obligations\":["
    "{\"text\":\"Báo cáo số lượng điểm cầu về Ban Tổ chức Tỉnh ủy\",\"owner\":\"Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"}},"
    "{\"text\":\"Tổng hợp danh sách\",\"owner\":\"Ban Tổ chức Tỉnh ủy\"}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Ban Tổ chức Tỉnh ủy\"]}";

struct life {
    struct check_store *check;
    uint64_t random;
    int64_t nation, province;
    int64_t communes[40];
    size_t communes_len;
    int64_t papers[40];
    size_t papers_len;
    int64_t numbers;
    int done, refused;
};

static uint64_t some(struct life *life, uint64_t below)
{
    life->random = life->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (life->random >> 33) % below;
}

struct step {
    enum err (*run)(struct ctx *cx, struct life *life);
    struct life *life;
};
static enum err run_step(struct ctx *cx, void *what)
{
    struct step *step = what;
    return step->run(cx, step->life);
}

static int32_t today(const struct ctx *cx)
{
    return day_from_instant(cx->now);
}

static enum err new_area(struct ctx *cx, struct life *life, enum unit_kind kind, int64_t parent_id, int64_t *ret_id)
{
    struct unit_new area = { .parent_id = parent_id, .kind = kind, .from_day = today(cx), .cause = STR("Nghị quyết thử"),
                             .code = str_format(&cx->arena, kind == UNIT_PROVINCE ? "%02lld" : "%05lld", (long long)++life->numbers),
                             .name = str_format(&cx->arena, "Tân Lập %lld", (long long)life->numbers), .with_bodies = true };
    if (kind == UNIT_NATION) {
        area.code = STR("VN");
        area.name = STR("Việt Nam");
    }
    return unit_create(cx, &area, ret_id);
}

static enum err add_commune(struct ctx *cx, struct life *life)
{
    int64_t id = 0;
    TRY(new_area(cx, life, UNIT_COMMUNE, life->province, &id));
    if (life->communes_len < LEN(life->communes))
        life->communes[life->communes_len++] = id;
    return OK;
}

static enum err begin_country(struct ctx *cx, struct life *life)
{
    TRY(new_area(cx, life, UNIT_NATION, 0, &life->nation));
    TRY(new_area(cx, life, UNIT_PROVINCE, life->nation, &life->province));
    for (int i = 0; i < 3; i++)
        TRY(add_commune(cx, life));
    return OK;
}

static int64_t some_commune(struct life *life)
{
    return life->communes[some(life, life->communes_len)];
}

static int64_t some_paper(struct life *life)
{
    return life->papers_len > 0 ? life->papers[some(life, life->papers_len)] : 1;
}

/* From here on a body acts; the writer's context shares the test's actor. */
static enum err act(struct ctx *cx, struct life *life, int64_t place_id, const char *sort)
{
    struct unit place = { .id = 0 }, body = { .id = 0 };
    TRY(unit_find(cx, place_id, &place));
    TRY(unit_find_body(cx, place_id, str_from(sort), &body));
    life->check->actor.unit_id = body.id;
    return OK;
}

static enum err merge(struct ctx *cx, struct life *life)
{
    return unit_merge(cx, some_commune(life), some_commune(life), today(cx) + (int32_t)some(life, 3), STR("Nghị quyết"));
}
static enum err split(struct ctx *cx, struct life *life)
{
    return unit_split(cx, some_commune(life), some_commune(life), today(cx) + (int32_t)some(life, 2), STR("Nghị quyết"));
}
static enum err close_unit(struct ctx *cx, struct life *life)
{
    return unit_close(cx, some_commune(life), today(cx), STR("Nghị quyết"));
}
static enum err rename_unit(struct ctx *cx, struct life *life)
{
    return unit_rename(cx, some_commune(life), str_format(&cx->arena, "Đổi Tên %d", (int)some(life, 90)), today(cx), STR("NQ"));
}
static enum err hand_over(struct ctx *cx, struct life *life)
{
    int64_t count = 0;
    (void)life;
    return unit_hand_over(cx, &count);
}
static enum err recall(struct ctx *cx, struct life *life)
{
    return document_recall(cx, some_paper(life), STR("Ban hành nhầm"));
}
static enum err acknowledge(struct ctx *cx, struct life *life)
{
    int64_t first_at = 0;
    TRY(act(cx, life, some_commune(life), "dang_uy_xa"));
    return document_acknowledge(cx, some_paper(life), &first_at);
}
static enum err close_duty(struct ctx *cx, struct life *life)
{
    TRY(act(cx, life, some_commune(life), "dang_uy_xa"));
    return duty_close(cx, obligation_id_of(some_paper(life), 1), cx->actor->unit_id, 0, STR("Đã báo cáo"), NULL);
}
static enum err reopen_duty(struct ctx *cx, struct life *life)
{
    TRY(act(cx, life, some_commune(life), "dang_uy_xa"));
    return duty_reopen(cx, obligation_id_of(some_paper(life), 1), cx->actor->unit_id, 0, STR("Ghi nhầm"));
}
static enum err attach(struct ctx *cx, struct life *life)
{
    int64_t id = 0;
    struct material material = { .document_id = some_paper(life), .name = STR("Tài liệu"),
                                 .link = STR("https://vidu.diemcau.invalid/1") };
    TRY(material_attach(cx, &material, &id));
    return some(life, 2) ? material_deliver(cx, id) : OK;
}
static enum err declare_day(struct ctx *cx, struct life *life)
{
    const struct holiday_set set = { today(cx) + (int32_t)some(life, 5), some(life, 2) != 0, STR("Nghỉ"), STR("Thông báo") };
    return holiday_declare(cx, &set);
}

static void issue_paper(struct life *life)
{
    struct check_store *check = life->check;
    struct unit committee = { .id = 0 };
    assert_ok(&check->cx, unit_find_body(&check->cx, life->province, STR("tinh_uy"), &committee));
    check_act_for(check, &committee, UINT64_MAX);
    const char *number = str_format(&check->cx.arena, "%lld", (long long)++life->numbers).at;
    int64_t id = some(life, 4) ? check_issue_plan(check, str_from(plan), number, day_from_civil(2026, 5, 14)) :
                                 check_draft_plan(check, str_from(plan), number, day_from_civil(2026, 5, 14));
    if (life->papers_len < LEN(life->papers))
        life->papers[life->papers_len++] = id;
}

static void do_something(struct life *life)
{
    static enum err (*const deeds[])(struct ctx *, struct life *) = {
        add_commune, merge, split, close_unit, rename_unit, hand_over, recall, acknowledge, acknowledge, acknowledge,
        close_duty, close_duty, reopen_duty, attach, declare_day,
    };
    struct check_store *check = life->check;
    check->cx.now += (int64_t)some(life, 36) * 3600000;
    if (life->papers_len == 0 || some(life, 8) == 0) {
        issue_paper(life);
        return;
    }
    check->actor = (struct actor){ .kind = ACTOR_PROGRAM, .scope = { STR(""), STR("~") }, .permissions = UINT64_MAX,
                                   .name = STR("Hệ thống") };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    struct step step = { deeds[some(life, LEN(deeds))], life };
    if (check_write(check, run_step, &step) == OK)
        life->done++;
    else
        life->refused++; /* what may not happen leaves nothing behind */
}

static void rebuild_gives_the_same(struct check_store *check, uint64_t seed)
{
    unsigned char before[32], after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    if (memcmp(before, after, sizeof before) != 0)
        fail_msg("history %llu: the tables differ after a rebuild", (unsigned long long)seed);
}

static void live(struct life *life, struct check_store *check, uint64_t seed)
{
    struct step begin = { begin_country, life };
    *life = (struct life){ .check = check, .random = seed };
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_step, &begin));
}

static void tables_are_the_same_after_a_rebuild_whatever_happened(void **state)
{
    (void)state;
    const char *asked = getenv("DIEMCAU_HISTORIES");
    int64_t histories = HISTORIES;
    if (asked && !str_to_i64(str_from(asked), &histories))
        fail_msg("DIEMCAU_HISTORIES is no number");
    int64_t started = env_monotonic(env_real());
    struct life *life = calloc(1, sizeof *life);
    int done = 0, refused = 0;
    for (int64_t seed = 1; seed <= histories; seed += HISTORIES_PER_STORE) {
        void *opened = NULL;
        assert_int_equal(check_store_open(&opened), 0);
        live(life, opened, (uint64_t)seed);
        for (int i = 0; i < HISTORIES_PER_STORE; i++) { /* each goes on where the one before ended */
            for (int k = 0; k < DEEDS_PER_HISTORY; k++)
                do_something(life);
            rebuild_gives_the_same(opened, (uint64_t)(seed + i));
        }
        done += life->done;
        refused += life->refused;
        check_store_close(&opened);
    }
    int64_t ms = (env_monotonic(env_real()) - started) / 1000;
    print_message("%lld histories, %d deeds, %d refused, in %lld ms\n", (long long)histories, done, refused, (long long)ms);
    assert_true(done > refused / 4);
    free(life);
}

int main(void)
{
    static struct fact_kinds rooms[4];
    rooms[0] = unit_facts;
    rooms[1] = document_facts;
    rooms[2] = obligation_facts;
    rooms[3] = holiday_facts;
    fact_register(rooms, LEN(rooms));
    document_start();
    obligation_start();
    const struct CMUnitTest tests[] = { cmocka_unit_test(tables_are_the_same_after_a_rebuild_whatever_happened) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
