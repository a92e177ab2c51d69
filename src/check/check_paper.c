#include "check/check_paper.h"

#include "plan/plan.h"

#include <stdlib.h>

struct unit check_body(struct check_store *check, const char *code, const char *sort)
{
    struct unit place = { .id = 0 };
    struct unit unit = { .id = 0 };
    if (*code)
        assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &place));
    else
        assert_ok(&check->cx, unit_find_nation(&check->cx, &place));
    assert_ok(&check->cx, unit_find_body(&check->cx, place.id, str_from(sort), &unit));
    return unit;
}

void check_act_for(struct check_store *check, const struct unit *unit, uint64_t permissions)
{
    struct unit place = { .id = 0 };
    assert_ok(&check->cx, unit_find(&check->cx, unit->place_id, &place));
    check->actor = (struct actor){ .kind = ACTOR_PERSON, .account_id = 7, .unit_id = unit->id,
                                   .scope = unit_scope(&check->cx.arena, place.path), .name = STR("Lò Thị Bích"),
                                   .unit_name = unit->full_name, .permissions = permissions };
    check->cx.actor = &check->actor;
    check->cx.fact_id = (struct fact_id){ { 0 } };
}

struct unit check_act(struct check_store *check, const char *code, const char *sort)
{
    struct unit unit = check_body(check, code, sort);
    check_act_for(check, &unit, UINT64_MAX);
    return unit;
}

struct str check_gold_plan(struct check_store *check, const char *prefix)
{
    static const char *const names[] = { "000_65a814c786073ee8", "001_f6ccac845cab2990", "002_bfe495d3b4087c1e",
                                         "003_e855bca4e7151f39", "004_45cc4a0e38498ced" };
    const char *dir = getenv("DIEMCAU_SHARED");
    struct arena *arena = &check->cx.arena;
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < LEN(names); i++) {
        if (!str_starts(str_from(names[i]), str_from(prefix)))
            continue;
        struct str path = str_format(arena, "%s/reference/plan-gold/%s.json", dir ? dir : "../shared", names[i]);
        FILE *file = fopen(str_to_c(arena, path), "rb");
        if (!file)
            skip();
        char part[4096];
        for (size_t len = fread(part, 1, sizeof part, file); len > 0; len = fread(part, 1, sizeof part, file))
            buf_put(&text, (struct str){ part, len });
        fclose(file);
    }
    assert_true(text.len > 0);
    return buf_str(&text);
}

struct drafting {
    const struct document_draft *draft;
    int64_t id;
};

static enum err run_draft(struct ctx *cx, void *what)
{
    struct drafting *drafting = what;
    return document_create_draft(cx, drafting->draft, &drafting->id);
}

static enum err run_issue(struct ctx *cx, void *what)
{
    return document_issue(cx, *(const int64_t *)what);
}

/* The reference marks what it does not judge with "*"; a paper needs words there. */
static struct str words_or(struct str words, const char *instead)
{
    return words.len == 0 || str_eq(words, STR("*")) ? str_from(instead) : words;
}

int64_t check_draft_plan(struct check_store *check, struct str json, const char *number, int32_t day)
{
    struct ctx *cx = &check->cx;
    struct plan plan = { .topics_len = 0 };
    struct document_draft draft = { .issued_day = DAY_NONE };
    assert_ok(cx, plan_parse(cx, json, &plan));
    assert_ok(cx, plan_to_draft(cx, &plan, &draft));
    draft.title = words_or(draft.title, "mở lớp bồi dưỡng");
    if (*number) {
        draft.number = draft.number.len > 0 ? draft.number : str_from(number);
        draft.symbol = draft.symbol.len > 0 ? draft.symbol : STR("KH/TU");
        draft.signer_name = draft.signer_name.len > 0 ? draft.signer_name : STR("Đinh Văn Mẫu");
        draft.issued_day = draft.issued_day == DAY_NONE ? day : draft.issued_day;
    }
    struct drafting drafting = { .draft = &draft };
    cx->fact_id = (struct fact_id){ { 0 } };
    assert_ok(cx, check_write(check, run_draft, &drafting));
    return drafting.id;
}

void check_issue(struct check_store *check, int64_t document_id)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    assert_ok(&check->cx, check_write(check, run_issue, &document_id));
}

int64_t check_issue_plan(struct check_store *check, struct str json, const char *number, int32_t day)
{
    int64_t id = check_draft_plan(check, json, number, day);
    check_issue(check, id);
    return id;
}
