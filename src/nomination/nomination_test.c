#include "check/check_paper.h"
#include "nomination/nomination.h"
#include "obligation/obligation.h"
#include "person/person.h"
#include "store/writer.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Quotas, lists and learners on a nation with Quảng Ngãi and Hà Tĩnh, by a paper in the manner of GM-QN. */

static int open_ground(void **state)
{
    static struct fact_kinds kinds[5];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    kinds[0] = unit_facts;
    kinds[1] = person_facts;
    kinds[2] = document_facts;
    kinds[3] = obligation_facts;
    kinds[4] = nomination_facts;
    fact_register(kinds, LEN(kinds));
    obligation_start();
    course_start();
    nomination_start();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 16), 9, 0);
    return unit_load_provinces(&check->cx, check->store, codes, LEN(codes)) != OK;
}

#define PAPER(number, commune_attendees)                                                               \
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"giay_moi\",\"number\":\"" number "\",\"symbol\":\"GM/TU\"," \
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-16\",\"title\":\"dự lớp bồi dưỡng\","        \
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"}," \
    "\"points\":[{\"level\":\"province\",\"place\":\"Hội trường\",\"attendees\":["                     \
    "\"Đại diện lãnh đạo các sở, ban, ngành\",\"Tập thể Ban Giám hiệu và toàn thể giảng viên Trường Chính trị tỉnh\"," \
    "\"Các cơ quan: Sở Nội vụ, Sở Tài chính, mỗi cơ quan cử 05 đồng chí\"],\"_at\":{\"place\":\"mục II.1.2.2\"}}," \
    "{\"level\":\"commune\",\"place\":\"phòng họp trực tuyến\",\"attendees\":[\"" commune_attendees "\"]}]," \
    "\"quotas\":[{\"unit\":\"Sở Nội vụ\",\"count\":5},{\"unit\":\"Sở Tài chính\",\"count\":5},"        \
    "{\"unit\":\"Các cơ quan thuộc Hội đồng nhân dân tỉnh\",\"count\":5},"                             \
    "{\"unit\":\"Hội Khuyến học\",\"count\":2},{\"unit\":\"mỗi xã, phường, đặc khu\",\"count\":1,\"each\":true}]," \
    "\"obligations\":[{\"text\":\"Các cơ quan, đơn vị lập danh sách cụ thể gửi Ban Tổ chức Tỉnh ủy\","  \
    "\"owner\":\"Các cơ quan, đơn vị\",\"due\":{\"kind\":\"date\",\"value\":\"2026-05-23\",\"relation\":\"before\"}}]," \
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\",\"Sở Nội vụ\"]}"

static const char open_paper[] =
    PAPER("12", "Cán bộ lãnh đạo, quản lý cấp xã; các địa phương có thể mở rộng thành phần tham dự");
static const char strict_paper[] = PAPER("13", "Cán bộ lãnh đạo, quản lý cấp xã");

enum { INTERIOR = 1, FINANCE = 2, COUNCIL = 3, UNKNOWN = 4, EACH_COMMUNE = 5, PEOPLE = 12 };

/* One issued paper, with officials in four bodies. */
struct scene {
    struct check_store *check;
    int64_t course_id;
    struct unit interior, council, commune_party, commune_people, foreign;
    int64_t people[5][PEOPLE]; /* by the order of the bodies above */
};

struct hiring {
    struct scene *scene;
    const struct unit *unit;
    size_t body;
};

static enum err run_hire(struct ctx *cx, void *what)
{
    const struct hiring *hiring = what;
    static const char *const given[PEOPLE] = { "An", "Ánh", "Bình", "Cường", "Dũng", "Đức", "Giang", "Hà", "Khánh", "Lan",
                                               "Minh", "Yến" };
    for (size_t i = 0; i < PEOPLE; i++) {
        struct person_values values = { .full_name = str_format(&cx->arena, "Nguyễn Văn %s", given[i]),
                                        .birth_day = day_from_civil(1980, 1, (int)i + 1 + (int)hiring->body),
                                        .sex = STR("nam"), .phone = STR(""), .mail = STR("") };
        TRY(person_create(cx, hiring->unit->id, &values, STR("Chuyên viên"), day_from_civil(2025, 7, 1),
                          &hiring->scene->people[hiring->body][i]));
    }
    return OK;
}

static void hire(struct scene *scene, const struct unit *unit, size_t body)
{
    struct hiring hiring = { scene, unit, body };
    check_act_for(scene->check, unit, UINT64_MAX);
    assert_ok(&scene->check->cx, check_write(scene->check, run_hire, &hiring));
}

static struct scene *open_scene_of(struct check_store *check, const char *paper)
{
    struct ctx *cx = &check->cx;
    struct scene *scene = ARENA_NEW(&cx->arena, struct scene);
    struct unit_list communes = { .len = 0 };
    struct unit place = { .id = 0 };
    scene->check = check;
    assert_ok(cx, unit_find_code(cx, STR("51"), &place));
    assert_ok(cx, unit_find_by_sort(cx, STR("dang_uy_xa"), place.path, &communes));
    scene->interior = check_body(check, "51", "so_noi_vu");
    scene->council = check_body(check, "51", "cac_ban_hdnd_tinh");
    scene->commune_party = communes.at[0];
    assert_ok(cx, unit_find_body(cx, communes.at[0].place_id, STR("ubnd_xa"), &scene->commune_people));
    scene->foreign = check_body(check, "42", "so_noi_vu");
    hire(scene, &scene->interior, 0);
    hire(scene, &scene->council, 1);
    hire(scene, &scene->commune_party, 2);
    hire(scene, &scene->commune_people, 3);
    hire(scene, &scene->foreign, 4);
    check_act(check, "51", "tinh_uy");
    scene->course_id = check_issue_plan(check, str_from(paper), "", DAY_NONE);
    return scene;
}

static struct scene *open_scene(struct check_store *check)
{
    return open_scene_of(check, open_paper);
}

static int64_t quota_of(const struct scene *scene, int64_t ordinal)
{
    return ordinal == 0 ? 0 : scene->course_id * NOMINATION_QUOTAS_PER_COURSE + ordinal;
}

/* ---- What people do, each as one request ---- */

enum deed { NAME, WITHDRAW, REPLACE, APPROVE, RETURN, SEND, ASSIGN, MOVE, RENEW, GUEST };
struct act {
    enum deed deed;
    struct nomination_naming naming;
    int64_t name_id;
    struct str reason;
    int64_t ret_id;
};

static enum err run_act(struct ctx *cx, void *what)
{
    struct act *act = what;
    const struct nomination_naming *n = &act->naming;
    switch (act->deed) {
    case NAME:
        return nomination_name(cx, n, &act->ret_id);
    case WITHDRAW:
        return nomination_withdraw(cx, act->name_id, act->reason);
    case REPLACE:
        return nomination_replace(cx, act->name_id, n->person_id, STR(""), act->reason, &act->ret_id);
    case APPROVE:
        return nomination_approve(cx, n->quota_id, n->root_id, n->unit_id);
    case RETURN:
        return nomination_return(cx, n->quota_id, n->root_id, n->unit_id, act->reason);
    case SEND:
        return nomination_send(cx, n->quota_id, n->root_id, n->unit_id);
    case ASSIGN:
        return nomination_assign(cx, n->quota_id, n->unit_id);
    case MOVE:
        return nomination_move_learner(cx, act->name_id, n->quota_id);
    case RENEW:
        return nomination_renew_code(cx, act->name_id);
    case GUEST:
        return nomination_name_guest(cx, n->root_id, n->unit_id, n->person_id, STR(""));
    }
    return OK;
}

static enum err act(struct scene *scene, struct act *act)
{
    scene->check->cx.fact_id = (struct fact_id){ { 0 } };
    return check_write(scene->check, run_act, act);
}

static struct nomination_naming naming_of(const struct scene *scene, int64_t ordinal, const struct unit *unit, int64_t person_id)
{
    return (struct nomination_naming){ .quota_id = quota_of(scene, ordinal), .root_id = scene->course_id, .unit_id = unit->id,
                                       .person_id = person_id, .title = STR(""), .double_reason = STR("") };
}

static enum err name(struct scene *scene, int64_t ordinal, const struct unit *unit, int64_t person_id, int64_t *ret_id)
{
    struct act one = { .deed = NAME, .naming = naming_of(scene, ordinal, unit, person_id) };
    enum err err = act(scene, &one);
    if (ret_id)
        *ret_id = one.ret_id;
    return err;
}

static enum err on_list(struct scene *scene, enum deed deed, int64_t ordinal, const struct unit *unit)
{
    struct act one = { .deed = deed, .naming = naming_of(scene, ordinal, unit, 0), .reason = STR("cần bổ sung") };
    return act(scene, &one);
}

static enum err withdraw(struct scene *scene, int64_t name_id, const char *reason)
{
    struct act one = { .deed = WITHDRAW, .name_id = name_id, .reason = str_from(reason) };
    return act(scene, &one);
}

static enum err replace(struct scene *scene, int64_t name_id, int64_t person_id, const char *reason)
{
    struct act one = { .deed = REPLACE, .name_id = name_id, .reason = str_from(reason) };
    one.naming.person_id = person_id;
    return act(scene, &one);
}

static void interior_acts(struct scene *scene)
{
    check_act_for(scene->check, &scene->interior, UINT64_MAX);
    scene->check->actor.scope = unit_scope(&scene->check->cx.arena, scene->interior.path);
}

static bool words_have(struct scene *scene, const char *words)
{
    return strstr(scene->check->cx.fault.words, words) != NULL;
}

static int64_t counter_of(struct scene *scene, const char *kind, const struct unit *unit)
{
    SQL(find_counter, "SELECT value FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
    return check_i64(scene->check, &find_counter, BIND(V(str_from(kind)), V(scene->course_id), V(unit->id)));
}

static struct nomination_roster roster_of(struct scene *scene, int64_t ordinal, const struct unit *unit)
{
    struct nomination_roster roster = { .version = -1 };
    assert_ok(&scene->check->cx,
              nomination_get_roster(&scene->check->cx, quota_of(scene, ordinal), scene->course_id, unit->id, &roster));
    return roster;
}

static struct nomination_names names_of(struct scene *scene, int64_t ordinal, const struct unit *unit, bool with_former)
{
    struct nomination_names names = { .len = 0 };
    assert_ok(&scene->check->cx, nomination_list_names(&scene->check->cx, quota_of(scene, ordinal), scene->course_id,
                                                       unit->id, with_former, &names));
    return names;
}

/* Five of the Department of Interior, approved and sent. */
static void send_five(struct scene *scene)
{
    interior_acts(scene);
    for (size_t i = 0; i < 5; i++)
        assert_ok(&scene->check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][i], NULL));
    assert_ok(&scene->check->cx, on_list(scene, APPROVE, INTERIOR, &scene->interior));
    assert_ok(&scene->check->cx, on_list(scene, SEND, INTERIOR, &scene->interior));
}

/* ---- Quotas ---- */

static void gm_qn_gives_95_seats_and_one_without_a_number(void **state)
{
    struct check_store *check = *state;
    struct nomination_quotas quotas = { .len = 0 };
    struct str json = check_gold_plan(check, "004");
    check_act(check, "51", "tinh_uy");
    int64_t id = check_issue_plan(check, json, "218", day_from_civil(2026, 5, 16));
    assert_ok(&check->cx, nomination_list_quotas(&check->cx, id, &quotas));
    int64_t fives = 0;
    int64_t threes = 0;
    int64_t open = 0;
    int64_t seats = 0;
    for (size_t i = 0; i < quotas.len; i++) {
        assert_false(quotas.at[i].is_unassigned);
        fives += quotas.at[i].seats_max == 5;
        threes += quotas.at[i].seats_max == 3;
        open += quotas.at[i].bound == NOMINATION_UNCAPPED;
        seats += quotas.at[i].seats_max > 0 ? quotas.at[i].seats_max : 0;
    }
    assert_int_equal(fives, 8 + 2);
    assert_int_equal(threes, 15);
    assert_int_equal(open, 1);
    assert_int_equal(seats, 95);
    struct unit school = check_body(check, "51", "truong_chinh_tri");
    struct nomination_quotas of_school = { .len = 0 };
    assert_ok(&check->cx, nomination_list_quotas_of_unit(&check->cx, id, school.id, &of_school));
    assert_int_equal(of_school.len, 1);
    assert_int_equal(of_school.at[0].seats_max, -1);
    assert_true(of_school.at[0].paragraph > 0);
}

static void each_body_owes_its_list_and_what_names_nobody_waits(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct nomination_quotas quotas = { .len = 0 };
    SQL(count_communes, "SELECT COUNT(*) FROM nomination_roster WHERE quota_id = $1");
    SQL(count_party, "/*scan*/ SELECT COUNT(*) FROM unit WHERE sort = 'dang_uy_xa' AND path >= $1 AND path < $2");
    struct unit place = { .id = 0 };
    assert_ok(&check->cx, unit_find(&check->cx, scene->interior.place_id, &place));
    struct scope scope = unit_scope(&check->cx.arena, place.path);
    assert_ok(&check->cx, nomination_list_quotas(&check->cx, scene->course_id, &quotas));
    assert_int_equal(quotas.len, 6); /* five lines and the school */
    assert_true(quotas.at[UNKNOWN - 1].is_unassigned);
    assert_false(quotas.at[EACH_COMMUNE - 1].is_unassigned);
    int64_t communes = check_i64(check, &count_party, BIND(V(scope.path_lo), V(scope.path_hi)));
    assert_true(communes > 90);
    assert_int_equal(check_i64(check, &count_communes, BIND(V(quota_of(scene, EACH_COMMUNE)))), communes);
    assert_int_equal(counter_of(scene, "roster_total", &place), communes + 4);
    assert_int_equal(roster_of(scene, INTERIOR, &scene->interior).due_at, day_start(day_from_civil(2026, 5, 23)));
}

static void the_sixth_name_of_five_seats_is_refused_with_the_paragraph(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    for (size_t i = 0; i < 5; i++)
        assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][i], NULL));
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][5], NULL));
    assert_true(words_have(scene, "5/5"));
    assert_true(words_have(scene, "Giấy mời số 12-GM/TU, mục II.1.2.2"));
    assert_true(words_have(scene, "“Sở Nội vụ”"));
    assert_int_equal(names_of(scene, INTERIOR, &scene->interior, true).len, 5);
}

static void a_withdrawn_name_frees_its_seat(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    int64_t first = 0;
    interior_acts(scene);
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][0], &first));
    for (size_t i = 1; i < 5; i++)
        assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][i], NULL));
    assert_err(ERR_INVALID, withdraw(scene, first, " "));
    assert_ok(&check->cx, withdraw(scene, first, "đi công tác"));
    assert_err(ERR_CONFLICT, withdraw(scene, first, "đi công tác"));
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][5], NULL));
    struct nomination_names names = names_of(scene, INTERIOR, &scene->interior, true);
    assert_int_equal(names.len, 6);
    assert_false(names.at[5].is_in_force);
    assert_str_equal(names.at[5].reason, "đi công tác");
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 5);
}

/* ---- Twenty at once ---- */

struct racer {
    struct ctx cx;
    struct actor actor;
    struct act act;
    struct writer_job job;
    atomic_int *waiting;
    enum err err;
};

static enum err run_racer(struct ctx *cx, void *what)
{
    struct racer *racer = what;
    return run_act(cx, &racer->act);
}

static void racer_done(void *what, enum err err)
{
    struct racer *racer = what;
    racer->err = err;
    atomic_fetch_sub(racer->waiting, 1);
}

static void twenty_requests_of_two_council_bodies_never_pass_five(void **state)
{
    enum { RACERS = 20, RACER_ARENA = 4 << 20 };
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct act assign = { .deed = ASSIGN, .naming = naming_of(scene, COUNCIL, &scene->interior, 0) };
    assert_ok(&check->cx, act(scene, &assign));
    struct racer *racers = ARENA_NEW_ARRAY(&check->cx.arena, struct racer, RACERS);
    struct writer *writer = NULL;
    atomic_int waiting = RACERS;
    assert_ok(&check->cx, writer_start(&check->cx, check->store, &writer));
    for (size_t i = 0; i < RACERS; i++) {
        const struct unit *unit = i % 2 ? &scene->council : &scene->interior;
        struct racer *racer = &racers[i];
        check_act_for(check, unit, UINT64_MAX);
        racer->actor = check->actor;
        racer->cx.env = check->cx.env;
        racer->cx.now = check->cx.now;
        racer->cx.actor = &racer->actor;
        arena_init(&racer->cx.arena, check->cx.env, RACER_ARENA);
        racer->act = (struct act){ .deed = NAME,
                                   .naming = naming_of(scene, COUNCIL, unit, scene->people[i % 2][i / 2]) };
        racer->waiting = &waiting;
        racer->job = (struct writer_job){ .run = run_racer, .done = racer_done, .what = racer, .cx = &racer->cx };
    }
    for (size_t i = 0; i < RACERS; i++)
        assert_true(writer_submit(writer, &racers[i].job));
    while (atomic_load(&waiting) > 0)
        usleep(1000); /* the writer's thread tells when it is done; there is nothing else to wait on */
    writer_stop(writer);
    size_t named = 0;
    for (size_t i = 0; i < RACERS; i++) {
        named += racers[i].err == OK;
        if (racers[i].err != OK)
            assert_true(racers[i].err == ERR_CONFLICT && strstr(racers[i].cx.fault.words, "5/5"));
        arena_end(&racers[i].cx.arena);
    }
    assert_int_equal(named, 5);
    check_act(check, "51", "tinh_uy");
    assert_int_equal(names_of(scene, COUNCIL, &scene->interior, false).len +
                         names_of(scene, COUNCIL, &scene->council, false).len,
                     5);
}

/* ---- Draft, approve, send ---- */

static void the_head_approves_and_who_drafts_cannot(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    assert_err(ERR_CONFLICT, on_list(scene, APPROVE, INTERIOR, &scene->interior)); /* nobody on it */
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
    check->actor.permissions = UINT64_C(1) << PERMISSION_NOMINATION_WRITE | UINT64_C(1) << PERMISSION_NOMINATION_READ;
    assert_err(ERR_FORBIDDEN, on_list(scene, APPROVE, INTERIOR, &scene->interior));
    assert_true(words_have(scene, "người đứng đầu"));
    assert_err(ERR_FORBIDDEN, on_list(scene, SEND, INTERIOR, &scene->interior));
    check->actor.permissions = UINT64_MAX;
    assert_err(ERR_CONFLICT, on_list(scene, SEND, INTERIOR, &scene->interior)); /* not approved yet */
    assert_ok(&check->cx, on_list(scene, APPROVE, INTERIOR, &scene->interior));
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][1], NULL));
    assert_ok(&check->cx, on_list(scene, RETURN, INTERIOR, &scene->interior));
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][1], NULL));
    assert_ok(&check->cx, on_list(scene, APPROVE, INTERIOR, &scene->interior));
    assert_ok(&check->cx, on_list(scene, SEND, INTERIOR, &scene->interior));
    assert_int_equal(roster_of(scene, INTERIOR, &scene->interior).state, NOMINATION_SENT);
    assert_int_equal(roster_of(scene, INTERIOR, &scene->interior).version, 1);
}

static int64_t version_names(struct scene *scene, int64_t version)
{
    SQL(count_version, "SELECT COUNT(*) FROM nomination_version_name WHERE root_id = $1 AND unit_id = $2 AND quota_id = $3"
                       " AND version = $4");
    return check_i64(scene->check, &count_version,
                     BIND(V(scene->course_id), V(scene->interior.id), V(quota_of(scene, INTERIOR)), V(version)));
}

static void a_sent_list_is_frozen_and_changes_only_by_replacement_with_a_reason(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    send_five(scene);
    struct nomination_names names = names_of(scene, INTERIOR, &scene->interior, false);
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][5], NULL));
    assert_true(words_have(scene, "đã gửi"));
    assert_err(ERR_INVALID, replace(scene, names.at[0].id, scene->people[0][5], ""));
    assert_ok(&check->cx, replace(scene, names.at[0].id, scene->people[0][5], "ốm"));
    assert_err(ERR_CONFLICT, replace(scene, names.at[0].id, scene->people[0][6], "ốm")); /* replaced already */
    assert_int_equal(roster_of(scene, INTERIOR, &scene->interior).version, 2);
    assert_int_equal(version_names(scene, 1), 5);
    assert_int_equal(version_names(scene, 2), 5);
    assert_int_equal(counter_of(scene, "learner_sent", &scene->interior), 5);
    struct nomination_names now = names_of(scene, INTERIOR, &scene->interior, true);
    assert_int_equal(now.len, 6);
    assert_int_equal(now.at[5].id, names.at[0].id);
    assert_true(now.at[5].replaced_by_id > 0);
    check->actor.permissions = UINT64_C(1) << PERMISSION_NOMINATION_WRITE;
    assert_err(ERR_FORBIDDEN, replace(scene, names.at[1].id, scene->people[0][6], "ốm")); /* the head's */
}

static void a_seat_freed_after_sending_is_filled_by_replacing_who_left(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    send_five(scene);
    struct nomination_names names = names_of(scene, INTERIOR, &scene->interior, false);
    assert_ok(&check->cx, withdraw(scene, names.at[2].id, "chuyển công tác"));
    assert_int_equal(version_names(scene, 2), 4);
    assert_int_equal(counter_of(scene, "learner_sent", &scene->interior), 4);
    assert_ok(&check->cx, replace(scene, names.at[2].id, scene->people[0][7], "thay người đã chuyển"));
    assert_int_equal(version_names(scene, 3), 5);
    assert_int_equal(counter_of(scene, "learner_sent", &scene->interior), 5);
}

static int64_t duty_state_done(struct scene *scene)
{
    SQL(count_done, "SELECT COUNT(*) FROM duty d JOIN obligation o ON o.id = d.obligation_id WHERE o.document_id = $1"
                    " AND o.closes_by = 'roster_sent' AND d.unit_id = $2 AND d.state = 'done'");
    return check_i64(scene->check, &count_done, BIND(V(scene->course_id), V(scene->interior.id)));
}

static void sending_meets_the_duty_and_returning_opens_it_again(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    assert_int_equal(duty_state_done(scene), 0);
    send_five(scene);
    assert_int_equal(duty_state_done(scene), 1);
    assert_err(ERR_FORBIDDEN, on_list(scene, RETURN, INTERIOR, &scene->interior)); /* not the unit's own any more */
    check_act(check, "51", "ban_to_chuc_tu");
    assert_ok(&check->cx, on_list(scene, RETURN, INTERIOR, &scene->interior));
    assert_int_equal(duty_state_done(scene), 0);
    assert_int_equal(counter_of(scene, "roster_sent", &scene->interior), 0);
    assert_int_equal(counter_of(scene, "learner_sent", &scene->interior), 0);
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 5);
    assert_str_equal(roster_of(scene, INTERIOR, &scene->interior).return_reason, "cần bổ sung");
}

static void a_list_is_taken_after_the_deadline_too(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    check->cx.now = day_time(day_from_civil(2026, 5, 23), 7, 30);
    send_five(scene);
    struct nomination_roster roster = roster_of(scene, INTERIOR, &scene->interior);
    assert_true(roster.sent_at > roster.due_at);
}

static void nothing_changes_once_the_class_is_over(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    check->cx.now = day_time(day_from_civil(2026, 5, 25), 0, 1);
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
    assert_true(words_have(scene, "đã kết thúc"));
}

/* ---- Who may ---- */

static void nobody_names_for_another_unit(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    check_act_for(check, &scene->foreign, UINT64_MAX);
    assert_err(ERR_NOT_FOUND, name(scene, INTERIOR, &scene->interior, scene->people[4][0], NULL));
    check_act(check, "51", "tinh_uy");
    assert_err(ERR_FORBIDDEN, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
    assert_true(words_have(scene, "do chính đơn vị ấy lập"));
    interior_acts(scene);
    assert_err(ERR_NOT_FOUND, name(scene, INTERIOR, &scene->interior, scene->people[4][0], NULL)); /* not their official */
    assert_err(ERR_NOT_FOUND, name(scene, FINANCE, &scene->interior, scene->people[0][0], NULL)); /* not their quota */
    check->actor.permissions = UINT64_C(1) << PERMISSION_NOMINATION_READ;
    assert_err(ERR_FORBIDDEN, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
}

static void the_issuer_says_whom_unknown_words_mean(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct act assign = { .deed = ASSIGN, .naming = naming_of(scene, UNKNOWN, &scene->interior, 0) };
    interior_acts(scene);
    assert_err(ERR_NOT_FOUND, act(scene, &assign)); /* out of the interior's reach */
    check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, act(scene, &assign));
    assert_err(ERR_CONFLICT, act(scene, &assign));
    interior_acts(scene);
    assert_ok(&check->cx, name(scene, UNKNOWN, &scene->interior, scene->people[0][0], NULL));
}

/* ---- Twice in one class ---- */

static void a_person_named_twice_is_refused_until_a_reason_stands_and_both_see_it(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][0], NULL));
    assert_true(words_have(scene, "đã có tên trong danh sách này"));
    struct act assign = { .deed = ASSIGN, .naming = naming_of(scene, UNKNOWN, &scene->interior, 0) };
    check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, act(scene, &assign));
    interior_acts(scene);
    struct act twice = { .deed = NAME, .naming = naming_of(scene, UNKNOWN, &scene->interior, scene->people[0][0]) };
    assert_err(ERR_CONFLICT, act(scene, &twice));
    assert_true(words_have(scene, "cử lúc 09:00 ngày 16/5/2026"));
    assert_true(words_have(scene, "Sở Nội vụ"));
    twice.naming.double_reason = STR("được mời ở cả hai khối");
    assert_ok(&check->cx, act(scene, &twice));
    assert_true(names_of(scene, INTERIOR, &scene->interior, false).at[0].is_double);
    assert_true(names_of(scene, UNKNOWN, &scene->interior, false).at[0].is_double);
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 1); /* one learner, two names */
    assert_ok(&check->cx, withdraw(scene, twice.ret_id, "giữ ở danh sách của Sở"));
    assert_false(names_of(scene, INTERIOR, &scene->interior, false).at[0].is_double);
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 1);
}

static void the_learner_stays_when_the_first_to_name_him_withdraws(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct learner learner = { .id = 0 };
    int64_t first = 0;
    struct act assign = { .deed = ASSIGN, .naming = naming_of(scene, UNKNOWN, &scene->interior, 0) };
    check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, act(scene, &assign));
    interior_acts(scene);
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][0], &first));
    struct act twice = { .deed = NAME, .naming = naming_of(scene, UNKNOWN, &scene->interior, scene->people[0][0]) };
    twice.naming.double_reason = STR("cả hai khối");
    assert_ok(&check->cx, act(scene, &twice));
    assert_ok(&check->cx, withdraw(scene, first, "đã có ở danh sách kia"));
    assert_ok(&check->cx, learner_find(&check->cx, first, &learner));
    assert_true(learner.is_in_force);
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 1);
    assert_ok(&check->cx, withdraw(scene, twice.ret_id, "thôi"));
    assert_ok(&check->cx, learner_find(&check->cx, first, &learner));
    assert_false(learner.is_in_force);
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 0);
}

/* ---- A commune's own list ---- */

static void a_commune_names_its_own_people_and_widens_only_where_the_paper_lets_it(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    check_act_for(check, &scene->commune_party, UINT64_MAX);
    assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[2][0], NULL));
    assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[3][0], NULL)); /* of the same commune */
    struct act wide = { .deed = NAME, .naming = naming_of(scene, 0, &scene->commune_party, scene->people[3][1]) };
    wide.naming.is_widened = true;
    assert_ok(&check->cx, act(scene, &wide));
    struct nomination_names names = names_of(scene, 0, &scene->commune_party, false);
    assert_int_equal(names.len, 3);
    assert_int_equal(names.at[0].is_widened + names.at[1].is_widened + names.at[2].is_widened, 1);
    assert_ok(&check->cx, name(scene, EACH_COMMUNE, &scene->commune_party, scene->people[2][5], NULL));
    assert_err(ERR_CONFLICT, name(scene, EACH_COMMUNE, &scene->commune_party, scene->people[2][6], NULL)); /* one each */
    interior_acts(scene);
    assert_err(ERR_CONFLICT, name(scene, 0, &scene->interior, scene->people[0][0], NULL));
    assert_true(words_have(scene, "không giao"));
}

static void without_words_that_widen_nobody_beyond_the_audience_comes(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene_of(check, strict_paper);
    check_act_for(check, &scene->commune_party, UINT64_MAX);
    assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[2][0], NULL));
    struct act wide = { .deed = NAME, .naming = naming_of(scene, 0, &scene->commune_party, scene->people[2][1]) };
    wide.naming.is_widened = true;
    assert_err(ERR_CONFLICT, act(scene, &wide));
    assert_true(words_have(scene, "không cho mở rộng"));
}

/* ---- Learners ---- */

static void learners_of_a_point_stand_by_given_name_and_follow_a_move(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct learners list = { .len = 0 };
    check_act_for(check, &scene->commune_party, UINT64_MAX);
    int64_t ids[3] = { 0 };
    static const size_t order[] = { 11, 1, 0 }; /* Yến, Ánh, An */
    for (size_t i = 0; i < LEN(order); i++)
        assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[2][order[i]], &ids[i]));
    int64_t area = scene->commune_party.place_id;
    assert_ok(&check->cx, learner_list_of_point(&check->cx, scene->course_id, area, 900, true, &list));
    assert_int_equal(list.len, 3);
    assert_str_equal(list.at[0].full_name, "Nguyễn Văn An");
    assert_str_equal(list.at[1].full_name, "Nguyễn Văn Ánh");
    assert_str_equal(list.at[2].given, "Yến");
    assert_int_equal(list.at[2].area_id, area);
    assert_str_equal(list.at[2].title, "Chuyên viên");
    struct act move = { .deed = MOVE, .name_id = ids[0], .naming.quota_id = 901 };
    assert_ok(&check->cx, act(scene, &move));
    assert_ok(&check->cx, learner_list_of_point(&check->cx, scene->course_id, area, 900, true, &list));
    assert_int_equal(list.len, 2);
    assert_ok(&check->cx, learner_list_of_point(&check->cx, scene->course_id, area, 901, false, &list));
    assert_int_equal(list.len, 1);
    assert_int_equal(list.at[0].id, ids[0]);
}

static void a_code_opens_its_learner_alone_and_dies_when_it_is_renewed(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct ctx *cx = &check->cx;
    struct learner learner = { .id = 0 };
    struct learner found = { .id = 0 };
    int64_t id = 0;
    int64_t other_id = 0;
    interior_acts(scene);
    assert_ok(cx, name(scene, INTERIOR, &scene->interior, scene->people[0][0], &id));
    assert_ok(cx, name(scene, INTERIOR, &scene->interior, scene->people[0][1], &other_id));
    assert_ok(cx, learner_find(cx, id, &learner));
    struct str code = learner_code(cx, &learner);
    assert_int_equal(code.len, NOMINATION_CODE_LEN);
    assert_ok(cx, learner_find_by_code(cx, code, &found));
    assert_int_equal(found.id, id);
    char changed[NOMINATION_CODE_LEN];
    for (size_t i = 0; i < NOMINATION_CODE_LEN; i++) {
        memcpy(changed, code.at, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_err(ERR_NOT_FOUND, learner_find_by_code(cx, (struct str){ changed, sizeof changed }, &found));
    }
    assert_err(ERR_NOT_FOUND, learner_find_by_code(cx, STR("1"), &found));
    assert_err(ERR_NOT_FOUND, learner_find_by_code(cx, STR("!!!!!!!!!!!!!!!!!!!!!!!!!!"), &found));
    struct act renew = { .deed = RENEW, .name_id = id };
    assert_ok(cx, act(scene, &renew));
    assert_err(ERR_NOT_FOUND, learner_find_by_code(cx, code, &found));
    assert_ok(cx, learner_find(cx, id, &learner));
    assert_ok(cx, learner_find_by_code(cx, learner_code(cx, &learner), &found));
    assert_ok(cx, withdraw(scene, id, "thôi học"));
    assert_err(ERR_NOT_FOUND, learner_find_by_code(cx, learner_code(cx, &learner), &found));
}

static void guests_of_the_opening_take_no_seat_and_are_no_learners(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    struct act guest = { .deed = GUEST, .naming = naming_of(scene, 0, &scene->interior, scene->people[0][0]) };
    assert_ok(&check->cx, act(scene, &guest));
    assert_err(ERR_CONFLICT, act(scene, &guest));
    assert_int_equal(counter_of(scene, "learner_named", &scene->interior), 0);
    assert_int_equal(names_of(scene, INTERIOR, &scene->interior, true).len, 0);
}

/* ---- Papers that change, that end, and the record ---- */

static const char amending_paper[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"giay_moi\",\"number\":\"15\",\"symbol\":\"GM/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-17\",\"title\":\"sửa đổi Giấy mời số 12-GM/TU\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"},\"amends\":{\"number\":\"12-GM/TU\",\"date\":\"2026-05-16\","
    "\"changes\":[{\"what\":\"other\",\"new\":\"06\"}]}},"
    "\"quotas\":[{\"unit\":\"Sở Tài chính\",\"count\":4},{\"unit\":\"Sở Nội vụ\",\"count\":6}],"
    "\"recipients\":[\"Sở Nội vụ\"]}";

static void an_amended_quota_keeps_its_names_whatever_its_line(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    interior_acts(scene);
    for (size_t i = 0; i < 5; i++)
        assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][i], NULL));
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][5], NULL));
    check_act(check, "51", "tinh_uy");
    (void)check_issue_plan(check, str_from(amending_paper), "", DAY_NONE);
    assert_int_equal(counter_of(scene, "roster_total", &scene->council), 0); /* their line is gone, nobody was on it */
    assert_int_equal(counter_of(scene, "roster_total", &scene->interior), 1);
    interior_acts(scene);
    assert_ok(&check->cx, name(scene, INTERIOR, &scene->interior, scene->people[0][5], NULL));
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][6], NULL));
    assert_true(words_have(scene, "6/6"));
    assert_ok(&check->cx, on_list(scene, APPROVE, INTERIOR, &scene->interior));
    assert_ok(&check->cx, on_list(scene, SEND, INTERIOR, &scene->interior));
    assert_int_equal(names_of(scene, INTERIOR, &scene->interior, false).len, 6);
}

static enum err run_recall(struct ctx *cx, void *what)
{
    return document_recall(cx, *(const int64_t *)what, STR("ban hành lại"));
}

static void a_recalled_paper_ends_its_lists(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    struct unit place = { .id = 0 };
    send_five(scene);
    check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, check_write(check, run_recall, &scene->course_id));
    assert_ok(&check->cx, unit_find(&check->cx, scene->interior.place_id, &place));
    assert_int_equal(counter_of(scene, "roster_total", &place), 0);
    assert_int_equal(counter_of(scene, "roster_sent", &place), 0);
    assert_int_equal(counter_of(scene, "learner_named", &place), 0);
    interior_acts(scene);
    assert_err(ERR_CONFLICT, name(scene, INTERIOR, &scene->interior, scene->people[0][6], NULL));
}

static void the_lists_are_the_same_when_made_again_from_the_facts(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    unsigned char before[32];
    unsigned char after[32];
    send_five(scene);
    struct nomination_names names = names_of(scene, INTERIOR, &scene->interior, false);
    assert_ok(&check->cx, replace(scene, names.at[0].id, scene->people[0][8], "ốm"));
    assert_ok(&check->cx, withdraw(scene, names.at[1].id, "bận"));
    check_act_for(check, &scene->commune_party, UINT64_MAX);
    assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[3][2], NULL));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

static void every_count_is_what_counting_the_names_gives(void **state)
{
    struct check_store *check = *state;
    struct scene *scene = open_scene(check);
    SQL(count_named, "/*scan*/ SELECT COUNT(*) FROM nomination_learner l JOIN unit u ON u.id = l.unit_id"
                     " WHERE l.root_id = $1 AND l.names > 0 AND u.path >= $2 AND u.path < $3");
    SQL(count_sent, "/*scan*/ SELECT COUNT(*) FROM nomination_learner l JOIN unit u ON u.id = l.unit_id"
                    " WHERE l.root_id = $1 AND l.is_sent = 1 AND u.path >= $2 AND u.path < $3");
    SQL(count_rosters, "/*scan*/ SELECT COUNT(*) FROM nomination_roster r JOIN unit u ON u.id = r.unit_id"
                       " WHERE r.root_id = $1 AND r.state <> 'withdrawn' AND u.path >= $2 AND u.path < $3");
    SQL(count_taken, "/*scan*/ SELECT COUNT(*) FROM nomination_quota q WHERE q.taken <> (SELECT COUNT(*) FROM nomination_name n"
                     " WHERE n.quota_id = q.id AND n.is_in_force = 1)");
    SQL(count_names, "/*scan*/ SELECT COUNT(*) FROM nomination_roster r WHERE r.names <> (SELECT COUNT(*) FROM nomination_name n"
                     " WHERE n.root_id = r.root_id AND n.unit_id = r.unit_id AND n.quota_id = r.quota_id AND n.is_in_force = 1)");
    send_five(scene);
    struct nomination_names names = names_of(scene, INTERIOR, &scene->interior, false);
    assert_ok(&check->cx, withdraw(scene, names.at[1].id, "bận"));
    assert_ok(&check->cx, replace(scene, names.at[2].id, scene->people[0][8], "ốm"));
    check_act_for(check, &scene->commune_party, UINT64_MAX);
    for (size_t i = 0; i < 4; i++)
        assert_ok(&check->cx, name(scene, 0, &scene->commune_party, scene->people[3][i], NULL));
    const struct unit *units[] = { &scene->interior, &scene->commune_party };
    for (size_t i = 0; i < LEN(units); i++) {
        struct unit_list above = { .len = 0 };
        assert_ok(&check->cx, unit_find_ancestors(&check->cx, units[i]->id, &above));
        for (size_t j = 0; j < above.len; j++) {
            struct scope scope = unit_scope(&check->cx.arena, above.at[j].path);
            struct db_bind bind = BIND(V(scene->course_id), V(scope.path_lo), V(scope.path_hi));
            assert_int_equal(counter_of(scene, "learner_named", &above.at[j]), check_i64(check, &count_named, bind));
            assert_int_equal(counter_of(scene, "learner_sent", &above.at[j]), check_i64(check, &count_sent, bind));
            assert_int_equal(counter_of(scene, "roster_total", &above.at[j]), check_i64(check, &count_rosters, bind));
        }
    }
    assert_int_equal(check_i64(check, &count_taken, NO_BIND), 0);
    assert_int_equal(check_i64(check, &count_names, NO_BIND), 0);
}

int main(void)
{
#define SENTENCE(f) cmocka_unit_test_setup_teardown(f, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        SENTENCE(gm_qn_gives_95_seats_and_one_without_a_number),
        SENTENCE(each_body_owes_its_list_and_what_names_nobody_waits),
        SENTENCE(the_sixth_name_of_five_seats_is_refused_with_the_paragraph),
        SENTENCE(a_withdrawn_name_frees_its_seat),
        SENTENCE(twenty_requests_of_two_council_bodies_never_pass_five),
        SENTENCE(the_head_approves_and_who_drafts_cannot),
        SENTENCE(a_sent_list_is_frozen_and_changes_only_by_replacement_with_a_reason),
        SENTENCE(a_seat_freed_after_sending_is_filled_by_replacing_who_left),
        SENTENCE(sending_meets_the_duty_and_returning_opens_it_again),
        SENTENCE(a_list_is_taken_after_the_deadline_too),
        SENTENCE(nothing_changes_once_the_class_is_over),
        SENTENCE(nobody_names_for_another_unit),
        SENTENCE(the_issuer_says_whom_unknown_words_mean),
        SENTENCE(a_person_named_twice_is_refused_until_a_reason_stands_and_both_see_it),
        SENTENCE(the_learner_stays_when_the_first_to_name_him_withdraws),
        SENTENCE(a_commune_names_its_own_people_and_widens_only_where_the_paper_lets_it),
        SENTENCE(without_words_that_widen_nobody_beyond_the_audience_comes),
        SENTENCE(learners_of_a_point_stand_by_given_name_and_follow_a_move),
        SENTENCE(a_code_opens_its_learner_alone_and_dies_when_it_is_renewed),
        SENTENCE(guests_of_the_opening_take_no_seat_and_are_no_learners),
        SENTENCE(an_amended_quota_keeps_its_names_whatever_its_line),
        SENTENCE(a_recalled_paper_ends_its_lists),
        SENTENCE(the_lists_are_the_same_when_made_again_from_the_facts),
        SENTENCE(every_count_is_what_counting_the_names_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
