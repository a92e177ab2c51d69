/* Papers handed in as files: taking in, putting right, becoming a draft; through the real router and a database. */
#include "check/check_paper.h"
#include "check/check_site.h"

#include "document/document_pages.h"
#include "plan/plan.h"
#include "plan/plan_pages.h"
#include "reading/reading_pages.h"
#include "store/writer.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- An engine whose papers are known: the room is tested, not the reading ---- */

#define PLAN_HEAD                                                                                                      \
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"31\",\"symbol\":\"KH/TU\",\"issuer\":"    \
    "\"Tỉnh ủy Quảng Ngãi\",\"place\":\"Quảng Ngãi\",\"date\":\"2026-05-14\",\"title\":\"mở lớp bồi dưỡng cấp xã\","   \
    "\"signer\":{\"name\":\"Đinh Văn Mẫu\",\"title\":\"PHÓ BÍ THƯ\",\"authority\":\"T/M BAN THƯỜNG VỤ\"},"              \
    "\"_at\":{\"fields\":{\"title\":{\"paragraph\":2,\"from\":7,\"to\":30}}}},"
#define PLAN_BODY                                                                                                      \
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"opening\":\"2026-05-23T08:00\","                  \
    "\"_doubt\":{\"opening\":\"Giờ khai giảng bị mờ\"}},"                                                              \
    "\"topics\":[{\"number\":1,\"title\":\"Quản trị cấp xã\"},{\"number\":2,\"title\":\"Dữ liệu và quyết định\"}],"    \
    "\"obligations\":[{\"text\":\"Báo cáo số lượng học viên\",\"owner\":\"Đảng ủy các xã, phường\",\"due\":{"          \
    "\"kind\":\"date\",\"value\":\"2026-05-22\",\"relation\":\"before\"},\"_doubt\":{\"owner\":\"Lấy theo đề mục\"}},"  \
    "{\"text\":\"Chuẩn bị hội trường\",\"owner\":\"Văn phòng Tỉnh ủy\"}],"                                              \
    "\"recipients\":[\"Đảng ủy các xã, phường\"],\"anomalies\":[{\"kind\":\"weekday_mismatch\",\"values\":["            \
    "\"2026-05-23\"]}],\"_paragraphs\":[{\"page\":1,\"text\":\"KẾ HOẠCH\"},{\"page\":1,\"text\":"                        \
    "\"Số 31: mở lớp bồi dưỡng cấp xã\"},{\"page\":2,\"text\":\"Hội trường <b>lớn</b> tầng 2\"}]}"

static enum err fake_read(struct ctx *cx, struct bytes file, struct reading_result *ret_result)
{
    struct str text = { (const char *)file.at, file.len };
    *ret_result = (struct reading_result){ .format = STR("text"), .pages = 2, .sheet = STR("t\np\nc 1 0 0 1 1") };
    if (str_find(text, STR("MẬT")) < text.len)
        return fail(cx, ERR_INVALID, "Văn bản có dấu chỉ độ mật; xin gửi qua mạng riêng");
    if (str_find(text, STR("bài thơ")) < text.len)
        return fail(cx, ERR_INVALID, "Đây không phải văn bản mở lớp bồi dưỡng");
    if (str_find(text, STR("trẻ con chết")) < text.len)
        return fail(cx, ERR_INVALID, "Tệp PDF bị hỏng nên không đọc được; xin xuất lại tệp");
    if (str_find(text, STR("học viện")) < text.len)
        ret_result->said = STR("{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"664\",\"symbol\":"
                               "\"KH/HVCTQG\",\"issuer\":\"Học viện Chính trị quốc gia Hồ Chí Minh\",\"date\":"
                               "\"2026-05-14\",\"title\":\"mở lớp toàn quốc\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
                               "\"obligations\":[{\"text\":\"Triệu tập cán bộ\",\"owner\":\"Tỉnh ủy, Thành ủy\"},"
                               "{\"text\":\"Chuẩn bị bài giảng\",\"owner\":\"Học viện Chính trị quốc gia Hồ Chí Minh\"}],"
                               "\"recipients\":[\"Ban Tổ chức Trung ương\",\"Các trường chính trị tỉnh, thành phố\"],"
                               "\"_paragraphs\":[{\"page\":1,\"text\":\"KẾ HOẠCH\"}]}");
    else
        ret_result->said = STR(PLAN_HEAD PLAN_BODY);
    return OK;
}

static enum err fake_picture(struct ctx *cx, struct bytes file, int page, int dots_per_inch, struct bytes *ret_png)
{
    (void)cx;
    (void)file;
    (void)dots_per_inch;
    ret_png->at = (const unsigned char *)(page == 1 ? "PNG1" : "PNG2");
    ret_png->len = 4;
    return OK;
}

static const struct reading_engine fake = { fake_read, fake_picture };

/* ---- The world ---- */

struct world {
    struct check_store *check;
    struct ctx *cx;
    struct check_site *site;
    struct unit province, neighbour;
};

enum {
    DRAFTER = 1, /* may draft */
    HEAD = 2,    /* may draft and issue */
    READER = 3,  /* may read papers */
};

static void be(struct world *w, const struct unit *unit, int role)
{
    struct unit place = { .id = 0 };
    uint64_t rights = 1ULL << PERMISSION_SIGNED_IN | 1ULL << PERMISSION_DOCUMENT_READ | 1ULL << PERMISSION_DOCUMENT_RECEIVE;
    if (role != READER)
        rights |= 1ULL << PERMISSION_DOCUMENT_DRAFT;
    if (role == HEAD)
        rights |= 1ULL << PERMISSION_DOCUMENT_ISSUE;
    assert_ok(w->cx, unit_find(w->cx, unit->place_id, &place));
    site_be(w->site, place.path, rights);
    w->site->officer.unit_id = unit->id;
    w->site->officer.unit_name = unit->full_name;
}

static int open_world(void **state)
{
    static struct fact_kinds kinds[3];
    static struct route_table rooms[3];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    struct world *w = calloc(1, sizeof *w);
    void *check = NULL;
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    kinds[2] = reading_facts;
    rooms[0] = document_routes;
    rooms[1] = plan_routes;
    rooms[2] = reading_routes;
    fact_register(kinds, LEN(kinds));
    document_listen(&plan_listener);
    document_listen(&reading_listener);
    if (!w || check_store_open(&check) != 0)
        return 1;
    w->check = check;
    w->cx = &w->check->cx;
    w->cx->now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    if (unit_load_provinces(w->cx, w->check->store, codes, LEN(codes)) != OK)
        return 1;
    w->site = site_open(w->check, rooms, LEN(rooms));
    assert_ok(w->cx, reading_desk_open(w->cx, &w->site->app, &fake));
    w->province = check_body(w->check, "51", "tinh_uy");
    w->neighbour = check_body(w->check, "42", "tinh_uy");
    be(w, &w->province, HEAD);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    void *check = w->check;
    reading_desk_close(&w->site->app);
    free(w);
    return check_store_close(&check);
}

static int send_file(struct world *w, const char *content)
{
    w->cx->fact_id = (struct fact_id){ { 0 } };
    return site_post_named_file(w->site, "/nhan-van-ban", "file", "Kế hoạch 31.docx", str_from(content), NULL);
}

static int64_t count_readings(struct world *w)
{
    SQL(count, "SELECT COUNT(*) FROM reading /*scan*/");
    return check_i64(w->check, &count, NO_BIND);
}

/* How many files lie in files/ of the data folder. */
static int count_files(struct world *w)
{
    struct str dir = str_format(&w->cx->arena, STR_FMT "/files", STR_ARG(store_dir(w->check->store)));
    DIR *folder = opendir(str_to_c(&w->cx->arena, dir));
    int count = 0;
    if (!folder)
        return 0;
    for (const struct dirent *one = readdir(folder); one; one = readdir(folder))
        count += one->d_name[0] != '.';
    closedir(folder);
    return count;
}

/* Sends the paper and opens its reading; its path stays for the test. */
static const char *taken(struct world *w, const char *content)
{
    assert_int_equal(303, send_file(w, content));
    const char *path = str_to_c(&w->cx->arena, w->site->res.location);
    assert_true(strncmp(path, "/nhan-van-ban/", 14) == 0);
    return path;
}

static int edit(struct world *w, const char *path, const char *fields)
{
    w->cx->fact_id = (struct fact_id){ { 0 } };
    return site_post(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/ghi", path)), fields);
}

static int draft(struct world *w, const char *path, const char *as)
{
    w->cx->fact_id = (struct fact_id){ { 0 } };
    return site_post(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/du-thao", path)), as);
}

static int64_t id_in(struct str path)
{
    int64_t id = 0;
    struct str rest = path, last = STR("");
    while (rest.len > 0)
        last = str_cut(&rest, '/');
    struct str figures = str_cut(&last, '#');
    assert_true(str_to_i64(figures, &id));
    return id;
}

#define shows(w, path, text)                                                                                           \
    do {                                                                                                               \
        assert_int_equal(200, site_get((w)->site, path));                                                              \
        if (!site_body_has((w)->site, text))                                                                           \
            fail_msg("%s does not show: %s", path, text);                                                              \
    } while (0)
#define hides(w, path, text)                                                                                           \
    do {                                                                                                               \
        assert_int_equal(200, site_get((w)->site, path));                                                              \
        assert_false(site_body_has((w)->site, text));                                                                  \
    } while (0)

/* ---- Taking in ---- */

static void file_is_read_and_its_values_stand_beside_the_paper(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    shows(w, path, "Kế hoạch 31-KH/TU mở lớp bồi dưỡng cấp xã");
    assert_true(site_body_has(w->site, "Đảng ủy các xã, phường"));
    assert_true(site_body_has(w->site, "trước 22/5/2026"));
    assert_true(site_body_has(w->site, "<mark class=\"read\">mở lớp bồi dưỡng cấp xã</mark>"));
    assert_true(site_body_has(w->site, "data-p=\"2\" data-from=\"7\" data-to=\"30\""));
    assert_true(site_body_has(w->site, "Hội trường &lt;b&gt;lớn&lt;/b&gt; tầng 2"));
    assert_true(site_body_has(w->site, "3 chỗ cần xem"));
    assert_true(site_body_has(w->site, "Thứ trong tuần không khớp với ngày: 23/5/2026"));
    assert_int_equal(1, count_files(w));
    shows(w, "/nhan-van-ban", "3 chỗ cần xem");
}

static void same_file_twice_opens_the_first_reading(void **state)
{
    struct world *w = *state;
    const char *first = taken(w, "kế hoạch 31");
    const char *second = taken(w, "kế hoạch 31");
    assert_string_equal(first, second);
    assert_int_equal(1, count_readings(w));
    be(w, &w->neighbour, HEAD); /* another unit's copy is its own */
    assert_string_not_equal(first, taken(w, "kế hoạch 31"));
    assert_int_equal(2, count_readings(w));
    assert_int_equal(1, count_files(w));
}

static void refused_file_leaves_nothing_behind(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *content, *words;
    } cases[] = {
        { "TỐI MẬT", "mạng riêng" },
        { "một bài thơ", "không phải văn bản mở lớp" },
        { "một trẻ con chết giữa chừng", "bị hỏng" },
        { "", "Xin chọn tệp văn bản" },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(422, send_file(w, cases[i].content));
        if (!site_body_has(w->site, cases[i].words))
            fail_msg("%s: not said: %s", cases[i].content, cases[i].words);
        assert_true(site_body_has(w->site, "Đọc văn bản")); /* the form again */
    }
    assert_int_equal(422, site_post_named_file(w->site, "/nhan-van-ban", "file", "MẬT.docx", STR("kế hoạch 31"), NULL));
    assert_int_equal(0, count_files(w));
    assert_int_equal(0, count_readings(w));
}

static void file_beyond_the_limit_is_refused_kindly(void **state)
{
    struct world *w = *state;
    size_t len = (size_t)READING_FILE_MAX + 1;
    char *big = malloc(len);
    assert_non_null(big);
    memset(big, 'a', len);
    assert_int_equal(413, site_post_named_file(w->site, "/nhan-van-ban", "file", "to.pdf", (struct str){ big, len }, NULL));
    free(big);
    assert_true(site_body_has(w->site, "24 MB"));
    assert_int_equal(0, count_files(w));
}

static void reading_is_its_units_alone(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    be(w, &w->province, READER);
    assert_int_equal(403, site_get(w->site, "/nhan-van-ban"));
    assert_int_equal(404, site_get(w->site, path));
    be(w, &w->neighbour, HEAD);
    assert_int_equal(404, site_get(w->site, path));
    assert_int_equal(404, edit(w, path, "action=remove&path=topics%2F1"));
    assert_int_equal(404, draft(w, path, "as=own"));
    hides(w, "/nhan-van-ban", "31-KH/TU");
    struct unit other = check_body(w->check, "51", "so_noi_vu"); /* the same area, another body */
    be(w, &other, HEAD);
    assert_int_equal(404, site_get(w->site, path));
    site_be(w->site, STR(""), 0);
    assert_int_equal(303, site_get(w->site, path)); /* to the door */
}

static void file_and_its_pages_can_be_opened_again(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    assert_int_equal(200, site_get(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/tep", path))));
    assert_str_equal(buf_str(&w->site->res.body), "kế hoạch 31");
    assert_int_equal(200, site_get(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/trang/2", path))));
    assert_str_equal(buf_str(&w->site->res.body), "PNG2");
    assert_int_equal(404, site_get(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/trang/3", path))));
    const char *pictures = str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s?xem=anh", path));
    shows(w, pictures, "/trang/2\"");
}

/* ---- Putting right ---- */

static void what_the_machine_read_and_what_a_person_changed_are_both_kept(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    assert_int_equal(303, edit(w, path, "action=set&path=obligations%2F1&v.owner=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5"
                                        "&v.due=9h+ng%C3%A0y+21%2F5%2F2026&v.due.how=by"));
    shows(w, path, "máy đọc: Đảng ủy các xã, phường");
    assert_true(site_body_has(w->site, "Sở Nội vụ"));
    assert_true(site_body_has(w->site, "chậm nhất 09:00 ngày 21/5/2026"));
    assert_true(site_body_has(w->site, "máy đọc: trước 22/5/2026"));
    assert_true(site_body_has(w->site, "2 chỗ cần xem")); /* who mends it has looked at it */
    const char *history = str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/lich-su", path));
    shows(w, history, "Cơ quan thực hiện: Đảng ủy các xã, phường");
    assert_true(site_body_has(w->site, "Cơ quan thực hiện: Sở Nội vụ"));
    assert_int_equal(303, edit(w, path, "action=set&path=obligations%2F1&v.owner=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5"));
    assert_int_equal(200, site_get(w->site, history)); /* nothing new was said: nothing is written */
    struct str body = buf_str(&w->site->res.body);
    size_t rows = 0;
    for (size_t at = str_find(body, STR("<th scope=\"row\"")); at < body.len; rows++) {
        body = str_sub(body, at + 1, SIZE_MAX);
        at = str_find(body, STR("<th scope=\"row\""));
    }
    assert_int_equal(1, rows);
}

static void value_that_cannot_be_is_refused_and_stays_in_the_form(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    assert_int_equal(422, edit(w, path, "action=set&path=schedule&v.start=31%2F02%2F2026"));
    assert_true(site_body_has(w->site, "Mục “Ngày bắt đầu” chưa đúng dạng"));
    assert_true(site_body_has(w->site, "value=\"31/02/2026\""));
    assert_int_equal(404, edit(w, path, "action=set&path=obligations%2F77&v.owner=A"));
    assert_int_equal(404, edit(w, path, "action=set&path=_paragraphs&v.owner=A"));
    assert_int_equal(404, edit(w, path, "action=remove&path=_next"));
    assert_int_equal(404, edit(w, path, "action=remove&path=document"));
    assert_int_equal(422, edit(w, path, "action=set&path=document&v.title=T%E1%BB%90I+M%E1%BA%ACT"));
    hides(w, path, "máy đọc:");
}

static void doubts_are_confirmed_one_by_one_or_all_at_once(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    assert_int_equal(303, edit(w, path, "action=confirm&path=obligations%2F1&value=owner"));
    shows(w, path, "2 chỗ cần xem");
    assert_int_equal(303, edit(w, path, "action=confirm&path=anomalies%2F1&value=*"));
    shows(w, path, "1 chỗ cần xem");
    assert_int_equal(303, edit(w, path, "action=confirm&path=&value="));
    hides(w, path, "chỗ cần xem");
    shows(w, "/nhan-van-ban", "Chờ lập dự thảo");
}

static void records_are_added_and_taken_out_and_the_machines_stay_in_sight(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    assert_int_equal(303, edit(w, path, "action=remove&path=topics%2F1"));
    assert_int_equal(303, edit(w, path, "action=add&path=topics&v.title=Chuy%E1%BB%83n+%C4%91%E1%BB%95i+s%E1%BB%91&v.number=3"));
    assert_int_equal(303, edit(w, path, "action=add&path=essay%2Froutes&v.from=H%E1%BB%8Dc+vi%C3%AAn&v.to=Ban+T%E1%BB%95+ch%E1%BB%A9c"));
    shows(w, path, "máy đọc được, người dùng đã bỏ");
    assert_true(site_body_has(w->site, "người dùng thêm"));
    assert_true(site_body_has(w->site, "Chuyển đổi số"));
    assert_true(site_body_has(w->site, "2 chuyên đề"));
    assert_true(site_body_has(w->site, "1 đường gửi"));
    /* Another record taken out in the meantime does not shift what a path means. */
    assert_int_equal(303, edit(w, path, "action=set&path=topics%2F2&v.speaker=L%C3%AA+M%E1%BA%ABu"));
    shows(w, path, "Lê Mẫu");
    assert_int_equal(303, edit(w, path, "action=remove&path=topics%2F100001"));
    assert_int_equal(404, edit(w, path, "action=remove&path=topics%2F100001")); /* twice */
}

static void stretch_of_the_paper_becomes_a_value_with_its_place(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    const char *pick = str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s?doan=3", path));
    shows(w, pick, "Đưa đoạn chữ này vào mục");
    assert_int_equal(303, edit(w, path, "action=set&path=&target=points%2B%7Cplace&text=H%E1%BB%99i+tr%C6%B0%E1%BB%9Dng"
                                        "&paragraph=3&from=0&to=10"));
    shows(w, path, "data-p=\"3\" data-from=\"0\" data-to=\"10\"");
    assert_true(site_body_has(w->site, "<mark class=\"read\">Hội trường</mark>"));
    assert_int_equal(422, edit(w, path, "action=set&path=&target=nothing%7Cthere&text=A&paragraph=3"));
}

/* ---- Becoming a draft ---- */

static int64_t made_draft(struct world *w, const char *path, const char *as)
{
    assert_int_equal(303, draft(w, path, as));
    return id_in(w->site->res.location);
}

static int issue(struct world *w, int64_t document_id)
{
    w->cx->fact_id = (struct fact_id){ { 0 } };
    return site_post(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "/van-ban/%lld/ban-hanh", (long long)document_id)),
                     "");
}

static void reading_becomes_a_draft_that_takes_on_later_changes_until_it_is_issued(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    int64_t id = made_draft(w, path, "as=own");
    const char *paper = str_to_c(&w->cx->arena, document_url(&w->cx->arena, id).text);
    shows(w, paper, "Đọc từ tệp");
    assert_true(site_body_has(w->site, "mở lớp bồi dưỡng cấp xã"));
    assert_int_equal(303, edit(w, path, "action=set&path=document&v.title=m%E1%BB%9F+l%E1%BB%9Bp+kh%C3%A1c"));
    assert_int_equal(id, made_draft(w, path, "as=own"));
    shows(w, paper, "mở lớp khác");
    assert_int_equal(303, issue(w, id));
    assert_int_equal(409, edit(w, path, "action=set&path=document&v.title=mu%E1%BB%99n"));
    assert_int_equal(409, draft(w, path, "as=own"));
    shows(w, path, "văn bản đã ban hành nên không sửa được nữa");
    assert_false(site_body_has(w->site, ">Sửa</a>"));
}

static void drafter_makes_the_draft_and_the_head_issues_it(void **state)
{
    struct world *w = *state;
    be(w, &w->province, DRAFTER);
    const char *path = taken(w, "kế hoạch 31");
    int64_t id = made_draft(w, path, "as=own");
    assert_int_equal(403, issue(w, id));
    be(w, &w->province, HEAD);
    assert_int_equal(303, issue(w, id));
}

static void what_issuing_needs_is_asked_for(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch 31");
    hides(w, path, "Còn thiếu để ban hành");
    assert_int_equal(303, edit(w, path, "action=set&path=document&v.number=&v.date=05%2F2026"));
    shows(w, path, "Còn thiếu để ban hành");
    assert_int_equal(303, edit(w, path, "action=set&path=document&form=missing&v.number=32&v.date=15%2F5%2F2026"));
    hides(w, path, "Còn thiếu để ban hành");
}

/* ---- A paper of another body ---- */

static int64_t count_deliveries(struct world *w, int64_t document_id)
{
    SQL(count, "SELECT COUNT(*) FROM document_delivery WHERE document_id = $1");
    return check_i64(w->check, &count, BIND(V(document_id)));
}

static void paper_of_an_upper_body_is_entered_as_received_and_stays_in_the_area(void **state)
{
    struct world *w = *state;
    const char *path = taken(w, "kế hoạch của học viện");
    shows(w, path, "Vào sổ văn bản đến");
    assert_true(site_body_has(w->site, "Không phải đơn vị của đồng chí"));
    int64_t mine = made_draft(w, path, "as=received");
    assert_int_equal(303, issue(w, mine));
    assert_int_equal(1, count_deliveries(w, mine)); /* the province's school; no central body */
    struct document document = { .id = 0 };
    assert_ok(w->cx, document_find(w->cx, mine, &document));
    assert_true(document.is_received);
    assert_int_equal(w->province.id, document.issuer_unit_id);
    assert_str_equal(document.issuer_name, "Học viện Chính trị quốc gia Hồ Chí Minh");
    /* The neighbour enters its own copy; neither number nor sight get in each other's way. */
    be(w, &w->neighbour, HEAD);
    int64_t theirs = made_draft(w, taken(w, "kế hoạch của học viện"), "as=received");
    assert_int_equal(303, issue(w, theirs));
    assert_int_equal(404, site_get(w->site, str_to_c(&w->cx->arena, document_url(&w->cx->arena, mine).text)));
    struct document_relation cited = { .number = STR("664-KH/HVCTQG"), .day = DAY_NONE,
                                       .issuer = STR("Giám đốc Học viện Chính trị quốc gia Hồ Chí Minh") };
    int64_t found = 0;
    assert_ok(w->cx, document_find_cited(w->cx, &cited, w->province.path, &found));
    assert_int_equal(mine, found);
    assert_ok(w->cx, document_find_cited(w->cx, &cited, w->neighbour.path, &found));
    assert_int_equal(theirs, found);
}

static void paper_that_is_here_already_is_pointed_at(void **state)
{
    struct world *w = *state;
    int64_t id = made_draft(w, taken(w, "kế hoạch của học viện"), "as=received");
    assert_int_equal(303, issue(w, id));
    shows(w, taken(w, "kế hoạch của học viện, bản quét lại"), "Trong hệ thống đã có");
}

static void letterhead_tells_whose_paper_it_is(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *code, *sort, *issuer;
        bool is_own;
    } cases[] = {
        { "51", "tinh_uy", "TỈNH ỦY QUẢNG NGÃI", true },
        { "51", "tinh_uy", "Thường trực Tỉnh ủy", true },
        { "51", "tinh_uy", "BAN THƯỜNG VỤ TỈNH ỦY", true },
        { "51", "tinh_uy", "", true },
        { "51", "tinh_uy", "TỈNH ỦY GIA LAI", false },
        { "51", "tinh_uy", "Tỉnh ủy Hà Tĩnh", false },
        { "51", "tinh_uy", "Học viện Chính trị quốc gia Hồ Chí Minh", false },
        { "51", "tinh_uy", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", false },
        { "51", "ubnd_tinh", "Ủy ban nhân dân (UBND) tỉnh", true },
        { "51", "ubnd_tinh", "ỦY BAN NHÂN DÂN TỈNH HÀ TĨNH", false },
        { "51", "so_noi_vu", "SỞ NỘI VỤ", true },
        { "51", "so_noi_vu", "SỞ TÀI CHÍNH", false },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        bool is_own = !cases[i].is_own;
        check_act(w->check, cases[i].code, cases[i].sort);
        assert_ok(w->cx, reading_is_own_paper(w->cx, str_from(cases[i].issuer), &is_own));
        if (is_own != cases[i].is_own)
            fail_msg("%s at %s", cases[i].issuer, cases[i].sort);
    }
}

/* ---- The desk ---- */

static void wait_for(struct world *w, const char *ticket, enum reading_job_state wanted)
{
    struct ctx *cx = w->cx;
    struct actor officer = w->site->officer;
    const struct actor *before = cx->actor;
    cx->actor = &officer;
    struct reading_job job = reading_desk_ask(cx, &w->site->app, str_from(ticket), 10000);
    cx->actor = before;
    assert_int_equal(wanted, job.state);
}

static void slow_file_waits_at_the_desk_and_a_bad_one_says_why(void **state)
{
    struct world *w = *state;
    static const char good[] = "00112233445566778899aabbccddeeff", bad[] = "ffeeddccbbaa99887766554433221100";
    const char *const with_good[] = { "fact_id", good, NULL };
    const char *const with_bad[] = { "fact_id", bad, NULL };
    reading_desk_close(&w->site->app);
    assert_ok(w->cx, writer_start(w->cx, w->check->store, &w->site->app.writer));
    assert_ok(w->cx, reading_desk_open(w->cx, &w->site->app, &fake));
    assert_int_equal(303, site_post_named_file(w->site, "/nhan-van-ban", "file", "quét.pdf", STR("%PDF-1.7 kế hoạch"), with_good));
    wait_for(w, good, READING_JOB_DONE);
    assert_int_equal(1, count_readings(w));
    assert_int_equal(303, site_get(w->site, "/dang-doc-van-ban/00112233445566778899aabbccddeeff"));
    assert_int_equal(303, site_post_named_file(w->site, "/nhan-van-ban", "file", "quét.pdf", STR("%PDF-1.7 kế hoạch"), with_good));
    assert_int_equal(1, count_readings(w));
    assert_int_equal(422, site_post_named_file(w->site, "/nhan-van-ban", "file", "hỏng.pdf", STR("%PDF-1.7 trẻ con chết"), with_bad));
    assert_true(site_body_has(w->site, "bị hỏng"));
    wait_for(w, bad, READING_JOB_FAILED);
    assert_int_equal(200, site_get(w->site, "/dang-doc-van-ban/ffeeddccbbaa99887766554433221100"));
    assert_true(site_body_has(w->site, "Tệp không được lưu lại"));
    assert_int_equal(1, count_files(w));
    be(w, &w->neighbour, HEAD); /* whose file it is not */
    assert_int_equal(404, site_get(w->site, "/dang-doc-van-ban/00112233445566778899aabbccddeeff"));
    writer_stop(w->site->app.writer);
    w->site->app.writer = NULL;
}

/* ---- Words and values ---- */

static void typed_words_become_values_and_are_shown_as_they_were_typed(void **state)
{
    struct world *w = *state;
    static const struct {
        enum reading_kind kind;
        const char *typed, *json, *shown;
    } cases[] = {
        { READING_DATE, "21/5/2026", "\"2026-05-21\"", "21/5/2026" },
        { READING_DATE, "5/2026", "\"2026-05\"", "05/2026" },
        { READING_DATE, "quý 2/2026", "\"2026-Q2\"", "quý 2/2026" },
        { READING_DATE, "năm 2031", "\"2031\"", "2031" },
        { READING_DATETIME, "8 giờ 30 ngày 23/5/2026", "\"2026-05-23T08:30\"", "08:30 ngày 23/5/2026" },
        { READING_DATETIME, "8h, ngày 23/5/2026", "\"2026-05-23T08:00\"", "08:00 ngày 23/5/2026" },
        { READING_TIME, "7h", "\"07:00\"", "07:00" },
        { READING_COUNT, "1.200", "1200", "1200" },
        { READING_COUNT, "40-45", "\"40-45\"", "40-45" },
        { READING_TENTHS, "1,5", "1.5", "1,5" },
        { READING_DUE, "thường xuyên", "{\"kind\":\"recurring\",\"value\":\"continuous\",\"relation\":\"in\"}", "thường xuyên" },
        { READING_DUE, "hằng năm, tháng 12", "{\"kind\":\"recurring\",\"value\":\"yearly-12\",\"relation\":\"in\"}",
          "hằng năm, tháng 12" },
        { READING_DUE, "5/2026", "{\"kind\":\"month\",\"value\":\"2026-05\",\"relation\":\"in\"}", "trong 05/2026" },
        { READING_DUE, "3 tháng", "{\"kind\":\"period_after\",\"value\":\"P3M\",\"relation\":\"after\"}", "sau ít nhất 3 tháng" },
        { READING_DUE, "5 ngày làm việc", "{\"kind\":\"period_after\",\"value\":\"P5WD\",\"relation\":\"after\"}",
          "sau ít nhất 5 ngày làm việc" },
        { READING_DURATION, "2 ngày đến 5 ngày", "\"P2D/P5D\"", "2 ngày đến 5 ngày" },
        { READING_REPEAT, "hằng tháng, ngày 25", "\"monthly-25\"", "hằng tháng, ngày 25" },
        { READING_LINES, "Sở Nội vụ\n\n Sở Tài chính ", "[\"Sở Nội vụ\",\"Sở Tài chính\"]", "Sở Nội vụ; Sở Tài chính" },
    };
    static const struct {
        enum reading_kind kind;
        const char *typed;
    } wrong[] = { { READING_DATE, "31/2/2026" }, { READING_DATE, "hôm qua" },      { READING_DATETIME, "25h ngày 1/1/2026" },
                  { READING_DUE, "bao giờ xong thì xong" }, { READING_COUNT, "45-40" }, { READING_TIME, "24:00" },
                  { READING_REPEAT, "hằng tháng, ngày 32" }, { READING_NUMBER, "-3" } };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct reading_field field = { "x", "Mục", cases[i].kind, NULL, 0 };
        json_t *value = NULL;
        assert_ok(w->cx, reading_parse(w->cx, &field, str_from(cases[i].typed), STR(""), &value));
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        assert_string_equal(cases[i].json, text);
        assert_str_equal(reading_show(&w->cx->arena, &field, value), cases[i].shown);
        /* What an input holds is read back as the same. */
        json_t *again = NULL;
        struct str how = reading_json_str(json_object_get(value, "relation"));
        assert_ok(w->cx, reading_parse(w->cx, &field, reading_type(&w->cx->arena, &field, value), how, &again));
        assert_true(json_equal(value, again));
        free(text);
        json_decref(value);
        json_decref(again);
    }
    for (size_t i = 0; i < LEN(wrong); i++) {
        struct reading_field field = { "x", "Mục", wrong[i].kind, NULL, 0 };
        json_t *value = NULL;
        assert_err(ERR_INVALID, reading_parse(w->cx, &field, str_from(wrong[i].typed), STR(""), &value));
    }
}

/* ---- The real engines ---- */

static struct str file_text(struct world *w, const char *path)
{
    struct buf text;
    char part[4096];
    FILE *file = fopen(path, "rb");
    buf_init(&text, &w->cx->arena);
    assert_non_null(file);
    for (size_t len = fread(part, 1, sizeof part, file); len > 0; len = fread(part, 1, sizeof part, file))
        buf_put(&text, (struct str){ part, len });
    fclose(file);
    return buf_str(&text);
}

/* Every value the reader gives can be taken over: nobody is to meet a place in JSON he has never seen. */
static size_t read_all(struct world *w, const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return 0;
    for (const struct dirent *one = readdir(dir); one; one = readdir(dir)) {
        struct str name = str_from(one->d_name);
        if (!str_ends(name, STR(".txt")))
            continue;
        const char *path = str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/%s", folder, one->d_name));
        struct str text = file_text(w, path);
        struct reading_result result = { .pages = 0 };
        struct plan plan = { .topics_len = 0 };
        json_t *root = NULL;
        /* What the reader does not take for a paper on training is its own affair. */
        if (reading_engine_own.read(w->cx, (struct bytes){ (const unsigned char *)text.at, text.len }, &result) != OK)
            continue;
        assert_ok(w->cx, reading_json_load(w->cx, result.said, &root));
        reading_json_begin(root);
        if (plan_parse(w->cx, reading_json_dump(w->cx, root), &plan) != OK)
            fail_msg("%s: %s", path, w->cx->fault.words);
        count++;
    }
    closedir(dir);
    return count;
}

static void what_the_reader_gives_can_become_a_draft(void **state)
{
    struct world *w = *state;
    const char *shared = getenv("DIEMCAU_SHARED");
    assert_true(read_all(w, "src/reader/testdata/papers/tuning") > 10);
    (void)read_all(w, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "%s/seeds", shared ? shared : "../shared")));
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        ON(file_is_read_and_its_values_stand_beside_the_paper),
        ON(same_file_twice_opens_the_first_reading),
        ON(refused_file_leaves_nothing_behind),
        ON(file_beyond_the_limit_is_refused_kindly),
        ON(reading_is_its_units_alone),
        ON(file_and_its_pages_can_be_opened_again),
        ON(what_the_machine_read_and_what_a_person_changed_are_both_kept),
        ON(value_that_cannot_be_is_refused_and_stays_in_the_form),
        ON(doubts_are_confirmed_one_by_one_or_all_at_once),
        ON(records_are_added_and_taken_out_and_the_machines_stay_in_sight),
        ON(stretch_of_the_paper_becomes_a_value_with_its_place),
        ON(reading_becomes_a_draft_that_takes_on_later_changes_until_it_is_issued),
        ON(drafter_makes_the_draft_and_the_head_issues_it),
        ON(what_issuing_needs_is_asked_for),
        ON(paper_of_an_upper_body_is_entered_as_received_and_stays_in_the_area),
        ON(paper_that_is_here_already_is_pointed_at),
        ON(letterhead_tells_whose_paper_it_is),
        ON(slow_file_waits_at_the_desk_and_a_bad_one_says_why),
        ON(what_the_reader_gives_can_become_a_draft),
        ON(typed_words_become_values_and_are_shown_as_they_were_typed),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
