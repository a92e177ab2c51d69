#include "check/check_roll.h"
#include "check/check_site.h"
#include "roll/roll_sync.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What devices send and get back, through the real router. */

static struct route_table rooms[1];

struct scene {
    struct check_class *class;
    struct check_site *site;
    const char *send, *package, *file;
};

static void be(const struct scene *scene, const struct check_place *place, uint64_t permissions)
{
    struct check_site *site = scene->site;
    site_be(site, place->area_path, permissions);
    site->officer.unit_id = place->party.id;
    site->officer.unit_name = place->party.full_name;
}

static struct scene open_scene(void *state)
{
    struct check_store *check = state;
    struct scene scene = { .class = check_class_open(check) };
    struct arena *arena = &check->cx.arena;
    long long point = (long long)scene.class->own.point_id;
    rooms[0] = roll_routes;
    scene.site = site_open(check, rooms, LEN(rooms));
    scene.send = str_to_c(arena, str_format(arena, "/diem-danh/%lld/luot", point));
    scene.package = str_to_c(arena, str_format(arena, "/diem-danh/%lld/goi.json?may=0000000000000000000000000000d001", point));
    scene.file = str_to_c(arena, str_format(arena, "/diem-danh/%lld/tep", point));
    be(&scene, &scene.class->own, UINT64_MAX);
    return scene;
}

#define DEVICE "0000000000000000000000000000d001"

/* One mark of an upload as the page's script writes it. */
static void put_mark(struct buf *out, const struct scene *scene, int id, size_t learner, const char *mark)
{
    buf_format(out,
               "{\"id\":\"%032x\",\"session\":%lld,\"learner\":%lld,\"mark\":\"%s\",\"reason\":\"\",\"at\":%lld,\"n\":%d,"
               "\"replaces\":[],\"source\":\"officer\"}",
               0xA000 + (unsigned)id, (long long)scene->class->morning, (long long)scene->class->own.learners[learner], mark,
               (long long)check_class_at(7, 40) + id, id);
}

static struct str upload_of(const struct scene *scene, struct str marks)
{
    return str_format(&scene->class->check->cx.arena, "{\"device\":\"" DEVICE "\",\"sent_at\":%lld,\"epoch\":\"0\",\"marks\":[" STR_FMT "]}",
                      (long long)scene->class->check->cx.now, STR_ARG(marks));
}

/* The first `len` learners present, from number 1. */
static struct str present_upload(const struct scene *scene, int len)
{
    struct buf marks;
    buf_init(&marks, &scene->class->check->cx.arena);
    for (int i = 1; i <= len; i++) {
        if (i > 1)
            buf_put_char(&marks, ',');
        put_mark(&marks, scene, i, (size_t)(i - 1) % CHECK_LEARNERS, "present");
    }
    return upload_of(scene, buf_str(&marks));
}

static json_t *answer_of(const struct scene *scene)
{
    json_error_t error;
    struct str body = buf_str(&scene->site->res.body);
    json_t *json = json_loadb(body.at, body.len, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("no JSON: %s at %d: %.*s", error.text, error.position, STR_ARG(body));
    return json;
}

static const char *state_of(const json_t *answer, size_t item)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(answer, "receipts"), item), "state"));
}

static void expect_states(const struct scene *scene, const char *state, size_t len)
{
    json_t *answer = answer_of(scene);
    assert_int_equal(json_array_size(json_object_get(answer, "receipts")), len);
    for (size_t i = 0; i < len; i++)
        assert_string_equal(state_of(answer, i), state);
    json_decref(answer);
}

static int64_t count_marks(const struct scene *scene)
{
    SQL(count_marks, "SELECT COUNT(*) FROM roll_mark /*scan*/");
    return check_i64(scene->class->check, &count_marks, NO_BIND);
}

static int64_t count_facts(const struct scene *scene)
{
    SQL(count_facts, "SELECT COUNT(*) FROM fact /*scan*/");
    return check_i64(scene->class->check, &count_facts, NO_BIND);
}

static void the_package_holds_what_a_day_without_a_network_needs(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_get(scene.site, scene.package), 200);
    json_t *package = answer_of(&scene);
    struct str epoch = store_epoch(scene.class->check->store);
    assert_int_equal(strncmp(json_string_value(json_object_get(package, "epoch")), epoch.at, epoch.len), 0);
    assert_int_equal(json_array_size(json_object_get(package, "learners")), CHECK_LEARNERS);
    assert_int_equal(json_array_size(json_object_get(package, "sessions")), 4);
    const json_t *first = json_array_get(json_object_get(package, "sessions"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "Sáng 23/5");
    assert_int_equal(json_integer_value(json_object_get(first, "starts_at")), check_class_at(8, 0));
    assert_int_equal(json_integer_value(json_object_get(first, "arrive_at")), check_class_at(7, 50));
    const json_t *learner = json_array_get(json_object_get(package, "learners"), 0);
    assert_string_equal(json_string_value(json_object_get(learner, "name")), "Nguyễn Văn An");
    assert_int_equal(strlen(json_string_value(json_object_get(learner, "code"))), 32);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(package, "last"), DEVICE)), 0);
    assert_int_equal(json_integer_value(json_object_get(package, "keep_until")),
                     day_start(day_from_civil(2026, 5, 25)) + INT64_C(30) * DAY_MS);
    assert_true(json_is_true(json_object_get(json_object_get(package, "may"), "mark")));
    json_decref(package);
}

static void each_mark_of_an_upload_has_its_receipt_and_the_roll_comes_back_with_it(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_post_json(scene.site, scene.send, present_upload(&scene, 10)), 200);
    expect_states(&scene, "stored", 10);
    json_t *answer = answer_of(&scene);
    char key[24];
    snprintf(key, sizeof key, "%lld", (long long)scene.class->morning);
    assert_int_equal(json_object_size(json_object_get(json_object_get(answer, "marks"), key)), 10);
    json_decref(answer);
    assert_int_equal(check_roll_counter(scene.class, "roll_present", scene.class->morning, scene.class->own.area_id), 10);
    assert_int_equal(site_get(scene.site, scene.package), 200);
    json_t *package = answer_of(&scene);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(package, "last"), DEVICE)), 10);
    json_decref(package);
}

static void a_shared_telephone_names_whose_thumb_it_was_beside_the_account_that_sent(void **state)
{
    struct scene scene = open_scene(*state);
    struct str own = scene.site->officer.name;
    struct buf marks;
    buf_init(&marks, &scene.class->check->cx.arena);
    for (size_t i = 0; i < 2; i++) {
        put_mark(&marks, &scene, (int)i + 1, i, "present");
        marks.len--;
        buf_format(&marks, ",\"by\":\"" STR_FMT "\"}%s", STR_ARG(i == 0 ? STR("Lò Thị Bích") : own), i == 0 ? "," : "");
    }
    assert_int_equal(site_post_json(scene.site, scene.send, upload_of(&scene, buf_str(&marks))), 200);
    expect_states(&scene, "stored", 2);
    struct roll_sheet sheet = check_sheet(scene.class, scene.class->own.point_id, scene.class->morning);
    for (size_t i = 0; i < sheet.len; i++) {
        struct str by = sheet.at[i].marked_by;
        if (sheet.at[i].learner_id == scene.class->own.learners[0])
            assert_true(str_starts(by, STR("Lò Thị Bích (gửi từ tài khoản ")));
        if (sheet.at[i].learner_id == scene.class->own.learners[1])
            assert_true(by.len > 0 && str_find(by, STR("gửi từ")) == by.len);
    }
}

static void the_same_upload_sent_a_hundred_times_is_there_once(void **state)
{
    struct scene scene = open_scene(*state);
    struct str upload = present_upload(&scene, 10);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
    int64_t facts = count_facts(&scene);
    for (int i = 0; i < 99; i++) {
        assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
        expect_states(&scene, "already", 10);
        scene.class->check->cx.now += 7777;
    }
    assert_int_equal(count_marks(&scene), 10);
    assert_int_equal(count_facts(&scene), facts);
}

struct one_upload {
    struct check_class *class;
    size_t stored, already;
};

static enum err run_upload(struct ctx *cx, void *what)
{
    struct one_upload *upload = what;
    for (unsigned char i = 0; i < 10; i++) {
        struct roll_marked marked = { .point_id = upload->class->own.point_id, .session_key = upload->class->morning,
                                      .learner_id = upload->class->own.learners[i], .mark = STR("present"), .reason = STR(""),
                                      .replaces = STR(""), .device = STR(DEVICE), .device_count = i + 1,
                                      .device_at = check_class_at(7, 40), .source = STR("officer") };
        enum roll_receipt receipt = ROLL_SET_ASIDE;
        struct str words = STR("");
        TRY(roll_take_mark(cx, (struct fact_id){ { 0xBB, i } }, &marked, &receipt, &words));
        upload->stored += receipt == ROLL_STORED;
        upload->already += receipt == ROLL_ALREADY;
    }
    return OK;
}

/* A hundred connections bring the same upload at once: the writer takes them in one transaction. */
static void a_hundred_uploads_at_once_are_one_in_the_same_batch(void **state)
{
    enum { AT_ONCE = 100 };
    struct scene scene = open_scene(*state);
    struct check_store *check = scene.class->check;
    static struct one_upload uploads[AT_ONCE];
    static struct ctx cxs[AT_ONCE];
    static struct writer_job jobs[AT_ONCE];
    struct writer_job *list[AT_ONCE];
    enum err errs[AT_ONCE];
    size_t stored = 0;
    for (size_t i = 0; i < AT_ONCE; i++) {
        cxs[i] = (struct ctx){ .env = check->cx.env, .actor = check->cx.actor, .now = check->cx.now };
        arena_init(&cxs[i].arena, check->cx.env, 8 << 20);
        uploads[i] = (struct one_upload){ .class = scene.class };
        jobs[i] = (struct writer_job){ .run = run_upload, .what = &uploads[i], .cx = &cxs[i] };
        list[i] = &jobs[i];
    }
    assert_ok(&check->cx, store_write_batch(check->store, list, AT_ONCE, errs));
    for (size_t i = 0; i < AT_ONCE; i++) {
        assert_int_equal(errs[i], OK);
        assert_int_equal(uploads[i].stored + uploads[i].already, 10);
        stored += uploads[i].stored;
        arena_end(&cxs[i].arena);
    }
    assert_int_equal(stored, 10);
    assert_int_equal(count_marks(&scene), 10);
    assert_int_equal(check_roll_counter(scene.class, "roll_present", scene.class->morning, scene.class->own.area_id), 10);
}

static void an_upload_cut_at_any_byte_changes_nothing_and_whole_again_it_is_stored(void **state)
{
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    struct str upload = present_upload(&scene, 3);
    int64_t facts = count_facts(&scene);
    for (size_t cut = 0; cut < upload.len; cut++) {
        struct roll_upload parsed = { .len = 0 };
        assert_err(ERR_INVALID, roll_upload_parse(cx, str_sub(upload, 0, cut), ROLL_BATCH_MAX, &parsed));
        if (cut % 7 == 0)
            assert_int_equal(site_post_json(scene.site, scene.send, str_sub(upload, 0, cut)), 422);
    }
    assert_int_equal(count_facts(&scene), facts);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
    expect_states(&scene, "stored", 3);
}

static void a_poisoned_mark_is_set_aside_and_the_others_go_on(void **state)
{
    static const char *const poisons[] = {
        "null", "7", "\"text\"", "[1,2]", "{}", "{\"id\":5}", "{\"id\":\"zz\"}",
        "{\"id\":\"000000000000000000000000000000f1\",\"reason\":\"\\ud83d\"}",
        "{\"id\":\"000000000000000000000000000000f2\",\"session\":1e400}",
        "{\"id\":\"000000000000000000000000000000f3\",\"session\":\"1\",\"at\":5}",
        "{\"id\":\"000000000000000000000000000000f4\",\"session\":1,\"at\":99999999999999999999}",
        "{\"id\":\"000000000000000000000000000000f5\",\"session\":82320,\"learner\":-3,\"at\":5,\"mark\":\"present\"}",
        "{\"id\":\"000000000000000000000000000000f6\",\"session\":82320,\"walk_in\":{},\"at\":5}",
        "{\"id\":\"000000000000000000000000000000f7\",\"id\":\"000000000000000000000000000000f8\"}",
        "{\"id\":\"000000000000000000000000000000f9\",\"reason\":\"\xff\xfe\"}",
        "{\"a\":{\"b\":[\"]}\",\"\\\"\"]}}",
    };
    struct scene scene = open_scene(*state);
    struct buf marks;
    buf_init(&marks, &scene.class->check->cx.arena);
    for (size_t i = 0; i < LEN(poisons); i++) {
        buf_format(&marks, "%s%s,", i > 0 ? "," : "", poisons[i]);
        put_mark(&marks, &scene, (int)i + 1, i % CHECK_LEARNERS, "present");
    }
    struct str upload = upload_of(&scene, buf_str(&marks));
    for (int times = 0; times < 2; times++) {
        assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
        json_t *answer = answer_of(&scene);
        for (size_t i = 0; i < LEN(poisons); i++) {
            assert_string_equal(state_of(answer, 2 * i), "set_aside");
            assert_string_equal(state_of(answer, 2 * i + 1), times == 0 ? "stored" : "already");
        }
        json_decref(answer);
    }
    SQL(count_asides, "SELECT COUNT(*) FROM roll_set_aside /*scan*/");
    assert_int_equal(check_i64(scene.class->check, &count_asides, NO_BIND), LEN(poisons));
    assert_int_equal(count_marks(&scene), LEN(poisons));
}

static void clocks_ten_years_off_lose_nothing_and_are_put_right(void **state)
{
    static const int64_t offs[] = { -315576000000, -7200000, 0, 7200000, 315576000000 };
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    for (size_t i = 0; i < LEN(offs); i++) {
        struct str upload = str_format(
            &cx->arena,
            "{\"device\":\"%032zx\",\"sent_at\":%lld,\"marks\":[{\"id\":\"%032zx\",\"session\":%lld,\"learner\":%lld,"
            "\"mark\":\"present\",\"at\":%lld,\"n\":1}]}",
            0xD0 + i, (long long)(cx->now + offs[i]), 0xE0 + i, (long long)scene.class->morning,
            (long long)scene.class->own.learners[i], (long long)(check_class_at(7, 40) + offs[i]));
        assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
        expect_states(&scene, "stored", 1);
    }
    struct roll_sheet sheet = check_sheet(scene.class, scene.class->own.point_id, scene.class->morning);
    size_t present = 0;
    for (size_t i = 0; i < sheet.len; i++) {
        present += sheet.at[i].mark == ROLL_PRESENT;
        assert_true(sheet.at[i].mark == ROLL_NONE || sheet.at[i].marked_at == check_class_at(7, 40));
    }
    assert_int_equal(present, LEN(offs));
}

static void an_upload_of_more_than_500_is_told_to_come_in_parts(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_post_json(scene.site, scene.send, present_upload(&scene, ROLL_BATCH_MAX + 1)), 413);
    assert_int_equal(count_marks(&scene), 0);
    assert_int_equal(site_post_json(scene.site, scene.send, present_upload(&scene, ROLL_BATCH_MAX)), 200);
    assert_int_equal(count_marks(&scene), ROLL_BATCH_MAX);
}

static void nobody_marks_for_another_point_without_the_right_or_without_the_token(void **state)
{
    struct scene scene = open_scene(*state);
    struct str upload = present_upload(&scene, 1);
    be(&scene, &scene.class->other, UINT64_MAX);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 404);
    assert_int_equal(site_get(scene.site, scene.package), 404);
    be(&scene, &scene.class->own, UINT64_C(1) << PERMISSION_ROLL_READ);
    assert_int_equal(site_get(scene.site, scene.package), 200);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 403);
    site_be(scene.site, STR(""), 0);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 401);
    be(&scene, &scene.class->own, UINT64_MAX);
    assert_int_equal(site_post(scene.site, scene.send, "marks=1"), 422); /* a form is no upload */
    assert_int_equal(count_marks(&scene), 0);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
}

static void a_file_of_unsent_marks_is_taken_in_by_hand_and_twice_changes_nothing(void **state)
{
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    struct str upload = present_upload(&scene, 4);
    cx->now += 3 * DAY_MS; /* carried for three days */
    assert_int_equal(site_post_file(scene.site, scene.file, "tep", upload, NULL), 200);
    assert_true(site_body_has(scene.site, "Đã ghi"));
    assert_int_equal(count_marks(&scene), 4);
    struct roll_sheet sheet = check_sheet(scene.class, scene.class->own.point_id, scene.class->morning);
    for (size_t i = 0; i < sheet.len; i++)
        assert_true(sheet.at[i].mark == ROLL_NONE || sheet.at[i].marked_at < check_class_at(7, 41));
    struct str two = str_format(&cx->arena, "[" STR_FMT ",\n" STR_FMT "]", STR_ARG(upload), STR_ARG(upload));
    assert_int_equal(site_post_file(scene.site, scene.file, "tep", two, NULL), 200);
    assert_true(site_body_has(scene.site, "Đã có từ trước"));
    struct str behind = str_format(&cx->arena, "\xEF\xBB\xBF" STR_FMT "\n" STR_FMT "\n", STR_ARG(upload), STR_ARG(upload));
    assert_int_equal(site_post_file(scene.site, scene.file, "tep", behind, NULL), 200);
    /* And by line as well: it is the same mark. */
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
    expect_states(&scene, "already", 4);
    assert_int_equal(count_marks(&scene), 4);
    assert_int_equal(site_post_file(scene.site, scene.file, "tep", STR("no json"), NULL), 422);
    assert_int_equal(site_post_file(scene.site, scene.file, "tep", STR("[]"), NULL), 422);
    assert_int_equal(site_post(scene.site, scene.file, ""), 422);
}

/* ---- A backup of before is restored: the devices fill it up again ---- */

static void copy_file(struct ctx *cx, struct str from_dir, struct str to_dir, const char *name)
{
    char text[4096];
    FILE *in = fopen(str_to_c(&cx->arena, str_format(&cx->arena, STR_FMT "/%s", STR_ARG(from_dir), name)), "rb");
    FILE *out = fopen(str_to_c(&cx->arena, str_format(&cx->arena, STR_FMT "/%s", STR_ARG(to_dir), name)), "wb");
    assert_non_null(in);
    assert_non_null(out);
    size_t len = fread(text, 1, sizeof text, in);
    assert_int_equal(fwrite(text, 1, len, out), len);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void a_restored_backup_has_another_epoch_and_devices_fill_it_up_again(void **state)
{
    struct scene scene = open_scene(*state);
    struct check_store *check = scene.class->check;
    struct ctx *cx = &check->cx;
    struct str dir = str_format(&cx->arena, "/tmp/roll-restore-%d", (int)getpid());
    struct str backup = str_format(&cx->arena, STR_FMT "/sao-luu", STR_ARG(dir));
    struct str restored_dir = str_format(&cx->arena, STR_FMT "/phuc-hoi", STR_ARG(dir));
    assert_int_equal(mkdir(str_to_c(&cx->arena, dir), 0700), 0);
    assert_int_equal(mkdir(str_to_c(&cx->arena, restored_dir), 0700), 0);
    struct str upload = present_upload(&scene, 10);
    assert_int_equal(site_post_json(scene.site, scene.send, present_upload(&scene, 4)), 200);
    assert_ok(cx, store_backup(cx, check->store, backup, NULL));
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200); /* six more, with receipts */
    copy_file(cx, store_dir(check->store), restored_dir, "keys");
    struct db *reader = cx->db;
    assert_ok(cx, store_restore(cx, check->cx.env, backup, restored_dir, NULL));
    struct store *restored = NULL;
    struct store_options options = { .env = check->cx.env, .dir = restored_dir };
    assert_ok(cx, store_open(cx, &options, &restored));
    assert_false(str_eq(store_epoch(restored), store_epoch(check->store)));
    struct db *new_reader = NULL;
    assert_ok(cx, store_reader_open(cx, restored, &new_reader));
    struct store *old = check->store;
    cx->db = new_reader;
    check->store = restored;
    scene.site->app.store = restored;
    /* The device sees the epoch and the low mark, and sends all it holds. */
    assert_int_equal(site_get(scene.site, scene.package), 200);
    json_t *package = answer_of(&scene);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(package, "last"), DEVICE)), 4);
    json_decref(package);
    assert_int_equal(count_marks(&scene), 4);
    assert_int_equal(site_post_json(scene.site, scene.send, upload), 200);
    json_t *answer = answer_of(&scene);
    for (size_t i = 0; i < 10; i++)
        assert_string_equal(state_of(answer, i), i < 4 ? "already" : "stored");
    json_decref(answer);
    assert_int_equal(count_marks(&scene), 10);
    assert_int_equal(check_roll_counter(scene.class, "roll_present", scene.class->morning, scene.class->own.area_id), 10);
    check->store = old;
    cx->db = reader;
    store_reader_close(new_reader);
    store_close(restored);
    char command[200];
    snprintf(command, sizeof command, "rm -r '%.*s'", STR_ARG(dir));
    assert_int_equal(system(command), 0);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, check_roll_open, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(the_package_holds_what_a_day_without_a_network_needs),
        ON(each_mark_of_an_upload_has_its_receipt_and_the_roll_comes_back_with_it),
        ON(a_shared_telephone_names_whose_thumb_it_was_beside_the_account_that_sent),
        ON(the_same_upload_sent_a_hundred_times_is_there_once),
        ON(a_hundred_uploads_at_once_are_one_in_the_same_batch),
        ON(an_upload_cut_at_any_byte_changes_nothing_and_whole_again_it_is_stored),
        ON(a_poisoned_mark_is_set_aside_and_the_others_go_on),
        ON(clocks_ten_years_off_lose_nothing_and_are_put_right),
        ON(an_upload_of_more_than_500_is_told_to_come_in_parts),
        ON(nobody_marks_for_another_point_without_the_right_or_without_the_token),
        ON(a_file_of_unsent_marks_is_taken_in_by_hand_and_twice_changes_nothing),
        ON(a_restored_backup_has_another_epoch_and_devices_fill_it_up_again),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
