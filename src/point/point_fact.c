#include "point/point_inside.h"

#include "obligation/obligation.h"

/* ---- Field tables: of facts and of the forms that make them ---- */

#define CHOICES(list) .choices = (list), .choices_len = LEN(list)

static const struct choice result_choices[] = {
    { STR_INIT("passed"), STR_INIT("Đạt") },
    { STR_INIT("failed"), STR_INIT("Chưa đạt") },
};
static const struct choice how_choices[] = {
    { STR_INIT("hand"), STR_INIT("Ghi tay") },
    { STR_INIT("browser"), STR_INIT("Đo bằng trình duyệt tại điểm cầu") },
};
static const struct choice seen_choices[] = {
    { STR_INIT("yes"), STR_INIT("Có") },
    { STR_INIT("no"), STR_INIT("Không") },
};
static const struct choice echo_choices[] = {
    { STR_INIT("ok"), STR_INIT("Có tiếng, hình vọng lại") },
    { STR_INIT("failed"), STR_INIT("Không vọng lại") },
};
static const struct choice kind_choices[] = {
    { STR_INIT("line"), STR_INIT("Đường truyền") }, { STR_INIT("power"), STR_INIT("Điện") },
    { STR_INIT("sound"), STR_INIT("Âm thanh") },    { STR_INIT("picture"), STR_INIT("Hình ảnh") },
    { STR_INIT("other"), STR_INIT("Khác") },
};
static const struct choice utility_choices[] = {
    { STR_INIT("telecom"), STR_INIT("Viễn thông") },
    { STR_INIT("power"), STR_INIT("Điện lực") },
    { STR_INIT("none"), STR_INIT("Không") },
};

/* clang-format off */
const struct field point_described_fields[8] = {
    { "room", "Phòng họp, hội trường", FIELD_TEXT, FIELD_OF(struct point_described, room), .len_max = 200, .required = true },
    { "address", "Địa chỉ", FIELD_TEXT, FIELD_OF(struct point_described, address), .len_max = 300 },
    { "seats", "Số chỗ ngồi", FIELD_I64, FIELD_OF(struct point_described, seats), .min = 0, .max = POINT_SEATS_MAX },
    { "kit", "Trang thiết bị", FIELD_LINES, FIELD_OF(struct point_described, kit), .len_max = 1000, .help = "Màn hình, camera, micro, loa, đường truyền, máy phát điện." },
    { "chair_name", "Người chủ trì", FIELD_TEXT, FIELD_OF(struct point_described, chair_name), .len_max = 120, .is_private = true },
    { "chair_title", "Chức vụ người chủ trì", FIELD_TEXT, FIELD_OF(struct point_described, chair_title), .len_max = 300 },
    { "technician_name", "Cán bộ kỹ thuật", FIELD_TEXT, FIELD_OF(struct point_described, technician_name), .len_max = 120, .is_private = true },
    { "technician_phone", "Điện thoại kỹ thuật", FIELD_TEXT, FIELD_OF(struct point_described, technician_phone), .len_max = 30, .is_private = true, .help = "Chỉ đơn vị và cấp trên của đơn vị thấy số này." },
};
const struct field point_added_fields[4] = {
    { "name", "Tên điểm cầu", FIELD_TEXT, FIELD_OF(struct point_added, name), .len_max = 150, .required = true },
    { "room", "Phòng họp, hội trường", FIELD_TEXT, FIELD_OF(struct point_added, room), .len_max = 200, .required = true },
    { "seats", "Số chỗ ngồi", FIELD_I64, FIELD_OF(struct point_added, seats), .min = 0, .max = POINT_SEATS_MAX },
    { "reason", "Lý do mở thêm", FIELD_TEXT, FIELD_OF(struct point_added, reason), .len_max = 500 },
};
const struct field point_reason_fields[1] = {
    { "reason", "Lý do", FIELD_LINES, FIELD_OF(struct point_reason, reason), .len_max = 500, .required = true },
};
const struct field point_reported_fields[3] = {
    { "points", "Số điểm cầu", FIELD_I64, FIELD_OF(struct point_reported, points), .min = 0, .max = POINT_SUBS_MAX, .required = true },
    { "heads", "Số đại biểu", FIELD_I64, FIELD_OF(struct point_reported, heads), .min = 0, .max = POINT_REPORT_HEADS_MAX, .required = true },
    { "note", "Ghi chú", FIELD_TEXT, FIELD_OF(struct point_reported, note), .len_max = 500 },
};
const struct field point_campaign_fields[3] = {
    { "opens_at", "Mở kiểm tra từ", FIELD_INSTANT, FIELD_OF(struct point_campaign_set, opens_at), .required = true },
    { "running_max", "Số điểm cầu kiểm tra cùng lúc", FIELD_I64, FIELD_OF(struct point_campaign_set, running_max), .min = 1, .max = 500, .required = true },
    { "turn_minutes", "Mỗi lượt (phút)", FIELD_I64, FIELD_OF(struct point_campaign_set, turn_minutes), .min = 1, .max = 60, .required = true },
};
const struct field point_tested_fields[13] = {
    { "how", "Cách kiểm tra", FIELD_CHOICE, FIELD_OF(struct point_tested, how), CHOICES(how_choices), .required = true },
    { "result", "Kết quả", FIELD_CHOICE, FIELD_OF(struct point_tested, result), CHOICES(result_choices), .required = true },
    { "words", "Nhận xét", FIELD_LINES, FIELD_OF(struct point_tested, words), .len_max = 500, .help = "Bắt buộc khi chưa đạt, hoặc khi kết luận khác với số đo." },
    { "rtt_ms", "Độ trễ (ms)", FIELD_I64, FIELD_OF(struct point_tested, rtt_ms), .min = 0, .max = 60000 },
    { "rtt_p95_ms", "Độ trễ ở mức 95% (ms)", FIELD_I64, FIELD_OF(struct point_tested, rtt_p95_ms), .min = 0, .max = 60000 },
    { "loss_permille", "Mất gói (phần nghìn)", FIELD_I64, FIELD_OF(struct point_tested, loss_permille), .min = 0, .max = 1000 },
    { "down_kbps", "Tốc độ tải xuống (kbit/s)", FIELD_I64, FIELD_OF(struct point_tested, down_kbps), .min = 0, .max = 10000000 },
    { "up_kbps", "Tốc độ tải lên (kbit/s)", FIELD_I64, FIELD_OF(struct point_tested, up_kbps), .min = 0, .max = 10000000 },
    { "camera", "Camera", FIELD_CHOICE, FIELD_OF(struct point_tested, camera), CHOICES(seen_choices) },
    { "microphone", "Micro", FIELD_CHOICE, FIELD_OF(struct point_tested, microphone), CHOICES(seen_choices) },
    { "echo", "Hình, tiếng vọng lại", FIELD_CHOICE, FIELD_OF(struct point_tested, echo), CHOICES(echo_choices) },
    { "echo_rtt_ms", "Độ trễ hình, tiếng (ms)", FIELD_I64, FIELD_OF(struct point_tested, echo_rtt_ms), .min = 0, .max = 60000 },
    { "echo_loss_permille", "Mất hình, tiếng (phần nghìn)", FIELD_I64, FIELD_OF(struct point_tested, echo_loss_permille), .min = 0, .max = 1000 },
};
const struct field point_incident_opened_fields[5] = {
    { "kind", "Loại sự cố", FIELD_CHOICE, FIELD_OF(struct point_incident_opened, kind), CHOICES(kind_choices), .required = true },
    { "from_at", "Từ lúc", FIELD_INSTANT, FIELD_OF(struct point_incident_opened, from_at), .required = true },
    { "to_at", "Đến lúc", FIELD_INSTANT, FIELD_OF(struct point_incident_opened, to_at), .help = "Bỏ trống khi sự cố chưa khắc phục xong." },
    { "words", "Diễn biến", FIELD_LINES, FIELD_OF(struct point_incident_opened, words), .len_max = 1000, .required = true },
    { "utility", "Đơn vị khắc phục", FIELD_CHOICE, FIELD_OF(struct point_incident_opened, utility), CHOICES(utility_choices), .help = "Bỏ trống: sự cố đường truyền do viễn thông, sự cố điện do điện lực." },
};
const struct field point_incident_closed_fields[2] = {
    { "to_at", "Khắc phục xong lúc", FIELD_INSTANT, FIELD_OF(struct point_incident_closed, to_at), .required = true },
    { "words", "Cách khắc phục", FIELD_LINES, FIELD_OF(struct point_incident_closed, words), .len_max = 1000 },
};
const struct field point_incident_corrected_fields[8] = {
    { "kind", "Loại sự cố", FIELD_CHOICE, FIELD_OF(struct point_incident_corrected, kind), CHOICES(kind_choices), .required = true },
    { "from_at", "Từ lúc", FIELD_INSTANT, FIELD_OF(struct point_incident_corrected, from_at), .required = true },
    { "to_at", "Đến lúc", FIELD_INSTANT, FIELD_OF(struct point_incident_corrected, to_at), .help = "Bỏ trống khi sự cố chưa khắc phục xong." },
    { "by_hand", "Ghi số phút khác với giờ ở trên", FIELD_BOOL, FIELD_OF(struct point_incident_corrected, by_hand) },
    { "minutes_lost", "Số phút gián đoạn", FIELD_I64, FIELD_OF(struct point_incident_corrected, minutes_lost), .min = 0, .max = 10000 },
    { "words", "Diễn biến", FIELD_LINES, FIELD_OF(struct point_incident_corrected, words), .len_max = 1000, .required = true },
    { "utility", "Đơn vị khắc phục", FIELD_CHOICE, FIELD_OF(struct point_incident_corrected, utility), CHOICES(utility_choices) },
    { "reason", "Lý do đính chính", FIELD_TEXT, FIELD_OF(struct point_incident_corrected, reason), .len_max = 500, .required = true },
};
const struct field point_conference_fields[3] = {
    { "system_name", "Hệ thống hội nghị", FIELD_TEXT, FIELD_OF(struct point_conference_set, system_name), .len_max = 200, .required = true },
    { "system_url", "Địa chỉ", FIELD_TEXT, FIELD_OF(struct point_conference_set, system_url), .len_max = 500, .help = "Bắt đầu bằng https://" },
    { "opens_at", "Mở kết nối từ", FIELD_INSTANT, FIELD_OF(struct point_conference_set, opens_at) },
};

#define TABLE(type, list) FIELD_TABLE(struct type, list)
const struct field_table point_described_table = TABLE(point_described, point_described_fields);
const struct field_table point_added_table = TABLE(point_added, point_added_fields);
const struct field_table point_reason_table = TABLE(point_reason, point_reason_fields);
const struct field_table point_reported_table = TABLE(point_reported, point_reported_fields);
const struct field_table point_campaign_table = TABLE(point_campaign_set, point_campaign_fields);
const struct field_table point_tested_table = TABLE(point_tested, point_tested_fields);
const struct field_table point_incident_opened_table = TABLE(point_incident_opened, point_incident_opened_fields);
const struct field_table point_incident_closed_table = TABLE(point_incident_closed, point_incident_closed_fields);
const struct field_table point_incident_corrected_table = TABLE(point_incident_corrected, point_incident_corrected_fields);
const struct field_table point_conference_table = TABLE(point_conference_set, point_conference_fields);
/* clang-format on */

/* ---- Deciding ---- */

enum err point_check_class(struct ctx *cx, int64_t root_id)
{
    struct course course = { .id = 0 };
    TRY(course_find(cx, root_id, &course));
    if (course.is_withdrawn)
        return fail(cx, ERR_CONFLICT, "Lớp không còn hiệu lực (" STR_FMT "), không ghi thêm được", STR_ARG(course.state_reason));
    return OK;
}

/* The point within reach, of a class in force. */
static enum err get_standing(struct ctx *cx, int64_t point_id, struct point *ret_point)
{
    TRY(point_get(cx, point_id, ret_point));
    return point_check_class(cx, ret_point->root_id);
}

static enum err get_open(struct ctx *cx, int64_t point_id, struct point *ret_point)
{
    TRY(get_standing(cx, point_id, ret_point));
    if (ret_point->is_closed)
        return fail(cx, ERR_CONFLICT, "Điểm cầu này đã đóng: " STR_FMT, STR_ARG(ret_point->closed_reason));
    return OK;
}

static enum err decide_described(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct point point = { .id = 0 };
    (void)body;
    return get_open(cx, fact->subject_id, &point);
}

static enum err decide_added(struct ctx *cx, const struct fact *fact, const void *body)
{
    SQL(count, "SELECT COUNT(*) FROM point WHERE area_id = $1 AND root_id = $2 AND is_closed = 0");
    struct point main = { .id = 0 };
    struct str place = STR("");
    bool may = false;
    int64_t open = 0;
    (void)body;
    TRY(get_standing(cx, fact->subject_id, &main));
    if (!main.is_main || main.level == POINT_HUB)
        return fail(cx, ERR_CONFLICT, "Chỉ mở thêm điểm cầu bên cạnh điểm cầu chính của tỉnh hoặc của xã");
    TRY(point_may_add(cx, main.root_id, main.area_id, &may, &place));
    if (!may)
        return fail(cx, ERR_CONFLICT, "Văn bản của lớp không nêu việc mở rộng điểm cầu; xin báo cáo cấp trên để có văn bản cho phép");
    TRY(db_i64(cx, &count, BIND(V(main.area_id), V(main.root_id)), &open));
    if (open >= POINT_SUBS_MAX)
        return fail(cx, ERR_CONFLICT, "Mỗi địa bàn mở tối đa %d điểm cầu", POINT_SUBS_MAX);
    return OK;
}

static enum err decide_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct point point = { .id = 0 };
    (void)body;
    TRY(get_open(cx, fact->subject_id, &point));
    if (point.is_main && !point_is_from_above(cx, point.path))
        return fail(cx, ERR_FORBIDDEN, "Điểm cầu chính chỉ cấp trên đóng được; xin báo cáo cấp trên");
    return OK;
}

static enum err decide_reopened(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct point point = { .id = 0 };
    (void)body;
    TRY(get_standing(cx, fact->subject_id, &point));
    if (!point.is_closed)
        return fail(cx, ERR_CONFLICT, "Điểm cầu này đang mở");
    if (point.is_main && !point_is_from_above(cx, point.path))
        return fail(cx, ERR_FORBIDDEN, "Điểm cầu chính chỉ cấp trên mở lại được; xin báo cáo cấp trên");
    return OK;
}

static enum err decide_reported(struct ctx *cx, const struct fact *fact, const void *body)
{
    struct point point = { .id = 0 };
    (void)body;
    TRY(get_open(cx, fact->subject_id, &point));
    if (!point.is_main || point.level == POINT_HUB)
        return fail(cx, ERR_CONFLICT, "Số lượng được báo cáo chung cho cả địa bàn, tại điểm cầu chính");
    return OK;
}

static enum err decide_area(struct ctx *cx, const struct fact *fact)
{
    struct point point = { .id = 0 };
    TRY(get_standing(cx, fact->subject_id, &point));
    if (!point.is_main)
        return fail(cx, ERR_CONFLICT, "Việc này làm cho cả địa bàn, tại điểm cầu chính");
    return OK;
}

static enum err decide_campaign_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_campaign_set *set = body;
    TRY(decide_area(cx, fact));
    struct course course = { .id = 0 };
    TRY(course_find(cx, point_class(fact->subject_id), &course));
    if (course.end_day != DAY_NONE && set->opens_at >= day_start(course.end_day + 1))
        return fail_field(cx, "opens_at", "Giờ kiểm tra cần trước khi lớp kết thúc");
    return OK;
}

static enum err decide_conference_set(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_conference_set *set = body;
    TRY(decide_area(cx, fact));
    if (set->system_url.len > 0 && !str_starts(set->system_url, STR("https://")))
        return fail_field(cx, "system_url", "Địa chỉ cần bắt đầu bằng https://");
    return OK;
}

static bool has_figures(const struct point_tested *t)
{
    return t->rtt_ms || t->rtt_p95_ms || t->loss_permille || t->down_kbps || t->up_kbps || t->camera.len > 0 ||
           t->microphone.len > 0 || t->echo.len > 0 || t->echo_rtt_ms || t->echo_loss_permille;
}

static enum err decide_tested(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_tested *tested = body;
    struct point point = { .id = 0 };
    struct str why = STR("");
    TRY(get_open(cx, fact->subject_id, &point));
    bool has_passed = str_eq(tested->result, STR("passed"));
    bool by_hand = str_eq(tested->how, STR("hand"));
    if (by_hand && has_figures(tested))
        return fail(cx, ERR_INVALID, "Kết quả ghi tay không kèm số đo; xin đo bằng trình duyệt");
    if (!by_hand && (tested->rtt_ms == 0 || tested->rtt_p95_ms < tested->rtt_ms || tested->down_kbps == 0 || tested->up_kbps == 0))
        return fail(cx, ERR_INVALID, "Số đo chưa đủ; xin đo lại, hoặc ghi kết quả bằng tay");
    if (!has_passed && tested->words.len == 0)
        return fail_field(cx, "words", "Xin ghi điểm cầu chưa đạt ở chỗ nào");
    if (!by_hand && has_passed && !point_judge(&cx->arena, tested, &why) && tested->words.len == 0)
        return fail_field(cx, "words", "Số đo chưa đạt (" STR_FMT "); nếu vẫn kết luận đạt, xin ghi lý do", STR_ARG(why));
    return OK;
}

/* An incident belongs to the days around its class; what an officer types is checked against both ends. */
static enum err check_span(struct ctx *cx, int64_t root_id, int64_t from_at, int64_t to_at)
{
    enum { AHEAD_MS = 5 * 60 * 1000, BEFORE_DAYS = 30 };
    struct course course = { .id = 0 };
    TRY(course_find(cx, root_id, &course));
    if (from_at > cx->now + AHEAD_MS)
        return fail_field(cx, "from_at", "Giờ bắt đầu sự cố cần trước thời điểm này");
    if (course.start_day != DAY_NONE && from_at < day_start(course.start_day - BEFORE_DAYS))
        return fail_field(cx, "from_at", "Giờ bắt đầu sự cố quá xa ngày mở lớp, xin kiểm tra lại");
    if (to_at != 0 && to_at < from_at)
        return fail_field(cx, "to_at", "Giờ kết thúc cần sau giờ bắt đầu");
    if (to_at > cx->now + AHEAD_MS)
        return fail_field(cx, "to_at", "Giờ kết thúc cần trước thời điểm này");
    if (to_at - from_at > (int64_t)3 * DAY_MS)
        return fail_field(cx, "to_at", "Sự cố kéo dài quá ba ngày, xin kiểm tra lại giờ");
    return OK;
}

static enum err decide_incident_opened(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_incident_opened *opened = body;
    struct point point = { .id = 0 };
    TRY(get_open(cx, fact->subject_id, &point));
    return check_span(cx, point.root_id, opened->from_at, opened->to_at);
}

static enum err decide_incident_closed(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_incident_closed *closed = body;
    struct point_incident incident = { .id = 0 };
    TRY(point_get_incident(cx, fact->subject_id, &incident));
    TRY(point_check_class(cx, point_class(incident.point_id)));
    if (incident.to_at != 0)
        return fail(cx, ERR_CONFLICT, "Sự cố này đã khắc phục xong lúc " STR_FMT "; nếu giờ chưa đúng, xin đính chính",
                    STR_ARG(instant_format(&cx->arena, incident.to_at)));
    return check_span(cx, point_class(incident.point_id), incident.from_at, closed->to_at);
}

static enum err decide_incident_corrected(struct ctx *cx, const struct fact *fact, const void *body)
{
    const struct point_incident_corrected *corrected = body;
    struct point_incident incident = { .id = 0 };
    TRY(point_get_incident(cx, fact->subject_id, &incident));
    TRY(point_check_class(cx, point_class(incident.point_id)));
    if (corrected->by_hand && corrected->to_at == 0)
        return fail_field(cx, "minutes_lost", "Số phút chỉ ghi được khi sự cố đã khắc phục xong");
    return check_span(cx, point_class(incident.point_id), corrected->from_at, corrected->to_at);
}

#define FACT(name, words, table, decide, apply) { STR_INIT("point." name), STR_INIT(words), table, decide, apply }
const struct fact_kind point_fact_list[POINT_FACT_COUNT] = {
    [POINT_FACT_DESCRIBED] = FACT("described", "Khai báo điểm cầu", TABLE(point_described, point_described_fields),
                                  decide_described, point_apply_described),
    [POINT_FACT_ADDED] = FACT("added", "Mở thêm điểm cầu", TABLE(point_added, point_added_fields), decide_added, point_apply_added),
    [POINT_FACT_CLOSED] = FACT("closed", "Đóng điểm cầu", TABLE(point_reason, point_reason_fields), decide_closed,
                               point_apply_closed),
    [POINT_FACT_REOPENED] = FACT("reopened", "Mở lại điểm cầu", TABLE(point_reason, point_reason_fields), decide_reopened,
                                 point_apply_reopened),
    [POINT_FACT_REPORTED] = FACT("reported", "Báo cáo số điểm cầu, số đại biểu", TABLE(point_reported, point_reported_fields),
                                 decide_reported, point_apply_reported),
    [POINT_FACT_CAMPAIGN_SET] = FACT("campaign_set", "Đặt đợt kiểm tra đường truyền",
                                     TABLE(point_campaign_set, point_campaign_fields), decide_campaign_set, point_apply_campaign_set),
    [POINT_FACT_TESTED] = FACT("tested", "Kiểm tra đường truyền", TABLE(point_tested, point_tested_fields), decide_tested,
                               point_apply_tested),
    [POINT_FACT_INCIDENT_OPENED] = FACT("incident_opened", "Ghi sự cố điểm cầu",
                                        TABLE(point_incident_opened, point_incident_opened_fields), decide_incident_opened,
                                        point_apply_incident_opened),
    [POINT_FACT_INCIDENT_CLOSED] = FACT("incident_closed", "Ghi khắc phục xong sự cố",
                                        TABLE(point_incident_closed, point_incident_closed_fields), decide_incident_closed,
                                        point_apply_incident_closed),
    [POINT_FACT_INCIDENT_CORRECTED] = FACT("incident_corrected", "Đính chính sự cố",
                                           TABLE(point_incident_corrected, point_incident_corrected_fields),
                                           decide_incident_corrected, point_apply_incident_corrected),
    [POINT_FACT_CONFERENCE_SET] = FACT("conference_set", "Đặt hệ thống hội nghị trực tuyến",
                                       TABLE(point_conference_set, point_conference_fields), decide_conference_set,
                                       point_apply_conference_set),
};
const struct fact_kinds point_facts = { point_fact_list, POINT_FACT_COUNT };

/* ---- Doing ---- */

/* A fact of the point: owned by its area. */
static enum err record(struct ctx *cx, enum point_fact kind, int64_t point_id, const void *body, int64_t *ret_seq)
{
    SQL(find, "SELECT area_id FROM point WHERE id = $1");
    int64_t area_id = 0;
    enum err err = db_i64(cx, &find, BIND(V(point_id)), &area_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy điểm cầu này");
    TRY(err);
    return fact_record(cx, &point_fact_list[kind], area_id, point_id, body, ret_seq);
}

static enum err record_incident(struct ctx *cx, enum point_fact kind, int64_t incident_id, const void *body)
{
    SQL(find, "SELECT p.area_id FROM point_incident i JOIN point p ON p.id = i.point_id WHERE i.id = $1");
    int64_t area_id = 0;
    enum err err = db_i64(cx, &find, BIND(V(incident_id)), &area_id);
    if (err == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, "Không tìm thấy sự cố này");
    TRY(err);
    return fact_record(cx, &point_fact_list[kind], area_id, incident_id, body, NULL);
}

enum err point_describe(struct ctx *cx, int64_t point_id, const struct point_described *described)
{
    return record(cx, POINT_FACT_DESCRIBED, point_id, described, NULL);
}

enum err point_add(struct ctx *cx, int64_t main_point_id, const struct point_added *added, int64_t *ret_point_id)
{
    SQL(find, "SELECT id FROM point WHERE root_id = $1 AND area_id = (SELECT area_id FROM point WHERE id = $2) AND seq = $3");
    int64_t seq = 0;
    int64_t id = 0;
    TRY(record(cx, POINT_FACT_ADDED, main_point_id, added, &seq));
    TRY(db_i64(cx, &find, BIND(V(point_class(main_point_id)), V(main_point_id), V(seq)), &id));
    if (ret_point_id)
        *ret_point_id = id;
    return OK;
}

enum err point_close(struct ctx *cx, int64_t point_id, struct str reason)
{
    struct point_reason body = { reason };
    return record(cx, POINT_FACT_CLOSED, point_id, &body, NULL);
}

enum err point_reopen(struct ctx *cx, int64_t point_id, struct str reason)
{
    struct point_reason body = { reason };
    return record(cx, POINT_FACT_REOPENED, point_id, &body, NULL);
}

enum err point_report(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_reported *reported)
{
    return record(cx, POINT_FACT_REPORTED, course_main_point(root_id, area_id), reported, NULL);
}

enum err point_set_campaign(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_campaign_set *set)
{
    return record(cx, POINT_FACT_CAMPAIGN_SET, course_main_point(root_id, area_id), set, NULL);
}

enum err point_set_conference(struct ctx *cx, int64_t root_id, int64_t area_id, const struct point_conference_set *set)
{
    return record(cx, POINT_FACT_CONFERENCE_SET, course_main_point(root_id, area_id), set, NULL);
}

enum err point_record_test(struct ctx *cx, int64_t point_id, const struct point_tested *tested)
{
    return record(cx, POINT_FACT_TESTED, point_id, tested, NULL);
}

enum err point_open_incident(struct ctx *cx, int64_t point_id, const struct point_incident_opened *opened, int64_t *ret_id)
{
    return record(cx, POINT_FACT_INCIDENT_OPENED, point_id, opened, ret_id);
}

enum err point_close_incident(struct ctx *cx, int64_t incident_id, int64_t to_at, struct str words)
{
    struct point_incident_closed body = { to_at, words };
    return record_incident(cx, POINT_FACT_INCIDENT_CLOSED, incident_id, &body);
}

enum err point_correct_incident(struct ctx *cx, int64_t incident_id, const struct point_incident_corrected *corrected)
{
    return record_incident(cx, POINT_FACT_INCIDENT_CORRECTED, incident_id, corrected);
}
