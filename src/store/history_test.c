#include "base/day.h"
#include "check/check_store.h"
#include "check/check_trade.h"
#include "store/engine.h"
#include "store/inside.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

/* The facts as a history: what is made of them can be made again, what is altered is found, what is copied is whole. */

static const struct str commune = STR_INIT("00000001.00000022.0000011a.");
enum { NATION = 0x01, COMMUNE = 0x11a };

/* A little random trade, the same for the same seed. */
struct trade {
    uint64_t seed;
    int boxes;
    int slips;
};

static uint64_t next(struct trade *trade)
{
    trade->seed = trade->seed * 6364136223846793005U + 1442695040888963407U;
    return trade->seed >> 33;
}

static enum err run_trade(struct ctx *cx, void *what)
{
    struct trade *trade = what;
    int64_t ids[20] = { 0 };
    for (int i = 0; i < trade->boxes && i < (int)LEN(ids); i++) {
        struct box_opened box = { .title = str_format(&cx->arena, "Hộp %d", i), .unit_path = commune };
        box.owner_phone = next(trade) % 2 ? STR("0900 000 123") : STR("");
        TRY(box_open(cx, COMMUNE, &box, &ids[i]));
    }
    for (int i = 0; i < trade->slips; i++) {
        int64_t box_id = ids[next(trade) % (uint64_t)trade->boxes];
        struct slip_added slip = { .number = (int64_t)(next(trade) % 1000) * 1000 + i,
                                   .day = 20596,
                                   .is_late = next(trade) % 3 == 0 };
        TRY(slip_add(cx, COMMUNE, box_id, &slip, NULL));
    }
    return OK;
}

static void trade_a_little(struct check_store *check, uint64_t seed, int boxes, int slips)
{
    struct trade trade = { seed, boxes, slips };
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_trade, &trade));
}

static void spoil(struct check_store *check, const char *text)
{
    check->cx.db->engine->cancel(check->cx.db);
    struct db *reader = check->cx.db;
    check->cx.db = check->store->writer;
    assert_ok(&check->cx, check->cx.db->engine->script(&check->cx, text));
    check->cx.db = reader;
}

static struct store_findings found(struct check_store *check)
{
    struct store_findings findings = { 0 };
    assert_ok(&check->cx, store_check(&check->cx, check->store, &findings));
    return findings;
}

static void assert_finds(struct check_store *check, const char *words)
{
    struct store_findings findings = found(check);
    for (size_t i = 0; i < findings.len; i++)
        if (str_find(findings.at[i], str_from(words)) < findings.at[i].len)
            return;
    fail_msg("not found: %s (%zu findings, first: " STR_FMT ")", words, findings.len,
             STR_ARG(findings.len ? findings.at[0] : STR("")));
}

static void rebuilt_tables_are_the_same_on_many_histories(void **state)
{
    struct check_store *check = *state;
    uint64_t histories = check_is_postgresql() ? 30 : 120; /* of one to 100 facts more each */
    for (uint64_t seed = 1; seed <= histories; seed++) {
        trade_a_little(check, seed, 1 + (int)(seed % 3), (int)(seed % 40));
        unsigned char before[32];
        unsigned char after[32];
        assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
        assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
        assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
        assert_memory_equal(before, after, 32);
    }
    trade_a_little(check, 77, 1, 1); /* and life goes on */
    assert_int_equal(found(check).len, 0);
}

static void rebuild_mends_tables_that_were_touched(void **state)
{
    struct check_store *check = *state;
    trade_a_little(check, 5, 3, 30);
    unsigned char before[32];
    unsigned char after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    spoil(check, "UPDATE box SET title = 'khác' WHERE id = 1");
    spoil(check, "UPDATE counter SET value = value + 1 WHERE kind = 'slip' AND unit_id = 1");
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_not_equal(before, after, 32);
    assert_finds(check, "Bảng box không khớp");
    assert_finds(check, "Bảng counter không khớp");
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, 32);
    assert_int_equal(found(check).len, 0);
}

static void any_altered_entry_is_found_and_named(void **state)
{
    static const char *const changes[] = {
        "at = at + 1",
        "account_id = account_id + 1",
        "unit_id = unit_id + 1",
        "subject_id = subject_id + 1",
        "kind = kind || 'x'",
        "body = replace(body, '{', '{ ')",
        "hash = substr(hash, 1, 31)",
        "id = substr(hash, 1, 16)",
    };
    struct check_store *check = *state;
    trade_a_little(check, 9, 3, 25);
    int64_t facts = found(check).facts;
    assert_int_equal(facts, 28);
    spoil(check, "CREATE TABLE cache_fact AS SELECT * FROM fact");
    for (int seq = 1; seq <= (int)facts; seq++) {
        char text[300];
        char words[100];
        snprintf(text, sizeof text, "UPDATE fact SET %s WHERE seq = %d", changes[(size_t)seq % LEN(changes)], seq);
        snprintf(words, sizeof words, "Bản ghi số %d (", seq);
        spoil(check, text);
        struct store_findings findings = found(check);
        assert_true(findings.len >= 1);
        if (!str_starts(findings.at[0], str_from(words)))
            fail_msg("%s: " STR_FMT, text, STR_ARG(findings.at[0]));
        snprintf(text, sizeof text,
                 "UPDATE fact SET (id, kind, at, account_id, unit_id, subject_id, body, hash) = (SELECT id, kind, at,"
                 " account_id, unit_id, subject_id, body, hash FROM cache_fact c WHERE c.seq = fact.seq)"
                 " WHERE seq = %d",
                 seq);
        spoil(check, text);
    }
    assert_int_equal(found(check).len, 0);
    spoil(check, "DELETE FROM fact_private; DELETE FROM fact WHERE seq = 7");
    assert_finds(check, "thiếu từ số 7 đến số 7");
}

static void cut_tail_is_found_by_what_it_had_made(void **state)
{
    struct check_store *check = *state;
    trade_a_little(check, 9, 3, 25);
    spoil(check, "DELETE FROM fact WHERE seq = 28");
    assert_finds(check, "Bảng slip không khớp");
}

static void erased_personal_values_leave_the_chain_valid_but_altered_ones_do_not(void **state)
{
    struct check_store *check = *state;
    trade_a_little(check, 1, 6, 5);
    spoil(check, "UPDATE fact_private SET body = replace(body, '123', '124')");
    assert_finds(check, "phần thông tin cá nhân đã bị sửa");
    spoil(check, "DELETE FROM fact_private; UPDATE box SET phone = ''");
    assert_int_equal(found(check).len, 0);
}

/* Files. */

/* A slip with a file, kept under its name before the fact names it. */
static struct str keep_file(struct check_store *check, const char *text)
{
    unsigned char digest[32];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    struct str name = str_from_bytes_hex(&check->cx.arena, digest, sizeof digest);
    const char *folder = str_format(&check->cx.arena, STR_FMT "/files", STR_ARG(store_dir(check->store))).at;
    assert_true(mkdir(folder, 0700) == 0 || access(folder, F_OK) == 0);
    FILE *file = fopen(str_format(&check->cx.arena, "%s/" STR_FMT, folder, STR_ARG(name)).at, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return name;
}

static enum err run_slip_with_file(struct ctx *cx, void *name)
{
    int64_t box_id = 0;
    struct box_opened box = { .title = STR("Hộp tài liệu"), .unit_path = commune };
    struct slip_added slip = { .number = 1, .day = 20596, .file = *(struct str *)name };
    TRY(box_open(cx, COMMUNE, &box, &box_id));
    return slip_add(cx, COMMUNE, box_id, &slip, NULL);
}

static struct str add_file(struct check_store *check, const char *text)
{
    struct str name = keep_file(check, text);
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_slip_with_file, &name));
    return name;
}

static const char *file_path(struct check_store *check, struct str folder, struct str name)
{
    return str_format(&check->cx.arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(name)).at;
}

static void damaged_or_missing_file_of_a_fact_is_found(void **state)
{
    struct check_store *check = *state;
    struct str name = add_file(check, "Chuyên đề 1");
    struct str folder = str_format(&check->cx.arena, STR_FMT "/files", STR_ARG(store_dir(check->store)));
    assert_int_equal(found(check).len, 0);
    assert_int_equal(truncate(file_path(check, folder, name), 1), 0);
    assert_finds(check, "đã bị sửa hoặc hỏng: nội dung không khớp với tên");
    assert_int_equal(unlink(file_path(check, folder, name)), 0);
    assert_finds(check, "Thiếu hoặc không đọc được tệp files/");
}

/* As it stood. */

static void view_as_it_stood_holds_what_was_recorded_by_then(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    int64_t nine = day_time(day_from_civil(2025, 11, 21), 9, 0);
    cx->now = nine;
    trade_a_little(check, 3, 2, 10);
    unsigned char then[32];
    assert_ok(cx, store_digest(cx, check->store, then));
    cx->now = nine + 60000;
    trade_a_little(check, 4, 2, 10);

    struct store *view = NULL;
    assert_ok(cx, store_as_of(cx, check->store, nine, &view));
    unsigned char digest[32];
    assert_ok(cx, store_digest(cx, view, digest));
    assert_memory_equal(digest, then, 32);
    struct store_findings findings = { 0 };
    assert_ok(cx, store_check(cx, view, &findings));
    assert_int_equal(findings.len, 0);
    assert_int_equal(findings.facts, 12);
    assert_str_equal(store_epoch(view), store_epoch(check->store).at);
    store_close(view);

    assert_ok(cx, store_as_of(cx, check->store, nine - 1, &view));
    assert_ok(cx, store_check(cx, view, &findings));
    assert_int_equal(findings.facts, 0);
    store_close(view);
}

/* Backup and restore. */

struct places {
    char root[64];
    char backup[100];
    char manifest[120];
    char dir[100];
    char keys[120];
};

static struct places make_places(struct check_store *check)
{
    struct places p;
    snprintf(p.root, sizeof p.root, "/tmp/diemcau-test-XXXXXX");
    assert_non_null(mkdtemp(p.root));
    snprintf(p.backup, sizeof p.backup, "%s/sao-luu.db", p.root);
    snprintf(p.manifest, sizeof p.manifest, "%s.manifest", p.backup);
    snprintf(p.dir, sizeof p.dir, "%s/moi", p.root);
    snprintf(p.keys, sizeof p.keys, "%s/keys", p.dir);
    assert_int_equal(mkdir(p.dir, 0700), 0);
    char hex[65];
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", check->store->key[i]);
    FILE *file = fopen(p.keys, "w");
    assert_non_null(file);
    fputs(hex, file);
    assert_int_equal(fclose(file), 0);
    return p;
}

static void backup_restores_to_the_same_data_under_a_new_epoch(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    trade_a_little(check, 11, 3, 50);
    unsigned char before[32];
    unsigned char after[32];
    assert_ok(cx, store_digest(cx, check->store, before));
    assert_ok(cx, store_backup(cx, check->store, str_from(p.backup), NULL));
    assert_err(ERR_INVALID, store_backup(cx, check->store, str_from(p.backup), NULL)); /* never over an older one */
    struct stat found;
    assert_int_equal(stat(p.backup, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600); /* people's data */
    trade_a_little(check, 12, 3, 50);

    assert_ok(cx, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL));
    struct store *restored = NULL;
    struct store_options options = { .env = env_real(), .dir = str_from(p.dir), .must_exist = true,
                                     .extra_schema = str_from(check_trade_schema) };
    assert_ok(cx, store_open(cx, &options, &restored));
    assert_ok(cx, store_digest(cx, restored, after));
    assert_memory_equal(before, after, 32);
    assert_false(str_eq(store_epoch(restored), store_epoch(check->store)));
    struct store_findings findings = { 0 };
    assert_ok(cx, store_check(cx, restored, &findings));
    assert_int_equal(findings.len, 0);
    struct trade trade = { 13, 1, 5 };
    assert_ok(cx, store_write(cx, restored, run_trade, &trade));
    store_close(restored);
    assert_err(ERR_INVALID, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL)); /* has data now */
    store_remove_dir(p.root);
}

static struct str read_whole(struct check_store *check, const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *at = arena_alloc(&check->cx.arena, 4 << 20);
    size_t len = fread(at, 1, 4 << 20, file);
    fclose(file);
    return (struct str){ at, len };
}

static void write_whole(const char *path, struct str text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void thousand_damaged_backups_are_refused_with_a_reason(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    trade_a_little(check, 11, 3, 20);
    assert_ok(cx, store_backup(cx, check->store, str_from(p.backup), NULL));
    struct str file = read_whole(check, p.backup);
    struct str manifest = read_whole(check, p.manifest);
    struct trade random = { .seed = 42 };
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
        struct ctx side = *cx;
        arena_init(&side.arena, cx->env, 256 << 20);
        struct str victim = i % 2 ? file : manifest;
        char *bad = arena_alloc(&side.arena, victim.len);
        memcpy(bad, victim.at, victim.len);
        size_t len = victim.len;
        if (i % 5 == 0)
            len = (size_t)next(&random) % victim.len; /* cut off */
        else
            bad[(size_t)next(&random) % victim.len] ^= (char)(1 << (next(&random) % 8));
        write_whole(i % 2 ? p.backup : p.manifest, (struct str){ bad, len });
        enum err err = store_restore(&side, env_real(), str_from(p.backup), str_from(p.dir), NULL);
        if (err != ERR_INVALID || side.fault.words[0] == '\0')
            fail_msg("damage %d: %s %s", i, err_name(err), side.fault.detail);
        refused++;
        write_whole(i % 2 ? p.backup : p.manifest, victim);
        arena_end(&side.arena);
    }
    assert_int_equal(refused, 1000);
    /* Another key, and the right one again. */
    struct str keys = read_whole(check, p.keys);
    write_whole(p.keys, STR("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"));
    assert_err(ERR_INVALID, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL));
    assert_non_null(strstr(cx->fault.words, "keys"));
    assert_int_equal(unlink(p.keys), 0);
    assert_err(ERR_INVALID, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL));
    write_whole(p.keys, keys);
    assert_ok(cx, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL));
    store_remove_dir(p.root);
}

static void altered_facts_are_refused_even_under_a_fitting_manifest(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    trade_a_little(check, 11, 3, 20);
    spoil(check, "UPDATE fact SET unit_id = 5 WHERE seq = 9");
    assert_err(ERR_INVALID, store_backup(cx, check->store, str_from(p.backup), NULL));
    assert_non_null(strstr(cx->fault.words, "Bản ghi số 9"));
    assert_int_equal(access(p.backup, F_OK), -1);
    store_remove_dir(p.root);
}

static void files_of_facts_come_back_from_a_backup(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    struct str first = add_file(check, "Chuyên đề 1");
    add_file(check, "Chuyên đề 2");
    add_file(check, "Chuyên đề 1"); /* one file, named by two facts */
    keep_file(check, "tải lên rồi thôi");
    struct store_findings findings = { 0 };
    assert_ok(cx, store_backup(cx, check->store, str_from(p.backup), &findings));
    assert_int_equal(findings.len, 0);
    assert_non_null(strstr(read_whole(check, p.manifest).at, "\"files\":2,"));
    assert_ok(cx, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), &findings));
    assert_int_equal(findings.len, 0);
    struct str folder = str_format(&cx->arena, "%s/files", p.dir);
    assert_str_equal(read_whole(check, file_path(check, folder, first)), "Chuyên đề 1");
    struct store *restored = NULL;
    struct store_options options = { .env = env_real(), .dir = str_from(p.dir), .must_exist = true,
                                     .extra_schema = str_from(check_trade_schema) };
    assert_ok(cx, store_open(cx, &options, &restored));
    assert_ok(cx, store_check(cx, restored, &findings));
    assert_int_equal(findings.len, 0);
    store_close(restored);
    store_remove_dir(p.root);
}

static void refuse_restore(struct check_store *check, const struct places *p, const char *words)
{
    struct ctx *cx = &check->cx;
    assert_err(ERR_INVALID, store_restore(cx, env_real(), str_from(p->backup), str_from(p->dir), NULL));
    if (!strstr(cx->fault.words, words))
        fail_msg("\"%s\" instead of \"%s\"", cx->fault.words, words);
    struct str files = str_format(&cx->arena, "%s/files", p->dir);
    assert_int_equal(access(files.at, F_OK), -1); /* nothing is left half restored */
    assert_int_equal(access(str_format(&cx->arena, "%s.new", files.at).at, F_OK), -1);
    assert_int_equal(access(str_format(&cx->arena, "%s/diemcau.db", p->dir).at, F_OK), -1);
}

static void backup_whose_files_are_damaged_is_refused(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    struct str name = add_file(check, "Chuyên đề 1");
    add_file(check, "Chuyên đề 2");
    assert_ok(cx, store_backup(cx, check->store, str_from(p.backup), NULL));
    struct str folder = str_format(&cx->arena, "%s.files", p.backup);
    const char *list = file_path(check, folder, STR("list"));
    const char *copy = file_path(check, folder, name);
    struct str said = read_whole(check, list);
    struct str held = read_whole(check, copy);
    for (size_t i = 0; i < held.len; i++) {
        char *bad = arena_alloc(&cx->arena, held.len);
        memcpy(bad, held.at, held.len);
        bad[i] ^= 1;
        write_whole(copy, (struct str){ bad, held.len });
        refuse_restore(check, &p, "bị thiếu hoặc hỏng");
    }
    assert_int_equal(unlink(copy), 0);
    refuse_restore(check, &p, "bị thiếu hoặc hỏng");
    write_whole(copy, held);
    write_whole(list, str_sub(said, 0, said.len - 3));
    refuse_restore(check, &p, "Danh sách tệp tài liệu");
    assert_int_equal(unlink(list), 0);
    refuse_restore(check, &p, "thiếu danh sách");
    write_whole(list, said);
    assert_ok(cx, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), NULL));
    store_remove_dir(p.root);
}

static void file_lost_before_a_backup_is_told_and_keeps_nothing_else_from_being_saved(void **state)
{
    struct check_store *check = *state;
    struct ctx *cx = &check->cx;
    struct places p = make_places(check);
    struct str lost = add_file(check, "Chuyên đề 1");
    add_file(check, "Chuyên đề 2");
    struct str folder = str_format(&cx->arena, STR_FMT "/files", STR_ARG(store_dir(check->store)));
    assert_int_equal(unlink(file_path(check, folder, lost)), 0);
    struct store_findings findings = { 0 };
    assert_ok(cx, store_backup(cx, check->store, str_from(p.backup), &findings));
    assert_int_equal(findings.len, 1);
    assert_true(str_find(findings.at[0], lost) < findings.at[0].len);
    assert_ok(cx, store_restore(cx, env_real(), str_from(p.backup), str_from(p.dir), &findings));
    assert_int_equal(findings.len, 1);
    assert_true(str_find(findings.at[0], STR("đã thiếu từ khi sao lưu")) < findings.at[0].len);
    store_remove_dir(p.root);
}

#define TRADE_TEST(test) cmocka_unit_test_setup_teardown(test, check_trade_open, check_store_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRADE_TEST(rebuilt_tables_are_the_same_on_many_histories),
        TRADE_TEST(rebuild_mends_tables_that_were_touched),
        TRADE_TEST(any_altered_entry_is_found_and_named),
        TRADE_TEST(cut_tail_is_found_by_what_it_had_made),
        TRADE_TEST(erased_personal_values_leave_the_chain_valid_but_altered_ones_do_not),
        TRADE_TEST(damaged_or_missing_file_of_a_fact_is_found),
        TRADE_TEST(view_as_it_stood_holds_what_was_recorded_by_then),
        TRADE_TEST(backup_restores_to_the_same_data_under_a_new_epoch),
        TRADE_TEST(thousand_damaged_backups_are_refused_with_a_reason),
        TRADE_TEST(altered_facts_are_refused_even_under_a_fitting_manifest),
        TRADE_TEST(files_of_facts_come_back_from_a_backup),
        TRADE_TEST(backup_whose_files_are_damaged_is_refused),
        TRADE_TEST(file_lost_before_a_backup_is_told_and_keeps_nothing_else_from_being_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
