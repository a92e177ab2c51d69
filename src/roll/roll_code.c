#include "roll/roll_pages.h"

#include "http/server.h"
#include "roll/roll_fact.h"
#include "store/db.h"
#include "store/store.h"

#include <qrencode.h>
#include <sodium.h>
#include <string.h>

/*
 * The room's code: a second way to be marked, by the learner's own telephone. The room's screen shows an address that
 * changes every ten seconds and is dead fifteen seconds after its step began, so a photo sent to somebody elsewhere comes
 * too late. Who opens it in time gets a pass of two minutes, bound to this telephone's cookie; with the learner's own
 * code it makes the mark. No code stops a live relay: one telephone for two people is flagged, and head-counts remain.
 */

enum { MAC_BYTES = 16, MAC_HEX = 2 * MAC_BYTES, PASS_LIVES_MS = 120000, COOKIE_LIVES_S = 60 * 24 * 3600, DEVICE_HEX = 32 };

/* clang-format off */
const struct field roll_object_fields[3] = {
    { "code", "Mã học viên", FIELD_TEXT, FIELD_OF(struct object_form, code), .len_max = 64, .required = true },
    { "session_key", "Buổi", FIELD_ID, FIELD_OF(struct object_form, session_key), .required = true },
    { "words", "Ý kiến của tôi", FIELD_LINES, FIELD_OF(struct object_form, words), .len_max = ROLL_OBJECTION_MAX,
      .required = true },
};
const struct field roll_enter_fields[2] = {
    { "pass", "Lượt vào phòng", FIELD_TEXT, FIELD_OF(struct enter_form, pass), .len_max = 200 },
    { "code", "Mã học viên", FIELD_TEXT, FIELD_OF(struct enter_form, code), .len_max = 64 },
};
/* clang-format on */

/* ---- Signing ---- */

static struct str sign(struct ctx *cx, const struct app *app, const char *purpose, struct str text)
{
    unsigned char key[32];
    unsigned char mac[MAC_BYTES];
    store_key(app->store, purpose, key);
    crypto_generichash(mac, sizeof mac, (const unsigned char *)text.at, text.len, key, sizeof key);
    sodium_memzero(key, sizeof key);
    return str_from_bytes_hex(&cx->arena, mac, sizeof mac);
}

static bool is_signed(struct ctx *cx, const struct app *app, const char *purpose, struct str text, struct str mac)
{
    struct str expected = sign(cx, app, purpose, text);
    return mac.len == MAC_HEX && sodium_memcmp(mac.at, expected.at, MAC_HEX) == 0;
}

/* "point-session-number" and, of a pass, "-device"; then "-mac". */
struct room_code {
    int64_t point_id, session_key;
    int64_t number; /* the step, or when the pass was given */
    struct str device;
};

static struct str code_text(struct ctx *cx, const struct room_code *code)
{
    return str_format(&cx->arena, "%lld-%lld-%lld%s" STR_FMT, (long long)code->point_id, (long long)code->session_key,
                      (long long)code->number, code->device.len > 0 ? "-" : "", STR_ARG(code->device));
}

static struct str make_code(struct ctx *cx, const struct app *app, const char *purpose, const struct room_code *code)
{
    struct str text = code_text(cx, code);
    return str_format(&cx->arena, STR_FMT "-" STR_FMT, STR_ARG(text), STR_ARG(sign(cx, app, purpose, text)));
}

/* The text is made again from what was read, so that one code has one spelling. */
static bool read_code(struct ctx *cx, const struct app *app, const char *purpose, bool has_device, struct str text,
                      struct room_code *ret_code)
{
    struct room_code code = { .device = STR("") };
    bool is_number = str_to_i64(str_cut(&text, '-'), &code.point_id) && str_to_i64(str_cut(&text, '-'), &code.session_key) &&
                     str_to_i64(str_cut(&text, '-'), &code.number);
    if (has_device)
        code.device = str_cut(&text, '-');
    bool is_whole = is_number && code.point_id > 0 && code.session_key > 0 && code.number > 0 &&
                    code.device.len == (has_device ? DEVICE_HEX : 0);
    if (!is_whole || !is_signed(cx, app, purpose, code_text(cx, &code), text))
        return false;
    *ret_code = code;
    return true;
}

static const char room_purpose[] = "roll room code";
static const char pass_purpose[] = "roll pass";

/* ---- The screen ---- */

struct str roll_room_address(struct ctx *cx, const struct request *req, const struct roll_place *place, int64_t session)
{
    struct room_code code = { place->point.id, session, cx->now / ROLL_CODE_STEP_MS, STR("") };
    struct str text = make_code(cx, req->app, room_purpose, &code);
    if (req->host.len == 0)
        return str_format(&cx->arena, "/vao/" STR_FMT, STR_ARG(text));
    return str_format(&cx->arena, "http%s://" STR_FMT "/vao/" STR_FMT, req->is_tls || req->app->is_secure ? "s" : "",
                      STR_ARG(req->host), STR_ARG(text));
}

enum err roll_code_show(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    TRY(roll_asked_sheet(cx, req, &place, &session));
    struct code_view view = { .point_name = place.point.name, .session_name = roll_find_session(&place, session)->name };
    view.image_url = url_format(&cx->arena, "/diem-danh/%lld/%lld/ma.svg?luc=%lld", (long long)place.point.id,
                                (long long)session, (long long)(cx->now / ROLL_CODE_STEP_MS));
    view.words = STR("Mở máy ảnh của điện thoại, quét mã và bấm “Tôi có mặt”. Mã đổi mỗi 10 giây.");
    struct page page = { .title = STR("Quét mã để điểm danh"), .unit_name = place.point.name, .place = STR("lop"),
                         .crumb = STR("Điểm danh"), .is_wide = true };
    page.crumb_url = roll_url(&cx->arena, place.point.id, session);
    struct html h = page_begin(&cx->arena);
    page_roll_code(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* Each run of dark squares is one bar. Four squares of light around it, as the standard asks (ISO/IEC 18004, 5.3.8). */
static void put_svg(struct buf *out, const QRcode *qr)
{
    enum { QUIET = 4 };
    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
               "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
               qr->width + 2 * QUIET, qr->width + 2 * QUIET, qr->width + 2 * QUIET, qr->width + 2 * QUIET);
    for (int y = 0; y < qr->width; y++) {
        for (int x = 0; x < qr->width; x++) {
            int from = x;
            while (x < qr->width && (qr->data[y * qr->width + x] & 1))
                x++;
            if (x > from)
                buf_format(out, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        }
    }
    buf_put(out, STR("\"/></svg>"));
}

static void free_qr(void *what)
{
    QRcode_free(what);
}

enum err roll_code_image(struct ctx *cx, struct request *req, struct response *res)
{
    struct roll_place place = { .ends_at = 0 };
    int64_t session = 0;
    TRY(roll_asked_sheet(cx, req, &place, &session));
    const char *address = str_to_c(&cx->arena, roll_room_address(cx, req, &place, session));
    QRcode *qr = QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
    if (!qr)
        return fail_detail(cx, ERR_UNAVAILABLE, "qrencode has no memory");
    arena_on_end(&cx->arena, free_qr, qr);
    res->content_type = STR("image/svg+xml");
    put_svg(&res->body, qr);
    return OK;
}

/* ---- The telephone ---- */

/* "device" or "device.CODE". */
static void read_cookie(const struct request *req, struct str *ret_device, struct str *ret_code)
{
    struct str rest = req->learner_cookie;
    struct fact_id device;
    *ret_device = str_cut(&rest, '.');
    *ret_code = rest;
    if (!roll_id_parse(*ret_device, &device)) {
        *ret_device = STR("");
        *ret_code = STR("");
    }
}

static struct str new_device(struct ctx *cx)
{
    unsigned char bytes[DEVICE_HEX / 2];
    env_random(cx->env, bytes, sizeof bytes);
    return str_from_bytes_hex(&cx->arena, bytes, sizeof bytes);
}

static void keep_cookie(struct ctx *cx, const struct request *req, struct response *res, struct str device, struct str code)
{
    struct str value = code.len == 0 ? device : str_format(&cx->arena, STR_FMT "." STR_FMT, STR_ARG(device), STR_ARG(code));
    response_cookie(cx, req, res, COOKIE_LEARNER, value, COOKIE_LIVES_S);
}

static void show_enter(struct ctx *cx, struct request *req, struct response *res, struct enter_view *view)
{
    struct page page = { .title = STR("Điểm danh"), .unit_name = view->point_name, .is_bare = true };
    struct html h = page_begin(&cx->arena);
    page_roll_enter(&h, view);
    response_page(cx, req, res, &page, page_end(&h));
}

static enum err open_code_place(struct ctx *cx, const struct room_code *code, struct roll_place *place,
                                const struct roll_session **ret_session)
{
    bool is_closed = false;
    int64_t turn = 0;
    TRY(roll_open_place(cx, code->point_id, ROLL_ANYWHERE, place));
    *ret_session = roll_find_session(place, code->session_key);
    if (!*ret_session)
        return fail(cx, ERR_NOT_FOUND, "%s", err_words(ERR_NOT_FOUND));
    if (course_session_day(code->session_key) != day_from_instant(cx->now))
        return fail(cx, ERR_CONFLICT, "Mã này của buổi khác; xin quét mã đang chiếu trong phòng hôm nay");
    TRY(roll_find_turn(cx, code->point_id, code->session_key, &is_closed, &turn));
    if (is_closed)
        return fail(cx, ERR_CONFLICT, "Buổi này đã kết thúc điểm danh; xin liên hệ cán bộ điểm cầu");
    return OK;
}

static enum err refuse_code(struct ctx *cx)
{
    return fail(cx, ERR_CONFLICT, "Mã đã hết hạn hoặc không đúng; xin quét lại mã đang chiếu trong phòng");
}

enum err roll_enter_show(struct ctx *cx, struct request *req, struct response *res)
{
    static const struct field_table none = { NULL, 0, 0 };
    struct room_code code = { .point_id = 0 };
    struct roll_place place = { .ends_at = 0 };
    const struct roll_session *session = NULL;
    struct str device = STR("");
    struct str own_code = STR("");
    if (!read_code(cx, req->app, room_purpose, false, req->params[0], &code))
        return refuse_code(cx);
    int64_t age = cx->now - code.number * ROLL_CODE_STEP_MS;
    if (age < 0 || age >= ROLL_CODE_LIVES_MS)
        return refuse_code(cx);
    TRY(open_code_place(cx, &code, &place, &session));
    read_cookie(req, &device, &own_code);
    if (device.len == 0)
        device = new_device(cx);
    keep_cookie(cx, req, res, device, own_code);
    struct room_code pass = { code.point_id, code.session_key, cx->now, device };
    struct enter_view view = { .point_name = place.point.name, .session_name = session->name };
    struct form_view form = { .fact_id = STR("") };
    request_form_view(req, &none, NULL, &form);
    struct html h = page_begin(&cx->arena);
    part_roll_enter_form(&h, page_form_hidden(&cx->arena, form.csrf, STR("")),
                         make_code(cx, req->app, pass_purpose, &pass), own_code.len == 0);
    view.form = page_end(&h);
    view.words = own_code.len == 0 ? STR("Xin nhập mã học viên in trên giấy triệu tập hoặc trong đường dẫn cá nhân.") :
                                     STR("Điện thoại này đã gắn với mã học viên của đồng chí.");
    show_enter(cx, req, res, &view);
    return OK;
}

/* The first check-in binds a learner to a telephone; later ones come from the same. */
static enum err refuse_other_phone(struct ctx *cx, int64_t learner_id, int64_t session_key, struct str device, int64_t *ret_at)
{
    SQL(list_own_marks, "SELECT session_key, device, at FROM roll_mark WHERE learner_id = $1 AND source = 'code'"
                        " ORDER BY session_key");
    bool is_other = false;
    struct rows rows = db_rows(cx, &list_own_marks, BIND(V(learner_id)));
    *ret_at = 0;
    while (rows_next(&rows)) {
        bool is_this = rows_i64(&rows) == session_key;
        is_other = is_other || !str_eq(rows_str(&rows), device);
        int64_t at = rows_i64(&rows);
        *ret_at = is_this ? at : *ret_at;
    }
    TRY(rows_end(&rows));
    if (is_other)
        return fail(cx, ERR_CONFLICT,
                    "Mã học viên này đã điểm danh bằng điện thoại khác; xin nhờ cán bộ điểm cầu điểm danh trực tiếp");
    return OK;
}

static enum err record_own_mark(struct ctx *cx, struct roll_place *place, const struct roll_session *session,
                                const struct learner *learner, struct str device)
{
    enum roll_receipt receipt = ROLL_STORED;
    struct str words = STR("");
    struct roll_marked marked = { .point_id = place->point.id, .session_key = session->key, .learner_id = learner->id,
                                  .mark = roll_mark_stored(roll_mark_by_clock(session, cx->now)), .reason = STR(""),
                                  .replaces = STR(""), .device = device, .device_at = cx->now, .source = STR("code"),
                                  .by_name = STR("") };
    struct str who = str_format(&cx->arena, "%lld|%lld", (long long)learner->id, (long long)session->key);
    TRY(roll_take_mark_at(cx, place, roll_derive_id(who.at, who.len, "roll own check-in"), &marked, STR(""), &receipt,
                          &words));
    if (receipt == ROLL_SET_ASIDE)
        return fail(cx, ERR_CONFLICT, STR_FMT, STR_ARG(words));
    return OK;
}

enum err roll_enter_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct enter_form *form = req->form;
    struct room_code pass = { .point_id = 0 };
    struct roll_place place = { .ends_at = 0 };
    const struct roll_session *session = NULL;
    struct learner learner = { .id = 0 };
    struct str device = STR("");
    struct str own_code = STR("");
    int64_t done_at = 0;
    read_cookie(req, &device, &own_code);
    bool is_ours = read_code(cx, req->app, pass_purpose, true, form->pass, &pass);
    int64_t age = cx->now - pass.number;
    if (!is_ours || age < 0 || age >= PASS_LIVES_MS || !str_eq(device, pass.device))
        return refuse_code(cx);
    TRY(open_code_place(cx, &pass, &place, &session));
    struct str code = form->code.len > 0 ? form->code : own_code;
    enum err err = learner_find_by_code(cx, code, &learner);
    if (err == ERR_NOT_FOUND || (err == OK && (learner.root_id != place.point.root_id || !learner.is_in_force)))
        return fail(cx, ERR_INVALID, "Mã học viên không đúng hoặc không thuộc lớp này; xin kiểm tra lại trên giấy triệu tập");
    TRY(err);
    TRY(refuse_other_phone(cx, learner.id, session->key, device, &done_at));
    if (done_at == 0)
        TRY(record_own_mark(cx, &place, session, &learner, device));
    keep_cookie(cx, req, res, device, code);
    struct enter_view view = { .point_name = place.point.name, .session_name = session->name, .is_done = true };
    view.words = str_format(&cx->arena, "Đã điểm danh " STR_FMT " lúc " STR_FMT ".", STR_ARG(learner.full_name),
                            STR_ARG(instant_format(&cx->arena, done_at ? done_at : cx->now)));
    show_enter(cx, req, res, &view);
    return OK;
}

enum err roll_phone_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct enter_form *form = req->form;
    struct learner learner = { .id = 0 };
    struct str device = STR("");
    struct str own_code = STR("");
    TRY(learner_find_by_code(cx, form->code, &learner));
    read_cookie(req, &device, &own_code);
    if (device.len == 0)
        device = new_device(cx);
    keep_cookie(cx, req, res, device, form->code);
    response_redirect(cx, res, learner_url(&cx->arena, form->code),
                      "Điện thoại này đã gắn với mã học viên; vào phòng, quét mã đang chiếu để điểm danh");
    return OK;
}

/* Where a learner sits when nobody moved him: the main point of the area that named him. */
static int64_t seat_of(const struct learner *learner)
{
    return learner->point_id != 0 ? learner->point_id : course_main_point(learner->root_id, learner->area_id);
}

enum err roll_object_post(struct ctx *cx, struct request *req, struct response *res)
{
    const struct object_form *form = req->form;
    struct learner learner = { .id = 0 };
    struct roll_place place = { .ends_at = 0 };
    bool is_known = false;
    int64_t seq = 0;
    TRY(learner_find_by_code(cx, form->code, &learner));
    TRY(roll_open_place(cx, seat_of(&learner), ROLL_ANYWHERE, &place));
    TRY(fact_is_known(cx, &is_known, &seq));
    if (!is_known)
        TRY(roll_object(cx, &place, learner.id, form->session_key, form->words));
    response_redirect(cx, res, learner_url(&cx->arena, form->code), "Đã gửi ý kiến đến cán bộ điểm cầu");
    return OK;
}

/* ---- On the learner's own page ---- */

static struct safe_html objection_form(struct ctx *cx, const struct request *req, const struct roll_session *session,
                                       struct str code)
{
    struct html h = page_begin(&cx->arena);
    part_roll_object_form(&h, page_form_hidden(&cx->arena, req->csrf, roll_form_id(&cx->arena, req, session->key)), code,
                          session->key);
    return page_end(&h);
}

static void fill_session(struct ctx *cx, const struct request *req, const struct roll_session *session,
                         const struct roll_line *line, const struct roll_objections *said, struct str code,
                         struct learner_session_row *row)
{
    struct arena *arena = &cx->arena;
    enum roll_mark mark = line->heads.len > 0 ? line->mark : ROLL_NONE;
    bool is_here = mark == ROLL_PRESENT || mark == ROLL_LATE;
    bool is_waiting = false;
    row->name = session->name;
    row->objected = row->answer = row->said = STR("");
    row->mark = page_mark(arena, is_here ? MARK_DONE : mark == ROLL_NONE ? MARK_UNKNOWN : MARK_DUE, roll_mark_shown(mark));
    if (mark != ROLL_NONE)
        row->said = str_format(arena, "lúc " STR_FMT, STR_ARG(instant_format(arena, line->marked_at)));
    for (size_t i = said->len; i-- > 0;) {
        const struct roll_objection *o = &said->at[i];
        if (o->session_key != session->key)
            continue;
        row->objected = str_format(arena, "Ý kiến của tôi lúc " STR_FMT ": " STR_FMT, STR_ARG(instant_format(arena, o->at)),
                                   STR_ARG(o->words));
        is_waiting = o->answered_at == 0;
        row->answer = is_waiting ? STR("Đang chờ cán bộ điểm cầu trả lời.") :
                                   str_format(arena, "Trả lời: " STR_FMT, STR_ARG(o->answer));
    }
    bool is_in_time = cx->now >= day_start(course_session_day(session->key)) && cx->now < roll_objection_until(session);
    if (is_in_time && !is_waiting)
        row->form = objection_form(cx, req, session, code);
}

/* An officer who scans the learner's paper with the telephone's own camera lands here. */
static void fill_officer(struct ctx *cx, const struct request *req, const struct roll_place *place,
                         const struct roll_session *session, const struct roll_line *line, int64_t learner_id,
                         struct learner_view *view)
{
    struct html h = page_begin(&cx->arena);
    if (line->heads.len > 0 && (line->mark == ROLL_PRESENT || line->mark == ROLL_LATE)) {
        view->officer_words = str_format(&cx->arena, STR_FMT ": đã ghi " STR_FMT " lúc " STR_FMT ".", STR_ARG(session->name),
                                         STR_ARG(roll_mark_shown(line->mark)),
                                         STR_ARG(instant_format(&cx->arena, line->marked_at)));
        return;
    }
    view->officer_words = str_format(&cx->arena, STR_FMT ", " STR_FMT ".", STR_ARG(session->name), STR_ARG(place->point.name));
    part_roll_scan_form(&h,
                        url_format(&cx->arena, "/diem-danh/%lld/%lld/luot", (long long)place->point.id, (long long)session->key),
                        page_form_hidden(&cx->arena, req->csrf, req->fact_id),
                        str_format(&cx->arena, "%lld:present:" STR_FMT, (long long)learner_id,
                                   STR_ARG(str_sub(line->heads, 0, 33 * ROLL_REPLACES_MAX - 1))));
    view->officer_form = page_end(&h);
}

static enum err is_officer_of(struct ctx *cx, int64_t point_id, bool *ret_officer)
{
    struct point point = { .id = 0 };
    *ret_officer = false;
    if (cx->actor->kind != ACTOR_PERSON || !actor_may(cx->actor, PERMISSION_ROLL_MARK))
        return OK;
    enum err err = point_get(cx, point_id, &point);
    *ret_officer = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err roll_learner_block(struct ctx *cx, const struct request *req, const struct learner *learner, struct str code,
                            struct safe_html *ret_block)
{
    struct roll_place place = { .ends_at = 0 };
    struct roll_objections said = { .len = 0 };
    struct learner_view view = { .officer_words = STR("") };
    struct str device = STR("");
    struct str own_code = STR("");
    bool is_officer = false;
    enum err err = roll_open_place(cx, seat_of(learner), ROLL_ANYWHERE, &place);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    const struct roll_session *now = roll_session_now(&place, cx->now);
    TRY(roll_list_objections(cx, 0, 0, learner->id, &said));
    TRY(is_officer_of(cx, place.point.id, &is_officer));
    view.rows = ARENA_NEW_ARRAY(&cx->arena, struct learner_session_row, place.sessions_len + 1);
    for (size_t i = 0; i < place.sessions_len; i++) {
        struct roll_line line = { .mark = ROLL_NONE };
        const struct roll_session *session = &place.sessions[i];
        TRY(roll_read_line(cx, learner->id, session->key, &line));
        if (is_officer && session == now)
            fill_officer(cx, req, &place, session, &line, learner->id, &view);
        fill_session(cx, req, session, &line, &said, code, &view.rows[view.len++]);
        if (is_officer)
            view.rows[view.len - 1].form = (struct safe_html){ STR_INIT("") };
    }
    read_cookie(req, &device, &own_code);
    struct html h = page_begin(&cx->arena);
    if (!is_officer && !str_eq(own_code, code) && now)
        part_roll_phone_form(&h, page_form_hidden(&cx->arena, req->csrf, STR("")), code);
    view.phone_form = page_end(&h);
    h = page_begin(&cx->arena);
    part_roll_learner(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

/* ---- On the class's page ---- */

enum err roll_course_block(struct ctx *cx, const struct course *course, struct safe_html *ret_block)
{
    enum { BLOCK_POINTS = 6 };
    struct roll_block_view view = { .all_url = url_format(&cx->arena, "/diem-danh") };
    struct point_list points = { .len = 0 };
    struct str title = STR("");
    int64_t root = 0;
    if (!actor_may(cx->actor, PERMISSION_ROLL_READ) || course->is_withdrawn)
        return OK;
    TRY(course_find_root(cx, course->id, &root));
    struct point_filter filter = { .root_id = root, .test = STR(""), .text = STR(""), .limit = BLOCK_POINTS };
    TRY(point_search(cx, &filter, &points));
    view.rows = ARENA_NEW_ARRAY(&cx->arena, struct point_row, points.len + 1);
    TRY(roll_fill_point_rows(cx, &points, &title, view.rows, &view.len));
    if (view.len == 0)
        return OK;
    struct html h = page_begin(&cx->arena);
    part_roll_block(&h, &view);
    *ret_block = page_end(&h);
    return OK;
}

void roll_start(void)
{
    course_register_block(roll_course_block);
    learner_register_block(roll_learner_block);
    learner_listen_seats(roll_seat_changed);
}
