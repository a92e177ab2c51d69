/* Drafting the paper that carries out an upper one: what is taken over stands above, the form asks for the rest. */
#include "plan/plan_lower.h"
#include "plan/plan_pages.h"

static const struct choice lower_kinds[] = {
    { STR_INIT("giay_moi"), STR_INIT("Giấy mời") },
    { STR_INIT("ke_hoach"), STR_INIT("Kế hoạch") },
};

/* clang-format off */
#define GAP(member) FIELD_OF(struct plan_gaps, member)
static const struct field gap_fields[] = {
    { "loai", "Loại văn bản", FIELD_CHOICE, GAP(kind), .choices = lower_kinds, .choices_len = LEN(lower_kinds), .required = true },
    { "trich_yeu", "Trích yếu", FIELD_TEXT, GAP(title), .len_max = 1000, .required = true },
    { "hoi_truong", "Hội trường của điểm cầu đơn vị", FIELD_TEXT, GAP(hall), .len_max = 300, .help = "Tên hội trường và địa chỉ." },
    { "thanh_phan", "Thành phần tại điểm cầu đơn vị", FIELD_LINES, GAP(attendees), .len_max = 8000, .help = "Mỗi dòng một thành phần; để trống thì lấy theo văn bản cấp trên." },
    { "chi_tieu", "Chỉ tiêu theo cơ quan, đơn vị", FIELD_LINES, GAP(quotas), .len_max = 8000, .help = "Mỗi dòng một nơi, ví dụ Sở Nội vụ: 5; không ghi số là không hạn số người." },
    { "han_danh_sach", "Danh sách gửi trước ngày", FIELD_DAY, GAP(roster_day) },
    { "noi_tong_hop", "Nơi nhận danh sách, số liệu", FIELD_TEXT, GAP(reports_to), .len_max = 300 },
    { "phong_cap_duoi", "Địa điểm của các điểm cầu cấp dưới", FIELD_TEXT, GAP(rooms_below), .len_max = 300 },
    { "han_so_luong", "Báo cáo số điểm cầu, học viên trước", FIELD_INSTANT, GAP(count_at), .help = "Ví dụ 09:00 ngày 22/5/2026." },
    { "kiem_tra", "Kiểm tra đường truyền lúc", FIELD_INSTANT, GAP(test_at), .help = "Ví dụ 14:00 ngày 22/5/2026." },
    { "ket_noi", "Kết nối chính thức lúc", FIELD_INSTANT, GAP(connect_at) },
    { "co_mat_truoc", "Có mặt trước (phút)", FIELD_I64, GAP(arrive_before_minutes), .min = 0, .max = 240 },
    { "he_thong", "Hệ thống họp trực tuyến", FIELD_TEXT, GAP(system), .len_max = 300 },
    { "dia_chi_hop", "Địa chỉ họp", FIELD_TEXT, GAP(url), .len_max = 300 },
    { "duong_gui", "Đường gửi bài thu hoạch", FIELD_LINES, GAP(routes), .len_max = 8000, .help = "Mỗi dòng một khối, các nơi cách nhau bằng mũi tên, ví dụ Học viên ở xã -> Đảng ủy xã -> Ban Tổ chức Tỉnh ủy." },
    { "lien_he", "Đầu mối liên hệ", FIELD_LINES, GAP(contacts), .len_max = 4000, .help = "Mỗi dòng: họ tên; chức vụ; điện thoại; về việc." },
    { "noi_nhan", "Nơi nhận", FIELD_LINES, GAP(recipients), .len_max = 8000, .help = "“Như thành phần” gửi tới các cơ quan có chỉ tiêu và có nhiệm vụ." },
    { "so", "Số", FIELD_TEXT, GAP(number), .len_max = 11, .help = "Để trống khi chưa lấy số." },
    { "ky_hieu", "Ký hiệu", FIELD_TEXT, GAP(symbol), .len_max = 40, .help = "Để trống thì ghi theo loại văn bản và đơn vị, ví dụ GM/TU." },
    { "ngay", "Ngày ban hành", FIELD_DAY, GAP(issued_day) },
    { "quyen_han", "Quyền hạn ký", FIELD_TEXT, GAP(signer_authority), .len_max = 200 },
    { "chuc_vu", "Chức vụ người ký", FIELD_TEXT, GAP(signer_title), .len_max = 200 },
    { "nguoi_ky", "Họ và tên người ký", FIELD_TEXT, GAP(signer_name), .len_max = 100 },
};
/* clang-format on */
static const struct field_table gap_table = FIELD_TABLE(struct plan_gaps, gap_fields);

bool plan_may_carry_out(const struct actor *actor, const struct document *document)
{
    bool is_in_force = str_eq(document->state, DOCUMENT_STATE_ISSUED) || str_eq(document->state, DOCUMENT_STATE_AMENDED);
    return is_in_force && actor_may(actor, PERMISSION_DOCUMENT_DRAFT) && actor->unit_id != 0 &&
           (document->issuer_unit_id != actor->unit_id || document->is_received);
}

struct url plan_url_lower(struct arena *arena, int64_t document_id)
{
    return url_format(arena, "/van-ban/%lld/trien-khai", (long long)document_id);
}

static enum err load_upper(struct ctx *cx, const struct request *req, struct document *ret_document, struct plan *ret_plan,
                           struct unit *ret_unit)
{
    int64_t id = 0;
    TRY(request_id(cx, req, 0, &id));
    TRY(document_get(cx, id, ret_document));
    if (!plan_may_carry_out(cx->actor, ret_document))
        return fail(cx, ERR_CONFLICT,
                    "Chỉ soạn văn bản triển khai cho văn bản của cấp trên đang có hiệu lực; xin xem lại tình trạng văn bản");
    if (ret_document->content.len > 0)
        TRY(plan_parse(cx, ret_document->content, ret_plan));
    return unit_find(cx, cx->actor->unit_id, ret_unit);
}

static enum err show_lower(struct ctx *cx, struct request *req, struct response *res)
{
    struct arena *arena = &cx->arena;
    struct document upper_paper = { 0 };
    struct plan upper = { 0 };
    struct unit unit = { .id = 0 };
    struct plan_lower_view view = { .topics_len = 0 };
    TRY(load_upper(cx, req, &upper_paper, &upper, &unit));
    struct plan_gaps gaps = plan_gaps_of(arena, &upper, &unit);
    struct form_view form = { .action = plan_url_lower(arena, upper_paper.id),
                              .submit_label = STR("Lập dự thảo"),
                              .cancel_url = document_url(arena, upper_paper.id) };
    request_form_view(req, &gap_table, &gaps, &form);
    view.form = page_form(arena, &form);
    view.upper_title = document_title(arena, &upper_paper);
    view.upper_url = document_url(arena, upper_paper.id);
    view.facts = plan_facts(arena, &upper, &view.facts_len);
    view.topics = upper.topics;
    view.topics_len = upper.topics_len;
    struct page page = { .title = STR("Soạn văn bản triển khai"),
                         .place = STR("van-ban"),
                         .crumb = view.upper_title,
                         .crumb_url = view.upper_url,
                         .source = view.upper_title,
                         .is_wide = true };
    struct html h = page_begin(arena);
    page_plan_lower(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

static enum err post_lower(struct ctx *cx, struct request *req, struct response *res)
{
    struct document upper_paper = { 0 };
    struct plan upper = { 0 }, lower = { 0 }, checked = { 0 };
    struct unit unit = { .id = 0 };
    struct plan_save save = { .document_id = 0 };
    TRY(load_upper(cx, req, &upper_paper, &upper, &unit));
    TRY(plan_lower(cx, &upper, &upper_paper, &unit, req->form, &lower));
    TRY(plan_parse(cx, plan_format(&cx->arena, &lower), &checked));
    TRY(plan_save_draft(cx, &checked, &save));
    response_redirect(cx, res, document_url(&cx->arena, save.document_id),
                      "Đã lập dự thảo triển khai " STR_FMT ". Dự thảo chưa gửi tới đơn vị nào.",
                      STR_ARG(document_title(&cx->arena, &upper_paper)));
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    { METHOD_GET,  STR_INIT("/van-ban/{id}/trien-khai"), PERMISSION_DOCUMENT_DRAFT, show_lower, NO_FORM },
    { METHOD_POST, STR_INIT("/van-ban/{id}/trien-khai"), PERMISSION_DOCUMENT_DRAFT, post_lower, FIELD_TABLE(struct plan_gaps, gap_fields),
      .body_max = 256 * 1024, .again = show_lower },
};
/* clang-format on */
const struct route_table plan_lower_routes = { routes, LEN(routes) };
