#include "reader/read.h"

/* A paper that orders training speaks of it; without that and without a head it is something else. */
static bool speaks_of_training(struct ctx *cx, const struct outline *outline)
{
    static const char *const words[] = { "boi duong", "tap huan", "hoc vien", "lop hoc", "dao tao", "trieu tap", "chuyen de", "diem cau", "hoi nghi", "bao cao vien", "khoa hoc", "huan luyen", "hoc tap", "lop", "nguoi hoc", "giang vien", "sinh hoat chuyen mon" };
    for (size_t i = 0; i < outline->paragraphs_len; i++) {
        struct str key = fold_key(&cx->arena, outline->paragraphs[i]);
        for (size_t w = 0; w < LEN(words); w++)
            if (fold_has_words(key, words[w]))
                return true;
    }
    return false;
}

enum err reader_read(struct ctx *cx, const struct paper *paper, struct reader_plan *ret_plan)
{
    struct outline outline = { .root = NULL };
    TRY(outline_make(cx, paper, &outline));
    if (outline.papers > 1)
        return fail(cx, ERR_INVALID, "Tệp có từ hai văn bản trở lên; xin tách mỗi văn bản thành một tệp rồi gửi lại");
    if (outline.kind_line.value.len == 0 && !speaks_of_training(cx, &outline))
        return fail(cx, ERR_INVALID, "Văn bản không nói về bồi dưỡng, tập huấn; xin kiểm tra lại tệp đã chọn");
    struct reader_plan plan = { .paragraphs = outline.paragraphs, .paragraph_pages = outline.paragraph_pages, .paragraphs_len = outline.paragraphs_len };
    /* the head: kind to title, the closing, references */
    read_head(cx, &outline, &plan);
    read_closing(cx, &outline, &plan);
    read_references(cx, &outline, &plan);
    /* times and programmes: schedule, online, programmes, phases */
    read_schedule(cx, &outline, &plan);
    read_online(cx, &outline, &plan);
    read_programmes(cx, &outline, &plan);
    read_phases(cx, &outline, &plan);

    /* people, places, tasks: audiences, points, quotas, essay, evaluation, budget, tasks, contacts */
    read_audiences(cx, &outline, &plan);
    read_points(cx, &outline, &plan);
    read_quotas(cx, &outline, &plan);
    read_essay(cx, &outline, &plan);
    read_evaluation(cx, &outline, &plan);
    read_budget(cx, &outline, &plan);
    read_tasks(cx, &outline, &plan);
    read_contacts(cx, &outline, &plan);

    /* cross-checks */
    read_amends(cx, &outline, &plan);
    check_structure(cx, &outline, &plan);
    check_dates(cx, &outline, &plan);
    check_counts(cx, &outline, &plan);
    if (plan.document.kind.value.len == 0 && plan.document.signer_name.value.len == 0 && plan.obligations_len == 0 && plan.topics_len == 0)
        return fail(cx, ERR_INVALID, "Tệp không phải văn bản về bồi dưỡng; cần kế hoạch, giấy mời, thông báo, công văn hoặc quyết định");
    *ret_plan = plan;
    return OK;
}
