/* The pages of papers, from writing one to who has it, through the real router and a database. */
#include "check/check_store.h"

#include "document/document_pages.h"
#include "http/router.h"
#include "http/server.h"
#include "plan/plan_pages.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "0123456789abcdef0123456789abcdef"

/* Who comes: a cookie "SORT@CODE:MAY" is a seat of that body; MAY is any of d(raft), i(ssue). */
static enum err identify(struct ctx *cx, struct request *req, struct actor *ret_actor)
{
    struct str rest = req->cookie, may = STR("");
    struct unit place = { 0 }, unit = { 0 };
    if (rest.len == 0)
        return OK;
    struct str seat = str_cut(&rest, ':');
    may = rest;
    struct str sort = str_cut(&seat, '@');
    TRY(seat.len > 0 ? unit_find_code(cx, seat, &place) : unit_find_nation(cx, &place));
    TRY(unit_find_body(cx, place.id, sort, &unit));
    uint64_t rights = 1ULL << PERMISSION_SIGNED_IN | 1ULL << PERMISSION_DOCUMENT_READ |
                      1ULL << PERMISSION_DOCUMENT_RECEIVE;
    if (str_find(may, STR("d")) < may.len)
        rights |= 1ULL << PERMISSION_DOCUMENT_DRAFT;
    if (str_find(may, STR("i")) < may.len)
        rights |= 1ULL << PERMISSION_DOCUMENT_ISSUE;
    *ret_actor = (struct actor){ .kind = ACTOR_PERSON,
                                 .account_id = 5,
                                 .unit_id = unit.id,
                                 .unit_name = unit.full_name,
                                 .name = STR("Lò Thị Bích"),
                                 .scope = unit_scope(&cx->arena, place.path),
                                 .permissions = rights };
    req->csrf = STR(SECRET);
    return OK;
}

static const char province[] = "tinh_uy@51:di", clerk[] = "tinh_uy@51:d",
                  neighbour[] = "tinh_uy@42:di";

struct world {
    struct check_store *check;
    struct ctx *cx;
    struct app app;
    struct request req;
    struct response res;
    struct str commune; /* a receiver's cookie */
};

static int open_world(void **state)
{
    static struct fact_kinds kinds[2];
    static struct route_table rooms[2];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    struct world *world = calloc(1, sizeof *world);
    void *check = NULL;
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    rooms[0] = document_routes;
    rooms[1] = plan_routes;
    fact_register(kinds, LEN(kinds));
    document_listen(&plan_listener);
    if (!world || check_store_open(&check) != 0)
        return 1;
    world->check = check;
    world->cx = &world->check->cx;
    world->cx->now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    world->app =
        (struct app){ .env = world->cx->env,
                      .store = world->check->store,
                      .rooms = rooms,
                      .rooms_len = LEN(rooms),
                      .gate = { .identify = identify, .sign_in_path = STR("/dang-nhap") } };
    *state = world;
    if (unit_load_provinces(world->cx, world->check->store, codes, LEN(codes)) != OK)
        return 1;
    struct unit place = { 0 };
    struct unit_list list = { 0 };
    if (unit_find_code(world->cx, STR("51"), &place) != OK ||
        unit_find_by_sort(world->cx, STR("dang_uy_xa"), place.path, &list) != OK || list.len == 0 ||
        unit_find(world->cx, list.at[0].place_id, &place) != OK)
        return 1;
    world->commune = str_format(&world->cx->arena, "dang_uy_xa@" STR_FMT ":", STR_ARG(place.code));
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    void *check = world->check;
    free(world);
    return check_store_close(&check);
}

static int answer(struct world *world)
{
    enum err ignored = route_answer(world->cx, &world->app, &world->req, &world->res);
    (void)ignored; /* it stands in the status too */
    return world->res.status;
}

static void ask(struct world *world, enum method method, const char *who, const char *path)
{
    struct str rest = str_from(path);
    request_init(&world->req, &world->app, method, str_cut(&rest, '?'));
    world->req.query = rest;
    world->req.cookies = *who ? str_format(&world->cx->arena, "phien=%s", who) : STR("");
    world->cx->fact_id = (struct fact_id){ { 0 } };
}

static int get(struct world *world, const char *who, const char *path)
{
    ask(world, METHOD_GET, who, path);
    return answer(world);
}

static struct str masked(struct world *world)
{
    unsigned char random[CSRF_SECRET_BYTES];
    env_random(world->cx->env, random, sizeof random);
    return csrf_mask(world->cx, STR(SECRET), random);
}

static int post(struct world *world, const char *who, const char *path, const char *fields)
{
    ask(world, METHOD_POST, who, path);
    world->req.content_type = STR("application/x-www-form-urlencoded");
    struct str token = masked(world);
    world->req.body = str_format(&world->cx->arena, "csrf=" STR_FMT "&%s",
                                 STR_ARG(url_encode(&world->cx->arena, token)), fields);
    return answer(world);
}

/* A form with a file, as a browser sends it. */
static int send_file(struct world *world, const char *who, const char *path, const char *name,
                     const char *file_name, const char *content)
{
    ask(world, METHOD_POST, who, path);
    world->req.content_type = STR("multipart/form-data; boundary=cat");
    struct str token = masked(world);
    world->req.body =
        str_format(&world->cx->arena,
                   "--cat\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" STR_FMT
                   "\r\n"
                   "--cat\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n%s\r\n"
                   "--cat\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                   "Content-Type: application/octet-stream\r\n\r\n%s\r\n--cat--\r\n",
                   STR_ARG(token), name, file_name, content);
    return answer(world);
}

static void shows(const struct world *world, const char *text)
{
    struct str body = buf_str(&world->res.body);
    if (str_find(body, str_from(text)) == body.len)
        fail_msg("“%s” is not in:\n" STR_FMT, text, STR_ARG(body));
}

static void hides(const struct world *world, const char *text)
{
    struct str body = buf_str(&world->res.body);
    if (str_find(body, str_from(text)) < body.len)
        fail_msg("“%s” is in:\n" STR_FMT, text, STR_ARG(body));
}

static const char *path_of(struct world *world, struct str paper, const char *rest)
{
    return str_to_c(&world->cx->arena,
                    str_format(&world->cx->arena, STR_FMT "%s", STR_ARG(paper), rest));
}

/* A plan written by form; its address. */
static struct str written(struct world *world, const char *number)
{
    struct str fields = str_format(&world->cx->arena,
                                   "loai=ke_hoach&the_thuc=party&so=%s&ky_hieu=KH/"
                                   "TU&co_quan_ban_hanh=T%%E1%%BB%%89nh+%%E1%%BB%%A7y"
                                   "&dia_danh=Qu%%E1%%BA%%A3ng+Ng%%C3%%A3i&ngay=14/5/"
                                   "2026&trich_yeu=m%%E1%%BB%%9F+l%%E1%%BB%%9Bp"
                                   "&nguoi_ky=Lo+Van+Mau&chuc_vu=Pho+Bi+thu"
                                   "&noi_nhan=-+%%C4%%90%%E1%%BA%%A3ng+%%E1%%BB%%A7y+c%%C3%%A1c+x%%"
                                   "C3%%A3,+ph%%C6%%B0%%E1%%BB%%9Dng,"
                                   "%%0D%%0A-+Ban+li%%C3%%AAn+h%%C3%%A0nh+tinh."
                                   "&nhiem_vu_0=B%%C3%%A1o+c%%C3%%A1o&co_quan_0=%%C4%%90%%E1%%BA%%"
                                   "A3ng+%%E1%%BB%%A7y+c%%C3%%A1c+x%%C3%%A3"
                                   "&han_0=21/5/2026&gio_0=09:00&cach_tinh_0=before",
                                   number);
    assert_int_equal(303,
                     post(world, province, "/van-ban/soan", str_to_c(&world->cx->arena, fields)));
    assert_true(str_starts(world->res.location, STR("/van-ban/")));
    return world->res.location;
}

static void stranger_is_sent_to_sign_in(void **state)
{
    struct world *world = *state;
    static const char *const paths[] = { "/van-ban", "/van-ban/1", "/van-ban/soan", "/tai-lieu/1",
                                         "/van-ban/danh-sach.csv" };
    for (size_t i = 0; i < LEN(paths); i++) {
        int status = get(world, "", paths[i]);
        assert_true(status == 303 || status == 401);
    }
    assert_int_equal(403, get(world, str_to_c(&world->cx->arena, world->commune), "/van-ban/soan"));
}

static void every_route_of_papers_is_sound(void **state)
{
    struct world *world = *state;
    assert_ok(world->cx, routes_check(world->cx, world->app.rooms, world->app.rooms_len));
}

static void paper_goes_from_form_to_issue_to_receipt(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    assert_int_equal(200, get(world, province, path_of(world, paper, "")));
    shows(world, "ĐẢNG CỘNG SẢN VIỆT NAM");
    shows(world, "Số 09-KH/TU");
    shows(world, "Quảng Ngãi, ngày 14 tháng 5 năm 2026");
    shows(world, "Dự thảo chưa ràng buộc đơn vị nào");
    shows(world, "trước 9 giờ ngày 21/5/2026");
    shows(world, "chưa gắn với đơn vị nào");
    assert_int_equal(200, get(world, province, path_of(world, paper, "/ban-hanh")));
    shows(world, "<b class=\"num\">96</b>");
    assert_int_equal(303, post(world, province, path_of(world, paper, "/ban-hanh"), ""));
    const char *commune = str_to_c(&world->cx->arena, world->commune);
    assert_int_equal(200, get(world, commune, "/van-ban?hop=chua"));
    shows(world, "09-KH/TU");
    assert_int_equal(200, get(world, commune, path_of(world, paper, "")));
    shows(world, "Tiếp nhận văn bản");
    hides(world, "Thu hồi văn bản này");
    assert_int_equal(303, post(world, commune, path_of(world, paper, "/tiep-nhan"), ""));
    assert_int_equal(303, post(world, commune, path_of(world, paper, "/tiep-nhan"),
                               "")); /* twice is a success */
    assert_int_equal(200, get(world, commune, path_of(world, paper, "")));
    shows(world, "đã tiếp nhận lúc");
    hides(world, "Tiếp nhận văn bản</button>");
    assert_int_equal(200, get(world, province, path_of(world, paper, "/noi-nhan?loc=chua")));
    shows(world, "<b class=\"num\">1</b> / 96");
    assert_int_equal(200, get(world, province, path_of(world, paper, "/noi-nhan.csv?loc=da")));
    shows(world, "Đảng ủy");
}

static void draft_without_number_says_what_is_missing_and_is_not_issued(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "");
    assert_int_equal(200, get(world, province, path_of(world, paper, "/ban-hanh")));
    shows(world, "Văn bản chưa có số nên còn là dự thảo");
    hides(world, "Ban hành văn bản</button>");
    assert_int_equal(422, post(world, province, path_of(world, paper, "/ban-hanh"), ""));
    assert_int_equal(
        404, get(world, str_to_c(&world->cx->arena, world->commune), path_of(world, paper, "")));
}

static void stale_date_and_odd_symbol_are_pointed_out_before_issue(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    assert_int_equal(200, get(world, province, path_of(world, paper, "/ban-hanh")));
    hides(world, "Điều 18");
    hides(world, "không bắt đầu bằng");
    world->cx->now += 6 * (int64_t)DAY_MS;
    assert_int_equal(303, post(world, province, path_of(world, paper, "/sua"),
                               "loai=giay_moi&the_thuc=party&so=9&ky_hieu=KH/TU&co_quan_ban_hanh=X"
                               "&trich_yeu=Y&ngay=14/5/2026&nguoi_ky=Z&noi_nhan=A"));
    assert_int_equal(200, get(world, province, path_of(world, paper, "/ban-hanh")));
    shows(world, "Điều 18");
    shows(world, "không bắt đầu bằng GM");
}

static void neighbour_finds_nothing_of_a_foreign_paper(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    assert_int_equal(303, post(world, province, path_of(world, paper, "/ban-hanh"), ""));
    static const char *const pages[] = { "",          "/noi-nhan", "/noi-nhan.csv", "/can-cu",
                                         "/ban-hanh", "/thu-hoi",  "/sua",          "/nhap" };
    static const char *const posts[] = { "/tiep-nhan", "/ban-hanh" };
    for (size_t i = 0; i < LEN(pages); i++)
        assert_int_equal(404, get(world, neighbour, path_of(world, paper, pages[i])));
    for (size_t i = 0; i < LEN(posts); i++)
        assert_int_equal(404, post(world, neighbour, path_of(world, paper, posts[i]), ""));
    assert_int_equal(404, post(world, neighbour, path_of(world, paper, "/thu-hoi"), "reason=x"));
    assert_int_equal(404, post(world, neighbour, path_of(world, paper, "/noi-nhan"),
                               "ordinal=1&sort=so_noi_vu"));
    assert_int_equal(404, send_file(world, neighbour, path_of(world, paper, "/tai-lieu"), "x",
                                    "x.pdf", "%PDF-1.7"));
    assert_int_equal(200, get(world, neighbour, "/van-ban?hop=tat-ca"));
    hides(world, "09-KH/TU");
    assert_int_equal(200, get(world, neighbour, "/van-ban/danh-sach.csv?hop=tat-ca"));
    hides(world, "09-KH/TU");
    assert_int_equal(403, post(world, clerk, path_of(world, paper, "/ban-hanh"), ""));
}

static void recall_asks_for_a_reason_and_shows_it(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    assert_int_equal(303, post(world, province, path_of(world, paper, "/ban-hanh"), ""));
    assert_int_equal(200, get(world, province, path_of(world, paper, "/thu-hoi")));
    assert_int_equal(422, post(world, province, path_of(world, paper, "/thu-hoi"), "reason="));
    assert_int_equal(303, post(world, province, path_of(world, paper, "/thu-hoi"),
                               "reason=Ban+h%C3%A0nh+nh%E1%BA%A7m"));
    assert_int_equal(
        200, get(world, str_to_c(&world->cx->arena, world->commune), path_of(world, paper, "")));
    shows(world, "Văn bản này đã được thu hồi");
    shows(world, "Ban hành nhầm");
}

static void plan_from_a_file_is_read_or_refused_at_its_place(void **state)
{
    struct world *world = *state;
    assert_int_equal(422, send_file(world, province, "/van-ban/nhap", "", "x.json",
                                    "{\"schema\":\"plan/1\",\"topics\":[{\"title\":5}]}"));
    shows(world, "topics[1].title");
    assert_int_equal(422, post(world, province, "/van-ban/nhap", "content="));
    assert_int_equal(
        303,
        send_file(world, province, "/van-ban/nhap", "", "x.json",
                  "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"giay_moi\",\"symbol\":\"GM/TU\","
                  "\"title\":\"dự lớp <b>bồi dưỡng</b>\"},\"mode\":\"online\","
                  "\"obligations\":[{\"text\":\"Lập danh sách\",\"owner\":\"Sở Nội vụ\"}],"
                  "\"recipients\":[\"Sở Nội vụ\",\"Như thành phần\"]}"));
    struct str paper = world->res.location;
    assert_int_equal(200, get(world, province, path_of(world, paper, "")));
    shows(world, "&lt;b&gt;bồi dưỡng");
    hides(world, "<b>bồi dưỡng</b>");
    shows(world, "Trực tuyến");
    shows(world, "Lập danh sách");
    /* what is edited by form keeps what the file brought */
    assert_int_equal(200, get(world, province, path_of(world, paper, "/sua")));
    assert_int_equal(303, post(world, province, path_of(world, paper, "/sua"),
                               "loai=giay_moi&the_thuc=party&so=12&ky_hieu=GM/"
                               "TU&co_quan_ban_hanh=X&trich_yeu=Y&ngay=14/5/2026"
                               "&nguoi_ky=Z&noi_nhan=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5"));
    assert_int_equal(200, get(world, province, path_of(world, paper, "")));
    shows(world, "12-GM/TU");
    shows(world, "Lập danh sách");
}

static void line_of_recipients_is_given_its_sort_and_keeps_it(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    assert_int_equal(
        303, post(world, province, path_of(world, paper, "/noi-nhan"), "ordinal=2&sort=so_noi_vu"));
    assert_int_equal(
        422, post(world, province, path_of(world, paper, "/noi-nhan"), "ordinal=2&sort=khong_co"));
    assert_int_equal(404, post(world, province, path_of(world, paper, "/noi-nhan"),
                               "ordinal=77&sort=so_noi_vu"));
    assert_int_equal(200, get(world, province, path_of(world, paper, "/ban-hanh")));
    shows(world, "<b class=\"num\">97</b>");
}

static void related_papers_are_walked_in_both_directions(void **state)
{
    struct world *world = *state;
    struct str upper = written(world, "09"), lower = STR("");
    assert_int_equal(303, post(world, province, path_of(world, upper, "/ban-hanh"), ""));
    lower = written(world, "10");
    assert_int_equal(422, post(world, province, path_of(world, lower, "/can-cu"),
                               "relation=carries_out&number="));
    assert_int_equal(303, post(world, province, path_of(world, lower, "/can-cu"),
                               "relation=carries_out&number=09-KH/TU"));
    assert_int_equal(303, post(world, province, path_of(world, lower, "/can-cu"),
                               "relation=separate_plan_to_follow&text=L%E1%BB%9Bp+ri%C3%AAng"));
    assert_int_equal(303, post(world, province, path_of(world, lower, "/ban-hanh"), ""));
    assert_int_equal(200, get(world, province, path_of(world, lower, "")));
    shows(world, "Thực hiện");
    shows(world, "Lớp riêng");
    assert_int_equal(200, get(world, province, path_of(world, upper, "/can-cu")));
    shows(world, "Được thực hiện bởi");
    shows(world, "10-KH/TU");
}

static void material_is_sent_kept_and_handed_out_only_to_whom_it_was_delivered(void **state)
{
    struct world *world = *state;
    struct str paper = written(world, "09");
    const char *commune = str_to_c(&world->cx->arena, world->commune);
    assert_int_equal(303, post(world, province, path_of(world, paper, "/ban-hanh"), ""));
    assert_int_equal(422, send_file(world, province, path_of(world, paper, "/tai-lieu"), "Bài 1",
                                    "bai.zip", "PK\x03\x04"));
    assert_int_equal(422, send_file(world, province, path_of(world, paper, "/tai-lieu"), "Bài 1",
                                    "bai.pdf", "<html>"));
    assert_int_equal(303, send_file(world, province, path_of(world, paper, "/tai-lieu"), "Bài 1",
                                    "bai.pdf", "%PDF-1.7 bài"));
    assert_int_equal(200, get(world, province, path_of(world, paper, "")));
    struct str body = buf_str(&world->res.body);
    struct str link = str_sub(body, str_find(body, STR("href=\"/tai-lieu/")) + 6, SIZE_MAX);
    link = str_copy(&world->cx->arena, str_cut(&link, '"'));
    assert_true(str_starts(link, STR("/tai-lieu/")));
    assert_int_equal(404,
                     get(world, commune, path_of(world, link, ""))); /* attached is not delivered */
    assert_int_equal(403, post(world, clerk, path_of(world, link, "/chuyen"), ""));
    assert_int_equal(303, post(world, province, path_of(world, link, "/chuyen"), ""));
    assert_int_equal(200, get(world, commune, path_of(world, link, "")));
    assert_str_equal(world->res.file_name, "Bài 1.pdf");
    assert_true(str_eq(buf_str(&world->res.body), STR("%PDF-1.7 bài")));
    assert_int_equal(303, post(world, commune, path_of(world, link, "/nhan"), ""));
    assert_int_equal(404, get(world, neighbour, path_of(world, link, "")));
    assert_int_equal(404, post(world, neighbour, path_of(world, link, "/nhan"), ""));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        T(stranger_is_sent_to_sign_in),
        T(every_route_of_papers_is_sound),
        T(paper_goes_from_form_to_issue_to_receipt),
        T(draft_without_number_says_what_is_missing_and_is_not_issued),
        T(stale_date_and_odd_symbol_are_pointed_out_before_issue),
        T(neighbour_finds_nothing_of_a_foreign_paper),
        T(recall_asks_for_a_reason_and_shows_it),
        T(plan_from_a_file_is_read_or_refused_at_its_place),
        T(line_of_recipients_is_given_its_sort_and_keeps_it),
        T(related_papers_are_walked_in_both_directions),
        T(material_is_sent_kept_and_handed_out_only_to_whom_it_was_delivered),
    };
#undef T
    return cmocka_run_group_tests_name("plan_pages", tests, NULL, NULL);
}
