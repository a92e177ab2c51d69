#include "base/day.h"
#include "demo/class_story.h"
#include "demo/demo_inside.h"
#include "document/document.h"
#include "obligation/obligation.h"
#include "plan/plan.h"
#include "store/db.h"
#include "viet/viet.h"

#include <stdlib.h>
#include <string.h>

/*
 * The story: papers are drafted and issued, materials go out, and units do what they were told, some late, some not at
 * all. Every paper and material is an event; an event brings deeds of units that lie after it. All of it is recorded in
 * the order of time, as life does, so that the demo's log is as good as a real one for looking back (as of an hour).
 */

enum { STORY_DEEDS_MAX = 250000, STORY_CHUNK = 500, STORY_MATERIALS_MAX = 4, STORY_CLASSES_MAX = 4 };

struct story_material {
    const char *name;       /* NULL: no more */
    int64_t deliver_before; /* what the paper promised */
    int64_t delivered_at;   /* 0: attached, and still not sent out */
    int share_received;
    int64_t received_ms;
};

struct story {
    const char *paper;
    const char *area_code; /* "" for the nation's own body */
    const char *sort;      /* the issuer */
    int64_t drafted_at, issued_at; /* 0: never issued */
    int share_received;    /* per cent of the recipients that have it at the end of `received_ms` */
    int64_t received_ms;
    int share_done;        /* per cent of the duties without a fact of their own that are closed by `done_ms` after */
    int64_t done_ms;
    bool has_class;        /* the days of its class are told too */
    struct story_material materials[STORY_MATERIALS_MAX];
};

/* ---- What units do ---- */

enum deed_kind { DEED_ACKNOWLEDGE, DEED_RECEIVE, DEED_CLOSE, DEED_CLASS };

struct deed {
    int64_t at;
    enum deed_kind kind;
    int64_t unit_id;
    struct str path, name;
    int64_t id;     /* of the paper, the material or the obligation; the place in its class's story */
    const struct class_story *class_story;
    int64_t period; /* of a duty */
    struct str note;
};

struct telling {
    struct demo *demo;
    struct deed *deeds; /* those still to come */
    size_t len;
    struct class_story *classes[STORY_CLASSES_MAX];
    size_t planned[STORY_CLASSES_MAX]; /* how many of its deeds are among ours */
    size_t classes_len;
};

static enum err do_deed(struct ctx *cx, const struct deed *deed)
{
    int64_t first_at = 0;
    switch (deed->kind) {
    case DEED_ACKNOWLEDGE:
        return document_acknowledge(cx, deed->id, &first_at);
    case DEED_RECEIVE:
        return material_receive(cx, deed->id);
    case DEED_CLASS:
        return class_story_do(cx, deed->class_story, (size_t)deed->id);
    case DEED_CLOSE:
        break;
    }
    return duty_close(cx, deed->id, deed->unit_id, deed->period, deed->note, NULL);
}

/* Who acts: a unit's own people, with every permission there. */
static struct actor people_of(int64_t unit_id, struct str name, struct scope scope)
{
    return (struct actor){ .kind = ACTOR_PROGRAM, .unit_id = unit_id, .scope = scope, .permissions = ~UINT64_C(0),
                           .name = name, .unit_name = name };
}

struct deeds {
    const struct deed *at;
    size_t len;
};

static enum err do_deeds(struct ctx *cx, void *what)
{
    const struct deeds *deeds = what;
    for (size_t i = 0; i < deeds->len; i++) {
        const struct deed *deed = &deeds->at[i];
        struct actor actor = people_of(deed->unit_id, deed->name, unit_scope(&cx->arena, deed->path));
        cx->actor = &actor;
        cx->now = deed->at;
        TRY(do_deed(cx, deed));
    }
    return OK;
}

static int compare_deeds(const void *a, const void *b)
{
    const struct deed *x = a;
    const struct deed *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->unit_id != y->unit_id)
        return x->unit_id < y->unit_id ? -1 : 1; /* the same seed, the same demo */
    return x->id < y->id ? -1 : x->id > y->id;
}

/* A list of names or a roll weighs as much as a score of single facts. */
static int weight_of(const struct deed *deed)
{
    return deed->kind == DEED_CLASS && class_story_is_heavy(deed->class_story, (size_t)deed->id) ? 20 : 1;
}

/* What units do before that moment; what comes after it waits. */
static enum err do_until(struct ctx *cx, struct telling *telling, int64_t moment)
{
    qsort(telling->deeds, telling->len, sizeof *telling->deeds, compare_deeds);
    size_t due = 0;
    while (due < telling->len && telling->deeds[due].at < moment)
        due++;
    for (size_t i = 0; i < due;) {
        struct deeds chunk = { &telling->deeds[i], 0 };
        for (int weight = 0; weight < STORY_CHUNK && i < due; i++, chunk.len++)
            weight += weight_of(&telling->deeds[i]);
        TRY(demo_write_as(cx, telling->demo, chunk.at->at, cx->actor, do_deeds, &chunk));
    }
    memmove(telling->deeds, telling->deeds + due, (telling->len - due) * sizeof *telling->deeds);
    telling->len -= due;
    return OK;
}

/* Most answer in the first hours, some in the last: the square of a random share makes such a curve. */
static int64_t some_time(struct demo *demo, int64_t from, int64_t within_ms)
{
    enum { TEN_MINUTES = 600000 };
    double share = (double)(demo_random(demo) >> 11) / (double)(UINT64_C(1) << 53);
    return from + TEN_MINUTES + (int64_t)(share * share * (double)within_ms);
}

static bool happens(struct demo *demo, int share)
{
    return (int)(demo_random(demo) % 100) < share;
}

/* Those who had the chance by the demo's clock, as often as the story says. */
static void plan_deed(struct telling *telling, const struct deed *deed, int share)
{
    bool is_done = happens(telling->demo, share) && deed->at < telling->demo->options->clock_at;
    if (is_done && telling->len < STORY_DEEDS_MAX)
        telling->deeds[telling->len++] = *deed;
}

/* ---- Papers ---- */

static enum err plan_acknowledgements(struct ctx *cx, struct telling *telling, const struct story *story, int64_t document_id)
{
    SQL(list_recipients,
        "SELECT u.id, u.path, u.full_name FROM document_delivery d JOIN unit u ON u.id = d.unit_id"
        " WHERE d.document_id = $1 ORDER BY u.id");
    struct rows rows = db_rows(cx, &list_recipients, BIND(V(document_id)));
    while (rows_next(&rows)) {
        struct deed deed = { .kind = DEED_ACKNOWLEDGE, .id = document_id, .unit_id = rows_i64(&rows) };
        deed.path = rows_str(&rows);
        deed.name = rows_str(&rows);
        deed.at = some_time(telling->demo, story->issued_at, story->received_ms);
        plan_deed(telling, &deed, story->share_received);
    }
    return rows_end(&rows);
}

/* What an officer writes when the work is done: by what the task asks for, never twice quite alike. */
static struct str note_for(struct telling *telling, struct str task, int64_t unit_id, int64_t at)
{
    static const struct { struct str asks; const char *says; } notes[] = {
        { STR_INIT("tuyen truyen"), "Đã quán triệt tại hội nghị giao ban, đăng trên trang thông tin và nhóm công vụ; %lld lượt cán bộ tham dự" },
        { STR_INIT("ra soat"), "Đã rà soát %lld cán bộ, công chức; kết quả đã được tập thể lãnh đạo thống nhất" },
        { STR_INIT("danh sach"), "Đã lập và gửi danh sách %lld đồng chí" },
        { STR_INIT("trieu tap"), "Đã triệu tập %lld đồng chí, phân công người theo dõi" },
        { STR_INIT("co so vat chat"), "Đã bố trí hội trường %lld chỗ, màn hình và đường truyền dự phòng" },
        { STR_INIT("nguon dien"), "Đã kiểm tra nguồn điện tại %lld điểm, có máy phát dự phòng" },
        { STR_INIT("duong truyen"), "Đã kiểm tra đường truyền tại %lld vị trí, hình ảnh và âm thanh ổn định" },
        { STR_INIT("kho khan"), "Đã tổng hợp %lld ý kiến, vướng mắc và báo cáo" },
        { STR_INIT("so luong"), "Đã báo cáo 01 điểm cầu, %lld đại biểu" },
        { STR_INIT("tai lieu"), "Đã gửi %lld bộ tài liệu" },
    };
    struct arena *arena = telling->demo->arena;
    struct str folded = viet_fold(arena, task);
    long long some = 12 + (long long)(demo_random(telling->demo) % 40);
    struct str day = day_format(arena, day_from_instant(at));
    for (size_t i = 0; i < LEN(notes); i++) {
        if (str_find(folded, notes[i].asks) == folded.len)
            continue;
        struct buf text;
        buf_init(&text, arena);
        struct str says = str_from(notes[i].says);
        size_t gap = str_find(says, STR("%lld"));
        buf_put(&text, str_sub(says, 0, gap));
        buf_put_i64(&text, some);
        buf_put(&text, str_sub(says, gap + 4, SIZE_MAX));
        buf_format(&text, " (" STR_FMT ").", STR_ARG(day));
        return buf_str(&text);
    }
    return str_format(arena, "Đã triển khai và phân công cán bộ phụ trách; báo cáo số %lld-BC ngày " STR_FMT ".",
                      (long long)(unit_id % 80) + 11, STR_ARG(day));
}

/* Duties that no fact of the trade meets: those who close them write what they did. */
static enum err plan_closings(struct ctx *cx, struct telling *telling, const struct story *story, int64_t document_id)
{
    SQL(list_open_duties,
        "SELECT d.obligation_id, d.period, d.due_at, d.opens_at, o.text, o.closes_by, u.id, u.path, u.full_name"
        " FROM obligation o JOIN duty d ON d.obligation_id = o.id JOIN unit u ON u.id = d.unit_id"
        " WHERE o.document_id = $1 AND o.ordinal > 0 AND o.ordinal < 9000 AND d.state = 'open'"
        " ORDER BY d.obligation_id, d.unit_id, d.period");
    struct rows rows = db_rows(cx, &list_open_duties, BIND(V(document_id)));
    while (rows_next(&rows)) {
        struct deed deed = { .kind = DEED_CLOSE, .id = rows_i64(&rows), .period = rows_i64(&rows) };
        int64_t due_at = rows_i64(&rows);
        int64_t opens_at = rows_i64(&rows);
        struct str task = rows_str(&rows);
        struct str closes_by = rows_str(&rows);
        deed.unit_id = rows_i64(&rows);
        deed.path = rows_str(&rows);
        deed.name = rows_str(&rows);
        /* Most before the hour when there is one, one in ten after it. */
        bool is_late = happens(telling->demo, 10);
        int64_t within = due_at > 0 ? due_at - story->issued_at - 1200000 : story->done_ms;
        deed.at = some_time(telling->demo, is_late && due_at > 0 ? due_at : story->issued_at,
                            is_late && due_at > 0 ? (int64_t)DAY_MS / 4 : within);
        if (opens_at > deed.at || (closes_by.len > 0 && obligation_find_closer(closes_by)))
            continue;
        deed.note = note_for(telling, task, deed.unit_id, deed.at);
        plan_deed(telling, &deed, story->share_done);
    }
    return rows_end(&rows);
}

static const struct demo_paper *find_paper(const char *name)
{
    for (size_t i = 0; i < demo_papers_len; i++)
        if (strcmp(demo_papers[i].name, name) == 0)
            return &demo_papers[i];
    return NULL;
}

/* ---- Events ---- */

enum event_kind { EVENT_DRAFT, EVENT_ISSUE, EVENT_ATTACH, EVENT_DELIVER };

struct event {
    int64_t at;
    enum event_kind kind;
    struct story *story;
    size_t material;
};

struct event_job {
    struct demo *demo;
    const struct event *event;
    int64_t *document_id, *material_id;
};

static enum err bring_paper(struct ctx *cx, const struct event_job *job)
{
    const struct demo_paper *paper = find_paper(job->event->story->paper);
    if (!paper)
        return fail_detail(cx, ERR_SYSTEM, "demo: no paper %s", job->event->story->paper);
    struct plan plan = { .mode = STR("") };
    TRY(plan_parse(cx, (struct str){ paper->at, paper->len }, &plan));
    struct document_draft draft = { .issuer_unit_id = 0 };
    TRY(plan_to_draft(cx, &plan, &draft));
    return document_create_draft(cx, &draft, job->document_id);
}

/* A made-up outline under a real heading: what it says is nobody's lecture. */
static enum err attach_file(struct ctx *cx, const struct event_job *job)
{
    static const struct str outline[] = {
        STR_INIT("Tài liệu của bản thử, nội dung là giả định."), STR_INIT("1. Mục đích, yêu cầu"),
        STR_INIT("2. Nội dung chính"), STR_INIT("3. Tình huống thảo luận"), STR_INIT("4. Câu hỏi thu hoạch"),
    };
    const struct story_material *m = &job->event->story->materials[job->event->material];
    struct str content = demo_docx(&cx->arena, str_from(m->name), outline, LEN(outline));
    struct material material = { .document_id = *job->document_id,
                                 .name = str_format(&cx->arena, "%s.docx", m->name),
                                 .bytes = (int64_t)content.len,
                                 .deliver_before = m->deliver_before };
    TRY(material_sniff(cx, material.name, content, &material.content_type));
    TRY(material_keep(cx, store_dir(job->demo->store), content, &material.digest));
    return material_attach(cx, &material, job->material_id);
}

static enum err happen(struct ctx *cx, void *what)
{
    const struct event_job *job = what;
    switch (job->event->kind) {
    case EVENT_DRAFT:
        return bring_paper(cx, job);
    case EVENT_ISSUE:
        return document_issue(cx, *job->document_id);
    case EVENT_ATTACH:
        return attach_file(cx, job);
    case EVENT_DELIVER:
        break;
    }
    return material_deliver(cx, *job->material_id);
}

static enum err plan_receipts(struct ctx *cx, struct telling *telling, const struct story_material *m, int64_t material_id)
{
    SQL(list_receivers, "SELECT u.id, u.path, u.full_name FROM material_receipt r JOIN unit u ON u.id = r.unit_id"
                        " WHERE r.material_id = $1 ORDER BY u.id");
    struct rows rows = db_rows(cx, &list_receivers, BIND(V(material_id)));
    while (rows_next(&rows)) {
        struct deed deed = { .kind = DEED_RECEIVE, .id = material_id, .unit_id = rows_i64(&rows) };
        deed.path = rows_str(&rows);
        deed.name = rows_str(&rows);
        deed.at = some_time(telling->demo, m->delivered_at, m->received_ms);
        plan_deed(telling, &deed, m->share_received);
    }
    return rows_end(&rows);
}

static enum err find_issuer(struct ctx *cx, struct demo *demo, const struct story *story, struct unit *ret_issuer,
                            struct scope *ret_scope)
{
    if (story->area_code[0] == '\0') {
        *ret_issuer = demo->academy;
        *ret_scope = unit_scope(demo->arena, demo->nation.path);
        return OK;
    }
    struct unit area = { .id = 0 };
    TRY(unit_find_code(cx, str_from(story->area_code), &area));
    TRY(unit_find_body(cx, area.id, str_from(story->sort), ret_issuer));
    *ret_scope = unit_scope(demo->arena, area.path);
    return OK;
}

struct made {
    int64_t document_id;
    int64_t material_ids[STORY_MATERIALS_MAX];
};

/* A class begins with its paper, and every later paper that speaks of it adds what its units do. */
static enum err plan_classes(struct ctx *cx, struct telling *telling, const struct event *event, int64_t document_id)
{
    if (event->story->has_class && telling->classes_len < STORY_CLASSES_MAX)
        TRY(class_story_open(cx, telling->demo, document_id, event->at, &telling->classes[telling->classes_len++]));
    for (size_t i = 0; i < telling->classes_len; i++) {
        struct class_story *story = telling->classes[i];
        TRY(class_story_add_paper(cx, story, document_id, event->at));
        for (; telling->planned[i] < class_story_len(story) && telling->len < STORY_DEEDS_MAX; telling->planned[i]++)
            telling->deeds[telling->len++] = (struct deed){ .at = class_story_at(story, telling->planned[i]),
                                                            .kind = DEED_CLASS, .id = (int64_t)telling->planned[i],
                                                            .class_story = story, .path = STR(""), .name = STR("") };
    }
    return OK;
}

static enum err tell(struct ctx *cx, struct telling *telling, const struct event *event, struct made *made)
{
    struct unit issuer = { .id = 0 };
    struct scope scope = { .path_lo = STR("") };
    TRY(do_until(cx, telling, event->at));
    TRY(find_issuer(cx, telling->demo, event->story, &issuer, &scope));
    struct actor actor = people_of(issuer.id, issuer.full_name, scope);
    struct event_job job = { telling->demo, event, &made->document_id, &made->material_ids[event->material] };
    TRY(demo_write_as(cx, telling->demo, event->at, &actor, happen, &job));
    if (telling->demo->options->is_for_load)
        return OK; /* nobody has done anything yet */
    if (event->kind == EVENT_ISSUE) {
        TRY(plan_acknowledgements(cx, telling, event->story, made->document_id));
        TRY(plan_closings(cx, telling, event->story, made->document_id));
        TRY(plan_classes(cx, telling, event, made->document_id));
    }
    if (event->kind == EVENT_DELIVER)
        TRY(plan_receipts(cx, telling, &event->story->materials[event->material], made->material_ids[event->material]));
    return OK;
}

/* ---- The whole ---- */

static int compare_events(const void *a, const void *b)
{
    const struct event *x = a;
    const struct event *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static size_t list_events(struct story *story, struct event *list)
{
    enum { HOUR = 3600000 };
    size_t len = 0;
    list[len++] = (struct event){ story->drafted_at, EVENT_DRAFT, story, 0 };
    if (story->issued_at == 0)
        return len;
    list[len++] = (struct event){ story->issued_at, EVENT_ISSUE, story, 0 };
    for (size_t i = 0; i < STORY_MATERIALS_MAX && story->materials[i].name; i++) {
        int64_t delivered_at = story->materials[i].delivered_at;
        list[len++] = (struct event){ delivered_at ? delivered_at - HOUR : story->issued_at + HOUR, EVENT_ATTACH, story, i };
        if (delivered_at)
            list[len++] = (struct event){ delivered_at, EVENT_DELIVER, story, i };
    }
    return len;
}

enum err demo_tell_all(struct ctx *cx, struct demo *demo)
{
    enum { EVENTS_PER_STORY = 2 + 2 * STORY_MATERIALS_MAX, HOUR_MS = 3600000 };
    static const int64_t day = DAY_MS;
    struct story stories[] = {
        { .paper = "hai_phong_du_thao", .area_code = "31", .sort = "tinh_uy", .drafted_at = demo_moment(2025, 10, 20, 9, 0) },
        { .paper = "ha_tinh_09", .area_code = "42", .sort = "tinh_uy", .drafted_at = demo_moment(2025, 11, 13, 9, 0),
          .issued_at = demo_moment(2025, 11, 14, 15, 0), .share_received = 100, .received_ms = 3 * day, .share_done = 100,
          .done_ms = 8 * day, .has_class = true,
          .materials = { { "Tài liệu chín chuyên đề", demo_moment(2025, 11, 20, 17, 0), demo_moment(2025, 11, 19, 15, 0),
                           100, 2 * day } } },
        { .paper = "cao_bang", .area_code = "04", .sort = "ubnd_tinh", .drafted_at = demo_moment(2026, 5, 11, 9, 0),
          .issued_at = demo_moment(2026, 5, 12, 14, 0), .share_received = 85, .received_ms = 3 * day, .share_done = 20,
          .done_ms = 18 * day,
          .materials = { { "Mẫu khảo sát nhu cầu bồi dưỡng", demo_moment(2026, 5, 14, 17, 0),
                           demo_moment(2026, 5, 13, 9, 30), 80, 4 * day } } },
        { .paper = "hoc_vien_664", .area_code = "", .drafted_at = demo_moment(2026, 5, 13, 16, 0),
          .issued_at = demo_moment(2026, 5, 14, 10, 0), .share_received = 88, .received_ms = 6 * day, .share_done = 55,
          .done_ms = 8 * day, .has_class = true,
          .materials = { { "Chương trình lớp bồi dưỡng", demo_moment(2026, 5, 20, 17, 0), demo_moment(2026, 5, 18, 14, 0),
                           82, 2 * day },
                         { "Tài liệu chuyên đề 1 và 2", demo_moment(2026, 5, 20, 17, 0), demo_moment(2026, 5, 19, 9, 0),
                           61, 2 * day },
                         { "Tài liệu chuyên đề 3 và 4", demo_moment(2026, 5, 19, 17, 0), 0, 0, 0 } } },
        { .paper = "quang_ngai", .area_code = "51", .sort = "tinh_uy", .drafted_at = demo_moment(2026, 5, 15, 9, 0),
          .issued_at = demo_moment(2026, 5, 16, 8, 30), .share_received = 70, .received_ms = 5 * day, .share_done = 40,
          .done_ms = 6 * day,
          .materials = { { "Mẫu danh sách học viên", demo_moment(2026, 5, 18, 17, 0), demo_moment(2026, 5, 18, 8, 0), 74,
                           2 * day } } },
    };
    struct event events[LEN(stories) * EVENTS_PER_STORY];
    struct made made[LEN(stories)] = { 0 };
    size_t len = 0;
    for (size_t i = 0; i < LEN(stories); i++)
        len += list_events(&stories[i], &events[len]);
    qsort(events, len, sizeof *events, compare_events);
    struct telling telling = { .demo = demo };
    telling.deeds = ARENA_NEW_ARRAY(demo->arena, struct deed, STORY_DEEDS_MAX);
    for (size_t i = 0; i < len && events[i].at <= demo->options->clock_at; i++)
        TRY(tell(cx, &telling, &events[i], &made[events[i].story - stories]));
    return do_until(cx, &telling, demo->options->clock_at);
}
