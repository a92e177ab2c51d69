/* The way back: from an upper body's paper the draft of the one that carries it out. */
#include "check/check_paper.h"
#include "check/check_site.h"

#include "document/document_pages.h"
#include "plan/plan_lower.h"
#include "plan/plan_pages.h"

#include <stdlib.h>

static const char upper_json[] =
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"664\",\"symbol\":\"KH/HVCTQG\",\"issuer\":"
    "\"Học viện Chính trị quốc gia Hồ Chí Minh\",\"place\":\"Hà Nội\",\"date\":\"2026-05-14\",\"title\":\"tổ chức lớp bồi "
    "dưỡng\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},\"mode\":\"hybrid\",\"audiences\":[{\"text\":\"Cán bộ cấp xã\"}],"
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\",\"days\":2,\"opening\":\"2026-05-23T08:00\","
    "\"connection_tests\":[{\"at\":\"2026-05-20T08:00\"}]},"
    "\"points\":[{\"level\":\"commune\",\"attendees\":[\"Cán bộ lãnh đạo cấp xã\"]}],"
    "\"topics\":[{\"number\":1,\"title\":\"Quản trị cấp xã\"},{\"number\":2,\"title\":\"Dữ liệu\"}],"
    "\"essay\":{\"required\":true,\"count\":1,\"routes\":[{\"from\":\"Học viên\",\"to\":\"Ban Tổ chức tỉnh ủy\",\"then\":["
    "\"Ban Thường vụ Tỉnh ủy\"]}]},\"obligations\":[{\"text\":\"Triệu tập cán bộ\",\"owner\":\"Tỉnh ủy, Thành ủy\"}],"
    "\"budget\":[{\"payer\":\"Học viện\",\"for\":\"điểm cầu Học viện\"},{\"payer\":\"Các Tỉnh ủy, Thành ủy\",\"for\":"
    "\"điểm cầu cấp tỉnh, cấp xã\"}],\"recipients\":[\"Các tỉnh ủy, thành ủy\"]}";

struct world {
    struct check_store *check;
    struct ctx *cx;
    struct check_site *site;
    struct unit academy, province, neighbour;
    int64_t upper_id;
};

static void be(struct world *w, const struct unit *unit, bool may_draft)
{
    struct unit place = { .id = 0 };
    uint64_t rights = 1ULL << PERMISSION_SIGNED_IN | 1ULL << PERMISSION_DOCUMENT_READ | 1ULL << PERMISSION_DOCUMENT_ISSUE;
    assert_ok(w->cx, unit_find(w->cx, unit->place_id, &place));
    site_be(w->site, place.path, may_draft ? rights | 1ULL << PERMISSION_DOCUMENT_DRAFT : rights);
    w->site->officer.unit_id = unit->id;
    w->site->officer.unit_name = unit->full_name;
}

static int open_world(void **state)
{
    static struct fact_kinds kinds[2];
    static struct route_table rooms[3];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    struct world *w = calloc(1, sizeof *w);
    void *check = NULL;
    kinds[0] = unit_facts;
    kinds[1] = document_facts;
    rooms[0] = document_routes;
    rooms[1] = plan_routes;
    rooms[2] = plan_lower_routes;
    fact_register(kinds, LEN(kinds));
    document_listen(&plan_listener);
    if (!w || check_store_open(&check) != 0)
        return 1;
    w->check = check;
    w->cx = &w->check->cx;
    w->cx->now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    if (unit_load_provinces(w->cx, w->check->store, codes, LEN(codes)) != OK)
        return 1;
    w->academy = check_act(w->check, "", "hoc_vien");
    w->upper_id = check_issue_plan(w->check, str_from(upper_json), "664", day_from_civil(2026, 5, 14));
    w->province = check_body(w->check, "51", "tinh_uy");
    w->neighbour = check_body(w->check, "42", "tinh_uy");
    w->site = site_open(w->check, rooms, LEN(rooms));
    be(w, &w->province, true);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    void *check = w->check;
    free(w);
    return check_store_close(&check);
}

static const char *lower_path(struct world *w, int64_t id)
{
    return str_to_c(&w->cx->arena, plan_url_lower(&w->cx->arena, id).text);
}

/* Sends the form; the fields every sending has stand here. */
static int send_form(struct world *w, const char *more)
{
    struct buf body;
    buf_init(&body, &w->cx->arena);
    buf_format(&body, "loai=giay_moi&trich_yeu=m%%E1%%BB%%9Di+d%%E1%%BB%%B1+l%%E1%%BB%%9Bp&%s", more);
    buf_put_char(&body, '\0');
    w->cx->fact_id = (struct fact_id){ { 0 } };
    return site_post(w->site, lower_path(w, w->upper_id), body.at);
}

static struct str field_of(struct world *w, const char *name, const char *value)
{
    return str_format(&w->cx->arena, "%s=" STR_FMT "&", name, STR_ARG(url_encode(&w->cx->arena, str_from(value))));
}

/* What the draft at the redirect's address says. */
static struct plan drafted(struct world *w, struct document *ret_document)
{
    struct plan plan = { .topics_len = 0 };
    int64_t id = 0;
    struct str path = w->site->res.location;
    assert_true(str_starts(path, STR("/van-ban/")));
    assert_true(str_to_i64(str_sub(path, sizeof "/van-ban/" - 1, SIZE_MAX), &id));
    assert_ok(w->cx, document_find(w->cx, id, ret_document));
    assert_ok(w->cx, plan_parse(w->cx, ret_document->content, &plan));
    return plan;
}

static void province_gets_an_invitation_with_the_upper_facts_and_its_own_gaps(void **state)
{
    struct world *w = *state;
    struct document document = { .id = 0 };
    assert_int_equal(200, site_get(w->site, lower_path(w, w->upper_id)));
    assert_true(site_body_has(w->site, "Quản trị cấp xã"));
    assert_true(site_body_has(w->site, "Học viên → Ban Tổ chức tỉnh ủy → Ban Thường vụ Tỉnh ủy"));
    struct str fields[] = {
        field_of(w, "hoi_truong", "Hội trường Tỉnh ủy"),
        field_of(w, "chi_tieu", "Sở Nội vụ: 5\n- Sở Tài chính: tối đa 03 đồng chí;\nTrường Chính trị: toàn thể"),
        field_of(w, "han_danh_sach", "22/5/2026"),
        field_of(w, "noi_tong_hop", "Ban Tổ chức Tỉnh ủy"),
        field_of(w, "phong_cap_duoi", "phòng họp trực tuyến của Đảng ủy các xã"),
        field_of(w, "kiem_tra", "14:00 ngày 22/5/2026"),
        field_of(w, "han_so_luong", "09:00 ngày 22/5/2026"),
        field_of(w, "co_mat_truoc", "10"),
        field_of(w, "duong_gui", "Học viên ở xã -> Ban Thường vụ Đảng ủy xã → Ban Tổ chức Tỉnh ủy\nKhối chính quyền -> Sở Nội vụ"),
        field_of(w, "lien_he", "Lò Thị Bích; Ban Tổ chức Tỉnh ủy; 0900 000 001; danh sách"),
        field_of(w, "noi_nhan", "Như thành phần"),
        field_of(w, "so", "77"),
        field_of(w, "ngay", "15/5/2026"),
        field_of(w, "nguoi_ky", "Đinh Văn Mẫu"),
    };
    struct str form = str_join(&w->cx->arena, fields, LEN(fields), STR(""));
    assert_int_equal(303, send_form(w, str_to_c(&w->cx->arena, form)));
    struct plan plan = drafted(w, &document);
    assert_str_equal(document.state, "draft");
    assert_str_equal(document.symbol, "GM/TU");
    assert_str_equal(plan.document.issuer, "Tỉnh ủy Quảng Ngãi");
    assert_str_equal(plan.document.references[0].number, "664-KH/HVCTQG");
    assert_str_equal(plan.schedule.start, "2026-05-23");
    assert_int_equal(day_time(day_from_civil(2026, 5, 23), 8, 0), plan.schedule.opening_at);
    assert_int_equal(1, plan.schedule.connection_tests_len); /* ours, not the upper body's */
    assert_int_equal(day_time(day_from_civil(2026, 5, 22), 14, 0), plan.schedule.connection_tests_at[0]);
    assert_str_equal(plan.mode, "online");
    assert_int_equal(2, plan.topics_len);
    assert_int_equal(3, plan.quotas_len);
    assert_int_equal(PLAN_MAX, plan.quotas[1].bound);
    assert_int_equal(3, plan.quotas[1].count.max);
    assert_int_equal(0, plan.quotas[2].count.max);
    assert_int_equal(2, plan.essay.routes_len);
    assert_str_equal(plan.essay.routes[0].then.at[0], "Ban Tổ chức Tỉnh ủy");
    assert_int_equal(1, plan.budget_len);
    assert_str_equal(plan.points[1].attendees.at[0], "Cán bộ lãnh đạo cấp xã");
    assert_str_equal(plan.contacts[0].phone, "0900 000 001");
    assert_true(plan.obligations_len >= 4);
    /* What differs from the upper paper stands beside the draft, and it can be issued. */
    assert_int_equal(200, site_get(w->site, str_to_c(&w->cx->arena, document_url(&w->cx->arena, document.id).text)));
    assert_true(site_body_has(w->site, "So với văn bản cấp trên"));
    assert_true(site_body_has(w->site, "Cụ thể thêm"));
    w->cx->fact_id = (struct fact_id){ { 0 } };
    assert_int_equal(303, site_post(w->site, str_to_c(&w->cx->arena, str_format(&w->cx->arena, "/van-ban/%lld/ban-hanh",
                                                                              (long long)document.id)), ""));
    SQL(count, "SELECT COUNT(*) FROM document_delivery v JOIN unit u ON u.id = v.unit_id WHERE v.document_id = $1 AND u.sort = $2");
    assert_int_equal(1, check_i64(w->check, &count, BIND(V(document.id), V(STR("so_noi_vu")))));
    assert_true(check_i64(w->check, &count, BIND(V(document.id), V(STR("dang_uy_xa")))) > 10);
}

static void what_is_left_empty_is_not_said(void **state)
{
    struct world *w = *state;
    struct document document = { .id = 0 };
    assert_int_equal(303, send_form(w, ""));
    struct plan plan = drafted(w, &document);
    assert_int_equal(0, plan.quotas_len);
    assert_int_equal(0, plan.points_len);
    assert_int_equal(0, plan.schedule.connection_tests_len);
    assert_int_equal(0, plan.essay.routes_len);
    for (size_t i = 0; i < plan.obligations_len; i++)
        assert_int_equal(PLAN_DUE_NONE, plan.obligations[i].due.kind);
}

static void line_that_cannot_be_read_is_pointed_out_at_its_field(void **state)
{
    struct world *w = *state;
    struct str wrong = field_of(w, "duong_gui", "Nộp ở văn phòng");
    assert_int_equal(422, send_form(w, str_to_c(&w->cx->arena, wrong)));
    assert_true(site_body_has(w->site, "cần ít nhất hai nơi"));
    assert_true(site_body_has(w->site, "Nộp ở văn phòng")); /* nothing typed is lost */
    wrong = field_of(w, "chi_tieu", "Sở Nội vụ: 5x");
    assert_int_equal(422, send_form(w, str_to_c(&w->cx->arena, wrong)));
    assert_true(site_body_has(w->site, "ghi như Sở Nội vụ: 5"));
}

static void only_who_drafts_under_the_paper_may_carry_it_out(void **state)
{
    struct world *w = *state;
    const char *path = lower_path(w, w->upper_id);
    be(w, &w->province, false);
    assert_int_equal(404, site_get(w->site, path));
    be(w, &w->academy, true); /* one's own paper is amended, not carried out */
    assert_int_equal(409, site_get(w->site, path));
    assert_int_equal(409, send_form(w, ""));
    be(w, &w->province, true);
    assert_int_equal(303, send_form(w, ""));
    struct document draft = { .id = 0 };
    (void)drafted(w, &draft);
    assert_int_equal(409, site_get(w->site, lower_path(w, draft.id)));
    be(w, &w->neighbour, true); /* another province's draft does not exist here */
    assert_int_equal(404, site_get(w->site, lower_path(w, draft.id)));
    assert_int_equal(404, site_get(w->site, lower_path(w, 999999)));
    site_be(w->site, STR(""), 0);
    assert_int_equal(303, site_get(w->site, path));
}

static void commune_carries_out_at_its_own_point(void **state)
{
    struct world *w = *state;
    struct document document = { .id = 0 };
    struct unit_list list = { .len = 0 };
    struct str fields = field_of(w, "noi_nhan", "Đảng ủy các xã, phường");
    fields = str_format(&w->cx->arena, STR_FMT "so=78&ngay=15/5/2026&nguoi_ky=Mau", STR_ARG(fields));
    assert_int_equal(303, send_form(w, str_to_c(&w->cx->arena, fields)));
    (void)drafted(w, &document);
    check_act(w->check, "51", "tinh_uy");
    check_issue(w->check, document.id);
    struct unit place = { .id = 0 };
    assert_ok(w->cx, unit_find(w->cx, w->province.place_id, &place));
    assert_ok(w->cx, unit_find_by_sort(w->cx, STR("dang_uy_xa"), place.path, &list));
    be(w, &list.at[0], true);
    w->upper_id = document.id;
    struct str hall = field_of(w, "hoi_truong", "Hội trường xã");
    assert_int_equal(303, send_form(w, str_to_c(&w->cx->arena, hall)));
    struct plan plan = drafted(w, &document);
    assert_int_equal(1, plan.points_len);
    assert_int_equal(PLAN_COMMUNE, plan.points[0].level);
    assert_str_equal(plan.document.symbol, "GM/ĐU");
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        ON(province_gets_an_invitation_with_the_upper_facts_and_its_own_gaps),
        ON(what_is_left_empty_is_not_said),
        ON(line_that_cannot_be_read_is_pointed_out_at_its_field),
        ON(only_who_drafts_under_the_paper_may_carry_it_out),
        ON(commune_carries_out_at_its_own_point),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
