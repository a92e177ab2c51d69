#include "check/check_roll.h"
#include "check/check_site.h"
#include "roll/roll_pages.h"

#include <string.h>

/* The pages of the roll without scripts, the learner's own page, and the room's code. */

static struct route_table rooms[1];

struct scene {
    struct check_class *class;
    struct check_site *site;
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
    rooms[0] = roll_routes;
    scene.site = site_open(check, rooms, LEN(rooms));
    be(&scene, &scene.class->own, UINT64_MAX);
    return scene;
}

/* "/diem-danh/{point}/{morning}" and what stands behind it. */
static const char *page_of(const struct scene *scene, const char *tail)
{
    struct arena *arena = &scene->class->check->cx.arena;
    return str_to_c(arena, str_format(arena, "/diem-danh/%lld/%lld%s", (long long)scene->class->own.point_id,
                                      (long long)scene->class->morning, tail));
}

static bool has(const struct scene *scene, const char *text)
{
    return site_body_has(scene->site, text);
}

/* What the button of that learner would send. */
static const char *press(const struct scene *scene, size_t learner, const char *mark, const char *rest)
{
    struct arena *arena = &scene->class->check->cx.arena;
    return str_to_c(arena, str_format(arena, "luot=%lld%%3A%s%%3A%s", (long long)scene->class->own.learners[learner], mark, rest));
}

/* The text between two others in the answer. */
static struct str between(const struct scene *scene, const char *before, const char *after)
{
    struct str body = buf_str(&scene->site->res.body);
    size_t from = str_find(body, str_from(before));
    if (from == body.len)
        fail_msg("nothing like %s", before);
    body = str_sub(body, from + strlen(before), SIZE_MAX);
    return str_sub(body, 0, str_find(body, str_from(after)));
}

static void forty_names_stand_in_order_with_four_buttons_each(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Điểm danh Sáng 23/5"));
    assert_true(has(&scene, "Bắt đầu 08:00, có mặt trước 07:50"));
    assert_true(has(&scene, "data-roll-figure=\"expected\">12<"));
    struct str body = buf_str(&scene.site->res.body);
    size_t rows = 0;
    size_t buttons = 0;
    for (struct str rest = body; rest.len > 0; rest = str_sub(rest, 1, SIZE_MAX)) {
        rows += str_starts(rest, STR("class=\"roll-row\""));
        buttons += str_starts(rest, STR("name=\"luot\""));
    }
    assert_int_equal(rows, CHECK_LEARNERS);
    assert_int_equal(buttons, CHECK_LEARNERS * 4);
    assert_true(str_find(body, STR("Nguyễn Văn An<")) < str_find(body, STR("Nguyễn Văn Ánh<")));
    assert_true(body.len < 60000);
}

static void one_press_marks_and_the_row_says_who_and_when(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 1, "present", "")), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "data-roll-figure=\"present\">1<"));
    assert_true(has(&scene, "Có mặt · 07:45 · "));
    assert_true(has(&scene, "data-mark=\"present\" aria-pressed=\"true\""));
    /* The button that stands there now names what it replaces. */
    struct str heads = between(&scene, "data-mark=\"present\" data-at=\"", "\" data-conflict");
    (void)str_cut(&heads, '"');
    heads = str_sub(heads, str_find(heads, STR("data-heads=\"")) + 12, SIZE_MAX);
    assert_int_equal(heads.len, 32);
    const char *head = str_to_c(&scene.class->check->cx.arena, heads);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 1, "late", head)), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "data-roll-figure=\"late\">1<"));
    assert_false(has(&scene, "chua-thong-nhat"));
}

static void excused_asks_for_the_reason_first(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 1, "excused", "")), 303);
    struct str ask = scene.site->res.location;
    assert_true(str_find(ask, STR("?phep=")) < ask.len);
    assert_int_equal(site_get(scene.site, str_to_c(&scene.class->check->cx.arena, ask)), 200);
    assert_true(has(&scene, "Lý do vắng của Nguyễn Văn An"));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"),
                               press(&scene, 1, "excused", "&reason=h%E1%BB%8Dp+%C4%91%E1%BB%99t+xu%E1%BA%A5t")),
                     303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Vắng có lý do · 07:45 · "));
    assert_true(has(&scene, "họp đột xuất"));
    assert_int_equal(check_sheet(scene.class, scene.class->own.point_id, scene.class->morning).figures.excused, 1);
}

static void two_buttons_of_one_page_are_two_marks_and_one_pressed_twice_is_one(void **state)
{
    struct scene scene = open_scene(*state);
    struct arena *arena = &scene.class->check->cx.arena;
    SQL(count_marks, "SELECT COUNT(*) FROM roll_mark /*scan*/");
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    struct str id = between(&scene, "name=\"fact_id\" value=\"", "\"");
    const char *first = str_to_c(arena, str_format(arena, "%s&fact_id=" STR_FMT, press(&scene, 1, "present", ""), STR_ARG(id)));
    const char *second = str_to_c(arena, str_format(arena, "%s&fact_id=" STR_FMT, press(&scene, 2, "present", ""), STR_ARG(id)));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), first), 303);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), second), 303);
    scene.class->check->cx.now += 120000; /* sent again when the line came back */
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), first), 303);
    assert_int_equal(check_i64(scene.class->check, &count_marks, NO_BIND), 2);
    const char *visitor = str_to_c(arena, str_format(arena, "full_name=Kh%%C3%%A1ch&fact_id=" STR_FMT, STR_ARG(id)));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/den-them"), visitor), 303);
    scene.class->check->cx.now += 120000;
    assert_int_equal(site_post(scene.site, page_of(&scene, "/den-them"), visitor), 303);
    assert_int_equal(check_sheet(scene.class, scene.class->own.point_id, scene.class->morning).walk_ins_len, 1);
}

static void a_broken_press_is_refused_in_words(void **state)
{
    struct scene scene = open_scene(*state);
    static const char *const broken[] = { "luot=", "luot=x", "luot=1%3Apresent%3A", "luot=0%3Apresent%3A", "luot=1%3Amaybe%3A",
                                          "luot=1%3Apresent%3Azz" };
    for (size_t i = 0; i < LEN(broken); i++) {
        int status = site_post(scene.site, page_of(&scene, "/luot"), broken[i]);
        assert_true(status == 422 || status == 404);
    }
    assert_int_equal(check_sheet(scene.class, scene.class->own.point_id, scene.class->morning).figures.present, 0);
}

static void mark_by_store(const struct scene *scene, unsigned char id, size_t learner, const char *mark, const char *device)
{
    struct roll_marked marked = { .point_id = scene->class->own.point_id, .session_key = scene->class->morning,
                                  .learner_id = scene->class->own.learners[learner], .mark = str_from(mark),
                                  .reason = STR(""), .replaces = STR(""), .device = str_from(device), .device_count = id,
                                  .device_at = check_class_at(7, 40) + id, .source = STR("officer") };
    assert_int_equal(check_mark(scene->class, (struct fact_id){ { 7, id } }, &marked, NULL), ROLL_STORED);
}

static void a_conflict_is_listed_with_who_said_what_and_settled_with_a_reason(void **state)
{
    struct scene scene = open_scene(*state);
    struct arena *arena = &scene.class->check->cx.arena;
    mark_by_store(&scene, 1, 1, "present", "00000000000000000000000000000d01");
    mark_by_store(&scene, 2, 1, "absent", "00000000000000000000000000000d02");
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "id=\"chua-thong-nhat\""));
    assert_true(has(&scene, "Có mặt · 07:40 ngày 23/5/2026"));
    assert_true(has(&scene, "Vắng · 07:40 ngày 23/5/2026"));
    assert_true(has(&scene, "data-conflict=\"1\""));
    const char *without = str_to_c(arena, str_format(arena, "learner_id=%lld&mark=present&reason=",
                                                     (long long)scene.class->own.learners[1]));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/thong-nhat"), without), 422);
    const char *with = str_to_c(arena, str_format(arena, "learner_id=%lld&mark=present&reason=theo+b%%E1%%BA%%A3n+k%%C3%%BD",
                                                  (long long)scene.class->own.learners[1]));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/thong-nhat"), with), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_false(has(&scene, "id=\"chua-thong-nhat\""));
    assert_true(has(&scene, "theo bản ký"));
}

static void closing_names_who_is_unmarked_and_reopening_asks_why(void **state)
{
    struct scene scene = open_scene(*state);
    mark_by_store(&scene, 1, 1, "present", "00000000000000000000000000000d01");
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Chưa điểm danh: Nguyễn Văn Ánh, "));
    assert_true(has(&scene, "Còn 11 người chưa điểm danh. Kết thúc buổi này?"));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/ket-thuc"), ""), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "data-closed=\"1\""));
    assert_false(has(&scene, "name=\"luot\""));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 2, "present", "")), 409);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/den-them"), "full_name=Kh%C3%A1ch"), 409);
    /* A mark made offline comes in: it stands beside the reported figure. */
    mark_by_store(&scene, 2, 2, "present", "00000000000000000000000000000d02");
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "data-frozen=\"present\">1<"));
    assert_true(has(&scene, "data-now=\"present\">2<"));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/mo-lai"), "reason="), 422);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/mo-lai"), "reason=ghi+nh%E1%BA%A7m"), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "data-closed=\"0\""));
    assert_true(has(&scene, ": ghi nhầm"));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 3, "present", "")), 303);
}

static void walk_ins_and_head_counts_have_their_forms(void **state)
{
    struct scene scene = open_scene(*state);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/dem"), "heads=35&note="), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Số đếm: 35 người"));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/dem"), "heads=6000&note="), 422);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/den-them"), "full_name=%3Cb%3EKh%C3%A1ch&title=&unit_name="), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "&lt;b&gt;Khách"));
    assert_false(has(&scene, "<b>Khách"));
    struct str id = between(&scene, "name=\"walk_in\" value=\"", "\"");
    struct arena *arena = &scene.class->check->cx.arena;
    const char *withdraw = str_to_c(arena, str_format(arena, "walk_in=" STR_FMT "&reason=nh%%E1%%BA%%A7m", STR_ARG(id)));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/rut-ten"), withdraw), 303);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_false(has(&scene, "Khách"));
    mark_by_store(&scene, 1, 1, "present", "00000000000000000000000000000d01");
    assert_int_equal(site_post(scene.site, page_of(&scene, "/dem"), "heads=36&note="), 409);
}

static void the_list_is_printed_in_the_order_of_the_sheet_and_taken_as_a_table(void **state)
{
    struct scene scene = open_scene(*state);
    mark_by_store(&scene, 1, 1, "present", "00000000000000000000000000000d01");
    assert_int_equal(site_get(scene.site, page_of(&scene, "/in")), 200);
    assert_true(has(&scene, "Ký tên"));
    struct str body = buf_str(&scene.site->res.body);
    assert_true(str_find(body, STR("Nguyễn Văn An<")) < str_find(body, STR("Nguyễn Văn Ánh<")));
    assert_int_equal(site_get(scene.site, page_of(&scene, "/tep.csv")), 200);
    assert_true(has(&scene, "\"Nguyễn Văn An\",\"Ủy viên Ban Thường vụ\""));
    assert_true(has(&scene, "\"Có mặt\",\"07:40 ngày 23/5/2026\""));
}

static void the_day_begins_at_one_address_that_lists_what_is_mine(void **state)
{
    struct scene scene = open_scene(*state);
    struct arena *arena = &scene.class->check->cx.arena;
    assert_int_equal(site_get(scene.site, "/diem-danh"), 200);
    assert_true(has(&scene, page_of(&scene, "")));
    assert_true(has(&scene, "Chưa điểm danh"));
    const char *short_path = str_to_c(arena, str_format(arena, "/diem-danh/%lld", (long long)scene.class->own.point_id));
    assert_int_equal(site_get(scene.site, short_path), 303);
    assert_str_equal(scene.site->res.location, page_of(&scene, ""));
    scene.class->check->cx.now = check_class_at(13, 0);
    assert_int_equal(site_get(scene.site, short_path), 303);
    assert_str_equal(scene.site->res.location,
                     str_to_c(arena, roll_url(arena, scene.class->own.point_id, scene.class->afternoon).text));
}

static void strangers_neighbours_and_other_roles_are_stopped(void **state)
{
    struct scene scene = open_scene(*state);
    static const char *const posts[] = { "/luot", "/thong-nhat", "/den-them", "/rut-ten", "/dem", "/ket-thuc", "/mo-lai",
                                         "/tra-loi" };
    static const char *const pages[] = { "", "/in", "/tep.csv", "/ma", "/ma.svg" };
    static const char fields[] = "luot=1%3Apresent%3A&learner_id=1&mark=present&reason=x&full_name=x&walk_in=x&heads=1&"
                                 "objection=x&words=x";
    be(&scene, &scene.class->other, UINT64_MAX);
    for (size_t i = 0; i < LEN(posts); i++)
        assert_int_equal(site_post(scene.site, page_of(&scene, posts[i]), fields), 404);
    for (size_t i = 0; i < LEN(pages); i++)
        assert_int_equal(site_get(scene.site, page_of(&scene, pages[i])), 404);
    be(&scene, &scene.class->own, UINT64_C(1) << PERMISSION_ROLL_READ);
    for (size_t i = 0; i < LEN(posts); i++)
        assert_int_equal(site_post(scene.site, page_of(&scene, posts[i]), fields), 403);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_false(has(&scene, "name=\"luot\""));
    assert_false(has(&scene, "/ket-thuc"));
    site_be(scene.site, STR(""), 0);
    for (size_t i = 0; i < LEN(pages); i++)
        assert_int_equal(site_get(scene.site, page_of(&scene, pages[i])), 303);
    be(&scene, &scene.class->own, UINT64_MAX);
    struct arena *arena = &scene.class->check->cx.arena;
    const char *no_session = str_to_c(arena, str_format(arena, "/diem-danh/%lld/4", (long long)scene.class->own.point_id));
    assert_int_equal(site_get(scene.site, no_session), 404);
}

static void what_a_device_could_not_give_and_has_not_sent_is_shown(void **state)
{
    struct scene scene = open_scene(*state);
    mark_by_store(&scene, 3, 1, "present", "00000000000000000000000000000d01"); /* number 3, and 1 and 2 are missing */
    struct roll_marked poison = { .point_id = scene.class->own.point_id, .session_key = scene.class->morning,
                                  .learner_id = 999999, .mark = STR("present"), .reason = STR(""), .replaces = STR(""),
                                  .device = STR("00000000000000000000000000000d02"), .device_count = 1,
                                  .device_at = check_class_at(7, 41), .source = STR("officer") };
    assert_int_equal(check_mark(scene.class, (struct fact_id){ { 8, 8 } }, &poison, NULL), ROLL_SET_ASIDE);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "còn thiếu 2 lượt chưa gửi về"));
    assert_true(has(&scene, "id=\"de-rieng\""));
    assert_true(has(&scene, "Không có học viên này trong lớp"));
}

/* ---- The learner ---- */

static struct str code_of(const struct scene *scene, size_t learner)
{
    struct ctx *cx = &scene->class->check->cx;
    struct learner one = { .id = 0 };
    assert_ok(cx, learner_find(cx, scene->class->own.learners[learner], &one));
    return learner_code(cx, &one);
}

static struct str block_of(const struct scene *scene, size_t learner)
{
    struct ctx *cx = &scene->class->check->cx;
    struct learner one = { .id = 0 };
    struct safe_html block = { { NULL, 0 } };
    const struct actor *before = cx->actor;
    assert_ok(cx, learner_find(cx, scene->class->own.learners[learner], &one));
    request_init(&scene->site->req, &scene->site->app, METHOD_GET, STR("/hv/x"));
    cx->actor = &scene->site->officer;
    assert_ok(cx, roll_learner_block(cx, &scene->site->req, &one, learner_code(cx, &one), &block));
    cx->actor = before;
    return block.markup;
}

static bool holds(struct str text, const char *part)
{
    return str_find(text, str_from(part)) < text.len;
}

static void a_scanned_paper_offers_the_officer_one_button(void **state)
{
    struct scene scene = open_scene(*state);
    struct str block = block_of(&scene, 1);
    assert_true(holds(block, "Điểm danh có mặt"));
    assert_true(holds(block, page_of(&scene, "/luot")));
    scene.class->check->cx.now = check_class_at(8, 5);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/luot"), press(&scene, 1, "present", "&scan=1")), 303);
    struct roll_sheet sheet = check_sheet(scene.class, scene.class->own.point_id, scene.class->morning);
    assert_int_equal(sheet.figures.late, 1); /* scanned after the start: late by itself */
    assert_true(holds(block_of(&scene, 1), "đã ghi Muộn lúc 08:05"));
    be(&scene, &scene.class->other, UINT64_MAX);
    assert_false(holds(block_of(&scene, 2), "Điểm danh có mặt"));
    site_be(scene.site, STR(""), 0);
    assert_false(holds(block_of(&scene, 2), "Điểm danh có mặt"));
    assert_true(holds(block_of(&scene, 2), "Dùng điện thoại này để điểm danh"));
}

static void a_learner_objects_in_time_and_the_officer_answers(void **state)
{
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    struct arena *arena = &cx->arena;
    mark_by_store(&scene, 1, 1, "absent", "00000000000000000000000000000d01");
    const char *objection = str_to_c(arena, str_format(arena, "code=" STR_FMT "&session_key=%lld&words=T%%C3%%B4i+c%%C3%%B3+m%%E1%%BA%%B7t",
                                                       STR_ARG(code_of(&scene, 1)), (long long)scene.class->morning));
    site_be(scene.site, STR(""), 0);
    assert_true(holds(block_of(&scene, 1), "Tôi có ý kiến về buổi này"));
    assert_int_equal(site_post(scene.site, "/vao/y-kien", objection), 303);
    assert_int_equal(site_post(scene.site, "/vao/y-kien", objection), 409); /* the first waits for its answer */
    assert_true(holds(block_of(&scene, 1), "Đang chờ cán bộ điểm cầu trả lời"));
    be(&scene, &scene.class->own, UINT64_MAX);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Tôi có mặt"));
    struct str id = between(&scene, "name=\"objection\" value=\"", "\"");
    const char *answer = str_to_c(arena, str_format(arena, "objection=" STR_FMT "&mark=present&words=%%C4%%90%%C3%%A3+s%%E1%%BB%%ADa",
                                                    STR_ARG(id)));
    assert_int_equal(site_post(scene.site, page_of(&scene, "/tra-loi"), answer), 303);
    assert_int_equal(check_sheet(scene.class, scene.class->own.point_id, scene.class->morning).figures.present, 1);
    assert_true(holds(block_of(&scene, 1), "Trả lời: Đã sửa"));
    /* Three days after the half-day nothing is taken any more. */
    site_be(scene.site, STR(""), 0);
    cx->now = day_start(day_from_civil(2026, 5, 27));
    assert_int_equal(site_post(scene.site, "/vao/y-kien", objection), 409);
    cx->now = day_start(day_from_civil(2026, 5, 28));
    assert_false(holds(block_of(&scene, 1), "Tôi có ý kiến"));
    assert_int_equal(site_post(scene.site, "/vao/y-kien", "code=AAAA&session_key=1&words=x"), 404);
}

/* ---- The room's code (S18) ---- */

/* What the room's screen shows at this moment, as the address behind the picture. */
static const char *room_code(const struct scene *scene, int64_t session)
{
    struct ctx *cx = &scene->class->check->cx;
    struct roll_place place = { .ends_at = 0 };
    assert_ok(cx, roll_open_place(cx, scene->class->own.point_id, ROLL_ANYWHERE, &place));
    request_init(&scene->site->req, &scene->site->app, METHOD_GET, STR("/"));
    return str_to_c(&cx->arena, roll_room_address(cx, &scene->site->req, &place, session));
}

struct phone {
    struct str cookie; /* "hoc-vien=..." */
};

static int phone_get(const struct scene *scene, struct phone *phone, const char *path)
{
    site_be(scene->site, STR(""), 0);
    request_init(&scene->site->req, &scene->site->app, METHOD_GET, str_from(path));
    scene->site->req.cookies = phone->cookie;
    enum err ignored = route_answer(&scene->class->check->cx, &scene->site->app, &scene->site->req, &scene->site->res);
    (void)ignored;
    struct str set = scene->site->res.set_cookie;
    if (set.len > 0)
        phone->cookie = str_cut(&set, ';');
    return scene->site->res.status;
}

static int phone_post(const struct scene *scene, struct phone *phone, struct str body)
{
    request_init(&scene->site->req, &scene->site->app, METHOD_POST, STR("/vao"));
    scene->site->req.cookies = phone->cookie;
    scene->site->req.content_type = STR("application/x-www-form-urlencoded");
    scene->site->req.body = body;
    enum err ignored = route_answer(&scene->class->check->cx, &scene->site->app, &scene->site->req, &scene->site->res);
    (void)ignored;
    struct str set = scene->site->res.set_cookie;
    if (set.len > 0)
        phone->cookie = str_cut(&set, ';');
    return scene->site->res.status;
}

/* Scans and says who it is; the status of the answer. */
static int enter(const struct scene *scene, struct phone *phone, size_t learner)
{
    struct arena *arena = &scene->class->check->cx.arena;
    int status = phone_get(scene, phone, room_code(scene, scene->class->morning));
    if (status != 200)
        return status;
    struct str pass = between(scene, "name=\"pass\" value=\"", "\"");
    return phone_post(scene, phone, str_format(arena, "pass=" STR_FMT "&code=" STR_FMT, STR_ARG(pass), STR_ARG(code_of(scene, learner))));
}

static int64_t present_of(const struct scene *scene)
{
    struct roll_sheet sheet = check_sheet(scene->class, scene->class->own.point_id, scene->class->morning);
    return sheet.figures.present + sheet.figures.late;
}

static void a_learner_in_the_room_checks_in_by_his_own_telephone_once(void **state)
{
    struct scene scene = open_scene(*state);
    struct phone phone = { STR("") };
    assert_int_equal(enter(&scene, &phone, 1), 200);
    assert_true(has(&scene, "Đã điểm danh Nguyễn Văn An lúc 07:45"));
    assert_int_equal(present_of(&scene), 1);
    scene.class->check->cx.now += 60000;
    assert_int_equal(enter(&scene, &phone, 1), 200);
    assert_true(has(&scene, "lúc 07:45")); /* what happened then, and nothing new */
    assert_int_equal(present_of(&scene), 1);
    struct roll_sheet sheet = check_sheet(scene.class, scene.class->own.point_id, scene.class->morning);
    assert_str_equal(sheet.at[0].marked_by, "Học viên tự quét mã phòng");
    /* The telephone knows him now: the next half-day asks for no code. */
    assert_int_equal(phone_get(&scene, &phone, room_code(&scene, scene.class->afternoon)), 200);
    assert_false(has(&scene, "name=\"code\""));
}

static void a_check_in_after_the_start_is_late_by_itself(void **state)
{
    struct scene scene = open_scene(*state);
    struct phone phone = { STR("") };
    scene.class->check->cx.now = check_class_at(8, 1);
    assert_int_equal(enter(&scene, &phone, 1), 200);
    assert_int_equal(check_sheet(scene.class, scene.class->own.point_id, scene.class->morning).figures.late, 1);
}

static void a_forged_old_foreign_or_relayed_code_opens_nothing(void **state)
{
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    struct phone phone = { STR("") };
    cx->now = check_class_at(7, 45); /* a step begins */
    const char *code = room_code(&scene, scene.class->morning);
    size_t len = strlen(code);
    for (size_t i = 5; i < len; i++) {
        char *forged = ARENA_NEW_ARRAY(&cx->arena, char, len + 1);
        memcpy(forged, code, len);
        forged[i] = forged[i] == '1' ? '2' : '1';
        assert_true(phone_get(&scene, &phone, forged) != 200);
        forged[i] = '\0';
        assert_true(phone_get(&scene, &phone, forged) != 200);
    }
    /* A photo sent elsewhere: dead after 15 seconds, whenever in its step it was taken. */
    for (int64_t taken = 0; taken < ROLL_CODE_STEP_MS; taken += 500) {
        cx->now = check_class_at(7, 45) + taken;
        code = room_code(&scene, scene.class->morning);
        assert_int_equal(phone_get(&scene, &phone, code), 200);
        cx->now += 4900;
        assert_int_equal(phone_get(&scene, &phone, code), 200);
        cx->now = check_class_at(7, 45) + taken + 15000;
        assert_int_equal(phone_get(&scene, &phone, code), 409);
    }
    cx->now = check_class_at(7, 44);
    assert_int_equal(phone_get(&scene, &phone, code), 409); /* of a moment to come */
    assert_int_equal(present_of(&scene), 0);
}

static void a_pass_is_good_for_its_own_telephone_and_two_minutes(void **state)
{
    struct scene scene = open_scene(*state);
    struct ctx *cx = &scene.class->check->cx;
    struct phone phone = { STR("") };
    struct phone friend_elsewhere = { STR("") };
    assert_int_equal(phone_get(&scene, &phone, room_code(&scene, scene.class->morning)), 200);
    struct str pass = str_copy(&cx->arena, between(&scene, "name=\"pass\" value=\"", "\""));
    assert_int_equal(phone_get(&scene, &friend_elsewhere, room_code(&scene, scene.class->morning)), 200);
    struct str body = str_format(&cx->arena, "pass=" STR_FMT "&code=" STR_FMT, STR_ARG(pass), STR_ARG(code_of(&scene, 1)));
    assert_int_equal(phone_post(&scene, &friend_elsewhere, body), 409);
    struct phone none = { STR("") };
    assert_int_equal(phone_post(&scene, &none, body), 409);
    struct str forged = str_format(&cx->arena, "pass=1" STR_FMT "&code=" STR_FMT, STR_ARG(pass), STR_ARG(code_of(&scene, 1)));
    assert_int_equal(phone_post(&scene, &phone, forged), 409);
    /* The room's code itself is no pass. */
    struct str code = str_from(room_code(&scene, scene.class->morning) + 5);
    assert_int_equal(phone_post(&scene, &phone, str_format(&cx->arena, "pass=" STR_FMT, STR_ARG(code))), 409);
    assert_int_equal(phone_post(&scene, &phone, str_format(&cx->arena, "pass=" STR_FMT "&code=ABC", STR_ARG(pass))), 422);
    int64_t now = cx->now;
    cx->now += 121000;
    assert_int_equal(phone_post(&scene, &phone, body), 409);
    assert_int_equal(present_of(&scene), 0);
    cx->now = now + 60000;
    assert_int_equal(phone_post(&scene, &phone, body), 200);
    assert_int_equal(present_of(&scene), 1);
}

static void a_learner_is_bound_to_the_first_telephone_and_two_on_one_are_flagged(void **state)
{
    struct scene scene = open_scene(*state);
    struct phone phone = { STR("") };
    struct phone other = { STR("") };
    assert_int_equal(enter(&scene, &phone, 1), 200);
    assert_int_equal(enter(&scene, &other, 1), 409); /* replayed by somebody else with the code of An */
    assert_int_equal(present_of(&scene), 1);
    assert_int_equal(enter(&scene, &phone, 2), 200);
    assert_int_equal(present_of(&scene), 2);
    be(&scene, &scene.class->own, UINT64_MAX);
    assert_int_equal(site_get(scene.site, page_of(&scene, "")), 200);
    assert_true(has(&scene, "Cùng một điện thoại với Nguyễn Văn Ánh"));
    assert_true(has(&scene, "Cùng một điện thoại với Nguyễn Văn An<"));
}

static void a_code_of_another_day_or_of_a_closed_half_day_is_refused(void **state)
{
    struct scene scene = open_scene(*state);
    struct phone phone = { STR("") };
    int64_t tomorrow = course_session_key(day_from_civil(2026, 5, 24), COURSE_MORNING);
    assert_int_equal(phone_get(&scene, &phone, room_code(&scene, tomorrow)), 409);
    be(&scene, &scene.class->own, UINT64_MAX);
    assert_int_equal(site_post(scene.site, page_of(&scene, "/ket-thuc"), ""), 303);
    assert_int_equal(phone_get(&scene, &phone, room_code(&scene, scene.class->morning)), 409);
    be(&scene, &scene.class->own, UINT64_MAX);
    assert_int_equal(site_get(scene.site, page_of(&scene, "/ma")), 200);
    assert_true(has(&scene, "id=\"roll-code\""));
    assert_int_equal(site_get(scene.site, page_of(&scene, "/ma.svg")), 200);
    assert_true(has(&scene, "<svg xmlns="));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, check_roll_open, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(forty_names_stand_in_order_with_four_buttons_each),
        ON(one_press_marks_and_the_row_says_who_and_when),
        ON(excused_asks_for_the_reason_first),
        ON(two_buttons_of_one_page_are_two_marks_and_one_pressed_twice_is_one),
        ON(a_broken_press_is_refused_in_words),
        ON(a_conflict_is_listed_with_who_said_what_and_settled_with_a_reason),
        ON(closing_names_who_is_unmarked_and_reopening_asks_why),
        ON(walk_ins_and_head_counts_have_their_forms),
        ON(the_list_is_printed_in_the_order_of_the_sheet_and_taken_as_a_table),
        ON(the_day_begins_at_one_address_that_lists_what_is_mine),
        ON(strangers_neighbours_and_other_roles_are_stopped),
        ON(what_a_device_could_not_give_and_has_not_sent_is_shown),
        ON(a_scanned_paper_offers_the_officer_one_button),
        ON(a_learner_objects_in_time_and_the_officer_answers),
        ON(a_learner_in_the_room_checks_in_by_his_own_telephone_once),
        ON(a_check_in_after_the_start_is_late_by_itself),
        ON(a_forged_old_foreign_or_relayed_code_opens_nothing),
        ON(a_pass_is_good_for_its_own_telephone_and_two_minutes),
        ON(a_learner_is_bound_to_the_first_telephone_and_two_on_one_are_flagged),
        ON(a_code_of_another_day_or_of_a_closed_half_day_is_refused),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
