/*
 * Who does what by when, who comes from where, who pays: small invented papers and what must be read of them
 * (cases/fields.txt).
 */
#include "check/check.h"

#include "reader/reader.h"

static size_t wrong;

static void put_texts(struct buf *out, const char *before, const struct reader_texts *list)
{
    for (size_t i = 0; i < list->len; i++)
        buf_format(out, "%s" STR_FMT, i == 0 ? before : " + ", STR_ARG(list->at[i].value));
}

static void put_text(struct buf *out, const char *before, const struct reader_text *text)
{
    if (text->value.len > 0)
        buf_format(out, "%s" STR_FMT, before, STR_ARG(text->value));
}

static void put_due(struct buf *out, const struct reader_due *due, const struct reader_text *recurring)
{
    put_text(out, " | due ", &due->relation);
    put_text(out, " ", &due->value);
    if (recurring)
        put_text(out, " then ", recurring);
}

static void put_people(struct buf *out, const struct reader_plan *plan)
{
    for (size_t i = 0; i < plan->audiences_len; i++) {
        put_text(out, "audience ", &plan->audiences[i].text);
        put_text(out, " | of ", &plan->audiences[i].block);
        buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->points_len; i++) {
        put_text(out, "point ", &plan->points[i].level);
        put_text(out, " | ", &plan->points[i].place);
        put_text(out, " | chair ", &plan->points[i].chair);
        put_texts(out, " | with ", &plan->points[i].attendees);
        buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->quotas_len; i++) {
        const struct reader_quota *quota = &plan->quotas[i];
        put_text(out, quota->each.value ? "seats each " : "seats ", &quota->unit);
        buf_format(out, " %lld", (long long)quota->count.value);
        if (quota->count.max > quota->count.value)
            buf_format(out, "-%lld", (long long)quota->count.max);
        put_text(out, " ", &quota->bound);
        buf_put_char(out, '\n');
    }
}

static void put_duties(struct buf *out, const struct reader_plan *plan)
{
    for (size_t i = 0; i < plan->obligations_len; i++) {
        const struct reader_obligation *one = &plan->obligations[i];
        put_text(out, "duty ", &one->text);
        put_text(out, " | by ", &one->owner);
        put_texts(out, " | with ", &one->coordinators);
        put_due(out, &one->due, &one->recurring);
        buf_put_char(out, '\n');
    }
    if (plan->essay.required.value) {
        buf_format(out, "essay %lld", (long long)plan->essay.count.value);
        put_due(out, &plan->essay.due, NULL);
        buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->essay.routes_len; i++) {
        put_text(out, "route ", &plan->essay.routes[i].from);
        put_text(out, " > ", &plan->essay.routes[i].to);
        for (size_t k = 0; k < plan->essay.routes[i].then.len; k++)
            put_text(out, " > ", &plan->essay.routes[i].then.at[k]);
        buf_put_char(out, '\n');
    }
}

static void put_rest(struct buf *out, const struct reader_plan *plan)
{
    for (size_t i = 0; i < plan->evaluation_len; i++) {
        put_text(out, "evaluation ", &plan->evaluation[i].text);
        put_text(out, " | by ", &plan->evaluation[i].owner);
        put_due(out, &plan->evaluation[i].due, NULL);
        if (plan->evaluation[i].percent.is_given)
            buf_format(out, " | %lld%%", (long long)plan->evaluation[i].percent.value);
        buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->budget_len; i++) {
        put_text(out, "money for ", &plan->budget[i].what);
        put_text(out, " | from ", &plan->budget[i].payer);
        if (plan->budget[i].amount.is_given)
            buf_format(out, " | %lld", (long long)plan->budget[i].amount.value);
        buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->contacts_len; i++) {
        put_text(out, "call ", &plan->contacts[i].phone);
        put_text(out, " ", &plan->contacts[i].name);
        put_text(out, " | ", &plan->contacts[i].role);
        put_text(out, " | for ", &plan->contacts[i].what);
        buf_put_char(out, '\n');
    }
}

static void put_meeting(struct buf *out, const struct reader_plan *plan)
{
    const struct reader_text *said[] = { &plan->online.system, &plan->online.url, &plan->online.meeting_id, &plan->online.passcode };
    static const char *const names[] = { "meets in ", "link ", "room ", "key " };
    for (size_t i = 0; i < LEN(said); i++) {
        put_text(out, names[i], said[i]);
        if (said[i]->value.len > 0)
            buf_put_char(out, '\n');
    }
    for (size_t i = 0; i < plan->document.changes_len; i++) {
        const struct reader_change *change = &plan->document.changes[i];
        put_text(out, "changed ", &change->what);
        put_text(out, " | was ", &change->old_value);
        put_text(out, " | is ", &change->new_value);
        buf_put_char(out, '\n');
    }
}

/* A case is the body of a paper; its first line may say another kind than a plan. */
static struct str whole_paper(struct ctx *cx, struct str body)
{
    struct str kind = STR("KẾ HOẠCH");
    if (str_starts(body, STR("@"))) {
        kind = str_cut(&body, '\n');
        kind = str_sub(kind, 1, SIZE_MAX);
    }
    return str_format(&cx->arena,
        "SỞ NỘI VỤ\nSố: 12/SNV\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Lâm Đồng, ngày 03 tháng 3 năm 2026\n\n" STR_FMT "\nBồi dưỡng kỹ năng cho công chức xã, phường\n\n"
        "Sở Nội vụ tổ chức lớp bồi dưỡng như sau:\n\n" STR_FMT "\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\n\nNguyễn Văn Mẫu\n",
        STR_ARG(kind), STR_ARG(body));
}

static struct reader_plan read_body(struct ctx *cx, struct str body)
{
    struct str text = whole_paper(cx, body);
    struct paper paper = { .blocks = NULL };
    struct reader_plan plan = { .quotas_len = 0 };
    assert_ok(cx, paper_read(cx, (struct bytes){ (const unsigned char *)text.at, text.len }, &paper));
    assert_ok(cx, reader_read(cx, &paper, &plan));
    return plan;
}

static void field_case(struct ctx *cx, struct str in, struct str expected)
{
    struct reader_plan plan = read_body(cx, in);
    struct buf out;
    buf_init(&out, &cx->arena);
    put_people(&out, &plan);
    put_duties(&out, &plan);
    put_rest(&out, &plan);
    put_meeting(&out, &plan);
    if (out.len == 0)
        buf_put(&out, STR("nothing"));
    if (str_eq(str_trim(buf_str(&out)), str_trim(expected)))
        return;
    print_error("\n" STR_FMT "\n--- expected\n" STR_FMT "\n--- got\n" STR_FMT "\n", STR_ARG(in), STR_ARG(expected), STR_ARG(buf_str(&out)));
    wrong++;
}

static void who_comes_who_acts_and_who_pays_is_read_as_offices_write_it(void **state)
{
    wrong = 0;
    assert_true(check_cases(*state, "src/reader/cases/fields.txt", field_case) > 20);
    assert_int_equal(wrong, 0);
}

static void every_value_shows_where_it_stands(void **state)
{
    struct ctx *cx = *state;
    struct reader_plan plan = read_body(cx, STR("I. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính\n- Thẩm định dự toán trước ngày 10/3/2026."));
    assert_int_equal(plan.obligations_len, 1);
    const struct reader_obligation *one = &plan.obligations[0];
    struct str paragraph = plan.paragraphs[one->owner.span.paragraph - 1];
    size_t from = 0;
    for (int i = 0; i < one->owner.span.from; i++) {
        struct str rest = str_sub(paragraph, from, SIZE_MAX);
        (void)str_next_code_point(&rest);
        from = paragraph.len - rest.len;
    }
    assert_true(str_starts(str_sub(paragraph, from, SIZE_MAX), STR("Sở Tài chính")));
    assert_true(one->due.value.span.paragraph == one->text.span.paragraph);
    assert_true(one->place.len > 0);
}

static void a_paper_of_one_long_line_is_read_in_bounded_time(void **state)
{
    enum { REPEATS = 800 };
    struct ctx *cx = *state;
    struct buf body;
    buf_init(&body, &cx->arena);
    buf_put(&body, STR("I. TỔ CHỨC THỰC HIỆN\n- "));
    for (int i = 0; i < REPEATS; i++)
        buf_put(&body, STR("Sở Nội vụ, (mỗi phối hợp với 05 "));
    struct reader_plan plan = read_body(cx, buf_str(&body));
    assert_true(plan.obligations_len >= 1);
}

/* Each sum is a record of its own, but the line is not read again from its end for each. */
static void a_line_of_many_sums_is_read_sum_by_sum(void **state)
{
    enum { SUMS = 200 };
    struct ctx *cx = *state;
    struct buf body;
    buf_init(&body, &cx->arena);
    buf_put(&body, STR("VI. KINH PHÍ\n- "));
    for (int i = 0; i < SUMS; i++)
        buf_put(&body, STR("chi tài liệu 1 triệu đồng, "));
    struct reader_plan plan = read_body(cx, buf_str(&body));
    assert_int_equal(plan.budget_len, SUMS);
    assert_int_equal(plan.budget[SUMS - 1].amount.value, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, check_ctx_open, check_ctx_close)
        T(who_comes_who_acts_and_who_pays_is_read_as_offices_write_it),
        T(every_value_shows_where_it_stands),
        T(a_paper_of_one_long_line_is_read_in_bounded_time),
        T(a_line_of_many_sums_is_read_sum_by_sum),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
