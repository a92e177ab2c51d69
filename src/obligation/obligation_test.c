#include "check/check_paper.h"
#include "obligation/obligation.h"
#include "obligation/reminder.h"
#include "viet/viet.h"

/* ---- The ground: the nation with Quảng Ngãi, Hà Tĩnh, Hải Phòng and Cao Bằng ---- */

static int open_rooms(void **state)
{
    static struct fact_kinds rooms[5];
    rooms[4] = holiday_facts;
    rooms[0] = unit_facts;
    rooms[1] = document_facts;
    rooms[2] = obligation_facts;
    rooms[3] = reminder_facts;
    fact_register(rooms, LEN(rooms));
    obligation_start();
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    return 0;
}

static int open_ground(void **state)
{
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42"), STR_INIT("31"), STR_INIT("04") };
    if (open_rooms(state) != 0)
        return 1;
    struct check_store *check = *state;
    enum err err = unit_load_provinces(&check->cx, check->store, codes, LEN(codes));
    if (err != OK)
        print_error("%s: %s\n", check->cx.fault.words, check->cx.fault.detail);
    return err != OK;
}

static int open_nation(void **state)
{
    if (open_rooms(state) != 0)
        return 1;
    struct check_store *check = *state;
    return unit_load_nation(&check->cx, check->store) != OK;
}

static void at(struct check_store *check, int year, int month, int date, int hour, int minute)
{
    check->cx.now = day_time(day_from_civil(year, month, date), hour, minute);
}

/* ---- Plans of our own ---- */

#define HEAD(number, issuer, title)                                                                    \
    "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"" number "\",\"symbol\":\"KH/TU\"," \
    "\"issuer\":\"" issuer "\",\"date\":\"2026-05-14\",\"title\":\"" title "\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}"

static const char report_plan[] = HEAD("21", "Tỉnh ủy Quảng Ngãi", "mở lớp bồi dưỡng cán bộ cấp xã") "},"
    "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"},"
    "\"obligations\":["
    "{\"text\":\"Tổng hợp danh sách, số lượng học viên báo cáo Ban Thường vụ Tỉnh ủy\",\"owner\":\"Ban Tổ chức Tỉnh ủy\"},"
    "{\"text\":\"Báo cáo số lượng điểm cầu, đại biểu về Ban Tổ chức Tỉnh ủy trước 9 giờ ngày 22/5/2026\","
    "\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường, đặc khu\","
    "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T09:00\",\"relation\":\"before\"},"
    "\"_at\":{\"place\":\"mục IV.3, đoạn 2\"}},"
    "{\"text\":\"Bảo đảm đường truyền\",\"owner\":\"Viễn thông Quảng Ngãi\"},"
    "{\"text\":\"Chịu trách nhiệm về kết quả\",\"owner\":\"Chủ tịch UBND xã, phường\"}],"
    "\"recipients\":[\"Ban Tổ chức Tỉnh ủy\",\"Đảng ủy các xã, phường, đặc khu\"]}";

static int64_t issue_report_plan(struct check_store *check)
{
    check_act(check, "51", "tinh_uy");
    return check_issue_plan(check, str_from(report_plan), "", DAY_NONE);
}

/* ---- What a test does on the writer ---- */

struct deed {
    enum err (*run)(struct ctx *cx, struct deed *deed);
    int64_t document_id, obligation_id, unit_id, period, ordinal, made;
    struct str text;
};
static enum err run_deed(struct ctx *cx, void *what)
{
    struct deed *deed = what;
    return deed->run(cx, deed);
}
static enum err do_close(struct ctx *cx, struct deed *deed)
{
    return duty_close(cx, deed->obligation_id, deed->unit_id, deed->period, deed->text, NULL);
}
static enum err do_reopen(struct ctx *cx, struct deed *deed)
{
    return duty_reopen(cx, deed->obligation_id, deed->unit_id, deed->period, deed->text);
}
static enum err do_acknowledge(struct ctx *cx, struct deed *deed)
{
    return document_acknowledge(cx, deed->document_id, &deed->made);
}
static enum err do_recall(struct ctx *cx, struct deed *deed)
{
    return document_recall(cx, deed->document_id, deed->text);
}
static enum err do_correct(struct ctx *cx, struct deed *deed)
{
    return obligation_correct_owner(cx, deed->document_id, deed->ordinal, deed->text);
}
static enum err do_open_periods(struct ctx *cx, struct deed *deed)
{
    return obligation_open_periods(cx, &deed->made);
}
static enum err do_remind(struct ctx *cx, struct deed *deed)
{
    return reminder_send(cx, deed->obligation_id, deed->text, &deed->made);
}
static enum err do_attach(struct ctx *cx, struct deed *deed)
{
    struct material material = { .document_id = deed->document_id, .name = deed->text,
                                 .link = STR("https://vidu.diemcau.invalid/bai-1") };
    return material_attach(cx, &material, &deed->made);
}
static enum err do_deliver(struct ctx *cx, struct deed *deed)
{
    return material_deliver(cx, deed->made);
}
static enum err do_receive(struct ctx *cx, struct deed *deed)
{
    return material_receive(cx, deed->made);
}

static enum err act(struct check_store *check, struct deed *deed)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    return check_write(check, run_deed, deed);
}

static void done(struct check_store *check, struct deed deed)
{
    assert_ok(&check->cx, act(check, &deed));
}

static void refused(struct check_store *check, struct deed deed, enum err err, const char *words)
{
    assert_err(err, act(check, &deed));
    if (!strstr(check->cx.fault.words, words))
        fail_msg("expected “%s” in “%s”", words, check->cx.fault.words);
}

/* ---- What is asked of the tables ---- */

static int64_t count_duties(struct check_store *check, int64_t document_id, int64_t ordinal)
{
    SQL(count_duties_of, "SELECT COUNT(*) FROM duty WHERE obligation_id = $1 AND state <> 'withdrawn'");
    return check_i64(check, &count_duties_of, BIND(V(obligation_id_of(document_id, ordinal))));
}

static int64_t counted(struct check_store *check, const char *kind, int64_t document_id, int64_t ordinal,
                       const struct unit *unit)
{
    SQL(read_counter, "SELECT COALESCE(SUM(value), 0) FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
    return check_i64(check, &read_counter,
                     BIND(V(str_from(kind)), V(obligation_id_of(document_id, ordinal)), V(unit->id)));
}

static struct unit nation(struct check_store *check)
{
    struct unit unit = { .id = 0 };
    assert_ok(&check->cx, unit_find_nation(&check->cx, &unit));
    return unit;
}

static struct unit first_committee(struct check_store *check, const char *code)
{
    struct unit place = { .id = 0 };
    struct unit_list list = { .len = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &place));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place.path, &list));
    assert_true(list.len > 1);
    return list.at[0];
}

/* The obligation of a paper whose text holds these words; the test fails when there is none. */
static struct obligation find_obligation(struct check_store *check, int64_t document_id, const char *words)
{
    struct obligation_list list = { .len = 0 };
    assert_ok(&check->cx, obligation_list_of_document(&check->cx, document_id, &list));
    for (size_t i = 0; i < list.len; i++) {
        if (str_find(list.at[i].text, str_from(words)) < list.at[i].text.len)
            return list.at[i];
    }
    fail_msg("no obligation with “%s”", words);
    return list.at[0];
}

static struct duty the_duty(struct check_store *check, int64_t obligation_id, int64_t unit_id)
{
    struct duty duty = { .unit_id = 0 };
    int64_t period = 0;
    assert_ok(&check->cx, duty_newest_period(&check->cx, obligation_id, unit_id, &period));
    assert_ok(&check->cx, duty_get(&check->cx, obligation_id, unit_id, period, &duty));
    return duty;
}

/* ---- The five papers ---- */

static void plan_664_binds_the_academy_twice_and_each_province(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "000");
    check_act(check, "", "hoc_vien");
    int64_t id = check_issue_plan(check, json, "", DAY_NONE);
    struct unit academy = check_body(check, "", "hoc_vien");
    assert_int_equal(count_duties(check, id, 1), 1);
    assert_int_equal(count_duties(check, id, 2), 1);
    assert_int_equal(count_duties(check, id, 3), 4); /* each province that is loaded */
    assert_int_equal(count_duties(check, id, 4), 4);
    struct duty duty = the_duty(check, obligation_id_of(id, 1), academy.id);
    assert_int_equal(duty.due_at, day_start(day_from_civil(2026, 5, 21)));
    assert_str_equal(duty.obligation.due_words, "trước ngày 21/5/2026 (hết Thứ Tư, 20/5/2026)");
    assert_str_equal(duty.obligation.closes_by, "material_delivered");
    assert_str_equal(duty.obligation.source, "664-KH/HVCTQG");
}

static void plan_09_of_ha_tinh_binds_69_communes_by_nine_o_clock(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "002");
    at(check, 2025, 11, 14, 9, 0);
    check_act(check, "42", "tinh_uy");
    int64_t id = check_issue_plan(check, json, "", DAY_NONE);
    struct obligation o = find_obligation(check, id, "trước 9 giờ ngày 21/11/2025");
    assert_int_equal(count_duties(check, id, o.ordinal), 69);
    assert_int_equal(o.total, 69);
    assert_int_equal(o.due_at, day_time(day_from_civil(2025, 11, 21), 9, 0));
    assert_str_equal(o.addressee, "Ban Tổ chức Tỉnh ủy");
    struct unit telecom = check_body(check, "42", "vien_thong");
    struct unit power = check_body(check, "42", "dien_luc");
    struct duty_list list = { .len = 0 };
    assert_ok(&check->cx, duty_list_open(&check->cx, telecom.id, &list));
    assert_int_equal(list.len, 3); /* its line, the test at 15:00 (Các đơn vị), and the paper itself */
    assert_ok(&check->cx, duty_list_open(&check->cx, power.id, &list));
    assert_int_equal(list.len, 3);
}

static void draft_of_hai_phong_binds_nobody(void **state)
{
    struct check_store *check = *state;
    SQL(count_all, "/*scan*/ SELECT COUNT(*) FROM duty");
    SQL(count_obligations, "/*scan*/ SELECT COUNT(*) FROM obligation");
    struct str json = check_gold_plan(check, "003");
    check_act(check, "31", "tinh_uy");
    (void)check_draft_plan(check, json, "", DAY_NONE);
    assert_int_equal(check_i64(check, &count_all, NO_BIND), 0);
    assert_int_equal(check_i64(check, &count_obligations, NO_BIND), 0);
}

static void scheme_of_cao_bang_asks_for_a_plan_each_december(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "001");
    check_act(check, "04", "ubnd_tinh");
    int64_t id = check_issue_plan(check, json, "99", day_from_civil(2026, 5, 14));
    struct obligation o = find_obligation(check, id, "Xây dựng kế hoạch bồi dưỡng, tập huấn chi tiết");
    struct unit department = check_body(check, "04", "so_noi_vu");
    struct duty duty = the_duty(check, o.id, department.id);
    assert_int_equal(duty.period, 20261231);
    assert_int_equal(duty.opens_at, day_start(day_from_civil(2026, 12, 1)));
    assert_str_equal(duty.obligation.due_words, "trong tháng 12 hằng năm (kỳ này: hết Thứ Năm, 31/12/2026)");
    struct obligation evaluation = find_obligation(check, id, "Đánh giá kết quả, hiệu quả sau bồi dưỡng");
    assert_int_equal(count_duties(check, id, evaluation.ordinal), 3 * 56); /* Party, Council, State of 56 communes */
    assert_int_equal(evaluation.due_at, 0);
    struct obligation chairs = find_obligation(check, id, "chịu trách nhiệm trước Chủ tịch");
    assert_str_equal(chairs.head, "Chủ tịch UBND xã, phường");
    assert_int_equal(count_duties(check, id, chairs.ordinal), 56);
}

static void next_december_opens_when_the_last_one_is_over(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "001");
    check_act(check, "04", "ubnd_tinh");
    int64_t id = check_issue_plan(check, json, "99", day_from_civil(2026, 5, 14));
    struct obligation o = find_obligation(check, id, "Xây dựng kế hoạch bồi dưỡng, tập huấn chi tiết");
    struct unit department = check_body(check, "04", "so_noi_vu");
    struct deed open = { .run = do_open_periods };
    assert_ok(&check->cx, act(check, &open));
    assert_int_equal(open.made, 0);
    at(check, 2027, 1, 1, 0, 0);
    assert_ok(&check->cx, act(check, &open));
    assert_true(open.made > 0);
    struct duty duty = the_duty(check, o.id, department.id);
    assert_int_equal(duty.period, 20271231);
    assert_int_equal(duty.opens_at, day_start(day_from_civil(2027, 12, 1)));
    assert_ok(&check->cx, act(check, &open));
    assert_int_equal(open.made, 0); /* twice is harmless */
    assert_int_equal(count_duties(check, id, o.ordinal), 2);
}

static void roster_of_quang_ngai_is_owed_by_each_quota_holder(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "004");
    check_act(check, "51", "tinh_uy");
    int64_t draft = check_draft_plan(check, json, "218", day_from_civil(2026, 5, 16));
    check_issue(check, draft);
    struct obligation o = find_obligation(check, draft, "lập danh sách cụ thể gửi Ban Tổ chức Tỉnh ủy");
    assert_int_equal(count_duties(check, draft, o.ordinal), 25);
    assert_int_equal(o.due_at, day_start(day_from_civil(2026, 5, 23)));
    struct obligation chairs = find_obligation(check, draft, "Phân công chủ trì tại các điểm cầu");
    assert_int_equal(count_duties(check, draft, chairs.ordinal), 96);
}

/* ---- Meeting a duty ---- */

static void reading_the_paper_meets_the_duty_to_read_it(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit place = { .id = 0 };
    assert_ok(&check->cx, unit_find(&check->cx, commune.place_id, &place));
    int64_t acknowledgement = obligation_id_of(id, OBLIGATION_ACKNOWLEDGEMENT);
    struct duty duty = the_duty(check, acknowledgement, commune.id);
    assert_int_equal(duty.due_at, day_start(day_from_civil(2026, 5, 16))); /* issued on a Thursday: by Friday night */
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_acknowledge, .document_id = id });
    duty = the_duty(check, acknowledgement, commune.id);
    assert_int_equal(duty.state, DUTY_DONE);
    assert_str_equal(duty.closed_by, "paper_acknowledged");
    struct unit country = nation(check);
    assert_int_equal(counted(check, "duty_done", id, 0, &country), 1);
    assert_int_equal(counted(check, "duty_done", id, 0, &place), 1);
    assert_int_equal(counted(check, "duty_total", id, 0, &country), 97);
    assert_int_equal(counted(check, "duty_late_done", id, 0, &country), 0);
}

static void a_duty_that_a_fact_meets_cannot_be_ticked_off(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    check_act_for(check, &commune, UINT64_MAX);
    refused(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 0), .unit_id = commune.id,
                                  .text = STR("xong") },
            ERR_CONFLICT, "không đánh dấu bằng tay");
}

static void a_commune_closes_its_own_duty_with_a_note(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit country = nation(check);
    int64_t duty_id = obligation_id_of(id, 2);
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = duty_id, .unit_id = commune.id,
                               .text = STR("Đã báo cáo 01 điểm cầu, 40 đại biểu") });
    struct duty duty = the_duty(check, duty_id, commune.id);
    assert_int_equal(duty.state, DUTY_DONE);
    assert_str_equal(duty.note, "Đã báo cáo 01 điểm cầu, 40 đại biểu");
    assert_int_equal(counted(check, "duty_done", id, 2, &country), 1);
    assert_int_equal(counted(check, "duty_total", id, 2, &country), 96);
}

static void a_second_person_who_closes_it_is_kept_beside_the_first(void **state)
{
    struct check_store *check = *state;
    SQL(count_events, "SELECT COUNT(*) FROM duty_event WHERE obligation_id = $1 AND unit_id = $2 AND period = 0");
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit country = nation(check);
    int64_t duty_id = obligation_id_of(id, 2);
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = duty_id, .unit_id = commune.id, .text = STR("40 đại biểu") });
    check->actor.account_id = 8;
    done(check, (struct deed){ .run = do_close, .obligation_id = duty_id, .unit_id = commune.id, .text = STR("41 đại biểu") });
    struct duty duty = the_duty(check, duty_id, commune.id);
    assert_str_equal(duty.note, "40 đại biểu");
    assert_int_equal(check_i64(check, &count_events, BIND(V(duty_id), V(commune.id))), 2);
    assert_int_equal(counted(check, "duty_done", id, 2, &country), 1);
}

static void reopening_says_why_and_counts_back(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit country = nation(check);
    int64_t duty_id = obligation_id_of(id, 2);
    check_act_for(check, &commune, UINT64_MAX);
    at(check, 2026, 5, 22, 9, 12);
    refused(check, (struct deed){ .run = do_reopen, .obligation_id = duty_id, .unit_id = commune.id, .text = STR("sai") },
            ERR_CONFLICT, "chưa hoàn thành");
    done(check, (struct deed){ .run = do_close, .obligation_id = duty_id, .unit_id = commune.id, .text = STR("xong") });
    assert_int_equal(counted(check, "duty_late_done", id, 2, &country), 1);
    done(check, (struct deed){ .run = do_reopen, .obligation_id = duty_id, .unit_id = commune.id,
                               .text = STR("Báo cáo thiếu một điểm cầu") });
    assert_int_equal(the_duty(check, duty_id, commune.id).state, DUTY_OPEN);
    assert_int_equal(counted(check, "duty_done", id, 2, &country), 0);
    assert_int_equal(counted(check, "duty_late_done", id, 2, &country), 0);
}

static void a_neighbour_cannot_see_or_close_it(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit stranger = first_committee(check, "42");
    check_act_for(check, &stranger, UINT64_MAX);
    refused(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 2), .unit_id = commune.id,
                                  .text = STR("xong") },
            ERR_NOT_FOUND, "Không tìm thấy");
    struct obligation o = { .id = 0 };
    assert_err(ERR_NOT_FOUND, obligation_get(&check->cx, obligation_id_of(id, 2), &o));
    struct duty_list list = { .len = 0 };
    assert_ok(&check->cx, duty_list_open(&check->cx, commune.id, &list));
    assert_int_equal(list.len, 0);
    struct duty_filter filter = { .document_id = id };
    assert_ok(&check->cx, duty_search(&check->cx, &filter, &list));
    assert_int_equal(list.len, 0);
}

static void what_opens_in_december_cannot_be_closed_in_may(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "001");
    check_act(check, "04", "ubnd_tinh");
    int64_t id = check_issue_plan(check, json, "99", day_from_civil(2026, 5, 14));
    struct obligation o = find_obligation(check, id, "Xây dựng kế hoạch bồi dưỡng, tập huấn chi tiết");
    struct unit department = check_body(check, "04", "so_noi_vu");
    check_act_for(check, &department, UINT64_MAX);
    refused(check, (struct deed){ .run = do_close, .obligation_id = o.id, .unit_id = department.id, .period = 20261231,
                                  .text = STR("xong") },
            ERR_CONFLICT, "01/12/2026");
}

/* ---- Upper and lower ---- */

static void a_digest_waits_for_every_commune(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct obligation_list awaited = { .len = 0 };
    assert_ok(&check->cx, obligation_list_awaited(&check->cx, obligation_id_of(id, 1), &awaited));
    assert_int_equal(awaited.len, 1);
    assert_int_equal(awaited.at[0].ordinal, 2);
    assert_int_equal(awaited.at[0].total, 96);
    assert_int_equal(awaited.at[0].done, 0);
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 2), .unit_id = commune.id,
                               .text = STR("xong") });
    assert_ok(&check->cx, obligation_list_awaited(&check->cx, obligation_id_of(id, 1), &awaited));
    assert_int_equal(awaited.at[0].done, 1);
}

static void a_province_shows_how_its_paper_carries_out_the_academys(void **state)
{
    struct check_store *check = *state;
    struct str upper = check_gold_plan(check, "000");
    struct str lower = check_gold_plan(check, "004");
    check_act(check, "", "hoc_vien");
    int64_t national = check_issue_plan(check, upper, "", DAY_NONE);
    struct unit committee = check_act(check, "51", "tinh_uy");
    int64_t local = check_issue_plan(check, lower, "218", day_from_civil(2026, 5, 16));
    struct obligation_list list = { .len = 0 };
    assert_ok(&check->cx, obligation_list_lower(&check->cx, national, committee.id, &list));
    assert_int_equal(list.len, 7);
    assert_int_equal(list.at[0].document_id, local);
    assert_str_equal(list.at[0].due_words, "trước ngày 23/5/2026 (hết Thứ Sáu, 22/5/2026)");
    struct unit other = check_act(check, "42", "tinh_uy");
    assert_ok(&check->cx, obligation_list_lower(&check->cx, national, other.id, &list));
    assert_int_equal(list.len, 0);
}

/* ---- Later papers ---- */

static void a_recalled_paper_takes_its_open_duties_back(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit country = nation(check);
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 2), .unit_id = commune.id,
                               .text = STR("xong") });
    check_act(check, "51", "tinh_uy");
    done(check, (struct deed){ .run = do_recall, .document_id = id, .text = STR("ghi nhầm ngày") });
    struct obligation o = find_obligation(check, id, "Báo cáo số lượng điểm cầu");
    assert_true(o.is_withdrawn);
    assert_true(str_find(o.state_reason, STR("ghi nhầm ngày")) < o.state_reason.len);
    assert_int_equal(the_duty(check, o.id, commune.id).state, DUTY_DONE);
    assert_int_equal(counted(check, "duty_total", id, 2, &country), 1);
    assert_int_equal(counted(check, "duty_total", id, 4, &country), 0);
    struct unit telecom = check_body(check, "51", "vien_thong");
    assert_int_equal(the_duty(check, obligation_id_of(id, 3), telecom.id).state, DUTY_WITHDRAWN);
    refused(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 3), .unit_id = telecom.id,
                                  .text = STR("xong") },
            ERR_CONFLICT, "thu hồi");
}

static void an_amending_paper_moves_the_deadline_and_shows_the_old_one(void **state)
{
    struct check_store *check = *state;
    static const char amending[] =
        HEAD("25", "Tỉnh ủy Quảng Ngãi", "sửa đổi Kế hoạch số 21-KH/TU")
        ",\"amends\":{\"number\":\"21-KH/TU\",\"date\":\"2026-05-14\",\"changes\":[{\"what\":\"deadline\","
        "\"old\":\"2026-05-22T09:00\",\"new\":\"2026-05-22T16:00\"}]}},"
        "\"obligations\":[{\"text\":\"Báo cáo số lượng điểm cầu, đại biểu về Ban Tổ chức Tỉnh ủy trước 16 giờ ngày 22/5/2026\","
        "\"owner\":\"Ban Thường vụ Đảng ủy các xã, phường, đặc khu\","
        "\"due\":{\"kind\":\"datetime\",\"value\":\"2026-05-22T16:00\",\"relation\":\"before\"}},"
        "{\"text\":\"Chuẩn bị máy phát điện dự phòng\",\"owner\":\"Điện lực Quảng Ngãi\"}],"
        "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct unit country = nation(check);
    check_act_for(check, &commune, UINT64_MAX);
    at(check, 2026, 5, 22, 10, 0);
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 2), .unit_id = commune.id,
                               .text = STR("xong") });
    assert_int_equal(counted(check, "duty_late_done", id, 2, &country), 1);
    check_act(check, "51", "tinh_uy");
    int64_t by = check_issue_plan(check, str_from(amending), "", DAY_NONE);
    struct obligation o = find_obligation(check, id, "Báo cáo số lượng điểm cầu");
    assert_int_equal(o.due_at, day_time(day_from_civil(2026, 5, 22), 16, 0));
    assert_str_equal(o.old_due_words, "trước 9 giờ ngày 22/5/2026 (Thứ Sáu)");
    assert_int_equal(o.changed_by_id, by);
    assert_int_equal(count_duties(check, by, 1), 0); /* restated, not asked twice */
    assert_int_equal(count_duties(check, by, 2), 1); /* new */
    assert_int_equal(counted(check, "duty_late_done", id, 2, &country), 0);
}

/* ---- Materials ---- */

static void materials_meet_the_academys_duty_and_become_the_provinces(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "000");
    struct unit academy = check_act(check, "", "hoc_vien");
    int64_t id = check_issue_plan(check, json, "", DAY_NONE);
    struct deed first = { .run = do_attach, .document_id = id, .text = STR("Chuyên đề 1") };
    struct deed second = { .run = do_attach, .document_id = id, .text = STR("Chuyên đề 2") };
    assert_ok(&check->cx, act(check, &first));
    assert_ok(&check->cx, act(check, &second));
    first.run = second.run = do_deliver;
    assert_ok(&check->cx, act(check, &first));
    assert_int_equal(the_duty(check, obligation_id_of(id, 1), academy.id).state, DUTY_OPEN);
    assert_ok(&check->cx, act(check, &second));
    assert_int_equal(the_duty(check, obligation_id_of(id, 1), academy.id).state, DUTY_DONE);
    struct unit committee = check_act(check, "51", "tinh_uy");
    int64_t receipt = obligation_id_of(id, OBLIGATION_MATERIALS + 1);
    assert_str_equal(the_duty(check, receipt, committee.id).obligation.text, "Nhận tài liệu “Chuyên đề 2”");
    second.run = do_receive;
    assert_ok(&check->cx, act(check, &second));
    assert_int_equal(the_duty(check, receipt, committee.id).state, DUTY_DONE);
    assert_int_equal(the_duty(check, receipt - 1, committee.id).state, DUTY_OPEN);
}

/* ---- Doubts of a draft ---- */

static bool foresees(struct check_store *check, int64_t document_id, const char *words)
{
    extern const struct document_listener obligation_listener;
    struct document document = { .id = 0 };
    struct document_foresight foresight = { .at = ARENA_NEW_ARRAY(&check->cx.arena, struct str, DOCUMENT_FORESIGHT_MAX),
                                            .is_warning = ARENA_NEW_ARRAY(&check->cx.arena, bool, DOCUMENT_FORESIGHT_MAX) };
    assert_ok(&check->cx, document_find(&check->cx, document_id, &document));
    assert_ok(&check->cx, obligation_listener.foresee(&check->cx, &document, &foresight));
    for (size_t i = 0; i < foresight.len; i++) {
        if (str_find(foresight.at[i], str_from(words)) < foresight.at[i].len)
            return true;
    }
    return false;
}

static void an_unknown_owner_is_a_doubt_until_the_draft_says_who(void **state)
{
    struct check_store *check = *state;
    static const char doubtful[] = HEAD("31", "Tỉnh ủy Quảng Ngãi", "phân công nhiệm vụ") "},"
        "\"obligations\":[{\"text\":\"Rà soát cơ sở vật chất\",\"owner\":\"Tổ công tác\","
        "\"_at\":{\"place\":\"mục II.1\"}}],\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    check_act(check, "51", "tinh_uy");
    int64_t id = check_draft_plan(check, str_from(doubtful), "", DAY_NONE);
    assert_true(foresees(check, id, "mục II.1: chưa xác định cơ quan thực hiện “Tổ công tác”"));
    refused(check, (struct deed){ .run = do_correct, .document_id = id, .ordinal = 1, .text = STR("Tổ giúp việc") },
            ERR_INVALID, "Chưa xác định được cơ quan");
    done(check, (struct deed){ .run = do_correct, .document_id = id, .ordinal = 1, .text = STR("Sở Xây dựng") });
    assert_false(foresees(check, id, "chưa xác định cơ quan"));
    check_issue(check, id);
    assert_int_equal(count_duties(check, id, 1), 1);
    refused(check, (struct deed){ .run = do_correct, .document_id = id, .ordinal = 1, .text = STR("Sở Y tế") },
            ERR_CONFLICT, "đã ban hành");
}

/* ---- Reminders ---- */

static void reminding_again_reaches_only_those_still_silent(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    int64_t obligation = obligation_id_of(id, 2);
    struct deed remind = { .run = do_remind, .obligation_id = obligation, .text = STR("sms") };
    struct reminder_messages messages = { .len = 0 };
    at(check, 2026, 5, 22, 8, 30);
    assert_ok(&check->cx, act(check, &remind));
    assert_ok(&check->cx, reminder_write(&check->cx, remind.made, STR("https://diemcau.invalid"), false, &messages));
    assert_int_equal(messages.len, 96);
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation, .unit_id = commune.id, .text = STR("xong") });
    check_act(check, "51", "tinh_uy");
    assert_ok(&check->cx, act(check, &remind));
    assert_ok(&check->cx, reminder_write(&check->cx, remind.made, STR("https://diemcau.invalid"), false, &messages));
    assert_int_equal(messages.len, 95);
    const struct reminder_message *message = &messages.at[0];
    assert_true(str_find(message->text, STR("trước 9 giờ ngày 22/5/2026")) < message->text.len);
    assert_true(str_find(message->text, STR("mục IV.3, đoạn 2")) < message->text.len);
    assert_true(str_find(message->text, STR("https://diemcau.invalid/nhiem-vu/")) < message->text.len);
    assert_true(message->sms_parts >= 1 && message->sms_parts <= 2);
    for (size_t i = 0; i < message->sms.len; i++)
        assert_true((unsigned char)message->sms.at[i] < 0x80);
}

static void nobody_is_reminded_when_all_have_answered(void **state)
{
    struct check_store *check = *state;
    int64_t id = issue_report_plan(check);
    struct unit telecom = check_body(check, "51", "vien_thong");
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 3), .unit_id = telecom.id,
                               .text = STR("Đã trực") });
    refused(check, (struct deed){ .run = do_remind, .obligation_id = obligation_id_of(id, 3), .text = STR("zalo") },
            ERR_CONFLICT, "không còn đơn vị nào cần nhắc");
}

static void the_nation_reminds_the_provinces(void **state)
{
    struct check_store *check = *state;
    static const char national[] =
        "{\"schema\":\"plan/1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"70\",\"symbol\":\"KH/HVCTQG\","
        "\"date\":\"2026-05-14\",\"title\":\"kiểm tra\",\"signer\":{\"name\":\"Đinh Văn Mẫu\"}},"
        "\"obligations\":[{\"text\":\"Báo cáo số học viên\",\"owner\":\"Đảng ủy các xã, phường, đặc khu\"}],"
        "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    struct reminder_messages messages = { .len = 0 };
    check_act(check, "", "hoc_vien");
    int64_t id = check_issue_plan(check, str_from(national), "", DAY_NONE);
    struct deed remind = { .run = do_remind, .obligation_id = obligation_id_of(id, 1), .text = STR("zalo") };
    assert_ok(&check->cx, act(check, &remind));
    assert_ok(&check->cx, reminder_write(&check->cx, remind.made, STR("https://diemcau.invalid"), true, &messages));
    assert_int_equal(messages.len, 4);
    bool names_ha_tinh = false;
    for (size_t i = 0; i < messages.len; i++) {
        if (str_eq(messages.at[i].unit_name, STR("Tỉnh ủy Hà Tĩnh")))
            names_ha_tinh = str_find(messages.at[i].text, STR("còn 69 đơn vị chưa thực hiện")) < messages.at[i].text.len;
    }
    assert_true(names_ha_tinh);
}

static void a_text_message_is_counted_in_parts(void **state)
{
    struct check_store *check = *state;
    struct buf text;
    assert_str_equal(reminder_plain(&check->cx.arena, STR("Đề nghị UBND xã Ea H'Leo gửi báo cáo")),
                     "De nghi UBND xa Ea H'Leo gui bao cao");
    buf_init(&text, &check->cx.arena);
    for (int i = 0; i < 160; i++)
        buf_put_char(&text, 'a');
    assert_int_equal(reminder_parts(buf_str(&text)), 1);
    buf_put_char(&text, 'a');
    assert_int_equal(reminder_parts(buf_str(&text)), 2);
    for (int i = 161; i < 307; i++)
        buf_put_char(&text, 'a');
    assert_int_equal(reminder_parts(buf_str(&text)), 3);
}

/* ---- After each class ---- */

#define EVALUATION                                                                                     \
    "\"evaluation\":[],\"obligations\":[{\"text\":\"Đánh giá sau bồi dưỡng, ít nhất từ 3 tháng sau khi kết thúc\"," \
    "\"owner\":\"Đảng ủy xã, phường\",\"due\":{\"kind\":\"period_after\",\"value\":\"P3M\",\"relation\":\"after\"}}]," \
    "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}"

/* Duties of a period, as the class's last day. */
static int64_t count_of_class(struct check_store *check, int64_t obligation_id, int64_t period)
{
    SQL(count_class, "SELECT COUNT(*) FROM duty WHERE obligation_id = $1 AND period = $2 AND state = 'open'");
    return check_i64(check, &count_class, BIND(V(obligation_id), V(period)));
}

static void a_plan_of_several_classes_asks_for_each_class_three_months_after_it(void **state)
{
    struct check_store *check = *state;
    static const char two_runs[] = HEAD("21", "Tỉnh ủy Quảng Ngãi", "mở các lớp bồi dưỡng") "},"
        "\"schedule\":{\"start\":\"2026-06-01\",\"end\":\"2026-08-30\"},"
        "\"runs\":[{\"label\":\"Lớp 1\",\"start\":\"2026-06-08\",\"end\":\"2026-06-10\"},"
        "{\"label\":\"Lớp 2\",\"start\":\"2026-08-24\",\"end\":\"2026-08-26\"}]," EVALUATION;
    check_act(check, "51", "tinh_uy");
    int64_t id = check_issue_plan(check, str_from(two_runs), "", DAY_NONE);
    int64_t evaluation = obligation_id_of(id, 1);
    struct unit province = { .id = 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, STR("51"), &province));
    assert_int_equal(count_of_class(check, evaluation, 20260610), 96);
    assert_int_equal(count_of_class(check, evaluation, 20260826), 96);
    assert_int_equal(count_of_class(check, evaluation, 0), 0);
    assert_int_equal(counted(check, "duty_total", id, 1, &province), 2 * 96);
    struct unit commune = first_committee(check, "51");
    struct duty duty = { .unit_id = 0 };
    assert_ok(&check->cx, duty_get(&check->cx, evaluation, commune.id, 20260610, &duty));
    assert_int_equal(duty.opens_at, day_start(day_from_civil(2026, 9, 10)));
}

static void a_class_under_a_scheme_opens_the_schemes_duty_for_its_area(void **state)
{
    struct check_store *check = *state;
    static const char scheme[] = HEAD("31", "Tỉnh ủy Quảng Ngãi", "đề án bồi dưỡng 2026 - 2031") "},"
        "\"schedule\":{\"start\":\"2026\",\"end\":\"2031\"}," EVALUATION;
    static const char class[] = HEAD("32", "Tỉnh ủy Quảng Ngãi", "mở lớp bồi dưỡng") ",\"references\":[{\"kind\":\"ke_hoach\","
        "\"number\":\"31-KH/TU\",\"date\":\"2026-05-14\",\"issuer\":\"Tỉnh ủy Quảng Ngãi\"}]},"
        "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\"},\"obligations\":[],"
        "\"recipients\":[\"Đảng ủy các xã, phường, đặc khu\"]}";
    check_act(check, "51", "tinh_uy");
    int64_t id = check_issue_plan(check, str_from(scheme), "", DAY_NONE);
    int64_t evaluation = obligation_id_of(id, 1);
    assert_int_equal(count_of_class(check, evaluation, 0), 96); /* no class is known yet */
    check_issue_plan(check, str_from(class), "", DAY_NONE);
    assert_int_equal(count_of_class(check, evaluation, 20260524), 96);
    assert_int_equal(count_of_class(check, evaluation, 0), 96); /* and for the classes to come */
    unsigned char before[32], after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

/* ---- Working days ---- */

static enum err do_declare(struct ctx *cx, struct deed *deed)
{
    const struct holiday_set set = { (int32_t)deed->period, true, deed->text, STR("Thông báo thử") };
    return holiday_declare(cx, &set);
}

static void a_paper_sent_before_a_holiday_is_taken_in_by_the_first_working_day_after(void **state)
{
    struct check_store *check = *state;
    at(check, 2026, 4, 29, 9, 0); /* before 30/4, 1/5 and a weekend; the Monday is declared free on top */
    check->actor.kind = ACTOR_PROGRAM;
    done(check, (struct deed){ .run = do_declare, .period = day_from_civil(2026, 5, 4), .text = STR("Nghỉ bù") });
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    assert_int_equal(the_duty(check, obligation_id_of(id, 0), commune.id).due_at, day_start(day_from_civil(2026, 5, 6)));
    check->actor.kind = ACTOR_PROGRAM; /* what is declared later moves nothing */
    done(check, (struct deed){ .run = do_declare, .period = day_from_civil(2026, 5, 5), .text = STR("Nghỉ bù") });
    assert_int_equal(the_duty(check, obligation_id_of(id, 0), commune.id).due_at, day_start(day_from_civil(2026, 5, 6)));
    check_act(check, "51", "tinh_uy");
    check->actor.kind = ACTOR_PERSON;
    refused(check, (struct deed){ .run = do_declare, .period = day_from_civil(2026, 5, 6), .text = STR("Nghỉ bù") },
            ERR_FORBIDDEN, "toàn quốc");
}

/* ---- Replaying ---- */

static void facts_applied_again_give_the_same_duties(void **state)
{
    struct check_store *check = *state;
    unsigned char before[32];
    unsigned char after[32];
    int64_t id = issue_report_plan(check);
    struct unit commune = first_committee(check, "51");
    struct deed remind = { .run = do_remind, .obligation_id = obligation_id_of(id, 2), .text = STR("zalo") };
    assert_ok(&check->cx, act(check, &remind));
    check_act_for(check, &commune, UINT64_MAX);
    done(check, (struct deed){ .run = do_close, .obligation_id = obligation_id_of(id, 2), .unit_id = commune.id,
                               .text = STR("xong") });
    check_act(check, "51", "tinh_uy");
    done(check, (struct deed){ .run = do_recall, .document_id = id, .text = STR("ghi nhầm") });
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

/* ---- The whole nation ---- */

static void the_national_plan_binds_34_provinces_in_under_two_seconds(void **state)
{
    struct check_store *check = *state;
    struct str json = check_gold_plan(check, "000");
    SQL(count_all, "/*scan*/ SELECT COUNT(*) FROM duty");
    check_act(check, "", "hoc_vien");
    struct buf text;
    buf_init(&text, &check->cx.arena);
    /* The reference's recipients, and every commune: what the demo of the nation sends. */
    size_t recipients = str_find(json, STR("\"recipients\": ["));
    assert_true(recipients < json.len);
    buf_put(&text, str_sub(json, 0, recipients));
    buf_put(&text, STR("\"recipients\": [\"Đảng ủy các xã, phường, đặc khu\", "));
    buf_put(&text, str_sub(json, recipients + sizeof "\"recipients\": [" - 1, SIZE_MAX));
    int64_t id = check_draft_plan(check, buf_str(&text), "", DAY_NONE);
    int64_t started = env_monotonic(check->cx.env);
    check_issue(check, id);
    int64_t took_ms = (env_monotonic(check->cx.env) - started) / 1000;
    print_message("issued to the nation in %lld ms\n", (long long)took_ms);
    struct unit commune = first_committee(check, "51");
    struct duty_list own = { .len = 0 };
    started = env_monotonic(check->cx.env);
    for (int i = 0; i < 100; i++)
        assert_ok(&check->cx, duty_list_open(&check->cx, commune.id, &own));
    assert_true((env_monotonic(check->cx.env) - started) / 100 < 5000); /* microseconds: DESIGN 10 */
    struct duty_figures figures = { .total = 0 };
    assert_ok(&check->cx, duty_count_of_obligation(&check->cx, obligation_id_of(id, 0), 0, &figures));
    assert_int_equal(own.len, 1);
    assert_int_equal(figures.open, figures.total);
    assert_int_equal(count_duties(check, id, 3), 34);
    assert_true(count_duties(check, id, 0) >= 3321 + 34);
    assert_true(check_i64(check, &count_all, NO_BIND) > 3400);
    assert_true(took_ms < 2000);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        ON(plan_664_binds_the_academy_twice_and_each_province),
        ON(plan_09_of_ha_tinh_binds_69_communes_by_nine_o_clock),
        ON(draft_of_hai_phong_binds_nobody),
        ON(scheme_of_cao_bang_asks_for_a_plan_each_december),
        ON(next_december_opens_when_the_last_one_is_over),
        ON(roster_of_quang_ngai_is_owed_by_each_quota_holder),
        ON(reading_the_paper_meets_the_duty_to_read_it),
        ON(a_duty_that_a_fact_meets_cannot_be_ticked_off),
        ON(a_commune_closes_its_own_duty_with_a_note),
        ON(a_second_person_who_closes_it_is_kept_beside_the_first),
        ON(reopening_says_why_and_counts_back),
        ON(a_neighbour_cannot_see_or_close_it),
        ON(what_opens_in_december_cannot_be_closed_in_may),
        ON(a_digest_waits_for_every_commune),
        ON(a_province_shows_how_its_paper_carries_out_the_academys),
        ON(a_recalled_paper_takes_its_open_duties_back),
        ON(an_amending_paper_moves_the_deadline_and_shows_the_old_one),
        ON(materials_meet_the_academys_duty_and_become_the_provinces),
        ON(an_unknown_owner_is_a_doubt_until_the_draft_says_who),
        ON(reminding_again_reaches_only_those_still_silent),
        ON(nobody_is_reminded_when_all_have_answered),
        ON(the_nation_reminds_the_provinces),
        ON(a_text_message_is_counted_in_parts),
        ON(a_plan_of_several_classes_asks_for_each_class_three_months_after_it),
        ON(a_class_under_a_scheme_opens_the_schemes_duty_for_its_area),
        ON(a_paper_sent_before_a_holiday_is_taken_in_by_the_first_working_day_after),
        ON(facts_applied_again_give_the_same_duties),
        cmocka_unit_test_setup_teardown(the_national_plan_binds_34_provinces_in_under_two_seconds, open_nation,
                                        check_store_close),
    };
#undef ON
    return cmocka_run_group_tests(tests, NULL, NULL);
}
