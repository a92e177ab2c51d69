/*
 * bench_roll: what the marks of devices cost. BENCH_CLASSES=3 bench_roll
 *
 * Several classes of one province (97 points each, 40 learners a commune, 4 half-days); every commune's device sends its
 * marks in uploads of up to 500, as its page does, through the real router in one thread: JSON parsed, permission, scope,
 * token, each mark looked up, recorded, chained and applied, counters, the roll sent back, one synced commit an upload.
 * Then everything once more (a device that lost its receipts). One line for each: marks a second, processor time a mark.
 */
#include "check/check_roll.h"
#include "check/check_site.h"
#include "person/person.h"
#include "roll/roll_inside.h"

#include <stdlib.h>
#include <time.h>

enum { LEARNERS = 40, COMMUNES_MAX = 120, CLASSES_MAX = 12, REQUEST_ARENA_BYTES = 64 << 20 };

struct bench {
    struct check_store *check;
    struct check_site *site;
    struct unit communes[COMMUNES_MAX];
    size_t communes_len;
    int64_t people[COMMUNES_MAX][LEARNERS];
    int64_t learners[COMMUNES_MAX][LEARNERS];
    size_t commune; /* of the job under way */
    int64_t root_id;
};

static enum err run_hire(struct ctx *cx, void *what)
{
    struct bench *bench = what;
    for (size_t i = 0; i < LEARNERS; i++) {
        struct person_values values = { .full_name = str_format(&cx->arena, "Nguyễn Văn Mẫu %zu", i), .sex = STR("nam"),
                                        .birth_day = day_from_civil(1980, 1 + (int)i % 12, 1 + (int)i % 28),
                                        .phone = STR(""), .mail = STR("") };
        TRY(person_create(cx, bench->communes[bench->commune].id, &values, STR("Ủy viên"), day_from_civil(2025, 7, 1),
                          &bench->people[bench->commune][i]));
    }
    return OK;
}

static enum err run_name(struct ctx *cx, void *what)
{
    struct bench *bench = what;
    for (size_t i = 0; i < LEARNERS; i++)
        TRY(nomination_name_person(cx, 0, bench->root_id, bench->communes[bench->commune].id,
                                   bench->people[bench->commune][i], STR("Ủy viên"), &bench->learners[bench->commune][i]));
    return OK;
}

static void each_commune(struct bench *bench, enum err (*run)(struct ctx *cx, void *what))
{
    struct ctx *cx = &bench->check->cx;
    for (bench->commune = 0; bench->commune < bench->communes_len; bench->commune++) {
        struct arena outer = cx->arena;
        arena_init(&cx->arena, cx->env, REQUEST_ARENA_BYTES);
        check_act_for(bench->check, &bench->communes[bench->commune], UINT64_MAX);
        assert_ok(cx, check_write(bench->check, run, bench));
        arena_end(&cx->arena);
        cx->arena = outer;
    }
}

static const char paper[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"%zu\",\"symbol\":\"KH/TU\","
    "\"issuer\":\"Tỉnh ủy Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng\","
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"sessions\":["
    "{\"date\":\"2026-05-23\",\"from\":\"08:00\",\"to\":\"11:30\"},{\"date\":\"2026-05-23\",\"from\":\"14:00\",\"to\":\"17:00\"},"
    "{\"date\":\"2026-05-24\",\"from\":\"08:00\",\"to\":\"11:30\"},{\"date\":\"2026-05-24\",\"from\":\"14:00\",\"to\":\"16:30\"}]},"
    "\"topics\":[{\"number\":1,\"title\":\"Quản trị\"}],\"points\":[{\"level\":\"commune\",\"place\":\"phòng họp\","
    "\"attendees\":[\"Cán bộ cấp xã; các địa phương có thể mở rộng thành phần tham dự\"]}],"
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct tally {
    int64_t marks, uploads, wall_us, cpu_us, worst_us;
};

/* A commune's whole class: each learner in each half-day, corrected twice: 480 marks. */
static struct str upload_of(struct bench *bench, size_t class, size_t commune)
{
    struct ctx *cx = &bench->check->cx;
    struct buf out;
    int n = 0;
    buf_init(&out, &cx->arena);
    buf_format(&out, "{\"device\":\"%032zx\",\"sent_at\":%lld,\"epoch\":\"\",\"marks\":[", 1 + class * COMMUNES_MAX + commune,
               (long long)cx->now);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < LEARNERS; i++) {
            for (int half = 0; half < 4; half++) {
                int64_t session = course_session_key(day_from_civil(2026, 5, 23 + half / 2), half % 2);
                unsigned long long id = ((unsigned long long)class * COMMUNES_MAX + commune) << 16 | (unsigned)n;
                buf_format(&out,
                           "%s{\"id\":\"%016llx%016llx\",\"session\":%lld,\"learner\":%lld,\"mark\":\"%s\",\"reason\":\"\","
                           "\"at\":%lld,\"n\":%d,\"replaces\":[",
                           n > 0 ? "," : "", id * 0x9E3779B97F4A7C15ULL, id + 1, (long long)session,
                           (long long)bench->learners[commune][i], round == 1 ? "absent" : "present",
                           (long long)(cx->now - 3600000 + n), n + 1);
                if (round > 0) {
                    unsigned long long before = id - LEARNERS * 4;
                    buf_format(&out, "\"%016llx%016llx\"", before * 0x9E3779B97F4A7C15ULL, before + 1);
                }
                buf_put(&out, STR("],\"source\":\"officer\"}"));
                n++;
            }
        }
    }
    buf_put(&out, STR("]}"));
    return buf_str(&out);
}

static void send_all(struct bench *bench, size_t class, struct tally *tally)
{
    struct ctx *cx = &bench->check->cx;
    for (size_t i = 0; i < bench->communes_len; i++) {
        struct arena outer = cx->arena;
        struct unit place = { .id = 0 };
        arena_init(&cx->arena, cx->env, REQUEST_ARENA_BYTES);
        assert_ok(cx, unit_find(cx, bench->communes[i].place_id, &place));
        site_be(bench->site, place.path, UINT64_MAX);
        bench->site->officer.unit_id = bench->communes[i].id;
        struct str upload = upload_of(bench, class, i);
        const char *path = str_to_c(&cx->arena, str_format(&cx->arena, "/diem-danh/%lld/luot",
                                                           (long long)point_id_of_area(bench->root_id, place.id)));
        int64_t cpu = cpu_us();
        int64_t wall = env_monotonic(cx->env);
        assert_int_equal(site_post_json(bench->site, path, upload), 200);
        wall = env_monotonic(cx->env) - wall;
        tally->cpu_us += cpu_us() - cpu;
        tally->wall_us += wall;
        tally->worst_us = wall > tally->worst_us ? wall : tally->worst_us;
        tally->marks += LEARNERS * 4 * 3;
        tally->uploads++;
        assert_false(site_body_has(bench->site, "set_aside"));
        arena_end(&cx->arena);
        cx->arena = outer;
    }
}

static void say(const char *what, const struct tally *tally)
{
    printf("%s: %lld marks in %lld uploads, %.1f s, %.0f marks/s, %.1f us processor time a mark, worst upload %.1f ms\n", what,
           (long long)tally->marks, (long long)tally->uploads, (double)tally->wall_us / 1e6,
           (double)tally->marks * 1e6 / (double)tally->wall_us, (double)tally->cpu_us / (double)tally->marks,
           (double)tally->worst_us / 1e3);
}

static void measure(void **state)
{
    static struct route_table rooms[1];
    static int64_t learners[CLASSES_MAX][COMMUNES_MAX][LEARNERS];
    static int64_t roots[CLASSES_MAX];
    struct bench *bench = calloc(1, sizeof *bench);
    struct unit place = { .id = 0 };
    struct unit_list communes = { .len = 0 };
    const char *asked = getenv("BENCH_CLASSES");
    int64_t classes_asked = 3;
    if (asked && !str_to_i64(str_from(asked), &classes_asked))
        fail_msg("BENCH_CLASSES is a number");
    size_t classes = (size_t)classes_asked;
    assert_non_null(bench);
    assert_true(classes <= CLASSES_MAX);
    bench->check = *state;
    struct ctx *cx = &bench->check->cx;
    rooms[0] = roll_routes;
    bench->site = site_open(bench->check, rooms, LEN(rooms));
    assert_ok(cx, unit_find_code(cx, STR("51"), &place));
    assert_ok(cx, unit_find_by_sort(cx, STR("dang_uy_xa"), place.path, &communes));
    for (; bench->communes_len < communes.len && bench->communes_len < COMMUNES_MAX; bench->communes_len++)
        bench->communes[bench->communes_len] = communes.at[bench->communes_len];
    each_commune(bench, run_hire);
    for (size_t class = 0; class < classes; class++) {
        check_act(bench->check, "51", "tinh_uy");
        cx->now = day_time(day_from_civil(2026, 5, 14), 9, (int)class);
        bench->root_id = check_issue_plan(bench->check, str_format(&cx->arena, paper, 20 + class), "", DAY_NONE);
        roots[class] = bench->root_id;
        each_commune(bench, run_name);
        memcpy(learners[class], bench->learners, sizeof bench->learners);
    }
    cx->now = day_time(day_from_civil(2026, 5, 24), 17, 0);
    struct tally fresh = { .marks = 0 };
    struct tally again = { .marks = 0 };
    for (int times = 0; times < 2; times++)
        for (size_t class = 0; class < classes; class++) {
            bench->root_id = roots[class];
            memcpy(bench->learners, learners[class], sizeof bench->learners);
            send_all(bench, class, times == 0 ? &fresh : &again);
        }
    say("new marks", &fresh);
    say("the same again", &again);
    free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(measure, check_roll_open, check_store_close) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
