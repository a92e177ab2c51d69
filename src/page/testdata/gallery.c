#include "page/testdata/gallery.h"

/* 09:12 on 21/5/2026 in Viet Nam. */
static const int64_t gallery_now = 1779329520000;

struct report_form {
    int64_t unit_id;
    int64_t points;
    int32_t day;
    int64_t at;
    struct str kind;
    struct str route;
    struct str note;
    struct str phone;
    bool is_final;
};

static const struct choice kinds[] = {
    { STR_INIT("truc-tiep"), STR_INIT("Trực tiếp tại hội trường") },
    { STR_INIT("truc-tuyen"), STR_INIT("Trực tuyến tại điểm cầu") },
};
static const struct choice routes[] = {
    { STR_INIT("a"), STR_INIT("Qua Ban Tổ chức Tỉnh ủy") },
    { STR_INIT("b"), STR_INIT("Qua Văn phòng Tỉnh ủy") },
    { STR_INIT("c"), STR_INIT("Qua Trường Chính trị") },
    { STR_INIT("d"), STR_INIT("Qua Học viện") },
    { STR_INIT("e"), STR_INIT("Gửi trực tiếp") },
};

static const struct field report_fields[] = {
    { "unit_id", "Đơn vị", FIELD_ID, FIELD_OF(struct report_form, unit_id), .required = true },
    { "points", "Số điểm cầu", FIELD_I64, FIELD_OF(struct report_form, points), .required = true,
      .help = "Kể cả điểm cầu tại trụ sở Đảng ủy" },
    { "day", "Ngày kiểm tra đường truyền", FIELD_DAY, FIELD_OF(struct report_form, day),
      .required = true },
    { "at", "Giờ có mặt", FIELD_INSTANT, FIELD_OF(struct report_form, at) },
    { "kind", "Hình thức", FIELD_CHOICE, FIELD_OF(struct report_form, kind), .choices = kinds,
      .choices_len = LEN(kinds), .required = true },
    { "route", "Nơi gửi", FIELD_CHOICE, FIELD_OF(struct report_form, route), .choices = routes,
      .choices_len = LEN(routes), .required = true },
    { "phone", "Điện thoại trực kỹ thuật", FIELD_TEXT, FIELD_OF(struct report_form, phone),
      .len_max = 20 },
    { "note", "Ghi chú", FIELD_LINES, FIELD_OF(struct report_form, note), .len_max = 1000 },
    { "is_final", "Đây là số liệu chính thức", FIELD_BOOL, FIELD_OF(struct report_form, is_final) },
};
static const struct field_table report_table = FIELD_TABLE(struct report_form, report_fields);

static const struct field sign_in_fields[] = {
    { "login", "Tên đăng nhập", FIELD_TEXT, 0, .required = true },
    { "password", "Mật khẩu", FIELD_TEXT, 0, .required = true },
};
static const struct field_table sign_in_table = FIELD_TABLE(struct report_form, sign_in_fields);

static const struct {
    const char *code;
    const char *name;
    int all;
} provinces[] = {
    /* clang-format off */
    { "01", "Hà Nội", 126 },    { "04", "Cao Bằng", 56 },   { "08", "Tuyên Quang", 124 }, { "11", "Điện Biên", 45 },
    { "12", "Lai Châu", 38 },   { "14", "Sơn La", 75 },     { "15", "Lào Cai", 99 },      { "19", "Thái Nguyên", 92 },
    { "20", "Lạng Sơn", 65 },   { "22", "Quảng Ninh", 54 }, { "24", "Bắc Ninh", 99 },     { "25", "Phú Thọ", 148 },
    { "31", "Hải Phòng", 114 }, { "33", "Hưng Yên", 104 },  { "37", "Ninh Bình", 129 },   { "38", "Thanh Hóa", 166 },
    { "40", "Nghệ An", 130 },   { "42", "Hà Tĩnh", 69 },    { "44", "Quảng Trị", 78 },    { "46", "Huế", 40 },
    { "48", "Đà Nẵng", 94 },    { "51", "Quảng Ngãi", 96 }, { "52", "Gia Lai", 135 },     { "56", "Khánh Hòa", 65 },
    { "66", "Đắk Lắk", 102 },   { "68", "Lâm Đồng", 124 },  { "75", "Đồng Nai", 95 },     { "79", "Hồ Chí Minh", 168 },
    { "80", "Tây Ninh", 96 },   { "82", "Đồng Tháp", 102 }, { "86", "Vĩnh Long", 124 },   { "91", "An Giang", 102 },
    { "92", "Cần Thơ", 103 },   { "96", "Cà Mau", 64 },
    /* clang-format on */
};

static struct safe_html render_map(struct arena *arena)
{
    struct tile *tiles = ARENA_NEW_ARRAY(arena, struct tile, LEN(provinces));
    for (size_t i = 0; i < LEN(provinces); i++) {
        enum state_mark mark = i % 7 == 3    ? MARK_LATE
                               : i % 5 == 2  ? MARK_SOON
                               : i % 11 == 5 ? MARK_UNKNOWN
                                             : MARK_DONE;
        tiles[i] = (struct tile){ .code = str_from(provinces[i].code),
                                  .name = str_from(provinces[i].name),
                                  .url = url_format(arena, "/theo-doi/664/%s", provinces[i].code),
                                  .mark = mark,
                                  .words = STR("đã báo cáo"),
                                  .done = provinces[i].all - (mark == MARK_DONE ? 0 : 3),
                                  .all = provinces[i].all };
    }
    return page_tile_map(arena, tiles, LEN(provinces));
}

static struct safe_html render_grid(struct arena *arena)
{
    static const char *const names[] = { "Thạch Hà", "Cẩm Bình", "Thạch Lạc",        "Đồng Tiến",
                                         "Can Lộc",  "Kỳ Anh",   "phường Thành Sen", "Hương Khê",
                                         "Đức Thọ",  "Nghi Xuân" };
    enum { COUNT = 168 };
    struct tile *tiles = ARENA_NEW_ARRAY(arena, struct tile, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        tiles[i] = (struct tile){ .code = str_format(arena, "18%03zu", i),
                                  .name = str_from(names[i % LEN(names)]),
                                  .url = url_format(arena, "/don-vi/%zu", i),
                                  .mark = i % 13 == 4  ? MARK_LATE
                                          : i % 6 == 1 ? MARK_DUE
                                                       : MARK_DONE,
                                  .words = STR("đã báo cáo") };
    return page_unit_grid(arena, tiles, COUNT);
}

static struct safe_html render_form(struct arena *arena)
{
    static const struct str typed[] = { STR_INIT("42"),
                                        STR_INIT("mười"),
                                        STR_INIT("22/5/2026"),
                                        STR_INIT(""),
                                        STR_INIT("truc-tuyen"),
                                        STR_INIT("b"),
                                        STR_INIT("0900 000 001"),
                                        STR_INIT("Mạng <yếu> khi mưa"),
                                        STR_INIT("1") };
    static const struct form_file files[] = {
        { "paper", "Báo cáo đã ký", ".pdf,.docx", "Tệp PDF hoặc Word, không quá 20 MB", false },
    };
    struct form_view form = { .action = url_format(arena, "/nhiem-vu/%d/bao-cao", 1),
                              .fields = &report_table,
                              .typed = typed,
                              .error_field = STR("points"),
                              .error_words = STR("Mục “Số điểm cầu” cần là số nguyên, ví dụ 1.250"),
                              .submit_label = STR("Gửi báo cáo"),
                              .fact_id = STR("00112233445566778899aabbccddeeff"),
                              .csrf = STR("csrf-token"),
                              .files = files,
                              .files_len = LEN(files),
                              .confirm = STR("Gửi báo cáo lên Ban Tổ chức Tỉnh ủy?"),
                              .cancel_url = { STR("/hom-nay") } };
    return page_form(arena, &form);
}

static struct gallery_view view_of(struct arena *arena)
{
    static const char *const units[] = { "Đảng ủy xã Bình Minh", "Đảng ủy phường Thành Sen",
                                         "Đảng ủy xã Ea H'Leo", "Đảng ủy đặc khu Lý Sơn",
                                         "Đảng ủy xã Krông Pắc" };
    struct gallery_row *rows = ARENA_NEW_ARRAY(arena, struct gallery_row, 12);
    for (size_t i = 0; i < 12; i++) {
        struct str phone = str_format(arena, "0900 000 %03zu", i + 1);
        rows[i] = (struct gallery_row){ .unit = str_from(units[i % LEN(units)]),
                                        .province = STR("tỉnh Hà Tĩnh"),
                                        .contact = STR("Lò Thị Bích"),
                                        .phone = phone,
                                        .phone_url = url_phone(arena, phone),
                                        .open = (int64_t)i,
                                        .all = 12,
                                        .mark = page_mark(arena, i % 3 ? MARK_LATE : MARK_SOON,
                                                          i % 3 ? STR("Quá 12 phút")
                                                                : STR("Còn 35 phút")) };
    }
    return (struct gallery_view){
        .late = page_mark(arena, MARK_LATE, STR("Quá hạn 12 phút")),
        .soon = page_mark(arena, MARK_SOON, STR("Còn 5 giờ")),
        .due = page_mark(arena, MARK_DUE, STR("Còn 4 ngày")),
        .done = page_mark(arena, MARK_DONE, STR("Đã xong")),
        .unknown = page_mark(arena, MARK_UNKNOWN, STR("Chưa rõ")),
        .not_owed = page_mark(arena, MARK_NOT_OWED, STR("Không phải thực hiện")),
        .map = render_map(arena),
        .grid = render_grid(arena),
        .form = render_form(arena),
        .pager = page_pager(arena, url_format(arena, "/theo-doi?loc=%s", "cho"), 2, 100, 1150),
        .rows = rows,
        .rows_len = 12
    };
}

static struct safe_html render_body(struct arena *arena, enum gallery_page which)
{
    struct gallery_view view = view_of(arena);
    struct html h = page_begin(arena);
    switch (which) {
    case GALLERY_LISTS:
        page_gallery_lists(&h, &view);
        break;
    case GALLERY_BOARD:
    case GALLERY_WALL:
        view.is_wall = which == GALLERY_WALL;
        page_gallery_board(&h, &view);
        break;
    case GALLERY_WALL_GRID:
        page_gallery_wall(&h, &view);
        break;
    case GALLERY_PAPER:
        page_gallery_paper(&h, &view);
        break;
    case GALLERY_SIGN_IN: {
        struct form_view form = { .action = { STR("/dang-nhap") },
                                  .fields = &sign_in_table,
                                  .submit_label = STR("Đăng nhập"),
                                  .csrf = STR("csrf-token") };
        return page_form(arena, &form);
    }
    case GALLERY_PAGE_COUNT:
        break;
    }
    return page_end(&h);
}

struct safe_html gallery_render(struct arena *arena, enum gallery_page which)
{
    static const char *const titles[GALLERY_PAGE_COUNT] = {
        "Hôm nay phải làm gì?", "Ai chưa báo cáo?",     "Kế hoạch 12-KH/VD nói gì?",
        "Ai chưa báo cáo?",     "Xã nào chưa báo cáo?", "Đăng nhập"
    };
    static const char *const places[GALLERY_PAGE_COUNT] = { "hom-nay",  "theo-doi", "van-ban",
                                                            "theo-doi", "theo-doi", "" };
    static const struct actor officer = { .kind = ACTOR_PERSON,
                                          .account_id = 1,
                                          .permissions = ~0ULL,
                                          .name = STR_INIT("Nguyễn Văn An"),
                                          .role_name = STR_INIT("Văn thư"),
                                          .unit_name = STR_INIT("Đảng ủy xã Bình Minh") };
    struct page page = { .title = str_from(titles[which]),
                         .place = str_from(places[which]),
                         .now = gallery_now,
                         .csrf = STR("csrf-token"),
                         .is_projector = which == GALLERY_WALL || which == GALLERY_WALL_GRID };
    if (which != GALLERY_SIGN_IN) {
        page.actor = &officer;
        page.unit_name = officer.unit_name;
        page.source = STR("Theo Kế hoạch 664-KH/HVCTQG ngày 14/5/2026");
        page.actions = (struct safe_html){ STR(
            "<a class=\"button main\" href=\"/bao-cao\">Báo cáo ngay</a>") };
    }
    if (which == GALLERY_LISTS)
        page.notice = STR("Đã gửi danh sách 12 đồng chí lên Ban Tổ chức Tỉnh ủy lúc 08:52.");
    if (which == GALLERY_BOARD || page.is_projector) {
        page.live_url = url_format(arena, "/theo-doi/%d/song", 664);
        page.export_url = url_format(arena, "/theo-doi/%d.csv", 664);
        page.projector_url = url_format(arena, "/theo-doi/%d?chieu=1", 664);
        page.actions =
            page_button(arena, url_format(arena, "/theo-doi/%d/nhac", 664), STR("Nhắc 23 xã"), true,
                        STR("Soạn tin nhắc 23 xã chưa báo cáo?"), STR("csrf-token"), STR(""));
        page.is_wide = true;
    }
    if (which == GALLERY_PAPER) {
        page.crumb = STR("Văn bản");
        page.crumb_url = url_format(arena, "/van-ban");
        page.is_wide = true;
    }
    struct html h = page_begin(arena);
    page_layout(&h, &page, render_body(arena, which));
    return page_end(&h);
}
