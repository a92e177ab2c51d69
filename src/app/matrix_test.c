/*
 * Every route, every method, every role, against what is one's own, a child's, a sibling's, a
 * parent's and a stranger's. Made from the route tables, so a new route is walked without anybody
 * remembering to (reliability.md S1, S4, S11, S13). Each unit's records carry a canary; a canary in
 * an answer to somebody whose seat does not reach the unit is a leak, whether it came from a list,
 * a search, a count's list, an export, a file or a stream.
 */
#include "account/account.h"
#include "app/routes.h"
#include "base/day.h"
#include "check/check_country.h"
#include "document/document.h"
#include "person/person.h"
#include "plan/plan.h"
#include "reading/reading.h"
#include "store/db.h"
#include "unit/unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANDS = 6,
    SEATS = 10,
    IDS_MAX = 64,
    ROOMS_MAX = 32,
    ROUTES_MAX = 64,
    REQUEST_ARENA_BYTES = 64 << 20,
    ABSENT_ID = 999999999
};

/* One unit with its records: an account, a seat, a link, a person, a draft, an issued paper with
 * its duty and class. */
struct land {
    const char *canary; /* in everything that is its own; all begin with "kenari" so that one search
                           finds them */
    int64_t unit_id;    /* the body that keeps the records */
    struct str path;
    int64_t first_seq, last_seq; /* its records' keys are among these */
};

struct seat {
    const char *role;
    size_t land;
    const char *reach;
    struct check_browser browser;
    struct scope scope;
    uint64_t permissions;
    struct str login;
};

struct matrix {
    struct check_country *country;
    struct land lands[LANDS];
    struct seat seats[SEATS];
    const struct route_table *rooms;
    size_t rooms_len;
    unsigned seen; /* by somebody: a canary nobody ever sees proves nothing */
    bool is_shown[ROOMS_MAX][ROUTES_MAX]; /* which routes ever showed one */
    int64_t asked;
};

/* --- the lands --- */

struct land_work {
    struct matrix *matrix;
    struct land *land;
    const struct unit *unit;
    const struct unit *neighbour; /* another body of the same place: what the paper is sent to */
    int64_t account_id;
};

static struct str canary_words(struct ctx *cx, const struct land *land, const char *what)
{
    return str_format(&cx->arena, "%s %s", land->canary, what);
}

static enum err make_people(struct ctx *cx, struct land_work *work)
{
    const struct land *land = work->land;
    struct account_created created = { .login = str_format(&cx->arena, "%s", land->canary),
                                       .name = canary_words(cx, land, "tài khoản") };
    struct account_granted granted = { .role = STR("van_thu"),
                                       .reach = STR("body"),
                                       .from_day = day_from_instant(cx->now),
                                       .to_day = DAY_NONE };
    struct account_link link = { .unit_id = land->unit_id,
                                 .permissions = PERMISSION_BIT(DUTY_READ),
                                 .name = canary_words(cx, land, "trực ban"),
                                 .path = STR("/nhiem-vu/1"),
                                 .expires_at = cx->now + DAY_MS };
    struct account_token token = { .permissions = PERMISSION_BIT(DUTY_READ),
                                   .name = canary_words(cx, land, "liên thông"),
                                   .expires_at = cx->now + DAY_MS };
    struct person_values person = { .full_name = canary_words(cx, land, "Văn An"),
                                    .birth_day = DAY_NONE,
                                    .phone = STR("0900 000 001") };
    struct str secret = { NULL, 0 };
    int64_t id = 0;
    TRY(account_create(cx, land->unit_id, &created, &work->account_id));
    TRY(account_grant(cx, work->account_id, land->unit_id, &granted, &token.grant_id));
    token.account_id = work->account_id;
    TRY(account_make_token(cx, &token, &secret, &id));
    TRY(account_make_link(cx, &link, &secret, &id));
    return person_create(cx, land->unit_id, &person, canary_words(cx, land, "chức vụ"),
                         day_from_civil(2025, 7, 1), &id);
}

/* A plan that orders a body of the same place something, with a class of its own, and goes nowhere
 * else. */
static struct str plan_of(struct ctx *cx, const struct land_work *work, const char *number)
{
    const char *canary = work->land->canary;
    return str_format(
        &cx->arena,
        "{\"schema\":\"plan/"
        "1\",\"document\":{\"kind\":\"ke_hoach\",\"number\":\"%s\",\"symbol\":\"KH/TU\","
        "\"issuer\":\"" STR_FMT
        "\",\"place\":\"Quảng Ngãi\",\"date\":\"2026-05-20\","
        "\"title\":\"%s mở lớp bồi dưỡng\",\"signer\":{\"name\":\"Đinh Văn Mẫu\",\"title\":\"BÍ "
        "THƯ\"}},"
        "\"schedule\":{\"start\":\"2026-05-23\",\"end\":\"2026-05-24\","
        "\"sessions\":[{\"date\":\"2026-05-23\",\"from\":\"08:00\",\"to\":\"11:30\"}]},"
        "\"topics\":[{\"number\":1,\"title\":\"%s chuyên đề\"}],"
        "\"obligations\":[{\"text\":\"%s báo cáo số lượng học viên\",\"owner\":\"" STR_FMT
        "\","
        "\"due\":{\"kind\":\"date\",\"value\":\"2026-05-22\",\"relation\":\"before\"}}],"
        "\"recipients\":[\"" STR_FMT "\"]}",
        number, STR_ARG(work->unit->full_name), canary, canary, canary,
        STR_ARG(work->neighbour->full_name), STR_ARG(work->neighbour->full_name));
}

static enum err draft_paper(struct ctx *cx, const struct land_work *work, const char *number,
                            int64_t *ret_id)
{
    struct plan plan = { .topics_len = 0 };
    struct document_draft draft = { .issued_day = DAY_NONE };
    TRY(plan_parse(cx, plan_of(cx, work, number), &plan));
    TRY(plan_to_draft(cx, &plan, &draft));
    draft.issuer_unit_id = work->land->unit_id;
    for (size_t i = 0; i < draft.recipients.len; i++) {
        draft.recipients.at[i].unit_id = work->neighbour->id;
        draft.recipients.at[i].sort = STR("");
    }
    return document_create_draft(cx, &draft, ret_id);
}

static enum err make_papers(struct ctx *cx, struct land_work *work)
{
    int64_t draft_id = 0;
    int64_t issued_id = 0;
    TRY(draft_paper(cx, work, "", &draft_id));
    TRY(draft_paper(cx, work, "21", &issued_id));
    return document_issue(cx, issued_id);
}

/* A paper handed in as a file, as the reader left it; the file itself is not looked at here. */
static enum err make_reading(struct ctx *cx, const struct land_work *work)
{
    int64_t id = 0;
    struct reading_result result = { .format = STR("text"), .sheet = STR(""), .said = plan_of(cx, work, "31") };
    struct str digest = reading_digest(&cx->arena, str_from(work->land->canary));
    return reading_take_in(cx, digest, canary_words(cx, work->land, "văn bản.docx"), 1, &result, &id);
}

static enum err make_land(struct ctx *cx, void *what)
{
    struct land_work *work = what;
    cx->fact_id = (struct fact_id){ { 0 } };
    TRY(make_people(cx, work));
    TRY(make_papers(cx, work));
    return make_reading(cx, work);
}

static int64_t newest_seq(struct matrix *m)
{
    SQL(find_newest_fact, "SELECT COALESCE(MAX(seq), 0) FROM fact");
    return check_i64(m->country->check, &find_newest_fact, NO_BIND);
}

static void add_land(struct matrix *m, size_t index, const char *canary, int64_t unit_id)
{
    struct ctx *cx = &m->country->check->cx;
    struct land *land = &m->lands[index];
    struct unit unit = { .id = 0 };
    struct unit neighbour = { .id = 0 };
    struct land_work work = { .matrix = m, .land = land, .unit = &unit, .neighbour = &neighbour };
    assert_ok(cx, unit_find(cx, unit_id, &unit));
    const char *sort = str_eq(unit.level, STR("commune"))    ? "ubnd_xa"
                       : str_eq(unit.level, STR("province")) ? "so_noi_vu"
                                                             : "bo_noi_vu";
    assert_ok(cx, unit_find_body(cx, unit.place_id, str_from(sort), &neighbour));
    *land = (struct land){
        .canary = canary, .unit_id = unit_id, .path = unit.path, .first_seq = newest_seq(m) + 1
    };
    m->country->check->actor.unit_id = unit_id;
    assert_ok(cx, check_write(m->country->check, make_land, &work));
    m->country->check->actor.unit_id = 0;
    land->last_seq = newest_seq(m);
    assert_true(land->last_seq - land->first_seq < IDS_MAX);
}

/* --- the seats --- */

static void sign_in(struct matrix *m, struct seat *seat)
{
    struct ctx *cx = &m->country->check->cx;
    struct arena outer = cx->arena;
    struct check_browser browser = { .csrf = { NULL, 0 } };
    arena_init(&cx->arena, cx->env, REQUEST_ARENA_BYTES);
    check_sign_in(m->country, &browser, str_to_c(&cx->arena, seat->login));
    seat->browser.session = str_copy(&outer, browser.session);
    seat->browser.csrf = str_copy(&outer, browser.csrf);
    arena_end(&cx->arena);
    cx->arena = outer;
}

static void add_seat(struct matrix *m, size_t index, const char *role, size_t land,
                     const char *reach)
{
    struct check_country *c = m->country;
    struct ctx *cx = &c->check->cx;
    struct seat *seat = &m->seats[index];
    struct unit unit = { .id = 0 };
    struct unit place = { .id = 0 };
    assert_ok(cx, unit_find(cx, m->lands[land].unit_id, &unit));
    assert_ok(cx, unit_find(cx, unit.place_id, &place));
    *seat = (struct seat){ .role = role, .land = land, .reach = reach };
    seat->login = str_format(&cx->arena, "nguoi.%zu", index);
    seat->scope = unit_scope(&cx->arena, strcmp(reach, "area") == 0 ? place.path : unit.path);
    seat->permissions = role_find(str_from(role))->permissions;
    if (strcmp(reach, "body") == 0)
        seat->permissions &= ~PERMISSION_BIT(REPORT_READ);
    int64_t account_id =
        check_account(c, str_to_c(&cx->arena, seat->login), m->lands[land].unit_id);
    check_seat(c, account_id, role, m->lands[land].unit_id, reach);
    sign_in(m, seat);
}

enum { NATION, PROVINCE, COMMUNE, SIBLING, FOREIGN_PROVINCE, FOREIGN };

static int open_matrix(void **state)
{
    void *country_state = NULL;
    struct matrix *m = calloc(1, sizeof *m);
    assert_non_null(m);
    routes_register_facts();
    m->rooms = routes_all(&m->rooms_len);
    if (check_country_open(&country_state, m->rooms, m->rooms_len) != 0)
        return 1;
    struct check_country *c = country_state;
    m->country = c;
    add_land(m, NATION, "kenari.trunguong", c->academy);
    add_land(m, PROVINCE, "kenari.tinhnha", c->province_committee);
    add_land(m, COMMUNE, "kenari.xanha", c->commune_committee);
    add_land(m, SIBLING, "kenari.xaben", c->sibling_committee);
    add_land(m, FOREIGN_PROVINCE, "kenari.tinhkhac", c->foreign_province_committee);
    add_land(m, FOREIGN, "kenari.xakhac", c->foreign_committee);
    size_t len = 0;
    add_seat(m, len++, "quan_tri", NATION, "area");
    add_seat(m, len++, "lanh_dao", NATION, "area");
    add_seat(m, len++, "quan_tri", PROVINCE, "area");
    add_seat(m, len++, "nguoi_dung_dau", PROVINCE, "area");
    add_seat(m, len++, "chuyen_vien", PROVINCE, "area");
    add_seat(m, len++, "kiem_tra", PROVINCE, "area");
    add_seat(m, len++, "nguoi_dung_dau", COMMUNE, "body");
    add_seat(m, len++, "chuyen_vien", COMMUNE, "area");
    add_seat(m, len++, "van_thu", COMMUNE, "body");
    add_seat(m, len++, "quan_tri", COMMUNE, "body");
    assert_int_equal(len, SEATS);
    *state = m;
    return 0;
}

static int close_matrix(void **state)
{
    struct matrix *m = *state;
    void *country_state = m->country;
    int result = check_country_close(&country_state);
    free(m);
    return result;
}

static bool reaches(const struct seat *seat, const struct land *land)
{
    return unit_scope_holds(&seat->scope, land->path);
}

/* --- asking --- */

/* What one answer says, in short: it does not outlive the request's arena. */
struct short_answer {
    int status;
    unsigned canaries;
    unsigned char digest[16]; /* of the body without what differs by itself */
};

/* Form tokens differ in every answer, and the address asked for may be repeated in it. */
static struct str without_chance(struct arena *arena, struct str body, struct str path)
{
    struct buf out;
    buf_init(&out, arena);
    for (struct str rest = body; rest.len > 0;) {
        size_t hex = 0;
        while (hex < rest.len && ((rest.at[hex] >= '0' && rest.at[hex] <= '9') ||
                                  (rest.at[hex] >= 'a' && rest.at[hex] <= 'f')))
            hex++;
        size_t taken = hex > 0 ? hex : 1;
        if (hex >= 32)
            buf_put_char(&out, '#');
        else if (str_starts(rest, path))
            taken = path.len;
        else
            buf_put(&out, str_sub(rest, 0, taken));
        rest = str_sub(rest, taken, rest.len);
    }
    return buf_str(&out);
}

static struct short_answer ask(struct matrix *m, struct check_browser *browser, enum method method,
                               struct str path, struct str body)
{
    struct ctx *cx = &m->country->check->cx;
    struct arena outer = cx->arena;
    struct check_browser copy = *browser;
    struct short_answer answer = { .status = 0 };
    arena_init(&cx->arena, cx->env, REQUEST_ARENA_BYTES);
    struct check_answer got = method == METHOD_GET ? check_get(m->country, &copy, path)
                                                   : check_post(m->country, &copy, path, body);
    answer.status = got.status;
    for (size_t i = 0; i < LANDS; i++)
        if (check_has(got.body, m->lands[i].canary) || check_has(got.location, m->lands[i].canary))
            answer.canaries |= 1U << i;
    struct str plain = without_chance(&cx->arena, got.body, path);
    crypto_generichash(answer.digest, sizeof answer.digest, (const unsigned char *)plain.at,
                       plain.len, NULL, 0);
    arena_end(&cx->arena);
    cx->arena = outer;
    m->asked++;
    return answer;
}

/* The pattern with `id` for its first parameter and `other` for the rest. */
static struct str path_of(struct arena *arena, struct str pattern, int64_t id, int64_t other,
                          size_t *ret_params)
{
    struct buf out;
    size_t params = 0;
    buf_init(&out, arena);
    for (struct str rest = pattern; rest.len > 0;) {
        if (rest.at[0] == '{') {
            (void)str_cut(&rest, '}');
            buf_format(&out, "%lld", (long long)(params++ == 0 ? id : other));
            continue;
        }
        buf_put_char(&out, rest.at[0]);
        rest = str_sub(rest, 1, rest.len);
    }
    *ret_params = params;
    return buf_str(&out);
}

typedef void (*route_visit)(struct matrix *m, const struct route *route, void *what);

static void each_route(struct matrix *m, route_visit visit, void *what)
{
    for (size_t i = 0; i < m->rooms_len; i++)
        for (size_t j = 0; j < m->rooms[i].len; j++)
            visit(m, &m->rooms[i].at[j], what);
}

/* The lists, exports and pages that must have shown somebody's records, or the walk has not tested
 * them. */
static void expect_shown(const struct matrix *m)
{
    static const char *const must[] = {
        "/can-bo",
        "/can-bo/{id}",
        "/can-bo/danh-sach",
        "/van-ban",
        "/van-ban/{id}",
        "/van-ban/danh-sach.csv",
        "/nhan-van-ban",
        "/nhan-van-ban/{id}",
        "/nhan-van-ban/{id}/lich-su",
        "/van-ban/{id}/trien-khai",
        "/nhiem-vu",
        "/nhiem-vu.csv",
        "/quan-tri/tai-khoan",
        "/quan-tri/tai-khoan.csv",
        "/quan-tri/tai-khoan/{id}",
        "/quan-tri/lien-ket",
        "/nhat-ky",
        "/nhat-ky.csv",
        "/lop/{id}",
        "/lop/lich.ics",
    };
    for (size_t k = 0; k < LEN(must); k++) {
        bool is_shown = false;
        for (size_t i = 0; i < m->rooms_len; i++)
            for (size_t j = 0; j < m->rooms[i].len; j++)
                is_shown = is_shown || (m->is_shown[i][j] &&
                                        str_eq(m->rooms[i].at[j].pattern, str_from(must[k])));
        if (!is_shown)
            fail_msg("%s never showed a record to anybody", must[k]);
    }
}

static void note_shown(struct matrix *m, const struct route *route, unsigned canaries)
{
    m->seen |= canaries;
    for (size_t i = 0; i < m->rooms_len; i++) {
        const struct route *first = m->rooms[i].at;
        if (route >= first && route < first + m->rooms[i].len && canaries != 0)
            m->is_shown[i][route - first] = true;
    }
}

static void refuse_leak(const struct matrix *m, const struct seat *seat, struct str path,
                        unsigned canaries)
{
    for (size_t i = 0; i < LANDS; i++)
        if ((canaries >> i & 1) != 0 && !reaches(seat, &m->lands[i]))
            fail_msg("%s at %s (%s) sees %s at " STR_FMT, seat->role, m->lands[seat->land].canary,
                     seat->reach, m->lands[i].canary, STR_ARG(path));
}

/* --- reading --- */

static void read_one(struct matrix *m, const struct seat *seat, const struct route *route,
                     const struct land *land, int64_t id, const struct short_answer *absent)
{
    struct ctx *cx = &m->country->check->cx;
    struct check_browser browser = seat->browser;
    size_t params = 0;
    struct str path = path_of(&cx->arena, route->pattern, id, land->unit_id, &params);
    struct short_answer answer = ask(m, &browser, METHOD_GET, path, STR(""));
    refuse_leak(m, seat, path, answer.canaries);
    note_shown(m, route, answer.canaries);
    if (reaches(seat, land))
        return;
    /* What lies outside answers as what does not exist: same status, same words. */
    if (answer.status != absent->status ||
        memcmp(answer.digest, absent->digest, sizeof answer.digest) != 0)
        fail_msg("%s at %s tells " STR_FMT " (%d) from what does not exist (%d)", seat->role,
                 m->lands[seat->land].canary, STR_ARG(path), answer.status, absent->status);
}

static void read_fixed(struct matrix *m, const struct seat *seat, const struct route *route)
{
    struct str pattern = route->pattern;
    struct ctx *cx = &m->country->check->cx;
    struct check_browser browser = seat->browser;
    struct str all[LANDS + 2];
    size_t len = 0;
    all[len++] = pattern;
    all[len++] = str_format(&cx->arena, STR_FMT "?tim=kenari&search=kenari&chuc-vu=kenari",
                            STR_ARG(pattern));
    /* Filters by somebody else's unit, paper and duty. */
    for (size_t i = 0; i < LANDS; i++)
        all[len++] = str_format(
            &cx->arena,
            STR_FMT "?tim=kenari&don-vi=%lld&van-ban=%lld&nhiem-vu=%lld&ban-ghi=%lld&cap=xa",
            STR_ARG(pattern), (long long)m->lands[i].unit_id, (long long)m->lands[i].last_seq,
            (long long)m->lands[i].last_seq, (long long)m->lands[i].first_seq);
    for (size_t i = 0; i < len; i++) {
        struct short_answer answer = ask(m, &browser, METHOD_GET, all[i], STR(""));
        refuse_leak(m, seat, all[i], answer.canaries);
        note_shown(m, route, answer.canaries);
    }
}

static void read_route(struct matrix *m, const struct route *route, void *what)
{
    struct ctx *cx = &m->country->check->cx;
    size_t params = 0;
    (void)what;
    if (route->method != METHOD_GET)
        return;
    struct str absent_path = path_of(&cx->arena, route->pattern, ABSENT_ID, ABSENT_ID, &params);
    for (size_t s = 0; s < SEATS; s++) {
        const struct seat *seat = &m->seats[s];
        struct check_browser browser = seat->browser;
        if (params == 0) {
            read_fixed(m, seat, route);
            continue;
        }
        struct short_answer absent = ask(m, &browser, METHOD_GET, absent_path, STR(""));
        for (size_t i = 0; i < LANDS; i++) {
            const struct land *land = &m->lands[i];
            read_one(m, seat, route, land, land->unit_id, &absent);
            for (int64_t id = land->first_seq; id <= land->last_seq; id++)
                read_one(m, seat, route, land, id, &absent);
        }
    }
}

static void no_page_shows_what_lies_outside_the_seat(void **state)
{
    struct matrix *m = *state;
    struct ctx *cx = &m->country->check->cx;
    unsigned char before[32];
    unsigned char after[32];
    assert_ok(cx, store_digest(cx, m->country->check->store, before));
    int64_t newest = newest_seq(m);
    each_route(m, read_route, NULL);
    print_message("%lld requests\n", (long long)m->asked);
    assert_int_equal(m->seen, (1U << LANDS) - 1);
    expect_shown(m);
    /* And none of all these requests changed anything. */
    assert_int_equal(newest_seq(m), newest);
    assert_ok(cx, store_digest(cx, m->country->check->store, after));
    assert_memory_equal(before, after, sizeof before);
}

/* --- writing --- */

/* Something that fits each field; keys are `id`, so that a form points at what is not one's own. */
static struct str fields_of(struct arena *arena, const struct field_table *form, int64_t id,
                            int64_t unit_id)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < form->len; i++) {
        const struct field *field = &form->at[i];
        bool is_unit = str_find(str_from(field->name), STR("unit")) < strlen(field->name);
        if (out.len > 0)
            buf_put_char(&out, '&');
        buf_format(&out, "%s=", field->name);
        switch (field->type) {
        case FIELD_ID:
            buf_put_i64(&out, is_unit ? unit_id : id);
            break;
        case FIELD_I64:
            buf_put_i64(&out, field->min > 0 ? field->min : 1);
            break;
        case FIELD_BOOL:
            buf_put_char(&out, '1');
            break;
        case FIELD_DAY:
            buf_put(&out, STR("21%2F5%2F2026"));
            break;
        case FIELD_INSTANT:
            buf_put(&out, STR("2026-05-21T08%3A00"));
            break;
        case FIELD_TEXT:
        case FIELD_LINES:
            buf_put(&out, STR("ba+con+vit+boi+qua+song"));
            break;
        case FIELD_CHOICE:
            if (field->choices_len > 0)
                buf_put(&out, url_encode(arena, field->choices[0].value));
            break;
        }
    }
    return buf_str(&out);
}

/* Whether every fact after `seq` belongs to a unit the seat reaches. */
static bool facts_lie_within(struct matrix *m, const struct seat *seat, int64_t seq)
{
    SQL(count_facts_outside,
        "SELECT COUNT(*) FROM fact f LEFT JOIN unit u ON u.id = f.unit_id"
        " WHERE f.seq > $1 AND (u.path IS NULL OR u.path < $2 OR u.path >= $3) /*scan*/");
    return check_i64(m->country->check, &count_facts_outside,
                     BIND(V(seq), V(seat->scope.path_lo), V(seat->scope.path_hi))) == 0;
}

static void write_one(struct matrix *m, struct seat *seat, const struct route *route,
                      const struct land *land, int64_t id)
{
    struct ctx *cx = &m->country->check->cx;
    size_t params = 0;
    struct str path = path_of(&cx->arena, route->pattern, id, land->unit_id, &params);
    struct str body = fields_of(&cx->arena, &route->form, id, land->unit_id);
    int64_t newest = newest_seq(m);
    struct short_answer answer = ask(m, &seat->browser, METHOD_POST, path, body);
    refuse_leak(m, seat, path, answer.canaries);
    int64_t after = newest_seq(m);
    if (after == newest)
        return;
    if (params > 0 || !facts_lie_within(m, seat, newest))
        fail_msg("%s at %s changed something outside by POST " STR_FMT " (%d)", seat->role,
                 m->lands[seat->land].canary, STR_ARG(path), answer.status);
}

static void write_route(struct matrix *m, const struct route *route, void *what)
{
    size_t params = 0;
    (void)what;
    if (route->method != METHOD_POST || str_eq(route->pattern, STR("/khoi-tao")))
        return;
    (void)path_of(&m->country->check->cx.arena, route->pattern, 1, 1, &params);
    for (size_t s = 0; s < SEATS; s++) {
        struct seat *seat = &m->seats[s];
        for (size_t i = 0; i < LANDS; i++) {
            const struct land *land = &m->lands[i];
            if (reaches(seat, land))
                continue;
            write_one(m, seat, route, land, land->unit_id);
            for (int64_t id = land->first_seq; params > 0 && id <= land->last_seq; id++)
                write_one(m, seat, route, land, id);
        }
        /* Signing out ends the session that the next route needs. */
        if (params == 0 &&
            ask(m, &seat->browser, METHOD_GET, STR("/tai-khoan"), STR("")).status != 200) {
            check_wait(m->country, 61000);
            sign_in(m, seat);
        }
    }
}

static void no_form_changes_what_lies_outside_the_seat(void **state)
{
    struct matrix *m = *state;
    each_route(m, write_route, NULL);
    print_message("%lld requests\n", (long long)m->asked);
}

/* --- strangers, foreign pages, wrong roles --- */

static void knock(struct matrix *m, const struct route *route, void *what)
{
    struct ctx *cx = &m->country->check->cx;
    struct check_browser stranger = { .csrf = { NULL, 0 } };
    size_t params = 0;
    (void)what;
    struct str path = path_of(&cx->arena, route->pattern, m->lands[COMMUNE].first_seq,
                              m->lands[COMMUNE].unit_id, &params);
    struct str body =
        fields_of(&cx->arena, &route->form, m->lands[COMMUNE].first_seq, m->lands[COMMUNE].unit_id);
    int64_t newest = newest_seq(m);
    struct short_answer answer = ask(m, &stranger, route->method, path, body);
    assert_int_equal(newest_seq(m), newest);
    if (answer.canaries != 0)
        fail_msg("a stranger sees a canary at " STR_FMT, STR_ARG(path));
    if (route->permission == PERMISSION_PUBLIC)
        return;
    bool is_stopped = route->method == METHOD_GET ? answer.status == 303 || answer.status == 401
                                                  : answer.status == 401;
    if (!is_stopped)
        fail_msg("a stranger gets %d at " STR_FMT, answer.status, STR_ARG(path));
}

static void stranger_is_stopped_at_every_door(void **state)
{
    each_route(*state, knock, NULL);
}

static void forge(struct matrix *m, const struct route *route, void *what)
{
    struct ctx *cx = &m->country->check->cx;
    size_t params = 0;
    (void)what;
    if (route->method != METHOD_POST)
        return;
    struct str path = path_of(&cx->arena, route->pattern, m->lands[COMMUNE].first_seq,
                              m->lands[COMMUNE].unit_id, &params);
    struct str body =
        fields_of(&cx->arena, &route->form, m->lands[COMMUNE].first_seq, m->lands[COMMUNE].unit_id);
    for (size_t s = 0; s < SEATS; s++) {
        const struct seat *seat = &m->seats[s];
        struct check_browser forged[] = { seat->browser, seat->browser, seat->browser,
                                          seat->browser, seat->browser };
        bool is_open = (route->flags & ROUTE_NO_CSRF) != 0;
        forged[0].csrf = STR("");
        forged[1].csrf = m->seats[(s + 1) % SEATS].browser.csrf;
        forged[2].origin = STR("https://ke-la.example");
        forged[3].fetch_site = STR("cross-site");
        forged[4].origin = STR("null");
        for (size_t i = is_open ? 2 : 0; i < LEN(forged); i++) {
            int64_t newest = newest_seq(m);
            struct short_answer answer = ask(m, &forged[i], METHOD_POST, path, body);
            if (answer.status != 403 || newest_seq(m) != newest)
                fail_msg("forged POST %zu of %s to " STR_FMT " is answered %d", i, seat->role,
                         STR_ARG(path), answer.status);
        }
    }
}

static void form_from_a_foreign_page_is_refused_everywhere(void **state)
{
    each_route(*state, forge, NULL);
}

static void try_role(struct matrix *m, const struct route *route, void *what)
{
    size_t params = 0;
    (void)what;
    (void)path_of(&m->country->check->cx.arena, route->pattern, 1, 1, &params);
    if (route->method != METHOD_GET || params > 0 || route->permission == PERMISSION_PUBLIC)
        return;
    for (size_t s = 0; s < SEATS; s++) {
        struct check_browser browser = m->seats[s].browser;
        bool may = (m->seats[s].permissions >> route->permission & 1) != 0;
        struct short_answer answer = ask(m, &browser, METHOD_GET, route->pattern, STR(""));
        bool is_right = may ? answer.status == 200 || answer.status == 303 : answer.status == 403;
        if (!is_right)
            fail_msg("%s gets %d at " STR_FMT, m->seats[s].role, answer.status,
                     STR_ARG(route->pattern));
    }
}

static void each_role_opens_its_pages_and_no_others(void **state)
{
    each_route(*state, try_role, NULL);
}

/* --- tokens and links --- */

struct key_work {
    struct matrix *matrix;
    struct account_token token;
    struct account_link link;
    struct str secret;
};

static enum err make_keys(struct ctx *cx, void *what)
{
    struct key_work *work = what;
    int64_t id = 0;
    cx->fact_id = (struct fact_id){ { 0 } };
    if (work->token.account_id != 0)
        return account_make_token(cx, &work->token, &work->secret, &id);
    return account_make_link(cx, &work->link, &work->secret, &id);
}

static void try_token(struct matrix *m, const struct route *route, void *what)
{
    struct ctx *cx = &m->country->check->cx;
    struct check_browser *machine = what;
    size_t params = 0;
    struct str path = path_of(&cx->arena, route->pattern, m->lands[COMMUNE].first_seq,
                              m->lands[COMMUNE].unit_id, &params);
    struct str body =
        fields_of(&cx->arena, &route->form, m->lands[COMMUNE].first_seq, m->lands[COMMUNE].unit_id);
    int64_t newest = newest_seq(m);
    struct short_answer answer = ask(m, machine, route->method, path, body);
    if ((route->flags & ROUTE_TOKEN) != 0)
        return;
    if (answer.status == 200 || answer.canaries != 0 || newest_seq(m) != newest)
        fail_msg("a token gets %d at " STR_FMT, answer.status, STR_ARG(path));
}

static void token_opens_no_page_of_people(void **state)
{
    struct matrix *m = *state;
    struct check_country *c = m->country;
    struct key_work work = { .matrix = m };
    int64_t account_id = check_account(c, "lien.thong", c->commune_committee);
    work.token = (struct account_token){ .account_id = account_id,
                                         .grant_id = check_seat(c, account_id, "van_thu",
                                                                c->commune_committee, "body"),
                                         .permissions = role_find(STR("van_thu"))->permissions,
                                         .name = STR("Trục liên thông"),
                                         .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, check_write(c->check, make_keys, &work));
    struct check_browser machine = { .bearer = work.secret };
    each_route(m, try_token, &machine);
    /* A cookie beside it changes nothing. */
    machine.session = m->seats[0].browser.session;
    each_route(m, try_token, &machine);
}

static void try_link(struct matrix *m, const struct route *route, void *what)
{
    struct ctx *cx = &m->country->check->cx;
    struct check_browser *browser = what;
    if (route->method != METHOD_GET)
        return;
    for (size_t i = 0; i < LANDS; i++) {
        for (int64_t id = m->lands[i].first_seq; id <= m->lands[i].last_seq; id++) {
            size_t params = 0;
            struct str path = path_of(&cx->arena, route->pattern, id, m->lands[i].unit_id, &params);
            struct short_answer answer = ask(m, browser, METHOD_GET, path, STR(""));
            /* The link is for something that does not exist: whatever it shows is too much. */
            if (answer.canaries != 0)
                fail_msg("a link for nothing shows a canary at " STR_FMT, STR_ARG(path));
            if (params == 0)
                return;
        }
    }
}

static void link_shows_nothing_but_its_subject(void **state)
{
    struct matrix *m = *state;
    struct check_country *c = m->country;
    struct key_work work = { .matrix = m };
    work.link = (struct account_link){ .unit_id = c->commune_committee,
                                       .subject_id = ABSENT_ID,
                                       .permissions = PERMISSION_BIT(DUTY_READ),
                                       .name = STR("Trực ban điện lực"),
                                       .path = STR("/nhiem-vu/999999999"),
                                       .expires_at = c->clock_ms + DAY_MS };
    assert_ok(&c->check->cx, check_write(c->check, make_keys, &work));
    struct check_browser browser = { .link = work.secret };
    each_route(m, try_link, &browser);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_matrix, close_matrix)
    const struct CMUnitTest tests[] = {
        TEST(no_page_shows_what_lies_outside_the_seat),
        TEST(no_form_changes_what_lies_outside_the_seat),
        TEST(stranger_is_stopped_at_every_door),
        TEST(form_from_a_foreign_page_is_refused_everywhere),
        TEST(each_role_opens_its_pages_and_no_others),
        TEST(token_opens_no_page_of_people),
        TEST(link_shows_nothing_but_its_subject),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
