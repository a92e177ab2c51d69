/* plan/1 as a person meets it: sections in the order of the page, each field with its Vietnamese name. */
#include "reading/reading_inside.h"

static const struct choice kind_choices[] = {
#define X(name, stored, shown, state_abbreviation, party_abbreviation) { STR_INIT(stored), STR_INIT(shown) },
    DOCUMENT_KIND_LIST(X)
#undef X
};
static const struct choice modes[] = {
    { STR_INIT("in_person"), STR_INIT("Trực tiếp") },
    { STR_INIT("online"), STR_INIT("Trực tuyến") },
    { STR_INIT("hybrid"), STR_INIT("Trực tiếp kết hợp trực tuyến") },
};
static const struct choice levels[] = {
    { STR_INIT("central"), STR_INIT("Trung ương") },
    { STR_INIT("province"), STR_INIT("Cấp tỉnh") },
    { STR_INIT("commune"), STR_INIT("Cấp xã") },
    { STR_INIT("venue"), STR_INIT("Nơi học trực tiếp") },
};
static const struct choice topic_kinds[] = {
    { STR_INIT("topic"), STR_INIT("Chuyên đề") },
    { STR_INIT("discussion"), STR_INIT("Thảo luận") },
    { STR_INIT("visit"), STR_INIT("Đi thực tế") },
    { STR_INIT("test"), STR_INIT("Kiểm tra") },
};
static const struct choice bounds[] = {
    { STR_INIT("exact"), STR_INIT("Đúng số này") },
    { STR_INIT("max"), STR_INIT("Tối đa") },
    { STR_INIT("min"), STR_INIT("Ít nhất") },
};
static const struct choice changes[] = {
    { STR_INIT("start"), STR_INIT("Ngày bắt đầu") },       { STR_INIT("end"), STR_INIT("Ngày kết thúc") },
    { STR_INIT("opening"), STR_INIT("Khai giảng") },       { STR_INIT("closing"), STR_INIT("Bế giảng") },
    { STR_INIT("place"), STR_INIT("Địa điểm") },           { STR_INIT("mode"), STR_INIT("Hình thức") },
    { STR_INIT("learners"), STR_INIT("Số học viên") },     { STR_INIT("classes"), STR_INIT("Số lớp") },
    { STR_INIT("deadline"), STR_INIT("Thời hạn") },        { STR_INIT("speaker"), STR_INIT("Báo cáo viên") },
    { STR_INIT("topic"), STR_INIT("Chuyên đề") },          { STR_INIT("connection_test"), STR_INIT("Kiểm tra đường truyền") },
    { STR_INIT("other"), STR_INIT("Nội dung khác") },
};

/* clang-format off */
#define CHOICES(list) .choices = (list), .choices_len = LEN(list)
static const struct reading_field document_fields[] = {
    { "kind", "Loại văn bản", READING_CHOICE, CHOICES(kind_choices) },
    { "number", "Số", READING_TEXT },
    { "symbol", "Ký hiệu", READING_TEXT },
    { "issuer", "Cơ quan ban hành", READING_TEXT },
    { "place", "Địa danh", READING_TEXT },
    { "date", "Ngày ban hành", READING_DATE },
    { "title", "Trích yếu", READING_LONG },
    { "addressees", "Kính gửi", READING_LINES },
    { "signer.authority", "Quyền hạn ký", READING_TEXT },
    { "signer.title", "Chức vụ người ký", READING_TEXT },
    { "signer.name", "Người ký", READING_TEXT },
    { "replaces_invitation", "Thay giấy mời, giấy triệu tập", READING_BOOL },
    { "amends.number", "Sửa đổi văn bản số", READING_TEXT },
    { "amends.date", "Ngày của văn bản được sửa đổi", READING_DATE },
};
static const struct reading_field reference_fields[] = {
    { "number", "Số, ký hiệu", READING_TEXT },
    { "kind", "Loại văn bản", READING_CHOICE, CHOICES(kind_choices) },
    { "date", "Ngày", READING_DATE },
    { "issuer", "Cơ quan ban hành", READING_TEXT },
};
static const struct reading_field change_fields[] = {
    { "what", "Điều thay đổi", READING_CHOICE, CHOICES(changes) },
    { "old", "Trước đây", READING_TEXT },
    { "new", "Nay là", READING_TEXT },
};
static const struct reading_field class_fields[] = {
    { "mode", "Hình thức", READING_CHOICE, CHOICES(modes) },
    { "totals.learners", "Tổng số học viên", READING_COUNT },
    { "totals.classes", "Tổng số lớp", READING_COUNT },
};
static const struct reading_field schedule_fields[] = {
    { "start", "Ngày bắt đầu", READING_DATE },
    { "end", "Ngày kết thúc", READING_DATE },
    { "days", "Số ngày", READING_TENTHS },
    { "check_in", "Đón tiếp", READING_DATETIME },
    { "opening", "Khai giảng", READING_DATETIME },
    { "closing", "Bế giảng", READING_DATETIME },
    { "connection_tests", "Kiểm tra đường truyền", READING_ATS },
    { "official_connection", "Kết nối chính thức", READING_AT },
    { "arrive_before_minutes", "Có mặt trước (phút)", READING_NUMBER },
};
static const struct reading_field session_fields[] = {
    { "date", "Ngày", READING_DATE },
    { "from", "Từ", READING_TIME },
    { "to", "Đến", READING_TIME },
};
static const struct reading_field online_fields[] = {
    { "system", "Hệ thống", READING_TEXT },
    { "url", "Địa chỉ", READING_TEXT },
    { "meeting_id", "Mã phòng họp", READING_TEXT },
    { "passcode", "Mật khẩu phòng", READING_TEXT },
};
static const struct reading_field audience_fields[] = {
    { "text", "Đối tượng", READING_LONG },
    { "block", "Khối", READING_TEXT },
};
static const struct reading_field group_fields[] = {
    { "name", "Nhóm", READING_TEXT },
    { "learners", "Học viên", READING_COUNT },
    { "classes", "Số lớp", READING_COUNT },
};
static const struct reading_field point_fields[] = {
    { "place", "Địa điểm", READING_TEXT },
    { "level", "Cấp", READING_CHOICE, CHOICES(levels) },
    { "chair", "Chủ trì", READING_TEXT },
    { "attendees", "Thành phần", READING_LINES },
};
static const struct reading_field programme_fields[] = {
    { "title", "Chương trình", READING_LONG },
    { "number", "Thứ tự", READING_NUMBER },
    { "audience", "Dành cho", READING_TEXT },
    { "learners", "Học viên", READING_COUNT },
    { "classes", "Số lớp", READING_COUNT },
};
static const struct reading_field venue_fields[] = {
    { "place", "Nơi học", READING_TEXT },
    { "classes", "Số lớp", READING_COUNT },
    { "batches", "Số đợt", READING_COUNT },
};
static const struct reading_field run_fields[] = {
    { "label", "Lớp, đợt", READING_TEXT },
    { "programme", "Chương trình số", READING_NUMBER },
    { "learners", "Học viên", READING_COUNT },
    { "start", "Từ ngày", READING_DATE },
    { "end", "Đến ngày", READING_DATE },
    { "place", "Địa điểm", READING_TEXT },
};
static const struct reading_field topic_fields[] = {
    { "title", "Chuyên đề", READING_LONG },
    { "number", "Số", READING_NUMBER },
    { "programme", "Chương trình số", READING_NUMBER },
    { "speaker", "Người trình bày", READING_TEXT },
    { "minutes", "Số phút", READING_NUMBER },
    { "kind", "Loại", READING_CHOICE, CHOICES(topic_kinds) },
};
static const struct reading_field quota_fields[] = {
    { "unit", "Cơ quan, đơn vị", READING_TEXT },
    { "count", "Số đồng chí", READING_COUNT },
    { "each", "Mỗi nơi chừng ấy", READING_BOOL },
    { "bound", "Cách tính", READING_CHOICE, CHOICES(bounds) },
};
static const struct reading_field obligation_fields[] = {
    { "text", "Nhiệm vụ", READING_LONG },
    { "owner", "Cơ quan thực hiện", READING_TEXT },
    { "coordinators", "Phối hợp", READING_LINES },
    { "due", "Thời hạn", READING_DUE },
    { "recurring", "Sau đó", READING_REPEAT },
};
static const struct reading_field essay_fields[] = {
    { "required", "Phải viết thu hoạch", READING_BOOL },
    { "count", "Số bài", READING_COUNT },
    { "due", "Hạn nộp", READING_DUE },
};
static const struct reading_field route_fields[] = {
    { "from", "Ai nộp", READING_TEXT },
    { "to", "Nộp cho", READING_TEXT },
    { "then", "Rồi tới", READING_LINES },
};
static const struct reading_field evaluation_fields[] = {
    { "text", "Việc đánh giá", READING_LONG },
    { "owner", "Cơ quan thực hiện", READING_TEXT },
    { "due", "Thời hạn", READING_DUE },
    { "percent", "Tỷ lệ (%)", READING_NUMBER },
};
static const struct reading_field budget_fields[] = {
    { "for", "Chi cho", READING_TEXT },
    { "payer", "Ai bảo đảm", READING_TEXT },
    { "amount", "Số tiền (đồng)", READING_NUMBER },
};
static const struct reading_field phase_fields[] = {
    { "name", "Giai đoạn", READING_TEXT },
    { "from", "Từ", READING_DATE },
    { "to", "Đến", READING_DATE },
};
static const struct reading_field phase_item_fields[] = {
    { "text", "Nội dung", READING_LONG },
    { "duration", "Thời lượng", READING_DURATION },
};
static const struct reading_field recipient_fields[] = {
    { "recipients", "Nơi nhận", READING_LINES },
    { "archive", "Lưu", READING_TEXT },
};
static const struct reading_field contact_fields[] = {
    { "name", "Họ và tên", READING_TEXT },
    { "role", "Chức vụ", READING_TEXT },
    { "phone", "Điện thoại", READING_TEXT },
    { "for", "Về việc", READING_TEXT },
};

#define OF(list) (list), LEN(list)
static const struct reading_part venues = { "venues", "Nơi học", "nơi học", OF(venue_fields), .is_list = true };
static const struct reading_part phase_items = { "items", "Nội dung", "nội dung", OF(phase_item_fields), .is_list = true };

const struct reading_part reading_parts[] = {
    { "document", "Văn bản", "", OF(document_fields) },
    { "document/references", "Căn cứ, văn bản thực hiện", "văn bản", OF(reference_fields), .is_list = true },
    { "document/amends/changes", "Nội dung sửa đổi", "điểm sửa đổi", OF(change_fields), .is_list = true, .is_rare = true },
    { "", "Lớp", "", OF(class_fields) },
    { "schedule", "Thời gian", "", OF(schedule_fields) },
    { "schedule/sessions", "Buổi học", "buổi", OF(session_fields), .is_list = true, .is_rare = true },
    { "online", "Hệ thống trực tuyến", "", OF(online_fields), .is_rare = true },
    { "points", "Điểm cầu, địa điểm", "điểm cầu", OF(point_fields), .is_list = true },
    { "audiences", "Đối tượng", "đối tượng", OF(audience_fields), .is_list = true },
    { "groups", "Số lượng theo nhóm", "nhóm", OF(group_fields), .is_list = true, .is_rare = true },
    { "programmes", "Chương trình", "chương trình", OF(programme_fields), .is_list = true, .nested = &venues, .is_rare = true },
    { "runs", "Lớp có ngày", "lớp", OF(run_fields), .is_list = true, .is_rare = true },
    { "topics", "Chuyên đề", "chuyên đề", OF(topic_fields), .is_list = true },
    { "quotas", "Chỉ tiêu", "chỉ tiêu", OF(quota_fields), .is_list = true },
    { "obligations", "Nhiệm vụ", "nhiệm vụ", OF(obligation_fields), .is_list = true },
    { "essay", "Bài thu hoạch", "", OF(essay_fields), .is_rare = true },
    { "essay/routes", "Đường gửi thu hoạch", "đường gửi", OF(route_fields), .is_list = true },
    { "evaluation", "Đánh giá", "việc", OF(evaluation_fields), .is_list = true },
    { "budget", "Kinh phí", "khoản", OF(budget_fields), .is_list = true },
    { "phases", "Giai đoạn", "giai đoạn", OF(phase_fields), .is_list = true, .nested = &phase_items, .is_rare = true },
    { "", "Nơi nhận", "", OF(recipient_fields) },
    { "contacts", "Liên hệ", "đầu mối", OF(contact_fields), .is_list = true },
};
/* clang-format on */
const size_t reading_parts_len = LEN(reading_parts);

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return text.len > 0;
}

/* "programmes/3/venues/1" is "programmes" "venues": the ids of records left out. */
const struct reading_part *reading_part_of(struct str path, bool *ret_is_list)
{
    char plain[64];
    size_t len = 0;
    bool ends_in_id = false;
    while (path.len > 0) {
        struct str part = str_cut(&path, '/');
        ends_in_id = is_digits(part);
        if (ends_in_id)
            continue;
        if (len + part.len + 1 >= sizeof plain)
            return NULL;
        if (len > 0)
            plain[len++] = '/';
        memcpy(plain + len, part.at, part.len);
        len += part.len;
    }
    struct str key = { plain, len };
    *ret_is_list = !ends_in_id;
    for (size_t i = 0; i < LEN(reading_parts); i++) {
        const struct reading_part *part = &reading_parts[i];
        struct str own = str_from(part->path);
        if (str_eq(own, key))
            return part;
        bool is_inside = part->nested && str_starts(key, own) && key.len > own.len + 1 && key.at[own.len] == '/';
        if (is_inside && str_eq(str_sub(key, own.len + 1, SIZE_MAX), str_from(part->nested->path)))
            return part->nested;
    }
    return NULL;
}
