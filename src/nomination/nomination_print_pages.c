#include "nomination/nomination_pages.h"

#include "person/person.h"
#include "viet/viet.h"

/* Lists, cards and signing sheets for paper; the same pages read on a screen. */

static struct str long_day(struct arena *arena, int32_t day)
{
    struct civil c = day_to_civil(day);
    /* Decree 30/2020, annex I: days below ten and the months 1 and 2 have two figures. */
    return str_format(arena, c.month < 3 ? "ngày %02d tháng %02d năm %d" : "ngày %02d tháng %d năm %d", c.date, c.month, c.year);
}

static enum err find_basis(struct ctx *cx, const struct asked *asked, struct str *ret_basis)
{
    struct quota_row row = { .quota = { .id = 0 } };
    struct own_list own = { .is_allowed = false };
    struct document document = { .id = 0 };
    if (asked->quota_id != 0) {
        TRY(quota_find(cx, asked->quota_id, &row));
        return quota_cite(cx, &row.quota, ret_basis);
    }
    TRY(own_list_find(cx, asked->root_id, &asked->unit, &own));
    TRY(document_find(cx, own.course_id, &document));
    *ret_basis = document_title(&cx->arena, &document);
    return OK;
}

static enum err fill_printed(struct ctx *cx, const struct asked *asked, struct printed_roster *view)
{
    struct nomination_names names = { .len = 0 };
    struct nomination_roster roster = { .version = 0 };
    TRY(nomination_list_names(cx, asked->quota_id, asked->root_id, asked->unit.id, false, &names));
    TRY(nomination_get_roster(cx, asked->quota_id, asked->root_id, asked->unit.id, &roster));
    view->lines = ARENA_NEW_ARRAY(&cx->arena, struct name_line, names.len + 1);
    for (size_t i = 0; i < names.len; i++) {
        struct name_line *line = &view->lines[view->len++];
        *line = (struct name_line){ .number = (int64_t)i + 1, .name = names.at[i].full_name, .title = names.at[i].title,
                                    .birth = birth_words(&cx->arena, names.at[i].birth_day) };
        if (names.at[i].is_widened)
            line->notes[line->notes_len++] = STR("mở rộng");
    }
    view->total = str_format(&cx->arena, "Danh sách có " STR_FMT " (" STR_FMT ") đồng chí.",
                             STR_ARG(viet_count(&cx->arena, (int64_t)names.len)),
                             STR_ARG(viet_number_words(&cx->arena, (int64_t)names.len)));
    if (roster.state == NOMINATION_SENT)
        view->state = str_format(&cx->arena, "Gửi lần %lld lúc " STR_FMT ".", (long long)roster.version,
                                 STR_ARG(instant_format(&cx->arena, roster.sent_at)));
    else
        view->state = roster.state == NOMINATION_APPROVED ? STR("Đã duyệt, chưa gửi.") : STR("Dự thảo, chưa duyệt.");
    return OK;
}

enum err show_printed(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct printed_roster view = { .len = 0 };
    TRY(asked_list(cx, req, 0, &asked));
    TRY(fill_printed(cx, &asked, &view));
    TRY(find_basis(cx, &asked, &view.basis));
    view.unit_name = viet_upper(&cx->arena, asked.unit.full_name);
    view.class_title = viet_upper_first(&cx->arena, asked.course.title);
    view.days = class_days(&cx->arena, &asked.course);
    view.place_day = viet_upper_first(&cx->arena, long_day(&cx->arena, day_from_instant(cx->now)));
    struct page page = { .title = STR("Danh sách cử đi học"), .place = STR("lop"), .unit_name = asked.unit.full_name,
                         .source = view.basis,
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked.unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, &asked);
    person_note_read(cx, req->app, PERSON_READING_ROSTER, asked.unit.id, (int64_t)view.len);
    struct html h = page_begin(&cx->arena);
    page_printed_roster(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Cards: whoever holds one is let in as its learner, so only who keeps the list sees them ---- */

static enum err fill_cards(struct ctx *cx, const struct request *req, const struct asked *asked, struct cards_view *view)
{
    SQL(list, "SELECT l.id, l.root_id, l.code_version, p.full_name, l.title, u.full_name FROM nomination_learner l"
              " JOIN person p ON p.id = l.person_id JOIN unit u ON u.id = l.unit_id WHERE l.root_id = $1 AND l.unit_id = $2"
              " AND l.names > 0 ORDER BY p.sort_key, l.id LIMIT $3");
    view->cards = ARENA_NEW_ARRAY(&cx->arena, struct learner_card, NOMINATION_ROSTER_MAX);
    struct rows rows =
        db_rows(cx, &list, BIND(V(asked->root_id), V(asked->unit.id), V((int64_t)NOMINATION_ROSTER_MAX)));
    while (view->len < NOMINATION_ROSTER_MAX && rows_next(&rows)) {
        struct learner_card *card = &view->cards[view->len++];
        struct learner learner = { .id = rows_i64(&rows) };
        learner.root_id = rows_i64(&rows);
        learner.code_version = rows_i64(&rows);
        card->name = rows_str(&rows);
        card->title = rows_str(&rows);
        card->unit_name = rows_str(&rows);
        struct str code = learner_code(cx, &learner);
        card->code = code_words(&cx->arena, code);
        card->url = learner_url(&cx->arena, code);
        card->qr = qr_picture(&cx->arena, str_format(&cx->arena, "http%s://" STR_FMT STR_FMT, req->is_tls ? "s" : "",
                                                     STR_ARG(req->host), STR_ARG(card->url.text)));
    }
    return rows_end(&rows);
}

enum err show_cards(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct cards_view view = { .len = 0 };
    TRY(asked_unit(cx, req, 0, &asked));
    if (!asked.may_write)
        return fail(cx, ERR_FORBIDDEN, "Thẻ học viên của " STR_FMT " do chính đơn vị ấy in", STR_ARG(asked.unit.full_name));
    TRY(fill_cards(cx, req, &asked, &view));
    view.class_title = viet_upper_first(&cx->arena, asked.course.title);
    view.days = class_days(&cx->arena, &asked.course);
    view.words = STR("Cắt theo đường đứt và phát cho từng người. Ai cầm thẻ là vào được trang của học viên; thất lạc thì bấm vào tên trong danh sách để đổi mã.");
    struct page page = { .title = STR("Thẻ học viên"), .place = STR("lop"), .is_wide = true, .unit_name = asked.unit.full_name,
                         .crumb = str_format(&cx->arena, "Danh sách cử học: " STR_FMT, STR_ARG(asked.unit.full_name)) };
    page.crumb_url = unit_lists_url(&cx->arena, &asked);
    person_note_read(cx, req->app, PERSON_READING_ROSTER, asked.unit.id, (int64_t)view.len);
    struct html h = page_begin(&cx->arena);
    page_cards(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* ---- Signing sheets: the same people in the same order as the roll's list, so that numbers agree ---- */

struct url nomination_signing_url(struct arena *arena, int64_t course_id, int64_t area_id, int64_t session_key)
{
    return url_format(arena, "/lop/%lld/ky-ten?khu-vuc=%lld&buoi=%lld", (long long)course_id, (long long)area_id,
                      (long long)session_key);
}

static int64_t number_of(const struct request *req, const char *name)
{
    int64_t value = 0;
    return str_to_i64(request_value(req, name), &value) && value > 0 ? value : 0;
}

static struct str session_words(struct arena *arena, const struct course_session *session)
{
    return str_format(arena, STR_FMT ", " STR_FMT, STR_ARG(course_half_name(session->half)),
                      STR_ARG(day_format(arena, session->day)));
}

/* The half-day asked for, the first when none was; as tabs where one may choose. */
static enum err fill_sessions(struct ctx *cx, const struct signing_sheet *sheet, const struct unit *area,
                              struct signing_view *view)
{
    struct course_session *sessions = NULL;
    size_t len = 0;
    TRY(course_find_sessions(cx, sheet->root_id, area->path, &sessions, &len));
    view->sessions = ARENA_NEW_ARRAY(&cx->arena, struct session_link, len + 1);
    for (size_t i = 0; i < len; i++) {
        int64_t key = course_session_key(sessions[i].day, sessions[i].half);
        bool is_asked = sheet->session_key == 0 ? i == 0 : key == sheet->session_key;
        struct session_link link = { .words = session_words(&cx->arena, &sessions[i]), .is_current = is_asked };
        link.url = nomination_signing_url(&cx->arena, sheet->course_id, area->id, key);
        if (is_asked)
            view->session = link.words;
        if (sheet->is_main)
            view->sessions[view->sessions_len++] = link;
    }
    if (len > 0 && view->session.len == 0)
        return fail(cx, ERR_NOT_FOUND, "Lớp không có buổi này");
    return OK;
}

enum err nomination_show_signing(struct ctx *cx, struct request *req, struct response *res, const struct signing_sheet *sheet)
{
    struct signing_view view = { .len = 0 };
    struct learners learners = { .len = 0 };
    struct document document = { .id = 0 };
    struct course course = { .id = 0 };
    struct unit area = { .id = 0 };
    TRY(unit_find(cx, sheet->area_id, &area));
    TRY(course_find(cx, sheet->course_id, &course));
    TRY(document_find(cx, sheet->course_id, &document));
    TRY(fill_sessions(cx, sheet, &area, &view));
    TRY(learner_list_of_point(cx, sheet->root_id, area.id, sheet->point_id, sheet->is_main, &learners));
    view.lines = ARENA_NEW_ARRAY(&cx->arena, struct sign_line, learners.len + 1);
    for (size_t i = 0; i < learners.len; i++)
        view.lines[view.len++] = (struct sign_line){ .number = (int64_t)i + 1, .name = learners.at[i].full_name,
                                                     .title = learners.at[i].title, .unit_name = learners.at[i].unit_name };
    view.class_title = viet_upper_first(&cx->arena, course.title);
    view.place = sheet->place.len > 0 ? sheet->place : str_format(&cx->arena, "Điểm cầu " STR_FMT, STR_ARG(area.full_name));
    struct page page = { .title = STR("Danh sách ký tên"), .place = STR("lop"), .is_wide = true, .unit_name = area.full_name,
                         .source = document_title(&cx->arena, &document), .crumb = view.class_title };
    page.crumb_url = course_url(&cx->arena, course.id);
    person_note_read(cx, req->app, PERSON_READING_ROSTER, area.id, (int64_t)view.len);
    struct html h = page_begin(&cx->arena);
    page_signing(&h, &view);
    response_page(cx, req, res, &page, page_end(&h));
    return OK;
}

/* Of an area within reach: everybody at its main point, also who was moved there from elsewhere. */
enum err show_signing(struct ctx *cx, struct request *req, struct response *res)
{
    struct asked asked = { .quota_id = 0 };
    struct unit own = { .id = 0 };
    struct unit area = { .id = 0 };
    int64_t area_id = number_of(req, "khu-vuc");
    TRY(asked_class(cx, req, &asked));
    if (area_id == 0) {
        TRY(unit_get(cx, cx->actor->unit_id, &own));
        area_id = own.place_id;
    }
    TRY(unit_get(cx, area_id, &area));
    struct signing_sheet sheet = { .course_id = asked.course.id, .root_id = asked.root_id, .area_id = area.id,
                                   .point_id = course_main_point(asked.root_id, area.id), .is_main = true,
                                   .session_key = number_of(req, "buoi"), .place = STR("") };
    return nomination_show_signing(cx, req, res, &sheet);
}
