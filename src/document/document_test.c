#include "check/check_store.h"

#include "document/document.h"
#include "document/document_read.h"
#include "unit/unit.h"


/* ---- The ground: the nation with Quảng Ngãi and Hà Tĩnh ---- */

enum { ALL = 1, NO_ISSUE = 2, ONLY_READ = 4 };

static const struct document_listener counting;
static struct heard {
    int issued, amended, replaced, recalled, acknowledged, delivered, received;
} heard; /* what the listening room of these tests has heard; reset for each */

static int open_ground(void **state)
{
    static struct fact_kinds rooms[2];
    static const struct str codes[] = { STR_INIT("51"), STR_INIT("42") };
    rooms[0] = unit_facts;
    rooms[1] = document_facts;
    fact_register(rooms, LEN(rooms));
    document_start();
    document_listen(&counting);
    if (check_store_open(state) != 0)
        return 1;
    struct check_store *check = *state;
    heard = (struct heard){ 0 };
    check->cx.now = day_time(day_from_civil(2026, 5, 14), 9, 0);
    enum err err = unit_load_provinces(&check->cx, check->store, codes, LEN(codes));
    if (err != OK)
        print_error("%s: %s\n", check->cx.fault.words, check->cx.fault.detail);
    return err != OK;
}

#define HEARS(name, ...)                                                              \
    static enum err hear_##name(struct ctx *cx, const struct fact *fact, __VA_ARGS__) \
    {                                                                                 \
        (void)cx, (void)fact;                                                         \
        heard.name++;                                                                 \
        return OK;                                                                    \
    }
HEARS(issued, const struct document *document UNUSED)
HEARS(amended, const struct document *document UNUSED, int64_t by UNUSED)
HEARS(replaced, const struct document *document UNUSED, int64_t by UNUSED)
HEARS(recalled, const struct document *document UNUSED)
HEARS(acknowledged, int64_t document_id UNUSED, int64_t unit_id UNUSED)
HEARS(delivered, const struct material *material UNUSED)
HEARS(received, int64_t document_id UNUSED, int64_t material_id UNUSED, int64_t unit_id UNUSED)
static const struct document_listener counting = { .issued = hear_issued,
                                                   .amended = hear_amended,
                                                   .replaced = hear_replaced,
                                                   .recalled = hear_recalled,
                                                   .acknowledged = hear_acknowledged,
                                                   .material_delivered = hear_delivered,
                                                   .material_received = hear_received };

static struct unit body(struct check_store *check, const char *code, const char *sort)
{
    struct unit place = { 0 }, unit = { 0 };
    if (*code)
        assert_ok(&check->cx, unit_find_code(&check->cx, str_from(code), &place));
    else
        assert_ok(&check->cx, unit_find_nation(&check->cx, &place));
    assert_ok(&check->cx, unit_find_body(&check->cx, place.id, str_from(sort), &unit));
    return unit;
}

/* From here on the test acts for that body, reaching over its area. */
static struct unit act(struct check_store *check, const char *code, const char *sort, int may)
{
    struct unit unit = body(check, code, sort);
    struct str area = str_sub(unit.path, 0, unit.path.len - 9);
    uint64_t read = 1ULL << PERMISSION_DOCUMENT_READ | 1ULL << PERMISSION_DOCUMENT_RECEIVE;
    uint64_t draft = 1ULL << PERMISSION_DOCUMENT_DRAFT, issue = 1ULL << PERMISSION_DOCUMENT_ISSUE;
    check->actor = (struct actor){ .kind = ACTOR_PERSON,
                                   .account_id = 7,
                                   .unit_id = unit.id,
                                   .scope = unit_scope(&check->cx.arena, area),
                                   .name = STR("Lò Thị Bích"),
                                   .permissions = read | (may & ONLY_READ ? 0 : draft) |
                                                  (may & ALL ? issue : 0) };
    check->cx.actor = &check->actor;
    check->cx.fact_id = (struct fact_id){ { 0 } };
    return unit;
}

/* The first commune's Party committee of a province. */
static struct unit first_committee(struct check_store *check, const char *province)
{
    struct unit place = { 0 };
    struct unit_list list = { 0 };
    assert_ok(&check->cx, unit_find_code(&check->cx, str_from(province), &place));
    assert_ok(&check->cx, unit_find_by_sort(&check->cx, STR("dang_uy_xa"), place.path, &list));
    assert_true(list.len > 1);
    return list.at[0];
}

static void act_for(struct check_store *check, const struct unit *unit)
{
    struct str area = str_sub(unit->path, 0, unit->path.len - 9);
    check->actor = (struct actor){ .kind = ACTOR_PERSON,
                                   .account_id = 8,
                                   .unit_id = unit->id,
                                   .scope = unit_scope(&check->cx.arena, area),
                                   .permissions = 1ULL << PERMISSION_DOCUMENT_READ |
                                                  1ULL << PERMISSION_DOCUMENT_RECEIVE };
    check->cx.actor = &check->actor;
    check->cx.fact_id = (struct fact_id){ { 0 } };
}

/* ---- Papers ---- */

static struct document_draft plan_of(struct unit *issuer)
{
    static struct document_paragraph paragraphs[] = {
        { 1, STR_INIT("mục IV.3, đoạn 2"), STR_INIT("obligation"),
          STR_INIT("Đảng ủy các xã, phường"),
          STR_INIT("Báo cáo số điểm cầu trước 9 giờ ngày 21/5/2026") },
    };
    static struct document_recipient recipients[] = {
        { .ordinal = 1,
          .text = STR_INIT("Đảng ủy các xã, phường"),
          .sort = STR_INIT("dang_uy_xa") },
        { .ordinal = 2, .text = STR_INIT("Lưu Văn phòng") },
    };
    recipients[0].scope_unit_id = issuer->place_id;
    return (struct document_draft){
        .kind = STR("ke_hoach"),
        .number = STR("09"),
        .symbol = STR("KH/TU"),
        .regime = STR("party"),
        .issuer_unit_id = issuer->id,
        .issuer_name = issuer->full_name,
        .place = STR("Quảng Ngãi"),
        .issued_day = day_from_civil(2026, 5, 14),
        .title = STR("mở lớp bồi dưỡng cán bộ cấp xã"),
        .signer_name = STR("Đinh Văn Mẫu"),
        .signer_title = STR("PHÓ BÍ THƯ"),
        .signer_authority = STR("T/M BAN THƯỜNG VỤ"),
        .content = STR("{\"schema\":\"plan/1\"}"),
        .paragraphs = { paragraphs, LEN(paragraphs) },
        .recipients = { recipients, LEN(recipients) },
    };
}

struct step {
    enum err (*run)(struct ctx *cx, struct step *step);
    const struct document_draft *draft;
    const struct document_recipient *recipient;
    const struct material *material;
    int64_t id;
    int64_t made; /* an id or an instant */
    struct str reason;
};
static enum err run_step(struct ctx *cx, void *what)
{
    struct step *step = what;
    return step->run(cx, step);
}
static enum err do_draft(struct ctx *cx, struct step *step)
{
    return document_create_draft(cx, step->draft, &step->made);
}
static enum err do_revise(struct ctx *cx, struct step *step)
{
    return document_revise_draft(cx, step->id, step->draft);
}
static enum err do_issue(struct ctx *cx, struct step *step)
{
    return document_issue(cx, step->id);
}
static enum err do_recall(struct ctx *cx, struct step *step)
{
    return document_recall(cx, step->id, step->reason);
}
static enum err do_acknowledge(struct ctx *cx, struct step *step)
{
    return document_acknowledge(cx, step->id, &step->made);
}
static enum err do_set_recipient(struct ctx *cx, struct step *step)
{
    return document_set_recipient(cx, step->id, step->recipient);
}
static enum err do_attach(struct ctx *cx, struct step *step)
{
    return material_attach(cx, step->material, &step->made);
}
static enum err do_deliver(struct ctx *cx, struct step *step)
{
    return material_deliver(cx, step->id);
}
static enum err do_receive(struct ctx *cx, struct step *step)
{
    return material_receive(cx, step->id);
}

static enum err take(struct check_store *check, struct step *step)
{
    check->cx.fact_id = (struct fact_id){ { 0 } };
    return check_write(check, run_step, step);
}

static int64_t drafted(struct check_store *check, const struct document_draft *draft)
{
    struct step step = { .run = do_draft, .draft = draft };
    assert_ok(&check->cx, take(check, &step));
    return step.made;
}

static void issues(struct check_store *check, int64_t id)
{
    struct step step = { .run = do_issue, .id = id };
    assert_ok(&check->cx, take(check, &step));
}

static void is_refused(struct check_store *check, struct step step, enum err err, const char *words)
{
    assert_err(err, take(check, &step));
    if (!strstr(check->cx.fault.words, words))
        fail_msg("expected “%s” in “%s”", words, check->cx.fault.words);
}

static struct document read_paper(struct check_store *check, int64_t id)
{
    struct document document = { 0 };
    assert_ok(&check->cx, document_find(&check->cx, id, &document));
    return document;
}

static int64_t count_sent(struct check_store *check, int64_t id)
{
    SQL(count_sent_rows, "SELECT COUNT(*) FROM document_delivery WHERE document_id = $1");
    return check_i64(check, &count_sent_rows, BIND(V(id)));
}

static int64_t counted(struct check_store *check, const char *kind, int64_t id, int64_t unit_id)
{
    SQL(read_counter,
        "SELECT value FROM counter WHERE kind = $1 AND subject_id = $2 AND unit_id = $3");
    return check_i64(check, &read_counter, BIND(V(str_from(kind)), V(id), V(unit_id)));
}

/* ---- Drafts ---- */

static void draft_binds_nobody(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    assert_int_equal(0, count_sent(check, id));
    assert_int_equal(0, heard.issued);
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct document document = { 0 };
    assert_err(ERR_NOT_FOUND, document_get(&check->cx, id, &document));
    struct step acknowledge = { .run = do_acknowledge, .id = id };
    assert_err(ERR_NOT_FOUND, take(check, &acknowledge));
}

static void draft_keeps_its_paragraphs_and_changes_until_issued(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    draft.title = STR("mở lớp bồi dưỡng \"hai cấp\"\tvà ba khối");
    struct step revise = { .run = do_revise, .id = id, .draft = &draft };
    is_refused(check, revise, ERR_INVALID, "ký tự không dùng được");
    draft.title = STR("mở lớp bồi dưỡng \"hai cấp\" và ba khối");
    assert_ok(&check->cx, take(check, &revise));
    struct document_paragraphs list = { 0 };
    assert_ok(&check->cx, document_get_paragraphs(&check->cx, id, &list));
    assert_int_equal(1, list.len);
    assert_str_equal(list.at[0].place, "mục IV.3, đoạn 2");
    assert_true(str_eq(read_paper(check, id).title, draft.title));
    assert_str_equal(read_paper(check, id).term, "2025-2030");
    issues(check, id);
    is_refused(check, revise, ERR_CONFLICT, "không sửa được");
}

static void paper_without_number_date_title_or_signer_is_not_issued(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    draft.number = STR("");
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_INVALID,
               "chưa có số");
    draft = plan_of(&issuer);
    draft.number = STR("09a");
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_INVALID,
               "chỉ gồm chữ số");
    draft = plan_of(&issuer);
    draft.issued_day = DAY_NONE;
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_INVALID,
               "ngày, tháng, năm");
    draft = plan_of(&issuer);
    draft.title = STR("");
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_INVALID,
               "trích yếu");
    draft = plan_of(&issuer);
    draft.signer_name = STR("");
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_INVALID,
               "người ký");
    assert_int_equal(0, heard.issued);
}

static void paper_for_nobody_is_not_issued_until_a_line_is_given_its_sort(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    draft.recipients.at++; /* only "Lưu Văn phòng" */
    draft.recipients.len = 1;
    int64_t id = drafted(check, &draft);
    struct step issue = { .run = do_issue, .id = id };
    is_refused(check, issue, ERR_INVALID, "Nơi nhận chưa có đơn vị nào");
    struct document_recipient recipient = { .ordinal = 2,
                                            .text = STR("Sở Nội vụ"),
                                            .sort = STR("so_ngoai_hanh_tinh") };
    struct step set = { .run = do_set_recipient, .id = id, .recipient = &recipient };
    is_refused(check, set, ERR_INVALID, "Không có loại cơ quan này");
    recipient.sort = STR("so_noi_vu");
    recipient.scope_unit_id = issuer.place_id;
    assert_ok(&check->cx, take(check, &set));
    assert_ok(&check->cx, take(check, &issue));
    assert_int_equal(1, count_sent(check, id));
}

static void secret_papers_are_stopped_at_the_door(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    static const char *const secret[] = { "MẬT", "TỐI MẬT: kế hoạch", "kế hoạch (TUYỆT MẬT)" };
    static const char *const open[] = { "công tác bảo mật", "BẢO MẬT THÔNG TIN", "mật độ dân cư",
                                        "MẬTĐỘ" };
    for (size_t i = 0; i < LEN(secret); i++) {
        struct document_draft draft = plan_of(&issuer);
        draft.title = str_from(secret[i]);
        is_refused(check, (struct step){ .run = do_draft, .draft = &draft }, ERR_INVALID, "độ mật");
    }
    for (size_t i = 0; i < LEN(open); i++) {
        struct document_draft draft = plan_of(&issuer);
        draft.title = str_from(open[i]);
        drafted(check, &draft);
    }
}

/* ---- Issuing ---- */

static void issuing_delivers_to_every_committee_of_the_province_and_nobody_else(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    issues(check, id);
    assert_int_equal(96, count_sent(check, id)); /* Quảng Ngãi has 96 communes (domain.md 2.2) */
    assert_int_equal(1, heard.issued);
    struct unit nation = { 0 };
    assert_ok(&check->cx, unit_find_nation(&check->cx, &nation));
    assert_int_equal(96, counted(check, "paper_sent", id, nation.id));
    assert_int_equal(96, counted(check, "paper_sent", id, issuer.place_id));
    struct unit own = first_committee(check, "51"), foreign = first_committee(check, "42");
    struct document document = { 0 };
    act_for(check, &own);
    assert_ok(&check->cx, document_get(&check->cx, id, &document));
    assert_str_equal(document.state, "issued");
    act_for(check, &foreign);
    assert_err(ERR_NOT_FOUND, document_get(&check->cx, id, &document));
}

static void issuing_twice_with_one_id_succeeds_once(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    struct step issue = { .run = do_issue, .id = drafted(check, &draft) };
    check->cx.fact_id = (struct fact_id){ { 1, 2, 3 } };
    assert_ok(&check->cx, check_write(check, run_step, &issue));
    check->cx.fact_id = (struct fact_id){ { 1, 2, 3 } };
    assert_ok(&check->cx, check_write(check, run_step, &issue));
    assert_int_equal(1, heard.issued);
    is_refused(check, issue, ERR_CONFLICT, "đã được ban hành");
}

static void number_of_a_party_paper_is_used_once_in_a_term(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    issues(check, drafted(check, &draft));
    draft.number = STR("9"); /* the same number without its zero */
    draft.issued_day = day_from_civil(2027, 3, 1);
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_CONFLICT,
               "đã dùng trong nhiệm kỳ");
    draft.kind = STR("thong_bao"); /* each kind has its own row of numbers */
    draft.symbol = STR("TB/TU");
    issues(check, drafted(check, &draft));
    draft = plan_of(&issuer);
    draft.issued_day = day_from_civil(2030, 11, 1); /* after the next congress */
    issues(check, drafted(check, &draft));
}

static void number_of_a_state_paper_is_used_once_in_a_year(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "ubnd_tinh", ALL);
    struct document_draft draft = plan_of(&issuer);
    draft.regime = STR("state");
    draft.symbol = STR("KH-UBND");
    issues(check, drafted(check, &draft));
    is_refused(check, (struct step){ .run = do_issue, .id = drafted(check, &draft) }, ERR_CONFLICT,
               "đã dùng trong năm");
    draft.issued_day = day_from_civil(2027, 1, 5);
    issues(check, drafted(check, &draft));
    struct unit other = act(check, "42", "ubnd_tinh", ALL); /* another issuer's own number 09 */
    draft = plan_of(&other);
    draft.regime = STR("state");
    draft.symbol = STR("KH-UBND");
    issues(check, drafted(check, &draft));
}

static void who_may_only_draft_does_not_issue_and_a_neighbour_finds_nothing(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    struct step issue = { .run = do_issue, .id = drafted(check, &draft) };
    act(check, "51", "tinh_uy", NO_ISSUE);
    is_refused(check, issue, ERR_FORBIDDEN, "chưa được giao quyền");
    act(check, "42", "tinh_uy", ALL);
    is_refused(check, issue, ERR_NOT_FOUND, "Không tìm thấy");
    act(check, "42", "tinh_uy", ALL);
    is_refused(check, (struct step){ .run = do_draft, .draft = &draft }, ERR_NOT_FOUND,
               "Không tìm thấy");
    act(check, "51", "tinh_uy", ONLY_READ);
    is_refused(check, (struct step){ .run = do_draft, .draft = &draft }, ERR_FORBIDDEN,
               "chưa được giao quyền");
}

static void body_above_reads_papers_below_but_never_acts_for_their_issuer(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    struct step issue = { .run = do_issue, .id = id };
    struct step revise = { .run = do_revise, .id = id, .draft = &draft };
    struct step recall = { .run = do_recall, .id = id, .reason = STR("Cấp trên rút") };
    struct document document = { 0 };
    struct document_query drafts = { .box = DOCUMENT_BOX_DRAFTS };
    struct document_rows rows = { 0 };
    act(check, "", "hoc_vien", ALL); /* the Academy reaches over the whole country */
    assert_err(ERR_NOT_FOUND, document_get(&check->cx, id, &document));
    assert_ok(&check->cx, document_list(&check->cx, &drafts, &rows));
    assert_int_equal(0, rows.len);
    is_refused(check, issue, ERR_NOT_FOUND, "Không tìm thấy");
    is_refused(check, revise, ERR_NOT_FOUND, "Không tìm thấy");
    is_refused(check, (struct step){ .run = do_draft, .draft = &draft }, ERR_NOT_FOUND,
               "Không tìm thấy");
    act(check, "51", "tinh_uy", ALL);
    issues(check, id);
    act(check, "", "hoc_vien", ALL);
    assert_ok(&check->cx, document_get(&check->cx, id, &document));
    is_refused(check, recall, ERR_NOT_FOUND, "Không tìm thấy");
    assert_str_equal(read_paper(check, id).state, "issued");
}

/* ---- Acknowledging ---- */

static void acknowledging_counts_once_however_often_it_is_pressed(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    issues(check, id);
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct step acknowledge = { .run = do_acknowledge, .id = id };
    check->cx.now += 60000;
    assert_ok(&check->cx, take(check, &acknowledge));
    int64_t first_at = acknowledge.made;
    check->cx.now += 60000;
    assert_ok(&check->cx, take(check, &acknowledge));
    assert_int_equal(first_at, acknowledge.made);
    assert_int_equal(1, heard.acknowledged);
    assert_int_equal(1, counted(check, "paper_received", id, issuer.place_id));
    assert_int_equal(1, counted(check, "paper_received", id, commune.id));
    struct unit foreign = first_committee(check, "42");
    act_for(check, &foreign);
    is_refused(check, acknowledge, ERR_NOT_FOUND, "văn bản đến của đơn vị");
}

static void list_of_the_silent_shrinks_and_a_commune_sees_only_itself(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    issues(check, id);
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct step acknowledge = { .run = do_acknowledge, .id = id };
    assert_ok(&check->cx, take(check, &acknowledge));
    struct document document = read_paper(check, id);
    struct document_deliveries list = { 0 };
    struct document_delivery_query silent = { .filter = DELIVERY_SILENT },
                                   all = { .filter = DELIVERY_ALL };
    assert_ok(&check->cx, document_list_deliveries(&check->cx, &document, &all, &list));
    assert_int_equal(1, list.len);
    int64_t sent = 0, received = 0;
    assert_ok(&check->cx, document_count_deliveries(&check->cx, &document, &sent, &received));
    assert_int_equal(1, sent);
    act(check, "51", "tinh_uy", ALL);
    assert_ok(&check->cx, document_list_deliveries(&check->cx, &document, &silent, &list));
    assert_int_equal(95, list.len);
    assert_str_equal(list.at[0].province_name, "tỉnh Quảng Ngãi");
    assert_ok(&check->cx, document_count_deliveries(&check->cx, &document, &sent, &received));
    assert_int_equal(96, sent);
    assert_int_equal(1, received);
}

/* ---- After ---- */

static void recalled_paper_says_so_and_why_everywhere(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    struct step recall = { .run = do_recall, .id = id, .reason = STR("Ban hành nhầm số") };
    is_refused(check, recall, ERR_CONFLICT, "chưa ban hành");
    issues(check, id);
    struct step without_reason = { .run = do_recall, .id = id, .reason = STR("") };
    is_refused(check, without_reason, ERR_INVALID, "Lý do");
    assert_ok(&check->cx, take(check, &recall));
    is_refused(check, recall, ERR_CONFLICT, "đã được thu hồi");
    assert_int_equal(1, heard.recalled);
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct document document = { 0 };
    assert_ok(&check->cx, document_get(&check->cx, id, &document));
    assert_str_equal(document.state, "recalled");
    assert_str_equal(document.reason, "Ban hành nhầm số");
    struct document_query query = { .box = DOCUMENT_BOX_RECEIVED };
    struct document_rows rows = { 0 };
    assert_ok(&check->cx, document_list(&check->cx, &query, &rows));
    assert_int_equal(1, rows.len);
    assert_str_equal(rows.at[0].document.state, "recalled");
}

static struct document_draft citing(struct unit *issuer, const char *relation, const char *number,
                                    struct document_relation *room)
{
    struct document_draft draft = plan_of(issuer);
    *room = (struct document_relation){ .ordinal = 1,
                                        .relation = str_from(relation),
                                        .number = str_from(number),
                                        .kind = STR("ke_hoach"),
                                        .day = DAY_NONE,
                                        .issuer = STR("Tỉnh ủy") };
    draft.number = STR("10");
    draft.relations = (struct document_relations){ room, 1 };
    return draft;
}

static void amending_and_replacing_mark_the_older_paper(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    struct document_relation relation;
    int64_t older = drafted(check, &draft);
    issues(check, older);
    struct document_draft amending = citing(&issuer, "amends", "09-KH/TU", &relation);
    int64_t amendment = drafted(check, &amending);
    assert_str_equal(read_paper(check, older).state, "issued"); /* a draft changes nothing yet */
    issues(check, amendment);
    assert_str_equal(read_paper(check, older).state, "amended");
    assert_int_equal(1, heard.amended);
    struct document_draft replacing = citing(&issuer, "replaces", "9 - KH/TU", &relation);
    replacing.number = STR("11");
    int64_t replacement = drafted(check, &replacing);
    issues(check, replacement);
    assert_str_equal(read_paper(check, older).state, "replaced");
    assert_int_equal(replacement, read_paper(check, older).replaced_by_id);
    assert_int_equal(1, heard.replaced);
}

static void nobody_takes_a_foreign_paper_out_of_force_by_citing_it(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t older = drafted(check, &draft);
    issues(check, older);
    struct unit school = act(check, "51", "truong_chinh_tri", ALL);
    struct document_relation relation;
    struct document_draft replacing = citing(&school, "replaces", "09-KH/TU", &relation);
    issues(check, drafted(check, &replacing));
    assert_str_equal(read_paper(check, older).state, "issued");
    assert_int_equal(0, heard.replaced);
}

static void citations_find_their_paper_in_whatever_order_papers_arrive(void **state)
{
    struct check_store *check = *state;
    struct unit province = act(check, "51", "tinh_uy", ALL);
    struct document_relation relation;
    struct document_draft lower = citing(&province, "carries_out", "664-KH/HVCTQG", &relation);
    relation.day = day_from_civil(2026, 5, 14);
    relation.issuer = STR("Giám đốc Học viện Chính trị quốc gia Hồ Chí Minh");
    int64_t lower_id = drafted(check, &lower);
    issues(check, lower_id);
    struct document_relations list = { 0 };
    assert_ok(&check->cx, document_get_relations(&check->cx, lower_id, &list));
    assert_int_equal(0, list.at[0].to_document_id);
    struct unit academy = act(check, "", "hoc_vien", ALL);
    struct document_draft upper = plan_of(&academy);
    upper.number = STR("664");
    upper.symbol = STR("KH/HVCTQG");
    int64_t upper_id = drafted(check, &upper);
    assert_ok(&check->cx, document_get_relations(&check->cx, lower_id, &list));
    assert_int_equal(0, list.at[0].to_document_id); /* not while the upper one is a draft */
    issues(check, upper_id);
    assert_ok(&check->cx, document_get_relations(&check->cx, lower_id, &list));
    assert_int_equal(upper_id, list.at[0].to_document_id);
    assert_ok(&check->cx, document_get_relations_to(&check->cx, upper_id, &list));
    assert_int_equal(1, list.len);
    assert_int_equal(lower_id, list.at[0].document_id);
    assert_str_equal(list.at[0].number, "10-KH/TU");
}

static void same_number_of_another_province_is_not_meant(void **state)
{
    struct check_store *check = *state;
    struct unit ha_tinh = act(check, "42", "tinh_uy", ALL);
    struct document_draft foreign = plan_of(&ha_tinh);
    int64_t foreign_id = drafted(check, &foreign);
    issues(check, foreign_id);
    struct unit school = act(check, "51", "truong_chinh_tri", ALL);
    struct document_relation relation;
    struct document_draft lower =
        citing(&school, "carries_out", "09-KH/TU", &relation); /* "Tỉnh ủy": one's own */
    int64_t lower_id = drafted(check, &lower);
    struct document_relations list = { 0 };
    assert_ok(&check->cx, document_get_relations(&check->cx, lower_id, &list));
    assert_int_equal(0, list.at[0].to_document_id);
    struct unit quang_ngai = act(check, "51", "tinh_uy", ALL);
    struct document_draft own = plan_of(&quang_ngai);
    int64_t own_id = drafted(check, &own);
    issues(check, own_id);
    assert_ok(&check->cx, document_get_relations(&check->cx, lower_id, &list));
    assert_int_equal(own_id, list.at[0].to_document_id);
}

static void what_was_left_to_follow_is_filled_by_the_separate_plan(void **state)
{
    struct check_store *check = *state;
    struct unit academy = act(check, "", "hoc_vien", ALL);
    struct document_draft upper = plan_of(&academy);
    struct document_relation follow = { .ordinal = 1,
                                        .relation = STR("separate_plan_to_follow"),
                                        .day = DAY_NONE,
                                        .text = STR("Lớp trực tiếp tại Học viện") };
    upper.relations = (struct document_relations){ &follow, 1 };
    int64_t upper_id = drafted(check, &upper);
    issues(check, upper_id);
    struct document_relation relation;
    struct document_draft separate = citing(&academy, "separate_plan_of", "09-KH/TU", &relation);
    relation.issuer = STR("");
    int64_t separate_id = drafted(check, &separate);
    issues(check, separate_id);
    struct document_relations list = { 0 };
    assert_ok(&check->cx, document_get_relations(&check->cx, upper_id, &list));
    assert_int_equal(separate_id, list.at[0].to_document_id);
}

/* ---- Lists ---- */

static void lists_find_papers_with_and_without_marks_and_by_number(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    issues(check, drafted(check, &draft));
    draft.number = STR("");
    drafted(check, &draft);
    static const struct {
        enum document_box box;
        const char *text, *kind, *state;
        size_t len;
    } cases[] = {
        { DOCUMENT_BOX_OWN, "", "", "", 1 },
        { DOCUMENT_BOX_DRAFTS, "", "", "", 1 },
        { DOCUMENT_BOX_ALL, "boi duong", "", "", 1 },
        { DOCUMENT_BOX_ALL, "bồi dưỡng", "", "", 1 },
        { DOCUMENT_BOX_ALL, "09-KH/TU", "", "", 1 },
        { DOCUMENT_BOX_ALL, "nhà nước", "", "", 0 },
        { DOCUMENT_BOX_ALL, "", "giay_moi", "", 0 },
        { DOCUMENT_BOX_ALL, "", "ke_hoach", "issued", 1 },
        { DOCUMENT_BOX_ALL, "", "", "recalled", 0 },
        { DOCUMENT_BOX_RECEIVED, "", "", "", 0 },
        { DOCUMENT_BOX_ALL, "%", "", "", 0 },
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct document_query query = { .box = cases[i].box,
                                        .text = str_from(cases[i].text),
                                        .kind = str_from(cases[i].kind),
                                        .state = str_from(cases[i].state) };
        struct document_rows rows = { 0 };
        assert_ok(&check->cx, document_list(&check->cx, &query, &rows));
        if (rows.len != cases[i].len)
            fail_msg("case %zu: %zu papers", i, rows.len);
    }
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct document_query query = { .box = DOCUMENT_BOX_RECEIVED, .only_unread = true };
    struct document_rows rows = { 0 };
    assert_ok(&check->cx, document_list(&check->cx, &query, &rows));
    assert_int_equal(1, rows.len);
    assert_int_equal(1, rows.at[0].sent);
    query = (struct document_query){ .box = DOCUMENT_BOX_DRAFTS };
    assert_ok(&check->cx, document_list(&check->cx, &query, &rows));
    assert_int_equal(0, rows.len);
}

/* ---- Materials ---- */

static void material_goes_to_whoever_has_the_paper_and_each_confirms_once(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    struct material film = { .document_id = id,
                             .name = STR("Phim bài giảng 1"),
                             .link = STR("http://phim.example") };
    struct step attach = { .run = do_attach, .material = &film };
    is_refused(check, attach, ERR_INVALID, "https://");
    film.link = STR("https://phim.example/1");
    film.deliver_before = day_start(day_from_civil(2026, 5, 21));
    assert_ok(&check->cx, take(check, &attach));
    struct step deliver = { .run = do_deliver, .id = attach.made };
    is_refused(check, deliver, ERR_CONFLICT, "dự thảo");
    issues(check, id);
    struct unit commune = first_committee(check, "51");
    struct material *list = NULL;
    size_t len = 0;
    act_for(check, &commune);
    assert_ok(&check->cx, material_list(&check->cx, id, &list, &len));
    assert_int_equal(0, len); /* attached is not delivered */
    act(check, "51", "tinh_uy", ALL);
    assert_ok(&check->cx, take(check, &deliver));
    is_refused(check, deliver, ERR_CONFLICT, "đã được chuyển");
    act_for(check, &commune);
    struct step receive = { .run = do_receive, .id = attach.made };
    assert_ok(&check->cx, take(check, &receive));
    assert_ok(&check->cx, take(check, &receive));
    assert_int_equal(1, heard.delivered);
    assert_int_equal(1, heard.received);
    assert_int_equal(96, counted(check, "material_sent", id, issuer.place_id));
    assert_int_equal(1, counted(check, "material_received", id, issuer.place_id));
    struct unit foreign = first_committee(check, "42");
    act_for(check, &foreign);
    is_refused(check, receive, ERR_NOT_FOUND, "Không tìm thấy");
    struct material found = { 0 };
    assert_err(ERR_NOT_FOUND, material_get(&check->cx, attach.made, &found));
}

/* ---- Units that move ---- */

static enum err do_move(struct ctx *cx, struct step *step)
{
    return unit_move(cx, step->id, step->made, day_from_civil(2026, 5, 15), STR("Nghị quyết thử"));
}

static void commune_that_changes_its_province_takes_its_papers_along(void **state)
{
    struct check_store *check = *state;
    struct actor program = check->actor;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct unit other = body(check, "42", "tinh_uy");
    struct document_draft draft = plan_of(&issuer);
    int64_t id = drafted(check, &draft);
    issues(check, id);
    struct unit committee = first_committee(check, "51");
    check->actor = program;
    check->cx.now += 2 * (int64_t)DAY_MS;
    struct step move = { .run = do_move, .id = committee.place_id, .made = other.place_id };
    assert_ok(&check->cx, take(check, &move));
    assert_ok(&check->cx, unit_find(&check->cx, committee.id, &committee));
    act_for(check, &committee);
    struct document document = { 0 };
    assert_ok(&check->cx, document_get(&check->cx, id, &document));
    struct step acknowledge = { .run = do_acknowledge, .id = id };
    assert_ok(&check->cx, take(check, &acknowledge));
    assert_int_equal(95, counted(check, "paper_sent", id, issuer.place_id));
    assert_int_equal(0, counted(check, "paper_received", id, issuer.place_id));
    assert_int_equal(1, counted(check, "paper_sent", id, other.place_id));
    assert_int_equal(1, counted(check, "paper_received", id, other.place_id));
    act(check, "42", "tinh_uy", ALL); /* its new province sees what its commune has */
    assert_ok(&check->cx, document_get(&check->cx, id, &document));
}

/* ---- The tables come again from the facts ---- */

static void rebuilding_gives_the_same_papers(void **state)
{
    struct check_store *check = *state;
    struct unit issuer = act(check, "51", "tinh_uy", ALL);
    struct document_draft draft = plan_of(&issuer);
    struct document_relation relation;
    int64_t id = drafted(check, &draft);
    issues(check, id);
    struct document_draft amending = citing(&issuer, "amends", "09-KH/TU", &relation);
    issues(check, drafted(check, &amending));
    struct unit commune = first_committee(check, "51");
    act_for(check, &commune);
    struct step acknowledge = { .run = do_acknowledge, .id = id };
    assert_ok(&check->cx, take(check, &acknowledge));
    unsigned char before[32], after[32];
    assert_ok(&check->cx, store_digest(&check->cx, check->store, before));
    assert_ok(&check->cx, store_rebuild(&check->cx, check->store));
    assert_ok(&check->cx, store_digest(&check->cx, check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

static void numbers_are_cited_in_either_house_style(void **state)
{
    struct check_store *check = *state;
    struct document party = {
        .number = STR("09"), .symbol = STR("KH/TU"), .regime = STR("party"), .kind = STR("ke_hoach")
    };
    struct document paper = { .number = STR("15"),
                              .symbol = STR("QĐ-BNV"),
                              .regime = STR("state"),
                              .kind = STR("quyet_dinh") };
    assert_str_equal(document_cite(&check->cx.arena, &party), "09-KH/TU");
    assert_str_equal(document_title(&check->cx.arena, &paper), "Quyết định số 15/QĐ-BNV");
    party.number = STR("");
    assert_str_equal(document_title(&check->cx.arena, &party), "Kế hoạch (chưa có số)");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_ground, check_store_close)
    const struct CMUnitTest tests[] = {
        T(draft_binds_nobody),
        T(draft_keeps_its_paragraphs_and_changes_until_issued),
        T(paper_without_number_date_title_or_signer_is_not_issued),
        T(paper_for_nobody_is_not_issued_until_a_line_is_given_its_sort),
        T(secret_papers_are_stopped_at_the_door),
        T(issuing_delivers_to_every_committee_of_the_province_and_nobody_else),
        T(issuing_twice_with_one_id_succeeds_once),
        T(number_of_a_party_paper_is_used_once_in_a_term),
        T(number_of_a_state_paper_is_used_once_in_a_year),
        T(who_may_only_draft_does_not_issue_and_a_neighbour_finds_nothing),
        T(body_above_reads_papers_below_but_never_acts_for_their_issuer),
        T(acknowledging_counts_once_however_often_it_is_pressed),
        T(list_of_the_silent_shrinks_and_a_commune_sees_only_itself),
        T(recalled_paper_says_so_and_why_everywhere),
        T(amending_and_replacing_mark_the_older_paper),
        T(nobody_takes_a_foreign_paper_out_of_force_by_citing_it),
        T(citations_find_their_paper_in_whatever_order_papers_arrive),
        T(same_number_of_another_province_is_not_meant),
        T(what_was_left_to_follow_is_filled_by_the_separate_plan),
        T(lists_find_papers_with_and_without_marks_and_by_number),
        T(material_goes_to_whoever_has_the_paper_and_each_confirms_once),
        T(commune_that_changes_its_province_takes_its_papers_along),
        T(rebuilding_gives_the_same_papers),
        T(numbers_are_cited_in_either_house_style),
    };
#undef T
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
