#include "check/check.h"

#include "paper/paper.h"
#include "reader/reader.h"

#include <string.h>

/* A paper of the office's shape around these lines of body; everything in it is made up. */
static struct reader_plan read_body(struct ctx *cx, const char *body)
{
    struct str text = str_format(&cx->arena,
                                 "TỈNH ỦY BẢO AN\n*\nSố 12-KH/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\nBảo "
                                 "An, ngày 04 tháng 5 năm 2026\n\n"
                                 "KẾ HOẠCH\ntổ chức lớp bồi dưỡng cho cán bộ cấp xã\n-----\n"
                                 "Ban Thường vụ Tỉnh ủy tổ chức lớp bồi dưỡng như sau:\n\n%s\n\n"
                                 "Nơi nhận:\n- Thường trực Tỉnh ủy,\n- Lưu Văn phòng Tỉnh "
                                 "ủy.\n\nT/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\n\nĐỗ Văn Lành\n",
                                 body);
    struct paper paper = { .blocks_len = 0 };
    struct reader_plan plan = { .mode = { .value = { "", 0 } } };
    assert_ok(cx,
              paper_read(cx, (struct bytes){ (const unsigned char *)text.at, text.len }, &paper));
    assert_ok(cx, reader_read(cx, &paper, &plan));
    return plan;
}

static const struct reader_anomaly *find_anomaly(const struct reader_plan *plan, const char *kind)
{
    for (size_t n = 0; n < plan->anomalies_len; n++)
        if (str_eq(plan->anomalies[n].kind, str_from(kind)))
            return &plan->anomalies[n];
    return NULL;
}

static void assert_no_anomaly(const struct reader_plan *plan, const char *kind)
{
    const struct reader_anomaly *found = find_anomaly(plan, kind);
    if (found != NULL)
        fail_msg("%s: " STR_FMT, kind, STR_ARG(found->words));
}

static void assert_anomaly(const struct reader_plan *plan, const char *kind, const char *first,
                           const char *second)
{
    const struct reader_anomaly *found = find_anomaly(plan, kind);
    if (found == NULL)
        fail_msg("no %s", kind);
    assert_str_equal(found->values.at[0].value, first);
    if (second != NULL)
        assert_str_equal(found->values.at[1].value, second);
    assert_true(found->words.len > 0);
}

/* ---- when ---- */

static void daily_hours_are_written_out_for_each_day(void **state)
{
    struct reader_plan plan =
        read_body(*state,
                  "1. Thời gian: 02 ngày, từ ngày 23 đến ngày 24/5/2026 (thứ Bảy, Chủ nhật).\n"
                  "- Buổi sáng: 7h30 - 11h00.\n- Buổi chiều: 13h30 - 16h30.\n"
                  "2. Địa điểm: Hội trường lớn, phường An Hòa.");
    const struct reader_schedule *s = &plan.schedule;
    assert_str_equal(s->start.value, "2026-05-23");
    assert_str_equal(s->end.value, "2026-05-24");
    assert_int_equal(s->days_tenths.value, 20);
    assert_int_equal(s->sessions_len, 4);
    assert_str_equal(s->sessions[0].date.value, "2026-05-23");
    assert_str_equal(s->sessions[0].from.value, "07:30");
    assert_str_equal(s->sessions[3].date.value, "2026-05-24");
    assert_str_equal(s->sessions[3].to.value, "16:30");
    assert_no_anomaly(&plan, "weekday_mismatch");
    assert_no_anomaly(&plan, "count_mismatch");
}

static void a_day_and_a_half_has_no_second_afternoon(void **state)
{
    struct reader_plan plan = read_body(*state,
                                        "1. Thời gian: 1,5 ngày, từ ngày 23 đến ngày 24/5/2026; "
                                        "sáng từ 7h30 đến 11h00, chiều từ 13h30 đến 16h30.\n"
                                        "2. Hình thức: trực tiếp.");
    assert_int_equal(plan.schedule.days_tenths.value, 15);
    assert_int_equal(plan.schedule.sessions_len, 3);
    assert_str_equal(plan.mode.value, "in_person");
}

static void a_time_belongs_to_the_event_named_with_it(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "1. Thời gian: ngày 23 và 24/5/2026. Khai giảng lúc 8 giờ 00 ngày 23/5/2026; bế giảng: "
        "16h30 ngày 24/5/2026.\n"
        "2. Đón tiếp, làm thủ tục nhập học: từ 14h00 ngày 22/5/2026. Học viên có mặt trước giờ "
        "khai giảng 15 phút.\n"
        "3. Kiểm tra đường truyền lần 1: 9h00 ngày 21/5/2026; lần 2: 15h00 ngày 22/5/2026.\n"
        "4. Kết nối chính thức từ 7h00 ngày 23/5/2026.\n"
        "5. Hình thức: trực tiếp kết hợp trực tuyến.");
    const struct reader_schedule *s = &plan.schedule;
    assert_str_equal(s->opening.value, "2026-05-23T08:00");
    assert_str_equal(s->closing.value, "2026-05-24T16:30");
    assert_str_equal(s->check_in.value, "2026-05-22T14:00");
    assert_int_equal(s->arrive_before_minutes.value, 15);
    assert_int_equal(s->connection_tests.len, 2);
    assert_str_equal(s->connection_tests.at[1].value, "2026-05-22T15:00");
    assert_str_equal(s->official_connection.value, "2026-05-23T07:00");
    assert_str_equal(plan.mode.value, "hybrid");
    assert_no_anomaly(&plan, "date_conflict");
}

static void deadlines_and_cited_papers_are_not_the_class(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "I. Nội dung\nThực hiện Quyết định số 15/QĐ-UBND ngày 20/4/2026 của Ủy ban nhân dân tỉnh.\n"
        "II. Tổ chức thực hiện\n1. Ban Tổ chức Tỉnh ủy gửi danh sách trước ngày 15/5/2026.");
    assert_str_equal(plan.schedule.start.value, "");
    assert_str_equal(plan.schedule.opening.value, "");
}

static void the_new_time_of_a_change_is_the_time(void **state)
{
    struct reader_plan plan = read_body(*state,
                                        "1. Thời gian: Chuyển thời gian tổ chức lớp từ ngày 25 và "
                                        "26/5/2026 sang ngày 08 và 09/6/2026.\n"
                                        "2. Hình thức: Chuyển từ trực tiếp sang trực tuyến.");
    assert_str_equal(plan.schedule.start.value, "2026-06-08");
    assert_str_equal(plan.schedule.end.value, "2026-06-09");
    assert_str_equal(plan.mode.value, "online");
}

static void a_choice_left_open_is_no_mode(void **state)
{
    struct reader_plan plan = read_body(*state,
                                        "1. Hình thức: trực tiếp hoặc trực tuyến, tùy điều kiện "
                                        "của từng nơi.\n2. Thời gian: trong tháng 6/2026.");
    assert_str_equal(plan.mode.value, "");
    assert_str_equal(plan.schedule.start.value, "2026-06");
}

static void the_everyday_word_is_no_mode(void **state)
{
    struct reader_plan plan = read_body(*state,
                                        "1. Đối tượng: cán bộ trực tiếp tham gia lãnh đạo, tập "
                                        "trung vào cơ sở.\n2. Thời gian: ngày 23/5/2026.");
    assert_str_equal(plan.mode.value, "");
}

/* ---- programmes, classes, topics ---- */

static const char two_groups[] =
    "1. Số lượng\n(1) Bồi dưỡng cho lãnh đạo xã\n- Số lượng học viên: Dự kiến 120 học viên.\n- Số "
    "lượng lớp: 02 lớp.\n"
    "(2) Bồi dưỡng cho công chức tư pháp\n- Số lượng học viên: 90 học viên.\n- Số lượng lớp: 01 "
    "lớp.\n- Địa điểm: Cơ sở 2, Trường Bảo An.\n";

static void groups_told_once_are_the_programmes(void **state)
{
    struct reader_plan plan = read_body(*state, two_groups);
    assert_int_equal(plan.programmes_len, 2);
    assert_int_equal(plan.groups_len, 0);
    assert_str_equal(plan.programmes[0].audience.value, "lãnh đạo xã");
    assert_int_equal(plan.programmes[0].learners.value, 120);
    assert_int_equal(plan.programmes[1].classes.value, 1);
    assert_int_equal(plan.programmes[1].venues_len, 1);
    assert_str_equal(plan.programmes[1].venues[0].place.value, "Cơ sở 2, Trường Bảo An");
    assert_false(plan.learners.is_given);
}

static void several_dated_classes_are_runs_and_their_span_the_schedule(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "1. Số lượng: tổng số 150 học viên, chia thành 02 lớp.\n2. Lịch học\n"
        "- Lớp 1: từ ngày 06 đến ngày 07/7/2026, tại Hội trường phường An Hòa; 80 học viên.\n"
        "- Lớp 2: từ ngày 13 đến ngày 14/7/2026, tại Hội trường xã Bình Lạc; 70 học viên.");
    assert_int_equal(plan.runs_len, 2);
    assert_str_equal(plan.runs[0].label.value, "Lớp 1");
    assert_str_equal(plan.runs[1].start.value, "2026-07-13");
    assert_str_equal(plan.runs[1].place.value, "Hội trường xã Bình Lạc");
    assert_int_equal(plan.runs[1].learners.value, 70);
    assert_str_equal(plan.schedule.start.value, "2026-07-06");
    assert_str_equal(plan.schedule.end.value, "2026-07-14");
    assert_int_equal(plan.learners.value, 150);
    assert_int_equal(plan.classes.value, 2);
    assert_no_anomaly(&plan, "count_mismatch");
}

static void topics_in_one_sentence_are_told_apart(void **state)
{
    struct reader_plan plan =
        read_body(*state,
                  "1. Nội dung: gồm 03 chuyên đề: (1) Chuyên đề 1: Tiếp công dân (do Thanh tra "
                  "tỉnh trình bày); (2) Chuyên đề 2: Soạn văn bản; "
                  "(3) Chuyên đề 3: Giữ an toàn dữ liệu.");
    assert_int_equal(plan.topics_len, 3);
    assert_str_equal(plan.topics[0].title.value, "Tiếp công dân");
    assert_str_equal(plan.topics[0].speaker.value, "Thanh tra tỉnh");
    assert_int_equal(plan.topics[2].number.value, 3);
    assert_str_equal(plan.topics[2].title.value, "Giữ an toàn dữ liệu");
    assert_no_anomaly(&plan, "count_mismatch");
}

static void a_timetable_gives_minutes_and_its_breaks_are_no_topics(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "1. Thời gian: ngày 23/5/2026.\n2. Chương trình\n\n| Thời gian | Nội dung | Người trình "
        "bày |\n|---|---|---|\n"
        "| 7h30 - 8h00 | Đón tiếp đại biểu | Văn phòng |\n| 8h00 - 8h15 | Khai mạc | Lãnh đạo Ban "
        "|\n"
        "| 8h15 - 9h45 | Tiếp công dân ở cơ sở | Thanh tra tỉnh |\n| 9h45 - 10h00 | Giải lao | |\n"
        "| 10h00 - 11h00 | Trao đổi, thảo luận | Cả lớp |\n| 11h00 | Bế mạc | Lãnh đạo Ban |\n\n3. "
        "Kinh phí: theo quy định.");
    assert_int_equal(plan.topics_len, 2);
    assert_str_equal(plan.topics[0].title.value, "Tiếp công dân ở cơ sở");
    assert_str_equal(plan.topics[0].speaker.value, "Thanh tra tỉnh");
    assert_int_equal(plan.topics[0].minutes.value, 90);
    assert_str_equal(plan.topics[1].kind.value, "discussion");
    assert_str_equal(plan.schedule.opening.value, "2026-05-23T08:00");
    assert_str_equal(plan.schedule.closing.value, "2026-05-23T11:00");
}

static void phases_hold_their_work_with_its_length(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "I. Lộ trình\n1. Giai đoạn 1 (từ năm 2026 - 2028)\n- Khảo sát nhu cầu bồi dưỡng.\n- Bồi "
        "dưỡng nghiệp vụ, thời gian: 02 tuần.\n"
        "2. Giai đoạn 2 (từ 2029 - 2031)\n- Bồi dưỡng nâng cao, mỗi khóa từ 02 đến 05 ngày.\n");
    assert_int_equal(plan.phases_len, 2);
    assert_str_equal(plan.phases[0].name.value, "Giai đoạn 1");
    assert_str_equal(plan.phases[0].to.value, "2028");
    assert_int_equal(plan.phases[0].items_len, 2);
    assert_str_equal(plan.phases[0].items[1].duration.value, "P2W");
    assert_str_equal(plan.phases[1].items[0].duration.value, "P2D/P5D");
}

/* ---- what does not agree ---- */

static void a_wrong_weekday_is_told(void **state)
{
    struct reader_plan plan = read_body(*state, "1. Thời gian: ngày 23/5/2026 (thứ Sáu).");
    assert_anomaly(&plan, "weekday_mismatch", "2026-05-23", NULL);
}

static void an_opening_outside_the_class_is_told(void **state)
{
    struct reader_plan plan = read_body(
        *state, "1. Thời gian: từ ngày 23 đến ngày 24/5/2026.\n- Khai giảng: 8h00 ngày 22/5/2026.");
    assert_anomaly(&plan, "date_conflict", "2026-05-23", "2026-05-22");
}

static void a_roster_due_after_the_class_began_is_told_and_a_report_is_not(void **state)
{
    struct reader_plan plan = read_body(*state,
                                        "1. Thời gian: từ ngày 23 đến ngày 24/5/2026.\nII. TỔ CHỨC "
                                        "THỰC HIỆN\n1. Ban Tổ chức Tỉnh ủy\n"
                                        "- Báo cáo kết quả lớp học trước ngày 10/6/2026.\n- Lập "
                                        "danh sách học viên gửi Trường trước ngày 25/5/2026.");
    assert_anomaly(&plan, "date_order", "2026-05-25", "2026-05-23");
    assert_true(find_anomaly(&plan, "date_order") == &plan.anomalies[plan.anomalies_len - 1]);
}

static void a_class_that_ends_before_it_begins_is_told(void **state)
{
    struct reader_plan plan =
        read_body(*state, "1. Thời gian: từ ngày 24/5/2026 đến ngày 22/5/2026.");
    assert_anomaly(&plan, "date_order", "2026-05-24", "2026-05-22");
}

static void topics_fewer_than_announced_are_told(void **state)
{
    struct reader_plan plan =
        read_body(*state,
                  "1. Nội dung: gồm 04 chuyên đề\n- Chuyên đề 1: Tiếp công dân.\n- Chuyên đề 2: "
                  "Soạn văn bản.\n- Chuyên đề 3: Giữ an toàn dữ liệu.");
    assert_anomaly(&plan, "count_mismatch", "4", "3");
}

static void a_total_that_is_not_the_sum_is_told(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "1. Thành phần:\n- Cán bộ xã: 45 người;\n- Trưởng ấp: 22 người;\nTổng cộng: 80 người.");
    assert_anomaly(&plan, "count_mismatch", "80", "67");
}

static void days_that_do_not_fill_the_range_are_told(void **state)
{
    struct reader_plan plan =
        read_body(*state, "1. Thời gian: 02 ngày, từ ngày 25/5/2026 đến ngày 27/5/2026.");
    assert_anomaly(&plan, "count_mismatch", "2", "3");
}

/* ---- topics, as offices lay them out ---- */

static void assert_topic(const struct reader_plan *plan, size_t n, const char *title, const char *speaker,
                         int64_t minutes)
{
    assert_true(n < plan->topics_len);
    assert_str_equal(plan->topics[n].title.value, title);
    assert_str_equal(plan->topics[n].speaker.value, speaker);
    assert_int_equal(plan->topics[n].minutes.value, minutes);
}

static void slots_in_bullets_are_a_timetable(void **state)
{
    struct reader_plan plan = read_body(
        *state,
        "II. CHƯƠNG TRÌNH\n1. Ngày 23/5/2026\n- Sáng:\n"
        "+ 7h30 - 8h00: Đón tiếp đại biểu, phát tài liệu.\n"
        "+ 8h00 - 9h30: Công tác dân vận (đồng chí Lê Văn Bình, Trưởng Ban Dân vận Tỉnh ủy trình bày).\n"
        "+ 9h30 - 9h45: Giải lao.\n"
        "+ 9h45 - 11h15: Công tác kiểm tra - Ủy ban Kiểm tra Tỉnh ủy.\n"
        "- Chiều:\n+ 13h30 - 15h00: Thảo luận, giải đáp.\n+ 15h00: Bế mạc.");
    assert_int_equal(plan.topics_len, 3);
    assert_topic(&plan, 0, "Công tác dân vận", "đồng chí Lê Văn Bình, Trưởng Ban Dân vận Tỉnh ủy", 90);
    assert_topic(&plan, 1, "Công tác kiểm tra", "Ủy ban Kiểm tra Tỉnh ủy", 90);
    assert_str_equal(plan.topics[2].kind.value, "discussion");
    assert_str_equal(plan.schedule.closing.value, "2026-05-23T15:00");
}

static void the_half_day_in_front_of_a_topic_is_not_its_title(void **state)
{
    struct reader_plan plan = read_body(
        *state, "2. Nội dung chương trình\n"
                "- Sáng ngày 23/5/2026: 8h00 - 11h30: Quán triệt Nghị quyết Đại hội, do đồng chí Lê "
                "Văn Bình trình bày.\n"
                "- Buổi chiều: Kỹ năng xử lý tình huống - ThS. Đỗ Thị Hoa.");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Quán triệt Nghị quyết Đại hội", "đồng chí Lê Văn Bình", 210);
    assert_topic(&plan, 1, "Kỹ năng xử lý tình huống", "ThS. Đỗ Thị Hoa", 0);
}

static void numbered_topics_in_prose_are_told_apart(void **state)
{
    struct reader_plan plan = read_body(
        *state, "2. Nội dung: Lớp bồi dưỡng gồm các nội dung: (1) Kỹ năng lãnh đạo, quản lý; (2) Kỹ "
                "năng xử lý tình huống; và (3) Chuyển đổi số trong cơ quan nhà nước.\n"
                "3. Kinh phí: từ ngân sách.");
    assert_int_equal(plan.topics_len, 3);
    assert_topic(&plan, 0, "Kỹ năng lãnh đạo, quản lý", "", 0);
    assert_int_equal(plan.topics[0].number.value, 1);
    assert_topic(&plan, 2, "Chuyển đổi số trong cơ quan nhà nước", "", 0);
    assert_int_equal(plan.topics[2].number.value, 3);
}

static void a_counted_list_is_read_only_when_the_count_agrees(void **state)
{
    struct reader_plan plan =
        read_body(*state, "Lớp bồi dưỡng diễn ra ngày 23/5/2026, gồm 02 chuyên đề: Kỹ năng lãnh đạo, "
                          "quản lý; Kỹ năng xử lý tình huống.");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 1, "Kỹ năng xử lý tình huống", "", 0);
    plan = read_body(*state, "Lớp bồi dưỡng diễn ra ngày 23/5/2026, gồm 03 chuyên đề: Kỹ năng lãnh đạo, "
                             "quản lý; Kỹ năng xử lý tình huống.");
    assert_int_equal(plan.topics_len, 0);
}

static void who_teaches_stands_behind_the_title_in_many_ways(void **state)
{
    struct reader_plan plan = read_body(
        *state, "3. Nội dung\n- Xử lý đơn thư (TS. Đỗ Thị Hoa - Học viện Hành chính).\n"
                "- Pháp luật về đất đai. Báo cáo viên: Sở Nông nghiệp và Môi trường.\n"
                "- Chuyển đổi số (Đề án 06): 04 tiết.");
    assert_int_equal(plan.topics_len, 3);
    assert_topic(&plan, 0, "Xử lý đơn thư", "TS. Đỗ Thị Hoa - Học viện Hành chính", 0);
    assert_topic(&plan, 1, "Pháp luật về đất đai", "Sở Nông nghiệp và Môi trường", 0);
    assert_topic(&plan, 2, "Chuyển đổi số (Đề án 06)", "", 0);
}

static void who_carries_out_a_slot_of_a_timetable_speaks(void **state)
{
    struct reader_plan plan = read_body(*state, "II. NỘI DUNG\n"
                                                "| Thời gian | Nội dung | Đơn vị thực hiện |\n|---|---|---|\n"
                                                "| 8h00 - 8h30 | Khai mạc | Ban Tổ chức |\n"
                                                "| 8h30 - 10h00 | Công tác dân vận | Ban Dân vận Tỉnh ủy |\n"
                                                "| 10h00 - 11h30 | Công tác kiểm tra | Ủy ban Kiểm tra |");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Công tác dân vận", "Ban Dân vận Tỉnh ủy", 90);
    assert_topic(&plan, 1, "Công tác kiểm tra", "Ủy ban Kiểm tra", 90);
}

static void days_between_rows_parted_by_tabs_stay_in_the_table(void **state)
{
    struct reader_plan plan = read_body(*state, "II. CHƯƠNG TRÌNH\n\nNgày, giờ\tNội dung\tNgười thực hiện\n"
                                                "Ngày 23/5/2026\nSáng\n"
                                                "7h30 - 8h00\tĐón tiếp đại biểu\tVăn phòng\n"
                                                "8h00 - 11h00\tChuyên đề 1: Công tác dân vận\tTS. Lê Văn Bình\n"
                                                "Chiều\n"
                                                "14h00 - 16h30\tChuyên đề 2: Công tác kiểm tra\tSở Nội vụ\n"
                                                "16h30\tBế giảng\tBan Tổ chức");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Công tác dân vận", "TS. Lê Văn Bình", 180);
    assert_topic(&plan, 1, "Công tác kiểm tra", "Sở Nội vụ", 150);
    assert_str_equal(plan.schedule.closing.value, "2026-05-23T16:30");
}

static void details_below_a_topic_are_its_own(void **state)
{
    struct reader_plan plan = read_body(
        *state, "3. Nội dung\n3.1. Nghiệp vụ công tác đảng\n- Báo cáo viên: Ban Tổ chức Tỉnh ủy.\n- Thời "
                "lượng: 90 phút.\n3.2. Nghiệp vụ kiểm tra, giám sát\n- Báo cáo viên: Ủy ban Kiểm tra Tỉnh "
                "ủy.\n- Thời lượng: 120 phút.");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Nghiệp vụ công tác đảng", "Ban Tổ chức Tỉnh ủy", 90);
    assert_topic(&plan, 1, "Nghiệp vụ kiểm tra, giám sát", "Ủy ban Kiểm tra Tỉnh ủy", 120);
}

static void classes_in_one_sentence_are_runs(void **state)
{
    struct reader_plan plan = read_body(
        *state, "2. Thời gian: chia làm 02 đợt: Đợt 1 từ ngày 11 đến ngày 13/5/2026 tại Hội trường A; Đợt 2 "
                "từ ngày 18 đến ngày 20/5/2026 tại Hội trường B.");
    assert_int_equal(plan.runs_len, 2);
    assert_str_equal(plan.runs[0].label.value, "Đợt 1");
    assert_str_equal(plan.runs[0].end.value, "2026-05-13");
    assert_str_equal(plan.runs[1].start.value, "2026-05-18");
    assert_str_equal(plan.runs[1].place.value, "Hội trường B");
    assert_str_equal(plan.schedule.end.value, "2026-05-20");
}

static void who_gives_it_may_stand_in_front(void **state)
{
    struct reader_plan plan =
        read_body(*state, "3. Nội dung: Sở Nội vụ báo cáo chuyên đề \"Chính quyền địa phương hai cấp\"; Công an "
                          "tỉnh giới thiệu chuyên đề \"An ninh cơ sở\".");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Chính quyền địa phương hai cấp", "Sở Nội vụ", 0);
    assert_topic(&plan, 1, "An ninh cơ sở", "Công an tỉnh", 0);
    plan = read_body(*state, "3. Nội dung: đại biểu được nghe đồng chí Lê Văn Bình, Giám đốc Sở Nội vụ trình bày "
                             "chuyên đề Chính quyền địa phương hai cấp.");
    assert_int_equal(plan.topics_len, 1);
    assert_topic(&plan, 0, "Chính quyền địa phương hai cấp", "đồng chí Lê Văn Bình, Giám đốc Sở Nội vụ", 0);
}

static void breaks_and_ceremonies_of_a_list_are_no_topics(void **state)
{
    struct reader_plan plan = read_body(
        *state, "4. Chương trình\n- 8h00: Khai mạc.\n- 8h15: Chuyên đề Chuyển đổi số, báo cáo viên Sở Khoa học "
                "và Công nghệ.\n- 9h45: Nghỉ giải lao.\n- 10h00: Chuyên đề An toàn thông tin, báo cáo viên "
                "Công an tỉnh.\n- 11h30: Kết thúc.");
    assert_int_equal(plan.topics_len, 2);
    assert_topic(&plan, 0, "Chuyển đổi số", "Sở Khoa học và Công nghệ", 0);
    assert_topic(&plan, 1, "An toàn thông tin", "Công an tỉnh", 0);
}

static void topics_below_parts_and_half_days_are_read(void **state)
{
    struct reader_plan plan = read_body(*state, "III. NỘI DUNG\n1. Phần lý thuyết\n- Chính quyền địa phương hai "
                                                "cấp.\n- Quản lý ngân sách xã.\n2. Phần thực hành\n- Thực hành "
                                                "trên hệ thống.");
    assert_int_equal(plan.topics_len, 3);
    assert_topic(&plan, 0, "Chính quyền địa phương hai cấp", "", 0);
    assert_topic(&plan, 2, "Thực hành trên hệ thống", "", 0);
}

static void each_programme_tells_its_own_classes_in_a_sentence(void **state)
{
    struct reader_plan plan = read_body(
        *state, "II. CÁC LỚP\n1. Tập huấn nghiệp vụ văn thư\na) Đối tượng: công chức văn phòng xã.\nb) Số lượng: "
                "96 người, 02 lớp.\nc) Thời gian: Lớp 1: 04 - 05/5/2026; Lớp 2: 07 - 08/5/2026.\n"
                "2. Tập huấn nghiệp vụ tài chính\na) Đối tượng: kế toán xã.\nb) Số lượng: 110 người, 02 lớp.\n"
                "c) Thời gian: Lớp 1: 11 - 12/5/2026; Lớp 2: 14 - 15/5/2026.");
    assert_int_equal(plan.runs_len, 4);
    assert_int_equal(plan.runs[3].programme.value, 2);
    assert_str_equal(plan.runs[3].start.value, "2026-05-14");
    assert_str_equal(plan.schedule.end.value, "2026-05-15");
}

static void classes_told_by_opening_and_closing_are_runs(void **state)
{
    struct reader_plan plan = read_body(
        *state, "2. Thời gian: lớp thứ nhất khai giảng ngày 11/5/2026, bế giảng ngày 13/5/2026; lớp thứ hai khai "
                "giảng ngày 18/5/2026, bế giảng ngày 20/5/2026.");
    assert_int_equal(plan.runs_len, 2);
    assert_str_equal(plan.runs[0].label.value, "lớp thứ nhất");
    assert_str_equal(plan.runs[1].end.value, "2026-05-20");
}

static void aims_are_no_topics(void **state)
{
    struct reader_plan plan = read_body(*state, "2. Nội dung: nâng cao nhận thức, trách nhiệm của đội ngũ cán bộ; "
                                                "bảo đảm thống nhất.\n3. Địa điểm: Hội trường.");
    assert_int_equal(plan.topics_len, 0);
}

static void evenings_of_the_week_are_not_every_evening(void **state)
{
    struct reader_plan plan = read_body(*state, "2. Thời gian: các tối thứ Hai, thứ Tư hằng tuần, từ ngày 11/5/2026 "
                                                "đến ngày 22/5/2026; 19h00 - 21h00.");
    assert_int_equal(plan.schedule.sessions_len, 4);
    assert_str_equal(plan.schedule.sessions[1].date.value, "2026-05-13");
    assert_str_equal(plan.schedule.sessions[3].date.value, "2026-05-20");
}

static void the_count_of_learners_is_not_of_a_programmes_title(void **state)
{
    struct reader_plan plan = read_body(
        *state, "II. ĐỐI TƯỢNG, NỘI DUNG\n1. Lớp bồi dưỡng dành cho bí thư, phó bí thư đảng ủy xã: 120 học viên\n"
                "- Thời gian: ngày 11 - 12/5/2026.\n2. Lớp bồi dưỡng dành cho cán bộ Đoàn xã: 80 học viên\n"
                "- Thời gian: ngày 18 - 19/5/2026.");
    assert_int_equal(plan.programmes_len, 2);
    assert_str_equal(plan.programmes[0].title.value, "Lớp bồi dưỡng dành cho bí thư, phó bí thư đảng ủy xã");
    assert_str_equal(plan.programmes[0].audience.value, "bí thư, phó bí thư đảng ủy xã");
    assert_int_equal(plan.programmes[0].learners.value, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aims_are_no_topics),
        cmocka_unit_test(evenings_of_the_week_are_not_every_evening),
        cmocka_unit_test(the_count_of_learners_is_not_of_a_programmes_title),
        cmocka_unit_test(each_programme_tells_its_own_classes_in_a_sentence),
        cmocka_unit_test(classes_told_by_opening_and_closing_are_runs),
        cmocka_unit_test(who_gives_it_may_stand_in_front),
        cmocka_unit_test(breaks_and_ceremonies_of_a_list_are_no_topics),
        cmocka_unit_test(topics_below_parts_and_half_days_are_read),
        cmocka_unit_test(who_carries_out_a_slot_of_a_timetable_speaks),
        cmocka_unit_test(days_between_rows_parted_by_tabs_stay_in_the_table),
        cmocka_unit_test(details_below_a_topic_are_its_own),
        cmocka_unit_test(classes_in_one_sentence_are_runs),
        cmocka_unit_test(slots_in_bullets_are_a_timetable),
        cmocka_unit_test(the_half_day_in_front_of_a_topic_is_not_its_title),
        cmocka_unit_test(numbered_topics_in_prose_are_told_apart),
        cmocka_unit_test(a_counted_list_is_read_only_when_the_count_agrees),
        cmocka_unit_test(who_teaches_stands_behind_the_title_in_many_ways),
        cmocka_unit_test(daily_hours_are_written_out_for_each_day),
        cmocka_unit_test(a_day_and_a_half_has_no_second_afternoon),
        cmocka_unit_test(a_time_belongs_to_the_event_named_with_it),
        cmocka_unit_test(deadlines_and_cited_papers_are_not_the_class),
        cmocka_unit_test(the_new_time_of_a_change_is_the_time),
        cmocka_unit_test(a_choice_left_open_is_no_mode),
        cmocka_unit_test(the_everyday_word_is_no_mode),
        cmocka_unit_test(groups_told_once_are_the_programmes),
        cmocka_unit_test(several_dated_classes_are_runs_and_their_span_the_schedule),
        cmocka_unit_test(topics_in_one_sentence_are_told_apart),
        cmocka_unit_test(a_timetable_gives_minutes_and_its_breaks_are_no_topics),
        cmocka_unit_test(phases_hold_their_work_with_its_length),
        cmocka_unit_test(a_wrong_weekday_is_told),
        cmocka_unit_test(an_opening_outside_the_class_is_told),
        cmocka_unit_test(a_roster_due_after_the_class_began_is_told_and_a_report_is_not),
        cmocka_unit_test(a_class_that_ends_before_it_begins_is_told),
        cmocka_unit_test(topics_fewer_than_announced_are_told),
        cmocka_unit_test(a_total_that_is_not_the_sum_is_told),
        cmocka_unit_test(days_that_do_not_fill_the_range_are_told),
    };
    return cmocka_run_group_tests(tests, check_ctx_open, check_ctx_close);
}
