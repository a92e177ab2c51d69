/*
 * The five sample papers and the papers of our own, read from text and held against their labels: what stands in the
 * label's plainest values must be found. The whole measure is tools/papers/score.py; this test only keeps the floor, so
 * that no change of a rule loses a paper unseen.
 */
#include "check/check.h"

#include "reader/reader.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { PAPERS_MAX = 200, PATH_BYTES = 700 };

static struct str file_text(struct ctx *cx, const char *path)
{
    struct buf out;
    buf_init(&out, &cx->arena);
    FILE *file = fopen(path, "rb");
    char part[4096];
    for (size_t len = file ? fread(part, 1, sizeof part, file) : 0; len > 0; len = fread(part, 1, sizeof part, file))
        buf_put(&out, (struct str){ part, len });
    if (file)
        fclose(file);
    return buf_str(&out);
}

static json_t *plan_json(struct ctx *cx, struct str text)
{
    struct paper paper = { .blocks = NULL };
    struct reader_plan plan = { .paragraphs = NULL };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)text.at, text.len }, &paper));
    assert_ok(cx, reader_read(cx, &paper, &plan));
    struct str json = reader_format(&cx->arena, &plan);
    return json_loadb(json.at, json.len, 0, NULL);
}

struct tally {
    int right, wrong;
};

static void compare_value(const json_t *label, const json_t *got, const char *key, struct tally *tally)
{
    const json_t *want = json_object_get(label, key), *have = json_object_get(got, key);
    if (!want || json_is_null(want) || (json_is_string(want) && strcmp(json_string_value(want), "*") == 0))
        return;
    tally->right += json_equal(want, have);
    tally->wrong += !json_equal(want, have);
}

/* Values that are exact in every label, and the length of every list. */
static void compare_plans(const json_t *label, const json_t *got, struct tally *tally)
{
    static const char *const heads[] = { "kind", "number", "symbol", "date", "place" };
    static const char *const times[] = { "start", "end", "days", "opening", "closing" };
    static const char *const lists[] = { "topics", "quotas", "programmes", "runs", "points", "recipients", "contacts", "budget" };
    const json_t *label_head = json_object_get(label, "document"), *got_head = json_object_get(got, "document");
    for (size_t i = 0; i < LEN(heads); i++)
        compare_value(label_head, got_head, heads[i], tally);
    const json_t *label_times = json_object_get(label, "schedule"), *got_times = json_object_get(got, "schedule");
    for (size_t i = 0; i < LEN(times); i++)
        compare_value(label_times, got_times, times[i], tally);
    for (size_t i = 0; i < LEN(lists); i++) {
        size_t want = json_array_size(json_object_get(label, lists[i])), have = json_array_size(json_object_get(got, lists[i]));
        tally->right += want == have;
        tally->wrong += want != have;
    }
}

/* Every .txt of a folder against the label of its name; the share of right values in percent, -1 without papers. */
static int folder_percent(struct ctx *cx, const char *texts, const char *labels)
{
    struct tally tally = { .right = 0 };
    DIR *folder = opendir(texts);
    int papers = 0;
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry && papers < PAPERS_MAX; entry = readdir(folder)) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".txt") != 0)
            continue;
        char text_path[PATH_BYTES], label_path[PATH_BYTES];
        (void)snprintf(text_path, sizeof text_path, "%s/%s", texts, entry->d_name);
        (void)snprintf(label_path, sizeof label_path, "%s/%.*s.json", labels, (int)len - 4, entry->d_name);
        json_t *label = json_load_file(label_path, 0, NULL);
        if (!label)
            continue;
        json_t *got = plan_json(cx, file_text(cx, text_path));
        struct tally before = tally;
        compare_plans(label, got, &tally);
        if (tally.wrong > before.wrong)
            print_message("%s: %d of %d plain values differ\n", entry->d_name, tally.wrong - before.wrong, tally.wrong + tally.right - before.wrong - before.right);
        json_decref(got);
        json_decref(label);
        papers++;
        arena_reset(&cx->arena);
    }
    if (folder)
        closedir(folder);
    return papers == 0 ? -1 : 100 * tally.right / (tally.right + tally.wrong);
}

static void the_sample_papers_are_read_as_they_are_labelled(void **state)
{
    const char *shared = getenv("DIEMCAU_SHARED");
    char texts[PATH_BYTES], labels[PATH_BYTES];
    (void)snprintf(texts, sizeof texts, "%s/seeds", shared ? shared : "../shared");
    (void)snprintf(labels, sizeof labels, "%s/reference/plan-gold", shared ? shared : "../shared");
    int percent = folder_percent(*state, texts, labels);
    if (percent < 0)
        skip();
    assert_true(percent >= 97);
}

static void papers_of_our_own_are_read_as_they_are_labelled(void **state)
{
    int percent = folder_percent(*state, "src/reader/testdata/papers/tuning", "src/reader/testdata/papers/tuning");
    assert_true(percent >= 92); /* of the plainest values; the whole measure has its own floors (tools/papers/floor.sh) */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sample_papers_are_read_as_they_are_labelled, check_ctx_open, check_ctx_close),
        cmocka_unit_test_setup_teardown(papers_of_our_own_are_read_as_they_are_labelled, check_ctx_open, check_ctx_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
